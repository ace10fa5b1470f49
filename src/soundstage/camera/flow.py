"""Where in other frames lies what a frame shows of people: exact, from the poses of the Take.

The skin of every body is drawn in both frames. What wears or grows on it (clothes, hair) goes along with the skin
that is nearest in the picture.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..body import body
from ..poses import poses_at
from ..raster import NEAR_M, Canvas
from ..take import Take
from ..view import View

Array = NDArray[Any]

KEPT = 6
"""Frames whose skins are remembered."""
HIDDEN_M = 0.006
"""What lies so far behind what is seen in another frame is hidden there: lips are thicker."""
STRETCH = 2.5
"""Skin that is so much larger or smaller in the other frame is seen there under another angle altogether."""


@dataclass(frozen=True)
class Skins:
    """The skin of everybody in one frame."""

    spots: Array  # (V, 3) pixels and depth [m]
    seen: Array  # (H, W) triangle that is seen, -1: none
    near: Array  # (H, W) reciprocal of its depth [1/m]
    focal_px: float


@dataclass(frozen=True)
class Way:
    """From a frame to another one."""

    flow: Array  # (H, W, 2) [px]
    known: Array  # (H, W) bool: it is seen in the other frame, too


class People:
    """Everybody of a Take, in any of its frames."""

    def __init__(self, take: Take, size: tuple[int, int]) -> None:
        self.take, self.size = take, size
        self._bodies = [body(person.identity) for person in take.people]
        triangles, first = [], 0
        for one in self._bodies:
            faces = np.asarray(one.faces)
            split = [faces[:, [0, k, k + 1]] for k in range(1, faces.shape[1] - 1)]
            triangles.append(np.concatenate(split) + first)
            first += len(one.vertices)
        self.triangles = np.concatenate(triangles) if triangles else np.zeros((0, 3), dtype=np.int64)
        self._skins: OrderedDict[int, Skins] = OrderedDict()

    def skins(self, row: int) -> Skins:
        """Those of a frame."""
        if row not in self._skins:
            while len(self._skins) >= KEPT:
                self._skins.popitem(last=False)
            self._skins[row] = self._drawn(row)
        return self._skins[row]

    def _drawn(self, row: int) -> Skins:
        shown = poses_at(self.take, self.take.camera.time[row : row + 1])
        vertices = [
            one.skin(shown.root[0, k], shown.joints[0, k], shown.face[0, k]) for k, one in enumerate(self._bodies)
        ]
        view = View.of(self.take.camera, row, self.size)
        spots = view.project(np.concatenate(vertices)) if vertices else np.zeros((0, 3))
        corners = spots[self.triangles]
        front = (corners[..., 2] > NEAR_M).all(axis=1) & (_area(corners) < 0.0)
        canvas = Canvas(self.size)
        which = np.flatnonzero(front)
        canvas.mark(corners[which, :, :2], 1.0 / corners[which, :, 2], which)
        return Skins(spots, *canvas.marks(), view.focal_px)

    def ways(self, row: int, others: tuple[int, ...]) -> tuple[list[Way], Array]:
        """From a frame to others, and how far (H, W) each pixel is from the nearest skin [m]; infinite without any."""
        here = self.skins(row)
        on = here.seen >= 0
        height, width = on.shape
        if not on.any():
            none = Way(np.zeros((height, width, 2), dtype=np.float32), np.zeros(on.shape, dtype=bool))
            return [none for _ in others], np.full(on.shape, np.inf)
        corners = self.triangles[here.seen[on]]
        share = _shares(here.spots[corners][:, :, :2], np.argwhere(on)[:, ::-1])
        away, label = cv2.distanceTransformWithLabels(
            (~on).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        nearest = np.zeros(int(label.max()) + 1, dtype=np.int64)
        nearest[label[on]] = np.arange(int(on.sum()))
        nearest = nearest[label]
        found = [self._way(here, self.skins(other), on, corners, share, nearest) for other in others]
        depth = (1.0 / here.near[on])[nearest]
        return found, away * depth / here.focal_px

    def _way(self, here: Skins, there: Skins, on: Array, corners: Array, share: Array, nearest: Array) -> Way:
        start, end = here.spots[corners], there.spots[corners]  # (N, 3 corners, 3)
        at = (end * share[..., None]).sum(axis=1)
        flow = (at - (start * share[..., None]).sum(axis=1))[:, :2]
        height, width = on.shape
        x = np.clip(np.rint(at[:, 0]), 0, width - 1).astype(np.int64)
        y = np.clip(np.rint(at[:, 1]), 0, height - 1).astype(np.int64)
        inside = (at[:, 0] > -0.5) & (at[:, 0] < width - 0.5) & (at[:, 1] > -0.5) & (at[:, 1] < height - 0.5)
        pixel_m = at[:, 2] / there.focal_px
        front = 1.0 / np.maximum(there.near[y, x], 1e-9)
        visible = (there.seen[y, x] < 0) | (at[:, 2] < front + HIDDEN_M + 2.0 * pixel_m)
        ratio = _area(end) / np.minimum(_area(start), -1e-9)
        known = inside & visible & (ratio > 1.0 / STRETCH) & (ratio < STRETCH) & (end[..., 2] > NEAR_M).all(axis=1)
        return Way(flow[nearest].astype(np.float32), known[nearest])


def _area(corners: Array) -> Array:
    """Twice the signed area (T,) of triangles (T, 3, 2 or more) [px²]; negative where the outside is seen."""
    a, b, c = (corners[:, k, :2] for k in range(3))
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))


def _shares(corners: Array, points: Array) -> Array:
    """Shares (N, 3) of the corners of triangles (N, 3, 2) at points in them (N, 2)."""
    a, b, c = (corners[:, k] for k in range(3))
    u, v, w = b - a, c - a, points - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(np.abs(area) < 1e-9, 1e-9, area)
    second = np.clip((w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area, 0.0, 1.0)
    third = np.clip((u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / area, 0.0, 1.0 - second)
    return np.stack([1.0 - second - third, second, third], axis=1)


__all__ = ["People", "Skins", "Way"]
