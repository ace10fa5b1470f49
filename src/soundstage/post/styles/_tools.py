"""What several styles are made of: light and colour, smooth steps, flat regions, lines, textures, paper."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._frame import Frame, cv, dot

Array = NDArray[Any]
TILE = 512
"""Side of a texture, which repeats [texels]."""
HATCHES = {"hatch": 38.0, "hatch_across": 74.0}
"""Strokes of a pencil: how they lie [deg]."""
WEIGHTS = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


# ── light and colour ────────────────────────────────────────────────────────────────────────────────────────────────


def linear(coded: Array) -> Array:
    """sRGB, 0…1 → light."""
    return np.asarray(_CODED_TO_LIGHT[_step(coded)])


def coded(light: Array) -> Array:
    """Light → sRGB, 0…1."""
    # Evenly spaced in the root of light: shadows need the finer steps.
    return np.asarray(_ROOT_TO_CODED[_step(np.sqrt(np.maximum(light, 0), dtype=np.float32))])


_STEPS = 8191


def _step(value: Array) -> Array:
    return np.asarray(np.clip(value, 0, 1) * np.float32(_STEPS) + np.float32(0.5)).astype(np.int32)


_EVEN = np.linspace(0, 1, _STEPS + 1)
_CODED_TO_LIGHT = np.where(_EVEN <= 0.04045, _EVEN / 12.92, ((_EVEN + 0.055) / 1.055) ** 2.4).astype(np.float32)
_ROOT_TO_CODED = np.where(
    _EVEN**2 <= 0.0031308, 12.92 * _EVEN**2, 1.055 * np.maximum(_EVEN, 1e-9) ** (2 / 2.4) - 0.055
).astype(np.float32)


def luma(rgb: Array) -> Array:
    """(…) of (…, 3)."""
    return dot(rgb, WEIGHTS)


def colour(text: str) -> Array:
    """(3,) float32, 0…1, of "#rrggbb"."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255


def ramp(value: Array, low: float, high: float) -> Array:
    """A smooth step from 0 at `low` to 1 at `high`."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def mix(a: Array, b: Array, share: Array) -> Array:
    """From a (share 0) to b (share 1); share is (H, W)."""
    return np.asarray(a + (b - a) * share[..., None])


def blur(values: Array, radius: float) -> Array:
    """Gaussian of a standard deviation in pixels; a wide one is made of a smaller picture."""
    values = np.ascontiguousarray(values, np.float32)
    height, width = values.shape[:2]
    part = int(radius / 3)
    if part < 2 or min(height, width) < 8 * part:
        return np.asarray(cv.GaussianBlur(values, (0, 0), max(radius, 0.1)))
    small = cv.resize(values, (width // part, height // part), interpolation=cv.INTER_AREA)
    small = cv.GaussianBlur(small, (0, 0), radius / part)
    return np.asarray(cv.resize(small, (width, height), interpolation=cv.INTER_CUBIC))


def posterised(value: Array, edges: Any, soft: float) -> Array:
    """Steps 0, 1 … len(edges) with edges that are `soft` wide."""
    return np.asarray(sum(ramp(value, e - soft / 2, e + soft / 2) for e in edges), dtype=np.float32)


# ── flat regions ────────────────────────────────────────────────────────────────────────────────────────────────────


def flattened(picture: Array, radius: float, spread: float) -> Array:
    """Without fine detail, edges kept: two rounds of a bilateral filter on a smaller picture, joined at full size."""
    height, width = picture.shape[:2]
    picture = np.asarray(picture, np.float32)
    part = max(2, round(radius / 5))
    small = cv.resize(picture, (max(8, width // part), max(8, height // part)), interpolation=cv.INTER_AREA)
    for _ in range(2):
        small = cv.bilateralFilter(small, 9, spread, radius / part)
    large = cv.resize(small, (width, height), interpolation=cv.INTER_LINEAR)
    return guided(picture, large, part, 0.004)


def guided(guide: Array, values: Array, radius: int, fine: float) -> Array:
    """Values with the edges of a guide (He, Sun & Tang 2010), by its luma."""
    grey = luma(guide) if guide.ndim == 3 else guide
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(x: Array) -> Array:
        return np.asarray(cv.blur(x, window))

    around = mean(grey)
    varied = mean(grey * grey) - around**2
    out = []
    for plane in cv.split(values):
        level = mean(plane)
        slope = (mean(plane * grey) - level * around) / (varied + np.float32(fine))
        out.append(mean(slope) * grey + mean(level - slope * around))
    return np.asarray(cv.merge(out))


# ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def outlines(frame: Frame, *, crease: float = 0.35, depth: float = 0.04, set_too: float = 1.0) -> Array:
    """(H, W) float32, 0…1: how surely a line goes here.

    Where ids change; where depth jumps: 1/depth of a plane is linear on the picture, so its second difference is
    nothing on planes, however steep; and where normals break by more than `crease` (1 - cosine). Each measure rises
    smoothly to 1, so lines fade in and do not pop. Within what is made of many small parts nothing is outlined. Lines
    of the set and the sky are `set_too` as strong.
    """
    ids, normal = frame.ids, frame.normal
    near = np.float32(1) / frame.depth
    out = np.zeros(near.shape, np.float32)
    reach = max(3, round(frame.px(8.0))) | 1
    whole = ramp(cv.dilate(frame.smooth, np.ones((reach, reach), np.uint8)), 0.86, 0.97)
    steps = depth * (1 + 7 * (1 - whole))
    wide = max(1, round(frame.px(2.4)))  # normals are smooth: a crease is as wide as that
    for axis in (0, 1):
        here, there = _pair(axis)
        out[here] = np.maximum(out[here], ids[here] != ids[there])
        apart, other = _pair(axis, 2 * wide)
        middle = tuple(slice(wide, -wide) if k == axis else slice(None) for k in (0, 1))
        turn = 1 - dot(normal[apart], normal[other])
        turn[(ids[apart] < 0) | (ids[other] < 0)] = 0.0
        ridge = np.zeros_like(near)
        ridge[middle] = ramp(turn, crease * 0.6, crease * 1.4) * whole[middle]
        # A crease is a ridge of this measure: only its top is the line.
        strength = np.zeros_like(near)
        strength[middle] = turn
        best = (
            strength
            >= cv.dilate(strength, np.ones((2 * wide + 1, 1) if axis == 0 else (1, 2 * wide + 1), np.uint8)) * 0.98
        )
        out = np.maximum(out, ridge * best)
        before, after = _pair(axis, 2)
        inner = tuple(slice(1, -1) if k == axis else slice(None) for k in (0, 1))
        bend = np.abs(near[before] + near[after] - 2 * near[inner]) / near[inner]
        least = steps[inner]
        t = np.clip((bend / least - 0.6), 0, 1)
        jump = t * t * (3 - 2 * t)
        # Of the two pixels at a jump the nearer one carries the line.
        jump = jump * ((near[inner] >= near[before]) & (near[inner] >= near[after]) | (bend > 4 * least))
        out[inner] = np.maximum(out[inner], jump)
    if set_too != 1.0:
        still = cv.erode((ids <= 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        out[still] *= np.float32(set_too)
    return thinned(frame, out)


def thinned(frame: Frame, lines: Array) -> Array:
    """Lines that do not crowd: where they would be a grey mass they fade."""
    reach = 2 * max(3, round(frame.px(9.0))) + 1
    crowd = cv.blur(lines, (reach, reach)) * np.float32(reach / 2.2)  # 1: one straight line of two pixels
    return np.asarray(lines * (1 - 0.85 * ramp(crowd, 3.0, 6.0)))


def seams(values: Array, low: float, high: float) -> Array:
    """(H, W) float32, 0…1: where a picture (H, W, 3) changes from pixel to pixel."""
    out = np.zeros(values.shape[:2], np.float32)
    for axis in (0, 1):
        here, there = _pair(axis)
        step = np.abs(values[here] - values[there])
        step = np.maximum(np.maximum(step[..., 0], step[..., 1]), step[..., 2])
        out[here] = np.maximum(out[here], ramp(step, low, high))
    return out


def inked(lines: Array, width: float) -> Array:
    """Line strengths of single pixels → smooth lines of one width [px], cover 0…1."""
    if width <= 1.0:
        return np.asarray(np.clip(blur(lines, 0.45) * np.float32(1.7 * width), 0, 1))
    # A disc wider by half a pixel, blurred by as much, then cut: staircases of the passes are gone.
    reach = max(1, round(width))
    disc = cv.getStructuringElement(cv.MORPH_ELLIPSE, (reach, reach))
    wide = cv.dilate(lines, disc)
    return ramp(blur(wide, 0.25 + 0.28 * width), 0.3, 0.75)


def _pair(axis: int, apart: int = 1) -> tuple[Any, Any]:
    """Two views of an array that pair each pixel with the one `apart` pixels further along an axis."""
    first, second = [slice(None), slice(None)], [slice(None), slice(None)]
    first[axis], second[axis] = slice(None, -apart), slice(apart, None)
    return tuple(first), tuple(second)


# ── textures ────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def tile(kind: str) -> Array:
    """A texture (TILE, TILE) float32 that repeats: mean 0, variance 1."""
    rng = np.random.default_rng(list(kind.encode()))
    white = rng.standard_normal((TILE, TILE))
    fy, fx = np.fft.fftfreq(TILE)[:, None] * TILE, np.fft.fftfreq(TILE)[None, :] * TILE
    r = np.hypot(fx, fy)
    if kind == "grain":  # paper: energy around waves of 3-12 texels
        shape = np.exp(-((np.log2(np.maximum(r, 1)) - 6.3) ** 2) / 1.6)
    elif kind == "cloud":  # 1/f from 2 to 60 waves a tile
        shape = np.where((r >= 2) & (r < 60), 1 / np.maximum(r, 1) ** 1.3, 0)
    elif kind == "fibre":  # short threads, most of them lying
        shape = np.exp(-(((fy - 0) / 90) ** 2) - (fx / 14) ** 2) * np.where(r > 3, 1, 0)
    elif kind in HATCHES:  # strokes: long one way, side by side the other
        turn = np.radians(HATCHES[kind])
        along, across = fx * np.cos(turn) + fy * np.sin(turn), fy * np.cos(turn) - fx * np.sin(turn)
        shape = np.exp(-((np.abs(across) - 58) ** 2) / (2 * 15.0**2)) * np.exp(-((along / 6.0) ** 2))
    elif kind == "thumb":  # ridges: one wavelength in all directions makes the loops and forks of a fingerprint
        shape = np.exp(-((r - 46) ** 2) / (2 * 3.0**2))
    else:
        raise ValueError(f"no texture {kind!r}")
    made = np.fft.ifft2(np.fft.fft2(white) * shape).real
    return np.asarray((made - made.mean()) / made.std(), dtype=np.float32)


def laid(frame: Frame, kind: str, texel: float, *, shift: float = 0.0) -> Array:
    """(H, W) float32: a texture laid on the surfaces, about `texel` pixels (of 720 lines) a texel at any distance.

    It sticks to the points of `Frame.surface`. Two copies, one twice as coarse, are blended by distance, so that
    coming nearer zooms without end and without a jump (P. Bénard et al., "Dynamic solid textures for real-time
    coherent stylization", I3D 2009).
    """
    u, v, _ = frame.unrolled
    level = np.log2(frame.footprint * np.float32(frame.px(texel))) + frame.slant
    base = np.floor(level)
    part = level - base
    part = part * part * (3 - 2 * part)
    if shift:
        moved = (frame.ids > 0).astype(np.float32)
        u, v = u + np.float32(shift) * moved, v + np.float32(0.7 * shift) * moved
    size = np.exp2(-base).astype(np.float32)
    first, second = _sampled(kind, u * size, v * size), _sampled(kind, u * size / 2, v * size / 2, offset=0.37)
    return np.asarray(((1 - part) * first + part * second) / np.sqrt((1 - part) ** 2 + part**2))


def _sampled(kind: str, u: Array, v: Array, offset: float = 0.0) -> Array:
    """A tile at texels (u, v), repeated; remap only takes places within it."""
    shift = np.float32(offset)
    u, v = u / np.float32(TILE) + shift, v / np.float32(TILE) + shift
    u, v = (u - np.floor(u)) * np.float32(TILE), (v - np.floor(v)) * np.float32(TILE)
    return np.asarray(cv.remap(_padded(kind), u, v, cv.INTER_LINEAR, borderMode=cv.BORDER_REPLICATE))


@cache
def _padded(kind: str) -> Array:
    return np.ascontiguousarray(np.pad(tile(kind), (0, 2), mode="wrap"))


def on_paper(frame: Frame, kind: str, texel: float) -> Array:
    """(H, W) float32: a texture that lies still on the picture, `texel` pixels a texel; variance 1."""
    return _paper(kind, frame.height, frame.width, round(texel, 4))


@cache
def _paper(kind: str, height: int, width: int, texel: float) -> Array:
    y, x = np.mgrid[:height, :width].astype(np.float32) / np.float32(texel)
    found = _sampled(kind, x, y)
    found.setflags(write=False)
    return found
