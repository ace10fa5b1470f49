"""Noise in the shapes that nature makes it."""

from __future__ import annotations

import numpy as np

from .._kernel import Array, high_pass, low_pass, shaped_noise, slow_noise


def pair(rng: np.random.Generator, count: int, curve: list[tuple[float, float]], common: float) -> Array:
    """Two channels of shaped noise that share a part of their power."""
    middle = shaped_noise(rng, count, curve)
    sides = [shaped_noise(rng, count, curve) for _ in range(2)]
    return np.stack([np.sqrt(common) * middle + np.sqrt(1 - common) * side for side in sides], axis=1)


def unit(x: Array) -> Array:
    """Noise (n, 2) at unit loudness, weighed roughly as the ear does."""
    heard = low_pass(high_pass(x, 150.0), 7000.0)
    level = float(np.sqrt(np.mean(heard**2))) if len(x) else 0.0
    return np.asarray(x / max(level, 1e-9))


def gusts(rng: np.random.Generator, count: int, depth_db: float, fastest_hz: float = 0.35) -> Array:
    """A slow random envelope around 1."""
    curve = 0.75 * slow_noise(rng, count, fastest_hz * 0.35) + 0.5 * slow_noise(rng, count, fastest_hz)
    return np.asarray(10 ** (depth_db * np.clip(curve, -2.2, 2.2) / 20))
