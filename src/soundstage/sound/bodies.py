"""Who meets whom: the bodies named in a Take's event tables, with everything that decides how they sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import library
from ..take import Take, Thing
from ._facts import facts, known, substance
from .banks import Bank, bank

GROUND = -1
SKIN_YOUNG = 8e4
"""Flesh gives far more than its skin's modulus says [Pa]."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """One side of a contact."""

    name: str
    """Stable: id and part."""
    family: str
    """Kind and part: what a mixer would put on one fader."""
    material: library.Material
    young: float
    mass: float
    """[kg]; infinite for what does not move."""
    curvature: float
    """Radius [m] of what touches."""
    contact_time: float | None
    """Duration of a strike on a rigid floor, where known [s]."""
    inflated: bool
    hollow: bool
    cloth: bool
    """Gives way instead of being struck: a net."""
    round: bool
    size: tuple[float, float, float]
    bank: Bank


class Cast:
    """Bodies of one take by (index, part, material), each made once."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._made: dict[tuple[int, str, str], Body] = {}

    def body(self, index: int, part: str, material: str) -> Body:
        """The body with an index of the event tables (-1 ground, -2-p person p)."""
        key = (int(index), str(part), str(material))
        if key not in self._made:
            if index == GROUND:
                self._made[key] = ground(self._take, key[2])
            elif index < GROUND:
                self._made[key] = _person(self._take, -2 - key[0], key[1])
            else:
                self._made[key] = _thing(self._take, self._take.things[key[0]], key[1], key[2])
        return self._made[key]


def ground(take: Take, material: str) -> Body:
    """The floor, court or soil of a place."""
    stuff = substance(material, otherwise="concrete")
    about = facts("ground", stuff.name)
    if not about and stuff.young < 2e7:  # a material nobody has described as a floor: soft ones as soil …
        about = {"soft_hz": [65.0, 100.0, 160.0]}
    elif not about:  # … and hard ones as laid slabs
        about = {"span": [0.7, 0.9], "thickness": 0.025, "mass_factor": 8.0}
    soft = "soft_hz" in about
    thickness = float(about.get("thickness", 0.1))
    span = about.get("span", [2.0, 2.0])
    size = (float(span[0]), float(span[1]), thickness)
    return Body(
        name="ground",
        family=f"ground/{stuff.name}",
        material=stuff,
        young=stuff.young,
        mass=np.inf,
        curvature=np.inf,
        contact_time=None,
        inflated=False,
        hollow=False,
        cloth=False,
        round=False,
        size=size,
        bank=bank(
            "soft" if soft else "plate",
            size,
            stuff.name,
            1e3,
            name=f"ground/{take.place.set}/{stuff.name}",
            seed=take.seed,
            fixed=True,
            facts=about,
        ),
    )


def _thing(take: Take, thing: Thing, part: str, material: str) -> Body:
    entry = library.prop(thing.kind) if thing.kind in library.names("props") else None
    sound = entry.sound if entry else ("ball" if thing.shape == "sphere" else "solid")
    fixed = thing.fixed
    round_ = thing.shape == "sphere"
    about: dict[str, Any] = {"round": round_ or (thing.shape == "cylinder" and sound == "plate")}
    about["turned"] = thing.shape == "cylinder" and sound != "plate"
    about |= facts("thing", thing.kind)
    size, stuff = thing.size, substance(material or thing.material)
    special = _part(thing.kind, part)
    if special:
        sound = str(special["class"])
        stuff = substance(str(special.get("material", stuff.name)))
        about |= special
        x, y, z = special.get("size", size)
        size = (float(x), float(y), float(z))
    elif thing.shape == "compound":
        size = _part_size(thing, part) or _slab(thing)
        long, wide, thin = sorted(size, reverse=True)
        sound = "bar" if wide < 0.25 * long and thin > 0.4 * wide else "plate"
        about["mass_factor"] = 1.6  # legs and frame move with the top
    contact_time = entry.contact_time_s if entry and not special else None
    inflated = sound == "ball" and stuff.young <= 5e8
    if inflated:
        about["overpressure"] = _overpressure(thing, contact_time or 0.01)
    return Body(
        name=f"{thing.id}/{part}",
        family=f"{thing.kind}/{part}/{stuff.name}",
        material=stuff,
        young=stuff.young,
        mass=np.inf if fixed else thing.mass_kg,
        curvature=_curvature(thing, sound, size),
        contact_time=contact_time,
        inflated=inflated,
        hollow=sound in ("ball", "shell"),
        cloth=sound == "cloth",
        round=round_,
        size=size,
        bank=bank(
            sound, size, stuff.name, thing.mass_kg, name=f"{thing.id}/{part}", seed=take.seed, fixed=fixed, facts=about
        ),
    )


def _part(kind: str, part: str) -> dict[str, Any]:
    """Facts of a named part; parts are matched by how their name begins (rim_03 is rim, board_top is board)."""
    if kind not in known("parts"):
        return {}
    entries = facts("parts", kind)
    for name, entry in entries.items():
        if part and (part.startswith(name) or name in part):
            return dict(entry)
    aliases = {"ring": "rim", "backboard": "board", "glass": "board", "arm": "pole", "brace": "pole", "base": "pole"}
    for alias, name in aliases.items():
        if part and alias in part and name in entries:
            return dict(entries[name])
    return dict(entries.get("pole", {})) if part else {}


def _slab(thing: Thing) -> tuple[float, float, float]:
    """The board of a table, ramp, bench or chair that answers when it is struck."""
    thickness = float(thing.params.get("top_thickness", thing.params.get("thickness", 0.025)))
    x, y, z = thing.size
    length = float(np.hypot(x, z)) if thing.kind == "ramp" else x
    return (length, y, thickness)


def _part_size(thing: Thing, part: str) -> tuple[float, float, float] | None:
    """Size of a named part, where the take has the thing's parts."""
    for entry in thing.params.get("parts", ()):
        if part and entry.get("part") == part:
            x, y, z = entry["size"]
            return (float(x), float(y), float(z))
    return None


def _overpressure(thing: Thing, contact_time: float) -> float:
    """Pressure of an inflated ball over the air's [Pa], from how long it stays on a floor: k = 2πR p = m (π/T)²."""
    stiffness = thing.mass_kg * (np.pi / contact_time) ** 2
    return float(np.clip(stiffness / (np.pi * thing.size[0]), 3e3, 4e5))


def _curvature(thing: Thing, sound: str, size: tuple[float, float, float]) -> float:
    if sound == "hoop":
        return 0.009
    if thing.shape == "sphere":
        return thing.size[0] / 2
    if thing.fixed:
        return np.inf
    return 0.12 * min(size) + 0.0008  # an edge or corner, a little rounded


def _person(take: Take, person: int, part: str) -> Body:
    identity = take.people[person].identity if person < len(take.people) else {}
    height = float(identity.get("height_m", 1.7))
    hand = "hand" in part or "finger" in part
    stuff = substance("skin")
    return Body(
        name=f"person{person}/{part}",
        family=f"person/{'hand' if hand else 'body'}",
        material=stuff,
        young=SKIN_YOUNG * (6.0 if hand else 1.0),
        mass=0.5 if hand else 22.0 * height**2 * 0.3,
        curvature=0.03 if hand else 0.1,
        contact_time=None,
        inflated=False,
        hollow=False,
        cloth=False,
        round=False,
        size=(0.1, 0.1, 0.1),
        bank=bank("body", (0.3, 0.2, 0.4), "skin", 20.0, name=f"person{person}", seed=take.seed, fixed=True),
    )
