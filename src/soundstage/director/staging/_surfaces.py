"""What things stand on: the ground, and the furniture that is placed first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ... import library
from ...screenplay.model import Placement
from ..frame import Deed, Frame, Item
from ._sheet import Sheet, facts, place
from ._things import add_prop, size_of

SMALL_M = 0.12
"""Things below this size want a table under them."""
LOW_M = 0.6
"""What somebody throws at stands on a table if it is lower than this."""
EDGE_M = 0.06
"""Left free along a table's edges."""


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What things stand on: the ground ("") or the top of a prop."""

    target: str
    height: float
    extent: tuple[float, float]
    """Along x and y [m]."""

    def spot(self, x: float, y: float, up: float = 0.0, heading_deg: float = 0.0, roll_deg: float = 0.0) -> Placement:
        """A place on it, or `up` above it; x and y from its middle."""
        if self.target:
            return place((x, y, up), heading_deg, relation="on", target=self.target, roll_deg=roll_deg)
        return place((x, y, self.height + up), heading_deg, roll_deg=roll_deg)

    def clamp(self, x: float, y: float, wide: float, deep: float) -> tuple[float, float]:
        """The nearest place where something of that size is wholly on it."""
        free_x = max(0.0, self.extent[0] / 2 - EDGE_M - wide / 2)
        free_y = max(0.0, self.extent[1] / 2 - EDGE_M - deep / 2)
        return min(max(x, -free_x), free_x), min(max(y, -free_y), free_y)


GROUND = Surface(target="", height=0.0, extent=(4.0, 3.0))


def set_up(sheet: Sheet) -> dict[str, Surface]:
    """Place the furniture; what each item stands on, by item id ("" for all others)."""
    frame = sheet.frame
    aimed = _aimed_at(frame)
    _bring_table(frame, aimed)
    _bring_seat(sheet)
    result: dict[str, Surface] = {"": GROUND}
    stage_x = 0.0
    away = 0
    for item in frame.items:
        if not library.prop(item.kind).fixed or item.kind in ("ramp", "hoop") or item.id in sheet.members:
            continue
        if item.kind in _built_seats(sheet) and item.count == 1 and not (item.colours or item.material):
            sheet.members[item.id] = [item.kind]  # the one that the set has
            continue
        wide, deep, tall = size_of(item)
        carries = _carries(frame, item)
        for _ in range(item.count):
            if carries and aimed is not None and aimed.target == item.id:
                spot = (facts("staging")["throws"]["thing_at"], 0.0, 0.0)
            elif carries or not frame.figures:
                spot = (stage_x, 0.0, 0.0)
                stage_x += wide + 0.4
            else:
                spot = _aside(sheet, item, away)
                away += 1
            name = add_prop(sheet, item, place(spot, 180.0 if is_seat(item) else 0.0))
        surface = Surface(target=name, height=tall, extent=(wide, deep))
        result[item.id] = surface
        if carries and result[""] is GROUND and not frame.figures:
            result[""] = surface
    for item in frame.items:
        if item.target and item.target in result:
            result[item.id] = result[item.target]
    return result


def _aimed_at(frame: Frame) -> Item | None:
    """The item that somebody throws something at."""
    for deed in frame.happenings:
        if isinstance(deed, Deed) and deed.action == "throw" and (item := frame.item(deed.target)):
            return item
    return None


def _bring_table(frame: Frame, aimed: Item | None) -> None:
    """A table nobody asked for, where small things would lie on the floor."""
    if aimed is not None:
        if not aimed.relation and size_of(aimed)[2] < LOW_M and not library.prop(aimed.kind).fixed and not frame.ground:
            table = _new_table(frame)
            aimed.relation, aimed.target = "on", table.id
        return
    movable = [i for i in frame.items if not library.prop(i.kind).fixed]
    if movable and not frame.ground and not frame.figures and not _carriers(frame) and _wants_table(frame, movable):
        _new_table(frame)


SITTER_M = 0.58
"""Of a seat's width, for each who sits there."""
SEAT_NEAR_M = 4.0
"""A seat that the set builds is used if it stands no further from the middle of the stage."""


def is_seat(item: Item) -> bool:
    """People can sit on it."""
    return "seat_height" in library.prop(item.kind).params


def _built_seats(sheet: Sheet) -> set[str]:
    """Seats that the set itself has near the people."""
    built = library.set_(sheet.where).seats
    return {name for name, seat in built.items() if math.hypot(*seat["at"]) < SEAT_NEAR_M}


def _bring_seat(sheet: Sheet) -> None:
    """Chairs nobody asked for, where somebody sits down and there is nothing to sit on."""
    frame = sheet.frame
    sits = [d for d in frame.happenings if isinstance(d, Deed) and d.action == "sit"]
    sitters = {a for d in sits for a in d.actors}
    built = library.set_(sheet.where).seats
    room = sum(int(built[name]["width"] / SITTER_M) for name in _built_seats(sheet))
    room += sum(i.count * max(1, int(size_of(i)[0] / SITTER_M)) for i in frame.items if is_seat(i))
    short = len(sitters) - room
    if short <= 0 or all(d.target for d in sits):
        return
    taken = {i.id for i in frame.items} | {f.id for f in frame.figures}
    name = "chair" if "chair" not in taken else "stage_chair"
    frame.items.append(Item(id=name, kind="chair", count=short))


def _new_table(frame: Frame) -> Item:
    taken = {i.id for i in frame.items} | {f.id for f in frame.figures}
    colours = [facts("staging")["table_colour"]]  # pale: what stands on it is to be seen
    table = Item(id="table" if "table" not in taken else "stage_table", kind="table", colours=colours)
    frame.items.append(table)
    return table


def _carriers(frame: Frame) -> list[Item]:
    return [i for i in frame.items if i.kind == "table"]


def _carries(frame: Frame, item: Item) -> bool:
    """Something stands on it, or falls onto it; a table in a film without people always carries what there is."""
    carried = any(i.target == item.id for i in frame.items)
    met = any(
        isinstance(d, Deed) and item.id in (d.target, d.object) and frame.item((d.actors or [""])[0])
        for d in frame.happenings
    )
    put = any(isinstance(d, Deed) and d.action == "put_down" and d.target == item.id for d in frame.happenings)
    return carried or met or put or (item.kind == "table" and not frame.figures)


def _wants_table(frame: Frame, movable: list[Item]) -> bool:
    falls = any(isinstance(d, Deed) and d.action == "fall" for d in frame.happenings)
    return not falls and all(max(size_of(i)) <= SMALL_M for i in movable)


def _aside(sheet: Sheet, item: Item, index: int) -> tuple[float, float, float]:
    """Furniture that people walk to stands to the right, other furniture behind them."""
    goals = {d.target for d in sheet.frame.happenings if isinstance(d, Deed) and d.action in library.gaits()}
    if item.id in goals:
        return (2.2 + 1.9 * index, 0.5, 0.0)
    # behind the people and beside each other: 0, +2, −2 …
    return (((index + 1) // 2) * (2.0 if index % 2 else -2.0), 1.0 + size_of(item)[1] / 2, 0.0)
