"""Keys of an animation, straight from one to the next.

Blender's own `keyframe_insert` eases in and out of its keys, whatever the preferences say: a camera that moves evenly
would start and stop in every frame, and its blur would thicken at both ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LINEAR = 1
"""Blender's number for straight pieces between keys."""


def write(owner: Any, path: str, frames: Array, values: Array) -> None:
    """Values (K,) or (K, n) of a property at frames (K,), in place of all keys it has."""
    columns = np.asarray(values, dtype=np.float64).reshape(len(frames), -1)
    for axis in range(columns.shape[1]):
        fill(curve(action(owner), path, axis), np.asarray(frames, dtype=np.float64), columns[:, axis])


def insert(found: Any, frames: Array, values: Array) -> None:
    """Keys of a curve beside those it has; one that is there at the same frame is replaced."""
    old = np.zeros(2 * len(found.keyframe_points), dtype=np.float32)
    if len(old):
        found.keyframe_points.foreach_get("co", old)
    kept = old.reshape(-1, 2)
    kept = kept[~np.isin(np.round(kept[:, 0], 4), np.round(frames, 4))]
    table = np.concatenate([kept, np.column_stack([frames, values])])
    table = table[np.argsort(table[:, 0], kind="stable")]
    fill(found, table[:, 0], table[:, 1])


def fill(found: Any, frames: Array, values: Array) -> None:
    """The keys of a curve, in order of time."""
    points = found.keyframe_points
    points.clear()
    points.add(len(frames))
    points.foreach_set("co", np.column_stack([frames, values]).astype(np.float32).ravel())
    points.foreach_set("interpolation", np.full(len(frames), LINEAR, dtype=np.int32))
    found.update()


def action(owner: Any) -> Any:
    """The action of an object, an armature's pose or a set of shape keys; made if there is none."""
    import bpy

    data = owner.animation_data or owner.animation_data_create()
    if data.action is None:
        data.action = bpy.data.actions.new(owner.name)
        data.action_slot = data.action.slots.new(id_type=owner.id_type, name=owner.name)
    return data.action


def curve(of: Any, path: str, axis: int) -> Any:
    """A curve of an action; made if there is none."""
    return of.fcurves.find(path, index=axis) or of.fcurves.new(path, index=axis)
