"""Rotations, curves and two-bone chains against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import character
from soundstage.body import body
from soundstage.rehearsal.motion import curves, maths
from soundstage.rehearsal.motion.figure import measure
from soundstage.rehearsal.motion.gaze import follow
from soundstage.rehearsal.motion.limbs import bend, flexion

numbers = st.floats(-1.0, 1.0)
vectors = st.tuples(numbers, numbers, numbers).map(np.array).filter(lambda v: np.linalg.norm(v) > 0.1)


@given(vectors, st.floats(-3.1, 3.1))
def test_turns_and_quaternions_agree(axis: np.ndarray, angle: float) -> None:
    rotation = maths.turn(maths.unit(axis), angle)
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.allclose(maths.from_quaternion(maths.to_quaternion(rotation)), rotation, atol=1e-9)
    assert np.allclose(maths.slerp_part(rotation, 0.5) @ maths.slerp_part(rotation, 0.5), rotation, atol=1e-9)


@given(vectors, vectors)
def test_shortest_turn_takes_one_direction_to_the_other(a: np.ndarray, b: np.ndarray) -> None:
    assert np.allclose(maths.between(a, b) @ maths.unit(a), maths.unit(b), atol=1e-7)


@given(vectors, st.floats(-2.5, 2.5))
def test_twist_is_what_is_left_without_the_swing(b: np.ndarray, angle: float) -> None:
    axis = maths.Z
    if maths.unit(b)[2] < -0.9:
        return  # straight back the swing has no shortest way
    rotation = maths.between(axis, b) @ maths.turn(axis, angle)
    assert maths.twist_angle(rotation[None], axis)[0] == pytest.approx(angle, abs=1e-6)


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=6))
@settings(max_examples=50)
def test_curves_pass_their_keys_twice_continuous_and_never_overshoot(values: list[float]) -> None:
    times = np.arange(len(values)) * 0.5
    t = np.arange(0, times[-1] + 1e-9, 1 / 480)
    curve = curves.through(t, times, np.array(values))
    assert np.allclose(curve[::240], values, atol=1e-9)
    assert curve.min() >= min(values) - 1e-9 and curve.max() <= max(values) + 1e-9
    bend_ = np.diff(curve, 2) * 480**2
    assert np.abs(np.diff(bend_)).max() < 12 * (np.ptp(values) + 1e-9) * 480 / 40 + 1e-6


def test_minimum_jerk_starts_and_ends_at_rest() -> None:
    t = np.linspace(0, 1, 1001)
    path = curves.ease(t)
    assert path[0] == 0 and path[-1] == 1 and (np.diff(path) >= 0).all()
    assert np.abs(np.gradient(path, t))[[0, -1]].max() < 1e-4
    assert np.gradient(path, t).max() == pytest.approx(1.875, abs=1e-3)  # Flash & Hogan 1985


@given(vectors, st.floats(0.35, 0.9), vectors)
@settings(max_examples=60)
def test_arms_and_legs_reach_what_they_can(way: np.ndarray, part: float, hinge: np.ndarray) -> None:
    figure = _figure()
    if np.linalg.norm(maths.across(maths.unit(hinge), maths.unit(way))) < 0.2:
        return
    for limb in (*figure.arms, *figure.legs):
        target = (maths.unit(way) * part * limb.reach)[None]
        upper, lower = bend(limb, target, hinge[None])
        end = maths.apply(upper, limb.upper) + maths.apply(lower, limb.lower)
        assert np.allclose(end, target, atol=1e-6)
        assert flexion(limb, upper, lower)[0] > 0


def test_reaching_too_far_stretches_without_a_snap() -> None:
    limb = _figure().arms[1]
    distance = np.linspace(0.85, 1.3, 400) * limb.reach
    target = np.stack([np.zeros(400), -distance, np.zeros(400)], axis=1)
    upper, lower = bend(limb, target, np.broadcast_to([1.0, 0, 0], (400, 3)))
    angles = np.degrees(flexion(limb, upper, lower))
    assert angles.min() > 2.0 and (np.diff(angles) < 1e-6).all()
    assert np.abs(np.diff(angles, 2)).max() < 0.2


def test_a_head_follows_without_overshoot() -> None:
    target = np.concatenate([np.zeros(60), np.ones(400)])
    out = follow(target, 9.0, 0.05)
    assert out.max() < 1.0 and out[-1] > 0.99
    rise = (np.argmax(out > 0.9) - 60) / 240
    assert 0.25 < rise < 0.75


def _figure():  # type: ignore[no-untyped-def]
    return measure(body(character()["identity"]))
