"""What marks a skin: freckles, moles, wrinkles, a blush."""

from __future__ import annotations

from ._language import value
from ._looks import wearers
from ._people import trait
from ._phrases import Noun
from ._reader import Reader

FEW, MANY = 3, 8
"""What "a few" and "many" are read as; of freckles and wrinkles nobody gives a number."""
FEWER, MORE = 0.4, 1.8


def skin_mark(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    """ "with many freckles", "has two moles", "with rosy cheeks", "without wrinkles"."""
    entry = value(noun.sense("skin_mark"))
    field = str(entry["field"])
    given = noun.role == "without"
    amount = 0.0 if given else entry.get("usual")
    told = [noun.marker] if given and noun.marker else []
    for item in noun.adjectives:
        effect = value(item.sense("adj")).get("skin_mark", {})
        if field in effect:
            amount = effect[field]
        elif "times" in effect and amount is not None:
            amount *= effect["times"]
        else:
            continue
        told.append(item)
    if amount is None:  # cheeks alone say nothing
        return last
    if noun.number is not None and not given:
        if field == "moles":
            amount = noun.number
        else:
            amount *= FEWER if noun.number <= FEW else MORE if noun.number >= MANY else 1.0
    elif field == "moles" and not given and not noun.plural:
        amount = 1
    made = min(24, round(amount)) if field == "moles" else round(min(1.0, float(amount)), 3)
    for figure in wearers(reader, last):
        trait(figure, {field: made})
        reader.note(
            [*told, *(i for i in noun.items if i.number is not None), *noun.heads], f"{figure.id}: {field} {made}"
        )
    return last


def bare_part(reader: Reader, noun: Noun, last: Noun | None) -> Noun | None:
    """ "with a freckled face", "a shaved head": the adjective tells of the whole person."""
    for figure in wearers(reader, last):
        for item in noun.adjectives:
            if effect := value(item.sense("adj")).get("bodypart"):
                trait(figure, effect)
                reader.note([item, *noun.heads], f"{figure.id}: {', '.join(f'{k} {v}' for k, v in effect.items())}")
    return last if noun.role in ("with", "without", "") else None
