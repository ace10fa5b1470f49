"""Reads library/data/sounds.toml: acoustic facts of places, parts and surfaces."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from .. import library


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files(library.__package__ or "").joinpath("data", "sounds.toml").read_text("utf-8")
    return tomllib.loads(text)


def facts(section: str, name: str) -> dict[str, Any]:
    """The entry `name` of a section, over the section's `default` entry if it has one; {} if there is neither."""
    entries = _table()[section]
    return {**entries.get("default", {}), **entries.get(name, {})}


def known(section: str) -> tuple[str, ...]:
    """Names of a section's entries."""
    return tuple(_table()[section])


@cache
def substance(name: str, otherwise: str = "wood") -> library.Material:
    """A material of the library, or another where the name is not one (a take may be older than the library)."""
    return library.material(name if name in library.names("materials") else otherwise)
