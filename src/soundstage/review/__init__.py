"""Measuring a finished film: the mp4 as any player shows it, against the Take where there is one."""

from .footage import Facts, Picture, Sound, open_film
from .reviewing import review
from .rows import FEATURES, Measure, Moment, Review, Row, scorecard

__all__ = [
    "FEATURES",
    "Facts",
    "Measure",
    "Moment",
    "Picture",
    "Review",
    "Row",
    "Sound",
    "open_film",
    "review",
    "scorecard",
]
