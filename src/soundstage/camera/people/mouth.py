"""Teeth, gums and tongue. They stand where MakeHuman's do and move with the jaw as those do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import Body
from .patch import Patch, from_body, joined
from .strands import resampled

Array = NDArray[Any]

# Width and height of the crowns from the middle outwards [mm] (Wheeler's Dental Anatomy, rounded).
UPPER = ((8.6, 10.2), (6.6, 9.0), (7.6, 9.8), (7.1, 8.2), (6.7, 7.6), (10.0, 7.2))
LOWER = ((5.3, 8.8), (5.8, 9.0), (6.8, 10.0), (7.0, 8.2), (7.1, 7.8), (10.6, 7.2))
SEGMENTS = (8, 6)


def mouth_parts(body: Body) -> Patch:
    """Teeth (slot 0), gums (slot 1) and tongue (slot 2)."""
    tongue, _ = from_body(body, "tongue")
    tongue = _slotted(tongue, 2)
    return joined([*_row(body, "teeth_upper", UPPER, 1.0), *_row(body, "teeth_lower", LOWER, -1.0), tongue])


def _slotted(patch: Patch, slot: int) -> Patch:
    from dataclasses import replace

    return replace(patch, slots=tuple(np.full(len(f), slot, dtype=np.int32) for f in patch.faces), colours={})


def _row(body: Body, part: str, sizes: tuple[tuple[float, float], ...], up: float) -> list[Patch]:
    """The crowns of one jaw on the arch of MakeHuman's teeth, and the gum they stand in."""
    host, _ = from_body(body, part)
    arch, edge = _arch(host.vertices, up)
    total = 2 * sum(width for width, _ in sizes)
    length = float(np.linalg.norm(np.diff(arch, axis=0), axis=1).sum())
    scale = length / total  # metres per millimetre of the table
    teeth, place = [], 0.0
    for width, height in sizes:
        for sign in (1.0, -1.0):
            middle = 0.5 + sign * (place + width / 2) / total
            teeth.append(_tooth(arch, middle, width, height, scale, total, up, edge))
        place += width
    moved = [_moved(tooth, host, 0) for tooth in teeth]
    return [*moved, _moved(_gum(arch, up, scale, edge), host, 1)]


def _arch(vertices: Array, up: float) -> tuple[Array, float]:
    """The line of the teeth's outer faces from the right end to the left (k, 3), and the height of their biting edge."""
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    edge = low[2] if up > 0 else high[2]
    half, depth = (high[0] - low[0]) / 2 * 0.9, (high[1] - low[1])
    t = np.linspace(-1.0, 1.0, 41)
    # A parabola-like arch, as dental arches are.
    x = half * np.sin(t * np.pi / 2)
    y = low[1] + depth * 0.12 + depth * 0.8 * (1 - np.cos(t * np.pi / 2))
    shift = 0.0 if up > 0 else 0.0035 * half / 0.028
    return np.column_stack([x + (low[0] + high[0]) / 2, y + shift, np.full(41, edge)]), float(edge)


def _tooth(
    arch: Array, middle: float, width: float, height: float, scale: float, total: float, up: float, edge: float
) -> Patch:
    """A crown: an upright rounded box, wider at the edge than at the gum."""
    around, levels = SEGMENTS
    centre = resampled(arch, np.array([middle]))[0]
    step = 0.4 * width / total
    ends = resampled(arch, np.array([middle - step, middle + step]))
    along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    inward = np.cross([0.0, 0.0, 1.0], along)
    angle = np.arange(around) * 2 * np.pi / around + np.pi / around
    squared = (
        np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.6,
        np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.6,
    )
    level = np.linspace(0.0, 1.0, levels)
    wide = 0.5 * width * scale * 1.02 * np.interp(level, (0, 0.12, 0.6, 1), (0.86, 1.0, 0.95, 0.74))
    thick = scale * np.interp(level, (0, 0.15, 1), (0.9, 1.7, 3.4)) * (1.0 if width < 9 else 1.5)
    rise = up * height * scale * level
    ring = (
        along[None, None] * (squared[0][None, :] * wide[:, None])[..., None]
        + inward[None, None] * ((squared[1][None, :] + 1.0) * thick[:, None])[..., None]
        + np.array([0.0, 0.0, 1.0])[None, None] * rise[:, None, None]
    )
    base = np.array([centre[0], centre[1], edge])
    vertices = np.concatenate(
        [(base + ring).reshape(-1, 3), [base + (ring[0].mean(axis=0)) - [0, 0, up * 0.3 * scale]]]
    )
    at = np.arange(levels * around).reshape(levels, around)
    right = np.roll(at, -1, axis=1)
    quads = np.stack([at[:-1], right[:-1], right[1:], at[1:]], axis=-1).reshape(-1, 4)
    tip = len(vertices) - 1
    fan = np.stack([right[0], at[0], np.full(around, tip)], axis=-1)
    return _plain(vertices, (quads, fan) if up > 0 else (quads[:, ::-1], fan[:, ::-1]))


def _gum(arch: Array, up: float, scale: float, edge: float) -> Patch:
    """A thick pink band that hides the roots."""
    steps, around = 25, 8
    line = resampled(arch, np.linspace(0.0, 1.0, steps))
    line[:, 2] = edge + up * 10.4 * scale
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    inward = np.cross([0.0, 0.0, 1.0], along)
    angle = np.arange(around) * 2 * np.pi / around
    ring = (
        inward[:, None] * (2.2 * scale + 3.4 * scale * np.cos(angle))[None, :, None]
        + np.array([0.0, 0.0, 1.0]) * (3.6 * scale * np.sin(angle))[None, :, None]
    )
    vertices = (line[:, None] + ring).reshape(-1, 3)
    at = np.arange(steps * around).reshape(steps, around)
    right = np.roll(at, -1, axis=1)
    quads = np.stack([at[:-1], right[:-1], right[1:], at[1:]], axis=-1).reshape(-1, 4)
    return _plain(vertices, (quads,))


def _plain(vertices: Array, faces: tuple[Array, ...]) -> Patch:
    count = len(vertices)
    return Patch(
        vertices=vertices, faces=faces, bones=np.zeros((count, 1), dtype=np.int64), weights=np.ones((count, 1))
    )


def _moved(patch: Patch, host: Patch, slot: int) -> Patch:
    """The patch carried by the head, moved by each face action as the host moves: an affine map fitted to it."""
    from dataclasses import replace

    local = np.column_stack([host.vertices, np.ones(host.count)])
    here = np.column_stack([patch.vertices, np.ones(patch.count)])
    actions = {}
    for index, offsets in host.actions.items():
        if (np.abs(offsets).max(axis=1) > 1e-6).mean() < 0.9:
            continue  # a lip action that touches a few vertices by mistake
        fit, *_ = np.linalg.lstsq(local, offsets, rcond=None)
        actions[index] = here @ fit
    nearest = int(np.argmin(((host.vertices - patch.vertices.mean(axis=0)) ** 2).sum(axis=1)))
    return replace(
        patch,
        actions=actions,
        bones=np.tile(host.bones[nearest], (patch.count, 1)),
        weights=np.tile(host.weights[nearest], (patch.count, 1)),
        slots=tuple(np.full(len(f), slot, dtype=np.int32) for f in patch.faces),
    )
