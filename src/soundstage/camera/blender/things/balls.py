"""Sports balls and marbles. Patterns live on the unit sphere, so they turn with the ball and fit any size."""

from __future__ import annotations

from typing import Any

from ....colour import linear, scaled
from ....take import Place, Thing
from ...seams import FOOTBALL_CENTRES
from ..graph import Graph
from ..materials import finish, glass, make
from ..mesh import Parts, sphere
from ..textures import Surface
from ._registry import look


def ball(thing: Thing, material: Any, *, segments: int = 64) -> Any:
    """A smooth sphere of the thing's size (an ellipsoid if its three sizes differ)."""
    vertices, faces = sphere(0.5, segments=segments, rings=segments // 2)
    return Parts().add(vertices * thing.size, faces, smooth=True).mesh(thing.id, [material])


def unit(g: Graph) -> Any:
    """Direction from the ball's centre."""
    return g.vector("NORMALIZE", g.object_coords())


@look("basketball")
def basketball(thing: Thing, place: Place) -> Any:
    """Eight panels: two great circles and two ovals round the poles of X; black channels, pebbled rubber."""
    rgb = linear(thing.colour)
    half_width = 0.0034 / (thing.size[0] / 2)

    def build(g: Graph) -> None:
        n = unit(g)
        x, y, z = g.split(n)
        ax = g.math("ABSOLUTE", x)
        oval = g.plus(0.60, g.times(0.085, g.minus(g.times(z, z), g.times(y, y))))
        distance = g.math(
            "MINIMUM", g.math("MINIMUM", ax, g.math("ABSOLUTE", z)), g.math("ABSOLUTE", g.minus(ax, oval))
        )
        seam = g.smooth(distance, half_width * 1.25, half_width * 0.8)
        at = g.object_coords()
        pebble = g.smooth(g.voronoi(at, 330.0, randomness=0.75), 0.62, 0.1)
        worn = g.noise(at, 16.0, detail=4, roughness=0.6)
        patch = g.noise(g.offset(at, (3.0, 1.0, 2.0)), 9.0, detail=2)
        skin = g.shade(rgb, g.times(g.rescale(worn, 0.28, 0.72, 0.78, 1.12), g.rescale(pebble, 0.0, 1.0, 0.80, 1.06)))
        skin = g.mix(g.smooth(patch, 0.55, 0.75), skin, scaled(rgb, 0.72))
        groove = g.smooth(distance, half_width * 2.2, half_width * 0.6)
        finish(
            g,
            Surface(
                colour=g.mix(seam, skin, (0.012, 0.011, 0.011)),
                roughness=g.mix(seam, g.rescale(worn, 0.3, 0.7, 0.42, 0.62), (0.6, 0.6, 0.6)),
                height=g.minus(g.times(pebble, g.minus(0.22, g.times(seam, 0.22))), groove),
                relief_m=0.0016,
                specular=0.45,
            ),
            scaled(rgb, 0.9),
        )

    return ball(thing, make(f"basketball {thing.id}", build))


@look("tennis_ball")
def tennis_ball(thing: Thing, place: Place) -> Any:
    """Optic felt with the one closed seam that divides a sphere into two equal tongues."""
    rgb = linear(thing.colour)

    def build(g: Graph) -> None:
        # The seam is the zero set of z·a − (x² − y²)·b, close to the spherical curve of the real ball.
        x, y, z = g.split(unit(g))
        level = g.minus(z, g.times(1.06, g.minus(g.times(x, x), g.times(y, y))))
        slope = 1.9  # |gradient| of `level` along the curve, nearly constant
        distance = g.math("ABSOLUTE", g.times(level, 1 / slope))
        at = g.object_coords()
        fuzz = g.noise(at, 900.0, detail=2, roughness=0.7, distortion=1.0)
        edge = g.plus(distance, g.times(g.minus(fuzz, 0.5), 0.022))
        seam = g.smooth(edge, 0.064, 0.050)
        matt = g.noise(at, 120.0, detail=3)
        skin = g.shade(rgb, g.times(g.rescale(fuzz, 0.25, 0.75, 0.70, 1.18), g.rescale(matt, 0.3, 0.7, 0.84, 1.08)))
        finish(
            g,
            Surface(
                colour=g.mix(seam, skin, (0.62, 0.62, 0.56)),
                roughness=0.95,
                height=g.minus(g.plus(g.times(fuzz, 0.5), g.times(matt, 0.3)), g.times(seam, 0.7)),
                relief_m=0.0013,
                sheen=0.55,
                specular=0.08,
            ),
            scaled(rgb, 0.85),
        )

    return ball(thing, make(f"tennis ball {thing.id}", build))


@look("football")
def football(thing: Thing, place: Place) -> Any:
    """The classic of 1970: 12 black pentagons and 20 white hexagons, stitched.

    A truncated icosahedron is a Voronoi pattern on the sphere: the nearest of its 32 face centres, where pentagons
    count a little nearer or farther than hexagons. The 12 + 20 centres are tested as 6 + 10 axes.
    """
    white = linear(thing.colour)
    pentagons, hexagons, bias = FOOTBALL_CENTRES

    def build(g: Graph) -> None:
        n = unit(g)
        best, second, pent = None, None, None
        axes = [(axis, 1.0) for axis in pentagons] + [(axis, bias) for axis in hexagons]
        for index, (axis, weight) in enumerate(axes):
            near = g.times(g.math("ABSOLUTE", g.vector("DOT_PRODUCT", n, axis)), weight)
            if best is None:
                best, second = near, 0.0
            else:
                second = g.math("MAXIMUM", second, g.math("MINIMUM", best, near))
                best = g.math("MAXIMUM", best, near)
            if index == len(pentagons) - 1:
                pent = best
        assert best is not None and pent is not None and second is not None
        is_pentagon = g.math("GREATER_THAN", g.minus(pent, best), -1e-5)
        gap = g.minus(best, second)
        stitch = g.smooth(gap, 0.016, 0.004)
        at = g.object_coords()
        worn = g.noise(at, 20.0, detail=4)
        skin = g.mix(is_pentagon, white, (0.015, 0.015, 0.017))
        skin = g.shade(skin, g.rescale(worn, 0.3, 0.7, 0.88, 1.03))
        finish(
            g,
            Surface(
                colour=g.mix(g.times(stitch, 0.8), skin, (0.03, 0.03, 0.03)),
                roughness=g.rescale(worn, 0.3, 0.7, 0.3, 0.48),
                height=g.smooth(gap, 0.0, 0.05),
                relief_m=0.0025,
            ),
            scaled(white, 0.75),
        )

    return ball(thing, make(f"football {thing.id}", build))


@look("bowling_ball")
def bowling_ball(thing: Thing, place: Place) -> Any:
    """Pearl resin in swirls under a polished coat, with two finger holes and a thumb hole."""
    rgb = linear(thing.colour)
    radius = thing.size[0] / 2

    def build(g: Graph) -> None:
        n, at = unit(g), g.object_coords()
        warp = g.offset(at, g.vscale(g.noise_vector(at, 9.0, detail=4), 0.14))
        swirl = g.noise(warp, 11.0, detail=4, roughness=0.6, distortion=1.4)
        light = (rgb[0] * 2.6 + 0.05, rgb[1] * 2.6 + 0.05, rgb[2] * 2.2 + 0.08)
        skin = g.mix(g.smooth(swirl, 0.42, 0.64), scaled(rgb, 0.55), rgb)
        skin = g.mix(g.smooth(swirl, 0.60, 0.74), skin, light)
        holes = None
        for centre, size in (((0.16, 0.0, 1.0), 0.0125), ((-0.16, 0.0, 1.0), 0.0125), ((0.0, -0.62, 1.0), 0.015)):
            length = sum(c * c for c in centre) ** 0.5
            direction = tuple(c / length for c in centre)
            d = g.vector("DISTANCE", n, direction)
            hole = g.smooth(d, size / radius * 1.04, size / radius * 0.94)
            holes = hole if holes is None else g.math("MAXIMUM", holes, hole)
        smudge = g.noise(at, 22.0, detail=3)
        finish(
            g,
            Surface(
                colour=g.mix(holes, skin, (0.004, 0.004, 0.005)),
                roughness=g.mix(holes, g.rescale(smudge, 0.35, 0.7, 0.05, 0.16), (0.9, 0.9, 0.9)),
                specular=g.minus(0.6, g.times(holes, 0.6)),
            ),
            rgb,
        )

    return ball(thing, make(f"bowling ball {thing.id}", build), segments=96)


@look("golf_ball")
def golf_ball(thing: Thing, place: Place) -> Any:
    """White urethane with dimples, pressed into the surface."""
    rgb = linear(thing.colour)

    def build(g: Graph) -> None:
        at = g.object_coords()
        cell = g.voronoi(g.vscale(unit(g), 1.0), 5.6, randomness=0.18)
        dimple = g.smooth(cell, 0.30, 0.42)
        finish(
            g,
            Surface(
                colour=g.shade(rgb, g.plus(0.9, g.times(g.noise(at, 60.0), 0.15))),
                roughness=0.28,
                height=dimple,
                relief_m=0.0006,
                coat=0.3,
            ),
            rgb,
        )

    return ball(thing, make(f"golf ball {thing.id}", build))


@look("marble")
def marble(thing: Thing, place: Place) -> Any:
    """Clear glass with a twisted ribbon of colour inside."""
    rgb = linear(thing.colour)
    radius = thing.size[0] / 2
    if thing.material not in ("glass", "ice"):
        from .plain import plain

        return plain(thing, place)

    def shell(g: Graph) -> None:
        glass(g, (0.95, 0.98, 0.97), 0.0, 1.5, g.object_coords())

    def core(g: Graph) -> None:
        x, _, z = g.split(g.object_coords())
        stripe = g.smooth(g.math("SINE", g.times(g.plus(x, z), 900.0 * 0.008 / radius)), -0.3, 0.3)
        bright = tuple(min(1.0, 1.5 * c + 0.08) for c in rgb)
        glow = {"emission": bright, "emission_strength": 0.12}  # light that caustics would bring in
        finish(g, Surface(colour=g.mix(stripe, bright, (0.80, 0.79, 0.74)), roughness=0.3), rgb, extra=glow)

    vertices, faces = sphere(radius, segments=48, rings=24)
    parts = Parts().add(vertices, faces, smooth=True)
    ribbon(parts, radius)
    return parts.mesh(thing.id, [make(f"marble shell {thing.id}", shell), make(f"marble core {thing.id}", core)])


def ribbon(parts: Parts, radius: float) -> None:
    """Three thin vanes, twisted half a turn from pole to pole, inside a marble."""
    import numpy as np

    rows = 17
    t = np.linspace(-1, 1, rows)
    for vane in range(3):
        angle = vane * 2 * np.pi / 3 + t * np.pi * 0.55
        reach = radius * 0.86 * np.sqrt(np.clip(1 - t**2, 0.0, 1.0))
        z = t * radius * 0.86
        outer = np.stack([np.cos(angle) * reach, np.sin(angle) * reach, z], axis=1)
        inner = np.stack([-np.cos(angle) * reach * 0.05, -np.sin(angle) * reach * 0.05, z], axis=1)
        v = np.concatenate([inner, outer])
        faces = [(i, i + 1, rows + i + 1, rows + i) for i in range(rows - 1)]
        parts.add(v, faces, slot=1, smooth=True)
