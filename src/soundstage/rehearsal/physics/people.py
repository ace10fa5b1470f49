"""People as the physics sees them: capsules that follow their bones, which things run into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...take import Array, Person
from .world import Capsule

if TYPE_CHECKING:
    from ..motion.records import Performance

EVERY = 2
"""Of the pose samples one in so many is posed; between them limbs move evenly (120 Hz)."""


@dataclass(frozen=True, kw_only=True)
class Limbs:
    """Capsules of everybody and their way through the scene."""

    capsules: tuple[Capsule, ...]
    time: Array
    """(K,) ticks."""
    position: Array
    """(K, C, 3) middle of each capsule [m]."""
    rotation: Array
    """(K, C, 4) its own Z along the limb."""
    velocity: Array
    """(K, C, 3) [m/s], from this sample to the next."""
    step_ticks: int

    def __call__(self, step: int) -> tuple[Array, Array, Array]:
        """Position, rotation and velocity of every capsule at a step."""
        tick = step * self.step_ticks
        spacing = float(self.time[1] - self.time[0])
        at = min(max((tick - float(self.time[0])) / spacing, 0.0), len(self.time) - 1.000001)
        i, f = int(at), at - int(at)
        position = self.position[i] * (1.0 - f) + self.position[i + 1] * f
        rotation = self.rotation[i] * (1.0 - f) + self.rotation[i + 1] * f
        return position, rotation, self.velocity[i]

    def only(self, person: int, first_step: int) -> Limbs:
        """The same of one person, with steps counted from `first_step`."""
        own = [n for n, c in enumerate(self.capsules) if c.person == person]
        return replace(
            self,
            capsules=tuple(self.capsules[n] for n in own),
            time=self.time - first_step * self.step_ticks,
            position=self.position[:, own],
            rotation=self.rotation[:, own],
            velocity=self.velocity[:, own],
        )


def limbs(people: tuple[Person, ...], performance: Performance, step_ticks: int) -> Limbs | None:
    """The capsules of everybody; None if nobody is there."""
    if not people:
        return None
    from ...body import body

    picked = np.arange(0, len(performance.time), EVERY)
    if len(picked) < 2:
        picked = np.arange(len(performance.time))
    capsules: list[Capsule] = []
    tops: list[Array] = []
    bottoms: list[Array] = []
    for p, person in enumerate(people):
        shape = body(person.identity)
        bones = shape.fk(performance.root[picked, p], performance.joints[picked, p].astype(np.float64))
        for c in shape.capsules:
            moved = bones[:, c.bone]
            for end, column in ((c.p0, bottoms), (c.p1, tops)):
                local = np.asarray(end) - shape.heads[c.bone]
                column.append(moved[:, :3, :3] @ local + moved[:, :3, 3])
            half = max(float(np.linalg.norm(np.asarray(c.p1) - np.asarray(c.p0))) / 2, 1e-4)
            capsules.append(Capsule(person=p, name=c.name, radius=float(c.radius), half=half))
    low, high = np.stack(bottoms, axis=1), np.stack(tops, axis=1)
    position = (low + high) / 2
    time = performance.time[picked].astype(np.int64)
    spacing = clock.seconds(int(time[1] - time[0])) if len(time) > 1 else 1.0
    velocity = np.zeros_like(position)
    velocity[:-1] = np.diff(position, axis=0) / spacing
    return Limbs(
        capsules=tuple(capsules),
        time=time,
        position=position,
        rotation=_along(high - low),
        velocity=velocity,
        step_ticks=step_ticks,
    )


def _along(direction: Array) -> Array:
    """Quaternions that turn Z on to directions, shape (..., 4), each near the one before it in time."""
    d = direction / np.maximum(np.linalg.norm(direction, axis=-1, keepdims=True), 1e-12)
    q = np.stack([1.0 + d[..., 2], -d[..., 1], d[..., 0], np.zeros(d.shape[:-1])], axis=-1)
    upside_down = q[..., 0] < 1e-6  # any half turn about a horizontal axis will do
    q[upside_down] = (0.0, 1.0, 0.0, 0.0)
    q /= np.linalg.norm(q, axis=-1, keepdims=True)
    for k in range(1, len(q)):
        q[k] *= np.where(np.sum(q[k] * q[k - 1], axis=-1, keepdims=True) < 0.0, -1.0, 1.0)
    return np.asarray(q)
