"""The room that answers: a stereo impulse response per place, added to the dry sound.

Indoors: image sources of a shoebox up to third order, then noise that decays in every octave as Sabine says
(T60 = 0.161 V/A), as loud as the diffuse field is beside the direct sound at the microphone's distance
(16π r²/A). Outdoors: slaps from facades and a thin scattered tail. The direct sound itself is never in it.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from .. import library
from ..take import Place
from ._facts import facts
from ._kernel import RATE, SOUND_SPEED, Array, fade, gain, generator, high_pass, low_pass

BANDS = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
_EARLY_S = 0.08
_LONGEST_S = 3.5
_ORDER = 3


def sabine(room: tuple[float, float, float], absorption: Array) -> Array:
    """Reverberation times [s] of a shoebox [m] by band: 0.161 V / (S α), and what the air itself swallows."""
    x, y, z = room
    volume, surface = x * y * z, 2 * (x * y + y * z + x * z)
    air = np.array([0.0, 0.0003, 0.0006, 0.001, 0.002, 0.006, 0.02]) * 4 * volume
    return np.asarray(0.161 * volume / (surface * np.asarray(absorption) + air))


def response(place: Place, seed: int) -> Array:
    """Stereo impulse response (n, 2) of a place, relative to a direct sound of 1; n may be 0."""
    kind = library.set_(place.set) if place.set in library.names("sets") else None
    if kind is not None and kind.room_m is not None:
        return _indoors(place.set, kind.room_m, seed)
    return _outdoors(place.set, seed)


def _indoors(name: str, room: tuple[float, float, float], seed: int) -> Array:
    about = facts("room", name)
    absorption = np.asarray(about["absorption"], dtype=float)
    distance = float(about["mic_m"])
    early = _images(room, float(np.sqrt(1 - absorption[2:5].mean())), distance)
    times = sabine(room, absorption)
    tail = _tail(times, generator(seed, "room", name))
    surface = 2 * (room[0] * room[1] + room[1] * room[2] + room[0] * room[2])
    area = surface * absorption[3]
    wanted = 16 * np.pi * distance**2 / area * (1 - absorption[3])
    rest = max(wanted - float(np.sum(early**2)) / 2, 0.25 * wanted)
    tail *= np.sqrt(rest / max(float(np.sum(tail**2)) / 2, 1e-12))
    out = np.zeros((max(len(early), len(tail)), 2))
    out[: len(early)] += early
    out[: len(tail)] += tail
    return out * gain(float(about["wet_db"]))


def _images(room: tuple[float, float, float], reflection: float, distance: float) -> Array:
    """First reflections of a source on the floor's middle, microphone at `distance`, each from its own side."""
    size = np.array(room)
    source = size * [0.47, 0.44, 0.0] + [0.0, 0.0, min(1.1, 0.4 * room[2])]
    mic = source + distance * np.array([0.35, -0.9, 0.0]) + [0.0, 0.0, 0.35]
    mic = np.clip(mic, 0.3, size - 0.3)
    direct = float(np.linalg.norm(mic - source))
    n = np.arange(-_ORDER, _ORDER + 1)
    order = np.stack(np.meshgrid(n, n, n, indexing="ij"), axis=-1).reshape(-1, 3)
    hits = np.abs(order).sum(axis=1)
    order, hits = order[(hits > 0) & (hits <= _ORDER)], hits[(hits > 0) & (hits <= _ORDER)]
    odd = order % 2 != 0
    image = np.where(odd, (order + 1) * size - source, order * size + source)
    offset = image - mic
    way = np.linalg.norm(offset, axis=1)
    late = (way - direct) / SOUND_SPEED
    use = late < _EARLY_S
    out = np.zeros((round(_EARLY_S * RATE) + 64, 2))
    for offset_, way_, late_, hits_ in zip(offset[use], way[use], late[use], hits[use], strict=True):
        strength = direct / way_ * reflection**hits_
        side = np.clip(offset_[0] / way_ * 1.2, -1, 1)
        angle = np.pi / 4 * (1 + 0.8 * side)
        at = late_ * RATE
        first, part = int(at), at - int(at)
        for k, weight in ((first, 1 - part), (first + 1, part)):
            out[k] += strength * weight * np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)])
    return low_pass(out, 6500.0, 1)  # walls are duller mirrors for the high


def _tail(times: Array, rng: np.random.Generator) -> Array:
    """Stereo noise (n, 2) that decays with `times` [s] per octave band, decorrelated between the ears."""
    count = int(min(float(times.max()) * 1.1, _LONGEST_S) * RATE)
    size = fft.next_fast_len(count, real=True)
    frequency = fft.rfftfreq(size, 1 / RATE)
    place = np.log2(np.maximum(frequency, 20.0) / BANDS[0])
    spectra = [fft.rfft(rng.standard_normal(size)) for _ in range(2)]
    t = np.arange(count) / RATE
    out = np.zeros((count, 2))
    for band, t60 in enumerate(times):
        weight = np.clip(1 - np.abs(place - band), 0.0, 1.0)
        if band == 0:
            weight = np.where(place < 0, np.clip(1 + place, 0, 1), weight)
        if band == len(times) - 1:
            weight = np.where(place > band, np.clip(1 - 0.5 * (place - band), 0, 1), weight)
        decay = np.exp(-6.908 * t / t60)
        for ear in range(2):
            out[:, ear] += fft.irfft(spectra[ear] * np.sqrt(weight), size)[:count] * decay
    build = 1 - np.exp(-t / 0.018)  # the diffuse field takes a moment; reflections come first
    return np.asarray(out * build[:, None] * fade(count, 0, count // 8)[:, None])


def _outdoors(name: str, seed: int) -> Array:
    about = facts("outdoors", name)
    rng = generator(seed, "outdoors", name)
    t60 = float(about["tail_t60"])
    count = round((0.06 + 1.1 * t60) * RATE)
    t = np.arange(count) / RATE
    tail = rng.standard_normal((count, 2)) * np.exp(-6.908 * t / t60)[:, None] * (1 - np.exp(-t / 0.03))[:, None]
    tail = low_pass(tail, float(about["tail_hz"]), 1)
    tail *= gain(float(about["tail_db"])) / np.sqrt(np.sum(tail**2) / 2)
    for number, (delay, level, dull) in enumerate(about["slaps"]):
        # A facade with windows and trees before it scatters: not one spike but a few milliseconds.
        length = round(0.012 * RATE)
        shape = rng.standard_normal((length, 2)) * np.exp(-np.arange(length) / (0.003 * RATE))[:, None]
        shape = high_pass(low_pass(shape, float(dull), 1), 350.0, 1)  # walls end: long waves go round them
        shape *= gain(float(level)) / np.sqrt(np.sum(shape**2) / 2)
        side = (0.8, 1.2) if number % 2 else (1.2, 0.8)
        first = round(float(delay) * RATE)
        if first + length < count:
            tail[first : first + length] += shape * np.asarray(side)
    return np.asarray(tail * fade(count, 0, count // 6)[:, None])
