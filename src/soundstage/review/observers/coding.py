"""What coarse coding leaves in pictures: the edges of coded blocks, and bands where a gradient should be.

Both are looked for in some pictures of each second: they do not come and go from one to the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row

Array = NDArray[Any]

KEYS = ("blocking", "banding")

EACH_S = 0.4
"""A picture is looked at so often [s]."""
GRID = 8
"""Side of the blocks that pictures are transformed in; 16 and 32 are its multiples [px]."""
SMOOTH = 24.0
"""Steps between neighbours larger than this are outlines of things [codes]."""
LINES = 160
"""So many rows and columns are searched for bands."""
STEP = (2.9, 20.0)
"""Height of a step between bands [codes]: three steps of 8-bit video or more; one is as fine as it gets."""
LONG, SHORT = 0.3, 10
"""A band is so wide at most [part of the line] and at least [px]."""
LEVEL = 0.25
"""A band rises by no more than this part of the steps beside it; a ramp is no band."""
FLAT, OVER_PX = 1.3, 5
"""A band changes by no more over so many pixels: one step of 8-bit video in limited range [codes]."""


class Coding:
    """Measures blocks and bands in some pictures."""

    def __init__(self) -> None:
        self.next_s = 0.0
        self.times: list[float] = []
        self.blocks: list[float] = []
        self.bands: list[float] = []

    def look(self, picture: Picture) -> None:
        if picture.time_s < self.next_s:
            return
        self.next_s = picture.time_s + EACH_S
        self.times.append(picture.time_s)
        self.blocks.append(max(blocking(picture.luma), 0.0))
        self.bands.append(banding(picture.luma))

    def rows(self) -> list[Row]:
        """Its two rows."""
        if not self.times:
            return []
        return [
            self._row("blocking", self.blocks, "blocks show most"),
            self._row("banding", self.bands, "bands show most"),
        ]

    def _row(self, key: str, values: list[float], what: str) -> Row:
        worst = int(np.argmax(values))
        moment = Moment(time_s=self.times[worst], what=what, offset=values[worst]) if values[worst] > 0 else None
        return Row(key=key, value=float(np.mean(values)), worst=moment)


def blocking(luma: Array) -> float:
    """By how much the step across block borders exceeds that elsewhere [codes]; about 0 without blocks.

    Steps are taken against their neighbours, so that a slope is none (after Wang, Sheikh & Bovik, ICIP 2002).
    """
    return max(_blocks_along(luma), _blocks_along(luma.T))


def _blocks_along(luma: Array) -> float:
    height, width = luma.shape
    if width < 6 * GRID or height < GRID:
        return 0.0
    step = np.abs(np.diff(luma, axis=1))
    kink = step[:, 1:-1] - (step[:, :-2] + step[:, 2:]) / 2  # at step n+1, between pixels n+1 and n+2
    smooth = np.maximum(np.maximum(step[:, :-2], step[:, 2:]), step[:, 1:-1]) < SMOOTH
    total = np.where(smooth, kink, 0.0).sum(axis=0)
    count = np.maximum(smooth.sum(axis=0), 1)
    phase = (np.arange(width - 3) + 2) % GRID  # 0: the border between two blocks
    per_phase = np.array([np.median((total / count)[phase == n]) for n in range(GRID)])
    excess = {
        n: per_phase[n] - np.median(np.delete(per_phase, n)) for n in {0, width % GRID}
    }  # or counted from the right
    return float(max(excess.values()))


def banding(luma: Array) -> float:
    """Part of the picture that lies in a staircase of bands where a gradient should be [%].

    A staircase is at least three flat bands with two steps of like height between them, up or down.
    """
    height, width = luma.shape
    rows = luma[:: max(1, height // LINES)]
    columns = luma.T[:: max(1, width // LINES)]
    return max(_bands(rows), _bands(columns))


def _bands(lines: Array) -> float:
    import cv2

    length = lines.shape[1]
    if length < 4 * SHORT:
        return 0.0
    kernel = np.ones((1, OVER_PX), np.uint8)
    source = lines.astype(np.float32)
    flat = cv2.dilate(source, kernel) - cv2.erode(source, kernel) < FLAT
    inside = 0
    for line, plain in zip(source, flat, strict=True):
        inside += _in_staircases(line, plain, length)
    return 100.0 * inside / lines.size


def _in_staircases(line: Array, plain: Array, length: int) -> int:
    """Pixels of one line that are in staircases."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], plain.astype(np.int8), [0]])))
    starts, ends = edges[0::2], edges[1::2]
    if len(starts) < 3:
        return 0
    reach = OVER_PX // 2
    wide = ends - starts + 2 * reach
    starts, ends, wide = starts[wide >= SHORT], ends[wide >= SHORT], wide[wide >= SHORT]
    if len(starts) < 3:
        return 0
    level = np.array([np.median(line[a:b]) for a, b in zip(starts, ends, strict=True)])
    between = starts[1:] - ends[:-1] - 2 * reach  # noise and the coder soften a step, but it is narrower than the bands
    near = between <= np.minimum(wide[1:], wide[:-1])
    band = wide <= LONG * length
    step = np.diff(level)
    slope = np.array([_rise(line[a:b]) for a, b in zip(starts, ends, strict=True)])
    good = near & (np.abs(step) >= STEP[0]) & (np.abs(step) <= STEP[1])
    steep = np.maximum(slope[1:], slope[:-1])
    good &= steep <= LEVEL * np.abs(step)
    stairs = good[1:] & good[:-1] & (step[1:] * step[:-1] > 0) & band[1:-1]
    stairs &= np.maximum(np.abs(step[1:]), np.abs(step[:-1])) <= 2.0 * np.minimum(np.abs(step[1:]), np.abs(step[:-1]))
    member = np.zeros(len(starts), dtype=bool)
    for n in np.flatnonzero(stairs):
        member[n : n + 3] = True
    return int(wide[member & band].sum())


def _rise(band: Array) -> float:
    """By how much a band rises or falls from its first third to its last."""
    third = max(1, len(band) // 3)
    return abs(float(band[-third:].mean() - band[:third].mean()))


def make(facts: Facts, truth: object) -> Coding | None:
    """An observer for any film with pictures."""
    return Coding() if facts.has_picture else None
