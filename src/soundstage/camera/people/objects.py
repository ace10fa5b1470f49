"""Blender objects from patches: mesh, attributes, shape keys, vertex groups, armature modifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...body import BONES, FACE_ACTIONS
from .patch import Patch

Array = NDArray[Any]

REST = "rest"
"""Attribute that carries the rest position, so that textures stay on the skin when it moves."""
TEXTURE = "uv"
"""Layer of the texture coordinates."""
SUBDIVISION = "subdivision"
"""Name of the modifier that makes a patch finer."""
WEIGHT_STEPS = 400
"""Weights are rounded to this part of 1: vertices of equal weight are entered in one call."""


def make_object(
    name: str,
    patch: Patch,
    materials: Sequence[Any],
    armature: Any = None,
    *,
    subdivide: bool = False,
    smooth: bool = True,
) -> Any:
    """A patch as an object in the scene, deformed by the armature and its own shape keys."""
    mesh = make_mesh(name, patch, smooth=smooth)
    for material in materials:
        mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    if patch.actions:
        _shape_keys(thing, patch)
    if armature is not None:
        _groups(thing, patch)
        modifier = thing.modifiers.new("armature", "ARMATURE")
        modifier.object = armature
        thing.parent = armature
    if subdivide:
        _subdivide(thing)
    return thing


def _subdivide(thing: Any) -> None:
    """One level of subdivision, the same in the viewport and the render, after all else."""
    modifier = thing.modifiers.new(SUBDIVISION, "SUBSURF")
    modifier.levels = modifier.render_levels = 1
    modifier.use_limit_surface = False  # to push points on to the limit would take as long as to find them
    modifier.uv_smooth = "PRESERVE_BOUNDARIES"
    modifier.boundary_smooth = "PRESERVE_CORNERS"


def make_mesh(name: str, patch: Patch, *, smooth: bool = True) -> Any:
    """The mesh of a patch in rest pose, with texture coordinates and shader attributes."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(patch.count)
    mesh.vertices.foreach_set("co", _flat(patch.vertices))
    sizes = np.concatenate([np.full(len(b), b.shape[1], dtype=np.int32) for b in patch.faces])
    corners = np.concatenate([b.ravel() for b in patch.faces]).astype(np.int32)
    mesh.loops.add(len(corners))
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(sizes))
    mesh.polygons.foreach_set("loop_start", np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", np.full(len(sizes), smooth))
    if patch.slots:
        mesh.polygons.foreach_set("material_index", np.concatenate(patch.slots).astype(np.int32))
    if patch.uv:
        layer = mesh.uv_layers.new(name=TEXTURE)
        layer.uv.foreach_set("vector", np.concatenate([u.reshape(-1, 2) for u in patch.uv]).astype(np.float32).ravel())
    mesh.attributes.new(REST, "FLOAT_VECTOR", "POINT").data.foreach_set("vector", _flat(patch.vertices))
    for attribute, values in patch.colours.items():
        if values.ndim == 1:
            mesh.attributes.new(attribute, "FLOAT", "POINT").data.foreach_set("value", values.astype(np.float32))
        else:
            mesh.attributes.new(attribute, "FLOAT_VECTOR", "POINT").data.foreach_set("vector", _flat(values))
    mesh.update(calc_edges=True)
    mesh.validate()
    return mesh


def _flat(values: Array) -> Array:
    return np.ascontiguousarray(values, dtype=np.float32).ravel()


def _shape_keys(thing: Any, patch: Patch) -> None:
    thing.shape_key_add(name="rest", from_mix=False)
    for index in sorted(patch.actions):
        key = thing.shape_key_add(name=FACE_ACTIONS[index], from_mix=False)
        key.slider_min, key.slider_max = -1.0, 2.0
        key.data.foreach_set("co", _flat(patch.vertices + patch.actions[index]))
        key.value = 0.0


def _groups(thing: Any, patch: Patch) -> None:
    """Vertex groups named after the bones."""
    steps = np.rint(patch.weights * WEIGHT_STEPS).astype(np.int64)
    vertex = np.broadcast_to(np.arange(patch.count)[:, None], steps.shape)
    used = steps > 0
    bone, step, row = patch.bones[used].astype(np.int64), steps[used], vertex[used]
    order = np.lexsort((row, step, bone))
    bone, step, row = bone[order], step[order], row[order]
    cuts = np.flatnonzero(np.diff(bone * (2 * WEIGHT_STEPS) + step)) + 1
    groups: dict[int, Any] = {}
    for rows, at in zip(np.split(row, cuts), np.concatenate([[0], cuts]), strict=True):
        index = int(bone[at])
        if index not in groups:
            groups[index] = thing.vertex_groups.new(name=BONES[index])
        groups[index].add(rows.tolist(), float(step[at]) / WEIGHT_STEPS, "ADD")
