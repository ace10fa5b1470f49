"""Soundstage turns words into a film with sound: simulate, then shoot.

    import soundstage
    soundstage.film("a red ball falls onto a wooden floor", "ball.mp4")

Each step can be called alone: `plan` (or `load`) → `rehearse` → `shoot`, `dress` and `score` → `finish`;
`review` measures any film. Nothing heavy is loaded before it is needed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import (
        InputError,
        NotUnderstoodError,
        OutcomeError,
        OutputError,
        ScreenplayError,
        SoundstageError,
        WorkerError,
    )
    from .production import Result, cast, dress, film, finish, make_passes, plan, preview, rehearse, score, shoot
    from .review import review
    from .screenplay import Character, Screenplay, dump, dump_character, json_schema, load, load_character
    from .take import Take

_HOME = {
    "cast": "production",
    "dress": "production",
    "film": "production",
    "finish": "production",
    "make_passes": "production",
    "plan": "production",
    "preview": "production",
    "rehearse": "production",
    "review": "review",
    "score": "production",
    "shoot": "production",
    "Result": "production",
    "Character": "screenplay",
    "Screenplay": "screenplay",
    "dump": "screenplay",
    "dump_character": "screenplay",
    "json_schema": "screenplay",
    "load": "screenplay",
    "load_character": "screenplay",
    "Take": "take",
    "InputError": "errors",
    "NotUnderstoodError": "errors",
    "OutcomeError": "errors",
    "OutputError": "errors",
    "ScreenplayError": "errors",
    "SoundstageError": "errors",
    "WorkerError": "errors",
}

__all__ = [
    "Character",
    "InputError",
    "NotUnderstoodError",
    "OutcomeError",
    "OutputError",
    "Result",
    "Screenplay",
    "ScreenplayError",
    "SoundstageError",
    "Take",
    "WorkerError",
    "cast",
    "dress",
    "dump",
    "dump_character",
    "film",
    "finish",
    "json_schema",
    "load",
    "load_character",
    "make_passes",
    "plan",
    "preview",
    "rehearse",
    "review",
    "score",
    "shoot",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f".{_HOME[name]}", __name__)
    value = home if _HOME[name] == name else getattr(home, name)  # a room that is its own verb
    globals()[name] = value  # the next time it is simply there
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
