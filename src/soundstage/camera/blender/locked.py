"""Frames of a camera that stands still: a plate of the empty set, rendered once, and what is new in each frame."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .. import changes
from ..pictures import read_targa, write_png
from . import session

Array = NDArray[Any]

PLATE_SAMPLES = 2
"""The plate takes this many times the samples of a frame."""
PROBE_SHARE = 4
"""The probe is this many times smaller than the picture."""
PROBE_SAMPLES = 4

Boxes = list[tuple[float, float, float, float]]


class LockedView:
    """The plate and the probe of one camera position."""

    def __init__(self, plate: Array, empty_probe: Array) -> None:
        self.plate = plate
        self.empty_probe = empty_probe

    @staticmethod
    def load_or_shoot(path: Path, seed: int, hide: Callable[[bool], None]) -> LockedView:
        """The plate in a file, or rendered now with everything that moves hidden, and kept there."""
        try:
            with np.load(path, allow_pickle=False) as data:
                return LockedView(data["plate"], data["probe"])
        except (OSError, ValueError, KeyError):
            pass
        hide(True)
        try:
            with session.samples(PLATE_SAMPLES):
                plate = render_pixels(seed)
            view = LockedView(plate, probe(seed))
        finally:
            hide(False)
        part = path.with_name(f".{path.stem}.{os.getpid()}.part.png")
        with part.open("wb") as out:
            np.savez_compressed(out, plate=view.plate, probe=view.empty_probe)
        part.replace(path)
        return view

    def render(self, target: Path, seed: int, boxes: Boxes) -> None:
        """Write the frame as the scene is posed now; `boxes` are changed in any case (shares of the picture)."""
        height, width, _ = self.plate.shape
        weight = changes.changed(probe(seed), self.empty_probe, (width, height), boxes)
        frame = self.plate.astype(np.float32)
        for x0, y0, x1, y1 in changes.rectangles(weight):
            fresh = render_pixels(seed, (x0, y0, x1, y1))
            share = weight[y0:y1, x0:x1, None]
            frame[y0:y1, x0:x1] = frame[y0:y1, x0:x1] * (1 - share) + fresh * share
        write_png(target, np.rint(frame).astype(np.uint8))


def probe(seed: int) -> Array:
    """A small, noisy picture of the scene as it is posed now."""
    scene = bpy.context.scene
    with session.samples(0, exactly=PROBE_SAMPLES, denoise=False):
        scene.render.resolution_percentage = 100 // PROBE_SHARE
        scene.render.dither_intensity = 0.0
        try:
            return render_pixels(seed)
        finally:
            scene.render.resolution_percentage = 100
            scene.render.dither_intensity = 1.0


def render_pixels(seed: int, rect: changes.Rect | None = None) -> Array:
    """Pixels of the picture, or of a rectangle of it, as they would be written to a file."""
    scene = bpy.context.scene
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
        bpy.ops.render.render(write_still=True)
        pixels = read_targa(path)
    render.image_settings.file_format = picture_format
    render.use_border = render.use_crop_to_border = False
    return pixels
