"""Where followed points truly were: each looked for again as it must look from each camera.

A point that is followed from picture to picture drifts when its surroundings change their shape, as those of the ground
do when a camera passes by. Once cameras and surfaces are about known, the patch around a point in its first picture can
be drawn as every other picture must show it, and is found there to a few hundredths of a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundle import Cameras, Sights

Array = NDArray[Any]

HALF = 6
"""Patches reach so far from their middle [px]."""
STEPS = 4
FARTHEST_PX = 3.0
"""Further from where it was followed to, it is another place."""
ALIKE = 0.8
"""Correlation of a patch with the first, at least."""
MOST_AT_ONCE = 4000
SQUEEZED, STRETCHED = 0.35, 3.0
"""A patch that is seen so much narrower or wider than in its first picture says little."""


def refine(
    pictures: Sequence[Array], cameras: Cameras, points: Array, normals: Array, sights: Sights
) -> tuple[Array, Array]:
    """Better places (K, 2) [px] of sights, and (K,) whether each was found; cameras are of these pictures' own size.

    Args:
        pictures: (h, w) uint8, one per camera.
        points: (M, 3) [m].
        normals: (M, 3) of the surfaces they lie on; 0 where that is not known: then they are taken to face the camera.
    """
    pictures = [picture.astype(np.float32) for picture in pictures]
    order = np.lexsort((sights.camera, sights.point))
    starts = np.searchsorted(sights.point[order], np.arange(len(points)))
    first = order[np.minimum(starts, len(order) - 1)][sights.point]
    shape = _shapes(cameras, points, normals, sights, first)
    at, found = sights.at.copy(), np.zeros(len(sights.at), dtype=bool)
    near = np.arange(-HALF, HALF + 1, dtype=np.float64)
    grid = np.stack(np.meshgrid(near, near), axis=-1).reshape(-1, 2)
    for low in range(0, len(at), MOST_AT_ONCE):
        part = np.arange(low, min(low + MOST_AT_ONCE, len(at)))
        own = sights.camera[first[part]]
        template = _sampled(pictures, own, sights.at[first[part]][:, None] + grid)
        offsets = np.einsum("kij,gj->kgi", shape[part], grid)
        at[part], found[part] = _found(pictures, sights.camera[part], template, sights.at[part], offsets)
    same = first == np.arange(len(at))
    at[same], found[same] = sights.at[same], True
    size = np.linalg.det(shape)
    return at, found & (size > SQUEEZED) & (size < STRETCHED)


def _shapes(cameras: Cameras, points: Array, normals: Array, sights: Sights, first: Array) -> Array:
    """(K, 2, 2): how the surroundings of a point in its first picture map to those in each other."""
    centre = points[sights.point]
    one = sights.camera[first]
    toward = cameras.position[one] - centre
    toward /= np.maximum(np.linalg.norm(toward, axis=1, keepdims=True), 1e-9)
    normal = normals[sights.point]
    normal = np.where(np.linalg.norm(normal, axis=1, keepdims=True) > 0.5, normal, toward)
    start = _projected(cameras, one, centre)
    columns = []
    for step in (np.array([2.0, 0.0]), np.array([0.0, 2.0])):
        ends = []
        for sign in (-1.0, 1.0):
            rays = cameras.rays(one, start + sign * step)
            below = np.einsum("ki,ki->k", rays, normal)
            below = np.where(np.abs(below) < 1e-6, 1e-6, below)
            far = np.einsum("ki,ki->k", centre - cameras.position[one], normal) / below
            ends.append(_projected(cameras, sights.camera, cameras.position[one] + rays * far[:, None]))
        columns.append((ends[1] - ends[0]) / 4.0)
    return np.stack(columns, axis=-1)


def _projected(cameras: Cameras, camera: Array, points: Array) -> Array:
    eye = np.einsum("kij,ki->kj", cameras.turn[camera], points - cameras.position[camera])
    depth = np.maximum(-eye[:, 2], 1e-3)
    x = (cameras.size[0] - 1) / 2 + cameras.focal[camera] * eye[:, 0] / depth
    y = (cameras.size[1] - 1) / 2 - cameras.focal[camera] * eye[:, 1] / depth
    return np.stack([x, y], axis=1)


def _found(pictures: Sequence[Array], camera: Array, template: Array, at: Array, offsets: Array) -> tuple[Array, Array]:
    """Gauss-Newton on the place of each patch alone."""
    wanted = template - template.mean(axis=1, keepdims=True)
    place = at.copy()
    where = place[:, None] + offsets
    slopes = []
    for step in ([0.5, 0.0], [0.0, 0.5]):  # once: on the way of a pixel they hardly change
        slope = _sampled(pictures, camera, where + step) - _sampled(pictures, camera, where - step)
        slopes.append(slope - slope.mean(axis=1, keepdims=True))
    right, down = slopes
    for _ in range(STEPS):
        shown = _sampled(pictures, camera, place[:, None] + offsets)
        shown -= shown.mean(axis=1, keepdims=True)
        gain = (wanted * shown).sum(axis=1) / np.maximum((shown**2).sum(axis=1), 1e-6)
        error = wanted / np.clip(gain, 0.5, 2.0)[:, None] - shown
        a, b, c = (right * right).sum(axis=1), (right * down).sum(axis=1), (down * down).sum(axis=1)
        p, q = (right * error).sum(axis=1), (down * error).sum(axis=1)
        whole = np.maximum(a * c - b * b, 1e-3)
        step = np.stack([(c * p - b * q) / whole, (a * q - b * p) / whole], axis=1)
        place += np.clip(step, -1.0, 1.0)
        if np.abs(step).max(initial=0.0) < 0.01:
            break
    shown = _sampled(pictures, camera, place[:, None] + offsets)
    shown -= shown.mean(axis=1, keepdims=True)
    power = np.sqrt((shown**2).sum(axis=1) * (wanted**2).sum(axis=1))
    alike = (shown * wanted).sum(axis=1) / np.maximum(power, 1e-6)
    return place, (alike > ALIKE) & (np.linalg.norm(place - at, axis=1) < FARTHEST_PX)


def _sampled(pictures: Sequence[Array], camera: Array, where: Array) -> Array:
    """(K, G) values of pictures at places (K, G, 2)."""
    import cv2

    values = np.empty(where.shape[:2], dtype=np.float32)
    for n in np.unique(camera):
        own = camera == n
        x, y = (np.ascontiguousarray(where[own, :, axis], dtype=np.float32) for axis in (0, 1))
        values[own] = cv2.remap(pictures[n], x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return values
