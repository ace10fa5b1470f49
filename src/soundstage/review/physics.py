"""Rows of physics: do things in the film fall, bounce and stay apart as they truly would?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .. import clock
from ..take import Take
from .flights import Arc, arc, flights, meeting
from .followed import Track
from .rows import Moment, Row, not_measurable, scorecard
from .tracking import Hint
from .truth import Truth

KEYS = ("gravity_error", "restitution_error", "flight_energy", "penetration", "motion_overlap")

SURE = 0.3
"""A value is judged if its standard error is this part of what the goal allows, or if it is clear all the same."""
ENERGY_DOUBT = 0.004
STRIKE_S = 0.02
"""A strike is over after this."""
EDGE_TOLERANCE_PX = 1.0
"""Pixels so near the outline belong to both."""


@dataclass(frozen=True, kw_only=True)
class Flown:
    """A flight that was tracked."""

    track: Track
    arc: Arc

    def film_time(self, truth: Truth, at_s: float) -> float:
        """A time on the scene's clock as film time [s]."""
        return truth.film_time(self.track.take, clock.ticks(at_s))


def rows(truth: Truth, tracks: Iterable[Track], why: str) -> list[Row]:
    """All rows of physics; `why` is said where there is nothing to measure by."""
    flown = [found for track in tracks for found in _flown(truth, track)]
    bounces = [b for pair in pairwise(flown) for b in _bounce(truth, *pair)]
    nothing = why or "nothing flies freely for long enough, large enough in the picture"
    return [
        _gravity(truth, flown) if flown else not_measurable("gravity_error", nothing),
        _restitution(bounces) if bounces else not_measurable("restitution_error", why or "no bounce was tracked"),
        _energy(truth, flown) if flown else not_measurable("flight_energy", nothing),
        _penetration(truth),
        _overlap(list(tracks), why),
    ]


def _flown(truth: Truth, track: Track) -> list[Flown]:
    take = truth.takes[track.take]
    pixels, ticks, frames = track.pixels, track.ticks, np.arange(len(track.spots))
    radius = take.things[track.thing].size[0] / 2
    found = []
    for flight in flights(take, track.thing):
        seen = arc(take, flight, track.views, ticks, pixels, frames, radius)
        if seen is not None and seen.fall > 0:
            found.append(Flown(track=track, arc=seen))
    return found


# ── gravity ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def pooled(values: Sequence[float], doubts: Sequence[float]) -> tuple[float, float]:
    """Mean weighted by certainty, and its standard error."""
    weight = 1 / np.maximum(np.array(doubts), 1e-9) ** 2
    return float(weight @ np.array(values) / weight.sum()), float(1 / np.sqrt(weight.sum()))


def _gravity(truth: Truth, flown: list[Flown]) -> Row:
    errors = [f.arc.error for f in flown]
    doubts = [f.arc.doubt for f in flown]
    mean, doubt = pooled(errors, doubts)
    moments = tuple(
        Moment(
            time_s=f.film_time(truth, float(f.arc.time_s.mean())),
            what=f"{_name(truth, f.track)} falls with {f.arc.fall:.2f} m/s² (± {f.arc.sigma:.2f}), "
            f"{f.arc.fall_true:.2f} in the Take",
            offset=100 * f.arc.error,
        )
        for f in flown
    )
    return _judged("gravity_error", 100 * mean, 100 * doubt, [100 * d for d in doubts], moments, _paths(truth, flown))


def _judged(
    key: str,
    mean: float,
    doubt: float,
    doubts: Sequence[float],
    moments: tuple[Moment, ...],
    series: dict[str, list[float]] | None = None,
) -> Row:
    """The worst of the single values that are sure, or of all together; no value where a verdict would be a guess."""
    goal = scorecard()[key].goal
    allowed = goal.high if goal else 1.0
    sure = [n for n, d in enumerate(doubts) if d <= SURE * allowed]
    worst = max(range(len(moments)), key=lambda n: abs(moments[n].offset or 0.0) / max(doubts[n], SURE * allowed))
    value = max([abs(mean), *(abs(moments[n].offset or 0.0) for n in sure)])
    decided = doubt <= SURE * allowed or value + doubt <= allowed or value - 2 * doubt > allowed
    why = "" if decided else f"too small in the picture to tell: {value:.2g} ± {doubt:.1g}"
    return Row(
        key=key,
        value=value if decided else None,
        why=why,
        worst=moments[worst] if decided else None,
        moments=moments,
        series=series or {},
    )


def _paths(truth: Truth, flown: list[Flown]) -> dict[str, list[float]]:
    """Where the flights were seen in the picture, for drawing."""
    x, y, time = [], [], []
    for f in flown:
        for k in f.arc.frames:
            spot = f.track.spots[int(k)]
            if spot is not None:
                x.append(round(spot.x / truth.size[0], 5))
                y.append(round(spot.y / truth.size[1], 5))
                time.append(round(f.track.time_s[int(k)], 4))
    return {"time_s": time, "x": x, "y": y}


def _name(truth: Truth, track: Track) -> str:
    return truth.takes[track.take].things[track.thing].id.replace("_", " ")


# ── bounces ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Bounce:
    moment: Moment
    doubt: float


def _met(truth: Truth, before: Flown, after: Flown) -> tuple[float, float, float, float] | None:
    """When one flight goes over into the next, seen and true [s], and the falls they share [m/s²]."""
    if before.track is not after.track or before.track.take != after.track.take:
        return None
    if clock.seconds(after.arc.flight.start - before.arc.flight.end) > 0.1:
        return None
    pair = [before.arc, after.arc]
    fall, _ = pooled([a.fall for a in pair], [a.sigma for a in pair])
    fall_true = float(np.mean([a.fall_true for a in pair]))
    at = meeting(before.arc, after.arc, fall)
    at_true = meeting(before.arc, after.arc, fall_true, true=True)
    return None if at is None or at_true is None else (at, at_true, fall, fall_true)


def _bounce(truth: Truth, before: Flown, after: Flown) -> list[_Bounce]:
    """The restitution of one bounce against the Take's, if two flights meet on something level."""
    met = _met(truth, before, after)
    take = truth.takes[before.track.take]
    if met is None or not _level(take, before.track.thing, before.arc.flight.end, after.arc.flight.start):
        return []
    at, at_true, fall, fall_true = met
    down, up = -before.arc.speed(at, fall), after.arc.speed(at, fall)
    down_true = -before.arc.speed(at_true, fall_true, true=True)
    up_true = after.arc.speed(at_true, fall_true, true=True)
    if min(down, up, down_true, up_true) <= 0.1:
        return []
    seen, true = up / down, up_true / down_true
    doubt = seen * float(np.hypot(before.arc.speed_doubt / down, after.arc.speed_doubt / up))
    what = f"{_name(truth, before.track)} bounces with {seen:.3f}, {true:.3f} in the Take"
    return [_Bounce(Moment(time_s=before.film_time(truth, at), what=what, offset=seen - true), doubt)]


def _level(take: Take, thing: int, start: int, end: int) -> bool:
    """Whether a thing strikes only what is level between two ticks."""
    c, near = take.contacts, clock.ticks(0.02)
    own = ((c.a == thing) | (c.b == thing)) & (c.time >= start - near) & (c.time <= end + near)
    return bool(own.any() and np.all(np.abs(c.normal[own, 2]) > 0.95))


def _restitution(bounces: list[_Bounce]) -> Row:
    moments = tuple(b.moment for b in bounces)
    errors = [b.moment.offset or 0.0 for b in bounces]
    doubts = [b.doubt for b in bounces]
    mean, doubt = pooled(errors, doubts)
    return _judged("restitution_error", mean, doubt, doubts, moments)


# ── energy ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _energy(truth: Truth, flown: list[Flown]) -> Row:
    """Scatter of the energy in flight over its mean, with the gravity the Take has."""
    moments: list[Moment] = []
    for f in flown:
        a = f.arc
        step = float(np.median(np.diff(a.time_s)))
        k = max(1, len(a.time_s) // 4)
        if len(a.time_s) < 4 * k or np.ptp(np.diff(a.time_s)) > 0.5 * step:
            continue
        wide = a.time_s[2 * k :] - a.time_s[: -2 * k]
        upward = (a.height[2 * k :] - a.height[: -2 * k]) / wide
        along = (a.along[2 * k :] - a.along[: -2 * k]) / wide
        ground = float(a.height_true.min())
        energy = 0.5 * (upward**2 + along**2) + a.fall_true * (a.height[k:-k] - ground)
        noise = float(np.hypot(a.noise_m, 0.3 * a.metres_per_px * 0.1))
        doubt = noise * float(np.hypot(np.abs(upward).max() / (np.sqrt(2) * k * step), a.fall_true)) / energy.mean()
        if len(energy) < 4 or doubt > ENERGY_DOUBT * 3:
            continue
        scatter = float(energy.std() / energy.mean())
        when = f.film_time(truth, float(a.time_s.mean()))
        moments.append(Moment(time_s=when, what=f"{_name(truth, f.track)} in flight", offset=scatter))
    if not moments:
        return not_measurable("flight_energy", "the flights are too short or too small in the picture")
    worst = max(moments, key=lambda m: m.offset or 0.0)
    return Row(key="flight_energy", value=worst.offset, worst=worst, moments=tuple(moments))


# ── from the Take ───────────────────────────────────────────────────────────────────────────────────────────────────


def _penetration(truth: Truth) -> Row:
    """How deep round things are in the ground or in each other while nothing strikes."""
    worst: Moment | None = None
    judged = False
    for index, take in enumerate(truth.takes):
        quiet = _quiet(take)
        balls = [n for n, t in enumerate(take.things) if t.shape == "sphere" and not t.fixed]
        for n in balls:
            judged = True
            radius = take.things[n].size[0] / 2
            depths = [("the ground", radius - take.thing_position[:, n, 2])]
            for m in balls:
                if m > n:
                    apart = np.linalg.norm(take.thing_position[:, n] - take.thing_position[:, m], axis=1)
                    depths.append((take.things[m].id, radius + take.things[m].size[0] / 2 - apart))
            for other, depth in depths:
                deep = np.where(quiet[n], depth, 0.0) * 1000
                k = int(np.argmax(deep))
                if worst is None or deep[k] > (worst.offset or 0.0):
                    what = f"{take.things[n].id} in {other}".replace("_", " ")
                    worst = Moment(time_s=truth.film_time(index, int(take.time[k])), what=what, offset=float(deep[k]))
    if not judged or worst is None:
        return not_measurable("penetration", "there are no round things whose distance is known")
    return Row(key="penetration", value=max(worst.offset or 0.0, 0.0), worst=worst)


def _quiet(take: Take) -> dict[int, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Per thing, the instants without a strike: what gives in a strike is no fault."""
    found = {}
    for n in range(len(take.things)):
        quiet = np.ones(len(take.time), dtype=bool)
        own = (take.contacts.a == n) | (take.contacts.b == n)
        for time, lasts in zip(take.contacts.time[own], take.contacts.duration[own], strict=True):
            over = time + clock.ticks(max(2 * float(lasts), STRIKE_S))
            quiet &= (take.time < time - clock.ticks(0.005)) | (take.time > over)
        found[n] = quiet
    return found


# ── where it moves ──────────────────────────────────────────────────────────────────────────────────────────────────


def _overlap(tracks: list[Track], why: str) -> Row:
    """Mean over pictures of intersection over union of what moves in the film and in the Take."""
    moments = []
    for track in tracks:
        speeds = _speeds(track)
        for k, (hint, spot) in enumerate(zip(track.hints, track.spots, strict=True)):
            if spot is None or hint.radius < 2.0 or speeds[k] < 0.5 or not hint.clear:
                continue
            moments.append(Moment(time_s=track.time_s[k], what="", offset=_iou(hint.scaled(spot.scale), spot.mask)))
    if not moments:
        return not_measurable("motion_overlap", why or "nothing round moves")
    value = float(np.mean([m.offset or 0.0 for m in moments]))
    worst = min(moments, key=lambda m: m.offset or 0.0)
    return Row(key="motion_overlap", value=value, worst=worst, moments=tuple(moments))


def _speeds(track: Track) -> list[float]:
    """How far the Take moves a thing from picture to picture [px]."""
    x = np.array([hint.x for hint in track.hints])
    y = np.array([hint.y for hint in track.hints])
    return list(np.hypot(np.gradient(x), np.gradient(y))) if len(x) > 1 else [0.0] * len(x)


def _iou(hint: Hint, mask: np.ndarray[tuple[int, int], np.dtype[np.int32]]) -> float:
    """Intersection over union of found pixels and a disc; pixels on its outline count for neither."""
    x, y, radius = hint.x, hint.y, hint.radius
    away = np.hypot(mask[:, 0] - x, mask[:, 1] - y)
    both = int((away <= radius - EDGE_TOLERANCE_PX).sum())
    extra = int((away > radius + EDGE_TOLERANCE_PX).sum())
    reach = int(np.ceil(radius)) + 1
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    inside = np.hypot(columns + round(x) - x, rows + round(y) - y) <= radius - EDGE_TOLERANCE_PX
    missing = max(int(inside.sum()) - both, 0)
    return both / max(both + extra + missing, 1)
