"""Moustaches and full beards, hair by hair, moving with jaw and lips."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import FACE_ACTIONS, Body
from .complexion import beard_area
from .landmarks import face_of
from .patch import Anchor, Patch, Surface, bound
from .strands import ribbons

TINT = {"none": 0.0, "stubble": 0.42, "moustache": 0.12, "full": 0.55}
"""How much of the beard's colour shows through the skin, by the kind of beard."""

MOVED = tuple(i for i, name in enumerate(FACE_ACTIONS) if name.startswith(("jaw", "mouth", "cheekPuff", "noseSneer")))
"""The face actions that move a beard."""


def beard(
    kind: str, body: Body, skin: Patch, surface: Surface, used: NDArray[Any], rng: np.random.Generator
) -> Patch | None:
    """The hairs of a beard; None where there are none to see."""
    if kind not in ("moustache", "full", "stubble"):
        return None
    face = face_of(body)
    p = (skin.vertices - face.eyes) / face.unit
    area = beard_area(body, used)
    lip = (np.abs(p[:, 0]) < 0.52) & (p[:, 2] > (face.mouth[2] - face.eyes[2]) / face.unit - 0.02)
    if kind == "moustache":
        area = area * lip
    triangles = surface.triangles[(area[surface.triangles] > 0).any(axis=1)]
    count = {"moustache": 1300, "full": 6500, "stubble": 4200}[kind]
    grown = Surface(skin.vertices, triangles)
    anchor = grown.scatter(count, rng, area)
    root, normal = anchor.blend(skin.vertices), anchor.blend(surface.normals)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    q = (root - face.eyes) / face.unit
    length = _length(kind, q, anchor.blend(lip.astype(float)), rng) * body.scale
    outward = np.sign(q[:, 0]) * np.clip(np.abs(q[:, 0]) / 0.3, 0.0, 1.0)
    over_lip = anchor.blend(lip.astype(float))[:, None]
    down = np.column_stack([0.25 * outward, np.full(len(q), -0.10), -np.ones(len(q))])
    aside = np.column_stack([0.9 * outward, np.full(len(q), -0.1), np.full(len(q), -0.75)])
    flow = down * (1 - over_lip) + aside * over_lip
    flow = flow + 0.30 * rng.standard_normal(flow.shape)
    flow -= normal * (flow * normal).sum(axis=1, keepdims=True) * 0.9
    flow /= np.linalg.norm(flow, axis=1, keepdims=True)
    lift = (0.55 if kind != "stubble" else 0.9) * rng.uniform(0.7, 1.3, len(q))[:, None]
    k = 3 if kind == "stubble" else 5
    heading, paths = flow + normal * lift, [root]
    for _ in range(k - 1):
        heading = heading / np.linalg.norm(heading, axis=1, keepdims=True)
        paths.append(paths[-1] + heading * (length / (k - 1))[:, None])
        heading = heading + 0.35 * flow + np.array([0.0, 0.0, -0.16]) + 0.15 * rng.standard_normal(flow.shape)
    width = (0.00016 if kind == "stubble" else 0.00030) * rng.uniform(0.8, 1.2, len(q))
    hairs, row = ribbons(np.stack(paths, axis=1), width, normal)
    return bound(hairs, skin, Anchor(anchor.corners[row], anchor.shares[row]), actions=MOVED)


def _length(kind: str, q: NDArray[Any], lip: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """[m] by place: longest on the chin, shorter on the cheeks and the lip."""
    vary = rng.uniform(0.65, 1.1, len(q))
    if kind == "stubble":
        return np.asarray(0.0016 * vary)
    chin = np.exp(-((q[:, 0] / 0.45) ** 2)) * np.clip((-1.35 - q[:, 2]) / 0.3, 0.0, 1.0)
    cheek = np.clip((q[:, 2] + 1.0) / 0.6, 0.0, 1.0)
    full = 0.016 + 0.014 * chin - 0.008 * cheek
    return np.asarray((full * (1 - lip) + 0.0125 * lip) * vary)
