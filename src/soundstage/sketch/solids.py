"""Things as triangles in their own axes, a flat colour each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import library
from ..errors import InputError
from ..take import Thing
from ..view import matrix

Array = NDArray[Any]

SIDES, RINGS = 20, 10
PATCH_SHADE = 0.72
"""Every other patch of a ball is darker by this, or nobody would see it turn."""


@dataclass(frozen=True)
class Solid:
    """Triangles (T, 3, 3) in the thing's axes [m], and their colours (T, 3), 0…1."""

    triangles: Array
    colours: Array


def solid(thing: Thing) -> Solid:
    """The triangles of a thing; of a compound, those of its parts."""
    colour = rgb(thing.colour)
    if thing.shape != "compound":
        return _primitive(thing.shape, thing.size, colour, patched=thing.shape == "sphere")
    found = [_part(part, colour) for part in thing.params.get("parts", ())]
    if not found:
        return _primitive("box", thing.size, colour)
    return Solid(np.concatenate([s.triangles for s in found]), np.concatenate([s.colours for s in found]))


def block(low: Array, high: Array, colour: Array) -> Solid:
    """A box in world axes between two corners (3,)."""
    shape = _primitive("box", tuple(high - low), colour)
    return Solid(shape.triangles + (low + high) / 2, shape.colours)


def _part(part: Mapping[str, Any], colour: Array) -> Solid:
    shape = _primitive(part["shape"], tuple(part["size"]), _material(part.get("material", ""), colour))
    turned = shape.triangles @ matrix(np.asarray(part["rotation"])).T + np.asarray(part["position"])
    return Solid(turned, shape.colours)


def _material(name: str, otherwise: Array) -> Array:
    try:
        return rgb(library.material(name).albedo)
    except InputError:
        return otherwise


def rgb(colour: str) -> Array:
    """(3,) 0…1, display-referred, of "#rrggbb"."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0


def _primitive(shape: str, size: tuple[float, ...], colour: Array, *, patched: bool = False) -> Solid:
    half = np.asarray(size, dtype=np.float64) / 2
    match shape:
        case "sphere":
            quads = _surface(lambda u, v: _ball(u, v) * half)
        case "cylinder":
            quads = _surface(lambda u, v: _can(u, v) * half, rows=np.array([-1.5, -1.0, 1.0, 1.5]))
        case "capsule":
            straight = max(half[2] - half[0], 0.0)
            quads = _surface(lambda u, v: _ball(u, v) * half[0] + _end(v) * straight)
        case _:
            return Solid(_BOX * half, np.repeat(colour[None], len(_BOX), axis=0))
    count = len(quads) // SIDES
    colours = np.repeat(colour[None], len(quads), axis=0)
    if patched:
        ring, side = np.divmod(np.arange(len(quads)), SIDES)
        dark = ((side * 4 // SIDES) + (ring * 2 // count)) % 2 == 1
        colours = colours * np.where(dark, PATCH_SHADE, 1.0)[:, None]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Solid(triangles, np.concatenate([colours, colours]))


def _surface(at: Any, rows: Array | None = None) -> Array:
    """Quads (Q, 4, 3) of a surface of revolution, ring by ring, seen from outside anticlockwise."""
    v = np.linspace(-1.0, 1.0, RINGS + 1) if rows is None else rows
    u = np.arange(SIDES) * 2 * np.pi / SIDES
    points = at(u[None, :], v[:, None])
    right = np.roll(points, -1, axis=1)
    return np.asarray(np.stack([points[:-1], right[:-1], right[1:], points[1:]], axis=2).reshape(-1, 4, 3))


def _ball(u: Array, v: Array) -> Array:
    lat = v * np.pi / 2
    return np.stack(np.broadcast_arrays(np.cos(lat) * np.cos(u), np.cos(lat) * np.sin(u), np.sin(lat)), axis=-1)


def _can(u: Array, v: Array) -> Array:
    """A cylinder; beyond ±1 the lids, down to their middle at ±1.5."""
    radius = np.where(np.abs(v) > 1.0, 0.0, 1.0)
    return np.stack(np.broadcast_arrays(radius * np.cos(u), radius * np.sin(u), np.clip(v, -1, 1)), axis=-1)


def _end(v: Array) -> Array:
    return np.stack(np.broadcast_arrays(0.0 * v, 0.0 * v, np.sign(v)), axis=-1)


def _box() -> Array:
    faces = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            a, b = (axis + 1) % 3, (axis + 2) % 3
            corners = np.zeros((4, 3))
            corners[:, axis] = sign
            corners[:, a] = np.array([-1, 1, 1, -1]) * sign
            corners[:, b] = [-1, -1, 1, 1]
            faces += [corners[[0, 1, 2]], corners[[0, 2, 3]]]
    return np.array(faces)


_BOX = _box()
