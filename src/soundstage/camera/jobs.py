"""What a render process is asked to do, as one JSON file; and what it says back, line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class PlateOrder:
    """A picture of the empty set, kept in a file."""

    path: str
    row: int
    """Row of the Take's camera that sees it."""
    seed: int


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A rendered frame, in a file."""

    row: int
    path: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """One frame to render."""

    frame: int
    """Row of the Take's camera."""
    seed: int
    target: str
    """Path of the PNG."""
    plates: tuple[PlateOrder, ...] = ()
    """Of the empty set: one for a camera that stands still, the one before and the one after for one that moves."""
    neighbours: tuple[Neighbour, ...] = ()
    """The frames before and after it from which it is made, if it is (see `inbetween`)."""
    surfaces: str = ""
    """Where to write which point of the world each pixel shows (see `blender.surfaces`); empty: nowhere."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """Frames of one Take, for one process."""

    take: str
    """Path of the Take."""
    settings: Mapping[str, Any]
    threads: int
    orders: tuple[Order, ...]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Job:
        data = json.loads(path.read_text(encoding="utf-8"))
        for order in data["orders"]:
            order["plates"] = tuple(PlateOrder(**plate) for plate in order["plates"])
            order["neighbours"] = tuple(Neighbour(**one) for one in order["neighbours"])
        data["orders"] = tuple(Order(**order) for order in data["orders"])
        return Job(**data)
