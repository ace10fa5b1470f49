"""Which onset is which strike, which strike is not heard, and which onset nothing explains.

How loud a strike should be at least is learnt from the film itself, from its fellows: strikes of the same two things.
Only one that would stand clearly over what is heard just before it must be heard; one that may drown is welcome if it
is heard and not missed if it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .hearing import BACK, GAP, HOP_S, SURE, Onset
from .strikes import Span, Stretches, Strike

Array = NDArray[Any]

WITHIN_S = 0.04
"""A strike and an onset further apart are two events."""
FARTHEST_S = 0.5
"""Sound that is off as a whole is found up to here."""
SHIFT_STEP_S, ALIKE_S, BETTER = 0.002, 0.004, 1.3
"""Offsets so alike speak for one shift; it must have so many times the votes that no shift has."""
MASK_S = (GAP + BACK) * HOP_S
"""Two strikes closer than this cannot be told apart for sure."""
ALONE_BEFORE_S, ALONE_AFTER_S = 0.05, 0.03
TOGETHER_S = 0.001
"""Strikes no further apart are one instant."""
BLURRED_S, FIRST = 0.015, 0.001
"""A strike so short before another is heard first, even if it has no more than this part of its energy."""
WEAKER = 0.05
"""A strike stands alone if none of more than this part of its energy is so short before it, and no stronger one so
short after it: what sets in first is then its own."""
OVER_NOISE_DB = 12.0
"""A strike must be heard if it should stand this far over what is heard just before it."""
STEEPEST = 2.0
STRANGER_DB = 10.0
"""How much softer than the softest of the other pairs a pair is taken to be that is never heard."""
LOUD_J, QUIET_DB = 0.05, -35.0
"""Where no strike at all is heard, those of this energy should be, if the film is no louder than this before them."""
ECHO_S, ECHO_DB = 0.25, 4.0
"""What follows a strike or an onset within this time and is so much softer is its echo, or its rattling."""
NOTHING_DB = -85.0
"""What rises from less is the beginning of the sound track, or of a scene, and no event."""
EDGE_S = 0.045
"""Nothing is asked of the very beginning and end."""


class Fate(Enum):
    """What became of a strike."""

    HEARD = "heard"
    MISSING = "missing"
    MASKED = "under speech"
    CROWDED = "too close to another to tell"
    FAINT = "too soft to be heard for sure"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A strike, and what is heard of it."""

    strike: Strike
    fate: Fate
    onset: Onset | None = None
    alone: bool = False
    """Whether the onset can only be this strike's (or of another at the same instant), so that its time is known."""
    single: bool = False
    """Whether what is heard is this strike alone."""

    @property
    def offset_s(self) -> float:
        """Onset minus strike; positive: the sound is late."""
        return self.onset.time_s - self.strike.time_s if self.onset else float("nan")


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A film's strikes and onsets, told apart."""

    heard: tuple[Heard, ...]
    """Every strike that is not at the film's very edge, in order."""
    extra: tuple[Onset, ...]
    """Sure onsets that nothing in the Takes explains."""
    shift_s: float
    """How late all sound is as a whole; 0 where it is not clearly off."""

    def of(self, fate: Fate) -> tuple[Heard, ...]:
        """Strikes of one fate."""
        return tuple(h for h in self.heard if h.fate is fate)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known about a film's sound."""

    strikes: Sequence[Strike]
    """In order of time, as are the onsets."""
    spans: Sequence[Span]
    onsets: Sequence[Onset]
    levels: Array
    """(N,) level of each millisecond over all bands [dB]."""
    end_s: float

    @cached_property
    def times(self) -> Array:
        """Of the onsets [s]."""
        return np.array([onset.time_s for onset in self.onsets])

    @cached_property
    def moments(self) -> Array:
        """Of the strikes [s]."""
        return np.array([strike.time_s for strike in self.strikes])

    @cached_property
    def spoken(self) -> Stretches:
        """Where somebody speaks."""
        return Stretches(span for span in self.spans if span.spoken)

    @cached_property
    def blurred(self) -> Stretches:
        """Where somebody speaks, or something rolls, slides or swishes."""
        return Stretches(self.spans)

    def near(self, time_s: float, before_s: float, after_s: float) -> range:
        """Rows of the strikes from so long before a time to so long after it."""
        return range(*np.searchsorted(self.moments, [time_s - before_s, time_s + after_s]))


def match(evidence: Evidence) -> Matched:
    """Tell strikes and onsets apart."""
    shift = shift_of(evidence)
    inner = [s for s in evidence.strikes if EDGE_S <= s.time_s + shift <= evidence.end_s - EDGE_S and s.time_s >= 0]
    extra = tuple(_extra(evidence, shift))
    evidence = replace(evidence, strikes=inner)
    found = [_onset_of(evidence, strike, shift) for strike in inner]
    fellows = _fellows(evidence, found, shift)
    heard = [
        _fate(evidence, index, onset, fellows, shift)
        for index, onset in enumerate(found)
        if inner[index].energy > 0 or onset
    ]
    return Matched(heard=tuple(heard), extra=extra, shift_s=shift)


def score(matched: Matched) -> tuple[float, int, int, int] | None:
    """F1 of events within ±40 ms, and how many are heard, missing and extra; None if there is nothing to judge.

    Strikes that cannot be told apart are one event. One that is heard at another time is missing where it is seen, and
    extra where it is heard.
    """
    heard, late, last = 0, 0, -np.inf
    for h in matched.of(Fate.HEARD):
        if h.strike.time_s - last > MASK_S:
            heard, late = (heard + 1, late) if abs(h.offset_s) <= WITHIN_S else (heard, late + 1)
        last = h.strike.time_s
    missing, extra = len(matched.of(Fate.MISSING)) + late, len(matched.extra) + late
    if heard + missing == 0:
        return None
    return 2 * heard / (2 * heard + missing + extra), heard, missing, extra


def shift_of(evidence: Evidence) -> float:
    """How late all sound is as a whole [s]: where most strikes find an onset; 0 unless that is clearly better."""
    most = max((s.energy for s in evidence.strikes), default=0.0)
    strikes = np.array([s.time_s for s in evidence.strikes if s.energy > 0 and s.energy >= 0.003 * most])
    onsets = [o for o in evidence.onsets if o.time_s not in evidence.spoken]
    if not len(strikes) or not onsets:
        return 0.0
    times = np.array([o.time_s for o in onsets])
    weight = np.array([min(o.strength / SURE, 1.0) for o in onsets])
    shifts = np.arange(-FARTHEST_S, FARTHEST_S + SHIFT_STEP_S / 2, SHIFT_STEP_S)
    votes = np.array([_votes(times - shift, weight, strikes) for shift in shifts]) * np.exp(-np.abs(shifts))
    best = int(np.argmax(votes))
    # Of one strike alone half a sure onset is enough; otherwise a third of what can agree, and more than one, must.
    enough = max(0.34 * min(len(strikes), len(onsets)), 1.2) if len(strikes) > 1 else 0.5
    if votes[best] < max(enough, BETTER * votes[np.abs(shifts) <= WITHIN_S / 2].max()):
        return 0.0
    apart = _to_nearest(times - shifts[best], strikes)
    return float(shifts[best] + np.median(apart[np.abs(apart) < 3 * ALIKE_S]))


def _votes(times: Array, weight: Array, strikes: Array) -> float:
    """How many onsets lie at strikes, each counted once however many strikes are there."""
    return float(np.sum(weight * np.exp(-0.5 * (_to_nearest(times, strikes) / ALIKE_S) ** 2)))


def _to_nearest(times: Array, strikes: Array) -> Array:
    """Time from the nearest strike to each of `times` [s]."""
    after = np.clip(np.searchsorted(strikes, times), 0, len(strikes) - 1)
    before = np.maximum(after - 1, 0)
    late, early = times - strikes[before], times - strikes[after]
    return np.asarray(np.where(np.abs(late) < np.abs(early), late, early))


def _onset_of(evidence: Evidence, strike: Strike, shift: float) -> Onset | None:
    """The onset nearest to where a strike should be heard."""
    wanted = strike.time_s + shift
    first, last = np.searchsorted(evidence.times, [wanted - WITHIN_S, wanted + WITHIN_S])
    return min(evidence.onsets[first:last], key=lambda onset: abs(onset.time_s - wanted), default=None)


def _alone(evidence: Evidence, index: int, *, strictly: bool = False) -> bool:
    """Whether no comparable strike is near; `strictly`: not even at the same instant."""
    strike = evidence.strikes[index]
    for row in evidence.near(strike.time_s, ALONE_BEFORE_S, ALONE_AFTER_S):
        other = evidence.strikes[row]
        apart = other.time_s - strike.time_s
        if row == index:
            continue
        if not strictly and abs(apart) <= TOGETHER_S:
            continue
        if -BLURRED_S < apart < 0 and other.energy > FIRST * strike.energy:
            return False
        if other.energy > strike.energy * (WEAKER if apart <= 0 else 1.0) or other.energy == 0:
            return False
    return True


Fellows = dict[tuple[str, ...], list[tuple[float, float]]]
"""Per pair, energy [dB re 1 J] and level [dB] of its strikes that are heard alone."""


def _fellows(evidence: Evidence, found: Sequence[Onset | None], shift: float) -> Fellows:
    seen: Fellows = {}
    for index, (strike, onset) in enumerate(zip(evidence.strikes, found, strict=True)):
        if onset is None or strike.energy <= 0 or strike.time_s + shift in evidence.spoken:
            continue
        if _alone(evidence, index, strictly=True):
            seen.setdefault(strike.pair, []).append((10 * float(np.log10(strike.energy)), onset.level_db))
    return seen


def _at_least(energy: float, fellows: Sequence[tuple[float, float]]) -> float:
    """Level [dB] that a strike has at least: a harder one is no softer than the fellow nearest in energy, a softer one
    falls off by the square of its energy (as the thump of a ball does; nothing falls faster)."""
    own = 10 * float(np.log10(energy))
    nearest, level = min(fellows, key=lambda fellow: abs(fellow[0] - own))
    return level + STEEPEST * min(own - nearest, 0.0)


def _noise(evidence: Evidence, time_s: float) -> float:
    """Highest level [dB] of the 36 ms before a time."""
    last = round(time_s / HOP_S) - GAP
    before = evidence.levels[max(0, last - BACK) : max(last, 1)]
    return float(before.max()) if len(before) else -np.inf


def _fate(evidence: Evidence, index: int, onset: Onset | None, fellows: Fellows, shift: float) -> Heard:
    strike = evidence.strikes[index]
    alone = _alone(evidence, index)
    if strike.time_s + shift in evidence.spoken:
        return Heard(strike=strike, fate=Fate.MASKED)
    if onset is not None:
        single = _alone(evidence, index, strictly=True)
        return Heard(strike=strike, fate=Fate.HEARD, onset=onset, alone=alone, single=single)
    if not alone:
        return Heard(strike=strike, fate=Fate.CROWDED)
    return Heard(strike=strike, fate=Fate.MISSING if _must(evidence, strike, fellows, shift) else Fate.FAINT)


def _must(evidence: Evidence, strike: Strike, fellows: Fellows, shift: float) -> bool:
    """Whether a strike would stand clearly over what is heard before it."""
    if strike.energy <= 0:
        return False
    noise = _noise(evidence, strike.time_s + shift)
    if strike.pair in fellows:
        expected = _at_least(strike.energy, fellows[strike.pair])
    elif strike.step:
        return False  # soles, floors and gaits differ too much to know a step from other strikes
    elif fellows:
        expected = min(_at_least(strike.energy, others) for others in fellows.values()) - STRANGER_DB
    else:
        return strike.energy >= LOUD_J and noise <= QUIET_DB
    return bool(expected >= noise + OVER_NOISE_DB)


def _from_nothing(evidence: Evidence, onset: Onset) -> bool:
    last = round(onset.time_s / HOP_S)
    before = evidence.levels[max(0, last - 80) : max(last - BACK, 0)]  # a coder spreads an attack over 20 ms before it
    return not len(before) or bool(np.median(before) < NOTHING_DB)


def _extra(evidence: Evidence, shift: float) -> list[Onset]:
    """Sure onsets that no strike, voice or echo explains."""
    return [
        onset
        for onset in evidence.onsets
        if onset.sure
        and onset.time_s <= evidence.end_s - EDGE_S
        and not evidence.near(onset.time_s - shift, WITHIN_S, WITHIN_S)
        and onset.time_s not in evidence.blurred
        and onset.time_s - shift not in evidence.blurred
        and not _from_nothing(evidence, onset)
        and not _is_echo(evidence, onset)
    ]


def _is_echo(evidence: Evidence, onset: Onset) -> bool:
    first, last = np.searchsorted(evidence.times, [onset.time_s - ECHO_S, onset.time_s])
    return any(other.level_db - onset.level_db >= ECHO_DB for other in evidence.onsets[first:last])
