"""A review in words and as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .against import side_by_side
from .rows import FEATURES, Measure, Review, Row

VERDICTS = {True: "met", False: "short", None: ""}


def lines(review: Mapping[str, Any]) -> list[str]:
    """One line per feature, from the JSON form of a review: "sync: short: worst onset +52 ms at 0:03.2"."""
    return [f"{feature}: {_verdict(review, feature)}" for feature in FEATURES]


def _verdict(review: Mapping[str, Any], feature: str) -> str:
    verdict = review["verdicts"][feature]
    if verdict is None:
        return "nothing to judge"
    if verdict:
        return "good"
    short = [row for row in review["rows"] if row["feature"] == feature and row["met"] is False]
    told = [_told(row) for row in short[:2]]
    more = len(short) - len(told)
    return f"short: {'; '.join(told)}{f'; and {more} more' if more else ''}"


def _told(row: Mapping[str, Any]) -> str:
    unit = f" {row['unit']}" if row["unit"] else ""
    where = f" at {clock_time(row['worst']['time_s'])}" if row["worst"] else ""
    label = row["label"][:1].lower() + row["label"][1:] if row["label"][1:2].islower() else row["label"]
    return f"{label} {row['value']:g}{unit} (goal {row['goal']}){where}"


def clock_time(time_s: float) -> str:
    """Minutes and seconds, as a player shows them: 0:03.2."""
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def number(value: float | None, measure: Measure, *, signed: bool = False) -> str:
    """A value with its unit, as written in tables."""
    if value is None:
        return "–"
    text = f"{value:{'+' if signed else ''}.{measure.decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-+")
    return f"{text} {measure.unit}".rstrip()


def table(review: Review, other: Review | None = None) -> Any:
    """A rich table, grouped by feature; with another review, both values and their difference."""
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column("", ratio=3)
    for name in ("value", "other", "difference") if other else ("value",):
        shown.add_column(name, justify="right")
    shown.add_column("goal")
    shown.add_column("", overflow="fold", ratio=2)
    for feature in FEATURES:
        verdict = {True: "good", False: "short", None: "nothing to judge"}[review.verdict(feature)]
        shown.add_row(f"[bold]{feature}[/]: {verdict}")
        for cells in _cells(review, other, feature):
            shown.add_row(*cells)
    return shown


def _cells(review: Review, other: Review | None, feature: str) -> Iterator[list[str]]:
    pairs = {pair.key: pair for pair in side_by_side(review, other)} if other else {}
    for row in review.of(feature):
        measure = row.measure
        cells = [f"  {measure.label}", number(row.value, measure)]
        if pairs:
            pair = pairs[row.key]
            cells += [number(pair.other, measure), number(pair.difference, measure, signed=True)]
        goal = measure.goal.text if measure.goal else ""
        yield [*cells, goal, _remark(row)]


def _remark(row: Row) -> str:
    if row.value is None:
        return f"[dim]not measurable: {row.why}[/]"
    if row.met is False:
        where = f": worst at {clock_time(row.worst.time_s)}" if row.worst else ""
        return f"[red]short[/]{where}"
    return "[green]met[/]" if row.met else ""
