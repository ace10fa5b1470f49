"""Where a camera stands so that a shot shows its subjects all the way through.

Framing is exact, not searched: with the direction of view fixed, the nearest camera that keeps a cloud of points
inside a pyramid follows from the extreme points of each side plane. The cloud is where the subjects are over the
whole shot, so a locked shot needs no correction and a ball's flight stays in the picture. Of a camera that goes along,
the cloud is taken as the camera sees it: in a frame of reference that goes along too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ScreenplayError
from ...screenplay.model import Camera
from . import walls
from .geometry import MARGIN, basis, direction, frame_points, seen, tangents, turned, yaw_pitch
from .stage import Stage
from .subjects import FACES, Subjects, bounds, interest

Array = NDArray[Any]

STEPS = 180
"""Directions round the subjects in which a camera that frames by itself may stand."""
FAR_M = 10.0
"""A moving thing further than this from the other subjects may leave the picture (a ball that rolls away)."""
USUAL = (0.2, 0.8)
"""Close shots are framed for where people are between these parts of the time."""
THIRD = 1 / 3
"""Of the half width: how far from the middle the eyes of somebody in profile are, away from where they look."""
LOOK_ROOM = (0.12, 0.75)
"""Part of the gaze that goes across the picture where look room begins and where it is all of a third."""
SHORTEST_MM = 12.0
"""Lens with which a camera with its back to a wall makes do."""

# Lowest and highest part of a standing person that a shot size shows, as fractions of body height, and half width.
PERSON_BAND: dict[str, tuple[float, float, float]] = {
    "ECU": (0.865, 0.985, 0.04),
    "CU": (0.80, 1.03, 0.09),
    "MCU": (0.72, 1.05, 0.13),
    "MS": (0.50, 1.06, 0.18),
    "cowboy": (0.42, 1.06, 0.19),
    "MLS": (0.22, 1.06, 0.20),
    "LS": (-0.02, 1.08, 0.24),
    "ELS": (-0.35, 1.6, 0.9),
}
_EYES = 0.935
"""Height of the eyes as a part of body height (stature tables of anthropometry: 0.93 … 0.94)."""
FAR_OFF = 4.0
"""When half the picture is so many body heights high, people are seen as a whole, and belong into its middle."""
_SINGLES = ("CU", "MCU", "MS", "cowboy", "MLS")
"""Sizes in which somebody alone is given look room."""
# How much larger than a thing the picture is: a close-up fills the frame with it.
_THING_ROOM: dict[str, float] = {
    "ECU": 0.9,
    "CU": 1.1,
    "MCU": 1.3,
    "MS": 1.6,
    "cowboy": 1.8,
    "MLS": 2.0,
    "LS": 2.5,
    "ELS": 5.0,
}
_PITCH_PEOPLE = {"eye": 0.0, "low": 9.0, "high": -24.0, "bird": -86.0, "worm": 32.0}
_PITCH_THINGS = {"eye": -14.0, "low": -3.0, "high": -38.0, "bird": -88.0, "worm": 20.0}


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Where a camera stands, or begins."""

    position: Array  # (3,) [m]
    yaw: float
    pitch: float
    lens_mm: float
    interest: Array  # (3,) what the shot is about [m]
    rails: bool = False
    """Its subjects go along with its dolly or truck: it has been framed for that."""

    @property
    def place(self) -> Array:
        """Where in the picture the interest is (2,), as parts of the lens' 18 / lens_mm: 1 is the right edge."""
        x, y, depth = seen(self.interest[None], self.position, self.yaw, self.pitch)[0]
        return np.array([x, y]) * self.lens_mm / 18.0 if depth > 0 else np.zeros(2)

    @property
    def depth(self) -> float:
        """Distance of the interest along the axis [m]."""
        return float((self.interest - self.position) @ direction(self.yaw, self.pitch))


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """What a picture has to hold, seen from wherever."""

    points: Array  # (K, 3)
    interest: Array  # (3,)
    facing: Array  # (2,) where a single looks or goes, at most of length 1; else 0
    people: bool


def pitch_of(camera: Camera, people: bool) -> float:
    """How far up the camera looks for its angle [rad]."""
    return float(np.radians((_PITCH_PEOPLE if people else _PITCH_THINGS)[camera.angle]))


def eyes_place(half_height: Array) -> Array:
    """How high in the picture eyes belong, as a part of its half height, when that is so many body heights."""
    curve, nearest = _eyes_curve()
    return np.asarray(curve(np.log(np.clip(half_height, nearest, FAR_OFF))))


@cache
def _eyes_curve() -> tuple[Any, float]:
    """Place of the eyes over the logarithm of half the picture's height, smooth, without overshoot; its beginning."""
    from scipy.interpolate import PchipInterpolator

    rows = [(0.02, 0.15), (FAR_OFF, 0.0)]
    for low, high, _ in PERSON_BAND.values():
        half = (high - low) / 2 / MARGIN
        rows.append((half, (_EYES - (low + high) / 2) / half))
    halves, places = np.array(sorted(rows)).T
    return PchipInterpolator(np.log(halves), places), float(halves[0])


def cloud(
    camera: Camera,
    shot_id: str,
    subjects: Subjects,
    stage: Stage,
    window: Array,
    carried: Array,
    orbit: Array | None = None,
) -> Cloud:
    """What the picture must hold over a shot.

    Args:
        window: (T,) bool, when the shot is on.
        carried: (T, 3) how far the camera has been carried along: the cloud is taken without it.
        orbit: (T,) how far it has gone round the subjects [rad].
    """
    if not camera.subjects:
        raise ScreenplayError(f"shot {shot_id!r} has no subjects to frame", "name subjects, or set auto: false")
    about = (interest(stage, subjects) - carried)[window]
    pivot = about.mean(axis=0)

    def still(track: Array) -> Array:
        """A track (T, 3) as it is from the camera, over the shot."""
        rows = (track - carried)[window]
        return rows if orbit is None else turned(rows - pivot, -orbit[window]) + pivot

    low, high, wide = PERSON_BAND[camera.size]
    clouds: list[Array] = []
    for p in subjects.people:
        feet, head, height = stage.person_feet[:, p], stage.person_head[:, p], stage.person_height[p]
        base = still(np.stack([feet[:, 0], feet[:, 1], head[:, 2] - height], axis=1))  # rises with a jump
        if camera.size in FACES:  # near, a nod or a laugh may leave the margin rather than push the camera away
            base = np.clip(base, *np.quantile(base, USUAL, axis=0))
        for fraction in (low, high):
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                clouds.append(base + np.array([dx * wide, dy * wide, fraction]) * height)
    anchor = np.concatenate(clouds).mean(axis=0) if clouds else None
    alone = sum(not stage.things[n].fixed for n in subjects.things) == 1
    for n in subjects.things:
        let_go = not alone and stage.things[n].id not in stage.fall
        room = 1.0 if subjects.people else _THING_ROOM[camera.size]
        clouds.append(_thing_points(stage, n, still, anchor, room, let_go=let_go))
    points = np.concatenate(clouds)
    # In steps of about a hundredth of what is framed: another word or gesture must not move the camera by a hair.
    grid = 2.0 ** np.round(np.log2(0.01 * max(float(np.ptp(points, axis=0).max()), 0.01)))
    facing = np.zeros(2)
    if len(subjects.people) == 1 and not subjects.things and camera.size in _SINGLES:
        facing = stage.person_facing[window, subjects.people[0], :2].mean(axis=0)
        gone = (carried[window][-1] - carried[window][0])[:2]
        if np.linalg.norm(gone) > 0.5:
            facing = gone / np.linalg.norm(gone)
    return Cloud(
        points=np.round(points / grid) * grid,
        interest=np.round(pivot / grid) * grid,
        facing=np.round(facing * 30) / 30,
        people=bool(subjects.people),
    )


def _thing_points(
    stage: Stage, n: int, still: Callable[[Array], Array], anchor: Array | None, room: float, *, let_go: bool
) -> Array:
    """Box corners of a thing along its way; far positions of a moving one are let go, and with `let_go` low ones."""
    thing = stage.things[n]
    track = still(stage.thing_position[:, n])
    centre, half = bounds(thing)
    moving = not thing.fixed
    if moving and anchor is not None:
        near = track[np.linalg.norm(track - anchor, axis=1) < FAR_M]
        track = near if len(near) else track[:1]
    if moving and thing.id not in stage.fall:
        # what falls off a table is let go, or the picture would be of the floor
        on_top = track[track[:, 2] > _top_under(stage, n)]
        track = on_top if len(on_top) else track
    track = track[:: max(1, len(track) // 240)]
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
    reach = corners * (room if moving else 1.0)
    return np.asarray((track[:, None, :] + centre + reach[None]).reshape(-1, 3))


def _top_under(stage: Stage, n: int) -> float:
    """Height of the table a thing stands over when the scene starts [m]; far below everything if there is none."""
    start = stage.thing_position[0, n]
    for m, other in enumerate(stage.things):
        if not (other.fixed and "top_thickness" in other.params):
            continue
        middle, height = stage.thing_position[0, m], other.size[2]
        if np.linalg.norm(start[:2] - middle[:2]) < max(other.size[:2]) / 2 and start[2] > middle[2] + height:
            return float(middle[2] + height)
    return -np.inf


def stepped(angle: float) -> float:
    """An angle [rad], turned to the nearest of STEPS directions."""
    return float(np.round(angle * STEPS / (2 * np.pi)) * (2 * np.pi) / STEPS)


def stand(
    about: Cloud, camera: Camera, azimuth: float, aspect: float, bounds_m: walls.Bounds, *, gives_room: bool = True
) -> Setup:
    """The camera that frames a cloud from an azimuth (where it stands, seen from the subjects [rad])."""
    pitch = pitch_of(camera, about.people)
    ahead = np.array([-np.cos(azimuth) * np.cos(pitch), -np.sin(azimuth) * np.cos(pitch), np.sin(pitch)])
    lens = camera.lens_mm
    position = frame_points(about.points, ahead, lens, aspect)
    if gives_room and camera.angle in ("eye", "low", "high"):
        position = position + _look_room(about, position, ahead, lens, aspect)
    # A room (and the ground) may be nearer than the lens would like: step forward and take a wider lens instead.
    inside = walls.keep_inside(position, bounds_m)
    if not np.allclose(inside, position):
        position = inside
        ahead = (about.points.min(axis=0) + about.points.max(axis=0)) / 2 - position
        lens = min(lens, _widest_needed(about.points, position, ahead, aspect))
    yaw, pitch_now = yaw_pitch(ahead)
    return Setup(position=position, yaw=float(yaw), pitch=float(pitch_now), lens_mm=lens, interest=about.interest)


def _look_room(about: Cloud, position: Array, ahead: Array, lens_mm: float, aspect: float) -> Array:
    """A step aside (3,) that leaves more of the picture where somebody looks; the cloud stays inside."""
    axes = basis(*yaw_pitch(ahead))
    across = float(about.facing @ axes[0, :2])
    low, high = LOOK_ROOM
    share = np.clip((abs(across) - low) / (high - low), 0.0, 1.0)
    share = share * share * (3 - 2 * share)
    tan_x, _ = tangents(lens_mm, aspect)
    local = (about.points - position) @ axes.T
    x, _, depth = (about.interest - position) @ axes.T
    wanted = share * (x + np.sign(across) * THIRD * tan_x * depth)
    edge = tan_x * MARGIN * local[:, 2]
    aside = np.clip(wanted, np.max(local[:, 0] - edge), np.min(local[:, 0] + edge))
    return np.asarray(axes[0] * aside)


def _widest_needed(points: Array, position: Array, ahead: Array, aspect: float) -> float:
    """Longest lens [mm] that holds all points in front of a fixed camera, not shorter than SHORTEST_MM."""
    local = (points - position) @ basis(*yaw_pitch(ahead)).T
    local = local[local[:, 2] > 0.05]
    if not len(local):
        return SHORTEST_MM
    tan_x = max(np.max(np.abs(local[:, 0]) / local[:, 2]), aspect * np.max(np.abs(local[:, 1]) / local[:, 2]))
    return float(max(SHORTEST_MM, 18.0 * MARGIN / tan_x))


def given(camera: Camera, shot_id: str, subjects: Subjects, stage: Stage, row: int) -> Setup:
    """The camera the document places itself; what it is about is its subjects if it sees them, else where it looks."""
    position, target = np.array(camera.position), np.array(camera.look_at)
    if np.linalg.norm(target - position) < 1e-6:
        raise ScreenplayError(
            f"shot {shot_id!r}: position and look_at are the same point", "move one of them, or set auto: true"
        )
    yaw, pitch = yaw_pitch(target - position)
    setup = Setup(
        position=position, yaw=float(yaw), pitch=float(pitch), lens_mm=camera.lens_mm, interest=target.astype(float)
    )
    if subjects.people or subjects.things:
        about = interest(stage, subjects)[row]
        if (about - position) @ direction(yaw, pitch) > 0.1:
            return Setup(position=position, yaw=setup.yaw, pitch=setup.pitch, lens_mm=setup.lens_mm, interest=about)
    return setup
