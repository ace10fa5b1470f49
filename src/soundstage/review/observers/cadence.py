"""Cadence: pictures shown twice, pictures that are missing, films that freeze, motion that is uneven.

What moves steadily tells: a missing picture doubles one step of it, a repeated one makes one step nothing. Both are
judged on many points at once, before and after, so a bounce, which also halts or turns a thing, is neither.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row
from ._blobs import blobs_of
from ._tracks import camera_still, tracks_of

Array = NDArray[Any]

KEYS = ("repeats", "drops", "freeze", "smoothness")

MOVES_PX = 0.7
"""What goes less far from picture to picture does not count as moving [px of the small picture]."""
ENOUGH = 5.0
"""Weight of what must agree; a point weighs 1, a blob 5."""
BLOB = 5.0
MOST_UNEVEN = 0.5
"""A steady thing's steps differ by no more than this part of their length."""
DOUBLED = (1.6, 4.6)
"""A step over one to three missing pictures is so many times its neighbours."""
MAJORITY = 0.6
SAME_CODES, SAME_PART = 4.0, 0.15
"""A picture may be a repeat if no part of it changed by more codes, nor by more of what changed before."""
FREEZE_S = 0.15
"""From here on a repeat is a freeze."""


@dataclass(frozen=True)
class _Movers:
    """Steps of everything that is followed: the last ones, the latest last."""

    names: Array  # (N,) int64; blobs have negative ones
    weight: Array  # (N,)
    steps: Array  # (N, 5, 2); NaN: not there


def movers_of(picture: Picture) -> _Movers:
    """Points and blobs of a picture together."""
    tracks, blobs = tracks_of(picture), blobs_of(picture)
    ratio = blobs.scale / tracks.scale
    known = [blob for blob in blobs.blobs if blob.steps] if camera_still(tracks) is not False else []
    steps = np.full((len(known), 5, 2), np.nan)
    for n, blob in enumerate(known):
        last = np.array(blob.steps[-5:]) * ratio
        steps[n, -len(last) :] = last
    names = np.array([-1 - blob.name for blob in known], dtype=np.int64)
    return _Movers(
        np.concatenate([tracks.ids, names]),
        np.concatenate([np.ones(len(tracks.ids)), np.full(len(known), BLOB)]),
        np.concatenate([tracks.steps[:, -5:], steps]),
    )


@dataclass
class _Halt:
    """Pictures that show the same as the one before, and what moved until then."""

    since: int
    time_s: float
    names: Array
    weight: Array
    steps: Array  # (N, 2): how far each went in the picture before
    length: int = 0


class Cadence:
    """Watches how regularly things move on."""

    def __init__(self, facts: Facts) -> None:
        self.fps = facts.fps or 25.0
        self.times: deque[float] = deque(maxlen=5)
        self.change = 0.0
        self.halt: _Halt | None = None
        self.repeats: list[Moment] = []
        self.frozen: list[Moment] = []
        self.drops: list[Moment] = []
        self.uneven: list[tuple[float, float]] = []
        self.judged = 0
        self.pictures = 0
        self._movers: _Movers | None = None

    def look(self, picture: Picture) -> None:
        self.pictures += 1
        self.times.append(picture.time_s)
        movers = movers_of(picture)
        if picture.before is not None:
            self._halting(picture, movers)
            if self.halt is None:
                self._drop(movers)
                self._unevenness(movers)
        self._movers = movers

    # ── repeats and freezes ─────────────────────────────────────────────────────────────────────────────────────────

    def _halting(self, picture: Picture, movers: _Movers) -> None:
        change = _change(picture)
        same = change < SAME_CODES and change < SAME_PART * self.change
        if same and self.halt is None and self._movers is not None:
            steps = self._movers.steps[:, -1]
            moving = _length(steps) > MOVES_PX
            last = self._movers
            self.halt = _Halt(picture.index, picture.time_s, last.names[moving], last.weight[moving], steps[moving])
        if same and self.halt is not None:
            self.halt.length += 1
            return
        if self.halt is not None:
            self._resume(self.halt, movers)
            self.halt = None
        self.change = change

    def _resume(self, halt: _Halt, movers: _Movers) -> None:
        """A halt between steps that go on as before is a repeat; one in which things come to rest or turn is none."""
        _, old, new = np.intersect1d(halt.names, movers.names, return_indices=True)
        before, after, weight = halt.steps[old], movers.steps[new, -1], halt.weight[old]
        if weight.sum() < ENOUGH:
            return
        ratio = np.sum(before * after, axis=1) / np.maximum(np.sum(before * before, axis=1), 1e-9)
        goes_on = (ratio > 0.4) & (ratio < 1.8 * (halt.length + 1)) & (_across(before, after) < 0.5)
        if np.sum(weight[goes_on]) < MAJORITY * weight.sum():
            return
        length_s = halt.length / self.fps
        if length_s >= FREEZE_S:
            self.frozen.append(Moment(time_s=halt.time_s, what=f"frozen for {length_s:.2f} s", offset=length_s))
        self.repeats += [
            Moment(time_s=halt.time_s + n / self.fps, what="the picture before is shown again")
            for n in range(halt.length)
        ]

    # ── missing pictures ────────────────────────────────────────────────────────────────────────────────────────────

    def _drop(self, movers: _Movers) -> None:
        if len(self.times) < 5:
            return
        steps, weight = movers.steps, movers.weight
        one, two, three, four, five = (steps[:, n] for n in range(5))
        mean = (two + four) / 2
        with np.errstate(invalid="ignore"):
            length = _length(mean)
            steady = (length > MOVES_PX) & np.isfinite(one[:, 0])
            for a, b in ((one, two), (two, four), (four, five)):
                steady &= _length(a - b) < MOST_UNEVEN * length
            ratio = np.sum(three * mean, axis=1) / np.maximum(length, 1e-9) ** 2
            skipped = steady & (ratio > DOUBLED[0]) & (ratio < DOUBLED[1]) & (_across(mean, three) < 0.4)
        total = float(weight[steady].sum())
        if total < ENOUGH:
            return
        self.judged += 1
        if weight[skipped].sum() >= MAJORITY * total:
            missing = max(1, round(float(np.median(ratio[skipped]))) - 1)
            what = f"{missing} picture{'s' if missing > 1 else ''} missing: everything that moves jumps"
            self.drops.append(Moment(time_s=self.times[-3], what=what, offset=float(missing)))

    # ── smoothness ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _unevenness(self, movers: _Movers) -> None:
        """How much of a step is neither even motion nor even acceleration: the third difference of places."""
        with np.errstate(invalid="ignore"):
            one, two, three = (movers.steps[:, n] for n in (-3, -2, -1))
            length = (_length(one) + _length(two) + _length(three)) / 3
            moving = length > 1.5 * MOVES_PX
        if movers.weight[moving].sum() < 2 * ENOUGH:
            return
        jerk = _length(one - 2 * two + three)[moving] / length[moving]
        self.uneven.append((self.times[-2], float(np.median(jerk))))

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> list[Row]:
        """Its four rows."""
        if self.pictures < 6:
            return [Row(key=key, value=None, why="the film has too few pictures") for key in KEYS]
        if not self.judged and not self.repeats:
            return [Row(key=key, value=None, why="nothing in the film moves steadily enough") for key in KEYS]
        longest = max(self.frozen, key=lambda m: m.offset or 0.0, default=None)
        return [
            _counted("repeats", self.repeats),
            Row(
                key="freeze",
                value=(longest.offset or 0.0) if longest else 0.0,
                worst=longest,
                moments=tuple(self.frozen),
            ),
            _counted("drops", self.drops)
            if self.judged
            else Row(key="drops", value=None, why="nothing moves steadily"),
            self._smoothness(),
        ]

    def _smoothness(self) -> Row:
        if len(self.uneven) < 5:
            return Row(key="smoothness", value=None, why="too little in the film moves")
        times, values = np.array(self.uneven).T
        worst = int(np.argmax(values))
        moment = Moment(time_s=float(times[worst]), what="the least even motion", offset=float(values[worst]))
        series = {"time_s": times.round(4).tolist(), "unevenness": values.round(4).tolist()}
        return Row(key="smoothness", value=float(np.median(values)), worst=moment, series=series)


def _counted(key: str, moments: list[Moment]) -> Row:
    return Row(key=key, value=float(len(moments)), worst=moments[0] if moments else None, moments=tuple(moments))


def _length(vectors: Array) -> Array:
    return np.asarray(np.hypot(vectors[..., 0], vectors[..., 1]))


def _across(along: Array, vectors: Array) -> Array:
    """How far vectors point away from a direction, as sine of the angle."""
    cross = along[:, 0] * vectors[:, 1] - along[:, 1] * vectors[:, 0]
    return np.asarray(np.abs(cross) / np.maximum(_length(along) * _length(vectors), 1e-9))


def _change(picture: Picture) -> float:
    """Mean change [codes] of the block of 8x8 pixels of the small picture that changed most."""
    import cv2

    assert picture.before is not None
    now, before = tracks_of(picture).small, tracks_of(picture.before).small
    if now.shape != before.shape:
        return 255.0
    difference = cv2.absdiff(now, before)
    size = max(1, difference.shape[1] // 8), max(1, difference.shape[0] // 8)
    return float(cv2.resize(difference.astype(np.float32), size, interpolation=cv2.INTER_AREA).max())


def make(facts: Facts, truth: object) -> Cadence | None:
    """An observer for any film with pictures."""
    return Cadence(facts) if facts.has_picture else None
