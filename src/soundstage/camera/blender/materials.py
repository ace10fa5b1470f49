"""Blender materials of library substances: colour, texture, gloss; made once per session and shared."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import bpy

from ... import library
from ...colour import RGB, linear, scaled
from .graph import Graph
from .textures import TEXTURES, Surface

Coordinates = Callable[[Graph], Any]


def substance(
    name: str,
    *,
    colour: str = "",
    key: str = "",
    coordinates: Coordinates | None = None,
    grain: str = "x",
) -> Any:
    """The material of a library substance.

    Args:
        name: entry in library/data/materials.toml.
        colour: "#rrggbb"; empty takes the substance's own.
        key: things with different keys get different stretches of the texture.
        coordinates: where the texture is read; the object's own frame by default.
        grain: the axis that the grain follows.
    """
    entry = library.material(name)
    rgb = linear(colour or entry.albedo)
    text = f"{name} {colour} {key} {grain} {coordinates.__qualname__ if coordinates else ''}"
    label = f"{name} {zlib.crc32(text.encode()):08x}"  # Blender cuts names after 63 bytes
    found = bpy.data.materials.get(label)
    if found is not None:
        return found

    def build(g: Graph) -> None:
        at = coordinates(g) if coordinates else g.object_coords()
        at = shifted(g, turned(g, at, grain), key)
        if entry.transmission > 0.5:
            glass(g, rgb, entry.roughness, entry.ior, at)
            return
        surface = TEXTURES[entry.texture](g, at, rgb, entry.roughness)
        finish(g, surface, rgb, metallic=entry.metallic)

    return make(label, build)


def make(label: str, build: Callable[[Graph], None]) -> Any:
    """A new material whose graph `build` draws."""
    material = bpy.data.materials.new(label)
    material.use_nodes = True
    material.cycles.emission_sampling = "NONE"  # what glows is only seen; lamps light the scene
    build(Graph(material.node_tree))
    return material


def finish(
    g: Graph, surface: Surface, plain: RGB, *, metallic: float = 0.0, extra: Mapping[str, Any] | None = None
) -> None:
    """Turn what a texture says into the material's surface."""
    inputs: dict[str, Any] = {
        "colour": surface.colour,
        "roughness": surface.roughness,
        "metallic": metallic,
        "specular": surface.specular,
        **(extra or {}),
    }
    if surface.height is not None:
        inputs["normal"] = g.bump(surface.height, surface.relief_m)
    if surface.sheen != 0.0:
        inputs["sheen"] = surface.sheen
    if surface.coat != 0.0:
        inputs["coat"] = surface.coat
    g.surface(g.principled(**inputs), plain=None if metallic > 0.5 else plain)


def glass(g: Graph, rgb: RGB, roughness: float, ior: float, at: Any) -> None:
    """Clear or tinted glass; its shadow lets light through, since caustics are not traced."""
    smudge = g.rescale(g.noise(at, 30.0, detail=3), 0.4, 0.75, roughness, roughness + 0.05)
    thin = tuple(c**0.4 for c in rgb)  # light crosses two or four surfaces, and takes the colour each time
    clear = g.principled(colour=thin, roughness=smudge, transmission=1.0, ior=ior)
    through = g.add("ShaderNodeBsdfTransparent", {"Color": scaled(rgb, 0.85)}).outputs[0]
    g.surface(g.mix_shader(g.light_path("Is Shadow Ray"), clear, through))


def painted(label: str, rgb: RGB, roughness: float, *, metallic: float = 0.0, scale: float = 1.0) -> Any:
    """Paint, powder coat or plastic of a plain colour, a little uneven."""

    def build(g: Graph) -> None:
        at = g.vscale(g.object_coords(), scale)
        finish(g, TEXTURES["plain"](g, at, rgb, roughness), rgb, metallic=metallic)

    return bpy.data.materials.get(label) or make(label, build)


def light(label: str, rgb: RGB, strength: float) -> Any:
    """Something that glows; `strength` in the scene's radiance units."""

    def build(g: Graph) -> None:
        g.surface(g.add("ShaderNodeEmission", {"Color": rgb, "Strength": strength}).outputs[0])

    return bpy.data.materials.get(label) or make(label, build)


def shifted(g: Graph, at: Any, key: str) -> Any:
    """Coordinates moved by an amount that depends on a name."""
    if not key:
        return at
    number = zlib.crc32(key.encode())
    return g.offset(at, ((number & 255) * 0.31, (number >> 8 & 255) * 0.17, (number >> 16 & 255) * 0.23))


def turned(g: Graph, at: Any, grain: str) -> Any:
    """Coordinates whose X runs along the given axis."""
    if grain == "x":
        return at
    x, y, z = g.split(at)
    return g.join(y, z, x) if grain == "y" else g.join(z, x, y)
