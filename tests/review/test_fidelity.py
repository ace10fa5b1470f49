"""Likeness to a converged picture, and where the camera stood: on small real films of a real render."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from fakes import fake_pieces, fake_take, fake_thing
from soundstage import camera, post
from soundstage.review import Review, review
from soundstage.review.references import Reference
from soundstage.review.truth import Truth
from soundstage.take import Take

LOOK: dict[str, Any] = {
    "size": (256, 144), "samples": 96, "motion_blur": False, "shutter": 0.5, "denoise": True, "view_transform": "AgX",
    "contrast": "None", "exposure_ev": 0.0, "seed": 1,
}  # fmt: skip
FRAMES = 6
KEYS = ("psnr", "psnr_worst", "flip", "codec_psnr", "camera_rotation", "camera_position")


@dataclass
class Court:
    """A short film of a court, its Take on disk, and the reference of one of its frames."""

    folder: Path
    take: Path
    references: list[Reference]
    pictures: list[np.ndarray]

    def film(self, name: str, change: Callable[[np.ndarray], np.ndarray] = lambda p: p, **encoding: Any) -> Review:
        """The review of the film with every picture changed."""
        frames = []
        for n, picture in enumerate(self.pictures):
            frames.append(self.folder / f"{name}{n}.png")
            Image.fromarray(change(picture)).save(frames[-1])
        out = self.folder / f"{name}.mp4"
        post.finish(frames, np.zeros((FRAMES * 2000, 2), np.float32), {}, out, fps=24, **encoding)
        return review(out, takes=[self.take], references=self.references, strict=True)


def court() -> Take:
    ball = fake_thing("basketball", at=(0.6, -4.0, 0.12))
    return fake_take(
        things=[*fake_pieces("outdoor_court"), ball], time_of_day="afternoon", seconds=FRAMES / 24,
        position=(-6.0, -8.0, 1.7), look_at=(0.0, -1.0, 1.8), f_stop=16.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("court")
    take = court()
    take.save(folder / "take.npz")
    made = camera.refer([take], frames=[3], frames_dir=folder / "frames", **LOOK)
    pictures = converged(take, folder)
    Image.fromarray(pictures[3]).save(folder / "source.png")
    references = [Reference(r.frame, r.picture, r.surfaces, folder / "source.png") for r in made]
    return Court(folder, folder / "take.npz", references, pictures)


def converged(take: Take, folder: Path) -> list[np.ndarray]:
    """The pictures of a Take in which nothing moves, with noise of their own."""
    (one,) = camera.refer([take], frames=[0], frames_dir=folder / "frames", **{**LOOK, "seed": 2})
    return [np.asarray(Image.open(one.picture).convert("RGB"))] * FRAMES


def missed(found: Review) -> set[str]:
    return {key for key in KEYS if found.row(key).met is False}


def test_a_perfect_film_meets_every_goal(filmed: Court) -> None:
    perfect = replace(filmed.references[0], source=filmed.references[0].picture)
    found = replace(filmed, pictures=[perfect.rgb] * FRAMES, references=[perfect]).film("perfect")
    assert not missed(found), {key: found.row(key).value for key in KEYS}
    noisy = filmed.film("converged")  # noise of its own costs a little
    assert found.row("psnr").value - 7 < noisy.row("psnr").value < found.row("psnr").value


def test_the_camera_of_a_true_film_is_found_where_it_is(filmed: Court) -> None:
    found = filmed.film("true")
    values = {key: found.row(key).value for key in KEYS}
    assert None not in values.values()
    assert values["camera_rotation"] < 0.1 and values["camera_position"] < 0.3, values


def test_blur_is_seen_and_does_not_move_the_camera(filmed: Court) -> None:
    from scipy import ndimage

    found = filmed.film("blurred", lambda p: np.asarray(ndimage.gaussian_filter(p, (1.6, 1.6, 0))))
    assert {"psnr", "flip"} <= missed(found)
    assert not {"camera_rotation", "camera_position"} & missed(found)


def test_coarse_coding_is_seen(filmed: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = filmed.film("fine").row("codec_psnr").value
    monkeypatch.setattr(import_module("soundstage.post.encode"), "CRF", 38)
    coarse = filmed.film("coarse")
    assert coarse.row("codec_psnr").value < 34 < 38 < fine
    assert "codec_psnr" in missed(coarse) and "camera_position" not in missed(coarse)


def test_a_camera_that_looks_two_degrees_aside_is_found(filmed: Court) -> None:
    take = court()
    turned = Rotation.from_euler("z", 2.0, degrees=True) * Rotation.from_quat(take.camera.rotation[:, [1, 2, 3, 0]])
    wrong = replace(take, camera=replace(take.camera, rotation=turned.as_quat()[:, [3, 0, 1, 2]]))
    found = replace(filmed, pictures=converged(wrong, filmed.folder)).film("aside")
    assert found.row("camera_rotation").value == pytest.approx(2.0, abs=0.2)
    assert "camera_rotation" in missed(found) and "camera_position" not in missed(found)
    assert found.row("camera_rotation").worst is not None


def test_without_references_nothing_is_claimed(filmed: Court) -> None:
    filmed.film("plain")
    found = review(filmed.folder / "plain.mp4", takes=[filmed.take], strict=True)
    assert all(found.row(key).value is None and "--references" in found.row(key).why for key in KEYS)


def test_references_are_kept_and_differ_in_noise_alone(filmed: Court) -> None:
    again = camera.refer([court()], frames=[3], frames_dir=filmed.folder / "frames", **LOOK)
    assert again[0].picture == filmed.references[0].picture
    truth = Truth.of([filmed.take], (256, 144))
    instant = truth.of_frame(3)
    assert instant is not None
    points = filmed.references[0].points(np.array([[128.0, 128.0], [2.0, 2.0]]), truth.view(instant))
    assert points[0, 2] == pytest.approx(0.0, abs=0.01)  # low in the picture is the ground
    assert np.isnan(points[1]).all()
