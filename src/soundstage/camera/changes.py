"""Which part of a picture differs from the empty set, and the rectangles that cover it. Pure numbers.

With a locked camera only what moves, and what its shadows, reflections and bounced light reach, has to be rendered
again. Nothing guesses where that is: a small probe picture of the frame is compared with the same probe of the empty
set. Both use the same noise, so a pixel that nothing reaches is equal to the bit, and the mean difference over a
neighbourhood measures how much light has changed there.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]
Rect = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, y downwards, x1 and y1 exclusive."""

SEEN = 10.0
"""A difference of one probe pixel of this many 8-bit levels is a thing or a shadow's edge."""
MUCH = 4.0
"""A mean difference over a neighbourhood of this many levels is a soft shadow …"""
OFTEN = 0.16
"""… if it comes from at least this part of the neighbourhood's pixels, and not from one stray path of light."""
NEIGHBOURHOOD = 7
TILE = 8
MARGIN = 8
"""Pixels rendered round a changed region, for the denoiser to see beyond its edge."""
FEATHER = 6
"""Pixels over which a changed region fades into the plate."""
FEATHER_BETWEEN, MARGIN_BETWEEN = 3, 5
"""The same where the picture beneath is almost right already, as in frames made from their neighbours."""
START = 400
"""Pixels that could be rendered in the time that one more rectangle costs."""


def changed(
    probe: Array, empty: Array, size: tuple[int, int], extra: list[tuple[float, float, float, float]]
) -> tuple[Array, Array]:
    """Which pixels of the full picture are to be rendered, bool (height, width), and how much lighter the rest is.

    What is only felt is smooth: light that somebody's clothes throw on a wall. It is added as measured, in 8-bit
    levels (height, width, 3).

    Args:
        probe: small picture of the frame (h, w, 3), 8 bit.
        empty: the same of the empty set.
        size: width and height of the full picture.
        extra: boxes (x0, y0, x1, y1) as shares of width and height, y downwards, that are changed in any case.
    """
    difference = probe.astype(np.float32) - empty.astype(np.float32)
    seen = np.abs(difference).max(axis=2) >= SEEN
    # A lone pixel is one stray path of light; what is really there has neighbours or lies in an `extra` box.
    seen &= ndimage.uniform_filter(seen.astype(np.float32), 3) > 0.3
    mean = ndimage.uniform_filter(difference, (NEIGHBOURHOOD, NEIGHBOURHOOD, 0))
    strength = np.abs(mean).max(axis=2)
    differs = difference.any(axis=2).astype(np.float32)
    often = ndimage.uniform_filter(differs, NEIGHBOURHOOD) >= OFTEN
    felt = (strength >= MUCH) & often
    felt &= ndimage.uniform_filter(differs, 3) > 0.0  # not beyond the edge of what a neighbourhood felt
    small = ndimage.binary_dilation(seen, iterations=1) | felt
    h, w = small.shape
    for x0, y0, x1, y1 in extra:
        a, b = max(0, int(np.floor(x0 * w)) - 1), min(w, int(np.ceil(x1 * w)) + 1)
        c, d = max(0, int(np.floor(y0 * h)) - 1), min(h, int(np.ceil(y1 * h)) + 1)
        if a < b and c < d:
            small[c:d, a:b] = True
    small = ndimage.binary_closing(small, iterations=2, border_value=0) | small
    return _enlarged(small, size), _glow(difference, small, differs, size)


def _glow(difference: Array, rendered: Array, differs: Array, size: tuple[int, int]) -> Array:
    """Smooth difference (height, width, 3) of what is not rendered again; 0 where too few paths differ to tell."""
    rest = (~rendered).astype(np.float32)
    if not differs.any():
        return np.zeros((size[1], size[0], 3), dtype=np.float32)
    around = (2 * NEIGHBOURHOOD, 2 * NEIGHBOURHOOD)
    known = np.maximum(ndimage.uniform_filter(rest, around, mode="nearest"), 0.02)
    mean = ndimage.uniform_filter(difference * rest[..., None], (*around, 0), mode="nearest") / known[..., None]
    often = ndimage.uniform_filter(differs * rest, around, mode="nearest") / known
    mean *= np.clip(often / OFTEN - 1.0, 0.0, 1.0)[..., None]
    return np.asarray(cv2.resize(mean.astype(np.float32), size, interpolation=cv2.INTER_LINEAR))


def feathered(mask: Array, over: float = FEATHER) -> Array:
    """How much of each pixel is to come from the new rendering: 1 where the mask is, fading to 0 round it.

    `over`: so many pixels.
    """
    if not mask.any():
        return np.zeros(mask.shape, dtype=np.float32)
    away = ndimage.distance_transform_edt(~mask)
    return np.asarray(np.clip(1.0 - (away - 2.0) / over, 0.0, 1.0), dtype=np.float32)


def needed(weight: Array, margin: int = MARGIN) -> Array:
    """Which pixels are to be rendered so that those of weight above 0 are right: these, and a margin [px]."""
    size = 2 * margin + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate((weight > 0).astype(np.uint8), disc) > 0


def rectangles(weight: Array) -> list[Rect]:
    """Rectangles that hold every pixel of weight above 0 with a margin, cut so that little else is in them."""
    h, w = weight.shape
    rows, cols = -(-h // TILE), -(-w // TILE)
    padded = np.zeros((rows * TILE, cols * TILE), dtype=bool)
    padded[:h, :w] = weight > 0
    active = padded.reshape(rows, TILE, cols, TILE).any(axis=(1, 3))
    found: list[Rect] = []
    labels, _ = ndimage.label(active, structure=np.ones((3, 3)))
    for k, (down, across) in enumerate(ndimage.find_objects(labels), start=1):
        _cut(labels[down, across] == k, across.start, down.start, found)
    found = _merged(found)
    grown = [
        (max(0, x0 * TILE - MARGIN), max(0, y0 * TILE - MARGIN), min(w, x1 * TILE + MARGIN), min(h, y1 * TILE + MARGIN))
        for x0, y0, x1, y1 in found
    ]
    if sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in grown) > 0.85 * w * h:
        return [(0, 0, w, h)]
    return grown


def joined(picture: Array, weight: Array, rects: list[Rect], fresh: list[Array]) -> Array:
    """The picture with new parts in it, each pixel by its weight; where parts overlap, they fade into each other.

    The outermost pixels of a part are the worst: neither the pixel's filter nor the denoiser sees beyond them.
    """
    h, w = weight.shape
    total = np.zeros((h, w, 3), dtype=np.float32)
    counted = np.zeros((h, w, 1), dtype=np.float32)
    for (x0, y0, x1, y1), part in zip(rects, fresh, strict=True):
        across = _ramp(x1 - x0, at_start=x0 > 0, at_end=x1 < w)
        down = _ramp(y1 - y0, at_start=y0 > 0, at_end=y1 < h)
        share = np.minimum(down[:, None], across[None, :])[..., None]
        total[y0:y1, x0:x1] += part * share
        counted[y0:y1, x0:x1] += share
    share = np.where(counted > 0, weight[..., None], 0.0)
    return np.asarray(picture * (1 - share) + total / np.maximum(counted, 1e-6) * share)


def _ramp(length: int, *, at_start: bool, at_end: bool) -> Array:
    """Trust in the pixels along a part: rising over its margins, except at the edge of the picture."""
    from_start, from_end = np.arange(length) + 0.5, np.arange(length)[::-1] + 0.5
    trust = np.ones(length)
    for near, limits in ((from_start, at_start), (from_end, at_end)):
        if limits:
            trust = np.minimum(trust, np.maximum(near / MARGIN, 0.01))
    return np.asarray(trust**2, dtype=np.float32)


def _merged(boxes: list[Rect]) -> list[Rect]:
    """Boxes [tiles] that cost less together than apart put together, again and again."""
    left = list(boxes)
    done: list[Rect] = []
    while left:
        a = left.pop()
        for k, b in enumerate(left):
            both = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
            if _price(both) <= _price(a) + _price(b):
                left[k] = both
                break
        else:
            done.append(a)
    return done


def _price(box: Rect) -> float:
    """As `_cost`, of a box [tiles]."""
    return float(((box[2] - box[0]) * TILE + 2 * MARGIN) * ((box[3] - box[1]) * TILE + 2 * MARGIN) + START)


def _cut(active: Array, left: int, top: int, found: list[Rect]) -> None:
    """Bounding box of the active tiles, cut in two where that saves area, again and again."""
    ys, xs = np.nonzero(active)
    if not len(ys):
        return
    x0, x1, y0, y1 = xs.min(), xs.max() + 1, ys.min(), ys.max() + 1
    box = active[y0:y1, x0:x1]
    best = _cost(box)
    choice: tuple[int, int] | None = None
    for axis in (0, 1):
        for k in range(1, box.shape[axis]):
            parts = (box[:k], box[k:]) if axis == 0 else (box[:, :k], box[:, k:])
            cost = _cost(parts[0]) + _cost(parts[1])
            if cost < best:
                best, choice = cost, (axis, k)
    left, top = left + int(x0), top + int(y0)
    if choice is None:
        found.append((left, top, left + box.shape[1], top + box.shape[0]))
        return
    axis, k = choice
    if axis == 0:
        _cut(box[:k], left, top, found)
        _cut(box[k:], left, top + k, found)
    else:
        _cut(box[:, :k], left, top, found)
        _cut(box[:, k:], left + k, top, found)


def _cost(active: Array) -> float:
    """Pixels to render for the bounding box of some tiles, its margins included, and a little for starting at all."""
    ys, xs = np.nonzero(active)
    if not len(ys):
        return 0.0
    return _price((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))


def _enlarged(small: Array, size: tuple[int, int]) -> Array:
    width, height = size
    h, w = small.shape
    rows = np.minimum((np.arange(height) * h) // height, h - 1)
    cols = np.minimum((np.arange(width) * w) // width, w - 1)
    return np.asarray(small[rows][:, cols])
