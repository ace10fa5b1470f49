"""Cameras that move: every move is what it says, smooth, keeps its subjects in sight and itself out of walls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from soundstage.errors import ScreenplayError
from soundstage.rehearsal.cameras import Stage, camera_path
from soundstage.rehearsal.cameras.handheld import shake
from soundstage.rehearsal.cameras.sight import Sight
from soundstage.take import CameraPath
from soundstage.view import View, matrix
from stages import move, person, shots, stage

FPS = 24
S = 4.0
SIZE = (640, 360)
MOVING = {
    "pan": 30.0, "tilt": 10.0, "roll": 20.0, "dolly": 0.8, "truck": 1.5, "pedestal": 0.5, "crane": 3.0, "orbit": 90.0,
    "follow": 1.0, "lead": 1.0, "push_in": 0.4, "pull_out": 0.8, "zoom": 1.6, "dolly_zoom": 0.6, "whip_pan": 60.0,
    "handheld": 1.0, "drone": 6.0,
}  # fmt: skip
AWAY = ("pan", "tilt", "whip_pan")


def standing() -> Stage:
    return stage(S, {"anna": person(S, (0, 0))})


def walking() -> Stage:
    return stage(S, {"anna": person(S, (0, 0), (0, -4))})


def talking() -> Stage:
    """Anna (left, looks along +X) and Ben (right, looks along -X), 1.6 m apart."""
    return stage(S, {"anna": person(S, (-0.8, 0), heading=-90), "ben": person(S, (0.8, 0), heading=90)})


def film(where: Stage, *cameras: dict[str, Any], **more: Any) -> CameraPath:
    play = shots(S, *cameras, people=where.people, **more)
    return camera_path(play, play.scenes[0], where)


def axes(path: CameraPath) -> Any:
    """Right, up and forward of every frame (F, 3, 3)."""
    m = np.array([matrix(q) for q in path.rotation])
    return np.stack([m[:, :, 0], m[:, :, 1], -m[:, :, 2]], axis=1)


def heads(where: Stage, path: CameraPath, p: int = 0) -> Any:
    """Crown, eyes and chin of a person in the picture of each frame (F, 3, 3): pixels and depth."""
    rows = where.rows(path.time)
    eyes = where.person_eyes[rows, p]
    points = np.stack([eyes + [0, 0, 0.03], eyes, eyes - [0, 0, 0.1]], axis=1)
    return np.array([View.of(path, f, SIZE).project(points[f]) for f in range(len(path.time))])


def in_picture(pixels: Any) -> Any:
    return (
        (pixels[..., 2] > 0)
        & (pixels[..., 0] >= 0)
        & (pixels[..., 0] < SIZE[0])
        & (pixels[..., 1] >= 0)
        & (pixels[..., 1] < SIZE[1])
    )


@pytest.mark.parametrize("ease", ["linear", "in", "out", "in_out"])
def test_a_pan_of_30_degrees_to_the_left_turns_30_degrees_to_the_left(ease: str) -> None:
    path = film(standing(), {"moves": [move("pan", 30.0, ease=ease)]})
    first, last = axes(path)[[0, -1], 2]
    turned = np.degrees(np.arctan2(*(np.cross(first[:2], last[:2]), first[:2] @ last[:2])))
    assert turned == pytest.approx(30.0, abs=1e-6)
    assert np.ptp(path.position, axis=0).max() == 0.0


def test_a_tilt_is_up_and_a_roll_clockwise() -> None:
    tilted = axes(film(standing(), {"moves": [move("tilt", 12.0)]}))
    assert np.degrees(np.arcsin(tilted[-1, 2, 2])) - np.degrees(np.arcsin(tilted[0, 2, 2])) == pytest.approx(12.0)
    rolled = axes(film(standing(), {"roll_deg": 5.0, "moves": [move("roll", 20.0)]}))
    # clockwise for its operator: the camera's right hand side sinks
    assert np.degrees(np.arcsin(-rolled[[0, -1], 0, 2])) == pytest.approx([5.0, 25.0])


@pytest.mark.parametrize(("kind", "axis"), [("truck", 0), ("pedestal", 1), ("dolly", 2)])
def test_rails_run_along_the_cameras_own_axes(kind: str, axis: int) -> None:
    path = film(standing(), {"auto": False, "position": [1, -6, 1.5], "look_at": [0, 0, 1.5], "moves": [move(kind, 1)]})
    way = path.position[-1] - path.position[0]
    assert way == pytest.approx(axes(path)[0, axis], abs=1e-9)
    assert np.ptp(path.rotation, axis=0).max() < 1e-12


@pytest.mark.parametrize("amount", [0.25, 0.5])
def test_a_push_in_goes_the_asked_part_of_the_way(amount: float) -> None:
    where = standing()
    path = film(where, {"size": "MS", "moves": [move("push_in", amount)]})
    eyes = where.person_eyes[0, 0]
    first, last = (np.linalg.norm(path.position[k] - eyes) for k in (0, -1))
    assert 1 - last / first == pytest.approx(amount, abs=0.01)


def test_a_pull_out_goes_as_far_again() -> None:
    where = standing()
    path = film(where, {"size": "CU", "moves": [move("pull_out", 1.0)]})
    first, last = (np.linalg.norm(path.position[k] - where.person_eyes[0, 0]) for k in (0, -1))
    assert last / first == pytest.approx(2.0, rel=0.03)


def test_an_orbit_keeps_its_distance_and_goes_as_far_round_as_asked() -> None:
    where = talking()
    path = film(where, {"size": "MS", "subjects": ["anna", "ben"], "moves": [move("orbit", 120.0)]})
    out = path.position - where.person_eyes[0].mean(axis=0)
    reach = np.linalg.norm(out, axis=1)
    assert np.ptp(reach) < 0.01 * reach[0]
    angle = np.unwrap(np.arctan2(out[:, 1], out[:, 0]))
    assert np.degrees(angle[-1] - angle[0]) == pytest.approx(120.0, abs=0.5)


def test_a_dolly_zoom_keeps_the_subjects_height_while_the_lens_changes() -> None:
    where = standing()
    path = film(where, {"size": "MCU", "lens_mm": 70.0, "moves": [move("dolly_zoom", 0.4)]})
    at = heads(where, path)
    height = at[:, 2, 1] - at[:, 0, 1]
    assert np.ptp(height) < 0.005 * height[0]
    assert path.lens_mm[[0, -1]] == pytest.approx([70.0, 28.0])
    far = np.array([View.of(path, f, SIZE).project(np.array([[0, 9, 1.0], [0, 9, 2.0]])) for f in (0, -1)])
    background = np.abs(far[:, 0, 1] - far[:, 1, 1])
    assert background[1] < 0.6 * background[0]


def test_a_zoom_changes_the_lens_alone() -> None:
    path = film(standing(), {"moves": [move("zoom", 2.0)]})
    assert path.lens_mm[-1] / path.lens_mm[0] == pytest.approx(2.0)
    assert np.ptp(path.position, axis=0).max() == 0.0
    assert (np.diff(path.lens_mm) >= -1e-9).all()


def test_a_crane_rises_and_goes_on_looking() -> None:
    where = standing()
    path = film(where, {"size": "LS", "moves": [move("crane", 4.0)]})
    assert path.position[-1] - path.position[0] == pytest.approx([0, 0, 4.0], abs=1e-9)
    at = heads(where, path)
    assert in_picture(at).all()
    assert axes(path)[-1, 2, 2] < -0.4, "it looks down from up there"


def test_a_drone_rises_and_flies_off_and_round() -> None:
    where = standing()
    path = film(where, {"size": "LS", "moves": [move("drone", 6.0)]})
    assert path.position[-1, 2] - path.position[0, 2] == pytest.approx(6.0)
    reach = np.linalg.norm(path.position[:, :2], axis=1)
    assert reach[-1] > reach[0] + 3
    assert in_picture(heads(where, path)).all()


@pytest.mark.parametrize(("kind", "side"), [("follow", 180.0), ("follow", 90.0), ("lead", 0.0)])
def test_a_camera_that_goes_along_keeps_its_distance(kind: str, side: float) -> None:
    where = walking()
    path = film(where, {"size": "MLS", "side": side, "moves": [move(kind, 1.0)]})
    assert path.position[-1, 1] - path.position[0, 1] == pytest.approx(-4.0, abs=0.15)
    offset = path.position - where.person_feet[where.rows(path.time), 0]
    assert np.ptp(offset, axis=0).max() < 0.25
    at = heads(where, path)
    assert np.ptp(at[:, 1, 0]) < 40 and np.ptp(at[:, 1, 1]) < 40, "she stays where she is in the picture"
    assert np.sign(offset[0, 1]) == {180.0: 1, 0.0: -1, 90.0: np.sign(offset[0, 1])}[side]


def test_half_of_a_follow_goes_half_of_the_way() -> None:
    path = film(walking(), {"size": "MLS", "side": 180.0, "moves": [move("follow", 0.5)]})
    assert path.position[-1, 1] - path.position[0, 1] == pytest.approx(-2.0, abs=0.1)


def test_a_truck_beside_somebody_who_walks_is_framed_for_that() -> None:
    where = stage(S, {"anna": person(S, (-2, 0), (2, 0), heading=-90)})
    locked = film(where, {"size": "MLS", "side": 90.0})
    path = film(where, {"size": "MLS", "side": 90.0, "moves": [move("truck", -4.0 * np.sign(locked.position[0, 1]))]})
    assert abs(path.position[0, 1]) < 0.7 * abs(locked.position[0, 1])
    assert in_picture(heads(where, path)).all()


def test_a_whip_pan_of_nothing_goes_from_the_first_to_the_last() -> None:
    where = talking()
    path = film(where, {"size": "CU", "lens_mm": 50.0, "subjects": ["anna", "ben"], "moves": [move("whip_pan", 0.0)]})
    anna, ben = heads(where, path, 0), heads(where, path, 1)
    assert in_picture(anna[0]).all() and in_picture(ben[-1]).all()
    assert not in_picture(ben[0]).any() and not in_picture(anna[-1]).any()
    turning = np.linalg.norm(np.diff(axes(path)[:, 2], axis=0), axis=1) > 1e-6
    assert 6 <= turning.sum() <= 12, "about 0.4 s"


def test_moves_come_one_after_another_and_add_up() -> None:
    moves = [
        move("pan", 20.0, start=0.0, end=1.0),
        move("pan", -20.0, start=2.0, end=3.0),
        move("truck", 1.0, start=2.0),
    ]
    path = film(standing(), {"auto": False, "position": [0, -6, 1.5], "look_at": [0, 0, 1.5], "moves": moves})
    yaw = np.degrees(np.arctan2(-axes(path)[:, 2, 0], axes(path)[:, 2, 1]))
    assert yaw[[0, 24, 48, 72, -1]] == pytest.approx([0, 20, 20, 0, 0], abs=1e-6)
    assert path.position[48] == pytest.approx(path.position[0]) and path.position[-1, 0] == pytest.approx(1.0)


@pytest.mark.parametrize("ease", ["linear", "in", "out", "in_out"])
@pytest.mark.parametrize("kind", MOVING)
def test_every_move_is_smooth(kind: str, ease: str) -> None:
    """Steps of speed from frame to frame are small against the speed itself: nothing starts or stops within a frame."""
    where = walking() if kind in ("follow", "lead") else standing()
    end = 3.2 if kind != "whip_pan" else 1.6
    path = film(where, {"size": "LS", "moves": [move(kind, MOVING[kind], start=0.8, end=end, ease=ease)]})
    for track in (path.position, axes(path)[:, 2], axes(path)[:, 0], np.log(path.lens_mm)[:, None]):
        speed = np.diff(track, axis=0)
        most = np.linalg.norm(speed, axis=1).max()
        if most > 1e-4:
            part = 0.95 if kind == "handheld" else 0.55 if kind == "whip_pan" else 0.4
            assert np.linalg.norm(np.diff(speed, axis=0), axis=1).max() < part * most
    assert (np.sum(path.rotation[1:] * path.rotation[:-1], axis=1) > 0).all(), "quaternions keep their sign"
    assert np.isfinite(path.focus_m).all() and (path.focus_m > 0).all()


def test_a_long_orbit_keeps_the_sign_of_its_rotations() -> None:
    path = film(standing(), {"size": "LS", "moves": [move("orbit", 720.0)]})
    assert (np.sum(path.rotation[1:] * path.rotation[:-1], axis=1) > 0.9).all()


@pytest.mark.parametrize("size", ["CU", "MS", "LS"])
@pytest.mark.parametrize("kind", [k for k in MOVING if k not in AWAY])
def test_who_a_shot_is_about_stays_in_it(kind: str, size: str) -> None:
    for where in (standing(), walking()):
        path = film(where, {"size": size, "side": 30.0, "moves": [move(kind, MOVING[kind])]})
        assert in_picture(heads(where, path)).all()


def test_what_walks_out_of_a_push_in_is_held() -> None:
    where = stage(S, {"anna": person(S, (-1.5, 0), (1.5, 0), heading=180)})
    path = film(where, {"size": "LS", "moves": [move("push_in", 0.6)]})
    assert in_picture(heads(where, path)).all()
    assert path.position[0, 1] < -2 < path.position[-1, 1] + 2


@pytest.mark.parametrize("set_name", ["living_room", "studio", "gym"])
@pytest.mark.parametrize(("kind", "amount"), [("orbit", 360.0), ("truck", 8.0), ("pull_out", 6.0), ("crane", 6.0),
                                              ("drone", 9.0), ("dolly", 9.0), ("pedestal", -4.0)])  # fmt: skip
def test_no_camera_goes_through_a_wall_or_a_person(set_name: str, kind: str, amount: float) -> None:
    from soundstage.rehearsal.cameras import walls

    where = stage(
        S, {"anna": person(S, (-0.6, -0.2), heading=-90), "ben": person(S, (0.6, -0.2), heading=90)}, set_name=set_name
    )
    path = film(where, {"size": "MS", "subjects": ["anna", "ben"], "moves": [move(kind, amount)]})
    assert walls.bounds(where.place).holds(path.position).all()
    assert Sight(where).free(path.position, path.time).all()


def test_an_orbit_in_a_small_room_is_narrower_and_wider_of_lens() -> None:
    where = stage(S, {"anna": person(S, (0, 0))}, set_name="living_room")
    path = film(where, {"size": "LS", "lens_mm": 35.0, "moves": [move("orbit", 180.0)]})
    assert path.lens_mm[0] < 35.0
    assert in_picture(heads(where, path)).all()


# ── hands ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def hand_shake(seconds: float = 64.0, fps: int = 60, *, seed: int = 3, name: str = "a", speed: float = 0.0) -> Any:
    ticks = np.arange(round(seconds * fps), dtype=np.int64) * (705_600_000 // fps)
    return shake(ticks, seed=seed, name=name, fps=fps, speed=np.full(len(ticks), speed))


def test_hands_shake_in_the_bands_of_breath_sway_and_tremor_alone() -> None:
    noise = hand_shake()
    power = np.abs(np.fft.rfft(noise * np.hanning(len(noise))[:, None], axis=0)) ** 2
    hz = np.fft.rfftfreq(len(noise), 1 / 60)
    bands = ((0.15, 0.45), (0.45, 1.7), (5.9, 10.1))
    inside = np.zeros(len(hz), dtype=bool)
    for low, high in bands:
        inside |= (hz >= low) & (hz <= high)
    assert power[inside].sum() > 0.999 * power.sum()
    slow, tremor = power[(hz < 1.7)][:, :3].sum(), power[hz > 5][:, :3].sum()
    assert 1e-4 < tremor / slow < 0.02, "tremor is there, and tiny"
    turning = np.degrees(np.sqrt((noise[:, 0] ** 2).mean()))
    assert 0.2 < turning < 0.36, "about 0.27 degrees"
    assert np.sqrt((noise[:, 3] ** 2).mean()) < 0.01


def test_hands_are_the_same_for_the_same_seed_and_shot_only() -> None:
    assert np.array_equal(hand_shake(), hand_shake())
    assert not np.allclose(hand_shake(), hand_shake(seed=4))
    assert not np.allclose(hand_shake(), hand_shake(name="b"))


def test_steps_are_felt() -> None:
    still, walked = hand_shake(), hand_shake(speed=1.4)
    hz = np.fft.rfftfreq(len(still), 1 / 60)
    step = (hz > 1.75) & (hz < 2.05)
    power = [(np.abs(np.fft.rfft(n[:, 4])) ** 2)[step].sum() for n in (still, walked)]
    assert power[1] > 30 * power[0]


def test_amount_multiplies_the_shake() -> None:
    steady = film(standing(), {"size": "MS"})
    once, twice = (film(standing(), {"size": "MS", "moves": [move("handheld", k)]}) for k in (1.0, 2.0))
    a, b = once.position - steady.position, twice.position - steady.position
    assert np.abs(a).max() > 0.002
    assert b == pytest.approx(2 * a, rel=0.05, abs=1e-3)


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        ({"moves": [move("zoom", 0.0)]}, "multiplies the lens by 0"),
        ({"moves": [move("push_in", 1.0)]}, "into them"),
        ({"moves": [move("pan", 10.0, start=3.0, end=2.0)]}, "before it starts"),
        ({"moves": [move("pan", 0.0)]}, "there are not two"),
        ({"framing": "point_of_view", "moves": [move("dolly", 1.0)]}, "cannot dolly"),
        ({"framing": "over_the_shoulder"}, "nobody with one"),
        ({"subjects": ["nobody"]}, "there is no 'nobody'"),
        ({"focus": "nobody"}, "there is no 'nobody'"),
    ],
)
def test_what_cannot_be_is_said(camera: dict[str, Any], words: str) -> None:
    with pytest.raises(ScreenplayError, match=words):
        film(standing(), camera)
