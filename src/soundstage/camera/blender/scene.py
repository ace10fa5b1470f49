"""One Take as a Blender scene: built once, then posed and rendered frame by frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ...take import Take
from .. import poses
from . import session
from .scenery import Stage, build_place
from .things import build_thing


class Scene:
    """The world of a Take, ready to render any of its frames."""

    def __init__(self, take: Take, settings: Mapping[str, Any], threads: int) -> None:
        self.take = take
        self.settings = settings
        self.blur = bool(settings["motion_blur"])
        session.empty_world()
        session.set_up(settings, threads)
        bpy.context.preferences.edit.keyframe_new_interpolation_type = "LINEAR"
        build_place(Stage(place=take.place))
        self.things = [build_thing(thing, take.place) for thing in take.things]
        self.people = build_people(take)
        self.camera = _camera()
        self.moving = _moving(take)

    def render(self, frame: int, seed: int, target: Path) -> None:
        """Render one frame to a PNG."""
        self.pose(frame)
        session.render_frame(target, seed)

    def pose(self, frame: int) -> None:
        """Bring everything to where it is while the frame is exposed."""
        ticks = poses.instants(self.take, frame, motion_blur=self.blur, shutter=float(self.settings["shutter"]))
        shown = poses.poses_at(self.take, ticks)
        at = frame + np.linspace(0.0, float(self.settings["shutter"]), len(ticks)) if len(ticks) > 1 else [float(frame)]
        for k, when in enumerate(at):
            for n, thing in enumerate(self.things):
                self._pose_thing(n, thing, shown, k, float(when))
            for p, rig in enumerate(self.people):
                rig.key(float(when), shown.root[k, p], shown.joints[k, p], shown.face[k, p])
        self._aim(frame)
        bpy.context.scene.frame_set(frame)

    def _pose_thing(self, n: int, thing: Any, shown: poses.Poses, k: int, when: float) -> None:
        keyed = self.blur and self.moving[n]
        if k and not keyed:
            return
        thing.location = shown.thing_position[k, n]
        thing.rotation_quaternion = shown.thing_rotation[k, n]
        if keyed:
            thing.cycles.motion_steps = 2
            thing.keyframe_insert("location", frame=when)
            thing.keyframe_insert("rotation_quaternion", frame=when)

    def _aim(self, frame: int) -> None:
        view = poses.view_at(self.take, frame, motion_blur=self.blur)
        for k in range(len(view.position) - 1, -1, -1):
            lens = self.camera.data
            self.camera.location = view.position[k]
            self.camera.rotation_quaternion = view.rotation[k]
            lens.lens = float(view.lens_mm[k])
            lens.dof.focus_distance = float(view.focus_m[k])
            lens.dof.aperture_fstop = float(view.f_stop[k])
            if self.blur:
                self.camera.keyframe_insert("location", frame=frame + k)
                self.camera.keyframe_insert("rotation_quaternion", frame=frame + k)
                lens.keyframe_insert("lens", frame=frame + k)


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


def _moving(take: Take) -> list[bool]:
    """Which things ever move."""
    return [
        bool(np.ptp(take.thing_position[:, n], axis=0).max() > 0 or np.ptp(take.thing_rotation[:, n], axis=0).max() > 0)
        for n in range(len(take.things))
    ]
