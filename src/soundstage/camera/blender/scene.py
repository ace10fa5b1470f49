"""One Take as a Blender scene: built once, then posed and rendered frame by frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector
from numpy.typing import NDArray

from ...passes import Passes, names_of
from ...poses import continuous
from ...take import Take
from ...view import View
from .. import inbetween, poses
from ..changes import FEATHER_BETWEEN, MARGIN_BETWEEN
from ..flow import People
from ..jobs import Neighbour, PlateOrder
from ..lighting import set_up
from ..pictures import read_png
from ..warping import Plate, between
from . import background, bvh, keying, session, surfaces
from . import passes as layers
from .background import Boxes, EmptySet
from .lamps import light_people
from .scenery import Stage, build_place
from .things import build_thing

Array = NDArray[Any]

MOTION_STEPS = 2
"""Cycles takes 2^n + 1 poses while the shutter is open: those of `poses.BLUR_INSTANTS`. It turns between them on the
sphere, so that what spins blurs round. Limbs turn by a few degrees at most: for them the three it takes by itself do."""
FINE_PX = 300
"""People of whom a metre fills this many pixels are subdivided. Where it fills fewer, the 15 mm edges of a body's mesh
are no more than 5 pixels long, and a chord that long across a wrist (radius 28 mm) is off its arc by 0.3."""
REACH_M = 1.0
"""No part of a person is much further from their hips."""


class Scene:
    """The world of a Take, ready to render any of its frames."""

    def __init__(self, take: Take, settings: Mapping[str, Any], threads: int) -> None:
        self.take = take
        self.settings = settings
        self.size = (int(settings["size"][0]), int(settings["size"][1]))
        self.blur = bool(settings["motion_blur"])
        session.empty_world()
        session.set_up(settings, threads)
        build_place(Stage(place=take.place))
        light_people(set_up(take))
        self.things = [build_thing(thing, take.place) for thing in take.things]
        self.moving = poses.moving(take)
        before = set(bpy.data.objects)
        self.people = build_people(take)
        self.cast = [thing for thing in bpy.data.objects if thing not in before]
        for thing, moves in zip(self.things, self.moving, strict=True):
            for part in [thing, *thing.children_recursive] if moves else []:
                self.cast.append(part)
                part.cycles.motion_steps = MOTION_STEPS
        session.weigh_lamps()
        bvh.keep_apart([thing for thing in bpy.data.objects if thing.type in ("MESH", "CURVES")])
        self.camera = _camera()
        self.empty: EmptySet | None = None
        self.skins = People(take, self.size)
        self.passes: tuple[str, ...] = tuple(settings.get("passes", ()))
        if not self.passes:
            for thing in bpy.data.objects:  # what stands still need not be looked at again for every part of a blur
                thing.cycles.use_motion_blur = thing in self.cast or thing == self.camera
        if self.passes:
            layers.prepare(self.passes)
            self._number()

    def render(
        self, frame: int, seed: int, target: Path, plates: Sequence[PlateOrder], neighbours: Sequence[Neighbour] = ()
    ) -> None:
        """Render one frame to a PNG: with frames before and after it, or plates of the empty set, only what is new."""
        if neighbours:
            self._between(frame, seed, target, *neighbours)
            return
        if not plates:
            self.pose(frame)
            session.render_frame(target, seed)
            return
        self.empty = self.empty or EmptySet(self.cast)
        shot = [self._plate(self.empty, plate) for plate in plates]
        self.pose(frame)
        picture, unknown, empty_probe = shot[0][0].picture, None, shot[0][1]
        if len(plates) > 1:
            rows = plates[0].row, plates[1].row
            share = (frame - rows[0]) / (rows[1] - rows[0])
            picture, unknown = background.carried([plate for plate, _ in shot], share, self._exposed(frame))
            self.empty.follow()
            empty_probe = background.probe(seed, self.empty.scene)
        background.render(
            self.camera, target, seed, picture, unknown, empty_probe, self._boxes(frame),
            together=not self._zooms(frame),
        )  # fmt: skip

    def _between(self, frame: int, seed: int, target: Path, before: Neighbour, after: Neighbour) -> None:
        """Make a frame from its neighbours; what they do not know of it is rendered."""
        ways, away = self.skins.ways(frame, (before.row, after.row))
        share = (frame - before.row) / (after.row - before.row)
        pair = read_png(Path(before.path)), read_png(Path(after.path))
        picture, unknown = inbetween.predict(*pair, share, ways, away)
        if unknown.any():
            self.pose(frame)
        background.over(
            self.camera, target, seed, picture, unknown, together=not self._zooms(frame),
            feather=FEATHER_BETWEEN, margin=MARGIN_BETWEEN,
        )  # fmt: skip

    def _plate(self, empty: EmptySet, order: PlateOrder) -> tuple[Plate, Any]:
        view = View.of(self.take.camera, order.row, self.size)

        def aim() -> None:
            self.pose(order.row)  # what stands still is put in its place with everything else
            self.camera.animation_data_clear()
            self.camera.data.animation_data_clear()
            still = poses.view_at(self.take, order.row, motion_blur=False)
            self._develop(still)
            self._aim_at([still], np.array([float(order.row)]), keyed=False)

        return empty.plate(Path(order.path), order.seed, view, aim)

    def _exposed(self, frame: int) -> tuple[View, View, View]:
        """The camera in the middle of a frame's exposure, at its start and at its end."""
        views = [View.of(self.take.camera, row, self.size) for row in poses.pair(self.take, frame)]
        shutter = float(self.settings["shutter"]) if self.blur and len(views) > 1 else 0.0
        return (
            between(views[0], views[-1], shutter / 2),
            views[0],
            between(views[0], views[-1], shutter) if shutter else views[0],
        )

    def _zooms(self, frame: int) -> bool:
        return self.blur and len(set(self.take.camera.lens_mm[poses.pair(self.take, frame)])) > 1

    def write_surfaces(self, frame: int, target: Path) -> None:
        """Write which point of the world the pixels of a frame show."""
        self.pose(frame)
        surfaces.write(surfaces.seen(self.camera), target)

    def write_passes(self, frame: int, target: Path) -> None:
        """Write what every pixel of a frame shows; see `soundstage.passes`."""
        rows = poses.pair(self.take, frame) if "flow" in self.passes else [frame]
        self._pose_rows(frame, rows)
        views = [View.of(self.take.camera, row, self.size) for row in rows]
        planes = layers.rendered()
        Passes(
            **layers.measured(planes, self.passes, views[0], views[1] if len(views) > 1 else None),
            names=names_of(self.take),
            view=views[0],
            frame=frame,
            time=int(self.take.camera.time[frame]),
            fps=self.take.fps,
            scene=self.take.scene,
        ).write(target)

    def _number(self) -> None:
        """Give every object the number of the thing or person it belongs to; the set keeps 0."""
        owners = [[thing, *thing.children_recursive] for thing in self.things] + [rig.objects for rig in self.people]
        for number, owned in enumerate(owners, start=1):
            for thing in owned:
                thing.pass_index = number

    def _pose_rows(self, frame: int, rows: list[int]) -> None:
        """Bring everything to where it is when a frame begins and, keyed one frame later, when the next one does."""
        shown = poses.poses_at(self.take, self.take.camera.time[rows])
        at = frame + np.arange(len(rows), dtype=np.float64)
        self._pose_cast(frame, shown, at, keyed=True)
        self._aim_at([poses.view_at(self.take, row, motion_blur=False) for row in rows], at, keyed=True)
        bpy.context.scene.frame_set(frame)

    def _boxes(self, frame: int) -> Boxes:
        """Where things that move are in the picture, as shares of its width and height, y downwards."""
        scene = bpy.context.scene
        boxes: Boxes = []
        for thing, moves in zip(self.things, self.moving, strict=True):
            if not moves:
                continue
            corners = [thing.matrix_world @ Vector(c) for c in thing.bound_box]
            seen = [world_to_camera_view(scene, self.camera, c) for c in corners]
            seen = [v for v in seen if v.z > 0.0]
            if seen:
                xs, ys = [v.x for v in seen], [1.0 - v.y for v in seen]
                boxes.append((min(xs), min(ys), max(xs), max(ys)))
        return boxes

    def pose(self, frame: int) -> None:
        """Bring everything to where it is while the frame is exposed."""
        ticks = poses.instants(self.take, frame, motion_blur=self.blur, shutter=float(self.settings["shutter"]))
        shown = poses.poses_at(self.take, ticks)
        at = frame + np.linspace(0.0, float(self.settings["shutter"]) if len(ticks) > 1 else 0.0, len(ticks))
        self._pose_cast(frame, shown, at, keyed=self.blur)
        self._aim(frame)
        bpy.context.scene.frame_set(frame)
        if not self.blur:
            self._rest()

    def _pose_cast(self, frame: int, shown: poses.Poses, at: Array, *, keyed: bool) -> None:
        """Poses of things and people at some times [frames]; people seen from near in a frame are fine."""
        for n, thing in enumerate(self.things):
            thing.location = shown.thing_position[0, n]
            thing.rotation_quaternion = shown.thing_rotation[0, n]
            if keyed and self.moving[n]:
                keying.write(thing, "location", at, shown.thing_position[:, n])
                keying.write(thing, "rotation_quaternion", at, shown.thing_rotation[:, n])
        view = View.of(self.take.camera, frame, self.size)
        for p, rig in enumerate(self.people):
            rig.key_all(at, shown.root[:, p], shown.joints[:, p], shown.face[:, p])
            distance = float(np.linalg.norm(shown.root[0, p] - view.position)) - REACH_M
            rig.show_fine(view.focal_px > FINE_PX * distance)

    def _rest(self) -> None:
        """Take the keys away and leave the pose: what is animated would be deformed anew for every rectangle."""
        for rig in self.people:
            rig.clear()
            for thing in (
                rig.armature,
                *(o.data.shape_keys for o in rig.objects if getattr(o.data, "shape_keys", None)),
            ):
                if thing.animation_data:
                    thing.animation_data.action = None

    def _aim(self, frame: int) -> None:
        view = poses.view_at(self.take, frame, motion_blur=self.blur)
        self._develop(view)
        at = frame + np.arange(len(view.position), dtype=np.float64)
        self._aim_at([view], at, keyed=self.blur)

    def _develop(self, view: poses.View) -> None:
        ev = float(self.settings["exposure_ev"]) + float(view.exposure_ev[0])
        session.expose(ev, float(view.white_balance_k[0]))

    def _aim_at(self, views: Sequence[poses.View], at: Array, *, keyed: bool) -> None:
        """The camera at some times [frames]; the views follow each other and stand where the first begins."""
        position, rotation, lens_mm = (
            np.concatenate([getattr(view, name) for view in views]) for name in ("position", "rotation", "lens_mm")
        )
        camera, lens = self.camera, self.camera.data
        camera.location, camera.rotation_quaternion, lens.lens = position[0], rotation[0], float(lens_mm[0])
        lens.dof.focus_distance = float(views[0].focus_m[0])
        lens.dof.aperture_fstop = float(views[0].f_stop[0])
        if keyed:
            keying.write(camera, "location", at, position)
            keying.write(camera, "rotation_quaternion", at, continuous(rotation))
            keying.write(lens, "lens", at, lens_mm)


def build_people(take: Take) -> list[Any]:
    """Rigs of the people."""
    if not take.people:
        return []
    from ...body import body
    from ..people import build_person

    return [build_person(person, body(person.identity)) for person in take.people]


def _camera() -> Any:
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", 36.0
    lens.clip_start, lens.clip_end = 0.01, 2000.0
    lens.dof.use_dof = True
    lens.dof.aperture_blades = 7
    camera = bpy.data.objects.new("camera", lens)
    camera.rotation_mode = "QUATERNION"
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return camera
