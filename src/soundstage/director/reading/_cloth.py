"""What clothes are made of and what is on them: colours, materials, patterns."""

from __future__ import annotations

from ..frame import Wear
from ._language import value
from ._phrases import Noun
from ._reader import Reader


def colours_of(noun: Noun) -> list[str]:
    """The colours that a noun's adjectives name, as said."""
    return [str(c) for item in noun.adjectives if (c := value(item.sense("adj")).get("colour"))]


def describe(reader: Reader, wear: Wear, noun: Noun) -> None:
    """Put colours, material and pattern of a noun's adjectives on clothes: "a red and white checked silk dress".

    With a pattern the first colour is the cloth's and the second the pattern's; without one the last colour is taken.
    """
    told = [item for item in noun.adjectives if item.is_function("and")]
    for item in noun.adjectives:
        entry = value(item.sense("adj"))
        if "pattern" in entry or "cloth" in entry or "colour" in entry or entry.get("material") == "fabric":
            told.append(item)
        wear.pattern = str(entry.get("pattern", wear.pattern))
        wear.material = str(entry.get("cloth", wear.material))
    colours = colours_of(noun)
    if wear.pattern and len(colours) > 1:
        wear.colour, wear.pattern_colour = colours[:2]
    elif colours:
        wear.colour = colours[-1]
    said = " ".join(word for word in (wear.colour, wear.pattern_colour, wear.material, wear.pattern) if word)
    reader.note(told, f"{noun.surface}: {said}")


def pattern_on(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    """ "with white polka dots": a pattern on the clothes that were named last."""
    from ._looks import wearers

    figures = wearers(reader, last)
    for figure in figures:
        wear = figure.wear[-1] if figure.wear else figure.outfit_cloth
        if wear is None:
            continue
        wear.pattern = str(value(noun.sense("pattern"))["pattern"])
        colours = colours_of(noun)
        wear.pattern_colour = colours[0] if colours else wear.pattern_colour
        coloured = [i for i in noun.adjectives if value(i.sense("adj")).get("colour") in colours]
        reader.note([*coloured, *noun.heads], f"{figure.id}: {wear.concept} with {wear.pattern}")
    return last
