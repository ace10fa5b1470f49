"""What the page shows of the film itself: pictures, pieces of waveform, the spectrogram. One pass, bounded memory."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Footage, Picture, Sound, open_film
from .spectrogram import Spectrogram, Spectrum

Array = NDArray[Any]

AROUND_S = 0.25
"""A piece of waveform reaches so far to both sides of its moment [s]."""
COLUMNS = 360
"""Steps of a piece of waveform."""
_ROUNDING_S = 0.002
_QUALITIES = (80, 55, 30)
_MOST_BYTES = {640: 60_000, 320: 24_000, 160: 9_000}
"""Of one picture, by its width; a noisy one is coded more coarsely."""
LARGE, SMALL, TINY = _MOST_BYTES


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture of the film, small, as the page holds it."""

    uri: str
    size: tuple[int, int]
    """Width and height [px]."""
    time_s: float


@dataclass(frozen=True, kw_only=True)
class Wave:
    """A piece of sound: lowest and highest sample of each step."""

    start_s: float
    end_s: float
    low: Array
    high: Array
    """(COLUMNS,), full scale ±1; NaN where the film has no sound."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """All that was asked for."""

    facts: Facts
    pictures: dict[tuple[float, int], Shown]
    """By time [s] and width, as wished."""
    waves: dict[float, Wave]
    """By the moment in their middle [s]."""
    spectrogram: Spectrogram | None


def gather(film: Path, pictures: Iterable[tuple[float, int]], waves: Iterable[float], seconds: float) -> Material:
    """Watch and hear a film once, and keep what is wished for.

    Args:
        film: the file.
        pictures: time [s] and width (LARGE, SMALL or TINY) of each picture.
        waves: moments [s] around which the waveform is wanted.
        seconds: no more than that of the film.

    Raises:
        InputError: it is no film any more.
    """
    footage = open_film(film)
    return _watched(footage, _Eye(pictures), _Ear(waves), seconds)


def _watched(footage: Footage, eye: _Eye, ear: _Ear, seconds: float) -> Material:
    spectrum: Spectrum | None = None
    for part in footage.stream(seconds):
        if isinstance(part, Picture):
            eye.look(part)
        else:
            spectrum = spectrum or Spectrum(part.rate, footage.facts.seconds)
            spectrum.hear(part.samples)
            ear.hear(part)
    return Material(
        facts=footage.facts,
        pictures=eye.end(),
        waves=ear.end(),
        spectrogram=spectrum.end() if spectrum else None,
    )


class _Eye:
    """Keeps the pictures that are shown at given times."""

    def __init__(self, wishes: Iterable[tuple[float, int]]) -> None:
        self.waiting = sorted(set(wishes))
        self.kept: dict[tuple[float, int], Shown] = {}
        self.last: Picture | None = None

    def look(self, picture: Picture) -> None:
        """The next picture: those wished for before it are answered by the one that was shown until now."""
        while self.waiting and self.waiting[0][0] + _ROUNDING_S < picture.time_s:
            self._keep(self.last or picture)
        self.last = picture

    def end(self) -> dict[tuple[float, int], Shown]:
        """All that were wished for; none if the film has no pictures."""
        while self.waiting and self.last is not None:
            self._keep(self.last)
        return self.kept

    def _keep(self, picture: Picture) -> None:
        wish = self.waiting.pop(0)
        self.kept[wish] = shown(picture.rgb, wish[1], picture.time_s)


def shown(rgb: Array, width: int, time_s: float) -> Shown:
    """A picture (H, W, 3) at most so wide, and no larger than such pictures may be."""
    import cv2

    height, full = rgb.shape[:2]
    scale = min(1.0, width / full, width / height)
    if scale < 1.0:
        rgb = cv2.resize(
            rgb, (max(1, round(full * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
        )
    data = b""
    for quality in _QUALITIES:
        data = coded(rgb, quality)
        if len(data) <= _MOST_BYTES[width]:
            break
    return Shown(uri=data_uri(data), size=(rgb.shape[1], rgb.shape[0]), time_s=time_s)


def coded(rgb: Array, quality: int) -> bytes:
    """A picture as WebP."""
    import cv2

    done, data = cv2.imencode(".webp", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be coded")
    return bytes(data)


def data_uri(webp: bytes) -> str:
    """A picture inside the page."""
    return "data:image/webp;base64," + base64.b64encode(webp).decode()


class _Ear:
    """Keeps the sound around given moments."""

    def __init__(self, moments: Iterable[float]) -> None:
        self.pieces: dict[float, list[tuple[int, Array]]] = {moment: [] for moment in moments}
        self.rate = 48_000

    def hear(self, sound: Sound) -> None:
        """The next block."""
        self.rate = sound.rate
        for moment, kept in self.pieces.items():
            first = max(sound.start, round((moment - AROUND_S) * sound.rate))
            last = min(sound.start + len(sound.samples), round((moment + AROUND_S) * sound.rate))
            if first < last:
                kept.append((first, np.array(sound.samples[first - sound.start : last - sound.start])))

    def end(self) -> dict[float, Wave]:
        """Those of which something was heard."""
        return {moment: self._wave(moment, kept) for moment, kept in self.pieces.items() if kept}

    def _wave(self, moment: float, kept: list[tuple[int, Array]]) -> Wave:
        start = round((moment - AROUND_S) * self.rate)
        length = round(2 * AROUND_S * self.rate)
        channels = kept[0][1].shape[1]
        heard = np.full((length, channels), np.nan, dtype=np.float32)
        for first, samples in kept:
            heard[first - start : first - start + len(samples)] = samples[: length - (first - start)]
        loudest = heard[:, int(np.argmax(np.nansum(heard**2, axis=0)))]
        bounds = np.linspace(0, length, COLUMNS + 1).astype(int)[:-1]
        return Wave(
            start_s=moment - AROUND_S,
            end_s=moment + AROUND_S,
            low=np.fmin.reduceat(loudest, bounds),
            high=np.fmax.reduceat(loudest, bounds),
        )
