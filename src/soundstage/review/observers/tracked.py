"""Watches things: how they fall and bounce, whether they come when and where and as many as the Take says."""

from __future__ import annotations

from collections.abc import Iterable

from .. import control, momentum, physics, step
from ..followed import Followed
from ..footage import Facts, Picture
from ..rows import Row
from ..sightings import Sightings
from ..truth import Truth

KEYS = (*physics.KEYS, *momentum.KEYS, *step.KEYS, *control.KEYS)


class Tracked:
    """Follows round things through the film, and looks at everything now and then."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.followed = Followed(truth)
        self.sightings = Sightings(truth)

    def look(self, picture: Picture) -> None:
        self.followed.look(picture)
        self.sightings.look(picture)

    def rows(self) -> Iterable[Row]:
        self.followed.finish()
        tracks = list(self.followed.tracks.values())
        why = ""
        if not tracks:
            why = "the camera moves" if self.followed.moving_camera else "nothing round moves in the picture"
        return [
            *physics.rows(self.truth, tracks, why),
            *momentum.rows(self.truth, tracks, why),
            *step.rows(self.truth, tracks, why),
            *control.rows(self.truth, tracks, self.sightings.all),
        ]


def make(facts: Facts, truth: Truth | None) -> Tracked | None:
    """Nothing to watch without a Take or a picture."""
    return Tracked(truth) if truth is not None and facts.has_picture else None
