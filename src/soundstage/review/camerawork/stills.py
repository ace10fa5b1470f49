"""Surfaces that stand still and whose place is known: the ground, the walls of a room, the faces of fixed boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import library
from ...errors import InputError
from ...take import Take
from ..surfaces import parts

Array = NDArray[Any]

FARTHEST_M = 60.0


@dataclass(frozen=True, kw_only=True)
class Face:
    """A flat piece: n·X = d within a box."""

    normal: Array  # (3,) unit
    offset: float
    low: Array  # (3,) [m]
    high: Array  # (3,) [m]


def faces(take: Take) -> list[Face]:
    """All that are known of a scene."""
    return [*_ground(), *_walls(take), *_boxes(take)]


def met(surfaces: list[Face], origin: Array, rays: Array) -> tuple[Array, Array]:
    """Along rays (K, 3) from origins (K, 3): which face is met first, (K,) int, -1 for none; and how far, in rays."""
    which = np.full(len(rays), -1)
    nearest = np.full(len(rays), np.inf)
    for index, face in enumerate(surfaces):
        with np.errstate(divide="ignore", invalid="ignore"):
            far = (face.offset - origin @ face.normal) / (rays @ face.normal)
            point = origin + rays * far[:, None]
            inside = np.all((point >= face.low - 1e-6) & (point <= face.high + 1e-6), axis=1)
        hit = inside & (far > 0.05) & (far < nearest)
        nearest[hit], which[hit] = far[hit], index
    return which, nearest


def _ground() -> Iterator[Face]:
    wide = np.array([FARTHEST_M, FARTHEST_M, 0.0])
    yield Face(normal=np.array([0.0, 0.0, 1.0]), offset=0.0, low=-wide, high=wide)


def _walls(take: Take) -> Iterator[Face]:
    try:
        kind = library.set_(take.place.set)
    except InputError:  # a set of another version
        return
    if kind.room_m is None:
        return
    middle = np.array([*kind.params.get("room_center", [0.0, 0.0]), kind.room_m[2] / 2])
    half = np.array(kind.room_m) / 2
    yield from _sides(middle, np.eye(3), half)


def _boxes(take: Take) -> Iterator[Face]:
    for index, thing in enumerate(take.things):
        if not thing.fixed:
            continue
        for part in parts(thing, take.thing_position[0, index], take.thing_rotation[0, index]):
            if part.shape == "box":
                yield from _sides(part.position, part.turn, np.array(part.size) / 2)


def _sides(middle: Array, turn: Array, half: Array) -> Iterator[Face]:
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = sign * turn[:, axis]
            centre = middle + normal * half[axis]
            across = np.abs(turn[:, [k for k in range(3) if k != axis]] * half[[k for k in range(3) if k != axis]])
            reach = across.sum(axis=1)
            yield Face(normal=normal, offset=float(normal @ centre), low=centre - reach, high=centre + reach)
