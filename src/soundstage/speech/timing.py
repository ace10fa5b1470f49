"""Exact times of sounds and words, from what the engine said and from the samples themselves.

The engine marks a voiceless plosive at its burst and hides the closure in the end of the sound before; it marks a
voiced one at the closure. Lips need both moments, so they are read from the samples: the burst is the sharpest rise
of high-frequency energy near the mark, the closure the quiet before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .espeak import RATE, Raw
from .records import PAUSE

_LANGUAGE_MARK = re.compile(r"\([a-z-]*\)?")  # "(en)" where the engine speaks a foreign word by foreign rules
_AUDIBLE = 24  # int16 steps, -63 dBFS: below it the engine's samples are silence
_PLOSIVES_VOICED = "bdɖɟɡgɢɓɗɠ"
_PLOSIVES = "ptʈckqʔ" + _PLOSIVES_VOICED
_FRICATIVES = "sʃzʒfɕʑʂʐθɬ"
_LEADING_CLOSURE = round(0.040 * RATE)  # lips and tongue close before the first burst of an utterance
_LONGEST_CLOSURE = round(0.120 * RATE)
_SHORTEST_SOUND = round(0.008 * RATE)
_HALF_WINDOW = round(0.001 * RATE)


@dataclass(frozen=True)
class Span:
    """A sound: sign without stress, [start, end) in samples at `RATE` of the trimmed speech."""

    sign: str
    start: int
    end: int
    stress: int
    mark: int
    """Sample the engine gave it, untrimmed."""


@dataclass(frozen=True)
class Timed:
    """Trimmed samples with the spans that tile them."""

    pcm: NDArray[np.float32]
    """(N,) at `RATE`, full scale 1."""
    spans: tuple[Span, ...]
    words: tuple[tuple[str, int, int], ...]
    """Text, first and one-past-last sample."""


def time_sounds(raw: Raw, text: str) -> Timed | None:
    """Samples without the silence around them, and when each sound and word is; None if nothing is audible."""
    audible = np.flatnonzero(np.abs(raw.pcm.astype(np.int32)) > _AUDIBLE)
    spans = _spans(raw)
    spoken = [s for s in spans if s.sign != PAUSE]
    if not len(audible) or not spoken:
        return None
    spans = _split_plosives(spans, _brightness(raw.pcm))
    first = next(s for s in spans if s.sign != PAUSE)
    start = first.start if first.sign[0] in _PLOSIVES else int(audible[0])
    end = int(audible[-1]) + 1
    padded = np.concatenate([np.zeros(max(0, -start), np.int16), raw.pcm[max(0, start) : end]])
    pcm = padded.astype(np.float32) / 32768.0
    tiled = _tile(spans, start, end)
    return Timed(pcm, tiled, _words(raw, text, tiled))


def _spans(raw: Raw) -> list[Span]:
    """The engine's sounds with their ends; pauses in a row are one."""
    spans: list[Span] = []
    ends = [s.sample for s in raw.sounds[1:]] + [len(raw.pcm)]
    for sound, end in zip(raw.sounds, ends, strict=True):
        if end <= sound.sample:
            continue
        stress = 2 if "ˈ" in sound.sign else 1 if "ˌ" in sound.sign else 0
        sign = _LANGUAGE_MARK.sub("", sound.sign).strip("ˈˌ ‿͡-").replace("͡", "")
        sign = PAUSE if not sound.sign else sign
        if spans and (not sign or (sign == PAUSE and spans[-1].sign == PAUSE)):
            spans[-1] = replace(spans[-1], end=end)
        else:
            spans.append(Span(sign or PAUSE, sound.sample, end, stress, sound.sample))
    return spans


def _brightness(pcm: NDArray[np.int16]) -> NDArray[np.float64]:
    """Level of the high frequencies over time [dB], (N,), smoothed over 2 ms."""
    slope = np.abs(np.diff(pcm.astype(np.float64), n=2, prepend=[0.0, 0.0]))
    total = np.concatenate([[0.0], np.cumsum(slope)])
    index = np.arange(len(pcm))
    low = np.maximum(index - _HALF_WINDOW, 0)
    high = np.minimum(index + _HALF_WINDOW, len(pcm))
    level: NDArray[np.float64] = 20.0 * np.log10((total[high] - total[low]) / np.maximum(high - low, 1) + 1.0)
    return level


def _split_plosives(spans: list[Span], bright: NDArray[np.float64]) -> list[Span]:
    """Every plosive as closure and release."""
    result: list[Span] = []
    for index, span in enumerate(spans):
        follows = spans[index + 1] if index + 1 < len(spans) else None
        if span.sign[0] not in _PLOSIVES:
            result.append(span)
            continue
        before = result[-1] if result else None
        burst = _burst(span, bright)
        closed = _closure(span, burst, before, bright)
        if before is not None:
            result[-1] = replace(before, end=closed)
        result.append(replace(span, start=closed, end=burst, sign=_closure_sign(span.sign)))
        release = _release_sign(span.sign)
        if burst < span.end and (release or follows is None or follows.sign == PAUSE):
            result.append(replace(span, start=burst, end=span.end, sign=release or "ᵊ", stress=0))
        elif burst < span.end and follows is not None:  # a voiced burst is the start of the sound that follows
            spans[index + 1] = replace(follows, start=burst)
    return [s for s in result if s.end > s.start]


def _closure_sign(sign: str) -> str:
    return sign[0] if len(sign) > 1 and (sign[1] in _FRICATIVES or sign[1] in "ʰʱh") else sign


def _release_sign(sign: str) -> str:
    """What is heard after the closure: the fricative of an affricate, or breath; empty for a voiced plosive."""
    if len(sign) > 1 and sign[1] in _FRICATIVES:
        return sign[1:]
    return "" if sign[0] in _PLOSIVES_VOICED else "ʰ"


def _burst(span: Span, bright: NDArray[np.float64]) -> int:
    """Sample of the sharpest rise of brightness near a plosive."""
    step = round(0.003 * RATE)
    low = max(span.start - round(0.004 * RATE), step)
    voiced = span.sign[0] in _PLOSIVES_VOICED
    latest = span.end + round(0.010 * RATE) if voiced else span.start + round(0.012 * RATE)
    high = min(latest, len(bright) - step)
    if high <= low:
        return span.start
    at = np.arange(low, high)
    rise = bright[at + step] - bright[at - step]
    best = int(np.argmax(rise))
    if rise[best] <= 6.0:
        return span.start
    near = bright[at[best] - step : at[best] + step]
    return int(at[best]) - step + int(np.flatnonzero(near > (near.min() + near.max()) / 2.0)[0])


def _closure(span: Span, burst: int, before: Span | None, bright: NDArray[np.float64]) -> int:
    """Sample at which the quiet before a burst begins."""
    if before is None or before.sign == PAUSE:
        earliest = burst - _LEADING_CLOSURE
        return earliest if before is None else max(earliest, (before.start + before.end) // 2)
    earliest = max(before.start + _SHORTEST_SOUND, burst - _LONGEST_CLOSURE)
    window = bright[earliest : max(burst - 2 * _HALF_WINDOW, earliest + 1)]
    loud, quiet = float(np.max(window)), float(np.min(window[-round(0.03 * RATE) :]))
    above = np.flatnonzero(window > (loud + quiet) / 2.0)
    if loud < bright[min(burst + _HALF_WINDOW, len(bright) - 1)] - 20.0:
        return earliest
    if loud - quiet < 6.0 or not len(above):
        return min(span.start, burst)
    return earliest + int(above[-1]) + 1


def _tile(spans: list[Span], start: int, end: int) -> tuple[Span, ...]:
    """Spans cut to [start, end), shifted to begin at 0 and joined without gaps."""
    kept = [s for s in spans if s.end > start and s.start < end]
    while kept and kept[0].sign == PAUSE:
        kept.pop(0)
    while kept and kept[-1].sign == PAUSE:
        kept.pop()
    tiled: list[Span] = []
    for index, span in enumerate(kept):
        head = 0 if not tiled else tiled[-1].end
        tail = end - start if index == len(kept) - 1 else min(kept[index + 1].start, end) - start
        if tail > head:
            tiled.append(replace(span, start=head, end=tail))
    return tuple(tiled)


def _words(raw: Raw, text: str, spans: tuple[Span, ...]) -> tuple[tuple[str, int, int], ...]:
    """Words as written, on the spans they are made of.

    The engine joins some words ("of the") into one mark; they share its time by their length.
    """
    tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", text) if any(c.isalnum() for c in m.group())]
    starts: list[int | None] = [None] * len(tokens)
    for word in raw.words:
        for index, (_, low, high) in enumerate(tokens):
            if low <= word.position < high and starts[index] is None:
                row = next((i for i, s in enumerate(spans) if s.mark >= word.sample and s.sign != PAUSE), None)
                if row is not None:
                    starts[index] = spans[row].start
    if not tokens:
        return ()
    starts[0] = 0
    groups = [i for i, s in enumerate(starts) if s is not None]
    result: list[tuple[str, int, int]] = []
    for number, index in enumerate(groups):
        begin = starts[index] or 0
        last = groups[number + 1] if number + 1 < len(groups) else len(tokens)
        limit = (starts[last] or 0) if last < len(tokens) else spans[-1].end
        finish = max((s.end for s in spans if s.sign != PAUSE and begin <= s.start < limit), default=limit)
        result += _share([t for t, _, _ in tokens[index:last]], begin, min(finish, limit))
    return tuple(w for w in result if w[2] > w[1])


def _share(texts: list[str], start: int, end: int) -> list[tuple[str, int, int]]:
    """Words one after another in [start, end), each as long as its letters say."""
    edges = np.cumsum([0] + [len(t) for t in texts])
    cuts = [start + round((end - start) * float(e) / float(edges[-1])) for e in edges]
    return [(t, a, b) for t, a, b in zip(texts, cuts, cuts[1:], strict=False)]
