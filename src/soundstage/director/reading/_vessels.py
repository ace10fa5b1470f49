"""Drinking: from what somebody holds, or takes up for it, or from a glass if nothing is said."""

from __future__ import annotations

from ... import library
from ..frame import Deed, Item
from ._language import Sense
from ._motions import manners, used
from ._reader import Reader
from ._things import things

_USUAL = "glass"
"""What one drinks from who only drinks."""


def drink(reader: Reader, sense: Sense, names: list[str]) -> bool:
    """ "drinks from a cup", "takes a sip of her tea", "drinks"."""
    verb = reader.clause.verb
    if not names or (verb is not None and verb.negated):
        return False
    person = names[0]
    figure = reader.frame.figure(person)
    if figure is None:
        return False
    asked = [n for n in reader.clause.marked if n.role in ("from", "of", "with")] + list(reader.clause.objects)
    named = [
        name for noun in asked if noun.sense("thing") or noun.pronoun == "pronoun_one"
        for name in things(reader, noun) if _vessel(reader.frame.item(name))
    ]  # fmt: skip
    held = [name for name in figure.holds if _vessel(reader.frame.item(name))]
    taken = [h.object for h in reader.frame.happenings if isinstance(h, Deed) and h.action == "pick_up" and h.object]
    name = next(iter(named), "") or next((n for n in [*reversed(taken), *held] if _vessel(reader.frame.item(n))), "")
    if not name:
        glass = Item(id=reader.fresh(_USUAL), kind="cup", material="glass")
        reader.add_thing(glass, _USUAL)
        name = glass.id
    item = reader.frame.item(name)
    assert item is not None
    if name not in held and name not in taken:
        if item.relation:  # it stands somewhere: taken up first
            reader.happen(Deed(id=reader.new_id("pick_up"), action="pick_up", actors=[person], object=name))
        else:
            figure.holds.append(name)
    reader.happen(Deed(id=reader.new_id("drink"), action="drink", actors=[person], object=name, manner=manners(reader)))
    return used(reader, f"{person} drinks from {name}")


def _vessel(item: Item | None) -> bool:
    return item is not None and "rim" in library.prop(item.kind).params


__all__ = ["drink"]
