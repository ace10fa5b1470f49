"""Dressing a person: from garments to objects, and which skin they hide."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .... import library
from ....body import Body
from ..objects import make_object
from ..patch import Patch
from . import carried, cloth, feet, headwear
from .cuts import Points, distances, pieces
from .fabric import WEAVES, fabric, tinted_glass, weave_of
from .measure import Measures
from .panels import laid_flat
from .patterns import pattern_of
from .prints import print_mask

Array = NDArray[Any]

MAKERS: dict[str, Callable[[Measures, cloth.Pattern], Patch]] = {
    "top": cloth.top,
    "legs": cloth.legs,
    "skirt": cloth.skirt,
    "dress": cloth.dress,
    "socks": feet.socks,
    "shoes": feet.shoes,
    "sandals": feet.sandals,
    "hat": headwear.hat,
    "headband": headwear.headband,
    "glasses": headwear.glasses,
    "one_piece": cloth.one_piece,
    "scarf": carried.scarf,
    "apron": carried.apron,
    "watch": carried.watch,
    "backpack": carried.backpack,
}
"""How each `covers` of the library is made."""


@dataclass(frozen=True)
class Worn:
    """A garment somebody wears, with its entry in the library."""

    kind: library.Garment
    colour: str
    trim: str
    material: str
    print_text: str = ""
    print_colour: str = ""
    pattern: str = "plain"
    pattern_colour: str = ""
    pattern_scale_m: float | None = None

    @property
    def covers(self) -> str:
        return str(self.kind.cut["covers"])


def worn(wardrobe: Sequence[Mapping[str, Any]], *, camisole: bool = False) -> list[Worn]:
    """The garments of a wardrobe, innermost first, and underwear where nothing else covers the hips or, with
    `camisole`, the chest. Raises InputError for a kind that does not exist."""
    found = [
        Worn(
            library.garment(g["kind"]),
            g["colour"],
            g["trim"],
            g["material"],
            print_text=g.get("print_text", ""),
            print_colour=g.get("print_colour") or g["trim"],
            pattern=g.get("pattern", "plain"),
            pattern_colour=g.get("pattern_colour") or "",
            pattern_scale_m=g.get("pattern_scale_m"),
        )
        for g in wardrobe
    ]
    covered = {w.covers for w in found}
    if not covered & {"legs", "skirt", "dress", "one_piece"}:
        found.append(_usual("briefs"))
    if camisole and not covered & {"top", "dress", "one_piece"}:
        found.append(_usual("camisole"))
    return sorted(found, key=lambda w: (w.kind.layer, w.covers not in ("legs", "skirt")))  # tops fall over waistbands


def _usual(kind: str) -> Worn:
    """A garment in its usual colours."""
    entry = library.garment(kind)
    return Worn(entry, entry.colour, entry.trim, entry.material)


def hidden_skin(body: Body, garments: Sequence[Worn]) -> Array:
    """(F,) faces of the skin that no camera sees because they lie well under cloth."""
    m = Measures(body)
    points = Points(body.vertices, body.weight_bones, body.weights)
    hidden = np.zeros(len(body.faces), dtype=bool)
    for garment in garments:
        hidden |= (_depth(m, garment, points) > 0)[body.faces].all(axis=1)
    return hidden


def under_hat(garments: Sequence[Worn]) -> Callable[[Array], Array] | None:
    """Which points (n, 3), in pupil distances from the eyes, lie under a hat that presses the hair; None without one."""
    cuts = [g.kind.cut for g in garments if g.covers == "hat" and g.kind.cut.get("over_hair")]
    if not cuts:
        return None
    return lambda points: np.any([points[:, 2] > headwear.rim_height(points[:, 1], cut) for cut in cuts], axis=0)


def _depth(m: Measures, garment: Worn, points: Points) -> Array:
    """How far inside a garment points lie, less how far one can look in from its rims [m]."""
    deepest = np.full(len(points.vertices), -1.0)
    peek = float(garment.kind.cut.get("peek", 0.035)) * m.size
    for pattern, cut in pieces(garment.kind.cut):
        found = distances(pattern, m, cut, points)
        deepest = np.maximum(deepest, np.minimum(found.hem - peek, found.neck - 0.02 * m.size))
    if garment.covers in ("socks", "shoes"):
        cut = {**garment.kind.cut, "sock": garment.covers == "socks"}
        deepest = np.maximum(deepest, feet.covered_foot(m, cut, points.vertices, points.bones, points.weights))
    return deepest


def dress(name: str, body: Body, garments: Sequence[Worn], armature: Any, seed: int) -> list[Any]:
    """Objects of all garments, skinned to the armature."""
    m = Measures(body)
    out = []
    for index, garment in enumerate(garments):
        rng = np.random.default_rng([seed, zlib.crc32(garment.kind.name.encode())])
        patch = MAKERS[garment.covers](m, cloth.Pattern(garment.kind.cut, garment.kind.layer, rng))
        patch = without(patch, _under(m, patch, garments[index + 1 :]))
        if garment.pattern != "plain":
            patch = laid_flat(m, garment.covers, patch)
        out.append(
            make_object(f"{name}.{index}.{garment.kind.name}", patch, _materials(m, garment), armature, subdivide=True)
        )
    return out


def _under(m: Measures, patch: Patch, over: Sequence[Worn]) -> Array:
    """(n,) True where cloth lies well under garments worn over it and would only poke through."""
    points = Points(patch.vertices, patch.bones, patch.weights)
    hidden = np.zeros(patch.count, dtype=bool)
    for garment in over:
        if garment.covers in ("top", "dress", "shoes"):
            hidden |= _depth(m, garment, points) > 0.012 * m.size
    return hidden


def without(patch: Patch, hidden: Array) -> Patch:
    """A patch without the faces all of whose vertices are hidden."""
    keep = [~hidden[block].all(axis=1) for block in patch.faces]
    used = np.unique(np.concatenate([b[k].ravel() for b, k in zip(patch.faces, keep, strict=True)] or [[0]]))
    number = np.zeros(patch.count, dtype=np.int64)
    number[used] = np.arange(len(used))
    return replace(
        patch,
        vertices=patch.vertices[used],
        faces=tuple(number[b[k]] for b, k in zip(patch.faces, keep, strict=True)),
        bones=patch.bones[used],
        weights=patch.weights[used],
        uv=tuple(u[k] for u, k in zip(patch.uv, keep, strict=True)) if patch.uv else (),
        slots=tuple(s[k] for s, k in zip(patch.slots, keep, strict=True)) if patch.slots else (),
        actions={i: a[used] for i, a in patch.actions.items()},
        colours={name: c[used] for name, c in patch.colours.items()},
    )


def _materials(m: Measures, garment: Worn) -> list[Any]:
    """Materials of the slots: main, trim, and for shoes sole and laces."""
    cut = garment.kind.cut
    weave = weave_of(garment.material, str(cut.get("weave", "cotton")))
    mask = None
    if garment.print_text and garment.covers in ("top", "dress", "one_piece"):
        mask = print_mask(garment.print_text, m, letters=not garment.print_text.strip().isdigit())
    main = fabric(
        weave, garment.colour, band=garment.trim, cut=cut, mask=mask, print_colour=garment.print_colour,
        pattern=pattern_of(garment.pattern, garment.colour, garment.pattern_colour, garment.pattern_scale_m),
    )  # fmt: skip
    slots = [main, tinted_glass(garment.trim) if cut.get("lens") else fabric(weave, garment.trim)]
    if garment.covers in ("shoes", "sandals"):
        slots.append(fabric(WEAVES["rubber"], str(cut.get("sole_colour", "#e8e6e0"))))
        slots.append(fabric(WEAVES["canvas"], garment.trim))
    return slots
