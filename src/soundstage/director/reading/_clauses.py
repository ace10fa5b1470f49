"""Clauses: one verb with all that stands around it, and what can do what to what.

Who is subject and who object follows from marks (adpositions, passive), from what can do what (concepts.toml), and
only then from the order of words, as the language declares it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ._language import value
from ._phrases import Measure, Noun, Phrase, Small, Verb

PERSONAL = {
    "pronoun_m",
    "pronoun_f",
    "pronoun_open",
    "pronoun_many",
    "pronoun_reciprocal",
    "first_of",
    "other_of",
    "rest",
    "number",
}
IMPERSONAL = {"pronoun_one", "pronoun_many", "first_of", "other_of", "rest", "number"}


@dataclass(eq=False, kw_only=True)
class Clause:
    """One verb (or none) with all that stands around it, in the order of the text."""

    verb: Verb | None = None
    subjects: list[Noun] = field(default_factory=list)
    objects: list[Noun] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    verb_at: int = 0
    """Number of phrases before the verb."""
    link: str = "then"
    """"then", "with" (at the same time), "earlier" (before what was just told)."""
    attributive: bool = False
    """It only says more of a noun ("who …", "wearing …")."""
    passive: bool = False
    inherited: bool = False
    """Its subjects stand in an earlier clause."""
    mark: str = ""
    """What ends it."""
    sentence: int = 0
    """Number of its sentence."""

    @property
    def marked(self) -> list[Noun]:
        """Nouns with an adposition."""
        return [p for p in self.phrases if isinstance(p, Noun) and p.marker is not None]

    @property
    def measures(self) -> list[Measure]:
        """Measures that stand alone."""
        return [p for p in self.phrases if isinstance(p, Measure)]

    @property
    def negated_verb(self) -> bool:
        """Its verb is negated."""
        return self.verb is not None and bool(self.verb.negated)

    def smalls(self, *kinds: str) -> list[Small]:
        """Small words of these kinds."""
        return [p for p in self.phrases if isinstance(p, Small) and p.kind in kinds]


def kinds_of(noun: Noun) -> set[str]:
    """What sort of doer a noun can be: person, thing, act, or anything else it can name."""
    if noun.name:
        return {"person"}
    if noun.pronoun:
        found = set()
        if noun.pronoun in PERSONAL:
            found.add("person")
        if noun.pronoun in IMPERSONAL:
            found |= {"thing", "act"}
        return found
    if not noun.heads:
        return {"person", "thing"}
    kinds = set(noun.classes)
    if noun.arrangement:
        kinds.add("thing")
    if "arrangement" in kinds:
        kinds |= {"thing", "person"}
    if kinds & {"part", "surface"}:
        kinds.add("any")
    return kinds


def can_act(noun: Noun, verb: Verb) -> bool:
    """The noun can do what the verb says, in one of its meanings."""
    kinds = kinds_of(noun)
    return any(set(value(s).get("who", [])) & (kinds | {"any"}) for s in verb.senses)


def can_suffer(noun: Noun, verb: Verb) -> bool:
    """It can be done to the noun."""
    kinds = kinds_of(noun)
    if noun.sense("thing"):
        kinds.add("ball")
    return any(set(value(s).get("whom", [])) & (kinds | {"any"}) for s in verb.senses)


def acts_alone(noun: Noun, verb: Verb) -> bool:
    """In one of the verb's meanings the noun can do it to nothing ("rolls", where "rolls something" is another)."""
    one = (Verb(item=verb.item, senses=(s,)) for s in verb.senses if not value(s).get("whom"))
    return any(can_act(noun, v) for v in one)
