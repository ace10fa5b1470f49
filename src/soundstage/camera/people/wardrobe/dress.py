"""Dressing a person: from garments to objects, and which skin they hide."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .... import library
from ....body import Body
from ..objects import make_object
from ..patch import Patch
from . import cloth
from .cuts import Points, distances, pieces
from .fabric import fabric, weave_of
from .measure import Measures

Array = NDArray[Any]

MAKERS: dict[str, Callable[[Measures, cloth.Pattern], Patch]] = {
    "top": cloth.top,
    "legs": cloth.legs,
    "skirt": cloth.skirt,
    "dress": cloth.dress,
}


@dataclass(frozen=True)
class Worn:
    """A garment somebody wears, with its entry in the library."""

    kind: library.Garment
    colour: str
    trim: str
    material: str
    print_text: str

    @property
    def covers(self) -> str:
        return str(self.kind.cut["covers"])


def worn(wardrobe: Sequence[Mapping[str, Any]]) -> list[Worn]:
    """The garments of a wardrobe, innermost first. Raises InputError for a kind that does not exist."""
    found = [
        Worn(library.garment(g["kind"]), g["colour"], g["trim"], g["material"], g.get("print_text", ""))
        for g in wardrobe
    ]
    return sorted(found, key=lambda w: w.kind.layer)


def hidden_skin(body: Body, garments: Sequence[Worn]) -> Array:
    """(F,) faces of the skin that no camera sees because they lie well under cloth."""
    m = Measures(body)
    points = Points(body.vertices, body.weight_bones, body.weights)
    hidden = np.zeros(len(body.faces), dtype=bool)
    for garment in garments:
        hidden |= (_depth(m, garment, points) > 0)[body.faces].all(axis=1)
    return hidden


def _depth(m: Measures, garment: Worn, points: Points) -> Array:
    """How far inside a garment points lie, less how far one can look in from its rims [m]."""
    deepest = np.full(len(points.vertices), -1.0)
    peek = float(garment.kind.cut.get("peek", 0.035)) * m.size
    for pattern, cut in pieces(garment.kind.cut):
        found = distances(pattern, m, cut, points)
        deepest = np.maximum(deepest, np.minimum(found.hem - peek, found.neck - 0.02 * m.size))
    return deepest


def dress(name: str, body: Body, garments: Sequence[Worn], armature: Any, seed: int) -> list[Any]:
    """Objects of all garments, skinned to the armature."""
    m = Measures(body)
    out = []
    for index, garment in enumerate(garments):
        rng = np.random.default_rng([seed, zlib.crc32(garment.kind.name.encode())])
        if garment.covers not in MAKERS:
            continue
        pattern = cloth.Pattern(garment.kind.cut, garment.kind.layer, rng)
        patch = MAKERS[garment.covers](m, pattern)
        weave = weave_of(garment.material, str(garment.kind.cut.get("weave", "cotton")))
        main = fabric(weave, garment.colour, band=garment.trim, cut=garment.kind.cut)
        trim = fabric(weave, garment.trim)
        out.append(make_object(f"{name}.{index}.{garment.kind.name}", patch, [main, trim], armature, subdivide=1))
    return out
