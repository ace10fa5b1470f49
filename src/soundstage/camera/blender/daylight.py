"""How much light falls from where: sun and sky by elevation and weather. Pure numbers, no Blender.

The unit of radiance is that of Blender's Nishita sky (about 5 klx of illuminance on a white matt plane), scaled so
that a white surface turned to the light comes out near 1 at any hour: what a photographer does with the exposure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...take import Place
from .colour import RGB, blackbody, luminance, scaled

_NISHITA_ELEVATION = (-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 7.0, 10.0, 15.0, 22.0, 38.0, 62.0, 85.0)
_NISHITA_WHITE = (0.0001, 0.0187, 0.109, 0.349, 0.715, 1.062, 1.471, 1.77, 2.116, 2.423, 2.787, 3.016, 3.084)
"""Radiance of a white matt plane under the Nishita sky without its sun, dust 1; measured."""
_KLUX_PER_UNIT = 5.1
_OPTICAL_DEPTH = (0.190, 0.236, 0.333)
"""Of a clear atmosphere at 610, 550 and 465 nm: Rayleigh + aerosol (Ångström 0.05, 1.3) + ozone."""
_SUN_KLUX = 128.0
"""Outside the atmosphere."""
_DIRECT = {"clear": 1.0, "cloudy": 0.55, "overcast": 0.0}


@dataclass(frozen=True, kw_only=True)
class Daylight:
    """What lights an outdoor scene."""

    night: bool
    direction: tuple[float, float, float]
    """Unit vector towards the sun (or the moon)."""
    sun: RGB
    """Radiance that the sun alone gives a white matt plane turned to it."""
    sky_strength: float
    """Factor on the sky's radiance."""
    haze: RGB
    """Radiance of the air near the horizon, averaged around."""
    dust: float
    cover: float
    """Part of the sky under clouds, 0…1."""
    azimuth_deg: float
    elevation_deg: float


def daylight(place: Place) -> Daylight:
    """The light of a place at its hour."""
    elevation = place.sun_elevation_deg
    azimuth = np.radians(place.sun_azimuth_deg)
    if place.time_of_day == "night" or elevation < -6.0:
        return _night(place)
    h = np.radians(max(elevation, 0.5))
    direction = (float(np.sin(azimuth) * np.cos(h)), float(np.cos(azimuth) * np.cos(h)), float(np.sin(h)))
    white_sky = float(np.interp(elevation, _NISHITA_ELEVATION, _NISHITA_WHITE))
    transmitted = _transmittance(elevation)
    direct = _DIRECT[place.weather]
    # A low sun is let through a little better than clear air would: the look of the hour is its long warm light.
    clarity = float(np.interp(elevation, (2.0, 25.0), (2.4, 1.0)))
    beam = scaled(transmitted, _SUN_KLUX / _KLUX_PER_UNIT * direct * clarity)
    # Exposed for what faces the light. When the sun is low the ground sees little of it: open up somewhat.
    lift = float(np.interp(elevation, (0.0, 6.0, 40.0), (1.0, 1.45, 0.95)))
    exposure = lift * 1.25 / (0.5 * luminance(beam) + 1.5 * white_sky)
    low = float(np.interp(elevation, (2.0, 25.0), (1.0, 0.0)))
    warm = (0.9 * transmitted[0] ** 0.35, 0.78 * transmitted[1] ** 0.35, 0.62 * transmitted[2] ** 0.35)
    clear = (0.62, 0.72, 0.85)
    haze_rgb = tuple((low * w + (1 - low) * c) for w, c in zip(warm, clear, strict=True))
    haze = scaled((haze_rgb[0], haze_rgb[1], haze_rgb[2]), white_sky * exposure * 1.1)
    return Daylight(
        night=False,
        direction=direction,
        sun=scaled(beam, exposure),
        sky_strength=exposure,
        haze=haze,
        dust=float(np.interp(elevation, (0.0, 30.0), (1.8, 1.0))),
        cover={"clear": 0.32, "cloudy": 0.62, "overcast": 1.0}[place.weather],
        azimuth_deg=place.sun_azimuth_deg,
        elevation_deg=elevation,
    )


def _night(place: Place) -> Daylight:
    """A moon that barely draws shadows, under a dark blue sky; lamps are the scenery's."""
    azimuth, h = np.radians(place.sun_azimuth_deg + 140.0), np.radians(42.0)
    return Daylight(
        night=True,
        direction=(float(np.sin(azimuth) * np.cos(h)), float(np.cos(azimuth) * np.cos(h)), float(np.sin(h))),
        sun=scaled(blackbody(6200.0), 0.012),
        sky_strength=1.0,
        haze=(0.016, 0.018, 0.026),
        dust=1.0,
        cover={"clear": 0.2, "cloudy": 0.5, "overcast": 1.0}[place.weather],
        azimuth_deg=place.sun_azimuth_deg,
        elevation_deg=place.sun_elevation_deg,
    )


def _transmittance(elevation_deg: float) -> RGB:
    """Part of the sun's light, per channel, that comes straight down through clear air (Kasten & Young air mass)."""
    h = max(elevation_deg, 0.0)
    air_mass = 1.0 / (np.sin(np.radians(h)) + 0.50572 * (h + 6.07995) ** -1.6364)
    r, g, b = (float(np.exp(-depth * air_mass)) for depth in _OPTICAL_DEPTH)
    return r, g, b
