"""Run by test_same_person.py in a process of its own: builds people of Takes and says what they are made of.

python same_person.py FOLDER < [[take file, id of the person, changes of the identity], …]

Prints one line of JSON per person: the file where the resting surface stands, the inputs of all materials, and the
picture of the face in one pose, light and place.
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
from soundstage.body import BONE_INDEX, body
from soundstage.take import Person, Take, read_only

SIZE = (96, 96)
AWAY_M, ACROSS_M = 2.0, 0.3


def alone(person: Person) -> Take:
    """The person before a camera that looks at their face, everybody at the same place in the same light."""
    take = fake_take(
        things=[], set_="studio", time_of_day="noon", people=(replace(person, id="somebody"),), seconds=0.1,
        lens_mm=36.0 * AWAY_M / ACROSS_M, focus_m=AWAY_M, f_stop=16.0,
    )  # fmt: skip
    shape = body(person.identity)
    root = np.zeros_like(take.person_root)
    root[..., 2] = shape.sole_height
    eyes = shape.heads[[BONE_INDEX["eye.L"], BONE_INDEX["eye.R"]]].mean(axis=0) + root[0, 0]
    position, rotation = np.array(take.camera.position), np.array(take.camera.rotation)
    position[:] = eyes + AWAY_M * np.array([0.25, -0.97, 0.0])
    rotation[:] = look_rotation(eyes - position[0])
    camera = replace(take.camera, position=read_only(position), rotation=read_only(rotation))
    return replace(take, person_root=read_only(root), camera=camera)


def inputs(material: Any) -> list[Any]:
    """Every node of a material with the values of its inputs, and what is linked with what."""
    nodes = []
    for node in material.node_tree.nodes:
        values = [getattr(s, "default_value", None) for s in node.inputs]
        told = [
            [round(float(x), 6) for x in v] if hasattr(v, "__len__") and not isinstance(v, str) else v for v in values
        ]
        nodes.append([node.bl_idname, getattr(node, "attribute_name", ""), *told])
    links = [[k.from_node.name, k.from_socket.name, k.to_node.name, k.to_socket.name] for k in material.node_tree.links]
    return [nodes, sorted(links)]


def surface(objects: Any) -> np.ndarray:
    """(n, 3) all vertices at rest, object after object."""
    parts = []
    for thing in objects:
        points = np.zeros(3 * len(thing.data.vertices)) if hasattr(thing.data, "vertices") else np.zeros(0)
        if len(points):
            thing.data.vertices.foreach_get("co", points)
        parts.append(points.reshape(-1, 3))
    return np.concatenate(parts)


def main(folder: Path) -> None:
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from soundstage.camera.blender.scene import Scene

    settings: dict[str, Any] = {
        "size": SIZE, "samples": 4, "motion_blur": False, "shutter": 0.5, "denoise": True, "view_transform": "AgX",
        "contrast": "None", "exposure_ev": 0.0, "seed": 1,
    }  # fmt: skip
    for number, (file, name, changes) in enumerate(json.load(sys.stdin)):
        person = next(p for p in Take.load(file).people if p.id == name)
        take = alone(replace(person, identity={**person.identity, **changes}, wardrobe=()))
        scene = Scene(take, settings, 2)
        np.save(folder / f"{number}.npy", surface(scene.people[0].objects))
        made = {m.name: inputs(m) for thing in scene.people[0].objects for m in thing.data.materials if m}
        scene.render(0, 1, folder / f"{number}.png", ())
        reports.write(json.dumps({"number": number, "materials": list(made.values())}, sort_keys=True) + "\n")
    reports.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
