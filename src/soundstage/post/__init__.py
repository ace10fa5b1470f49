"""Frames and mix → film.mp4, and beside it everything needed to change one thing and shoot it again."""

from .bundle import Bundle, beside, build, deliver, finish, output_error
from .encode import FrameError, encode
from .subtitles import subtitles

__all__ = ["Bundle", "FrameError", "beside", "build", "deliver", "encode", "finish", "output_error", "subtitles"]
