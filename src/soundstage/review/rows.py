"""What a review says: rows of the scorecard with their values, or why there is none."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

FEATURES = ("physics", "sync", "coherence", "control", "fidelity")
"""In the order in which they are shown."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The range of values that is good enough; ends belong to it."""

    low: float
    high: float
    text: str

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    @staticmethod
    def read(text: str) -> Goal | None:
        """From "<= 0.5", ">= 40" or "within -40 40"; None from "".

        Raises:
            ValueError: it is none of these.
        """
        words = text.split()
        match words:
            case []:
                return None
            case ["<=", limit]:
                return Goal(low=-math.inf, high=float(limit), text=f"≤ {limit}")
            case [">=", limit]:
                return Goal(low=float(limit), high=math.inf, text=f"≥ {limit}")
            case ["within", low, high]:
                return Goal(low=float(low), high=float(high), text=f"{low} … {high}")
        raise ValueError(f"a goal is '<= X', '>= X' or 'within LOW HIGH', not {text!r}")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One row of the scorecard: what is measured and what is good enough."""

    key: str
    feature: str
    label: str
    unit: str
    goal: Goal | None
    """None: stated only."""
    decimals: int
    about: str
    """What it is, how it is measured, its known weakness."""
    needs: tuple[str, ...] = ()
    """What it cannot be measured without: "take", "picture", "sound"."""


@cache
def scorecard() -> Mapping[str, Measure]:
    """Every row there is, by key, in the order of the page."""
    table = tomllib.loads(files(__package__).joinpath("scorecard.toml").read_text("utf-8"))
    found: dict[str, Measure] = {}
    for key, entry in table.items():
        if entry["feature"] not in FEATURES:
            raise ValueError(f"scorecard.toml: {key}: no feature {entry['feature']!r}")
        found[key] = Measure(
            key=key,
            feature=entry["feature"],
            label=entry["label"],
            unit=entry.get("unit", ""),
            goal=Goal.read(entry.get("goal", "")),
            decimals=entry.get("decimals", 2),
            about=entry["about"],
            needs=tuple(entry.get("needs", ())),
        )
    return {m.key: m for feature in FEATURES for m in found.values() if m.feature == feature}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A place in the film that a row speaks of."""

    time_s: float
    what: str
    """In plain words: "ball strikes the floor, heard 3 ms late"."""
    offset: float | None = None
    """The value there, in the row's unit."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured value. None is "not measurable", and `why` says why."""

    key: str
    value: float | None
    why: str = ""
    worst: Moment | None = None
    moments: tuple[Moment, ...] = ()
    """All single values behind it, where there are any."""
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Curves for the page, such as {"time_s": …, "loudness_lufs": …}."""

    @property
    def measure(self) -> Measure:
        return scorecard()[self.key]

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no value or no goal."""
        goal = self.measure.goal
        return None if self.value is None or goal is None else goal.holds(self.value)

    def json(self) -> dict[str, Any]:
        """As in `--json`."""
        m = self.measure
        return {
            "key": self.key,
            "feature": m.feature,
            "label": m.label,
            "value": None if self.value is None else round(self.value, m.decimals + 2),
            "unit": m.unit,
            "goal": m.goal.text if m.goal else None,
            "met": self.met,
            "why": self.why or None,
            "worst": vars(self.worst) if self.worst else None,
        }


@dataclass(frozen=True, kw_only=True)
class Review:
    """A reviewed film."""

    film: str
    facts: Mapping[str, Any]
    """What the container says: size, fps, seconds, codecs, colour tags, …"""
    rows: tuple[Row, ...]
    """In the order of the scorecard; every measure has one."""
    notes: tuple[str, ...] = ()
    """What a reader must know: no Take, no sound, the file is cut off, …"""

    def row(self, key: str) -> Row:
        """One row.

        Raises:
            KeyError: there is no such measure.
        """
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)

    def of(self, feature: str) -> tuple[Row, ...]:
        """Rows of one feature."""
        return tuple(row for row in self.rows if row.measure.feature == feature)

    def verdict(self, feature: str) -> bool | None:
        """True: every goal of the feature that could be judged is met; None: none could be judged."""
        judged = [row.met for row in self.of(feature) if row.met is not None]
        return all(judged) if judged else None

    def json(self) -> dict[str, Any]:
        """As in `--json`."""
        return {
            "film": self.film,
            "facts": dict(self.facts),
            "verdicts": {feature: self.verdict(feature) for feature in FEATURES},
            "rows": [row.json() for row in self.rows],
            "notes": list(self.notes),
        }


def not_measurable(key: str, why: str) -> Row:
    """A row without a value."""
    return Row(key=key, value=None, why=why)
