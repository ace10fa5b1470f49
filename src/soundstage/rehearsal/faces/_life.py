"""What a face does besides speaking: moods and efforts that come and go, brows on stresses, blinks, small unrest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...body import FACE_ACTIONS
from ._data import MOUTH, Expression, Floats, sides, table
from ._mouth import Sounding, _smoothstep

_UNREST = {"browInnerUp": 0.035, "browOuterUp": 0.025, "eyeSquint": 0.035, "browDown": 0.02, "cheekSquint": 0.015}
_MOUTH_OF_MOOD_WHILE_SPEAKING = 0.6


@dataclass(frozen=True)
class Feeling:
    """An expression held from `start` to `end` [s]."""

    start: float
    end: float
    expression: Expression
    strength: float = 1.0


def feel(time: Floats, feelings: Sequence[Feeling], speaking: Floats, uneven: Floats) -> Floats:
    """(T, 52) the strongest of what is felt, per action; `speaking` (T,) 0…1 leaves the mouth to the words.

    `uneven` (52,) is the person's own asymmetry, about 1.
    """
    face = np.zeros((len(time), len(FACE_ACTIONS)))
    for feeling in feelings:
        rise, fall = feeling.expression.rise_s, feeling.expression.fall_s
        up = _smoothstep((time - feeling.start + rise) / rise)
        down = _smoothstep((feeling.end + fall - time) / fall) ** 1.5
        face = np.maximum(face, np.minimum(up, down)[:, None] * feeling.expression.shape * feeling.strength)
    yielding = 1.0 - (1.0 - _MOUTH_OF_MOOD_WHILE_SPEAKING) * speaking
    face[:, MOUTH] *= yielding[:, None]
    return face * uneven


def beats_of_brows(time: Floats, sounds: Sequence[Sounding], question: bool, rng: np.random.Generator) -> Floats:
    """(T, 52) brows that rise with some of the stressed syllables, and at the end of a question."""
    face = np.zeros((len(time), len(FACE_ACTIONS)))
    inner, outer = list(sides("browInnerUp")), list(sides("browOuterUp"))
    lift = np.zeros(len(time))
    for sound in sounds:
        if sound.stress < 2 or rng.random() > 0.5:
            continue
        height = float(rng.uniform(0.08, 0.20))
        peak = sound.start + 0.06
        lift = np.maximum(lift, height * _bump(time, peak - 0.18, peak, peak + 0.28))
    if question and sounds:
        end = sounds[-1].end
        lift = np.maximum(lift, 0.24 * _bump(time, end - 0.45, end - 0.08, end + 0.45))
    face[:, inner] = lift[:, None]
    face[:, outer] = 0.7 * lift[:, None]
    return face


def _bump(time: Floats, start: float, peak: float, end: float) -> Floats:
    return np.minimum(_smoothstep((time - start) / (peak - start)), _smoothstep((end - time) / (end - peak)))


def unrest(time: Floats, rng: np.random.Generator) -> Floats:
    """(T, 52) slow, small movements of brows and lids (not of the mouth, which is still when it is silent)."""
    face = np.zeros((len(time), len(FACE_ACTIONS)))
    for name, size in _UNREST.items():
        wave = np.zeros(len(time))
        for period in rng.uniform(1.8, 8.0, 3):
            wave += np.sin(2 * np.pi * (time / period + rng.random()))
        for index in sides(name):
            face[:, index] = size * np.clip(0.4 + wave / 3.0, 0.0, 1.0)
    return face


def blinks(time: Floats, nudges: Sequence[float], rng: np.random.Generator) -> Floats:
    """(T,) closure of the lids 0…1: every few seconds, sooner where `nudges` [s] (shifts of gaze) invite one."""
    numbers = table()["blink"]
    low, high = numbers["interval_s"]
    first, last = float(time[0]), float(time[-1])
    due = first + float(rng.uniform(0.3, high))
    invited = sorted(n for n in nudges if rng.random() < numbers["at_gaze_shift"])
    closure = np.zeros(len(time))
    previous = first - high
    while due < last + 0.5:
        sooner = [n for n in invited if previous + 0.7 < n < due]
        moment = sooner[0] if sooner else due
        closing, shut, opening = (float(rng.uniform(*numbers[k])) for k in ("close_s", "shut_s", "open_s"))
        down = _smoothstep((time - moment) / closing)
        up = _smoothstep((moment + closing + shut + opening - time) / opening)
        closure = np.maximum(closure, np.minimum(down, up))
        previous = moment
        due = moment + low + (high - low) * float(rng.beta(1.6, 2.2))
    return closure
