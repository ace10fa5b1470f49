"""Puts the parts of a screenplay together."""

from __future__ import annotations

import copy
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
LEAST_HEARD_S = 0.4
"""A line of which less than this is heard before the film ends is not said."""


def stage(frame: Frame, settings: Settings) -> Screenplay:
    """The complete screenplay of a frame: nothing is left to be decided later."""
    sheet = _told(frame, settings)
    asked = settings.seconds or frame.seconds
    if asked is None:
        sheet.seconds = max(SHORTEST_S, math.ceil(sheet.seconds * 2) / 2)
    else:
        if asked < sheet.seconds:
            sheet = _told(frame, settings, brisk=True)
        sheet.seconds = asked
        sheet.missed += [
            f"“{line.text}” (the film is too short for it)"
            for line in sheet.lines
            if sheet.spans[line.id][0] > asked - LEAST_HEARD_S
        ]
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
            "not_understood": tuple(dict.fromkeys((*sheet.frame.missed, *sheet.missed))),
        }
    )


def _told(frame: Frame, settings: Settings, *, brisk: bool = False) -> Sheet:
    """Who and what is where, and what happens when; `sheet.seconds` is how long that takes."""
    sheet = Sheet(frame=copy.deepcopy(frame), settings=settings, brisk=brisk)  # staging fills the frame's gaps
    _places.choose_set(sheet)
    _casting.cast(sheet)
    _people.give(sheet)
    _arrange.arrange(sheet)
    _people.block(sheet)
    _story.tell(sheet)
    return sheet


def title(prompt: str) -> str:
    """The prompt's first words."""
    words = " ".join(prompt.split())
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"
