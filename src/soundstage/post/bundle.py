"""The film and the folder beside it: written beside, renamed into place, nothing of the user's lost.

FILM.mp4
FILM/screenplay.yaml   what the film was made from; also inside the mp4
     SCENE.take.npz    the record of each scene
     stems/*.wav       dialogue, effects, footsteps, ambience
     mix.wav           as in the film
     subtitles.srt
     report.json
"""

from __future__ import annotations

import errno
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import OutputError
from ..take import Take
from .encode import encode
from .subtitles import subtitles
from .wav import write_wav

FILM, SCREENPLAY, REPORT = "film.mp4", "screenplay.yaml", "report.json"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Where everything of a finished film stands."""

    film: Path
    folder: Path
    screenplay: Path
    takes: tuple[Path, ...]
    stems: Mapping[str, Path]
    mix: Path
    subtitles: Path
    report: Path


def finish(
    frames: Sequence[Path],
    mix: NDArray[np.float32],
    stems: Mapping[str, NDArray[np.float32]],
    out: str | os.PathLike[str],
    *,
    fps: int,
    screenplay: str = "",
    title: str = "",
    takes: Sequence[Take] = (),
    report: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Bundle:
    """Write OUT.mp4 and the folder OUT/ from picture files and sound, shape (N, 2) at 48 kHz.

    Raises:
        OutputError: the place cannot be written, or is full; says what is kept.
        FrameError: a frame is missing or broken.
    """
    target = Path(out)
    with beside(target) as work:
        try:
            build(work, frames, mix, stems, fps=fps, screenplay=screenplay, title=title, takes=takes, report=report,
                  progress=progress)  # fmt: skip
        except OSError as error:
            raise output_error(error, target) from None
        return deliver(work, target, keep=False)


def build(
    folder: Path,
    frames: Sequence[Path],
    mix: NDArray[np.float32],
    stems: Mapping[str, NDArray[np.float32]],
    *,
    fps: int,
    screenplay: str = "",
    title: str = "",
    takes: Sequence[Take] = (),
    report: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the film and everything beside it into one empty folder."""
    (folder / "stems").mkdir()
    for name, samples in stems.items():
        write_wav(folder / "stems" / f"{name}.wav", samples)
    write_wav(folder / "mix.wav", mix)
    for take in takes:
        take.save(folder / f"{take.scene}.take.npz")
    (folder / "subtitles.srt").write_text(subtitles(takes), "utf-8")
    (folder / SCREENPLAY).write_text(screenplay, "utf-8")
    metadata = {"title": title, "comment": screenplay, "encoder": "Soundstage"}
    encode(frames, mix, folder / FILM, fps=fps, metadata={k: v for k, v in metadata.items() if v}, progress=progress)
    files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != FILM)
    text = json.dumps({**(report or {}), "files": [*files, REPORT]}, indent=2, ensure_ascii=False)
    (folder / REPORT).write_text(text + "\n", "utf-8")


def deliver(built: Path, out: Path, *, keep: bool, screenplay: str = "") -> Bundle:
    """Bring what `build` wrote to its place; `keep` copies, otherwise it is moved.

    `screenplay` is a text that says the same as the one that was built, but as somebody wrote it, with comments.

    Raises:
        OutputError: the place cannot be written, or is full.
    """
    try:
        if keep:
            with beside(out) as work:
                shutil.copytree(built, work, dirs_exist_ok=True)
                return _place(work, out, screenplay)
        return _place(built, out, screenplay)
    except OSError as error:
        raise output_error(error, out) from None


def bundle(out: Path) -> Bundle:
    """Where everything of a film stands, as found on disk."""
    folder = out.with_suffix("")
    return Bundle(
        film=out,
        folder=folder,
        screenplay=folder / SCREENPLAY,
        takes=tuple(folder / name for name in _listed(folder) if name.endswith(".take.npz")),
        stems={Path(name).stem: folder / name for name in _listed(folder) if name.startswith("stems/")},
        mix=folder / "mix.wav",
        subtitles=folder / "subtitles.srt",
        report=folder / REPORT,
    )


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A folder on the same disk as the film, so that renaming is atomic; gone when the `with` block is left.

    Raises:
        OutputError: the place cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.stem}.{os.getpid()}.", suffix=".part"))
    except OSError as error:
        raise output_error(error, out) from None
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Remove what runs for the same film left that were killed while they wrote it."""
    for folder in out.parent.glob(f".{glob.escape(out.stem)}.*.*.part"):
        owner = folder.name.split(".")[-3]
        try:
            os.kill(int(owner), 0)
        except (ProcessLookupError, OverflowError):
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it there: it is there as a whole, or as it was. Makes its folder.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise output_error(error, path) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def output_error(error: OSError, out: Path) -> OutputError:
    """What to say when the film cannot be written."""
    reason = (error.strerror or str(error)).lower()
    if error.errno in FULL:
        return OutputError(
            f"no room left to write {out.name}: {reason}",
            "free some space, there and where the cache is, and run it again: every finished frame is kept",
        )
    return OutputError(f"{out} cannot be written: {reason}", "give another place with -o; every finished frame is kept")


def _place(work: Path, out: Path, screenplay: str) -> Bundle:
    folder = out.with_suffix("")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file, but the film's folder goes there", "rename it, or choose another -o")
    stale = set(_listed(folder))
    fresh = _listed(work)
    mode = (work / REPORT).stat().st_mode
    if screenplay:
        (work / SCREENPLAY).write_text(screenplay, "utf-8")
    _keep_edited(work / SCREENPLAY, folder / SCREENPLAY)
    for name in fresh:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).chmod(mode)  # files from mkstemp are for their owner alone
        (work / name).replace(folder / name)
    (work / FILM).replace(out)
    for name in stale - set(fresh):
        (folder / name).unlink(missing_ok=True)
    return bundle(out)


def _keep_edited(new: Path, old: Path) -> None:
    """A screenplay that somebody may have edited is never overwritten without a copy."""
    if old.is_file() and old.read_bytes() != new.read_bytes():
        old.replace(old.with_name("screenplay.before.yaml"))


def _listed(folder: Path) -> list[str]:
    """Files that a report says belong to a film; none outside its folder."""
    try:
        names = json.loads((folder / REPORT).read_text("utf-8"))["files"]
        return [n for n in names if isinstance(n, str) and not Path(n).is_absolute() and ".." not in Path(n).parts]
    except (OSError, ValueError, KeyError, TypeError):
        return []
