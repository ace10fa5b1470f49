"""What there is to sit on: chairs and benches among the things, sofas and benches that the set builds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ... import library
from ...errors import InputError
from ...screenplay.model import Beat
from .maths import Floats, from_quaternion
from .table import action, thing_acts

if TYPE_CHECKING:
    from ..layout import Layout

ROOM = 0.56
"""Of a seat's width, for each who sits there [m]."""
_NEAR = 14.0
"""Further away nobody goes to sit down [m]."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Something to sit on; ahead is where who sits there looks."""

    id: str
    edge: Floats
    """(2,) middle of its front edge [m]."""
    heading: float
    width: float
    depth: float
    """From the front edge to the back [m]."""
    height: float
    """Of its face over the ground, under somebody's weight [m]."""

    @property
    def room(self) -> int:
        """How many can sit on it."""
        return max(1, int(self.width / ROOM))

    @property
    def ahead(self) -> Floats:
        """(2,)"""
        return np.array([-np.sin(self.heading), np.cos(self.heading)])

    @property
    def left(self) -> Floats:
        """(2,)"""
        return np.array([-np.cos(self.heading), -np.sin(self.heading)])


def seats(layout: Layout) -> tuple[Seat, ...]:
    """All seats of a scene: its things, then those of the set."""
    found = []
    for n, thing in enumerate(layout.things):
        height = thing.params.get("seat_height")
        if height is None or not thing.fixed:
            continue
        axes = from_quaternion(np.asarray(layout.thing_rotation[n], dtype=float))
        at = np.asarray(layout.thing_position[n], dtype=float)
        ahead = axes @ np.array([0.0, 1.0, 0.0])
        back = float(thing.params.get("back_thickness", 0.0)) + float(thing.params.get("cushion", 0.0))
        found.append(
            Seat(
                id=thing.id,
                edge=at[:2] + 0.5 * thing.size[1] * ahead[:2],
                heading=float(np.arctan2(-ahead[0], ahead[1])),
                width=float(thing.size[0]) - 2.0 * float(thing.params.get("arm", 0.0)),
                depth=float(thing.size[1]) - back,
                height=float(at[2]) + float(height) - float(thing.params.get("sink", 0.0)),
            )
        )
    names = {seat.id for seat in found}
    for name, entry in library.set_(layout.place.set).seats.items():
        if name in names:
            continue  # the one that was asked for is meant
        found.append(
            Seat(
                id=name,
                edge=np.array(entry["at"], dtype=float),
                heading=float(np.radians(entry["heading_deg"])),
                width=float(entry["width"]),
                depth=float(entry["depth"]),
                height=float(entry["height"]) - float(entry.get("sink", 0.0)),
            )
        )
    return tuple(found)


Place = tuple[Seat, int, int]
"""A seat, and which of how many one is on it."""


def of_person(layout: Layout, beats: Sequence[Beat], who: str) -> Place | None:
    """Where somebody sits, who else sits in some beats (in order of time) considered; None if they never do.

    Raises:
        InputError: somebody is to sit where nobody can.
    """
    sits = [b for b in beats if b.action not in thing_acts() and action(b.action).support == "seat"]
    if not any(beat.actor == who for beat in sits):
        return None
    spots = {person.id: np.asarray(layout.person_position[n][:2]) for n, person in enumerate(layout.people)}
    return assign(layout, [(b.actor, b.target, spots[b.actor]) for b in sits if b.actor in spots]).get(who)


def assign(layout: Layout, sits: Sequence[tuple[str, str, Floats]]) -> dict[str, Place]:
    """Who sits where: person → seat, and which of how many they are on it.

    `sits`: person, name of a seat (empty: any), and where they come from (2,), in order of time. Who names a seat gets
    it; the others take the nearest that has room.

    Raises:
        InputError: somebody is to sit where nobody can.
    """
    all_of_them = seats(layout)
    on: dict[str, list[str]] = {seat.id: [] for seat in all_of_them}
    listed = ", ".join(on) or "there is nothing to sit on; add a chair"
    for person, name, _ in sits:
        if name and name not in on:
            raise InputError(f"{person!r} cannot sit on {name!r}", f"choose one of: {listed}")
        if name and not any(person in sitters for sitters in on.values()):
            on[name].append(person)
    for person, _, here in sits:
        if any(person in sitters for sitters in on.values()):
            continue
        near = [s for s in all_of_them if np.linalg.norm(s.edge - here) < _NEAR and len(on[s.id]) < s.room]
        if not near:
            raise InputError(
                f"there is nothing near {person!r} to sit on", "add a chair, a stool, a bench or a sofa to the scene"
            )
        on[min(near, key=lambda seat: float(np.linalg.norm(seat.edge - here))).id].append(person)
    return {
        person: (seat, number, len(on[seat.id])) for seat in all_of_them for number, person in enumerate(on[seat.id])
    }


def place_on(seat: Seat, number: int, count: int) -> Floats:
    """(2,) the point of the front edge before which one of several sits."""
    step = min(0.62, max(seat.width, ROOM) / max(count, 1))
    return np.asarray(seat.edge + (number - 0.5 * (count - 1)) * step * seat.left)


__all__ = ["Place", "Seat", "assign", "of_person", "place_on", "seats"]
