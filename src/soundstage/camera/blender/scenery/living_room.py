"""A living room by daylight or lamplight: painted walls, window on the left, shelf, sofa and plants along the walls."""

from __future__ import annotations

from typing import Any

from ..materials import painted
from . import furniture
from ._registry import Stage, backdrop
from .rooms import Window, ceiling_lamp, daylight_in, hour_of, plaster, room_box, shell

WINDOWS = (
    Window(wall="left", middle=0.55, width=1.7, sill=0.72, head=2.3),
    Window(wall="back", middle=-1.75, width=1.25, sill=0.85, head=2.25),
)


@backdrop("living_room")
def living_room(stage: Stage) -> Any:
    hour = hour_of(stage.place)
    _, high = room_box(stage.place)
    shell(
        stage.place, WINDOWS,
        wall=plaster("wall", (0.56, 0.53, 0.46)), ceiling=plaster("ceiling", (0.78, 0.77, 0.74)),
        trim=painted("trim", (0.72, 0.71, 0.68), 0.35),
    )  # fmt: skip
    daylight_in(stage.place, WINDOWS, hour)
    back = high[1]
    furniture.sideboard("sideboard", at=(0.55, back - 0.24, 0.0), width=1.9, colour="#8a5d36")
    furniture.picture(
        "picture 1",
        at=(0.25, back - 0.016, 1.55),
        size=(0.62, 0.82),
        wall="back",
        tones=["#20364a", "#4f7180", "#d9b98a", "#e9e1cf"],
    )
    furniture.picture(
        "picture 2",
        at=(1.05, back - 0.016, 1.62),
        size=(0.42, 0.42),
        wall="back",
        tones=["#5b2c2a", "#b0583f", "#e3b27a", "#f0e6d2"],
    )
    furniture.pot_plant("plant 1", stage.rng("plant 1"), at=(-0.15, back - 0.24, 0.62), height=0.55)
    furniture.pot_plant("plant 2", stage.rng("plant 2"), at=(2.55, back - 0.42, 0.0), height=1.25)
    furniture.shelf(
        "shelf",
        stage.rng("shelf"),
        at=(high[0] - 0.17, 0.4, 0.0),
        turn_z=-1.5707963,
        width=1.5,
        height=1.95,
        boards=6,
        books=True,
    )
    furniture.sofa("sofa", at=(-2.35, -1.45, 0.0), turn_z=1.5707963, colour="#5d6b6e")
    furniture.standing_lamp((1.95, back - 0.4, 0.0), on=hour.lamps)
    # In front of the middle and above every camera: faces turned to the room have light, and eyes.
    ceiling_lamp((0.75, -1.25, high[2]), on=hour.lamps, white=2.6 if stage.night else 0.55)
    return hour
