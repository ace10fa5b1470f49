"""Soft and worked surfaces: felt, woven cloth and carpet, leather."""

from __future__ import annotations

from typing import Any

from ....colour import RGB, scaled
from ..graph import Graph
from ._registry import Surface, texture


@texture("felt")
def felt(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Matted wool: tangled fibres and a soft rim of light."""
    fibre = g.noise(at, 700.0, detail=3, roughness=0.7, distortion=1.2)
    matt = g.noise(at, 90.0, detail=3)
    return Surface(
        colour=g.shade(rgb, g.times(g.rescale(fibre, 0.25, 0.75, 0.72, 1.18), g.rescale(matt, 0.3, 0.7, 0.85, 1.1))),
        roughness=roughness,
        height=g.plus(g.times(fibre, 0.6), g.times(matt, 0.4)),
        relief_m=0.0012,
        sheen=0.6,
        specular=0.1,
    )


@texture("weave")
def weave(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Woven threads 1.5 mm apart; from afar only the mottling of wear remains."""
    x, y, z = g.split(at)
    u, v = g.plus(x, g.times(z, 0.7)), g.plus(y, g.times(z, 0.7))
    k = 3.14159 / 0.0015
    over = g.times(g.math("SINE", g.times(u, k)), g.math("SINE", g.times(v, k)))
    fuzz = g.noise(at, 500.0, detail=2)
    wear = g.noise(at, 2.5, detail=4)
    value = g.times(g.rescale(over, -1.0, 1.0, 0.82, 1.08), g.rescale(wear, 0.3, 0.7, 0.82, 1.1))
    return Surface(
        colour=g.shade(rgb, g.times(value, g.rescale(fuzz, 0.25, 0.75, 0.8, 1.15))),
        roughness=roughness,
        height=g.plus(g.times(over, 0.35), fuzz),
        relief_m=0.0006,
        sheen=0.3,
        specular=0.15,
    )


@texture("leather")
def leather(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Grain leather: cells of 2 mm between creases."""
    cell = g.voronoi(g.offset(at, g.vscale(g.noise_vector(at, 160.0), 0.003)), 420.0, feature="DISTANCE_TO_EDGE")
    crease = g.smooth(cell, 0.16, 0.0)
    wear = g.noise(at, 12.0, detail=4)
    colour = g.shade(rgb, g.rescale(wear, 0.3, 0.7, 0.82, 1.12))
    return Surface(
        colour=g.mix(g.times(crease, 0.5), colour, scaled(rgb, 0.4)),
        roughness=g.rescale(wear, 0.3, 0.7, roughness - 0.12, roughness + 0.1),
        height=g.minus(1.0, crease),
        relief_m=0.00035,
    )
