"""Arms: swung freely from the shoulders, or reaching for the thing they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import touches
from .channels import INDEX, SPOTS
from .figure import BONE, SIDES, Figure
from .limbs import bend, pose_limb
from .maths import AHEAD, LEFT, UP, Floats, X, Y, Z, across, apply, blend, dot, frame, transpose, turn, unit
from .trunk import Chain

_TWIST = (0.35, 0.35)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one arm is to do: where the wrist goes (relative to the root), how the hand lies, where the hinge points."""

    wrist: Floats  # (T, 3)
    hand: Floats  # (T, 3, 3)
    hinge: Floats  # (T, 3)


@dataclass(frozen=True, kw_only=True)
class Held:
    """The thing between the hands over time."""

    centre: Floats
    """(T, 3) relative to the root."""
    axes: Floats
    """(T, 3, 3) columns: to the left, back, up of the thing as it is carried."""
    radius: Floats
    """(T,) [m]"""


def pose_arms(chain: Chain, channels: Floats, held: Held | None, strong: int) -> Floats:
    """Pose both arms; returns where the held thing really is, (T, 3) relative to the root."""
    _shoulders(chain, channels, held)
    centre = held.centre if held else np.zeros((chain.count, 3))
    for side in (strong, 1 - strong):
        free = _on_body(chain, channels, side, swing(chain, channels, side))
        if held is None:
            _pose(chain, side, free)
            continue
        hold = np.clip(channels[:, INDEX[f"hold.{SIDES[side]}"]], 0.0, 1.0)
        if not hold.any():
            _pose(chain, side, free)
            continue
        goal = on_thing(chain, channels, side, held, centre)
        reach = _mix(free, goal, hold)
        _pose(chain, side, reach)
        if side == strong:
            # Where the arm ends short of its goal, the thing stays in the hand.
            wrist = chain.at[chain.figure.arms[side].bones[4]]
            centre = centre + (wrist - reach.wrist) * hold[:, None] ** 8
    return centre


def _c(channels: Floats, name: str, side: int) -> Floats:
    column: Floats = channels[:, INDEX[f"{name}.{SIDES[side]}"]]
    return column


def _shoulders(chain: Chain, channels: Floats, held: Held | None) -> None:
    """Collar bones and shoulder blades: they go along when an arm rises above the level of the heart."""
    figure, chest = chain.figure, BONE["spine01"]
    for side, name in enumerate(SIDES):
        sign = 1.0 if side == 0 else -1.0
        ahead, out = _c(channels, "arm.ahead", side), _c(channels, "arm.out", side)
        rise = np.arccos(np.clip(np.cos(ahead) * np.cos(out), -1, 1))
        forward = np.sin(ahead) * np.cos(out)
        if held is not None:
            hold = np.clip(_c(channels, "hold", side), 0, 1)
            shoulder = chain.at[chest] + apply(chain.turned[chest], figure.offset(f"upperarm01.{name}", "spine01"))
            d = apply(transpose(chain.turned[chest]), held.centre - shoulder)
            length = np.linalg.norm(d, axis=1)
            rise = rise * (1 - hold) + hold * np.arccos(np.clip(-d[:, 2] / length, -1, 1)) * 0.9
            forward = forward * (1 - hold) + hold * dot(d, np.broadcast_to(AHEAD, d.shape)) / (figure.arm * 1.1)
        excess = np.maximum(rise - np.radians(35.0), 0.0)
        up = _c(channels, "shoulder.up", side) + 0.20 * excess - np.radians(2.0)
        front = _c(channels, "shoulder.ahead", side) + np.radians(7.0) * forward
        for bone, share in (("clavicle", 0.7), ("shoulder01", 0.3)):
            parent = chest if bone == "clavicle" else BONE[f"clavicle.{name}"]
            chain.follow(BONE[f"{bone}.{name}"], parent, turn(Z, -sign * front * share) @ turn(Y, -sign * up * share))
        upper = figure.arms[side].bones[0]
        blade = BONE[f"shoulder01.{name}"]
        chain.at[upper] = chain.at[blade] + apply(chain.turned[blade], figure.heads[upper] - figure.heads[blade])


def swing(chain: Chain, channels: Floats, side: int) -> Reach:
    """An arm moved by its joint angles, in the axes of the chest."""
    limb, hand = chain.figure.arms[side], chain.figure.hands[side]
    sign = 1.0 if side == 0 else -1.0
    chest = chain.turned[BONE["spine01"]]
    arm = (
        turn(X, -_c(channels, "arm.ahead", side))
        @ turn(Y, -sign * _c(channels, "arm.out", side))
        @ turn(Z, -sign * _c(channels, "arm.turn", side))
    )
    upright = _level(chain, chest)
    down, hinge = apply(upright @ arm, -UP), apply(upright @ arm, -X)
    lower = apply(turn(hinge, _c(channels, "elbow", side)), down)
    upper_turn = frame(down, hinge) @ limb.upper_frame.T
    lower_turn = frame(lower, hinge) @ limb.lower_frame.T
    shoulder = chain.at[limb.bones[0]]
    wrist = shoulder + apply(upper_turn, limb.upper) + apply(lower_turn, limb.lower)
    palm = turn(lower, sign * _c(channels, "palm", side)) @ lower_turn
    flick = turn(hand.frame[:, 2], _c(channels, "wrist.bend", side))
    tilt = turn(hand.frame[:, 1], sign * _c(channels, "wrist.side", side))
    return Reach(wrist=wrist, hand=palm @ tilt @ flick, hinge=hinge)


def _level(chain: Chain, chest: Floats) -> Floats:
    """Axes in which arms hang: half those of the chest, half upright, because gravity pulls arms down."""
    # The way across the shoulders stays level however far the back is bent; the way ahead would turn over.
    ahead = np.cross(unit(across(apply(chest, LEFT), UP)), UP)
    upright = np.stack(
        [np.cross(ahead, np.broadcast_to(UP, ahead.shape)) * -1.0, -ahead, np.broadcast_to(UP, ahead.shape)], axis=-1
    )
    return blend(upright, chest, 0.5)


def on_thing(chain: Chain, channels: Floats, side: int, held: Held, centre: Floats) -> Reach:
    """An arm whose palm lies on the held thing."""
    sign = 1.0 if side == 0 else -1.0
    hand = chain.figure.hands[side]
    azimuth, elevation, roll = (_c(channels, f"grip.{n}", side) for n in ("round", "up", "roll"))
    level = np.cos(elevation)
    local = (
        (sign * np.sin(azimuth) * level)[:, None] * LEFT
        + (np.cos(azimuth) * level)[:, None] * AHEAD
        + np.sin(elevation)[:, None] * UP
    )
    outward = apply(held.axes, local)
    upward = unit(across(apply(held.axes, np.broadcast_to(UP, local.shape)), outward))
    aside = -sign * np.cross(upward, outward)
    pointing = np.cos(roll)[:, None] * upward + np.sin(roll)[:, None] * aside
    turned = frame(pointing, -outward) @ hand.frame.T
    away = held.radius + _c(channels, "open", side) * chain.figure.arm
    wrist = centre + outward * away[:, None] - apply(turned, hand.palm)
    return Reach(wrist=wrist, hand=turned, hinge=_natural_hinge(chain, channels, side, wrist))


def _on_body(chain: Chain, channels: Floats, side: int, free: Reach) -> Reach:
    """The same arm, its hand as far on spots of the own body as the channels say."""
    for name in SPOTS:
        part = np.clip(_c(channels, f"touch.{name}", side), 0.0, 1.0)
        if not part.any():
            continue
        found = touches.place(chain, side, name)
        if found is not None:
            wrist, turned = found
            goal = Reach(wrist=wrist, hand=turned, hinge=_natural_hinge(chain, channels, side, wrist))
            free = _mix(free, goal, part)
    return free


def _natural_hinge(chain: Chain, channels: Floats, side: int, wrist: Floats) -> Floats:
    """Hinge of an elbow left to itself: it hangs down and a little out, and comes forward as the hand goes up."""
    sign = 1.0 if side == 0 else -1.0
    chest = _level(chain, chain.turned[BONE["spine01"]])
    d = unit(wrist - chain.at[chain.figure.arms[side].bones[0]])
    height = apply(transpose(chest), d)[:, 2]
    out = 0.42 + np.sin(_c(channels, "elbow.out", side))
    pole = sign * out[:, None] * LEFT - UP + (0.15 + 0.95 * height)[:, None] * AHEAD
    return np.cross(across(apply(chest, pole), d), d)


def _mix(free: Reach, goal: Reach, part: Floats) -> Reach:
    w = part[:, None]
    a, b = unit(free.hinge), unit(goal.hinge)
    return Reach(
        wrist=np.asarray(free.wrist * (1 - w) + goal.wrist * w),
        hand=blend(free.hand, goal.hand, part),
        hinge=np.asarray(a * (1 - w) + b * w),
    )


def _pose(chain: Chain, side: int, reach: Reach) -> None:
    limb = chain.figure.arms[side]
    upper, lower = bend(limb, reach.wrist - chain.at[limb.bones[0]], reach.hinge)
    pose_limb(chain, limb, BONE[f"shoulder01.{SIDES[side]}"], upper, lower, reach.hand, _TWIST)


__all__ = ["Figure", "Held", "Reach", "on_thing", "pose_arms", "swing"]
