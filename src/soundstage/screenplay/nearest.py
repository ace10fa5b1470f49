"""Says which name was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

MOST = 24
"""More names than this are not all read out."""


def nearest(word: str, names: Sequence[str]) -> str:
    """One line: the most similar name, if one is, and the names there are."""
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    alike = difflib.get_close_matches(word, names, n=MOST, cutoff=0.0) if len(names) > MOST else list(names)
    listed = ", ".join(name or "(empty)" for name in sorted(alike, key=list(names).index))
    rest = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    choose = f"choose one of: {listed}{rest}" if names else "there are none to choose from"
    return f"did you mean {close[0]!r}? {choose}" if close else choose
