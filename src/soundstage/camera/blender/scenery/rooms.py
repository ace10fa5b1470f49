"""The shell of a room: floor, walls with windows, ceiling, skirting, and the light that comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .... import library
from ....colour import RGB, blackbody, blend
from ....daylight import is_night
from ....take import Place
from ..graph import Graph
from ..lamps import area
from ..materials import finish, light, make, painted, substance
from ..mesh import Parts, place
from ..sky import indoors, sun
from ..textures import Surface

WALL_THICK = 0.24


@dataclass(frozen=True, kw_only=True)
class Window:
    """An opening in a wall: which wall, its middle along the wall, width, sill and head heights [m]."""

    wall: str
    """"left" (-X), "right" (+X), "back" (+Y) or "front" (-Y)."""
    middle: float
    width: float
    sill: float
    head: float
    panes: int = 2


@dataclass(frozen=True, kw_only=True)
class Hour:
    """How an indoor place is lit at an hour."""

    window: float
    """Radiance of a white plane facing the window from the middle of the room."""
    window_rgb: RGB
    sun: RGB
    sun_elevation_deg: float
    view: float
    """Radiance of what is seen outside."""
    fill: float
    lamps: bool


_COOL, _WARM = blackbody(7200.0), blackbody(2900.0)
_LAMPLIT: RGB = (1.0, 0.80, 0.58)
"""What walls hand on of warm lamplight."""
HOURS = {
    "morning": Hour(window=0.80, window_rgb=_COOL, sun=(3.0, 2.45, 1.8), sun_elevation_deg=26, view=2.2, fill=0.30, lamps=False),
    "noon": Hour(window=0.95, window_rgb=_COOL, sun=(3.2, 3.0, 2.7), sun_elevation_deg=52, view=2.8, fill=0.36, lamps=False),
    "afternoon": Hour(window=0.85, window_rgb=blackbody(6300.0), sun=(3.0, 2.5, 1.85), sun_elevation_deg=33, view=2.4, fill=0.30, lamps=False),
    "sunset": Hour(window=0.50, window_rgb=blackbody(5200.0), sun=(3.3, 1.75, 0.75), sun_elevation_deg=13, view=1.3, fill=0.22, lamps=True),
    "night": Hour(window=0.05, window_rgb=blackbody(9000.0), sun=(0.0, 0.0, 0.0), sun_elevation_deg=30, view=0.02, fill=0.22, lamps=True),
}  # fmt: skip


_DUSK = Hour(window=0.16, window_rgb=blackbody(12000.0), sun=(0.0, 0.0, 0.0), sun_elevation_deg=5, view=0.30, fill=0.30, lamps=True)  # fmt: skip
"""The sun a few degrees below the horizon."""


def hour_of(where: Place) -> Hour:
    """The hour of a place: by its name, and while the sun goes down by how low it is; clouds take the sun away."""
    if is_night(where):
        return HOURS["night"]
    hour = HOURS[where.time_of_day]
    if where.sun_elevation_deg < 4.0:
        hour = _between(hour, _DUSK, float(np.interp(where.sun_elevation_deg, (-2.0, 4.0), (1.0, 0.0))))
        hour = _between(hour, HOURS["night"], float(np.interp(where.sun_elevation_deg, (-6.0, -2.0), (1.0, 0.0))))
    if where.weather == "clear":
        return hour
    dim = 0.35 if where.weather == "cloudy" else 0.0
    return Hour(**{**vars(hour), "sun": tuple(c * dim for c in hour.sun), "window": hour.window * 1.1})


def _between(a: Hour, b: Hour, share: float) -> Hour:
    """An hour on the way from a (share 0) to b (share 1)."""

    def mix(p: Any, q: Any) -> Any:
        if isinstance(p, tuple):
            return blend(p, q, share)
        return (p or q) if isinstance(p, bool) else p + (q - p) * share

    mixed = {name: mix(value, getattr(b, name)) for name, value in vars(a).items()} if share > 0.0 else vars(a)
    return Hour(**mixed)


def room_box(where: Place) -> tuple[Any, Any]:
    """Lowest and highest corner of the room's inside."""
    kind = library.set_(where.set)
    assert kind.room_m is not None
    cx, cy = kind.params.get("room_center", [0.0, 0.0])
    sx, sy, sz = kind.room_m
    return np.array([cx - sx / 2, cy - sy / 2, 0.0]), np.array([cx + sx / 2, cy + sy / 2, sz])


def ground_plane(where: Place, low: Any, high: Any, *, grain: str = "x") -> None:
    """The floor, of the place's ground material."""
    corners = [(low[0], low[1], 0.0), (high[0], low[1], 0.0), (high[0], high[1], 0.0), (low[0], high[1], 0.0)]
    floor = substance(where.ground_material, key="floor", grain=grain)
    place("floor", Parts().quad(corners).mesh("floor", [floor]))


def shell(
    where: Place, windows: Sequence[Window], *, wall: Any, ceiling: Any, trim: Any, skirting_m: float = 0.09
) -> None:
    """Floor, four walls with openings, ceiling, skirting boards and window frames."""
    low, high = room_box(where)
    ground_plane(where, low - [WALL_THICK, WALL_THICK, 0], high + [WALL_THICK, WALL_THICK, 0])
    walls, frames = Parts(), Parts()
    for side in ("left", "right", "back", "front"):
        own = [w for w in windows if w.wall == side]
        _wall(walls, side, low, high, own)
        for window in own:
            _frame(frames, window, low, high)
        if skirting_m:
            _skirting(frames, side, low, high, skirting_m)
    place("walls", walls.mesh("walls", [wall]))
    top = [
        (low[0], low[1], high[2]),
        (low[0], high[1], high[2]),
        (high[0], high[1], high[2]),
        (high[0], low[1], high[2]),
    ]
    place("ceiling", Parts().quad(top).mesh("ceiling", [ceiling]))
    place("trim", frames.mesh("trim", [trim]))


def daylight_in(where: Place, windows: Sequence[Window], hour: Hour) -> None:
    """Light through the windows: sky as an area lamp per opening, a beam of sun, and a view outside."""
    low, high = room_box(where)
    middle = (low + high) / 2
    indoors((0.05, 0.05, 0.05))
    view = _view_outside(hour, night=is_night(where))
    for k, window in enumerate(windows):
        at, inward, along = _opening(window, low, high)
        size = (window.width, window.head - window.sill)
        target = at + inward * 3.0 - np.array([0, 0, 0.6])
        area(f"window {k}", at=at - inward * 0.02, towards=target, size=size, white=hour.window, rgb=hour.window_rgb)
        back = at - inward * 2.6
        reach = along * (window.width * 2.4 + 1.0)
        quad = [
            back - reach + [0, 0, -2.6],
            back + reach + [0, 0, -2.6],
            back + reach + [0, 0, 3.2],
            back - reach + [0, 0, 3.2],
        ]
        card = place(f"view {k}", Parts().quad(quad).mesh(f"view {k}", [view]))
        card.visible_diffuse = card.visible_shadow = False
    if max(hour.sun) > 0 and windows:
        _, inward, along = _opening(windows[0], low, high)
        flat = -inward - along * 0.42  # from where it shines: askew, so that its patch lies beside the action
        flat /= np.linalg.norm(flat)
        h = np.radians(hour.sun_elevation_deg)
        direction = (float(flat[0] * np.cos(h)), float(flat[1] * np.cos(h)), float(np.sin(h)))
        sun(direction, hour.sun, 1.2)
    # What walls and ceiling would hand on after more bounces than are traced.
    over = np.array([middle[0], middle[1], high[2] - 0.06])
    span = high - low
    area(
        "bounced light",
        at=tuple(over),
        towards=(middle[0], middle[1], 0.0),
        size=(span[0] * 0.8, span[1] * 0.8),
        white=hour.fill,
        rgb=_LAMPLIT if is_night(where) else (1.0, 0.96, 0.90),
    )


def plaster(label: str, rgb: RGB) -> Any:
    """Painted plaster: roller texture, faint unevenness."""

    def build(g: Graph) -> None:
        at = g.object_coords()
        broad = g.noise(at, 0.7, detail=3)
        roller = g.noise(at, 190.0, detail=2)
        surface = Surface(
            colour=g.shade(rgb, g.rescale(broad, 0.3, 0.7, 0.95, 1.03)),
            roughness=0.82,
            height=roller,
            relief_m=0.0006,
            specular=0.3,
        )
        finish(g, surface, rgb)

    return make(label, build)


def pendant(at: Sequence[float], *, on: bool, white: float, rgb: RGB = _WARM) -> None:
    """A lamp on a cord; lit, it makes a white plane 1.5 m below it as bright as `white`."""
    x, y, z = at
    parts = Parts()
    parts.tube([(0, 0, 0.22), (0, 0, 3.0)], 0.004, sides=6)
    bell = [
        (0.03, 0.22),
        (0.05, 0.20),
        (0.10, 0.14),
        (0.17, 0.02),
        (0.175, 0.0),
        (0.168, 0.0),
        (0.095, 0.13),
        (0.04, 0.19),
    ]
    parts.lathe(bell, sides=40)
    parts.lathe([(0.0, 0.005), (0.03, 0.012), (0.042, 0.045), (0.03, 0.085), (0.015, 0.11)], sides=24, slot=1)
    enamel = painted("lamp enamel", (0.03, 0.05, 0.045), 0.3)
    bulb = light("bulb lit", rgb, 9.0) if on else painted("bulb", (0.7, 0.7, 0.68), 0.2)
    place("pendant", parts.mesh("pendant", [enamel, bulb]), at=(x, y, z))
    if on:
        area(
            "pendant lamp",
            at=(x, y, z + 0.03),
            towards=(x, y, z - 1.5),
            size=(0.16, 0.16),
            white=white,
            rgb=rgb,
            spread_deg=155.0,
        )


def ceiling_lamp(at: Sequence[float], *, on: bool, white: float, rgb: RGB = _WARM) -> None:
    """A bowl of opal glass under the ceiling; lit, it makes a white plane 1.5 m below it as bright as `white`."""
    x, y, z = at
    bowl = Parts().lathe(
        [(0.0, -0.115), (0.09, -0.105), (0.16, -0.07), (0.195, -0.02), (0.20, 0.0), (0.0, 0.0)], sides=40
    )
    glass = light("opal lit", rgb, 2.4) if on else painted("opal", (0.74, 0.73, 0.70), 0.25)
    place("ceiling lamp", bowl.mesh("ceiling lamp", [glass]), at=(x, y, z))
    if on:
        area("ceiling light", at=(x, y, z - 0.13), towards=(x, y, z - 1.63), size=(0.36, 0.36), white=white, rgb=rgb)


def _opening(window: Window, low: Any, high: Any) -> tuple[Any, Any, Any]:
    """Middle of a window on the wall's inner face, the direction into the room, and the direction along the wall."""
    z = (window.sill + window.head) / 2
    if window.wall == "left":
        return np.array([low[0], window.middle, z]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    if window.wall == "right":
        return np.array([high[0], window.middle, z]), np.array([-1.0, 0, 0]), np.array([0, 1.0, 0])
    if window.wall == "back":
        return np.array([window.middle, high[1], z]), np.array([0, -1.0, 0]), np.array([1.0, 0, 0])
    return np.array([window.middle, low[1], z]), np.array([0, 1.0, 0]), np.array([1.0, 0, 0])


def _wall(parts: Parts, side: str, low: Any, high: Any, windows: Sequence[Window]) -> None:
    """Blocks of wall around its openings."""
    lengthwise = 1 if side in ("left", "right") else 0
    start, end = low[lengthwise] - WALL_THICK, high[lengthwise] + WALL_THICK
    blocks: list[tuple[float, float, float, float]] = []  # from, to, bottom, top
    at = start
    for window in sorted(windows, key=lambda w: w.middle):
        left, right = window.middle - window.width / 2, window.middle + window.width / 2
        blocks += [(at, left, 0.0, high[2]), (left, right, 0.0, window.sill), (left, right, window.head, high[2])]
        at = right
    blocks.append((at, end, 0.0, high[2]))
    face = {
        "left": low[0] - WALL_THICK / 2,
        "right": high[0] + WALL_THICK / 2,
        "back": high[1] + WALL_THICK / 2,
        "front": low[1] - WALL_THICK / 2,
    }[side]
    for a, b, bottom, top in blocks:
        centre, size = [face, face, (bottom + top) / 2], [WALL_THICK, WALL_THICK, top - bottom]
        centre[lengthwise], size[lengthwise] = (a + b) / 2, b - a
        parts.box(centre, size)


def _frame(parts: Parts, window: Window, low: Any, high: Any) -> None:
    """Casement bars and a sill board."""
    at, inward, along = _opening(window, low, high)
    out = at - inward * WALL_THICK * 0.6
    w, h = window.width, window.head - window.sill
    depth = 0.06
    bars = [(s * (w / 2 - 0.03), 0.0, 0.06, h) for s in (-1, 1)] + [(0.0, s * (h / 2 - 0.03), w, 0.06) for s in (-1, 1)]
    bars += [(w * (k / window.panes - 0.5), 0.0, 0.05, h) for k in range(1, window.panes)]
    bars.append((0.0, h * 0.18, w, 0.035))
    for u, v, du, dv in bars:
        size = np.abs(along) * du + np.abs(inward) * depth + np.array([0, 0, dv])
        parts.box(out + along * u + np.array([0, 0, v]), size, bevel=0.004)
    board = np.abs(along) * (w + 0.12) + np.abs(inward) * (WALL_THICK * 0.75) + np.array([0, 0, 0.03])
    parts.box(at - inward * 0.05 + np.array([0, 0, -h / 2 - 0.012]), board, bevel=0.005)


def _skirting(parts: Parts, side: str, low: Any, high: Any, height: float) -> None:
    thick = 0.014
    if side in ("left", "right"):
        x = low[0] + thick / 2 if side == "left" else high[0] - thick / 2
        parts.box((x, (low[1] + high[1]) / 2, height / 2), (thick, high[1] - low[1], height), bevel=0.004)
    else:
        y = low[1] + thick / 2 if side == "front" else high[1] - thick / 2
        parts.box(((low[0] + high[0]) / 2, y, height / 2), (high[0] - low[0], thick, height), bevel=0.004)


def _view_outside(hour: Hour, *, night: bool) -> Any:
    """Garden and sky, out of focus and brighter than the room."""

    def build(g: Graph) -> None:
        at = g.world_coords()
        _, _, z = g.split(at)
        blob = g.noise(at, 1.6, detail=3)
        trees = g.smooth(g.plus(z, g.times(g.minus(blob, 0.5), 2.2)), 1.9, 1.5)
        sky_rgb = g.mix(g.smooth(z, 1.0, 3.2), tuple(c * 1.1 for c in hour.window_rgb), (0.75, 0.9, 1.15))
        leaf = g.mix(g.smooth(g.noise(at, 5.0, detail=3), 0.35, 0.65), (0.05, 0.09, 0.02), (0.28, 0.36, 0.12))
        if night:
            sky_rgb, leaf = (0.35, 0.5, 1.0), (0.02, 0.03, 0.03)
        g.surface(g.add("ShaderNodeEmission", {"Color": g.mix(trees, sky_rgb, leaf), "Strength": hour.view}).outputs[0])

    return make("view outside", build)
