"""Points followed through a shot, spread over all of the picture: a plain floor counts as much as a lively wall.

As in `observers._tracks`, but every part of the picture gets its share of points, however weak its corners are beside
those elsewhere: where a camera stands is told by what is near and far, left and right, not by many points at one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Picture
from ..observers._tracks import CORNER, followed, small_of

Array = NDArray[Any]

CELLS = (10, 6)
"""Across and down."""
PER_CELL, APART_PX = 9, 6
"""Points of a cell, and how far they are from each other [px of the small picture]."""
WEAK = CORNER / 3
"""The least strength of a corner here: what is followed wrongly is found out later."""
RENEWED = 4
"""New points are looked for after so many pictures."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """Those of one picture."""

    small: Array  # (h, w) uint8
    scale: float
    ids: Array  # (N,) int64
    at: Array  # (N, 2) float32 [px of the small picture]
    made: int
    """Points that were ever found."""
    age: int

    @property
    def in_film(self) -> Array:
        """(N, 2) float64 [px of the film]; the middle of a small pixel is not that of a large one."""
        return np.asarray((self.at.astype(np.float64) + 0.5) * self.scale - 0.5)


def begin(picture: Picture) -> Points:
    """The points of the first picture of a shot."""
    small, scale = small_of(picture)
    empty = np.zeros((0, 2), dtype=np.float32)
    return _renewed(Points(small=small, scale=scale, ids=np.zeros(0, dtype=np.int64), at=empty, made=0, age=0))


def go_on(points: Points, picture: Picture) -> Points:
    """Where they are in the next picture, and new ones."""
    small, scale = small_of(picture)
    if small.shape != points.small.shape:
        return begin(picture)
    found, at = followed(points.small, small, points.at)
    kept = Points(small=small, scale=scale, ids=points.ids[found], at=at[found], made=points.made, age=points.age + 1)
    return _renewed(kept) if kept.age >= RENEWED or len(kept.ids) < len(points.ids) // 2 else kept


def _renewed(points: Points) -> Points:
    import cv2

    small = points.small
    height, width = small.shape
    if min(small.shape) < 16:
        return points
    corner = cv2.cornerMinEigenVal(small, 5, ksize=3)
    free: Any = np.ones(small.shape, dtype=np.uint8)
    for x, y in points.at:
        cv2.circle(free, (round(float(x)), round(float(y))), APART_PX, (0.0,), -1)
    highest = cv2.dilate(corner, np.ones((2 * APART_PX + 1,) * 2, dtype=np.uint8))
    y, x = np.nonzero((corner >= highest) & (free > 0) & (corner > WEAK))
    order = np.argsort(-corner[y, x], kind="stable")
    place = np.stack([x, y], axis=1)[order].astype(np.float32)
    room = np.full(CELLS[0] * CELLS[1], PER_CELL)
    np.subtract.at(room, _cell(points.at, width, height), 1)
    cell = _cell(place, width, height)
    # The n-th of its cell is taken if there is room for n.
    rank = np.zeros(len(cell), dtype=int)
    for n in np.unique(cell):
        rank[cell == n] = np.arange(np.count_nonzero(cell == n))
    fresh = place[rank < room[cell]]
    ids = np.concatenate([points.ids, points.made + np.arange(len(fresh), dtype=np.int64)])
    return Points(
        small=small, scale=points.scale, ids=ids, at=np.concatenate([points.at, fresh]), made=points.made + len(fresh),
        age=0,
    )  # fmt: skip


def _cell(at: Array, width: int, height: int) -> Array:
    column = np.clip((at[:, 0] * CELLS[0] / width).astype(int), 0, CELLS[0] - 1)
    row = np.clip((at[:, 1] * CELLS[1] / height).astype(int), 0, CELLS[1] - 1)
    return np.asarray(row * CELLS[0] + column)
