"""The details that make a face one's own: local targets drawn from a face seed, within plausible bounds.

Faces are not symmetric: features with two sides get a common part and a small difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

# folder, negative target, positive target, spread (one standard deviation of the weight; weights stop at 2 spreads).
# "{}" stands for l and r.
UNSIDED: tuple[tuple[str, str, str, float], ...] = (
    ("nose", "nose-scale-horiz-decr", "nose-scale-horiz-incr", 0.22),
    ("nose", "nose-scale-vert-decr", "nose-scale-vert-incr", 0.22),
    ("nose", "nose-scale-depth-decr", "nose-scale-depth-incr", 0.2),
    ("nose", "nose-curve-concave", "nose-curve-convex", 0.25),
    ("nose", "nose-hump-decr", "nose-hump-incr", 0.2),
    ("nose", "nose-point-down", "nose-point-up", 0.25),
    ("nose", "nose-point-width-decr", "nose-point-width-incr", 0.25),
    ("nose", "nose-width1-decr", "nose-width1-incr", 0.25),
    ("nose", "nose-width2-decr", "nose-width2-incr", 0.25),
    ("nose", "nose-flaring-decr", "nose-flaring-incr", 0.22),
    ("nose", "nose-base-down", "nose-base-up", 0.2),
    ("nose", "nose-volume-decr", "nose-volume-incr", 0.15),
    ("chin", "chin-width-decr", "chin-width-incr", 0.25),
    ("chin", "chin-height-decr", "chin-height-incr", 0.2),
    ("chin", "chin-prominent-decr", "chin-prominent-incr", 0.2),
    ("chin", "chin-jaw-drop-decr", "chin-jaw-drop-incr", 0.2),
    ("chin", "chin-bones-decr", "chin-bones-incr", 0.22),
    ("mouth", "mouth-scale-horiz-decr", "mouth-scale-horiz-incr", 0.22),
    ("mouth", "mouth-upperlip-volume-decr", "mouth-upperlip-volume-incr", 0.25),
    ("mouth", "mouth-lowerlip-volume-decr", "mouth-lowerlip-volume-incr", 0.25),
    ("mouth", "mouth-upperlip-height-decr", "mouth-upperlip-height-incr", 0.2),
    ("mouth", "mouth-cupidsbow-decr", "mouth-cupidsbow-incr", 0.3),
    ("mouth", "mouth-trans-down", "mouth-trans-up", 0.15),
    ("mouth", "mouth-angles-down", "mouth-angles-up", 0.12),
    ("eyebrows", "eyebrows-angle-down", "eyebrows-angle-up", 0.25),
    ("eyebrows", "eyebrows-trans-backward", "eyebrows-trans-forward", 0.2),
    ("eyebrows", "eyebrows-trans-down", "eyebrows-trans-up", 0.2),
    ("forehead", "forehead-scale-vert-decr", "forehead-scale-vert-incr", 0.2),
    ("forehead", "forehead-trans-backward", "forehead-trans-forward", 0.18),
    ("forehead", "forehead-temple-decr", "forehead-temple-incr", 0.2),
    ("head", "head-scale-horiz-decr", "head-scale-horiz-incr", 0.14),
    ("head", "head-scale-vert-decr", "head-scale-vert-incr", 0.12),
    ("head", "head-scale-depth-decr", "head-scale-depth-incr", 0.1),
    ("neck", "neck-scale-horiz-decr", "neck-scale-horiz-incr", 0.12),
)
SHAPES: tuple[str, ...] = ("oval", "round", "rectangular", "square", "triangular", "invertedtriangular", "diamond")
"""Outlines of the head; each face leans to one of them."""

SIDED: tuple[tuple[str, str, str, float], ...] = (
    ("eyes", "{}-eye-scale-decr", "{}-eye-scale-incr", 0.14),
    ("eyes", "{}-eye-trans-in", "{}-eye-trans-out", 0.18),
    ("eyes", "{}-eye-corner1-down", "{}-eye-corner1-up", 0.2),
    ("eyes", "{}-eye-corner2-down", "{}-eye-corner2-up", 0.22),
    ("eyes", "{}-eye-eyefold-down", "{}-eye-eyefold-up", 0.2),
    ("cheek", "{}-cheek-bones-decr", "{}-cheek-bones-incr", 0.25),
    ("cheek", "{}-cheek-volume-decr", "{}-cheek-volume-incr", 0.22),
    ("ears", "{}-ear-scale-decr", "{}-ear-scale-incr", 0.2),
    ("ears", "{}-ear-wing-decr", "{}-ear-wing-incr", 0.25),
    ("ears", "{}-ear-lobe-decr", "{}-ear-lobe-incr", 0.3),
    ("ears", "{}-ear-shape-pointed", "{}-ear-shape-triangle", 0.12),
)
FEMININE: dict[str, float] = {
    "chin-width-incr": -0.30, "chin-bones-incr": -0.25, "chin-jaw-drop-incr": -0.15, "chin-prominent-incr": -0.12,
    "mouth-upperlip-volume-incr": 0.18, "mouth-lowerlip-volume-incr": 0.15, "nose-scale-horiz-incr": -0.18,
    "nose-width2-incr": -0.15, "nose-volume-incr": -0.10, "eyebrows-trans-forward": -0.25,
    "neck-scale-horiz-incr": -0.15,
    "{}-eye-scale-incr": 0.14, "{}-cheek-bones-incr": 0.15,
}  # fmt: skip
"""What is added to a feature's weight on a woman's face (taken away on a man's, by half)."""
COMMON: dict[str, float] = {"mouth-angles-up": 0.22}
"""What is added on everybody: MakeHuman's mouths look sullen."""
ASYMMETRY = 0.22
"""Difference of the two sides, as part of a feature's spread."""


def feature_targets(identity: Mapping[str, Any], targets: Path) -> Iterator[tuple[Path, float]]:
    """Local targets and weights of a face; the same seed gives the same face."""
    rng = np.random.default_rng(int(identity["face_seed"]))
    # A child's features are still close to one another.
    strength = float(np.interp(float(identity["age"]), (2.0, 12.0, 18.0), (0.45, 0.7, 1.0)))

    grown = float(np.interp(float(identity["age"]), (12.0, 18.0), (0.3, 1.0)))
    woman = grown * (1.0 - 1.5 * float(identity["masculinity"]))

    def draw(spread: float) -> float:
        return strength * spread * float(np.clip(rng.standard_normal(), -2.0, 2.0))

    for folder, negative, positive, spread in UNSIDED:
        yield _signed(targets / folder, negative, positive, _mean(positive, woman) + draw(spread))
    shape = SHAPES[int(rng.integers(len(SHAPES)))]
    yield targets / "head" / f"head-{shape}.target.gz", strength * float(rng.uniform(0.1, 0.4))
    for folder, negative, positive, spread in SIDED:
        both = _mean(positive, woman) + draw(spread)
        for side in ("l", "r"):
            value = both + draw(spread * ASYMMETRY)
            yield _signed(targets / folder, negative.format(side), positive.format(side), value)


def _mean(positive: str, woman: float) -> float:
    return COMMON.get(positive, 0.0) + woman * FEMININE.get(positive, 0.0)


def _signed(folder: Path, negative: str, positive: str, value: float) -> tuple[Path, float]:
    return folder / f"{positive if value >= 0 else negative}.target.gz", abs(value)
