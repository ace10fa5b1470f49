"""Wood: solid pieces with year rings, floors of planks, cork and cardboard."""

from __future__ import annotations

from typing import Any

from ....colour import RGB, blend, scaled
from ..graph import Graph
from ._registry import Surface, texture


def grain(g: Graph, at: Any, rgb: RGB, *, scale: float = 1.0) -> tuple[Any, Any]:
    """Colour and pore height of wood cut along X: year rings, streaks, pores."""
    bent = g.offset(at, g.vscale(g.noise_vector(g.vscale(at, (1.6 * scale, 7.0 * scale, 7.0 * scale))), 0.018 / scale))
    _, y, z = g.split(bent)
    # Year rings: distance from a pith that lies well outside the piece, so that flat-sawn arches appear.
    ring = g.vector("LENGTH", g.join(0.0, g.plus(y, 0.013 / scale), g.plus(z, 0.11 / scale)))
    year = g.math("FRACT", g.times(ring, 95.0 * scale))
    late = g.times(g.smooth(year, 0.25, 0.92), g.smooth(year, 1.0, 0.93))  # late wood darkens slowly, ends abruptly
    streak = g.noise(g.vscale(at, (3.0 * scale, 70.0 * scale, 70.0 * scale)), 1.0, detail=3, roughness=0.6)
    pores = g.smooth(g.noise(g.vscale(at, (28.0 * scale, 900.0 * scale, 900.0 * scale)), 1.0, detail=1), 0.62, 0.7)
    light, dark = blend(rgb, (0.9, 0.7, 0.45), 0.10), (rgb[0] * 0.55, rgb[1] * 0.46, rgb[2] * 0.38)
    colour = g.mix(g.times(late, 0.55), light, dark)
    colour = g.shade(colour, g.rescale(streak, 0.25, 0.75, 0.72, 1.2))
    colour = g.mix(g.times(pores, 0.45), colour, scaled(dark, 0.6))
    return colour, g.minus(1.0, pores)


@texture("wood")
def wood(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """A solid, oiled piece."""
    colour, pores = grain(g, at, rgb)
    worn = g.noise(at, 9.0, detail=2)
    return Surface(
        colour=colour,
        roughness=g.rescale(worn, 0.3, 0.7, roughness - 0.08, roughness + 0.1),
        height=pores,
        relief_m=0.00012,
    )


def boards(g: Graph, at: Any, width: float, length: float) -> tuple[Any, Any, Any]:
    """Board number (0…1 random), distance to the nearest joint [m] and coordinates that differ from board to board."""
    x, y, _ = g.split(at)
    row = g.math("FLOOR", g.math("DIVIDE", y, width))
    shift = g.times(g.white(row, "1D"), length)
    along = g.plus(x, shift)
    column = g.math("FLOOR", g.math("DIVIDE", along, length))
    number = g.white(g.join(row, column, 0.5), "3D")
    across = g.minus(y, g.times(row, width))
    end = g.minus(along, g.times(column, length))
    joint = g.math(
        "MINIMUM",
        g.math("MINIMUM", across, g.minus(width, across)),
        g.math("MINIMUM", end, g.minus(length, end)),
    )
    local = g.join(g.plus(along, g.times(number, 37.0)), g.plus(across, g.times(number, 0.05)), g.times(number, 3.0))
    return number, joint, local


@texture("planks")
def planks(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """A floor of sealed boards 12 cm wide, laid along X."""
    return plank_floor(g, at, rgb, roughness, width=0.125, length=1.5)


def plank_floor(
    g: Graph, at: Any, rgb: RGB, roughness: float, *, width: float, length: float, gap: float = 0.0012
) -> Surface:
    """A floor of boards of a given width and length [m]."""
    number, joint, local = boards(g, at, width, length)
    colour, pores = grain(g, local, rgb, scale=1.0)
    colour = g.vary(
        colour,
        hue=g.rescale(number, 0.0, 1.0, 0.492, 0.508),
        saturation=g.rescale(g.white(g.plus(number, 3.3), "1D"), 0.0, 1.0, 0.86, 1.1),
        value=g.rescale(g.white(g.plus(number, 7.7), "1D"), 0.0, 1.0, 0.74, 1.14),
    )
    seam = g.smooth(joint, gap * 1.6, gap * 0.5)
    colour = g.mix(g.times(seam, 0.85), colour, scaled(rgb, 0.10))
    worn = g.noise(at, 1.3, detail=4, roughness=0.6)
    return Surface(
        colour=g.shade(colour, g.rescale(worn, 0.3, 0.7, 0.93, 1.04)),
        roughness=g.plus(g.rescale(worn, 0.32, 0.68, roughness - 0.06, roughness + 0.13), g.times(seam, 0.4)),
        height=g.minus(g.times(pores, 0.12), g.times(g.smooth(joint, gap * 2.5, 0.0), 0.88)),
        relief_m=0.0007,
    )


@texture("cork")
def cork(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Pressed granules of 3 mm with dark specks."""
    granule = g.voronoi(at, 320.0, output="Color")
    value = g.split(granule)[0]
    speck = g.smooth(g.noise(at, 240.0, detail=2), 0.6, 0.68)
    colour = g.shade(rgb, g.rescale(value, 0.0, 1.0, 0.62, 1.25))
    return Surface(
        colour=g.mix(g.times(speck, 0.7), colour, scaled(rgb, 0.25)),
        roughness=roughness,
        height=g.noise(at, 300.0, detail=2),
        relief_m=0.0004,
    )


@texture("cardboard")
def cardboard(g: Graph, at: Any, rgb: RGB, roughness: float) -> Surface:
    """Kraft liner over flutes 7 mm apart, which just show through."""
    x, _, _ = g.split(at)
    flute = g.math("SINE", g.times(x, 2 * 3.14159 / 0.007))
    fibre = g.noise(g.vscale(at, (60.0, 400.0, 60.0)), 1.0, detail=3, roughness=0.6)
    stain = g.noise(at, 5.0, detail=4)
    value = g.plus(
        g.plus(g.rescale(fibre, 0.2, 0.8, 0.86, 1.1), g.times(flute, 0.012)), g.rescale(stain, 0.3, 0.7, -0.1, 0.06)
    )
    return Surface(
        colour=g.shade(rgb, value),
        roughness=roughness,
        height=g.plus(g.times(fibre, 0.4), g.rescale(flute, -1.0, 1.0, 0.0, 0.6)),
        relief_m=0.00015,
        specular=0.25,
    )
