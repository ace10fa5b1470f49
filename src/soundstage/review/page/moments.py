"""The worst moments: which are shown, and how: the picture beside its piece of waveform."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..rows import Moment, Review, Row
from .links import Link
from .markup import Html, el
from .material import LARGE, SMALL, Material, Shown, Wave
from .plot import Scale, placed, plot, upright
from .values import goal, mark, shortfall, value

MOST = 4
"""Of one feature; the first is shown large."""
FINE = -0.8
"""A moment so far on the good side of its goal is shown only where there is no worse one."""

DUE = {
    "sync_p95": "contact",
    "sync_worst": "contact",
    "steps_p95": "step",
    "sounds_missing": "contact",
    "voice_offset": "in the Take",
}
"""Rows whose moments are times at which something should be heard, and what is there then. Their offsets are [ms]."""


@dataclass(frozen=True, kw_only=True)
class Worst:
    """A moment that is shown."""

    row: Row
    moment: Moment
    large: bool

    @property
    def width(self) -> int:
        """Of its picture [px]."""
        return LARGE if self.large else SMALL

    @property
    def heard(self) -> bool:
        """Whether its sound is shown too: it is about sound, or it is the feature's worst."""
        return self.large or "sound" in self.row.measure.needs


def worst_of(review: Review, feature: str) -> list[Worst]:
    """The worst moments of a feature, the furthest from its goal first; each place in the film once."""
    rows = [row for row in review.of(feature) if row.worst is not None and row.value is not None]
    rows.sort(key=lambda row: -shortfall(row))
    found: list[Worst] = []
    for row in rows:
        assert row.worst is not None
        if any(row.worst.what == other.moment.what or _near(row, other) for other in found):
            continue
        if found and row.measure.goal and shortfall(row) < FINE:
            continue
        found.append(Worst(row=row, moment=row.worst, large=not found))
    return found[:MOST]


def _near(row: Row, other: Worst) -> bool:
    """Whether a row only says again what another says: the same needs, at the same time."""
    assert row.worst is not None
    return row.measure.needs == other.row.measure.needs and abs(row.worst.time_s - other.moment.time_s) < 0.01


@dataclass(frozen=True, kw_only=True)
class Instants:
    """When something should be heard and when it is [s]; None where one is not known."""

    due_s: float | None
    heard_s: float | None


def instants(row: Row, moment: Moment) -> Instants:
    """Of a moment of a row about sound."""
    if row.key == "sounds_extra":
        return Instants(due_s=None, heard_s=moment.time_s)
    if row.key not in DUE:
        return Instants(due_s=None, heard_s=None)
    late = None if moment.offset is None else moment.offset / 1000
    return Instants(due_s=moment.time_s, heard_s=None if late is None else moment.time_s + late)


def card(worst: Worst, material: Material, link: Link) -> Html:
    """One moment."""
    row, moment = worst.row, worst.moment
    picture = material.pictures.get((moment.time_s, worst.width))
    wave = material.waves.get(moment.time_s) if worst.heard else None
    return el(
        "article",
        el(
            "div",
            el("h4", row.measure.label),
            el("p", moment.what, class_="what", dir="auto") if moment.what else None,
            el("p", link.code(moment.time_s), " ", link.play(moment.time_s), " ", *_judged(row), class_="where"),
            class_="words",
        ),
        picture_of(picture, moment, link),
        waveform(wave, row, moment) if wave else None,
        class_=" ".join(["moment", *(["large"] if worst.large else []), *(["both"] if picture and wave else [])]),
    )


def _judged(row: Row) -> list[str | Html]:
    asked = f" (goal {goal(row)})" if goal(row) else ""
    return [el("span", value(row), asked, class_="judged"), " ", mark(row.met) if row.measure.goal else ""]


def picture_of(picture: Shown | None, moment: Moment, link: Link) -> Html | None:
    """A picture that can be clicked."""
    if picture is None:
        return None
    image = el(
        "img",
        src=picture.uri,
        width=float(picture.size[0]),
        height=float(picture.size[1]),
        alt=f"The picture at {picture.time_s:.2f} s: {moment.what or 'the worst of it'}",
        loading="lazy",
    )
    return link.code(moment.time_s, image, class_="frame")


def waveform(wave: Wave, row: Row, moment: Moment) -> Html:
    """Half a second of sound, with when it should be heard and when it is."""
    x = Scale(wave.start_s, wave.end_s)
    peak = float(np.nanmax(np.abs([wave.low, wave.high]), initial=1e-4))
    y = Scale(-1.05 * peak, 1.05 * peak)
    found = instants(row, moment)
    drawn, over = [_shape(wave, x, y)], []
    if found.due_s is None and found.heard_s is None:
        drawn.append(upright(x, moment.time_s, "here"))
    if found.due_s is not None:
        drawn.append(upright(x, found.due_s, "due"))
        over.append(_flag(x, y, found.due_s, DUE[row.key], "due"))
    if found.heard_s is not None and x.inside(found.heard_s):
        drawn.append(upright(x, found.heard_s, "heard"))
        over.append(_flag(x, y, found.heard_s, _heard(found), "heard"))
    level = f"{20 * math.log10(peak):.0f} dBFS".replace("-", "−")
    alt = f"Waveform around {moment.time_s:.2f} s, peak {level}"
    kind = "wave flagged" if found.heard_s is not None else "wave"
    return plot(x, y, drawn, alt=alt, over=over, y_ticks=[(peak, level)], kind=kind)


def _heard(found: Instants) -> str:
    if found.due_s is None or found.heard_s is None:
        return "heard"
    ms = 1000 * (found.heard_s - found.due_s)
    return f"heard {ms:+.1f} ms".replace("-", "−") if abs(ms) >= 0.05 else "heard, in time"


def _flag(x: Scale, y: Scale, at: float, words: str, kind: str) -> Html:
    """Words at a time: above the waveform what is due, beneath it what is heard; to the left where room is short."""
    style = placed(x, y, at, y.high if kind == "due" else y.low)
    return el("span", words, class_=f"flag {kind}{' left' if x.at(at) > 55 else ''}", style=style)


def _shape(wave: Wave, x: Scale, y: Scale) -> Html:
    """The outline between lowest and highest samples."""
    at = np.linspace(wave.start_s, wave.end_s, len(wave.low) + 1)[:-1]
    there = np.isfinite(wave.low) & np.isfinite(wave.high)
    upper = [f"{10 * x.at(t):.0f} {1000 - 10 * y.at(v):.0f}" for t, v in zip(at[there], wave.high[there], strict=True)]
    lower = [f"{10 * x.at(t):.0f} {1000 - 10 * y.at(v):.0f}" for t, v in zip(at[there], wave.low[there], strict=True)]
    return el("path", d=f"M{'L'.join([*upper, *reversed(lower)])}Z" if upper else "", class_="sound")
