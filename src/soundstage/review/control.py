"""Is in the picture what was asked for: how many, in which colour, where, in which order, seen from where?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from .colours import right, rivals
from .flights import flights
from .followed import Track
from .outline import Spot
from .rows import Moment, Row, not_measurable
from .sightings import PLENTY_PX, Sighting, own_colour, top_of
from .truth import Truth

Array = NDArray[Any]

KEYS = ("counts", "attributes", "relations", "event_order", "camera_turn")

NEARER = 1.5
"""Ratio of distances that size can tell."""
DARK = 45.0
"""Under this brightness hue is not told [8-bit level of the brightest of R, G and B]."""
FEWEST_SPOTS = 8
STRAY_PX = 1.5
"""What one turn of the camera may leave unexplained, root mean square [px]."""
APART_PICTURES = 2.0
EPSILON = 1e-6

Place = tuple[Sighting, Spot | None, Track | None, int]


def rows(truth: Truth, tracks: Sequence[Track], sightings: Sequence[Sighting]) -> list[Row]:
    """All rows of control that a Take can judge without rendering again."""
    by_time: dict[float, list[Place]] = defaultdict(list)
    for sighting in sightings:
        by_time[sighting.time_s].append((sighting, *_spot(tracks, sighting)))
    return [
        _counts(by_time),
        _attributes(truth, by_time),
        _relations(truth, by_time),
        _order(truth, tracks),
        _turn(truth, tracks),
    ]


def _spot(tracks: Sequence[Track], sighting: Sighting) -> tuple[Spot | None, Track | None, int]:
    """Where a followed thing was found in the picture of a sighting."""
    for track in tracks:
        if (track.take, track.thing) == (sighting.take, sighting.identity) and sighting.time_s in track.time_s:
            k = track.time_s.index(sighting.time_s)
            return track.spots[k], track, k
    return None, None, -1


# ── how many, which colour ──────────────────────────────────────────────────────────────────────────────────────────


def _counts(by_time: dict[float, list[Place]]) -> Row:
    moments = []
    for time_s, places in sorted(by_time.items()):
        asked = len(places)
        there = [s.seen or spot is not None for s, spot, _, _ in places]
        missing = ", ".join(s.name for (s, *_), seen in zip(places, there, strict=True) if not seen)
        score = 100 * float(np.exp(-abs(sum(there) - asked) / (EPSILON + asked)))
        what = f"not seen: {missing}" if missing else f"all {asked} are seen"
        moments.append(Moment(time_s=time_s, what=what, offset=score))
    if not moments:
        return not_measurable("counts", "nothing the Take knows is large enough in the picture")
    worst = min(moments, key=lambda m: m.offset or 0.0)
    value = float(np.mean([m.offset or 0.0 for m in moments]))
    return Row(key="counts", value=value, worst=worst, moments=tuple(moments))


def _attributes(truth: Truth, by_time: dict[float, list[Place]]) -> Row:
    film = [colour for take in truth.takes for thing in take.things if (colour := own_colour(thing))]
    film += [top for take in truth.takes for person in take.people if (top := top_of(person))]
    good, moments = [], []
    for places in by_time.values():
        for sighting, spot, track, _ in places:
            others = rivals(sighting.asked, film) if sighting.asked else []
            if not others or not (sighting.seen or spot) or sighting.area < PLENTY_PX:
                continue
            if track is not None and spot is None:
                continue  # it is somewhere else: what its place shows is not its colour
            shown: Array = np.array(spot.colour if spot else sighting.colour)
            if shown.max() < DARK:
                continue
            is_right = right(shown, sighting.asked, others)
            good.append(is_right)
            if not is_right:
                looks = "#" + "".join(f"{round(c):02x}" for c in shown)
                what = f"{sighting.name} is {looks}, asked for {sighting.asked}"
                moments.append(Moment(time_s=sighting.time_s, what=what))
    if not good:
        return not_measurable("attributes", "nothing with a colour that can be told from the others")
    worst = moments[0] if moments else None
    return Row(key="attributes", value=100 * float(np.mean(good)), worst=worst, moments=tuple(moments))


# ── where to each other ─────────────────────────────────────────────────────────────────────────────────────────────


def _relations(truth: Truth, by_time: dict[float, list[Place]]) -> Row:
    good, moments = [], []
    for places in by_time.values():
        for one, other in combinations(places, 2):
            for is_right, what in _pair(truth, one, other):
                good.append(is_right)
                if not is_right:
                    moments.append(Moment(time_s=one[0].time_s, what=what))
    if not good:
        return not_measurable("relations", "no two things that are clearly apart and can be told by their look")
    worst = moments[0] if moments else None
    return Row(key="relations", value=100 * float(np.mean(good)), worst=worst, moments=tuple(moments))


def _pair(truth: Truth, one: Place, other: Place) -> list[tuple[bool, str]]:
    """The relations two things should have and whether the picture shows them so."""
    a, b = one[0], other[0]
    found = []
    apart = b.expected[0] - a.expected[0]
    at_a, at_b = _where(truth, one), _where(truth, other)
    if at_a and at_b and abs(apart) > a.half_width + b.half_width:
        is_right = (at_b[0] - at_a[0]) * apart > 0
        found.append((bool(is_right), f"{a.name} should be {'left' if apart > 0 else 'right'} of {b.name}"))
    sizes = [_nearness(place) for place in (one, other)]
    if sizes[0] and sizes[1] and max(a.depth, b.depth) > NEARER * min(a.depth, b.depth):
        is_right = (sizes[1] - sizes[0]) * (b.depth - a.depth) < 0
        word = "nearer" if a.depth < b.depth else "farther"
        found.append((bool(is_right), f"{a.name} should be {word} than {b.name}"))
    return found


def _where(truth: Truth, place: Place) -> tuple[float, float] | None:
    sighting, spot, track, _ = place
    if spot is not None:
        return spot.x / truth.size[0], spot.y / truth.size[0]
    if track is not None or not sighting.asked or not sighting.seen:
        return None
    return sighting.found


def _nearness(place: Place) -> float | None:
    """1 / distance of a ball by its size [1/m], up to the focal length."""
    sighting, spot, track, k = place
    if spot is None or track is None or not track.hints[k].clear:
        return None
    return float(np.sqrt(spot.area / np.pi)) / (track.hints[k].radius * sighting.depth)


# ── in which order ──────────────────────────────────────────────────────────────────────────────────────────────────


def _order(truth: Truth, tracks: Sequence[Track]) -> Row:
    events: list[tuple[float, float, str]] = []
    for track in tracks:
        name = truth.takes[track.take].things[track.thing].id.replace("_", " ")
        hints = np.array([(hint.x, hint.y) for hint in track.hints])
        radius = float(np.median([hint.radius for hint in track.hints]))
        time_s = np.array(track.time_s)
        seen, true = _events(time_s, track.pixels, radius), _events(time_s, hints, radius)
        events += [(seen[what], true[what], f"{name} {what}") for what in seen if what in true]
    least = APART_PICTURES / truth.fps
    good, moments = [], []
    for a, b in combinations(events, 2):
        if abs(b[1] - a[1]) > least:
            is_right = (b[0] - a[0]) * (b[1] - a[1]) > 0
            good.append(is_right)
            if not is_right:
                first, second = (a, b) if a[1] < b[1] else (b, a)
                moments.append(Moment(time_s=first[0], what=f"{first[2]} only after {second[2]}"))
    if not good:
        return not_measurable("event_order", "fewer than two events of balls are seen")
    worst = moments[0] if moments else None
    return Row(key="event_order", value=100 * float(np.mean(good)), worst=worst, moments=tuple(moments))


def _events(time_s: Array, places: Array, radius: float) -> dict[str, float]:
    """When a thing begins to move after resting, and when it turns from falling to rising at once, by its pixels."""
    known = np.isfinite(places[:, 0])
    time_s, places = time_s[known], places[known]
    found: dict[str, float] = {}
    if len(places) < 8:
        return found
    away = np.hypot(*(places - places[:3].mean(axis=0)).T)
    moved = np.flatnonzero(away > max(2.0, 0.4 * radius))
    if len(moved) and moved[0] >= 3:
        found["begins to move"] = float(time_s[moved[0]])
    speed = np.diff(places[:, 1]) / np.maximum(np.diff(time_s), 1e-6)
    step = float(np.median(np.diff(time_s)))
    turn = np.diff(speed) * step
    strikes = 0
    k = 0
    while k < len(turn):
        # Over two steps: the picture nearest to a strike may show either side of it.
        later = min(k + 2, len(speed) - 1)
        if speed[k] > 0 and speed[later] < 0 and (speed[k] - speed[later]) * step > max(3.0, 0.5 * radius):
            strikes += 1
            found[f"strikes for the {strikes}. time"] = float(time_s[k + 1])
            k += 3
        else:
            k += 1
    return found


# ── seen from where ─────────────────────────────────────────────────────────────────────────────────────────────────


def _turn(truth: Truth, tracks: Sequence[Track]) -> Row:
    """The one turn of the camera that brings what was found to where the Take has it (Wahba's problem, by SVD)."""
    seen, true, focal = [], [], 0.0
    for track in tracks:
        free = _free(truth, track)
        for view, hint, spot, flies in zip(track.views, track.hints, track.spots, free, strict=True):
            if spot is None or not hint.clear or not flies:
                continue
            seen.append(_ray((spot.x, spot.y), view.size, view.focal_px))
            true.append(_ray((hint.x, hint.y), view.size, view.focal_px))
            focal = view.focal_px
    if len(seen) < FEWEST_SPOTS:
        return not_measurable("camera_turn", "too little is tracked whose place is known")
    a, b = np.array(seen), np.array(true)
    keep = np.ones(len(a), dtype=bool)
    turn = np.eye(3)
    for _ in range(3):  # what touches its shadow or reflection lies off
        u, _, vt = np.linalg.svd(b[keep].T @ a[keep])
        turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
        stray = np.linalg.norm(a @ turn.T - b, axis=1) * focal
        keep = stray <= max(3 * float(np.median(stray)), 0.3)
    left = float(np.sqrt(np.mean(stray[keep] ** 2)))
    spread = float(np.max(np.std(b[keep], axis=0))) * focal
    if left > STRAY_PX or keep.mean() < 0.7 or spread < 5 * STRAY_PX:
        return not_measurable("camera_turn", f"no one turn explains where things are ({left:.1f} px are left)")
    # The roll about the axis of sight is not well seen by a few things: only where that axis points is told.
    axis = turn @ np.array([0.0, 0.0, -1.0])
    return Row(key="camera_turn", value=float(np.degrees(np.arccos(np.clip(-axis[2], -1, 1)))))


def _free(truth: Truth, track: Track) -> Array:
    """(K,) bool: pictures in which a thing flies, away from its shadow; all of them if it never does."""
    ticks, near = track.ticks, clock.period(truth.fps)
    free = np.zeros(len(ticks), dtype=bool)
    for flight in flights(truth.takes[track.take], track.thing):
        free |= (ticks > flight.start + near) & (ticks < flight.end - near)
    return free if free.any() else np.ones(len(ticks), dtype=bool)


def _ray(pixel: tuple[float, float], size: tuple[int, int], focal: float) -> Array:
    """Unit vector of a sight line in the camera's own axes."""
    ray = np.array([(pixel[0] - (size[0] - 1) / 2) / focal, ((size[1] - 1) / 2 - pixel[1]) / focal, -1.0])
    return np.asarray(ray / np.linalg.norm(ray))
