"""What the camera does: a verb of it with its ways, measures, times, and whom or what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._language import concepts, value
from ._match import Item
from ._nouns import NounReader
from ._phrases import Noun
from ._steps import Step, Words, is_being

BODY = ("bodypart", "eyes")
"""What of somebody a picture can be of."""
TOWARDS = {"on", "onto", "to", "at", "of", "into", "towards", "over", "around", "past", "with", "near", "along"}
"""Adpositions that lead from a move of the camera to what it is about."""
KINDS = {"stays": "hold", "shows": "show", "cuts": "cut", "pulls": "pull", "focuses": "focus"}
SIDES = ("to", "around", "along", "past", "over")
"""Ways that have a noun behind them."""


Loosen = Callable[[int, str], None]


class VerbReader(Words):
    """Reads verbs of the camera.

    `pictured` says whether a word for a picture begins at a place; `loosen` takes a group of words there apart if its
    first means something of a class by itself.
    """

    def __init__(self, items: list[Item], pictured: Callable[[int], bool], loosen: Loosen) -> None:
        super().__init__(items)
        self.loosen = loosen
        self.nouns = NounReader(self.items, last_head=True)
        self.pictured = pictured

    def verb(self, at: int) -> tuple[Step, int] | None:
        """A verb of the camera with its ways, measures and what it is about, and where that ends."""
        sense = self.sense("camera_verb", at)
        if sense is None:
            return None
        entry = value(sense)
        kind = next((k for flag, k in KINDS.items() if entry.get(flag)), "move")
        step = Step(kind=kind, items=[self.items[at]], sense=sense, slow=bool(entry.get("slow")))
        if kind == "move" and not entry.get("go"):
            return None
        after = self.modifiers(step, entry, at + 1)
        if kind == "move" and (step.way or "none") not in entry["go"]:
            return None  # "the camera moves": which way is not said
        if kind == "cut" and not (step.targets or step.open or self.pictured(self.skip(after, articles=True)[1])):
            return None
        return step, after

    def skip(self, at: int, *, articles: bool = False) -> tuple[Step, int]:
        """Past adverbs and small words: what they say, and where they end."""
        said = Step(kind="")
        while at < len(self.items):
            item = self.items[at]
            if self.adverb(said, item):
                at += 1
            elif (late := self.late(at)) is not None:
                said.delay = late[0]
                said.items.extend(self.items[at : late[1]])
                at = late[1]
                at += at + 1 < len(self.items) and self.items[at].mark == ","
            elif item.is_function("then"):
                said.then, at = True, at + 1
            elif (
                (item.is_function("filler", "auxiliary", "negation", "and") and not item.has("camera_verb"))
                or is_being(item)
                or (articles and item.is_function("indefinite", "definite"))
            ):
                at += 1
            else:
                break
        return said, at

    def late(self, at: int) -> tuple[float, int] | None:
        """ "after two seconds"."""
        if not self.items[at].is_function("after") or at + 1 >= len(self.items):
            return None
        found = self.nouns.measure(at + 1)
        if found is None or "time" not in value(found[0].unit):
            return None
        return found[0].amount * float(value(found[0].unit)["time"]), found[1]

    def adverb(self, step: Step, item: Item) -> bool:
        """Take an adverb: how fast, how far, when in the shot."""
        table = concepts()["camera_tempo"]
        manner = item.sense("camera_tempo") or item.sense("manner")
        if manner is not None and manner.concept in table:
            step.tempo, step.slow = dict(table[manner.concept]), step.slow or manner.concept == "slowly"
            step.items.append(item)
        elif extent := item.sense("camera_extent"):
            step.extent = value(extent)
            step.items.append(item)
        elif moment := item.sense("camera_moment"):
            step.moment = moment.concept
            step.items.append(item)
        else:
            return False
        return True

    def modifiers(self, step: Step, entry: dict[str, Any], at: int) -> int:
        """Everything behind a verb or a picture that says which way, how far, how long, of what."""
        while at < len(self.items):
            item = self.items[at]
            after = self.measured(step, at)
            if after is None and self.adverb(step, item):
                after = at + 1
            if after is None and step.way in ("", "along") and (way := self.way(entry, at)) not in ("", step.way):
                step.way, after = way, at + 1
                if way in SIDES or item.has("adposition"):
                    after = self._about(step, at + 1) or after
            if after is None:
                after = self._adposed(step, entry, at)
            if after is None and entry.get("whom") and not (step.targets or step.open):
                after = self._about(step, at)
            if after is None and item.mark == "," and at + 1 < len(self.items) and self.ends(at + 2):
                after = at + 2 if self.adverb(step, self.items[at + 1]) else None  # "…, slowly."
            if after is None and item.is_function("filler") and not self.nouns.noun(at):
                after = at + 1
            if after is None:
                break
            step.items.extend(i for i in self.items[at:after] if i not in step.items)
            at = after
            if step.open:
                break
        return at

    def way(self, entry: dict[str, Any], at: int) -> str:
        """The way said at a place, if the verb can go that way; "in" with a noun behind it is a place."""
        if at >= len(self.items) or not entry.get("go"):
            return ""
        self.loosen(at, "camera_way")
        item = self.items[at]
        for sense in item.senses:
            if sense.cls != "camera_way" or sense.concept not in entry.get("go", {}):
                continue
            closer = not item.has("adposition")
            if sense.concept in ("in", "out") and not closer and self.nouns.noun(at + 1):
                continue
            return sense.concept
        return ""

    def measured(self, step: Step, at: int) -> int | None:
        """ "by 90 degrees", "two metres", "for three seconds", "after two seconds"."""
        item = self.items[at]
        if (late := self.late(at)) is not None:
            step.delay = late[0]
            return late[1]
        start = at + 1 if item.has("adposition") and not item.has("unit") else at
        if start + 1 >= len(self.items):
            return None
        number, beside = self.items[start].number, self.items[start + 1]
        if number is not None and beside.mark == "°":
            step.extent = {"angle": number}
            return start + 2
        found = self.nouns.measure(start)
        if found is None:
            return None
        measure, after = found
        unit = value(measure.unit)
        if "time" in unit:
            step.seconds = measure.amount * float(unit["time"])
        elif "angle" in unit:
            step.extent = {"angle": measure.amount}
        elif "length" in unit and not measure.of:
            step.measure = measure
        else:
            return None
        return after

    def _adposed(self, step: Step, entry: dict[str, Any], at: int) -> int | None:
        """ "on her face", "to Ben", "from Anna to Ben"."""
        item = self.items[at]
        sense = item.sense("adposition")
        if sense is None or self.pictured(self.skip(at + 1, articles=True)[1]):
            return None
        if sense.concept == "from" and not step.origins:
            other = Step(kind=step.kind)
            after = self._about(other, at + 1)
            goes_on = after is not None and after < len(self.items)
            if goes_on and not other.open and self.items[after or 0].has("adposition"):
                step.origins = other.targets
                return after
            return None
        if sense.concept not in TOWARDS or step.targets or step.open:
            return None
        after = self._about(step, at + 1)
        if after is not None and not step.way and "to" in entry.get("go", {}) and sense.concept != "of":
            step.way = "to"
        return after

    def _about(self, step: Step, at: int) -> int | None:
        """The nouns at a place become what a step is about; where they end. A new noun stays in the story."""
        owned = self.owner(at)
        if owned is not None:
            owner, head, after = owned
            if head.has(*BODY):
                step.targets, step.detail = [owner], head
                return after
        found = self.nouns.noun(at)
        if found is None:
            return None
        noun, after = found
        if noun.heads and noun.heads[-1].has(*BODY) and not noun.heads[-1].has("thing", "part"):
            further = self.nouns.noun(after + 1) if after + 1 < len(self.items) else None
            if further and self.items[after].sense("adposition", "function") and self.adposition(after, "of"):
                step.targets, step.detail = [further[0]], noun.heads[-1]
                return further[1]
            return None
        if not (noun.heads or noun.name or noun.pronoun or noun.adjectives) or noun.pronoun in (
            "self_camera",
            "number",
        ):
            return None
        if noun.sense("place", "time", "surface", "weather") and not noun.sense("thing", "person", "part"):
            return None
        if self._is_new(noun) or self._says_more(after):
            step.open = True
            return at
        step.targets = [noun]
        while after + 1 < len(self.items) and self.items[after].is_function("and"):
            more = self.nouns.noun(after + 1)
            if more is None or not (more[0].name or more[0].sense("person", "thing")) or self._is_new(more[0]):
                break
            if more[1] < len(self.items) and self.items[more[1]].has("verb"):
                break  # "… to Ben and Anna waves"
            step.targets.append(more[0])
            after = more[1]
        return after

    @staticmethod
    def _is_new(noun: Noun) -> bool:
        """It brings somebody or something into the story, or says more of them than a name."""
        if noun.name or noun.pronoun:
            return bool(noun.adjectives)
        counted = noun.number is not None and noun.determiner != "definite"
        return counted or noun.determiner in ("indefinite", "other", "") or bool(noun.adjectives)

    def _says_more(self, at: int) -> bool:
        """Something follows that only a noun can have before it: "who …", "walking …"."""
        if at >= len(self.items):
            return False
        item = self.items[at]
        if item.mark == "," and at + 1 < len(self.items):  # "… of Ben, who laughs"
            return self.items[at + 1].is_function("relative")
        going = any(s.cls == "verb" and s.feature == "ing" for s in item.senses)
        return going or item.is_function("relative", "named") or (is_being(item) and not item.mark)

    def adposition(self, at: int, *roles: str) -> bool:
        sense = self.items[at].sense("adposition") if at < len(self.items) else None
        return sense is not None and sense.concept in roles

    def owner(self, at: int) -> tuple[Noun, Item, int] | None:
        """ "her face", "Anna's shoulder", "the old man's eyes": whose, what, and where it ends."""
        if at >= len(self.items):
            return None
        item = self.items[at]
        own = next((s for s in item.senses if s.cls == "function" and s.concept == "possessive" and s.feature), None)
        if own is not None:
            pronoun = {"m": "pronoun_m", "f": "pronoun_f", "pl": "pronoun_many"}[own.feature]
            head = at + 1
            while head < len(self.items) and self.items[head].has("adj"):
                head += 1
            if head < len(self.items) and self.items[head].has(*BODY, "picture"):
                return Noun(items=[item], pronoun=pronoun), self.items[head], head + 1
            return None
        found = self.nouns.noun(at)
        if found is None or found[1] + 1 >= len(self.items):
            return None
        noun, after = found
        mark = self.items[after]
        if not (mark.is_function("possessive") and mark.surface.startswith("'")):
            return None
        head_item = self.items[after + 1]
        return (noun, head_item, after + 2) if head_item.has(*BODY, "picture") else None
