"""The story on the scene's clock: every happening becomes a beat, a line or part of what physics does by itself."""

from __future__ import annotations

import math

from ...screenplay.model import Line, Outcome
from ..frame import Deed, Figure, Speech
from . import _beginnings, _hoop, _people
from ._arrange import off_edge, origin
from ._places import HOOP_ACTIONS
from ._rows import PILES
from ._sheet import NO_OUTCOME, START, Cue, Sheet, facts
from ._timing import action_length, fall_time, release_time, speech_length

HANDS = {"throw", "drop"}


def tell(sheet: Sheet) -> None:
    """Beats and lines for all happenings, in their order."""
    for happening in sheet.frame.happenings:
        if isinstance(happening, Speech):
            _say(sheet, happening)
        elif not _act(sheet, happening):
            sheet.missed.append(happening.phrase or happening.action.replace("_", " "))
            continue
        sheet.cues[happening.id] = (sheet.begin, sheet.end)


def _act(sheet: Sheet, deed: Deed) -> bool:
    """Beats of one deed; whether it could be done."""
    figures = [f for a in deed.actors if (f := sheet.frame.figure(a))]
    props = [p for a in deed.actors for p in sheet.members.get(a, [])]
    if figures and deed.action in HOOP_ACTIONS:
        shots = [_hoop.shoot(sheet, deed, figure) for figure in figures]  # all of them, even if one cannot
        return all(shots)
    if figures and deed.action in ("pick_up", "put_down"):
        return _handle(sheet, deed, figures[0])
    if figures and deed.action in HANDS:
        return _let_go(sheet, deed, figures[0])
    if figures and deed.action in facts("actions")["action"]:
        _together(sheet, deed, figures)
        return True
    if not props:
        return False
    acts = {"fall": _fall, "topple": _topple, "roll": _roll, "slide": _roll, "spin": _spin}
    if deed.action not in acts:
        return False
    acts[deed.action](sheet, deed, props)
    return True


def _moment(sheet: Sheet, link: str, gap: float) -> tuple[Cue, float]:
    """After what moment, and how long after it [s]."""
    if link == "start":
        return START, gap
    if link == "with":
        return sheet.begin, 0.15
    return sheet.end, gap


def _first(sheet: Sheet) -> bool:
    return not sheet.beats and not sheet.lines


def _pause(sheet: Sheet, usual: float) -> float:
    """Before the first thing happens [s]; half as long where time is short."""
    return usual / 2 if sheet.brisk else usual


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _together(sheet: Sheet, deed: Deed, figures: list[Figure]) -> None:
    """The same action by each of several people, a little apart so that they do not move in step."""
    length = action_length(deed.action)
    cue, gap = _moment(sheet, deed.link, _pause(sheet, 0.5) if _first(sheet) else 0.25)
    if deed.action == "sit":
        length = max(_sitting_length(sheet, figure, deed.target) for figure in figures)
    if deed.already:
        cue, gap, length = START, 0.0, 0.05
    spots = sheet.members.get(deed.target, []) if deed.action == "sit" else []  # each on a seat of their own
    for k, figure in enumerate(figures):
        target = spots[k % len(spots)] if spots else _people.resolve(sheet, deed.target)
        offset = 0.0 if deed.already else gap + 0.17 * k
        beat = sheet.beat(
            figure.id, deed.action, cue.when(offset), target=target,
            manner=tuple(dict.fromkeys(deed.manner)),
        )  # fmt: skip
        begin = cue.time + offset
        if k == 0:
            sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
            sheet.end = Cue(anchor="beat_end", of=beat, time=begin + length)
            if deed.already:  # first it is seen how they are
                sheet.end = Cue(anchor="start", of="", time=0.7)
        sheet.seen_until(begin + length + 0.5)


def _sitting_length(sheet: Sheet, figure: Figure, item: str) -> float:
    """About how long somebody takes to get to a seat and down on it [s]."""
    data = facts("staging")["sitting"]
    feet = sheet.feet.get(figure.id, (0.0, 0.0, 0.0))
    away = min((math.hypot(x - feet[0], y - feet[1]) for x, y, _ in _beginnings.seats(sheet, item)), default=0.0)
    if away < data["here"]:
        return action_length("sit") + float(data["shuffle"])
    return float(data["step"] if away < data["behind"] else data["turns"] + away / data["pace"])


def _handle(sheet: Sheet, deed: Deed, figure: Figure) -> bool:
    """Take a thing up, or put down what the hands hold."""
    prop = _people.resolve(sheet, deed.object)
    if not prop:
        return False
    first = _first(sheet)
    cue, gap = _moment(sheet, deed.link, _pause(sheet, 0.5) if first else 0.25)
    beat = sheet.beat(
        figure.id, deed.action, cue.when(gap), target=_people.resolve(sheet, deed.target), prop=prop,
        manner=tuple(dict.fromkeys(deed.manner)),
    )  # fmt: skip
    begin = cue.time + gap
    length = action_length(deed.action)
    if first and deed.action == "pick_up" and sheet.brisk:
        length = facts("staging")["beginnings"]["take_brisk"]
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    sheet.end = Cue(anchor="beat_end", of=beat, time=begin + length)
    sheet.seen_until(begin + length + 0.5)
    return True


def _let_go(sheet: Sheet, deed: Deed, figure: Figure) -> bool:
    """Throw or drop what is held; at a thing, so that it hits."""
    prop = _people.resolve(sheet, deed.object)
    if not prop or any(b.prop == prop and b.action != "pick_up" for b in sheet.beats):
        return False  # a thing that was let go is not in the hands any more
    target = _people.resolve(sheet, deed.target)
    aimed = bool(target) and deed.outcome == "hits"
    cue, gap = _moment(sheet, deed.link, _pause(sheet, 0.7) if _first(sheet) else 0.3)
    beat = sheet.beat(
        figure.id, deed.action, cue.when(gap), target=target, prop=prop, manner=tuple(dict.fromkeys(deed.manner)),
        outcome=Outcome(kind="hits", via=()) if aimed else NO_OUTCOME,
    )  # fmt: skip
    begin = cue.time + gap
    met = begin + release_time(deed.action) + (0.6 if deed.action == "throw" else 0.45)
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    sheet.end = Cue(anchor="contact", of=prop, time=met)
    if deed.action == "throw" and not target:  # into the open it may come down after the film: it is gone by then
        free = release_time(deed.action)
        sheet.end = Cue(anchor="beat_start", of=beat, time=begin + free, late=free)
    sheet.seen_until(max(met + 1.8, begin + action_length(deed.action) + 0.5))
    return True


def _say(sheet: Sheet, speech: Speech) -> None:
    data = facts("staging")
    gap = 0.6 if _first(sheet) else float(data["speech"]["pause"])
    if sheet.end.anchor == "contact":
        gap = data["shot_brisk" if sheet.brisk else "shot"]["line_after_contact"]
    cue, offset = _moment(sheet, speech.link, gap)
    name = sheet.fresh(f"line_{len(sheet.lines) + 1}")
    to = speech.to if sheet.frame.figure(speech.to) else ""
    sheet.lines.append(
        Line.model_validate(
            {
                "id": name, "scene": sheet.scene, "speaker": speech.speaker, "to": to, "text": speech.text[:2000],
                "language": sheet.frame.language, "mood": speech.mood, "when": cue.when(offset),
            }
        )
    )  # fmt: skip
    rate = next((c.voice.words_per_minute for c in sheet.cast if c.id == speech.speaker), 160)
    begin = cue.time + offset
    end = begin + speech_length(speech.text, rate, speech.mood)
    sheet.spans[name] = (begin, end)
    sheet.begin = Cue(anchor="line_start", of=name, time=begin)
    sheet.end = Cue(anchor="line_end", of=name, time=end)
    sheet.seen_until(end + 0.7 + facts("staging")["coverage"]["slack"] * end)


# ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fall(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    """Let go above the ground; off a table, pushed over its edge."""
    data = facts("staging")["falls"]
    cue, gap = _moment(sheet, deed.link, data["start"])
    last = cue.time
    for k, name in enumerate(props):
        offset = gap + (data["spread"] * k if deed.spread else 0.0)
        edge = off_edge(sheet, name)
        action = ("roll" if _round(sheet, name) else "slide") if edge else "fall"
        beat = sheet.beat(name, action, cue.when(offset), manner=tuple(dict.fromkeys(deed.manner)))
        wait = 0.3 if edge else 0.0
        last = cue.time + offset + wait + fall_time(_drop(sheet, name), _gravity(sheet))
        if k == 0:
            sheet.begin = Cue(anchor="beat_start", of=beat, time=cue.time + offset)
            sheet.end = Cue(anchor="contact", of=name, time=last)
        sheet.seen_until(last + data["settle"])
    if edge:  # it slides before it falls: its first new contact says nothing
        sheet.end = Cue(anchor="start", of="", time=last)


def _gravity(sheet: Sheet) -> float:
    return 9.81 if sheet.frame.gravity is None else sheet.frame.gravity


def _round(sheet: Sheet, name: str) -> bool:
    prop = next(p for p in sheet.props if p.id == name)
    return (
        math.isclose(prop.size[0], prop.size[2]) and math.isclose(prop.size[0], prop.size[1]) and prop.kind != "block"
    )


def _drop(sheet: Sheet, name: str) -> float:
    """How far a prop falls to what it is above."""
    prop = next(p for p in sheet.props if p.id == name)
    if prop.placement.relation == "on" and prop.placement.at[2] > 0:
        return prop.placement.at[2]
    return origin(sheet, name)[2]


def _topple(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    data = facts("staging")["dominoes"]
    cue, gap = _moment(sheet, deed.link, data["start"])
    item = sheet.frame.item(deed.actors[0])
    pushed = props[len(props) // 2] if item is not None and item.arrangement in PILES else props[0]
    beat = sheet.beat(pushed, "tip", cue.when(gap), manner=tuple(dict.fromkeys(deed.manner)))
    begin = cue.time + gap
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    done = begin + 0.4 + data["each"] * len(props)
    sheet.end = Cue(anchor="start", of="", time=done)
    sheet.seen_until(done + data["settle"])


def _spin(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    cue, gap = _moment(sheet, deed.link, 0.3)
    for name in props:
        beat = sheet.beat(name, "spin", cue.when(gap), manner=tuple(dict.fromkeys(deed.manner)))
        sheet.begin = Cue(anchor="beat_start", of=beat, time=cue.time + gap)
    sheet.end = Cue(anchor="start", of="", time=cue.time + gap + 2.0)
    sheet.seen_until(cue.time + gap + 3.5)


def _roll(sheet: Sheet, deed: Deed, props: list[str]) -> None:
    """Down a ramp by its own weight, or pushed along the ground towards its target."""
    data, moves = facts("staging")["ramp"], facts("staging")["moves"]
    cue, gap = _moment(sheet, deed.link, data["start"])
    ramp = next((p for p in sheet.props if p.id in sheet.members.get(deed.object, []) and p.kind == "ramp"), None)
    target = _people.resolve(sheet, deed.target) if ramp is None else ""
    lanes = len(sheet.members.get(deed.object, []))
    for k, name in enumerate(props):
        outcome = Outcome(kind="hits", via=()) if target and k == 0 else NO_OUTCOME
        offset = gap + (0.0 if lanes == len(props) else 0.25 * k)
        beat = sheet.beat(
            name,
            deed.action,
            cue.when(offset),
            target=target,
            manner=tuple(dict.fromkeys(deed.manner)),
            outcome=outcome,
        )
        begin = cue.time + offset
        if k == 0:
            sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
        if ramp is not None:
            slope = ramp.size[2] / math.hypot(ramp.size[0], ramp.size[2])
            way = math.hypot(ramp.size[0], ramp.size[2])
            met = begin + math.sqrt(2 * way / (5 / 7 * max(_gravity(sheet), 0.5) * slope)) + 0.25
            settle = data["settle"]
        else:
            met = begin + moves["way_far" if origin(sheet, name)[2] < 0.01 else "way"] / moves["speed"]
            if off_edge(sheet, name):
                met = begin + 0.4 + fall_time(origin(sheet, name)[2], _gravity(sheet))
            settle = moves["settle"]
        sheet.end = Cue(anchor="start", of="", time=met)
        sheet.seen_until(met + settle)
