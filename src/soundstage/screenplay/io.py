"""Documents in and out: YAML or JSON text, files, and films that carry their screenplay."""

from __future__ import annotations

import json
import os
import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..errors import InputError, ScreenplayError
from ._layout import layout
from ._references import BrokenReference
from ._text import MAX_BYTES, Parsed, parse
from ._text import Path as FieldPath
from .model import SCHEMA, Screenplay
from .nearest import nearest

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
        return _fault(self.name, self.lines, _split(path), what, mend)


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
    return _document(_film_text(path) if path.suffix.lower() in FILM_SUFFIXES else _file_text(path), path.name)


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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _file_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScreenplayError(
                f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB", "split the film into several"
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScreenplayError(f"{path.name}: not a text file", "save the screenplay as UTF-8 text") from None
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", "check the name, or give a prompt in quotes") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the name and its permissions") from None


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


def _document(text: str, name: str) -> Document:
    parsed = parse(text, name)
    _check_schema(parsed, name)
    try:
        # JSON mode is strict (no "12" for 12) yet knows that a list may be a tuple.
        screenplay = Screenplay.model_validate_json(json.dumps(parsed.values), strict=True)
    except ValidationError as error:
        raise _explain(error, parsed, name) from None
    return Document(screenplay, name, parsed.lines, text)


def _check_schema(parsed: Parsed, name: str) -> None:
    if not isinstance(parsed.values, dict):
        raise ScreenplayError(
            f"{name}:1: not a screenplay: it is {_kind(parsed.values)}, not fields with values",
            "start from one that works: soundstage plan PROMPT -o film.yaml",
        )
    version = parsed.values.get("schema")
    if version != SCHEMA:
        what = f"is {version!r}" if "schema" in parsed.values else "is missing"
        raise _fault(name, parsed.lines, ("schema",), what, f"this version reads documents that say schema: {SCHEMA}")


# ── explaining ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _fault(name: str, lines: typing.Mapping[FieldPath, int], path: FieldPath, what: str, mend: str) -> ScreenplayError:
    """`name:line: path: what`; a field that is not there is on the line of its record."""
    at = path
    while at not in lines and at:
        at = at[:-1]
    where = f"{name}:{lines[at]}" if at in lines else name
    return ScreenplayError(f"{where}: {_joined(path)}: {what}" if path else f"{where}: {what}", mend)


def _joined(path: FieldPath) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def _split(path: str) -> FieldPath:
    return tuple(int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([a-z_0-9]+)", path))


def _explain(error: ValidationError, parsed: Parsed, name: str) -> ScreenplayError:
    """The first fault in the order of the document, and how to mend it."""
    faults = error.errors()
    for fault in faults:
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, BrokenReference):
            what, _, mend = cause.what.partition("; ")
            return _fault(name, parsed.lines, _split(cause.path), what, mend or "give an id that exists")

    def line(fault: Any) -> int:
        loc = fault["loc"]
        while loc and loc not in parsed.lines:
            loc = loc[:-1]
        return parsed.lines.get(loc, 0)

    places = [f["loc"] for f in faults]
    # A list with a faulty record in it is also "too short": only the innermost fault is worth a word.
    faults = [f for f in faults if not any(len(p) > len(f["loc"]) and p[: len(f["loc"])] == f["loc"] for p in places)]
    first = min(faults, key=line)
    what, mend = _words(first)
    if len(faults) > 1:
        what += f" (and {len(faults) - 1} more)"
    return _fault(name, parsed.lines, tuple(first["loc"]), what, mend)


def _words(fault: Any) -> tuple[str, str]:
    """What is wrong with one field, and how to mend it."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    loc = tuple(fault["loc"])
    about = _description(loc)
    if kind == "extra_forbidden":
        return "there is no such field", nearest(str(loc[-1]), _fields(loc[:-1]))
    if kind == "missing":
        return "is missing", f"add it{f' ({about})' if about else ''}; every field of a record is written out"
    if "#rrggbb" in about:
        return f"{_shown(value)} is not a colour", 'write a colour as "#c4622d", six digits 0-9 a-f, in quotes'
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'|(\d+)", str(context.get("expected", "")))
        return f"{_shown(value)} is not a choice", nearest(str(value), [word or number for word, number in choices])
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input ").replace("should", "must")
    return f"{_shown(value)} {message[:1].lower()}{message[1:]}", about or "change the value"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return _kind(value)
    text = repr(value) if value is not None else "nothing"
    return text if len(text) <= 60 else text[:57] + "…"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a record"
    if isinstance(value, list | tuple):
        return "a list"
    return "empty" if value is None else "a word or number"


def _record(loc: FieldPath) -> type[BaseModel] | None:
    """The record type at a place of the document."""
    here: type[BaseModel] | None = Screenplay
    for step in loc:
        if isinstance(step, str) and here is not None:
            info = next((f for n, f in here.model_fields.items() if step in (n, f.alias)), None)
            here = _record_in(info.annotation) if info else None
    return here


def _record_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for a in typing.get_args(annotation) if (found := _record_in(a))), None)


def _fields(loc: FieldPath) -> list[str]:
    record = _record(loc)
    return [f.alias or n for n, f in record.model_fields.items()] if record else []


def _description(loc: FieldPath) -> str:
    names = [step for step in loc if isinstance(step, str)]
    record = _record(tuple(names[:-1]))
    if record is None or not names:
        return ""
    info = next((f for n, f in record.model_fields.items() if names[-1] in (n, f.alias)), None)
    return (info.description or "") if info else ""
