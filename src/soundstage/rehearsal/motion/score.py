"""One person's part in a scene: what their beats come to, before bones: footsteps, key poses, what the hands hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...errors import InputError
from ...screenplay.model import Beat, Scene, Screenplay
from . import places
from .gait import Walk, go
from .layers import Aim
from .maths import Floats
from .performer import Performer
from .steps import Step, Walkway, turn_to
from .table import action
from .timing import Timing, near_turn, pace_of, steps_of_turn, timing

if TYPE_CHECKING:
    from ..layout import Layout
    from ..schedule import Cue

STROLL = 3.0
"""Somebody who walks without saying where to goes this far [m]."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One beat of one person, placed."""

    beat: Beat
    start: float
    """[s]"""
    timing: Timing
    aim: Aim | None
    strong: int
    """Side that does what the strong hand does in this beat."""

    @property
    def end(self) -> float:
        """[s]"""
        return self.start + self.timing.length

    def at(self, name: str) -> float:
        """A named moment on the scene's clock [s]."""
        return self.start + self.timing.moments[name]


@dataclass(frozen=True, kw_only=True)
class Let:
    """When and how a thing leaves the hands."""

    part: Part
    time: int
    """[ticks] on the pose grid."""
    way: str
    target: Floats | None
    """(3,)"""


@dataclass(kw_only=True)
class Score:
    """A person's part."""

    who: Performer
    way: Walkway
    parts: list[Part] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    thing: int | None = None
    """What the hands hold from the start."""
    let: Let | None = None
    busy_until: float = 0.0
    """When the last thing that takes the whole body is over [s]."""


def write(layout: Layout, screenplay: Screenplay, scene: Scene, cues: Sequence[Cue], who: Performer) -> Score:
    """A person's part in a scene.

    Raises:
        InputError: something is to be let go that is not in the hands.
    """
    score = Score(who=who, way=_walkway(layout, who), thing=_held(layout, screenplay, scene, who))
    mine = [cue for cue in cues if isinstance(cue.record, Beat) and cue.record.actor == who.person.id]
    for cue in sorted(mine, key=lambda cue: (cue.start, cue.id)):
        assert isinstance(cue.record, Beat)
        _add(score, layout, cue.record, clock.seconds(cue.start))
    return score


def _walkway(layout: Layout, who: Performer) -> Walkway:
    figure, habits = who.figure, who.habits
    at = np.asarray(layout.person_position[who.number], dtype=float)
    heading = float(layout.person_heading[who.number])
    half = figure.heads[figure.legs[0].bones[0]][0] * habits.width
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    stagger = 0.5 * habits.stagger * figure.scale
    place = np.stack([at[:2] + half * left + stagger * ahead, at[:2] - half * left - stagger * ahead])
    yaw = np.array([heading + habits.foot_turn[0], heading - habits.foot_turn[1]])
    return Walkway(place=place, yaw=yaw, heading=heading, ground=float(at[2]))


def _held(layout: Layout, screenplay: Screenplay, scene: Scene, who: Performer) -> int | None:
    held = [
        prop.id
        for prop in screenplay.props
        if prop.scene == scene.id and prop.placement.relation == "held_by" and prop.placement.target == who.person.id
    ]
    if len(held) > 1:
        raise InputError(
            f"{who.person.id!r} is to hold {len(held)} things: {', '.join(held)}",
            "let each person hold one thing, and put the others down",
        )
    return places.thing_index(layout, held[0]) if held else None


def _add(score: Score, layout: Layout, beat: Beat, start: float) -> None:
    """Plan one beat after those before it."""
    who, way = score.who, score.way
    whole = _whole(beat)
    if whole:  # the body does one thing at a time
        start = max(start, score.busy_until)
    _, _, heading = way.stands(start)
    here = way.middle(start)
    target = _target(layout, beat, here, heading)
    destination = _destination(layout, beat, here, heading)
    goes = action(beat.action).feet in ("walk", "run")
    turn = places.turn_towards(here, heading, destination if goes else target)
    if beat.action == "turn" and target is None:
        turn = np.pi * 0.999
    distance = 0.0 if destination is None else float(np.linalg.norm(destination - here))
    if not whole and start < score.busy_until:
        turn = 0.0  # nobody turns to wave while they run
    plan = timing(beat, who.person, layout.place.gravity, turn_deg=float(np.degrees(turn)), distance=distance)
    strong = {"L": 0, "R": 1}.get(plan.manner.hand, who.strong)
    after = here if destination is None else destination
    aim = (
        None if target is None else _aim(who, after, heading + (turn if plan.lead else 0.0), target, way.ground, strong)
    )
    part = Part(beat=beat, start=start, timing=plan, aim=aim, strong=strong)
    if plan.action.feet in ("walk", "run"):
        assert destination is not None
        if plan.lead > 0.0:
            _turn(way, who, start, heading + turn, heading, plan, apart=False)
        if distance > 0.25:
            score.walks.append(go(way, who, start + plan.lead, destination, pace_of(beat, who.person)))
    elif plan.action.feet == "turn" or plan.lead > 0.0:
        _turn(way, who, start, heading + turn, heading, plan, apart=plan.action.feet == "apart")
    elif plan.action.feet == "apart":
        _apart(score, start, heading, plan)
    if "flight" in plan.phases:
        way.flights.append(_leap(start, plan))
    if plan.action.release is not None:
        _let_go(score, layout, part)
    score.parts.append(part)
    if whole or plan.lead > 0.0:
        score.busy_until = part.end if whole else start + plan.lead


def _whole(beat: Beat) -> bool:
    """Whether a beat takes the whole body."""
    made = action(beat.action)
    return made.feet != "stay" or made.leap > 0.0


def _target(layout: Layout, beat: Beat, here: Floats, heading: float) -> Floats | None:
    if beat.target:
        return places.spot(layout, beat.target)
    if beat.action in ("jump_shot", "free_throw"):
        number = places.hoop(layout, "")
        return None if number is None else places.ring(layout, number)
    return None


def _destination(layout: Layout, beat: Beat, here: Floats, heading: float) -> Floats | None:
    """(2,) where a walk goes."""
    goal = places.goal(layout, beat.target, here) if beat.target else None
    if goal is None:
        goal = here + STROLL * np.array([-np.sin(heading), np.cos(heading)])
    return goal


def _aim(who: Performer, here: Floats, heading: float, target: Floats, ground: float, strong: int) -> Aim:
    """Angles of a straight arm from the strong shoulder to the target."""
    shoulder = who.figure.heads[who.figure.arms[strong].bones[0]]
    side = 1.0 if strong == 0 else -1.0
    way = np.array([target[0] - here[0], target[1] - here[1], target[2] - ground - who.figure.sole - shoulder[2]])
    ahead = -np.sin(heading) * way[0] + np.cos(heading) * way[1]
    left = -np.cos(heading) * way[0] - np.sin(heading) * way[1] - shoulder[0]
    length = max(float(np.sqrt(ahead**2 + left**2 + way[2] ** 2)), 1e-6)
    out = float(np.clip(np.arcsin(np.clip(side * left / length, -1, 1)), np.radians(-35), np.radians(95)))
    return Aim(ahead=float(np.clip(np.arctan2(max(ahead, 0.0), -way[2]), 0.0, np.radians(170))), out=out)


def _turn(way: Walkway, who: Performer, start: float, to: float, heading: float, plan: Timing, *, apart: bool) -> None:
    """Steps on the spot, the foot on the side of the turn first."""
    turn = near_turn(to - heading)
    count = steps_of_turn(float(np.degrees(turn)))
    span = (plan.lead if plan.lead else plan.length - 0.25) - 0.12
    each = span / count
    middle = way.middle(start)
    first = 0 if turn > 0 else 1
    turn_to(way, start, heading)
    turn_to(way, start + 0.12 + span * 0.9, heading + turn)
    for k in range(count):
        foot = (first + k) % 2
        facing = heading + turn * (k // 2 + 1) / (count // 2)
        place, yaw = _stand_at(who, middle, facing, foot, apart=apart)
        lift = start + 0.12 + k * each
        way.steps.append(_little_step(who, foot, lift + 0.04, lift + each * 0.94, place, yaw))


def _apart(score: Score, start: float, heading: float, plan: Timing) -> None:
    """Bring the feet into a shooter's stance: from the first picture if that is what the scene begins with."""
    way, who = score.way, score.who
    middle = way.middle(start)
    if score.thing is not None and not score.parts and not way.steps:
        for foot in (0, 1):
            way.place[foot], way.yaw[foot] = _stand_at(who, middle, heading, foot, apart=True)
        return
    span = min(0.34, plan.phases[plan.action.phases[0][0]][1] * 0.8)
    for k, foot in enumerate((who.strong, 1 - who.strong)):
        place, yaw = _stand_at(who, middle, heading, foot, apart=True)
        lift = start + k * 0.5 * span
        way.steps.append(_little_step(who, foot, lift + 0.03, lift + 0.03 + 0.55 * span, place, yaw))


def _stand_at(who: Performer, middle: Floats, heading: float, foot: int, *, apart: bool) -> tuple[Floats, float]:
    """Place and yaw of a foot that stands about a point."""
    figure, habits = who.figure, who.habits
    hip = figure.heads[figure.legs[0].bones[0]][0]
    side = 1.0 if foot == 0 else -1.0
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    if apart:
        forward = (0.045 if foot == who.strong else -0.045) * figure.scale
        return middle + side * 1.22 * hip * left + forward * ahead, heading + side * float(np.radians(5.0))
    forward = side * 0.5 * habits.stagger * figure.scale
    return middle + side * habits.width * hip * left + forward * ahead, heading + side * habits.foot_turn[foot]


def _little_step(who: Performer, foot: int, lift: float, land: float, place: Floats, yaw: float) -> Step:
    scale = who.figure.scale
    return Step(
        foot=foot, lift=lift, land=land, place=(float(place[0]), float(place[1])), yaw=yaw, clearance=0.045 * scale,
        toe_off=float(np.radians(24)), swing_pitch=float(np.radians(22)), strike=float(np.radians(5)), speed=0.3,
        load=1.05, settle=0.07, rise=0.12,
    )  # fmt: skip


def _leap(start: float, plan: Timing) -> tuple[float, float, float, float]:
    push, flight, soft = plan.phases["rise"], plan.phases["flight"], plan.phases["absorb"]
    return start + push[0], start + flight[0], start + flight[0] + flight[1], start + soft[0] + soft[1]


def _let_go(score: Score, layout: Layout, part: Part) -> None:
    release = part.timing.action.release
    assert release is not None
    named = part.beat.prop or (part.beat.target if part.beat.action == "drop" else "")
    name = layout.things[score.thing].id if score.thing is not None else ""
    if score.thing is None or score.let is not None or (named and named != name):
        raise InputError(
            f"beat {part.beat.id!r}: {score.who.person.id!r} holds no {named or 'thing'!r} to {part.beat.action}",
            f'place the prop with relation "held_by" and target "{score.who.person.id}", and let it go only once',
        )
    target = None
    if release["way"] == "basket":
        number = places.hoop(layout, part.beat.target)
        target = None if number is None else places.ring(layout, number)
        if target is None and part.beat.target:
            target = places.spot(layout, part.beat.target)
    elif release["way"] == "throw" and part.beat.target:
        target = places.spot(layout, part.beat.target)
    grid = clock.period(clock.POSE_RATE)
    time = round(clock.ticks(part.at("release")) / grid) * grid
    score.let = Let(part=part, time=time, way=release["way"], target=target)


__all__ = ["Let", "Part", "Score", "write"]
