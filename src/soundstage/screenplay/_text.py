"""Text of a document → plain values and the line each stands on. Safe for text from anywhere.

YAML is read from the parser's events, so no tag is ever constructed, depth and the number of values (aliases count
each time they are used) are bounded, and every value knows its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ScreenplayError

MAX_BYTES = 4_000_000
"""Largest document that is read [bytes]; a film of an hour with a hundred shots is a tenth of it."""
MAX_DEPTH = 24
MAX_VALUES = 300_000

Path = tuple[str | int, ...]
"""Where a value stands: names of fields and indices of lists from the top."""

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_INFINITE = {".inf": "Infinity", "+.inf": "Infinity", "-.inf": "-Infinity", ".nan": "NaN"}


@dataclass(frozen=True)
class Parsed:
    """Plain values of a document, and lines (from 1) by path."""

    values: Any
    lines: Mapping[Path, int] = field(default_factory=dict)


def parse(text: str, name: str) -> Parsed:
    """What a YAML or JSON text says.

    Raises:
        ScreenplayError: it is too large, too deep, or not YAML; the message starts with `name:line:`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ScreenplayError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB", "split the film into several")
    if text.lstrip().startswith("{"):
        parsed = _parse_json(text)
        if parsed is not None:
            return parsed
    return _Reader(text, name).document()


def _parse_json(text: str) -> Parsed | None:
    """Values of a JSON text; None if it is not JSON (YAML's flow style also starts with a brace)."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a field is given twice")
        return dict(pairs)

    try:
        values = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError):
        return None  # the YAML reader finds the same fault and knows its line
    try:
        return Parsed(values, _Reader(text, "").document().lines)
    except ScreenplayError:
        return Parsed(values)  # tabs, which JSON allows and YAML does not: go without lines


class _Reader:
    """One pass over the parser's events."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._lines: dict[Path, int] = {}
        self._anchors: dict[str, Any] = {}
        self._count = 0

    def _fault(self, line: int, what: str, mend: str) -> ScreenplayError:
        return ScreenplayError(f"{self._name}:{line}: {what}", mend)

    def document(self) -> Parsed:
        """The one document of the text."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
        from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent, StreamStartEvent

        if "\0" in self._text:
            raise self._fault(self._text[: self._text.index("\0")].count("\n") + 1, "not a text file", "give YAML")
        yaml = YAML(typ="safe", pure=True)
        try:
            events: Iterator[Any] = iter(yaml.parse(self._text))
            assert isinstance(next(events), StreamStartEvent)
            start = next(events)
            if isinstance(start, StreamEndEvent):
                raise self._fault(1, "the document is empty", "write a screenplay, or plan one: soundstage plan …")
            assert isinstance(start, DocumentStartEvent)
            values = self._value(next(events), events, ())
            next(events)  # the end of the document
            if not isinstance(next(events), StreamEndEvent):
                raise self._fault(1, "more than one document in one file", "keep one film per file (remove '---')")
        except MarkedYAMLError as error:
            mark, opened = error.problem_mark, error.context_mark
            if opened and (mark is None or mark.line >= self._text.count("\n")):
                mark = opened  # what is never closed is noticed at the end, but wrong where it begins
            raise self._fault(
                mark.line + 1 if mark else 1,
                f"not YAML: {' '.join(str(error.problem or error.context).split())}",
                "check the indentation, colons and quotes on this line and the one before it",
            ) from None
        except YAMLError as error:
            # A character that YAML forbids; the message spans lines, its position counts characters.
            position = getattr(error, "position", 0)
            line = self._text[:position].count("\n") + 1 if isinstance(position, int) else 1
            raise self._fault(line, "a character that YAML does not allow", "remove it or write it as \\u…") from None
        except RecursionError:
            raise self._fault(1, "nested too deeply", f"a screenplay is at most {MAX_DEPTH} levels deep") from None
        return Parsed(values, self._lines)

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        line = event.start_mark.line + 1
        self._lines.setdefault(path, line)
        self._count += 1
        if self._count > MAX_VALUES:
            raise self._fault(line, f"more than {MAX_VALUES:,} values", "split the film into several")
        if len(path) > MAX_DEPTH:
            raise self._fault(line, "nested too deeply", f"a screenplay is at most {MAX_DEPTH} levels deep")
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event, line)
        if getattr(event, "tag", None) and str(event.tag) not in ("!", "tag:yaml.org,2002:str"):
            raise self._fault(line, f"tags are not used here: {event.tag}", "remove the tag, keep the value")
        if kind == "ScalarEvent":
            value = self._scalar(event, line)
        elif kind == "SequenceStartEvent":
            value = self._sequence(events, path)
        else:
            value = self._mapping(events, path)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: Any, line: int) -> Any:
        if event.anchor not in self._anchors:
            raise self._fault(line, f"*{event.anchor} points at nothing", f"write &{event.anchor} before it")
        value = self._anchors[event.anchor]
        self._count += _size(value, MAX_VALUES)
        if self._count > MAX_VALUES:
            raise self._fault(line, f"more than {MAX_VALUES:,} values through aliases", "write fewer aliases")
        return value

    def _scalar(self, event: Any, line: int) -> Any:
        text = str(event.value)
        if event.style or event.tag:  # quoted, a block of text, or said to be a string
            return text
        if text.lower() in _WORDS and text in (text.lower(), text.title(), text.upper()):
            return _WORDS[text.lower()]
        if text.lower() in _INFINITE:
            return float(_INFINITE[text.lower()])
        if _INT.match(text):
            if len(text) > 30:
                raise self._fault(line, "a number of more than 30 digits", "write a smaller number, or quote it")
            return int(text)
        return float(text) if _FLOAT.match(text) else text

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            values.append(self._value(event, events, (*path, len(values))))
        return values

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            line = event.start_mark.line + 1
            if type(event).__name__ != "ScalarEvent":
                raise self._fault(line, "a field's name is a word", "write name: value")
            key = str(event.value)
            if key in values:
                raise self._fault(line, f"{key!r} is given twice", "keep one of them")
            self._lines[(*path, key)] = line
            values[key] = self._value(next(events), events, (*path, key))
        return values


def _size(value: Any, limit: int) -> int:
    """Number of values inside a value, counted no further than a limit."""
    stack, count = [value], 0
    while stack and count <= limit:
        here = stack.pop()
        count += 1
        if isinstance(here, dict):
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)
    return count
