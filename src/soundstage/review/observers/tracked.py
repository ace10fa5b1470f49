"""Watches what is round and moves: physics, and whether pictures come when the Take says."""

from __future__ import annotations

from collections.abc import Iterable

from .. import physics, step
from ..followed import Followed
from ..footage import Facts, Picture
from ..rows import Row
from ..truth import Truth

KEYS = (*physics.KEYS, *step.KEYS)


class Tracked:
    """Follows round things through the film."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.followed = Followed(truth)

    def look(self, picture: Picture) -> None:
        self.followed.look(picture)

    def rows(self) -> Iterable[Row]:
        self.followed.finish()
        tracks = list(self.followed.tracks.values())
        why = ""
        if not tracks:
            why = "the camera moves" if self.followed.moving_camera else "nothing round moves in the picture"
        return [*physics.rows(self.truth, tracks, why), *step.rows(self.truth, tracks, why)]


def make(facts: Facts, truth: Truth | None) -> Tracked | None:
    """Nothing to watch without a Take or a picture."""
    return Tracked(truth) if truth is not None and facts.has_picture else None
