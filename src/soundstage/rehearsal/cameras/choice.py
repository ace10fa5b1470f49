"""From where a shot is taken: what the document wishes, turned as little as sight and the grammar of cuts demand.

Three things can turn a camera that frames by itself away from its `side`:

- something stands between the lens and a subject, or there is no room for the camera;
- it would cross the line between two people who have been seen from the other side of it (the 180° rule): it is then
  mirrored in the line, so that the two go on looking at each other over the cut;
- it shows the same subjects as the shot before from nearly the same direction in nearly the same size, which looks like
  a jump in time: at least 30°, or a size that differs by a factor of 1.4, make it a cut.

Points of view, cameras placed by the document and moving cameras that cross in the picture may cross the line, and
what comes after them starts from where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...screenplay.model import Camera
from .framing import Setup
from .moments import Span
from .sight import BLOCKED, INTRUDED, Sight
from .stage import Stage
from .subjects import FACES, Subjects, keys

Array = NDArray[Any]

TURN = np.radians(10.0)
"""Steps in which another direction is looked for."""
CUT_TURN, CUT_SIZE = np.radians(30.0), 1.4
"""Least change of direction, or of size, over a cut between shots of the same subjects."""
ON_LINE = np.sin(np.radians(8.0))
"""A camera nearer to the line than this is on neither side."""
TALK_M = 6.0
"""Two who are further apart than this are not seen as a pair."""
PROFILE = np.radians(75.0)
"""Further round than this a face is not seen; a camera that is about one does not evade to there by itself."""
INSTANTS = 9
"""Moments of a shot at which sight lines are tested."""


@dataclass
class Continuity:
    """What the shots so far have established."""

    sides: dict[tuple[int, int], float] = field(default_factory=dict)
    """Per pair of people, on which side of their line the camera is."""
    camera: Camera | None = None
    """Of the shot before, if it framed by itself."""
    ended: Setup | None = None

    def note(self, span: Span, pair: tuple[int, int] | None, stage: Stage, begun: Setup, ended: Setup) -> None:
        """Remember a shot that has found its place."""
        camera = span.shot.camera
        self.camera, self.ended = (camera if camera.auto else None), ended
        if pair is None or camera.framing == "point_of_view":
            return
        now = side_of(pair, stage, span, ended.position)
        crossed = bool(camera.moves) and side_of(pair, stage, span, begun.position) * now < 0
        if now and (pair not in self.sides or crossed or not camera.auto):
            self.sides[pair] = now

    def crosses(self, span: Span, pair: tuple[int, int] | None, stage: Stage, setup: Setup) -> bool:
        """Whether a camera is on the other side of the line."""
        if pair is None or pair not in self.sides:
            return False
        return side_of(pair, stage, span, setup.position) * self.sides[pair] < 0

    def jumps(self, span: Span, setup: Setup) -> bool:
        """Whether a cut to a camera would look like a jump in time."""
        camera = span.shot.camera
        if self.camera is None or self.ended is None or self.camera == camera:
            return False
        if set(camera.subjects) != set(self.camera.subjects) or camera.framing != self.camera.framing:
            return False
        a, b = self.ended.position - self.ended.interest, setup.position - setup.interest
        between = np.arccos(np.clip(a @ b / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-9), -1, 1))
        grown = abs(np.log(_size(setup) / _size(self.ended)))
        return bool(between < CUT_TURN - 1e-3 and grown < np.log(CUT_SIZE))


def _size(setup: Setup) -> float:
    """How large the subjects are in the picture, in some unit."""
    return setup.lens_mm / max(setup.depth, 1e-3)


def pair_of(span: Span, spans: tuple[Span, ...], stage: Stage) -> tuple[int, int] | None:
    """The two people whose line a shot must keep to, or None.

    Two people who are its subjects; for somebody alone, the other one of a pair that is shot in this scene.
    """
    people = _people(span, stage)
    if len(people) == 1:
        others = [_people(s, stage) for s in spans]
        pairs = [pair for pair in others if len(pair) == 2 and people[0] in pair]
        people = pairs[0] if pairs else tuple(range(2)) if len(stage.people) == 2 else people
    if len(people) != 2:
        return None
    pair = (min(people), max(people))
    a, b = _line(pair, stage, span)
    return pair if 0.2 < np.linalg.norm(b - a) < TALK_M else None


def _people(span: Span, stage: Stage) -> tuple[int, ...]:
    names = span.shot.camera.subjects
    if any(s not in stage.people for s in names):
        return ()
    return tuple(stage.people.index(s) for s in names)


def _line(pair: tuple[int, int], stage: Stage, span: Span) -> tuple[Array, Array]:
    row = stage.rows(np.array([(span.start + span.end) // 2]))[0]
    return stage.person_eyes[row, pair[0], :2], stage.person_eyes[row, pair[1], :2]


def side_of(pair: tuple[int, int], stage: Stage, span: Span, position: Array) -> float:
    """1 or -1: the side of the line between two people a camera is on; 0 on the line."""
    a, b = _line(pair, stage, span)
    along, out = b - a, position[:2] - (a + b) / 2
    cross = along[0] * out[1] - along[1] * out[0]
    reach = np.linalg.norm(along) * max(float(np.linalg.norm(out)), 1e-9)
    return 0.0 if abs(cross) < ON_LINE * reach else float(np.sign(cross))


def mirrored(azimuth: float, pair: tuple[int, int], stage: Stage, span: Span) -> float:
    """A direction from the subjects, mirrored in the line between two people [rad]."""
    a, b = _line(pair, stage, span)
    return float(2 * np.arctan2(b[1] - a[1], b[0] - a[0]) - azimuth)


def turns() -> Iterator[float]:
    """Changes of direction, the smallest first, to both sides."""
    yield 0.0
    for k in range(1, round(np.pi / TURN)):
        yield k * TURN
        yield -k * TURN
    yield float(np.pi)


def choose(
    span: Span,
    spans: tuple[Span, ...],
    subjects: Subjects,
    stage: Stage,
    sight: Sight,
    aspect: float,
    continuity: Continuity,
    azimuth: float,
    stand: Callable[[float], Setup],
    shown: Callable[[Setup, Array], Sequence[Setup]],
) -> Setup:
    """The camera nearest to a wished azimuth [rad] that sees its subjects and cuts well with what came before.

    Args:
        stand: the camera that frames the subjects from an azimuth.
        shown: that camera at ticks (K,), as its moves take it.
    """
    pair = pair_of(span, spans, stage)
    if pair is not None and continuity.crosses(span, pair, stage, stand(azimuth)):
        azimuth = mirrored(azimuth, pair, stage, span)
    ticks = np.linspace(span.start, max(span.end - 1, span.start), INSTANTS).astype(np.int64)
    points, owners = keys(stage, subjects, ticks)
    wished = _off_face(stand(azimuth), span, subjects, stage)
    best: tuple[float, Setup] | None = None
    for turn in turns():
        setup = stand(azimuth + turn)
        seen = shown(setup, ticks)
        lens = np.array([s.position for s in seen])
        fault = max(0.0, sight.blocked(lens, points, ticks, subjects, owners) - BLOCKED) * 2
        fault += max(0.0, sight.intruded(seen[::4], ticks[::4], aspect, subjects) - INTRUDED) * 3
        fault += 4.0 * float(not sight.free(lens, ticks).all())
        fault += 1.0 * continuity.crosses(span, pair, stage, setup) + 0.5 * continuity.jumps(span, setup)
        away = _off_face(setup, span, subjects, stage)
        fault += 0.6 * float(away > max(PROFILE, wished + 1e-6))
        if fault == 0.0:
            return setup
        if best is None or fault < best[0] - 1e-9:
            best = (fault, setup)
    assert best is not None
    return best[1]


def _off_face(setup: Setup, span: Span, subjects: Subjects, stage: Stage) -> float:
    """Angle between where somebody alone looks and the camera, seen from above [rad]; 0 if it is not about a face."""
    if len(subjects.people) != 1 or span.shot.camera.size not in FACES:
        return 0.0
    rows = stage.rows(np.linspace(span.start, span.end, INSTANTS))
    facing = stage.person_facing[rows, subjects.people[0], :2].mean(axis=0)
    out = (setup.position - setup.interest)[:2]
    cosine = facing @ out / max(float(np.linalg.norm(facing) * np.linalg.norm(out)), 1e-9)
    return float(np.arccos(np.clip(cosine, -1, 1)))
