"""Channels and footing → the root and the rotations of all bones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arms import Held, pose_arms
from .channels import CHANNELS, INDEX
from .curves import smooth
from .figure import BONE, SIDES, Figure
from .footing import Footing, soft_min
from .hands import Fingers, pose_fingers
from .legs import keep, stand
from .maths import AHEAD, LEFT, UP, Floats, X, Z, apply, continuous, dot, to_quaternion, turn
from .touches import touched
from .trunk import Chain, pose_trunk
from .vessels import to_lips


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A posed body over time."""

    root: Floats
    """(T, 3) [m]"""
    joints: Floats
    """(T, J, 4) wxyz"""
    held: Floats
    """(T, 3) centre of the held thing in the world (only meaningful while something is held)."""
    held_axes: Floats
    """(T, 3, 3) how it is turned as it is carried: columns to the left, back, up."""
    hand: Floats
    """(T, 3, 3) how the strong hand is turned in the world."""
    head: Floats
    """(T, 3, 3) how the head is turned in the world."""
    footing: Footing


def solve(
    figure: Figure,
    channels: Floats,
    footing: Footing,
    *,
    rate: float,
    gravity: float,
    radius: Floats | None,
    fingers: tuple[Fingers, Fingers],
    strong: int,
    carried: Floats | None = None,
    root: Floats | None = None,
    rim: tuple[float, float] | None = None,
) -> Solved:
    """Pose a body.

    `radius` (T,) is that of what the palms lie on (None: nothing), `carried` (T, 3) its place relative to the root
    and `root` (T, 3) where they are already decided; `rim` is the edge one drinks from (see `vessels`).
    """
    if channels.shape[1] != len(CHANNELS):
        raise ValueError(f"channels must be (T, {len(CHANNELS)}), not {channels.shape}")
    chain = pose_trunk(figure, channels, footing.heading)
    held = None
    if radius is not None:
        axes = turn(Z, np.pi + footing.heading) @ turn(X, channels[:, INDEX["ball.pitch"]])
        if carried is None:
            carried = _clear(chain, _carry(chain, channels, footing), radius, rate)
            carried = carried if rim is None else to_lips(chain, channels, carried, axes, rim)
        held = Held(centre=carried, axes=axes, radius=radius)
    centre = pose_arms(chain, channels, held, strong)
    pose_fingers(chain, channels, fingers)
    root, footing = stand(chain, channels, footing, rate, gravity) if root is None else keep(chain, footing, root)
    if touched(channels):  # hands on thighs can only be laid there once the thighs are where they are
        centre = pose_arms(chain, channels, held, strong)
    joints = np.zeros((len(channels), len(figure.heads), 4))
    joints[..., 0] = 1.0
    for bone, local in chain.local.items():
        joints[:, bone] = to_quaternion(local)
    return Solved(
        root=root,
        joints=continuous(joints),
        held=root + centre,
        held_axes=held.axes if held else np.broadcast_to(np.eye(3), (len(channels), 3, 3)),
        hand=chain.turned[figure.arms[strong].bones[4]],
        head=chain.turned[BONE["head"]],
        footing=footing,
    )


def _carry(chain: Chain, channels: Floats, footing: Footing) -> Floats:
    """Where the ball channels put the thing, relative to the root."""
    middle = 0.5 * sum(
        chain.at[BONE["spine01"]]
        + apply(chain.turned[BONE["spine01"]], chain.figure.offset(f"upperarm01.{side}", "spine01"))
        for side in SIDES
    )
    ahead, left, up = (channels[:, INDEX[f"ball.{n}"], None] * chain.figure.arm for n in ("ahead", "left", "up"))
    facing = turn(Z, np.pi + footing.heading)
    return np.asarray(middle + apply(facing, ahead * AHEAD + left * LEFT + up * UP))


_KEEP_CLEAR = ("head", "neck", "shoulders", "chest", "belly", "hips")
_SKIN, _ROOM, _EASE = 0.014, 0.05, 0.05


def _clear(chain: Chain, planned: Floats, radius: Floats, rate: float) -> Floats:
    """The same way, led round the head and the trunk without a jerk (T, 3)."""
    heads = chain.figure.heads
    centre = planned
    for _ in range(2):
        for capsule in chain.figure.body.capsules:
            if capsule.name not in _KEEP_CLEAR or capsule.bone not in chain.turned:
                continue
            ends = [np.asarray(p, dtype=float) - heads[capsule.bone] for p in (capsule.p0, capsule.p1)]
            low, high = (chain.at[capsule.bone] + apply(chain.turned[capsule.bone], end) for end in ends)
            along = high - low
            part = np.clip(dot(centre - low, along) / np.maximum(dot(along, along), 1e-12), 0.0, 1.0)
            away = centre - (low + part[:, None] * along)
            distance = np.maximum(np.linalg.norm(away, axis=1), 1e-6)
            least = capsule.radius + radius + _SKIN
            pushed = -soft_min(-distance, -least, _ROOM)
            centre = centre + away * ((pushed - distance) / distance)[:, None]
    return planned + smooth(centre - planned, rate, _EASE)
