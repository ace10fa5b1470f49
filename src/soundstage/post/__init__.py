"""Frames and mix → film.mp4, and beside it everything needed to change one thing and shoot it again."""

from .bundle import Bundle, build, deliver, finish
from .encode import encode
from .subtitles import subtitles

__all__ = ["Bundle", "build", "deliver", "encode", "finish", "subtitles"]
