"""How much of speech is understood: short-time objective intelligibility, 0…1.

Taal, Hendriks, Heusdens & Jensen, IEEE TASLP 19, 2125 (2011), with the paper's values: 10 kHz, frames of 25.6 ms, 15
third octaves from 150 Hz, pieces of 384 ms. Each band's envelope in the clean voice is correlated with the one in what
is heard. Silent frames of the clean voice are left out of both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

RATE = 10_000
FRAME, FFT = 256, 512
BANDS, LOWEST_HZ = 15, 150.0
PIECE = 30
"""Frames that are compared at a time."""
SILENT_DB = 40.0
CLIP_DB = -15.0
_TINY = 1e-12


def stoi(clean: Array, heard: Array, rate: int) -> float | None:
    """Intelligibility of `heard` (N,) against `clean` (N,), aligned to the sample; None if it says less than 0.4 s."""
    from scipy import signal

    divisor = int(np.gcd(RATE, rate))
    x, y = (
        signal.resample_poly(np.asarray(s, dtype=np.float64), RATE // divisor, rate // divisor) for s in (clean, heard)
    )
    x, y = _spoken(x, y)
    a, b = _bands(x), _bands(y)
    if a.shape[1] < PIECE:
        return None
    # Every run of PIECE frames: (pieces, bands, PIECE).
    first = np.lib.stride_tricks.sliding_window_view(a, PIECE, axis=1).swapaxes(0, 1)
    second = np.lib.stride_tricks.sliding_window_view(b, PIECE, axis=1).swapaxes(0, 1)
    gain = np.linalg.norm(first, axis=2, keepdims=True) / (np.linalg.norm(second, axis=2, keepdims=True) + _TINY)
    second = np.minimum(second * gain, first * (1 + 10 ** (-CLIP_DB / 20)))
    first, second = (piece - piece.mean(axis=2, keepdims=True) for piece in (first, second))
    first, second = (piece / (np.linalg.norm(piece, axis=2, keepdims=True) + _TINY) for piece in (first, second))
    return float(np.sum(first * second) / (first.shape[0] * BANDS))


def _frames(x: Array) -> Array:
    window = np.hanning(FRAME + 2)[1:-1]
    if len(x) < FRAME:
        return np.zeros((0, FRAME))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(x, FRAME)[:: FRAME // 2] * window)


def _spoken(x: Array, y: Array) -> tuple[Array, Array]:
    """Both without the frames in which the first is silent, put together again."""
    a, b = _frames(x), _frames(y)
    if not len(a):
        return np.zeros(0), np.zeros(0)
    level = 20 * np.log10(np.linalg.norm(a, axis=1) + _TINY)
    kept = level > level.max() - SILENT_DB
    return _joined(a[kept]), _joined(b[kept])


def _joined(frames: Array) -> Array:
    hop = FRAME // 2
    out = np.zeros((len(frames) + 1) * hop)
    for n, frame in enumerate(frames):
        out[n * hop : n * hop + FRAME] += frame
    return out


def _bands(x: Array) -> Array:
    """Envelopes of the third octaves, (BANDS, frames)."""
    power = np.abs(np.fft.rfft(_frames(x), FFT, axis=1)) ** 2
    centre = LOWEST_HZ * 2 ** (np.arange(BANDS) / 3)
    frequency = np.linspace(0, RATE / 2, FFT // 2 + 1)
    low, high = (np.array([np.argmin(np.abs(frequency - f)) for f in centre * 2 ** (s / 6)]) for s in (-1, 1))
    member = np.zeros((FFT // 2 + 1, BANDS))
    for band in range(BANDS):
        member[low[band] : high[band], band] = 1.0
    return np.asarray(np.sqrt(power @ member).T)
