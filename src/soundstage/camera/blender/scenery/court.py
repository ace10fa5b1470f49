"""A basketball court on the ground: fields and lines as flat layers of paint."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....colour import RGB, linear
from ..graph import Graph
from ..materials import finish, make
from ..mesh import Parts, place
from ..textures.grounds import acrylic_paint
from ..textures.woods import plank_floor
from . import court_lines

KEY_M, LINE_M = 0.0006, 0.0012
"""Heights of the layers of paint; far below what an eye could see as a step."""


def layer(name: str, polygons: list[Any], height: float, material: Any) -> Any:
    """Flat polygons (K, 2) at a height, as one object."""
    parts = Parts()
    for polygon in polygons:
        parts.quad(np.column_stack([polygon, np.full(len(polygon), height)]))
    return place(name, parts.mesh(name, [material]))


def acrylic_court(*, field: str, key: str, surround: str, half_x: float, south: float, north: float) -> None:
    """A painted hard court with its run-off, between y = south and y = north."""
    ground = np.array([[-half_x, south], [half_x, south], [half_x, north], [-half_x, north]])
    layer("surround", [ground], 0.0, _paint("court surround", linear(surround)))
    layer("field", [court_lines.field()], 0.0003, _paint("court field", linear(field)))
    layer("keys", court_lines.keys(), KEY_M, _paint("court keys", linear(key)))
    layer("lines", court_lines.whole_court(), LINE_M, _line_paint())


def parquet_court(rgb: RGB, roughness: float, *, size: tuple[float, float], centre: tuple[float, float]) -> None:
    """A sports floor of narrow strips with lines under the varnish."""
    (sx, sy), (cx, cy) = size, centre
    ground = np.array(
        [[cx - sx / 2, cy - sy / 2], [cx + sx / 2, cy - sy / 2], [cx + sx / 2, cy + sy / 2], [cx - sx / 2, cy + sy / 2]]
    )
    layer("floor", [ground], 0.0, _strips("sports floor", rgb, roughness))
    layer("keys", court_lines.keys(), KEY_M, _strips("painted key", (0.05, 0.11, 0.22), roughness, tint=0.86))
    layer("lines", court_lines.whole_court(), LINE_M, _strips("painted line", (0.80, 0.80, 0.77), roughness, tint=0.95))


def _paint(label: str, rgb: RGB) -> Any:
    def build(g: Graph) -> None:
        finish(g, acrylic_paint(g, g.world_coords(), rgb, 0.72), rgb)

    return make(label, build)


def _line_paint() -> Any:
    """White paint, worn through in places to the colour below."""
    white = (0.70, 0.69, 0.65)

    def build(g: Graph) -> None:
        at = g.world_coords()
        worn = g.noise(at, 5.0, detail=6, roughness=0.72)
        broad = g.noise(at, 0.5, detail=2)
        gone = g.smooth(g.plus(worn, g.times(broad, 0.35)), 0.72, 0.84)
        colour = g.mix(g.times(gone, 0.75), white, (0.13, 0.15, 0.17))
        finish(g, acrylic_paint(g, at, colour, 0.6, wear_amount=0.5), white)

    return make("court lines", build)


def _strips(label: str, rgb: RGB, roughness: float, *, tint: float = 0.0) -> Any:
    """Strips of 6 cm under gloss varnish; `tint` covers the wood with an even colour."""

    def build(g: Graph) -> None:
        at = g.world_coords()
        x, y, z = g.split(at)
        wood = plank_floor(
            g, g.join(y, x, z), rgb if not tint else (0.5, 0.3, 0.15), roughness, width=0.058, length=0.9, gap=0.0006
        )
        colour = g.mix(tint or 0.5, wood.colour, rgb)
        scuffs = g.noise(g.vscale(at, (1.0, 1.0, 1.0)), 1.1, detail=7, roughness=0.68)
        rough = g.rescale(scuffs, 0.3, 0.72, roughness * 0.65, roughness + 0.16)
        from ..textures import Surface

        finish(g, Surface(colour=colour, roughness=rough, height=wood.height, relief_m=0.0003, coat=0.25), rgb)

    return make(label, build)
