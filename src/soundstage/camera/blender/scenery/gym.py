"""A sports hall: parquet with lines, padded wall behind the hoop, wooden panels, stands, high windows, light panels."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import library
from ....colour import blackbody, linear
from ..graph import Graph
from ..lamps import area
from ..materials import finish, light, make, painted, substance
from ..mesh import Parts, place
from ..sky import indoors
from ..textures import TEXTURES, Surface
from ..textures.woods import boards, grain
from . import court_lines
from ._registry import Stage, backdrop
from .court import layer, parquet_court
from .rooms import HOURS, hour_of, room_box

PANEL_RGB = (1.0, 0.97, 0.92)


@backdrop("gym")
def gym(stage: Stage) -> Any:
    low, high = room_box(stage.place)
    middle = (low + high) / 2
    ground = library.material(stage.place.ground_material)
    size = (float(high[0] - low[0]), float(high[1] - low[1]))
    if ground.texture == "planks":
        parquet_court(linear(ground.albedo), ground.roughness, size=size, centre=(middle[0], middle[1]))
    else:
        corners = [(low[0], low[1], 0), (high[0], low[1], 0), (high[0], high[1], 0), (low[0], high[1], 0)]
        place("floor", Parts().quad(corners).mesh("floor", [substance(ground.name, key="floor")]))
        layer("lines", court_lines.whole_court(), 0.0012, painted("line tape", (0.8, 0.8, 0.78), 0.5))
    windows = 0.0 if stage.night else hour_of(stage.place).window / HOURS["noon"].window
    walls(low, high, windows)
    ceiling(low, high)
    stands(low, high)
    dressing(low, high)
    lamps(low, high, windows)
    return None


def walls(low: Any, high: Any, windows: float) -> None:
    """Wooden panels to 3 m, painted blocks above, pads behind the hoops, a band of high windows on the left.

    `windows` is how bright they are beside noon.
    """
    wood = Parts()
    blocks = Parts()
    t = 0.1
    cx, cy = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    sx, sy, top = high[0] - low[0], high[1] - low[1], high[2]
    for y in (low[1] - t / 2, high[1] + t / 2):
        wood.box((cx, y, 1.5), (sx, t, 3.0))
        blocks.box((cx, y, (3.0 + top) / 2), (sx, t, top - 3.0))
    for x in (low[0] - t / 2, high[0] + t / 2):
        wood.box((x, cy, 1.5), (t, sy, 3.0))
    blocks.box((high[0] + t / 2, cy, (3.0 + top) / 2), (t, sy, top - 3.0))
    blocks.box((low[0] - t / 2, cy, 4.4), (t, sy, 2.8))
    blocks.box((low[0] - t / 2, cy, (7.9 + top) / 2), (t, sy, top - 7.9))
    place("wall panels", wood.mesh("wall panels", [_panelling()]))
    place("wall blocks", blocks.mesh("wall blocks", [_blocks()]))
    rail = Parts()
    for y in (low[1] + 0.01, high[1] - 0.01):
        rail.box((cx, y, 3.0), (sx, 0.05, 0.06))
    for x in (low[0] + 0.01, high[0] - 0.01):
        rail.box((x, cy, 3.0), (0.05, sy, 0.06))
    place("rail", rail.mesh("rail", [painted("rail", (0.25, 0.15, 0.08), 0.5)]))
    pads = Parts()
    for y, flip in ((high[1] - 0.04, 1), (low[1] + 0.04, -1)):
        for k in range(-6, 6):
            pads.box((k * 0.62 + 0.31, y * 1.0, 1.05), (0.605, 0.08, 1.85), bevel=0.018)
        del flip
    place("pads", pads.mesh("pads", [_vinyl("wall pad", (0.022, 0.06, 0.19))]))
    glass = Parts().quad([(low[0], low[1], 5.8), (low[0], high[1], 5.8), (low[0], high[1], 7.9), (low[0], low[1], 7.9)])
    place("high windows", glass.mesh("high windows", [_window_band(windows)]))
    bars = Parts()
    for y in np.arange(low[1], high[1] + 0.1, 2.0):
        bars.box((low[0] + 0.03, y, 6.85), (0.07, 0.09, 2.1))
    place("window bars", bars.mesh("window bars", [painted("bars", (0.3, 0.3, 0.3), 0.5)]))


def ceiling(low: Any, high: Any) -> None:
    """Ribbed deck on steel trusses."""
    top = high[2]
    deck = Parts().quad(
        [(low[0], low[1], top), (low[0], high[1], top), (high[0], high[1], top), (high[0], low[1], top)]
    )
    place("deck", deck.mesh("deck", [_deck()]))
    truss = Parts()
    width = high[0] - low[0]
    for y in np.arange(low[1] + 2.0, high[1], 4.6):
        for z in (top - 0.15, top - 0.95):
            truss.box(((low[0] + high[0]) / 2, y, z), (width, 0.10, 0.08))
        steps = 14
        for k in range(steps):
            x0, x1 = low[0] + width * k / steps, low[0] + width * (k + 1) / steps
            z0, z1 = (top - 0.15, top - 0.95) if k % 2 else (top - 0.95, top - 0.15)
            truss.tube([(x0, y, z0), (x1, y, z1)], 0.028, sides=6, caps=False)
    place("trusses", truss.mesh("trusses", [painted("truss", (0.45, 0.46, 0.47), 0.5)]))


def lamps(low: Any, high: Any, windows: float) -> None:
    """Two rows of panels; two long lamps for each row stand in for them."""
    panels = Parts()
    top = high[2] - 1.05
    xs = (low[0] * 0.45 + high[0] * 0.0, high[0] * 0.45)
    for x in xs:
        for y in np.arange(low[1] + 3.2, high[1] - 1.5, 4.6):
            panels.box((x, y, top + 0.04), (0.62, 2.4, 0.07), bevel=0.01, slot=1)
            panels.quad(
                [
                    (x - 0.27, y - 1.15, top),
                    (x - 0.27, y + 1.15, top),
                    (x + 0.27, y + 1.15, top),
                    (x + 0.27, y - 1.15, top),
                ]
            )
    place(
        "panels",
        panels.mesh("panels", [light("panel lit", PANEL_RGB, 7.0), painted("panel case", (0.6, 0.6, 0.6), 0.5)]),
    )
    mid = (low[1] + high[1]) / 2
    for x in xs:
        for k, share in enumerate((-0.25, 0.25)):
            y = mid + share * (high[1] - low[1])
            area(
                f"hall lamp {x} {k}",
                at=(x, y, top - 0.03),
                towards=(x, y, 0),
                size=(1.0, (high[1] - low[1]) * 0.42),
                white=0.66,
                rgb=PANEL_RGB,
            )
    day = blackbody(7500.0)
    if windows > 0.0:
        area(
            "high window light",
            at=(low[0] + 0.1, mid, 6.85),
            towards=(0.0, mid, 0.5),
            size=(high[1] - low[1], 2.0),
            white=0.14 * windows,
            rgb=day,
        )
    indoors((0.05, 0.05, 0.05))
    area("bounced light", at=(0, mid, 0.3), towards=(0, mid, 6.0), size=(16.0, 28.0), white=0.56, rgb=(1.0, 0.84, 0.66))


def stands(low: Any, high: Any) -> None:
    """Folding stands along the right wall: five wooden rows on steel."""
    wood, under = Parts(), Parts()
    y0, y1 = low[1] + 4.0, high[1] - 4.5
    mid, long = (y0 + y1) / 2, y1 - y0
    for row in range(5):
        x, z = high[0] - 0.35 - (4 - row) * 0.42, 0.42 + row * 0.36
        wood.box((x, mid, z), (0.34, long, 0.045), bevel=0.006)
        under.box((x + 0.19, mid, z - 0.18), (0.02, long, 0.32))
        for y in np.arange(y0, y1 + 0.1, 2.4):
            under.box((x, y, z / 2), (0.05, 0.05, z))
    place("stands", wood.mesh("stands", [substance("wood", colour="#b8824a", grain="y", key="stands")]))
    place("stand frames", under.mesh("stand frames", [painted("stand frame", (0.05, 0.055, 0.06), 0.6)]))


def dressing(low: Any, high: Any) -> None:
    """Doors, a score board, banners, a ball rack by the wall."""
    north = high[1] - 0.02
    doors = Parts()
    for side in (-1, 1):
        x = side * 6.6
        doors.box((x, north + 0.0, 1.05), (1.9, 0.05, 2.1), bevel=0.004)
        for s in (-1, 1):
            doors.box((x + s * 0.46, north - 0.03, 1.03), (0.86, 0.03, 2.0), bevel=0.006, slot=1)
            doors.box((x + s * 0.12, north - 0.07, 1.0), (0.03, 0.04, 0.5), slot=2)
        doors.box((x, north - 0.03, 2.32), (0.42, 0.04, 0.18), slot=3)
    place("doors", doors.mesh("doors", [painted("door frame", (0.30, 0.31, 0.32), 0.5), painted("door leaf", (0.20, 0.055, 0.045), 0.45),
                                       painted("door bar", (0.6, 0.6, 0.6), 0.3, metallic=1.0), light("exit", (0.05, 0.8, 0.25), 0.9)]))  # fmt: skip
    board = Parts()
    board.box((0, north - 0.06, 6.4), (3.4, 0.14, 1.5), bevel=0.02)
    for k, x in enumerate((-1.2, -0.75, 0.75, 1.2, -0.28, 0.0, 0.28)):
        _digit(
            board,
            (x, north - 0.14, 6.35 if k < 4 else 6.65),
            0.52 if k < 4 else 0.32,
            (0, 8, 1, 4, 2, 7, 5)[k],
            1 if k < 4 else 2,
        )
    place("score board", board.mesh("score board", [painted("score case", (0.012, 0.012, 0.014), 0.5), light("score red", (1.0, 0.06, 0.03), 1.6),
                                                    light("score amber", (1.0, 0.45, 0.05), 1.6)]))  # fmt: skip
    banners = Parts()
    for k, x in enumerate((-7.6, -5.9, -4.2, 4.2, 5.9, 7.6)):
        w, h, z = 1.15, 2.1, 5.9
        banners.add(
            [(x - w / 2, north - 0.05, z + h / 2), (x + w / 2, north - 0.05, z + h / 2), (x + w / 2, north - 0.05, z - h / 2 + 0.3),
             (x, north - 0.05, z - h / 2), (x - w / 2, north - 0.05, z - h / 2 + 0.3)], [(0, 4, 3, 2, 1)], slot=k % 2)  # fmt: skip
        banners.box((x, north - 0.06, z + 0.35), (0.75, 0.02, 0.16), slot=2)
    tones = [
        substance("fabric", colour="#7c1f28", key="banner"),
        substance("fabric", colour="#1f3d6e", key="banner"),
        substance("fabric", colour="#e4dcc4", key="banner"),
    ]
    place("banners", banners.mesh("banners", tones))


_SEGMENTS = {0: "abcdef", 1: "bc", 2: "abged", 4: "fgbc", 5: "afgcd", 7: "abc", 8: "abcdefg"}


def _digit(parts: Parts, at: tuple[float, float, float], height: float, value: int, slot: int) -> None:
    """A seven-segment digit facing -Y."""
    x, y, z = at
    w, h, t = height * 0.5, height, height * 0.11
    spots = {"a": (0, h / 2, w, t), "g": (0, 0, w, t), "d": (0, -h / 2, w, t), "f": (-w / 2, h / 4, t, h / 2), "b": (w / 2, h / 4, t, h / 2),
             "e": (-w / 2, -h / 4, t, h / 2), "c": (w / 2, -h / 4, t, h / 2)}  # fmt: skip
    for name in _SEGMENTS[value]:
        dx, dz, sx, sz = spots[name]
        parts.box((x + dx, y, z + dz), (sx * 0.86, 0.01, sz * 0.86), slot=slot)


def _vinyl(label: str, rgb: Any) -> Any:
    def build(g: Graph) -> None:
        at = g.object_coords()
        base = TEXTURES["leather"](g, at, rgb, 0.5)
        dent = g.noise(at, 3.5, detail=2)
        finish(g, Surface(colour=base.colour, roughness=base.roughness, height=dent, relief_m=0.012), rgb)

    return make(label, build)


def _panelling() -> Any:
    """Vertical boards of light wood, satin lacquer."""
    rgb = (0.36, 0.20, 0.095)

    def build(g: Graph) -> None:
        x, y, z = g.split(g.object_coords())
        number, joint, local = boards(g, g.join(z, g.plus(x, y), 0.0), 0.14, 3.2)
        colour, _ = grain(g, local, rgb)
        colour = g.shade(colour, g.rescale(number, 0.0, 1.0, 0.82, 1.12))
        seam = g.smooth(joint, 0.005, 0.002)
        finish(
            g,
            Surface(
                colour=g.mix(g.times(seam, 0.8), colour, (0.03, 0.015, 0.008)),
                roughness=0.38,
                height=g.minus(1.0, seam),
                relief_m=0.003,
            ),
            rgb,
        )

    return make("panelling", build)


def _blocks() -> Any:
    """Painted concrete blocks in courses of 20 cm."""
    rgb = (0.55, 0.54, 0.50)

    def build(g: Graph) -> None:
        x, y, z = g.split(g.object_coords())
        u = g.plus(x, y)
        row = g.math("FLOOR", g.times(z, 5.0))
        shifted = g.plus(g.times(u, 2.5), g.times(g.math("MODULO", row, 2.0), 0.5))
        fu, fz = (g.math("ABSOLUTE", g.minus(g.math("FRACT", v), 0.5)) for v in (shifted, g.times(z, 5.0)))
        joint = g.math("MAXIMUM", g.smooth(fu, 0.482, 0.49), g.smooth(fz, 0.465, 0.48))
        stain = g.noise(g.object_coords(), 0.5, detail=4)
        colour = g.shade(rgb, g.rescale(stain, 0.3, 0.7, 0.88, 1.05))
        finish(
            g,
            Surface(
                colour=g.mix(g.times(joint, 0.35), colour, (0.3, 0.29, 0.27)),
                roughness=0.7,
                height=g.minus(1.0, joint),
                relief_m=0.006,
            ),
            rgb,
        )

    return make("painted blocks", build)


def _deck() -> Any:
    def build(g: Graph) -> None:
        x, _, _ = g.split(g.object_coords())
        rib = g.smooth(g.math("ABSOLUTE", g.minus(g.math("FRACT", g.times(x, 3.3)), 0.5)), 0.18, 0.26)
        finish(g, Surface(colour=g.mix(rib, (0.30, 0.31, 0.32), (0.50, 0.51, 0.52)), roughness=0.6), (0.4, 0.4, 0.4))

    return make("deck", build)


def _window_band(bright: float) -> Any:
    """Frosted panes with daylight, or the night, behind them."""
    low, high = (max(bright * level, 0.012) for level in (0.9, 1.6))

    def build(g: Graph) -> None:
        _, _, z = g.split(g.object_coords())
        g.surface(
            g.add(
                "ShaderNodeEmission", {"Color": (0.62, 0.76, 1.0), "Strength": g.rescale(z, 5.8, 7.9, low, high)}
            ).outputs[0]
        )

    return make("window band", build)
