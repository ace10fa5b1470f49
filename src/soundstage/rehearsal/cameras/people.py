"""Cameras that depend on one person's place: past a shoulder, and out of somebody's eyes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ScreenplayError
from ...screenplay.model import Camera
from .framing import PERSON_BAND, Setup, eyes_place, pitch_of
from .geometry import MARGIN, aim, smooth, tangents, yaw_pitch
from .stage import Stage, smoothing
from .subjects import Subjects, find, interest
from .walls import Bounds, keep_inside

Array = NDArray[Any]

BEHIND_M = 0.62
"""The lens is at least this far behind the eyes of the one whose shoulder it looks past."""
FACE_AT, HEAD_AT = 0.27, 0.72
"""Where in the picture the face is and, on the other side, the head before it; parts of the half width."""
HEAD_M, FACE_M, GAP = 0.125, 0.10, 0.14
"""Half widths of a head with its hair and of a face [m]; what stays between them (part of the half width)."""
TALLER_M = 0.35
"""The lens leaves the height of the subject's eyes by no more than this."""
EYES_AHEAD_M = 0.10
"""Before the middle of the eyes: past lashes, nose and fringe, which nobody sees of themselves."""
STEADY_S, GLANCE_S = 0.15, 0.22
"""How the eyes' own steadiness damps the head: its place and where it looks [s, Gaussian]."""


def past_shoulder(
    camera: Camera, shot_id: str, stage: Stage, window: Array, aspect: float, bounds: Bounds, shoulder: int
) -> Setup:
    """The first subject past the second one's right (1) or left (-1) shoulder.

    The lens stays what it is. The camera is as far from the first subject as the size wants, but never nearer than
    behind the second; it stands just so far beside the line between the two that the head before it fills the side of
    the picture and leaves the subject's face free.
    """
    far, near = two(camera, shot_id, stage)
    subject = interest(stage, far)[window].mean(axis=0)
    before = stage.person_eyes[window, near].mean(axis=0)
    line = (subject - before)[:2]
    apart = float(np.linalg.norm(line))
    if apart < 0.3:
        raise ScreenplayError(
            f"shot {shot_id!r}: {camera.subjects[0]!r} and {camera.subjects[1]!r} are too near each other to look past "
            "a shoulder",
            "use framing: subjects, or place them further apart",
        )
    along = line / apart
    across = np.array([along[1], -along[0]]) * shoulder
    tan_x, tan_y = tangents(camera.lens_mm, aspect)
    low, high, _ = PERSON_BAND[camera.size]
    height = float(stage.person_height[far.people[0]]) if far.people else 1.0
    wanted = height * (high - low) / 2 / (tan_y * MARGIN)
    level = float(subject[2] + np.clip(before[2] - subject[2], -TALLER_M, TALLER_M))
    setup = None
    for behind in np.linspace(max(wanted - apart, BEHIND_M), BEHIND_M, 9):
        reach = apart + float(behind)
        free = HEAD_M / (behind * tan_x) + FACE_M / (reach * tan_x) + GAP
        beside = max(FACE_AT + HEAD_AT, free) * tan_x / (1 / behind - 1 / reach)
        up = -np.tan(pitch_of(camera, True)) * reach * 0.5
        position = np.array([*(subject[:2] - along * reach + across * beside), level + up])
        inside = keep_inside(position, bounds)
        half = reach * tan_y / height
        place = np.array([FACE_AT * shoulder * tan_x, float(eyes_place(np.array(half))) * tan_y])
        if not far.people:
            place[1] = 0.0
        yaw, pitch = aim(subject - inside, place)
        setup = Setup(position=inside, yaw=float(yaw), pitch=float(pitch), lens_mm=camera.lens_mm, interest=subject)
        if np.allclose(inside, position):
            break
    assert setup is not None
    return setup


def two(camera: Camera, shot_id: str, stage: Stage) -> tuple[Subjects, int]:
    """Whom a shot past a shoulder is about, and whose shoulder it is (index of a person).

    Raises:
        ScreenplayError: it needs a subject and a person.
    """
    if len(camera.subjects) < 2 or camera.subjects[1] not in stage.people:
        raise ScreenplayError(
            f"shot {shot_id!r} looks past a shoulder, but its second subject is nobody with one",
            "give two subjects: whom it is about, then the person whose shoulder it looks past",
        )
    return find(camera.subjects[:1], shot_id, stage), stage.people.index(camera.subjects[1])


def through_eyes(camera: Camera, shot_id: str, stage: Stage, ticks: Array) -> tuple[Array, Array, Array]:
    """Position (K, 3), yaw and pitch (K,) of what the first subject sees: the second one, or where the face looks.

    Raises:
        ScreenplayError: the first subject has no eyes.
    """
    if not camera.subjects or camera.subjects[0] not in stage.people:
        raise ScreenplayError(
            f"shot {shot_id!r} is a point of view, but its first subject is nobody",
            f"let subjects begin with one of: {', '.join(stage.people) or 'the cast'}",
        )
    p = stage.people.index(camera.subjects[0])
    eyes = smooth(stage.person_eyes[:, p], smoothing(STEADY_S))
    look = smooth(stage.person_facing[:, p], smoothing(GLANCE_S))
    look = look / np.maximum(np.linalg.norm(look, axis=1, keepdims=True), 1e-9)
    if len(camera.subjects) > 1:
        target = interest(stage, find(camera.subjects[1:2], shot_id, stage))
        look = smooth(target, smoothing(GLANCE_S)) - eyes
        look = look / np.maximum(np.linalg.norm(look, axis=1, keepdims=True), 1e-9)
    yaw, pitch = yaw_pitch(look)
    yaw = np.unwrap(yaw)
    return stage.at(eyes + look * EYES_AHEAD_M, ticks), stage.at(yaw, ticks), stage.at(pitch, ticks)
