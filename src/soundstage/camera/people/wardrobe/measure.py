"""A body's measures and coordinates, in which clothes are cut, so that one pattern fits every body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....body import BONE_INDEX, BONES, Body
from ..patch import Patch, from_body

Array = NDArray[Any]

ARM = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
LEG = ("upperleg", "lowerleg", "foot", "toe")


def weight_of(bones: Array, weights: Array, stems: tuple[str, ...], side: str = "") -> Array:
    """Sum of the weights of the bones whose names start so (and end with the side)."""
    wanted = np.array([name.startswith(stems) and name.endswith(side) for name in BONES])
    return np.asarray((weights * wanted[bones]).sum(axis=1))


@dataclass(frozen=True)
class Measures:
    """Levels and lines of a body in rest pose [m]."""

    body: Body

    def head(self, bone: str) -> Array:
        return np.asarray(self.body.heads[BONE_INDEX[bone]])

    @cached_property
    def size(self) -> float:
        """How large the body is against a grown-up of 1.70 m."""
        return self.body.height / 1.70

    @cached_property
    def crotch(self) -> float:
        """Height of the crotch."""
        skin = np.unique(self.body.faces)
        v = self.body.vertices[skin]
        middle = np.abs(v[:, 0]) < 0.012 * self.size
        trunk = weight_of(
            self.body.weight_bones[skin], self.body.weights[skin], ("root", "pelvis", "spine05", "upperleg")
        )
        return float(v[middle & (trunk > 0.5), 2].min())

    @cached_property
    def waist(self) -> float:
        """Height of the natural waist."""
        return float(0.35 * self.head("spine04")[2] + 0.65 * self.head("spine03")[2])

    @cached_property
    def armpit(self) -> float:
        return float(self.head("upperarm01.L")[2] - 0.062 * self.size)

    @cached_property
    def nape(self) -> float:
        """Height of the collar at the back of the neck."""
        return float(self.head("neck01")[2] + 0.012 * self.size)

    @cached_property
    def ground(self) -> float:
        return -self.body.sole_height

    def torso_height(self, level: float) -> float:
        """Height by a level: 2 nape, 1 waist, 0 crotch; below that as far again."""
        return float(np.interp(level, (-3.0, 0.0, 1.0, 2.0), (self.crotch - 3 * (self.waist - self.crotch), self.crotch,
                                                            self.waist, self.nape)))  # fmt: skip

    # ── along limbs ─────────────────────────────────────────────────────────────────────────────────────────────────

    def along(self, vertices: Array, joints: tuple[str, ...]) -> tuple[Array, float]:
        """How far along a chain of joints points are (0 first, 1 last joint, linear beyond), and its length [m]."""
        points = np.array([self.head(j) for j in joints])
        lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
        starts = np.concatenate([[0.0], np.cumsum(lengths)])
        best, out = np.full(len(vertices), np.inf), np.zeros(len(vertices))
        last = len(lengths) - 1
        for i, length in enumerate(lengths):
            axis = (points[i + 1] - points[i]) / length
            t = (vertices - points[i]) @ axis
            inside = np.clip(t, -np.inf if i == 0 else 0.0, np.inf if i == last else length)
            distance = np.linalg.norm(vertices - points[i] - np.outer(np.clip(inside, 0, length), axis), axis=1)
            nearer = distance < best
            best[nearer], out[nearer] = distance[nearer], (starts[i] + inside[nearer]) / starts[-1]
        return out, float(starts[-1])

    def arm(self, vertices: Array, side: str) -> tuple[Array, float]:
        """0 at the shoulder joint, about 0.5 at the elbow, 1 at the wrist."""
        return self.along(vertices, tuple(f"{b}.{side}" for b in ("upperarm01", "lowerarm01", "wrist")))

    def leg(self, vertices: Array, side: str) -> tuple[Array, float]:
        """0 at the hip joint, about 0.5 at the knee, 1 at the ankle."""
        return self.along(vertices, tuple(f"{b}.{side}" for b in ("upperleg01", "lowerleg01", "foot")))


def tights(body: Body) -> Patch:
    """MakeHuman's tights: the body from neck to toes as if in a smooth suit; what most clothes are cut from."""
    patch, _ = from_body(body, "tights")
    return patch
