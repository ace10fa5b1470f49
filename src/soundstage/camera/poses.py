"""Where everything is at the instants a frame is exposed: the part of a Take that one frame shows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..poses import Poses, continuous, poses_at
from ..take import Take

__all__ = [
    "BLUR_INSTANTS",
    "DEVELOPED",
    "PLATE_PAYS",
    "Poses",
    "View",
    "instants",
    "locked",
    "moving",
    "pair",
    "poses_at",
    "view_at",
]

Array = NDArray[Any]

BLUR_INSTANTS = 5
"""Poses taken while the shutter is open: ends, middle and quarters (straight pieces between them)."""
DEVELOPED = ("exposure_ev", "white_balance_k")
"""What of a View changes the picture without changing what light reaches the camera."""
PLATE_PAYS = 3
"""Frames that must share a camera position for a plate to be worth its time."""


@dataclass(frozen=True, kw_only=True)
class View:
    """The camera at the start of a frame and, if it moves while the shutter is open, one frame later."""

    position: Array  # (R, 3), R = 1 or 2
    rotation: Array  # (R, 4)
    lens_mm: Array  # (R,)
    focus_m: Array  # (R,)
    f_stop: Array  # (R,)
    exposure_ev: Array  # (R,)
    white_balance_k: Array  # (R,)


def instants(take: Take, frame: int, *, motion_blur: bool, shutter: float) -> Array:
    """Ticks (K,) of the poses a frame shows: its start, or a few from its start until the shutter closes."""
    start = int(take.camera.time[frame])
    if not motion_blur or shutter <= 0:
        return np.array([start], dtype=np.int64)
    span = shutter * clock.period(take.fps)
    ticks = start + np.rint(np.linspace(0.0, span, BLUR_INSTANTS)).astype(np.int64)
    return np.asarray(np.minimum(ticks, int(take.time[-1])))


def view_at(take: Take, frame: int, *, motion_blur: bool) -> View:
    """The camera of a frame; with blur also its next row, unless a cut comes between."""
    camera = take.camera
    rows = pair(take, frame) if motion_blur else [frame]
    view = View(
        position=np.asarray(camera.position[rows]),
        rotation=continuous(np.asarray(camera.rotation[rows], dtype=np.float64)),
        lens_mm=np.asarray(camera.lens_mm[rows]),
        focus_m=np.asarray(camera.focus_m[rows]),
        f_stop=np.asarray(camera.f_stop[rows]),
        exposure_ev=np.asarray(camera.exposure_ev[rows]),
        white_balance_k=np.asarray(camera.white_balance_k[rows]),
    )
    if len(rows) == 2 and all(np.array_equal(v[0], v[1]) for v in vars(view).values()):
        return View(**{name: v[:1] for name, v in vars(view).items()})
    return view


def pair(take: Take, frame: int) -> list[int]:
    """The frame and the next one of its shot, if there is one."""
    camera, following = take.camera, frame + 1
    inside = following < len(camera.time) and camera.shot[following] == camera.shot[frame]
    return [frame, following] if inside else [frame]


def moving(take: Take) -> list[bool]:
    """Which things ever move."""
    return [
        bool(np.ptp(take.thing_position[:, n], axis=0).max() > 0 or np.ptp(take.thing_rotation[:, n], axis=0).max() > 0)
        for n in range(len(take.things))
    ]


def locked(take: Take) -> Array:
    """For every frame (F,), whether the camera stands exactly so in several of the Take, so that a plate pays."""
    count = len(take.camera.time)
    rows = np.concatenate([getattr(take.camera, f.name).reshape(count, -1) for f in fields(View)], axis=1)
    _, which, alike = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(alike[which.reshape(-1)] >= PLATE_PAYS)
