"""The melody of a voice: measured in what the engine said, then made a person's, then cut into glottal pulses.

Everything lies on frames of 5 ms: frame k is centred on sample k·HOP of the speech at the engine's rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .espeak import RATE
from .timing import Span

Floats = NDArray[np.float64]

FRAME_S = 0.005
_DECIMATE = 3  # the melody is sought below 2 kHz
_WINDOW_S = 0.012
_VOICELESS = set("ptʈckqʔsʃfθxχhħɸçɕʂɬʍ") | {"ʰ", "_", ""}
_FRICATIVE = set("vzʒðʁɣʝʑʐβɦʕ")
_LOWEST_PERIODICITY = 0.45


@dataclass(frozen=True)
class Melody:
    """Voice source over time, one value per frame."""

    f0: Floats
    """(K,) [Hz], also between voiced stretches."""
    voiced: NDArray[np.bool_]
    """(K,)"""
    fricative: NDArray[np.bool_]
    """(K,) voiced sounds whose high frequencies are noise (v, z …)."""


@dataclass(frozen=True)
class Manner:
    """What is done to the melody."""

    factor: float
    """On its middle."""
    spread: float
    """On its excursions."""
    slope_st: float
    """Semitones it drifts from start to end."""
    tremor_st: float
    """Depth of a 6 Hz tremble."""
    jitter: float
    """Factor on the irregularity of the glottis."""


def frame_count(samples: int) -> int:
    """Frames that cover so many samples at the engine's rate."""
    return round(samples / (FRAME_S * RATE)) + 1


def measure(pcm: NDArray[np.float32], spans: tuple[Span, ...], f0_hz: tuple[float, float]) -> Melody:
    """The melody of the engine's speech, whose voice sings between `f0_hz`."""
    frames = frame_count(len(pcm))
    f0, periodicity = _track(pcm.astype(np.float64), frames, 0.6 * f0_hz[0], 1.7 * f0_hz[1])
    at = np.round(np.arange(frames) * FRAME_S * RATE).astype(int)
    ends = np.array([s.end for s in spans])
    sign = [spans[i].sign for i in np.minimum(np.searchsorted(ends, at, side="right"), len(spans) - 1)]
    can = np.array([s[0] not in _VOICELESS for s in sign])
    voiced = can & (periodicity > _LOWEST_PERIODICITY)
    fricative = np.array([s[0] in _FRICATIVE for s in sign])
    if not voiced.any():
        return Melody(np.full(frames, float(np.mean(f0_hz))), voiced, fricative)
    where = np.flatnonzero(voiced & (periodicity > 0.7))
    where = where if len(where) else np.flatnonzero(voiced)
    smooth = _median(f0[where], 5)
    around = _median(smooth, 31)
    smooth = np.where(np.abs(np.log(smooth / around)) < 0.3, smooth, around)  # no leaps of half an octave
    return Melody(np.exp(np.interp(np.arange(frames), where, np.log(smooth))), voiced, fricative)


def _track(x: Floats, frames: int, low_hz: float, high_hz: float) -> tuple[Floats, Floats]:
    """(K,) fundamental [Hz] and (K,) periodicity by normalised cross-correlation."""
    rate = RATE / _DECIMATE
    kernel = np.convolve(np.ones(_DECIMATE), np.ones(_DECIMATE)) / _DECIMATE**2
    y = np.convolve(x, kernel, "same")[::_DECIMATE]
    lags = np.arange(int(rate / high_hz), int(rate / low_hz) + 2)
    half = round(_WINDOW_S * rate / 2)
    pad = half + int(lags[-1])
    y = np.concatenate([np.zeros(pad), y, np.zeros(pad + 1)])
    energy = np.concatenate([[0.0], np.cumsum(y * y)])
    centre = pad + np.round(np.arange(frames) * FRAME_S * rate).astype(int)
    score = np.zeros((len(lags), frames))
    floor = 1e-7 * 2 * half + 1e-12
    for row, lag in enumerate(lags):
        product = np.concatenate([[0.0], np.cumsum(y[:-lag] * y[lag:])])
        low = centre - half - lag // 2
        high = low + 2 * half
        power = (energy[high] - energy[low]) * (energy[high + lag] - energy[low + lag])
        score[row] = (product[high] - product[low]) / np.sqrt(power + floor**2)
    best = np.argmax(score - 0.05 * (lags / lags[-1])[:, None], axis=0)
    inner = np.clip(best, 1, len(lags) - 2)
    k = np.arange(frames)
    a, b, c = score[inner - 1, k], score[inner, k], score[inner + 1, k]
    bend = a - 2 * b + c
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (a - c) / np.where(bend == 0, 1, bend), 0.0)
    return rate / (lags[inner] + np.clip(shift, -0.5, 0.5)), score[best, k]


def _median(x: Floats, width: int) -> Floats:
    half = width // 2
    padded = np.pad(x, half, mode="edge")
    result: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=-1)
    return result


def _slow_noise(rng: np.random.Generator, frames: int, sigma_s: float) -> Floats:
    """(K,) noise of unit deviation that changes over about `sigma_s`."""
    noise: Floats = rng.standard_normal(frames + 400)
    smooth = _smooth(noise, sigma_s)[200 : 200 + frames]
    return smooth / max(float(np.std(smooth)), 1e-9) if frames > 1 else np.zeros(frames)


def _smooth(x: Floats, sigma_s: float) -> Floats:
    sigma = sigma_s / FRAME_S
    half = int(4 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    result: Floats = np.convolve(np.pad(x, half, mode="edge"), kernel / kernel.sum(), "valid")
    return result


def humanise(melody: Melody, manner: Manner, rng: np.random.Generator) -> Floats:
    """(K,) the melody as a person would sing it [Hz].

    The engine's contour jumps between syllables; larynges do not (about 10 semitones in 100 ms at most, Xu & Sun
    2002), so it is smoothed. Then come slow drift and a faint flutter, of the size found in steady human vowels.
    """
    log = _smooth(np.log(melody.f0), 0.018)
    middle = float(np.median(log[melody.voiced])) if melody.voiced.any() else float(np.mean(log))
    frames = len(log)
    semitone = np.log(2.0) / 12.0
    drift = 0.20 * _slow_noise(rng, frames, 0.12) + 0.06 * _slow_noise(rng, frames, 0.025)
    seconds = np.arange(frames) * FRAME_S
    tremor = manner.tremor_st * np.sin(2 * np.pi * 6.0 * seconds + rng.uniform(0, 2 * np.pi))
    slope = manner.slope_st * (np.arange(frames) / max(frames - 1, 1) - 0.3)
    sung = middle + np.log(manner.factor) + manner.spread * (log - middle) + semitone * (drift + tremor + slope)
    result: Floats = np.clip(np.exp(sung), 45.0, 700.0)
    return result


@dataclass(frozen=True)
class Pulses:
    """Glottal closures."""

    time: Floats
    """(Q,) [s], ascending."""
    gain: Floats
    """(Q,) about 1."""
    period: Floats
    """(Q,) [s]"""


def pulses(f0: Floats, voiced: NDArray[np.bool_], jitter: float, rng: np.random.Generator) -> Pulses:
    """Closures of the glottis where it is voiced, irregular by 0.5 % in time and 4 % in strength at jitter 1.

    Baken & Orlikoff, Clinical Measurement of Speech and Voice: normal jitter 0.3-1 %, shimmer up to 0.3 dB.
    """
    step = FRAME_S / 20.0
    grid = np.arange((len(f0) - 1) * 20 + 1) * step
    fine = np.interp(grid, np.arange(len(f0)) * FRAME_S, f0)
    phase = np.concatenate([[0.0], np.cumsum((fine[1:] + fine[:-1]) / 2 * step)])
    whole = np.arange(1, int(phase[-1]) + 1)
    time = np.interp(whole, phase, grid)
    period = 1.0 / np.interp(time, grid, fine)
    noise = rng.standard_normal((2, len(time)))
    time = time + 0.005 * jitter * period * np.clip(noise[0], -3, 3)
    gain = 1.0 + 0.04 * jitter * np.clip(noise[1], -3, 3)
    on = voiced[np.clip(np.round(time / FRAME_S).astype(int), 0, len(voiced) - 1)] if len(time) else np.zeros(0, bool)
    return Pulses(time[on], gain[on], period[on])
