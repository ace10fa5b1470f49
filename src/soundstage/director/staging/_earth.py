"""Where on earth a scene is and when: the sun then stands where it stood there."""

from __future__ import annotations

import datetime as dt
import math

from ...screenplay.model import OnEarth
from ..frame import Frame
from ._sheet import facts

TILT_DEG = 23.44


def on_earth(frame: Frame, azimuth_deg: float | None = None) -> OnEarth | None:
    """The place and time that a frame names; None if it names no city, or neither a date nor a time.

    `azimuth_deg`, clockwise from +Y, is where the sun shall stand in the set: +Y is turned so that it does, because
    nothing was said of which way the set looks.
    """
    table = facts("cities")
    sunny = frame.time_of_day == "sunset" or (frame.time_of_day == "morning" and frame.sun_elevation is not None)
    if not frame.city or (frame.clock is None and (frame.date is None or sunny)):
        return None
    city = table["city"][frame.city]
    latitude, longitude = city["at"]
    date = _date(frame, latitude)
    hours = frame.clock
    if hours is None:
        hour, minute = table["clock"][frame.time_of_day or "afternoon"].split(":")
        hours = int(hour) + int(minute) / 60
    minutes = round(hours * 60) % (24 * 60)
    offset = city["utc"] + _saved(date, city["rule"])
    place = OnEarth(
        latitude_deg=latitude, longitude_deg=longitude, date=date.isoformat(),
        local_time=f"{minutes // 60:02d}:{minutes % 60:02d}", utc_offset_h=offset, north_deg=0.0,
    )  # fmt: skip
    if azimuth_deg is None:
        return place
    north = (sun(place)[1] - azimuth_deg + 180) % 360 - 180
    return place.model_copy(update={"north_deg": round(north, 1)})


def _date(frame: Frame, latitude: float) -> dt.date:
    table = facts("cities")
    if frame.date is None:
        month, day = table["summer"]["north" if latitude >= 0 else "south"].split("-")
        return dt.date(table["year"], int(month), int(day))
    year, month, day = frame.date
    last = (dt.date(2000 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    year = year or table["year"]
    if month == 2 and year % 4:
        last = 28
    return dt.date(year, month, min(day, last))


def _saved(date: dt.date, rule: str) -> float:
    """Hours the clock is ahead of standard time on a date."""
    if not rule:
        return 0.0
    spring, autumn = (_sunday(date.year, *facts("cities")["daylight_saving"][rule][k]) for k in ("from", "until"))
    inside = spring <= date < autumn if spring < autumn else date >= spring or date < autumn
    return 1.0 if inside else 0.0


def _sunday(year: int, month: int, which: int) -> dt.date:
    """The n-th Sunday of a month; -1 is the last."""
    if which < 0:
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return after - dt.timedelta(days=(after.weekday() + 1) % 7 or 7)
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))


def sun(place: OnEarth) -> tuple[float, float]:
    """Elevation and azimuth (clockwise from north) of the sun [deg], within about a degree.

    Low-precision formulas of the Astronomical Almanac: mean anomaly, ecliptic longitude, declination, hour angle.
    """
    hour, minute = (int(x) for x in place.local_time.split(":"))
    moment = dt.datetime.fromisoformat(place.date) + dt.timedelta(hours=hour - place.utc_offset_h, minutes=minute)
    days = (moment - dt.datetime(2000, 1, 1, 12)).total_seconds() / 86400
    anomaly = math.radians(357.528 + 0.9856003 * days)
    longitude = math.radians(280.460 + 0.9856474 * days + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(TILT_DEG)
    ascension = math.atan2(math.cos(tilt) * math.sin(longitude), math.cos(longitude))
    declination = math.asin(math.sin(tilt) * math.sin(longitude))
    sidereal = math.radians((280.46062 + 360.98564737 * days + place.longitude_deg) % 360)
    angle, latitude = sidereal - ascension, math.radians(place.latitude_deg)
    height = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(angle)
    azimuth = math.atan2(
        -math.sin(angle), math.tan(declination) * math.cos(latitude) - math.sin(latitude) * math.cos(angle)
    )
    return math.degrees(math.asin(height)), math.degrees(azimuth) % 360
