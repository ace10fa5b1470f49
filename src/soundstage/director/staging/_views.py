"""The single pictures: which camera shows a scene, somebody who speaks, a shot at the hoop, things that move."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Camera, Move, Shot, Vec3, When
from . import _hoop
from ._sheet import Sheet

NOWHERE: Vec3 = (0.0, 0.0, 0.0)
HOOP_SIDE = 82.0
"""Beside the line of the shot, a little on the court's side of the board: the shooter is seen at three quarters."""
SINGLE_SIDE = 32.0
"""A single of somebody who talks: past the other's shoulder, from the camera's side of the two."""
ROLLING = ("roll", "slide")
LEAD_S = 0.3
"""From a cut to the first word, and from the last word to the next cut."""


def camera(
    size: str, subjects: tuple[str, ...], *, side: float = 0.0, angle: str = "eye", lens_mm: float = 35.0,
    f_stop: float = 5.6, moves: tuple[Move, ...] = (), framing: str = "subjects",
) -> Camera:  # fmt: skip
    """A camera that rehearsal frames by its subjects."""
    return Camera.model_validate(
        {
            "auto": True,
            "size": size,
            "angle": angle,
            "side": round(side, 1),
            "subjects": subjects,
            "lens_mm": lens_mm,
            "f_stop": f_stop,
            "position": NOWHERE,
            "look_at": NOWHERE,
            "moves": moves,
            "framing": framing,
        }
    )


def add(sheet: Sheet, end: float, view: Camera, cut: When | None = None) -> None:
    """The next shot, up to a time; it begins where the last one ends, at the moment `cut` if it hangs on one."""
    start = sheet.shots[-1].end_s if sheet.shots else 0.0
    name = sheet.fresh(f"shot_{len(sheet.shots) + 1}" if sheet.scene == "scene_1" else f"{sheet.scene}_shot_1")
    sheet.shots.append(Shot(id=name, scene=sheet.scene, start_s=start, end_s=end, camera=view, cut=cut))


def shooters(sheet: Sheet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.actor for b in sheet.beats if b.action in ("jump_shot", "free_throw")))


def view(sheet: Sheet) -> Camera:
    """The one picture that shows it all."""
    if shooters(sheet):
        return hoop_view(sheet)
    return _people_view(sheet) if sheet.cast else _things_view(sheet)


def hoop_view(sheet: Sheet) -> Camera:
    """Locked and wide, from the side: player, flight and hoop in one picture."""
    people = shooters(sheet)
    balls = tuple(p.id for p in sheet.props if p.kind == "basketball")
    heading = math.radians(sheet.heading[people[0]])
    # of the two sides, the one that looks from the court at the board; it lies at y = 0, the court towards -Y
    behind = {sign: math.cos(heading + math.radians(sign * HOOP_SIDE)) for sign in (1, -1)}
    sign = 1 if behind[1] <= behind[-1] + 1e-6 else -1
    return camera("LS", (*people, "hoop", *balls), side=sign * HOOP_SIDE, lens_mm=35.0)


def rest_view(sheet: Sheet, wide: Camera) -> Camera:
    """What is left to see after a miss: the player and where the ball goes, the hoop no more."""
    scored = any(beat.outcome.kind == "goes_in" for beat in sheet.beats)
    return wide if scored else wide.model_copy(update={"subjects": tuple(s for s in wide.subjects if s != "hoop")})


def _people_view(sheet: Sheet) -> Camera:
    everybody = tuple(c.id for c in sheet.cast)
    things = tuple(p.id for p in sheet.props if not p.fixed)
    moves = any(b.action in (*library.gaits(), "jump", "throw", "drop") or b.actor in things for b in sheet.beats)
    if moves or things:
        return camera("LS", (*everybody, *things), side=_aside(sheet), lens_mm=35.0, f_stop=4.0)
    if len(everybody) == 1:
        return camera("MLS", everybody, side=18.0, lens_mm=50.0, f_stop=2.8)
    return camera("MLS" if len(everybody) < 4 else "LS", everybody, lens_mm=40.0, f_stop=4.0)


def _aside(sheet: Sheet) -> float:
    """Throws are seen from the side the audience sits on (towards -Y), the rest nearly from the front."""
    headings = [math.radians(h) for h in sheet.heading.values()]
    if not any(b.action == "throw" for b in sheet.beats):
        return 12.0
    ahead = (sum(-math.sin(h) for h in headings), sum(math.cos(h) for h in headings))
    if math.hypot(*ahead) < 0.3:  # two who face each other: their middle is their front already
        return 0.0
    angle = math.atan2(ahead[1], ahead[0])
    return 70.0 if math.sin(angle + math.radians(70)) < math.sin(angle - math.radians(70)) else -70.0


def _empty_view(sheet: Sheet) -> Camera:
    """The place itself, where nobody and nothing else is asked for."""
    kind = library.set_(sheet.where)
    position, target = (3.0, -8.0, 1.7), (0.0, 2.0, 1.4)
    if _hoop.has_hoop(sheet):
        position, target = (-5.5, -9.0, 1.7), (0.0, -1.0, 2.0)
    elif kind.room_m is not None:
        wide, deep, _ = kind.room_m
        position, target = (-0.3 * wide, -0.42 * deep, 1.5), (0.1 * wide, 0.3 * deep, 1.1)
    view = camera("ELS", (), lens_mm=24.0, f_stop=8.0)
    return view.model_copy(update={"auto": False, "position": position, "look_at": target})


def _things_view(sheet: Sheet) -> Camera:
    if not sheet.props:
        return _empty_view(sheet)
    moving = tuple(p.id for p in sheet.props if not p.fixed)
    ramps = tuple(p.id for p in sheet.props if p.kind == "ramp")
    falling = any(b.action == "fall" for b in sheet.beats)
    subjects = (*ramps, *moving) or tuple(p.id for p in sheet.props)
    alone = len(moving) == 1 and not ramps and not falling
    return camera("LS" if alone else "MS", subjects, side=12.0 if falling else 22.0, lens_mm=50.0, f_stop=5.6)


def single(sheet: Sheet, speaker: str, side: float) -> Camera:
    """One who speaks, from the side the audience sits on."""
    return camera("MCU", (speaker,), side=side, lens_mm=65.0, f_stop=2.8)


def closest(sheet: Sheet, view: Camera) -> tuple[str, ...]:
    """What a close picture without a named subject shows: who speaks or acts first, else what moves first."""
    acting = [line.speaker for line in sheet.lines] + [b.actor for b in sheet.beats]
    first = next((a for a in acting if a in view.subjects), view.subjects[0])
    group = next((members for members in sheet.members.values() if first in members), [first])
    return tuple(group)


def side_of(sheet: Sheet, subjects: tuple[str, ...], before: Camera) -> float:
    """The side that suits other subjects than before: of two who face each other, from where the audience sits."""
    people = [s for s in subjects if s in sheet.heading]
    if shooters(sheet) and people:
        return math.copysign(SINGLE_SIDE, hoop_view(sheet).side)
    if len(people) == 1 and len(subjects) == 1:
        return talking_side(sheet, people[0]) if len(sheet.cast) > 1 else 18.0
    return 0.0 if people else 22.0


def talking_side(sheet: Sheet, person: str) -> float:
    """Of somebody in a group: from the side the audience sits on."""
    return SINGLE_SIDE if sheet.heading.get(person, 0.0) > 0 else -SINGLE_SIDE


def travellers(sheet: Sheet) -> tuple[str, ...]:
    """Who and what goes along the ground: a near picture of them has to go along."""
    return (*goers(sheet), *(b.actor for b in sheet.beats if b.action in ROLLING))


def goers(sheet: Sheet) -> tuple[str, ...]:
    """Who walks or runs in the scene."""
    return tuple(dict.fromkeys(b.actor for b in sheet.beats if b.action in library.gaits() and b.target != "camera"))
