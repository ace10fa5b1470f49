"""Cuts: where one picture shows something else than the one before."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row
from ._tracks import CUT, tracks_of

Array = NDArray[Any]

KEYS = ("cuts",)

GRID = (32, 18)
"""Pictures are compared as thumbnails of this many pixels across and down."""
UNLIKE = 0.35
"""Thumbnails differ at a cut by more than this: 1 - correlation, or its like for colours."""
BLINK = 3
"""What comes back within so many pictures was a flash."""


@dataclass(frozen=True)
class _Seen:
    index: int
    time_s: float
    thumb: Array  # (h, w, 3) float32
    survived: float


class Cuts:
    """Counts cuts. Waits for some pictures after each, because a flash comes back."""

    def __init__(self) -> None:
        self.seen: deque[_Seen] = deque(maxlen=BLINK + 2)
        self.at: list[float] = []
        self.pictures = 0
        self._blink = self._judged = -1

    def look(self, picture: Picture) -> None:
        import cv2

        thumb = cv2.resize(picture.rgb, GRID, interpolation=cv2.INTER_AREA).astype(np.float32)
        self.seen.append(_Seen(picture.index, picture.time_s, thumb, tracks_of(picture).survived))
        self.pictures += 1
        if len(self.seen) == BLINK + 2:
            self._judge(self.seen[0], self.seen[1], list(self.seen)[2:])

    def _judge(self, before: _Seen, now: _Seen, later: list[_Seen]) -> None:
        self._judged = now.index
        if now.index <= self._blink or not _differ(before, now):
            return
        back = [seen for seen in later if _unlike(before.thumb, seen.thumb) < UNLIKE / 2]
        if back:
            self._blink = back[0].index  # the way back is no cut either
        else:
            self.at.append(now.time_s)

    def rows(self) -> list[Row]:
        """Its one row."""
        left = list(self.seen)
        for n in range(1, len(left)):
            if left[n].index > self._judged:
                self._judge(left[n - 1], left[n], left[n + 1 :])
        if self.pictures < 2:
            return [Row(key="cuts", value=None, why="the film has fewer than two pictures")]
        moments = tuple(Moment(time_s=t, what="cut") for t in self.at)
        return [Row(key="cuts", value=float(len(self.at)), moments=moments)]


def _differ(before: _Seen, now: _Seen) -> bool:
    lost = now.survived < CUT if np.isfinite(now.survived) else True
    return bool(lost and _unlike(before.thumb, now.thumb) > UNLIKE)


def _unlike(one: Array, two: Array) -> float:
    """How unlike two thumbnails are, 0…2, whatever their brightness, moved by up to two pixels."""
    height, width = one.shape[:2]
    inner = one[2 : height - 2, 2 : width - 2]
    best = 2.0
    for dy in range(5):
        for dx in range(5):
            best = min(best, _distance(inner, two[dy : height - 4 + dy, dx : width - 4 + dx]))
    return best


def _distance(one: Array, two: Array) -> float:
    a, b = one - one.mean(axis=(0, 1)), two - two.mean(axis=(0, 1))
    power = float(np.sum(a * a)), float(np.sum(b * b))
    plain = 4.0 * one.size  # a picture without contrast differs from another by its colour alone
    if min(power) < plain:
        return float(np.abs(one.mean(axis=(0, 1)) - two.mean(axis=(0, 1))).max() / 64.0) if max(power) < plain else 1.0
    alike = float(np.sum(a * b) / np.sqrt(power[0] * power[1]))
    shift = float(np.abs(_hue(one) - _hue(two)).sum())
    return max(1.0 - alike, shift)


def _hue(thumb: Array) -> Array:
    mean = thumb.mean(axis=(0, 1)) + 1.0
    return np.asarray(mean / mean.sum())


def make(facts: Facts, truth: object) -> Cuts | None:
    """An observer for any film with pictures."""
    return Cuts() if facts.has_picture else None
