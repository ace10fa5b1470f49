"""Everything people can do, on bodies of all kinds, against what bodies and gravity allow."""

from __future__ import annotations

import numpy as np
import pytest

from motion_stage import (
    BODIES,
    BONE,
    HOLDING,
    angle,
    beat,
    bones,
    centre_of_mass,
    play,
    scene,
    second,
    skin,
    skin_of,
    solo,
)
from soundstage import clock
from soundstage.errors import InputError
from soundstage.rehearsal import motion
from soundstage.rehearsal.motion.falls import falls
from soundstage.rehearsal.motion.plan import pose

RATE = clock.POSE_RATE
ACTIONS = motion.action_names()
LEAPS = ("jump", "jump_shot", "chest_shot")


@pytest.mark.parametrize("who", ["adult", "child", "old", "tall"])
@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_moves_every_body_as_bodies_move(action: str, who: str) -> None:
    layout, cues, performance = solo(action, who)
    assert clock.seconds(cues[0].end - cues[0].start) > 0.3
    poses = bones(layout, performance)
    assert np.isfinite(performance.root).all() and np.isfinite(performance.joints).all()
    assert np.allclose(np.linalg.norm(performance.joints, axis=-1), 1.0, atol=1e-5)
    at = poses[:, :, :3, 3]
    for side in "LR":
        for first, middle, last, most in (
            ("upperleg01", "lowerleg01", "foot", 140.0),
            ("upperarm01", "lowerarm01", "wrist", 155.0),
        ):
            upper = at[:, BONE[f"{middle}.{side}"]] - at[:, BONE[f"{first}.{side}"]]
            lower = at[:, BONE[f"{last}.{side}"]] - at[:, BONE[f"{middle}.{side}"]]
            bend = angle(upper, lower)
            assert bend.min() > 1.0 and bend.max() < most
            # The hinge only opens to one side: flexing brings the lower bone to the same side of the upper.
            twisted = BONE[f"{first.replace('01', '02')}.{side}"]  # the half that carries the whole twist
            local = np.einsum("tba,tb->ta", poses[:, twisted, :3, :3], np.cross(upper, lower))
            axis = local / np.linalg.norm(local, axis=1, keepdims=True)
            firm = bend > 12.0
            assert (axis[firm] @ np.median(axis[firm], axis=0) > 0).all()


@pytest.mark.parametrize("who", ["adult", "child", "old"])
@pytest.mark.parametrize(
    "action", ["stand", "laugh", "cheer", "turn", "walk", "run", "jump", "jump_shot", "free_throw"]
)
def test_feet_stand_on_the_ground_and_do_not_slide(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    poses = bones(layout, performance)[::3]
    footing = pose(performance.plans[0]).footing
    for foot, side in enumerate("LR"):
        sole = skin_of(layout, ("foot", "toe"), side)
        figure = performance.plans[0].who.figure
        sole = sole[figure.body.vertices[sole, 2] < -figure.sole + 0.02 * figure.scale]
        spots = skin(layout, poses, sole)
        planted, flat = footing.planted[foot][::3], np.abs(footing.pitch[foot][::3]) < np.radians(1)
        lowest = spots[..., 2].min(axis=1)
        assert lowest.min() > -0.005
        assert lowest[planted].max() < 0.006
        toes = np.isin(sole, skin_of(layout, ("toe",), side))
        for still, points in ((planted & flat, spots), (planted, spots[:, toes])):
            for run in np.split(np.arange(len(still)), np.flatnonzero(np.diff(still.astype(int))) + 1):
                if still[run[0]]:
                    low = (points[run, :, 2] < 0.004)[..., None]
                    least, most = (np.where(low, points[run, :, :2], x).T for x in (np.inf, -np.inf))
                    spread = most.max(axis=2) - least.min(axis=2)
                    assert np.hypot(*np.maximum(spread, 0.0)).max() < 0.005


@pytest.mark.parametrize("who", ["adult", "child", "old", "tall"])
@pytest.mark.parametrize("action", LEAPS)
def test_in_the_air_only_gravity_acts(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    poses = bones(layout, performance)
    (flight,) = performance.plans[0].footing.flights
    i, j = int(np.ceil(flight.start * RATE)) + 1, int(flight.end * RATE) - 1
    centre = centre_of_mass(performance, poses)[i:j]
    t = np.arange(i, j) / RATE
    fall = np.polyfit(t, centre[:, 2], 2)
    assert -2 * fall[0] == pytest.approx(9.81, rel=0.02)
    assert np.abs(np.polyval(fall, t) - centre[:, 2]).max() < 0.002
    for axis in (0, 1):
        assert np.abs(np.polyval(np.polyfit(t, centre[:, axis], 1), t) - centre[:, axis]).max() < 0.004
    feet = np.stack([skin(layout, poses[i:j:4], skin_of(layout, ("foot", "toe"), s))[..., 2].min(axis=1) for s in "LR"])
    assert (feet[:, 2:-2] > 0.0).all()


def test_gravity_of_the_moon_lets_people_fly_longer() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0)}
    flights = []
    for gravity in (9.81, 1.62):
        _, _, performance = play(scene(people, [beat("anna", "jump")], seconds=6.0, gravity=gravity))
        flights.append(performance.plans[0].footing.flights[0])
    assert (flights[1].end - flights[1].start) / (flights[0].end - flights[0].start) == pytest.approx(9.81 / 1.62)


def test_a_leap_pushes_and_lands_with_both_feet() -> None:
    layout, _, performance = solo("jump_shot")
    f = performance.footfalls
    (flight,) = performance.plans[0].footing.flights
    for part, when in (("push", flight.start), ("flat", flight.end)):
        rows = (f.person == 0) & (f.part == part)
        assert sorted(f.foot[rows]) == [0, 1]
        assert np.allclose(f.time[rows], clock.ticks(when))
    landed = (f.person == 0) & (f.part == "flat")
    fallen = performance.root[:, 0, 2].max() - performance.root[second(clock.ticks(flight.end)), 0, 2]
    assert np.allclose(f.speed[landed], np.sqrt(2 * 9.81 * fallen), rtol=0.15)
    assert ((f.load[landed] > 1.5) & (f.load[landed] < 6)).all()
    assert set(f.material) == {layout.place.ground_material}
    assert (np.diff(f.time) >= 0).all()


def test_age_and_build_scale_a_jump() -> None:
    heights = {}
    for who in ("adult", "child", "old"):
        _, _, performance = solo("jump", who)
        (flight,) = performance.plans[0].footing.flights
        heights[who] = 9.81 * (flight.end - flight.start) ** 2 / 8
    assert 0.25 < heights["adult"] < 0.45
    assert 0.02 < heights["old"] < 0.5 * heights["adult"]
    assert heights["child"] < 0.8 * heights["adult"]


@pytest.mark.parametrize("who", ["adult", "child", "old", "left"])
@pytest.mark.parametrize("action", ["jump_shot", "free_throw", "throw", "drop"])
def test_a_ball_lies_in_the_hands_until_they_let_go(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    (grip,) = performance.grips
    (release,) = performance.releases
    figure = performance.plans[0].who
    radius = layout.things[grip.thing].size[0] / 2
    assert grip.start == 0 and grip.release == release.time
    assert np.allclose(grip.position[-1], release.position)
    picked = np.unique(np.append(np.arange(0, len(grip.position), 10), len(grip.position) - 1))
    poses = bones(layout, performance)[picked]
    names = ("wrist", "finger", "metacarpal")
    near = {}
    for side in "LR":
        points = skin(layout, poses, skin_of(layout, names, side))
        near[side] = np.linalg.norm(points - grip.position[picked][:, None], axis=2).min(axis=1) - radius
    strong = near["LR"[figure.strong]]
    assert (strong < 0.005).all() and (strong > -0.005).all()
    weak = near["RL"[figure.strong]]
    assert (weak > -0.007).all()
    if action != "throw":  # thrown with one hand
        before = picked < second(release.time) - 24
        assert (weak[before] < 0.005).all()
    # Nor does it lie in the head or the trunk.
    everything = bones(layout, performance)[picked]
    for capsule in figure.figure.body.capsules:
        if capsule.name in ("head", "chest", "belly"):
            bone = everything[:, capsule.bone]
            ends = [
                bone[:, :3, :3] @ (e - figure.figure.body.heads[capsule.bone]) + bone[:, :3, 3]
                for e in (capsule.p0, capsule.p1)
            ]
            along = ends[1] - ends[0]
            part = np.clip(np.einsum("ti,ti->t", grip.position[picked] - ends[0], along) / (along**2).sum(axis=1), 0, 1)
            gap = np.linalg.norm(grip.position[picked] - ends[0] - part[:, None] * along, axis=1)
            assert (gap > capsule.radius + radius - 0.015).all()


@pytest.mark.parametrize("who", ["adult", "child", "old", "tall", "left"])
@pytest.mark.parametrize("action", ["jump_shot", "free_throw"])
def test_shots_leave_the_hand_towards_the_ring(action: str, who: str) -> None:
    layout, _, performance = solo(action, who)
    (release,) = performance.releases
    assert release.target == pytest.approx([0.0, -0.375, 3.05], abs=1e-6)
    way = release.target - release.position
    flat, wanted = release.hand_velocity[:2], way[:2]
    assert angle(np.append(flat, 0), np.append(wanted, 0)) < 8.0
    assert 35 < np.degrees(np.arctan2(release.hand_velocity[2], np.hypot(*flat))) < 75
    assert 3.0 < np.linalg.norm(release.hand_velocity) < 10.0
    assert release.position[2] > 1.02 * float(layout.people[0].identity["height_m"])


def test_a_jump_shot_is_let_go_just_before_the_top() -> None:
    _, cues, performance = solo("jump_shot")
    layout, _, _ = solo("jump_shot")
    moments = motion.action_moments(cues[0].record, layout=layout)
    assert moments["takeoff"] < moments["release"] < moments["apex"] < moments["landing"] < moments["end"]
    (release,) = performance.releases
    assert clock.seconds(release.time - cues[0].start) == pytest.approx(moments["release"], abs=0.003)
    knees = [np.degrees(performance.plans[0].channels[:, performance_index("knees")]).max()]
    assert 60 < knees[0] < 85


def performance_index(channel: str) -> int:
    from soundstage.rehearsal.motion.channels import INDEX

    return INDEX[channel]


def test_free_throws_keep_their_toes_on_the_line() -> None:
    for who in ("adult", "child"):
        _, _, performance = solo("free_throw", who)
        assert not performance.plans[0].footing.flights
        assert not (performance.footfalls.part == "push").any()
        assert np.degrees(performance.plans[0].footing.pitch).max() > 20


def test_small_children_push_with_both_hands() -> None:
    layout, _, performance = solo("jump_shot", "child")
    (release,) = performance.releases
    poses = bones(layout, performance)[second(release.time)]
    hands = poses[[BONE["wrist.L"], BONE["wrist.R"]], :3, 3]
    assert abs(hands[0, 2] - hands[1, 2]) < 0.02
    assert np.linalg.norm(hands - release.position, axis=1).max() < 0.24


def test_left_handers_shoot_with_the_left() -> None:
    for who, side in (("adult", "R"), ("left", "L")):
        layout, _, performance = solo("jump_shot", who)
        k = second(performance.releases[0].time) + 20
        at = bones(layout, performance)[k, :, :3, 3]
        other = {"L": "R", "R": "L"}[side]
        assert at[BONE[f"wrist.{side}"], 2] > at[BONE[f"wrist.{other}"], 2]


def test_movement_is_smooth_but_where_feet_strike() -> None:
    names = [n for n in BONE if n.startswith(("spine", "neck", "head", "root", "upperarm", "lowerarm", "wrist"))]
    for action in ACTIONS:
        layout, _, performance = solo(action)
        at = bones(layout, performance)[..., :3, 3][:, [BONE[n] for n in names]]
        push = np.diff(at, 2, axis=0) * RATE**2
        jerk = np.linalg.norm(np.diff(push, axis=0), axis=2)
        # An arm that throws stops within a few hundredths of a second; nothing else is that sudden.
        most = 900 if action in HOLDING else 400
        assert np.linalg.norm(push, axis=2).max() < most, action
        assert jerk.max() < most, action


def test_walks_arrive_with_one_foot_after_the_other() -> None:
    people = {"anna": ("adult", (0.0, -6.0), 30.0), "ben": ("tall", (2.0, -1.0), 180.0)}
    _, cues, performance = play(scene(people, [beat("anna", "walk", "ben")], seconds=7.5))
    at = performance.root[-1, 0, :2]
    assert np.linalg.norm(at - [2.0, -1.0]) == pytest.approx(0.95, abs=0.15)
    ahead = -np.array(
        [np.sin(performance.plans[0].footing.heading[-1]), -np.cos(performance.plans[0].footing.heading[-1])]
    )
    assert angle(ahead, np.array([2.0, -1.0]) - at) < 12
    f = performance.footfalls
    heels = (f.person == 0) & (f.part == "heel")
    assert (np.diff(f.foot[heels]) != 0).all() and heels.sum() >= 5
    speed = np.linalg.norm(np.diff(performance.root[:, 0, :2], axis=0), axis=1) * RATE
    middle = slice(second(cues[0].start) + 360, second(cues[0].end) - 360)
    assert 1.0 < speed[middle].mean() < 1.7
    both = performance.plans[0].footing.planted
    assert both.any(axis=0).all()


def test_runs_fly_between_steps() -> None:
    people = {"anna": ("adult", (0.0, -10.0), 0.0)}
    _, _, performance = play(scene(people, [beat("anna", "run", "free_throw_line")], seconds=5.0))
    footing = performance.plans[0].footing
    air = ~footing.planted.any(axis=0)
    flights = np.flatnonzero(np.diff(air.astype(int)) == 1)
    assert len(flights) >= 3
    height = performance.root[:, 0, 2]
    for k in flights[1:-1]:
        end = k + 1 + int(np.argmin(air[k + 1 :]))
        t = np.arange(k + 4, end - 3) / RATE
        assert -2 * np.polyfit(t, height[k + 4 : end - 3], 2)[0] == pytest.approx(9.81, rel=0.25)
    speed = np.linalg.norm(np.diff(performance.root[:, 0, :2], axis=0), axis=1) * RATE
    assert 2.2 < np.quantile(speed, 0.9) < 4.5
    assert np.linalg.norm(performance.root[-1, 0, :2] - [0.0, -4.6]) < 0.15


def test_turning_on_the_spot_faces_the_target() -> None:
    people = {"anna": ("adult", (0.0, -4.0), 0.0), "ben": ("adult", (-2.0, -5.0), 0.0)}
    _, _, performance = play(scene(people, [beat("anna", "turn", "ben")], seconds=3.5))
    heading = performance.plans[0].footing.heading[-1]
    assert angle(np.array([-np.sin(heading), np.cos(heading)]), np.array([-2.0, -1.0])) < 2
    middle = performance.plans[0].footing.place.mean(axis=0)
    assert np.linalg.norm(middle[-1] - middle[0]) < 0.01


def test_people_differ_and_are_never_in_phase() -> None:
    people = {"anna": ("adult", (-1.0, -4.0), 0.0), "ben": ("adult", (1.0, -4.0), 0.0)}
    _, _, performance = play(scene(people, seconds=8.0))
    sway = np.diff(performance.root[:, :, :2] - performance.root[0, :, :2], axis=0)
    a, b = sway[:, 0].ravel(), sway[:, 1].ravel()
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.5
    assert np.abs(performance.joints[0, 0] - performance.joints[0, 1]).max() > 0.01
    for p in (0, 1):  # nobody is frozen, nobody wanders off
        moved = np.linalg.norm(performance.root[:, p] - performance.root[0, p], axis=1)
        assert 0.004 < moved.max() < 0.15


def test_arms_hang_beside_the_body_not_in_it() -> None:
    for who in BODIES:
        layout, _, performance = solo("stand", who)
        at = bones(layout, performance)[::60, :, :3, 3]
        hips = performance.plans[0].who.figure.hip_breadth
        for side in "LR":
            wrist, shoulder = at[:, BONE[f"wrist.{side}"]], at[:, BONE[f"upperarm01.{side}"]]
            away = np.abs(wrist[:, 0] - at[:, 0, 0])
            assert (away > 0.95 * hips).all() and (away < hips + 0.14).all()
            assert angle(wrist - shoulder, np.broadcast_to([0, 0, -1.0], wrist.shape)).max() < 22


def test_the_same_scene_is_performed_the_same_way() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0), "ben": ("old", (1.5, -3.0), 90.0)}
    beats = [beat("anna", "jump_shot", "hoop", prop="ball"), beat("ben", "wave", "anna", 0.3)]
    first, again, other = (play(scene(people, beats, seconds=3.5, ball="anna", seed=seed))[2] for seed in (3, 3, 4))
    assert np.array_equal(first.root, again.root) and np.array_equal(first.joints, again.joints)
    assert np.array_equal(first.grips[0].position, again.grips[0].position)
    assert not np.array_equal(first.joints, other.joints)


def test_what_comes_later_changes_nothing_before() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0)}
    shot = beat("anna", "jump_shot", "hoop", prop="ball")
    alone = play(scene(people, [shot], seconds=6.0, ball="anna"))[2]
    more = play(scene(people, [shot, beat("anna", "shrug", at=4.2)], seconds=6.0, ball="anna"))[2]
    until = second(clock.ticks(4.1))
    assert np.allclose(alone.root[:until], more.root[:until], atol=1e-9)
    assert np.array_equal(alone.grips[0].position, more.grips[0].position)


def test_who_holds_nothing_cannot_throw() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0)}
    with pytest.raises(InputError, match="holds no"):
        play(scene(people, [beat("anna", "jump_shot", "hoop")]))


def test_footfalls_lie_on_the_ground_within_the_scene() -> None:
    for action in ("walk", "run", "jump", "turn"):
        _, _, performance = solo(action)
        f = performance.footfalls
        assert len(f.time) and (f.time >= 0).all() and (f.time <= performance.time[-1]).all()
        assert np.allclose(f.point[:, 2], 0.0) and (f.speed >= 0).all() and (f.load > 0).all()
        assert set(f.part) <= {"heel", "ball", "flat", "push"}
        plans = performance.plans
        assert len(f.time) == sum(len(falls(made, pose(made))) for made in plans)
