"""Forward kinematics and linear blend skinning in numpy.

With heads h: G_0 = T(root) R_0, G_b = G_p T(h_b - h_p) R_b; a vertex is sum_b w_b G_b T(-h_b) v.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .skeleton import PARENTS

Array = NDArray[Any]


def matrices(quaternions: Array) -> Array:
    """Rotation matrices (…, 3, 3) of quaternions wxyz (…, 4), which are normalised first."""
    q = np.asarray(quaternions, dtype=np.float64)
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    w, x, y, z = np.moveaxis(q, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def bone_transforms(heads: Array, root: Array, joints: Array) -> Array:
    """World transforms (…, J, 4, 4) of all bones.

    Args:
        heads: (J, 3) rest positions of the bones' origins [m].
        root: (…, 3) world position of the root bone [m].
        joints: (…, J, 4) rotations wxyz as in a Take.
    """
    local = matrices(joints)
    root = np.asarray(root, dtype=np.float64)
    lead = np.broadcast_shapes(root.shape[:-1], local.shape[:-3])
    out = np.zeros((*lead, len(heads), 4, 4))
    out[..., 3, 3] = 1.0
    local = np.broadcast_to(local, (*lead, *local.shape[-3:]))
    for bone, parent in enumerate(PARENTS):
        if parent < 0:
            out[..., bone, :3, :3] = local[..., bone, :, :]
            out[..., bone, :3, 3] = root
            continue
        above = out[..., parent, :3, :3]
        out[..., bone, :3, :3] = above @ local[..., bone, :, :]
        out[..., bone, :3, 3] = out[..., parent, :3, 3] + above @ (heads[bone] - heads[parent])
    return out


def blend(transforms: Array, heads: Array, vertices: Array, bones: Array, weights: Array) -> Array:
    """Skinned vertices (V, 3) under bone transforms (J, 4, 4)."""
    linear = transforms[:, :3, :3]
    shift = transforms[:, :3, 3] - np.einsum("jab,jb->ja", linear, heads)
    affine = np.concatenate([linear, shift[:, :, None]], axis=2).reshape(len(heads), 12)
    mixed = np.einsum("vk,vkm->vm", weights, affine[bones]).reshape(-1, 3, 4)
    return np.asarray(np.einsum("vab,vb->va", mixed[..., :3], vertices) + mixed[..., 3])
