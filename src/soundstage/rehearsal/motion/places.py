"""Where targets are: things, people, marks, the ring of a hoop; and how a thing must leave the hand to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .maths import Floats, from_quaternion
from .timing import near_turn

if TYPE_CHECKING:
    from ..layout import Layout

ARRIVE = 0.45
"""Somebody going to a thing stops this far from its edge [m]."""
TALK = 0.95
"""Somebody going to somebody stops this far from them [m]."""
_THROW_SPEED = 8.0


def person_index(layout: Layout, name: str) -> int | None:
    """Number of a person by id."""
    return next((n for n, person in enumerate(layout.people) if person.id == name), None)


def thing_index(layout: Layout, name: str) -> int | None:
    """Number of a thing by id."""
    return next((n for n, thing in enumerate(layout.things) if thing.id == name), None)


def ring(layout: Layout, number: int) -> Floats | None:
    """(3,) centre of a hoop's ring; None if the thing is no hoop."""
    params = layout.things[number].params
    if "rim_height" not in params:
        return None
    local = np.array([0.0, float(params["rim_offset"]), float(params["rim_height"])])
    spot: Floats = layout.thing_position[number] + from_quaternion(layout.thing_rotation[number]) @ local
    return spot


def hoop(layout: Layout, name: str) -> int | None:
    """Number of the hoop meant by a name, or of any hoop if the name is no hoop."""
    number = thing_index(layout, name)
    if number is not None and ring(layout, number) is not None:
        return number
    return next((n for n in range(len(layout.things)) if ring(layout, n) is not None), None)


def spot(layout: Layout, name: str) -> Floats | None:
    """(3,) where somebody looks who looks at a name: a face, the middle of a thing, a ring, over a mark."""
    who = person_index(layout, name)
    if who is not None:
        height = float(layout.people[who].identity["height_m"])
        return np.asarray(layout.person_position[who] + np.array([0.0, 0.0, 0.93 * height]))
    number = thing_index(layout, name)
    if number is not None:
        over = ring(layout, number)
        return np.asarray(layout.thing_position[number], dtype=float) if over is None else over
    if name in layout.marks:
        at, _ = layout.marks[name]
        return np.asarray(at + np.array([0.0, 0.0, 1.2]))
    return None


def goal(layout: Layout, name: str, here: Floats) -> Floats | None:
    """(2,) where somebody stops who goes from `here` (2,) to a name."""
    who = person_index(layout, name)
    number = None if who is not None else thing_index(layout, name)
    if who is not None:
        target, short = np.asarray(layout.person_position[who][:2], dtype=float), TALK
    elif number is not None:
        target = np.asarray(layout.thing_position[number][:2], dtype=float)
        over = ring(layout, number)
        if over is not None:
            target = over[:2]
        short = 0.0 if over is not None else ARRIVE + 0.5 * max(layout.things[number].size[:2])
    elif name in layout.marks:
        target, short = np.asarray(layout.marks[name][0][:2], dtype=float), 0.0
    else:
        return None
    way = target - here
    distance = float(np.linalg.norm(way))
    if distance <= short + 0.05:
        return here.copy()
    return np.asarray(target - way / distance * short)


def bearing(here: Floats, there: Floats) -> float:
    """Heading from one place to another [rad]."""
    return float(np.arctan2(-(there[0] - here[0]), there[1] - here[1]))


def turn_towards(here: Floats, heading: float, there: Floats | None) -> float:
    """How far somebody has to turn to face a place, in (-pi, pi]; 0 if it is nowhere or underfoot."""
    if there is None or np.hypot(there[0] - here[0], there[1] - here[1]) < 0.15:
        return 0.0
    return near_turn(bearing(here, there) - heading)


def arc(start: Floats, end: Floats, gravity: float) -> Floats:
    """(3,) velocity of a shot at a ring: 4° steeper than the flattest that costs least speed [m/s]."""
    flat = float(np.hypot(*(end - start)[:2]))
    rise = float(end[2] - start[2])
    angle = 0.25 * np.pi + 0.5 * np.arctan2(rise, max(flat, 0.05)) + np.radians(4.0)
    angle = min(angle, np.radians(80.0))
    down = max(gravity, 0.5)
    room = flat * np.tan(angle) - rise
    speed = np.sqrt(down * flat * flat / (2.0 * np.cos(angle) ** 2 * max(room, 0.05)))
    speed = float(np.clip(speed, 2.0, 14.0))
    way = (end - start)[:2] / max(flat, 1e-6)
    return np.array([*(way * np.cos(angle) * speed), np.sin(angle) * speed])


def straight(start: Floats, end: Floats, gravity: float) -> Floats:
    """(3,) velocity of a throw at something [m/s]."""
    distance = float(np.linalg.norm(end - start))
    time = max(distance / _THROW_SPEED, 0.25)
    return np.asarray((end - start) / time + np.array([0.0, 0.0, 0.5 * gravity * time]))
