"""Where people stand, what they hold and what they look at."""

from __future__ import annotations

import math

from ...screenplay.model import Blocking, Vec3
from ..frame import Deed, Figure
from . import _beginnings, _hoop
from ._places import HOOP_ACTIONS
from ._sheet import Sheet, facts, place
from ._things import add_prop


def block(sheet: Sheet) -> None:
    """Place everybody: shooters at their marks, who throws before what they throw at, the others in a group."""
    frame = sheet.frame
    deeds = [d for d in frame.happenings if isinstance(d, Deed)]
    shooters = {a for d in deeds if d.action in HOOP_ACTIONS for a in d.actors}
    for figure in frame.figures:
        if figure.id in shooters and _hoop.has_hoop(sheet):
            _hoop.stand(sheet, figure)
    for deed in deeds:
        if deed.action == "throw" and not sheet.feet:
            _face(sheet, deed)
    others = [f for f in frame.figures if f.id not in sheet.feet]
    begin = {} if sheet.feet else _beginnings.near(sheet, others)
    if sheet.feet:
        _onlookers(sheet, others)
    else:
        _group(sheet, others, begin)


def _face(sheet: Sheet, deed: Deed) -> None:
    """Who throws and who is to catch it face each other; a thing that is thrown at stands to the right."""
    data = facts("staging")["throws"]
    thrower, catcher = sheet.frame.figure(deed.actors[0]), sheet.frame.figure(deed.target)
    if thrower is None or not deed.target:
        return
    if catcher is not None and catcher is not thrower:
        half = data["people_apart"] / 2
        left, right = sorted((thrower, catcher), key=sheet.frame.figures.index)  # as in every scene of theirs
        _put(sheet, left, (-half, 0.0, 0.0), -97.0, right.id)  # open to the audience by a little
        _put(sheet, right, (half, 0.0, 0.0), 97.0, left.id)
    elif sheet.frame.item(deed.target) is not None:
        _put(sheet, thrower, (data["thrower_at"], 0.0, 0.0), -90.0, resolve(sheet, deed.target))


def _onlookers(sheet: Sheet, figures: list[Figure]) -> None:
    """Beside the court, out of the ball's way, on the side away from the camera, facing the play."""
    x, y, _ = next(iter(sheet.feet.values()))
    watched = next(iter(sheet.feet))
    shot = any(b in HOOP_ACTIONS for b in (d.action for d in sheet.frame.happenings if isinstance(d, Deed)))
    for k, figure in enumerate(figures):
        feet: Vec3 = (x + 2.2, y + 0.6 + 0.9 * k, 0.0) if shot else (x + 0.7 + 0.9 * k, 1.3, 0.0)
        _put(sheet, figure, feet, _towards(feet, (x, y, 0.0)), watched)


def _group(sheet: Sheet, figures: list[Figure], begin: dict[str, tuple[Vec3, float]]) -> None:
    """Side by side along X, turned to each other and half to the camera (which stands towards -Y).

    Who has a place to `begin` at (feet and heading) stands there instead.
    """
    if not figures:
        return
    data = facts("staging")["people"]
    count = len(figures)
    step = data["talk_distance"] if count == 2 else data["group_spacing"]
    back = _behind(sheet)
    for k, figure in enumerate(figures):
        if figure.id in begin:
            _put(sheet, figure, *begin[figure.id], _first_gaze(sheet, figure) or "ahead")
            continue
        x = (k - (count - 1) / 2) * step
        bow = 0.0 if count < 3 else 0.35 * math.cos(math.pi * (k - (count - 1) / 2) / count)
        feet: Vec3 = (x, bow + back, 0.0)
        if count == 1:
            _put(sheet, figure, feet, 180.0, _first_gaze(sheet, figure) or "ahead")
            continue
        inwards = 90.0 if x > 0 else -90.0
        heading = inwards + math.copysign(data["open_to_camera_deg"], inwards)
        if abs(x) < step / 4:
            heading = 180.0
        _put(sheet, figure, feet, heading, _first_gaze(sheet, figure) or _partner(figures, figure))


def _behind(sheet: Sheet) -> float:
    """How far back people stand: behind a table that carries something, or behind what falls or lies before them."""
    central = [
        p
        for p in sheet.props
        if p.placement.relation != "held_by" and abs(p.placement.at[1]) < 0.5 and p.placement.at[0] < 2.0
    ]
    fixed = [p for p in central if p.fixed and p.placement.relation == "free"]
    if fixed:
        return max(p.size[1] for p in fixed) / 2 + 0.4
    return 0.9 if central else 0.0


def _partner(figures: list[Figure], figure: Figure) -> str:
    """Whom somebody of a group looks at: their neighbour towards the middle."""
    index = figures.index(figure)
    other = index + 1 if index + 1 < len(figures) else index - 1
    return figures[other].id


def _first_gaze(sheet: Sheet, figure: Figure) -> str:
    if figure.gaze and (figure.gaze in ("camera", "ahead") or resolve(sheet, figure.gaze)):
        return resolve(sheet, figure.gaze) or figure.gaze
    return ""


def _put(sheet: Sheet, figure: Figure, feet: Vec3, heading: float, gaze: str) -> None:
    sheet.feet[figure.id], sheet.heading[figure.id] = feet, heading
    sheet.blocking.append(Blocking(character=figure.id, scene=sheet.scene, placement=place(feet, heading), gaze=gaze))


def _towards(feet: Vec3, target: Vec3) -> float:
    """Heading [deg] from one point to another."""
    return math.degrees(math.atan2(-(target[0] - feet[0]), target[1] - feet[1]))


def resolve(sheet: Sheet, name: str) -> str:
    """The document's id for a figure, item, mark or piece of the set; empty if it has none."""
    if name in sheet.members:
        return sheet.members[name][0]
    if sheet.frame.figure(name) or name in _hoop.marks(sheet) or name in ("camera", "ahead"):
        return name
    return ""


def give(sheet: Sheet) -> None:
    """Put into people's hands what they hold, one thing each."""
    frame = sheet.frame
    wanted = [(f, name) for f in frame.figures for name in f.holds]
    taken = {d.object for d in frame.happenings if isinstance(d, Deed) and d.action == "pick_up"}
    wanted += [
        (figure, d.object) for d in frame.happenings
        if isinstance(d, Deed) and d.action in ("throw", "drop", "put_down") and d.object not in taken
        for figure in (frame.figure(d.actors[0]),) if figure is not None
    ]  # fmt: skip
    full: set[str] = set()
    for figure, name in wanted:
        item = frame.item(name)
        if item is None or name in sheet.members or figure.id in full:
            continue
        full.add(figure.id)
        item.count = 1
        add_prop(sheet, item, place((0.0, 0.0, 0.0), relation="held_by", target=figure.id))
