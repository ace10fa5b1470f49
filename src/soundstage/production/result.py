"""What became of a film: where everything is, what was understood, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """A finished film and what stands beside it."""

    film: Path
    screenplay: Path
    takes: tuple[Path, ...]
    """One record per scene, in order."""
    stems: Mapping[str, Path]
    mix: Path
    subtitles: Path
    report: Path
    title: str
    understood: tuple[str, ...]
    not_understood: tuple[str, ...]
    seconds: float
    size: tuple[int, int]
    fps: int
    quality: str
    seed: int
    frames: int
    """Frames of the film."""
    frames_rendered: int
    """Frames rendered for it now; the others were known."""
    outcomes: Mapping[str, Any]
    """Per beat with an intended outcome: what was reached."""
    timings_s: Mapping[str, float]
    """Wall time of each step [s]."""
    elapsed_s: float
    passes: Path | None = None
    """The folder of passes, one EXR per frame, if they were asked for."""
    review: Mapping[str, Any] | None = None
    """What the finished film was measured to be; None if it was not."""

    def json(self) -> dict[str, Any]:
        """The object of `--json`."""
        values = {name: _plain(value) for name, value in vars(self).items()}
        values["review"] = self.review  # rounded already, each row as finely as it is known
        takes = values.pop("takes")
        return {"film": values.pop("film"), "screenplay": values.pop("screenplay"), "take": takes, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return round(value, 3) if isinstance(value, float) else value
