"""The way of the camera, found in the picture: true films are true, and each fault is found, and only it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import moving
import numpy as np
import pytest
from moving import Array, Board
from scipy.spatial.transform import Rotation

from soundstage.review import Review, review
from soundstage.review.references import Reference
from soundstage.review.reviewing import Entry
from soundstage.take import Take, read_only

EYES = [Entry("camerawork.path"), Entry("camerawork.warping")]
ROWS = ("path_rotation", "path_position", "path_lens", "camera_jumps", "warp_error")


@dataclass(frozen=True)
class Film:
    """A film of a painted world, and what it was shot by."""

    folder: Path
    take: Take
    pictures: list[Array]

    def judge(
        self,
        name: str,
        *,
        claim: Take | None = None,
        pictures: list[Array] | None = None,
        references: Sequence[Reference] = (),
        passes: Sequence[Board] = (),
        **how: Any,
    ) -> Review:
        """The review of the film, or of other pictures, against its Take, or one that claims something else."""
        film, record = moving.write(self.folder, name, pictures or self.pictures, claim or self.take, **how)
        if passes:
            moving.pass_files(film, passes, claim or self.take, range(0, len(self.pictures), 1))
        return review(film, takes=[record], references=references, strict=True, observers=EYES)


def value(found: Review, key: str) -> float:
    measured = found.row(key).value
    assert measured is not None, found.row(key).why
    return measured


def short(found: Review) -> set[str]:
    return {key for key in ROWS if found.row(key).met is False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("camerawork")


@pytest.fixture(scope="module")
def room(folder: Path) -> Film:
    """A truck past a crate in a room."""
    take = moving.indoors()
    return Film(folder, take, moving.shoot(moving.room(), take))


@pytest.fixture(scope="module")
def court(folder: Path) -> Film:
    """A dolly over a court; of what is seen only the ground is in the Take."""
    take = moving.outdoors(way=moving.ahead)
    return Film(folder, take, moving.shoot(moving.court(), take))


@pytest.fixture(scope="module")
def pan(folder: Path) -> Film:
    take = moving.indoors(way=moving.pans)
    return Film(folder, take, moving.shoot(moving.room(), take))


# ── what is true ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("which", ["room", "court"])
def test_the_path_of_a_true_film_is_found(which: str, request: pytest.FixtureRequest) -> None:
    film: Film = request.getfixturevalue(which)
    found = film.judge(f"true {which}")
    assert short(found) == set()
    assert value(found, "path_rotation") < 0.06
    assert value(found, "path_position") < 0.5
    assert value(found, "path_position") < 1.5 * value(found, "path_own_error") < 1.5  # it knows how well it knows
    assert value(found, "camera_jumps") == 0
    assert found.row("path_lens").value is None and "lens" in found.row("path_lens").why


def test_a_true_pan_is_found_and_goes_nowhere(pan: Film) -> None:
    found = pan.judge("pan")
    assert short(found) == set() and value(found, "path_rotation") < 0.06
    assert found.row("path_position").value is None and "anywhere" in found.row("path_position").why


def test_a_true_zoom_is_found_and_a_false_one_flagged(folder: Path) -> None:
    take = moving.indoors(1.0, moving.zooms)
    film = Film(folder, take, moving.shoot(moving.room(), take))
    found = film.judge("zoom")
    assert short(found) == set() and value(found, "path_lens") < 0.15
    less = moving.path(take, lambda t: (*moving.zooms(t)[:2], 24 + 15 * moving.eased(t)))
    wrong = film.judge("zoom less", claim=less)
    assert short(wrong) == {"path_lens"} and value(wrong, "path_lens") == pytest.approx(100 / 39, abs=0.3)


def test_coarse_coding_does_not_move_the_camera(room: Film) -> None:
    found = room.judge("coarse", crf=22)
    assert short(found) == set() and value(found, "path_position") < 1


# ── sabotage ────────────────────────────────────────────────────────────────────────────────────────────────────────


def turned(take: Take, start: int, degrees: float) -> Take:
    """The Take whose camera looks to the side from a picture on."""
    own = Rotation.from_quat(take.camera.rotation[:, [1, 2, 3, 0]])
    aside = (Rotation.from_euler("z", degrees, degrees=True) * own).as_quat()[:, [3, 0, 1, 2]]
    rotation = np.array(take.camera.rotation)
    rotation[start:] = aside[start:]
    return replace(take, camera=replace(take.camera, rotation=read_only(rotation)))


def scaled(take: Take, factor: float) -> Take:
    """The Take whose camera goes further."""
    position = take.camera.position[0] + factor * (take.camera.position - take.camera.position[0])
    return replace(take, camera=replace(take.camera, position=read_only(position)))


@pytest.mark.parametrize("which", ["room", "court", "pan"])
def test_a_camera_turned_by_one_degree_is_found(which: str, request: pytest.FixtureRequest) -> None:
    film: Film = request.getfixturevalue(which)
    found = film.judge(f"turned {which}", claim=turned(film.take, 14, 1.0))
    assert value(found, "path_rotation") == pytest.approx(1.0, abs=0.08)
    assert short(found) == {"path_rotation", "camera_jumps"}  # the Take jumps there
    worst = found.row("camera_jumps").worst
    assert worst is not None and worst.time_s == pytest.approx(14 / 24, abs=1e-3)


@pytest.mark.parametrize("which", ["room", "court"])
@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_a_way_that_is_two_percent_off_is_found(which: str, factor: float, request: pytest.FixtureRequest) -> None:
    film: Film = request.getfixturevalue(which)
    found = film.judge(f"scaled {which}", claim=scaled(film.take, factor))
    assert short(found) == {"path_position"}
    assert value(found, "path_position") == pytest.approx(2.0, abs=0.5)


def test_a_picture_missing_in_a_pan_is_found(pan: Film) -> None:
    pictures = pan.pictures[:15] + pan.pictures[16:] + pan.pictures[-1:]
    found = pan.judge("dropped", pictures=pictures)
    step = 50 / (len(pictures) - 1)
    assert short(found) == {"path_rotation", "camera_jumps"}
    assert value(found, "path_rotation") == pytest.approx(step, abs=0.1)
    jumps = found.row("camera_jumps").moments
    assert any(m.time_s == pytest.approx(15 / 24, abs=1e-3) and "film" in m.what for m in jumps)


def test_a_locked_camera_that_is_pushed_is_found(folder: Path) -> None:
    take = moving.indoors(1.0, lambda t: ((0.0, -3.0, 1.5), (0.2, 1.5, 1.2), 28.0))
    first, other = (moving.paint(moving.room(), moving.View.of(t.camera, 20, moving.SIZE)) for t in (
        take, turned(take, 0, 0.8)))  # fmt: skip
    film = Film(folder, take, [first] * 10 + [other] * 14)
    found = film.judge("pushed")
    assert short(found) == {"path_rotation", "camera_jumps"}
    assert value(found, "path_rotation") == pytest.approx(0.8, abs=0.06)
    assert short(film.judge("not pushed", pictures=[first] * 24)) == set()


# ── what cannot be told ─────────────────────────────────────────────────────────────────────────────────────────────


def test_without_anything_to_follow_nothing_is_claimed(folder: Path) -> None:
    take = moving.indoors(0.5)
    film = Film(folder, take, [np.full((216, 384, 3), 120, np.uint8)] * 12)
    found = film.judge("empty")
    for key in ("path_rotation", "path_position"):
        assert found.row(key).value is None and "followed" in found.row(key).why


def test_a_world_that_no_take_knows_gives_no_measure_of_length(folder: Path) -> None:
    """Before a wall alone, without the ground, a long way before a far wall looks like a short one before a near."""
    take = moving.outdoors(0.75, lambda t: ((-0.4 + 0.8 * t, 3.0, 3.5), (-0.4 + 0.8 * t, 7.0, 3.9), 50.0))
    found = Film(folder, take, moving.shoot(moving.court(), take)).judge("wall")
    assert found.row("path_position").value is None and "known" in found.row("path_position").why


def test_a_way_too_short_to_be_told_is_not_passed(folder: Path) -> None:
    take = moving.indoors(0.75, lambda t: ((0.03 * t, -3.4, 1.5), (0.2, 1.5, 1.0), 28.0))
    found = Film(folder, take, moving.shoot(moving.room(), take)).judge("short way")
    assert found.row("path_position").value is None and "tells it only to" in found.row("path_position").why
    assert found.row("path_rotation").met is True


# ── with more truth: references and passes ──────────────────────────────────────────────────────────────────────────


def test_with_references_an_error_of_the_whole_shot_is_found(room: Film) -> None:
    """All pictures look one degree aside: only against references can that be seen."""
    claim = turned(room.take, 0, 1.0)
    alone = room.judge("aside unreferred", claim=claim)
    assert alone.row("path_rotation").met is True  # but its way has another direction in its own eyes
    references = [moving.refer(room.folder, moving.room(), claim, frame) for frame in (8, 27)]
    found = room.judge("aside", claim=claim, references=references)
    assert "path_rotation" in short(found) and value(found, "path_rotation") == pytest.approx(1.0, abs=0.05)
    true = [moving.refer(room.folder, moving.room(), room.take, frame) for frame in (8, 27)]
    right = room.judge("referred", references=true)
    assert short(right) == set() and value(right, "path_rotation") < 0.05
    assert value(right, "path_position") < 0.4


def test_with_references_no_surface_need_be_known(folder: Path) -> None:
    take = moving.outdoors(0.75, lambda t: ((-0.4 + 0.8 * t, 1.0, 3.5), (-0.4 + 0.8 * t, 7.0, 3.9), 40.0))
    film = Film(folder, take, moving.shoot(moving.court(), take))
    found = film.judge("wall", references=[moving.refer(folder, moving.court(), take, 4)])
    assert short(found) == set() and value(found, "path_rotation") < 0.1


def test_with_passes_the_whole_picture_is_carried_along(court: Film) -> None:
    found = court.judge("passes", passes=moving.court())
    assert short(found) == set() and value(found, "path_position") < 0.5

    def trembles(n: int, picture: Array) -> Array:
        return np.clip(picture.astype(int) + (4 if n % 2 else 0), 0, 255).astype(np.uint8)

    wrong = court.judge("trembles", passes=moving.court(), pictures=[trembles(*x) for x in enumerate(court.pictures)])
    assert short(wrong) == {"warp_error"} and value(wrong, "warp_error") == pytest.approx(
        np.hypot(4.0, value(found, "warp_error")), abs=0.3
    )


def test_noise_that_sticks_to_the_screen_is_found(court: Film) -> None:
    """With one seed for all frames, noise stands still while the world goes by."""
    sticks = np.random.default_rng(1).normal(0, 4, court.pictures[0].shape)
    pictures = [np.clip(np.rint(p + sticks), 0, 255).astype(np.uint8) for p in court.pictures]
    found = court.judge("sticks", passes=moving.court(), pictures=pictures)
    assert short(found) == {"warp_error"}
