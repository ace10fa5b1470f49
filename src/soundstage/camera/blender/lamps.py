"""Lamps that light the scene, given by how bright they make a white plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from .colour import RGB


def area(
    name: str,
    *,
    at: Sequence[float],
    towards: Sequence[float],
    size: tuple[float, float],
    white: float,
    rgb: RGB,
    spread_deg: float = 180.0,
    seen: bool = False,
) -> Any:
    """A rectangular lamp that gives a white plane at `towards`, turned to it, the radiance `white`."""
    lamp = bpy.data.lights.new(name, "AREA")
    lamp.shape = "RECTANGLE"
    lamp.size, lamp.size_y = size
    lamp.color = rgb
    distance2 = float(np.sum((np.array(towards, dtype=float) - np.array(at, dtype=float)) ** 2))
    lamp.energy = white * np.pi**2 * distance2
    lamp.spread = np.radians(spread_deg)
    thing = bpy.data.objects.new(name, lamp)
    thing.location = tuple(at)
    thing.rotation_euler = (Vector(towards) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    thing.visible_camera = seen
    bpy.context.scene.collection.objects.link(thing)
    return thing
