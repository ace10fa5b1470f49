"""How fast and how far people step, and what sets one gait apart from another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a gait differs from plain walking or running: factors, but for angles [deg] that are added."""

    length: float = 1.0
    """Of a step."""
    period: float = 1.0
    clearance: float = 1.0
    """Of the swinging foot over the ground."""
    roll: float = 1.0
    """Of the foot: how high the heel goes, how steeply it strikes."""
    arms: float = 1.0
    """Swing of the arms."""
    elbow: float = 0.0
    lean: float = 0.0
    """Of the hips."""
    chest: float = 0.0
    """Bend of the back."""
    toes: float = 0.0
    """Heels are kept so high."""
    out: float = 0.0
    """Arms held away from the body."""
    stance: float = 1.0
    """Time a foot stands."""
    landings: tuple[tuple[str, float, float], ...] = ()
    """Which foot comes down ("strong" or "weak"), after what part of the period, what part of a step further on, over
    and over; empty: one foot after the other."""
    dip: float = 0.0
    """How far the hips sink over the foot that stands shorter than the other [m on 1.75 m]; not a factor."""
    lurch: float = 0.0
    """The trunk bends to that foot's side."""
    backwards: bool = False
    far: float = 3.0
    """Who does not say where to goes this far [m]; not a factor."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """One way of going."""

    runs: bool
    length: float
    """Of a step [m]."""
    period: float
    """From step to step [s]."""
    style: Style = Style()
    stance: float
    """Part of a whole cycle (two steps) that a foot stands."""


def pace(
    height: float, age: float, vigour: float, *, runs: bool, tempo: float, size: float, style: Style | None = None
) -> Pace:
    """How a person of this height [m] and age [years] goes, in a certain style."""
    plain = _pace(height, age, vigour, runs=runs, tempo=tempo, size=size)
    if style is None:
        return plain
    return replace(plain, length=plain.length * style.length, period=plain.period * style.period, style=style)


def _pace(height: float, age: float, vigour: float, *, runs: bool, tempo: float, size: float) -> Pace:
    old = float(np.interp(age, (55, 85), (1.0, 0.74)))
    stature = np.sqrt(1.75 / height)
    if runs:
        length = height * (0.42 + 0.18 * min(vigour, 1.0)) * min(size, 1.15) * old
        return Pace(runs=True, length=float(length), period=float(0.365 / stature / tempo**0.5 / old**0.3), stance=0.30)
    length = 0.405 * height * old * np.clip(size, 0.75, 1.12) * tempo**0.45
    return Pace(runs=False, length=float(length), period=float(0.545 / stature / tempo**0.55 / old**0.25), stance=0.62)


__all__ = ["Pace", "Style", "pace"]
