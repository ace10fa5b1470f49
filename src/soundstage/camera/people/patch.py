"""Patches: pieces of skinned surface in rest pose, made in numpy and given to Blender later (`objects.py`).

A patch knows where its vertices are, which bones carry them and what the face does to them. Patches that do not come
straight from the body (hairs, hems, teeth) are bound to it: they take weights and face from the skin next to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import Body

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A skinned surface in rest pose."""

    vertices: Array  # (n, 3) [m]
    faces: tuple[Array, ...]
    """Polygons as blocks of equal corner count: (F, 3), (F, 4) …"""
    bones: Array  # (n, K) int
    weights: Array  # (n, K)
    actions: Mapping[int, Array] = field(default_factory=dict)
    """(n, 3) offsets at weight 1, by index of the face action."""
    uv: tuple[Array, ...] = ()
    """Per block of faces, (F, corners, 2)."""
    slots: tuple[Array, ...] = ()
    """Per block of faces, (F,) material slot; empty: all 0."""
    colours: Mapping[str, Array] = field(default_factory=dict)
    """(n,) or (n, 3) numbers for the shaders, by name."""

    @property
    def count(self) -> int:
        return len(self.vertices)

    def triangles(self) -> Array:
        """All faces as triangles (T, 3)."""
        fans = [block[:, [0, i, i + 1]] for block in self.faces for i in range(1, block.shape[1] - 1) if len(block)]
        return np.concatenate(fans) if fans else np.zeros((0, 3), dtype=np.int64)

    def normals(self) -> Array:
        """(n, 3) unit normals of the vertices."""
        return vertex_normals(self.vertices, self.triangles())


def vertex_normals(vertices: Array, triangles: Array) -> Array:
    """(n, 3) unit normals, weighted by area."""
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for i in range(3):
        np.add.at(normals, triangles[:, i], face)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-12))


def from_body(body: Body, part: str, *, keep: Array | None = None) -> tuple[Patch, Array]:
    """A part of the body as a patch, and the body's indices of its vertices. `keep` (F,) chooses faces."""
    faces, uv = body.parts[part], body.part_uv[part]
    if keep is not None:
        faces, uv = faces[keep], uv[keep]
    used, flat = np.unique(faces, return_inverse=True)
    patch = Patch(
        vertices=body.vertices[used],
        faces=(flat.reshape(faces.shape),),
        bones=body.weight_bones[used],
        weights=body.weights[used],
        actions=actions_at(body, used),
        uv=(uv,),
    )
    return patch, used


def actions_at(body: Body, used: Array) -> dict[int, Array]:
    """Offsets of the face actions that move any of these vertices of the body."""
    position = np.full(len(body.vertices), -1)
    position[used] = np.arange(len(used))
    found: dict[int, Array] = {}
    for index, action in enumerate(body.face_actions):
        at = position[action.vertices]
        inside = at >= 0
        if inside.any():
            offsets = np.zeros((len(used), 3))
            offsets[at[inside]] = action.offsets[inside]
            found[index] = offsets
    return found


@dataclass(frozen=True)
class Anchor:
    """Where points hang on a surface: three of its vertices each, and their shares."""

    corners: Array  # (m, 3)
    shares: Array  # (m, 3)

    def blend(self, values: Array) -> Array:
        """Values (n, …) of the surface's vertices at the points (m, …)."""
        shape = (*self.shares.shape, *([1] * (values.ndim - 1)))
        return np.asarray((values[self.corners] * self.shares.reshape(shape)).sum(axis=1))


class Surface:
    """A triangulated surface that points can be hung on."""

    def __init__(self, vertices: Array, triangles: Array) -> None:
        self.vertices, self.triangles = vertices, triangles

    @cached_property
    def normals(self) -> Array:
        return vertex_normals(self.vertices, self.triangles)

    @cached_property
    def areas(self) -> Array:
        a, b, c = (self.vertices[self.triangles[:, i]] for i in range(3))
        return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.vertices[self.triangles].mean(axis=1))

    def scatter(self, count: int, rng: np.random.Generator, density: Array | None = None) -> Anchor:
        """Points spread evenly over the surface, or by a density (n,) at its vertices."""
        area = self.areas if density is None else self.areas * density[self.triangles].mean(axis=1)
        chance = np.cumsum(area) / area.sum()
        row = np.minimum(np.searchsorted(chance, rng.random(count)), len(chance) - 1)
        r, s = np.sqrt(rng.random(count)), rng.random(count)
        shares = np.stack([1 - r, r * (1 - s), r * s], axis=1)
        if density is not None:
            keep = rng.random(count) < _acceptance((density[self.triangles[row]] * shares).sum(axis=1), density, row,
                                                   self.triangles)  # fmt: skip
            row, shares = row[keep], shares[keep]
        return Anchor(self.triangles[row], shares)

    def nearest(self, points: Array, candidates: int = 8) -> tuple[Anchor, Array]:
        """The nearest points of the surface, and the distance to each (m,)."""
        _, near = self._tree.query(points, k=min(candidates, len(self.triangles)))
        near = np.asarray(near).reshape(len(points), -1)
        best = np.full(len(points), np.inf)
        corners = np.zeros((len(points), 3), dtype=np.int64)
        shares = np.zeros((len(points), 3))
        for column in near.T:
            triangle = self.triangles[column]
            found = _closest_shares(points, *(self.vertices[triangle[:, i]] for i in range(3)))
            at = (self.vertices[triangle] * found[..., None]).sum(axis=1)
            distance = np.linalg.norm(points - at, axis=1)
            better = distance < best
            best[better], corners[better], shares[better] = distance[better], triangle[better], found[better]
        return Anchor(corners, shares), best


def _acceptance(here: Array, density: Array, row: Array, triangles: Array) -> Array:
    """Chance of keeping a point so that density varies inside large triangles too."""
    top = density[triangles[row]].max(axis=1)
    return np.asarray(np.where(top > 0, here / np.maximum(top, 1e-9), 0.0))


def _closest_shares(p: Array, a: Array, b: Array, c: Array) -> Array:
    """Barycentric shares of the points of triangles nearest to p (clamped to the triangle, edges approximately)."""
    ab, ac, ap = b - a, c - a, p - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    det = np.maximum(d00 * d11 - d01 * d01, 1e-18)
    v, w = (d11 * d20 - d01 * d21) / det, (d00 * d21 - d01 * d20) / det
    shares = np.clip(np.stack([1 - v - w, v, w], axis=1), 0.0, None)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def bound(patch: Patch, host: Patch, anchor: Anchor, *, actions: Sequence[int] | None = None) -> Patch:
    """The patch with weights and face taken from a host surface; one anchor per vertex of the patch."""
    bones, weights = blend_weights(host.bones, host.weights, anchor)
    wanted = host.actions if actions is None else {k: v for k, v in host.actions.items() if k in actions}
    moved = {k: anchor.blend(v) for k, v in wanted.items()}
    return replace(
        patch, bones=bones, weights=weights, actions={k: v for k, v in moved.items() if np.abs(v).max() > 1e-5}
    )


def blend_weights(bones: Array, weights: Array, anchor: Anchor, keep: int = 9) -> tuple[Array, Array]:
    """Skin weights at anchors: those of the three corners, mixed; the strongest `keep` bones remain."""
    count, most = len(anchor.corners), int(bones.max()) + 1
    dense = np.zeros((count, most))
    rows = np.arange(count)[:, None]
    for corner in range(3):
        at = anchor.corners[:, corner]
        np.add.at(dense, (rows, bones[at]), weights[at] * anchor.shares[:, corner, None])
    keep = min(keep, most)
    order = np.argsort(-dense, axis=1)[:, :keep]
    values = np.take_along_axis(dense, order, axis=1)
    return order, np.asarray(values / values.sum(axis=1, keepdims=True))


def joined(patches: Sequence[Patch]) -> Patch:
    """Several patches as one; material slots keep their numbers."""
    patches = [p for p in patches if p.count]
    starts = np.concatenate([[0], np.cumsum([p.count for p in patches])])
    width = max(p.bones.shape[1] for p in patches)
    total = int(starts[-1])
    actions: dict[int, Array] = {}
    colours: dict[str, Array] = {}
    for patch, start in zip(patches, starts, strict=False):
        for index, offsets in patch.actions.items():
            actions.setdefault(index, np.zeros((total, 3)))[start : start + patch.count] = offsets
        for name, values in patch.colours.items():
            colours.setdefault(name, np.zeros((total, *values.shape[1:])))[start : start + patch.count] = values
    blocks = [
        (block + start, patch.uv[i] if patch.uv else np.zeros((*block.shape, 2)),
         patch.slots[i] if patch.slots else np.zeros(len(block), dtype=np.int32))
        for patch, start in zip(patches, starts, strict=False)
        for i, block in enumerate(patch.faces)
    ]  # fmt: skip
    return Patch(
        vertices=np.concatenate([p.vertices for p in patches]),
        faces=tuple(b[0] for b in blocks),
        uv=tuple(b[1] for b in blocks),
        slots=tuple(b[2] for b in blocks),
        bones=np.concatenate([_widened(p.bones, width) for p in patches]),
        weights=np.concatenate([_widened(p.weights, width) for p in patches]),
        actions=actions,
        colours=colours,
    )


def _widened(table: Array, width: int) -> Array:
    return np.pad(table, ((0, 0), (0, width - table.shape[1])))
