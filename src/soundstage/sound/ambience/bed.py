"""Puts the layers of a place together at the level its scene asks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ... import library
from ...take import Take
from .._facts import facts, known
from .._kernel import RATE, Array, fade, gain, generator
from ..loudness import loudness
from . import creatures, machines, weather

Layer = Callable[[np.random.Generator, int], Array]

LAYERS: dict[str, Layer] = {
    "air": weather.air,
    "birds": creatures.birds,
    "crickets": creatures.crickets,
    "leaves": weather.leaves,
    "rain": weather.rain,
    "room": machines.room_tone,
    "traffic": machines.traffic,
    "ventilation": machines.ventilation,
    "waves": weather.waves,
}
"""Each makes (n, 2) of about unit loudness; steady ones exactly, living ones while they sing."""
_LIVING = ("birds", "crickets")
EDGE_S = 0.04
"""How long a bed takes to come and to go [s]."""


def ambience(take: Take, count: int) -> Array:
    """The bed (count, 2) at take.place.ambience_level_db: the loudness of its steady layers [LUFS].

    A name that is not known gives the bed of an empty room or of open air.
    """
    layers = _layers(take)
    if not layers or take.place.ambience_level_db <= -89.0:
        return np.zeros((count, 2))
    steady, living = np.zeros((count, 2)), np.zeros((count, 2))
    for name, db in layers:
        rng = generator(take.seed, "ambience", take.place.set, take.scene, name)
        (living if name in _LIVING else steady)[:] += LAYERS[name](rng, count) * gain(db)
    level = loudness(steady)
    scale = gain(take.place.ambience_level_db - (level if np.isfinite(level) else 0.0))
    edge = round(EDGE_S * RATE)
    return np.asarray((steady + living) * scale * fade(count, edge, edge)[:, None])


def _layers(take: Take) -> list[tuple[str, float]]:
    """Names and levels [dB] of what sounds here at this time of day."""
    place = take.place
    name = place.ambience
    if name not in known("ambience"):
        indoor = place.set in library.names("sets") and library.set_(place.set).indoor
        name = "room" if indoor else "wind"
    night = place.time_of_day == "night" or place.sun_elevation_deg < -6.0
    hour = "night" if night else "day"
    return [(layer, float(db[hour])) for layer, db in facts("ambience", name).items() if hour in db]
