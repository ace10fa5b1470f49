"""The lines of a basketball court as FIBA paints them, as flat polygons. Pure numbers.

Frame: the face of the backboard at y = 0, the court towards -Y, x = 0 its middle. Source: FIBA Official Basketball
Rules, art. 2 and diagrams 1-3 (all lines 5 cm wide).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LINE = 0.05
WIDTH, LENGTH = 15.0, 28.0
BASELINE_Y = 1.2
"""Inner edge of the baseline: the board's face hangs 1.20 m inside the court."""
RING_Y = -0.375
FREE_THROW_Y = BASELINE_Y - 5.8
"""Far edge of the free-throw line."""
KEY_HALF = 2.45
THREE_R, THREE_X = 6.75, 6.6
CENTRE_Y = BASELINE_Y - LENGTH / 2

Polygons = list[Array]
"""Each (K, 2), convex, anticlockwise."""


def half_court() -> Polygons:
    """Lines of the half with the board at y = 0, without the border and the centre line."""
    out: Polygons = []
    for side in (-1, 1):
        out.append(
            _rect(side * (KEY_HALF - LINE / 2), (FREE_THROW_Y + BASELINE_Y) / 2, LINE, BASELINE_Y - FREE_THROW_Y)
        )
        straight = RING_Y - np.sqrt(THREE_R**2 - THREE_X**2)
        out.append(_rect(side * (THREE_X - LINE / 2), (BASELINE_Y + straight) / 2, LINE, BASELINE_Y - straight))
        out.append(_rect(side * (1.25 + LINE / 2), RING_Y / 2, LINE, -RING_Y))
        out += _rebound_marks(side)
    out.append(_rect(0.0, FREE_THROW_Y + LINE / 2, 2 * KEY_HALF, LINE))
    middle = FREE_THROW_Y + LINE / 2
    out += _arc((0.0, middle), 1.8, np.pi, 2 * np.pi)
    out += _dashed_arc((0.0, middle), 1.8, 0.0, np.pi)
    out += _arc((0.0, RING_Y), 1.25 + LINE, np.pi, 2 * np.pi)
    reach = np.arccos(THREE_X / THREE_R)
    out += _arc((0.0, RING_Y), THREE_R, np.pi + reach, 2 * np.pi - reach)
    return out


def whole_court() -> Polygons:
    """Every line of a full court."""
    half = half_court()
    mirrored = [_mirror(p) for p in half]
    out = half + mirrored
    end = BASELINE_Y - LENGTH
    for y in (BASELINE_Y + LINE / 2, end - LINE / 2):
        out.append(_rect(0.0, y, WIDTH + 2 * LINE, LINE))
    for side in (-1, 1):
        out.append(_rect(side * (WIDTH / 2 + LINE / 2), CENTRE_Y, LINE, LENGTH))
        for y in (BASELINE_Y - 8.325, end + 8.325):  # throw-in lines
            out.append(_rect(side * (WIDTH / 2 + LINE + 0.075), y, 0.15, LINE))
    out.append(_rect(0.0, CENTRE_Y, WIDTH + 0.3, LINE))
    out += _arc((0.0, CENTRE_Y), 1.8, 0.0, 2 * np.pi)
    return out


def keys() -> Polygons:
    """The two painted restricted areas."""
    key = _rect(0.0, (FREE_THROW_Y + BASELINE_Y) / 2, 2 * KEY_HALF, BASELINE_Y - FREE_THROW_Y)
    return [key, _mirror(key)]


def field() -> Array:
    """The playing court, border lines included."""
    return _rect(0.0, CENTRE_Y, WIDTH + 2 * LINE, LENGTH + 2 * LINE)


def _rebound_marks(side: int) -> Polygons:
    """Places along the key: lines 10 cm long outside it, and the 40 cm neutral zone."""
    out: Polygons = []
    x = side * (KEY_HALF + 0.05)
    y = BASELINE_Y - 1.75
    out.append(_rect(x, y - LINE / 2, 0.10, LINE))
    y -= LINE + 0.85
    out.append(_rect(x, y - 0.20, 0.10, 0.40))  # the neutral zone is a filled block
    y -= 0.40 + 0.85
    for _ in range(2):
        out.append(_rect(x, y - LINE / 2, 0.10, LINE))
        y -= LINE + 0.85
    return out


def _rect(x: float, y: float, width: float, height: float) -> Array:
    w, h = width / 2, height / 2
    return np.array([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])


def _arc(centre: tuple[float, float], outer: float, start: float, end: float) -> Polygons:
    """A curved line whose outer edge has radius `outer`, in pieces of about 4 cm."""
    count = max(8, int(np.ceil(outer * (end - start) / 0.08)))
    a = np.linspace(start, end, count + 1)
    ring = np.stack([np.cos(a), np.sin(a)], axis=1)
    far, near = np.array(centre) + ring * outer, np.array(centre) + ring * (outer - LINE)
    return [np.array([near[i], far[i], far[i + 1], near[i + 1]]) for i in range(count)]


def _dashed_arc(centre: tuple[float, float], outer: float, start: float, end: float) -> Polygons:
    """A curved line of dashes 35 cm long with 40 cm between."""
    out: Polygons = []
    step, dash = 0.75 / outer, 0.35 / outer
    a = start + 0.2 / outer
    while a + dash < end:
        out += _arc(centre, outer, a, a + dash)
        a += step
    return out


def _mirror(polygon: Array) -> Array:
    """The polygon on the other half of the court."""
    turned = polygon.copy()
    turned[:, 0] *= -1
    turned[:, 1] = 2 * CENTRE_Y - turned[:, 1]
    return turned
