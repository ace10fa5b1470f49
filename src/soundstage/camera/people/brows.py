"""Brows and lashes, hair by hair."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import Body, mirrored
from .landmarks import BROW_LEFT, face_of
from .patch import Anchor, Patch, Surface, bound, from_body, joined
from .strands import resampled, ribbons

Array = NDArray[Any]

HAIR_WIDTH = 0.00019
"""Ribbon width at the root [m]: thicker than life (0.1 mm), so that few samples see it."""

THIN = (0.0, 0.15, 0.65, 1.0), (0.6, 1.0, 1.0, 0.35)
"""Width of a brow's hairs from its inner end to its tail, or the tail would be a line of paint."""

CALM = (0.0, 0.6, 1.0), (0.55, 0.6, 1.0)
"""Part of the brow ridge's rise and fall that the brow follows, from its inner end to its tail: were it all, everybody
would look angry."""


def brows(
    body: Body, skin: Patch, surface: Surface, used: Array, *, masculinity: float, rng: np.random.Generator
) -> Patch:
    """Both brows: rows of short hairs that fan out from the inner end and lie along the arch."""
    position = {int(v): i for i, v in enumerate(used)}
    unit = face_of(body).unit
    sides = []
    for sign in (1.0, -1.0):
        ids = BROW_LEFT if sign > 0 else tuple(_other_side(body, v) for v in BROW_LEFT)
        line = _smooth(skin.vertices[[position[i] for i in ids]] - np.array([0.0, 0.0, 0.035 * unit]))
        along = np.linspace(0.0, 1.0, len(line))
        line[:, 2] += unit * (0.025 * np.sin(np.pi * along) - 0.055 * np.clip((along - 0.6) / 0.4, 0.0, 1.0) ** 2)
        sides.append(_brow(line, sign, unit, skin, surface, masculinity, rng))
    return joined(sides)


def _smooth(line: Array) -> Array:
    """An arch through points that lie on a coarse grid: each coordinate a parabola along the line."""
    s = np.linspace(0.0, 1.0, len(line))
    fine = np.linspace(-0.04, 1.0, 12)
    arch = np.column_stack([np.polyval(np.polyfit(s, c, 2 if i else 1), fine) for i, c in enumerate(line.T)])
    arch[:, 2] += (1.0 - np.interp(fine, *CALM)) * (arch[:, 2].mean() - arch[:, 2])
    return arch


def _other_side(body: Body, vertex: int) -> int:
    """The mirrored vertex: the one at the same texture place on the other half of the face."""
    target = body.vertices[vertex] * np.array([-1.0, 1.0, 1.0])
    skin = np.unique(body.faces)
    return int(skin[np.argmin(((body.vertices[skin] - target) ** 2).sum(axis=1))])


def _brow(
    line: Array, sign: float, unit: float, skin: Patch, surface: Surface, masculinity: float, rng: np.random.Generator
) -> Patch:
    count = int(560 + 200 * masculinity)
    s = rng.random(count)
    s = np.where(rng.random(count) < 0.55 + 3.0 * s, s, 1.0 - s)  # thin at the inner end
    s = np.where((s > 0.75) & (rng.random(count) < 2.4 * (s - 0.75)), 0.75 * rng.random(count), s)  # … and at the tail
    t = np.clip(rng.standard_normal(count) * 0.5, -1.0, 1.0)
    thickness = (
        unit * np.interp(s, (0, 0.12, 0.5, 0.8, 1), (0.060, 0.078, 0.066, 0.036, 0.008)) * (0.85 + 0.4 * masculinity)
    )
    centre = resampled(line, s)
    ahead = resampled(line, np.minimum(s + 0.04, 1.0)) - resampled(line, np.maximum(s - 0.04, 0.0))
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.array([0.0, 0.0, 1.0])
    root = centre + up * (t * thickness)[:, None]
    anchor, _ = surface.nearest(root)
    root = anchor.blend(surface.vertices)
    normal = anchor.blend(surface.normals)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    # Inner hairs stand up, then they lean along the brow; upper ones point down to the line, lower ones up.
    lean = np.interp(s, (0, 0.1, 0.35, 1), (1.25, 0.8, 0.35, 0.0)) - t * np.interp(s, (0, 0.2, 1), (0.1, 0.45, 0.3))
    lean = lean + 0.16 * rng.standard_normal(count)
    direction = ahead * np.cos(lean)[:, None] + up * np.sin(lean)[:, None]
    direction -= normal * (direction * normal).sum(axis=1, keepdims=True)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    length = unit * np.interp(s, (0, 0.3, 1), (0.105, 0.125, 0.085)) * rng.uniform(0.7, 1.1, count)
    k = np.linspace(0.0, 1.0, 4)
    lift = 0.02 * unit * np.sin(k * np.pi * 0.75)
    paths = (
        root[:, None] + direction[:, None] * (length[:, None] * k)[..., None] + normal[:, None] * lift[None, :, None]
    )
    near, _ = surface.nearest(paths.reshape(-1, 3))
    skin_points = near.blend(surface.vertices).reshape(paths.shape)
    skin_normals = near.blend(surface.normals).reshape(paths.shape)
    paths = skin_points + skin_normals * np.maximum(lift, 0.0003)[None, :, None]
    hairs, row = ribbons(paths, HAIR_WIDTH * rng.uniform(0.8, 1.2, count) * np.interp(s, THIN[0], THIN[1]), normal)
    return bound(hairs, skin, Anchor(anchor.corners[row], anchor.shares[row]))


def lashes(body: Body, *, femininity: float, rng: np.random.Generator) -> Patch:
    """Upper and lower lashes of both eyes, on MakeHuman's lash strips, which follow the lids."""
    parts = []
    for name in ("lash_upper.L", "lash_lower.L"):
        for side in (name, mirrored(name)):
            strip, _ = from_body(body, side)
            grid = _grid(strip.faces[0])
            eye = face_of(body).eye_left if side.endswith("L") else face_of(body).eye_right
            if (
                np.linalg.norm(strip.vertices[grid[0]] - eye, axis=1).mean()
                > np.linalg.norm(strip.vertices[grid[-1]] - eye, axis=1).mean()
            ):
                grid = grid[::-1]
            upper = name.startswith("lash_upper")
            parts.append(_lashes(strip, grid, upper, femininity, rng))
    return joined(parts)


def _lashes(strip: Patch, grid: Array, upper: bool, femininity: float, rng: np.random.Generator) -> Patch:
    """Hairs from the root row of a strip (rows, columns) to its tip row."""
    count = 130 if upper else 55
    u = np.sort(rng.random(count)) * (grid.shape[1] - 1)
    column = np.clip(np.floor(u).astype(int), 0, grid.shape[1] - 2)
    share = (u - column)[:, None, None]
    lines = strip.vertices[grid.T]  # (columns, rows, 3)
    lines = lines[column] * (1 - share) + lines[column + 1] * share
    reach = rng.uniform(0.55, 1.0, count) * ((0.75 + 0.3 * femininity) if upper else (0.5 + 0.15 * femininity))
    clump = 0.25 * np.sin(u * 7.0 + rng.random()) * np.gradient(lines[:, -1], axis=0).mean()
    k = np.linspace(0.0, 1.0, 5)[None, :] * reach[:, None]
    where = k * (grid.shape[0] - 1)
    low = np.clip(np.floor(where).astype(int), 0, grid.shape[0] - 2)
    part = (where - low)[..., None]
    rows = np.arange(count)[:, None]
    paths = lines[rows, low] * (1 - part) + lines[rows, low + 1] * part
    paths = paths + (clump[:, None] * k)[..., None] * np.array([1.0, 0.0, 0.0])
    outward = np.tile([0.0, -1.0, 0.6 if upper else -0.6], (count, 1))
    hairs, row = ribbons(paths, HAIR_WIDTH * (1.35 if upper else 0.75), outward)
    corner = grid[0][column]
    next_corner = grid[0][column + 1]
    tip = grid[grid.shape[0] - 1][column]
    shares = np.column_stack([1 - share[:, 0, 0], share[:, 0, 0], np.zeros(count)])
    anchor = Anchor(np.column_stack([corner, next_corner, tip])[row], shares[row])
    return bound(hairs, strip, anchor)


def _grid(quads: Array) -> Array:
    """The vertices of a rectangular patch of quads as (rows, columns), fewer rows than columns."""
    edge_faces: dict[tuple[int, int], list[int]] = {}
    for index, quad in enumerate(quads.tolist()):
        for a, b in zip(quad, quad[1:] + quad[:1], strict=True):
            edge_faces.setdefault((min(a, b), max(a, b)), []).append(index)
    uses = np.bincount(quads.ravel())
    corner = int(np.flatnonzero(uses == 1)[0])
    neighbours: dict[int, set[int]] = {}
    rim: dict[int, set[int]] = {}
    for (a, b), faces in edge_faces.items():
        for p, q in ((a, b), (b, a)):
            neighbours.setdefault(p, set()).add(q)
            if len(faces) == 1:
                rim.setdefault(p, set()).add(q)
    rows = []
    for start in sorted(rim[corner]):
        line = [corner, start]
        while uses[line[-1]] != 1:
            line.append(next(v for v in rim[line[-1]] if v not in line))
        rows.append(line)
    first = max(rows, key=len)
    grid, seen = [first], set(first)
    while len(seen) < len(neighbours):
        line = [next(v for v in neighbours[p] if v not in seen and _joins(v, grid[-1], i, neighbours))
                for i, p in enumerate(grid[-1])]  # fmt: skip
        grid.append(line)
        seen.update(line)
    return np.array(grid)


def _joins(vertex: int, row: list[int], index: int, neighbours: dict[int, set[int]]) -> bool:
    """Whether a vertex hangs under row[index] only."""
    return not any(vertex in neighbours[p] for i, p in enumerate(row) if i != index)
