"""Which set, which light, which ground."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Scene
from ..frame import Deed, Frame
from . import _earth
from ._sheet import Sheet, facts

HOOP_ACTIONS = {"jump_shot", "free_throw", "shoot"}


def choose_set(sheet: Sheet) -> None:
    """The set that was asked for, else the one its ground or its actions ask for."""
    frame = sheet.frame
    name = frame.place or _by_action(frame) or _by_ground(frame) or _by_seat(frame) or _by_default(frame)
    if _shoots(frame) and "hoop" not in library.set_(name).marks:
        court = _by_action(frame)
        frame.missed.append(f"{name.replace('_', ' ')} (shown as: {court.replace('_', ' ')})")
        name = court
    sheet.where = name
    if not frame.time_of_day:
        frame.time_of_day = "afternoon"


def _ground(sheet: Sheet) -> str:
    """The ground that was asked for, where the set has another; any wooden floor is a wooden floor."""
    asked, there = sheet.frame.ground, library.set_(sheet.where).ground
    wooden = ("wood", "hardwood", "parquet")
    if not asked or asked == there or (asked == "wood" and there in wooden):
        return ""
    return "hardwood" if asked == "wood" else asked


def _shoots(frame: Frame) -> bool:
    return any(isinstance(d, Deed) and d.action in HOOP_ACTIONS for d in frame.happenings)


def _by_action(frame: Frame) -> str:
    if not (_shoots(frame) or frame.court):
        return ""
    inside = frame.indoor if frame.indoor is not None else frame.ground in ("wood", "parquet", "hardwood")
    return "gym" if inside else "outdoor_court"


def _by_ground(frame: Frame) -> str:
    sets = facts("staging")["ground"].get(frame.ground, [])
    fits = [s for s in sets if frame.indoor is None or library.set_(s).indoor == frame.indoor]
    if not fits and frame.ground:
        return "street" if frame.indoor is False else "studio"
    return fits[0] if fits else ""


def _by_seat(frame: Frame) -> str:
    """Sofas and armchairs stand in rooms."""
    soft = any(library.prop(item.kind).params.get("cushion") for item in frame.items)
    return "living_room" if soft and frame.indoor is not False else ""


def _by_default(frame: Frame) -> str:
    if frame.figures and not frame.indoor:
        return "park"
    if frame.indoor is False or frame.time_of_day in ("sunset",) or frame.weather:
        return "park"
    return "living_room"


def scene(sheet: Sheet, view_deg: float, faces_deg: list[float]) -> Scene:
    """The scene's record; the sun stands where it lights the faces, beside or behind the camera.

    `view_deg` and `faces_deg` are headings clockwise from +Y: where the camera looks, where the people look.
    """
    frame, kind = sheet.frame, library.set_(sheet.where)
    sun = facts("staging")["sun"]
    elevation = sun[frame.time_of_day] if frame.sun_elevation is None else frame.sun_elevation
    place = _earth.on_earth(frame)
    if place is not None:
        elevation = round(_earth.sun(place)[0], 1)
        frame.time_of_day = _time_of_day(elevation, int(place.local_time[:2]))
    azimuth = (_azimuth(view_deg, faces_deg, elevation) + 180) % 360 - 180
    return Scene.model_validate(
        {
            "id": sheet.scene,
            "set": sheet.where,
            "time_of_day": frame.time_of_day,
            "sun_elevation_deg": elevation,
            "sun_azimuth_deg": round(azimuth, 1),
            "weather": frame.weather or "clear",
            "ambience": kind.ambience,
            "ambience_level_db": -48.0 if kind.indoor else -40.0,
            "gravity": 9.81 if frame.gravity is None else frame.gravity,
            "seconds": sheet.seconds,
            "ground": _ground(sheet),
            "lighting": frame.lighting or _lighting(sheet),
            "on_earth": _earth.on_earth(frame, azimuth),
        }
    )


def _lighting(sheet: Sheet) -> str:
    """Where nothing is said: at night a room's lamps leave faces in the dark, and films help them a little."""
    dark = sheet.frame.time_of_day == "night" and bool(sheet.frame.figures)
    return library.set_(sheet.where).night_lighting if dark else "natural"


def _time_of_day(elevation: float, hour: int) -> str:
    """The word for the light of a sun at that height [deg], before or after noon."""
    sun = facts("staging")["sun"]
    if elevation < sun["dark"]:
        return "night"
    if elevation < sun["low"]:
        return "morning" if hour < 12 else "sunset"
    return "noon" if elevation >= sun["high"] else "morning" if hour < 12 else "afternoon"


def _azimuth(view_deg: float, faces_deg: list[float], elevation: float) -> float:
    """Where the sun stands, clockwise from +Y [deg]: beside the view; behind the camera only as far as faces need it.

    A low sun stays beside: then its shadows are long in the picture.
    """
    sun = facts("staging")["sun"]
    offsets = [o for o in sun["off_view_deg"] if elevation >= sun["low"] or o <= sun["low_off_view_deg"]]
    best, lit = float(view_deg + offsets[0]), -2.0
    for offset in offsets:
        for side in (1, -1):
            angle = view_deg + side * offset
            least = min((math.cos(math.radians(angle - face)) for face in faces_deg), default=0.0)
            if min(least, sun["enough"]) > lit + 1e-6:
                best, lit = float(angle), min(least, sun["enough"])
    return best
