"""The flesh of a person: skin, eyes, mouth, brows and lashes, as objects in the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import Body
from ...colour import blend, linear, scaled
from . import materials
from .beard import beard
from .brows import brows, lashes
from .complexion import bare, complexion
from .eyes import eyeball
from .marks import moles
from .mouth import mouth_parts
from .objects import make_object
from .patch import Patch, Surface, from_body

Array = NDArray[Any]


@dataclass(frozen=True)
class Skin:
    """The whole skin as a patch, with what hair and clothes need to hang on it."""

    patch: Patch
    used: Array  # (n,) the body's index of each vertex of the patch
    surface: Surface


def skin_of(body: Body) -> Skin:
    """The skin of a body with its complexion."""
    patch, used = from_body(body, "body")
    patch = replace(patch, colours=complexion(body, used, patch.normals()))
    return Skin(patch=patch, used=used, surface=Surface(patch.vertices, patch.triangles()))


def make_flesh(
    name: str,
    identity: Mapping[str, Any],
    body: Body,
    skin: Skin,
    armature: Any,
    *,
    hidden: Array,
    tints: tuple[float, float],
) -> list[Any]:
    """Objects of skin, eyes, mouth, brows and lashes.

    Args:
        hidden: (F,) faces of the skin that lie under clothes and are left out.
        tints: how much of the hair's colour shows through on the scalp and on the beard.
    """
    rng = np.random.default_rng([int(identity["face_seed"]), 71])
    male = float(identity["masculinity"])
    seen, _ = from_body(body, "body", keep=~hidden)
    kept = np.unique(body.parts["body"][~hidden])
    position = np.searchsorted(skin.used, kept)
    seen = replace(seen, colours={k: v[position] for k, v in skin.patch.colours.items()})
    scalp_tint, beard_tint = tints
    spots = moles(body, skin.patch.vertices, skin.patch.triangles(), bare(body, skin.used), identity)
    objects = [
        make_object(
            f"{name}.skin",
            seen,
            [materials.skin(identity, scalp_tint=scalp_tint, beard_tint=beard_tint, moles=spots)],
            armature,
            subdivide=True,
        )
    ]
    eye, cornea = materials.eye(identity), materials.cornea()
    objects += [make_object(f"{name}.eye.{s}", eyeball(body, s), [eye, cornea], armature) for s in ("L", "R")]
    teeth = materials.tooth(float(identity["age"]))
    gum, tongue = materials.wet("gum", (0.42, 0.13, 0.12)), materials.wet("tongue", (0.42, 0.11, 0.10))
    objects.append(make_object(f"{name}.mouth", mouth_parts(body), [teeth, gum, tongue], armature, subdivide=True))
    hair = linear(identity["hair"]["colour"])
    brow_colour = blend(scaled(hair, 0.7), (0.03, 0.02, 0.014), 0.3)
    brow = brows(body, skin.patch, skin.surface, skin.used, masculinity=male, rng=rng)
    objects.append(make_object(f"{name}.brows", brow, [materials.lash(brow_colour)], armature))
    whiskers = beard(identity["beard"], body, skin.patch, skin.surface, skin.used, rng)
    if whiskers is not None:
        objects.append(make_object(f"{name}.beard", whiskers, [materials.lash(scaled(hair, 0.85))], armature))
    lash = lashes(body, femininity=1.0 - male, rng=rng)
    objects.append(make_object(f"{name}.lashes", lash, [materials.lash(scaled(brow_colour, 0.35))], armature))
    return objects
