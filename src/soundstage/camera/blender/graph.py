"""Shader graphs written as expressions: each call adds a node and returns the socket that carries its result.

    g = Graph(material.node_tree)
    grain = g.noise(g.vscale(g.object_coords(), 4.0), detail=3)
    g.surface(g.principled(colour=g.mix(grain, dark, light), roughness=0.5))

Coordinates are in [m], because meshes are built at true size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

Socket = Any
"""An output socket, a number, or a tuple for a vector or colour."""


class Graph:
    """One node tree being built; empties the tree first."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        tree.nodes.clear()

    # ── nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, kind: str, inputs: Mapping[str | int, Socket] | None = None, **settings: Any) -> Any:
        """A new node with its settings and inputs in place."""
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        for socket, source in (inputs or {}).items():
            self.put(node.inputs[socket], source)
        return node

    def put(self, target: Any, value: Socket) -> None:
        """Link a socket to an input, or set its constant."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, target)
            return
        if target.type == "RGBA" and isinstance(value, Sequence):
            value = (*value[:3], 1.0)
        elif target.type == "RGBA":
            value = (value, value, value, 1.0)
        elif target.type == "VECTOR" and not isinstance(value, Sequence):
            value = (value, value, value)
        target.default_value = value

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def math(self, operation: str, a: Socket, b: Socket = 0.0, c: Socket = 0.0, *, clamp: bool = False) -> Any:
        """Result of a math node (ADD, MULTIPLY, LESS_THAN, …)."""
        node = self.add("ShaderNodeMath", operation=operation, use_clamp=clamp)
        for index, value in enumerate((a, b, c)):
            self.put(node.inputs[index], value)
        return node.outputs[0]

    def plus(self, a: Socket, b: Socket) -> Any:
        return self.math("ADD", a, b)

    def minus(self, a: Socket, b: Socket) -> Any:
        return self.math("SUBTRACT", a, b)

    def times(self, a: Socket, b: Socket) -> Any:
        return self.math("MULTIPLY", a, b)

    def smooth(self, value: Socket, low: float, high: float, to_low: Socket = 0.0, to_high: Socket = 1.0) -> Any:
        """Smooth step of a value from `low` (→ to_low) to `high` (→ to_high); `low` may be the larger."""
        node = self.add("ShaderNodeMapRange", interpolation_type="SMOOTHSTEP", clamp=True)
        if low > high:
            low, high, to_low, to_high = high, low, to_high, to_low
        for index, v in enumerate((value, low, high, to_low, to_high)):
            self.put(node.inputs[index], v)
        return node.outputs[0]

    def rescale(self, value: Socket, low: float, high: float, to_low: float, to_high: float) -> Any:
        """Linear map of a value, clamped."""
        node = self.add("ShaderNodeMapRange", clamp=True)
        for index, v in enumerate((value, low, high, to_low, to_high)):
            self.put(node.inputs[index], v)
        return node.outputs[0]

    # ── vectors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def object_coords(self) -> Any:
        """Position in the object's own frame [m]."""
        return self.add("ShaderNodeTexCoord").outputs["Object"]

    def world_coords(self) -> Any:
        """Position in the world [m]."""
        return self.add("ShaderNodeNewGeometry").outputs["Position"]

    def vector(self, operation: str, a: Socket, b: Socket = (0.0, 0.0, 0.0)) -> Any:
        node = self.add("ShaderNodeVectorMath", operation=operation)
        self.put(node.inputs[0], a)
        if operation == "SCALE":
            self.put(node.inputs["Scale"], b)
        else:
            self.put(node.inputs[1], b)
        return node.outputs["Value" if operation in ("LENGTH", "DOT_PRODUCT", "DISTANCE") else "Vector"]

    def vscale(self, v: Socket, factor: Socket | Sequence[float]) -> Any:
        """Vector times a number or, component by component, a vector."""
        if isinstance(factor, Sequence):
            return self.vector("MULTIPLY", v, tuple(factor))
        return self.vector("SCALE", v, factor)

    def offset(self, v: Socket, by: Socket) -> Any:
        return self.vector("ADD", v, by)

    def split(self, v: Socket) -> tuple[Any, Any, Any]:
        out = self.add("ShaderNodeSeparateXYZ", {0: v}).outputs
        return out[0], out[1], out[2]

    def join(self, x: Socket = 0.0, y: Socket = 0.0, z: Socket = 0.0) -> Any:
        return self.add("ShaderNodeCombineXYZ", {0: x, 1: y, 2: z}).outputs[0]

    # ── patterns ────────────────────────────────────────────────────────────────────────────────────────────────────

    def noise(
        self, at: Socket, scale: float = 1.0, *, detail: float = 2.0, roughness: float = 0.5, distortion: float = 0.0
    ) -> Any:
        """Fractal noise, about 0.25…0.75 round 0.5; `scale` in features per metre."""
        return self._noise(at, scale, detail, roughness, distortion).outputs[0]

    def noise_vector(self, at: Socket, scale: float = 1.0, *, detail: float = 1.0) -> Any:
        """Three independent noises, for warping coordinates (centred on 0)."""
        return self.vector("SUBTRACT", self._noise(at, scale, detail, 0.5, 0.0).outputs[1], (0.5, 0.5, 0.5))

    def _noise(self, at: Socket, scale: float, detail: float, roughness: float, distortion: float) -> Any:
        inputs: dict[str | int, Socket] = {
            "Vector": at, "Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": distortion,
        }  # fmt: skip
        return self.add("ShaderNodeTexNoise", inputs)

    def voronoi(
        self, at: Socket, scale: float, *, feature: str = "F1", randomness: float = 1.0, output: str = "Distance"
    ) -> Any:
        """Cell pattern; `output` is Distance, Color (a random one per cell) or Position."""
        node = self.add("ShaderNodeTexVoronoi", feature=feature)
        for name, value in (("Vector", at), ("Scale", scale), ("Randomness", randomness)):
            self.put(node.inputs[name], value)
        return node.outputs[output]

    def cells(self, at: Socket, scale: float) -> tuple[Any, Any]:
        """How far the nearest of scattered points is, in cells, and three random numbers 0…1 of its own."""
        node = self.add("ShaderNodeTexVoronoi", {"Vector": at, "Scale": scale})
        return node.outputs["Distance"], node.outputs["Color"]

    def white(self, at: Socket, dimensions: str = "3D") -> Any:
        """A random number 0…1 per distinct coordinate."""
        node = self.add("ShaderNodeTexWhiteNoise", noise_dimensions=dimensions)
        self.put(node.inputs["W" if dimensions == "1D" else "Vector"], at)
        return node.outputs["Value"]

    # ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def mix(self, factor: Socket, a: Socket, b: Socket, blend: str = "MIX") -> Any:
        """Colour a where factor is 0, b where it is 1."""
        node = self.add("ShaderNodeMix", data_type="RGBA", blend_type=blend, clamp_factor=True)
        self.put(node.inputs[0], factor)
        self.put(node.inputs[6], a)
        self.put(node.inputs[7], b)
        return node.outputs[2]

    def shade(self, colour: Socket, factor: Socket) -> Any:
        """Colour times a number."""
        return self.vscale(colour, factor)

    def vary(self, colour: Socket, *, hue: Socket = 0.5, saturation: Socket = 1.0, value: Socket = 1.0) -> Any:
        """Colour with hue turned (0.5 leaves it), saturation and value scaled."""
        inputs: dict[str | int, Socket] = {"Hue": hue, "Saturation": saturation, "Value": value, "Color": colour}
        return self.add("ShaderNodeHueSaturation", inputs).outputs[0]

    def ramp(self, factor: Socket, stops: Sequence[tuple[float, Sequence[float]]], *, ease: bool = False) -> Any:
        """Colour ramp through (position, rgb) stops."""
        node = self.add("ShaderNodeValToRGB", {0: factor})
        node.color_ramp.interpolation = "EASE" if ease else "LINEAR"
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(1.0)
        for element, (position, rgb) in zip(elements, stops, strict=True):
            element.position, element.color = position, (*rgb[:3], 1.0)
        return node.outputs[0]

    # ── surfaces ────────────────────────────────────────────────────────────────────────────────────────────────────

    def principled(self, **inputs: Socket) -> Any:
        """A Principled BSDF; `colour`, `roughness`, `metallic`, `normal`, … (words joined by `_`)."""
        names = {"colour": "Base Color", "ior": "IOR", "specular": "Specular IOR Level", "coat": "Coat Weight"}
        names |= {"transmission": "Transmission Weight", "sheen": "Sheen Weight", "emission": "Emission Color"}
        names |= {"subsurface": "Subsurface Weight"}
        values: dict[str | int, Socket] = {
            names.get(key, key.replace("_", " ").title()): v for key, v in inputs.items()
        }
        return self.add("ShaderNodeBsdfPrincipled", values).outputs[0]

    def bump(self, height: Socket, distance_m: float, *, normal: Socket | None = None) -> Any:
        """Normal of a surface raised by `height` (0…1) times `distance_m`."""
        inputs: dict[str | int, Socket] = {"Height": height, "Distance": distance_m, "Strength": 1.0}
        if normal is not None:
            inputs["Normal"] = normal
        return self.add("ShaderNodeBump", inputs).outputs[0]

    def mix_shader(self, factor: Socket, a: Socket, b: Socket) -> Any:
        return self.add("ShaderNodeMixShader", {0: factor, 1: a, 2: b}).outputs[0]

    def light_path(self, name: str) -> Any:
        """1 for rays of a kind ("Is Camera Ray", "Is Diffuse Ray" …)."""
        return self.add("ShaderNodeLightPath").outputs[name]

    def surface(self, shader: Socket, *, plain: Sequence[float] | None = None) -> None:
        """Make it the material's surface. With `plain`, diffuse bounces see only that colour, which saves time."""
        if plain is not None:
            flat = self.add("ShaderNodeBsdfDiffuse", {"Color": tuple(plain)}).outputs[0]
            shader = self.mix_shader(self.light_path("Is Diffuse Ray"), shader, flat)
        self.add("ShaderNodeOutputMaterial", {"Surface": shader})
