"""The Body: one person's shape, skeleton and skin, at rest and posed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _kinematics
from .skeleton import FACE_INDEX, PARENTS

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class FaceAction:
    """What one face action at weight 1 adds to the rest vertices."""

    vertices: Array  # (n,) int32
    offsets: Array  # (n, 3) float32 [m]


@dataclass(frozen=True, kw_only=True)
class Capsule:
    """A rounded stick that stands for a part of the body in collisions, in rest coordinates."""

    bone: int
    """Index of the bone it moves with."""
    p0: Array  # (3,) [m]
    p1: Array  # (3,) [m]
    radius: float
    """[m]"""
    name: str
    """head, neck, torso …, upper_arm.L, hand.R, thigh.L, shin.R, foot.L"""


@dataclass(frozen=True, kw_only=True)
class Body:
    """One person's body in rest pose (A-pose): origin at the root bone, X to the person's left, -Y ahead, Z up [m].

    >>> figure = body(identity)                                   # doctest: +SKIP
    >>> bones = figure.fk(root, joints)                           # (..., J, 4, 4), for any leading dimensions
    >>> left_hand = bones[..., BONES.index("wrist.L"), :3, 3]
    >>> vertices = figure.skin(root, joints, face)                # (V, 3) of one moment
    >>> standing_root = (x, y, ground + figure.sole_height)       # feet flat on the ground in rest pose
    """

    height: float
    """Standing height without hair and shoes [m]; equals the identity's."""
    sole_height: float
    """Height of the root above the ground when standing with the feet flat in rest pose [m]."""
    scale: float
    """Head size against that of a grown-up (about 1); face actions and hair are scaled by it."""
    heads: Array  # (J, 3) rest positions of the bones' origins
    parents: tuple[int, ...] = PARENTS
    vertices: Array  # (V, 3): skin, eyes, teeth … and helper geometry, all skinned
    faces: Array  # (F, 4) quads of the skin
    uv: Array  # (F, 4, 2) of the skin's corners
    parts: Mapping[str, Array]
    """Quads of every part by name: body, eye.L, eye.R, lash_upper.L …, teeth_upper, teeth_lower, tongue, and the
    helpers tights, skirt and hair."""
    part_uv: Mapping[str, Array]
    weight_bones: Array  # (V, K) int16
    weights: Array  # (V, K) float32, rows sum to 1
    face_actions: tuple[FaceAction, ...]
    """52, in the order of FACE_ACTIONS."""
    masks: Mapping[str, Array]
    """(V,) 0…1: lips, ears, face, eyelids, fingernails, toenails, inside_mouth."""
    capsules: tuple[Capsule, ...]

    def fk(self, root: Array, joints: Array) -> Array:
        """World transforms (…, J, 4, 4) of the bones for poses as in a Take: root (…, 3), joints (…, J, 4) wxyz."""
        return _kinematics.bone_transforms(self.heads, root, joints)

    def skin(self, root: Array, joints: Array, face: Array | None = None) -> Array:
        """World vertices (V, 3) of one pose; `face` is (52,) weights of the face actions."""
        return _kinematics.blend(
            self.fk(root, joints), self.heads, self.with_face(face), self.weight_bones, self.weights
        )

    def with_face(self, face: Array | None) -> Array:
        """Rest vertices (V, 3) with face actions applied."""
        if face is None or not np.any(face):
            return self.vertices
        vertices = self.vertices.astype(np.float64)
        for action in np.flatnonzero(face):
            moved = self.face_actions[action]
            vertices[moved.vertices] += face[action] * moved.offsets
        return vertices

    def face_action(self, name: str) -> FaceAction:
        """A face action by its ARKit name."""
        return self.face_actions[FACE_INDEX[name]]
