"""Are people the same in the last shot as in the first, and is every head there that should be?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body.skeleton import BONE_INDEX
from .colours import direction
from .footage import Facts, Picture
from .rows import Moment, Row, not_measurable
from .sightings import CHEST, EVERY_S, WIDEST, seen_in
from .surfaces import PERSON, Seen, of_bone
from .truth import Truth

Array = NDArray[Any]

KEYS = ("identity_drift", "heads")

PARTS = {
    "head": ("head",),
    "chest": CHEST,
    "legs": ("upperleg01.L", "upperleg01.R", "upperleg02.L", "upperleg02.R"),
}
LEADERS = {"head": "head", "chest": "spine02", "legs": "upperleg01.L"}
"""The bone that tells how a part is turned."""
FEWEST = 40
"""Places of a part that both shots must show."""
TURNED_DEG = 12.0
"""A part that is turned further than this has other light on it."""
KEPT_LOOKS = 6
"""Of a shot."""
SIZES = 2.5
"""Ratio of sizes in the picture up to which colours can be compared."""
LEAST_SIZE = 100.0
"""Pixels per metre of a person whose colours can be told apart from what is beside them."""
APART_S = 0.7
"""Looks that are compared are so far apart in time."""
FLUSH_M = 0.02
"""A place is seen if nothing known lies this much nearer."""
LEAST_HEAD_PX = 30
HEAD_TURNED_DEG, HEAD_LIT = 15.0, 3.0
"""A face whose colour is this far from its usual one, or whose brightness changes so many times, is not that face."""


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How a person looks in one picture."""

    time_s: float
    shot: tuple[int, int]
    light: tuple[str, str]
    colours: Array
    """(V, 3) float32 of the places of the skin; NaN where they are not seen."""
    turned: dict[str, Array]
    """Rotation (3, 3) of each part in the world."""
    size: float
    """Pixels per metre."""


class People:
    """Looks at people now and then."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        wide = min(WIDEST, truth.size[0])
        self.size = (wide, max(2, round(truth.size[1] * wide / truth.size[0])))
        self.first: dict[str, list[_Look]] = {}
        self.last: dict[str, list[_Look]] = {}
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
            face = self.truth.body(instant.take, person).masks["face"] > 0.5
            head = face & self._part(instant.take, person, "head") & np.isfinite(look.colours[:, 0])
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
        shown_at = self.truth.poses(instant.take, instant.middle)
        bones = self.truth.body(instant.take, person).fk(shown_at.root[0, person], shown_at.joints[0, person])
        return _Look(
            time_s=time_s,
            shot=(instant.take, int(take.camera.shot[instant.row])),
            light=(take.place.set, take.place.time_of_day),
            colours=colours,
            turned={part: bones[BONE_INDEX[bone], :3, :3] for part, bone in LEADERS.items()},
            size=size,
        )

    def _keep(self, who: str, look: _Look) -> None:
        """Some looks of the first shot with a person, and some of the last; of one shot, its beginning and end."""
        first = self.first.setdefault(who, [])
        if not first or (first[0].shot == look.shot and len(first) < KEPT_LOOKS):
            first.append(look)
        last = self.last.setdefault(who, [])
        if last and last[-1].shot != look.shot:
            last.clear()
        last.append(look)
        del last[:-KEPT_LOOKS]

    def _part(self, take: int, person: int, part: str) -> Array:
        return of_bone(self.truth.body(take, person), *PARTS[part])

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[Row]:
        """All of it."""
        moments, reasons = [], []
        for who, first in self.first.items():
            moment, why = self._drift(who, first, self.last[who])
            if moment is not None:
                moments.append(moment)
            else:
                reasons.append(why)
        if moments:
            worst = max(moments, key=lambda m: m.offset or 0.0)
            yield Row(key="identity_drift", value=worst.offset, worst=worst, moments=tuple(moments))
        else:
            yield not_measurable("identity_drift", "; ".join(reasons) or "nobody is large enough in the picture")
        yield self._heads()

    def _drift(self, who: str, first: list[_Look], last: list[_Look]) -> tuple[Moment | None, str]:
        """Earth mover's distance between the colours of the places both show [% of full scale], of the worst part."""
        pairs = [(one, other) for one in first for other in last if other.time_s - one.time_s >= APART_S]
        if not pairs:
            return None, f"{who} is seen too briefly"
        pairs = [(a, b) for a, b in pairs if a.light == b.light and max(a.size, b.size) < SIZES * min(a.size, b.size)]
        if not pairs:
            return None, f"{who} stands in other light, or is much larger in one shot"
        take = first[0].shot[0]
        person = [p.id for p in self.truth.takes[take].people].index(who)
        worst: Moment | None = None
        for part in PARTS:
            one, other = min(pairs, key=lambda pair: _turn(pair[0].turned[part], pair[1].turned[part]))
            if _turn(one.turned[part], other.turned[part]) > TURNED_DEG:
                continue
            own = np.isfinite(one.colours[:, 0]) & np.isfinite(other.colours[:, 0]) & self._part(take, person, part)
            if own.sum() < FEWEST:
                continue
            apart = np.abs(np.sort(one.colours[own], axis=0) - np.sort(other.colours[own], axis=0))
            drift = float(apart.mean()) / 255 * 100
            if worst is None or drift > (worst.offset or 0.0):
                what = f"{who}'s {part} at {one.time_s:.1f} s and {other.time_s:.1f} s"
                worst = Moment(time_s=other.time_s, what=what, offset=drift)
        return worst, f"{who} never shows the same places turned alike"

    def _heads(self) -> Row:
        pictures: dict[float, list[tuple[str, bool]]] = defaultdict(list)
        for who, found in self.heads.items():
            usual = np.median([colour for _, colour in found], axis=0)
            for time_s, colour in found:
                pictures[time_s].append((who, _alike(colour, usual)))
        if not pictures:
            return not_measurable("heads", "nobody's head is large enough in the picture")
        moments = [
            Moment(time_s=t, what="not seen: " + ", ".join(who for who, there in people if not there))
            for t, people in sorted(pictures.items())
            if not all(there for _, there in people)
        ]
        value = 100 * (1 - len(moments) / len(pictures))
        return Row(key="heads", value=value, worst=moments[0] if moments else None, moments=tuple(moments))


def _alike(colour: Array, usual: Array) -> bool:
    """Whether a face is of its usual colour, lit more or less."""
    angle = np.degrees(np.arccos(np.clip(direction(colour) @ direction(usual), -1, 1)))
    light = float(np.mean(colour)) / max(float(np.mean(usual)), 1.0)
    return bool(angle < HEAD_TURNED_DEG and 1 / HEAD_LIT < light < HEAD_LIT)


def _turn(one: Array, other: Array) -> float:
    """Angle between two rotations [deg]."""
    return float(np.degrees(np.arccos(np.clip((np.trace(one.T @ other) - 1) / 2, -1, 1))))


def make(facts: Facts, truth: Truth | None) -> People | None:
    """Nobody to look at without a Take, a picture or people."""
    if truth is None or not facts.has_picture or not any(take.people for take in truth.takes):
        return None
    return People(truth)
