"""How a move gets going and comes to rest: its progress 0…1 over the parts 0…1 of its time.

Speed is a trapezoid whose flanks are smoothsteps, so that acceleration has no jumps either. `in_out` is the quintic
6x⁵ − 15x⁴ + 10x³ (minimum jerk; Flash and Hogan, J. Neurosci. 5, 1985). What begins or ends inside a shot at full speed
is still given a short flank: a camera has mass, and a start within one frame is seen as a jolt.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FLANK_S = 0.3
"""Time in which a move that is not eased gets going or stops inside a shot [s]."""


def progress(part: Array, ease: str, *, seconds: float, starts_inside: bool, ends_inside: bool) -> Array:
    """Progress 0…1 for parts of the move's time; below 0 and above 1 it rests.

    Args:
        part: of the time, any shape.
        ease: linear, in, out or in_out.
        seconds: how long the move takes.
        starts_inside: whether the camera is seen before the move begins.
        ends_inside: whether it is seen after the move has ended.
    """
    x = np.clip(part, 0.0, 1.0)
    if ease == "in_out":
        return np.asarray(x**3 * (10 - 15 * x + 6 * x * x))
    short = min(FLANK_S / max(seconds, 1e-9), 0.25)
    rise = 0.6 if ease == "in" else short if starts_inside else 0.0
    fall = 0.6 if ease == "out" else short if ends_inside else 0.0
    return np.asarray(_trapezoid(x, rise, fall) / _trapezoid(np.ones(()), rise, fall))


def _trapezoid(x: Array, rise: float, fall: float) -> Array:
    """Way gone at full speed 1 with flanks of given lengths."""
    way = np.asarray(x, dtype=float).copy()
    if rise > 0:
        way = np.where(x < rise, _flank(x / rise) * rise, x - rise / 2)
    if fall > 0:
        late = np.clip((x - (1 - fall)) / fall, 0.0, 1.0)
        way = way - (late - (0.5 - _flank(1 - late))) * fall
    return way


def _flank(x: Array) -> Array:
    """Integral of the smoothstep 3x² − 2x³, and on at speed 1 … its value at 1 is 1/2."""
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x**3 - x**4 / 2)
