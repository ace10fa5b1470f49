"""Footsteps: which foot leaves the ground when, and where and when it comes down; curves of both feet from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .curves import quintic, step, through
from .figure import Figure
from .footing import Flight, Footing
from .maths import Floats

_HOLD_UP = 0.36
"""A foot that is held up takes so long to get there, and down again [s]."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One foot's way through the air; times in [s], place below the ankle [m], angles in [rad]."""

    foot: int
    lift: float
    land: float
    place: tuple[float, float]
    yaw: float
    clearance: float
    """Highest lift of the ball of the foot [m]."""
    toe_off: float
    """Pitch when it leaves the ground."""
    swing_pitch: float
    """Pitch early in the swing."""
    strike: float
    """Pitch when it comes down; negative on the heel."""
    speed: float
    """Downward speed when it comes down [m/s]."""
    load: float
    """Peak load over body weight."""
    settle: float = 0.10
    """Time until the foot is flat [s]."""
    rise: float = 0.18
    """Time over which the heel rises before the foot leaves [s]."""
    hurry: float = 0.0
    """Speed at which it leaves, against its mean speed in the air."""
    brake: float = 0.0
    """How late it slows down before it comes down; 0 as gently as can be."""
    held: bool = False
    """It stays up as long as it can."""
    along: tuple[tuple[float, float], ...] = ()
    """(time [s], part of the way): how it goes along meanwhile, if not evenly."""


@dataclass(kw_only=True)
class Walkway:
    """Everything one person's feet do in a scene, collected in order of time."""

    place: Floats
    """(2, 2) at the start."""
    yaw: Floats
    """(2,)"""
    heading: float
    ground: float
    steps: list[Step] = field(default_factory=list)
    headings: list[tuple[float, float]] = field(default_factory=list)
    """(time, heading) keys; never jump by more than half a turn."""
    paths: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)
    """Gaits: times, centre of mass (K, 2), its weight against standing balance (K,)."""
    heights: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)
    """Gaits: times, height of the hips (K,), weight (K,)."""
    flights: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Leaps: push, take-off, touch-down, soft."""
    rolls: list[tuple[int, tuple[float, float, float, float], float]] = field(default_factory=list)
    """Feet that stay on their toes (or heels) for a while: foot; from flat, up, until, flat again; pitch [rad]."""

    def stands(self, time: float) -> tuple[Floats, Floats, float]:
        """Where the feet are and the body faces once everything begun before `time` is over."""
        place, yaw = self.place.copy(), self.yaw.copy()
        for one in self.steps:
            if one.lift <= time + 1e-9:
                place[one.foot], yaw[one.foot] = one.place, one.yaw
        heading = self.heading
        for when, value in self.headings:
            if when <= time + 1e-9:
                heading = value
        return place, yaw, heading

    def middle(self, time: float) -> Floats:
        """(2,) the point between the feet."""
        middle: Floats = self.stands(time)[0].mean(axis=0)
        return middle


def turn_to(way: Walkway, time: float, heading: float) -> None:
    """Key that the body faces `heading` at `time`; the short way from where it faced before."""
    last = way.headings[-1][1] if way.headings else way.heading
    near = last + (heading - last + np.pi) % (2 * np.pi) - np.pi
    way.headings.append((time, near))


def heading_curve(way: Walkway, t: Floats) -> Floats:
    """(T,) [rad]"""
    if not way.headings:
        return np.full(len(t), way.heading)
    return through(t, [when for when, _ in way.headings], np.array([value for _, value in way.headings]))


def feet(way: Walkway, figure: Figure, t: Floats) -> Footing:
    """Curves of both feet; balance and height are filled in from gaits, standing balance is the caller's."""
    count = len(t)
    place, yaw = np.empty((2, count, 2)), np.empty((2, count))
    pitch, lift, free = np.zeros((2, count)), np.zeros((2, count)), np.zeros((2, count))
    planted = np.ones((2, count), dtype=bool)
    for foot in (0, 1):
        place[foot], yaw[foot] = way.place[foot], way.yaw[foot]
        mine = [one for one in way.steps if one.foot == foot]
        keys: list[tuple[float, float]] = []
        at, facing = way.place[foot].astype(float), float(way.yaw[foot])
        for one in mine:
            _swing(one, at, facing, t, place[foot], yaw[foot], lift[foot], free[foot], planted[foot])
            at, facing = np.array(one.place), one.yaw
            keys += _pitch_keys(one)
        if keys:
            pitch[foot] = _pitch_curve(t, keys)
    for foot, times, angle in way.rolls:
        rolled = through(t, times, angle * np.array([0.0, 1.0, 1.0, 0.0]))
        pitch[foot] = np.maximum(pitch[foot], rolled) if angle > 0 else np.minimum(pitch[foot], rolled)
    return Footing(
        place=place,
        yaw=yaw,
        pitch=pitch,
        lift=lift,
        planted=planted,
        free=free,
        balance=np.zeros((count, 2)),
        heading=heading_curve(way, t),
        height=np.zeros(count),
        planned=np.zeros(count),
        seat=np.zeros((count, 2)),
        seated=np.zeros(count),
        ground=way.ground,
        flights=tuple(Flight(push=a, start=b, end=c, soft=d) for a, b, c, d in way.flights),
    )


def _swing(
    one: Step,
    at: Floats,
    facing: float,
    t: Floats,
    place: Floats,
    yaw: Floats,
    lift: Floats,
    free: Floats,
    planted: Floats,
) -> None:
    """Write one step into a foot's curves, and the foot's new place after it."""
    u = (t - one.lift) / (one.land - one.lift)
    # The toes leave slowly, but the leg is already swinging: it is ahead of minimum jerk at first.
    progress = quintic(np.clip(u, 0, 1), 1.0, (0.0, 1.0), (one.hurry, 0.0), (3.2 * one.hurry, -one.brake))  # type: ignore[arg-type]  # scalars broadcast
    if one.along:
        keys = [(one.lift, 0.0), *one.along, (one.land, 1.0)]
        progress = through(t, [when for when, _ in keys], np.array([part for _, part in keys]))
    inside = (u > 0) & (u < 1)
    after = u > 0
    target = np.array(one.place)
    place[after] = (at + progress[:, None] * (target - at))[after]
    yaw[after] = (facing + progress * (one.yaw - facing))[after]
    span = one.land - one.lift
    drop = -min(one.speed, 2.2 * one.clearance / (0.58 * span))
    if one.held:
        up, down = one.lift + _HOLD_UP, one.land - _HOLD_UP
        times, high = np.array([one.lift, up, down, one.land]), np.array([0.0, one.clearance, one.clearance, 0.0])
        curve = through(t, times, high, velocity=np.array([0.0, 0.0, 0.0, drop]))
    else:
        times = np.array([one.lift, one.lift + 0.42 * span, one.land])
        curve = through(t, times, np.array([0.0, one.clearance, 0.0]), velocity=np.array([0.0, 0.0, drop]))
    lift[inside] = np.maximum(curve[inside], 0.0)
    free[inside] = (step(u, 0.0, 0.14) * (1.0 - step(u, 0.86, 1.0)))[inside]
    planted[inside] = False


def _pitch_keys(one: Step) -> list[tuple[float, float]]:
    span = one.land - one.lift
    if one.held:
        held = [(one.lift + _HOLD_UP, one.swing_pitch), (one.land - _HOLD_UP, one.swing_pitch)]
        ends = [(one.land, one.strike), (one.land + one.settle, 0.0)]
        return [(one.lift - one.rise, 0.0), (one.lift, one.toe_off), *held, *ends]
    keys = [(one.lift - one.rise, 0.0), (one.lift, one.toe_off), (one.lift + 0.24 * span, one.swing_pitch)]
    keys += [(one.lift + 0.66 * span, 0.35 * one.strike), (one.land, one.strike), (one.land + one.settle, 0.0)]
    return keys


def _pitch_curve(t: Floats, keys: list[tuple[float, float]]) -> Floats:
    """Through keys of steps that may follow so closely that the next heel rises before the last foot is flat."""
    clean: list[tuple[float, float]] = []
    for when, value in keys:
        while clean and when <= clean[-1][0] + 0.02:
            clean.pop()
        clean.append((when, value))
    return through(t, [when for when, _ in clean], np.array([value for _, value in clean]))


def gaits_over(footing: Footing, way: Walkway, t: Floats, standing: Floats) -> Footing:
    """Footing whose balance is that of standing, and in gaits the gait's own."""
    balance, height, planned = standing.copy(), footing.height.copy(), footing.planned.copy()
    for times, path, weight in way.paths:
        w = through(t, times, weight)[:, None]
        balance = balance * (1 - w) + w * through(t, times, path)
    for times, values, weight in way.heights:
        w = through(t, times, weight)
        height = np.where(w > 0, through(t, times, values), height)
        planned = np.maximum(planned, w)
    return replace(footing, balance=balance, height=height, planned=planned)


def weight_on(way: Walkway, t: Floats) -> Floats:
    """(T,) -1…1: while one foot steps outside a gait, the weight goes to the other."""
    out = np.zeros(len(t))
    for one in way.steps:
        if any(times[0] <= one.lift <= times[-1] for times, _, _ in way.paths):
            continue
        other = 1.0 if one.foot == 1 else -1.0
        out += other * step(t, one.lift - 0.22, one.lift) * (1.0 - step(t, one.land - 0.06, one.land + 0.2))
    return np.clip(out, -1.0, 1.0)


def ordered(steps: Sequence[Step]) -> list[Step]:
    """Steps in order of time."""
    return sorted(steps, key=lambda one: one.lift)
