"""How loud a signal is, and how high its true peaks are (ITU-R BS.1770)."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import signal

from ._kernel import RATE, Array

_OVERSAMPLING = 4
_BLOCK_S = 0.4
"""Shortest signal of which loudness is defined."""


def loudness(x: Array) -> float:
    """Integrated loudness [LUFS] (ITU-R BS.1770-4), -inf for silence; short signals are repeated to 0.4 s."""
    import pyloudnorm

    if len(x) == 0 or not np.any(x):
        return -np.inf
    least = round(_BLOCK_S * RATE) + 1
    if len(x) < least:
        x = np.tile(x, (-(-least // len(x)), 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(pyloudnorm.Meter(RATE).integrated_loudness(np.asarray(x, dtype=np.float64)))


def true_peak(x: Array) -> float:
    """Largest absolute value between and on the samples (4× oversampled; ITU-R BS.1770 annex 2), linear."""
    if len(x) == 0:
        return 0.0
    return float(peaks(np.asarray(x, dtype=np.float64)).max(initial=0.0))


def peaks(x: Array, worth: float = 0.0) -> Array:
    """Per sample, the largest absolute value of both channels around it, between the samples too: (N,).

    Stretches that stay under `worth` are not looked at between their samples.
    """
    most = np.maximum(np.abs(x[:, 0]), np.abs(x[:, 1]))
    block, margin = 4096, 64
    for first in range(0, len(x), block):
        if most[first : first + block].max() <= max(worth, 1e-12):
            continue
        low, high = max(first - margin, 0), min(first + block + margin, len(x))
        fine = np.abs(signal.resample_poly(x[low:high].T, _OVERSAMPLING, 1, axis=1, window=("kaiser", 8.0)))
        held = np.maximum(fine[0], fine[1]).reshape(-1, _OVERSAMPLING).max(axis=1)
        last = min(first + block, len(x))
        most[first:last] = np.maximum(most[first:last], held[first - low : last - low])
    return np.asarray(most)
