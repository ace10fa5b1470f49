"""The engine's speech with a person's glottis, melody, size and mood: 22 kHz in, 48 kHz out, nothing moved in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import clock
from . import colour, envelope, melody, vocoder
from .envelope import Floats, frequencies
from .espeak import RATE
from .melody import FRAME_S, Manner, Melody
from .records import PAUSE
from .timing import Timed
from .voices import Mood, Voice

_SPREAD = 1.4  # the engine's melody moves 4-5 semitones; people's 6-8
_HISSES, _HISS_EDGES_S = "sʃfθxçhχɕʂħ", (0.016, 0.024)  # recordings that the engine cuts off square
_WHISPER_TILT_DB = 3.0
_BREATH_PAUSE_S = 0.26  # pauses longer than this are used to breathe in
_BREATH_DB = -47.0


def render(timed: Timed, voice: Voice, mood: Mood, rng: np.random.Generator) -> NDArray[np.float32]:
    """(N,) mono 48 kHz: what the engine said, in this voice and mood; N is the engine's length exactly."""
    samples = round(len(timed.pcm) * clock.AUDIO_RATE / RATE)
    sung = melody.measure(timed.pcm, timed.spans, voice.variant.f0_hz)
    scale = voice.formant_scale * mood.formants
    spoken = vocoder.move_resonances(_voiceless(timed, sung, samples), scale)
    if mood.whisper or voice.variant.whisper:
        spoken = colour.without_lows(spoken)  # traces of voice that were too irregular to be replaced
    if sung.voiced.any():
        spoken = spoken + _voiced(timed, sung, voice, mood, scale, samples, rng)
    spoken = spoken + _inhaled(timed, samples, scale, rng)
    return colour.finish(spoken, mood.level_db, rng)


def _upsample(pcm: NDArray[np.float32], samples: int) -> Floats:
    import soxr

    up = soxr.resample(pcm.astype(np.float64), RATE, clock.AUDIO_RATE)
    return np.concatenate([up[:samples], np.zeros(max(0, samples - len(up)))])


def _over_time(frames: Floats, samples: int) -> Floats:
    """(samples,) values of frames at 48 kHz."""
    now = np.arange(samples) / (clock.AUDIO_RATE * FRAME_S)
    return np.interp(now, np.arange(len(frames)), frames)


def _voiceless(timed: Timed, sung: Melody, samples: int) -> Floats:
    """The engine's own sound where there is no voice, its hisses swelling and dying away as breath does."""
    sound = _upsample(timed.pcm, samples) * (1.0 - _over_time(sung.voiced.astype(float), samples))
    for span in timed.spans:
        if span.sign[0] in _HISSES:
            start, end = (round(t * clock.AUDIO_RATE / RATE) for t in (span.start, span.end))
            rise, fall = (min(round(s * clock.AUDIO_RATE), (end - start) // 3) for s in _HISS_EDGES_S)
            sound[start : start + rise] *= 0.15 + 0.85 * np.sin(np.linspace(0.0, np.pi / 2, rise)) ** 2
            sound[end - fall : end] *= 0.15 + 0.85 * np.cos(np.linspace(0.0, np.pi / 2, fall)) ** 2
    return sound


def _voiced(
    timed: Timed, sung: Melody, voice: Voice, mood: Mood, scale: float, samples: int, rng: np.random.Generator
) -> Floats:
    """Voice made again."""
    manner = Manner(
        factor=voice.f0_hz / float(np.mean(voice.variant.f0_hz)) * 2.0 ** (mood.pitch_st / 12.0),
        spread=_SPREAD * mood.range * voice.pitch_range / 50.0,
        slope_st=mood.slope_st,
        tremor_st=mood.tremor_st,
        jitter=mood.jitter * voice.variant.jitter,
    )
    f0 = melody.humanise(sung, manner, rng)
    where = np.flatnonzero(sung.voiced)
    whisper = mood.whisper or voice.variant.whisper
    colouring = envelope.tilt(voice.variant.tilt_db + mood.tilt_db + (_WHISPER_TILT_DB if whisper else 0.0))
    if whisper:  # an open glottis shorts the lowest resonance to the lungs
        colouring = colouring + 2.0 * np.log(np.minimum(frequencies() / 500.0, 1.0) + 0.05)
    frames = len(f0)
    nearest = where[_nearest(frames, where)]
    breath = voice.variant.breath + mood.breath + (4.0 if whisper else 0.0)

    def spectra(rows: slice) -> Floats:
        own, again = np.unique(nearest[rows], return_inverse=True)
        centre = np.round(own * FRAME_S * RATE).astype(int)
        found = envelope.carry(envelope.analyse(timed.pcm, centre, sung.f0[own]), scale) + colouring
        return found[again]

    def noise(rows: slice) -> Floats:
        return np.where(sung.voiced[rows, None], vocoder.breathiness(breath, sung.fricative[rows]), -200.0)

    none = np.zeros(frames, bool)
    pulses = melody.pulses(f0, none if whisper else sung.voiced, manner.jitter, rng)
    made = vocoder.voice(pulses, spectra, noise, frames, samples, rng)
    wanted = _upsample(timed.pcm, samples) * _over_time(sung.voiced.astype(float), samples)
    return colour.match_level(made, wanted)


def _nearest(frames: int, where: NDArray[np.int_]) -> NDArray[np.int_]:
    right = np.clip(np.searchsorted(where, np.arange(frames)), 0, len(where) - 1)
    left = np.maximum(right - 1, 0)
    closer = np.abs(where[left] - np.arange(frames)) <= np.abs(where[right] - np.arange(frames))
    result: NDArray[np.int_] = np.where(closer, left, right)
    return result


def _inhaled(timed: Timed, samples: int, scale: float, rng: np.random.Generator) -> Floats:
    """Breath drawn in the longer pauses."""
    out = np.zeros(samples)
    f = np.fft.rfftfreq(1 << 14, 1.0 / clock.AUDIO_RATE)
    gain = np.exp(-0.5 * (np.log(np.maximum(f, 20.0) / (1500.0 * scale)) / 0.55) ** 2)
    for span in timed.spans:
        if span.sign != PAUSE or (span.end - span.start) / RATE < _BREATH_PAUSE_S:
            continue
        start = round((span.start / RATE + 0.06) * clock.AUDIO_RATE)
        stop = min(round((span.end / RATE - 0.03) * clock.AUDIO_RATE), start + (1 << 14), samples)
        noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(1 << 14)) * gain)[: stop - start]
        place = np.linspace(0.0, 1.0, len(noise))
        out[start:stop] += 10.0 ** (_BREATH_DB / 20.0) * noise / np.std(noise) * np.sin(np.pi * place**1.4) ** 1.5
    return out
