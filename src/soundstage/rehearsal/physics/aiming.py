"""First guesses: how something must leave the hand to come to a place, if nothing but gravity acts on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, pi, radians, sin, sqrt, tan

import numpy as np

from ...take import Array
from .hoops import Ring

FASTEST_SHOT = 12.0
"""What a person can give a basketball with a shot [m/s]; a grown-up's half-court heave leaves the hand at about 12."""
FASTEST_THROW = 25.0
"""What a person can give anything by hand [m/s]."""
MOST_WORK_J = 300.0
"""What a throw can give a heavy thing [J]: a trained amateur puts a 5 kg shot at about 11 m/s."""
BACKSPIN = 2.4 * 2 * pi
"""Of a set or jump shot [rad/s]: 2-3 turns a second (Silverberg & Tran, Journal of Sports Sciences 26, 2008)."""
LOFT_DEG = 4.5
"""A good shot leaves the hand so much steeper than the slowest one."""
FLATTEST_DEG = 38.0
STEEPEST_DEG = 72.0


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Where the centre of a ball is sent and how steeply it leaves."""

    point: Array
    """(3,) [m]"""
    elevation: float
    """[rad]"""
    spin: float = BACKSPIN
    """Backspin [rad/s]."""


def fastest(limit: float, mass_kg: float) -> float:
    """How fast something of a mass can leave a hand [m/s]; light things by the arm's speed, heavy ones by its work."""
    return min(limit, sqrt(2.0 * MOST_WORK_J / mass_kg))


def velocity_to(start: Array, point: Array, elevation: float, gravity: float) -> Array | None:
    """Velocity that leaves `start` at an elevation and passes through `point`, shape (3,); None if there is none.

    On a parabola `v² = g D² / (2 cos²θ (D tanθ − H))` with the distance D and height H to go.
    """
    way = np.asarray(point) - np.asarray(start)
    far = float(np.hypot(way[0], way[1]))
    if far < 1e-6:
        return None
    rise = far * tan(elevation) - float(way[2])
    if rise <= 1e-9:
        return None
    speed = sqrt(gravity * far * far / (2.0 * cos(elevation) ** 2 * rise)) if gravity > 0 else FASTEST_THROW / 5
    level = np.array([way[0], way[1], 0.0]) / far
    return np.asarray(speed * (cos(elevation) * level + np.array([0.0, 0.0, sin(elevation)])))


def slowest_elevation(start: Array, point: Array) -> float:
    """Elevation at which the least speed is enough [rad]: 45° plus half the slope to the target."""
    way = np.asarray(point) - np.asarray(start)
    return pi / 4 + atan2(float(way[2]), float(np.hypot(way[0], way[1]))) / 2


def natural_elevation(start: Array, point: Array) -> float:
    """Elevation a good shooter chooses [rad]."""
    wish = degrees(slowest_elevation(start, point)) + LOFT_DEG
    return radians(min(max(wish, FLATTEST_DEG), STEEPEST_DEG))


def backspin(velocity: Array, rate: float) -> Array:
    """Angular velocity of backspin for a ball that leaves with a velocity, world axes, shape (3,)."""
    level = np.array([velocity[0], velocity[1], 0.0])
    size = float(np.linalg.norm(level))
    if size < 1e-6:
        return np.zeros(3)
    return np.asarray(rate * np.cross(level / size, (0.0, 0.0, 1.0)))


def shots(
    ring: Ring, radius: float, start: Array, kind: str, via: Sequence[str], rng: np.random.Generator
) -> Iterator[Aim]:
    """Endless aims that may come to an outcome: the plainest first, then drawn around it, ever wider."""
    count = 0
    while True:
        wide = 0.0 if count == 0 else 0.6 + 0.01 * count
        point = _point(ring, radius, start, kind, via, rng, wide)
        base = natural_elevation(start, point)
        lean = radians(3.0) * wide * float(rng.standard_normal())
        yield Aim(
            point=point,
            elevation=min(max(base + lean, radians(FLATTEST_DEG)), radians(STEEPEST_DEG)),
            spin=BACKSPIN * (1.0 + 0.15 * min(wide, 1.0) * float(rng.standard_normal())),
        )
        count += 1


def _point(
    ring: Ring, radius: float, start: Array, kind: str, via: Sequence[str], rng: np.random.Generator, wide: float
) -> Array:
    """A point for the ball's centre, by what it should touch first."""
    first = next((w for w in via if w in ("backboard", "rim")), "")
    if not first and kind == "misses" and not via:
        first = "rim"
    behind = float((start - ring.centre) @ ring.front) > 0.5 * float(np.linalg.norm((start - ring.centre)[:2]))
    if first == "backboard" or ("long" in via and not first and behind):
        return _on_board(ring, radius, start, kind, via, rng, wide)
    toward = start - ring.centre
    toward = np.array([toward[0], toward[1], 0.0]) / max(float(np.hypot(toward[0], toward[1])), 1e-6)
    side = np.array([-toward[1], toward[0], 0.0])
    scatter = wide * rng.standard_normal(2)
    if kind == "goes_in" and first != "rim":
        return np.asarray(ring.centre - toward * (0.02 + 0.02 * scatter[0]) + side * 0.02 * scatter[1])
    if first == "rim":
        # The edge of the ball meets the bar when its centre passes this far from the ring's centre.
        graze = ring.inner - (0.45 if kind == "goes_in" else 0.1) * radius
        ahead = rng.choice([-1.0, 1.0]) if wide else -1.0
        angle = (0.0 if ahead > 0 else pi) + 0.45 * scatter[0]
        distance = graze + 0.3 * radius * scatter[1]
        if "short" in via:
            angle = 0.3 * scatter[0]
        return np.asarray(ring.centre + distance * (cos(angle) * toward + sin(angle) * side))
    clear = ring.outer + radius
    if "long" in via:
        return np.asarray(ring.centre - toward * (clear + 0.25 + 0.2 * abs(scatter[0])) + side * 0.2 * scatter[1])
    return np.asarray(ring.centre + toward * (clear + 0.2 + 0.15 * abs(scatter[0])) + side * 0.12 * scatter[1])


def _on_board(
    ring: Ring, radius: float, start: Array, kind: str, via: Sequence[str], rng: np.random.Generator, wide: float
) -> Array:
    """A point on the backboard: where a bank shot is aimed, or off it."""
    half, bottom, top = ring.board
    sx, sy, _ = ring.local(start)
    # A mirror in the board: the line from the start to the ring's mirror image meets the face here.
    reach = ring.face - radius
    share = (sy + reach) / max(sy + 2 * reach, 1e-6)
    mirror = sx * (1.0 - share)
    scatter = rng.standard_normal(2)
    if kind == "goes_in":
        x, z = 0.9 * mirror + 0.06 * wide * scatter[0], 0.42 + 0.08 * wide * scatter[1]
    else:
        sign = 1.0 if scatter[0] >= 0 else -1.0
        x = 0.5 * mirror + sign * (0.14 + 0.16 * abs(scatter[0]) * max(wide, 0.3))
        z = (0.75 if "long" in via else 0.36) + 0.16 * max(wide, 0.2) * scatter[1]
    x = min(max(x, -half + radius), half - radius)
    z = min(max(z, bottom + radius), top - radius)
    return np.asarray(ring.centre + ring.side * x - ring.front * reach + np.array([0.0, 0.0, z]))
