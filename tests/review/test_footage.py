"""Films are opened and read as a player would; what cannot be read is said in one line, with one on how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import films
import numpy as np
import pytest
from films import FPS, RATE, Array

from soundstage import cli
from soundstage.errors import InputError
from soundstage.review import Picture, Review, Sound, open_film, review
from soundstage.review.footage import Footage


def parts(footage: Footage, seconds: float = 300.0) -> tuple[list[Picture], Array]:
    """Pictures and sound of a film."""
    pictures: list[Picture] = []
    sound: list[Array] = []
    heard = 0
    for part in footage.stream(seconds):
        if isinstance(part, Picture):
            pictures.append(part)
        else:
            assert part.start == heard and isinstance(part, Sound)
            heard += len(part.samples)
            sound.append(part.samples)
    return pictures, np.concatenate(sound) if sound else np.zeros((0, 2))


def flat(level: int, *, size: tuple[int, int] = (96, 64)) -> Array:
    return np.full((size[1], size[0], 3), level, dtype=np.uint8)


def judge(path: Path) -> Review:
    """A review of which every observer must succeed."""
    return review(path, takes=(), strict=True)


# ── what cannot be read ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole film of two seconds."""
    pictures = films.scene(48, size=(160, 90))
    path = tmp_path_factory.mktemp("film") / "whole.mp4"
    return films.write(path, pictures, sound=films.knocks([0.5, 1.5], 2.0), faststart=False)


def broken(film: Path, place: Path) -> dict[str, Path]:
    whole = film.read_bytes()
    contents = {
        "zero.mp4": b"",
        "text.mp4": b"This is a letter, not a film.\n" * 50,
        "cut.mp4": whole[: len(whole) // 2],  # its index stood at the end
        "head.mp4": whole[:30],
        "noise.mp4": whole[:32] + np.random.default_rng(1).bytes(5000),
        "list.mp4": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    }
    for name, content in contents.items():
        (place / name).write_bytes(content)
    return {name: place / name for name in contents} | {"missing": place / "none.mp4", "folder": place}


def test_what_is_no_film_is_an_error_of_two_lines(film: Path, tmp_path: Path, capfd: Any) -> None:
    for name, path in broken(film, tmp_path).items():
        with pytest.raises(InputError) as raised:
            review(path)
        assert raised.value.mend and "\n" not in raised.value.what, name
        assert cli.run(["review", str(path)]) == 2, name
        said = capfd.readouterr()
        assert said.out == "" and len(said.err.splitlines()) == 2 and "Traceback" not in said.err, (name, said.err)


def test_devices_and_pipes_do_not_hang(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path / "pipe.mp4", Path("/dev/zero"), Path("bad\0name")):
        with pytest.raises(InputError):
            open_film(path)


# ── what can be read in part ────────────────────────────────────────────────────────────────────────────────────────


def test_a_film_that_breaks_off_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    pictures = films.scene(72, size=(160, 90))
    path = films.write(tmp_path / "a.mp4", pictures, sound=films.knocks([0.5], 3.0), faststart=True)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = judge(path)
    assert any("breaks off" in note for note in found.notes)
    assert found.row("cuts").value == 0 and found.row("clipped_highlights").value is not None


def test_damage_in_the_middle_is_survived(film: Path, tmp_path: Path) -> None:
    data = bytearray(film.read_bytes())
    for at in np.random.default_rng(2).integers(2000, len(data) * 2 // 3, 60):
        data[at] ^= 0xFF
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    judge(path)  # with a note or without: some damage shows only in the picture


def test_a_film_without_pictures_says_so(tmp_path: Path) -> None:
    path = films.write(tmp_path / "a.mp4", sound=films.knocks([0.5], 1.5))
    found = judge(path)
    assert not found.facts["has_picture"]
    assert found.row("flicker").value is None and found.row("flicker").why == "the film has no picture"
    assert found.row("true_peak").value is not None


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    found = judge(films.write(tmp_path / "a.mp4", films.scene(30, size=(160, 90))))
    assert not found.facts["has_sound"]
    assert found.row("start_offset").why == "the film has no sound"
    assert found.row("flicker").value is not None


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_a_film_of_few_pictures_is_measured(tmp_path: Path, count: int) -> None:
    found = judge(films.write(tmp_path / "a.mp4", films.scene(count, size=(160, 90))))
    assert found.row("drops").value is None and found.row("drops").why
    assert found.row("cuts").value == (None if count == 1 else 0)


@pytest.mark.parametrize("size", [(16, 16), (18, 2), (2, 64), (640, 16)])
def test_tiny_and_odd_pictures_are_measured(tmp_path: Path, size: tuple[int, int]) -> None:
    pictures = [flat(20 + 5 * n, size=size) for n in range(12)]
    judge(films.write(tmp_path / "a.mp4", pictures))


def test_of_a_very_long_film_the_beginning_is_watched(tmp_path: Path) -> None:
    pictures = [flat(n % 200, size=(32, 16)) for n in range(400)]
    path = films.write(tmp_path / "a.mp4", pictures, times_ms=[90_000 * n for n in range(400)])  # ten hours
    found = judge(path)
    assert found.facts["seconds"] == pytest.approx(36_000, rel=0.01)
    assert any("only the first" in note for note in found.notes)


# ── as a player shows it ────────────────────────────────────────────────────────────────────────────────────────────


def test_sample_n_is_heard_at_n_over_rate(tmp_path: Path) -> None:
    sound = np.zeros((2 * RATE, 2), dtype=np.float32)
    sound[RATE // 2 :: RATE // 2] = 0.9
    path = films.write(tmp_path / "a.mp4", [flat(90)] * 48, sound=sound)
    pictures, heard = parts(open_film(path))
    assert [p.time_s for p in pictures] == pytest.approx([n / FPS for n in range(48)])
    assert np.abs(heard[:, 0]).argmax() % (RATE // 2) == 0  # the coder's first 1024 samples are not heard


def test_sound_that_begins_late_is_silent_until_then(tmp_path: Path) -> None:
    sound = films.knocks([0.25], 1.0)
    path = films.write(tmp_path / "a.mp4", [flat(90)] * 48, sound=sound, sound_delay=RATE // 2)
    _, heard = parts(open_film(path))
    at = int(np.argmax(np.abs(heard[:, 0]) > 0.1)) / RATE
    assert at == pytest.approx(0.75, abs=0.002)
    assert judge(path).row("start_offset").value == pytest.approx(500, abs=22)


def test_pictures_of_uneven_times_come_at_their_times(tmp_path: Path) -> None:
    times = [0, 40, 80, 200, 240, 480, 520]
    pictures, _ = parts(open_film(films.write(tmp_path / "a.mp4", [flat(90)] * 7, times_ms=times)))
    assert [round(p.time_s * 1000) for p in pictures] == times


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_film_is_shown_as_it_is_meant(tmp_path: Path, degrees: int) -> None:
    upright = np.zeros((64, 96, 3), dtype=np.uint8) + 40
    upright[:32, :48] = (200, 60, 60)  # a red corner above on the left
    footage = open_film(films.write(tmp_path / "a.mp4", [upright] * 4, rotation=degrees))
    pictures, _ = parts(footage)
    expected = np.rot90(upright, degrees // 90)
    assert footage.facts.rotation_deg == degrees and footage.facts.size == expected.shape[1::-1]
    assert np.abs(pictures[0].rgb.astype(int) - expected).mean() < 6


@pytest.mark.parametrize("deep", [False, True])
def test_colours_are_those_that_were_coded(tmp_path: Path, deep: bool) -> None:
    colours = np.array([[200, 40, 40], [40, 180, 60], [50, 70, 210], [128, 128, 128]], dtype=np.uint8)
    picture = np.repeat(np.repeat(colours[None], 64, axis=0), 32, axis=1)
    footage = open_film(films.write(tmp_path / "a.mp4", [picture] * 3, deep=deep))
    pictures, _ = parts(footage)
    middle = pictures[0].rgb[32, 16::32].astype(int)
    assert np.abs(middle - colours).max() <= 3
    assert footage.facts.bits == (10 if deep else 8)
    assert ("rounded to 8" in footage.facts.conversion) == deep
    assert footage.facts.matrix == "bt709" and footage.facts.range == "limited"


@pytest.mark.parametrize(
    ("name", "picture", "pixels", "sound", "rate", "layout"),
    [
        ("a.webm", "libvpx-vp9", "yuv420p", "libopus", 48_000, "stereo"),
        ("a.mkv", "ffv1", "gray", "flac", 44_100, "mono"),
        ("a.mov", "prores_ks", "yuv422p10le", "pcm_s24le", 44_100, "5.1"),
        ("a.avi", "mpeg4", "yuv420p", "mp3", 44_100, "mono"),
        ("a.ts", "mpeg2video", "yuv420p", "mp2", 48_000, "stereo"),
    ],
)
def test_other_kinds_of_film_are_read(
    tmp_path: Path, name: str, picture: str, pixels: str, sound: str, rate: int, layout: str
) -> None:
    from fractions import Fraction

    import av

    with av.open(str(tmp_path / name), "w") as film:
        video: Any = film.add_stream(picture, rate=24)
        video.width, video.height, video.pix_fmt = 96, 64, pixels
        audio: Any = film.add_stream(sound, rate=rate, layout=layout)
        for n in range(24):
            frame = av.VideoFrame.from_ndarray(flat(90 + 3 * n), format="rgb24").reformat(format=pixels)
            frame.pts, frame.time_base = n, Fraction(1, 24)
            film.mux(video.encode(frame))
        film.mux(video.encode(None))
        samples = np.zeros((len(audio.codec_context.layout.channels), rate), dtype=np.float32)
        samples[:, rate // 2 : rate // 2 + 400] = np.sin(np.arange(400) / 5)
        block = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        block.sample_rate, block.pts = rate, 0
        context = audio.codec_context
        fitted = av.AudioResampler(
            format=context.format, layout=layout, rate=rate, frame_size=context.frame_size or None
        )
        for piece in [*fitted.resample(block), *fitted.resample(None)]:
            film.mux(audio.encode(piece))
        film.mux(audio.encode(None))
    footage = open_film(tmp_path / name)
    pictures, heard = parts(footage)
    assert len(pictures) == 24 and footage.notes == []
    assert pictures[12].rgb.mean() == pytest.approx(126, abs=3)
    assert heard.shape[1] == samples.shape[0]
    assert int(np.argmax(np.abs(heard[:, 0]) > 0.3)) / rate == pytest.approx(0.5, abs=0.06)  # some delay of the coder


def test_a_picture_knows_the_one_before_and_no_earlier(tmp_path: Path) -> None:
    path = films.write(tmp_path / "a.mp4", [flat(20 * n) for n in range(8)])
    last = None
    for part in open_film(path).stream():
        assert isinstance(part, Picture) and part.before is last
        assert last is None or last.before is None
        last = part


def test_what_the_file_says_is_told(film: Path, tmp_path: Path) -> None:
    facts = open_film(film).facts
    assert (facts.size, facts.fps, facts.pictures, facts.rate, facts.channels) == ((160, 90), 24.0, 48, RATE, 2)
    assert facts.faststart is False and facts.seconds == pytest.approx(2.0, abs=0.03)
    quick = films.write(tmp_path / "a.mp4", [flat(90)] * 3, faststart=True, comment="words")
    assert open_film(quick).facts.faststart is True and open_film(quick).facts.screenplay == "words"
    assert "screenplay" not in open_film(quick).facts.json()


# ── bounds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_long_film_of_1920x1080_needs_less_than_2_gb(tmp_path: Path) -> None:
    import subprocess
    import sys

    pictures = films.scene(24, size=(1920, 1080))
    path = films.write(tmp_path / "a.mp4", pictures * 20, sound=films.knocks([0.5], 20.0), crf=28)
    code = (
        "import resource, sys; from soundstage.review import review; review(sys.argv[1], strict=True, takes=());"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 2_000_000  # [kB]
