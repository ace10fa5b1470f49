"""Getting down and staying there: crouching, kneeling, sitting; where the feet and the hips go for it.

A posture is an action whose phase "stay" lasts until something takes the legs again; its phase "rise" leads back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...screenplay.model import Beat
from .figure import Figure
from .grounds import lie_on_back, sit_on_ground, span
from .kneels import kneel
from .maths import Floats
from .performer import Performer
from .rests import SEAT_BONES, Rest
from .seats import Seat
from .steps import Walkway
from .table import action
from .timing import Timing

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
    begin, settled, leave, gone = span(plan, start)
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


def rest(way: Walkway, who: Performer, plan: Timing, start: float, on: Sitting | None) -> Rest | None:
    """What carries somebody in a posture begun at `start` [s], `on` a seat where they sit on one; None: the feet."""
    lean = _lean(plan)
    match plan.action.support:
        case "knee":
            return kneel(way, who, plan, start, both=False)
        case "knees":
            return kneel(way, who, plan, start, both=True)
        case "ground":
            return sit_on_ground(way, who, plan, start, lean)
        case "back":
            return lie_on_back(way, who, plan, start)
    return None if on is None else sit(who, on, plan, start, lean)


def _lean(plan: Timing) -> float:
    """Of the pelvis of somebody who sits, or sits first [rad], as written."""
    for columns, rows in plan.action.sheets:
        if "hips.lean" in columns:
            keys = {row[0]: row[columns.index("hips.lean")] for row in rows}
            return float(np.radians(keys.get("sat", keys.get("stay", 0.0))))
    return 0.0


__all__ = ["Sitting", "already", "leads", "rest", "sitting"]
