"""Where everything is at given instants of a Take: its samples, interpolated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .take import Take

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Poses:
    """Poses of everything at K instants."""

    thing_position: Array  # (K, N, 3)
    thing_rotation: Array  # (K, N, 4) wxyz, signs continuous over K
    root: Array  # (K, P, 3)
    joints: Array  # (K, P, J, 4)
    face: Array  # (K, P, 52)


def poses_at(take: Take, ticks: Array) -> Poses:
    """Poses at given ticks (K,), interpolated between the Take's samples."""
    time = take.time
    upper = np.clip(np.searchsorted(time, ticks, side="left"), 1 if len(time) > 1 else 0, len(time) - 1)
    lower = np.maximum(upper - 1, 0)
    span = np.maximum(time[upper] - time[lower], 1)
    share = np.clip((ticks - time[lower]) / span, 0.0, 1.0)
    return Poses(
        thing_position=_lerp(take.thing_position, lower, upper, share),
        thing_rotation=continuous(_nlerp(take.thing_rotation, lower, upper, share)),
        root=_lerp(take.person_root, lower, upper, share),
        joints=continuous(_nlerp(take.person_joints, lower, upper, share)),
        face=_lerp(take.person_face, lower, upper, share),
    )


def _lerp(track: Array, lower: Array, upper: Array, share: Array) -> Array:
    s = share.reshape(-1, *([1] * (track.ndim - 1)))
    return np.asarray(track[lower] * (1 - s) + track[upper] * s)


def _nlerp(track: Array, lower: Array, upper: Array, share: Array) -> Array:
    """Quaternions on the short way between neighbours, of unit length."""
    a, b = np.asarray(track[lower], dtype=np.float64), np.asarray(track[upper], dtype=np.float64)
    b = np.where(np.sum(a * b, axis=-1, keepdims=True) < 0, -b, b)
    s = share.reshape(-1, *([1] * (track.ndim - 1)))
    q = a * (1 - s) + b * s
    return np.asarray(q / np.maximum(np.linalg.norm(q, axis=-1, keepdims=True), 1e-12))


def continuous(q: Array) -> Array:
    """The same rotations (K, …, 4) with signs chosen so that each lies next to the one before."""
    out = q.copy()
    for k in range(1, len(out)):
        flip = np.sum(out[k] * out[k - 1], axis=-1, keepdims=True) < 0
        out[k] = np.where(flip, -out[k], out[k])
    return out
