"""Props made of items: size, substance, colour and mass of each."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Placement, Prop, Vec3
from ..frame import Item
from ._sheet import Sheet, facts

WALL = 0.08
"""Wall of a hollow thing, as a part of its smallest extent."""
COMPOUND_FILL = 0.12
"""Part of its box that furniture fills."""


def size_of(item: Item) -> Vec3:
    """Overall size [m] of one of the item's things."""
    size = library.prop(item.kind).size
    if item.size_m is not None:
        factor = item.size_m / max(size)
    else:
        hero = facts("staging")["hero_size"].get(item.kind)
        factor = (hero / max(size) if hero else 1.0) * item.scale
    x, y, z = (round(s * factor, 5) for s in size)
    return (x, y, round(z * item.rise, 5))


def mass_of(item: Item, size: Vec3, material: str) -> float:
    """[kg]: as said, as the library says for its usual size and substance, or density times volume."""
    if item.mass_kg is not None:
        return item.mass_kg
    return _rounded(_usual_mass(item, size, material) * item.mass_factor)


def _usual_mass(item: Item, size: Vec3, material: str) -> float:
    kind = library.prop(item.kind)
    scale = math.prod(size) / math.prod(kind.size)
    usual = kind.mass_kg
    if usual is not None and material == kind.material:
        # a hollow thing's wall grows with its surface, a solid one's mass with its volume
        return _rounded(usual * (scale ** (2 / 3) if kind.hollow else scale))
    x, y, z = size
    volume = {
        "sphere": math.pi / 6 * x * y * z,
        "box": x * y * z,
        "cylinder": math.pi / 4 * x * y * z,
        "capsule": math.pi / 4 * x * y * z,
        "compound": COMPOUND_FILL * x * y * z,
    }[kind.shape]
    if kind.hollow:
        volume *= 1 - (1 - 2 * WALL) ** 3
    return _rounded(volume * library.material(material).density)


def _rounded(mass: float) -> float:
    """To four digits, never nothing."""
    return max(float(f"{mass:.4g}"), 1e-6)


def add_prop(
    sheet: Sheet, item: Item, placement: Placement, *, velocity: Vec3 = (0.0, 0.0, 0.0), spin: Vec3 = (0.0, 0.0, 0.0)
) -> str:
    """Put one of the item's things into the document; its id."""
    kind = library.prop(item.kind)
    index = len(sheet.members.setdefault(item.id, []))
    name = sheet.fresh(item.id if item.count == 1 else f"{item.id}_{index + 1}")
    material = item.material or kind.material
    size = size_of(item)
    colour = kind.colour if material == kind.material else library.material(material).albedo
    if item.colours:
        colour = item.colours[index % len(item.colours)]
    sheet.members[item.id].append(name)
    sheet.props.append(
        Prop(
            id=name, kind=item.kind, scene=sheet.scene, size=size, material=material, colour=colour,
            mass_kg=mass_of(item, size, material), fixed=kind.fixed, print_text=item.print_text[:24],
            placement=placement, velocity=velocity, spin=spin,
        )
    )  # fmt: skip
    return name
