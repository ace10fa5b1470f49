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


def chained(reader: Reader) -> bool:
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
    if follows(reader, names):
        chained(reader)
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
        return set_toppling(reader, names)
    deed = Deed(id=reader.new_id("fall"), action="fall", actors=names, heights=heights, manner=manners(reader))
    deed.target = _surface_target(reader, names)
    if source:
        deed.direction = "off"
        deed.object = source
        for name in names:
            item = frame.item(name)
            if item is not None:
                item.relation, item.target = "edge", source
    apart = chained(reader)
    deed.spread = apart
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


def follows(reader: Reader, names: list[str]) -> bool:
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
    if follows(reader, names):
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
    chained(reader)  # they set out one after another anyway
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
    if follows(reader, names) and not (path or target):
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


def set_toppling(reader: Reader, names: list[str]) -> bool:
    chained(reader)
    if (target := _surface_target(reader)) and target not in names:
        for name in names:
            item = reader.frame.item(name)
            if item is not None:
                item.relation, item.target = "on", target
    reader.happen(Deed(id=reader.new_id("topple"), action="topple", actors=names, manner=manners(reader)))
    return used(reader, f"{', '.join(names)} topple")


def stop(reader: Reader, sense: Sense) -> bool:
    """ "comes to rest", "stops": physics does that by itself, if it moved at all; so does a walk."""
    walkers = [n for s in reader.clause.subjects for n in s.ids if reader.last_deed(n, *library.gaits())]
    if walkers:
        return used(reader, "the walk ends")
    names = subject_items(reader)
    if names and follows(reader, names):
        return used(reader, "left to physics")
    return False


def spin(reader: Reader, sense: Sense) -> bool:
    """ "spins on the table"."""
    names = subject_items(reader)
    if not names:
        return False
    if follows(reader, names):
        return used(reader, "left to physics")
    if target := _surface_target(reader):
        for name in names:
            item = reader.frame.item(name)
            if item is not None:
                item.relation, item.target = "on", target
    reader.happen(Deed(id=reader.new_id("spin"), action="spin", actors=names, manner=manners(reader)))
    return used(reader, f"{', '.join(names)} spins")
