"""What one walks on outdoors: sports acrylic, lawn, sand, soil and gravel."""

from __future__ import annotations

from typing import Any

from ....colour import RGB, blend, scaled
from ..graph import Graph
from ._registry import Surface, texture
from .stones import cracks


@texture("acrylic")
def acrylic(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """A painted court: sanded paint, faded and scuffed by play, dust, dried puddles, hairline cracks."""
    return acrylic_paint(g, at, rgb, roughness)


def acrylic_paint(g: Graph, at: Any, colour: Any, roughness: float, *, wear_amount: float = 1.0) -> Surface:
    """Acrylic paint of any colour (a socket or rgb), so that lines and fields wear alike."""
    sand = g.noise(at, 330.0, detail=1)
    fade = g.noise(at, 0.35, detail=5, roughness=0.62)
    scuff = g.noise(g.vscale(at, (1.0, 2.3, 1.0)), 2.1, detail=6, roughness=0.7)
    puddle = g.noise(at, 0.42, detail=3)
    puddle_edge = g.smooth(g.math("ABSOLUTE", g.minus(puddle, 0.57)), 0.012, 0.0)
    crack = g.times(cracks(g, at, 0.11, 0.0006), g.smooth(fade, 0.46, 0.54))
    dusty = (0.26, 0.24, 0.21)
    out = g.shade(colour, g.times(g.rescale(fade, 0.25, 0.75, 0.78, 1.16), g.rescale(sand, 0.25, 0.75, 0.86, 1.14)))
    out = g.mix(g.times(g.smooth(scuff, 0.50, 0.80), 0.34 * wear_amount), out, dusty)
    out = g.mix(g.times(puddle_edge, 0.14), out, dusty)
    out = g.mix(g.times(crack, 0.75), out, (0.03, 0.03, 0.03))
    return Surface(
        colour=out,
        roughness=g.plus(
            g.rescale(fade, 0.3, 0.7, roughness - 0.22, roughness), g.times(g.smooth(scuff, 0.5, 0.75), 0.15)
        ),
        height=sand,
        relief_m=0.0010,
        specular=0.4,
    )


@texture("grass")
def grass(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Lawn as seen from afar, and the soil and thatch between blades near by."""
    broad = g.noise(at, 0.13, detail=6, roughness=0.65)
    tuft = g.noise(at, 9.0, detail=4, roughness=0.7)
    blade = g.noise(at, 160.0, detail=2, roughness=0.7)
    bare = g.smooth(g.noise(at, 0.6, detail=5, roughness=0.65), 0.62, 0.74)
    rgb = (rgb[0] * 0.62, rgb[1] * 0.44, rgb[2] * 0.6)  # a lawn seen from above is half shade between its blades
    dry = (rgb[0] * 1.7 + 0.02, rgb[1] * 1.08, rgb[2] * 0.75)
    colour = g.mix(g.smooth(broad, 0.35, 0.68), scaled(rgb, 0.75), blend(rgb, dry, 0.28))
    colour = g.shade(colour, g.times(g.rescale(tuft, 0.25, 0.75, 0.60, 1.3), g.rescale(blade, 0.2, 0.8, 0.55, 1.4)))
    colour = g.mix(g.times(bare, 0.6), colour, (0.14, 0.095, 0.055))
    return Surface(
        colour=colour,
        roughness=roughness,
        height=g.plus(g.times(tuft, 0.6), g.times(blade, 0.4)),
        relief_m=0.03,
        specular=0.15,
        sheen=0.15,
    )


@texture("sand")
def sand(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Dry sand with soft ripples and single grains."""
    ripple = g.noise(g.vscale(at, (2.0, 9.0, 2.0)), 1.0, detail=3, distortion=1.0)
    grains = g.noise(at, 900.0, detail=1)
    damp = g.noise(at, 0.8, detail=3)
    colour = g.shade(rgb, g.times(g.rescale(grains, 0.2, 0.8, 0.7, 1.25), g.rescale(damp, 0.3, 0.7, 0.86, 1.06)))
    return Surface(
        colour=colour,
        roughness=roughness,
        height=g.plus(g.times(ripple, 0.95), g.times(grains, 0.05)),
        relief_m=0.012,
        specular=0.2,
    )
