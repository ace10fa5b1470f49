"""What a render process is asked to do, as one JSON file; and what it says back, line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Order:
    """One frame to render."""

    frame: int
    """Row of the Take's camera."""
    seed: int
    target: str
    """Path of the PNG."""
    plate: str = ""
    """Path of the plate of its camera; empty if the camera moves."""
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
        data["orders"] = tuple(Order(**order) for order in data["orders"])
        return Job(**data)
