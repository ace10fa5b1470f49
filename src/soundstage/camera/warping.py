"""Pictures of the empty set as another camera sees it: plates carried over by their exact depth. Pure numbers.

The depth at the new place is what the plates' own points leave there, nearest first; every pixel then looks back into
the plates. What no plate has seen, what two plates disagree about (a reflection, a highlight), and what lies at the
edge of either is told apart, to be rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..view import View

Array = NDArray[Any]

FAR_M = 1e5
"""Depth of the sky: far enough that no camera move shows in it."""
SAME_DEPTH = 0.01
"""Two depths this near, as a part of the depth, are the same surface."""
AGREE = 8.0
"""Plates whose smoothed colours differ by more than this many 8-bit levels do not show the same, half way between."""
SMOOTH = 7
"""Pixels over which colours are averaged before they are compared."""
SPECK_PX = 16
"""Unknown pixels that hang together and are no more than this are filled from what is round them."""
EDGE = 2
"""Pixels at the edge of the unknown that hold a mixture."""
TAPS_PX = 1.5
"""Steps along the way of a blurred pixel."""
MOST_TAPS = 24


@dataclass(frozen=True, kw_only=True)
class Plate:
    """The empty set as one camera sees it."""

    picture: Array
    """(H, W, 3) uint8, as shown."""
    depth: Array
    """(H, W) float32 along the camera's axis [m], infinite for the sky."""
    view: View


def predict(plates: tuple[Plate, ...], shares: tuple[float, ...], view: View) -> tuple[Array, Array, Array]:
    """What a camera sees of the set: picture (H, W, 3) float32, unknown (H, W) bool, depth (H, W) float32.

    `shares` weigh the plates where several show a pixel.
    """
    width, height = view.size
    depth = _depth(plates, view)
    unknown = np.isnan(depth)
    points = view.points(np.where(unknown, 1.0, depth))
    total = np.zeros((height, width), dtype=np.float32)
    picture = np.zeros((height, width, 3), dtype=np.float32)
    seen: list[tuple[Array, Array]] = []
    for plate, share in zip(plates, shares, strict=True):
        colour, valid = _look_back(plate, points)
        valid &= ~unknown
        weight = valid * np.float32(max(share, 1e-3))
        picture += colour * weight[..., None]
        total += weight
        seen.append((colour, valid))
    unknown |= total == 0
    picture /= np.maximum(total, 1e-6)[..., None]
    unknown, picture = _specks_filled(unknown, picture)
    if len(seen) == 2:
        (a, in_a), (b, in_b) = seen
        both = in_a & in_b
        apart = np.abs(cv2.blur(np.where(both[..., None], a - b, 0.0), (SMOOTH, SMOOTH))).max(axis=2)
        differ = both & (apart * 2 * min(shares) > AGREE)  # next to a plate the other hardly counts
        # A line is as sharp in one plate as in the other, or nearly: what counts has some width.
        unknown |= cv2.morphologyEx(differ.astype(np.uint8), cv2.MORPH_OPEN, np.ones((SMOOTH, SMOOTH), np.uint8)) > 0
    kernel = np.ones((2 * EDGE + 1, 2 * EDGE + 1), dtype=np.uint8)
    edge = cv2.dilate(unknown.astype(np.uint8), kernel) > 0
    return picture, edge, depth


def _specks_filled(unknown: Array, picture: Array) -> tuple[Array, Array]:
    """What is unknown without its specks, and the picture with what is round them in their place.

    A speck is a crack in what was splatted, or the edge of a leaf: rendering it would take a rectangle a thousand
    times its size.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(unknown.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= SPECK_PX
    small[0] = False  # what is known
    if count < 2 or not small.any():
        return unknown, picture
    specks = small[labels]
    known = (~unknown).astype(np.float32)
    around = (5, 5)
    weight = cv2.blur(known, around)
    filled = cv2.blur(picture * known[..., None], around) / np.maximum(weight, 1e-6)[..., None]
    fillable = specks & (weight > 0)
    return unknown & ~fillable, np.where(fillable[..., None], filled, picture)


def motion(depth: Array, view: View, first: View, last: View) -> Array:
    """Way (H, W, 2) [px] that each point seen by `view` takes in the picture from one camera to another."""
    points = view.points(np.where(np.isnan(depth), FAR_M, depth))
    return np.asarray((last.project(points) - first.project(points))[..., :2], dtype=np.float32)


def blurred(picture: Array, way: Array) -> Array:
    """The picture while everything in it goes its way (H, W, 2), half of it before and half after."""
    longest = float(np.percentile(np.hypot(way[..., 0], way[..., 1]), 99.5))
    taps = int(np.clip(np.ceil(longest / TAPS_PX), 1, MOST_TAPS))
    if longest < 0.1 or taps < 2:
        return picture
    h, w = way.shape[:2]
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    total = np.zeros_like(picture)
    for share in (np.arange(taps) + 0.5) / taps - 0.5:
        at = np.float32(share)
        total += cv2.remap(
            picture, x + at * way[..., 0], y + at * way[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE
        )
    return np.asarray(total / taps)


def between(a: View, b: View, share: float) -> View:
    """The camera part of the way from one to another, close by."""
    turn = a.turn * (1 - share) + b.turn * share
    u, _, v = np.linalg.svd(turn)  # the nearest rotation
    return View(
        position=a.position * (1 - share) + b.position * share,
        turn=u @ v,
        lens_mm=a.lens_mm * (1 - share) + b.lens_mm * share,
        size=a.size,
    )


def _depth(plates: tuple[Plate, ...], view: View) -> Array:
    """Depth (H, W) of the nearest points that the plates leave in a picture; NaN where they leave none."""
    width, height = view.size
    nearest = np.full(width * height, np.inf, dtype=np.float32)
    for plate in plates:
        spots = view.project(plate.view.points(np.minimum(plate.depth, FAR_M))).reshape(-1, 3)
        spots = spots[spots[:, 2] > 0.01]
        x, y = np.rint(spots[:, 0]), np.rint(spots[:, 1])
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        index = y[inside].astype(np.int64) * width + x[inside].astype(np.int64)
        np.minimum.at(nearest, index, spots[inside, 2].astype(np.float32))
    depth = nearest.reshape(height, width)
    # A surface that has come nearer has cracks: through them shows what is behind, or nothing.
    smooth = cv2.medianBlur(np.where(np.isinf(depth), np.float32(4 * FAR_M), depth), 3)
    cracked = depth > smooth * (1 + 2 * SAME_DEPTH)
    depth = np.where(cracked, smooth, depth)
    return np.where(depth > 2 * FAR_M, np.float32(np.nan), depth)


def _look_back(plate: Plate, points: Array) -> tuple[Array, Array]:
    """What a plate shows of world points (H, W, 3): colour (H, W, 3) float32, and whether it shows them at all."""
    spots = plate.view.project(points)
    x, y, z = spots[..., 0].astype(np.float32), spots[..., 1].astype(np.float32), spots[..., 2]
    height, width = plate.depth.shape
    colour = cv2.remap(plate.picture.astype(np.float32), x, y, cv2.INTER_CUBIC, None, cv2.BORDER_REPLICATE)
    known = np.minimum(plate.depth, FAR_M).astype(np.float32)
    around = np.ones((3, 3), dtype=np.uint8)
    slope = np.minimum(known - cv2.erode(known, around), cv2.dilate(known, around) - known)
    here = cv2.remap(known, x, y, cv2.INTER_NEAREST, None, cv2.BORDER_REPLICATE)
    steep = cv2.remap(slope, x, y, cv2.INTER_NEAREST, None, cv2.BORDER_REPLICATE)
    # On a slope a pixel spans some depth, to both sides; at the edge of a thing there is a step to one side only.
    valid = np.abs(z - here) < SAME_DEPTH * z + 1.5 * steep
    valid &= (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return np.clip(colour, 0.0, 255.0), valid
