"""One function per step of the way; each keeps its result under what it depends on and finds it again.

Rooms are imported inside the functions: what is found in the cache needs neither physics, torch nor Blender.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cache, library
from ..screenplay import Scene, Screenplay, dump
from ..screenplay.model import Look
from ..screenplay.quality import LEAST, MOST, RENDER, Quality
from .casting import Cast, given
from .digest import digest
from .dressing import held

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..post import Bundle
    from ..take import Take

Progress = Callable[[str, int, int], None]
"""Told (step, done, of how many) as a step goes on."""

STEPS = ("plan", "rehearse", "score", "shoot", "dress", "finish", "review")
TAKE, SOUND, REVIEW = "scene.take.npz", "sound.npz", "review.json"
STEMS = ("dialogue", "effects", "footsteps", "ambience")


@dataclass(frozen=True)
class Sound:
    """What is heard, shape (N, 2) each, float32, 48 kHz: the stems by name, and their mix."""

    stems: dict[str, NDArray[np.float32]]
    mix: NDArray[np.float32]


def plan(
    prompt: str,
    *,
    language: str | None = None,
    seconds: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    quality: Quality = "draft",
    seed: int | None = None,
    cast: Cast = (),
) -> Screenplay:
    """The screenplay of a prompt; what was not understood is listed in it.

    `cast` are files of characters (or characters): whom of them the prompt names is that very person.

    Raises:
        InputError: the prompt or an option is wrong, or a character cannot be read or is not named.
        NotUnderstoodError: nothing in it was understood.
    """
    from .. import director

    planned: Screenplay = director.plan(
        prompt, language=language, seconds=seconds, size=size, fps=fps, quality=quality, seed=seed, cast=given(cast)
    )
    return planned


def rehearse(screenplay: Screenplay, *, progress: Progress | None = None) -> tuple[Take, ...]:
    """One Take per scene: what happens, decided once.

    Raises:
        ScreenplayError: something cannot be placed, timed or framed.
        OutcomeError: an intended outcome cannot be reached.
    """
    from ..take import Take

    return tuple(Take.load(path) for path in take_files(screenplay, progress=progress))


def take_files(screenplay: Screenplay, *, progress: Progress | None = None) -> tuple[Path, ...]:
    """As `rehearse`, but the kept files."""
    files = []
    for index, scene in enumerate(screenplay.scenes):
        _tell(progress, "rehearse", index, len(screenplay.scenes))
        alone = _alone(screenplay, scene)
        name = cache.key(alone.model_dump(mode="json", by_alias=True), ["rehearsal"])

        def write(folder: Path, alone: Screenplay = alone) -> None:
            from .. import rehearsal

            rehearsal.rehearse(alone)[0].save(folder / TAKE)

        files.append(cache.fetch("rehearsal", name, write)[0] / TAKE)
        _tell(progress, "rehearse", index + 1, len(screenplay.scenes))
    return tuple(files)


def _alone(sp: Screenplay, scene: Scene) -> Screenplay:
    """The document of one scene, without what no rehearsal depends on: other scenes do not touch it."""
    present = {b.character for b in sp.blocking if b.scene == scene.id}

    def here(records: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(record for record in records if record.scene == scene.id)

    return sp.model_copy(
        update={
            "title": "",
            "prompt": "",
            "not_understood": (),
            "quality": "draft",
            # What the camera must frame depends on the shape of the picture, not on its resolution.
            "size": _shape(sp.size),
            "render": RENDER["draft"],
            "look": Look(view_transform="AgX", contrast="None", exposure_ev=0.0),
            "sound": type(sp.sound)(
                loudness_lufs=-16.0, true_peak_dbtp=-1.0, dialogue_db=0.0, effects_db=0.0, footsteps_db=0.0
            ),
            "cast": tuple(c for c in sp.cast if c.id in present),
            "props": here(sp.props),
            "scenes": (scene,),
            "blocking": here(sp.blocking),
            "beats": here(sp.beats),
            "lines": here(sp.lines),
            "shots": here(sp.shots),
        }
    )


def _shape(size: tuple[int, int]) -> tuple[int, int]:
    """The same for all sizes of one aspect ratio, and a size that a document may have."""
    divisor = math.gcd(*size)
    width, height = size[0] // divisor, size[1] // divisor
    scale = LEAST if max(width, height) * LEAST <= MOST else 1
    return width * scale, height * scale


def shoot(takes: Sequence[Take], screenplay: Screenplay, *, progress: Progress | None = None) -> list[Path]:
    """One picture file per frame of the film; frames that are known are not rendered again.

    They are as the camera saw them; `dress` gives them their look. Of a style that holds its pictures only those that
    are shown are rendered, and stand in the list as often as they are held.

    Raises:
        WorkerError: a render process died too often.
    """
    from .. import camera

    shown = held(takes, library.style(screenplay.look.style))
    needed = sorted(set(shown))
    settings = picture_settings(screenplay)
    if len(needed) < len(shown):
        settings["frames"] = needed
    made = camera.shoot(
        takes,
        **settings,
        frames_dir=cache.frames_dir(),
        progress=(lambda done, total: _tell(progress, "shoot", done, total)),
    )
    by_frame = dict(zip(needed, made, strict=True))
    return [by_frame[frame] for frame in shown]


def dress(
    frames: Sequence[Path], takes: Sequence[Take], screenplay: Screenplay, *, progress: Progress | None = None
) -> list[Path]:
    """Frames of `shoot` in the look of the film: its style, grade, vignette and grain; kept like frames.

    They are the frames themselves, if the look changes nothing. What passes the style needs are made.

    Raises:
        FrameError: a frame is missing or broken.
        WorkerError: a render process died too often.
    """
    from .. import camera
    from . import dressing

    look = dressing.look_of(screenplay)
    passes: list[Path] = []
    if look.style.passes:
        shown = held(takes, look.style)
        needed = sorted(set(shown))
        made = camera.shoot_passes(
            takes,
            passes=look.style.passes,
            size=screenplay.size,
            frames_dir=cache.frames_dir(),
            frames=needed,
            progress=(lambda done, total: _tell(progress, "passes", done, total)),
        )
        by_frame = dict(zip(needed, made, strict=True))
        passes = [by_frame[frame] for frame in shown]
    return dressing.dress(
        frames, passes, takes, look, progress=(lambda done, total: _tell(progress, "dress", done, total))
    )


def shoot_passes(
    takes: Sequence[Take], screenplay: Screenplay, passes: Sequence[str], *, progress: Progress | None = None
) -> list[Path]:
    """One EXR file per frame of the film with the passes that are named; those that are known are not made again.

    Raises:
        InputError: there is no such pass.
        WorkerError: a render process died too often.
    """
    from .. import camera

    return camera.shoot_passes(
        takes,
        passes=passes,
        size=screenplay.size,
        frames_dir=cache.frames_dir(),
        progress=(lambda done, total: _tell(progress, "passes", done, total)),
    )


def picture_settings(screenplay: Screenplay) -> dict[str, Any]:
    """What a document says about its pictures, as the camera takes it.

    A style that gains nothing from more samples, or from blur, is shot with less than the document allows.
    """
    look, render, style = screenplay.look, screenplay.render, library.style(screenplay.look.style)
    return {
        "size": screenplay.size,
        "samples": min(render.samples, style.samples or render.samples),
        "motion_blur": render.motion_blur and style.motion_blur,
        "shutter": render.shutter,
        "denoise": render.denoise,
        "inbetweens": render.inbetweens,
        "view_transform": look.view_transform,
        "contrast": look.contrast,
        "exposure_ev": look.exposure_ev,
        "seed": screenplay.seed,
    }


def score(takes: Sequence[Take], screenplay: Screenplay, *, progress: Progress | None = None) -> Sound:
    """Everything that is heard, scene after scene, brought to the film's loudness as a whole."""
    import numpy as np

    levels = screenplay.sound.model_dump()
    _tell(progress, "score", 0, 1)
    inputs = {"takes": [digest(take) for take in takes], "levels": levels}

    def write(folder: Path) -> None:
        from .. import sound

        made = sound.score_film(takes, levels=levels)
        arrays = {name: np.asarray(getattr(made, name), dtype=np.float32) for name in (*STEMS, "mix")}
        np.savez(folder / SOUND, **arrays)  # type: ignore[arg-type]  # numpy's stubs take a keyword for an option

    kept = cache.fetch("score", cache.key(inputs, ["sound"]), write)[0]
    with np.load(kept / SOUND, allow_pickle=False) as data:
        made = Sound({name: data[name] for name in STEMS}, data["mix"])
    _tell(progress, "score", 1, 1)
    return made


def finish(
    frames: Sequence[Path],
    sound: Sound,
    out: str | os.PathLike[str],
    *,
    screenplay: Screenplay,
    takes: Sequence[Take] = (),
    report: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Bundle:
    """The mp4, and the folder beside it.

    Raises:
        OutputError: the place cannot be written, or is full.
        FrameError: a frame is missing or broken.
    """
    from .. import post

    return post.finish(
        frames,
        sound.mix,
        sound.stems,
        out,
        fps=screenplay.fps,
        screenplay=dump(screenplay),
        title=screenplay.title,
        takes=takes,
        report=report,
        progress=(lambda done, total: _tell(progress, "finish", done, total)),
    )


def review(film: Path, takes: Sequence[Path], *, progress: Progress | None = None) -> dict[str, Any]:
    """What the quick part of a review says of a finished film, in its JSON form.

    Raises:
        InputError: the film or a Take cannot be read.
    """
    inputs = {"film": cache.checksum(film), "takes": [cache.checksum(take) for take in takes]}

    def write(folder: Path) -> None:
        from ..review.reviewing import review as measure

        made = measure(film, takes=takes, cheap=True, progress=progress).json()
        (folder / REVIEW).write_text(json.dumps({**made, "film": ""}, ensure_ascii=False), "utf-8")

    kept = cache.fetch("review", cache.key(inputs, ["review"]), write)[0]
    found: dict[str, Any] = json.loads((kept / REVIEW).read_text("utf-8"))
    return {**found, "film": str(film)}


def _tell(progress: Progress | None, step: str, done: int, total: int) -> None:
    if progress:
        progress(step, done, total)
