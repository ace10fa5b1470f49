"""When everything happens: beats and lines placed on the scene's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..screenplay.model import Beat, Line


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A beat or line with its time."""

    id: str
    kind: Literal["beat", "line"]
    start: int
    """[ticks]"""
    end: int
    """[ticks]"""
    record: Beat | Line
