"""What is seen of each thing and person in pictures taken now and then: whether it is there, where, in which colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import library
from ..errors import InputError
from ..take import Person, Thing
from .colours import rgb_of, unlike
from .footage import Picture
from .surfaces import PERSON, Seen, of_bone, see
from .truth import Instant, Truth

Array = NDArray[Any]

EVERY_S = 0.4
"""Time between the pictures that are looked at."""
WIDEST = 480
LEAST_PX = 24
"""Pixels of a thing that can be judged."""
CONTRAST = 9.0
"""Difference of colours that can be seen [8-bit levels]."""
AROUND = 0.35
"""Part of its surroundings that a thing must differ from."""
PLENTY_PX = 60
"""Pixels of which a colour is told."""
NEAR_PX = 6
"""A thing is looked for so far from a place."""
LIKE, SURELY, ELSEWHERE = 0.25, 0.5, 3.0
"""Likeness of a place in shape and colour: it may be the thing; it surely is, when its own place is so much less."""
CHEST = ("spine01", "spine02", "spine03")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What one picture shows of a thing or person."""

    time_s: float
    take: int
    identity: int
    """As in `Seen.ids`."""
    name: str
    asked: str
    """Colour "#rrggbb", or "" where it has none of its own."""
    expected: tuple[float, float]
    """Middle of what should be seen of it, in parts of the picture's width."""
    half_width: float
    depth: float
    """[m]"""
    seen: bool
    """Whether its place differs from what is around."""
    area: int
    """Pixels by which it is judged, of a picture at most WIDEST wide."""
    colour: tuple[float, float, float]
    """Median of its pixels."""
    found: tuple[float, float] | None
    """Where it is, by its colour; None where colour does not tell."""


class Sightings:
    """Looks at a picture now and then."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        wide = min(WIDEST, truth.size[0])
        self.size = (wide, max(2, round(truth.size[1] * wide / truth.size[0])))
        self.all: list[Sighting] = []
        self._next = 0.0

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None:
            return
        if picture.time_s < self._next and not self.truth.cut_before(instant):
            return
        self._next = picture.time_s + EVERY_S
        import cv2

        small = cv2.resize(picture.rgb, self.size, interpolation=cv2.INTER_AREA)
        seen = seen_in(self.truth, picture, instant, self.size)
        self.all += self._sightings(picture.time_s, small, seen)

    def _sightings(self, time_s: float, small: Array, seen: Seen) -> Iterator[Sighting]:
        take = self.truth.takes[seen.instant.take]
        colours = [own_colour(thing) for thing in take.things] + [top_of(person) for person in take.people]
        alone = {c for c in colours if c and sum(o != "" and unlike(rgb_of(o), rgb_of(c)) < 1 for o in colours) == 1}
        for identity, count in zip(*np.unique(seen.ids, return_counts=True), strict=True):
            if identity < 0 or count < LEAST_PX:
                continue
            person = take.people[identity - PERSON] if identity >= PERSON else None
            if person is not None:
                mask = chest_of(self.truth, seen, int(identity) - PERSON)
                name, asked = person.name or person.id, top_of(person)
            else:
                thing = take.things[int(identity)]
                mask = np.asarray(seen.ids == identity)
                name, asked = thing.id.replace("_", " "), own_colour(thing)
            found = self._sighting(small, seen, int(identity), mask, asked, alone)
            if found is not None:
                yield Sighting(time_s=time_s, take=seen.instant.take, identity=int(identity), name=name, asked=asked,
                               **found)  # fmt: skip

    def _sighting(
        self, small: Array, seen: Seen, identity: int, mask: Array, asked: str, alone: set[str]
    ) -> dict[str, Any] | None:
        import cv2

        width = mask.shape[1]
        inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        core = inner if inner.sum() >= LEAST_PX else mask
        if core.sum() < LEAST_PX:
            return None
        y, x = np.nonzero(mask)
        colour = np.median(small[core], axis=0)
        own = (seen.ids == identity) | (seen.doubt if identity >= PERSON else False)
        near = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        ring = (cv2.dilate(near.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0) & ~near
        if not ring.any():
            return None
        off = np.abs(small[ring].astype(np.float32) - colour).max(axis=-1)
        place = self._find(small, seen, identity, mask, asked, alone=asked in alone) if asked else (0.0, 0.0)
        return {
            "expected": (float(x.mean()) / width, float(y.mean()) / width),
            "half_width": float(np.ptp(x) + 1) / 2 / width,
            "depth": float(np.median(seen.depth[mask])),
            "seen": bool((off > CONTRAST).mean() >= AROUND),
            "area": int(core.sum()),
            "colour": tuple(float(c) for c in colour),
            "found": None if place is None else ((x.mean() + place[0]) / width, (y.mean() + place[1]) / width),
        }

    def _find(
        self, small: Array, seen: Seen, identity: int, mask: Array, asked: str, *, alone: bool
    ) -> tuple[float, float] | None:
        """How far from its place [px] something of this shape and colour is; None where nothing looks like it.

        `alone`: nothing else has this colour, so what is found elsewhere is the thing.
        """
        import cv2

        likely = np.exp(-2 * unlike(small, rgb_of(asked)) ** 2).astype(np.float32)
        y, x = np.nonzero(mask)
        room = 3
        piece = mask[max(y.min() - room, 0) : y.max() + 1 + room, max(x.min() - room, 0) : x.max() + 1 + room]
        outside = ~(cv2.dilate(piece.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        kernel = piece / max(piece.sum(), 1) - (outside / outside.sum() if outside.any() else 0.0)
        if piece.shape[0] >= likely.shape[0] or piece.shape[1] >= likely.shape[1]:
            return None
        response = cv2.matchTemplate(likely, kernel.astype(np.float32), cv2.TM_CCORR)
        top, left = max(int(y.min()) - room, 0), max(int(x.min()) - room, 0)
        here = _most(response, left, top)
        if here >= LIKE:
            return 0.0, 0.0
        if not alone or mask.sum() < PLENTY_PX:
            return None
        # A bush may be as green as a jersey: it is looked for only where the others should be, and as in a mirror.
        middle, width = float(x.mean()), mask.shape[1]
        aims = [(width - 1 - middle, float(y.mean()))]
        for other in np.unique(seen.ids):
            if other >= 0 and other != identity:
                rows, columns = np.nonzero(seen.ids == other)
                aims.append((float(columns.mean()), float(rows.mean())))
        offsets = [(round(u - middle), round(v - float(y.mean()))) for u, v in aims]
        likes = [_most(response, left + dx, top + dy) for dx, dy in offsets]
        best = int(np.argmax(likes))
        sure = likes[best] >= SURELY and likes[best] > ELSEWHERE * here
        return (float(offsets[best][0]), float(offsets[best][1])) if sure else None


def _most(response: Array, left: int, top: int) -> float:
    """The largest response near a place; 0 outside the picture."""
    reach = NEAR_PX
    piece = response[max(top - reach, 0) : max(top + reach + 1, 0), max(left - reach, 0) : max(left + reach + 1, 0)]
    return float(piece.max()) if piece.size else 0.0


def seen_in(truth: Truth, picture: Picture, instant: Instant, size: tuple[int, int]) -> Seen:
    """What a picture should show; worked out once for everybody."""
    key = f"seen {size[0]}x{size[1]}"
    if key not in picture.shared:
        picture.shared[key] = see(truth, instant, size)
    found: Seen = picture.shared[key]
    return found


def chest_of(truth: Truth, seen: Seen, person: int) -> Array:
    """(H, W) bool: pixels of a person's chest and belly."""
    samples, shows = seen.samples(person), seen.shows(person)
    if not len(samples):
        return np.zeros(seen.ids.shape, dtype=bool)
    figure = truth.body(seen.instant.take, person)
    chest = of_bone(figure, *CHEST)
    own = chest[figure.faces[samples[:, 0].astype(np.int64), 0]]
    return np.asarray((shows >= 0) & own[np.maximum(shows, 0)])


def own_colour(thing: Thing) -> str:
    """The colour a thing shows; "" if it shows what is behind it, or has several."""
    if thing.shape == "compound" or library.material(thing.material).transmission > 0.3:
        return ""
    return thing.colour


def top_of(person: Person) -> str:
    """Colour of what is worn outermost on the chest; "" if nothing that is known, or if it has several."""
    best, colour = -1, ""
    for worn in person.wardrobe:
        try:
            entry = library.garment(worn["kind"])
        except InputError:
            continue
        if entry.cut.get("covers") in ("top", "dress", "one_piece", "apron") and entry.layer > best:
            best, colour = entry.layer, str(worn["colour"]) if worn.get("pattern", "plain") == "plain" else ""
    return colour
