"""A language's words and few rules, read from library/data/words/<language>.toml once per process."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ...errors import InputError

_FOLDER = files("soundstage.library") / "data" / "words"
LANGUAGES: tuple[str, ...] = tuple(
    sorted(f.name.removesuffix(".toml") for f in _FOLDER.iterdir() if f.name.endswith(".toml"))
)

_META = {
    "language", "grammar", "inflect", "irregular", "function", "contractions", "adposition", "passive", "numbers",
    "ordinals", "decades", "names", "utterances", "stands_for",
}  # fmt: skip
GAP = "…"


@dataclass(frozen=True)
class Sense:
    """One thing a word can mean."""

    cls: str
    concept: str
    feature: str = ""
    last: bool = False
    """Only where nothing follows that it could govern ("goes in", but not "goes in the park")."""


@dataclass
class Node:
    """A node of the word tree: what the words so far mean, and how they can go on."""

    senses: list[Sense] = field(default_factory=list)
    gapped: list[tuple[tuple[str, ...], Sense]] = field(default_factory=list)
    """Particles that may follow later in the clause, and the meaning together with them."""
    next: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Language:
    """Everything reading knows about a language."""

    code: str
    grammar: Mapping[str, Any]
    contractions: Mapping[str, str]
    root: Node
    names: Mapping[str, str]
    """Lower-case name → "f", "m" or "" (open)."""
    agents: frozenset[str]
    silent: frozenset[str]
    """What is said by saying nothing."""
    words: frozenset[str]
    """Every single word that is known, for telling slips of the pen."""


@cache
def concepts() -> dict[str, dict[str, Any]]:
    """library/data/concepts.toml: class → concept → values."""
    return tomllib.loads((files("soundstage.library") / "data" / "concepts.toml").read_text("utf-8"))


def value(sense: Sense | None) -> dict[str, Any]:
    """What the concepts table says of a sense; nothing for words without an entry."""
    if sense is None:
        return {}
    entry = concepts().get(sense.cls, {}).get(sense.concept, {})
    return entry if isinstance(entry, dict) else {}


@cache
def language(code: str) -> Language:
    """A language by its code.

    Raises:
        InputError: there is no such language; the codes there are.
    """
    if code not in LANGUAGES:
        raise InputError(f"prompts in {code!r} are not read yet", f"languages: {', '.join(LANGUAGES)}")
    data = tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))
    root, words = Node(), set[str]()
    for form, sense in _forms(data):
        _add(root, form, sense, words)
    names = {n.casefold(): sex for sex in ("f", "m") for n in data["names"].get(sex, [])}
    names |= {n.casefold(): "" for n in data["names"].get("open", [])}
    return Language(
        code=code, grammar=data["grammar"], contractions=data.get("contractions", {}), root=root, names=names,
        agents=frozenset(data.get("passive", {}).get("agents", [])), words=frozenset(words),
        silent=frozenset(data["utterances"].get("nothing", [])),
    )  # fmt: skip


def _add(root: Node, form: str, sense: Sense, words: set[str]) -> None:
    """Hang one form into the tree; hyphens count as spaces."""
    head, gap, tail = form.replace("-", " ").casefold().partition(GAP)
    node = root
    for word in _split(head):
        words.add(word)
        node = node.next.setdefault(word, Node())
    if gap:
        entry = (tuple(_split(tail)), sense)
        if entry not in node.gapped:
            node.gapped.append(entry)
    elif sense not in node.senses:
        node.senses.append(sense)


def _split(text: str) -> list[str]:
    return re.findall(r"'\w+|[^\s']+", text)


def _forms(data: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """Every form of every word with its meaning."""
    for function, forms in data["function"].items():
        for form in forms:
            text, feature = _feature(form)
            yield text, Sense("function", function, feature)
    for concept, forms in data["adposition"].items():
        for form in forms:
            yield form, Sense("adposition", concept)
    for table in ("numbers", "ordinals", "decades"):
        for number, forms in data.get(table, {}).items():
            for form in forms:
                yield form, Sense(table, number)
    for form in data["utterances"]["words"]:
        yield form, Sense("utterance", form)
    for cls, entries in data.items():
        if cls in _META:
            continue
        for concept, forms in entries.items():
            for written in forms:
                for form in _spelled_out(written, data.get("stands_for", {})):
                    yield from _inflected(form, cls, concept, data)


def _spelled_out(form: str, stands_for: Mapping[str, list[str]]) -> list[str]:
    """All that is meant by a form with a word that stands for several: "cross one's arms"."""
    for word, meant in stands_for.items():
        if word in (words := form.split(" ")):
            return [" ".join(other if one == word else one for one in words) for other in meant]
    return [form]


def _feature(form: str) -> tuple[str, str]:
    text, _, feature = form.partition("@")
    return text.strip(), feature


VERBS = {"verb", "camera_verb"}
NOUNS = {
    "person", "thing", "part", "garment", "hair", "beard", "eyes", "skin_mark", "bodypart", "act", "pattern",
    "arrangement", "unit", "mark", "place", "surface", "time", "weather", "picture",
}  # fmt: skip


def _inflected(form: str, cls: str, concept: str, data: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """A form and what the language's rules make of it."""
    text, feature = _feature(form)
    last = feature == "free"
    feature = "" if last else feature
    yield text, Sense(cls, concept, feature, last)
    if cls in VERBS:
        for other, mark in _bent(text, "verb", data):
            yield other, Sense(cls, concept, mark, last)
    elif cls in NOUNS and feature not in ("pl", "cap"):
        for other, _ in _bent(text, "noun", data):
            yield other, Sense(cls, concept, "pl")


def _bent(text: str, kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(form, feature) of a word or word group by irregular entry or rule; only the bending word changes."""
    words = text.split(" ")
    index = 0 if data["inflect"].get(f"{kind}_word", "last") == "first" else len(words) - 1
    base = words[index]
    special = [_feature(f) for f in data["irregular"].get(kind, {}).get(base, [])]
    covered = {mark for _, mark in special}
    made = [(w, mark or "pl") for w, mark in special]
    if not (kind == "noun" and special):
        for mark, rules in data["inflect"].get(kind, {}).items():
            if mark not in covered:
                made.append((_apply(base, rules), mark))
    for other, mark in made:
        yield " ".join([*words[:index], other, *words[index + 1 :]]), mark


def _apply(word: str, rules: list[list[str]]) -> str:
    for pattern, replacement in rules:
        if re.fullmatch(pattern, word):
            return re.sub(f"^{pattern}$", replacement, word)
    return word


@cache
def first_forms(code: str) -> dict[str, dict[str, str]]:
    """Class → concept → the first word for it, for listings."""
    data = tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))
    return {
        cls: {concept: _feature(forms[0])[0].replace(GAP, "…") for concept, forms in entries.items() if forms}
        for cls, entries in data.items()
        if cls not in _META
    }
