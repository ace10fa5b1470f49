"""Turns logged touches into strikes (one row each) and streams (samples of contacts that last).

A strike begins with the first touch after a gap, or, while a pair is touching already, when another spot of it lands
(a block that tips over lands on its face while its edge never leaves the table). What counts is the speed of approach
just before; below `LEAST_SPEED` nothing was struck. Its time is finer than the step: the gap closes at a known speed.

Published durations. Inflated balls: as simulated. Solid bodies: the Hertz time for the speed of the strike, since the
simulated contact is longer than the real one; the peak force is then that of a half sine with the same impulse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from ... import clock
from ...take import Array, Contacts, Streams, empty, read_only
from .contact_law import Law
from .records import Brush, Touches
from .world import World

GAP_S = 0.010
"""Two touches closer than this are one strike."""
LEAST_SPEED = 0.05
"""Approach that counts as a strike [m/s]: that of a fall from an eighth of a millimetre."""
LASTING_S = 0.030
"""A contact longer than this is a stream."""
STREAM_RATE = 1200
"""Samples of a stream per second, at most."""
SMOOTH = 5
"""Samples of a stream over which its force is averaged (4 ms)."""
STILL = 1e-3
"""Slower than this nothing slides or rolls [m/s]."""
NET_MATERIAL = "fabric"


@dataclass(frozen=True, kw_only=True)
class _Strike:
    time: float  # steps
    row: int
    impulse: float
    duration: float  # [s]
    peak: float
    speed: float
    slip: float


def contacts(world: World, touches: Touches, brushes: Sequence[Brush] = ()) -> Contacts:
    """All strikes in order of time."""
    rows: list[tuple[Any, ...]] = []
    for start, end in _runs(touches.pair):
        for s in _strikes(world, touches, start, end):
            rows.append(_contact_row(world, touches, s))
    rows += [_brush_row(world, brush) for brush in brushes]
    if not rows:
        return empty(Contacts)  # type: ignore[no-any-return]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    kinds = [np.int64, np.int32, np.int32, str, str, str, str] + [np.float64] * 7
    names = list(Contacts.__dataclass_fields__)
    columns = {n: np.array([r[i] for r in rows], dtype=kinds[i]) for i, n in enumerate(names)}
    return Contacts(**{n: read_only(c) for n, c in columns.items()})


def _contact_row(world: World, t: Touches, s: _Strike) -> tuple[Any, ...]:
    a, b = world.geoms[t.geom_a[s.row]], world.geoms[t.geom_b[s.row]]
    return (
        max(0, round(s.time * _ticks(world))),
        a.owner,
        b.owner,
        a.surface.material,
        b.surface.material,
        a.part,
        b.part,
        t.point[s.row],
        t.normal[s.row],
        s.impulse,
        s.duration,
        s.peak,
        s.speed,
        s.slip,
    )


def _brush_row(world: World, brush: Brush) -> tuple[Any, ...]:
    ball = next(g for g in world.geoms if g.owner == brush.thing)
    return (
        round(brush.start * _ticks(world)),
        brush.thing,
        brush.hoop,
        ball.surface.material,
        NET_MATERIAL,
        ball.part,
        "net",
        brush.point,
        brush.normal,
        brush.impulse,
        (brush.end - brush.start) * world.step,
        brush.peak,
        0.3 * brush.speed,  # the cord is met at a slant: most of the ball's speed runs along it
        brush.speed,
    )


def _ticks(world: World) -> int:
    return round(world.step * clock.TICKS_PER_SECOND)


def _runs(pair: Array) -> list[tuple[int, int]]:
    """Row ranges of each pair."""
    if not len(pair):
        return []
    edges = np.flatnonzero(np.diff(pair)) + 1
    return list(zip(np.r_[0, edges].tolist(), np.r_[edges, len(pair)].tolist(), strict=True))


def _spells(world: World, step: Array) -> list[tuple[int, int]]:
    """Row ranges of unbroken contact within one pair."""
    edges = np.flatnonzero(np.diff(step) > round(GAP_S / world.step)) + 1
    return list(zip(np.r_[0, edges].tolist(), np.r_[edges, len(step)].tolist(), strict=True))


def _strikes(world: World, t: Touches, start: int, end: int) -> list[_Strike]:
    found: list[_Strike] = []
    gap = round(GAP_S / world.step)
    for low, high in _spells(world, t.step[start:end]):
        lo, hi = start + low, start + high
        step, approach = t.step[lo:hi], t.approach[lo:hi]
        before = np.r_[0.0, np.maximum(approach[:-1], 0.0)]
        before[np.r_[True, np.diff(step) > 1]] = 0.0
        # A landing is a jump in the speed of approach; within one it only falls.
        onset = np.flatnonzero((approach > LEAST_SPEED) & (approach > 1.5 * before + 0.5 * LEAST_SPEED))
        last = -gap
        picked: list[int] = []
        for i in onset:
            if step[i] - last >= gap:
                picked.append(int(i))
                last = step[i]
        for n, i in enumerate(picked):
            stop = picked[n + 1] if n + 1 < len(picked) else len(step)
            found.append(_strike(world, t, lo, lo + i, lo + stop, gap))
    return found


def _strike(world: World, t: Touches, spell: int, row: int, stop: int, gap: int) -> _Strike:
    law = _law(world, int(t.geom_a[row]), int(t.geom_b[row]))
    within = t.step[row:stop] - t.step[row] <= max(4.0 * law.contact_time / world.step, gap)
    force = t.force[row : row + int(np.argmin(within)) if not within.all() else stop]
    lying = row > spell and t.step[row] - t.step[row - 1] <= 1
    floor = float(t.force[row - 1]) if lying else 0.0
    force = np.maximum(force - floor, 0.0)
    stands_for = t.span[row : row + len(force)]
    peak_at = int(np.argmax(force))
    tail = np.flatnonzero(force[peak_at:] < 0.03 * force[peak_at])
    length = peak_at + int(tail[0]) if len(tail) else len(force)
    # Small bounces that follow within the gap belong to the strike.
    counted = force * stands_for if not lying else (force * stands_for)[: max(length, 1)]
    impulse = float(counted.sum()) * world.step
    speed = float(t.approach[row])
    # Nearly resting contacts hold on: what the weight adds after the blow is not part of it.
    bound = 2.5 * law.reduced_mass * max(speed, LEAST_SPEED)
    impulse = min(impulse, bound)
    duration, peak = max(int(stands_for[:length].sum()), 1) * world.step, float(force[peak_at]) + floor
    if law.hertz:
        duration = min(duration, law.hertz * max(speed, LEAST_SPEED) ** -0.2)
        peak = pi / 2 * impulse / duration
    early = min(float(t.depth[row]) / max(speed, 1e-9) / world.step, 1.0)
    return _Strike(
        time=float(t.step[row]) - early,
        row=row,
        impulse=impulse,
        duration=duration,
        peak=peak,
        speed=speed,
        slip=float(t.slip[row]),
    )


def _law(world: World, a: int, b: int) -> Law:
    return world.laws[min(a, b), max(a, b)]


def streams(world: World, t: Touches) -> Streams:
    """Samples of every lasting contact that slides or rolls, at most `STREAM_RATE` a second."""
    rows: dict[str, list[Array]] = {n: [] for n in Streams.__dataclass_fields__}
    each = max(1, round(1.0 / (world.step * STREAM_RATE)))
    number = 0
    for start, end in _runs(t.pair):
        for low, high in _spells(world, t.step[start:end]):
            lo, hi = start + low, start + high
            if (t.step[hi - 1] - t.step[lo]) * world.step < LASTING_S:
                continue
            if _sample(world, t, lo, hi, each, number, rows):
                number += 1
    if not number:
        return empty(Streams)  # type: ignore[no-any-return]
    return Streams(**{n: read_only(np.concatenate(c)) for n, c in rows.items()})


def _smooth(force: Array) -> Array:
    """Mean over `SMOOTH` samples: a step's share of a lasting force is an accident of the solver."""
    if len(force) < SMOOTH:
        return force
    padded = np.pad(force, SMOOTH // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.full(SMOOTH, 1.0 / SMOOTH), mode="valid"))


def _sample(world: World, t: Touches, lo: int, hi: int, each: int, number: int, rows: dict[str, list[Array]]) -> bool:
    """Means over bins of `each` steps, of the bins in which something moves and one on either side."""
    bins = t.step[lo:hi] // each
    first = np.flatnonzero(np.r_[True, np.diff(bins) != 0])
    count = np.diff(np.r_[first, hi - lo])

    def mean(column: Array) -> Array:
        summed = np.add.reduceat(column[lo:hi], first, axis=0)
        return np.asarray(summed / (count if summed.ndim == 1 else count[:, None]))

    slip, roll = mean(t.slip), mean(t.roll)
    span = t.span[lo:hi]
    force = _smooth(np.add.reduceat(t.force[lo:hi] * span, first) / np.maximum(np.add.reduceat(span, first), each))
    moving = np.maximum(slip, roll) > STILL
    moving |= np.r_[moving[1:], False] | np.r_[False, moving[:-1]]
    if moving.sum() * each * world.step < LASTING_S:
        return False
    a, b = world.geoms[t.geom_a[lo]], world.geoms[t.geom_b[lo]]
    size = int(moving.sum())
    columns: dict[str, Array] = {
        "stream": np.full(size, number, dtype=np.int32),
        "time": (bins[first][moving] * each * _ticks(world)).astype(np.int64),
        "a": np.full(size, a.owner, dtype=np.int32),
        "b": np.full(size, b.owner, dtype=np.int32),
        "material_a": np.full(size, a.surface.material),
        "material_b": np.full(size, b.surface.material),
        "point": mean(t.point)[moving],
        "normal_force": force[moving],
        "slip_speed": slip[moving],
        "roll_speed": roll[moving],
    }
    for name, column in columns.items():
        rows[name].append(column)
    return True
