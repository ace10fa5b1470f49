"""Plain values → YAML as a person would lay it out: records as blocks, small things on one line, colours quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 128
"""A record that fits in so many columns stands on one line."""

HEAD = """\
# A film for Soundstage. Change anything here and shoot it again: soundstage film THIS.yaml -o FILM.mp4
# Lengths in metres, times in seconds, masses in kilograms, angles in degrees, colours "#rrggbb" in quotes.
"""

CHARACTER_HEAD = """\
# A character for Soundstage. Cast it in any film: soundstage film "NAME waves in a park" --cast THIS.yaml -o FILM.mp4
# Change anything here. Lengths in metres, ages in years, colours "#rrggbb" in quotes; most else goes from 0 to 1.
"""

CHARACTER_NOTES: Mapping[str, str] = {
    "identity": "who this is, the same in every film: wrinkles are those of the age while they are null",
    "wardrobe": "what is worn, unless the words of a film name other clothes",
    "voice": "how it sounds",
}

NOTES: Mapping[str, str] = {
    "look": "how light becomes picture",
    "render": "what trades time for looks",
    "sound": "levels of the mix",
    "cast": "who is in it; a character keeps this identity in every shot",
    "props": "things, and where they are when the scene starts",
    "scenes": "each is one continuous simulation in one place",
    "blocking": "where people stand and what they look at when the scene starts",
    "beats": "what somebody does, and when",
    "lines": "what is said",
    "shots": "which camera sees which part of a scene",
    "not_understood": "phrases of the prompt that this film does not show",
}

_PLAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9_/ -]*(?<! )\Z")
_TAKEN = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"}
# What JSON leaves as it is and YAML forbids or folds: C1 controls, line separators, byte order marks, non-characters.
_FORBIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def layout(document: Mapping[str, Any], *, head: str = HEAD, notes: Mapping[str, str] = NOTES) -> str:
    """A whole document as YAML text."""
    parts = [head]
    for key, value in document.items():
        if key in notes:
            parts.append(f"\n# {notes[key]}\n")
        if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
            records = ["- " + _block(record, 2).lstrip() for record in value]
            parts.append(f"{key}:\n" + "\n".join(records))
        else:
            parts.append(_entry(key, value, 0))
    return "".join(parts)


def _entry(key: str, value: Any, indent: int) -> str:
    """`key: value` as one line if it fits, else as a block; ends with a newline."""
    pad = " " * indent
    line = f"{pad}{key}: {_flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping | list | tuple) or not value:
        return line + "\n"
    if isinstance(value, Mapping):
        return f"{pad}{key}:\n{_block(value, indent + 2)}"
    items = [_item(item, indent + 2) for item in value]
    return f"{pad}{key}:\n" + "".join(items)


def _item(value: Any, indent: int) -> str:
    """An item of a list as one line if it fits; a record that does not, as a block."""
    line = f"{' ' * indent}- {_flow(value)}\n"
    if len(line) <= WIDTH + 1 or not isinstance(value, Mapping) or not value:
        return line
    return f"{' ' * indent}- {_block(value, indent + 2).lstrip()}"


def _block(record: Mapping[str, Any], indent: int) -> str:
    return "".join(_entry(key, value, indent) for key, value in record.items())


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float):
        text = repr(value)
        # YAML 1.1 reads 1e-05 as a word; 1.0e-05 is a number to everybody.
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    return json.dumps(value)


def _string(text: str) -> str:
    if _PLAIN.match(text) and text.lower() not in _TAKEN:
        return text
    return _FORBIDDEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))
