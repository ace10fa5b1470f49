"""A frame's key changes if and only if what the frame shows changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fakes import fake_take, fake_thing
from soundstage import clock
from soundstage.camera import keys, poses
from soundstage.camera.keyframes import plate_rows
from soundstage.take import Take, read_only

SETTINGS: dict[str, Any] = {
    "size": [64, 36], "samples": 1, "motion_blur": False, "shutter": 0.5, "denoise": False, "view_transform": "AgX",
    "contrast": "None", "exposure_ev": 0.0, "seed": 1,
}  # fmt: skip


def key(take: Take, frame: int = 2, **settings: Any) -> str:
    return keys.frame_keys(take, {**SETTINGS, **settings}, [frame])[0]


def moved(take: Take, first: int, last: int) -> Take:
    """The Take with its first thing shifted in some pose samples."""
    position = take.thing_position.copy()
    position[first:last, 0, 0] += 0.01
    return replace(take, thing_position=read_only(position))


def test_same_take_same_key() -> None:
    assert key(fake_take(motion="bounce")) == key(fake_take(motion="bounce"))


def test_still_frames_share_a_key() -> None:
    take = fake_take()
    assert len(set(keys.frame_keys(take, SETTINGS, list(range(12))))) == 1


def test_moving_frames_differ() -> None:
    take = fake_take(motion="bounce")
    assert len(set(keys.frame_keys(take, SETTINGS, list(range(12))))) == 12


@pytest.mark.parametrize(
    "change",
    [
        lambda t: replace(t, place=replace(t.place, sun_elevation_deg=8.0)),
        lambda t: replace(t, place=replace(t.place, ground_material="asphalt")),
        lambda t: replace(t, things=(replace(t.things[0], colour="#112233"),)),
        lambda t: replace(t, things=(replace(t.things[0], size=(0.2, 0.2, 0.2)),)),
        lambda t: replace(t, camera=replace(t.camera, lens_mm=t.camera.lens_mm + 1)),
        lambda t: replace(t, camera=replace(t.camera, focus_m=t.camera.focus_m + 1)),
        lambda t: moved(t, 20, 21),  # 24 frames a second: frame 2 is pose sample 20
    ],
)
def test_visible_change_changes_key(change: Any) -> None:
    take = fake_take(motion="bounce")
    assert key(change(take)) != key(take)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: replace(t, place=replace(t.place, ambience_level_db=-10.0, ambience="gym", gravity=1.6)),
        lambda t: replace(t, things=(replace(t.things[0], mass_kg=9.0),)),
        lambda t: replace(t, outcomes={"shot": "missed"}, seed=99, scene="another"),
        lambda t: moved(t, 21, 25),
        lambda t: moved(t, 0, 20),
    ],
)
def test_invisible_change_keeps_key(change: Any) -> None:
    take = fake_take(motion="bounce")
    assert key(change(take)) == key(take)


@pytest.mark.parametrize("setting", [{"samples": 2}, {"size": [64, 40]}, {"exposure_ev": 0.5}, {"seed": 2}])
def test_settings_change_key(setting: dict[str, Any]) -> None:
    take = fake_take()
    assert key(take, **setting) != key(take)


def test_motion_blur_sees_the_open_shutter_only() -> None:
    take = fake_take(motion="bounce")
    blur = {"motion_blur": True, "shutter": 0.5}
    assert key(moved(take, 24, 25), **blur) != key(take, **blur)  # 4 samples after frame 2, shutter open for 5
    assert key(moved(take, 27, 29), **blur) == key(take, **blur)


def test_noise_is_constant_for_a_locked_camera_and_new_for_a_moving_one() -> None:
    locked, dolly = fake_take(motion="bounce"), fake_take(camera="dolly")
    assert len({keys.noise_seed(locked, SETTINGS, f) for f in range(12)}) == 1
    assert len({keys.noise_seed(dolly, SETTINGS, f) for f in range(12)}) == 12


def test_plate_shows_only_what_never_moves() -> None:
    chair = fake_thing("chair", at=(1, 0, 0))
    one = fake_take(things=[fake_thing("ball"), chair], motion="roll")
    other = fake_take(things=[fake_thing("ball", colour="#00ff00"), chair], motion="roll")
    third = fake_take(things=[fake_thing("ball"), fake_thing("chair", at=(1, 1, 0))], motion="roll")
    plates = [keys.plate_keys(t, SETTINGS, [0]) for t in (one, other, third)]
    assert plates[0] == plates[1] != plates[2]
    assert plate_rows(one)[5] == (5,)
    assert len(plate_rows(fake_take(camera="dolly", seconds=2.0))[5]) == 2


def test_poses_between_samples() -> None:
    take = fake_take(motion="roll", fps=25)
    tick = clock.ticks(0.12345)
    shown = poses.poses_at(take, np.array([tick]))
    assert shown.thing_position[0, 0, 0] == pytest.approx(0.12345, abs=1e-6)
    assert np.linalg.norm(shown.thing_rotation, axis=-1) == pytest.approx(1.0)


def test_instants_stay_inside_the_take() -> None:
    take = fake_take()
    ticks = poses.instants(take, 11, motion_blur=True, shutter=1.0)
    assert ticks[0] == take.camera.time[11] and ticks[-1] <= take.time[-1]
    assert np.all(np.diff(ticks) >= 0)
