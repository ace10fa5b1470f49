"""`cast`: words that describe one person become a character."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..screenplay.model import Character
from ._plan import find_language, settings_of
from .frame import Deed, Figure, Frame
from .reading import read_frame
from .reading._reader import slug
from .staging import cast_of

ELSEWHERE = (
    "set ", "indoors", "outdoors", "a basketball court", "ground of", "the ground", "time of day", "weather", "gravity",
    "nobody else",
)  # fmt: skip
"""How meanings begin that are of a place and not of a person."""
RESERVED = ("camera", "ahead", "hoop")


@dataclass(frozen=True, kw_only=True)
class Casting:
    """A person made of words."""

    character: Character
    not_understood: tuple[str, ...]
    """Phrases that are not in the character: unknown ones, and what is not of a person."""


def cast(
    prompt: str, *, language: str | None = None, seed: int | None = None, name: str = "", otherwise: str = ""
) -> Casting:
    """The one person that a prompt describes; what it leaves open is drawn by the seed.

    `name` is what they are called; if it is empty, as the prompt calls them, and `otherwise` if it does not.

    Raises:
        InputError: the prompt describes nobody or several people, is empty or too long, or an option is wrong.
    """
    settings = settings_of(prompt, seed=seed)
    frame = read_frame(prompt, language or find_language(prompt))
    figures = list({f.id: f for one in (frame, *frame.later) for f in one.figures}.values())
    if len(figures) != 1:
        told = f"{len(figures)} people ({', '.join(f.name or f.role for f in figures)})" if figures else "nobody"
        mend = "make a file for each of them" if figures else "such as: a tall woman of 60 with grey curls"
        raise InputError(f"the prompt describes {told}; a character is one person", mend)
    found, bare = cast_of(figures, settings)
    character = found[figures[0].id]
    called = " ".join((name or figures[0].name or otherwise or character.name).split())
    if len(called) > 60:
        raise InputError(f"a name of {len(called)} characters", "give one of at most 60: --name NAME")
    new = slug(called)
    renamed = character.model_copy(update={"id": f"{new}_1" if new in RESERVED else new, "name": called})
    missed = [*bare, *frame.missed, *_not_of(frame, figures[0])]
    return Casting(character=renamed, not_understood=tuple(dict.fromkeys(missed)))


def _not_of(frame: Frame, figure: Figure) -> list[str]:
    """What the prompt tells beside who somebody is, in its own words."""
    phrases: list[str] = []
    for one in (frame, *frame.later):
        for happening in one.happenings:
            said = happening.phrase or (happening.action if isinstance(happening, Deed) else happening.text)
            phrases.append(said.replace("_", " "))
        phrases += [item.phrase or item.kind.replace("_", " ") for item in one.items]
        phrases += [wish.phrase for wish in one.shots if wish.phrase]
    for line in frame.understood:
        phrase, _, meaning = line.partition(" → ")
        if meaning.startswith(ELSEWHERE) or meaning.startswith(f"{figure.id}: mood"):
            phrases.append(phrase)
    return [f"{phrase} (not of the person)" for phrase in phrases]
