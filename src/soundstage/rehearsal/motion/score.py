"""One person's part in a scene: what their beats come to, before bones: footsteps, key poses, what the hands hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...errors import InputError
from ...screenplay.model import Beat, Scene, Screenplay
from . import footwork, meetings, places, postures, seats, vessels
from .aims import Aim, aim_at, destination_of, looked_at, target_of
from .gait import Walk, go
from .grasps import Reaching, for_hands, to_leave, to_take
from .maths import Floats
from .meetings import Meeting
from .performer import Performer
from .rests import Rest
from .steps import Walkway
from .table import action, manner
from .timing import Timing, left, near_turn, pace_of, timing

if TYPE_CHECKING:
    from ..layout import Layout
    from ..schedule import Cue

_MOMENT = 0.1
"""A posture is kept for at least so long [s]."""


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
    reach: Reaching | None = None
    """For a thing taken up or put down."""
    meeting: Meeting | None = None
    """For hands that meet somebody else's."""
    legs: bool = True
    """Its key poses may move the legs: nobody sits, kneels or crouches meanwhile."""

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
    place: seats.Place | None = None
    """Where they sit whenever they do."""
    parts: list[Part] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    thing: int | None = None
    """What the hands hold from the start."""
    let: Let | None = None
    took_up: Part | None = None
    """The beat in which the hands take it up, if they do not hold it from the start."""
    busy_until: float = 0.0
    """When the last thing that takes the whole body is over [s]."""
    rests: list[Rest] = field(default_factory=list)
    """What else than the soles carries the body, in order of time."""
    down: Part | None = None
    """The posture that has not been left yet."""
    seat: postures.Sitting | None = None
    took: tuple[int, int, int, int] = (0, 0, 0, 0)
    """How many steps, paths, rolls and rests there were before it."""


def write(
    layout: Layout, screenplay: Screenplay, scene: Scene, cues: Sequence[Cue], everybody: Sequence[Performer]
) -> tuple[Score, ...]:
    """Everybody's part in a scene.

    Raises:
        InputError: something is to be let go that is not in the hands, or done by two where there is but one.
    """
    beats = [(cue, cue.record) for cue in sorted(cues, key=lambda c: (c.start, c.id)) if isinstance(cue.record, Beat)]
    scores = _begin(layout, everybody, [beat for _, beat in beats])
    for who in everybody:
        scores[who.person.id].thing = _held(layout, screenplay, scene, who)
    for cue, beat in beats:
        if beat.actor in scores:
            _add_for(scores, layout, beat, clock.seconds(cue.start))
    return tuple(scores.values())


def _begin(layout: Layout, everybody: Sequence[Performer], beats: Sequence[Beat]) -> dict[str, Score]:
    return {
        who.person.id: Score(
            who=who, way=_walkway(layout, who), place=seats.of_person(layout, beats, who.person.id)
        )
        for who in everybody
    }  # fmt: skip


def _add_for(scores: dict[str, Score], layout: Layout, beat: Beat, start: float) -> None:
    """Plan a beat for everybody who is in it, after those before it."""
    if not meetings.pairs(beat):
        _add(scores[beat.actor], layout, beat, start)
        return
    meetings.check(layout, beat)
    two = (scores[beat.actor], scores[beat.target])
    for score in two:
        held = score.thing is not None and score.let is None
        meetings.free_hands(beat, score.who, layout.things[score.thing].id if held else "")  # type: ignore[index]
    start = max(start, *(score.busy_until for score in two))
    start = max(start, *(_get_up(score, start) for score in two if score.down is not None), start)
    first, second, meeting = meetings.come_together(
        beat, start, ((two[0].who, two[0].way), (two[1].who, two[1].way)), layout.place.gravity
    )
    for score, (plan, walks) in zip(two, (first, second), strict=True):
        score.walks += walks
        score.parts.append(
            Part(beat=beat, start=start, timing=plan, aim=None, strong=meetings.RIGHT, meeting=meeting)
        )  # fmt: skip
        score.busy_until = score.parts[-1].end


def tried(layout: Layout, everybody: Sequence[Performer], beats: Sequence[Beat]) -> dict[str, float]:
    """Named moments of the last of some beats [s] from its start, if they come one right after the other.

    Raises:
        InputError: one of them cannot be done.
    """
    scores = _begin(layout, everybody, beats)
    start = 0.0
    for beat in beats:
        score = scores[beat.actor]
        start = max(start, *(scores[name].busy_until for name in meetings.partners(beat) if name in scores))
        if action(beat.action).release is not None and score.thing is None and (beat.prop or _puts(beat)):
            score.thing = places.thing_index(layout, beat.prop) if beat.prop else _anything(layout)
        if action(beat.action).drinks and score.thing is None:
            score.thing = next((n for n, thing in enumerate(layout.things) if vessels.rim(thing) is not None), None)
        _add_for(scores, layout, beat, start)
    part = scores[beats[-1].actor].parts[-1]
    late = part.start - start if part.start > 0.0 or start > 0.0 else 0.0
    return {name: when + late for name, when in part.timing.moments.items()}


def _anything(layout: Layout) -> int | None:
    """Some thing that hands could hold."""
    return next((n for n, thing in enumerate(layout.things) if not thing.fixed), None)


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
        if action(beat.action).rises:
            _stand_up(score, layout, beat, start)
            return
        if score.down is not None:
            start = _get_up(score, start)
    if action(beat.action).take or _puts(beat):
        _handle(score, layout, beat, start)
        return
    if postures.leads(beat.action):
        _get_down(score, layout, beat, start)
        return
    _, _, heading = way.stands(start)
    here = way.middle(start)
    target = target_of(layout, beat)
    destination = destination_of(layout, beat, here, heading)
    turn = places.turn_towards(here, heading, looked_at(beat, here, destination, target))
    if beat.action == "turn" and target is None:
        turn = np.pi * 0.999
    distance = 0.0 if destination is None else float(np.linalg.norm(destination - here))
    if not whole and (start < score.busy_until or score.down is not None):
        turn = 0.0  # nobody turns to wave while they run or sit
    plan = timing(beat, who.person, layout.place.gravity, turn_deg=float(np.degrees(turn)), distance=distance)
    strong = {"L": 0, "R": 1}.get(plan.manner.hand, who.strong)
    after = here if destination is None else destination
    aim = (
        None
        if target is None
        else aim_at(who, after, heading + (turn if plan.lead else 0.0), target, way.ground, strong)
    )
    part = Part(beat=beat, start=start, timing=plan, aim=aim, strong=strong, legs=score.down is None)
    if plan.action.goes:
        assert destination is not None
        if plan.lead > 0.0:
            footwork.turn_about(way, who, start, heading + turn, heading, plan, apart=False)
        if distance > 0.25:
            score.walks.append(go(way, who, start + plan.lead, destination, pace_of(beat, who.person)))
    elif plan.action.feet == "turn" or plan.lead > 0.0:
        footwork.turn_about(way, who, start, heading + turn, heading, plan, apart=plan.action.feet == "apart")
    elif plan.action.feet == "apart":
        # From the first picture, if that is what the scene begins with.
        already = score.thing is not None and not score.parts and not way.steps
        footwork.step_apart(way, who, start, heading, plan, already=already)
    if plan.action.steps:
        footwork.dance(way, who, start, plan, strong)
    if "flight" in plan.phases:
        way.flights.append(footwork.leap(start, plan))
    if plan.action.release is not None:
        _let_go(score, layout, part)
    if plan.action.drinks:
        vessels.check(layout, beat, score.thing if score.let is None else None)
    score.parts.append(part)
    if whole or plan.lead > 0.0:
        score.busy_until = part.end if whole else start + plan.lead


def _get_down(score: Score, layout: Layout, beat: Beat, start: float) -> None:
    """Into a posture; to a seat one goes first, and turns the back to it."""
    who, way = score.who, score.way
    approach, on = 0.0, None
    if postures.already(beat) and not score.parts:
        start = -30.0  # long before the scene begins
    if action(beat.action).support == "seat":
        assert score.place is not None
        here, number, count = score.place
        on = postures.sitting(who.figure, here, seats.place_on(here, number, count), way.ground)
        approach, walks = footwork.approach(way, who, start, on.stand, on.heading, pace_of(beat, who.person))
        score.walks += walks
    score.took = (len(way.steps), len(way.paths), len(way.rolls), len(score.rests))
    plan = timing(beat, who.person, layout.place.gravity, approach=approach)
    part = Part(beat=beat, start=start, timing=plan, aim=None, strong=who.strong)
    _settle(score, part, on)
    score.parts.append(part)
    score.down, score.seat = part, on
    score.busy_until = part.end


def _puts(beat: Beat) -> bool:
    release = action(beat.action).release
    return release is not None and release["way"] == "put"


def _handle(score: Score, layout: Layout, beat: Beat, start: float) -> None:
    """Go to a thing and take it up, or to a place and put it there.

    Raises:
        InputError: there is no such thing, it is not one for hands, or it is out of reach.
    """
    who, way = score.who, score.way
    taking = bool(action(beat.action).take)
    here = way.middle(start)
    name = beat.prop or (beat.target if taking else "")
    _, _, heading = way.stands(start)
    strong = {"L": 0, "R": 1}.get(manner(beat.manner).hand, who.strong)
    if taking:
        number = for_hands(layout, beat, name, score.thing)
        reach = to_take(layout, number, who.figure, here, who.strong, way.ground)
    else:
        held = score.thing
        if held is None or score.let is not None or (name and layout.things[held].id != name):
            raise InputError(
                f"beat {beat.id!r}: {who.person.id!r} holds no {name or 'thing'!r} to put down",
                "let them pick it up before, or hold it from the start",
            )
        on = places.thing_index(layout, beat.target) if beat.target else None
        if on is not None and not layout.things[on].fixed:
            on = None
        reach = to_leave(layout, held, on, who.figure, here, heading, who.strong, way.ground)
    approach = 0.0
    if np.linalg.norm(reach.stand - here) > 0.02 or abs(near_turn(reach.heading - heading)) > np.radians(4.0):
        approach, walks = footwork.approach(way, who, start, reach.stand, reach.heading, pace_of(beat, who.person))
        score.walks += walks
    plan = timing(beat, who.person, layout.place.gravity, approach=approach)
    part = Part(beat=beat, start=start, timing=plan, aim=None, strong=strong, reach=reach)
    if taking:
        score.thing, score.took_up = number, part
    else:
        _let_go(score, layout, part)
    score.parts.append(part)
    score.busy_until = part.end


def _stand_up(score: Score, layout: Layout, beat: Beat, start: float) -> None:
    """Out of a posture, asked for.

    Raises:
        InputError: nobody sits, kneels or crouches.
    """
    who = score.who
    if score.down is None:
        raise InputError(
            f"beat {beat.id!r}: {who.person.id!r} already stands", "let them sit, kneel or crouch before that"
        )
    length = _get_up(score, start) - start
    plan = replace(timing(beat, who.person, layout.place.gravity), length=length, moments={"end": length})
    score.parts.append(Part(beat=beat, start=start, timing=plan, aim=None, strong=who.strong))


def _settle(score: Score, part: Part, on: postures.Sitting | None) -> None:
    """What a posture's rest does to feet and hips."""
    rest = postures.rest(score.way, score.who, part.timing, part.start, on)
    if rest is not None:
        score.rests.append(rest)


def _get_up(score: Score, start: float) -> float:
    """Leave the posture at `start`; returns when one stands."""
    part, way = score.down, score.way
    assert part is not None
    leave = max(start, part.end + _MOMENT)
    plan = left(part.timing, leave - part.end)
    risen = replace(part, timing=plan)
    score.parts[score.parts.index(part)] = risen
    steps, paths, rolls, rests = score.took
    del way.steps[steps:], way.paths[paths:], way.rolls[rolls:], score.rests[rests:]
    _settle(score, risen, score.seat)
    score.down, score.seat = None, None
    score.busy_until = part.start + sum(plan.phases["rise"])
    return score.busy_until


def _whole(beat: Beat) -> bool:
    """Whether a beat takes the whole body."""
    made = action(beat.action)
    return (
        made.feet != "stay"
        or made.leap > 0.0
        or bool(made.support or made.steps or made.take)
        or _puts(beat)
        or made.rises
    )


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


__all__ = ["Let", "Part", "Score", "tried", "write"]
