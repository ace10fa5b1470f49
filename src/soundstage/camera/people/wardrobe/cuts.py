"""Patterns: which part of a body a garment covers, as a signed distance to its rims [m].

A pattern maps points with skin weights to a distance: positive inside the garment. The same numbers cut the cloth and
tell which skin (and which garments of lower layers) it hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .measure import ARM, LEG, Measures, weight_of

Array = NDArray[Any]

FAR = 1.0


@dataclass(frozen=True)
class Distances:
    """Distances [m] of points to the rims of a garment, positive inside."""

    hem: Array
    """To the hems: sleeves, trouser legs, lower edge."""
    neck: Array
    """To the opening on top: neckline or waist."""

    @property
    def inside(self) -> Array:
        """Signed distance to the nearest rim."""
        return np.asarray(np.minimum(self.hem, self.neck))


@dataclass(frozen=True)
class Points:
    """Points of a resting body or of cloth, with what carries them."""

    vertices: Array
    bones: Array
    weights: Array

    def carried(self, stems: tuple[str, ...], side: str = "") -> Array:
        return weight_of(self.bones, self.weights, stems, side)


def distances(kind: str, m: Measures, cut: Mapping[str, Any], points: Points) -> Distances:
    """Distances of points to the rims of a pattern: "top", "legs", "skirt", "one_piece"."""
    return {"top": _top, "legs": _legs, "skirt": _skirt, "one_piece": _one_piece}[kind](m, cut, points)


def pieces(cut: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The patterns a garment is made of: a dress is a top down to the waist and a skirt from there on."""
    if cut["covers"] == "dress":
        return [("top", {**cut, "hem": float(cut["rise"]) - 0.12}), ("skirt", dict(cut))]
    return [(str(cut["covers"]), dict(cut))] if cut["covers"] in ("top", "legs", "skirt", "one_piece") else []


def _top(m: Measures, cut: Mapping[str, Any], p: Points) -> Distances:
    v = p.vertices
    arm = p.carried(ARM) > 0.5
    hem = np.where(arm, FAR, v[:, 2] - m.torso_height(cut["hem"]))
    sleeve = float(cut["sleeve"])
    if sleeve > 0.02:
        for side in ("L", "R"):
            mine = p.carried(ARM, side) > 0.5
            along, length = m.arm(v[mine], side)
            hem[mine] = np.minimum(hem[mine], (sleeve - along) * length)
    else:
        hem = np.minimum(hem, _armhole(m, cut, v))
        hem = np.where(arm, np.minimum(hem, -1e-3), hem)
    neck = neckline(m, cut, v) - v[:, 2]
    if "straps" in cut:  # however deep the neckline, straps go on over the shoulders
        inner = float(cut["straps"]) * abs(m.head("upperarm01.L")[0])
        neck = np.maximum(neck, np.minimum(np.abs(v[:, 0]) - inner, m.nape + 0.03 * m.size - v[:, 2]))
    return Distances(hem=hem, neck=np.where(arm, FAR, neck))


def _armhole(m: Measures, cut: Mapping[str, Any], v: Array) -> Array:
    """Distance from a sleeveless armhole: a line in the front view from the strap down to under the arm."""
    shoulder = m.head("upperarm01.L")
    x, z = abs(shoulder[0]), shoulder[2]
    bottom = m.armpit - float(cut.get("armhole", 0.03)) * m.size
    strap = float(cut.get("strap", 0.74))
    edge = np.interp(
        v[:, 2],
        (bottom - 0.03, bottom, bottom + 0.035, 0.5 * (bottom + z), z + 0.03),
        (2.6 * x, 1.5 * x, 1.02 * x, (strap + 0.06) * x, strap * x),
    )
    return np.asarray(edge - np.abs(v[:, 0]))


def neckline(m: Measures, cut: Mapping[str, Any], v: Array) -> Array:
    """Height of the neckline over each point: round the base of the neck, deeper in front."""
    size = m.size
    back = m.head("neck01")[1] + 0.045 * size
    # From the nape the line stays high beside the neck and then dips to the notch of the collar-bones.
    drop = np.interp((back - v[:, 1]) / size, (0.0, 0.05, 0.08, 0.115, 0.15), (0.0, 0.002, 0.018, 0.058, 0.080)) * size
    line = m.nape + 0.010 * size - drop - float(cut.get("open", 0.0)) * size
    width, depth = float(cut.get("neck_width", 0.085)) * size, float(cut.get("neck_depth", 0.02)) * size
    across = np.abs(v[:, 0]) / width
    shape = np.clip(1.0 - across, 0.0, 1.0) if cut.get("neck") in ("v", "lapel") else np.exp(-(across**2) * 1.4)
    front = np.clip((back - 0.055 * size - v[:, 1]) / (0.03 * size), 0.0, 1.0)
    return np.asarray(line - depth * shape * front)


def _legs(m: Measures, cut: Mapping[str, Any], p: Points) -> Distances:
    v = p.vertices
    neck = m.torso_height(float(cut["rise"])) - v[:, 2]
    hem = np.full(len(v), FAR)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        mine = (v[:, 0] * sign >= 0) & (p.carried(LEG) > 0.2)
        along, length = m.leg(v[mine], side)
        hem[mine] = np.minimum(hem[mine], (float(cut["length"]) - along) * length)
    return Distances(hem=np.where(p.carried(ARM) > 0.3, -FAR, hem), neck=neck)


def _one_piece(m: Measures, cut: Mapping[str, Any], p: Points) -> Distances:
    """A top that goes on between the legs, cut out at the hips by `leg` (0 straight … 1 high)."""
    upper = _top(m, {**cut, "hem": -9.0}, p)
    v = p.vertices
    aside = np.clip(np.abs(v[:, 0]) / (1.3 * abs(float(m.head("upperleg01.L")[0]))), 0.0, 1.5)
    rise = float(cut.get("leg", 0.3)) * (m.waist - m.crotch) * aside**1.5 + 0.02 * m.size * aside
    lower = v[:, 2] - (m.crotch - 0.012 * m.size + rise)
    return Distances(hem=np.minimum(upper.hem, lower), neck=upper.neck)


def _skirt(m: Measures, cut: Mapping[str, Any], p: Points) -> Distances:
    v = p.vertices
    hem = v[:, 2] - m.torso_height(float(cut["length"]))
    neck = m.torso_height(float(cut["rise"])) - v[:, 2]
    return Distances(hem=np.where(p.carried(ARM) > 0.3, -FAR, hem), neck=neck)
