"""Items to phrases: where a noun begins and ends, which words describe it, what is a verb and what a measure."""

from __future__ import annotations

from collections.abc import Sequence

from ._language import Language
from ._match import Item
from ._nouns import NounReader
from ._phrases import Measure, Noun, Phrase, Small, Verb
from ._text import END_MARKS

LINKS = (
    "and",
    "or",
    "but",
    "relative",
    "then",
    "while",
    "after",
    "before",
    "infinitive",
    "negation",
    "auxiliary",
    "named",
)


def phrases(items: Sequence[Item], language: Language) -> list[Phrase]:
    """Phrases of a prompt, in order."""
    return _Chunker(items, language).run()


class _Chunker:
    def __init__(self, items: Sequence[Item], language: Language) -> None:
        self.items = items
        self.nouns = NounReader(items, last_head=language.grammar.get("head", "last") == "last")
        self.after = language.grammar.get("adpositions", "before") == "after"
        self.out: list[Phrase] = []

    def run(self) -> list[Phrase]:
        at = 0
        marker: Item | None = None
        while at < len(self.items):
            item = self.items[at]
            step = self.nouns.measure(at) or self.nouns.noun(at)
            if step is not None:
                phrase, at = step
                if not self.after and marker is not None:
                    phrase.marker, marker = marker, None
                self._put(phrase)
                continue
            if item.has("adposition") and not self._verb_here(at) and not self._joins(at):
                if self.after and self.out and isinstance(self.out[-1], Noun | Measure) and not self.out[-1].marker:
                    self.out[-1].marker = item
                else:
                    if marker is not None:
                        self.out.append(Small(kind="adposition", item=marker))
                    marker = item
                at += 1
                continue
            if marker is not None and not self._passes(item):
                self.out.append(Small(kind="adposition", item=marker))
                marker = None
            self._small(item)
            at += 1
        if marker is not None:
            self.out.append(Small(kind="adposition", item=marker))
        self._share_heads()
        return self.out

    def _share_heads(self) -> None:
        """ "five red and three blue marbles": the first has the second's noun."""
        for k, phrase in enumerate(self.out[:-2]):
            joined, twin = self.out[k + 1], self.out[k + 2]
            bare = (
                isinstance(phrase, Noun) and not (phrase.heads or phrase.name or phrase.pronoun) and phrase.adjectives
            )
            if bare and isinstance(joined, Small) and joined.kind == "and" and isinstance(twin, Noun) and twin.heads:
                assert isinstance(phrase, Noun)  # for the type checker: `bare` has looked
                phrase.heads = list(twin.heads)

    def _passes(self, item: Item) -> bool:
        """A word that may stand between an adposition and its noun."""
        return item.is_function("filler", "each") and not item.has("verb")

    def _put(self, phrase: Noun | Measure) -> None:
        """Add a noun; "a row of dominoes" and "friends Anna and Ben" become one."""
        previous = self.out[-1] if self.out else None
        if isinstance(phrase, Noun) and isinstance(previous, Noun):
            counts = previous.sense("arrangement") and phrase.heads and phrase.role in ("of", "made_of", "")
            if counts and phrase.classes & {"thing", "person", "garment", "part"} and not previous.name:
                phrase.arrangement = previous.heads[-1]
                phrase.items = [*previous.items, *([phrase.marker] if phrase.marker else []), *phrase.items]
                phrase.adjectives = [*previous.adjectives, *phrase.adjectives]
                phrase.determiner = previous.determiner or phrase.determiner
                phrase.marker = previous.marker
                if phrase.number is None and previous.number not in (None, 1.0):
                    phrase.number = previous.number
                self.out[-1] = phrase
                return
        self.out.append(phrase)

    # ── small words ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _small(self, item: Item) -> None:
        if item.passage is not None:
            self.out.append(Small(kind="camera", item=item))
        elif item.mark == "|":
            self.out.append(Small(kind="break", item=item))
        elif item.mark:
            kind = (
                "end" if item.mark in END_MARKS else {",": "comma", ":": "colon", "—": "comma"}.get(item.mark, "mark")
            )
            self.out.append(Small(kind=kind, item=item))
        elif item.said:
            self.out.append(Small(kind="quote", item=item))
        elif item.has("verb") and not self._describing_verb(item):
            senses = tuple(s for s in item.senses if s.cls == "verb")
            self.out.append(Verb(item=item, senses=senses))
        else:
            self.out.append(Small(kind=self._kind(item), item=item))

    def _describing_verb(self, item: Item) -> bool:
        """ "a missing tooth": right behind an article a participle describes."""
        at = self.items.index(item)
        before = self.items[at - 1] if at else None
        led = before is not None and before.is_function("definite", "indefinite") and not before.is_function("relative")
        return led and any(s.cls == "verb" and s.feature == "ing" for s in item.senses)

    @staticmethod
    def _kind(item: Item) -> str:
        for cls in ("manner", "chain", "utterance"):
            if item.has(cls):
                return cls
        for name in LINKS:
            if item.is_function(name):
                return name
        if item.has("function"):
            return "filler"
        return "adj" if item.has("adj") else "unknown"

    def _joins(self, at: int) -> bool:
        """ "before" joins clauses if a verb follows before the next mark, else it marks a noun."""
        if not self.items[at].is_function("after", "before", "while"):
            return False
        for item in self.items[at + 1 :]:
            if item.mark or item.said:
                return False
            if item.has("verb"):
                return True
        return False

    def _verb_here(self, at: int) -> bool:
        return self.items[at].has("verb")
