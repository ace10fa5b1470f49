"""What is handed over when two things that move strike each other: momentum before and after, from tracked pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..take import Take
from .followed import Track
from .rows import Moment, Row, not_measurable, scorecard
from .truth import Truth

Array = NDArray[Any]

KEYS = ("momentum_error",)

AROUND_S = 0.8
"""Speeds are taken from so long before and after a strike, up to the next."""
FEWEST = 4
LEVEL_M = 0.008
"""A thing rolls on a level if its height changes by less than this."""
HEAD_ON = 0.4
"""Sine of the least angle between a way and the sight line that tells places on it."""
APART = 1.25
"""Times both radii: closer together, one is taken for a part of the other."""
SURE = 0.4


@dataclass(frozen=True)
class _Speed:
    seen: Array  # (2,) [m/s]
    true: Array  # (2,)
    doubt: float  # [m/s]


def rows(truth: Truth, tracks: Sequence[Track], why: str) -> list[Row]:
    """Change of the momentum of two things over their strikes, against the Take's, in percent of what came in."""
    moments: list[Moment] = []
    doubts: list[float] = []
    for index, take in enumerate(truth.takes):
        own = {track.thing: track for track in tracks if track.take == index}
        for time, a, b in zip(take.contacts.time, take.contacts.a, take.contacts.b, strict=True):
            if int(a) not in own or int(b) not in own:
                continue
            told = _strike(take, own[int(a)], own[int(b)], int(time))
            if told is not None:
                error, doubt = told
                names = " and ".join(take.things[int(n)].id.replace("_", " ") for n in (a, b))
                what = f"{names} strike: {100 * error:.1f} % (± {100 * doubt:.1f}) of their momentum is unlike the Take"
                moments.append(Moment(time_s=truth.film_time(index, int(time)), what=what, offset=100 * error))
                doubts.append(doubt)
    if not moments:
        return [not_measurable("momentum_error", why or "no two tracked things that roll on a level strike each other")]
    goal = scorecard()["momentum_error"].goal
    known = SURE * (goal.high if goal else 5.0)
    sure = [m for m, d in zip(moments, doubts, strict=True) if 100 * d <= max(known, 0.3 * abs(m.offset or 0.0))]
    if not sure:
        small = f"too small in the picture to tell: ± {100 * min(doubts):.0f} %"
        return [Row(key="momentum_error", value=None, why=small, moments=tuple(moments))]
    worst = max(sure, key=lambda m: m.offset or 0.0)
    return [Row(key="momentum_error", value=worst.offset, worst=worst, moments=tuple(moments))]


def _strike(take: Take, one: Track, other: Track, tick: int) -> tuple[float, float] | None:
    """Part of the momentum that is gained or lost unlike in the Take, and its standard error."""
    way = _way(take, (one.thing, other.thing), tick)
    change_seen, change_true, came = np.zeros(2), np.zeros(2), np.zeros(2)
    doubt = 0.0
    for track, partner in ((one, other), (other, one)):
        mass = take.things[track.thing].mass_kg
        start, end = _quiet(take, track.thing, tick)
        before = _speed(take, track, partner, start, tick, way)
        after = _speed(take, track, partner, tick, end, way)
        if before is None or after is None:
            return None
        change_seen += mass * (after.seen - before.seen)
        change_true += mass * (after.true - before.true)
        came += mass * before.true
        doubt = float(np.hypot(doubt, mass * np.hypot(before.doubt, after.doubt)))
    size = float(np.linalg.norm(came))
    return (float(np.linalg.norm(change_seen - change_true)) / size, doubt / size) if size > 1e-6 else None


def _way(take: Take, things: tuple[int, int], tick: int) -> Array:
    """Unit vector (2,) along which the faster of two things comes."""
    times = np.array([tick - clock.ticks(0.1), tick - clock.ticks(0.01)])
    moves = [np.diff(_path(take, thing, times), axis=0)[0, :2] for thing in things]
    fastest = max(moves, key=lambda move: float(np.linalg.norm(move)))
    return np.asarray(fastest / max(float(np.linalg.norm(fastest)), 1e-9))


def _path(take: Take, thing: int, ticks: Array) -> Array:
    track = take.thing_position[:, thing]
    return np.stack([np.interp(ticks, take.time, track[:, k]) for k in range(3)], axis=-1)


def _quiet(take: Take, thing: int, tick: int) -> tuple[int, int]:
    """From when until when a thing strikes nothing else that moves, around a strike [ticks]."""
    c = take.contacts
    fixed = {n for n, t in enumerate(take.things) if t.fixed} | {-1}
    own = np.array(
        [(a == thing and b not in fixed) or (b == thing and a not in fixed) for a, b in zip(c.a, c.b, strict=True)],
        dtype=bool,
    )
    near, reach = clock.ticks(0.03), clock.ticks(AROUND_S)
    earlier, later = c.time[own & (c.time < tick - near)], c.time[own & (c.time > tick + near)]
    start = max(tick - reach, int(earlier.max()) if len(earlier) else 0)
    return start, min(tick + reach, int(later.min()) if len(later) else tick + reach)


def _speed(take: Take, track: Track, other: Track, start: int, end: int, way: Array) -> _Speed | None:
    """Speed on the level between two instants, along the Take's way there (or `way`, where it rests)."""
    near = clock.ticks(0.02)
    ticks, pixels = track.ticks, track.pixels
    index = np.flatnonzero((ticks > start + near) & (ticks < end - near) & np.isfinite(pixels[:, 0]))
    clear = np.array([k for k in index if _apart(track, other, k)], dtype=int)
    if len(clear) < FEWEST:
        return None
    true = _path(take, track.thing, ticks[clear])
    if np.ptp(true[:, 2]) > LEVEL_M:
        return None
    moved = true[-1] - true[0]
    moved[2] = 0.0
    along = moved / np.linalg.norm(moved) if np.linalg.norm(moved) > 0.02 else np.append(way, 0.0)
    foot = true.mean(axis=0)
    places = np.empty(len(clear))
    scale = 0.0
    for n, k in enumerate(clear):
        view = track.views[k]
        ray = view.rays(pixels[k])
        ray = ray / np.linalg.norm(ray)
        slant = float(ray @ along)
        if 1 - slant**2 < HEAD_ON**2:
            return None
        # Where the way passes the sight line most closely.
        apart = view.position - foot
        places[n] = (apart @ along - slant * (apart @ ray)) / (1 - slant**2)
        scale = max(scale, float(np.linalg.norm(apart)) / view.focal_px / float(np.sqrt(1 - slant**2)))
    t = (ticks[clear] - ticks[clear[0]]) / clock.TICKS_PER_SECOND
    seen, left = _line(t, places)
    straight, _ = _line(t, (true - foot) @ along)
    slope = float(np.sqrt(np.sum((t - t.mean()) ** 2)))
    doubt = float(np.hypot(left, 0.1 * scale)) / max(slope, 1e-9)
    return _Speed(seen=seen * along[:2], true=straight * along[:2], doubt=doubt)


def _apart(track: Track, other: Track, k: int) -> bool:
    """Whether a thing is far enough from the one it strikes for its edges to be seen."""
    hint = track.hints[k]
    if hint.clear:
        return True
    if track.time_s[k] not in other.time_s:
        return False
    beside = other.hints[other.time_s.index(track.time_s[k])]
    return bool(np.hypot(hint.x - beside.x, hint.y - beside.y) > APART * (hint.radius + beside.radius) + 2)


def _line(t: Array, places: Array) -> tuple[float, float]:
    """Slope of places over time and the scatter around the line."""
    slope, start = np.polyfit(t, places, 1)
    return float(slope), float(np.sqrt(np.mean((places - t * slope - start) ** 2)))
