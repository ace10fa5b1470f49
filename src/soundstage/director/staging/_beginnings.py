"""Where people start who first of all sit down or take something up: a step away from it, where a film begins.

Nobody who asks for five seconds of a man who sits down wants to see him cross the room.
"""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Prop, Vec3
from ..frame import Deed, Figure, Speech
from ._sheet import Sheet, facts

Spot = tuple[float, float, float]
"""Middle of a seat's front edge [m], and the heading of who sits there [deg]."""


def near(sheet: Sheet, figures: list[Figure]) -> dict[str, tuple[Vec3, float]]:
    """Feet and heading of those of some people who begin so."""
    found = {}
    for figure in figures:
        deed = _first(sheet, figure)
        if deed is None or deed.already:
            continue
        if deed.action == "sit":
            spots = seats(sheet, deed.target)
            if spots:
                number = deed.actors.index(figure.id)
                found[figure.id] = _before_seat(sheet, spots, number, len(deed.actors))
        elif deed.action == "pick_up" and (prop := _lying(sheet, deed.object)) is not None:
            found[figure.id] = _before_thing(sheet, figure, prop)
    return found


def seats(sheet: Sheet, item: str) -> list[Spot]:
    """Where somebody can sit: on the things of an item; without one on any, or else on what the set has."""
    members = sheet.members.get(item, [])
    props = [p for p in sheet.props if not item or p.id in members]
    spots = [_front(p) for p in props if "seat_height" in library.prop(p.kind).params]
    built = library.set_(sheet.where).seats
    if not spots:
        spots = [(*entry["at"], float(entry["heading_deg"])) for name, entry in built.items() if item in ("", name)]
    return spots


def _first(sheet: Sheet, figure: Figure) -> Deed | None:
    """What somebody does first, if nothing is done or said by them, or to be heard by them, before."""
    for happening in sheet.frame.happenings:
        if isinstance(happening, Speech):
            return None
        if figure.id in happening.actors:
            return happening
    return None


def _front(prop: Prop) -> Spot:
    """The front edge of a prop to sit on; a chair's front is towards +Y of its own."""
    x, y, _ = prop.placement.at
    heading = prop.placement.heading_deg
    ahead = _ahead(heading)
    return x + 0.5 * prop.size[1] * ahead[0], y + 0.5 * prop.size[1] * ahead[1], heading


def _before_seat(sheet: Sheet, spots: list[Spot], number: int, count: int) -> tuple[Vec3, float]:
    """So near that a step back is enough; with little time the back to it already."""
    data = facts("staging")["beginnings"]
    x, y, heading = spots[number % len(spots)]
    (ahead_x, ahead_y), (left_x, left_y) = _ahead(heading), _ahead(heading + 90.0)
    beside = 0.0 if len(spots) > 1 else (number - 0.5 * (count - 1)) * data["apart"]
    out = data["seat_brisk"] if sheet.brisk else data["seat"]
    turned = 0.0 if sheet.brisk else _to_audience(heading, data["turned_deg"])
    return (x + out * ahead_x + beside * left_x, y + out * ahead_y + beside * left_y, 0.0), heading + turned


def _to_audience(heading: float, most: float) -> float:
    """So far turns who stands with a heading to be open to the camera, which is towards -Y [deg]."""
    turn = (180.0 - heading + 180.0) % 360.0 - 180.0
    return math.copysign(min(abs(turn), most), turn)


def _lying(sheet: Sheet, item: str) -> Prop | None:
    """A thing that lies on the ground, to be taken up."""
    members = sheet.members.get(item, [])
    prop = next((p for p in sheet.props if p.id in members), None)
    return prop if prop is not None and prop.placement.relation == "free" else None


def _before_thing(sheet: Sheet, figure: Figure, prop: Prop) -> tuple[Vec3, float]:
    """Behind it as the camera sees it, a step away; with little time within reach."""
    data = facts("staging")["beginnings"]
    character = next(c for c in sheet.cast if c.id == figure.id)
    x, y, _ = prop.placement.at
    reach = data["toes"] * character.identity.height_m / 1.75 + 0.5 * max(prop.size[:2])
    return (x, y + reach + (0.0 if sheet.brisk else data["thing"]), 0.0), 180.0


def _ahead(heading_deg: float) -> tuple[float, float]:
    return -math.sin(math.radians(heading_deg)), math.cos(math.radians(heading_deg))


__all__ = ["near", "seats"]
