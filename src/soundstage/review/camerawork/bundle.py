"""Cameras and points that explain where points were seen: bundle adjustment (Triggs et al. 2000).

All cameras and all points are found at once, so that the error that is left in the picture is least. The points are
taken out of the equations first (Schur complement), which leaves a small dense system of the cameras. What is known of
the world comes in as priors: a point lies on a plane, a point is somewhere, a camera stands where it is said to stand.
Without any of these, scale and place of the whole would be free.

Points that are followed wrongly, or move, weigh less and less (Geman and McClure's weights, wide at first, then
narrow), so a start some pixels away still finds its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...view import View

Array = NDArray[Any]

ITERATIONS = 40
WIDEST_PX, NEAR_PX, NARROWEST_PX = 30.0, 2.0, 0.6
"""Scale of the weights at the start, from near, and the least at the end [px]."""
NEAR_M = 0.02
WEAK = 1e-4
"""Information that holds points and cameras where the pictures say nothing, as part of what they say elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Sights:
    """Where points were seen: K sights."""

    camera: Array  # (K,) int
    point: Array  # (K,) int
    at: Array  # (K, 2) [px]

    def of(self, which: Array) -> Sights:
        """Some of them."""
        return Sights(camera=self.camera[which], point=self.point[which], at=self.at[which])


@dataclass(frozen=True, kw_only=True)
class Cameras:
    """N cameras, all with pictures of one size."""

    position: Array  # (N, 3) [m]
    turn: Array  # (N, 3, 3) camera axes → world axes
    focal: Array  # (N,) [px]
    size: tuple[int, int]

    @staticmethod
    def of(views: Sequence[View]) -> Cameras:
        return Cameras(
            position=np.array([view.position for view in views]),
            turn=np.array([view.turn for view in views]),
            focal=np.array([view.focal_px for view in views]),
            size=views[0].size,
        )

    def some(self, which: Any) -> Cameras:
        """Some of them, in any order."""
        return replace(self, position=self.position[which], turn=self.turn[which], focal=self.focal[which])

    def rays(self, camera: Array, at: Array) -> Array:
        """(K, 3) sight lines in the world through pixels (K, 2) of cameras (K,), of depth 1."""
        x = (at[:, 0] - (self.size[0] - 1) / 2) / self.focal[camera]
        y = ((self.size[1] - 1) / 2 - at[:, 1]) / self.focal[camera]
        return np.asarray(np.einsum("kij,kj->ki", self.turn[camera], np.stack([x, y, -np.ones_like(x)], axis=-1)))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of M points: each may lie on a plane, n·X = d, or be at a place; with no error, nothing is."""

    normal: Array  # (M, 3)
    offset: Array  # (M,)
    off_plane_m: Array  # (M,) standard error; inf: on none
    place: Array  # (M, 3)
    off_place_m: Array  # (M,) standard error; inf: anywhere


@dataclass(frozen=True, kw_only=True)
class Freedom:
    """What of the cameras is looked for."""

    moves: bool = True
    zooms: bool = False
    held: int | None = None
    """The camera that stands where it is said to stand; None: the points alone say where all are."""

    @property
    def columns(self) -> Array:
        """Of rotation (3), position (3), logarithm of the focal length (1)."""
        return np.array([0, 1, 2, *((3, 4, 5) if self.moves else ()), *((6,) if self.zooms else ())])


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What explains the sights best."""

    cameras: Cameras
    points: Array  # (M, 3) [m]
    residual: Array  # (K,) [px]
    weight: Array  # (K,) 0…1
    spread_px: float
    """Standard deviation of one coordinate of the sights that count."""
    turn_error: Array  # (N,) standard error of the rotation [rad]
    place_error: Array  # (N,) … of the position [m]
    zoom_error: Array  # (N,) … of the focal length, as part of it


def adjust(
    cameras: Cameras, points: Array, sights: Sights, known: Known, freedom: Freedom, *, near: bool = False
) -> Solution:
    """Cameras and points of least error, from a start that is about right, or `near` to right already."""
    widest = NEAR_PX if near else WIDEST_PX
    cost = np.inf
    for _ in range(ITERATIONS):
        error, a, b = _linear(cameras, points, sights)
        residual = np.hypot(error[:, 0], error[:, 1])
        scale = max(min(widest, 3.0 * float(np.median(residual)) + 0.2), NARROWEST_PX)
        weight = _weight(residual, scale)
        system = _System(cameras, points, known, freedom, sights, weight)
        turn_by, points_by = system.step(error, a, b)
        cameras = _moved(cameras, turn_by, freedom)
        points = points + points_by
        now = float(np.sum(np.minimum(residual, 3 * scale) ** 2))
        settled = abs(cost - now) < 3e-4 * now and widest <= NEAR_PX
        cost, widest = now, max(widest * 0.6, NEAR_PX)
        if settled:
            break
    error, a, b = _linear(cameras, points, sights)
    residual = np.hypot(error[:, 0], error[:, 1])
    scale = max(3.0 * float(np.median(residual)), NARROWEST_PX)
    weight = _weight(residual, scale)
    inner = weight > 0.25
    count = max(2 * int(inner.sum()) - len(cameras.focal) * len(freedom.columns) - 3 * len(points), 1)
    spread = float(np.sqrt(np.sum(residual[inner] ** 2) / max(count, int(inner.sum()) // 2, 1)))
    covariance = _System(cameras, points, known, freedom, sights, weight).covariance(a, b, spread)
    return Solution(
        cameras=cameras, points=points, residual=residual, weight=weight, spread_px=spread,
        turn_error=np.sqrt(covariance[:, :3].sum(axis=1)), place_error=np.sqrt(covariance[:, 3:6].sum(axis=1)),
        zoom_error=np.sqrt(covariance[:, 6]),
    )  # fmt: skip


def resect(cameras: Cameras, points: Array, sights: Sights, freedom: Freedom) -> tuple[Cameras, Array]:
    """Each camera by itself, from points that are known (PnP); and (N,) how many sights of each agree."""
    columns = freedom.columns
    n, m = len(cameras.focal), len(columns)
    for k in range(14):
        error, a, _ = _linear(cameras, points, sights)
        residual = np.hypot(error[:, 0], error[:, 1])
        weight = _weight(residual, max(20.0 * 0.6**k, 1.5))
        a = a[:, :, columns] * weight[:, None, None]
        normal = np.zeros((n, m, m))
        right = np.zeros((n, m))
        np.add.at(normal, sights.camera, np.einsum("kri,krj->kij", a, a))
        np.add.at(right, sights.camera, np.einsum("kri,kr->ki", a, error * weight[:, None]))
        normal += np.eye(m) * (1e-9 + 1e-6 * np.trace(normal, axis1=1, axis2=2)[:, None, None] / m)
        step = np.zeros((n, 7))
        step[:, columns] = np.linalg.solve(normal, right[..., None])[..., 0]
        cameras = _moved(cameras, step, freedom)
    agree = np.zeros(n, dtype=int)
    np.add.at(agree, sights.camera, residual < 1.5)
    return cameras, agree


def _weight(residual: Array, scale: float) -> Array:
    return np.asarray(1.0 / (1.0 + (residual / scale) ** 2) ** 2)


def _linear(cameras: Cameras, points: Array, sights: Sights) -> tuple[Array, Array, Array]:
    """Error (K, 2) [px], seen minus expected, and its derivatives: (K, 2, 7) by the camera, (K, 2, 3) by the point."""
    turn, focal = cameras.turn[sights.camera], cameras.focal[sights.camera]
    eye = np.einsum("kij,ki->kj", turn, points[sights.point] - cameras.position[sights.camera])
    depth = np.maximum(-eye[:, 2], NEAR_M)
    x, y = focal * eye[:, 0] / depth, -focal * eye[:, 1] / depth
    middle = (np.array(cameras.size) - 1) / 2
    error = sights.at - middle - np.stack([x, y], axis=1)
    by_eye = np.zeros((len(x), 2, 3))
    by_eye[:, 0, 0], by_eye[:, 1, 1] = focal / depth, -focal / depth
    by_eye[:, 0, 2], by_eye[:, 1, 2] = x / depth, y / depth
    a = np.empty((len(x), 2, 7))
    cross = np.zeros((len(x), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -eye[:, 2], eye[:, 1], -eye[:, 0]
    cross -= cross.transpose(0, 2, 1)
    a[:, :, :3] = by_eye @ cross
    b = by_eye @ turn.transpose(0, 2, 1)
    a[:, :, 3:6] = -b
    a[:, :, 6] = np.stack([x, y], axis=1)
    behind = -eye[:, 2] <= NEAR_M
    error[behind], a[behind], b[behind] = 1e3, 0.0, 0.0
    return error, a, b


def _moved(cameras: Cameras, step: Array, freedom: Freedom) -> Cameras:
    from scipy.spatial.transform import Rotation

    turn = cameras.turn @ Rotation.from_rotvec(step[:, :3]).as_matrix()
    position = cameras.position + step[:, 3:6] if freedom.moves else cameras.position
    focal = cameras.focal * np.exp(np.clip(step[:, 6], -0.2, 0.2)) if freedom.zooms else cameras.focal
    return Cameras(position=position, turn=turn, focal=focal, size=cameras.size)


class _System:
    """The normal equations of one step."""

    def __init__(
        self, cameras: Cameras, points: Array, known: Known, freedom: Freedom, sights: Sights, weight: Array
    ) -> None:
        self.sights, self.weight, self.freedom = sights, weight, freedom
        self.n, self.count = len(cameras.focal), len(points)
        self.columns = freedom.columns
        height = np.einsum("mi,mi->m", known.normal, points) - known.offset
        # A point that insists on not being on its plane (a leaf over the lawn) is let off it.
        off = np.where(np.isfinite(known.off_plane_m), known.off_plane_m, 1.0)
        plane = np.where(np.isfinite(known.off_plane_m), _weight(height / off, 3.0) / off**2, 0.0)
        place = np.where(np.isfinite(known.off_place_m), 1.0 / np.maximum(known.off_place_m, 1e-6) ** 2, 0.0)
        away = np.where(np.isfinite(known.place), points - known.place, 0.0)
        pulled = _weight(np.linalg.norm(away, axis=1) / np.where(place > 0, known.off_place_m, 1.0), 3.0) * place
        self.own = np.einsum("m,mi,mj->mij", plane, known.normal, known.normal) + pulled[:, None, None] * np.eye(3)
        self.pull = -plane[:, None] * known.normal * height[:, None] - pulled[:, None] * away

    def _reduced(self, a: Array, b: Array) -> tuple[Array, Array, Array, Array]:
        """Of the cameras alone: the matrix; and what brings the points back in."""
        a = a[:, :, self.columns]
        w, m = self.weight[:, None, None], len(self.columns)
        cameras = np.zeros((self.n, m, m))
        points = self.own.copy()
        np.add.at(cameras, self.sights.camera, np.einsum("kri,krj->kij", a * w, a))
        np.add.at(points, self.sights.point, np.einsum("kri,krj->kij", b * w, b))
        trace = np.trace(points, axis1=1, axis2=2)
        points += np.eye(3) * (WEAK * trace + 1e-9)[:, None, None]
        root = np.linalg.cholesky(np.linalg.inv(points))
        mixed = np.zeros((self.n, m, self.count, 3))
        mixed[self.sights.camera, :, self.sights.point] = np.einsum("kri,krj->kij", a * w, b) @ root[self.sights.point]
        flat = mixed.reshape(self.n * m, -1)
        matrix = -flat @ flat.T
        for n in range(self.n):
            own = cameras[n] + np.eye(m) * 1e-9
            if self.freedom.held == n:
                own = own + np.diag(np.maximum(np.diag(own), 1.0)) * 1e8
            matrix[n * m : n * m + m, n * m : n * m + m] += own
        matrix[np.diag_indices_from(matrix)] *= 1.0 + 1e-7
        return matrix, flat, root, a

    def step(self, error: Array, a: Array, b: Array) -> tuple[Array, Array]:
        """(N, 7) of the cameras and (M, 3) of the points."""
        matrix, flat, root, a = self._reduced(a, b)
        weighted = error * self.weight[:, None]
        cameras = np.zeros((self.n, len(self.columns)))
        points = self.pull.copy()
        np.add.at(cameras, self.sights.camera, np.einsum("kri,kr->ki", a, weighted))
        np.add.at(points, self.sights.point, np.einsum("kri,kr->ki", b, weighted))
        half = np.einsum("mji,mj->mi", root, points)
        right = cameras.ravel() - flat @ half.ravel()
        found = np.linalg.solve(matrix, right)
        back = half - (flat.T @ found).reshape(-1, 3)
        step = np.zeros((self.n, 7))
        step[:, self.columns] = found.reshape(self.n, -1)
        return step, np.einsum("mij,mj->mi", root, back)

    def covariance(self, a: Array, b: Array, spread: float) -> Array:
        """(N, 7) variance of each camera's numbers."""
        matrix = self._reduced(a, b)[0]
        variance = np.zeros((self.n, 7))
        found = np.maximum(np.diag(np.linalg.pinv(matrix, hermitian=True)), 0.0) * spread**2
        variance[:, self.columns] = found.reshape(self.n, -1)
        return variance
