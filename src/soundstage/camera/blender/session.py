"""The Blender session: an empty world, render settings, and one frame written to a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ...devices import CPU
from . import device

BOUNCES = {"max": 4, "diffuse": 2, "glossy": 2, "transmission": 4, "transparent": 8}

DAYLIGHT_K = 6500.0
DAYLIGHT_TINT = 10.0
"""Daylight lies this much to the green side of a glowing body's light. Lamps up to 4000 K glow, daylight begins at
5000 K (as CIE chooses its reference illuminants); between them lies what is between."""


def empty_world() -> None:
    """Remove whatever the session holds and turn off what could run or read from outside."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.preferences.filepaths.use_scripts_auto_execute = False


def set_up(settings: Mapping[str, Any], threads: int) -> None:
    """Render settings of every frame of a job."""
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = settings["size"]
    render.resolution_percentage = 100
    render.use_persistent_data = True
    render.threads_mode, render.threads = "FIXED", max(1, threads)
    render.use_motion_blur = bool(settings["motion_blur"])
    render.motion_blur_shutter = float(settings["shutter"])
    render.motion_blur_position = "START"
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode, render.image_settings.color_depth = "RGB", "8"
    render.image_settings.compression = 15
    render.dither_intensity = 1.0
    render.use_stamp = False
    device.enable(bpy.context.preferences.addons["cycles"].preferences, cycles, settings.get("device", CPU))
    cycles.samples = int(settings["samples"])
    cycles.use_adaptive_sampling = False
    # Blue noise depends on what was rendered before; with Sobol's sequence a frame is the same in any order of frames.
    cycles.sampling_pattern = "TABULATED_SOBOL"
    cycles.max_bounces = BOUNCES["max"]
    cycles.diffuse_bounces, cycles.glossy_bounces = BOUNCES["diffuse"], BOUNCES["glossy"]
    cycles.transmission_bounces, cycles.transparent_max_bounces = BOUNCES["transmission"], BOUNCES["transparent"]
    cycles.volume_bounces = 0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 1.0
    cycles.sample_clamp_direct, cycles.sample_clamp_indirect = 0.0, 8.0
    cycles.light_sampling_threshold = 0.01
    _denoise(cycles, settings)
    _grade(scene, settings)


def weigh_lamps() -> None:
    """Choose lamps by what they give where there are many; with sun and sky alone the choice would cost more."""
    lamps = sum(thing.type == "LIGHT" for thing in bpy.data.objects)
    bpy.context.scene.cycles.use_light_tree = lamps > 1


@contextmanager
def samples(factor: int, *, exactly: int = 0, denoise: bool = True, scene: Any = None) -> Iterator[None]:
    """More samples (or an exact number of them) for what is rendered inside; with `denoise` off, raw ones."""
    cycles = (scene or bpy.context.scene).cycles
    before = cycles.samples, cycles.use_denoising
    cycles.samples = exactly or before[0] * factor
    cycles.use_denoising = before[1] and denoise
    try:
        yield
    finally:
        cycles.samples, cycles.use_denoising = before


@contextmanager
def careful(scene: Any) -> Iterator[None]:
    """Noise taken out as well as can be: for what is rendered once and seen for long."""
    cycles = scene.cycles
    before = cycles.denoising_prefilter, cycles.denoising_quality
    cycles.denoising_prefilter, cycles.denoising_quality = "ACCURATE", "HIGH"
    try:
        yield
    finally:
        cycles.denoising_prefilter, cycles.denoising_quality = before


def _denoise(cycles: Any, settings: Mapping[str, Any]) -> None:
    cycles.use_denoising = bool(settings["denoise"])
    if not settings["denoise"]:
        return
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    few = int(settings["samples"]) <= 32
    cycles.denoising_prefilter = "FAST" if few else "ACCURATE"
    cycles.denoising_quality = "FAST" if few else "HIGH"


def _grade(scene: Any, settings: Mapping[str, Any]) -> None:
    """View transform for sRGB/Rec.709 primaries; what is encoded later is tagged bt709."""
    scene.display_settings.display_device = "sRGB"
    view = scene.view_settings
    view.view_transform = settings["view_transform"]
    contrast = settings["contrast"]
    names = [item.identifier for item in view.bl_rna.properties["look"].enum_items] or ["None"]
    for name in (f"{settings['view_transform']} - {contrast}", contrast):
        try:
            view.look = name
            break
        except TypeError:  # not a look of this view transform; the list itself is dynamic
            continue
    else:
        view.look = names[0]
    view.exposure = float(settings["exposure_ev"])
    view.gamma = 1.0
    scene.sequencer_colorspace_settings.name = "sRGB"


def expose(exposure_ev: float, white_k: float) -> None:
    """Exposure of what is rendered next, and the colour temperature [K] of the light that it shows as white."""
    view = bpy.context.scene.view_settings
    view.exposure = exposure_ev
    view.use_white_balance = white_k != DAYLIGHT_K  # the white of Rec.709: nothing is to be done
    view.white_balance_temperature = white_k
    view.white_balance_tint = DAYLIGHT_TINT * min(max((white_k - 4000.0) / 1000.0, 0.0), 1.0)


def render_frame(target: Path, seed: int) -> None:
    """Render the scene as it stands to a PNG, beside and renamed into place."""
    scene = bpy.context.scene
    scene.cycles.seed = seed
    part = target.with_name(f".{target.stem}.{os.getpid()}.part.png")
    scene.render.filepath = str(part)
    scene.render.use_file_extension = False
    bpy.ops.render.render(write_still=True)
    part.replace(target)
