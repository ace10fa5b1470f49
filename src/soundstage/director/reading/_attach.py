"""What hangs on a clause: clothes, places, times, measures and loose adjectives find what they belong to."""

from __future__ import annotations

from ... import library
from . import _cloth, _looks, _marks, _where
from ._language import value
from ._match import Item
from ._people import persons
from ._phrases import Measure, Noun, Small
from ._reader import Reader
from ._things import adjective, measure, things


def attach(reader: Reader) -> None:
    """Everything in the clause that says where, when or how somebody looks; the verb's own arguments are left to it."""
    clause = reader.clause
    last: Noun | None = clause.subjects[0] if clause.subjects else None
    for phrase in clause.phrases:
        if isinstance(phrase, Noun):
            last = _noun(reader, phrase, last) or last
        elif isinstance(phrase, Small) and phrase.kind == "adj":
            _loose(reader, phrase.item, last)


def _noun(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    """Handle one noun; it, if later words can hang on it."""
    if noun.name or noun.sense("person"):
        _person(reader, noun)
        return noun
    if noun.sense("garment") and _looks.dress(reader, noun, last):
        return last
    if last is not None and not (noun.name or noun.sense("person")) and _together(reader, noun, last):
        return last
    if noun.role in ("made_of", "of") and last is not None and _made_of(reader, noun, last):
        return last
    for cls, handler in _HANDLERS.items():
        if noun.sense(cls):
            return handler(reader, noun, last)
    if noun.pronoun == "number" and noun.items and noun.items[-1].decade:
        for figure in _looks.wearers(reader, last)[:1]:
            figure.years = (noun.number or 0) + 5
            reader.note(noun.items, f"{figure.id}: about {figure.years:g} years old")
        return last
    if last is not None and (last.sense("person") or last.name) and _looks.years_of(reader, noun, last):
        return last
    if noun.sense("thing") or noun.sense("arrangement"):
        return noun
    if not noun.heads and noun.adjectives and noun.number is None:
        return noun
    return noun if noun.pronoun else None


def _together(reader: Reader, noun: Noun, last: Noun) -> bool:
    """ "dominoes in a circle", "a table with a cup on it", "a girl with a ball"."""
    if noun.role == "in" and (arranged := value(noun.sense("arrangement")).get("arrangement")) and last.sense("thing"):
        for item in [i for n in things(reader, last) if (i := reader.frame.item(n))]:
            item.arrangement = arranged
            reader.note(noun.heads, f"{item.id} in a {arranged}")
        return True
    if noun.role != "with" or not noun.sense("thing") or noun.sense("garment"):
        return False
    ids = last.ids or (things(reader, last) if last.sense("thing") else [])
    figures = [f for n in ids if (f := reader.frame.figure(n))]
    host = next((i for n in ids if (i := reader.frame.item(n)) and library.prop(i.kind).fixed), None)
    if not figures and host is None:
        return False
    for name in things(reader, noun):
        held = reader.frame.item(name)
        if held is None or library.prop(held.kind).fixed:
            continue
        if figures and name not in figures[0].holds:
            figures[0].holds.append(name)
            reader.note(noun.heads, f"{figures[0].id} holds {name}")
        elif host is not None:
            held.relation, held.target = "on", host.id
    return True


def _made_of(reader: Reader, noun: Noun, last: Noun) -> bool:
    """ "a ball of steel", "a marble made of glass"."""
    item = noun.heads[-1] if noun.heads else None
    if item is None or not value(item.sense("adj")).get("material") or noun.determiner or noun.plural:
        return False
    if last.sense("surface"):
        reader.frame.ground = str(value(item.sense("adj"))["material"])
        reader.note(item, f"ground of {reader.frame.ground}")
        return True
    found = [t for n in things(reader, last) if (t := reader.frame.item(n))]
    done = [adjective(reader, thing, item) for thing in found]
    return bool(done) and all(done)


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _person(reader: Reader, noun: Noun) -> None:
    for name in persons(reader, noun):
        figure = reader.frame.figure(name)
        if figure is None:
            continue
        for item in noun.adjectives:
            _looks.person_adjective(reader, figure, item)
        if noun.measure:
            _looks.person_measure(reader, figure, noun.measure)
    if noun.owner in ("m", "f"):
        _owner(reader, noun)


def _owner(reader: Reader, noun: Noun) -> None:
    """ "her friend" tells that somebody spoken of before is female."""
    for name in reversed(reader.people):
        figure = reader.frame.figure(name)
        if figure is not None and name not in noun.ids:
            figure.sex = figure.sex or noun.owner
            return


_HANDLERS = {
    "hair": _looks.hair, "beard": _looks.beard, "eyes": _looks.eyes, "skin": _looks.skin, "voice": _looks.voice,
    "skin_mark": _marks.skin_mark, "bodypart": _marks.bare_part,
    "outfit": _looks.outfit, "print": _looks.text_on, "pattern": _cloth.pattern_on,
    "place": _where.place, "time": _where.time,
    "weather": _where.weather, "gravity": _where.gravity, "mark": _where.mark, "surface": _where.surface,
}  # fmt: skip


# ── loose words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _loose(reader: Reader, item: Item, last: Noun | None) -> None:
    """An adjective with no noun of its own ("the ball is red", "a man, tall and bald") belongs to the last noun."""
    if last is None:
        if item.has("weather"):
            reader.frame.weather = value(item.sense("weather"))["weather"]
            reader.note(item, f"weather {reader.frame.weather}")
        return
    people = [n for n in last.ids if reader.frame.figure(n)]
    if people or last.name or last.sense("person") or last.pronoun in ("pronoun_m", "pronoun_f"):
        for name in people or persons(reader, last):
            figure = reader.frame.figure(name)
            if figure is not None and _looks.person_adjective(reader, figure, item):
                return
    elif last.sense("hair"):
        last.adjectives.append(item)
        _looks.hair(reader, last, None)
    elif last.sense("surface"):
        if material := value(item.sense("adj")).get("material"):
            reader.frame.ground = material
            reader.note(item, f"ground of {material}")
    else:
        for name in things(reader, last):
            thing = reader.frame.item(name)
            if thing is not None:
                adjective(reader, thing, item)


def loose_measures(reader: Reader) -> None:
    """Measures that belong to nobody's verb: "he is 1.95 m tall", "a 6 second clip"."""
    for given in reader.clause.measures:
        if given.items[0].used:
            continue
        entry = value(given.unit)
        if "time" in entry and (given.of == "length_of_film" or _of_film(reader, given)):
            reader.frame.seconds = max(0.5, min(600.0, given.amount * float(entry["time"])))
            reader.note(given.items, f"{reader.frame.seconds:g} s long")
            continue
        for subject in reader.clause.subjects[:1]:
            for name in subject.ids:
                figure, thing = reader.frame.figure(name), reader.frame.item(name)
                if figure is not None and given.of in ("tall", "height", "age", ""):
                    _looks.person_measure(reader, figure, given)
                elif thing is not None and given.of in ("tall", "wide", "height"):
                    measure(reader, thing, given)


def _of_film(reader: Reader, given: Measure) -> bool:
    """A measure of time right beside a word for the film."""
    items = list(reader.items)
    at = items.index(given.items[-1])
    near = items[max(0, at - 4) : at + 3]
    return any(i.is_function("directive") for i in near)
