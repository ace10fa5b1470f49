"""Whether sound follows physics, where a film has strikes to compare: the same things, harder or of another size.

Of two things alike but for their size the larger sounds lower. A blow of ten times the energy is 10 dB louder in
nature; films are mixed with less, and a limiter may leave nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from .matching import Fate, Heard, Matched
from .rows import Moment, Row, not_measurable

KEYS = ("pitch_by_size", "loudness_by_blow")

LARGER = 1.3
"""Sizes are compared from this ratio on."""
RANGE_DB, LEAST = 6.0, 3
"""Strikes of one pair are compared if their energies span so much, and there are so many."""


def follow_rows(matched: Matched) -> Iterable[Row]:
    """What a film's strikes say about its sound."""
    single = [h for h in matched.of(Fate.HEARD) if h.single and h.onset and not h.strike.step and h.strike.energy > 0]
    yield _pitch(single)
    yield _loudness(single)


def _pitch(single: list[Heard]) -> Row:
    """Whether the larger of two things alike sounds lower."""
    groups: dict[tuple[str, ...], dict[float, list[Heard]]] = {}
    for h in single:
        if h.strike.size_m > 0 and h.onset is not None and np.isfinite(h.onset.pitch_hz):
            groups.setdefault(h.strike.kinds, {}).setdefault(h.strike.size_m, []).append(h)
    right, wrong = 0, []
    for sizes in groups.values():
        for small, large in combinations(sorted(sizes), 2):
            if large < LARGER * small:
                continue
            if _typical(sizes[large]) < _typical(sizes[small]):
                right += 1
            else:
                first = sizes[large][0].strike
                wrong.append(Moment(time_s=first.time_s, what=f"{first.what}, no lower than the smaller one"))
    if not right and not wrong:
        return not_measurable("pitch_by_size", "no two things alike but for their size are heard on their own")
    value = 100.0 * right / (right + len(wrong))
    return Row(key="pitch_by_size", value=value, worst=wrong[0] if wrong else None, moments=tuple(wrong))


def _typical(heard: list[Heard]) -> float:
    return float(np.median([h.onset.pitch_hz for h in heard if h.onset]))


def _loudness(single: list[Heard]) -> Row:
    """How much louder a blow of more energy is."""
    groups: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for h in single:
        if h.onset is not None:
            groups.setdefault(h.strike.pair, []).append((10 * float(np.log10(h.strike.energy)), h.onset.level_db))
    above = below = 0.0
    for points in groups.values():
        energy, level = np.array(points).T
        if len(points) >= LEAST and np.ptp(energy) >= RANGE_DB:
            apart = energy - energy.mean()
            above += float(apart @ (level - level.mean()))
            below += float(apart @ apart)
    if below == 0:
        return not_measurable("loudness_by_blow", "no two things strike each other three times with unlike force")
    return Row(key="loudness_by_blow", value=above / below)
