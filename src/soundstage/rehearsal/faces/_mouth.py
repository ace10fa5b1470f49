"""Speech on the lips: phones → jaw, lips and tongue, coarticulated.

Each sound pulls the mouth towards its shape, most while it sounds and less the farther away it is, and each part of
the mouth goes where the pulls balance (dominance functions: Löfqvist 1990, Cohen & Massaro 1993). Lips that must meet
(p, b, m) or touch the teeth (f, v) are not left to the balance: they are closed exactly while the sound is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...body import FACE_ACTIONS, FACE_INDEX
from ...speech import PAUSE
from ._data import Floats, Viseme, group_members, sides, spell, visemes

_REACH_S = {"jaw": (0.025, 0.024), "round": (0.075, 0.060), "spread": (0.060, 0.050), "lips": (0.044, 0.036)}
"""How far a sound's pull reaches before and after it: the mouth prepares longer than it lingers, rounding longest."""
_REST_BEFORE_S, _REST_AFTER_S = 0.16, 0.20  # from rest to speech and back
_REST_PULL = 0.8
_SHORTEST_CLOSURE_S = 0.045  # a little over a film frame, so that every closure is seen
_CLOSING_S, _OPENING_S = 0.050, 0.042
_BITING_S = 0.052
_HIATUS_S, _BREATH_S = 0.09, 0.25  # shorter silences leave the mouth alone, in longer ones breath is drawn
_SMOOTH_S = 0.010
_JAW_LEFT_BY_CLOSURE = 0.5

_FIRM_MM = 1.1  # closed lips press into each other by so much, whatever else the face does
_MM_PER_CLOSE = 35.0  # measured on the body's mesh, as are these: lips brought together per unit of weight [mm]
_PRESSED_BY_MM = {"mouthSmile": 2.7, "mouthPress": 2.3, "mouthPucker": 2.3}

_JAW, _CLOSE = FACE_INDEX["jawOpen"], FACE_INDEX["mouthClose"]
_OPENERS = [
    i for n in ("mouthFunnel", "mouthLowerDown", "mouthUpperUp", "mouthShrugUpper", "tongueOut") for i in sides(n)
]
_SPREADERS = list(sides("mouthStretch"))


@dataclass(frozen=True)
class Sounding:
    """A phone, in seconds on the scene's clock."""

    start: float
    end: float
    ipa: str
    stress: int


@dataclass(frozen=True)
class _Segment:
    start: float
    end: float
    viseme: Viseme
    size: float


@dataclass(frozen=True)
class Contact:
    """(T,) 0…1 how far the lips are held together, and the lower lip against the teeth."""

    closed: Floats
    bitten: Floats


def articulate(time: Floats, sounds: Sequence[Sounding], loudness: Floats) -> Floats:
    """(T, 52) the mouth of one utterance before contacts; `loudness` (T,) scales how far jaw and lips open, about 1."""
    segments = _segments(sounds)
    begin, end = sounds[0].start, sounds[-1].end
    result = np.zeros((len(time), len(FACE_ACTIONS)))
    away = np.maximum((begin - time) / _REST_BEFORE_S, (time - end) / _REST_AFTER_S)
    rest = 0.02 + _REST_PULL * _smoothstep(away)
    shapes = np.array([s.viseme.shape * s.size for s in segments])
    for group, (members, reach) in enumerate(zip(group_members(), _REACH_S.values(), strict=True)):
        pull = np.array([s.viseme.pull[group] * _fade(time, s, *reach) for s in segments])  # (S, T)
        result[:, members] = (pull.T @ shapes[:, members]) / (pull.sum(axis=0) + rest)[:, None]
    opening = [_JAW, *(i for n in ("mouthLowerDown", "mouthUpperUp") for i in sides(n))]
    result[:, opening] *= loudness[:, None]
    return _smooth(result, time)


def contacts(time: Floats, sounds: Sequence[Sounding]) -> Contact:
    """When the lips of an utterance must meet, and when the lower lip must touch the upper teeth."""
    closed, bitten = np.zeros(len(time)), np.zeros(len(time))
    for sound in sounds:
        first = spell(sound.ipa)[0]
        if first.close:
            start = min(sound.start, sound.end - _SHORTEST_CLOSURE_S)
            if sound is sounds[0]:
                start -= _REST_BEFORE_S  # lips that are closed do not part to close again
            closed = np.maximum(closed, _held(time, start, sound.end, _CLOSING_S, _OPENING_S))
        elif first.bite:
            inset = 0.15 * (sound.end - sound.start)
            bitten = np.maximum(bitten, _held(time, sound.start + inset, sound.end - inset, _BITING_S, _BITING_S))
    return Contact(closed, bitten * (1.0 - closed))


def touch(face: Floats, contact: Contact) -> Floats:
    """(T, 52) the face with its lips together where they must be.

    mouthClose is the action that brings the lips together again over an open jaw: at the weight of jawOpen they meet.
    """
    result = face.copy()
    bite = visemes()["FF"].shape
    bitten = contact.bitten[:, None]
    for members in (group_members()[0], group_members()[1], group_members()[3]):
        result[:, members] = result[:, members] * (1.0 - bitten) + bite[members] * bitten
    closed = contact.closed
    result[:, _OPENERS] *= (1.0 - closed)[:, None]
    result[:, _SPREADERS] *= (1.0 - 0.4 * closed)[:, None]
    result[:, _JAW] *= 1.0 - (1.0 - _JAW_LEFT_BY_CLOSURE) * closed
    press = list(sides("mouthPress"))
    result[:, press] = np.maximum(result[:, press], (closed * visemes()["PP"].shape[press[0]])[:, None])
    pressed = sum(mm * result[:, sides(name)[0]] for name, mm in _PRESSED_BY_MM.items())
    firm = np.clip((_FIRM_MM - pressed) / _MM_PER_CLOSE, -0.10, 0.04)
    result[:, _CLOSE] = np.maximum(result[:, _CLOSE], closed * (result[:, _JAW] + firm))
    return result


def _segments(sounds: Sequence[Sounding]) -> list[_Segment]:
    """Sounds as single mouth shapes; stressed vowels are articulated more, unstressed ones less."""
    segments: list[_Segment] = []
    for sound in sounds:
        shapes = spell(sound.ipa)
        length = sound.end - sound.start
        if sound.ipa == PAUSE and (length < _HIATUS_S or length > _BREATH_S):
            shapes = (visemes()["hh" if length < _HIATUS_S else "breath"],)
        cut = np.linspace(sound.start, sound.end, len(shapes) + 1)
        if len(shapes) == 2:
            cut[1] = sound.start + 0.55 * length
        size = {0: 0.92, 1: 1.0, 2: 1.08}[min(sound.stress, 2)]
        segments += [_Segment(float(a), float(b), v, size) for a, b, v in zip(cut, cut[1:], shapes, strict=False)]
    return segments


def _fade(time: Floats, segment: _Segment, before_s: float, after_s: float) -> Floats:
    """(T,) 1 while a segment sounds, falling off smoothly before and after; a short sound pulls less."""
    early = np.maximum(segment.start - time, 0.0) / before_s
    late = np.maximum(time - segment.end, 0.0) / after_s
    middle = min(1.0, 0.35 + (segment.end - segment.start) / 0.09)
    result: Floats = middle * np.exp(-(early**2) - late**2)
    return result


def _held(time: Floats, start: float, end: float, rise: float, fall: float) -> Floats:
    """(T,) 1 in [start, end], rising before and falling after."""
    return np.minimum(_smoothstep((time - start + rise) / rise), _smoothstep((end + fall - time) / fall))


def _smoothstep(x: Floats) -> Floats:
    x = np.clip(x, 0.0, 1.0)
    result: Floats = x * x * (3.0 - 2.0 * x)
    return result


def _smooth(rows: Floats, time: Floats) -> Floats:
    """Rows over time without edges sharper than a mouth has."""
    if len(time) < 3:
        return rows
    step = float(time[1] - time[0])
    half = max(1, round(3 * _SMOOTH_S / step))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) * step / _SMOOTH_S) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(rows, ((half, half), (0, 0)), mode="edge")
    result = sum(k * padded[i : i + len(rows)] for i, k in enumerate(kernel))
    return np.asarray(result, dtype=np.float64)
