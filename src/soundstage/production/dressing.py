"""Frames as the camera made them → frames as the film shows them; each dressed once and kept.

What a look needs of the camera is decided here too: which frames (a style on twos shows every other one, held from
each cut on), how many light paths at most, and which exact passes. A dressed frame is named after everything it
depends on: the source frame, the passes, the grade, the style, and, where the look is new every frame, its number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as remembered
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cache, library
from ..devices import usable_cpus
from ..screenplay import Screenplay
from .workers import workers

if TYPE_CHECKING:
    from ..looks import Style
    from ..post.look import Look
    from ..take import Take

Told = Any
"""Called with (frames done, of how many)."""
SHARE = 0.8
"""A style that wants nearly as many pictures a second as the film has gets them all: holding one now and then only
stutters."""
ALONE = 2
"""So few frames are dressed here; more, in processes of their own."""


def look_of(screenplay: Screenplay) -> Look:
    """What a document says about its look, with the library's entries.

    Raises:
        InputError: there is no such grade or style.
    """
    from ..post.look import Look

    look = screenplay.look
    return Look(
        grade=library.grade(look.grade),
        style=library.style(look.style),
        grain=look.grain,
        vignette=look.vignette,
        seed=screenplay.seed,
    )


def held(takes: Sequence[Take], style: Style) -> list[int]:
    """For each film frame the one whose picture is shown: the first of those that a picture is held for.

    Holding begins anew at every cut, so that no picture outlives its shot.
    """
    shown: list[int] = []
    for take in takes:
        first = start = len(shown)
        shots = take.camera.shot
        for row in range(len(take.camera.time)):
            if row and shots[row] != shots[row - 1]:
                start = first + row
            shown.append(start + _held(first + row - start, take.fps, style.pictures_per_second))
    return shown


def _held(frame: int, fps: int, rate: float) -> int:
    """The first frame of the picture that a frame shows, both from the start of a shot."""
    if not 0 < rate <= fps * SHARE:
        return frame
    picture = int(frame * rate / fps + 1e-9)
    return int(-(-picture * fps // rate))


@dataclass(frozen=True, kw_only=True)
class _Job:
    """A frame to dress."""

    source: Path
    passes: Path | None
    take: int
    row: int
    shown: int
    boil: int
    target: Path


def dress(
    frames: Sequence[Path],
    passes: Sequence[Path],
    takes: Sequence[Take],
    look: Look,
    *,
    progress: Told = None,
) -> list[Path]:
    """One picture file per film frame, in the film's look; `frames` themselves, if it changes nothing.

    Args:
        frames: per film frame the picture that it shows, as the camera made it.
        passes: per film frame the file of its passes; empty, if the style needs none.

    Raises:
        FrameError: a frame or a file of passes is missing or broken.
    """
    if not look.changes:
        return list(frames)
    jobs = list(_jobs(frames, passes, takes, look))
    waiting = {job.target: job for job in jobs if not job.target.exists()}
    total = len({job.target for job in jobs})
    if progress:
        progress(total - len(waiting), total)
    if waiting:
        with _dressers(takes, look, len(waiting)) as work:
            for done, fault in enumerate(work(list(waiting.values())), 1):
                _check(fault)
                if progress:
                    progress(total - len(waiting) + done, total)
    return [job.target for job in jobs]


def _jobs(frames: Sequence[Path], passes: Sequence[Path], takes: Sequence[Take], look: Look) -> Iterator[_Job]:
    from ..post.look import facts

    said, folder, sources = facts(look), cache.frames_dir(), held(takes, look.style)
    rows = [(t, row) for t, take in enumerate(takes) for row in range(len(take.camera.time))]
    for number, frame in enumerate(frames):
        source = sources[number]
        take, row = rows[source]
        boil = int(source * look.style.boil / takes[take].fps + 1e-9)
        shown = number if look.restless else source
        exact = passes[number] if passes else None
        inputs = {
            "source": frame.name,
            "passes": exact.name if exact else "",
            "look": said,
            "boil": boil,
            "shown": shown if look.restless else 0,
            "posing": _posing() if exact else "",
        }
        target = folder / f"{cache.key(inputs, ['post'])[:32]}.png"
        yield _Job(source=frame, passes=exact, take=take, row=row, shown=shown, boil=boil, target=target)


@remembered
def _posing() -> str:
    return hashlib.sha256(Path(__file__).with_name("posing.py").read_bytes()).hexdigest()


# ── in processes of their own ───────────────────────────────────────────────────────────────────────────────────────

Fault = tuple[Path, str] | None
"""A file that is broken, and why."""
_stage: dict[str, Any] = {}
"""Of a process that dresses: the Takes and the look."""


@contextmanager
def _dressers(takes: Sequence[Take], look: Look, count: int) -> Iterator[Any]:
    """A function that dresses frames and says of each, in order, what was wrong with it, if anything."""
    if count <= ALONE or usable_cpus() == 1:
        _begin(takes, look)
        yield lambda jobs: map(_dress, jobs)
        return
    with workers(_begin, (takes, look)) as pool:
        yield lambda jobs: pool.map(_dress, jobs)


def _begin(takes: Sequence[Take], look: Look) -> None:
    _stage.update(takes=takes, look=look)


def _dress(job: _Job) -> Fault:
    from ..errors import InputError
    from ..passes import read
    from ..post.encode import FrameError, read_frame
    from ..post.look import dress as dressed
    from ..post.look import write
    from .posing import movers

    take, look = _stage["takes"][job.take], _stage["look"]
    try:
        picture = read_frame(job.source)
    except FrameError as error:
        return error.path, error.what
    try:
        exact = read(job.passes) if job.passes else None
    except InputError as error:
        assert job.passes
        return job.passes, error.what
    posed = movers(take, job.row) if exact else {}
    write(dressed(picture, look, passes=exact, movers=posed, shown=job.shown, boil=job.boil), job.target)
    return None


def _check(fault: Fault) -> None:
    from ..post import FrameError

    if fault:
        raise FrameError(*fault)
