"""A basketball hoop: board, ring, bracket, net, and the post that carries them (own +Y towards the court)."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .... import library
from ....colour import linear
from ....take import Place, Thing
from ... import nets
from ..graph import Graph
from ..materials import finish, make, painted
from ..mesh import Parts
from ..mesh import place as put
from ..textures import TEXTURES, Surface
from ._registry import look

STEEL, BOARD, RING, PAD, TRIM, BOLT = range(6)


@look("hoop")
def hoop(thing: Thing, place: Place) -> Any:
    """The whole stand; the net hangs from it as a child object named `<id> net`."""
    p = thing.params
    indoor = library.set_(place.set).indoor
    parts = Parts()
    _board(parts, p)
    _ring(parts, p)
    _post(parts, p)
    glass_board = p.get("board_material") == "glass" and indoor
    steel = painted("hoop steel", (0.045, 0.05, 0.055) if not indoor else (0.35, 0.36, 0.37), 0.45)
    materials = [
        steel,
        _board_material(p, glass_board),
        painted(f"hoop ring {thing.colour}", linear(thing.colour), 0.38),
        _padding(),
        painted("hoop trim", (0.02, 0.03, 0.06) if indoor else (0.03, 0.03, 0.032), 0.6),
        painted("hoop bolts", (0.45, 0.45, 0.46), 0.4, metallic=1.0),
    ]
    stand = put(thing.id, parts.mesh(thing.id, materials))
    net = put(f"{thing.id} net", net_mesh(p))
    net.parent = stand
    return stand


def _board(parts: Parts, p: Any) -> None:
    w, h, t = p["board_width"], p["board_height"], p["board_thickness"]
    middle = p["board_bottom"] + h / 2
    parts.box((0, -t / 2, middle), (w, t, h), bevel=0.003, slot=BOARD)
    pad = 0.05  # foam along the lower edge and up the corners, behind and below the face
    parts.box((0, -t / 2 - 0.004, p["board_bottom"] - 0.012), (w + 0.02, t + 0.008, 0.03), bevel=0.008, slot=TRIM)
    for side in (-1, 1):
        parts.box(
            (side * (w / 2 + 0.006), -t / 2 - 0.004, p["board_bottom"] + 0.165),
            (0.014, t + 0.008, 0.36),
            bevel=0.004,
            slot=TRIM,
        )
    for x in (-w / 2 + pad, w / 2 - pad):  # frame behind
        parts.box((x, -t - 0.02, middle), (0.04, 0.04, h - 0.06), slot=STEEL, bevel=0.003)
    for z in (p["board_bottom"] + 0.06, p["board_bottom"] + h - 0.06):
        parts.box((0, -t - 0.02, z), (w - 0.1, 0.038, 0.04), slot=STEEL, bevel=0.003)


def _ring(parts: Parts, p: Any) -> None:
    radius, bar = (p["rim_inner"] + p["rim_bar"]) / 2, p["rim_bar"] / 2
    level = p["rim_height"] - bar
    a = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    circle = np.stack([radius * np.cos(a), p["rim_offset"] + radius * np.sin(a), np.full(96, level)], axis=1)
    parts.tube(circle, bar, sides=12, slot=RING, closed=True)
    reach = p["rim_offset"] - radius
    width = p["bracket_width"]
    parts.box((0, reach / 2, level), (width, reach, p["rim_bar"]), bevel=0.003, slot=RING)
    plate = 0.15 * p["rim_inner"] / 0.454
    parts.box((0, 0.04 * plate, p["rim_height"] - plate / 2), (width, 0.08 * plate, plate), bevel=0.003, slot=RING)
    for side in (-1, 1):  # gussets below the bracket
        x = side * width * 0.42
        top, low = level - bar, level - plate * 0.8
        parts.add([(x - 0.003, 0.01, top), (x - 0.003, reach * 0.95, top), (x - 0.003, 0.01, low),
                   (x + 0.003, 0.01, top), (x + 0.003, reach * 0.95, top), (x + 0.003, 0.01, low)],
                  [(0, 2, 1), (3, 4, 5), (1, 2, 5, 4), (0, 1, 4, 3)], slot=RING)  # fmt: skip
        for z in (p["rim_height"] - 0.25 * plate, p["rim_height"] - 0.8 * plate):
            disc = np.array([(0, 0.0), (0.009, 0.0), (0.009, 0.006), (0, 0.007)])
            bolt = Parts().lathe(disc, sides=6, slot=BOLT, smooth=False)
            v = np.concatenate(bolt.vertices)[:, [0, 2, 1]] + [x * 0.75, 0.08 * plate, z]
            parts.add(v, [f[::-1] for f in bolt.faces], slot=BOLT)
    hooks = nets.knots(p)[0]
    for knot in hooks:  # the small hooks the net hangs from
        out = np.array([knot[0], knot[1] - p["rim_offset"], 0]) / np.hypot(knot[0], knot[1] - p["rim_offset"])
        base = np.array([0, p["rim_offset"], level]) + out * radius
        parts.tube(
            [base + [0, 0, -bar * 0.6], base + [0, 0, -bar * 1.7] - out * 0.004, knot], 0.0028, sides=5, slot=RING
        )


def _post(parts: Parts, p: Any) -> None:
    y, r = -p["pole_setback"], p["pole"] / 2
    arm, middle = p["arm"], p["board_bottom"] + p["board_height"] / 2
    top = middle + arm / 2
    parts.lathe(_at([(0.0, 0.0), (r, 0.0), (r, top - 0.01), (r - 0.01, top), (0, top)]), sides=32, slot=STEEL)
    _move(parts, 1, (0, y, 0))
    back = p["pole_setback"] - p["board_thickness"]
    parts.box((0, -p["board_thickness"] - back / 2, middle), (arm, back, arm), bevel=0.006, slot=STEEL)
    for side in (-1, 1):  # struts from the pole to the corners of the frame
        for dz in (-0.36, 0.36):
            parts.tube([(side * 0.03, y, middle + dz * 0.15), (side * 0.72, -p["board_thickness"] - 0.03, middle + dz)],
                       0.017, sides=10, slot=STEEL)  # fmt: skip
    thick = 0.06  # padding stands clear of the ground
    parts.lathe(
        _at([(r, 0.08), (r + thick * 0.85, 0.08), (r + thick, 0.10), (r + thick, 2.08), (r + thick * 0.85, 2.12), (r, 2.14)]),
        sides=40, slot=PAD,
    )  # fmt: skip
    _move(parts, 1, (0, y, 0))
    parts.box((0, y, 0.012), (0.42, 0.42, 0.024), bevel=0.004, slot=STEEL)
    for sx in (-1, 1):
        for sy in (-1, 1):
            parts.lathe([(0.0, 0.024), (0.018, 0.024), (0.018, 0.045), (0.0, 0.05)], sides=6, slot=BOLT, smooth=False)
            _move(parts, 1, (sx * 0.16, y + sy * 0.16, 0))


def _at(profile: list[tuple[float, float]]) -> Any:
    return np.array(profile)


def _move(parts: Parts, last: int, by: tuple[float, float, float]) -> None:
    """Shift the vertices of the last additions."""
    for k in range(len(parts.vertices) - last, len(parts.vertices)):
        parts.vertices[k] = parts.vertices[k] + np.array(by)


def net_mesh(p: Any) -> Any:
    """Strings of the net as thin tubes, knots as small beads."""
    return net_parts(nets.knots(p)).mesh("net", [_string()])


def net_parts(knots: Any) -> Parts:
    """The net through given knots (LEVELS, LOOPS, 3); the same polygons for any knots."""
    parts = Parts()
    for (l0, i0), (l1, i1) in nets.strings():
        a, b = knots[l0, i0], knots[l1, i1]
        sag = np.array([0, 0, -0.004])
        parts.tube([a, (a + b) / 2 + sag, b], 0.0032, sides=5, caps=False)
    for row in knots[1:]:
        for knot in row:
            v = np.array([(1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0), (0, 0, 1.3), (0, 0, -1.3)]) * 0.0055 + knot
            f = [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4), (1, 0, 5), (2, 1, 5), (3, 2, 5), (0, 3, 5)]
            parts.add(v, f, smooth=True)
    return parts


def _string() -> Any:
    def build(g: Graph) -> None:
        x, y, z = g.split(g.object_coords())
        twist = g.math("SINE", g.times(g.plus(g.plus(x, y), g.times(z, 2.0)), 900.0))
        dirt = g.noise(g.object_coords(), 8.0, detail=3)
        colour = g.shade(
            (0.80, 0.79, 0.75), g.times(g.rescale(twist, -1, 1, 0.82, 1.0), g.rescale(dirt, 0.3, 0.7, 0.8, 1.0))
        )
        finish(g, Surface(colour=colour, roughness=0.85, specular=0.2), (0.75, 0.74, 0.7))

    return bpy.data.materials.get("net string") or make("net string", build)


def _board_material(p: Any, clear: bool) -> Any:
    """Painted board with its rectangle and border; clear acrylic with the same lines in white for halls."""
    line, inner_w, inner_h = 0.05, 0.59, 0.45
    w, h, bottom = p["board_width"], p["board_height"], p["board_bottom"]
    base = p["rim_height"]

    def build(g: Graph) -> None:
        at = g.object_coords()
        x, _, z = g.split(at)
        ax = g.math("ABSOLUTE", x)
        edge = g.math("MINIMUM", g.minus(w / 2, ax), g.math("MINIMUM", g.minus(z, bottom), g.minus(bottom + h, z)))
        border = g.math("LESS_THAN", edge, line)
        mid = base + inner_h / 2 - line
        box = g.math("MAXIMUM", g.minus(ax, inner_w / 2), g.minus(g.math("ABSOLUTE", g.minus(z, mid)), inner_h / 2))
        target = g.times(g.math("LESS_THAN", box, 0.0), g.math("GREATER_THAN", box, -line))
        mask = g.math("MAXIMUM", border, target)
        if clear:
            _clear_board(g, mask)
            return
        worn = g.noise(at, 3.0, detail=5, roughness=0.65)
        marks = g.smooth(g.noise(g.offset(at, (5, 1, 2)), 7.0, detail=5, roughness=0.7), 0.60, 0.72)
        streak = g.noise(g.vscale(at, (14.0, 1.0, 0.9)), 1.0, detail=3)
        white = g.shade(
            (0.78, 0.77, 0.73), g.times(g.rescale(worn, 0.3, 0.7, 0.88, 1.04), g.rescale(streak, 0.3, 0.75, 1.03, 0.86))
        )
        white = g.mix(g.times(marks, 0.22), white, (0.30, 0.22, 0.16))
        chips = g.smooth(g.noise(at, 34.0, detail=4), 0.66, 0.70)
        red = g.mix(chips, (0.50, 0.065, 0.028), (0.68, 0.64, 0.58))
        colour = g.mix(mask, white, red)
        finish(
            g,
            Surface(colour=colour, roughness=g.rescale(worn, 0.3, 0.7, 0.28, 0.5), height=worn, relief_m=0.0015),
            (0.6, 0.56, 0.52),
        )

    return make("board clear" if clear else "board painted", build)


def _clear_board(g: Graph, mask: Any) -> None:
    """Clear pane as thin glass: a faint reflection over what lies behind, no refraction to trace."""
    paint = g.principled(colour=(0.85, 0.85, 0.85), roughness=0.35)
    fresnel = g.add("ShaderNodeFresnel", {"IOR": 1.45}).outputs[0]
    through = g.add("ShaderNodeBsdfTransparent", {"Color": (0.93, 0.955, 0.95)}).outputs[0]
    mirror = g.add("ShaderNodeBsdfGlossy", {"Color": (1, 1, 1), "Roughness": 0.02}).outputs[0]
    pane = g.mix_shader(g.plus(fresnel, 0.02), through, mirror)
    g.surface(g.mix_shader(mask, pane, paint))


def _padding() -> Any:
    """Vinyl wrapped round foam, laced at the back."""
    rgb = (0.018, 0.05, 0.16)

    def build(g: Graph) -> None:
        at = g.object_coords()
        _, _, z = g.split(at)
        base = TEXTURES["leather"](g, at, rgb, 0.5)
        seam = g.smooth(g.math("ABSOLUTE", g.minus(g.math("FRACT", g.times(z, 1.0 / 0.68)), 0.5)), 0.010, 0.004)
        finish(g, Surface(colour=g.mix(g.times(seam, 0.6), base.colour, (0.005, 0.01, 0.03)), roughness=base.roughness,
                          height=g.minus(1.0, seam), relief_m=0.004), rgb)  # fmt: skip

    return bpy.data.materials.get("pole padding") or make("pole padding", build)
