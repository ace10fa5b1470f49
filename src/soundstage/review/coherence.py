"""Does the picture hang together: surfaces keep their look as they move, the still stays still, places come back?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .footage import Facts, Picture
from .rows import Moment, Row, not_measurable
from .sightings import WIDEST, seen_in
from .surfaces import NOBODY, PERSON, Seen, flow, of_bone, see
from .truth import Instant, Truth, View

Array = NDArray[Any]

KEYS = ("flow_error", "static_flicker", "revisit_psnr", "revisit_ssim")

EVERY_WITH_PEOPLE = 6
"""One in so many pairs is compared where people have to be drawn."""
AROUND_PX = 3
"""Kept from the outline of what moves [px of the smaller picture]: its edges are mixtures."""
LIMB_STEP_M = 0.12
"""A step in depth on one person that is an arm before the chest, not the chest's own slope."""
FEWEST = 500
"""Pixels that a comparison needs."""
MOST_VIEWS = 16
NEXT = 3
"""Pictures may be so far apart to count as consecutive: some may be missing."""


@dataclass(frozen=True, kw_only=True)
class _Last:
    """The picture before."""

    instant: Instant
    small: Array
    seen: Seen | None


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """The last picture before the camera left a view."""

    view: View
    time_s: float
    luma: Array
    still: Array


class Coherence:
    """Compares each picture with the next, and with what was seen from the same place before."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        wide = min(WIDEST, truth.size[0])
        self.size = (wide, max(2, round(truth.size[1] * wide / truth.size[0])))
        self.squares, self.count = 0.0, 0
        self.flows: list[Moment] = []
        self.stills: list[Moment] = []
        self.revisits: list[tuple[Moment, float]] = []
        self.last: _Last | None = None
        self.before: tuple[Picture, Instant] | None = None
        self.left: list[_Visit] = []
        self.pictures = 0

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None:
            self.last = self.before = None
            return
        self._revisit(picture, instant)
        self.before = (picture, instant)
        people = bool(self.truth.takes[instant.take].people)
        turn = self.pictures % EVERY_WITH_PEOPLE if people else 0
        self.pictures += 1
        if people and turn > 1:
            self.last = None
            return
        import cv2

        small = cv2.resize(picture.rgb, self.size, interpolation=cv2.INTER_AREA).astype(np.float32)
        seen = seen_in(self.truth, picture, instant, self.size)
        last = self.last
        if last is not None and last.seen is not None and self._follows(last.instant, instant):
            self._compare(picture.time_s, last, small, seen)
        self.last = _Last(instant=instant, small=small, seen=seen)

    def _follows(self, before: Instant, now: Instant) -> bool:
        if before.take != now.take or not 0 < now.row - before.row <= NEXT:
            return False
        shot = self.truth.takes[now.take].camera.shot
        return bool(shot[before.row] == shot[now.row])

    # ── from picture to picture ─────────────────────────────────────────────────────────────────────────────────────

    def _compare(self, time_s: float, last: _Last, small: Array, seen: Seen) -> None:
        import cv2

        assert last.seen is not None
        height, width = small.shape[:2]
        move = flow(self.truth, last.seen, seen.instant)
        known = np.isfinite(move[..., 0]) & ~last.seen.doubt & ~self._hair(last.seen)
        locked = last.seen.view.same(seen.view)
        if locked:  # the set that nobody knows stands still then
            known |= (last.seen.ids == NOBODY) & ~last.seen.doubt
            move = np.where(np.isfinite(move), move, 0.0).astype(np.float32)
        else:
            move = np.nan_to_num(move, nan=0.0)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        to_x, to_y = x + move[..., 0], y + move[..., 1]
        warped = cv2.remap(small, to_x, to_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        column, row = np.rint(to_x).astype(int), np.rint(to_y).astype(int)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        column, row = np.clip(column, 0, width - 1), np.clip(row, 0, height - 1)
        same = inside & (seen.ids[row, column] == last.seen.ids) & ~seen.doubt[row, column]
        edges = _outlines(last.seen)
        there = _outlines(seen)[row, column]
        good = known & same & ~edges & ~there
        if good.sum() >= FEWEST:
            squares = ((warped - last.small) ** 2).mean(axis=-1)[good]
            self.squares += float(squares.sum())
            self.count += int(good.sum())
            error = float(np.sqrt(squares.mean()))
            self.flows.append(Moment(time_s=time_s, what=f"surfaces change by {error:.2f} codes", offset=error))
        if locked:
            still = good & (np.hypot(move[..., 0], move[..., 1]) < 0.02)
            if still.sum() >= FEWEST:
                change = float(np.abs(small - last.small).mean(axis=-1)[still].mean())
                what = f"what stands still changes by {change:.2f} codes"
                self.stills.append(Moment(time_s=time_s, what=what, offset=(255 - change) / 255))

    def _hair(self, seen: Seen) -> Array:
        """(H, W) bool: pixels of heads that are not face, where hair is."""
        hair = np.zeros(seen.ids.shape, dtype=bool)
        for person in range(len(self.truth.takes[seen.instant.take].people)):
            shows = seen.shows(person)
            figure = self.truth.body(seen.instant.take, person)
            bald = ~of_bone(figure, "head") | (figure.masks["face"] > 0.5)
            samples = seen.samples(person)
            if len(samples):
                covered = ~bald[figure.faces[samples[:, 0].astype(np.int64), 0]]
                hair |= (shows >= 0) & covered[np.maximum(shows, 0)]
        return hair

    # ── seen again ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _revisit(self, picture: Picture, instant: Instant) -> None:
        if self.before is None:
            return
        last, then = self.before
        view, gone = self.truth.view(instant), self.truth.view(then)
        if view.same(gone) and then.take == instant.take:
            return
        known = [v for v in self.left if v.view.same(view)]
        if known:
            visit = known[-1]
            still = visit.still & self._still(instant)
            if still.sum() >= FEWEST:
                psnr, ssim = _likeness(visit.luma, picture.luma, still)
                what = f"as at {visit.time_s:.2f} s: {psnr:.1f} dB"
                self.revisits.append((Moment(time_s=picture.time_s, what=what, offset=psnr), ssim))
        self.left = [v for v in self.left if not v.view.same(gone)][-MOST_VIEWS + 1 :]
        self.left.append(_Visit(view=gone, time_s=last.time_s, luma=last.luma, still=self._still(then)))

    def _still(self, instant: Instant) -> Array:
        """(H, W) bool: pixels where nothing is that ever moves."""
        import cv2

        seen = see(self.truth, instant, self.size)
        things = self.truth.takes[instant.take].things
        fixed = [NOBODY, *(n for n, thing in enumerate(things) if thing.fixed)]
        moves = (~np.isin(seen.ids, fixed) | seen.doubt).astype(np.uint8)
        wide = cv2.dilate(moves, np.ones((2 * AROUND_PX + 1,) * 2, np.uint8))
        return np.asarray(cv2.resize(wide, self.truth.size, interpolation=cv2.INTER_NEAREST) == 0)

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[Row]:
        """All of it."""
        if self.count:
            series = {"time_s": [m.time_s for m in self.flows], "codes": [m.offset or 0.0 for m in self.flows]}
            worst = max(self.flows, key=lambda m: m.offset or 0.0)
            yield Row(
                key="flow_error",
                value=float(np.sqrt(self.squares / self.count)),
                worst=worst,
                moments=tuple(self.flows),
                series=series,
            )
        else:
            yield not_measurable("flow_error", "no surface that is known is seen in two pictures")
        if self.stills:
            worst = min(self.stills, key=lambda m: m.offset or 0.0)
            value = float(np.mean([m.offset or 0.0 for m in self.stills]))
            yield Row(key="static_flicker", value=value, worst=worst, moments=tuple(self.stills))
        else:
            yield not_measurable("static_flicker", "the camera never stands still")
        if self.revisits:
            moments = tuple(moment for moment, _ in self.revisits)
            worst = min(moments, key=lambda m: m.offset or 0.0)
            yield Row(key="revisit_psnr", value=worst.offset, worst=worst, moments=moments)
            yield Row(key="revisit_ssim", value=min(ssim for _, ssim in self.revisits), worst=worst)
        else:
            yield not_measurable("revisit_psnr", "the camera never comes back to a view")
            yield not_measurable("revisit_ssim", "the camera never comes back to a view")


def _outlines(seen: Seen) -> Array:
    """(H, W) bool: pixels near a change of what is shown, or where one limb hides another."""
    import cv2

    kernel = np.ones((2 * AROUND_PX + 1,) * 2, np.uint8)
    edge = cv2.dilate(seen.ids, kernel) != cv2.erode(seen.ids, kernel)
    depth = np.where(np.isfinite(seen.depth) & (seen.ids >= PERSON), seen.depth, 0).astype(np.float32)
    return np.asarray(edge | (cv2.dilate(depth, kernel) - cv2.erode(depth, kernel) > LIMB_STEP_M))


def _likeness(one: Array, other: Array, where: Array) -> tuple[float, float]:
    """PSNR [dB] (at most 99) and SSIM of two pictures (H, W), 0…255, over some of their pixels."""
    import cv2

    error = float(((one - other)[where] ** 2).mean())
    psnr = 99.0 if error < 1e-6 else min(99.0, 10 * float(np.log10(255**2 / error)))

    def mean(values: Array) -> Array:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5))

    a, b = mean(one), mean(other)
    aa: Array = mean(one * one) - a * a
    bb: Array = mean(other * other) - b * b
    ab: Array = mean(one * other) - a * b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    map_ = (2 * a * b + c1) * (2 * ab + c2) / ((a * a + b * b + c1) * (aa + bb + c2))
    inner = cv2.erode(where.astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
    return psnr, float(map_[inner if inner.any() else where].mean())


def make(facts: Facts, truth: Truth | None) -> Coherence | None:
    """Nothing to compare without a Take or a picture."""
    return Coherence(truth) if truth is not None and facts.has_picture else None
