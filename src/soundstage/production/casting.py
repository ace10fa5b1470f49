"""Characters from files: read, put into films, and told of."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import InputError
from ..screenplay import Character, Document, Screenplay, load_character
from .vocabulary import check_clothes

Cast = Sequence[str | os.PathLike[str] | Character]
"""Files of characters, or characters."""


def given(cast: Cast) -> tuple[Character, ...]:
    """The characters of a cast, read and checked.

    Raises:
        InputError: a file cannot be read or is no character, or two have the same name.
    """
    if isinstance(cast, str | os.PathLike | Character):
        cast = (cast,)
    found: list[Character] = []
    for one in cast:
        character = one if isinstance(one, Character) else load_character(one)
        check_clothes(character, character.id if isinstance(one, Character) else Path(one).name)
        for other in found:
            if _names(other) & _names(character):
                what = f"two characters to be cast are called {character.name or character.id}"
                raise InputError(what, "give one of them another id and name")
        found.append(character)
    return tuple(found)


def _names(character: Character) -> set[str]:
    """What somebody can be called, in lower case."""
    return {character.id.replace("_", " "), character.name.casefold()} - {""}


def recast(document: Document, cast: Sequence[Character]) -> Document:
    """The document with everybody of the cast in the part of their name; ids stay the document's.

    Raises:
        InputError: the document has no part of that name.
    """
    if not cast:
        return document
    parts = list(document.screenplay.cast)
    for character in cast:
        fits = [k for k, part in enumerate(parts) if _names(part) & _names(character)]
        if not fits:
            there = ", ".join(part.name or part.id for part in parts) or "nobody"
            raise InputError(
                f"{document.name} has no part for {character.name or character.id}",
                f"its cast is: {there}; give the character the id or name of one of them",
            )
        parts[fits[0]] = character.model_copy(update={"id": parts[fits[0]].id})
    changed = document.screenplay.model_copy(update={"cast": tuple(parts)})
    return replace(document, screenplay=changed, text="" if changed != document.screenplay else document.text)


def told(screenplay: Screenplay, cast: Sequence[Character]) -> tuple[str, ...]:
    """One line per character from a file: that they are cast, and which of their clothes the film changes."""
    lines = []
    for character in cast:
        parts = [c for c in screenplay.cast if c.identity == character.identity and c.name == character.name]
        for part in parts[:1]:
            own, worn = ({(g.kind, g.colour) for g in c.wardrobe} for c in (character, part))
            put_on = [_words(g.kind) for g in part.wardrobe if (g.kind, g.colour) in worn - own]
            off = [_words(g.kind) for g in character.wardrobe if (g.kind, g.colour) in own - worn]
            clothes = "in the clothes of the file"
            if put_on or off:
                clothes = f"in this film with {', '.join(put_on) or 'nothing'} instead of {', '.join(off) or 'nothing'}"
            lines.append(f"cast: {character.name or character.id} from the file, {clothes}")
    return tuple(lines)


def _words(name: str) -> str:
    return name.replace("_", " ")
