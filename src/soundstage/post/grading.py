"""A grade: display-referred colours in, display-referred colours out.

In this order: ASC CDL (`out = clamp(in · slope + offset) ^ power`, then saturation about Rec.709 luma), retained
silver, contrast, split toning, black level, and last the hue of skin is led back to where it was.

Skin of every shade lies along one line of the vectorscope, about 123° in Pb, Pr (the "I" axis of NTSC): pigment changes
how bright it is, blood and melanin keep its hue. Colours near that line are let move by a few degrees only, and keep
most of their saturation; what else is orange (wood, a basketball) is held with them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..looks import Grade

Array = NDArray[Any]

LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Of coded values, Rec.709; what ASC CDL saturation uses."""
SKIN_DEG = 123.0
"""Hue of skin, atan2(Pr, Pb)."""
SKIN_FULL_DEG, SKIN_NONE_DEG = 27.0, 48.0
"""Distance from the skin line up to which hues are held wholly, and beyond which not at all."""
SKIN_CHROMA = (0.008, 0.02)
"""Saturation, in Pb, Pr, below which there is no hue to hold, and above which there is."""
SKIN_FREE_DEG = 4.0
"""How far a hue that is held may move at most."""
SKIN_LEAST = 0.72
"""Part of its saturation that held skin keeps, beside what the grade takes from all colours."""


def grade(picture: Array, how: Grade) -> Array:
    """Colours (…, 3) float32, 0…1, graded; the very same array if the grade changes nothing."""
    if not how.changes:
        return picture
    source = np.asarray(picture, dtype=np.float32)
    rgb = _cdl(source, how)
    if how.silver:
        grey = _luma(rgb)[..., None]
        over = np.where(grey < 0.5, 2 * rgb * grey, 1 - 2 * (1 - rgb) * (1 - grey))
        rgb = rgb + np.float32(how.silver) * (over - rgb)
    if how.contrast:
        rgb = _contrast(rgb, how.contrast, how.pivot)
    if any(how.shadows) or any(how.highlights):
        rgb = _split(rgb, how)
    if how.black > 0:
        rgb = how.black + rgb * (1 - how.black)
    elif how.black < 0:
        rgb = (rgb + how.black) / (1 + how.black)
    rgb = np.clip(rgb, 0.0, 1.0)
    if how.skin and how.saturation:
        rgb = _hold_skin(source, rgb, how)
    return np.asarray(rgb, dtype=np.float32)


def hue(picture: Array) -> Array:
    """Hue (…) of colours (…, 3) on a vectorscope [rad]: atan2(Pr, Pb)."""
    _, pb, pr = ypbpr(picture)
    return np.asarray(np.arctan2(pr, pb))


def ypbpr(picture: Array) -> tuple[Array, Array, Array]:
    """Luma and colour differences of Rec.709, coded: 0…1, -.5….5, -.5….5."""
    y = _luma(picture)
    return y, (picture[..., 2] - y) / np.float32(1.8556), (picture[..., 0] - y) / np.float32(1.5748)


def rgb_of(y: Array, pb: Array, pr: Array) -> Array:
    """Colours (…, 3) of luma and colour differences; may be outside 0…1."""
    red, blue = y + np.float32(1.5748) * pr, y + np.float32(1.8556) * pb
    green = (y - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    return np.stack([red, green, blue], axis=-1)


def _luma(rgb: Array) -> Array:
    return np.asarray(rgb[..., 0] * LUMA[0] + rgb[..., 1] * LUMA[1] + rgb[..., 2] * LUMA[2])


def _cdl(rgb: Array, how: Grade) -> Array:
    slope, offset, power = (np.array(v, dtype=np.float32) for v in (how.slope, how.offset, how.power))
    out = np.clip(rgb * slope + offset, 0.0, 1.0)
    if (power != 1.0).any():
        out = out**power
    if how.saturation != 1.0:
        grey = _luma(out)[..., None]
        out = grey + np.float32(how.saturation) * (out - grey)
    return np.asarray(np.clip(out, 0.0, 1.0), dtype=np.float32)


def _contrast(rgb: Array, amount: float, pivot: float) -> Array:
    """An S that keeps 0, the pivot and 1 where they are: a power to either side of the pivot."""
    steep = np.float32(2.0**amount)
    low = np.float32(pivot) * (np.clip(rgb, 0, pivot) / np.float32(pivot)) ** steep
    high = 1 - np.float32(1 - pivot) * (np.clip(1 - rgb, 0, 1 - pivot) / np.float32(1 - pivot)) ** steep
    return np.where(rgb < pivot, low, high)


def _split(rgb: Array, how: Grade) -> Array:
    y = np.clip(_luma(rgb), 0, 1)[..., None]
    dark, bright = (1 - y) ** 2 * np.minimum(1.0, y / 0.06), y**2 * np.minimum(1.0, (1 - y) / 0.06)
    low, high = (np.array(v, dtype=np.float32) - np.float32(np.dot(v, LUMA)) for v in (how.shadows, how.highlights))
    return np.asarray(rgb + 2 * dark * low + 2 * bright * high)


def _hold_skin(before: Array, after: Array, how: Grade) -> Array:
    _, pb, pr = ypbpr(before)
    y, pb2, pr2 = ypbpr(after)
    was, now = np.arctan2(pr, pb), np.arctan2(pr2, pb2)
    chroma, chroma2 = np.hypot(pb, pr), np.hypot(pb2, pr2)
    away = np.abs(_wrapped(was - np.float32(np.radians(SKIN_DEG))))
    weight: Array = 1 - _ramp(away, np.radians(SKIN_FULL_DEG), np.radians(SKIN_NONE_DEG))
    weight = np.asarray(weight * _ramp(chroma, *SKIN_CHROMA) * np.float32(how.skin))
    moved = _wrapped(now - was)
    free = np.float32(np.radians(SKIN_FREE_DEG))
    turned = was + moved + weight * (free * np.tanh(moved / free) - moved)
    # What a tint took from the saturation of skin comes back, as far as the luma leaves room for it.
    least = chroma * np.float32(SKIN_LEAST * min(how.saturation, 1.0) * (1 - 0.4 * how.silver))
    least = least * np.clip(4 * np.minimum(y, 1 - y), 0, 1)
    strong = chroma2 + weight * (np.maximum(chroma2, least) - chroma2)
    return _fitted(y, strong * np.cos(turned), strong * np.sin(turned))


def _fitted(y: Array, pb: Array, pr: Array) -> Array:
    """Colours of these lumas and hues with as much of the saturation as fits into 0…1: clipping would turn the hue."""
    y = np.clip(y, 0, 1)[..., None]
    rgb = rgb_of(y[..., 0], pb, pr)
    out = rgb - y
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(out > 0, (1 - y) / out, np.where(out < 0, -y / out, np.inf))
    return np.asarray(y + out * np.minimum(1.0, room.min(axis=-1))[..., None])


def _wrapped(angle: Array) -> Array:
    turn = np.float32(2 * np.pi)
    return np.asarray(angle - turn * np.round(angle / turn))


def _ramp(value: Array, low: float, high: float) -> Array:
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
