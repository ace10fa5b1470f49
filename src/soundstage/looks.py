"""What a look is made of: the records of a grade and of a style.

The library reads them from its data, `post` turns them into picture; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Triple = tuple[float, float, float]
ONE: Triple = (1.0, 1.0, 1.0)
ZERO: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A colour grade of display-referred values, 0…1; the defaults change nothing. `post.grading` says how it is done.

    Raises:
        ValueError: a value is outside of what it may be.
    """

    name: str
    slope: Triple = ONE
    """ASC CDL, per channel: factor, ≥ 0."""
    offset: Triple = ZERO
    """ASC CDL: added."""
    power: Triple = ONE
    """ASC CDL: exponent, > 0."""
    saturation: float = 1.0
    """ASC CDL: 0 grey, 1 as it is."""
    shadows: Triple = ZERO
    """Split toning: added to what is dark; its luma is taken away, so that it tints and does not brighten."""
    highlights: Triple = ZERO
    """Split toning: added to what is bright."""
    contrast: float = 0.0
    """Of an S-curve, -1…1: 0 straight, 1 a slope of about 2 at the pivot, below 0 flatter."""
    pivot: float = 0.42
    """Value that contrast leaves where it is."""
    black: float = 0.0
    """Level of black: above 0 faded, below 0 crushed."""
    silver: float = 0.0
    """Silver left in the film (bleach bypass), 0…1: the picture in grey laid over itself."""
    skin: float = 1.0
    """How much the hue of skin is held, 0…1."""

    def __post_init__(self) -> None:
        within = {
            "slope": all(0.0 <= v <= 4.0 for v in self.slope),
            "offset": all(-1.0 <= v <= 1.0 for v in self.offset),
            "power": all(0.1 <= v <= 10.0 for v in self.power),
            "saturation": 0.0 <= self.saturation <= 4.0,
            "shadows": all(-0.5 <= v <= 0.5 for v in self.shadows),
            "highlights": all(-0.5 <= v <= 0.5 for v in self.highlights),
            "contrast": -1.0 <= self.contrast <= 1.0,
            "pivot": 0.1 <= self.pivot <= 0.9,
            "black": -0.2 <= self.black <= 0.3,
            "silver": 0.0 <= self.silver <= 1.0,
            "skin": 0.0 <= self.skin <= 1.0,
        }
        wrong = [name for name, fits in within.items() if not fits]
        if wrong:
            raise ValueError(f"grade {self.name}: out of range: {', '.join(wrong)}")

    @property
    def changes(self) -> bool:
        """Whether it does anything."""
        return self != Grade(name=self.name, skin=self.skin, pivot=self.pivot)


@dataclass(frozen=True, kw_only=True)
class Style:
    """A way of picturing; `post.styles` has the function of the same name.

    Raises:
        ValueError: a value is outside of what it may be.
    """

    name: str
    passes: tuple[str, ...] = ()
    """Exact passes that it is drawn from, besides the picture."""
    samples: int = 0
    """It gains nothing from more light paths per pixel than this; 0: it gains from all there are."""
    motion_blur: bool = True
    """Whether what moves may be blurred; drawings are sharp."""
    pictures_per_second: float = 0.0
    """So many different pictures a second, each held (12 at 24 frames a second is "on twos"); 0: every frame."""
    new_each_frame: bool = False
    """Whether dust, grain or noise of its own makes every frame differ, held or not."""
    boil: float = 0.0
    """So many times a second what is not the set is touched anew; 0: never."""
    grade_first: bool = False
    """The grade comes before the style (a tape or a palette is the last thing that happens to a picture)."""
    grain: float = 0.0
    """Film grain it brings along; the look's own is added."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What its function wants to know."""

    def __post_init__(self) -> None:
        within = {
            "samples": self.samples >= 0,
            "pictures_per_second": 0.0 <= self.pictures_per_second <= 60.0,
            "boil": 0.0 <= self.boil <= 60.0,
            "grain": 0.0 <= self.grain <= 1.0,
        }
        wrong = [name for name, fits in within.items() if not fits]
        if wrong:
            raise ValueError(f"style {self.name}: out of range: {', '.join(wrong)}")
