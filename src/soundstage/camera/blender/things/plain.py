"""Things without a dress of their own: spheres, boxes, cylinders, capsules, and compounds drawn part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....take import Place, Thing
from ..materials import substance
from ..mesh import Parts, sphere
from ._registry import look

BEVEL_M = 0.004
"""Edges of furniture are eased by this much; smaller things by a fifteenth of their size."""


@look("plain")
def plain(thing: Thing, place: Place) -> Any:
    """The thing's shape in its own substance and colour."""
    if thing.shape == "compound":
        return compound(thing)
    material = substance(thing.material, colour=thing.colour, key=thing.id, grain=longest_axis(thing.size))
    parts = Parts()
    add_shape(parts, thing.shape, thing.size)
    return parts.mesh(thing.id, [material])


def add_shape(parts: Parts, shape: str, size: Any, *, slot: int = 0) -> None:
    """Add a simple solid about the origin, as physics knows it."""
    sx, _, sz = (float(v) for v in size)
    bevel = min(BEVEL_M, min(size) / 15)
    if shape == "sphere":
        vertices, faces = sphere(0.5)
        parts.add(vertices * size, faces, smooth=True, slot=slot)
    elif shape == "cylinder":
        r, h = sx / 2, sz / 2
        parts.lathe([(0, -h), (r - bevel, -h), (r, -h + bevel)], slot=slot, smooth=False)
        parts.lathe([(r, -h + bevel), (r, h - bevel)], slot=slot)
        parts.lathe([(r, h - bevel), (r - bevel, h), (0, h)], slot=slot, smooth=False)
    elif shape == "capsule":
        r, h = sx / 2, sz / 2 - sx / 2
        turn = np.linspace(-np.pi / 2, np.pi / 2, 25)
        parts.lathe(np.column_stack([r * np.cos(turn), r * np.sin(turn) + np.where(turn < 0, -h, h)]), slot=slot)
    else:
        parts.box((0, 0, 0), size, bevel=bevel, slot=slot)


def longest_axis(size: Any) -> str:
    """The axis along which wood would be cut."""
    return "xyz"[int(np.argmax(size))]


def compound(thing: Thing, *, skip: tuple[str, ...] = ()) -> Any:
    """Every collision part at its place; grain runs along each part's longest side."""
    parts, slots = Parts(), dict[tuple[str, str, str], int]()
    materials: list[Any] = []
    for index, part in enumerate(thing.params["parts"]):
        if part["part"] in skip:
            continue
        colour = thing.colour if part["material"] == thing.material else ""
        grain = longest_axis(part["size"])
        slot_key = (part["material"], colour, grain)
        if slot_key not in slots:
            slots[slot_key] = len(materials)
            materials.append(substance(part["material"], colour=colour, key=f"{thing.id}{index}", grain=grain))
        add_part(parts, part, slots[slot_key])
    return parts.mesh(thing.id, materials)


def add_part(parts: Parts, part: Mapping[str, Any], slot: int) -> None:
    """Add one collision part where it stands in its thing."""
    own = Parts()
    add_shape(own, part["shape"], part["size"], slot=slot)
    turn = rotation_matrix(part["rotation"])
    start = parts.count
    for vertices in own.vertices:
        parts.vertices.append(vertices @ turn.T + np.array(part["position"]))
        parts.count += len(vertices)
    parts.faces += [tuple(i + start for i in face) for face in own.faces]
    parts.slots += own.slots
    parts.smooth += own.smooth


def rotation_matrix(wxyz: Any) -> Any:
    """Rotation matrix (3, 3) of a unit quaternion."""
    w, x, y, z = (float(v) for v in wxyz)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


@look("table")
def table(thing: Thing, place: Place) -> Any:
    """A top on four legs, with an apron between them that nothing can touch from above."""
    return _with_apron(thing, "top", drop=0.07, thick=0.02, inset=0.05)


PUFF_M = 0.018
"""How far stuffing bulges."""


@look("sofa")
def sofa(thing: Thing, place: Place) -> Any:
    """Upholstery: stuffed cushions in a stuffed frame."""
    cloth = substance(thing.material, colour=thing.colour, key=thing.id)
    wood = substance("wood", colour="#5a3d26", key=thing.id)
    parts = Parts()
    for part in thing.params["parts"]:
        soft = part["part"] in ("seat", "cushion")
        if part["part"] == "foot":
            add_part(parts, part, 1)
        elif soft and thing.size[0] > 1.3:  # two beside each other
            half = part["size"][0] / 2
            for side in (-1, 1):
                x, y, z = part["position"]
                parts.cushion((x + side * half / 2, y, z), (half - 0.008, *part["size"][1:]), puff=PUFF_M)
        elif soft:
            parts.cushion(part["position"], part["size"], puff=PUFF_M)
        else:
            parts.cushion(part["position"], part["size"], soft=0.03)
    return parts.mesh(thing.id, [cloth, wood])


@look("stool")
@look("bench")
@look("chair")
def seat(thing: Thing, place: Place) -> Any:
    """A seat on legs with a back."""
    return _with_apron(thing, "seat", drop=0.045, thick=0.018, inset=0.03)


def _with_apron(thing: Thing, under: str, *, drop: float, thick: float, inset: float) -> Any:
    """A compound with rails below its plate, between the legs: where joiners put them."""
    mesh = compound(thing)
    plates = [p for p in thing.params["parts"] if p["part"] == under]
    legs = [p for p in thing.params["parts"] if p["part"] == "leg"]
    if not plates or not legs or min(thing.size) < 0.25:
        return mesh
    plate = plates[0]
    bottom = plate["position"][2] - plate["size"][2] / 2
    reach_x = max(abs(leg["position"][0]) for leg in legs)
    reach_y = max(abs(leg["position"][1]) for leg in legs)
    parts = Parts()
    for side in (-1, 1):
        parts.box((0, side * reach_y, bottom - drop / 2), (2 * reach_x, thick, drop), bevel=0.002)
        parts.box((side * reach_x, 0, bottom - drop / 2), (thick, 2 * reach_y, drop), bevel=0.002, slot=1)
    colour = thing.colour
    leg_material = legs[0]["material"]
    rails = [substance(leg_material, colour=colour, key=f"{thing.id} rail", grain=axis) for axis in "xy"]
    return joined(mesh, parts, rails)


def joined(mesh: Any, extra: Parts, materials: list[Any]) -> Any:
    """A mesh with more polygons in slots of their own."""
    import bmesh
    import bpy

    offset = len(mesh.materials)
    extra.slots = [slot + offset for slot in extra.slots]
    more = extra.mesh(f"{mesh.name} extra")
    for material in materials:
        mesh.materials.append(material)
    both = bmesh.new()
    both.from_mesh(mesh)
    both.from_mesh(more)
    both.to_mesh(mesh)
    both.free()
    bpy.data.meshes.remove(more)
    return mesh
