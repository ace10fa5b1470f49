"""The round things of a film, followed through its pictures shot by shot, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .colours import rgb_of, unlike
from .footage import Picture
from .outline import Spot
from .tracking import Hint, follow
from .truth import Instant, Truth, View

Array = NDArray[Any]

KEPT_BYTES = 250_000_000
"""Pictures of a shot are kept until they are this much."""
MOST_KEPT = 96
MOST_THINGS = 6
"""Followed in one scene; the largest in the picture first."""
LIMB_M = 0.15
"""A body reaches so far from its bones."""
SMALLEST_PX = 1.2
"""Radius of the smallest thing that is followed [px]."""


@dataclass(kw_only=True)
class Track:
    """Where one thing was found, picture by picture."""

    take: int
    thing: int
    time_s: list[float] = field(default_factory=list)
    """In the film."""
    instants: list[Instant] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    """Where the Take says it is."""
    spots: list[Spot | None] = field(default_factory=list)

    @property
    def pixels(self) -> Array:
        """(K, 2); NaN where it was not found."""
        nowhere = (np.nan, np.nan)
        return np.array([(s.x, s.y) if s else nowhere for s in self.spots], dtype=np.float64).reshape(-1, 2)

    @property
    def ticks(self) -> Array:
        """(K,) middle of each exposure."""
        return np.array([instant.middle for instant in self.instants], dtype=np.int64)


class Followed:
    """Collects pictures while the camera stands, and follows what is round when it moves on or cuts."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.tracks: dict[tuple[int, int], Track] = {}
        self.moving_camera = 0
        """Pictures before a camera that moves."""
        self._pictures: list[tuple[Array, float]] = []
        self._instants: list[Instant] = []
        self._things = [list(_round(truth, take)) for take in range(len(truth.takes))]

    @property
    def any(self) -> bool:
        """Whether a scene has anything to follow."""
        return any(self._things)

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None or not self._things[instant.take]:
            return
        if self._instants and not self._goes_on(instant):
            self.finish()
        self._pictures.append((picture.rgb, picture.time_s))  # not the picture: it keeps what others worked out
        self._instants.append(instant)
        kept = len(self._pictures)
        if kept >= MOST_KEPT or (kept >= 16 and kept * picture.rgb.nbytes > KEPT_BYTES):
            self.finish()

    def _goes_on(self, instant: Instant) -> bool:
        last = self._instants[-1]
        if instant.take != last.take:
            return False
        shot = self.truth.takes[instant.take].camera.shot
        if shot[instant.row] != shot[last.row]:
            return False
        return self.truth.view(instant).same(self.truth.view(last))

    def finish(self) -> None:
        """Follow what was collected."""
        pictures, instants = self._pictures, self._instants
        self._pictures, self._instants = [], []
        if len(pictures) < 3:
            self.moving_camera += len(pictures)
            return
        take = instants[0].take
        shown = [rgb for rgb, _ in pictures]
        size = (shown[0].shape[1], shown[0].shape[0])
        views = [self.truth.view(instant, size) for instant in instants]
        hints = {thing: self._hints(thing, instants, views) for thing in self._things[take]}
        reach = {thing: max((h.radius for h in own if h), default=0.0) for thing, own in hints.items()}
        found: dict[int, list[Spot | None]] = {}
        for thing in sorted(hints, key=lambda t: -reach[t])[:MOST_THINGS]:
            if reach[thing] >= SMALLEST_PX:
                colour = rgb_of(self.truth.takes[take].things[thing].colour)
                found[thing] = follow(shown, hints[thing], colour)
        self._settle(take, found, hints)
        for thing, spots in found.items():
            track = self.tracks.setdefault((take, thing), Track(take=take, thing=thing))
            for (_, time_s), instant, view, hint, spot in zip(
                pictures, instants, views, hints[thing], spots, strict=True
            ):
                if hint is not None:
                    track.time_s.append(time_s)
                    track.instants.append(instant)
                    track.views.append(view)
                    track.hints.append(hint)
                    track.spots.append(spot)

    def _settle(self, take: int, found: dict[int, list[Spot | None]], hints: dict[int, list[Hint | None]]) -> None:
        """No place is two things: of those found at one, the one stays whose colour and place fit better."""
        asked = {thing: rgb_of(self.truth.takes[take].things[thing].colour) for thing in found}
        for one, other in combinations(found, 2):
            for k, (a, b) in enumerate(zip(found[one], found[other], strict=True)):
                hint_a, hint_b = hints[one][k], hints[other][k]
                if a is None or b is None or hint_a is None or hint_b is None:
                    continue
                radius = min(hint_a.radius, hint_b.radius)
                if np.hypot(a.x - b.x, a.y - b.y) > radius:
                    continue
                odd_a = float(unlike(np.array(a.colour), asked[one])) + _away(a, hint_a) / (8 * radius)
                odd_b = float(unlike(np.array(b.colour), asked[other])) + _away(b, hint_b) / (8 * radius)
                found[one if odd_a > odd_b else other][k] = None

    def _hints(self, thing: int, instants: list[Instant], views: list[View]) -> list[Hint | None]:
        radius = self.truth.takes[instants[0].take].things[thing].size[0] / 2
        found: list[Hint | None] = []
        for instant, view in zip(instants, views, strict=True):
            place = self.truth.poses(instant.take, instant.middle).thing_position[0, thing]
            x, y, depth = view.project(place)
            if depth <= radius:
                found.append(None)
                continue
            seems = radius * view.focal_px / depth
            inside = -seems < x < view.size[0] + seems and -seems < y < view.size[1] + seems
            if not inside:
                found.append(None)
                continue
            clear = self._clear(thing, instant, view, np.array([x, y]), float(seems))
            found.append(Hint(x=float(x), y=float(y), radius=float(seems), clear=clear))
        return found

    def _clear(self, thing: int, instant: Instant, view: View, at: Array, seems: float) -> bool:
        """Whether no other thing or person is near a place in the picture, nor the edge of the picture."""
        if np.any(at < 1.5 * seems) or np.any(at > np.array(view.size) - 1.5 * seems):
            return False
        take, shown = self.truth.takes[instant.take], self.truth.poses(instant.take, instant.middle)
        for other, own in enumerate(take.things):
            if other == thing or own.fixed:
                continue
            x, y, depth = view.project(shown.thing_position[0, other])
            if depth > 0 and np.hypot(*(at - (x, y))) < 2.2 * seems + max(own.size) / 2 * view.focal_px / depth:
                return False
        for person in range(len(take.people)):
            bones = self.truth.body(instant.take, person).fk(shown.root[0, person], shown.joints[0, person])
            pixels = view.project(bones[:, :3, 3])
            depth = float(np.median(pixels[:, 2]))
            if depth > 0 and np.min(np.hypot(*(pixels[:, :2] - at).T)) < 2.2 * seems + LIMB_M * view.focal_px / depth:
                return False
        return True


def _away(spot: Spot, hint: Hint) -> float:
    return float(np.hypot(spot.x - hint.x, spot.y - hint.y))


def _round(truth: Truth, take: int) -> Iterator[int]:
    """Things of a scene that are round and move."""
    record = truth.takes[take]
    for index, thing in enumerate(record.things):
        if thing.shape == "sphere" and not thing.fixed and np.ptp(record.thing_position[:, index], axis=0).max() > 1e-3:
            yield index
