"""Reads data/*.toml into frozen records, once per process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

from ..errors import InputError
from ..looks import Grade, Style


@dataclass(frozen=True, kw_only=True)
class Material:
    """One substance."""

    name: str
    density: float
    """[kg/m³]"""
    friction: float
    """Coulomb coefficient, dry, against wood; a pair takes the geometric mean."""
    rolling_friction: float
    """Rolling resistance coefficient of a hard body rolling on it, dimensionless (force / weight)."""
    restitution: float
    """Against steel at 1-3 m/s; a pair takes `min` of both unless a prop says better."""
    young: float
    """Young's modulus [Pa]"""
    poisson: float
    albedo: str
    """#rrggbb as a default colour"""
    roughness: float
    metallic: float = 0.0
    transmission: float = 0.0
    ior: float = 1.45
    texture: str = "plain"
    """Procedural texture the camera knows."""
    acoustic: dict[str, Any] = field(default_factory=dict)
    """Modal facts: alpha [1/s], beta [s] (Rayleigh), t60_1k [s] on a support, t60_slope, levels_db, noise …"""


@dataclass(frozen=True, kw_only=True)
class PropKind:
    """One kind of thing."""

    name: str
    shape: Literal["sphere", "box", "cylinder", "capsule", "compound"]
    size: tuple[float, float, float]
    """Overall size [m]."""
    material: str
    colour: str
    mass_kg: float | None = None
    """None: from density and volume."""
    fixed: bool = False
    restitution: float | None = None
    """Measured against a rigid floor, where a sports body says so."""
    contact_time_s: float | None = None
    """Duration of a strike on a rigid floor, where known."""
    rolling_friction: float | None = None
    drag: float = 0.0
    """C_d; 0 neglects the air."""
    hollow: bool = False
    """Thin-walled: moment of inertia of a shell, sounds like one."""
    look: str = "plain"
    """How the camera dresses it (seams, felt, pips …)."""
    sound: str = "solid"
    """Modal shape class: solid, plate, bar, shell, ball (inflated), hoop …"""
    source: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SetKind:
    """One kind of place."""

    name: str
    indoor: bool
    ground: str
    """Material of the ground."""
    ambience: str
    backdrop: str
    """What the camera builds behind the action."""
    room_m: tuple[float, float, float] | None = None
    """Inner size of an indoor set [m], for walls and reverberation."""
    marks: dict[str, list[float]] = field(default_factory=dict)
    """Named places: [x, y, z, heading_deg]."""
    pieces: list[dict[str, Any]] = field(default_factory=list)
    """Fixed things that belong to the set: {id, kind, at = [x,y,z], heading_deg, ...overrides}."""
    camera_m: list[float] | None = None
    """Where a camera can be, where no walls say so: [x, y, z, x, y, z], lowest and highest corner [m]."""
    obstacles: list[list[float]] = field(default_factory=list)
    """Boxes [x, y, z, x, y, z] of what the backdrop builds and a camera can neither be in nor see through [m]."""
    night_white_k: float | None = None
    """Colour temperature [K] that a camera takes for white here at night: between lamps' and daylight, as eyes do."""
    night_lighting: str = "natural"
    """Lamps that people get here at night where no others are asked for."""
    seats: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the backdrop builds to sit on: {at = [x, y] middle of the front edge, heading_deg that sitters look,
    width, depth (front edge to back), height, sink (how far it gives under somebody)} [m]."""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Garment:
    """One kind of clothing; cut in body terms, so it fits every body."""

    name: str
    layer: int
    material: str
    colour: str
    trim: str
    cut: dict[str, Any] = field(default_factory=dict)
    """How the camera cuts it from the body (sleeves, waist, hem …)."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern all over a piece of cloth, one repeat of it; lengths in parts of the repeat.

    A band is (middle, width, cover): the pattern's colour covers that part of the garment's, and what bands cover adds
    up where they cross.
    """

    name: str
    scale_m: float
    """From one repeat to the next [m]."""
    on_dark: str
    """Its colour on dark cloth, if nobody chooses one."""
    on_light: str
    warp: tuple[tuple[float, float, float], ...] = ()
    """Bands that run down the body."""
    weft: tuple[tuple[float, float, float], ...] = ()
    """Bands that run across."""
    dot_radius: float = 0.0
    """Of dots, which stand in rows, every other row moved by half a repeat."""


T = TypeVar("T")
_TUPLES = frozenset(("size", "room_m", "slope", "offset", "power", "shadows", "highlights", "passes", "warp", "weft"))
"""Fields whose lists become tuples."""


@cache
def _table(kind: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("data", f"{kind}.toml").read_text("utf-8"))


def actions() -> Mapping[str, Mapping[str, Any]]:
    """What people can do: the choreographer's table of each action, as written."""
    table: Mapping[str, Mapping[str, Any]] = _table("actions")["action"]
    return table


@cache
def gaits() -> frozenset[str]:
    """Those actions that take somebody somewhere."""
    return frozenset(name for name, entry in actions().items() if entry.get("feet") in ("walk", "run"))


def names(
    kind: Literal["materials", "props", "sets", "wardrobe", "patterns", "lighting", "grades", "styles"],
) -> tuple[str, ...]:
    """Every name there is of a kind, in the order of the data."""
    return tuple(_table(kind))


def _entry(kind: str, record: type[T], name: str) -> T:
    table = _table(kind)
    if name not in table:
        raise InputError(f"there is no {name!r} in {kind}", f"choose one of: {', '.join(table)}")
    values = {k: tuple(v) if k in _TUPLES else v for k, v in table[name].items()}
    known = {f.name for f in fields(record)}  # type: ignore[arg-type]
    required = {f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING}  # type: ignore[arg-type]
    wrong = (set(values) - known) | (required - {"name"} - set(values))
    if wrong:
        raise ValueError(f"library entry {kind}.{name}: check the fields {sorted(wrong)}")
    return record(**{"name": name, **values})


@cache
def material(name: str) -> Material:
    """A material by name. Raises InputError that lists the names."""
    return _entry("materials", Material, name)


@cache
def prop(name: str) -> PropKind:
    """A kind of prop by name. Raises InputError that lists the names."""
    return _entry("props", PropKind, name)


@cache
def set_(name: str) -> SetKind:
    """A kind of set by name. Raises InputError that lists the names."""
    return _entry("sets", SetKind, name)


@cache
def garment(name: str) -> Garment:
    """A kind of garment by name. Raises InputError that lists the names."""
    return _entry("wardrobe", Garment, name)


@cache
def pattern(name: str) -> Pattern:
    """A pattern of cloth by name. Raises InputError that lists the names."""
    return _entry("patterns", Pattern, name)


@cache
def grade(name: str) -> Grade:
    """A colour grade by name. Raises InputError that lists the names."""
    return _entry("grades", Grade, name)


@cache
def style(name: str) -> Style:
    """A way of picturing by name. Raises InputError that lists the names."""
    return _entry("styles", Style, name)
