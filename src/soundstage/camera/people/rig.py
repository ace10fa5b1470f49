"""The moving person: what the camera keys, frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONE_INDEX, BONES, FACE_ACTIONS, FACE_INDEX
from ..blender import keying
from .objects import SUBDIVISION

Array = NDArray[Any]

LOOK_DEG = {"Up": 25.0, "Down": 30.0, "In": 35.0, "Out": 35.0}
"""How far the eyes turn when an eyeLook… action is 1 [degrees]."""


@dataclass(frozen=True)
class PersonRig:
    """A person built in the scene.

    `key(frame, root, joints, face)` writes one pose, as a Take holds it, at a (fractional) frame; interpolation
    between keys is linear, so keys at the start and end of the shutter give exact deformation blur.

    The eyeballs turn by the bones eye.L and eye.R. When these are at rest, the eyeLook… actions turn them instead;
    when they are not, the lids follow the bones. So either way of saying where somebody looks is enough.
    """

    armature: Any
    objects: tuple[Any, ...]
    """Everything that is drawn."""
    lid_rest: float = 0.0
    """How far the lids close, as a weight of the action eyeBlink…, while somebody is awake and at rest."""

    def key(self, frame: float, root: Array, joints: Array, face: Array) -> None:
        """Key one pose: root (3,) [m], joints (J, 4) wxyz, face (52,)."""
        self.key_all([frame], np.asarray(root)[None], np.asarray(joints)[None], np.asarray(face)[None])

    def key_all(self, frames: Sequence[float], root: Array, joints: Array, face: Array) -> None:
        """Key many poses at once: root (K, 3), joints (K, J, 4), face (K, 52)."""
        at = np.asarray(frames, dtype=float)
        joints, face = eyes_and_lids(np.asarray(joints, dtype=float), np.asarray(face, dtype=float), self.lid_rest)
        joints = same_hemisphere(joints)
        action = keying.action(self.armature)
        root_path = f'pose.bones["{BONES[0]}"].location'
        for axis in range(3):
            keying.insert(keying.curve(action, root_path, axis), at, np.asarray(root, dtype=float)[:, axis])
        for index, name in enumerate(BONES):
            path = f'pose.bones["{name}"].rotation_quaternion'
            for axis in range(4):
                keying.insert(keying.curve(action, path, axis), at, joints[:, index, axis])
        for keys in self._shape_keys():
            action = keying.action(keys)
            for index, name in enumerate(FACE_ACTIONS):
                if name in keys.key_blocks:
                    keying.insert(keying.curve(action, f'key_blocks["{name}"].value', 0), at, face[:, index])

    def clear(self) -> None:
        """Forget all keys."""
        for owner in (self.armature, *self._shape_keys()):
            if owner.animation_data and owner.animation_data.action:
                owner.animation_data.action.fcurves.clear()

    def show_fine(self, fine: bool) -> None:
        """Subdivide skin and clothes, or leave them as coarse as they come, which is faster to pose."""
        levels = int(fine)
        for thing in self.objects:
            modifier = thing.modifiers.get(SUBDIVISION)
            if modifier is not None and modifier.render_levels != levels:
                modifier.levels = modifier.render_levels = levels

    def _shape_keys(self) -> list[Any]:
        return [o.data.shape_keys for o in self.objects if getattr(o.data, "shape_keys", None)]


def eyes_and_lids(joints: Array, face: Array, lid_rest: float) -> tuple[Array, Array]:
    """Joints (K, J, 4) and face (K, 52) in which eyeballs and lids agree on where the eyes look."""
    joints, face = joints.copy(), face.copy()
    for side, word in (("L", "Left"), ("R", "Right")):
        bone = BONE_INDEX[f"eye.{side}"]
        outward = 1.0 if side == "L" else -1.0
        column = {d: FACE_INDEX[f"eyeLook{d}{word}"] for d in LOOK_DEG}
        q = joints[:, bone]
        still = np.abs(q[:, 1:]).max(axis=1) < 1e-3
        pitch_face = np.radians(face[:, column["Down"]] * LOOK_DEG["Down"] - face[:, column["Up"]] * LOOK_DEG["Up"])
        yaw_face = outward * np.radians(
            face[:, column["Out"]] * LOOK_DEG["Out"] - face[:, column["In"]] * LOOK_DEG["In"]
        )
        # Ahead is -Y: turning about +X by a positive angle looks down, about +Z towards the person's left.
        joints[:, bone] = np.where(still[:, None], _yaw_pitch(yaw_face, pitch_face), q)
        ahead = _turned_ahead(q)
        yaw = outward * np.degrees(np.arctan2(ahead[:, 0], -ahead[:, 1]))
        pitch = np.degrees(np.arcsin(np.clip(-ahead[:, 2], -1, 1)))
        for direction, angle in (("Down", pitch), ("Up", -pitch), ("Out", yaw), ("In", -yaw)):
            follow = np.clip(angle / LOOK_DEG[direction], 0.0, 1.0)
            face[:, column[direction]] = np.where(still, face[:, column[direction]], follow)
        blink, wide = FACE_INDEX[f"eyeBlink{word}"], FACE_INDEX[f"eyeWide{word}"]
        # Wide eyes undo what closes the lids at rest; where rest opens them, they are as wide already.
        lid = lid_rest * (1.0 - np.clip(face[:, wide], 0.0, 1.0)) if lid_rest > 0.0 else lid_rest
        face[:, blink] = lid + (1.0 - lid) * face[:, blink]
    return joints, face


def _yaw_pitch(yaw: Array, pitch: Array) -> Array:
    """Quaternions wxyz: first down by `pitch`, then to the left by `yaw`."""
    cy, sy, cp, sp = np.cos(yaw / 2), np.sin(yaw / 2), np.cos(pitch / 2), np.sin(pitch / 2)
    return np.stack([cy * cp, cy * sp, sy * sp, sy * cp], axis=1)


def _turned_ahead(q: Array) -> Array:
    """Where -Y points after rotations (K, 4)."""
    w, x, y, z = q.T / np.linalg.norm(q, axis=1)
    return np.stack([-2 * (x * y - w * z), -(1 - 2 * (x * x + z * z)), -2 * (y * z + w * x)], axis=1)


def same_hemisphere(joints: Array) -> Array:
    """Quaternions (K, J, 4) whose neighbours in time never jump to the negative, so that blending is short."""
    joints = joints.copy()
    for k in range(1, len(joints)):
        flip = (joints[k] * joints[k - 1]).sum(axis=-1) < 0
        joints[k, flip] *= -1.0
    return joints
