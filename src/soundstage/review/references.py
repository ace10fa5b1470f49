"""Frames of the film rendered once more by the plain way, and which point of the world their pixels show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .truth import View

Array = NDArray[Any]

BENT = 0.005
"""Neighbouring points are on one surface if the reciprocal of their depth bends by less than this part."""


def _pixels(path: Path) -> Array:
    import av

    with av.open(str(path)) as file:
        return np.asarray(next(file.decode(video=0)).to_ndarray(format="rgb24"))


@dataclass(frozen=True)
class Reference:
    """What one frame ought to look like."""

    frame: int
    picture: Path
    """PNG of the film's size."""
    surfaces: Path
    """.npz: `points` (rows, columns, 3) [m] behind the centres of pixels step / 2, 3 step / 2, …; NaN for the sky."""
    source: Path | None = None
    """PNG of the film's own frame as it was before it was encoded."""

    @cached_property
    def rgb(self) -> Array:
        """(H, W, 3) uint8."""
        return _pixels(self.picture)

    @cached_property
    def source_rgb(self) -> Array | None:
        """(H, W, 3) uint8 of the source."""
        return _pixels(self.source) if self.source else None

    @cached_property
    def _grid(self) -> tuple[Array, int]:
        with np.load(self.surfaces, allow_pickle=False) as data:
            return data["points"].astype(np.float64), int(data["step"])

    def points(self, pixels: Array, view: View) -> Array:
        """Points of the world (N, 3) that a camera sees at pixels (N, 2); NaN at edges, in the sky and at the border.

        Over a plane the reciprocal of depth is linear in pixels: so it is interpolated, and so edges are told.
        """
        grid, step = self._grid
        where = (np.asarray(pixels, dtype=np.float64) - step // 2) / step
        low = np.floor(where).astype(int)
        inside = np.all((low >= 1) & (low + 2 < np.array([grid.shape[1], grid.shape[0]])), axis=1)
        x, y = (np.where(inside, low[:, axis], 1)[:, None] + np.arange(-1, 3) for axis in (0, 1))
        near = 1.0 / view.project(grid[y[:, :, None], x[:, None, :]])[..., 2]  # (N, 4, 4), the cell in the middle
        bent = (
            np.abs(np.diff(near, n=2, axis=1)).min(axis=1)[:, 1:3],
            np.abs(np.diff(near, n=2, axis=2)).min(axis=2)[:, 1:3],
        )
        one = np.concatenate(bent, axis=1).max(axis=1) < BENT * near[:, 1, 1]  # False where any is NaN
        u, v = (where - low).T
        corners = near[:, 1:3, 1:3]
        across = corners[:, :, 0] * (1 - u[:, None]) + corners[:, :, 1] * u[:, None]
        depth = 1.0 / (across[:, 0] * (1 - v) + across[:, 1] * v)
        found = view.position + view.rays(pixels) * depth[:, None]
        found[~(inside & one)] = np.nan
        return np.asarray(found)

    def shown(self, pixels: Array, opening: View, view: View) -> Array:
        """Points of the world (N, 3) at pixels (N, 2) of another camera that sees about the same; NaN as in `points`.

        Args:
            opening: the camera that the reference's surfaces were seen by.
            view: the other one.
        """
        asked = np.asarray(pixels, dtype=np.float64)
        at = asked.copy()
        for _ in range(4):
            found = self.points(at, opening)
            at += np.nan_to_num(asked - view.project(found)[:, :2])
        found = self.points(at, opening)
        found[~(np.linalg.norm(view.project(found)[:, :2] - asked, axis=1) < 0.2)] = np.nan
        return found
