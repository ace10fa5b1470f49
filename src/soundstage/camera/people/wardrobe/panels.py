"""Panels: where on its piece of cloth a point of a garment lies, so that patterns run as a tailor would lay them.

Cloth is flat before it is sewn. Each face of a garment belongs to a panel (front, back, sleeve, front or back of a leg),
and its corners get two lengths on it [m]: across the panel, from its middle line, and down it. They are made once, in
rest pose, so patterns stay on the cloth however it moves; at seams, where panels meet, patterns break as they do on
clothes. What is neither a trunk, an arm nor a leg (hats, shoes) is laid flat from the side it faces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Patch
from .measure import ARM, Measures, weight_of

Array = NDArray[Any]

SECTORS = 48
STEP_M = 0.015
"""Height of the rings whose outlines are measured [m]."""
SMOOTHING = 3
"""Rounds in which neighbouring rings and directions are evened out: the pattern need not know every wrinkle."""

LEAN_M = 0.05
"""Height over the shoulder line from which on a panel's lean counts in full [m]."""


def laid_flat(m: Measures, covers: str, patch: Patch) -> Patch:
    """The patch with texture coordinates [m] on its panels: across from the middle line, and up."""
    middles = [patch.vertices[block].mean(axis=1) for block in patch.faces]
    uv = [_facing(patch.vertices[block]) for block in patch.faces]
    if covers in ("top", "legs", "skirt", "dress", "one_piece", "socks"):
        arm = [weight_of(patch.bones, patch.weights, ARM)[block].mean(axis=1) > 0.5 for block in patch.faces]
        for tube, mine in _tubes(m, covers, patch, middles, arm):
            for k, block in enumerate(patch.faces):
                if mine[k].any():
                    uv[k][mine[k]] = tube.corners(patch.vertices[block[mine[k]]], middles[k][mine[k]])
    return replace(patch, uv=tuple(uv))


def _facing(corners: Array) -> Array:
    """(F, c, 2) faces seen along the axis that each of them faces most."""
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    axis = np.abs(across).argmax(axis=1)
    planes = np.array([(1, 2), (0, 2), (0, 1)])[axis]
    return np.asarray(np.take_along_axis(corners, planes[:, None, :], axis=2))


def _tubes(
    m: Measures, covers: str, patch: Patch, middles: list[Array], arm: list[Array]
) -> Iterator[tuple[_Tube, list[Array]]]:
    """The tubes a garment consists of, and which faces of every block belong to each."""
    v, carried = patch.vertices, weight_of(patch.bones, patch.weights, ARM) > 0.5
    legs = covers in ("legs", "socks")
    for side, sign in (("L", 1.0), ("R", -1.0)):
        if covers in ("top", "dress", "one_piece") and (carried & (v[:, 0] * sign > 0)).any():
            axis = np.array([m.head(f"{b}.{side}") for b in ("upperarm01", "lowerarm01", "wrist")])
            own = v[carried & (v[:, 0] * sign > 0)]
            yield (
                _Tube.round(own, axis, towards=(0.0, 0.0, 1.0)),
                [a & (c[:, 0] * sign > 0) for a, c in zip(arm, middles, strict=True)],
            )
        if legs:
            axis = np.array([m.head(f"{b}.{side}") for b in ("upperleg01", "lowerleg01", "foot")])
            axis = np.concatenate([axis[:1] + [[0.0, 0.0, 0.3 * m.size]], axis])
            own = v[v[:, 0] * sign > 0]
            yield _Tube.round(own, axis, towards=(0.0, -1.0, 0.0), seams=True), [c[:, 0] * sign > 0 for c in middles]
    if not legs:
        own = v[~carried]
        shoulder = m.head("upperarm01.L")
        axis = np.array([[0.0, shoulder[1], own[:, 2].max() + 0.01], [0.0, shoulder[1], own[:, 2].min() - 0.01]])
        trunk = _Tube.round(own, axis, towards=(0.0, -1.0, 0.0), seams=True, shoulder=m.armpit + 0.02 * m.size)
        yield trunk, [~a for a in arm]


@dataclass(frozen=True)
class _Tube:
    """Cloth round a bent axis, measured ring by ring."""

    axis: Array  # (k, 3) from its upper to its lower end
    towards: Array  # (3,) where the middle line of the front panel faces
    arcs: Array  # (L, SECTORS + 1) length from the middle line round to each direction, -pi … pi [m]
    outline: Array  # (L, SECTORS + 1, 2) the rings seen from above, for a trunk
    start: float
    seams: bool
    """A front and a back panel, sewn together at the sides; else one panel, sewn together opposite its middle line."""
    shoulder: float
    """Height over which a trunk's panels lean in to the shoulders [m]."""

    @classmethod
    def round(
        cls, points: Array, axis: Array, *, towards: tuple[float, float, float], seams: bool = False,
        shoulder: float = np.inf,
    ) -> _Tube:  # fmt: skip
        """The tube on which points (n, 3) lie."""
        empty = cls(
            axis, np.array(towards), np.zeros((1, SECTORS + 1)), np.zeros((1, SECTORS + 1, 2)), 0.0, seams, shoulder
        )
        along, angle, radius = empty._place(points)
        start = float(along.min())
        rows = int((along.max() - start) / STEP_M) + 2
        radii = np.zeros((rows, SECTORS))
        at = np.arange(SECTORS) * 2 * np.pi / SECTORS - np.pi
        for row in range(rows):
            near = np.abs(along - start - row * STEP_M) < 1.5 * STEP_M
            if near.sum() < 6:
                radii[row] = radii[row - 1] if row else radius.mean()
                continue
            order = np.argsort(angle[near])
            radii[row] = np.interp(at, angle[near][order], radius[near][order], period=2 * np.pi)
        for _ in range(SMOOTHING):
            radii = (np.roll(radii, 1, axis=1) + radii + np.roll(radii, -1, axis=1)) / 3
            padded = np.concatenate([radii[:1], radii, radii[-1:]])
            radii = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
        closed = np.concatenate([radii, radii[:, :1]], axis=1)
        ring = closed[..., None] * np.stack([np.sin([*at, np.pi]), np.cos([*at, np.pi])], axis=-1)
        steps = np.linalg.norm(np.diff(ring, axis=1), axis=2)
        arcs = np.concatenate([np.zeros((rows, 1)), np.cumsum(steps, axis=1)], axis=1)
        outline = axis[0, :2] + ring * [1.0, -1.0]
        return replace(empty, arcs=arcs - arcs[:, SECTORS // 2, None], outline=outline, start=start)

    def corners(self, corners: Array, middles: Array) -> Array:
        """(F, c, 2) corners (F, c, 3) of faces with such middles (F, 3) on their panels [m]."""
        count, flat = corners.shape[1], corners.reshape(-1, 3)
        turn = np.repeat(self._place(middles)[1], count)
        along, angle, _ = self._place(flat)
        angle = turn + (angle - turn + np.pi) % (2 * np.pi) - np.pi  # no face runs round past the seam
        across = self._arc(along, angle)
        if self.seams:
            back = np.abs(turn) > 0.5 * np.pi
            across = np.where(back, self._arc(along, np.where(turn > 0, np.pi, -np.pi)) - across, across)
        up = -along
        over = flat[:, 2] > self.shoulder
        if over.any():
            across[over], rise = self._over_shoulder(flat[over], turn[over])
            up[over] = self.shoulder - self.axis[0, 2] + rise
        return np.asarray(np.stack([across, up], axis=-1).reshape(len(corners), count, 2))

    def _over_shoulder(self, points: Array, turn: Array) -> tuple[Array, Array]:
        """Above the shoulder line a panel goes straight up and leans in: across and up from that line [m]."""
        row = int(np.clip((self.axis[0, 2] - self.shoulder - self.start) / STEP_M, 0, len(self.arcs) - 1))
        at = np.arange(SECTORS + 1) * 2 * np.pi / SECTORS - np.pi
        across, rise = np.zeros(len(points)), np.zeros(len(points))
        for back in (False, True):
            mine = (np.abs(turn) > 0.5 * np.pi) == back
            panel = np.abs(at) >= 0.5 * np.pi if back else np.abs(at) <= 0.5 * np.pi
            x, y = self.outline[row, panel].T
            arc = self.arcs[row, panel]
            if back:
                arc = np.where(at[panel] > 0, self.arcs[row, -1], self.arcs[row, 0]) - arc
            order = np.argsort(x)
            x, y, arc = x[order], y[order], arc[order]
            p = points[mine]
            across[mine] = np.interp(p[:, 0], x, arc)
            over = p[:, 2] - self.shoulder
            lean = np.abs(p[:, 1] - np.interp(p[:, 0], x, y)) * np.clip(over / LEAN_M, 0.0, 1.0)
            rise[mine] = np.hypot(over, lean)
        return across, rise

    def _arc(self, along: Array, angle: Array) -> Array:
        row = np.clip((along - self.start) / STEP_M, 0.0, len(self.arcs) - 1.001)
        column = np.clip((angle + np.pi) / (2 * np.pi) * SECTORS, -0.5 * SECTORS, 1.5 * SECTORS)
        r, c = row.astype(int), np.clip(np.floor(column), 0, SECTORS - 1).astype(int)
        t, s = row - r, column - c

        def at(rows: Array) -> Array:
            return np.asarray(self.arcs[rows, c] * (1 - s) + self.arcs[rows, c + 1] * s)

        return np.asarray(at(r) * (1 - t) + at(np.minimum(r + 1, len(self.arcs) - 1)) * t)

    def _place(self, points: Array) -> tuple[Array, Array, Array]:
        """How far along the axis points are [m], in which direction from it [rad] and how far [m]."""
        best = np.full(len(points), np.inf)
        along, angle, radius = (np.zeros(len(points)) for _ in range(3))
        length, last = 0.0, len(self.axis) - 2
        for k, (a, b) in enumerate(zip(self.axis[:-1], self.axis[1:], strict=True)):
            reach = float(np.linalg.norm(b - a))
            axis = (b - a) / reach
            t = (points - a) @ axis
            t = np.clip(t, -np.inf if k == 0 else 0.0, np.inf if k == last else reach)
            offset = points - a - t[:, None] * axis
            distance = np.linalg.norm(offset, axis=1)
            front = self.towards - axis * (self.towards @ axis)
            front = front / np.linalg.norm(front)
            side = np.cross(front, axis)
            nearer = distance < best
            best[nearer], radius[nearer] = distance[nearer], distance[nearer]
            along[nearer] = length + t[nearer]
            angle[nearer] = np.arctan2(offset[nearer] @ side, offset[nearer] @ front)
            length += reach
        return along, angle, radius
