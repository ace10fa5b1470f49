"""Rolling and scraping: Take.streams as sound.

A rough surface passes under the contact like a record under a needle (van den Doel, Kry & Pai 2001): a profile of noise
over *distance* is read at the speed of the contact, smoothed over the patch that touches, and pushes both bodies'
modes. So pitch and loudness follow speed and weight by themselves. What rolls is also a little out of round, and meets
grains. Forces and speeds are smoothed before use: the physics step must not be heard as a buzz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import clock
from ..take import Take
from . import pulse
from ._facts import facts
from ._kernel import (
    AIR_DENSITY,
    RATE,
    SOUND_SPEED,
    Array,
    add_at,
    band_pass,
    convolve,
    fade,
    generator,
    high_pass,
    low_pass,
    sample_of,
)
from .bodies import Body, Cast
from .events import Sound
from .impacts import contact_time, fall

SLOWEST = 0.006
"""Below this a contact is at rest [m/s]; the solver's creep is no sound."""
FASTEST = 6.0
SOFT_YOUNG = 2e7
"""Grounds with a smaller modulus give way [Pa]."""
SHORTEST_S = 0.03
_CONTROL_RATE = 1000
_PAD_S = 0.03
_SCRAPE = 0.15
"""Fluctuation of the force between two surfaces dragged over each other, of 1 N at 1 m/s [N]."""
_LARGEST_TABLE = 1 << 21


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One stretch of moving contact on the control grid (1 kHz)."""

    start: float  # [samples]
    load: Array  # (K,) [N]
    slip: Array  # (K,) [m/s]
    roll: Array  # (K,) [m/s]
    point: Array  # (K, 3)

    @property
    def count(self) -> int:
        """Length in samples."""
        return len(self.load) * (RATE // _CONTROL_RATE)


def frictions(take: Take, cast: Cast) -> list[Sound]:
    """The sounds of everything that rolls or slides, in the order of the streams."""
    table = take.streams
    made: list[Sound] = []
    if len(table.stream) == 0:
        return made
    order = np.lexsort((table.time, table.stream))
    edges = np.flatnonzero(np.diff(table.stream[order])) + 1
    for rows in np.split(order, edges):
        first = rows[0]
        a = cast.body(table.a[first], "", table.material_a[first])
        b = cast.body(table.b[first], "", table.material_b[first])
        number = int(table.stream[first])
        for part, run in enumerate(_runs(take, rows)):
            rng = generator(take.seed, "friction", a.name, b.name, number, part)
            for what, pcm in (("roll", _rolling(run, a, b, rng)), ("scrape", _scraping(run, a, b, rng))):
                if len(pcm):
                    family = f"{what}/" + "+".join(sorted((a.family, b.family)))
                    step = max(1, len(run.point) // 400)
                    made.append(Sound(start=round(run.start), pcm=pcm, position=run.point[::step], family=family))
    return made


def _runs(take: Take, rows: Array) -> list[_Run]:
    """The stretches of one stream in which its contact moves."""
    table = take.streams
    tick = table.time[rows].astype(np.float64)
    inside = tick <= take.duration
    rows, tick = rows[inside], tick[inside]
    if len(rows) < 3 or tick[-1] - tick[0] < SHORTEST_S * clock.TICKS_PER_SECOND:
        return []
    grid = np.arange(tick[0], tick[-1], clock.period(_CONTROL_RATE))
    load = _smooth(np.interp(grid, tick, np.maximum(np.nan_to_num(table.normal_force[rows]), 0.0)), 25)
    slip = _smooth(np.interp(grid, tick, np.abs(np.nan_to_num(table.slip_speed[rows]))), 17)
    roll = _smooth(np.interp(grid, tick, np.abs(np.nan_to_num(table.roll_speed[rows]))), 17)
    slip, roll = np.minimum(slip, FASTEST), np.minimum(roll, FASTEST)
    point = np.stack([np.interp(grid, tick, table.point[rows][:, axis]) for axis in range(3)], axis=1)
    moving = (np.maximum(slip, roll) > SLOWEST) & (load > 1e-4)
    pad = round(_PAD_S * _CONTROL_RATE)
    wide = np.convolve(moving, np.ones(2 * pad + 1), mode="same") > 0
    steps = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(int)))
    return [
        _Run(start=sample_of(grid[i]), load=load[i:j], slip=slip[i:j], roll=roll[i:j], point=point[i:j])
        for i, j in zip(steps[::2], steps[1::2], strict=True)
        if j - i > SHORTEST_S * _CONTROL_RATE
    ]


def _smooth(x: Array, width: int) -> Array:
    """Hann-weighted running mean, ends held."""
    window = np.hanning(width + 2)[1:-1]
    half = width // 2
    return np.convolve(np.pad(x, half, mode="edge"), window / window.sum(), mode="valid")


def _audio(x: Array, count: int) -> Array:
    """A control-rate curve at the audio rate."""
    at = np.arange(count) * (_CONTROL_RATE / RATE)
    return np.interp(at, np.arange(len(x)), x)


def _rolling(run: _Run, a: Body, b: Body, rng: np.random.Generator) -> Array:
    """Something round on a surface."""
    speed = np.maximum(run.roll - run.slip, 0.0)
    ball = next((body for body in (a, b) if body.round or np.isfinite(body.mass)), None)
    if ball is None or speed.max() < SLOWEST:
        return np.zeros(0)
    track = b if ball is a else a
    radius = max(ball.curvature if ball.round else min(ball.size) / 2, 0.002)
    v = _audio(speed, run.count)
    load = _audio(run.load, run.count)
    way = np.cumsum(v) / RATE
    ground, skin = facts("surface", track.material.name), facts("surface", ball.material.name)
    height = float(np.hypot(ground["height"], skin["height"]))
    slope = min(float(ground["slope"]), float(skin["slope"]))
    patch = _patch(ball, track, float(run.load.max()), radius)
    grain = max(float(ground["grain"]), float(skin["grain"]), 0.7 * patch)
    profile = _profile(rng, way, grain, slope, float(v.max()))
    angle = way / radius
    seams = 0.30 if ball.inflated else 0.14
    round_ = 1 + seams * np.cos(angle + rng.uniform(0, 6.28)) + 0.5 * seams * np.cos(2 * angle + rng.uniform(0, 6.28))
    # Roughness is pressed flat with the stiffness of the contact, but nothing pulls: the weight is the most it can do.
    push = _stiffness(ball, track, patch) * height / np.maximum(load, 1e-4)
    share = push / (1 + push)
    force = 0.6 * share * load * np.sqrt(v) * profile * round_
    if track.young < SOFT_YOUNG:  # blades and loops bend under a thing, they do not shake it
        return _heard(0.15 * force, ball, track, run.count) + _bending(v, radius, track, rng)
    force += _grains(run, v, load, way, share, ball, track, rng)
    hiss = 6e-4 * (height / 2e-5) ** 0.5 * np.sqrt(load / 6.0) * v
    return _heard(force, ball, track, run.count) + _breath(hiss, v, 500.0, 3500.0, rng)


def _scraping(run: _Run, a: Body, b: Body, rng: np.random.Generator) -> Array:
    """One surface dragged over another."""
    if run.slip.max() < SLOWEST * 2:
        return np.zeros(0)
    v, load = _audio(run.slip, run.count), _audio(run.load, run.count)
    one, two = facts("surface", a.material.name), facts("surface", b.material.name)
    rough = float(np.clip((np.hypot(one["height"], two["height"]) / 2e-6) ** 0.25, 0.4, 2.5))
    grain = 0.4 * min(float(one["grain"]), float(two["grain"]))
    slope = 0.5 * min(float(one["slope"]), float(two["slope"]))
    profile = _profile(rng, np.cumsum(v) / RATE, grain, slope, float(v.max()))
    force = _SCRAPE * rough * load**0.75 * np.sqrt(v) * np.clip(v / 0.03, 0.0, 1.0) * profile
    moving, other = (a, b) if a.mass <= b.mass else (b, a)
    force *= 0.4 if moving.hollow else 1.0  # what is inside holds the panels
    return _heard(force, moving, other, run.count) + _breath(
        1.6e-3 * rough * np.sqrt(load) * v**0.8, v, 600.0, 5500.0, rng
    )


def _breath(level: Array, v: Array, low: float, high: float, rng: np.random.Generator) -> Array:
    """What rubbing itself radiates, without waking anybody's modes: noise that opens with speed [Pa at 1 m]."""
    noise = rng.standard_normal(len(v))
    slow, fast = band_pass(noise, low, 0.4 * high), band_pass(noise, low, high)
    open_ = np.clip(v / 1.5, 0.0, 1.0)
    grit = 1 + 0.5 * np.clip(low_pass(rng.standard_normal(len(v)), 55.0) * 18, -1.5, 2.0)
    edge = round(_PAD_S * RATE)
    return np.asarray(level * grit * (slow * (1 - open_) + fast * open_) * 1.6 * fade(len(v), edge, edge))


def _bending(v: Array, radius: float, track: Body, rng: np.random.Generator) -> Array:
    """Grass, sand or carpet under something that rolls over it: a rustle as wide as the thing [Pa at 1 m]."""
    low, high = facts("step", track.material.name)["scuff_hz"]
    noise = band_pass(rng.standard_normal(len(v)), low, high, 2)
    noise = low_pass(noise, 1.2 * high, 2)
    blades = 1 + 0.9 * np.clip(low_pass(rng.standard_normal(len(v)), 30.0) * 24, -1.1, 2.5)
    edge = round(_PAD_S * RATE)
    level = 3.5e-3 * (radius / 0.1) ** 0.7 * v**1.3
    return np.asarray(level * blades * noise * fade(len(v), edge, edge))


def _patch(ball: Body, track: Body, load: float, radius: float) -> float:
    """Radius [m] of what touches: Hertz for solids, load over pressure for an inflated ball."""
    if ball.inflated and ball.contact_time:
        stiffness = ball.mass * (np.pi / ball.contact_time) ** 2
        return float(np.sqrt(max(load, 1e-3) / (stiffness / (2 * radius)) / np.pi))
    modulus = pulse.reduced_modulus(ball.young, ball.material.poisson, track.young, track.material.poisson)
    return float((0.75 * max(load, 1e-3) * radius / modulus) ** (1 / 3))


def _stiffness(ball: Body, track: Body, patch: float) -> float:
    """Stiffness of the contact [N/m]: 2 E* a for solids, the air's for an inflated ball."""
    if ball.inflated and ball.contact_time:
        return float(ball.mass * (np.pi / ball.contact_time) ** 2)
    return 2.0 * patch * pulse.reduced_modulus(ball.young, ball.material.poisson, track.young, track.material.poisson)


def _profile(rng: np.random.Generator, way: Array, grain: float, slope: float, fastest: float) -> Array:
    """Unit-variance 1/f^slope noise over distance, without detail finer than `grain`, read along `way` [m]."""
    length = float(way[-1]) + 8 * grain
    step = max(grain / 3.0, fastest / RATE, length / _LARGEST_TABLE)
    count = max(64, int(length / step) + 8)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    k = np.fft.rfftfreq(count, step)
    longest = 1.0 / 0.12  # waves longer than 12 cm are hills, not roughness
    shape = 1.0 / np.maximum(k, longest) ** (slope / 2) * np.exp(-((k * grain) ** 2) * 2.0)
    shape[0] = 0.0
    table = np.fft.irfft(spectrum * shape, count)
    table /= max(float(table.std()), 1e-12)
    at = way / step
    index = np.minimum(at.astype(np.int64), count - 2)
    part = at - index
    return np.asarray(table[index] * (1 - part) + table[index + 1] * part)


def _grains(
    run: _Run, v: Array, load: Array, way: Array, share: Array, ball: Body, track: Body, rng: np.random.Generator
) -> Array:
    """Sparse small knocks along the way: dust, joints and pores."""
    out = np.zeros(run.count)
    count = int(min(rng.poisson(float(way[-1]) * 500.0), 20_000))
    if count == 0:
        return out
    at = np.searchsorted(way, rng.uniform(0.0, float(way[-1]), count))
    at = np.minimum(at, run.count - 1)
    mass = min(ball.mass, 1.0)
    time = contact_time(ball, track, mass, 0.05, 0.0)
    knock = pulse.force(min(max(time, 8e-5), 0.006)) * RATE
    strength = 8e-4 * share[at] * mass * v[at] * rng.gamma(2.0, 0.5, count)
    strength *= np.minimum(load[at] / (9.81 * mass), 1.5)
    spikes = np.zeros(run.count)
    np.add.at(spikes, at, strength)
    add_at(out, 0, convolve(spikes, knock))
    return out


def _heard(force: Array, moving: Body, other: Body, count: int) -> Array:
    """Pressure at 1 m [Pa] of both bodies under a force (n,) [N], fading in and out."""
    out = np.zeros(count)
    for body in (moving, other):
        bank = body.bank
        if len(bank.frequency) == 0:
            continue
        tail = fall(bank.frequency, bank.free, bank.held, bank.radiance / bank.mass, 0.0)
        heard = convolve(force / RATE, tail)[:count]
        out += high_pass(heard, 0.7 * float(bank.frequency.min()), 2)
    if np.isfinite(moving.mass) and moving.bank.volume > 0:
        jerk = np.diff(force, prepend=0.0) * RATE / moving.mass
        radius = (moving.bank.volume * 3 / (4 * np.pi)) ** (1 / 3)
        shaken = AIR_DENSITY * 1.5 * moving.bank.volume / (4 * np.pi * SOUND_SPEED) * jerk
        out += low_pass(shaken, SOUND_SPEED / (2 * np.pi * radius), 2)
    edge = round(_PAD_S * RATE)
    return out * fade(count, edge, edge)
