"""Things that hands take up and put down: where one stands for it, how deep one goes, and the way of the thing.

Until it is taken the thing stays where it lies, and the hand comes to it; then it goes over to where it is carried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError
from ...screenplay.model import Beat
from . import places
from .curves import step
from .figure import Figure
from .maths import Floats, from_quaternion

if TYPE_CHECKING:
    from ...take import Thing
    from ..layout import Layout

HEAVIEST, WIDEST = 30.0, 0.75
"""Nobody lifts more [kg], or puts the arms round anything wider [m]."""
_TOES = 0.215
"""From the ankle to the tip of the toes [m on 1.75 m]."""
_FREE = 0.035
"""Left between the toes and a thing on the ground [m on 1.75 m]."""
_EDGE = 0.20
"""From the ankles to the edge of a table one leans over [m on 1.75 m]."""
_LIVE = 0.4
"""Time in which a carried thing begins to go along with breath and sway [s]."""
_REACH = 0.78
"""From the ankles to the furthest thing that is reached over a table [m on 1.75 m]."""


@dataclass(frozen=True, kw_only=True)
class Reaching:
    """Where somebody stands to take or leave a thing, and how far the body goes along."""

    stand: Floats
    """(2,) between the ankles."""
    heading: float
    spot: Floats
    """(3,) where the thing lies."""
    knees: float
    """0 stretched … 1 down to the ground."""
    lean: float
    """0 upright … 1 as for the ground."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """When a thing goes from where it lies to where it is carried, or back [s]."""

    start: float
    end: float
    spot: Floats


def half_height(thing: Thing, rotation: Floats) -> float:
    """From a thing's middle to the lowest of it [m]."""
    if thing.shape == "sphere":
        return 0.5 * thing.size[0]
    axes = from_quaternion(np.asarray(rotation, dtype=float))
    return float(0.5 * np.abs(axes[2]) @ np.array(thing.size))


def below(layout: Layout, spot: Floats, level: float) -> int | None:
    """The furniture on which something lies whose underside is at a height [m]; None: the ground."""
    for n, thing in enumerate(layout.things):
        if not thing.fixed or thing.shape not in ("compound", "box"):
            continue
        local = _local(layout, n, spot)
        half = 0.5 * np.array(thing.size[:2])
        if (np.abs(local[:2]) <= half + 1e-3).all() and abs(top(layout, n) - level) < 0.04:
            return n
    return None


def top(layout: Layout, number: int) -> float:
    """Height of the face that things are put on [m]."""
    thing = layout.things[number]
    height = thing.params.get("seat_height", thing.size[2] if thing.shape == "compound" else 0.5 * thing.size[2])
    return float(layout.thing_position[number][2]) + float(height)


def for_hands(layout: Layout, beat: Beat, name: str, already: int | None) -> int:
    """Number of a thing that is to be taken up; `already` is what the hands have, if anything.

    Raises:
        InputError: there is no such thing, it is not one for hands, or they are full.
    """
    who = beat.actor
    number = places.thing_index(layout, name)
    loose = [thing.id for thing in layout.things if not thing.fixed]
    if number is None or layout.things[number].fixed:
        raise InputError(
            f"beat {beat.id!r}: {who!r} cannot pick up {name or 'nothing'!r}",
            f"choose one of: {', '.join(loose) or 'there is nothing to pick up'}",
        )
    thing = layout.things[number]
    if already is not None:
        raise InputError(
            f"beat {beat.id!r}: {who!r} already has {layout.things[already].id!r}",
            "let each person pick up or hold one thing in a scene",
        )
    if thing.mass_kg > HEAVIEST or min(thing.size[:2]) > WIDEST:
        raise InputError(
            f"beat {beat.id!r}: {thing.id!r} is too {'heavy' if thing.mass_kg > HEAVIEST else 'wide'} to pick up",
            f"choose something of at most {HEAVIEST:g} kg and {WIDEST:g} m",
        )
    return number


def to_take(layout: Layout, number: int, figure: Figure, here: Floats, strong: int, ground: float) -> Reaching:
    """How one stands to take a thing.

    Raises:
        InputError: it cannot be reached.
    """
    thing = layout.things[number]
    spot = np.asarray(layout.thing_position[number], dtype=float)
    under = half_height(thing, layout.thing_rotation[number])
    on = below(layout, spot, float(spot[2]) - under)
    one_hand = max(thing.size) <= 0.145
    return _at(layout, figure, here, spot, on, number, strong if one_hand else None, ground)


def to_leave(
    layout: Layout, number: int, on: int | None, figure: Figure, here: Floats, heading: float, strong: int,
    ground: float,
) -> Reaching:  # fmt: skip
    """How one stands to put a thing on the ground before one, or on a piece of furniture.

    Raises:
        InputError: the furniture does not reach far enough up or out.
    """
    thing = layout.things[number]
    lift = half_height(thing, layout.thing_rotation[number])
    side = strong if max(thing.size) <= 0.145 else None
    ahead = np.array([-np.sin(heading), np.cos(heading)])
    if on is None:
        spot = np.array([*(here + _before(figure, thing) * ahead + _aside(figure, heading, side)), ground + lift])
        knees, lean = _depth(figure, lift, 0.0)
        return Reaching(stand=here, heading=heading, spot=spot, knees=knees, lean=lean)
    outward, edge = _nearest_edge(layout, on, here + _aside(figure, heading, side))
    inside = 0.5 * max(thing.size[:2]) + 0.1
    spot = np.array([*(edge - inside * outward), top(layout, on) + lift + 0.0005])
    return _at(layout, figure, here, spot, on, number, side, ground)


def _at(
    layout: Layout, figure: Figure, here: Floats, spot: Floats, on: int | None, number: int, side: int | None,
    ground: float,
) -> Reaching:  # fmt: skip
    thing = layout.things[number]
    if on is None:
        way = spot[:2] - here
        length = float(np.linalg.norm(way))
        ahead = way / length if length > 0.05 else np.array([0.0, 1.0])
        if thing.shape == "box":  # both hands lie flat on its sides
            ahead = _square(layout, number, ahead)
        away = _before(figure, thing)
    else:
        outward, edge = _nearest_edge(layout, on, here if np.linalg.norm(here - spot[:2]) > 0.05 else spot[:2])
        ahead = -outward
        away = float((edge - spot[:2]) @ outward) + _EDGE * figure.scale
        if away > _REACH * figure.scale:
            raise InputError(
                f"{thing.id!r} lies {away:.2f} m away from where one can stand",
                f"put it within {(_REACH - _EDGE) * figure.scale:.2f} m of the edge of {layout.things[on].id!r}",
            )
    heading = float(np.arctan2(-ahead[0], ahead[1]))
    stand = spot[:2] - away * ahead - _aside(figure, heading, side)
    knees, lean = _depth(figure, float(spot[2]) - ground, away)
    return Reaching(stand=stand, heading=heading, spot=spot, knees=knees, lean=lean)


def _square(layout: Layout, number: int, ahead: Floats) -> Floats:
    """(2,) that level side of a box that is nearest to a direction."""
    axes = from_quaternion(np.asarray(layout.thing_rotation[number], dtype=float))
    level = [axes[:2, k] / np.linalg.norm(axes[:2, k]) for k in range(3) if np.linalg.norm(axes[:2, k]) > 0.7]
    ways = [sign * one for one in level for sign in (1.0, -1.0)]
    return np.asarray(max(ways, key=lambda one: float(one @ ahead))) if ways else ahead


def _before(figure: Figure, thing: Thing) -> float:
    return (_TOES + _FREE) * figure.scale + 0.5 * max(thing.size[:2])


def _aside(figure: Figure, heading: float, side: int | None) -> Floats:
    """A thing taken with one hand lies a little to that hand's side."""
    if side is None:
        return np.zeros(2)
    left = np.array([-np.cos(heading), -np.sin(heading)])
    return np.asarray((1.0 if side == 0 else -1.0) * 0.13 * figure.scale * left)


def _depth(figure: Figure, height: float, away: float) -> tuple[float, float]:
    """How far knees and back go for a thing whose middle is so high and so far ahead [m]."""
    waist = 0.56 * figure.height
    low = float(np.clip((waist - height) / (waist - 0.1 * figure.scale), 0.0, 1.0))
    far = float(np.clip((away / figure.scale - 0.34) / 0.55, 0.0, 0.7))
    return low**1.5, max(low, far)


def deeper(reach: Reaching) -> Reaching:
    """The same with the body going along a little further."""
    return replace(reach, knees=min(1.05, 1.04 * reach.knees + 0.01), lean=min(1.45, 1.08 * reach.lean + 0.05))


def _local(layout: Layout, number: int, spot: Floats) -> Floats:
    axes = from_quaternion(np.asarray(layout.thing_rotation[number], dtype=float))
    return np.asarray(axes.T @ (np.array([*spot[:2], 0.0]) - np.array([*layout.thing_position[number][:2], 0.0])))


def _nearest_edge(layout: Layout, number: int, here: Floats) -> tuple[Floats, Floats]:
    """(2,) outward from the side of a piece of furniture that is nearest to somebody, and the nearest point of it."""
    axes = from_quaternion(np.asarray(layout.thing_rotation[number], dtype=float))
    half = 0.5 * np.array(layout.things[number].size[:2])
    local = _local(layout, number, here)[:2]
    axis = int(np.argmax(np.abs(local) - half))
    sign = 1.0 if local[axis] >= 0 else -1.0
    point = np.clip(local, 0.12 - half, half - 0.12)
    point[axis] = sign * half[axis]
    outward = sign * axes[:2, axis]
    return outward / np.linalg.norm(outward), np.asarray(layout.thing_position[number][:2] + axes[:2, :2] @ point)


def way(carry: Floats, root: Floats, t: Floats, moves: tuple[tuple[Moved, bool], ...]) -> Floats:
    """(T, 3) of a thing relative to the root: carried, and lying before it is taken up and after it is put down."""
    path = carry
    for moved, up in moves:
        rise = step(t, moved.start, moved.end)
        # A bent body has no room before it: the thing goes to where it is carried upright, as seen from the hips.
        upright = int(np.searchsorted(t, moved.end + _LIVE if up else moved.start - _LIVE).clip(0, len(t) - 1))
        bent = 1.0 - step(t, moved.end, moved.end + _LIVE) if up else step(t, moved.start - _LIVE, moved.start)
        path = path * (1.0 - bent[:, None]) + path[upright] * bent[:, None]
        carried = (rise if up else 1.0 - rise)[:, None]
        path = np.asarray((moved.spot - root) * (1.0 - carried) + path * carried, dtype=float)
    return np.asarray(path)


__all__ = [
    "Moved",
    "Reaching",
    "below",
    "deeper",
    "for_hands",
    "half_height",
    "to_leave",
    "to_take",
    "top",
    "way",
]
