"""What keeps Cycles from sorting a scene's geometry anew for every frame."""

from __future__ import annotations

from typing import Any

import bpy

HEAVY = 20_000
"""Faces or curve points from which sorting takes longer than everything else about an object."""
HIDDEN_AT, HIDDEN_SCALE = (0.0, 0.0, -500.0), 1e-4


def keep_apart(things: list[Any]) -> None:
    """Give heavy rigid geometry a bounding volume hierarchy of its own, which is built once.

    In a background render Cycles puts all geometry that one object uses into one hierarchy and builds it anew
    whenever anything in the scene moves; geometry of two objects is kept apart and only placed. So heavy geometry
    gets a second user: a speck far below the ground.
    """
    for thing in things:
        if thing.data.users == 1 and not thing.modifiers and _weight(thing) >= HEAVY:
            speck = bpy.data.objects.new(f"{thing.name} speck", thing.data)
            speck.location, speck.scale = HIDDEN_AT, (HIDDEN_SCALE,) * 3
            bpy.context.scene.collection.objects.link(speck)


def _weight(thing: Any) -> int:
    match thing.type:
        case "MESH":
            return len(thing.data.polygons)
        case "CURVES":
            return len(thing.data.points)
    return 0
