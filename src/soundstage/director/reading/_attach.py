"""What hangs on a clause: clothes, hair, places, times, marks, measures and loose adjectives find what they belong to."""

from __future__ import annotations

from typing import Any

from ... import library
from ..frame import Figure, Wear
from ._language import value
from ._match import Item
from ._people import persons, trait
from ._phrases import Measure, Noun, Small
from ._reader import Reader
from ._things import adjective, asked_of, measure, things

RELATIONS = {
    "on": "on", "near": "near", "behind": "behind", "in_front_of": "in_front_of", "left_of": "left_of",
    "right_of": "right_of", "at": "near", "under": "", "above": "above", "by": "near",
}  # fmt: skip


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
    if noun.sense("garment") and _dressed(reader, noun, last):
        return last
    for cls, handler in _HANDLERS.items():
        if noun.sense(cls):
            return handler(reader, noun, last)
    if noun.pronoun == "number" and noun.items and noun.items[-1].decade:
        for figure in wearers(reader, last)[:1]:
            figure.years = (noun.number or 0) + 5
            reader.note(noun.items, f"{figure.id}: about {figure.years:g} years old")
        return last
    if noun.sense("thing") or noun.sense("arrangement"):
        return noun
    if not noun.heads and noun.adjectives and noun.number is None:
        return noun
    return noun if noun.pronoun else None


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _person(reader: Reader, noun: Noun) -> None:
    for name in persons(reader, noun):
        figure = reader.frame.figure(name)
        if figure is None:
            continue
        for item in noun.adjectives:
            person_adjective(reader, figure, item)
        if noun.measure:
            person_measure(reader, figure, noun.measure)
    if noun.owner in ("m", "f"):
        _owner(reader, noun)


def _owner(reader: Reader, noun: Noun) -> None:
    """ "her friend" tells that somebody spoken of before is female."""
    for name in reversed(reader.people):
        figure = reader.frame.figure(name)
        if figure is not None and name not in noun.ids:
            figure.sex = figure.sex or noun.owner
            return


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


def wearers(reader: Reader, last: Noun | None) -> list[Figure]:
    """Whom clothes or hair belong to: the person just named, else the latest."""
    names = persons(reader, last) if last is not None and (last.name or last.pronoun or last.sense("person")) else []
    names = [n for n in names if reader.frame.figure(n)] or reader.people[-1:]
    return [f for n in names if (f := reader.frame.figure(n))]


def _dressed(reader: Reader, noun: Noun, last: Noun | None) -> bool:
    """Clothes on a person; whether they are worn at all here."""
    sense = noun.sense("garment")
    assert sense is not None  # for the type checker: the caller has looked
    worn = noun.role in ("in", "with") or (reader.clause.verb is not None and reader.clause.verb.means("wear", "have", "hold", "be"))
    if not worn and noun.sense("thing"):
        return False
    figures = wearers(reader, last)
    if not worn or not figures or noun.role == "without":
        return True
    asked = asked_of(noun)
    concept = sense.concept
    for item in noun.adjectives:
        if instead := value(item.sense("adj")).get("garment", {}).get(concept):
            concept = instead
            reader.note(item, f"{instead.replace('_', ' ')} instead of {sense.concept.replace('_', ' ')}")
    for figure in figures:
        wear = Wear(concept=concept, colour=str(asked.get("colour", "")), phrase=noun.surface)
        wear.print_text = _printed_in(reader, noun)
        material = str(asked.get("material", ""))
        if material in ("leather", "fabric"):
            wear.material = material
        figure.wear = [w for w in figure.wear if w.concept != concept] + [wear]
    told = f"{', '.join(f.id for f in figures)} wears {concept.replace('_', ' ')}"
    coloured = [i for i in noun.adjectives if value(i.sense("adj")).get("colour") == asked.get("colour") or i.is_function("and")]
    made = [i for i in noun.adjectives if value(i.sense("adj")).get("material") in ("leather", "fabric")]
    reader.note([*coloured, *made, *noun.heads], f"{told} {asked.get('colour', '')}".strip())
    return True


def _printed_in(reader: Reader, noun: Noun) -> str:
    """ "a number 7 jersey"."""
    for k, item in enumerate(noun.adjectives[:-1]):
        number = noun.adjectives[k + 1].number
        if item.has("print") and number is not None:
            reader.note(noun.adjectives[k : k + 2], f"prints {number:g}")
            return f"{number:g}"
    return ""


def _hair(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
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


def _beard(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
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


def _eyes(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    tones = {"#1f4fa8": "#5b7a92", "#2c8a3c": "#4f6b4a", "#6b4526": "#4a3120", "#85878a": "#7d868c"}
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            effect = _effect(item, "eyes")
            colour = effect.get("eyes") or tones.get(effect.get("colour", ""), effect.get("colour"))
            if colour:
                figure.eyes = colour
                reader.note([item, *noun.heads], f"{figure.id}: eyes {colour}")
    return last


def _skin(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            if effect := value(item.sense("adj")).get("skin"):
                trait(figure, effect)
                reader.note([item, *noun.heads], f"{figure.id}: skin {effect.get('skin')}")
    return last


def _voice(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            if effect := value(item.sense("adj")).get("voice"):
                trait(figure, effect)
                reader.note([item, *noun.heads], f"{figure.id}: {effect}")
    return last


def _outfit(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("outfit"))
    for figure in wearers(reader, last):
        figure.outfit = entry["outfit"]
        reader.note(noun.heads, f"{figure.id}: {figure.outfit} clothes")
        for item in noun.adjectives:
            if colour := value(item.sense("adj")).get("colour"):
                figure.outfit_colour = colour
                reader.note(item, f"{figure.id}: {colour}")
    return last


def _print(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
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
        tops = [w for w in figures[0].wear if w.concept not in ("shorts", "trousers", "jeans", "shoes", "sneakers", "socks")]
        (tops or figures[0].wear)[-1].print_text = text[:24]
        return True
    thing = reader.frame.item(reader.things[-1]) if reader.things else None
    if thing is None:
        return False
    thing.print_text = text[:24]
    return True


# ── places and times ────────────────────────────────────────────────────────────────────────────────────────────────


def _place(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    frame, sense = reader.frame, noun.sense("place")
    assert sense is not None  # for the type checker: the handler was chosen by it
    entry = value(sense)
    for item in noun.adjectives:
        effect = value(item.sense("adj")).get("place")
        if effect:
            frame.indoor = effect["indoor"]
            reader.note(item, "indoors" if frame.indoor else "outdoors")
    if "indoor" in entry:
        frame.indoor = bool(entry["indoor"])
        reader.note(noun.heads, "indoors" if frame.indoor else "outdoors")
    elif entry.get("hoop"):
        frame.court = True
        reader.note(noun.heads, "a basketball court")
    elif frame.set and frame.set != entry["set"]:
        return None  # a second place: one film plays in one place
    else:
        frame.set = entry["set"]
        if entry.get("nearest"):
            frame.missed.append(f"{noun.heads[-1].surface} (shown as: {frame.set.replace('_', ' ')})")
        reader.note(noun.heads, f"set {frame.set}{', the nearest there is' if entry.get('nearest') else ''}")
    return None


def _surface(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    frame, entry = reader.frame, value(noun.sense("surface"))
    asked = asked_of(noun)
    if noun.sense("surface", "adj") and not asked and (own := entry.get("material")):
        asked = {"material": own}
    if material := asked.get("material"):
        if frame.ground and frame.ground != material:
            return None
        frame.ground = material
        made = [i for i in noun.adjectives if "material" in value(i.sense("adj"))]
        reader.note([*made, *noun.heads], f"ground of {material}")
    else:
        reader.note(noun.heads, "the ground")
    for item in noun.adjectives:
        effect = value(item.sense("adj")).get("surface")
        if effect:
            frame.indoor = effect["indoor"]
            reader.note(item, "indoors" if frame.indoor else "outdoors")
    return noun


def _time(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("time"))
    if reader.frame.time_of_day not in ("", entry["time"]):
        return None
    reader.frame.time_of_day = entry["time"]
    reader.frame.sun_elevation = entry.get("elevation", reader.frame.sun_elevation)
    reader.note(noun.heads, f"time of day {entry['time']}")
    for item in noun.adjectives:
        if weather := value(item.sense("weather")).get("weather"):
            reader.frame.weather = weather
            reader.note(item, f"weather {weather}")
    return None


def _weather(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    reader.frame.weather = value(noun.sense("weather"))["weather"]
    reader.note(noun.heads, f"weather {reader.frame.weather}")
    return None


def _gravity(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    reader.frame.gravity = value(noun.sense("gravity"))["gravity"]
    reader.note(noun.heads, f"gravity {reader.frame.gravity} m/s²")
    return None


def _mark(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("mark"))
    if not reader.hoop and not entry.get("sure"):
        return None
    figures = wearers(reader, reader.clause.subjects[0] if reader.clause.subjects else last)
    for figure in figures[:1]:
        figure.target = entry["mark"]
        reader.hoop = True
        reader.note(noun.heads, f"{figure.id} stands at {entry['mark']}")
        reader.note([i for i in noun.adjectives if i.has("adj") and not value(i.sense("adj"))], "")
    return last


_HANDLERS = {
    "hair": _hair, "beard": _beard, "eyes": _eyes, "skin": _skin, "voice": _voice, "outfit": _outfit, "print": _print,
    "place": _place, "time": _time, "weather": _weather, "gravity": _gravity, "mark": _mark, "surface": _surface,
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
            if figure is not None and person_adjective(reader, figure, item):
                return
    elif last.sense("hair"):
        last.adjectives.append(item)
        _hair(reader, last, None)
    elif last.sense("surface"):
        if material := value(item.sense("adj")).get("material"):
            reader.frame.ground = material
            reader.note(item, f"ground of {material}")
    else:
        for name in things(reader, last):
            thing = reader.frame.item(name)
            if thing is not None:
                adjective(reader, thing, item)


def standing(reader: Reader) -> None:
    """Where things and people are that only stand, lie or are there: "on a table", "next to a bench"."""
    clause = reader.clause
    hosts = [*clause.subjects, *clause.objects]
    for noun in clause.marked:
        relation = RELATIONS.get(noun.role)
        if noun.role == "in" and (arranged := value(noun.sense("arrangement")).get("arrangement")):
            for item in [i for h in hosts for n in h.ids if (i := reader.frame.item(n))]:
                item.arrangement = arranged
                reader.note(noun.heads, f"{item.id} in a {arranged}")
        if not relation or not noun.sense("thing"):
            continue
        target = things(reader, noun)
        at = clause.phrases.index(noun)
        near = [p for p in clause.phrases[:at] if isinstance(p, Noun) and p.marker is None]
        if at >= clause.verb_at and clause.verb is not None:  # behind the verb: it tells of all who do it
            near = [p for p in near if p in clause.phrases[clause.verb_at :]][-1:] or hosts
        else:
            near = near[-1:]
        for host in near or hosts:
            relate(reader, host, relation, target)


def relate(reader: Reader, host: Noun, relation: str, target: list[str]) -> None:
    """Put a noun's items or people beside, on, behind … something."""
    for name in host.ids:
        thing, figure = reader.frame.item(name), reader.frame.figure(name)
        if thing is not None and target and target[0] != name and not library.prop(thing.kind).fixed:
            thing.relation, thing.target = relation, target[0]
        elif figure is not None and target:
            figure.relation, figure.target = ("near" if relation == "on" else relation), target[0]


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
                    person_measure(reader, figure, given)
                elif thing is not None and given.of in ("tall", "wide", "height"):
                    measure(reader, thing, given)


def _of_film(reader: Reader, given: Measure) -> bool:
    """A measure of time right beside a word for the film."""
    items = list(reader.items)
    at = items.index(given.items[-1])
    near = items[max(0, at - 4) : at + 3]
    return any(i.is_function("directive") for i in near)
