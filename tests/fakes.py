"""Small Takes made in numpy, for tests of the rooms that read a Take (camera, sound, post).

fake_take()                                  a basketball at rest on the outdoor court, sunset, 12 frames
fake_take(motion="bounce")                   it falls from 1 m and bounces, with contacts that obey its restitution
fake_take(motion="roll")                     it rolls along +X without slipping
fake_take(camera="dolly")                    the camera moves
fake_take(things=[fake_thing("table"), fake_thing("marble", at=(0, 0, 0.758))], set_="workshop")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from soundstage import clock, library
from soundstage.take import (
    CameraPath,
    Contacts,
    Footfalls,
    Holds,
    Person,
    Phones,
    Place,
    Streams,
    Take,
    Thing,
    Utterances,
    Words,
    empty,
    read_only,
)

SUN_ELEVATION = {"morning": 22.0, "noon": 62.0, "afternoon": 38.0, "sunset": 7.0, "night": -25.0}
GRAVITY = 9.81
JOINTS = 104


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A thing and where it starts: centre of its frame [m], rotation wxyz."""

    thing: Thing
    at: tuple[float, float, float]
    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)


def fake_thing(
    kind: str,
    *,
    at: Sequence[float] | None = None,
    heading_deg: float = 0.0,
    id: str = "",
    **overrides: Any,
) -> Placed:
    """A thing of the library, by default standing on the ground at the origin."""
    entry = library.prop(kind)
    thing = Thing(
        id=id or kind,
        kind=kind,
        shape=entry.shape,
        size=entry.size,
        material=entry.material,
        colour=entry.colour,
        mass_kg=entry.mass_kg or 0.1,
        fixed=entry.fixed,
        params=dict(entry.params),
    )
    thing = replace(thing, **overrides)
    if thing.shape == "compound":
        from soundstage.rehearsal.physics.shapes import compound_params  # here: it loads the whole rehearsal

        params = compound_params(kind, thing.params, thing.size, entry.size, thing.material)
        thing = replace(thing, params=params)
    x, y, z = at if at is not None else (0.0, 0.0, 0.0 if thing.shape == "compound" else thing.size[2] / 2)
    half = np.radians(heading_deg) / 2
    return Placed(thing=thing, at=(x, y, z), rotation=(float(np.cos(half)), 0.0, 0.0, float(np.sin(half))))


def fake_pieces(set_: str) -> list[Placed]:
    """The fixed things that belong to a set."""
    return [
        fake_thing(p["kind"], id=p["id"], at=p["at"], heading_deg=p.get("heading_deg", 0.0))
        for p in library.set_(set_).pieces
    ]


def fake_place(set_: str = "outdoor_court", time_of_day: str = "sunset", *, sun_azimuth_deg: float = 300.0) -> Place:
    """The place as rehearsal would describe it."""
    kind = library.set_(set_)
    return Place(
        set=set_,
        time_of_day=time_of_day,
        sun_elevation_deg=SUN_ELEVATION[time_of_day],
        sun_azimuth_deg=sun_azimuth_deg,
        weather="clear",
        ambience=kind.ambience,
        ambience_level_db=-50.0,
        ground_material=kind.ground,
        gravity=GRAVITY,
    )


def fake_take(
    *,
    things: Sequence[Placed] | None = None,
    set_: str = "outdoor_court",
    time_of_day: str = "sunset",
    motion: str = "still",
    camera: str = "locked",
    seconds: float = 0.5,
    fps: int = 24,
    position: Sequence[float] = (0.0, -6.0, 1.5),
    look_at: Sequence[float] = (0.0, 0.0, 1.0),
    lens_mm: float = 35.0,
    focus_m: float | None = None,
    f_stop: float = 5.6,
    people: Sequence[Person] = (),
    seed: int = 1,
    sun_azimuth_deg: float = 300.0,
) -> Take:
    """A whole, consistent Take. `motion` is "still", "bounce" or "roll" and moves the first thing that is not fixed."""
    placed = list(things) if things is not None else [fake_thing("basketball")]
    duration = clock.ticks(seconds)
    step = clock.period(clock.POSE_RATE)
    time = np.arange(duration // step + 1, dtype=np.int64) * step
    position_t, rotation_t, contacts = _move(placed, motion, time, library.set_(set_).ground)
    count = len(people)
    joints = np.zeros((len(time), count, JOINTS, 4), dtype=np.float32)
    joints[..., 0] = 1.0
    root = np.zeros((len(time), count, 3))
    root[..., 0], root[..., 2] = np.arange(count) * 0.8, 0.95
    return Take(
        scene="scene",
        seed=seed,
        fps=fps,
        duration=duration,
        place=fake_place(set_, time_of_day, sun_azimuth_deg=sun_azimuth_deg),
        things=tuple(p.thing for p in placed),
        people=tuple(people),
        time=read_only(time),
        thing_position=read_only(position_t),
        thing_rotation=read_only(rotation_t),
        person_root=read_only(root),
        person_joints=read_only(joints),
        person_face=read_only(np.zeros((len(time), count, 52), dtype=np.float32)),
        contacts=contacts,
        streams=empty(Streams),
        footfalls=empty(Footfalls),
        holds=empty(Holds),
        utterances=empty(Utterances),
        phones=empty(Phones),
        words=empty(Words),
        camera=_camera(camera, clock.frame_count(seconds, fps), fps, position, look_at, lens_mm, focus_m, f_stop),
    )


def _move(placed: Sequence[Placed], motion: str, time: Any, ground: str) -> tuple[Any, Any, Contacts]:
    """Tracks (T, N, 3) and (T, N, 4) of all things, and the strikes of the moving one."""
    at = np.array([p.at for p in placed]).reshape(-1, 3)
    turn = np.array([p.rotation for p in placed]).reshape(-1, 4)
    position = np.repeat(at[None], len(time), axis=0)
    rotation = np.repeat(turn[None], len(time), axis=0)
    contacts = empty(Contacts)
    moving = next((n for n, p in enumerate(placed) if not p.thing.fixed), None)
    if motion == "still" or moving is None:
        return position, rotation, contacts
    t = time / clock.TICKS_PER_SECOND
    radius = placed[moving].thing.size[2] / 2
    if motion == "bounce":
        restitution = library.prop(placed[moving].thing.kind).restitution or 0.6
        height, contacts = _bounce(t, radius, restitution, placed[moving], moving, ground)
        position[:, moving, 2] = height
        angle = 3.0 * t
    elif motion == "roll":
        speed = 1.0
        position[:, moving, 0] += speed * t
        angle = speed * t / radius
    else:
        raise ValueError(f"no motion {motion!r}; there are: still, bounce, roll")
    rotation[:, moving] = np.stack([np.cos(angle / 2), 0 * angle, np.sin(angle / 2), 0 * angle], axis=1)
    return position, rotation, contacts


def _bounce(t: Any, radius: float, restitution: float, placed: Placed, index: int, ground: str) -> tuple[Any, Contacts]:
    """Height of the centre of a ball let go with its underside 1 m up, and its strikes."""
    drop = 1.0
    fall = float(np.sqrt(2 * drop / GRAVITY))
    speed = GRAVITY * fall
    height = radius + drop - 0.5 * GRAVITY * t**2
    start, strikes = fall, []
    while start <= t[-1] and speed > 0.05:
        strikes.append((start, speed))
        speed *= restitution
        after = t > start
        height[after] = radius + speed * (t[after] - start) - 0.5 * GRAVITY * (t[after] - start) ** 2
        start += 2 * speed / GRAVITY
    count = len(strikes)
    times, speeds = (np.array(column) for column in zip(*strikes, strict=True)) if strikes else (np.zeros(0),) * 2
    impulse = placed.thing.mass_kg * speeds * (1 + restitution)
    duration = np.full(count, library.prop(placed.thing.kind).contact_time_s or 0.003)
    x, y, _ = placed.at
    table = Contacts(
        time=np.rint(times * clock.TICKS_PER_SECOND).astype(np.int64),
        a=np.full(count, index, dtype=np.int32),
        b=np.full(count, -1, dtype=np.int32),
        material_a=np.array([placed.thing.material] * count, dtype=f"U{max(1, len(placed.thing.material))}"),
        material_b=np.array([ground] * count, dtype=f"U{len(ground)}"),
        part_a=np.array([""] * count, dtype="U1"),
        part_b=np.array(["floor"] * count, dtype="U5"),
        point=np.tile([x, y, 0.0], (count, 1)),
        normal=np.tile([0.0, 0.0, -1.0], (count, 1)),
        impulse=impulse,
        duration=duration,
        peak_force=np.pi / 2 * impulse / duration,
        normal_speed=speeds,
        slip_speed=np.zeros(count),
    )
    return height, table


def _camera(
    move: str,
    frames: int,
    fps: int,
    position: Sequence[float],
    look_at: Sequence[float],
    lens_mm: float,
    focus_m: float | None,
    f_stop: float,
) -> CameraPath:
    start, target = np.array(position, dtype=float), np.array(look_at, dtype=float)
    positions = np.repeat(start[None], frames, axis=0)
    if move == "dolly":
        positions = positions + np.linspace(0, 1, frames)[:, None] * np.array([0.5, 0.0, 0.0])
    elif move != "locked":
        raise ValueError(f"no camera {move!r}; there are: locked, dolly")
    focus = focus_m if focus_m is not None else float(np.linalg.norm(target - start))
    return CameraPath(
        time=read_only(np.arange(frames, dtype=np.int64) * clock.period(fps)),
        shot=read_only(np.zeros(frames, dtype=np.int32)),
        position=read_only(positions),
        rotation=read_only(np.array([look_rotation(target - p) for p in positions])),
        lens_mm=read_only(np.full(frames, lens_mm)),
        focus_m=read_only(np.full(frames, focus)),
        f_stop=read_only(np.full(frames, f_stop)),
        exposure_ev=read_only(np.zeros(frames)),
        white_balance_k=read_only(np.full(frames, 6500.0)),
    )


def look_rotation(ahead: Any) -> Any:
    """Quaternion wxyz of a level camera that looks along `ahead` with its -Z, +Y up."""
    forward = np.asarray(ahead, dtype=float) / np.linalg.norm(ahead)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    m = np.stack([right, np.cross(right, forward), -forward], axis=1)
    w = np.sqrt(max(0.0, 1 + m[0, 0] + m[1, 1] + m[2, 2])) / 2
    if w > 1e-6:
        q = np.array([w, *((m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]) / (4 * w))])
    else:  # half a turn: the axis is the eigenvector of 1
        axis = np.linalg.eigh(m)[1][:, -1]
        q = np.array([0.0, *axis])
    return q / np.linalg.norm(q)
