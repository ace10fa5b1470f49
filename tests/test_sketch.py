"""The sketch: triangles land where they should, nearest first, and a preview shows and sounds what the film will."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import fake_pieces, fake_place, fake_take, fake_thing
from soundstage import clock, library
from soundstage.raster import Canvas
from soundstage.sketch import sketch
from soundstage.sketch.places import furniture
from soundstage.take import Take
from soundstage.view import View

SIZE = (160, 90)


def draw(triangles: Any, near: Any, colours: Any) -> np.ndarray:
    canvas = Canvas((64, 48))
    canvas.fill(np.asarray(triangles, float), np.asarray(near, float), np.asarray(colours, np.uint8))
    return canvas.over(np.zeros((48, 64, 3), np.uint8))


corner = st.tuples(st.floats(-30, 90), st.floats(-30, 80))


@given(st.tuples(corner, corner, corner))
@settings(max_examples=150, deadline=None)
def test_a_triangle_covers_the_pixels_whose_middle_lies_in_it(corners: Any) -> None:
    (ax, ay), (bx, by), (cx, cy) = corners
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if abs(area) < 1e-3:
        return
    picture = draw([corners], [[1, 1, 1]], [[255, 0, 0]])
    y, x = np.mgrid[:48, :64]
    inside = np.ones((48, 64), bool)
    sure = np.ones((48, 64), bool)
    for (px, py), (qx, qy) in zip(corners, (*corners[1:], corners[0]), strict=True):
        side = ((qx - px) * (y - py) - (qy - py) * (x - px)) * np.sign(area)
        inside &= side >= 0
        sure &= np.abs(side) > 1e-3 * abs(area)
    assert np.array_equal((picture[..., 0] > 0)[sure], inside[sure])


def test_the_nearest_wins_in_any_order() -> None:
    big = [(0, 0), (60, 0), (0, 46)]
    for order in ([0, 1], [1, 0]):
        near, colour = np.array([[0.5] * 3, [0.9] * 3])[order], np.array([[255, 0, 0], [0, 255, 0]])[order]
        assert draw([big, big], near, colour)[5, 5].tolist() == [0, 255, 0]
    # Two that pass through each other meet where they are equally near.
    crossing = draw([big, big], [[1.0, 0.2, 1.0], [0.6, 0.6, 0.6]], [[255, 0, 0], [0, 255, 0]])[2]
    assert crossing[25].tolist() == [255, 0, 0] and crossing[35].tolist() == [0, 255, 0]


def test_a_ball_is_drawn_where_the_camera_sees_it() -> None:
    take = fake_take(things=[fake_thing("ball", at=(0.4, 0.3, 0.8), colour="#ff0000")], set_="studio", seconds=0.1)
    picture = next(sketch(take, size=SIZE)).astype(int)
    red = picture[..., 0] - picture[..., 1:].max(axis=2) > 60
    view = View.of(take.camera, 0, SIZE)
    x, y, depth = view.project(np.array([0.4, 0.3, 0.8]))
    ys, xs = np.nonzero(red)
    assert (xs.mean(), ys.mean()) == (pytest.approx(x, abs=0.7), pytest.approx(y, abs=0.7))
    radius = take.things[0].size[0] / 2 * view.focal_px / depth
    assert red.sum() == pytest.approx(np.pi * radius**2, rel=0.15)


def test_what_turns_is_seen_to_turn_and_what_stands_still_does_not_change() -> None:
    take = fake_take(motion="roll", set_="studio", seconds=0.5)
    first, *_, last = sketch(take, size=SIZE)
    assert (first != last).any()
    still = list(sketch(fake_take(set_="studio", seconds=0.2), size=SIZE))
    assert all(np.array_equal(still[0], frame) for frame in still)


@pytest.mark.parametrize("name", library.names("sets"))
def test_every_set_can_be_sketched(name: str) -> None:
    take = fake_take(things=[*fake_pieces(name), fake_thing("ball")], set_=name, time_of_day="noon", seconds=0.1)
    picture = next(sketch(take, size=SIZE))
    assert picture.shape == (90, 160, 3) and picture.std() > 5


def test_every_kind_of_thing_can_be_sketched() -> None:
    for kind in library.names("props"):
        take = fake_take(things=[fake_thing(kind)], set_="studio", seconds=0.1, position=(0, -4, 1.5))
        empty = fake_take(things=[], set_="studio", seconds=0.1, position=(0, -4, 1.5))
        assert (next(sketch(take, size=SIZE)) != next(sketch(empty, size=SIZE))).any(), kind


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("preview") / "sketch.mp4"
    words = 'Anna drops a red ball. She says: "Here it goes!"'
    run = subprocess.run(
        [sys.executable, "-m", "soundstage", "preview", words, "-o", str(out), "--seconds", "4", "--json"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return out, json.loads(run.stdout)


def test_a_preview_moves_and_sounds_as_long_as_the_film(previewed: tuple[Path, dict[str, Any]]) -> None:
    out, said = previewed
    with av.open(str(out)) as film:
        frames = [f.to_ndarray(format="rgb24") for f in film.decode(video=0)]
    with av.open(str(out)) as film:
        sound = np.concatenate([f.to_ndarray()[0] for f in film.decode(audio=0)])
    assert len(frames) == round(said["seconds"] * said["fps"]) and list(frames[0].shape[1::-1]) == said["size"]
    assert np.abs(frames[0].astype(int) - frames[-1]).max() > 60
    assert np.abs(sound).max() > 0.05
    assert said["not_understood"] == [] and any("Anna" in line for line in said["understood"])


def test_a_preview_carries_its_screenplay_and_is_the_same_twice(
    previewed: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    import soundstage

    again = soundstage.preview(previewed[0], tmp_path / "again.mp4")
    assert again.film.read_bytes() == previewed[0].read_bytes()


def test_a_mouth_is_seen_to_speak() -> None:
    """The close-up changes around the mouth while a line is spoken, more than the forehead does."""
    import soundstage
    from soundstage.rehearsal import rehearse

    (take,) = rehearse(soundstage.plan('Close-up of a man. He says: "Oh, what a day!"', seconds=3))
    assert isinstance(take, Take)
    start, end = (clock.seconds(int(t[0])) for t in (take.utterances.start, take.utterances.end))
    rows = range(round(start * take.fps), round(end * take.fps), 2)
    frames = np.stack([f.astype(int) for f in sketch(take, size=(320, 180), rows=rows)])
    change = np.abs(np.diff(frames, axis=0)).max(axis=(0, 3))
    ys = np.nonzero(change > 60)[0]
    assert len(ys) > 40 and np.median(ys) > 60, "what changes most lies in the lower face"


def test_a_sofa_is_drawn_as_a_seat_with_a_back() -> None:
    seat = library.set_("living_room").seats["sofa"]
    pieces = [s.triangles.reshape(-1, 3) for s in furniture(fake_place("living_room", "noon"))]
    ahead = np.array([-np.sin(np.radians(seat["heading_deg"])), np.cos(np.radians(seat["heading_deg"]))])
    on, behind = (np.array(seat["at"]) - share * seat["depth"] * ahead for share in (0.5, 1.1))
    tops = [max((p[:, 2].max() for p in pieces if over(p, spot)), default=0.0) for spot in (on, behind)]
    assert tops[0] == pytest.approx(seat["height"], abs=0.06) and tops[1] > seat["height"] + 0.2
    assert len(furniture(fake_place("studio", "noon"))) == 0


def over(points: np.ndarray, spot: np.ndarray) -> bool:
    return bool((points[:, :2].min(axis=0) <= spot).all() and (spot <= points[:, :2].max(axis=0)).all())
