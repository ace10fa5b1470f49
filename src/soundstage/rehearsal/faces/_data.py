"""Reads library/data/visemes.toml into arrays over the face actions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import FACE_ACTIONS, FACE_INDEX

Floats = NDArray[np.float64]

GROUPS: dict[str, tuple[str, ...]] = {
    "jaw": ("jawOpen", "jawForward"),
    "round": ("mouthFunnel", "mouthPucker"),
    "spread": ("mouthStretch", "mouthSmile", "mouthDimple"),
    "lips": (
        "mouthUpperUp", "mouthLowerDown", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
        "mouthPress", "tongueOut",
    ),
}  # fmt: skip
"""Parts of the mouth that move on their own."""

MOUTH = np.array([name.startswith(("mouth", "jaw", "tongue")) for name in FACE_ACTIONS])
"""(52,) which actions move the mouth."""


@dataclass(frozen=True)
class Viseme:
    """A mouth shape of speech."""

    name: str
    shape: Floats
    """(52,) weights at full articulation."""
    pull: tuple[float, ...]
    """How strongly it insists, per group."""
    close: bool
    bite: bool


@dataclass(frozen=True)
class Expression:
    """What a mood or an action does to a face."""

    shape: Floats
    rise_s: float
    fall_s: float


def sides(name: str) -> tuple[int, ...]:
    """Indices of a face action, of both sides where it has two."""
    return (FACE_INDEX[name],) if name in FACE_INDEX else (FACE_INDEX[f"{name}Left"], FACE_INDEX[f"{name}Right"])


def weights(shape: Mapping[str, float]) -> Floats:
    """(52,) from names with values."""
    row = np.zeros(len(FACE_ACTIONS))
    for name, value in shape.items():
        row[list(sides(name))] = value
    return row


@cache
def table() -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(files("soundstage.library").joinpath("data", "visemes.toml").read_text("utf-8"))


@cache
def group_members() -> tuple[NDArray[np.int_], ...]:
    """Indices of each group's actions."""
    return tuple(np.array([i for name in names for i in sides(name)]) for names in GROUPS.values())


@cache
def visemes() -> Mapping[str, Viseme]:
    """Every mouth shape by name."""
    return {
        name: Viseme(
            name,
            weights(entry["shape"]),
            tuple(float(entry["pull"][group]) for group in GROUPS),
            bool(entry.get("close", False)),
            bool(entry.get("bite", False)),
        )
        for name, entry in table()["visemes"].items()
    }


@cache
def _signs() -> Mapping[str, Viseme]:
    return {sign: visemes()[name] for name, signs in table()["ipa"].items() for sign in signs}


@cache
def spell(ipa: str) -> tuple[Viseme, ...]:
    """The mouth shapes a sound passes through, at least one: two for a diphthong, none twice in a row."""
    found: list[Viseme] = []
    for sign in ipa:
        shape = _signs().get(sign)
        if shape is not None and (not found or found[-1] is not shape):
            found.append(shape)
    return tuple(found) or (visemes()["hh"],)


@cache
def expression(kind: str, name: str) -> Expression | None:
    """The expression of a mood, vocal action or action; None if it has none."""
    entry = table()[kind].get(name)
    if entry is None:
        return None
    return Expression(weights(entry["shape"]), float(entry.get("rise_s", 0.3)), float(entry.get("fall_s", 0.8)))
