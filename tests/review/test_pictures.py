"""What is measured in the picture alone: a good film scores well, and each fault is found where it is, and only it."""

from __future__ import annotations

from pathlib import Path

import cv2
import films
import numpy as np
import pytest
from films import FPS, Array

from soundstage.review import Review, review
from soundstage.review.reviewing import OBSERVERS

OWN = (
    "start_offset",
    "length_difference",
    "flicker",
    "stillness",
    "repeats",
    "freeze",
    "drops",
    "mtf50",
    "clipped_highlights",
    "clipped_shadows",
    "blocking",
    "banding",
    "colour_tags",
)
"""Rows with a goal that need no Take and no sound."""
EYES = [
    entry
    for entry in OBSERVERS
    if entry.module.removeprefix("observers.")
    in ("container", "ballistics", "cadence", "cuts", "flicker", "agreement", "sharpness", "exposure", "coding")
]
AT = 30
"""The picture where things go wrong."""


class Studio:
    """Makes faulty films of one good one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.good = films.scene()
        self.pan = films.scene(pan_px=1.5)
        self.sound = films.knocks(films.bounces(3.0), 3.0)

    def judge(self, name: str, pictures: list[Array], **how: object) -> Review:
        """A real film of pictures, reviewed."""
        path = films.write(self.folder / f"{name}.mp4", pictures, sound=self.sound, **how)  # type: ignore[arg-type]
        return judge(path)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("films"))


def judge(path: Path) -> Review:
    """A review of which every observer of the picture must succeed."""
    return review(path, takes=(), strict=True, observers=EYES)


def short(found: Review) -> set[str]:
    """Rows of this page that fall short."""
    return {key for key in OWN if found.row(key).met is False}


def each(pictures: list[Array], change: object) -> list[Array]:
    """Every picture changed as floating numbers, and rounded again."""
    changed = [change(picture.astype(np.float32), n) for n, picture in enumerate(pictures)]  # type: ignore[operator]
    return [np.clip(np.rint(picture), 0, 255).astype(np.uint8) for picture in changed]


# ── the ceiling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_good_film_falls_short_of_nothing(studio: Studio) -> None:
    found = studio.judge("good", studio.good)
    for key in OWN:
        assert found.row(key).met is True, (key, found.row(key))
    for key in ("repeats", "freeze", "drops", "cuts", "clipped_highlights", "clipped_shadows", "bars", "colour_tags"):
        assert found.row(key).value == 0, key
    assert found.row("flicker").value == pytest.approx(0, abs=0.05)
    assert found.row("stillness").value == pytest.approx(1, abs=5e-4)
    assert found.row("start_offset").value == 0
    assert found.row("smoothness").value == pytest.approx(0, abs=0.15)
    assert found.row("parabola").value == pytest.approx(1, abs=2e-3)
    assert found.row("flights").value == 2  # the fall and one whole flight; of the last one too little is seen


def test_a_moving_camera_is_no_fault(studio: Studio) -> None:
    found = studio.judge("pan", studio.pan)
    assert short(found) == set() and found.row("drops").value == 0
    for key in ("flicker", "stillness", "flights", "parabola"):
        assert found.row(key).value is None and found.row(key).why == "the camera moves"


def test_of_a_film_in_which_nothing_moves_no_motion_is_judged(studio: Studio) -> None:
    found = studio.judge("still", [studio.good[0]] * 72)
    assert short(found) == set()
    for key in ("repeats", "drops", "freeze", "smoothness"):
        assert found.row(key).value is None and found.row(key).why
    assert found.row("stillness").met


def test_twelve_pictures_a_second_are_no_fault(studio: Studio) -> None:
    assert short(studio.judge("twelve", films.scene(36, fps=12), fps=12)) == set()


# ── cadence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("missing", "pans"), [(1, False), (2, False), (1, True)])
def test_a_missing_picture_is_found(studio: Studio, missing: int, pans: bool) -> None:
    good = studio.pan if pans else studio.good
    found = studio.judge(f"drop{missing}{pans}", good[:AT] + good[AT + missing :])
    assert short(found) == {"drops"} and found.row("drops").value == 1
    moment = found.row("drops").worst
    assert moment is not None and moment.time_s == pytest.approx(AT / FPS, abs=1e-3) and moment.offset == missing


@pytest.mark.parametrize(("held", "pans"), [(False, False), (True, False), (True, True)])
def test_a_repeated_picture_is_found(studio: Studio, held: bool, pans: bool) -> None:
    """`held`: it takes the place of the next one; otherwise it is put in between."""
    good = studio.pan if pans else studio.good
    found = studio.judge(f"repeat{held}{pans}", [*good[:AT], good[AT - 1], *good[AT + held :]])
    assert short(found) == {"repeats"} and found.row("repeats").value == 1
    moment = found.row("repeats").worst
    assert moment is not None and moment.time_s == pytest.approx(AT / FPS, abs=1e-3)


@pytest.mark.parametrize("held", [False, True])
def test_a_freeze_is_found_and_measured(studio: Studio, held: bool) -> None:
    good = studio.good
    found = studio.judge(f"freeze{held}", [*good[:AT], *[good[AT - 1]] * 8, *good[AT + 8 * held :]])
    assert short(found) >= {"freeze", "repeats"} and short(found) <= {"freeze", "repeats", "length_difference"}
    assert found.row("freeze").value == pytest.approx(8 / FPS, abs=0.001)


def test_every_picture_shown_twice_is_found(studio: Studio) -> None:
    found = studio.judge("twos", [studio.good[n // 2 * 2] for n in range(72)])
    assert short(found) == {"repeats"} and (found.row("repeats").value or 0) >= 30


def test_a_ball_that_turns_between_two_pictures_is_no_repeat(tmp_path: Path) -> None:
    """Struck half-way between two pictures, a ball is at the same place in both."""
    ground = films.scene(1, size=(160, 90))[0].astype(np.float32) * 0.5 + 60
    pictures = []
    for n in range(48):
        shown = ground.copy()
        films._ball(shown, 80, 70 - 40 * abs(((n + 0.5) / 12) % 2 - 1), 6.0)
        pictures.append(np.clip(np.rint(shown), 0, 255).astype(np.uint8))
    found = judge(films.write(tmp_path / "a.mp4", pictures))
    assert found.row("repeats").value in (0, None) and found.row("drops").value in (0, None)


# ── light ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hertz", [12.0, 5.0])
def test_flicker_is_found(studio: Studio, hertz: float) -> None:
    def tremble(picture: Array, n: int) -> Array:
        return picture * (1 + 0.02 * np.cos(2 * np.pi * hertz * n / FPS))

    found = studio.judge(f"flicker{hertz}", each(studio.good, tremble))
    assert "flicker" in short(found) and short(found) <= {"flicker", "stillness"}


def test_flicker_of_one_corner_is_found(studio: Studio) -> None:
    def tremble(picture: Array, n: int) -> Array:
        picture[:60, :120] += 4 * (-1) ** n
        return picture

    assert "flicker" in short(studio.judge("corner", each(studio.good, tremble)))


def test_light_that_fades_is_no_flicker(studio: Studio) -> None:
    found = studio.judge("fade", each(studio.good, lambda picture, n: picture * (0.6 + 0.4 * n / 72)))
    assert found.row("flicker").met and found.row("cuts").value == 0 and found.row("drops").value == 0


def test_grain_is_no_flicker(studio: Studio) -> None:
    random = np.random.default_rng(8)
    found = studio.judge("grain", each(studio.good, lambda picture, n: picture + random.normal(0, 3, picture.shape)))
    assert short(found) == set()


@pytest.mark.parametrize(("key", "gain", "shift"), [("clipped_highlights", 1.7, 0.0), ("clipped_shadows", 1.3, -90.0)])
def test_clipped_light_is_found(studio: Studio, key: str, gain: float, shift: float) -> None:
    found = studio.judge(key, each(studio.good, lambda picture, n: picture * gain + shift))
    clipped = (lambda p: p.min(axis=-1) > 252.5) if gain > 1.5 else (lambda p: p.max(axis=-1) < 2.5)
    expected = np.mean([clipped(p * gain + shift).mean() for p in studio.good])
    assert short(found) == {key} and found.row(key).value == pytest.approx(100 * expected, rel=0.3)


def test_black_bars_are_stated_and_are_not_too_dark(studio: Studio) -> None:
    pictures = [np.pad(p[20:-20], ((20, 20), (0, 0), (0, 0))) for p in studio.good]
    found = studio.judge("bars", pictures)
    assert short(found) == set() and found.row("bars").value == pytest.approx(100 * 40 / 180, abs=1.2)


# ── detail ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_blur_is_found_and_measured(studio: Studio) -> None:
    sharp = studio.judge("sharp", studio.good)
    assert sharp.row("mtf50").value == pytest.approx(0.63, abs=0.08)  # a pixel's own width: 0.603
    for sigma in (1.0, 2.0):
        found = studio.judge(f"blur{sigma}", [cv2.GaussianBlur(p, (0, 0), sigma) for p in studio.good])
        assert short(found) == {"mtf50"}
        assert found.row("mtf50").value == pytest.approx(0.187 / np.hypot(sigma, 0.29), rel=0.2)
        assert (found.row("edge_width").value or 0) > (sharp.row("edge_width").value or 0) + sigma


def test_without_an_edge_sharpness_is_not_measurable(tmp_path: Path) -> None:
    picture = np.full((90, 160, 3), 100, dtype=np.uint8)
    found = judge(films.write(tmp_path / "a.mp4", [picture] * 12))
    assert found.row("mtf50").value is None and "edge" in found.row("mtf50").why


def test_a_soft_shadow_is_no_measure_of_sharpness(tmp_path: Path) -> None:
    """Straight, clean and soft is only the edge of a shadow; the texture beside it is sharp."""
    x, y = np.meshgrid(np.arange(320.0), np.arange(180.0))
    shadow = np.clip((x - 100 + 0.15 * y) / 8, 0, 1) * 90 + 80
    grain = np.random.default_rng(4).normal(0, 1, (180, 320)) > 1.2
    picture = np.where((x > 200) & grain, 220.0, shadow)
    pictures = [np.repeat(picture[..., None], 3, axis=2).astype(np.uint8)] * 36
    found = judge(films.write(tmp_path / "a.mp4", pictures))
    assert found.row("mtf50").value is None and "shadows" in found.row("mtf50").why


def test_bands_are_found(studio: Studio) -> None:
    found = studio.judge("bands", [picture // 8 * 8 for picture in studio.good])
    assert short(found) == {"banding"} and (found.row("banding").value or 0) > 20


def test_blocks_are_found(studio: Studio) -> None:
    levels = np.random.default_rng(3).normal(0, 3, (23, 40))
    blocks = cv2.resize(levels, (320, 184), interpolation=cv2.INTER_NEAREST)[:180, :, None]
    found = studio.judge("blocks", each(studio.good, lambda picture, n: picture + blocks))
    assert short(found) == {"blocking"}


def test_coarse_coding_is_found(studio: Studio) -> None:
    found = studio.judge("coarse", studio.good, crf=42, x264="no-deblock=1:threads=1")
    assert "blocking" in short(found)


# ── cuts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cuts_are_found_where_they_are(studio: Studio) -> None:
    other = [picture[:, ::-1] // 2 + 60 for picture in films.scene(seed=5)]
    found = studio.judge("cuts", [*studio.good[:24], *other[24:48], *studio.good[48:]])
    assert [round(moment.time_s * FPS) for moment in found.row("cuts").moments] == [24, 48]
    assert short(found) == set()


@pytest.mark.parametrize("lasts", [1, 2, 3])
def test_a_flash_is_no_cut(studio: Studio, lasts: int) -> None:
    white = [np.full_like(studio.good[0], 250)] * lasts
    found = studio.judge(f"flash{lasts}", [*studio.good[:AT], *white, *studio.good[AT + lasts :]])
    assert found.row("cuts").value == 0


def test_a_fast_pan_is_no_cut(studio: Studio) -> None:
    assert studio.judge("whip", films.scene(24, pan_px=14.0)).row("cuts").value == 0


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_colour_tags_are_found(studio: Studio) -> None:
    found = studio.judge("untagged", studio.good, tags=False)
    assert short(found) == {"colour_tags"} and found.row("colour_tags").value == 4


def test_sound_that_begins_late_is_found(studio: Studio) -> None:
    found = studio.judge("late", studio.good, sound_delay=films.RATE // 5)
    assert short(found) == {"start_offset", "length_difference"}
    assert found.row("start_offset").value == pytest.approx(200, abs=22)


def test_picture_and_sound_of_unlike_length_are_found(studio: Studio) -> None:
    found = studio.judge("shorter", studio.good[:48])
    assert short(found) == {"length_difference"}
    assert found.row("length_difference").value == pytest.approx(1000, abs=25)
