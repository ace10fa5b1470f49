"""Forces that are no contacts: the air on light things, and the cord of a net on a ball."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi

import numpy as np

from ...take import Array, Thing
from .hoops import Ring, net_force
from .records import Brush

AIR = 1.204
"""Density of air at 20 °C [kg/m³]."""
MOST_LIFT = 0.3
"""Lift coefficient of a fast spinning ball; up to there it is about the spin ratio (Mehta, Annual Review of Fluid
Mechanics 17, 1985)."""


def air(thing: Thing, drag: float, velocity: Array, spin: Array) -> Array:
    """Drag and, on a ball, Magnus lift [N], shape (3,); `drag` is C_d, `spin` in world axes [rad/s]."""
    size = np.array(thing.size)
    area = pi / 4 * size[0] ** 2 if thing.shape == "sphere" else float(np.prod(size) ** (2 / 3))
    speed = float(np.sqrt(velocity @ velocity))
    force = -0.5 * AIR * drag * area * speed * velocity
    if thing.shape == "sphere" and speed > 0.1:
        (a, b, c), (x, y, z) = spin, velocity  # by hand: numpy's cross product costs more than the rest
        lift = np.array([b * z - c * y, c * x - a * z, a * y - b * x]) * size[0] / 2
        most = MOST_LIFT * speed * speed / max(float(np.sqrt(lift @ lift)), 1e-9)
        force += 0.5 * AIR * area * lift * min(1.0, most)
    return np.asarray(force)


@dataclass(kw_only=True)
class Net:
    """The net of one ring, and the passages of balls through it."""

    ring: Ring
    step: float
    """[s]"""
    brushes: list[Brush] = field(default_factory=list)
    _inside: dict[int, dict[str, float]] = field(default_factory=dict)
    _where: dict[int, tuple[Array, Array]] = field(default_factory=dict)

    def push(self, step: int, thing: int, radius: float, position: Array, velocity: Array) -> Array | None:
        """Force on a ball [N], shape (3,); None if it is not in the net."""
        near = abs(position[2] - self.ring.centre[2]) < self.ring.net_length + 0.1
        force = net_force(self.ring, radius, position, velocity) if near else None
        if force is None:
            self.leave(step, thing)
            return None
        size = float(np.sqrt(force @ force))
        passage = self._inside.setdefault(
            thing, {"start": step, "speed": float(np.sqrt(velocity @ velocity)), "impulse": 0.0, "peak": -1.0}
        )
        passage["impulse"] += size * self.step
        if size > passage["peak"]:
            passage["peak"] = size
            self._where[thing] = position.copy(), -force / max(size, 1e-12)
        return force

    def leave(self, step: int, thing: int) -> None:
        """Write down a passage that is over, if there was one."""
        passage = self._inside.pop(thing, None)
        if passage is None:
            return
        point, normal = self._where.pop(thing)
        brush = Brush(thing=thing, hoop=self.ring.hoop, end=step, point=point, normal=normal, **passage)
        self.brushes.append(brush)

    def close(self, step: int) -> None:
        """Write down every passage the end of the scene cuts off."""
        for thing in list(self._inside):
            self.leave(step, thing)
