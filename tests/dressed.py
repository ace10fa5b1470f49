"""Run by test_clothes.py in a process of its own: photographs somebody in dotted clothes at two places, in two poses.

python dressed.py FOLDER SABOTAGE

The camera goes along, so that only a pattern that swims looks different. Prints one line of JSON: how the pictures and
the texture coordinates differ. SABOTAGE "world"
hangs the pattern in the room instead of on the cloth; "" spoils nothing.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fakes import fake_take, look_rotation
from portraits import PEOPLE
from soundstage.body import BONE_INDEX, body
from soundstage.take import Take, read_only
from test_camera_shoot import pixels

SIZE = (96, 96)
AWAY_M, ACROSS_M = 3.0, 0.5
MOVED_M = 0.025
"""Half a repeat of the dots."""
DRESSED = (
    {"kind": "t_shirt", "colour": "#202020", "trim": "#202020", "material": "cotton", "print_text": "",
     "pattern": "dots", "pattern_colour": "#f0f0f0", "pattern_scale_m": 2 * MOVED_M},
)  # fmt: skip


def stand(aside: float, turn: float) -> Take:
    """The man so far aside [m], his left elbow turned so far [rad], the camera before his chest."""
    man = replace(PEOPLE[2], wardrobe=DRESSED)
    take = fake_take(
        things=[], set_="studio", time_of_day="noon", people=(man,), seconds=0.1,
        lens_mm=36.0 * AWAY_M / ACROSS_M, focus_m=AWAY_M, f_stop=16.0,
    )  # fmt: skip
    shape = body(man.identity)
    root, joints = np.zeros_like(take.person_root), np.array(take.person_joints)
    root[:] = (aside, 0.0, shape.sole_height)
    joints[:, 0, BONE_INDEX["upperarm01.L"]] = (np.cos(turn / 2), np.sin(turn / 2), 0.0, 0.0)
    chest = root[0, 0] + shape.heads[BONE_INDEX["spine02"]]
    position, rotation = np.array(take.camera.position), np.array(take.camera.rotation)
    position[:] = chest + [0.0, -AWAY_M, 0.0]
    rotation[:] = look_rotation(chest - position[0])
    camera = replace(take.camera, position=read_only(position), rotation=read_only(rotation))
    return replace(take, person_root=read_only(root), person_joints=read_only(joints), camera=camera)


def laid(scene: Any) -> tuple[np.ndarray, np.ndarray]:
    """Texture coordinates and places of the shirt as it is drawn."""
    import bpy

    shirt = next(o for o in scene.people[0].objects if "t_shirt" in o.name)
    mesh = shirt.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    uv, at = np.zeros(2 * len(mesh.loops)), np.zeros(3 * len(mesh.vertices))
    mesh.uv_layers["uv"].data.foreach_get("uv", uv)
    mesh.vertices.foreach_get("co", at)
    return uv, at


def main(folder: Path, sabotage: str) -> None:
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from soundstage.camera.blender.scene import Scene
    from soundstage.camera.people.wardrobe import patterns

    if sabotage == "world":
        patterns.texture_coordinates = lambda g: g.world_coords()
    settings: dict[str, Any] = {
        "size": SIZE, "samples": 4, "motion_blur": False, "shutter": 0.5, "denoise": True, "view_transform": "AgX",
        "contrast": "None", "exposure_ev": 0.0, "seed": 1,
    }  # fmt: skip
    pictures, coordinates, places = [], [], []
    for number, (aside, turn) in enumerate(((0.0, 0.0), (MOVED_M, 0.0), (0.0, 0.9))):
        scene = Scene(stand(aside, turn), settings, 2)
        target = folder / f"{number}{sabotage}.png"
        scene.render(0, 1, target, ())
        pictures.append(pixels(target).astype(float).mean(axis=2) / 255.0)
        uv, at = laid(scene)
        coordinates.append(uv)
        places.append(at)
    middle = slice(20, 76), slice(26, 70)
    report = {
        "contrast": float(pictures[0][middle].std()),
        "picture": float(np.abs(pictures[1] - pictures[0])[middle].mean()),
        "coordinates": float(np.abs(coordinates[2] - coordinates[0]).max()),
        "posed_m": float(np.abs(places[2] - places[0]).max()),
    }
    reports.write(json.dumps(report) + "\n")
    reports.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
