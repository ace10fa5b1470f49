"""While the shutter is open everything moves as the Take says: evenly, round, and along its way."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import documents
from fakes import fake_take, fake_thing, look_rotation
from soundstage import clock
from soundstage.body import BONE_INDEX, body
from soundstage.camera import shoot
from soundstage.poses import poses_at
from soundstage.take import Person, Take, read_only
from test_camera_shoot import SETTINGS, pixels

SHUTTER = 0.5
POSES = """
import json, os, sys
import bpy
from soundstage.camera.blender.scene import Scene
from soundstage.take import Take
scene = Scene(Take.load(sys.argv[1]), json.loads(sys.argv[2]), 1)
told = []
for frame in (2, 0):  # in any order
    scene.pose(frame)
    for share in json.loads(sys.argv[3]):
        bpy.context.scene.frame_set(frame, subframe=share)
        graph = bpy.context.evaluated_depsgraph_get()
        camera, rod = scene.camera.evaluated_get(graph), scene.things[0].evaluated_get(graph)
        wrist = scene.people[0].armature.evaluated_get(graph).pose.bones["wrist.L"].matrix
        told.append({
            "camera": [*camera.matrix_world.to_quaternion(), *camera.matrix_world.translation, camera.data.lens],
            "rod": [*rod.matrix_world.to_quaternion(), *rod.matrix_world.translation],
            "wrist": list(wrist.translation),
        })
print("\\n" + json.dumps(told), flush=True)
os._exit(0)
"""


def about_y(angle: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angle / 2), 0 * angle, np.sin(angle / 2), 0 * angle], axis=-1)


def swung(turns_per_s: float) -> Take:
    """A rod that spins, somebody who swings an arm, and a camera that pans, rises and zooms; a cut before row 2."""
    anna = documents.character()
    person = Person(id="anna", name="Anna", identity=anna["identity"], wardrobe=(), voice=anna["voice"])
    rod = fake_thing("block", size=(0.6, 0.04, 0.04), colour="#e01010", at=(0, 0, 0.6))
    take = fake_take(things=[rod], people=[person], set_="studio", seconds=4 / 24, position=(0, -1.6, 0.6), f_stop=64.0)
    seconds = take.time / clock.TICKS_PER_SECOND
    turns = take.thing_rotation.copy()
    turns[:, 0] = about_y(2 * np.pi * turns_per_s * seconds)
    joints = take.person_joints.copy()
    joints[:, 0, BONE_INDEX["upperarm01.L"]] = about_y(8.0 * seconds)
    rows = np.arange(4.0)
    camera = replace(
        take.camera,
        position=read_only(np.stack([0 * rows, 0 * rows - 1.6, 0.6 + 0.1 * rows], axis=-1)),
        rotation=read_only(np.array([look_rotation([np.sin(0.1 * k), np.cos(0.1 * k), 0]) for k in rows])),
        lens_mm=read_only(35.0 + 3.0 * rows),
        shot=read_only(np.array([0, 0, 1, 1], dtype=np.int32)),
    )
    return replace(
        take, thing_rotation=read_only(turns), person_joints=read_only(joints.astype(np.float32)), camera=camera
    )


def test_between_the_poses_of_a_frame_everything_moves_evenly(tmp_path: Path) -> None:
    take = swung(5.0)
    take.save(tmp_path / "take.npz")
    shares = [0.0, 0.125, 0.25, 0.375, 0.5]
    settings = {**SETTINGS, "motion_blur": True, "shutter": SHUTTER}
    done = subprocess.run(
        [sys.executable, "-c", POSES, str(tmp_path / "take.npz"), json.dumps(settings), json.dumps(shares)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    shape = body(take.people[0].identity)
    row = iter(told)
    for frame in (2, 0):
        ticks = take.camera.time[frame] + np.rint(np.array(shares) * clock.period(24)).astype(np.int64)
        wanted = poses_at(take, ticks)
        for k, share in enumerate(shares):
            found = next(row)
            pan = look_rotation([np.sin(0.1 * (frame + share)), np.cos(0.1 * (frame + share)), 0])
            angle = 2 * np.arccos(min(1.0, abs(float(np.dot(pan, found["camera"][:4])))))
            assert np.degrees(angle) < 0.1, (frame, share)  # of 3°
            assert found["camera"][4:] == pytest.approx(
                [0, -1.6, 0.6 + 0.1 * (frame + share), 35 + 3 * (frame + share)]
            )
            assert abs(np.dot(found["rod"][:4], wanted.thing_rotation[k, 0])) == pytest.approx(1.0, abs=1e-5)
            bones = shape.fk(wanted.root[k, 0], wanted.joints[k, 0])
            assert found["wrist"] == pytest.approx(list(bones[BONE_INDEX["wrist.L"], :3, 3]), abs=1e-3)


def test_what_spins_blurs_round(tmp_path: Path) -> None:
    """Ten turns a second are 75° while the shutter is open: a fan, evenly filled, and nothing outside of it."""
    take = replace(swung(10.0), people=(), person_root=read_only(np.zeros((41, 0, 3))))
    take = replace(take, person_joints=take.person_joints[:, :0], person_face=take.person_face[:, :0])
    still = replace(
        take.camera,
        **{
            name: read_only(np.repeat(getattr(take.camera, name)[:1], 4, axis=0))
            for name in ("position", "rotation", "lens_mm", "shot")
        },
    )
    settings = {**SETTINGS, "motion_blur": True, "shutter": SHUTTER, "size": (128, 72), "samples": 48}
    settings |= {"view_transform": "Standard"}
    (path,) = shoot([replace(take, camera=still)], frames_dir=tmp_path, frames=[1], **settings)
    code = pixels(path).astype(float) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    y, x = np.indices(linear.shape[:2])
    scale = 128 * 35 / 36 / 1.6  # [px/m]
    away = np.hypot(x - 63.5, y - 35.5) / scale
    # The rod turns about +Y, clockwise for a camera that looks along +Y; 150° when the frame begins.
    angle = (np.degrees(np.arctan2(y - 35.5, x - 63.5)) - 150.0) % 180.0
    red = 1 - linear[..., 1:].mean(axis=-1) / linear[..., 0]  # what covers the grey behind it
    ring = (away > 0.15) & (away < 0.28)
    fan = [red[ring & (angle > a) & (angle < a + 15)].mean() for a in (8, 23, 38, 53)]
    outside = red[ring & (angle > 90) & (angle < 165)].mean()
    assert min(fan) > outside + 0.05
    assert np.ptp(fan) < 0.35 * (np.mean(fan) - outside), "evenly"
    tips = (away > 0.27) & (away < 0.295)
    assert red[tips & (angle > 5) & (angle < 70)].mean() > outside + 0.04, "the tips run on a circle, not on its chords"
