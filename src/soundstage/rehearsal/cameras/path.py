"""The camera of a whole scene: shot by shot, one row per film frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock
from ...screenplay.model import Camera, Scene, Screenplay
from ...take import CameraPath, read_only
from ...view import matrix
from ..schedule import ContactTime, Cue
from . import framing, walls
from .choice import Continuity, choose, pair_of
from .focus import focus
from .framing import Setup, cloud, stepped
from .geometry import aim, seen, tangents
from .metering import metered
from .moments import Clockwork, Span, clockwork, spans
from .moves import STRAIGHT, TRAVELS, TURNS_AWAY, Timed, carriage, has, motion, timed
from .people import past_shoulder, through_eyes, two
from .rig import LENSES_MM, Rig, Rows, shaken
from .sight import Sight
from .stage import Stage
from .subjects import Subjects, find, front, interest, keys, way

Array = NDArray[Any]


def camera_path(
    screenplay: Screenplay,
    scene: Scene,
    stage: Stage,
    cues: Sequence[Cue] = (),
    contact_time: ContactTime | None = None,
) -> CameraPath:
    """One row per film frame of the scene.

    Args:
        cues: the scene's beats and lines with their times, for cuts and moves that hang on them.
        contact_time: first contact of a prop, for those that hang on a contact.

    Raises:
        ScreenplayError: a shot names a subject that is not in its scene, hangs on a moment that never comes, or asks
            for a move that cannot be.
    """
    fall = {beat.actor for beat in screenplay.beats if beat.scene == scene.id and beat.action in ("fall", "slide")}
    stage = replace(stage, fall=frozenset(fall))
    tick = clockwork(cues, contact_time)
    crew = _Crew(
        stage=stage,
        spans=spans(screenplay, scene, tick),
        tick=tick,
        aspect=screenplay.size[0] / screenplay.size[1],
        fps=screenplay.fps,
        seed=screenplay.seed,
        bounds=walls.bounds(stage.place),
        sight=Sight(stage),
    )
    shot = [crew.shoot(span) for span in crew.spans if span.last > span.first]
    frames = clock.frame_count(scene.seconds, screenplay.fps)
    index = np.concatenate(
        [np.full(s.last - s.first, k, dtype=np.int32) for k, s in enumerate(crew.spans) if s.last > s.first]
    )
    cameras = [crew.spans[k].shot.camera for k in index]
    rotation = np.concatenate([rows.rotation for rows, _ in shot])
    ahead = np.array([-matrix(turn)[:, 2] for turn in rotation])
    light = {
        k: 0.0 if crew.spans[k].shot.camera.metering == "none" else metered(stage.place, ahead[index == k])
        for k in np.unique(index)
    }
    return CameraPath(
        time=read_only(np.arange(frames, dtype=np.int64) * clock.period(screenplay.fps)),
        shot=read_only(index),
        position=read_only(np.concatenate([rows.position for rows, _ in shot])),
        rotation=read_only(rotation),
        lens_mm=read_only(np.concatenate([rows.lens_mm for rows, _ in shot])),
        focus_m=read_only(np.concatenate([sharp for _, sharp in shot])),
        f_stop=read_only(np.array([c.f_stop for c in cameras])),
        exposure_ev=read_only(np.array([c.exposure_ev + light[k] for c, k in zip(cameras, index, strict=True)])),
        white_balance_k=read_only(np.array([c.white_balance_k for c in cameras])),
    )


@dataclass(kw_only=True)
class _Crew:
    """What is known while the shots of a scene are taken, one after another."""

    stage: Stage
    spans: tuple[Span, ...]
    tick: Clockwork
    aspect: float
    fps: int
    seed: int
    bounds: walls.Bounds
    sight: Sight
    continuity: Continuity = field(default_factory=Continuity)
    stood: list[tuple[Camera, Setup]] = field(default_factory=list)
    """Cameras that stood still, to come back to."""

    def shoot(self, span: Span) -> tuple[Rows, Array]:
        """The camera of a shot over its frames, and its focus."""
        ticks = np.arange(span.first, span.last, dtype=np.int64) * clock.period(self.fps)
        moves = timed(span, self.tick, clock.period(self.fps))
        camera = span.shot.camera
        if camera.framing == "point_of_view" and camera.auto:
            rows, subjects = self._eyes(span, moves, ticks), Subjects(people=(), things=())
        else:
            setup, subjects, swing = self._begin(span, moves)
            rows = _still(setup, ticks)
            if moves:
                rows = self._rig(setup, moves, subjects, ticks, auto=camera.auto, swing=swing).rows()
        rows = replace(rows, roll=rows.roll + np.radians(camera.roll_deg))
        if moves:
            amount = motion(moves, ticks, yaw=0.0, carry=np.zeros((len(ticks), 3))).shake
            rows = shaken(rows, amount, ticks, seed=self.seed, name=span.shot.id, fps=self.fps)
        self.continuity.note(span, pair_of(span, self.spans, self.stage), self.stage, rows.setup(0), rows.setup(-1))
        if not moves and camera.framing != "point_of_view":
            self.stood.append((camera, rows.setup(0)))
        sharp = focus(span, self.stage, self.tick, ticks, rows.position, rows.yaw, rows.pitch, rows.lens_mm)
        return rows, sharp

    def _begin(self, span: Span, moves: tuple[Timed, ...]) -> tuple[Setup, Subjects, tuple[float, float]]:
        """Where the camera begins, whom it keeps to, and how far it swings."""
        camera, shot_id = span.shot.camera, span.shot.id
        window = (self.stage.time >= span.start) & (self.stage.time <= span.end)
        if not camera.auto:
            known = tuple(s for s in camera.subjects if s in self.stage.people or s in self.stage.thing_names)
            subjects = find(known, shot_id, self.stage)
            row = int(np.argmax(window))
            setup = framing.given(camera, shot_id, subjects, self.stage, row)
            return setup, subjects, self._swing(setup, subjects, camera, row)
        if camera.framing == "over_the_shoulder":
            return self._shoulder(span, window), two(camera, shot_id, self.stage)[0], (0.0, 0.0)
        subjects = find(camera.subjects, shot_id, self.stage)
        again = None if moves else self._again(span, subjects)
        if again is not None:
            return again, subjects, (0.0, 0.0)
        if any(m.move.amount == 0 and m.move.kind in TURNS_AWAY for m in moves):
            return self._between(span, subjects, window)
        return self._frame(span, subjects, moves, window), subjects, (0.0, 0.0)

    def _again(self, span: Span, subjects: Subjects) -> Setup | None:
        """The same camera as earlier in the scene comes back to where it stood, if that still shows its subjects."""
        ticks = np.linspace(span.start, span.end, 9).astype(np.int64)
        for camera, setup in self.stood:
            if camera == span.shot.camera:
                points, _ = keys(self.stage, subjects, ticks)
                at = seen(points, setup.position[None], setup.yaw, setup.pitch)
                wide, high = tangents(setup.lens_mm, self.aspect)
                if (np.abs(at[..., 0]) <= wide).all() and (np.abs(at[..., 1]) <= high).all():
                    return setup
        return None

    def _frame(self, span: Span, subjects: Subjects, moves: tuple[Timed, ...], window: Array) -> Setup:
        """The camera that frames the subjects over the shot."""
        camera, stage = span.shot.camera, self.stage
        grid = stage.time
        own = way(stage, subjects)
        carried = carriage(moves, grid, own)
        carried = carried - stage.at(carried, np.array([span.start]))
        bounds = self.bounds.within(carried[window])
        azimuth, side = self._azimuth(span, subjects, moves, window), np.radians(camera.side)
        orbits = motion(moves, grid, yaw=0.0, carry=carried).orbit if moves else None
        orbit = orbits if orbits is not None and orbits[window].any() else None
        about = cloud(camera, span.shot.id, subjects, stage, window, carried, orbit)

        def stand(angle: float) -> Setup:
            plain = framing.stand(about, camera, angle, self.aspect, bounds)
            if not has(moves, STRAIGHT):
                return plain
            straight = motion(moves, grid, yaw=plain.yaw, carry=carried).straight
            if not _rides_along((own - carried)[window], straight[window]):
                return plain
            gone = carried + straight
            along = cloud(camera, span.shot.id, subjects, stage, window, gone, orbit)
            beside = framing.stand(along, camera, angle, self.aspect, self.bounds.within(gone[window]))
            return replace(beside, rails=True)

        return choose(
            span, self.spans, subjects, stage, self.sight, self.aspect, self.continuity, azimuth + side, stand,
            lambda setup, ticks: self._rig(setup, moves, subjects, ticks, auto=True).shown(),
        )  # fmt: skip

    def _rig(
        self,
        setup: Setup,
        moves: tuple[Timed, ...],
        subjects: Subjects,
        ticks: Array,
        *,
        auto: bool,
        swing: tuple[float, float] = (0.0, 0.0),
    ) -> Rig:
        return Rig(
            setup=setup, moves=moves, subjects=subjects, stage=self.stage, sight=self.sight, bounds=self.bounds,
            ticks=ticks, aspect=self.aspect, auto=auto, swing=swing,
        )  # fmt: skip

    def _azimuth(self, span: Span, subjects: Subjects, moves: tuple[Timed, ...], window: Array) -> float:
        """Direction in which the camera at side 0° stands, seen from the subjects [rad]."""
        ahead = front(span.shot.camera, subjects, self.stage, window, travelling=has(moves, TRAVELS))
        return stepped(float(np.arctan2(ahead[1], ahead[0])))

    def _between(self, span: Span, subjects: Subjects, window: Array) -> tuple[Setup, Subjects, tuple[float, float]]:
        """A camera between two subjects that pans from the first to the last."""
        camera, stage = span.shot.camera, self.stage
        first = find(camera.subjects[:1], span.shot.id, stage)
        last = find(camera.subjects[-1:], span.shot.id, stage)
        still = np.zeros((len(stage.time), 3))
        about = cloud(camera, span.shot.id, first, stage, window, still)
        a, b = (interest(stage, s)[window].mean(axis=0) for s in (first, last))
        azimuth = self._azimuth(span, subjects, (), window) + np.radians(camera.side)

        def stand(angle: float) -> Setup:
            near = framing.stand(about, camera, angle, self.aspect, self.bounds, gives_room=False)
            reach, half = near.depth, float(np.linalg.norm((b - a)[:2])) / 2
            out = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(max(reach**2 - half**2, (0.6 * reach) ** 2))
            position = walls.keep_inside(np.array([*((a + b)[:2] / 2 + out), near.position[2]]), self.bounds)
            yaw, pitch = aim(a - position, near.place * 18.0 / near.lens_mm)
            return replace(near, position=position, yaw=float(yaw), pitch=float(pitch), interest=a)

        setup = choose(
            span, self.spans, subjects, stage, self.sight, self.aspect, self.continuity, azimuth, stand,
            lambda setup, ticks: [setup] * len(ticks),
        )  # fmt: skip
        yaw, pitch = aim(b - setup.position, setup.place * 18.0 / setup.lens_mm)
        return setup, first, (_turn(float(yaw) - setup.yaw), float(pitch) - setup.pitch)

    def _swing(self, setup: Setup, subjects: Subjects, camera: Camera, row: int) -> tuple[float, float]:
        """Yaw and pitch from where a given camera looks to its last subject."""
        if not (subjects.people or subjects.things):
            return 0.0, 0.0
        last = interest(self.stage, find(camera.subjects[-1:], "", self.stage))[row]
        yaw, pitch = aim(last - setup.position, np.zeros(2))
        return _turn(float(yaw) - setup.yaw), float(pitch) - setup.pitch

    def _shoulder(self, span: Span, window: Array) -> Setup:
        """Past the shoulder that `side` asks for (negative: left), or that keeps to the line and is free."""
        camera, stage = span.shot.camera, self.stage
        subject, _ = two(camera, span.shot.id, stage)
        pair = pair_of(span, self.spans, stage)
        made = {s: past_shoulder(camera, span.shot.id, stage, window, self.aspect, self.bounds, s) for s in (1, -1)}
        ticks = np.linspace(span.start, max(span.end - 1, span.start), 9).astype(np.int64)
        points, owners = keys(stage, subject, ticks)

        def fault(shoulder: int) -> float:
            setup = made[shoulder]
            lens = np.broadcast_to(setup.position, (len(ticks), 3))
            hidden = self.sight.blocked(lens, points, ticks, subject, owners)
            wish = 0.2 if shoulder * camera.side < 0 else 0.0
            crossing = 1.0 if self.continuity.crosses(span, pair, stage, setup) else 0.0
            return 4.0 * float(not self.sight.free(lens, ticks).all()) + 2 * hidden + crossing + wish

        return made[min((1, -1), key=fault)]

    def _eyes(self, span: Span, moves: tuple[Timed, ...], ticks: Array) -> Rows:
        """What the first subject sees."""
        camera = span.shot.camera
        position, yaw, pitch = through_eyes(camera, span.shot.id, self.stage, ticks)
        m = motion(moves, ticks, yaw=0.0, carry=np.zeros((len(ticks), 3)))
        return Rows(
            position=position,
            yaw=yaw + m.pan,
            pitch=pitch + m.tilt,
            roll=m.roll,
            lens_mm=np.clip(camera.lens_mm * m.zoom, *LENSES_MM),
            interest=position + 1.0,
        )


def _rides_along(own: Array, straight: Array) -> bool:
    """Whether subjects go along with a dolly or truck: most of its way (W, 3) is theirs too."""
    apart = own - own[0] - (straight - straight[0])
    return bool(np.abs(apart).max() < 0.6 * np.linalg.norm(straight - straight[0], axis=1).max())


def _turn(angle: float) -> float:
    """An angle brought to -π … π."""
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


def _still(setup: Setup, ticks: Array) -> Rows:
    """A locked camera: equal rows."""
    count = len(ticks)
    return Rows(
        position=np.tile(setup.position, (count, 1)),
        yaw=np.full(count, setup.yaw),
        pitch=np.full(count, setup.pitch),
        roll=np.zeros(count),
        lens_mm=np.full(count, setup.lens_mm),
        interest=np.tile(setup.interest, (count, 1)),
    )
