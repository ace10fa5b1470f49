"""What an operator knows: over shoulders, out of eyes, what is sharp, when and from where to cut, what hides whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from soundstage import clock
from soundstage.errors import ScreenplayError
from soundstage.rehearsal.cameras import Stage, camera_path
from soundstage.rehearsal.cameras.focus import SHARP, confusion
from soundstage.rehearsal.cameras.sight import Sight
from soundstage.rehearsal.cameras.subjects import Subjects
from soundstage.rehearsal.schedule import Cue
from stages import box, move, person, shots, stage
from test_rehearsal_camera_moves import S, axes, film, heads, in_picture, standing, talking, walking


def side(where: Stage, path: Any, frame: int) -> float:
    """Which side of the line from the first to the second person the camera is on."""
    a, b = where.person_eyes[0, 0, :2], where.person_eyes[0, 1, :2]
    out, along = path.position[frame, :2] - a, b - a
    return float(np.sign(along[0] * out[1] - along[1] * out[0]))


# ── framing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", ["CU", "MCU", "MS", "MLS"])
def test_there_is_room_where_somebody_looks(size: str) -> None:
    where = standing()
    ahead, left, right = (heads(where, film(where, {"size": size, "side": s}))[0, 1, 0] for s in (0.0, 80.0, -80.0))
    assert ahead == pytest.approx(320, abs=10)
    assert abs(left - 320) == pytest.approx(320 / 3, abs=25) and abs(right - 320) == pytest.approx(320 / 3, abs=25)
    # Seen from their left at side -80 or right at 80: the eyes are opposite to where they look.
    path = film(where, {"size": size, "side": 80.0})
    looks = where.person_facing[0, 0] @ axes(path)[0, 0]
    assert (left - 320) * looks < 0


@pytest.mark.parametrize("shoulder", [30.0, -30.0])
@pytest.mark.parametrize("lens", [35.0, 50.0, 85.0])
def test_past_a_shoulder_the_face_is_free_and_the_head_before_it_at_the_side(lens: float, shoulder: float) -> None:
    where = talking()
    camera = {"size": "MCU", "framing": "over_the_shoulder", "subjects": ["anna", "ben"], "lens_mm": lens}
    path = film(where, {**camera, "side": shoulder})
    anna, ben = heads(where, path, 0)[0], heads(where, path, 1)[0]
    assert in_picture(anna).all()
    assert ben[1, 2] < 0.6 * anna[1, 2], "he is much nearer"
    assert (anna[1, 0] - 320) * (ben[1, 0] - 320) < 0, "they are on different sides of the picture"
    assert abs(ben[1, 0] - 320) > 0.5 * 320
    points = where.person_eyes[0, 0] + np.array([[0, 0, 0.04], [0, 0, -0.1], [0, 0.06, 0], [0, -0.06, 0]])
    hidden = Sight(where).blocked(
        path.position[:1], points[None], path.time[:1], Subjects(people=(0,), things=()), (-1, -1, -1, -1)
    )
    assert hidden == 0.0
    along = (where.person_eyes[0, 0] - where.person_eyes[0, 1])[:2]
    right = np.array([along[1], -along[0]])
    assert np.sign((path.position[0] - where.person_eyes[0, 1])[:2] @ right) == np.sign(shoulder)
    assert path.lens_mm[0] == lens


def test_a_point_of_view_is_where_the_eyes_are_and_looks_at_the_other() -> None:
    where = talking()
    path = film(where, {"framing": "point_of_view", "subjects": ["anna", "ben"]})
    assert np.linalg.norm(path.position[0] - where.person_eyes[0, 0]) < 0.12
    assert heads(where, path, 1)[0, 1, :2] == pytest.approx([319.5, 179.5], abs=2)
    alone = film(where, {"framing": "point_of_view", "subjects": ["anna"]})
    assert axes(alone)[0, 2] == pytest.approx(where.person_facing[0, 0], abs=1e-3)


def test_a_dutch_angle_leans_clockwise() -> None:
    path = film(standing(), {"roll_deg": 15.0})
    assert np.degrees(np.arcsin(-axes(path)[0, 0, 2])) == pytest.approx(15.0)


def test_plain_shots_are_locked_to_the_bit() -> None:
    path = film(talking(), {"size": "MS", "subjects": ["anna", "ben"]})
    for track in (path.position, path.rotation, path.lens_mm, path.focus_m):
        assert np.ptp(track, axis=0).max() == 0.0


# ── focus ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_focus_is_on_the_eyes() -> None:
    where = standing()
    path = film(where, {"size": "CU", "lens_mm": 85.0, "f_stop": 2.0})
    depth = (where.person_eyes[0, 0] - path.position[0]) @ axes(path)[0, 2]
    assert confusion(path.focus_m[0], depth, 85.0, 2.0) <= SHARP


def test_a_locked_camera_leaves_the_focus_alone_unless_it_would_be_seen() -> None:
    where = stage(S, {"anna": person(S, (0, 0), (0, -0.02))})
    assert np.ptp(film(where, {"size": "MS", "lens_mm": 50.0, "f_stop": 2.8}).focus_m) == 0.0
    where = walking()
    path = film(where, {"size": "LS", "lens_mm": 85.0, "f_stop": 1.4})
    depth = np.einsum("fi,fi->f", where.at(where.person_eyes[:, 0], path.time) - path.position, axes(path)[:, 2])
    assert np.ptp(path.focus_m) > 3
    assert confusion(path.focus_m, depth, 85.0, 1.4).max() < SHARP
    assert np.abs(np.diff(path.focus_m, 2)).max() < 0.02, "continuous"


def test_of_several_things_the_middle_is_sharp_and_stays_it() -> None:
    t = np.linspace(0, 1, len(stage(S, {}).time))[:, None]
    ball = box("ball", (0.1, 0.1, 0.1), fixed=False)
    ramp = box("ramp", (1.0, 0.2, 0.4))
    where = stage(S, {}, things=[(ramp, (0, 0, 0.2)), (ball, [-1.0, 0.5, 0.5] + t * [2.0, -1.0, -0.4])])
    path = film(where, {"subjects": ["ramp", "ball"], "lens_mm": 85.0, "f_stop": 1.4})
    middle = (where.thing_position[:, 1].mean(axis=0) - path.position[0]) @ axes(path)[0, 2]
    assert np.ptp(path.focus_m) == 0.0 and path.focus_m[0] == pytest.approx(middle, rel=0.01)


def test_a_focus_pull_goes_from_one_to_the_other_in_its_time() -> None:
    where = talking()
    pull = {"subject": "ben", "start": {"anchor": "start", "of": "", "offset_s": 1.0}, "seconds": 0.5}
    camera = {"auto": False, "position": [-3.5, -1.0, 1.6], "look_at": [0.8, 0, 1.6], "lens_mm": 85.0, "f_stop": 2.0}
    path = film(where, {**camera, "subjects": ["anna", "ben"], "focus": "anna", "focus_pulls": [pull]})
    anna, ben = ((where.person_eyes[0, p] - path.position[0]) @ axes(path)[0, 2] for p in (0, 1))
    assert path.focus_m[[0, 24]] == pytest.approx(anna, rel=0.01)
    assert path.focus_m[[36, -1]] == pytest.approx(ben, rel=0.01)
    assert (np.diff(path.focus_m)[24:36] > 0).all() and np.ptp(path.focus_m[36:]) == 0.0


# ── cuts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cut_film(*cuts: Any, cues: tuple[Cue, ...] = (), contact: float | None = None) -> Any:
    where = standing()
    play = shots(S, *({"size": s} for s in ("LS", "MS", "CU")[: len(cuts)]), cuts=cuts, people=where.people)
    return camera_path(
        play, play.scenes[0], where, cues, lambda prop, _: None if contact is None else clock.ticks(contact)
    )


def contact(offset: float) -> dict[str, Any]:
    return {"anchor": "contact", "of": "ball", "offset_s": offset}


def test_a_cut_falls_on_its_moment() -> None:
    path = cut_film(None, contact(0.25), None, contact=1.5)
    first = [int(np.argmax(path.shot == k)) for k in range(3)]
    assert first == [0, 42, 64]
    word = shots(S, {}, people=("anna",)).lines[0]
    cue = Cue(id="word", kind="line", start=clock.ticks(2.0), end=clock.ticks(2.5), record=word)
    line = {"anchor": "line_end", "of": "word", "offset_s": -0.1}
    assert int(np.argmax(cut_film(None, line, cues=(cue,)).shot == 1)) == round(2.4 * 24)


@pytest.mark.parametrize(
    ("cuts", "at", "words"),
    [
        ((None, contact(0.0), None), 3.5, "'shot_2' would begin at 2.67 s, but 'shot_1' before it"),
        ((contact(0.0), None), 1.0, "begins 1.00 s after its scene"),
        ((None, contact(0.0)), None, "'ball', which never touches"),
    ],
)
def test_cuts_that_cannot_be_are_said(cuts: Any, at: float | None, words: str) -> None:
    with pytest.raises(ScreenplayError, match=words):
        cut_film(*cuts, contact=at)


def test_a_shot_whose_moment_comes_after_the_scene_is_not_seen() -> None:
    path = cut_film(None, contact(9.0), contact=1.0)
    assert set(path.shot.tolist()) == {0}


def test_moves_hang_on_moments_too() -> None:
    where = standing()
    pan = {**move("pan", 30.0), "start": contact(0.0), "end": contact(0.5)}
    play = shots(S, {"moves": [pan]}, people=where.people)
    path = camera_path(play, play.scenes[0], where, (), lambda prop, _: clock.ticks(2.0))
    turning = np.flatnonzero(np.linalg.norm(np.diff(axes(path)[:, 2], axis=0), axis=1) > 1e-9)
    assert turning[0] == 48 and turning[-1] == 59


BOTH = {"size": "MS", "subjects": ["anna", "ben"]}


@pytest.mark.parametrize("first", [BOTH, {**BOTH, "side": 180.0}])
@pytest.mark.parametrize("angle", [-40.0, 40.0])
def test_a_conversation_is_seen_from_one_side_of_the_line(first: dict[str, Any], angle: float) -> None:
    where = talking()
    singles = [{"size": "CU", "subjects": [name], "side": angle, "lens_mm": 85.0} for name in ("anna", "ben")]
    past = [
        {"size": "MCU", "framing": "over_the_shoulder", "subjects": pair, "side": angle, "lens_mm": 50.0}
        for pair in (["anna", "ben"], ["ben", "anna"])
    ]
    path = film(where, first, *singles, *past)
    sides = {side(where, path, int(np.argmax(path.shot == k))) for k in range(5)}
    assert len(sides) == 1
    # matched eyelines: she looks to one side of the picture, he to the other, in every shot
    for k in range(5):
        f = int(np.argmax(path.shot == k))
        looks = where.person_facing[0] @ axes(path)[f, 0]
        assert np.sign(looks[0]) == -np.sign(looks[1]) == np.sign(where.person_facing[0, 0] @ axes(path)[0, 0])


def test_a_moving_camera_may_cross_the_line_and_what_follows_stays_there() -> None:
    where = talking()
    path = film(where, BOTH, {**BOTH, "size": "LS", "moves": [move("orbit", 180.0)]}, {**BOTH, "size": "MCU"})
    first, last = side(where, path, 0), side(where, path, -1)
    assert first == -last


def test_a_point_of_view_does_not_move_the_line() -> None:
    where = talking()
    path = film(where, BOTH, {"framing": "point_of_view", "subjects": ["anna", "ben"]}, {**BOTH, "size": "LS"})
    assert side(where, path, 0) == side(where, path, -1)


@pytest.mark.parametrize("second", [{"side": 8.0}, {"side": -8.0}, {"lens_mm": 40.0}])
def test_two_shots_of_the_same_differ_enough_to_be_cut(second: dict[str, Any]) -> None:
    where = standing()
    path = film(where, {"size": "MS", "side": 0.0}, {"size": "MS", "side": 0.0, **second})
    a, b = (path.position[k] - where.person_eyes[0, 0] for k in (0, -1))
    angle = np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert 29 < angle < 45


def test_a_clear_change_of_size_needs_no_turn() -> None:
    path = film(standing(), {"size": "LS", "side": 10.0}, {"size": "CU", "side": 10.0})
    assert axes(path)[0, 2] == pytest.approx(axes(path)[-1, 2], abs=0.02)


def test_the_same_camera_comes_back_to_where_it_stood() -> None:
    path = film(talking(), BOTH, {"size": "CU", "subjects": ["anna"], "lens_mm": 85.0}, BOTH)
    assert np.array_equal(path.position[0], path.position[-1]) and np.array_equal(path.rotation[0], path.rotation[-1])


# ── sight ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_stands_in_the_way_turns_the_camera_as_little_as_it_must() -> None:
    free = film(standing(), {"size": "MLS"})
    wall = box("wall", (0.8, 0.1, 2.4))
    where = stage(S, {"anna": person(S, (0, 0))}, things=[(wall, free.position[0] * [0.5, 0.5, 0] + [0, 0, 1.2])])
    path = film(where, {"size": "MLS"})
    eyes = where.person_eyes[0, 0]
    hidden = Sight(where).blocked(
        path.position[:1], eyes[None, None], path.time[:1], Subjects(people=(0,), things=()), (-1,)
    )
    assert hidden == 0.0
    a, b = free.position[0] - eyes, path.position[0] - eyes
    turned = np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert 5 < turned < 45
    again = film(where, {"size": "MLS"})
    assert np.array_equal(path.position, again.position)


def test_somebody_elses_back_is_no_part_of_a_single() -> None:
    where = talking()
    path = film(where, {"size": "MS", "subjects": ["anna"], "side": 5.0})
    ben = heads(where, path, 1)[0]
    assert not in_picture(ben).any() or ben[1, 2] > heads(where, path, 0)[0, 1, 2] - 0.3
    toward = (path.position[0] - where.person_eyes[0, 0])[:2]
    facing = where.person_facing[0, 0, :2]
    assert toward @ facing / np.linalg.norm(toward) > np.cos(np.radians(80)), "her face is still seen"


def test_a_camera_stands_in_nothing() -> None:
    free = film(standing(), {"size": "MLS"})
    rock = box("rock", (1.0, 1.0, 1.0))
    where = stage(S, {"anna": person(S, (0, 0))}, things=[(rock, free.position[0])])
    path = film(where, {"size": "MLS"})
    assert (np.abs(path.position[0] - free.position[0]) > 0.5).any()


@pytest.mark.parametrize("set_name", ["outdoor_court", "gym", "park", "street", "studio", "living_room", "workshop"])
def test_sets_leave_room_for_a_camera_at_their_marks(set_name: str) -> None:
    from soundstage import library
    from soundstage.rehearsal.cameras import walls

    kind = library.set_(set_name)
    where = stage(0.5, {}, set_name=set_name)
    for x, y, z, _ in kind.marks.values():
        at = np.array([[x, y, z + 1.5]])
        assert walls.bounds(where.place).holds(at).all()
        assert Sight(where).free(at, where.time[:1]).all()
    for low_x, low_y, low_z, high_x, high_y, high_z in kind.obstacles:
        assert low_x < high_x and low_y < high_y and low_z < high_z
