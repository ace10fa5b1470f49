"""Documents in and out: YAML or JSON text, files, and films that carry their screenplay."""

from __future__ import annotations

import json
import os
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import InputError, ScreenplayError
from . import characters
from ._faults import explain, fault, kind_of, split
from ._files import text_of
from ._layout import layout
from ._text import Parsed, parse
from ._text import Path as FieldPath
from .model import SCHEMA, Screenplay

FILM_SUFFIXES = (".mp4", ".m4v", ".mov")
TEXT_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Document:
    """A screenplay and where it was read, so that later checks can name the line."""

    screenplay: Screenplay
    name: str
    """File name, as messages show it."""
    lines: typing.Mapping[FieldPath, int] = field(default_factory=dict)
    text: str = ""
    """As it was written, with comments; empty if it was not written."""

    def error(self, path: str, what: str, mend: str = "") -> ScreenplayError:
        """A fault in the field `path` (such as `props[0].kind`), with its line."""
        return fault(self.name, self.lines, split(path), what, mend)


def load(source: str | os.PathLike[str]) -> Screenplay:
    """The screenplay in a file (YAML, JSON or a film that carries one) or in a text.

    Raises:
        ScreenplayError: it is not a screenplay; the message names line and field.
        InputError: there is no such file, or it cannot be read.
    """
    return read(source).screenplay


def read(source: str | os.PathLike[str]) -> Document:
    """As `load`, but knows the line of every field."""
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return _document(source, "screenplay")
    path = Path(source)
    if path.suffix.lower() in FILM_SUFFIXES:
        return _document(_film_text(path), path.name)
    return _document(text_of(path), path.name, path.parent)


def is_document(source: str) -> bool:
    """Whether a command-line argument names a document or film, rather than being a prompt."""
    one_word = len(source) < 4096 and "\n" not in source
    return one_word and source.lower().endswith((*TEXT_SUFFIXES, *FILM_SUFFIXES))


def dump(screenplay: Screenplay) -> str:
    """YAML that people like to read and `load` reads back to an equal object."""
    return layout(screenplay.model_dump(mode="json", by_alias=True))


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a screenplay, for editors, other programs and language models."""
    schema = Screenplay.model_json_schema(by_alias=True)
    schema["properties"]["cast"]["items"] = {"anyOf": [schema["properties"]["cast"]["items"], characters.FROM_SCHEMA]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _film_text(path: Path) -> str:
    """The screenplay that a film carries in its metadata."""
    import av

    if not path.exists():
        raise InputError(f"there is no file {path}", "check the name, or give a prompt in quotes")
    try:
        with av.open(str(path)) as film:
            text = film.metadata.get("comment", "")
    except (av.FFmpegError, OSError):
        raise InputError(f"{path.name} is not a film", "give an mp4 that Soundstage made") from None
    if SCHEMA.partition("/")[0] not in text:
        raise InputError(f"{path.name} carries no screenplay", "give an mp4 that Soundstage made, or a .yaml")
    return text


def _document(text: str, name: str, folder: Path | None = None) -> Document:
    """The document of a text; characters that it takes from files are looked for from its own folder."""
    parsed = parse(text, name)
    _check_schema(parsed, name)
    values = characters.enter(parsed, name, folder)
    try:
        # JSON mode is strict (no "12" for 12) yet knows that a list may be a tuple.
        screenplay = Screenplay.model_validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        raise explain(error, parsed, name) from None
    # What is kept of the document must stand alone: the text only says where its characters were.
    return Document(screenplay, name, parsed.lines, text if values is parsed.values else "")


def _check_schema(parsed: Parsed, name: str) -> None:
    if not isinstance(parsed.values, dict):
        raise ScreenplayError(
            f"{name}:1: not a screenplay: it is {kind_of(parsed.values)}, not fields with values",
            "start from one that works: soundstage plan PROMPT -o film.yaml",
        )
    version = parsed.values.get("schema")
    if version == characters.SCHEMA:
        raise ScreenplayError(f"{name} is a character, not a film", f"cast it: soundstage film PROMPT --cast {name}")
    if version != SCHEMA:
        what = f"is {version!r}" if "schema" in parsed.values else "is missing"
        raise fault(name, parsed.lines, ("schema",), what, f"this version reads documents that say schema: {SCHEMA}")
