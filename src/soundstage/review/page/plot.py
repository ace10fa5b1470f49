"""Plots that fit any width: lines are drawn in a stretched SVG, words and dots stand over it as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .markup import Html, el, join

Array = NDArray[Any]

MOST_POINTS = 500
"""Of a curve; more are brought down to the lowest and highest of each step."""


@dataclass(frozen=True)
class Scale:
    """From values to percent of a plot's width or height."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """0 at `low`, 100 at `high`."""
        return 100.0 * (value - self.low) / (self.high - self.low)

    def inside(self, value: float) -> bool:
        """Whether it is on the plot."""
        return self.low <= value <= self.high

    def ticks(self, about: int = 5) -> list[float]:
        """Round values, about so many."""
        span = self.high - self.low
        rough = span / max(about, 1)
        power = 10.0 ** math.floor(math.log10(rough))
        step = next((m * power for m in (1, 2, 5) if m * power >= rough), 10 * power)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [n * step for n in range(first, last + 1)]


def scale(values: Sequence[float] | Array, *, least: float = 0.0, also: Sequence[float] = ()) -> Scale:
    """One that shows all values, spans `least` or more, and has some air."""
    shown = np.asarray([*np.asarray(values, dtype=float), *also])
    shown = shown[np.isfinite(shown)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)
    missing = max(least - (high - low), 0.0) / 2
    air = 0.06 * (high - low) if high > low else 0.5 * (least == 0.0)
    return Scale(low - missing - air, high + missing + air)


def tick_label(value: float, step: float) -> str:
    """A value on an axis, with as many digits as its step needs."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    return f"{value:.{digits}f}".replace("-", "−") if round(value, 9) else "0"


def times(x: Scale) -> list[tuple[float, str]]:
    """Round times on an axis, as a player shows them."""
    step = next((s for s in _STEPS_S if (x.high - x.low) / s <= 7), 7200.0)
    first, last = math.ceil(x.low / step - 1e-9), math.floor(x.high / step + 1e-9)
    return [(n * step, _time(n * step, step)) for n in range(first, last + 1)]


_STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)


def _time(seconds: float, step: float) -> str:
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if seconds < 60:
        return f"{seconds:.{digits}f} s"
    return f"{int(seconds // 60)}:{seconds % 60:0{3 + digits if digits else 2}.{digits}f}"


def thin(x: Array, y: Array, most: int = MOST_POINTS) -> tuple[Array, Array]:
    """The same curve with at most so many points: the lowest and highest of each step stay."""
    if len(x) <= most:
        return x, y
    kept: list[int] = []
    for part in np.array_split(np.arange(len(x)), most // 2):
        if np.isfinite(y[part]).any():
            kept += sorted({int(part[np.nanargmin(y[part])]), int(part[np.nanargmax(y[part])])})
        else:
            kept.append(int(part[0]))
    return x[kept], y[kept]


def curve(x: Scale, y: Scale, at: Sequence[float], values: Sequence[float], kind: str = "line") -> Html:
    """A line through points; it is interrupted where values are missing."""
    px, py = thin(np.asarray(at, dtype=float), np.asarray([math.nan if v is None else v for v in values], dtype=float))
    words: list[str] = []
    pen, before = "M", math.nan
    gap = 4.0 * float(np.median(np.diff(px))) if len(px) > 2 else math.inf
    for u, v in zip(px, py, strict=True):
        pen = "M" if u - before > gap else pen
        before = u
        if not (math.isfinite(u) and math.isfinite(v)):
            pen = "M"
            continue
        words.append(f"{pen}{_short(10 * x.at(u))} {_short(1000 - 10 * y.at(v))}")
        pen = "L"
    return el("path", d="".join(words), class_=kind)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def band(y: Scale, low: float, high: float, kind: str = "band") -> Html:
    """A stretch of values over the whole width."""
    top, bottom = (min(max(y.at(v), 0.0), 100.0) for v in (high, low))
    return el("rect", x=0, width=1000, y=1000 - 10 * top, height=10 * (top - bottom), class_=kind)


def level(y: Scale, value: float, kind: str = "goal") -> Html:
    """A value over the whole width."""
    at = 1000 - 10 * y.at(value)
    return el("line", x1=0, x2=1000, y1=at, y2=at, class_=kind)


def upright(x: Scale, value: float, kind: str) -> Html:
    """A time over the whole height."""
    at = 10 * x.at(value)
    return el("line", x1=at, x2=at, y1=0, y2=1000, class_=kind)


def plot(
    x: Scale,
    y: Scale,
    drawn: Sequence[Html],
    *,
    alt: str,
    over: Sequence[Html] = (),
    y_name: str = "",
    y_ticks: Sequence[tuple[float, str]] | None = None,
    under: Html | None = None,
    kind: str = "",
) -> Html:
    """A plot over time.

    Args:
        x: the axis of time [s].
        y: the other one.
        drawn: what lies in the stretched SVG.
        alt: what it shows, for those who do not see it.
        over: what stands over it, placed in percent by `placed`.
        y_name: what is drawn upwards, with its unit.
        y_ticks: values and their labels; round ones if there are none.
        under: a picture beneath it.
        kind: further class.
    """
    if y_ticks is None:
        rounds = y.ticks(4)
        step = rounds[1] - rounds[0] if len(rounds) > 1 else 1.0
        y_ticks = [(v, tick_label(v, step)) for v in rounds]
    grid = [level(y, v, "grid") for v, _ in y_ticks] if under is None else []
    labels = [
        *(el("span", name, class_="y", style=f"top:{100 - y.at(v):.2f}%", aria_hidden="true") for v, name in y_ticks),
        *(el("span", name, class_="x", style=f"left:{x.at(v):.2f}%", aria_hidden="true") for v, name in times(x)),
    ]
    picture = el(
        "svg",
        *grid,
        *drawn,
        viewBox="0 0 1000 1000",
        preserveAspectRatio="none",
        role="img",
        aria_label=alt,
    )
    name = el("p", y_name, class_="axis") if y_name else None
    return el("div", name, el("div", under, picture, *labels, *over, class_="area"), class_=f"plot {kind}".rstrip())


def placed(x: Scale, y: Scale, at: float, value: float) -> str:
    """The style of something that stands over a plot."""
    return f"left:{x.at(at):.2f}%;top:{100 - y.at(value):.2f}%"


def legend(*entries: tuple[str, str]) -> Html:
    """What the kinds of lines and dots are: (class, words)."""
    return el("p", join(*(el("span", el("i", class_=kind), words) for kind, words in entries)), class_="legend")
