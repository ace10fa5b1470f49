"""Sharpness: the slanted-edge MTF50 of straight edges, and the width of all edges.

MTF50 after ISO 12233 (e-SFR): along a straight edge that is a little oblique to the pixels, each row samples the same
profile at another phase. Together they give it four times finer than the pixels; its derivative is the line spread, and
the spectrum of that the modulation transfer. 0.5 c/px is the finest a picture can hold. Codes are first brought to
light by a gamma of 2.2, as a display would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row

Array = NDArray[Any]

KEYS = ("mtf50", "edge_width")

EACH_S = 0.4
"""A picture is looked at so often [s]."""
MOST_EDGES = 16
"""So many edges are measured in one picture, the longest first."""
LONG_PX = 24
REACH_PX = 12
"""The profile goes so far to both sides of an edge [px]."""
SLANT_DEG = (2.0, 40.0)
"""An edge is usable if it leans this far from the nearest axis."""
OVERSAMPLED = 4
CONTRAST = 0.06
"""The least step across an edge, of full light."""
FLAT = 0.12
"""Both sides are flat to this part of the step."""
STRAIGHT_PX = 0.35
"""Rows may stray so far from the straight line (root mean square) [px]."""
FEWEST = 3
"""Edges that are needed for a value."""
BEST = 75.0
"""Percentile that stands for the film: what is in focus and not in motion."""
SOFT = 0.6
"""Straight edges with less than this part of the sharpness of all edges are no measure of the picture."""
WALK_PX = 12


@dataclass(frozen=True)
class _Edge:
    time_s: float
    mtf50: float


class Sharpness:
    """Measures edges in some pictures."""

    def __init__(self) -> None:
        self.next_s = 0.0
        self.edges: list[_Edge] = []
        self.widths: list[tuple[float, float]] = []

    def look(self, picture: Picture) -> None:
        if picture.time_s < self.next_s:
            return
        self.next_s = picture.time_s + EACH_S
        light = (picture.luma / 255.0) ** 2.2
        self.edges += [_Edge(picture.time_s, value) for value in edges_of(picture.luma, light)]
        width = edge_width(picture.luma)
        if np.isfinite(width):
            self.widths.append((picture.time_s, width))

    def rows(self) -> list[Row]:
        """Its two rows."""
        rows = [self._mtf50()]
        if self.widths:
            times, widths = np.array(self.widths).T
            worst = int(np.argmax(widths))
            moment = Moment(time_s=float(times[worst]), what="least sharp", offset=float(widths[worst]))
            series = {"time_s": times.round(4).tolist(), "width": widths.round(3).tolist()}
            rows.append(Row(key="edge_width", value=float(np.median(widths)), worst=moment, series=series))
        return rows

    def _mtf50(self) -> Row:
        if len(self.edges) < FEWEST:
            return Row(key="mtf50", value=None, why="no straight, clean edge in the picture to measure it at")
        value = float(np.percentile([edge.mtf50 for edge in self.edges], BEST))
        if self.widths and value < SOFT * mtf50_of_width(float(np.median([width for _, width in self.widths]))):
            why = "the straight edges in the picture are softer than its others, as those of shadows are"
            return Row(key="mtf50", value=None, why=why)
        return Row(key="mtf50", value=value)


# ── slanted edges ───────────────────────────────────────────────────────────────────────────────────────────────────


def edges_of(luma: Array, light: Array) -> list[float]:
    """MTF50 [c/px] of the usable edges of a picture; luma 0…255, light 0…1."""
    import cv2

    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    lines = detector.detect(np.clip(luma, 0, 255).astype(np.uint8))[0]
    if lines is None:
        return []
    segments = lines[:, 0].astype(np.float64)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    angle = np.degrees(np.arctan2(np.abs(segments[:, 3] - segments[:, 1]), np.abs(segments[:, 2] - segments[:, 0])))
    slant = np.minimum(angle, 90 - angle)
    usable = (length >= LONG_PX) & (slant >= SLANT_DEG[0]) & (slant <= SLANT_DEG[1])
    order = np.flatnonzero(usable)[np.argsort(-length[usable], kind="stable")]
    found: list[float] = []
    for n in order[: 6 * MOST_EDGES]:
        value = slanted_edge(light, segments[n])
        if value is not None:
            found.append(value)
        if len(found) >= MOST_EDGES:
            break
    return found


def slanted_edge(light: Array, segment: Array) -> float | None:
    """MTF50 [c/px] across an edge from (x1, y1) to (x2, y2); None if it is no clean step."""
    x1, y1, x2, y2 = segment
    if abs(x2 - x1) > abs(y2 - y1):  # a lying edge is a standing one of the turned picture
        return slanted_edge(light.T, np.array([y1, x1, y2, x2]))
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    rows = np.arange(int(np.ceil(y1)) + 1, int(np.floor(y2)))
    slope = (x2 - x1) / (y2 - y1)
    centre = x1 + slope * (rows - y1)
    left = np.round(centre).astype(int) - REACH_PX
    if len(rows) < LONG_PX // 2 or left.min() < 0 or left.max() + 2 * REACH_PX >= light.shape[1]:
        return None
    across = left[:, None] + np.arange(2 * REACH_PX + 1)
    roi = light[rows[:, None], across].astype(np.float64)
    fitted = _straightened(roi, across, rows)
    if fitted is None:
        return None
    offset, lean = fitted
    distance = (across - offset[:, None]) * np.cos(np.arctan(lean))
    return _mtf50(distance.ravel(), roi.ravel())


def _straightened(roi: Array, across: Array, rows: Array) -> tuple[Array, float] | None:
    """Where a straight line fitted to the edge crosses each row, and its slope; None if the edge is no clean step."""
    dark, bright = roi[:, :4].mean(), roi[:, -4:].mean()
    step = bright - dark
    if abs(step) < CONTRAST:
        return None
    sides = max(float(roi[:, :5].std()), float(roi[:, -5:].std()))
    if sides > FLAT * abs(step) or max(dark, bright) > 0.97:
        return None
    slope = np.diff(roi, axis=1) * np.sign(step) * np.hanning(2 * REACH_PX + 2)[1:-1]
    slope = np.clip(slope, 0, None)
    weight = slope.sum(axis=1)
    if weight.min() <= 0.3 * abs(step):
        return None
    middle = (slope * (across[:, :-1] + 0.5)).sum(axis=1) / weight
    lean, start = np.polyfit(rows, middle, 1)
    fitted = start + lean * rows
    if np.sqrt(np.mean((middle - fitted) ** 2)) > STRAIGHT_PX or abs(lean) * len(rows) < 1.0:
        return None  # it must cross at least one column, else some phases are not sampled
    return fitted, float(lean)


def _mtf50(distance: Array, values: Array) -> float | None:
    """From samples at distances from the edge [px]."""
    reach = REACH_PX - 2
    place = np.floor((distance + reach) * OVERSAMPLED).astype(int)
    count = 2 * reach * OVERSAMPLED
    inside = (place >= 0) & (place < count)
    number = np.bincount(place[inside], minlength=count)
    total = np.bincount(place[inside], values[inside], minlength=count)
    if np.count_nonzero(number) < 0.85 * count:
        return None
    known = number > 0
    profile = np.interp(np.arange(count), np.flatnonzero(known), total[known] / number[known])
    spread = np.diff(profile)
    peak = int(np.argmax(np.abs(np.convolve(spread, np.ones(5), "same"))))
    half = min(peak, len(spread) - 1 - peak)
    if half < 4 * OVERSAMPLED:
        return None
    spread = spread[peak - half : peak + half + 1] * np.hamming(2 * half + 1)
    spectrum = np.abs(np.fft.rfft(spread, 1024))
    frequency = np.fft.rfftfreq(1024, 1.0 / OVERSAMPLED)
    # The difference of two samples is itself a low-pass, and so is a bin: both are taken out (ISO 12233, annex).
    spectrum /= np.maximum(np.sinc(frequency / OVERSAMPLED) ** 2, 0.1) * max(spectrum[0], 1e-12)
    below = np.flatnonzero(spectrum < 0.5)
    if not len(below) or below[0] == 0:
        return None
    n = int(below[0])
    above, under = spectrum[n - 1], spectrum[n]
    value = float(frequency[n - 1] + (above - 0.5) / (above - under) * (frequency[n] - frequency[n - 1]))
    return value if value <= 1.0 else None


# ── all edges ───────────────────────────────────────────────────────────────────────────────────────────────────────


def edge_width(luma: Array) -> float:
    """How wide the sharper half of the strong edges is [px], from foot to top (after Marziliano et al., ICIP 2002).

    NaN where there are too few.
    """
    widths = np.concatenate([_widths(luma), _widths(luma.T)])
    return float(np.percentile(widths, 25)) if len(widths) >= 40 else float("nan")


def mtf50_of_width(width: float) -> float:
    """MTF50 [c/px] that goes with edges so many pixels wide: of a Gaussian blur behind a pixel's own width.

    Widths of steps blurred by 0 to 2.5 px were measured: 1.6 px and 3.4 of the blur's standard deviations.
    """
    return 0.187 / float(np.hypot(max(width - 1.6, 0.0) / 3.4, 0.31))


def _widths(luma: Array) -> Array:
    """Widths of the strongest edges across rows [px], of those that are steps and not lines or texture."""
    if luma.shape[1] < 4 * WALK_PX:
        return np.zeros(0)
    step = luma[:, 2:] - luma[:, :-2]
    size = np.abs(step)
    size[:, :WALK_PX] = size[:, -WALK_PX:] = 0
    peak = np.zeros(size.shape, dtype=bool)
    peak[:, 1:-1] = (size[:, 1:-1] >= size[:, :-2]) & (size[:, 1:-1] > size[:, 2:]) & (size[:, 1:-1] > 16.0)
    y, x = np.nonzero(peak)
    if len(y) < 20:
        return np.zeros(0)
    strongest = np.argsort(-size[y, x], kind="stable")[:2000]
    y, x = y[strongest], x[strongest] + 1
    sign = np.sign(step[y, x - 1])
    left, right = _walk(luma, y, x, sign, -1), _walk(luma, y, x, sign, 1)
    height = np.abs(luma[y, x + right] - luma[y, x - left])
    return np.asarray((left + right)[height > 24.0], dtype=np.float64)


def _walk(luma: Array, y: Array, x: Array, sign: Array, way: int) -> Array:
    """How far the rise goes on to one side [px]."""
    far = np.zeros(len(y), dtype=int)
    going = np.ones(len(y), dtype=bool)
    for n in range(WALK_PX):
        rise = (luma[y, x + way * (n + 1)] - luma[y, x + way * n]) * sign * way
        going &= rise > 1.0
        far[going] = n + 1
    return far


def make(facts: Facts, truth: object) -> Sharpness | None:
    """An observer for any film with pictures."""
    return Sharpness() if facts.has_picture else None
