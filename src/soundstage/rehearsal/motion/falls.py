"""Feet meeting and leaving the ground, as the sound of steps needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ... import clock
from .maths import Floats, apply, turn
from .plan import Plan
from .solve import Solved


@dataclass(frozen=True, kw_only=True)
class Fall:
    """One row of the table of footfalls."""

    time: int
    person: int
    foot: int
    part: str
    point: Floats
    speed: float
    load: float


def falls(made: Plan, one: Solved) -> list[Fall]:
    """All footfalls of one person within the scene."""
    end = float(made.t[-1])
    rows: list[Fall] = []
    for step in made.score.way.steps:
        rows.append(_fall(made, one, step.foot, step.lift, "push", 0.0, 0.6 * step.load))
        first = "heel" if step.strike < np.radians(-4) else "ball"
        rows.append(_fall(made, one, step.foot, step.land, first, step.speed, step.load))
        if first == "heel":
            rows.append(_fall(made, one, step.foot, step.land + step.settle, "ball", 0.5 * step.speed, 0.8 * step.load))
    for flight in made.footing.flights:
        load = _landing_load(one, flight.end, flight.soft, made.gravity)
        speed = _sinking(one, flight.end)
        for foot in (0, 1):
            rows.append(_fall(made, one, foot, flight.start, "push", 0.0, 1.0))
            rows.append(_fall(made, one, foot, flight.end, "flat", speed, load))
    return [row for row in rows if 0 <= row.time <= clock.ticks(end)]


def _fall(made: Plan, one: Solved, foot: int, when: float, part: str, speed: float, load: float) -> Fall:
    k = int(np.clip(round(when * clock.POSE_RATE), 0, len(made.t) - 1))
    shape, footing = made.who.figure.feet[foot], one.footing
    local = shape.heel if part == "heel" else shape.ball
    spot = apply(turn(np.array([0.0, 0.0, 1.0]), np.pi + footing.yaw[foot][k]), local)
    point = np.array([*(footing.place[foot][k] + spot[:2]), footing.ground])
    return Fall(
        time=clock.ticks(when),
        person=made.who.number,
        foot=foot,
        part=part,
        point=point,
        speed=float(speed),
        load=float(load),
    )


def _sinking(one: Solved, when: float) -> float:
    """Downward speed of the body at a moment [m/s]."""
    k = int(np.clip(round(when * clock.POSE_RATE), 1, len(one.root) - 1))
    return max(0.0, float(one.root[k - 1, 2] - one.root[k, 2]) * clock.POSE_RATE)


def _landing_load(one: Solved, start: float, end: float, gravity: float) -> float:
    """Greatest load of the landing over body weight."""
    i, j = (int(np.clip(round(x * clock.POSE_RATE), 0, len(one.root) - 1)) for x in (start, end))
    if j - i < 4:
        return 2.0
    force = np.gradient(np.gradient(one.root[:, 2]))[i + 2 : j] * clock.POSE_RATE**2
    return float(np.clip((force.max() + gravity) / max(gravity, 1e-3), 1.2, 6.0))
