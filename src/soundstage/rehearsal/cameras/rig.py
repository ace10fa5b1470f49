"""A camera that moves: its rows over a shot, kept on its subjects and out of walls and people.

What the moves ask for is done as asked as long as it can be. An operator does the rest, smoothly over the whole shot:
a camera that looks at subjects turns with them if they would leave the picture; steps back if turning is not enough;
goes round in a smaller circle with a wider lens, or not all of the way, if there is no room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock
from .framing import Setup, eyes_place
from .geometry import UP, aim, basis, direction, rotation, seen, smooth, tangents, turned
from .handheld import shake
from .moves import LOOKING, TURNS_AWAY, Motion, Timed, carriage, has, motion
from .sight import Sight
from .stage import Stage, smoothing
from .subjects import SETTLED_S, Subjects, interest, keys, way
from .walls import Bounds

Array = NDArray[Any]

EDGE = 0.95
"""Part of the half picture that brows and chins stay within."""
COMFORT = 0.7
"""Part of the half width that is comfortable: there is room before what walks through the picture."""
TRACKS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of the subjects' own way a camera turns with, if it has to."""
ROOM: tuple[tuple[float, float], ...] = (
    (1.0, 1.0), (0.85, 1.0), (0.7, 1.0), (0.55, 1.0), (0.45, 1.0),
    (1.0, 0.85), (1.0, 0.7), (1.0, 0.5), (1.0, 0.3), (1.0, 0.15), (1.0, 0.0),
)  # fmt: skip
"""Radius of the circle, and part of the way, that are tried until there is room."""
FARTHEST, BACK_S = 4.0, 0.7
"""How many times the distance a camera steps back at most, and how long before it has to [s]."""
LENSES_MM = (8.0, 400.0)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A camera over the frames of a shot."""

    position: Array  # (F, 3)
    yaw: Array  # (F,)
    pitch: Array  # (F,)
    roll: Array  # (F,) clockwise
    lens_mm: Array  # (F,)
    interest: Array  # (F, 3)

    @property
    def rotation(self) -> Array:
        """(F, 4) wxyz, without a change of sign."""
        return rotation(np.unwrap(self.yaw), self.pitch, self.roll)

    def setup(self, row: int) -> Setup:
        """The camera of one frame, standing still."""
        return Setup(
            position=self.position[row],
            yaw=float(self.yaw[row]),
            pitch=float(self.pitch[row]),
            lens_mm=float(self.lens_mm[row]),
            interest=self.interest[row],
        )


@dataclass(frozen=True, kw_only=True)
class Rig:
    """Everything a moving shot is made from."""

    setup: Setup
    moves: Sequence[Timed]
    subjects: Subjects
    stage: Stage
    sight: Sight
    bounds: Bounds
    ticks: Array  # (F,)
    aspect: float
    auto: bool
    swing: tuple[float, float] = (0.0, 0.0)

    def rows(self) -> Rows:
        """The camera over the shot, before anybody's hands shake."""
        held: Rows | None = None
        for track in TRACKS:
            made = self._roomy(track)
            if not self._holds or self._inside(made, COMFORT).all():
                return made
            held = held or (made if self._inside(made).all() else None)
        if held is not None:
            return held
        return self._stepped_back(made)

    def shown(self) -> list[Setup]:
        """The camera of each instant if all went as asked."""
        made = self._made(track=0.0)
        return [made.setup(row) for row in range(len(self.ticks))]

    @property
    def _holds(self) -> bool:
        """Whether the subjects are to stay in the picture."""
        known = bool(self.subjects.people or self.subjects.things)
        return self.auto and known and not has(self.moves, TURNS_AWAY)

    def _roomy(self, track: float) -> Rows:
        """The rows with as much of the way as there is room for."""
        circles = has(self.moves, ("orbit", "drone"))
        best: tuple[float, Rows] | None = None
        for radius, scale in ROOM:
            if radius < 1.0 and not circles:
                continue
            made = self._made(track=track, radius=radius, scale=scale)
            room = self.bounds.holds(made.position) & self.sight.free(made.position, self.ticks)
            if room.all():
                return made
            if best is None or room.mean() > best[0] + 1e-9:
                best = (float(room.mean()), made)
        assert best is not None
        return best[1]

    def _motion(self, scale: float) -> Motion:
        grid = carriage(self.moves, self.stage.time, way(self.stage, self.subjects)) if self._known else None
        carried = np.zeros((len(self.ticks), 3))
        if grid is not None:
            carried = self.stage.at(grid, self.ticks)
            carried = carried - self.stage.at(grid, self.ticks[:1])
        return motion(self.moves, self.ticks, yaw=self.setup.yaw, carry=carried, swing=self.swing, scale=scale)

    @property
    def _known(self) -> bool:
        return bool(self.subjects.people or self.subjects.things)

    def _made(self, *, track: float, radius: float = 1.0, scale: float = 1.0, away: Array | None = None) -> Rows:
        """The rows: what the moves ask for, with `track` of the subjects' own way followed by turning."""
        m, setup = self._motion(scale), self.setup
        straight = m.straight
        if self.auto and not self.setup.rails and has(self.moves, ("truck",)):
            # It passes its subjects in the middle of its way.
            right = np.array([np.cos(setup.yaw), np.sin(setup.yaw), 0.0])
            straight = straight - right * (straight[-1] @ right) / 2
        pivot = setup.interest + m.carried + straight
        start = setup.position - setup.interest
        arm = turned(np.broadcast_to(start, pivot.shape) * [radius, radius, 1.0], m.orbit) * m.nearer[:, None]
        level = arm * [1.0, 1.0, 0.0]
        level = level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)
        arm = arm + np.outer(m.rise, UP) + level * m.back[:, None]
        farther = np.linalg.norm(arm, axis=1) / max(float(np.linalg.norm(start)) * radius, 1e-9)
        axis = direction(setup.yaw + m.orbit, np.full(len(self.ticks), setup.pitch))
        arm = arm - axis * (setup.depth * radius * m.nearer * (m.counter - 1))[:, None]
        if away is not None:
            arm = arm * away[:, None]
        lens = np.clip(setup.lens_mm * radius * m.zoom * m.counter, *LENSES_MM)
        position = pivot + arm
        target = pivot
        if track > 0:
            own = self.stage.at(smooth(interest(self.stage, self.subjects), smoothing(SETTLED_S)), self.ticks)
            target = pivot * (1 - track) + own * track
        yaw, pitch = setup.yaw + m.orbit, np.full(len(self.ticks), setup.pitch)
        if track > 0 or has(self.moves, LOOKING):
            place = self._place(farther / m.zoom) * 18.0 / lens[:, None]
            looked, pitch = aim(target - position, place)
            near = setup.yaw + m.orbit
            yaw = np.unwrap(near + (looked - near + np.pi) % (2 * np.pi) - np.pi)
        return Rows(
            position=position, yaw=yaw + m.pan, pitch=pitch + m.tilt, roll=m.roll, lens_mm=lens, interest=target
        )

    def _place(self, wider: Array) -> Array:
        """Where the interest belongs in the picture (F, 2), in half widths: eyes rise and sink as people fill it.

        Args:
            wider: (F,) how many times as much the picture shows as at the beginning.
        """
        place = np.broadcast_to(self.setup.place, (len(self.ticks), 2)).copy()
        if self.auto and self.subjects.people and not self.subjects.things:
            height = float(np.mean(self.stage.person_height[list(self.subjects.people)]))
            half = self.setup.depth * tangents(self.setup.lens_mm, self.aspect)[1] / height
            place[:, 1] += (eyes_place(half * wider) - eyes_place(half)) / self.aspect
        return place

    def _inside(self, rows: Rows, aside: float = EDGE) -> Array:
        """(F,) whether all points that the picture has to keep are in it, and within `aside` of its half width."""
        points, _ = keys(self.stage, self.subjects, self.ticks)
        at = seen(points, rows.position, rows.yaw, rows.pitch, rows.roll)
        wide, high = tangents(rows.lens_mm, self.aspect)
        x, y = np.abs(at[..., 0]) / wide[:, None], np.abs(at[..., 1]) / high[:, None]
        first = x[0].max() + 0.05 if aside < EDGE else 0.0  # never stricter than the picture it begins with
        return np.asarray(((x <= max(aside, min(first, EDGE))) & (y <= EDGE) & (at[..., 2] > 0.05)).all(axis=1))

    def _stepped_back(self, made: Rows) -> Rows:
        """The rows with the arm made longer, gradually, where the subjects would leave the picture otherwise."""
        from scipy.ndimage import maximum_filter1d

        count = len(self.ticks)
        needed = np.full(count, np.inf)
        for far in np.geomspace(1.0, FARTHEST, 33):
            inside = self._inside(self._made(track=1.0, away=np.full(count, far)))
            needed = np.where(inside & np.isinf(needed), far, needed)
        if np.isinf(needed).any():
            finite = needed[np.isfinite(needed)]
            needed = np.where(np.isinf(needed), finite.max() if len(finite) else 1.0, needed)
        step = clock.seconds(int(self.ticks[1] - self.ticks[0])) if count > 1 else 1.0
        reach = max(1, round(BACK_S / step))
        # The highest within reach, then a mean over no more than that reach: never less than what is needed.
        high = maximum_filter1d(needed, 2 * reach + 1, mode="nearest")
        window = np.hanning(2 * reach + 3)[1:-1]
        padded = np.pad(high, reach, mode="edge")
        away = np.convolve(padded, window / window.sum(), mode="valid")
        stepped = self._made(track=1.0, away=away)
        room = self.bounds.holds(stepped.position) & self.sight.free(stepped.position, self.ticks)
        return stepped if room.all() or not self.bounds.holds(made.position).all() else made


def shaken(rows: Rows, amount: Array, ticks: Array, *, seed: int, name: str, fps: int) -> Rows:
    """The rows in somebody's hands; `amount` (F,) times the usual."""
    if not amount.any():
        return rows
    level = np.linalg.norm(np.gradient(rows.position, axis=0), axis=1) * fps if len(ticks) > 1 else np.zeros(len(ticks))
    speed = smooth(level, 0.2 * fps)
    noise = shake(ticks, seed=seed, name=name, fps=fps, speed=speed) * amount[:, None]
    axes = basis(rows.yaw, rows.pitch)
    return Rows(
        position=rows.position + np.einsum("fi,fij->fj", noise[:, 3:], axes),
        yaw=rows.yaw + noise[:, 0],
        pitch=rows.pitch + noise[:, 1],
        roll=rows.roll + noise[:, 2],
        lens_mm=rows.lens_mm,
        interest=rows.interest,
    )
