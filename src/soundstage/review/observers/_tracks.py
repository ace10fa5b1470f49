"""Points followed through a film: pyramidal Lucas-Kanade on what is left of a picture without its slow shading.

Worked out once per picture and shared by all who ask. Without the slow shading, light that flickers moves no point.
Lengths are in pixels of the film.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Picture

Array = NDArray[Any]

WIDEST = 640
"""Points are followed in pictures no wider than this [px]."""
MOST, APART = 400, 7
"""So many points, so far from each other [px of the small picture]."""
MEMORY = 6
"""Steps that are remembered."""
RENEWED = 4
"""New points are looked for after so many pictures."""
BACK_PX = 0.35
"""A point followed there and back must come home this near [px of the small picture]."""
STILL_PX = 0.25
"""What has not moved further since it was found stands still [px of the small picture]."""
CUT = 0.2
"""Where less than this part of the points is found again, the film was cut, or flashes."""
CORNER = 1.5e-4
"""The least strength of a corner: that of a sharp one of 6 codes, or of coarse noise of 2."""


@dataclass(frozen=True)
class Tracks:
    """The points known in one picture."""

    scale: float
    """Pixels of the film per pixel of the small picture."""
    small: Array
    """What is followed, (h, w) uint8."""
    ids: Array
    """(N,) int64"""
    at: Array
    """(N, 2) float32, x and y in the small picture."""
    born: Array
    """(N, 2): where each was first found."""
    steps: Array
    """(N, MEMORY, 2): how far it went in the last pictures, the latest last [small px]; NaN: not there."""
    survived: float
    """Part of the points of the picture before that were found again; NaN where there were too few to tell."""
    made: int
    """Points that were ever found."""
    age: int
    """Pictures since new points were looked for."""

    @property
    def known(self) -> Array:
        """(N, MEMORY) bool: which steps are known."""
        return np.asarray(np.isfinite(self.steps[:, :, 0]))

    @property
    def still(self) -> Array:
        """(N,) bool: stands where it was found, some pictures ago."""
        old = np.count_nonzero(self.known, axis=1) >= MEMORY - 1
        near = np.linalg.norm(self.at - self.born, axis=1) < STILL_PX
        return np.asarray(old & near)

    @property
    def old(self) -> Array:
        """(N,) bool: known for some pictures."""
        return np.asarray(np.count_nonzero(self.known, axis=1) >= MEMORY - 1)


def camera_still(tracks: Tracks) -> bool | None:
    """Whether most of the picture stands still; None where nothing can be followed for long enough.

    Judged in cells of a grid, so that a detailed thing that moves does not outvote a plain background.
    """
    old = tracks.old
    if np.count_nonzero(old) < 6:
        return None
    height, width = tracks.small.shape
    cell = (tracks.at[old] // (max(height, width) / 12.0)).astype(int)
    name = cell[:, 0] * 64 + cell[:, 1]
    still = tracks.still[old]
    cells = [bool(np.mean(still[name == n]) >= 0.5) for n in np.unique(name)]
    return bool(np.mean(cells) > 0.5)


def tracks_of(picture: Picture) -> Tracks:
    """The points of a picture."""
    known = picture.shared.get("tracks")
    if known is None:
        earlier = picture.before.shared.get("tracks") if picture.before else None
        known = picture.shared["tracks"] = _advance(picture, earlier)
    found: Tracks = known
    return found


def small_of(picture: Picture) -> tuple[Array, float]:
    """What is followed in a picture, (h, w) uint8, and pixels of the film per pixel of it."""
    import cv2

    grey = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY)
    scale = max(1.0, grey.shape[1] / WIDEST)
    if scale > 1.0:
        size = (WIDEST, max(1, round(grey.shape[0] / scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    shading = cv2.blur(grey, (25, 25), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.addWeighted(grey, 1.0, shading, -1.0, 128.0)), scale


def _advance(picture: Picture, earlier: Tracks | None) -> Tracks:
    small, scale = small_of(picture)
    if earlier is None or earlier.small.shape != small.shape:
        empty = np.zeros((0, 2), dtype=np.float32)
        return _renewed(
            Tracks(scale, small, np.zeros(0, dtype=np.int64), empty, empty, np.zeros((0, MEMORY, 2)), np.nan, 0, 0)
        )
    found, at = followed(earlier.small, small, earlier.at)
    steps = np.concatenate([earlier.steps[:, 1:], (at - earlier.at)[:, None]], axis=1)[found]
    survived = float(np.mean(found)) if len(found) >= 12 else np.nan
    now = Tracks(
        scale, small, earlier.ids[found], at[found], earlier.born[found], steps, survived, earlier.made, earlier.age + 1
    )
    return _renewed(now) if now.age >= RENEWED or len(now.ids) < len(earlier.ids) // 2 else now


def followed(before: Array, after: Array, points: Array) -> tuple[Array, Array]:
    """Which points were found again, and where all seem to be."""
    import cv2

    if not len(points):
        return np.zeros(0, dtype=bool), points
    options: dict[str, Any] = {
        "winSize": (15, 15),
        "maxLevel": 4,
        "criteria": (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01),
        "minEigThreshold": 1e-4,
    }
    follow: Any = cv2.calcOpticalFlowPyrLK  # its stub knows no empty array
    there, ok, _ = follow(before, after, points[:, None], None, **options)
    home, back, _ = follow(after, before, there, None, **options)
    there, home = there[:, 0], home[:, 0]
    height, width = after.shape
    inside = (there[:, 0] >= 0) & (there[:, 0] < width) & (there[:, 1] >= 0) & (there[:, 1] < height)
    near = np.linalg.norm(home - points, axis=1) < BACK_PX
    return np.asarray((ok[:, 0] == 1) & (back[:, 0] == 1) & inside & near & _alike(before, after, points, there)), there


def _alike(before: Array, after: Array, points: Array, there: Array) -> Array:
    """Whether the surroundings of each point look the same in both pictures (correlation of 9x9 px)."""
    import cv2

    offset = np.stack(np.meshgrid(np.arange(-4, 5), np.arange(-4, 5)), axis=-1).reshape(1, -1, 2).astype(np.float32)

    def patches(image: Array, centre: Array) -> Array:
        where = centre[:, None] + offset
        values = cv2.remap(image, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        values = values.astype(np.float32)
        return np.asarray(values - values.mean(axis=1, keepdims=True))

    alike = np.zeros(len(points), dtype=bool)
    for start in range(0, len(points), 1000):
        one, two = patches(before, points[start : start + 1000]), patches(after, there[start : start + 1000])
        norm = np.sqrt((one**2).sum(axis=1) * (two**2).sum(axis=1)) + 1e-6
        alike[start : start + 1000] = (one * two).sum(axis=1) / norm > 0.7
    return alike


def _renewed(tracks: Tracks) -> Tracks:
    """With new points where there are none."""
    import cv2

    small = tracks.small
    free: Any = np.full(small.shape, 255, dtype=np.uint8)
    for x, y in tracks.at:
        cv2.circle(free, (round(float(x)), round(float(y))), APART, (0.0,), -1)
    wanted = MOST - len(tracks.ids)
    fresh = np.zeros((0, 2), dtype=np.float32)
    if wanted > 0 and min(small.shape) >= 16:
        corner = cv2.cornerMinEigenVal(small, 5, ksize=3)
        highest = cv2.dilate(corner, np.ones((2 * APART + 1, 2 * APART + 1), dtype=np.uint8))
        strong = (corner >= highest) & (free > 0) & (corner > CORNER)
        y, x = np.nonzero(strong)
        order = np.argsort(-corner[y, x], kind="stable")[:wanted]
        fresh = np.stack([x[order], y[order]], axis=1).astype(np.float32)
    unknown = np.full((len(fresh), MEMORY, 2), np.nan)
    return Tracks(
        scale=tracks.scale,
        small=small,
        ids=np.concatenate([tracks.ids, tracks.made + np.arange(len(fresh), dtype=np.int64)]),
        at=np.concatenate([tracks.at, fresh]),
        born=np.concatenate([tracks.born, fresh]),
        steps=np.concatenate([tracks.steps, unknown]),
        survived=tracks.survived,
        made=tracks.made + len(fresh),
        age=0,
    )
