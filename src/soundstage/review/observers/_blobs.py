"""Things that move before a background that stands still: blobs, followed from picture to picture.

Worked out once per picture and shared. It knows no outlines, only what differs from the background; two things that
touch are one blob, and of a moving camera it can make nothing. Lengths are in pixels of the small picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Picture
from ._tracks import CUT, tracks_of

Array = NDArray[Any]

WIDEST = 480
LEAST_AREA, MOST_AREA = 2e-5, 0.06
"""A blob is at least and at most this part of the picture."""
ROUND = 0.45
"""At least this part of the box around a blob is blob: limbs and outlines are no things."""
GROWN = 1.7
"""From picture to picture a blob grows or shrinks by no more than this factor."""
REACH = 0.12
"""It goes no further than this part of the picture's width beyond where it is expected."""
LEARNING = 0.004
"""How fast what stands becomes background, per picture: a thing that halts for a second is still a thing."""
ALWAYS = 9
"""Memory of steps."""


@dataclass(frozen=True)
class Blob:
    """One moving thing in one picture."""

    name: int
    x: float
    y: float
    area: float
    whole: bool
    """Not cut by the edge of the picture."""
    step: tuple[float, float] | None = None
    """How far it went since the picture before; None if it was not there."""
    steps: tuple[tuple[float, float], ...] = ()
    """The last steps, the latest last."""


@dataclass(frozen=True)
class Blobs:
    """All moving things in one picture."""

    size: tuple[int, int]
    """Width and height of the small picture [px]."""
    scale: float
    """Pixels of the film per pixel of the small picture."""
    blobs: tuple[Blob, ...]
    share: float
    """Part of the picture that differs from the background."""
    made: int
    model: Any


def blobs_of(picture: Picture) -> Blobs:
    """The moving things of a picture."""
    known = picture.shared.get("blobs")
    if known is None:
        earlier = picture.before.shared.get("blobs") if picture.before else None
        if tracks_of(picture).survived < CUT:
            earlier = None  # another background
        known = picture.shared["blobs"] = _advance(picture, earlier)
    found: Blobs = known
    return found


def _advance(picture: Picture, earlier: Blobs | None) -> Blobs:
    import cv2

    scale = max(1.0, picture.rgb.shape[1] / WIDEST)
    size = round(picture.rgb.shape[1] / scale), max(1, round(picture.rgb.shape[0] / scale))
    small = cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA) if scale > 1.0 else picture.rgb
    model = earlier.model if earlier else cv2.createBackgroundSubtractorMOG2(120, 20.0, True)
    mask = (model.apply(small, learningRate=LEARNING if earlier else 1.0) == 255).astype(np.uint8)  # 127 is shadow
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    seen = _components(mask, small)
    if earlier is None:
        return Blobs(size, scale, (), 0.0, 0, model)
    linked, made = _linked(earlier, seen, size[0])
    return Blobs(size, scale, linked, float(mask.mean()), made, model)


def _components(mask: Array, small: Array) -> list[Blob]:
    import cv2

    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    height, width = mask.shape
    found = []
    for n in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[n])
        part = area / (width * height)
        if not LEAST_AREA <= part <= MOST_AREA or area < 4 or area < ROUND * w * h:
            continue
        whole = x > 0 and y > 0 and x + w < width and y + h < height
        found.append(Blob(n, float(centres[n][0]), float(centres[n][1]), float(area), whole))
    return sorted(found, key=lambda blob: -blob.area)[:40]


def _linked(earlier: Blobs, seen: list[Blob], width: int) -> tuple[tuple[Blob, ...], int]:
    """Each blob with the name of the one it was: the nearest to where that one was going, if of like size."""
    made = earlier.made
    pairs = []
    for old in earlier.blobs:
        going = old.step or (0.0, 0.0)
        for n, new in enumerate(seen):
            if max(old.area, new.area) > GROWN * min(old.area, new.area) + 4:
                continue
            far = np.hypot(new.x - old.x - going[0], new.y - old.y - going[1])
            if far < REACH * width:
                pairs.append((float(far), old, n))
    taken_old: set[int] = set()
    taken_new: dict[int, Blob] = {}
    for _, old, n in sorted(pairs, key=lambda pair: pair[0]):
        if old.name in taken_old or n in taken_new:
            continue
        taken_old.add(old.name)
        step = (seen[n].x - old.x, seen[n].y - old.y)
        taken_new[n] = replace(seen[n], name=old.name, step=step, steps=(*old.steps, step)[-ALWAYS:])
    linked = []
    for n, blob in enumerate(seen):
        if n in taken_new:
            linked.append(taken_new[n])
        else:
            linked.append(replace(blob, name=made))
            made += 1
    return tuple(linked), made
