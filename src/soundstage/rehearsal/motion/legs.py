"""Legs and balance: the root goes where the centre of mass is over the feet, and the legs reach down from there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .channels import INDEX
from .curves import quintic, smooth, through, widest
from .figure import BONE, SIDES, Figure
from .footing import Footing, ankle, foot_turn, soft_min, standing_height, toe_bend
from .limbs import bend, pose_limb
from .maths import UP, Floats, X, Z, across, apply, turn, unit
from .trunk import Chain

_TWIST = (0.3, 0.3)
_STRAIGHTEST = np.radians(4.0)
"""Standing knees never get straighter."""
_SWINGING = np.radians(12.0)
"""A leg in the air keeps so much more of a bend, and lands with it."""
_LEG_REACH = (0.9993, 0.99995)
_CATCH = 0.036
"""[s]"""
_IN_TIME = 0.045
"""[s]"""
_PUSHING = np.radians(13.0)
"""Pushing off, the heel rises before the knee gets straighter."""
_ON_TOES = np.radians(35.0)
_ROUNDS = 5
TAKE_OFF_KNEES, LANDING_KNEES = np.radians(19.0), np.radians(24.0)


def centre_of(chain: Chain, *, legs: bool) -> Floats:
    """(T, 3) mass times position of the segments posed so far, relative to the root; without `legs`, of the rest."""
    legs_from = {BONE[f"{name}.{s}"] for name in ("upperleg01", "lowerleg01", "foot") for s in SIDES}
    total = np.zeros((chain.count, 3))
    for a, b, part, share in chain.figure.segments:
        if (a in legs_from) == legs:
            total += share * (chain.at[a] * (1 - part) + chain.at[b] * part)
    return total


def stand(chain: Chain, channels: Floats, footing: Footing, rate: float, gravity: float) -> tuple[Floats, Footing]:
    """Root positions (T, 3) in the world, and the footing with the feet's lift in flights filled in; poses the legs."""
    figure = chain.figure
    upper = centre_of(chain, legs=False)
    hips = _hips(chain)
    lower = np.zeros_like(upper)
    lower[:, 2] = -0.16 * figure.leg
    balance = footing.balance + _shift(channels, footing, figure)
    root, seated = np.zeros((chain.count, 3)), footing.seated[:, None]
    for _ in range(_ROUNDS if footing.flights else _ROUNDS - 2):
        middle = upper + lower
        root[:, :2] = (balance - middle[:, :2]) * (1.0 - seated) + footing.seat * seated
        ankles = np.stack([ankle(figure, footing, foot) for foot in (0, 1)])
        root[:, 2] = _height(figure, channels, footing, hips, ankles, root[:, :2], rate)
        if footing.flights:
            root[:, 2], footing = _fly(figure, footing, hips, ankles, root, middle[:, 2], rate, gravity)
        _pose(chain, footing, root)
        lower = centre_of(chain, legs=True)
    return root, footing


def keep(chain: Chain, footing: Footing, root: Floats) -> tuple[Floats, Footing]:
    """The same for a root that is already decided."""
    _hips(chain)
    _pose(chain, footing, root)
    return root, footing


def _hips(chain: Chain) -> Floats:
    rows = []
    for side in SIDES:
        chain.follow(BONE[f"pelvis.{side}"], 0)
        rows.append(apply(chain.turned[0], chain.figure.heads[BONE[f"upperleg01.{side}"]]))
    return np.stack(rows)


def _shift(channels: Floats, footing: Footing, figure: Figure) -> Floats:
    ahead = channels[:, INDEX["hips.ahead"]] * figure.scale
    left = channels[:, INDEX["hips.left"]] * figure.scale
    sine, cosine = np.sin(footing.heading), np.cos(footing.heading)
    return np.stack([-sine * ahead - cosine * left, cosine * ahead - sine * left], axis=1)


def _height(
    figure: Figure, channels: Floats, footing: Footing, hips: Floats, ankles: Floats, root_xy: Floats, rate: float
) -> Floats:
    knees = channels[:, INDEX["knees"]]
    # No leg, swinging or standing, gets longer than straight; only in a flight do both feet follow the hips.
    airborne = 0.5 * figure.leg * footing.free[0] * footing.free[1]
    wanted = standing_height(figure, hips, ankles, np.stack([knees, knees]), root_xy) + airborne
    height = soft_min(wanted[0], wanted[1], 0.012 * figure.scale)
    height = height * (1 - footing.planned) + (footing.height + footing.ground) * footing.planned
    swung = np.stack([smooth(widest(footing.free[foot], rate, _IN_TIME), rate, _IN_TIME) for foot in (0, 1)])
    most = standing_height(figure, hips, ankles, _STRAIGHTEST + _SWINGING * swung, root_xy) + airborne
    within = height
    for leg in (0, 1):
        within = soft_min(within, most[leg], 0.012 * figure.scale)
    # Where the hips have to come down they do so in time, not at the last moment.
    return np.asarray(height - smooth(widest(height - within, rate, _IN_TIME), rate, _IN_TIME))


def _pose(chain: Chain, footing: Footing, root: Floats) -> None:
    figure = chain.figure
    for foot, side in enumerate(SIDES):
        limb = figure.legs[foot]
        hip, parent = limb.bones[0], BONE[f"pelvis.{side}"]
        chain.at[hip] = apply(chain.turned[0], figure.heads[hip])
        target = ankle(figure, footing, foot) - root - chain.at[hip]
        # The knee looks where the foot points, mostly; lifted feet do not pull it round.
        # Over a foot that stands on its toes it is free to look ahead.
        toes = np.clip((footing.pitch[foot] - _ON_TOES) / _ON_TOES, 0.0, 1.0) * (1.0 - footing.free[foot])
        facing = footing.heading + (0.75 - 0.6 * toes) * _near(footing.yaw[foot] - footing.heading)
        # Legs that lie ahead on the ground have their knees up.
        pole = np.stack([-np.sin(facing), np.cos(facing), footing.seated], axis=1)
        down = unit(target)
        hinge = np.cross(across(pole, down), down)
        upper, lower = bend(limb, target, hinge, (_LEG_REACH[0] - 0.009 * footing.free[foot], _LEG_REACH[1]))
        pose_limb(chain, limb, parent, upper, lower, foot_turn(footing, foot), _TWIST)
        toes = turn(X, -toe_bend(figure, footing, foot))
        for toe in figure.feet[foot].toes:
            chain.follow(toe, limb.bones[4], toes)


def _near(angle: Floats) -> Floats:
    result: Floats = np.angle(np.exp(1j * angle))
    return result


def _fly(
    figure: Figure,
    footing: Footing,
    hips: Floats,
    ankles: Floats,
    root: Floats,
    middle: Floats,
    rate: float,
    gravity: float,
) -> tuple[Floats, Footing]:
    """Heights of the root with free fall between take-off and touch-down, and the feet hanging from the hips."""
    height = root[:, 2].copy()
    lift, pitch = footing.lift.copy(), footing.pitch.copy()
    t = np.arange(len(height)) / rate
    for flight in footing.flights:
        spots = [round(moment * rate) for moment in (flight.push, flight.start, flight.end, flight.soft)]
        if spots[3] >= len(height) or spots[0] < 1:
            continue
        height = _arc(figure, hips, ankles, root, middle, height, spots, rate, gravity)
        for foot in (0, 1):
            _rise_on_toes(figure, footing, hips, ankles, root, height, pitch, spots, foot)
        footing = replace(footing, pitch=pitch)
        for foot in (0, 1):
            lift[foot] = _hang(figure, footing, foot, height, lift[foot], spots, rate, t)
    return height, replace(footing, lift=lift)


def _arc(
    figure: Figure,
    hips: Floats,
    ankles: Floats,
    root: Floats,
    middle: Floats,
    height: Floats,
    spots: list[int],
    rate: float,
    gravity: float,
) -> Floats:
    """Root heights: push from rest, free flight of the centre of mass, absorption to rest."""
    push, off, down, soft = spots
    centre = height + middle
    speed = np.gradient(centre) * rate
    force = np.gradient(speed) * rate

    def stretched(spot: int, knees: float) -> float:
        here = slice(spot, spot + 1)
        flexed = np.full((2, 1), knees)
        return float(
            standing_height(figure, hips[:, here], ankles[:, here], flexed, root[here, :2]).min() + middle[spot]
        )

    start, end = stretched(off, TAKE_OFF_KNEES), stretched(down, LANDING_KNEES)
    time = (down - off) / rate
    v0 = (end - start) / time + 0.5 * gravity * time
    v1 = v0 - gravity * time
    new = centre.copy()

    def piece(i: int, j: int, p: tuple[float, float], v: tuple[float, float], a: tuple[float, float]) -> None:
        u = np.linspace(0.0, 1.0, j - i + 1)
        new[i : j + 1] = quintic(u, (j - i) / rate, p, v, a)  # type: ignore[arg-type]  # scalars broadcast

    piece(push, off, (centre[push], start), (speed[push], v0), (force[push], -gravity))
    piece(down, soft, (end, centre[soft]), (v1, speed[soft]), (-gravity, force[soft]))
    fall = np.arange(down - off + 1) / rate
    new[off : down + 1] = start + v0 * fall - 0.5 * gravity * fall**2
    return new - middle


def _rise_on_toes(
    figure: Figure,
    footing: Footing,
    hips: Floats,
    ankles: Floats,
    root: Floats,
    height: Floats,
    pitch: Floats,
    spots: list[int],
    foot: int,
) -> None:
    """Lift a heel (in `pitch`, in place) wherever the hips rise higher than a nearly straight leg reaches."""
    push, off, down, soft = spots
    a, b = figure.legs[foot].lengths
    span2 = a * a + b * b + 2 * a * b * np.cos(_PUSHING)
    pitches, heights = figure.feet[foot].rolls
    level = int(np.argmin(np.abs(pitches)))
    upward = slice(level, None)
    steepness = (heights[level + 1] - heights[level]) / (pitches[level + 1] - pitches[level])
    for here in (slice(push, off + 1), slice(down, soft + 1)):
        hip = hips[foot][here] + np.concatenate([root[here, :2], height[here, None]], axis=1)
        flat = ((ankles[foot][here, :2] - hip[:, :2]) ** 2).sum(axis=1)
        needed = hip[:, 2] - np.sqrt(np.maximum(span2 - flat, 1e-6)) - footing.ground
        angle = np.interp(needed, heights[upward], pitches[upward])
        angle = angle + np.minimum(needed - heights[level], 0.0) / steepness
        pitch[foot, here] = -soft_min(-pitch[foot, here], -angle, np.radians(5.0))


def _hang(
    figure: Figure,
    footing: Footing,
    foot: int,
    height: Floats,
    lift: Floats,
    spots: list[int],
    rate: float,
    t: Floats,
) -> Floats:
    """Lift of a foot that leaves the ground with the leg's own speed and comes back to it stretched."""
    _, off, down, _ = spots
    rolled = footing.ground + np.interp(footing.pitch[foot], *figure.feet[foot].rolls)
    length = height - rolled
    tuck = min(length[off], length[down]) - 0.028 * figure.leg
    flight = t[down] - t[off]
    speed = float(np.clip((length[off] - length[off - 1]) * rate, 0.0, 1.5))
    reserve = 0.008 * figure.leg  # the leg stretches on a little until the foot has the body's speed
    catch = min(_CATCH, 0.25 * flight, max(reserve / (0.4 * max(speed, 1e-3)), 0.008))
    furthest = length[off] + 0.4 * speed * catch
    curve = through(
        t[off : down + 1],
        t[off] + np.array([0.0, catch, 0.5 * flight, flight]),
        np.array([length[off], furthest, tuck, length[down]]),
        velocity=np.array([speed, 0.0, 0.0, 0.0]),
    )
    new = lift.copy()
    new[off : down + 1] = np.maximum(height[off : down + 1] - curve - rolled[off : down + 1], 0.0)
    return new


__all__ = ["UP", "Z", "centre_of", "keep", "stand"]
