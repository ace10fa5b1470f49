"""Plates carried over to other cameras, and which frames get one. Pure numbers, no Blender."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import fake_take, look_rotation
from soundstage.camera import keyframes as keys
from soundstage.camera.packing import pack
from soundstage.camera.warping import Plate, between, blurred, motion, predict
from soundstage.take import read_only
from soundstage.view import View, matrix

SIZE = (160, 90)


def view(position: tuple[float, float, float], look_at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> View:
    ahead = np.array(look_at) - np.array(position)
    return View(position=np.array(position), turn=matrix(look_rotation(ahead)), lens_mm=35.0, size=SIZE)


def shot_of(camera: View, *, box: bool = True, glint: float = 0.0) -> Plate:
    """A checked floor at z = 0, a wall-like box in front of it, and the sky, as a camera sees them; smooth colours."""
    pixels = np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1)
    rays = camera.rays(pixels)
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.where(rays[..., 2] < 0, -camera.position[2] / rays[..., 2], np.inf)
        front = (-0.5 - camera.position[1]) / rays[..., 1]
    on_box = camera.position + rays * front[..., None]
    hit = box & (front > 0) & (np.abs(on_box[..., 0]) < 0.4) & (on_box[..., 2] > 0) & (on_box[..., 2] < 0.8)
    depth = np.where(hit & (front < floor), front, floor)
    points = camera.position + rays * np.minimum(depth, 1e5)[..., None]
    wave = 127 + 60 * np.sin(points[..., 0] * 1.5) + 50 * np.cos(points[..., 1] * 1.2)
    picture = np.stack([wave, wave * 0.5, 255 - wave], axis=-1)
    picture[np.isinf(depth)] = (90, 140, 220)
    picture[hit & (depth == front)] = (200, 60, 40)
    if glint:
        picture[40:60, 60:90] += glint
    return Plate(
        picture=np.clip(np.rint(picture), 0, 255).astype(np.uint8), depth=depth.astype(np.float32), view=camera
    )


def psnr(a: Any, b: Any, where: Any) -> float:
    return float(10 * np.log10(255**2 / np.mean((a.astype(float) - b)[where] ** 2)))


def test_the_same_camera_sees_its_plate_again() -> None:
    plate = shot_of(view((0.3, -3.0, 1.2)))
    picture, unknown, depth = predict((plate,), (1.0,), plate.view)
    assert unknown.mean() < 0.06  # the edge of the picture alone
    assert np.abs(picture - plate.picture)[~unknown].max() < 0.6
    near = ~np.isinf(plate.depth)
    assert (np.abs(depth / plate.depth - 1)[near] < 0.02).mean() > 0.98  # all but silhouettes


def test_a_camera_between_two_plates_sees_what_a_picture_from_there_shows() -> None:
    a, b, middle = view((-0.3, -3.0, 1.2)), view((0.3, -2.9, 1.2)), view((0.05, -2.95, 1.2))
    truth = shot_of(middle)
    picture, unknown, _ = predict((shot_of(a), shot_of(b)), (0.5, 0.5), middle)
    assert unknown.mean() < 0.25
    assert psnr(picture, truth.picture, ~unknown) > 38.0


def test_a_camera_gone_wrong_is_told_by_the_same_measure() -> None:
    """Sabotage: the plate believes that it was seen from 3 cm beside its place."""
    middle = view((0.05, -2.95, 1.2))
    plate = shot_of(view((-0.3, -3.0, 1.2)))
    moved = replace(plate, view=replace(plate.view, position=plate.view.position + [0.03, 0, 0]))
    picture, unknown, _ = predict((moved,), (1.0,), middle)
    assert psnr(picture, shot_of(middle).picture, ~unknown) < 34.0


def test_what_was_hidden_behind_a_box_is_unknown() -> None:
    left, right = view((-1.2, -3.0, 1.0)), view((1.2, -3.0, 1.0))
    picture, unknown, _ = predict((shot_of(left),), (1.0,), right)
    truth = shot_of(right)
    wrong = np.abs(picture - truth.picture).max(axis=2) > 30
    assert (wrong & ~unknown).mean() < 0.01  # nothing false is taken for known
    assert unknown.mean() > 0.05


def test_what_two_plates_disagree_about_is_unknown() -> None:
    """A highlight that wanders with the camera cannot be carried over."""
    camera = view((0.0, -3.0, 1.2))
    plain, glinting = shot_of(camera), shot_of(camera, glint=50)
    _, unknown, _ = predict((plain, glinting), (0.5, 0.5), camera)
    assert unknown[45:55, 65:85].all()
    assert not unknown[20:30, 110:130].any()


def test_a_moving_camera_blurs_by_its_own_way() -> None:
    first, last = view((0.0, -3.0, 1.2)), view((0.1, -3.0, 1.2), (0.1, 0.0, 0.0))
    middle = between(first, last, 0.5)
    plate = shot_of(middle, box=False)
    way = motion(plate.depth, middle, first, last)
    floor = ~np.isinf(plate.depth)
    expected = -middle.focal_px * 0.1 / plate.depth[floor]
    assert np.allclose(way[floor][:, 0], expected, atol=0.02)  # a truck to the right moves the picture to the left
    line = np.zeros((*SIZE[::-1], 3), dtype=np.float32)
    line[:, 80] = 255
    smeared = blurred(line, np.full((*SIZE[::-1], 2), (9.0, 0.0), dtype=np.float32))
    assert smeared[45].sum() == pytest.approx(line[45].sum(), rel=0.02)
    assert 7 <= (smeared[45, :, 0] > 10).sum() <= 13


def path(positions: Any, **columns: Any) -> Any:
    camera = fake_take(seconds=len(positions) / 24, fps=24).camera
    rows = {"position": np.array(positions, dtype=float), **columns}
    return replace(camera, **{name: read_only(np.asarray(value)) for name, value in rows.items()})


def test_slow_cameras_get_few_plates_fast_ones_none() -> None:
    slow = path([(x, -4.0, 1.5) for x in np.linspace(0, 0.2, 96)])
    fast = path([(x, -4.0, 1.5) for x in np.linspace(0, 200.0, 96)])
    assert len(set(keys.keyframes(slow))) <= 3
    assert set(keys.keyframes(fast)) == {()}


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 20.0), st.integers(20, 120))
def test_every_frame_lies_between_its_plates(travelled: float, count: int) -> None:
    camera = path([(x, -4.0, 1.5) for x in np.linspace(0, travelled, count)])
    for f, rows in enumerate(keys.keyframes(camera)):
        assert rows == () or (rows[0] <= f <= rows[1] and rows[1] - rows[0] >= keys.PAYS)


def test_plates_do_not_reach_over_a_cut() -> None:
    camera = path([(x, -4.0, 1.5) for x in np.linspace(0, 0.2, 96)], shot=np.repeat([0, 1], 48).astype(np.int32))
    assert all((row < 48) == (f < 48) for f, rows in enumerate(keys.keyframes(camera)) for row in rows)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), max_size=12))
def test_packed_rectangles_fit_and_do_not_cover_each_other(sizes: list[tuple[int, int]]) -> None:
    spots, (width, height) = pack(sizes)
    taken = np.zeros((height, width), dtype=int)
    for (x, y), (w, h) in zip(spots, sizes, strict=True):
        assert x + w <= width and y + h <= height
        taken[y : y + h, x : x + w] += 1
    assert taken.max(initial=0) <= 1
