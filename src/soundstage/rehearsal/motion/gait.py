"""Walking and running: a plan of footsteps to a place, the way of the hips above them, and the swing of the rest.

Stance 62 % of the cycle, step length .41 of the height, 100-120 steps a minute (Perry 1992); running has a flight
phase of some 0.14 s. Arms swing against the legs, the shoulders against the hips.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .channels import INDEX
from .curves import through
from .maths import Floats
from .performer import Performer
from .steps import Step, Walkway, turn_to


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a gait differs from plain walking or running: factors, but for angles [deg] that are added."""

    length: float = 1.0
    """Of a step."""
    period: float = 1.0
    clearance: float = 1.0
    """Of the swinging foot over the ground."""
    roll: float = 1.0
    """Of the foot: how high the heel goes, how steeply it strikes."""
    arms: float = 1.0
    """Swing of the arms."""
    elbow: float = 0.0
    lean: float = 0.0
    """Of the hips."""
    chest: float = 0.0
    """Bend of the back."""
    toes: float = 0.0
    """Heels are kept so high."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """One way of going."""

    runs: bool
    length: float
    """Of a step [m]."""
    period: float
    """From step to step [s]."""
    style: Style = Style()
    stance: float
    """Part of a whole cycle (two steps) that a foot stands."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One stretch of gait, for the swing of arms and trunk."""

    start: float
    end: float
    landings: tuple[tuple[float, int], ...]
    """(time, foot)"""
    pace: Pace


def pace(
    height: float, age: float, vigour: float, *, runs: bool, tempo: float, size: float, style: Style | None = None
) -> Pace:
    """How a person of this height [m] and age [years] goes, in a certain style."""
    plain = _pace(height, age, vigour, runs=runs, tempo=tempo, size=size)
    if style is None:
        return plain
    return replace(plain, length=plain.length * style.length, period=plain.period * style.period, style=style)


def _pace(height: float, age: float, vigour: float, *, runs: bool, tempo: float, size: float) -> Pace:
    old = float(np.interp(age, (55, 85), (1.0, 0.74)))
    stature = np.sqrt(1.75 / height)
    if runs:
        length = height * (0.42 + 0.18 * min(vigour, 1.0)) * min(size, 1.15) * old
        return Pace(runs=True, length=float(length), period=float(0.365 / stature / tempo**0.5 / old**0.3), stance=0.30)
    length = 0.405 * height * old * np.clip(size, 0.75, 1.12) * tempo**0.45
    return Pace(runs=False, length=float(length), period=float(0.545 / stature / tempo**0.55 / old**0.25), stance=0.62)


def going_time(distance: float, how: Pace) -> float:
    """Seconds to go a distance [m] from standing to standing."""
    return _LEAD + _count(distance, how) * how.period + _SETTLE


_LEAD, _SETTLE = 0.34, 0.42


def _count(distance: float, how: Pace) -> int:
    """Steps, the last of which brings the feet side by side."""
    return max(2, round(distance / how.length) + 1)


def go(way: Walkway, who: Performer, start: float, target: Floats, how: Pace) -> Walk:
    """Plan the way from where the feet stand to a point (2,); returns what the rest of the body needs."""
    place, _, heading = way.stands(start)
    here = place.mean(axis=0)
    vector = np.asarray(target, dtype=float) - here
    distance = float(np.linalg.norm(vector))
    facing = float(np.arctan2(-vector[0], vector[1])) if distance > 0.05 else heading
    ahead = np.array([-np.sin(facing), np.cos(facing)])
    left = np.array([-np.cos(facing), -np.sin(facing)])
    count = _count(distance, how)
    length = distance / (count - 1)
    turn_to(way, start, heading)
    turn_to(way, start + _LEAD + 1.15 * how.period, facing)
    facing = way.headings[-1][1]
    half = who.figure.heads[who.figure.legs[0].bones[0]][0] * (0.40 if how.runs else 0.60)
    first = _first_foot(who, facing - heading)
    double = max(0.0, 2 * how.stance - 1.0) * how.period
    landings: list[tuple[float, int]] = []
    for k in range(1, count + 1):
        foot = (first + k - 1) % 2
        land = start + _LEAD + k * how.period
        lift = land - how.period + double if not how.runs else land - 2 * how.period * (1 - how.stance)
        along = min(k, count - 1) * length
        yaw = way.headings[-2][1] + (facing - way.headings[-2][1]) * min(1.0, 0.62 * k)
        spot = here + along * ahead + (half if foot == 0 else -half) * left
        way.steps.append(_step(who, how, foot, max(lift, start + 0.16), land, spot, yaw, length, last=k >= count - 1))
        landings.append((land, foot))
    way.steps.sort(key=lambda one: one.lift)
    if how.style.toes:
        until = start + _LEAD + count * how.period + _SETTLE
        up = (start, start + 0.3, until - 0.35, until)
        way.rolls += [(foot, up, float(np.radians(how.style.toes))) for foot in (0, 1)]
    end = start + _LEAD + count * how.period + _SETTLE
    _carry_hips(way, who, how, start, end, here, ahead, left, landings, length, distance, half)
    return Walk(start=start, end=end, landings=tuple(landings), pace=how)


def _first_foot(who: Performer, turn: float) -> int:
    """Into a turn goes the foot on its side; straight ahead the one that carries less."""
    if abs(turn) > np.radians(20):
        return 0 if turn > 0 else 1
    return 1 if who.habits.weight > 0 else 0


def _step(
    who: Performer,
    how: Pace,
    foot: int,
    lift: float,
    land: float,
    spot: Floats,
    yaw: float,
    length: float,
    *,
    last: bool,
) -> Step:
    scale = who.figure.scale
    out = who.habits.foot_turn[foot] * (0.35 if how.runs else 0.7) * (1.0 if foot == 0 else -1.0)
    share = np.clip(length / (0.4 * who.figure.height), 0.35, 1.3)
    style = how.style
    scale_up = scale * style.clearance

    def degrees(angle: float) -> float:
        return float(np.radians(angle * style.roll))

    common: dict[str, Any] = {
        "foot": foot,
        "lift": lift,
        "land": land,
        "place": (float(spot[0]), float(spot[1])),
        "yaw": yaw + out,
    }
    if how.runs:
        return Step(
            **common,
            clearance=float(0.20 * scale_up * share),
            toe_off=degrees(52 * min(share, 1.0)),
            swing_pitch=degrees(66 * min(share, 1.0)),
            strike=degrees(0.0 if last else -6.0),
            speed=1.1,
            load=1.6 if last else 2.4,
            settle=0.05,
            rise=0.13,
            hurry=0.45,
            brake=8.0,
        )
    return Step(
        **common,
        clearance=float(0.034 * scale_up * (0.6 + 0.4 * share)),
        toe_off=degrees(44 * min(share, 1.1)),
        swing_pitch=degrees(50 * min(share, 1.1)),
        strike=float(np.radians(style.toes)) if style.toes else degrees(-3.0 if last else -18.0 * min(share, 1.1)),
        speed=0.32,
        load=1.15,
        settle=0.11,
        rise=0.40 * 0.62 * 2 * how.period,
        hurry=0.6,
        brake=2.5,
    )


def _carry_hips(
    way: Walkway,
    who: Performer,
    how: Pace,
    start: float,
    end: float,
    here: Floats,
    ahead: Floats,
    left: Floats,
    landings: list[tuple[float, int]],
    length: float,
    distance: float,
    half: float,
) -> None:
    """Keys of the centre of mass over the feet, and of the height of the hips."""
    lean = 0.045 * who.figure.scale
    times, along, aside = [start, start + 0.6 * _LEAD], [0.0, 0.10 * length], [0.0, 0.0]
    first_stance = 1 - landings[0][1]
    aside[1] = (half if first_stance == 0 else -half) * (0.55 if not how.runs else 0.2)
    heights = [(start, "stand"), (start + 0.6 * _LEAD, "stand")]
    for k, (land, foot) in enumerate(landings, start=1):
        last = k == len(landings)
        side = half if foot == 0 else -half
        if how.runs:  # over the foot in the middle of its stance
            if not last:
                times.append(land + how.stance * how.period)
                along.append(min((k + 0.05) * length, distance))
                aside.append(0.12 * side)
            continue
        times.append(land + 0.1 * how.period)
        along.append(min((k - 0.42) * length, distance))
        aside.append(0.0)
        heights.append((times[-1], "low"))
        if not last:
            times.append(land + 0.58 * how.period)
            along.append(min((k + 0.06) * length, distance))
            aside.append(0.42 * side)
            heights.append((times[-1], "high"))
    times.append(end)
    along.append(distance)
    aside.append(0.0)
    heights.append((end, "stand"))
    fixed = np.array(times)
    path = here + (np.array(along) + lean)[:, None] * ahead + np.array(aside)[:, None] * left
    weight = np.ones(len(fixed))
    weight[0] = weight[-1] = 0.0
    way.paths.append((fixed, path, weight))
    if how.runs:
        _bounce(way, who, how, start, end, landings, length)
        return
    levels = _levels(who, how, length)
    values = np.array([levels[name] for _, name in heights])
    planned = np.array([0.0 if name == "stand" else 1.0 for _, name in heights])
    way.heights.append((np.array([when for when, _ in heights]), values, planned))


def _levels(who: Performer, how: Pace, length: float) -> dict[str, float]:
    figure = who.figure
    hip = float(figure.heads[figure.legs[0].bones[0]][2])
    ankle = figure.feet[0].ankle_height
    high = ankle + figure.leg * np.cos(np.radians(6.5)) - hip
    spread = 0.46 * length
    low = ankle + 0.012 * figure.scale + np.sqrt((0.997 * figure.leg) ** 2 - spread**2) - hip
    return {"stand": high, "high": high, "low": min(low, high - 0.01 * figure.scale)}


def _bounce(
    way: Walkway, who: Performer, how: Pace, start: float, end: float, landings: list[tuple[float, int]], length: float
) -> None:
    """Heights of running: a parabola in every flight, a spring in every stance."""
    figure = who.figure
    level = _levels(who, how, 0.3 * length)["high"] - 0.052 * figure.scale
    flight = how.period * (1 - 2 * how.stance)
    fall = 9.81 * flight / 2
    times: list[float] = [start, start + 0.5 * _LEAD]
    values: list[float] = [level, level - 0.01]
    speed: list[float] = [0.0, 0.0]
    force: list[float] = [0.0, 0.0]
    for land, _ in landings[:-1]:  # the last step only brings the feet together
        times += [land - flight, land]
        values += [level, level]
        speed += [fall, -fall]
        force += [-9.81, -9.81]
    times += [landings[-2][0] + 0.30, end]
    values += [level - 0.03 * figure.scale, level]
    speed += [0.0, 0.0]
    force += [0.0, 0.0]
    fine = np.arange(start, end, 1 / 480.0)
    curve = through(fine, np.array(times), np.array(values), velocity=np.array(speed), acceleration=np.array(force))
    weight = np.ones(len(fine))
    ramp = (fine - start) / (0.5 * _LEAD)
    weight = np.clip(np.minimum(ramp, (end - fine) / 0.25), 0.0, 1.0)
    weight = weight**3 * (10 - 15 * weight + 6 * weight**2)
    way.heights.append((fine, curve, weight))


def swing(channels: Floats, t: Floats, walk: Walk, who: Performer) -> None:
    """Add the swing of arms, hips and trunk of one gait to channels, in place."""
    inside = through(
        t, [walk.start + 0.1, walk.start + 0.55, walk.end - 0.75, walk.end - 0.1], np.array([0.0, 1.0, 1.0, 0.0])
    )
    times = [walk.start] + [land for land, _ in walk.landings] + [walk.end]
    phase = [0.0]
    for _, foot in walk.landings:
        phase.append(1.0 if foot == 0 else -1.0)
    phase.append(0.0)
    wave = through(t, times, np.array(phase))  # 1: left foot lands, left leg ahead, right arm ahead
    vigour = who.habits.liveliness
    runs = walk.pace.runs
    style = walk.pace.style
    size = (34.0 if runs else 17.0) * (0.8 + 0.2 * vigour) * style.arms
    rad = np.radians

    def add(name: str, values: Floats) -> None:
        channels[:, INDEX[name]] += inside * values

    def become(name: str, values: Floats) -> None:
        column = channels[:, INDEX[name]]
        channels[:, INDEX[name]] = column * (1 - inside) + inside * values

    for side, sign in (("L", -1.0), ("R", 1.0)):
        back = sign * wave
        become(f"arm.ahead.{side}", rad((4.0 if not runs else 2.0) + size * back))
        become(f"elbow.{side}", rad(style.elbow + ((86.0 + 16 * back) if runs else (22.0 + 11.0 * back))))
        become(f"arm.out.{side}", np.full(len(t), rad(14.0 if runs else 8.0)))
        become(f"arm.turn.{side}", np.full(len(t), rad(26.0 if runs else 12.0)))
        if runs:
            become(f"curl.{side}", np.full(len(t), 0.62))
    add("hips.turn", rad(-(8.0 if runs else 5.0)) * wave)
    add("chest.turn", rad(15.0 if runs else 9.0) * wave)
    add("chest.bend", np.full(len(t), rad(style.chest + (5.0 if runs else 1.0))))
    add("hips.lean", np.full(len(t), rad(style.lean + (7.0 if runs else 2.0))))
    middle = [walk.start] + [land + 0.58 * walk.pace.period for land, _ in walk.landings] + [walk.end]
    stance = [0.0] + [1.0 if foot == 0 else -1.0 for _, foot in walk.landings] + [0.0]
    stance[-2] = 0.0
    if middle[-2] >= middle[-1]:
        del middle[-2], stance[-2]
    tilt = through(t, middle, np.array(stance))  # on the left foot the right hip drops
    add("hips.drop", rad(-3.2) * tilt)
    add("chest.side", rad(2.6) * tilt)
