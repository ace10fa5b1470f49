"""The light of outdoor places: sun lamp, sky with clouds, dusk and night; and plain surroundings for rooms."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from ...take import Place
from .colour import RGB
from .daylight import Daylight, daylight
from .graph import Graph

SUN_ANGLE_DEG = 0.9
"""A little wider than the real 0.53°, as through the haze of a town."""


def outdoors(place: Place) -> Daylight:
    """Light the scene as the place and hour ask; returns what was set."""
    light = daylight(place)
    g = _world()
    at = g.add("ShaderNodeTexCoord").outputs["Generated"]
    radiance = _night_sky(g, at) if light.night else _day_sky(g, at, light, place.weather)
    _background(g, radiance)
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
        radiance = g.shade(sky, light.sky_strength)
        radiance = _clouds(g, at, radiance, light)
    below = g.smooth(z, 0.0, -0.03)
    return g.mix(below, radiance, tuple(0.45 * c for c in light.haze))


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
    threshold = float(np.interp(light.cover, (0.0, 1.0), (0.66, 0.36)))
    thick = g.smooth(puffs, threshold - 0.03, threshold + 0.16)
    cirrus = g.noise(g.vscale(plane, (0.25, 1.6, 1.0)), 0.9, detail=6, roughness=0.62, distortion=0.9)
    thin = g.times(g.smooth(cirrus, 0.50, 0.78), 0.5)
    low = float(np.interp(light.elevation_deg, (0.0, 25.0), (1.0, 0.0)))
    peak = max(light.sun)
    warm = tuple(c / peak * p for c, p in zip(light.sun, (1.0, 0.88, 0.8), strict=True)) if peak > 0 else (1.0, 1.0, 1.0)
    lit_level = max(light.haze) * (1.35 + 0.9 * low)
    lit = tuple(lit_level * (low * w + (1 - low)) for w in warm)
    dim = tuple(0.62 * c for c in light.haze)
    shaded_rgb = (dim[0] * (1 - 0.25 * low), dim[1] * (1 - 0.3 * low), dim[2])
    body = g.mix(g.times(toward, toward), shaded_rgb, lit)
    edge = g.mix(g.smooth(thick, 0.15, 0.9), g.shade(lit, g.rescale(toward, 0.0, 1.0, 0.55, 1.25)), body)
    fade = g.smooth(z, 0.015, 0.16)
    out = g.mix(g.times(g.times(thin, fade), g.rescale(toward, 0.0, 1.0, 0.5, 1.0)), clear, lit)
    return g.mix(g.times(g.times(thick, 0.88), fade), out, edge)


def _night_sky(g: Graph, at: Any) -> Any:
    """The sky over a town an hour after sunset: deep blue, a glow low down, a few stars."""
    _, _, z = g.split(at)
    up = g.math("MAXIMUM", z, 0.0)
    rgb = g.ramp(
        up, [(0.0, (0.034, 0.031, 0.034)), (0.10, (0.017, 0.021, 0.036)), (0.35, (0.0075, 0.0125, 0.030)), (1.0, (0.0035, 0.0065, 0.018))]
    )
    cell = g.voronoi(at, 70.0)
    bright = g.white(g.voronoi(at, 70.0, output="Position"))
    star = g.times(g.smooth(cell, 0.035, 0.0), g.smooth(bright, 0.86, 1.0))
    star = g.times(g.times(star, g.smooth(z, 0.08, 0.4)), g.light_path("Is Camera Ray"))
    return g.mix(g.times(star, 0.6), rgb, (0.5, 0.55, 0.65))
