"""Hands that lie on the own body: on a thigh, the hips, the brow.

A spot is a point of the skin, met from a point on a bone in a given direction on the body at rest; it moves with that
bone. The hand comes to it with its palm or with its fingertips.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from .channels import INDEX, SPOTS
from .figure import BONE, SIDES, Figure, Hand, skin
from .maths import AHEAD, LEFT, UP, Floats, across, apply, frame, unit
from .sheets import sheets
from .trunk import Chain

_ROUND = 0.022
"""Skin this near to the line to a spot is what the hand meets [m on 1.75 m]."""
_GAP = 0.004
"""Left between the palm and the skin, for cloth [m]."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place on one body for the hand of one side, in the axes of its bone at rest."""

    bone: int
    point: Floats
    """(3,) from the bone's origin [m]."""
    fingers: Floats
    """(3,) where they point."""
    palm: Floats
    """(3,) where the palm looks."""
    tips: bool
    """Met with the fingertips."""


def touched(channels: Floats) -> bool:
    """Whether a hand lies anywhere on the body."""
    columns = [INDEX[f"touch.{name}.{side}"] for name in SPOTS for side in SIDES]
    return bool((channels[:, columns] > 1e-6).any())


@lru_cache(maxsize=256)
def spot(figure: Figure, name: str, side: int) -> Spot:
    """A spot for the hand of a side (0 left)."""
    entry: dict[str, Any] = sheets()["spot"][name]
    own = SIDES[side]
    other = SIDES[1 - side]

    def bone(stem: str) -> int:
        for label in (f"{stem}.{other if entry.get('other') else own}", stem):
            if label in BONE:
                return BONE[label]
        raise ValueError(f"spot {name}: no bone {stem!r}")

    def way(written: list[float]) -> Floats:
        sign = 1.0 if side == 0 else -1.0
        return unit(sign * written[0] * LEFT + written[1] * AHEAD + written[2] * UP)

    first = bone(entry["bone"])
    last = bone(entry.get("to", entry["bone"]))
    start = figure.heads[first] + float(entry.get("part", 0.0)) * (figure.heads[last] - figure.heads[first])
    sign = 1.0 if side == 0 else -1.0
    shift = np.array(entry.get("shift", [0.0, 0.0, 0.0])) * figure.scale
    start = start + sign * shift[0] * LEFT + shift[1] * AHEAD + shift[2] * UP
    out = way(entry["out"])
    vertices, main = skin(figure.body)
    arms = [n for label, n in BONE.items() if label.startswith(("upperarm", "lowerarm", "wrist", "finger", "meta"))]
    near = np.isin(main, (first, first + 1)) if first in arms else ~np.isin(main, arms)
    away = vertices[near] - start
    depth = away @ out
    close = (np.linalg.norm(across(away, out), axis=1) < _ROUND * figure.scale) & (depth > 0)
    met = float(np.median(np.sort(depth[close])[-5:])) if close.any() else 0.0
    met = float(entry["away"]) * figure.scale if "away" in entry else met
    return Spot(
        bone=first,
        point=start + (met + _GAP) * out - figure.heads[first],
        fingers=way(entry["fingers"]),
        palm=way(entry["palm"]) if "palm" in entry else -out,
        tips=bool(entry.get("tips", False)),
    )


def place(chain: Chain, side: int, name: str) -> tuple[Floats, Floats] | None:
    """Where the wrist is (T, 3) and how the hand is turned (T, 3, 3) on a spot; None while its bone is not posed."""
    at = spot(chain.figure, name, side)
    if at.bone not in chain.turned:
        return None
    hand = chain.figure.hands[side]
    turned = frame(apply(chain.turned[at.bone], at.fingers), apply(chain.turned[at.bone], at.palm)) @ hand.frame.T
    point = chain.at[at.bone] + apply(chain.turned[at.bone], at.point)
    return point - apply(turned, _tips(chain.figure, hand) if at.tips else hand.palm), turned


def _tips(figure: Figure, hand: Hand) -> Floats:
    """(3,) tip of the middle finger from the wrist, at rest and stretched."""
    joints = hand.fingers[2]
    heads = figure.heads
    last = heads[joints[2]] - heads[joints[1]]
    span = float(np.linalg.norm(heads[joints[2]] - heads[joints[0]]) + 0.95 * np.linalg.norm(last))
    return np.asarray(hand.knuckle + span * hand.frame[:, 0])


__all__ = ["Spot", "place", "spot", "touched"]
