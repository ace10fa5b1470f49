"""Where and when it is: places, grounds, times, weather, marks, and what stands beside what."""

from __future__ import annotations

from ... import library
from ._language import value
from ._looks import wearers
from ._phrases import Noun
from ._reader import Reader
from ._things import asked_of, things

RELATIONS = {
    "on": "on", "near": "near", "behind": "behind", "in_front_of": "in_front_of", "left_of": "left_of",
    "right_of": "right_of", "at": "near", "under": "", "above": "above", "by": "near",
}  # fmt: skip


def place(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    frame, sense = reader.frame, noun.sense("place")
    assert sense is not None  # for the type checker: the handler was chosen by it
    entry = value(sense)
    for item in noun.adjectives:
        effect = value(item.sense("adj")).get("place")
        if effect and "indoor" in effect:
            frame.indoor = effect["indoor"]
            reader.note(item, "indoors" if frame.indoor else "outdoors")
        elif effect:
            reader.note(item, "nobody else is there")
    if "indoor" in entry:
        frame.indoor = bool(entry["indoor"])
        reader.note(noun.heads, "indoors" if frame.indoor else "outdoors")
    elif entry.get("hoop"):
        frame.court = True
        reader.note(noun.heads, "a basketball court")
    elif frame.place and frame.place != entry["set"] and not reader.may_cut():
        return None  # a second place at once
    else:
        if frame.place and frame.place != entry["set"]:
            reader.cut(same_place=False)
            frame = reader.frame
        frame.place = entry["set"]
        if entry.get("nearest"):
            frame.missed.append(f"{noun.heads[-1].surface} (shown as: {frame.place.replace('_', ' ')})")
        reader.note(noun.heads, f"set {frame.place}{', the nearest there is' if entry.get('nearest') else ''}")
    return None


def surface(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
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


def time(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("time"))
    if entry.get("weak") and reader.frame.time_of_day:
        reader.note(noun.heads, "")
        return None
    if reader.frame.time_of_day not in ("", entry["time"]) and not reader.frame.weak_time:
        if not reader.may_cut():
            return None
        reader.cut(same_place=True)
    reader.frame.time_of_day, reader.frame.weak_time = entry["time"], bool(entry.get("weak"))
    reader.frame.sun_elevation = entry.get("elevation", reader.frame.sun_elevation)
    reader.note(noun.heads, f"time of day {entry['time']}")
    for item in noun.adjectives:
        if weather := value(item.sense("weather")).get("weather"):
            reader.frame.weather = weather
            reader.note(item, f"weather {weather}")
    return None


def weather(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    reader.frame.weather = value(noun.sense("weather"))["weather"]
    reader.note(noun.heads, f"weather {reader.frame.weather}")
    return None


def gravity(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    entry = value(noun.sense("gravity"))
    reader.frame.gravity = entry["gravity"]
    if entry.get("elsewhere"):
        reader.frame.missed.append(f"{noun.heads[-1].surface} (only its gravity)")
    reader.note(noun.heads, f"gravity {reader.frame.gravity} m/s²")
    return None


def mark(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
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
