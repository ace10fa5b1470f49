"""What stands behind a place in town: houses with windows, fences, lamp posts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ....colour import RGB, blackbody, scaled
from ..graph import Graph
from ..lamps import area
from ..materials import light, make, painted
from ..mesh import Parts, place
from ..textures import Surface
from ..textures.stones import concrete

FLOOR_M, BAY_M = 3.1, 2.7


def house(
    name: str,
    rng: np.random.Generator,
    *,
    at: Sequence[float],
    size: tuple[float, float, float],
    rgb: RGB,
    lamps: float,
    haze: RGB,
    brick: bool,
) -> Any:
    """A block of flats: façade with windows, cornice, parapet, and something on the roof."""
    sx, sy, sz = size
    floors = max(2, round(sz / FLOOR_M))
    height = floors * FLOOR_M + 0.9
    key = int(rng.integers(0, 1000))
    wall = _facade(f"facade {name}", rgb, key, lamps > 0.0, haze, brick)
    trim = painted(f"trim {name}", scaled(rgb, 0.6), 0.8)
    parts = Parts()
    parts.box((0, 0, height / 2), (sx, sy, height))
    parts.box((0, 0, height + 0.12), (sx + 0.5, sy + 0.5, 0.24), slot=1)
    parts.box((0, 0, FLOOR_M + 0.35), (sx + 0.16, sy + 0.16, 0.18), slot=1)
    for _ in range(int(rng.integers(2, 5))):
        w = rng.uniform(1.2, 3.5)
        spot = ((rng.random() - 0.5) * (sx - 4), (rng.random() - 0.5) * (sy - 4), height + 0.24 + w * 0.35)
        parts.box(spot, (w, w * rng.uniform(0.6, 1.2), w * 0.7), slot=1)
    return place(name, parts.mesh(name, [wall, trim]), at=at)


def _facade(label: str, rgb: RGB, key: int, night: bool, haze: RGB, brick: bool) -> Any:
    """Wall with a grid of windows; panes mirror the sky by day, and some are lit after dark."""

    def build(g: Graph) -> None:
        at = g.object_coords()
        x, y, z = g.split(at)
        n = g.split(g.add("ShaderNodeNewGeometry").outputs["True Normal"])
        on_x = g.math("GREATER_THAN", g.math("ABSOLUTE", n[0]), 0.5)
        up = g.math("GREATER_THAN", g.math("ABSOLUTE", n[2]), 0.5)
        u = g.plus(g.times(on_x, y), g.times(g.minus(1.0, on_x), x))
        column, row = g.math("FLOOR", g.math("DIVIDE", u, BAY_M)), g.math("FLOOR", g.math("DIVIDE", z, FLOOR_M))
        cu = g.math("ABSOLUTE", g.minus(g.minus(u, g.times(column, BAY_M)), BAY_M / 2))
        cz = g.minus(z, g.times(row, FLOOR_M))
        dz = g.math("ABSOLUTE", g.minus(cz, 1.75))
        outer = g.math("MAXIMUM", g.minus(cu, 0.72), g.minus(dz, 0.90))
        opening = g.times(g.math("LESS_THAN", outer, 0.0), g.minus(1.0, up))
        frame = g.math("MAXIMUM", g.math("GREATER_THAN", outer, -0.07), g.math("LESS_THAN", cu, 0.035))
        pane = g.times(opening, g.minus(1.0, frame))
        sill = g.times(g.math("LESS_THAN", g.math("ABSOLUTE", g.minus(cz, 0.80)), 0.06), g.math("LESS_THAN", cu, 0.85))
        cell = g.join(
            g.plus(column, key), row, g.plus(on_x, g.times(g.math("GREATER_THAN", g.plus(n[0], n[1]), 0.0), 2.0))
        )
        luck = g.white(cell)
        luck2 = g.white(g.offset(cell, (7.3, 1.1, 0.2)))
        wall = _far_wall(g, u, z, rgb, key, brick)
        wall = g.mix(g.times(sill, g.minus(1.0, up)), wall, scaled(rgb, 1.4))
        wall = g.mix(opening, wall, (0.55, 0.54, 0.5))
        shading = g.principled(colour=wall, roughness=0.85, specular=0.2)
        curtain = g.mix(g.math("GREATER_THAN", luck2, 0.6), (0.02, 0.022, 0.025), (0.16, 0.15, 0.13))
        glass = g.principled(colour=curtain, roughness=0.06, specular=0.7)
        if night:
            warm = g.mix(luck2, blackbody(2600.0), blackbody(4200.0))
            inside = g.rescale(g.noise(g.vscale(at, (3.0, 3.0, 1.6)), 1.0, detail=1), 0.3, 0.7, 0.35, 1.0)
            lit = g.times(g.math("GREATER_THAN", luck, 0.62), g.times(inside, g.rescale(luck2, 0.0, 1.0, 0.10, 0.55)))
            glow = g.add("ShaderNodeEmission", {"Color": warm, "Strength": lit}).outputs[0]
            glass = g.add("ShaderNodeAddShader", {0: glass, 1: glow}).outputs[0]
        g.surface(with_haze(g, g.mix_shader(pane, shading, glass), haze), plain=rgb)

    return make(label, build)


def _far_wall(g: Graph, u: Any, z: Any, rgb: RGB, key: int, brick: bool) -> Any:
    """Brick courses or render, as seen across a street: stains, runs below the sills, a hint of courses."""
    at = g.join(u, float(key), z)
    stain = g.noise(g.vscale(at, (0.5, 1.0, 0.18)), 1.0, detail=5, roughness=0.62)
    colour = g.shade(rgb, g.rescale(stain, 0.3, 0.7, 0.87, 1.06))
    if not brick:
        return colour
    course = g.math("FLOOR", g.math("DIVIDE", z, 0.15))
    tone = g.white(g.join(g.math("FLOOR", g.math("DIVIDE", g.plus(u, g.times(course, 0.17)), 0.5)), course, float(key)))
    return g.shade(colour, g.rescale(tone, 0.0, 1.0, 0.86, 1.1))


def with_haze(g: Graph, shader: Any, haze: RGB, *, full_m: float = 900.0) -> Any:
    """A far surface seen through the air: 1 - exp(-distance / full_m) of it is the air's own light."""
    distance = g.add("ShaderNodeCameraData").outputs["View Distance"]
    part = g.minus(1.0, g.math("EXPONENT", g.times(distance, -1.0 / full_m)))
    part = g.times(part, g.light_path("Is Camera Ray"))
    air = g.add("ShaderNodeEmission", {"Color": haze, "Strength": 1.0}).outputs[0]
    return g.mix_shader(part, shader, air)


def skyline(rng: np.random.Generator, haze: RGB, *, lamps: float, roofs: bool = True) -> None:
    """Rings far out which close the view down to the horizon: woods, then roofs or hills."""
    rings = [(190.0, 8.0, 15.0, (0.035, 0.055, 0.022), False), (430.0, 16.0, 40.0, (0.16, 0.14, 0.13), True)]
    if not roofs:
        rings = [(170.0, 9.0, 16.0, (0.030, 0.052, 0.018), False), (290.0, 13.0, 24.0, (0.032, 0.05, 0.022), False),
                 (620.0, 30.0, 75.0, (0.045, 0.06, 0.035), False)]  # fmt: skip
    for ring, (radius, low, high, tone, steps) in enumerate(rings):
        top = low + (high - low) * (_steps(rng) if steps else _tree_tops(rng, fine=radius < 400))
        count = len(top) - 1
        angle = np.linspace(0, 2 * np.pi, count + 1)
        ground = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        v = np.concatenate([np.column_stack([ground, np.full(count + 1, -2.0)]), np.column_stack([ground, top])])
        faces = [(i, i + 1, count + 2 + i, count + 1 + i) for i in range(count)]
        parts = Parts().add(v, faces)
        material = _far(f"far {ring}", tone, haze, windows=lamps > 0.0 and steps)
        place(f"skyline {ring}", parts.mesh(f"skyline {ring}", [material])).visible_shadow = False


def _tree_tops(rng: np.random.Generator, *, fine: bool) -> Any:
    """Heights 0…1 round the horizon: crowns beside crowns on slow rises."""
    angle = np.linspace(0, 2 * np.pi, 1441)
    slow = sum(np.sin(angle * k + rng.uniform(0, 6.28)) / k for k in (2, 3, 5, 7))
    heights = 0.45 + 0.16 * slow
    if fine:
        crowns = (
            np.abs(np.sin(angle * 61 + 1.7 * np.sin(angle * 17))) * 0.30
            + np.abs(np.sin(angle * 143 + rng.uniform(0, 6))) * 0.12
        )
        heights = heights + crowns * (0.6 + 0.4 * np.sin(angle * 29))
    heights[-1] = heights[0]
    return np.clip(heights, 0.0, 1.2)


def _steps(rng: np.random.Generator) -> Any:
    """Heights 0…1 of roofs: level for a while, then another level, with gaps between."""
    heights: list[float] = []
    while len(heights) < 721:
        level = rng.uniform(0.0, 1.0) ** 1.5
        heights += [level] * int(rng.integers(4, 14))
    return np.array(heights[:721])


def _far(label: str, rgb: RGB, haze: RGB, *, windows: bool) -> Any:
    """Something so far away that only its tone and the air before it are seen."""

    def build(g: Graph) -> None:
        at = g.world_coords()
        tone = g.noise(g.vscale(at, (0.12, 0.12, 0.25)), 1.0, detail=5, roughness=0.7)
        shader = g.add("ShaderNodeBsdfDiffuse", {"Color": g.shade(rgb, g.rescale(tone, 0.3, 0.7, 0.5, 1.4))}).outputs[0]
        if windows:
            x, y, z = g.split(at)
            cell = g.join(
                g.math("FLOOR", g.times(g.math("ARCTAN2", y, x), 130.0)), g.math("FLOOR", g.times(z, 0.33)), 0.0
            )
            lit = g.math("GREATER_THAN", g.white(cell), 0.86)
            glow = g.add("ShaderNodeEmission", {"Color": blackbody(3000.0), "Strength": g.times(lit, 0.10)}).outputs[0]
            shader = g.add("ShaderNodeAddShader", {0: shader, 1: glow}).outputs[0]
        g.surface(with_haze(g, shader, haze, full_m=420.0), plain=rgb)

    return make(label, build)


def fence(corners: Sequence[tuple[float, float]], *, height: float, gaps: Sequence[int] = ()) -> None:
    """A chain-link fence along corners: posts every 3 m, rails, and wire mesh drawn by its shader."""
    steel = painted("fence steel", (0.045, 0.06, 0.05), 0.5)
    parts, wire = Parts(), Parts()
    for k, (a, b) in enumerate(pairwise(corners)):
        if k in gaps:
            continue
        start, end = np.array(a, dtype=float), np.array(b, dtype=float)
        length = float(np.linalg.norm(end - start))
        for share in np.linspace(0, 1, max(2, round(length / 3) + 1)):
            x, y = start + (end - start) * share
            parts.tube([(x, y, 0), (x, y, height + 0.05)], 0.03, sides=8)
        for z in (0.08, height / 2, height):
            parts.tube([(*start, z), (*end, z)], 0.021, sides=6, caps=False)
        wire.quad([(*start, 0.05), (*end, 0.05), (*end, height), (*start, height)])
    place("fence frame", parts.mesh("fence frame", [steel]))
    veil = place("fence wire", wire.mesh("fence wire", [_chain_link()]))
    veil.visible_shadow = False  # 6 % of the sun: not worth a test of every shadow ray
    veil.visible_diffuse = veil.visible_glossy = False


def _chain_link() -> Any:
    """Diamonds of 5.5 cm from wire 3.2 mm thick; a thin veil where they are too far to be told apart."""

    def build(g: Graph) -> None:
        x, y, z = g.split(g.world_coords())
        u = g.plus(x, y)
        cell, wire = 0.055 * 2**0.5, 0.0042
        near = [
            g.math("LESS_THAN", g.math("PINGPONG", way, cell / 2), wire * 0.5**0.5)
            for way in (g.plus(u, z), g.minus(u, z))
        ]
        pattern = g.math("MAXIMUM", near[0], near[1])
        distance = g.add("ShaderNodeCameraData").outputs["View Distance"]
        solid = g.smooth(distance, 7.0, 16.0, pattern, 0.135)
        metal = g.add("ShaderNodeBsdfDiffuse", {"Color": (0.06, 0.08, 0.065)}).outputs[0]
        hole = g.add("ShaderNodeBsdfTransparent", {"Color": (1, 1, 1)}).outputs[0]
        g.surface(g.mix_shader(solid, hole, metal))

    return make("chain link", build)


def floodlight(
    name: str,
    *,
    at: Sequence[float],
    aim: Sequence[float],
    height: float,
    white: float,
    kelvin: float = 4300.0,
) -> None:
    """A mast with an LED head that gives a white plane at `aim`, turned to it, the radiance `white`; 0 is off."""
    x, y = at
    mast = painted("mast", (0.10, 0.105, 0.11), 0.45)
    parts = Parts()
    parts.tube([(0, 0, 0), (0, 0, height)], np.array([0.09, 0.055]), sides=14)
    ahead = np.array([aim[0] - x, aim[1] - y])
    angle = float(np.arctan2(ahead[1], ahead[0]))
    parts.box((0, 0, height), (0.1, 1.3, 0.08), turn_z=angle)
    for side in (-0.45, 0.45):
        cx, cy = -np.sin(angle) * side + np.cos(angle) * 0.12, np.cos(angle) * side + np.sin(angle) * 0.12
        parts.box((cx, cy, height), (0.36, 0.5, 0.09), turn_z=angle, bevel=0.02)
        if white > 0.0:
            parts.box((cx, cy, height - 0.05), (0.30, 0.42, 0.02), turn_z=angle, slot=1)
    colour = blackbody(kelvin)
    mesh = parts.mesh(name, [mast, light("led", colour, 14.0)])
    place(name, mesh, at=(x, y, 0.0))
    if white > 0.0:
        spot = (x + 0.12 * np.cos(angle), y + 0.12 * np.sin(angle), height - 0.12)
        area(f"{name} lamp", at=spot, towards=(*aim, 0.0), size=(1.2, 0.45), white=white, rgb=colour, spread_deg=150.0)


def wall_surface(g: Graph, at: Any, rgb: RGB) -> Surface:
    """Plaster or brick for walls near by."""
    return concrete(g, at, rgb, 0.8)
