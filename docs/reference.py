"""Writes docs/reference.md: every field of a screenplay and every word of the library, from the code and the data.

python docs/reference.py > docs/reference.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from soundstage import library
from soundstage.looks import Grade
from soundstage.post.styles import STYLES
from soundstage.production import actions
from soundstage.screenplay import Record, Screenplay
from soundstage.screenplay.quality import RENDER, SIZES

HEAD = """\
# Reference

Written by `python docs/reference.py` from the code and the library's data; do not edit by hand.
Every field of a record is written out. Lengths in metres, times in seconds, masses in kilograms, angles in degrees,
colours as "#rrggbb" in quotes. Z points up; a heading of 0° looks along +Y, and headings grow anticlockwise seen from
above.

A character's own file has the fields of a [Character](#character) and `schema: soundstage.character/1`. In a cast it
can be named in place of a character: `from: FILE.yaml`, relative to the screenplay, with any of `id`, `name`,
`wardrobe` and `voice`.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_records(), *_qualities(), *_words()]) + "\n"


def _records() -> Iterator[str]:
    seen: set[str] = set()
    waiting: list[type[BaseModel]] = [Screenplay]
    while waiting:
        record = waiting.pop(0)
        if record.__name__ in seen:
            continue
        seen.add(record.__name__)
        yield f"## {record.__name__}\n"
        yield f"{' '.join((record.__doc__ or '').split())}\n" if record.__doc__ != Record.__doc__ else ""
        yield "| field | what it holds | notes |\n|---|---|---|"
        for name, field in record.model_fields.items():
            notes = [field.description or "", *_bounds(field.metadata)]
            kind = _kind(field.annotation, waiting)
            yield f"| `{field.alias or name}` | {kind} | {'; '.join(n for n in notes if n)} |"
        yield ""


def _kind(annotation: Any, waiting: list[type[BaseModel]]) -> str:
    """A type in words; records that it names are put on the list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        waiting.append(annotation)
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return f"list of {_kind(inner[0], waiting)}"
    if origin is tuple:
        return f"{len(inner)} × {_kind(inner[0], waiting)}"
    if hasattr(annotation, "__metadata__"):
        rules = [rule for info in annotation.__metadata__ for rule in getattr(info, "metadata", [info])]
        bounds = "; ".join(_bounds(rules))
        return _kind(inner[0], waiting) + (f" ({bounds})" if bounds else "")
    if origin in (Union, UnionType) and type(None) in inner:
        return " or ".join(_kind(one, waiting) for one in inner if one is not type(None)) + " or `null`"
    names = {str: "text", float: "number", int: "whole number", bool: "`true` or `false`"}
    return names.get(annotation, str(annotation))


def _bounds(metadata: list[Any]) -> Iterator[str]:
    for rule in metadata:
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("max_length", "at most")):
            if (value := getattr(rule, name, None)) is not None:
                yield f"{words} {value:,}" + (" letters" if name == "max_length" else "")


def _qualities() -> Iterator[str]:
    yield "## What `quality` chooses\n"
    yield "| quality | size | samples | motion blur |\n|---|---|---|---|"
    for name, (width, height) in SIZES.items():
        render = RENDER[name]
        yield f"| `{name}` | {width}×{height} | {render.samples} | {'yes' if render.motion_blur else 'no'} |"
    yield ""


def _words() -> Iterator[str]:
    yield "## Props\n"
    yield "| kind | size [m] | material | mass [kg] | source |\n|---|---|---|---|---|"
    for name in library.names("props"):
        prop = library.prop(name)
        size = " × ".join(f"{value:g}" for value in prop.size)
        mass = "from its density" if prop.mass_kg is None else f"{prop.mass_kg:g}"
        yield f"| `{name}` | {size} | {prop.material} | {'fixed' if prop.fixed else mass} | {prop.source} |"
    yield "\n## Materials\n"
    yield "| name | density [kg/m³] | friction | restitution | Young's modulus [GPa] |\n|---|---|---|---|---|"
    for name in library.names("materials"):
        m = library.material(name)
        yield f"| `{name}` | {m.density:g} | {m.friction:g} | {m.restitution:g} | {m.young / 1e9:g} |"
    yield "\n## Sets and their marks\n"
    yield "| set | ground | ambience | marks | pieces |\n|---|---|---|---|---|"
    for name in library.names("sets"):
        place = library.set_(name)
        marks = ", ".join(f"`{mark}`" for mark in place.marks)
        pieces = ", ".join(f"`{piece['id']}`" for piece in place.pieces)
        yield f"| `{name}` | {place.ground} | `{place.ambience}` | {marks} | {pieces} |"
    yield from _looks()
    yield "\n## Lighting\n"
    yield "| lighting | what it looks like | key to fill | the set's own light [stops] | lamps |\n|---|---|---|---|---|"
    for name in library.names("lighting"):
        way = library.lighting(name)
        lamps, ratio = ", ".join(lamp.name for lamp in way.lamps), f"{way.key_to_fill:g} : 1" if way.key_to_fill else ""
        yield f"| `{name}` | {way.about} | {ratio} | {way.own_stops:g} | {lamps} |"
    yield "\n## Other words\n"
    for what, names in (
        ("Garments", library.names("wardrobe")),
        ("Patterns", library.names("patterns")),
        ("What people do", actions.of_people()),
        ("How they do it", actions.manners()),
        ("What things do", actions.of_things()),
    ):
        yield f"- {what}: {', '.join(f'`{name}`' for name in names)}"


def _looks() -> Iterator[str]:
    yield "\n## Styles\n"
    yield "| style | what it is | pictures a second | samples at most | passes |\n|---|---|---|---|---|"
    for name in library.names("styles"):
        kind = library.style(name)
        what = (STYLES[name].__doc__ or "").strip().partition("\n")[0]
        rate = f"{kind.pictures_per_second:g}" if kind.pictures_per_second else "all"
        yield f"| `{name}` | {what} | {rate} | {kind.samples or 'as asked'} | {', '.join(kind.passes)} |"
    yield "\n## Grades\n"
    yield "| grade | what it changes |\n|---|---|"
    plain = Grade(name="")
    for name in library.names("grades"):
        values = asdict(library.grade(name)).items()
        changed = [f"{k} {_plain(v)}" for k, v in values if k != "name" and v != getattr(plain, k)]
        yield f"| `{name}` | {'; '.join(changed) or 'nothing'} |"


def _plain(value: Any) -> str:
    return " ".join(f"{v:g}" for v in value) if isinstance(value, tuple) else f"{value:g}"


if __name__ == "__main__":
    sys.stdout.write(page())
