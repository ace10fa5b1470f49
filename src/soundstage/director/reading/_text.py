"""Text to tokens: quotes made plain and pulled out, words, numbers and marks apart, places in the text kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "number", "mark", "quote"]

_SINGLE = dict.fromkeys("‘’‚‛′`´", "'")
_DOUBLE = dict.fromkeys("“”„‟«»″「」『』", '"') | {"‹": '"', "›": '"'}
_DASHES = dict.fromkeys("‐‑‒", "-") | dict.fromkeys("–—―", "—")
_SPACES = dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u3000\t\r", " ")
_MARKS = {
    "؟": "?",
    "،": ",",
    "؛": ";",
    "。": ".",
    "，": ",",
    "！": "!",
    "？": "?",
    "：": ":",
    "।": ".",
    "…": ".",
    "¿": " ",
    "¡": " ",
}
_PLAIN = str.maketrans(_SINGLE | _DOUBLE | _DASHES | _SPACES | _MARKS)

_NUMBER = r"\d+(?:[.,]\d+)?(?!\d)"
_WORD = r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u097f\u064b-\u065f][^\W\d_]*)*(?:'[^\W\d_]+)?"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>{_WORD}|\d+\w*|_+\w*)|(?P<mark>—|[^\w\s])|(?P<line>\n+)")
_DOUBLE_QUOTE = re.compile(r'"([^"]*)(?:"|$)')
_SINGLE_QUOTE = re.compile(r"(?<![\w'])'(?=\S)((?:[^']|(?<=\w)'(?=\w))*?)(?<=\S)'(?!\w)")
END_MARKS = {".", "!", "?", ";", "\n"}


@dataclass(frozen=True, kw_only=True)
class Token:
    """One word, number, mark or quotation."""

    text: str
    """In lower case, as it is looked up."""
    surface: str
    """As it was written."""
    start: int
    """Place in the plain text."""
    end: int
    kind: Kind
    said: str = ""
    """What stands between the quotes."""

    @property
    def capital(self) -> bool:
        """Written with a capital."""
        return self.surface[:1].isupper()


def plain(text: str) -> str:
    """The text with one kind of quote, dash and space, and without control characters."""
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    kept = "".join(c for c in composed if c == "\n" or unicodedata.category(c)[0] != "C")
    return re.sub(r" *\n\s*", "\n", re.sub(r" +", " ", kept)).strip()


def tokenise(text: str, contractions: Mapping[str, str]) -> list[Token]:
    """Tokens of a plain text; quotations are one token each, contractions are written out."""
    tokens: list[Token] = []
    at = 0
    for start, end, said in _quotations(text):
        tokens.extend(_words(text, at, start, contractions))
        if said.strip():
            tokens.append(
                Token(text='""', surface=text[start:end], start=start, end=end, kind="quote", said=said.strip())
            )
        at = end
    tokens.extend(_words(text, at, len(text), contractions))
    return tokens


def _quotations(text: str) -> list[tuple[int, int, str]]:
    """(start, end, what is said) of every quotation, in order, none inside another."""
    found = [(m.start(), m.end(), m.group(1)) for m in _DOUBLE_QUOTE.finditer(text) if not _inches(text, m.start())]
    taken = [(start, end) for start, end, _ in found]
    for m in _SINGLE_QUOTE.finditer(text):
        if not any(start < m.end() and m.start() < end for start, end in taken):
            found.append((m.start(), m.end(), m.group(1)))
    return sorted(found)


def _inches(text: str, at: int) -> bool:
    """A double quote right after a digit, with none before it, measures inches."""
    return at > 0 and text[at - 1].isdigit() and text[:at].count('"') % 2 == 0


def _words(text: str, start: int, end: int, contractions: Mapping[str, str]) -> list[Token]:
    tokens: list[Token] = []
    for m in _TOKEN.finditer(text, start, end):
        surface, kind = m.group(), str(m.lastgroup)
        if kind == "line":
            tokens.append(Token(text="\n", surface="\n", start=m.start(), end=m.end(), kind="mark"))
        elif kind == "word":
            tokens.extend(_word(surface, m.start(), contractions))
        elif kind == "number":
            tokens.append(Token(text=surface, surface=surface, start=m.start(), end=m.end(), kind="number"))
        elif surface != "-" or not _joins(text, m.start()):
            tokens.append(Token(text=surface, surface=surface, start=m.start(), end=m.end(), kind="mark"))
    return tokens


def _joins(text: str, at: int) -> bool:
    """A hyphen inside a word: both sides of it are looked up as words of their own."""
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _word(surface: str, start: int, contractions: Mapping[str, str]) -> list[Token]:
    """The word, or the words that a contraction stands for; a possessive ending is a token of its own."""
    low, end = surface.casefold(), start + len(surface)
    if low in contractions:
        return [Token(text=w, surface=surface, start=start, end=end, kind="word") for w in contractions[low].split()]
    if "'" in low:
        head, tail = surface.split("'", 1)
        cut = start + len(head)
        return [
            Token(text=head.casefold(), surface=head, start=start, end=cut, kind="word"),
            Token(text="'" + tail.casefold(), surface="'" + tail, start=cut, end=end, kind="word"),
        ]
    return [Token(text=low, surface=surface, start=start, end=end, kind="word")]
