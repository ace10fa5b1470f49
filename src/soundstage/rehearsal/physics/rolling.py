"""Resistance to rolling and to spinning on the spot, as torques on round things.

`torque = c · N` against the turning, with the normal force N of the last step and c a length: the coefficient of
rolling resistance times the radius, and for spin about the normal the size of the patch that rubs. The engine's own
rolling friction is not used: it would push rolling things off the ground (see `contact_law.Law.grip`).
"""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from ...take import Array
from .world import World

STOP = 0.1
"""Most of the turning that resistance may take away in one step."""
LEAST_TURNING = 1e-4
"""[rad/s]"""


class Resistance:
    """Torques on the round things of a world; ask after every step, apply before the next."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._owner = np.array([g.owner if g.owner >= 0 and world.qpos[g.owner] >= 0 else -1 for g in world.geoms])
        self._round = np.array([g.surface.round for g in world.geoms]) & (self._owner >= 0)
        count = len(world.geoms)
        self._roll, self._spin = np.zeros((count, count)), np.zeros((count, count))
        for (a, b), law in world.laws.items():
            self._roll[a, b] = self._roll[b, a] = law.rolling
            self._spin[a, b] = self._spin[b, a] = law.spin
        self._body = [
            mujoco.mj_name2id(world.model, mujoco.mjtObj.mjOBJ_BODY, f"thing{n}") for n in range(len(world.things))
        ]
        self._any = bool(self._round.any())
        self._inertia = np.array(
            [
                0.0 if q < 0 else world.things[n].mass_kg * (world.things[n].size[0] / 2) ** 2
                for n, q in enumerate(world.qpos)
            ]
        )

    def torques(self, data: Any) -> list[tuple[int, Array]]:
        """(thing, torque in world axes [N·m]) for every round thing that turns against something it touches."""
        if not self._any or not data.nefc or not data.ncon:
            return []
        contact = data.contact
        geom, address = contact.geom, contact.efc_address
        picked = np.flatnonzero((address >= 0) & self._round[geom].any(axis=1))
        if not len(picked):
            return []
        force = data.efc_force[address[picked]]
        found: dict[int, Array] = {}
        for k, normal_force in zip(picked[force > 0.0], force[force > 0.0], strict=True):
            a, b = int(geom[k, 0]), int(geom[k, 1])
            normal = contact.frame[k, :3]
            for own, other in ((a, b), (b, a)):
                if self._round[own]:
                    torque = self._torque(data, own, other, normal, float(normal_force))
                    thing = int(self._owner[own])
                    found[thing] = found[thing] + torque if thing in found else torque
        return list(found.items())

    def _torque(self, data: Any, own: int, other: int, normal: Array, force: float) -> Array:
        thing = int(self._owner[own])
        turning = self._turning(data, thing) - self._turning(data, int(self._owner[other]))
        about = float(turning @ normal)
        across = turning - about * normal
        size = float(np.sqrt(across @ across))
        torque = np.zeros(3)
        limit = STOP * self._inertia[thing] / self._world.step
        if size > LEAST_TURNING:
            torque -= across * (min(self._roll[own, other] * force, limit * size) / size)
        if abs(about) > LEAST_TURNING:
            least = min(self._spin[own, other] * force, 0.3 * limit * abs(about))
            torque -= normal * (least if about > 0 else -least)
        return torque

    def _turning(self, data: Any, thing: int) -> Array:
        if thing < 0:
            return np.zeros(3)
        v = self._world.qvel[thing]
        return np.asarray(data.xmat[self._body[thing]].reshape(3, 3) @ data.qvel[v + 3 : v + 6])
