"""Hair: strands grown on the scalp, combed, cut and tied, as hair curves that ride on the head."""

from .build import make_hair
from .styles import STYLES, Style, style

__all__ = ["STYLES", "Style", "make_hair", "style"]
