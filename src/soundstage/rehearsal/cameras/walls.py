"""How far a camera can go in a set: the walls of rooms, the ground, and the bounds outdoors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import library
from ...take import Place

Array = NDArray[Any]

LOWEST_M = 0.12
"""The camera never sinks below this height over the ground."""
WALL_M = 0.35
"""Distance kept from the walls of a room."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Corners between which a camera may be."""

    low: Array  # (3,) [m]
    high: Array  # (3,) [m]

    def holds(self, positions: Array) -> Array:
        """Which of the positions (…, 3) are inside."""
        return np.asarray(((positions >= self.low - 1e-6) & (positions <= self.high + 1e-6)).all(axis=-1))

    def within(self, ways: Array) -> Bounds:
        """Where a camera may begin that is then carried along ways (…, 3)."""
        ways = ways.reshape(-1, 3)
        low, high = self.low - ways.min(axis=0), self.high - ways.max(axis=0)
        narrow = low > high
        middle = (np.where(narrow, low, 0.0) + np.where(narrow, high, 0.0)) / 2
        return Bounds(low=np.where(narrow, middle, low), high=np.where(narrow, middle, high))


def bounds(place: Place) -> Bounds:
    """The bounds of a set: a little inside the walls of a room; outdoors what its entry says (`camera_m`)."""
    kind = library.set_(place.set)
    low, high = np.array([-np.inf, -np.inf, LOWEST_M]), np.full(3, np.inf)
    if kind.room_m is not None:
        middle = np.array(kind.params.get("room_center", [0.0, 0.0]))
        half = np.array(kind.room_m[:2]) / 2 - WALL_M
        low[:2], high[:2] = middle - half, middle + half
        high[2] = kind.room_m[2] - WALL_M
    if kind.camera_m is not None:
        low = np.maximum(low, kind.camera_m[:3])
        high = np.minimum(high, kind.camera_m[3:])
    return Bounds(low=low, high=high)


def keep_inside(position: Array, bounds_m: Bounds) -> Array:
    """The nearest position (3,) inside."""
    return np.asarray(np.clip(position, bounds_m.low, bounds_m.high))
