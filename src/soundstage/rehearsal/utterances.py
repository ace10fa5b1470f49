"""What is said and laughed, put on the scene's clock: the tables that faces, gestures, sound and subtitles share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import clock, speech
from ..screenplay.model import Beat, Line
from ..take import Person, Phones, Utterances, Words, empty, read_only
from .schedule import Cue


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """Everything that mouths do in a scene."""

    utterances: Utterances
    phones: Phones
    words: Words


def utter(cues: Sequence[Cue], people: Sequence[Person], *, vocal: Callable[[Beat], str | None], seed: int) -> Spoken:
    """Times of all speech and vocal actions; `vocal` names the sound a beat makes (laugh …), or None.

    The voice is made again by sound from the same text, voice and seed, so here only its times are kept.
    """
    index = {person.id: p for p, person in enumerate(people)}
    rows: list[tuple[Any, ...]] = []
    phones: list[tuple[Any, ...]] = []
    words: list[tuple[Any, ...]] = []
    for cue in cues:
        record = cue.record
        who = record.speaker if isinstance(record, Line) else record.actor
        if who not in index:
            continue
        voice = people[index[who]].voice
        if isinstance(record, Line):
            spoken = speech.speak(record.text, voice, language=record.language, mood=record.mood)
            row: tuple[str, ...] = ("speech", record.text, record.language, record.mood)
        else:
            kind = vocal(record)
            if kind is None:
                continue
            spoken = speech.vocalise(kind, voice, seed=seed)
            row = (kind, "", "", "neutral")
        end = cue.start + len(spoken.pcm) * clock.period(clock.AUDIO_RATE)
        number = len(rows)
        rows.append((cue.start, end, index[who], cue.id, *row))
        phones += [
            (cue.start + clock.ticks(p.start), cue.start + clock.ticks(p.end), number, p.ipa, p.stress)
            for p in spoken.phones
        ]
        words += [
            (cue.start + clock.ticks(w.start), cue.start + clock.ticks(w.end), number, w.text) for w in spoken.words
        ]
    return Spoken(utterances=_table(Utterances, rows), phones=_table(Phones, phones), words=_table(Words, words))


def _table(kind: type[Any], rows: Iterable[tuple[Any, ...]]) -> Any:
    """Rows as a frozen event table."""
    blank = empty(kind)
    rows = list(rows)
    if not rows:
        return blank
    names = list(blank.__dataclass_fields__)
    columns = {}
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        dtype = getattr(blank, name).dtype
        columns[name] = read_only(np.array(values) if dtype.kind == "U" else np.array(values, dtype=dtype))
    return kind(**columns)
