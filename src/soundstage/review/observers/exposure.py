"""Exposure: how much of the picture has no detail left, too bright or too dark; and black bars around it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row

Array = NDArray[Any]

KEYS = ("clipped_highlights", "clipped_shadows", "bars")

WHITE, BLACK = 253, 2
"""Codes of all three colours from which a pixel counts as clipped; the coder leaves 255 and 0 a little uncertain."""
BAR = 20
"""No pixel of a bar is ever brighter [code]."""


class Exposure:
    """Looks at every second pixel of every picture."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.bright: list[int] = []
        self.dark: list[int] = []
        self.row_peak: Array | None = None
        self.column_peak: Array | None = None

    def look(self, picture: Picture) -> None:
        import cv2

        pixels = np.ascontiguousarray(picture.rgb[::2, ::2])
        most = cv2.max(cv2.max(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
        least = cv2.min(cv2.min(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
        rows, columns = most.max(axis=1), most.max(axis=0)
        if self.row_peak is None or self.column_peak is None:
            self.row_peak, self.column_peak = rows, columns
        else:
            self.row_peak, self.column_peak = np.maximum(self.row_peak, rows), np.maximum(self.column_peak, columns)
        self.times.append(picture.time_s)
        self.bright.append(int(np.count_nonzero(least >= WHITE)))
        self.dark.append(int(np.count_nonzero(most <= BLACK)))

    def rows(self) -> list[Row]:
        """Its three rows."""
        if self.row_peak is None or self.column_peak is None:
            return []
        top, bottom = _inside(self.row_peak)
        left, right = _inside(self.column_peak)
        height, width = len(self.row_peak), len(self.column_peak)
        if bottom <= top or right <= left:
            return [Row(key=key, value=None, why="the film is black") for key in KEYS]
        area = (bottom - top) * (right - left)
        bars = 100.0 * (1.0 - area / (height * width))
        outside = height * width - area  # bars are black in every picture
        dark = np.array(self.dark, dtype=float)
        dark = np.maximum(dark - (outside if bars > 0 else 0), 0) * 100.0 / area
        bright = np.array(self.bright, dtype=float) * 100.0 / area
        return [
            self._clipped("clipped_highlights", bright, "most pixels without detail: too bright"),
            self._clipped("clipped_shadows", dark, "most pixels without detail: too dark"),
            Row(key="bars", value=bars),
        ]

    def _clipped(self, key: str, values: Array, what: str) -> Row:
        worst = int(np.argmax(values))
        moment = Moment(time_s=self.times[worst], what=what, offset=float(values[worst])) if values[worst] > 0 else None
        series = {"time_s": [round(t, 4) for t in self.times], "percent": values.round(3).tolist()}
        return Row(key=key, value=float(values.mean()), worst=moment, series=series)


def _inside(peaks: Array) -> tuple[int, int]:
    """First row that is not of the bar, and the one after the last."""
    lit = np.flatnonzero(peaks > BAR)
    return (int(lit[0]), int(lit[-1]) + 1) if len(lit) else (0, 0)


def make(facts: Facts, truth: object) -> Exposure | None:
    """An observer for any film with pictures."""
    return Exposure() if facts.has_picture else None
