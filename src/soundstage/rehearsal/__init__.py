"""Screenplay → Take: placing, blocking, bodies, physics, voices, faces and camera paths, decided once.

The order is that of cause: people move (choreography), things answer (physics), people look and speak (gaze, faces),
and the camera is placed where all of it can be seen. Where a beat waits for something only physics decides, bodies and
physics are done again until nothing moves any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock, speech
from ..body import BONES, Body, body
from ..errors import ScreenplayError
from ..screenplay.model import Beat, Line, Scene, Screenplay
from ..take import Take, read_only
from . import faces, motion
from .cameras import Stage, camera_path
from .layout import Layout, lay_out
from .motion.records import Performance
from .physics import Simulation, simulate
from .schedule import Cue, schedule
from .utterances import utter

__all__ = ["rehearse", "rehearse_scene"]

MOST_PASSES = 4
"""Beats may wait for contacts that other beats cause; each pass settles at least one more of them."""


def rehearse(screenplay: Screenplay) -> tuple[Take, ...]:
    """One Take per scene, in order.

    Raises:
        ScreenplayError: something in the document cannot be placed, timed or framed.
        OutcomeError: an intended outcome cannot be reached; says the nearest that was.
    """
    return tuple(rehearse_scene(screenplay, scene) for scene in screenplay.scenes)


def rehearse_scene(screenplay: Screenplay, scene: Scene) -> Take:
    """The record of one scene."""
    layout = lay_out(screenplay, scene)
    performance, simulation, cues = _play(screenplay, scene, layout)
    spoken = utter(cues, layout.people, vocal=motion.vocal, seed=screenplay.seed)
    performance = motion.enliven(
        performance, layout, cues, thing_position=simulation.position, spoken=spoken, seed=screenplay.seed
    )
    face = faces.animate(
        performance.time,
        layout.people,
        spoken.utterances,
        spoken.phones,
        cues=cues,
        seed=screenplay.seed,
        gaze_shifts=faces.gaze_shifts(performance.time, performance.joints),
    )
    return Take(
        scene=scene.id,
        seed=screenplay.seed,
        fps=screenplay.fps,
        duration=clock.frame_count(scene.seconds, screenplay.fps) * clock.period(screenplay.fps),
        place=layout.place,
        things=layout.things,
        people=layout.people,
        time=read_only(performance.time),
        thing_position=read_only(simulation.position),
        thing_rotation=read_only(simulation.rotation),
        person_root=read_only(performance.root),
        person_joints=read_only(performance.joints.astype(np.float32)),
        person_face=read_only(face),
        contacts=simulation.contacts,
        streams=simulation.streams,
        footfalls=performance.footfalls,
        holds=simulation.holds,
        utterances=spoken.utterances,
        phones=spoken.phones,
        words=spoken.words,
        camera=camera_path(
            screenplay,
            scene,
            _stage(layout, performance, simulation),
            cues,
            partial(_first_contact, layout, performance, simulation),
        ),
        outcomes=simulation.outcomes,
    )


def _play(screenplay: Screenplay, scene: Scene, layout: Layout) -> tuple[Performance, Simulation, tuple[Cue, ...]]:
    """Bodies, physics and cues that agree with each other."""
    voices = {person.id: person.voice for person in layout.people}

    def line_length(line: Line) -> float:
        return speech.length_s(line.text, voices[line.speaker], line.language, line.mood)

    timed = partial(
        schedule,
        screenplay,
        scene,
        beat_length=partial(
            motion.action_duration, layout=layout, beats=[beat for beat in screenplay.beats if beat.scene == scene.id]
        ),
        line_length=line_length,
    )
    cues = timed()
    for _ in range(MOST_PASSES):
        performance = motion.perform(layout, screenplay, scene, cues)
        simulation = simulate(layout, performance, screenplay, scene, cues)
        after = timed(contact_time=partial(_first_contact, layout, performance, simulation))
        if _beats(after) == _beats(cues):  # bodies and physics know everything they depend on
            return performance, simulation, after
        cues = after
    raise ScreenplayError(
        f"the beats of scene {scene.id!r} wait for contacts that move whenever the beats do",
        "anchor one of the beats to the start of the scene or to another beat",
    )


def _beats(cues: tuple[Cue, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((cue.id, cue.start) for cue in cues if isinstance(cue.record, Beat))


def _first_contact(
    layout: Layout, performance: Performance, simulation: Simulation, prop: str, after_s: float
) -> int | None:
    """First strike of a prop on a thing or the ground, once nobody holds it [ticks]."""
    number = next((n for n, thing in enumerate(layout.things) if thing.id == prop), None)
    if number is None:
        return None
    free_from = max([grip.release for grip in performance.grips if grip.thing == number], default=0)
    c = simulation.contacts
    rows = ((c.a == number) & (c.b >= -1)) | ((c.b == number) & (c.a >= -1))
    rows &= (c.time >= free_from) & (c.time >= clock.ticks(after_s))
    return int(c.time[rows][0]) if rows.any() else None


def _stage(layout: Layout, performance: Performance, simulation: Simulation) -> Stage:
    """What the camera can see."""
    time, people = performance.time, layout.people
    bodies = [_seen(body(p.identity), performance.root[:, k], performance.joints[:, k]) for k, p in enumerate(people)]
    feet = performance.root.copy()
    feet[..., 2] = layout.person_position[:, 2]
    return Stage(
        time=time,
        place=layout.place,
        things=layout.things,
        thing_position=simulation.position,
        thing_rotation=simulation.rotation,
        people=tuple(person.id for person in people),
        person_height=np.array([body(person.identity).height for person in people]),
        person_feet=feet,
        person_head=_columns([b.head for b in bodies], (len(time), 0, 3)),
        person_eyes=_columns([b.eyes for b in bodies], (len(time), 0, 3)),
        person_heading=layout.person_heading,
        person_turn=_columns([b.turn for b in bodies], (len(time), 0)),
        person_facing=_columns([b.facing for b in bodies], (len(time), 0, 3)),
        flesh_time=time[_picked(len(time))],
        person_flesh=_columns([b.flesh for b in bodies], (len(_picked(len(time))), 0, 0, 2, 3)),
        flesh_radius=np.array([[c.radius for c in body(person.identity).capsules] for person in people]),
    )


def _columns(tracks: list[NDArray[Any]], empty: tuple[int, ...]) -> NDArray[Any]:
    """Tracks of persons side by side, (T, P, …)."""
    return np.stack(tracks, axis=1) if tracks else np.zeros(empty)


def _picked(count: int) -> NDArray[np.intp]:
    """Every tenth pose and the last one: enough for where heads and limbs are to a camera."""
    return np.asarray(np.unique(np.append(np.arange(0, count, 10), count - 1)))


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What of a body the camera asks for."""

    head: NDArray[Any]  # (T, 3) top of the head
    eyes: NDArray[Any]  # (T, 3) middle between the eyes
    facing: NDArray[Any]  # (T, 3) unit vector ahead of the face
    turn: NDArray[Any]  # (T,) heading of the hips [rad]
    flesh: NDArray[Any]  # (S, C, 2, 3) ends of the capsules at the picked poses


def _seen(shape: Body, root: NDArray[Any], joints: NDArray[Any]) -> _Seen:
    """Head, eyes, face and flesh of a body; at every tenth pose, head and face interpolated between."""
    count = len(root)
    picked = _picked(count)
    poses = shape.fk(root[picked], joints[picked])
    head = BONES.index("head")
    above = np.array([0.0, 0.0, shape.height - shape.sole_height - shape.heads[head, 2]])
    between = (shape.heads[BONES.index("eye.L")] + shape.heads[BONES.index("eye.R")]) / 2 - shape.heads[head]
    turn, at = poses[:, head, :3, :3], poses[:, head, :3, 3]
    flesh = np.stack(
        [
            np.stack(
                [poses[:, c.bone, :3, :3] @ (p - shape.heads[c.bone]) + poses[:, c.bone, :3, 3] for p in (c.p0, c.p1)],
                axis=1,
            )
            for c in shape.capsules
        ],
        axis=1,
    )
    hips = -poses[:, 0, :2, 1]  # at rest a body looks along -Y

    def dense(rows: NDArray[Any]) -> NDArray[np.float64]:
        return np.stack([np.interp(np.arange(count), picked, column) for column in rows.T], axis=1)

    facing = dense(-turn[:, :, 1])
    return _Seen(
        head=dense(turn @ above + at),
        eyes=dense(turn @ between + at),
        facing=facing / np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9),
        turn=dense(np.unwrap(np.arctan2(-hips[:, 0], hips[:, 1]))[:, None])[:, 0],
        flesh=flesh,
    )
