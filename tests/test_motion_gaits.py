"""Ways of going: each is told from plain walking or running by what its name promises, and no foot slides."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from motion_measures import slide
from motion_stage import beat, play, scene
from soundstage import clock
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.plan import pose


@cache
def going(action: str, who: str = "adult") -> tuple[Layout, Performance]:
    people = {"anna": (who, (0.0, -9.6), 0.0)}
    layout, _, performance = play(scene(people, [beat("anna", action, "free_throw_line", at=0.2)], seconds=9.0))
    return layout, performance


def speed(performance: Performance) -> float:
    """[m/s] in the middle of the way."""
    moved = np.linalg.norm(np.diff(performance.root[:, 0, :2], axis=0), axis=1) * clock.POSE_RATE
    return float(np.quantile(moved[moved > 0.3], 0.6))


def test_the_gaits_differ_in_speed_as_their_names_say() -> None:
    by = {name: speed(going(name)[1]) for name in ("tiptoe", "stroll", "walk", "march", "jog", "run", "sprint")}
    assert by["tiptoe"] < by["stroll"] < by["walk"] < by["jog"] < by["run"] < by["sprint"]
    assert abs(by["march"] / by["walk"] - 1.0) < 0.15


def test_marching_feet_are_lifted_high_and_arms_swing_wide() -> None:
    walk, march = (pose(going(name)[1].plans[0]).footing.lift.max() for name in ("walk", "march"))
    assert march > 2.0 * walk


def test_on_tiptoe_no_heel_comes_down() -> None:
    _, performance = going("tiptoe")
    landed = performance.footfalls.part[performance.footfalls.part != "push"]
    assert len(landed) > 6 and set(landed) == {"ball"}
    assert "heel" in set(going("walk")[1].footfalls.part)


@pytest.mark.parametrize("who", ["adult", "child", "old"])
@pytest.mark.parametrize("action", ["stroll", "march", "tiptoe", "jog", "sprint"])
def test_feet_do_not_slide(action: str, who: str) -> None:
    layout, performance = going(action, who)
    assert slide(layout, performance, 0.0, 9.0) < 0.005
