"""How people look: clothes, hair, beards, eyes, skin, voices, and what is printed on them."""

from __future__ import annotations

from typing import Any

from ..frame import Figure, Wear
from . import _cloth
from ._language import value
from ._match import Item
from ._people import persons, trait
from ._phrases import Measure, Noun, Small
from ._reader import Reader


def person_adjective(reader: Reader, figure: Figure, item: Item) -> bool:
    """Put one adjective on a person; whether it says anything of one."""
    entry = value(item.sense("adj"))
    effect = entry.get("person", {})
    if not effect:
        return False
    if "age" in effect and figure.years is not None:
        effect = {k: v for k, v in effect.items() if k != "age"}
    trait(figure, effect)
    reader.note(item, f"{figure.id}: {', '.join(f'{k} {v}' for k, v in effect.items())}")
    return True


def person_measure(reader: Reader, figure: Figure, given: Measure) -> bool:
    """Put a height or an age on a person."""
    if (metres := given.metres) is not None and 0.4 <= metres <= 2.6:
        figure.height_m = metres
        reader.note(given.items, f"{figure.id}: {metres:g} m tall")
        return True
    if "years" in value(given.unit) and 1 <= given.amount <= 110:
        figure.years = min(95.0, max(2.0, given.amount))
        reader.note(given.items, f"{figure.id}: {given.amount:g} years old")
        return True
    return False


def years_of(reader: Reader, noun: Noun, last: Noun) -> bool:
    """ "a woman of 60", "a man aged 50": the age of one person."""
    aged = [i for i in noun.adjectives if "age" in value(i.sense("adj")).get("person", {})]
    bare = not noun.heads and noun.number is not None and len(noun.items) == 1 + len(aged)
    if not bare or not (aged or noun.role == "of") or last.plural or not 2 <= (noun.number or 0) <= 110:
        return False
    figures = [f for n in persons(reader, last) if (f := reader.frame.figure(n))]
    if len(figures) != 1:
        return False
    figures[0].years = min(95.0, float(noun.number or 0))
    reader.note(noun.items, f"{figures[0].id}: {figures[0].years:g} years old")
    return True


def wearers(reader: Reader, last: Noun | None) -> list[Figure]:
    """Whom clothes or hair belong to: the person just named, else the latest."""
    names = persons(reader, last) if last is not None and (last.name or last.pronoun or last.sense("person")) else []
    names = [n for n in names if reader.frame.figure(n)] or reader.people[-1:]
    return [f for n in names if (f := reader.frame.figure(n))]


def dress(reader: Reader, noun: Noun, last: Noun | None) -> bool:
    """Clothes on a person; whether they are worn at all here."""
    sense = noun.sense("garment")
    assert sense is not None  # for the type checker: the caller has looked
    worn = noun.role in ("in", "with", "without") or (
        reader.clause.verb is not None and reader.clause.verb.means("wear", "have", "hold", "be")
    )
    if not worn and noun.sense("thing"):
        return False
    figures = wearers(reader, last)
    if set(value(noun.sense("outfit")).get("of", ())) & {f.outfit for f in figures}:
        return False  # a police officer's uniform is no jersey
    if noun.role == "without" and any(f.given for f in figures):
        for figure in figures:
            figure.bare.append(sense.concept)
        reader.note([*([noun.marker] if noun.marker else []), *noun.heads], f"without {sense.concept}")
    if not worn or not figures or noun.role == "without":
        return True
    concept = sense.concept
    for item in noun.adjectives:
        if instead := value(item.sense("adj")).get("garment", {}).get(concept):
            concept = instead
            reader.note(item, f"{instead.replace('_', ' ')} instead of {sense.concept.replace('_', ' ')}")
    for figure in figures:
        wear = Wear(concept=concept, phrase=noun.surface)
        _cloth.describe(reader, wear, noun)
        wear.print_text = _printed_in(reader, noun)
        figure.wear = [w for w in figure.wear if w.concept != concept] + [wear]
    told = f"{', '.join(f.id for f in figures)} wears {concept.replace('_', ' ')}"
    reader.note(noun.heads, f"{told} {_cloth.colours_of(noun)[0] if _cloth.colours_of(noun) else ''}".strip())
    return True


def _printed_in(reader: Reader, noun: Noun) -> str:
    """ "a number 7 jersey"."""
    for k, item in enumerate(noun.adjectives[:-1]):
        number = noun.adjectives[k + 1].number
        if item.has("print") and number is not None:
            reader.note(noun.adjectives[k : k + 2], f"prints {number:g}")
            return f"{number:g}"
    return ""


def hair(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    sense = noun.sense("hair")
    entry = value(sense)
    for figure in wearers(reader, last):
        if style := entry.get("style"):
            figure.hair_style = style
        short = False
        for item in noun.adjectives:
            effect = _effect(item, "hair")
            if not effect:
                continue
            if effect.get("style") == "short" and figure.hair_style in ("curly", "wavy", "afro"):
                short = True  # short curls are curls
                reader.note(item, f"{figure.id}: hair")
                continue
            if "style" in effect and not (entry.get("style") and effect["style"] in ("long", "short")):
                keep = effect["style"] in ("long", "short") and figure.hair_style in ("curly", "wavy")
                figure.hair_style = figure.hair_style if keep else effect["style"]
            figure.hair_colour = effect.get("colour", figure.hair_colour)
            reader.note(item, f"{figure.id}: hair {', '.join(str(v) for v in effect.values())}")
        del short
        reader.note(noun.heads, f"{figure.id}: hair" + (f" {entry['style']}" if entry.get("style") else ""))
    return last


def _effect(item: Item, cls: str) -> dict[str, Any]:
    """What an adjective says of a noun of a class."""
    entry = value(item.sense("adj"))
    own = entry.get(cls, {})
    if own:
        return dict(own)
    if cls in ("hair", "eyes", "beard") and "colour" in entry:
        return {"colour": entry["colour"]}
    return {}


def beard(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("beard"))
    for figure in wearers(reader, last):
        figure.beard = entry["beard"]
        for item in noun.adjectives:
            effect = _effect(item, "beard")
            if "beard" in effect:
                figure.beard = effect["beard"]
            if "colour" in effect:
                figure.hair_colour = figure.hair_colour or _effect(item, "hair").get("colour", effect["colour"])
            if effect:
                reader.note(item, f"{figure.id}: beard")
        figure.sex = figure.sex or "m"
        reader.note(noun.heads, f"{figure.id}: beard {figure.beard}")
    return last


def eyes(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    tones = {"#1f4fa8": "#5b7a92", "#2c8a3c": "#4f6b4a", "#6b4526": "#4a3120", "#85878a": "#7d868c"}
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            effect = _effect(item, "eyes")
            colour = effect.get("eyes") or tones.get(effect.get("colour", ""), effect.get("colour"))
            if colour:
                figure.eyes = colour
                reader.note([item, *noun.heads], f"{figure.id}: eyes {colour}")
    return last


def skin(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            if effect := value(item.sense("adj")).get("skin"):
                trait(figure, effect)
                told = ", ".join(f"{k} {v}" for k, v in effect.items())
                reader.note([item, *noun.heads], f"{figure.id}: {told}")
    return last


def voice(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            if effect := value(item.sense("adj")).get("voice"):
                trait(figure, effect)
                reader.note([item, *noun.heads], f"{figure.id}: {effect}")
    return last


def outfit(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("outfit"))
    for figure in wearers(reader, last):
        figure.outfit, figure.outfit_said = entry.get("outfit", figure.outfit), True
        reader.note(noun.heads, f"{figure.id}: {figure.outfit} clothes")
        figure.outfit_cloth = Wear(concept="outfit", phrase=noun.surface)
        _cloth.describe(reader, figure.outfit_cloth, noun)
        figure.outfit_colour = figure.outfit_cloth.colour or figure.outfit_colour
    return last


def text_on(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    """ "with the number 23", "with the text 'GO'": printed on what was named last."""
    clause = reader.clause
    following = clause.phrases[clause.phrases.index(noun) + 1 :] if noun in clause.phrases else []
    text, items = "", list(noun.heads)
    for phrase in following[:2]:
        if isinstance(phrase, Noun) and phrase.pronoun == "number" and phrase.number is not None:
            text, items = f"{phrase.number:g}", [*items, *phrase.items]
        elif isinstance(phrase, Small) and phrase.kind == "quote":
            text, items = phrase.item.said, [*items, phrase.item]
    if text and printed(reader, text, last):
        reader.note(items, f"prints {text!r}")
    return last


def printed(reader: Reader, text: str, last: Noun | None) -> bool:
    """Print a text on the latest garment or thing; whether there was one."""
    figures = wearers(reader, last)
    if figures and figures[0].wear:
        tops = [
            w for w in figures[0].wear if w.concept not in ("shorts", "trousers", "jeans", "shoes", "sneakers", "socks")
        ]
        (tops or figures[0].wear)[-1].print_text = text[:24]
        return True
    thing = reader.frame.item(reader.things[-1]) if reader.things else None
    if thing is None:
        return False
    thing.print_text = text[:24]
    return True
