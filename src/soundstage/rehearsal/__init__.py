"""Screenplay → Take: placing, blocking, bodies, physics, voices, faces and camera paths, decided once.

The order is that of cause: people move (choreography), things answer (physics), people look and speak (gaze, faces),
and the camera is placed where all of it can be seen. Where a beat waits for something only physics decides, bodies and
physics are done again until nothing moves any more.
"""

from __future__ import annotations

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
        camera=camera_path(screenplay, scene, _stage(layout, performance, simulation)),
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
        beat_length=partial(motion.action_duration, layout=layout),
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
    count, people = len(performance.time), len(layout.people)
    feet, head = np.zeros((count, people, 3)), np.zeros((count, people, 3))
    facing = np.zeros((count, people, 2))
    heights = np.zeros(people)
    for p, person in enumerate(layout.people):
        shape = body(person.identity)
        heights[p] = shape.height
        head[:, p], facing[:, p] = _head(shape, performance.root[:, p], performance.joints[:, p])
        feet[:, p, :2] = performance.root[:, p, :2]
        feet[:, p, 2] = layout.person_position[p, 2]
    return Stage(
        time=performance.time,
        place=layout.place,
        things=layout.things,
        thing_position=simulation.position,
        people=tuple(person.id for person in layout.people),
        person_height=heights,
        person_feet=feet,
        person_head=head,
        person_heading=layout.person_heading,
        person_facing=facing,
    )


def _head(shape: Body, root: NDArray[Any], joints: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Top of the head (T, 3) and where the face looks from above (T, 2); every tenth pose, interpolated between."""
    count = len(root)
    picked = np.unique(np.append(np.arange(0, count, 10), count - 1))
    bone = BONES.index("head")
    poses = shape.fk(root[picked], joints[picked])[:, bone]
    above = np.array([0.0, 0.0, shape.height - shape.sole_height - shape.heads[bone, 2]])
    top = poses[:, :3, :3] @ above + poses[:, :3, 3]
    ahead = -poses[:, :2, 1]  # at rest the face looks along -Y

    def dense(rows: NDArray[Any]) -> NDArray[np.float64]:
        return np.stack([np.interp(np.arange(count), picked, column) for column in rows.T], axis=1)

    return dense(top), dense(ahead)
