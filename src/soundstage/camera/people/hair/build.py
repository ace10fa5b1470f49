"""Hair as Blender objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ....body import BONE_INDEX, Body
from ....colour import RGB, linear, scaled
from ..armature import STICK
from ..flesh import Skin
from ..materials import new
from . import grow
from .head import Head
from .styles import Style, style

Array = NDArray[Any]


PRESSED = 0.045
"""How far from the skull hair lies under a hat, in pupil distances."""


def make_hair(
    name: str,
    identity: Mapping[str, Any],
    body: Body,
    skin: Skin,
    armature: Any,
    *,
    under_hat: Callable[[Array], Array] | None = None,
) -> list[Any]:
    """The hair of the head, riding on the bone of the head. `under_hat` tells of points (n, 3), in pupil distances from
    the eyes, which of them a hat presses to the skull."""
    chosen: Style = style(identity["hair"]["style"])
    if not chosen.count:
        return []
    rng = np.random.default_rng([int(identity["face_seed"]), 907])
    head = Head(body, skin.patch, skin.used)
    paths, lock = grow.strands(head, chosen, rng)
    material = hair_material(linear(identity["hair"]["colour"]))
    width = chosen.width * body.scale
    if under_hat is not None:
        paths = _pressed(head, paths, under_hat)
    out = [curves(f"{name}.hair", paths, lock, width, material)]
    if chosen.tie:
        more = grow.tail(head, rng) if chosen.tie == "tail" else grow.bun(head, rng)
        if under_hat is not None:
            more = _pressed(head, more, under_hat)
        out.append(curves(f"{name}.{chosen.tie}", more, rng.random(len(more)), width * 1.15, material))
    for thing in out:
        ride(thing, armature, body, "head")
    return out


def _pressed(head: Head, paths: Array, under_hat: Callable[[Array], Array]) -> Array:
    """Strands whose parts under a hat lie on the skull."""
    points = paths.reshape(-1, 3).copy()
    mine = under_hat(head.local(points))
    offset = points[mine] - head.centre
    far = np.linalg.norm(offset, axis=1, keepdims=True)
    most = head.skull(offset / far).reshape(-1, 1) + PRESSED * head.unit
    points[mine] = head.centre + offset * np.minimum(1.0, most / far)
    return np.asarray(points.reshape(paths.shape))


def curves(name: str, paths: Array, lock: Array, width: float, material: Any) -> Any:
    """Hair curves (m strands of k points) that taper to their tips."""
    count, k = paths.shape[:2]
    data = bpy.data.hair_curves.new(name)
    data.add_curves([k] * count)
    data.attributes["position"].data.foreach_set("vector", np.ascontiguousarray(paths, dtype=np.float32).ravel())
    taper = 0.5 * width * np.interp(np.linspace(0, 1, k), (0, 0.6, 1.0), (1.0, 0.85, 0.3))
    radius = np.tile(taper, count).astype(np.float32)
    data.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", radius)
    data.attributes.new("lock", "FLOAT", "CURVE").data.foreach_set("value", lock.astype(np.float32))
    data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def ride(thing: Any, armature: Any, body: Body, bone: str) -> None:
    """Parent an object built in rest coordinates to a bone."""
    from mathutils import Matrix

    head = body.heads[BONE_INDEX[bone]]
    thing.parent, thing.parent_type, thing.parent_bone = armature, "BONE", bone
    # A child of a bone hangs on its tail.
    thing.matrix_parent_inverse = Matrix.Translation((-head[0], -head[1] - STICK, -head[2]))


def hair_material(rgb: RGB) -> Any:
    """Hair that scatters and shines; each strand and lock a little different."""
    material, g = new("hair")
    lock = g.add("ShaderNodeAttribute", attribute_type="GEOMETRY")
    lock.attribute_name = "lock"
    info = g.add("ShaderNodeHairInfo")
    # What differs from lock to lock is seen from afar, what differs from strand to strand only from near.
    spread = g.plus(g.times(lock.outputs["Fac"], 0.65), g.times(info.outputs["Random"], 0.35))
    colour = g.shade(scaled(rgb, 1.25), g.rescale(spread, 0.12, 0.88, 0.22, 1.75))
    colour = g.shade(colour, g.rescale(info.outputs["Intercept"], 0.0, 0.8, 0.62, 1.15))  # light bleaches the lengths
    inputs: dict[str | int, Any] = {
        "Color": colour, "Roughness": 0.23, "Radial Roughness": 0.42, "Coat": 0.0, "IOR": 1.36,
        "Random Roughness": 0.2,
    }  # fmt: skip
    shader = g.add("ShaderNodeBsdfHairPrincipled", inputs, model="CHIANG", parametrization="COLOR")
    g.surface(shader.outputs[0])
    return material
