"""A street in an old town: asphalt with lane marks, kerbs, pavements, house fronts with shops, trees and lamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....colour import blackbody, linear
from ..graph import Graph
from ..lamps import area
from ..materials import finish, light, make, painted, substance
from ..mesh import Parts, place
from ..sky import outdoors
from ..textures import Surface
from . import town
from ._registry import Stage, backdrop
from .plants import bark_material, leaf_material, tree_mesh

ROAD, NORTH_FRONT, SOUTH_FRONT = 4.2, 9.0, -19.0
"""Half width of the road; where the house fronts stand [m]."""


@backdrop("street")
def street(stage: Stage) -> Any:
    lit = outdoors(stage.place)
    ground = substance(stage.place.ground_material, key="road")
    road = Parts().quad([(-130, -ROAD, 0), (130, -ROAD, 0), (130, ROAD, 0), (-130, ROAD, 0)])
    place("road", road.mesh("road", [ground]))
    marks = Parts()
    for x in np.arange(-60, 60, 6.0):
        marks.quad([(x + 1.5, 1.94, 0.002), (x + 4.5, 1.94, 0.002), (x + 4.5, 2.06, 0.002), (x + 1.5, 2.06, 0.002)])
    place("lane marks", marks.mesh("lane marks", [_road_paint()]))
    pavements()
    fronts(stage, lit)
    furniture(stage)
    town.skyline(stage.rng("skyline"), lit.haze, lamps=lit.lamps)
    return lit


def _road_paint() -> Any:
    def build(g: Graph) -> None:
        at = g.world_coords()
        gone = g.smooth(g.noise(at, 7.0, detail=6, roughness=0.75), 0.48, 0.62)
        finish(
            g,
            Surface(colour=g.mix(g.times(gone, 0.8), (0.60, 0.59, 0.56), (0.07, 0.07, 0.072)), roughness=0.75),
            (0.5, 0.5, 0.5),
        )

    return make("road paint", build)


def pavements() -> None:
    """Kerb stones and slabs on both sides."""
    slabs, kerb = Parts(), Parts()
    h = 0.12
    for near, far in ((ROAD, NORTH_FRONT + 1), (SOUTH_FRONT - 1, -ROAD)):
        slabs.quad([(-130, near, h), (130, near, h), (130, far, h), (-130, far, h)])
    for y in (ROAD, -ROAD):
        for x in np.arange(-40, 40, 1.0):
            kerb.box((x + 0.5, y + (0.075 if y > 0 else -0.075), h / 2), (0.992, 0.15, h + 0.004), bevel=0.012)
    place("pavement", slabs.mesh("pavement", [_slabs()]))
    place("kerb", kerb.mesh("kerb", [substance("stone", colour="#8f8c86", key="kerb")]))


def _slabs() -> Any:
    """Concrete slabs 50 cm square, each of its own grey."""
    rgb = (0.27, 0.265, 0.25)

    def build(g: Graph) -> None:
        at = g.world_coords()
        x, y, _ = g.split(at)
        col, row = g.math("FLOOR", g.times(x, 2.0)), g.math("FLOOR", g.times(y, 2.0))
        fx, fy = (g.math("ABSOLUTE", g.minus(g.math("FRACT", g.times(v, 2.0)), 0.5)) for v in (x, y))
        joint = g.smooth(g.math("MAXIMUM", fx, fy), 0.484, 0.492)
        tone = g.white(g.join(col, row, 0.0))
        dirt = g.noise(at, 1.2, detail=6, roughness=0.65)
        grain = g.noise(at, 200.0, detail=2)
        value = g.times(
            g.times(g.rescale(tone, 0, 1, 0.82, 1.12), g.rescale(dirt, 0.3, 0.7, 0.72, 1.14)),
            g.rescale(grain, 0.3, 0.7, 0.9, 1.1),
        )
        colour = g.mix(g.times(joint, 0.75), g.shade(rgb, value), (0.06, 0.06, 0.05))
        finish(
            g,
            Surface(
                colour=colour, roughness=0.8, height=g.minus(grain, g.times(joint, 3.0)), relief_m=0.0012, specular=0.3
            ),
            rgb,
        )

    return make("slabs", build)


def fronts(stage: Stage, lit: Any) -> None:
    """Terraced houses on both sides with shops at street level on the north side."""
    rng = stage.rng("fronts")
    tones = ["#b59a78", "#9c5640", "#c7bda8", "#8d6a52", "#d0c09a", "#a5705a", "#9fa39c", "#b3aa93"]
    for side, front in ((1, NORTH_FRONT), (-1, SOUTH_FRONT)):
        x, k = -75.0, 0
        while x < 75:
            w = float(rng.uniform(8, 13))
            floors = int(rng.integers(3, 6))
            tone = tones[int(rng.integers(0, len(tones)))]
            brick = bool(rng.random() < 0.45)
            y = front + side * 6.0
            if stage.lets_sun_in(x + w / 2, y, origin=(0.0, 0.0), half_angle_deg=18.0):
                town.house(f"house {side} {k}", rng, at=(x + w / 2, y, 0.0), size=(w - 0.05, 12.0, floors * town.FLOOR_M), rgb=linear(tone),
                           lamps=lit.lamps, haze=lit.haze, brick=brick)  # fmt: skip
                if side > 0:
                    shop(f"shop {k}", rng, x + w / 2, w, lit=lit.lamps > 0.0)
            x += w
            k += 1


def shop(name: str, rng: np.random.Generator, x: float, width: float, *, lit: bool) -> None:
    """A shop front before a house: plinth, big panes, sign board, awning."""
    y = NORTH_FRONT
    tone = ["#23402f", "#6d1f22", "#1f2c44", "#3a3a38", "#7a5a2c"][int(rng.integers(0, 5))]
    wood = painted(f"shop {tone}", linear(tone), 0.4)
    inside = light("shop lit", blackbody(3100.0), 0.7) if lit else painted("shop dark", (0.03, 0.03, 0.032), 0.05)
    parts = Parts()
    w = width - 1.2
    parts.box((0, -0.06, 1.45), (w + 0.3, 0.14, 2.9))
    parts.box((0, -0.16, 2.72), (w + 0.3, 0.10, 0.46), bevel=0.01)
    parts.box((0, -0.16, 0.30), (w + 0.3, 0.08, 0.36), bevel=0.01)
    panes = max(2, round(w / 1.7))
    for k in range(panes):
        cx = (k + 0.5) / panes * w - w / 2
        parts.quad([(cx - w / panes / 2 + 0.06, -0.135, 0.5), (cx + w / panes / 2 - 0.06, -0.135, 0.5), (cx + w / panes / 2 - 0.06, -0.135, 2.45),
                    (cx - w / panes / 2 + 0.06, -0.135, 2.45)], slot=1)  # fmt: skip
    parts.box((0, -0.215, 2.72), (w * 0.45, 0.02, 0.2), slot=2)
    if rng.random() < 0.6:
        v = [
            (-w / 2, -0.15, 2.5),
            (w / 2, -0.15, 2.5),
            (w / 2, -1.25, 2.12),
            (-w / 2, -1.25, 2.12),
            (-w / 2, -1.25, 1.95),
            (w / 2, -1.25, 1.95),
        ]
        parts.add(v, [(0, 1, 2, 3), (3, 2, 5, 4)], slot=3)
    cloth = substance("fabric", colour=["#b8402f", "#d9cfb0", "#2f5f5a"][int(rng.integers(0, 3))], key=name)
    place(name, parts.mesh(name, [wood, inside, painted("sign", (0.75, 0.68, 0.5), 0.5), cloth]), at=(x, y - 0.02, 0.0))


def furniture(stage: Stage) -> None:
    """Street trees in grates, lamps, bollards, a post box."""
    rng = stage.rng("street furniture")
    bark = bark_material("bark", (0.12, 0.10, 0.08))
    leaf = leaf_material("leaves", (0.075, 0.14, 0.033), autumn=0.1)
    tree = tree_mesh(
        "street tree", stage.rng("street tree"), height=7.0, leaf_m=0.15, leaves=22000, leaf=leaf, bark=bark
    )
    for k, x in enumerate((-16.5, -7.5, 6.8, 15.5, 25.0)):
        if stage.lets_sun_in(x, 6.4, origin=(0.0, 0.0)):
            place(
                f"street tree {k}",
                tree,
                at=(x, 6.4, 0.1),
                turn_z=float(rng.uniform(0, 6)),
                scale=float(rng.uniform(0.85, 1.1)),
            )
    iron = painted("iron", (0.02, 0.022, 0.022), 0.5)
    bollard = (
        Parts()
        .lathe([(0, 0.1), (0.07, 0.1), (0.055, 0.2), (0.05, 0.85), (0.065, 0.88), (0.055, 0.98), (0, 1.02)], sides=24)
        .mesh("bollard", [iron])
    )
    for k, x in enumerate(np.arange(-12, 13, 3.0)):
        place(f"bollard {k}", bollard, at=(float(x), ROAD + 0.55, 0.0))
    box = Parts().box((0, 0, 0.75), (0.45, 0.4, 1.3), bevel=0.04)
    place("post box", box.mesh("post box", [painted("post red", (0.42, 0.02, 0.018), 0.35)]), at=(3.4, 7.9, 0.1))
    warm = blackbody(3400.0)
    head = light("street lamp lit", warm, 9.0) if stage.lamps > 0.0 else painted("street lamp", (0.6, 0.6, 0.58), 0.3)
    lamp = Parts()
    lamp.lathe([(0, 0.1), (0.13, 0.1), (0.10, 0.4), (0.06, 0.9), (0.045, 4.6), (0, 4.65)], sides=20)
    lamp.tube([(0, 0, 4.6), (0, -0.5, 4.95), (0, -1.1, 5.0)], 0.03, sides=8)
    lamp.box((0, -1.2, 4.97), (0.24, 0.5, 0.09), bevel=0.03)
    lamp.box((0, -1.2, 4.92), (0.18, 0.4, 0.02), slot=1)
    mesh = lamp.mesh("street lamp", [iron, head])
    for k, x in enumerate((-11.0, 0.8, 12.5)):
        place(f"street lamp {k}", mesh, at=(x, 5.0, 0.0))
        _street_light(f"street light {k}", at=(x, 3.8, 4.85), towards=(x, 1.0, 0.0), white=1.0 * stage.lamps)
    for k, x in enumerate((-5.2, 7.0)):
        place(f"street lamp south {k}", mesh, at=(x, -5.0, 0.0), turn_z=np.pi)
        at, towards = (x, -3.8, 4.85), (x * 0.2, 0.0, 1.2)
        _street_light(f"street light south {k}", at=at, towards=towards, white=0.70 * stage.lamps)
    if stage.lamps > 0.0:  # what the shop windows give together
        at, white = (0.0, NORTH_FRONT - 0.2, 1.5), 0.16 * stage.lamps
        area("shop windows", at=at, towards=(0.0, 0.0, 1.2), size=(22.0, 1.8), white=white, rgb=blackbody(3100.0))


def _street_light(name: str, *, at: Sequence[float], towards: Sequence[float], white: float) -> None:
    if white > 0.0:
        area(name, at=at, towards=towards, size=(0.3, 0.5), white=white, rgb=blackbody(3400.0), spread_deg=165.0)
