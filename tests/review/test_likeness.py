"""Frames against their references: each number is what it says, and each fault shows in its own number."""

from __future__ import annotations

from pathlib import Path

import cv2
import films
import numpy as np
import pytest
from films import Array

from soundstage.review import compare, static_difference, warping_error


@pytest.fixture(scope="module")
def frames() -> list[Array]:
    return films.scene(6)


def noisy(picture: Array, sigma: float, seed: int) -> Array:
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def boxes(count: int) -> list[Array]:
    """A region that moves."""
    found = []
    for n in range(count):
        mask = np.zeros((films.HEIGHT, films.WIDTH), dtype=bool)
        mask[60:120, 80 + 12 * n : 150 + 12 * n] = True
        found.append(mask)
    return found


def test_equal_frames_are_perfect(frames: list[Array]) -> None:
    found = compare(frames, frames, regions=boxes(6), moving=boxes(6))
    assert (found.psnr_y, found.psnr_rgb, found.frames) == (99.0, 99.0, 6)
    assert found.flip == pytest.approx(0, abs=1e-4) and found.seam == 0 and found.leftover == 0


def test_noise_has_the_psnr_of_its_power(frames: list[Array]) -> None:
    found = compare([noisy(p, 3.0, n) for n, p in enumerate(frames)], frames, flip_every=0)
    assert found.psnr_rgb == pytest.approx(20 * np.log10(255 / np.hypot(3.0, 0.29)), abs=0.15)
    assert found.psnr_y == pytest.approx(
        20 * np.log10(255 / (3.0 * np.sqrt(0.2126**2 + 0.7152**2 + 0.0722**2))), abs=0.2
    )
    assert np.isnan(found.flip) and np.isnan(found.seam) and np.isnan(found.leftover)


def test_the_worst_frame_is_named(frames: list[Array]) -> None:
    shown = [noisy(p, 12.0 if n == 4 else 2.0, n) for n, p in enumerate(frames)]
    found = compare(shown, frames, flip_every=2)
    assert found.worst == 4 and found.worst_psnr_y < found.psnr_y < max(found.per_frame_psnr_y)
    assert 0 < found.flip < found.worst_flip < 1


def test_a_seam_is_seen_and_noise_is_none(frames: list[Array]) -> None:
    """One code of brightness in a region is hardly any noise, but a seam."""
    regions = boxes(6)
    stepped = [
        np.where(m[..., None], p.astype(int) + 1, p).astype(np.uint8) for p, m in zip(frames, regions, strict=True)
    ]
    found = compare(stepped, frames, regions=regions, flip_every=0)
    assert found.seam == pytest.approx(1.0, abs=0.05)
    assert found.outside_psnr_y == 99.0 and found.inside_psnr_y == pytest.approx(20 * np.log10(255), abs=0.1)
    grainy = compare([noisy(p, 2.0, n) for n, p in enumerate(frames)], frames, regions=regions, flip_every=0)
    assert grainy.seam < 0.5
    brighter = compare([np.clip(p.astype(int) + 1, 0, 255).astype(np.uint8) for p in frames], frames, regions=regions,
                       flip_every=0)  # fmt: skip
    assert brighter.seam == pytest.approx(0, abs=0.02)  # alike on both sides


def test_a_region_that_fills_the_picture_has_no_seam(frames: list[Array]) -> None:
    whole = [np.ones(frames[0].shape[:2], dtype=bool)] * 6
    found = compare(frames, frames, regions=whole, flip_every=0)
    assert np.isnan(found.seam) and np.isnan(found.outside_psnr_y)


def test_what_is_left_behind_a_moving_thing_is_found(frames: list[Array]) -> None:
    masks = boxes(6)
    shown = [p.copy() for p in frames]
    for n in range(1, 6):  # a trail of what was there
        gone = masks[n - 1] & ~masks[n]
        shown[n][gone] = np.clip(shown[n][gone].astype(int) + 8, 0, 255)
    found = compare(shown, frames, moving=masks, flip_every=0)
    assert 4 < found.leftover <= 8 and found.worst_leftover >= found.leftover
    inside = [p.copy() for p in frames]
    for n in range(6):
        inside[n][masks[n]] ^= 4
    assert compare(inside, frames, moving=masks, flip_every=0).leftover == 0


def test_files_are_read(frames: list[Array], tmp_path: Path) -> None:
    files = []
    for n, picture in enumerate(frames[:2]):
        files.append(tmp_path / f"{n}.png")
        cv2.imwrite(str(files[-1]), picture[..., ::-1])
    assert compare(files, frames[:2]).psnr_rgb == 99.0


@pytest.mark.parametrize("wrong", ["none", "fewer", "size", "masks"])
def test_what_cannot_be_compared_is_refused(frames: list[Array], wrong: str) -> None:
    with pytest.raises(ValueError, match=r"frame|shorter|shape|masks"):
        if wrong == "none":
            compare([], [])
        elif wrong == "fewer":
            compare(frames, frames[:3], flip_every=0)
        elif wrong == "size":
            compare([frames[0][:90]], [frames[0]])
        else:
            compare(frames[:2], frames[:2], regions=boxes(3), flip_every=0)


def test_still_frames_do_not_differ_and_noise_does(frames: list[Array]) -> None:
    still = [frames[0]] * 5
    assert static_difference(still) == (0.0, 0.0)
    grainy = [noisy(p, 1.0, n) for n, p in enumerate(still)]
    mean, worst = static_difference(grainy)
    assert mean == pytest.approx(2 / np.sqrt(np.pi) * np.hypot(1.0, 0.29), rel=0.05) and worst >= mean
    changed = [p.copy() for p in still]
    changed[3][:40, :40] += 50
    mask = np.ones(still[0].shape[:2], dtype=bool)
    mask[:40, :40] = False
    assert static_difference(changed)[1] > 1 and static_difference(changed, mask) == (0.0, 0.0)
    with pytest.raises(ValueError, match="still"):
        static_difference(still, ~np.ones_like(mask))
    with pytest.raises(ValueError, match="two"):
        static_difference(still[:1])


def test_what_goes_along_with_the_flow_does_not_change() -> None:
    wide = films.scene(1, size=(400, 180))[0]
    one, other = wide[:, :320], wide[:, 7:327]
    flow = np.zeros((180, 320, 2), dtype=np.float32)
    flow[..., 0] = -7
    assert warping_error(one, other, flow) == pytest.approx(0, abs=1e-3)
    assert warping_error(one, np.clip(other.astype(int) + 3, 0, 255), flow) == pytest.approx(3, abs=0.05)
    assert warping_error(one, other, flow * 0) > 3
    known = np.zeros((180, 320), dtype=bool)
    with pytest.raises(ValueError, match="nothing"):
        warping_error(one, other, flow, known)
