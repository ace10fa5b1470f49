"""What marks one person's skin: freckles, moles and blushes. Where they may lie, in numbers, and how they look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONE_INDEX, Body
from ...colour import RGB, blend, luminance, scaled
from ..blender.graph import Graph
from .landmarks import Face, face_of

Array = NDArray[Any]

FRECKLES = ((185.0, 0.42), (360.0, 0.42))
"""Layers of freckles: cells per metre, and the radius of the largest spot in parts of a cell: 4.5 and 2.3 mm across.
Smaller ones are true to life as well, but no picture of less than a face's breadth would show them."""
MOLE_MM = (1.1, 2.3)
"""Radius of the smallest and the largest mole [mm]."""
APART = 0.22
"""Moles are at least so far from each other, in pupil distances."""
NEAR_FACE = 0.7
"""Part of the moles that lie on the face, where they are seen."""


# ── where ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def marked(body: Body, vertices: Array) -> Array:
    """(n, 3) of some vertices: how likely a freckle is there, how much a blush shows, 0."""
    face = face_of(body)
    return np.column_stack([_freckled(body, vertices, face), _flushed(body, vertices, face), np.zeros(len(vertices))])


def _blob(vertices: Array, centre: Array, radius: float, *, flat: float = 1.0) -> Array:
    offset = (vertices - centre) * np.array([1.0, flat, 1.0])
    return np.asarray(np.exp(-((offset**2).sum(axis=1)) / (2 * (radius / 2) ** 2)))


def _freckled(body: Body, vertices: Array, face: Face) -> Array:
    """Most where the sun falls first: nose and cheeks, then the rest of the face, shoulders and forearms."""
    unit = face.unit
    found = 1.0 * _blob(vertices, face.nose + unit * np.array([0.0, 0.1, 0.15]), 0.75 * unit)
    for side in (-1.0, 1.0):
        found = np.maximum(found, _blob(vertices, face.at(side * 0.58, -0.1, -0.50), 0.85 * unit, flat=0.6))
    found = np.maximum(found, 0.4 * _blob(vertices, face.at(0.0, -0.2, 0.75), 1.6 * unit, flat=0.5))
    found = np.maximum(found, 0.35 * _blob(vertices, face.at(0.0, -0.2, -1.5), 1.2 * unit, flat=0.5))
    for arm in ("L", "R"):
        found = np.maximum(
            found, 0.35 * _blob(vertices, body.heads[BONE_INDEX[f"upperarm01.{arm}"]], 0.24 * body.scale)
        )
        elbow, wrist = (body.heads[BONE_INDEX[f"{name}.{arm}"]] for name in ("lowerarm01", "wrist"))
        for part in (0.0, 0.35, 0.7, 1.0):
            found = np.maximum(found, 0.5 * _blob(vertices, elbow + part * (wrist - elbow), 0.15 * body.scale))
    return np.clip(found, 0.0, 1.0)


def _flushed(body: Body, vertices: Array, face: Face) -> Array:
    """The apples of the cheeks above all, then the nose and the chin."""
    found = 0.55 * _blob(vertices, face.nose, 0.45 * face.unit)
    found = np.maximum(found, 0.3 * _blob(vertices, face.at(0.0, -0.2, -1.65), 0.6 * face.unit, flat=0.5))
    for side in (-1.0, 1.0):
        found = np.maximum(found, _blob(vertices, face.at(side * 0.66, -0.1, -0.62), 0.85 * face.unit, flat=0.55))
    return np.clip(found, 0.0, 1.0)


def moles(body: Body, vertices: Array, triangles: Array, bare: Array, identity: Mapping[str, Any]) -> Array:
    """(m, 4) places of the moles [m], on the resting skin, and their radii [m].

    Args:
        vertices: (n, 3) of the skin; triangles: (T, 3).
        bare: (n,) True where a mole can be: not on lips, lids and nails, nor in the mouth.
        identity: its `moles` say how many and which; someone with one more has the others in the same places.
    """
    wanted = identity.get("moles") or {"count": 0, "seed": 0}
    if not wanted["count"]:
        return np.zeros((0, 4))
    rng = np.random.default_rng([int(wanted["seed"]), 83])
    face = face_of(body)
    corners = vertices[triangles]
    middle = corners.mean(axis=1)
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    area = area * bare[triangles].all(axis=1)
    p = (middle - face.eyes) / face.unit
    # The front of the face; ears, crown and nape are left alone, where hair would hide them.
    near = (p[:, 1] < 0.75) & (p[:, 2] < 0.9) & (p[:, 2] > -2.1) & (np.abs(p[:, 0]) < 1.05)
    shares = {True: area * near, False: area * (p[:, 2] < -2.6)}
    found: list[Array] = []
    for number in range(int(wanted["count"])):
        share = shares[number == 0 or bool(rng.random() < NEAR_FACE)]
        place = _spot(rng, corners, share / share.sum(), found, APART * face.unit)
        size = MOLE_MM[0] + (MOLE_MM[1] - MOLE_MM[0]) * float(rng.random()) ** 1.5
        found.append(np.array([*place, size / 1000 * max(0.6, body.scale)]))
    return np.array(found)


def _spot(rng: np.random.Generator, corners: Array, share: Array, taken: list[Array], apart: float) -> Array:
    """A point of the surface, away from those that are taken if that can be."""
    place = np.zeros(3)
    for _ in range(12):
        triangle = int(rng.choice(len(share), p=share))
        a, b = rng.random(2)
        if a + b > 1.0:
            a, b = 1.0 - a, 1.0 - b
        origin, one, two = corners[triangle]
        place = origin + a * (one - origin) + b * (two - origin)
        if all(np.linalg.norm(place - other[:3]) > apart for other in taken):
            break
    return np.asarray(place)


# ── how they look ───────────────────────────────────────────────────────────────────────────────────────────────────


def _light(base: RGB) -> float:
    """How light a skin is: 0 dark … 1 fair."""
    return float(np.clip(luminance(base) / 0.45, 0.0, 1.0))


def freckled(g: Graph, colour: Any, base: RGB, at: Any, likely: Any, amount: float) -> Any:
    """The skin's colour with freckles: flat brown spots of uneven outline, many where `likely` is near 1."""
    part = _light(base)  # on dark skin they are nearly black
    spot = (base[0] * (0.24 + 0.28 * part), base[1] * (0.17 + 0.14 * part), base[2] * (0.15 + 0.05 * part))
    uneven = g.offset(at, g.vscale(g.noise_vector(at, 900.0), 0.0009))
    clustered = g.rescale(g.noise(at, 45.0, detail=2), 0.35, 0.65, 0.45, 1.15)
    chance = g.times(g.times(likely, clustered), 2.0 * amount)
    for cells, radius in FRECKLES:
        distance, random = g.cells(uneven, cells)
        there, size, deep = g.split(random)
        edge = g.times(g.rescale(size, 0.0, 1.0, 0.55, 1.0), radius)
        inside = g.smooth(g.math("DIVIDE", distance, edge), 1.0, 0.55)
        shown = g.times(inside, g.math("LESS_THAN", there, chance))
        colour = g.mix(g.times(shown, g.rescale(deep, 0.0, 1.0, 0.4, 0.9)), colour, spot)
    return colour


def flushed(g: Graph, colour: Any, base: RGB, at: Any, shows: Any, ears: Any, amount: float) -> Any:
    """The skin's colour with a blush: more blood under it, in soft patches."""
    part = _light(base)  # through dark skin less of it is seen
    blood = blend((base[0], base[1] * 0.40, base[2] * 0.42), (0.55, 0.10, 0.09), 0.25 * part)
    patchy = g.rescale(g.noise(at, 55.0, detail=3), 0.3, 0.7, 0.75, 1.1)
    strength = g.math("MAXIMUM", shows, g.times(ears, 0.6))
    return g.mix(g.times(g.times(strength, patchy), (0.30 + 0.32 * part) * amount), colour, blood)


def moled(g: Graph, colour: Any, base: RGB, at: Any, places: Array) -> tuple[Any, Any]:
    """The skin's colour with moles, and a number that is 1 on them, for the relief."""
    brown = blend(scaled((base[0] * 0.9, base[1] * 0.62, base[2] * 0.5), 0.22), (0.035, 0.016, 0.009), 0.6)
    uneven = g.offset(at, g.vscale(g.noise_vector(at, 700.0), 0.0007))
    raised: Any = 0.0
    for x, y, z, radius in places.tolist():
        away = g.vector("DISTANCE", uneven, (x, y, z))
        raised = g.math("MAXIMUM", raised, g.smooth(away, 1.15 * radius, 0.7 * radius))
    return g.mix(g.times(raised, 0.9), colour, brown), raised
