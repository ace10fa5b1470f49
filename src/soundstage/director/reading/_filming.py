"""Passages about the camera become wishes: what each picture shows, what the camera does and when, how it all looks."""

from __future__ import annotations

from typing import Any

from ..frame import Deed, Moment, MoveWish, ShotWish, Speech
from ._clauses import Clause
from ._language import concepts, value
from ._people import persons
from ._phrases import Noun, Small
from ._reader import Reader
from ._steps import Passage, Step
from ._things import things

STRIKES = {"hit", "fall", "bounce", "topple", "fall_short", "miss", "score"}
"""Verbs that tell of the moment something is struck."""
PERSONAL = ("pronoun_m", "pronoun_f", "pronoun_open")
CLOSE = {"face": "CU", "eyes": "ECU"}
"""Sizes of pictures of parts of somebody."""
UNTOLD = "@"
"""Around the number of a noun whose meaning is not known yet."""
TURNS = ("pan", "tilt", "whip_pan")
"""Moves that end on something else than they began with."""
NEARING = {"push_in": 0.55, "zoom": 2.2}
"""How far a move goes that ends on somebody's face: from a medium shot to a close-up."""


def film(reader: Reader, clause: Clause) -> None:
    """Wishes from the clause's passages; and those that waited for this clause learn when they are."""
    told = [p.item.passage for p in clause.phrases if isinstance(p, Small) and p.item.passage is not None]
    _resolve(reader, clause)
    for passage in told:
        following = _following(clause, passage)
        _passage(reader, clause, passage, following)


def _following(clause: Clause, passage: Passage) -> Noun | None:
    """The noun right behind a passage."""
    at = next(k for k, p in enumerate(clause.phrases) if isinstance(p, Small) and p.item.passage is passage)
    behind = clause.phrases[at + 1] if at + 1 < len(clause.phrases) else None
    return behind if isinstance(behind, Noun) else None


def _passage(reader: Reader, clause: Clause, passage: Passage, following: Noun | None) -> None:
    moment = _beside(reader, passage) if passage.beside == "before" else None
    made: list[ShotWish] = []
    for step in passage.steps:
        if step.kind in ("city", "date", "clock"):
            _earth(reader, step)
        elif step.kind == "look":
            _look(reader, step)
        elif (wish := _wish(reader, clause, step, following)) is not None:
            wish.moment = moment if not made or moment is None else None
            made.append(wish)
            reader.frame.shots.append(wish)
            reader.note([i for i in step.items if not i.used], told(wish))
    if passage.beside == "behind" and made:
        reader.waiting = (made, passage.how)
    others = [i for i in passage.items if not any(i in s.items for s in passage.steps)]
    if made or any(s.kind == "look" and s.items[0].used for s in passage.steps):
        small = [i for i in others if not i.used]
        kept = [n for s in passage.steps for n in (*s.targets, *s.origins)]
        reader.note([i for i in small if not any(i in n.items for n in kept)], "the camera")


# ── when ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _beside(reader: Reader, passage: Passage) -> Moment | None:
    """The clause before a passage tells when."""
    return _moment(reader, reader.previous, passage.how)


def _resolve(reader: Reader, clause: Clause) -> None:
    """Wishes that hang on the clause behind them."""
    if reader.waiting is None or clause.verb is None:
        return
    wishes, how = reader.waiting
    reader.waiting = None
    moment = _moment(reader, clause, how)
    for wish in wishes:
        wish.moment = wish.moment or moment


def _moment(reader: Reader, clause: Clause | None, how: str) -> Moment | None:
    """The moment of a clause that only tells when: what it tells of, once, even if that was told before."""
    happenings = reader.frame.happenings
    if clause is None or clause.verb is None or not happenings:
        return None
    new = [h for h in happenings if h.id in reader.fresh_ids]
    of = new[0].id if new else _told_before(reader, clause) or happenings[-1].id
    for happening in new:
        same = next((h for h in happenings if h is not happening and _same(h, happening)), None)
        if same is not None:  # "Ben walks. The camera follows him as he walks."
            happenings.remove(happening)
            of = same.id if of == happening.id else of
    if how == "at" and (_struck(clause) or (not new and of == happenings[-1].id and isinstance(happenings[-1], Deed))):
        how = "struck"
    return Moment(how=how, of=of)


def _same(one: Deed | Speech, two: Deed | Speech) -> bool:
    """The same deed of the same people or things."""
    if not isinstance(one, Deed) or not isinstance(two, Deed):
        return False
    return one.action == two.action and set(two.actors) <= set(one.actors) and two.target in ("", one.target)


def _told_before(reader: Reader, clause: Clause) -> str:
    """ "when he answers", of what he has been told to say."""
    assert clause.verb is not None  # for the type checker: the caller has looked
    speaking = concepts()["speaking"]
    who = {n for s in clause.subjects for n in s.ids}
    for happening in reversed(reader.frame.happenings):
        spoken = isinstance(happening, Speech) and (not who or happening.speaker in who)
        if spoken and any(s.concept in speaking or s.concept == "talk" for s in clause.verb.senses):
            reader.note(clause.verb.item, "when that is said")
            return happening.id
    return ""


def _struck(clause: Clause) -> bool:
    return clause.verb is not None and clause.verb.means(*STRIKES)


# ── one step ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _wish(reader: Reader, clause: Clause, step: Step, following: Noun | None) -> ShotWish | None:
    entry = value(step.sense)
    happenings, leads = reader.frame.happenings, ""
    if clause.verb is not None and _before_verb(clause, step) and reader.fresh_ids:
        leads = reader.fresh_ids[0]
        happenings = [h for h in happenings if h.id not in reader.fresh_ids]
    wish = ShotWish(
        phrase=" ".join(i.surface for i in step.items), then=step.then, seconds=step.seconds, when=step.moment,
        delay=step.delay, after=happenings[-1].id if happenings else "",
        leads=leads,
    )  # fmt: skip
    named = [n for noun in step.targets for n in _meant(reader, noun)]
    if step.open and following is not None:
        named = following.ids or _meant(reader, following)
    fills = {
        "picture": _picture, "move": _move, "hold": _hold, "show": _show, "cut": _cut, "pull": _pull, "focus": _focus,
        "lens": _number, "f_stop": _number, "kelvin": _number, "exposure": _number,
    }  # fmt: skip
    fills[step.kind](reader, step, entry, wish, named)
    if step.detail is not None and (part := step.detail.sense("bodypart", "eyes")):
        nearing = any(m.kind == "push_in" or (m.kind == "zoom" and m.amount > 1) for m in wish.moves)
        if wish.size == "CU" and not nearing:
            wish.size = CLOSE.get(part.concept, wish.size)
        wish.size = wish.size or ("MS" if nearing else CLOSE.get(part.concept, ""))
        for move in wish.moves:
            move.amount = NEARING.get(move.kind, move.amount) if nearing and not step.extent else move.amount
        if part.concept not in CLOSE and step.kind == "picture":
            reader.frame.missed.append(f"{step.detail.surface} (shown with the person)")
    return wish


def _before_verb(clause: Clause, step: Step) -> bool:
    """The step stands before the clause's verb."""
    told = [p for p in clause.phrases[: clause.verb_at] if isinstance(p, Small) and p.item.passage is not None]
    return any(step in p.item.passage.steps for p in told if p.item.passage is not None)


def _picture(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    for key in ("size", "angle", "side", "roll", "lens_mm", "f_stop", "framing", "people"):
        if key in entry:
            setattr(wish, key, entry[key])
    wish.subjects = named
    wish.cut = bool(entry.get("cut")) and bool(reader.frame.shots)
    wish.locked = bool(entry.get("locked"))
    wish.white_balance_k = entry.get("kelvin")
    if "exposure" in entry:
        wish.exposure_ev = entry["exposure"] * (step.number or 1.0)
    if step.owner is not None:
        wish.owner = next(iter(_meant(reader, step.owner)), "")
    elif named and (entry.get("framing") == "point_of_view" or (step.sense and step.sense.feature == "owner")):
        wish.owner, wish.subjects = named[0], []
    if "nearest" in entry:
        reader.frame.missed.append(f"{step.items[0].surface} (shown with {entry['nearest']})")
    if move := entry.get("move"):
        if "turn" in entry:
            step.extent = {"angle": entry["turn"]}
        wish.moves = [_moved(step, str(move), air=bool(entry.get("air")))]
        if step.way == "to" and wish.moves[0].kind in TURNS and named:
            wish.moves[0].target, wish.subjects = named[0], [n for noun in step.origins for n in _meant(reader, noun)]


def _move(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    go = entry["go"]
    effect = str(go[step.way or "none"])
    move = _moved(step, effect, air=bool(entry.get("air")))
    wish.moves = [move]
    if move.kind in TURNS and named:
        move.target = named[0]
        wish.subjects = [n for noun in step.origins for n in _meant(reader, noun)]
    else:
        wish.subjects = named


def _moved(step: Step, effect: str, *, air: bool) -> MoveWish:
    """A move of the amount that was said, or the usual one."""
    kind, sign = effect.removeprefix("-"), -1.0 if effect.startswith("-") else 1.0
    if air and kind in ("crane", "pedestal"):
        kind = "drone"
    usual = concepts()["camera_kind"][kind]
    unit, amount = usual["unit"], float(usual["amount"])
    part = float(step.extent.get("part", 1.0)) * float(step.tempo.get("part", 1.0))
    amount = amount**part if unit == "factor" else amount * part
    if unit == "angle" and "angle" in step.extent:
        amount = float(step.extent["angle"])
    if unit == "length" and step.measure is not None and (metres := step.measure.metres) is not None:
        amount = metres
    if unit == "part":  # never as far as through the subject
        amount = min(amount, 0.8) if kind == "push_in" else amount
        if kind in ("follow", "lead"):
            amount = 1.0
    amount = 1 / amount if unit == "factor" and sign < 0 else sign * amount
    seconds = step.seconds if step.seconds is not None else step.tempo.get("seconds", usual.get("seconds"))
    return MoveWish(kind=kind, amount=round(amount, 3), seconds=seconds, slow=step.slow, air=air)


def _hold(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    wish.subjects, wish.locked = named, True


def _show(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    wish.subjects = named
    wish.angle = str(entry.get("go", {}).get(step.way, ""))


def _cut(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    wish.subjects, wish.cut = named, True


def _pull(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    """The focus goes over from the first to the last that is named."""
    origins = [n for noun in step.origins for n in _meant(reader, noun)]
    wish.pull = named[0] if named else "?"
    wish.focus = origins[0] if origins else ""
    wish.seconds = None
    wish.pull_seconds = step.seconds if step.seconds is not None else step.tempo.get("seconds", 1.0)


def _focus(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    wish.focus = named[0] if named else ""


def _number(reader: Reader, step: Step, entry: dict[str, Any], wish: ShotWish, named: list[str]) -> None:
    field = {"lens": "lens_mm", "f_stop": "f_stop", "kelvin": "white_balance_k", "exposure": "exposure_ev"}[step.kind]
    setattr(wish, field, step.number)


def _meant(reader: Reader, noun: Noun) -> list[str]:
    """Whom or what a noun means; of what the story has not told yet, a mark that `settle` replaces."""
    if noun.ids:
        return noun.ids
    if _untold(reader, noun):
        reader.untold.append((reader.frame, noun))
        return [f"{UNTOLD}{len(reader.untold) - 1}{UNTOLD}"]
    return _found(reader, noun)


def _untold(reader: Reader, noun: Noun) -> bool:
    """ "Insert of the ball. A ball rolls …": it comes only later."""
    if noun.name or noun.pronoun or not noun.heads or noun.determiner not in ("definite", "possessive"):
        return False
    if noun.sense("person"):
        return not reader.people
    if (sense := noun.sense("thing")) is None or (noun.sense("part") and reader.hoop):
        return False
    entry = value(sense)
    kinds = {entry["kind"], *entry.get("also", ())}
    return not any(item.kind in kinds for item in reader.frame.items)


def settle(reader: Reader) -> None:
    """All is read: what was spoken of before it was told of is known now."""
    found: dict[str, list[str]] = {}
    here = reader.frame
    for k, (frame, noun) in enumerate(reader.untold):
        reader.frame = frame
        found[f"{UNTOLD}{k}{UNTOLD}"] = noun.ids or _found(reader, noun)
    reader.frame = here
    for wish in (w for frame in reader.frames for w in frame.shots):
        wish.subjects = [n for name in wish.subjects for n in found.get(name, [name])]
        wish.owner, wish.focus, wish.pull = (_one(found, name) for name in (wish.owner, wish.focus, wish.pull))
        for move in wish.moves:
            move.target = _one(found, move.target)
    for mark, names in found.items():
        here.understood[:] = [line.replace(mark, " and ".join(names)) for line in here.understood]


def _one(found: dict[str, list[str]], name: str) -> str:
    return next(iter(found[name]), "") if name in found else name


def _found(reader: Reader, noun: Noun) -> list[str]:
    """Whom or what a noun means."""
    if noun.name or noun.sense("person") or noun.pronoun in PERSONAL:
        several = int(value(noun.sense("person")).get("count", 1))
        if several > 1 and noun.determiner == "definite" and len(reader.group) >= 2:
            noun.ids = [n for n in reader.group if reader.frame.figure(n)]  # "the couple"
            reader.note(noun.heads, ", ".join(noun.ids))
        return persons(reader, noun)
    if noun.pronoun == "pronoun_many" or (not noun.heads and noun.pronoun != "pronoun_one"):
        found = persons(reader, noun) if reader.people else []
        return found or things(reader, noun)
    if noun.sense("part") and (reader.hoop or not noun.sense("thing")):
        reader.note(noun.heads, "the hoop")
        return ["hoop"]
    return things(reader, noun) if noun.sense("thing") or noun.pronoun else []


def told(wish: ShotWish) -> str:
    """What a wish asks for, in words."""
    parts = [wish.size, wish.angle, wish.framing.replace("_", " ")]
    parts += [f"{m.kind.replace('_', ' ')} {m.amount:g}{f' to {m.target}' if m.target else ''}" for m in wish.moves]
    parts += [f"{wish.lens_mm:g} mm" if wish.lens_mm else "", f"f/{wish.f_stop:g}" if wish.f_stop else ""]
    parts += [f"from {wish.side:g}°" if wish.side is not None else "", f"rolled {wish.roll:g}°" if wish.roll else ""]
    parts += ["locked" if wish.locked else "", "cut" if wish.cut else "", f"focus {wish.focus}" if wish.focus else ""]
    parts += [f"focus goes to {wish.pull}" if wish.pull else ""]
    parts += [f"{wish.exposure_ev:+g} EV" if wish.exposure_ev is not None else ""]
    parts += [f"{wish.white_balance_k:g} K" if wish.white_balance_k else ""]
    parts += [f"of {' and '.join(wish.subjects)}" if wish.subjects else ""]
    return "camera: " + (" ".join(p for p in parts if p) or "a picture")


# ── looks and places on earth ───────────────────────────────────────────────────────────────────────────────────────


def _look(reader: Reader, step: Step) -> None:
    entry = value(step.sense)
    for key, asked in entry.items():
        if key == "lighting":
            clash = reader.frame.lighting not in ("", asked)
            reader.frame.lighting = reader.frame.lighting or str(asked)
        else:
            clash = reader.frame.look.get(key, asked) != asked
            reader.frame.look.setdefault(key, asked)
        if clash:
            return  # a film has one grade, one style: the first that was asked for
    reader.note(step.items, ", ".join(f"{k} {v}".replace("_", " ") for k, v in entry.items()))


def _earth(reader: Reader, step: Step) -> None:
    """Kept until all is read: only a city together with a date or a time says where the sun stands."""
    frame = reader.frame
    reader.earth.append((frame, step.items))
    if step.kind == "city" and step.sense is not None:
        frame.city = step.sense.concept
    elif step.kind == "date" and step.sense is not None:
        frame.date = (int(step.extent.get("year", 0)), int(step.sense.concept), int(step.number))
    else:
        frame.clock = step.number


def settle_earth(reader: Reader) -> None:
    """Cities, dates and times are understood where they come together; elsewhere they stay not understood."""
    for frame, items in reader.earth:
        sunny = frame.time_of_day in ("morning", "sunset") and frame.sun_elevation is not None
        if frame.city and (frame.clock is not None or (frame.date and not sunny and frame.time_of_day != "sunset")):
            reader.note(items, "the sun of that place and time")
