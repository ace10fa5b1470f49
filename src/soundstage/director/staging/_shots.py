"""Which pictures show it: one locked shot where one tells all, cuts where people talk, and what was wished for."""

from __future__ import annotations

import math

from ... import library
from ...screenplay.model import Camera, Shot, Vec3
from ..frame import ShotWish
from . import _hoop
from ._sheet import Sheet

NOWHERE: Vec3 = (0.0, 0.0, 0.0)
HOOP_SIDE = 82.0
"""Beside the line of the shot, a little on the court's side of the board: the shooter is seen at three quarters."""
SHORTEST_SHOT_S = 1.0
SINGLE_SIDE = 32.0
"""A single of somebody who talks: past the other's shoulder, from the camera's side of the two."""


LEAD_S = 0.3
"""From a cut to the first word, and from the last word to the next cut."""
STRIKE_SEEN_S = 0.3
"""How long a shot stays on what has been struck."""


def camera(
    size: str, subjects: tuple[str, ...], *, side: float = 0.0, angle: str = "eye", lens_mm: float = 35.0,
    f_stop: float = 5.6,
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
        }
    )


def shoot(sheet: Sheet) -> None:
    """Fill sheet.shots over the length of the scene."""
    total = sheet.seconds
    wishes = [w for w in sheet.frame.shots if w.size or w.angle or w.side is not None or w.lens_mm or w.subject]
    if wishes:
        _wished(sheet, total, wishes)
    elif _shooters(sheet):
        _game(sheet, total)
    elif len(sheet.lines) >= 2 and len(sheet.cast) == 2 and not sheet.props:
        _conversation(sheet, total)
    else:
        _add(sheet, total, _view(sheet))


def _add(sheet: Sheet, end: float, view: Camera) -> None:
    """The next shot, up to a time; it begins where the last one ends."""
    start = sheet.shots[-1].end_s if sheet.shots else 0.0
    name = sheet.fresh(f"shot_{len(sheet.shots) + 1}" if sheet.scene == "scene_1" else f"{sheet.scene}_shot_1")
    sheet.shots.append(Shot(id=name, scene=sheet.scene, start_s=start, end_s=end, camera=view))


def _shooters(sheet: Sheet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.actor for b in sheet.beats if b.action in ("jump_shot", "free_throw")))


def _view(sheet: Sheet) -> Camera:
    """The one picture that shows it all."""
    if _shooters(sheet):
        return _hoop_view(sheet)
    return _people_view(sheet) if sheet.cast else _things_view(sheet)


def _hoop_view(sheet: Sheet) -> Camera:
    """Locked and wide, from the side: player, flight and hoop in one picture."""
    people = _shooters(sheet)
    balls = tuple(p.id for p in sheet.props if p.kind == "basketball")
    heading = math.radians(sheet.heading[people[0]])
    # of the two sides, the one that looks from the court at the board; it lies at y = 0, the court towards -Y
    behind = {sign: math.cos(heading + math.radians(sign * HOOP_SIDE)) for sign in (1, -1)}
    sign = 1 if behind[1] <= behind[-1] + 1e-6 else -1
    return camera("LS", (*people, "hoop", *balls), side=sign * HOOP_SIDE, lens_mm=35.0)


def _rest_view(sheet: Sheet, wide: Camera) -> Camera:
    """What is left to see after a miss: the player and where the ball goes, the hoop no more."""
    scored = any(beat.outcome.kind == "goes_in" for beat in sheet.beats)
    return wide if scored else wide.model_copy(update={"subjects": tuple(s for s in wide.subjects if s != "hoop")})


def _people_view(sheet: Sheet) -> Camera:
    everybody = tuple(c.id for c in sheet.cast)
    things = tuple(p.id for p in sheet.props if not p.fixed)
    moves = any(b.action in ("walk", "run", "jump", "throw", "drop") or b.actor in things for b in sheet.beats)
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


def _game(sheet: Sheet, total: float) -> None:
    """All of the shot in one locked picture; then whoever speaks, near enough to see the words; then what remains."""
    wide = _hoop_view(sheet)
    rest = _rest_view(sheet, wide)
    views: list[tuple[float, Camera]] = []
    for line in sheet.lines:
        begin, end = sheet.spans[line.id]
        if line.when.anchor == "start":  # said before the shot: the wide picture is on
            continue
        lead = LEAD_S
        if line.when.anchor == "contact":  # the strike itself is part of the shot
            lead = min(lead, line.when.offset_s - STRIKE_SEEN_S)
        views.append((begin - lead, _single(sheet, line.speaker, math.copysign(SINGLE_SIDE, wide.side))))
        views.append((end + LEAD_S, rest if line.when.anchor == "contact" else wide))
    # between two lines that follow each other there is no time to look elsewhere
    kept = [v for k, v in enumerate(views) if k + 1 == len(views) or views[k + 1][0] - v[0] >= SHORTEST_SHOT_S]
    _cut(sheet, total, wide, kept)


def _conversation(sheet: Sheet, total: float) -> None:
    """The two together first, then whoever speaks; cuts in the pauses, as far as they are known before voices are."""
    both = tuple(c.id for c in sheet.cast)
    wide = camera("MLS", both, lens_mm=40.0, f_stop=2.8)
    views: list[tuple[float, Camera]] = []
    for index, line in enumerate(sheet.lines):
        begin, _ = sheet.spans[line.id]
        if index == 0:
            continue
        before = sheet.spans[sheet.lines[index - 1].id][1]
        side = SINGLE_SIDE if sheet.heading[line.speaker] > 0 else -SINGLE_SIDE
        views.append(((before + 0.12) if begin > before else begin, _single(sheet, line.speaker, side)))
    _cut(sheet, total, wide, views)


def _cut(sheet: Sheet, total: float, first: Camera, views: list[tuple[float, Camera]]) -> None:
    """One view after the other, at the given times [s] on whole frames; what would be too short is left out."""
    _add(sheet, total, first)
    for cut, view in views:
        start = sheet.shots[-1].start_s
        cut = round(cut * 24) / 24
        if cut - start < SHORTEST_SHOT_S or total - cut < SHORTEST_SHOT_S or view == sheet.shots[-1].camera:
            continue
        sheet.shots[-1] = sheet.shots[-1].model_copy(update={"end_s": cut})
        _add(sheet, total, view)


def _single(sheet: Sheet, speaker: str, side: float) -> Camera:
    """One who speaks, from the side the audience sits on."""
    return camera("MCU", (speaker,), side=side, lens_mm=65.0, f_stop=2.8)


def _wished(sheet: Sheet, total: float, wishes: list[ShotWish]) -> None:
    """What was asked for; wishes that name one picture together make one shot, several share the time."""
    groups: list[list[ShotWish]] = []
    for wish in wishes:
        clash = not groups or any(
            (wish.size and w.size) or (wish.angle and w.angle) or (wish.side is not None and w.side is not None)
            for w in groups[-1]
        )
        groups.append([wish]) if clash else groups[-1].append(wish)
    base = _view(sheet)
    for k, group in enumerate(groups):
        view = base
        for wish in group:
            view = _apply(sheet, view, wish)
        _add(sheet, total if k == len(groups) - 1 else round(total * (k + 1) / len(groups) * 24) / 24, view)


def _apply(sheet: Sheet, view: Camera, wish: ShotWish) -> Camera:
    changes: dict[str, object] = {}
    subject = _subject(sheet, wish.subject)
    if subject:
        changes["subjects"] = subject
    elif wish.size in ("ECU", "CU", "MCU") and len(view.subjects) > 1:
        changes["subjects"] = _closest(sheet, view)
    if wish.size:
        changes["size"] = wish.size
        changes["lens_mm"] = {"ECU": 85.0, "CU": 85.0, "MCU": 65.0, "MS": 50.0}.get(wish.size, view.lens_mm)
    if wish.angle:
        changes["angle"] = wish.angle
    if wish.side is not None:
        changes["side"] = math.copysign(wish.side, view.side) if abs(wish.side) == 80.0 and view.side else wish.side
    if wish.lens_mm is not None:
        changes["lens_mm"] = wish.lens_mm
    return view.model_copy(update=changes)


def _subject(sheet: Sheet, name: str) -> tuple[str, ...]:
    if name in sheet.members:
        return tuple(sheet.members[name])
    if sheet.frame.figure(name) or (name == "hoop" and _hoop.has_hoop(sheet)):
        return (name,)
    return ()


def _closest(sheet: Sheet, view: Camera) -> tuple[str, ...]:
    """What a close picture without a named subject shows: who speaks or acts first, else what moves first."""
    acting = [line.speaker for line in sheet.lines] + [b.actor for b in sheet.beats]
    first = next((a for a in acting if a in view.subjects), view.subjects[0])
    group = next((members for members in sheet.members.values() if first in members), [first])
    return tuple(group)


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
