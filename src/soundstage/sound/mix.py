"""Faders and buses: from mono sounds in pascal to four stereo stems that stand in a film's proportions.

Nature spans too much for a film: a bowling ball that drops is 50 dB over a domino. Each family of sounds (what a mixer
would put on one fader) therefore keeps its own dynamics, while the loudest of each family is brought nearer to a
voice's level. The order of loudness between families stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..take import Take
from . import rooms, space
from ._kernel import REFERENCE_PA, Array, add_at, convolve, decibel, gain, loudest, low_pass
from .events import Sound, silence

VOICE_DB = 65.0
"""Sound pressure level that is put at VOICE_LEVEL_DB."""
VOICE_LEVEL_DB = -28.0
_FAINT, _BELOW, _ABOVE = 0.75, 0.40, 0.28
"""How many dB of film a dB of nature is worth: faint things stay faint, loud ones are brought near."""
_SOFT_DB, _KNEE_DB = 55.0, 85.0
_INAUDIBLE_DB = 15.0
"""Families under this level at 1 m are left out [dB SPL]."""
_LASTING_DB = -6.0
_CREST_DB = 14.0
"""A peak further over the loudest 50 ms than this counts for them (deep thuds, sharp ticks)."""
_DUCK_DB = 3.5
_DUCK_HZ = 2.5


@dataclass(frozen=True, kw_only=True)
class Bus:
    """One stem before mastering."""

    dry: Array  # (N, 2)
    send: Array  # (N,) what the room hears


def fader(level_db: float) -> float:
    """Film level [dB re full scale] of the loudest 50 ms of a family that has `level_db` at 1 m in nature."""
    soft = min(level_db - _SOFT_DB, 0.0)
    middle = float(np.clip(level_db, _SOFT_DB, _KNEE_DB)) - VOICE_DB
    high = max(level_db - _KNEE_DB, 0.0)
    return VOICE_LEVEL_DB + 3.0 + _FAINT * soft + _BELOW * middle + _ABOVE * high


def _tops(sounds: Iterable[Sound]) -> dict[str, float]:
    """Loudest 50 ms of every family [Pa at 1 m]; deep thuds and sharp ticks count by their peaks."""
    loud: dict[str, float] = {}
    for sound in sounds:
        peak = float(np.abs(sound.pcm).max(initial=0.0)) * gain(-_CREST_DB)
        loud[sound.family] = max(loud.get(sound.family, 0.0), loudest(sound.pcm), peak)
    return loud


def _fader_gain(top: float) -> float:
    """Gain from pascal to full scale of a family whose loudest 50 ms have `top` [Pa]."""
    level = decibel(top / REFERENCE_PA)
    return 0.0 if level < _INAUDIBLE_DB else gain(fader(level) - level) / REFERENCE_PA


def _lasting(family: str) -> float:
    """Trim [dB] of what goes on and on: at the level of a strike it would drown it."""
    return _LASTING_DB if family.startswith(("roll/", "scrape/", "cloth")) else 0.0


def bus(
    sounds: Sequence[Sound],
    take: Take,
    count: int,
    *,
    width: float = 0.65,
    distance: float = 1.0,
    trim_db: float = 0.0,
) -> Bus:
    """Sounds placed in the picture and added up."""
    tops = _tops(sounds)
    gains = {family: _fader_gain(top) * gain(trim_db + _lasting(family)) for family, top in tops.items()}
    dry, send = silence(count), np.zeros(count)
    for sound in sounds:
        level = gains[sound.family]
        if level <= 0:
            continue
        # The room hears the source where it is, whatever the microphone does.
        heard = replace(sound, pcm=sound.pcm * level)
        loud = tops[sound.family] * level
        add_at(dry, sound.start, _rounded(space.place(heard, take, width=width, distance=distance), loud))
        add_at(send, sound.start, _rounded(heard.pcm, loud))
    return Bus(dry=dry, send=send)


def _rounded(pcm: Array, loud: float) -> Array:
    """Peaks more than 2 dB over the family's loudest 50 ms bent, never more than 7.5 dB over it, as tape does it.

    A thump keeps its weight and is heard on small speakers, and one click does not hold down a whole film.
    """
    knee, most = loud * gain(2.0), loud * gain(7.5)
    over = np.maximum(np.abs(pcm) - knee, 0.0) / (most - knee)
    return np.asarray(np.where(over > 0, np.sign(pcm) * (knee + (most - knee) * np.tanh(over)), pcm))


def voices(sounds: Sequence[Sound], take: Take, count: int) -> Bus:
    """Dialogue: near the middle, near the microphone, no fader but its own."""
    dry, send = silence(count), np.zeros(count)
    level = gain(VOICE_LEVEL_DB - VOICE_DB) / REFERENCE_PA
    for sound in sounds:
        add_at(dry, sound.start, space.place(sound, take, width=0.3, distance=0.35) * level)
        add_at(send, sound.start, sound.pcm * level)
    return Bus(dry=dry, send=send)


def wet(source: Bus, response: Array, amount_db: float = 0.0) -> Array:
    """The bus with its room, (N, 2)."""
    if len(response) == 0 or not np.any(source.send):
        return source.dry
    count = len(source.send)
    room = np.stack([convolve(source.send, response[:, ear])[:count] for ear in (0, 1)], axis=1)
    return np.asarray(source.dry + gain(amount_db) * room)


def ducked(bed: Array, dialogue: Array) -> Array:
    """The ambience, stepping back by at most 3.5 dB, slowly, while somebody speaks."""
    if not np.any(dialogue):
        return bed
    level = low_pass(np.sqrt(np.maximum(low_pass(np.mean(dialogue**2, axis=1), 6.0), 0.0)), _DUCK_HZ, 2)
    speaking = np.clip(level / gain(VOICE_LEVEL_DB - 8.0), 0.0, 1.0)
    return np.asarray(bed * (10 ** (-_DUCK_DB * speaking / 20))[:, None])


def trimmed(stems: Mapping[str, Array], levels: Mapping[str, float]) -> dict[str, Array]:
    """Stems at the levels a screenplay asks for (`dialogue_db`, `effects_db`, `footsteps_db`; 0 if not given)."""
    return {name: stem * gain(float(levels.get(f"{name}_db", 0.0))) for name, stem in stems.items()}


def room(take: Take) -> Array:
    """Impulse response of the take's place."""
    return rooms.response(take.place, take.seed)
