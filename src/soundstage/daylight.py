"""How much light falls from where: sun and sky by elevation and weather. Pure numbers, no Blender.

The unit of radiance is that of Blender's Nishita sky (about 5 klx of illuminance on a white matt plane), scaled so
that a white surface turned to the light comes out near 1 at any hour: what a photographer does with the exposure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import library
from .colour import RGB, blackbody, luminance, scaled
from .take import Place

_NISHITA_ELEVATION = (-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 7.0, 10.0, 15.0, 22.0, 38.0, 62.0, 85.0)
_NISHITA_WHITE = (0.0001, 0.0187, 0.109, 0.349, 0.715, 1.062, 1.471, 1.77, 2.116, 2.423, 2.787, 3.016, 3.084)
"""Radiance of a white matt plane under the Nishita sky without its sun, dust 1; measured."""
_KLUX_PER_UNIT = 5.1
_OPTICAL_DEPTH = (0.190, 0.236, 0.333)
"""Of a clear atmosphere at 610, 550 and 465 nm: Rayleigh + aerosol (Ångström 0.05, 1.3) + ozone."""
_SUN_KLUX = 128.0
"""Outside the atmosphere."""
_NIGHT_BELOW_DEG = -6.0
"""End of civil twilight."""
_DISC_DEG = 0.27
"""Half the width of the sun's disc."""
_DUSK = ((-6.0, -4.0, -2.0, 0.5), (0.20, 0.34, 0.62, 1.0))
"""How bright pictures of the twilight are by the sun's elevation: less than of the day, or dusk looks like it."""
_LAMPS = ((-6.0, -4.0, -2.0, 0.0), (1.0, 0.75, 0.40, 0.15))
"""Lamps of a town by the sun's elevation, in pictures exposed for the hour: they pale before the sky."""
_MOON = 0.26
"""Radiance that the moon gives a white plane: far too much for the eye that knows, and what films are lit with."""
_DIRECT = {"clear": 1.0, "cloudy": 0.55, "overcast": 0.0}


@dataclass(frozen=True, kw_only=True)
class Daylight:
    """What lights an outdoor scene."""

    night: bool
    lamps: float
    """How bright lamps are beside what they are at night, 0 (off) … 1."""
    direction: tuple[float, float, float]
    """Unit vector towards the sun (or the moon)."""
    sun: RGB
    """Radiance that the sun alone gives a white matt plane turned to it."""
    sky_strength: float
    """Factor on the sky's radiance."""
    white_sky: float
    """Radiance that the sky alone gives a white matt plane turned up."""
    haze: RGB
    """Radiance of the air near the horizon, averaged around."""
    dust: float
    cover: float
    """Part of the sky under clouds, 0…1."""
    azimuth_deg: float
    elevation_deg: float


def fading(elevation_deg: float) -> float:
    """How much light the sky has left of what it has while the sun sets, 1 … 0."""
    now, then = np.interp((min(elevation_deg, 2.0), 2.0), _NISHITA_ELEVATION, _NISHITA_WHITE)
    return float(now / then)


def is_night(place: Place) -> bool:
    """Whether it is dark outdoors."""
    return place.time_of_day == "night" or place.sun_elevation_deg < _NIGHT_BELOW_DEG


def lamplight(place: Place) -> float:
    """How bright a town's lamps are beside what they are at night: 0 by day, where they are off, 1 at night."""
    if is_night(place):
        return 1.0
    return float(np.interp(place.sun_elevation_deg, *_LAMPS)) if place.sun_elevation_deg < 0.0 else 0.0


def exposed_white(place: Place) -> float:
    """Radiance of a white card in what counts as good light at the hour of a place: what added lamps are set by."""
    if library.set_(place.set).indoor:
        return 0.85
    if is_night(place):
        return 0.40
    return float(np.interp(place.sun_elevation_deg, (_NIGHT_BELOW_DEG, 0.0, 6.0), (0.40, 0.85, 1.1)))


def daylight(place: Place) -> Daylight:
    """The light of a place at its hour."""
    elevation = place.sun_elevation_deg
    azimuth = np.radians(place.sun_azimuth_deg)
    if is_night(place):
        return _night(place)
    h = np.radians(max(elevation, 0.5))
    direction = (float(np.sin(azimuth) * np.cos(h)), float(np.cos(azimuth) * np.cos(h)), float(np.sin(h)))
    white_sky = float(np.interp(elevation, _NISHITA_ELEVATION, _NISHITA_WHITE))
    # Evening air is hazier than clear air: the low sun is redder.
    transmitted = _transmittance(elevation, float(np.interp(elevation, (2.0, 20.0), (1.25, 1.0))))
    direct = _DIRECT[place.weather]
    # A low sun is let through a little better than clear air would: the look of the hour is its long warm light.
    clarity = float(np.interp(elevation, (2.0, 25.0), (2.0, 1.0)))
    risen = float(np.clip((elevation + _DISC_DEG) / (2 * _DISC_DEG), 0.0, 1.0))
    beam = scaled(transmitted, _SUN_KLUX / _KLUX_PER_UNIT * direct * clarity * risen)
    # Exposed for what faces the light. Skin that a low sun shines on would bleach: a little less than at noon.
    lift = float(np.interp(elevation, (0.0, 6.0, 40.0), (1.1, 1.2, 0.95)))
    exposure = lift * 1.25 / (0.5 * luminance(beam) + 1.5 * white_sky) * float(np.interp(elevation, *_DUSK))
    low = float(np.interp(elevation, (2.0, 25.0), (1.0, 0.0)))
    warm = (0.9 * transmitted[0] ** 0.35, 0.78 * transmitted[1] ** 0.35, 0.62 * transmitted[2] ** 0.35)
    clear = (0.62, 0.72, 0.85)
    haze_rgb = tuple((low * w + (1 - low) * c) for w, c in zip(warm, clear, strict=True))
    haze = scaled((haze_rgb[0], haze_rgb[1], haze_rgb[2]), white_sky * exposure * 1.1)
    return Daylight(
        night=False,
        lamps=lamplight(place),
        direction=direction,
        sun=scaled(beam, exposure),
        sky_strength=exposure,
        white_sky=white_sky * exposure,
        haze=haze,
        dust=float(np.interp(elevation, (0.0, 30.0), (1.8, 1.0))),
        cover={"clear": 0.32, "cloudy": 0.62, "overcast": 1.0}[place.weather],
        azimuth_deg=place.sun_azimuth_deg,
        elevation_deg=elevation,
    )


def _night(place: Place) -> Daylight:
    """A bluish moon under a dark blue sky; lamps are the scenery's."""
    azimuth, h = np.radians(place.sun_azimuth_deg + 140.0), np.radians(42.0)
    return Daylight(
        night=True,
        lamps=1.0,
        direction=(float(np.sin(azimuth) * np.cos(h)), float(np.cos(azimuth) * np.cos(h)), float(np.sin(h))),
        sun=scaled(blackbody(8500.0), _MOON * {"clear": 1.0, "cloudy": 0.6, "overcast": 0.0}[place.weather]),
        sky_strength=1.0,
        white_sky=0.025,
        haze=(0.020, 0.025, 0.042),
        dust=1.0,
        cover={"clear": 0.2, "cloudy": 0.5, "overcast": 1.0}[place.weather],
        azimuth_deg=place.sun_azimuth_deg,
        elevation_deg=place.sun_elevation_deg,
    )


def _transmittance(elevation_deg: float, haze: float) -> RGB:
    """Part of the sun's light, per channel, that comes straight down (Kasten & Young air mass).

    `haze` is a factor on the optical depth of clear air.
    """
    h = max(elevation_deg, 0.0)
    air_mass = 1.0 / (np.sin(np.radians(h)) + 0.50572 * (h + 6.07995) ** -1.6364)
    r, g, b = (float(np.exp(-depth * haze * air_mass)) for depth in _OPTICAL_DEPTH)
    return r, g, b
