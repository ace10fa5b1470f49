"""How loud a film is: integrated loudness, short-term curve and range (ITU-R BS.1770-4, EBU R128, Tech 3341 and 3342).

Sound is weighted as the ear does (two filters, state carried from block to block) and kept as one energy per 0.1 s and
channel: 3 MB for ten hours of stereo.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture, Sound
from ..rows import Moment, Row, not_measurable

if TYPE_CHECKING:
    from ..truth import Truth

Array = NDArray[Any]

KEYS = ("loudness", "loudness_asked", "loudness_range")

STEP_S = 0.1
MOMENTARY, SHORT_TERM = 4, 30
"""Steps in a block of 0.4 s and in one of 3 s."""
ABSOLUTE_LUFS, RELATIVE_LU, RANGE_LU = -70.0, -10.0, -20.0
"""Gates: blocks under the first are silence; under the second (third) below the mean of the rest they do not count."""
CEILING_DB = -1.0
"""Peaks need no more room than up to here [dBFS]."""
_OFFSET = -0.691
_SURROUND = {5: (1.0, 1.0, 1.0, 1.41, 1.41), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}


def make(facts: Facts, truth: Truth | None) -> Loudness | None:
    """Somebody who hears how loud the film is."""
    if not facts.has_sound:
        return None
    return Loudness(_asked(truth) if truth else None)


def _asked(truth: Truth) -> float | None:
    """Loudness the film's screenplay asks for [LUFS]; None if it does not say, or no more than steps is to be heard."""
    sounding = any(len(take.contacts.time) + len(take.utterances.start) for take in truth.takes)
    return truth.screenplay.sound.loudness_lufs if truth.screenplay and sounding else None


class Loudness:
    """Hears the whole film."""

    def __init__(self, asked_lufs: float | None = None) -> None:
        self.asked = asked_lufs
        self.energies: list[float] = []
        """Weighted energy of each 0.1 s, all channels together."""
        self.peak = 0.0
        self._filter: Any = None
        self._state: Array = np.zeros(0)
        self._rest = np.zeros((0, 1))
        self._step = 0

    def look(self, picture: Picture) -> None:
        """Pictures make no noise."""

    def listen(self, sound: Sound) -> None:
        from scipy import signal

        if not len(sound.samples):
            return
        self.peak = max(self.peak, float(np.abs(sound.samples).max()))
        channels = sound.samples.shape[1]
        if self._filter is None:
            self._filter = k_weighting(sound.rate)
            self._state = np.zeros((len(self._filter), 2, channels))
            self._rest = np.zeros((0, channels))
            self._step = round(STEP_S * sound.rate)
        weighted, self._state = signal.sosfilt(
            self._filter, np.asarray(sound.samples, dtype=np.float64), axis=0, zi=self._state
        )
        held = np.concatenate([self._rest, weighted])
        count = len(held) // self._step
        whole, self._rest = held[: count * self._step], held[count * self._step :]
        power = np.mean(whole.reshape(count, self._step, channels) ** 2, axis=1)
        self.energies += (power @ np.array(_SURROUND.get(channels, (1.0,) * channels))).tolist()

    def rows(self) -> Iterable[Row]:
        energy = np.array(self.energies)
        value = integrated(energy)
        curve = _level(_means(energy, SHORT_TERM))
        if value is None:
            why = "silent" if len(energy) >= MOMENTARY else "shorter than 0.4 s, for which loudness is not defined"
            yield not_measurable("loudness", why)
            yield not_measurable("loudness_asked", why)
        else:
            asked = {} if self.asked is None else {"asked_lufs": [self.asked]}
            yield Row(key="loudness", value=value, worst=_loudest(energy), series=_series(energy) | asked)
            if self.asked is None:
                yield not_measurable("loudness_asked", "no more than steps is to be heard, or nobody says how loud")
            else:
                yield Row(key="loudness_asked", value=self._short_of(self.asked, value))
        spread = loudness_range(curve)
        if spread is None:
            yield not_measurable("loudness_range", "needs more than 3 s of sound that is not silence")
        else:
            yield Row(key="loudness_range", value=spread)

    def _short_of(self, asked: float, value: float) -> float:
        """How much softer than asked for a film is, as far as its peaks leave room; negative: louder [LU]."""
        if value >= asked:
            return asked - value
        room = CEILING_DB - 20 * float(np.log10(max(self.peak, 1e-9)))
        return float(np.clip(room, 0.0, asked - value))


def integrated(energy: Array) -> float | None:
    """Loudness of a whole film [LUFS] from its weighted energy per 0.1 s; None if it is silent or too short."""
    blocks = _means(energy, MOMENTARY)
    loud = blocks[_level(blocks) > ABSOLUTE_LUFS]
    if not len(loud):
        return None
    gate = float(_level(loud.mean())) + RELATIVE_LU
    return float(_level(loud[_level(loud) > gate].mean()))


def loudness_range(curve: Array) -> float | None:
    """How far loud and soft passages lie apart [LU] (EBU Tech 3342), from short-term loudness [LUFS]."""
    heard = curve[curve > ABSOLUTE_LUFS]
    if len(heard) < 2:
        return None
    gate = float(_level(np.mean(10 ** ((heard - _OFFSET) / 10)))) + RANGE_LU
    low, high = np.percentile(heard[heard > gate], [10, 95])
    return float(high - low)


def k_weighting(rate: int) -> Array:
    """Second-order sections (2, 6) of BS.1770's filter at any sample rate: a shelf for the head, then a high-pass.

    The analogue prototypes that give the standard's coefficients at 48 kHz.
    """
    k = np.tan(np.pi * 1681.974450955533 / rate)
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    q = 0.7071752369554196
    a0 = 1 + k / q + k * k
    shelf = [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0]
    shelf += [1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    passing = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    return np.array([shelf, passing])


def _means(energy: Array, steps: int) -> Array:
    """Mean over every run of `steps` steps; none if there are fewer."""
    if len(energy) < steps:
        return np.zeros(0)
    summed = np.concatenate([[0.0], np.cumsum(energy)])
    return np.asarray(np.maximum(summed[steps:] - summed[:-steps], 0.0) / steps)


def _level(energy: Any) -> Array:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(energy, 1e-12)))


def _loudest(energy: Array) -> Moment:
    momentary = _level(_means(energy, MOMENTARY))
    at = int(np.argmax(momentary))
    level = float(momentary[at])
    return Moment(time_s=(at + MOMENTARY / 2) * STEP_S, what=f"loudest moment, {level:.1f} LUFS", offset=level)


def _series(energy: Array) -> dict[str, list[float]]:
    """Momentary and short-term loudness over time for the page; each at the middle of its block."""
    made: dict[str, list[float]] = {}
    for name, steps in (("momentary", MOMENTARY), ("short_term", SHORT_TERM)):
        curve = np.maximum(_level(_means(energy, steps)), ABSOLUTE_LUFS)
        made[f"{name}_s"] = ((np.arange(len(curve)) + steps / 2) * STEP_S).round(2).tolist()
        made[f"{name}_lufs"] = curve.round(2).tolist()
    return made
