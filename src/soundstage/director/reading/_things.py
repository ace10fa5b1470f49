"""What is meant: things by noun and pronoun, their colours, substances, sizes and numbers."""

from __future__ import annotations

from typing import Any

from ... import library
from ..frame import Item as Thing
from ._language import Sense, value
from ._match import Item
from ._phrases import Measure, Noun
from ._reader import Reader

MANY = 3
"""How many an open plural is, unless the concept says otherwise."""


def things(reader: Reader, noun: Noun) -> list[str]:
    """Ids of the items a noun means; a new one is made where it means something new."""
    if noun.ids:
        return noun.ids
    if noun.pronoun:
        noun.ids = _by_pronoun(reader, noun)
    elif sense := _head(reader, noun):
        found = _known(reader, noun, sense)
        noun.ids = found or _introduce(reader, noun, sense)
        if found:
            describe(reader, noun, found)
    elif noun.sense("arrangement"):
        noun.ids = _arranged(reader, noun)
    elif not noun.heads:
        noun.ids = _one_of(reader, noun)
    for name in noun.ids:
        reader.mention(name)
    return noun.ids


def _head(reader: Reader, noun: Noun) -> Sense | None:
    return noun.sense("thing")


def _movable(reader: Reader) -> list[str]:
    return [n for n in reversed(reader.things) if (i := reader.frame.item(n)) and not library.prop(i.kind).fixed]


def _by_pronoun(reader: Reader, noun: Noun) -> list[str]:
    order = _movable(reader)
    if noun.pronoun == "pronoun_one":
        return order[:1]
    if noun.pronoun == "pronoun_many":
        plural = [n for n in order if (i := reader.frame.item(n)) and i.count > 1]
        return plural[:1] or order[:2]
    return _one_of(reader, noun)


def _one_of(reader: Reader, noun: Noun) -> list[str]:
    """ "the red one", "the other"."""
    order = _movable(reader)
    asked = asked_of(noun)
    if noun.adjectives:
        fits = [n for n in order if not _conflicts(reader.frame.item(n), asked)]
        if fits:
            reader.note(noun.items, f"the {fits[0]}")
        return fits[:1]
    if noun.pronoun in ("other_of", "rest") or noun.determiner == "other_of":
        many = [n for n in order if (i := reader.frame.item(n)) and i.count > 1]
        reader.note(noun.items, "")
        return many[:1] if many and noun.pronoun == "rest" else order[1:2] or many[:1]
    if noun.ordinal is not None and order:
        reader.note(noun.items, "")
        return list(reversed(order))[noun.ordinal - 1 : noun.ordinal] if noun.ordinal > 0 else order[:1]
    reader.note(noun.items, "")
    return order[1:2] if noun.pronoun == "first_of" and len(order) > 1 else order[:1]


def asked_of(noun: Noun) -> dict[str, Any]:
    """Colour and substance that a noun's adjectives ask for."""
    asked: dict[str, Any] = {}
    for item in noun.adjectives:
        entry = value(item.sense("adj"))
        asked |= {k: entry[k] for k in ("colour", "material") if k in entry}
    return asked


def _conflicts(thing: Thing | None, asked: dict[str, Any]) -> bool:
    if thing is None:
        return True
    if "colour" in asked and thing.colours and asked["colour"] not in thing.colours:
        return True
    if "colour" in asked and not thing.colours:
        return True
    return "material" in asked and bool(thing.material) and thing.material != asked["material"]


def _known(reader: Reader, noun: Noun, sense: Sense) -> list[str]:
    """An item already introduced that a definite noun takes up."""
    definite = noun.determiner in ("definite", "possessive", "each", "first_of", "other_of") or noun.ordinal is not None
    if not definite:
        return []
    entry = value(sense)
    kinds = {entry.get("kind"), *entry.get("also", [])}
    order = list(reversed(reader.things))
    alike = [n for n in order if (i := reader.frame.item(n)) and i.kind in kinds]
    exact = [n for n in alike if reader.kinds.get(n) == sense.concept]
    exact = exact or [n for n in alike if not _set_apart(sense, reader.kinds.get(n, ""))]
    asked = asked_of(noun)
    fits = [n for n in exact if not _conflicts(reader.frame.item(n), asked)]
    if noun.plural and len(fits) > 1 and all((i := reader.frame.item(n)) and i.count == 1 for n in fits):
        reader.note([*noun.heads, *noun.adjectives], "")
        return list(reversed(fits))
    if asked and not fits and len(exact) == 1 and (i := reader.frame.item(exact[0])) and not i.colours:
        fits = exact  # "a ball … the red ball": it is red
    if noun.determiner == "other_of" and len(exact) > 1:
        fits = [n for n in exact if n != order[0]] or fits
    if fits:
        reader.note(noun.heads, "")
        reader.note([i for i in noun.items if i.has("ordinals") or i.number is not None or i is noun.arrangement], "")
    return fits[:1]


def _set_apart(sense: Sense, concept: str) -> bool:
    """Two words for one kind that yet mean different things: a cue ball is no eight ball."""
    one, other = value(sense), value(Sense("thing", concept))
    return any(one.get(key) != other.get(key) for key in ("colour", "scale"))


def _arranged(reader: Reader, noun: Noun) -> list[str]:
    """ "the tower", "the row": things that stand so, or blocks and dominoes that shall."""
    sense = noun.sense("arrangement")
    how = value(sense).get("arrangement", "")
    if noun.determiner in ("definite", "possessive"):
        order = _movable(reader)
        same = [n for n in order if (i := reader.frame.item(n)) and i.arrangement == how and how]
        many = [n for n in order if (i := reader.frame.item(n)) and i.count > 1]
        if same or many:
            reader.note(noun.heads, "")
            return (same or many)[:1]
    if how not in ("stack", "pyramid", "wall"):
        return []
    count = int(noun.number or 0)
    thing = Thing(id=reader.fresh("block"), kind="block", arrangement=how, count=int(value(sense).get("count", 5)))
    del count
    reader.add_thing(thing, "block")
    reader.note(noun.heads, f"{how} of {thing.count} blocks")
    describe(reader, noun, [thing.id])
    return [thing.id]


def _introduce(reader: Reader, noun: Noun, sense: Sense) -> list[str]:
    """A new item."""
    entry = value(sense)
    kind = str(entry["kind"])
    concept = sense.concept
    if concept == "ball" and reader.hoop:
        kind = concept = "basketball"
    thing = Thing(
        id=reader.fresh(sense.concept),
        kind=kind,
        material=str(entry.get("material", "")),
        scale=float(entry.get("scale", 1.0)),
        phrase=noun.surface,
    )
    if "colour" in entry:
        thing.colours.append(str(entry["colour"]))
    arranged = value(noun.arrangement.sense("arrangement")) if noun.arrangement else {}
    thing.arrangement = str(arranged.get("arrangement", ""))
    if noun.number is not None:
        thing.count, thing.counted = max(1, int(noun.number)), True
    elif arranged or noun.plural or (noun.ordinal is not None and "many" in entry):
        many = int(entry.get("many", MANY))
        thing.count = int(arranged.get("count", many)) if thing.arrangement != "row" or "many" not in entry else many
    reader.add_thing(thing, concept)
    named = [
        i
        for i in noun.items
        if i in noun.heads or i.number is not None or i is noun.arrangement or i.is_function("other")
    ]
    told = f"{thing.count} × {concept.replace('_', ' ')}" if thing.count > 1 else concept.replace("_", " ")
    reader.note(named, f"{told}{f' in a {thing.arrangement}' if thing.arrangement else ''}")
    describe(reader, noun, [thing.id])
    return [thing.id]


def describe(reader: Reader, noun: Noun, names: list[str]) -> None:
    """Adjectives and measures of a noun, put on its items."""
    for name in names:
        thing = reader.frame.item(name)
        if thing is None:
            continue
        for item in noun.adjectives:
            adjective(reader, thing, item)
        if noun.measure:
            measure(reader, thing, noun.measure)


def adjective(reader: Reader, thing: Thing, item: Item) -> bool:
    """Put one adjective on an item; whether it says anything of one."""
    sense = item.sense("adj")
    if sense is None:
        return False
    entry = value(sense)
    effect: dict[str, Any] = {**{k: v for k, v in entry.items() if not isinstance(v, dict)}, **entry.get("thing", {})}
    if thing.arrangement and "arrangement" in entry:
        effect |= entry["arrangement"]
    done = False
    if "colour" in effect and ("material" not in effect or not library.prop(thing.kind).fixed or effect["colour"]):
        done = _colour(thing, [effect["colour"]])
    if "colours" in effect:
        done = _colour(thing, list(effect["colours"]))
    if "material" in effect:
        thing.material, done = str(effect["material"]), True
        _solid(thing)
    if thing.kind == "ramp" and "ramp" in entry:
        thing.rise, done = float(entry["ramp"]["rise"]), True
    if "scale" in effect:
        thing.scale, done = thing.scale * float(effect["scale"]), True
    if "mass" in effect:
        thing.mass_factor, done = float(effect["mass"]), True
    if "arrangement" in effect:
        thing.arrangement, done = str(effect["arrangement"]), True
    for key, sign in (("more", 1), ("fewer", -1)):
        if key in effect and thing.arrangement and not thing.counted:
            thing.count, done = max(2, thing.count + sign * int(effect[key])), True
    if done:
        reader.note(item, f"{thing.id}: {_told(effect)}")
    return done


def _told(effect: dict[str, Any]) -> str:
    return ", ".join(f"{k} {v}" for k, v in effect.items() if not isinstance(v, dict))


def _colour(thing: Thing, colours: list[str]) -> bool:
    """Another colour of several things alternates; one thing has one colour."""
    if colours and set(colours) <= set(thing.colours):
        return True
    if thing.colours and thing.count == 1:
        return False
    thing.colours.extend(c for c in colours if c not in thing.colours)
    if thing.count == 1:
        del thing.colours[1:]
    return True


def _solid(thing: Thing) -> None:
    """A ball of steel, wood or glass is a solid one, smaller than a play ball."""
    if (
        thing.kind == "ball"
        and thing.material not in ("rubber", "plastic", "leather", "")
        and "sphere" in library.names("props")
    ):
        thing.kind = "sphere"


def measure(reader: Reader, thing: Thing, given: Measure) -> bool:
    """Put a length or mass on an item."""
    entry = value(given.unit)
    size = library.prop(thing.kind).size
    if (metres := given.metres) is not None and metres > 0:
        tall = given.of in ("tall", "height")
        thing.size_m = metres * max(size) / size[2] if tall else metres
        reader.note(given.items, f"{thing.id}: {metres:g} m {'tall' if tall else 'across'}")
        return True
    if "mass" in entry and given.amount > 0:
        thing.mass_kg = given.amount * float(entry["mass"])
        reader.note(given.items, f"{thing.id}: {thing.mass_kg:g} kg")
        return True
    return False
