"""Pictures that were asked for: wishes become shots that fill the scene, with their moves, focus and cuts in time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from ...screenplay.model import Camera, FocusPull, Move, When
from ..frame import Moment, MoveWish, ShotWish
from . import _hoop, _views
from ._sheet import START, Cue, Sheet

SHORTEST_SHOT_S = 0.75
MOST_MOVED_S = 1.5
"""A cut further than this from its moment does not hang on it any more."""
SETTLE_S = 0.3
"""From a cut to the first quick move."""
FINISH_S = 2.5
"""How long a move "at the end" takes, if the shot is long enough."""
CLOSE = ("ECU", "CU", "MCU")
LENS = {"ECU": 85.0, "CU": 85.0, "MCU": 65.0, "MS": 50.0, "cowboy": 45.0}
"""Lens of a size, where none was asked for [mm]."""
HEAD = ("pan", "tilt", "roll", "whip_pan", "zoom", "handheld")
"""What a camera can do whose place is somebody's eyes."""
PULL_STOP = 1.8
DRONE_M = 5.0
"""How far a drone rises, if it is not said [m]."""
PEOPLE_SIZE = {1: "MS", 2: "MLS", 3: "MLS"}


@dataclass(kw_only=True)
class Plan:
    """One shot to be: the wishes for it, and when it begins."""

    wishes: list[ShotWish] = field(default_factory=list)
    cue: Cue | None = None
    """The moment it begins with, if it hangs on one."""
    offset: float = 0.0
    """After that moment [s]."""
    start: float | None = None
    """About when it begins [s]."""


def wished(sheet: Sheet, total: float, wishes: list[ShotWish]) -> None:
    """Fill the scene with what was asked for; wishes that name one picture together make one shot."""
    plans = _timed(sheet, total, _grouped(wishes, next(iter(sheet.cues), "")))
    base = _views.view(sheet)
    views: list[Camera] = []
    for plan in plans:
        view = base if not views or _fresh(plan) else views[-1].model_copy(update={"moves": (), "focus_pulls": ()})
        for wish in plan.wishes:
            view = apply(sheet, view, wish)
        views.append(view)
    ends = [p.start or 0.0 for p in plans[1:]] + [total]
    for plan, view, end in zip(plans, views, ends, strict=True):
        begin = plan.start or 0.0
        origin = (plan.cue, plan.offset) if plan.cue is not None else (START, begin)
        still = view.model_copy(
            update={
                "moves": _moves(sheet, plan, view, origin, begin, end),
                "focus_pulls": _pulls(sheet, plan, view, origin, begin, end),
            }
        )
        cut = plan.cue.when(plan.offset) if plan.cue is not None and begin > 0 else None
        _views.add(sheet, end, still, cut)


def _fresh(plan: Plan) -> bool:
    """A picture of its own, that takes nothing over from the one before."""
    return any(w.size or w.subjects or w.framing for w in plan.wishes) or not plan.wishes


# ── which wishes make one shot ──────────────────────────────────────────────────────────────────────────────────────


def _grouped(wishes: list[ShotWish], first: str) -> list[Plan]:
    """Wishes that make one shot together; `first` is the id of what happens first."""
    plans: list[Plan] = []
    for wish in wishes:
        later = bool(wish.size) and wish.leads not in ("", first)  # "…. Close-up of her, she says: …"
        if not plans and (wish.cut or later or (wish.moment is not None and not wish.moves and not wish.pull)):
            plans.append(Plan())  # until then the story is seen as it would be anyway
        if not plans or _begins(plans[-1], wish):
            plans.append(Plan())
        plans[-1].wishes.append(wish)
    return plans


def _begins(plan: Plan, wish: ShotWish) -> bool:
    """The wish cannot belong to the shot before: it says so, or names what that has already."""
    given = plan.wishes
    if not given:
        return True
    if wish.cut:
        return True
    if given[-1].cut and len(given) == 1 and wish.moment in (None, given[-1].moment):
        return False  # "cut to a close-up"
    picture = bool(wish.size or wish.framing or wish.angle or wish.side is not None)
    if picture and not wish.moves and (wish.then or wish.moment is not None):
        return True
    return (
        any(wish.size and w.size for w in given)
        or any(wish.angle and w.angle for w in given)
        or any(wish.framing and w.framing for w in given)
        or any(wish.side is not None and w.side is not None for w in given)
        or (bool(wish.size) and any(w.subjects and wish.subjects and w.subjects != wish.subjects for w in given))
    )


# ── when each begins ────────────────────────────────────────────────────────────────────────────────────────────────


def cue_of(sheet: Sheet, moment: Moment) -> tuple[Cue, Cue] | None:
    """Where something that hangs on the story begins and ends."""
    span = sheet.cues.get(moment.of)
    if span is None:
        return None
    begin, end = span
    return {
        "at": (begin, end), "during": (begin, end), "at_end": (end, end), "until": (START, begin), "struck": (end, end),
    }[moment.how]  # fmt: skip


def _timed(sheet: Sheet, total: float, plans: list[Plan]) -> list[Plan]:
    """Give every shot its beginning; what would be too short is pushed on or shares the time with its neighbours."""
    order = list(sheet.cues)
    for before, plan in pairwise(plans):
        first = plan.wishes[0]
        moment = first.moment
        if moment is not None and (span := cue_of(sheet, moment)) is not None:
            plan.cue = span[0]
        elif (
            before.wishes
            and before.wishes[-1].seconds is not None
            and not before.wishes[-1].moves
            and not before.wishes[-1].pull
        ):
            plan.start = (before.start or 0.0) + before.wishes[-1].seconds
        elif first.when == "finish":
            plan.start = max(total - FINISH_S, total / 2)
        elif first.delay is not None:
            plan.start = (before.start or 0.0) + first.delay
        elif first.leads in sheet.cues:
            plan.cue, plan.offset = sheet.cues[first.leads][0], -_views.LEAD_S
        elif first.after and (not before.wishes or before.wishes[0].after != first.after):
            at = order.index(first.after) if first.after in order else -1
            if at + 1 < len(order) and at >= 0:
                plan.cue, plan.offset = sheet.cues[order[at + 1]][0], -_views.LEAD_S
            elif at >= 0:
                plan.cue = sheet.cues[order[at]][1]
        if plan.cue is not None:
            plan.start = plan.cue.time + plan.offset
    plans[0].start, plans[0].cue = 0.0, None
    return _spaced(plans, total)


def _spaced(plans: list[Plan], total: float) -> list[Plan]:
    """Beginnings in order, apart by at least the shortest shot where there is time for it."""
    least = min(SHORTEST_SHOT_S, total / len(plans) * 0.8)
    known = [0, *(k for k, p in enumerate(plans) if k and p.start is not None), len(plans)]
    times = [p.start if p.start is not None else 0.0 for p in plans] + [total]
    for one, two in pairwise(known):
        for k in range(one + 1, two):
            times[k] = times[one] + (times[two] - times[one]) * (k - one) / (two - one)
    for k in range(1, len(plans)):
        latest = total - least * (len(plans) - k)
        moved = min(max(times[k], times[k - 1] + least), latest)
        plans[k].offset += moved - times[k]
        if abs(moved - times[k]) > MOST_MOVED_S:
            plans[k].cue = None  # it cannot be where it should hang
        times[k] = moved
        plans[k].start = round(moved * 24) / 24
    return plans


# ── what each shows ─────────────────────────────────────────────────────────────────────────────────────────────────


def apply(sheet: Sheet, view: Camera, wish: ShotWish) -> Camera:
    """The picture with one more wish fulfilled."""
    changes: dict[str, object] = {}
    subjects = ids(sheet, wish.subjects)
    if subjects:
        changes["subjects"] = subjects
        if subjects != view.subjects:
            changes |= _of(sheet, subjects, view, wish)
    elif wish.pull:
        changes |= _pulled(sheet, view, wish)
    elif wish.people:
        changes["subjects"] = tuple(c.id for c in sheet.cast)[: wish.people] or view.subjects
    elif wish.size in CLOSE and len(view.subjects) > 1:
        changes["subjects"] = _views.closest(sheet, view)
    if any(m.target for m in wish.moves):
        changes |= _swung(sheet, view, wish, subjects)
    if wish.size:
        changes["size"] = wish.size
        changes["lens_mm"] = LENS.get(wish.size, view.lens_mm)
    for key in ("angle", "lens_mm", "f_stop", "exposure_ev", "white_balance_k"):
        asked = getattr(wish, key)
        if asked not in ("", None):
            changes[key] = asked
    if wish.roll:
        changes["roll_deg"] = wish.roll
    if wish.side is not None:
        changes["side"] = math.copysign(wish.side, view.side) if abs(wish.side) == 80.0 and view.side else wish.side
    if focus := ids(sheet, [wish.focus])[:1]:
        changes["focus"] = focus[0]
    changes |= _framed(sheet, view, wish, subjects)
    if view.framing != "subjects" and "subjects" in changes and not wish.framing and not wish.pull:
        changes = _reframed(view, wish, changes)
    return view.model_copy(update=changes)


def _of(sheet: Sheet, subjects: tuple[str, ...], view: Camera, wish: ShotWish) -> dict[str, object]:
    """A picture of somebody or something else than before: as large as suits it, if no size was said."""
    people = [s for s in subjects if s in sheet.heading]
    changes: dict[str, object] = {"side": _views.side_of(sheet, subjects, view)}
    if not wish.size and not wish.moves and not wish.angle:
        changes["size"] = PEOPLE_SIZE.get(len(people), "LS") if people else "MS"
    elif wish.moves and people and view.size not in ("LS", "ELS"):
        changes["size"] = {1: "MS"}.get(len(subjects), view.size)
    return changes


def _pulled(sheet: Sheet, view: Camera, wish: ShotWish) -> dict[str, object]:
    """Both that the focus goes between are in the picture, and only one at a time is sharp."""
    both = ids(sheet, [wish.focus, wish.pull])
    changes: dict[str, object] = {"f_stop": PULL_STOP}
    people = [c.id for c in sheet.cast]
    pair = both if len(both) == 2 else (*(p for p in people if p not in both), *both)[:2]
    if len(pair) == 2 and set(pair) <= set(people) and view.framing == "subjects" and view.auto:
        one, two = pair
        # side by side they would be equally far from the lens: past the one, the other is behind
        side = _views.talking_side(sheet, two)
        past = {"framing": "over_the_shoulder", "subjects": (two, one), "side": side, "size": "MCU", "lens_mm": 65.0}
        return changes | past | {"focus": one}
    if both and not set(both) <= set(view.subjects):
        changes["subjects"] = tuple(dict.fromkeys((*both, *(view.subjects if len(both) == 1 else ()))))
    return changes


def _swung(sheet: Sheet, view: Camera, wish: ShotWish, subjects: tuple[str, ...]) -> dict[str, object]:
    """A camera that turns to something begins with something else: what was named, else what is seen before."""
    target = ids(sheet, [next(m.target for m in wish.moves if m.target)])[-1:]
    first = next((s for s in (*subjects, *view.subjects, *(c.id for c in sheet.cast)) if s not in target), "")
    first = first or next((p.id for p in sheet.props if p.id not in target), "")
    pair = (first, *target) if first and target else target or view.subjects
    people = any(s in sheet.heading for s in pair)
    size = view.size if view.size in ("CU", "MCU", "MS") else "MS"
    return {"subjects": pair, "size": size if people else "MLS", "side": _views.side_of(sheet, pair, view)}


def _reframed(view: Camera, wish: ShotWish, changes: dict[str, object]) -> dict[str, object]:
    """A picture past a shoulder or out of somebody's eyes stays one if it is of the same; else it is a plain one."""
    new, (first, *others) = changes["subjects"], view.subjects
    assert isinstance(new, tuple)  # for the type checker: subjects are
    same = new[:1] == (first,) or (view.framing == "point_of_view" and set(new) <= set(others))
    if same and not any(m.target for m in wish.moves):
        return {k: v for k, v in changes.items() if k not in ("subjects", "side", "size")}
    return changes | {"framing": "subjects"}


def _framed(sheet: Sheet, view: Camera, wish: ShotWish, subjects: tuple[str, ...]) -> dict[str, object]:
    """Over a shoulder, or through somebody's eyes."""
    people = [c.id for c in sheet.cast]
    owner = next(iter(ids(sheet, [wish.owner])), "")
    if wish.framing == "point_of_view":
        owner = owner or next((s for s in subjects if s in people), people[0] if people else "")
        if not owner:
            return {}
        seen = tuple(s for s in (subjects or view.subjects) if s != owner)
        return {
            "framing": "point_of_view",
            "subjects": (owner, *(seen or _others(sheet, owner))),
            "lens_mm": wish.lens_mm or 35.0,
        }
    if wish.framing == "over_the_shoulder":
        seen = tuple(s for s in subjects if s != owner) or tuple(p for p in people if p != owner)[:1]
        owner = owner or next((p for p in people if p not in seen), "")
        if not owner or not seen:
            return {}
        return {
            "framing": "over_the_shoulder", "subjects": (seen[0], owner), "size": wish.size or "MCU",
            "side": _views.SINGLE_SIDE, "lens_mm": wish.lens_mm or 50.0,
        }  # fmt: skip
    return {}


def _others(sheet: Sheet, owner: str) -> tuple[str, ...]:
    """What somebody would look at."""
    gaze = next((b.gaze for b in sheet.blocking if b.character == owner), "")
    people = tuple(c.id for c in sheet.cast if c.id != owner)
    things = tuple(p.id for p in sheet.props if not p.fixed)
    return (gaze,) if gaze in (*people, *things) else people or things


def ids(sheet: Sheet, names: list[str]) -> tuple[str, ...]:
    """The document's ids of what was named, as far as it is in the scene."""
    found: list[str] = []
    for name in names:
        if name in sheet.members:
            found += sheet.members[name]
        elif sheet.frame.figure(name) or (name == "hoop" and _hoop.has_hoop(sheet)):
            found.append(name)
    return tuple(dict.fromkeys(found))


# ── what the camera does in it ──────────────────────────────────────────────────────────────────────────────────────

Origin = tuple[Cue, float]
"""A moment and how long after it [s]: where a shot begins."""


def _later(origin: Origin, seconds: float) -> When:
    return origin[0].when(origin[1] + seconds)


def _moves(sheet: Sheet, plan: Plan, view: Camera, origin: Origin, begin: float, end: float) -> tuple[Move, ...]:
    """The moves of one shot: each where it was said to be, the others one after another or all the way through."""
    asked = _flown([(w, m) for w in plan.wishes for m in w.moves])
    row = [(w, m) for w, m in asked if not _has_time(sheet, w, m) and m.kind != "handheld"]
    legs = _legs(row)
    found: list[Move] = []
    for wish, move in asked:
        start, stop, ease = _span(sheet, wish, move, legs.get(id(move), (0.0, 1.0)), origin, begin, end)
        amount = move.amount
        if move.target:
            if ids(sheet, [move.target])[-1:] != view.subjects[-1:] or len(view.subjects) < 2:
                sheet.missed.append(f"{wish.phrase} (there is nothing to turn from)")
                continue
            amount = 0.0  # from the first subject to the last
        elif view.framing == "point_of_view" and move.kind not in HEAD:
            sheet.missed.append(f"{wish.phrase} (eyes cannot go where their owner does not)")
            continue
        found.append(Move(kind=move.kind, amount=round(amount, 2), start=start, end=stop, ease=ease))  # type: ignore[arg-type]
    shaken = all(m.kind == "handheld" for m in found)  # which is no way of its own
    if shaken and not any(w.locked for w in plan.wishes) and _goes_away(sheet, view):
        found.append(Move(kind="follow", amount=1.0, ease="linear"))
    return tuple(found)


def _goes_away(sheet: Sheet, view: Camera) -> bool:
    """A near picture of what walks or rolls: a camera that stood still would have to be far away to keep it."""
    near = view.framing == "subjects" and view.size in (*CLOSE, "MS") and view.auto
    return near and bool(view.subjects) and set(view.subjects) <= set(_views.travellers(sheet))


def _flown(asked: list[tuple[ShotWish, MoveWish]]) -> list[tuple[ShotWish, MoveWish]]:
    """ "a drone that rises": its flight is what is told of it, and what rises is the drone."""
    if not any(m.air for _, m in asked):
        return asked
    own = [m for w, m in asked if m.air and w.angle and len(asked) > 1]  # only the word for a drone
    for _, move in asked:
        if move.kind in ("crane", "pedestal"):
            move.kind, move.amount = "drone", math.copysign(DRONE_M, move.amount)
    return [(w, m) for w, m in asked if m not in own]


def _has_time(sheet: Sheet, wish: ShotWish, move: MoveWish) -> bool:
    hangs = wish.moment is not None and not wish.cut and wish.moment.of in sheet.cues
    return hangs or wish.delay is not None or wish.when in ("finish", "start") or move.seconds is not None


def _legs(row: list[tuple[ShotWish, MoveWish]]) -> dict[int, tuple[float, float]]:
    """Parts of the shot for moves that follow each other; those told together share theirs."""
    count = 1
    at: dict[int, int] = {}
    for k, (wish, move) in enumerate(row):
        if k and wish.then:
            count += 1
        at[id(move)] = count - 1
    return {key: (leg / count, (leg + 1) / count) for key, leg in at.items()}


def _span(
    sheet: Sheet, wish: ShotWish, move: MoveWish, leg: tuple[float, float], origin: Origin, begin: float, end: float
) -> tuple[When | None, When | None, str]:  # fmt: skip
    """When a move starts and ends, None for the shot's own start and end, and how it sets out and arrives."""
    long = end - begin
    seconds = move.seconds
    span = cue_of(sheet, wish.moment) if wish.moment is not None and not wish.cut else None
    if (span is not None and wish.moment is not None and begin - 0.5 <= span[0].time <= end) or (
        span and span[0] is START
    ):
        first, last = span
        start = None if first is START or first.time <= begin else first.when()
        if seconds is not None:
            return start, _later(origin, min(seconds, long)) if start is None else first.when(seconds), "in_out"
        fits = wish.moment.how in ("during", "until") and last.time > max(first.time, begin) + 0.2  # type: ignore[union-attr]
        return start, last.when() if fits and last.time < end else None, "in_out"
    told = sheet.cues.get(wish.after)
    if move.kind == "whip_pan" and told is not None and begin < told[1].time < end - (seconds or 0.0):
        return told[1].when(), told[1].when(seconds or 0.35), "in_out"
    if wish.when == "finish":
        length = min(seconds or FINISH_S, long * 0.6)
        return _later(origin, round(long - length, 3)), None, "in_out"
    delay = wish.delay or 0.0
    if wish.delay is not None and delay < long:
        return (
            _later(origin, delay),
            None if seconds is None or delay + seconds >= long else _later(origin, delay + seconds),
            "in_out",
        )
    if seconds is not None and seconds < long:
        wait = 0.0 if wish.when == "start" or seconds > 1.5 else min(SETTLE_S, long - seconds)
        middle = wait if seconds > 1.5 or wish.when == "start" else max(wait, (long - seconds) / 2)
        return _later(origin, round(middle, 3)), _later(origin, round(middle + seconds, 3)), "in_out"
    if wish.when == "start":
        return None, _later(origin, round(min(FINISH_S, long * 0.6), 3)), "in_out"
    start = None if leg[0] == 0.0 else _later(origin, round(leg[0] * long, 3))
    stop = None if leg[1] == 1.0 else _later(origin, round(leg[1] * long, 3))
    steady = move.kind in ("follow", "lead", "orbit", "handheld")
    return start, stop, "linear" if steady and start is None and stop is None else "in_out"


def _pulls(sheet: Sheet, plan: Plan, view: Camera, origin: Origin, begin: float, end: float) -> tuple[FocusPull, ...]:
    """The focus goes over when it was said to, else halfway through the shot."""
    pulls: list[FocusPull] = []
    asked = [w for w in plan.wishes if w.pull]
    for k, wish in enumerate(asked, start=1):
        sharp = pulls[-1].subject if pulls else view.focus or next(iter(view.subjects), "")
        subject = next(iter(ids(sheet, [wish.pull])), "") or next((s for s in view.subjects if s != sharp), "")
        if not subject:
            continue
        span = cue_of(sheet, wish.moment) if wish.moment is not None and not wish.cut else None
        if span is not None and begin <= span[0].time < end:
            start = span[0].when()
        elif wish.delay is not None:
            start = _later(origin, wish.delay)
        elif wish.when == "finish":
            start = _later(origin, round(max((end - begin) - wish.pull_seconds - SETTLE_S, 0.0), 3))
        else:
            start = _later(origin, round((end - begin) * k / (len(asked) + 1), 3))
        pulls.append(FocusPull(subject=subject, start=start, seconds=wish.pull_seconds))
    return tuple(pulls)
