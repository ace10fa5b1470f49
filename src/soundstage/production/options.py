"""What the command line or a caller may override, checked at the door."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .. import library
from ..errors import InputError, OutputError
from ..screenplay import Screenplay
from ..screenplay.model import Scene, Shot
from ..screenplay.quality import FPS, LEAST, MAX_SECONDS, MOST, RENDER, SIZES, Quality

BYTES_PER_PIXEL = 1.6
"""What a finished frame takes on disk; noise and grain compress badly."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Values that replace those of a plan or document; None leaves them.

    Raises:
        InputError: a value cannot be.
    """

    seconds: float | None = None
    size: tuple[int, int] | None = None
    fps: int | None = None
    quality: Quality | None = None
    seed: int | None = None
    style: str | None = None
    grade: str | None = None

    def __post_init__(self) -> None:
        if self.seconds is not None and not 0 < self.seconds <= MAX_SECONDS:
            raise InputError(f"a film of {self.seconds:g} s", f"give more than 0 and at most {MAX_SECONDS:g} seconds")
        if self.size is not None:
            _check_size(*self.size)
        if self.fps is not None and self.fps not in FPS:
            raise InputError(f"{self.fps} frames a second", f"choose one of: {', '.join(map(str, FPS))}")
        if self.quality is not None and self.quality not in SIZES:
            raise InputError(f"there is no quality {self.quality!r}", f"choose one of: {', '.join(SIZES)}")
        if self.seed is not None and not 0 <= self.seed < 2**31:
            raise InputError(f"a seed of {self.seed}", f"give a whole number from 0 to {2**31 - 1}")
        for kind, name in (("style", self.style), ("grade", self.grade)):
            if name is not None and name not in (there := library.names(f"{kind}s")):  # type: ignore[arg-type]
                raise InputError(f"there is no {kind} {name!r}", f"choose one of: {', '.join(there)}")


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of "1280x720".

    Raises:
        InputError: it is not a size.
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*[xX×*]\s*(\d{1,6})\s*", text)
    if not match:
        raise InputError(f"{text!r} is not a size", "write width x height in pixels, such as 1280x720")
    size = int(match[1]), int(match[2])
    _check_size(*size)
    return size


def _check_size(width: int, height: int) -> None:
    def fits(value: int) -> int:
        return min(max(value - value % 2, LEAST), MOST)

    near = f"{fits(width)}x{fits(height)}"
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        raise InputError(
            f"a picture of {width}x{height}", f"width and height go from {LEAST} to {MOST}; the nearest is {near}"
        )
    if width % 2 or height % 2:
        raise InputError(
            f"a picture of {width}x{height}: video needs even numbers", f"the nearest that works is {near}"
        )


def apply(screenplay: Screenplay, options: Options) -> Screenplay:
    """The document with the options written into it, so that what is saved is what was shot."""
    changed: dict[str, object] = {}
    if options.quality is not None:
        changed |= {"quality": options.quality, "render": RENDER[options.quality], "size": SIZES[options.quality]}
    for name in ("size", "fps", "seed"):
        value = getattr(options, name)
        if value is not None:
            changed[name] = value
    look = {name: getattr(options, name) for name in ("style", "grade") if getattr(options, name) is not None}
    if look:
        changed["look"] = screenplay.look.model_copy(update=look)
    if options.seconds is not None and options.seconds != screenplay.seconds:
        changed |= _cut(screenplay, options.seconds)
    return screenplay.model_copy(update=changed)


def _cut(sp: Screenplay, seconds: float) -> dict[str, object]:
    """Scenes and shots that are as long as asked: cut off at the end, or held longer."""
    scenes: list[Scene] = []
    left = seconds
    for index, scene in enumerate(sp.scenes):
        length = left if index == len(sp.scenes) - 1 else min(scene.seconds, left)
        if length > 0:
            scenes.append(scene.model_copy(update={"seconds": length}))
        left -= length
    kept = {scene.id: scene.seconds for scene in scenes}
    changed: dict[str, object] = {
        name: tuple(r for r in getattr(sp, name) if r.scene in kept) for name in ("props", "blocking", "beats", "lines")
    }
    shots: list[Shot] = []
    for scene_id, length in kept.items():
        inside = [shot for shot in sp.shots if shot.scene == scene_id and shot.start_s < length]
        shots += [*inside[:-1], inside[-1].model_copy(update={"end_s": length})]
    return {**changed, "scenes": tuple(scenes), "shots": tuple(shots)}


def check_size_of(screenplay: Screenplay) -> None:
    """As for options, for a size that stands in a document."""
    _check_size(*screenplay.size)


def check_target(out: str | os.PathLike[str]) -> Path:
    """The path of a film that can be written.

    Raises:
        InputError: it is not the name of an mp4.
        OutputError: nothing can be written there.
    """
    path = Path(out).expanduser()
    if path.suffix.lower() != ".mp4":
        raise InputError(f"{path.name!r} is not the name of a film", f"end it with .mp4: -o {path.with_suffix('.mp4')}")
    if path.is_dir():
        raise InputError(f"{path} is a folder", "give the name of a file that ends with .mp4")
    folder = path.with_suffix("")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file, but the film's folder goes there", "rename it, or give another -o")
    place = path.absolute().parent
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise OutputError(f"{place} is not a folder", "give another place with -o")
    try:
        for here in (place, folder) if folder.is_dir() else (place,):
            with tempfile.TemporaryFile(dir=here):  # permission bits alone do not tell
                pass
    except OSError as error:
        reason = (error.strerror or "no").lower()
        raise OutputError(f"{here} cannot be written: {reason}", "give another place with -o") from None
    return path


def check_room(screenplay: Screenplay, place: Path, bytes_per_pixel: float = BYTES_PER_PIXEL) -> None:
    """Nothing, if the disk has room for the frames of a film.

    Raises:
        OutputError: it has not; says how much is needed.
    """
    width, height = screenplay.size
    needed = width * height * bytes_per_pixel * screenplay.fps * screenplay.seconds
    free = shutil.disk_usage(place).free
    if needed > free:
        raise OutputError(
            f"the frames need about {needed / 1e9:.1f} GB, and {place} has {free / 1e9:.1f} GB free",
            "free some space, set SOUNDSTAGE_CACHE to another disk, or make the film smaller or shorter",
        )
