"""Straps, rolls and pads: pieces that are laid along lines on a body instead of being cut from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Patch, Surface, bound
from ..strands import resampled
from . import sew

Array = NDArray[Any]


class Host:
    """A body's surface that pieces are laid on and move with."""

    def __init__(self, patch: Patch) -> None:
        self.patch = patch
        self.surface = Surface(patch.vertices, patch.triangles())

    def on(self, guess: Array, off: float) -> tuple[Array, Array]:
        """Points (n, 3) laid on the surface and stood off by `off` [m], and the outward unit normals there."""
        anchor, _ = self.surface.nearest(guess)
        normals = anchor.blend(self.surface.normals)
        normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        return anchor.blend(self.patch.vertices) + normals * off, normals

    def carry(self, piece: Patch) -> Patch:
        """The piece carried by the surface next to each of its vertices."""
        anchor, _ = self.surface.nearest(piece.vertices)
        return bound(piece, self.patch, anchor, actions=())

    def carry_stiffly(self, piece: Patch, at: Array) -> Patch:
        """The piece carried in one by the surface next to a point (3,): it does not bend."""
        anchor, _ = self.surface.nearest(np.tile(at, (piece.count, 1)))
        return bound(piece, self.patch, anchor, actions=())


def strap(line: Array, out: Array, *, width: float, thickness: float, slot: int = sew.MAIN, steps: int = 24) -> Patch:
    """A flat band along points (k, 3), its broad side facing `out` (k, 3); open at its ends [m]."""
    return roll(line, out, wide=0.5 * width, high=0.5 * thickness, slot=slot, steps=steps, square=True)


def roll(
    line: Array, out: Array, *, wide: float | Array, high: float | Array, slot: int = sew.MAIN, steps: int = 24,
    square: bool = False,
) -> Patch:  # fmt: skip
    """A roll of cloth along points (k, 3): half its breadth and height [m], one number or one per step."""
    at = np.linspace(0.0, 1.0, steps)
    path = resampled(line, at)
    facing = np.stack([np.interp(at, np.linspace(0, 1, len(out)), out[:, c]) for c in range(3)], axis=1)
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    side = np.cross(along, facing)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(side, along)
    angle = (np.arange(8) + 0.5) * np.pi / 4
    x, y = np.cos(angle), np.sin(angle)
    if square:
        x, y = np.sign(x) * np.abs(x) ** 0.3, np.sign(y) * np.abs(y) ** 0.6
    broad, tall = (np.broadcast_to(v, steps)[:, None, None] for v in (np.asarray(wide), np.asarray(high)))
    ring = path[:, None] + broad * side[:, None] * x[:, None] + tall * up[:, None] * y[:, None]
    index = np.arange(steps * 8).reshape(steps, 8)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    caps = np.stack([index[0][::-1], index[-1]])
    return sew.plain(ring.reshape(-1, 3), (quads, caps), slot=slot)


def pad(centre: Array, half: Array, *, slot: int = sew.MAIN, roundness: float = 0.45) -> Patch:
    """A box with round edges about a centre (3,), of half extents (3,) [m]."""
    rows, columns = 13, 24
    v = np.linspace(-0.5 * np.pi, 0.5 * np.pi, rows)[:, None]
    u = np.linspace(-np.pi, np.pi, columns, endpoint=False)[None]

    def power(value: Array) -> Array:
        return np.asarray(np.sign(value) * np.abs(value) ** roundness)

    unit = np.stack(
        [power(np.cos(v)) * power(np.cos(u)), power(np.cos(v)) * power(np.sin(u)), power(np.sin(v)) + 0.0 * u], axis=-1
    )
    index = np.arange(rows * columns).reshape(rows, columns)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    return sew.plain((centre + unit * half).reshape(-1, 3), (quads,), slot=slot)
