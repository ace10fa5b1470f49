"""Free flights: which there are in a Take, and the parabolas of what was tracked in the picture.

A tracked pixel is one sight line; where it passes the upright plane of the flight is a place in metres. Height over
time is a parabola of the gravity that acts. What the air does to light things is in the Take as well, so gravity is
compared with a parabola through the Take's own places at the same instants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..take import Take
from .truth import View

Array = NDArray[Any]

FREE = 0.3
"""A thing flies freely while it falls with g within this part of it."""
SHORTEST_S = 0.15
FEWEST = 5
"""Pictures that a parabola needs."""
EDGE_PX = 0.10
"""What the centroid of a ball may be off as light, floor and background behind its edge change [px]."""
STEEPEST = 0.2
"""Sine of the least angle between sight line and plane of flight."""


@dataclass(frozen=True, kw_only=True)
class Flight:
    """A free flight in a Take."""

    thing: int
    start: int
    end: int
    """[ticks]"""


@dataclass(frozen=True, kw_only=True)
class Arc:
    """A parabola through what was tracked of one flight: height over time, and the way along the ground."""

    flight: Flight
    time_s: Array
    """(K,) on the scene's clock."""
    height: Array
    """(K,) [m]"""
    height_true: Array
    """(K,) in the Take [m]."""
    along: Array
    """(K,) [m], along the ground."""
    frames: Array
    """(K,) indices of the pictures in the tracked series."""
    fall: float
    """Acceleration downwards [m/s²]."""
    fall_true: float
    """The same of the Take's places at the same instants."""
    sigma: float
    """Standard error of `fall` [m/s²]."""
    noise_m: float
    """Scatter of the heights [m]."""
    metres_per_px: float

    @property
    def error(self) -> float:
        """Part by which the fall is too fast (+) or too slow (-)."""
        return self.fall / self.fall_true - 1.0

    @property
    def doubt(self) -> float:
        """Standard error of `error`."""
        return abs(self.sigma / self.fall_true)

    def speed(self, at_s: float, fall: float, *, true: bool = False) -> float:
        """Upward speed at an instant [m/s], of the parabola of a given fall nearest to what was tracked."""
        _, b, a = self.parabola(fall, true=true)
        return b + 2 * a * at_s

    @property
    def speed_doubt(self) -> float:
        """Standard error of `speed` [m/s]."""
        slope = float(np.sqrt(np.sum((self.time_s - self.time_s.mean()) ** 2)))
        return float(np.hypot(self.noise_m, EDGE_PX * self.metres_per_px)) / max(slope, 1e-9)

    def parabola(self, fall: float, *, true: bool = False) -> tuple[float, float, float]:
        """(c, b, a) of height = c + b t + a t² for a given fall, nearest to what was tracked (or is true)."""
        rest = (self.height_true if true else self.height) + 0.5 * fall * self.time_s**2
        b, c = np.polyfit(self.time_s, rest, 1)
        return float(c), float(b), -0.5 * fall


def flights(take: Take, thing: int) -> list[Flight]:
    """Every free flight of a thing, in order of time."""
    step = clock.seconds(int(take.time[1] - take.time[0])) if len(take.time) > 1 else 0.0
    if step <= 0 or take.place.gravity <= 0 or len(take.time) < 8:
        return []
    place = take.thing_position[:, thing]
    felt = np.diff(place, n=2, axis=0) / step**2
    free = np.abs(felt[:, 2] + take.place.gravity) < FREE * take.place.gravity
    free &= np.hypot(felt[:, 0], felt[:, 1]) < FREE * take.place.gravity
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(int)))
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start, end = int(take.time[first]), int(take.time[last + 1])
        if clock.seconds(end - start) >= SHORTEST_S:
            found.append(Flight(thing=thing, start=start, end=end))
    return found


def arc(
    take: Take, flight: Flight, views: Sequence[View], ticks: Array, pixels: Array, frames: Array, radius: float
) -> Arc | None:
    """The parabola of one flight; None if the film does not show enough of it, or from a place that does not tell.

    Args:
        views: per picture, its camera.
        ticks: (K,) when it was exposed, in the middle.
        pixels: (K, 2) where the thing was found; NaN where it was not.
        frames: (K,) indices to remember.
        radius: of the thing [m].
    """
    span = flight.end - flight.start
    earliest = flight.start - 0.15 * span if _struck(take, flight) else flight.start
    inner = (ticks > earliest) & (ticks < flight.end + 0.15 * span) & np.isfinite(pixels[:, 0])
    index = np.flatnonzero(inner)
    if len(index) < FEWEST:
        return None
    true = _places(take, flight.thing, ticks[index])
    plane = _plane(take, flight, views[index[0]])
    if plane is None:
        return None
    origin, way = plane
    world, scale = _met(views, index, pixels, true, origin, way, radius)
    time = np.array([clock.seconds(int(t)) for t in ticks[index]])
    height, along = world[:, 2], (world - origin) @ way
    if np.abs(np.median(along - (true - origin) @ way)) > 3 * radius + 0.1:
        return None  # it is somewhere else, so its distance from the camera is not known
    kept = _one_parabola(time, height, (flight.start + span / 2) / clock.TICKS_PER_SECOND, clock.seconds(span), scale)
    # Close to the floor its reflection and the thing's own shadow pull the centroid.
    kept &= height > min(true[:, 2].min(), _lowest(take, flight)) + 1.2 * radius
    if kept.sum() < FEWEST or np.ptp(time[kept]) < 0.4 * clock.seconds(span):
        return None
    t = time[kept]
    curve = np.polyfit(t - t.mean(), height[kept], 2)
    model = np.polyfit(t - t.mean(), true[kept, 2], 2)
    noise = float(np.sqrt(np.sum((np.polyval(curve, t - t.mean()) - height[kept]) ** 2) / max(len(t) - 3, 1)))
    basis = np.vander(t - t.mean(), 3)
    spread = float(np.sqrt(np.linalg.inv(basis.T @ basis)[0, 0]))
    sigma = 2 * spread * float(np.hypot(noise, EDGE_PX * scale))
    return Arc(
        flight=flight,
        time_s=t,
        height=height[kept],
        height_true=true[kept, 2],
        along=along[kept],
        frames=np.asarray(frames)[index[kept]],
        fall=float(-2 * curve[0]),
        fall_true=float(-2 * model[0]),
        sigma=sigma,
        noise_m=noise,
        metres_per_px=scale,
    )


def meeting(before: Arc, after: Arc, fall: float, *, true: bool = False) -> float | None:
    """When two flights of the same fall meet [s]; None if they do not."""
    c0, b0, _ = before.parabola(fall, true=true)
    c1, b1, _ = after.parabola(fall, true=true)
    if abs(b1 - b0) < 1e-6:
        return None
    at = -(c1 - c0) / (b1 - b0)
    gap = after.time_s[0] - before.time_s[-1]
    return at if before.time_s[-1] - 0.5 * gap <= at <= after.time_s[0] + 0.5 * gap else None


def _places(take: Take, thing: int, ticks: Array) -> Array:
    """Places (K, 3) of a thing in the Take."""
    track = take.thing_position[:, thing]
    return np.stack([np.interp(ticks, take.time, track[:, k]) for k in range(3)], axis=-1)


def _struck(take: Take, flight: Flight) -> bool:
    """Whether a flight begins with a strike, and not by being let go."""
    own = (take.contacts.a == flight.thing) | (take.contacts.b == flight.thing)
    return bool(np.any(np.abs(take.contacts.time[own] - flight.start) < 0.04 * clock.TICKS_PER_SECOND))


def _lowest(take: Take, flight: Flight) -> float:
    """Height of the lower end of a flight [m]."""
    return float(_places(take, flight.thing, np.array([flight.start, flight.end]))[:, 2].min())


def _plane(take: Take, flight: Flight, view: View) -> tuple[Array, Array] | None:
    """A point of the upright plane of a flight and the unit vector along the ground in it."""
    start, end = _places(take, flight.thing, np.array([flight.start, flight.end]))
    way = (end - start) * [1.0, 1.0, 0.0]
    sight = (start + end) / 2 - view.position
    if np.linalg.norm(way) < 0.05:
        way = np.cross(sight, [0.0, 0.0, 1.0])  # straight down: any plane through it, best the one seen from the front
    if np.linalg.norm(way) < 1e-9:
        return None
    way = way / np.linalg.norm(way)
    normal = np.cross(way, [0.0, 0.0, 1.0])
    if abs(normal @ sight) < STEEPEST * np.linalg.norm(sight):
        return None
    return start, way


def _met(
    views: Sequence[View], index: Array, pixels: Array, true: Array, origin: Array, way: Array, radius: float
) -> tuple[Array, float]:
    """Where sight lines pass the plane (K, 3) [m], and metres per pixel there."""
    normal = np.cross(way, [0.0, 0.0, 1.0])
    world = np.empty((len(index), 3))
    scales = []
    for n, k in enumerate(index):
        view = views[k]
        depth = float(view.project(true[n])[2])
        middle = np.array([(view.size[0] - 1) / 2, (view.size[1] - 1) / 2])
        # The outline of a ball off the axis is an ellipse whose middle lies further out than the ball's.
        pixel = middle + (pixels[k] - middle) * (1 - (radius / max(depth, radius)) ** 2)
        ray = view.rays(pixel)
        world[n] = view.position + ray * (normal @ (origin - view.position)) / (normal @ ray)
        scales.append(depth / view.focal_px)
    return world, float(np.mean(scales))


def _one_parabola(time: Array, height: Array, middle: float, span: float, scale: float) -> Array:
    """(K,) bool: the instants around the middle of a flight whose heights lie on one parabola.

    The film may strike earlier or later than the Take: what is beyond a strike does not fit, and is left out.
    """
    kept: Array = np.abs(time - middle) <= max(
        0.2 * span, 2.1 * float(np.median(np.diff(time))) if len(time) > 1 else 0.0
    )
    if kept.sum() < 4:
        return kept
    first, last = int(np.flatnonzero(kept)[0]), int(np.flatnonzero(kept)[-1])
    ahead, back = True, True
    while ahead or back:
        for forward in (True, False):
            if not (ahead if forward else back):
                continue
            new = last + 1 if forward else first - 1
            good = 0 <= new < len(time)
            if good:
                low, high = min(first, new), max(last, new)
                good = _off(time[low : high + 1], height[low : high + 1]) < 0.6 * scale
            if good:
                first, last = min(first, new), max(last, new)
            elif forward:
                ahead = False
            else:
                back = False
    kept = np.zeros(len(time), dtype=bool)
    kept[first : last + 1] = _off(time[first : last + 1], height[first : last + 1]) < 1.5 * scale
    return kept


def _off(time: Array, height: Array) -> float:
    """Largest distance from the parabola through heights [m]; 0 for three or fewer."""
    if len(time) <= 3:
        return 0.0
    t = time - time.mean()
    return float(np.abs(np.polyval(np.polyfit(t, height, 2), t) - height).max())
