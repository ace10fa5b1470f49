"""Shaders of flesh: skin, eyes, mouth, lashes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...colour import RGB, blend, linear, luminance, scaled
from ..blender.graph import Graph
from .marks import flushed, freckled, moled
from .objects import REST, TEXTURE


def new(name: str) -> tuple[Any, Graph]:
    """An empty material and its graph."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, Graph(material.node_tree)


def attribute(g: Graph, name: str) -> Any:
    """A vector attribute of the mesh."""
    node = g.add("ShaderNodeAttribute", attribute_type="GEOMETRY")
    node.attribute_name = name
    return node.outputs["Vector"]


def rest(g: Graph) -> Any:
    """Where on the resting body a point of the surface is [m]."""
    return attribute(g, REST)


def texture_coordinates(g: Graph) -> Any:
    """Where on its mesh's texture a point of the surface is (`Patch.uv`); stays with the surface however it bends."""
    return g.add("ShaderNodeUVMap", uv_map=TEXTURE).outputs["UV"]


def skin(identity: Mapping[str, Any], *, scalp_tint: float, beard_tint: float, moles: NDArray[Any]) -> Any:
    """Skin: flesh that scatters, redder, darker, shinier where skin is, with lips, nails, pores and wrinkles.

    `moles` is (m, 4): places on the resting body and radii [m]. What an identity says nothing of (freckles, redness,
    wrinkles) is as its skin and its years have it.
    """
    material, g = new("skin")
    base = linear(identity["skin"])
    light = float(np.clip(luminance(base) / 0.45, 0.0, 1.0))
    hair = linear(identity["hair"]["colour"])
    age = float(np.clip((identity["age"] - 30) / 45, 0.0, 1.0))
    wrinkles = identity.get("wrinkles")
    lines = age if wrinkles is None else float(wrinkles)
    at = rest(g)
    red, dark, palm = g.split(attribute(g, "tone"))
    lips, inside, nail = g.split(attribute(g, "part"))
    beard, scalp, shine = g.split(attribute(g, "fuzz"))
    colour = _tone(g, base, light, red, dark, palm, at, age, lines)
    freckles, redness = float(identity.get("freckles", 0.0)), float(identity.get("redness", 0.0))
    likely, flush, _ = g.split(attribute(g, "marked")) if freckles or redness else (0.0, 0.0, 0.0)
    if redness:
        colour = flushed(g, colour, base, at, flush, red, redness)
    if freckles:
        colour = freckled(g, colour, base, at, likely, freckles)
    raised: Any = None
    if len(moles):
        colour, raised = moled(g, colour, base, at, moles)
    beard, scalp = (_ragged(g, at, edge) for edge in (beard, scalp))
    colour = g.mix(g.times(beard, _hairs(g, at, beard_tint)), colour, blend(hair, scaled(base, 0.35), 0.4))
    colour = g.mix(g.times(scalp, scalp_tint), colour, blend(hair, scaled(base, 0.4), 0.25))
    colour = g.mix(g.times(lips, 0.95), colour, lip_colour(base, light, identity))
    colour = g.mix(g.times(nail, 0.6), colour, blend(scaled(base, 1.1), (0.72, 0.47, 0.40), 0.5))
    colour = g.mix(inside, colour, (0.48, 0.15, 0.125))
    rough = g.plus(0.44, g.times(shine, -0.14))
    rough = g.plus(rough, g.rescale(g.noise(at, 130.0, detail=2), 0.3, 0.7, -0.07, 0.07))
    rough = _mixed(g, g.times(lips, 0.8), rough, 0.36)
    rough = _mixed(g, nail, rough, 0.22)
    rough = _mixed(g, inside, rough, 0.18)
    flesh = g.principled(
        colour=colour,
        roughness=rough,
        specular=0.5,
        ior=1.42,
        subsurface=g.times(g.light_path("Is Camera Ray"), 0.2 + 0.12 * light),
        subsurface_radius=(1.0, 0.36, 0.18),
        subsurface_scale=0.0075,
        normal=_relief(g, at, lips, age, lines, raised),
    )
    flesh.node.subsurface_method = "BURLEY"  # a quarter faster than a random walk, and as soft at this scale
    g.surface(flesh)
    return material


def lip_colour(base: RGB, light: float, identity: Mapping[str, Any]) -> RGB:
    """Lips: more blood, less on men."""
    pink = (0.50, 0.165, 0.135) if light > 0.5 else (0.27, 0.095, 0.075)
    return blend(scaled(base, 0.8), pink, 0.78 - 0.36 * float(identity["masculinity"]))


def _ragged(g: Graph, at: Any, area: Any) -> Any:
    """An area whose soft edge is broken up into patches, as where hairs thin out."""
    return g.smooth(g.plus(area, g.rescale(g.noise(at, 300.0, detail=3), 0.3, 0.7, -0.4, 0.4)), 0.3, 0.75)


def _mixed(g: Graph, factor: Any, a: Any, b: Any) -> Any:
    """a where factor is 0, b where it is 1."""
    return g.plus(g.times(a, g.minus(1.0, factor)), g.times(b, factor))


def _tone(g: Graph, base: RGB, light: float, red: Any, dark: Any, palm: Any, at: Any, age: float, lines: float) -> Any:
    mottle = g.noise(at, 70.0, detail=3)
    blotch = g.noise(at, 18.0, detail=2)
    grain = g.noise(at, 340.0, detail=3, roughness=0.75)
    colour = g.shade(base, g.times(g.rescale(mottle, 0.25, 0.75, 0.84, 1.12), g.rescale(grain, 0.3, 0.7, 0.88, 1.10)))
    rosy = (base[0] * 1.04, base[1] * (0.60 + 0.1 * (1 - light)), base[2] * (0.58 + 0.1 * (1 - light)))
    colour = g.mix(g.times(g.rescale(blotch, 0.35, 0.65, 0.0, 1.0), 0.26), colour, rosy)
    colour = g.mix(g.times(red, 0.42 + 0.28 * light), colour, rosy)
    colour = g.mix(g.times(dark, 0.55), colour, (base[0] * 0.66, base[1] * 0.56, base[2] * 0.62))
    pale = blend(base, (0.56, 0.33, 0.24), 0.62 * (1 - light))
    colour = g.mix(palm, colour, pale)
    if lines > 0.0:
        lined, folded, _ = g.split(attribute(g, "lined"))
        crease = g.times(g.smooth(_lines(g, at), 0.50, 0.36), g.plus(lined, g.times(lines, 0.3)))
        furrow = (base[0] * 0.62, base[1] * 0.45, base[2] * 0.38)
        colour = g.mix(g.times(g.math("MAXIMUM", crease, g.times(folded, 0.8)), 0.2 + 0.4 * lines), colour, furrow)
    if age > 0.2:
        spot = g.smooth(g.noise(at, 190.0, detail=3), 0.64, 0.72)
        colour = g.mix(g.times(spot, 0.4 * age), colour, (base[0] * 0.55, base[1] * 0.42, base[2] * 0.36))
    elif light > 0.62:
        freckle = g.smooth(g.voronoi(at, 420.0), 0.22, 0.10)
        patchy = g.times(freckle, g.times(g.smooth(g.noise(at, 60.0), 0.5, 0.62), red))
        colour = g.mix(g.times(patchy, 0.45), colour, (base[0] * 0.72, base[1] * 0.52, base[2] * 0.40))
    return colour


def _hairs(g: Graph, at: Any, tint: float) -> Any:
    """Speckle of shaven hairs under the skin."""
    fine = g.rescale(g.noise(at, 900.0, detail=2), 0.3, 0.7, 0.55, 1.0)
    tufts = g.rescale(g.noise(g.vscale(at, (420.0, 420.0, 110.0)), 1.0, detail=3), 0.35, 0.65, 0.4, 1.0)
    return g.times(g.times(fine, tufts), 1.25 * tint)


def _lines(g: Graph, at: Any) -> Any:
    """Wrinkles: noise drawn out to the side, low in the creases."""
    return g.noise(g.vscale(at, (34.0, 60.0, 330.0)), 1.0, detail=3, distortion=0.6)


def _relief(g: Graph, at: Any, lips: Any, age: float, wrinkles: float, raised: Any) -> Any:
    """Normal of pores, lip creases, wrinkles and moles."""
    pores = g.voronoi(at, 1500.0)
    fine = g.bump(pores, 0.00026 + 0.00014 * age)
    fine = g.bump(g.noise(at, 420.0, detail=3, roughness=0.6), 0.00045, normal=fine)
    crease = g.times(lips, g.noise(g.vscale(at, (1600.0, 300.0, 200.0)), 1.0, detail=2))
    fine = g.bump(crease, 0.00035, normal=fine)
    if wrinkles > 0.0:
        lined, folded, _ = g.split(attribute(g, "lined"))
        lines = g.times(_lines(g, at), g.plus(g.times(lined, 2.0), 0.65))
        soft = g.noise(at, 160.0, detail=3, distortion=0.8)
        fine = g.bump(g.plus(lines, g.times(soft, 0.5)), 0.0011 * wrinkles + 0.0002, normal=fine)
        fine = g.bump(folded, -0.0012 * wrinkles - 0.0004, normal=fine)
    return fine if raised is None else g.bump(raised, 0.0005, normal=fine)


LID_SHADOW = (0.44, 0.25, 0.36)
"""How much darker an eyeball is under the upper lid, above the lower one and in its corners: lids and lashes keep light
from it, and a few samples do not find that out."""
MIRRORED = 0.6
"""Part of what a cornea mirrors that is shown. All of it veils a dark iris where a wide bright sky stands in it, which
in life lashes and brows cut away; the catch light of a sun or a lamp is far above this."""


def eye(identity: Mapping[str, Any]) -> Any:
    """Sclera, iris with limbal ring and fibres, pupil; wet, and shaded by the lids.

    The iris is darker than its colour in the document: under a low sun it would bleach with the skin round it, and a
    bright iris in a bright eye is what a ghost's look is made of.
    """
    material, g = new("eye")
    iris = iris_colour(identity)
    side, up, white = g.split(attribute(g, "eye"))
    r = g.math("SQRT", g.plus(g.times(side, side), g.times(up, up)))
    angle = g.math("ARCTAN2", up, side)
    fibre = g.noise(g.join(g.times(g.math("SINE", angle), 9.0), g.times(g.math("COSINE", angle), 9.0), g.times(r, 2.2)),
                    1.0, detail=3, distortion=0.4)  # fmt: skip
    rays = g.rescale(fibre, 0.3, 0.7, 0.6, 1.4)
    amber = scaled((0.30, 0.16, 0.05), 1.5 * luminance(iris) / luminance((0.30, 0.16, 0.05)))
    inner = blend(scaled(iris, 1.35), amber, 0.25)
    colour = g.shade(g.mix(g.smooth(r, 0.66, 0.46), iris, inner), rays)
    colour = g.mix(g.smooth(r, 0.70, 0.97), colour, scaled(iris, 0.16))
    colour = g.mix(g.smooth(r, 0.42, 0.36), colour, (0.003, 0.003, 0.003))
    vein = g.noise(g.vscale(rest(g), (600.0, 600.0, 1500.0)), 1.0, detail=4, distortion=1.5)
    corner = g.smooth(g.math("ABSOLUTE", side), 1.2, 2.3)
    clear = sclera_colour(identity)
    sclera = g.mix(g.times(corner, 0.5), clear, (clear[0] * 0.9, clear[1] * 0.58, clear[2] * 0.52))
    sclera = g.mix(g.times(g.smooth(vein, 0.60, 0.68), g.times(corner, 0.6)), sclera, (0.40, 0.10, 0.08))
    sclera = g.mix(g.smooth(r, 1.14, 0.98), sclera, scaled(iris, 0.4))
    above, below, beside = LID_SHADOW
    shadow = g.minus(1.0, g.times(g.smooth(up, 0.0, 0.85), above))
    shadow = g.times(shadow, g.minus(1.0, g.times(g.smooth(up, -0.55, -1.0), below)))
    shadow = g.times(shadow, g.minus(1.0, g.times(corner, beside)))
    g.surface(
        g.principled(
            colour=g.shade(g.mix(white, colour, sclera), shadow),
            roughness=0.3,
            specular=g.times(white, 0.15),  # the iris lies under the cornea, which shines for it
            coat=g.times(white, 0.15),
            coat_roughness=0.08,
        )
    )
    return material


def iris_colour(identity: Mapping[str, Any]) -> RGB:
    """The fibres of an iris: of the document's colour, deeper and a little duller, so that it stays darker than the white."""
    full = linear(identity["eyes"])
    grey = luminance(full)
    part = float(np.interp(grey, (0.02, 0.2), (0.58, 0.44)))  # pale eyes bleach first
    return scaled(blend(full, (grey, grey, grey), 0.15), part)


def sclera_colour(identity: Mapping[str, Any]) -> RGB:
    """The white of the eye: never white; yellower with age, duller where there is more pigment in skin and all."""
    age = float(np.interp(identity["age"], (15.0, 80.0), (0.0, 1.0)))
    light = float(np.clip(luminance(linear(identity["skin"])) / 0.45, 0.0, 1.0))
    return scaled(blend((0.49, 0.47, 0.46), (0.46, 0.42, 0.35), age), 0.72 + 0.28 * light)


def cornea() -> Any:
    """Clear and wet: lets light straight through (no refraction, so the iris is lit) and mirrors by Fresnel.

    It is a little rough, so that the mirrored sun, a hundredth of a millimetre wide, is found by few samples.
    """
    material, g = new("cornea")
    clear = g.add("ShaderNodeBsdfTransparent", {"Color": (1.0, 1.0, 1.0)}).outputs[0]
    mirror = g.add("ShaderNodeBsdfGlossy", {"Color": (1.0, 1.0, 1.0), "Roughness": 0.11}).outputs[0]
    fresnel = g.math("MINIMUM", g.add("ShaderNodeFresnel", {"IOR": 1.38}).outputs[0], 0.1)
    g.surface(g.mix_shader(g.times(g.times(fresnel, MIRRORED), g.light_path("Is Camera Ray")), clear, mirror))
    return material


def lash(rgb: RGB, roughness: float = 0.55) -> Any:
    """Lashes, brows and beards: matt ribbons, a little lighter where they thin out."""
    material, g = new("short hair")
    tufts = g.noise(g.vscale(rest(g), (500.0, 500.0, 160.0)), 1.0, detail=3)
    colour = g.shade(rgb, g.rescale(tufts, 0.33, 0.67, 0.5, 1.5))
    g.surface(g.principled(colour=colour, roughness=roughness, specular=0.3))
    return material


def tooth(age: float) -> Any:
    """Enamel, yellower with age; lighter than life, for the light that finds its way between lips in many bounces."""
    material, g = new("tooth")
    yellow = float(np.interp(age, (10, 80), (0.0, 1.0)))
    colour = blend((0.98, 0.95, 0.88), (0.84, 0.76, 0.60), yellow)
    g.surface(g.principled(colour=colour, roughness=0.22, specular=0.5))
    return material


def wet(name: str, rgb: RGB) -> Any:
    """Gums and tongue."""
    material, g = new(name)
    at = rest(g)
    colour = g.shade(rgb, g.rescale(g.noise(at, 350.0, detail=2), 0.3, 0.7, 0.8, 1.15))
    normal = g.bump(g.noise(at, 900.0, detail=2), 0.0004)
    g.surface(
        g.principled(colour=colour, roughness=0.28, subsurface=0.2, subsurface_scale=0.004, specular=0.5, normal=normal)
    )
    return material
