"""What carries somebody who does not stand on the soles of both feet: a seat, or a knee on the ground.

While it lasts the hips are where the rest puts them; getting there and back they are led over from standing balance.
How high they are is found on the skin itself: it is let down until it touches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .curves import through
from .figure import BONE, Figure, skin_bones
from .footing import Footing
from .maths import Floats

SINK = 0.004
"""How deep flesh is pressed into what carries it [m]."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """One span of resting; times in [s]."""

    start: float
    """Standing balance begins to be left."""
    settled: float
    leave: float
    gone: float
    level: float
    """Height of what carries [m], over the ground that the feet stand on."""
    bones: tuple[str, ...]
    """Bones whose skin lies on it."""
    place: Floats | None
    """(2,) where the root is; None: the centre of mass stays over the feet and the knee."""
    height: float
    """Of the root over the ground [m]; first a guess, then what `fit` finds."""
    lag: float = 0.0
    """Part of the way down that is over before the hips begin to sink."""
    stand: float | None = None
    """Height of the root standing [m], where the feet are too far apart to give the way down and up."""
    hang: float = 0.0
    """How far above the ground the feet of short legs hang [m]."""


def rest_on(footing: Footing, rests: tuple[Rest, ...], t: Floats) -> Footing:
    """Footing with the hips led to what carries them, and feet that do not reach the ground hanging."""
    height, planned = footing.height.copy(), footing.planned.copy()
    seat, seated = footing.seat.copy(), footing.seated.copy()
    lift, planted = footing.lift.copy(), footing.planted.copy()
    for one in rests:
        down, up = one.settled - one.start, one.gone - one.leave
        times = [one.start + one.lag * down, one.settled, one.leave, one.gone - one.lag * up]
        weight = through(t, times, np.array([0.0, 1.0, 1.0, 0.0]))
        if one.stand is None:
            height = np.where(weight > 0, one.height, height)
        else:
            level = one.stand + (one.height - one.stand) * weight
            ends = [one.start, one.start + 0.2 * down, one.gone - 0.2 * up, one.gone]
            weight = through(t, ends, np.array([0.0, 1.0, 1.0, 0.0]))
            height = np.where(weight > 0, level, height)
        planned = np.maximum(planned, weight)
        if one.place is not None:
            beside = through(t, [one.start, one.settled, one.leave, one.gone], np.array([0.0, 1.0, 1.0, 0.0]))
            seat = np.where(beside[:, None] > 0, one.place, seat)
            seated = np.maximum(seated, beside)
        if one.hang > 0.0:
            late = [one.start + 0.55 * down, one.settled + 0.1, one.leave, one.gone - 0.45 * up]
            hung = through(t, late, np.array([0.0, 1.0, 1.0, 0.0]))
            lift = lift + one.hang * hung
            planted = np.logical_and(planted, hung <= 0.0)
    return replace(footing, height=height, planned=planned, seat=seat, seated=seated, lift=lift, planted=planted)


def lowest(body: Any, root: Floats, joints: Floats, bones: tuple[str, ...]) -> float:
    """Height of the lowest skin that these bones move most, in one pose [m]."""
    used, main = skin_bones(body)
    mine = np.isin(main, [BONE[name] for name in bones])
    skin = np.asarray(body.skin(root, joints))[used[mine]]
    return float(skin[:, 2].min())


def settled_height(figure: Figure, rest: Rest, root: Floats, joints: Floats, ground: float) -> Rest:
    """The rest with its root let down, or lifted, until the skin touches; `root` (3,) and `joints` (J, 4) settled."""
    gap = lowest(figure.body, root, joints, rest.bones) - (ground + rest.level - SINK)
    return replace(rest, height=float(root[2]) - ground - gap)


__all__ = ["SINK", "Rest", "lowest", "rest_on", "settled_height"]
