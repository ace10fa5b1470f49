"""Triangles → pixels with a depth buffer, many at once in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NEAR_M = 0.05
BUCKETS = (2, 4, 7, 12, 20, 36, 64)
"""Triangles are filled together with those whose boxes are about as large [px]."""
AT_ONCE = 1_500_000
"""Pixels that are tried at once: what memory is taken."""


class Canvas:
    """A picture with depth, nearest wins: the upper half of each number is how near, the lower half what is there."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.width, self.height = size
        self._pixels = np.zeros(self.width * self.height, dtype=np.uint64)

    def fill(self, corners: Array, near: Array, colour: Array) -> None:
        """Draw triangles.

        Args:
            corners: (T, 3, 2) pixels; pixel centres have whole numbers.
            near: (T, 3) reciprocal of depth [1/m], > 0.
            colour: (T, 3) uint8.
        """
        red, green, blue = colour.astype(np.uint64).T
        self._draw(corners, near, (red << np.uint64(16)) | (green << np.uint64(8)) | blue)

    def mark(self, corners: Array, near: Array, number: Array) -> None:
        """Draw triangles as `fill` does, with a number (T,) ≥ 0 each instead of a colour."""
        self._draw(corners, near, number.astype(np.uint64))

    def _draw(self, corners: Array, near: Array, packed: Array) -> None:
        low = np.maximum(np.ceil(least(corners)), 0).astype(np.int64)
        high = np.minimum(np.floor(most(corners)), [self.width - 1, self.height - 1]).astype(np.int64)
        wide, tall = (high - low).T
        span = np.maximum(wide, tall) + 1
        shown = (wide >= 0) & (tall >= 0)
        planes = _planes(corners, near)
        smallest = 0
        for largest in (*BUCKETS, max(self.width, self.height)):
            rows = np.flatnonzero(shown & (span > smallest) & (span <= largest))
            step = max(1, AT_ONCE // (largest * largest))
            for start in range(0, len(rows), step):
                some = rows[start : start + step]
                self._fill(planes[some], low[some], high[some], packed[some], int((high - low)[some].max()) + 1)
            smallest = largest

    def _fill(self, planes: Array, low: Array, high: Array, packed: Array, reach: int) -> None:
        steps = np.arange(reach)
        x, y = low[:, 0, None] + steps, low[:, 1, None] + steps  # (T, reach)
        # Three edges and the nearness are each linear in x and y.
        value = planes[:, :, 0, None, None] * x[:, None, None, :] + planes[:, :, 1, None, None] * y[:, None, :, None]
        value += planes[:, :, 2, None, None]  # (T, 4, reach, reach)
        inside = (value[:, 0] >= 0) & (value[:, 1] >= 0) & (value[:, 2] >= 0)
        inside &= (x <= high[:, 0, None])[:, None, :] & (y <= high[:, 1, None])[:, :, None]
        which, row, column = np.nonzero(inside)
        if not len(which):
            return
        near = np.maximum(value[which, 3, row, column], 1e-9).astype(np.float32)
        number = (near.view(np.uint32).astype(np.uint64) << np.uint64(32)) | packed[which]
        np.maximum.at(self._pixels, y[which, row] * self.width + x[which, column], number)

    def marks(self) -> tuple[Array, Array]:
        """Number (H, W) int64 of what was marked, -1 where nothing was, and how near it is (H, W) [1/m]."""
        drawn = (self._pixels > 0).reshape(self.height, self.width)
        number = (self._pixels & np.uint64(0xFFFFFFFF)).astype(np.int64).reshape(drawn.shape)
        near = (self._pixels >> np.uint64(32)).astype(np.uint32).view(np.float32).reshape(drawn.shape)
        return np.where(drawn, number, -1), near

    def over(self, background: Array) -> Array:
        """(H, W, 3) uint8: what was drawn, over a background."""
        drawn = self._pixels > 0
        low = (self._pixels & np.uint64(0xFFFFFF)).astype(np.uint32)
        rgb = np.stack([low >> 16, (low >> 8) & 0xFF, low & 0xFF], axis=-1).astype(np.uint8)
        picture = background.reshape(-1, 3).copy()
        picture[drawn] = rgb[drawn]
        return picture.reshape(self.height, self.width, 3)


def least(corners: Array) -> Array:
    """Smallest of the three corners (T, 3, …); numpy is slow at reducing short axes."""
    return np.asarray(np.minimum(np.minimum(corners[:, 0], corners[:, 1]), corners[:, 2]))


def most(corners: Array) -> Array:
    """Largest of the three corners (T, 3, …)."""
    return np.asarray(np.maximum(np.maximum(corners[:, 0], corners[:, 1]), corners[:, 2]))


def _planes(corners: Array, near: Array) -> Array:
    """(T, 4, 3): coefficients of x, y and 1 of the three edges (≥ 0 inside) and of the nearness."""
    a, b, c = (corners[:, k].astype(np.float64) for k in range(3))
    area: Array = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    safe = np.where(np.abs(area) < 1e-9, np.inf, area)
    edges = []
    for p, q in ((b, c), (c, a), (a, b)):  # shares of the corners a, b, c
        dx, dy = (q - p).T / safe
        edges.append(np.stack([-dy, dx, p[:, 0] * dy - p[:, 1] * dx], axis=1))
    shares = np.stack(edges, axis=1)  # (T, 3, 3)
    depth = np.einsum("tk,tkm->tm", near, shares)
    # A hair's breadth outside counts as inside, so that no seam shows between neighbours.
    shares[:, :, 2] += 1e-6
    flat = np.isinf(safe)
    shares[flat] = [0.0, 0.0, -1.0]
    return np.concatenate([shares, depth[:, None]], axis=1)
