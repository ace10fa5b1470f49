"""What is sharp: the focus of a shot, row by row.

Focus is a distance along the optical axis. It stays constant as long as nobody could see that it should have moved:
while the circle of confusion of the subject would be smaller than 1/1500 of the picture's width, about what an eye
resolves at the usual distance from a screen. A locked camera then gives frames that differ only where something
happens.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ScreenplayError
from ...screenplay.model import Camera
from ...view import SENSOR_MM
from .geometry import direction, smooth
from .moments import Clockwork, Span
from .stage import Stage, smoothing
from .subjects import find, interest

Array = NDArray[Any]

SHARP = 1 / 1500
"""Circle of confusion that counts as sharp, as a part of the picture's width."""
NEAREST_M = 0.05
"""No lens focuses nearer."""
GLANCE = np.radians(20.0)
"""What is this near to the middle of a point of view is what somebody looks at."""
PULLED_S = 0.12
"""The hand on the focus ring is no quicker than this [s, Gaussian]."""


def confusion(focus_m: Array, depth_m: Array, lens_mm: Array, f_stop: float) -> Array:
    """Diameter of the circle of confusion of a point at a depth, as a part of the picture's width (thin lens)."""
    f = np.asarray(lens_mm) / 1000
    blur = f * f / (f_stop * np.maximum(focus_m - f, 1e-3)) * np.abs(depth_m - focus_m) / np.maximum(depth_m, 1e-3)
    return np.asarray(blur / (SENSOR_MM / 1000))


def focus(
    span: Span, stage: Stage, tick: Clockwork, ticks: Array, position: Array, yaw: Array, pitch: Array, lens_mm: Array
) -> Array:
    """Focus distance (F,) [m] of a shot whose camera is known at ticks (F,).

    Raises:
        ScreenplayError: the focus is on something that is not in the scene, or pulls are out of order.
    """
    camera = span.shot.camera
    axis = direction(yaw, pitch)
    pulls = [(p, tick(p.start, f"shot {span.shot.id!r}: a focus pull")) for p in camera.focus_pulls]
    if any(b[1] < a[1] for a, b in pairwise(pulls)):
        raise ScreenplayError(
            f"shot {span.shot.id!r}: its focus pulls do not come one after the other", "put them in order of time"
        )

    def track(name: str, on: Array) -> Array:
        return _held(_depth(name, span, stage, ticks, position, axis), lens_mm, camera.f_stop, on)

    starts = [0.0] + [float(start) for _, start in pulls]
    ends = [float(start) + pull.seconds * _second() for pull, start in pulls] + [np.inf]
    on = (ticks <= ends[0]) & np.ones(len(ticks), dtype=bool)
    near = 1 / track(_first(camera, stage), on)  # pulls are even in dioptres, as the marks on a focus ring are
    for k, (pull, start) in enumerate(pulls):
        on = (ticks >= starts[k + 1]) & (ticks <= ends[k + 1])
        part = np.clip((ticks - start) / max(pull.seconds * _second(), 1.0), 0.0, 1.0)
        part = part**3 * (10 - 15 * part + 6 * part * part)
        near = near * (1 - part) + part / track(pull.subject, on)
    return np.asarray(1 / near)


def _second() -> float:
    from ... import clock

    return float(clock.TICKS_PER_SECOND)


def _first(camera: Camera, stage: Stage) -> str:
    """What is sharp at first: a point of view looks at its second subject; of several things no one is."""
    if camera.focus:
        return camera.focus
    if camera.framing == "point_of_view":
        return camera.subjects[1] if len(camera.subjects) > 1 else ""
    if camera.auto and len(camera.subjects) > 1 and camera.subjects[0] not in stage.people:
        return ""
    return camera.subjects[0] if camera.subjects else ""


def _met(camera: Camera, stage: Stage, row: int, position: Array, axis: Array) -> str:
    """Whom or what somebody looks at whose eyes the camera is, or nothing."""
    best, found = np.cos(GLANCE), ""
    for name in (*stage.people, *stage.thing_names):
        if name not in camera.subjects:
            way = interest(stage, find((name,), "", stage))[row] - position
            near = float(way @ axis / max(float(np.linalg.norm(way)), 1e-9))
            best, found = (near, name) if near > best else (best, found)
    return found


def _depth(name: str, span: Span, stage: Stage, ticks: Array, position: Array, axis: Array) -> Array:
    """Depth (F,) of a subject, without its smallest movements; without one, of where the camera looks."""
    if not name and span.shot.camera.framing == "point_of_view":
        middle = len(ticks) // 2
        name = _met(
            span.shot.camera, stage, int(stage.rows(ticks[middle : middle + 1])[0]), position[middle], axis[middle]
        )
    camera = span.shot.camera
    if not name and camera.auto and camera.framing != "point_of_view":  # several things: their middle, all the time
        group = interest(stage, find(camera.subjects, span.shot.id, stage), steady=False)
        depth = np.einsum("fi,fi->f", stage.at(group, ticks) - position, axis)
        locked = np.ptp(position, axis=0).max() == 0.0
        return np.asarray(np.maximum(np.full(len(ticks), depth.mean()) if locked else depth, NEAREST_M))
    if not name:
        reach = 3.0 if camera.auto else float(np.linalg.norm(np.array(camera.look_at) - np.array(camera.position)))
        return np.full(len(ticks), max(reach, NEAREST_M))
    subject = smooth(interest(stage, find((name,), span.shot.id, stage)), smoothing(PULLED_S))
    depth = np.einsum("fi,fi->f", stage.at(subject, ticks) - position, axis)
    return np.asarray(np.maximum(depth, NEAREST_M))


def _held(depth: Array, lens_mm: Array, f_stop: float, on: Array) -> Array:
    """The depth, or the one distance that is sharp enough for all of it while it is `on`."""
    if not on.any():
        return depth
    inverse = 1 / depth[on]
    steady = 2 / (inverse.min() + inverse.max())
    # to two and a half digits: another word or gesture does not move it
    grid = 10.0 ** np.floor(np.log10(steady)) / 200
    steady = np.round(steady / grid) * grid
    if confusion(steady, depth[on], lens_mm[on], f_stop).max() <= SHARP:
        return np.full(len(depth), steady)
    return depth
