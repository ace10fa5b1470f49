"""Where the feet are, which of them carry, and where the weight is meant to be: what the legs must reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .figure import Figure
from .maths import UP, Floats, X, Z, apply, turn


@dataclass(frozen=True, kw_only=True)
class Flight:
    """A leap: both feet in the air, the centre of mass falls freely. All in [s]."""

    push: float
    """The legs begin to push."""
    start: float
    end: float
    soft: float
    """The legs have taken up the landing."""


@dataclass(frozen=True, kw_only=True)
class Footing:
    """One person's feet and balance over time; feet are (2, T, ...), left first."""

    place: Floats
    """(2, T, 2) below the ankle when the foot stands flat."""
    yaw: Floats
    """(2, T) the way the foot points, as a heading [rad]."""
    pitch: Floats
    """(2, T) heel up [rad]; negative: toes up, on the heel."""
    lift: Floats
    """(2, T) of the whole foot above the ground [m]."""
    planted: Floats
    """(2, T) bool: on the ground."""
    free: Floats
    """(2, T) 0 bound to the ground … 1 swinging, eased."""
    balance: Floats
    """(T, 2) where the centre of mass is meant to be."""
    heading: Floats
    """(T,) of the body [rad]."""
    height: Floats
    """(T,) of the hips above the ground where a gait gives it [m]."""
    planned: Floats
    """(T,) 0 the knees give the height … 1 the gait does, or what the body rests on."""
    seat: Floats
    """(T, 2) where the root is on a seat."""
    seated: Floats
    """(T,) 0 the feet carry … 1 the seat does."""
    ground: float
    flights: tuple[Flight, ...]


def pick_footing(footing: Footing, some: slice) -> Footing:
    """Some of its samples."""
    feet = {name: getattr(footing, name)[:, some] for name in ("place", "yaw", "pitch", "lift", "planted", "free")}
    names = ("balance", "heading", "height", "planned", "seat", "seated")
    return replace(footing, **feet, **{name: getattr(footing, name)[some] for name in names})


def cut_footing(footing: Footing, count: int) -> Footing:
    """Its first `count` samples."""
    return pick_footing(footing, slice(0, count))


def foot_turn(footing: Footing, foot: int) -> Floats:
    """Global rotations of a foot, (T, 3, 3)."""
    return turn(Z, np.pi + footing.yaw[foot]) @ turn(X, footing.pitch[foot])


def ankle(figure: Figure, footing: Footing, foot: int) -> Floats:
    """Where the ankle is, (T, 3): the foot rolls over its ball (heel up) or its heel (toes up) without sliding."""
    shape = figure.feet[foot]
    pitch = footing.pitch[foot]
    yaw = turn(Z, np.pi + footing.yaw[foot])
    rolled = turn(X, pitch)
    over_ball = shape.ball - apply(rolled, shape.ball)
    over_heel = shape.heel - apply(rolled, shape.heel)
    moved = np.where((pitch > 0)[:, None], over_ball, over_heel)
    spot = apply(yaw, moved * np.array([1.0, 1.0, 0.0]))
    spot[:, :2] += footing.place[foot]
    spot[:, 2] = footing.ground + np.interp(pitch, *shape.rolls) + footing.lift[foot]
    return spot


def toe_bend(figure: Figure, footing: Footing, foot: int) -> Floats:
    """(T,) how far the toes bend back [rad]: flat on the ground under a lifted heel, nearly straight in the air."""
    clear = np.clip(footing.lift[foot] / (0.06 * figure.scale), 0.0, 1.0)
    grip = 1.0 - 0.75 * clear * clear * (3.0 - 2.0 * clear)
    return np.asarray(np.maximum(footing.pitch[foot], 0.0) * grip)


def standing_height(figure: Figure, hips: Floats, ankles: Floats, knees: Floats, root_xy: Floats) -> Floats:
    """(2, T) height of the root at which each leg has the given flexion.

    `hips` (2, T, 3) are the hip joints relative to the root, `ankles` (2, T, 3) in the world, `knees` (2, T) [rad].
    """
    heights = []
    for foot in (0, 1):
        a, b = figure.legs[foot].lengths
        span2 = a * a + b * b + 2 * a * b * np.cos(knees[foot])
        flat = ((ankles[foot][:, :2] - root_xy - hips[foot][:, :2]) ** 2).sum(axis=1)
        heights.append(ankles[foot][:, 2] + np.sqrt(np.maximum(span2 - flat, 1e-6)) - hips[foot] @ UP)
    return np.stack(heights)


def soft_min(a: Floats, b: Floats, room: float) -> Floats:
    """Smaller of two, rounded off over `room`, never above either."""
    gap = np.abs(a - b)
    return np.asarray(np.minimum(a, b) - 0.25 * room * np.clip(1.0 - gap / room, 0.0, None) ** 3)
