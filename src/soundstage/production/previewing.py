"""A moving, sounding sketch of a film in seconds: the same plan, Take, cameras and sound, drawn instead of rendered."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cache
from ..screenplay import Screenplay, dump
from . import steps
from .casting import Cast
from .options import Options, check_target
from .pipeline import check_understood, open_document
from .steps import Progress
from .summary import understood
from .vocabulary import check_vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..take import Take

STEP = "draw"
WIDTH = 640
"""Of a sketch [px]; its height follows the film's shape."""
TOGETHER = 12
"""Frames that are drawn in one go."""
AHEAD = 16
"""So many goes are drawn before they are needed: what memory is taken, however long the film."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A finished sketch."""

    film: Path
    screenplay: Screenplay
    understood: tuple[str, ...]
    elapsed_s: float

    def json(self) -> dict[str, Any]:
        """The object of `--json`."""
        sp = self.screenplay
        return {
            "film": str(self.film),
            "understood": list(self.understood),
            "not_understood": list(sp.not_understood),
            "seconds": sp.seconds,
            "size": list(shape(sp.size)),
            "fps": sp.fps,
            "seed": sp.seed,
            "elapsed_s": round(self.elapsed_s, 3),
        }


def preview(
    source: str | os.PathLike[str] | Screenplay,
    out: str | os.PathLike[str],
    *,
    language: str | None = None,
    strict: bool = False,
    cast: Cast = (),
    progress: Progress | None = None,
    **options: Any,
) -> Preview:
    """Sketch a prompt, a screenplay, or a film that carries one. Options as of `film`.

    Only the pictures are simpler than the film's: who stands where and does what when, what is heard, and what the
    camera sees, are the film's own.

    Raises:
        InputError: prompt, document or an option is wrong.
        OutcomeError: an intended outcome cannot be reached.
        OutputError: the sketch cannot be written.
    """
    started = time.monotonic()
    target = check_target(out)
    document = open_document(source, Options(**options), language=language, cast=cast, progress=progress)
    sp = document.screenplay
    if strict:
        check_understood(sp)
    check_vocabulary(document)
    with cache.running():
        files = steps.take_files(sp, progress=progress)
        _write(files, sp, target, progress)
    return Preview(film=target, screenplay=sp, understood=understood(sp), elapsed_s=time.monotonic() - started)


def shape(size: tuple[int, int]) -> tuple[int, int]:
    """Size of the sketch of a film: at most WIDTH wide or high, even, the film's shape."""
    scale = min(1.0, WIDTH / max(size))
    return max(2, round(size[0] * scale / 2) * 2), max(2, round(size[1] * scale / 2) * 2)


def _write(files: Sequence[Path], sp: Screenplay, target: Path, progress: Progress | None) -> None:
    from .. import post
    from ..take import Take

    takes = tuple(Take.load(path) for path in files)
    metadata = {"title": sp.title, "comment": dump(sp), "encoder": "Soundstage"}
    try:
        with post.beside(target) as work, _drawing(files, takes, shape(sp.size), progress) as pictures:
            sound = steps.score(takes, sp, progress=progress)
            path = work / target.name
            post.encode(pictures, sound.mix, path, fps=sp.fps, metadata=metadata, fast=True)
            path.replace(target)
    except OSError as error:
        raise post.output_error(error, target) from None


@contextmanager
def _drawing(
    files: Sequence[Path], takes: Sequence[Take], size: tuple[int, int], progress: Progress | None
) -> Iterator[Iterator[NDArray[np.uint8]]]:
    """The frames, drawn by other processes, a little ahead of what is taken, while this one makes the sound."""
    from concurrent.futures import Future

    from .workers import workers

    jobs = [
        (path, size, first, min(first + TOGETHER, len(take.camera.time)))
        for path, take in zip(files, takes, strict=True)
        for first in range(0, len(take.camera.time), TOGETHER)
    ]
    with workers() as pool:
        begun: deque[Future[list[NDArray[np.uint8]]]] = deque(pool.submit(_draw, job) for job in jobs[:AHEAD])

        def frames() -> Iterator[NDArray[np.uint8]]:
            for done in range(len(jobs)):
                some = begun.popleft().result()
                if done + AHEAD < len(jobs):
                    begun.append(pool.submit(_draw, jobs[done + AHEAD]))
                if progress:
                    progress(STEP, done + 1, len(jobs))
                yield from some

        yield frames()


def _draw(job: tuple[Path, tuple[int, int], int, int]) -> list[NDArray[np.uint8]]:
    from ..sketch import sketch
    from ..take import Take

    path, size, first, last = job
    return list(sketch(Take.load(path), size=size, rows=range(first, last)))
