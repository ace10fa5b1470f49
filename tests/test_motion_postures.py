"""Crouching, kneeling, sitting, bowing: what carries the body carries it, and nothing slides, jerks or goes through."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from motion_measures import arms_in_trunk, at, in_thing, jerks, outside_support, seat_gap, slide
from motion_stage import BONE, beat, bones, play, scene, standing
from soundstage.body import body
from soundstage.errors import InputError
from soundstage.rehearsal import motion, rehearse_scene
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.maths import from_quaternion
from soundstage.rehearsal.motion.score import Part
from soundstage.rehearsal.schedule import Cue

BODIES = ("adult", "child", "old", "tall", "left")
GROUND = ("kneel_down", "sit_on_ground", "lie_down")
SEATS = {"chair": 0.45, "stool": 0.46, "bench": 0.45, "sofa": 0.47 - 0.04, "armchair": 0.46 - 0.04}


@cache
def down_and_up(action: str, who: str = "adult", seat: str = "chair") -> tuple[Layout, Performance, Part]:
    """One person takes a posture, keeps it, waves in it, and stands up; the posture's own part."""
    props = [standing(seat, seat, (0.2, -0.6), 20.0)] if action == "sit" else []
    long = action in GROUND
    beats = [beat("anna", action), beat("anna", "wave", at=5.0), beat("anna", "stand_up", at=9.0 if long else 7.5)]
    if action == "lie_down":
        del beats[1]
    seconds = 15.5 if long else 10.0
    layout, _, performance = play(
        scene({"anna": (who, (0.0, 0.4), 10.0)}, beats, seconds=seconds, stage="studio", props=props)
    )
    return layout, performance, performance.plans[0].score.parts[0]


def held(part: Part) -> slice:
    return slice(at(part.end + 0.3), at(part.start + part.timing.phases["rise"][0] - 0.1), 24)


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("action", ["crouch", "kneel", "kneel_down"])
def test_the_weight_is_over_what_touches_the_ground(action: str, who: str) -> None:
    layout, performance, part = down_and_up(action, who)
    for k in range(*held(part).indices(len(performance.root))):
        assert outside_support(layout, performance, k) < -0.005
    falling = replace(performance, root=performance.root, joints=performance.joints.copy())
    # Tipped by nearly 60 degrees; who kneels upright would leave the ground, and bends the back instead.
    bone, half = (BONE["spine05"], 0.8) if action in GROUND else (0, 0.5)
    falling.joints[:, 0, bone] = 0.0
    falling.joints[:, 0, bone, :2] = (np.cos(half), np.sin(half))
    assert outside_support(layout, falling, held(part).start) > 0.0


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("seat", SEATS)
def test_who_sits_touches_the_seat_and_is_not_in_it(seat: str, who: str) -> None:
    layout, performance, part = down_and_up("sit", who, seat)
    n = next(n for n, thing in enumerate(layout.things) if thing.id == seat)
    where, axes = layout.thing_position[n], from_quaternion(np.asarray(layout.thing_rotation[n], dtype=float))
    soft = float(layout.things[n].params.get("sink", 0.0))
    for k in range(*held(part).indices(len(performance.root))):
        assert abs(seat_gap(layout, performance, k, n, SEATS[seat])) < 0.010
        assert in_thing(layout, performance, k, layout.things[n], where, axes) < 0.012 + soft
    hovering = replace(performance, root=performance.root + np.array([0.0, 0.0, 0.02]))
    assert seat_gap(layout, hovering, held(part).start, n, SEATS[seat]) > 0.010
    sunk = replace(performance, root=performance.root - np.array([0.0, 0.0, 0.03]))
    assert in_thing(layout, sunk, held(part).start, layout.things[n], where, axes) > 0.012 + soft


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("action", ["crouch", "kneel", "sit", *GROUND])
def test_planted_feet_stay_where_they_are(action: str, who: str) -> None:
    layout, performance, part = down_and_up(action, who)
    end = part.start + sum(part.timing.phases["rise"])
    assert slide(layout, performance, 0.0, end + 0.3) < 0.005
    drift = np.linspace(0.0, 0.05, len(performance.root))[:, None, None] * np.array([1.0, 0.0, 0.0])
    assert slide(layout, replace(performance, root=performance.root + drift), 0.0, end) > 0.005


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("action", ["crouch", "kneel", "sit", *GROUND])
def test_postures_are_entered_and_left_without_a_jerk(action: str, who: str) -> None:
    layout, performance, part = down_and_up(action, who)
    stay, (rise, span) = part.timing.phases["stay"][0], part.timing.phases["rise"]
    begin = part.start + part.timing.lead
    ends = (begin, part.start + stay, part.start + rise, part.start + rise + span)
    assert jerks(layout, performance, begin, ends[-1], ends) < 1.5
    jumping = performance.root.copy()
    jumping[at(ends[2]) :] += np.array([0.0, 0.0, 0.008])
    assert jerks(layout, replace(performance, root=jumping), begin, ends[-1], ends) > 1.5


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("action", ["crouch", "kneel", "sit", *GROUND])
def test_hands_and_forearms_stay_out_of_the_trunk(action: str, who: str) -> None:
    layout, performance, _ = down_and_up(action, who)
    assert arms_in_trunk(layout, performance, slice(0, None, 12)) < 0.004
    hugged = performance.joints.copy()
    for side, turn in (("L", 1.2), ("R", -1.2)):
        hugged[:, 0, BONE[f"upperarm01.{side}"]] = (np.cos(turn / 2), 0.0, np.sin(turn / 2), 0.0)
    assert arms_in_trunk(layout, replace(performance, joints=hugged), slice(0, None, 60)) > 0.004


@pytest.mark.parametrize("who", ["adult", "child", "old"])
def test_on_one_knee_that_knee_lies_on_the_ground(who: str) -> None:
    layout, performance, part = down_and_up("kneel", who)
    strong = "LR"[performance.plans[0].who.strong]
    k = at(part.end + 0.5)
    poses = bones(layout, performance)[k]
    knee, other = (poses[BONE[f"lowerleg01.{s}"], :3, 3] for s in (strong, "RL"["LR".index(strong)]))
    assert knee[2] < 0.09 and other[2] > 0.3 * performance.plans[0].who.figure.scale
    assert abs(knee[0] - other[0]) < 0.45


def lowest(layout: Layout, performance: Performance, k: int, stems: tuple[str, ...]) -> float:
    """Height of the lowest skin of some bones over the ground [m]."""
    figure = body(layout.people[0].identity)
    vertices = figure.skin(performance.root[k, 0], performance.joints[k, 0].astype(float))
    used = np.unique(figure.faces)
    main = np.take_along_axis(figure.weight_bones, figure.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    mine = [n for name, n in BONE.items() if name.startswith(stems)]
    return float(vertices[used[np.isin(main[used], mine)]][:, 2].min())


LIES_ON = {
    "kneel_down": (("upperleg02.L", "lowerleg01.L"), ("upperleg02.R", "lowerleg01.R"), ("toe",)),
    "sit_on_ground": (("pelvis", "upperleg", "spine05"), ("foot.L",), ("foot.R",)),
    "lie_down": (("pelvis", "upperleg01"), ("spine01", "spine02", "spine03"), ("foot.L",), ("foot.R",)),
}


@pytest.mark.parametrize("who", BODIES)
@pytest.mark.parametrize("action", GROUND)
def test_on_the_ground_the_body_lies_on_it_and_is_not_in_it(action: str, who: str) -> None:
    layout, performance, part = down_and_up(action, who)
    k = at(part.end + 0.5)
    for stems in LIES_ON[action]:
        assert -0.014 < lowest(layout, performance, k, stems) < 0.030, stems
    end = part.start + sum(part.timing.phases["rise"])
    for row in range(at(part.start), at(end), 18):
        assert lowest(layout, performance, row, ("",)) > -0.036
    sunk = replace(performance, root=performance.root - np.array([0.0, 0.0, 0.04]))
    assert lowest(layout, sunk, k, ("",)) < -0.036


@pytest.mark.parametrize("who", ["adult", "child", "old"])
def test_who_lies_is_stretched_out_level_and_looks_up(who: str) -> None:
    layout, performance, part = down_and_up("lie_down", who)
    poses = bones(layout, performance)[at(part.end + 0.5)]
    head, hips, foot = (poses[BONE[name], :3, 3] for name in ("head", "root", "foot.L"))
    tall = performance.plans[0].who.figure.height
    assert np.linalg.norm(head[:2] - foot[:2]) > 0.75 * tall
    assert abs(head[2] - hips[2]) < 0.13 * tall
    assert -poses[BONE["head"], 2, 1] > 0.75  # at rest a face looks along -Y
    standing_ = bones(layout, performance)[0]
    assert abs(standing_[BONE["head"], 2, 1]) < 0.3


def test_glances_leave_the_head_of_who_lies_on_the_ground() -> None:
    beats = [beat("anna", "lie_down", at=0.0)]
    screenplay = scene({"anna": ("adult", (0.0, 0.4), 10.0)}, beats, seconds=3.0, stage="studio")
    layout, _, performance = play(screenplay)
    take = rehearse_scene(screenplay, screenplay.scenes[0])
    alive = replace(performance, root=take.person_root, joints=take.person_joints)
    assert abs(lowest(layout, alive, at(1.5), ("head",)) - lowest(layout, performance, at(1.5), ("head",))) < 0.02


def test_hands_of_those_who_sit_lie_on_the_thighs() -> None:
    layout, performance, part = down_and_up("sit")
    poses = bones(layout, performance)[at(part.end + 0.4)][:, :3, 3]
    for side in "LR":
        wrist, hip, knee = (poses[BONE[f"{n}.{side}"]] for n in ("wrist", "upperleg01", "lowerleg01"))
        along = (wrist - hip) @ (knee - hip) / ((knee - hip) @ (knee - hip))
        assert 0.2 < along < 1.0
        assert np.linalg.norm(wrist - hip - along * (knee - hip)) < 0.16


def test_short_legs_hang_and_long_ones_reach_the_ground() -> None:
    for who, hangs in (("adult", False), ("child", True)):
        layout, performance, part = down_and_up("sit", who)
        feet = bones(layout, performance)[at(part.end + 0.4)][[BONE["foot.L"], BONE["foot.R"]], 2, 3]
        figure = performance.plans[0].who.figure
        assert (feet.min() > figure.feet[0].ankle_height + 0.02) == hangs


def test_who_waves_sitting_stays_seated_and_who_walks_off_stands_up_first() -> None:
    chair = standing("chair", "chair", (0.0, -0.6))
    beats = [beat("anna", "sit", at=0.0), beat("anna", "cheer", at=1.0), beat("anna", "walk", "center", at=4.0)]
    layout, cues, performance = play(
        scene({"anna": ("adult", (0.0, 0.8), 0.0)}, beats, seconds=9.0, stage="studio", props=[chair])
    )
    n = next(n for n, thing in enumerate(layout.things) if thing.id == "chair")
    assert seat_gap(layout, performance, 0, n, 0.45) < 0.01  # from the first picture
    assert np.ptp(performance.root[: at(4.0), 0, 2]) < 0.002
    sit, _, walk = performance.plans[0].score.parts
    risen = sit.start + sum(sit.timing.phases["rise"])
    assert walk.start == pytest.approx(risen) and risen > 4.5
    assert performance.root[at(risen), 0, 2] > 0.9 * performance.root[-1, 0, 2]
    assert isinstance(cues[0], Cue)


def test_two_on_a_bench_sit_beside_each_other() -> None:
    people = {"anna": ("adult", (-0.6, 0.8), 0.0), "ben": ("tall", (0.6, 0.8), 0.0)}
    beats = [beat("anna", "sit", "bench", at=0.0), beat("ben", "sit", at=0.0)]
    bench = standing("bench", "bench", (0.0, -0.6))
    _, _, performance = play(scene(people, beats, seconds=2.0, stage="studio", props=[bench]))
    apart = performance.root[100, 0] - performance.root[100, 1]
    assert 0.45 < abs(apart[0]) < 0.8 and abs(apart[1]) < 0.12


def test_a_bench_of_ones_own_is_meant_before_that_of_the_set() -> None:
    bench = standing("bench", "bench", (0.0, -0.6))
    people = {"anna": ("adult", (0.0, 0.5), 0.0)}
    _, _, performance = play(scene(people, [beat("anna", "sit", "bench", at=0.0)], stage="park", props=[bench]))
    assert np.linalg.norm(performance.root[0, 0, :2] - [0.0, -0.6]) < 0.4
    _, _, performance = play(scene(people, [beat("anna", "sit", "bench", at=0.0)], stage="park"))
    assert np.linalg.norm(performance.root[0, 0, :2] - [2.6, 8.3]) < 0.4


def test_a_bow_bends_the_back_and_keeps_the_balance() -> None:
    layout, _, performance = play(scene({"anna": ("adult", (0.0, 0.0), 0.0)}, [beat("anna", "bow")], stage="studio"))
    k = at(0.5 + 1.2)
    poses = bones(layout, performance)[k][:, :3, 3]
    back = poses[BONE["neck01"]] - poses[BONE["root"]]
    assert 40 < np.degrees(np.arctan2(np.hypot(*back[:2]), back[2])) < 75
    assert outside_support(layout, performance, k) < -0.01
    assert slide(layout, performance, 0.0, 4.0) < 0.005


def test_where_there_is_nothing_to_sit_on_it_is_said() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0)}
    with pytest.raises(InputError, match="nothing near 'anna' to sit on"):
        play(scene(people, [beat("anna", "sit")], stage="studio"))
    with pytest.raises(InputError, match="cannot sit on 'ball'"):
        play(scene(people, [beat("anna", "sit", "ball")], stage="studio", props=[standing("ball", "ball", (0.0, 1.0))]))
    with pytest.raises(InputError, match="already stands"):
        play(scene(people, [beat("anna", "stand_up")], stage="studio"))


def test_how_long_sitting_down_takes_is_known_before() -> None:
    layout, cues, performance = play(
        scene(
            {"anna": ("adult", (0.0, 1.4), 0.0)},
            [beat("anna", "sit", "chair")],
            seconds=9.0,
            stage="studio",
            props=[standing("chair", "chair", (0.5, -0.8), 180.0)],
        )
    )
    part = performance.plans[0].score.parts[0]
    assert motion.action_duration(cues[0].record, layout=layout) == pytest.approx(part.end - part.start, abs=0.02)  # type: ignore[arg-type]
