"""The spectrogram of a whole film, streamed: of any length, never wider than it can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ROWS = 128
LOWEST_HZ, HIGHEST_HZ = 50.0, 20_000.0
WIDEST = 1600
"""Columns; when there are more, each two become one."""
_WINDOW_S = 0.025
_FINE_S, _COARSE_S, _SHORT_S = 0.005, 0.0125, 30.0
"""From window to window, in films up to so short and in others: half a window, so that nothing falls between them."""
RANGE_DB = 72.0
_BATCH = 512


@dataclass(frozen=True, kw_only=True)
class Spectrogram:
    """Level over time and frequency."""

    level_db: Array
    """(ROWS, columns), the lowest frequency first, re a full-scale sine."""
    hz: Array
    """(ROWS,) frequency of each row, evenly spaced in octaves."""
    seconds: float


class Spectrum:
    """Hears a film block by block."""

    def __init__(self, rate: int, seconds: float | None = None) -> None:
        """For sound of a rate [Hz] and about so long."""
        self.rate = rate
        self.length = max(16, round(_WINDOW_S * rate))
        self.column_s = self.stride_s = _FINE_S if seconds is not None and seconds <= _SHORT_S else _COARSE_S
        self.columns: list[Array] = []
        self.heard = self.done = 0
        self._rest = np.zeros(self.length // 2, dtype=np.float32)  # so that windows are centred on their times
        self._start = 0
        window = np.hanning(self.length + 2)[1:-1].astype(np.float32)
        self._window = window * (2.0 / window.sum())
        self._size = 1 << (self.length - 1).bit_length()
        self.hz, self._weights = _rows(rate, self._size)

    def hear(self, samples: Array) -> None:
        """The next samples (N, channels)."""
        mono = samples.mean(axis=1, dtype=np.float32) if samples.ndim == 2 else samples
        self._rest = np.concatenate([self._rest, mono])
        self.heard += len(mono)
        self._work()

    def end(self) -> Spectrogram | None:
        """What was heard; None if that is too short."""
        self._rest = np.concatenate([self._rest, np.zeros(self.length, dtype=np.float32)])
        self._work()
        count = min(len(self.columns), -int(-self.heard / self.rate // self.column_s))
        if count < 2:
            return None
        power = np.stack(self.columns[:count], axis=1)
        seconds = count * self.column_s
        return Spectrogram(level_db=10 * np.log10(power + 1e-12), hz=self.hz, seconds=seconds)

    def _work(self) -> None:
        """All windows that are whole."""
        from scipy import fft

        stride = round(self.stride_s * self.rate)
        while True:
            count = min((len(self._rest) - self.length) // stride + 1, _BATCH)
            if count < 1:
                return
            frames = np.lib.stride_tricks.sliding_window_view(self._rest, self.length)[: count * stride : stride]
            spectrum = fft.rfft(frames * self._window, self._size, axis=1)
            power = (spectrum.real**2 + spectrum.imag**2) @ self._weights
            for n in range(count):
                self._put(power[n], (self._start + n * stride) / self.rate)
            self._rest = self._rest[count * stride :]
            self._start += count * stride

    def _put(self, power: Array, at_s: float) -> None:
        if int(at_s / self.column_s) >= len(self.columns):
            self.columns.append(power)
        else:
            self.columns[-1] = np.maximum(self.columns[-1], power)
        if len(self.columns) >= 2 * WIDEST:
            pairs = zip(self.columns[::2], self.columns[1::2], strict=True)
            self.columns = [np.maximum(a, b) for a, b in pairs]
            self.column_s *= 2


def _rows(rate: int, size: int) -> tuple[Array, Array]:
    """Frequency of each row, and how much of each bin belongs to it (bins, ROWS)."""
    hz = np.geomspace(LOWEST_HZ, min(HIGHEST_HZ, 0.49 * rate), ROWS)
    bins = np.fft.rfftfreq(size, 1 / rate)
    width = np.maximum(np.gradient(hz), bins[1])
    weights = np.maximum(0.0, 1.0 - np.abs(bins[:, None] - hz[None, :]) / width[None, :])
    return hz, (weights / np.maximum(weights.sum(axis=0), 1e-9)).astype(np.float32)


def picture(spectrogram: Spectrogram) -> bytes:
    """It as a coloured WebP, the highest frequency at the top."""
    import cv2

    from .material import coded

    level = spectrogram.level_db
    top = float(np.percentile(level, 99.9))
    grey = np.clip((level - top + RANGE_DB) / RANGE_DB, 0.0, 1.0)
    while grey.shape[1] > WIDEST:
        grey = np.maximum(grey[:, : grey.shape[1] // 2 * 2 : 2], grey[:, 1::2])
    coloured = cv2.applyColorMap((255 * grey[::-1]).astype(np.uint8), cv2.COLORMAP_INFERNO)
    return coded(coloured[..., ::-1], 82)
