"""What a passage about the camera is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ._language import Sense
from ._match import Item
from ._phrases import Measure, Noun


@dataclass(eq=False, kw_only=True)
class Step:
    """One thing said of the camera or of the look, with the words that say how."""

    kind: str
    """picture, move, hold, show, cut, pull, focus, lens, f_stop, kelvin, exposure, look, date, clock, city."""
    items: list[Item] = field(default_factory=list)
    sense: Sense | None = None
    number: float = 0.0
    way: str = ""
    targets: list[Noun] = field(default_factory=list)
    origins: list[Noun] = field(default_factory=list)
    owner: Noun | None = None
    """Whose eyes or shoulder."""
    detail: Item | None = None
    """Part of the body that the picture is of."""
    open: bool = False
    """It is about the noun that follows in the story."""
    extent: dict[str, Any] = field(default_factory=dict)
    tempo: dict[str, Any] = field(default_factory=dict)
    slow: bool = False
    measure: Measure | None = None
    seconds: float | None = None
    delay: float | None = None
    moment: str = ""
    """start, finish or throughout."""
    then: bool = False
    """After what was said before it."""

    def lean(self, before: Step) -> Step:
        """With the adverbs that stood before it."""
        self.tempo = self.tempo or before.tempo
        self.extent = self.extent or before.extent
        self.moment = self.moment or before.moment
        self.slow = self.slow or before.slow
        self.then = self.then or before.then
        self.delay = before.delay if self.delay is None else self.delay
        self.items = [*before.items, *self.items]
        return self


@dataclass(eq=False, kw_only=True)
class Passage:
    """Steps that stand together."""

    steps: list[Step] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    whole: bool = False
    """A clause of its own, not a word beside others."""
    beside: str = ""
    """The clause that tells when: "before" or "behind" it."""
    how: str = ""
    """at, during, at_end, until: how its time hangs on that clause."""


class Words:
    """Questions about the words at a place."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items

    def sense(self, cls: str, at: int) -> Sense | None:
        """The first meaning of a class, if there is one."""
        return self.items[at].sense(cls) if at < len(self.items) else None

    def means(self, cls: str, at: int, *wanted: str) -> bool:
        """It can mean one of these."""
        return at < len(self.items) and item_means(self.items[at], cls, *wanted)

    def ends(self, at: int) -> bool:
        """The text or a part of the sentence ends here."""
        return at >= len(self.items) or bool(self.items[at].mark)


def item_means(item: Item, cls: str, *wanted: str) -> bool:
    """The item can mean one of these."""
    return any(s.cls == cls and s.concept in wanted for s in item.senses)


def is_being(item: Item) -> bool:
    """A form of "be"."""
    return item_means(item, "verb", "be")
