"""Things that stand in an order: rows of dominoes, stacks, pyramids, pins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

from ... import library
from ..frame import Item
from ._sheet import Sheet, facts, place
from ._surfaces import EDGE_M, Surface
from ._things import add_prop, mass_of, size_of

PILES = ("stack", "pyramid", "heap", "wall", "triangle")
MOST_TURN_DEG = 8.0
"""From one domino to the next, in an arc."""
Post = tuple[float, float, float]
"""x, y and direction of the row there [rad], 0 along +X."""


def row(sheet: Sheet, items: list[Item], surface: Surface, start_x: float | None = None) -> None:
    """In a row along X, each facing the next; bent gently, or in bends to and fro where it is too long for that."""
    data = facts("staging")["dominoes"]
    order = [item for item in items for _ in range(item.count)]
    step = data["spacing_heights"] * max(size_of(i)[2] for i in items)
    length = step * (len(order) - 1)
    room = surface.extent[0] - 2 * EDGE_M - 0.05
    if items[0].arrangement in ("spiral", "circle"):
        posts = _spiral(len(order), step) if items[0].arrangement == "spiral" else _circle(len(order), step)
    elif items[0].arrangement == "row" and length <= room:
        posts = [(k * step, 0.0, 0.0) for k in range(len(order))]
    elif length <= room * 0.95:
        posts = _bow(
            len(order), step, math.radians(data["curve_deg"] * (2.5 if items[0].arrangement == "curve" else 1))
        )
    else:
        posts = list(islice(_bends(step, room, data["bend_radius"]), len(order)))
    middle_x = (min(p[0] for p in posts) + max(p[0] for p in posts)) / 2 if start_x is None else posts[0][0] - start_x
    middle_y = (min(p[1] for p in posts) + max(p[1] for p in posts)) / 2
    for item, (x, y, direction) in zip(order, posts, strict=True):
        # a domino's thin axis is its own +Y: heading 0 looks along +Y, so along +X is -90°
        add_prop(sheet, item, surface.spot(x - middle_x, y - middle_y, heading_deg=math.degrees(direction) - 90.0))


def _bow(count: int, step: float, turn: float) -> list[Post]:
    """An arc that turns by so much from end to end; a short one by less, so that each still meets the next squarely."""
    posts, x, y = [], 0.0, 0.0
    last = max(count - 1, 1)
    turn = min(turn, math.radians(MOST_TURN_DEG) * last)
    for k in range(count):
        posts.append((x, y, turn * (k / last - 0.5)))
        ahead = turn * ((k + 0.5) / last - 0.5)
        x, y = x + step * math.cos(ahead), y + step * math.sin(ahead)
    return posts


def _circle(count: int, step: float) -> list[Post]:
    """Round, with a gap of one left open between the last and the first."""
    radius = max(step * (count + 1) / math.tau, 2.5 * step)
    angles = [k * step / radius for k in range(count)]
    return [(radius * math.sin(a), radius * (1 - math.cos(a)), a) for a in angles]


def _spiral(count: int, step: float) -> list[Post]:
    """Outwards from the middle, its arms three steps apart."""
    pitch = 3.0 * step / math.tau
    posts, angle = [], 1.6 * math.pi
    for _ in range(count):
        radius = pitch * angle
        tangent = angle + math.atan2(radius, pitch)
        posts.append((radius * math.cos(angle), radius * math.sin(angle), tangent))
        angle += step / math.hypot(radius, pitch)
    return posts


def _bends(step: float, room: float, radius: float) -> Iterator[Post]:
    """Straight runs joined by half circles, endlessly, at equal steps along the way."""
    straight = room - 2 * radius
    bend = math.pi * radius
    travelled = 0.0
    while True:
        lap, along = divmod(travelled, straight + bend)
        forth = lap % 2 == 0
        base_y = 2 * radius * lap
        if along <= straight:
            x = along if forth else straight - along
            yield (x, base_y, 0.0 if forth else math.pi)
        else:
            angle = (along - straight) / radius
            side = radius * math.sin(angle)
            x = straight + side if forth else -side
            yield (x, base_y + radius * (1 - math.cos(angle)), angle if forth else math.pi - angle)
        travelled += step


def stack(sheet: Sheet, item: Item, surface: Surface, x: float, y: float) -> None:
    """A column; a wall narrowing upwards for a pyramid; a triangle on the ground of what does not stack."""
    if not item.counted and item.count == 1:
        item.count = 5
    flat = item.arrangement == "triangle"
    if flat or library.prop(item.kind).shape not in ("box", "cylinder") or item.kind == "bottle":
        _pins(sheet, item, surface, x, y)
        return
    wide, _, tall = size_of(item)
    layers = _layers(item.count) if item.arrangement in PILES[1:] else [1] * item.count
    z, below = 0.0, ""
    for layer in layers:
        for k in range(layer):
            offset = (k - (layer - 1) / 2) * (wide + 0.001)
            # the wall stands across the way of what comes along +X
            if below and len(layers) == item.count:
                spot = place((0.0, 0.0, 0.0), relation="on", target=below)  # a column: each on the one below
            elif surface.target:
                spot = place((x, y + offset, 0.0), relation="on", target=surface.target)  # let down on what is there
            else:
                spot = place((x, y + offset, surface.height + z))
            below = add_prop(sheet, item, spot)
        z += tall


def _layers(count: int) -> list[int]:
    """Numbers per layer, from the bottom: each one less than the one below, as far as the number allows."""
    base = 1
    while base * (base + 1) // 2 < count:
        base += 1
    layers, left = [], count
    while left > 0:
        layers.append(min(base, left))
        left -= base
        base = max(1, base - 1)
    return layers


def _pins(sheet: Sheet, item: Item, surface: Surface, x: float, y: float) -> None:
    """A triangle like bowling pins, its point towards what comes along +X."""
    gap = size_of(item)[0] * (1.03 if item.arrangement == "triangle" else 2.2)
    left, rank = item.count, 0
    while left > 0:
        here = min(rank + 1, left)
        for k in range(here):
            add_prop(sheet, item, surface.spot(x + rank * gap * 0.87, y + (k - (here - 1) / 2) * gap))
        left -= here
        rank += 1


def fit_blocks(sheet: Sheet, mover: Item, struck: Item) -> None:
    """Blocks of a size that what hits them can move, if their size was left open."""
    if struck.size_m is not None or struck.scale != 1.0 or struck.kind != "block":
        return
    wide = max(size_of(mover))
    material = library.material(struck.material or library.prop(struck.kind).material)
    mass = mass_of(mover, size_of(mover), mover.material or library.prop(mover.kind).material)
    edge = min((0.9 * mass / material.density) ** (1 / 3), 1.25 * wide)
    struck.size_m = round(min(max(edge, 0.02), 0.3), 3)
