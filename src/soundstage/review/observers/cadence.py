"""Cadence: pictures shown twice, pictures that are missing, films that freeze, motion that is uneven.

For a few pictures nearly everything moves with even acceleration: a pan, a person's trunk, a ball in flight. If the
clock of the film jumps, all of it jumps at once, in proportion to its speed. So the way of each thing over six pictures
is fitted with a parabola in time, once with the film's clock and once with one that jumps or halts between the third
and the fourth; where all things together fit the latter much better, pictures are missing or repeated. What is struck
or turns fits neither clock, and so says nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row
from ._blobs import blobs_of
from ._tracks import camera_still, tracks_of

Array = NDArray[Any]

KEYS = ("repeats", "drops", "freeze", "smoothness")

STEPS = 5
"""The way of a thing is looked at over so many steps; the middle one is in question."""
MOVES_PX = 0.7
"""What goes less far from picture to picture does not count as moving [px of the small picture]."""
POINT_PX, BLOB_PX, FOLLOWED = 0.12, 0.3, 0.02
"""How exactly a point and a blob are followed, root mean square: so far, and so much of a step more [small px]."""
CAP = 9.0
"""What fits worse than this [(px over exactness)²] fits not at all, and how badly says no more."""
BEND = 0.24
"""A clock that jumps by one picture bends a way by this part of a step off its best parabola, root mean square."""
EVEN = 0.06
"""To the other clock a way must fit to this part of a step: a nod is a sudden step between slower ones, too."""
ENOUGH, MAJORITY = 15.0, 0.5
"""So much better the other clock must fit, all things together, and this part of how much better it could."""
MISSING = (1, 2, 3)
"""So many pictures may be missing in one place."""
SAME_CODES, SAME_PART = 4.0, 0.15
"""A picture may be a repeat if no part of it changed by more codes, nor by more of what changed before."""
FREEZE_S, RESUMES = 0.15, 0.5
"""So long a halt is a freeze [s], if what moved evenly stops at once and then at once moves this part as much."""
FEWEST = 4
"""Pictures (of smoothness: things) that must be judged so that anything can be said."""


@dataclass(frozen=True)
class Movers:
    """Everything that is followed, points and blobs, and how far each went since the picture before."""

    names: Array  # (N,) int64; blobs have negative ones
    exact: Array  # (N,): how exactly it is followed [px of the small picture]
    step: Array  # (N, 2) [px of the small picture]; NaN: it was not there


def movers_of(picture: Picture) -> Movers:
    """Points and blobs of a picture together; of a moving camera, blobs are nothing."""
    known: Movers | None = picture.shared.get("movers")
    if known is None:
        tracks, blobs = tracks_of(picture), blobs_of(picture)
        ratio = blobs.scale / tracks.scale
        things = [blob for blob in blobs.blobs if blob.step] if camera_still(tracks) is not False else []
        names = np.array([-1 - blob.name for blob in things], dtype=np.int64)
        step = np.array([blob.step for blob in things], dtype=float).reshape(-1, 2) * ratio
        known = picture.shared["movers"] = Movers(
            np.concatenate([tracks.ids, names]),
            np.concatenate([np.full(len(tracks.ids), POINT_PX), np.full(len(things), BLOB_PX)]),
            np.concatenate([tracks.steps[:, -1], step]),
        )
    return known


class Cadence:
    """Watches how regularly things move on."""

    def __init__(self, facts: Facts) -> None:
        self.fps = facts.fps or 25.0
        self.pictures = 0
        self.judged = 0
        self.repeats: list[Moment] = []
        self.frozen: list[Moment] = []
        self.drops: list[Moment] = []
        self.uneven: list[tuple[float, float]] = []
        # Of the last pictures that were no repeats of the one before:
        self.times: deque[float] = deque(maxlen=STEPS)
        self.halts: deque[int] = deque(maxlen=STEPS)  # how many repeats came before each
        self.names = np.zeros(0, dtype=np.int64)
        self.exact = np.zeros(0)
        self.steps = np.zeros((0, STEPS, 2))
        self.change = 0.0
        self.waiting = 0  # repeats since the last of them
        self.steady = 0.0  # how surely things moved evenly until it

    def look(self, picture: Picture) -> None:
        self.pictures += 1
        if picture.before is None:
            return
        change = _change(picture)
        if change < SAME_CODES and change < SAME_PART * self.change:
            self.waiting += 1
            return
        if self._long(self.waiting) and self.steady >= ENOUGH and change > RESUMES * self.change:
            self._repeated(self.waiting, picture.time_s)
        self._remember(movers_of(picture), picture.time_s)
        self.change, self.waiting, self.steady = change, 0, 0.0
        if len(self.times) == STEPS:
            self._judge()
            self._unevenness()

    def _remember(self, movers: Movers, time_s: float) -> None:
        self.times.append(time_s)
        self.halts.append(self.waiting)
        steps = np.full((len(movers.names), STEPS, 2), np.nan)
        _, old, new = np.intersect1d(self.names, movers.names, return_indices=True)
        steps[new, :-1] = self.steps[old, 1:]
        steps[:, -1] = movers.step
        self.names, self.exact, self.steps = movers.names, movers.exact, steps

    # ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _judge(self) -> None:
        """Does the clock jump or halt in the middle step?"""
        known = np.isfinite(self.steps).all(axis=(1, 2))
        steps, exact = self.steps[known], self.exact[known]
        halted = self.halts[STEPS // 2]
        speed = np.hypot(*np.moveaxis(steps, 2, 0))
        exact = exact + FOLLOWED * speed.mean(axis=1)
        even = (_off(steps) < 2 * exact) & (speed[:, -1] > MOVES_PX)
        self.steady = float(np.minimum((BEND * speed[even, -1] / exact[even]) ** 2, CAP).sum())
        if self._long(halted):
            return  # nothing can be followed over a long halt
        pace = (speed[:, STEPS // 2 - 1] + speed[:, STEPS // 2 + 1]) / 2
        power = np.where(speed[:, STEPS // 2] > MOVES_PX, np.minimum((BEND * pace / exact) ** 2, CAP), 0.0)
        own = np.minimum((_off(steps, halted) / exact) ** 2, CAP)
        better: dict[int, float] = {}
        follows = own < CAP
        strict = np.minimum(exact, EVEN * pace) + 1e-9
        for gap in self._gaps(halted):
            other = np.minimum((_off(steps, 0, gap) / strict) ** 2, CAP)
            follows |= other < CAP
            better[gap] = float(np.sum((own - other)[power > 0]))
        if power[follows].sum() < ENOUGH:
            return
        self.judged += 1
        gap = max(better, key=lambda gap: better[gap])
        if better[gap] < max(ENOUGH, MAJORITY * float(power.sum())):
            return
        if halted:
            self._repeated(halted, self.times[STEPS // 2])
        else:
            self._missing(gap - 1)

    def _gaps(self, halted: int) -> tuple[int, ...]:
        """How far the clock may go in the middle step: after repeats it goes on, or has gone on meanwhile."""
        return (1, halted + 1) if halted else tuple(1 + missing for missing in MISSING)

    def _long(self, halted: int) -> bool:
        return halted / self.fps >= FREEZE_S

    def _repeated(self, count: int, until_s: float) -> None:
        start_s = until_s - count / self.fps
        if self._long(count):
            length_s = count / self.fps
            self.frozen.append(Moment(time_s=start_s, what=f"frozen for {length_s:.2f} s", offset=length_s))
        times = [start_s + n / self.fps for n in range(count)]
        self.repeats += [Moment(time_s=time_s, what="the picture before is shown again") for time_s in times]

    def _missing(self, count: int) -> None:
        what = f"{count} picture{'s are' if count > 1 else ' is'} missing: everything that moves jumps"
        self.drops.append(Moment(time_s=self.times[STEPS // 2], what=what, offset=float(count)))

    # ── smoothness ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _unevenness(self) -> None:
        """How much of a step is neither even motion nor even acceleration: the third difference of places."""
        with np.errstate(invalid="ignore"):
            one, two, three = (self.steps[:, n] for n in (-3, -2, -1))
            length = (np.hypot(*one.T) + np.hypot(*two.T) + np.hypot(*three.T)) / 3
            moving = length > 1.5 * MOVES_PX
        if np.count_nonzero(moving) < FEWEST:
            return
        jerk = np.hypot(*(one - 2 * two + three)[moving].T) / length[moving]
        self.uneven.append((self.times[-2], float(np.median(jerk))))

    # ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> list[Row]:
        """Its four rows."""
        if self.pictures < STEPS + 2:
            return [Row(key=key, value=None, why="the film has too few pictures") for key in KEYS]
        if self.judged < FEWEST:
            why = "nothing in the film moves fast and evenly for long enough"
            return [Row(key=key, value=None, why=why) for key in KEYS]
        why = f"could be judged in {self.judged} of {self.pictures} pictures"
        longest = max(self.frozen, key=lambda m: m.offset or 0.0, default=None)
        freeze_s = (longest.offset or 0.0) if longest else 0.0
        return [
            _counted("repeats", self.repeats, why),
            Row(key="freeze", value=freeze_s, why=why, worst=longest, moments=tuple(self.frozen)),
            _counted("drops", self.drops, why),
            self._smoothness(),
        ]

    def _smoothness(self) -> Row:
        if len(self.uneven) < FEWEST:
            return Row(key="smoothness", value=None, why="too little in the film moves")
        times, values = np.array(self.uneven).T
        worst = int(np.argmax(values))
        moment = Moment(time_s=float(times[worst]), what="the least even motion", offset=float(values[worst]))
        series = {"time_s": times.round(4).tolist(), "unevenness": values.round(4).tolist()}
        return Row(key="smoothness", value=float(np.median(values)), worst=moment, series=series)


def _counted(key: str, moments: list[Moment], why: str) -> Row:
    worst = moments[0] if moments else None
    return Row(key=key, value=float(len(moments)), why=why, worst=worst, moments=tuple(moments))


def _off(steps: Array, halts: int = 0, gap: int = 1) -> Array:
    """How far each way (N, STEPS, 2) lies off the parabola that fits it best, root mean square [px].

    In the middle step the clock goes on by `gap` pictures; before it, things stand still for `halts` pictures.
    """
    middle = STEPS // 2
    places = np.concatenate([np.zeros((len(steps), 1, 2)), np.cumsum(steps, axis=1)], axis=1)
    if halts:
        stand = np.repeat(places[:, middle : middle + 1], halts, axis=1)
        places = np.concatenate([places[:, : middle + 1], stand, places[:, middle + 1 :]], axis=1)
    times = np.arange(places.shape[1], dtype=float)
    times[middle + halts + 1 :] += gap - 1
    rest = np.einsum("ij,njk->nik", _rest(tuple(times)), places)
    freedom = 2.0 * (len(times) - 3)
    return np.asarray(np.sqrt(np.sum(rest**2, axis=(1, 2)) / freedom))


@cache
def _rest(times: tuple[float, ...]) -> Array:
    """Matrix from places to what a parabola in time leaves of them."""
    basis = np.vander(np.array(times) - times[-1] / 2, 3)
    return np.eye(len(times)) - basis @ np.linalg.pinv(basis)


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
