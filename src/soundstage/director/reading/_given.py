"""Characters from files, in a prompt: what they are called, and what a prompt says of them that their files deny."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...screenplay.model import Character, Identity
from ..frame import Figure, Frame
from ._match import Called, Names
from ._text import plain, tokenise

NEAR_COLOUR = 0.16
"""Colours that differ by no more than this (root mean square of their sRGB parts, 0…1) bear the same name."""
AGES = {
    "baby": (0, 3), "toddler": (1, 4), "child": (2, 13), "teen": (12, 20), "young": (14, 38), "adult": (18, 66),
    "middle": (38, 66), "old": (55, 120),
}  # fmt: skip
"""Years of whom a word for an age can be said; wider than what a prompt alone would be cast with."""

SAID_BY_NOUN = ("f", "m", "baby", "toddler", "child", "teen", "old")
"""What "girl" or "grandfather" say for certain; that a player is young is only a guess."""


def sex_of(character: Character) -> str:
    """ "f" or "m", by the shape of the body."""
    return "f" if character.identity.masculinity < 0.5 else "m"


def names_of(given: Sequence[Character]) -> Names:
    """The names under which a prompt may speak of some characters: their names, and their ids."""
    found: dict[tuple[str, ...], Called] = {}
    for character in given:
        called = Called(character.id, character.name or character.id, sex_of(character))
        for text in (character.id.replace("_", " "), character.name):
            words = tuple(token.text for token in tokenise(plain(text), {}))
            if words:
                found[words] = called
    return found


def contradicted(frame: Frame, given: Sequence[Character]) -> None:
    """Put what a prompt says of somebody from a file, and the file denies, among what nothing was made of."""
    by_id = {character.id: character for character in given}
    for figure in frame.figures:
        if (character := by_id.get(figure.given)) is None:
            continue
        for field, agrees in _FIELDS.items():
            said = getattr(figure, field)
            if said in ("", None) or agrees(character, said):
                continue
            phrase = _phrase(frame, figure, said)
            if not phrase:  # nobody said so: it was guessed from what else somebody is
                continue
            frame.missed.append(f"{phrase} ({figure.name} stays as in the file)")


def _phrase(frame: Frame, figure: Figure, said: Any) -> str:
    """The words of the prompt that said it, no longer counted as understood."""
    value = f"{said:g}" if isinstance(said, float) else str(said)
    own = [line for line in frame.understood if line.partition(" → ")[2].startswith((f"{figure.id}:", figure.name))]
    telling = [line for line in own if value in line.partition(" → ")[2].partition(":")[2]] or [
        line for line in own if f"{figure.name} is a" in line
    ]
    if not telling and said in SAID_BY_NOUN:
        return next((line.partition(" → ")[0] for line in frame.understood if _introduces(line, figure)), "")
    if not telling:
        return ""
    frame.understood.remove(telling[-1])
    return telling[-1].partition(" → ")[0]


def _introduces(line: str, figure: Figure) -> bool:
    return line.endswith(f" → character {figure.id}")


def _colour(of: Callable[[Identity], str]) -> Callable[[Character, Any], bool]:
    def agrees(character: Character, said: Any) -> bool:
        one, other = (
            np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for c in (of(character.identity), said)
        )
        return float(np.sqrt(((one - other) ** 2).mean())) <= NEAR_COLOUR

    return agrees


def _near(of: Callable[[Identity], float], within: float) -> Callable[[Character, Any], bool]:
    return lambda character, said: abs(of(character.identity) - float(said)) <= within


def _build(character: Character, said: Any) -> bool:
    who = character.identity
    return {"slim": who.weight < 0.45, "heavy": who.weight > 0.6, "muscular": who.muscle > 0.6}.get(said, True)


def _height(character: Character, said: Any) -> bool:
    who = character.identity
    usual = 1.65 if who.masculinity < 0.5 else 1.78
    grown = who.age >= 18
    return not grown or (who.height_m > usual if said == "tall" else who.height_m < usual)


def _style(character: Character, said: Any) -> bool:
    style = character.identity.hair.style
    long = ("long", "wavy", "ponytail", "bun", "curly")
    alike = {"long": long, "short": ("short", "side_part", "buzz", "bob", "curly"), "curly": ("curly", "afro")}
    return style == said or style in alike.get(said, ())


def _ancestry(character: Character, said: Any) -> bool:
    mix = character.identity.ancestry
    most = {"african": mix.african, "east_asian": mix.asian, "european": mix.european}
    return said not in most or most[said] >= max(most.values())


_FIELDS: dict[str, Callable[[Character, Any], bool]] = {
    "sex": lambda c, said: said == sex_of(c),
    "age": lambda c, said: AGES[said][0] <= c.identity.age <= AGES[said][1],
    "years": _near(lambda who: who.age, 0.6),
    "height": _height,
    "height_m": _near(lambda who: who.height_m, 0.015),
    "build": _build,
    "hair_style": _style,
    "hair_colour": _colour(lambda who: who.hair.colour),
    "beard": lambda c, said: said == c.identity.beard,
    "skin": _colour(lambda who: who.skin),
    "eyes": _colour(lambda who: who.eyes),
    "ancestry": _ancestry,
    "left_handed": lambda c, said: said == c.identity.left_handed,
    "voice": lambda c, said: False,
    "freckles": lambda c, said: (said > 0) == (c.identity.freckles > 0),
    "moles": lambda c, said: (said > 0) == (c.identity.moles.count > 0),
    "redness": lambda c, said: (said > 0) == (c.identity.redness > 0),
    "wrinkles": lambda c, said: (said > 0.3) == ((c.identity.wrinkles or 0.0) > 0.3 or c.identity.age > 50),
}
"""What is said of a person, and whether a character is so."""
