"""The reader: what has been made of the prompt so far, and which of its words have been used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..frame import Deed, Figure, Frame, Speech
from ..frame import Item as Thing
from ._clauses import Clause
from ._language import Language
from ._match import Item
from ._phrases import Noun
from ._text import Token


@dataclass(eq=False, kw_only=True)
class Reader:
    """Reads clauses into a frame."""

    text: str
    tokens: Sequence[Token]
    items: Sequence[Item]
    language: Language
    frame: Frame
    hoop: bool = False
    """The prompt speaks of shots, a hoop or a court."""
    people: list[str] = field(default_factory=list)
    """Figures in order of last mention, the latest last."""
    things: list[str] = field(default_factory=list)
    """Items, the same."""
    group: list[str] = field(default_factory=list)
    """Figures that were last introduced together."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Id → the concept it was introduced as."""
    shots: dict[str, Deed] = field(default_factory=dict)
    """Figure → its latest shot at the hoop."""
    clause: Clause = field(default_factory=Clause)
    previous: Clause | None = None
    meaning: str = ""
    """Concept of the clause's verb that is being tried."""
    split: set[str] = field(default_factory=set)
    """Groups of things whose members are being told apart."""
    spoke: list[str] = field(default_factory=list)
    """Who spoke, in order."""

    # ── account ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, items: Item | Iterable[Item], meaning: str) -> None:
        """These words were understood, to mean this."""
        some = [items] if isinstance(items, Item) else list(items)
        fresh = [i for i in some if not i.used]
        for item in some:
            item.used = True
        if fresh:
            meaning = meaning or "told already"
            phrase = " ".join(i.surface for i in some)
            slips = ", ".join(i.slip for i in some if i.slip)
            line = f"{phrase} → {meaning}" + (f" (read as {slips!r})" if slips else "")
            if line not in self.frame.understood:
                self.frame.understood.append(line)

    def leave(self, items: Item | Iterable[Item]) -> None:
        """These words were not made anything of after all."""
        for item in [items] if isinstance(items, Item) else items:
            item.used = False

    # ── mentions ────────────────────────────────────────────────────────────────────────────────────────────────────

    def mention(self, name: str) -> None:
        """It was just spoken of."""
        for order in (self.people, self.things):
            if name in order:
                order.remove(name)
                order.append(name)

    def add_figure(self, figure: Figure, concept: str) -> str:
        """A new person."""
        self.frame.figures.append(figure)
        self.people.append(figure.id)
        self.kinds[figure.id] = concept
        return figure.id

    def add_thing(self, thing: Thing, concept: str) -> str:
        """A new thing."""
        self.frame.items.append(thing)
        self.things.append(thing.id)
        self.kinds[thing.id] = concept
        return thing.id

    def fresh(self, stem: str) -> str:
        """An id that is not taken."""
        taken = {f.id for f in self.frame.figures} | {i.id for i in self.frame.items} | {"camera", "ahead", "hoop"}
        stem = slug(stem)
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        return name

    # ── happenings ──────────────────────────────────────────────────────────────────────────────────────────────────

    def happen(self, happening: Deed | Speech) -> None:
        """It comes next in the story (or with, or before, what came last)."""
        happenings = self.frame.happenings
        happening.link = "with" if self.clause.link == "with" and happenings else "then"
        if self.clause.link == "earlier" and happenings:
            happenings.insert(len(happenings) - 1, happening)
        else:
            happenings.append(happening)

    def new_id(self, stem: str) -> str:
        """A fresh id for a happening."""
        return f"{stem}_{len(self.frame.happenings) + 1}"

    def last_deed(self, name: str, *actions: str) -> Deed | None:
        """The latest deed of somebody or something."""
        for happening in reversed(self.frame.happenings):
            if (
                isinstance(happening, Deed)
                and name in happening.actors
                and (not actions or happening.action in actions)
            ):
                return happening
        return None

    def surface(self, noun: Noun) -> str:
        """A noun as it stands in the prompt."""
        return noun.surface


def slug(text: str) -> str:
    """A lower-case id of a name; letters that have no Latin form leave "person"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30]
    return plain if plain and plain[0].isalpha() else f"n_{plain}".strip("_") if plain else "person"
