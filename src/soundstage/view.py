"""A camera as a pinhole: from the world to pixels and back.

Pixels are counted from the middle of the picture's upper left one: x to the right, y down. The sensor is 36 mm wide;
the camera looks along its -Z with +Y up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .take import CameraPath

Array = NDArray[Any]

SENSOR_MM = 36.0


@dataclass(frozen=True, kw_only=True)
class View:
    """A camera: from the world to pixels and back."""

    position: Array  # (3,) [m]
    turn: Array  # (3, 3): camera axes → world axes
    lens_mm: float
    size: tuple[int, int]
    """Width and height [px]."""

    @staticmethod
    def of(camera: CameraPath, row: int, size: tuple[int, int]) -> View:
        """The camera of one frame, for a picture of `size`."""
        return View(
            position=np.asarray(camera.position[row], dtype=np.float64),
            turn=matrix(camera.rotation[row]),
            lens_mm=float(camera.lens_mm[row]),
            size=size,
        )

    @property
    def focal_px(self) -> float:
        """Focal length [px]."""
        return self.lens_mm / SENSOR_MM * self.size[0]

    def project(self, points: Array) -> Array:
        """Pixels and depth (…, 3) of points (…, 3) [m]; depth is along the axis, ≤ 0 behind the camera."""
        eye = (np.asarray(points, dtype=np.float64) - self.position) @ self.turn
        depth = -eye[..., 2]
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        x = (self.size[0] - 1) / 2 + self.focal_px * eye[..., 0] / safe
        y = (self.size[1] - 1) / 2 - self.focal_px * eye[..., 1] / safe
        return np.stack([x, y, depth], axis=-1)

    def rays(self, pixels: Array) -> Array:
        """Sight lines (…, 3) in the world through pixels (…, 2), of depth 1 along the axis (not of unit length)."""
        at = np.asarray(pixels, dtype=np.float64)
        x = (at[..., 0] - (self.size[0] - 1) / 2) / self.focal_px
        y = ((self.size[1] - 1) / 2 - at[..., 1]) / self.focal_px
        return np.asarray(np.stack([x, y, -np.ones_like(x)], axis=-1) @ self.turn.T)

    def points(self, depth: Array) -> Array:
        """World points (H, W, 3) behind the middle of every pixel, from their depth (H, W) along the axis [m]."""
        rows, columns = np.indices(depth.shape)
        with np.errstate(invalid="ignore"):  # an infinite depth along an axis of the world
            along = self.rays(np.stack([columns, rows], axis=-1)) * depth[..., None].astype(np.float64)
        return np.asarray(self.position + along)

    def scaled(self, size: tuple[int, int]) -> View:
        """The same camera with a picture of another size."""
        return View(position=self.position, turn=self.turn, lens_mm=self.lens_mm, size=size)

    def same(self, other: View) -> bool:
        """Whether both stand and look exactly alike."""
        return (
            self.lens_mm == other.lens_mm
            and np.array_equal(self.position, other.position)
            and np.array_equal(self.turn, other.turn)
        )


def matrix(q: Array) -> Array:
    """Rotation matrix (3, 3) of a quaternion wxyz."""
    w, x, y, z = np.asarray(q, dtype=np.float64) / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
