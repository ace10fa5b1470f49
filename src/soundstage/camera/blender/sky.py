"""The light of outdoor places: sun lamp, sky with clouds, dusk and night; and plain surroundings for rooms."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from ...colour import RGB, blend
from ...daylight import Daylight, daylight, fading
from ...take import Place
from .graph import Graph

EVENING_LEVEL = 1.9
SKY_PICTURE_PX = (512, 256)
Stops = list[tuple[float, RGB]]
SUNSET: Stops = [
    (0.0, (1.00, 0.47, 0.17)), (0.07, (1.00, 0.56, 0.29)), (0.18, (0.88, 0.58, 0.45)), (0.34, (0.55, 0.50, 0.56)),
    (0.60, (0.27, 0.36, 0.57)), (1.0, (0.14, 0.23, 0.44)),
]  # fmt: skip
OPPOSITE: Stops = [
    (0.0, (0.40, 0.40, 0.50)), (0.10, (0.66, 0.50, 0.52)), (0.24, (0.62, 0.52, 0.58)), (0.45, (0.36, 0.42, 0.58)),
    (1.0, (0.14, 0.23, 0.44)),
]  # fmt: skip
BLUE_HOUR: Stops = [
    (0.0, (0.95, 0.50, 0.25)), (0.04, (0.84, 0.56, 0.44)), (0.11, (0.48, 0.50, 0.68)), (0.24, (0.22, 0.38, 0.86)),
    (0.55, (0.09, 0.22, 0.74)), (1.0, (0.05, 0.14, 0.58)),
]  # fmt: skip
BLUE_OPPOSITE: Stops = [
    (0.0, (0.15, 0.24, 0.54)), (0.06, (0.24, 0.32, 0.64)), (0.16, (0.21, 0.33, 0.74)), (0.40, (0.12, 0.24, 0.72)),
    (1.0, (0.05, 0.14, 0.58)),
]  # fmt: skip
"""Colours of the sky at low sun, by the sine of the height: towards it and opposite, while it sets and after."""
SUN_ANGLE_DEG = 0.9
"""A little wider than the real 0.53°, as through the haze of a town."""


def outdoors(place: Place) -> Daylight:
    """Light the scene as the place and hour ask; returns what was set."""
    light = daylight(place)
    g = _world()
    at = g.add("ShaderNodeTexCoord").outputs["Generated"]
    radiance = _night_sky(g, at) if light.night else _day_sky(g, at, light, place.weather)
    _background(g, radiance)
    _light_from_picture(g, radiance)
    if max(light.sun) > 0:
        sun(light.direction, light.sun, SUN_ANGLE_DEG)
    return light


def indoors(ambient: RGB) -> None:
    """Even light from everywhere, for what no lamp of the room reaches."""
    _background(_world(), ambient)


def sun(direction: tuple[float, float, float], white_radiance: RGB, angle_deg: float) -> Any:
    """A sun lamp that gives a white plane turned to it the given radiance."""
    lamp = bpy.data.lights.new("sun", "SUN")
    peak = max(white_radiance)
    lamp.color = tuple(c / peak for c in white_radiance)
    lamp.energy = peak * np.pi
    lamp.angle = np.radians(angle_deg)
    thing = bpy.data.objects.new("sun", lamp)
    thing.rotation_euler = Vector(direction).to_track_quat("Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)
    return thing


def _world() -> Graph:
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 256
    return Graph(world.node_tree)


def _background(g: Graph, radiance: Any) -> None:
    shader = g.add("ShaderNodeBackground", {"Color": radiance, "Strength": 1.0}).outputs[0]
    g.add("ShaderNodeOutputWorld", {"Surface": shader})


def _light_from_picture(g: Graph, radiance: Any) -> None:
    """Let everything but the camera see a small picture of the sky: its graph is too dear for every bounce of light."""
    picture = g.add("ShaderNodeTexEnvironment", image=_sky_picture()).outputs[0]
    shaders = [g.add("ShaderNodeBackground", {"Color": c, "Strength": 1.0}).outputs[0] for c in (picture, radiance)]
    both = g.mix_shader(g.light_path("Is Camera Ray"), *shaders)
    output = next(node for node in g.tree.nodes if node.type == "OUTPUT_WORLD")
    g.put(output.inputs["Surface"], both)


def _sky_picture() -> Any:
    """The world as a packed equirectangular image in linear light."""
    scene = bpy.data.scenes.new("sky picture")
    scene.world = bpy.context.scene.world
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = SKY_PICTURE_PX
    render.use_persistent_data = False
    render.threads_mode, render.threads = "FIXED", bpy.context.scene.render.threads
    render.image_settings.file_format, render.image_settings.color_depth = "OPEN_EXR", "32"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = 4, False, False
    lens = bpy.data.cameras.new("sky camera")
    lens.type, lens.panorama_type = "PANO", "EQUIRECTANGULAR"
    camera = bpy.data.objects.new("sky camera", lens)
    camera.rotation_euler = (np.pi / 2, 0.0, -np.pi / 2)  # the middle of the picture looks along +X
    scene.collection.objects.link(camera)
    scene.camera = camera
    with tempfile.TemporaryDirectory(prefix="soundstage-sky-") as folder:
        render.filepath = str(Path(folder) / "sky.exr")
        bpy.ops.render.render(write_still=True, scene=scene.name)
        picture = bpy.data.images.load(render.filepath)
        picture.colorspace_settings.name = "Linear Rec.709"
        picture.pack()
    bpy.data.objects.remove(camera)
    bpy.data.scenes.remove(scene)
    return picture


def _day_sky(g: Graph, at: Any, light: Daylight, weather: str) -> Any:
    _, _, z = g.split(at)
    if weather == "overcast":
        # CIE overcast sky: three times brighter overhead than at the horizon; broken by heavy cloud bases.
        base = g.rescale(z, 0.0, 1.0, 1 / 3, 1.0)
        folds = g.noise(_cloud_plane(g, at, 0.12), 0.9, detail=6, roughness=0.55)
        grey = g.times(base, g.rescale(folds, 0.3, 0.7, 0.75, 1.2))
        radiance = g.shade((0.98, 1.0, 1.03), g.times(grey, 1.25))
    else:
        sky = g.add(
            "ShaderNodeTexSky",
            sky_type="NISHITA",
            sun_disc=False,
            sun_elevation=np.radians(light.elevation_deg),
            sun_rotation=np.radians(light.azimuth_deg),
            dust_density=light.dust,
        ).outputs[0]
        radiance = _evening(g, at, g.shade(sky, light.sky_strength), light)
        radiance = _clouds(g, at, radiance, light)
    below = g.smooth(z, 0.0, -0.03)
    return g.mix(below, radiance, tuple(0.45 * c for c in light.haze))


def _turning(stops: Stops, to: Stops, share: float) -> Stops:
    """Stops of a ramp between two ramps of as many stops."""
    return [(p + (q - p) * share, blend(a, b, share)) for (p, a), (q, b) in zip(stops, to, strict=True)]


def _evening(g: Graph, at: Any, sky: Any, light: Daylight) -> Any:
    """The colours single scattering leaves out when the sun is low: an orange belt towards it, a rosy one opposite."""
    low = float(np.interp(light.elevation_deg, (1.0, 20.0), (1.0, 0.0)))
    if low == 0.0:
        return sky
    _, _, z = g.split(at)
    sx, sy, _ = light.direction
    level = (sx * sx + sy * sy) ** 0.5
    toward = g.rescale(g.vector("DOT_PRODUCT", at, (sx / level, sy / level, 0.0)), -1.0, 1.0, 0.0, 1.0)
    # After sunset the warm belts sink and what is above them turns blue (ozone takes the orange out of long ways).
    blue = float(np.interp(light.elevation_deg, (-4.5, -0.5), (1.0, 0.0)))
    up = g.math("MAXIMUM", z, 0.0)
    gradient = g.ramp(up, _turning(SUNSET, BLUE_HOUR, blue))
    cool = g.ramp(up, _turning(OPPOSITE, BLUE_OPPOSITE, blue))
    level = g.rescale(g.math("POWER", toward, 2.0), 0.0, 1.0, 0.62, 1.5)
    strength = light.sky_strength * fading(light.elevation_deg)
    painted = g.shade(g.mix(g.smooth(toward, 0.12, 0.75), cool, gradient), g.times(level, EVENING_LEVEL * strength))
    sun_spot = g.math("POWER", g.math("MAXIMUM", g.vector("DOT_PRODUCT", at, light.direction), 0.0), 140.0)
    halo = g.shade((3.2, 1.7, 0.7), g.times(sun_spot, 1.6 * strength * (1.0 - blue)))
    return g.mix(0.72 * low, sky, g.vector("ADD", painted, halo))


def _cloud_plane(g: Graph, at: Any, flatten: float) -> Any:
    """Where a view ray meets a layer of cloud, in layer heights."""
    x, y, z = g.split(at)
    depth = g.plus(g.math("MAXIMUM", z, 0.0), flatten)
    return g.join(g.math("DIVIDE", x, depth), g.math("DIVIDE", y, depth), 0.0)


def _clouds(g: Graph, at: Any, clear: Any, light: Daylight) -> Any:
    """Fair-weather clouds in two layers, lit from where the sun stands."""
    _, _, z = g.split(at)
    toward = g.rescale(g.vector("DOT_PRODUCT", at, light.direction), -0.5, 1.0, 0.0, 1.0)
    plane = _cloud_plane(g, at, 0.10)
    puffs = g.noise(g.vscale(plane, (0.62, 1.0, 1.0)), 0.75, detail=8, roughness=0.58, distortion=0.35)
    threshold = float(np.interp(light.cover, (0.0, 1.0), (0.60, 0.36)))
    thick = g.smooth(puffs, threshold - 0.03, threshold + 0.16)
    cirrus = g.noise(g.vscale(plane, (0.25, 1.6, 1.0)), 0.9, detail=6, roughness=0.62, distortion=0.9)
    thin = g.times(g.smooth(cirrus, 0.50, 0.78), 0.5)
    low = float(np.interp(light.elevation_deg, (0.0, 25.0), (1.0, 0.0)))
    lit = tuple(0.34 * s + 1.1 * h for s, h in zip(light.sun, light.haze, strict=True))
    lit = (lit[0] * (1 + 0.25 * low), lit[1], lit[2] * (1 - 0.1 * low))
    base = tuple(c * (0.68 - 0.12 * low) for c in light.haze)
    body = g.mix(g.times(toward, toward), base, tuple(0.8 * c for c in lit))
    edge = g.mix(
        g.smooth(thick, 0.25, 1.0),
        g.shade(lit, g.rescale(toward, 0.0, 1.0, 0.8, 1.2)),
        g.mix(0.55 + 0.25 * low, lit, body),
    )
    fade = g.smooth(z, 0.015, 0.16)
    out = g.mix(g.times(g.times(thin, fade), g.rescale(toward, 0.0, 1.0, 0.5, 1.0)), clear, lit)
    return g.mix(g.times(g.times(thick, 0.88), fade), out, edge)


def _night_sky(g: Graph, at: Any) -> Any:
    """The sky over a town an hour after sunset: deep blue, a glow low down, a few stars."""
    _, _, z = g.split(at)
    up = g.math("MAXIMUM", z, 0.0)
    rgb = g.ramp(
        up,
        [
            (0.0, (0.046, 0.044, 0.054)),
            (0.10, (0.027, 0.035, 0.062)),
            (0.35, (0.013, 0.022, 0.052)),
            (1.0, (0.006, 0.012, 0.032)),
        ],
    )
    cell = g.voronoi(at, 70.0)
    bright = g.white(g.voronoi(at, 70.0, output="Position"))
    star = g.times(g.smooth(cell, 0.035, 0.0), g.smooth(bright, 0.86, 1.0))
    star = g.times(g.times(star, g.smooth(z, 0.08, 0.4)), g.light_path("Is Camera Ray"))
    return g.mix(g.times(star, 0.6), rgb, (0.5, 0.55, 0.65))
