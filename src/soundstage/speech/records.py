"""What speech hands on: samples, and the exact times of its sounds and words.

Phones tile the utterance: the first starts at 0, each ends where the next starts, the last ends with the samples. A
plosive is two phones, the closure under its own sign (p, b, t …) and the release under ʰ (voiceless) or ᵊ (voiced), so
that lips and tongue know to the millisecond when they part. A silence is `PAUSE`.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy import float32
from numpy.typing import NDArray

PAUSE = "_"
"""IPA sign of a phone that is silence."""


@dataclass(frozen=True)
class Phone:
    """One speech sound; times in [s] from the first sample."""

    ipa: str
    """Without stress marks; `PAUSE` for silence."""
    start: float
    end: float
    stress: int = 0
    """0 none, 1 secondary, 2 primary; on the vowel of the syllable."""


@dataclass(frozen=True)
class Word:
    """One word as written, with the punctuation that touches it; times in [s] from the first sample."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Speech:
    """An utterance."""

    pcm: NDArray[float32]
    """(N,) mono, 48 kHz, read-only, |x| < 1."""
    phones: tuple[Phone, ...]
    words: tuple[Word, ...]
