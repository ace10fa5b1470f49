"""Frames and sound → one mp4: H.264 and AAC, first sample on first frame, the same bytes every time.

The AAC encoder begins with 1024 samples of its own; the container's edit list takes them away again, so decoded sample
n is sample n of the mix. The number of encoder threads is fixed: it changes the bits, the machine must not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..clock import AUDIO_RATE
from ..errors import SoundstageError
from .colour import planes

CRF = 17
"""Constant quality of H.264: below it nobody sees a difference, above 18 gradients begin to band."""
THREADS = 4
AUDIO_BITS = 256_000
"""Bit rate of the sound [bit/s]."""
BT709, LIMITED = 1, 1
_AAC_FRAME = 1024


class FrameError(SoundstageError):
    """A frame file cannot be read; `path` is the file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the frame {path.name} cannot be read: {why}", "run the same command again to render it anew")
        self.path = path


def encode(
    frames: Iterable[Path] | Iterable[NDArray[np.uint8]],
    mix: NDArray[np.float32],
    out: Path,
    *,
    fps: int,
    metadata: dict[str, str] | None = None,
    fast: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write an mp4 of picture files (PNG) or pictures (H, W, 3), all of one even size, and a mix (N, 2), 48 kHz.

    Frames are taken one at a time. `fast` takes less time for a larger file.

    Raises:
        FrameError: a frame is missing or broken.
        ValueError: sound and picture are not equally long.
        OSError: the file cannot be written.
    """
    import av

    count, rest = divmod(len(mix) * fps, AUDIO_RATE)
    if rest or (isinstance(frames, Sized) and len(frames) != count):
        raise ValueError(f"the frames at {fps} fps and {len(mix)} samples are not equally long")
    if progress:
        progress(0, count)
    pictures = _pictures(frames)
    first = next(pictures)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(out), "w", format="mp4", options=options) as film:
        film.metadata.update(metadata or {})
        picture = _picture_stream(film, first.shape[1], first.shape[0], fps, preset="veryfast" if fast else "slow")
        sound: Any = film.add_stream("aac", rate=AUDIO_RATE, layout="stereo")
        sound.bit_rate = AUDIO_BITS
        packets = _sound_packets(sound, mix)
        samples_per_frame = AUDIO_RATE // fps
        heard = 0
        index = -1
        for index, rgb in enumerate(chain([first], pictures)):
            for packet in picture.encode(_video_frame(rgb, index, fps)):
                film.mux(packet)
            while heard < (index + 1) * samples_per_frame:
                heard += _AAC_FRAME
                for packet in next(packets, []):
                    film.mux(packet)
            if progress:
                progress(index + 1, count)
        for last in packets:
            for packet in last:
                film.mux(packet)
        for packet in picture.encode(None):
            film.mux(packet)
    if index + 1 != count:
        raise ValueError(f"{index + 1} frames came, but the sound is as long as {count}")


def read_frame(path: Path) -> NDArray[Any]:
    """A picture file as (H, W, 3), uint8 or uint16, display-referred.

    Raises:
        FrameError: it is missing or broken.
    """
    import av

    try:
        # Strict error detection: a truncated or altered PNG is an error, not a half-grey picture.
        with av.open(str(path), options={"err_detect": "explode"}) as file:
            file.streams.video[0].codec_context.options = {"err_detect": "crccheck+explode"}
            frame = next(file.decode(video=0))
            deep = "48" in frame.format.name or "64" in frame.format.name or "16" in frame.format.name
            return frame.to_ndarray(format="rgb48le" if deep else "rgb24")
    except (av.FFmpegError, OSError, StopIteration) as error:
        raise FrameError(path, str(error) or "it is empty") from None


def _pictures(frames: Iterable[Path] | Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
    """Each frame's pixels; a file that stands several times in a row is read once."""
    last: Path | None = None
    rgb: NDArray[Any] | None = None
    for frame in frames:
        if not isinstance(frame, Path):
            yield frame
            continue
        if rgb is None or frame != last:
            fresh = read_frame(frame)
            if rgb is not None and fresh.shape != rgb.shape:
                raise FrameError(frame, f"it is {fresh.shape[1]}×{fresh.shape[0]}, not {rgb.shape[1]}×{rgb.shape[0]}")
            last, rgb = frame, fresh
        yield rgb


def _picture_stream(film: Any, width: int, height: int, fps: int, *, preset: str) -> Any:
    stream = film.add_stream("libx264", rate=fps)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base = Fraction(1, fps)
    stream.options = {
        "crf": str(CRF),
        "preset": preset,
        "profile": "high",
        # aq-mode 3 spends more on dark and flat areas, where bands are seen first.
        "x264-params": f"threads={THREADS}:lookahead-threads=1:aq-mode=3:keyint={2 * fps}",
    }
    context = stream.codec_context
    context.thread_count = THREADS
    context.color_range = LIMITED
    context.color_primaries = context.color_trc = context.colorspace = BT709
    return stream


def _video_frame(rgb: NDArray[Any], index: int, fps: int) -> Any:
    import av

    frame = av.VideoFrame(rgb.shape[1], rgb.shape[0], "yuv420p")
    for plane, values in zip(frame.planes, planes(rgb), strict=True):
        rows = np.zeros((plane.height, plane.line_size), dtype=np.uint8)
        rows[:, : plane.width] = values
        plane.update(rows)  # type: ignore[arg-type]
    frame.pts, frame.time_base = index, Fraction(1, fps)
    frame.colorspace, frame.color_range = BT709, LIMITED
    return frame


def _sound_packets(stream: Any, mix: NDArray[np.float32]) -> Iterator[list[Any]]:
    """Packets of each 1024 samples in turn, then what the encoder still holds."""
    import av

    for start in range(0, len(mix), _AAC_FRAME):
        piece = np.ascontiguousarray(mix[start : start + _AAC_FRAME].T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = AUDIO_RATE, start
        yield stream.encode(frame)
    yield stream.encode(None)
