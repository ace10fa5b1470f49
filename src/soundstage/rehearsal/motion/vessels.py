"""Drinking: the rim of a held cup or bottle at the lips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError
from ...screenplay.model import Beat
from ...take import Thing
from .channels import INDEX
from .maths import Floats, apply
from .touches import spot
from .trunk import Chain

if TYPE_CHECKING:
    from ..layout import Layout

_AT_LIPS = 0.002
"""The rim stays so far before the skin [m]."""


def rim(thing: Thing) -> tuple[float, float] | None:
    """Radius of the rim, and its height over the middle [m]; None if one cannot drink from it."""
    part = thing.params.get("rim")
    return None if part is None else (0.5 * float(part) * thing.size[0], 0.5 * thing.size[2])


def check(layout: Layout, beat: Beat, held: int | None) -> None:
    """Somebody is to drink from what they hold.

    Raises:
        InputError: they hold nothing to drink from.
    """
    thing = None if held is None else layout.things[held]
    if thing is None or rim(thing) is None:
        fit = [one.id for one in layout.things if rim(one) is not None]
        raise InputError(
            f"beat {beat.id!r}: {beat.actor!r} holds {thing.id if thing else 'nothing'!r}, and cannot drink from it",
            f"let them hold or pick up {' or '.join(fit) or 'a cup or a bottle'} before",
        )


def to_lips(chain: Chain, channels: Floats, centre: Floats, axes: Floats, edge: tuple[float, float]) -> Floats:
    """(T, 3) centre of what is held, its rim as far at the lips as the channel says.

    `centre` (T, 3) is where it would be else, relative to the root; `axes` (T, 3, 3) how it is turned.
    """
    part = np.clip(channels[:, INDEX["sip"]], 0.0, 1.0)[:, None]
    if not part.any():
        return centre
    lips = spot(chain.figure, "lips", 0)
    turned = chain.turned[lips.bone]
    at = chain.at[lips.bone] + apply(turned, lips.point - _AT_LIPS * lips.palm)
    near = np.array([0.0, edge[0], edge[1]])  # columns of the axes: to the left, back, up
    return np.asarray(centre * (1.0 - part) + (at - axes @ near) * part)


__all__ = ["check", "rim", "to_lips"]
