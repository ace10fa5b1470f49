"""Picking up and putting down: the hand is at the thing when it takes it, and the thing goes where it is put."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from documents import place
from motion_measures import at, jerks, slide
from motion_stage import beat, bones, play, scene, skin, skin_of, standing
from soundstage import clock
from soundstage.errors import InputError
from soundstage.rehearsal import rehearse_scene
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.screenplay import Screenplay

BODIES = ("adult", "child", "old", "tall", "left")
ROUND = ("basketball", "tennis_ball", "ball")


def handling(who: str, kind: str, *, table: bool, heading: float = 0.0) -> Screenplay:
    """Somebody picks a thing up from the floor or a table, and puts it down again."""
    lying = standing("it", kind, (0.4, 1.1), heading)
    props: list[dict[str, Any]] = [lying]
    if table:
        lying["placement"] = {**place("on", "table"), "at": [0.1, -0.2, 0.0], "heading_deg": heading}
        props.insert(0, standing("table", "table", (0.3, 1.5)))
    beats = [beat("anna", "pick_up", prop="it"), beat("anna", "put_down", "table" if table else "", at=5.5, prop="it")]
    return scene({"anna": (who, (0.0, 0.0), -15.0)}, beats, seconds=9.5, stage="studio", props=props)


@cache
def handled(who: str, kind: str, table: bool) -> tuple[Layout, Performance]:
    layout, _, performance = play(handling(who, kind, table=table))
    return layout, performance


def hand_gap(layout: Layout, performance: Performance, k: int) -> float:
    """Distance of the strong hand's skin from a round thing that is held, at a sample [m]."""
    (grip,) = performance.grips
    side = "LR"[performance.plans[0].who.strong]
    points = skin(
        layout, bones(layout, performance)[k : k + 1], skin_of(layout, ("wrist", "finger", "metacarpal"), side)
    )
    middle = grip.position[k - grip.start // clock.period(clock.POSE_RATE)]
    return float(np.linalg.norm(points[0] - middle, axis=1).min() - layout.things[grip.thing].size[0] / 2)


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize("who", BODIES)
def test_the_hand_is_at_the_thing_when_it_takes_and_leaves_it(who: str, table: bool) -> None:
    kind = "tennis_ball" if table else "basketball"
    layout, performance = handled(who, kind, table)
    (grip,) = performance.grips
    first, last = (round(tick / clock.period(clock.POSE_RATE)) for tick in (grip.start, grip.release))
    assert 0.5 < first / clock.POSE_RATE < last / clock.POSE_RATE < 9.0
    assert np.linalg.norm(grip.position[0] - layout.thing_position[grip.thing]) < 0.003
    for k in np.linspace(first, last, 14).astype(int):
        assert abs(hand_gap(layout, performance, int(k))) < 0.005
    lowest = grip.position[-1][2] - layout.things[grip.thing].size[0] / 2
    assert lowest == pytest.approx(0.75 if table else 0.0, abs=0.004)
    (release,) = performance.releases
    assert np.linalg.norm(release.hand_velocity) < 0.02  # put, not dropped
    moved = replace(grip, position=grip.position + np.array([0.0, 0.0, 0.05]))
    assert abs(hand_gap(layout, replace(performance, grips=(moved,)), first)) > 0.005


@pytest.mark.parametrize("who", BODIES)
def test_a_thing_is_carried_without_a_jump(who: str) -> None:
    for kind, table in (("basketball", False), ("tennis_ball", True)):
        _, performance = handled(who, kind, table)
        (grip,) = performance.grips
        push = np.linalg.norm(np.diff(grip.position, 2, axis=0), axis=1) * clock.POSE_RATE**2
        assert push.max() < 60.0  # where arms are stretched they jerk a little; a thing that leapt 2 mm would have 115
        turned = np.abs(np.einsum("ki,ki->k", grip.rotation[1:], grip.rotation[:-1]))
        assert (2 * np.arccos(np.clip(turned, 0, 1))).max() * clock.POSE_RATE < 12.0


@pytest.mark.parametrize("who", ["adult", "child", "old"])
def test_feet_stand_and_nothing_jerks_while_something_is_picked_up(who: str) -> None:
    layout, performance = handled(who, "basketball", False)
    take, put = performance.plans[0].score.parts
    begin = take.start + take.timing.lead
    assert slide(layout, performance, begin, take.end) < 0.005
    ends = (begin, take.at("take"), take.end)
    assert jerks(layout, performance, begin, take.end, ends) < 1.5
    assert put.start >= take.end


def test_physics_takes_the_thing_as_it_lies_and_gets_it_back() -> None:
    screenplay = handling("adult", "basketball", table=False)
    take = rehearse_scene(screenplay, screenplay.scenes[0])
    assert list(take.holds.kind) == ["catch", "release"]
    n = next(n for n, thing in enumerate(take.things) if thing.id == "it")
    path = take.thing_position[:, n]
    first = round(int(take.holds.time[0]) / clock.period(clock.POSE_RATE))
    assert np.linalg.norm(path[:first] - path[0], axis=1).max() < 0.004  # nobody kicks it before
    assert path[:, 2].max() > 0.8
    assert path[-1, 2] == pytest.approx(path[0, 2], abs=0.004)
    assert np.linalg.norm(np.diff(path[at(8.5) :], axis=0), axis=1).max() * clock.POSE_RATE < 0.02


def test_what_cannot_be_picked_up_is_named() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0)}
    heavy = {**standing("rock", "box", (0.0, 1.0)), "mass_kg": 80.0}
    far = standing("cup", "cup", (0.0, 2.0))
    far["placement"] = {**place("on", "table"), "at": [0.0, 0.0, 0.0]}
    table = {**standing("table", "table", (0.0, 2.0)), "size": [2.6, 2.6, 0.75]}
    cases: list[tuple[list[dict[str, Any]], str, str]] = [
        ([heavy], "rock", "too heavy"),
        ([table], "table", "cannot pick up"),
        ([], "ghost", "cannot pick up"),
        ([table, far], "cup", "away from where one can stand"),
    ]
    for props, name, words in cases:
        with pytest.raises(InputError, match=words):
            play(scene(people, [beat("anna", "pick_up", prop=name)], stage="studio", props=props))
    with pytest.raises(InputError, match="to put down"):
        play(scene(people, [beat("anna", "put_down")], stage="studio"))
    two = [standing("a", "ball", (0.0, 1.0)), standing("b", "ball", (0.5, 1.0))]
    with pytest.raises(InputError, match="already has"):
        beats = [beat("anna", "pick_up", prop="a"), beat("anna", "pick_up", prop="b", at=4.0)]
        play(scene(people, beats, seconds=8.0, stage="studio", props=two))


def test_a_thing_picked_up_can_be_thrown() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0), "ben": ("adult", (0.0, 4.0), 180.0)}
    beats = [beat("anna", "pick_up", prop="it"), beat("anna", "throw", "ben", at=5.0, prop="it")]
    props = [standing("it", "tennis_ball", (0.3, 0.9))]
    _, _, performance = play(scene(people, beats, seconds=8.0, stage="studio", props=props))
    (release,) = performance.releases
    assert release.hand_velocity[1] > 2.0
