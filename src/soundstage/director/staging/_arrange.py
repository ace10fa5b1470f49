"""Where things stand, lie and hang before the scene starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ... import library
from ...screenplay.model import Placement, Vec3
from ..frame import Deed, Frame, Item
from ._sheet import Sheet, facts, place
from ._things import add_prop, size_of

SMALL_M = 0.12
"""Things below this size want a table under them."""
PILES = ("stack", "pyramid", "heap", "wall")
IN_HAND = {"jump_shot", "free_throw", "shoot", "throw", "drop"}
"""What people do with a thing they hold."""
EDGE_M = 0.06
"""Left free along a table's edges."""


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What things stand on: the ground ("") or the top of a prop."""

    target: str
    height: float
    extent: tuple[float, float]

    def spot(
        self, x: float, y: float, up: float = 0.0, heading_deg: float = 0.0, roll_deg: float = 0.0
    ) -> Placement:
        """A place on it, or `up` above it; x and y from its middle."""
        if self.target:
            return place((x, y, up), heading_deg, relation="on", target=self.target, roll_deg=roll_deg)
        return place((x, y, self.height + up), heading_deg, roll_deg=roll_deg)


GROUND = Surface(target="", height=0.0, extent=(4.0, 4.0))


def arrange(sheet: Sheet) -> None:
    """Give every item that is not held or shot its place."""
    frame = sheet.frame
    surface = _surfaces(sheet)
    for deed in frame.happenings:
        if isinstance(deed, Deed):
            _arrange_deed(sheet, deed, surface)
    rest = [item for item in frame.items if item.id not in sheet.members and item.id not in _held(frame)]
    _side_by_side(sheet, rest, surface)


def _held(frame: Frame) -> set[str]:
    """Items in somebody's hands: staging gives those with the person."""
    held = {name for figure in frame.figures for name in figure.holds}
    used = {d.object for d in frame.happenings if isinstance(d, Deed) and d.action in IN_HAND}
    return held | used


def _surfaces(sheet: Sheet) -> dict[str, Surface]:
    """Place the furniture; what each item stands on, by item id ("" for the rest)."""
    frame = sheet.frame
    furniture = [i for i in frame.items if library.prop(i.kind).fixed and i.kind not in ("ramp", "hoop")]
    movable = [i for i in frame.items if not library.prop(i.kind).fixed]
    if not furniture and movable and not frame.ground and not frame.figures and _wants_table(frame, movable):
        table = Item(id="table", kind="table")
        frame.items.append(table)
        furniture.append(table)
    result: dict[str, Surface] = {"": GROUND}
    x = 0.0
    for item in furniture:
        wide, deep, tall = size_of(item)
        for _ in range(item.count):
            name = add_prop(sheet, item, place((x, 0.0, 0.0)))
            x += wide + 0.4
        surface = Surface(target=name, height=tall, extent=(wide, deep))
        result[item.id] = surface
        if result[""] is GROUND and not frame.figures:
            result[""] = surface
    for item in frame.items:
        if item.relation == "ground":
            result[item.id] = GROUND
        elif item.target in result:
            result[item.id] = result[item.target]
    return result


def _wants_table(frame: Frame, movable: list[Item]) -> bool:
    falls = any(isinstance(d, Deed) and d.action in ("fall", "bounce") for d in frame.happenings)
    return not falls and all(max(size_of(i)) <= SMALL_M for i in movable)


def _on(item: Item, surfaces: dict[str, Surface]) -> Surface:
    return surfaces.get(item.id, surfaces[""])


def _arrange_deed(sheet: Sheet, deed: Deed, surfaces: dict[str, Surface]) -> None:
    frame = sheet.frame
    items = [i for a in deed.actors if (i := frame.item(a)) and i.id not in sheet.members]
    if not items:
        return
    if deed.action == "roll" and (ramp := frame.item(deed.object)) and ramp.kind == "ramp":
        _ramp(sheet, items[0], ramp, frame.item(deed.target), surfaces)
    elif deed.action == "topple" and sum(i.count for i in items) > 1 and items[0].arrangement not in PILES:
        _row(sheet, items, _on(items[0], surfaces))
    elif any(i.relation == "edge" for i in items):
        _at_edge(sheet, items, surfaces)
    elif deed.action in ("roll", "slide"):
        _course(sheet, items, deed, surfaces)
    elif deed.action == "fall":
        _falling(sheet, items, deed, surfaces)


# ── dominoes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(sheet: Sheet, items: list[Item], surface: Surface, start_x: float | None = None) -> None:
    """In a row along X that bends gently away from the camera, each facing the next."""
    data = facts("staging")["dominoes"]
    order = [item for item in items for _ in range(item.count)]
    step = data["spacing_heights"] * max(size_of(i)[2] for i in items)
    turn = math.radians(data["curve_deg"]) if items[0].arrangement != "row" else 0.0
    points, x, y = [], 0.0, 0.0
    for k in range(len(order)):
        # the row's direction at this domino: 0 along +X
        direction = turn * (k / max(len(order) - 1, 1) - 0.5)
        points.append((x, y, direction))
        ahead = direction + turn / max(len(order) - 1, 1) / 2
        x, y = x + step * math.cos(ahead), y + step * math.sin(ahead)
    middle_x = (points[0][0] + points[-1][0]) / 2 if start_x is None else points[0][0] - start_x
    middle_y = (min(p[1] for p in points) + max(p[1] for p in points)) / 2
    for item, (px, py, direction) in zip(order, points, strict=True):
        # a domino's thin axis is its own +Y: heading 0 looks along +Y, so along +X is -90°
        add_prop(sheet, item, surface.spot(px - middle_x, py - middle_y, heading_deg=math.degrees(direction) - 90.0))


# ── ramps and stacks ────────────────────────────────────────────────────────────────────────────────────────────────


def _ramp(sheet: Sheet, roller: Item, ramp: Item, struck: Item | None, surfaces: dict[str, Surface]) -> None:
    """Ramp, what rolls at its top, what it meets beyond its foot; they run along +X."""
    wide = size_of(roller)[0]
    if ramp.size_m is None:
        ramp.scale *= max(1.0, wide * 1.6 / library.prop("ramp").size[1])
    surface = _on(ramp, surfaces)
    long = size_of(ramp)[0]
    runout = facts("staging")["ramp"]["runout"] * max(1.0, wide / 0.1)
    depth = 0.0
    if struck is not None:
        _fit_blocks(sheet, roller, struck)
        depth = size_of(struck)[0]
    left = -(long + runout + depth) / 2
    name = add_prop(sheet, ramp, surface.spot(left + long / 2, 0.0))
    add_prop(sheet, roller, place((0.0, 0.0, 0.0), relation="on", target=name))
    if struck is not None and struck.id not in sheet.members:
        stack(sheet, struck, surface, left + long + runout + depth / 2, 0.0)


def _fit_blocks(sheet: Sheet, roller: Item, struck: Item) -> None:
    """Blocks of a size that the roller can move, if their size was left open."""
    if struck.size_m is not None or struck.scale != 1.0 or struck.kind != "block":
        return
    from ._things import mass_of  # here: only this needs masses

    kind = library.prop(struck.kind)
    material = library.material(struck.material or kind.material)
    mass = mass_of(roller, size_of(roller), roller.material or library.prop(roller.kind).material)
    edge = (0.9 * mass / material.density) ** (1 / 3)
    struck.size_m = round(min(max(edge, 0.02), 0.3), 3)


def stack(sheet: Sheet, item: Item, surface: Surface, x: float, y: float) -> None:
    """A column, or a wall of bricks narrowing upwards for a pyramid or a heap."""
    wide, _, tall = size_of(item)
    if not item.counted and item.count == 1:
        item.count = 5
    if item.arrangement in PILES[1:]:
        layers = _layers(item.count)
    else:
        layers = [1] * item.count
    z, below = 0.0, ""
    for layer in layers:
        for k in range(layer):
            offset = (k - (layer - 1) / 2) * (wide + 0.001)
            # the wall stands across the way of what comes along +X
            if layer == 1 and below and len(layers) == item.count:
                spot = place((0.0, 0.0, 0.0), relation="on", target=below)  # a column: each on the one below
            elif surface.target:
                spot = place((x, y + offset, 0.0), relation="on", target=surface.target)  # let down on what is there
            else:
                spot = place((x, y + offset, surface.height + z))
            below = add_prop(sheet, item, spot)
        z += tall


def _layers(count: int) -> list[int]:
    """Numbers per layer, from the bottom: each layer at least one less than the one below where possible."""
    base = 1
    while base * (base + 1) // 2 < count:
        base += 1
    layers, left = [], count
    while left > 0:
        layers.append(min(base, left))
        left -= base
        base = max(1, base - 1)
    return layers


# ── things that set out by themselves ───────────────────────────────────────────────────────────────────────────────


def _course(sheet: Sheet, items: list[Item], deed: Deed, surfaces: dict[str, Surface]) -> None:
    """What rolls or slides stands left, what it meets stands right of it."""
    surface = _on(items[0], surfaces)
    moves = facts("staging")["moves"]
    way = moves["way"] if surface.target else moves["way_far"]
    struck = sheet.frame.item(deed.target)
    if surface.target and struck is not None:
        way = min(way, surface.extent[0] - 2 * EDGE_M - size_of(struck)[0])
    y = 0.0
    for item in items:
        wide = size_of(item)[0]
        for _ in range(item.count):
            add_prop(sheet, item, surface.spot(-way / 2 - wide / 2, y, heading_deg=-90.0))
            y += wide * 1.6 + 0.05
    if struck is not None and struck.id not in sheet.members:
        if struck.arrangement in PILES:
            _fit_blocks(sheet, items[0], struck)
            stack(sheet, struck, surface, way / 2, 0.0)
        elif struck.kind == "domino" and struck.count > 1:
            _row(sheet, [struck], surface, start_x=way / 2 - 0.2)
        else:
            _line(sheet, struck, surface, way / 2)


def _line(sheet: Sheet, item: Item, surface: Surface, x: float) -> None:
    """Several side by side across the way, like pins."""
    wide = size_of(item)[1]
    for k in range(item.count):
        add_prop(sheet, item, surface.spot(x, (k - (item.count - 1) / 2) * wide * 1.5))


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
            add_prop(sheet, item, surface.spot(surface.extent[0] / 2 - back, y, heading_deg=-90.0))
            y += wide * 1.4 + 0.03


def off_edge(sheet: Sheet, prop_id: str) -> bool:
    """The prop was placed to go over an edge."""
    owner = next((name for name, members in sheet.members.items() if prop_id in members), "")
    item = sheet.frame.item(owner)
    return item is not None and item.relation == "edge"


# ── things in the air, and the rest ─────────────────────────────────────────────────────────────────────────────────


def _falling(sheet: Sheet, items: list[Item], deed: Deed, surfaces: dict[str, Surface]) -> None:
    """Side by side above what they fall onto."""
    data = facts("staging")["falls"]
    order = [item for item in items for _ in range(item.count)]
    widths = [max(size_of(i)[:2]) for i in order]
    total = sum(widths) + data["gap"] * (len(order) - 1)
    surface = surfaces.get(deed.target, GROUND)
    x = -total / 2
    for item, width in zip(order, widths, strict=True):
        height = deed.height_m or item.height_m or data["height"]
        add_prop(sheet, item, surface.spot(x + width / 2, 0.0, up=height))
        x += width + data["gap"]


def _side_by_side(sheet: Sheet, items: list[Item], surfaces: dict[str, Surface]) -> None:
    """Things nobody does anything with: in a line, a little apart, behind what acts."""
    if not items:
        return
    spots: dict[str, float] = {}
    for item in items:
        surface = _on(item, surfaces)
        wide, deep, _ = size_of(item)
        back = 0.0 if not sheet.props else min(surface.extent[1] / 2 - EDGE_M - deep / 2, deep + 0.15)
        if item.arrangement in PILES:
            stack(sheet, item, surface, spots.get(surface.target, 0.0), back)
            spots[surface.target] = spots.get(surface.target, 0.0) + wide * 4
            continue
        for _ in range(item.count):
            x = spots.get(surface.target, -wide * (item.count - 1) * 0.75)
            add_prop(sheet, item, surface.spot(x, back))
            spots[surface.target] = x + wide * 1.5


def origin(sheet: Sheet, prop_id: str) -> Vec3:
    """About where a prop is, in the scene."""
    prop = next(p for p in sheet.props if p.id == prop_id)
    x, y, z = prop.placement.at
    target = next((p for p in sheet.props if p.id == prop.placement.target), None)
    if target is not None and prop.placement.relation in ("on", "above"):
        tx, ty, tz = origin(sheet, target.id)
        return (x + tx, y + ty, z + tz + target.size[2])
    return (x, y, z)
