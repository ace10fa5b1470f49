"""Lamps that light the scene, given by how bright they make a white plane; and cloth that keeps light away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from ...colour import RGB, blackbody
from ..lighting import SetUp
from .mesh import Parts, place

ADDED = "added"
"""What the names of a set-up's lamps and flags begin with, beside the set's own."""


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
    lamp.energy = white * np.pi**2 * _distance2(at, towards) / _bundled(spread_deg)
    lamp.spread = np.radians(spread_deg)
    return _hang(name, lamp, at, towards, seen=seen)


def disk(name: str, *, at: Sequence[float], towards: Sequence[float], size: float, white: float, rgb: RGB) -> Any:
    """A round lamp of a diameter that gives a white plane at `towards`, turned to it, the radiance `white`."""
    lamp = bpy.data.lights.new(name, "AREA")
    lamp.shape = "DISK"
    lamp.size = size
    lamp.color = rgb
    lamp.energy = white * np.pi**2 * (_distance2(at, towards) + (size / 2) ** 2)  # a disk seen from its axis
    return _hang(name, lamp, at, towards, seen=False)


def light_people(setting: SetUp) -> None:
    """Bring a set-up into a scene that holds its place and nothing else yet."""
    if setting.own != 1.0:
        _dim_all(setting.own)
    for lamp in setting.lamps:
        rgb = blackbody(lamp.kelvin)
        disk(f"{ADDED} {lamp.name}", at=lamp.at, towards=lamp.towards, size=lamp.size_m, white=lamp.white, rgb=rgb)
    for flag in setting.flags:
        _flag(f"{ADDED} {flag.name}", at=flag.at, towards=flag.towards, size=flag.size_m)


def _flag(name: str, *, at: Sequence[float], towards: Sequence[float], size: tuple[float, float]) -> None:
    """Black cloth that neither the camera nor a ray cast through its picture sees."""
    cloth = bpy.data.materials.new("flag")
    cloth.use_nodes = True
    cloth.node_tree.nodes.clear()
    black = cloth.node_tree.nodes.new("ShaderNodeBsdfDiffuse")
    black.inputs["Color"].default_value = (0.0, 0.0, 0.0, 1.0)
    output = cloth.node_tree.nodes.new("ShaderNodeOutputMaterial")
    cloth.node_tree.links.new(black.outputs[0], output.inputs["Surface"])
    x, y = size[0] / 2, size[1] / 2
    thing = place(
        name, Parts().quad([(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0)]).mesh(name, [cloth]), at=tuple(at)
    )
    thing.rotation_euler = _turned(at, towards)
    thing.visible_camera = thing.visible_transmission = False
    thing.hide_viewport = True


def _dim_all(factor: float) -> None:
    """Every light of the scene made weaker: lamps, what glows, and the world."""
    for lamp in bpy.data.lights:
        lamp.energy *= factor
    for material in bpy.data.materials:
        if material.use_nodes:
            _dim(material.node_tree, "EMISSION", factor)
    if bpy.context.scene.world is not None:
        _dim(bpy.context.scene.world.node_tree, "BACKGROUND", factor)


def _dim(tree: Any, kind: str, factor: float) -> None:
    for node in [node for node in tree.nodes if node.type == kind]:
        strength = node.inputs["Strength"]
        if not strength.is_linked:
            strength.default_value *= factor
            continue
        weaker = tree.nodes.new("ShaderNodeMath")
        weaker.operation = "MULTIPLY"
        weaker.inputs[1].default_value = factor
        tree.links.new(strength.links[0].from_socket, weaker.inputs[0])
        tree.links.new(weaker.outputs[0], strength)


def _distance2(at: Sequence[float], towards: Sequence[float]) -> float:
    return float(np.sum((np.array(towards, dtype=float) - np.array(at, dtype=float)) ** 2))


def _bundled(spread_deg: float) -> float:
    """How much brighter on its axis a lamp of the same power is when its light is kept within a cone.

    Cycles lets radiance fall with the tangent of the angle, to nothing at half the spread, and keeps the power:
    tan h / (tan h - h).
    """
    half = np.radians(spread_deg) / 2
    return 1.0 if spread_deg >= 179.9 else float(np.tan(half) / (np.tan(half) - half))


def _turned(at: Sequence[float], towards: Sequence[float]) -> Any:
    return (Vector(towards) - Vector(at)).to_track_quat("-Z", "Y").to_euler()


def _hang(name: str, lamp: Any, at: Sequence[float], towards: Sequence[float], *, seen: bool) -> Any:
    thing = bpy.data.objects.new(name, lamp)
    thing.location = tuple(at)
    thing.rotation_euler = _turned(at, towards)
    thing.visible_camera = seen
    bpy.context.scene.collection.objects.link(thing)
    return thing
