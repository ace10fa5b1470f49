"""Which point of the world each pixel shows: what a review needs to find the camera in a picture again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Vector
from numpy.typing import NDArray

Array = NDArray[Any]

STEP = 4
"""Every fourth pixel of every fourth row."""
FAR_M = 2000.0


def seen(camera: Any) -> Array:
    """Points (rows, columns, 3) [m] behind the centres of pixels STEP / 2, STEP / 2 + STEP, …; NaN where the sky is.

    Only solid surfaces: hair, and what is seen through glass or nets, is not told apart.
    """
    scene = bpy.context.scene
    width, height = scene.render.resolution_x, scene.render.resolution_y
    depsgraph = bpy.context.evaluated_depsgraph_get()
    origin, turn = camera.matrix_world.translation, camera.matrix_world.to_quaternion()
    scale = camera.data.sensor_width / camera.data.lens / width
    rows, columns = range(STEP // 2, height, STEP), range(STEP // 2, width, STEP)
    points = np.full((len(rows), len(columns), 3), np.nan)
    for j, y in enumerate(rows):
        for i, x in enumerate(columns):
            ray = turn @ Vector(((x + 0.5 - width / 2) * scale, (height / 2 - y - 0.5) * scale, -1.0))
            hit, point, *_ = scene.ray_cast(depsgraph, origin, ray.normalized(), distance=FAR_M)
            if hit:
                points[j, i] = point
    return points


def write(points: Array, target: Path) -> None:
    """As .npz with `points` and `step`, beside and renamed into place."""
    part = target.with_name(f".{target.stem}.{os.getpid()}.part.png")
    with part.open("wb") as out:
        np.savez_compressed(out, points=points.astype(np.float32), step=STEP)
    part.replace(target)
