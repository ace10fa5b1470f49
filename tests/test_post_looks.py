"""Grades, dither, grain and vignette: by their definitions, by vectorscope, by spectrum; not asked for, not done."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from soundstage import library
from soundstage.looks import Grade, Style
from soundstage.post.dither import pattern, to_bytes
from soundstage.post.grading import LUMA, grade, hue
from soundstage.post.grain import falloff, grain, vignette
from soundstage.post.look import Look, dress

GRADES = library.names("grades")
CHANGING = [name for name in GRADES if name != "neutral"]
COLOURED = [name for name in CHANGING if library.grade(name).saturation > 0]
SKIN_DEG = 6.0
"""How far the hue of skin may move under any grade in colour [deg]."""


def noise(height: int = 90, width: int = 160, seed: int = 1) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def skins() -> Any:
    """Every skin of the library, light to dark, under six exposures [stops]; (N, 3) coded. Clipped ones left out."""
    text = files("soundstage.library").joinpath("data", "casting.toml").read_text("utf-8")
    names = sorted({s for entry in tomllib.loads(text)["ancestry"].values() for s in entry["skin"]})
    coded = np.array([[int(n[i : i + 2], 16) / 255 for i in (1, 3, 5)] for n in names])
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    exposed = np.concatenate([light * 2.0**stops for stops in (-2.5, -1.5, -1, -0.5, 0, 0.4)])
    exposed = exposed[(exposed < 1).all(axis=1)]
    return np.where(exposed <= 0.0031308, 12.92 * exposed, 1.055 * exposed ** (1 / 2.4) - 0.055).astype(np.float32)


def hue_moved(before: Any, after: Any) -> Any:
    turn = hue(after) - hue(before)
    return np.degrees(np.abs((turn + np.pi) % (2 * np.pi) - np.pi))


# ── nothing asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_look_that_asks_for_nothing_leaves_the_very_picture() -> None:
    picture = noise()
    look = Look(grade=library.grade("neutral"), style=library.style("photographic"))
    assert not look.changes
    assert dress(picture, look, shown=7) is picture


def test_grain_and_vignette_of_nothing_leave_the_very_picture() -> None:
    picture = noise().astype(np.float32) / 255
    assert grain(picture, 0.0, seed=1, frame=3) is picture
    assert vignette(picture, 0.0) is picture
    assert grade(picture, library.grade("neutral")) is picture


# ── grades ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cdl_is_that_of_the_asc() -> None:
    """out = clamp(in · slope + offset) ^ power, then saturation about Rec.709 luma (ASC CDL 1.2)."""
    how = Grade(
        name="t", slope=(1.1, 0.9, 1.0), offset=(-0.05, 0.02, 0.1), power=(0.9, 1.2, 1.0), saturation=0.7, skin=0
    )
    values = np.array([0.5, 0.25, 0.8])
    power = np.clip(values * [1.1, 0.9, 1.0] + [-0.05, 0.02, 0.1], 0, 1) ** [0.9, 1.2, 1.0]
    luma = power @ [0.2126, 0.7152, 0.0722]
    assert grade(values[None].astype(np.float32), how)[0] == pytest.approx(luma + 0.7 * (power - luma), abs=2e-6)


@pytest.mark.parametrize("name", GRADES)
def test_every_grade_keeps_to_the_range_and_the_order_of_greys(name: str) -> None:
    greys = np.repeat(np.linspace(0, 1, 512, dtype=np.float32)[:, None], 3, axis=1)
    out = grade(greys, library.grade(name))
    assert out.min() >= 0 and out.max() <= 1
    assert (np.diff(out @ LUMA) >= -1e-5).all()
    colours = grade(noise().astype(np.float32) / 255, library.grade(name))
    assert np.isfinite(colours).all() and colours.min() >= 0 and colours.max() <= 1


def test_grades_differ_from_the_picture_and_from_each_other() -> None:
    colours = np.random.default_rng(2).random((4000, 3), dtype=np.float32)
    made = {name: grade(colours, library.grade(name)) for name in GRADES}
    for n, one in enumerate(GRADES):
        for other in GRADES[:n]:
            assert np.abs(made[one] - made[other]).mean() > 0.012, (one, other)


@pytest.mark.parametrize("name", COLOURED)
def test_skin_of_every_shade_keeps_its_hue(name: str) -> None:
    before = skins()
    after = grade(before, library.grade(name))
    assert hue_moved(before, after).max() <= SKIN_DEG
    chroma = np.ptp(after, axis=1) / np.ptp(before, axis=1)
    assert np.median(chroma) > 0.35, "skin is not to turn grey"


def test_without_protection_skin_would_turn() -> None:
    before = skins()
    for name in ("cold", "teal_orange", "horror"):
        values = {f: getattr(library.grade(name), f) for f in Grade.__dataclass_fields__}
        assert hue_moved(before, grade(before, Grade(**{**values, "skin": 0.0}))).max() > SKIN_DEG


def test_noir_is_grey() -> None:
    out = grade(noise().astype(np.float32) / 255, library.grade("noir"))
    assert np.ptp(out, axis=-1).max() < 1e-5


def test_warm_is_warmer_and_cold_is_colder() -> None:
    greys = np.full((1, 3), 0.6, np.float32)
    warm, cold = (grade(greys, library.grade(name))[0] for name in ("warm", "cold"))
    assert warm[0] - warm[2] > 0.03 and cold[2] - cold[0] > 0.03


@pytest.mark.parametrize(
    "wrong", [{"power": (0.0, 1.0, 1.0)}, {"slope": (-1.0, 1.0, 1.0)}, {"saturation": -1.0}, {"contrast": 2.0}]
)
def test_a_grade_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Grade(name="t", **wrong)


def test_a_style_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="samples"):
        Style(name="t", samples=-1)


# ── 8 bits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_gradient_has_no_bands() -> None:
    """A ramp of twelve steps over 1280 pixels: the mean of any 16 × 16 pixels is right to a tenth of a step."""
    ramp = np.repeat(np.repeat(np.linspace(0.30, 0.35, 1280, dtype=np.float32)[None, :, None], 64, 0), 3, 2)
    graded = grade(ramp, library.grade("film_70s"))
    out = to_bytes(graded).astype(np.float64)

    def means(values: Any) -> Any:
        return values.reshape(4, 16, 80, 16, 3).mean(axis=(1, 3))

    ideal = means(graded.astype(np.float64) * 255)
    assert np.abs(means(out) - ideal).max() < 0.1
    assert np.abs(means(np.rint(graded.astype(np.float64) * 255)) - ideal).max() > 0.3, "rounding alone makes bands"


def test_the_dither_stands_still_and_leaves_whole_steps() -> None:
    picture = noise()
    assert (to_bytes(picture.astype(np.float32) / 255) == picture).all()
    between = np.full((64, 64, 3), 0.4321, np.float32)
    assert (to_bytes(between) == to_bytes(between.copy())).all()
    assert 0 < to_bytes(between).std() < 0.6


def test_the_dither_is_blue() -> None:
    spectrum = np.abs(np.fft.fft2(pattern() - 0.5)) ** 2
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
    low = spectrum[(radius > 0) & (radius < 0.12)].mean()
    assert low < 0.05 * spectrum[radius > 0.3].mean()
    assert sorted((pattern() * 4096).ravel().astype(int)) == list(range(4096))


# ── grain and vignette ──────────────────────────────────────────────────────────────────────────────────────────────


def flat(value: float, height: int = 240) -> Any:
    return np.full((height, height, 3), value, np.float32)


def test_grain_is_new_every_frame_and_the_same_for_a_seed() -> None:
    one = grain(flat(0.4), 0.5, seed=3, frame=10)
    assert (one == grain(flat(0.4), 0.5, seed=3, frame=10)).all()
    for seed, frame in ((3, 11), (4, 10)):
        other = grain(flat(0.4), 0.5, seed=seed, frame=frame)
        assert abs(np.corrcoef(one[..., 1].ravel(), other[..., 1].ravel())[0, 1]) < 0.05


def test_grain_lives_in_the_mid_tones() -> None:
    strength = {v: float(grain(flat(v), 0.5, seed=1, frame=0).std()) for v in (0.0, 0.4, 1.0)}
    assert strength[0.4] > 2.5 * strength[0.0] and strength[0.4] > 2.5 * strength[1.0]
    assert 0.01 < strength[0.4] < 0.08
    assert grain(flat(0.4), 1.0, seed=1, frame=0).std() > strength[0.4]
    assert grain(flat(0.4), 0.5, seed=1, frame=0).mean() == pytest.approx(0.4, abs=2e-3)


def test_grains_have_a_size() -> None:
    for height, least in ((720, 1.0), (1440, 2.0)):
        grains = grain(flat(0.4, height), 1.0, seed=1, frame=0, grey=True)[..., 0] - 0.4
        power = np.abs(np.fft.fft2(grains)) ** 2
        radius = np.hypot(*np.meshgrid(np.fft.fftfreq(height), np.fft.fftfreq(height)))
        assert power[radius > 0.4 / least].mean() < 0.05 * power[(radius > 0.01) & (radius < 0.08 / least)].mean()


def test_the_corners_are_darker_by_the_fourth_power_of_the_cosine() -> None:
    for amount in (0.25, 1.0):
        light = falloff(361, 641, amount)
        assert light[180, 320] == pytest.approx(1, abs=1e-3)
        assert light[0, 0] == pytest.approx(2 ** (-2 * amount), rel=1e-2)
        angle = np.arctan(np.sqrt(2.0**amount - 1) * 0.5)  # half-way to the corner, on the sensor
        assert light[90, 160] == pytest.approx(np.cos(angle) ** 4, rel=1e-2)
    out = vignette(flat(0.5), 1.0)
    assert out[0, 0, 0] / 0.5 == pytest.approx(0.25 ** (1 / 2.2), rel=1e-2)


def test_everything_together_is_the_same_twice() -> None:
    look = Look(grade=library.grade("teal_orange"), grain=0.3, vignette=0.4, seed=9)
    first = dress(noise(), look, shown=5)
    assert first.dtype == np.uint8 and first.shape == (90, 160, 3)
    assert (first == dress(noise(), look, shown=5)).all()
    assert (first != dress(noise(), look, shown=6)).any()


def test_deep_pictures_are_taken_as_well() -> None:
    deep = noise().astype(np.uint16) * 257
    look = Look(grade=library.grade("warm"))
    assert (dress(deep, look) == dress(noise(), look)).all()
