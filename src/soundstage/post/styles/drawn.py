"""Styles of line: cel animation, pencil storyboards, blueprints."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._frame import Frame, cv, style
from ._tools import (
    blur,
    coded,
    colour,
    flattened,
    guided,
    inked,
    laid,
    linear,
    luma,
    mix,
    on_paper,
    outlines,
    posterised,
    ramp,
    seams,
    thinned,
)  # fmt: skip

Array = NDArray[Any]


def own_colour(frame: Frame, reach: float, spread: float = 0.11) -> Array:
    """(H, W, 3) light: what a surface gives back, without its texture; the sky as it is."""
    albedo = frame.exact().albedo
    assert albedo is not None
    # Sky between leaves has no colour of its own: it takes that of the leaves around.
    solid = (luma(albedo) > 0).astype(np.float32)
    cover = blur(solid, frame.px(6.0))[..., None]
    filled = np.where(solid[..., None] > 0, albedo, blur(albedo, frame.px(6.0)) / np.maximum(cover, 0.05))
    # What shines by itself, or is seen through glass, is brighter than any light on its own colour would make it.
    shines = ramp(luma(linear(frame.picture)) - 1.8 * luma(filled), 0.02, 0.12)
    plain = mix(coded(filled), frame.picture, np.maximum(shines, frame.sky))
    specks = max(3, round(frame.px(5.0))) | 1
    plain = cv.medianBlur(np.rint(np.clip(plain, 0, 1) * 255).astype(np.uint8), specks).astype(np.float32) / 255
    flat = flattened(plain, frame.px(reach), spread)
    # Small but strong: eyes, lips, the lines of a court. Without them nobody would be known again.
    fine = ramp(np.abs(luma(plain - blur(plain, frame.px(7.0)))), 0.06, 0.16)
    fine = fine * (1 - ramp(blur(fine, frame.px(12.0)), 0.15, 0.4))  # but not where all is like that: beards, leaves
    flat = flat + (plain - flat) * fine[..., None]
    return linear(np.clip(flat, 0, 1))


def lighting(frame: Frame, own: Array, soft: float) -> Array:
    """(H, W): how much light falls on surfaces, in stops; 0: as bright as its own colour. Blurred by `soft` [px of 720]
    within the edges of colours; what the sky sends is no light on what stands before it."""
    light, white = luma(linear(frame.picture)), luma(own)
    stops = np.log2((light + np.float32(0.004)) / (white + np.float32(0.008)))
    solid = (~frame.sky).astype(np.float32)
    cover = blur(solid, frame.px(soft))
    calm = np.where(cover > 0.02, blur(stops * solid, frame.px(soft)) / np.maximum(cover, 0.02), 0).astype(np.float32)
    return guided(coded(own), calm, max(2, round(frame.px(2.3 * soft))), 0.003)


@style
def cel(frame: Frame) -> Array:
    """Flat paint on cels: each colour in three tones, shadows cooler, ink lines of one width, a painted sky."""
    v = frame.values
    own = own_colour(frame, 9)
    stops = lighting(frame, own, 2.2)
    edges = np.array(v["edges"], np.float32)
    level = posterised(stops, edges, v["soft"])
    tone = np.interp(level, np.arange(len(edges) + 1), v["tones"]).astype(np.float32)
    # What the light's own colour is, from a wide look around; shadows go towards the cool.
    tint = blur(linear(frame.picture), frame.px(60)) / np.maximum(blur(own, frame.px(60)), 0.02)
    tint = np.clip(tint / np.maximum(luma(tint)[..., None], 1e-3), 0.6, 1.6) ** np.float32(0.5)
    shade = (max(v["tones"]) - tone) / np.float32(max(v["tones"]) - min(v["tones"]))
    cool = 1 + shade[..., None] * (np.array(v["cool"], np.float32) - 1)
    painted = coded(own * np.exp2(tone)[..., None] * tint * cool)
    grey = luma(painted)[..., None]
    painted = np.clip(grey + np.float32(v["saturation"]) * (painted - grey), 0, 1)
    sky = flattened(frame.picture, frame.px(9), 0.12)
    painted = mix(painted, sky, frame.sky.astype(np.float32))
    lines = outlines(frame, crease=0.5, set_too=0.75)
    drawn = inked(
        np.maximum(lines, 0.8 * thinned(frame, seams(coded(own), 0.1, 0.26) * ~frame.sky)), frame.px(v["line"])
    )
    return mix(painted, np.broadcast_to(colour(v["ink"]), painted.shape), drawn * np.float32(0.92))


@style
def pencil(frame: Frame) -> Array:
    """A storyboard: graphite on paper. Lines of one width; hatching on the surfaces, thicker where it is darker."""
    v = frame.values
    bright = luma(flattened(frame.picture, frame.px(10), 0.12))
    tone = np.clip(1.08 * bright ** np.float32(v["open"]), 0, 1)
    strokes = laid(frame, "hatch", v["texel"])
    crossing = laid(frame, "hatch_across", v["texel"])
    grain = on_paper(frame, "grain", frame.px(1.0))
    # Strokes grow from nothing to a closed grey as it gets darker; a second layer crosses them in the dark.
    first = ramp(strokes, *_band((0.78 - tone) * 2.6)) * ramp(0.82 - tone, 0.0, 0.18)
    second = ramp(crossing, *_band((0.42 - tone) * 3.0)) * ramp(0.45 - tone, 0.0, 0.16)
    wash = 0.32 * ramp(0.8 - tone, 0.0, 0.75)
    dark = 1 - (1 - 0.42 * first) * (1 - 0.46 * second) * (1 - wash)
    edges = np.maximum(
        outlines(frame, crease=0.42), 0.8 * thinned(frame, seams(_flat_own(frame), 0.1, 0.28) * ~frame.sky)
    )
    edges = np.maximum(edges, 0.55 * ramp(_gradient(bright), 0.05, 0.16))
    lines = inked(edges, frame.px(v["line"]))
    press = np.clip(0.86 + 0.10 * laid(frame, "cloud", 2.0), 0.5, 1)
    dark = 1 - (1 - dark) * (1 - 0.88 * lines * press)
    # Graphite stays on the hills of the paper.
    dark = dark * np.clip(1 + v["tooth"] * grain * (1.15 - dark), 0, 1.35)
    paper = colour(v["paper"]) * (1 + 0.012 * on_paper(frame, "grain", frame.px(1.4)))[..., None]
    return mix(paper, np.broadcast_to(colour(v["graphite"]), paper.shape), np.clip(dark, 0, 1))


def _band(cover: Array) -> tuple[Any, Any]:
    """Where a texture of variance 1 turns from paper to stroke so that about `cover` of it is drawn."""
    edge = 1.3 - 2.2 * np.clip(cover, 0, 1)
    return edge - 0.55, edge + 0.55


def _flat_own(frame: Frame) -> Array:
    return coded(own_colour(frame, 10))


def _gradient(grey: Array) -> Array:
    dx, dy = (cv.Sobel(grey, cv.CV_32F, *way, scale=0.125) for way in ((1, 0), (0, 1)))
    return np.asarray(np.hypot(dx, dy))


@style
def blueprint(frame: Frame) -> Array:
    """A technical drawing: white lines on blue, a grid, hatched shadow, what is the set fainter than what acts."""
    v = frame.values
    paper = np.broadcast_to(colour(v["blue"]), frame.picture.shape)
    stain = 1 + 0.035 * on_paper(frame, "cloud", frame.px(3.0)) + 0.02 * on_paper(frame, "grain", frame.px(1.2))
    paper = paper * stain[..., None]
    ink = np.zeros(frame.picture.shape[:2], np.float32)
    for step, strength in ((v["grid"], 0.10), (v["grid"] * 5, 0.20)):
        ink = np.maximum(ink, strength * _grid(frame, frame.px(step)))
    tone = luma(flattened(frame.picture, frame.px(12), 0.15))
    y, x = np.mgrid[: frame.height, : frame.width].astype(np.float32)
    hatch = np.abs(np.mod(x + y, frame.px(9)) - frame.px(4.5)) < frame.px(0.7)
    ink = np.maximum(ink, 0.30 * blur(hatch.astype(np.float32), 0.6) * ramp(0.36 - tone, 0.0, 0.2) * ~frame.sky)
    acting = cv.dilate((frame.ids > 0).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    fine = inked(thinned(frame, seams(_flat_own(frame), 0.1, 0.25) * ~frame.sky), frame.px(1.2))
    ink = np.maximum(ink, 0.55 * fine)
    lines = outlines(frame, crease=0.28)
    ink = np.maximum(ink, (0.55 + 0.45 * acting) * inked(lines, frame.px(v["line"])))
    ink = np.clip(ink * (0.95 + 0.06 * on_paper(frame, "grain", frame.px(1.0))), 0, 1)
    return mix(paper, np.broadcast_to(colour(v["white"]), paper.shape), ink)


def _grid(frame: Frame, step: float) -> Array:
    """(H, W): lines of a squared paper, from the middle of the picture outwards."""
    x = np.abs(np.mod(np.arange(frame.width) - frame.width / 2 + step / 2, step) - step / 2)
    y = np.abs(np.mod(np.arange(frame.height) - frame.height / 2 + step / 2, step) - step / 2)
    half = max(0.5, frame.px(0.6))
    cover = np.maximum(np.clip(half + 0.5 - x, 0, 1)[None, :], np.clip(half + 0.5 - y, 0, 1)[:, None])
    return np.asarray(cover, dtype=np.float32)
