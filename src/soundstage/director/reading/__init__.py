"""From words to a frame: what is asked for, and an honest account of what was not understood."""

from ._language import LANGUAGES, Language, language
from ._read import read_frame

__all__ = ["LANGUAGES", "Language", "language", "read_frame"]
