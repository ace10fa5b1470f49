"""The sun on earth: against published values, against another formulation, and in a screenplay's Take."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import document
from soundstage.errors import ScreenplayError
from soundstage.rehearsal.layout import lay_out
from soundstage.rehearsal.sun import in_set, refraction, sun_at, sun_on_earth
from soundstage.screenplay import Screenplay
from soundstage.screenplay.model import OnEarth

# Geometric elevation and azimuth, from XEphem's VSOP87 (PyEphem 4.2.1, pressure 0).
EPHEMERIS = [
    ("London", "2024-06-21T12:00", 51.5074, -0.1278, 61.924, 178.814),
    ("New York", "2024-12-21T21:00", 40.7128, -74.0060, 4.226, 233.857),
    ("Sydney", "2023-01-15T22:30", -33.8688, 151.2093, 41.253, 89.222),
    ("Tokyo", "2025-03-20T00:00", 35.6762, 139.6503, 36.868, 122.851),
    ("Reykjavik", "2024-06-21T01:00", 64.1466, -21.9426, -2.227, 353.210),
    ("Quito", "2026-09-24T17:00", -0.1807, -78.4678, 88.467, 108.360),
    ("Cape Town", "2000-02-29T15:00", -33.9249, 18.4241, 28.811, 280.710),
    ("Tromsø", "2023-12-21T10:45", 69.6492, 18.9553, -3.090, 180.669),
    ("Mumbai", "1969-07-20T12:30", 19.0760, 72.8777, 16.666, 286.613),
]


def geometric(apparent_deg: float) -> float:
    """Elevation without refraction."""
    true = apparent_deg
    for _ in range(20):
        true = apparent_deg - refraction(true)
    return true


@pytest.mark.parametrize(
    "name, when, latitude, longitude, elevation, azimuth", EPHEMERIS, ids=[e[0] for e in EPHEMERIS]
)
def test_the_sun_stands_where_an_ephemeris_has_it(
    name: str, when: str, latitude: float, longitude: float, elevation: float, azimuth: float
) -> None:
    sun = sun_at(datetime.fromisoformat(when).replace(tzinfo=UTC), latitude, longitude)
    assert geometric(sun.elevation_deg) == pytest.approx(elevation, abs=0.02)
    off = (sun.azimuth_deg - azimuth + 180.0) % 360.0 - 180.0
    assert abs(off) * math.cos(math.radians(elevation)) < 0.02


def test_the_example_of_the_solar_position_algorithm() -> None:
    """Reda & Andreas, NREL/TP-560-34302, table A5.1: zenith 50.11162°, azimuth 194.34024° (at 820 hPa, 1830 m)."""
    moment = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7)))
    sun = sun_at(moment, 39.742476, -105.1786)
    assert sun.elevation_deg == pytest.approx(90 - 50.11162, abs=0.01)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=0.01)


@given(days=st.floats(-18000, 18000), latitude=st.floats(-85, 85), longitude=st.floats(-180, 180))
@settings(max_examples=200, deadline=None)
def test_it_agrees_with_the_almanacs_short_formulas(days: float, latitude: float, longitude: float) -> None:
    """Astronomical Almanac, section C: low-precision formulas for the sun, good to 0.01° from 1950 to 2050."""
    moment = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
    mean, anomaly = 280.460 + 0.9856474 * days, math.radians(357.528 + 0.9856003 * days)
    ecliptic = math.radians(mean + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439 - 0.0000004 * days)
    sun = (math.cos(ecliptic), math.cos(tilt) * math.sin(ecliptic), math.sin(tilt) * math.sin(ecliptic))
    # The vector turned with the earth, then measured against the observer's own up and north.
    turn = math.radians(280.46062 + 360.98564737 * days + longitude)
    x = sun[0] * math.cos(turn) + sun[1] * math.sin(turn)
    y = sun[1] * math.cos(turn) - sun[0] * math.sin(turn)
    p = math.radians(latitude)
    up, north, east = x * math.cos(p) + sun[2] * math.sin(p), sun[2] * math.cos(p) - x * math.sin(p), y
    found = sun_at(moment, latitude, longitude)
    h, a = math.radians(geometric(found.elevation_deg)), math.radians(found.azimuth_deg)
    seen = (math.cos(h) * math.sin(a), math.cos(h) * math.cos(a), math.sin(h))
    apart = math.dist(seen, (east, north, up))  # of unit vectors: the angle between them
    assert math.degrees(apart) < 0.05


def test_refraction_lifts_the_horizon_and_nothing_far_below_it() -> None:
    assert refraction(-0.5667) * 60 == pytest.approx(34.0, abs=1.0)  # a sun seen on the horizon is 34' below it
    assert refraction(0.0) * 60 == pytest.approx(29.0, abs=1.0)
    assert refraction(45.0) * 60 == pytest.approx(1.0, abs=0.1)
    assert refraction(-2.0) == refraction(-40.0) == 0.0


def earth(date: str = "2024-06-21", time: str = "12:00", **more: Any) -> OnEarth:
    """London."""
    values = {"latitude_deg": 51.5074, "longitude_deg": -0.1278, "utc_offset_h": 1.0, "north_deg": 0.0}
    return OnEarth.model_validate({**values, "date": date, "local_time": time, **more})


def test_sunrise_and_sunset_are_those_of_the_almanac() -> None:
    """London, 21 June 2024: 04:43 and 21:21 BST (upper limb on the horizon: the middle of the disc at -0.27°).

    Times to the whole minute, in which the sun moves by 0.12°.
    """
    for time in ("04:43", "21:21"):
        assert sun_on_earth(earth(time=time)).elevation_deg == pytest.approx(-0.27, abs=0.15)


@pytest.mark.parametrize(
    "time, name",
    [("02:00", "night"), ("04:20", "morning"), ("05:30", "morning"), ("09:00", "morning"), ("13:02", "noon"),
     ("17:00", "afternoon"), ("20:50", "sunset"), ("21:50", "sunset"), ("23:30", "night")],
)  # fmt: skip
def test_the_hour_has_its_name(time: str, name: str) -> None:
    assert sun_on_earth(earth(time=time)).time_of_day == name


def test_a_low_winter_sun_at_noon_is_not_a_sunset_before_noon() -> None:
    assert sun_on_earth(earth("2024-12-21", "11:30", latitude_deg=64.0, utc_offset_h=0.0)).time_of_day == "morning"


def test_the_clock_counts_from_its_own_offset() -> None:
    east = sun_on_earth(earth(time="14:00", utc_offset_h=2.0))
    assert east == sun_on_earth(earth(time="12:00", utc_offset_h=0.0))
    late = sun_on_earth(earth("2024-06-22", "00:30", utc_offset_h=1.0))
    assert late == sun_on_earth(earth("2024-06-21", "23:30", utc_offset_h=0.0))


def test_a_set_can_be_turned_against_north() -> None:
    assert in_set(180.0, 0.0) == -180.0
    assert in_set(100.0, 90.0) == pytest.approx(10.0)  # +Y points east: the sun just right of it
    assert in_set(10.0, -90.0) == pytest.approx(100.0)


def test_the_take_has_the_sun_of_its_place_on_earth() -> None:
    fields = document()
    fields["scenes"][0].update(time_of_day="noon", sun_elevation_deg=50.0, sun_azimuth_deg=0.0)
    fields["scenes"][0]["on_earth"] = earth(time="20:50", north_deg=30.0).model_dump()
    sp = Screenplay.model_validate(fields)
    place = lay_out(sp, sp.scenes[0]).place
    sun = sun_on_earth(earth(time="20:50"))
    assert place.time_of_day == "sunset"
    assert place.sun_elevation_deg == pytest.approx(sun.elevation_deg, abs=0.001)
    assert (place.sun_azimuth_deg - sun.azimuth_deg + 30.0 + 180.0) % 360.0 == pytest.approx(180.0, abs=0.001)


def test_a_day_that_is_not_in_the_calendar_is_named() -> None:
    fields = document()
    fields["scenes"][0]["on_earth"] = {**earth().model_dump(), "date": "2023-02-29"}
    sp = Screenplay.model_validate(fields)
    with pytest.raises(ScreenplayError, match=r"on_earth\.date: there is no day '2023-02-29'"):
        lay_out(sp, sp.scenes[0])


@pytest.mark.parametrize("date, time, offset", [("0001-01-01", "00:10", 14.0), ("9999-12-31", "23:50", -12.0)])
def test_the_ends_of_the_calendar_are_an_error_not_a_crash(date: str, time: str, offset: float) -> None:
    with pytest.raises(ScreenplayError, match="out of range"):
        sun_on_earth(earth(date, time, utc_offset_h=offset))
