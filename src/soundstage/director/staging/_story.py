"""The story on the scene's clock: every happening becomes a beat, a line or part of what physics does by itself."""

from __future__ import annotations

import math

from ...screenplay.model import Line
from ..frame import Deed, Figure, Speech
from . import _hoop, _people
from ._arrange import origin
from ._places import HOOP_ACTIONS
from ._sheet import SCENE, START, Cue, Sheet, facts

PERSON_ACTIONS = {
    "laugh", "wave", "nod", "shake_head", "shrug", "turn", "walk", "run", "clap", "cheer", "point", "jump", "look_at",
    "throw", "drop",
}  # fmt: skip


def tell(sheet: Sheet) -> None:
    """Beats and lines for all happenings, in their order."""
    for happening in sheet.frame.happenings:
        if isinstance(happening, Speech):
            _say(sheet, happening)
        else:
            _act(sheet, happening)


def _act(sheet: Sheet, deed: Deed) -> None:
    frame = sheet.frame
    figures = [f for a in deed.actors if (f := frame.figure(a))]
    props = [p for a in deed.actors for p in sheet.members.get(a, [])]
    if deed.action in HOOP_ACTIONS and figures:
        for figure in figures:
            _hoop.shoot(sheet, deed, figure)
    elif figures and deed.action in PERSON_ACTIONS:
        _together(sheet, deed, figures)
    elif props and deed.action in ("fall", "bounce"):
        _fall(sheet, deed, props)
    elif props and deed.action == "topple":
        _topple(sheet, deed, props)
    elif props and deed.action == "roll":
        _roll(sheet, deed, props)


def _moment(sheet: Sheet, link: str, gap: float) -> tuple[Cue, float]:
    """After what moment, and how long after it [s]."""
    if link == "start":
        return START, gap
    if link == "with":
        return sheet.begin, 0.0
    return sheet.end, gap


def _together(sheet: Sheet, deed: Deed, figures: list[Figure]) -> None:
    """The same action by each of several people, a little apart so that they do not move in step."""
    length = facts("staging")["actions"][deed.action]
    cue, gap = _moment(sheet, deed.link, 0.25 if sheet.beats or sheet.lines else 0.5)
    for k, figure in enumerate(figures):
        offset = gap + 0.17 * k
        target = deed.target or deed.object
        beat = sheet.beat(
            figure.id, deed.action, cue.when(offset), target=_people.resolve(sheet, target),
            prop=_people.held(sheet, figure, deed), manner=tuple(deed.manner),
        )  # fmt: skip
        begin = cue.time + offset
        if k == 0:
            sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
            sheet.end = Cue(anchor="beat_end", of=beat, time=begin + length)
        sheet.seen_until(begin + length + 0.5)


def speech_length(text: str) -> float:
    """About how long it takes to say [s]."""
    data = facts("staging")["speech"]
    return max(data["least"], data["seconds_per_letter"] * len(text)) + 0.1


def _say(sheet: Sheet, speech: Speech) -> None:
    data = facts("staging")
    after_contact = sheet.end.anchor == "contact"
    first = not sheet.beats and not sheet.lines
    gap = data["shot"]["line_after_contact"] if after_contact else 0.6 if first else data["speech"]["pause"]
    cue, offset = _moment(sheet, speech.link, gap)
    name = sheet.fresh("line_1" if not sheet.lines else f"line_{len(sheet.lines) + 1}")
    sheet.lines.append(
        Line(
            id=name, scene=SCENE, speaker=speech.speaker, to=speech.to, text=speech.text[:2000],
            language=sheet.frame.language, mood=speech.mood, when=cue.when(offset),
        )  # type: ignore[arg-type]
    )  # fmt: skip
    begin = cue.time + offset
    end = begin + speech_length(speech.text)
    sheet.begin = Cue(anchor="line_start", of=name, time=begin)
    sheet.end = Cue(anchor="line_end", of=name, time=end)
    sheet.seen_until(end + 0.8)


# ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fall(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    data = facts("staging")["falls"]
    gravity = 9.81 if sheet.frame.gravity is None else max(sheet.frame.gravity, 0.5)
    cue, gap = _moment(sheet, deed.link, data["start"])
    for k, name in enumerate(props):
        beat = sheet.beat(name, "fall", cue.when(gap), manner=tuple(deed.manner))
        height = origin(sheet, name)[2]
        met = cue.time + gap + math.sqrt(2 * height / gravity)
        if k == 0:
            sheet.begin = Cue(anchor="beat_start", of=beat, time=cue.time + gap)
            sheet.end = Cue(anchor="contact", of=name, time=met)
        sheet.seen_until(met + data["settle"])


def _topple(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    data = facts("staging")["dominoes"]
    cue, gap = _moment(sheet, deed.link, data["start"])
    beat = sheet.beat(props[0], "tip", cue.when(gap), manner=tuple(deed.manner))
    begin = cue.time + gap
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    done = begin + 0.3 + data["each"] * len(props)
    sheet.end = Cue(anchor="start", of="", time=done)
    sheet.seen_until(done + data["settle"])


def _roll(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    data = facts("staging")["ramp"]
    cue, gap = _moment(sheet, deed.link, data["start"])
    beat = sheet.beat(props[0], "roll", cue.when(gap), target=deed.object and sheet.members[deed.object][0])
    begin = cue.time + gap
    ramp = next(p for p in sheet.props if p.id == sheet.members[deed.object][0])
    slope = ramp.size[2] / math.hypot(ramp.size[0], ramp.size[2])
    way = math.hypot(ramp.size[0], ramp.size[2])
    down = math.sqrt(2 * way / (5 / 7 * 9.81 * slope))  # a solid ball that rolls without slipping
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    sheet.end = Cue(anchor="start", of="", time=begin + down + 0.3)
    sheet.seen_until(begin + down + 0.2 + data["settle"])
