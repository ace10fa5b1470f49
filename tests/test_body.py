"""Bodies: as the model they come from shapes them, as tall as asked, equal every time."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from soundstage.body import BONES, FACE_ACTIONS, PARENTS, Body, body

PEOPLE: dict[str, dict[str, Any]] = {
    "woman": {"age": 27.0, "masculinity": 0.05, "height_m": 1.71, "muscle": 0.5, "weight": 0.45},
    "old man": {"age": 78.0, "masculinity": 0.95, "height_m": 1.68, "muscle": 0.3, "weight": 0.6},
    "child": {"age": 7.0, "masculinity": 0.5, "height_m": 1.22, "muscle": 0.4, "weight": 0.4},
    "giant": {"age": 24.0, "masculinity": 1.0, "height_m": 2.08, "muscle": 0.9, "weight": 0.5},
}


def identity(name: str, **changed: Any) -> dict[str, Any]:
    return {
        **PEOPLE[name],
        "proportions": 0.5,
        "ancestry": {"african": 0.3, "asian": 0.3, "european": 0.4},
        "skin": "#b97f5f",
        "eyes": "#4a3626",
        "hair": {"style": "short", "colour": "#20160f"},
        "beard": "none",
        "face_seed": 11,
        "left_handed": False,
        **changed,
    }


def rest(shape: Body) -> np.ndarray:
    joints = np.zeros((len(BONES), 4))
    joints[:, 0] = 1.0
    return shape.skin(np.zeros(3), joints)


@pytest.mark.parametrize("name", PEOPLE)
def test_somebody_is_as_tall_as_asked_and_stands_on_the_ground(name: str) -> None:
    shape = body(identity(name))
    skin = shape.vertices[np.unique(shape.parts["body"])]
    assert np.ptp(skin[:, 2]) == pytest.approx(PEOPLE[name]["height_m"], abs=2e-3)
    assert -skin[:, 2].min() == pytest.approx(shape.sole_height, abs=2e-3)
    assert shape.height == pytest.approx(PEOPLE[name]["height_m"], abs=1e-9)


def test_the_skeleton_is_a_tree_of_named_bones() -> None:
    assert len(BONES) == len(PARENTS) == len(set(BONES)) == 104
    assert PARENTS[0] == -1
    assert all(parent < bone for bone, parent in enumerate(PARENTS))
    assert len(FACE_ACTIONS) == len(set(FACE_ACTIONS)) == 52


@pytest.mark.parametrize("name", PEOPLE)
def test_unmoved_joints_leave_the_rest_shape(name: str) -> None:
    shape = body(identity(name))
    assert np.abs(rest(shape) - shape.vertices).max() < 1e-5
    assert np.allclose(shape.weights.sum(axis=1), 1.0, atol=1e-5)


def test_a_joint_turns_what_hangs_on_it_and_nothing_else() -> None:
    shape = body(identity("woman"))
    joints = np.zeros((len(BONES), 4))
    joints[:, 0] = 1.0
    elbow = BONES.index("lowerarm01.L")
    joints[elbow] = [np.cos(0.5), np.sin(0.5), 0.0, 0.0]
    moved = np.linalg.norm(shape.skin(np.zeros(3), joints) - shape.vertices, axis=1)
    below = {elbow}
    for bone, parent in enumerate(PARENTS):
        if parent in below:
            below.add(bone)
    hangs = (np.isin(shape.weight_bones, list(below)) & (shape.weights > 0)).any(axis=1)
    assert moved[~hangs].max() < 1e-6
    assert moved[hangs].max() > 0.1
    hand = shape.fk(np.zeros(3), joints)[BONES.index("wrist.L"), :3, 3]
    upper, lower = shape.heads[elbow], shape.heads[BONES.index("wrist.L")]
    assert np.linalg.norm(hand - upper) == pytest.approx(np.linalg.norm(lower - upper), abs=1e-9)


def test_an_open_jaw_lowers_the_chin_and_moves_no_foot() -> None:
    shape = body(identity("woman"))
    face = np.zeros(52)
    face[FACE_ACTIONS.index("jawOpen")] = 1.0
    change = shape.with_face(face) - shape.vertices
    lips = shape.masks["lips"] > 0.5
    assert change[lips, 2].min() < -0.01
    assert np.abs(change[shape.vertices[:, 2] < 0]).max() < 1e-6


def test_face_seeds_make_different_people_of_equal_build() -> None:
    a, b = (body(identity("woman", face_seed=seed)) for seed in (1, 2))
    face = a.masks["face"] > 0.5
    apart = np.linalg.norm(a.vertices - b.vertices, axis=1)
    assert apart[face].mean() > 0.0005
    assert apart[a.vertices[:, 2] < 0].mean() < 0.01


def test_capsules_lie_inside_the_body() -> None:
    shape = body(identity("old man"))
    low, high = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    assert len(shape.capsules) >= 12
    for capsule in shape.capsules:
        for end in (capsule.p0, capsule.p1):
            assert (end >= low - 0.02).all()
            assert (end <= high + 0.02).all()
        assert 0.01 < capsule.radius < 0.3


def test_another_process_shapes_the_same_body_without_torch() -> None:
    code = (
        "import sys, json, hashlib; from soundstage.body import body;"
        "print(hashlib.sha256(body(json.loads(sys.argv[1])).vertices.tobytes()).hexdigest(), 'torch' in sys.modules)"
    )
    import hashlib
    import json

    person = identity("child", face_seed=99)
    told = subprocess.run([sys.executable, "-c", code, json.dumps(person)], capture_output=True, text=True, check=True)
    mine = hashlib.sha256(body(person).vertices.tobytes()).hexdigest()
    assert told.stdout.split() == [mine, "False"]
