"""What choreography must know of a body: lengths, frames at rest, soles, palms, where its mass is.

Everything is measured once on the body at rest, in its own axes (X left, -Y ahead, Z up), relative to the root bone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONES
from .maths import AHEAD, LEFT, UP, Floats, X, across, frame, turn, unit

Bones = NDArray[np.int64]

BONE = {name: number for number, name in enumerate(BONES)}
SIDES = ("L", "R")
SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03", "head")
TOES = (1, 2, 3, 4, 5)

_SEGMENTS = (
    # from, to, part of the way to its centre, share of body mass (de Leva 1996, means of women and men)
    ("head", "head", 0.0, 0.068),
    ("spine01", "neck01", 0.5, 0.157),
    ("spine03", "spine01", 0.5, 0.155),
    ("root", "spine04", 0.3, 0.118),
    ("upperarm01", "lowerarm01", 0.575, 0.0263),
    ("lowerarm01", "wrist", 0.456, 0.0150),
    ("wrist", "wrist", 0.0, 0.0058),
    ("upperleg01", "lowerleg01", 0.385, 0.1447),
    ("lowerleg01", "foot", 0.443, 0.0457),
    ("foot", "toe2-1", 0.4, 0.0133),
)


@dataclass(frozen=True, kw_only=True)
class Limb:
    """Two long bones, each split in two for twist."""

    bones: tuple[int, int, int, int, int]
    """Upper 01, upper 02, lower 01, lower 02, end (wrist or foot)."""
    upper: Floats
    """(3,) first joint → middle joint at rest."""
    lower: Floats
    """(3,) middle joint → end joint at rest."""
    upper_frame: Floats
    """(3, 3) columns: along the upper bone, hinge axis square to it, third."""
    lower_frame: Floats
    hinge: Floats
    """(3,) turning the lower bone about it by a positive angle flexes the limb."""
    flexed: float
    """Flexion at rest [rad]."""

    @property
    def lengths(self) -> tuple[float, float]:
        """Of the upper and the lower bone [m]."""
        return float(np.linalg.norm(self.upper)), float(np.linalg.norm(self.lower))

    @property
    def reach(self) -> float:
        """Stretched length [m]."""
        return sum(self.lengths)


@dataclass(frozen=True, kw_only=True)
class Foot:
    """A foot at rest, relative to its ankle."""

    ankle_height: float
    """Of the ankle above the ground when the foot stands flat [m]."""
    ball: Floats
    """(3,) mean of the toe joints: the foot rolls over it."""
    heel: Floats
    """(3,) centre of the heel's rounding."""
    toes: tuple[int, ...]
    """Bones of the toes' first joints."""
    rolls: tuple[Floats, Floats]
    """Pitch [rad] (positive: heel up) and height of the ankle above the ground at it [m]."""


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A hand at rest, relative to its wrist."""

    frame: Floats
    """(3, 3) columns: fingers, palm (out of it), third."""
    palm: Floats
    """(3,) the middle of the palm's skin."""
    knuckle: Floats
    """(3,) of the middle finger."""
    fingers: tuple[tuple[int, int, int], ...]
    """Bones from thumb to little finger."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Figure:
    """One body, measured; every measurement is one of its own."""

    body: Any
    heads: Floats
    """(J, 3) relative to the root bone."""
    height: float
    sole: float
    """Height of the root above the ground at rest [m]."""
    legs: tuple[Limb, Limb]
    """Left, right; as everything in pairs."""
    feet: tuple[Foot, Foot]
    arms: tuple[Limb, Limb]
    hands: tuple[Hand, Hand]
    segments: tuple[tuple[int, int, float, float], ...]
    """Bone, bone, part of the way, mass fraction."""
    hip_breadth: float
    """Half the breadth of the hips with the thighs below the body [m]."""

    def offset(self, bone: str, parent: str) -> Floats:
        """(3,) from one bone's origin to another's at rest [m]."""
        return np.asarray(self.heads[BONE[bone]] - self.heads[BONE[parent]])

    @property
    def leg(self) -> float:
        """Hip to ankle, stretched [m]."""
        return 0.5 * (self.legs[0].reach + self.legs[1].reach)

    @property
    def arm(self) -> float:
        """Shoulder to wrist, stretched [m]."""
        return 0.5 * (self.arms[0].reach + self.arms[1].reach)

    @property
    def scale(self) -> float:
        """Size against an adult of 1.75 m."""
        return self.height / 1.75


def measure(body: Any) -> Figure:
    """Measure a body (`soundstage.body.Body`)."""
    heads = np.asarray(body.heads, dtype=float)
    heads = heads - heads[0]
    vertices, bone = skin(body)
    ground = -float(body.sole_height)
    return Figure(
        body=body,
        heads=heads,
        height=float(body.height),
        sole=float(body.sole_height),
        legs=(_leg(heads, "L"), _leg(heads, "R")),
        feet=(_foot(heads, vertices, bone, ground, "L"), _foot(heads, vertices, bone, ground, "R")),
        arms=(_arm(heads, "L"), _arm(heads, "R")),
        hands=(_hand(heads, vertices, bone, "L"), _hand(heads, vertices, bone, "R")),
        segments=_mass(),
        hip_breadth=_hips(heads, vertices, bone),
    )


def skin_bones(body: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the skin's vertices (n,) and of the bone that moves each most (n,)."""
    used = np.unique(np.asarray(body.faces)).astype(np.int64)
    weights, bones = np.asarray(body.weights)[used], np.asarray(body.weight_bones)[used]
    main = np.take_along_axis(bones, weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    return used, main.astype(np.int64)


def skin(body: Any) -> tuple[Floats, NDArray[np.int64]]:
    """Vertices of the skin (n, 3) relative to the root bone at rest, and the bone that moves each most (n,)."""
    used, main = skin_bones(body)
    return np.asarray(body.vertices, dtype=float)[used] - np.asarray(body.heads, dtype=float)[0], main


def _limb(heads: Floats, names: tuple[str, str, str, str, str], hinge: Floats | None) -> Limb:
    bones = tuple(BONE[name] for name in names)
    upper, lower = heads[bones[2]] - heads[bones[0]], heads[bones[4]] - heads[bones[2]]
    u, v = unit(upper), unit(lower)
    axis = unit(np.cross(u, v)) if hinge is None else hinge
    in_plane = unit(across(v, axis)), unit(across(u, axis))
    flexed = float(np.arctan2(np.cross(in_plane[1], in_plane[0]) @ axis, in_plane[1] @ in_plane[0]))
    return Limb(
        bones=bones,  # type: ignore[arg-type]  # five names give five bones
        upper=upper,
        lower=lower,
        upper_frame=frame(u, axis),
        lower_frame=frame(v, axis),
        hinge=axis,
        flexed=flexed,
    )


def _leg(heads: Floats, side: str) -> Limb:
    names = tuple(f"{name}.{side}" for name in ("upperleg01", "upperleg02", "lowerleg01", "lowerleg02", "foot"))
    # The knee of the mesh at rest is almost straight: its hinge is taken as the body's own lateral axis.
    return _limb(heads, names, X)  # type: ignore[arg-type]


def _arm(heads: Floats, side: str) -> Limb:
    names = tuple(f"{name}.{side}" for name in ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist"))
    return _limb(heads, names, None)  # type: ignore[arg-type]


def _foot(heads: Floats, vertices: Floats, bone: Bones, ground: float, side: str) -> Foot:
    ankle = heads[BONE[f"foot.{side}"]]
    toes = tuple(BONE[f"toe{n}-1.{side}"] for n in TOES)
    ball = heads[list(toes[:3])].mean(axis=0)  # the inner toes carry the push
    mine = vertices[bone == BONE[f"foot.{side}"]]
    sole = mine[mine[:, 2] < ground + 0.35 * (ankle[2] - ground)]
    back = sole[:, 1].max()
    rounding = 0.30 * (ankle[2] - ground)
    heel = np.array([ankle[0], back - rounding, ground + rounding])
    pitches = np.radians(np.arange(-81.0, 91.0, 3.0))
    lowest = float(sole[:, 2].min()) - ground  # a shoe's sole lies below the skin's
    skin = sole - ankle - UP * lowest
    heights = np.empty(len(pitches))
    for k, pitch in enumerate(pitches):
        rolled = turn(X, pitch)
        over_ball = (ball[2] - ground) - (rolled @ (ball - ankle))[2]
        heights[k] = over_ball if pitch > 0 else -(skin @ rolled.T)[:, 2].min()
    return Foot(
        ankle_height=float(ankle[2] - ground),
        ball=ball - ankle,
        heel=heel - ankle,
        toes=toes,
        rolls=(pitches, heights),
    )


def _hand(heads: Floats, vertices: Floats, bone: Bones, side: str) -> Hand:
    wrist = heads[BONE[f"wrist.{side}"]]
    index, middle, little = (heads[BONE[f"finger{n}-1.{side}"]] - wrist for n in (2, 3, 5))
    sign = -1.0 if side == "L" else 1.0
    out = sign * unit(np.cross(index, little))
    axes = frame(unit(middle), out)
    hand = [BONE[f"wrist.{side}"], *(BONE[f"metacarpal{n}.{side}"] for n in range(1, 5))]
    hand += [BONE[f"finger{n}-{k}.{side}"] for n in range(1, 6) for k in (1, 2, 3)]
    skin = vertices[np.isin(bone, hand)] - wrist
    middle_of_palm = 0.72 * middle
    near = skin[np.linalg.norm(across(skin - middle_of_palm, axes[:, 1]), axis=1) < 0.16 * np.linalg.norm(middle)]
    depth = float((near @ axes[:, 1]).max())
    return Hand(
        frame=axes,
        palm=across(middle_of_palm, axes[:, 1]) + depth * axes[:, 1],
        knuckle=middle,
        fingers=tuple(
            (BONE[f"finger{n}-1.{side}"], BONE[f"finger{n}-2.{side}"], BONE[f"finger{n}-3.{side}"]) for n in TOES
        ),
    )


def _mass() -> tuple[tuple[int, int, float, float], ...]:
    rows: list[tuple[int, int, float, float]] = []
    for start, end, part, share in _SEGMENTS:
        if start in BONE:
            rows.append((BONE[start], BONE[end], part, share))
        else:
            rows += [(BONE[f"{start}.{s}"], BONE[f"{end}.{s}"], part, share) for s in SIDES]
    total = sum(row[3] for row in rows)
    return tuple((a, b, part, share / total) for a, b, part, share in rows)


def _hips(heads: Floats, vertices: Floats, bone: Bones) -> float:
    """Half the breadth at the upper thighs, thighs brought together below the hips."""
    thigh = vertices[bone == BONE["upperleg02.L"]]
    hip, knee = heads[BONE["upperleg01.L"]], heads[BONE["lowerleg01.L"]]
    along = unit(knee - hip)
    upper = thigh[(thigh - hip) @ along < 0.45 * np.linalg.norm(knee - hip)]
    outward = (upper - hip) @ unit(across(LEFT, along))
    return float(hip[0] + np.quantile(outward, 0.98))


__all__ = ["AHEAD", "BONE", "NECK", "SIDES", "SPINE", "Figure", "Foot", "Hand", "Limb", "measure", "skin"]
