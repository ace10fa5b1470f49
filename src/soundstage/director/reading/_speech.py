"""Who says what to whom, and in what mood."""

from __future__ import annotations

from ..frame import Deed, Speech
from ._language import concepts, value
from ._looks import printed
from ._people import persons
from ._phrases import Noun, Small
from ._reader import Reader
from ._shots import last_shot

MOODS = {"happy", "sad", "angry", "surprised", "afraid", "disappointed", "excited", "whispering"}


def said(reader: Reader) -> list[Small]:
    """Quotations of the clause, and words said without quotes ("says hello")."""
    clause = reader.clause
    quotes = [q for q in clause.smalls("quote") if not q.item.used]
    if quotes or clause.verb is None or not any(s.concept in concepts()["speaking"] for s in clause.verb.senses):
        return quotes
    return clause.smalls("utterance")


def speak(reader: Reader) -> bool:
    """Make lines of the clause's quotations; whether there were any."""
    quotes = said(reader)
    if not quotes:
        return False
    clause = reader.clause
    if clause.verb is not None and all(q.item.surface.casefold() in reader.language.silent for q in quotes):
        reader.note([clause.verb.item, *(q.item for q in quotes)], "silence")
        return True
    if _bears(reader) and _garment_says(reader, quotes):
        return True
    speaker = _speaker(reader)
    if not speaker:
        return False
    verb = clause.verb
    speaking = [s.concept for s in verb.senses if s.concept in concepts()["speaking"]] if verb else []
    for quote in quotes:
        text = _whole(quote.item.said) if quote.item.said else _sentence(quote.item.surface, clause.mark)
        to = _addressee(reader, speaker)
        speech = Speech(id=reader.new_id("speech"), speaker=speaker, to=to, text=text)
        speech.mood = _mood(reader, speech, speaking)
        reader.happen(speech)
        if speech.link == "with" and clause.attributive:
            speech.link = "then"
        reader.note(quote.item, f"{speaker} says it{f' to {to}' if to else ''} ({speech.mood})")
    reader.spoke.append(speaker)
    if verb is not None and speaking:
        reader.note([verb.item], f"{speaker} speaks")
    return True


def _bears(reader: Reader) -> bool:
    """Not a person but a shirt or a thing "says" it: "in a shirt that says …"."""
    clause = reader.clause
    if clause.subjects and not any(_people(reader, s) for s in clause.subjects):
        return True
    before = clause.phrases[clause.verb_at - 1] if 0 < clause.verb_at <= len(clause.phrases) else None
    return clause.attributive and isinstance(before, Noun) and bool(before.sense("garment"))


def _people(reader: Reader, noun: Noun) -> list[str]:
    return [n for n in noun.ids if reader.frame.figure(n)]


def _garment_says(reader: Reader, quotes: list[Small]) -> bool:
    """ "a shirt that says 'GO'"."""
    done = printed(reader, quotes[0].item.said, None)
    if done:
        reader.note([q.item for q in quotes], "printed")
        if reader.clause.verb:
            reader.note(reader.clause.verb.item, "is printed with")
    return done


def _whole(text: str) -> str:
    """ "I am tired," he says: the comma belongs to the telling, not to what is said."""
    return text.rstrip(" ,") + "." if text.endswith(",") else text


def _sentence(text: str, mark: str) -> str:
    """ "hello" as said: with a capital and its mark."""
    return text[:1].upper() + text[1:] + (mark if mark in ("!", "?") else ".")


def _speaker(reader: Reader) -> str:
    """The clause's subject, else whoever would speak next."""
    clause = reader.clause
    named = [n for s in clause.subjects for n in _people(reader, s)]
    if not named:  # "'Hello!' Anna": a name beside the quotation
        beside = [p for p in clause.phrases if isinstance(p, Noun) and (p.name or p.sense("person")) and not p.marker]
        for noun in beside:  # all of them first: a name may turn out to be somebody's who had none
            persons(reader, noun)
        named = [n for noun in beside for n in noun.ids]
    named = list(dict.fromkeys(named))
    if len(named) > 1:  # several are told to speak: whoever has not spoken last
        fresh = [n for n in named if not reader.spoke or n != reader.spoke[-1]]
        return fresh[0]
    if named:
        return named[0]
    everybody = [f.id for f in reader.frame.figures]
    if not everybody:
        return ""
    if reader.clause.verb is None and len(everybody) > 1 and reader.spoke:
        others = [n for n in everybody if n != reader.spoke[-1]]
        return others[0]
    return reader.people[-1]


def _addressee(reader: Reader, speaker: str) -> str:
    """To whom it is said: named, else the one other person there."""
    clause = reader.clause
    nouns = [n for n in clause.marked if n.role in ("to", "at", "towards")]
    nouns += [n for n in clause.objects if n not in clause.subjects]
    for noun in nouns:
        if noun.name or noun.sense("person") or noun.pronoun in ("pronoun_m", "pronoun_f"):
            for name in persons(reader, noun):
                if name != speaker:
                    return name
    others = [f.id for f in reader.frame.figures if f.id != speaker]
    return others[0] if len(others) == 1 else ""


def _mood(reader: Reader, speech: Speech, speaking: list[str]) -> str:
    """From the adverb, the verb, the person, what has just happened, the mark: the first that tells."""
    for small in reader.clause.smalls("manner"):
        if (mood := value(small.item.sense("manner")).get("mood")) in MOODS:
            reader.note(small.item, f"mood {mood}")
            return str(mood)
    for concept in speaking:
        if mood := concepts()["speaking"].get(concept):
            return str(mood)
    figure = reader.frame.figure(speech.speaker)
    if figure is not None and figure.mood in MOODS:
        return figure.mood
    before = reader.frame.happenings[-1] if reader.frame.happenings else None
    if isinstance(before, Deed) and before.action in ("laugh", "cheer", "clap") and speech.speaker in before.actors:
        return "happy"
    shot = last_shot(reader)
    if shot is not None and speech.speaker in shot.actors and before is shot:
        return {"misses": "disappointed", "goes_in": "excited"}.get(shot.outcome, "neutral")
    return "excited" if speech.text.rstrip().endswith("!") else "neutral"
