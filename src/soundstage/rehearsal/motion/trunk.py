"""Hips, spine, neck and head from channels."""

from __future__ import annotations

import numpy as np

from .channels import INDEX
from .figure import BONE, NECK, SPINE, Figure
from .maths import Floats, X, Y, Z, apply, turn

_BEND = (0.12, 0.22, 0.24, 0.24, 0.18)
_TURN = (0.06, 0.16, 0.22, 0.28, 0.28)
_SIDE = (0.14, 0.24, 0.24, 0.22, 0.16)
_NECK_NOD = (0.16, 0.20, 0.26, 0.38)
_NECK_TURN = (0.18, 0.22, 0.28, 0.32)


class Chain:
    """Global rotations and positions (relative to the root) of the bones posed so far, and the local rotations."""

    def __init__(self, figure: Figure, count: int) -> None:
        self.figure = figure
        self.turned: dict[int, Floats] = {}
        self.at: dict[int, Floats] = {}
        self.local: dict[int, Floats] = {}
        self.count = count

    def root(self, rotation: Floats) -> None:
        """Start at the root bone."""
        self.turned[0] = self.local[0] = rotation
        self.at[0] = np.zeros((self.count, 3))

    def follow(self, bone: int, parent: int, local: Floats | None = None) -> None:
        """Add a bone turned by `local` in its parent's axes (not at all if None)."""
        self.at[bone] = self.at[parent] + apply(
            self.turned[parent], self.figure.heads[bone] - self.figure.heads[parent]
        )
        if local is None:
            self.turned[bone] = self.turned[parent]
        else:
            self.local[bone] = local
            self.turned[bone] = self.turned[parent] @ local


def pose_trunk(figure: Figure, channels: Floats, heading: Floats) -> Chain:
    """Root to eyes; `heading` (T,) is the way the stance faces [rad]."""

    def c(name: str) -> Floats:
        column: Floats = channels[:, INDEX[name]]
        return column

    chain = Chain(figure, len(channels))
    chain.root(turn(Z, np.pi + heading + c("hips.turn")) @ turn(X, c("hips.lean")) @ turn(Y, c("hips.drop")))
    # Breathing in lifts the rib cage: the upper spine straightens a little.
    lift = c("breath") * np.radians(1.6)
    below = 0
    for k, name in enumerate(SPINE):
        bend = _BEND[k] * c("chest.bend") - (lift if k == 3 else 0.0) + (0.5 * lift if k == 2 else 0.0)
        local = turn(Z, _TURN[k] * c("chest.turn")) @ turn(X, bend) @ turn(Y, _SIDE[k] * c("chest.side"))
        chain.follow(BONE[name], below, local)
        below = BONE[name]
    for k, name in enumerate(NECK):
        nod = _NECK_NOD[k] * c("head.nod") + (0.25 * lift if k == 3 else 0.0)
        local = turn(Z, _NECK_TURN[k] * c("head.turn")) @ turn(X, nod) @ turn(Y, _NECK_NOD[k] * c("head.tilt"))
        chain.follow(BONE[name], below, local)
        below = BONE[name]
    eyes = turn(Z, c("eyes.left")) @ turn(X, -c("eyes.up"))
    for side in "LR":
        chain.follow(BONE[f"eye.{side}"], BONE["head"], eyes)
    return chain
