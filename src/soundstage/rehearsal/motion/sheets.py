"""The choreographer's tables as they are written: library/data/actions.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sheets() -> dict[str, Any]:
    """All tables of the file."""
    return tomllib.loads(files("soundstage.library").joinpath("data", "actions.toml").read_text("utf-8"))
