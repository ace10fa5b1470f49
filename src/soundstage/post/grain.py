"""Film grain and vignette: what a negative and a lens add, when it is asked for."""

from __future__ import annotations

import zlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .grading import LUMA

Array = NDArray[Any]

STRENGTH = 0.075
"""Standard deviation of grain 1 in mid-tones, coded values; 0.3 is about a 35 mm negative of ISO 500, scanned."""
SIZE = (0.55, 1.25)
"""Radius of grain 0 and grain 1 in a picture of 720 lines [px, standard deviation of a Gaussian]."""
COLOUR = 0.35
"""Part of the noise that the three layers of the film do not share."""
GAMMA = 2.2
"""Of the display: a factor g on light is g^(1/2.2) on coded values."""


def generator(seed: int, name: str, frame: int = 0) -> np.random.Generator:
    """The random numbers of a film (its seed), for one purpose and one frame."""
    return np.random.default_rng([seed & 0xFFFFFFFF, zlib.crc32(name.encode()), frame])


def grain(picture: Array, amount: float, *, seed: int, frame: int, grey: bool = False) -> Array:
    """A picture (H, W, 3) with film grain, 0…1; new in every frame, the same for a seed and a frame.

    Grain is density noise of the negative: strongest in mid-tones, weak in blacks, weakest in whites, and
    band-limited to the size of the grains. Both grow with `amount`. `grey` grain is equal in all channels.
    """
    if amount <= 0:
        return picture
    height, width = picture.shape[:2]
    rng = generator(seed, "grain", frame)
    layers = 1 if grey else 3
    noise = _grains(rng.standard_normal((height, width, layers), dtype=np.float32), amount, height)
    if not grey:
        shared = noise.mean(axis=-1, keepdims=True) * np.float32(np.sqrt(3.0))
        noise = np.float32(np.sqrt(1 - COLOUR**2)) * shared + np.float32(COLOUR) * noise
    y = np.clip(picture @ LUMA, 0.0, 1.0)[..., None]
    return np.asarray(picture + noise * (np.float32(STRENGTH * amount**0.8) * response(y)))


def response(luma: Array) -> Array:
    """How strongly grain shows at a luma, 0…1: most at 0.4, a fifth of it in black, little in white."""
    y = np.asarray(luma, dtype=np.float32)
    return np.asarray(0.2 * (1 - y) ** 2 + 3.1 * np.sqrt(np.maximum(y, 0)) * (1 - y) ** 1.2 * 0.62, dtype=np.float32)


def _grains(noise: Array, amount: float, height: int) -> Array:
    """White noise of unit variance → grains of unit variance."""
    radius = (SIZE[0] + (SIZE[1] - SIZE[0]) * amount) * height / 720
    if radius < 0.35:  # finer than a pixel
        return noise
    half = max(1, int(np.ceil(3 * radius)))
    kernel = cv2.getGaussianKernel(2 * half + 1, radius).astype(np.float32)
    kernel /= np.sqrt((kernel**2).sum())  # the sum of squares keeps the variance
    return np.asarray(cv2.sepFilter2D(noise, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT)).reshape(noise.shape)


def vignette(picture: Array, amount: float) -> Array:
    """A picture (H, W, 3) with darker corners: the cos⁴ law of a simple lens, 2·amount stops in the corners.

    Light falls with cos⁴ of the angle from the axis; the angle of the corner is chosen so that cos⁴ is 2^(-2·amount).
    """
    if amount <= 0:
        return picture
    height, width = picture.shape[:2]
    return np.asarray(picture * (falloff(height, width, amount) ** np.float32(1 / GAMMA))[..., None])


def falloff(height: int, width: int, amount: float) -> Array:
    """Part (H, W) of the light that arrives: 1 in the middle, 2^(-2·amount) in the corners."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    r2 = (x - (width - 1) / 2) ** 2 + (y - (height - 1) / 2) ** 2
    r2 /= ((width - 1) / 2) ** 2 + ((height - 1) / 2) ** 2
    return np.asarray(1 / (1 + r2 * np.float32(2.0**amount - 1)) ** 2, dtype=np.float32)
