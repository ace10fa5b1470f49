"""Single hairs that move with the skin (lashes, brows, beards), as thin tapered ribbons."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .patch import Patch

Array = NDArray[Any]


def ribbons(paths: Array, width: Array | float, outward: Array) -> tuple[Patch, Array]:
    """Ribbons along paths (m, k, 3), tapered to a point, flat side towards `outward` (m, 3).

    Returns the (unbound) patch and, per vertex, the row of its path. `width` [m] at the root, one or one per path.
    """
    count, steps = paths.shape[:2]
    along = np.gradient(paths, axis=1)
    side = np.cross(along, outward[:, None, :])
    side /= np.maximum(np.linalg.norm(side, axis=2, keepdims=True), 1e-12)
    taper = np.linspace(1.0, 0.0, steps)[None, :] ** 0.6
    half = 0.5 * np.broadcast_to(np.asarray(width, dtype=float), (count,))[:, None] * taper
    left = paths[:, :-1] - side[:, :-1] * half[:, :-1, None]
    right = paths[:, :-1] + side[:, :-1] * half[:, :-1, None]
    both = np.stack([left, right], axis=2).reshape(count, -1, 3)
    vertices = np.concatenate([both, paths[:, -1:]], axis=1)
    per = vertices.shape[1]
    quads = np.array([(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(steps - 2)]).reshape(-1, 4)
    tips = np.array([[per - 3, per - 2, per - 1]])
    start = np.arange(count)[:, None, None] * per
    patch = Patch(
        vertices=vertices.reshape(-1, 3),
        faces=((start + quads).reshape(-1, 4), (start + tips).reshape(-1, 3)),
        bones=np.zeros((count * per, 1), dtype=np.int64),
        weights=np.ones((count * per, 1)),
    )
    return patch, np.repeat(np.arange(count), per)


def resampled(curve: Array, at: Array) -> Array:
    """Points (m, 3) on a polyline (k, 3) at parts 0…1 of its length, smooth through its corners (Catmull-Rom)."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    where = np.interp(np.clip(at, 0, 1) * lengths[-1], lengths, np.arange(len(curve)))
    i = np.clip(np.floor(where).astype(int), 0, len(curve) - 2)
    t = (where - i)[:, None]
    p0, p1 = curve[np.maximum(i - 1, 0)], curve[i]
    p2, p3 = curve[i + 1], curve[np.minimum(i + 2, len(curve) - 1)]
    return np.asarray(
        0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    )
