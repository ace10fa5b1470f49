"""The camera: keys that say what a frame shows, workers that may die, pictures that are right and stand still."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fakes import fake_pieces, fake_take, fake_thing
from soundstage import camera, library
from soundstage.camera import changes, keys
from soundstage.take import Take

SETTINGS: dict[str, Any] = {
    "size": (96, 54),
    "samples": 1,
    "motion_blur": False,
    "shutter": 0.5,
    "denoise": False,
    "view_transform": "AgX",
    "contrast": "None",
    "exposure_ev": 0.0,
    "seed": 3,
}


def ball_take(**changed: Any) -> Take:
    """A ball that bounces in front of a still camera."""
    ball = fake_thing("basketball", at=(0.0, 0.0, 1.2))
    return fake_take(
        **{
            "things": [ball],
            "set_": "studio",
            "time_of_day": "noon",
            "motion": "bounce",
            "seconds": 0.5,
            "position": (0.0, -3.0, 0.9),
            "look_at": (0.0, 0.0, 0.6),
            **changed,
        }
    )


def shoot(take: Take, folder: Path, frames: Sequence[int], **changed: Any) -> list[Any]:
    paths = camera.shoot([take], frames_dir=folder, frames=frames, **{**SETTINGS, **changed})
    return [np.asarray(Image.open(path).convert("RGB"), dtype=np.int16) for path in paths]


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_changes_with_what_the_frame_shows_and_with_nothing_else() -> None:
    take = ball_take()
    frames = list(range(len(take.camera.time)))
    before = keys.frame_keys(take, SETTINGS, frames)
    assert len(set(before)) > 6  # the ball moves
    track = take.thing_position.copy()
    track[-1] += [0.0, 0.0, 0.1]  # after the last frame begins: seen only by frames that reach it
    after = keys.frame_keys(replace(take, thing_position=track), SETTINGS, frames)
    assert after[:-2] == before[:-2]
    louder = replace(take, place=replace(take.place, ambience="gym", ambience_level_db=-20.0))
    assert keys.frame_keys(louder, SETTINGS, frames) == before
    redder = replace(take, things=(replace(take.things[0], colour="#ff0000"),))
    assert not set(keys.frame_keys(redder, SETTINGS, frames)) & set(before)
    assert not set(keys.frame_keys(take, {**SETTINGS, "samples": 2}, frames)) & set(before)


def test_equal_frames_have_one_key() -> None:
    take = fake_take(things=[fake_thing("block", at=(0.0, 0.0, 0.02))], set_="studio", motion="still", seconds=0.5)
    assert len(set(keys.frame_keys(take, SETTINGS, list(range(12))))) == 1


# ── what has changed in a picture ───────────────────────────────────────────────────────────────────────────────────


def test_nothing_changed_is_nothing_to_render() -> None:
    probe = np.random.default_rng(0).integers(0, 255, (45, 80, 3), dtype=np.uint8)
    weight = changes.changed(probe, probe, (320, 180), [])
    assert not weight.any()
    assert changes.rectangles(weight) == []


@pytest.mark.parametrize("corner", [(4, 6), (60, 30), (30, 2), (70, 38)])
def test_a_thing_that_came_in_is_covered_whole(corner: tuple[int, int]) -> None:
    x, y = corner
    empty = np.full((45, 80, 3), 90, dtype=np.uint8)
    probe = empty.copy()
    probe[y : y + 6, x : x + 6] = 200
    weight = changes.changed(probe, empty, (320, 180), [])
    assert (weight[4 * y : 4 * (y + 6), 4 * x : 4 * (x + 6)] == 1.0).all()
    inside = np.zeros((180, 320), dtype=bool)
    for x0, y0, x1, y1 in changes.rectangles(weight):
        inside[y0:y1, x0:x1] = True
    assert inside[weight > 0].all()
    assert inside.mean() < 0.6


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Take, Path, list[Any]]:
    take, folder = ball_take(), tmp_path_factory.mktemp("frames")
    return take, folder, shoot(take, folder, [0, 3, 6, 9])


def test_finished_frames_are_not_rendered_twice(shot: tuple[Take, Path, list[Any]]) -> None:
    take, folder, first = shot
    stamps = {path: path.stat().st_mtime_ns for path in folder.glob("*.png")}
    again = shoot(take, folder, [0, 3, 6, 9])
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.png")} == stamps
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_two_runs_give_equal_pictures(shot: tuple[Take, Path, list[Any]], tmp_path: Path) -> None:
    take, _, first = shot
    # in another order, and alone: a frame does not depend on which others a process has rendered
    assert np.array_equal(shoot(take, tmp_path, [6])[0], first[2])
    assert np.array_equal(shoot(take, tmp_path, [3, 0])[0], first[1])


def test_the_ball_is_where_the_take_says(shot: tuple[Take, Path, list[Any]]) -> None:
    """Its centre in the picture, found by colour, against pinhole projection; within 1.5 px at 96 × 54."""
    take, _, pictures = shot
    for frame, picture in zip([0, 3, 6, 9], pictures, strict=True):
        orange = (picture[..., 0] > 1.5 * picture[..., 2]) & (picture[..., 0] > 1.15 * picture[..., 1])
        xs, ys = np.nonzero(orange.sum(axis=0) >= 3)[0], np.nonzero(orange.sum(axis=1) >= 3)[0]
        assert len(xs) > 4, f"frame {frame} shows no ball"
        row = int(np.searchsorted(take.time, take.camera.time[frame]))
        x, y, depth = _project(take, frame, take.thing_position[row, 0])
        assert depth > 0
        assert (xs.min() + xs.max() + 1) / 2 == pytest.approx(x, abs=1.5)
        assert (ys.min() + ys.max() + 1) / 2 == pytest.approx(y, abs=1.5)


def test_what_stands_still_does_not_flicker(shot: tuple[Take, Path, list[Any]]) -> None:
    pictures = shot[2]
    corner = [p[:12, :20] for p in pictures]
    assert all(np.abs(a - corner[0]).mean() <= 0.01 for a in corner[1:])


def _project(take: Take, frame: int, point: Any) -> tuple[float, float, float]:
    """Pixel x, y (downwards) and depth [m]."""
    w, i, j, k = take.camera.rotation[frame]
    matrix = np.array(
        [
            [1 - 2 * (j * j + k * k), 2 * (i * j - k * w), 2 * (i * k + j * w)],
            [2 * (i * j + k * w), 1 - 2 * (i * i + k * k), 2 * (j * k - i * w)],
            [2 * (i * k - j * w), 2 * (j * k + i * w), 1 - 2 * (i * i + j * j)],
        ]
    )
    local = (np.asarray(point) - take.camera.position[frame]) @ matrix
    focal = take.camera.lens_mm[frame] / 36.0 * 96
    return 48 + focal * local[0] / -local[2], 27 - focal * local[1] / -local[2], float(-local[2])


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    """kill -9 on the render process in the middle: the film goes on, and what was finished is kept."""
    take = ball_take()
    killed: list[int] = []

    def killer() -> None:
        for _ in range(600):
            if killed:
                return
            if any(tmp_path.glob("[0-9a-f]*.png")):
                found = subprocess.run(
                    ["pgrep", "-P", str(os.getpid()), "-f", "soundstage.camera.worker"], capture_output=True, text=True
                )
                for pid in found.stdout.split():
                    os.kill(int(pid), signal.SIGKILL)
                    killed.append(int(pid))
            time.sleep(0.02)

    thread = threading.Thread(target=killer)
    thread.start()
    pictures = shoot(take, tmp_path, list(range(10)))
    killed.append(0)
    thread.join()
    assert len(pictures) == 10
    if len(killed) == 1:
        pytest.skip("the worker was done before it could be killed")
    assert not list(tmp_path.glob("*.part.png")), "half-written frames are left"


@pytest.mark.parametrize("name", library.names("sets"))
def test_every_set_can_be_filmed(name: str, tmp_path: Path) -> None:
    ball = fake_thing("basketball", at=(0.0, -2.0, 0.1215))
    take = fake_take(
        things=[*fake_pieces(name), ball], set_=name, time_of_day="afternoon", seconds=0.1, position=(0.0, -4.0, 1.2)
    )
    (picture,) = shoot(take, tmp_path, [0], size=(64, 36))
    assert picture.std() > 3, "the picture is flat"
    assert 8 < picture.mean() < 245, "the picture is black or white"


def test_every_kind_of_thing_can_be_filmed(tmp_path: Path) -> None:
    kinds = library.names("props")
    things = [
        fake_thing(kind, id=f"thing_{n}", at=((n % 6) * 2.0 - 5.0, (n // 6) * 2.0, 0.5)) for n, kind in enumerate(kinds)
    ]
    take = fake_take(things=things, set_="studio", time_of_day="noon", seconds=0.1, position=(0.0, -9.0, 3.0))
    (picture,) = shoot(take, tmp_path, [0], size=(64, 36))
    assert picture.std() > 3


def test_importing_the_camera_does_not_load_blender() -> None:
    code = "import soundstage.camera, sys; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
