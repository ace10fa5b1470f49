"""Characters as files: one person with wardrobe and voice, who can be cast in any film.

    schema: soundstage.character/1
    id: eva
    name: Eva
    identity: {…}        # as a character of a screenplay

A screenplay takes one in by naming its file, relative to its own folder; `id`, `name`, `wardrobe` and `voice` may be
given beside it and then hold in this film:

    cast:
    - from: people/eva.yaml
      wardrobe: []
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import ScreenplayError
from ._faults import explain, fault, kind_of
from ._files import text_of
from ._layout import CHARACTER_HEAD, CHARACTER_NOTES, layout
from ._text import Parsed, parse
from .model import SCHEMA as SCREENPLAY
from .model import Character
from .nearest import nearest

SCHEMA = "soundstage.character/1"
SUFFIXES = (".yaml", ".yml", ".json")
FROM = "from"
OWN = ("id", "name", "wardrobe", "voice")
"""What a film may say otherwise about somebody from a file; who they are it may not."""
FROM_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [FROM],
    "properties": {
        FROM: {"type": "string", "description": "path of a character's file, relative to this document"},
        **{name: {"$ref": f"#/$defs/Character/properties/{name}"} for name in OWN},
    },
    "title": "CharacterFromFile",
}


def load_character(source: str | os.PathLike[str]) -> Character:
    """The character in a file (YAML or JSON), or in its text.

    Raises:
        ScreenplayError: it is no character; the message names line and field.
        InputError: there is no such file, or it cannot be read.
    """
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return _character(source, "character")
    path = Path(source)
    mend = 'check the name, or make one: soundstage cast "a tall woman of 60" -o eva.yaml'
    if path.suffix.lower() not in SUFFIXES:
        raise ScreenplayError(f"{path.name!r} is not the name of a character's file", "give one that ends with .yaml")
    return _character(text_of(path, mend), path.name)


def dump_character(character: Character) -> str:
    """YAML that people like to read and `load_character` reads back to an equal object."""
    values = {"schema": SCHEMA, **character.model_dump(mode="json")}
    return layout(values, head=CHARACTER_HEAD, notes=CHARACTER_NOTES)


def enter(parsed: Parsed, name: str, folder: Path | None) -> Any:
    """The values of a screenplay with the characters it names files of; the very same if it names none.

    Raises:
        ScreenplayError: a character's file is not there or faulty, or the document has no folder to look from.
    """
    cast = parsed.values.get("cast")
    if not isinstance(cast, list) or not any(isinstance(c, dict) and FROM in c for c in cast):
        return parsed.values
    made = [
        _entered(c, k, parsed, name, folder) if isinstance(c, dict) and FROM in c else c for k, c in enumerate(cast)
    ]
    return {**parsed.values, "cast": made}


def _entered(record: dict[str, Any], index: int, parsed: Parsed, name: str, folder: Path | None) -> dict[str, Any]:
    """One character of a cast, from its file."""

    def wrong(field: str, what: str, mend: str) -> ScreenplayError:
        return fault(name, parsed.lines, ("cast", index, field), what, mend)

    for field in record:
        if field not in (FROM, *OWN):
            raise wrong(field, "stands in the character's file", f"change it there; here can stand: {', '.join(OWN)}")
    given = record[FROM]
    if not isinstance(given, str) or not given or "\0" in given:
        raise wrong(FROM, f"{kind_of(given) if not isinstance(given, str) else 'empty'}", "give the path of a file")
    path = Path(given)
    if folder is None:
        raise wrong(FROM, "there is no folder to look from", "save the document as a file beside its characters")
    if path.is_absolute() or path.suffix.lower() not in SUFFIXES:
        raise wrong(FROM, f"{given!r} is not a relative path of a .yaml file", "such as people/eva.yaml")
    place = folder / path
    if not place.is_file():
        near = sorted(p.name for p in place.parent.glob("*.yaml")) if place.parent.is_dir() else []
        raise wrong(FROM, f"there is no file {place}", nearest(path.name, near) if near else "check the path")
    found = load_character(place).model_dump(mode="json")
    return {**found, **{field: record[field] for field in OWN if field in record}}


def _character(text: str, name: str) -> Character:
    parsed = parse(text, name)
    values = parsed.values
    if not isinstance(values, dict):
        what = f"{name}:1: not a character: it is {kind_of(values)}, not fields with values"
        raise ScreenplayError(what, 'make one: soundstage cast "a tall woman of 60" -o eva.yaml')
    version = values.get("schema")
    if version == SCREENPLAY:
        mend = "copy one character of its cast to a file of its own, or cast it anew: soundstage cast …"
        raise ScreenplayError(f"{name} is a screenplay, not a character", mend)
    if version != SCHEMA:
        what = f"is {version!r}" if "schema" in values else "is missing"
        raise fault(name, parsed.lines, ("schema",), what, f"this version reads characters that say schema: {SCHEMA}")
    record = {key: value for key, value in values.items() if key != "schema"}
    try:
        return Character.model_validate_json(json.dumps(record), strict=True)
    except ValidationError as error:
        raise explain(error, parsed, name, Character) from None
