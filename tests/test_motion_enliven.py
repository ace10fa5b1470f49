"""Gaze and talking hands: they meet what they should, and leave alone what must stay."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from motion_stage import BONE, Floats, angle, beat, bones, line, play, scene, second
from soundstage import clock
from soundstage.rehearsal import motion
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.utterances import Spoken, utter

TALK = "Did you really see what happened over there this morning? I could not believe it!"


def alive(
    layout: Layout, cues: tuple, performance: Performance, things: Floats | None = None
) -> tuple[Performance, Spoken]:
    spoken = utter(cues, layout.people, vocal=motion.vocal, seed=3)
    if things is None:
        things = np.broadcast_to(layout.thing_position, (len(performance.time), *layout.thing_position.shape))
    return motion.enliven(performance, layout, cues, thing_position=things, spoken=spoken, seed=3), spoken


@cache
def friends() -> tuple[Layout, Performance, Performance, Spoken]:
    people = {"anna": ("adult", (-0.6, 0.0), -80.0), "ben": ("tall", (0.6, 0.1), 70.0)}
    sp = scene(
        people,
        [beat("ben", "nod", "anna", 4.6)],
        seconds=7.0,
        stage="park",
        lines=[line("anna", "ben", TALK, 0.4, "excited")],
    )
    layout, cues, performance = play(sp)
    lively, spoken = alive(layout, cues, performance)
    return layout, performance, lively, spoken


def looking(layout: Layout, performance: Performance, p: int) -> tuple[Floats, Floats]:
    """Between the eyes (T, 3) and the way they look (T, 3)."""
    poses = bones(layout, performance, p)
    eyes = poses[:, [BONE["eye.L"], BONE["eye.R"]]]
    return eyes[:, :, :3, 3].mean(axis=1), -eyes[:, 0, :3, 1]


def test_listener_and_speaker_look_at_each_other() -> None:
    layout, _, lively, spoken = friends()
    start, end = (second(int(x)) for x in (spoken.utterances.start[0], spoken.utterances.end[0]))
    for p, least in ((1, 0.9), (0, 0.5)):  # who speaks glances away now and then
        here, way = looking(layout, lively, p)
        there, _ = looking(layout, lively, 1 - p)
        off = angle(way, there - here)[start + 150 : end]
        assert (off < 8.0).mean() > least


def test_eyes_lead_and_the_head_follows() -> None:
    people = {"anna": ("adult", (0.0, -4.0), 0.0), "ben": ("adult", (-2.2, -2.4), 180.0)}
    layout, cues, performance = play(scene(people, [beat("anna", "look_at", "ben", 2.0)], seconds=4.5))
    lively, _ = alive(layout, cues, performance)
    here, way = looking(layout, lively, 0)
    there, _ = looking(layout, lively, 1)
    k = second(clock.ticks(2.0))
    eyes = angle(way, there - here)
    assert eyes[k + 220 : k + 300].max() < 5.0
    head = -bones(layout, lively)[:, BONE["head"], :3, 1]
    before = angle(head[k - 40], (there - here)[k - 40])
    half = [
        int(np.argmax(track[k - 60 :] < 0.5 * before))
        for track in (angle(way, there - here), angle(head, there - here))
    ]
    assert half[0] + 15 < half[1]


def test_feet_hips_grips_and_releases_stay() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0), "ben": ("old", (2.0, -3.5), 60.0)}
    lines = [
        line("ben", "anna", "Come on then, show me what you can do!", 0.2),
        line("anna", "ben", "Watch me, this is going in.", 3.4),
    ]
    layout, cues, performance = play(
        scene(people, [beat("anna", "jump_shot", "hoop", 0.8, prop="ball")], seconds=5.5, ball="anna", lines=lines)
    )
    lively, _ = alive(layout, cues, performance)
    assert np.array_equal(performance.root, lively.root)
    assert lively.grips is performance.grips and lively.releases is performance.releases
    assert lively.footfalls is performance.footfalls
    until = second(performance.grips[0].release)
    for p in (0, 1):
        was, now = (bones(layout, one, p)[..., :3, 3] for one in (performance, lively))
        for side in "LR":
            assert np.abs(was[:, BONE[f"foot.{side}"]] - now[:, BONE[f"foot.{side}"]]).max() < 1e-5
        if p == 0:
            strong = BONE["wrist.R"]
            assert np.linalg.norm(was[:until, strong] - now[:until, strong], axis=1).max() < 0.004


def test_eyes_follow_the_ball() -> None:
    people = {"anna": ("adult", (0.0, -4.6), 0.0)}
    layout, cues, performance = play(
        scene(people, [beat("anna", "jump_shot", "hoop", 0.6, prop="ball")], seconds=4.5, ball="anna")
    )
    (grip,), (release,) = performance.grips, performance.releases
    k = second(release.time)
    t = np.clip(np.arange(len(performance.time)) - k, 0, 340)[:, None] / clock.POSE_RATE
    ball = release.position + t * [0.0, 3.0, 5.6] - 0.5 * 9.81 * t**2 * [0, 0, 1.0]
    ball[: k + 1] = grip.position
    things = np.repeat(np.asarray(layout.thing_position)[None], len(ball), axis=0)
    things[:, grip.thing] = ball
    lively, _ = alive(layout, cues, performance, things)
    here, way = looking(layout, lively, 0)
    off = angle(way, ball - here)
    assert np.median(off[k + 50 : k + 300]) < 3.0


def test_hands_talk_and_others_rest() -> None:
    layout, performance, lively, spoken = friends()
    start, end = (second(int(x)) for x in (spoken.utterances.start[0], spoken.utterances.end[0]))
    moved = []
    for p in (0, 1):
        was, now = (bones(layout, one, p)[..., :3, 3] for one in (performance, lively))
        shift = [np.linalg.norm(was[:, BONE[f"wrist.{s}"]] - now[:, BONE[f"wrist.{s}"]], axis=1) for s in "LR"]
        moved.append(max(s[start:end].max() for s in shift))
        assert max(s[-1] for s in shift) < 0.05
    assert moved[0] > 0.10 and moved[1] < 0.05


def test_life_is_smooth_and_repeats() -> None:
    layout, performance, lively, spoken = friends()
    for p in (0, 1):
        at = bones(layout, lively, p)[..., :3, 3]
        names = [BONE[n] for n in ("head", "wrist.L", "wrist.R", "lowerarm01.L", "lowerarm01.R", "spine01")]
        push = np.linalg.norm(np.diff(at[:, names], 2, axis=0), axis=2) * clock.POSE_RATE**2
        assert push.max() < 90.0
    people = ("anna", "ben")
    assert [p.id for p in layout.people] == list(people)
    again = motion.enliven(
        performance, layout, (), thing_position=np.zeros((len(performance.time), 0, 3)), spoken=spoken, seed=3
    )
    once_more = motion.enliven(
        performance, layout, (), thing_position=np.zeros((len(performance.time), 0, 3)), spoken=spoken, seed=3
    )
    assert np.array_equal(again.joints, once_more.joints)


def test_heads_and_eyes_stay_within_what_they_can() -> None:
    people = {"anna": ("adult", (0.0, -4.0), 0.0), "ben": ("adult", (0.5, -7.0), 0.0)}
    layout, cues, performance = play(scene(people, seconds=4.0, lines=[line("ben", "anna", "Look behind you!", 0.5)]))
    lively, _ = alive(layout, cues, performance)
    poses = bones(layout, lively)
    head = angle(-poses[:, BONE["head"], :3, 1], -poses[:, BONE["spine01"], :3, 1])
    assert head.max() < 85
    for side in "LR":
        eye = angle(-poses[:, BONE[f"eye.{side}"], :3, 1], -poses[:, BONE["head"], :3, 1])
        assert eye.max() < 45


def test_leaps_of_the_eyes_are_told() -> None:
    _, _, lively, _ = friends()
    assert len(lively.gaze_shifts) == 2
    for leaps in lively.gaze_shifts:
        assert (np.diff(leaps) > 0).all() and np.isin(leaps, lively.time).all()
    assert sum(len(leaps) for leaps in lively.gaze_shifts) >= 2


def test_nobody_to_bring_to_life() -> None:
    pytest.importorskip("mujoco")
    layout, cues, performance = play(scene({"anna": ("adult", (0.0, -4.0), 0.0)}, seconds=1.0))
    empty = Performance(
        time=performance.time,
        root=np.zeros((len(performance.time), 0, 3)),
        joints=np.zeros((len(performance.time), 0, 104, 4)),
        footfalls=performance.footfalls,
        grips=(),
        releases=(),
    )
    spoken = utter(cues, (), vocal=motion.vocal, seed=3)
    assert motion.enliven(empty, layout, cues, thing_position=np.zeros((1, 0, 3)), spoken=spoken, seed=3) is empty
