"""Whole films, made as a user makes them: in a process of their own, with the real rooms, small."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import documents
from soundstage import Take, clock, load
from soundstage.post.encode import read_frame
from soundstage.screenplay import Screenplay, dump
from test_errors_cli import frames, start_film, wait_for
from test_post import decoded_sound

MAIN = (
    "A basketball player takes a jump shot on an outdoor court at sunset and misses; the ball bounces off the "
    "backboard. She says: so close!"
)


def make(folder: Path, *arguments: str, cache: str = "cache") -> dict[str, Any]:
    """Run `soundstage film` and return the object it prints, with the wall time of the whole process [s]."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "soundstage", "film", *arguments, "--json"],
        capture_output=True, text=True, cwd=folder, timeout=900,
        env={**os.environ, "SOUNDSTAGE_CACHE": str(folder / cache)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    return {**json.loads(done.stdout), "wall_s": time.monotonic() - start}


def write(folder: Path, screenplay: Screenplay, name: str = "play.yaml") -> str:
    (folder / name).write_text(dump(screenplay), "utf-8")
    return name


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="yuv420p").tobytes() for frame in film.decode(video=0)]


def test_a_ball_falls_and_the_second_film_is_the_first(tmp_path: Path) -> None:
    first = make(tmp_path, "a red ball falls onto a wooden floor", "-o", "a.mp4", "--size", "96x54", "--seconds", "1.2")
    assert first["frames"] == 29 and 0 < first["frames_rendered"] <= 29
    assert first["not_understood"] == []
    assert len(pictures(tmp_path / "a.mp4")) == 29
    assert len(set(pictures(tmp_path / "a.mp4"))) > 8, "the ball moves"
    take = Take.load(tmp_path / first["take"][0])
    strike = clock.seconds(int(take.contacts.time[0]))
    sound = np.abs(decoded_sound(tmp_path / "a.mp4")).max(axis=1)
    before, after = (
        sound[round((strike - 0.1) * 48000) : round((strike - 0.005) * 48000)],
        sound[round(strike * 48000) :],
    )
    assert after[:2400].max() > 4 * before.max(), "it is heard when it strikes"
    again = make(tmp_path, "a red ball falls onto a wooden floor", "-o", "b.mp4", "--size", "96x54", "--seconds", "1.2")
    assert again["frames_rendered"] == 0
    assert again["wall_s"] < 6.0  # 3 s on an idle machine
    assert md5(tmp_path / "a.mp4") == md5(tmp_path / "b.mp4")
    assert md5(tmp_path / "a" / "mix.wav") == md5(tmp_path / "b" / "mix.wav")


def test_killed_and_taken_up_again_it_equals_one_that_was_not(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
    whole = make(one, write(one, documents.fall(0.5), "fall.yaml"), "-o", "a.mp4")
    running = start_film(other)
    wait_for(lambda: len(frames(other)) >= 3 or running.poll() is not None)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert not (other / "a.mp4").exists()
    kept = len(frames(other))
    assert kept < whole["frames_rendered"], "it was killed too late for this test to mean anything"
    resumed = make(other, "fall.yaml", "-o", "a.mp4")
    assert 0 < resumed["frames_rendered"] <= whole["frames_rendered"] - kept
    assert md5(one / "a.mp4") == md5(other / "a.mp4")
    assert sorted(p.name for p in frames(one)) == sorted(p.name for p in frames(other))
    for path in frames(one):
        assert np.array_equal(read_frame(path), read_frame(other / "cache" / "frames" / path.name)), path.name


def test_the_jump_shot_that_misses(tmp_path: Path) -> None:
    result = make(tmp_path, MAIN, "-o", "miss.mp4", "--size", "96x54", "--fps", "12")
    assert result["not_understood"] == []
    assert result["frames"] == round(result["seconds"] * 12) == len(pictures(tmp_path / "miss.mp4"))
    assert load(tmp_path / "miss.mp4") == load(tmp_path / "miss" / "screenplay.yaml")
    take = Take.load(tmp_path / result["take"][0])
    parts = {str(p) for p in (*take.contacts.part_a, *take.contacts.part_b)}
    assert "board" in parts, "off the backboard"
    assert result["outcomes"], "what came of the shot is told"
    assert "so close" in (tmp_path / result["subtitles"]).read_text().lower()
    import soundfile

    for name in ("dialogue", "effects", "footsteps", "ambience"):
        samples, rate = soundfile.read(tmp_path / result["stems"][name])
        assert rate == 48_000 and len(samples) == result["seconds"] * 48_000
        assert np.abs(samples).max() > 1e-4, f"{name} is silent"


def test_another_line_renders_only_the_frames_that_differ(tmp_path: Path) -> None:
    sp = documents.screenplay(1.5)
    first = make(tmp_path, write(tmp_path, sp), "-o", "a.mp4", "--fps", "12")
    other = sp.model_copy(update={"lines": (sp.lines[0].model_copy(update={"text": "Ah!"}),)})
    second = make(tmp_path, write(tmp_path, other), "-o", "b.mp4", "--fps", "12")
    assert 0 < second["frames_rendered"] < first["frames_rendered"]
    a, b = pictures(tmp_path / "a.mp4"), pictures(tmp_path / "b.mp4")
    assert len(a) == len(b) == 18
    softer = other.model_copy(update={"sound": other.sound.model_copy(update={"dialogue_db": -6.0})})
    assert make(tmp_path, write(tmp_path, softer), "-o", "c.mp4", "--fps", "12")["frames_rendered"] == 0


def test_another_second_scene_leaves_the_first_alone(tmp_path: Path) -> None:
    fields = documents.fall(0.5).model_dump(mode="json", by_alias=True)
    for name in ("scenes", "props", "beats", "shots"):
        record = fields[name][0]
        fields[name].append({**record, "id": f"{record['id']}_2", "scene": "one_2", "actor": "ball_2"})
    for name, wrong in (("scenes", "scene"), ("scenes", "actor"), ("props", "actor"), ("shots", "actor")):
        fields[name][1].pop(wrong)
    fields["shots"][1]["camera"] = {**fields["shots"][0]["camera"], "subjects": ["ball_2"]}
    first = make(tmp_path, write(tmp_path, Screenplay.model_validate(fields)), "-o", "a.mp4")
    assert (first["frames"], len(first["take"]), first["seconds"]) == (24, 2, 1.0)
    fields["props"][1]["colour"] = "#2040c0"
    second = make(tmp_path, write(tmp_path, Screenplay.model_validate(fields)), "-o", "b.mp4")
    assert 0 < second["frames_rendered"] <= 12
    a, b = pictures(tmp_path / "a.mp4"), pictures(tmp_path / "b.mp4")
    assert a[0] == b[0] and a[20] != b[20]


@pytest.mark.slow
@pytest.mark.parametrize(
    "prompt",
    [
        MAIN,
        "twelve red dominoes fall one after another on a marble table",
        "a glass marble rolls down a wooden ramp and hits a stack of blocks",
        "two friends stand in a park; Anna says: 'Did you see that?' Ben laughs and answers: 'I did!'",
        "an old man makes a free throw in a gym",
    ],
)
def test_two_cold_caches_give_equal_films(tmp_path: Path, prompt: str) -> None:
    for cache in ("one", "two"):
        make(tmp_path, prompt, "-o", f"{cache}.mp4", "--size", "96x54", "--fps", "12", cache=f"cache-{cache}")
    assert md5(tmp_path / "one.mp4") == md5(tmp_path / "two.mp4")
    takes = [Take.load(next((tmp_path / name).glob("*.take.npz"))) for name in ("one", "two")]
    assert all(np.array_equal(getattr(takes[0], n), getattr(takes[1], n)) for n in ("thing_position", "person_joints"))
