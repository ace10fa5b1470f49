"""The reader: what has been made of the prompt so far, and which of its words have been used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..frame import Deed, Figure, Frame, ShotWish, Speech
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
    frames: list[Frame] = field(default_factory=list)
    """The scenes so far; `frame` is the last of them."""
    before: set[str] = field(default_factory=set)
    """Who and what was present before this clause."""
    began: int = 0
    """The sentence in which the scene began."""
    clause: Clause = field(default_factory=Clause)
    previous: Clause | None = None
    meaning: str = ""
    """Concept of the clause's verb that is being tried."""
    split: set[str] = field(default_factory=set)
    """Groups of things whose members are being told apart."""
    spoke: list[str] = field(default_factory=list)
    """Who spoke, in order."""
    waiting: tuple[list[ShotWish], str] | None = None
    """Wishes that the next clause tells the time of, and how."""
    untold: list[tuple[Frame, Noun]] = field(default_factory=list)
    """What pictures are of, with their scene, where the story has not told of it yet."""
    fresh_ids: list[str] = field(default_factory=list)
    """Happenings that the latest clause with a verb told of."""
    earth: list[tuple[Frame, list[Item]]] = field(default_factory=list)
    """Words for cities, dates and clocks, with the scene they were said in."""

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
        self.frame.present.add(name)
        for order in (self.people, self.things):
            if name in order:
                order.remove(name)
                order.append(name)

    def add_figure(self, figure: Figure, concept: str) -> str:
        """A new person."""
        self.frame.figures.append(figure)
        self.frame.present.add(figure.id)
        self.people.append(figure.id)
        self.kinds[figure.id] = concept
        return figure.id

    def add_thing(self, thing: Thing, concept: str) -> str:
        """A new thing."""
        self.frame.items.append(thing)
        self.frame.present.add(thing.id)
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

    # ── scenes ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def may_cut(self) -> bool:
        """Something has happened, and a new sentence has begun: the film may go on elsewhere."""
        return bool(self.frame.happenings) and self.clause.sentence > self.began

    def cut(self, *, same_place: bool) -> None:
        """Begin the next scene; in the same place everybody is there again as at the start."""
        done = self.frame
        keep_stances(done)
        new = done.present - self.before
        done.present = set(self.before)  # who comes in with this clause was not there before
        after = Frame(
            prompt=done.prompt, language=done.language, figures=done.figures, items=done.items, missed=done.missed,
            understood=done.understood,
        )  # fmt: skip
        if same_place:
            for key in KEPT:
                setattr(after, key, getattr(done, key))
            after.present = {f.id for f in done.figures if f.id in done.present}
        else:
            for figure in done.figures:
                figure.target, figure.distance_m = "", None
        for figure in done.figures:
            figure.relation, figure.gaze = "", ""
        after.present |= new
        for noun in self.clause.subjects:
            after.present.update(noun.ids)
        self.frames.append(after)
        self.frame, self.began = after, self.clause.sentence

    # ── happenings ──────────────────────────────────────────────────────────────────────────────────────────────────

    def happen(self, happening: Deed | Speech) -> None:
        """It comes next in the story (or with, or before, what came last)."""
        happenings = self.frame.happenings
        if not happening.phrase and self.clause.verb is not None:
            happening.phrase = self.clause.verb.item.surface
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


KEPT = (
    "place", "ground", "indoor", "court", "time_of_day", "sun_elevation", "weather", "gravity", "lighting", "city",
    "date",
)  # fmt: skip
"""What the next scene in the same place has of the one before."""
STANCES = ("relation", "target", "gaze", "holds", "distance_m", "height_m")


def keep_stances(frame: Frame) -> None:
    """Write down where and how everybody and everything is, before the next scene changes it."""
    everything: list[Figure | Thing] = [*frame.figures, *frame.items]
    for one in everything:
        held = {
            key: getattr(one, key)
            for key in STANCES
            if hasattr(one, key) and not (key == "height_m" and isinstance(one, Figure))
        }
        frame.stances[one.id] = {k: list(v) if isinstance(v, list) else v for k, v in held.items()}


def slug(text: str) -> str:
    """A lower-case id of a name; letters that have no Latin form leave "person"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30]
    return plain if plain and plain[0].isalpha() else f"n_{plain}".strip("_") if plain else "person"
