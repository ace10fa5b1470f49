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


SEAT_BONES = ("root", "pelvis.L", "pelvis.R", "upperleg01.L", "upperleg01.R", "upperleg02.L", "upperleg02.R")
"""What one sits on."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """The way of the root while the body moves on what carries it; the hip joints stay over one point."""

    times: Floats
    """(K,) [s], between settling and leaving."""
    hips: Floats | None
    """(2,); None: the centre of mass stays where it is meant to be."""
    heading: float
    places: Floats | None
    """(K, 2) of the root, where the hips are given."""
    heights: Floats
    """(K,) over the ground [m]; first a guess, then what is found on the skin."""


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
    track: Track | None = None
    """For a body that rolls over while it rests."""


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
            height = np.where(weight > 0, _level(one, t), height)
        else:
            level = one.stand + (_level(one, t) - one.stand) * weight
            ends = [one.start, one.start + 0.2 * down, one.gone - 0.2 * up, one.gone]
            weight = through(t, ends, np.array([0.0, 1.0, 1.0, 0.0]))
            height = np.where(weight > 0, level, height)
        planned = np.maximum(planned, weight)
        if one.place is not None:
            beside = through(t, [one.start, one.settled, one.leave, one.gone], np.array([0.0, 1.0, 1.0, 0.0]))
            place: Floats = one.place
            if one.track is not None and one.track.places is not None:
                place = through(t, one.track.times, one.track.places)
            seat = np.where(beside[:, None] > 0, place, seat)
            seated = np.maximum(seated, beside)
        if one.hang > 0.0:
            late = [one.start + 0.55 * down, one.settled + 0.1, one.leave, one.gone - 0.45 * up]
            hung = through(t, late, np.array([0.0, 1.0, 1.0, 0.0]))
            lift = lift + one.hang * hung
            planted = np.logical_and(planted, hung <= 0.0)
    return replace(footing, height=height, planned=planned, seat=seat, seated=seated, lift=lift, planted=planted)


def _level(one: Rest, t: Floats) -> Floats | float:
    """Height of the root over the ground while it rests [m]."""
    return one.height if one.track is None else through(t, one.track.times, one.track.heights)


def lowest(body: Any, root: Floats, joints: Floats, bones: tuple[str, ...]) -> float:
    """Height of the lowest skin that these bones move most, in one pose [m]."""
    used, main = skin_bones(body)
    mine = np.isin(main, [BONE[name] for name in bones])
    skin = np.asarray(body.skin(root, joints))[used[mine]]
    return float(skin[:, 2].min())


def rolled(figure: Figure, rest: Rest, row: int, lean: float, root: Floats, joints: Floats, ground: float) -> Rest:
    """The rest with one row of its track let down, or lifted, until the skin touches.

    `lean` of the pelvis then [rad], `root` (3,) and `joints` (J, 4) as they are so far.
    """
    track = rest.track
    assert track is not None
    heights = track.heights.copy()
    gap = lowest(figure.body, root, joints, rest.bones) - (ground + rest.level - SINK)
    heights[row] = float(root[2]) - ground - gap
    places, place = track.places, rest.place
    if track.hips is not None and places is not None:
        joint = figure.heads[figure.legs[0].bones[0]]
        ahead = np.array([-np.sin(track.heading), np.cos(track.heading)])
        places = places.copy()
        places[row] = track.hips - (-joint[1] * np.cos(lean) + joint[2] * np.sin(lean)) * ahead
        place = places[0] if row == 0 else place
    height = float(heights[0]) if row == 0 else rest.height
    return replace(rest, track=replace(track, places=places, heights=heights), height=height, place=place)


def settled_height(figure: Figure, rest: Rest, root: Floats, joints: Floats, ground: float) -> Rest:
    """The rest with its root let down, or lifted, until the skin touches; `root` (3,) and `joints` (J, 4) settled."""
    gap = lowest(figure.body, root, joints, rest.bones) - (ground + rest.level - SINK)
    return replace(rest, height=float(root[2]) - ground - gap)


__all__ = ["SEAT_BONES", "SINK", "Rest", "Track", "lowest", "rest_on", "rolled", "settled_height"]
