"""Fingers: relaxed, curled, spread, and laid round a ball so that their skin just touches it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .channels import INDEX
from .figure import SIDES, Figure, skin
from .maths import Floats, across, turn, unit
from .trunk import Chain

_FULL_CURL = np.radians(
    [[45.0, 40.0, 45.0], [78.0, 95.0, 60.0], [82.0, 98.0, 62.0], [84.0, 98.0, 62.0], [86.0, 96.0, 62.0]]
)
_MORE = (0.0, 0.00, 0.05, 0.10, 0.14)
"""Relaxed fingers curl more towards the little one."""
_FAN = np.radians([0.0, 9.0, 1.0, -7.0, -15.0])
_EXTENDED = np.radians([-28.0, -20.0, -20.0])
"""Least flexion of the finger joints, against rest."""
_STRETCHED = np.radians([22.0, 14.0, 12.0])
"""Extension of the joints of a thumb that is held up."""
_BENT = float(np.radians(100.0))
TOUCH = 0.001
"""Gap left between skin and ball [m]."""


@dataclass(frozen=True, kw_only=True)
class Fingers:
    """How the fingers of one hand turn."""

    axes: Floats
    """(5, 3) at rest: turning about them closes the finger."""
    fan: Floats
    """(5, 3) turning about them moves the finger towards the thumb's side."""
    round_ball: Floats
    """(5, 3) angles that lay the fingers on the ball [rad]; zero without one."""


def fingers(figure: Figure, side: int, radius: float | None, *, stem: bool = False) -> Fingers:
    """Measure a hand, and lay it on a ball of this radius [m] if one is given, or round a `stem` as thick as that."""
    hand = figure.hands[side]
    palm = hand.frame[:, 1]
    heads = figure.heads
    axes = np.empty((5, 3))
    little = heads[hand.fingers[4][0]] - heads[hand.fingers[1][0]]
    for k, bones in enumerate(hand.fingers):
        along = unit(heads[bones[1]] - heads[bones[0]])
        to = palm if k else unit(0.75 * unit(across(little, along)) + 0.65 * palm)
        axes[k] = unit(np.cross(along, across(to, along)))
    fan = np.broadcast_to(palm * (1.0 if side == 0 else -1.0), (5, 3))
    angles = np.zeros((5, 3))
    if radius is not None:
        angles = _lay_on_ball(figure, side, axes, radius, stem=stem)
    return Fingers(axes=axes, fan=fan, round_ball=angles)


def _lay_on_ball(figure: Figure, side: int, axes: Floats, radius: float, *, stem: bool) -> Floats:
    """Flexions at which each finger bone's skin just touches a ball lying on the palm, (5, 3) [rad]."""
    hand = figure.hands[side]
    heads = figure.heads
    surface, bone = skin(figure.body)
    wrist = heads[figure.arms[side].bones[4]]
    centre = wrist + hand.palm + hand.frame[:, 1] * (radius + TOUCH)
    # Round a stem, only the way across it counts.
    flat = np.eye(3) - np.outer(hand.frame[:, 2], hand.frame[:, 2]) if stem else np.eye(3)
    angles = np.zeros((5, 3))
    for k, bones in enumerate(hand.fingers):
        rotation, joint = np.eye(3), heads[bones[0]]
        skins = [surface[bone == number] - heads[number] for number in bones]
        steps = [heads[after] - heads[number] for number, after in pairwise(bones)]
        for j in range(3):
            low, high = _EXTENDED[j], _BENT
            for _ in range(18):
                middle = 0.5 * (low + high)
                turned = rotation @ turn(axes[k], middle)
                gap = _gap(joint, turned, axes[k], skins[j:], steps[j:], centre, flat) - radius
                low, high = (middle, high) if gap > TOUCH else (low, middle)
            angles[k, j] = low
            rotation = rotation @ turn(axes[k], low)
            if j < 2:
                joint = joint + rotation @ steps[j]
    return angles


def _gap(
    joint: Floats, turned: Floats, axis: Floats, skins: list[Floats], steps: list[Floats], centre: Floats, flat: Floats
) -> float:
    """Distance of a finger from a point in the plane of `flat` (3, 3), its further joints stretched."""
    least = np.inf
    for n, own in enumerate(skins):
        least = min(least, float(np.linalg.norm((joint + own @ turned.T - centre) @ flat, axis=1).min()))
        if n < len(steps):
            joint = joint + turned @ steps[n]
            turned = turned @ turn(axis, _EXTENDED[1])
    return least


def pose_fingers(chain: Chain, channels: Floats, shapes: tuple[Fingers, Fingers]) -> None:
    """Add all fingers to a posed arm chain."""
    for side, name in enumerate(SIDES):
        curl, spread = channels[:, INDEX[f"curl.{name}"]], channels[:, INDEX[f"spread.{name}"]]
        thumb, hold = channels[:, INDEX[f"thumb.{name}"]], np.clip(channels[:, INDEX[f"hold.{name}"]], 0, 1)
        up = np.clip(channels[:, INDEX[f"thumb_up.{name}"]], 0, 1)
        index = np.clip(channels[:, INDEX[f"index.{name}"]], 0, 1)
        hold = hold * (1.0 - np.clip(channels[:, INDEX[f"clasp.{name}"]], 0, 1))
        shape = shapes[side]
        for k, bones in enumerate(chain.figure.hands[side].fingers):
            share = np.clip(curl + _MORE[k] * np.clip(curl * 4, 0, 1), 0, 1.1)
            for j, number in enumerate(bones):
                free = share * _FULL_CURL[k, j] + (thumb if k == 0 and j < 2 else 0.0)
                if k == 1:
                    free = free * (1 - index)
                if k == 0:
                    free = free * (1 - up) - up * _STRETCHED[j]
                local = turn(shape.axes[k], free * (1 - hold) + shape.round_ball[k, j] * hold)
                if j == 0:
                    local = turn(shape.fan[k], spread * _FAN[k]) @ local
                chain.local[number] = local
