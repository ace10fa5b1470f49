"""The shape of a basketball net: twelve loops of string in diamonds, hanging from the ring. Pure numbers.

The net is built in the hoop's own frame (see blender/things/hoop.py). At rest it narrows and flares a little at its
hem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LOOPS = 12
LEVELS = 7
"""Rows of knots, the hooks at the ring included."""
_NARROWING = (0.0, 0.16, 0.37, 0.60, 0.80, 0.95, 1.0)
"""How far each row of knots has narrowed from the ring to the hem."""


def knots(params: Mapping[str, float]) -> Array:
    """Rest positions of the knots (LEVELS, LOOPS, 3) in the hoop's frame [m]."""
    wide, narrow = params["rim_inner"] / 2, params["net_bottom"] / 2
    radius = wide + (narrow - wide) * np.array(_NARROWING)
    drop = np.linspace(0.0, 1.0, LEVELS) ** 0.95 * params["net_length"]
    level = np.arange(LEVELS)[:, None]
    angle = (np.arange(LOOPS)[None, :] + 0.5 * (level % 2)) * 2 * np.pi / LOOPS
    top = params["rim_height"] - params["rim_bar"] / 2
    return np.stack(
        [
            radius[:, None] * np.cos(angle),
            params["rim_offset"] + radius[:, None] * np.sin(angle),
            np.broadcast_to(top - drop[:, None], angle.shape),
        ],
        axis=-1,
    )


def strings() -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of knots (level, loop) that a string joins."""
    pairs = []
    for level in range(LEVELS - 1):
        for loop in range(LOOPS):
            other = loop if level % 2 == 0 else (loop + 1) % LOOPS
            before = (loop - 1) % LOOPS if level % 2 == 0 else loop
            pairs.append(((level, loop), (level + 1, other)))
            pairs.append(((level, loop), (level + 1, before)))
    return pairs
