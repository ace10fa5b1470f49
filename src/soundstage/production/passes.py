"""Passes of a film's frames, in a folder of their own: FOLDER/00000.exr … one per film frame."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from .. import cache
from ..errors import OutputError
from ..passes import chosen
from ..post.bundle import output_error
from ..screenplay import Screenplay
from . import steps
from .casting import Cast
from .options import Options, check_room
from .steps import Progress
from .vocabulary import check_vocabulary

BYTES_PER_PIXEL = 20.0
"""What all passes of a frame take on disk, compressed; foliage and grass compress worst."""
NUMBERED = re.compile(r"\d{5,}\.exr")


def passes(
    source: str | os.PathLike[str] | Screenplay,
    out: str | os.PathLike[str],
    *,
    passes: str | Iterable[str] = "all",
    language: str | None = None,
    seconds: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    seed: int | None = None,
    cast: Cast = (),
    progress: Progress | None = None,
) -> list[Path]:
    """The passes of every frame of a prompt, a screenplay or a film, without its pictures and its sound.

    Finished files are kept: stop it anywhere and call it again, and it goes on. See `soundstage.passes` for what is
    in a file, and `soundstage.passes.read` to read it.

    Raises:
        InputError: prompt, document, an option or the name of a pass is wrong; nothing was made.
        WorkerError: a render process died too often; finished files are kept.
        OutputError: the folder cannot be written; finished files are kept.
    """
    from .pipeline import open_document

    wanted = chosen(passes)
    folder = check_folder(out)
    document = open_document(
        source,
        Options(seconds=seconds, size=size, fps=fps, seed=seed),
        language=language,
        cast=cast,
        progress=progress,
    )
    check_vocabulary(document)
    with cache.running():
        check_room(document.screenplay, cache.cache_dir(), BYTES_PER_PIXEL)
        takes = steps.rehearse(document.screenplay, progress=progress)
        made = steps.shoot_passes(takes, document.screenplay, wanted, progress=progress)
        placed = lay(made, folder)
        cache.prune()
    return placed


def check_folder(out: str | os.PathLike[str]) -> Path:
    """The path of a folder that is there or can be made.

    Raises:
        OutputError: it is a file, or cannot be made.
    """
    folder = Path(out).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{folder} is a file, but the passes need a folder", "give another place with -o") from None
    except OSError as error:
        raise output_error(error, folder) from None
    return folder


def lay(files: Sequence[Path], folder: Path) -> list[Path]:
    """Copies of kept files as the numbered frames of a film; frames of an earlier film there are removed.

    Raises:
        OutputError: the folder cannot be written, or is full.
    """
    placed: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files):
            target = folder / f"{number:05d}.exr"
            part = folder / f".{target.name}.{os.getpid()}.part"
            try:
                shutil.copyfile(file, part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            placed.append(target)
        for stale in folder.iterdir():
            if NUMBERED.fullmatch(stale.name) and stale not in placed:
                stale.unlink()
    except OSError as error:
        raise output_error(error, folder) from None
    cache.touch(files)
    return placed
