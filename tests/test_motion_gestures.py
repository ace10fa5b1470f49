"""Hands on the own body, thumbs, dance steps: where they are meant to be, on bodies of all kinds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from motion_measures import arms_in_trunk, at, slide
from motion_stage import BONE, beat, bones, play, scene, skin, skin_of, solo
from soundstage.body import body
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance, touches
from soundstage.rehearsal.motion.channels import INDEX, SPOTS
from soundstage.rehearsal.motion.plan import pose

TOUCHING = (
    "salute", "hands_on_hips", "facepalm", "cry", "yawn", "crouch", "sit", "sneeze", "cough", "scratch_head",
    "blow_kiss",
)  # fmt: skip
GESTURES = (
    "salute", "beckon", "thumbs_up", "hands_on_hips", "cross_arms", "facepalm", "cry", "shiver", "stretch", "sneeze",
    "cough", "pray", "scratch_head", "check_watch", "blow_kiss", "drink",
)  # fmt: skip
ARMS = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "shoulder", "clavicle")


def hand_gap(layout: Layout, performance: Performance, side: str, k: int) -> float:
    """Distance of the nearest skin of a hand from the nearest skin of body and head [m]."""
    figure = body(layout.people[0].identity)
    poses = bones(layout, performance)[k : k + 1]
    hand = skin(layout, poses, skin_of(layout, ("wrist", "finger", "metacarpal"), side))[0]
    used = np.unique(figure.faces)
    main = np.take_along_axis(figure.weight_bones, figure.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    arms = [n for name, n in BONE.items() if name.startswith(ARMS)]
    rest = skin(layout, poses, used[~np.isin(main[used], arms)])[0]
    near = rest[np.linalg.norm(rest - hand.mean(axis=0), axis=1) < 0.25]
    return float(np.linalg.norm(hand[:, None] - near[None], axis=2).min()) if len(near) else 1.0


@pytest.mark.parametrize("who", ["adult", "child", "old", "tall", "left"])
@pytest.mark.parametrize("action", TOUCHING)
def test_hands_lie_on_the_body_where_the_table_says_so(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    channels = performance.plans[0].channels
    tried = 0
    for name in SPOTS:
        for side in "LR":
            lain = channels[:, INDEX[f"touch.{name}.{side}"]] > 0.999
            if lain.any():
                tried += 1
                k = int(np.flatnonzero(lain)[lain.sum() // 2])
                assert hand_gap(layout, performance, side, k) < 0.012, (name, side)
    assert tried
    lifted = performance.joints.copy()
    for side in "LR":
        lifted[:, 0, BONE[f"upperarm01.{side}"]] = (1.0, 0.0, 0.0, 0.0)
    away = dataclasses.replace(performance, joints=lifted)
    assert max(hand_gap(layout, away, side, at(2.0)) for side in "LR") > 0.012


@pytest.mark.parametrize("who", ["adult", "child", "old", "tall"])
@pytest.mark.parametrize("action", GESTURES)
def test_gestures_do_not_reach_through_the_trunk(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    # Capsules are rounder than bodies: a palm on the waist may lie half its thickness inside them.
    assert arms_in_trunk(layout, performance, slice(0, None, 16)) < 0.016


def test_every_spot_lies_on_the_skin_of_every_body() -> None:
    for who in ("adult", "child", "tall"):
        _, _, performance = solo("stand", who)
        figure = performance.plans[0].who.figure
        for name in SPOTS:
            left, right = (touches.spot(figure, name, side) for side in (0, 1))
            mirror = np.array([-1.0, 1.0, 1.0])
            assert np.allclose(left.point, right.point * mirror, atol=0.012 * figure.scale), name
            assert abs(left.fingers @ left.palm) < 0.75, name


def test_a_thumb_is_up_and_the_fingers_are_closed() -> None:
    layout, _, performance = solo("thumbs_up")
    poses = bones(layout, performance)[at(0.5 + 1.1)][:, :3, 3]
    side = "LR"[performance.plans[0].who.strong]
    tip, root = poses[BONE[f"finger1-3.{side}"]], poses[BONE[f"finger1-1.{side}"]]
    assert (tip - root)[2] > 0.8 * np.linalg.norm(tip - root)
    index = poses[BONE[f"finger2-3.{side}"]] - poses[BONE[f"wrist.{side}"]]
    knuckle = poses[BONE[f"finger2-1.{side}"]] - poses[BONE[f"wrist.{side}"]]
    assert np.linalg.norm(index) < 1.15 * np.linalg.norm(knuckle)


@pytest.mark.parametrize("who", ["adult", "child", "old", "left"])
def test_palms_that_pray_meet_before_the_breastbone(who: str) -> None:
    layout, _, performance = solo("pray", who)
    k = at(0.5 + 0.5 * performance.plans[0].score.parts[0].timing.length)
    poses = bones(layout, performance)[k : k + 1]
    left, right = (skin(layout, poses, skin_of(layout, ("finger", "metacarpal"), side))[0] for side in "LR")
    gap = np.linalg.norm(left[:, None] - right[None], axis=2).min()
    assert gap < 0.012
    middle = 0.5 * (left.mean(axis=0) + right.mean(axis=0))
    chest = poses[0, BONE["spine01"], :3, 3]
    assert abs(middle[0] - chest[0]) < 0.05 and 0.1 < (middle - chest)[1] < 0.45  # faces +Y
    for side in "LR":
        tip, wrist = (poses[0, BONE[f"{name}.{side}"], :3, 3] for name in ("finger3-3", "wrist"))
        assert (tip - wrist)[2] > 0.75 * np.linalg.norm(tip - wrist)


def test_a_dance_steps_on_the_beat_and_the_weight_goes_along() -> None:
    people = {"anna": ("adult", (0.0, 0.0), 0.0)}
    layout, _, performance = play(scene(people, [beat("anna", "dance", at=0.0)], seconds=10.5, stage="studio"))
    made = performance.plans[0]
    landings = np.array([one.land for one in made.score.way.steps])
    assert len(landings) == 16
    tempo = made.score.parts[0].timing.length / 9.2
    assert np.allclose(np.diff(landings), 0.5 * tempo, atol=1e-6)
    footing = pose(made).footing
    assert slide(layout, performance, 0.0, 10.0) < 0.005
    for one in made.score.way.steps:
        k = at(0.5 * (one.lift + one.land))
        carrying = footing.place[1 - one.foot][k]
        other = footing.place[one.foot][k]
        centre = performance.root[k, 0, :2]
        assert np.linalg.norm(centre - carrying) < np.linalg.norm(centre - other) + 0.08
    apart = np.linalg.norm(footing.place[0] - footing.place[1], axis=1)
    assert apart.max() > 0.3 and abs(apart[-1] - apart[0]) < 1e-6
