"""Birds by day and crickets by night, each an individual with its own place and song."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._facts import facts, known
from .._kernel import RATE, Array, add_at, fade, gain, low_pass, slow_noise

_PHRASES_PER_S = 0.42


def birds(rng: np.random.Generator, count: int) -> Array:
    """A few birds in trees near and far; each phrase differs, none is twice the same."""
    out = np.zeros((count, 2))
    flock = [_Bird(rng) for _ in range(5)]
    length = count / RATE
    time = float(rng.uniform(-2.0, 1.5))
    while time < length:
        bird = flock[int(rng.integers(len(flock)))]
        phrase = bird.phrase(rng)
        add_at(out, round(time * RATE), phrase)
        time += float(rng.exponential(1.0 / _PHRASES_PER_S)) * 0.8 + 0.35
    return out


class _Bird:
    """One singer: a species, a pitch, a place."""

    def __init__(self, rng: np.random.Generator) -> None:
        species = known("bird")
        self.kind: dict[str, Any] = facts("bird", species[int(rng.integers(len(species)))])
        self.pitch = float(rng.uniform(*self.kind["pitch"]))
        self.pan = float(rng.uniform(0.08, 0.92))
        far = float(rng.uniform(0.0, 1.0))
        self.level = gain(-14.0 * far)
        self.dull = 9000.0 - 5000.0 * far
        self.echo = 0.10 + 0.30 * far

    def phrase(self, rng: np.random.Generator) -> Array:
        """A run of notes (n, 2), with the woods' answer."""
        fewest, most = self.kind["notes"]
        parts: list[Array] = []
        step = float(rng.uniform(-0.04, 0.04))
        for number in range(int(rng.integers(fewest, most + 1))):
            pitch = self.pitch * (1 + step * number) * float(np.exp(rng.normal(0.0, 0.03)))
            parts.append(self._note(rng, pitch))
            parts.append(np.zeros(round(float(rng.uniform(*self.kind["gap"])) * RATE)))
        song = np.concatenate([*parts, np.zeros(round(0.45 * RATE))])
        song *= self.level * gain(float(rng.uniform(-5.0, 0.0)))
        return self._answered(rng, low_pass(song, self.dull, 1))

    def _note(self, rng: np.random.Generator, pitch: float) -> Array:
        count = round(float(rng.uniform(*self.kind["note"])) * RATE)
        t = np.linspace(0.0, 1.0, count)
        sweep = float(self.kind["sweep"] * rng.uniform(0.6, 1.3))
        bend = sweep * (t - 0.5) + 0.10 * sweep * np.sin(2 * np.pi * t * rng.uniform(0.8, 1.6))
        if self.kind["trill"]:
            shake = np.sin(2 * np.pi * self.kind["trill"] * t * count / RATE)
            bend = bend + 0.06 * np.sign(shake) * np.abs(shake) ** 0.4
        angle = 2 * np.pi * np.cumsum(pitch * (1 + bend)) / RATE
        swell = np.sin(np.pi * t ** float(rng.uniform(0.6, 1.1))) ** 0.8
        breath = 1 + 0.12 * low_pass(rng.standard_normal(count), 250.0) * 6
        voice = np.sin(angle) + self.kind["second"] * np.sin(2 * angle)
        return np.asarray(voice * swell * breath * fade(count, 120, 240) * 1.6)

    def _answered(self, rng: np.random.Generator, song: Array) -> Array:
        """The song panned, with a diffuse stereo trail."""
        out = song[:, None] * np.sqrt([1 - self.pan, self.pan])
        for ear in range(2):
            for _ in range(7):
                late = int(rng.uniform(0.02, 0.32) * RATE)
                weak = self.echo * np.exp(-late / (0.12 * RATE)) * rng.choice([-1.0, 1.0])
                out[late:, ear] += weak * low_pass(song[: len(song) - late], 3500.0, 1)
        return np.asarray(out)


def crickets(rng: np.random.Generator, count: int) -> Array:
    """Crickets: chirps of three or four pulses, two or three a second, some near, most of them far."""
    out = np.zeros((count, 2))
    t = np.arange(count) / RATE
    for number in range(6):
        near = number < 2
        pitch = float(rng.uniform(3900.0, 4900.0))
        rate, pulses = float(rng.uniform(1.7, 2.8)), int(rng.integers(3, 5))
        pan = float(rng.uniform(0.05, 0.95))
        beat = rate * t + float(rng.uniform()) + 0.12 * slow_noise(rng, count, 0.25)
        inside = (beat % 1.0) / (rate * 0.021)  # pulses of 21 ms
        on = (inside < pulses) * np.sin(np.pi * (inside % 1.0)) ** 1.6
        rest = np.clip(0.7 + 0.9 * slow_noise(rng, count, 0.09), 0.0, 1.0)  # each falls silent now and then
        tone = np.sin(2 * np.pi * pitch * t + 0.8 * slow_noise(rng, count, 8.0))
        level = gain(float(rng.uniform(-3.0, 1.0)) if near else float(rng.uniform(-15.0, -8.0)))
        out += (level * tone * on * rest)[:, None] * np.sqrt([1 - pan, pan])
    return np.asarray(out * fade(count, RATE // 20, RATE // 20)[:, None] * 1.2)
