"""Shots at the hoop: who stands where with which ball, and what is to come of it."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Blocking, Outcome, Vec3
from ..frame import Deed, Figure, Item
from ._sheet import Cue, Sheet, facts, place
from ._things import add_prop
from ._timing import release_time

DEFAULT_MARK = "free_throw_line"
APART_M = 1.4


def marks(sheet: Sheet) -> dict[str, list[float]]:
    """Marks of the set."""
    return library.set_(sheet.where).marks


def has_hoop(sheet: Sheet) -> bool:
    """The set has a hoop."""
    return "hoop" in marks(sheet)


def stand(sheet: Sheet, figure: Figure) -> None:
    """Put a shooter on the mark, or at the distance, that was asked for, facing the hoop."""
    x, y, z, _ = marks(sheet)[figure.target if figure.target in marks(sheet) else DEFAULT_MARK]
    hoop_x, hoop_y, _, _ = marks(sheet)["hoop"]
    if figure.distance_m is not None:
        way = math.hypot(x - hoop_x, y - hoop_y)
        x, y = (h + (v - h) / way * figure.distance_m for v, h in ((x, hoop_x), (y, hoop_y)))
    while any(math.dist((x, y), (fx, fy)) < APART_M for fx, fy, _ in sheet.feet.values()):
        x += APART_M  # two shooters do not stand in each other
    heading = math.degrees(math.atan2(-(hoop_x - x), hoop_y - y))
    feet: Vec3 = (x, y, z)
    sheet.feet[figure.id], sheet.heading[figure.id] = feet, heading
    sheet.blocking.append(
        Blocking(character=figure.id, scene=sheet.scene, placement=place(feet, heading), gaze=figure.gaze or "hoop")
    )


def give_ball(sheet: Sheet, figure: Figure, ball: Item | None) -> str:
    """The prop id of the ball in the shooter's hands; empty if the ball has left them for good."""
    if ball is None or (ball.id in sheet.members and _holder(sheet, ball.id) != figure.id):
        own = next((p.id for p in sheet.props if p.kind == "basketball" and p.placement.target == figure.id), "")
        if not own:
            ball = Item(id=sheet.fresh("basketball"), kind="basketball")
            sheet.frame.items.append(ball)
            own = add_prop(sheet, ball, place((0.0, 0.0, 0.0), relation="held_by", target=figure.id))
        return "" if any(b.prop == own for b in sheet.beats) else own
    if ball.id in sheet.members:
        own = sheet.members[ball.id][0]
        return "" if any(b.prop == own for b in sheet.beats) else own
    return add_prop(sheet, ball, place((0.0, 0.0, 0.0), relation="held_by", target=figure.id))


def _holder(sheet: Sheet, item_id: str) -> str:
    prop = next(p for p in sheet.props if p.id == sheet.members[item_id][0])
    return prop.placement.target


def shoot(sheet: Sheet, deed: Deed, figure: Figure) -> bool:
    """One shot: ball in hand, beat with its outcome, the moments that follow; whether it can be taken."""
    data = facts("staging")["shot_brisk" if sheet.brisk else "shot"]
    if not has_hoop(sheet):
        return False
    ball = give_ball(sheet, figure, sheet.frame.item(deed.object))
    if not ball:  # one ball, one shot: nobody brings it back within the scene
        return False
    action = "jump_shot" if deed.action == "shoot" else deed.action
    first = not sheet.beats and not sheet.lines
    gap = data["start"] if first else data["start"] / 2
    cue = sheet.begin if deed.link == "with" else sheet.end
    begin = cue.time + gap
    beat = sheet.beat(
        figure.id, action, cue.when(gap), target="hoop", prop=ball, manner=tuple(dict.fromkeys(deed.manner)),
        outcome=outcome(deed),
    )  # fmt: skip
    late = (deed.outcome != "misses" and set(deed.via) <= {"clean"}) or "short" in deed.via
    contact = begin + release_time(action) + data["flight"] + (data["to_floor"] if late else 0.0)
    sheet.begin = Cue(anchor="beat_start", of=beat, time=begin)
    sheet.end = Cue(anchor="contact", of=ball, time=contact)
    sheet.seen_until(contact + (0.0 if late else data["to_floor"]) + data["bounces"])
    return True


def outcome(deed: Deed) -> Outcome:
    """What was asked for, or what an open shot comes to."""
    # A shot that "hits the ring", and of which nothing more is said, is one that did not go in.
    kind = deed.outcome or ("misses" if "rim" in deed.via else "goes_in")
    via = tuple(dict.fromkeys(deed.via))
    if kind == "misses":
        via = tuple(v for v in via if v != "clean")
    for alone in ("short", "long") if kind == "misses" else ("clean",):
        if alone in via:
            via = (alone,)  # a shot that meets nothing on its way meets nothing
    if kind == "goes_in":
        via = tuple(v for v in via if v not in ("short", "long"))
    if not via and kind == "misses":
        via = ("rim",)  # the miss that everybody sees; how a good one goes in is left open
    return Outcome(kind=kind, via=via)  # type: ignore[arg-type]
