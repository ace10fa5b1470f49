"""Styles of other matter: clay, cut paper, facets, pixels."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._frame import Frame, cv, dot, style
from ._tools import blur, coded, colour, flattened, inked, laid, linear, luma, mix, outlines, ramp
from .drawn import lighting, own_colour

Array = NDArray[Any]


@style
def clay(frame: Frame) -> Array:
    """Plasticine: plain saturated masses, thumb-prints and dents pressed into the surfaces, a soft waxy sheen."""
    v = frame.values
    own = own_colour(frame, 14, 0.16)
    stops = lighting(frame, own, 2.4)
    # Light goes into plasticine and out again beside: shadows are softer and warmer than on skin or stone.
    stops = 0.8 * stops + 0.15
    light = np.exp2(stops)[..., None] * np.array([1.02, 1.0, 0.97], np.float32)
    grey = luma(own)[..., None]
    body = np.clip(grey + np.float32(v["saturation"]) * (own - grey), 0, 1)
    shift = 0.37 * frame.boil
    dents = laid(frame, "cloud", v["dent"], shift=shift)
    prints = laid(frame, "thumb", v["thumb"], shift=shift)
    # A bump is seen where its slope faces the light: up and to the left on the picture.
    press = ramp(laid(frame, "cloud", 5.0, shift=shift), 0.3, 1.2)
    relief = v["dents"] * _slope(blur(dents, frame.px(2.0))) + v["prints"] * _slope(prints) * press
    relief = relief * frame.px(1.0) * _within(frame)  # slopes are steeper in a smaller picture
    touched = np.where(frame.ids > 0, 1.0, 0.75).astype(np.float32)
    shaded = body * light * (1 + np.clip(relief, -0.4, 0.4) * touched)[..., None]
    away = 1 - np.abs(dot(frame.normal, frame.rays)) / np.sqrt(dot(frame.rays, frame.rays))
    sheen = v["sheen"] * (ramp(away, 0.35, 1.0) * 0.8 + 0.5 * ramp(relief, 0.05, 0.6)) * touched * np.exp2(stops * 0.8)
    clayed = coded(shaded + sheen[..., None])
    sky = flattened(frame.picture, frame.px(9), 0.14)
    sky = sky * (1 + 0.6 * frame.px(v["dents"]) * _slope(blur(dents, frame.px(2.0))) * _within(frame))[..., None]
    return np.clip(mix(clayed, sky, frame.sky.astype(np.float32)), 0, 1)


def _within(frame: Frame) -> Array:
    """(H, W): 1 on surfaces, 0 at their edges, where a relief jumps to that of another and has no slope."""
    depth = np.log(frame.depth)
    jump = cv.morphologyEx(depth, cv.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0.06
    other = cv.morphologyEx(frame.ids.astype(np.int16), cv.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    return 1 - ramp(blur((jump | other).astype(np.float32), frame.px(2.4)), 0.05, 0.4)


def _slope(height: Array) -> Array:
    """Steepness of a relief towards the upper left."""
    dx = cv.Sobel(height, cv.CV_32F, 1, 0, scale=0.125)
    dy = cv.Sobel(height, cv.CV_32F, 0, 1, scale=0.125)
    return np.asarray(dx * np.float32(0.6) + dy * np.float32(0.8))


@style
def paper_cut(frame: Frame) -> Array:
    """Sheets of coloured paper over each other: flat colours, two papers for light and shade, a shadow under each."""
    v = frame.values
    own = own_colour(frame, 14, 0.14)
    flat = coded(own)
    stops = lighting(frame, own, 4.0)
    level = ramp(stops, v["shade_at"] - 0.12, v["shade_at"] + 0.12)
    sheet = linear(flat) * np.exp2(v["dark"] + (v["light"] - v["dark"]) * level)[..., None]
    sheet = coded(sheet)
    grey = luma(sheet)[..., None]
    sheet = np.clip(grey + np.float32(v["saturation"]) * (sheet - grey), 0, 1)
    sheet = _stepped(sheet, v["steps"])
    sky = _stepped(flattened(frame.picture, frame.px(12), 0.2), v["steps"])
    sheet = mix(sheet, sky, frame.sky.astype(np.float32))
    fibre = 0.5 * laid(frame, "grain", 1.8) + 0.5 * laid(frame, "fibre", 2.4)
    sheet = sheet * (1 + v["fibre"] * fibre)[..., None]
    # Nearer sheets throw a soft shadow down and to the right, and show the white of their cut edge.
    near = cv.medianBlur(np.log(np.minimum(frame.depth, 500.0)).astype(np.float32), 5)
    step = frame.px(v["shadow"])
    over = np.zeros_like(near)
    for part in (0.5, 1.0):
        move = np.array([[1, 0, 0.7 * step * part], [0, 1, step * part]], np.float32)
        above = cv.warpAffine(near, move, (frame.width, frame.height), borderMode=cv.BORDER_REPLICATE)
        over = np.maximum(over, ramp(near - above, 0.035, 0.10))
    shadow = blur(over, step * 0.45) * ramp(blur(over, step * 0.3), 0.02, 0.5)
    shadow = shadow * (1 - ramp(_nearest(near, frame), 0.03, 0.08) * 0.85)
    sheet = sheet * (1 - np.float32(v["depth"]) * shadow)[..., None]
    rim = inked(outlines(frame, crease=0.9), frame.px(1.6)) * ramp(_nearest(near, frame), 0.02, 0.07)
    return np.asarray(np.clip(sheet + 0.22 * rim[..., None], 0, 1))


def _nearest(near: Array, frame: Frame) -> Array:
    """(H, W): how much farther the farthest within a few pixels is: only the edges of nearer sheets."""
    reach = max(3, round(frame.px(7.0))) | 1
    return np.asarray(cv.dilate(near, np.ones((reach, reach), np.uint8)) - near)


def _stepped(picture: Array, steps: float) -> Array:
    """Fewer brightnesses, each in its own hue; a little soft, so that nothing flickers from one to the next."""
    bright = luma(picture)
    scaled = bright * np.float32(steps) + 0.5
    whole = np.floor(scaled)
    level = (whole - 0.5 + ramp(scaled - whole, 0.35, 0.65)) / np.float32(steps)
    return np.asarray(picture * (np.maximum(level, 0.02) / np.maximum(bright, 0.01))[..., None])


@style
def low_poly(frame: Frame) -> Array:
    """Everything in facets, each of one colour; they are cut into the surfaces and move with them."""
    v = frame.values
    # Facets of the set are larger where it is farther away, those of people and things have one size in the world.
    far = np.floor(np.log2(np.maximum(frame.depth, 0.25)) + 0.5)
    size = np.where(frame.ids > 0, np.float32(v["facet"]), np.exp2(far) * np.float32(v["set_facet"]))
    size = np.where(frame.sky, np.float32(v["sky_facet"]), size)
    u, w, axis = frame.unrolled
    u, w = u / (size * FACETS), w / (size * FACETS)
    i, j = np.floor(u), np.floor(w)
    texels = _triangles()
    side = texels.shape[0]
    corner = texels[((w - j) * side).astype(np.int32) % side, ((u - i) * side).astype(np.int32) % side]
    code = (i.astype(np.int64) * 92821 + j.astype(np.int64) * 68917) * 1021 + corner.astype(np.int64)
    code = code * 4 + axis.astype(np.int64) + (frame.ids.astype(np.int64) + 2) * 7919 * 4093
    # A facet has one colour of its own: it does not reach from a collar to a neck.
    paint = np.rint(coded(own_colour(frame, 10)) * 4).astype(np.int64)
    code = code + (paint[..., 0] * 25 + paint[..., 1] * 5 + paint[..., 2]) * 15485863
    code = code + np.where(frame.ids == 0, far, 0).astype(np.int64) * 104729 * 31
    codes, facet = np.unique(code.ravel() & 0x7FFFFFFF, return_inverse=True)
    count = np.bincount(facet)
    light = linear(frame.picture).reshape(-1, 3)
    mean = np.stack([np.bincount(facet, light[:, k]) / count for k in range(3)], axis=-1)
    mean *= (1 + v["vary"] * (2 * _scattered(codes) - 1))[:, None]
    flat = coded(mean[facet].reshape(frame.picture.shape))
    grey = luma(flat)[..., None]
    flat = np.clip(grey + np.float32(v["saturation"]) * (flat - grey), 0, 1)
    soft = blur(flat, 0.7)
    edge = np.abs(soft - flat).max(axis=-1) > 0.004
    return np.where(edge[..., None], soft, flat)


def _scattered(codes: Array) -> Array:
    """(n,) numbers 0…1 that depend on a code and on nothing else."""
    mixed = codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(40)).astype(np.float32) / np.float32(2**24))


FACETS = 16
"""So many facets lie side by side in the pattern before it repeats."""


@cache
def _triangles() -> Array:
    """(2048, 2048) int32: which triangle of a Delaunay mesh of jittered points a place belongs to; it repeats."""
    from scipy.spatial import Delaunay

    side = 2048
    grid = np.stack(np.meshgrid(np.arange(FACETS), np.arange(FACETS), indexing="ij"), axis=-1).reshape(-1, 2)
    points = (grid + 0.5 + np.random.default_rng(7).uniform(-0.38, 0.38, grid.shape)) * side / FACETS
    shifts = np.array([(a, b) for a in (0, -1, 1) for b in (0, -1, 1)])
    every = (points[None] + shifts[:, None] * side).reshape(-1, 2)
    mesh = Delaunay(every).simplices
    out = np.zeros((side, side), np.int32)
    # The same triangle of a neighbouring copy has the same corners but for whole tiles: one number for both.
    names = np.sort(mesh % len(points), axis=1)
    _, number = np.unique(names, axis=0, return_inverse=True)
    for triangle, name in zip(every[mesh], number.ravel(), strict=True):
        cv.fillConvexPoly(out, np.round(triangle * 16).astype(np.int32), int(name), cv.LINE_8, 4)
    return out


@style
def pixel_art(frame: Frame) -> Array:
    """Square pixels in a palette of the film's own, dithered in a fixed 4×4 pattern; dark outlines around what acts."""
    v = frame.values
    block = max(1, round(frame.height / v["rows"]))
    rows, columns = -(-frame.height // block), -(-frame.width // block)
    padded = cv.copyMakeBorder(
        frame.picture, 0, rows * block - frame.height, 0, columns * block - frame.width, cv.BORDER_REPLICATE
    )
    small = cv.resize(padded, (columns, rows), interpolation=cv.INTER_AREA)
    small = small + 0.5 * (small - blur(small, 1.0))  # small details survive
    grey = luma(small)[..., None]
    small = np.clip(grey + np.float32(v["saturation"]) * (small - grey), 0, 1)
    if frame.passes is not None:
        ids = frame.ids[block // 2 :: block, block // 2 :: block]
        line = np.zeros((rows, columns), bool)
        line[: ids.shape[0], : ids.shape[1]] = (ids > 0) & _border(ids)
        small = np.where(line[..., None], small * 0.45, small)
    tiled = np.tile(BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    small = np.clip(small + (tiled * np.float32(v["dither"]))[..., None], 0, 1)
    table, palette = _palette(tuple(v["palette"]))
    index = table[tuple(np.rint(small[..., k] * 31).astype(np.int64) for k in range(3))]
    large = np.repeat(np.repeat(palette[index], block, axis=0), block, axis=1)
    return np.asarray(large[: frame.height, : frame.width])


BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) + 0.5) / 16 - 0.5


def _border(ids: Array) -> Array:
    """(H, W) bool: a neighbour to the right or below, left or above, is something else."""
    wide = np.pad(ids, 1, mode="edge")
    return np.asarray(
        (wide[1:-1, 2:] != ids) | (wide[2:, 1:-1] != ids) | (wide[1:-1, :-2] != ids) | (wide[:-2, 1:-1] != ids)
    )


@cache
def _palette(names: tuple[str, ...]) -> tuple[Array, Array]:
    """For each of 32³ colours which of the palette is nearest to the eye (OKLab), and the palette (n, 3)."""
    palette = np.array([colour(name) for name in names])
    steps = np.linspace(0, 1, 32, dtype=np.float32)
    every = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    gap = ((oklab(every)[:, None] - oklab(palette)[None]) ** 2).sum(axis=-1)
    return gap.argmin(axis=1).reshape(32, 32, 32), palette


def oklab(rgb: Array) -> Array:
    """Lightness and two colour axes (…, 3) that are even to the eye (B. Ottosson, 2020)."""
    to_cones = np.array(
        [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
    )
    to_lab = np.array(
        [[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]]
    )
    return np.asarray(np.cbrt(linear(rgb) @ to_cones.T) @ to_lab.T, dtype=np.float32)
