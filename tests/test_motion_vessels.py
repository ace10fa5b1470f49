"""Drinking from what is held: the rim is at the lips, the hand round the vessel, and nothing is drunk from nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from documents import place
from motion_measures import at, jerks, slide
from motion_stage import beat, bones, play, scene, skin, skin_of, standing
from soundstage.body import body
from soundstage.errors import InputError
from soundstage.rehearsal import rehearse_scene
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.maths import Floats, from_quaternion
from soundstage.rehearsal.motion.touches import spot
from soundstage.screenplay import Screenplay
from soundstage.take import Take

BODIES = ("adult", "child", "old", "tall", "left")
RIM = {"cup": 0.97 * 0.0425, "bottle": 0.34 * 0.0375}
HIGH = {"cup": 0.05, "bottle": 0.14}


def drinking(who: str, kind: str) -> Screenplay:
    held = {**standing("it", kind, (0.0, 0.0)), "placement": place("held_by", "anna")}
    return scene({"anna": (who, (0.0, 0.0), -15.0)}, [beat("anna", "drink")], seconds=5.0, stage="studio", props=[held])


@cache
def drunk(who: str, kind: str) -> tuple[Layout, Performance]:
    layout, _, performance = play(drinking(who, kind))
    return layout, performance


def middle(performance: Performance) -> int:
    part = performance.plans[0].score.parts[0]
    return at(part.start + 0.55 * part.timing.length)


def rim_gap(layout: Layout, performance: Performance, k: int, kind: str) -> float:
    """Distance of the nearest point of the rim from the lips [m]."""
    (grip,) = performance.grips
    figure = body(layout.people[0].identity)
    lips = spot(performance.plans[0].who.figure, "lips", 0)
    head = bones(layout, performance)[k, lips.bone]
    mouth = head[:3, :3] @ lips.point + head[:3, 3]
    round_ = np.linspace(0, 2 * np.pi, 180)
    edge = np.stack([RIM[kind] * np.cos(round_), RIM[kind] * np.sin(round_), np.full(180, HIGH[kind])], axis=1)
    axes = from_quaternion(np.asarray(grip.rotation[k], dtype=float))
    assert figure.height > 1.0
    return float(np.linalg.norm(edge @ axes.T + grip.position[k] - mouth, axis=1).min())


def tilt(performance: Performance, k: int) -> float:
    """Of the axis against the vertical [deg]."""
    up: Floats = from_quaternion(np.asarray(performance.grips[0].rotation[k], dtype=float))[:, 2]
    return float(np.degrees(np.arccos(np.clip(up[2], -1.0, 1.0))))


@pytest.mark.parametrize("kind", ["cup", "bottle"])
@pytest.mark.parametrize("who", BODIES)
def test_the_rim_is_at_the_lips_and_tipped_towards_them(who: str, kind: str) -> None:
    layout, performance = drunk(who, kind)
    k = middle(performance)
    assert rim_gap(layout, performance, k, kind) < 0.006
    assert 30.0 < tilt(performance, k) < 70.0
    assert tilt(performance, 0) < 1.0 and tilt(performance, -1) < 1.0
    lips = spot(performance.plans[0].who.figure, "lips", 0)
    head = bones(layout, performance)[k, lips.bone]
    way = performance.grips[0].position[k] - (head[:3, :3] @ lips.point + head[:3, 3])
    opening = from_quaternion(np.asarray(performance.grips[0].rotation[k], dtype=float))[:, 2]
    assert opening @ way < 0.0  # it opens towards the face
    moved = replace(performance.grips[0], position=performance.grips[0].position + np.array([0.0, 0.02, 0.0]))
    assert rim_gap(layout, replace(performance, grips=(moved,)), k, kind) > 0.006


@pytest.mark.parametrize("kind", ["cup", "bottle"])
@pytest.mark.parametrize("who", BODIES)
def test_the_hand_is_round_it_and_not_in_it(who: str, kind: str) -> None:
    layout, performance = drunk(who, kind)
    (grip,) = performance.grips
    side = "LR"[performance.plans[0].who.strong]
    for k in (30, middle(performance)):
        hand = skin(
            layout, bones(layout, performance)[k : k + 1], skin_of(layout, ("wrist", "finger", "metacarpal"), side)
        )[0]
        axes = from_quaternion(np.asarray(grip.rotation[k], dtype=float))
        local = (hand - grip.position[k]) @ axes
        beside = np.abs(local[:, 2]) < HIGH[kind]
        gap = np.hypot(local[beside, 0], local[beside, 1]).min() - layout.things[grip.thing].size[0] / 2
        assert -0.006 < gap < 0.006


@pytest.mark.parametrize("who", ["adult", "child", "old", "left"])
def test_who_drinks_stands_still_and_nothing_jerks(who: str) -> None:
    layout, performance = drunk(who, "cup")
    part = performance.plans[0].score.parts[0]
    assert slide(layout, performance, 0.0, 5.0) < 0.004
    assert jerks(layout, performance, part.start, part.end, (part.start, part.end)) < 1.0
    jumping = performance.root.copy()
    jumping[at(part.end) :] += np.array([0.0, 0.0, 0.004])
    assert jerks(layout, replace(performance, root=jumping), part.start, part.end, (part.start, part.end)) > 1.0


def test_the_head_stays_at_the_rim_when_glances_are_added() -> None:
    screenplay = drinking("adult", "cup")
    take: Take = rehearse_scene(screenplay, screenplay.scenes[0])
    layout, performance = drunk("adult", "cup")
    alive = replace(performance, root=take.person_root, joints=take.person_joints)
    assert rim_gap(layout, alive, middle(performance), "cup") < 0.008
    n = next(n for n, thing in enumerate(take.things) if thing.id == "it")
    assert np.allclose(take.thing_position[middle(performance), n], performance.grips[0].position[middle(performance)])


def test_what_cannot_be_drunk_from_is_named() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0)}
    with pytest.raises(InputError, match="holds 'nothing', and cannot drink") as wrong:
        play(scene(people, [beat("anna", "drink")], stage="studio"))
    assert "a cup or a bottle" in wrong.value.mend
    ball = {**standing("ball", "tennis_ball", (0.0, 0.0)), "placement": place("held_by", "anna")}
    with pytest.raises(InputError, match="holds 'ball'"):
        play(scene(people, [beat("anna", "drink")], stage="studio", props=[ball]))


def test_a_cup_picked_up_can_be_drunk_from_and_put_down() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0)}
    cup = standing("cup", "cup", (0.0, 0.0))
    cup["placement"] = {**place("on", "table"), "at": [0.0, -0.2, 0.0]}
    beats = [
        beat("anna", "pick_up", prop="cup"), beat("anna", "drink", at=3.6), beat("anna", "put_down", "table", at=7.5),
    ]  # fmt: skip
    props = [standing("table", "table", (0.0, 1.2)), cup]
    layout, _, performance = play(scene(people, beats, seconds=11.0, stage="studio", props=props))
    (grip,) = performance.grips
    lips = spot(performance.plans[0].who.figure, "lips", 0)
    drink = performance.plans[0].score.parts[1]
    k = at(drink.start + 0.55 * drink.timing.length)
    head = bones(layout, performance)[k, lips.bone]
    mouth = head[:3, :3] @ lips.point + head[:3, 3]
    held = grip.position[k - round(grip.start / performance.time[1])]
    assert np.linalg.norm(held - mouth) < 0.08
    assert grip.position[-1][2] == pytest.approx(0.75 + 0.05, abs=0.006)
