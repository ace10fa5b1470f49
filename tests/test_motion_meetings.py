"""Two people together: they come up to each other, face each other, and their palms meet, whoever they are."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from documents import place
from motion_measures import arms_in_trunk, at, capsules, jerks, slide
from motion_stage import beat, bones, play, scene, standing
from soundstage.errors import InputError
from soundstage.rehearsal import motion, rehearse_scene
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.maths import Floats
from soundstage.rehearsal.schedule import Cue
from soundstage.screenplay import Screenplay

PAIRS = (("adult", "adult"), ("adult", "child"), ("old", "child"), ("left", "tall"), ("old", "left"))
TOGETHER = ("handshake", "high_five")


def meeting(action: str, one: str, other: str) -> Screenplay:
    people = {"anna": (one, (-1.2, 0.3), -70.0), "ben": (other, (1.3, -0.2), 40.0)}
    return scene(people, [beat("anna", action, "ben")], seconds=8.5, stage="studio")


@cache
def met(action: str, one: str, other: str) -> tuple[Layout, tuple[Cue, ...], Performance]:
    return play(meeting(action, one, other))


def palm(layout: Layout, performance: Performance, p: int) -> Floats:
    """(T, 3) the middle of the right palm."""
    figure = performance.plans[p].who.figure
    wrist = bones(layout, performance, p)[:, figure.arms[1].bones[4]]
    return np.asarray(wrist[:, :3, :3] @ figure.hands[1].palm + wrist[:, :3, 3])


def touching(performance: Performance) -> slice:
    found = performance.plans[0].score.parts[0].meeting
    assert found is not None
    return slice(at(found.times[0]), at(found.times[-1]) + 1)


@pytest.mark.parametrize("two", PAIRS, ids="-".join)
@pytest.mark.parametrize("action", TOGETHER)
def test_palms_meet_and_part_again(action: str, two: tuple[str, str]) -> None:
    layout, _, performance = met(action, *two)
    gap = np.linalg.norm(palm(layout, performance, 0) - palm(layout, performance, 1), axis=1)
    assert gap[touching(performance)].max() < 0.008
    assert gap[0] > 0.8 and gap[-1] > 0.25
    away = performance.root.copy()
    away[:, 1] += np.array([0.02, 0.0, 0.0])
    apart = replace(performance, root=away)
    assert np.linalg.norm(palm(layout, apart, 0) - palm(layout, apart, 1), axis=1)[touching(performance)].max() > 0.008


@pytest.mark.parametrize("two", PAIRS, ids="-".join)
@pytest.mark.parametrize("action", TOGETHER)
def test_palms_look_at_each_other(action: str, two: tuple[str, str]) -> None:
    layout, _, performance = met(action, *two)
    k = (touching(performance).start + touching(performance).stop) // 2
    looks = []
    for p in (0, 1):
        figure = performance.plans[p].who.figure
        wrist = bones(layout, performance, p)[k, figure.arms[1].bones[4], :3, :3]
        looks.append(wrist @ figure.hands[1].frame[:, 1])
    assert looks[0] @ looks[1] < -0.9


@pytest.mark.parametrize("two", PAIRS, ids="-".join)
@pytest.mark.parametrize("action", TOGETHER)
def test_two_who_meet_stand_still_face_each_other_and_stay_out_of_each_other(action: str, two: tuple[str, str]) -> None:
    layout, _, performance = met(action, *two)
    parts = [made.score.parts[0] for made in performance.plans]
    assert parts[0].end == pytest.approx(parts[1].end) and parts[0].timing is parts[1].timing
    begin = parts[0].start + parts[0].timing.lead
    for p in (0, 1):
        assert slide(layout, performance, 0.0, 8.4, p) < 0.0045
        assert (
            np.linalg.norm(np.diff(performance.plans[p].footing.place[:, at(begin) : at(parts[0].end)], axis=1)).max()
            < 1e-9
        )
        assert jerks(layout, performance, begin, parts[0].end, (begin, parts[0].end), p) < 1.5
        assert arms_in_trunk(layout, performance, slice(at(begin), None, 12), p) < 0.016
    heading = [made.footing.heading[at(begin)] for made in performance.plans]
    assert np.cos(heading[0] - heading[1]) < -0.99
    rows = slice(at(begin), at(parts[0].end), 12)
    found = [capsules(layout, bones(layout, performance, p)[rows], p) for p in (0, 1)]
    for name in ("hips", "chest", "head"):
        a, b = found[0][name], found[1][name]
        assert (np.linalg.norm(0.5 * (a[0] + a[1]) - 0.5 * (b[0] + b[1]), axis=1) > a[2] + b[2]).all()
    jumping = performance.root.copy()
    jumping[at(parts[0].end) :] += np.array([0.0, 0.0, 0.01])
    assert jerks(layout, replace(performance, root=jumping), begin, parts[0].end, (begin, parts[0].end), 0) > 1.5


def test_hands_are_shaken_up_and_down() -> None:
    layout, _, performance = met("handshake", "adult", "adult")
    high = palm(layout, performance, 0)[touching(performance), 2]
    assert 0.03 < np.ptp(high) < 0.15
    turns = np.flatnonzero(np.diff(np.sign(np.diff(high))) != 0)
    assert len(turns) >= 4


def test_how_long_meeting_takes_is_known_before_and_who_sits_gets_up_for_it() -> None:
    layout, cues, performance = met("handshake", "adult", "child")
    part = performance.plans[0].score.parts[0]
    assert motion.action_duration(cues[0].record, layout=layout) == pytest.approx(part.end - part.start, abs=0.02)  # type: ignore[arg-type]
    people = {"anna": ("adult", (-0.9, 0.6), -70.0), "ben": ("adult", (0.9, 0.6), 180.0)}
    beats = [beat("ben", "sit", "chair", at=0.0), beat("anna", "high_five", "ben", at=1.0), beat("ben", "wave", at=7.5)]
    chair = standing("chair", "chair", (0.9, 0.0), 180.0)
    layout, _, performance = play(scene(people, beats, seconds=10.0, stage="studio", props=[chair]))
    gap = np.linalg.norm(palm(layout, performance, 0) - palm(layout, performance, 1), axis=1)
    assert gap.min() < 0.008
    first = next(part for part in performance.plans[0].score.parts if part.meeting is not None)
    waits = performance.plans[1].score.parts[0]
    assert first.start >= waits.start + sum(waits.timing.phases["rise"]) - 1e-6


def test_they_look_at_each_other_and_hands_stay_together_when_glances_are_added() -> None:
    screenplay = meeting("handshake", "adult", "left")
    layout, _, performance = met("handshake", "adult", "left")
    take = rehearse_scene(screenplay, screenplay.scenes[0])
    alive = replace(performance, root=take.person_root, joints=take.person_joints)
    gap = np.linalg.norm(palm(layout, alive, 0) - palm(layout, alive, 1), axis=1)
    assert gap[touching(performance)].max() < 0.008


def test_what_cannot_be_done_together_is_named() -> None:
    one = {"anna": ("adult", (0.0, 0.0), 0.0)}
    two = {**one, "ben": ("adult", (0.0, 2.0), 180.0)}
    with pytest.raises(InputError, match="cannot handshake with 'nobody'") as wrong:
        play(scene(two, [beat("anna", "handshake")], stage="studio"))
    assert "ben" in wrong.value.mend
    with pytest.raises(InputError, match="with 'anna'"):
        play(scene(one, [beat("anna", "handshake", "anna")], stage="studio"))
    cup = {**standing("cup", "cup", (0.0, 0.0)), "placement": place("held_by", "ben")}
    with pytest.raises(InputError, match="'ben' has 'cup' in the hands"):
        play(scene(two, [beat("anna", "high_five", "ben")], stage="studio", props=[cup]))
