"""Lips against the voice: on drawn mouths whose lag is known, and (slow) on a person that Blender made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from reels import Measured, Reel, measured, print_reel, reel, shifted, sound_of, with_sound

import soundstage
from soundstage import clock
from soundstage.body import FACE_INDEX
from soundstage.review import lips
from soundstage.review.mouths import expected, place_of
from soundstage.review.truth import Truth
from soundstage.take import read_only

Draw = Callable[[int], NDArray[Any]]


@pytest.fixture(scope="module")
def close_up() -> Reel:
    return reel("Close-up of Anna. She says: 'Did you see that? I never saw such a ball!'", size=(384, 216))


@pytest.fixture(scope="module")
def two() -> Reel:
    """Anna speaks while both are seen from afar, then Ben in a shot of his own."""
    said = (
        "Two-shot. Anna says: 'Did you see that ball?' "
        "Cut to a medium close-up of Ben. Ben says: 'Yes I did, it was so close!'"
    )
    told = "Anna and Ben stand in a studio and look at the camera. Static camera. A medium shot."
    return reel(f"{told} {said}", size=(512, 288))


def mouths(of: Reel, folder: Path, *, late_s: float = 0.0, still: bool = False, dark: bool = False) -> Draw:
    """Pictures of skin with a dark mouth where each person's is, as far open as the jaw was `late_s` before.

    `dark`: the skin is, and there is a black beard around lips that are hardly brighter.
    """
    take = of.takes[0]
    take.save(folder / "drawn.take.npz")
    truth = Truth.of([folder / "drawn.take.npz"], of.screenplay.size)
    places = [place_of(truth.body(0, person)) for person in range(len(take.people))]

    def draw(frame: int) -> NDArray[Any]:
        width, height = of.screenplay.size
        picture = np.full((height, width, 3), (28, 36, 52) if dark else (120, 150, 200), np.uint8)
        instant = truth.of_frame(frame)
        assert instant is not None
        view, poses = truth.view(instant), truth.poses(0, instant.middle)
        before = truth.poses(0, max(instant.middle - clock.ticks(late_s), 0))
        for person, place in enumerate(places):
            points, _ = place.at(poses.root[0, person], poses.joints[0, person])
            middle, left, below = view.project(points)[:, :2]
            across, down = left - middle, below - middle
            face = before.face[0, person]
            jaw = 0.0 if still else max(0.0, float(face[FACE_INDEX["jawOpen"]] - face[FACE_INDEX["mouthClose"]]))
            tall = float(np.linalg.norm(down)) * (0.03 + 1.6 * jaw)
            centre = middle + 0.4 * tall * down / np.linalg.norm(down)
            turn = float(np.degrees(np.arctan2(across[1], across[0])))
            if dark:
                wide = float(np.linalg.norm(across))
                at = (float(middle[0]), float(middle[1]))
                cv2.ellipse(picture, (at, (5 * wide, 5 * wide), 0.0), (14, 14, 15), -1, cv2.LINE_AA)
                cv2.ellipse(picture, (at, (2.2 * wide, tall + 0.5 * wide), turn), (40, 44, 70), -1, cv2.LINE_AA)
            size = (1.8 * float(np.linalg.norm(across)), tall)
            colour = (8, 7, 10) if dark else (30, 25, 40)
            shape = ((float(centre[0]), float(centre[1])), size, turn)
            cv2.ellipse(picture, shape, colour, -1, cv2.LINE_AA)
        return picture

    return draw


def film(of: Reel, folder: Path, draw: Draw, **more: Any) -> Measured:
    return measured(print_reel(of, folder / "film.mp4", draw=draw, **more), lips)


def test_mouths_that_are_right_are_found_right(close_up: Reel, tmp_path: Path) -> None:
    found = film(close_up, tmp_path, mouths(close_up, tmp_path))
    assert found.missed == set()
    assert abs(found["lip_lag"]) < 8
    assert found["lip_correlation"] > 0.8
    assert found["mouth_right"] == 100


def test_a_black_beard_on_dark_skin_is_read_as_well(close_up: Reel, tmp_path: Path) -> None:
    found = film(close_up, tmp_path, mouths(close_up, tmp_path, dark=True))
    assert found.missed == set()
    assert abs(found["lip_lag"]) < 8


def test_a_late_sound_is_late_against_the_lips(close_up: Reel, tmp_path: Path) -> None:
    found = film(close_up, tmp_path, mouths(close_up, tmp_path), mix=shifted(close_up.mix * 0.9, 80.0))
    assert found.missed == {"lip_lag", "voice_offset"}
    assert found["lip_lag"] == pytest.approx(80, abs=8)


def test_late_lips_are_measured_to_a_part_of_a_frame(close_up: Reel, tmp_path: Path) -> None:
    found = film(close_up, tmp_path, mouths(close_up, tmp_path, late_s=0.06))
    assert found.missed == {"lip_lag"}
    assert found["lip_lag"] == pytest.approx(-60, abs=8)


def test_a_mouth_that_does_not_move_is_found(close_up: Reel, tmp_path: Path) -> None:
    found = film(close_up, tmp_path, mouths(close_up, tmp_path, still=True))
    assert found.missed == {"lip_correlation", "mouth_right"}
    assert found.rows["lip_lag"].value is None


def test_anothers_mouth_is_found(two: Reel, tmp_path: Path) -> None:
    draw = mouths(two, tmp_path)
    assert film(two, tmp_path, draw)["mouth_right"] == 100
    take = two.takes[0]
    swapped = replace(take.utterances, person=read_only(1 - np.asarray(take.utterances.person)))
    found = film(two, tmp_path, draw, takes=(replace(take, utterances=swapped),))
    assert found["mouth_right"] == 0
    assert "mouth_right" in found.missed


def test_without_mouths_nothing_is_said_of_lips(close_up: Reel, tmp_path: Path) -> None:
    """From so far that a mouth has a few pixels."""
    far = replace(close_up, screenplay=close_up.screenplay.model_copy(update={"size": (64, 36)}))
    found = film(far, tmp_path, mouths(far, tmp_path))
    for key in ("lip_lag", "lip_correlation", "mouth_right"):
        assert found.rows[key].value is None and "12 px" in found.rows[key].why


def test_sub_frame_lags_are_found() -> None:
    start, end = np.arange(12) * 0.1 + 1.0, np.arange(12) * 0.1 + 1.1
    ipa = ["a", "m", "i", "p", "ɛ", "b", "o", "t", "a", "f", "u", "m"]
    time_s = np.arange(0.7, 2.6, 1 / 24)
    for lag in (-0.083, -0.012, 0.0, 0.031, 0.12):
        found, r = lips.lag_of(start, end, ipa, time_s, 3.0 * expected(start, end, ipa, time_s - lag) + 0.2)
        assert found == pytest.approx(lag, abs=0.0015) and r > 0.999


@pytest.mark.slow
def test_a_rendered_person_speaks_with_the_lips(tmp_path: Path) -> None:
    """Three seconds of a close-up as a user gets it; then the same with its sound 80 ms late."""
    made = soundstage.film(
        "Close-up of Anna in a studio. She says: 'Did you see that ball over there?'",
        tmp_path / "film.mp4", size=(256, 144), seconds=3.0,
    )  # fmt: skip
    found = measured(made.film, lips)
    assert found.missed == set()
    assert abs(found["lip_lag"]) <= 20 and found["lip_correlation"] >= 0.8 and found["mouth_right"] == 100
    late = tmp_path / "late.mp4"
    with_sound(made.film, shifted(sound_of(made.film), 80.0), late)
    found = measured(late, lips)
    assert found.missed == {"lip_lag", "voice_offset"}
    assert found["lip_lag"] == pytest.approx(80, abs=20)
