"""A small workshop: whitewashed brick, bench and tools at the back, a big window on the left, a lamp overhead."""

from __future__ import annotations

from typing import Any

from ..graph import Graph
from ..materials import finish, make, painted
from ..textures.stones import brickwork
from . import furniture
from ._registry import Stage, backdrop
from .rooms import Window, daylight_in, hour_of, pendant, plaster, room_box, shell

WINDOWS = (Window(wall="left", middle=0.35, width=2.3, sill=0.95, head=2.45, panes=4),)


@backdrop("workshop")
def workshop(stage: Stage) -> Any:
    hour = hour_of(stage.place)
    _, high = room_box(stage.place)
    shell(
        stage.place, WINDOWS, wall=_whitewash(), ceiling=plaster("ceiling", (0.62, 0.60, 0.56)),
        trim=painted("trim", (0.10, 0.13, 0.12), 0.45), skirting_m=0.0,
    )  # fmt: skip
    daylight_in(stage.place, WINDOWS, hour)
    back = high[1]
    furniture.workbench("bench", at=(0.45, back - 0.36, 0.0), width=2.6)
    furniture.tool_board("tools", stage.rng("tools"), at=(0.5, back - 0.02, 1.55), size=(2.1, 0.85))
    furniture.shelf(
        "shelf",
        stage.rng("shelf"),
        at=(high[0] - 0.17, 0.6, 0.0),
        turn_z=-1.5707963,
        width=1.8,
        height=2.0,
        boards=5,
        books=False,
    )
    furniture.shelf(
        "shelf 2",
        stage.rng("shelf 2"),
        at=(-2.1, back - 0.17, 0.0),
        turn_z=0.0,
        width=1.1,
        height=1.9,
        boards=5,
        books=False,
    )
    pendant((0.3, 0.1, 2.0), on=hour.lamps, white=0.9)
    pendant((-0.9, -1.5, 2.3), on=hour.lamps, white=1.6)
    return hour


def _whitewash() -> Any:
    """Brick under thick white paint."""
    white = (0.58, 0.56, 0.52)

    def build(g: Graph) -> None:
        at = g.object_coords()
        brick = brickwork(g, at, (0.30, 0.12, 0.07), 0.8)
        thin = g.smooth(g.noise(at, 2.2, detail=6, roughness=0.7), 0.52, 0.70)
        colour = g.mix(
            g.times(thin, 0.45),
            g.shade(white, g.rescale(g.noise(at, 1.0, detail=3), 0.3, 0.7, 0.9, 1.04)),
            brick.colour,
        )
        from ..textures import Surface

        finish(g, Surface(colour=colour, roughness=0.8, height=brick.height, relief_m=0.003, specular=0.3), white)

    return make("whitewash", build)
