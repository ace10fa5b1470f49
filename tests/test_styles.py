"""Styles: each is what it says it is, stands still when nothing moves, goes with the surfaces when something does."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import documents
import soundstage.camera.shooting  # noqa: F401  # before a stand-in takes the camera's place
import test_production
from fakes import fake_take, fake_thing
from plain_passes import Stage
from soundstage import cli, library, passes
from soundstage.body import BONE_INDEX, body
from soundstage.errors import InputError, ScreenplayError
from soundstage.looks import Style
from soundstage.post.encode import FrameError
from soundstage.post.look import Look, dress
from soundstage.post.styles import STYLES, Frame
from soundstage.post.styles._frame import at_rest
from soundstage.post.styles._tools import inked, laid, outlines
from soundstage.production import Options, check_vocabulary, film, steps
from soundstage.production.dressing import held, look_of
from soundstage.production.options import apply
from soundstage.production.posing import movers
from soundstage.production.references import references
from soundstage.screenplay import Screenplay, dump, load
from soundstage.sketch import sketch
from soundstage.take import Person, Take
from test_production import Rooms

NAMES = library.names("styles")
rooms = test_production.rooms
SIZE = (320, 180)
DRAWN = [name for name in NAMES if library.style(name).passes]
CALM = [n for n in NAMES if not library.style(n).new_each_frame and not library.style(n).grain]


@cache
def take(camera: str = "locked", motion: str = "still") -> Take:
    things = [fake_thing("table"), fake_thing("basketball", at=(0.1, 0.0, 0.88)), fake_thing("cup", at=(-0.3, 0, 0.8))]
    return fake_take(
        things=things, set_="workshop", time_of_day="noon", camera=camera, motion=motion,
        position=(0.4, -2.4, 1.5), look_at=(0.0, 0.0, 0.8), lens_mm=40.0,
    )  # fmt: skip


@cache
def shot(camera: str = "locked", row: int = 0, motion: str = "still") -> tuple[Any, passes.Passes, Any]:
    """Picture, passes and poses of a frame."""
    scene = take(camera, motion)
    picture = next(iter(sketch(scene, size=SIZE, rows=[row])))
    return picture, Stage(scene, SIZE).passes(row), movers(scene, row)


def styled(name: str, camera: str = "locked", row: int = 0, *, shown: int | None = None, **more: Any) -> Any:
    picture, exact, posed = shot(camera, row)
    look = Look(style=library.style(name), seed=5, **more)
    return dress(picture, look, passes=exact, movers=posed, shown=row if shown is None else shown)


def frame(camera: str = "locked", row: int = 0, motion: str = "still") -> Frame:
    picture, exact, posed = shot(camera, row, motion)
    return Frame(picture=picture.astype(np.float32) / 255, passes=exact, movers=posed)


# ── every one ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_entry_has_its_function_and_each_function_its_entry() -> None:
    assert set(STYLES) == set(NAMES)
    for name in NAMES:
        assert passes.chosen(library.style(name).passes or "all")


@pytest.mark.parametrize("name", NAMES)
def test_every_style_makes_the_same_picture_twice(name: str) -> None:
    out = styled(name)
    assert out.shape == (*SIZE[::-1], 3) and out.dtype == np.uint8
    assert (out == styled(name)).all()
    assert out.std() > 5, "there is something to see"


@pytest.mark.parametrize("name", NAMES)
def test_every_style_takes_small_and_odd_pictures_and_only_sky(name: str) -> None:
    picture, exact, _ = shot()
    for size in ((64, 36), (98, 130)):
        small = Stage(take(), size).passes(0)
        out = dress(cv2.resize(picture, size), Look(style=library.style(name)), passes=small)
        assert out.shape == (size[1], size[0], 3)
    empty = dataclasses.replace(
        exact, depth=np.full_like(exact.depth, np.inf), ids=np.full_like(exact.ids, passes.SKY),
        normal=np.zeros_like(exact.normal), albedo=np.zeros_like(exact.albedo),
    )  # fmt: skip
    assert dress(picture, Look(style=library.style(name)), passes=empty).shape == picture.shape


def test_styles_differ_from_the_picture_and_from_each_other() -> None:
    made = {name: styled(name).astype(float) for name in NAMES}
    for n, one in enumerate(NAMES):
        for other in NAMES[:n]:
            assert np.abs(made[one] - made[other]).mean() > 2.0, (one, other)


def test_photographic_is_the_picture_itself() -> None:
    picture, exact, posed = shot()
    assert dress(picture, Look(style=library.style("photographic")), passes=exact, movers=posed) is picture


@pytest.mark.parametrize("name", DRAWN)
def test_a_style_says_which_passes_it_needs(name: str) -> None:
    """With those it names and no others it makes the same picture."""
    picture, exact, posed = shot()
    wanted = library.style(name).passes
    some = dataclasses.replace(exact, **{p: None for p in passes.NAMES if p not in wanted})
    look = Look(style=library.style(name), seed=5)
    assert (dress(picture, look, passes=some, movers=posed) == styled(name)).all()


# ── what each is ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pixel_art_keeps_to_its_palette_and_its_grid_also_when_graded() -> None:
    palette = {tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in library.style("pixel_art").values["palette"]}
    for grade in ("neutral", "teal_orange"):
        out = styled("pixel_art", grade=library.grade(grade))
        colours = {tuple(int(v) for v in c) for c in np.unique(out.reshape(-1, 3), axis=0)}
        assert 5 < len(colours) <= 32 and colours <= palette
        block = round(SIZE[1] / library.style("pixel_art").values["rows"])
        tiled = out[: SIZE[1] // block * block, : SIZE[0] // block * block]
        tiled = tiled.reshape(SIZE[1] // block, block, SIZE[0] // block, block, 3)
        assert (tiled == tiled[:, :1, :, :1]).all()


def test_black_and_white_has_no_colour_at_all() -> None:
    for grade in ("neutral", "golden_hour"):
        out = styled("black_and_white", grade=library.grade(grade), vignette=0.3)
        assert (out[..., 0] == out[..., 1]).all() and (out[..., 1] == out[..., 2]).all()


def test_panchromatic_film_sees_blue_brighter_than_the_eye() -> None:
    colours = np.zeros((32, 96, 3), np.float32)
    colours[:, :32, 0], colours[:, 64:, 2] = 0.8, 0.8
    out = STYLES["black_and_white"](Frame(picture=colours, values=library.style("black_and_white").values))[0, :, 0]
    assert out[80] > 0.7 * out[16], "to the eye blue is three times darker than red"


def test_a_blueprint_is_blue_with_bright_lines_where_things_end() -> None:
    out = styled("blueprint").astype(float)
    exact = shot()[1]
    edge = np.zeros(SIZE[::-1], bool)
    edge[:, 1:] |= exact.ids[:, 1:] != exact.ids[:, :-1]
    near = cv2.dilate(edge.astype(np.uint8), np.ones((3, 3))) > 0
    background = np.median(out.reshape(-1, 3), axis=0)
    assert background[2] > 1.5 * background[0]
    bright = cv2.dilate(out[..., 0], np.ones((3, 3)))
    assert np.median(bright[edge]) > 150 and np.median(out[..., 0][~near]) < 80


def test_pencil_is_graphite_on_paper_and_darker_where_it_was_darker() -> None:
    out, picture = styled("pencil").astype(float), shot()[0].astype(float)
    assert np.abs(out[..., 0] - out[..., 2]).mean() < 15
    light = cv2.resize(picture.mean(axis=-1), (16, 9), interpolation=cv2.INTER_AREA)
    drawn = cv2.resize(out.mean(axis=-1), (16, 9), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(light.ravel(), drawn.ravel())[0, 1] > 0.4


def test_cel_paints_in_flat_tones_between_dark_lines() -> None:
    """Within the ball, away from its outline, most neighbours are equal; the outline is dark."""
    exact = shot()[1]
    ball = (exact.ids == exact.id_of("basketball")).astype(np.uint8)
    inside, rim = cv2.erode(ball, np.ones((9, 9))) > 0, (ball > 0) & (cv2.erode(ball, np.ones((3, 3))) == 0)
    out, picture = styled("cel").astype(float).mean(axis=-1), shot()[0].astype(float).mean(axis=-1)
    assert out[rim].mean() < 0.6 * out[inside].mean()
    assert picture[rim].mean() > 0.6 * picture[inside].mean()


def test_low_poly_is_facets_of_one_colour() -> None:
    out = styled("low_poly").astype(int)
    same = (np.abs(np.diff(out, axis=1)).max(axis=-1) <= 1).mean()
    assert same > 0.75
    assert len(np.unique(out.reshape(-1, 3), axis=0)) > 40


def test_tape_carries_less_colour_than_light() -> None:
    stripes = np.empty((*SIZE[::-1], 3), np.uint8)
    stripes[:, 0::4] = stripes[:, 1::4] = (200, 60, 60)
    stripes[:, 2::4] = stripes[:, 3::4] = (60, 60, 200)
    out = dress(stripes, Look(style=library.style("vhs")))[20:140].astype(float)
    colour = [np.abs(np.diff(f[..., 0] - f[..., 2], axis=1)).mean() for f in (stripes.astype(float), out)]
    assert colour[1] < 0.1 * colour[0]
    grey = np.repeat(stripes[..., :1], 3, axis=-1)[:, ::2]
    light = dress(np.ascontiguousarray(np.repeat(grey, 2, axis=1)), Look(style=library.style("vhs")))[20:140].astype(
        float
    )
    assert light.std() > 20, "luma of the same fineness is carried"
    bottom = np.abs(styled("vhs")[-3:].astype(float) - shot()[0][-3:]).mean()
    assert bottom > 2 * np.abs(styled("vhs")[60:120].astype(float) - shot()[0][60:120]).mean()


def test_old_film_weaves_in_its_gate_and_has_dark_corners() -> None:
    first, second = (styled("film_8mm", shown=n) for n in (3, 4))
    assert (first != second).any()
    assert first[:3, :3].max() < 30
    pair = [cv2.GaussianBlur(f, (0, 0), 2).mean(axis=-1).astype(np.float32)[20:-20, 20:-20] for f in (first, second)]
    (dx, dy), _ = cv2.phaseCorrelate(*pair)
    assert 0.01 < np.hypot(dx, dy) < 4


# ── standing still ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", CALM)
def test_a_locked_shot_of_what_is_still_stands_still(name: str) -> None:
    assert (styled(name, row=0) == styled(name, row=3)).all()


@pytest.mark.parametrize("name", ["black_and_white", "film_8mm", "vhs"])
def test_what_is_said_to_be_new_every_frame_is(name: str) -> None:
    assert (styled(name, shown=0) != styled(name, shown=1)).mean() > 0.1


def test_clay_is_touched_anew_at_its_rate_and_the_set_is_not() -> None:
    picture, exact, posed = shot()
    look = Look(style=library.style("clay"), seed=5)
    first, second = (dress(picture, look, passes=exact, movers=posed, boil=n) for n in (0, 1))
    changed = np.abs(first.astype(int) - second).max(axis=-1) > 2
    thing = cv2.erode((exact.ids > 0).astype(np.uint8), np.ones((5, 5))) > 0
    far = cv2.dilate((exact.ids > 0).astype(np.uint8), np.ones((25, 25))) == 0
    assert changed[thing].mean() > 0.3 and changed[far].mean() < 0.01


# ── going along ─────────────────────────────────────────────────────────────────────────────────────────────────────


def flow_of(now: passes.Passes, then: passes.Passes) -> tuple[Any, Any]:
    """Where each pixel of a still scene is when the camera has moved (H, W, 2), and which of them are seen in both."""
    seen = then.view.project(np.nan_to_num(now.points()))
    x, y = seen[..., 0].astype(np.float32), seen[..., 1].astype(np.float32)
    depth = cv2.remap(then.depth, x, y, cv2.INTER_NEAREST, borderValue=0)
    there = np.isfinite(now.depth) & (np.abs(depth - seen[..., 2]) < 0.02 * seen[..., 2])
    there &= (
        cv2.erode(
            (cv2.morphologyEx(now.ids.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3))) == 0).astype(np.uint8),
            np.ones((7, 7)),
        )
        > 0
    )
    return np.stack([x, y], axis=-1), there


def warped_error(first: Any, second: Any, where: Any, there: Any) -> float:
    """Mean difference of a picture and the next one, brought back along the flow, where the same is seen in both."""
    back = cv2.remap(second.astype(np.float32), where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    return float(np.abs(back - first)[there].mean())


@pytest.mark.parametrize("name", ["clay", "cel", "watercolour", "pencil", "paper_cut", "low_poly", "blueprint"])
def test_what_is_drawn_goes_with_the_surfaces(name: str) -> None:
    """When the camera moves, what is drawn follows the true motion of the surfaces, and does not stay on the screen."""
    now, then = shot("dolly", 4)[1], shot("dolly", 6)[1]
    where, there = flow_of(now, then)
    first, second = (cv2.GaussianBlur(styled(name, "dolly", r).astype(np.float32), (0, 0), 0.8) for r in (4, 6))
    grid = np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1).astype(np.float32)
    assert np.abs(where - grid)[there].mean() > 2, "the camera does move"
    followed, stayed = warped_error(first, second, where, there), warped_error(first, second, grid, there)
    assert followed < 6.0
    if name not in ("blueprint", "watercolour"):  # their paper lies still on the screen
        assert followed < 0.82 * stayed


@pytest.mark.parametrize("kind", ["cloud", "grain", "hatch", "thumb"])
def test_textures_stick_to_the_set_while_the_camera_moves(kind: str) -> None:
    now, then = frame("dolly", 4), frame("dolly", 6)
    where, there = flow_of(now.exact(), then.exact())
    first, second = laid(now, kind, 4.0), laid(then, kind, 4.0)
    back = cv2.remap(second, where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    followed, stayed = (np.corrcoef(first[there], other[there])[0, 1] for other in (back, second))
    assert followed > 0.85 and followed > stayed + 0.1


def test_textures_roll_with_a_ball() -> None:
    """A ball turns in place: what is laid on it turns with it."""
    now, then = frame(row=0, motion="roll"), frame(row=1, motion="roll")
    number = now.exact().id_of("basketball")
    ball = [cv2.erode((f.ids == number).astype(np.uint8), np.ones((7, 7))) > 0 for f in (now, then)]
    first, second = laid(now, "cloud", 4.0), laid(then, "cloud", 4.0)
    points, turned = now.exact().points()[ball[0]], now.movers[number].inverse[0]
    back = np.linalg.inv(then.movers[number].inverse[0])
    world = points @ turned[:3, :3].T + turned[:3, 3]
    seen = then.exact().view.project(world @ back[:3, :3].T + back[:3, 3])
    x, y = seen[None, :, 0].astype(np.float32), seen[None, :, 1].astype(np.float32)
    visible = cv2.remap(ball[1].astype(np.float32), x, y, cv2.INTER_LINEAR)[0] > 0.9
    there = cv2.remap(second, x, y, cv2.INTER_LINEAR)[0]
    assert visible.sum() > 100
    assert np.corrcoef(first[ball[0]][visible], there[visible])[0, 1] > 0.8


def test_clothes_know_their_place_on_the_body_when_an_arm_is_bent() -> None:
    """Points of the skin in a pose, taken back to rest by the parts they are nearest to, are where they are at rest."""
    someone = documents.character()
    who = Person(id="anna", name="", identity=someone["identity"], wardrobe=(), voice={})
    scene = fake_take(things=[], people=[who])
    joints = scene.person_joints.copy()
    for bone, turn in (("upperarm01.L", 0.9), ("lowerarm01.L", 1.2), ("upperleg01.R", 0.6), ("head", 0.4)):
        joints[:, 0, BONE_INDEX[bone]] = [np.cos(turn / 2), np.sin(turn / 2), 0, 0]
    root = scene.person_root + np.array([0.5, 2.0, 0.1])
    posed = dataclasses.replace(scene, person_joints=joints, person_root=root)
    shape = body(someone["identity"])
    skin = np.unique(shape.faces)
    world = shape.skin(root[0, 0], joints[0, 0])[skin].astype(np.float32)
    back, _ = at_rest(world, np.zeros_like(world), movers(posed, 0)[1])
    away = np.linalg.norm(back - shape.vertices[skin], axis=1)
    moved = np.linalg.norm(world - root[0, 0] - shape.vertices[skin], axis=1)
    assert np.percentile(moved, 90) > 0.15
    assert np.median(away) < 0.004 and np.percentile(away, 85) < 0.03


def test_lines_have_one_width_near_and_far() -> None:
    """The ink around a ball is as wide when the ball is small as when it is large."""
    widths = []
    for lens in (30.0, 80.0):
        scene = fake_take(things=[fake_thing("basketball", at=(0, 0, 1.0))], set_="outdoor_court", lens_mm=lens,
                          position=(0, -2.4, 1.2), look_at=(0, 0, 1))  # fmt: skip
        exact = Stage(scene, SIZE).passes(0)
        ink = inked(outlines(Frame(picture=np.zeros((*SIZE[::-1], 3), np.float32), passes=exact)), 2.0)
        ball = (exact.ids == 1).astype(np.uint8)
        near = cv2.dilate(ball, np.ones((9, 9))) > 0
        outline = cv2.findContours(ball, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0]
        widths.append(ink[near].sum() / cv2.arcLength(outline, True))
    assert widths[0] == pytest.approx(widths[1], rel=0.25)
    assert 1.0 < widths[0] < 4.0


def test_lines_do_not_pop_in_slow_motion() -> None:
    """Between two frames of a slow move the amount of ink changes by little."""
    sums = [float(inked(outlines(frame("dolly", row)), 2.0).sum()) for row in range(4, 9)]
    assert np.abs(np.diff(sums)).max() < 0.08 * np.mean(sums)


# ── on twos, and what the camera is asked for ───────────────────────────────────────────────────────────────────────


def test_pictures_are_held_as_declared() -> None:
    scene = fake_take(seconds=0.5, fps=24)
    assert held([scene], Style(name="t")) == list(range(12))
    assert held([scene], Style(name="t", pictures_per_second=12)) == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10]
    assert held([scene], Style(name="t", pictures_per_second=18))[:8] == [0, 0, 2, 3, 4, 4, 6, 7]
    assert held([fake_take(seconds=0.5, fps=12)], Style(name="t", pictures_per_second=12)) == list(range(6))


def test_holding_begins_anew_at_a_cut_and_a_scene() -> None:
    scene = fake_take(seconds=0.5, fps=24)
    shots = np.array([0] * 5 + [1] * 7, dtype=np.int32)
    cut = dataclasses.replace(scene, camera=dataclasses.replace(scene.camera, shot=shots))
    assert held([cut, scene], library.style("cel"))[:14] == [0, 0, 2, 2, 4, 5, 5, 7, 7, 9, 9, 11, 12, 12]


def test_a_style_caps_what_the_camera_spends_and_leaves_the_document() -> None:
    sp = documents.fall(0.5)
    rich = sp.model_copy(update={"render": sp.render.model_copy(update={"samples": 256, "motion_blur": True})})
    drawn = apply(rich, Options(style="pencil"))
    asked = steps.picture_settings(drawn)
    assert asked["samples"] == library.style("pencil").samples < 256 and not asked["motion_blur"]
    assert drawn.render == rich.render
    assert steps.picture_settings(rich)["samples"] == 256
    poor = rich.model_copy(update={"render": sp.render.model_copy(update={"samples": 1})})
    assert steps.picture_settings(apply(poor, Options(style="pencil")))["samples"] == 1


# ── kept, and taken up again ────────────────────────────────────────────────────────────────────────────────────────


class Camera:
    """A camera that sketches, and counts."""

    def __init__(self) -> None:
        self.shot: list[int] = []
        self.measured: list[int] = []

    def shoot(self, takes: Sequence[Take], *, frames_dir: Path, size: Any, frames: Any = None, **_: Any) -> list[Path]:
        from soundstage.post.look import write

        paths = []
        for row in frames if frames is not None else range(len(takes[0].camera.time)):
            path = frames_dir / f"source{row}.png"
            if not path.exists():
                self.shot.append(row)
                write(next(iter(sketch(takes[0], size=size, rows=[row]))), path)
            paths.append(path)
        return paths

    def shoot_passes(self, takes: Sequence[Take], *, frames_dir: Path, size: Any, frames: Any, **_: Any) -> list[Path]:
        paths = []
        stage = Stage(takes[0], size)
        for row in frames:
            path = frames_dir / f"passes{row}.exr"
            if not path.exists():
                self.measured.append(row)
                stage.passes(row).write(path)
            paths.append(path)
        return paths


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Camera:
    from soundstage import camera as room

    made = Camera()
    monkeypatch.setenv("SOUNDSTAGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(room, "shoot", made.shoot)
    monkeypatch.setattr(room, "shoot_passes", made.shoot_passes)
    return made


def document(**look: Any) -> Screenplay:
    sp = documents.fall(0.25)
    return sp.model_copy(update={"size": (96, 54), "look": sp.look.model_copy(update=look)})


def rolling() -> Take:
    return fake_take(motion="roll", seconds=0.25, camera="dolly")


def test_frames_are_dressed_once_and_taken_up_again(camera: Camera) -> None:
    sp, takes = document(style="pencil", grade="warm"), [rolling()]
    frames = steps.shoot(takes, sp)
    assert camera.shot == [0, 2, 4] and len(frames) == 6 and frames[0] == frames[1]
    seen: list[tuple[str, int, int]] = []
    first = steps.dress(frames, takes, sp, progress=lambda *told: seen.append(told))
    assert camera.measured == [0, 2, 4] and len(set(first)) == 3 and first[0] == first[1]
    assert seen[-1] == ("dress", 3, 3)
    stamps = {path: path.stat().st_mtime_ns for path in first}
    first[2].unlink()  # as if it had been stopped there
    second = steps.dress(frames, takes, sp)
    assert second == first and all(path.exists() for path in second)
    assert {p for p in second if p.stat().st_mtime_ns != stamps[p]} == {first[2]}


def test_another_look_of_the_same_frames_renders_nothing(camera: Camera) -> None:
    takes = [rolling()]
    frames = steps.shoot(takes, document(style="pencil"))
    dressed = {
        tuple(steps.dress(frames, takes, document(style="pencil", grade=g))) for g in ("neutral", "warm", "noir")
    }
    assert len(dressed) == 3 and camera.shot == [0, 2, 4] and camera.measured == [0, 2, 4]


def test_a_plain_look_needs_no_step_at_all(camera: Camera) -> None:
    takes = [rolling()]
    frames = steps.shoot(takes, document())
    assert steps.dress(frames, takes, document()) == frames and camera.measured == []


def test_grain_makes_a_held_picture_new_every_frame(camera: Camera) -> None:
    takes = [rolling()]
    sp = document(style="pencil", grain=0.4)
    assert len(set(steps.dress(steps.shoot(takes, sp), takes, sp))) == 6 and camera.shot == [0, 2, 4]


def test_a_broken_frame_is_named(camera: Camera) -> None:
    sp, takes = document(grade="warm"), [rolling()]
    frames = steps.shoot(takes, sp)
    frames[3].write_bytes(b"no picture")
    with pytest.raises(FrameError) as caught:
        steps.dress(frames, takes, sp)
    assert caught.value.path == frames[3]


# ── words that are none ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_with_an_unknown_look_is_refused_by_name() -> None:
    for field, wrong, right in (("style", "wattercolour", "watercolour"), ("grade", "noire", "noir")):
        with pytest.raises(ScreenplayError) as caught:
            check_vocabulary(document(**{field: wrong}))
        assert f"look.{field}" in caught.value.what and right in caught.value.mend


def test_an_option_with_an_unknown_look_lists_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        Options(style="cubist")
    assert "cubist" in caught.value.what and all(name in caught.value.mend for name in NAMES)
    with pytest.raises(InputError) as caught:
        Options(grade="mauve")
    assert all(name in caught.value.mend for name in library.names("grades"))


def test_options_are_written_into_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fall.yaml"
    path.write_text(dump(documents.screenplay()))
    assert cli.run(["plan", str(path), "--style", "cel", "--grade", "noir"]) == 0
    look = load(capsys.readouterr().out).look
    assert (look.style, look.grade) == ("cel", "noir")
    assert look_of(apply(documents.fall(0.5), Options(style="clay"))).style == library.style("clay")
    assert cli.run(["plan", str(path), "--style", "cubist"]) == 2
    assert "watercolour" in capsys.readouterr().err


# ── a whole film ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_film_is_shown_in_its_look_and_carries_it(rooms: Rooms, tmp_path: Path) -> None:
    told: list[str] = []
    made = film("a ball falls", tmp_path / "grey.mp4", style="black_and_white", grade="warm",
                progress=lambda step, done, total: told.append(step))  # fmt: skip
    assert "dress" in told and told.index("dress") > told.index("shoot")
    assert (load(made.film).look.style, load(made.film).look.grade) == ("black_and_white", "warm")
    with av.open(str(made.film)) as file:
        pictures = [f.to_ndarray(format="rgb24").astype(int) for f in file.decode(video=0)]
    assert len(pictures) == 12 and max(np.ptp(p, axis=-1).max() for p in pictures) <= 3
    shot_before = rooms.shot
    film("a ball falls", tmp_path / "again.mp4", style="black_and_white", grade="noir")
    assert rooms.shot == shot_before, "another grade renders nothing"


def test_references_of_a_film_with_a_look_are_refused(rooms: Rooms, tmp_path: Path) -> None:
    made = film("a ball falls", tmp_path / "grey.mp4", grade="noir", review=False)
    with pytest.raises(InputError, match="no reference has"):
        references(made.film, 1, samples=4)
