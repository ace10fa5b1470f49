"""Things that fill rooms and never move: shelves, sofas, benches, pictures, plants, tools. Dressing, not props."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ....colour import RGB, blackbody, linear
from ..graph import Graph
from ..lamps import area
from ..materials import finish, light, make, painted, substance
from ..mesh import Parts, place
from ..textures import Surface

BOOK_TONES = [
    "#7b1e28",
    "#23395b",
    "#2f4a3a",
    "#a0703a",
    "#46352a",
    "#8c8577",
    "#b5a78a",
    "#5a2d4a",
    "#c2543a",
    "#1f1f24",
]


def shelf(
    name: str,
    rng: np.random.Generator,
    *,
    at: Sequence[float],
    turn_z: float,
    width: float,
    height: float,
    boards: int,
    books: bool,
) -> None:
    """An open shelf against a wall (its back towards own +Y), with books or boxes."""
    depth, thick = 0.30, 0.022
    wood = substance("wood", colour="#a9835a", key=name)
    upright = substance("wood", colour="#a9835a", key=name + "u", grain="z")
    parts = Parts()
    for side in (-1, 1):
        parts.box((side * (width - thick) / 2, 0, height / 2), (thick, depth, height), bevel=0.002, slot=1)
    levels = np.linspace(0.06, height - thick, boards)
    for z in levels:
        parts.box((0, 0, z), (width - 2 * thick, depth, thick), bevel=0.002)
    parts.box((0, depth / 2 - 0.004, height / 2), (width - 2 * thick, 0.006, height - 0.02), slot=1)
    place(name, parts.mesh(name, [wood, upright]), at=at, turn_z=turn_z)
    goods = Parts()
    tones = [painted(f"cover {tone}", linear(tone), 0.6) for tone in BOOK_TONES]
    for z, top in pairwise(levels):
        x = -width / 2 + 0.04
        free = top - z - thick
        while x < width / 2 - 0.10:
            if books and rng.random() < 0.86:
                w, h = rng.uniform(0.016, 0.045), min(free * 0.94, rng.uniform(0.19, 0.29))
                goods.box((x + w / 2, 0.02 + rng.normal(0, 0.008), z + thick / 2 + h / 2), (w, rng.uniform(0.14, 0.21), h),
                          slot=int(rng.integers(0, len(tones))), bevel=0.0015)  # fmt: skip
                x += w + 0.001
            else:
                w, h = rng.uniform(0.10, 0.22), min(free * 0.8, rng.uniform(0.10, 0.24))
                if not books and rng.random() < 0.75:
                    goods.box(
                        (x + w / 2, 0, z + thick / 2 + h / 2),
                        (w, 0.22, h),
                        slot=int(rng.integers(3, len(tones))),
                        bevel=0.003,
                    )
                x += w + rng.uniform(0.01, 0.06)
    place(f"{name} goods", goods.mesh(f"{name} goods", tones), at=at, turn_z=turn_z)


def sofa(name: str, *, at: Sequence[float], turn_z: float, colour: str) -> None:
    """A two-seat sofa, its back towards own +Y."""
    cloth = substance("fabric", colour=colour, key=name)
    leg = substance("wood", colour="#5a3d26", key=name)
    parts = Parts()
    parts.cushion((0, 0.05, 0.24), (1.7, 0.85, 0.20), soft=0.03)
    for side in (-1, 1):
        parts.cushion((side * 0.92, 0.0, 0.34), (0.18, 0.92, 0.50), soft=0.06, puff=0.008)
        parts.cushion((side * 0.42, -0.06, 0.42), (0.82, 0.70, 0.17), soft=0.05, puff=0.02)
        parts.cushion((side * 0.42, 0.33, 0.66), (0.80, 0.20, 0.44), soft=0.07, puff=0.035)
        for y in (-0.36, 0.40):
            parts.tube([(side * 0.85, y, 0), (side * 0.82, y, 0.15)], np.array([0.018, 0.028]), sides=10, slot=1)
    parts.cushion((0, 0.44, 0.48), (1.7, 0.12, 0.60), soft=0.05)
    parts.cushion((0.5, 0.12, 0.66), (0.42, 0.16, 0.40), soft=0.03, puff=0.02, pinch=0.75, turn_z=0.25, slot=2)
    place(
        name, parts.mesh(name, [cloth, leg, substance("fabric", colour="#b8863b", key="cushion")]), at=at, turn_z=turn_z
    )


def picture(name: str, *, at: Sequence[float], size: tuple[float, float], wall: str, tones: Sequence[str]) -> None:
    """A framed print on a wall ("back" faces -Y, "left" faces +X, "right" faces -X)."""
    w, h = size
    turn = {"back": 0.0, "left": np.pi / 2, "right": -np.pi / 2}[wall]
    rgbs = [linear(t) for t in tones]

    def build(g: Graph) -> None:
        g_at = g.object_coords()
        warp = g.offset(g_at, g.vscale(g.noise_vector(g_at, 2.5), 0.5))
        _, _, z = g.split(warp)
        bands = g.ramp(
            g.rescale(z, -h / 2, h / 2, 0.0, 1.0), [(0.2, rgbs[0]), (0.45, rgbs[1]), (0.55, rgbs[2]), (0.8, rgbs[3])]
        )
        finish(g, Surface(colour=bands, roughness=0.5), rgbs[1])

    parts = Parts()
    b = 0.025
    for x, z, sx, sz in (
        (0, (h + b) / 2, w + 2 * b, b),
        (0, -(h + b) / 2, w + 2 * b, b),
        ((w + b) / 2, 0, b, h),
        (-(w + b) / 2, 0, b, h),
    ):
        parts.box((x, 0, z), (sx, 0.03, sz), bevel=0.003)
    parts.quad(
        [(-w / 2, -0.004, -h / 2), (w / 2, -0.004, -h / 2), (w / 2, -0.004, h / 2), (-w / 2, -0.004, h / 2)], slot=1
    )
    place(
        name,
        parts.mesh(name, [painted("picture frame", (0.03, 0.028, 0.025), 0.4), make(name, build)]),
        at=at,
        turn_z=turn,
    )


def rug(name: str, *, at: Sequence[float], size: tuple[float, float], rgb: tuple[RGB, RGB]) -> None:
    """A woven rug with a border."""
    w, h = size

    def build(g: Graph) -> None:
        g_at = g.object_coords()
        x, y, _ = g.split(g_at)
        edge = g.math("MINIMUM", g.minus(w / 2, g.math("ABSOLUTE", x)), g.minus(h / 2, g.math("ABSOLUTE", y)))
        band = g.times(g.math("GREATER_THAN", edge, 0.10), g.math("LESS_THAN", edge, 0.17))
        pile = g.noise(g.vscale(g_at, (700.0, 300.0, 300.0)), 1.0, detail=1)
        worn = g.noise(g_at, 3.0, detail=4)
        colour = g.shade(
            g.mix(band, *rgb), g.times(g.rescale(pile, 0.2, 0.8, 0.7, 1.15), g.rescale(worn, 0.3, 0.7, 0.85, 1.08))
        )
        finish(g, Surface(colour=colour, roughness=0.95, height=pile, relief_m=0.002, sheen=0.3, specular=0.1), rgb[0])

    place(name, Parts().box((0, 0, 0.004), (w, h, 0.008), bevel=0.003).mesh(name, [make(name, build)]), at=at)


def standing_lamp(at: Sequence[float], *, on: bool) -> None:
    """A floor lamp with a linen shade; lit in the evening."""
    x, y, z = at
    parts = Parts()
    parts.lathe([(0, 0.0), (0.14, 0.0), (0.14, 0.015), (0.02, 0.03), (0.0, 0.03)], sides=36)
    parts.tube([(0, 0, 0.02), (0, 0, 1.40)], 0.011, sides=12)
    parts.lathe([(0.20, 1.32), (0.15, 1.62)], sides=40, slot=1)
    warm = blackbody(2700.0)
    shade = (
        light("lamp shade lit", (warm[0], warm[1] * 0.9, warm[2] * 0.75), 1.6)
        if on
        else painted("lamp shade", (0.62, 0.56, 0.45), 0.9)
    )
    place(
        "standing lamp",
        parts.mesh("standing lamp", [painted("brass", (0.55, 0.38, 0.14), 0.3, metallic=1.0), shade]),
        at=(x, y, z),
    )
    if on:
        area("lamp down", at=(x, y, 1.33), towards=(x, y, 0), size=(0.3, 0.3), white=1.2, rgb=warm)
        area("lamp up", at=(x, y, 1.60), towards=(x, y, 2.7), size=(0.3, 0.3), white=1.4, rgb=warm)


def pot_plant(name: str, rng: np.random.Generator, *, at: Sequence[float], height: float) -> None:
    """Long bent leaves in a clay pot."""
    parts = Parts()
    r = height * 0.16
    pot = [
        (0, 0),
        (r * 0.75, 0),
        (r, height * 0.26),
        (r * 1.08, height * 0.26),
        (r * 1.08, height * 0.30),
        (r * 0.95, height * 0.30),
        (0, height * 0.28),
    ]
    parts.lathe(pot, sides=36, slot=0)
    for k in range(26):
        angle, lean = k * 2.4, rng.uniform(0.15, 0.95)
        t = np.linspace(0, 1, 8)
        reach = height * rng.uniform(0.45, 0.72)
        out = np.array([np.cos(angle), np.sin(angle), 0.0])
        spine = (
            np.outer(t * reach * np.sin(lean), out)
            + np.outer(reach * (t * np.cos(lean) - 0.35 * lean * t**2), [0, 0, 1])
            + [0, 0, height * 0.28]
        )
        across = np.cross(out, [0, 0, 1])
        width = (height * 0.035 * np.sin(np.pi * np.clip(t * 0.96 + 0.04, 0, 1)) ** 0.6)[:, None]
        v = np.concatenate([spine + across * width, spine - across * width])
        parts.add(v, [(i, i + 1, 9 + i, 8 + i) for i in range(7)], slot=1, smooth=True)
    leaf = painted("house plant", (0.035, 0.10, 0.03), 0.4)
    place(name, parts.mesh(name, [substance("ceramic", colour="#b0653f", key=name), leaf]), at=at)


def sideboard(name: str, *, at: Sequence[float], width: float, colour: str) -> None:
    """A low cupboard with doors, its back towards +Y."""
    wood = substance("wood", colour=colour, key=name)
    parts = Parts()
    h, d = 0.62, 0.42
    parts.box((0, 0, h - 0.012), (width, d, 0.024), bevel=0.003)
    parts.box((0, 0.005, 0.15 + (h - 0.174) / 2), (width - 0.02, d - 0.02, h - 0.174), bevel=0.003)
    doors = round(width / 0.5)
    for k in range(doors):
        x = (k + 0.5) / doors * (width - 0.04) - (width - 0.04) / 2
        parts.box((x, -d / 2 + 0.006, 0.15 + (h - 0.174) / 2), (width / doors - 0.022, 0.02, h - 0.20), bevel=0.003)
        parts.lathe([(0, 0), (0.011, 0.0), (0.013, 0.018), (0, 0.022)], sides=16, slot=1)
        parts.vertices[-1] = parts.vertices[-1][:, [0, 2, 1]] * [1, -1, 1] + [
            x + width / doors * 0.36,
            -d / 2 - 0.004,
            0.42,
        ]
    for sx in (-1, 1):
        for sy in (-1, 1):
            parts.tube(
                [(sx * (width / 2 - 0.08), sy * 0.14, 0), (sx * (width / 2 - 0.10), sy * 0.13, 0.15)],
                np.array([0.013, 0.022]),
                sides=10,
            )
    place(name, parts.mesh(name, [wood, painted("knob", (0.5, 0.36, 0.15), 0.35, metallic=1.0)]), at=at)


def workbench(name: str, *, at: Sequence[float], width: float) -> None:
    """A joiner's bench against the wall: thick top, legs, a lower board, a vice."""
    wood, leg = (
        substance("wood", colour="#94703f", key=name),
        substance("wood", colour="#7d5f3a", key=name + "l", grain="z"),
    )
    parts = Parts()
    parts.box((0, 0, 0.86), (width, 0.62, 0.07), bevel=0.006)
    for sx in (-1, 1):
        for sy in (-1, 1):
            parts.box((sx * (width / 2 - 0.1), sy * 0.24, 0.415), (0.09, 0.09, 0.83), bevel=0.004, slot=1)
    parts.box((0, 0, 0.22), (width - 0.2, 0.52, 0.03), bevel=0.003)
    parts.box((width / 2 - 0.35, -0.36, 0.83), (0.26, 0.07, 0.13), bevel=0.006, slot=1)
    parts.tube([(width / 2 - 0.35, -0.33, 0.80), (width / 2 - 0.35, -0.47, 0.80)], 0.013, sides=10, slot=2)
    parts.tube([(width / 2 - 0.44, -0.46, 0.80), (width / 2 - 0.26, -0.46, 0.80)], 0.007, sides=8, slot=2)
    place(name, parts.mesh(name, [wood, leg, substance("steel", key=name)]), at=at)


def tool_board(name: str, rng: np.random.Generator, *, at: Sequence[float], size: tuple[float, float]) -> None:
    """A board on the back wall with hammers, saws, pliers and chisels hung in a row."""
    w, h = size
    wood = substance("wood", colour="#b59a72", key=name)
    parts = Parts()
    parts.box((0, 0, 0), (w, 0.016, h), bevel=0.002)
    handle, steel, red = 1, 2, 3
    x = -w / 2 + 0.12
    kind = 0
    while x < w / 2 - 0.1:
        top = h * 0.34 + rng.normal(0, 0.02)
        if kind % 4 == 0:  # hammer
            parts.tube([(x, -0.03, top - 0.28), (x, -0.03, top)], 0.013, sides=8, slot=handle)
            parts.box((x, -0.03, top), (0.11, 0.028, 0.030), bevel=0.004, slot=steel)
        elif kind % 4 == 1:  # screwdriver
            parts.tube([(x, -0.025, top - 0.02), (x, -0.025, top - 0.12)], 0.014, sides=8, slot=red)
            parts.tube([(x, -0.025, top - 0.12), (x, -0.025, top - 0.26)], 0.003, sides=6, slot=steel)
        elif kind % 4 == 2:  # saw
            parts.add(
                [(x, -0.02, top), (x + 0.11, -0.02, top - 0.02), (x + 0.05, -0.02, top - 0.46), (x, -0.02, top - 0.46)],
                [(0, 3, 2, 1)],
                slot=steel,
            )
            parts.box((x + 0.055, -0.022, top + 0.02), (0.12, 0.02, 0.09), bevel=0.012, slot=handle)
            x += 0.06
        else:  # spanner
            parts.box((x, -0.02, top - 0.12), (0.018, 0.008, 0.22), bevel=0.003, slot=steel)
            parts.box((x, -0.02, top - 0.01), (0.042, 0.009, 0.04), bevel=0.008, slot=steel)
        x += rng.uniform(0.10, 0.15)
        kind += 1
    materials = [
        wood,
        substance("wood", colour="#a06a35", key="handle", grain="z"),
        substance("steel", key="tools"),
        painted("tool red", (0.45, 0.03, 0.02), 0.35),
    ]
    place(name, parts.mesh(name, materials), at=at)
