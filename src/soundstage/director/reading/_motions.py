"""What things do: fall, bounce, roll, slide, hit, topple; and what then happens by itself."""

from __future__ import annotations

from collections.abc import Sequence

from ... import library
from ..frame import Deed
from ._language import Sense, value
from ._phrases import Noun
from ._reader import Reader
from ._shots import ball_meets, last_shot, take_shot
from ._things import things

MOVES = ("fall", "bounce", "roll", "slide", "throw", "drop")
ONTO = {"on", "onto", "to", "into", "in", "against", "at", "over"}


def subject_items(reader: Reader) -> list[str]:
    """Items among the clause's subjects (its objects, if the verb is passive without a doer)."""
    objects = reader.clause.passive or reader.meaning == "drop"  # "let a ball fall": nobody is said to hold it
    nouns = reader.clause.subjects or (reader.clause.objects if objects else [])
    found = [n for s in nouns for n in (s.ids or (things(reader, s) if not s.name else [])) if reader.frame.item(n)]
    return list(dict.fromkeys(found))


def used(reader: Reader, meaning: str) -> bool:
    """The clause's verb was understood."""
    verb = reader.clause.verb
    if verb is not None:
        reader.note([verb.item, *verb.negated], meaning)
    return True


def manners(reader: Reader) -> list[str]:
    """Manner adverbs of the clause that an action takes up."""
    found = []
    for small in reader.clause.smalls("manner"):
        if manner := value(small.item.sense("manner")).get("manner"):
            found.append(str(manner))
            reader.note(small.item, f"manner {manner}")
    return found


def _chain(reader: Reader) -> bool:
    chains = reader.clause.smalls("chain")
    reader.note([s.item for s in chains], "one after another")
    return bool(chains)


def _surface_target(reader: Reader, but: Sequence[str] = ()) -> str:
    """What it falls or lies on: "" the ground, or an item."""
    for noun in reader.clause.marked:
        if noun.role in ONTO and noun.sense("thing"):
            names = [n for n in things(reader, noun) if n not in but]
            if names:
                return names[0]
    return ""


def _heights(reader: Reader) -> list[float]:
    """How high it falls from; several where several heights are told ("from 1 m, 2 m and 3 m")."""
    found: list[float] = []
    for given in reader.clause.measures:
        metres = given.metres
        if metres is not None and 0.01 <= metres <= 100 and given.of not in ("away", "wide"):
            reader.note(given.items, f"from {metres:g} m")
            found.append(metres)
    return found


def _source(reader: Reader) -> str:
    """What it falls off: an item, or nothing."""
    for noun in reader.clause.marked:
        if noun.role in ("off", "from") and noun.sense("thing"):
            names = things(reader, noun)
            if names:
                return names[0]
    return ""


def fall(reader: Reader, sense: Sense) -> bool:
    """ "falls onto", "drops from 2 metres", "falls off the table", "fall one after another"."""
    if ball_meets(reader, sense):
        return True
    names = subject_items(reader)
    if not names:
        return False
    if _is_result(reader, names):
        _chain(reader)
        _over_the_edge(reader, names)
        return used(reader, "left to physics")
    if any(
        (i := reader.frame.item(n)) and i.kind == "ramp"
        for m in reader.clause.marked
        for n in m.ids or _thing_ids(reader, m)
    ):
        return roll(reader, Sense("verb", "roll"))  # "is released at the top of a ramp"
    frame = reader.frame
    source = _source(reader)
    heights = _heights(reader)
    lined = [i for n in names if (i := frame.item(n)) and (i.kind == "domino" or i.arrangement in ("row", "curve"))]
    several = sum(i.count for i in lined) > 1
    if lined and several and not source and not heights and not _dropped_on(reader):
        return _topple(reader, names)
    deed = Deed(id=reader.new_id("fall"), action="fall", actors=names, heights=heights, manner=manners(reader))
    deed.target = _surface_target(reader, names)
    if source:
        deed.direction = "off"
        deed.object = source
        for name in names:
            item = frame.item(name)
            if item is not None:
                item.relation, item.target = "edge", source
    chained = _chain(reader)
    deed.spread = chained
    reader.happen(deed)
    return used(reader, f"{', '.join(names)} fall{'s' if len(names) == 1 else ''}")


def _thing_ids(reader: Reader, noun: Noun) -> list[str]:
    return things(reader, noun) if noun.sense("thing") and noun.role not in ("by", "of", "made_of") else []


def _over_the_edge(reader: Reader, names: list[str]) -> None:
    """ "rolls along a table and falls off": it sets out near the edge."""
    away = [s.item.sense("adposition") for s in reader.clause.smalls("adposition")]
    off = any(sense is not None and sense.concept == "off" for sense in away)
    if not off and not _source(reader):
        return
    for name in names:
        item, deed = reader.frame.item(name), reader.last_deed(name, "roll", "slide")
        if item is not None and deed is not None and item.relation == "on" and not deed.target:
            item.relation, deed.direction = "edge", "off"


def _dropped_on(reader: Reader) -> bool:
    """Dominoes that fall onto something are dropped; those on something topple."""
    return any(n.role == "onto" and (n.sense("thing") or n.sense("surface")) for n in reader.clause.marked)


def _is_result(reader: Reader, names: list[str]) -> bool:
    """It follows from what was told: it was hit, it has moved already, it was shot."""
    happenings = [h for h in reader.frame.happenings if isinstance(h, Deed)]
    struck = next((h for h in happenings if h.target in names and h.action in ("roll", "slide", "throw")), None)
    if struck is not None:
        if reader.meaning in ("topple", "collapse", "knock_over", "fall") and "hard" not in struck.manner:
            struck.manner.append("hard")  # it has to be enough
        return True
    if any(h.target in names and h.action == "fall" and h.direction != "off" for h in happenings):
        return True
    if any(n in h.actors and h.action in (*MOVES, "topple") for n in names for h in happenings):
        return True
    deed = last_shot(reader)
    thrown = {h.object for h in happenings if h.action in ("throw", "drop")}
    if set(names) & thrown:
        return True
    return deed is not None and all((i := reader.frame.item(n)) and i.kind in ("basketball", "ball") for n in names)


def bounce(reader: Reader, sense: Sense) -> bool:
    """ "bounces on the floor", and at the hoop "bounces off the rim"."""
    if ball_meets(reader, sense):
        return True
    names = subject_items(reader)
    if not names:
        return False
    if _is_result(reader, names):
        return used(reader, "left to physics")
    if (
        reader.hoop
        and reader.meaning in ("go", "fly")
        and all((i := reader.frame.item(n)) and i.kind == "basketball" for n in names)
    ):
        deed = take_shot(reader, None, "shoot")
        deed.object = names[0]
        return used(reader, "a shot")
    deed = Deed(id=reader.new_id("fall"), action="fall", actors=names, heights=_heights(reader), manner=manners(reader))
    deed.target = _surface_target(reader, names)
    reader.happen(deed)
    return used(reader, f"{', '.join(names)} falls and bounces")


def roll(reader: Reader, sense: Sense) -> bool:
    """ "rolls down a ramp", "rolls across the floor", "rolls off the table"."""
    if ball_meets(reader, sense):
        return True
    names = subject_items(reader)
    if not names:
        return False
    frame = reader.frame
    path, source, target = "", "", ""
    for noun in [*reader.clause.marked, *reader.clause.objects]:
        if (not noun.sense("thing") and noun.pronoun != "pronoun_one") or noun in reader.clause.subjects:
            continue
        found = things(reader, noun)
        item = frame.item(found[0]) if found else None
        if item is None or item.id in names:
            continue
        if item.kind == "ramp":
            path = item.id
        elif noun.role in ("off", "from"):
            source = item.id
        elif noun.role in ("into", "to", "against", "at"):
            target = item.id
        elif library.prop(item.kind).fixed and noun.role in ("on", "over", "down", "through"):
            for name in names:
                thing = frame.item(name)
                if thing is not None:
                    thing.relation, thing.target = "on", item.id
    if _is_result(reader, names) and not (path or target):
        return used(reader, "left to physics")
    begun = reader.last_deed(names[0], "roll", "slide")
    if begun is not None and path and not begun.object:  # "is hit by a marble that rolls down a ramp"
        begun.object = path
        return used(reader, f"{names[0]} comes down {path}")
    action = "slide" if sense.concept == "slide" else "roll"
    deed = Deed(
        id=reader.new_id(action), action=action, actors=names, object=path, target=target, manner=manners(reader)
    )
    if source:
        deed.direction = "off"
        for name in names:
            thing = frame.item(name)
            if thing is not None:
                thing.relation, thing.target = "edge", source
    reader.happen(deed)
    return used(
        reader, f"{', '.join(names)}: {action}{f' down {path}' if path else ''}{f' to {target}' if target else ''}"
    )


def hit(reader: Reader, sense: Sense) -> bool:
    """ "hits a stack of blocks", "hits the rim", "knocks over the bottle"."""
    clause = reader.clause
    if ball_meets(reader, sense):
        return True
    movers = subject_items(reader)
    struck: list[str] = []
    for noun in [*clause.objects, *clause.marked]:
        if noun in clause.subjects or noun.role in ("by", "off", "from", "of"):
            continue
        if noun.role in ("on", "at", "in") and (clause.objects or clause.passive):  # where, not what
            _settle_on(reader, noun, [*clause.objects, *clause.subjects])
            continue
        if noun.sense("surface"):
            return fall(reader, sense) if movers else False
        if (
            noun.sense("thing")
            or noun.sense("arrangement")
            or noun.pronoun in ("pronoun_one", "pronoun_many", "other_of")
        ):
            struck += [n for n in _other_than(reader, noun, movers) if n not in movers]
    frame = reader.frame
    if struck and not movers and (thrown := _throw_of(reader)) is not None:
        if any(o.pronoun for o in clause.objects):
            struck = [thrown.target or struck[0]]
        if thrown.target in (struck[0], ""):
            thrown.target, thrown.outcome = struck[0], "hits"  # "she throws it at the bottle and hits it"
            return used(reader, f"{thrown.object} hits {struck[0]}")
    if not movers or not struck:
        return False
    if any((i := frame.item(n)) and i.kind == "table" for n in struck):
        return fall(reader, sense)
    chain = [h for h in frame.happenings if isinstance(h, Deed) and h.action == "topple"]
    caused = next((h for h in chain if set(h.actors) & set(struck) and not set(h.actors) & set(movers)), None)
    if caused is not None:  # "it collapses when a ball hits it": the ball comes first
        caused.actors, caused.target = movers, struck[0]
        caused.action = _going(reader, movers)
        caused.manner.append("hard")
        return used(reader, f"{movers[0]} hits {struck[0]}")
    if chain and (set(movers) | set(struck)) & {a for h in chain for a in h.actors}:
        return used(reader, "left to physics")
    moving = next((d for n in movers if (d := reader.last_deed(n, *MOVES))), None)
    hurled = next(
        (h for h in frame.happenings if isinstance(h, Deed) and h.object in movers and h.action in ("throw", "drop")),
        None,
    )
    if moving is not None and not moving.target:
        moving.target = struck[0]
        _hard(reader, moving)
        return used(reader, f"{movers[0]} hits {struck[0]}")
    if hurled is not None:
        hurled.target, hurled.outcome = hurled.target or struck[0], "hits"
        return used(reader, f"{movers[0]} hits {struck[0]}")
    if moving is not None:
        return used(reader, "left to physics")
    action = _going(reader, movers)
    deed = Deed(id=reader.new_id(action), action=action, actors=movers, target=struck[0], manner=manners(reader))
    _hard(reader, deed)
    reader.happen(deed)
    return used(reader, f"{movers[0]} hits {struck[0]}")


def _hard(reader: Reader, deed: Deed) -> None:
    """What knocks something over comes fast."""
    if reader.meaning == "knock_over" and not deed.manner:
        deed.manner.append("hard")


def _going(reader: Reader, movers: list[str]) -> str:
    """How things go along the ground: balls roll, the rest slides."""
    balls = all((i := reader.frame.item(n)) and library.prop(i.kind).shape == "sphere" for n in movers)
    return "roll" if balls else "slide"


def _other_than(reader: Reader, noun: Noun, movers: list[str]) -> list[str]:
    """What a noun means; "it" is not what does the hitting."""
    if noun.pronoun and not noun.ids:
        others = [
            n
            for n in reversed(reader.things)
            if n not in movers and (i := reader.frame.item(n)) and not library.prop(i.kind).fixed
        ]
        noun.ids = others[:1]
    return things(reader, noun)


def _throw_of(reader: Reader) -> Deed | None:
    """The latest throw of the clause's subject."""
    for subject in reader.clause.subjects:
        for name in subject.ids:
            if (deed := reader.last_deed(name, "throw")) is not None:
                return deed
    return None


def _settle_on(reader: Reader, noun: Noun, hosts: list[Noun]) -> None:
    """What it happens on carries those it happens to."""
    if not noun.sense("thing"):
        return
    target = things(reader, noun)
    for host in hosts:
        for name in host.ids:
            item = reader.frame.item(name)
            if item is not None and target and name not in target and not item.relation:
                item.relation, item.target = "on", target[0]


def topple(reader: Reader, sense: Sense) -> bool:
    """ "topple", "fall over", "collapse", "tip over"."""
    _chain(reader)
    names = subject_items(reader)
    if not names:
        return False
    if _is_result(reader, names):
        return used(reader, "left to physics")
    return _topple(reader, names)


def _topple(reader: Reader, names: list[str]) -> bool:
    _chain(reader)
    if (target := _surface_target(reader)) and target not in names:
        for name in names:
            item = reader.frame.item(name)
            if item is not None:
                item.relation, item.target = "on", target
    reader.happen(Deed(id=reader.new_id("topple"), action="topple", actors=names, manner=manners(reader)))
    return used(reader, f"{', '.join(names)} topple")


def knock_over(reader: Reader, sense: Sense) -> bool:
    """By a thing: it hits them. By a person: they topple, but the film does not show who did it."""
    clause = reader.clause
    if subject_items(reader) and not clause.passive:
        first = reader.frame.item(subject_items(reader)[0])
        if first is not None and (first.kind == "domino" or first.arrangement in ("row", "curve")) and first.count > 1:
            reader.note([i for n in clause.objects for i in n.items], "")
            return topple(reader, sense)
        return hit(reader, sense)
    if clause.passive and clause.subjects and subject_items(reader):
        return hit(reader, sense)
    names = [n for noun in clause.objects for n in things(reader, noun)]
    if not names:
        return False
    done = _is_result(reader, names) or _topple(reader, names)
    verb = clause.verb
    if clause.subjects and verb is not None:  # a person does it: nobody's hand is seen doing so
        reader.leave(verb.item)
    return done


def stop(reader: Reader, sense: Sense) -> bool:
    """ "comes to rest", "stops": physics does that by itself, if it moved at all; so does a walk."""
    walkers = [n for s in reader.clause.subjects for n in s.ids if reader.last_deed(n, "walk", "run")]
    if walkers:
        return used(reader, "the walk ends")
    names = subject_items(reader)
    if names and _is_result(reader, names):
        return used(reader, "left to physics")
    return False


def spin(reader: Reader, sense: Sense) -> bool:
    """ "spins on the table"."""
    names = subject_items(reader)
    if not names:
        return False
    if _is_result(reader, names):
        return used(reader, "left to physics")
    if target := _surface_target(reader):
        for name in names:
            item = reader.frame.item(name)
            if item is not None:
                item.relation, item.target = "on", target
    reader.happen(Deed(id=reader.new_id("spin"), action="spin", actors=names, manner=manners(reader)))
    return used(reader, f"{', '.join(names)} spins")
