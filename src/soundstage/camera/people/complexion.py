"""How skin differs over the body: redness, shine, palms, lips, nails, stubble; numbers per vertex for the shader."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONE_INDEX, BONES, Body
from .landmarks import Face, face_of
from .marks import marked

Array = NDArray[Any]

FOLD = 0.055
"""Half the width of a fold beside the mouth, in pupil distances (3.5 mm)."""
LASH_LINE = 0.034
"""Width of the dark line at the roots of the lashes, in pupil distances (2 mm)."""


def complexion(body: Body, used: Array, normals: Array) -> dict[str, Array]:
    """Attributes (n, 3) of the skin's vertices `used`.

    tone: redness, darkness (lids, knees, elbows), palms and soles. part: lips, inside of the mouth, nails.
    fuzz: where a beard grows, where hair grows, shine. lined: where a face that ages is lined, where it folds. marked: see
    `marks`.
    """
    vertices, face = body.vertices[used], face_of(body)
    lips = body.masks["lips"][used]
    beard = beard_area(body, used)
    return {
        "tone": np.column_stack(
            [_redness(body, used, face), _darkness(body, vertices, face), _palms(body, used, normals)]
        ),
        "part": np.column_stack([lips, body.masks["inside_mouth"][used], _nails(body, used)]),
        "fuzz": np.column_stack([beard, scalp_area(body, used), _shine(vertices, face)]),
        "lined": np.column_stack([_lined(vertices, face), _folded(vertices, face), np.zeros(len(used))]),
        "marked": marked(body, vertices),
    }


def bare(body: Body, used: Array) -> Array:
    """(n,) True where skin is plain skin: no lips, lids, ears, nails, and not in the mouth or under hair."""
    other = [body.masks[name][used] for name in ("lips", "eyelids", "inside_mouth", "ears", "fingernails", "toenails")]
    return np.asarray((np.max([*other, scalp_area(body, used)], axis=0) < 0.1) & (_lash_free(body, used)))


def _lash_free(body: Body, used: Array) -> Array:
    """(n,) True away from the eyes."""
    face = face_of(body)
    away = [np.linalg.norm(body.vertices[used] - eye, axis=1) for eye in (face.eye_left, face.eye_right)]
    return np.asarray(np.min(away, axis=0) > 0.32 * face.unit)


def _blob(vertices: Array, centre: Array, radius: float, *, flat: float = 1.0) -> Array:
    """1 at a point, falling to 0 over `radius`; `flat` < 1 stretches it front to back."""
    offset = (vertices - centre) * np.array([1.0, flat, 1.0])
    return np.asarray(np.exp(-((offset**2).sum(axis=1)) / (2 * (radius / 2) ** 2)))


def _redness(body: Body, used: Array, face: Face) -> Array:
    vertices, unit = body.vertices[used], face.unit
    red = 0.75 * body.masks["ears"][used]
    for side in (-1.0, 1.0):
        red += 0.55 * _blob(vertices, face.at(side * 0.68, -0.12, -0.62), 0.62 * unit, flat=0.6)
    red += 0.7 * _blob(vertices, face.nose, 0.36 * unit)
    red += 0.25 * _blob(vertices, face.at(0, -0.2, -1.65), 0.45 * unit, flat=0.5)
    lids = body.masks["eyelids"][used]
    red += 0.35 * lids
    for name in BONES:
        if name.startswith("finger") and name[7:9] in ("-2", "-3"):
            red += 0.4 * _blob(vertices, body.heads[BONE_INDEX[name]], 0.016 * body.scale)
        elif name.startswith("finger") and name[7:9] == "-1":
            red += 0.5 * _blob(vertices, body.heads[BONE_INDEX[name]], 0.022 * body.scale)
        elif name.startswith(("lowerarm01", "lowerleg01")):
            red += 0.3 * _blob(vertices, body.heads[BONE_INDEX[name]], 0.08 * body.scale)
    return np.clip(red, 0.0, 1.0)


def _darkness(body: Body, vertices: Array, face: Face) -> Array:
    dark = np.zeros(len(vertices))
    for eye in (face.eye_left, face.eye_right):
        under = eye + face.unit * np.array([0.0, -0.2, -0.22])
        dark += 0.5 * _blob(vertices, under, 0.26 * face.unit, flat=0.5)
        dark += 0.35 * _blob(vertices, eye + face.unit * np.array([0.0, -0.2, 0.16]), 0.3 * face.unit, flat=0.5)
    for name in ("lowerarm01.L", "lowerarm01.R", "lowerleg01.L", "lowerleg01.R"):
        dark += 0.4 * _blob(vertices, body.heads[BONE_INDEX[name]], 0.09 * body.scale)
    return np.clip(np.clip(dark, 0.0, 1.0) + _lash_lines(body, vertices, face), 0.0, 1.8)


def _lash_lines(body: Body, vertices: Array, face: Face) -> Array:
    """Skin among the roots of the lashes, where they keep light away: a line round the eye."""
    from scipy.spatial import cKDTree

    line = np.zeros(len(vertices))
    for part, strength in (("lash_upper", 1.5), ("lash_lower", 0.7)):
        for side, eye in (("L", face.eye_left), ("R", face.eye_right)):
            strip = body.vertices[np.unique(body.parts[f"{part}.{side}"])]
            away = np.linalg.norm(strip - eye, axis=1)
            roots = strip[away < np.percentile(away, 40)]
            distance, _ = cKDTree(roots).query(vertices)
            line = np.maximum(line, strength * np.exp(-((distance / (LASH_LINE * face.unit)) ** 2)))
    return np.asarray(line)


def _palms(body: Body, used: Array, normals: Array) -> Array:
    """1 on palms and soles, which stay light on dark skin."""
    vertices = body.vertices[used]
    out = np.zeros(len(used))
    for side in ("L", "R"):
        wrist = body.heads[BONE_INDEX[f"wrist.{side}"]]
        middle, little = (body.heads[BONE_INDEX[f"finger{f}-1.{side}"]] for f in (3, 5))
        index = body.heads[BONE_INDEX[f"finger2-1.{side}"]]
        across = np.cross(middle - wrist, little - index)
        across = across / np.linalg.norm(across) * (1.0 if side == "L" else -1.0)
        hand = _dominated(body, used, ("wrist", "finger", "metacarpal"), side)
        facing = -(normals @ across)
        out = np.maximum(out, hand * np.clip((facing - 0.05) / 0.5, 0.0, 1.0))
        foot = _dominated(body, used, ("foot", "toe"), side)
        low = np.clip((body.heads[BONE_INDEX[f"foot.{side}"]][2] - 0.045 * body.scale - vertices[:, 2]) / 0.01, 0, 1)
        out = np.maximum(out, foot * low * np.clip(-normals[:, 2] / 0.6, 0.0, 1.0))
    return out


def _dominated(body: Body, used: Array, stems: tuple[str, ...], side: str) -> Array:
    """Sum of the weights of some bones of one side."""
    wanted = np.array([name.startswith(stems) and name.endswith(side) for name in BONES])
    return np.asarray((body.weights[used] * wanted[body.weight_bones[used]]).sum(axis=1))


def _nails(body: Body, used: Array) -> Array:
    return np.maximum(body.masks["fingernails"][used], body.masks["toenails"][used])


def _shine(vertices: Array, face: Face) -> Array:
    """Forehead, nose and chin are a little oily."""
    shine = _blob(vertices, face.at(0, -0.2, 0.95), 0.9 * face.unit, flat=0.5)
    shine = (
        shine
        + _blob(vertices, face.nose, 0.5 * face.unit)
        + 0.6 * _blob(vertices, face.at(0, -0.2, -1.65), 0.5 * face.unit)
    )
    return np.clip(shine, 0.0, 1.0)


def _lined(vertices: Array, face: Face) -> Array:
    """Forehead and the outer corners of the eyes: lines lie level there."""
    forehead = _blob(vertices, face.at(0, -0.2, 0.85), 1.1 * face.unit, flat=0.5)
    forehead = np.where(vertices[:, 2] > face.eyes[2] + 0.5 * face.unit, forehead, 0.0)
    corners = sum(_blob(vertices, face.at(side * 1.02, 0.0, -0.08), 0.34 * face.unit, flat=0.6) for side in (-1.0, 1.0))
    return np.asarray(np.clip(0.8 * forehead + corners, 0.0, 1.0))


def _folded(vertices: Array, face: Face) -> Array:
    """The folds from the wings of the nose down beside the corners of the mouth."""
    p = (vertices - face.eyes) / face.unit
    nose, mouth = ((at[2] - face.eyes[2]) / face.unit for at in (face.nose, face.mouth))
    corner = (face.lip_corner_left[0] - face.eyes[0]) / face.unit
    start, end = np.array([0.30, nose + 0.02]), np.array([corner + 0.13, mouth - 0.02])
    way = end - start
    level = np.column_stack([np.abs(p[:, 0]), p[:, 2]])
    along = np.clip((level - start) @ way / (way @ way), 0.0, 1.0)
    away = np.linalg.norm(level - start - along[:, None] * way, axis=1)
    front = p[:, 1] < 0.6
    return np.asarray(front * np.exp(-((away / FOLD) ** 2)) * (1.0 - 0.5 * along))


def beard_area(body: Body, used: Array) -> Array:
    """0…1 where a man's beard grows: lip, chin, jaw and the top of the throat; not on the lips."""
    vertices, face = body.vertices[used], face_of(body)
    x, y, z = ((vertices - face.eyes) / face.unit).T
    x = np.abs(x)
    mouth_z = (face.mouth[2] - face.eyes[2]) / face.unit
    nose_z = (face.nose[2] - face.eyes[2]) / face.unit - 0.12
    # Upper edge: below the nose in the middle, dropping beside the mouth, rising to the ears along the cheek.
    top = np.interp(x, (0.0, 0.30, 0.42, 0.62, 0.95, 1.22), (nose_z - 0.02, nose_z - 0.06, mouth_z + 0.18, mouth_z + 0.0,
                                                          mouth_z + 0.28, mouth_z + 0.95))  # fmt: skip
    bottom = mouth_z - 1.35 + 0.75 * np.clip((y - 0.3) / 1.2, 0, 1)
    ear = np.clip((1.28 - y) / 0.12, 0.0, 1.0)
    area = _ramp(top - z, 0.10) * _ramp(z - bottom, 0.25) * ear
    lips = body.masks["lips"][used]
    inside = body.masks["inside_mouth"][used]
    soft = np.clip(1.0 - 2.2 * lips, 0.0, 1.0) * (inside < 0.2)
    return np.asarray(area * soft * _head(body, used))


def scalp_area(body: Body, used: Array) -> Array:
    """0…1 where the hair of the head grows, with a soft, uneven hairline."""
    vertices, face = body.vertices[used], face_of(body)
    x, y, z = ((vertices - face.eyes) / face.unit).T
    side = np.abs(x)
    # Height of the hairline over the eyes, by how far back one is: forehead, temple, before the ear, behind it, nape.
    line = np.interp(y, (-0.5, 0.05, 0.32, 0.62, 0.9, 1.12, 1.4, 1.75, 2.1, 2.6),
                     (1.16, 1.12, 0.88, 0.72, 0.10, -0.30, -0.42, -0.62, -0.78, -0.85))  # fmt: skip
    peak = 0.07 * np.exp(-((side / 0.2) ** 2)) - 0.14 * np.exp(-(((side - 0.75) / 0.22) ** 2)) * (y < 0.5)
    ears = 1.0 - np.clip(1.5 * body.masks["ears"][used], 0.0, 1.0)
    return np.asarray(_ramp(z - (line - peak), 0.16) * ears * _head(body, used))


def _ramp(value: Array, width: float) -> Array:
    t = np.clip(value / width + 0.5, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _head(body: Body, used: Array) -> Array:
    """1 on the head and neck."""
    wanted = np.array([name in ("head", "neck01", "neck02", "neck03", "eye.L", "eye.R") for name in BONES])
    weight = (body.weights[used] * wanted[body.weight_bones[used]]).sum(axis=1)
    return np.asarray((weight > 0.35).astype(float))
