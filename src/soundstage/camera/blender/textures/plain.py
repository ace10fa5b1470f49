"""Smooth substances: paint, plastic, glazed and cast things, brushed metal."""

from __future__ import annotations

from typing import Any

from ....colour import RGB
from ..graph import Graph
from ._registry import Surface, texture


@texture("plain")
def plain(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Even colour; the gloss varies with handling, as on every real thing."""
    smudge = g.noise(at, 14.0, detail=3)
    return Surface(
        colour=g.shade(rgb, g.rescale(smudge, 0.3, 0.7, 0.95, 1.04)),
        roughness=g.rescale(smudge, 0.35, 0.65, max(0.0, roughness - 0.05), min(1.0, roughness + 0.07)),
    )


@texture("brushed")
def brushed(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Metal with fine scratches along X."""
    scratches = g.noise(g.vscale(at, (8.0, 600.0, 600.0)), 1.0, detail=2)
    stain = g.noise(at, 6.0, detail=3)
    return Surface(
        colour=g.shade(rgb, g.rescale(stain, 0.3, 0.7, 0.86, 1.0)),
        roughness=g.plus(g.rescale(scratches, 0.3, 0.7, roughness - 0.07, roughness + 0.1), g.times(stain, 0.08)),
        height=scratches,
        relief_m=0.00002,
    )
