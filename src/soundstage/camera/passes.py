"""Passes of frames: what every pixel shows, as numbers; kept like frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..passes import chosen
from ..take import Take
from . import keys
from .jobs import Order
from .shooting import Frame, Progress, prepare, render_missing, rows_of, settings_of


def shoot_passes(
    takes: Sequence[Take],
    *,
    passes: str | Iterable[str],
    size: tuple[int, int],
    frames_dir: str | os.PathLike[str],
    progress: Progress | None = None,
    frames: Sequence[int] | None = None,
    threads: int | None = None,
) -> list[Path]:
    """One EXR per film frame, in order, with the passes that are asked for (see `soundstage.passes`).

    Those that are in `frames_dir` already are not made again.

    Args:
        takes: the scenes of the film, one after the other.
        passes: names of passes, as a list or with commas; "all".
        size: width and height [px].
        progress: called with (done, wanted) as files come to lie in the folder.
        frames: which film frames; all by default.
        threads: CPU threads; all there are by default.

    Raises:
        InputError: there is no such pass or frame.
        OutputError: the folder cannot be written.
        WorkerError: the render process died again and again at the same frame.
    """
    settings = settings_of(
        size=size, samples=1, motion_blur=False, shutter=0.0, denoise=False, view_transform="Standard",
        contrast="None", exposure_ev=0.0, seed=0,
    )  # fmt: skip
    settings["passes"] = list(chosen(passes))
    folder = Path(frames_dir)
    prepare(folder)
    wanted: list[Frame] = []
    for take, row in rows_of(takes, frames):
        path = folder / f"{keys.passes_key(takes[take], settings, row)}.exr"
        wanted.append(Frame(take=take, order=Order(frame=row, seed=0, target=str(path)), path=path))
    render_missing(takes, settings, wanted, folder, progress=progress, threads=threads)
    return [frame.path for frame in wanted]
