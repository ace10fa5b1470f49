"""Passes: what is written is read back, and what every pixel says is what the Take says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import documents
from fakes import fake_pieces, fake_take, fake_thing, look_rotation
from soundstage import passes
from soundstage.body import BONE_INDEX, body
from soundstage.camera import crew, keys, shoot_passes
from soundstage.cli import run
from soundstage.errors import InputError
from soundstage.passes import NAMES, Passes, chosen, names_of, read
from soundstage.poses import poses_at
from soundstage.take import Person, Take, read_only
from soundstage.view import View, matrix
from test_production import Rooms, rooms  # noqa: F401  # a fixture

SIZE = (160, 90)


def pixel_grid(size: tuple[int, int] = SIZE) -> np.ndarray:
    """(H, W, 2) x and y of every pixel."""
    return np.stack(np.meshgrid(np.arange(size[0]), np.arange(size[1])), axis=-1).astype(float)


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def some_passes(seed: int = 0, shape: tuple[int, int] = (7, 12)) -> Passes:
    rng = np.random.default_rng(seed)
    depth = rng.uniform(0.1, 500.0, shape).astype(np.float32)
    depth[0, :3] = np.inf
    flow = rng.normal(0, 80, (*shape, 2)).astype(np.float32)
    flow[1, 1] = np.nan
    normal = rng.normal(size=(*shape, 3))
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    turn = matrix(rng.normal(size=4))
    return Passes(
        depth=depth,
        normal=normal.astype(np.float32),
        flow=flow,
        ids=rng.integers(-1, 70_000, shape).astype(np.int32),
        albedo=rng.uniform(0, 1, (*shape, 3)).astype(np.float32),
        names=("set", "ball", "Anna Åström"),
        view=View(position=rng.normal(size=3) * 9, turn=turn, lens_mm=35.5, size=(shape[1], shape[0])),
        frame=17,
        time=705_600_001,
        fps=24,
        scene="one",
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_back(seed: int, tmp_path: Path) -> None:
    made = some_passes(seed)
    made.write(tmp_path / "a.exr")
    found = read(tmp_path / "a.exr")
    for name in ("depth", "flow", "ids"):
        value = getattr(found, name)
        assert value.dtype == getattr(made, name).dtype
        assert np.array_equal(value, getattr(made, name), equal_nan=name != "ids")
    cosine = (found.normal / np.linalg.norm(found.normal, axis=-1, keepdims=True) * made.normal).sum(axis=-1)
    assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 0.04
    assert np.abs(found.albedo / made.albedo - 1).max() <= 2**-11
    assert (found.names, found.frame, found.time, found.fps, found.scene) == (made.names, 17, 705_600_001, 24, "one")
    assert found.view.same(made.view) and found.view.size == made.view.size
    assert found.id_of("Anna Åström") == 2
    with pytest.raises(KeyError, match="there are: set, ball"):
        found.id_of("bill")
    assert [p.name for p in tmp_path.iterdir()] == ["a.exr"]


def test_only_what_was_asked_is_in_a_file(tmp_path: Path) -> None:
    made = some_passes()
    replace(made, normal=None, albedo=None, flow=None, depth=None).write(tmp_path / "a.exr")
    found = read(tmp_path / "a.exr")
    assert found.ids is not None and found.depth is None and found.normal is None and found.albedo is None
    with pytest.raises(ValueError, match="'depth'"):
        found.points()


def test_other_programs_find_the_layers_and_the_camera(tmp_path: Path) -> None:
    import OpenEXR

    made = some_passes()
    made.write(tmp_path / "a.exr")
    with OpenEXR.File(str(tmp_path / "a.exr"), separate_channels=True) as file:
        kinds = {name: channel.pixels.dtype for name, channel in file.channels().items()}
        header = dict(file.header())
    assert kinds["depth.Z"] == kinds["forward.U"] == kinds["forward.V"] == np.float32
    assert kinds["normal.X"] == kinds["albedo.B"] == np.float16
    assert kinds["id.I"] == np.uint32
    points = made.points()
    seen = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=-1) @ header["worldToCamera"]
    finite = np.isfinite(made.depth)
    assert -seen[finite][:, 2] == pytest.approx(made.depth[finite], rel=1e-4)
    assert float(header["framesPerSecond"]) == 24.0
    facts = json.loads(header["soundstage"])
    assert facts["names"][1] == "ball" and facts["camera"]["lens_mm"] == 35.5


def test_what_is_no_file_of_passes(tmp_path: Path) -> None:
    (tmp_path / "a.exr").write_bytes(b"something else")
    with pytest.raises(InputError, match="not a file of passes"):
        read(tmp_path / "a.exr")
    with pytest.raises(InputError, match="there is no"):
        read(tmp_path / "b.exr")


def test_passes_are_named() -> None:
    assert chosen("ids, depth") == ("depth", "ids")
    assert chosen("all") == NAMES == chosen(NAMES)
    with pytest.raises(InputError, match="no pass 'dept'") as caught:
        chosen("normal,dept")
    assert "depth, normal, flow, ids, albedo" in caught.value.mend
    with pytest.raises(InputError, match="no pass is named"):
        chosen(" ,")


# ── what a camera makes ─────────────────────────────────────────────────────────────────────────────────────────────


def turning(take: Take, at: Any, *, lens_mm: tuple[float, float], cut: int = 0) -> Take:
    """The camera drifts, turns and zooms about a point; a cut comes before row `cut`."""
    camera, n = take.camera, len(take.camera.time)
    position = camera.position + np.linspace(0, 1, n)[:, None] * [0.3, 0.1, 0.05]
    rotation = [look_rotation(np.asarray(at) + [0.01 * k, 0, 0.004 * k] - p) for k, p in enumerate(position)]
    shot = np.where(np.arange(n) < cut, 0, 1) if cut else camera.shot
    return replace(
        take,
        camera=replace(
            camera,
            position=read_only(position),
            rotation=read_only(np.array(rotation)),
            lens_mm=read_only(np.linspace(*lens_mm, n)),
            shot=read_only(np.asarray(shot, dtype=np.int32)),
        ),
    )


def court() -> Take:
    """A ball rolls before a table on an open court."""
    things = [fake_thing("ball", at=(-0.2, -0.6, 0.1)), fake_thing("table", at=(0.5, 0.6, 0.0))]
    take = fake_take(things=things, motion="roll", seconds=5 / 24, position=(0, -2.2, 0.8), look_at=(0, 0, 0.9))
    return turning(take, (0, 0, 0.9), lens_mm=(18.0, 20.0), cut=3)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Passes]:
    return [read(p) for p in shoot_passes([court()], passes="all", size=SIZE, frames_dir=tmp_path_factory.mktemp("f"))]


def test_ids_are_the_set_the_things_and_the_sky(seen: list[Passes]) -> None:
    assert seen[0].names == ("set", "ball", "table") == names_of(court())
    assert set(np.unique(seen[0].ids)) == {-1, 0, 1, 2}
    assert np.array_equal(np.isinf(seen[0].depth), seen[0].ids == -1)
    sky = seen[0].ids == -1
    assert not seen[0].normal[sky].any() and not seen[0].albedo[sky].any()


def test_a_ball_is_where_and_what_the_take_says_to_the_pixel(seen: list[Passes]) -> None:
    take = court()
    for row in (0, 3):
        found, view = seen[row], View.of(take.camera, row, SIZE)
        assert found.view.same(view) and found.frame == row and found.time == take.camera.time[row]
        centre = poses_at(take, take.camera.time[[row]]).thing_position[0, 0]
        rays = view.rays(pixel_grid())
        rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
        miss = np.linalg.norm(np.cross(centre - view.position, rays), axis=-1)  # from the centre to each sight line
        ball = found.ids == 1
        assert ball.sum() > 30
        assert miss[ball].max() < 0.1, "no pixel whose middle passes the ball"
        assert ball[miss < 0.0985].all(), "every pixel whose middle meets it (it has 64 sides)"
        out = found.points()[ball] - centre
        assert np.linalg.norm(out, axis=-1) == pytest.approx(np.full(ball.sum(), 0.1), abs=5e-4)
        cosine = (out / np.linalg.norm(out, axis=-1, keepdims=True) * found.normal[ball]).sum(axis=-1)
        assert np.degrees(np.arccos(cosine.min())) < 3.0
        floor = (found.ids == 0) & (np.abs(found.points()[..., 2]) < 0.01)
        assert floor.sum() > 500 and found.normal[floor][:, 2].mean() > 0.97


def test_motion_is_that_of_the_take(seen: list[Passes]) -> None:
    take = court()
    for row in (0, 1, 3):
        found = seen[row]
        poses = poses_at(take, take.camera.time[[row, row + 1]])
        following = View.of(take.camera, row + 1, SIZE)
        points = found.points()
        for n in range(len(take.things)):
            mine = found.ids == n + 1
            before, after = (matrix(poses.thing_rotation[k, n]) for k in (0, 1))
            own = (points[mine] - poses.thing_position[0, n]) @ before
            points[mine] = own @ after.T + poses.thing_position[1, n]
        some = found.ids >= 0
        wanted = following.project(points[some])[:, :2] - pixel_grid()[some]
        assert np.linalg.norm(found.flow[some] - wanted, axis=-1).max() < 0.01
        assert np.linalg.norm(wanted[found.ids[some] == 1], axis=-1).max() > 1.0, "something does move"
        sky = found.ids == -1
        far = found.view.position + found.view.rays(pixel_grid())[sky] * 1e7
        wanted = following.project(far)[:, :2] - pixel_grid()[sky]
        assert np.linalg.norm(found.flow[sky] - wanted, axis=-1).max() < 0.01


def test_at_a_cut_and_at_the_end_there_is_no_motion(seen: list[Passes]) -> None:
    assert [bool(np.isnan(found.flow).all()) for found in seen] == [False, False, True, False, True]
    assert all(np.isfinite(seen[row].flow).all() for row in (0, 1, 3))


def test_what_the_camera_passes_has_no_motion(tmp_path: Path) -> None:
    take = fake_take(things=[], set_="studio", seconds=2 / 24, position=(0, -4, 1), look_at=(0, 0, 0.5), lens_mm=16.0)
    position = take.camera.position + np.array([[0, 0, 0], [0, 2.0, -0.25]])
    rotation = np.repeat(take.camera.rotation[:1], 2, axis=0)
    take = replace(take, camera=replace(take.camera, position=read_only(position), rotation=read_only(rotation)))
    (path,) = shoot_passes([take], passes="depth,flow", size=(64, 36), frames_dir=tmp_path, frames=[0])
    found = read(path)
    wanted = View.of(take.camera, 1, (64, 36)).project(found.points())
    passed = wanted[..., 2] <= 0
    assert 50 < passed.sum() < 1500 and np.array_equal(np.isnan(found.flow).all(axis=-1), passed)
    error = found.flow[~passed] - (wanted[~passed][:, :2] - pixel_grid((64, 36))[~passed])
    assert np.abs(error).max() < 0.05


def test_colour_is_without_light(seen: list[Passes]) -> None:
    ball = seen[0].albedo[seen[0].ids == 1]
    assert ball.min() >= 0.0 and seen[0].albedo.max() <= 1.0
    assert np.ptp(ball.mean(axis=-1)) < 0.1, "the lit side and the other are alike"


def test_files_are_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = court()
    first = shoot_passes([take], passes=["ids", "depth"], size=(32, 18), frames_dir=tmp_path, frames=[1])
    found = read(first[0])
    assert found.ids is not None and found.depth is not None and found.flow is None and found.normal is None
    monkeypatch.setattr(crew.subprocess, "Popen", lambda *a, **k: pytest.fail("a render process was started"))
    assert shoot_passes([take], passes="depth,ids", size=(32, 18), frames_dir=tmp_path, frames=[1]) == first
    with pytest.raises(InputError, match="no frame 9"):
        shoot_passes([take], passes="ids", size=(32, 18), frames_dir=tmp_path, frames=[9])


def test_keys_cover_what_passes_show_and_no_more() -> None:
    take = court()
    still = {"size": [32, 18], "passes": ["depth"]}
    flow = {**still, "passes": ["flow"]}
    brighter = replace(take, camera=replace(take.camera, exposure_ev=read_only(take.camera.exposure_ev + 1.0)))
    assert keys.passes_key(take, still, 0) == keys.passes_key(brighter, still, 0)
    position = take.camera.position.copy()
    position[1] += 0.1
    moved = replace(take, camera=replace(take.camera, position=read_only(position)))
    assert keys.passes_key(take, still, 0) == keys.passes_key(moved, still, 0)
    assert keys.passes_key(take, flow, 0) != keys.passes_key(moved, flow, 0), "motion ends where the next frame begins"
    assert keys.passes_key(take, still, 1) != keys.passes_key(moved, still, 1)
    assert len({keys.passes_key(take, still, row) for row in range(5)}) == 5


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def gym() -> Take:
    """Somebody swings an arm before a hoop with a board of clear acrylic."""
    anna = documents.character()
    person = Person(
        id="anna", name="Anna", identity=anna["identity"], wardrobe=tuple(anna["wardrobe"]), voice=anna["voice"]
    )
    take = fake_take(
        things=fake_pieces("gym"), people=[person], set_="gym", seconds=2 / 24,
        position=(0.2, -2.0, 1.5), look_at=(0.1, 0, 1.2),
    )  # fmt: skip
    joints = take.person_joints.copy()
    angle = np.linspace(0.0, 0.5, len(take.time))
    for bone in ("upperarm01.L", "lowerarm01.L", "neck02"):
        joints[:, 0, BONE_INDEX[bone]] = np.stack([np.cos(angle / 2), 0 * angle, np.sin(angle / 2), 0 * angle], axis=1)
    root = take.person_root + np.linspace(0, 0.05, len(take.time))[:, None, None] * [1.0, 0.5, 0.0]
    take = replace(take, person_joints=read_only(joints), person_root=read_only(root))
    return turning(take, (0.1, 0, 1.2), lens_mm=(30.0, 31.0))


def test_people_are_told_apart_and_move_as_their_skin_does(tmp_path: Path) -> None:
    take = gym()
    (path,) = shoot_passes([take], passes="all", size=(192, 108), frames_dir=tmp_path, frames=[0])
    found = read(path)
    anna = found.id_of("anna")
    assert anna == len(take.things) + 1 and (found.ids == anna).sum() > 1000
    assert np.isfinite(found.depth).all() and found.ids.min() == 0, "indoors there is no sky"

    person = take.people[0]
    shape = body(person.identity)
    skin = np.unique(shape.parts["body"])
    poses = poses_at(take, take.camera.time[[0, 1]])
    places = [shape.skin(poses.root[k, 0], poses.joints[k, 0])[skin] for k in (0, 1)]
    before, after = (View.of(take.camera, k, (192, 108)).project(places[k]) for k in (0, 1))
    wanted = (after - before)[:, :2]
    column, row = np.floor(before[:, :2]).astype(int).T
    inside = (column >= 0) & (row >= 0) & (column < 191) & (row < 107)
    before, wanted, column, row = before[inside], wanted[inside], column[inside], row[inside]
    share = before[:, :2] - np.stack([column, row], axis=-1)
    got = np.zeros((len(before), 2))
    whole = np.ones(len(before), dtype=bool)
    depths = []
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        at = (row + dy, column + dx)
        weight = (share[:, 0] if dx else 1 - share[:, 0]) * (share[:, 1] if dy else 1 - share[:, 1])
        got += weight[:, None] * found.flow[at]
        # The skin itself, not cloth over it, hair before it, or an arm behind it.
        whole &= (found.ids[at] == anna) & (np.abs(found.depth[at] - before[:, 2]) < 0.006)
        depths.append(found.depth[at])
    whole &= np.ptp(depths, axis=0) < 0.008
    error = np.linalg.norm(got - wanted, axis=-1)[whole]
    assert whole.sum() > 300 and np.ptp(wanted[whole], axis=0).max() > 1.0, "limbs move differently"
    # Between four pixels the skin is curved, and its weights are rounded to 1/400 of some 20 px.
    assert np.median(error) < 0.03 and np.percentile(error, 95) < 0.1


def test_what_is_behind_a_clear_pane_is_seen_without_chance(tmp_path: Path) -> None:
    hoop = fake_thing("hoop")
    take = fake_take(things=[hoop], set_="gym", seconds=1 / 24, position=(0.8, 3.0, 2.2), look_at=(0, 0, 3.2))
    (path,) = shoot_passes([take], passes="depth,ids", size=(192, 108), frames_dir=tmp_path)
    found, p = read(path), hoop.thing.params
    rays = found.view.rays(pixel_grid((192, 108)))
    board = found.view.position - rays * (found.view.position[1] / rays[..., 1])[..., None]  # its face is at y = 0
    x, z = np.abs(board[..., 0]), board[..., 2] - p["board_bottom"]
    within = np.minimum.reduce([p["board_width"] / 2 - x, z, p["board_height"] - z])
    clear = (within > 0.1) & (x > 0.35)  # inside border and frame, beside the painted rectangle
    assert clear.sum() > 500
    y = found.points()[clear][:, 1]
    assert not ((y > -p["board_thickness"] - 0.002) & (y < 0.002)).any(), "no pixel shows the pane"
    border = (within > 0.01) & (within < 0.04) & (x > 0.5)  # beside ring and net
    assert (found.ids[border] == 1).all() and np.abs(found.points()[border][:, 1]).max() < 0.005


# ── beside a film ───────────────────────────────────────────────────────────────────────────────────────────────────


class Passing:
    """A stand-in for the camera's passes."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, takes: Any, *, passes: Any, size: Any, frames_dir: Path, progress: Any, **_: Any) -> list[Path]:
        files = []
        for take in takes:
            for row in range(len(take.camera.time)):
                name = hashlib.sha256(f"{take.scene} {row} {size} {passes}".encode()).hexdigest()
                path = frames_dir / f"{name}.exr"
                if not path.exists():
                    self.made += 1
                    view = View.of(take.camera, row, size)
                    Passes(ids=np.zeros((size[1], size[0]), np.int32), view=view, frame=row, time=0, fps=24).write(path)
                files.append(path)
                progress(len(files), len(files))
        return files


@pytest.fixture
def passing(rooms: Rooms) -> Passing:  # noqa: F811  # the fixture
    import soundstage

    made = Passing()
    soundstage.camera.shoot_passes = made  # type: ignore[assignment]  # the stand-in of the room
    return made


def test_passes_stand_beside_a_film_and_go_with_it(passing: Passing, tmp_path: Path) -> None:
    from soundstage.production import film

    out = tmp_path / "ball.mp4"
    result = film("a ball falls", out, passes="ids", review=False)
    assert result.passes == tmp_path / "ball" / "passes"
    names = sorted(p.name for p in result.passes.iterdir())
    assert names == [f"{k:05d}.exr" for k in range(12)]
    assert [read(result.passes / name).frame for name in names] == list(range(12))
    assert "passes/00011.exr" in json.loads(result.report.read_text("utf-8"))["files"]
    film("a ball falls", out, passes="ids", review=False)
    assert passing.made == 12, "a second time they are only copied"
    film("a ball falls", out, review=False)
    assert not list(result.passes.glob("*.exr")), "those of the film before are not taken for this one's"


def test_passes_alone(passing: Passing, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    (folder / "00099.exr").write_bytes(b"of a longer film")
    (folder / "notes.txt").write_text("mine")
    assert run(["passes", "a ball falls", "-o", str(folder), "--passes", "ids"]) == 0
    assert sorted(p.name for p in folder.iterdir()) == [*(f"{k:05d}.exr" for k in range(12)), "notes.txt"]
    assert capsys.readouterr().out.strip() == str(folder)


def test_a_pass_that_does_not_exist_is_refused_before_anything_is_made(
    passing: Passing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["film", "a ball falls", "-o", str(tmp_path / "a.mp4"), "--passes", "depth,motion"]) == 2
    told = capsys.readouterr().err
    assert "no pass 'motion'" in told and "flow" in told
    assert run(["passes", "a ball falls", "-o", str(tmp_path / "p"), "--passes", "none"]) == 2
    assert not (tmp_path / "p").exists() and passing.made == 0


def test_the_example_of_the_documents_runs(seen: list[Passes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/passes.md: the code block is run over files of a rolling ball."""
    page = (Path(__file__).parent.parent / "docs" / "passes.md").read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    (tmp_path / "miss" / "passes").mkdir(parents=True)
    for number, found in enumerate(seen):
        found.write(tmp_path / "miss" / "passes" / f"{number:05d}.exr")
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {}
    exec(code, space)
    assert passes.read is space["read"]
    assert space["points"].shape == (SIZE[1], SIZE[0], 3)
    assert space["speed"].shape == ((seen[0].ids == 1).sum(),) and 0.5 < np.median(space["speed"]) < 100
