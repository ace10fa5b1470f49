"""The way of the camera, found in the pictures alone, against the Take's: where it looks, where it stands, its lens.

Each shot is measured when it ends. What cannot be measured well enough to judge it is said, and not passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..rows import Moment, Row, not_measurable, scorecard
from ..truth import Truth
from .bundle import Cameras
from .followed import Shot
from .recovering import NotMeasurable, Recovered, recover
from .smoothness import jumps, steps
from .warping import passes_of

Array = NDArray[Any]

KEYS = ("path_rotation", "path_position", "path_lens", "path_own_error", "camera_jumps")

NOTHING = {
    "path_rotation": "no shot is long enough",
    "path_position": "the camera does not go anywhere",
    "path_lens": "the lens does not change",
    "path_own_error": "the camera does not go anywhere",
}
"""Why a row has no value where nothing went wrong."""
LONGEST = 480
"""Pictures of a shot that are solved together; a longer one is taken in parts."""
SURE = 1.5
"""What falls short by more than so many times the method's own error does fall short, however large that is."""


class CameraPath:
    """Follows what stands still through every shot."""

    def __init__(self, facts: Facts, truth: Truth) -> None:
        self.truth = truth
        self.passes = passes_of(facts.path)
        self.shot: Shot | None = None
        self.number = 0
        self.found: dict[str, list[Moment]] = {key: [] for key in KEYS}
        self.own: list[Moment] = []
        self.reasons: dict[str, list[str]] = {key: [] for key in KEYS}
        self.curves: dict[str, list[float]] = {"time_s": [], "degrees": []}

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None:
            self._finish()
            return
        shot = int(self.truth.takes[instant.take].camera.shot[instant.row])
        now = self.shot
        if now is not None and ((now.take, now.number) != (instant.take, shot) or len(now.views) >= LONGEST):
            self._finish()
        if self.shot is None:
            self.shot = Shot(take=instant.take, number=shot)
        self.shot.look(self.truth, picture, instant, self.passes.get(picture.index))

    def _finish(self) -> None:
        shot, self.shot = self.shot, None
        if shot is None or len(shot.views) < 2:
            return
        self.number += 1
        name = f"shot {self.number}"
        recovered: Recovered | None = None
        try:
            recovered = recover(shot, self.truth.takes[shot.take])
        except NotMeasurable as reason:
            for key in ("path_rotation", "path_position", "path_lens"):
                self._unmeasured(key, f"{name}: {reason}")
        if recovered is not None:
            self._judge(name, recovered)
        self._smooth(name, shot, recovered)

    def _judge(self, name: str, found: Recovered) -> None:
        shot, seen = found.shot, found.measured
        self.curves["time_s"] += [round(t, 4) for t, k in zip(shot.time_s, seen, strict=True) if k]
        self.curves["degrees"] += [round(float(v), 4) for v in found.turn_deg[seen]]
        against = "" if found.absolute else ", from where it began"
        self._add("path_rotation", name, shot, found.turn_deg, seen, found.own_turn_deg, f"° off{against}")
        if found.moves:
            off, own = 100 * found.place_m / shot.way_m, 100 * found.own_place_m / shot.way_m
            self._add("path_position", name, shot, off, seen, own, f" % of its way of {shot.way_m:.2f} m off{against}")
            what = f"{name}: known to {own:.2f} % of its way and {found.own_turn_deg:.3f}°"
            self.found["path_own_error"].append(Moment(time_s=shot.time_s[0], what=what, offset=own))
        if found.zooms:
            too_long = np.asarray(100 * np.abs(found.zoom))
            self._add("path_lens", name, shot, too_long, seen, 100 * found.own_zoom, " % off")

    def _add(self, key: str, name: str, shot: Shot, off: Array, seen: Array, own: float, words: str) -> None:
        value = float(np.quantile(off[seen], 0.95))
        goal = scorecard()[key].goal
        assert goal is not None
        if own > goal.high and not (value > goal.high and value > SURE * own):
            too_little = f"{name}: what is seen tells it only to {own:.2g} {scorecard()[key].unit}"
            self._unmeasured(key, too_little)
            return
        worst = int(np.argmax(np.where(seen, off, -1.0)))
        what = f"{name}: {value:.3f}{words}; known to {own:.3f}"
        self.found[key].append(Moment(time_s=shot.time_s[worst], what=what, offset=value))

    def _unmeasured(self, key: str, why: str) -> None:
        self.reasons[key].append(why)

    def _smooth(self, name: str, shot: Shot, found: Recovered | None) -> None:
        rows = [instant.row for instant in shot.instants]
        distance = np.asarray(self.truth.takes[shot.take].camera.focus_m)[rows]
        claimed = dict(jumps(_steps(shot, shot.cameras, distance)))
        shown: dict[int, float] = {}
        if found is not None:
            known = found.measured[:-1] & found.measured[1:]
            cameras = found.cameras
            if not found.moves:
                cameras = Cameras(
                    position=shot.cameras.position, turn=cameras.turn, focal=cameras.focal, size=cameras.size
                )
            shown = dict(jumps(_steps(shot, cameras, distance), known))
        for k in sorted({**claimed, **shown}):
            where = "film" if k in shown else "Take"
            size = shown.get(k, claimed.get(k, 0.0))
            what = f"{name}: the camera jumps by {size:.2f}° in the {where}"
            self.found["camera_jumps"].append(Moment(time_s=shot.time_s[k + 1], what=what, offset=size))

    def rows(self) -> Iterator[Row]:
        """All of it."""
        self._finish()
        for key in ("path_rotation", "path_position", "path_lens", "path_own_error"):
            moments = self.found[key]
            if not moments:
                why = "; ".join(dict.fromkeys(self.reasons[key])) or NOTHING[key]
                yield not_measurable(key, why)
                continue
            worst = max(moments, key=lambda m: m.offset or 0.0)
            # What could not be measured is told with the rest: a goal that is met is met by the others alone.
            untold = tuple(Moment(time_s=worst.time_s, what=f"not measured: {why}") for why in self.reasons[key])
            series = self.curves if key == "path_rotation" else {}
            yield Row(key=key, value=worst.offset, worst=worst, moments=(*moments, *untold), series=series)
        if not self.number:
            yield not_measurable("camera_jumps", "no shot is long enough")
            return
        jumped = tuple(self.found["camera_jumps"])
        worst_jump = max(jumped, key=lambda m: m.offset or 0.0, default=None)
        yield Row(key="camera_jumps", value=float(len(jumped)), worst=worst_jump, moments=jumped)


def _steps(shot: Shot, cameras: Cameras, distance_m: Array) -> Array:
    """Steps of a shot's cameras; where the film has no picture for a while, no step."""
    gone = steps(cameras, distance_m)
    apart = np.diff([instant.row for instant in shot.instants])
    return np.asarray(gone / np.maximum(apart, 1)[:, None])


def make(facts: Facts, truth: Truth | None) -> CameraPath | None:
    """Nothing to compare without a Take or a picture."""
    return CameraPath(facts, truth) if truth is not None and facts.has_picture else None
