"""The place as a backdrop: ground with a grid of metres, sky or walls, in flat colours of its hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import library
from ..errors import InputError
from ..take import Place
from ..view import View
from .solids import Solid, block, rgb

Array = NDArray[Any]

SKY = {
    "morning": ((0.98, 0.88, 0.74), (0.45, 0.66, 0.88)),
    "noon": ((0.84, 0.92, 0.97), (0.30, 0.55, 0.86)),
    "afternoon": ((0.90, 0.92, 0.93), (0.36, 0.59, 0.86)),
    "sunset": ((0.98, 0.70, 0.45), (0.38, 0.42, 0.64)),
    "night": ((0.10, 0.12, 0.20), (0.03, 0.04, 0.09)),
}
"""Colour at the horizon and overhead."""
DIM = {"night": 0.42, "sunset": 0.86, "morning": 0.95}
"""How bright things are by the hour outdoors, else 1."""
FURNITURE = (0.60, 0.57, 0.53)
WALL = (0.80, 0.78, 0.74)
LINE = 0.90
"""How much darker the lines of the grid are."""


@dataclass(frozen=True)
class Light:
    """Where light comes from and how much there is."""

    towards: Array  # (3,) unit vector to the light
    dim: float


def light(place: Place) -> Light:
    """The light of a place: the sun, or a lamp high up."""
    indoor = library.set_(place.set).indoor
    if indoor or place.sun_elevation_deg < 3.0:
        return Light(np.array([-0.30, -0.40, 0.87]), 1.0 if indoor else DIM["night"])
    azimuth, elevation = np.radians(place.sun_azimuth_deg), np.radians(place.sun_elevation_deg)
    towards = [np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]
    return Light(np.array(towards), DIM.get(place.time_of_day, 1.0))


def furniture(place: Place) -> list[Solid]:
    """What stands in a set for good, as blocks."""
    boxes = np.array(library.set_(place.set).obstacles).reshape(-1, 2, 3)
    return [block(low, high, np.array(FURNITURE)) for low, high in boxes]


def backdrop(place: Place, view: View) -> tuple[Array, Array]:
    """Picture (H, W, 3) uint8 of the empty place, and where the ground is (H, W) bool."""
    width, height = view.size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    rays = view.rays(np.stack([x, y], axis=-1))
    kind = library.set_(place.set)
    with np.errstate(divide="ignore", invalid="ignore"):
        to_ground = np.where(rays[..., 2] < -1e-6, -view.position[2] / rays[..., 2], np.inf)
    ground = np.isfinite(to_ground)
    if kind.room_m is not None:
        picture, far = _walls(kind, rays, view.position)
        ground &= to_ground <= far
    else:
        up = np.clip(rays[..., 2] / np.linalg.norm(rays, axis=-1), 0.0, 1.0)[..., None] ** 0.5
        low, high = (np.array(c) for c in SKY[place.time_of_day])
        picture = low + (high - low) * up
    picture[ground] = _ground(place, view, rays[ground] * to_ground[ground][:, None], picture[ground], kind.indoor)
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8), ground


def _ground(place: Place, view: View, way: Array, haze: Array, indoor: bool) -> Array:
    """Colour of points on the ground, `way` (n, 3) from the camera: a grid of metres that fades with distance."""
    try:
        tone = rgb(library.material(place.ground_material).albedo)
    except InputError:
        tone = np.array([0.5, 0.5, 0.5])
    at = way[:, :2] + view.position[:2]
    far = np.linalg.norm(way, axis=1)
    wide = np.maximum(0.012, 0.9 * far / view.focal_px)[:, None]
    lines = (np.abs(at - np.round(at)) < wide).any(axis=1) & (far < 40.0)
    shade = np.where(lines, LINE, 1.0) * (1.0 if indoor else DIM.get(place.time_of_day, 1.0))
    fade = (1.0 - np.exp(-far / 120.0))[:, None] if not indoor else 0.0
    return np.asarray(tone * shade[:, None] * (1 - fade) + haze * fade)


def _walls(kind: library.SetKind, rays: Array, eye: Array) -> tuple[Array, Array]:
    """Colours of the walls and the ceiling of a room, and how far they are along the rays."""
    assert kind.room_m is not None
    middle = np.array([*kind.params.get("room_center", [0.0, 0.0]), kind.room_m[2] / 2])
    half = np.array(kind.room_m) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(rays > 0, (middle + half - eye) / rays, (middle - half - eye) / rays)
    reach = np.where(np.isfinite(reach), reach, np.inf)
    axis = reach.argmin(axis=-1)
    shade = np.array([0.86, 1.0, 1.08])[axis]
    return np.array(WALL) * shade[..., None], np.where(axis == 2, np.inf, reach.min(axis=-1))
