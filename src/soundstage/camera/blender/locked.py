"""Frames of a camera that stands still: a plate of the empty set, rendered once, and what is new in each frame."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .. import changes
from ..pictures import write_png
from . import atlas, pixels, session

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
                plate = pixels.render(seed)
            view = LockedView(plate, probe(seed))
        finally:
            hide(False)
        part = path.with_name(f".{path.stem}.{os.getpid()}.part.png")
        with part.open("wb") as out:
            np.savez_compressed(out, plate=view.plate, probe=view.empty_probe)
        part.replace(path)
        return view

    def render(self, camera: Any, target: Path, seed: int, boxes: Boxes) -> None:
        """Write the frame as the scene is posed now; `boxes` are changed in any case (shares of the picture)."""
        height, width, _ = self.plate.shape
        weight = changes.changed(probe(seed), self.empty_probe, (width, height), boxes)
        frame = self.plate.astype(np.float32)
        rects = changes.rectangles(weight)
        for (x0, y0, x1, y1), fresh in zip(rects, atlas.render(camera, rects, seed), strict=True):
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
            return pixels.render(seed)
        finally:
            scene.render.resolution_percentage = 100
            scene.render.dither_intensity = 1.0
