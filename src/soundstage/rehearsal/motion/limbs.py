"""Two-bone inverse kinematics, with the twist shared by the two halves of each long bone."""

from __future__ import annotations

import numpy as np

from .figure import Limb
from .maths import Floats, across, apply, frame, transpose, turn, twist_angle, unit
from .trunk import Chain

ARM_REACH = (0.91, 0.998)
"""Beyond the first part of its full length a limb stretches ever more slowly, up to the second: it never snaps."""


def soft_reach(distance: Floats, reach: float, soft: tuple[Floats | float, float]) -> Floats:
    """Distances that a limb of this length can reach; equal below the first part of it, approaching the second."""
    start, room = soft[0] * reach, (soft[1] - soft[0]) * reach
    over = np.maximum(distance - start, 0.0)
    return np.asarray(np.minimum(distance, start) + room * (1.0 - np.exp(-over / room)))


def bend(
    limb: Limb, target: Floats, hinge: Floats, soft: tuple[Floats | float, float] = ARM_REACH
) -> tuple[Floats, Floats]:
    """Global rotations of the upper and lower bone that bring the end to `target` (T, 3) from the first joint.

    `hinge` (T, 3) is roughly the hinge's direction; flexing turns the lower bone about it.
    """
    a, b = limb.lengths
    distance = np.linalg.norm(target, axis=-1)
    along = target / np.maximum(distance, 1e-9)[..., None]
    reach = np.clip(soft_reach(distance, a + b, soft), abs(a - b) * 1.05, None)
    axis = unit(across(hinge, along))
    side = np.cross(along, axis)  # where the middle joint goes
    cosine = np.clip((a * a + reach * reach - b * b) / (2 * a * reach), -1.0, 1.0)
    upper = cosine[..., None] * along + np.sqrt(1.0 - cosine**2)[..., None] * side
    lower = (reach[..., None] * along - a * upper) / b
    upper_turn = frame(upper, axis) @ limb.upper_frame.T
    lower_turn = frame(lower, axis) @ limb.lower_frame.T
    return upper_turn, lower_turn


def flexion(limb: Limb, upper_turn: Floats, lower_turn: Floats) -> Floats:
    """Angle between the bones, 0 straight, positive the way the joint bends [rad]."""
    u, v = apply(upper_turn, limb.upper), apply(lower_turn, limb.lower)
    axis = apply(upper_turn, limb.upper_frame[:, 1])
    return np.asarray(np.arctan2(np.einsum("...i,...i->...", np.cross(u, v), axis), np.einsum("...i,...i->...", u, v)))


def pose_limb(
    chain: Chain,
    limb: Limb,
    parent: int,
    upper_turn: Floats,
    lower_turn: Floats,
    end_turn: Floats,
    share: tuple[float, float],
) -> None:
    """Put a limb into a chain. `share`: parts of the twist that the 01 bones take (upper, lower)."""
    upper1, upper2, lower1, lower2, end = limb.bones
    _split(chain, parent, upper1, upper2, lower1, upper_turn, upper_turn, share[0])
    _split(chain, upper2, lower1, lower2, end, lower_turn, end_turn, share[1])
    chain.follow(end, lower2, transpose(chain.turned[lower2]) @ end_turn)


def _split(
    chain: Chain, parent: int, first: int, second: int, after: int, swung: Floats, ending: Floats, share: float
) -> None:
    """Pose two halves of a bone: the swing is that of `swung`, the twist along it ends like `ending`."""
    heads = chain.figure.heads
    whole = unit(heads[after] - heads[first])
    local = transpose(chain.turned[parent]) @ swung
    if ending is swung:  # the root end follows its parent, the far end the full twist
        twist = np.unwrap(twist_angle(local, whole), axis=0)
        near = local @ turn(whole, -twist * (1.0 - share))
        rest = twist * (1.0 - share)
    else:  # the near end is given by the hinge, the far end follows the hand or foot
        twist = np.unwrap(twist_angle(transpose(swung) @ ending, whole), axis=0)
        near = local @ turn(whole, twist * share)
        rest = twist * (1.0 - share)
    chain.follow(first, parent, near)
    chain.follow(second, first, turn(unit(heads[after] - heads[second]), rest))
