"""Where the sun stands: elevation and azimuth from a place and a time on earth.

The sun's apparent place follows Meeus, Astronomical Algorithms (2nd ed. 1998), chapters 25 (Solar coordinates, the
method of 0.01°) and 12 (sidereal time), as NOAA's solar calculator does; parallax (at most 0.0024°) is left out.
Refraction is Sæmundsson's formula (chapter 16), for 1010 hPa and 10 °C: 0.48° at the horizon, nothing below -2°. Good
to 0.02° from 1900 to 2100; real air near the horizon differs from the standard by more than that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from ..errors import ScreenplayError
from ..screenplay.model import OnEarth

TimeOfDay = Literal["morning", "noon", "afternoon", "sunset", "night"]

NIGHT_BELOW_DEG = -6.0
"""End of civil twilight: faces are no longer told apart without lamps."""
SUNSET_BELOW_DEG = 10.0
"""A falling sun this low gives the light called sunset."""
NOON_WITHIN_H = 1.25
"""Hours either side of the sun's highest stand that are called noon."""
_DELTA_T_S = 69.0
"""Terrestrial time less universal time, 2020s; a minute of it moves the sun by 0.0007° on its path."""


@dataclass(frozen=True)
class Sun:
    """Where the sun stands."""

    elevation_deg: float
    """Of the middle of its disc as seen, refraction included."""
    azimuth_deg: float
    """Clockwise from north, 0…360."""
    hour_angle_deg: float
    """West of the meridian, -180…180: negative in the morning."""

    @property
    def time_of_day(self) -> TimeOfDay:
        """What the hour is called."""
        if self.elevation_deg < NIGHT_BELOW_DEG:
            return "night"
        if self.hour_angle_deg > 0.0 and self.elevation_deg < SUNSET_BELOW_DEG:
            return "sunset"
        if abs(self.hour_angle_deg) < NOON_WITHIN_H * 15.0 and self.elevation_deg >= SUNSET_BELOW_DEG:
            return "noon"
        return "morning" if self.hour_angle_deg < 0.0 else "afternoon"


def sun_on_earth(place: OnEarth, path: str = "on_earth") -> Sun:
    """Where the sun stands at a place and time; `path` names the field in errors.

    Raises:
        ScreenplayError: there is no such day.
    """
    try:
        day = date.fromisoformat(place.date)
    except ValueError:
        raise ScreenplayError(f"{path}.date: there is no day {place.date!r}", "give year, month and day") from None
    hour, minute = (int(part) for part in place.local_time.split(":"))
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    try:
        moment = local - timedelta(hours=place.utc_offset_h)
    except OverflowError:
        raise ScreenplayError(f"{path}.date: {place.date} is out of range", "years 1 to 9999 can be had") from None
    return sun_at(moment, place.latitude_deg, place.longitude_deg)


def in_set(azimuth_deg: float, north_deg: float) -> float:
    """Azimuth in a set whose +Y points `north_deg` clockwise from north, clockwise from +Y, -180…180."""
    return (azimuth_deg - north_deg + 180.0) % 360.0 - 180.0


def sun_at(moment: datetime, latitude_deg: float, longitude_deg: float) -> Sun:
    """Where the sun stands at a moment (with its time zone), seen from a place."""
    days = (moment - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400.0  # since J2000.0, UT
    right_ascension, declination, nutation = _apparent(days + _DELTA_T_S / 86400.0)
    sidereal = 280.46061837 + 360.98564736629 * days + 0.000387933 * (days / 36525.0) ** 2 + nutation
    hour_angle = (sidereal + longitude_deg - right_ascension + 180.0) % 360.0 - 180.0
    h, d, p = (math.radians(angle) for angle in (hour_angle, declination, latitude_deg))
    up = math.sin(p) * math.sin(d) + math.cos(p) * math.cos(d) * math.cos(h)
    north = math.cos(p) * math.sin(d) - math.sin(p) * math.cos(d) * math.cos(h)
    east = -math.cos(d) * math.sin(h)
    true = math.degrees(math.atan2(up, math.hypot(north, east)))
    return Sun(
        elevation_deg=true + refraction(true),
        azimuth_deg=math.degrees(math.atan2(east, north)) % 360.0,
        hour_angle_deg=hour_angle,
    )


def refraction(true_deg: float) -> float:
    """How much higher than it is the air shows something [deg] (Sæmundsson, in Meeus 16.4); fades out below -1°."""
    bent = 1.02 / 60.0 / math.tan(math.radians(max(true_deg, -1.0) + 10.3 / (max(true_deg, -1.0) + 5.11)))
    return max(bent, 0.0) * min(max(true_deg + 2.0, 0.0), 1.0)


def _apparent(days: float) -> tuple[float, float, float]:
    """Apparent right ascension and declination of the sun, and nutation in right ascension [deg] (Meeus 25).

    Args:
        days: of terrestrial time since J2000.0.
    """
    t = days / 36525.0
    mean_longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = math.radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t * t) * math.sin(anomaly)
        + (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    node = math.radians(125.04 - 1934.136 * t)
    longitude = math.radians(mean_longitude + centre - 0.00569 - 0.00478 * math.sin(node))
    obliquity = math.radians(23.439291 - 0.0130042 * t + 0.00256 * math.cos(node))
    ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    declination = math.asin(math.sin(obliquity) * math.sin(longitude))
    return math.degrees(ascension), math.degrees(declination), -0.00478 * math.sin(node) * math.cos(obliquity)
