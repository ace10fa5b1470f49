"""The voice of every line: when it sounds, whose it is, and how much of it is understood.

A Take holds what a voice needs to say a line again exactly; so each line is said again, dry, and looked for in the
decoded sound. Where it cannot be (another engine, another version), the dialogue stem beside the film stands in, if
there is one: it has the room on it, which flatters intelligibility.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..errors import SoundstageError
from ..take import Take
from .footage import Facts, Picture, Sound
from .intelligibility import stoi
from .rows import Moment, Row, not_measurable
from .truth import Truth

Array = NDArray[Any]

KEYS = ("voice_offset", "stoi", "voice_right")

AROUND_S = 0.5
"""A voice is looked for so much before and after its time."""
LEAST = 0.12
"""Correlation with the dry voice below which a voice is not recognised."""
LEAST_S = 0.4
"""Shorter lines have no intelligibility."""
BETTER = 1.25
"""Another's voice must correlate so much better to be taken for the one that is heard."""
MOST_RIVALS = 3
LENGTH_S = 0.02
"""A line said again that is longer or shorter by more is not what was said."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One utterance of a film."""

    start_s: float
    end_s: float
    scene: int
    row: int
    """Row of the Take's utterances."""
    person: int
    speaker: str
    text: str
    speech: bool
    """False of a laugh or a sigh."""


@dataclass(frozen=True, kw_only=True)
class Voiced:
    """What is heard of a line."""

    line: Line
    offset_s: float | None
    """How late it is; None if it is not recognised."""
    clarity: float | None
    """Intelligibility 0…1, 0 if it is not heard at all; None if it is too short, or cannot be said again."""
    whose: int | None
    """Person whose voice it is; None if that cannot be told."""
    compared: bool
    """Whether there are others whose voice it might be."""


def make(facts: Facts, truth: Truth | None) -> Voices | None:
    """Somebody who knows the voices, if anybody speaks."""
    if truth is None or not facts.has_sound:
        return None
    return Voices(truth, facts.path.with_suffix("") / "stems" / "dialogue.wav")


def lines(truth: Truth) -> list[Line]:
    """Every utterance, in order."""
    made = []
    for scene, take in enumerate(truth.takes):
        said = take.utterances
        for row in range(len(said.start)):
            person = int(said.person[row])
            if not 0 <= person < len(take.people) or not 0 <= int(said.start[row]) < take.duration:
                continue
            made.append(
                Line(
                    start_s=truth.film_time(scene, int(said.start[row])),
                    end_s=truth.film_time(scene, min(int(said.end[row]), take.duration)),
                    scene=scene,
                    row=row,
                    person=person,
                    speaker=take.people[person].name,
                    text=str(said.text[row]) or f"({said.kind[row]})",
                    speech=str(said.kind[row]) == "speech",
                )
            )
    return sorted(made, key=lambda line: line.start_s)


class Voices:
    """Hears every line; holds no more sound than the longest of them."""

    def __init__(self, truth: Truth, stem: Path | None = None) -> None:
        self.truth, self.stem = truth, stem
        self.voiced: list[Voiced] = []
        self._waiting = lines(truth)
        self._held = np.zeros(0, dtype=np.float32)
        self._start = 0
        self._rate = clock.AUDIO_RATE
        self._seen_s = 0.0

    def look(self, picture: Picture) -> None:
        """Lines that fall after the sound has ended should be heard, too."""
        self._seen_s = picture.time_s

    def listen(self, sound: Sound) -> None:
        self._rate = sound.rate
        self._held = np.concatenate([self._held, sound.samples.mean(axis=1)])
        while self._waiting and sound.start / sound.rate > max(line.end_s for line in self._waiting[:1]) + AROUND_S:
            self._hear(self._waiting.pop(0))
        needed = self._waiting[0].start_s - AROUND_S if self._waiting else sound.start / sound.rate
        drop = min(round(needed * self._rate) - self._start, len(self._held) - 1)
        if drop > self._rate:
            self._held, self._start = self._held[drop:], self._start + drop

    def end(self) -> list[Voiced]:
        """What was heard of every line, after the end of the film."""
        for line in self._waiting:
            if line.start_s < max(self._seen_s, (self._start + len(self._held)) / self._rate):
                self._hear(line)
        self._waiting = []
        return self.voiced

    def _hear(self, line: Line) -> None:
        """Find a line in what is held."""
        first = round((line.start_s - AROUND_S) * self._rate)
        last = round((line.end_s + AROUND_S) * self._rate)
        piece = np.zeros(last - first)
        a, b = max(first, self._start), min(last, self._start + len(self._held))
        if b > a:
            piece[a - first : b - first] = self._held[a - self._start : b - self._start]
        voiced = _voiced(line, piece, self._candidates(line), self._rate)
        if voiced.offset_s is None:
            from_stem = _from_stem(self.stem, line)  # the voice may be of another version than this one
            if from_stem is not None:
                again = _voiced(line, piece, {line.person: _resampled(from_stem, self._rate)}, self._rate)
                voiced = again if again.offset_s is not None and voiced.whose is None else voiced
        self.voiced.append(voiced)

    def _candidates(self, line: Line) -> dict[int, Array]:
        """The line in the voice of everybody, dry, at the film's sample rate; the speaker's own first."""
        take = self.truth.takes[line.scene]
        made: dict[int, Array] = {}
        own = _said(take, line.row, take.people[line.person].voice)
        length = (int(take.utterances.end[line.row]) - int(take.utterances.start[line.row])) / clock.TICKS_PER_SECOND
        if own is None or abs(len(own) / clock.AUDIO_RATE - length) > LENGTH_S:
            own = _from_stem(self.stem, line)
        if own is None:
            return {}
        made[line.person] = _resampled(own, self._rate)
        for person in _rivals(take, line.person):
            said = _said(take, line.row, take.people[person].voice)
            if said is not None:
                made[person] = _resampled(said, self._rate)
        return made

    def rows(self) -> Iterable[Row]:
        voiced = self.end()
        if not voiced:
            return [not_measurable(key, "nobody speaks in the film") for key in KEYS]
        return [_offset_row(voiced), _clarity_row(voiced), _whose_row(voiced)]


def _rivals(take: Take, speaker: int) -> list[int]:
    """Others whose voice a line might have been given: those with a voice of their own, those who speak first."""
    own = dict(take.people[speaker].voice)
    speaking = {int(person) for person in take.utterances.person}
    others = [person for person, other in enumerate(take.people) if dict(other.voice) != own]
    return sorted(others, key=lambda person: person not in speaking)[:MOST_RIVALS]


def _said(take: Take, row: int, voice: Mapping[str, Any]) -> Array | None:
    """An utterance said again, at 48 kHz; None if that is not possible here."""
    from .. import speech

    said = take.utterances
    try:
        if str(said.kind[row]) == "speech":
            text, language, mood = str(said.text[row]), str(said.language[row]), str(said.mood[row])
            spoken = speech.speak(text, voice, language=language, mood=mood)
        else:
            spoken = speech.vocalise(str(said.kind[row]), voice, seed=take.seed)
    except (SoundstageError, KeyError, ValueError):
        return None
    return np.asarray(spoken.pcm, dtype=np.float64)


def _from_stem(stem: Path | None, line: Line) -> Array | None:
    """The line from the dialogue stem."""
    if stem is None or not stem.is_file():
        return None
    import soundfile

    try:
        with soundfile.SoundFile(str(stem)) as file:
            if file.samplerate != clock.AUDIO_RATE:
                return None
            file.seek(min(round(line.start_s * file.samplerate), file.frames))
            found = file.read(round((line.end_s - line.start_s) * file.samplerate), always_2d=True)
    except (OSError, RuntimeError):
        return None
    return np.asarray(found.mean(axis=1)) if np.any(found) else None


def _resampled(pcm: Array, rate: int) -> Array:
    if rate == clock.AUDIO_RATE:
        return pcm
    from scipy import signal

    divisor = int(np.gcd(rate, clock.AUDIO_RATE))
    return np.asarray(signal.resample_poly(pcm, rate // divisor, clock.AUDIO_RATE // divisor))


def _voiced(line: Line, piece: Array, candidates: Mapping[int, Array], rate: int) -> Voiced:
    """Whose voice a piece of sound holds, when, and how clearly; the piece begins AROUND_S before the line."""
    found = {person: _best(piece, voice) for person, voice in candidates.items()}
    own = found.get(line.person)
    likeness, at = own or (0.0, 0)
    whose: int | None = None
    if found:
        best = max(found, key=lambda person: found[person][0])
        if found[best][0] >= LEAST:
            whose = best if best == line.person or found[best][0] > BETTER * likeness else line.person
    if own is None or whose not in (None, line.person):
        return Voiced(line=line, offset_s=None, clarity=None, whose=whose, compared=len(found) > 1)
    voice = candidates[line.person]
    if whose is None:
        unheard = 0.0 if len(voice) >= LEAST_S * rate else None
        return Voiced(line=line, offset_s=None, clarity=unheard, whose=None, compared=len(found) > 1)
    heard = piece[at : at + len(voice)]
    heard = np.pad(heard, (0, len(voice) - len(heard)))
    return Voiced(
        line=line,
        offset_s=at / rate - AROUND_S,
        clarity=stoi(voice, heard, rate),
        whose=whose,
        compared=len(found) > 1,
    )


def _best(piece: Array, voice: Array) -> tuple[float, int]:
    """Highest correlation of a voice with any stretch of a piece, and where that begins [samples]."""
    from scipy import signal

    if not np.any(piece) or not np.any(voice) or len(voice) > len(piece):
        return 0.0, 0
    product = signal.correlate(piece, voice, mode="valid", method="fft")
    power = np.concatenate([[0.0], np.cumsum(piece**2)])
    stretch = power[len(voice) :] - power[: -len(voice)]
    likeness = np.abs(product) / np.sqrt(np.maximum(stretch, 1e-6 * power[-1]) * np.sum(voice**2) + 1e-12)
    at = int(np.argmax(likeness))
    return float(likeness[at]), at


def _quoted(line: Line) -> str:
    text = line.text if len(line.text) <= 40 else line.text[:39] + "…"
    return f"{line.speaker}: “{text}”"


def _offset_row(voiced: list[Voiced]) -> Row:
    known = [v for v in voiced if v.offset_s is not None]
    if not known:
        return not_measurable("voice_offset", f"none of the {len(voiced)} lines is recognised in the sound")
    moments = tuple(
        Moment(time_s=v.line.start_s, what=f"{_quoted(v.line)}, {_late(v.offset_s)}", offset=1000 * v.offset_s)
        for v in known
        if v.offset_s is not None
    )
    worst = max(moments, key=lambda moment: abs(moment.offset or 0.0))
    return Row(
        key="voice_offset",
        value=worst.offset,
        worst=worst,
        moments=moments,
        why=_unknown(len(voiced) - len(known)),
    )


def _late(offset_s: float | None) -> str:
    ms = 1000 * (offset_s or 0.0)
    return "in time" if abs(ms) < 0.5 else f"{abs(ms):.1f} ms {'late' if ms > 0 else 'early'}"


def _unknown(count: int) -> str:
    return f"{count} lines are not recognised" if count > 1 else "1 line is not recognised" if count else ""


def _clarity_row(voiced: list[Voiced]) -> Row:
    known = [v for v in voiced if v.clarity is not None]
    if not known:
        reason = "too short (0.4 s are needed) or not recognised in the sound"
        return not_measurable("stoi", f"all {len(voiced)} lines are {reason}")
    moments = tuple(
        Moment(
            time_s=v.line.start_s,
            what=f"{_quoted(v.line)}, {'not heard' if v.offset_s is None else f'{v.clarity:.2f}'}",
            offset=v.clarity,
        )
        for v in known
    )
    worst = min(moments, key=lambda moment: moment.offset or 0.0)
    return Row(key="stoi", value=worst.offset, worst=worst, moments=moments)


def _whose_row(voiced: list[Voiced]) -> Row:
    judged = [v for v in voiced if v.compared and v.whose is not None]
    if not judged:
        one = not any(v.compared for v in voiced)
        return not_measurable("voice_right", "there is only one voice" if one else "no voice is recognised")
    wrong = tuple(
        Moment(time_s=v.line.start_s, what=f"{_quoted(v.line)}, in another's voice")
        for v in judged
        if v.whose != v.line.person
    )
    return Row(
        key="voice_right",
        value=100.0 * (1 - len(wrong) / len(judged)),
        worst=wrong[0] if wrong else None,
        moments=wrong,
        why=_unknown(len(voiced) - len(judged)),
    )
