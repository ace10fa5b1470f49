"""Who is meant: persons by name, noun and pronoun."""

from __future__ import annotations

from typing import Any

from ..frame import Figure
from ._language import value
from ._phrases import Noun
from ._reader import Reader

GENERAL = {
    "person",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "player",
    "friend",
    "old_man",
    "old_woman",
    "young_man",
    "young_woman",
    "athlete",
}
"""Words that may take up somebody who was introduced by another word."""
TRAITS = (
    "sex",
    "age",
    "height",
    "build",
    "hair_style",
    "hair_colour",
    "beard",
    "ancestry",
    "skin",
    "freckles",
    "moles",
    "redness",
    "wrinkles",
    "mood",
    "left_handed",
    "outfit",
)


def persons(reader: Reader, noun: Noun) -> list[str]:
    """Ids of the figures a noun means; new ones are made where it means new ones."""
    if noun.ids:
        return noun.ids
    if noun.same is not None:
        noun.ids = persons(reader, noun.same)
        _same(reader, noun)
    elif noun.name:
        noun.ids = [_named(reader, noun)]
    elif noun.pronoun:
        noun.ids = _by_pronoun(reader, noun)
    elif noun.heads and (sense := noun.sense("person")):
        found = _known(reader, noun, sense.concept)
        noun.ids = found or _introduce(reader, noun, sense.concept)
    elif not noun.heads:
        noun.ids = _one_of(reader, noun)
    for name in noun.ids:
        reader.mention(name)
    return noun.ids


def _same(reader: Reader, noun: Noun) -> None:
    """Say more of somebody just named: "Ben, a tall man"."""
    for name in noun.ids:
        figure = reader.frame.figure(name)
        if figure is None:
            continue
        if noun.name:
            figure.name, figure.given = noun.name.name, noun.name.given
            if figure.given and figure.sex not in ("", noun.name.sex):
                reader.frame.missed.append(f"{figure.role} ({figure.name} stays as in the file)")
                figure.sex = noun.name.sex
            figure.sex = figure.sex or noun.name.sex
            reader.note(noun.name, f"name of {name}")
        if noun.heads and (sense := noun.sense("person")):
            trait(figure, value(sense))
            reader.kinds[name] = sense.concept
            figure.role = noun.heads[-1].surface.casefold()
            reader.note(noun.heads, f"{figure.name or name} is a {sense.concept.replace('_', ' ')}")


def _named(reader: Reader, noun: Noun) -> str:
    item = noun.name
    assert item is not None  # for the type checker: only called with a name
    known = next((f for f in reader.frame.figures if f.given == item.given and _called(f, item.name)), None)
    if known is None:
        known = _unnamed_member(reader, item.sex)
        if known is None:
            known = Figure(id=reader.fresh(item.given or item.name), sex=item.sex)
            reader.add_figure(known, "person")
        else:
            _rename(reader, known, item.given or item.name)
        known.given = item.given
        known.name = item.name
        known.sex = known.sex or item.sex
    reader.note(item, f"character {known.id}")
    if noun.heads and (sense := noun.sense("person")):
        trait(known, value(sense))
        reader.kinds[known.id] = sense.concept
        reader.note(noun.heads, f"{known.name} is a {sense.concept.replace('_', ' ')}")
    return known.id


def _called(figure: Figure, name: str) -> bool:
    return figure.name.casefold() == name.casefold()


def _rename(reader: Reader, figure: Figure, name: str) -> None:
    """Give a group's nameless member its name as id, wherever the old one stands."""
    old, new = figure.id, reader.fresh(name)
    figure.id = new
    reader.kinds[new] = reader.kinds.pop(old, "person")
    for order in (reader.people, reader.group, reader.spoke):
        order[:] = [new if x == old else x for x in order]
    for frame in reader.frames:
        frame.present = {new if x == old else x for x in frame.present}
        if old in frame.stances:
            frame.stances[new] = frame.stances.pop(old)
    for happening in (h for frame in reader.frames for h in frame.happenings):
        for key, held in vars(happening).items():
            if key not in ("id", "text", "phrase"):
                setattr(happening, key, _swapped(held, old, new))
    for wish in (w for frame in reader.frames for w in frame.shots):
        for key in ("subjects", "owner", "focus", "pull"):
            setattr(wish, key, _swapped(getattr(wish, key), old, new))
        for move in wish.moves:
            move.target = _swapped(move.target, old, new)
    for other in reader.frame.figures:
        other.target, other.gaze = _swapped(other.target, old, new), _swapped(other.gaze, old, new)
    for clause in (reader.clause, reader.previous):
        nouns = [*clause.subjects, *(p for p in clause.phrases if isinstance(p, Noun))] if clause else []
        for noun in nouns:
            noun.ids[:] = [new if x == old else x for x in noun.ids]


def _swapped(held: Any, old: str, new: str) -> Any:
    """A field's value with one id put in place of another."""
    if isinstance(held, list):
        return [new if x == old else x for x in held]
    return new if held == old else held


def _unnamed_member(reader: Reader, sex: str) -> Figure | None:
    """A member of the last group that has no name yet and can be of that sex."""
    if len(reader.group) < 2:
        return None
    members = [f for name in reader.group if (f := reader.frame.figure(name)) and not f.name]
    exact = [f for f in members if f.sex and f.sex == sex]
    return next(iter(exact or [f for f in members if not f.sex or not sex]), None)


def _by_pronoun(reader: Reader, noun: Noun) -> list[str]:
    sex = {"pronoun_m": "m", "pronoun_f": "f"}.get(noun.pronoun, "")
    order = list(reversed(reader.people))
    if sex:
        fits = [n for n in order if _sex(reader, n) == sex] or [n for n in order if not _sex(reader, n)]
        if fits:
            figure = reader.frame.figure(fits[0])
            if figure is not None:
                figure.sex = sex
            return fits[:1]
        stem = "man" if sex == "m" else "woman"
        return [reader.add_figure(Figure(id=reader.fresh(stem), role=stem, sex=sex), stem)]
    if noun.pronoun == "pronoun_many":
        return [f.id for f in reader.frame.figures]
    if noun.pronoun == "pronoun_open":
        reader.note(noun.items, "a person")
        return [reader.add_figure(Figure(id=reader.fresh("person"), role="person"), "person")]
    if noun.pronoun in ("first_of", "other_of", "rest", "number"):
        return _one_of(reader, noun)
    return []


def _sex(reader: Reader, name: str) -> str:
    figure = reader.frame.figure(name)
    return figure.sex if figure else ""


def _one_of(reader: Reader, noun: Noun) -> list[str]:
    """ "one", "the other", "the first", "the tall one" of those who were introduced."""
    group = reader.group or [f.id for f in reader.frame.figures]
    if not group:
        return []
    reader.note(noun.items, "")
    if noun.adjectives and not noun.heads:
        fits = [n for n in group if not conflicts(reader.frame.figure(n), wanted(noun))]
        return fits[:1]
    if noun.ordinal is not None:
        return [group[noun.ordinal - 1 if noun.ordinal > 0 else -1]] if abs(noun.ordinal) <= len(group) else []
    if noun.pronoun == "number" and (noun.number or 0) > 1:
        return group[: int(noun.number or 0)]
    if noun.pronoun in ("other_of", "rest") or noun.determiner == "other_of":
        last = reader.people[-1] if reader.people else ""
        return [n for n in group if n != last][: None if noun.pronoun == "rest" else 1]
    return group[:1]


def wanted(noun: Noun) -> dict[str, Any]:
    """Traits a noun's adjectives and head ask for."""
    result: dict[str, Any] = {}
    if sense := noun.sense("person"):
        result |= {k: v for k, v in value(sense).items() if k in TRAITS}
    for item in noun.adjectives:
        result |= value(item.sense("adj")).get("person", {})
    return result


def conflicts(figure: Figure | None, traits: dict[str, Any]) -> bool:
    """The figure is known to be otherwise."""
    if figure is None:
        return True
    return any(getattr(figure, k, None) not in ("", None, v) for k, v in traits.items())


def agrees(figure: Figure, traits: dict[str, Any]) -> int:
    """How many of the traits the figure is known to have."""
    return sum(getattr(figure, k, None) == v for k, v in traits.items())


def _known(reader: Reader, noun: Noun, concept: str) -> list[str]:
    """Figures already introduced that a definite noun takes up."""
    if noun.determiner not in ("definite", "possessive", "other_of", "each", "first_of") and noun.number is None:
        return []
    if noun.determiner not in ("definite", "other_of", "each", "first_of") and not (
        noun.determiner == "possessive" and _others(reader, concept)
    ):
        return []
    traits = wanted(noun)
    order = list(reversed(reader.people))
    alike = [n for n in order if reader.kinds.get(n) == concept]
    fits = [n for n in alike if not conflicts(reader.frame.figure(n), traits)]
    if not fits and not alike and concept in GENERAL | {"basketball_player"}:
        fits = [n for n in order if not conflicts(reader.frame.figure(n), traits)]
    if noun.determiner == "possessive":
        fits = _others(reader, concept)
    if not fits:
        return []
    if noun.determiner == "other_of":
        fits = [n for n in fits if n != (reader.people[-1] if reader.people else "")]
        if not fits:
            return []
    plural = noun.plural or (noun.number or 1) > 1
    reader.note(noun.items, "")
    if plural or noun.determiner == "each":
        chosen = [f.id for f in reader.frame.figures if f.id in fits]
    elif noun.ordinal is not None:
        ordered = [f.id for f in reader.frame.figures if f.id in alike or f.id in fits]
        chosen = ordered[noun.ordinal - 1 : noun.ordinal] if noun.ordinal > 0 else ordered[-1:]
    else:
        best = max(fits, key=lambda n: (agrees_of(reader, n, traits), reader.people.index(n)))
        chosen = [best]
    for name in chosen:
        figure = reader.frame.figure(name)
        if figure is not None:
            trait(figure, {k: v for k, v in traits.items() if getattr(figure, k, None) in ("", None)})
    return chosen


def agrees_of(reader: Reader, name: str, traits: dict[str, Any]) -> int:
    """`agrees` by id."""
    figure = reader.frame.figure(name)
    return agrees(figure, traits) if figure else 0


def _others(reader: Reader, concept: str) -> list[str]:
    """Figures of that concept other than the one spoken of last ("her friend")."""
    last = reader.people[-1] if reader.people else ""
    return [n for n in reversed(reader.people) if n != last and reader.kinds.get(n) == concept]


def _introduce(reader: Reader, noun: Noun, concept: str) -> list[str]:
    """New figures."""
    entry = value(noun.sense("person"))
    count = int(noun.number) if noun.number else 0
    if noun.arrangement and not count:
        count = int(value(noun.arrangement.sense("arrangement")).get("count", 3))
    count = count or int(entry.get("count", 0)) or (2 if noun.plural else 1)
    count = max(1, min(count, 12))
    sexes, ages = entry.get("sexes", []), entry.get("ages", [])
    ids = []
    for k in range(count):
        stem = concept if concept not in ("couple", "family", "crowd", "twins") else "person"
        figure = Figure(id=reader.fresh(stem), role=noun.heads[-1].surface.casefold() if count == 1 else stem)
        trait(figure, {k: v for k, v in entry.items() if k in TRAITS})
        figure.sex = sexes[k % len(sexes)] if sexes else figure.sex
        figure.age = ages[k % len(ages)] if ages else figure.age
        ids.append(reader.add_figure(figure, concept))
    if len(ids) > 1 or (reader.group and noun.determiner in ("other", "indefinite") and len(reader.group) == 1):
        reader.group = ids if len(ids) > 1 else [*reader.group, *ids]
    else:
        reader.group = [*reader.group, *ids] if len(ids) == 1 and _unnamed(reader) else ids
    head = [
        i
        for i in noun.items
        if i in noun.heads or i.number is not None or i is noun.arrangement or i.is_function("each", "other")
    ]
    reader.note(head, f"{count} × {concept.replace('_', ' ')}" if count > 1 else f"character {ids[0]}")
    return ids


def _unnamed(reader: Reader) -> bool:
    return all((f := reader.frame.figure(n)) is not None and not f.name for n in reader.group)


def trait(figure: Figure, traits: dict[str, Any]) -> None:
    """Set what is said of a person."""
    for key, given in traits.items():
        if key in TRAITS or key == "voice":
            setattr(figure, key, given)
