"""Making a cut patch look sewn: turned hems, collars, cuffs, buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Anchor, Patch, bound, joined
from .clip import edges_of

Array = NDArray[Any]

MAIN, TRIM = 0, 1
"""Material slots."""


def plain(vertices: Array, faces: tuple[Array, ...], *, slot: int = MAIN, cut: Array | None = None) -> Patch:
    """An unbound patch of one material; `cut` (n, 3) as in `cloth.py`."""
    count = len(vertices)
    return Patch(
        vertices=vertices,
        faces=faces,
        bones=np.zeros((count, 1), dtype=np.int64),
        weights=np.ones((count, 1)),
        slots=tuple(np.full(len(f), slot, dtype=np.int32) for f in faces),
        colours={"cut": np.full((count, 3), 0.2) if cut is None else cut},
    )


def inward(patch: Patch, loop: Array) -> Array:
    """(k, 3) unit directions from the rim into the cloth, along it."""
    edges = edges_of(patch)
    both = np.concatenate([edges, edges[:, ::-1]])
    on_rim = np.zeros(patch.count, dtype=bool)
    on_rim[loop] = True
    both = both[on_rim[both[:, 0]] & ~on_rim[both[:, 1]]]
    total = np.zeros((patch.count, 3))
    np.add.at(total, both[:, 0], patch.vertices[both[:, 1]] - patch.vertices[both[:, 0]])
    direction = total[loop]
    along = np.roll(patch.vertices[loop], -1, axis=0) - np.roll(patch.vertices[loop], 1, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    direction -= along * (direction * along).sum(axis=1, keepdims=True)
    direction = ring_smoothed(direction, 3)
    return np.asarray(direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9))


def ring_smoothed(values: Array, rounds: int) -> Array:
    """Values (k, …) round a closed ring, averaged with their neighbours."""
    for _ in range(rounds):
        values = 0.5 * values + 0.25 * (np.roll(values, 1, axis=0) + np.roll(values, -1, axis=0))
    return values


def sweep(patch: Patch, loop: Array, profile: Array, *, slot: int = MAIN, skip: Array | None = None) -> Patch:
    """A band along a rim: `profile` (k, s, 3) points per rim vertex, the first on the rim; bound to the rim.

    `skip` (k,) leaves out the pieces between a rim vertex and the next.
    """
    k, s = profile.shape[:2]
    at = np.arange(k * s).reshape(k, s)
    after = np.roll(at, -1, axis=0)
    keep = np.ones(k, dtype=bool) if skip is None else ~skip
    quads = np.stack([at[:, :-1], at[:, 1:], after[:, 1:], after[:, :-1]], axis=-1)[keep].reshape(-1, 4)
    band = plain(profile.reshape(-1, 3), (quads,), slot=slot)
    host = np.repeat(loop, s)
    return bound(band, patch, Anchor(np.stack([host] * 3, axis=1), np.tile([1.0, 0.0, 0.0], (len(host), 1))))


def hem(patch: Patch, loop: Array, *, thickness: float, depth: float, bulge: float = 0.0) -> Patch:
    """Turns the rim of the cloth inside: its thickness shows, and the inside of a sleeve is not see-through."""
    p, n, d = patch.vertices[loop], patch.normals()[loop], inward(patch, loop)
    n = ring_smoothed(n - d * (n * d).sum(axis=1, keepdims=True), 2)
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
    profile = np.stack(
        [
            p,
            p - d * 0.35 * thickness - n * 0.15 * thickness + n * bulge,
            p - d * 0.35 * thickness - n * 0.85 * thickness,
            p - n * thickness + d * 0.25 * depth,
            p - n * 1.3 * thickness + d * depth,
        ],
        axis=1,
    )
    return sweep(patch, loop, profile)


def ribbed_band(patch: Patch, loop: Array, *, height: float, thickness: float, close: float, slot: int = TRIM) -> Patch:
    """A knitted band that goes on from the rim (collar, cuff, waistband), drawn in by `close` [m]."""
    p, n, d = patch.vertices[loop], patch.normals()[loop], inward(patch, loop)
    n = ring_smoothed(n, 2)
    steps = ((0.0, 0.0), (0.12, 0.8), (0.5, 1.0), (0.9, 0.75), (1.0, 0.1), (0.92, -0.6), (0.4, -0.7), (-0.6, -0.7))
    profile = np.stack(
        [p - d * height * h + n * thickness * t - n * close * max(h, 0.0) for h, t in steps],
        axis=1,
    )
    return sweep(patch, loop, profile, slot=slot)


def around(loop_points: Array, centre: Array) -> Array:
    """Angle of rim points round an upright axis: 0 in front, ± pi behind."""
    return np.asarray(np.arctan2(loop_points[:, 0] - centre[0], -(loop_points[:, 1] - centre[1])))


def fold_collar(patch: Patch, loop: Array, *, stand: float, fall: float, point: float, size: float, slot: int) -> Patch:
    """A shirt's collar: a stand round the neck and a fall folded over it, longer at its points, open in front."""
    p = patch.vertices[loop]
    centre = p.mean(axis=0)
    angle = np.abs(around(p, centre))
    out = p - centre
    out[:, 2] = 0.0
    out = ring_smoothed(out / np.linalg.norm(out, axis=1, keepdims=True), 3)
    up = np.array([0.0, 0.0, 1.0])
    front = np.clip(1.0 - angle / 1.1, 0.0, 1.0)[:, None]
    height = stand * (1.0 - 0.35 * front)
    length = fall + point * front**1.5
    top = p + up * height - out * 0.004 * size
    fold = top + out * 0.006 * size + up * 0.003 * size
    down = -up * (0.86 - 0.1 * front) + out * (0.36 + 0.25 * front)
    profile = np.stack(
        [p, p + up * 0.5 * height - out * 0.003 * size, top, fold, fold + down * 0.5 * length, fold + down * length,
         fold + down * length - out * 0.003 * size, fold + down * 0.4 * length - out * 0.004 * size],
        axis=1,
    )  # fmt: skip
    gap = 0.10
    return sweep(patch, loop, profile, slot=slot, skip=(angle < gap) | (np.roll(angle, -1) < gap))


def standing_collar(patch: Patch, loop: Array, *, height: float, size: float, slot: int, flare: float = 0.0) -> Patch:
    """A jacket's upright collar."""
    p = patch.vertices[loop]
    centre = p.mean(axis=0)
    out = p - centre
    out[:, 2] = 0.0
    out = ring_smoothed(out / np.linalg.norm(out, axis=1, keepdims=True), 3)
    up, t = np.array([0.0, 0.0, 1.0]), 0.003 * size
    lean = -0.004 * size + flare
    profile = np.stack(
        [p, p + up * 0.5 * height + out * lean * 0.5 + out * t, p + up * height + out * lean,
         p + up * height + out * (lean - 2 * t), p + up * 0.4 * height - out * 2 * t, p - up * 0.01 - out * 2 * t],
        axis=1,
    )  # fmt: skip
    return sweep(patch, loop, profile, slot=slot)


def hood(patch: Patch, loop: Array, *, size: float) -> Patch:
    """A hood lying on the back: a thick roll round the neck, fullest behind."""
    p = patch.vertices[loop]
    centre = p.mean(axis=0)
    angle = np.abs(around(p, centre))
    out = p - centre
    out[:, 2] = 0.0
    out = ring_smoothed(out / np.linalg.norm(out, axis=1, keepdims=True), 3)
    behind = np.clip((angle - 0.5) / 2.3, 0.0, 1.0)[:, None] ** 1.3
    wide, high, drop = size * (0.016 + 0.060 * behind), size * (0.022 + 0.022 * behind), size * (0.0 + 0.095 * behind)
    up = np.array([0.0, 0.0, 1.0])
    turn = np.linspace(0.0, 1.0, 9)
    ring = []
    for t in turn:
        a = np.pi * (1.05 - 1.35 * t)
        ring.append(p + out * wide * (1.0 + np.cos(a)) * 0.75 + up * (high * np.sin(a) - drop * max(t - 0.35, 0.0)))
    inner = [p - out * 0.006 * size + up * 0.4 * high, p]
    profile = np.stack([*inner[::-1][:1], *[ring_smoothed(r, 2) for r in ring]], axis=1)
    return sweep(patch, loop, profile, slot=MAIN)


def lapels(patch: Patch, loop: Array, *, width: float, lift: float, bottom: float, slot: int) -> Patch:
    """A jacket's collar and lapels: the rim of the opening folded back onto the cloth."""
    p, n, d = patch.vertices[loop], patch.normals()[loop], inward(patch, loop)
    d, n = ring_smoothed(d, 4), ring_smoothed(n, 4)
    top = p[:, 2].max()
    rise = np.clip((p[:, 2] - bottom) / (top - bottom), 0.0, 1.0)
    front = p[:, 1] < p[:, 1].mean() + 0.3 * (p[:, 1].max() - p[:, 1].mean())
    wide = width * np.where(
        front, np.interp(rise, (0, 0.12, 0.62, 0.74, 0.8, 1), (0, 0.35, 1.1, 0.75, 0.95, 0.75)), 0.7
    )
    wide = wide[:, None]
    profile = np.stack(
        [
            p,
            p + n * lift * 1.4,
            p + d * 0.5 * wide + n * lift * 1.3,
            p + d * wide + n * lift,
            p + d * wide + n * 0.2 * lift,
        ],
        axis=1,
    )
    return sweep(patch, loop, profile, slot=slot)


def buttons(patch: Patch, points: Array, normals: Array, anchor: Anchor, *, radius: float, slot: int = TRIM) -> Patch:
    """Small discs on the cloth."""
    sides = 10
    angle = np.arange(sides) * 2 * np.pi / sides
    parts = []
    for i, (point, normal) in enumerate(zip(points, normals, strict=True)):
        side = np.cross(normal, [0.0, 0.0, 1.0])
        side /= np.linalg.norm(side)
        other = np.cross(normal, side)
        ring = side * np.cos(angle)[:, None] + other * np.sin(angle)[:, None]
        low, high = point + ring * radius, point + ring * radius * 0.85 + normal * radius * 0.4
        at = np.arange(sides)
        after = np.roll(at, -1)
        quads = np.stack([at, after, after + sides, at + sides], axis=-1)
        cap = np.array([np.arange(sides) + sides])
        disc = plain(np.concatenate([low, high]), (quads, cap), slot=slot)
        rows = np.full(disc.count, i)
        parts.append(bound(disc, patch, Anchor(anchor.corners[rows], anchor.shares[rows])))
    return joined(parts)


def with_slot(patch: Patch, slot: int) -> Patch:
    return replace(patch, slots=tuple(np.full(len(f), slot, dtype=np.int32) for f in patch.faces))
