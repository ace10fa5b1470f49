"""Values, whether they are good enough, and the bar that shows how far they are from that."""

from __future__ import annotations

import math

from ..rows import Goal, Row
from ..telling import number
from .markup import Html, el
from .plot import Scale

WORDS = {True: "good", False: "falls short", None: "stated"}
KINDS = {True: "good", False: "short", None: "plain"}
SIGNS = {True: "✓", False: "✗", None: "·"}


def mark(met: bool | None, words: str | None = None) -> Html:
    """A verdict as a sign and a word: nobody needs to tell colours apart."""
    sign = el("span", SIGNS[met], class_="sign", aria_hidden="true")
    return el("span", sign, words or WORDS[met], class_=f"mark {KINDS[met]}")


def value(row: Row) -> Html:
    """A measured value with its unit."""
    return el("span", number(row.value, row.measure).replace("-", "−"), class_=f"value {KINDS[row.met]}")


def goal(row: Row) -> str:
    """What is good enough, with its unit; empty if nothing is asked."""
    measure = row.measure
    return f"{measure.goal.text} {measure.unit}".rstrip().replace("-", "−") if measure.goal else ""


def shortfall(row: Row) -> float:
    """How far a value is from its goal, in parts of the goal's own size: > 0 falls short, -1 is as good
    as can be; -inf if nothing is asked.
    """
    wanted = row.measure.goal
    if wanted is None or row.value is None or not math.isfinite(row.value):
        return math.inf if row.met is False else -math.inf
    axis = _axis(wanted, row.measure.unit, None)
    size = (axis.high - axis.low) / (4 if math.isfinite(wanted.high - wanted.low) else 2)
    return max(row.value - wanted.high, wanted.low - row.value) / size


def bar(row: Row) -> Html | None:
    """Where the value lies; the shaded part is good enough. None without a goal or a value."""
    wanted = row.measure.goal
    if wanted is None or row.value is None or not math.isfinite(row.value):
        return None
    axis = _axis(wanted, row.measure.unit, row.value)
    low, high = (min(max(axis.at(v), 0.0), 100.0) for v in (wanted.low, wanted.high))
    at = axis.at(row.value)
    beyond = " beyond" if not 0.0 <= at <= 100.0 else ""
    return el(
        "span",
        el("span", class_="zone", style=f"left:{low:.1f}%;width:{max(high - low, 2.0):.1f}%"),
        el("span", class_=f"dot {KINDS[row.met]}{beyond}", style=f"left:{min(max(at, 0.0), 100.0):.1f}%"),
        class_="bar",
        aria_hidden="true",
    )


def _axis(wanted: Goal, unit: str, value: float | None) -> Scale:
    """What a bar shows: about as much of what is good as of what is not."""
    if math.isinf(wanted.low):
        limit = wanted.high
        if limit > 0:
            return Scale(0.0, 2 * limit)
        if limit == 0:
            return Scale(-0.06 * max(value or 0.0, 1.0), 1.15 * max(value or 0.0, 1.0))
        return Scale(limit - 6.0, limit + 4.0)
    if math.isinf(wanted.high):
        limit = wanted.low
        best = 100.0 if unit == "%" or (90 <= limit <= 100 and not unit) else 1.0
        if best / 2 <= limit < best and unit in ("", "%"):
            return Scale(2 * limit - best, best)
        return Scale(0.0, 2 * limit) if limit > 0 else Scale(limit - 1.0, limit + 1.0)
    half = (wanted.high - wanted.low) / 2 or 1.0
    return Scale(wanted.low - half, wanted.high + half)
