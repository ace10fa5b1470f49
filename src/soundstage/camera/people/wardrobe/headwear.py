"""What is worn on the head: caps, beanies, brimmed hats, headbands, glasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..landmarks import Face, face_of
from ..patch import Anchor, Patch, Surface, bound, from_body, joined
from . import sew
from .clip import clip, loops, smoothed
from .cloth import Pattern
from .cuts import FAR
from .measure import Measures, weight_of

Array = NDArray[Any]


def _local(face: Face, v: Array) -> Array:
    return np.asarray((v - face.eyes) / face.unit)


def rim_height(y: Array, cut: Mapping[str, Any]) -> Array:
    """Height of a hat's lower edge, in pupil distances over the eyes, by how far back one is."""
    front, back = float(cut.get("front", 0.95)), float(cut.get("back", 0.15))
    return np.interp(y, (-0.4, 0.6, 2.2), (front, 0.55 * front + 0.45 * back, back))


def shell(m: Measures, pattern: Pattern) -> Patch:
    """The crown of a hat: the skull above a line, pushed out over the hair and rounded."""
    body, face = m.body, face_of(m.body)
    base, _ = from_body(body, "body")
    p = _local(face, base.vertices)
    head = weight_of(base.bones, base.weights, ("head",)) > 0.6
    inside = np.where(head, (p[:, 2] - rim_height(p[:, 1], pattern.cut)) * face.unit, -FAR)
    marked = replace(base, actions={}, colours={"normal": base.normals(), "cut": np.column_stack([inside] * 3)})
    patch = clip(marked, inside)
    height = np.clip((_local(face, patch.vertices)[:, 2] - 0.8) / 1.4, 0.0, 1.0)
    out = face.unit * (pattern.number("ease", 0.16) + pattern.number("rise", 0.25) * height**2)
    n = patch.colours["normal"] / np.linalg.norm(patch.colours["normal"], axis=1, keepdims=True)
    v = patch.vertices + n * out[:, None]
    v[:, 2] += face.unit * pattern.number("tall") * height
    rim = np.zeros(patch.count, dtype=bool)
    for loop in loops(patch):
        rim[loop] = True
    v = smoothed(patch, v, 4, fixed=rim)
    return replace(patch, vertices=v, colours={"cut": np.clip(patch.colours["cut"], 0, 0.6)})


def hat(m: Measures, pattern: Pattern) -> Patch:
    """A cap with a visor, a knitted hat, or a hat with a brim all round."""
    face = face_of(m.body)
    crown = shell(m, pattern)
    parts = [sew.with_slot(crown, sew.MAIN)]
    for loop in loops(crown)[:1]:
        band = pattern.number("band", 0.0) * m.size
        if band:
            parts.append(sew.ribbed_band(crown, loop, height=-band, thickness=0.006 * m.size, close=-0.1 * band))
        parts.append(sew.hem(crown, loop, thickness=0.003, depth=0.01))
        if pattern.cut.get("visor"):
            parts.append(_brim(crown, loop, face, pattern.number("visor"), front_only=True))
        if pattern.cut.get("brim"):
            parts.append(_brim(crown, loop, face, pattern.number("brim"), front_only=False))
    return joined(parts)


def _brim(crown: Patch, loop: Array, face: Face, width: float, *, front_only: bool) -> Patch:
    p = crown.vertices[loop]
    centre = p.mean(axis=0)
    angle = sew.around(p, centre)
    out = (p - centre) * [1, 1, 0]
    out = sew.ring_smoothed(out / np.linalg.norm(out, axis=1, keepdims=True), 3)
    reach = (
        np.clip(np.cos(np.clip(np.abs(angle) / 1.15, 0, np.pi / 2)), 0.0, 1.0) ** 0.6 if front_only else np.ones(len(p))
    )
    ahead = np.array([0.0, -1.0, 0.0]) if front_only else out
    length = (width * face.unit * reach)[:, None]
    drop = np.array([0.0, 0.0, -1.0])
    t = 0.02 * face.unit
    profile = [p]
    for s in (0.3, 0.65, 1.0):
        profile.append(
            p + ahead * length * s + drop * length * (0.22 * s * s + (0.10 * np.abs(np.sin(angle)) * s)[:, None])
        )
    profile += [q - np.array([0.0, 0.0, t]) for q in profile[::-1]]
    skip = reach < 0.12
    return sew.sweep(crown, loop, np.stack(profile, axis=1), slot=sew.TRIM, skip=skip | np.roll(skip, -1))


def headband(m: Measures, pattern: Pattern) -> Patch:
    """A band of towelling round the forehead."""
    body, face = m.body, face_of(m.body)
    base, _ = from_body(body, "body")
    p = _local(face, base.vertices)
    low = np.interp(p[:, 1], (-0.4, 2.2), (0.78, 0.35))
    head = weight_of(base.bones, base.weights, ("head",)) > 0.6
    ears = body.masks["ears"][np.unique(body.parts["body"])] > 0.3
    band = np.minimum(p[:, 2] - low, low + pattern.number("width", 0.5) - p[:, 2]) * face.unit
    marked = replace(base, actions={}, colours={"normal": base.normals(), "cut": np.full((base.count, 3), 0.3)})
    patch = clip(marked, np.where(head & ~ears, band, -FAR))
    patch = replace(
        patch,
        vertices=patch.vertices + patch.colours["normal"] * face.unit * pattern.number("ease", 0.14),
        colours={"cut": patch.colours["cut"]},
    )
    return joined([sew.with_slot(patch, sew.MAIN), *[sew.hem(patch, loop, thickness=0.006, depth=0.004, bulge=0.001)
                                                    for loop in loops(patch)]])  # fmt: skip


def glasses(m: Measures, pattern: Pattern) -> Patch:
    """Round-cornered frames before the eyes, with temples to the ears; with `lens`, glass in them (the trim)."""
    body, face = m.body, face_of(m.body)
    base, _ = from_body(body, "body")
    surface = Surface(base.vertices, base.triangles())
    u = face.unit
    wires, panes = [], []
    t = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    wide, high = pattern.number("lens_width", 0.40), pattern.number("lens_height", 0.33)
    shape = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.75, np.sign(np.sin(t)) * np.abs(np.sin(t)) ** 0.75
    front = (face.eye_left[1] - face.eyes[1]) / u - 0.48
    for sign in (1.0, -1.0):
        ring = np.column_stack([sign * 0.53 + wide * shape[0], front + 0.12 * (np.abs(sign * 0.53 + wide * shape[0]) / 0.9) ** 2,
                                -0.04 + high * shape[1]])  # fmt: skip
        wires.append((np.concatenate([ring, ring[:2]]), 0.022))
        if pattern.cut.get("lens"):
            panes.append(_pane(face.eyes + u * ring, bulge=0.03 * u))
        arm = np.array([[sign * 0.93, front + 0.13, 0.1], [sign * 1.10, front + 0.45, 0.12], [sign * 1.19, 0.75, 0.10],
                        [sign * 1.20, 1.25, 0.06], [sign * 1.18, 1.5, -0.12]])  # fmt: skip
        wires.append((arm, 0.024))
    wires.append((np.array([[0.14, front + 0.0, 0.04], [0.0, front - 0.03, 0.09], [-0.14, front + 0.0, 0.04]]), 0.02))
    parts = [_wire(face.eyes + u * line, radius * u) for line, radius in wires]
    frame = joined([*parts, *panes])
    anchor, _ = surface.nearest(np.tile(face.at(0.0, -0.3, 0.1), (1, 1)))
    rows = np.zeros(frame.count, dtype=int)
    return bound(frame, base, Anchor(anchor.corners[rows], anchor.shares[rows]), actions=())


def _pane(rim: Array, *, bulge: float) -> Patch:
    """Glass that fills a rim (k, 3), in rings that bulge ahead by `bulge` in the middle [m]."""
    centre, count = rim.mean(axis=0), len(rim)
    rings = [
        centre + (rim - centre) * share - np.array([0.0, bulge * (1 - share**2), 0.0]) for share in (1.0, 0.7, 0.35)
    ]
    after = np.roll(np.arange(count), -1)
    outer, inner = np.arange(count), after
    quads = np.concatenate(
        [np.stack([outer, inner, inner + count, outer + count], axis=1) + k * count for k in range(2)]
    )
    last = 2 * count
    fan = np.stack([outer + last, inner + last, np.full(count, 3 * count)], axis=1)
    middle = centre - np.array([[0.0, bulge, 0.0]])
    return sew.plain(np.concatenate([*rings, middle]), (quads, fan), slot=sew.TRIM)


def _wire(line: Array, radius: float) -> Patch:
    sides = 8
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, [0.0, 0.3, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, along)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = side[:, None] * np.cos(angle)[None, :, None] + up[:, None] * np.sin(angle)[None, :, None]
    at = np.arange(len(line) * sides).reshape(len(line), sides)
    after = np.roll(at, -1, axis=1)
    quads = np.stack([at[:-1], after[:-1], after[1:], at[1:]], axis=-1).reshape(-1, 4)
    return sew.plain((line[:, None] + radius * ring).reshape(-1, 3), (quads,), slot=sew.MAIN)
