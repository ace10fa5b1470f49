"""Which frames each shot of a scene has: cuts at given times, or on moments of what happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ... import clock
from ...errors import ScreenplayError
from ...screenplay.model import Scene, Screenplay, Shot, When
from ..schedule import ContactTime, Cue, moment

Clockwork = Callable[[When, str], int]
"""The tick of a moment; the text says whose moment it is, for errors."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A shot on the scene's clock."""

    shot: Shot
    first: int
    """Its first frame."""
    last: int
    """The frame after its last one."""
    start: int
    """[ticks]"""
    end: int
    """[ticks]"""


def clockwork(cues: Sequence[Cue], contact_time: ContactTime | None) -> Clockwork:
    """Ticks of moments in a scene whose cues are known."""
    known = {cue.id: cue for cue in cues}

    def tick(when: When, what: str) -> int:
        found = moment(when, known, contact_time)
        if found is not None:
            return found
        if when.anchor == "contact":
            raise ScreenplayError(
                f"{what} waits for a contact of {when.of!r}, which never touches anything in this scene",
                "give the moment another anchor (start, beat_end …)",
            )
        raise ScreenplayError(f"{what} waits for {when.of!r}, which never happens in this scene", "name another moment")

    return tick


def spans(screenplay: Screenplay, scene: Scene, tick: Clockwork) -> tuple[Span, ...]:
    """The shots of a scene, in order, each with its frames.

    A cut falls on the whole frame nearest to its moment; a shot lasts until the next one begins. Shots at the end
    whose moment comes when the scene is over (voices take their time) are not seen.

    Raises:
        ScreenplayError: a shot would begin before or with the one it follows.
    """
    period = clock.period(screenplay.fps)
    frames = clock.frame_count(scene.seconds, screenplay.fps)
    shots = [shot for shot in screenplay.shots if shot.scene == scene.id]
    # Rounded half down: a frame belongs to the shot that is running at its middle.
    firsts = [-((period // 2 - _start(shot, tick)) // period) for shot in shots]
    if firsts[0] > 0:
        raise ScreenplayError(
            f"shot {shots[0].id!r} begins {firsts[0] / screenplay.fps:.2f} s after its scene, and nothing is before it",
            "take its cut away, or put a shot before it",
        )
    firsts[0] = 0
    for (before, a), (after, b) in pairwise(zip(shots, firsts, strict=True)):
        if b <= a and (before.cut or after.cut):
            raise ScreenplayError(
                f"shot {after.id!r} would begin at {b / screenplay.fps:.2f} s, but {before.id!r} before it begins "
                f"at {a / screenplay.fps:.2f} s",
                "let the cuts hang on moments that come in this order, or take one of the shots away",
            )
    while firsts[-1] >= frames and shots[-1].cut:
        del shots[-1], firsts[-1]
    bounds = [*firsts, frames]
    return tuple(
        Span(shot=shot, first=a, last=max(b, a), start=a * period, end=max(b, a) * period)
        for shot, a, b in zip(shots, bounds[:-1], bounds[1:], strict=True)
    )


def _start(shot: Shot, tick: Clockwork) -> int:
    if shot.cut is None:
        return clock.ticks(shot.start_s)
    return tick(shot.cut, f"the cut of shot {shot.id!r}")
