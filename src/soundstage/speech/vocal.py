"""Sounds without words: laughter, sighs, gasps, grunts. Drawn, not spoken: a source and five resonances over time.

The kinds are data (library/data/voices.toml). Each has parts with a pitch, a vowel, a loudness and a share of breath;
laughter's parts are made from its calls, no two alike, from the seed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..errors import InputError
from . import colour, envelope, melody, vocoder, voices
from .envelope import Floats
from .melody import FRAME_S
from .records import PAUSE, Phone, Speech

_HIGHER_HZ = np.arange(5500.0, 12000.0, 1000.0)  # a tube of 17 cm has one resonance per kHz, for ever
_WIDTHS_HZ = np.concatenate([[110.0, 120.0, 160.0, 220.0, 280.0], 0.07 * _HIGHER_HZ])  # wide: an open glottis
_NOISE_TILT_DB = 5.0  # turbulence is flatter than pulses
_SILENT_DB = -90.0
_TRACT_REFERENCE_HZ, _TRACT_POWER = 112.0, 0.25  # how tract length goes with pitch between men and women


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A stretch of sound; curves are points spread evenly over it."""

    ipa: str
    length_s: float
    f0: tuple[float, ...] = (1.0,)
    vowel: tuple[str, ...] = ("ə",)
    level_db: tuple[float, ...] = (_SILENT_DB,)
    breath: tuple[float, ...] = (1.0,)


def kinds() -> tuple[str, ...]:
    """Every sound without words there is."""
    return tuple(voices.section("vocal"))


def vocalise(kind: str, voice: Mapping[str, Any], seed: int = 0) -> Speech:
    """A sound without words, its phones tiling it for the mouth; it has no words.

    Args:
        kind: one of `kinds()`.
        voice: JSON form of a screenplay's Voice.
        seed: chooses the irregularities; another voice or kind draws others from the same seed.

    Raises:
        InputError: there is no such kind or voice.
    """
    return _vocalise(kind, json.dumps(dict(voice), sort_keys=True), seed)


@lru_cache(maxsize=64)
def _vocalise(kind: str, voice_key: str, seed: int) -> Speech:
    table = voices.section("vocal")
    if kind not in table:
        raise InputError(f"nobody knows how to {kind!r}", f"choose one of: {', '.join(kinds())}")
    voice = voices.voice(json.loads(voice_key))
    rng = np.random.default_rng([seed, zlib.crc32(f"{kind} {voice_key}".encode())])
    entry = table[kind]
    parts = _calls(entry["calls"], rng) if "calls" in entry else []
    parts += [_part(p) for p in entry.get("parts", ())]
    pcm = _sound(parts, voice, float(entry.get("jitter", 1.0)), float(entry["level_db"]), rng)
    pcm.setflags(write=False)
    return Speech(pcm, _phones(parts, len(pcm) / clock.AUDIO_RATE), ())


def _part(record: Mapping[str, Any]) -> _Part:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
    return _Part(**values)


def _calls(entry: Mapping[str, Any], rng: np.random.Generator) -> list[_Part]:
    """The calls of a laugh: each a burst of breath, then a voiced beat that falls in pitch."""
    count = int(entry["count"]) + int(rng.integers(-1, 2))
    wild = float(entry["irregular"])
    parts: list[_Part] = []
    for call in range(count):
        place = call / max(count - 1, 1)
        rate, loud, pitch, breathed = (_curve(entry[k], place) for k in ("rate_hz", "level_db", "f0", "breath"))
        vary = 1.0 + wild * np.clip(rng.standard_normal(4), -1.5, 1.5)
        length = vary[0] / rate
        voiced = length * np.clip(entry["voiced"] * vary[1], 0.35, 0.75)
        loud += 2.0 * float(vary[2] - 1.0) / wild * 0.5
        pitch *= 1.0 + 0.4 * float(vary[3] - 1.0)
        vowels = entry["vowel"]
        vowel = vowels[min(int(place * len(vowels)), len(vowels) - 1)]
        attack = (loud - 26.0, loud - 15.0, loud - 11.0)
        parts.append(_Part(ipa="h", length_s=length - voiced, vowel=(vowel,), level_db=attack, breath=(1.0,)))
        fall = float(entry["fall"])
        melody_points = (pitch * (1 + fall / 3), pitch, pitch * (1 - fall))
        swell = (loud - 9.0, loud, loud - 1.0, loud - 6.0, loud - 22.0)
        breath = (breathed + 0.15, breathed, breathed + 0.3)
        parts.append(_Part(ipa=vowel, length_s=voiced, f0=melody_points, vowel=(vowel,), level_db=swell, breath=breath))
    return parts


def _curve(points: Any, place: float) -> float:
    return float(np.interp(place, np.linspace(0.0, 1.0, len(points)), points))


def _spread(points: Any, place: Floats) -> Floats:
    return np.interp(place, np.linspace(0.0, 1.0, len(points)), points)


def _sound(
    parts: list[_Part], voice: voices.Voice, jitter: float, level_db: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(N,) mono 48 kHz."""
    total = sum(p.length_s for p in parts)
    frames = int(np.ceil(total / FRAME_S)) + 1
    now = np.minimum(np.arange(frames) * FRAME_S, total - 1e-6)
    f0, level, breath = np.ones(frames), np.full(frames, _SILENT_DB), np.ones(frames)
    formants = np.tile(_tube("ə"), (frames, 1))
    start = 0.0
    for part in parts:
        rows = np.flatnonzero((now >= start) & (now < start + part.length_s))
        place = (now[rows] - start) / part.length_s
        f0[rows], level[rows] = _spread(part.f0, place), _spread(part.level_db, place)
        breath[rows] = _spread(part.breath, place)
        table = np.array([_tube(v) for v in part.vowel])
        formants[rows] = np.stack([_spread(table[:, n], place) for n in range(table.shape[1])], axis=1)
        start += part.length_s
    tract = (voice.variant.centre_hz / _TRACT_REFERENCE_HZ) ** _TRACT_POWER * voice.formant_scale
    whisper = voice.variant.whisper
    voiced = (breath < 0.99) & (level > _SILENT_DB + 1) & (not whisper)
    spectra = _spectra(_settle(formants) * tract, breath, level)
    curve = melody.Melody(_carry_over(f0, voiced), voiced, np.zeros(frames, bool))
    manner = melody.Manner(factor=voice.f0_hz, spread=1.0, slope_st=0.0, tremor_st=0.1, jitter=jitter)
    hz = _absolute(curve, manner, rng)
    noise = np.maximum(_breath_db(breath, voiced), vocoder.breathiness(0.2, curve.fricative))
    pulses = melody.pulses(hz, voiced, jitter * voice.variant.jitter, rng)
    samples = round(total * clock.AUDIO_RATE)
    made = vocoder.voice(pulses, spectra.__getitem__, noise.__getitem__, frames, samples, rng)
    return colour.finish(made, level_db, rng)


def _tube(vowel: str) -> Floats:
    """(F,) resonances of a vowel, the higher ones those of a neutral tube [Hz]."""
    return np.concatenate([np.array(voices.section("vowels")[vowel], float), _HIGHER_HZ])


def _breath_db(breath: Floats, voiced: NDArray[np.bool_]) -> Floats:
    """(K, …) share of noise [dB]: a breathy voice is still voice below 1.5 kHz."""
    low = 1.0 / (1.0 + np.exp((envelope.frequencies() - 1500.0) / 400.0))
    share = 20.0 * np.log10(np.clip(breath, 0.03, 1.0))[:, None] - 14.0 * low[None, :] * (1.0 - breath[:, None])
    return np.where(voiced[:, None], share, -0.01)


def _absolute(curve: melody.Melody, manner: melody.Manner, rng: np.random.Generator) -> Floats:
    """(K,) the relative melody in [Hz], with the small unsteadiness of a voice."""
    middle = float(np.median(curve.f0[curve.voiced])) if curve.voiced.any() else 1.0
    lifted = melody.Melody(curve.f0 / middle * 150.0, curve.voiced, curve.fricative)
    wanted = melody.Manner(
        factor=manner.factor * middle / 150.0,
        spread=1.0,
        slope_st=manner.slope_st,
        tremor_st=manner.tremor_st,
        jitter=manner.jitter,
    )
    return melody.humanise(lifted, wanted, rng)


def _carry_over(f0: Floats, voiced: NDArray[np.bool_]) -> Floats:
    """The melody drawn straight through what is not voiced."""
    where = np.flatnonzero(voiced)
    return np.interp(np.arange(len(f0)), where, f0[where]) if len(where) else f0


def _settle(formants: Floats) -> Floats:
    """Resonances that glide, as a jaw does, over some 30 ms."""
    kernel = np.hanning(9)[1:-1] / np.hanning(9).sum()
    padded = np.pad(formants, ((3, 3), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, n], kernel, "valid") for n in range(formants.shape[1])], axis=1)


def _spectra(formants: Floats, breath: Floats, level: Floats) -> Floats:
    """(K, …) log power of each frame at its level, voice or turbulence."""
    widths = _WIDTHS_HZ[None, :] * (1.0 + 0.8 * breath[:, None])
    spectra = envelope.resonances(formants, widths, 0.0) + envelope.tilt(_NOISE_TILT_DB) * breath[:, None]
    open_glottis = 2.0 * np.log(np.minimum(envelope.frequencies() / 600.0, 1.0) + 0.15)  # shorts the lowest resonance
    spectra += open_glottis[None, :] * np.clip(breath[:, None] * 2.0 - 1.0, 0.0, 1.0)
    power = np.log(np.exp(spectra).mean(axis=1, keepdims=True))
    result: Floats = spectra - power + level[:, None] * np.log(10.0) / 10.0
    return result


def _phones(parts: list[_Part], end: float) -> tuple[Phone, ...]:
    edges = np.concatenate([[0.0], np.cumsum([p.length_s for p in parts])])
    edges[-1] = end
    return tuple(
        Phone(p.ipa if max(p.level_db) > _SILENT_DB else PAUSE if p.ipa == PAUSE else p.ipa, float(a), float(b), 0)
        for p, a, b in zip(parts, edges, edges[1:], strict=False)
    )
