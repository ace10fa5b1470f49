"""Which pictures show it: what was wished for, else the coverage that suits what happens."""

from __future__ import annotations

import math

from ...library import set_
from ..frame import ShotWish
from . import _coverage, _wishes
from ._sheet import Sheet


def shoot(sheet: Sheet) -> None:
    """Fill sheet.shots over the length of the scene."""
    wishes = sheet.frame.shots
    if any(_says_something(w) for w in wishes):
        _wishes.wished(sheet, sheet.seconds, wishes)
    else:
        _coverage.cover(sheet, sheet.seconds)
        if any(w.locked for w in wishes):
            _lock(sheet)
    _balance(sheet)


def _says_something(wish: ShotWish) -> bool:
    """It asks for more than that the camera stands still."""
    return bool(
        wish.size or wish.angle or wish.framing or wish.subjects or wish.moves or wish.pull or wish.focus or wish.cut
        or wish.roll or wish.people or wish.side is not None or wish.lens_mm or wish.f_stop
        or wish.exposure_ev is not None or wish.white_balance_k
    )  # fmt: skip


def _lock(sheet: Sheet) -> None:
    """No moves in any shot; one picture if cuts are only there to follow the talk."""
    sheet.shots[:] = [
        shot.model_copy(update={"camera": shot.camera.model_copy(update={"moves": ()})}) for shot in sheet.shots
    ]


def _balance(sheet: Sheet) -> None:
    """At night, by a room's own lamps, the camera takes what lies between lamps and daylight for white."""
    frame, white = sheet.frame, set_(sheet.where).night_white_k
    own_lamps = frame.time_of_day == "night" and frame.lighting in ("", "natural")
    if white is None or not own_lamps or any(w.white_balance_k for w in frame.shots):
        return
    sheet.shots[:] = [
        shot.model_copy(update={"camera": shot.camera.model_copy(update={"white_balance_k": white})})
        for shot in sheet.shots
    ]


def view_heading(sheet: Sheet) -> float:
    """Where the first shot looks, clockwise from +Y [deg]."""
    first = sheet.shots[0].camera
    headings = [math.radians(sheet.heading[s]) for s in first.subjects if s in sheet.heading]
    x, y = (sum(-math.sin(h) for h in headings), sum(math.cos(h) for h in headings)) if headings else (0.0, -1.0)
    front = math.degrees(math.atan2(x, y))  # clockwise from +Y
    stand = front - first.side  # the side is measured anticlockwise
    return (stand + 180.0) % 360.0


def faces_headings(sheet: Sheet) -> list[float]:
    """Where the people of the first shot look, clockwise from +Y [deg]."""
    first = sheet.shots[0].camera
    return [-heading for name, heading in sheet.heading.items() if name in first.subjects]
