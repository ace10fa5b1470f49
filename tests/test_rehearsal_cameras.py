"""Framing: what a shot should show is in its picture, at every size, angle, side and lens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.rehearsal import cameras


def project(points: np.ndarray, position: np.ndarray, ahead: np.ndarray, lens: float, aspect: float) -> np.ndarray:
    """Picture coordinates, -1…1 across and up, and depth."""
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    local = (points - position) @ np.array([right, up, ahead]).T
    tangent = 18.0 / lens
    return np.array([local[:, 0] / local[:, 2] / tangent, local[:, 1] / local[:, 2] / tangent * aspect, local[:, 2]]).T


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    azimuth=st.floats(0, 6.28),
    pitch=st.floats(-1.2, 1.2),
    lens=st.floats(15, 200),
    aspect=st.sampled_from([16 / 9, 4 / 3, 1.0, 9 / 16]),
)
def test_framing_holds_every_point_and_wastes_no_distance(
    seed: int, azimuth: float, pitch: float, lens: float, aspect: float
) -> None:
    points = np.random.default_rng(seed).normal(size=(40, 3)) * [3, 2, 1]
    ahead = np.array([np.cos(azimuth) * np.cos(pitch), np.sin(azimuth) * np.cos(pitch), np.sin(pitch)])
    position = cameras.frame_points(points, ahead, lens, aspect)
    picture = project(points, position, ahead, lens, aspect)
    assert (picture[:, 2] > 0).all()
    extent = np.abs(picture[:, :2]).max(axis=0)
    assert (extent <= cameras.MARGIN + 1e-6).all()
    touches_margin = extent.max() == pytest.approx(cameras.MARGIN, abs=1e-6)
    touches_lens = picture[:, 2].min() == pytest.approx(cameras.NEAREST_M, abs=1e-6)
    assert touches_margin or touches_lens  # as near as it can be


@given(x=st.floats(-1, 1), y=st.floats(-1, 1), z=st.floats(-0.95, 0.95))
def test_look_rotation_looks_there_and_stays_level(x: float, y: float, z: float) -> None:
    ahead = np.array([x, y, z])
    if np.hypot(x, y) < 1e-3:
        return
    w, i, j, k = cameras.look_rotation(ahead)
    matrix = np.array(
        [
            [1 - 2 * (j * j + k * k), 2 * (i * j - k * w), 2 * (i * k + j * w)],
            [2 * (i * j + k * w), 1 - 2 * (i * i + k * k), 2 * (j * k - i * w)],
            [2 * (i * k - j * w), 2 * (j * k + i * w), 1 - 2 * (i * i + j * j)],
        ]
    )
    assert np.allclose(-matrix[:, 2], ahead / np.linalg.norm(ahead), atol=1e-9)
    assert abs(matrix[2, 0]) < 1e-9  # the horizon is level
    assert matrix[2, 1] >= -1e-9  # and not upside down
