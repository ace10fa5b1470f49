"""Where things touch: clearances between things at rest, and lowering one on to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import mujoco
import numpy as np

from ...take import Array, Place, Thing
from . import world
from .shapes import support

TOUCH_M = 1e-5
"""Things this close touch [m]."""
SIDEWAYS = 0.05
"""Nearest points that lie so little above each other never meet when one sinks."""
STRIDE_M = 0.01
"""Longest sinking past something beside [m]."""


class Nest:
    """Things that can be put anywhere and asked for their distances."""

    def __init__(self, things: Sequence[Thing], place: Place) -> None:
        count = len(things)
        far = np.array([[0.0, 0.0, 1000.0 + 100.0 * n] for n in range(count)])
        upright = np.tile([1.0, 0.0, 0.0, 0.0], (count, 1))
        made = world.build(things, far, upright, place, step=1e-3, loose=True)
        self._things = tuple(things)
        self._model: Any = made.model
        self._data: Any = mujoco.MjData(made.model)
        self._qpos = made.qpos
        self._geoms = [[g for g, geom in enumerate(made.geoms) if geom.owner == n] for n in range(count)]
        mujoco.mj_kinematics(self._model, self._data)

    def put(self, n: int, position: Array, rotation: Array) -> None:
        """Put a thing somewhere."""
        q = self._qpos[n]
        self._data.qpos[q : q + 3] = position
        self._data.qpos[q + 3 : q + 7] = rotation
        mujoco.mj_kinematics(self._model, self._data)

    def position(self, n: int) -> Array:
        """Where a thing is, shape (3,)."""
        q = self._qpos[n]
        return np.array(self._data.qpos[q : q + 3])

    def above_ground(self, n: int) -> float:
        """Height of a thing's lowest point [m]."""
        q = self._qpos[n]
        return float(self._data.qpos[q + 2]) - underside(self._things[n], self._data.qpos[q + 3 : q + 7])

    def distance(self, n: int, others: Iterable[int], most: float = 1.0) -> tuple[float, int, float]:
        """Signed distance to the nearest of others, which one it is, and how much of the direction is vertical.

        (most, −1, 1.0) if all are further away.
        """
        best = (most, -1, 1.0)
        ends = np.zeros(6)
        for other in others:
            for a in self._geoms[n]:
                for b in self._geoms[other]:
                    apart = np.linalg.norm(self._data.geom_xpos[a] - self._data.geom_xpos[b])
                    if apart - self._model.geom_rbound[a] - self._model.geom_rbound[b] > best[0]:
                        continue
                    d = mujoco.mj_geomDistance(self._model, self._data, a, b, most, ends)
                    if d < best[0]:
                        line = ends[3:] - ends[:3]
                        length = float(np.linalg.norm(line))
                        best = (float(d), other, abs(float(line[2])) / length if length > 1e-12 else 1.0)
        return best

    def lower(self, n: int, others: Sequence[int], deepest: float) -> float | None:
        """Sink a thing until it touches one of others or the ground; how far it sank [m].

        None, with the thing back in its place, if nothing is met within `deepest`. Nothing is passed through: every
        step down is at most the distance to what lies below (conservative advancement).
        """
        start = self.position(n)
        sunk = 0.0
        while sunk <= deepest:
            step = self.above_ground(n)
            beside = False
            for other in others:
                d, found, vertical = self.distance(n, [other], most=max(step, TOUCH_M) + 0.1)
                if found < 0:
                    continue
                if vertical < SIDEWAYS:
                    beside = True
                    continue
                step = min(step, d)
            if step <= TOUCH_M:
                return sunk
            step = min(step, STRIDE_M) if beside else step
            sunk += step
            q = self._qpos[n]
            self._data.qpos[q + 2] -= step
            mujoco.mj_kinematics(self._model, self._data)
        q = self._qpos[n]
        self._data.qpos[q : q + 3] = start
        mujoco.mj_kinematics(self._model, self._data)
        return None


def underside(thing: Thing, rotation: Array) -> float:
    """How far a thing's lowest point lies under its frame's origin when it is turned so [m]."""
    if thing.shape == "compound" and abs(float(rotation[1])) + abs(float(rotation[2])) < 1e-9:
        return 0.0  # it stands on its origin, whatever of it lies lower (the buried foot of a ramp)
    return support(thing, rotation, (0.0, 0.0, -1.0))
