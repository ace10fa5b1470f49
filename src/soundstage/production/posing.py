"""How everything in a frame is posed, for styles that lay textures on what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..poses import poses_at
from ..view import matrix

if TYPE_CHECKING:
    from ..body import Body
    from ..post.styles import Mover
    from ..take import Take

SIDES = (
    ("upperarm01", "lowerarm01"),
    ("lowerarm01", "wrist"),
    ("wrist", "finger3-1"),
    ("upperleg01", "lowerleg01"),
    ("lowerleg01", "foot"),
    ("foot", "toe1-1"),
)
MIDDLE = (
    ("root", "spine04"),
    ("spine04", "spine02"),
    ("spine02", "spine01"),
    ("spine01", "neck01"),
    ("neck01", "head"),
    ("head", "eye.L"),
)
"""Parts of a body that are told apart: the bone that carries each, and the one it reaches to."""


def movers(take: Take, row: int) -> Mapping[int, Mover]:
    """Everything of a Take as it is in one frame, by the ids of its passes: things from 1, then people."""
    from ..body import body
    from ..post.styles import Mover

    poses = poses_at(take, np.asarray(take.camera.time[row : row + 1]))
    found: dict[int, Mover] = {}
    for n in range(len(take.things)):
        at, turn = poses.thing_position[0, n], matrix(poses.thing_rotation[0, n])
        found[1 + n] = Mover(_inverse(turn, at)[None], at[None], at[None])
    for k, person in enumerate(take.people):
        shape = body(person.identity)
        bones, ends = _parts(shape)
        world = shape.fk(poses.root[0, k], poses.joints[0, k])
        heads = shape.heads
        inverse = []
        for bone in bones:
            turn, at = world[bone, :3, :3], world[bone, :3, 3]
            back = _inverse(turn, at)
            back[:3, 3] += heads[bone]
            inverse.append(back)
        start = world[bones, :3, 3]
        along = np.einsum("bij,bj->bi", world[bones, :3, :3], ends - heads[bones])
        found[1 + len(take.things) + k] = Mover(np.array(inverse), start, start + along)
    return found


def _inverse(turn: Any, at: Any) -> Any:
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = turn.T, -turn.T @ at
    return out


def _parts(shape: Body) -> tuple[Any, Any]:
    """Bones that carry the parts, and where each part ends at rest."""
    from ..body import BONE_INDEX

    pairs = [*MIDDLE, *((f"{a}.{side}", f"{b}.{side}") for side in ("L", "R") for a, b in SIDES)]
    bones = np.array([BONE_INDEX[a] for a, _ in pairs])
    return bones, shape.heads[[BONE_INDEX[b] for _, b in pairs]]
