"""Strikes: every row of Take.contacts as the sound of both bodies and of the air they push aside.

A strike is one force pulse. It wakes the modes of both bodies, and it throws the lighter one back, which the air hears
directly (acceleration noise; Chadwick, Zheng & James 2012) - the click of small hard things whose own modes lie above
hearing. How long the pulse lasts is Hertz's law with the library's stiffnesses, or the ball's own contact time: the
physics step is too coarse to know it for hard bodies, so a row's `duration` may only shorten it.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from .. import clock
from ..take import Take
from . import balls, pulse
from ._kernel import (
    AIR_DENSITY,
    RATE,
    SOUND_SPEED,
    Array,
    add_at,
    convolve,
    fade,
    gain,
    generator,
    high_pass,
    low_pass,
    ring,
    sample_of,
)
from .bodies import Body, Cast
from .events import Sound

LONGEST_S = 4.0
SILENT_DB = 66.0
"""A mode is cut when it has fallen this far."""
FASTEST_PER_S = 400
"""Strikes more than this in any second are left to their louder neighbours."""
VIBRATION_SHARE = 0.015
"""Most of a blow's energy that goes into ringing; the rest is heat, dents and the way back (Akay, JASA 64, 977)."""
LEAST_SPEED = 0.01
"""Slower touches than this make no sound of their own [m/s]."""
_REST_GAP = 0.003


def impacts(take: Take, cast: Cast) -> list[Sound]:
    """The sounds of all strikes, in order of time."""
    table = take.contacts
    touches = _Touches(take)
    made: list[Sound] = []
    for row in _worth_hearing(take):
        a = cast.body(table.a[row], table.part_a[row], table.material_a[row])
        b = cast.body(table.b[row], table.part_b[row], table.material_b[row])
        if a.cloth or b.cloth:
            continue  # cords give way: they swish (soundstage.sound.balls), nothing is struck
        at = sample_of(int(table.time[row]))
        strike = _Strike(take, row, a, b, touches)
        pcm = strike.sound(at - np.floor(at))
        if len(pcm):
            made.append(
                Sound(start=int(np.floor(at)), pcm=pcm, position=np.asarray(table.point[row]), family=_family(a, b))
            )
    return made


def _family(a: Body, b: Body) -> str:
    return "+".join(sorted((a.family, b.family)))


def _worth_hearing(take: Take) -> Array:
    """Row numbers to sound: everything, but in a hail of strikes the strongest only."""
    table = take.contacts
    speed = np.nan_to_num(np.asarray(table.normal_speed, dtype=float))
    impulse = np.nan_to_num(np.asarray(table.impulse, dtype=float))
    rows = np.flatnonzero((speed > LEAST_SPEED) & (impulse > 0) & (table.time < take.duration) & (table.time >= 0))
    second = table.time[rows] // clock.TICKS_PER_SECOND
    keep = []
    for s in np.unique(second):
        group = rows[second == s]
        order = np.argsort(-impulse[group] * speed[group], kind="stable")[:FASTEST_PER_S]
        keep.append(np.sort(group[order]))
    return np.concatenate(keep) if keep else np.zeros(0, dtype=int)


class _Touches:
    """When each thing is touched, and when it lies on something: what ends free ringing."""

    def __init__(self, take: Take) -> None:
        contacts, streams = take.contacts, take.streams
        self._strikes: dict[int, list[int]] = {}
        for side in (contacts.a, contacts.b):
            for index, tick in zip(side, contacts.time, strict=True):
                self._strikes.setdefault(int(index), []).append(int(tick))
        for ticks in self._strikes.values():
            ticks.sort()
        self._rests: dict[int, list[tuple[int, int]]] = {}
        for stream in np.unique(streams.stream):
            rows = streams.stream == stream
            span = (int(streams.time[rows].min()), int(streams.time[rows].max()))
            for side in (streams.a, streams.b):
                self._rests.setdefault(int(side[rows][0]), []).append(span)

    def free_for(self, index: int, tick: int) -> float:
        """Seconds that a thing rings freely after `tick`; 0 if it is held, infinity if nothing touches it again."""
        gap = clock.ticks(_REST_GAP)
        spans = self._rests.get(index, [])
        if any(start <= tick + gap and end > tick + gap for start, end in spans):
            return 0.0
        later = [start for start, _ in spans if start > tick + gap]
        strikes = self._strikes.get(index, [])
        place = bisect_right(strikes, tick + gap)
        later += strikes[place : place + 1]
        return (min(later) - tick) / clock.TICKS_PER_SECOND if later else np.inf


class _Strike:
    """One row of the table."""

    def __init__(self, take: Take, row: int, a: Body, b: Body, touches: _Touches) -> None:
        table = take.contacts
        self.take, self.row, self.a, self.b = take, row, a, b
        self.indices = (int(table.a[row]), int(table.b[row]))
        self.rng = generator(take.seed, "strike", a.name, b.name, row)
        self.speed = float(table.normal_speed[row])
        self.slip = max(float(np.nan_to_num(table.slip_speed[row])), 0.0)
        inverse = 1.0 / a.mass + 1.0 / b.mass
        self.mass = 1.0 / inverse if inverse > 0 else float(table.impulse[row]) / (2.0 * self.speed)
        # A first touch that goes over into lying has its weight in the impulse; a strike cannot give more than
        # a full return of what came.
        self.impulse = min(float(table.impulse[row]), 2.0 * self.mass * self.speed)
        self.time = contact_time(a, b, self.mass, self.speed, float(np.nan_to_num(table.duration[row])))
        self.touches = touches
        self.tick = int(table.time[row])

    def sound(self, offset: float) -> Array:
        """Pressure at 1 m [Pa], from the sample of the contact on."""
        push = self._force(offset)
        parts = [self._modes(push, body, other, side) for side, (body, other) in enumerate(self._pairs())]
        parts += [self._thrown(push, body) for body in (self.a, self.b)]
        for body, other in self._pairs():
            if body.inflated:
                parts.append(balls.thump(body, other, self.speed, self.time, self.rng))
            if body.family == "person/hand" or other.family == "person/hand":
                parts.append(balls.slap(self.impulse / 2, self.rng))
        parts.append(self._scuff())
        out = np.zeros(max(len(part) for part in parts))
        for part in parts:
            add_at(out, 0, part)
        return out

    def _pairs(self) -> tuple[tuple[Body, Body], tuple[Body, Body]]:
        return (self.a, self.b), (self.b, self.a)

    def _force(self, offset: float) -> Array:
        """The force as impulse per sample [N·s]: the blow, and the small ones within the next 15 ms."""
        spring = self.a.inflated or self.b.inflated
        blow = self.impulse * pulse.force(self.time, offset=offset, power=1.0 if spring else 1.5)
        for body, other in self._pairs():
            if body.inflated:
                blow = balls.with_smack(blow, body, other, self.speed, offset)
        if spring or (self.a.round and self.b.round) or self.speed < 0.12:
            return blow
        if (self.a.round or self.b.round) and min(self.a.mass, self.b.mass) > 1.0:
            return blow
        count = int(self.rng.poisson(2.5 if not (self.a.round or self.b.round) else 0.8))
        out = np.zeros(len(blow) + round(0.02 * RATE))
        out[: len(blow)] = blow
        for _ in range(count):
            late = float(np.clip(self.rng.exponential(0.0045), 0.0006, 0.015)) * RATE
            weak = gain(-float(self.rng.uniform(9.0, 22.0)))
            add_at(out, int(late), weak * self.impulse * pulse.force(self.time, offset=late % 1.0))
        return out

    def _modes(self, push: Array, body: Body, other: Body, side: int) -> Array:
        """What the modes of one body radiate."""
        bank = body.bank
        if len(bank.frequency) == 0:
            return np.zeros(0)
        share = 10 ** (self.rng.normal(0.0, 0.7 if body.inflated else 1.5, len(bank.frequency)) / 20) * self._shape(
            body, side
        )
        stays = min(other.mass, 50.0) if np.isfinite(other.mass) else 0.0
        mass = bank.mass + 0.3 * stays
        amplitude = bank.radiance / mass * share * self._affordable(body, mass)
        free_for = 0.0 if not np.isfinite(body.mass) else self.touches.free_for(self.indices[side], self.tick)
        # Struck by a pulse a mode answers with the pulse's spectrum: what that leaves under the rest needs no ringing.
        answer = np.abs(amplitude) * pulse.spectrum(self.time, bank.frequency)
        wanted = answer > answer.max() * gain(-70.0)
        free, held = bank.free[wanted], bank.held[wanted]
        frequency, amplitude = bank.frequency[wanted], amplitude[wanted]
        tail = fall(frequency, free, held, amplitude, free_for)
        if body.inflated:
            return _breathed(push, frequency, free, held, amplitude, free_for)
        out = convolve(push, tail)
        if bank.rattle > 0:
            out = self._rattled(out, tail, bank.rattle)
        # Below its lowest mode a body follows the force and hardly radiates.
        return high_pass(out, 0.7 * float(frequency.min()), 2)

    def _affordable(self, body: Body, mass: Array) -> float:
        """Factor that keeps the energy of all modes to the part of a blow that vibration gets."""
        answer = pulse.spectrum(self.time, body.bank.frequency)
        energy = 0.5 * float(np.sum((self.impulse * answer) ** 2 / mass))
        share = VIBRATION_SHARE * (0.15 if body.hollow else 1.0)
        return float(min(1.0, np.sqrt(share * 0.5 * self.mass * self.speed**2 / max(energy, 1e-30))))

    def _shape(self, body: Body, side: int) -> Array | float:
        """Share of each mode at the point of the strike, where it is known."""
        bank, index = body.bank, self.indices[side]
        if bank.waves is None or index < 0:
            return 1.0
        u, v = plate_point(self.take, index, self.row, body)
        shares = np.sin(np.pi * bank.waves[:, 0] * u) * np.sin(np.pi * bank.waves[:, 1] * v)
        return np.asarray(np.sign(shares) * np.maximum(np.abs(shares), 0.08) * 1.4)

    def _rattled(self, out: Array, tail: Array, amount: float) -> Array:
        """The sound with loosely bolted parts knocking on after the blow."""
        count, knocks = int(3 + 5 * amount), np.zeros(round(0.3 * RATE))
        late = 0.012
        for _ in range(count):
            late += float(self.rng.uniform(0.014, 0.034))
            weak = 0.0035 * amount * self.impulse * np.exp(-late / 0.07) * float(self.rng.uniform(0.5, 1.2))
            add_at(knocks, round(late * RATE), weak * pulse.force(float(self.rng.uniform(2e-4, 6e-4))))
        more = convolve(knocks, tail)
        both = np.zeros(max(len(out), len(more)))
        add_at(both, 0, out)
        add_at(both, 0, more)
        return both

    def _thrown(self, push: Array, body: Body) -> Array:
        """Acceleration noise: p(1 m) = ρ (3/2) V / (4π c) dF/dt / m, dying where the body is no longer small."""
        if body.bank.volume <= 0 or not np.isfinite(body.mass):
            return np.zeros(0)
        jerk = np.diff(np.concatenate([[0.0], push, [0.0]])) * RATE**2 / body.mass
        radius = (body.bank.volume * 3 / (4 * np.pi)) ** (1 / 3)
        pressure = AIR_DENSITY * 1.5 * body.bank.volume / (4 * np.pi * SOUND_SPEED) * jerk
        padded = np.concatenate([pressure, np.zeros(240)])
        return low_pass(padded, SOUND_SPEED / (2 * np.pi * radius), 2)

    def _scuff(self) -> Array:
        """A glancing strike rubs: a breath of noise as long as the contact."""
        if self.slip < 0.3:
            return np.zeros(0)
        count = max(96, round(self.time * RATE))
        noise = low_pass(self.rng.standard_normal(count), 3500.0) * fade(count, count // 3, count // 2)
        friction = 0.3 * self.impulse / self.time
        return np.asarray(noise * 2.5e-4 * friction * min(self.slip, 6.0) ** 0.5)


def _breathed(push: Array, frequency: Array, free: Array, held: Array, amplitude: Array, free_for: float) -> Array:
    """What a pulsating body radiates: pressure goes with the acceleration of its skin, not with its speed.

    The acceleration of a struck oscillator is a spike and then -ω sin(ω t): slow forces are followed without a sound.
    """
    spike = float(np.sum(amplitude / (2 * np.pi * frequency))) * RATE * push
    out = convolve(push, fall(frequency, free, held, amplitude, free_for, phase=np.pi / 2))
    add_at(out, 0, spike)
    return out


def contact_time(a: Body, b: Body, mass: float, speed: float, simulated: float) -> float:
    """How long two bodies push on each other [s]."""
    curvature = 1.0 / max(1.0 / a.curvature + 1.0 / b.curvature, 1.0 / 0.5)
    modulus = pulse.reduced_modulus(_give(a), a.material.poisson, _give(b), b.material.poisson)
    hertz = pulse.hertz_time(mass, curvature, modulus, speed)
    springs = [body for body in (a, b) if body.inflated and body.contact_time]
    if springs:
        own = float(np.sqrt(sum((body.contact_time or 0.0) ** 2 for body in springs)))
        time = own * (max(speed, 0.2) / 4.0) ** -0.1
        soft = [body for body in (a, b) if not body.inflated and body.young < 2e7]
        if soft:
            time = float(np.hypot(time, 0.5 * hertz))
    elif any(body.hollow and body.contact_time for body in (a, b)):
        time = max(body.contact_time or 0.0 for body in (a, b) if body.hollow)
    else:
        known = [body.contact_time for body in (a, b) if body.contact_time]
        time = min([hertz, *known])
    if 0 < simulated < time:
        time = max(simulated, 0.5 * time)
    return float(np.clip(time, pulse.SHORTEST_S, pulse.LONGEST_S))


def _give(body: Body) -> float:
    """Modulus against being dented [Pa]: wood gives across its grain."""
    return body.young * (0.25 if body.material.texture in ("wood", "planks", "cardboard") else 1.0)


def fall(frequency: Array, free: Array, held: Array, amplitude: Array, free_for: float, *, phase: float = 0.0) -> Array:
    """Impulse response of a bank that rings freely for `free_for` [s] and is held from then on."""
    if len(frequency) == 0:
        return np.zeros(0)
    needed = SILENT_DB / 20 * np.log(10)
    first = 0 if free_for <= 0 else int(min(free_for, LONGEST_S, needed / free.min()) * RATE)
    second = int(min(LONGEST_S, needed / held.min()) * RATE) if free_for * free.min() < needed else 0
    head = ring(frequency, free, amplitude, np.full(len(frequency), phase), first)
    seconds = first / RATE
    left = amplitude * np.exp(-free * seconds)
    tail = ring(frequency, held, left, 2 * np.pi * frequency * seconds + phase, second)
    out = np.concatenate([head, tail])
    return out * fade(len(out), 0, 240)


def plate_point(take: Take, index: int, row: int, body: Body) -> tuple[float, float]:
    """Where on a plate a strike lands, as parts (0…1) of its two sides, longest first."""
    thing = take.things[index]
    tick = int(take.contacts.time[row])
    step = int(np.clip(np.searchsorted(take.time, tick), 0, len(take.time) - 1))
    w, x, y, z = take.thing_rotation[step, index]
    offset = np.asarray(take.contacts.point[row]) - take.thing_position[step, index]
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    local = turn.T @ offset
    if "board_bottom" in thing.params and body.family.startswith("hoop/"):
        across = local[0] / float(thing.params["board_width"]) + 0.5
        up = (local[2] - float(thing.params["board_bottom"])) / float(thing.params["board_height"])
        return float(np.clip(across, 0.03, 0.97)), float(np.clip(up, 0.03, 0.97))
    sides = np.sort(np.array(thing.size[:2]))[::-1]
    along, across = (local[0], local[1]) if thing.size[0] >= thing.size[1] else (local[1], local[0])
    return float(np.clip(along / sides[0] + 0.5, 0.03, 0.97)), float(np.clip(across / sides[1] + 0.5, 0.03, 0.97))
