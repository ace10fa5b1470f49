"""Fabric shaders: colour, weave, sheen, stitched hems, bands, stripes and prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ....colour import RGB, linear, scaled
from ...blender.graph import Graph
from ..materials import attribute, new, rest


@dataclass(frozen=True)
class Weave:
    """How a fabric takes light."""

    roughness: float
    sheen: float
    thread_m: float
    """Width of the threads, ribs or wales [m]."""
    relief_m: float
    mottle: float
    """How much its colour varies."""
    crease_m: float
    """Depth of small wrinkles."""
    specular: float = 0.2


WEAVES: dict[str, Weave] = {
    "cotton": Weave(0.92, 0.25, 0.0006, 0.0001, 0.07, 0.0022),
    "denim": Weave(0.9, 0.15, 0.0009, 0.00018, 0.22, 0.0020),
    "knit": Weave(0.95, 0.55, 0.0036, 0.0009, 0.10, 0.0016),
    "fleece": Weave(0.97, 0.6, 0.0012, 0.0003, 0.08, 0.0026),
    "woven": Weave(0.85, 0.2, 0.0005, 0.00008, 0.04, 0.0022, 0.25),
    "mesh": Weave(0.62, 0.3, 0.0018, 0.0002, 0.03, 0.0024, 0.35),
    "satin": Weave(0.42, 0.2, 0.0004, 0.00004, 0.03, 0.0026, 0.5),
    "wool": Weave(0.9, 0.35, 0.0008, 0.00012, 0.10, 0.0012),
    "stretch": Weave(0.6, 0.25, 0.0006, 0.00006, 0.03, 0.0006, 0.35),
    "leather": Weave(0.42, 0.0, 0.0022, 0.00015, 0.10, 0.0012, 0.5),
    "canvas": Weave(0.85, 0.1, 0.0010, 0.00015, 0.08, 0.0006),
    "plastic": Weave(0.28, 0.0, 0.0040, 0.00002, 0.02, 0.0, 0.5),
    "rubber": Weave(0.55, 0.0, 0.0030, 0.0001, 0.04, 0.0, 0.4),
}
ALIASES = {"fabric": "", "silk": "satin", "linen": "woven", "polyester": "mesh", "jersey": "mesh", "lycra": "stretch"}


def weave_of(material: str, default: str) -> Weave:
    """The weave of a material's name; what is not known looks as the garment usually does."""
    name = ALIASES.get(material, material)
    return WEAVES.get(name) or WEAVES[default]


def fabric(
    weave: Weave,
    colour: str,
    *,
    band: str = "",
    cut: Mapping[str, Any] | None = None,
    mask: Any = None,
    print_colour: str = "#ffffff",
    pattern: Callable[[Graph, RGB], Any] | None = None,
) -> Any:
    """A fabric. `band`: colour of bands and stripes; `cut`: the garment's cut, for where they lie; `mask`: print;
    `pattern`: what the cloth's colour becomes under a pattern."""
    cut = cut or {}
    material, g = new("fabric")
    at = rest(g)
    base, trim = linear(colour), linear(band or colour)
    value = g.rescale(g.noise(at, 9.0, detail=4), 0.3, 0.7, 1.0 - weave.mottle, 1.0 + weave.mottle)
    fine = g.rescale(g.noise(at, 420.0, detail=2), 0.3, 0.7, 0.93, 1.06)
    body: Any = base if pattern is None else pattern(g, base)
    hem, neck, side = g.split(attribute(g, "cut"))
    body = _striped(g, body, trim, cut, hem, neck, side)
    if mask is not None:
        body = g.mix(mask(g, at), body, linear(print_colour))
    body = g.shade(body, g.times(value, fine))
    body = g.mix(_stitches(g, at, hem, cut), body, scaled(base, 0.55))
    g.surface(
        g.principled(
            colour=body,
            roughness=weave.roughness,
            sheen=weave.sheen * 0.5,
            sheen_roughness=0.45,
            specular=weave.specular,
            normal=_relief(g, at, weave),
        )
    )
    return material


CLEAR = 0.16
"""Part of the light that sunglasses let through: category 3 of ISO 12312-1 is 8 to 18 %."""


def tinted_glass(colour: str) -> Any:
    """Lenses of sunglasses: dark in a colour, see-through by a little, and they mirror."""
    material, g = new("tinted glass")
    tint = scaled(linear(colour), 0.45)
    pane = g.principled(colour=tint, roughness=0.08, specular=0.5, coat=0.5, coat_roughness=0.05)
    through = g.add("ShaderNodeBsdfTransparent", {"Color": tuple(min(1.0, 0.25 + 4.0 * c) for c in tint)}).outputs[0]
    g.surface(g.mix_shader(CLEAR, pane, through))
    return material


def _striped(g: Graph, body: Any, trim: RGB, cut: Mapping[str, Any], hem: Any, neck: Any, side: Any) -> Any:
    """Bands along the hems and stripes down the sides, in the trim's colour."""
    width = float(cut.get("hem_stripe", 0.0))
    if width:
        inset = float(cut.get("hem_inset", 0.0))
        line = g.times(
            g.smooth(hem, inset - 0.0006, inset + 0.0006), g.smooth(hem, inset + width + 0.0006, inset + width - 0.0006)
        )
        body = g.mix(line, body, trim)
    width = float(cut.get("side_stripe", 0.0))
    if width:
        body = g.mix(g.smooth(side, width + 0.001, width - 0.001), body, trim)
    width = float(cut.get("neck_stripe", 0.0))
    if width:
        body = g.mix(g.smooth(neck, width + 0.0006, width - 0.0006), body, trim)
    return body


def _stitches(g: Graph, at: Any, hem: Any, cut: Mapping[str, Any]) -> Any:
    """A dotted line beside the hem, for what is hemmed by machine."""
    inset = float(cut.get("stitch", 0.022))
    if inset <= 0:
        return 0.0
    near = g.smooth(g.math("ABSOLUTE", g.minus(hem, inset)), 0.0012, 0.0006)
    dots = g.smooth(g.noise(at, 500.0, detail=0), 0.44, 0.5)
    return g.times(g.times(near, dots), 0.7)


def _relief(g: Graph, at: Any, weave: Weave) -> Any:
    x, y, z = g.split(at)
    k = 6.28318 / weave.thread_m
    across = g.math("SINE", g.times(g.plus(x, g.times(y, 0.6)), k))
    up = g.math("SINE", g.times(g.plus(z, g.times(y, 0.3)), k))
    normal = g.bump(g.times(across, up), weave.relief_m)
    if weave.crease_m:
        warp = g.offset(at, g.vscale(g.noise_vector(at, 5.0), 0.10))
        long = g.noise(g.vscale(warp, (7.0, 7.0, 10.0)), 1.0, detail=2, distortion=0.7)
        # Folds of cloth are ridges with sharp backs: the noise folded over its middle.
        ridge = g.minus(1.0, g.math("ABSOLUTE", g.minus(g.times(long, 2.0), 1.0)))
        small = g.noise(g.vscale(warp, (26.0, 26.0, 40.0)), 1.0, detail=2, distortion=0.6)
        normal = g.bump(g.plus(ridge, g.times(small, 0.25)), weave.crease_m * 3.4, normal=normal)
    return normal
