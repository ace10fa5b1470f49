"""Shots at the hoop: who stands where with which ball, and what is to come of it."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Blocking, Outcome, Vec3
from ..frame import Deed, Figure, Item
from ._sheet import SCENE, Cue, Sheet, facts, place
from ._things import add_prop

DEFAULT_MARK = "free_throw_line"


def marks(sheet: Sheet) -> dict[str, list[float]]:
    """Marks of the set."""
    return library.set_(sheet.set).marks


def has_hoop(sheet: Sheet) -> bool:
    """The set has a hoop."""
    return "hoop" in marks(sheet)


def stand_at_mark(sheet: Sheet, figure: Figure, mark: str) -> None:
    """Put a shooter on a mark, facing the hoop."""
    x, y, z, _ = marks(sheet)[mark]
    hoop_x, hoop_y, _, _ = marks(sheet)["hoop"]
    heading = math.degrees(math.atan2(-(hoop_x - x), hoop_y - y))
    feet: Vec3 = (x, y, z)
    sheet.feet[figure.id], sheet.heading[figure.id] = feet, heading
    sheet.blocking.append(
        Blocking(character=figure.id, scene=SCENE, placement=place(feet, heading), gaze=figure.gaze or "hoop")
    )


def give_ball(sheet: Sheet, figure: Figure, ball: Item | None) -> str:
    """The prop id of the ball in the shooter's hands."""
    if ball is None:
        name = next((p.id for p in sheet.props if p.kind == "basketball"), "")
        if name:
            return name
        ball = Item(id="ball", kind="basketball")
        sheet.frame.items.append(ball)
    if ball.id in sheet.members:
        return sheet.members[ball.id][0]
    return add_prop(sheet, ball, place((0.0, 0.0, 0.0), relation="held_by", target=figure.id))


def shoot(sheet: Sheet, deed: Deed, figure: Figure) -> None:
    """One shot: ball in hand, beat with its outcome, the moments that follow from it."""
    data, lengths = facts("staging")["shot"], facts("staging")["actions"]
    if figure.id not in sheet.feet:
        mark = figure.target if figure.target in marks(sheet) else DEFAULT_MARK
        stand_at_mark(sheet, figure, mark)
    ball = give_ball(sheet, figure, sheet.frame.item(deed.object))
    action = "jump_shot" if deed.action == "shoot" else deed.action
    first = not sheet.beats and not sheet.lines
    gap = data["start"] if first else data["start"] / 2
    begin = sheet.end.time + gap
    beat = sheet.beat(
        figure.id, action, sheet.end.when(gap), target="hoop", prop=ball, manner=tuple(deed.manner),
        outcome=outcome(deed),
    )  # fmt: skip
    clean = deed.outcome == "goes_in" and deed.via in ([], ["clean"])
    contact = begin + data["to_release"] + data["flight"] + (data["to_floor"] if clean or "short" in deed.via else 0.0)
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    sheet.end = Cue(anchor="contact", of=ball, time=contact)
    if sum(b.prop == ball for b in sheet.beats) > 1:  # the ball has met something before: the beat itself is the only sure anchor
        sheet.end = Cue(anchor="beat_end", of=beat, time=max(contact, begin + lengths[action]))
    sheet.seen_until(contact + data["to_floor"] + data["bounces"])


def outcome(deed: Deed) -> Outcome:
    """What was asked for, or what an open shot comes to."""
    kind = deed.outcome or "goes_in"
    via = tuple(dict.fromkeys(deed.via))
    if not via:
        via = {"goes_in": ("clean",), "misses": ("rim",), "hits": ("rim",)}[kind]
    return Outcome(kind=kind, via=via)  # type: ignore[arg-type]
