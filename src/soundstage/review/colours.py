"""How alike colours are whatever the light: hue and saturation as an angle in linear light."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PRIMARIES = ("#d02020", "#20c020", "#2040d0")
HUE_DEG = 30.0
"""Hues so far apart are clearly different in any usual light."""
SATURATED = 0.35


def rgb_of(colour: str) -> Array:
    """(3,) 0…255 of "#rrggbb"."""
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)], dtype=np.float64)


def direction(rgb: Array) -> Array:
    """Unit vectors (…, 3) in linear light of display colours (…, 3), 0…255."""
    linear = (np.maximum(np.asarray(rgb, dtype=np.float64), 1.0) / 255) ** 2.2
    return np.asarray(linear / np.linalg.norm(linear, axis=-1, keepdims=True))


def hue(rgb: Array) -> Array:
    """0…360 [deg] of colours (…, 3), as in HSV."""
    red, green, blue = np.moveaxis(np.asarray(rgb, dtype=np.float64), -1, 0)
    return np.asarray(np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360)


def saturation(rgb: Array) -> Array:
    """0 grey … 1 of colours (…, 3), as in HSV."""
    return np.asarray(np.ptp(rgb, axis=-1) / np.maximum(np.max(rgb, axis=-1), 1.0))


def unlike(seen: Array, asked: Array) -> Array:
    """How unlike seen colours (…, 3) are to one that was asked for; 1 is clearly another.

    The light may be warm or dim, so hue counts, and of grey things that they are grey.
    """
    if saturation(asked) < SATURATED:
        return saturation(seen) / SATURATED
    apart = np.abs((hue(seen) - hue(asked) + 180) % 360 - 180) / HUE_DEG
    return np.asarray(apart + 1.5 * np.maximum(0.0, 1 - saturation(seen) / 0.2))


def rivals(asked: str, film: Iterable[str]) -> list[Array]:
    """Colours that something of the asked colour must not look like: the film's others, and plain hues far from it."""
    own = rgb_of(asked)
    others = [rgb_of(colour) for colour in dict.fromkeys(film) if colour != asked]
    others = [other for other in others if unlike(other, own) >= 1 and unlike(own, other) >= 1]
    if saturation(own) >= SATURATED:
        others += [plain for plain in map(rgb_of, PRIMARIES) if unlike(plain, own) >= 2.5]
    return others


def right(seen: Array, asked: str, others: Iterable[Array]) -> bool:
    """Whether a seen colour is nearer to the asked one than to any other."""
    own = float(unlike(seen, rgb_of(asked)))
    return all(own < float(unlike(seen, other)) for other in others)
