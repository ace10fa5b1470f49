"""What a body sounds like when it is struck: its modes, how long they ring and how loud they are.

Levels are physical: a mode of modal mass m struck with an impulse J moves at J/m, and a surface of area S that moves
at v makes a pressure ρ c v sqrt(S σ / 4π) at 1 m, σ its radiation efficiency. So a bowling ball and a marble stand in
the right relation without tuning. Ringing is Rayleigh damping in the air (α, β of the material) and more where
something is held or lies (T60 measured on supports; Traer, Cusimano & McDermott, DAFx 2019, fits in the material's
data). Where exactly a body is struck is not known well enough to compute mode shapes, so shares of the modes are drawn
per body, and again a little per hit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..library import Material
from . import modes
from ._facts import substance
from ._kernel import AIR_DENSITY, SOUND_SPEED, Array, generator

MOST_MODES = 40
_LOWEST_HZ = 25.0
_DETUNE = 0.03
"""Sigma of each mode's frequency: no two bodies of one kind are quite alike."""
_SPREAD_DB = 5.0


@dataclass(frozen=True, kw_only=True)
class Bank:
    """The modes of one body."""

    frequency: Array  # (M,) [Hz]
    free: Array  # (M,) [1/s] decay while nothing else touches the body
    held: Array  # (M,) [1/s] decay while it lies or stands on something
    mass: Array  # (M,) [kg] modal mass: velocity per impulse is 1/mass
    radiance: Array  # (M,) [Pa at 1 m per m/s]
    volume: float = 0.0
    """[m³] of a body that is pushed as a whole; 0 for what stays where it is."""
    body_mass: float = 0.0
    """[kg], of a body that is pushed as a whole."""
    waves: Array | None = None
    """(M, 2) half-waves across a plate's sides, where the point of a strike says which modes it wakes."""
    sides: tuple[float, float] = (1.0, 1.0)
    rattle: float = 0.0
    """0 … 1: how much loosely bolted parts rattle after a blow."""


def bank(
    shape: str,
    size: tuple[float, float, float],
    material: str,
    mass: float,
    *,
    name: str,
    seed: int,
    fixed: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> Bank:
    """The bank of a body by shape class: solid, plate, bar, shell, ball, hoop, cloth, soft or body (a person).

    size: overall [m]; mass [kg]; `name` and `seed` choose its small individual differences. `facts` may give
    radius, bar, support_t60, round, closed, mass_factor … (library/data/sounds.toml). Classes that are not known are
    heard as solid.
    """
    about = dict(facts or {})
    stuff = substance(material)
    rng = generator(seed, "bank", name)
    build = _BUILDERS.get(shape, _solid)
    made = build(size, stuff, mass, about)
    designed = shape in ("ball", "soft", "body") and stuff.young <= 5e8
    made = _individual(made, stuff, rng, spread_db=1.0 if designed else _SPREAD_DB, coloured=not designed)
    if not fixed and shape not in ("hoop", "cloth", "soft", "body"):
        made = replace(made, volume=_volume(shape, size, about), body_mass=mass)
    made = _losing(made)
    quieter = 10 ** (float(about.get("radiance_db", 0.0)) / 20)
    return replace(made, radiance=made.radiance * quieter, rattle=float(about.get("rattle", 0.0)))


def _losing(made: Bank) -> Bank:
    """The bank with what it loses to the air: power ρ c S σ v² out of an energy m v².

    The modal surface moves to and fro in patches, so less than all of it counts. This ends the ringing of thin glass.
    """
    if len(made.frequency) == 0:
        return made
    lost = 0.4 * 2 * np.pi * made.radiance**2 / (AIR_DENSITY * SOUND_SPEED * made.mass)
    return replace(made, free=made.free + lost, held=made.held + lost)


def decay_free(stuff: Material, frequency: Array) -> Array:
    """Rayleigh damping (α + β ω²)/2 [1/s]."""
    alpha, beta = float(stuff.acoustic.get("alpha", 50.0)), float(stuff.acoustic.get("beta", 1e-6))
    return np.asarray((alpha + beta * (2 * np.pi * frequency) ** 2) / 2)


def decay_support(stuff: Material, frequency: Array, t60_1k: float | None = None) -> Array:
    """Loss into what a body lies on or is bolted to [1/s]: 6.91 / (T60(1 kHz) (f/1 kHz)^x)."""
    t60 = float(t60_1k if t60_1k is not None else stuff.acoustic.get("t60_1k", 0.08))
    slope = float(stuff.acoustic.get("t60_slope", -0.2))
    return np.asarray(6.908 / (t60 * (np.maximum(frequency, 50.0) / 1000.0) ** slope))


def compact(area: float, frequency: Array, order: int) -> Array:
    """Radiation efficiency of a body smaller than a wavelength: order 1 breathes, 2 swings, 3 bends."""
    size = (2 * np.pi * np.asarray(frequency) / SOUND_SPEED * np.sqrt(area / (4 * np.pi))) ** (2 * order)
    return np.asarray(size / (1 + size))


def panel(thickness: float, stuff: Material, frequency: Array) -> Array:
    """Radiation efficiency of a wide plate: little below its critical frequency, all above."""
    speed = modes.wave_speed(stuff.young, stuff.density)
    critical = SOUND_SPEED**2 / (1.8 * thickness * speed)
    return np.asarray(np.clip(0.02 + (np.asarray(frequency) / critical) ** 1.2, 0.0, 1.0))


def radiance(area: float, efficiency: Array) -> Array:
    """Pressure amplitude at 1 m per surface speed [Pa/(m/s)]: ρ c sqrt(S σ / 4π)."""
    return np.asarray(AIR_DENSITY * SOUND_SPEED * np.sqrt(area * efficiency / (4 * np.pi)))


# ── shape classes ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _make(frequency: Array, stuff: Material, mass: float, sound: Array, about: Mapping[str, Any]) -> Bank:
    free = decay_free(stuff, frequency)
    held = free + decay_support(stuff, frequency, about.get("support_t60"))
    return Bank(frequency=frequency, free=free, held=held, mass=np.full(len(frequency), mass), radiance=sound)


def _solid(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    # Wood and board are far softer across their grain than the modulus along it says.
    across = 0.12 if stuff.texture in ("wood", "planks", "cardboard") else 1.0
    if about.get("round"):
        frequency = modes.sphere(size[0], stuff.young * across, stuff.density, stuff.poisson)
    else:
        frequency = modes.block(size, stuff.young * across, stuff.density, stuff.poisson)
    a, b, c = size
    area = np.pi * a * a if about.get("round") else 2 * (a * b + b * c + a * c)
    return _make(frequency, stuff, mass / 2, radiance(area, compact(area, frequency, 2)), about)


def _plate(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    wide, deep, thin = sorted(size, reverse=True)
    factor = float(about.get("mass_factor", 1.0))
    if about.get("round"):
        # A coin's relief and rim leave less stiffness than its greatest thickness promises.
        frequency = modes.disc(wide, 0.5 * thin, stuff.young, stuff.density, stuff.poisson)
        area = np.pi * wide**2 / 2
        return _make(frequency, stuff, mass / 3, radiance(area, compact(area / 2, frequency, 2)), about)
    across = 0.4 if stuff.texture in ("wood", "planks") else 1.0
    frequency, waves = modes.plate((wide, deep), thin, stuff.young * across, stuff.density, stuff.poisson)
    keep = _thin_out(frequency, float(about.get("lowest_hz", _LOWEST_HZ)))
    frequency, waves = frequency[keep], waves[keep]
    own = stuff.density * wide * deep * thin
    area = wide * deep * np.sqrt(factor)
    # A floor is its own baffle; a free board is heard from its back as well, which cancels its lowest notes.
    sound = radiance(2 * area, panel(thin, stuff, frequency) * compact(area, frequency, 1 if factor > 2 else 2))
    made = _make(frequency, stuff, own * factor / 4, sound, about)
    made = replace(made, waves=waves, sides=(wide, deep))
    return _booming(made, about) if "boom_hz" in about else made


def _booming(made: Bank, about: Mapping[str, Any]) -> Bank:
    """The bank of a floor that also moves as a whole, low, on what carries it."""
    frequency = np.asarray(about["boom_hz"], dtype=float)
    decay = np.full(len(frequency), 6.908 / float(about["boom_t60"]))
    sound = radiance(5.0, 0.05 * compact(5.0, frequency, 1))
    return replace(
        made,
        frequency=np.concatenate([frequency, made.frequency]),
        free=np.concatenate([decay, made.free]),
        held=np.concatenate([decay, made.held]),
        mass=np.concatenate([np.full(len(frequency), float(about["boom_mass"])), made.mass]),
        radiance=np.concatenate([sound, made.radiance]),
        waves=None,  # people and things are somewhere on it; where between two joists is not known
    )


def _bar(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    long, wide, thin = sorted(size, reverse=True)
    frequency = np.sort(
        np.concatenate(
            [
                modes.bar(long, thin, stuff.young, stuff.density, stuff.poisson),
                modes.bar(long, wide, stuff.young, stuff.density, stuff.poisson),
            ]
        )
    )
    area = 2 * long * (wide + thin)
    return _make(frequency, stuff, max(mass, 1e-4) / 4, radiance(area, compact(area, frequency, 2)), about)


def _shell(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    a, b, c = size
    if about.get("round"):
        frequency = modes.hollow_sphere(a, stuff.young, stuff.density, stuff.poisson)
        area = np.pi * a * a
        return _make(frequency, stuff, mass / 3, radiance(area, compact(area, frequency, 1)), about)
    if about.get("turned"):  # cup, bottle: a cylinder
        area = np.pi * a * c + np.pi * a * a / 2
        wall = mass / (stuff.density * area)
        frequency = modes.cup(
            a, c, wall, stuff.young, stuff.density, stuff.poisson, closed=bool(about.get("closed", c > 2.2 * a))
        )
        return _make(frequency, stuff, mass / 3, radiance(area, compact(area, frequency, 2)), about)
    area = 2 * (a * b + b * c + a * c)  # a box: each of its panels, and the air inside
    wall = mass / (stuff.density * area)
    if stuff.texture == "cardboard":
        wall *= 2.5  # two thin papers on a corrugated core: light for its thickness
    panels = [modes.plate(pair, wall, stuff.young, stuff.density, stuff.poisson)[0][:8] for pair in ((a, b), (b, c))]
    air = SOUND_SPEED / 2 / np.array([a, b, c])
    frequency = np.sort(np.concatenate([*panels, air]))
    return _make(frequency, stuff, mass / 6, radiance(area / 3, compact(area / 3, frequency, 1)), about)


def _ball(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    """An inflated or hard hollow ball: the air's spring under the skin, and the air's own modes inside."""
    radius, stiff = size[0] / 2, stuff.young > 5e8
    area = np.pi * size[0] ** 2
    if stiff:
        own = modes.hollow_sphere(size[0], stuff.young, stuff.density, stuff.poisson)
        made = _make(own, stuff, mass / 3, radiance(area, compact(area, own, 1)), about)
        return replace(made, held=made.free + 1.0)
    pressure = float(about.get("overpressure", 5e4))
    low = modes.breathing(radius, mass, pressure) * np.array([0.86, 1.0, 1.31])
    air = modes.cavity(radius)
    frequency = np.concatenate([low, air])
    t60 = np.concatenate([[0.075, 0.065, 0.045], np.full(len(air), 0.19) * (air[:1] / air) ** 0.5])
    t60 *= np.clip(radius / 0.12, 0.3, 1.2) ** 0.5
    level = np.concatenate([[-8.0, 0.0, -10.0], np.array([-12.0, -19.0, -22.0, -26.0, -30.0, -33.0])[: len(air)]])
    inside = np.concatenate([low, np.full(len(air), low[1])])  # level of the air's modes is relative to the breathing
    sound = 0.3 * radiance(area, compact(area, inside, 1)) * 10 ** (level / 20)  # a dent pushes only a part of the skin
    decay = 6.908 / t60
    return Bank(frequency=frequency, free=decay, held=decay * 1.15, mass=np.full(len(frequency), mass), radiance=sound)


def _hoop(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    radius, thick = float(about.get("radius", size[0] / 2)), float(about.get("bar", 0.018))
    frequency = modes.hoop(radius, thick, stuff.young, stuff.density)
    length = 2 * np.pi * radius
    own = length * np.pi * thick**2 / 4 * stuff.density
    # A thin bar hardly moves air; the board it is bolted to does it for the ring, below about 2 kHz.
    area = length * np.pi * thick
    carried = 0.08 * np.minimum(frequency / 450.0, 1.0) ** 4 / (1 + (frequency / 1800.0) ** 2)
    sound = radiance(area, compact(thick**2 * np.pi, frequency, 1) + carried)
    return _make(frequency, stuff, own / 2, sound, about)


def _cloth(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    none = np.zeros(0)
    return Bank(frequency=none, free=none, held=none, mass=none, radiance=none)


def _soft(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    """Soil, carpet on a slab: a few dead low resonances."""
    frequency = np.asarray(about.get("soft_hz", [60.0, 95.0, 150.0]), dtype=float)
    decay = np.full(len(frequency), 6.908 / float(about.get("support_t60", 0.05)))
    sound = radiance(0.12, compact(0.5, frequency, 1))
    moved = np.full(len(frequency), float(about.get("mass", 12.0)))
    return Bank(frequency=frequency, free=decay, held=decay, mass=moved, radiance=sound)


def _person(size: tuple[float, float, float], stuff: Material, mass: float, about: Mapping[str, Any]) -> Bank:
    """A body struck: chest and belly, dull."""
    frequency = np.array([62.0, 110.0, 175.0, 290.0])
    decay = np.full(4, 6.908 / 0.045)
    sound = radiance(0.15, compact(0.3, frequency, 1)) * np.array([0.7, 1.0, 0.6, 0.3])
    return Bank(frequency=frequency, free=decay, held=decay, mass=np.full(4, 5.0), radiance=sound)


_BUILDERS = {
    "solid": _solid,
    "plate": _plate,
    "bar": _bar,
    "shell": _shell,
    "ball": _ball,
    "hoop": _hoop,
    "cloth": _cloth,
    "soft": _soft,
    "body": _person,
}


def _volume(shape: str, size: tuple[float, float, float], about: Mapping[str, Any]) -> float:
    a, b, c = size
    if about.get("round") and shape != "plate":
        return float(np.pi / 6 * a**3)
    if about.get("turned") or about.get("round"):
        return float(np.pi / 4 * a * b * c)
    if shape == "shell":
        return float(0.1 * a * b * c)  # the panels of a carton give way before its contents are thrown back
    return float(a * b * c)


def _thin_out(frequency: Array, lowest: float) -> Array:
    """Indices of at most MOST_MODES modes: all of the low ones, then ever fewer (dense modes are not heard apart)."""
    audible = np.flatnonzero(frequency >= lowest)
    if len(audible) <= MOST_MODES:
        return audible
    low = audible[: MOST_MODES // 2]
    rest = audible[MOST_MODES // 2 :]
    pick = np.geomspace(1, len(rest), MOST_MODES - len(low)).astype(int) - 1
    return np.concatenate([low, rest[np.unique(pick)]])


def _individual(made: Bank, stuff: Material, rng: np.random.Generator, *, spread_db: float, coloured: bool) -> Bank:
    """The bank with small differences of its own, and the material's share of each mode."""
    count = len(made.frequency)
    if count == 0:
        return made
    detune = np.exp(rng.normal(0.0, _DETUNE, count)) * np.exp(rng.normal(0.0, 0.02))
    share = rng.normal(0.0, spread_db, count)
    share[0] = abs(share[0]) * 0.3  # the lowest mode is what names the body
    ring = np.exp(rng.normal(0.0, 0.1, count))
    levels = stuff.acoustic.get("levels_db", [-6, -10, -18, -30])
    rank = np.arange(1, count + 1)
    colour = 0.5 * np.interp(rank, [1, 2, 3, 5, 10, 40], [0.0, *levels, levels[-1] - 6.0]) * coloured
    keep = made.frequency * detune < modes.HIGHEST_HZ
    keep &= made.frequency * detune > _LOWEST_HZ
    return replace(
        made,
        frequency=(made.frequency * detune)[keep],
        free=(made.free * ring)[keep],
        held=(made.held * ring)[keep],
        mass=made.mass[keep],
        radiance=(made.radiance * 10 ** ((share + colour) / 20))[keep],
        waves=None if made.waves is None else made.waves[keep],
    )
