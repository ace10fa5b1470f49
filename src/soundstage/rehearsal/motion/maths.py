"""Rotations and frames for posing, batched: any leading shape, matrices (..., 3, 3), vectors (..., 3), radians."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

X = np.array([1.0, 0.0, 0.0])
Y = np.array([0.0, 1.0, 0.0])
Z = np.array([0.0, 0.0, 1.0])
LEFT, AHEAD, UP = X, -Y, Z
"""Axes of the body at rest (see `soundstage.take`)."""


def unit(v: ArrayLike) -> Floats:
    """Vectors of length 1; zero stays zero."""
    v = np.asarray(v, dtype=float)
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return np.asarray(v / np.where(length > 1e-12, length, 1.0))


def dot(a: Floats, b: Floats) -> Floats:
    """Scalar products, shape (...)."""
    product: Floats = np.einsum("...i,...i->...", a, b)
    return product


def across(v: Floats, axis: Floats) -> Floats:
    """The part of v at right angles to a unit axis."""
    return v - dot(v, axis)[..., None] * axis


def turn(axis: ArrayLike, angle: ArrayLike) -> Floats:
    """Rotation matrices about unit axes (Rodrigues)."""
    axis, angle = np.asarray(axis, dtype=float), np.asarray(angle, dtype=float)
    shape = np.broadcast_shapes(axis.shape[:-1], angle.shape)
    x, y, z = np.moveaxis(np.broadcast_to(axis, (*shape, 3)), -1, 0)
    c, s = np.broadcast_to(np.cos(angle), shape), np.broadcast_to(np.sin(angle), shape)
    k = 1.0 - c
    out = np.empty((*shape, 3, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = c + x * x * k, x * y * k - z * s, x * z * k + y * s
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = y * x * k + z * s, c + y * y * k, y * z * k - x * s
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = z * x * k - y * s, z * y * k + x * s, c + z * z * k
    return out


def apply(rotation: Floats, v: Floats) -> Floats:
    """Rotated vectors."""
    rotated: Floats = np.einsum("...ij,...j->...i", rotation, v)
    return rotated


def transpose(rotation: Floats) -> Floats:
    """Inverse rotations."""
    return np.swapaxes(rotation, -1, -2)


def frame(first: Floats, second: Floats) -> Floats:
    """Matrices whose first column is `first`, whose second is `second` made square to it."""
    a = unit(first)
    b = unit(across(np.broadcast_to(second, np.broadcast_shapes(first.shape, second.shape)), a))
    a = np.broadcast_to(a, b.shape)
    return np.stack([a, b, np.cross(a, b)], axis=-1)


def between(a: Floats, b: Floats) -> Floats:
    """Shortest rotations that take directions a to b."""
    a, b = unit(a), unit(b)
    axis = np.cross(a, b)
    sine = np.linalg.norm(axis, axis=-1)
    fallback = np.cross(a, np.where(np.abs(a[..., :1]) < 0.9, X, Y))
    axis = np.where(sine[..., None] > 1e-9, axis, fallback)
    return turn(unit(axis), np.arctan2(sine, dot(a, b)))


def twist_angle(rotation: Floats, axis: Floats) -> Floats:
    """How far rotations turn about a unit axis, after taking away the swing of that axis, in (-pi, pi]."""
    swing = between(np.broadcast_to(axis, rotation.shape[:-1]), apply(rotation, axis))
    rest = transpose(swing) @ rotation
    ref = unit(np.cross(axis, np.where(np.abs(axis[..., :1]) < 0.9, X, Y)))
    moved = apply(rest, ref)
    return np.arctan2(dot(np.cross(np.broadcast_to(ref, moved.shape), moved), axis), dot(ref, moved))


def slerp_part(rotation: Floats, part: ArrayLike) -> Floats:
    """Rotations by a fraction of their angle about their own axis."""
    q = to_quaternion(rotation)
    q = np.where(q[..., :1] < 0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1)
    angle = 2.0 * np.arctan2(sine, q[..., 0])
    return turn(unit(q[..., 1:]), angle * np.asarray(part))


def blend(a: Floats, b: Floats, part: ArrayLike) -> Floats:
    """Rotations between a (part 0) and b (part 1), the short way."""
    return a @ slerp_part(transpose(a) @ b, part)


def to_quaternion(rotation: Floats) -> Floats:
    """Quaternions wxyz of rotation matrices."""
    m = rotation
    trace = m[..., 0, 0] + m[..., 1, 1] + m[..., 2, 2]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    x, y, z = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    diagonal = [1 + 2 * m[..., k, k] - trace for k in range(3)]
    rows = [[1 + trace, x, y, z], [x, diagonal[0], xy, xz], [y, xy, diagonal[1], yz], [z, xz, yz, diagonal[2]]]
    options = np.stack([np.stack(row, -1) for row in rows], axis=-2)  # each right where its own component is large
    best = np.argmax(np.stack([options[..., i, i] for i in range(4)], -1), axis=-1)
    picked = np.take_along_axis(options, best[..., None, None], axis=-2)[..., 0, :]
    return unit(picked)


def continuous(q: Floats) -> Floats:
    """The same rotations with signs chosen so that neighbours along axis 0 are near."""
    sign = np.where(np.einsum("t...i,t...i->t...", q[1:], q[:-1]) < 0, -1.0, 1.0)
    sign = np.cumprod(np.concatenate([np.ones_like(sign[:1]), sign]), axis=0)
    result: Floats = q * sign[..., None]
    return result


def from_quaternion(q: Floats) -> Floats:
    """Rotation matrices of quaternions wxyz."""
    w, x, y, z = np.moveaxis(np.asarray(q, dtype=float), -1, 0)
    rows: list[list[Any]] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)
