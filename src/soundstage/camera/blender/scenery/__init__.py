"""Where it happens: one function per `backdrop` of the library's sets, entered by `@backdrop("name")`.

A backdrop gets the Stage (place, action area, seed) and puts ground, surroundings and lamps into the scene.
"""

from . import city_park, cyclorama, gym, living_room, park, street, workshop
from ._registry import BACKDROPS, Stage, build_place

__all__ = [
    "BACKDROPS",
    "Stage",
    "build_place",
    "city_park",
    "cyclorama",
    "gym",
    "living_room",
    "park",
    "street",
    "workshop",
]
