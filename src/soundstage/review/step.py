"""Whether the pictures of the film show the instants they should: a dropped or repeated one shifts what moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from .followed import Track
from .rows import Moment, Row, not_measurable
from .truth import Truth

Array = NDArray[Any]

KEYS = ("picture_step",)

FASTEST_NOISE_PX = 2.5
"""A thing tells the time of a picture if it moves this far from one to the next [px]."""


def rows(truth: Truth, tracks: Iterable[Track], why: str) -> list[Row]:
    """The worst shift in time of what moves against the Take [pictures]."""
    moments: list[Moment] = []
    for track in tracks:
        moments += _shifts(truth, track)
    if not moments:
        return [not_measurable("picture_step", why or "nothing round moves fast enough to tell the time by")]
    worst = max(moments, key=lambda m: abs(m.offset or 0.0))
    series = {"time_s": [m.time_s for m in moments], "shift": [m.offset or 0.0 for m in moments]}
    return [Row(key="picture_step", value=abs(worst.offset or 0.0), worst=worst, moments=tuple(moments), series=series)]


def _shifts(truth: Truth, track: Track) -> list[Moment]:
    """Per picture, how many pictures later (+) or earlier (-) than in the Take the thing is where it is seen."""
    take = truth.takes[track.take]
    period = clock.period(take.fps)
    own = (take.contacts.a == track.thing) | (take.contacts.b == track.thing)
    strikes = take.contacts.time[own]
    found: list[tuple[float, Array, Array]] = []
    for k, (instant, view, hint, spot) in enumerate(
        zip(track.instants, track.views, track.hints, track.spots, strict=True)
    ):
        if spot is None or not hint.clear or np.any(np.abs(strikes - instant.middle) < 2 * period):
            continue
        around = [
            view.project(truth.poses(track.take, instant.middle + d * period // 2).thing_position[0, track.thing])
            for d in (-1, 1)
        ]
        way = (around[1] - around[0])[:2]
        speed = float(np.hypot(*way))
        if speed < max(FASTEST_NOISE_PX, 0.5 * hint.radius):
            continue
        found.append((track.time_s[k], np.array([spot.x - hint.x, spot.y - hint.y]), way))
    if not found:
        return []
    # A camera that is turned away is another fault: what all pictures have in common does not count.
    common = np.median([off for _, off, _ in found], axis=0)
    shifts = [(time_s, float((common - off) @ way / (way @ way))) for time_s, off, way in found]
    return [Moment(time_s=t, what=f"shown {shift:+.2f} pictures late", offset=shift) for t, shift in shifts]
