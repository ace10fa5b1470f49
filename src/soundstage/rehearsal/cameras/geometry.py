"""Directions, rotations and pictures: the geometry every part of the camera room shares.

A camera is yaw, pitch and roll [rad]: yaw is the heading it looks along (0 along +Y, anticlockwise from above), pitch
is up, roll turns it clockwise as its operator sees it. A place in the picture is a pair of tangents, right and up of
the optical axis: (0, 0) is the middle, (18 / lens_mm, ·) the right edge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...view import SENSOR_MM

Array = NDArray[Any]

MARGIN = 0.90
"""Part of the picture's half width and half height that subjects may fill."""
NEAREST_M = 0.15
"""Nothing the shot is about comes nearer to the lens than this."""
UP = np.array([0.0, 0.0, 1.0])


def tangents(lens_mm: Any, aspect: float) -> tuple[Any, Any]:
    """Half width and half height of the picture as tangents."""
    wide = SENSOR_MM / 2 / lens_mm
    return wide, wide / aspect


def direction(yaw: Any, pitch: Any) -> Array:
    """Unit vectors (…, 3) along which a camera looks."""
    yaw, pitch = np.broadcast_arrays(np.asarray(yaw, dtype=float), np.asarray(pitch, dtype=float))
    return np.stack([-np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)], axis=-1)


def yaw_pitch(ahead: Array) -> tuple[Array, Array]:
    """Yaw and pitch (…) of directions (…, 3) [rad]; straight up or down, north is up in the picture."""
    flat = np.hypot(ahead[..., 0], ahead[..., 1])
    steep = flat < 1e-6 * np.maximum(np.abs(ahead[..., 2]), 1e-12)
    yaw = np.where(steep, 0.0, np.arctan2(-ahead[..., 0], ahead[..., 1]))
    return yaw, np.arctan2(ahead[..., 2], flat)


def basis(yaw: Any, pitch: Any) -> Array:
    """Rows right, up, forward (…, 3, 3) of a level camera."""
    forward = direction(yaw, pitch)
    yaw = np.broadcast_to(np.asarray(yaw, dtype=float), forward.shape[:-1])
    right = np.stack([np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)], axis=-1)
    return np.stack([right, np.cross(right, forward), forward], axis=-2)


def rotation(yaw: Any, pitch: Any, roll: Any = 0.0) -> Array:
    """Quaternions wxyz (…, 4) of cameras that look along their -Z with +Y up; smooth wherever the angles are."""
    yaw, pitch, roll = np.broadcast_arrays(*(np.asarray(a, dtype=float) / 2 for a in (yaw, pitch, roll)))
    lift = pitch + np.pi / 4  # unturned, a camera looks straight down
    # about the vertical by yaw, about its right by the lift, about its own axis backward by -roll
    w, x = np.cos(lift), np.sin(lift)
    plus, minus = yaw - roll, yaw + roll
    return np.stack([w * np.cos(plus), x * np.cos(minus), x * np.sin(minus), w * np.sin(plus)], axis=-1)


def look_rotation(ahead: Array) -> Array:
    """Quaternion (wxyz) of a level camera that looks along `ahead`."""
    return rotation(*yaw_pitch(np.asarray(ahead, dtype=float)))


def aim(offset: Array, place: Array) -> tuple[Array, Array]:
    """Yaw and pitch with which a point at `offset` (…, 3) from the lens is seen at a place (…, 2) of the picture."""
    d = offset / np.maximum(np.linalg.norm(offset, axis=-1, keepdims=True), 1e-12)
    ray = np.concatenate([place, np.ones((*place.shape[:-1], 1))], axis=-1)
    ray = ray / np.linalg.norm(ray, axis=-1, keepdims=True)
    right, up, ahead = ray[..., 0], ray[..., 1], ray[..., 2]
    reach = np.hypot(up, ahead)
    pitch = np.arcsin(np.clip(d[..., 2] / reach, -1.0, 1.0)) - np.arctan2(up, ahead)
    # what is left lies in the horizontal plane: (right, forward part) seen from above
    level = ahead * np.cos(pitch) - up * np.sin(pitch)
    yaw = np.arctan2(d[..., 1], d[..., 0]) - np.arctan2(level, right)
    return yaw, pitch


def seen(points: Array, position: Array, yaw: Any, pitch: Any, roll: Any = 0.0) -> Array:
    """Places and depth (…, K, 3) of points (…, K, 3) for cameras (…): tangents right and up, and [m] along the axis."""
    local = np.einsum("...kj,...ij->...ki", points - position[..., None, :], basis(yaw, pitch))
    depth = np.where(np.abs(local[..., 2]) < 1e-9, 1e-9, local[..., 2])
    x, y = local[..., 0] / depth, local[..., 1] / depth
    turn = np.asarray(roll, dtype=float)[..., None]
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn), local[..., 2]], axis=-1)


def turned(vectors: Array, angle: Any) -> Array:
    """Vectors (…, 3) turned about the vertical, anticlockwise from above [rad]."""
    c, s = np.cos(angle), np.sin(angle)
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack([x * c - y * s, x * s + y * c, np.broadcast_to(vectors[..., 2], np.shape(x * c))], axis=-1)


def frame_points(points: Array, ahead: Array, lens_mm: float, aspect: float) -> Array:
    """Position (3,) of the nearest camera looking along `ahead` that has all points (K, 3) in its picture."""
    axes = basis(*yaw_pitch(np.asarray(ahead, dtype=float)))
    local = points @ axes.T  # right, up, ahead
    tan_x, tan_y = (t * MARGIN for t in tangents(lens_mm, aspect))
    centre = np.zeros(3)
    nearest = [float(local[:, 2].min()) - NEAREST_M]
    for axis, tangent in ((0, tan_x), (1, tan_y)):
        plus = np.max(local[:, axis] - tangent * local[:, 2])
        minus = np.max(-local[:, axis] - tangent * local[:, 2])
        centre[axis] = (plus - minus) / 2
        nearest.append(-(plus + minus) / (2 * tangent))
    centre[2] = min(nearest)
    # The axis that does not decide the distance has room to spare: share it between both sides.
    depth = local[:, 2] - centre[2]
    for axis in (0, 1):
        centre[axis] = _balance(local[:, axis], depth)
    return np.asarray(centre @ axes)


def _balance(offsets: Array, depths: Array) -> float:
    """Camera offset c for which max((o-c)/d) = -min((o-c)/d), by bisection."""
    low, high = float(offsets.min()), float(offsets.max())
    for _ in range(60):
        middle = (low + high) / 2
        ratio = (offsets - middle) / depths
        if ratio.max() > -ratio.min():
            low = middle
        else:
            high = middle
    return (low + high) / 2


def smooth(track: Array, sigma: float) -> Array:
    """A track (T, …) after a Gaussian filter of `sigma` samples, without delay; its ends are held."""
    from scipy.ndimage import gaussian_filter1d

    if sigma < 0.1:
        return np.asarray(track, dtype=float)
    return np.asarray(gaussian_filter1d(np.asarray(track, dtype=float), sigma, axis=0, mode="nearest"))
