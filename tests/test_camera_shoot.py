"""Whole shoots in real render processes, as small as they come: resuming, dying, determinism, geometry, flicker."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import documents
from fakes import fake_take, fake_thing
from soundstage import director
from soundstage.camera import crew, inbetween, shoot
from soundstage.camera.keyframes import plate_rows
from soundstage.errors import InputError, OutputError, WorkerError
from soundstage.rehearsal import rehearse
from soundstage.take import Person, Take, read_only

SETTINGS: dict[str, Any] = {
    "size": (64, 36), "samples": 1, "motion_blur": False, "shutter": 0.5, "denoise": False, "view_transform": "AgX",
    "contrast": "None", "exposure_ev": 0.0, "seed": 1,
}  # fmt: skip
VIEW: dict[str, Any] = {"position": (0.0, -2.5, 0.9), "look_at": (0.0, 0.0, 0.5), "f_stop": 64.0}


def pixels(path: Path) -> np.ndarray:
    """Pixels of a PNG (h, w, 3)."""
    av = pytest.importorskip("av")
    with av.open(str(path)) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"))


def studio(**changes: Any) -> Take:
    ball = fake_thing("ball", colour="#d01010")
    return fake_take(**{"things": [ball], "set_": "studio", "motion": "bounce", "seconds": 0.25, **VIEW, **changes})


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path], list[tuple[int, int]]]:
    """Six frames of a bouncing ball, rendered by a process that is killed after the second."""
    folder = tmp_path_factory.mktemp("frames")
    told: list[tuple[int, int]] = []
    started: list[Any] = []
    real = subprocess.Popen

    def watched(*args: Any, **kwargs: Any) -> Any:
        started.append(real(*args, **kwargs))
        return started[-1]

    stamps: dict[Path, int] = {}

    def progress(done: int, wanted: int) -> None:
        told.append((done, wanted))
        if done == 2 and not stamps:
            stamps.update({p: p.stat().st_mtime_ns for p in folder.glob("*.png")})
            (folder / ".deadbeef.999999999.part.png").write_bytes(b"half a picture")
            os.kill(started[-1].pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crew.subprocess, "Popen", watched)
        paths = shoot([studio()], frames_dir=folder, progress=progress, **SETTINGS)
    assert len(started) == 2, "the killed process is replaced once"
    assert stamps and all(p.stat().st_mtime_ns == stamp for p, stamp in stamps.items()), "no frame is rendered twice"
    return folder, paths, told


def test_a_killed_process_is_replaced_and_every_frame_arrives(shot: Any) -> None:
    _, paths, told = shot
    assert len(paths) == 6 and all(p.exists() for p in paths)
    assert told[0] == (0, 6) and told[-1] == (6, 6)
    assert [d for d, _ in told] == sorted(d for d, _ in told)


def test_finished_frames_are_not_rendered_again(shot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, paths, _ = shot
    monkeypatch.setattr(crew.subprocess, "Popen", lambda *a, **k: pytest.fail("a render process was started"))
    assert shoot([studio()], frames_dir=folder, **SETTINGS) == paths
    assert not list(folder.glob(".*.part.png")), "half-written files of dead processes are removed"


def test_two_shoots_give_equal_bytes(shot: Any, tmp_path: Path) -> None:
    _, paths, _ = shot
    again = shoot([studio()], frames_dir=tmp_path, frames=[4, 1], **SETTINGS)
    assert [p.name for p in again] == [paths[4].name, paths[1].name]
    assert again[0].read_bytes() == paths[4].read_bytes()
    assert again[1].read_bytes() == paths[1].read_bytes()


def test_what_stands_still_does_not_flicker(tmp_path: Path) -> None:
    paths = shoot([studio()], frames_dir=tmp_path, frames=[0, 3, 5], **{**SETTINGS, "size": (240, 134)})
    frames = np.stack([pixels(p) for p in paths]).astype(float)
    middle, side = frames[:, :, 90:150], frames[:, :, :50]  # the ball bounces in the middle
    assert np.abs(np.diff(middle, axis=0)).mean() > 1.0
    assert np.abs(np.diff(side, axis=0)).mean() <= 0.01


def test_a_ball_appears_where_the_camera_says(tmp_path: Path) -> None:
    at = (0.31, 0.2, 0.62)
    take = fake_take(things=[fake_thing("ball", at=at, colour="#e01010")], set_="studio", seconds=1 / 24, **VIEW)
    size = (128, 72)
    (path,) = shoot([take], frames_dir=tmp_path, **{**SETTINGS, "size": size, "samples": 4})
    rgb = pixels(path).astype(float)
    red = rgb[..., 0] - rgb[..., 1:].max(axis=2) > 40
    ys, xs = np.nonzero(red)
    ahead = np.subtract(VIEW["look_at"], VIEW["position"])
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1])
    right /= np.linalg.norm(right)
    offset = np.subtract(at, VIEW["position"])
    scale = size[0] * 35.0 / 36.0 / (offset @ ahead)
    expected = (size[0] / 2 + offset @ right * scale, size[1] / 2 - offset @ np.cross(right, ahead) * scale)
    assert xs.mean() + 0.5 == pytest.approx(expected[0], abs=1.0)
    assert ys.mean() + 0.5 == pytest.approx(expected[1], abs=1.0)
    assert np.sqrt(4 * red.sum() / np.pi) == pytest.approx(0.2 * scale, rel=0.12)  # diameter 0.2 m


def test_a_frame_over_its_plate_equals_a_whole_frame(tmp_path: Path) -> None:
    settings = {**SETTINGS, "size": (128, 72), "samples": 16, "denoise": True}
    locked = shoot([studio()], frames_dir=tmp_path, frames=[3], **settings)
    # The same picture from a Take that is too short to be worth a plate.
    long = studio()
    row = slice(3, 4)
    camera = type(long.camera)(**{name: column[row] for name, column in vars(long.camera).items()})
    whole = shoot([type(long)(**{**vars(long), "camera": camera})], frames_dir=tmp_path, **settings)
    a, b = pixels(locked[0]).astype(float), pixels(whole[0]).astype(float)
    assert locked[0] != whole[0]
    assert np.abs(a - b).mean() < 1.0
    blurred = [f.reshape(9, 8, 16, 8, 3).mean(axis=(1, 3)) for f in (a, b)]
    assert np.abs(blurred[0] - blurred[1]).max() < 6.0, "no patch differs: shadow and bounced light are there"


def test_a_frame_is_the_same_whatever_was_rendered_before(tmp_path: Path) -> None:
    """Taken up again by a new process that finds the plate, in another order, or all at once: equal bytes."""
    settings = {**SETTINGS, "size": (128, 72), "samples": 8, "denoise": True}
    at_once = shoot([studio()], frames_dir=tmp_path / "a", frames=[1, 3, 5], **settings)
    wanted = [path.read_bytes() for path in at_once]
    for path in at_once[1:]:
        path.unlink()
    assert list((tmp_path / "a").glob(".*.plate.npz"))
    resumed = shoot([studio()], frames_dir=tmp_path / "a", frames=[5, 3], **settings)
    assert [path.read_bytes() for path in resumed] == [wanted[2], wanted[1]]
    alone = shoot([studio()], frames_dir=tmp_path / "b", frames=[5], **settings)
    assert alone[0].read_bytes() == wanted[2]


@pytest.mark.parametrize("row", [2, 10, 34])
def test_mirrors_shadows_and_things_that_leave_are_right_over_a_plate(tmp_path: Path, row: int) -> None:
    """A ball rolls past a mirror ball and out of the picture: its mirror image and its shadow go with it."""
    mirror = fake_thing("ball", id="mirror", material="steel", size=(0.3, 0.3, 0.3), at=(0.45, 0.5, 0.15), fixed=True)
    rolling = studio(things=[fake_thing("ball", colour="#d01010"), mirror], motion="roll", seconds=2.0)
    settings = {**SETTINGS, "size": (128, 72), "samples": 24, "denoise": True, "motion_blur": True}
    locked = shoot([rolling], frames_dir=tmp_path, frames=[row], **settings)
    two = slice(row, row + 2)  # too short to be worth a plate
    camera = type(rolling.camera)(**{name: column[two] for name, column in vars(rolling.camera).items()})
    whole = shoot([replace(rolling, camera=camera)], frames_dir=tmp_path, frames=[0], **settings)
    a, b = pixels(locked[0]).astype(float), pixels(whole[0]).astype(float)
    assert locked[0] != whole[0]
    assert 10 * np.log10(255**2 / np.mean((a - b) ** 2)) > 37
    patches = [f.reshape(12, 6, 16, 8, 3).mean(axis=(1, 3)) for f in (a, b)]
    assert np.abs(patches[0] - patches[1]).max() < 6.0


def test_a_frame_of_a_moving_camera_equals_a_whole_frame(tmp_path: Path) -> None:
    """Most of it is carried over from plates; a mirror ball and its shadow are in the way of that."""
    mirror = fake_thing("ball", material="steel", size=(0.3, 0.3, 0.3), at=(-0.35, 0.2, 0.15), fixed=True)
    moving = studio(things=[fake_thing("ball", size=(0.2, 0.2, 0.2)), mirror], camera="dolly", seconds=2.0)
    settings = {**SETTINGS, "size": (160, 90), "samples": 24, "denoise": True, "motion_blur": True}
    assert len(plate_rows(moving)[12]) == 2
    carried = shoot([moving], frames_dir=tmp_path, frames=[12], **settings)
    one = slice(12, 14)
    camera = type(moving.camera)(**{name: column[one] for name, column in vars(moving.camera).items()})
    whole = shoot([replace(moving, camera=camera)], frames_dir=tmp_path, frames=[0], **settings)
    a, b = pixels(carried[0]).astype(float), pixels(whole[0]).astype(float)
    assert carried[0] != whole[0]
    assert 10 * np.log10(255**2 / np.mean((a - b) ** 2)) > 36
    blurred = [f.reshape(15, 6, 20, 8, 3).mean(axis=(1, 3)) for f in (a, b)]
    assert np.abs(blurred[0] - blurred[1]).max() < 8.0, "no patch differs: the mirror, shadows and edges are right"


def test_a_frame_made_from_its_neighbours_equals_a_whole_frame(tmp_path: Path) -> None:
    """Somebody talks beside a mirror ball: face, mirror image and shadow are right, alone or taken up again."""
    plan = director.plan("A woman in a studio, medium close-up. A steel ball hangs beside her. She says: oh, how nice!")
    (take,) = rehearse(plan)
    settings = {**SETTINGS, "size": (160, 90), "samples": 16, "denoise": True}
    beside = inbetween.neighbours(take, 3, (160, 90))
    row = max((r for r, pair in enumerate(beside) if pair), key=lambda r: moved(take, *beside[r]))
    made = shoot([take], frames_dir=tmp_path / "a", frames=[row], inbetweens=3, **settings)[0]
    whole, other = shoot([take], frames_dir=tmp_path / "a", frames=[row, row + 9], **settings)
    assert made != whole
    a, b, c = (pixels(path).astype(float) for path in (made, whole, other))
    assert 10 * np.log10(255**2 / np.mean((a - b) ** 2)) > 38
    assert 10 * np.log10(255**2 / np.mean((a - c) ** 2)) < 36, "the measure tells frames apart"
    patches = [f.reshape(15, 6, 20, 8, 3).mean(axis=(1, 3)) for f in (a, b)]
    assert np.abs(patches[0] - patches[1]).max() < 8.0
    kept = made.read_bytes()
    made.unlink()
    again = shoot([take], frames_dir=tmp_path / "a", frames=[row], inbetweens=3, **settings)[0]
    alone = shoot([take], frames_dir=tmp_path / "b", frames=[row], inbetweens=3, **settings)[0]
    assert again.read_bytes() == kept == alone.read_bytes()


def moved(take: Take, first: int, last: int) -> float:
    """How much a face changes between two frames."""
    at = np.searchsorted(take.time, take.camera.time[[first, last]])
    return float(np.abs(np.diff(take.person_face[at, 0], axis=0)).sum())


def test_a_camera_may_stand_and_then_move_on(tmp_path: Path) -> None:
    """The plate behind the frames that stand still is the first of those that move."""
    moving = studio(camera="dolly", seconds=2.0)
    held = {name: column.copy() for name, column in vars(moving.camera).items()}
    for name in ("position", "rotation"):
        held[name][:24] = held[name][23]
    take = replace(moving, camera=type(moving.camera)(**{name: read_only(c) for name, c in held.items()}))
    behind, settings = plate_rows(take), {**SETTINGS, "samples": 4}
    after = next(row for row, plates in enumerate(behind) if len(plates) == 2)
    assert behind[2] == (2,) and behind[after][0] < 24 <= after
    together = shoot([take], frames_dir=tmp_path / "a", frames=[2, after], **settings)
    alone = shoot([take], frames_dir=tmp_path / "b", frames=[after], **settings)
    assert together[1].read_bytes() == alone[0].read_bytes()


def test_scattered_parts_in_one_go_equal_the_whole(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np, bpy\n"
        "from pathlib import Path\n"
        "from soundstage.take import Take\n"
        "from soundstage.camera.blender import atlas, pixels\n"
        "from soundstage.camera.blender.scene import Scene\n"
        "from soundstage.camera.shooting import settings_of\n"
        "look = dict(size=(160, 90), samples=64, motion_blur=False, shutter=0.5, denoise=False,\n"
        "            view_transform='AgX', contrast='None', exposure_ev=0.0, seed=1)\n"
        "scene = Scene(Take.load(sys.argv[1]), settings_of(**look), 2)\n"
        "scene.pose(0)\n"
        "bpy.context.scene.render.dither_intensity = 0\n"
        "assert atlas.possible(scene.camera)\n"
        "rects = [(10, 8, 60, 40), (100, 50, 150, 88), (70, 2, 95, 30)]\n"
        "needed = np.ones((90, 160), dtype=bool)\n"
        "needed[20:30, 20:40] = False\n"
        "whole, parts = pixels.render(1), atlas.render(scene.camera, rects, needed, 2)\n"
        "left_out = parts[0][14:20, 12:28]  # what nobody needs is not traced, to a pixel or two\n"
        "assert left_out.max() == 0 and parts[0][:10].min() > 0 and parts[0][24:].min() > 0, left_out\n"
        "parts[0][9:25, 7:33] = whole[17:33, 17:43]\n"
        "apart = [np.abs(whole[y0:y1, x0:x1].astype(float).mean((0, 1)) - p.mean((0, 1))).max()\n"
        "         for p, (x0, y0, x1, y1) in zip(parts, rects)]\n"
        "sharp = [np.abs(whole[y0:y1, x0:x1].astype(float) - p).mean() for p, (x0, y0, x1, y1) in zip(parts, rects)]\n"
        "shifted = [np.abs(whole[y0:y1, x0 + 2:x1 + 2].astype(float) - p).mean()\n"
        "           for p, (x0, y0, x1, y1) in zip(parts, rects)]\n"
        "print(scene.camera.data.type, file=sys.stderr)\n"
        "assert max(apart) < 1.5 and all(a < b for a, b in zip(sharp, shifted)), (apart, sharp, shifted)\n"
        "Path(sys.argv[2]).write_text('equal')\n"
        "import os; os._exit(0)\n"
    )
    studio().save(tmp_path / "take.npz")
    done = tmp_path / "done"
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "take.npz", done], capture_output=True, text=True)
    assert done.exists(), run.stderr[-2000:]


def test_people_seen_from_afar_are_coarse_and_look_the_same(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np, bpy\n"
        "from pathlib import Path\n"
        "from soundstage.take import Take\n"
        "from soundstage.camera.blender import pixels\n"
        "from soundstage.camera.blender.scene import Scene\n"
        "from soundstage.camera.shooting import settings_of\n"
        "look = dict(size=(192, 108), samples=48, motion_blur=False, shutter=0.5, denoise=False,\n"
        "            view_transform='AgX', contrast='None', exposure_ev=0.0, seed=1)\n"
        "scene = Scene(Take.load(sys.argv[1]), settings_of(**look), 2)\n"
        "levels = lambda: {m.render_levels for r in scene.people for o in r.objects for m in o.modifiers\n"
        "                  if m.type == 'SUBSURF'}\n"
        "scene.pose(0)\n"
        "assert levels() == {0}, levels()\n"
        "coarse = pixels.render(1).astype(float)\n"
        "scene.people[0].show_fine(True)\n"
        "fine = pixels.render(1).astype(float)\n"
        "scene.people[0].show_fine(False)\n"
        "scene.pose(1)\n"
        "assert levels() == {1}, 'the second camera stands near'\n"
        "apart = np.sqrt(np.mean((coarse - fine) ** 2))\n"
        "scene.people[0].armature.location.x += 0.02\n"
        "scene.pose(0)\n"
        "moved = np.sqrt(np.mean((pixels.render(1) - coarse) ** 2))\n"
        "assert 0 < apart < 0.5 * moved and apart < 2.0, (apart, moved)\n"
        "Path(sys.argv[2]).write_text('equal')\n"
        "import os; os._exit(0)\n"
    )
    anna = documents.character()
    person = Person(
        id="anna", name="Anna", identity=anna["identity"], wardrobe=tuple(anna["wardrobe"]), voice=anna["voice"]
    )
    take = fake_take(things=[], people=[person], set_="studio", seconds=2 / 24, position=(0, -4, 1.0), f_stop=64.0)
    position = take.camera.position.copy()
    position[1] = (0, -1.5, 1.0)
    replace(take, camera=replace(take.camera, position=read_only(position))).save(tmp_path / "take.npz")
    done = tmp_path / "done"
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "take.npz", done], capture_output=True, text=True)
    assert done.exists(), run.stderr[-2000:]


def test_importing_the_camera_does_not_load_blender() -> None:
    code = "import soundstage.camera, sys; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_wrong_frames_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no frame 6"):
        shoot([studio()], frames_dir=tmp_path, frames=[6], **SETTINGS)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        shoot([studio()], frames_dir=tmp_path / "file" / "frames", **SETTINGS)


def test_repeated_death_at_one_frame_is_an_error_that_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; print('Fra:1 chatter\\nout of patience', file=sys.stderr); sys.exit(7)"
    monkeypatch.setattr(crew, "WORKER", (sys.executable, "-c", script))
    with pytest.raises(WorkerError) as caught:
        shoot([studio()], frames_dir=tmp_path, frames=[2], **SETTINGS)
    assert "frame 2" in caught.value.what and "out of patience" in caught.value.what
    assert "chatter" not in caught.value.what


@pytest.mark.skipif(not shutil.which("ps"), reason="needs ps")
def test_interrupting_leaves_no_process_behind(tmp_path: Path) -> None:
    take = tmp_path / "take.npz"
    studio(seconds=2).save(take)
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where tests run behind
        "from soundstage.camera import shoot; from soundstage.take import Take\n"
        f"shoot([Take.load({str(take)!r})], frames_dir={str(tmp_path / 'f')!r}, "
        f"progress=lambda d, n: print(d, flush=True), **{SETTINGS!r})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "1":
            break
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
    ).stdout.split()
    assert children
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode != 0
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
