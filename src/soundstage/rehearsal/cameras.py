"""Where the camera stands: one row per film frame, framed so that a shot shows its subjects all the way through.

Framing is exact, not searched: with the direction of view fixed, the nearest camera that keeps a cloud of points
inside a pyramid follows from the extreme points of each side plane. The cloud is where the subjects are over the
whole shot, so a locked shot needs no correction and a ball's flight stays in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock, library
from ..errors import ScreenplayError
from ..screenplay.model import Camera, Scene, Screenplay, Shot
from ..take import CameraPath, Place, Thing, read_only
from ..view import SENSOR_MM

Array = NDArray[Any]

MARGIN = 0.90
"""Part of the picture's half width and half height that subjects may fill."""
STEPS = 180
"""Directions round the subjects in which a camera that frames by itself may stand."""
LOWEST_M = 0.12
"""The camera never sinks below this height over the ground."""
NEAREST_M = 0.15
"""Nothing the shot is about comes nearer to the lens than this."""
WALL_M = 0.35
"""Distance kept from the walls of a room."""
FAR_M = 10.0
"""A moving thing further than this from the other subjects may leave the picture (a ball that rolls away)."""

USUAL = (0.2, 0.8)
"""Close shots are framed for where people are between these parts of the time."""

# Lowest and highest part of a standing person that a shot size shows, as fractions of body height, and half width.
_PERSON_BAND: dict[str, tuple[float, float, float]] = {
    "ECU": (0.865, 0.985, 0.04),
    "CU": (0.80, 1.03, 0.09),
    "MCU": (0.72, 1.05, 0.13),
    "MS": (0.50, 1.06, 0.18),
    "cowboy": (0.42, 1.06, 0.19),
    "MLS": (0.22, 1.06, 0.20),
    "LS": (-0.02, 1.08, 0.24),
    "ELS": (-0.35, 1.6, 0.9),
}
_FACES = ("ECU", "CU", "MCU", "MS")
"""Sizes that are about a face."""
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
class Stage:
    """What the camera can see, over the whole scene: tracks on the pose grid."""

    time: Array  # (T,) ticks
    place: Place
    things: tuple[Thing, ...]
    thing_position: Array  # (T, N, 3)
    people: tuple[str, ...]
    person_height: Array  # (P,) [m]
    person_feet: Array  # (T, P, 3) ground point below the hips
    person_head: Array  # (T, P, 3) top of the head
    person_heading: Array  # (P,) radians at the start of the scene
    fall: frozenset[str] = frozenset()
    """Things whose fall is what happens: they are followed down."""
    person_facing: Array  # (T, P, 2) where the face looks, seen from above; length 0…1, short when it looks up or down


def camera_path(screenplay: Screenplay, scene: Scene, stage: Stage) -> CameraPath:
    """One row per film frame of the scene.

    Raises:
        ScreenplayError: a shot names a subject that is not in its scene.
    """
    frames = clock.frame_count(scene.seconds, screenplay.fps)
    time = np.arange(frames, dtype=np.int64) * clock.period(screenplay.fps)
    shots = [shot for shot in screenplay.shots if shot.scene == scene.id]
    fall = {beat.actor for beat in screenplay.beats if beat.scene == scene.id and beat.action in ("fall", "slide")}
    stage = replace(stage, fall=frozenset(fall))
    starts = np.array([clock.ticks(shot.start_s) for shot in shots])
    # A frame belongs to the shot that is running at its middle: cuts at rounded times then fall on whole frames.
    index = np.searchsorted(starts, time + clock.period(screenplay.fps) // 2, side="right") - 1
    index = np.clip(index, 0, len(shots) - 1)
    aspect = screenplay.size[0] / screenplay.size[1]
    # The same camera later in a scene is the same picture: it comes back to where it stood.
    first = [next(k for k, other in enumerate(shots) if other.camera == shot.camera) for shot in shots]
    setups = [_set_up(shots[k], stage, aspect) for k in first]
    return CameraPath(
        time=read_only(time),
        shot=read_only(index.astype(np.int32)),
        position=read_only(np.array([setups[i][0] for i in index])),
        rotation=read_only(np.array([setups[i][1] for i in index])),
        lens_mm=read_only(np.array([setups[i][2] for i in index])),
        focus_m=read_only(np.array([setups[i][3] for i in index])),
        f_stop=read_only(np.array([shots[i].camera.f_stop for i in index])),
        exposure_ev=read_only(np.array([shots[i].camera.exposure_ev for i in index])),
        white_balance_k=read_only(np.array([shots[i].camera.white_balance_k for i in index])),
    )


def _set_up(shot: Shot, stage: Stage, aspect: float) -> tuple[Array, Array, float, float]:
    """Position, rotation, lens [mm] and focus distance [m] of a locked shot."""
    camera = shot.camera
    if not camera.auto:
        position, target = np.array(camera.position), np.array(camera.look_at)
        ahead = target - position
        distance = float(np.linalg.norm(ahead))
        if distance < 1e-6:
            raise ScreenplayError(
                f"shot {shot.id!r}: position and look_at are the same point", "move one of them, or set auto: true"
            )
        return position, look_rotation(ahead), camera.lens_mm, distance
    window = (stage.time >= clock.ticks(shot.start_s)) & (stage.time <= clock.ticks(shot.end_s))
    points, focus, has_people = _cloud(camera, shot.id, stage, window)
    # In steps of about a hundredth of what is framed: another word or gesture must not move the camera by a hair.
    grid = 2.0 ** np.round(np.log2(0.01 * max(float(np.ptp(points, axis=0).max()), 0.01)))
    points, focus = np.round(points / grid) * grid, np.round(focus / grid) * grid
    front = _stepped(_front(camera, stage, window))
    azimuth = np.radians(camera.side)
    turn = np.array([[np.cos(azimuth), -np.sin(azimuth)], [np.sin(azimuth), np.cos(azimuth)]])
    stand = turn @ front  # from the subjects towards the camera
    pitch = np.radians((_PITCH_PEOPLE if has_people else _PITCH_THINGS)[camera.angle])
    ahead = np.array([-stand[0] * np.cos(pitch), -stand[1] * np.cos(pitch), np.sin(pitch)])
    lens = camera.lens_mm
    position = frame_points(points, ahead, lens, aspect)
    # A room (and the ground) may be nearer than the lens would like: step forward and take a wider lens instead.
    inside = _keep_inside(position, stage.place)
    if not np.allclose(inside, position):
        position = inside
        centre = (points.min(axis=0) + points.max(axis=0)) / 2
        ahead = centre - position
        lens = min(lens, _widest_needed(points, position, ahead, aspect))
    distance = float((focus - position) @ ahead / np.linalg.norm(ahead))
    return position, look_rotation(ahead), lens, max(distance, 0.05)


def frame_points(points: Array, ahead: Array, lens_mm: float, aspect: float) -> Array:
    """Position (3,) of the nearest camera looking along `ahead` that has all points (K, 3) in its picture."""
    basis = _axes(ahead)
    local = points @ basis.T  # right, up, ahead
    tan_x = SENSOR_MM / 2 / lens_mm * MARGIN
    tan_y = tan_x / aspect
    centre = np.zeros(3)
    nearest = [float(local[:, 2].min()) - NEAREST_M]
    for axis, tangent in ((0, tan_x), (1, tan_y)):
        plus = np.max(local[:, axis] - tangent * local[:, 2])
        minus = np.max(-local[:, axis] - tangent * local[:, 2])
        centre[axis] = (plus - minus) / 2
        nearest.append(-(plus + minus) / (2 * tangent))
    centre[2] = min(nearest)
    # The axis that does not decide the distance has room to spare: share it between both sides.
    depth = local[:, 2] - centre[2]
    for axis in (0, 1):
        centre[axis] = _balance(local[:, axis], depth)
    return np.asarray(centre @ basis)


def _balance(offsets: Array, depths: Array) -> float:
    """Camera offset c for which max((o-c)/d) = -min((o-c)/d), by bisection."""
    low, high = float(offsets.min()), float(offsets.max())
    for _ in range(60):
        middle = (low + high) / 2
        ratio = (offsets - middle) / depths
        if ratio.max() > -ratio.min():
            low = middle
        else:
            high = middle
    return (low + high) / 2


def look_rotation(ahead: Array) -> Array:
    """Quaternion (wxyz) of a level camera that looks along `ahead` (its -Z) with +Y up."""
    right, up, forward = _axes(ahead)
    m = np.array([right, up, -forward]).T
    trace = m[0, 0] + m[1, 1] + m[2, 2]
    if trace > 0:
        s = 2 * np.sqrt(trace + 1)
        q = [s / 4, (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s]
    else:
        i = int(np.argmax(np.diag(m)))
        j, k = (i + 1) % 3, (i + 2) % 3
        s = 2 * np.sqrt(1 + m[i, i] - m[j, j] - m[k, k])
        q = [0.0] * 4
        q[0], q[1 + i] = (m[k, j] - m[j, k]) / s, s / 4
        q[1 + j], q[1 + k] = (m[j, i] + m[i, j]) / s, (m[k, i] + m[i, k]) / s
    quaternion = np.array(q)
    return np.asarray(quaternion / np.linalg.norm(quaternion))


def _axes(ahead: Array) -> Array:
    """Rows right, up, forward of a level camera."""
    forward = np.asarray(ahead, dtype=float) / np.linalg.norm(ahead)
    side = np.cross(forward, [0.0, 0.0, 1.0])
    if np.linalg.norm(side) < 1e-6:  # straight up or down: north is up in the picture
        side = np.array([1.0, 0.0, 0.0])
    right = side / np.linalg.norm(side)
    return np.array([right, np.cross(right, forward), forward])


def _cloud(camera: Camera, shot_id: str, stage: Stage, window: Array) -> tuple[Array, Array, bool]:
    """Points (K, 3) the picture must hold, the point (3,) in focus, and whether people are among the subjects."""
    if not camera.subjects:
        raise ScreenplayError(f"shot {shot_id!r} has no subjects to frame", "name subjects, or set auto: false")
    people = [stage.people.index(s) for s in camera.subjects if s in stage.people]
    names = [thing.id for thing in stage.things]
    things = [names.index(s) for s in camera.subjects if s in names]
    unknown = [s for s in camera.subjects if s not in stage.people and s not in names]
    if unknown:
        raise ScreenplayError(
            f"shot {shot_id!r}: there is no {unknown[0]!r} in its scene",
            f"subjects can be: {', '.join((*stage.people, *names))}",
        )
    low, high, wide = _PERSON_BAND[camera.size]
    clouds: list[Array] = []
    for p in people:
        feet, head, height = stage.person_feet[window, p], stage.person_head[window, p], stage.person_height[p]
        base = np.array([feet[:, 0], feet[:, 1], head[:, 2] - height]).T  # rises with the person in a jump
        if camera.size in _FACES:  # near, a nod or a laugh may leave the margin rather than push the camera away
            base = np.clip(base, *np.quantile(base, USUAL, axis=0))
        for fraction in (low, high):
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                clouds.append(base + np.array([dx * wide, dy * wide, fraction]) * height)
    anchor = np.concatenate(clouds).mean(axis=0) if clouds else None
    alone = sum(not stage.things[n].fixed for n in things) == 1
    for n in things:
        let_go = not alone and stage.things[n].id not in stage.fall
        room = 1.0 if people else _THING_ROOM[camera.size]
        clouds.append(_thing_points(stage, n, window, anchor, room, let_go=let_go))
    points = np.concatenate(clouds)
    if people:
        p = people[0]
        focus = stage.person_head[window, p].mean(axis=0) - [0, 0, 0.1]
    else:
        focus = stage.thing_position[window][:, things].reshape(-1, 3).mean(axis=0)
    return points, np.asarray(focus), bool(people)


def _thing_points(stage: Stage, n: int, window: Array, anchor: Array | None, room: float, *, let_go: bool) -> Array:
    """Box corners of a thing along its way; far positions of a moving one are let go, and with `let_go` low ones."""
    thing = stage.things[n]
    track = stage.thing_position[window, n]
    centre, half = bounds(thing)
    if not thing.fixed and anchor is not None:
        near = np.linalg.norm(track - anchor, axis=1) < FAR_M
        track = track[near] if near.any() else track[:1]
    if (
        not thing.fixed and thing.id not in stage.fall
    ):  # what falls off a table is let go, or the picture would be of the floor
        on_top = track[:, 2] > _top_under(stage, n)
        track = track[on_top] if on_top.any() else track
    track = track[:: max(1, len(track) // 240)]
    corners = (
        np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half * (1 if thing.fixed else room)
    )
    return np.asarray((track[:, None, :] + centre + corners[None]).reshape(-1, 3))


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


def bounds(thing: Thing) -> tuple[Array, Array]:
    """Centre offset and half size (3,) of a thing about its origin; compounds stand on their origin."""
    half = np.array(thing.size) / 2
    if thing.shape != "compound":
        return np.zeros(3), half
    if "rim_height" in thing.params:  # of a hoop only the board and ring matter, not the pole behind
        bottom = thing.params["rim_height"] - thing.params["net_length"]
        top = thing.params["board_bottom"] + thing.params["board_height"]
        return np.array([0, 0, (bottom + top) / 2]), np.array([half[0], half[0] / 2, (top - bottom) / 2])
    return np.array([0, 0, half[2]]), half


def _front(camera: Camera, stage: Stage, window: Array) -> Array:
    """Horizontal unit vector (2,) the subjects face; the camera at side 0° stands there."""
    subjects = camera.subjects
    people = [stage.people.index(s) for s in subjects if s in stage.people]
    if not people:
        return np.array([0.0, -1.0])
    if len(people) == 1 and camera.size in _FACES:  # near enough to see a face: where it looks during the shot
        facing = stage.person_facing[window, people[0]].mean(axis=0)
        if np.linalg.norm(facing) > 0.3:
            return np.asarray(facing / np.linalg.norm(facing))
    headings = stage.person_heading[people]
    faces = np.array([[-np.sin(h), np.cos(h)] for h in headings])
    mean = faces.mean(axis=0)
    if np.linalg.norm(mean) > 0.15:
        return np.asarray(mean / np.linalg.norm(mean))
    across = stage.person_feet[0, people[1], :2] - stage.person_feet[0, people[0], :2]
    normal = np.array([across[1], -across[0]]) / max(float(np.linalg.norm(across)), 1e-9)
    return np.asarray(normal if normal @ mean >= 0 else -normal)


def _stepped(direction: Array) -> Array:
    """A horizontal unit vector (2,), turned to the nearest of STEPS directions."""
    angle = np.round(np.arctan2(direction[1], direction[0]) * STEPS / (2 * np.pi)) * (2 * np.pi) / STEPS
    return np.array([np.cos(angle), np.sin(angle)])


def _keep_inside(position: Array, place: Place) -> Array:
    """The position, moved inside the room's walls and above the ground."""
    kind = library.set_(place.set)
    inside = position.copy()
    inside[2] = max(inside[2], LOWEST_M)
    if kind.room_m is not None:
        middle = np.array(kind.params.get("room_center", [0.0, 0.0]))
        half = np.array(kind.room_m[:2]) / 2 - WALL_M
        inside[:2] = np.clip(inside[:2], middle - half, middle + half)
        inside[2] = min(inside[2], kind.room_m[2] - WALL_M)
    return np.asarray(inside)


def _widest_needed(points: Array, position: Array, ahead: Array, aspect: float) -> float:
    """Longest lens [mm] that holds all points in front of a fixed camera, not shorter than 12 mm."""
    local = (points - position) @ _axes(ahead).T
    local = local[local[:, 2] > 0.05]
    if not len(local):
        return 12.0
    tan_x = max(np.max(np.abs(local[:, 0]) / local[:, 2]), aspect * np.max(np.abs(local[:, 1]) / local[:, 2]))
    return float(max(12.0, SENSOR_MM / 2 * MARGIN / tan_x))
