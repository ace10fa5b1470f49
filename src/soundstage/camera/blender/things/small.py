"""Small things one holds, stacks and tips over: dominoes, blocks, cartons, bricks, books, bottles, cups, coins; ramps."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import library
from ....colour import blend, linear, luminance, scaled
from ....take import Place, Thing
from ..graph import Graph
from ..materials import finish, make, shifted, substance, turned
from ..mesh import Parts
from ..textures import TEXTURES, Surface
from ._registry import look
from .plain import longest_axis


@look("domino")
def domino(thing: Thing, place: Place) -> Any:
    """A tile with a bar across the middle and pips pressed into one broad face; numbers come from its name."""
    rgb = linear(thing.colour)
    pip_rgb = (0.012, 0.012, 0.014) if luminance(rgb) > 0.25 else (0.75, 0.73, 0.68)
    width, _, height = thing.size
    entry = library.material(thing.material)
    number = sum(ord(c) * (i + 3) for i, c in enumerate(thing.id))
    counts = (number % 6 + 1, number // 7 % 6 + 1)

    def build(g: Graph) -> None:
        at = g.object_coords()
        x, y, z = g.split(at)
        front = g.math("GREATER_THAN", g.math("ABSOLUTE", y), thing.size[1] * 0.46)
        bar = g.times(g.math("LESS_THAN", g.math("ABSOLUTE", z), height * 0.012),
                      g.math("LESS_THAN", g.math("ABSOLUTE", x), width * 0.40))  # fmt: skip
        ink = bar
        flat = g.join(x, 0.0, z)
        for half, count in zip((1, -1), counts, strict=True):
            for px, pz in _PIPS[count]:
                centre = (px * width * 0.27, 0.0, half * height * 0.25 + pz * width * 0.27)
                d = g.vector("DISTANCE", flat, centre)
                ink = g.math("MAXIMUM", ink, g.smooth(d, width * 0.085, width * 0.068))
        ink = g.times(ink, front)
        base = TEXTURES[entry.texture](g, shifted(g, turned(g, at, "z"), thing.id), rgb, entry.roughness)
        finish(
            g,
            Surface(
                colour=g.mix(ink, base.colour, pip_rgb),
                roughness=base.roughness,
                height=g.minus(1.0, ink),
                relief_m=width * 0.02,
                specular=base.specular,
            ),
            rgb,
            metallic=entry.metallic,
        )

    if entry.transmission > 0.5:
        material = substance(thing.material, colour=thing.colour, key=thing.id)
    else:
        material = make(f"domino {thing.id}", build)
    return Parts().box((0, 0, 0), thing.size, bevel=min(thing.size) * 0.12).mesh(thing.id, [material])


_PIPS = {
    1: [(0, 0)],
    2: [(-1, 1), (1, -1)],
    3: [(-1, 1), (0, 0), (1, -1)],
    4: [(-1, 1), (1, 1), (-1, -1), (1, -1)],
    5: [(-1, 1), (1, 1), (0, 0), (-1, -1), (1, -1)],
    6: [(-1, 1), (1, 1), (-1, 0), (1, 0), (-1, -1), (1, -1)],
}


@look("block")
def block(thing: Thing, place: Place) -> Any:
    """A sanded toy block: grain along its longest side, end grain where it is cut."""
    grain = longest_axis(thing.size)
    material = substance(thing.material, colour=thing.colour, key=thing.id, grain=grain)
    return Parts().box((0, 0, 0), thing.size, bevel=min(thing.size) * 0.055).mesh(thing.id, [material])


@look("brick")
def brick(thing: Thing, place: Place) -> Any:
    """A fired brick with rough faces."""
    material = substance(thing.material, colour=thing.colour, key=thing.id)
    return Parts().box((0, 0, 0), thing.size, bevel=min(thing.size) * 0.05).mesh(thing.id, [material])


@look("carton")
def carton(thing: Thing, place: Place) -> Any:
    """A shut cardboard box with a strip of tape over the flaps."""
    rgb = linear(thing.colour)
    sx, sy, sz = thing.size

    def build(g: Graph) -> None:
        at = g.object_coords()
        x, y, z = g.split(at)
        base = TEXTURES["cardboard"](g, shifted(g, at, thing.id), rgb, 0.85)
        ax, ay, az = (g.math("ABSOLUTE", v) for v in (x, y, z))
        over = g.math("GREATER_THAN", az, sz * 0.30)  # the tape runs over the top and a hand's breadth down the ends
        tape = g.times(g.math("LESS_THAN", ay, min(0.025, sy * 0.12)), over)
        end = g.math("LESS_THAN", g.minus(sx / 2, ax), 0.003)
        lid = g.math("GREATER_THAN", az, sz / 2 - 0.003)
        tape = g.times(tape, g.math("MAXIMUM", lid, end))
        slit = g.times(g.math("LESS_THAN", ay, 0.0012), lid)
        edge = g.math("MINIMUM", g.minus(sx / 2, ax), g.minus(sy / 2, ay))
        crush = g.times(g.smooth(edge, 0.012, 0.0), g.smooth(g.noise(at, 40.0, detail=3), 0.42, 0.62))
        colour = g.mix(g.times(crush, 0.25), base.colour, blend(rgb, (0.6, 0.5, 0.4), 0.5))
        colour = g.mix(g.times(slit, 0.8), colour, scaled(rgb, 0.2))
        colour = g.mix(g.times(tape, 0.75), colour, (rgb[0] * 0.9 + 0.06, rgb[1] * 0.8 + 0.04, rgb[2] * 0.6))
        finish(
            g,
            Surface(
                colour=colour,
                roughness=g.mix(tape, (0.85,) * 3, (0.22,) * 3),
                height=base.height,
                relief_m=base.relief_m,
            ),
            rgb,
        )

    material = make(f"carton {thing.id}", build)
    return Parts().box((0, 0, 0), thing.size, bevel=0.003).mesh(thing.id, [material])


@look("book")
def book(thing: Thing, place: Place) -> Any:
    """A cloth-bound book lying flat: covers, a rounded spine along its left edge, a block of pages."""
    sx, sy, sz = thing.size
    board = min(0.003, sz * 0.12)
    page = linear("#e8dfc8")

    def pages(g: Graph) -> None:
        leaf = g.noise(g.vscale(g.object_coords(), (2.0, 2.0, 4200.0)), 1.0, detail=1)
        finish(
            g, Surface(colour=g.shade(page, g.rescale(leaf, 0.25, 0.75, 0.65, 1.0)), roughness=0.9, specular=0.2), page
        )

    parts = Parts()
    for side in (-1, 1):
        parts.box((0, 0, side * (sz - board) / 2), (sx, sy, board), bevel=board * 0.35)
    parts.box((-sx / 2 + board / 2, 0, 0), (board, sy, sz), bevel=board * 0.35)
    inset = 0.004
    parts.box((-inset / 2 + board / 2, 0, 0), (sx - board - inset, sy - 2 * inset, sz - 2 * board), slot=1)
    cover = substance("fabric", colour=thing.colour, key=thing.id)
    return parts.mesh(thing.id, [cover, make(f"pages {thing.id}", pages)])


@look("bottle")
def bottle(thing: Thing, place: Place) -> Any:
    """A glass bottle: foot, body, shoulder, neck, lip; with wall and hollow inside."""
    r, h = thing.size[0] / 2, thing.size[2]
    outer = [(0.0, 0.008), (0.55, 0.004), (0.93, 0.0), (1.0, 0.02), (1.0, 0.58), (0.97, 0.63), (0.80, 0.70), (0.52, 0.765),
             (0.38, 0.82), (0.345, 0.88), (0.345, 0.955), (0.40, 0.96), (0.40, 0.993), (0.37, 1.0)]  # fmt: skip
    wall = 0.035
    inner = [(max(a - wall * 2, 0.22), b) for a, b in reversed(outer[4:-1])] + [(0.93, 0.035), (0.0, 0.035)]
    profile = np.array(outer + [(0.30, 1.0)] + inner) * [r, h] - [0, h / 2]
    parts = Parts().lathe(profile, sides=56)
    return parts.mesh(thing.id, [substance(thing.material, colour=thing.colour, key=thing.id)])


@look("cup")
def cup(thing: Thing, place: Place) -> Any:
    """A mug without handle: thick wall, rounded lip, a foot ring."""
    r, h = thing.size[0] / 2, thing.size[2]
    wall = 0.11
    lip = [(1 - wall / 2 + wall / 2 * np.cos(a), 1 - 0.03 + 0.03 * np.sin(a)) for a in np.linspace(0, np.pi, 9)]
    outer = [(0.0, 0.03), (0.62, 0.03), (0.66, 0.0), (0.76, 0.0), (0.86, 0.04), (0.95, 0.14), (1.0, 0.32), (1.0, 0.7)]
    inner = [(1 - wall, 0.7), (1 - wall, 0.3), (0.80, 0.16), (0.6, 0.095), (0.0, 0.085)]
    profile = np.array(outer + [(float(a), float(b)) for a, b in lip] + inner) * [r, h] - [0, h / 2]
    return (
        Parts().lathe(profile, sides=64).mesh(thing.id, [substance(thing.material, colour=thing.colour, key=thing.id)])
    )


@look("coin")
def coin(thing: Thing, place: Place) -> Any:
    """A struck coin: raised rim, milled edge, a relief on both faces."""
    r, h = thing.size[0] / 2, thing.size[2] / 2
    rgb = linear(thing.colour)

    def build(g: Graph) -> None:
        at = g.object_coords()
        x, y, _ = g.split(at)
        radius = g.math("DIVIDE", g.vector("LENGTH", g.join(x, y, 0.0)), r)
        angle = g.math("ARCTAN2", y, x)
        mill = g.math("SINE", g.times(angle, 110.0))
        star = g.math("COSINE", g.times(angle, 6.0))
        motif = g.smooth(g.minus(radius, g.plus(0.46, g.times(star, 0.14))), 0.03, -0.03)
        beads = g.times(g.smooth(g.math("ABSOLUTE", g.minus(radius, 0.82)), 0.045, 0.02),
                        g.smooth(g.math("SINE", g.times(angle, 42.0)), -0.2, 0.5))  # fmt: skip
        rim = g.smooth(radius, 0.89, 0.91)
        on_edge = g.math("GREATER_THAN", radius, 0.985)
        relief = g.math("MAXIMUM", rim, g.math("MAXIMUM", g.times(motif, 0.7), g.times(beads, 0.6)))
        worn = g.noise(at, 260.0, detail=3)
        finish(
            g,
            Surface(
                colour=g.shade(rgb, g.rescale(g.plus(relief, g.times(worn, 0.6)), 0.2, 1.2, 0.55, 1.05)),
                roughness=g.rescale(worn, 0.3, 0.7, 0.2, 0.42),
                height=g.mix(on_edge, relief, g.rescale(mill, -1, 1, 0, 1)),
                relief_m=h * 0.16,
            ),
            rgb,
            metallic=1.0,
        )

    bevel = h * 0.2
    parts = Parts()
    parts.lathe([(0, -h), (r - bevel, -h), (r, -h + bevel)], sides=96, smooth=False)
    parts.lathe([(r, -h + bevel), (r, h - bevel)], sides=96)
    parts.lathe([(r, h - bevel), (r - bevel, h), (0, h)], sides=96, smooth=False)
    return parts.mesh(thing.id, [make(f"coin {thing.id}", build)])


@look("ramp")
def ramp(thing: Thing, place: Place) -> Any:
    """A slope between two rails, in one bent piece each, on two props."""
    p = thing.params
    profile = np.array(p["profile"])
    sy, rail, thick = thing.size[1], p["rail"], p["thickness"]
    normal = _normals(profile)
    parts = Parts()
    _ribbon(parts, profile, profile - normal * thick, sy - 2 * rail, 0.0, 0)
    for side in (-1, 1):
        _ribbon(parts, profile + normal * rail, profile - normal * thick, rail, side * (sy - rail) / 2, 1)
    high = profile[0]
    for share, width in ((0.06, 0.02), (0.42, 0.018)):
        x = high[0] + share * (profile[-1, 0] - high[0])
        z = float(np.interp(x, profile[:, 0], profile[:, 1])) - thick * 1.02
        if z > 0.02:
            parts.box((x, 0, z / 2), (width, sy * 0.86, z), bevel=0.0015, slot=2)
    slope = substance(thing.material, key=f"{thing.id} slope", grain="x", colour=thing.colour)
    rails = substance(thing.material, key=f"{thing.id} rail", grain="x", colour=_darker(thing.colour, 0.8))
    legs = substance(thing.material, key=f"{thing.id} leg", grain="z", colour=thing.colour)
    return parts.mesh(thing.id, [slope, rails, legs])


def _darker(hex_colour: str, factor: float) -> str:
    return "#" + "".join(f"{int(int(hex_colour[i : i + 2], 16) * factor):02x}" for i in (1, 3, 5))


def _normals(profile: Any) -> Any:
    """Upward unit normals (K, 2) along a profile (K, 2) of x, z."""
    tangent = np.gradient(profile, axis=0)
    tangent[0], tangent[-1] = profile[1] - profile[0], profile[-1] - profile[-2]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


def _ribbon(parts: Parts, top: Any, bottom: Any, width: float, y: float, slot: int) -> None:
    """A strip `width` wide between an upper and a lower line (K, 2) of x, z; nothing below the ground."""
    k = len(top)
    low = np.maximum(bottom, [-np.inf, 0.0])
    rows = []
    for line in (top, low):
        for side in (-1, 1):
            rows.append(np.column_stack([line[:, 0], np.full(k, y + side * width / 2), line[:, 1]]))
    a, b, c, d = (i * k for i in range(4))  # top left, top right, low left, low right
    faces: list[tuple[int, ...]] = []
    for i in range(k - 1):
        faces += [(a + i, a + i + 1, b + i + 1, b + i), (c + i, d + i, d + i + 1, c + i + 1),
                  (a + i, c + i, c + i + 1, a + i + 1), (b + i, b + i + 1, d + i + 1, d + i)]  # fmt: skip
    faces += [(a, b, d, c), (a + k - 1, c + k - 1, d + k - 1, b + k - 1)]
    parts.add(np.concatenate(rows), faces, slot=slot)
