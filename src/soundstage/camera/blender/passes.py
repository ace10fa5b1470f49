"""The passes of a frame, as Cycles knows them: one ray through the middle of every pixel, and where it arrives.

Cycles spreads its samples over a pixel by the pixel's filter. The narrowest there is reaches 1/200 of a pixel to each
side; one sample of it, without lens or motion blur, is the first surface behind the middle of the pixel.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...view import View

Array = NDArray[Any]

NARROWEST = 0.01
"""Width of the narrowest filter of a pixel [px]."""
CLEAR_PANES = 64
"""Clear surfaces that a sight line may cross."""
SKY_M = 1e9
"""Cycles gives the sky a depth of 1e10."""
WANTED: Mapping[str, tuple[str, ...]] = {
    "depth": (),  # always on: it tells the sky
    "normal": ("use_pass_normal",),
    "flow": ("use_pass_vector",),
    "ids": ("use_pass_object_index",),
    "albedo": ("use_pass_diffuse_color", "use_pass_glossy_color", "use_pass_transmission_color"),
}
"""What Cycles has to render for each pass."""


def prepare(wanted: Sequence[str]) -> None:
    """Set the session up for passes, instead of pictures."""
    scene = bpy.context.scene
    cycles, layer = scene.cycles, scene.view_layers[0]
    cycles.samples, cycles.use_denoising = 1, False
    cycles.pixel_filter_type, cycles.filter_width = "GAUSSIAN", NARROWEST
    cycles.max_bounces = 0
    cycles.transparent_max_bounces = cycles.min_transparent_bounces = CLEAR_PANES  # chance does not end a sight line
    scene.render.use_motion_blur = False
    scene.camera.data.dof.use_dof = False
    layer.use_pass_z = True
    for name in wanted:
        for option in WANTED[name]:
            setattr(layer, option, True)
    for material in bpy.data.materials:
        if material.node_tree:
            _decide(material.node_tree)
            _comb(material.node_tree)


def _decide(tree: Any) -> None:
    """What is clear in part is either there or not: whichever is more. Otherwise chance would choose what is seen."""
    for mix in [node for node in tree.nodes if node.bl_idname == "ShaderNodeMixShader"]:
        shaders = [link.from_node.bl_idname for entry in mix.inputs[1:] for link in entry.links]
        if "ShaderNodeBsdfTransparent" not in shaders:
            continue
        share = mix.inputs[0]
        choice = tree.nodes.new("ShaderNodeMath")
        choice.operation = "GREATER_THAN"
        choice.inputs[1].default_value = 0.5
        if share.links:
            tree.links.new(share.links[0].from_socket, choice.inputs[0])
        else:
            choice.inputs[0].default_value = share.default_value
        tree.links.new(choice.outputs[0], share)


def _comb(tree: Any) -> None:
    """Strands as plain cylinders: a hair shader names as its normal a direction across the sight line."""
    for hair in [node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfHairPrincipled"]:
        plain = tree.nodes.new("ShaderNodeBsdfDiffuse")
        plain.inputs["Color"].default_value = hair.inputs["Color"].default_value
        for link in hair.inputs["Color"].links:
            tree.links.new(link.from_socket, plain.inputs["Color"])
        for link in list(hair.outputs[0].links):
            tree.links.new(plain.outputs[0], link.to_socket)


def rendered(scene: Any = None) -> dict[str, Array]:
    """Planes (H, W) float32 of a scene as it is posed now, by Cycles' own names such as `Depth.Z`."""
    import OpenEXR

    scene = scene or bpy.context.scene
    image = scene.render.image_settings
    image.file_format, image.color_depth, image.exr_codec = "OPEN_EXR_MULTILAYER", "32", "NONE"
    with tempfile.TemporaryDirectory(prefix="soundstage-passes-") as folder:
        path = Path(folder) / "passes.exr"
        scene.render.use_file_extension = False
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True, scene=scene.name)
        with OpenEXR.File(str(path), separate_channels=True) as file:
            return {
                name.partition(".")[2]: np.array(channel.pixels, dtype=np.float32)
                for part in file.parts
                for name, channel in part.channels.items()
            }


def measured(planes: Mapping[str, Array], wanted: Sequence[str], view: View, following: View | None) -> dict[str, Any]:
    """The passes by name, in their own units, from Cycles' planes. `following` is the camera one frame later."""
    depth = np.where(planes["Depth.Z"] < SKY_M, planes["Depth.Z"], np.inf).astype(np.float32)
    sky = np.isinf(depth)
    found: dict[str, Any] = {}
    for name in wanted:
        if name == "depth":
            found[name] = depth
        elif name == "normal":
            found[name] = _unit(np.stack([planes[f"Normal.{axis}"] for axis in "XYZ"], axis=-1))
        elif name == "ids":
            found[name] = np.where(sky, -1, np.rint(planes["IndexOB.X"])).astype(np.int32)
        elif name == "albedo":
            found[name] = sum(
                np.stack([planes[f"{part}.{channel}"] for channel in "RGB"], axis=-1)
                for part in ("DiffCol", "GlossCol", "TransCol")
            )
        else:
            found[name] = _flow(planes, depth, view, following)
    return found


def _unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.where(length > 0, vectors / np.maximum(length, 1e-12), 0.0), dtype=np.float32)


def _flow(planes: Mapping[str, Array], depth: Array, view: View, following: View | None) -> Array:
    """Motion (H, W, 2) [px], right and down, to the next frame; NaN without one, and for what the camera passes."""
    if following is None:
        return np.full((*depth.shape, 2), np.nan, dtype=np.float32)
    # Cycles: this place minus the next, up.
    flow = np.stack([-planes["Vector.Z"], planes["Vector.W"]], axis=-1).astype(np.float64)
    pixels = np.stack(np.meshgrid(np.arange(depth.shape[1]), np.arange(depth.shape[0])), axis=-1).astype(np.float64)
    sky = np.isinf(depth)[..., None]
    # The sky is infinitely far: its direction alone counts.
    seen = following.project(np.where(sky, following.position + view.rays(pixels), view.points(depth)))
    flow = np.where(sky, seen[..., :2] - pixels, flow)
    return np.asarray(np.where(seen[..., 2:] > 0, flow, np.nan), dtype=np.float32)
