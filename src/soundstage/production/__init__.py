"""The way from words to a film: each step asked for once, kept, and taken up again where it stopped."""

from .characters import cast
from .options import Options
from .passes import passes as make_passes
from .pipeline import film
from .previewing import preview
from .result import Result
from .steps import dress, finish, plan, rehearse, score, shoot
from .vocabulary import check_vocabulary

__all__ = [
    "Options",
    "Result",
    "cast",
    "check_vocabulary",
    "dress",
    "film",
    "finish",
    "make_passes",
    "plan",
    "preview",
    "rehearse",
    "score",
    "shoot",
]
