"""Which actions and manners there are; the tables of library/data/actions.toml name them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def of_people() -> tuple[str, ...]:
    """Everything a person can do."""
    return tuple(_tables()["action"])


def of_things() -> tuple[str, ...]:
    """Everything a thing can do by itself."""
    return tuple(_tables()["thing"])


def manners() -> tuple[str, ...]:
    """Every way of doing it."""
    return tuple(_tables()["manner"])


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("soundstage.library").joinpath("data", "actions.toml").read_text("utf-8"))
