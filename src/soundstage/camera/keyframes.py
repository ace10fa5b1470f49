"""Which frames of a moving camera get a plate of the empty set, from which the frames between are made.

The camera's own path alone decides: a new plate where the picture has shifted by a part of its width since the last
one, by turning, by travelling past what is in focus, by zooming, or where the focus has wandered.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..take import CameraPath, Take
from ..view import SENSOR_MM
from . import poses

Array = NDArray[Any]

SHIFT = 0.2
"""A plate serves until the picture has moved by this part of its width …"""
LONGEST = 48
"""… or for this many frames."""
DEFOCUS = 1 / 600
"""A circle of confusion that has changed by this part of the picture's width counts like `SHIFT`."""
PAYS = 4
"""Plates that follow each other sooner than this many frames cost more than they save."""


def plate_rows(take: Take) -> list[tuple[int, ...]]:
    """For every frame, rows of the cameras that see the plates behind it: its own if it stands still, two, or none."""
    between = keyframes(take.camera)
    return [(frame,) if still else between[frame] for frame, still in enumerate(poses.locked(take))]


def keyframes(camera: CameraPath) -> list[tuple[int, ...]]:
    """For every frame, rows of the plates before and after it; none where plates do not pay."""
    found: list[tuple[int, ...]] = [()] * len(camera.shot)
    for shot in np.unique(camera.shot):
        rows = np.flatnonzero(camera.shot == shot)
        last, end = int(rows[0]), int(rows[-1])
        for row in range(last + 1, end + 1):
            if row < end and row - last < LONGEST and _shift(camera, last, row + 1) <= SHIFT:
                continue
            if row - last >= PAYS:
                stop = row + 1 if row == end else row  # a frame with a plate of its own begins the next stretch
                found[last:stop] = [(last, row)] * (stop - last)
            last = row
    return found


def _shift(camera: CameraPath, a: int, b: int) -> float:
    """How far the picture moves between two rows, in picture widths; infinite where it is developed otherwise."""
    if camera.exposure_ev[a] != camera.exposure_ev[b] or camera.white_balance_k[a] != camera.white_balance_k[b]:
        return np.inf
    lens = float(camera.lens_mm[a])
    focus = min(float(camera.focus_m[a]), float(camera.focus_m[b]))
    turned = _angle(camera.rotation[a], camera.rotation[b]) * lens / SENSOR_MM
    travelled = float(np.linalg.norm(camera.position[b] - camera.position[a])) / focus * lens / SENSOR_MM
    zoomed = abs(float(np.log(camera.lens_mm[b] / lens))) / 2
    defocus = lens * lens / float(camera.f_stop[a]) * abs(1 / camera.focus_m[a] - 1 / camera.focus_m[b]) / 1000
    return turned + travelled + zoomed + SHIFT * float(defocus) / SENSOR_MM / DEFOCUS


def _angle(a: Array, b: Array) -> float:
    """Angle between two rotations [rad]."""
    return float(2 * np.arccos(min(abs(float(np.dot(a, b))), 1.0)))
