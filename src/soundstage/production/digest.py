"""A name for what a Take says: equal records have equal digests, whatever file they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..take import Take


def digest(take: Take) -> str:
    """SHA-256 over every value of a record, in hexadecimal."""
    sha = hashlib.sha256()
    for piece in _pieces(take):
        sha.update(piece)
    return sha.hexdigest()


def _pieces(value: Any) -> Iterator[bytes | memoryview]:
    if is_dataclass(value):
        for field in fields(value):
            yield field.name.encode()
            yield from _pieces(getattr(value, field.name))
    elif hasattr(value, "dtype") and hasattr(value, "shape"):
        # Text columns are as wide as their longest word; the width is no part of what they say.
        if value.dtype.kind == "U":
            yield json.dumps(value.tolist()).encode()
        else:
            yield f"{value.dtype.str}{value.shape}".encode()
            yield value.tobytes()
    elif isinstance(value, Mapping):
        for name in sorted(value):
            yield json.dumps(name).encode()
            yield from _pieces(value[name])
    elif isinstance(value, tuple | list):
        yield f"[{len(value)}".encode()
        for item in value:
            yield from _pieces(item)
    else:
        yield json.dumps(value).encode()
