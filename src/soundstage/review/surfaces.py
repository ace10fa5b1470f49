"""Which pixel shows what: the surfaces of things and people that a Take knows, seen through its camera.

Things are met by their sight lines exactly (spheres, boxes, cylinders, capsules and what is built of them). People are
bodies without clothes and hair, drawn as dense points, so what lies close to a person's outline is in doubt. The set
behind them is not in a Take: its pixels belong to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..body.skeleton import BONE_INDEX
from ..take import Thing
from .truth import Instant, Truth, View, matrix

if TYPE_CHECKING:
    from ..body import Body

Array = NDArray[Any]

NOBODY = -1
PERSON = 10_000
"""Person p has the id PERSON + p; things have their index in the Take."""
NEAR_M = 0.05
CLOTH_M, HAIR_M, INSIDE_M = 0.10, 0.14, 0.02
"""Around a body, clothes may reach so far, and hair so far around a head; so far inside its outline it is sure."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the pixels of one picture show."""

    instant: Instant
    view: View
    ids: Array
    """(H, W) int16: index of a thing, PERSON + index of a person, or NOBODY."""
    depth: Array
    """(H, W) float32 along the axis of the camera [m]; inf where nothing is known."""
    doubt: Array
    """(H, W) bool: near a person's outline, where clothes or hair may be."""
    _skins: dict[int, tuple[Array, Array]] = field(default_factory=dict, repr=False)
    """Per person: (H * W) index of the sample a pixel shows, or -1; and the samples."""

    def shows(self, person: int) -> Array:
        """(H, W) index of the sample of a person's skin that a pixel shows, or -1 where it shows none."""
        found = self._skins.get(person)
        if found is None:
            return np.full(self.ids.shape, -1, dtype=np.int64)
        return np.where(self.ids == PERSON + person, found[0].reshape(self.ids.shape), -1)

    def samples(self, person: int) -> Array:
        """(S, 3) face and place on it, of the samples of a person's skin."""
        return self._skins[person][1] if person in self._skins else np.empty((0, 3))

    def mask(self, identity: int) -> Array:
        """(H, W) bool: pixels of one thing or person."""
        return np.asarray(self.ids == identity)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A simple solid."""

    shape: str
    size: tuple[float, float, float]
    position: Array
    turn: Array


def parts(thing: Thing, position: Array, rotation: Array) -> Iterator[Part]:
    """The simple solids a thing is made of, in the world; none where its shape is not known."""
    turn = matrix(rotation)
    if thing.shape != "compound":
        yield Part(shape=thing.shape, size=thing.size, position=np.asarray(position), turn=turn)
        return
    for part in thing.params.get("parts", ()):
        yield Part(
            shape=part["shape"],
            size=tuple(part["size"]),
            position=position + turn @ np.asarray(part["position"], dtype=np.float64),
            turn=turn @ matrix(np.asarray(part["rotation"])),
        )


def see(truth: Truth, instant: Instant, size: tuple[int, int]) -> Seen:
    """What the pixels of a picture of `size` show at the middle of its exposure."""
    view = truth.view(instant, size)
    take = truth.takes[instant.take]
    width, height = size
    ids = np.full((height, width), NOBODY, dtype=np.int16)
    depth = np.full((height, width), np.inf, dtype=np.float32)
    shown = truth.poses(instant.take, instant.middle)
    for index, thing in enumerate(take.things):
        for part in parts(thing, shown.thing_position[0, index], shown.thing_rotation[0, index]):
            _cast(part, view, index, ids, depth)
    doubt = np.zeros((height, width), dtype=bool)
    seen = Seen(instant=instant, view=view, ids=ids, depth=depth, doubt=doubt)
    for person in range(len(take.people)):
        _draw_person(truth, seen, person)
    return seen


def flow(truth: Truth, seen: Seen, following: Instant) -> Array:
    """Where each known surface goes from one picture to another of the same scene, (H, W, 2) px; NaN: not known."""
    height, width = seen.ids.shape
    moved = np.full((height, width, 2), np.nan, dtype=np.float32)
    view = truth.view(following, (width, height))
    take = seen.instant.take
    now, then = truth.poses(take, seen.instant.middle), truth.poses(take, following.middle)
    for identity in np.unique(seen.ids):
        if identity == NOBODY:
            continue
        y, x = np.nonzero(seen.ids == identity)
        if identity >= PERSON:
            person = int(identity) - PERSON
            shown, samples = seen._skins[person]
            which = shown[y * width + x]
            known = which >= 0
            y, x, which = y[known], x[known], which[known]
            skin = truth.skin(take, person, following.middle)
            target = view.project(_points(skin, truth.body(take, person).faces, samples[which]))
        else:
            i = int(identity)
            rays = seen.view.rays(np.stack([x, y], axis=-1))
            world = seen.view.position + rays * seen.depth[y, x, None]
            own = (world - now.thing_position[0, i]) @ matrix(now.thing_rotation[0, i])
            target = view.project(own @ matrix(then.thing_rotation[0, i]).T + then.thing_position[0, i])
        moved[y, x, 0] = target[:, 0] - x
        moved[y, x, 1] = target[:, 1] - y
    return moved


# ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cast(part: Part, view: View, identity: int, ids: Array, depth: Array) -> None:
    """Draw one solid where it is nearest."""
    half = np.asarray(part.size, dtype=np.float64) / 2
    box = window(view, part.position, part.turn, half)
    if box is None:
        return
    x0, y0, x1, y1 = box
    y, x = np.mgrid[y0:y1, x0:x1]
    met = reached(part, view.position, view.rays(np.stack([x, y], axis=-1)))
    met = np.where(met > NEAR_M, met, np.inf)
    nearest = met < depth[y0:y1, x0:x1]
    depth[y0:y1, x0:x1][nearest] = met[nearest]
    ids[y0:y1, x0:x1][nearest] = identity


def reached(part: Part, eye: Array, rays: Array) -> Array:
    """How far along rays (…, 3) from an eye (3,) a solid is met, in lengths of the rays; inf where it is not."""
    own, half = rays @ part.turn, np.asarray(part.size, dtype=np.float64) / 2
    if part.shape not in _MEET:
        return np.full(own.shape[:-1], np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        met = _MEET[part.shape]((eye - part.position) @ part.turn, own, half)
    return np.where(np.isfinite(met), met, np.inf)


def window(view: View, position: Array, turn: Array, half: Array) -> tuple[int, int, int, int] | None:
    """Columns and rows (x0, y0, x1, y1) that a box may cover; None if it is not in the picture."""
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], dtype=np.float64)
    corners = view.project(signs * half @ turn.T + position)
    width, height = view.size
    if corners[:, 2].max() <= NEAR_M:
        return None
    if corners[:, 2].min() <= NEAR_M:
        return 0, 0, width, height
    x0, y0 = np.floor(corners[:, :2].min(axis=0)).astype(int)
    x1, y1 = np.ceil(corners[:, :2].max(axis=0)).astype(int) + 1
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    return (int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None


def _sphere(eye: Array, rays: Array, half: Array) -> Array:
    o, d = eye / half, rays / half  # an ellipsoid is a sphere in its own measure
    a, b, c = np.sum(d * d, axis=-1), d @ o, o @ o - 1.0
    root = b * b - a * c
    return np.where(root >= 0, (-b - np.sqrt(np.maximum(root, 0))) / a, np.inf)


def _box(eye: Array, rays: Array, half: Array) -> Array:
    one, other = (-half - eye) / rays, (half - eye) / rays
    enter = np.nanmax(np.minimum(one, other), axis=-1)
    leave = np.nanmin(np.maximum(one, other), axis=-1)
    return np.where(enter <= leave, enter, np.inf)


def _round(eye: Array, rays: Array, radius: float, half_length: float) -> Array:
    """The mantle of a cylinder along Z."""
    a = rays[..., 0] ** 2 + rays[..., 1] ** 2
    b = rays[..., 0] * eye[0] + rays[..., 1] * eye[1]
    root = b * b - a * (eye[0] ** 2 + eye[1] ** 2 - radius**2)
    t = np.where(root >= 0, (-b - np.sqrt(np.maximum(root, 0))) / a, np.inf)
    return np.where(np.abs(eye[2] + t * rays[..., 2]) <= half_length, t, np.inf)


def _cylinder(eye: Array, rays: Array, half: Array) -> Array:
    t = _round(eye, rays, half[0], half[2])
    for z in (-half[2], half[2]):
        cap = (z - eye[2]) / rays[..., 2]
        inside = (eye[0] + cap * rays[..., 0]) ** 2 + (eye[1] + cap * rays[..., 1]) ** 2 <= half[0] ** 2
        t = np.minimum(t, np.where(inside, cap, np.inf))
    return np.asarray(t)


def _capsule(eye: Array, rays: Array, half: Array) -> Array:
    radius = half[0]
    straight = max(half[2] - radius, 0.0)
    t = _round(eye, rays, radius, straight)
    for z in (-straight, straight):
        t = np.minimum(t, _sphere(eye - [0.0, 0.0, z], rays, np.full(3, radius)))
    return np.asarray(t)


_MEET = {"sphere": _sphere, "box": _box, "cylinder": _cylinder, "capsule": _capsule}


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draw_person(truth: Truth, seen: Seen, person: int) -> None:
    instant, view = seen.instant, seen.view
    height, width = seen.ids.shape
    figure = truth.body(instant.take, person)
    skin = truth.skin(instant.take, person, instant.middle)
    pixels = view.project(skin)
    box = pixels[pixels[:, 2] > NEAR_M]
    if not len(box) or box[:, 0].max() < 0 or box[:, 0].min() > width or box[:, 1].max() < 0:
        return
    samples = _samples(pixels, figure.faces, (width, height))
    if not len(samples):
        return
    at = view.project(_points(skin, figure.faces, samples))
    column, row = np.rint(at[:, 0]), np.rint(at[:, 1])
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height) & (at[:, 2] > NEAR_M)
    index = np.flatnonzero(inside)
    index = index[np.argsort(-at[index, 2], kind="stable")]  # the nearest is written last
    flat = (row[index] * width + column[index]).astype(np.int64)
    shown = np.full(height * width, -1, dtype=np.int64)
    shown[flat] = index
    drawn = shown.reshape(height, width) >= 0
    own = np.where(drawn, at[shown.reshape(height, width), 2], np.inf)
    mine = own < seen.depth
    seen.depth[mine] = own[mine]
    seen.ids[mine] = PERSON + person
    seen.ids[_closed(mine) & (seen.ids == NOBODY)] = PERSON + person
    seen._skins[person] = (shown, samples)
    seen.doubt[:] |= _band(seen, person, drawn, pixels, figure)


def _samples(pixels: Array, faces: Array, size: tuple[int, int]) -> Array:
    """(S, 3): face, and place on it in 0…1 twice; about one sample for every pixel of each visible face."""
    corners = pixels[faces]  # (F, 4, 3)
    low, high = corners[..., :2].min(axis=1), corners[..., :2].max(axis=1)
    near = corners[..., 2].min(axis=1) > NEAR_M
    shown = near & (high[:, 0] >= 0) & (high[:, 1] >= 0) & (low[:, 0] < size[0]) & (low[:, 1] < size[1])
    one, other = corners[:, 2, :2] - corners[:, 0, :2], corners[:, 3, :2] - corners[:, 1, :2]
    # Faces whose outline runs clockwise on the screen are turned away.
    facing = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0] < 0
    shown &= facing
    count = np.clip(np.ceil(np.maximum(np.ptp(corners[..., 0], axis=1), np.ptp(corners[..., 1], axis=1)) * 1.1), 1, 24)
    found = []
    for n in np.unique(count[shown]).astype(int):
        which = np.flatnonzero(shown & (count == n))
        steps = (np.arange(n) + 0.5) / n
        u, v = np.meshgrid(steps, steps)
        grid = np.stack([u.ravel(), v.ravel()], axis=1)
        piece = np.empty((len(which), n * n, 3))
        piece[..., 0] = which[:, None]
        piece[..., 1:] = grid
        found.append(piece.reshape(-1, 3))
    return np.concatenate(found) if found else np.empty((0, 3))


def _points(skin: Array, faces: Array, samples: Array) -> Array:
    """World points (S, 3) of samples on faces."""
    corners = skin[faces[samples[:, 0].astype(np.int64)]]
    u, v = samples[:, 1, None], samples[:, 2, None]
    return np.asarray(
        (1 - v) * ((1 - u) * corners[:, 0] + u * corners[:, 1]) + v * ((1 - u) * corners[:, 3] + u * corners[:, 2])
    )


def _band(seen: Seen, person: int, drawn: Array, pixels: Array, figure: Body) -> Array:
    """Where a person's clothes or hair may be, beyond what is surely the person."""
    import cv2

    near = float(np.median(pixels[pixels[:, 2] > NEAR_M, 2]))
    scale = seen.view.focal_px / near
    mask = drawn.astype(np.uint8)
    outer = cv2.dilate(mask, _disc(CLOTH_M * scale)) > 0
    head = pixels[of_bone(figure, "head")]
    if head[:, 2].min() > NEAR_M:
        (x, y), radius = head[:, :2].mean(axis=0), float(np.ptp(head[:, :2], axis=0).max()) / 2
        around = np.zeros_like(mask)
        cv2.circle(around, (round(float(x)), round(float(y))), round(radius + HAIR_M * scale), (1,), -1)
        outer |= around > 0
    inner = cv2.erode(mask, _disc(INSIDE_M * scale)) > 0
    return np.asarray(outer & ~inner)


def of_bone(figure: Body, *bones: str) -> Array:
    """(V,) bool: vertices that follow these bones more than any other."""
    strongest = figure.weight_bones[np.arange(len(figure.weights)), np.argmax(figure.weights, axis=1)]
    return np.isin(strongest, [BONE_INDEX[bone] for bone in bones])


def _disc(radius: float) -> Array:
    import cv2

    n = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (n, n)))


def _closed(mask: Array) -> Array:
    """A mask without single holes."""
    import cv2

    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0)
