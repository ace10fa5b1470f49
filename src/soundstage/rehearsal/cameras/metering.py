"""What each shot is exposed for: the light that falls towards its camera, as an incident light meter tells it.

A scene keeps one exposure, that of what faces its light. But a low sun lights one side of everything: who turns the
camera round finds the other, three stops darker. Operators open up for that, though not all the way, or evening would
look like noon.
"""

from __future__ import annotations

import numpy as np

from ... import library
from ...colour import luminance
from ...daylight import Daylight, daylight
from ...take import Array, Place

FOLLOWED = 0.6
"""Part of the difference [stops] that the exposure follows."""
LIMITS_EV = (-0.3, 0.9)
GROUND = 0.2
"""Albedo of the ground that throws light up."""


def metered(place: Place, forward: Array) -> float:
    """Exposure [EV] to add in a shot, from the directions (n, 3) its camera looks; 0 where lamps light the scene."""
    if library.set_(place.set).indoor:
        return 0.0
    light = daylight(place)
    if light.night:
        return 0.0
    towards = -np.asarray(forward, dtype=float).mean(axis=0)
    towards[2] = 0.0
    length = float(np.linalg.norm(towards))
    if length < 0.2:
        return 0.0  # straight down, or all round
    up = np.array([0.0, 0.0, 1.0])
    read = 0.5 * (_card(light, towards / length) + _card(light, up))
    normal = 0.5 * luminance(light.sun) + 0.8 * light.white_sky
    return float(np.clip(FOLLOWED * np.log2(normal / read), *LIMITS_EV))


def _card(light: Daylight, normal: Array) -> float:
    """Radiance of a white card with a normal (3,): sun, the sky it sees, and what the ground throws back."""
    direction = np.array(light.direction)
    sun = luminance(light.sun)
    ground = GROUND * (sun * max(direction[2], 0.0) + light.white_sky)
    sky, below = 0.5 * (1.0 + normal[2]), 0.5 * (1.0 - normal[2])
    return float(sun * max(float(normal @ direction), 0.0) + sky * light.white_sky + below * ground)


__all__ = ["metered"]
