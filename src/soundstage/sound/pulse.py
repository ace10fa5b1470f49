"""Force pulses: how long two bodies push on each other, and the push as samples.

A hard strike is short and therefore bright; Hertz's law makes it shorter still when it is faster (∝ v^-1/5).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ._kernel import RATE, Array

SHORTEST_S = 2e-5
LONGEST_S = 0.06
_OVERSAMPLING = 32


def reduced_modulus(young_a: float, poisson_a: float, young_b: float, poisson_b: float) -> float:
    """Hertz's contact modulus E* [Pa]: 1/E* = sum of (1-ν²)/E."""
    return 1.0 / ((1 - poisson_a**2) / young_a + (1 - poisson_b**2) / young_b)


def hertz_time(mass: float, radius: float, modulus: float, speed: float) -> float:
    """Duration [s] of an elastic strike: 2.87 (m² / (R E*² v))^(1/5).

    mass [kg]: effective, 1/m = 1/m_a + 1/m_b; radius [m] of curvature; modulus [Pa] E*; speed [m/s] of approach.
    """
    if min(mass, radius, modulus) <= 0:
        return SHORTEST_S
    time = 2.87 * (mass**2 / (radius * modulus**2 * max(speed, 1e-3))) ** 0.2
    return float(np.clip(time, SHORTEST_S, LONGEST_S))


@lru_cache(maxsize=4096)
def _samples(duration: float, offset: float, power: float) -> Array:
    span = offset + duration * RATE
    count = int(np.ceil(span)) + 1
    fine = np.linspace(0.0, 1.0, max(64, _OVERSAMPLING * count) + 1)
    shape = np.sin(np.pi * fine) ** power
    area = np.concatenate([[0.0], np.cumsum((shape[1:] + shape[:-1]) / 2)])
    edges = (np.arange(count + 1) - offset) / (duration * RATE)
    done = np.interp(edges, fine, area / area[-1])
    samples = np.diff(done)
    samples.setflags(write=False)
    return samples


def force(duration: float, *, offset: float = 0.0, power: float = 1.5) -> Array:
    """A unit impulse [N·s] as the mean force over each sample times the sample's length: sums to 1.

    sin^power over `duration` [s]; 1.5 is Hertz's strike, 1.0 a linear spring (an inflated ball). `offset` (0…1) is
    where in the first sample it begins, so that a strike lands where it belongs and not on the nearest sample. Taking
    means keeps pulses shorter than a sample exact in impulse and free of aliases near the base band.
    """
    duration = float(np.clip(duration, SHORTEST_S, LONGEST_S))
    return _samples(float(f"{duration:.3g}"), round(offset % 1.0 * 16) / 16, power)


def spectrum(duration: float, frequency: Array) -> Array:
    """|Fourier transform| of a unit half-sine pulse at `frequency` [Hz]: 1 at 0, falling as 1/f² above 1/duration."""
    x = np.asarray(frequency) * duration
    near = np.abs(1 - 4 * x**2) < 1e-6
    safe = np.where(near, 0.0, x)
    return np.asarray(np.where(near, np.pi / 4, np.abs(np.cos(np.pi * safe) / (1 - 4 * safe**2))))
