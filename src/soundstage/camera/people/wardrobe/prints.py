"""Text and numbers printed on clothes: Blender's own font drawn into a small image, laid on chest and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...blender.graph import Graph
from .measure import Measures

Array = NDArray[Any]

PIXELS = 256


def text_mask(text: str) -> tuple[Any, float]:
    """An image, white where the text is, and its width against its height."""
    curve = bpy.data.curves.new("print", "FONT")
    curve.body = text
    curve.align_x, curve.align_y = "CENTER", "CENTER"
    curve.offset = 0.012  # bolder
    thing = bpy.data.objects.new("print", curve)
    bpy.context.scene.collection.objects.link(thing)
    mesh = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    mesh.calc_loop_triangles()
    v = np.zeros(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", v)
    triangles = np.zeros(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", triangles)
    points = v.reshape(-1, 3)[:, :2]
    bpy.data.objects.remove(thing)
    bpy.data.curves.remove(curve)
    return _raster(points, triangles.reshape(-1, 3), text)


def _raster(points: Array, triangles: Array, text: str) -> tuple[Any, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    aspect = float((high[0] - low[0]) / max(high[1] - low[1], 1e-6))
    rows, columns = PIXELS, max(16, int(PIXELS * min(aspect, 8.0)))
    x = (np.arange(columns) + 0.5) / columns * (high[0] - low[0]) + low[0]
    y = (np.arange(rows) + 0.5) / rows * (high[1] - low[1]) + low[1]
    inside = np.zeros((rows, columns), dtype=bool)
    for a, b, c in points[triangles]:
        i0, i1 = np.searchsorted(x, (min(a[0], b[0], c[0]), max(a[0], b[0], c[0])))
        j0, j1 = np.searchsorted(y, (min(a[1], b[1], c[1]), max(a[1], b[1], c[1])))
        gx, gy = np.meshgrid(x[i0:i1], y[j0:j1])
        sides = [(q[0] - p[0]) * (gy - p[1]) - (q[1] - p[1]) * (gx - p[0]) for p, q in ((a, b), (b, c), (c, a))]
        inside[j0:j1, i0:i1] |= np.all([s >= 0 for s in sides], axis=0) | np.all([s <= 0 for s in sides], axis=0)
    image = bpy.data.images.new(f"print {text}", columns, rows, float_buffer=False)
    image.colorspace_settings.name = "Non-Color"
    pixels = np.zeros((rows, columns, 4), dtype=np.float32)
    pixels[..., :3] = inside[..., None]
    pixels[..., 3] = 1.0
    image.pixels.foreach_set(pixels.ravel())
    image.update()
    image.pack()
    return image, aspect


def print_mask(text: str, m: Measures, *, letters: bool) -> Callable[[Graph, Any], Any]:
    """A shader mask of the text: a number fills chest and back, words run across the chest."""
    image, aspect = text_mask(text)
    size = m.size
    middle = float(m.head("spine02")[1])
    chest = m.torso_height(1.36 if not letters else 1.48)
    high = (0.20 if not letters else 0.055) * size
    wide = high * aspect
    most = 0.26 * size
    if wide > most:
        high, wide = high * most / wide, most

    def mask(g: Graph, at: Any) -> Any:
        x, y, z = g.split(at)
        front = g.smooth(y, middle + 0.002, middle - 0.002)
        total: Any = 0.0
        for sign, share, lift in ((1.0, front, 0.0), (-1.0, g.minus(1.0, front), 0.03 * size)):
            u = g.plus(g.times(x, sign / wide), 0.5)
            w = g.plus(g.times(g.minus(z, chest + lift), 1.0 / high), 0.5)
            node = g.add("ShaderNodeTexImage", {"Vector": g.join(u, w)}, extension="CLIP", interpolation="Linear")
            node.image = image
            if sign < 0 and letters:
                continue
            total = g.plus(total, g.times(share, node.outputs["Color"]))
        return total

    return mask
