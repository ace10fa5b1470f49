"""Planned films can be rehearsed, and what the prompt says then happens."""

from __future__ import annotations

import numpy as np
import pytest

from soundstage import clock, director
from soundstage.rehearsal import rehearse
from soundstage.rehearsal.layout import lay_out
from soundstage.take import Take
from soundstage.view import View
from test_director_reading import ALL

FURTHER = [
    "First a red ball falls, then a yellow ball, and finally a green cube.",
    "A red ball rolls into a blue block. Then a green ball rolls into a yellow block.",
    "A cup and a bottle stand on a table. A ball rolls off the table. A book falls onto the table.",
    "A ball falls on a table and another ball falls on the floor.",
    "Two men stand next to a bench, a table and a chair.",
    "A golden ball and a silver ball roll down two ramps.",
    "Forty dominoes in a circle topple.",
    "150 dominoes topple on a table.",
    "A wooden cube slides down a ramp.",
    "Ten people stand in a gym and clap.",
    "Anna waves in a park. Later, in a gym, Ben takes a free throw and scores.",
    "An empty gym.",
    "A kitchen at night.",
    "A woman stands behind a table with a cup and a book on it.",
]


@pytest.mark.parametrize("prompt", [*(a.prompt for a in ALL), *FURTHER], ids=lambda p: p[:50])
def test_everything_has_a_place_where_nothing_stands_in_anything(prompt: str) -> None:
    plan = director.plan(prompt)
    for scene in plan.scenes:
        layout = lay_out(plan, scene)
        assert {t.id for t in layout.things} >= {p.id for p in plan.props if p.scene == scene.id}


def take_of(prompt: str) -> Take:
    (take,) = rehearse(director.plan(prompt))
    return take


def tilt(take: Take, row: int, name: str) -> float:
    """How far a thing's own Z has turned from upright [deg]."""
    _, x, y, _ = take.thing_rotation[row, take.thing_index(name)]
    return float(np.degrees(np.arccos(np.clip(1 - 2 * (x * x + y * y), -1, 1))))


@pytest.mark.parametrize(
    "prompt",
    [
        "A ball falls onto the floor. Anna stands there. When the ball hits the floor, the camera whips to Anna.",
        "Anna and Ben stand in a park. Ben says: 'Hello.' Seen over Ben's shoulder. Rack focus from Anna to Ben.",
        "Anna waves to Ben. From his point of view, handheld. Cut to a close-up of Ben. Ben nods.",
        "The camera leads Ben as he runs in a park, then pulls back. Then a close-up of him, from a drone that rises.",
        "Anna says: 'Hello.' Cut to Ben. Ben says: 'Hi.' Cut back to Anna. Anna laughs.",
        "A ball rolls off a table. Seen from above. Then a low angle close-up of the ball when it hits the floor.",
    ],
)
def test_what_the_camera_was_asked_for_can_be_shot(prompt: str) -> None:
    plan = director.plan(prompt)
    (take,) = rehearse(plan)
    assert plan.not_understood == () and set(take.camera.shot) == set(range(len(plan.shots)))


def test_the_last_domino_falls_too() -> None:
    take = take_of("twelve red dominoes fall one after another on a marble table")
    assert all(tilt(take, 0, f"domino_{k}") < 1 for k in range(1, 13))
    assert all(tilt(take, -1, f"domino_{k}") > 45 for k in range(1, 13))


def test_the_marble_brings_the_stack_down() -> None:
    take = take_of("a glass marble rolls down a wooden ramp and hits a stack of blocks")
    top = take.thing_index("block_5")
    assert take.thing_position[-1, top, 2] < take.thing_position[0, top, 2] - 0.05


def test_the_tennis_ball_bounces_higher_than_the_bowling_ball() -> None:
    take = take_of("a tennis ball and a bowling ball fall onto a wooden floor")
    heights = {n: take.thing_position[:, take.thing_index(n), 2] for n in ("tennis_ball", "bowling_ball")}
    after = len(take.time) // 3
    assert heights["tennis_ball"][after:].max() > heights["bowling_ball"][after:].max() + 0.1


def test_what_is_thrown_to_hit_hits() -> None:
    take = take_of("A woman throws a tennis ball at a bottle and hits it.")
    pair = {take.thing_index("tennis_ball"), take.thing_index("bottle")}
    assert any({int(a), int(b)} == pair for a, b in zip(take.contacts.a, take.contacts.b, strict=True))


def test_what_goes_over_the_edge_lands_on_the_floor() -> None:
    take = take_of("A cup falls off a table onto the floor.")
    cup = take.thing_index("cup")
    assert take.thing_position[0, cup, 2] > 0.7 and take.thing_position[-1, cup, 2] < 0.2


def test_what_falls_off_a_table_does_not_draw_the_camera_away() -> None:
    from soundstage import plan, rehearse

    (take,) = rehearse(plan("a steel ball rolls down a wooden ramp and knocks over nine green dominoes on a table"))
    table = next(n for n, thing in enumerate(take.things) if thing.kind == "table")
    distance = np.linalg.norm(take.camera.position[0] - take.thing_position[0, table])
    assert take.thing_position[-1, :, 2].min() < 0.2, "something ends on the floor"
    assert distance * 50.0 / take.camera.lens_mm[0] < 4.0


def test_a_fall_that_was_asked_for_is_seen_to_its_end() -> None:
    take = take_of("A cup falls off a table onto the floor.")
    view = View.of(take.camera, len(take.camera.time) - 1, (640, 360))
    x, y, _ = view.project(take.thing_position[-1, take.thing_index("cup")])
    assert 0 < x < 640 and 0 < y < 360


@pytest.mark.parametrize(
    ("prompt", "name", "least"),
    [
        ("Close-up of a red ball rolling over the floor in a gym.", "ball", 0.3),
        ("A marble rolls down a ramp in a workshop. Handheld close-up, film noir.", "marble", 0.04),
        ("A wooden cube slides down a ramp. Close-up of the cube.", "cube", 0.05),
    ],
)
def test_a_near_picture_of_what_rolls_keeps_it(prompt: str, name: str, least: float) -> None:
    """In the picture from the first frame to the last, and never smaller than a part of the picture's height."""
    take = take_of(prompt)
    centre = take.thing_position[:, take.thing_index(name)]
    size = max(take.things[take.thing_index(name)].size)
    for row, time in enumerate(take.camera.time):
        view = View.of(take.camera, row, (640, 360))
        x, y, depth = view.project(centre[np.searchsorted(take.time, time)])
        assert 0 < x < 640 and 0 < y < 360 and depth > 0, f"lost in frame {row}"
        assert size / depth * view.focal_px > least * 360


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("An old man sits down on the sofa in a living room at night and says: what a day.", 5.0),
        ("Anna takes a seat on a bench in a park and says: finally!", 5.0),
        ("A boy sits down on a stool and says: hello.", 4.5),
        ("Two women sit down on a bench. The first woman says: what a view.", 6.0),
        ("A girl picks up a football in a park and throws it. She says: catch!", 5.0),
        ("A man picks up a book and says: interesting.", 4.5),
    ],
)
def test_who_begins_with_a_seat_or_a_thing_has_time_for_what_follows(prompt: str, seconds: float) -> None:
    """Hips come down, or the thing goes up, and the line is heard to its end, in a film as short as people ask for."""
    plan = director.plan(prompt, seconds=seconds)
    (take,) = rehearse(plan)
    assert plan.not_understood == () and clock.seconds(take.duration) == seconds
    assert len(take.utterances.end) == 1 and clock.seconds(int(take.utterances.end[0])) <= seconds + 0.2
    if any(beat.action == "sit" for beat in plan.beats):
        assert np.all(take.person_root[-1, :, 2] < take.person_root[0, :, 2] - 0.1)
    else:
        assert take.thing_position[:, 0, 2].max() > take.thing_position[0, 0, 2] + 0.4


@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0])
@pytest.mark.parametrize(
    "prompt",
    [
        "A basketball player takes a jump shot and misses. She says: so close!",
        "A ball rolls off a table. A man says: oh no!",
        "Anna throws a ball at a can. She says: got it!",
    ],
)
def test_a_line_that_waits_for_what_comes_too_late_is_said_back_and_stops_nothing(prompt: str, seconds: float) -> None:
    plan = director.plan(prompt, seconds=seconds)
    (take,) = rehearse(plan)
    heard = bool(len(take.utterances.end))
    assert heard or any("too short" in phrase for phrase in plan.not_understood)
