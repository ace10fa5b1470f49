"""Which pictures show it."""

from __future__ import annotations

import math

from ...screenplay.model import Camera, Shot
from . import _hoop
from ._sheet import SCENE, Sheet

ORIGIN = (0.0, 0.0, 0.0)


def camera(
    size: str, subjects: tuple[str, ...], *, side: float = 0.0, angle: str = "eye", lens_mm: float = 35.0,
    f_stop: float = 5.6,
) -> Camera:  # fmt: skip
    """A camera that rehearsal frames by its subjects."""
    return Camera(
        auto=True, size=size, angle=angle, side=side, subjects=subjects, lens_mm=lens_mm, f_stop=f_stop,
        position=ORIGIN, look_at=ORIGIN,
    )  # type: ignore[arg-type]  # fmt: skip


def shoot(sheet: Sheet) -> None:
    """Fill sheet.shots over the length of the scene."""
    total = sheet.seconds
    shooters = {b.actor for b in sheet.beats if b.action in ("jump_shot", "free_throw")}
    if shooters and _hoop.has_hoop(sheet):
        main = _hoop_shot(sheet, shooters)
        _add(sheet, 0.0, total, main)
    elif sheet.cast:
        _people_shots(sheet, total)
    else:
        _add(sheet, 0.0, total, _things_shot(sheet))


def _add(sheet: Sheet, start: float, end: float, view: Camera) -> None:
    name = f"shot_{len(sheet.shots) + 1}"
    sheet.shots.append(Shot(id=name, scene=SCENE, start_s=round(start, 3), end_s=round(end, 3), camera=view))


def _hoop_shot(sheet: Sheet, shooters: set[str]) -> Camera:
    """Locked and wide, from the side: player, flight and hoop in one picture."""
    people = tuple(c.id for c in sheet.cast if c.id in shooters)
    balls = tuple(p.id for p in sheet.props if p.kind == "basketball")
    return camera("LS", (*people, "hoop", *balls), side=75.0, lens_mm=35.0)


def _people_shots(sheet: Sheet, total: float) -> None:
    everybody = tuple(c.id for c in sheet.cast)
    wide = camera("MLS" if len(everybody) < 3 else "LS", everybody, lens_mm=40.0, f_stop=2.8)
    if len(everybody) != 2 or len(sheet.lines) < 2:
        _add(sheet, 0.0, total, wide)
        return
    _add(sheet, 0.0, total, wide)


def _things_shot(sheet: Sheet) -> Camera:
    moving = tuple(p.id for p in sheet.props if not p.fixed)
    ramps = tuple(p.id for p in sheet.props if p.kind == "ramp")
    falling = any(b.action == "fall" for b in sheet.beats)
    subjects = (*ramps, *moving) or tuple(p.id for p in sheet.props)
    return camera("MS", subjects, side=12.0 if falling else 22.0, angle="eye", lens_mm=50.0, f_stop=5.6)


def view_heading(sheet: Sheet) -> float:
    """Where the first shot looks, clockwise from +Y [deg]."""
    first = sheet.shots[0].camera
    headings = [math.radians(sheet.heading[s]) for s in first.subjects if s in sheet.heading]
    x, y = (sum(-math.sin(h) for h in headings), sum(math.cos(h) for h in headings)) if headings else (0.0, -1.0)
    front = math.degrees(math.atan2(x, y))  # clockwise from +Y
    stand = front - first.side  # the side is measured anticlockwise
    return (stand + 180.0) % 360.0


def faces_heading(sheet: Sheet) -> float | None:
    """Where the people of the first shot look on average, clockwise from +Y [deg]; None without people."""
    headings = [math.radians(h) for h in sheet.heading.values()]
    if not headings:
        return None
    return math.degrees(math.atan2(sum(-math.sin(h) for h in headings), sum(math.cos(h) for h in headings)))
