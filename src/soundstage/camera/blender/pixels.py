"""The scene as it stands, rendered into an array."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import bpy
from numpy.typing import NDArray

from ..changes import Rect
from ..pictures import read_targa

Array = NDArray[Any]


def render(seed: int, rect: Rect | None = None, scene: Any = None) -> Array:
    """Pixels of the picture, or of a rectangle of it, as they would be written to a file."""
    scene = scene or bpy.context.scene
    render = scene.render
    scene.cycles.seed = seed
    if rect is not None:
        x0, y0, x1, y1 = rect
        w, h = render.resolution_x, render.resolution_y
        render.use_border = render.use_crop_to_border = True
        # A quarter pixel inwards: the engine cuts shares of the width down to whole pixels.
        render.border_min_x, render.border_max_x = (x0 + 0.25) / w, (x1 + 0.25) / w
        render.border_min_y, render.border_max_y = (h - y1 + 0.25) / h, (h - y0 + 0.25) / h
    picture_format = render.image_settings.file_format
    render.image_settings.file_format = "TARGA_RAW"
    with tempfile.TemporaryDirectory(prefix="soundstage-pixels-") as folder:
        path = Path(folder) / "pixels.tga"
        render.filepath = str(path)
        bpy.ops.render.render(write_still=True, scene=scene.name)
        pixels = read_targa(path)
    render.image_settings.file_format = picture_format
    render.use_border = render.use_crop_to_border = False
    return pixels
