"""Does each shot show whom it is about, unhidden; and do the shots go together? From the Take and its screenplay."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...screenplay.model import Shot
from ..footage import Facts, Picture
from ..rows import Moment, Row, not_measurable
from ..truth import Instant, Truth, View
from .sight import hidden
from .subjects import Subject, head_of, shot_of, subjects

Array = NDArray[Any]

KEYS = ("subjects_in_picture", "subject_hidden", "line_crossings", "jump_cuts")

TURNS_AWAY = ("pan", "tilt", "whip_pan")
"""Moves that may be asked to lose the subjects."""
HALF = 0.5
"""A subject is hidden if more than this part of it is."""
LEAST_DEG, LEAST_SIZE = 30.0, 1.4
"""What must change from shot to shot of the same subjects: direction of view, or size in the picture."""
ON_LINE_DEG, STEEP_DEG = 8.0, 60.0
"""A camera so near to the line between two people, or that looks down so steeply, is on neither side of it."""
APART_M = (0.2, 6.0)
"""Two who stand so far apart are seen as a pair."""
OTHER_VIEW_DEG, OTHER_VIEW = 0.5, 0.02
"""Less than this is no cut at all but the same view going on."""


class Framing:
    """Looks at the Take at the time of every picture."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.asked = self.inside = self.looked = self.covered = 0
        self.outs: list[Moment] = []
        self.hides: list[Moment] = []
        self.crossings: list[Moment] = []
        self.jumps: list[Moment] = []
        self.cuts = self.pairs = 0
        self.shown: dict[tuple[int, int], list[tuple[bool, Moment]]] = {}
        self.last: tuple[Instant, Shot] | None = None

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        shot = None if instant is None else shot_of(self.truth, instant)
        if instant is None or shot is None:
            self.last = None
            return
        view = self.truth.view(instant)
        asked = subjects(self.truth, instant, shot, view)
        if asked:
            self._frame(picture.time_s, instant, shot, view, asked)
        if self.last is not None and self._cut(self.last[0], instant):
            self._compare(picture.time_s, *self.last, instant, shot)
        self.last = instant, shot

    def _frame(self, time_s: float, instant: Instant, shot: Shot, view: View, asked: list[Subject]) -> None:
        missing = [subject for subject in asked if not _inside(view, subject.points)]
        names = ", ".join(subject.name for subject in missing)
        number = int(self.truth.takes[instant.take].camera.shot[instant.row])
        moment = Moment(time_s=time_s, what=f"not in the picture: {names}" if names else "all are in the picture")
        self.shown.setdefault((instant.take, number), []).append((not missing, moment))
        main = asked[0]
        if main in missing:
            return
        self.looked += 1
        part = hidden(self.truth, instant, view.position, view.turn, main)
        if part > HALF:
            self.covered += 1
            self.hides.append(Moment(time_s=time_s, what=f"{main.name} is hidden", offset=100 * part))

    # ── from shot to shot ───────────────────────────────────────────────────────────────────────────────────────────

    def _cut(self, before: Instant, now: Instant) -> bool:
        """Whether a new shot of the same scene begins here, while its time goes on."""
        shot = self.truth.takes[now.take].camera.shot
        return before.take == now.take and 0 < now.row - before.row <= 3 and bool(shot[before.row] != shot[now.row])

    def _compare(self, time_s: float, before: Instant, first: Shot, now: Instant, second: Shot) -> None:
        one, other = self.truth.view(before), self.truth.view(now)
        turned = _angle(-one.turn[:, 2], -other.turn[:, 2])
        if turned < OTHER_VIEW_DEG and np.linalg.norm(one.position - other.position) < OTHER_VIEW:
            return
        self.cuts += 1
        self._jump(time_s, before, first, one, now, second, other)
        self._line(time_s, first, one, now, second, other)

    def _jump(
        self, time_s: float, before: Instant, first: Shot, one: View, now: Instant, second: Shot, other: View
    ) -> None:
        same = set(first.camera.subjects) == set(second.camera.subjects)
        if not same or first.camera.framing != second.camera.framing:
            return
        shown = [subjects(self.truth, i, s, v) for i, s, v in ((before, first, one), (now, second, other))]
        if not all(shown):
            return
        a, b = (np.mean([s.centre for s in found], axis=0) for found in shown)
        turn = _angle(one.position - a, other.position - b)
        sizes = [view.focal_px / max(float(view.project(at)[2]), 0.05) for view, at in ((one, a), (other, b))]
        grown = max(sizes) / min(sizes)
        if turn < LEAST_DEG and grown < LEAST_SIZE:
            what = f"the same again from {turn:.0f}° aside, {grown:.2f} times as large"
            self.jumps.append(Moment(time_s=time_s, what=what, offset=turn))

    def _line(self, time_s: float, first: Shot, one: View, now: Instant, second: Shot, other: View) -> None:
        if "point_of_view" in (first.camera.framing, second.camera.framing):
            return
        take = self.truth.takes[now.take]
        meant = {*first.camera.subjects, *second.camera.subjects}
        people = [n for n, person in enumerate(take.people) if person.id in meant]
        for a, b in combinations(people, 2):
            heads = [head_of(self.truth, now, person)[0] for person in (a, b)]
            sides = [_side(view, *heads) for view in (one, other)]
            if 0 in sides:
                continue
            self.pairs += 1
            if sides[0] != sides[1]:
                names = " and ".join(take.people[n].id for n in (a, b))
                self.crossings.append(Moment(time_s=time_s, what=f"{names} change sides"))

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[Row]:
        """All of it."""
        if self.truth.screenplay is None:
            for key in KEYS:
                yield not_measurable(key, "the film carries no screenplay: what its shots are about is not known")
            return
        yield self._seen()
        if self.looked:
            worst = max(self.hides, key=lambda m: m.offset or 0.0, default=None)
            value = 100.0 * self.covered / self.looked
            yield Row(key="subject_hidden", value=value, worst=worst, moments=tuple(self.hides))
        else:
            yield not_measurable("subject_hidden", "no subject of a shot is in the picture")
        if not self.cuts:
            yield not_measurable("line_crossings", "no cut within a scene")
            yield not_measurable("jump_cuts", "no cut within a scene")
            return
        jumped = tuple(self.jumps)
        yield Row(key="jump_cuts", value=float(len(jumped)), worst=next(iter(jumped), None), moments=jumped)
        if not self.pairs:
            yield not_measurable("line_crossings", "no cut between shots of two people")
            return
        crossed = tuple(self.crossings)
        yield Row(key="line_crossings", value=float(len(crossed)), worst=next(iter(crossed), None), moments=crossed)

    def _seen(self) -> Row:
        good, outs = [], []
        for (take, number), pictures in self.shown.items():
            name = self.truth.takes[take].scene
            assert self.truth.screenplay is not None
            shot = [s for s in self.truth.screenplay.shots if s.scene == name][number]
            turns = any(move.kind in TURNS_AWAY for move in shot.camera.moves)
            if turns and any(seen for seen, _ in pictures):
                pictures = [entry for entry in pictures if entry[0]]  # it was asked to look elsewhere
            good += [seen for seen, _ in pictures]
            outs += [moment for seen, moment in pictures if not seen]
        if not good:
            return not_measurable("subjects_in_picture", "no shot names what it is about")
        value = 100 * float(np.mean(good))
        return Row(key="subjects_in_picture", value=value, worst=outs[0] if outs else None, moments=tuple(outs))


def _inside(view: View, points: Array) -> bool:
    at = view.project(points)
    low, high = -0.5, np.array(view.size) - 0.5
    return bool(np.all((at[:, 2] > 0.02) & np.all((at[:, :2] >= low) & (at[:, :2] <= high), axis=1)))


def _angle(one: Array, other: Array) -> float:
    """[deg]"""
    cosine = one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _side(view: View, one: Array, other: Array) -> int:
    """The side of the line between two people a camera is on, 1 or -1; 0 if on neither."""
    along, to = other[:2] - one[:2], view.position[:2] - (one[:2] + other[:2]) / 2
    apart, away = float(np.linalg.norm(along)), float(np.linalg.norm(to))
    if not APART_M[0] < apart < APART_M[1] or away < 1e-6 or view.turn[2, 2] > np.sin(np.radians(STEEP_DEG)):
        return 0
    sine = float(along[0] * to[1] - along[1] * to[0]) / (apart * away)
    return 0 if abs(sine) < np.sin(np.radians(ON_LINE_DEG)) else int(np.sign(sine))


def make(facts: Facts, truth: Truth | None) -> Framing | None:
    """Nothing to look at without a Take or a picture."""
    return Framing(truth) if truth is not None and facts.has_picture else None
