"""One person as choreography sees them: body, strong hand, vigour, and habits that are nobody else's."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from ...body import body
from ...take import Person
from .figure import Figure, measure
from .hands import Fingers, fingers
from .maths import Floats

_VIGOUR = (
    (2, 0.30),
    (6, 0.55),
    (10, 0.72),
    (15, 0.92),
    (20, 1.0),
    (34, 1.0),
    (50, 0.80),
    (65, 0.55),
    (80, 0.32),
    (95, 0.2),
)
"""Age → how much of a fit grown-up's movement (jump tests by age: Bosco & Komi 1980; rough)."""
CHILD = 11.0
"""Younger than this [years], a basketball is pushed with both hands."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What tells one person's way of standing from another's; drawn once from seed and id."""

    weight: float
    """Leg stood on first: 0.5…0.9, negative right."""
    shift_every: float
    """[s]"""
    breath_period: float
    """[s]"""
    breath_phase: float
    sway: Floats
    """(3, 3) frequency [Hz], phase, size of slow swaying."""
    foot_turn: tuple[float, float]
    """Feet turned out [rad]."""
    stagger: float
    """How far the left foot stands before the right one [m on 1.75 m]."""
    width: float
    """Half the distance of the feet, as part of half the distance of the hips."""
    arms: Floats
    """(2, 5) small differences of arm.ahead, arm.out, arm.turn, elbow [rad], curl."""
    head_tilt: float
    """[rad]"""
    liveliness: float
    """0.7…1.3 size and number of gestures."""


@dataclass(frozen=True, kw_only=True)
class Performer:
    """One person of the scene."""

    number: int
    person: Person
    figure: Figure
    strong: int
    """Side of the strong hand: 0 left, 1 right."""
    vigour: float
    """0…1"""
    habits: Habits
    bare: tuple[Fingers, Fingers]
    """Empty hands."""

    @property
    def age(self) -> float:
        """[years]"""
        return float(self.person.identity["age"])


def dice(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for every seed and name."""
    return np.random.default_rng([seed, zlib.crc32("/".join(names).encode())])


def performer(person: Person, number: int, seed: int) -> Performer:
    """Measure a person and give them their habits."""
    identity = person.identity
    figure = measure(body(identity))
    return Performer(
        number=number,
        person=person,
        figure=figure,
        strong=0 if identity["left_handed"] else 1,
        vigour=vigour(person),
        habits=_habits(dice(seed, "habits", person.id), figure),
        bare=(fingers(figure, 0, None), fingers(figure, 1, None)),
    )


def vigour(person: Person) -> float:
    """How far age and build let a person move, against a fit adult."""
    identity = person.identity
    ages, parts = zip(*_VIGOUR, strict=True)
    by_age = float(np.interp(float(identity["age"]), ages, parts))
    build = 0.86 + 0.28 * float(identity["muscle"]) - 0.25 * max(0.0, float(identity["weight"]) - 0.5)
    return float(np.clip(by_age * build, 0.15, 1.1))


def leap_height(person: Person, fit: float) -> float:
    """Height of a leap that is `fit` for a fit adult woman or man [m]."""
    identity = person.identity
    sex = 0.90 + 0.20 * float(identity["masculinity"])
    size = min(1.0, float(identity["height_m"]) / 1.7)
    return float(max(0.025, fit * vigour(person) * sex * size))


def _habits(rng: np.random.Generator, figure: Figure) -> Habits:
    side = 1.0 if rng.random() < 0.5 else -1.0
    return Habits(
        weight=side * rng.uniform(0.5, 0.85),
        shift_every=float(rng.uniform(4.5, 9.0)),
        breath_period=60.0 / float(rng.uniform(12.5, 16.5)),
        breath_phase=float(rng.uniform(0, 1)),
        sway=np.stack(
            [rng.uniform((0.11, 0.27, 0.45), (0.2, 0.4, 0.75)), rng.uniform(0, 2 * np.pi, 3), rng.uniform(0.6, 1.2, 3)],
            axis=1,
        ),
        foot_turn=(float(np.radians(rng.uniform(5, 13))), float(np.radians(rng.uniform(5, 13)))),
        stagger=float(rng.uniform(-0.05, 0.05)),
        width=float(rng.uniform(0.72, 0.92)),
        arms=rng.normal(0.0, 1.0, (2, 5))
        * np.array([np.radians(2.5), np.radians(1.0), np.radians(5), np.radians(4), 0.04]),
        head_tilt=float(np.radians(rng.normal(0.0, 1.4))),
        liveliness=float(rng.uniform(0.75, 1.25)),
    )
