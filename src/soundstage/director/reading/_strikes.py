"""One thing meets another: hits, knocks over, sets off; and what stands topples."""

from __future__ import annotations

from ... import library
from ..frame import Deed
from ._language import Sense
from ._motions import MOVES, chained, fall, follows, manners, set_toppling, subject_items, used
from ._phrases import Noun
from ._reader import Reader
from ._shots import ball_meets
from ._things import things


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


def topple(reader: Reader, sense: Sense) -> bool:
    """ "topple", "fall over", "collapse", "tip over"."""
    chained(reader)
    names = subject_items(reader)
    if not names:
        return False
    if follows(reader, names):
        return used(reader, "left to physics")
    return set_toppling(reader, names)


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
    done = follows(reader, names) or set_toppling(reader, names)
    verb = clause.verb
    if clause.subjects and verb is not None:  # a person does it: nobody's hand is seen doing so
        reader.leave(verb.item)
    return done
