"""Frames of a finished film rendered once more, to judge it by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import cache
from ..errors import InputError
from ..screenplay import dump, load
from .dressing import look_of
from .steps import Progress, picture_settings

if TYPE_CHECKING:
    from ..review.references import Reference

STEP = "references"


def references(
    film: str | os.PathLike[str],
    count: int,
    *,
    samples: int,
    takes: Sequence[Path] | None = None,
    progress: Progress | None = None,
) -> list[Reference]:
    """References of `count` frames of a film, evenly over its length; `takes` are those beside it by default.

    They are kept with the frames of films, so that another review of the same film does not render them again.

    Raises:
        InputError: the film does not carry its screenplay, has a look of its own, or there is no Take beside it.
        WorkerError: the render process died too often.
    """
    from .. import camera
    from ..review.references import Reference
    from ..review.reviewing import beside
    from ..review.truth import Truth

    screenplay = load(film)
    files = beside(Path(film)) if takes is None else takes
    if not files:
        raise InputError(
            f"{Path(film).name} has no Take beside it, so nothing can be rendered to compare it with",
            "give its record with --take, or leave out --references",
        )
    truth = Truth.of(files, screenplay.size, screenplay=dump(screenplay))
    frames = sorted({int((k + 0.5) * truth.frames / count) for k in range(min(count, truth.frames))})
    if look_of(screenplay).changes:
        raise InputError(
            f"{Path(film).name} has a style, a grade, grain or a vignette, which no reference has",
            "leave out --references, or compare the film as it is without them",
        )
    settings, kept = picture_settings(screenplay), cache.frames_dir()
    sources = camera.shoot(truth.takes, frames=frames, **settings, frames_dir=kept)
    made = camera.refer(
        truth.takes,
        frames=frames,
        **{**settings, "samples": samples},
        frames_dir=kept,
        progress=(lambda done, total: progress(STEP, done, total)) if progress else None,
    )
    return [
        Reference(frame=r.frame, picture=r.picture, surfaces=r.surfaces, source=source)
        for r, source in zip(made, sources, strict=True)
    ]
