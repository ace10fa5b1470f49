"""Where the lamps of a lighting set-up stand: from a Take to positions and strengths. Pure numbers, no Blender.

The lamps stand about the people of the whole scene (about its things, where nobody is in it), turned as the camera of
its first frame sees them, and stay there: a cut does not move the light. Positions keep to coarse steps, so that
another word or gesture does not move a lamp by a hair and every frame would be rendered anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import library
from ..daylight import exposed_white
from ..take import Take
from ..view import matrix

Array = NDArray[Any]
Point = tuple[float, float, float]

HEAD_ABOVE_ROOT = 0.40
"""From the hips to the middle of the head, as part of the height of a person."""
PERSON_REACH_M = 0.85
"""Half of a person: how large a set-up of natural scale is."""
LEAST_SCALE, MOST_SCALE = 0.3, 4.0
STEPS_M, STEP_DEG = (0.25, 0.25, 0.1), 5.0
"""Steps of the middle (3,) and of the direction of a set-up of natural scale."""
WALL_M = 0.3
"""Distance that lamps keep from walls, ceiling and ground."""
BACKDROP_M = 5.0
"""Where the backdrop is taken to be, if no wall is nearer."""
_TURNS = [(a, e) for e in (0.0, 15.0, 30.0) for a in (0.0, 12.0, -12.0, 24.0, -24.0, 36.0, -36.0)]
"""Turns (azimuth, elevation) [deg] that a lamp without room tries, nearest first."""


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A round lamp."""

    name: str
    at: Point
    towards: Point
    size_m: float
    kelvin: float
    white: float
    """Radiance of a white card at `towards`, turned to the lamp."""


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A black cloth."""

    name: str
    at: Point
    towards: Point
    size_m: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What is changed about the light of a place."""

    own: float
    """Factor on the set's own light."""
    lamps: tuple[Lamp, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class _Round:
    """What a set-up stands about."""

    middle: Array  # (3,)
    reach: float
    """How far people stand from the middle, on the level [m]."""
    scale: float
    """Factor on distances and sizes: 1 for people."""
    back: Array
    """(3,) level unit vector from the middle to the camera's side."""
    right: Array
    """(3,) level unit vector to the right as the camera sees it."""

    def way(self, azimuth_deg: float, elevation_deg: float) -> Array:
        """Unit vector (3,) from the middle towards a lamp."""
        a, e = np.radians(azimuth_deg), np.radians(elevation_deg)
        level = np.cos(a) * self.back + np.sin(a) * self.right
        return np.asarray(np.cos(e) * level + np.sin(e) * np.array([0.0, 0.0, 1.0]))


def set_up(take: Take) -> SetUp:
    """The lamps of a Take's lighting, where they stand.

    Raises:
        InputError: the library has no such lighting.
    """
    kind = library.lighting(take.place.lighting)
    if not kind.lamps and not kind.flags:
        return SetUp(own=2.0**kind.own_stops)
    about, room = _about(take), _room(take)
    white = exposed_white(take.place)
    return SetUp(
        own=2.0**kind.own_stops,
        lamps=tuple(_lamp(lamp, about, room, white) for lamp in kind.lamps),
        flags=tuple(_flag(flag, about) for flag in kind.flags),
    )


def _lamp(lamp: library.Lamp, about: _Round, room: tuple[Array, Array], white: float) -> Lamp:
    distance = lamp.distance_m * about.scale + about.reach
    at = _with_room(about, lamp.azimuth_deg, lamp.elevation_deg, distance, room)
    towards = about.middle
    if lamp.aim == "backdrop":
        towards = _backdrop(at, -about.back, room)
    return Lamp(
        name=lamp.name,
        at=_point(at),
        towards=_point(towards),
        size_m=round(lamp.size_m * about.scale * (1.0 + 0.5 * about.reach / PERSON_REACH_M), 4),
        kelvin=lamp.kelvin,
        white=white * 2.0**lamp.stops,
    )


def _flag(flag: library.Flag, about: _Round) -> Flag:
    way = about.way(flag.azimuth_deg, flag.elevation_deg)
    at = about.middle + way * (flag.distance_m * about.scale + about.reach)
    width, height = (size * about.scale + 2.0 * about.reach for size in flag.size_m)
    return Flag(name=flag.name, at=_point(at), towards=_point(about.middle), size_m=(round(width, 4), round(height, 4)))


def _with_room(about: _Round, azimuth: float, elevation: float, distance: float, room: tuple[Array, Array]) -> Array:
    """Where a lamp fits: as far out as asked if there is room, else turned a little, else nearer."""
    best, most = about.middle, -1.0
    for turn, lift in _TURNS:
        way = about.way(azimuth + turn, min(elevation + lift, 85.0))
        free = min(distance, _free(about.middle, way, room))
        if free >= 0.6 * distance:
            return np.asarray(about.middle + way * free)
        if free > most:
            best, most = about.middle + way * free, free
    return np.asarray(best)


def _free(start: Array, way: Array, room: tuple[Array, Array]) -> float:
    """How far one can go from a point before a wall [m]."""
    low, high = room
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(way > 1e-9, (high - start) / way, np.where(way < -1e-9, (low - start) / way, np.inf))
    return max(float(reach.min()), 0.05)


def _backdrop(at: Array, away: Array, room: tuple[Array, Array]) -> Array:
    return np.asarray(at + away * min(BACKDROP_M, _free(at, away, room) + WALL_M))


def _room(take: Take) -> tuple[Array, Array]:
    """Lowest and highest corner of where lamps may stand; outdoors only the ground is in the way."""
    kind = library.set_(take.place.set)
    if kind.room_m is None:
        return np.array([-np.inf, -np.inf, WALL_M]), np.array([np.inf, np.inf, np.inf])
    middle = np.array([*kind.params.get("room_center", [0.0, 0.0]), kind.room_m[2] / 2])
    half = np.array(kind.room_m) / 2 - WALL_M
    return middle - half, middle + half


def _about(take: Take) -> _Round:
    """What the lamps stand about and how they are turned."""
    if take.people:
        heads = np.concatenate(list(_heads(take)))
        middle, reach, scale = _middle(heads), 0.5 * float(np.hypot(*np.ptp(heads[:, :2], axis=0))), 1.0
    else:
        corners = _things(take)
        size = 0.5 * float(np.linalg.norm(np.ptp(corners, axis=0)))
        scale = float(np.clip(size / PERSON_REACH_M, LEAST_SCALE, MOST_SCALE))
        middle, reach = _middle(corners), 0.0
    steps = np.array(STEPS_M) * scale
    back, right = _sides(take)
    return _Round(
        middle=np.round(middle / steps) * steps,
        reach=float(np.ceil(reach / steps[0] - 1e-9) * steps[0]),
        scale=scale,
        back=back,
        right=right,
    )


def _middle(points: Array) -> Array:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


def _heads(take: Take) -> Iterator[Array]:
    """Middle of every head over the scene, (T', 3) each."""
    rows = slice(None, None, max(1, len(take.time) // 64))
    for p, person in enumerate(take.people):
        up = HEAD_ABOVE_ROOT * float(person.identity.get("height_m", 1.7))
        w, x, y, z = np.asarray(take.person_joints[rows, p, 0], dtype=np.float64).T
        axis = np.stack([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)], axis=1)
        yield take.person_root[rows, p] + up * axis


def _things(take: Take) -> Array:
    """Box corners of the things that are not part of the set, where they start."""
    loose = [n for n, thing in enumerate(take.things) if not thing.fixed] or list(range(len(take.things)))
    if not loose:
        return np.array([[-0.5, -0.5, 0.0], [0.5, 0.5, 1.0]])
    half = np.array([0.5 * float(max(take.things[n].size)) for n in loose])[:, None]
    at = take.thing_position[0, loose]
    return np.concatenate([at - half, at + half])


def _sides(take: Take) -> tuple[Array, Array]:
    """Level unit vectors to the camera's side and to its right, in steps; from above, its lower edge is its side."""
    turn = matrix(take.camera.rotation[0])
    ahead = -turn[:, 2] if np.hypot(*turn[:2, 2]) > 0.2 else turn[:, 1]
    step = np.radians(STEP_DEG)
    angle = np.round(np.arctan2(-ahead[1], -ahead[0]) / step) * step
    back = np.array([np.cos(angle), np.sin(angle), 0.0])
    return back, np.array([-back[1], back[0], 0.0])


def _point(at: Array) -> Point:
    x, y, z = (round(float(v), 4) + 0.0 for v in at)
    return x, y, z
