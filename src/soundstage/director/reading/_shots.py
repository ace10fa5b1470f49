"""What happens at the hoop: shots, and what is told of how they went."""

from __future__ import annotations

from ..frame import Deed, Figure
from ._language import Sense, value
from ._phrases import Noun
from ._reader import Reader
from ._things import things

INTO = {"in", "into", "through", "down", "on"}
OUTSIDE = {"over", "above", "behind"}
SHOTS = ("jump_shot", "free_throw", "shoot")


def take_shot(reader: Reader, act: Noun | None, action: str, outcome: str = "") -> Deed:
    """A new shot by the clause's subject (or by a player nobody has named)."""
    clause, frame = reader.clause, reader.frame
    entry = value(act.sense("act")) if act else {}
    actors = list(dict.fromkeys(n for s in clause.subjects for n in s.ids if frame.figure(n))) or reader.people[-1:]
    if not actors:
        actors = [
            reader.add_figure(
                Figure(id=reader.fresh("player"), role="basketball_player", outfit="sport", age="young"),
                "basketball_player",
            )
        ]
    if any(_done_before(reader, name) for name in actors):
        reader.cut(same_place=True)  # another try: the ball is back in the hands
        frame = reader.frame
    deed = Deed(
        id=reader.new_id("shot"),
        action=str(entry.get("action", action)),
        actors=actors,
        outcome=outcome or str(entry.get("outcome", "")),
    )
    if via := entry.get("via"):
        deed.via.append(via)
    for name in actors:
        figure = frame.figure(name)
        if figure is not None and (mark := entry.get("mark")) and not figure.target:
            figure.target = mark
        reader.shots[name] = deed
    reader.hoop = True
    reader.happen(deed)
    if act:
        _describe_shot(reader, act, deed)
    return deed


def _done_before(reader: Reader, name: str) -> bool:
    return reader.last_deed(name, *SHOTS) is not None


def _describe_shot(reader: Reader, act: Noun, deed: Deed) -> None:
    reader.note(act.heads, f"{' and '.join(deed.actors)}: {deed.action}")
    for item in act.adjectives:
        if outcome := value(item.sense("adj")).get("act", {}).get("outcome"):
            deed.outcome = outcome
            reader.note(item, outcome)
        elif manner := value(item.sense("manner")).get("manner"):
            deed.manner.append(manner)
            reader.note(item, manner)
        elif item.has("adj") and item.sense("adj", "") and item.sense("adj").concept in ("long",):  # type: ignore[union-attr]
            for name in deed.actors:
                figure = reader.frame.figure(name)
                if figure is not None:
                    figure.target = figure.target or "three_point_line"
            reader.note(item, "from the three-point line")


def last_shot(reader: Reader) -> Deed | None:
    """The shot that is being told of."""
    for happening in reversed(reader.frame.happenings):
        if isinstance(happening, Deed) and happening.action in SHOTS:
            return happening
    return None


def shoot(reader: Reader, sense: Sense) -> bool:
    """ "shoots", "shoots the ball", "shoots a free throw", "shoots at the hoop"."""
    clause = reader.clause
    act = next((n for n in clause.objects if n.sense("act")), None)
    deed = _still_untold(reader) if act is None else None  # "rises up for a jumper, releases the ball"
    if deed is None:
        deed = take_shot(reader, act, "free_throw" if _at_line(reader) and act is None else "shoot")
    _ball(reader, deed)
    reader.note(_verb(reader), f"{' and '.join(deed.actors)}: {deed.action}")
    parts(reader, deed)
    return True


def _still_untold(reader: Reader) -> Deed | None:
    """The subject's shot of which nothing has been told but that it was begun."""
    deed = last_shot(reader)
    actors = [n for s in reader.clause.subjects for n in s.ids if reader.frame.figure(n)]
    untold = deed is not None and not deed.outcome and not deed.via and not deed.object
    return (
        deed if untold and deed is not None and reader.frame.happenings[-1] is deed and actors == deed.actors else None
    )


def _at_line(reader: Reader) -> bool:
    return any(
        (f := reader.frame.figure(n)) and f.target == "free_throw_line" for s in reader.clause.subjects for n in s.ids
    )


def _verb(reader: Reader) -> list:  # type: ignore[type-arg]
    verb = reader.clause.verb
    return [verb.item, *verb.negated] if verb else []


def _ball(reader: Reader, deed: Deed) -> None:
    """The ball that is shot, if the clause names it."""
    for noun in [*reader.clause.objects, *reader.clause.marked]:
        if noun.sense("thing") or noun.pronoun == "pronoun_one":
            if noun.role not in ("", "with"):
                continue
            names = things(reader, noun)
            if names:
                deed.object = names[0]
                return
    held = [n for a in deed.actors if (f := reader.frame.figure(a)) for n in f.holds]
    if held:
        deed.object = held[0]


def act_done(reader: Reader, sense: Sense) -> bool:
    """ "takes a jump shot", "makes a free throw", "gives a laugh": the verb lends itself, the noun says what."""
    act = next((n for n in reader.clause.objects if n.sense("act")), None)
    if act is None and sense.concept == "make_shot" and any(n.pronoun == "pronoun_one" for n in reader.clause.objects):
        return last_shot(reader) is not None and result(reader, Sense("verb", "score"))  # "shoots and makes it"
    if act is None:
        return False
    entry = value(act.sense("act"))
    if not entry.get("shot"):
        return False
    verb = reader.clause.verb
    outcome = ""
    if verb is not None and verb.means("make_shot") and not verb.negated:
        outcome = "goes_in"
    elif verb is not None and verb.means("make_shot"):
        outcome = "misses"
    if outcome and (told := _told_of(reader, act)) is not None:
        told.outcome = outcome
        reader.note([*_verb(reader), *act.heads], outcome)
        parts(reader, told)
        return True
    deed = take_shot(reader, act, "shoot", outcome)
    _ball(reader, deed)
    reader.note(_verb(reader), f"{deed.action}{' ' + outcome if outcome else ''}")
    parts(reader, deed)
    return True


def _told_of(reader: Reader, act: Noun | None) -> Deed | None:
    """The shot already told that a result belongs to; nothing if the result tells of a new one."""
    deed = last_shot(reader)
    if deed is None:
        return None
    if act is not None and act.determiner in ("indefinite", "other") and not act.pronoun:
        return None
    subjects = [n for s in reader.clause.subjects for n in s.ids]
    if subjects and reader.frame.figure(subjects[0]) and subjects[0] not in deed.actors:
        return None
    if deed.outcome and subjects and reader.frame.figure(subjects[0]):
        return None
    return deed


def result(reader: Reader, sense: Sense) -> bool:
    """ "scores", "misses", "goes in", "rims out", "falls short", "banks it in"."""
    verb = reader.clause.verb
    assert verb is not None  # for the type checker: results are told by verbs
    act = next((n for n in [*reader.clause.objects, *reader.clause.subjects] if n.sense("act")), None)
    outcome = {"score": "goes_in", "swish": "goes_in", "bank_in": "goes_in"}.get(sense.concept, "misses")
    if verb.negated:
        outcome = {"goes_in": "misses", "misses": "goes_in"}[outcome]
    deed = _told_of(reader, act)
    if deed is None and act is None and not reader.hoop and _thrown(reader):
        return False  # what is thrown at other things has no score
    if deed is None:
        deed = take_shot(reader, act, "shoot")
    if not deed.object:
        _ball(reader, deed)
    _ball(reader, deed) if not deed.object else [things(reader, n) for n in reader.clause.objects if n.pronoun]
    deed.outcome = outcome
    via = {"swish": "clean", "bank_in": "backboard", "fall_short": "short", "airball": "short", "rim_out": "rim"}.get(
        sense.concept
    )
    if via and not (verb.negated and via == "clean"):
        _via(deed, via)
    reader.note(_verb(reader), f"{deed.action} {outcome}{f' ({via})' if via else ''}")
    if act is not None:
        reader.note(act.heads, "the shot")
    parts(reader, deed, result=outcome)
    return True


def _thrown(reader: Reader) -> bool:
    return any(isinstance(h, Deed) and h.action == "throw" for h in reader.frame.happenings)


def _via(deed: Deed, via: str) -> None:
    if via not in deed.via:
        deed.via.append(via)


def ball_meets(reader: Reader, sense: Sense) -> bool:
    """ "the ball bounces off the backboard", "it goes through the net": what the ball does to the hoop."""
    clause = reader.clause
    touched = [n for n in [*clause.objects, *clause.marked] if part_of(reader, n)]
    if not touched:
        return False
    verb = clause.verb
    deed = last_shot(reader)
    if deed is None:
        if (
            clause.subjects
            and any(persons_only(reader, s) for s in clause.subjects)
            and sense.concept not in ("throw", "shoot", "drop")
        ):
            return False
        deed = take_shot(reader, None, "shoot")
        _ball_subject(reader, deed)
    parts(reader, deed, negated=bool(verb and verb.negated))
    reader.note(_verb(reader), "")
    reader.note([i for s in clause.subjects if s.sense("act") for i in s.heads], "the shot")
    return True


def _ball_subject(reader: Reader, deed: Deed) -> None:
    for subject in reader.clause.subjects:
        for name in subject.ids:
            if reader.frame.item(name):
                deed.object = name


def persons_only(reader: Reader, noun: Noun) -> bool:
    """The noun means people."""
    return bool(noun.name or noun.sense("person") or noun.pronoun in ("pronoun_m", "pronoun_f"))


def part_of(reader: Reader, noun: Noun) -> str:
    """Concept of the part of the hoop that a noun names, if it names one here."""
    sense = noun.sense("part")
    if sense is None or (noun.sense("thing") and not reader.hoop) or (noun.sense("garment") and noun.heads[-1].used):
        return ""
    return sense.concept


def parts(reader: Reader, deed: Deed, *, negated: bool = False, result: str = "") -> None:
    """Every part of the hoop in the clause adds to how the shot goes."""
    clause = reader.clause
    for noun in [p for p in clause.phrases if isinstance(p, Noun)]:
        concept = part_of(reader, noun)
        if not concept:
            continue
        meaning = _part_meaning(reader, deed, noun, concept, negated=negated, result=result)
        if meaning:
            reader.note(noun.heads, meaning)
            reader.note(noun.adjectives, "")


def _part_meaning(reader: Reader, deed: Deed, noun: Noun, concept: str, *, negated: bool, result: str) -> str:
    verb = reader.clause.verb
    aimed = reader.meaning in ("shoot", "throw", "light", "make_shot", "look_at")
    if concept in ("backboard", "rim"):
        if aimed and noun.role in ("at", "to", ""):
            return "aims at the hoop"
        if noun.role in ("over", "above"):
            deed.outcome = deed.outcome or "misses"
            _via(deed, "long")
            return "flies over"
        if reader.meaning == "miss" and verb is not None and not verb.negated and not noun.role:
            if concept == "rim" and not deed.via:
                _via(deed, "short")
            return f"misses the {concept}"
        if negated:
            if concept == "rim" and "clean" not in deed.via and deed.outcome == "goes_in":
                _via(deed, "clean")
            return f"does not touch the {concept}"
        if noun.role == "of" and set(deed.via) & {"short", "long"}:
            return f"{deed.via[0]} of the {concept}"
        _via(deed, concept)
        return f"{deed.action} by way of the {concept}"
    if noun.role in OUTSIDE and not aimed:
        deed.outcome = "misses"
        _via(deed, "long")
        return "flies over the hoop"
    if noun.role in INTO and not result:
        if negated:
            deed.outcome = "misses"
            return "misses"
        if not aimed or noun.role in ("into", "through", "in"):
            deed.outcome = "goes_in"
            return "goes in"
    if noun.role in ("off", "against") or (not noun.role and verb is not None and verb.means("hit")):
        if not negated:
            _via(deed, "rim")
        return "by way of the rim"
    return "the hoop"


def distance(reader: Reader, deed: Deed) -> None:
    """ "from 6 metres", "five metres away from the hoop"."""
    for given in reader.clause.measures:
        if (metres := given.metres) is not None and 0.8 <= metres <= 15 and not given.items[0].used:
            for name in deed.actors:
                figure = reader.frame.figure(name)
                if figure is not None:
                    figure.distance_m = metres
            reader.note(given.items, f"{metres:g} m from the hoop")


def basketball(reader: Reader) -> None:
    """The ball that was told of is the ball that was shot, and at the hoop it is a basketball."""
    happenings = [h for h in reader.frame.happenings if isinstance(h, Deed)]
    shots = [h for h in happenings if h.action in SHOTS]
    busy = {name for h in happenings for name in (*h.actors, h.object, h.target)}
    free = [i for i in reader.frame.items if i.kind in ("ball", "basketball") and i.id not in busy]
    for deed in shots:
        if not deed.object and free:
            deed.object = free.pop(0).id
        thing = reader.frame.item(deed.object)
        if thing is not None and thing.kind == "ball":
            thing.kind = "basketball"
