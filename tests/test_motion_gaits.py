"""Ways of going: each is told from plain walking or running by what its name promises, and no foot slides."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from motion_measures import at, jerks, slide
from motion_stage import beat, play, scene
from soundstage import clock
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.plan import pose

SLOW = ("limp", "walk_backwards", "hop")


@cache
def going(action: str, who: str = "adult") -> tuple[Layout, Performance]:
    people = {"anna": (who, (0.0, -9.6), 0.0)}
    seconds = 15.0 if action in SLOW else 9.0
    layout, _, performance = play(scene(people, [beat("anna", action, "free_throw_line", at=0.2)], seconds=seconds))
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


def landed(performance: Performance) -> tuple[list[int], list[float], list[float]]:
    """Which foot comes down, when [s], and when it leaves again (for all but the last of each foot)."""
    steps = sorted(performance.plans[0].score.way.steps, key=lambda one: one.land)
    return [one.foot for one in steps], [one.land for one in steps], [one.lift for one in steps]


@pytest.mark.parametrize("who", ["adult", "child", "old", "left"])
def test_who_limps_stands_shorter_on_the_hurt_leg(who: str) -> None:
    def stances(action: str) -> tuple[float, float]:
        """Mean time that the strong and the other foot stand in the middle of the way [s]."""
        _, performance = going(action, who)
        steps = sorted(performance.plans[0].score.way.steps, key=lambda one: one.lift)
        strong = performance.plans[0].who.strong
        mean = []
        for foot in (strong, 1 - strong):
            own = [one for one in steps if one.foot == foot][:-1]
            mean.append(np.mean([b.lift - a.land for a, b in pairwise(own)]))
        return float(mean[0]), float(mean[1])

    hurt, sound = stances("limp")
    assert hurt < 0.75 * sound
    hurt, sound = stances("walk")
    assert abs(hurt / sound - 1.0) < 0.05


@pytest.mark.parametrize("who", ["adult", "child", "old", "left"])
def test_hopping_is_done_on_one_leg_and_skipping_on_either_twice(who: str) -> None:
    _, performance = going("hop", who)
    feet, _, _ = landed(performance)
    strong = performance.plans[0].who.strong
    assert set(feet[:-1]) == {strong} and feet[-1] == 1 - strong and len(feet) > 6
    footing = pose(performance.plans[0]).footing
    walk = performance.plans[0].score.walks[0]
    hopping = slice(at(walk.start + 0.7), at(walk.end - 1.0))
    assert not footing.planted[1 - strong][hopping].any()
    in_the_air = ~footing.planted[strong][hopping]
    assert 0.25 < in_the_air.mean() < 0.75
    feet, _, _ = landed(going("skip", who)[1])
    doubles = [a == b for a, b in pairwise(feet[:-1])]
    assert all(one != other for one, other in pairwise(doubles)) and len(doubles) > 5


@pytest.mark.parametrize("who", ["adult", "child", "old"])
def test_who_hops_falls_freely_between_hops(who: str) -> None:
    _, performance = going("hop", who)
    steps = [one for one in performance.plans[0].score.way.steps if not one.held]
    for one in steps[1:-1]:
        rows = slice(at(one.lift) + 2, at(one.land) - 2)
        height = performance.root[rows, 0, 2]
        fall = np.polyfit(np.arange(len(height)) / clock.POSE_RATE, height, 2)
        assert -2 * fall[0] == pytest.approx(9.81, rel=0.05)


@pytest.mark.parametrize("who", ["adult", "child", "left"])
def test_backwards_the_back_goes_first(who: str) -> None:
    _, performance = going("walk_backwards", who)
    heading = performance.plans[0].footing.heading
    moved = np.gradient(performance.root[:, 0, :2], axis=0) * clock.POSE_RATE
    ahead = np.stack([-np.sin(heading), np.cos(heading)], axis=1)
    walk = performance.plans[0].score.walks[0]
    goes = (np.linalg.norm(moved, axis=1) > 0.5) & (performance.time > clock.ticks(walk.start + 0.5))
    assert goes.sum() > 200 and (np.einsum("ti,ti->t", moved, ahead)[goes] < -0.3).all()
    stepped = performance.footfalls.part[performance.footfalls.time > clock.ticks(walk.start)]
    assert set(stepped) == {"push", "ball"}  # the toes come down first
    _, walking = going("walk", who)
    heading = walking.plans[0].footing.heading
    moved = np.gradient(walking.root[:, 0, :2], axis=0) * clock.POSE_RATE
    assert (moved[:, 1] * np.cos(heading)).max() > 0.5


def test_who_backs_away_keeps_facing_what_they_fear() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 140.0), "ben": ("adult", (1.2, 0.9), 120.0)}
    layout, _, performance = play(scene(people, [beat("anna", "back_away", "ben")], seconds=6.0, stage="studio"))
    apart = np.linalg.norm(performance.root[:, 0, :2] - performance.root[:, 1, :2], axis=1)
    assert apart[-1] - apart[0] > 1.4
    way = performance.root[-1, 1, :2] - performance.root[-1, 0, :2]
    heading = performance.plans[0].footing.heading[-1]
    assert np.array([-np.sin(heading), np.cos(heading)]) @ way > 0.95 * np.linalg.norm(way)
    assert slide(layout, performance, 0.0, 6.0) < 0.004


@pytest.mark.parametrize("who", ["adult", "child", "old"])
@pytest.mark.parametrize("action", ["limp", "hop", "skip", "walk_backwards"])
def test_a_gait_is_begun_and_ended_no_harder_than_it_goes(action: str, who: str) -> None:
    layout, performance = going(action, who)
    walk = performance.plans[0].score.walks[0]
    assert jerks(layout, performance, walk.start, walk.end, (walk.start, walk.end)) < 1.0
    jumping = performance.root.copy()
    jumping[at(walk.end) :] += np.array([0.0, 0.0, 0.01])
    broken = replace(performance, root=jumping)
    assert jerks(layout, broken, walk.start, walk.end, (walk.start, walk.end)) > 1.0


@pytest.mark.parametrize("who", ["adult", "child", "old"])
@pytest.mark.parametrize(
    "action", ["stroll", "march", "tiptoe", "jog", "sprint", "limp", "hop", "skip", "walk_backwards"]
)
def test_feet_do_not_slide(action: str, who: str) -> None:
    layout, performance = going(action, who)
    assert slide(layout, performance, 0.0, 9.0) < 0.0045
    drift = np.linspace(0.0, 0.1, len(performance.root))[:, None, None] * np.array([1.0, 0.0, 0.0])
    assert slide(layout, replace(performance, root=performance.root + drift), 0.0, 9.0) > 0.0045
