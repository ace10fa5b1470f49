"""Exposure and white balance of a shot reach its frames, and nothing else of them changes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fakes import fake_take, fake_thing
from soundstage.camera import keys, shoot
from soundstage.camera.keyframes import plate_rows
from soundstage.take import Take, read_only
from test_camera_shoot import SETTINGS, pixels

LOOK: dict[str, Any] = {**SETTINGS, "view_transform": "Standard", "exposure_ev": -2.0, "samples": 8}
EV = (0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0)
KELVIN = (6500.0, 6500.0, 3200.0, 6500.0, 6500.0, 9000.0, 6500.0, 6500.0)

# Rec.709 primaries and white D65, and the cone space of Bradford (Lindbloom).
TO_XYZ = np.array(
    [[0.4123908, 0.3575843, 0.1804808], [0.2126390, 0.7151687, 0.0721923], [0.0193308, 0.1191948, 0.9505322]]
)
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def take() -> Take:
    """A grey ball in the studio; exposure and white balance change from frame to frame, the camera does not."""
    ball = fake_thing("ball", colour="#808080", at=(0.0, 0.0, 0.5))
    made = fake_take(things=[ball], set_="studio", seconds=len(EV) / 24, position=(0, -1.2, 0.6), look_at=(0, 0, 0.5))
    camera = replace(made.camera, exposure_ev=read_only(np.array(EV)), white_balance_k=read_only(np.array(KELVIN)))
    return replace(made, camera=camera)


@pytest.fixture(scope="module")
def greys(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """Linear light (frames, 3) of the ball's middle."""
    paths = shoot([take()], frames_dir=tmp_path_factory.mktemp("frames"), **LOOK)
    code = np.stack([pixels(p)[12:20, 26:38] for p in paths]).astype(float) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    assert code.max() < 0.98, "nothing is clipped"
    return np.asarray(linear.mean(axis=(1, 2)))


def planckian(kelvin: float) -> np.ndarray:
    """XYZ (Y = 1) of a glowing body at 1667 … 4000 K (Kang and others, 2002)."""
    x = -0.2661239e9 / kelvin**3 - 0.2343589e6 / kelvin**2 + 0.8776956e3 / kelvin + 0.179910
    y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    return np.array([x / y, 1.0, (1 - x - y) / y])


def adapted(kelvin: float, rgb: np.ndarray) -> np.ndarray:
    """What light becomes when that of a glowing body is shown as white."""
    gain = (BRADFORD @ TO_XYZ @ np.ones(3)) / (BRADFORD @ planckian(kelvin))
    change = np.linalg.inv(BRADFORD) @ np.diag(gain) @ BRADFORD
    return np.asarray(np.linalg.inv(TO_XYZ) @ change @ TO_XYZ @ rgb)


def test_one_stop_is_twice_the_light(greys: np.ndarray) -> None:
    assert greys[1] / greys[0] == pytest.approx([2.0, 2.0, 2.0], rel=0.02)
    assert greys[4] == pytest.approx(greys[1], rel=1e-9), "the same again, over its plate"


def test_daylight_shown_with_lamplight_as_white_is_blue_by_the_right_ratio(greys: np.ndarray) -> None:
    lamp, wanted = greys[2], adapted(3200.0, greys[0])
    assert lamp[2] / lamp[0] > 2.0
    assert lamp / lamp[1] == pytest.approx(wanted / wanted[1], rel=0.06)
    sky = greys[5]
    assert sky[2] / sky[0] < 0.9 * greys[0, 2] / greys[0, 0], "with blue light as white, daylight is warm"


def test_what_does_not_change_light_keeps_its_noise_and_a_steady_exposure_its_plate() -> None:
    made = take()
    seeds = {keys.noise_seed(made, LOOK, row) for row in range(len(EV))}
    assert len(seeds) == 1, "the grain stands still while the exposure changes"
    plates = [tuple(keys.plate_keys(made, LOOK, list(rows))) for rows in plate_rows(made)]
    assert plates[0] == plates[3] == (), "two frames are not worth a plate"
    assert plates[1] == plates[4] == plates[6] == plates[7] != ()
    assert plates[2] == plates[5] == ()


def test_daylight_balance_is_no_balance() -> None:
    code = """
import os, bpy
from soundstage.camera.blender import session
view = bpy.context.scene.view_settings
found = []
for ev, kelvin in ((0.5, 6500.0), (0.0, 6400.0), (0.0, 3000.0)):
    session.expose(ev, kelvin)
    found.append((view.exposure, view.use_white_balance, round(view.white_balance_tint, 3)))
print(found, flush=True)
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    told = done.stdout.strip().splitlines()[-1]
    assert told == "[(0.5, False, 10.0), (0.0, True, 10.0), (0.0, True, 0.0)]", done.stderr
