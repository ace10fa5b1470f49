"""A glottis for the engine's vocal tract: pulses and breath through measured or drawn spectra, at 48 kHz.

The engine adds harmonics in phase, all of them perfectly periodic up to 8 kHz; that is the buzz of a robot. Here the
voiced part is made again: a glottal pulse per period, slightly irregular, its open phase before its closure (the
resonance of the open glottis runs backwards in time, Doval & d'Alessandro 2003), shaped by the spectrum of the moment,
with breath noise that grows with frequency and swells when the glottis is open. Voiceless sounds are the engine's own
(they are recordings), their resonances moved with the size of the tract. Nothing is moved in time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .. import clock
from . import envelope
from .envelope import SYNTHESIS_SIZE, Floats, frequencies
from .melody import FRAME_S, Pulses

_HOP = round(FRAME_S * clock.AUDIO_RATE)
_NOISE_SIZE = 1024
_BLOCK = 512  # frames worked on at a time
_OPEN_RESONANCE = 1.15  # frequency of the open glottis over the fundamental, open quotient about 0.6
_OPEN_DAMPING = 0.75


def breathiness(breath: float, fricative: NDArray[np.bool_]) -> Floats:
    """(K, SYNTHESIS_SIZE/2+1) how much of the sound is noise [dB].

    Healthy voices are harmonic up to about 3 kHz and mostly noise above 6 kHz.
    """
    f = frequencies()
    modal = np.minimum(-34.0 + 30.0 / (1.0 + np.exp(-(f - 4600.0) / 900.0)) + 22.0 * breath, -0.5 * (f < 9000))
    hiss = np.minimum(-30.0 + 30.0 / (1.0 + np.exp(-(f - 1800.0) / 300.0)), 0.0)
    return np.where(fricative[:, None], np.maximum(hiss, modal), modal)


Rows = Callable[[slice], Floats]
"""Frames of a spectrum by their range, made when they are needed: a long speech does not fit in memory at once."""


def voice(pulses: Pulses, spectra: Rows, breath: Rows, frames: int, samples: int, rng: np.random.Generator) -> Floats:
    """(samples,) voice and breath at 48 kHz.

    Args:
        spectra: rows (n, SYNTHESIS_SIZE/2+1) of log power of the tract.
        breath: rows of noise in place of voice [dB] of the whole; 0 is all noise.
    """
    out = np.zeros(samples + 2 * SYNTHESIS_SIZE)
    white = _swelling_noise(pulses, len(out), rng)
    place = pulses.time / FRAME_S
    for first in range(0, frames, _BLOCK):
        rows = slice(first, min(first + _BLOCK + 1, frames))  # one more, between whose spectra pulses lie
        log_power, share = spectra(rows), 10.0 ** (breath(rows) / 10.0)
        own = (place >= first) & (place < first + _BLOCK)
        if own.any():
            block = Pulses(pulses.time[own], pulses.gain[own], pulses.period[own])
            _add_pulses(out, block, log_power + np.log(np.maximum(1.0 - share, 1e-6)), first)
        gain = np.exp(0.5 * log_power[:_BLOCK]) * np.sqrt(share[:_BLOCK])
        _add_breath(out, white, gain, first)
    return out[SYNTHESIS_SIZE : SYNTHESIS_SIZE + samples]


def _add_pulses(out: Floats, pulses: Pulses, log_power: Floats, first: int) -> None:
    """Overlap-add one shaped pulse per glottal closure; sample 0 of the speech is out[SYNTHESIS_SIZE]."""
    place = np.clip(pulses.time / FRAME_S - first, 0, len(log_power) - 1)
    low = np.minimum(place.astype(int), max(len(log_power) - 2, 0))
    high = np.minimum(low + 1, len(log_power) - 1)
    part = (place - low)[:, None]
    f = frequencies()
    x = f[None, :] * (pulses.period / _OPEN_RESONANCE)[:, None]
    opening = 2.0 * np.arctan2(_OPEN_DAMPING * x, 1.0 - x * x)
    at = pulses.time * clock.AUDIO_RATE
    whole = np.floor(at).astype(int)
    # a quarter of the frame lies ahead of the closure, so that the open phase fits before it
    delay = (at - whole) + SYNTHESIS_SIZE / 4
    phase = opening - 2 * np.pi * f[None, :] / clock.AUDIO_RATE * delay[:, None]
    strength = pulses.gain * np.sqrt(pulses.period * clock.AUDIO_RATE)
    spectra = envelope.minimum_phase(log_power[low] * (1 - part) + log_power[high] * part, phase)
    shapes = np.fft.irfft(spectra, axis=1) * strength[:, None]
    start = SYNTHESIS_SIZE + whole - SYNTHESIS_SIZE // 4
    for begin, shape in zip(start.tolist(), shapes, strict=True):
        out[begin : begin + SYNTHESIS_SIZE] += shape


def _swelling_noise(pulses: Pulses, length: int, rng: np.random.Generator) -> Floats:
    """(length,) white noise that swells in the open half of each glottal period."""
    white: Floats = rng.standard_normal(length)
    if len(pulses.time) > 1:
        now = (np.arange(length) - SYNTHESIS_SIZE) / clock.AUDIO_RATE
        turns = np.interp(now, pulses.time, np.arange(len(pulses.time)))
        white *= 1.0 + 0.55 * np.cos(2 * np.pi * (turns - 0.8))
    return white


def _add_breath(out: Floats, white: Floats, gain: Floats, first: int) -> None:
    """Overlap-add the noise through the frames' spectra."""
    gain = gain[:, :: SYNTHESIS_SIZE // _NOISE_SIZE]
    window = np.sin(np.pi * (np.arange(2 * _HOP) + 0.5) / (2 * _HOP)) ** 2
    margin = (_NOISE_SIZE - 2 * _HOP) // 2  # the filters are symmetric in time: room on both sides
    start = SYNTHESIS_SIZE + (first + np.arange(len(gain)) - 1) * _HOP
    block = np.zeros((len(gain), _NOISE_SIZE))
    block[:, margin : margin + 2 * _HOP] = white[start[:, None] + np.arange(2 * _HOP)] * window
    shaped = np.fft.irfft(np.fft.rfft(block, axis=1) * gain, axis=1)
    for begin, piece in zip((start - margin).tolist(), shaped, strict=True):
        out[begin : begin + _NOISE_SIZE] += piece


def move_resonances(pcm: Floats, scale: float) -> Floats:
    """(N,) sound at 48 kHz with the resonances of its noises `scale` times as high, nothing moved in time."""
    if abs(scale - 1.0) < 0.005:
        return pcm
    size, hop = 512, 128
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size)
    padded = np.concatenate([np.zeros(size), pcm, np.zeros(2 * size)])
    count = (len(padded) - size) // hop + 1
    kernel = np.hanning(11)[1:-1] / np.hanning(11).sum()
    out = np.zeros(len(padded))
    for first in range(0, count, _BLOCK * 4):
        starts = np.arange(first, min(first + _BLOCK * 4, count)) * hop
        pieces = _moved(padded[starts[:, None] + np.arange(size)] * window, scale, kernel) * window / (size / hop / 2)
        for begin, piece in zip(starts.tolist(), pieces, strict=True):
            out[begin : begin + size] += piece
    return out[size : size + len(pcm)]


def _moved(pieces: Floats, scale: float, kernel: Floats) -> Floats:
    """(n, size) windowed pieces with their smooth spectra stretched by `scale`, within 17 dB."""
    spectra = np.fft.rfft(pieces, axis=1)
    level = np.log(np.abs(spectra) ** 2 + 1e-12)
    reach = len(kernel) // 2
    padded = np.pad(level, ((0, 0), (reach, reach)), mode="edge")
    smooth = sum(k * padded[:, i : i + level.shape[1]] for i, k in enumerate(kernel))
    bins = np.arange(level.shape[1])
    source = np.minimum(bins / scale, bins[-1] * 10000.0 / 24000.0)
    low = np.floor(source).astype(int)
    part = source - low
    moved = smooth[:, low] * (1 - part) + smooth[:, np.minimum(low + 1, bins[-1])] * part
    result: Floats = np.fft.irfft(spectra * np.exp(0.5 * np.clip(moved - smooth, -4.0, 4.0)), axis=1)
    return result
