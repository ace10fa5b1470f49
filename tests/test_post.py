"""The finished mp4, decoded again: colours, sync to the sample, exact length, equal bytes, nothing lost."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

import documents
import fakes
from soundstage import clock, post
from soundstage.clock import AUDIO_RATE
from soundstage.errors import OutputError
from soundstage.post.colour import planes
from soundstage.post.encode import FrameError, read_frame
from soundstage.screenplay import dump, load
from soundstage.take import Person, Take, Utterances, Words

PATCHES = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255), (255, 255, 255),
           (128, 128, 128), (0, 0, 0), (196, 98, 45), (201, 154, 124), (63, 111, 143)]  # fmt: skip


def write_png(path: Path, rgb: NDArray[Any]) -> Path:
    """A picture file, by the codec library."""
    with av.open(str(path), "w", format="image2") as file:
        stream: Any = file.add_stream("png", rate=1)
        stream.width, stream.height = rgb.shape[1], rgb.shape[0]
        stream.pix_fmt = "rgb24" if rgb.dtype == np.uint8 else "rgb48be"
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24" if rgb.dtype == np.uint8 else "rgb48le")
        for packet in [*stream.encode(frame.reformat(format=stream.pix_fmt)), *stream.encode(None)]:
            file.mux(packet)
    return path


def solid(colour: tuple[int, int, int], size: tuple[int, int] = (64, 36)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), colour, dtype=np.uint8)


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "frames"
    folder.mkdir()
    return [write_png(folder / f"{i:03d}.png", solid(c)) for i, c in enumerate(PATCHES)]


def silence(frames: list[Path], fps: int = 24) -> NDArray[np.float32]:
    return np.zeros((len(frames) * AUDIO_RATE // fps, 2), dtype=np.float32)


def stems(mix: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    return {name: mix * np.float32(0.25) for name in ("dialogue", "effects", "footsteps", "ambience")}


# ── colour ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_white_black_and_primaries_have_the_codes_of_the_standard() -> None:
    """BT.709 limited range: white 235, black 16, red 63, green 173, blue 32 (Poynton, Digital Video, table 28.2)."""
    codes = [
        int(planes(solid(c))[0][0, 0]) for c in [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
    ]
    assert codes == [235, 16, 63, 173, 32]
    _, blue, red = planes(solid((0, 0, 255)))
    assert (int(blue[0, 0]), int(red[0, 0])) == (240, 118)
    _, blue, red = planes(solid((128, 128, 128)))
    assert (int(blue[0, 0]), int(red[0, 0])) == (128, 128)


def test_chroma_sits_on_even_columns() -> None:
    rgb = np.zeros((2, 16, 3), dtype=np.uint8)
    rgb[:, 8] = (255, 0, 0)
    red = planes(rgb)[2][0].astype(int) - 128
    assert int(np.argmax(red)) == 4 and red[3] == 0 and red[5] == 0
    rgb = np.roll(rgb, 1, axis=1)
    red = planes(rgb)[2][0].astype(int) - 128
    assert red[4] == red[5] > 0


def test_colours_come_back_from_the_film(frames: list[Path], tmp_path: Path) -> None:
    out = post.finish(frames, silence(frames), {}, tmp_path / "film.mp4", fps=24).film
    with av.open(str(out)) as film:
        context = film.streams.video[0].codec_context
        tags = [context.color_range, context.color_primaries, context.color_trc, context.colorspace]
        assert [int(t) for t in tags] == [1, 1, 1, 1]  # type: ignore[arg-type]
        for frame, colour in zip(film.decode(video=0), PATCHES, strict=True):
            rgb = frame.to_ndarray(format="rgb24")
            middle = rgb[9:27, 16:48].reshape(-1, 3).astype(int)
            assert np.abs(np.median(middle, axis=0) - colour).max() <= 4, (colour, np.median(middle, axis=0))


def test_deep_pictures_keep_their_values(tmp_path: Path) -> None:
    rgb = np.linspace(0, 65535, 64 * 36 * 3).astype(np.uint16).reshape(36, 64, 3)
    assert np.array_equal(read_frame(write_png(tmp_path / "deep.png", rgb)), rgb)


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def decoded_sound(path: Path) -> NDArray[np.float32]:
    """Samples of a film by their time stamps, as a player hears them."""
    with av.open(str(path)) as film:
        pieces = [(f.pts, f.to_ndarray()) for f in film.decode(audio=0)]
    sound = np.zeros((max(p + a.shape[1] for p, a in pieces), 2), dtype=np.float32)
    for start, piece in pieces:
        if start >= 0:
            sound[start : start + piece.shape[1]] = piece.T
    return sound


@pytest.mark.parametrize("fps", [24, 25, 60])
def test_a_click_is_heard_where_it_was(frames: list[Path], tmp_path: Path, fps: int) -> None:
    many = frames * 4
    mix = silence(many, fps)
    at = 12_345
    burst = np.random.default_rng(1).standard_normal(480).astype(np.float32) * 0.2
    mix[at : at + 480] += burst[:, None]
    heard = decoded_sound(post.finish(many, mix, {}, tmp_path / "film.mp4", fps=fps).film)[:, 0]
    lag = int(np.argmax(np.correlate(heard[at - 2000 : at + 2480], burst, "valid"))) - 2000
    assert abs(lag) <= AUDIO_RATE // 1000, f"{lag} samples"
    assert lag == 0


def test_every_frame_is_there_and_starts_with_the_sound(frames: list[Path], tmp_path: Path) -> None:
    many = frames * 3
    out = post.finish(many, silence(many), {}, tmp_path / "film.mp4", fps=24).film
    with av.open(str(out)) as film:
        times = [frame.time for frame in film.decode(video=0)]
        assert film.streams.audio[0].start_time == 0
        assert film.streams.video[0].start_time == 0
        assert film.streams.audio[0].duration == len(silence(many))
    assert len(times) == 36
    assert np.allclose(times, np.arange(36) / 24, atol=1e-6)


def test_the_film_can_be_played_while_it_loads(frames: list[Path], tmp_path: Path) -> None:
    data = post.finish(frames, silence(frames), {}, tmp_path / "film.mp4", fps=24).film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_two_runs_write_equal_bytes(frames: list[Path], tmp_path: Path) -> None:
    noise = np.random.default_rng(2).standard_normal(silence(frames).shape).astype(np.float32) * np.float32(0.1)
    sums = []
    for name in ("a", "b"):
        made = post.finish(frames, noise, stems(noise), tmp_path / name / "film.mp4", fps=24, screenplay="x: 1\n")
        files = [made.film, made.mix, *made.stems.values()]
        sums.append([hashlib.md5(f.read_bytes()).hexdigest() for f in files])
    assert sums[0] == sums[1]


def test_picture_and_sound_of_different_length_are_refused(frames: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="equally long"):
        post.finish(frames, silence(frames)[:-1], {}, tmp_path / "film.mp4", fps=24)


# ── what stands beside it ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_film_carries_its_screenplay(frames: list[Path], tmp_path: Path) -> None:
    sp = documents.screenplay()
    made = post.finish(frames, silence(frames), {}, tmp_path / "film.mp4", fps=24, screenplay=dump(sp), title=sp.title)
    assert load(made.film) == sp
    assert load(made.screenplay) == sp


def test_stems_are_wav_at_48_khz_and_keep_every_sample(frames: list[Path], tmp_path: Path) -> None:
    import soundfile

    mix = np.random.default_rng(3).standard_normal(silence(frames).shape).astype(np.float32)
    made = post.finish(frames, mix, stems(mix), tmp_path / "film.mp4", fps=24)
    assert set(made.stems) == {"dialogue", "effects", "footsteps", "ambience"}
    for path in made.stems.values():
        samples, rate = soundfile.read(path, dtype="float32")
        assert rate == AUDIO_RATE and np.array_equal(samples, mix * np.float32(0.25))
    assert np.array_equal(soundfile.read(made.mix, dtype="float32")[0], mix)


def test_the_users_files_stay_and_an_edited_screenplay_is_kept(frames: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    made = post.finish(frames, silence(frames), stems(silence(frames)), out, fps=24, screenplay="a: 1\n")
    (made.folder / "notes.txt").write_text("mine")
    made.screenplay.write_text("a: 2  # edited\n")
    again = post.finish(frames, silence(frames), {}, out, fps=24, screenplay="a: 3\n")
    assert (again.folder / "notes.txt").read_text() == "mine"
    assert again.screenplay.read_text() == "a: 3\n"
    assert (again.folder / "screenplay.before.yaml").read_text() == "a: 2  # edited\n"
    assert not (again.folder / "stems" / "dialogue.wav").exists()  # ours, and no longer true
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_what_a_killed_run_left_is_swept(frames: list[Path], tmp_path: Path) -> None:
    left, other, running = (tmp_path / f".{n}.part" for n in ("film.999999999.abc", "else.999999999.abc", "film.1.abc"))
    for folder in (left, other, running):
        folder.mkdir()
    post.finish(frames, silence(frames), {}, tmp_path / "film.mp4", fps=24)
    assert [folder.exists() for folder in (left, other, running)] == [False, True, True]


def test_a_report_cannot_make_us_delete_elsewhere(frames: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    (tmp_path / "precious.txt").write_text("keep")
    (tmp_path / "film").mkdir()
    names = ["../precious.txt", str(tmp_path / "precious.txt"), 7]
    (tmp_path / "film" / "report.json").write_text(json.dumps({"files": names}))
    post.finish(frames, silence(frames), {}, out, fps=24)
    assert (tmp_path / "precious.txt").read_text() == "keep"


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "altered", "other size"])
def test_a_broken_frame_is_named_and_the_old_film_stays(frames: list[Path], tmp_path: Path, damage: str) -> None:
    out = post.finish(frames, silence(frames), {}, tmp_path / "film.mp4", fps=24).film
    before = out.read_bytes()
    victim, data = frames[5], frames[5].read_bytes()
    if damage == "missing":
        victim.unlink()
    elif damage == "other size":
        write_png(victim, solid((1, 2, 3), (32, 36)))
    else:
        middle = len(data) // 2
        spoiled = {"empty": b"", "cut": data[:middle], "altered": data[:middle] + b"\x55\xaa" + data[middle + 2 :]}
        victim.write_bytes(spoiled[damage])
    with pytest.raises(FrameError) as caught:
        post.finish(frames, silence(frames), {}, out, fps=24)
    assert caught.value.path == victim
    assert out.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_place_that_cannot_be_written(frames: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        post.finish(frames, silence(frames), {}, tmp_path / "file" / "film.mp4", fps=24)


# ── subtitles ───────────────────────────────────────────────────────────────────────────────────────────────────────


def speaking_take(*said: tuple[int, str, float, float]) -> Take:
    """A take in which person 0 (Anna) or 1 (Ben) says words evenly from one time to another [s]."""
    person = Person(id="anna", name="Anna", identity={}, wardrobe=(), voice={})
    rows = [(s, word, n, len(s[1].split())) for s in said for n, word in enumerate(s[1].split())]

    def ticks(values: list[float]) -> NDArray[np.int64]:
        return np.array([clock.ticks(v) for v in values], dtype=np.int64)

    return replace(
        fakes.fake_take(),
        people=(person, replace(person, id="ben", name="Ben")),
        utterances=Utterances(
            start=ticks([s[2] for s in said]), end=ticks([s[3] for s in said]),
            person=np.array([s[0] for s in said], dtype=np.int32), line=np.array(["l"] * len(said)),
            kind=np.array(["laugh" if s[1] == "*" else "speech" for s in said]), text=np.array([s[1] for s in said]),
            language=np.array(["en"] * len(said)), mood=np.array(["neutral"] * len(said)),
        ),
        words=Words(
            start=ticks([s[2] + (s[3] - s[2]) * n / count for s, _, n, count in rows]),
            end=ticks([s[2] + (s[3] - s[2]) * (n + 1) / count for s, _, n, count in rows]),
            utterance=np.array([said.index(s) for s, _, _, _ in rows], dtype=np.int32),
            text=np.array([word.strip("!?.,").lower() for _, word, _, _ in rows]),
        ),
    )  # fmt: skip


def test_subtitles_show_words_as_written_while_they_are_said() -> None:
    assert (
        post.subtitles([speaking_take((0, "So close!", 0.1, 1.1))]) == "1\n00:00:00,100 --> 00:00:01,100\nSo close!\n"
    )
    assert post.subtitles([fakes.fake_take()]) == ""


def test_subtitles_name_who_speaks_where_it_is_not_clear() -> None:
    text = post.subtitles(
        [speaking_take((0, "Did you see that?", 0.0, 0.9), (1, "*", 1.0, 1.3), (1, "I did!", 1.4, 2.0))]
    )
    assert "ANNA: Did you see that?" in text and "[BEN: laughs]" in text and "BEN: I did!" in text


def test_long_speech_is_cut_into_readable_pieces_in_order() -> None:
    text = " ".join(f"word{n}{'.' if n % 9 == 8 else ''}" for n in range(60))
    srt = post.subtitles([speaking_take((0, text, 0.0, 30.0))])
    blocks = [b.splitlines() for b in srt.split("\n\n")]
    assert len(blocks) > 4
    assert all(len(lines) <= 4 and all(len(line) <= 46 for line in lines[2:]) for lines in blocks)
    assert " ".join(" ".join(lines[2:]) for lines in blocks).split() == text.split()
    times = [lines[1].split(" --> ") for lines in blocks]
    assert all(a < b for a, b in times) and all(x[1] <= y[0] for x, y in itertools.pairwise(times))


def test_later_scenes_follow_on_the_films_clock() -> None:
    take = speaking_take((0, "One!", 0.0, 0.3))
    second = clock.seconds(take.duration)
    assert f"00:00:00,{round(second * 1000):03d} -->" in post.subtitles([take, take])


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from soundstage import clock, post
from soundstage.errors import OutputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
frames = sorted(Path(sys.argv[1]).glob("*.png"))
mix = np.zeros((len(frames) * 2000, 2), dtype=np.float32)
try:
    post.finish(frames, mix, {}, sys.argv[2], fps=24, screenplay="x" * 30_000 if "metadata" in sys.argv else "")
except OutputError as error:
    print(error)
"""


@pytest.mark.parametrize("where", ["sound", "metadata"])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(frames: list[Path], tmp_path: Path, where: str) -> None:
    out = tmp_path / "film.mp4"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(frames[0].parent), str(out), where],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "no room left to write film.mp4" in done.stdout and "every finished frame is kept" in done.stdout
    assert not out.exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
