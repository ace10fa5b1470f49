"""Voices: every row of Take.utterances said again, from the same words and voice, at the sample where it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from .. import speech
from ..take import Take
from ._kernel import RATE, Array, fade, high_pass, sample_of
from .events import Sound

VOICE_PA = 0.0356
"""What people speak at: 65 dB at 1 m."""


class Spoken(Protocol):
    """What a voice gives back: at least its samples, mono 48 kHz."""

    @property
    def pcm(self) -> Array:
        """(n,) float32."""


class Voices(Protocol):
    """Who can speak; `soundstage.speech` is one."""

    def speak(self, text: str, voice: Mapping[str, Any], *, language: str, mood: str) -> Spoken:
        """Words said."""

    def vocalise(self, kind: str, voice: Mapping[str, Any], *, seed: int) -> Spoken:
        """A laugh, grunt or sigh."""


def dialogue(take: Take, voices: Voices | None = None) -> list[Sound]:
    """Every utterance, each person brought to the same loudness over all that they say.

    A person's own differences (a whisper, a shout) stay as the voice made them.
    """
    said = _said(take, voices)
    made: list[Sound] = []
    for person in sorted({p for p, _, _ in said}):
        own = [(row, pcm) for p, row, pcm in said if p == person]
        level = _active_level(np.concatenate([pcm for _, pcm in own]))
        for row, pcm in own:
            start = round(sample_of(int(take.utterances.start[row])))
            shaped = high_pass(pcm, 75.0, 2) * (VOICE_PA / max(level, 1e-9))
            made.append(
                Sound(
                    start=start,
                    pcm=shaped * fade(len(shaped), 48, 240),
                    position=mouth(take, person, int(take.utterances.start[row])),
                    family=f"voice/{person}",
                )
            )
    return sorted(made, key=lambda sound: sound.start)


def _said(take: Take, voices: Voices | None) -> list[tuple[int, int, Array]]:
    """Person, row and samples of each utterance that can be heard."""
    table = take.utterances
    if voices is None:
        voices = speech
    said = []
    for row in range(len(table.start)):
        person = int(table.person[row])
        if not 0 <= person < len(take.people) or int(table.start[row]) >= take.duration:
            continue
        voice = take.people[person].voice
        if str(table.kind[row]) == "speech":
            spoken = voices.speak(
                str(table.text[row]), voice, language=str(table.language[row]), mood=str(table.mood[row])
            )
        else:
            spoken = voices.vocalise(str(table.kind[row]), voice, seed=take.seed)
        pcm = np.nan_to_num(np.asarray(spoken.pcm, dtype=np.float64).ravel())
        if len(pcm):
            said.append((person, row, pcm))
    return said


def _active_level(pcm: Array) -> float:
    """Root mean square over the parts in which somebody speaks (20 ms frames within 25 dB of the loudest)."""
    frame = round(0.02 * RATE)
    count = max(1, len(pcm) // frame)
    padded = np.pad(pcm, (0, max(0, count * frame - len(pcm))))[: count * frame]
    energy = np.mean(padded.reshape(count, frame) ** 2, axis=1)
    return float(np.sqrt(np.mean(energy[energy >= energy.max() * 10**-2.5])))


def mouth(take: Take, person: int, tick: int) -> Array:
    """Roughly where a person's mouth is [m]: over the hips, by what is left of their height."""
    step = int(np.clip(np.searchsorted(take.time, tick), 0, len(take.time) - 1))
    height = float(take.people[person].identity.get("height_m", 1.7))
    return np.asarray(take.person_root[step, person] + np.array([0.0, 0.0, 0.36 * height]))
