"""Where things stand, lie and hang before the scene starts."""

from __future__ import annotations

from ... import library
from ...screenplay.model import Vec3
from ..frame import Deed, Frame, Item
from . import _rows
from ._rows import PILES
from ._sheet import Sheet, facts, place
from ._surfaces import EDGE_M, Surface, set_up
from ._things import add_prop, size_of

IN_HAND = {"jump_shot", "free_throw", "shoot", "throw", "drop", "put_down"}
"""What people do with a thing they hold."""


def arrange(sheet: Sheet) -> None:
    """Give every item that is not held or shot its place."""
    frame = sheet.frame
    surfaces = set_up(sheet)
    for deed in frame.happenings:
        if isinstance(deed, Deed):
            _arrange_deed(sheet, deed, surfaces)
    rest = [item for item in frame.items if item.id not in sheet.members and item.id not in _held(frame)]
    _side_by_side(sheet, rest, surfaces)


def _held(frame: Frame) -> set[str]:
    """Items in somebody's hands: they are given with the person."""
    held = {name for figure in frame.figures for name in figure.holds}
    used = {d.object for d in frame.happenings if isinstance(d, Deed) and d.action in IN_HAND}
    taken = {d.object for d in frame.happenings if isinstance(d, Deed) and d.action == "pick_up"}
    return (held | used) - taken


def _on(item: Item, surfaces: dict[str, Surface]) -> Surface:
    return surfaces.get(item.id, surfaces[""])


def _arrange_deed(sheet: Sheet, deed: Deed, surfaces: dict[str, Surface]) -> None:
    frame = sheet.frame
    if deed.action == "throw":
        _aim(sheet, deed, surfaces)
        return
    items = [i for a in deed.actors if (i := frame.item(a)) and i.id not in sheet.members]
    if not items:
        return
    if deed.action in ("roll", "slide") and (ramp := frame.item(deed.object)) and ramp.kind == "ramp":
        _ramp(sheet, items, ramp, frame.item(deed.target), surfaces, slides=deed.action == "slide")
    elif deed.action == "topple" and sum(i.count for i in items) > 1 and items[0].arrangement not in PILES:
        _rows.row(sheet, items, _on(items[0], surfaces))
    elif any(i.relation == "edge" for i in items):
        _at_edge(sheet, items, surfaces)
    elif deed.action in ("roll", "slide"):
        _course(sheet, items, deed, surfaces)
    elif deed.action == "fall":
        _falling(sheet, deed, surfaces)
    elif deed.action == "spin":
        for item in items:
            _spinning(sheet, item, _on(item, surfaces))


# ── ramps ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ramp(
    sheet: Sheet, rollers: list[Item], ramp: Item, struck: Item | None, surfaces: dict[str, Surface], *, slides: bool
) -> None:
    """Ramp, what rolls at its top, what it meets beyond its foot; they run along +X."""
    wide = max(size_of(r)[0] for r in rollers)
    if ramp.size_m is None:
        ramp.scale *= max(1.0, wide * 1.6 / library.prop("ramp").size[1])
    if ramp.id in sheet.members:  # a second thing on the same ramp
        _queue(sheet, rollers, sheet.members[ramp.id][0], behind=0.0)
        return
    surface = _on(ramp, surfaces)
    if surface.target and size_of(ramp)[0] > surface.extent[0] - 0.3:
        surface = Surface(target="", height=0.0, extent=(4.0, 3.0))  # too long for the table
    if slides:
        ramp.rise = max(ramp.rise, facts("staging")["ramp"]["slide_rise"])  # or friction would hold it
    long = size_of(ramp)[0]
    runout = facts("staging")["ramp"]["runout"] * max(1.0, wide / 0.1)
    depth = 0.0
    if struck is not None:
        _rows.fit_blocks(sheet, rollers[0], struck)
        depth = size_of(struck)[0]
    left = -(long + runout + depth) / 2
    lanes = [
        add_prop(sheet, ramp, surface.spot(left + long / 2, (k - (ramp.count - 1) / 2) * (size_of(ramp)[1] + 0.05)))
        for k in range(ramp.count)
    ]
    if len(lanes) == len(rollers) > 1:
        for roller, lane in zip(rollers, lanes, strict=True):
            _queue(sheet, [roller], lane, behind=0.0)
    else:
        _queue(sheet, rollers, lanes[0], behind=0.0)
    if struck is not None and struck.id not in sheet.members:
        _stand_in_way(sheet, struck, surface, left + long + runout + depth / 2)


def _queue(sheet: Sheet, rollers: list[Item], ramp: str, behind: float) -> None:
    """One behind the other along the top of a ramp, the first furthest down."""
    order = [item for item in rollers for _ in range(item.count)]
    sizes = [size_of(i)[0] for i in order]
    x = behind + sum(sizes) * 1.25 - sizes[0] * 1.25
    for item, following in zip(order, [*sizes[1:], 0.0], strict=True):
        add_prop(sheet, item, place((x, 0.0, 0.0), relation="on", target=ramp))
        x -= following * 1.25


def _stand_in_way(sheet: Sheet, struck: Item, surface: Surface, x: float, y: float = 0.0) -> None:
    """What is hit, on the way of what comes along +X at y."""
    if struck.arrangement in PILES or (struck.count > 1 and struck.kind == "block" and not struck.arrangement):
        _rows.stack(sheet, struck, surface, x, y)
    elif struck.kind == "domino" and struck.count > 1:
        _rows.row(sheet, [struck], surface, start_x=x)
    else:
        deep = size_of(struck)[1]
        for k in range(struck.count):
            add_prop(sheet, struck, surface.spot(x, y + (k - (struck.count - 1) / 2) * deep * 1.5))


# ── things that set out by themselves ───────────────────────────────────────────────────────────────────────────────


def _course(sheet: Sheet, items: list[Item], deed: Deed, surfaces: dict[str, Surface]) -> None:
    """What rolls or slides stands left, what it meets stands right of it."""
    surface = _on(items[0], surfaces)
    moves = facts("staging")["moves"]
    struck = sheet.frame.item(deed.target)
    way = moves["way"] if surface.target else moves["way_far"]
    if struck is not None:
        _rows.fit_blocks(sheet, items[0], struck)
        if surface.target:
            way = min(way, surface.extent[0] - 2 * EDGE_M - size_of(struck)[0] - max(size_of(i)[0] for i in items))
    y = first = _free_y(sheet, surface, -way / 2, 0.0, size_of(items[0]))
    for item in items:
        wide = size_of(item)[0]
        for _ in range(item.count):
            y = _free_y(sheet, surface, -way / 2, y, size_of(item))
            add_prop(sheet, item, surface.spot(-way / 2, y, heading_deg=-90.0))
            y += wide * 1.6 + 0.05
    if struck is not None and struck.id not in sheet.members:
        _stand_in_way(sheet, struck, surface, way / 2, first)


def _at_edge(sheet: Sheet, items: list[Item], surfaces: dict[str, Surface]) -> None:
    """Near the right edge of what they will fall off, facing it."""
    moves = facts("staging")["moves"]
    y = 0.0
    for item in items:
        surface = surfaces.get(item.target, surfaces[""])
        rolls = library.prop(item.kind).shape == "sphere"
        wide = size_of(item)[0]
        back = wide / 2 + moves["edge_roll" if rolls else "edge_slide"]
        for _ in range(item.count):
            y = _free_y(sheet, surface, surface.extent[0] / 2 - back, y, size_of(item))
            add_prop(sheet, item, surface.spot(surface.extent[0] / 2 - back, y, heading_deg=-90.0))
            y += wide * 1.4 + 0.03


def off_edge(sheet: Sheet, prop_id: str) -> bool:
    """The prop was placed to go over an edge."""
    owner = next((name for name, members in sheet.members.items() if prop_id in members), "")
    item = sheet.frame.item(owner)
    return item is not None and item.relation == "edge"


def _spinning(sheet: Sheet, item: Item, surface: Surface) -> None:
    """A coin spins on its edge, everything else as it stands."""
    for k in range(item.count):
        wide = size_of(item)[0]
        x = (k - (item.count - 1) / 2) * wide * 3
        add_prop(sheet, item, surface.spot(x, 0.0, roll_deg=90.0 if item.kind == "coin" else 0.0))


def _aim(sheet: Sheet, deed: Deed, surfaces: dict[str, Surface]) -> None:
    """What somebody throws at stands some way before them."""
    item = sheet.frame.item(deed.target)
    if item is None or item.id in sheet.members:
        return
    surface = _on(item, surfaces)
    thrown = sheet.frame.item(deed.object)
    if thrown is not None:
        _rows.fit_blocks(sheet, thrown, item)
    _stand_in_way(sheet, item, surface, 0.0 if surface.target else facts("staging")["throws"]["thing_at"])


# ── things in the air, and the rest ─────────────────────────────────────────────────────────────────────────────────


def _falling(sheet: Sheet, deed: Deed, surfaces: dict[str, Surface]) -> None:
    """Side by side above what they fall onto: all that the story lets fall there, now or later."""
    data = facts("staging")["falls"]
    order = [(item, height) for d in _falls_like(sheet, deed) for item, height in _hung(sheet, d)]
    widths = [max(size_of(i)[:2]) for i, _ in order]
    below = sheet.frame.item(deed.target)
    if below is not None and below.id not in surfaces:
        if below.id not in sheet.members:
            _side_by_side(sheet, [below], surfaces)
        top = sheet.members[below.id][-1 if below.arrangement in PILES else 0]
        surfaces[below.id] = Surface(target=top, height=size_of(below)[2], extent=size_of(below)[:2])
    default = surfaces[""] if deed.target else _floor(surfaces, [i for i, _ in order])
    surface = surfaces.get(deed.target, default) if deed.target else default
    gap = data["gap"]
    if surface.target:
        spare = surface.extent[0] - 2 * EDGE_M - sum(widths)
        gap = max(0.02, min(gap, spare / max(len(order) - 1, 1)))
    x = -(sum(widths) + gap * (len(order) - 1)) / 2
    furniture = [p.size[1] / 2 for p in sheet.props if p.fixed and p.placement.relation == "free"]
    y = 0.0 if surface.target or not furniture else -max(furniture) - max(widths) / 2 - 0.2  # before it, not through it
    for (item, told), width in zip(order, widths, strict=True):
        height = told or item.height_m or data["height_on_table" if surface.target else "height"]
        add_prop(sheet, item, surface.spot(x + width / 2, y, up=height))
        x += width + gap


def _falls_like(sheet: Sheet, deed: Deed) -> list[Deed]:
    """This fall and those after it onto the same."""
    deeds = [d for d in sheet.frame.happenings if isinstance(d, Deed) and d.action == "fall"]
    return [d for d in deeds if d.target == deed.target and d.direction == deed.direction]


def _hung(sheet: Sheet, deed: Deed) -> list[tuple[Item, float | None]]:
    """Every one of the things that a deed lets fall, with the height it was given."""
    found = [
        i for a in deed.actors if (i := sheet.frame.item(a)) and i.id not in sheet.members and i.relation != "edge"
    ]
    order = [item for item in found for _ in range(item.count)]
    heights = deed.heights
    return [(item, heights[min(k, len(heights) - 1)] if heights else None) for k, item in enumerate(order)]


def _free_y(sheet: Sheet, surface: Surface, x: float, y: float, size: Vec3) -> float:
    """The first place behind (x, y) where nothing stands yet."""
    relation = "on" if surface.target else "free"
    for _ in range(100):
        for p in sheet.props:
            if p.placement.relation != relation or p.placement.target != surface.target:
                continue
            room_x, room_y = (p.size[0] + size[0]) / 2, (p.size[1] + size[1]) / 2
            apart = abs(p.placement.at[0] - x) >= room_x or abs(p.placement.at[1] - y) >= room_y
            if not apart and abs(p.placement.at[2] - surface.height) < 1.0:
                y = p.placement.at[1] + room_y + 0.03
                break
        else:
            return y
    return y


def _floor(surfaces: dict[str, Surface], items: list[Item]) -> Surface:
    """Where things fall that were not said to fall on anything: on what they were said to be on, else the ground."""
    from ._surfaces import GROUND  # here: everything else stands on surfaces

    return surfaces.get(items[0].id, GROUND)


def _side_by_side(sheet: Sheet, items: list[Item], surfaces: dict[str, Surface]) -> None:
    """Things nobody does anything with: beside each other, behind what acts."""
    for surface in {id(_on(i, surfaces)): _on(i, surfaces) for i in items}.values():
        here = [i for i in items if _on(i, surfaces) is surface]
        taken = any(p.placement.target == surface.target and not p.fixed for p in sheet.props)
        gaps = [size_of(i)[0] * 0.5 + 0.02 for i in here for _ in range(_across(i))]
        widths = [size_of(i)[0] for i in here for _ in range(_across(i))]
        x = -(sum(widths) + sum(gaps[:-1])) / 2
        for item in here:
            wide, deep, _ = size_of(item)
            for _ in range(_across(item)):
                y = deep + 0.15 if taken else 0.0
                at = surface.clamp(x + wide / 2, y, wide, deep) if surface.target else (x + wide / 2, y)
                if item.arrangement in PILES:
                    _rows.stack(sheet, item, surface, *at)
                elif item.kind == "domino" and item.count > 1:
                    _rows.row(sheet, [item], surface)
                else:
                    add_prop(sheet, item, surface.spot(at[0], _free_y(sheet, surface, *at, size_of(item))))
                x += wide * 1.5 + 0.02


def _across(item: Item) -> int:
    """How many places an item takes beside others."""
    return 1 if item.arrangement in PILES or (item.kind == "domino" and item.count > 1) else item.count


def origin(sheet: Sheet, prop_id: str) -> Vec3:
    """About where a prop is, in the scene."""
    prop = next(p for p in sheet.props if p.id == prop_id)
    x, y, z = prop.placement.at
    target = next((p for p in sheet.props if p.id == prop.placement.target), None)
    if target is not None and prop.placement.relation in ("on", "above"):
        tx, ty, tz = origin(sheet, target.id)
        return (x + tx, y + ty, z + tz + target.size[2])
    return (x, y, z)
