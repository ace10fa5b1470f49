"""What two do together: they walk up to each other, stop at the right distance, and their hands meet.

One beat has both of them in it: its actor and its target. Each does the same key poses at the same time; the hands
that meet hold one and the same point of the world, which the table gives by its height.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError
from ...screenplay.model import Beat
from . import footwork
from .curves import through
from .maths import Floats
from .performer import Performer
from .steps import Walkway
from .table import action, thing_acts
from .timing import moment_of, near_turn, pace_of, timing

if TYPE_CHECKING:
    from ..layout import Layout
    from .gait import Walk
    from .timing import Timing

_FARTHER, _SHOULDERS = 0.85, 0.7
"""How much the one counts who has farther to reach: below the shoulders the taller, above them the shorter."""
RIGHT = 1
"""Hands are shaken and slapped with the right one, whatever hand one writes with."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Where and when two hands meet."""

    point: Floats
    """(2,) between the two."""
    times: Floats
    """(K,) [s]"""
    heights: Floats
    """(K,) of the hands over the ground [m]."""
    lean: float = 0.0
    """How far the back goes along for it [rad]."""


def pairs(beat: Beat) -> bool:
    """Whether two do it together."""
    return beat.action not in thing_acts() and action(beat.action).pair


def partners(beat: Beat) -> tuple[str, ...]:
    """Ids of everybody who does something in a beat."""
    return (beat.actor, beat.target) if pairs(beat) else (beat.actor,)


def check(layout: Layout, beat: Beat) -> None:
    """A beat for two has two people in it.

    Raises:
        InputError: it is done with nobody, with oneself, or with a thing.
    """
    others = [person.id for person in layout.people if person.id != beat.actor]
    if pairs(beat) and beat.target not in others:
        raise InputError(
            f"beat {beat.id!r}: {beat.actor!r} cannot {beat.action} with {beat.target or 'nobody'!r}",
            f"set its target to one of: {', '.join(others) or 'nobody else is there; add somebody'}",
        )


def free_hands(beat: Beat, who: Performer, thing: str) -> None:
    """Hands that are to meet hold nothing.

    Raises:
        InputError: they do.
    """
    if thing:
        raise InputError(
            f"beat {beat.id!r}: {who.person.id!r} has {thing!r} in the hands and cannot {beat.action}",
            f"let them put {thing!r} down before, or begin without it",
        )


def come_together(
    beat: Beat, start: float, two: tuple[tuple[Performer, Walkway], tuple[Performer, Walkway]], gravity: float
) -> tuple[tuple[Timing, list[Walk]], tuple[Timing, list[Walk]], Meeting]:
    """Both walk up to each other; the timing and the walks of each, and where their hands meet."""
    here = [way.middle(start) for _, way in two]
    way = here[1] - here[0]
    distance = float(np.linalg.norm(way))
    ahead = way / distance if distance > 0.05 else np.array([0.0, 1.0])
    scale = 0.5 * sum(who.figure.scale for who, _ in two)
    apart = action(beat.action).apart * scale
    middle = 0.5 * (here[0] + here[1])
    approaches, walks = [], []
    for k, (who, walkway) in enumerate(two):
        side = -1.0 if k == 0 else 1.0
        stand = middle + side * 0.5 * apart * ahead
        heading = float(np.arctan2(side * ahead[0], -side * ahead[1]))
        _, _, facing = walkway.stands(start)
        taken: float = 0.0
        gone: list[Walk] = []
        if np.linalg.norm(stand - here[k]) > 0.02 or abs(near_turn(heading - facing)) > np.radians(4.0):
            taken, gone = footwork.approach(walkway, who, start, stand, heading, pace_of(beat, who.person))
        approaches.append(taken)
        walks.append(gone)
    plans = [timing(beat, who.person, gravity, approach=max(approaches)) for who, _ in two]
    # Both take the time of the slower of them.
    slower = max(plans, key=lambda plan: plan.length)
    meets = action(beat.action).meets
    meeting = Meeting(
        point=middle,
        times=np.array([start + moment_of(slower, when) for when, _ in meets]),
        heights=two[0][1].ground + np.array([_level(high, [who.figure.height for who, _ in two]) for _, high in meets]),
    )
    return (slower, walks[0]), (slower, walks[1]), meeting


def _level(part: float, heights: list[float]) -> float:
    """Where hands of two bodies meet that is at this part of the height of each [m]."""
    far = max(heights) if part < _SHOULDERS else min(heights)
    near = min(heights) if part < _SHOULDERS else max(heights)
    return part * (_FARTHER * far + (1.0 - _FARTHER) * near)


def met(meeting: Meeting, t: Floats) -> Floats:
    """(T, 3) of the hands that meet."""
    flat = np.broadcast_to(meeting.point, (len(t), 2))
    return np.column_stack([flat, through(t, meeting.times, meeting.heights)])


def nearer(meeting: Meeting) -> Meeting:
    """The same with the back bent a little further towards it."""
    return replace(meeting, lean=meeting.lean + float(np.radians(2.0)))


__all__ = ["RIGHT", "Meeting", "check", "come_together", "free_hands", "met", "nearer", "pairs", "partners"]
