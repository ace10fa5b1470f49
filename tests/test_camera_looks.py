"""Every look, every set at every hour and every ground can be built and rendered; things have their true size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import fake_pieces, fake_take, fake_thing
from soundstage import library
from test_camera_shoot import pixels

HOURS = ("morning", "noon", "afternoon", "sunset", "night")
SETS = library.names("sets")
PROPS = library.names("props")
MATERIALS = library.names("materials")
COLUMNS = 6


def looks_take() -> Any:
    """One of every prop, side by side."""
    things, x = [], -8.0
    for kind in PROPS:
        thing = fake_thing(kind)
        x += thing.thing.size[0] / 2 + 0.1
        things.append(fake_thing(kind, at=(x, 0.0, thing.at[2])))
        x += thing.thing.size[0] / 2
    return fake_take(things=things, set_="studio", position=(0, -9, 2), look_at=(0, 0, 0.5), lens_mm=18)


def materials_take() -> Any:
    """A ball and a block of every substance."""
    things = []
    for n, name in enumerate(MATERIALS):
        x, y = (n % COLUMNS) * 0.3, (n // COLUMNS) * 0.3
        things.append(
            fake_thing("ball", id=f"ball_{name}", material=name, colour=library.material(name).albedo, at=(x, y, 0.1))
        )
        things.append(fake_thing("block", id=f"block_{name}", material=name, colour="#808080", at=(x, y + 0.15, 0.02)))
    return fake_take(things=things, set_="studio", position=(0.75, -2.5, 1.5), look_at=(0.75, 0.6, 0.0), lens_mm=30)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("looks")
    takes = {"props": looks_take(), "materials": materials_take()}
    for n, set_ in enumerate(SETS):
        things = [*fake_pieces(set_), fake_thing("ball", at=(0.4, -3.0, 0.1))]
        hour = HOURS[n % len(HOURS)]
        takes[f"set_{set_}"] = fake_take(
            things=things, set_=set_, time_of_day=hour, position=(0, -2.2, 1.4), look_at=(0, 3, 1.2), lens_mm=20
        )
    for hour in HOURS:
        takes[f"hour_{hour}"] = fake_take(set_="outdoor_court", time_of_day=hour, look_at=(0, 0, 3.5))
    jobs = []
    for name, take in takes.items():
        take.save(folder / f"{name}.npz")
        jobs.append({"name": name, "take": str(folder / f"{name}.npz"), "settings": {}})
    blur = fake_take(set_="studio", motion="bounce", camera="dolly", position=(0, -2.2, 1.4), look_at=(0, 0, 0.7))
    blur.save(folder / "blur.npz")
    jobs.append({"name": "blur", "take": str(folder / "blur.npz"), "settings": {"motion_blur": True}})
    script = Path(__file__).with_name("camera_looks.py")
    run = subprocess.run(
        [sys.executable, str(script), str(folder)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = {entry["name"]: entry for entry in map(json.loads, run.stdout.splitlines())}
    for name in found:
        found[name]["take"] = takes.get(name)
        found[name]["pixels"] = pixels(folder / f"{name}.png") if (folder / f"{name}.png").exists() else None
    return found


@pytest.mark.parametrize(
    "name", ["props", "materials", "blur", *(f"set_{s}" for s in SETS), *(f"hour_{h}" for h in HOURS)]
)
def test_it_is_built_and_gives_a_picture(results: dict[str, Any], name: str) -> None:
    assert name in results, "the process died before it"
    assert results[name]["error"] == ""
    picture = results[name]["pixels"].astype(float)
    assert picture.shape == (36, 64, 3)
    assert picture.std() > 4.0, "an even picture shows nothing"
    assert 8.0 < picture.mean() < 235.0, "neither black nor burnt out"


def test_night_is_darker_than_noon(results: dict[str, Any]) -> None:
    night, noon = (results[f"hour_{hour}"]["pixels"][:6].mean() for hour in ("night", "noon"))
    assert night < 0.4 * noon


@pytest.mark.parametrize("number", range(len(PROPS)), ids=PROPS)
def test_a_thing_is_as_large_as_its_collision_shape(results: dict[str, Any], number: int) -> None:
    thing = results["props"]["take"].things[number]
    shown = results["props"]["dimensions"][number]
    if thing.kind == "hoop":  # its size names board and rim, the post stands behind them
        assert shown[0] == pytest.approx(thing.params["board_width"], abs=0.05)
        return
    expected = np.array(thing.size)
    if thing.kind == "ramp":  # rails stand above the slope
        expected = expected + [0, 0, thing.params["rail"]]
    assert shown == pytest.approx(expected, rel=0.01, abs=0.012)
