"""Patterns as shaders: stripes, checks, plaids and dots in a garment's panel coordinates (`panels.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .... import library
from ....colour import RGB, linear, luminance
from ...blender.graph import Graph
from ..materials import texture_coordinates

EDGE_M = 0.0005
"""Half the width over which one colour turns into the other [m]: threads are not sharp."""
LIGHT = 0.3
"""Luminance from which on cloth counts as light."""


def pattern_of(
    name: str, colour: str, pattern_colour: str = "", scale_m: float | None = None
) -> Callable[[Graph, RGB], Any] | None:
    """What a pattern makes of a cloth's colour; None if it is plain. Raises InputError for a pattern there is not."""
    entry = library.pattern(name)
    if not (entry.warp or entry.weft or entry.dot_radius):
        return None
    light = luminance(linear(colour)) > LIGHT
    other = linear(pattern_colour or (entry.on_light if light else entry.on_dark))
    scale = scale_m or entry.scale_m

    def coloured(g: Graph, base: RGB) -> Any:
        across, up, _ = g.split(texture_coordinates(g))
        cover: Any = g.plus(_bands(g, across, entry.warp, scale), _bands(g, up, entry.weft, scale))
        if entry.dot_radius:
            cover = g.plus(cover, _dots(g, across, up, entry.dot_radius, scale))
        return g.mix(g.math("MINIMUM", cover, 1.0), base, other)

    return coloured


def _from_middle(g: Graph, at: Any, middle: float, scale: float) -> Any:
    """Distance from the nearest line of those that repeat every `scale` and of which one is at `middle` repeats [m]."""
    moved = g.plus(g.times(at, 1.0 / scale), 0.5 - middle)
    return g.times(g.math("ABSOLUTE", g.minus(g.math("FRACT", moved), 0.5)), scale)


def _bands(g: Graph, at: Any, bands: Sequence[Sequence[float]], scale: float) -> Any:
    total: Any = 0.0
    for middle, width, cover in bands:
        half = 0.5 * width * scale
        edge = min(EDGE_M, 0.5 * half)
        total = g.plus(total, g.smooth(_from_middle(g, at, middle, scale), half + edge, half - edge, 0.0, cover))
    return total


def _dots(g: Graph, across: Any, up: Any, radius: float, scale: float) -> Any:
    """Dots on the corners and in the middle of squares."""
    total: Any = 0.0
    for middle in (0.0, 0.5):
        x, y = (_from_middle(g, at, middle, scale) for at in (across, up))
        away = g.vector("LENGTH", g.join(x, y))
        total = g.plus(total, g.smooth(away, radius * scale + EDGE_M, radius * scale - EDGE_M))
    return total
