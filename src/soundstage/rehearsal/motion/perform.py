"""Everybody's whole-body motion in a scene, before physics knows where the things go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...screenplay.model import Beat, Scene, Screenplay
from ...take import Array, Footfalls, empty, read_only
from . import meetings, places
from .aims import destination_of, looked_at
from .channels import INDEX
from .falls import falls
from .maths import Floats, X, Z, continuous, from_quaternion, to_quaternion, transpose, turn
from .meetings import partners
from .performer import performer
from .plan import Plan, cut_plan, cut_solved, held_in_one, plan
from .postures import already
from .reaches import reaching
from .records import Grip, Performance, Release
from .score import tried, write
from .solve import Solved
from .table import action, thing_acts
from .timing import timing

if TYPE_CHECKING:
    from ..layout import Layout
    from ..schedule import Cue

_PERIOD = clock.period(clock.POSE_RATE)


def action_duration(beat: Beat, *, layout: Layout, beats: Sequence[Beat] = ()) -> float:
    """How long a beat takes [s], after those of its actor that stand before it among `beats`.

    Raises:
        InputError: the actor cannot do that; lists what there is.
    """
    return action_moments(beat, layout=layout, beats=beats)["end"]


def action_moments(beat: Beat, *, layout: Layout, beats: Sequence[Beat] = ()) -> dict[str, float]:
    """Named moments of a beat [s] from its start: "end", and where it has them takeoff, apex, landing, release."""
    number = places.person_index(layout, beat.actor)
    if number is None:
        return {"end": float(thing_acts().get(beat.action, 0.5))}
    person = layout.people[number]
    if already(beat):
        return {"end": 0.05}
    meetings.check(layout, beat)
    names = set(partners(beat))
    mine = [beat]
    for one in reversed(list(takewhile(lambda one: one.id != beat.id, beats))):
        if names & set(partners(one)) and one.actor in {person.id for person in layout.people}:
            mine.insert(0, one)
            names |= set(partners(one))
    if any(action(one.action).support for one in mine) or len(mine) > 1 or len(names) > 1:
        everybody = [performer(one, n, 0) for n, one in enumerate(layout.people) if one.id in names]
        return tried(layout, everybody, mine)
    here = np.asarray(layout.person_position[number], dtype=float)[:2]
    heading = float(layout.person_heading[number])
    target = places.spot(layout, beat.target) if beat.target else None
    goal = destination_of(layout, beat, here, heading)
    distance = float(np.linalg.norm(goal - here))
    turned = places.turn_towards(here, heading, looked_at(beat, here, goal, target))
    if beat.action == "turn" and target is None:
        turned = np.pi * 0.999
    made = timing(beat, person, layout.place.gravity, turn_deg=float(np.degrees(turned)), distance=distance)
    return dict(made.moments)


def vocal(beat: Beat) -> str | None:
    """The vocal sound that goes with a beat (laugh, sigh …), if any."""
    if beat.action in thing_acts():
        return None
    return action(beat.action).sound


def perform(layout: Layout, screenplay: Screenplay, scene: Scene, cues: Sequence[Cue]) -> Performance:
    """Whole-body motion of everybody, on the pose grid.

    Raises:
        InputError: somebody is to do what nobody can, or to let go of what they do not hold.
    """
    time = _grid(screenplay, scene)
    plans: list[Plan] = []
    solved: list[Solved] = []
    everybody = [performer(person, number, screenplay.seed) for number, person in enumerate(layout.people)]
    for score in write(layout, screenplay, scene, cues, everybody):
        # A leap that the end of the scene cuts short is still leapt whole.
        last = max([soft + 0.1 for *_, soft in score.way.flights], default=0.0)
        count = max(len(time), int(last * clock.POSE_RATE) + 2)
        made = plan(score, layout.things, np.arange(count) / clock.POSE_RATE, layout.place.gravity, screenplay.seed)
        made, one = reaching(made, layout.things, screenplay.seed)
        one = cut_solved(one, len(time))
        # From here on feet, hips and what is held are settled.
        plans.append(replace(cut_plan(made, len(time)), footing=one.footing, carried=one.held - one.root))
        solved.append(one)
    return compose(layout, time, plans, solved)


def compose(layout: Layout, time: Array, plans: Sequence[Plan], solved: Sequence[Solved]) -> Performance:
    """Solved people as one record."""
    count, people = len(time), len(solved)
    bones = 104 if not solved else solved[0].joints.shape[1]
    root, joints = np.zeros((count, people, 3)), np.zeros((count, people, bones, 4), dtype=np.float32)
    grips, releases = [], []
    for p, one in enumerate(solved):
        root[:, p], joints[:, p] = one.root, one.joints
        grip = _grip(layout, time, plans[p], one)
        if grip is not None:
            grips.append(grip)
            release = _release(plans[p], grip)
            if release is not None:
                releases.append(release)
    return Performance(
        time=read_only(time),
        root=read_only(root),
        joints=read_only(joints),
        footfalls=_table(layout, plans, solved),
        grips=tuple(grips),
        releases=tuple(releases),
        plans=tuple(plans),
    )


def _grid(screenplay: Screenplay, scene: Scene) -> Array:
    duration = clock.frame_count(scene.seconds, screenplay.fps) * clock.period(screenplay.fps)
    return np.arange(0, duration + _PERIOD, _PERIOD, dtype=np.int64)


def _grip(layout: Layout, time: Array, made: Plan, one: Solved) -> Grip | None:
    """What the hands hold, where and how turned."""
    thing = made.score.thing
    if thing is None:
        return None
    let = made.score.let
    last = int(time[-1]) if let is None else min(let.time, int(time[-1]))
    took = made.score.took_up
    start = 0 if took is None else round(clock.ticks(took.at("take")) / _PERIOD)
    count = last // _PERIOD + 1
    if start + 2 > count:
        return None  # the scene ends before
    position = one.held[start:count]
    first = from_quaternion(np.asarray(layout.thing_rotation[thing], dtype=float))
    if layout.things[thing].shape == "sphere":  # a ball turns with the hand that has it
        rotation = one.hand[start:count] @ transpose(one.hand[start]) @ first
    else:  # a cup stays upright, a box lies across; as the document turns it, but seen from who holds it
        heading = made.footing.heading[start:count]
        before = turn(Z, 0.0 if took is None else -float(heading[0])) @ first
        tipped = made.channels[start:count, INDEX["ball.pitch"]] if held_in_one(layout.things[thing]) else 0.0
        rotation = turn(Z, heading) @ turn(X, -tipped) @ before
    return Grip(
        person=made.who.number,
        thing=thing,
        start=start * _PERIOD,
        release=int(time[-1]) if let is None else let.time,
        position=read_only(position),
        rotation=read_only(continuous(to_quaternion(rotation))),
    )


def _release(made: Plan, grip: Grip) -> Release | None:
    let = made.score.let
    if let is None or let.time != grip.release or len(grip.position) < 3:
        return None
    # Second-order difference backwards: the velocity the hands have given by then.
    p: Floats = np.asarray(grip.position, dtype=float)
    velocity = (1.5 * p[-1] - 2.0 * p[-2] + 0.5 * p[-3]) * clock.POSE_RATE
    return Release(
        beat=let.part.beat.id,
        person=grip.person,
        thing=grip.thing,
        time=let.time,
        position=read_only(p[-1]),
        hand_velocity=read_only(velocity),
        target=None if let.target is None else read_only(let.target),
    )


def _table(layout: Layout, plans: Sequence[Plan], solved: Sequence[Solved]) -> Footfalls:
    rows = [row for made, one in zip(plans, solved, strict=True) for row in falls(made, one)]
    if not rows:
        return empty(Footfalls)  # type: ignore[no-any-return]  # an empty table of the type asked for
    rows.sort(key=lambda row: (row.time, row.person, row.foot))
    return Footfalls(
        time=read_only(np.array([row.time for row in rows], dtype=np.int64)),
        person=read_only(np.array([row.person for row in rows], dtype=np.int32)),
        foot=read_only(np.array([row.foot for row in rows], dtype=np.int32)),
        part=read_only(np.array([row.part for row in rows])),
        point=read_only(np.array([row.point for row in rows])),
        speed=read_only(np.array([row.speed for row in rows])),
        load=read_only(np.array([row.load for row in rows])),
        material=read_only(np.array([layout.place.ground_material] * len(rows))),
    )
