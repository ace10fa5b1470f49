"""Where finished steps are kept, so that nothing is computed twice."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """The folder of everything that can be made again: $SOUNDSTAGE_CACHE, else soundstage/ in the user's cache folder.

    It is created if it is not there.
    """
    chosen = os.environ.get("SOUNDSTAGE_CACHE")
    folder = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "soundstage"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
