"""Jumps of a camera within a shot: a step that fits neither the one before nor the one after."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundle import Cameras

Array = NDArray[Any]

LEAST_DEG = 0.12
"""Smaller jumps are not seen: a tenth of a degree is 1.4 px of 640 at 35 mm."""
PART = 0.3
"""Of its own length, or that of its neighbours, a step may stand out …"""
USUAL = 6.0
"""… or by so many times what is usual in the shot: a camera in the hand is never quite even."""
EDGE_DEG = 20.0
"""From the middle of a picture to its edge, about: what zooming moves there counts like turning."""


def steps(cameras: Cameras, distance_m: Array) -> Array:
    """How the view changes from picture to picture, (N-1, 7) [deg]: turned, gone as seen at a distance (N,), zoomed."""
    from scipy.spatial.transform import Rotation

    between = np.einsum("nji,njk->nik", cameras.turn[:-1], cameras.turn[1:])
    turned = np.degrees(Rotation.from_matrix(between).as_rotvec())
    gone = np.einsum("nji,nj->ni", cameras.turn[:-1], np.diff(cameras.position, axis=0))
    gone = np.degrees(gone / np.maximum(distance_m[:-1, None], 0.1))
    zoomed = EDGE_DEG * np.diff(np.log(cameras.focal))
    return np.column_stack([turned, gone, zoomed])


def jumps(step: Array, known: Array | None = None) -> list[tuple[int, float]]:
    """Steps (N-1, 7) that jump: their index and by how much [deg]; `known` (N-1,) says which can be judged."""
    count = len(step)
    if count < 4:
        return []
    off = np.zeros(count)
    for k in range(1, count - 1):
        off[k] = _from_segment(step[k], step[k - 1], step[k + 1])
    size = np.linalg.norm(step, axis=1)
    around = np.maximum(size, np.maximum(np.roll(size, 1), np.roll(size, -1)))
    limit = np.maximum(np.maximum(LEAST_DEG, PART * around), USUAL * float(np.median(off[1:-1])))
    found = []
    for k in np.flatnonzero(off > limit):
        judged = known is None or known[max(k - 1, 0) : k + 2].all()
        # A jump makes its neighbours stand out as well: the largest is it.
        if judged and off[k] >= off[max(k - 1, 0) : k + 2].max():
            found.append((int(k), float(off[k])))
    return found


def _from_segment(point: Array, one: Array, other: Array) -> float:
    """Distance of a point from the line between two others."""
    along = other - one
    length = float(along @ along)
    share = float(np.clip((point - one) @ along / length, 0.0, 1.0)) if length > 1e-18 else 0.0
    return float(np.linalg.norm(point - one - share * along))
