"""When everything happens: beats and lines placed on the scene's clock.

A moment may hang on another beat or line, or on something only physics decides (the ball's first contact). The
schedule is therefore made twice: before physics with what is known, and after it with everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from .. import clock
from ..errors import ScreenplayError
from ..screenplay.model import Beat, Line, Scene, Screenplay, When


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A beat or line with its time."""

    id: str
    kind: Literal["beat", "line"]
    start: int
    """[ticks]"""
    end: int
    """[ticks]"""
    record: Beat | Line


ContactTime = Callable[[str, float], int | None]
"""First contact of a prop id at or after a time [s], in ticks; None if there is none."""


def schedule(
    screenplay: Screenplay,
    scene: Scene,
    *,
    beat_length: Callable[[Beat], float],
    line_length: Callable[[Line], float],
    contact_time: ContactTime | None = None,
) -> tuple[Cue, ...]:
    """Cues of a scene in order of start; lengths in [s].

    Without `contact_time` (before physics), whatever hangs on a contact is left out.

    Raises:
        ScreenplayError: moments hang on each other in a circle, lie before the scene's start, or hang on a contact
            that never happens.
    """
    waiting: dict[str, tuple[Literal["beat", "line"], Beat | Line]] = {}
    waiting |= {beat.id: ("beat", beat) for beat in screenplay.beats if beat.scene == scene.id}
    waiting |= {line.id: ("line", line) for line in screenplay.lines if line.scene == scene.id}
    done: dict[str, Cue] = {}
    while True:
        ready = [
            (name, start)
            for name, (_, record) in waiting.items()
            if (start := moment(record.when, done, contact_time)) is not None
        ]
        if not ready:
            break
        for name, start in ready:
            kind, record = waiting.pop(name)
            length = beat_length(record) if isinstance(record, Beat) else line_length(record)
            if start < 0:
                raise ScreenplayError(
                    f"{kind} {name!r} would start {-clock.seconds(start):.2f} s before its scene",
                    f"make {kind}s → {name} → when → offset_s larger",
                )
            done[name] = Cue(id=name, kind=kind, start=start, end=start + clock.ticks(length), record=record)
    _check_left(waiting, after_physics=contact_time is not None)
    return tuple(sorted(done.values(), key=lambda cue: (cue.start, cue.id)))


def moment(when: When, done: Mapping[str, Cue], contact_time: ContactTime | None) -> int | None:
    """A moment in ticks, or None while its anchor is not known."""
    offset = clock.ticks(when.offset_s)
    if when.anchor == "start":
        return offset
    if when.anchor == "contact":
        tick = contact_time(when.of, 0.0) if contact_time else None
        return None if tick is None else tick + offset
    cue = done.get(when.of)
    if cue is None:
        return None
    return (cue.start if when.anchor.endswith("_start") else cue.end) + offset


def _check_left(waiting: dict[str, tuple[Literal["beat", "line"], Beat | Line]], *, after_physics: bool) -> None:
    """Complain about what could not be placed, unless it waits for physics."""
    waits_for_physics = {name for name, (_, r) in waiting.items() if r.when.anchor == "contact"}
    if after_physics and waits_for_physics:
        name = min(waits_for_physics)
        kind, record = waiting[name]
        raise ScreenplayError(
            f"{kind} {name!r} waits for a contact of {record.when.of!r}, which never touches anything in this scene",
            "give the moment another anchor (start, beat_end …), or make the scene longer",
        )
    grown = True
    while grown:  # what hangs on something that waits for physics waits too
        more = {n for n, (_, r) in waiting.items() if r.when.of in waits_for_physics} - waits_for_physics
        waits_for_physics |= more
        grown = bool(more)
    circle = sorted(set(waiting) - waits_for_physics)
    if circle:
        raise ScreenplayError(
            f"these moments hang on each other in a circle: {', '.join(circle)}",
            "anchor one of them to the start of the scene",
        )
