"""What stands in the way: sight lines from the lens, and room for the camera itself.

Everything that could hide a subject is a capsule (bodies, balls, poles) or a box (tables, walls, houses), moving as the
scene moves. Small loose things do not count: a ball that flies past a face is part of the action.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import library
from ..physics import shapes
from .framing import Setup
from .geometry import basis, tangents
from .stage import Stage
from .subjects import Subjects

Array = NDArray[Any]

SMALL_M = 0.35
"""Loose things smaller than this hide nobody."""
CLEAR_M, CLOSE_M = 0.12, 0.05
"""Room that a camera needs from people, and from things: one that looks at small things stands close over a table."""
HAIR_M = 0.03
"""Hair and clothes on top of a body's capsules."""
BLOCKED = 0.15
"""Part of its sight lines that a shot can do without."""
INTRUDED = 0.06
"""Part of the picture that people who are not its subjects may cover, standing before them."""
PROBES = (16, 9)
"""Sight lines across and down the picture by which that is found."""
LAST = 0.97
"""Part of a sight line that is looked at: what touches the subject does not hide it."""


@dataclass(frozen=True, kw_only=True)
class Solid:
    """One convex solid; `owner` is a thing's index, -1-p for person p, or None for the set."""

    owner: int | None
    ends: Callable[[Array], Array] | None = None
    """(K, 2, 3) ends of a capsule at ticks (K,)."""
    radius: float = 0.0
    pose: Callable[[Array], tuple[Array, Array]] | None = None
    """Centre (K, 3) and axes (K, 3, 3) as columns, of a box at ticks (K,)."""
    half: Array | None = None
    small: bool = False

    def gap(self, points: Array, ticks: Array) -> Array:
        """Distance (K,) of points (K, 3) from the surface at ticks (K,); inside it is at most 0."""
        if self.ends is not None:
            a, b = np.moveaxis(self.ends(ticks), 1, 0)
            return np.asarray(_segments(points, points, a, b) - self.radius)
        centre, local, _ = self._local(points, points, ticks)
        assert self.half is not None
        return np.asarray(np.linalg.norm(np.maximum(np.abs(local) - self.half, 0.0), axis=-1) + 0 * centre[..., 0])

    def crosses(self, start: Array, stop: Array, ticks: Array) -> Array:
        """Which of the segments (K, 3) … (K, 3) go through it at ticks (K,)."""
        if self.ends is not None:
            a, b = np.moveaxis(self.ends(ticks), 1, 0)
            return np.asarray(_segments(start, stop, a, b) < self.radius)
        _, p, q = self._local(start, stop, ticks)
        assert self.half is not None
        d = np.where(np.abs(q - p) < 1e-12, 1e-12, q - p)
        t0, t1 = (-self.half - p) / d, (self.half - p) / d
        enter, leave = np.minimum(t0, t1).max(axis=-1), np.maximum(t0, t1).min(axis=-1)
        return np.asarray((enter < leave) & (leave > 0) & (enter < 1))

    def _local(self, start: Array, stop: Array, ticks: Array) -> tuple[Array, Array, Array]:
        assert self.pose is not None
        centre, axes = self.pose(ticks)
        return (
            centre,
            np.einsum("kji,kj->ki", axes, start - centre),
            np.einsum("kji,kj->ki", axes, stop - centre),
        )


def _segments(p: Array, q: Array, a: Array, b: Array) -> Array:
    """Least distance (K,) between segments p…q and a…b, each (K, 3) (Ericson, Real-Time Collision Detection, 5.1.9)."""
    d1, d2, r = q - p, b - a, p - a
    aa, ee, f = (d1 * d1).sum(-1), (d2 * d2).sum(-1), (d2 * r).sum(-1)
    c, bb = (d1 * r).sum(-1), (d1 * d2).sum(-1)
    safe_a, safe_e = np.maximum(aa, 1e-12), np.maximum(ee, 1e-12)
    denominator = aa * ee - bb * bb
    s = np.where(denominator > 1e-12, np.clip((bb * f - c * ee) / np.maximum(denominator, 1e-12), 0, 1), 0.0)
    t = (bb * s + f) / safe_e
    s = np.where(t < 0, np.clip(-c / safe_a, 0, 1), np.where(t > 1, np.clip((bb - c) / safe_a, 0, 1), s))
    t = np.clip(t, 0, 1)
    return np.asarray(np.linalg.norm((p + d1 * s[..., None]) - (a + d2 * t[..., None]), axis=-1))


class Sight:
    """The solids of a scene."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @cached_property
    def solids(self) -> tuple[Solid, ...]:
        """Bodies, things and what the set's entry says stands there."""
        found = [*self._set()]
        for n in range(len(self.stage.things)):
            found += self._thing(n)
        for p in range(len(self.stage.people)):
            found += self._person(p)
        return tuple(found)

    def blocked(
        self, position: Array, targets: Array, ticks: Array, subjects: Subjects, owners: tuple[int, ...]
    ) -> float:
        """Part 0…1 of the sight lines on the subject that is seen worst.

        Args:
            position: (K, 3) the lens.
            targets: (K, S, 3) points on the subjects.
            ticks: (K,) when.
            owners: (S,) whose points they are: a thing's index, or -1-p.
        """
        worst = 0.0
        mine = set(subjects.things)
        for owner in dict.fromkeys(owners):
            own = [k for k, o in enumerate(owners) if o == owner]
            hidden = np.zeros((len(ticks), len(own)), dtype=bool)
            for solid in self.solids:
                if solid.small or solid.owner == owner or (owner >= 0 and solid.owner in mine):
                    continue
                for column, k in enumerate(own):
                    stop = position + (targets[:, k] - position) * LAST
                    hidden[:, column] |= solid.crosses(position, stop, ticks)
            worst = max(worst, float(hidden.mean()))
        return worst

    def intruded(self, seen: Sequence[Setup], ticks: Array, aspect: float, subjects: Subjects) -> float:
        """Part 0…1 of the picture that is covered by people who are none of its subjects and stand before them.

        Args:
            seen: the camera at ticks (K,).
        """
        others = [s for s in self.solids if s.owner is not None and s.owner < 0 and -1 - s.owner not in subjects.people]
        if not others:
            return 0.0
        x, y = np.meshgrid(*((np.arange(n) + 0.5) / n * 2 - 1 for n in PROBES))
        count, starts, stops = x.size, [], []
        for camera in seen:
            wide, high = tangents(camera.lens_mm, aspect)
            rays = np.stack([x.ravel() * wide, y.ravel() * high, np.ones(count)], axis=1)
            starts.append(np.tile(camera.position, (count, 1)))
            stops.append(starts[-1] + rays @ basis(camera.yaw, camera.pitch) * max(camera.depth, 0.0))
        start, stop, when = np.concatenate(starts), np.concatenate(stops), np.repeat(ticks, count)
        covered = np.zeros(len(when), dtype=bool)
        for solid in others:
            covered |= solid.crosses(start, stop, when)
        return float(covered.reshape(len(ticks), -1).mean(axis=1).max())

    def free(self, positions: Array, ticks: Array, *, besides: frozenset[int] = frozenset()) -> Array:
        """Which positions (K, 3) have room for a camera at ticks (K,); solids of owners `besides` do not count."""
        room = np.ones(len(ticks), dtype=bool)
        for solid in self.solids:
            if solid.owner in besides:
                continue
            person = solid.owner is not None and solid.owner < 0
            room &= solid.gap(positions, ticks) > (CLEAR_M if person else 0.02 if solid.small else CLOSE_M)
        return room

    def _set(self) -> list[Solid]:
        out = []
        for x0, y0, z0, x1, y1, z1 in library.set_(self.stage.place.set).obstacles:
            low, high = np.array([x0, y0, z0]), np.array([x1, y1, z1])
            out.append(Solid(owner=None, pose=_still((low + high) / 2), half=(high - low) / 2))
        return out

    def _thing(self, n: int) -> list[Solid]:
        thing, out = self.stage.things[n], []
        small = not thing.fixed and max(thing.size) < SMALL_M
        for part in shapes.parts(thing):
            at, turn = np.array(part.position), shapes.matrix(part.rotation)
            size = np.array(part.size)
            if part.shape in ("sphere", "capsule"):
                radius = float(size[0]) / 2
                reach = 0.0 if part.shape == "sphere" else float(size[2]) / 2 - radius
                ends = at + np.outer([-reach, reach], turn[:, 2])
                out.append(Solid(owner=n, ends=self._ends(n, ends), radius=radius, small=small))
            elif part.shape in ("box", "cylinder"):
                out.append(Solid(owner=n, pose=self._box(n, at, turn), half=size / 2, small=small))
        return out

    def _ends(self, n: int, ends: Array) -> Callable[[Array], Array]:
        def at(ticks: Array) -> Array:
            rows = self.stage.rows(ticks)
            turn = shapes.matrix(self.stage.thing_rotation[rows, n])
            return np.asarray(np.einsum("kij,ej->kei", turn, ends) + self.stage.thing_position[rows, n][:, None])

        return at

    def _box(self, n: int, at: Array, turn: Array) -> Callable[[Array], tuple[Array, Array]]:
        def pose(ticks: Array) -> tuple[Array, Array]:
            rows = self.stage.rows(ticks)
            axes = shapes.matrix(self.stage.thing_rotation[rows, n])
            return np.einsum("kij,j->ki", axes, at) + self.stage.thing_position[rows, n], axes @ turn

        return pose

    def _person(self, p: int) -> list[Solid]:
        def ends(c: int) -> Callable[[Array], Array]:
            def at(ticks: Array) -> Array:
                rows = np.searchsorted(self.stage.flesh_time, ticks).clip(0, len(self.stage.flesh_time) - 1)
                return np.asarray(self.stage.person_flesh[rows, p, c])

            return at

        radii = self.stage.flesh_radius[p]
        return [Solid(owner=-1 - p, ends=ends(c), radius=float(r) + HAIR_M) for c, r in enumerate(radii)]


def _still(centre: Array) -> Callable[[Array], tuple[Array, Array]]:
    def pose(ticks: Array) -> tuple[Array, Array]:
        count = len(ticks)
        return np.broadcast_to(centre, (count, 3)), np.broadcast_to(np.eye(3), (count, 3, 3))

    return pose
