"""What the vocal tract does to the voice: log power spectra over time, analysed and changed.

Analysis after Morise, "CheapTrick, a spectral envelope estimator for high-quality speech synthesis" (2015): a window
of three periods, power smoothed over two thirds of the fundamental, the rest of the harmonics' ripple liftered away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import clock
from .espeak import RATE

Floats = NDArray[np.float64]

ANALYSIS_SIZE = 1024
SYNTHESIS_SIZE = 2048
_FLOOR = 1e-14
_KNOWN_HZ = 9800.0  # above it the engine has nothing to say
_BEYOND_DB_PER_OCTAVE = -14.0
_VALLEYS = ((900.0, -24.0, 0.0), (3000.0, -15.0, 4000.0))  # smoothed over [Hz], level under that [dB], from [Hz]
_RECOVERY = (1.18, -0.09)  # q0, q1 of the paper


def frequencies(size: int = SYNTHESIS_SIZE, rate: int = clock.AUDIO_RATE) -> Floats:
    """(size/2+1,) [Hz]"""
    return np.fft.rfftfreq(size, 1.0 / rate)


def analyse(pcm: NDArray[np.float32], centre: NDArray[np.int_], f0: Floats) -> Floats:
    """(K, ANALYSIS_SIZE/2+1) natural log of the power per sample round K centres [sample] at their fundamental."""
    half = ANALYSIS_SIZE // 2
    offset = np.arange(-half, half)
    padded = np.concatenate([np.zeros(half), pcm.astype(np.float64), np.zeros(ANALYSIS_SIZE)])
    f0 = np.maximum(f0, 3.0 * RATE / (ANALYSIS_SIZE - 2))
    reach = (1.5 * RATE / f0)[:, None]
    window = np.where(np.abs(offset) <= reach, 0.5 + 0.5 * np.cos(np.pi * offset / reach), 0.0)
    segment = padded[centre[:, None] + half + offset] * window
    segment -= window * (segment.sum(axis=1) / window.sum(axis=1))[:, None]
    power = np.abs(np.fft.rfft(segment, axis=1)) ** 2 / (window**2).sum(axis=1)[:, None]
    spacing = RATE / ANALYSIS_SIZE
    first = np.round(f0 / spacing).astype(int)
    bins = np.arange(power.shape[1])
    base = power[np.arange(len(first)), first][:, None]
    power = np.where(bins < first[:, None], base, power)  # nothing sounds below the first harmonic
    smooth = _box(power, f0 / 3.0 / spacing)
    cepstrum = np.fft.irfft(np.log(smooth + _FLOOR), axis=1)
    quefrency = np.minimum(np.arange(ANALYSIS_SIZE), ANALYSIS_SIZE - np.arange(ANALYSIS_SIZE)) / RATE
    turn = f0[:, None] * quefrency
    lifter = np.sinc(turn) * (_RECOVERY[0] + 2 * _RECOVERY[1] * np.cos(2 * np.pi * turn))
    result: Floats = np.fft.rfft(cepstrum * lifter, axis=1).real
    return result


def _box(power: Floats, reach: Floats) -> Floats:
    """Mean of each row over ±reach bins, the spectrum mirrored at its ends."""
    rows, size = power.shape
    pad = int(np.max(reach)) + 2
    mirrored = np.concatenate([power[:, pad:0:-1], power, power[:, -2 : -pad - 2 : -1]], axis=1)
    total = np.concatenate([np.zeros((rows, 1)), np.cumsum(mirrored, axis=1)], axis=1)
    middle = np.arange(size) + pad + 0.5
    return (_at(total, middle + reach[:, None]) - _at(total, middle - reach[:, None])) / (2 * reach[:, None])


def _mean_around(power: Floats, reach: int) -> Floats:
    """Mean of each row over ±reach whole bins, the spectrum mirrored at its ends."""
    mirrored = np.concatenate([power[:, reach:0:-1], power, power[:, -2 : -reach - 2 : -1]], axis=1)
    total = np.cumsum(mirrored, axis=1)
    total[:, 2 * reach + 1 :] -= total[:, : -2 * reach - 1].copy()
    mean: Floats = total[:, 2 * reach :] / (2 * reach + 1)
    return mean


def _at(table: Floats, index: Floats) -> Floats:
    low = np.floor(index).astype(int)
    part = index - low
    row = np.arange(len(table))[:, None]
    result: Floats = table[row, low] * (1 - part) + table[row, low + 1] * part
    return result


def carry(log_power: Floats, scale: float) -> Floats:
    """(K, SYNTHESIS_SIZE/2+1) the spectra at 48 kHz, every resonance `scale` times as high.

    Above the engine's band the spectrum falls on; its valleys, bottomless in the engine, are filled to what a cascade
    of resonances leaves.
    """
    spacing = RATE / ANALYSIS_SIZE
    wanted = np.minimum(frequencies() / scale, _KNOWN_HZ) / spacing
    low = np.floor(wanted).astype(int)
    part = wanted - low
    spectra = log_power[:, low] * (1 - part) + log_power[:, low + 1] * part
    octaves = np.log2(np.maximum(frequencies() / scale / _KNOWN_HZ, 1.0))
    edge = log_power[:, round(8600 / spacing) : round(9800 / spacing)].mean(axis=1, keepdims=True)
    beyond = (frequencies() / scale > _KNOWN_HZ).astype(float)
    nepers = np.log(10.0) / 10.0
    spectra = spectra * (1 - beyond) + (edge + _BEYOND_DB_PER_OCTAVE * nepers * octaves) * beyond
    power = np.exp(spectra)
    filled = power.copy()
    for width, level_db, from_hz in _VALLEYS:
        reach = round(width / 2 / (clock.AUDIO_RATE / SYNTHESIS_SIZE))
        filled += _mean_around(power, reach) * (10.0 ** (level_db / 10.0) * (frequencies() >= from_hz))
    result: Floats = np.log(filled + _FLOOR * np.exp(-5.0)) + np.log(clock.AUDIO_RATE / RATE)
    return result


def tilt(db_per_octave: float) -> Floats:
    """(SYNTHESIS_SIZE/2+1,) log power to add: a slope above 1 kHz, up to 8 kHz."""
    octaves = np.log2(np.clip(frequencies() / 1000.0, 1.0, 8.0))
    result: Floats = db_per_octave * octaves * np.log(10.0) / 10.0
    return result


def resonances(formants: Floats, widths: Floats, tilt_db: float) -> Floats:
    """(K, SYNTHESIS_SIZE/2+1) log power of a cascade of resonances: (K, F) frequencies and bandwidths [Hz].

    The source falls by 12 dB per octave, lips give 6 back; `tilt_db` adds to that.
    """
    f = frequencies()[None, None, :]
    c, b = formants[:, :, None], widths[:, :, None]
    pole = (c**2 + (b / 2) ** 2) ** 2 / (((f - c) ** 2 + (b / 2) ** 2) * ((f + c) ** 2 + (b / 2) ** 2))
    octaves = np.log2(np.maximum(frequencies(), 60.0) / 100.0)
    slope = (-6.0 + tilt_db) * octaves * np.log(10.0) / 10.0
    result: Floats = np.log(pole).sum(axis=1) + slope
    return result


def minimum_phase(log_power: Floats, phase: Floats) -> NDArray[np.complex128]:
    """(K, SYNTHESIS_SIZE/2+1) the causal filters with these power spectra, turned by a further phase [rad]."""
    cepstrum = np.fft.irfft(0.5 * log_power, axis=1)
    half = SYNTHESIS_SIZE // 2
    cepstrum[:, 1:half] *= 2.0
    cepstrum[:, half + 1 :] = 0.0
    exponent = np.fft.rfft(cepstrum, axis=1)
    exponent.imag += phase
    result: NDArray[np.complex128] = np.exp(exponent)
    return result
