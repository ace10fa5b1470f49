"""Smooth motion between key poses: minimum jerk between rests, twice continuous curves through many keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .maths import Floats


def ease(u: ArrayLike) -> Floats:
    """Minimum-jerk progress 0…1 for u in [0, 1] (Flash & Hogan 1985), held outside."""
    u = np.clip(np.asarray(u, dtype=float), 0.0, 1.0)
    result: Floats = u * u * u * (10.0 + u * (6.0 * u - 15.0))
    return result


def step(t: ArrayLike, start: float, end: float) -> Floats:
    """Minimum-jerk rise from 0 at `start` to 1 at `end`."""
    return ease((np.asarray(t, dtype=float) - start) / max(end - start, 1e-9))


def window(t: ArrayLike, start: float, end: float, rise: float, fall: float) -> Floats:
    """1 inside [start, end], with eased flanks inside it."""
    return step(t, start, start + rise) * (1.0 - step(t, end - fall, end))


def quintic(
    u: Floats, span: Floats | float, p: tuple[Floats, Floats], v: tuple[Floats, Floats], a: tuple[Floats, Floats]
) -> Floats:
    """Quintic Hermite pieces: positions, velocities and accelerations at both ends; u in [0, 1], span [s]."""
    c0, c1, c2 = p[0], v[0] * span, 0.5 * a[0] * span**2
    dp = p[1] - c0 - c1 - c2
    dv = v[1] * span - c1 - 2 * c2
    da = a[1] * span**2 - 2 * c2
    c3 = 10 * dp - 4 * dv + 0.5 * da
    c4 = -15 * dp + 7 * dv - da
    c5 = 6 * dp - 3 * dv + 0.5 * da
    result: Floats = c0 + u * (c1 + u * (c2 + u * (c3 + u * (c4 + u * c5))))
    return result


def slopes(x: Floats, y: Floats) -> Floats:
    """Velocities at keys that let a curve pass without overshoot, 0 at ends and turning points (Fritsch-Carlson)."""
    v = np.zeros_like(y)
    if len(x) < 3:
        return v
    h, d = np.diff(x), np.diff(y, axis=0)
    h = h.reshape(-1, *([1] * (y.ndim - 1)))
    d = d / h
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = d[1:] * d[:-1] > 0
    safe = np.where(same, d[:-1] * d[1:], 1.0)
    v[1:-1] = np.where(
        same, (w1 + w2) * safe / (w1 * np.where(same, d[1:], 1.0) + w2 * np.where(same, d[:-1], 1.0)), 0.0
    )
    return v


def through(
    t: Floats,
    times: Sequence[float] | Floats,
    values: ArrayLike,
    velocity: Floats | None = None,
    acceleration: Floats | None = None,
) -> Floats:
    """A twice continuous curve through keys, held before the first and after the last, shape (T, ...).

    Velocities at keys are chosen so that nothing overshoots, accelerations there are zero, unless they are given.
    """
    x, y = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    if len(x) == 1:
        return np.broadcast_to(y[0], (len(t), *y.shape[1:])).copy()
    v = slopes(x, y) if velocity is None else velocity
    a = np.zeros_like(y) if acceleration is None else acceleration
    k = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
    span = x[k + 1] - x[k]
    u = np.clip((t - x[k]) / span, 0.0, 1.0)
    extra = (len(t), *([1] * (y.ndim - 1)))
    u, span = u.reshape(extra), span.reshape(extra)
    return quintic(u, span, (y[k], y[k + 1]), (v[k], v[k + 1]), (a[k], a[k + 1]))


def widest(values: Floats, rate: float, seconds: float) -> Floats:
    """The greatest of the values (T,) within some time on either side."""
    reach = round(seconds * rate)
    if reach < 1:
        return values
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1))


def smooth(values: Floats, rate: float, time_constant: float) -> Floats:
    """Values along axis 0 with everything faster than `time_constant` [s] taken out, without lag."""
    width = max(1, round(time_constant * rate))
    if width < 2:
        return values
    kernel = np.hanning(2 * width + 3)[1:-1]
    kernel /= kernel.sum()
    pad = len(kernel) // 2
    flat = values.reshape(len(values), -1)
    padded = np.pad(flat, ((pad, pad), (0, 0)), mode="edge")
    columns = [np.convolve(padded[:, i], kernel, mode="valid") for i in range(flat.shape[1])]
    return np.stack(columns, axis=1).reshape(values.shape)
