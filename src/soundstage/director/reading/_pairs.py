"""What two do together: "shakes hands with Ben", "Anna and Ben high-five"."""

from __future__ import annotations

from ... import library
from ..frame import Deed
from ._language import Sense
from ._motions import manners, used
from ._reader import Reader

PAIRS = {name for name, entry in library.actions().items() if entry.get("pair")}


def together(reader: Reader, sense: Sense, names: list[str], target: str) -> bool:
    """The first of those who do it, with whom it is done: the one named, the second of them, or the only other."""
    verb = reader.clause.verb
    if not names or (verb is not None and verb.negated):
        return False
    others = [figure.id for figure in reader.frame.figures if figure.id != names[0]]
    partner = target or (names[1] if len(names) > 1 else others[0] if len(others) == 1 else "")
    if not partner or reader.frame.figure(partner) is None:
        return False
    reader.happen(
        Deed(
            id=reader.new_id(sense.concept), action=sense.concept, actors=names[:1], target=partner,
            manner=manners(reader),
        )
    )  # fmt: skip
    return used(reader, f"{names[0]} and {partner}: {sense.concept}")


__all__ = ["PAIRS", "together"]
