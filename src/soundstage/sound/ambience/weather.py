"""Wind, leaves, rain and sea."""

from __future__ import annotations

import numpy as np

from .._kernel import RATE, Array, add_at, band_pass, high_pass, low_pass, ring, shaped_noise, slow_noise
from .noise import gusts, pair, unit


def air(rng: np.random.Generator, count: int) -> Array:
    """Moving air: low noise in slow gusts, a little brighter when it blows."""
    soft = pair(rng, count, [(30, -14), (80, -2), (200, 0), (500, -8), (1500, -22), (6000, -42)], 0.35)
    gust = pair(rng, count, [(60, -16), (200, -4), (450, 0), (1000, -8), (3000, -24), (9000, -44)], 0.25)
    blow = gusts(rng, count, 3.2)
    return unit(soft * blow[:, None] + 0.5 * gust * (blow**2)[:, None])


def leaves(rng: np.random.Generator, count: int) -> Array:
    """Foliage: thousands of small touches, heard as a hiss that breathes with the wind."""
    rustle = pair(rng, count, [(300, -26), (1000, -8), (2800, 0), (5500, -3), (9000, -12), (15000, -26)], 0.15)
    grain = np.stack(
        [1 + 0.45 * np.clip(low_pass(rng.standard_normal(count), 35.0) * 20, -1.5, 2.0) for _ in range(2)], axis=1
    )
    swell = np.stack([gusts(rng, count, 4.0, 0.5) for _ in range(2)], axis=1)
    return unit(rustle * grain * swell)


def rain(rng: np.random.Generator, count: int) -> Array:
    """Steady rain: a bright bed, drops near by, and bubbles in puddles (Minnaert, f = 3.26/r)."""
    bed = unit(pair(rng, count, [(200, -22), (800, -8), (2500, 0), (6000, -1), (12000, -9), (18000, -20)], 0.2))
    near = np.zeros((count, 2))
    for _ in range(int(rng.poisson(38.0 * count / RATE))):
        at, size, pan = int(rng.integers(0, max(count, 1))), float(rng.exponential(1.0)), float(rng.uniform())
        if rng.uniform() < 0.3:
            pitch = float(rng.uniform(1100.0, 3300.0))
            drop = ring(np.array([pitch]), np.array([230.0]), np.array([size]), np.array([-np.pi / 2]), 1200)
        else:
            drop = size * rng.standard_normal(140) * np.exp(-np.arange(140) / 30)
        add_at(near, at, drop[:, None] * np.sqrt([1 - pan, pan]))
    return np.asarray(bed + 0.9 * high_pass(near, 500.0))


def waves(rng: np.random.Generator, count: int) -> Array:
    """A beach: rumble that rises and breaks into foam, three swells that never agree."""
    out = np.zeros((count, 2))
    t = np.arange(count) / RATE
    for side in (0.2, 0.5, 0.8):
        rate = float(rng.uniform(0.07, 0.13))
        phase = 2 * np.pi * (rate * t + rng.uniform()) + 0.8 * slow_noise(rng, count, 0.1)
        swell = (0.5 + 0.5 * np.sin(phase)) ** 2
        foam = np.clip(np.sin(phase - 0.7), 0, 1) ** 3
        low = shaped_noise(rng, count, [(30, -6), (120, 0), (400, -8), (1500, -24), (6000, -46)])
        high = shaped_noise(rng, count, [(300, -24), (1000, -6), (3500, 0), (8000, -8), (15000, -24)])
        wash = low * (0.3 + swell) + 0.55 * high * (0.06 + foam)
        out += wash[:, None] * np.sqrt([1 - side, side])
    return unit(out + 0.1 * band_pass(rng.standard_normal((count, 2)), 300.0, 3000.0))
