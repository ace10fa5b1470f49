"""Two reviews side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .rows import Goal, Measure, Review, scorecard


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One row of both films."""

    key: str
    value: float | None
    other: float | None

    @property
    def measure(self) -> Measure:
        """The row of the scorecard."""
        return scorecard()[self.key]

    @property
    def difference(self) -> float | None:
        """Value minus the other's; None unless both could be measured."""
        return None if self.value is None or self.other is None else self.value - self.other

    @property
    def better(self) -> bool | None:
        """Whether the first film is nearer to what the goal asks; None if equal, without a goal, or not comparable."""
        goal = self.measure.goal
        if goal is None or self.value is None or self.other is None:
            return None
        own, others = _short(self.value, goal), _short(self.other, goal)
        return None if own == others else own < others

    def json(self) -> dict[str, Any]:
        """As in `--json`."""
        digits = self.measure.decimals + 2
        values = {"value": self.value, "other": self.other, "difference": self.difference}
        rounded = {name: None if v is None else round(v, digits) for name, v in values.items()}
        return {
            "key": self.key,
            "label": self.measure.label,
            "unit": self.measure.unit,
            **rounded,
            "better": self.better,
        }


def _short(value: float, goal: Goal) -> float:
    """How far a value is from the best there is: less is better."""
    if goal.low == float("-inf"):
        return value
    if goal.high == float("inf"):
        return -value
    return abs(value - (goal.low + goal.high) / 2)


def side_by_side(review: Review, other: Review) -> tuple[Pair, ...]:
    """Every row of two reviews."""
    return tuple(_pairs(review, other))


def _pairs(review: Review, other: Review) -> Iterator[Pair]:
    for row in review.rows:
        yield Pair(key=row.key, value=row.value, other=other.row(row.key).value)
