"""Tokens to items: the longest known words, numbers, names, slips of the pen; what is unknown stays marked so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ._language import Language, Node, Sense
from ._text import END_MARKS, Token

if TYPE_CHECKING:
    from ._steps import Passage

GAP_REACH = 7
"""Words a verb's particle may stand away from it."""
SLIP_LENGTH = 5
"""Shorter unknown words are not taken for slips of the pen."""
SURE_LENGTH = 8
"""Words of this length are taken for known ones even with a letter wrong."""


@dataclass(frozen=True)
class Called:
    """A character from a file, as a prompt names it."""

    id: str
    name: str
    sex: str


Names = Mapping[tuple[str, ...], Called]
"""Characters by the words of their names, in lower case."""


@dataclass(eq=False)
class Item:
    """Some tokens and what they can mean."""

    tokens: tuple[int, ...]
    surface: str
    senses: tuple[Sense, ...] = ()
    number: float | None = None
    name: str = ""
    sex: str = ""
    given: str = ""
    """Id of the character from a file that it names."""
    said: str = ""
    mark: str = ""
    slip: str = ""
    """The word it was taken for."""
    used: bool = False
    decade: bool = False
    """A number of years that stands for ten ("in her 30s")."""
    helper: bool = False
    """It only helps another word ("is" before a participle)."""
    passage: Passage | None = None
    """What is said of the camera, where these tokens say that."""

    def has(self, *classes: str) -> bool:
        """It can mean something of one of the classes."""
        return any(s.cls in classes for s in self.senses)

    def sense(self, *classes: str) -> Sense | None:
        """Its first meaning of one of the classes, in the order of the classes."""
        for cls in classes:
            for s in self.senses:
                if s.cls == cls:
                    return s
        return None

    def is_function(self, *names: str) -> bool:
        """It is one of these small words."""
        return any(s.cls == "function" and s.concept in names for s in self.senses)

    @property
    def unknown(self) -> bool:
        """A word that nothing is known of."""
        return not (self.senses or self.number is not None or self.name or self.said or self.mark)


def match(tokens: Sequence[Token], language: Language, given: Names = MappingProxyType({})) -> list[Item]:
    """Items of a prompt, in order; `given` are the names of characters from files."""
    return _Matcher(tokens, language, given).run()


class _Matcher:
    def __init__(self, tokens: Sequence[Token], language: Language, given: Names) -> None:
        self.given = given
        self.called = {word for words in given for word in words}
        self.tokens = list(tokens)
        self.language = language
        self.slips: dict[int, str] = {}
        self.taken: set[int] = set()
        self.items: list[Item] = []

    def run(self) -> list[Item]:
        """All items."""
        self._mend_slips()
        at = 0
        while at < len(self.tokens):
            if at in self.taken:
                at += 1
                continue
            item, after = self._item(at)
            self.items.append(item)
            at = after
        return self.items

    def _item(self, at: int) -> tuple[Item, int]:
        token = self.tokens[at]
        if token.kind == "quote":
            return Item(tokens=(at,), surface=token.surface, said=token.said), at + 1
        if token.kind == "mark":
            return Item(tokens=(at,), surface=token.surface, mark=token.text), at + 1
        if token.kind == "number" and self._decade(at):
            return Item(tokens=(at, at + 1), surface=token.surface + "s", number=float(token.text), decade=True), at + 2
        if token.kind == "number" and (looks := self._numbered(at)) is not None:
            return looks
        if token.kind == "number":
            number = float(token.text.replace(",", "."))
            return self._number(at, number, at + 1)
        if (called := self._called(at)) is not None:
            return called
        senses, after, gapped = self._longest(at)
        if decade := next((s for s in senses if s.cls == "decades"), None):
            item = self._known(tuple(range(at, after)), senses)
            item.number, item.decade = float(decade.concept), True
            return item, after
        if numeral := _numeral(senses):
            return self._number(at, float(numeral.concept), after, senses)
        name = self._name(at, senses, after)
        if name is not None:
            return name, at + 1
        if gapped is not None:
            particle, sense = gapped
            own = tuple(range(at, after)) if senses else (at,)
            self.taken.update(particle)
            return self._known((*own, *particle), (sense,)), max(own) + 1
        if senses:
            return self._known(tuple(range(at, after)), senses), after
        return self._unknown(at), at + 1

    def _numbered(self, at: int) -> tuple[Item, int] | None:
        """ "8 mm film", "360-degree shot": a word of the camera that begins with a number."""
        senses, after, _ = self._longest(at)
        of_camera = tuple(s for s in senses if s.cls in ("look", "picture"))
        return (self._known(tuple(range(at, after)), of_camera), after) if of_camera and after - at > 1 else None

    def _known(self, indexes: tuple[int, ...], senses: tuple[Sense, ...]) -> Item:
        surface = " ".join(self.tokens[i].surface for i in indexes)
        slip = " ".join(self.slips[i] for i in indexes if i in self.slips)
        return Item(tokens=indexes, surface=surface, senses=senses, slip=slip)

    # ── the word tree ───────────────────────────────────────────────────────────────────────────────────────────────

    def _longest(self, at: int) -> tuple[tuple[Sense, ...], int, tuple[tuple[int, ...], Sense] | None]:
        """Meanings of the longest known word group here, where it ends, and a verb with a particle further on."""
        node, best, after = self.language.root, (), at
        found: tuple[Sense, ...] = best
        gapped: tuple[tuple[int, ...], Sense] | None = None
        for index in range(at, len(self.tokens)):
            token = self.tokens[index]
            if index in self.taken or token.kind not in ("word", "number") or token.text not in node.next:
                break
            node = node.next[token.text]
            senses = tuple(s for s in node.senses if self._allowed(s, at, index))
            if senses:
                found, after = senses, index + 1
            if node.gapped:
                gapped = self._particle(index + 1, node)
        if gapped is not None and after - at > 1:
            gapped = None  # the particle stood right behind: the longer word group has it
        return found, after, gapped

    def _allowed(self, sense: Sense, first: int, last: int) -> bool:
        if sense.cls == "city" and not self._marked(first):
            return False  # "Paris waves" is somebody
        if sense.last:
            return not self._starts_noun(last + 1)
        if sense.feature == "cap":
            return self.tokens[last].capital
        return True

    def _marked(self, at: int) -> bool:
        """An adposition or a comma stands before it."""
        if at == 0:
            return False
        before = self.language.root.next.get(self.tokens[at - 1].text, Node()).senses
        return self.tokens[at - 1].text == "," or any(s.cls == "adposition" for s in before)

    def _starts_noun(self, at: int) -> bool:
        """A noun phrase begins here."""
        if at >= len(self.tokens) or self.tokens[at].kind not in ("word", "number"):
            return False
        node = self.language.root.next.get(self.tokens[at].text)
        if node is None:
            return self.tokens[at].kind == "number"
        small = ("definite", "indefinite", "other", "possessive", "pronoun_one", "pronoun_many")
        for s in node.senses:
            if s.cls == "function":
                return s.concept in small
        return not any(s.cls in ("adposition", "manner", "verb") for s in node.senses) and bool(node.senses)

    def _particle(self, at: int, node: Node) -> tuple[tuple[int, ...], Sense] | None:
        """The particle of a split verb, if it comes before the clause ends and governs nothing itself."""
        for index in range(at, min(at + GAP_REACH, len(self.tokens))):
            if self.tokens[index].text in END_MARKS or self.tokens[index].text == ",":
                return None
            for words, sense in node.gapped:
                span = range(index, index + len(words))
                if span.stop > len(self.tokens) or any(i in self.taken for i in span):
                    continue
                if all(self.tokens[i].text == w for i, w in zip(span, words, strict=True)) and not self._starts_noun(
                    span.stop
                ):
                    return tuple(span), sense
        return None

    # ── numbers, names, slips ───────────────────────────────────────────────────────────────────────────────────────

    def _number(self, at: int, number: float, after: int, senses: tuple[Sense, ...] = ()) -> tuple[Item, int]:
        """A number, with the number words that add to it ("twenty five")."""
        while number >= 20 and number % 10 == 0 and after < len(self.tokens):
            more, end, _ = self._longest(after)
            unit = _numeral(more)
            if unit is None or not 0 < float(unit.concept) < (100 if number >= 100 else 10) or end - after > 1:
                break
            number, after, senses = number + float(unit.concept), end, ()
        indexes = tuple(range(at, after))
        surface = " ".join(self.tokens[i].surface for i in indexes)
        return Item(tokens=indexes, surface=surface, number=number, senses=senses), after

    def _decade(self, at: int) -> bool:
        """ "in her 30s": without the possessive it would be a time."""
        if at == 0 or at + 1 >= len(self.tokens) or self.tokens[at + 1].text != "s":
            return False
        before = self.language.root.next.get(self.tokens[at - 1].text, Node()).senses
        return self.tokens[at].end == self.tokens[at + 1].start and any(s.concept == "possessive" for s in before)

    def _called(self, at: int) -> tuple[Item, int] | None:
        """The name of a character from a file; if it is another word as well, only written and used as a name."""
        found = [w for w in self.given if tuple(t.text for t in self.tokens[at : at + len(w)]) == w]
        if not found:
            return None
        words = max(found, key=len)
        after = at + len(words)
        senses, _, _ = self._longest(at)
        first = at == 0 or self.tokens[at - 1].text in (*END_MARKS, ":")
        if senses and not (self.tokens[at].capital and (len(words) > 1 or not first or self._acts(after))):
            return None
        known = self.given[words]
        surface = " ".join(t.surface for t in self.tokens[at:after])
        named = Item(tokens=tuple(range(at, after)), surface=surface, name=known.name, sex=known.sex, given=known.id)
        return named, after

    def _name(self, at: int, senses: tuple[Sense, ...], after: int) -> Item | None:
        """A person's name: a known one, or an unknown word with a capital where names stand."""
        token = self.tokens[at]
        known = token.text in self.language.names
        first = at == 0 or self.tokens[at - 1].text in END_MARKS or self.tokens[at - 1].text == ":"
        if known and after - at <= 1 and (not senses or (token.capital and not first)):
            return Item(tokens=(at,), surface=token.surface, name=token.surface, sex=self.language.names[token.text])
        if known and token.capital and first and after - at <= 1 and self._acts(at + 1):
            return Item(tokens=(at,), surface=token.surface, name=token.surface, sex=self.language.names[token.text])
        if senses or not token.capital or not token.text.isalpha() or len(token.text) < 2:
            return None
        if not self.language.grammar.get("capital_names", False) or self._after_article(at):
            return None
        if not first or self._acts(at + 1):
            return Item(tokens=(at,), surface=token.surface, name=token.surface)
        return None

    def _after_article(self, at: int) -> bool:
        """ "the Zorblax" is no person's name."""
        before = self.language.root.next.get(self.tokens[at - 1].text, Node()).senses if at else []
        return any(s.cls == "function" and s.concept in ("definite", "indefinite", "possessive") for s in before)

    def _acts(self, at: int) -> bool:
        """What follows is something a named person would be followed by: a verb, "and", a comma, a colon."""
        if at >= len(self.tokens):
            return False
        if self.tokens[at].text in (":", ","):
            return True
        senses, _, _ = self._longest(at)
        return any(s.cls == "verb" or (s.cls == "function" and s.concept in ("and", "auxiliary")) for s in senses)

    def _mend_slips(self) -> None:
        """Unknown words that are one slip away from a single known word are read as that word."""
        for index, token in enumerate(self.tokens):
            known = token.text in self.language.words or token.text in self.language.names or token.text in self.called
            if token.kind != "word" or known or (token.capital and index > 0):
                continue
            near = nearest(token.text, self.language.words)
            if near:
                self.tokens[index] = replace(token, text=near)
                self.slips[index] = near

    def _unknown(self, at: int) -> Item:
        return Item(tokens=(at,), surface=self.tokens[at].surface)


def _numeral(senses: Sequence[Sense]) -> Sense | None:
    return next((s for s in senses if s.cls == "numbers"), None)


def nearest(word: str, words: frozenset[str]) -> str:
    """The only known word one slip away, or nothing.

    Two letters swapped, or a double letter written single or the other way round; long words may also have one
    letter wrong, missing or too many. Anything looser turns words that are merely unknown into others.
    """
    if len(word) < SLIP_LENGTH or not word.isalpha():
        return ""
    alphabet = {c for w in words for c in w} if not word.isascii() else set("abcdefghijklmnopqrstuvwxyz")
    cuts = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]  # the first letter is seldom wrong
    tries = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    tries |= {a + a[-1] + b for a, b in cuts} | {a + b[1:] for a, b in cuts if b and a[-1] == b[0]}
    if len(word) >= SURE_LENGTH:
        tries |= {a + b[1:] for a, b in cuts if b} | {a + c + b for a, b in cuts for c in alphabet}
        tries |= {a + c + b[1:] for a, b in cuts if b for c in alphabet}
    hits = {t for t in tries if t in words and len(t) >= SLIP_LENGTH} - {word}
    return next(iter(hits)) if len(hits) == 1 else ""


def colon_speech(
    items: list[Item], tokens: Sequence[Token], text: str, speaks: Callable[[Sequence[Item]], bool]
) -> list[Item]:
    """Items with "she says: so close!" made into a quotation: what follows the colon, to the end of the sentence."""
    result: list[Item] = []
    index = 0
    while index < len(items):
        item = items[index]
        result.append(item)
        index += 1
        if item.mark != ":" or index >= len(items) or items[index].said or not speaks(result[:-1]):
            continue
        end = index
        while end < len(items) and items[end].mark not in END_MARKS and not items[end].said:
            end += 1
        last = items[end] if end < len(items) and items[end].mark in ("!", "?", ".") else items[end - 1]
        if end == index:
            continue
        first_token, last_token = items[index].tokens[0], last.tokens[-1]
        said = text[tokens[first_token].start : tokens[last_token].end].strip()
        span = tuple(range(first_token, items[end - 1].tokens[-1] + 1))
        result.append(Item(tokens=span, surface=said, said=said[:1].upper() + said[1:]))
        index = end  # the mark that ends it also ends the sentence
    return result
