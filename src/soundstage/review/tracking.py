"""Where round things are in the picture, to a fraction of a pixel, measured from the pixels alone.

A camera that stands still sees the same set in every picture; what differs from it is what moves. The Take says how
large a thing seems and about where to look; the whole picture is searched, and where the thing is comes from its
pixels. A difference that the set in shadow would explain does not count, so shadows are not followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .colours import direction
from .outline import FAINTEST, Spot, difference, measure

Array = NDArray[Any]

PLATE_PICTURES = 25
"""Pictures whose median is the empty set."""
LARGE_PX = 12.0
"""Things of twice this radius are followed in smaller pictures."""
CANDIDATES = 5
"""Places per picture where the thing might be."""
LATELY = 8
"""Pictures: what has not changed for longer than this has not moved just now."""
RESTING = 0.4
"""What has not moved just now counts for this part."""
LOST = 4.0
"""Cost of the thing not being seen in a picture."""


@dataclass(frozen=True, kw_only=True)
class Hint:
    """What the Take says of one thing in one picture, for finding it."""

    x: float
    y: float
    radius: float
    """[px]"""
    clear: bool = True
    """Whether nothing else that the Take knows to move is close."""

    def scaled(self, scale: int) -> Hint:
        """The same in a picture that is so many times smaller."""
        return replace(self, x=_down(self.x, scale), y=_down(self.y, scale), radius=self.radius / scale)


def follow(pictures: Sequence[Array], hints: Sequence[Hint | None], colour: Array) -> list[Spot | None]:
    """Where a thing is in each of some pictures (H, W, 3) of one locked shot; None where it is not seen.

    Args:
        hints: per picture, None where it cannot be seen.
        colour: (3,) of the thing, 0…255.
    """
    known = [hint for hint in hints if hint is not None]
    if len(pictures) < 3 or not known:
        return [None] * len(pictures)
    radius = float(np.median([hint.radius for hint in known]))
    if radius >= 2 * LARGE_PX:
        return _follow_small(pictures, hints, colour, int(radius / LARGE_PX))
    scale = int(np.clip(radius / 2.0, 1, 4))
    places = _path(_candidates(pictures, hints, colour, scale), hints, pictures[0].shape[1])
    found = [k for k, place in enumerate(places) if place is not None]
    if not found:
        return [None] * len(pictures)
    box = _box([places[k] for k in found], [hints[k] for k in found], pictures[0].shape)
    x0, y0, x1, y1 = box
    pieces = [picture[y0:y1, x0:x1] for picture in pictures]
    empty = plate(pieces, [hint and Hint(x=hint.x - x0, y=hint.y - y0, radius=hint.radius) for hint in hints])
    spots: list[Spot | None] = [None] * len(pictures)
    for k in found:
        place, hint = places[k], hints[k]
        if place is not None and hint is not None:
            spots[k] = measure(pieces[k], empty, place, hint.radius, (x0, y0))
    return _alike(spots, radius)


def _follow_small(
    pictures: Sequence[Array], hints: Sequence[Hint | None], colour: Array, scale: int
) -> list[Spot | None]:
    """As `follow`, in pictures that are so many times smaller: the middle of a large thing is as well found there."""
    import cv2

    height, width = pictures[0].shape[0] // scale, pictures[0].shape[1] // scale
    small = [
        cv2.resize(p[: height * scale, : width * scale], (width, height), interpolation=cv2.INTER_AREA)
        for p in pictures
    ]
    spots = follow(small, [hint and hint.scaled(scale) for hint in hints], colour)
    return [
        spot
        and replace(
            spot, x=_up(spot.x, scale), y=_up(spot.y, scale), area=spot.area * scale**2, scale=scale * spot.scale
        )
        for spot in spots
    ]


def _alike(spots: list[Spot | None], radius: float) -> list[Spot | None]:
    """Without those that are not like the others: of another colour, too faint, or too large or small."""
    found = [spot for spot in spots if spot is not None]
    if len(found) < 3:
        return spots
    usual = direction(np.median([spot.colour for spot in found], axis=0))
    strength = float(np.median([spot.strength for spot in found]))

    def like(spot: Spot) -> bool:
        angle = np.degrees(np.arccos(np.clip(direction(np.array(spot.colour)) @ usual, -1, 1)))
        return bool(angle < 25 and spot.strength > 0.3 * strength and 0.4 < spot.area / (np.pi * radius**2) < 2.5)

    return [spot if spot is not None and like(spot) else None for spot in spots]


def plate(pictures: Sequence[Array], hints: Sequence[Hint | None]) -> Array:
    """The empty set (H, W, 3) float32: the median of pictures where the thing is not; NaN where it always is."""
    count = min(len(pictures), PLATE_PICTURES)
    chosen = np.unique(np.linspace(0, len(pictures) - 1, count).round().astype(int))
    stack = np.stack([pictures[k] for k in chosen]).astype(np.int16)
    height, width = stack.shape[1:3]
    y, x = np.ogrid[:height, :width]
    for layer, k in zip(stack, chosen, strict=True):
        hint = hints[k]
        if hint is not None:
            layer[(x - hint.x) ** 2 + (y - hint.y) ** 2 < (1.6 * hint.radius + 3) ** 2] = 999
    free = (stack[..., 0] < 999).sum(axis=0)
    stack.sort(axis=0)
    middle = np.clip((free - 1) // 2, 0, None)[None, ..., None]
    found = np.take_along_axis(stack, np.broadcast_to(middle, (1, height, width, 3)), axis=0)[0].astype(np.float32)
    found[free == 0] = np.nan
    return np.asarray(found)


# ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    x: float
    y: float
    cost: float


def _candidates(
    pictures: Sequence[Array], hints: Sequence[Hint | None], colour: Array, scale: int
) -> list[list[_Candidate]]:
    """Per picture, the places that look most like the thing, anywhere."""
    import cv2

    height, width = pictures[0].shape[0] // scale, pictures[0].shape[1] // scale
    small = [cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) for picture in pictures]
    low = [hint and hint.scaled(scale) for hint in hints]
    empty = plate(small, low)
    asked = direction(colour)
    part, lately = -1, empty
    found: list[list[_Candidate]] = []
    for k, (picture, hint) in enumerate(zip(small, low, strict=True)):
        if hint is None:
            found.append([])
            continue
        off = _stands_out(picture, empty)
        if k // LATELY != part:
            part = k // LATELY
            first = max(part - 1, 0) * LATELY
            lately = plate(small[first : (part + 2) * LATELY], low[first : (part + 2) * LATELY])
        recent = _stands_out(picture, lately)
        off = np.where(np.isfinite(lately[..., 0]), np.minimum(off, np.maximum(recent, RESTING * off)), off)
        response = cv2.filter2D(off, -1, _kernel(hint.radius), borderType=cv2.BORDER_REPLICATE)
        means = cv2.filter2D(picture.astype(np.float32), -1, _soft(0.7 * hint.radius), borderType=cv2.BORDER_REPLICATE)
        places = []
        best = float(response.max())
        for _ in range(CANDIDATES):
            y, x = np.unravel_index(int(np.argmax(response)), response.shape)
            strength = float(response[y, x])
            if strength < FAINTEST or strength < 0.15 * best:
                break
            angle = np.degrees(np.arccos(np.clip(direction(means[y, x]) @ asked, -1, 1)))
            away = np.hypot(x - hint.x, y - hint.y) / (0.1 * width)
            cost = 1.5 * (1 - strength / best) + min(angle / 15, 2.0) + min(away**2, 2.5)
            places.append(_Candidate(x=_up(float(x), scale), y=_up(float(y), scale), cost=float(cost)))
            reach = int(np.ceil(1.5 * hint.radius)) + 1
            response[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1] = 0
        found.append(places)
    return found


def _stands_out(picture: Array, empty: Array) -> Array:
    """Difference to the set; a little even where a shadow would explain it, for dark things are like shadows."""
    apart = np.abs(picture - np.where(np.isfinite(empty), empty, picture))
    plain = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return np.asarray(difference(picture, empty) + 0.35 * plain, dtype=np.float32)


def _down(at: float, scale: int) -> float:
    return (at + 0.5) / scale - 0.5


def _up(at: float, scale: int) -> float:
    return (at + 0.5) * scale - 0.5


def _soft(radius: float) -> Array:
    """A disc whose edge is soft and whose sum is 1."""
    n = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-n : n + 1, -n : n + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(disc / disc.sum(), dtype=np.float32)


def _kernel(radius: float) -> Array:
    """Mean inside a disc minus mean of a ring around it."""
    outer, inner = _soft(1.9 * radius + 1.5), _soft(radius)
    ring = np.clip(outer / outer.max(), 0, 1)
    pad = (outer.shape[0] - inner.shape[0]) // 2
    around = _soft(1.2 * radius + 0.7)
    gap = (outer.shape[0] - around.shape[0]) // 2
    ring[gap : gap + around.shape[0], gap : gap + around.shape[1]] -= np.clip(around / around.max(), 0, 1)
    ring = np.clip(ring, 0, 1)
    kernel = -ring / max(ring.sum(), 1e-6)
    kernel[pad : pad + inner.shape[0], pad : pad + inner.shape[1]] += inner
    return np.asarray(kernel, dtype=np.float32)


def _path(
    found: Sequence[list[_Candidate]], hints: Sequence[Hint | None], width: int
) -> list[tuple[float, float] | None]:
    """The cheapest way through the candidates of all pictures, leaving out those where it is not seen (Viterbi)."""
    costs: list[Array] = []
    steps: list[Array] = []
    for k, places in enumerate(found):
        own = np.array([place.cost for place in places] + [LOST])
        if k == 0:
            costs.append(own)
            steps.append(np.zeros(len(own), dtype=int))
            continue
        before, hint, last = found[k - 1], hints[k], hints[k - 1]
        move = np.full((len(before) + 1, len(places) + 1), 0.5)
        move[-1, -1] = 0.0
        if hint is not None and last is not None:
            reach = max(2 * hint.radius, 0.02 * width)
            for a, p in enumerate(before):
                for b, q in enumerate(places):
                    off = np.hypot((q.x - p.x) - (hint.x - last.x), (q.y - p.y) - (hint.y - last.y)) / reach
                    move[a, b] = min(off * off, 6.0)
        total = costs[-1][:, None] + move
        steps.append(np.argmin(total, axis=0))
        costs.append(total.min(axis=0) + own)
    path: list[tuple[float, float] | None] = []
    state = int(np.argmin(costs[-1]))
    for k in range(len(found) - 1, -1, -1):
        path.append((found[k][state].x, found[k][state].y) if state < len(found[k]) else None)
        state = int(steps[k][state])
    return path[::-1]


def _box(places: Sequence[Any], hints: Sequence[Any], shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Columns and rows around all places, with room."""
    room = 2.5 * max(hint.radius for hint in hints) + 4
    x, y = np.array([p[0] for p in places]), np.array([p[1] for p in places])
    return (
        max(int(x.min() - room), 0),
        max(int(y.min() - room), 0),
        min(int(x.max() + room) + 1, shape[1]),
        min(int(y.max() + room) + 1, shape[0]),
    )
