"""Where a noun or a measure begins and ends among the items, and which of them describe it."""

from __future__ import annotations

from collections.abc import Sequence

from ._match import Item
from ._phrases import Measure, Noun

HEADS = (
    "person", "thing", "garment", "outfit", "hair", "beard", "eyes", "skin", "skin_mark", "bodypart",
    "voice", "print", "pattern", "part", "mark", "place", "surface", "time", "weather", "gravity", "act", "arrangement",
)  # fmt: skip
"""Classes of words that name something."""
DETERMINERS = ("definite", "indefinite", "other", "each", "possessive", "first_of", "other_of", "rest")
PRONOUNS = (
    "pronoun_one", "pronoun_m", "pronoun_f", "pronoun_many", "pronoun_reciprocal", "pronoun_open", "self_camera",
    "first_of", "other_of", "rest",
)  # fmt: skip


class NounReader:
    """Reads nouns and measures from a prompt's items; `last_head`: of nouns in a row the last names the thing."""

    def __init__(self, items: Sequence[Item], *, last_head: bool) -> None:
        self.items = items
        self.last_head = last_head

    # ── measures ────────────────────────────────────────────────────────────────────────────────────────────────────

    def measure(self, at: int) -> tuple[Measure, int] | None:
        """ "2 metres", "a height of two metres", "2 m tall"."""
        start, of = at, ""
        if self.items[at].is_function("indefinite") and at + 1 < len(self.items) and self.items[at + 1].has("measure"):
            at += 1
        if self.items[at].has("measure") and not self.items[at].is_function("filler"):
            sense = self.items[at].sense("measure")
            of, at = sense.concept if sense else "", at + 1
            if at < len(self.items) and self.items[at].has("adposition"):
                at += 1
        while (
            of
            and at < len(self.items)
            and self.items[at].is_function("filler", "indefinite")
            and self.items[at].number is None
        ):
            at += 1
        if at + 1 >= len(self.items) or self.items[at].number is None or not self.items[at + 1].has("unit"):
            return None
        unit, number = self.items[at + 1].sense("unit"), self.items[at].number
        assert unit is not None and number is not None  # for the type checker: both were just seen
        at += 2
        if at < len(self.items) and self.items[at].has("measure") and not of:
            sense = self.items[at].sense("measure")
            of, at = sense.concept if sense else "", at + 1
        return Measure(items=list(self.items[start:at]), amount=number, unit=unit, of=of), at

    # ── nouns ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def noun(self, at: int) -> tuple[Noun, int] | None:
        noun = Noun()
        start = at
        while at < len(self.items):
            step = self._take(noun, at)
            if step == at:
                break
            at = step
        noun.items = list(self.items[start:at])
        if noun.name or noun.heads or noun.pronoun:
            return noun, at
        if noun.adjectives and noun.determiner in ("definite", "other", "first_of", "other_of"):
            return noun, at  # "the red one", "the other"
        if noun.number is not None and not noun.adjectives:
            one = any(i.is_function("first_of") for i in noun.items)
            noun.pronoun, noun.number = ("first_of", None) if one else ("number", noun.number)
            return noun, at
        if noun.ordinal is not None:
            return noun, at
        if noun.adjectives and noun.number is not None:
            return noun, at
        if noun.adjectives and noun.determiner and self._twin_follows(at):
            return noun, at  # "a black and a white cube"
        return None

    def _twin_follows(self, at: int) -> bool:
        """ "and" and another article or number lead on to the noun that both share."""
        if at + 1 >= len(self.items) or not self.items[at].is_function("and"):
            return False
        lead = self.items[at + 1]
        led = lead.number is not None or lead.is_function("definite", "indefinite")
        return led and self._noun_follows(at + 2)

    def _take(self, noun: Noun, at: int) -> int:
        """Take the item at a place into the noun, if it belongs there; the place after what was taken."""
        rules = (
            self._listed,
            self._led,
            self._sized,
            self._numbered,
            self._aged,
            self._named,
            self._headed,
            self._lined,
        )
        for rule in rules:
            step = rule(noun, at)
            if step is not None:
                return step
        return at

    @staticmethod
    def _started(noun: Noun) -> bool:
        return bool(noun.heads or noun.name or noun.pronoun)

    def _opened(self, noun: Noun) -> bool:
        counted = noun.number is not None or noun.ordinal is not None
        return self._started(noun) or counted or bool(noun.determiner or noun.adjectives)

    def _listed(self, noun: Noun, at: int) -> int | None:
        """Commas and "and" between adjectives; any other mark ends the noun."""
        item = self.items[at]
        goes_on = self._adjectives_go_on(noun, at)
        if item.mark or item.said:
            return at + 1 if item.mark == "," and goes_on else at
        if item.is_function("and") and goes_on:
            noun.adjectives.append(item)
            return at + 1
        return None

    def _led(self, noun: Noun, at: int) -> int | None:
        return at + 1 if not self._started(noun) and self._opening(noun, self.items[at], at) else None

    def _sized(self, noun: Noun, at: int) -> int | None:
        """ "a 2 cm marble"."""
        if self._started(noun) or not self._opened(noun) or (measure := self.measure(at)) is None:
            return None
        noun.measure = measure[0]
        return measure[1]

    def _numbered(self, noun: Noun, at: int) -> int | None:
        """ "a number 7 jersey"."""
        if self._started(noun) or not self.items[at].has("print") or not self._noun_follows(at + 2):
            return None
        if self.items[at + 1].number is None:
            return None
        noun.adjectives.extend(self.items[at : at + 2])
        return at + 2

    def _aged(self, noun: Noun, at: int) -> int | None:
        """ "in her 30s"."""
        if not self.items[at].decade:
            return None
        if self._started(noun):
            return at
        noun.number, noun.pronoun = self.items[at].number, "number"
        return at + 1

    def _named(self, noun: Noun, at: int) -> int | None:
        """A name, alone or behind a noun ("grandmother Rosa"); a verb ends the noun."""
        item = self.items[at]
        if item.name:
            if noun.name or noun.pronoun:
                return at
            noun.name = item
            return at + 1
        if item.has("verb") and not self._names_here(noun, item, at) and not self._moving(noun, item, at):
            return at
        return at if noun.name or noun.pronoun else None

    def _moving(self, noun: Noun, item: Item, at: int) -> bool:
        """ "a rolling marble": a participle between an article and its noun."""
        led = not self._started(noun) and bool(noun.determiner)
        return led and any(s.cls == "verb" and s.feature == "ing" for s in item.senses) and self._noun_follows(at + 1)

    def _headed(self, noun: Noun, at: int) -> int | None:
        item = self.items[at]
        if item.has(*HEADS) and not (item.has("adj") and self._describes(at)):
            return self._head(noun, item, at)
        return None

    def _lined(self, noun: Noun, at: int) -> int | None:
        """Adjectives and the like on the way to the head, or behind it where the language puts them there."""
        item, started = self.items[at], bool(noun.heads)
        if item.has("adj"):
            if started and self.last_head:
                return at
            noun.adjectives.append(item)
            return at + 1
        if started or not self._opened(noun) or not self._noun_follows(at + 1):
            return None
        if any(x.cls == "verb" and x.feature == "ing" for x in item.senses):
            noun.adjectives.append(item)  # "a rolling marble"
            return at + 1
        if item.has("manner"):
            noun.adjectives.append(item)
            return at + 1
        return at + 1 if item.is_function("filler") else None

    def _opening(self, noun: Noun, item: Item, at: int) -> bool:
        """Articles, numbers, possessives and pronouns that begin a noun."""
        if noun.adjectives and item.is_function("first_of", "pronoun_one") and not self._noun_follows(at + 1):
            noun.pronoun = "first_of"  # "the tall one"
            return True
        if item.number is not None and not item.decade and noun.number is None and not self.measure(at):
            noun.number = item.number
            return True
        ordinal = item.sense("ordinals")
        if ordinal and noun.ordinal is None and noun.determiner and (self._noun_follows(at + 1) or noun.determiner):
            noun.ordinal = int(ordinal.concept)
            return True
        for sense in item.senses:
            if sense.cls != "function":
                continue
            name = sense.concept
            follows = self._noun_follows(at + 1) or self._ordinal_or_participle(at + 1)
            if name in DETERMINERS and follows and name not in ("first_of", "rest"):
                if noun.determiner and name == "possessive" and not noun.owner:
                    noun.owner = sense.feature
                noun.determiner = noun.determiner or name
                noun.owner = sense.feature if name == "possessive" else noun.owner
                return True
            # "her" may go on to a noun, "she" never does
            stands = not follows or not item.is_function("possessive", "first_of", "other_of", "rest", "pronoun_open")
            if name in PRONOUNS and not noun.determiner and not noun.adjectives and noun.number is None and stands:
                noun.pronoun = name
                return True
            if name in DETERMINERS and not noun.determiner and name in ("first_of", "other_of", "rest") and follows:
                noun.determiner = name
                return True
        return item.is_function("pronoun_one", "first_of") and bool(noun.adjectives or noun.determiner)  # "the red one"

    def _ordinal_or_participle(self, at: int) -> bool:
        if at >= len(self.items):
            return False
        item = self.items[at]
        moving = any(s.cls == "verb" and s.feature == "ing" for s in item.senses)
        return item.has("ordinals") or (moving and self._noun_follows(at + 1))

    def _head(self, noun: Noun, item: Item, at: int) -> int:
        if noun.heads:
            first = noun.heads[-1]
            if (
                self.last_head
                and not first.has("adj")
                and not first.has("thing", "place", "garment", "part", "act", "person")
            ):
                return at
            if self.last_head and not first.has("adj"):
                return at
            if self.last_head:  # the earlier one describes: "marble table"
                noun.adjectives.append(noun.heads.pop())
            else:
                return at
        noun.heads.append(item)
        return at + 1

    def _describes(self, at: int) -> bool:
        """A word that can name or describe describes here: a noun that it can describe follows."""
        return self.last_head and at + 1 < len(self.items) and self._noun_word(at + 1)

    def _noun_word(self, at: int) -> bool:
        """A noun, or adjectives that lead to one."""
        while at < len(self.items):
            item = self.items[at]
            if item.has(*HEADS) and not (item.has("verb") and not item.has("thing", "place", "surface", "garment")):
                return True
            if not item.has("adj"):
                return False
            at += 1
        return False

    def _noun_follows(self, at: int) -> bool:
        """What follows can go on as a noun: describing words, then a naming one."""
        start = at
        while at < len(self.items):
            item = self.items[at]
            if item.decade or item.name or (item.is_function("first_of") and item.number is not None):
                return True
            if item.has(*HEADS):
                verb = item.sense("verb")
                return verb is None or verb.feature != "s" or item.has("thing", "garment", "place", "surface")
            listed = item.mark == "," and at > start and at + 1 < len(self.items) and self.items[at + 1].has("adj")
            if not listed and not self._may_lead(item):
                return False
            at += 1
        return False

    @staticmethod
    def _may_lead(item: Item) -> bool:
        """A word that can stand between an article and its noun."""
        if item.mark or item.is_function("relative") or item.has("verb"):
            return False
        if item.is_function("pronoun_one") and not item.is_function("possessive"):
            return False
        small = ("filler", "definite", "indefinite", "other", "possessive", "first_of", "and")
        describes = item.has("adj", "manner", "ordinals", "numbers", "unit", "measure") or item.number is not None
        return describes or item.is_function(*small)

    def _names_here(self, noun: Noun, item: Item, at: int) -> bool:
        """A word that is also a verb names something here: an article or adjective leads up to it."""
        if noun.heads or noun.name or noun.pronoun:
            return False
        if noun.number == 1 and any(s.cls == "verb" and s.feature == "s" for s in item.senses):
            return False  # "one throws"
        if not item.has(*HEADS):
            return False
        led = bool(noun.determiner or noun.adjectives) or noun.number is not None
        marked = at > 0 and self.items[at - 1].has("adposition") and not self.items[at - 1].is_function("infinitive")
        return led or marked

    def _adjectives_go_on(self, noun: Noun, at: int) -> bool:
        """ "red and blue balls", "a tall, slim man": the list of adjectives goes on to the noun."""
        if noun.heads or noun.name or noun.pronoun or not noun.adjectives or at + 1 >= len(self.items):
            return False
        following = self.items[at + 1]
        return (following.has("adj") and self._noun_word(at + 1)) or (
            following.is_function("and") and at + 2 < len(self.items) and self._noun_word(at + 2)
        )
