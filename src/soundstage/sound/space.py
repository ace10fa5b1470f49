"""Where a sound is heard: left or right of the picture, near or far.

The microphone is near the action, as on a film set: what is far is softer and a little duller, but **it is not late**.
Sound at the speed of sound would reach a camera ten metres away 29 ms after the picture, and viewers notice 45 ms; a
boom does not hear it so, and neither does this one. Apparent distance follows the picture: a long lens comes nearer.
"""

from __future__ import annotations

import numpy as np

from ..take import Take
from ._kernel import RATE, Array, low_pass
from .events import Sound

REFERENCE_M = 4.0
"""Distance at which a sound is as loud as its family's fader says."""
NEAREST_M = 1.5
_FALL = 0.45
"""Exponent of loudness over distance: 1 in the free field, less for a microphone that follows."""
_QUIETEST_DB = -10.0
_WIDTH = 0.65
"""How far to the side a sound at the picture's edge is put, 0 … 1."""
_NORMAL_LENS_MM = 32.0


def place(sound: Sound, take: Take, *, width: float = _WIDTH, distance: float = 1.0) -> Array:
    """The sound in stereo, (n, 2). `width` 0 puts it in the middle; `distance` 0 ignores how far it is."""
    points = np.atleast_2d(np.asarray(sound.position, dtype=float))
    count = len(sound.pcm)
    offsets = np.linspace(0, max(count - 1, 0), len(points)) if len(points) > 1 else np.zeros(1)
    pan, far = _seen(take, points, sound.start + offsets)
    pcm = low_pass(sound.pcm, _air(float(far.mean())), 1) if distance > 0 else sound.pcm
    level = np.clip((REFERENCE_M / np.maximum(far, NEAREST_M)) ** (_FALL * distance), 10 ** (_QUIETEST_DB / 20), None)
    angle = (np.pi / 4) * (1 + width * pan)
    sides = np.sqrt(2.0) * np.stack([np.cos(angle), np.sin(angle)], axis=1) * level[:, None]
    if len(points) > 1:
        at = np.arange(count)
        sides = np.stack([np.interp(at, offsets, sides[:, side]) for side in (0, 1)], axis=1)
    return np.asarray(pcm[:, None] * sides)


def _seen(take: Take, points: Array, samples: Array) -> tuple[Array, Array]:
    """Pan (K,), -1 left … 1 right, and apparent distance (K,) [m] of points at sample times."""
    camera = take.camera
    if len(camera.time) == 0:
        return np.zeros(len(points)), np.full(len(points), REFERENCE_M)
    ticks = samples * 14_700.0
    row = np.clip(np.searchsorted(camera.time, ticks, side="right") - 1, 0, len(camera.time) - 1)
    offset = points - camera.position[row]
    far = np.linalg.norm(offset, axis=1)
    w, x, y, z = (camera.rotation[row, i] for i in range(4))
    right = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], axis=1)
    across = np.sum(offset * right, axis=1) / np.maximum(far, 1e-6)
    lens = np.asarray(camera.lens_mm[row], dtype=float)
    edge = 18.0 / np.hypot(lens, 18.0)  # sine of the angle at which the picture ends
    pan = np.tanh(across / np.maximum(edge, 0.2))
    zoom = np.clip(_NORMAL_LENS_MM / lens, 0.35, 1.6)
    return np.asarray(pan), np.asarray(far * zoom)


def _air(metres: float) -> float:
    """Cut-off [Hz] that stands for the air's absorption: about 0.1 dB/m at 8 kHz (ISO 9613-1, 20 °C, 50 %)."""
    loss = 0.1 * min(metres, 200.0)
    if loss < 0.3:
        return 0.5 * RATE
    return float(8000.0 / np.sqrt(10 ** (loss / 10) - 1))
