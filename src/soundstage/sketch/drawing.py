"""Frames of a sketch, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..poses import poses_at
from ..raster import NEAR_M, Canvas, least, most
from ..take import Take
from ..view import View, matrix
from .figures import figure
from .places import Light, backdrop, furniture, light
from .solids import Solid, solid

Array = NDArray[Any]

AMBIENT = 0.62
"""Brightness of what is turned from the light."""
SHADOW = 0.62
"""Brightness of ground in shadow."""
SPECK_PX = 3
"""Triangles no larger than this are drawn into shadows by their corners alone."""
LONGEST_SHADOW = 4.0
"""Shadows of a low sun are drawn no longer than this many times the height."""


def sketch(take: Take, *, size: tuple[int, int], rows: Sequence[int] | None = None) -> Iterator[Array]:
    """Frames of a scene as (H, W, 3) uint8: who and what is where, does what, when, as its camera sees; all by default.

    People wear flat colours, the ground has a grid of metres; no textures, no materials, no bounced light.
    """
    stage = _Stage(take, size)
    for row in range(len(take.camera.time)) if rows is None else rows:
        yield stage.frame(row)


@dataclass(frozen=True)
class _Part:
    """A thing or a person as it is posed now."""

    points: Array  # (V, 3) [m]
    triangles: Array  # (T, 3) indices of points
    colours: Array  # (T, 3) 0…1
    open: Array | bool
    """(T,) seen from both sides."""


def _standing(shape: Solid) -> _Part:
    corners = shape.triangles.reshape(-1, 3)
    return _Part(corners, np.arange(len(corners)).reshape(-1, 3), shape.colours, False)


class _Stage:
    """One scene."""

    def __init__(self, take: Take, size: tuple[int, int]) -> None:
        self.take = take
        self.size = size
        self.light = light(take.place)
        self.solids = [solid(thing) for thing in take.things]
        self.furniture = [_standing(piece) for piece in furniture(take.place)]
        self.figures = [figure(person) for person in take.people]
        self.poses = poses_at(take, np.asarray(take.camera.time))
        self.behind: tuple[View, Array, Array] | None = None

    def frame(self, row: int) -> Array:
        """One frame."""
        view = View.of(self.take.camera, row, self.size)
        if self.behind is None or not view.same(self.behind[0]):
            self.behind = (view, *backdrop(self.take.place, view))
        _, empty, ground = self.behind
        parts = list(self._parts(row))
        background = empty.copy()
        dark = ground & self._shadow(parts, view)
        background[dark] = (background[dark] * SHADOW).astype(np.uint8)
        canvas = Canvas(self.size)
        for part in parts:
            _draw(canvas, view, part, self.light)
        return canvas.over(background)

    def _parts(self, row: int) -> Iterator[_Part]:
        p = self.poses
        yield from self.furniture
        for n, shape in enumerate(self.solids):
            corners = shape.triangles.reshape(-1, 3) @ matrix(p.thing_rotation[row, n]).T + p.thing_position[row, n]
            yield _Part(corners, np.arange(len(corners)).reshape(-1, 3), shape.colours, False)
        for k, person in enumerate(self.figures):
            skin = person.body.skin(p.root[row, k], p.joints[row, k], p.face[row, k])
            yield _Part(skin, person.triangles, person.colours, person.open)

    def _shadow(self, parts: list[_Part], view: View) -> Array:
        """(H, W) bool: ground that the light does not reach."""
        import cv2

        vision: Any = cv2  # its stubs want a colour of four numbers
        width, height = self.size
        mask = np.zeros((height, width), dtype=np.uint8)
        towards = self.light.towards
        slope = towards[:2] / max(towards[2], 1e-6)
        slope = slope * min(1.0, LONGEST_SHADOW / max(float(np.linalg.norm(slope)), 1e-9))
        for part in parts:
            foot = part.points.copy()
            foot[:, :2] -= foot[:, 2:] * slope
            foot[:, 2] = 0.0
            seen = view.project(foot)
            spots = np.clip(np.rint(seen[:, :2]), -9999, 9999).astype(np.int32)
            ahead = seen[:, 2] > NEAR_M
            inside = ahead & ((spots >= 0) & (spots < [width, height])).all(axis=1)
            mask[spots[inside, 1], spots[inside, 0]] = 1
            flat = spots[part.triangles[least(ahead[part.triangles])]]
            wide, tall = (most(flat) - least(flat)).T
            for triangle in flat[np.maximum(wide, tall) > SPECK_PX]:
                vision.fillConvexPoly(mask, triangle, 1)
        return np.asarray(vision.morphologyEx(mask, vision.MORPH_CLOSE, np.ones((SPECK_PX, SPECK_PX), np.uint8)) > 0)


def _draw(canvas: Canvas, view: View, part: _Part, lit: Light) -> None:
    seen = view.project(part.points)
    corners, depth = seen[part.triangles, :2], seen[part.triangles, 2]
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    turned = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    # Pixels count downwards: what is seen from outside turns the other way. Open surfaces are seen from both sides.
    shown = (least(depth) > NEAR_M) & ((turned < -1e-9) | (part.open & (turned > 1e-9)))
    if not shown.any():
        return
    p, q, r = (part.points[part.triangles[shown, k]] for k in range(3))
    facing = np.cross(q - p, r - p)
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-12)
    away = turned[shown] > 0  # of an open surface, the side that is seen is the one that is lit
    bright = AMBIENT + (1.15 - AMBIENT) * np.clip(np.where(away, -1.0, 1.0) * (facing @ lit.towards), 0.0, 1.0)
    tone = np.clip(part.colours[shown] * (bright * lit.dim)[:, None], 0.0, 1.0) * 255
    canvas.fill(corners[shown], 1.0 / depth[shown], tone.astype(np.uint8))
