"""Whom shots show, and how they go together: true films are true, and each fault is found, and only it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import films
import numpy as np
import painted
import pytest

from fakes import look_rotation
from soundstage.production import steps
from soundstage.review import Review, review
from soundstage.review.camerawork.subjects import head_of
from soundstage.review.reviewing import Entry
from soundstage.review.truth import Truth
from soundstage.screenplay import Screenplay, dump
from soundstage.screenplay.model import Camera, Move
from soundstage.take import Take, Thing, read_only
from soundstage.view import View

EYES = [Entry("camerawork.framing")]
ROWS = ("subjects_in_picture", "subject_hidden", "line_crossings", "jump_cuts")
SIZE = (96, 54)
Cameras = dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("framing")


@pytest.fixture(scope="module")
def talk() -> tuple[Screenplay, Take]:
    """Two people who stand face to face, in two shots of a second."""
    play = painted.plan("two friends stand in a park; Anna says: 'Did you see that?'", seconds=2.0, size=SIZE)
    play = in_shots(play, play.shots[0].camera, play.shots[0].camera)
    (take,) = steps.rehearse(play)
    return play, take


def in_shots(play: Screenplay, *cameras: Camera) -> Screenplay:
    """The same document in shots of equal length."""
    length = play.scenes[0].seconds / len(cameras)
    shots = tuple(
        play.shots[0].model_copy(
            update={"id": f"s{n}", "start_s": n * length, "end_s": (n + 1) * length, "camera": camera}
        )
        for n, camera in enumerate(cameras)
    )
    return play.model_copy(update={"shots": shots})


def heads(play: Screenplay, take: Take, folder: Path) -> list[np.ndarray]:
    """Where the heads of all people are at the start [m]."""
    take.save(folder / "heads.npz")
    truth = Truth.of([folder / "heads.npz"], SIZE, screenplay=dump(play))
    instant = truth.of_frame(0)
    assert instant is not None
    return [head_of(truth, instant, person)[0] for person in range(len(take.people))]


def aimed(take: Take, *shots: tuple[np.ndarray, np.ndarray, float]) -> Take:
    """The Take in shots of equal length, each with a camera's position, what it looks at and its lens."""
    n = len(take.camera.time)
    which = np.arange(n) * len(shots) // n
    return replace(
        take,
        camera=replace(
            take.camera,
            shot=read_only(which.astype(np.int32)),
            position=read_only(np.array([shots[k][0] for k in which])),
            rotation=read_only(np.array([look_rotation(shots[k][1] - shots[k][0]) for k in which])),
            lens_mm=read_only(np.array([shots[k][2] for k in which])),
        ),
    )


def judge(folder: Path, name: str, play: Screenplay, take: Take) -> Review:
    """A review of a grey film: these rows look at the Take."""
    record = folder / f"{name}.take.npz"
    take.save(record)
    grey = [np.full((SIZE[1], SIZE[0], 3), 100, np.uint8)] * len(take.camera.time)
    film = films.write(folder / f"{name}.mp4", grey, comment=dump(play))
    return review(film, takes=[record], strict=True, observers=EYES)


def short(found: Review) -> set[str]:
    return {key for key in ROWS if found.row(key).met is False}


def about(camera: Camera, *subjects: str, size: str = "MCU") -> Camera:
    return camera.model_copy(update={"subjects": subjects, "size": size, "framing": "subjects", "moves": ()})


class Scene:
    """Two people, their line, and cameras on both sides of it."""

    def __init__(self, talk: tuple[Screenplay, Take], folder: Path) -> None:
        self.play, self.take = talk
        self.one, self.other = heads(self.play, self.take, folder)
        self.middle = (self.one + self.other) / 2
        along = self.other - self.one
        self.along = along / np.linalg.norm(along)
        self.across = np.cross([0.0, 0.0, 1.0], self.along)
        self.ids = tuple(person.id for person in self.take.people)

    def at(self, target: np.ndarray, degrees: float, metres: float) -> np.ndarray:
        """A place at eye level; 0° is square to the line, on its left."""
        a = np.radians(degrees)
        return np.asarray(target + metres * (np.cos(a) * self.across + np.sin(a) * self.along))


@pytest.fixture(scope="module")
def scene(talk: tuple[Screenplay, Take], folder: Path) -> Scene:
    return Scene(talk, folder)


def singles(scene: Scene, second_angle: float) -> tuple[Screenplay, Take]:
    """A close shot of each, one after the other."""
    camera = scene.play.shots[0].camera
    play = in_shots(scene.play, about(camera, scene.ids[0]), about(camera, scene.ids[1]))
    take = aimed(
        scene.take,
        (scene.at(scene.one, 40, 2.0), scene.one, 50.0),
        (scene.at(scene.other, second_angle, 2.0), scene.other, 50.0),
    )
    return play, take


def test_two_close_shots_from_one_side_of_the_line_meet_every_goal(scene: Scene, folder: Path) -> None:
    found = judge(folder, "good", *singles(scene, -40))
    assert {key: found.row(key).value for key in ROWS} == {
        "subjects_in_picture": 100.0, "subject_hidden": 0.0, "line_crossings": 0.0, "jump_cuts": 0.0,
    }  # fmt: skip
    assert short(found) == set()


def test_crossing_the_line_is_found(scene: Scene, folder: Path) -> None:
    found = judge(folder, "crossed", *singles(scene, 180 + 40))
    assert short(found) == {"line_crossings"} and found.row("line_crossings").value == 1
    worst = found.row("line_crossings").worst
    assert worst is not None and worst.time_s == pytest.approx(1.0, abs=1e-3)


def test_from_the_line_itself_one_may_go_either_way(scene: Scene, folder: Path) -> None:
    found = judge(folder, "on the line", *singles(scene, 90))
    assert found.row("line_crossings").value is None and not short(found)


@pytest.mark.parametrize(("turn", "lens", "jumps"), [(12.0, 50.0, True), (35.0, 50.0, False), (12.0, 85.0, False)])
def test_a_jump_cut_is_found(scene: Scene, folder: Path, turn: float, lens: float, jumps: bool) -> None:
    camera = scene.play.shots[0].camera
    play = in_shots(scene.play, about(camera, scene.ids[0]), about(camera, scene.ids[0]))
    take = aimed(
        scene.take,
        (scene.at(scene.one, 20, 2.0), scene.one, 50.0),
        (scene.at(scene.one, 20 + turn, 2.0), scene.one, lens),
    )
    assert short(judge(folder, "jump", play, take)) == ({"jump_cuts"} if jumps else set())


def test_a_view_that_goes_on_is_no_cut(scene: Scene, folder: Path) -> None:
    camera = scene.play.shots[0].camera
    play = in_shots(scene.play, about(camera, scene.ids[0]), about(camera, scene.ids[0]))
    stays = (scene.at(scene.one, 20, 2.0), scene.one, 50.0)
    found = judge(folder, "goes on", play, aimed(scene.take, stays, stays))
    assert short(found) == set() and found.row("jump_cuts").value is None


def test_a_subject_out_of_the_picture_is_found(scene: Scene, folder: Path) -> None:
    play, take = singles(scene, -40)
    aside = aimed(
        take, (scene.at(scene.one, 40, 2.0), scene.one, 50.0),
        (scene.at(scene.other, -40, 2.0), scene.other + 1.6 * scene.along, 50.0),
    )  # fmt: skip
    found = judge(folder, "out", play, aside)
    assert short(found) == {"subjects_in_picture"} and found.row("subjects_in_picture").value == pytest.approx(50)
    worst = found.row("subjects_in_picture").worst
    assert worst is not None and scene.ids[1] in worst.what


def test_a_head_cut_by_the_edge_is_out(scene: Scene, folder: Path) -> None:
    play, take = singles(scene, -40)
    view = View.of(take.camera, 0, SIZE)
    half = SIZE[1] / 2 / view.focal_px * 2.0  # metres from the middle of the picture to its upper edge, at the head
    for drop, met in ((half - 0.14, True), (half, False)):
        low = np.array([0.0, 0.0, drop])
        lowered = aimed(
            take, (scene.at(scene.one, 40, 2.0) - low, scene.one - low, 50.0),
            (scene.at(scene.other, -40, 2.0) - low, scene.other - low, 50.0),
        )  # fmt: skip
        assert judge(folder, "edge", play, lowered).row("subjects_in_picture").met is met


def test_a_pan_may_lose_its_subject(scene: Scene, folder: Path) -> None:
    play, take = singles(scene, -40)
    camera = play.shots[1].camera.model_copy(update={"moves": (Move(kind="pan", amount=60.0),)})
    play = in_shots(play, play.shots[0].camera, camera)
    n = len(take.camera.time)
    rotation = np.array(take.camera.rotation)
    rotation[3 * n // 4 :] = look_rotation(scene.along)
    gone = replace(take, camera=replace(take.camera, rotation=read_only(rotation)))
    assert short(judge(folder, "pans", play, gone)) == set()


def boxed(take: Take, at: np.ndarray, size: float, *, material: str = "wood") -> Take:
    """The Take with a box in it."""
    box = Thing(
        id="box", kind="crate", shape="box", size=(size, size, size), material=material, colour="#806040",
        mass_kg=5.0, fixed=True,
    )  # fmt: skip
    count = len(take.time)
    place = np.broadcast_to(at, (count, 1, 3))
    turn = np.broadcast_to([1.0, 0.0, 0.0, 0.0], (count, 1, 4))
    return replace(
        take, things=(*take.things, box),
        thing_position=read_only(np.concatenate([take.thing_position, place], axis=1)),
        thing_rotation=read_only(np.concatenate([take.thing_rotation, turn], axis=1)),
    )  # fmt: skip


def test_a_box_before_the_face_is_found(scene: Scene, folder: Path) -> None:
    play, take = singles(scene, -40)
    between = 0.8 * scene.one + 0.2 * scene.at(scene.one, 40, 2.0)
    found = judge(folder, "boxed", play, boxed(take, between, 0.25))
    assert short(found) == {"subject_hidden"} and found.row("subject_hidden").value == pytest.approx(50)
    behind = scene.one + 2.0 * (scene.one - between)
    for name, at, material in (("behind", behind, "wood"), ("glass", between, "glass")):
        assert short(judge(folder, name, play, boxed(take, at, 0.25, material=material))) == set()


def test_another_who_stands_before_the_subject_is_found(scene: Scene, folder: Path) -> None:
    camera = scene.play.shots[0].camera
    play = in_shots(scene.play, about(camera, scene.ids[0]))
    behind = scene.other + 1.5 * scene.along
    take = aimed(scene.take, (behind, scene.one, 50.0))
    assert short(judge(folder, "before", play, take)) == {"subject_hidden"}


def test_without_a_screenplay_nothing_is_claimed(scene: Scene, folder: Path) -> None:
    _, take = singles(scene, -40)
    take.save(folder / "bare.npz")
    grey = [np.full((SIZE[1], SIZE[0], 3), 100, np.uint8)] * 12
    found = review(films.write(folder / "bare.mp4", grey), takes=[folder / "bare.npz"], strict=True, observers=EYES)
    assert all(found.row(key).value is None and "screenplay" in found.row(key).why for key in ROWS)
