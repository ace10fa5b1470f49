"""What only inflated balls and hands do: the thump of a ball that flattens, the slap of skin, the swish of a net."""

from __future__ import annotations

import numpy as np

from .. import clock
from ..take import Take, Thing
from . import pulse
from ._kernel import AIR_DENSITY, RATE, Array, band_pass, fade, generator, high_pass, low_pass, sample_of, shaped_noise
from .bodies import Body
from .events import Sound

_SMACK_S = 0.0008


def with_smack(blow: Array, ball: Body, other: Body, speed: float, offset: float) -> Array:
    """The force on a floor (impulse per sample) with what stopping the skin adds at first: m v²/2R for under 1 ms.

    The spring of the air starts from nothing; the skin's own momentum does not, and is what wakes high modes.
    """
    soft = 1.0 if other.young > 2e7 else 0.1
    first = soft * ball.mass * speed**2 / ball.size[0] * _SMACK_S
    sharp = first * pulse.force(_SMACK_S * _edge(speed), offset=offset)
    out = np.array(blow)
    if len(sharp) > len(out):
        out = np.pad(out, (0, len(sharp) - len(out)))
    out[: len(sharp)] += sharp
    return out


def _edge(speed: float) -> float:
    """How much longer than at 4 m/s the skin takes to be laid flat."""
    return float((max(speed, 0.3) / 4.0) ** -0.5)


def thump(ball: Body, other: Body, speed: float, time: float, rng: np.random.Generator) -> Array:
    """Pressure at 1 m [Pa] of an inflated ball that flattens on something: ½ ρ R v² cos(2π t / T) for 0 < t < T.

    The skin does not stretch, so the flattened cap's volume π R x² is lost (Katz, Eur. J. Phys. 31, 849), and with
    x = (v T/π) sin(π t/T) its second derivative is the cosine. It sets in at once - the smack - and grows with v².
    """
    radius = ball.size[0] / 2
    count = max(8, round(time * RATE))
    t = (np.arange(count) + 0.5) / count
    kept = 1.0 - 0.45 * t  # what the ball does not give back
    wave = np.cos(2 * np.pi * t) * kept * fade(count, 0, count // 4)
    soft = 1.0 if other.young > 2e7 else 0.25
    narrow = 1.0 if other.curvature > 0.05 else 0.35  # a rim dents the ball, it does not flatten it
    pressure = 0.5 * AIR_DENSITY * radius * speed**2 * soft * narrow
    out = np.concatenate([pressure * wave, np.zeros(round(0.03 * RATE))])
    # The lost volume comes back: nothing is left over below 1/T.
    out = low_pass(high_pass(out, 0.7 / time, 2), min(2500.0 / _edge(speed) * (0.12 / radius) ** 0.5, 12_000.0), 1)
    return np.asarray(out + pressure * _skin(len(out), radius, speed, ball, rng))


def _skin(count: int, radius: float, speed: float, ball: Body, rng: np.random.Generator) -> Array:
    """Pebbles, seams or felt laid on the floor, and the air pressed out between: noise of a few milliseconds."""
    rough = 0.35 if ball.material.texture == "felt" else 0.9
    size = (radius / 0.12) ** 0.5
    t = np.arange(count) / RATE
    noise = low_pass(rng.standard_normal(count), min(1500.0 / _edge(speed) ** 1.5 / size, 8000.0), 1)
    return np.asarray(rough * noise * np.exp(-t / (0.0022 * size)) * (1 - np.exp(-t / (0.0001 * _edge(speed)))))


def slap(impulse: float, rng: np.random.Generator) -> Array:
    """Pressure at 1 m [Pa] of a palm that meets something with an impulse [N·s]."""
    count = round(0.045 * RATE)
    t = np.arange(count) / RATE
    flat = band_pass(rng.standard_normal(count), 450.0, 1900.0) * np.exp(-t / 0.006)
    body = np.sin(2 * np.pi * 135.0 * t) * np.exp(-t / 0.014)
    edge = 1.0 - np.exp(-t / 0.0003)
    return np.asarray((0.5 * flat + 0.12 * body) * edge * 0.22 * impulse**0.8)


def swishes(take: Take) -> list[Sound]:
    """The net, each time something falls through a ring or brushes its cords.

    Falls are found in the tracks of things; brushes are strikes on a part named net with no fall near them.
    """
    made: list[Sound] = []
    for hoop_index, hoop in enumerate(take.things):
        if "rim_height" not in hoop.params:
            continue
        centre, radius = _ring(take, hoop_index, hoop)
        for index, thing in enumerate(take.things):
            if thing.fixed or thing.size[0] > 2.2 * radius:
                continue
            for row in _falls_through(take, index, centre, radius):
                made.append(_fall(take, index, row, centre, hoop))
        made += _brushes(take, hoop_index, [sound.start for sound in made])
    return made


def _ring(take: Take, index: int, hoop: Thing) -> tuple[Array, float]:
    w, _, _, z = take.thing_rotation[0, index]
    angle = 2 * np.arctan2(z, w)
    ahead = np.array([-np.sin(angle), np.cos(angle), 0.0])
    up = np.array([0.0, 0.0, float(hoop.params["rim_height"])])
    centre = take.thing_position[0, index] + ahead * float(hoop.params.get("rim_offset", 0.375)) + up
    return centre, float(hoop.params.get("rim_inner", 0.45)) / 2


def _falls_through(take: Take, index: int, centre: Array, radius: float) -> list[int]:
    """Rows of the pose grid after which a thing's centre sinks through the ring."""
    track = take.thing_position[:, index]
    height = track[:, 2] - centre[2]
    down = np.flatnonzero((height[:-1] > 0) & (height[1:] <= 0))
    away = np.linalg.norm(track[down][:, :2] - centre[:2], axis=1)
    return [int(row) for row, distance in zip(down, away, strict=True) if distance < radius]


def _fall(take: Take, index: int, row: int, centre: Array, hoop: Thing) -> Sound:
    """Of a thing whose centre is in the ring's plane between two rows of the pose grid."""
    track = take.thing_position[:, index]
    step = float(take.time[1] - take.time[0])
    height = track[row : row + 2, 2] - centre[2]
    part = float(height[0] / max(height[0] - height[1], 1e-9))
    speed = max(float(track[row, 2] - track[row + 1, 2]) * clock.TICKS_PER_SECOND / step, 0.8)
    length, ball = float(hoop.params.get("net_length", 0.42)), take.things[index].size[0] / 2
    through = float(np.clip((length + ball) / speed, 0.05, 0.35))
    touch = sample_of(float(take.time[row]) + part * step) - ball / speed * RATE
    pcm = _swish(speed, through, generator(take.seed, "net", hoop.id, row))
    return Sound(start=round(touch), pcm=pcm, position=centre - [0, 0, length / 2], family="hoop/net")


def _brushes(take: Take, hoop: int, falls: list[int]) -> list[Sound]:
    table = take.contacts
    made: list[Sound] = []
    for row in range(len(table.time)):
        sides = ((table.a[row], table.part_a[row]), (table.b[row], table.part_b[row]))
        if not any(int(index) == hoop and "net" in str(part) for index, part in sides):
            continue
        start = round(sample_of(int(table.time[row])))
        if any(abs(start - fall) < 0.4 * RATE for fall in [*falls, *(sound.start for sound in made)]):
            continue
        speed = 0.5 * float(np.hypot(table.normal_speed[row], table.slip_speed[row]))
        pcm = _swish(max(speed, 0.3), 0.07, generator(take.seed, "net", take.things[hoop].id, "brush", row))
        made.append(Sound(start=start, pcm=pcm, position=np.asarray(table.point[row]), family="hoop/net"))
    return made


def _swish(speed: float, through: float, rng: np.random.Generator) -> Array:
    """Cords that stretch, rub and snap back: a rush of noise that ends in a flick [Pa at 1 m]."""
    count = round((through + 0.22) * RATE)
    t = np.arange(count) / RATE
    moments = [0, 0.25 * through, 0.75 * through, through, through + 0.05, through + 0.2]
    rush = np.interp(t, moments, [0.05, 0.5, 1.0, 0.55, 0.16, 0.0])
    rush *= 1 + 0.35 * np.clip(low_pass(rng.standard_normal(count), 60.0) * 12, -1, 1)
    cords = band_pass(rng.standard_normal(count), 1300.0, 5200.0)
    cords += 0.4 * band_pass(rng.standard_normal(count), 350.0, 1100.0)
    flick_at = round((through + 0.02) * RATE)
    flick = np.zeros(count)
    tail = np.arange(count - flick_at) / RATE
    snap = shaped_noise(rng, count - flick_at, [(200, -8), (600, 0), (2500, -3), (7000, -18)])
    flick[flick_at:] = snap * np.exp(-tail / 0.018) * (1 - np.exp(-tail / 0.002))
    ticks = np.zeros(count)  # each knot and strand that catches is a tick of its own
    for at in rng.uniform(0.1 * through, 1.1 * through, 26):
        ticks[int(at * RATE)] += rng.uniform(-1.0, 1.0)
    ticks = band_pass(ticks, 900.0, 4200.0) * 6.0
    pcm = 0.055 * (cords + 0.6 * ticks) * rush + 0.045 * flick
    pcm = low_pass(high_pass(pcm, 180.0), 7500.0, 2) * (speed / 4.5) ** 1.2
    return np.asarray(pcm * fade(count, 48, 480))


def catches(take: Take) -> list[Sound]:
    """Hands that close on a thing, where no strike of hand and thing is recorded already."""
    made: list[Sound] = []
    holds, contacts = take.holds, take.contacts
    for row in range(len(holds.time)):
        tick = int(holds.time[row])
        if str(holds.kind[row]) != "catch" or not 0 < tick < take.duration:
            continue
        person, index = -2 - int(holds.person[row]), int(holds.thing[row])
        near = np.abs(contacts.time - tick) < 0.08 * clock.TICKS_PER_SECOND
        pairs = {(int(a), int(b)) for a, b in zip(contacts.a[near], contacts.b[near], strict=True)}
        if {(person, index), (index, person)} & pairs:
            continue
        step = int(np.clip(np.searchsorted(take.time, tick), 2, len(take.time) - 1))
        track = take.thing_position[:, index]
        before = (track[step - 1] - track[step - 2]) / clock.seconds(int(take.time[1] - take.time[0]))
        impulse = take.things[index].mass_kg * float(np.linalg.norm(before))
        if impulse < 0.05:
            continue
        rng = generator(take.seed, "catch", row)
        made.append(
            Sound(
                start=round(sample_of(tick)),
                pcm=slap(impulse, rng),
                position=np.asarray(track[step]),
                family="catch",
            )
        )
    return made
