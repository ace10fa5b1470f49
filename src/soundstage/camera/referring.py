"""References: frames rendered once more, whole and with many samples, to judge a film by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..take import Take
from . import keys
from .jobs import Order
from .shooting import Frame, Progress, on_device, prepare, render_missing, rows_of, settings_of

OTHER_NOISE = 0x5EED
"""What tells a reference's noise from the film's."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a frame of the film ought to look like, and what it shows."""

    frame: int
    picture: Path
    """PNG."""
    surfaces: Path
    """.npz: `points` (rows, columns, 3) [m], the surface behind the centre of every `step`-th pixel, NaN the sky."""


def refer(
    takes: Sequence[Take],
    *,
    frames: Sequence[int],
    frames_dir: str | os.PathLike[str],
    progress: Progress | None = None,
    threads: int | None = None,
    **look: Any,
) -> list[Reference]:
    """References of some film frames; kept in `frames_dir` like frames. `look` is the settings that `shoot` takes.

    They are rendered by the plain way, all of the picture with all of its samples and other noise, so that what the
    fast way of `shoot` does wrong shows as a difference.

    Raises:
        InputError: the film has no such frame.
        OutputError: the folder cannot be written.
        WorkerError: the render process died again and again at the same frame.
    """
    settings = settings_of(**look) | on_device()
    settings["seed"] ^= OTHER_NOISE
    folder = Path(frames_dir)
    prepare(folder)
    wanted: list[Frame] = []
    found: list[Reference] = []
    for frame, (take, row) in zip(frames, rows_of(takes, frames), strict=True):
        name = keys.frame_keys(takes[take], {**settings, "whole": True}, [row])[0]
        picture, surfaces = folder / f"{name}.png", folder / f"{name}.surfaces.npz"
        order = Order(
            frame=row,
            seed=keys.noise_seed(takes[take], settings, row),
            target=str(picture),
            surfaces=str(surfaces),
        )
        wanted.append(Frame(take=take, order=order, path=picture))
        found.append(Reference(frame=frame, picture=picture, surfaces=surfaces))
    render_missing(takes, settings, wanted, folder, progress=progress, threads=threads)
    return found
