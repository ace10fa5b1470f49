"""Measuring a finished film: the mp4 as any player shows it, against the Take where there is one.

The room is itself its verb: `soundstage.review("film.mp4")` is `soundstage.review.review("film.mp4")`.
"""

import sys
from types import ModuleType
from typing import Any

from .against import Pair, side_by_side
from .footage import Facts, Picture, Sound, open_film
from .likeness import Fidelity, compare, static_difference, warping_error
from .reviewing import review
from .rows import FEATURES, Measure, Moment, Review, Row, scorecard

__all__ = [
    "FEATURES",
    "Facts",
    "Fidelity",
    "Measure",
    "Moment",
    "Pair",
    "Picture",
    "Review",
    "Row",
    "Sound",
    "compare",
    "open_film",
    "review",
    "scorecard",
    "side_by_side",
    "static_difference",
    "warping_error",
]


class _Verb(ModuleType):
    """A room that can be called: a name can stand for a room or a verb, and here both have the same."""

    def __call__(self, *values: Any, **named: Any) -> Review:
        return review(*values, **named)


sys.modules[__name__].__class__ = _Verb
