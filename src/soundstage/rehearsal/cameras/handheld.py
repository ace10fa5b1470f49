"""The shake of a camera that somebody holds: three bands of noise, as bodies make them, and the rhythm of steps.

| band | Hz | turning, rms | shifting, rms | from |
|---|---|---|---|---|
| breathing | 0.22 … 0.38 | 0.22° | 5 mm | 12 … 20 breaths a minute at rest |
| sway | 0.5 … 1.6 | 0.16° | 4 mm | postural sway, most of it below 1.5 Hz (Winter, Gait & Posture 3, 1995) |
| tremor | 6 … 10 | 0.012° | 0.15 mm | tremor of the hand (Lakie et al., J. Physiol. 590, 2012) |

The amplitudes are those of a shoulder-held camera that somebody tries to keep still; `amount` multiplies them. Each
band is a sum of sines of seeded frequencies and phases: it is smooth at every order and has nothing outside its band.
Somebody who walks with the camera takes steps at 1.9 Hz · √(speed / 1.4 m/s), rises and falls by 12 mm with them, and
goes from side to side at half that rate.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock

Array = NDArray[Any]

BANDS: tuple[tuple[str, float, float, float, float], ...] = (
    ("breathing", 0.22, 0.38, np.radians(0.22), 0.005),
    ("sway", 0.5, 1.6, np.radians(0.16), 0.004),
    ("tremor", 6.0, 10.0, np.radians(0.012), 0.00015),
)
"""Name, lowest and highest frequency [Hz], rms angle [rad], rms shift [m]."""
SINES = 7
"""Sines per band and channel."""
AXES = (1.0, 0.8, 0.5, 1.0, 0.8, 0.7)
"""How much of it goes into yaw, pitch and roll, and right, up and ahead."""
WALK_M_S, STEP_HZ, BOB_M, BOB_RAD = 1.4, 1.9, 0.012, np.radians(0.35)
"""An easy walk, its rate of steps, and what each step does to the camera."""
HIGHEST = 0.45
"""Part of the frame rate above which nothing is added: frames could not show it."""


def shake(ticks: Array, *, seed: int, name: str, fps: int, speed: Array) -> Array:
    """Yaw, pitch, roll [rad] and right, up, ahead [m], (K, 6), of a camera carried at `speed` (K,) [m/s].

    The same seed and name give the same shake; another name another one.
    """
    digest = hashlib.sha256(f"handheld {seed} {name}".encode()).digest()
    rng = np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))
    t = np.asarray(ticks, dtype=np.float64) / clock.TICKS_PER_SECOND
    out = np.zeros((len(t), 6))
    for _, low, high, angle, shift in BANDS:
        frequency = low + (high - low) * (np.arange(SINES) + rng.random((6, SINES))) / SINES
        phase = rng.uniform(0, 2 * np.pi, (6, SINES))
        shown = frequency < HIGHEST * fps
        waves = np.sin(2 * np.pi * frequency[None] * t[:, None, None] + phase[None]) * shown[None]
        size = np.array([angle] * 3 + [shift] * 3) * AXES * np.sqrt(2 / SINES)
        out += waves.sum(axis=-1) * size
    return np.asarray(out + _steps(t, speed, rng.uniform(0, 2 * np.pi)))


def _steps(t: Array, speed: Array, phase: float) -> Array:
    """What walking adds (K, 6)."""
    pace = np.clip(np.asarray(speed, dtype=float) / WALK_M_S, 0.0, 2.0)
    rate = STEP_HZ * np.sqrt(np.maximum(pace, 0.05))
    gap = np.diff(t, prepend=t[:1])
    turn = phase + 2 * np.pi * np.cumsum(rate * gap)
    out = np.zeros((len(t), 6))
    out[:, 1] = BOB_RAD * 0.6 * pace * np.sin(turn + 0.7)
    out[:, 2] = BOB_RAD * pace * np.sin(turn / 2)
    out[:, 3] = BOB_M * pace * np.sin(turn / 2 + 0.4)
    out[:, 4] = BOB_M * pace * np.sin(turn)
    return out
