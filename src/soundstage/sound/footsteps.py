"""Feet on the ground: Take.footfalls as sound.

A step is a push on the floor (heel, ball of the foot, or the whole sole of a landing) that wakes the floor's modes and
the dull ones of shoe and foot, the rub of the sole, heard above 500 Hz (Ekimov & Sabatier, JASA 120, 762), and
whatever lies loose on the ground (Cook's PhISM grains). Rubber on a varnished floor may squeak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..take import Take
from . import pulse
from ._facts import facts
from ._kernel import (
    RATE,
    Array,
    add_at,
    band_pass,
    convolve,
    fade,
    gain,
    generator,
    high_pass,
    low_pass,
    ring,
    sample_of,
)
from .bodies import GROUND, Cast
from .events import Sound
from .impacts import fall

_BODY_MASS = 70.0
_SOLES = {"sneaker": 0.010, "trainer": 0.010, "boot": 0.006, "heel": 0.0025, "shoe": 0.005, "sandal": 0.007}
"""How long a heel's blow lasts on a hard floor [s], by what the footwear's name contains; bare feet last longest."""
_BARE_S = 0.011


@dataclass(frozen=True, kw_only=True)
class _Step:
    part: str
    speed: float
    load: float
    weight: float
    """Relative to 70 kg."""
    sole: float
    """Duration of the blow [s]."""
    floor: Mapping[str, Any]
    soft: bool
    rng: np.random.Generator


def footsteps(take: Take, cast: Cast) -> list[Sound]:
    """The sounds of all footfalls, in order of the table."""
    table = take.footfalls
    made: list[Sound] = []
    for row in range(len(table.time)):
        if not 0 <= int(table.time[row]) < take.duration:
            continue
        person = int(table.person[row])
        ground = cast.body(GROUND, "floor", str(table.material[row]))
        step = _Step(
            part=str(table.part[row]),
            speed=float(np.clip(np.nan_to_num(table.speed[row]), 0.0, 6.0)),
            load=float(np.clip(np.nan_to_num(table.load[row]), 0.0, 8.0)),
            weight=_weight(take, person),
            sole=_sole(take, person),
            floor=facts("step", ground.material.name),
            soft=ground.young < 2e7,
            rng=generator(take.seed, "step", person, row),
        )
        bank = ground.bank
        at = sample_of(int(table.time[row]))
        share = 10 ** (step.rng.normal(0.0, 2.5, len(bank.frequency)) / 20)
        tail = fall(bank.frequency, bank.free, bank.held, 0.18 * bank.radiance / bank.mass * share, 0.0)
        pcm = _sound(step, tail, at - np.floor(at))
        made.append(
            Sound(
                start=int(np.floor(at)),
                pcm=pcm,
                position=np.asarray(table.point[row]),
                family="steps/land" if step.load > 1.4 and step.part != "push" else "steps/walk",
            )
        )
    return made


def _weight(take: Take, person: int) -> float:
    identity = take.people[person].identity if person < len(take.people) else {}
    height = float(identity.get("height_m", 1.75))
    return 22.0 * height**2 * (0.8 + 0.4 * float(identity.get("weight", 0.5))) / _BODY_MASS


def _sole(take: Take, person: int) -> float:
    kinds = (
        [str(garment.get("kind", "")) for garment in take.people[person].wardrobe] if person < len(take.people) else []
    )
    for kind in kinds:
        for name, time in _SOLES.items():
            if name in kind:
                return time
    return _BARE_S


def _sound(step: _Step, tail: Array, offset: float) -> Array:
    """Pressure at 1 m [Pa]."""
    impulse = _impulse(step)
    out = np.zeros(round(0.6 * RATE))
    if impulse > 0:
        time = step.sole * {"heel": 1.0, "ball": 1.5, "flat": 1.25}.get(step.part, 1.2) * (2.0 if step.soft else 1.0)
        time *= (max(step.speed, 0.2) / 0.6) ** -0.2
        push = impulse * pulse.force(time, offset=offset)
        knock = np.zeros(len(out))
        add_at(knock, 0, convolve(push, tail))
        add_at(knock, 0, convolve(push, _shoe(step)))
        add_at(out, 0, high_pass(knock, 95.0, 2))
        add_at(out, 0, _pat(step, impulse, time))
    add_at(out, 0, _scuff(step, impulse))
    add_at(out, 0, _crunch(step, impulse))
    add_at(out, 0, _squeak(step))
    return out * fade(len(out), 0, 480)


def _impulse(step: _Step) -> float:
    """Of the first blow [N·s]: the foot and what is stiffly joined to it, a few kilograms, stopped."""
    joined = {"heel": 1.2, "ball": 0.7, "flat": 1.7}.get(step.part, 0.0) * step.weight
    speed = max(step.speed, 0.15)
    return joined * speed * float(np.sqrt(np.clip(0.3 + 0.7 * step.load, 0.2, 4.0)))


def _shoe(step: _Step) -> Array:
    """Impulse response of foot and shoe: dull, dead."""
    frequency = np.array([88.0, 165.0, 310.0, 620.0]) * np.exp(step.rng.normal(0.0, 0.06, 4))
    level = np.array([0.03, 0.08, 0.10, 0.07]) * 10 ** (step.rng.normal(0.0, 2.0, 4) / 20)
    return ring(frequency, np.full(4, 6.908 / 0.04), level, np.full(4, -np.pi / 2), round(0.06 * RATE))


def _pat(step: _Step, impulse: float, time: float) -> Array:
    """The sole laid flat on a hard floor pushes air out: a short soft noise."""
    if step.soft:
        return np.zeros(0)
    count = round(0.05 * RATE)
    t = np.arange(count) / RATE
    brightness = 900.0 + 2600.0 * (0.004 / max(time, 0.002)) ** 0.7
    noise = band_pass(step.rng.standard_normal(count), 220.0, brightness)
    edge = 1.0 - np.exp(-t / (0.1 * time))
    return np.asarray(noise * edge * np.exp(-t / (0.9 * time + 0.002)) * 0.10 * impulse * (0.6 + 0.3 * step.speed))


def _scuff(step: _Step, impulse: float) -> Array:
    """Rubbing of the sole."""
    low, high = step.floor["scuff_hz"]
    length = {"heel": 0.07, "ball": 0.09, "flat": 0.10, "push": 0.13}.get(step.part, 0.08)
    count = round(length * step.rng.uniform(0.8, 1.25) * RATE)
    noise = low_pass(band_pass(step.rng.standard_normal(count), low, high), 1.4 * high, 2)
    flutter = 1 + 0.6 * np.clip(low_pass(step.rng.standard_normal(count), 90.0) * 12, -1, 1.5)
    t = np.linspace(0.0, 1.0, count)
    peak = 0.12 if step.part != "push" else 0.45
    shape = np.where(t < peak, t / peak, (1 - t) / (1 - peak)) ** 1.3
    strength = {"heel": 0.7, "ball": 0.8, "flat": 1.3, "push": 0.5}.get(step.part, 0.6)
    strength *= np.clip(0.4 + 0.4 * step.load, 0.3, 1.6) * np.clip(0.5 + 0.4 * step.speed, 0.4, 2.0)
    return np.asarray(noise * flutter * shape * strength * 0.006 * gain(float(step.floor["scuff_db"])))


def _crunch(step: _Step, impulse: float) -> Array:
    """Grains that break, slide or bend: sparse short resonant ticks."""
    grains = float(step.floor.get("grains", 0.0))
    if grains <= 0 or step.part == "push":
        grains *= 0.4
    count = int(step.rng.poisson(grains * float(np.clip(0.4 + 0.6 * step.load, 0.3, 3.0))))
    out = np.zeros(round(0.16 * RATE))
    centre = float(step.floor.get("grain_hz", 4000.0))
    for _ in range(count):
        at = int(min(step.rng.exponential(0.03), 0.14) * RATE)
        frequency = np.array([centre * float(np.exp(step.rng.normal(0.0, 0.3)))])
        size = np.array([0.004 * float(step.rng.exponential(1.0)) ** 1.2])
        add_at(out, at, ring(frequency, np.array([2200.0]), size, np.array([-np.pi / 2]), 140))
    return out * fade(len(out), 0, 240)


def _squeak(step: _Step) -> Array:
    """Stick-slip of rubber: a short chirp, now and then, where the floor allows it."""
    chance = float(step.floor.get("squeak", 0.0)) * {"flat": 1.0, "push": 0.8, "ball": 0.5}.get(step.part, 0.0)
    if step.rng.uniform() >= chance * min(step.load, 1.5) or step.sole < 0.009:
        return np.zeros(0)
    count = round(step.rng.uniform(0.05, 0.11) * RATE)
    t = np.linspace(0.0, 1.0, count)
    pitch = step.rng.uniform(1500.0, 2700.0) * (1 + step.rng.uniform(-0.12, 0.18) * t)
    pitch = pitch * (1 + 0.012 * low_pass(step.rng.standard_normal(count), 200.0) * 10)
    angle = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = np.sin(angle) + 0.35 * np.sin(2 * angle + 0.4) + 0.15 * np.sin(3 * angle)
    shape = np.sin(np.pi * t**0.7) ** 1.5
    return np.asarray(0.004 * voice * shape * (1 + 0.3 * low_pass(step.rng.standard_normal(count), 300.0) * 8))
