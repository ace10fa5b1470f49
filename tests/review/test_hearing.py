"""Onsets: found where something is struck, not where it hums, sings or blows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.review import hearing

RATE = 48_000


def strike(at_s: float, sound: NDArray[np.float64], *, level: float = 0.3, hertz: float = 700.0) -> None:
    """Add a knock that dies in 50 ms."""
    start = round(at_s * RATE)
    t = np.arange(min(len(sound) - start, RATE // 4)) / RATE
    knock = sum(np.sin(2 * np.pi * hertz * n * t) / n for n in (1, 2.7, 5.4, 9.1))
    sound[start : start + len(t)] += level * np.exp(-t / 0.02) * knock


def room(seconds: float = 3.0, level: float = 0.002, seed: int = 1) -> NDArray[np.float64]:
    """Pinkish noise."""
    white = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return np.asarray(level * np.convolve(white, np.exp(-np.arange(200) / 20.0))[: len(white)] / 3)


@pytest.mark.parametrize("level", [0.5, 0.1, 0.03])
def test_strikes_are_found_to_a_fraction_of_a_millisecond(level: float) -> None:
    sound, times = room(), [0.4, 0.9012, 1.5, 1.5831, 2.2]
    for at in times:
        strike(at, sound, level=level)
    assert hearing.onsets(sound, RATE) == pytest.approx(times, abs=0.0003)


def test_what_swells_or_goes_on_is_no_onset() -> None:
    t = np.arange(3 * RATE) / RATE
    swell = 0.3 * np.sin(2 * np.pi * 440 * t) * np.sin(np.pi * t / 3) ** 2
    chirp = 0.2 * np.sin(2 * np.pi * (3000 * t + 200 * t**2)) * np.exp(-(((t - 1.7) / 0.03) ** 2))
    assert len(hearing.onsets(room() + swell + chirp, RATE)) == 0


def test_in_blocks_it_hears_what_it_hears_at_once() -> None:
    sound = room(13.0)
    times = np.arange(0.3, 12.8, 0.37)
    for at in times:
        strike(float(at), sound)
    ear = hearing.Onsets(RATE)
    for start in range(0, len(sound), 1024):
        ear.hear(sound[start : start + 1024, None])
    found = [onset.time_s for onset in ear.end() if onset.sure]
    assert found == pytest.approx(list(times), abs=0.0003)


def test_little_or_no_sound_has_no_onset() -> None:
    for count in (0, 1, 100, 3000):
        assert len(hearing.onsets(np.zeros(count), RATE)) == 0
    assert len(hearing.onsets(np.zeros((RATE, 2)), RATE)) == 0
