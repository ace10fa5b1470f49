"""What choreography hands on: the pose of every person over time, what their hands hold, and when they let go.

Times are ticks, positions in [m] in the world, quaternions wxyz. The pose convention is that of `soundstage.take`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...take import Array, Footfalls

if TYPE_CHECKING:
    from .plan import Plan


@dataclass(frozen=True, kw_only=True)
class Grip:
    """A thing held by a person from `start` until `release`: it follows the hands exactly."""

    person: int
    """Index into Layout.people."""
    thing: int
    """Index into Layout.things."""
    start: int
    """[ticks] a multiple of the pose period."""
    release: int
    """[ticks] when the hands let go; the duration of the performance if they never do."""
    position: Array
    """(K, 3) centre of the thing's frame on the pose grid, first row at `start`, last row at or after `release`."""
    rotation: Array
    """(K, 4) of the thing's frame."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A thing let go on purpose: dropped, thrown, shot."""

    beat: str
    """Id of the beat that lets go."""
    person: int
    thing: int
    time: int
    """[ticks] equal to the grip's release."""
    position: Array
    """(3,) centre of the thing's frame."""
    hand_velocity: Array
    """(3,) velocity of the thing in the hands just before they let go [m/s]."""
    target: Array | None
    """(3,) where it should go, None if nowhere in particular."""


@dataclass(frozen=True, kw_only=True)
class Performance:
    """Whole-body motion of everybody in a scene."""

    time: Array
    """(T,) int64 ticks at POSE_RATE covering [0, duration]."""
    root: Array
    """(T, P, 3) float64 world position of the root bone."""
    joints: Array
    """(T, P, J, 4) float32 rotations."""
    footfalls: Footfalls
    grips: tuple[Grip, ...]
    releases: tuple[Release, ...]
    plans: tuple[Plan, ...] = ()
    """What each person's poses were solved from, so that glances and gestures can be added to it later."""
    gaze_shifts: tuple[Array, ...] = ()
    """Per person (K,) [ticks] when the eyes leap: blinks like to come with them."""
