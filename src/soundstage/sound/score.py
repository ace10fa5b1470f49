"""Take → Stems: the whole way of sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..take import Take
from . import balls, mix
from ._kernel import RATE, Array, add_at, sample_of
from .ambience import EDGE_S, ambience
from .bodies import Cast
from .cloth import rustles
from .dialogue import Voices, dialogue
from .events import Stems, silence
from .footsteps import footsteps
from .friction import frictions
from .impacts import impacts
from .master import master

_TAIL_S = 1.5
"""How long a scene may ring on into the next."""


def score(take: Take, *, levels: Mapping[str, float], voices: Voices | None = None) -> Stems:
    """The sound of one scene: four stems and their mix, float32 (N, 2) at 48 kHz, N the take's exact length.

    `levels` may hold loudness_lufs (default -16), true_peak_dbtp (-1), dialogue_db, effects_db and footsteps_db (0);
    the ambience's level is the place's. `voices` speaks the lines; by default `soundstage.speech` does. The same take
    and levels give the same samples.

    It knows nothing of pixels: a contact sounds because it is in the Take, at the sample at which it is there. Sound
    does not travel to the camera (soundstage.sound.space says why), moving sources have no Doppler shift, and things
    do not break.
    """
    return score_film([take], levels=levels, voices=voices)


def score_film(takes: Sequence[Take], *, levels: Mapping[str, float], voices: Voices | None = None) -> Stems:
    """The sound of scenes one after the other, brought to the film's loudness as a whole: quiet scenes stay quiet."""
    starts = np.concatenate([[0], np.cumsum([length(take) for take in takes])]).astype(int)
    stems = {name: silence(int(starts[-1])) for name in ("dialogue", "effects", "footsteps", "ambience")}
    for take, start in zip(takes, starts, strict=False):
        for name, part in _rough(take, levels, voices).items():
            add_at(stems[name], int(start), part)  # what still rings at a cut rings over it
    bed = stems.pop("ambience")
    return master(stems, bed, levels)


def length(take: Take) -> int:
    """Number of samples of a take."""
    return round(sample_of(take.duration))


def _rough(take: Take, levels: Mapping[str, float], voices: Voices | None) -> dict[str, Array]:
    """Stems of one take before the last gain, with what rings on after its end."""
    count = length(take)
    ringing = count + round(_TAIL_S * RATE)
    cast = Cast(take)
    place = mix.room(take)
    spoken = mix.voices(dialogue(take, voices), take, ringing)
    effects = mix.bus(
        [*impacts(take, cast), *frictions(take, cast), *balls.swishes(take), *balls.catches(take)], take, ringing
    )
    steps = mix.bus([*footsteps(take, cast), *rustles(take)], take, ringing, distance=0.7, trim_db=-9.0)
    stems = mix.trimmed(
        {
            "dialogue": mix.wet(spoken, place, -4.0),
            "effects": mix.wet(effects, place),
            "footsteps": mix.wet(steps, place),
        },
        levels,
    )
    bed = ambience(take, count + round(EDGE_S * RATE))  # fades out under the next scene's
    stems["ambience"] = mix.ducked(bed, spoken.dry[: len(bed)])
    return stems
