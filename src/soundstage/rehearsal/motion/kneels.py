"""Kneeling, on one knee or on both: where the feet step for it, and where the weight goes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .grounds import span
from .maths import AHEAD, X, turn
from .performer import Performer
from .rests import Rest, Track
from .steps import Step, Walkway
from .timing import FOREVER, Timing

KNEE_BONES = ("lowerleg01", "upperleg02", "lowerleg02")
_FRONT, _BACK = 0.33, 0.39
"""Front ankle before, and rear ankle behind the hips of somebody on one knee [thigh and shank together]."""
_ON_TOES = 70.0
"""The foot behind a knee on the ground [deg]."""
_FIRST = 0.60
"""Part of the way down to both knees that the first of them takes."""


def kneel(way: Walkway, who: Performer, plan: Timing, start: float, *, both: bool) -> Rest:
    """A step back on to the toes of the strong side's foot, that knee down to the ground, and the same way back.

    For `both` knees the other foot follows. The steps go into the walkway.
    """
    figure = who.figure
    scale = figure.scale
    front, rear = 1 - who.strong, who.strong
    place, yaw, heading = way.stands(start)
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    thigh, shank = figure.legs[0].lengths
    begin, last, begins_up, gone = span(plan, start)
    share = _FIRST if both else 1.0
    settled, leave = begin + share * (last - begin), gone - share * (gone - begins_up)
    down, up = settled - begin, gone - leave
    middle = place.mean(axis=0)
    toes = float(np.radians(_ON_TOES))
    ball = figure.feet[rear].ball
    rolled = float((turn(X, toes) @ ball - ball) @ -AHEAD)  # the ankle comes forward as the heel rises
    there = place[front] - ((_FRONT + _BACK) * (thigh + shank) + rolled) * ahead
    aside = 0.09 * scale * (1.0 if rear == 0 else -1.0)
    there = there + ((middle - there) @ left + aside) * left
    lift, land = begin + 0.06 * down, begin + 0.52 * down
    common: dict[str, Any] = {"speed": 0.3, "load": 0.9, "settle": 0.1, "rise": 0.1, "clearance": 0.07 * scale}
    going: dict[str, Any] = {
        "toe_off": float(np.radians(12)),
        "swing_pitch": float(np.radians(20)),
        "strike": float(np.radians(35)),
    }
    coming: dict[str, Any] = {"toe_off": toes, "swing_pitch": float(np.radians(50)), "strike": float(np.radians(4))}
    ends = leave < FOREVER

    def step(foot: int, times: tuple[float, float], spot: Any, turned: float, how: dict[str, Any]) -> None:
        at = (float(spot[0]), float(spot[1]))
        way.steps.append(Step(foot=foot, lift=times[0], land=times[1], place=at, yaw=turned, **{**common, **how}))

    straight = heading + 0.3 * float(yaw[rear] - heading)
    step(rear, (lift, land), there, straight, going)
    back = (leave + 0.34 * up, leave + 0.9 * up)
    way.rolls.append((rear, (lift, land + 0.05 * down, back[0], back[0] + 0.5 * (back[1] - back[0])), toes))
    if ends:
        step(rear, back, place[rear], float(yaw[rear]), coming)
    hips = place[front] - _FRONT * (thigh + shank) * ahead
    hips = hips + (0.5 * (there + place[front]) - hips) @ left * left + 0.06 * scale * ahead
    over = place[front] + 0.25 * (middle - place[front]) + 0.03 * scale * ahead
    times = [begin, lift, begin + 0.4 * down, settled, leave, back[0], leave + 0.6 * up, gone]
    path = [middle, over, over - 0.12 * scale * ahead, hips, hips, over - 0.08 * scale * ahead, over, middle]
    weight = [0.0, 0.6, 1.0, 1.0, 1.0, 1.0, 0.8, 0.0]
    if both:
        beside = there - 2.0 * ((there - middle) @ left) * left
        out = (settled - 0.02 * down, last - 0.08 * down)
        home = (begins_up + 0.04 * up, leave - 0.02 * up)
        # It passes close over the ground and flat: there is little room for it under the hips.
        low: dict[str, Any] = {"clearance": 0.010 * scale, "swing_pitch": float(np.radians(2))}
        step(front, out, beside, heading + 0.3 * float(yaw[front] - heading), {**low, "toe_off": 0.04, "strike": 0.1})
        flat = (out[0] + 0.70 * (out[1] - out[0]), home[0] + 0.3 * (home[1] - home[0]))
        way.rolls.append((front, (flat[0], out[1] + 0.06 * down, home[0], flat[1]), toes))
        if ends:
            step(front, home, place[front], float(yaw[front]), {**coming, **low})
        # While the other foot is in the air the weight leans to the knee that is down; more would tip it inwards.
        onto = hips + 0.15 * ((there - hips) @ left) * left + 0.20 * scale * ahead
        centre = hips + ((middle - hips) @ left) * left + 0.03 * scale * ahead
        times[3:5] = [settled, last, begins_up, leave]
        path[3:5] = [onto, centre, centre, onto]
        weight[3:5] = [1.0, 1.0, 1.0, 1.0]
    way.steps.sort(key=lambda one: one.lift)
    way.paths.append((np.array(times), np.stack(path), np.array(weight)))
    hip = float(figure.heads[figure.legs[0].bones[0]][2])
    height = thigh + 0.055 * scale - hip
    knees = [f"{bone}.{'LR'[foot]}" for foot in ((0, 1) if both else (rear,)) for bone in KNEE_BONES]
    moments = np.array([settled, last, begins_up, leave])
    return Rest(
        start=begin,
        settled=settled,
        leave=leave,
        gone=gone,
        level=0.0,
        bones=tuple(knees),
        place=None,
        height=height,
        lag=0.12,
        stand=figure.feet[0].ankle_height + figure.leg * float(np.cos(np.radians(7.0))) - hip,
        track=Track(times=moments, hips=None, heading=heading, places=None, heights=np.full(4, height))
        if both
        else None,
    )


__all__ = ["KNEE_BONES", "kneel"]
