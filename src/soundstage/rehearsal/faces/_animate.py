"""Puts the face together, person after person."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ... import clock, speech
from ...body import FACE_ACTIONS
from ...errors import InputError
from ...screenplay.model import Beat
from ...take import Array, Person, Phones, Utterances
from ..schedule import Cue
from . import _life, _mouth
from ._data import Floats, expression, sides, table
from ._life import Feeling
from ._mouth import Sounding

_BLINK, _SQUINT, _WIDE = (list(sides(n)) for n in ("eyeBlink", "eyeSquint", "eyeWide"))


def animate(
    time: Array,
    people: Sequence[Person],
    utterances: Utterances,
    phones: Phones,
    cues: Sequence[Cue] = (),
    *,
    seed: int = 0,
    gaze_shifts: Mapping[int, Sequence[int]] | None = None,
) -> NDArray[np.float32]:
    """(T, P, 52) weights 0…1 of the face actions, in the order of `soundstage.body.FACE_ACTIONS`.

    Args:
        time: (T,) moments [ticks], evenly spaced (POSE_RATE).
        cues: lines and beats; what people do colours their faces.
        seed: of the scene; every person blinks in their own rhythm.
        gaze_shifts: per person, moments [ticks] when the eyes leap: blinks like to come with them.
    """
    seconds = np.asarray(time, dtype=np.float64) / clock.TICKS_PER_SECOND
    faces = np.zeros((len(seconds), len(people), len(FACE_ACTIONS)), np.float32)
    for index, person in enumerate(people):
        shifts = [clock.seconds(t) for t in (gaze_shifts or {}).get(index, ())]
        face = _face(seconds, index, person, utterances, phones, cues, shifts, seed)
        # Nobody sees a ten-thousandth; rounded, a face far from a word is the same whatever the word is.
        faces[:, index] = np.round(face, 4)
    return faces


def _face(
    time: Floats,
    index: int,
    person: Person,
    utterances: Utterances,
    phones: Phones,
    cues: Sequence[Cue],
    shifts: Sequence[float],
    seed: int,
) -> Floats:
    """(T, 52) of one person."""
    rng = np.random.default_rng([seed, zlib.crc32(person.id.encode())])
    uneven = np.clip(rng.normal(1.0, 0.05, len(FACE_ACTIONS)), 0.88, 1.12)
    face = np.zeros((len(time), len(FACE_ACTIONS)))
    closed, bitten, speaking = np.zeros(len(time)), np.zeros(len(time)), np.zeros(len(time))
    feelings = _deeds(person.id, cues)
    invitations = list(shifts)
    for row in np.flatnonzero(np.asarray(utterances.person) == index):
        sounds = _sounds(phones, int(row))
        if not sounds:
            continue
        feelings += _feelings(utterances, int(row))
        near = np.flatnonzero((time > sounds[0].start - 0.6) & (time < sounds[-1].end + 0.6))
        invitations += [sounds[0].start - 0.05, sounds[-1].end + 0.15]
        if not len(near):
            continue
        now = time[near]
        loud = _loudness(now, utterances, int(row), person, seed)
        face[near] = np.maximum(face[near], _mouth.articulate(now, sounds, loud))
        contact = _mouth.contacts(now, sounds)
        closed[near], bitten[near] = np.maximum(closed[near], contact.closed), np.maximum(bitten[near], contact.bitten)
        if utterances.kind[row] == "speech":
            speaking[near] = np.maximum(speaking[near], _speaking(now, sounds))
            question = str(utterances.text[row]).rstrip("\"'”’» ").endswith(("?", "؟"))
            brow_rng = np.random.default_rng([seed, zlib.crc32(f"{person.id} {utterances.line[row]}".encode())])
            face[near] += _life.beats_of_brows(now, sounds, question, brow_rng)
    face += _life.feel(time, feelings, speaking, uneven)
    face += _life.unrest(time, rng)
    face = np.clip(_mouth.touch(np.clip(face, 0.0, 1.0), _mouth.Contact(closed, bitten)), 0.0, 1.0)
    return _lids(face, _life.blinks(time, invitations, rng))


def _lids(face: Floats, closure: Floats) -> Floats:
    """Blinks laid over: a closing lid takes squint and wide eyes along."""
    face[:, _SQUINT] *= (1.0 - 0.7 * closure)[:, None]
    face[:, _WIDE] *= (1.0 - closure)[:, None]
    face[:, _BLINK] = np.maximum(face[:, _BLINK], closure[:, None])
    return face


def _sounds(phones: Phones, row: int) -> list[Sounding]:
    own = np.flatnonzero(np.asarray(phones.utterance) == row)
    return [
        Sounding(
            clock.seconds(phones.start[i]), clock.seconds(phones.end[i]), str(phones.ipa[i]), int(phones.stress[i])
        )
        for i in own
    ]


def _feelings(utterances: Utterances, row: int) -> list[Feeling]:
    """What an utterance shows beyond its sounds."""
    kind, mood = str(utterances.kind[row]), str(utterances.mood[row])
    shown = expression("moods", mood) if kind == "speech" else expression("vocal", kind)
    if shown is None:
        return []
    return [Feeling(clock.seconds(utterances.start[row]), clock.seconds(utterances.end[row]), shown)]


def _deeds(person_id: str, cues: Sequence[Cue]) -> list[Feeling]:
    """Effort and joy of what somebody does."""
    feelings: list[Feeling] = []
    for cue in cues:
        beat = cue.record
        if not isinstance(beat, Beat) or beat.actor != person_id:
            continue
        shown = [expression("actions", beat.action)]
        shown += [expression("moods", table()["manners"][m]) for m in beat.manner if m in table()["manners"]]
        feelings += [Feeling(clock.seconds(cue.start), clock.seconds(cue.end), s) for s in shown if s is not None]
    return feelings


def _speaking(time: Floats, sounds: Sequence[Sounding]) -> Floats:
    """(T,) 1 from first sound to last."""
    begin, end = sounds[0].start, sounds[-1].end
    up, down = np.clip((time - begin + 0.12) / 0.12, 0, 1), np.clip((end + 0.25 - time) / 0.25, 0, 1)
    return np.minimum(up, down)


def _loudness(time: Floats, utterances: Utterances, row: int, person: Person, seed: int) -> Floats:
    """(T,) how far the mouth opens for it, 0.7…1.25 about 1, from the samples of the voice themselves."""
    start, end = int(utterances.start[row]), int(utterances.end[row])
    try:
        if utterances.kind[row] == "speech":
            said = speech.speak(
                str(utterances.text[row]), person.voice, str(utterances.language[row]), str(utterances.mood[row])
            )
        else:
            said = speech.vocalise(str(utterances.kind[row]), person.voice, seed=seed)
    except InputError:  # an utterance of another engine: its phones are enough
        return np.ones(len(time))
    if abs(len(said.pcm) * clock.period(clock.AUDIO_RATE) - (end - start)) > clock.ticks(0.02):
        return np.ones(len(time))
    hop = clock.AUDIO_RATE // 200
    blocks = np.pad(said.pcm, (0, hop))[: len(said.pcm) // hop * hop + hop].reshape(-1, hop)
    power = np.convolve((blocks.astype(np.float64) ** 2).mean(axis=1), np.hanning(15) / np.hanning(15).sum(), "same")
    level = np.sqrt(power / max(float(np.percentile(power, 90)), 1e-12))
    moments = clock.seconds(start) + (np.arange(len(level)) + 0.5) * hop / clock.AUDIO_RATE
    heard = np.interp(time, moments, np.clip(level, 0.0, 1.3))
    return np.clip(0.80 + 0.28 * heard, 0.7, 1.25)
