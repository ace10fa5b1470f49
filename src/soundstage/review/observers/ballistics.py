"""Flights seen without knowing the camera: is the path of a small thing in the air a parabola?

Assumed: the camera stands still, and the thing flies about across the line of sight and not towards the camera. Then
gravity is a constant second difference of its height in the picture, how large nobody can say without a scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row
from ._blobs import blobs_of
from ._tracks import camera_still, tracks_of

Array = NDArray[Any]

KEYS = ("flights", "parabola")

FEWEST = 6
"""Pictures of a flight."""
TALL = 0.06
"""Height that a flight spans at least [part of the picture's height]."""
SAME_SIZE = 0.2
"""Its area scatters by no more than this part."""
FREE = 0.03
"""A thing in flight strays to the side from even motion by no more than this part of its way."""
MOST_PATHS = 2000


@dataclass(frozen=True, kw_only=True)
class Flight:
    """One stretch of a path between two turns."""

    start_s: float
    end_s: float
    fall_px: float
    """Acceleration downwards [px of the film per s²]."""
    r2: float
    """Coefficient of determination of the parabola in height."""
    stray: float
    """Root mean square distance from the parabola, as part of the height spanned."""


class Ballistics:
    """Collects paths of blobs while the camera stands still."""

    def __init__(self, facts: Facts) -> None:
        self.fps = facts.fps or 25.0
        self.width, self.height = facts.size or (1, 1)
        self.paths: dict[int, list[tuple[float, float, float, float]]] = {}
        self.done: list[list[tuple[float, float, float, float]]] = []
        self.pictures = self.moving = 0

    def look(self, picture: Picture) -> None:
        self.pictures += 1
        if camera_still(tracks_of(picture)) is False:
            self.moving += 1
            self._end(set())
            return
        found = blobs_of(picture)
        for blob in found.blobs:
            if blob.whole and blob.step is not None:
                path = self.paths.setdefault(blob.name, [])
                path.append((picture.time_s, blob.x * found.scale, blob.y * found.scale, blob.area))
        self._end({blob.name for blob in found.blobs})

    def _end(self, present: set[int]) -> None:
        for name in [name for name in self.paths if name not in present]:
            path = self.paths.pop(name)
            if len(path) >= FEWEST and len(self.done) < MOST_PATHS:
                self.done.append(path)

    def rows(self) -> list[Row]:
        """Its two rows."""
        self._end(set())
        if self.moving > self.pictures / 2:
            return [Row(key=key, value=None, why="the camera moves") for key in KEYS]
        flights = [flight for path in self.done for flight in flights_of(np.array(path), self.height)]
        if not flights:
            return [Row(key=key, value=None, why="nothing small is seen to fly") for key in KEYS]
        worst = max(flights, key=lambda flight: flight.stray)
        moment = Moment(time_s=worst.start_s, what="the flight least like a parabola", offset=worst.r2)
        moments = tuple(
            Moment(time_s=f.start_s, what=f"flight until {f.end_s:.2f} s, {f.fall_px:.0f} px/s² down", offset=f.r2)
            for f in flights
        )
        return [
            Row(key="flights", value=float(len(flights))),
            Row(key="parabola", value=min(f.r2 for f in flights), worst=moment, moments=moments, series=self._ways()),
        ]

    def _ways(self) -> dict[str, list[float]]:
        """Paths with a flight in them, as parts of the picture's width and height; NaN between two."""
        flown = [np.array(path)[:, :3] for path in self.done if flights_of(np.array(path), self.height)]
        gap = np.full((1, 3), np.nan)
        ways = np.concatenate([part for path in flown for part in (path, gap)]) / [1.0, self.width, self.height]
        return dict(zip(("time_s", "x", "y"), ways.round(5).T.tolist(), strict=True))


def flights_of(path: Array, height: float) -> list[Flight]:
    """Flights in a path (time [s], x, y down [px], area); the path is split where it turns abruptly upwards."""
    found = []
    for piece in _pieces(path):
        if len(piece) < FEWEST or np.ptp(piece[:, 2]) < TALL * height:
            continue
        t = piece[:, 0] - piece[0, 0]
        if piece[:, 3].std() > SAME_SIZE * piece[:, 3].mean():
            continue  # a limb, or what turns, or comes nearer
        aside = piece[:, 1] - np.polyval(np.polyfit(t, piece[:, 1], 1), t)
        if np.sqrt(np.mean(aside**2)) > FREE * np.hypot(np.ptp(piece[:, 1]), np.ptp(piece[:, 2])):
            continue  # no flight: what is free goes on evenly to the side
        curve = np.polyfit(t, piece[:, 2], 2)
        rest = piece[:, 2] - np.polyval(curve, t)
        spread = float(np.sum((piece[:, 2] - piece[:, 2].mean()) ** 2))
        sagging = float(curve[0]) * (t[-1] ** 2) / 4  # how far the middle lies off the straight line
        if spread <= 0 or sagging < 0.1 * np.ptp(piece[:, 2]):
            continue  # no flight: it rolls, is carried, or slows down
        found.append(
            Flight(
                start_s=float(piece[0, 0]),
                end_s=float(piece[-1, 0]),
                fall_px=2.0 * float(curve[0]),
                r2=1.0 - float(np.sum(rest**2)) / spread,
                stray=float(np.sqrt(np.mean(rest**2)) / np.ptp(piece[:, 2])),
            )
        )
    return found


def _pieces(path: Array) -> list[Array]:
    """Stretches between bounces: where the way down becomes a way up from one picture to the next."""
    if len(path) < 3:
        return [path]
    speed = np.diff(path[:, 2]) / np.maximum(np.diff(path[:, 0]), 1e-6)
    fast = 0.15 * np.abs(speed).max()
    turns = [n + 1 for n in range(len(speed) - 1) if speed[n] > fast and speed[n + 1] < 0.3 * speed[n] - fast]
    # The picture at the turn and the step over it belong to neither flight.
    bounds = [0, *turns, len(path)]
    pieces = []
    for a, b in pairwise(bounds):
        first = a + 1 if a else a
        last = b - 1 if b < len(path) else b
        pieces.append(path[first:last])
    return pieces


def make(facts: Facts, truth: object) -> Ballistics | None:
    """An observer for any film with pictures."""
    return Ballistics(facts) if facts.has_picture else None
