"""Styles of other films and tapes: what a medium does to a photographic picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..grading import rgb_of, ypbpr
from ._frame import Frame, cv, style
from ._tools import blur, coded, linear, ramp

Array = NDArray[Any]


@style
def photographic(frame: Frame) -> Array:
    """As the camera saw it."""
    return frame.picture


@style
def black_and_white(frame: Frame) -> Array:
    """Panchromatic film: light weighed by the film's response to colours, a characteristic curve, no colour at all."""
    response = np.array(frame.values["response"], dtype=np.float32)
    light = linear(frame.picture) @ (response / response.sum())
    # The toe and the shoulder of a negative printed on normal paper: a logistic in the logarithm of exposure.
    grade = np.float32(frame.values["gamma"])
    grey = np.float32(0.18)
    x = np.maximum(light, 1e-5) / grey
    density = x**grade / (x**grade + (1 / grey - 1))
    white = np.float32((1 / grey) ** grade)
    top = white / (white + (1 / grey - 1))
    return np.repeat(coded(density / top)[..., None], 3, axis=-1)


@style
def film_8mm(frame: Frame) -> Array:
    """Home cinema: a soft lens, a gate that weaves, faded dyes, dust and scratches, a worn edge of the frame."""
    v = frame.values
    weave = frame.random("weave").normal(size=2) * frame.px(v["weave"])
    drift = frame.px(v["weave"]) * 1.5 * np.sin(2 * np.pi * frame.shown * np.array([0.031, 0.047]) + [0.4, 1.7])
    zoom = np.float32(1.02)  # the gate is a little smaller than the picture, so nothing beyond it shows
    shift = np.array([[zoom, 0, (1 - zoom) * frame.width / 2], [0, zoom, (1 - zoom) * frame.height / 2]], np.float32)
    shift[:, 2] += weave + drift
    moved = cv.warpAffine(frame.picture, shift, (frame.width, frame.height), borderMode=cv.BORDER_REFLECT)
    soft = blur(moved, frame.px(v["soft"]))
    # Light spreads in the emulsion around what is bright, red furthest.
    glow = blur(np.maximum(soft - 0.6, 0), frame.px(14.0)) * np.array([1.0, 0.55, 0.3], np.float32)
    faded = np.clip(soft + glow, 0, 1)
    slope = np.array(v["slope"], np.float32)
    lift = np.array(v["lift"], np.float32)
    grey = faded.mean(axis=-1, keepdims=True)
    faded = lift + (grey + np.float32(v["saturation"]) * (faded - grey)) * slope * (1 - lift)
    lamp = 1 + np.float32(v["flicker"]) * np.float32(frame.random("lamp").normal())
    return np.asarray(_worn(frame, faded * lamp) * _gate(frame)[..., None])


def _worn(frame: Frame, picture: Array) -> Array:
    """Dust and hairs of this frame, and scratches that run along the film for many."""
    height, width = frame.height, frame.width
    dark, bright = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    rng = frame.random("dust")
    for _ in range(rng.poisson(frame.values["dust"])):
        x, y, size = rng.uniform(0, width), rng.uniform(0, height), frame.px(rng.gamma(2.0, 0.9))
        where = bright if rng.random() < 0.4 else dark
        if rng.random() < 0.15:  # a hair
            bend = rng.normal(size=(4, 2)).cumsum(axis=0) * frame.px(9.0) + [x, y]
            cv.polylines(where, [np.round(bend * 16).astype(np.int32)], False, 0.7, 1, cv.LINE_AA, 4)
        else:
            axes = (round(size * 16), round(size * 16 * rng.uniform(0.4, 1.0)))
            middle = (round(x * 16), round(y * 16))
            box = cv.RotatedRect((middle[0] / 16, middle[1] / 16), (axes[0] / 8 + 0.5, axes[1] / 8 + 0.5), 0)
            cv.ellipse(where, box, float(rng.uniform(0.4, 0.9)), -1, cv.LINE_AA)
    lines = frame.random("scratches", still=True)
    for _ in range(int(frame.values["scratches"])):
        x, first, last = lines.uniform(0.05, 0.95) * width, lines.integers(0, 400), lines.integers(20, 120)
        wobble = np.random.default_rng(int(first)).normal(size=4096).cumsum() * 0.25
        if (frame.shown - first) % 400 < last:
            at = x + frame.px(wobble[frame.shown % 4096])
            line = np.exp(-(((np.arange(width) - at) / frame.px(0.9)) ** 2)).astype(np.float32)
            bright = np.maximum(bright, 0.35 * line[None, :])
    dark, bright = blur(dark, frame.px(0.7)), blur(bright, frame.px(0.7))
    return np.asarray(picture * (1 - dark[..., None]) + bright[..., None] * np.array([0.9, 0.95, 0.85], np.float32))


def _gate(frame: Frame) -> Array:
    """(H, W): the rounded, soft edge of the projector's gate."""
    edge = np.float32(frame.px(10.0))
    y, x = np.mgrid[: frame.height, : frame.width].astype(np.float32)
    round_ = np.float32(frame.px(46.0))
    inside = [np.minimum(x, frame.width - 1 - x) - edge, np.minimum(y, frame.height - 1 - y) - edge]
    corner = np.maximum(round_ - inside[0], 0) ** 2 + np.maximum(round_ - inside[1], 0) ** 2
    gap = np.where((inside[0] < round_) & (inside[1] < round_), round_ - np.sqrt(corner), np.minimum(*inside))
    return ramp(gap, -frame.px(5.0), frame.px(4.0))


@style
def vhs(frame: Frame) -> Array:
    """A tape: few lines of luma, fewer of colour, which come late; jitter, noise, the change of heads at the bottom."""
    v = frame.values
    lines = 480
    width = frame.width
    small = cv.resize(frame.picture, (width, lines), interpolation=cv.INTER_AREA)
    y, pb, pr = ypbpr(small)
    sharp = width / v["luma_lines"] / (4 / 3) / 2.8
    y = cv.GaussianBlur(y, (0, 0), sigmaX=sharp, sigmaY=0.3)
    y = y + 0.55 * (y - cv.GaussianBlur(y, (0, 0), sigmaX=2.2 * sharp, sigmaY=0.1))  # the recorder's own sharpening
    bleed = width / v["colour_lines"] / (4 / 3) / 2.8
    late = np.array([[1, 0, v["late"] * width / 720], [0, 1, 0.8]], dtype=np.float32)
    colours = []
    for plane in (pb, pr):
        soft = cv.GaussianBlur(plane, (0, 0), sigmaX=bleed, sigmaY=1.2)
        colours.append(cv.warpAffine(soft, late, (width, lines), borderMode=cv.BORDER_REPLICATE))
    rng = frame.random("tape")
    noise = rng.normal(size=(lines, width // 2)).astype(np.float32)
    noise = cv.resize(cv.GaussianBlur(noise, (0, 0), sigmaX=0.8, sigmaY=0.1), (width, lines))
    y = 0.035 + 0.93 * y + np.float32(v["noise"]) * noise
    stain = cv.resize(rng.normal(size=(lines // 6, 16)).astype(np.float32), (width, lines))
    colours = [plane * np.float32(v["saturation"]) + np.float32(0.008) * stain for plane in colours]
    picture = rgb_of(y, *colours)
    shift = rng.normal(size=lines).astype(np.float32) * np.float32(v["jitter"] * width / 720)
    shift += np.float32(0.5 * width / 720) * np.sin(np.arange(lines) / 37 + frame.shown * 0.9).astype(np.float32)
    picture = _switched(picture, shift, rng, v)
    x = np.arange(width, dtype=np.float32)[None, :] - shift[:, None]
    rows = np.repeat(np.arange(lines, dtype=np.float32)[:, None], width, axis=1)
    picture = cv.remap(picture.astype(np.float32), x, rows, cv.INTER_LINEAR, borderMode=cv.BORDER_REPLICATE)
    return np.asarray(cv.resize(picture, (width, frame.height), interpolation=cv.INTER_LINEAR))


def _switched(picture: Array, shift: Array, rng: np.random.Generator, v: Any) -> Array:
    """The last lines, where one head takes over from the other: torn sideways and full of noise; changes `shift`."""
    lines, width = picture.shape[:2]
    count = int(v["switching"])
    bottom = np.arange(count, dtype=np.float32)
    shift[-count:] += np.float32(width * 0.05) * np.exp(-(count - bottom) / 3.0) * np.float32(rng.uniform(0.6, 1.4))
    shift[-count:] += (rng.normal(size=count) * width * 0.006).astype(np.float32)
    snow = rng.normal(size=(count, width, 1)).astype(np.float32)
    snow = cv.GaussianBlur(snow, (0, 0), sigmaX=3.0, sigmaY=0.1).reshape(count, width, 1) * 2.2
    part = (np.linspace(0.2, 0.8, count, dtype=np.float32) ** 1.5)[:, None, None]
    picture = picture.copy()
    grey = picture[-count:].mean(axis=-1, keepdims=True)
    picture[-count:] = (1 - part) * picture[-count:] + part * (0.4 * grey + 0.25 + 0.35 * snow)
    assert lines > count
    return picture
