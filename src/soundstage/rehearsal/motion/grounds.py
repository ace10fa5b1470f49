"""On the ground: sitting there with the knees up, and lying on the back, by way of sitting.

Nobody falls into these: the hips go down behind the feet as on to a very low seat, then the back rolls down over them
while the legs stretch, one after the other; and the same way back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .maths import Floats
from .performer import Performer
from .rests import SEAT_BONES, Rest, Track
from .steps import Step, Walkway
from .timing import FOREVER, Timing

GROUND_BONES = (*SEAT_BONES, "spine05")
BACK_BONES = (*GROUND_BONES, "spine04", "spine03", "spine02", "spine01")
_REACH = 0.60
"""From the hip joints to the ankles of somebody who sits with the knees up [thigh and shank together]."""
_STRETCHED = 0.994
"""The same of somebody who lies."""
_FLESH = 0.09
"""Hip joints over the ground, about [m on 1.75 m]."""
_TOES_UP = -62.0
"""Feet of somebody who lies, on their heels [deg]."""
_SAT_DOWN, _SAT_UP = 0.54, 0.44
"""Parts of the way down to lying, and of the way up again, at which one sits."""


def sit_on_ground(way: Walkway, who: Performer, plan: Timing, start: float, lean: float) -> Rest:
    """The hips on the ground behind the feet, which stay; `lean` of the pelvis there [rad]."""
    hips, heading = _hips(way, who, start)
    begin, settled, leave, gone = span(plan, start)
    place, height = _root(who, hips, heading, lean)
    return Rest(
        start=begin, settled=settled, leave=leave, gone=gone, level=0.0, bones=GROUND_BONES, place=place, height=height,
        lag=0.05,
    )  # fmt: skip


def lie_on_back(way: Walkway, who: Performer, plan: Timing, start: float) -> Rest:
    """Down to sitting, on to the back, and up again.

    The steps that stretch and bend the legs go into the walkway.
    """
    figure = who.figure
    thigh, shank = figure.legs[0].lengths
    hips, heading = _hips(way, who, start)
    place, yaw, _ = way.stands(start)
    ahead = np.array([-np.sin(heading), np.cos(heading)])
    begin, lies, rises, gone = span(plan, start)
    down, up = lies - begin, gone - rises
    sits, sits_again = begin + _SAT_DOWN * down, rises + _SAT_UP * up
    far = (_STRETCHED * (thigh + shank) - _REACH * (thigh + shank)) * ahead
    toes_up = float(np.radians(_TOES_UP))
    common: dict[str, Any] = {
        "clearance": 0.05 * figure.scale, "toe_off": 0.0, "swing_pitch": float(np.radians(-18.0)), "speed": 0.15,
        "strike": float(np.radians(-3.0)), "load": 0.25, "settle": 0.2, "rise": 0.1,
    }  # fmt: skip
    for k, foot in enumerate((1 - who.strong, who.strong)):
        spot, home = place[foot] + far, place[foot]
        out = (sits + (0.02 + 0.10 * k) * down, sits + (0.24 + 0.13 * k) * down)
        back = (rises + (0.02 + 0.11 * k) * up, rises + (0.25 + 0.11 * k) * up)
        way.steps.append(
            Step(foot=foot, lift=out[0], land=out[1], place=(float(spot[0]), float(spot[1])), yaw=yaw[foot], **common)
        )
        if rises < FOREVER:
            way.steps.append(
                Step(foot=foot, lift=back[0], land=back[1], place=(float(home[0]), float(home[1])), yaw=yaw[foot],
                     **common)
            )  # fmt: skip
        way.rolls.append((foot, (out[0] + 0.1, out[1] + 0.12 * down, back[0], back[1]), toes_up))
    way.steps.sort(key=lambda one: one.lift)
    times = np.concatenate([np.linspace(sits, lies, 7), np.linspace(rises, sits_again, 7)])
    here = _root(who, hips, heading, 0.0)  # a first guess
    return Rest(
        start=begin, settled=sits, leave=sits_again, gone=gone, level=0.0, bones=BACK_BONES, place=here[0],
        height=here[1], lag=0.05,
        track=Track(
            times=times, hips=hips, heading=heading, places=np.tile(here[0], (len(times), 1)),
            heights=np.full(len(times), here[1]),
        ),
    )  # fmt: skip


def span(plan: Timing, start: float) -> tuple[float, float, float, float]:
    """When somebody begins to go down, has settled, leaves, and stands."""
    first = plan.action.phases[0][0]
    stay, rise = plan.phases["stay"], plan.phases["rise"]
    return start + plan.phases[first][0], start + stay[0], start + rise[0], start + rise[0] + rise[1]


def _hips(way: Walkway, who: Performer, start: float) -> tuple[Floats, float]:
    """(2,) below the hip joints of somebody who sits down behind where the feet stand, and the heading."""
    place, _, heading = way.stands(start)
    ahead = np.array([-np.sin(heading), np.cos(heading)])
    thigh, shank = who.figure.legs[0].lengths
    return place.mean(axis=0) - _REACH * (thigh + shank) * ahead, heading


def _root(who: Performer, hips: Floats, heading: float, lean: float) -> tuple[Floats, float]:
    """Where the root is (2,) and how high [m], with the hip joints there and the pelvis tipped."""
    joint = who.figure.heads[who.figure.legs[0].bones[0]]
    ahead = np.array([-np.sin(heading), np.cos(heading)])
    forward = -joint[1] * np.cos(lean) + joint[2] * np.sin(lean)
    rise = joint[2] * np.cos(lean) + joint[1] * np.sin(lean)
    return hips - forward * ahead, _FLESH * who.figure.scale - rise


__all__ = ["lie_on_back", "sit_on_ground", "span"]
