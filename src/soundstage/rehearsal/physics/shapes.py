"""The solid parts of every thing: what it collides with, and therefore what is to be drawn.

Frames. The pose of a thing in a Take is that of its own frame:

- sphere: its centre, diameter `size[0]`
- box: its centre, full edges `size`
- cylinder: its centre, axis along own Z, diameter `size[0]`, height `size[2]`
- capsule: its centre, axis along own Z, diameter `size[0]`, length over both caps `size[2]`
- compound: the point on the ground under it; own z = 0 is its underside and own +Y its front

A compound carries its parts as data in `params["parts"]`, one mapping per part: `part` (its name in contacts),
`shape`, `size` (as above), `position` and `rotation` (wxyz) in the thing's frame, `material`. `params` are final
lengths in [m]: a prop with another size than its kind's already has them scaled.

- hoop: origin under the middle of the board's face, +Y towards the court. Ring: a torus round (0, rim_offset,
  rim_height − rim_bar/2), inner diameter rim_inner, bar diameter rim_bar; rim_height is the top of the bar. Board: its
  face at y = 0, from board_bottom upwards. Pole: an upright cylinder at y = −pole_setback. The net is no solid part
  (see `net`): it hangs from the ring, net_length long, and narrows to diameter net_bottom.
- table: top `top_thickness` thick with its face at z = size z; legs `leg` square, `leg_inset` inside the top's edges.
- ramp: runs along own X from the high end (x = −size x/2, z = size z) to the low end (x = +size x/2, z = 0), which it
  meets tangentially: a straight slope, then an arc of `runout_radius`. `params["profile"]` is its upper surface as
  [x, z] points. The slab is `thickness` thick; rails `rail` wide stand `rail` above the surface along both edges.
- bench, chair: seat with its face at seat_height, back at the rear (−Y), legs. stool: the same without a back.
- sofa, armchair: base and cushions, the seat's face at seat_height, back at the rear (−Y), arms, feet.

Bottles and cups collide as full closed cylinders. This module knows no physics engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, pi, sin, tan
from typing import Any

import numpy as np

from ...errors import InputError
from ...take import Array, Thing

RING_PARTS = 32
"""Capsules that make the ring: the polygon stays within 0.5 % of its radius (1.1 mm)."""
RUNOUT_PARTS = 72
"""Facets of a ramp's arc: each turns the path by about a third of a degree, too little for a marble to leave it."""
RAIL_PARTS = 9
"""Pieces of a rail along the arc; what only leans on them needs no finer ones."""

Parts = list[dict[str, Any]]
Vec3 = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One convex solid of a thing, in the thing's frame."""

    name: str
    shape: str
    size: Vec3
    position: Vec3
    rotation: tuple[float, float, float, float]
    material: str


def parts(thing: Thing) -> tuple[Part, ...]:
    """The solids of a thing; one for a simple shape."""
    if thing.shape != "compound":
        return (
            Part(
                name="",
                shape=thing.shape,
                size=thing.size,
                position=(0.0, 0.0, 0.0),
                rotation=(1.0, 0.0, 0.0, 0.0),
                material=thing.material,
            ),
        )
    return tuple(
        Part(
            name=str(p["part"]),
            shape=str(p["shape"]),
            size=_three(p["size"]),
            position=_three(p["position"]),
            rotation=(p["rotation"][0], p["rotation"][1], p["rotation"][2], p["rotation"][3]),
            material=str(p["material"]),
        )
        for p in thing.params["parts"]
    )


def compound_params(
    kind: str, params: Mapping[str, Any], size: Vec3, library_size: Vec3, material: str
) -> dict[str, Any]:
    """`params` of a compound, scaled to its size, with its parts (and a ramp's profile) filled in.

    Raises:
        InputError: nobody knows the parts of this kind; names the kinds that are known.
    """
    full = dict(params)
    if "parts" in full:
        return full
    if kind not in _BUILDERS:
        raise InputError(
            f"the parts of a {kind!r} are not known",
            f"give its library entry params.parts, or use one of: {', '.join(_BUILDERS)}",
        )
    build, scaled, axis = _BUILDERS[kind]
    ratio = size[axis] / library_size[axis]
    for name in scaled:
        full[name] = full[name] * ratio
    full["parts"] = build(full, size, material)
    return full


def extent(thing: Thing) -> tuple[Array, Array]:
    """Lowest and highest corner of a thing's bounding box in its own frame, two arrays of shape (3,) [m]."""
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for part in parts(thing):
        half = _half_extent(part)
        low = np.minimum(low, np.array(part.position) - half)
        high = np.maximum(high, np.array(part.position) + half)
    return low, high


def matrix(q: Any) -> Array:
    """Rotation matrices, shape (..., 3, 3), of unit quaternions wxyz, shape (..., 4)."""
    q = np.asarray(q, dtype=np.float64)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def multiply(a: Any, b: Any) -> Array:
    """Product of quaternions wxyz, shape (..., 4)."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def turn(axis: Vec3, angle: float) -> Array:
    """Quaternion wxyz of a rotation by `angle` [rad] about a unit axis."""
    return np.array([cos(angle / 2), *(sin(angle / 2) * np.array(axis))])


def support(thing: Thing, rotation: Any, direction: Any) -> float:
    """How far a thing reaches from its frame's origin along a world direction when it is turned so [m]."""
    local = matrix(rotation).T @ np.asarray(direction, dtype=np.float64)
    return max(_support(part, local) for part in parts(thing))


def _support(part: Part, direction: Array) -> float:
    d = matrix(part.rotation).T @ direction
    offset = float(np.dot(part.position, direction))
    half = np.array(part.size) / 2
    length = float(np.linalg.norm(direction))
    if part.shape == "sphere":
        return float(offset + half[0] * length)
    if part.shape == "capsule":
        return float(offset + half[0] * length + (half[2] - half[0]) * abs(d[2]))
    if part.shape == "cylinder":
        return float(offset + half[0] * np.hypot(d[0], d[1]) + half[2] * abs(d[2]))
    return offset + float(np.abs(d) @ half)


def _half_extent(part: Part) -> Array:
    axes = np.eye(3)
    centred = Part(**{**part.__dict__, "position": (0.0, 0.0, 0.0)})
    return np.array([_support(centred, axis) for axis in axes])


def _three(values: Any) -> Vec3:
    x, y, z = (float(v) for v in values)
    return x, y, z


# ── compounds ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _part(
    name: str, shape: str, size: Any, position: Any, material: str, rotation: Any = (1.0, 0.0, 0.0, 0.0)
) -> dict[str, Any]:
    return {
        "part": name,
        "shape": shape,
        "size": [float(v) for v in size],
        "position": [float(v) for v in position],
        "rotation": [float(v) for v in rotation],
        "material": material,
    }


def _hoop(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    radius = (p["rim_inner"] + p["rim_bar"]) / 2
    level = p["rim_height"] - p["rim_bar"] / 2
    middle = p["board_bottom"] + p["board_height"] / 2
    width, plate = p["bracket_width"], 0.15 * p["rim_inner"] / 0.454
    thin = 0.08 * plate
    ring = []
    chord = 2 * radius * sin(pi / RING_PARTS)
    for i in range(RING_PARTS):
        a = 2 * pi * (i + 0.5) / RING_PARTS
        centre = (
            radius * cos(pi / RING_PARTS) * cos(a),
            p["rim_offset"] + radius * cos(pi / RING_PARTS) * sin(a),
            level,
        )
        along = multiply(turn((0, 0, 1), a + pi / 2), turn((0, 1, 0), pi / 2))
        ring.append(
            _part("rim", "capsule", (p["rim_bar"], p["rim_bar"], chord + p["rim_bar"]), centre, material, along)
        )
    reach = p["rim_offset"] - radius
    back = p["pole_setback"] - p["board_thickness"]
    return [
        _part(
            "board",
            "box",
            (p["board_width"], p["board_thickness"], p["board_height"]),
            (0, -p["board_thickness"] / 2, middle),
            p["board_material"],
        ),
        *ring,
        _part("bracket", "box", (width, reach, p["rim_bar"]), (0, reach / 2, level), material),
        _part("bracket", "box", (width, thin, plate), (0, thin / 2, p["rim_height"] - plate / 2), material),
        _part(
            "pole",
            "cylinder",
            (p["pole"], p["pole"], middle + p["arm"] / 2),
            (0, -p["pole_setback"], (middle + p["arm"] / 2) / 2),
            material,
        ),
        _part(
            "arm", "box", (p["arm"], back, p["arm"]), (0, -p["board_thickness"] - back / 2, middle), material
        ),
    ]  # fmt: skip


def _table(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    thick, leg = p["top_thickness"], p["leg"]
    height = size[2] - thick
    x, y = size[0] / 2 - p["leg_inset"] - leg / 2, size[1] / 2 - p["leg_inset"] - leg / 2
    top = _part("top", "box", (size[0], size[1], thick), (0, 0, size[2] - thick / 2), material)
    return [top, *_legs(x, y, leg, height, material)]


def _legs(x: float, y: float, leg: float, height: float, material: str) -> Parts:
    """Four square legs about the middle."""
    return [
        _part("leg", "box", (leg, leg, height), (sx * x, sy * y, height / 2), material)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]


def _seat(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    thick, leg, back = p["seat_thickness"], p["leg"], p["back_thickness"]
    top = p["seat_height"]
    gap = p.get("back_gap", 0.0)
    x, y = size[0] / 2 - leg / 2, size[1] / 2 - leg / 2
    posts = _legs(x, y, leg, top - thick, material)
    posts += [
        _part("back", "box", (leg, back, gap), (sx * x, -size[1] / 2 + back / 2, top + gap / 2), material)
        for sx in (-1, 1)
        if gap
    ]
    rest = size[2] - top - gap
    return [
        _part("seat", "box", (size[0], size[1], thick), (0, 0, top - thick / 2), material),
        _part("back", "box", (size[0], back, rest), (0, -size[1] / 2 + back / 2, top + gap + rest / 2), material),
        *posts,
    ]


def _stool(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    thick, leg, top = p["seat_thickness"], p["leg"], p["seat_height"]
    seat = _part("seat", "box", (size[0], size[1], thick), (0, 0, top - thick / 2), material)
    return [seat, *_legs(size[0] / 2 - leg, size[1] / 2 - leg, leg, top - thick, material)]


def _sofa(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    """A base with a seat cushion, a back with a cushion before it, two arms, four feet."""
    top, foot, arm, back, cushion = (p[n] for n in ("seat_height", "foot", "arm", "back_thickness", "cushion"))
    wide, rear = size[0] - 2 * arm, -size[1] / 2
    deep, soft = size[1] - back, 0.4 * (top - foot)
    seat = size[1] - back - cushion

    def lying(name: str, span: float, y: tuple[float, float], z: tuple[float, float], x: float = 0.0) -> dict[str, Any]:
        middle = (x, (y[0] + y[1]) / 2, (z[0] + z[1]) / 2)
        return _part(name, "box", (span, y[1] - y[0], z[1] - z[0]), middle, material)

    front = size[1] / 2
    made = [
        lying("base", wide, (rear + back, front - 0.03), (foot, top - soft)),
        lying("seat", wide, (front - seat - cushion, front), (top - soft, top)),
        lying("back", size[0], (rear, rear + back), (foot, 0.94 * size[2])),
        lying("cushion", wide, (rear + back, rear + back + cushion), (top, size[2])),
    ]
    made += [lying("arm", arm, (front - deep, front), (foot, p["arm_height"]), s * (wide + arm) / 2) for s in (-1, 1)]
    x, y = size[0] / 2 - 0.08, size[1] / 2 - 0.08
    made += [
        _part("foot", "cylinder", (0.05, 0.05, foot), (sx * x, sy * y, foot / 2), "wood")
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    return made


def _ramp(p: dict[str, Any], size: Vec3, material: str) -> Parts:
    profile = ramp_profile(size, p["runout_radius"])
    p["profile"] = [[float(x), float(z)] for x, z in profile]
    inner, thick, rail = size[1] - 2 * p["rail"], p["thickness"], p["rail"]
    # Each facet runs on under its neighbours, so that no edge stands in the way of what rolls over a seam.
    lap = 12.0 * float(np.hypot(*(profile[-1] - profile[-2])))
    ends = [(0.0, lap), *((lap, lap) for _ in profile[3:]), (lap, 0.0)]
    made = [
        _plank("slope", start, end, 0.0, inner, 0.0, thick, material, lap)
        for (start, end), lap in zip(pairwise(profile), ends, strict=True)
    ]
    coarse = [profile[0], *profile[1 :: RUNOUT_PARTS // RAIL_PARTS]]
    for side in (-1, 1):
        aside = side * (size[1] - rail) / 2
        for start, end in pairwise(coarse):
            made.append(_plank("rail", start, end, aside, rail, rail, rail + thick, material, (0.0, 0.0)))
    return made


def _plank(
    name: str,
    start: Any,
    end: Any,
    aside: float,
    wide: float,
    above: float,
    thick: float,
    material: str,
    lap: tuple[float, float],
) -> dict[str, Any]:
    """A board from one point (x, z) of a profile to the next and so far beyond each, its face so much above them."""
    (x0, z0), (x1, z1) = start, end
    angle, length = atan2(z0 - z1, x1 - x0), float(np.hypot(x1 - x0, z1 - z0))
    normal, along = np.array([sin(angle), 0.0, cos(angle)]), np.array([cos(angle), 0.0, -sin(angle)])
    centre = np.array([(x0 + x1) / 2, aside, (z0 + z1) / 2])
    centre += normal * (above - thick / 2) + along * (lap[1] - lap[0]) / 2
    return _part(name, "box", (length + lap[0] + lap[1], wide, thick), centre, material, turn((0, 1, 0), angle))


def ramp_profile(size: Vec3, radius: float) -> Array:
    """Upper surface of a ramp as points (x, z), high end first, shape (RUNOUT_PARTS + 2, 2).

    A slope of angle θ followed by an arc of the given radius that ends level at the foot; θ solves
    `(L − R sin θ) tan θ + R (1 − cos θ) = H`.
    """
    length, height = size[0], size[2]
    radius = min(radius, 0.8 * (length * length + height * height) / (2 * height))
    low, high = 0.0, 1.5
    for _ in range(80):
        angle = (low + high) / 2
        reach = (length - radius * sin(angle)) * tan(angle) + radius * (1 - cos(angle))
        low, high = (angle, high) if reach < height else (low, angle)
    turns = np.linspace(angle, 0.0, RUNOUT_PARTS + 1)
    arc = np.stack([length / 2 - radius * np.sin(turns), radius * (1 - np.cos(turns))], axis=1)
    return np.concatenate([[[-length / 2, height]], arc])


_BUILDERS: dict[str, tuple[Callable[[dict[str, Any], Vec3, str], Parts], tuple[str, ...], int]] = {
    # kind: builder, the lengths that grow with the thing, the axis whose growth counts
    "hoop": (
        _hoop,
        (
            "rim_height", "rim_inner", "rim_bar", "board_width", "board_height", "board_bottom", "board_thickness",
            "rim_offset", "net_length", "net_bottom", "pole_setback", "pole", "arm", "bracket_width",
        ),
        2,
    ),
    "table": (_table, ("top_thickness", "leg", "leg_inset"), 2),
    "ramp": (_ramp, ("runout_radius",), 0),
    "bench": (_seat, ("seat_height", "seat_thickness", "leg", "back_thickness", "back_gap"), 2),
    "chair": (_seat, ("seat_height", "seat_thickness", "leg", "back_thickness"), 2),
    "stool": (_stool, ("seat_height", "seat_thickness", "leg"), 2),
    "sofa": (_sofa, ("seat_height", "sink", "cushion", "back_thickness", "arm", "arm_height", "foot"), 2),
    "armchair": (_sofa, ("seat_height", "sink", "cushion", "back_thickness", "arm", "arm_height", "foot"), 2),
}  # fmt: skip
