"""People as triangles: skin, eyes, teeth, close-fitting clothes and hair in flat colours, posed by skinning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import library
from ..body import BONE_INDEX, BONES, Body, body
from ..take import Person
from .solids import rgb

Array = NDArray[Any]

EYE, TOOTH, TONGUE = np.array([0.92, 0.92, 0.90]), np.array([0.90, 0.88, 0.82]), np.array([0.62, 0.30, 0.30])
IRIS, PUPIL = 0.30, 0.12
"""Their radii in parts of the eye's diameter, a little large, to be seen."""
CLOTH_M = 0.006
"""How far sketched cloth stands off the body [m]."""
HAIR_M = {
    "shaved": 0.0,
    "buzz": 0.004,
    "short": 0.014,
    "side_part": 0.018,
    "balding": 0.004,
    "afro": 0.06,
    "curly": 0.035,
}
"""How far sketched hair stands off the head by style; others 0.02 [m]."""
LOOSE = {"long": 0.36, "wavy": 0.28, "curly": 0.18, "bob": 0.14}
"""How far below the eyes loose hair reaches [m]."""


@dataclass(frozen=True)
class Figure:
    """A person ready to be posed."""

    body: Body
    """With those vertices only that are drawn."""
    triangles: Array  # (T, 3) indices of vertices
    colours: Array  # (T, 3) 0…1
    open: Array  # (T,) bool: seen from both sides, as hair and skirts are


def figure(person: Person) -> Figure:
    """The sketch of a person."""
    shape = body(person.identity)
    vertices = np.asarray(shape.vertices, dtype=np.float64).copy()
    normals = _normals(vertices, shape.faces)
    carrier = np.array(BONES)[shape.weight_bones[np.arange(len(vertices)), shape.weights.argmax(axis=1)]]
    skin = rgb(str(person.identity["skin"]))
    colour = np.repeat(skin[None], len(shape.faces), axis=0)
    middle = vertices[shape.faces].mean(axis=1)
    bone = carrier[shape.faces[:, 0]]
    lips = shape.masks["lips"][shape.faces].mean(axis=1) > 0.5
    colour[lips] = skin * [0.82, 0.58, 0.58]
    skirt: Array | None = None
    offset = np.zeros(len(vertices))
    for garment in sorted(person.wardrobe, key=lambda g: library.garment(g["kind"]).layer):
        entry = library.garment(garment["kind"])
        covers = str(entry.cut["covers"])
        worn = _covered(shape, entry.cut, middle, bone)
        colour[worn] = rgb(garment["colour"])
        offset[shape.faces[worn]] = CLOTH_M * (1 + entry.layer)
        if covers in ("skirt", "dress"):
            skirt = rgb(garment["colour"])
    hair = person.identity["hair"]
    tone, style = rgb(hair["colour"]), str(hair["style"])
    local = _from_eyes(shape, middle)
    scalp = _scalp(shape, local, bone)
    colour[_brows(local, bone)] = 0.7 * tone + 0.3 * skin
    if style != "shaved":
        colour[scalp] = tone
        offset[shape.faces[scalp]] = HAIR_M.get(style, 0.02) * shape.scale
    beard = str(person.identity.get("beard", "none"))
    if beard != "none":
        colour[_chin(shape, middle, bone) & ~lips] = 0.5 * (tone + skin) if beard == "stubble" else tone
    vertices += normals * offset[:, None]
    faces, tones, loose = [shape.faces], [colour], [np.zeros(len(shape.faces), dtype=bool)]

    def add(quads: Array, tint: Array, *, open_: bool = False) -> None:
        faces.append(quads)
        loose.append(np.full(len(quads), open_))
        tones.append(np.repeat(tint[None], len(quads), axis=0))

    for side in ("L", "R"):
        _eye(shape, side, rgb(str(person.identity["eyes"])), add)
    for name in ("teeth_upper", "teeth_lower"):
        add(shape.parts[name], TOOTH)
    add(shape.parts["tongue"], TONGUE)
    if skirt is not None:
        add(shape.parts["skirt"], skirt, open_=True)
    if style in LOOSE:
        eyes = vertices[shape.parts["eye.L"]].mean(axis=(0, 1))[2]
        quads = shape.parts["hair"]
        at = vertices[quads].mean(axis=1)
        front = vertices[shape.parts["eye.L"]].reshape(-1, 3)[:, 1].min()
        beside = at[:, 1] > front + 0.06 * shape.scale
        add(quads[beside & (at[:, 2] > eyes - LOOSE[style] * shape.scale)], tone, open_=True)
    every = np.concatenate(faces)
    triangles = np.concatenate([every[:, [0, 1, 2]], every[:, [0, 2, 3]]])
    colours = np.concatenate(tones)
    used, triangles = np.unique(triangles, return_inverse=True)
    both = np.concatenate([*loose, *loose])
    return Figure(_only(shape, vertices, used), triangles.reshape(-1, 3), np.concatenate([colours, colours]), both)


def _normals(vertices: Array, faces: Array) -> Array:
    a, b, c, d = (vertices[faces[:, k]] for k in range(4))
    facing = np.cross(c - a, d - b)
    total = np.zeros_like(vertices)
    for k in range(4):
        np.add.at(total, faces[:, k], facing)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def _covered(shape: Body, cut: Any, at: Array, bone: Array) -> Array:
    """(F,) which faces of the skin a garment lies over, by the numbers of its cut."""
    heads = shape.heads
    crotch, waist = heads[BONE_INDEX["upperleg01.L"]][2] - 0.06 * shape.height, heads[BONE_INDEX["spine04"]][2]
    ankle, wrist = heads[BONE_INDEX["foot.L"]], heads[BONE_INDEX["wrist.L"]]
    shoulder, neck = heads[BONE_INDEX["upperarm01.L"]], heads[BONE_INDEX["neck01"]]
    covers = str(cut["covers"])
    foot = np.char.startswith(bone, "foot") | np.char.startswith(bone, "toe")
    head = np.isin(bone, _HEAD)
    if covers in ("shoes", "sandals", "socks", "feet"):
        top = ankle[2] + (0.02 if covers != "socks" else 0.06) * shape.height
        return np.asarray(at[:, 2] < top)
    arm = np.char.startswith(bone, "upperarm") | np.char.startswith(bone, "lowerarm") | _is_hand(bone)
    level = (at[:, 2] - crotch) / max(waist - crotch, 1e-6)
    found = np.zeros(len(at), dtype=bool)
    if covers in ("top", "dress"):
        along = (np.abs(at[:, 0]) - shoulder[0]) / max(wrist[0] - shoulder[0], 1e-6)
        found |= ~arm & ~head & (level > float(cut.get("hem", 0.2))) & (at[:, 2] < neck[2] - 0.005)
        found |= arm & (along < float(cut.get("sleeve", 0.0)))
    if covers in ("legs", "dress", "skirt"):
        length = float(cut.get("length", 1.0)) if covers == "legs" else 0.35
        low = crotch + (ankle[2] - crotch) * length
        found |= ~arm & ~foot & (at[:, 2] > low) & (level < float(cut.get("rise", 0.9)) + 0.05)
    return found


def _is_hand(bone: Array) -> Array:
    return np.asarray(
        np.char.startswith(bone, "wrist") | np.char.startswith(bone, "finger") | np.char.startswith(bone, "metacarpal")
    )


def _under_head() -> tuple[str, ...]:
    from ..body import PARENTS

    found = {BONE_INDEX["head"]}
    for index, parent in enumerate(PARENTS):
        if parent in found:
            found.add(index)
    return tuple(BONES[k] for k in found)


_HEAD = _under_head()


def _from_eyes(shape: Body, at: Array) -> Array:
    """Points (F, 3) from midway between the eyes, in pupil distances: left, back, up."""
    left, right = (shape.vertices[shape.parts[f"eye.{side}"]].reshape(-1, 3).mean(axis=0) for side in ("L", "R"))
    return np.asarray((at - (left + right) / 2) / np.linalg.norm(left - right))


def _scalp(shape: Body, local: Array, bone: Array) -> Array:
    """(F,) where hair grows: above a line from the forehead over the ears to the nape."""
    line = np.interp(local[:, 1], (-0.1, 0.4, 0.9, 1.4, 2.4), (1.05, 0.95, 0.35, -0.3, -0.9))
    ears = shape.masks["ears"][shape.faces].mean(axis=1) > 0.3
    return np.asarray(np.isin(bone, _HEAD) & (local[:, 2] > line) & ~ears)


def _brows(local: Array, bone: Array) -> Array:
    """(F,) eyebrows."""
    x, up = np.abs(local[:, 0]), local[:, 2]
    over = np.interp(x, (0.15, 0.6, 0.95), (0.36, 0.46, 0.36))
    return np.asarray(
        np.isin(bone, _HEAD) & (local[:, 1] < 0.15) & (x > 0.16) & (x < 0.92) & (np.abs(up - over) < 0.06)
    )


def _chin(shape: Body, at: Array, bone: Array) -> Array:
    """(F,) where beards grow: the lower face, in front of the ears, around the mouth and under it."""
    eye = shape.vertices[shape.parts["eye.L"]].reshape(-1, 3)
    height, front = eye[:, 2].mean(), eye[:, 1].min()
    down = (height - at[:, 2]) / shape.scale
    return np.asarray(np.isin(bone, _HEAD) & (down > 0.045) & (down < 0.14) & (at[:, 1] < front + 0.075 * shape.scale))


def _eye(shape: Body, side: str, iris: Array, add: Any) -> None:
    quads = shape.parts[f"eye.{side}"]
    at = shape.vertices[quads].mean(axis=1)
    low, high = at.min(axis=0), at.max(axis=0)
    off = np.linalg.norm((at - (low + high) / 2)[:, [0, 2]], axis=1) / (high - low)[0]
    front = (at[:, 1] < low[1] + 0.3 * (high - low)[1]) & (off < IRIS)
    pupil = front & (off < PUPIL)
    add(quads[~front], EYE)
    add(quads[front & ~pupil], iris)
    add(quads[pupil], np.zeros(3) + 0.04)


def _only(shape: Body, vertices: Array, used: Array) -> Body:
    """A body with some of its vertices, renumbered, and the face actions that move them."""
    number = np.full(len(vertices), -1, dtype=np.int64)
    number[used] = np.arange(len(used))
    actions = []
    for action in shape.face_actions:
        kept = number[action.vertices] >= 0
        actions.append(replace(action, vertices=number[action.vertices[kept]], offsets=action.offsets[kept]))
    return replace(
        shape, vertices=vertices[used], weight_bones=shape.weight_bones[used], weights=shape.weights[used],
        face_actions=tuple(actions),
    )  # fmt: skip
