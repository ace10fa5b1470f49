"""When the eyes leap, read from the pose."""

from __future__ import annotations

import numpy as np

from ... import clock
from ...body import BONE_INDEX
from ...take import Array

_LEAP_DEG = 6.0
_WITHIN_S = 0.05
_APART_S = 0.25


def gaze_shifts(time: Array, joints: Array) -> dict[int, tuple[int, ...]]:
    """Per person, the moments [ticks] at which the eyes leap by more than 6° within 50 ms.

    Args:
        time: (T,) [ticks], evenly spaced.
        joints: (T, P, J, 4) rotations, wxyz.
    """
    moments = np.asarray(time)
    if len(moments) < 3:
        return {}
    step = max(1, round(_WITHIN_S * clock.TICKS_PER_SECOND / int(moments[1] - moments[0])))
    shifts: dict[int, tuple[int, ...]] = {}
    for person in range(joints.shape[1]):
        eye = np.asarray(joints[:, person, BONE_INDEX["eye.L"]], dtype=np.float64)
        alike = np.abs((eye[step:] * eye[:-step]).sum(axis=-1))
        leap = np.degrees(2.0 * np.arccos(np.clip(alike, 0.0, 1.0))) > _LEAP_DEG
        found: list[int] = []
        for row in np.flatnonzero(leap):
            if not found or moments[row] - found[-1] > _APART_S * clock.TICKS_PER_SECOND:
                found.append(int(moments[row]))
        shifts[person] = tuple(found)
    return shifts
