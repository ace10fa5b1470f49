"""Frames made from those before and after them. Pure numbers, no Blender: bodies are drawn by the test itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundstage import director
from soundstage.body import FACE_INDEX, body
from soundstage.camera import inbetween, shooting
from soundstage.camera.flow import People
from soundstage.poses import poses_at
from soundstage.raster import Canvas
from soundstage.rehearsal import rehearse
from soundstage.take import Take, read_only
from soundstage.view import View

SIZE = (160, 90)
TALK = "Medium close-up of a woman in a park. She says: I had no idea that it would take so long."
FILMS = [
    TALK,
    "An old man sits down on the sofa in a living room at night and says: what a day.",
    "Anna waves to Ben in a park. Cut to a close-up of Ben. Ben laughs.",
    "A man walks in a street.",
    "A woman juggles in a gym. A ball falls onto a table.",
    "The camera circles a boy who waves in a park.",
]


@cache
def take_of(prompt: str) -> Take:
    return rehearse(director.plan(prompt, seconds=4.0))[0]


@pytest.mark.parametrize("prompt", FILMS)
@pytest.mark.parametrize("most", [1, 2, 5])
def test_frames_are_made_from_rendered_ones_close_by_in_the_same_shot(prompt: str, most: int) -> None:
    take = take_of(prompt)
    beside = inbetween.neighbours(take, most, SIZE)
    for row, pair in enumerate(beside):
        if not pair:
            continue
        before, after = pair
        assert before < row < after <= before + most + 1
        assert not beside[before] and not beside[after]
        assert take.camera.shot[before] == take.camera.shot[row] == take.camera.shot[after]
        assert np.ptp(take.camera.position[before : after + 1], axis=0).max() == 0.0


def made(prompt: str, most: int = 3) -> float:
    """Part of a film's frames that is made from others."""
    return float(np.mean([bool(pair) for pair in inbetween.neighbours(take_of(prompt), most, SIZE)]))


def test_who_talks_is_made_from_few_frames_and_what_moves_fast_or_is_followed_is_rendered() -> None:
    assert made(TALK) > 0.5
    assert made("A man runs in a street.") < 0.2
    assert made("The camera circles a boy who waves in a park.") == 0.0
    assert made("A ball bounces in front of a woman in a park.") < made(TALK) / 2
    assert made(TALK, most=0) == 0.0


@pytest.mark.parametrize("row", [20, 50])
def test_the_way_of_a_point_is_that_of_the_skin(row: int) -> None:
    """At the pixels of vertices, half a pixel off them at most, flow is the difference of where the Take has them."""
    take = take_of(TALK)
    people = People(take, SIZE)
    (way,), away = people.ways(row, (row + 3,))
    here, there = (spots(take, r) for r in (row, row + 3))
    x, y = np.rint(here[:, :2]).astype(int).T
    inside = (x > 0) & (x < SIZE[0] - 1) & (y > 0) & (y < SIZE[1] - 1)
    near = people.skins(row).near[np.where(inside, y, 0), np.where(inside, x, 0)]
    seen = inside & (near > 0.0) & (here[:, 2] < 1.0 / near.clip(1e-9) + 0.003)
    off = np.linalg.norm(way.flow[y[seen], x[seen]] - (there - here)[seen, :2], axis=1)
    assert seen.sum() > 300 and np.percentile(off, 95) < 0.4
    assert np.linalg.norm((there - here)[seen, :2], axis=1).max() > 0.5  # and somebody does move
    assert np.all(away[y[seen], x[seen]] == 0.0)


def spots(take: Take, row: int, size: tuple[int, int] = SIZE) -> Any:
    """Pixels and depth (V, 3) of somebody's skin in a frame."""
    shown = poses_at(take, take.camera.time[row : row + 1])
    skin = body(take.people[0].identity).skin(shown.root[0, 0], shown.joints[0, 0], shown.face[0, 0])
    return View.of(take.camera, row, size).project(skin)


def drawn(take: Take, row: int, shadow: float | None = None) -> Any:
    """A picture (H, W, 3): skin with its own colours before a pattern; a dark disc at a share of the width."""
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    wall = np.stack([90 + 50 * np.sin(x / 9), 110 + 40 * np.cos(y / 7), 120 + 40 * np.sin((x + y) / 11)], axis=-1)
    if shadow is not None:
        wall[(x - shadow * SIZE[0]) ** 2 + (y - 20) ** 2 < 49] *= 0.4
    shape = body(take.people[0].identity)
    faces = np.asarray(shape.faces)
    triangles = np.concatenate([faces[:, [0, k, k + 1]] for k in range(1, faces.shape[1] - 1)])
    at = spots(take, row)[triangles]
    ok = (at[..., 2] > 0.1).all(axis=1)
    rest = shape.vertices[triangles].mean(axis=1)
    colour = np.clip(128 + 100 * np.sin(rest * 40 + np.array([0.0, 1.0, 2.0])), 0, 255).astype(np.uint8)
    canvas = Canvas(SIZE)
    canvas.fill(at[ok, :, :2], 1.0 / at[ok, :, 2], colour[ok])
    return canvas.over(np.clip(wall, 0, 255).astype(np.uint8))


def error(picture: Any, truth: Any, where: Any) -> float:
    return float(np.sqrt(np.mean((picture - truth.astype(float))[where] ** 2)))


def test_a_frame_is_what_its_neighbours_show_of_it() -> None:
    take = take_of(TALK)
    row, pair = next((r, p) for r, p in enumerate(inbetween.neighbours(take, 3, SIZE)) if p and r > 30)
    ways, away = People(take, SIZE).ways(row, (pair[0], pair[1]))
    share = (row - pair[0]) / (pair[1] - pair[0])
    before, truth, after = (drawn(take, r) for r in (pair[0], row, pair[1]))
    picture, unknown = inbetween.predict(before, after, share, ways, away)
    assert unknown.mean() < 0.2
    good = error(picture, truth, ~unknown)
    assert good < 6.0
    # Skin that did not go along would show: the measure tells.
    astray = [type(way)(way.flow + 3.0, way.known) for way in ways]
    wrong, unsure = inbetween.predict(before, after, share, astray, away)
    assert error(wrong, truth, ~unknown) > 2.0 * good or unsure.mean() > 2.0 * unknown.mean() + 0.02


def test_what_comes_goes_or_passes_is_not_known() -> None:
    """A shadow that is elsewhere in both, a thing that is new in one: their places are rendered."""
    take = take_of(TALK)
    row, pair = next((r, p) for r, p in enumerate(inbetween.neighbours(take, 3, SIZE)) if p and r > 30)
    ways, away = People(take, SIZE).ways(row, (pair[0], pair[1]))
    before, after = drawn(take, pair[0], shadow=0.10), drawn(take, pair[1], shadow=0.17)
    _, unknown = inbetween.predict(before, after, 0.5, ways, away)
    assert unknown[14:26, 9:23].mean() > 0.5
    _, unknown = inbetween.predict(drawn(take, pair[0]), drawn(take, pair[1], shadow=0.12), 0.5, ways, away)
    assert unknown[16:24, 15:23].mean() > 0.8
    _, calm = inbetween.predict(drawn(take, pair[0]), drawn(take, pair[1]), 0.5, ways, away)
    assert calm[14:26, 9:23].mean() < 0.05


def test_the_inside_of_a_mouth_that_was_shut_is_not_taken_from_lips() -> None:
    take = take_of("Close-up of a woman in a park.")
    faces = take.person_face.copy()
    period = int(np.searchsorted(take.time, take.camera.time[21]))
    faces[:] = 0.0
    faces[period - 2 : period + 3, 0, FACE_INDEX["jawOpen"]] = 0.9
    opened = Take(**{**vars(take), "person_face": read_only(faces)})
    size = (320, 180)
    people = People(opened, size)
    (before, after), away = people.ways(21, (20, 22))
    shut, _ = People(take, size).ways(21, (20, 22))
    skin = away == 0.0
    hidden = skin & ~(before.known & after.known)
    usual = (away == 0.0) & ~(shut[0].known & shut[1].known)
    assert hidden.sum() > 3 * usual.sum() + 30
    shape = body(take.people[0].identity)
    lips = spots(opened, 21, size)[np.flatnonzero(shape.masks["lips"] > 0.5)]
    x0, y0 = lips[:, :2].min(axis=0) - 2
    x1, y1 = lips[:, :2].max(axis=0) + 2
    y, x = np.nonzero(hidden)
    assert np.mean((x > x0) & (x < x1) & (y > y0) & (y < y1)) > 0.4


def test_orders_name_what_has_to_be_there_before(tmp_path: Path) -> None:
    take = take_of(TALK)
    settings = shooting.settings_of(
        size=SIZE, samples=1, motion_blur=False, shutter=0.5, denoise=False, view_transform="AgX", contrast="None",
        exposure_ev=0.0, seed=1,
    )  # fmt: skip
    rows = list(range(len(take.camera.time)))
    every = shooting.orders_of(take, settings, rows, tmp_path, 3)
    plain = shooting.orders_of(take, settings, rows, tmp_path, 0)
    some = next(row for row in rows if every[row].neighbours)
    alone = shooting.orders_of(take, settings, [some], tmp_path, 3)
    assert set(alone) == {some, *(one.row for one in every[some].neighbours)}
    assert alone[some] == every[some] and every[some].target != plain[some].target
    for row in rows:
        assert not plain[row].neighbours
        if not every[row].neighbours:
            assert every[row].target == plain[row].target  # the same frames, whatever is made from them
        for one in every[row].neighbours:
            assert one.path == every[one.row].target and not every[one.row].neighbours
