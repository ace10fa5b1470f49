"""The table of looks, and the call that dresses one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .... import library
from ....take import Place, Thing
from ..mesh import place as put

Look = Callable[[Thing, Place], Any]
"""(thing, place) -> mesh, or an object that already stands in the scene."""
LOOKS: dict[str, Look] = {}


def look(name: str) -> Callable[[Look], Look]:
    """Enter a look under a name."""

    def enter(function: Look) -> Look:
        LOOKS[name] = function
        return function

    return enter


def look_name(thing: Thing) -> str:
    """The look of a thing; what the library does not know is drawn by its shape."""
    try:
        name = library.prop(thing.kind).look
    except library_errors():
        return "plain"
    return name if name in LOOKS else "plain"


def library_errors() -> type[Exception]:
    from ....errors import InputError

    return InputError


def build_thing(thing: Thing, place: Place) -> Any:
    """The object that shows a thing; the caller places and keys it."""
    built = LOOKS[look_name(thing)](thing, place)
    found = built if hasattr(built, "matrix_world") else put(thing.id, built)
    found.rotation_mode = "QUATERNION"
    return found
