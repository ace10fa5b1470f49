"""Who looks where, and when: at what they do, at whoever speaks, at the ball that flies; with glances away.

Looking is a chain of glances. Each has a place to look at that may move; a later glance of at least the same weight
takes over from the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...screenplay.model import Beat, Line
from . import places
from .maths import Floats
from .meetings import partners
from .performer import dice
from .plan import Plan
from .table import action, thing_acts

if TYPE_CHECKING:
    from ..layout import Layout
    from ..schedule import Cue
    from ..utterances import Spoken

_BASE, _LISTEN, _TALK, _DEED, _BALL, _AWAY = range(6)
_SLOW = 0.35
"""A thing slower than this no longer holds the eye [m/s]."""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """Something looked at for a while."""

    start: float
    """[s]"""
    end: float
    weight: int
    place: Floats
    """(T, 3) in the world, or (T, 2) turned left and up from what would else be looked at [rad] where `relative`."""
    relative: bool = False
    face: bool = False
    """A face: the eyes wander over it."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything there is to look at."""

    layout: Layout
    plans: Sequence[Plan]
    t: Floats
    eyes: Floats
    """(T, P, 3) between everybody's eyes."""
    thing_position: Floats
    """(T, N, 3)"""
    cues: Sequence[Cue]
    spoken: Spoken
    seed: int

    def where(self, name: str) -> Floats | None:
        """(T, 3) of a name over time."""
        who = places.person_index(self.layout, name)
        if who is not None:
            return self.eyes[:, who]
        number = places.thing_index(self.layout, name)
        if number is not None:
            over = places.ring(self.layout, number)
            return self.thing_position[:, number] if over is None else np.broadcast_to(over, (len(self.t), 3))
        spot = places.spot(self.layout, name)
        return None if spot is None else np.broadcast_to(spot, (len(self.t), 3))


def glances(stage: Stage, person: int) -> list[Glance]:
    """All that one person looks at, in order of time; the first covers the whole scene."""
    out = [_habit(stage, person)]
    out += _listening(stage, person)
    out += _talking(stage, person)
    out += _deeds(stage, person)
    out += _flights(stage, person)
    out += _away(stage, person, out)
    return sorted(out, key=lambda one: (one.start, one.weight))


def _glance(stage: Stage, name: str, start: float, end: float, weight: int) -> list[Glance]:
    where = stage.where(name)
    if where is None:
        return []
    face = places.person_index(stage.layout, name) is not None
    return [Glance(start=start, end=end, weight=weight, place=where, face=face)]


def _straight(stage: Stage, left: float, up: float, start: float, end: float, weight: int) -> Glance:
    place = np.broadcast_to(np.array([left, up]), (len(stage.t), 2))
    return Glance(start=start, end=end, weight=weight, place=place, relative=True)


def _habit(stage: Stage, person: int) -> Glance:
    """What the screenplay says they look at, else the nearest other face, else straight ahead."""
    end = float(stage.t[-1]) + 1.0
    name = stage.layout.gaze[person]
    own = stage.layout.people[person].id
    found = _glance(stage, name, -1.0, end, _BASE) if name and name != own else []
    return found[0] if found else _straight(stage, 0.0, np.radians(-2.0), -1.0, end, _BASE)


def utterances(stage: Stage) -> list[tuple[int, float, float, Line | None, str, str]]:
    """(person, start, end, line, kind, mood) of everything said or laughed."""
    lines = {cue.id: cue.record for cue in stage.cues if isinstance(cue.record, Line)}
    u = stage.spoken.utterances
    return [
        (
            int(u.person[k]),
            clock.seconds(int(u.start[k])),
            clock.seconds(int(u.end[k])),
            lines.get(str(u.line[k])),
            str(u.kind[k]),
            str(u.mood[k]),
        )
        for k in range(len(u.start))
    ]


def _listening(stage: Stage, person: int) -> list[Glance]:
    out: list[Glance] = []
    for number, (speaker, start, end, line, _, _) in enumerate(utterances(stage)):
        if speaker == person:
            continue
        rng = dice(stage.seed, "listen", stage.layout.people[person].id, str(number))
        to_me = line is None or not line.to or line.to == stage.layout.people[person].id
        delay = rng.uniform(0.16, 0.34) if to_me else rng.uniform(0.3, 0.6)
        name = stage.layout.people[speaker].id
        out += _glance(stage, name, start + delay, end + rng.uniform(0.3, 0.8), _LISTEN)
    return out


def partner(stage: Stage, person: int, line: Line | None) -> str:
    """Who somebody talks to: whom the line says, else the nearest other person, else nobody."""
    own = stage.layout.people[person].id
    if line is not None and line.to and line.to != own:
        return line.to
    others = [p for p in range(len(stage.layout.people)) if p != person]
    if not others:
        return ""
    here = stage.eyes[0, person]
    return stage.layout.people[min(others, key=lambda p: float(np.linalg.norm(stage.eyes[0, p] - here)))].id


def _talking(stage: Stage, person: int) -> list[Glance]:
    out: list[Glance] = []
    for speaker, start, end, line, kind, _ in utterances(stage):
        name = partner(stage, person, line) if speaker == person else ""
        if name and (kind == "speech" or kind == "laugh"):
            out += _glance(stage, name, start - 0.22, end + 0.35, _TALK)
    return out


def _deeds(stage: Stage, person: int) -> list[Glance]:
    out: list[Glance] = []
    own = stage.layout.people[person].id
    for cue in stage.cues:
        beat = cue.record
        if not isinstance(beat, Beat) or own not in partners(beat) or beat.action in thing_acts():
            continue
        start, end = clock.seconds(cue.start), clock.seconds(cue.end)
        gaze = action(beat.action).gaze
        name = beat.target if beat.actor == own else beat.actor
        if gaze == "target" and not name and beat.action in ("jump_shot", "free_throw"):
            number = places.hoop(stage.layout, "")
            name = "" if number is None else stage.layout.things[number].id
        if gaze == "target" and name:
            # Looking somewhere on purpose goes on until something else calls.
            lasting = 1.2 if beat.action in ("look_at", "turn", "point") or action(beat.action).feet != "stay" else 0.5
            out += _glance(stage, name, start - 0.1, end + lasting, _DEED)
        elif gaze == "thing" and (beat.prop or name):
            out += _glance(stage, beat.prop or name, start, end + 0.4, _DEED)
        elif gaze == "down":
            out.append(_straight(stage, 0.0, np.radians(-32), start, end, _DEED))
    return out


def _flights(stage: Stage, person: int) -> list[Glance]:
    """Eyes on what has been let go, as long as it moves; one's own sooner than others'."""
    out: list[Glance] = []
    for made in stage.plans:
        let = made.score.let
        if let is None or made.score.thing is None:
            continue
        where = stage.thing_position[:, made.score.thing]
        speed = np.linalg.norm(np.gradient(where, axis=0), axis=1) * clock.POSE_RATE
        start = clock.seconds(let.time)
        moving = np.flatnonzero((stage.t > start) & (speed > _SLOW))
        end = float(stage.t[moving[-1]]) if len(moving) else start + 0.5
        own = made.who.number == person
        delay = 0.05 if own else dice(stage.seed, "flight", stage.layout.people[person].id).uniform(0.2, 0.45)
        end = min(end, start + 3.5)
        for speaker, said, _, _, kind, _ in utterances(stage):  # until one has something to say to somebody
            if speaker == person and said > start and kind == "speech" and len(stage.layout.people) > 1:
                end = min(end, said - 0.1)
        if end > start + delay:
            out.append(Glance(start=start + delay, end=end + 0.2, weight=_BALL, place=where))
    return out


def _away(stage: Stage, person: int, others: list[Glance]) -> list[Glance]:
    """Glances away: speakers think before a long sentence and in it; those who wait look about."""
    own = stage.layout.people[person].id
    rng = dice(stage.seed, "away", own)
    out: list[Glance] = []
    for speaker, start, end, line, kind, _ in utterances(stage):
        if speaker != person or kind != "speech" or end - start < 1.6 or not partner(stage, person, line):
            continue
        side = 1.0 if rng.random() < 0.5 else -1.0
        first = start + rng.uniform(0.0, 0.3)
        left, up = side * np.radians(rng.uniform(12, 24)), np.radians(rng.uniform(-14, 8))
        out.append(_from(stage, person, left, up, first, first + rng.uniform(0.4, 0.8)))
        now = first + rng.uniform(2.4, 3.6)
        while now < end - 0.8:
            left, up = -side * np.radians(rng.uniform(10, 22)), np.radians(rng.uniform(-14, 6))
            out.append(_from(stage, person, left, up, now, now + rng.uniform(0.35, 0.7)))
            now += rng.uniform(2.2, 4.0)
    busy = [(one.start - 0.6, one.end + 0.6) for one in others if one.weight > _BASE]
    now = rng.uniform(2.5, 5.0)
    while now < stage.t[-1]:
        length = rng.uniform(0.5, 1.2)
        left, up = np.radians(rng.uniform(-24, 24)), np.radians(rng.uniform(-12, 5))
        if not any(a < now + length and now < b for a, b in busy):
            out.append(_from(stage, person, left, up, now, now + length))
        now += rng.uniform(3.2, 6.5)
    return out


def _from(stage: Stage, person: int, left: float, up: float, start: float, end: float) -> Glance:
    """A glance beside whatever is looked at by habit."""
    return _straight(stage, float(left), float(up), float(start), float(end), _AWAY)
