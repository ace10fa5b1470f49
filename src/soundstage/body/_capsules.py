"""Capsules that cover a body, fitted to the skin each of them stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._body import Capsule
from .skeleton import BONE_INDEX, BONES

Array = NDArray[Any]

# name, bone it moves with, bones whose skin it covers, end bones (from, to). "{}" stands for L and R.
LIMBS: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("upper_arm.{}", "upperarm01.{}", ("upperarm01.{}", "upperarm02.{}"), "upperarm01.{}", "lowerarm01.{}"),
    ("forearm.{}", "lowerarm01.{}", ("lowerarm01.{}", "lowerarm02.{}"), "lowerarm01.{}", "wrist.{}"),
    ("thigh.{}", "upperleg01.{}", ("upperleg01.{}", "upperleg02.{}"), "upperleg01.{}", "lowerleg01.{}"),
    ("shin.{}", "lowerleg01.{}", ("lowerleg01.{}", "lowerleg02.{}"), "lowerleg01.{}", "foot.{}"),
)
TRUNK: tuple[tuple[str, str], ...] = (
    ("hips", "root"),
    ("waist", "spine04"),
    ("ribs", "spine02"),
    ("chest", "spine02"),
    ("shoulders", "spine01"),
)
"""Slices of the trunk from the crotch to the neck, of equal height, and the bones they move with."""
TRUNK_SKIN = ("root", "pelvis.", "spine", "clavicle.", "shoulder01.")
COVER = 0.8
"""Part of the skin's distances from the axis that lies inside a capsule: a limb is not round."""


def capsules(heads: Array, vertices: Array, dominant: Array) -> tuple[Capsule, ...]:
    """Capsules in rest coordinates.

    Args:
        heads: (J, 3) bone origins.
        vertices: (n, 3) vertices of the skin.
        dominant: (n,) bone that moves each vertex most.
    """

    def skin_of(*bones: str) -> Array:
        return vertices[np.isin(dominant, [BONE_INDEX[b] for b in bones])]

    trunk = skin_of(*(b for b in BONES if b.startswith(TRUNK_SKIN)))
    levels = np.linspace(trunk[:, 2].min() + 0.05, heads[BONE_INDEX["neck01"]][2], len(TRUNK) + 1)
    out = [
        _across(name, bone, trunk[(trunk[:, 2] >= low) & (trunk[:, 2] <= high)])
        for (name, bone), low, high in zip(TRUNK, levels[:-1], levels[1:], strict=True)
    ]
    out.append(_along("neck", "neck02", skin_of("neck01", "neck02"), heads[BONE_INDEX["neck01"]], _head_base(heads)))
    out.append(_head(skin_of("head", "neck03", "eye.L", "eye.R")))
    for side in ("L", "R"):
        for name, bone, covered, start, end in LIMBS:
            ends = heads[BONE_INDEX[start.format(side)]], heads[BONE_INDEX[end.format(side)]]
            out.append(_along(name.format(side), bone.format(side), skin_of(*(c.format(side) for c in covered)), *ends))
        out.append(_longest(f"hand.{side}", f"wrist.{side}", skin_of(*_under(f"wrist.{side}"))))
        out.append(_foot(f"foot.{side}", f"foot.{side}", skin_of(*_under(f"foot.{side}"))))
    return tuple(out)


def _under(top: str) -> Iterator[str]:
    """A hand's or foot's bones."""
    side = top[-2:]
    stems = ("finger", "metacarpal", "wrist") if top.startswith("wrist") else ("toe", "foot")
    return (b for b in BONES if b.endswith(side) and b.startswith(stems))


def _head_base(heads: Array) -> Array:
    return np.asarray(heads[BONE_INDEX["head"]])


def _capsule(name: str, bone: str, p0: Array, p1: Array, radius: float) -> Capsule:
    return Capsule(bone=BONE_INDEX[bone], p0=p0, p1=p1, radius=round(float(radius), 5), name=name)


def _along(name: str, bone: str, skin: Array, start: Array, end: Array) -> Capsule:
    """Round a limb's bone; shifted to the middle of its flesh."""
    axis = (end - start) / np.linalg.norm(end - start)
    offset = (skin - start) - np.outer((skin - start) @ axis, axis)
    centre = offset.mean(axis=0)
    radius = np.quantile(np.linalg.norm(offset - centre, axis=1), COVER)
    return _capsule(name, bone, start + centre, end + centre, radius)


def _across(name: str, bone: str, skin: Array) -> Capsule:
    """A trunk segment: a capsule lying from side to side."""
    low, high = skin.min(axis=0), skin.max(axis=0)
    centre = (low + high) / 2
    radius = max(float(high[1] - low[1]) / 2 * 0.94, 0.55 * float(high[2] - low[2]))
    half = max(float(high[0] - low[0]) / 2 - radius, 0.01)
    side = np.array([half, 0.0, 0.0])
    return _capsule(name, bone, centre - side, centre + side, radius)


def _head(skin: Array) -> Capsule:
    """From the jaw to the crown."""
    low, high = skin.min(axis=0), skin.max(axis=0)
    skull = skin[skin[:, 2] > low[2] + 0.5 * (high[2] - low[2])]
    centre, half = (skull.min(axis=0) + skull.max(axis=0)) / 2, (skull.max(axis=0) - skull.min(axis=0)) / 2
    radius = float(half[0] + half[1]) / 2 * 0.98
    top = np.array([centre[0], centre[1], high[2] - radius])
    bottom = np.array([centre[0], centre[1] - 0.02, min(low[2] + radius, top[2] - 0.01)])
    return _capsule("head", "head", bottom, top, radius)


def _longest(name: str, bone: str, skin: Array) -> Capsule:
    """Along the longest direction of a hand."""
    centre = skin.mean(axis=0)
    axis = np.linalg.svd(skin - centre, full_matrices=False)[2][0]
    along = (skin - centre) @ axis
    across = np.linalg.norm((skin - centre) - np.outer(along, axis), axis=1)
    radius = float(np.quantile(across, COVER))
    return _capsule(name, bone, centre + axis * (along.min() + radius), centre + axis * (along.max() - radius), radius)


def _foot(name: str, bone: str, skin: Array) -> Capsule:
    """Lying on the sole, from heel to toes."""
    low, high = skin.min(axis=0), skin.max(axis=0)
    radius = min(float(high[2] - low[2]) / 2, 0.38 * float(high[0] - low[0]))
    front = skin[skin[:, 1] < low[1] + 0.25 * (high[1] - low[1])].mean(axis=0)
    back = skin[skin[:, 1] > high[1] - 0.25 * (high[1] - low[1])].mean(axis=0)
    height = low[2] + radius
    return _capsule(
        name,
        bone,
        np.array([back[0], high[1] - radius, height]),
        np.array([front[0], low[1] + radius, height]),
        radius,
    )
