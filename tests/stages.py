"""Stages for tests of the camera room: people as tracks, without bodies, physics or speech."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from documents import document, place
from soundstage import clock
from soundstage.rehearsal.cameras import Stage
from soundstage.screenplay import Screenplay
from soundstage.take import Place, Thing

HEIGHT = 1.75
EYES = 0.935 * HEIGHT


def grid(seconds: float) -> np.ndarray:
    """The pose grid [ticks]."""
    return np.arange(round(seconds * clock.POSE_RATE) + 1, dtype=np.int64) * clock.period(clock.POSE_RATE)


def person(
    seconds: float, start: Sequence[float], end: Sequence[float] | None = None, *, heading: float = 180.0
) -> Any:
    """Ground track (T, 3), heading [rad]: stands, or walks straight from start to end, easing in and out."""
    t = np.linspace(0, 1, len(grid(seconds)))
    share = t**3 * (10 - 15 * t + 6 * t * t)
    a, b = np.array([*start, 0.0]), np.array([*(end or start), 0.0])
    return a + share[:, None] * (b - a), np.radians(heading)


def stage(
    seconds: float,
    people: dict[str, Any],
    *,
    things: Sequence[tuple[Thing, Any]] = (),
    set_name: str = "park",
) -> Stage:
    """People who stand or walk upright and look along their heading; things with tracks (T, 3) or places (3,)."""
    time = grid(seconds)
    count = len(time)
    feet = np.stack([track for track, _ in people.values()], axis=1) if people else np.zeros((count, 0, 3))
    heading = np.array([h for _, h in people.values()])
    facing = np.stack([-np.sin(heading), np.cos(heading), 0 * heading], axis=-1)
    up = np.array([0.0, 0.0, 1.0])
    picked = np.arange(0, count, 10)
    ends = [
        [feet[picked] + up * 0.30, feet[picked] + up * 1.30],  # legs and trunk
        [feet[picked] + up * 1.50, feet[picked] + up * 1.66],  # head
    ]
    tracks = [np.broadcast_to(np.asarray(at, dtype=float), (count, 3)) for _, at in things]
    return Stage(
        time=time,
        place=Place(
            set=set_name,
            time_of_day="noon",
            sun_elevation_deg=50.0,
            sun_azimuth_deg=200.0,
            weather="clear",
            ambience="park",
            ambience_level_db=-50.0,
            ground_material="grass",
            gravity=9.81,
        ),
        things=tuple(thing for thing, _ in things),
        thing_position=np.stack(tracks, axis=1) if tracks else np.zeros((count, 0, 3)),
        thing_rotation=np.broadcast_to([1.0, 0.0, 0.0, 0.0], (count, len(tracks), 4)),
        people=tuple(people),
        person_height=np.full(len(people), HEIGHT),
        person_feet=feet,
        person_head=feet + up * HEIGHT,
        person_eyes=feet + up * EYES + facing * 0.08,
        person_heading=heading,
        person_turn=np.broadcast_to(heading, (count, len(people))),
        person_facing=np.broadcast_to(facing, (count, len(people), 3)),
        flesh_time=time[picked],
        person_flesh=np.stack([np.stack(pair, axis=2) for pair in ends], axis=2),
        flesh_radius=np.tile([0.2, 0.1], (len(people), 1)),
    )


def box(name: str, size: tuple[float, float, float], *, fixed: bool = True, kind: str = "box") -> Thing:
    return Thing(
        id=name, kind=kind, shape="box", size=size, material="wood", colour="#888888", mass_kg=50.0, fixed=fixed
    )


def move(
    kind: str, amount: float, *, start: float | None = None, end: float | None = None, ease: str = "in_out"
) -> Any:
    """A move as documents have it; times from the start of the scene [s]."""
    moment = {"anchor": "start", "of": ""}
    return {
        "kind": kind,
        "amount": amount,
        "start": None if start is None else {**moment, "offset_s": start},
        "end": None if end is None else {**moment, "offset_s": end},
        "ease": ease,
    }


def shots(seconds: float, *cameras: dict[str, Any], cuts: Sequence[Any] = (), people: Sequence[str] = ()) -> Screenplay:
    """A screenplay of equally long shots; `cuts` are moments by shot, or None."""
    fields = document(seconds)
    fields["cast"] = [{**fields["cast"][0], "id": name} for name in people or ("anna",)]
    fields["blocking"] = [
        {"character": name, "scene": "one", "placement": place(at=(k, 0.0, 0.0)), "gaze": "ahead"}
        for k, name in enumerate(people or ("anna",))
    ]
    fields["lines"] = [{**fields["lines"][0], "speaker": (people or ("anna",))[0]}]
    base = fields["shots"][0]
    times = np.linspace(0, seconds, len(cameras) + 1)
    fields["size"] = [640, 360]
    fields["shots"] = [
        {
            **base,
            "id": f"shot_{k}",
            "start_s": float(times[k]),
            "end_s": float(times[k + 1]),
            "camera": {**base["camera"], "subjects": ["anna"], **camera},
            "cut": cuts[k] if k < len(cuts) else None,
        }
        for k, camera in enumerate(cameras)
    ]
    return Screenplay.model_validate(fields)
