"""Faults of a document: the line, the field, what is wrong with it and how to mend it."""

from __future__ import annotations

import re
import typing
from typing import Any

from pydantic import BaseModel, ValidationError

from ..errors import ScreenplayError
from ._references import BrokenReference
from ._text import Parsed
from ._text import Path as FieldPath
from .model import Screenplay
from .nearest import nearest


def fault(name: str, lines: typing.Mapping[FieldPath, int], path: FieldPath, what: str, mend: str) -> ScreenplayError:
    """`name:line: path: what`; a field that is not there is on the line of its record."""
    at = path
    while at not in lines and at:
        at = at[:-1]
    where = f"{name}:{lines[at]}" if at in lines else name
    return ScreenplayError(f"{where}: {_joined(path)}: {what}" if path else f"{where}: {what}", mend)


def _joined(path: FieldPath) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def split(path: str) -> FieldPath:
    return tuple(int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([a-z_0-9]+)", path))


def explain(error: ValidationError, parsed: Parsed, name: str, root: type[BaseModel] = Screenplay) -> ScreenplayError:
    """The first fault of a `root` in the order of the document, and how to mend it."""
    faults = error.errors()
    for one in faults:
        cause = one.get("ctx", {}).get("error")
        if isinstance(cause, BrokenReference):
            what, _, mend = cause.what.partition("; ")
            return fault(name, parsed.lines, split(cause.path), what, mend or "give an id that exists")

    def line(one: Any) -> int:
        loc = one["loc"]
        while loc and loc not in parsed.lines:
            loc = loc[:-1]
        return parsed.lines.get(loc, 0)

    places = [f["loc"] for f in faults]
    # A list with a faulty record in it is also "too short": only the innermost fault is worth a word.
    faults = [f for f in faults if not any(len(p) > len(f["loc"]) and p[: len(f["loc"])] == f["loc"] for p in places)]
    first = min(faults, key=line)
    what, mend = _words(first, root)
    if len(faults) > 1:
        what += f" (and {len(faults) - 1} more)"
    return fault(name, parsed.lines, tuple(first["loc"]), what, mend)


def _words(found: Any, root: type[BaseModel]) -> tuple[str, str]:
    """What is wrong with one field, and how to mend it."""
    kind, value, context = found["type"], found["input"], found.get("ctx", {})
    loc = tuple(found["loc"])
    about = _description(loc, root)
    if kind == "extra_forbidden":
        return "there is no such field", nearest(str(loc[-1]), _fields(loc[:-1], root))
    if kind == "missing":
        return "is missing", f"add it{f' ({about})' if about else ''}; every field of a record is written out"
    if "#rrggbb" in about:
        return f"{_shown(value)} is not a colour", 'write a colour as "#c4622d", six digits 0-9 a-f, in quotes'
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'|(\d+)", str(context.get("expected", "")))
        return f"{_shown(value)} is not a choice", nearest(str(value), [word or number for word, number in choices])
    message = str(found["msg"]).removeprefix("Value error, ").removeprefix("Input ").replace("should", "must")
    return f"{_shown(value)} {message[:1].lower()}{message[1:]}", about or "change the value"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return kind_of(value)
    text = repr(value) if value is not None else "nothing"
    return text if len(text) <= 60 else text[:57] + "…"


def kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "a record"
    if isinstance(value, list | tuple):
        return "a list"
    return "empty" if value is None else "a word or number"


def _record(loc: FieldPath, root: type[BaseModel]) -> type[BaseModel] | None:
    """The record type at a place of the document."""
    here: type[BaseModel] | None = root
    for step in loc:
        if isinstance(step, str) and here is not None:
            info = next((f for n, f in here.model_fields.items() if step in (n, f.alias)), None)
            here = _record_in(info.annotation) if info else None
    return here


def _record_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for a in typing.get_args(annotation) if (found := _record_in(a))), None)


def _fields(loc: FieldPath, root: type[BaseModel]) -> list[str]:
    record = _record(loc, root)
    return [f.alias or n for n, f in record.model_fields.items()] if record else []


def _description(loc: FieldPath, root: type[BaseModel]) -> str:
    names = [step for step in loc if isinstance(step, str)]
    record = _record(tuple(names[:-1]), root)
    if record is None or not names:
        return ""
    info = next((f for n, f in record.model_fields.items() if names[-1] in (n, f.alias)), None)
    return (info.description or "") if info else ""
