"""Phrases: nouns with all that describes them, measures, verbs, and the small words that hold clauses together."""

from __future__ import annotations

from dataclasses import dataclass, field

from ._language import Sense, value
from ._match import Item


@dataclass(eq=False, kw_only=True)
class Noun:
    """Something named, with what is said of it."""

    items: list[Item] = field(default_factory=list)
    heads: list[Item] = field(default_factory=list)
    """What names it; several where nouns stand in a row."""
    adjectives: list[Item] = field(default_factory=list)
    determiner: str = ""
    owner: str = ""
    """Of a possessive: the sex it tells ("m", "f"), "pl" or ""."""
    number: float | None = None
    ordinal: int | None = None
    measure: Measure | None = None
    name: Item | None = None
    pronoun: str = ""
    arrangement: Item | None = None
    marker: Item | None = None
    """The adposition that marks it."""
    same: Noun | None = None
    """Another noun for the same ("Ben, a tall man"; "a player named Anna")."""
    ids: list[str] = field(default_factory=list)
    """What it turned out to be."""

    @property
    def role(self) -> str:
        """What its adposition says, or nothing for a bare noun."""
        sense = self.marker.sense("adposition") if self.marker else None
        return sense.concept if sense else ""

    def sense(self, *classes: str) -> Sense | None:
        """What its head means, of these classes."""
        return self.heads[-1].sense(*classes) if self.heads else None

    @property
    def classes(self) -> set[str]:
        """All classes its head can be of."""
        if self.name:
            return {"person"}
        return {s.cls for s in self.heads[-1].senses} if self.heads else set()

    @property
    def plural(self) -> bool:
        """Named in the plural."""
        return bool(self.heads) and any(s.feature == "pl" for s in self.heads[-1].senses)

    @property
    def surface(self) -> str:
        """As written."""
        return " ".join(i.surface for i in self.items)


@dataclass(eq=False, kw_only=True)
class Measure:
    """A number with a unit."""

    items: list[Item]
    amount: float
    unit: Sense
    of: str = ""
    """Concept of the measure word beside it: height, tall, wide …"""
    marker: Item | None = None

    @property
    def metres(self) -> float | None:
        """As a length."""
        length = value(self.unit).get("length")
        return None if length is None else self.amount * float(length)

    @property
    def role(self) -> str:
        """What its adposition says."""
        sense = self.marker.sense("adposition") if self.marker else None
        return sense.concept if sense else ""


@dataclass(eq=False, kw_only=True)
class Verb:
    """Something done."""

    item: Item
    senses: tuple[Sense, ...]
    negated: list[Item] = field(default_factory=list)
    helpers: list[Item] = field(default_factory=list)

    def means(self, *concepts: str) -> bool:
        """One of its meanings is among these."""
        return any(s.concept in concepts for s in self.senses)

    def feature(self, mark: str) -> bool:
        """It stands in this form."""
        return any(s.feature == mark for s in self.senses)


@dataclass(eq=False, kw_only=True)
class Small:
    """A small word, a mark, an adverb, a quotation: `kind` says which."""

    kind: str
    item: Item


Phrase = Noun | Verb | Measure | Small
