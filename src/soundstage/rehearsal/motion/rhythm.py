"""When which foot comes down in a gait, and how far along the way: one after the other, limping, hopping, skipping."""

from __future__ import annotations

from dataclasses import dataclass

from .paces import Pace

LEAD, SETTLE = 0.34, 0.42
"""From standing to the period before the first landing, and from the last landing to standing [s]."""


@dataclass(frozen=True, kw_only=True)
class Landing:
    """One foot coming down."""

    time: float
    """[s]"""
    foot: int
    along: float
    """Of the way [m]."""
    stride: float
    """From the landing before [m]."""
    hop: bool
    """The same foot came down before."""
    short: bool
    """It stands shorter than the other foot does."""


def going_time(distance: float, how: Pace) -> float:
    """Seconds to go a distance [m] from standing to standing."""
    return LEAD + sum(part for _, part, _ in _sequence(distance, how)) * how.period + SETTLE


def landings(start: float, distance: float, how: Pace, first: int, strong: int) -> tuple[Landing, ...]:
    """All of a way that begins at `start` [s]; `first` is the foot a plain gait begins with.

    The last of them brings the feet side by side.
    """
    sequence = _sequence(distance, how)
    other = {"first": first, "second": 1 - first, "strong": strong, "weak": 1 - strong}
    length = distance / sum(far for _, _, far in sequence)
    made: list[Landing] = []
    now, along = start + LEAD, 0.0
    before = other[how.style.landings[-1][0]] if how.style.landings else -1
    for k, (side, part, far) in enumerate(sequence):
        foot = other[side] if side else 1 - before
        now, along = now + part * how.period, along + far * length
        until = sequence[k + 1][1] if k + 1 < len(sequence) else 1.0
        made.append(
            Landing(
                time=now,
                foot=foot,
                along=along,
                stride=far * length,
                hop=foot == before,
                short=until < part and not how.runs,
            )
        )
        before = foot
    return tuple(made)


def _sequence(distance: float, how: Pace) -> list[tuple[str, float, float]]:
    """Side ("" the one that did not come down last), part of the period and part of a step, for every landing."""
    pattern = how.style.landings or (("first", 1.0, 1.0), ("second", 1.0, 1.0))
    mean = sum(far for _, _, far in pattern) / len(pattern)
    count = max(1, round(distance / (how.length * mean)))
    return [*(pattern[k % len(pattern)] for k in range(count)), ("", 1.0, 0.0)]


__all__ = ["LEAD", "SETTLE", "Landing", "going_time", "landings"]
