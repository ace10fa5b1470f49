"""Lays key poses over what the body does anyway."""

from __future__ import annotations

from collections.abc import Container, Mapping

import numpy as np

from .aims import Aim
from .channels import ARM, INDEX, OWN, SPOTS, base_name
from .curves import slopes, through
from .maths import Floats
from .performer import Performer
from .table import Key, moment, rows_of, spread, value_of
from .timing import Timing, moment_of, written_length


def keys_of(
    timing: Timing, who: Performer, strong: int, holding: tuple[int, ...], size: float, aim: Aim | None
) -> dict[str, list[Key]]:
    """Channel → keys in seconds from the start of the action, all sizes of movement applied."""
    how = timing.manner
    tempo = how.tempo
    out: dict[str, list[Key]] = {}
    for columns, rows in timing.action.sheets:
        for row in rows_of(rows, timing.action.loop, timing.loops):
            when = moment(row[0], timing.phases, timing.moments, tempo)
            if isinstance(row[0], int | float):
                when = moment_of(timing, float(row[0]))
            for column, written in zip(columns[1:], row[1:], strict=True):
                for channel, value in _values(column, written, strong, holding, size, aim):
                    out.setdefault(channel, []).append((when, value))
    return out


def _values(
    column: str, written: float | str, strong: int, holding: tuple[int, ...], size: float, aim: Aim | None
) -> list[tuple[str, float | None]]:
    if column.endswith(".aim"):
        return _aimed(column, float(written), strong, aim)
    out: list[tuple[str, float | None]] = []
    for channel in spread(column, strong, holding):
        if written == ".":
            out.append((channel, None))
            continue
        value = value_of(channel, float(written), strong)
        out.append((channel, value * size if base_name(channel) not in OWN else value))
    return out


def _aimed(column: str, part: float, strong: int, aim: Aim | None) -> list[tuple[str, float | None]]:
    """A pointing arm: the angles that bring it in line with the target."""
    side = "LR"[spread(column.replace(".aim", ".elbow"), strong, ())[0][-1] == "R"]
    angles = {
        "arm.ahead": 1.25 if aim is None else aim.ahead,
        "arm.out": 0.1 if aim is None else aim.out,
        "arm.turn": 0.0,
    }
    return [(f"{name}.{side}", value if part > 0 else None) for name, value in angles.items()]


def lay(
    channels: Floats,
    t: Floats,
    start: float,
    keys: Mapping[str, list[Key]],
    *,
    knee_size: float = 1.0,
    speeds: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Lay keys over channels, in place. Own channels are taken over as far as they have values, others add up.

    `speeds`: channel → (time of one of its keys, rate there), where a key is passed at a given speed.
    """
    taken = {side: np.zeros(len(t)) for side in "LR"}
    for channel, track in keys.items():
        column = INDEX[channel]
        track = sorted(track, key=lambda key: key[0])
        times = start + np.array([when for when, _ in track])
        held = [(when, value) for when, value in zip(times, (v for _, v in track), strict=True) if value is not None]
        if not held:
            continue
        values = _curve(t, held, start, (speeds or {}).get(channel))
        below = channels[:, column]
        if base_name(channel) in OWN:
            weight = through(t, times, np.array([0.0 if value is None else 1.0 for _, value in track]))
            weight[t > times[-1]] = 0.0 if track[-1][1] is None else weight[t > times[-1]]
            if base_name(channel) in ARM:
                taken[channel[-1]] = np.maximum(taken[channel[-1]], weight)
            if channel == "knees":
                values = below + knee_size * (values - below)
            channels[:, column] = below + weight * (values - below)
        else:
            channels[:, column] = below + values
    for side, weight in taken.items():
        lift_off(channels, side, weight, but=keys)


def lift_off(channels: Floats, side: str, weight: Floats, but: Container[str] = ()) -> None:
    """Take a hand off the body as far as its arm does something else (T,) 0…1, in place."""
    for spot in SPOTS:
        if (name := f"touch.{spot}.{side}") not in but:
            channels[:, INDEX[name]] *= 1.0 - weight


def _curve(t: Floats, keys: list[tuple[float, float]], start: float, speed: tuple[float, float] | None) -> Floats:
    times, values = np.array([when for when, _ in keys]), np.array([value for _, value in keys])
    if speed is None or len(times) < 2:
        return through(t, times, values)
    rates = slopes(times, values)
    rates[np.abs(times - start - speed[0]).argmin()] = speed[1]
    return through(t, times, values, velocity=rates)


def tremble(channels: Floats, t: Floats, start: float, timing: Timing, strong: int, size: float, phase: float) -> None:
    """Add the shakes of an action, in place; they swell, and slow down a little as breath runs out."""
    tempo = (timing.length - timing.lead) / written_length(timing)
    for name, amplitude, hz, begin, end in timing.action.tremor:
        first, last = start + timing.lead + begin * tempo, start + timing.lead + end * tempo
        swell = through(t, [first, first + 0.2, last - 0.45, last], np.array([0.0, 1.0, 0.75, 0.0]))
        u = np.clip((t - first) / (last - first), 0.0, 1.0)
        wave = np.sin(2 * np.pi * hz * (t - first) * (1.0 - 0.14 * u) + phase) * swell
        for channel in spread(name, strong, ()):
            channels[:, INDEX[channel]] += value_of(channel, amplitude * size, strong) * wave


__all__ = ["keys_of", "lay", "lift_off", "tremble"]
