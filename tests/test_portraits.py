"""People in close-up: eyes keep their colour and do not glow, lids are where people hold them, hair is not a helmet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HOURS = ("noon", "sunset", "night")
WHO = ("child", "woman", "man")
DARKER_THAN_WHITE = 0.82
"""Display brightness of the lit part of an iris beside the white of its eye, at most. With more, eyes look blind."""
DARKER_THAN_SKIN = 0.55
"""The same beside the brightest skin about the eyes."""
WHITE_BELOW_SKIN = 0.92
"""Display brightness of the white of an eye beside the brightest skin, at most."""

Shown = dict[tuple[str, str], dict[str, Any]]


def photographed(folder: Path, hours: tuple[str, ...], how: str) -> Shown:
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("portraits.py")), str(folder), how],
        input=json.dumps(hours),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == 1 + 4 * len(hours), run.stderr[-2000:]
    return {(entry["who"], entry["hour"]): entry for entry in found}


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return photographed(tmp_path_factory.mktemp("portraits"), HOURS, "plain")


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The same people with what was mended broken again."""
    return photographed(tmp_path_factory.mktemp("spoiled"), ("sunset",), "spoiled")


def uncanny(seen: dict[str, Any]) -> list[str]:
    """What would make somebody look away from these eyes."""
    iris, white, skin = np.mean(seen["iris"]), np.mean(seen["white"]), seen["brightest_skin"]
    wrong = []
    if iris > DARKER_THAN_WHITE * white:
        wrong.append("the iris is nearly as bright as the white")
    if iris > DARKER_THAN_SKIN * skin:
        wrong.append("the iris is bright")
    if white > WHITE_BELOW_SKIN * skin:
        wrong.append("the white glows")
    if not 0.40 < seen["lid"] < 0.75:
        wrong.append("sleepy or staring")
    return wrong


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("who", WHO)
def test_eyes_are_those_of_the_living(portraits: Shown, who: str, hour: str) -> None:
    assert uncanny(portraits[who, hour]) == []


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("who", "colour"), list(zip(WHO, ("blue", "brown", "green"), strict=True)))
def test_the_colour_of_the_eyes_is_told_in_any_light(portraits: Shown, who: str, colour: str, hour: str) -> None:
    seen = portraits[who, hour]
    red, green, blue = np.array(seen["iris"]) / np.array(seen["white"])  # the white shows what colour the light has
    if colour == "blue":
        assert blue > 1.1 * red
    elif colour == "brown":
        assert red > 1.3 * green > 1.3 * blue
    else:
        assert green > 1.15 * red and green > 1.15 * blue


def test_eyes_without_shade_under_mirrors_are_found_out(spoiled: Shown) -> None:
    assert {"the iris is bright", "the white glows"} <= set(uncanny(spoiled["woman", "sunset"]))
    assert "sleepy or staring" in uncanny(spoiled["man", "sunset"])


def test_hair_falls_in_locks(portraits: Shown, spoiled: Shown) -> None:
    assert portraits["old", "sunset"]["hair"] > 1.25 * spoiled["old", "sunset"]["hair"]


def test_long_hair_lies_on_the_clothes_and_not_in_the_sleeves(portraits: Shown, spoiled: Shown) -> None:
    hair, sliding = portraits["child", ""], spoiled["child", ""]
    assert hair["points"] > 1000
    assert hair["aside"] < 2.6 < sliding["aside"], "pupil distances: about where a sleeve begins"
    assert hair["away"] > 0.008 > sliding["away"], "cloth and the air under it"
