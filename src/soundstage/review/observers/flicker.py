"""Flicker: light that trembles where nothing moves.

Only blocks that stand still are judged, and only while the camera does: a pan or a walk is no flicker. A block is still
if, its brightness aside, it shows the same in three pictures. Light that grows or fades steadily is no flicker either:
what counts is how far the middle one of three pictures lies off the line through its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row
from ._tracks import CUT, camera_still, tracks_of

Array = NDArray[Any]

KEYS = ("flicker", "stillness")

BLOCK = 8
"""Side of a block [px of the half-size picture]."""
SAME_CODES = 1.6
"""The rest of a still block, its brightness aside, changes by less (root mean square) …"""
SAME_PART = 0.12
"""… or by less than this part of its own contrast."""
ENOUGH_S, ENOUGH_PART = 0.3, 0.05
"""It is judged if this much time and this part of the picture stood still."""


@dataclass(frozen=True)
class _Still:
    mean: Array  # (rows, columns) of blocks
    rest: Array  # (rows, columns, BLOCK²)


class Flicker:
    """Watches blocks that stand still."""

    def __init__(self, facts: Facts) -> None:
        self.fps = facts.fps or 25.0
        self.last: list[tuple[float, _Still, bool]] = []
        self.times: list[float] = []
        self.off: list[float] = []
        self.light: list[float] = []
        self.apart: list[float] = []
        self.pictures = self.moving = 0

    def look(self, picture: Picture) -> None:
        self.pictures += 1
        if tracks_of(picture).survived < CUT:  # not so where nothing could be followed before either
            self.last.clear()
        # Nothing that can be followed at all: then there is nothing whose movement could be taken for flicker.
        still = camera_still(tracks_of(picture)) is not False
        self.moving += not still
        self.last.append((picture.time_s, _blocks(picture.half), still))
        if len(self.last) == 3:
            if all(entry[2] for entry in self.last):
                self._compare()
            self.last.pop(0)

    def _compare(self) -> None:
        (_, one, _), (time_s, two, _), (_, three, _) = self.last
        if one.mean.shape != three.mean.shape:
            return
        still = _same(one, two) & _same(two, three)
        if not still.size or still.mean() < ENOUGH_PART:
            return
        off = (two.mean - (one.mean + three.mean) / 2)[still]
        self.times.append(time_s)
        self.off.append(float(np.sqrt(np.mean(off**2)) / np.sqrt(1.5)))
        self.light.append(float(two.mean[still].mean()))
        self.apart.append(float(np.abs(two.rest + two.mean[..., None] - one.rest - one.mean[..., None])[still].mean()))

    def rows(self) -> list[Row]:
        """Its two rows."""
        if len(self.times) < max(4, ENOUGH_S * self.fps):
            if self.pictures < 6:
                why = "the film has too few pictures"
            else:
                why = "the camera moves" if self.moving > self.pictures / 2 else "no part of the picture stands still"
            return [Row(key=key, value=None, why=why) for key in KEYS]
        worst = int(np.argmax(self.off))
        moment = Moment(time_s=self.times[worst], what="light trembles where nothing moves", offset=self.off[worst])
        series = {"time_s": [round(t, 4) for t in self.times], "flicker": [round(v, 4) for v in self.off]}
        return [
            Row(key="flicker", value=float(np.sqrt(np.mean(np.square(self.off)))), worst=moment, series=series),
            Row(key="stillness", value=1.0 - float(np.mean(self.apart)) / 255.0),
        ]


def _blocks(half: Array) -> _Still:
    rows, columns = half.shape[0] // BLOCK, half.shape[1] // BLOCK
    cut = half[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    flat = cut.swapaxes(1, 2).reshape(rows, columns, BLOCK * BLOCK)
    mean = flat.mean(axis=2)
    return _Still(mean, flat - mean[..., None])


def _same(one: _Still, two: _Still) -> Array:
    """(rows, columns) bool: blocks that show the same, their brightness aside."""
    change = np.sqrt(np.mean((two.rest - one.rest) ** 2, axis=2))
    contrast = np.sqrt(np.minimum(np.mean(one.rest**2, axis=2), np.mean(two.rest**2, axis=2)))
    return np.asarray(change < np.maximum(SAME_CODES, SAME_PART * contrast))


def make(facts: Facts, truth: object) -> Flicker | None:
    """An observer for any film with pictures."""
    return Flicker(facts) if facts.has_picture else None
