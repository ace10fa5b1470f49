"""Whether the sound is technically whole: true peak, clipping, offset, silence, both channels alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture, Sound
from ..rows import Moment, Row, not_measurable

if TYPE_CHECKING:
    from ..truth import Truth

Array = NDArray[Any]

KEYS = ("true_peak", "clipped_sound", "dc_offset", "silence", "balance")

OVERSAMPLING = 4
BLOCK_S = 0.5
CONTEXT = 64
"""Samples on both sides of a block that its oversampling needs."""
FULL_SCALE, RUN = 0.98, 3
"""So many neighbouring samples at or over this part of full scale are clipped: a coder bends flat tops by 2 %."""
SILENT = 10 ** (-90 / 20)
_FAINTEST_DB = -120.0
_MOST_DB = 60.0


def make(facts: Facts, truth: Truth | None) -> Levels | None:
    """Somebody who watches the meters."""
    return Levels() if facts.has_sound else None


@cache
def _interpolator() -> Array:
    """Low-pass that fills in the samples between samples."""
    from scipy import signal

    return np.asarray(signal.firwin(20 * OVERSAMPLING + 1, 1 / OVERSAMPLING, window=("kaiser", 5.0)))


class Levels:
    """Hears the whole film."""

    def __init__(self) -> None:
        self.rate = 48_000
        self.count = 0
        self.peak, self.peak_at = 0.0, 0
        self.clips: list[int] = []
        self.clip_count = 0
        self._waiting: list[Array] = []
        self._tail = np.zeros((0, 1))
        self._sum = np.zeros(1)
        self._power = np.zeros(1)
        self._quiet_since: int | None = 0
        self._longest = (0, 0)

    def look(self, picture: Picture) -> None:
        """Pictures have no level."""

    def listen(self, sound: Sound) -> None:
        self.rate = sound.rate
        self._waiting.append(sound.samples)
        if sum(len(samples) for samples in self._waiting) >= BLOCK_S * self.rate:
            self._measure()

    def _measure(self) -> None:
        """Measure what waits; longer blocks are quicker than many short ones."""
        if not self._waiting:
            return
        block = np.asarray(np.concatenate(self._waiting), dtype=np.float32)
        self._waiting = []
        if not len(block):
            return
        if not self.count:
            self._tail = np.zeros((2 * CONTEXT, block.shape[1]), dtype=np.float32)
        held = np.concatenate([self._tail, block])
        self._find_peak(held, self.count - len(self._tail))
        self._find_clips(held, self.count - len(self._tail))
        self._find_silence(block)
        self._sum = self._sum + block.sum(axis=0, dtype=np.float64)
        self._power = self._power + np.sum(block.astype(np.float64) ** 2, axis=0)
        self.count += len(block)
        self._tail = held[-2 * CONTEXT :]

    def _find_peak(self, held: Array, start: int) -> None:
        from scipy import signal

        # Between samples a signal may rise over them, but hardly to twice their height.
        if 2 * float(np.abs(held).max()) <= self.peak:
            return
        fine = np.abs(signal.resample_poly(held, OVERSAMPLING, 1, axis=0, window=_interpolator())).max(axis=1)
        at = int(np.argmax(fine))
        highest = max(float(fine[at]), float(np.abs(held).max()))
        if highest > self.peak:
            self.peak, self.peak_at = highest, start + at // OVERSAMPLING

    def _find_clips(self, held: Array, start: int) -> None:
        """Runs that end in the new block: one that goes on into the next is counted there, at its end."""
        full = (np.abs(held) >= FULL_SCALE).T
        for channel in full:
            if not channel.any():
                continue
            edges = np.flatnonzero(np.diff(np.concatenate([[0], channel.view(np.int8), [0]])))
            for first, last in zip(edges[::2], edges[1::2], strict=True):
                fresh = len(self._tail) <= last < len(held)
                if last - first >= RUN and fresh:
                    self.clip_count += 1
                    if len(self.clips) < 1000:
                        self.clips.append(start + int(first))

    def _find_silence(self, block: Array) -> None:
        loud = np.flatnonzero(np.abs(block).max(axis=1) > SILENT)
        if not len(loud):
            return
        since = 0 if self._quiet_since is None else self._quiet_since
        inner = np.concatenate([[since], self.count + loud + 1])
        gaps = np.concatenate([self.count + loud, []]) - inner[:-1]
        at = int(np.argmax(gaps))
        self._longest = max(self._longest, (int(gaps[at]), int(inner[at])))
        self._quiet_since = int(inner[-1])

    def rows(self) -> Iterable[Row]:
        self._measure()
        if not self.count:
            return [not_measurable(key, "the sound has no samples") for key in KEYS]
        return [self._true_peak(), self._clipped(), self._offset(), self._silence(), self._balance()]

    def _true_peak(self) -> Row:
        if self.peak <= 0:
            return not_measurable("true_peak", "silent")
        value = max(20 * float(np.log10(self.peak)), _FAINTEST_DB)
        moment = Moment(time_s=max(self.peak_at, 0) / self.rate, what=f"highest peak, {value:.1f} dBFS", offset=value)
        return Row(key="true_peak", value=value, worst=moment)

    def _clipped(self) -> Row:
        moments = tuple(Moment(time_s=at / self.rate, what="the sound is cut off at full scale") for at in self.clips)
        return Row(
            key="clipped_sound", value=float(self.clip_count), worst=moments[0] if moments else None, moments=moments
        )

    def _offset(self) -> Row:
        return Row(key="dc_offset", value=100 * float(np.abs(self._sum / self.count).max()))

    def _silence(self) -> Row:
        since = 0 if self._quiet_since is None else self._quiet_since
        length, start = max(self._longest, (self.count - since, since))
        worst = Moment(time_s=start / self.rate, what="nothing is heard from here", offset=length / self.rate)
        return Row(key="silence", value=length / self.rate, worst=worst if length > 0.05 * self.rate else None)

    def _balance(self) -> Row:
        if len(self._power) != 2:
            return not_measurable("balance", "the sound is not stereo")
        if not self._power.any():
            return not_measurable("balance", "silent")
        left, right = 10 * np.log10(self._power / self.count + 1e-12)
        return Row(key="balance", value=float(np.clip(left - right, -_MOST_DB, _MOST_DB)))
