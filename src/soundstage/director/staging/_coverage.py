"""Coverage where no picture is asked for: masters, singles and reactions of people who talk, what a game comes to.

Locked pictures are the rule: they render several times faster, and weight is read best from them. The camera moves
where a locked one would look at nothing new: along with people who go a long way, slowly in on one who speaks long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ... import library
from ...screenplay.model import Camera, Line, Move
from ..frame import Deed
from . import _views
from ._sheet import START, Cue, Sheet, facts
from ._views import LEAD_S, SINGLE_SIDE, camera, hoop_view, rest_view, single

STRIKE_SEEN_S = 0.3
"""How long a shot stays on what has been struck."""


@dataclass(kw_only=True)
class View:
    """A picture and the moment it begins: `offset` [s] after a cue."""

    cue: Cue
    offset: float
    camera: Camera

    @property
    def time(self) -> float:
        """About when it begins [s]."""
        return self.cue.time + self.offset


def cover(sheet: Sheet, total: float) -> None:
    """The shots of a scene for which no picture was asked."""
    loose = any(not p.fixed for p in sheet.props)
    speakers = {line.speaker for line in sheet.lines}
    if _views.shooters(sheet):
        _game(sheet, total)
    elif len(sheet.lines) >= 2 and len(sheet.cast) >= 2 and len(speakers) >= 2 and not loose:
        _conversation(sheet, total)
    elif sheet.cast and not loose and _views.goers(sheet):
        _going(sheet, total)
    elif len(sheet.cast) == 1 and sheet.lines and not loose:
        _speech(sheet, total)
    elif not sheet.cast and sheet.props:
        _things(sheet, total)
    else:
        _cut(sheet, total, _views.view(sheet), [])


def _cut(sheet: Sheet, total: float, first: Camera, views: list[View]) -> None:
    """One picture after the other; what would be too short, or is no other picture, is left out."""
    shortest = facts("staging")["coverage"]["shortest"]
    _views.add(sheet, total, first)
    for view in views:
        start = sheet.shots[-1].start_s
        cut = round(view.time * 24) / 24
        if cut - start < shortest or total - cut < shortest or view.camera == sheet.shots[-1].camera:
            continue
        sheet.shots[-1] = sheet.shots[-1].model_copy(update={"end_s": cut})
        _views.add(sheet, total, view.camera, view.cue.when(view.offset))


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _game(sheet: Sheet, total: float) -> None:
    """All of the shot in one locked picture; then whoever speaks, near enough to see the words; then what remains."""
    shortest = facts("staging")["coverage"]["shortest"]
    wide = hoop_view(sheet)
    rest = rest_view(sheet, wide)
    views: list[View] = []
    for line in sheet.lines:
        if line.when.anchor == "start":  # said before the shot: the wide picture is on
            continue
        lead = LEAD_S
        if line.when.anchor == "contact":  # the strike itself is part of the shot
            lead = min(lead, line.when.offset_s - STRIKE_SEEN_S)
        begin, end = sheet.cues_of_line(line.id)
        views.append(
            View(cue=begin, offset=-lead, camera=single(sheet, line.speaker, math.copysign(SINGLE_SIDE, wide.side)))
        )
        views.append(View(cue=end, offset=LEAD_S, camera=rest if line.when.anchor == "contact" else wide))
    # between two lines that follow each other there is no time to look elsewhere
    kept = [v for k, v in enumerate(views) if k + 1 == len(views) or views[k + 1].time - v.time >= shortest]
    _cut(sheet, total, wide, kept)


def _conversation(sheet: Sheet, total: float) -> None:
    """Everybody first; then whoever speaks, nearer as the talk goes on; in long lines a look at who listens.

    All cameras stand on the audience's side of the line between the two, so that each keeps looking the same way.
    """
    data = facts("staging")["coverage"]
    everybody = tuple(c.id for c in sheet.cast)
    wide = camera("MLS" if len(everybody) < 4 else "LS", everybody, lens_mm=40.0, f_stop=2.8)
    views: list[View] = []
    for index, line in enumerate(sheet.lines):
        begin, end = sheet.cues_of_line(line.id)
        long = end.time - begin.time
        if index > 0:
            follows = sheet.lines[index - 1].speaker != line.speaker
            late = follows and index % 3 == 2  # now and then the voice comes first
            views.append(
                View(cue=begin, offset=data["late"] if late else -data["early"], camera=_speaker(sheet, line, index))
            )
        if long > data["long_line"] and (listener := _listener(sheet, line)):
            look = _views.single(sheet, listener, _views.talking_side(sheet, listener))
            views.append(View(cue=begin, offset=round(long * 0.5, 2), camera=look))
            views.append(
                View(cue=begin, offset=round(long * 0.5 + data["reaction"], 2), camera=_speaker(sheet, line, index))
            )
    _cut(sheet, total, wide, views)


def _speaker(sheet: Sheet, line: Line, index: int) -> Camera:
    """Somebody who speaks: past the other's shoulder at first, alone later, close at last."""
    data = facts("staging")["coverage"]
    count = len(sheet.lines)
    side = _views.talking_side(sheet, line.speaker)
    listener = _listener(sheet, line)
    part = index / max(count - 1, 1)
    if count > 2 and part < data["shoulder_until"] and listener and len(sheet.cast) == 2:
        return camera("MCU", (line.speaker, listener), side=side, lens_mm=50.0, f_stop=2.8, framing="over_the_shoulder")
    close = count > 3 and part >= data["close_from"]
    view = (
        camera("CU", (line.speaker,), side=side, lens_mm=85.0, f_stop=2.8)
        if close
        else single(sheet, line.speaker, side)
    )
    begin, end = sheet.cues_of_line(line.id)
    if end.time - begin.time > data["long_line"]:
        view = view.model_copy(update={"moves": (_creep(),)})
    return view


def _listener(sheet: Sheet, line: Line) -> str:
    """To whom it is said: named, else who spoke last, else anybody else."""
    others = [c.id for c in sheet.cast if c.id != line.speaker]
    at = sheet.lines.index(line)
    spoken = [x.speaker for x in reversed(sheet.lines[:at]) if x.speaker in others]
    return line.to if line.to in others else next(iter([*spoken, *others]), "")


def _creep() -> Move:
    return Move(kind="push_in", amount=facts("staging")["coverage"]["creep"])


def _speech(sheet: Sheet, total: float) -> None:
    """One who speaks: the camera comes slowly nearer where it takes long."""
    data = facts("staging")["coverage"]
    view = _views.view(sheet)
    spans = [sheet.cues_of_line(line.id) for line in sheet.lines]
    longest = max(end.time - begin.time for begin, end in spans)
    busy = any(b.action in library.gaits() for b in sheet.beats)
    if longest > data["long_line"] and not busy:
        view = view.model_copy(update={"size": "MS", "lens_mm": 50.0, "moves": (_creep(),)})
    views: list[View] = []
    if len(spans) > 1 and spans[-1][1].time - spans[0][0].time > 2 * data["long_line"] and not busy:
        speaker = sheet.lines[-1].speaker
        views = [View(cue=spans[-1][0], offset=-data["early"], camera=single(sheet, speaker, 18.0))]
    _cut(sheet, total, view, views or _nearer(sheet, view))


def _nearer(sheet: Sheet, wide: Camera) -> list[View]:
    """A picture that holds somebody who sits down or bends is too wide for what they say then: a nearer one for it."""
    deeds = [d for d in sheet.frame.happenings if isinstance(d, Deed) and _bodily(d.action) and not d.already]
    times = [sheet.cues[deed.id][0].time for deed in deeds if deed.id in sheet.cues]
    for line in sheet.lines:
        begin, end = sheet.cues_of_line(line.id)
        if not any(time < begin.time for time in times):
            continue
        near = View(cue=begin, offset=-LEAD_S, camera=single(sheet, line.speaker, 18.0))
        if not any(time > end.time for time in times):
            return [near]
        back = View(cue=end, offset=LEAD_S, camera=wide)
        return [near, back] if back.time - near.time >= facts("staging")["coverage"]["shortest"] else []
    return []


def _bodily(action: str) -> bool:
    """Whether an action takes the whole body down, up or through the air."""
    entry = library.actions().get(action, {})
    return any(entry.get(name) for name in ("support", "rises", "take", "leap", "steps"))


def _going(sheet: Sheet, total: float) -> None:
    """People who go somewhere: the camera goes along; those who stay are left behind."""
    goers = _views.goers(sheet)
    together = len(goers) == len(sheet.cast)
    view = camera("LS", goers if together else tuple(c.id for c in sheet.cast), side=40.0, lens_mm=35.0, f_stop=4.0)
    if together:
        view = view.model_copy(update={"moves": (Move(kind="follow", amount=1.0, ease="linear"),)})
    _cut(sheet, total, view, [])


# ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _things(sheet: Sheet, total: float) -> None:
    """Locked while things move; a film that is long enough ends on what moved last."""
    data = facts("staging")["coverage"]
    view = _views.view(sheet)
    last = _last(sheet)
    moving = [p for p in sheet.props if not p.fixed]
    views: list[View] = []
    if last and total >= data["ending_from"] and len(moving) > 1:
        near = camera("MS", last, side=view.side, lens_mm=65.0, f_stop=4.0)
        views = [View(cue=START, offset=total - data["ending"], camera=near)]
    _cut(sheet, total, view, views)


def _last(sheet: Sheet) -> tuple[str, ...]:
    """What moved last: the end of a row, else what acted last."""
    beat = sheet.beats[-1] if sheet.beats else None
    if beat is None:
        return ()
    group = next((m for m in sheet.members.values() if beat.actor in m), [beat.actor])
    return tuple(group[-facts("staging")["coverage"]["row_end"] :]) if beat.action == "tip" else (beat.actor,)
