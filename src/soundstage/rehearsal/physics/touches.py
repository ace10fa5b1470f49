"""Logs contacts step by step and merges the engine's contact points into one row per pair of parts and step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...take import Array
from .records import Touches
from .shapes import matrix
from .world import World

CHUNK = 256
"""Steps logged before they are merged."""
QUIET_SPEED = 5e-4
"""A contact slower than this in every way is at rest [m/s]."""
QUIET_EVERY = 8
"""Of contacts at rest one step in so many is kept."""
STEADY_SPEED = 0.005
"""While nothing approaches or parts faster than this, nothing is struck [m/s] …"""
STEADY_EVERY = 4
"""… and one step in so many is logged."""


class TouchLog:
    """Feed it every step, then ask for `touches()`."""

    def __init__(self, world: World, capsule_velocity: Array | None = None) -> None:
        """`capsule_velocity` of people's limbs, shape (C, 3), is a live array that the run keeps up to date."""
        self._world = world
        owners = np.array([g.owner for g in world.geoms], dtype=np.int32)
        names = [(g.owner, g.part) for g in world.geoms]
        unique = {name: n for n, name in enumerate(dict.fromkeys(names))}
        self._owner = owners
        count = len(world.things)
        moving = np.array([g.owner >= 0 and world.qpos[g.owner] >= 0 for g in world.geoms])
        self._rank = np.where(moving, owners, np.where(owners >= 0, count + owners, 2 * count - owners))
        self._part = np.array([unique[name] for name in names], dtype=np.int64)
        self._parts = len(unique)
        self._round = np.array([g.surface.round for g in world.geoms])
        self._capsule_velocity = capsule_velocity
        self._first_capsule = len(world.geoms) - (0 if capsule_velocity is None else len(capsule_velocity))
        self._rows: list[dict[str, Array]] = []
        self._pending: list[tuple[Any, ...]] = []
        self._count = 0

    def add(self, step: int, data: Any, qpos: Array, qvel: Array) -> None:
        """Take in the contacts of one step; `qpos` and `qvel` are those before the step."""
        if not data.nefc:
            return
        contact = data.contact
        address = contact.efc_address
        if (address < 0).any():
            address = np.maximum(address, 0)
            force = data.efc_force[address] * (contact.efc_address >= 0)
        else:
            force = data.efc_force[address]
        count, self._count = self._count, len(address)
        steady = count == len(address) and float(np.abs(data.efc_vel[address]).max()) < STEADY_SPEED
        if steady and step % STEADY_EVERY:
            return
        if not force.any():
            return
        limbs = None if self._capsule_velocity is None else self._capsule_velocity.copy()
        self._pending.append(
            (
                step,
                contact.geom.copy(),
                contact.pos.copy(),
                contact.frame[:, :3].copy(),
                contact.dist.copy(),
                force,
                qpos.copy(),
                qvel.copy(),
                limbs,
                STEADY_EVERY if steady else 1,
            )
        )
        if len(self._pending) >= CHUNK:
            self._merge()

    def touches(self) -> Touches:
        """Everything logged so far."""
        self._merge()
        names = list(Touches.__dataclass_fields__)
        if not self._rows:
            shape = {"point": (0, 3), "normal": (0, 3)}
            kinds = {"pair": np.int64, "step": np.int64, "span": np.int64, "a": np.int32, "b": np.int32}
            return Touches(**{n: np.zeros(shape.get(n, (0,)), dtype=kinds.get(n, np.float64)) for n in names})
        columns = {n: np.concatenate([rows[n] for rows in self._rows]) for n in names}
        order = np.lexsort((columns["step"], columns["pair"]))
        return Touches(**{n: c[order] for n, c in columns.items()})

    def _merge(self) -> None:
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        counts = [len(p[5]) for p in pending]
        frame = np.repeat(np.arange(len(pending)), counts)
        step = np.array([p[0] for p in pending], dtype=np.int64)[frame]
        geom = np.concatenate([p[1] for p in pending])
        point, normal = np.concatenate([p[2] for p in pending]), np.concatenate([p[3] for p in pending])
        depth, force = -np.concatenate([p[4] for p in pending]), np.concatenate([p[5] for p in pending])
        live = force > 0.0
        span = np.array([p[9] for p in pending], dtype=np.int64)[frame][live]
        frame, step, geom, point, normal = frame[live], step[live], geom[live], point[live], normal[live]
        depth, force = depth[live], force[live]
        # a is the thing that moves, or of two the one that comes first
        ga, gb = geom[:, 0], geom[:, 1]
        ra, rb = self._rank[ga], self._rank[gb]
        swap = rb < ra
        ga, gb = np.where(swap, gb, ga), np.where(swap, ga, gb)
        normal = np.where(swap[:, None], -normal, normal)
        qpos, qvel = np.stack([p[6] for p in pending]), np.stack([p[7] for p in pending])
        limbs = None if pending[0][8] is None else np.stack([p[8] for p in pending])
        va, ra = self._motion(ga, frame, point, qpos, qvel, limbs)
        vb, rb = self._motion(gb, frame, point, qpos, qvel, limbs)
        relative = vb - va
        approach = -np.einsum("ij,ij->i", relative, normal)
        slip = np.linalg.norm(relative + approach[:, None] * normal, axis=1)
        roll = np.maximum(_across(ra - rb, normal) * self._round[ga], _across(rb - ra, normal) * self._round[gb])
        pair = self._part[ga] * self._parts + self._part[gb]
        self._rows.append(
            _reduce(
                pair,
                step,
                span,
                self._owner[ga],
                self._owner[gb],
                ga,
                gb,
                force,
                point,
                normal,
                depth,
                approach,
                slip,
                roll,
            )
        )

    def _motion(
        self, geom: Array, frame: Array, point: Array, qpos: Array, qvel: Array, limbs: Array | None
    ) -> tuple[Array, Array]:
        """Velocity of the material point, and the part of it that is the body's turning, both shape (M, 3)."""
        velocity, turning = np.zeros_like(point), np.zeros_like(point)
        owner = self._owner[geom]
        address = np.where(owner >= 0, self._world.qvel[np.maximum(owner, 0)], -1) if len(self._world.qvel) else owner
        moving = np.flatnonzero((owner >= 0) & (address >= 0))
        if len(moving):
            v, f = address[moving], frame[moving]
            q = self._world.qpos[owner[moving]]
            centre = np.stack([qpos[f, q + i] for i in range(3)], axis=1)
            turned = matrix(np.stack([qpos[f, q + 3 + i] for i in range(4)], axis=1))
            linear = np.stack([qvel[f, v + i] for i in range(3)], axis=1)
            spin = np.einsum("nij,nj->ni", turned, np.stack([qvel[f, v + 3 + i] for i in range(3)], axis=1))
            turning[moving] = np.cross(spin, point[moving] - centre)
            velocity[moving] = linear + turning[moving]
        people = np.flatnonzero(owner <= -2)
        if len(people) and limbs is not None:
            velocity[people] = limbs[frame[people], geom[people] - self._first_capsule]
        return velocity, turning


def _across(vector: Array, normal: Array) -> Array:
    along = np.einsum("ij,ij->i", vector, normal)
    return np.asarray(np.linalg.norm(vector - along[:, None] * normal, axis=1))


def _reduce(
    pair: Array,
    step: Array,
    span: Array,
    a: Array,
    b: Array,
    geom_a: Array,
    geom_b: Array,
    force: Array,
    point: Array,
    normal: Array,
    depth: Array,
    approach: Array,
    slip: Array,
    roll: Array,
) -> dict[str, Array]:
    """One row per (pair, step): forces added, places and speeds weighted by force, the fastest approach."""
    order = np.lexsort((step, pair))
    pair, step = pair[order], step[order]
    first = np.flatnonzero(np.r_[True, (np.diff(pair) != 0) | (np.diff(step) != 0)])
    force, weight = force[order], force[order]
    total = np.add.reduceat(force, first)

    def mean(column: Array) -> Array:
        column = column[order]
        w = weight if column.ndim == 1 else weight[:, None]
        summed = np.add.reduceat(column * w, first, axis=0)
        return np.asarray(summed / (total if column.ndim == 1 else total[:, None]))

    direction = mean(normal)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    rows = {
        "pair": pair[first],
        "step": step[first],
        "span": span[order][first],
        "a": a[order][first],
        "b": b[order][first],
        "geom_a": geom_a[order][first],
        "geom_b": geom_b[order][first],
        "force": total,
        "point": mean(point),
        "normal": direction,
        "depth": np.maximum.reduceat(depth[order], first),
        "approach": np.maximum.reduceat(approach[order], first),
        "slip": mean(slip),
        "roll": mean(roll),
    }
    quiet = (np.abs(rows["approach"]) < QUIET_SPEED) & (rows["slip"] < QUIET_SPEED) & (rows["roll"] < QUIET_SPEED)
    keep = ~quiet | (rows["step"] % QUIET_EVERY == 0)
    rows["span"] = np.where(quiet & (rows["span"] > 1), QUIET_EVERY, rows["span"])
    keep |= rows["span"] == 1
    return {name: column[keep] for name, column in rows.items()}
