"""Cities and buildings: distant traffic, ventilation, the tone of a quiet room."""

from __future__ import annotations

import numpy as np

from .._kernel import RATE, Array, gain, shaped_noise, slow_noise
from .noise import gusts, pair, unit

_PASSES_PER_S = 0.11


def traffic(rng: np.random.Generator, count: int) -> Array:
    """A city heard from far: a low roar that never quite rests, and now and then a car a few streets away."""
    roar = pair(rng, count, [(25, -12), (55, -1), (110, 0), (250, -6), (700, -13), (1500, -20), (5000, -40)], 0.4)
    roar = unit(roar * gusts(rng, count, 1.8, 0.25)[:, None])
    t = np.arange(count) / RATE
    length = count / RATE
    for _ in range(int(rng.poisson(_PASSES_PER_S * (length + 6)))):
        when, width = float(rng.uniform(-3.0, length + 3.0)), float(rng.uniform(1.3, 2.8))
        near = gain(float(rng.uniform(-14.0, -3.0)))
        way = np.tanh((t - when) / width) * (1 if rng.uniform() < 0.5 else -1) * 0.5
        swell = 1.0 / (1.0 + ((t - when) / width) ** 2)
        tyres = shaped_noise(rng, count, [(60, -10), (200, -3), (700, 0), (1400, -4), (3000, -16), (9000, -40)])
        passing = tyres * swell * near
        roar += np.stack([passing * np.sqrt(0.5 - 0.5 * way), passing * np.sqrt(0.5 + 0.5 * way)], axis=1)
    return roar


def ventilation(rng: np.random.Generator, count: int) -> Array:
    """A hall's air handling: broad low breath, a fan somewhere behind it."""
    breath = pair(rng, count, [(25, -10), (60, -2), (130, 0), (300, -6), (900, -14), (2500, -23), (8000, -40)], 0.3)
    breath = unit(breath * (10 ** (0.5 * slow_noise(rng, count, 0.3) / 20))[:, None])
    t = np.arange(count) / RATE
    fan = float(rng.uniform(86.0, 104.0))
    drift = 2 * np.pi * np.cumsum(fan * (1 + 0.0015 * slow_noise(rng, count, 0.4))) / RATE
    hum = np.zeros((count, 2))
    for order, db in ((1, -9.0), (2, -17.0), (3, -24.0)):
        beat = 1 + 0.25 * np.sin(2 * np.pi * rng.uniform(0.15, 0.6) * t + rng.uniform(0, 6.28))
        for ear in range(2):
            hum[:, ear] += gain(db) * beat * np.sin(order * drift + rng.uniform(0, 6.28))
    return np.asarray(breath + 0.35 * hum)


def room_tone(rng: np.random.Generator, count: int) -> Array:
    """A quiet room: almost nothing, but not nothing."""
    tone = pair(rng, count, [(25, -2), (60, 0), (150, -5), (400, -12), (1200, -19), (4000, -27), (14000, -38)], 0.3)
    return unit(tone * (10 ** (0.6 * slow_noise(rng, count, 0.25) / 20))[:, None])
