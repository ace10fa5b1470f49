"""Plots of what rows know over time. A plot without data is not drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..rows import Review, Row
from ..telling import clock_time, number
from .links import Link
from .markup import Html, el, join
from .material import LARGE, Material
from .plot import Scale, band, curve, legend, level, placed, plot, scale, upright
from .spectrogram import picture as spectrogram_picture
from .values import goal

MOST_DOTS = 300
MOST_MARKS = 60
MOST_WAYS = 24
R37_MS = (-40.0, 60.0)
"""Sound may be so early or late (EBU R37)."""
SPECIAL = frozenset(("sync_p95", "loudness", "lip_lag"))
"""Rows whose series has a plot of its own."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One quantity over time."""

    name: str
    time_s: Sequence[float]
    values: Sequence[float]


def curves(row: Row) -> list[Curve]:
    """The curves in a row's series: {"time_s": …, "flicker": …} or {"opening_s": …, "opening": …}."""
    series: Mapping[str, Sequence[float]] = row.series
    found = []
    for key, values in series.items():
        if key.endswith("_s") or key in ("x", "y") or len(values) < 3:
            continue
        axes = [key + "_s", key.rsplit("_", 1)[0] + "_s", "time_s"]
        axis = next((series[a] for a in axes if a in series and len(series[a]) == len(values)), None)
        if axis is not None:
            found.append(Curve(name=key.replace("_", " "), time_s=axis, values=values))
    return found


def figure(title: str, words: str | Html, *drawn: Html | None, kind: str | None = None) -> Html:
    """A plot with its heading and what one sees in it."""
    return el("figure", el("figcaption", el("strong", title), " ", words), *drawn, class_=kind)


def over_time(row: Row, seconds: float) -> Html | None:
    """Every curve of a row in one plot, with the goal."""
    found = curves(row)
    if not found or row.value is None:
        return None
    measure = row.measure
    x = Scale(0.0, max(seconds, *(t for c in found for t in c.time_s)))
    wanted = measure.goal
    limits = [v for v in ((wanted.low, wanted.high) if wanted else ()) if math.isfinite(v)]
    values = np.concatenate([np.asarray(c.values, dtype=float) for c in found])
    high = float(np.nanmax(np.abs(values), initial=0.0))
    near = [limit for limit in limits if abs(limit) <= 6 * high] if len(found) == 1 else []
    y = scale(values, also=[*near, 0.0] if float(np.nanmin(values)) >= 0 else near, least=1e-9)
    drawn = [*(level(y, v) for v in near)]
    drawn += [curve(x, y, c.time_s, c.values, f"line k{n % 4}") for n, c in enumerate(found)]
    name = " ".join(part for part in (found[0].name if len(found) == 1 else "", _unit(row)) if part)
    names = legend(*((f"k{n % 4}", c.name) for n, c in enumerate(found))) if len(found) > 1 else None
    words = f"over time; goal {goal(row)}, dashed." if near else "over time."
    alt = f"{measure.label} over time, from {np.nanmin(values):.3g} to {np.nanmax(values):.3g}"
    return figure(measure.label, words, names, plot(x, y, drawn, alt=alt, y_name=name), kind="half")


def _unit(row: Row) -> str:
    return f"[{row.measure.unit}]" if row.measure.unit else ""


# ── contacts and their sound ────────────────────────────────────────────────────────────────────────────────────────


def offsets(review: Review, seconds: float, link: Link) -> Html | None:
    """When sounds set in after their contacts, over the film."""
    dots = [
        Dot(time_s=m.time_s, ms=m.offset, what=m.what, step=key == "steps_p95")
        for key in ("sync_p95", "steps_p95")
        for m in review.row(key).moments
        if m.offset is not None
    ]
    if not dots:
        return None
    dots.sort(key=lambda dot: -abs(dot.ms))
    x = Scale(0.0, max(seconds, *(dot.time_s for dot in dots)))
    y = scale([dot.ms for dot in dots], also=R37_MS)
    drawn = [band(y, *R37_MS), level(y, 0.0, "zero")]
    over = [_dot(x, y, dot, link) for dot in spread(dots)]
    inside = sum(dot.good for dot in dots)
    alt = f"{inside} of {len(dots)} sounds begin between 40 ms before and 60 ms after their contact"
    steps = any(dot.step for dot in dots)
    return figure(
        "Contact to sound.",
        "Each dot is a contact that can be heard on its own" + (", each ring a footstep" if steps else "") + ": above "
        "0 its sound is late, below it is early. The shaded band is what broadcasters allow (EBU R37)."
        + (f" {len(over)} of {len(dots)} are drawn, the worst among them." if len(over) < len(dots) else ""),
        plot(x, y, drawn, alt=alt, over=over, y_name="sound after contact [ms]"),
    )


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A contact, and how late it is heard."""

    time_s: float
    ms: float
    what: str
    step: bool

    @property
    def good(self) -> bool:
        """Whether broadcasters allow it."""
        return R37_MS[0] <= self.ms <= R37_MS[1]


def spread(dots: list[Dot]) -> list[Dot]:
    """At most MOST_DOTS of dots, of which the worst come first: half the worst, half from all of the film."""
    worst, rest = dots[: MOST_DOTS // 2], sorted(dots[MOST_DOTS // 2 :], key=lambda dot: dot.time_s)
    even = rest[:: max(1, -(-len(rest) // (MOST_DOTS // 2)))]
    return sorted([*worst, *even], key=lambda dot: dot.time_s)


def _dot(x: Scale, y: Scale, dot: Dot, link: Link) -> Html:
    said = f"{dot.what} at {clock_time(dot.time_s)}: {dot.ms:+.1f} ms"
    kind = f"point {'good' if dot.good else 'short'}{' ring' if dot.step else ''}"
    return link.code(dot.time_s, "", class_=kind, style=placed(x, y, dot.time_s, dot.ms), title=said, aria_label=said)


# ── loudness ────────────────────────────────────────────────────────────────────────────────────────────────────────


def loudness(review: Review, seconds: float) -> Html | None:
    """Momentary and short-term loudness, the whole film's, and what was asked for."""
    row = review.row("loudness")
    series = row.series
    if row.value is None or len(series.get("momentary_s", ())) < 2:
        return None
    heard = np.asarray(series["momentary_lufs"], dtype=float)
    asked = next(iter(series.get("asked_lufs", ())), None)
    x = Scale(0.0, max(seconds, series["momentary_s"][-1]))
    lowest = max(float(heard.min()), float(heard.max()) - 45.0)
    y = scale([lowest, float(heard.max())], also=[row.value, *([asked] if asked is not None else [])])
    drawn = [curve(x, y, series["momentary_s"], np.maximum(heard, y.low).tolist(), "line k0")]
    names = [("k0", "momentary, 0.4 s")]
    if len(series.get("short_term_s", ())) > 1:
        values = np.maximum(np.asarray(series["short_term_lufs"], dtype=float), y.low).tolist()
        drawn.append(curve(x, y, series["short_term_s"], values, "line k1"))
        names.append(("k1", "short-term, 3 s"))
    drawn.append(level(y, row.value, "whole"))
    names.append(("whole", f"whole film {number(row.value, row.measure)}".replace("-", "−")))
    if asked is not None:
        drawn.append(level(y, asked))
        names.append(("goal", f"asked for {asked:.1f} LUFS".replace("-", "−")))
    alt = f"Loudness over time, from {heard.min():.0f} to {heard.max():.0f} LUFS; whole film {row.value:.1f} LUFS"
    return figure("Loudness", "over time (EBU R128).", legend(*names), plot(x, y, drawn, alt=alt, y_name="LUFS"))


# ── spectrogram ─────────────────────────────────────────────────────────────────────────────────────────────────────


def spectrogram(review: Review, material: Material, link: Link) -> Html | None:
    """All that is heard, with the events known of it."""
    heard = material.spectrogram
    if heard is None:
        return None
    from .material import data_uri

    x = Scale(0.0, heard.seconds)
    y = Scale(math.log2(heard.hz[0]), math.log2(heard.hz[-1]))
    ticks = [(math.log2(hz), name) for hz, name in ((100, "100"), (1000, "1 k"), (10_000, "10 k")) if hz < heard.hz[-1]]
    events = [event for event in events_of(review) if 0 <= event.time_s <= heard.seconds]
    drawn = [upright(x, event.time_s, event.kind) for event in events]
    over = [
        link.code(e.time_s, "", class_=f"tag {e.kind}", style=f"left:{x.at(e.time_s):.2f}%", title=_said(e),
                  aria_label=_said(e))
        for e in events
    ]  # fmt: skip
    kinds = [kind for kind in NAMES if any(event.kind == kind for event in events)]
    image = el("img", src=data_uri(spectrogram_picture(heard)), alt="", class_="under")
    alt = f"Spectrogram of {heard.seconds:.1f} s with {len(events)} events"
    return figure(
        "Everything that is heard.",
        "Time from left to right, low to high frequencies upwards, louder is brighter."
        + (" The marks above it can be clicked." if events else ""),
        legend(*((kind, NAMES[kind]) for kind in kinds)) if kinds else None,
        plot(x, y, drawn, alt=alt, over=over, y_name="Hz", y_ticks=ticks, under=image, kind="spectrogram"),
    )


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something on the spectrogram."""

    time_s: float
    kind: str
    what: str


NAMES = {
    "contact": "contact",
    "step": "footstep",
    "line": "line begins",
    "missing": "seen, not heard",
    "extra": "heard, nothing makes it",
    "cut": "cut",
}


def events_of(review: Review) -> list[Event]:
    """What rows know of, in order of time; of a kind that there is too much of, nothing."""
    sources = (
        ("sounds_missing", "missing"),
        ("sounds_extra", "extra"),
        ("cuts", "cut"),
        ("voice_offset", "line"),
        ("sync_p95", "contact"),
        ("steps_p95", "step"),
    )
    found: list[Event] = []
    for key, kind in sources:
        new = [Event(time_s=m.time_s, kind=kind, what=m.what) for m in review.row(key).moments]
        found += new if len(found) + len(new) <= MOST_MARKS else []
    return sorted(found, key=lambda event: event.time_s)


def _said(event: Event) -> str:
    return f"{event.what} at {clock_time(event.time_s)}"


# ── lips ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lips(review: Review, link: Link) -> Html | None:
    """How open a mouth is, against what the sounds of its line ask for."""
    row = review.row("lip_lag")
    time, opening = row.series.get("opening_s", ()), row.series.get("opening", ())
    if row.value is None or len(time) < 3 or len(time) != len(opening):
        return None
    x, y = Scale(min(time), max(time)), Scale(-0.06, 1.06)
    drawn, names = [curve(x, y, time, _unit_range(opening), "line k0")], [("k0", "seen in the picture")]
    wanted = row.series.get("wanted", ())
    if len(wanted) == len(time):
        drawn.insert(0, curve(x, y, time, _unit_range(wanted), "line k1 wanted"))
        names.append(("k1", "as the sounds of the line ask for"))
    words = join(
        "How open the mouth is during the line that is seen longest, from ", link.code(min(time)), " on; both from "
        "closed to as open as it gets."
    )  # fmt: skip
    alt = f"Opening of a mouth over {max(time) - min(time):.1f} s; it is {row.value:.0f} ms from the sound"
    ticks = [(0.0, "closed"), (1.0, "open")]
    return figure("Lips.", words, legend(*names), plot(x, y, drawn, alt=alt, y_ticks=ticks))


def _unit_range(values: Sequence[float]) -> list[float]:
    """The same between 0 and 1."""
    given = np.asarray(values, dtype=float)
    low, high = float(np.nanmin(given)), float(np.nanmax(given))
    return [float(v) for v in (given - low) / max(high - low, 1e-9)]


# ── ways through the picture ────────────────────────────────────────────────────────────────────────────────────────


def has_paths(row: Row) -> bool:
    """Whether a row knows where something was in the picture: x and y as parts of its width and height."""
    series = row.series
    lengths = {len(series.get(key, ())) for key in ("time_s", "x", "y")}
    return len(lengths) == 1 and lengths.pop() > 1 and bool(np.isfinite(np.asarray(series["x"], dtype=float)).any())


def path_row(review: Review) -> Row | None:
    """The row whose paths are drawn: one that knows the Take before one that does not."""
    found = [row for row in review.rows if has_paths(row)]
    return max(found, key=lambda row: "take" in row.measure.needs, default=None)


def path_moment(row: Row) -> float:
    """The picture that paths are drawn over [s]: in the middle of them."""
    return float(np.nanmedian(np.asarray(row.series["time_s"], dtype=float)))


def paths(review: Review, material: Material, link: Link) -> Html | None:
    """Ways drawn over a picture, a dot for each picture of the film."""
    row = path_row(review)
    shown = material.pictures.get((path_moment(row), LARGE)) if row else None
    if row is None or shown is None:
        return None
    width, height = shown.size
    time, x, y = (np.asarray(row.series[key], dtype=float) for key in ("time_s", "x", "y"))
    known = np.unique(time[np.isfinite(time)])
    step = float(np.median(np.diff(known))) if len(known) > 1 else 1.0
    there = np.isfinite(time) & np.isfinite(x) & np.isfinite(y)
    joined = there[1:] & there[:-1] & (np.diff(time) > 0) & (np.diff(time) <= 2.5 * step)
    ways = [way[there[way]] for way in np.split(np.arange(len(time)), np.flatnonzero(~joined) + 1)]
    ways = [way for way in ways if len(way) > 1][:MOST_WAYS]
    drawn = []
    for n, part in enumerate(ways):
        u, v = x[part] * width, y[part] * height
        way = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(u, v, strict=True))
        drawn.append(el("path", d=f"M{way}", class_=f"way k{n % 4}"))
        dots = part[:: max(1, len(part) // 60)]
        drawn += [el("circle", cx=x[k] * width, cy=y[k] * height, r=width / 220, class_=f"spot k{n % 4}") for k in dots]
    lines = el("svg", *drawn, viewBox=f"0 0 {width} {height}", aria_hidden="true")
    image = el(
        "img",
        src=shown.uri,
        width=float(width),
        height=float(height),
        alt=f"The picture at {shown.time_s:.2f} s with {len(ways)} ways drawn over it",
    )
    first, last = float(np.nanmin(time)), float(np.nanmax(time))
    words = join("as tracked in the picture, from ", link.code(first), " to ", link.code(last), ".")
    return figure("Where it flew,", words, el("div", image, lines, class_="paths"))
