"""Are people the same in the last shot as in the first, and is every head there that should be?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .footage import Facts, Picture
from .rows import Moment, Row, not_measurable
from .sightings import CHEST, EVERY_S, WIDEST, seen_in
from .surfaces import PERSON, Seen, of_bone
from .truth import Truth, matrix

Array = NDArray[Any]

KEYS = ("identity_drift", "heads")

PARTS = {
    "head": ("head",),
    "chest": CHEST,
    "legs": ("upperleg01.L", "upperleg01.R", "upperleg02.L", "upperleg02.R"),
}
FEWEST = 40
"""Places of a part that both shots must show."""
TURNED_DEG = 40.0
"""People turned further from each other than this have other light on them."""
SIZES = 2.5
"""Ratio of sizes in the picture up to which colours can be compared."""
LEAST_SIZE = 70.0
"""Pixels per metre of a person whose colours can be told apart from what is beside them."""
FLUSH_M = 0.02
"""A place is seen if nothing known lies this much nearer."""
LEAST_HEAD_PX = 30
HEAD_CHANGE = 45.0
"""A head whose middle colour is this far from its usual one [8-bit levels] is not that head."""


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How a person looks in one picture."""

    time_s: float
    shot: tuple[int, int]
    light: tuple[str, str]
    colours: Array
    """(V, 3) float32 of the places of the skin; NaN where they are not seen."""
    heading: float
    """[deg]"""
    size: float
    """Pixels per metre."""


class People:
    """Looks at people now and then."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        wide = min(WIDEST, truth.size[0])
        self.size = (wide, max(2, round(truth.size[1] * wide / truth.size[0])))
        self.first: dict[str, _Look] = {}
        self.last: dict[str, _Look] = {}
        self.heads: dict[str, list[tuple[float, Array]]] = defaultdict(list)
        self._next = 0.0

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None or not self.truth.takes[instant.take].people:
            return
        if picture.time_s < self._next and not self.truth.cut_before(instant):
            return
        self._next = picture.time_s + EVERY_S
        import cv2

        small = cv2.resize(picture.rgb, self.size, interpolation=cv2.INTER_AREA).astype(np.float32)
        seen = seen_in(self.truth, picture, instant, self.size)
        for person, who in enumerate(self.truth.takes[instant.take].people):
            look = self._look(picture.time_s, small, seen, person)
            if look is None:
                continue
            self._keep(who.id, look)
            head = self._part(instant.take, person, "head") & np.isfinite(look.colours[:, 0])
            if head.sum() >= LEAST_HEAD_PX:
                self.heads[who.id].append((picture.time_s, np.median(look.colours[head], axis=0)))

    def _look(self, time_s: float, small: Array, seen: Seen, person: int) -> _Look | None:
        instant = seen.instant
        if not (seen.ids == PERSON + person).any():
            return None
        skin = self.truth.skin(instant.take, person, instant.middle)
        at = seen.view.project(skin)
        height, width = seen.ids.shape
        column, row = np.rint(at[:, 0]).astype(int), np.rint(at[:, 1]).astype(int)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height) & (at[:, 2] > 0)
        column, row = np.clip(column, 0, width - 1), np.clip(row, 0, height - 1)
        shown = inside & (seen.ids[row, column] == PERSON + person)
        shown &= (at[:, 2] < seen.depth[row, column] + FLUSH_M) & ~seen.doubt[row, column]
        colours = np.where(shown[:, None], small[row, column], np.nan).astype(np.float32)
        size = seen.view.focal_px / float(np.median(at[shown, 2])) if shown.any() else 0.0
        if size < LEAST_SIZE:
            return None
        take = self.truth.takes[instant.take]
        facing = matrix(self.truth.poses(instant.take, instant.middle).joints[0, person, 0]) @ [0.0, -1.0, 0.0]
        return _Look(
            time_s=time_s,
            shot=(instant.take, int(take.camera.shot[instant.row])),
            light=(take.place.set, take.place.time_of_day),
            colours=colours,
            heading=float(np.degrees(np.arctan2(facing[1], facing[0]))),
            size=size,
        )

    def _keep(self, who: str, look: _Look) -> None:
        """Of the first shot with a person the picture that shows most, of the last one as well."""
        first, last = self.first.get(who), self.last.get(who)
        if first is None or (first.shot == look.shot and _shown(look) > 1.3 * _shown(first)):
            self.first[who] = look
        elif last is None or look.shot != last.shot or _shown(look) > 0.7 * _shown(last):
            self.last[who] = look

    def _part(self, take: int, person: int, part: str) -> Array:
        return of_bone(self.truth.body(take, person), *PARTS[part])

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[Row]:
        """All of it."""
        moments, reasons = [], []
        for who, first in self.first.items():
            last = self.last.get(who)
            drift, why = self._drift(who, first, last) if last else (None, f"{who} is seen too briefly")
            if drift is None or last is None:
                reasons.append(why)
                continue
            what = f"{who} at {first.time_s:.1f} s and {last.time_s:.1f} s"
            moments.append(Moment(time_s=last.time_s, what=what, offset=drift))
        if moments:
            worst = max(moments, key=lambda m: m.offset or 0.0)
            yield Row(key="identity_drift", value=worst.offset, worst=worst, moments=tuple(moments))
        else:
            yield not_measurable("identity_drift", "; ".join(reasons) or "nobody is large enough in the picture")
        yield self._heads()

    def _drift(self, who: str, first: _Look, last: _Look) -> tuple[float | None, str]:
        """Earth mover's distance between the colours of the places both show [% of full scale]."""
        if first.light != last.light:
            return None, f"{who} stands in other light"
        if abs((first.heading - last.heading + 180) % 360 - 180) > TURNED_DEG:
            return None, f"{who} is turned away from how they stood at first"
        if max(first.size, last.size) > SIZES * max(min(first.size, last.size), 1e-6):
            return None, f"{who} is much larger in one shot"
        take = first.shot[0]
        person = [p.id for p in self.truth.takes[take].people].index(who)
        both = np.isfinite(first.colours[:, 0]) & np.isfinite(last.colours[:, 0])
        drifts = []
        for part in PARTS:
            own = both & self._part(take, person, part)
            if own.sum() >= FEWEST:
                one, other = np.sort(first.colours[own], axis=0), np.sort(last.colours[own], axis=0)
                drifts.append(float(np.abs(one - other).mean()) / 255 * 100)
        return (max(drifts), "") if drifts else (None, f"{who} shows too little of the same places")

    def _heads(self) -> Row:
        pictures: dict[float, list[tuple[str, bool]]] = defaultdict(list)
        for who, found in self.heads.items():
            usual = np.median([colour for _, colour in found], axis=0)
            for time_s, colour in found:
                pictures[time_s].append((who, bool(np.abs(colour - usual).max() < HEAD_CHANGE)))
        if not pictures:
            return not_measurable("heads", "nobody's head is large enough in the picture")
        moments = [
            Moment(time_s=t, what="not seen: " + ", ".join(who for who, there in people if not there))
            for t, people in sorted(pictures.items())
            if not all(there for _, there in people)
        ]
        value = 100 * (1 - len(moments) / len(pictures))
        return Row(key="heads", value=value, worst=moments[0] if moments else None, moments=tuple(moments))


def _shown(look: _Look) -> int:
    return int(np.isfinite(look.colours[:, 0]).sum())


def make(facts: Facts, truth: Truth | None) -> People | None:
    """Nobody to look at without a Take, a picture or people."""
    if truth is None or not facts.has_picture or not any(take.people for take in truth.takes):
        return None
    return People(truth)
