"""A prompt, read from its first word to its last."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TypeVar

from ...screenplay.model import Character
from ..frame import Deed, Figure, Frame
from ..frame import Item as Thing
from . import _attach, _deeds, _filming, _shots, _speech, _where
from ._chunks import phrases
from ._clauses import Clause
from ._given import contradicted, names_of
from ._joining import clauses
from ._language import concepts, language, value
from ._match import Item, colon_speech, match
from ._passages import apart
from ._people import persons
from ._phrases import Noun, Verb
from ._reader import Reader, keep_stances
from ._text import END_MARKS, plain, tokenise
from ._things import things

AT_HOOP = {"shoot", "score", "swish", "bank_in", "rim_out", "airball", "jump_shot"}
"""Verbs that only tell of shots."""
FREE = {"function", "adposition", "utterance"}
"""Classes of words that carry no content of their own."""


def read_frame(prompt: str, code: str, given: Sequence[Character] = ()) -> Frame:
    """What the prompt asks for; who is named as one of the `given` characters is that person.

    Raises:
        InputError: prompts in that language are not read.
    """
    words = language(code)
    text = plain(prompt)
    tokens = tokenise(text, words.contractions)
    items = colon_speech(match(tokens, words, names_of(given)), tokens, text, _speaks)
    reader = Reader(text=text, tokens=tokens, items=items, language=words, frame=Frame(prompt=prompt, language=code))
    reader.frames.append(reader.frame)
    story = apart(items, text, tokens, words.root)
    reader.hoop = _at_hoop(story)
    for clause in clauses(phrases(story, words), words):
        _read_clause(reader, clause)
    _filming.settle(reader)
    _filming.settle_earth(reader)
    reader.frame.missed.extend(unused(reader))
    contradicted(reader.frames[0], given)
    for frame in reader.frames:
        reader.frame = frame
        _shots.basketball(reader)
    return _scenes(reader.frames)


def _scenes(frames: list[Frame]) -> Frame:
    """The first scene, the others hung on it; each with those it speaks of, as they are in it."""
    if len(frames) == 1:
        return frames[0]
    keep_stances(frames[-1])
    figures, items = frames[0].figures, frames[0].items
    for frame in frames:
        needed = set(frame.present)
        for _ in items:  # a table is there if something stands on it, and what that stands on …
            needed |= {str(frame.stances[n].get("target", "")) for n in needed if n in frame.stances}
        for happening in frame.happenings:
            if isinstance(happening, Deed):
                needed |= {happening.object, happening.target, *happening.actors}
            else:
                needed |= {happening.speaker, happening.to}
        frame.figures = [_as_in(f, frame) for f in figures if f.id in needed]
        frame.items = [_as_in(i, frame) for i in items if i.id in needed]
    frames[0].later = frames[1:]
    return frames[0]


One = TypeVar("One", Figure, Thing)


def _as_in(one: One, frame: Frame) -> One:
    """A copy of somebody or something, as it is in a scene."""
    copied = copy.deepcopy(one)
    for key, held in frame.stances.get(one.id, {}).items():
        setattr(copied, key, held)
    return copied


def _speaks(before: Sequence[Item]) -> bool:
    """What stands before a colon says that speech follows: a verb of speaking, or a lone name or person."""
    sentence: list[Item] = []
    for item in reversed(before):
        if item.mark in END_MARKS or item.said:
            break
        sentence.insert(0, item)
    speaking = concepts()["speaking"]
    if any(s.cls == "verb" and s.concept in speaking for i in sentence for s in i.senses):
        return True
    naming = [i for i in sentence if not i.is_function("definite", "indefinite", "then", "and")]
    return len(naming) == 1 and bool(naming[0].name or naming[0].has("person"))


def _at_hoop(items: Sequence[Item]) -> bool:
    """The prompt has a word that only basketball has."""
    for item in items:
        for s in item.senses:
            if s.cls == "act" and value(s).get("shot"):
                return True
            sure = len(item.senses) == 1
            if s.concept == "basketball_player" or (s.cls == "part" and sure):
                return True
            if s.cls == "verb" and s.concept in AT_HOOP:
                return True
            if (s.cls == "mark" and value(s).get("sure")) or (s.cls == "place" and value(s).get("hoop")):
                return True
    return False


def _read_clause(reader: Reader, clause: Clause) -> None:
    reader.previous, reader.clause = reader.clause, clause
    reader.before = set(reader.frame.present)
    told = {h.id for frame in reader.frames for h in frame.happenings}
    _moving(reader, clause)
    _resolve(reader, clause)
    _attach.attach(reader)
    _deeds.act(reader)
    _speech.speak(reader)
    deed = _shots.last_shot(reader)
    if deed is not None and clause.verb is not None:
        _shots.distance(reader, deed)
    if clause.verb is None:
        _where.standing(reader)
        _named_shot(reader, clause)
    if clause.verb is not None:
        reader.fresh_ids = [h.id for h in reader.frame.happenings if h.id not in told]
    _filming.film(reader, clause)
    _attach.loose_measures(reader)


def _moving(reader: Reader, clause: Clause) -> None:
    """ "a rolling marble hits …": first it rolls."""
    for noun in [p for p in clause.phrases if isinstance(p, Noun)]:
        for item in noun.adjectives:
            senses = tuple(s for s in item.senses if s.cls == "verb" and s.feature == "ing")
            if not senses or item.used:
                continue
            first = Clause(
                verb=Verb(item=item, senses=senses), subjects=[noun], attributive=True, sentence=clause.sentence
            )
            reader.clause = first
            _resolve(reader, first)
            _deeds.act(reader)
            reader.clause = clause


def _named_shot(reader: Reader, clause: Clause) -> None:
    """ "Jump shot by a young man.": a shot told without a verb."""
    act = next((p for p in clause.phrases if isinstance(p, Noun) and value(p.sense("act")).get("shot")), None)
    if act is None or act.heads[-1].used:
        return
    for noun in clause.marked:
        if noun.role in reader.language.agents and _means_person(reader, noun, clause):
            clause.subjects = [noun]
            persons(reader, noun)
    deed = _shots.take_shot(reader, act, "shoot")
    _shots.parts(reader, deed)


def _resolve(reader: Reader, clause: Clause) -> None:
    """Find out whom and what the clause's bare nouns mean, in their order."""
    for noun in [*clause.subjects, *[p for p in clause.phrases if isinstance(p, Noun)]]:
        if noun.pronoun == "number" and noun.items[0].is_function("each"):
            reader.note(noun.items, "")  # "they both": says nothing new
        if noun.ids or (noun.marker is not None and noun not in clause.subjects):
            continue
        if _means_person(reader, noun, clause):
            persons(reader, noun)
        elif (noun.sense("thing") and not (noun.sense("part") and reader.hoop) and not noun.sense("garment")) or (
            noun in clause.subjects and (noun.pronoun or noun.sense("arrangement") or not noun.heads)
        ):
            things(reader, noun)


def _means_person(reader: Reader, noun: Noun, clause: Clause) -> bool:
    if noun.name or noun.sense("person"):
        return True
    if noun.pronoun in ("pronoun_m", "pronoun_f", "pronoun_open"):
        return True
    if noun.pronoun in ("pronoun_one", "pronoun_reciprocal", "self_camera"):
        return False
    if noun.pronoun or not noun.heads:
        wanted = {k for s in (clause.verb.senses if clause.verb else ()) for k in value(s).get("who", [])}
        if not reader.frame.figures:
            return False
        return noun in clause.subjects and ("person" in wanted or not reader.frame.items)
    return False


# ── account ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_content(item: Item) -> bool:
    """A word that says something of what the film shows."""
    if item.mark or item.helper:
        return False
    if item.said or item.number is not None or item.name or not item.senses:
        return True
    return not any(s.cls in FREE for s in item.senses)


def unused(reader: Reader) -> list[str]:
    """Phrases of content words that nothing was made of, in the words of the prompt."""
    phrases_: list[str] = []
    run: list[Item] = []
    between: list[Item] = []

    def flush() -> None:
        if run:
            indexes = [t for i in run for t in i.tokens]
            phrases_.append(reader.text[reader.tokens[min(indexes)].start : reader.tokens[max(indexes)].end])
        run.clear()
        between.clear()

    for item in reader.items:
        if is_content(item) and not item.used:
            run.extend([*between, item] if run else [item])
            between.clear()
        elif is_content(item) or item.mark:
            flush()
        elif run:
            between.append(item)
    flush()
    return list(dict.fromkeys(phrases_))
