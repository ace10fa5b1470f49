"""A finished film as any player would show it: pictures by their time stamps, sound in blocks, in bounded memory.

Edit lists are honoured, so the silence an AAC encoder puts before the first sample is not heard, and sample n is heard
at n / rate. Pictures are turned as the file says, and brought to 8-bit RGB by the matrix and range the file names; a
file that names none is read as players read it (BT.709 from 720 lines on, BT.601 below, limited range).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Array = NDArray[Any]

LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Weights of R, G and B in luma (ITU-R BT.709)."""

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf"
"""Formats that are opened. None of them names other files or addresses that would be read as well."""
MOST_PIXELS = 40_000_000
"""Larger pictures are refused: 8K has 33 million."""
MOST_SECONDS = 300.0
"""As much of a film is watched [s], unless asked for more."""
MOST_PICTURES = 40_000
MAKE_ANOTHER = "give a film that a player opens, such as an .mp4"

# Bilinear chroma, at full resolution, rounded rather than cut: within 2 codes of the exact matrix, mean error 0.
_SCALER = 0x2 | 0x2000 | 0x40000 | 0x80000
_BT709, _BT601, _BT2020 = 1, 5, 9
_MATRICES = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
"""Matrix of the file (ISO/IEC 23091-2) → matrix of the scaler."""
_JITTER_S = 0.002
"""Time stamps of sound that are off by less are rounding (Matroska has milliseconds)."""
_INTERLEAVED_S = 10.0
"""Sound and pictures of one time lie no further apart in a file [s]."""
_BLOCK = 48_000
"""Silence is given in blocks no longer than this [samples]."""


@dataclass(frozen=True)
class Picture:
    """One picture of the film."""

    index: int
    time_s: float
    """When it is shown, from the start of the film."""
    rgb: Array
    """(H, W, 3) uint8."""
    before: Picture | None = field(default=None, repr=False, compare=False)
    """The one shown before it, as long as this one is watched; it knows no earlier one."""
    shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What one observer worked out of this picture and another can use, by name."""

    @cached_property
    def luma(self) -> Array:
        """(H, W) float32, 0…255."""
        import cv2

        row = LUMA[None].astype(np.float64)
        return np.asarray(cv2.transform(self.rgb.astype(np.float32), row), dtype=np.float32)

    @cached_property
    def half(self) -> Array:
        """Luma at half the width and height, each pixel the mean of four, (H // 2, W // 2) float32."""
        luma = self.luma
        height, width = luma.shape[0] // 2 * 2, luma.shape[1] // 2 * 2
        if not height or not width:
            return luma
        even = luma[:height, :width]
        return np.asarray((even[0::2, 0::2] + even[0::2, 1::2] + even[1::2, 0::2] + even[1::2, 1::2]) * 0.25)


@dataclass(frozen=True)
class Sound:
    """A block of sound. Blocks follow each other without gap, from sample 0."""

    start: int
    """Index of its first sample, from the start of the film; sample n is heard at n / rate."""
    rate: int
    """[Hz]"""
    samples: Array
    """(N, channels) float32, full scale ±1."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the container says about itself; None where it says nothing."""

    path: Path
    container: str
    bytes: int
    seconds: float | None
    """Length, as stated."""
    has_picture: bool
    has_sound: bool
    size: tuple[int, int] | None = None
    """Width and height as shown, after turning [px]."""
    fps: float | None = None
    """Mean rate of pictures, as stated [Hz]."""
    pictures: int | None = None
    """As stated."""
    rotation_deg: int = 0
    """The file asks to turn pictures so far anticlockwise; they are."""
    video_codec: str = ""
    pixel_format: str = ""
    bits: int = 8
    """Per colour of a pixel, in the file."""
    matrix: str = ""
    primaries: str = ""
    transfer: str = ""
    range: str = ""
    conversion: str = ""
    """How pictures became 8-bit RGB."""
    picture_start_s: float | None = None
    audio_codec: str = ""
    rate: int | None = None
    """[Hz]"""
    channels: int | None = None
    sound_start_s: float | None = None
    faststart: bool | None = None
    """Whether the index stands before the data, so that a film on a web page begins at once; None if not an mp4."""
    title: str = ""
    screenplay: str = field(default="", repr=False)
    """The text the film carries in its comment: for ours, what it was made from."""

    def json(self) -> dict[str, Any]:
        """As in `--json`."""
        hidden = ("screenplay", "path")
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in hidden}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v not in (None, "")}


class Footage:
    """A film that can be read; each `stream` goes through it once from the start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        """What went wrong while the film was watched."""
        with _opened(path) as container:
            starts = [s.start_time * s.time_base for s in container.streams if s.start_time is not None and s.time_base]
            self._origin_s = float(min(starts, default=Fraction(0)))
            self._turn, self._matrix, self._limited = 0, _BT709, True
            self.facts = self._read_facts(container)

    # ── what the file says ──────────────────────────────────────────────────────────────────────────────────────────

    def _read_facts(self, container: Any) -> Facts:
        video, audio = _streams(container)
        path = self.path
        values: dict[str, Any] = self._picture_facts(container, video) if video else {}
        if audio is not None:
            context = audio.codec_context
            values |= {
                "audio_codec": context.name,
                "rate": int(context.sample_rate or 0) or None,
                "channels": len(context.layout.channels) if context.layout else None,
                "sound_start_s": self._start(audio),
            }
        return Facts(
            path=path,
            container=container.format.name,
            bytes=path.stat().st_size,
            seconds=container.duration / 1e6 if container.duration and container.duration > 0 else None,
            has_picture=video is not None,
            has_sound=audio is not None,
            faststart=_faststart(path),
            title=container.metadata.get("title", "")[:200],
            screenplay=container.metadata.get("comment", ""),
            **values,
        )

    def _picture_facts(self, container: Any, video: Any) -> dict[str, Any]:
        context = video.codec_context
        width, height = context.width, context.height
        if not width or not height:
            raise InputError(f"{self.path}: the pictures have no size", MAKE_ANOTHER)
        if width * height > MOST_PIXELS:
            raise InputError(
                f"pictures of {width}x{height} are too large to review", "give a film of at most 7680x4320"
            )
        self._turn = _rotation(container, video)
        named = _MATRICES.get(int(context.colorspace))
        self._matrix = named or (_BT709 if height >= 720 else _BT601)
        self._limited = int(context.color_range) != 2
        pixels = context.format
        bits = max((c.bits for c in pixels.components), default=8) if pixels else 8
        rate = video.average_rate or video.guessed_rate
        return {
            "size": (height, width) if self._turn % 180 else (width, height),
            "fps": float(rate) if rate else None,
            "pictures": video.frames or None,
            "rotation_deg": self._turn,
            "video_codec": context.name,
            "pixel_format": pixels.name if pixels else "",
            "bits": bits,
            "matrix": _name(_MATRIX_NAMES, int(context.colorspace)),
            "primaries": _name(_PRIMARIES_NAMES, int(context.color_primaries)),
            "transfer": _name(_TRANSFER_NAMES, int(context.color_trc)),
            "range": {1: "limited", 2: "full"}.get(int(context.color_range), ""),
            "conversion": self._conversion(
                named is not None, bits, int(context.color_trc), rgb=bool(pixels and pixels.is_rgb)
            ),
            "picture_start_s": self._start(video),
        }

    def _conversion(self, named: bool, bits: int, transfer: int, *, rgb: bool) -> str:
        if rgb:
            return "RGB as stored" if bits <= 8 else f"RGB, {bits} bits rounded to 8"
        matrix = {_BT709: "BT.709", _BT2020: "BT.2020"}.get(self._matrix, "BT.601")
        words = f"{matrix} matrix, {'limited' if self._limited else 'full'} range"
        if not named:
            words += " (matrix not named by the file, chosen as players do)"
        if bits > 8:
            words += f"; {bits} bits rounded to 8"
        if transfer in (16, 18):
            words += "; high dynamic range measured as stored, without tone mapping"
        return words

    def _start(self, stream: Any) -> float | None:
        if stream.start_time is None or stream.time_base is None:
            return None
        return float(stream.start_time * stream.time_base) - self._origin_s

    # ── what is seen and heard ──────────────────────────────────────────────────────────────────────────────────────

    def stream(self, seconds: float = MOST_SECONDS) -> Iterator[Picture | Sound]:
        """Pictures and sound in the order of the file, each kind in the order of time, up to so many seconds.

        A file that breaks off or is damaged gives what can be decoded; `notes` says so afterwards.
        """
        with _opened(self.path) as container:
            yield from _Reader(self, seconds).read(container)


def open_film(path: str | os.PathLike[str]) -> Footage:
    """Open a film.

    Raises:
        InputError: it is not there, not a film, empty, or cut off before its index.
    """
    file = Path(path).expanduser()
    _check_file(file)
    footage = Footage(file)
    if not footage.facts.has_picture and not footage.facts.has_sound:
        raise InputError(f"{file} is cut off or damaged: it has neither pictures nor sound", MAKE_ANOTHER)
    return footage


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    import av

    av.logging.set_level(None)  # the library's own complaints would stand between our lines
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    try:
        container = av.open(str(file.resolve()), metadata_errors="replace", options=options)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{file} is not a film that can be read: {_reason(file, error)}", MAKE_ANOTHER) from None
    with container:
        stream: Any
        for stream in (*container.streams.video, *container.streams.audio):
            stream.thread_type = "AUTO"
        yield container


def _streams(container: Any) -> tuple[Any, Any]:
    """The picture and the sound a player would choose; None where there is none."""
    video = next((s for s in container.streams.video if not _is_cover(s)), None)
    return video, next(iter(container.streams.audio), None)


def _rotation(container: Any, video: Any) -> int:
    """How far pictures are to be turned anticlockwise, by the first one [deg], a multiple of 90."""
    import av

    with suppress(av.FFmpegError, StopIteration, ValueError):
        return int(round(next(container.decode(video)).rotation / 90) * 90 % 360)
    return 0


def _check_file(file: Path) -> None:
    try:
        mode, size = file.stat().st_mode, file.stat().st_size
        if stat.S_ISREG(mode):
            with file.open("rb"):
                pass
    except FileNotFoundError:
        raise InputError(
            f"there is no file {file}", "check the name; the film is the first word after `review`"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{str(file)!r} cannot be read: {error}", "check the name and who may read it") from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{file} is a folder", "give the film itself, such as FILM.mp4")
    if not stat.S_ISREG(mode):
        raise InputError(f"{file} is not a file", "give the film itself, such as FILM.mp4")
    if not size:
        raise InputError(f"{file} is empty", "make or download it again")


def _reason(file: Path, error: Exception) -> str:
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[4:8] == b"ftyp":
        return "it is cut off, or its index is damaged"
    text = str(error).split("] ", 1)[-1].split(": '")[0].strip()
    return text[:1].lower() + text[1:] or "unknown format"


def _is_cover(stream: Any) -> bool:
    """Whether a stream is a picture on the cover of a sound file."""
    return bool(int(stream.disposition) & 0x400)


def _faststart(path: Path) -> bool | None:
    """Whether the index stands before the data, from the boxes of an mp4 (ISO/IEC 14496-12)."""
    with path.open("rb") as file:
        at, end = 0, path.stat().st_size
        for _ in range(1000):
            file.seek(at)
            head = file.read(16)
            if len(head) < 8:
                return None
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if at == 0 and kind not in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip"):
                return None
            if kind in (b"moov", b"mdat"):
                return kind == b"moov"
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            if size < 8 or at + size > end:
                return None
            at += size
    return None


class _Reader:
    """One way through a film."""

    def __init__(self, footage: Footage, seconds: float) -> None:
        self.footage = footage
        self.facts = footage.facts
        self.origin_s = footage._origin_s
        self.end_s = seconds
        self.shown = 0
        self.last: Picture | None = None
        self.heard = 0
        self.damaged = 0
        self.over: set[str] = set()
        self.resampler: Any = None

    def read(self, container: Any) -> Iterator[Picture | Sound]:
        streams = [s for s in _streams(container) if s is not None]
        wanted = {s.type for s in streams}
        for packet in self._packets(container, streams):
            for frame in self._frames(packet):
                if packet.stream.type == "video":
                    yield from self._picture(frame)
                else:
                    yield from self._sound(frame)
            if self.over >= wanted or (self.over and self._late(packet)):
                break
        self._say_what_is_missing()

    def _late(self, packet: Any) -> bool:
        """Whether a packet lies so far after the end that nothing before the end can follow."""
        if packet.dts is None or packet.time_base is None:
            return False
        return float(packet.dts * packet.time_base) - self.origin_s > self.end_s + _INTERLEAVED_S

    def _packets(self, container: Any, streams: list[Any]) -> Iterator[Any]:
        import av

        packets = container.demux(streams)
        while True:
            try:
                yield next(packets)
            except StopIteration:
                return
            except (av.FFmpegError, OSError):
                self.damaged += 1
                for stream in streams:
                    yield from self._flush(stream)
                return

    def _flush(self, stream: Any) -> Iterator[Any]:
        import av

        packet = av.Packet(0)
        packet.stream = stream
        yield packet

    def _frames(self, packet: Any) -> Iterator[Any]:
        import av

        if packet.stream.type in self.over:
            return
        try:
            frames = packet.decode()
        except (av.FFmpegError, ValueError):
            self.damaged += 1
            return
        yield from frames

    def _time(self, frame: Any) -> float | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base) - self.origin_s

    def _picture(self, frame: Any) -> Iterator[Picture]:
        step = 1.0 / (self.facts.fps or 25.0)
        time_s = self._time(frame)
        if time_s is None:
            time_s = self.last.time_s + step if self.last else 0.0
        if time_s < -step / 2 or (self.last and time_s <= self.last.time_s):
            return
        if time_s >= self.end_s or self.shown >= MOST_PICTURES:
            self.over.add("video")
            return
        if frame.width * frame.height > MOST_PIXELS:
            self.damaged += 1
            return
        if frame.is_corrupt:
            self.damaged += 1
        picture = Picture(self.shown, max(time_s, 0.0), self._rgb(frame), before=self.last)
        self.shown += 1
        yield picture
        object.__setattr__(picture, "before", None)  # else every picture would keep all earlier ones
        self.last = picture

    def _rgb(self, frame: Any) -> Array:
        rgb = frame.to_ndarray(
            format="rgb24",
            interpolation=_SCALER,
            src_colorspace=self.footage._matrix,
            src_color_range=1 if self.footage._limited else 2,
            dst_color_range=2,
        )
        quarter = self.footage._turn // 90
        if quarter:
            rgb = np.ascontiguousarray(np.rot90(rgb, quarter))
        if self.last is not None and rgb.shape != self.last.rgb.shape:  # a film may change its size on the way
            import cv2

            rgb = cv2.resize(rgb, self.last.rgb.shape[1::-1], interpolation=cv2.INTER_AREA)
            self.footage.notes = list(dict.fromkeys([*self.footage.notes, "the pictures change their size on the way"]))
        return np.asarray(rgb)

    def _sound(self, frame: Any) -> Iterator[Sound]:
        rate = self.facts.rate or frame.sample_rate
        time_s = self._time(frame)
        for samples in self._floats(frame, rate):
            start = self.heard if time_s is None else round(time_s * rate)
            if abs(start - self.heard) <= _JITTER_S * rate:
                start = self.heard
            time_s = None
            if start >= self.end_s * rate:
                self.over.add("audio")
                return
            while self.heard < start:
                silence = np.zeros((min(start - self.heard, _BLOCK), samples.shape[1]), dtype=np.float32)
                yield self._block(silence, rate)
            samples = samples[self.heard - start :]
            if len(samples):
                yield self._block(samples, rate)

    def _block(self, samples: Array, rate: int) -> Sound:
        block = Sound(self.heard, rate, samples)
        self.heard += len(samples)
        return block

    def _floats(self, frame: Any, rate: int) -> Iterator[Array]:
        """(N, channels) float32 at the film's one rate and number of channels."""
        import av

        channels = self.facts.channels or len(frame.layout.channels)
        frames = [frame]
        if frame.format.name not in ("flt", "fltp") or frame.sample_rate != rate:
            try:
                self.resampler = self.resampler or av.AudioResampler(format="fltp", layout=frame.layout, rate=rate)
                frames = self.resampler.resample(frame)
            except (av.FFmpegError, ValueError):  # the sound changed its kind on the way
                self.damaged += 1
                self.resampler = None
                return
        for piece in frames:
            values = piece.to_ndarray()
            own = len(piece.layout.channels)
            values = values.T if piece.format.is_planar else values.reshape(-1, own)
            if own != channels:
                values = np.repeat(values.mean(axis=1, keepdims=True), channels, axis=1)
            yield np.nan_to_num(np.ascontiguousarray(values, dtype=np.float32), posinf=1.0, neginf=-1.0)

    def _say_what_is_missing(self) -> None:
        notes, facts = self.footage.notes, self.facts
        rate = facts.rate or 1
        watched = max(self.last.time_s + 1.0 / (facts.fps or 25.0) if self.last else 0.0, self.heard / rate)
        if self.over:
            whole = f" of {facts.seconds:.0f} s" if facts.seconds else ""
            notes.append(f"only the first {watched:.0f} s{whole} were watched")
        elif facts.seconds and watched < facts.seconds - max(0.5, 2.0 / (facts.fps or 25.0)):
            notes.append(f"the file breaks off: {watched:.1f} s of {facts.seconds:.1f} s can be decoded")
        if self.damaged:
            notes.append(f"the file is damaged: {self.damaged} of its parts cannot be decoded")
        if facts.has_picture and not self.shown:
            notes.append("no picture can be decoded")
        if facts.has_sound and not self.heard:
            notes.append("no sound can be decoded")


def _name(names: dict[int, str], code: int) -> str:
    return names.get(code, "" if code in (0, 2, 3) else f"code {code}")


# ISO/IEC 23091-2, the values in use.
_MATRIX_NAMES = {
    0: "rgb",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
_PRIMARIES_NAMES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "p3"}
_TRANSFER_NAMES = {1: "bt709", 4: "gamma22", 6: "smpte170m", 8: "linear", 13: "srgb", 14: "bt2020", 16: "pq", 18: "hlg"}
