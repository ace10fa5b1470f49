"""Where things are on a face: vertices of MakeHuman's base mesh that keep their meaning on every body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONE_INDEX, Body

Array = NDArray[Any]

NOSE_TIP = 297
BROW_LEFT = (6983, 6980, 6996, 6998, 7005, 7031)
"""Along the left brow from its inner end over the arch to its tail."""
LIP_CORNERS = (7272, 424)


@dataclass(frozen=True)
class Face:
    """Places and sizes of one face in rest coordinates [m]."""

    eye_left: Array
    eye_right: Array
    eye_radius: float
    nose: Array
    mouth: Array
    lip_corner_left: Array
    unit: float
    """Distance between the pupils: the yardstick of the face."""

    @property
    def eyes(self) -> Array:
        """Midway between the eyes."""
        return np.asarray((self.eye_left + self.eye_right) / 2)

    def at(self, x: float, y: float, z: float) -> Array:
        """A point by its distance from midway between the eyes, in yardsticks: to the left, back, up."""
        return np.asarray(self.eyes + self.unit * np.array([x, y, z]))


def face_of(body: Body) -> Face:
    """Measure a face."""
    left, right = body.heads[BONE_INDEX["eye.L"]], body.heads[BONE_INDEX["eye.R"]]
    ball = np.unique(body.parts["eye.L"])
    corners = body.vertices[list(LIP_CORNERS)]
    return Face(
        eye_left=left,
        eye_right=right,
        eye_radius=float(np.linalg.norm(body.vertices[ball] - left, axis=1).mean()),
        nose=body.vertices[NOSE_TIP],
        mouth=corners.mean(axis=0),
        lip_corner_left=corners[0],
        unit=float(np.linalg.norm(left - right)),
    )
