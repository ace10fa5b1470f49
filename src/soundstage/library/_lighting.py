"""Set-ups of lamps from data/lighting.toml, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from ..errors import InputError
from ._entries import _table


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A round lamp, placed about the people of a scene as the head of the data file says."""

    name: str
    azimuth_deg: float
    elevation_deg: float
    distance_m: float
    size_m: float
    kelvin: float
    stops: float
    aim: Literal["people", "backdrop"] = "people"


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A black cloth that keeps light off the people."""

    name: str
    azimuth_deg: float
    elevation_deg: float
    distance_m: float
    size_m: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Lighting:
    """One way to light people."""

    name: str
    about: str
    own_stops: float
    key_to_fill: float
    lamps: tuple[Lamp, ...]
    flags: tuple[Flag, ...] = ()


@cache
def lighting(name: str) -> Lighting:
    """A set-up of lamps by name. Raises InputError that lists the names."""
    table = _table("lighting")
    if name not in table:
        raise InputError(f"there is no {name!r} in lighting", f"choose one of: {', '.join(table)}")
    entry = dict(table[name])
    where = f"library entry lighting.{name}"
    lamps = tuple(_record(Lamp, lamp, f"{where}.lamps") for lamp in entry.pop("lamps", ()))
    flags = tuple(
        _record(Flag, {**flag, "size_m": tuple(flag.get("size_m", ()))}, f"{where}.flags")
        for flag in entry.pop("flags", ())
    )
    found: Lighting = _record(Lighting, {"name": name, **entry, "lamps": lamps, "flags": flags}, where)
    _check(found, where)
    return found


def _record(record: Any, values: Mapping[str, Any], where: str) -> Any:
    wrong = set(values) ^ {f.name for f in fields(record)} - ({"aim"} - set(values))
    if wrong:
        raise ValueError(f"{where}: check the fields {sorted(wrong)}")
    return record(**values)


def _check(found: Lighting, where: str) -> None:
    """Nothing, if the set-up can be built and its ratio is what its lamps give."""
    stops = {lamp.name: lamp.stops for lamp in found.lamps}
    ratio = 2.0 ** (stops["key"] - stops["fill"]) if {"key", "fill"} <= set(stops) else 0.0
    if abs(ratio - found.key_to_fill) > 0.05 * ratio:
        raise ValueError(f"{where}: its lamps give a key_to_fill of {ratio:.2f}, not {found.key_to_fill:g}")
    pieces: tuple[Lamp | Flag, ...] = (*found.lamps, *found.flags)
    for piece in pieces:
        sizes = piece.size_m if isinstance(piece, Flag) else (piece.size_m, piece.kelvin)
        if not (min(piece.distance_m, *sizes) > 0.0 and -90.0 <= piece.elevation_deg <= 90.0):
            raise ValueError(f"{where}.{piece.name}: check its distance, sizes, kelvin and elevation")
        if isinstance(piece, Lamp) and piece.aim not in ("people", "backdrop"):
            raise ValueError(f"{where}.{piece.name}: aim is people or backdrop, not {piece.aim!r}")
    if len({piece.name for piece in pieces}) < len(pieces):
        raise ValueError(f"{where}: two of its pieces have the same name")
