"""Getting down and staying there: crouching, kneeling, sitting; where the feet and the hips go for it.

A posture is an action whose phase "stay" lasts until something takes the legs again; its phase "rise" leads back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...screenplay.model import Beat
from .figure import Figure
from .maths import AHEAD, Floats, X, turn
from .performer import Performer
from .rests import Rest
from .seats import Seat
from .steps import Step, Walkway
from .table import action
from .timing import FOREVER, Timing

KNEE_BONES = ("lowerleg01", "upperleg02", "lowerleg02")
SEAT_BONES = ("root", "pelvis.L", "pelvis.R", "upperleg01.L", "upperleg01.R", "upperleg02.L", "upperleg02.R")
_FRONT, _BACK = 0.33, 0.39
"""Front ankle before, and rear ankle behind the hips of somebody on one knee [thigh and shank together]."""
_ON_TOES = 70.0
"""The foot behind a knee on the ground [deg]."""
_CALF = 0.075
"""Somebody who sits down stands with the ankles so far before the seat's edge [m on 1.75 m]."""
_BACK_OF_HIPS = 0.135
"""From the hip joints to the skin behind them [m on 1.75 m]."""
_TUCK = 0.045
"""So far behind the knees seated feet stand [m on 1.75 m]."""
_FLESH = 0.085
"""Hip joints over a seat, about [m on 1.75 m]."""


def leads(name: str) -> bool:
    """Whether an action ends in a posture."""
    return bool(action(name).support)


def already(beat: Beat) -> bool:
    """A posture asked for at the very start of a scene has been taken before it begins."""
    return leads(beat.action) and beat.when.anchor == "start" and beat.when.offset_s <= 0.0


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Where somebody of a certain size sits on a seat."""

    stand: Floats
    """(2,) between the ankles."""
    hips: Floats
    """(2,) below the hip joints."""
    heading: float
    level: float
    """Of the seat's face [m]."""
    hang: float


def sitting(figure: Figure, seat: Seat, edge: Floats, ground: float) -> Sitting:
    """Feet flat if they reach, the thighs along the seat, as far back as there is room."""
    scale = figure.scale
    thigh, shank = figure.legs[0].lengths
    level = seat.height - ground
    hip = level + _FLESH * scale
    ankle = figure.feet[0].ankle_height
    knee = min(ankle + shank, hip + 0.6 * thigh)
    hang = max(0.0, hip - 0.04 * scale - shank - ankle)
    along = float(np.sqrt(thigh**2 - min(knee + hang - hip, 0.9 * thigh) ** 2)) if hang <= 0.0 else thigh
    reach = along - _TUCK * scale
    back = min(reach - _CALF * scale, seat.depth - _BACK_OF_HIPS * scale)
    hips = edge - back * seat.ahead
    return Sitting(stand=hips + reach * seat.ahead, hips=hips, heading=seat.heading, level=level, hang=hang)


def sit(who: Performer, on: Sitting, plan: Timing, start: float, lean: float) -> Rest:
    """The hips over the seat; `lean` of the pelvis on it [rad]."""
    figure = who.figure
    joint = figure.heads[figure.legs[0].bones[0]]
    ahead = np.array([-np.sin(on.heading), np.cos(on.heading)])
    # The root bone from the hip joints, with the pelvis tipped.
    forward = -joint[1] * np.cos(lean) + joint[2] * np.sin(lean)
    rise = joint[2] * np.cos(lean) + joint[1] * np.sin(lean)
    begin, settled, leave, gone = _span(plan, start)
    return Rest(
        start=begin,
        settled=settled,
        leave=leave,
        gone=gone,
        level=on.level,
        bones=SEAT_BONES,
        place=on.hips - forward * ahead,
        height=on.level + _FLESH * figure.scale - rise,
        lag=0.06,
        hang=on.hang,
    )


def kneel(way: Walkway, who: Performer, plan: Timing, start: float) -> Rest:
    """A step back on to the toes of the strong side's foot, that knee down to the ground, and the same way back.

    The steps go into the walkway.
    """
    figure = who.figure
    scale = figure.scale
    front, rear = 1 - who.strong, who.strong
    place, yaw, heading = way.stands(start)
    ahead, left = np.array([-np.sin(heading), np.cos(heading)]), np.array([-np.cos(heading), -np.sin(heading)])
    thigh, shank = figure.legs[0].lengths
    begin, settled, leave, gone = _span(plan, start)
    down, up = settled - begin, gone - leave
    middle = place.mean(axis=0)
    toes = float(np.radians(_ON_TOES))
    ball = figure.feet[rear].ball
    rolled = float((turn(X, toes) @ ball - ball) @ -AHEAD)  # the ankle comes forward as the heel rises
    there = place[front] - ((_FRONT + _BACK) * (thigh + shank) + rolled) * ahead
    aside = 0.09 * scale * (1.0 if rear == 0 else -1.0)
    there = there + ((middle - there) @ left + aside) * left
    lift, land = begin + 0.06 * down, begin + 0.52 * down
    common: dict[str, Any] = {
        "foot": rear,
        "speed": 0.3,
        "load": 0.9,
        "settle": 0.1,
        "rise": 0.1,
        "clearance": 0.07 * scale,
    }
    turns: dict[str, Any] = {
        "toe_off": float(np.radians(12)),
        "swing_pitch": float(np.radians(20)),
        "strike": float(np.radians(35)),
    }
    straight = heading + 0.3 * float(yaw[rear] - heading)
    way.steps.append(
        Step(lift=lift, land=land, place=(float(there[0]), float(there[1])), yaw=straight, **common, **turns)
    )
    back = (leave + 0.34 * up, leave + 0.9 * up)
    way.rolls.append((rear, (lift, land + 0.05 * down, back[0], back[0] + 0.5 * (back[1] - back[0])), toes))
    home = (float(place[rear][0]), float(place[rear][1]))
    turns = {"toe_off": toes, "swing_pitch": float(np.radians(50)), "strike": float(np.radians(4))}
    if leave < FOREVER:
        way.steps.append(Step(lift=back[0], land=back[1], place=home, yaw=float(yaw[rear]), **common, **turns))
    hips = place[front] - _FRONT * (thigh + shank) * ahead
    hips = hips + (0.5 * (there + place[front]) - hips) @ left * left + 0.06 * scale * ahead
    over = place[front] + 0.25 * (middle - place[front]) + 0.03 * scale * ahead
    times = np.array([begin, lift, begin + 0.4 * down, settled, leave, back[0], leave + 0.6 * up, gone])
    path = np.stack([middle, over, over - 0.12 * scale * ahead, hips, hips, over - 0.08 * scale * ahead, over, middle])
    way.paths.append((times, path, np.array([0.0, 0.6, 1.0, 1.0, 1.0, 1.0, 0.8, 0.0])))
    hip = float(figure.heads[figure.legs[0].bones[0]][2])
    return Rest(
        start=begin,
        settled=settled,
        leave=leave,
        gone=gone,
        level=0.0,
        bones=tuple(f"{bone}.{'LR'[rear]}" for bone in KNEE_BONES),
        place=None,
        height=thigh + 0.055 * scale - hip,
        lag=0.12,
        stand=figure.feet[0].ankle_height + figure.leg * float(np.cos(np.radians(7.0))) - hip,
    )


def _span(plan: Timing, start: float) -> tuple[float, float, float, float]:
    """When somebody begins to go down, has settled, leaves, and stands."""
    first = plan.action.phases[0][0]
    stay, rise = plan.phases["stay"], plan.phases["rise"]
    return start + plan.phases[first][0], start + stay[0], start + rise[0], start + rise[0] + rise[1]


__all__ = ["Sitting", "already", "kneel", "leads", "sit", "sitting"]
