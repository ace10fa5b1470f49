"""Whether what is heard happens when something is seen to happen: sudden changes of motion against onsets.

After AV-Align (Yariv et al., AAAI 2024), which knows nothing of causes: a voice, a strike out of sight or a silent turn
count against a film that is in perfect sync. So it is stated and judged by no goal.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture, Sound
from ..hearing import Onsets
from ..rows import Row
from .cadence import Movers, movers_of

Array = NDArray[Any]

KEYS = ("av_agreement",)

NEAR_PICTURES = 1.5
"""Seen and heard agree if they are so near."""
SUDDEN_PX = 1.2
"""The least change of a step that is sudden [px of the small picture]."""


class Agreement:
    """Notes how suddenly motion changes, and hears onsets."""

    def __init__(self, facts: Facts) -> None:
        self.fps = facts.fps or 25.0
        self.ear: Onsets | None = None
        self.last: deque[float] = deque(maxlen=2)
        self.sudden: list[tuple[float, float]] = []
        self._movers: Movers | None = None

    def look(self, picture: Picture) -> None:
        movers = movers_of(picture)
        if self._movers is not None:
            _, old, new = np.intersect1d(self._movers.names, movers.names, return_indices=True)
            change = np.hypot(*(movers.step[new] - self._movers.step[old]).T)
            known = np.isfinite(change)
            if known.sum() >= 3 and self.last:
                # The most sudden of all things, but not one stray point.
                self.sudden.append((self.last[-1], float(np.sort(change[known])[-3:].mean())))
        self.last.append(picture.time_s)
        self._movers = movers

    def listen(self, sound: Sound) -> None:
        if self.ear is None:
            self.ear = Onsets(sound.rate)
        self.ear.hear(sound.samples)

    def rows(self) -> list[Row]:
        """Its one row."""
        heard = np.array([onset.time_s for onset in self.ear.end() if onset.sure]) if self.ear else np.zeros(0)
        seen = self._peaks()
        if len(heard) < 2 or len(seen) < 2:
            what = "sudden motion" if len(seen) < 2 else "sudden sound"
            return [Row(key="av_agreement", value=None, why=f"too little {what} to compare")]
        near = np.abs(heard[:, None] - seen[None]) <= NEAR_PICTURES / self.fps
        matched = float(near.any(axis=1).sum() + near.any(axis=0).sum()) / 2
        return [Row(key="av_agreement", value=matched / (len(heard) + len(seen) - matched))]

    def _peaks(self) -> Array:
        """Times at which motion changes most suddenly [s]."""
        if len(self.sudden) < 5:
            return np.zeros(0)
        times, values = np.array(self.sudden).T
        usual = float(np.median(values))
        peak = (values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:]) & (values[1:-1] > max(SUDDEN_PX, 3 * usual))
        return np.asarray(times[1:-1][peak])


def make(facts: Facts, truth: object) -> Agreement | None:
    """An observer for films with pictures and sound."""
    return Agreement(facts) if facts.has_picture and facts.has_sound else None
