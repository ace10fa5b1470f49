"""What the camera can see of a scene: tracks of people and things, and the solids that may stand in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock
from ...take import Place, Thing

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What the camera can see, over the whole scene: tracks on the pose grid."""

    time: Array  # (T,) ticks
    place: Place
    things: tuple[Thing, ...]
    thing_position: Array  # (T, N, 3)
    thing_rotation: Array  # (T, N, 4) wxyz
    people: tuple[str, ...]
    person_height: Array  # (P,) [m]
    person_feet: Array  # (T, P, 3) ground point below the hips
    person_head: Array  # (T, P, 3) top of the head
    person_eyes: Array  # (T, P, 3) middle between the eyes
    person_heading: Array  # (P,) radians at the start of the scene
    person_turn: Array  # (T, P) heading of the hips, radians
    person_facing: Array  # (T, P, 3) unit vector along which the face looks
    flesh_time: Array  # (S,) ticks of the samples of `person_flesh`
    person_flesh: Array  # (S, P, C, 2, 3) ends of the capsules that cover each body
    flesh_radius: Array  # (P, C) [m]
    fall: frozenset[str] = frozenset()
    """Things whose fall is what happens: they are followed down."""

    def rows(self, ticks: Array) -> Array:
        """Rows of the pose grid nearest to given ticks."""
        step = clock.period(clock.POSE_RATE)
        return np.asarray(
            np.clip(np.round((np.asarray(ticks) - self.time[0]) / step).astype(int), 0, len(self.time) - 1)
        )

    def at(self, track: Array, ticks: Array) -> Array:
        """A track (T, …) of the pose grid at given ticks (K,), interpolated."""
        step = clock.period(clock.POSE_RATE)
        where = np.clip((np.asarray(ticks) - self.time[0]) / step, 0, len(self.time) - 1)
        low = np.minimum(where.astype(int), max(len(self.time) - 2, 0))
        high = np.minimum(low + 1, len(self.time) - 1)
        share = (where - low).reshape(-1, *([1] * (track.ndim - 1)))
        return np.asarray(track[low] * (1 - share) + track[high] * share)

    @property
    def thing_names(self) -> list[str]:
        return [thing.id for thing in self.things]


def smoothing(seconds: float) -> float:
    """A length of time in samples of the pose grid."""
    return seconds * clock.POSE_RATE
