"""Styles: one function each, entered under its name; `library/data/styles.toml` says what each needs and wants."""

from ._frame import STYLES, Frame, Mover
from .drawn import blueprint, cel, pencil
from .filmed import black_and_white, film_8mm, photographic, vhs
from .painted import watercolour
from .shaped import clay, low_poly, paper_cut, pixel_art

__all__ = [
    "STYLES",
    "Frame",
    "Mover",
    "black_and_white",
    "blueprint",
    "cel",
    "clay",
    "film_8mm",
    "low_poly",
    "paper_cut",
    "pencil",
    "photographic",
    "pixel_art",
    "vhs",
    "watercolour",
]
