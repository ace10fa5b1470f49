"""Text → Speech: engine, timing, vocoder, colour, one after another."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from .. import clock
from ..errors import InputError
from . import espeak, voices
from .records import Phone, Speech, Word
from .render import render
from .timing import Timed, time_sounds


def speak(text: str, voice: Mapping[str, Any], language: str = "en", mood: str = "neutral") -> Speech:
    """The text spoken: samples, phones that tile them, words. The same arguments give the same samples, always.

    Args:
        text: what is said; punctuation makes pauses and melody.
        voice: JSON form of a screenplay's Voice; what is left out is as in voices.toml.
        language: a screenplay language, or any code eSpeak NG knows.
        mood: one of `moods()`.

    Raises:
        InputError: nothing in the text can be pronounced; or there is no such language, voice or mood.
    """
    return _speak(text, _key(voice), language, mood)


def length_s(text: str, voice: Mapping[str, Any], language: str = "en", mood: str = "neutral") -> float:
    """Length of what `speak` returns [s], in a few milliseconds. Raises what `speak` raises."""
    return _samples(_timed(text, _key(voice), language, mood)) / clock.AUDIO_RATE


def _key(voice: Mapping[str, Any]) -> str:
    return json.dumps(dict(voice), sort_keys=True)


def _samples(timed: Timed) -> int:
    """Length at 48 kHz."""
    return round(len(timed.pcm) * clock.AUDIO_RATE / espeak.RATE)


@lru_cache(maxsize=256)
def _timed(text: str, voice_key: str, language: str, mood: str) -> Timed:
    voice, how, code = voices.voice(json.loads(voice_key)), voices.mood(mood), voices.language(language)
    sayable = "".join(" " if unicodedata.category(c) in ("So", "Cs", "Cn", "Co", "Cc") else c for c in text)
    timed = None
    if any(c.isalnum() for c in sayable):
        rate = round(min(450.0, max(80.0, voice.words_per_minute * how.rate)))
        raw = espeak.synthesise(
            sayable, language=code, tone=voice.variant.engine_lines, rate=rate, pitch=50, pitch_range=50
        )
        timed = time_sounds(raw, sayable)
    if timed is None:
        raise InputError(f"nothing in {text[:60]!r} can be pronounced", "write words or numbers to be spoken")
    return timed


@lru_cache(maxsize=32)
def _speak(text: str, voice_key: str, language: str, mood: str) -> Speech:
    timed = _timed(text, voice_key, language, mood)
    rng = np.random.default_rng(zlib.crc32(repr((text, voice_key, language, mood)).encode()))
    pcm = render(timed, voices.voice(json.loads(voice_key)), voices.mood(mood), rng)
    pcm.setflags(write=False)
    return speech_of(pcm, timed)


def speech_of(pcm: np.ndarray[Any, np.dtype[np.float32]], timed: Timed) -> Speech:
    """Samples with the times of the engine's sounds and words."""
    end = len(pcm) / clock.AUDIO_RATE
    phones = tuple(Phone(s.sign, s.start / espeak.RATE, min(s.end / espeak.RATE, end), s.stress) for s in timed.spans)
    phones = (*phones[:-1], Phone(phones[-1].ipa, phones[-1].start, end, phones[-1].stress))
    words = tuple(Word(t, a / espeak.RATE, min(b / espeak.RATE, end)) for t, a, b in timed.words)
    return Speech(pcm, phones, words)
