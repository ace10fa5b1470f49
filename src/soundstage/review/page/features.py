"""One section per feature: the verdict, the worst moments, the table, the plots, what could not be measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..rows import Review, Row
from ..telling import number
from . import curves
from .links import Link
from .markup import Html, el, join
from .material import Material
from .moments import Worst, card, worst_of
from .values import KINDS, bar, goal, mark, shortfall, value

ASKS = {
    "physics": "Do things fall, fly and bounce as they would?",
    "sync": "Is everything heard when it is seen?",
    "coherence": "Does the picture hold together over time?",
    "control": "Is it what was asked for?",
    "fidelity": "Are picture and sound clean?",
}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A review with what the page shows of its film."""

    review: Review
    material: Material
    link: Link
    seconds: float
    """As much of it as was watched [s]."""


def short_rows(review: Review, feature: str) -> list[Row]:
    """Rows that fall short, the worst first."""
    return sorted((row for row in review.of(feature) if row.met is False), key=lambda row: -shortfall(row))


def verdict_words(review: Review, feature: str) -> str:
    """How many goals are met, or why none could be judged."""
    rows = review.of(feature)
    judged = [row for row in rows if row.met is not None]
    unknown = sum(row.value is None for row in rows)
    rest = f"; {unknown} not measurable" if unknown else ""
    if not judged:
        stated = sum(row.value is not None for row in rows)
        return f"no goal could be judged; {_count(stated, 'value')} stated" if stated else "nothing could be measured"
    met = sum(row.met is True for row in judged)
    if met == len(judged):
        return ("its one goal is met" if met == 1 else f"all {met} goals that could be judged are met") + rest
    return f"{met} of {len(judged)} goals are met{rest}"


def _count(number_: int, word: str) -> str:
    return f"{number_ or 'no'} {word}{'' if number_ == 1 else 's'}"


def section(watched: Watched, feature: str) -> Html:
    """Everything about one feature."""
    review = watched.review
    verdict = review.verdict(feature)
    moments = worst_of(review, feature)
    shown = [card(worst, watched.material, watched.link) for worst in moments]
    unknown = [row for row in review.of(feature) if row.value is None]
    return el(
        "section",
        el(
            "header",
            el("h2", feature.capitalize()),
            el("p", ASKS[feature], class_="asks"),
            el("p", mark(verdict, VERDICTS[verdict]), " ", verdict_words(review, feature), class_="verdict"),
        ),
        table(watched, feature),
        el("h3", _heading(moments)) if shown else None,
        el("div", *shown, class_="moments") if shown else None,
        *plots(watched, feature),
        _unknown(unknown) if unknown else None,
        id=feature,
        class_=f"feature {KINDS[verdict]}",
    )


def _heading(moments: list[Worst]) -> str:
    """What the moments are, without blame for those that are good."""
    words = "Worst moment" if moments[0].row.met is False else "Least good moment"
    return words + ("s" if len(moments) > 1 else "")


VERDICTS = {True: "good", False: "falls short", None: "not judged"}


def table(watched: Watched, feature: str) -> Html | None:
    """Rows that have a value."""
    rows = [row for row in watched.review.of(feature) if row.value is not None]
    if not rows:
        return None
    names = ("measure", "value", "goal", "against the goal", "verdict", "worst at")
    head = el("tr", *(el("th", name, scope="col", role="columnheader") for name in names), role="row")
    body = [_row(watched, row) for row in rows]
    return _table(feature, "rows", head, body)


def _table(what: str, kind: str, head: Html, body: Sequence[Html]) -> Html:
    """A table that scrolls inside itself."""
    return el(
        "div",
        el(
            "table",
            el("caption", f"What was measured of {what}", class_="hidden"),
            el("thead", head, role="rowgroup"),
            el("tbody", *body, role="rowgroup"),
            role="table",
            class_=kind,
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=f"Table of {what}",
    )


def _row(watched: Watched, row: Row) -> Html:
    measure = row.measure
    where = watched.link.code(row.worst.time_s) if row.worst else None
    return el(
        "tr",
        el("th", about(row), scope="row", role="rowheader"),
        el("td", value(row), class_="n", role="cell"),
        el("td", goal(row), class_="n goal", role="cell"),
        el("td", bar(row), class_="b", role="cell"),
        el("td", mark(row.met) if measure.goal else el("span", "stated", class_="muted"), class_="v", role="cell"),
        el("td", where, class_="w", role="cell"),
        role="row",
    )


def about(row: Row) -> Html:
    """What a row is called; opened, what it means."""
    note = el("p", row.why, dir="auto") if row.why and row.value is not None else None
    return el("details", el("summary", row.measure.label), el("p", row.measure.about), note)


def plots(watched: Watched, feature: str) -> Iterator[Html]:
    """Those that there is something to draw in."""
    review = watched.review
    found: list[Html | None] = []
    if feature == "physics":
        found.append(curves.paths(review, watched.material, watched.link))
    if feature == "sync":
        found.append(curves.offsets(review, watched.seconds, watched.link))
        found.append(curves.lips(review, watched.link))
        found.append(curves.spectrogram(review, watched.material, watched.link))
    if feature == "fidelity":
        found.append(curves.loudness(review, watched.seconds))
    found += [curves.over_time(row, watched.seconds) for row in review.of(feature) if row.key not in curves.SPECIAL]
    drawn = [one for one in found if one is not None]
    if drawn:
        yield el("div", *drawn, class_="plots")


def _unknown(rows: list[Row]) -> Html:
    """Rows without a value, by their reason."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row.why or "no reason is known", []).append(row.measure.label)
    items = [el("li", el("strong", why, dir="auto"), ": ", "; ".join(labels)) for why, labels in reasons.items()]
    return el(
        "details",
        el("summary", f"Not measurable here: {len(rows)}"),
        el("ul", *items),
        class_="unknown",
        open=len(rows) <= 3,
    )


# ── two films ───────────────────────────────────────────────────────────────────────────────────────────────────────


def compared(one: Watched, other: Watched, feature: str) -> Html | None:
    """Every row of both films, with the difference; the better one is marked."""
    from ..against import side_by_side

    pairs = [p for p in side_by_side(one.review, other.review) if p.measure.feature == feature]
    pairs = [p for p in pairs if p.value is not None or p.other is not None]
    if not pairs:
        return None
    names = ("measure", "this film", "the other", "difference", "goal")
    head = el("tr", *(el("th", name, scope="col", role="columnheader") for name in names), role="row")
    body = []
    for pair in pairs:
        own, others = one.review.row(pair.key), other.review.row(pair.key)
        better = pair.better if round(pair.difference or 0.0, pair.measure.decimals) else None
        difference = number(pair.difference, pair.measure, signed=True).replace("-", "−")
        body.append(
            el(
                "tr",
                el("th", about(own if own.value is not None else others), scope="row", role="rowheader"),
                _side(own, better is True, one.link),
                _side(others, better is False, other.link),
                el("td", difference, class_="n", role="cell"),
                el("td", goal(own), class_="n goal", role="cell"),
                role="row",
            )
        )
    return _table(f"{feature} in both films", "rows two", head, body)


def _side(row: Row, better: bool, link: Link) -> Html:
    if row.value is None:
        return el("td", el("span", "not measurable", class_="muted", title=row.why), class_="n", role="cell")
    return el(
        "td",
        value(row),
        join(" ", el("span", "better", class_="better")) if better else None,
        join(" ", link.code(row.worst.time_s)) if row.worst else None,
        class_="n wins" if better else "n",
        role="cell",
    )


def section_of_two(one: Watched, other: Watched, feature: str) -> Html:
    """A feature of both films: the table, then the worst moments of each."""
    heads = []
    for watched, name in ((one, "This film"), (other, "The other")):
        verdict = watched.review.verdict(feature)
        words = verdict_words(watched.review, feature)
        heads.append(el("p", f"{name}: ", mark(verdict, VERDICTS[verdict]), " ", words, class_="verdict"))
    sides = [
        el(
            "div",
            el("h3", f"Worst of {name}"),
            *(card(worst, watched.material, watched.link) for worst in worst_of(watched.review, feature)[:2]),
            *plots(watched, feature),
        )
        for watched, name in ((one, "this film"), (other, "the other"))
    ]
    unknown = [row for row in one.review.of(feature) if row.value is None and other.review.row(row.key).value is None]
    return el(
        "section",
        el("header", el("h2", feature.capitalize()), el("p", ASKS[feature], class_="asks"), *heads),
        compared(one, other, feature),
        el("div", *sides, class_="sides"),
        _unknown(unknown) if unknown else None,
        id=feature,
        class_=f"feature {KINDS[one.review.verdict(feature)]}",
    )
