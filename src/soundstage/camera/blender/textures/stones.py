"""Mineral substances: marble, stone, concrete, asphalt, brickwork."""

from __future__ import annotations

from typing import Any

from ....colour import RGB, blend, scaled
from ..graph import Graph
from ._registry import Surface, texture


@texture("marble")
def marble(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Polished slab: clouds, a few long veins that branch, and hairlines."""
    warp = g.offset(at, g.vscale(g.noise_vector(at, 2.2, detail=4), 0.38))
    fine = g.offset(at, g.vscale(g.noise_vector(at, 9.0, detail=3), 0.07))
    cloud = g.noise(warp, 3.0, detail=4, roughness=0.6)
    vein = _vein(g, g.noise(warp, 2.3, detail=2), 0.022)
    hair = _vein(g, g.noise(g.offset(fine, (3.1, 1.7, 0.4)), 8.0, detail=2), 0.010)
    strength = g.smooth(g.noise(at, 3.1, detail=1), 0.36, 0.66)
    grey = blend(scaled(rgb, 0.36), (0.16, 0.17, 0.19), 0.35)
    colour = g.mix(g.rescale(cloud, 0.38, 0.72, 0.0, 0.34), rgb, grey)
    colour = g.mix(g.times(vein, g.rescale(strength, 0.0, 1.0, 0.18, 0.85)), colour, grey)
    colour = g.mix(g.times(hair, 0.30), colour, scaled(grey, 0.8))
    smudge = g.noise(at, 7.0, detail=3)
    return Surface(
        colour=colour,
        roughness=g.plus(g.rescale(smudge, 0.3, 0.7, roughness - 0.04, roughness + 0.08), g.times(vein, 0.04)),
    )


def _vein(g: Graph, noise: Any, width: float) -> Any:
    """1 on the middle contour of a noise, soft to both sides."""
    return g.smooth(g.math("ABSOLUTE", g.minus(noise, 0.5)), width, 0.0)


def cracks(g: Graph, at: Any, scale: float, width: float) -> Any:
    """1 along wandering hairlines: the middle contour of a noise (a cell pattern would cost five times as much)."""
    wander = g.noise(at, scale, detail=3, roughness=0.35)
    return g.smooth(g.math("ABSOLUTE", g.minus(wander, 0.52)), width, width * 0.25)


@texture("stone")
def stone(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Rough stone or fired clay: grains, pits and stains."""
    grains = g.noise(at, 260.0, detail=2, roughness=0.6)
    stain = g.noise(at, 11.0, detail=5, roughness=0.62)
    pits = g.smooth(g.noise(at, 95.0, detail=3), 0.40, 0.30)
    colour = g.shade(rgb, g.times(g.rescale(grains, 0.25, 0.75, 0.78, 1.22), g.rescale(stain, 0.25, 0.75, 0.66, 1.24)))
    dusty = blend(rgb, (0.5, 0.46, 0.4), 0.35)
    colour = g.mix(g.smooth(stain, 0.42, 0.68), colour, dusty)
    return Surface(
        colour=g.mix(g.times(pits, 0.6), colour, scaled(rgb, 0.35)),
        roughness=roughness,
        height=g.minus(g.times(grains, 0.5), g.times(pits, 0.5)),
        relief_m=0.0009,
        specular=0.3,
    )


@texture("concrete")
def concrete(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Trowelled concrete: clouds, fine sand, pinholes, hairline cracks."""
    cloud = g.noise(at, 1.1, detail=6, roughness=0.58)
    sand = g.noise(at, 420.0, detail=1)
    holes = g.smooth(g.noise(at, 62.0, detail=1), 0.30, 0.25)
    crack = cracks(g, at, 0.9, 0.0035)
    value = g.times(g.rescale(cloud, 0.26, 0.74, 0.70, 1.20), g.rescale(sand, 0.25, 0.75, 0.93, 1.07))
    colour = g.mix(g.rescale(cloud, 0.45, 0.7, 0.0, 0.25), g.shade(rgb, value), blend(rgb, (0.30, 0.25, 0.19), 0.5))
    colour = g.mix(g.plus(g.times(crack, 0.55), g.times(holes, 0.5)), colour, scaled(rgb, 0.25))
    return Surface(
        colour=colour,
        roughness=g.rescale(cloud, 0.3, 0.7, roughness - 0.18, roughness + 0.05),
        height=sand,
        relief_m=0.0005,
        specular=0.35,
    )


@texture("asphalt")
def asphalt(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Rolled asphalt: stones of 8 mm in bitumen, worn lighter in places, with cracks and patches."""
    tone = g.noise(at, 160.0, detail=2, roughness=0.75)
    wear = g.noise(at, 0.7, detail=6, roughness=0.6)
    crack = g.times(cracks(g, at, 0.55, 0.005), g.smooth(g.noise(at, 0.25, detail=1), 0.44, 0.56))
    value = g.times(g.rescale(tone, 0.25, 0.75, 0.45, 1.7), g.rescale(wear, 0.28, 0.72, 0.68, 1.35))
    colour = g.shade(blend(rgb, (0.10, 0.095, 0.085), 0.25), value)
    return Surface(
        colour=g.mix(g.times(crack, 0.85), colour, scaled(rgb, 0.15)),
        roughness=g.rescale(wear, 0.3, 0.7, roughness - 0.15, roughness + 0.05),
        height=tone,
        relief_m=0.003,
        specular=0.35,
    )


@texture("brickwork")
def brickwork(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """A wall in stretcher bond, bricks 25 × 7.5 cm with joints, laid in the X-Z plane."""
    x, y, z = g.split(at)
    along = g.plus(x, y)  # walls stand along X or Y
    row = g.math("FLOOR", g.math("DIVIDE", z, 0.075))
    shifted = g.plus(along, g.times(g.math("MODULO", row, 2.0), 0.125))
    column = g.math("FLOOR", g.math("DIVIDE", shifted, 0.25))
    number = g.white(g.join(row, column, 0.0))
    from_bed = g.minus(z, g.times(row, 0.075))
    from_head = g.minus(shifted, g.times(column, 0.25))
    edge = g.math("MINIMUM", g.math("MINIMUM", from_bed, g.minus(0.075, from_bed)),
                  g.math("MINIMUM", from_head, g.minus(0.25, from_head)))  # fmt: skip
    rough = g.noise(at, 120.0, detail=2)
    joint = g.smooth(g.plus(edge, g.times(g.minus(rough, 0.5), 0.004)), 0.006, 0.003)
    stain = g.noise(at, 0.6, detail=5, roughness=0.6)
    clay = g.vary(rgb, value=g.times(g.rescale(number, 0.0, 1.0, 0.6, 1.2), g.rescale(rough, 0.3, 0.7, 0.85, 1.15)))
    colour = g.mix(joint, clay, blend((0.42, 0.40, 0.36), rgb, 0.15))
    return Surface(
        colour=g.shade(colour, g.rescale(stain, 0.3, 0.7, 0.72, 1.1)),
        roughness=roughness,
        height=g.minus(1.0, joint),
        relief_m=0.004,
        specular=0.25,
    )
