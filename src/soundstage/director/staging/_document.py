"""Puts the parts of a screenplay together."""

from __future__ import annotations

import math

from ...screenplay.model import Look, Render, Screenplay, Sound
from ..frame import Frame
from . import _arrange, _casting, _people, _places, _shots, _story
from ._sheet import Settings, Sheet

RENDER = {
    "draft": Render(samples=8, motion_blur=False, shutter=0.5, denoise=True),
    "good": Render(samples=48, motion_blur=True, shutter=0.5, denoise=True),
    "best": Render(samples=256, motion_blur=True, shutter=0.5, denoise=True),
}
SIZE = {"draft": (640, 360), "good": (1280, 720), "best": (1920, 1080)}
SHORTEST_S = 2.0


def stage(frame: Frame, settings: Settings) -> Screenplay:
    """The complete screenplay of a frame: nothing is left to be decided later."""
    sheet = Sheet(frame=frame, settings=settings)
    _places.choose_set(sheet)
    _casting.cast(sheet)
    _people.give(sheet)
    _arrange.arrange(sheet)
    _people.block(sheet)
    _story.tell(sheet)
    sheet.seconds = _length(sheet)
    _shots.shoot(sheet)
    scene = _places.scene(sheet, _shots.view_heading(sheet), _shots.faces_heading(sheet))
    return Screenplay.model_validate(
        {
            "schema": "soundstage/1",
            "title": title(frame.prompt),
            "prompt": frame.prompt,
            "language": frame.language,
            "seed": settings.seed,
            "fps": settings.fps,
            "size": settings.size,
            "quality": settings.quality,
            "look": Look(view_transform="AgX", contrast="Medium High Contrast", exposure_ev=0.0),
            "render": RENDER[settings.quality],
            "sound": Sound(loudness_lufs=-16.0, true_peak_dbtp=-1.0, dialogue_db=0.0, effects_db=0.0, footsteps_db=0.0),
            "cast": tuple(sheet.cast),
            "props": tuple(sheet.props),
            "scenes": (scene,),
            "blocking": tuple(sheet.blocking),
            "beats": tuple(sheet.beats),
            "lines": tuple(sheet.lines),
            "shots": tuple(sheet.shots),
            "not_understood": tuple(dict.fromkeys((*frame.missed, *sheet.missed))),
        }
    )


def _length(sheet: Sheet) -> float:
    """As asked, else long enough for the story, in halves of a second."""
    asked = sheet.settings.seconds or sheet.frame.seconds
    if asked is not None:
        return asked
    return max(SHORTEST_S, math.ceil(sheet.seconds * 2) / 2)


def title(prompt: str) -> str:
    """The prompt's first words."""
    words = " ".join(prompt.split())
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"
