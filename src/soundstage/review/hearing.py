"""When something is struck: onsets in decoded sound, streamed, to a fraction of a millisecond.

An onset is a rise of the short-time level in several octaves at once over all that was heard in the 30 ms before: a
strike does that, a bird, a held vowel or a hum do not. Its time is then found in the samples themselves, as
seismologists pick the arrival of a wave: the split of the stretch around it into two noises of unlike power that
explains it best (Akaike's information criterion; Maeda, Zisin 38, 365, 1985).

What it does not know: what made the sound. Plosives of speech are onsets too, and of two strikes closer than 12 ms the
stronger is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

WINDOW_S, HOP_S = 256 / 48_000, 48 / 48_000
EDGES_HZ = (180.0, 560.0, 1120.0, 2250.0, 4500.0, 9000.0, 17_000.0)
"""Bands, about octaves. Under the lowest edge lie hum and wind."""
BACK, GAP = 30, 6
"""A frame is compared with the loudest of this many before it, leaving out those that share samples with it."""
CLEAR_DB, MOST_DB = 4.0, 16.0
"""A rise in one band counts from here, and up to here."""
FLOOR_DB = -90.0
"""Below it nothing is heard, whatever it rises from [dB re full scale, per band]."""
APART = 12
"""Frames between two onsets, at least."""
FAINT, SURE = 10.0, 30.0
"""Strength [dB, all bands together] of the weakest onset that is reported, and of one that no noise reaches."""
SURE_BANDS = 3
EMPHASIS = 0.9
ECHO_RATIO = 25.0
"""Power of an attack over that of its pre-echo, at least."""
RINGS_S = 0.04
_CHUNK_S, _EDGE_S = 4.0, 0.16


@dataclass(frozen=True, kw_only=True)
class Onset:
    """One attack."""

    time_s: float
    strength: float
    """Rise over what was heard before, summed over bands [dB], 0…96."""
    bands: int
    """In how many of the six bands it rises by 6 dB or more."""
    level_db: float
    """Highest level of the 10 ms after it over all bands [dB re full scale]."""
    noise_db: float
    """The same of the 30 ms before it."""
    pitch_hz: float = float("nan")
    """Centre of the spectrum of the 40 ms after it on a logarithmic scale, without what was heard before [Hz]."""

    @property
    def sure(self) -> bool:
        """Whether it is an onset even where none is expected."""
        return self.strength >= SURE and self.bands >= SURE_BANDS


class Onsets:
    """Hears a film block by block and keeps only its onsets."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.found: list[Onset] = []
        self._held = np.zeros((0, 1))
        self._start = 0  # of what is held, in the film
        self._done = 0  # onsets before this sample are known
        self._chunk, self._edge = round(_CHUNK_S * rate), round(_EDGE_S * rate)

    def hear(self, samples: Array) -> None:
        """The next samples, (N,) or (N, channels)."""
        block = _columns(samples)
        if not len(self._held):
            self._held = np.asarray(block)
        else:
            self._held = np.concatenate([self._held, block])
        while len(self._held) >= self._chunk + 2 * self._edge:
            self._search(self._start + self._chunk + self._edge, self._chunk + 2 * self._edge)
            keep = max(0, self._done - self._edge - self._start)
            self._held, self._start = self._held[keep:], self._start + keep

    def end(self) -> list[Onset]:
        """All onsets of the film, in order."""
        self._search(self._start + len(self._held), len(self._held))
        self._held = self._held[:0]
        return self.found

    def _search(self, until: int, count: int) -> None:
        for onset in find(self._held[:count], self.rate):
            at = onset.time_s * self.rate + self._start
            if self._done <= at < until:
                self.found.append(replace(onset, time_s=at / self.rate))
        self._done = until


def onsets(samples: Array, rate: int) -> Array:
    """Times [s] of the sure onsets of a sound, samples (N,) or (N, channels)."""
    return np.array([onset.time_s for onset in heard(samples, rate) if onset.sure])


def heard(samples: Array, rate: int) -> list[Onset]:
    """All onsets of a sound of any length, faint ones too."""
    ear = Onsets(rate)
    ear.hear(samples)
    return ear.end()


def find(samples: Array, rate: int) -> list[Onset]:
    """Every onset of a short sound (N, channels), faint ones too; times from its first sample."""
    samples = _columns(samples)
    level = band_levels(samples, rate)
    if len(level) <= GAP:
        return []
    before = _before(level)
    rise = np.maximum(level, FLOOR_DB) - before
    strength = np.clip(rise - CLEAR_DB, 0.0, MOST_DB).sum(axis=1)
    total, hop = 10 * np.log10(np.sum(10 ** (level / 10), axis=1)), HOP_S * rate
    made: list[Onset] = []
    for frame in _peaks(strength):
        at = attack(samples, rate, (frame * hop + 0.5 * WINDOW_S * rate) / rate)
        if at is None or (made and at - made[-1].time_s < 0.5 * APART * HOP_S):
            continue
        first = max(0, frame - GAP - BACK)
        made.append(
            Onset(
                time_s=at,
                strength=float(strength[frame]),
                bands=int(np.sum(rise[frame] >= 6.0)),
                level_db=float(total[frame : frame + 10].max()),
                noise_db=float(total[first : max(frame - GAP + 1, first + 1)].max()),
                pitch_hz=_pitch(samples, rate, at),
            )
        )
    return made


def _pitch(samples: Array, rate: int, at_s: float) -> float:
    """Centre of the spectrum of what sets in at a time [Hz]; NaN if there is nothing more than before."""
    start, count = round(at_s * rate), round(RINGS_S * rate)
    after, before = samples[start : start + count], samples[max(0, start - count - count // 8) : start - count // 8]
    if len(after) < count or len(before) < count:
        return float("nan")
    window = np.hanning(2 * count)[count:, None]  # all of the attack, nothing of what comes later
    spectrum = (np.abs(np.fft.rfft(after * window, axis=0)) ** 2).sum(axis=1)
    noise = (np.abs(np.fft.rfft(before * window, axis=0)) ** 2).sum(axis=1)
    frequency = np.fft.rfftfreq(count, 1 / rate)
    own = np.where((frequency > 60) & (frequency < 16_000), np.maximum(spectrum - 2 * noise, 0.0), 0.0)
    total = own.sum()
    return float(np.exp(np.sum(own * np.log(np.maximum(frequency, 1.0))) / total)) if total > 0 else float("nan")


def _columns(samples: Array) -> Array:
    return samples[:, None] if samples.ndim == 1 else samples


def band_levels(samples: Array, rate: int) -> Array:
    """Level [dB re a full-scale sine] of each band in frames of 5.3 ms, one each millisecond, (frames, bands).

    Powers of all channels are added.
    """
    window_length, hop = round(WINDOW_S * rate), HOP_S * rate
    count = int((len(samples) - window_length) / hop) + 1
    if count < 1:
        return np.zeros((0, len(EDGES_HZ) - 1))
    window = np.hanning(window_length + 2)[1:-1].astype(np.float32)
    frequency = np.fft.rfftfreq(window_length, 1 / rate)
    member = (frequency >= np.array(EDGES_HZ[:-1])[:, None]) & (frequency < np.array(EDGES_HZ[1:])[:, None])
    weight = member.T * (2.0 / window.sum() ** 2) * 4.0 / 1.5  # 1.5: what a Hann window spreads over its neighbours
    starts = np.round(np.arange(count) * hop).astype(int)
    power = np.zeros((count, len(EDGES_HZ) - 1))
    for channel in np.asarray(samples, dtype=np.float32).T:
        frames = np.lib.stride_tricks.sliding_window_view(channel, window_length)[starts]
        power += np.abs(np.fft.rfft(frames * window, axis=1)) ** 2 @ weight
    return np.asarray(10 * np.log10(power + 1e-12))


def _before(level: Array) -> Array:
    """Per frame and band the highest level among the frames before, (frames, bands)."""
    from scipy import ndimage

    highest = ndimage.maximum_filter1d(level, BACK, axis=0, origin=BACK // 2 - 1 + BACK % 2, mode="nearest")
    before = np.array(level)
    before[GAP:] = highest[:-GAP]
    # Of what is at the very beginning nobody knows when it began: the first frames are no onset.
    before[: GAP + BACK] = np.maximum(level, before)[: GAP + BACK]
    return np.maximum(before, FLOOR_DB)


def _peaks(strength: Array) -> list[int]:
    """Frames that are the strongest within APART on both sides, the first of equals, in order of time."""
    taken: list[int] = []
    blocked = np.zeros(len(strength), dtype=bool)
    for frame in np.argsort(-strength, kind="stable"):
        if strength[frame] < FAINT:
            break
        if not blocked[frame]:
            taken.append(int(frame))
            blocked[max(0, frame - APART) : frame + APART + 1] = True
    return sorted(taken)


def attack(samples: Array, rate: int, near_s: float, *, before_s: float = 0.02, after_s: float = 0.008) -> float | None:
    """The instant [s] at which a sound sets in, about `near_s`; None if too little of it is there.

    The samples are pre-emphasised: that brings out attacks and leaves hum behind.
    """
    samples = _columns(samples)
    start, stop = max(0, round((near_s - before_s) * rate)), min(len(samples), round((near_s + after_s) * rate))
    if stop - start < 0.01 * rate:
        return None
    heard = np.asarray(samples[start:stop], dtype=np.float64)
    piece = (heard[1:] - EMPHASIS * heard[:-1]) ** 2
    energy = piece.sum(axis=1)
    level = np.convolve(energy, np.ones(round(0.0005 * rate)), "full")[: len(energy)]
    energy = energy[: int(np.argmax(level)) + 1] + 1e-14
    if len(energy) < 32:
        return None
    first = _split(energy)
    # A coder spreads an attack thinly over some milliseconds before it: what rises steeply once more is the attack.
    rest = energy[first:]
    if len(rest) >= 32:
        again = _split(rest)
        if rest[again:].mean() > ECHO_RATIO * rest[:again].mean():
            first += again
    return (start + 1 + first) / rate


def _split(energy: Array) -> int:
    """Index at which noise of one power best gives way to noise of another."""
    count = len(energy)
    summed = np.cumsum(energy)
    k = np.arange(8, count - 8)
    first, second = summed[k - 1] / k, (summed[-1] - summed[k - 1]) / (count - k)
    return int(k[np.argmin(k * np.log(first) + (count - k) * np.log(second))])
