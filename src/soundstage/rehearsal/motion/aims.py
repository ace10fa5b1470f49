"""Whereto: what somebody's beat is turned to, where it takes them, and which way a pointing arm goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...screenplay.model import Beat
from . import places
from .maths import Floats
from .paces import Style
from .performer import Performer
from .table import action, gait_style

if TYPE_CHECKING:
    from ..layout import Layout


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Which way a pointing arm goes, against the body."""

    ahead: float
    """arm.ahead [rad]"""
    out: float
    """arm.out of the strong arm [rad]"""


def target_of(layout: Layout, beat: Beat) -> Floats | None:
    """(3,) what a beat is turned to; None if that is nothing in particular."""
    if beat.target:
        return places.spot(layout, beat.target)
    if beat.action in ("jump_shot", "free_throw"):
        number = places.hoop(layout, "")
        return None if number is None else places.ring(layout, number)
    return None


def destination_of(layout: Layout, beat: Beat, here: Floats, heading: float) -> Floats:
    """(2,) where a beat that goes somewhere takes somebody who stands `here` (2,)."""
    made = action(beat.action)
    style = Style(**gait_style(made.gait))
    if made.away:
        target = places.spot(layout, beat.target) if beat.target else None
        from_it = here - target[:2] if target is not None else np.zeros(2)
        if np.linalg.norm(from_it) > 0.15:
            return np.asarray(here + style.far * from_it / np.linalg.norm(from_it))
    elif beat.target and (goal := places.goal(layout, beat.target, here)) is not None:
        return goal
    sign = -1.0 if style.backwards else 1.0
    return np.asarray(here + sign * style.far * np.array([-np.sin(heading), np.cos(heading)]))


def looked_at(beat: Beat, here: Floats, destination: Floats, target: Floats | None) -> Floats | None:
    """What somebody faces while they do it: where they go, or, backwards, what they go away from."""
    made = action(beat.action)
    if not made.goes:
        return target
    return 2.0 * here - destination if gait_style(made.gait).get("backwards") else destination


def aim_at(who: Performer, here: Floats, heading: float, target: Floats, ground: float, strong: int) -> Aim:
    """Angles of a straight arm from the strong shoulder to the target (3,)."""
    shoulder = who.figure.heads[who.figure.arms[strong].bones[0]]
    side = 1.0 if strong == 0 else -1.0
    way = np.array([target[0] - here[0], target[1] - here[1], target[2] - ground - who.figure.sole - shoulder[2]])
    ahead = -np.sin(heading) * way[0] + np.cos(heading) * way[1]
    left = -np.cos(heading) * way[0] - np.sin(heading) * way[1] - shoulder[0]
    length = max(float(np.sqrt(ahead**2 + left**2 + way[2] ** 2)), 1e-6)
    out = float(np.clip(np.arcsin(np.clip(side * left / length, -1, 1)), np.radians(-35), np.radians(95)))
    return Aim(ahead=float(np.clip(np.arctan2(max(ahead, 0.0), -way[2]), 0.0, np.radians(170))), out=out)


__all__ = ["Aim", "aim_at", "destination_of", "looked_at", "target_of"]
