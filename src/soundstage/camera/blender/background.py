"""The empty set behind a frame, and what is new in it.

What never moves is rendered once, with many samples, for a camera that stands still; for one that moves, every so
many frames, and carried over to the frames between by its depth. Each frame then renders only what differs. The empty
set is a scene of its own, so that nothing has to be taken out of the world and put back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...view import View
from .. import changes
from ..pictures import write_png
from ..warping import Plate, blurred, motion, predict
from . import atlas, pixels, session
from .passes import NARROWEST, SKY_M, rendered

Array = NDArray[Any]

PLATE_SAMPLES = 2
"""A plate takes this many times the samples of a frame."""
PROBE_SHARE = 4
"""The probe is this many times smaller than the picture."""
PROBE_SAMPLES = 4
KEPT_PLATES = 4

Boxes = list[tuple[float, float, float, float]]


class EmptySet:
    """The world without what moves, seen by the same camera."""

    def __init__(self, cast: list[Any]) -> None:
        self.world = bpy.context.scene
        self.scene = self.world.copy()
        self.scene.name = "empty set"
        for thing in cast:
            for collection in (self.scene.collection, *self.scene.collection.children_recursive):
                if thing.name in collection.objects:
                    collection.objects.unlink(thing)
        self._plates: dict[Path, tuple[Plate, Array]] = {}

    def plate(self, path: Path, seed: int, view: View, aim: Callable[[], None]) -> tuple[Plate, Array]:
        """The plate in a file, or rendered now and kept there, and its probe; `aim` turns the camera to where it is."""
        if path not in self._plates:
            while len(self._plates) >= KEPT_PLATES:
                del self._plates[next(iter(self._plates))]
            self._plates[path] = self._load(path, view) or self._shoot(path, seed, view, aim)
        return self._plates[path]

    def _load(self, path: Path, view: View) -> tuple[Plate, Array] | None:
        try:
            with np.load(path, allow_pickle=False) as data:
                return Plate(picture=data["plate"], depth=data["depth"], view=view), data["probe"]
        except (OSError, ValueError, KeyError):
            return None

    def _shoot(self, path: Path, seed: int, view: View, aim: Callable[[], None]) -> tuple[Plate, Array]:
        aim()
        self.follow()
        with session.samples(PLATE_SAMPLES, scene=self.scene), session.careful(self.scene):
            picture = pixels.render(seed, scene=self.scene)
        depth = self._depth()  # for a camera that stands still, too: it may move on later
        empty = probe(seed, self.scene)
        part = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
        with part.open("wb") as out:
            np.savez_compressed(out, plate=picture, probe=empty, depth=depth)
        part.replace(path)
        return Plate(picture=picture, depth=depth, view=view), empty

    def follow(self) -> None:
        """Be at the frame of the world, and develop pictures as it does."""
        self.scene.frame_set(self.world.frame_current)
        for name in ("exposure", "use_white_balance", "white_balance_temperature", "white_balance_tint"):
            setattr(self.scene.view_settings, name, getattr(self.world.view_settings, name))

    def _depth(self) -> Array:
        """Distance along the axis behind the middle of every pixel (H, W) [m]; infinite for the sky."""
        cycles, lens, layer = self.scene.cycles, self.scene.camera.data, self.scene.view_layers[0]
        before = cycles.pixel_filter_type, cycles.filter_width, cycles.max_bounces, lens.dof.use_dof
        image = self.scene.render.image_settings
        kept = image.file_format, image.color_depth
        try:
            cycles.pixel_filter_type, cycles.filter_width, cycles.max_bounces = "GAUSSIAN", NARROWEST, 0
            lens.dof.use_dof, layer.use_pass_z = False, True
            with session.samples(0, exactly=1, denoise=False, scene=self.scene):
                z = rendered(self.scene)["Depth.Z"]
        finally:
            cycles.pixel_filter_type, cycles.filter_width, cycles.max_bounces, lens.dof.use_dof = before
            layer.use_pass_z = False
            image.file_format, image.color_depth = kept
        return np.where(z < SKY_M, z, np.inf).astype(np.float32)


def carried(plates: list[Plate], share: float, views: tuple[View, View, View]) -> tuple[Array, Array]:
    """The set from between two plates: picture (H, W, 3) float32, and which pixels it does not know, bool (H, W).

    `share` is that of the second plate; the views are those in the middle of the exposure, at its start and its end.
    """
    middle, first, last = views
    picture, unknown, depth = predict(tuple(plates), (1 - share, share), middle)
    if not first.same(last):
        way = motion(depth, middle, first, last)
        picture = blurred(picture, way)
        unknown = blurred(unknown.astype(np.float32), way) > 0.01
    return picture, unknown


def render(
    camera: Any, target: Path, seed: int, picture: Array, unknown: Array | None, empty_probe: Array, boxes: Boxes,
    *, together: bool,
) -> None:  # fmt: skip
    """Write the frame as the world is posed now: what is new in it over a picture of the empty set.

    `boxes` are new in any case (shares of the picture). With `together` off, each rectangle is rendered alone.
    """
    height, width, _ = picture.shape
    new, glow = changes.changed(probe(seed), empty_probe, (width, height), boxes)
    over(camera, target, seed, picture + glow, new if unknown is None else new | unknown, together=together)


def over(
    camera: Any, target: Path, seed: int, picture: Array, new: Array, *, together: bool,
    feather: float = changes.FEATHER, margin: int = changes.MARGIN,
) -> None:  # fmt: skip
    """Write the frame as the world is posed now: those pixels of it that are new, bool (H, W), over a picture.

    New parts fade in over `feather` pixels, and are rendered for `margin` more.
    """
    weight = changes.feathered(new, feather)
    rects = changes.rectangles(weight)
    fresh = atlas.render(camera, rects, changes.needed(weight, margin), seed, together=together)
    frame = changes.joined(picture, weight, rects, fresh)
    write_png(target, np.rint(np.clip(frame, 0.0, 255.0)).astype(np.uint8))


def probe(seed: int, scene: Any = None) -> Array:
    """A small, noisy picture of a scene (by default the world) as it is posed now."""
    scene = scene or bpy.context.scene
    with session.samples(0, exactly=PROBE_SAMPLES, denoise=False, scene=scene):
        scene.render.resolution_percentage = 100 // PROBE_SHARE
        scene.render.dither_intensity = 0.0
        try:
            return pixels.render(seed, scene=scene)
        finally:
            scene.render.resolution_percentage = 100
            scene.render.dither_intensity = 1.0
