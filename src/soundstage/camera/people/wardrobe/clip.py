"""Cutting a patch along the line where a number at its vertices is zero, and finding the cut's edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Anchor, Patch, blend_weights

Array = NDArray[Any]

SNAP = 0.3
"""A vertex this near to the cut (as part of an edge) is moved onto it, so that no slivers are left."""


def clip(patch: Patch, field: Array) -> Patch:
    """The part of a patch where `field` (n,) ≥ 0; edges that cross zero are cut there."""
    vertices, field, weights = _snapped(patch, field)
    inside = field >= 0
    corners: list[tuple[int, int, float]] = []
    cut_at: dict[tuple[int, int], int] = {}
    polygons: dict[int, list[tuple[int, ...]]] = {}

    def crossing(a: int, b: int) -> int:
        key = (a, b) if a < b else (b, a)
        if key not in cut_at:
            cut_at[key] = patch.count + len(corners)
            t = float(field[key[0]] / (field[key[0]] - field[key[1]]))
            corners.append((key[0], key[1], t))
        return cut_at[key]

    blocks = []
    for block in patch.faces:
        whole = inside[block].all(axis=1)
        blocks.append(block[whole])
        for face in block[~whole & inside[block].any(axis=1)].tolist():
            ring: list[int] = []
            for a, b in zip(face, face[1:] + face[:1], strict=True):
                if inside[a]:
                    ring.append(a)
                if inside[a] != inside[b] and field[a] != 0 and field[b] != 0:
                    ring.append(crossing(a, b))
            if len(ring) >= 3:
                polygons.setdefault(len(ring), []).append(tuple(ring))
    faces = [b for b in blocks if len(b)] + [np.array(p) for p in polygons.values()]
    return _compact(replace(patch, vertices=vertices, bones=weights[0], weights=weights[1]), corners, faces)


def _snapped(patch: Patch, field: Array) -> tuple[Array, Array, tuple[Array, Array]]:
    """Vertices, field and weights after moving vertices that almost lie on the cut."""
    edges = edges_of(patch)
    fa, fb = field[edges[:, 0]], field[edges[:, 1]]
    cut = (fa > 0) != (fb > 0)
    a, b = edges[cut, 0], edges[cut, 1]
    t = field[a] / (field[a] - field[b])
    ends, other, share = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([t, 1 - t])
    near = share < SNAP
    ends, other, share = ends[near], other[near], share[near]
    order = np.argsort(-share)
    ends, other, share = ends[order], other[order], share[order]
    best_other, best = np.arange(patch.count), np.zeros(patch.count)
    best_other[ends], best[ends] = other, share  # the smallest share is written last
    anchor = Anchor(
        np.column_stack([np.arange(patch.count), best_other, best_other]),
        np.column_stack([1 - best, best, np.zeros(patch.count)]),
    )
    moved = np.zeros(patch.count, dtype=bool)
    moved[ends] = True
    return anchor.blend(patch.vertices), np.where(moved, 0.0, field), blend_weights(patch.bones, patch.weights, anchor)


def _compact(patch: Patch, corners: list[tuple[int, int, float]], faces: list[Array]) -> Patch:
    """The patch with cut vertices added and unused ones dropped."""
    every = np.column_stack([np.arange(patch.count)] * 2 + [np.zeros(patch.count)])
    table = np.concatenate([every, np.array(corners, dtype=float).reshape(-1, 3)])
    used = np.unique(np.concatenate([f.ravel() for f in faces])) if faces else np.zeros(0, dtype=int)
    renumber = np.zeros(len(table), dtype=np.int64)
    renumber[used] = np.arange(len(used))
    rows = table[used]
    a, b = rows[:, 0].astype(int), rows[:, 1].astype(int)
    anchor = Anchor(np.column_stack([a, b, b]), np.column_stack([1 - rows[:, 2], rows[:, 2], np.zeros(len(rows))]))
    bones, weights = blend_weights(patch.bones, patch.weights, anchor)
    colours: Mapping[str, Array] = {k: anchor.blend(v) for k, v in patch.colours.items()}
    return Patch(
        vertices=anchor.blend(patch.vertices),
        faces=tuple(renumber[f] for f in faces),
        bones=bones,
        weights=weights,
        colours=colours,
    )


def edges_of(patch: Patch) -> Array:
    """(E, 2) edges, the smaller index first, each once."""
    pairs = _half_edges(patch)
    return np.asarray(np.unique(np.sort(pairs, axis=1), axis=0))


def _half_edges(patch: Patch) -> Array:
    return np.concatenate(
        [np.stack([b, np.roll(b, -1, axis=1)], axis=-1).reshape(-1, 2) for b in patch.faces if len(b)]
    )


def loops(patch: Patch) -> list[Array]:
    """The rims of a patch, each as vertex indices in order along the faces beside it, closed, longest first."""
    half = _half_edges(patch)
    key = np.sort(half, axis=1)
    _, inverse, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    rim = half[count[inverse.ravel()] == 1]
    following = {int(a): int(b) for a, b in rim}
    found = []
    while following:
        start, at = next(iter(following.items()))
        ring = [start]
        del following[start]
        while at != start and at in following:
            ring.append(at)
            at = following.pop(at)
        if len(ring) > 2:
            found.append(np.array(ring))
    return sorted(found, key=len, reverse=True)


def smoothed(patch: Patch, values: Array, rounds: int, *, fixed: Array | None = None, share: float = 0.5) -> Array:
    """Values (n, …) at the vertices, averaged with their neighbours some rounds; `fixed` (n,) ones stay."""
    edges = edges_of(patch)
    degree = np.bincount(edges.ravel(), minlength=patch.count).astype(float)
    shape = (-1, *([1] * (values.ndim - 1)))
    keep = np.zeros(patch.count) if fixed is None else fixed.astype(float)
    factor = (share * (1 - keep)).reshape(shape)
    out = values.astype(float)
    for _ in range(rounds):
        total = np.zeros_like(out)
        np.add.at(total, edges[:, 0], out[edges[:, 1]])
        np.add.at(total, edges[:, 1], out[edges[:, 0]])
        out = out + factor * (total / np.maximum(degree, 1).reshape(shape) - out)
    return out


def smooth_weights(patch: Patch, rounds: int) -> Patch:
    """The patch with its skin weights spread a little, so that cloth bends wider than the joint under it."""
    most = int(patch.bones.max()) + 1
    dense = np.zeros((patch.count, most))
    np.add.at(dense, (np.arange(patch.count)[:, None], patch.bones), patch.weights)
    dense = smoothed(patch, dense, rounds)
    order = np.argsort(-dense, axis=1)[:, :9]
    values = np.take_along_axis(dense, order, axis=1)
    return replace(patch, bones=order, weights=values / values.sum(axis=1, keepdims=True))
