"""The head that hair grows on: where roots may be, which way hair lies, and what it must not enter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....body import BONES, Body
from ..complexion import scalp_area
from ..landmarks import Face, face_of
from ..patch import Patch, Surface, vertex_normals

Array = NDArray[Any]

CROWN = np.array([0.08, 1.95, 1.62])
"""The whorl, in pupil distances from midway between the eyes: left, back, up."""
TIE = np.array([0.0, 2.15, 1.05])
"""Where a ponytail is tied, before it is pushed out of the skull."""

COLLAR = (-2.5, -1.9)
"""Where clothes end at the latest, in pupil distances above the eyes, and where they begin."""
CLOTHES_M = 0.024


@dataclass(frozen=True)
class Head:
    """A head with its scalp, measured in pupil distances (`local`) and in [m]."""

    body: Body
    skin: Patch
    used: Array

    @cached_property
    def face(self) -> Face:
        return face_of(self.body)

    @property
    def unit(self) -> float:
        return self.face.unit

    @cached_property
    def scalp(self) -> Array:
        """(n,) 0…1 at the skin's vertices."""
        return scalp_area(self.body, self.used)

    @cached_property
    def surface(self) -> Surface:
        """The skin of the scalp and a little round it."""
        triangles = self.skin.triangles()
        return Surface(self.skin.vertices, triangles[(self.scalp[triangles] > 0).any(axis=1)])

    def local(self, points: Array) -> Array:
        """Points (m, 3) relative to midway between the eyes, in pupil distances."""
        return np.asarray((points - self.face.eyes) / self.unit)

    def world(self, local: Array) -> Array:
        return np.asarray(self.face.eyes + self.unit * local)

    @cached_property
    def centre(self) -> Array:
        """The middle of the skull [m]."""
        return self.world(np.array([0.0, 1.25, 0.55]))

    @cached_property
    def _solid(self) -> tuple[Any, Array, Array]:
        """Skin of head, neck and shoulders for collisions: tree, points, normals."""
        from scipy.spatial import cKDTree

        near = np.array(
            [
                n.startswith(("head", "neck", "spine01", "spine02", "spine03", "clavicle", "shoulder", "upperarm"))
                for n in BONES
            ]
        )
        weight = (self.skin.weights * near[self.skin.bones]).sum(axis=1)
        inner = self.body.masks["inside_mouth"][self.used] > 0.1
        triangles = self.skin.triangles()
        normals = vertex_normals(self.skin.vertices, triangles)
        keep = (weight > 0.4) & ~inner
        middle = triangles[keep[triangles].all(axis=1)]
        points = np.concatenate([self.skin.vertices[keep], self.skin.vertices[middle].mean(axis=1)])
        both = np.concatenate([normals[keep], normals[middle].mean(axis=1)])
        both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
        return cKDTree(points), points, both

    def kept_out(self, points: Array, margin: Array | float) -> Array:
        """Points moved so that they are at least `margin` [m] outside the skin."""
        tree, at, normals = self._solid
        _, index = tree.query(points)
        depth = ((points - at[index]) * normals[index]).sum(axis=1)
        push = np.clip(margin - depth, 0.0, None)
        return np.asarray(points + normals[index] * push[:, None])

    def clothed(self, points: Array) -> Array:
        """Room [m] that clothes take up between the skin and hair at points: none above the collar."""
        return np.asarray(np.interp(self.local(points)[:, 2], COLLAR, (CLOTHES_M, 0.0)) * self.body.scale)

    @cached_property
    def _directions(self) -> tuple[Any, Array]:
        from scipy.spatial import cKDTree

        _, points, _ = self._solid
        upper = points[self.local(points)[:, 2] > -0.9] - self.centre
        radius = np.linalg.norm(upper, axis=1)
        return cKDTree(upper / radius[:, None]), radius

    def skull(self, way: Array) -> Array:
        """Distance [m] of the skin from the middle of the skull in directions (m, 3)."""
        tree, radius = self._directions
        distance, index = tree.query(way, k=6)
        weight = 1.0 / (distance + 0.01) ** 2
        return np.asarray((radius[index] * weight).sum(axis=1) / weight.sum(axis=1))

    def flow(self, points: Array, normals: Array, kind: str, part: float) -> Array:
        """(m, 3) unit directions in which hair lies at roots."""
        p = self.local(points)
        crown = np.broadcast_to(CROWN, p.shape)
        away = p - crown
        if kind == "part":
            top = np.clip((p[:, 2] - 0.6) / 0.5, 0.0, 1.0)[:, None]
            sign = np.where(p[:, 0] > part, 1.0, -1.0)
            across = np.column_stack([sign, np.full(len(p), 0.25), np.full(len(p), -0.25)])
            back = np.clip((p[:, 1] - 1.7) / 0.5, 0.0, 1.0)[:, None]
            away = (across * (1 - back) + away * back) * top + np.array([0.0, 0.25, -1.0]) * (1 - top)
        elif kind == "back":
            away = TIE - p
        elif kind == "radial":
            away = normals.copy()
        if kind != "radial":
            away = away - normals * (away * normals).sum(axis=1, keepdims=True)
        return np.asarray(away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9))

    @cached_property
    def tie(self) -> Array:
        """Where hair is tied behind the head [m]."""
        return np.asarray(self.kept_out(self.world(TIE)[None], 0.004 * self.body.scale)[0])
