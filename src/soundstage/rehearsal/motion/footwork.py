"""Where the feet go for what somebody does on or about a spot: turning, coming up to a place, a stance, dancing."""

from __future__ import annotations

import numpy as np

from . import places
from .gait import Walk, go
from .maths import Floats
from .paces import Pace
from .performer import Performer
from .steps import Step, Walkway, turn_to
from .table import rows_of
from .timing import STEP_TURN, Timing, moment_of, near_turn, steps_of_turn, turn_time

_BRISK = 1.35
"""Tempo of the steps that turn somebody's back to a seat."""
_BACKWARDS = 1.1
"""No further than this anybody steps back to a seat, instead of going there face first [m]."""
_SHUFFLE = 0.34
"""A pair of little steps brings at most [m]."""


def approach(
    way: Walkway, who: Performer, start: float, stand: Floats, heading: float, how: Pace
) -> tuple[float, list[Walk]]:
    """Go to a place and turn to a heading there; how long it takes [s], and what is walked."""
    now, walks = start, []
    _, _, facing = way.stands(now)
    distance = float(np.linalg.norm(stand - way.middle(now)))
    if distance > (_BACKWARDS if abs(near_turn(heading - facing)) < np.radians(100.0) else 0.25):
        turn = places.turn_towards(way.middle(now), facing, stand)
        if abs(turn) > np.radians(55.0):
            now += _face(way, who, now, facing + turn, facing, None)
        walks.append(go(way, who, now, stand, how))
        now = walks[-1].end
    _, _, facing = way.stands(now)
    turn = near_turn(heading - facing)
    near = float(np.linalg.norm(stand - way.middle(now)))
    if abs(turn) > np.radians(4.0) or near > 0.02:
        now += _face(way, who, now, facing + turn, facing, stand)
    return now - start, walks


def _face(way: Walkway, who: Performer, start: float, to: float, heading: float, middle: Floats | None) -> float:
    """Turn on the spot, or round a point close by; returns how long it takes [s]."""
    far = 0.0 if middle is None else float(np.linalg.norm(middle - way.middle(start)))
    degrees = max(abs(float(np.degrees(near_turn(to - heading)))), far / _SHUFFLE * STEP_TURN)
    span = turn_time(degrees, _BRISK)
    _step_round(way, who, start, to, heading, span - 0.12, apart=False, middle=middle)
    return span


def turn_about(
    way: Walkway, who: Performer, start: float, to: float, heading: float, plan: Timing, *, apart: bool
) -> None:
    """Steps on the spot for a beat."""
    span = (plan.lead if plan.lead else plan.length - 0.25) - 0.12
    _step_round(way, who, start, to, heading, span, apart=apart, middle=None)


def _step_round(
    way: Walkway, who: Performer, start: float, to: float, heading: float, span: float, *, apart: bool,
    middle: Floats | None,
) -> None:  # fmt: skip
    """Steps on the spot (or on to `middle`), the foot on the side of the turn first."""
    turn = near_turn(to - heading)
    here = way.middle(start)
    middle = here if middle is None else middle
    far = float(np.linalg.norm(middle - here))
    count = steps_of_turn(max(abs(float(np.degrees(turn))), far / _SHUFFLE * STEP_TURN))
    each = span / count
    first = 0 if turn > 0 else 1
    turn_to(way, start, heading)
    turn_to(way, start + 0.12 + span * 0.9, heading + turn)
    for k in range(count):
        foot = (first + k) % 2
        part = (k // 2 + 1) / (count // 2)
        facing = heading + turn * part
        place, yaw = _stand_at(who, here + part * (middle - here), facing, foot, apart=apart)
        lift = start + 0.12 + k * each
        way.steps.append(_little_step(who, foot, lift + 0.04, lift + each * 0.94, place, yaw))


def step_apart(way: Walkway, who: Performer, start: float, heading: float, plan: Timing, *, already: bool) -> None:
    """Bring the feet into a shooter's stance, or let them be in it `already`."""
    middle = way.middle(start)
    if already:
        for foot in (0, 1):
            way.place[foot], way.yaw[foot] = _stand_at(who, middle, heading, foot, apart=True)
        return
    span = min(0.34, plan.phases[plan.action.phases[0][0]][1] * 0.8)
    for k, foot in enumerate((who.strong, 1 - who.strong)):
        place, yaw = _stand_at(who, middle, heading, foot, apart=True)
        lift = start + k * 0.5 * span
        way.steps.append(_little_step(who, foot, lift + 0.03, lift + 0.03 + 0.55 * span, place, yaw))


def _stand_at(who: Performer, middle: Floats, heading: float, foot: int, *, apart: bool) -> tuple[Floats, float]:
    """Place and yaw of a foot that stands about a point."""
    figure, habits = who.figure, who.habits
    hip = figure.heads[figure.legs[0].bones[0]][0]
    side = 1.0 if foot == 0 else -1.0
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    if apart:
        forward = (0.045 if foot == who.strong else -0.045) * figure.scale
        return middle + side * 1.22 * hip * left + forward * ahead, heading + side * float(np.radians(5.0))
    forward = side * 0.5 * habits.stagger * figure.scale
    return middle + side * habits.width * hip * left + forward * ahead, heading + side * habits.foot_turn[foot]


def _little_step(who: Performer, foot: int, lift: float, land: float, place: Floats, yaw: float) -> Step:
    scale = who.figure.scale
    return Step(
        foot=foot, lift=lift, land=land, place=(float(place[0]), float(place[1])), yaw=yaw, clearance=0.045 * scale,
        toe_off=float(np.radians(24)), swing_pitch=float(np.radians(22)), strike=float(np.radians(5)), speed=0.3,
        load=1.05, settle=0.07, rise=0.12,
    )  # fmt: skip


def dance(way: Walkway, who: Performer, start: float, plan: Timing, strong: int) -> None:
    """The steps of an action, on its beats, once more for every time its loop is gone through."""
    made, scale = plan.action, who.figure.scale
    home, yaw, heading = way.stands(start)
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    for when, side, out, forward in rows_of(made.steps, made.loop, plan.loops):
        foot = strong if side == "strong" else 1 - strong
        sign = 1.0 if foot == 0 else -1.0
        place = home[foot] + scale * (sign * float(out) * left + float(forward) * ahead)
        land = start + moment_of(plan, float(when))
        lift = land - 0.3 / plan.manner.tempo**0.5
        way.steps.append(_little_step(who, foot, lift, land, place, float(yaw[foot])))
    way.steps.sort(key=lambda one: one.lift)


def leap(start: float, plan: Timing) -> tuple[float, float, float, float]:
    push, flight, soft = plan.phases["rise"], plan.phases["flight"], plan.phases["absorb"]
    return start + push[0], start + flight[0], start + flight[0] + flight[1], start + soft[0] + soft[1]


__all__ = ["approach", "dance", "leap", "step_apart", "turn_about"]
