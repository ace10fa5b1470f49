"""The table of backdrops, and what they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .... import library
from ....daylight import is_night, lamplight
from ....take import Place


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a backdrop is told. It depends on nothing else, so a place looks the same in every shot of every film."""

    place: Place

    @property
    def night(self) -> bool:
        return is_night(self.place)

    @property
    def lamps(self) -> float:
        """How bright outdoor lamps are, 0 (off) … 1."""
        return lamplight(self.place)

    def lets_sun_in(self, x: float, y: float, *, origin: tuple[float, float], half_angle_deg: float = 24.0) -> bool:
        """Whether something tall may stand at (x, y): low sun reaches the action through a gap in the surroundings."""
        if self.night or self.place.sun_elevation_deg > 35.0:
            return True
        bearing = np.degrees(np.arctan2(x - origin[0], y - origin[1]))
        return bool(abs((bearing - self.place.sun_azimuth_deg + 180.0) % 360.0 - 180.0) > half_angle_deg)

    def rng(self, name: str) -> np.random.Generator:
        """A generator for one part of the scenery; the same for every film in this set."""
        return np.random.default_rng([*self.place.set.encode(), *name.encode()])


Backdrop = Callable[[Stage], Any]
BACKDROPS: dict[str, Backdrop] = {}


def backdrop(name: str) -> Callable[[Backdrop], Backdrop]:
    """Enter a backdrop under a name."""

    def enter(function: Backdrop) -> Backdrop:
        BACKDROPS[name] = function
        return function

    return enter


def build_place(stage: Stage) -> None:
    """Put the place into the scene."""
    BACKDROPS[library.set_(stage.place.set).backdrop](stage)
