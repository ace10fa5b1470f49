"""The rustle of clothes: soft noise that follows how fast a body moves, so that a gesture is not mute."""

from __future__ import annotations

import numpy as np

from .. import clock
from ..take import Take
from ._kernel import RATE, Array, fade, generator, low_pass, sample_of, shaped_noise
from .events import Sound

STILL = 0.7
"""Root mean square of all joints' speeds under which nothing rustles [rad/s]: breathing, swaying."""
_BUSY = 4.5
_LEVEL_PA = 1.6e-3
"""Of a body moving at `_BUSY` [Pa at 1 m], some 38 dB."""
_CURVE = [(250.0, -18.0), (700.0, -4.0), (1800.0, 0.0), (4000.0, -4.0), (9000.0, -16.0), (16_000.0, -30.0)]


def rustles(take: Take) -> list[Sound]:
    """One sound per stretch in which somebody moves."""
    made: list[Sound] = []
    if len(take.time) < 8:
        return made
    step = int(take.time[1] - take.time[0])
    for person in range(len(take.people)):
        busy = _activity(take, person, clock.seconds(step))
        for first, last in _stretches(busy > 0.02, round(0.1 * clock.TICKS_PER_SECOND / step)):
            rng = generator(take.seed, "cloth", person, first)
            start = sample_of(int(take.time[first]))
            count = round((last - first) * step / clock.period(RATE))
            at = np.arange(count) * (clock.period(RATE) / step)
            level = np.interp(at, np.arange(last - first), busy[first:last])
            folds = 1 + 0.7 * np.clip(low_pass(rng.standard_normal(count), 22.0) * 28, -1.2, 2.0)
            pcm = _LEVEL_PA * shaped_noise(rng, count, _CURVE) * level * folds * fade(count, 960, 960)
            track = take.person_root[first:last:24, person] + np.array([0.0, 0.0, 0.2])
            made.append(Sound(start=round(start), pcm=pcm, position=track, family="cloth"))
    return made


def _activity(take: Take, person: int, step: float) -> Array:
    """How much of a body moves (T,), 0 … 1.5."""
    turns = take.person_joints[:, person].astype(np.float64)
    same = np.clip(np.abs(np.sum(turns[1:] * turns[:-1], axis=-1)), 0.0, 1.0)
    speed = np.sqrt(np.mean((2 * np.arccos(same) / step) ** 2, axis=1))
    smooth = np.convolve(np.append(speed, speed[-1:]), np.hanning(19) / np.hanning(19).sum(), mode="same")
    return np.clip((smooth - STILL) / (_BUSY - STILL), 0.0, 1.5) ** 1.2


def _stretches(on: Array, gap: int) -> list[tuple[int, int]]:
    """Runs of True, joined over short gaps, with the gap's room before and after."""
    wide = np.convolve(on, np.ones(2 * gap + 1), mode="same") > 0.5
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(int)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > gap]
