"""Tone and level of a voice: equaliser, air, de-esser, gentle compression. Zero phase, so nothing moves in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import clock
from .envelope import Floats

_HOP = 240  # 5 ms
_ACTIVE_LEVEL_DB = -24.0
_PEAK = 0.89
# The engine's long-term spectrum has 3-6 dB too much from 0.8 to 4 kHz and too little below 400 Hz and above 9 kHz
# against the universal long-term average of speech (Byrne et al. 1994); this curve takes back three quarters of that.
_EQUALISER_HZ = (20, 50, 80, 120, 250, 350, 500, 800, 1250, 2000, 3150, 4000, 5000, 6500, 8000, 10000, 24000)
_EQUALISER_DB = (-24, -12, -2, 1, 3, 1.5, 1, -1.5, -3.5, -3, -4, -3.5, -1.5, 0.0, 0.5, 3.0, 3.0)
_AIR_FROM_HZ, _AIR_OF_HZ, _AIR_DB = 10200.0, (6500.0, 9800.0), -3.0
_ESS_HZ, _ESS_LIMIT_DB = 4500.0, -7.0
_COMPRESS_OVER_DB, _COMPRESS_BY = 3.0, 0.4
_FADE_IN_S, _FADE_OUT_S = 0.002, 0.006


def finish(x: Floats, level_db: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """The finished line, |x| < 0.9: a neutral one has an active level of -24 dBFS, `level_db` is added to that."""
    size = 1 << (len(x) + 4800 - 1).bit_length()
    f = np.fft.rfftfreq(size, 1.0 / clock.AUDIO_RATE)
    spectrum = np.fft.rfft(x, size)
    spectrum *= 10.0 ** (np.interp(np.log(f + 1e-9), np.log(_EQUALISER_HZ), _EQUALISER_DB) / 20.0)
    toned: Floats = np.fft.irfft(spectrum, size)[: len(x)]
    toned += _air(spectrum, f, len(x), rng)
    level = _active_level(toned)
    if level <= 0.0:
        return np.zeros(len(x), np.float32)
    toned = _compress(_de_ess(toned / level))
    toned *= 10.0 ** ((_ACTIVE_LEVEL_DB + level_db) / 20.0) / _active_level(toned)
    return (_limit(toned) * _fades(len(x))).astype(np.float32)


def without_lows(x: Floats) -> Floats:
    """The sound above some 500 Hz."""
    size = 1 << (len(x) + 4800 - 1).bit_length()
    f = np.fft.rfftfreq(size, 1.0 / clock.AUDIO_RATE)
    return np.fft.irfft(np.fft.rfft(x, size) * np.clip((f - 300.0) / 400.0, 0.0, 1.0), size)[: len(x)]


def match_level(made: Floats, wanted: Floats) -> Floats:
    """`made` with the loudness contour of `wanted`, within 9 dB."""
    width = round(0.016 * clock.AUDIO_RATE)
    ratio = _contour(wanted, width) / (_contour(made, width) + 1e-6)
    return made * _over_time(np.clip(ratio, 0.0, 2.8), len(made))


def _contour(x: Floats, width: int) -> Floats:
    """(K,) rms round every fifth millisecond, over `width` samples under a raised cosine."""
    window = np.hanning(width + 2)[1:-1]
    window /= window.sum()
    count = len(x) // _HOP + 2
    padded = np.pad(x * x, (width // 2, width + count * _HOP - len(x)))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, width)[: count * _HOP : _HOP]
    power = np.concatenate([blocks[i : i + 1000] @ window for i in range(0, count, 1000)])
    result: Floats = np.sqrt(np.maximum(power, 1e-16))
    return result


def _over_time(values: Floats, samples: int) -> Floats:
    return np.interp(np.arange(samples), np.arange(len(values)) * _HOP, values)


def _active_level(x: Floats) -> float:
    """Root mean square of the parts within 25 dB of the loudest (after ITU-T P.56)."""
    power = _contour(x, 960) ** 2
    active = power[power > np.max(power) * 10.0**-2.5] if len(power) and np.max(power) > 1e-15 else np.zeros(0)
    return float(np.sqrt(np.mean(active))) if len(active) else 0.0


def _air(spectrum: NDArray[np.complex128], f: Floats, samples: int, rng: np.random.Generator) -> Floats:
    """Noise above the engine's band that follows the loudness of the octave below it."""
    size = 2 * (len(f) - 1)
    below = np.fft.irfft(spectrum * ((f > _AIR_OF_HZ[0]) & (f < _AIR_OF_HZ[1])), size)[:samples]
    above = np.clip((f - _AIR_FROM_HZ + 700.0) / 1400.0, 0.0, 1.0) * (np.maximum(f, 1.0) / _AIR_FROM_HZ) ** -1.5
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * above, size)[:samples]
    deviation = max(float(np.std(noise)), 1e-12)
    air: Floats = noise / deviation * _over_time(_contour(below, 384), samples) * 10.0 ** (_AIR_DB / 20.0)
    return air


def _de_ess(x: Floats) -> Floats:
    """Sibilants held at `_ESS_LIMIT_DB` under the active level (1)."""
    size = 1 << (len(x) - 1).bit_length()
    f = np.fft.rfftfreq(size, 1.0 / clock.AUDIO_RATE)
    sharp = np.fft.irfft(np.fft.rfft(x, size) * np.clip((f - _ESS_HZ + 500.0) / 1000.0, 0.0, 1.0), size)[: len(x)]
    loud = np.maximum(_contour(sharp, 720) / 10.0 ** (_ESS_LIMIT_DB / 20.0), 1.0)
    return x - sharp * (1.0 - _over_time(loud**-0.7, len(x)))


def _compress(x: Floats) -> Floats:
    """Loud syllables a little quieter: the part over the active level + 3 dB is reduced by 40 %."""
    over = np.maximum(_contour(x, 1920) / 10.0 ** (_COMPRESS_OVER_DB / 20.0), 1.0)
    return x * _over_time(over**-_COMPRESS_BY, len(x))


def _limit(x: Floats) -> Floats:
    """Peaks under `_PEAK`, by gain that moves over 10 ms."""
    if not len(x) or np.max(np.abs(x)) <= _PEAK:
        return x
    count = len(x) // _HOP + 2
    padded = np.pad(np.abs(x), (2 * _HOP, (count + 4) * _HOP - len(x)))
    highest = np.lib.stride_tricks.sliding_window_view(padded, 4 * _HOP)[: count * _HOP : _HOP].max(axis=1)
    return x * _over_time(np.minimum(1.0, _PEAK / np.maximum(highest, 1e-9)), len(x))


def _fades(samples: int) -> Floats:
    """No click at either end."""
    now = np.arange(samples) / clock.AUDIO_RATE
    left = (samples - 1) / clock.AUDIO_RATE - now
    return np.minimum(np.clip(now / _FADE_IN_S, 0, 1), np.clip(left / _FADE_OUT_S, 0, 1))
