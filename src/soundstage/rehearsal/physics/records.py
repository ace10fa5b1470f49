"""What goes into and comes out of a simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...take import Array, Contacts, Holds, Streams


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What things did, on the pose grid, and everything they struck."""

    position: Array
    """(T, N, 3) centre of each thing's frame [m]."""
    rotation: Array
    """(T, N, 4) wxyz."""
    contacts: Contacts
    streams: Streams
    holds: Holds
    outcomes: dict[str, Any] = field(default_factory=dict)
    """Per beat: what was intended, what was reached and the start values that reached it."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A thing that is where something else says: in hands, or hanging until its beat."""

    thing: int
    start: int
    """First step it is held."""
    end: int
    """First step it is free."""
    position: Array
    """(end − start, 3), or (1, 3) if it does not move."""
    rotation: Array
    """(end − start, 4), or (1, 4)."""
    velocity: Array
    """(end − start, 3), or (1, 3) [m/s]."""
    person: int = -1
    """Who holds it; −1 nobody: it hangs."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A thing that starts at a step with a velocity."""

    thing: int
    step: int
    velocity: Array
    """(3,) [m/s]"""
    spin: Array
    """(3,) world axes [rad/s]"""
    position: Array | None = None
    """(3,) where it starts; None: where it is."""
    person: int = -1
    """Who lets go; they and the thing do not collide for a moment."""


@dataclass(frozen=True, kw_only=True)
class Finger:
    """A push as by a fingertip: a steady small force until the thing falls by itself."""

    thing: int
    step: int
    direction: Array
    """(3,) horizontal unit vector."""
    height: float
    """Above the thing's centre [m]."""
    force: float
    """[N]"""
    energy: float
    """Height the centre has to reach to fall over, plus a margin, as an energy [J]."""
    fallen: float
    """The finger leaves when the thing's own Z leans so far: cosine of the angle."""
    longest: int
    """Steps after which the finger gives up."""


@dataclass(frozen=True, kw_only=True)
class Script:
    """Everything that is done to things from outside."""

    holds: tuple[Hold, ...] = ()
    launches: tuple[Launch, ...] = ()
    fingers: tuple[Finger, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Touches:
    """Contact of pairs of parts, one row per pair and step, sorted by pair and step."""

    pair: Array  # (M,) int64
    step: Array  # (M,) int64
    span: Array  # (M,) int64 steps the row stands for; more than 1 while nothing changes
    a: Array  # (M,) int32 owner
    b: Array  # (M,) int32 owner
    geom_a: Array  # (M,) int32 a geom of the part, for its name and material
    geom_b: Array  # (M,) int32
    force: Array  # (M,) normal [N]
    point: Array  # (M, 3)
    normal: Array  # (M, 3) from a to b
    depth: Array  # (M,) [m]
    approach: Array  # (M,) fastest approach among the points that press [m/s]
    slip: Array  # (M,) [m/s]
    roll: Array  # (M,) [m/s]


@dataclass(frozen=True, kw_only=True)
class Brush:
    """A passage through a net, as one strike."""

    thing: int
    hoop: int
    start: float
    """Step, with fraction."""
    end: float
    point: Array
    normal: Array
    impulse: float
    peak: float
    speed: float


Observer = Callable[[int, Any], bool]
"""Called before every step with (step, engine data); True stops the run."""
