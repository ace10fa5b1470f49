"""What the film should show: the Takes it was made of, on the film's clock, seen through their camera.

Pixels are counted from the middle of the picture's upper left one: x to the right, y down. The camera is a pinhole with
`lens_mm` on a sensor 36 mm wide; it looks along its -Z with +Y up. Depth of field, glare and the fixed scenery behind
the action are not in a Take.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from ..poses import Poses, poses_at
from ..take import Take
from ..view import View, matrix
from .references import Reference

if TYPE_CHECKING:
    from ..body import Body
    from ..screenplay import Screenplay

__all__ = ["Instant", "Truth", "View", "matrix"]

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Instant:
    """What one picture of the film shows."""

    take: int
    """Index of the scene in the film."""
    row: int
    """Row of the Take's camera."""
    tick: int
    """When it begins to be exposed, on the scene's clock."""
    shutter: int
    """For how long it is exposed [ticks]."""

    @property
    def middle(self) -> int:
        """Middle of the exposure [ticks]: where a moving thing seems to be."""
        return self.tick + self.shutter // 2


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The Takes of a film, in the order in which it shows them."""

    takes: tuple[Take, ...]
    size: tuple[int, int]
    """Width and height of the film [px]."""
    fps: int
    shutter: float
    """Part of a picture's time during which it is exposed; 0: no motion blur."""
    screenplay: Screenplay | None = None
    notes: tuple[str, ...] = ()
    """What of the truth had to be guessed."""
    references: tuple[Reference, ...] = ()
    """Frames rendered once more to compare with."""
    _bodies: dict[tuple[int, int], Body] = field(default_factory=dict, repr=False, compare=False)
    _skins: dict[tuple[int, int, int], Array] = field(default_factory=dict, repr=False, compare=False)
    _poses: dict[tuple[int, int], Poses] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(
        paths: Sequence[str | os.PathLike[str]], size: tuple[int, int], *, screenplay: str | Path | None = None
    ) -> Truth:
        """The truth behind a film.

        Args:
            paths: its Takes, one per scene.
            size: width and height of the film [px].
            screenplay: its document (a file, or the text a film carries), which knows the order of the scenes and
                how long a picture is exposed; without it scenes come in the order of `paths`.

        Raises:
            ValueError: a file is not a Take, there is none, or their rates differ.
            InputError: the screenplay is none.
        """
        takes = [Take.load(path) for path in paths]
        if not takes:
            raise ValueError("a film without Takes has no truth")
        if len({take.fps for take in takes}) > 1:
            raise ValueError("the Takes are not of one film: their frame rates differ")
        document = _document(screenplay)
        notes: list[str] = []
        shutter = 0.0
        if document is not None:
            order = {scene.id: n for n, scene in enumerate(document.scenes)}
            if all(take.scene in order for take in takes):
                takes.sort(key=lambda take: order[take.scene])
            else:
                notes.append("the screenplay does not name the scenes of the Takes: their order is that of the files")
            shutter = document.render.shutter if document.render.motion_blur else 0.0
        elif len(takes) > 1:
            notes.append("without a screenplay the order of the scenes is that of the files' names")
        return Truth(
            takes=tuple(takes),
            size=size,
            fps=takes[0].fps,
            shutter=shutter,
            screenplay=document,
            notes=tuple(notes),
        )

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def frames(self) -> int:
        """Pictures the film should have."""
        return sum(len(take.camera.time) for take in self.takes)

    @property
    def seconds(self) -> float:
        """How long the film should be [s]."""
        return self.frames / self.fps

    def at(self, time_s: float) -> Instant | None:
        """What the film shows at a time [s]; None before its start and after its end."""
        frame = int(np.floor(time_s * self.fps + 0.5)) if time_s >= -0.5 / self.fps else -1
        return self.of_frame(frame)

    def of_frame(self, frame: int) -> Instant | None:
        """What the film's n-th picture should show; None if it should have none."""
        first = 0
        for index, take in enumerate(self.takes):
            row = frame - first
            if 0 <= row < len(take.camera.time):
                shutter = round(self.shutter * clock.period(take.fps))
                return Instant(take=index, row=row, tick=int(take.camera.time[row]), shutter=shutter)
            first += len(take.camera.time)
        return None

    def film_time(self, take: int, tick: int) -> float:
        """When the film shows a tick of a scene [s]."""
        before = sum(len(t.camera.time) for t in self.takes[:take])
        return before / self.fps + clock.seconds(tick - int(self.takes[take].camera.time[0]))

    def instants(self) -> Iterator[Instant]:
        """What every picture should show, in order."""
        for frame in range(self.frames):
            found = self.of_frame(frame)
            assert found is not None
            yield found

    # ── what is there ───────────────────────────────────────────────────────────────────────────────────────────────

    def poses(self, take: int, tick: int) -> Poses:
        """Poses (1, …) of everything in a scene at a tick."""
        key = (take, tick)
        found = self._poses.get(key)
        if found is None:
            while len(self._poses) >= 8:
                self._poses.pop(next(iter(self._poses)))
            found = self._poses[key] = poses_at(self.takes[take], np.array([tick], dtype=np.int64))
        return found

    def view(self, instant: Instant, size: tuple[int, int] | None = None) -> View:
        """The camera at the middle of a picture's exposure, for a picture of `size` (by default the film's)."""
        opens = self.opening(instant, size)
        if not instant.shutter:
            return opens
        camera, following = self.takes[instant.take].camera, instant.row + 1
        if following >= len(camera.time) or camera.shot[following] != camera.shot[instant.row]:
            return opens
        then = View.of(camera, following, size or self.size)
        share = (instant.middle - instant.tick) / clock.period(self.fps)
        return opens if then.same(opens) else _between(opens, then, share)

    def opening(self, instant: Instant, size: tuple[int, int] | None = None) -> View:
        """The camera when the shutter opens: what depths and other exact numbers of a picture are of."""
        return View.of(self.takes[instant.take].camera, instant.row, size or self.size)

    def cut_before(self, instant: Instant) -> bool:
        """Whether a new shot begins with this picture."""
        shot = self.takes[instant.take].camera.shot
        return instant.row == 0 or bool(shot[instant.row] != shot[instant.row - 1])

    def locked_before(self, instant: Instant) -> bool:
        """Whether the camera stands exactly as in the picture before, in the same shot."""
        if self.cut_before(instant):
            return False
        camera, n = self.takes[instant.take].camera, instant.row
        columns = (camera.position, camera.rotation, camera.lens_mm)
        return all(np.array_equal(column[n], column[n - 1]) for column in columns)

    def body(self, take: int, person: int) -> Body:
        """The body of a person."""
        key = (take, person)
        if key not in self._bodies:
            from ..body import body

            identity = self.takes[take].people[person].identity
            for (other, index), known in self._bodies.items():
                if self.takes[other].people[index].identity == identity:
                    self._bodies[key] = known
                    break
            else:
                self._bodies[key] = body(identity)
        return self._bodies[key]

    def skin(self, take: int, person: int, tick: int) -> Array:
        """Vertices (V, 3) of a person's body [m]."""
        key = (take, person, tick)
        found = self._skins.get(key)
        if found is None:
            while len(self._skins) >= 8:
                self._skins.pop(next(iter(self._skins)))
            shown = self.poses(take, tick)
            found = self.body(take, person).skin(shown.root[0, person], shown.joints[0, person], shown.face[0, person])
            self._skins[key] = found
        return found


def _between(one: View, other: View, share: float) -> View:
    """The camera on its way from one view to another."""
    from scipy.spatial.transform import Rotation

    turn = Rotation.from_matrix(one.turn.T @ other.turn).as_rotvec() * share
    return View(
        position=one.position * (1 - share) + other.position * share,
        turn=one.turn @ Rotation.from_rotvec(turn).as_matrix(),
        lens_mm=one.lens_mm * (1 - share) + other.lens_mm * share,
        size=one.size,
    )


def _document(source: str | Path | None) -> Screenplay | None:
    if source is None or source == "":
        return None
    from ..screenplay import load

    return load(source)
