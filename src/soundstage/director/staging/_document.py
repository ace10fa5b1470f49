"""Puts the parts of a screenplay together."""

from __future__ import annotations

import copy
import math

from ...screenplay.model import Character, Look, Screenplay, Sound
from ...screenplay.quality import RENDER
from ..frame import Frame
from . import _arrange, _casting, _people, _places, _shots, _story
from ._sheet import Cue, Settings, Sheet

SHORTEST_S = 2.0
MOVE_S, SLOW_MOVE_S = 4.0, 6.0
"""A move of the camera takes at least so long; quicker, it would be seen instead of what it shows."""
GRID = 24
"""Lengths of scenes that share a given time are whole parts of a second: frames at every usual rate but a few."""
LEAST_HEARD_S = 0.4
"""A line of which less than this is heard before the film ends is not said."""


def stage(frame: Frame, settings: Settings) -> Screenplay:
    """The complete screenplay of a frame: nothing is left to be decided later."""
    frames = [frame, *frame.later]
    everybody = list({f.id: f for one in frames for f in one.figures}.values())
    cast, bare = _casting.cast(everybody, settings)
    sheets = _scenes(frames, settings, cast)
    scenes = [_places.scene(s, _shots.view_heading(s), _shots.faces_headings(s)) for s in sheets]
    missed = [*bare, *(m for s in sheets for m in (*s.frame.missed, *s.missed))]
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
            "look": _look(frames),
            "render": RENDER[settings.quality],
            "sound": Sound(loudness_lufs=-16.0, true_peak_dbtp=-1.0, dialogue_db=0.0, effects_db=0.0, footsteps_db=0.0),
            "cast": tuple(cast.values()),
            "props": tuple(p for s in sheets for p in sorted(s.props, key=lambda p: not p.fixed)),  # furniture first
            "scenes": tuple(scenes),
            "blocking": tuple(b for s in sheets for b in s.blocking),
            "beats": tuple(b for s in sheets for b in s.beats),
            "lines": tuple(line for s in sheets for line in s.lines),
            "shots": tuple(shot for s in sheets for shot in s.shots),
            "not_understood": tuple(dict.fromkeys(missed)),
        }
    )


def _look(frames: list[Frame]) -> Look:
    """The film's look: what was asked for first holds."""
    asked = {key: held for frame in reversed(frames) for key, held in frame.look.items()}
    return Look(view_transform="AgX", contrast="Medium High Contrast", exposure_ev=0.0, **asked)


def _scenes(frames: list[Frame], settings: Settings, cast: dict[str, Character]) -> list[Sheet]:
    """Every scene told, timed and framed; together as long as was asked, if that was asked."""
    sheets = _told(frames, settings, cast)
    asked = settings.seconds or frames[0].seconds
    total = sum(sheet.seconds for sheet in sheets)
    if asked is not None and asked < total:
        sheets = _told(frames, settings, cast, brisk=True)
        total = sum(sheet.seconds for sheet in sheets)
    left = asked
    for k, sheet in enumerate(sheets):
        if asked is None or left is None:
            sheet.seconds = max(SHORTEST_S, _moves_s(sheet.frame), math.ceil(sheet.seconds * 2) / 2)
        else:
            share = left if k == len(sheets) - 1 else round(asked * sheet.seconds / total * GRID) / GRID
            sheet.seconds, left = share, left - share
            _cut_short(sheet)
        _shots.shoot(sheet)
    return sheets


def _moves_s(frame: Frame) -> float:
    """What the camera's moves take, one after another [s]."""
    lengths = [
        max((move.seconds or (SLOW_MOVE_S if move.slow else MOVE_S) for move in wish.moves), default=0.0)
        for wish in frame.shots
        if not any(move.kind == "whip_pan" for move in wish.moves)
    ]
    return sum(lengths)


def _cut_short(sheet: Sheet) -> None:
    """Say for which lines the length that was asked for is too short.

    They stay in the document, on the clock: what they wait for may not come in so short a scene.
    """
    for k, line in enumerate(sheet.lines):
        start = sheet.spans[line.id][0]
        if start > sheet.seconds - LEAST_HEARD_S:
            sheet.missed.append(f"“{line.text}” (the film is too short for it)")
            sheet.lines[k] = line.model_copy(update={"when": Cue(anchor="start", of="", time=start).when()})


def _told(frames: list[Frame], settings: Settings, cast: dict[str, Character], *, brisk: bool = False) -> list[Sheet]:
    """Who and what is where, and what happens when; each sheet's `seconds` is how long that takes."""
    sheets: list[Sheet] = []
    taken = set(cast)
    for number, frame in enumerate(frames, start=1):
        sheet = Sheet(frame=copy.deepcopy(frame), settings=settings, brisk=brisk)  # staging fills the frame's gaps
        sheet.scene, sheet.taken = f"scene_{number}", frozenset(taken)
        sheet.cast = [cast[f.id] for f in frame.figures]
        _places.choose_set(sheet)
        _people.give(sheet)
        _arrange.arrange(sheet)
        _people.block(sheet)
        _story.tell(sheet)
        taken |= sheet.ids()
        sheets.append(sheet)
    return sheets


def title(prompt: str) -> str:
    """The prompt's first words."""
    words = " ".join(prompt.split())
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"
