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
from .paces import Pace
from .performer import Performer
from .rhythm import LEAD, SETTLE, Landing, landings
from .steps import Step, Walkway, turn_to

_HELD = 1.0
"""A foot that is longer in the air than this is held up [s]."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One stretch of gait, for the swing of arms and trunk."""

    start: float
    end: float
    landings: tuple[Landing, ...]
    pace: Pace


def go(way: Walkway, who: Performer, start: float, target: Floats, how: Pace) -> Walk:
    """Plan the way from where the feet stand to a point (2,); returns what the rest of the body needs."""
    place, _, heading = way.stands(start)
    here = place.mean(axis=0)
    vector = np.asarray(target, dtype=float) - here
    distance = float(np.linalg.norm(vector))
    sign = -1.0 if how.style.backwards else 1.0
    facing = float(np.arctan2(-sign * vector[0], sign * vector[1])) if distance > 0.05 else heading
    turn_to(way, start, heading)
    turn_to(way, start + LEAD + 1.15 * how.period, facing)
    before, facing = way.headings[-2][1], way.headings[-1][1]
    course = _Course(
        here=here,
        ahead=sign * np.array([-np.sin(facing), np.cos(facing)]),
        left=np.array([-np.cos(facing), -np.sin(facing)]),
        sign=sign,
        half=who.figure.heads[who.figure.legs[0].bones[0]][0] * (0.40 if how.runs else 0.60),
        distance=distance,
    )
    landed = landings(start, distance, how, _first_foot(who, facing - heading), who.strong)
    for k, (one, lift) in enumerate(zip(landed, _lifts(landed, start, how), strict=True)):
        yaw = before + (facing - before) * min(1.0, 0.62 * (k + 1))
        spot = here + one.along * course.ahead + course.side(one.foot) * course.left
        made = _step(who, how, one, max(lift, start + 0.16), spot, yaw, last=k >= len(landed) - 2)
        way.steps.append(_hanging(made, who, how, landed, distance) if made.held else made)
    way.steps.sort(key=lambda one: one.lift)
    end = landed[-1].time + SETTLE
    if how.style.toes:
        up = (start, start + 0.3, end - 0.35, end)
        way.rolls += [(foot, up, float(np.radians(how.style.toes))) for foot in (0, 1)]
    _carry_hips(way, who, how, start, end, course, landed)
    return Walk(start=start, end=end, landings=landed, pace=how)


def _hanging(made: Step, who: Performer, how: Pace, landed: tuple[Landing, ...], distance: float) -> Step:
    """The step of a foot that is held up: it hangs a little behind the hips all the way."""
    behind = 0.10 * who.figure.scale
    half = how.stance * how.period * how.style.stance
    spots = [(one.time + half, max(one.along - behind, 0.0) / distance) for one in landed[:-1]]
    return replace(made, along=tuple(key for key in spots if made.lift + 0.1 < key[0] < made.land - 0.1))


@dataclass(frozen=True, kw_only=True)
class _Course:
    """A straight way over the ground."""

    here: Floats
    """(2,)"""
    ahead: Floats
    """(2,) the way one goes."""
    left: Floats
    """(2,) of the body."""
    sign: float
    """-1 backwards."""
    half: float
    """Of the distance between the feet [m]."""
    distance: float

    def side(self, foot: int) -> float:
        """Where a foot steps, to the left [m]."""
        return self.half if foot == 0 else -self.half


def _lifts(landed: tuple[Landing, ...], start: float, how: Pace) -> list[float]:
    """When each foot leaves the ground to come down there [s]."""
    if not how.runs:
        double = max(0.0, 2 * how.stance - 1.0) * how.period
        return [before + double for before in (start + LEAD, *(one.time for one in landed[:-1]))]
    stood = 2 * how.stance * how.period * how.style.stance
    # As if they had come up to the beginning in the same gait, unless the other foot is not used at all.
    last = {landed[0].foot: start + LEAD - how.period, 1 - landed[0].foot: start + LEAD}
    if landed[0].hop:
        last = {landed[0].foot: start + LEAD, 1 - landed[0].foot: start - stood}
    lifts = []
    for one in landed:
        lifts.append(last[one.foot] + stood)
        last[one.foot] = one.time
    return lifts


def _first_foot(who: Performer, turn: float) -> int:
    """Into a turn goes the foot on its side; straight ahead the one that carries less."""
    if abs(turn) > np.radians(20):
        return 0 if turn > 0 else 1
    return 1 if who.habits.weight > 0 else 0


def _step(who: Performer, how: Pace, one: Landing, lift: float, spot: Floats, yaw: float, *, last: bool) -> Step:
    style, foot = how.style, one.foot
    out = who.habits.foot_turn[foot] * (0.35 if how.runs else 0.7) * (1.0 if foot == 0 else -1.0)
    length = one.stride if one.stride > 0.0 else how.length
    share = float(np.clip(length / (0.4 * who.figure.height), 0.35, 1.3))
    scale_up = who.figure.scale * style.clearance

    def degrees(angle: float) -> float:
        return float(np.radians(angle * style.roll))

    common: dict[str, Any] = {
        "foot": foot,
        "lift": lift,
        "land": one.time,
        "place": (float(spot[0]), float(spot[1])),
        "yaw": yaw + out,
    }
    if how.runs and one.time - lift > _HELD:
        return Step(
            **common,
            clearance=0.24 * who.figure.scale,
            toe_off=float(np.radians(30.0)),
            swing_pitch=float(np.radians(48.0)),
            strike=0.0,
            speed=0.5,
            load=1.1,
            hurry=0.5,
            held=True,
        )
    if how.runs and one.hop:
        return Step(
            **common,
            clearance=0.045 * who.figure.scale,
            toe_off=float(np.radians(46.0)),
            swing_pitch=float(np.radians(40.0)),
            strike=float(np.radians(14.0)),
            speed=1.2,
            load=2.6,
            settle=0.06,
            rise=0.12,
            hurry=0.5,
            brake=4.0,
        )
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
    if style.backwards:  # the toes reach back and come down first; the other foot leaves over its heel
        return Step(
            **common,
            clearance=float(0.040 * scale_up * (0.6 + 0.4 * share)),
            toe_off=degrees(-9.0),
            swing_pitch=degrees(12.0),
            strike=degrees(6.0 if last else 20.0 * min(share, 1.1)),
            speed=0.30,
            load=1.1,
            settle=0.16,
            rise=0.16,
            hurry=0.5,
            brake=2.5,
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
    way: Walkway, who: Performer, how: Pace, start: float, end: float, course: _Course, landed: tuple[Landing, ...]
) -> None:
    """Keys of the centre of mass over the feet, and of the height of the hips."""
    lean = 0.045 * who.figure.scale * course.sign
    hops = landed[0].hop
    length = course.distance / max(len(landed) - 1, 1)
    times, along = [start, start + 0.6 * LEAD], [0.0, 0.0 if hops else 0.10 * length]
    before = course.side(landed[0].foot if hops else 1 - landed[0].foot)
    aside = [0.0, before * (0.9 if hops else 0.2 if how.runs else 0.55)]
    heights = [(start, "stand"), (start + 0.6 * LEAD, "stand")]
    for k, one in enumerate(landed):
        last = k == len(landed) - 1
        side = course.side(one.foot)
        until = end if last else landed[k + 1].time
        stride = 0.0 if last else landed[k + 1].stride
        if how.runs:  # over the foot in the middle of its stance
            if not last:
                stays = landed[k + 1].hop
                times.append(one.time + how.stance * how.period * how.style.stance)
                along.append(min(one.along + 0.05 * length, course.distance))
                aside.append((0.9 if hops else 0.45 if stays or one.hop else 0.12) * side)
            continue
        times.append(one.time + 0.1 * how.period)
        along.append(min(one.along - 0.42 * one.stride if one.stride else one.along, course.distance))
        aside.append(0.0)
        heights.append((times[-1], "low"))
        if not last:
            times.append(one.time + 0.58 * (until - one.time))
            along.append(min(one.along + 0.06 * stride, course.distance))
            aside.append(0.42 * side)
            heights.append((times[-1], "hurt" if one.short else "high"))
    times.append(end)
    along.append(course.distance)
    aside.append(0.0)
    heights.append((end, "stand"))
    fixed = np.array(times)
    path = course.here + (np.array(along) + lean)[:, None] * course.ahead + np.array(aside)[:, None] * course.left
    weight = np.ones(len(fixed))
    weight[0] = weight[-1] = 0.0
    way.paths.append((fixed, path, weight))
    if how.runs:
        _bounce(way, who, how, start, end, landed, length)
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
    low = min(low, high - 0.01 * figure.scale)
    return {"stand": high, "high": high, "low": low, "hurt": high - how.style.dip * figure.scale}


def _bounce(
    way: Walkway, who: Performer, how: Pace, start: float, end: float, landed: tuple[Landing, ...], length: float
) -> None:
    """Heights of running: a parabola in every flight, a spring in every stance."""
    figure = who.figure
    level = _levels(who, how, 0.3 * length)["high"] - 0.052 * figure.scale
    stood = 2 * how.stance * how.period * how.style.stance
    times: list[float] = [start, start + 0.5 * LEAD]
    values: list[float] = [level, level - 0.01]
    speed: list[float] = [0.0, 0.0]
    force: list[float] = [0.0, 0.0]
    before = start + LEAD
    for one in landed[:-1]:  # the last step only brings the feet together
        flight = one.time - before - stood
        fall = 9.81 * flight / 2
        times += [one.time - flight, one.time]
        values += [level, level]
        speed += [fall, -fall]
        force += [-9.81, -9.81]
        before = one.time
    times += [landed[-2].time + 0.30, end]
    values += [level - 0.03 * figure.scale, level]
    speed += [0.0, 0.0]
    force += [0.0, 0.0]
    fine = np.arange(start, end, 1 / 480.0)
    curve = through(fine, np.array(times), np.array(values), velocity=np.array(speed), acceleration=np.array(force))
    weight = np.ones(len(fine))
    ramp = (fine - start) / (0.5 * LEAD)
    weight = np.clip(np.minimum(ramp, (end - fine) / 0.25), 0.0, 1.0)
    weight = weight**3 * (10 - 15 * weight + 6 * weight**2)
    way.heights.append((fine, curve, weight))


def swing(channels: Floats, t: Floats, walk: Walk, who: Performer) -> None:
    """Add the swing of arms, hips and trunk of one gait to channels, in place."""
    inside = through(
        t, [walk.start + 0.1, walk.start + 0.55, walk.end - 0.75, walk.end - 0.1], np.array([0.0, 1.0, 1.0, 0.0])
    )
    times = [walk.start] + [one.time for one in walk.landings] + [walk.end]
    ahead = [(1.0 if one.foot == 0 else -1.0) * (-0.8 if one.hop else 1.0) for one in walk.landings]
    phase = [0.0, *((-one if walk.pace.style.backwards else one) for one in ahead), 0.0]
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
        become(f"arm.out.{side}", np.full(len(t), rad(style.out + (14.0 if runs else 8.0))))
        become(f"arm.turn.{side}", np.full(len(t), rad(26.0 if runs else 12.0)))
        if runs:
            become(f"curl.{side}", np.full(len(t), 0.62))
    add("hips.turn", rad(-(8.0 if runs else 5.0)) * wave)
    add("chest.turn", rad(15.0 if runs else 9.0) * wave)
    add("chest.bend", np.full(len(t), rad(style.chest + (5.0 if runs else 1.0))))
    add("hips.lean", np.full(len(t), rad(style.lean + (7.0 if runs else 2.0))))
    middle = [walk.start] + [one.time + 0.58 * walk.pace.period for one in walk.landings] + [walk.end]
    stance = [0.0] + [1.0 if one.foot == 0 else -1.0 for one in walk.landings] + [0.0]
    stance[-2] = 0.0
    if middle[-2] >= middle[-1]:
        del middle[-2], stance[-2]
    tilt = through(t, middle, np.array(stance))  # on the left foot the right hip drops
    add("hips.drop", rad(-3.2) * tilt)
    add("chest.side", rad(2.6) * tilt)
    if style.lurch:
        hurt = [0.0] + [(1.0 if one.foot == 0 else -1.0) * one.short for one in walk.landings] + [0.0]
        bent = through(t, middle, np.array(hurt[: len(middle) - 1] + [0.0]))
        add("chest.side", rad(style.lurch) * bent)
        add("head.nod", rad(0.4 * style.lurch) * np.abs(bent))
