"""Small pieces of signal processing and the seeded randomness that every sound is made with."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from .. import clock

Array = NDArray[Any]

RATE = clock.AUDIO_RATE
AIR_DENSITY = 1.2
"""[kg/m³]"""
SOUND_SPEED = 343.0
"""[m/s]"""
REFERENCE_PA = 2e-5
"""0 dB of sound pressure [Pa]."""
_BLOCK = 128


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A random generator that depends on a seed and a stable name, and on nothing else."""
    return np.random.default_rng([seed & 0xFFFFFFFF, zlib.crc32("/".join(map(str, names)).encode())])


def sample_of(tick: int | float) -> float:
    """Position of a tick on the sample axis, in samples."""
    return float(tick) / clock.period(RATE)


def decibel(ratio: float) -> float:
    """A ratio of amplitudes in dB, not under -400."""
    return 20.0 * float(np.log10(max(ratio, 1e-20)))


def gain(db: float) -> float:
    """An amplitude ratio from dB."""
    return float(10.0 ** (db / 20.0))


def ring(frequency: Array, decay: Array, amplitude: Array, phase: Array, count: int) -> Array:
    """Sum of `count` samples of damped cosines: amplitude · exp(-decay t) · cos(2π frequency t + phase).

    frequency [Hz], decay [1/s], amplitude and phase [rad] have shape (M,). Powers are built from two short tables whose
    product is one matrix multiplication, a hundred times faster than one exponential per sample.
    """
    if count <= 0 or len(frequency) == 0:
        return np.zeros(max(count, 0))
    pole = (-np.asarray(decay) + 2j * np.pi * np.asarray(frequency)) / RATE
    blocks = -(-count // _BLOCK)
    coarse = np.exp(np.arange(blocks)[:, None] * _BLOCK * pole[None, :])
    coarse *= np.asarray(amplitude) * np.exp(1j * np.asarray(phase))
    fine = np.exp(pole[:, None] * np.arange(_BLOCK)[None, :])
    # Only the real part is wanted: half of the complex product.
    out = coarse.real @ fine.real - coarse.imag @ fine.imag
    return np.asarray(out.reshape(-1)[:count])


def convolve(a: Array, b: Array) -> Array:
    """Full convolution of two one-dimensional signals."""
    if len(a) == 0 or len(b) == 0:
        return np.zeros(0)
    if min(len(a), len(b)) <= 32:
        return np.convolve(a, b)
    if max(len(a), len(b)) > 8 * min(len(a), len(b)):
        return np.asarray(signal.oaconvolve(a, b))
    return np.asarray(signal.fftconvolve(a, b))


def shaped_noise(rng: np.random.Generator, count: int, curve: list[tuple[float, float]] | Array) -> Array:
    """White noise with a spectrum through the points (frequency [Hz], level [dB]), unit root mean square.

    Levels are joined by straight lines over log-frequency, held beyond the first and last point.
    """
    if count <= 0:
        return np.zeros(0)
    size = fft.next_fast_len(count, real=True)
    spectrum = fft.rfft(rng.standard_normal(size))
    frequency = fft.rfftfreq(size, 1 / RATE)
    points = np.asarray(curve, dtype=float)
    level = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(points[:, 0]), points[:, 1])
    spectrum *= 10 ** (level / 20)
    spectrum[0] = 0.0
    out = fft.irfft(spectrum, size)[:count]
    return np.asarray(out / max(float(np.sqrt(np.mean(out**2))), 1e-12))


def slow_noise(rng: np.random.Generator, count: int, highest_hz: float) -> Array:
    """Smooth random curve (count,) with nothing above `highest_hz`, about unit variance: gusts, drift, wobble."""
    step = max(1, int(RATE / (4 * highest_hz)))
    points = count // step + 5
    knots = np.convolve(rng.standard_normal(points + 2), [0.25, 0.5, 0.25], mode="valid") / 0.6124
    at = np.arange(count) / step + 1.0
    index = at.astype(np.int64)
    t = at - index
    p0, p1, p2, p3 = (knots[index + k - 1] for k in range(4))
    # Catmull-Rom: continuous slope, so nothing that is driven by it clicks.
    return np.asarray(
        0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    )


def low_pass(x: Array, cutoff_hz: float, order: int = 1) -> Array:
    """Butterworth low-pass of a signal along its first axis."""
    if cutoff_hz >= 0.45 * RATE:
        return x
    sos = signal.butter(order, max(cutoff_hz, 1.0), fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x, axis=0))


def high_pass(x: Array, cutoff_hz: float, order: int = 1) -> Array:
    """Butterworth high-pass of a signal along its first axis."""
    sos = signal.butter(order, min(max(cutoff_hz, 1.0), 0.45 * RATE), btype="high", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x, axis=0))


def band_pass(x: Array, low_hz: float, high_hz: float, order: int = 1) -> Array:
    """Butterworth band-pass of a signal along its first axis."""
    high = min(high_hz, 0.45 * RATE)
    sos = signal.butter(order, [max(low_hz, 1.0), max(high, low_hz * 1.05)], btype="band", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x, axis=0))


def fade(count: int, rise: int, fall: int) -> Array:
    """Raised-cosine window (count,) that rises over `rise` and falls over `fall` samples."""
    window = np.ones(count)
    rise, fall = min(rise, count // 2), min(fall, count // 2)
    if rise > 0:
        window[:rise] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(rise) + 0.5) / rise)
    if fall > 0:
        window[count - fall :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(fall) + 0.5) / fall)
    return window


def add_at(out: Array, start: int, part: Array) -> None:
    """Add `part` into `out` from sample `start`; what lies outside is dropped."""
    first, last = max(start, 0), min(start + len(part), len(out))
    if last > first:
        out[first:last] += part[first - start : last - start]


def loudest(x: Array, window_s: float = 0.05) -> float:
    """Largest root mean square of a mono signal over any window, weighted roughly as the ear hears it [same unit].

    The weighting is one zero at 150 Hz and one pole at 7 kHz: near the A-curve where contacts live, at the cost of one
    filter.
    """
    if len(x) == 0:
        return 0.0
    heard = low_pass(high_pass(x, 150.0), 7000.0)
    energy = np.cumsum(np.concatenate([[0.0], heard**2]))
    span = round(window_s * RATE)
    if len(energy) <= span:
        return float(np.sqrt(energy[-1] / span))
    return float(np.sqrt(max(float(np.max(energy[span:] - energy[:-span])), 0.0) / span))
