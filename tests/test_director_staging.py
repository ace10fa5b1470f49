"""What staging fills in: bodies, clothes, places, distances, moments, pictures, light."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest

from soundstage import director, library
from soundstage.screenplay import Prop, Screenplay

MISS = (
    "A basketball player takes a jump shot on an outdoor court at sunset and misses; the ball bounces off the "
    "backboard. She says: so close!"
)
TALK = "two friends stand in a park; Anna says: 'Did you see that?' Ben laughs and answers: 'I did!'"
DOMINOES = "twelve red dominoes fall one after another on a marble table"
RAMP = "a glass marble rolls down a wooden ramp and hits a stack of blocks"
BALLS = "a tennis ball and a bowling ball fall onto a wooden floor"


def prop(plan: Screenplay, name: str) -> Prop:
    return next(p for p in plan.props if p.id == name)


def of_kind(plan: Screenplay, kind: str) -> list[Prop]:
    return [p for p in plan.props if p.kind == kind]


# ── the shot at the hoop ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_shot_has_its_ball_in_hand_its_hoop_as_target_and_its_outcome() -> None:
    plan = director.plan(MISS)
    (beat,) = plan.beats
    (ball,) = plan.props
    assert (beat.action, beat.target, beat.prop) == ("jump_shot", "hoop", ball.id)
    assert (beat.outcome.kind, beat.outcome.via) == ("misses", ("backboard",))
    assert (ball.kind, ball.placement.relation, ball.placement.target) == ("basketball", "held_by", beat.actor)
    assert ball.mass_kg == 0.61 and plan.scenes[0].set == "outdoor_court" and plan.not_understood == ()


def test_a_line_after_a_shot_waits_for_the_ball_to_meet_something() -> None:
    (line,) = director.plan(MISS).lines
    assert (line.when.anchor, line.when.of, line.text, line.mood) == ("contact", "ball", "So close!", "disappointed")
    assert 0.3 <= line.when.offset_s <= 2.0


@pytest.mark.parametrize(
    ("words", "distance"),
    [("", 4.225), ("from the free-throw line", 4.225), ("from the three-point line", 6.75), ("from 6 metres", 6.0)],
)
def test_a_shooter_stands_where_it_was_said_and_looks_at_the_hoop(words: str, distance: float) -> None:
    (blocking,) = director.plan(f"A man takes a jump shot {words}").blocking
    x, y, z = blocking.placement.at
    hoop = library.set_("outdoor_court").marks["hoop"]
    assert math.hypot(x - hoop[0], y - hoop[1]) == pytest.approx(distance, abs=0.01)
    heading = math.radians(blocking.placement.heading_deg)
    towards = (-math.sin(heading), math.cos(heading))
    way = (hoop[0] - x, hoop[1] - y)
    assert towards[0] * way[0] + towards[1] * way[1] == pytest.approx(math.hypot(*way), rel=1e-4)
    assert z == 0.0 and blocking.gaze == "hoop"


@pytest.mark.parametrize("mark", ["left corner", "right corner", "left wing", "right elbow", "free-throw line"])
def test_the_camera_of_a_shot_stands_on_the_court_side_of_the_board(mark: str) -> None:
    plan = director.plan(f"A player takes a jump shot from the {mark}")
    side = math.radians(plan.shots[0].camera.side)
    heading = math.radians(plan.blocking[0].placement.heading_deg)
    assert math.cos(heading + side) < 0.3  # the way from the subjects to the camera hardly leads behind the board
    assert 55 <= abs(plan.shots[0].camera.side) <= 100
    assert {"hoop", plan.cast[0].id, plan.props[0].id} <= set(plan.shots[0].camera.subjects)


@pytest.mark.parametrize(
    ("words", "kind", "via"),
    [
        ("and scores", "goes_in", ()),
        ("and swishes it", "goes_in", ("clean",)),
        ("and the ball goes in off the backboard", "goes_in", ("backboard",)),
        ("and misses", "misses", ("rim",)),
        ("but it falls short of the rim", "misses", ("short",)),
        ("and hits the rim", "misses", ("rim",)),
    ],
)
def test_outcomes_are_ones_that_physics_can_look_for(words: str, kind: str, via: tuple[str, ...]) -> None:
    outcome = director.plan(f"A player takes a jump shot {words}").beats[0].outcome
    assert (outcome.kind, outcome.via) == (kind, via)


def test_two_shooters_have_a_ball_each_and_room() -> None:
    plan = director.plan("Two players take a jump shot.")
    assert len({b.prop for b in plan.beats}) == 2
    one, two = (b.placement.at for b in plan.blocking)
    assert math.dist(one, two) > 1.0


def test_another_try_is_another_scene_with_the_same_person() -> None:
    plan = director.plan("A man takes a jump shot and misses. He shoots again and scores.")
    assert [s.id for s in plan.scenes] == ["scene_1", "scene_2"]
    assert [b.outcome.kind for b in plan.beats] == ["misses", "goes_in"]
    assert len(plan.cast) == 1 and len({b.prop for b in plan.beats}) == 2


def test_another_place_is_another_scene_with_those_who_are_there() -> None:
    plan = director.plan("Anna waves in a park. Later, in a gym, Ben takes a free throw and scores. Anna claps.")
    assert [(s.set) for s in plan.scenes] == ["park", "gym"]
    assert [(b.scene, b.character) for b in plan.blocking] == [
        ("scene_1", "anna"),
        ("scene_2", "ben"),
        ("scene_2", "anna"),
    ]


# ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [2, 12, 40, 120])
def test_dominoes_can_reach_the_next_and_stay_on_the_table(count: int) -> None:
    plan = director.plan(f"{count} dominoes topple on a table")
    row = of_kind(plan, "domino")
    table = of_kind(plan, "table")[0]
    assert len(row) == count
    height, thick = row[0].size[2], row[0].size[1]
    for one, two in pairwise(row):
        gap = math.dist(one.placement.at[:2], two.placement.at[:2])
        assert thick * 1.5 < gap < 0.75 * height
        heading = math.radians(one.placement.heading_deg)
        ahead = (-math.sin(heading), math.cos(heading))  # its thin axis
        way = [b - a for a, b in zip(one.placement.at[:2], two.placement.at[:2], strict=True)]
        assert (ahead[0] * way[0] + ahead[1] * way[1]) / gap > math.cos(math.radians(20))
    for domino in row:
        x, y, _ = domino.placement.at
        assert (domino.placement.relation, domino.placement.target) == ("on", table.id)
        assert abs(x) < table.size[0] / 2 - 0.02 and abs(y) < table.size[1] / 2 - 0.02
    for one, two in combinations(row, 2):
        assert math.dist(one.placement.at[:2], two.placement.at[:2]) > thick * 1.5
    (beat,) = plan.beats
    assert (beat.actor, beat.action) == (row[0].id, "tip")


@pytest.mark.parametrize("how", ["in a spiral", "in a circle", "in a curve", "in a row"])
def test_arrangements_of_dominoes_keep_their_distance(how: str) -> None:
    row = of_kind(director.plan(f"24 dominoes arranged {how} topple on a wooden floor"), "domino")
    assert len(row) == 24
    steps = [math.dist(a.placement.at[:2], b.placement.at[:2]) for a, b in pairwise(row)]
    assert max(steps) < 1.15 * min(steps)
    others = [math.dist(a.placement.at[:2], b.placement.at[:2]) for a, b in combinations(row, 2)]
    assert min(others) > 0.9 * min(steps)


def test_a_ramp_has_its_marble_on_top_and_the_stack_at_its_foot() -> None:
    plan = director.plan(RAMP)
    ramp, marble = prop(plan, "ramp"), prop(plan, "marble")
    blocks = of_kind(plan, "block")
    assert (marble.placement.relation, marble.placement.target) == ("on", "ramp")
    foot = ramp.placement.at[0] + ramp.size[0] / 2
    gap = blocks[0].placement.at[0] - blocks[0].size[0] / 2 - foot
    assert 0.02 < gap < 0.5 and blocks[0].placement.at[1] == ramp.placement.at[1]
    assert [b.placement.target for b in blocks[1:]] == [b.id for b in blocks[:-1]]
    assert 0.2 < blocks[0].mass_kg / marble.mass_kg < 2  # the marble can move it
    assert (marble.material, ramp.material) == ("glass", "wood")


def test_things_that_fall_hang_side_by_side_at_the_height_that_was_said() -> None:
    plan = director.plan(BALLS + " from 2 metres")
    one, two = plan.props
    assert one.placement.at[2] == two.placement.at[2] == 2.0
    assert abs(one.placement.at[0] - two.placement.at[0]) > (one.size[0] + two.size[0]) / 2 + 0.05
    assert library.set_(plan.scenes[0].set).ground in ("wood", "hardwood", "parquet")
    assert one.mass_kg == 0.0577 and two.mass_kg == 6.8
    first, second = plan.beats
    assert first.when == second.when


def test_one_after_another_they_fall_apart_in_time() -> None:
    starts = [b.when.offset_s for b in director.plan("Three red balls fall one after another.").beats]
    assert starts == sorted(starts) and len(set(starts)) == 3


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a steel ball", math.pi / 6 * 0.06**3 * 7850),
        ("a wooden block", 0.04**3 * 700),
        ("a basketball", 0.61),
        ("a 5 kg wooden ball", 5.0),
    ],
)
def test_masses_come_from_the_library_or_from_density_and_volume(words: str, expected: float) -> None:
    (thing,) = [p for p in director.plan(f"{words} falls").props if not p.fixed]
    assert thing.mass_kg == pytest.approx(expected, rel=0.01)


def test_colours_alternate_over_several_things() -> None:
    cubes = of_kind(director.plan("four red and blue cubes fall"), "block")
    assert [c.colour for c in cubes] == ["#b81d1a", "#1f4fa8"] * 2


def test_a_floor_no_set_has_becomes_the_ground_of_the_scene() -> None:
    assert director.plan("a ball falls onto a marble floor").scenes[0].ground == "marble"
    assert director.plan("a ball falls onto a wooden floor").scenes[0].ground == ""


def test_what_falls_on_a_thing_hangs_above_it() -> None:
    plan = director.plan("a brick falls on a cardboard box")
    brick = prop(plan, "brick")
    assert (brick.placement.relation, brick.placement.target) == ("on", "box") and brick.placement.at[2] > 0.2


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_who_talk_stand_near_face_each_other_and_open_to_the_audience() -> None:
    plan = director.plan(TALK)
    one, two = plan.blocking
    assert 1.0 <= math.dist(one.placement.at, two.placement.at) <= 1.3
    assert (one.gaze, two.gaze) == (two.character, one.character)
    for blocking, partner in ((one, two), (two, one)):
        heading = math.radians(blocking.placement.heading_deg)
        ahead = (-math.sin(heading), math.cos(heading))
        towards = partner.placement.at[0] - blocking.placement.at[0]
        assert ahead[0] * towards > 0.7 * abs(towards)  # mostly at the partner
        assert ahead[1] < -0.2  # and a little to the audience, which sits towards -Y


def test_lines_hang_on_what_comes_before_them() -> None:
    plan = director.plan(TALK)
    first, second = plan.lines
    (laugh,) = plan.beats
    assert (first.when.anchor, laugh.when.anchor, laugh.when.of) == ("start", "line_end", first.id)
    assert (second.when.anchor, second.when.of) == ("beat_end", laugh.id)
    assert (first.speaker, first.to, second.speaker, second.to) == ("anna", "ben", "ben", "anna")


def test_a_conversation_is_cut_into_shots_that_fill_the_scene() -> None:
    plan = director.plan(TALK)
    assert plan.shots[0].camera.subjects == ("anna", "ben") and len(plan.shots) >= 2
    assert plan.shots[0].start_s == 0 and plan.shots[-1].end_s == plan.seconds
    assert all(a.end_s == b.start_s for a, b in pairwise(plan.shots))


def test_everybody_looks_and_sounds_different() -> None:
    plan = director.plan("Five women and five men stand in a park.")
    assert len(plan.cast) == 10
    assert len({c.identity.face_seed for c in plan.cast}) == 10
    assert len({c.voice.variant for c in plan.cast if c.identity.masculinity < 0.5}) >= 4
    looks = {(c.identity.skin, c.identity.hair.colour, c.identity.hair.style) for c in plan.cast}
    assert len(looks) == 10


@pytest.mark.parametrize(
    ("who", "years", "height"),
    [
        ("a baby", (2, 3), (0.7, 1.0)),
        ("a boy", (6, 11), (1.05, 1.5)),
        ("a woman", (18, 60), (1.5, 1.8)),
        ("a man", (18, 60), (1.6, 1.95)),
        ("a grandmother", (62, 90), (1.45, 1.75)),
        ("a male basketball player", (18, 35), (1.75, 2.1)),
    ],
)
def test_years_and_heights_are_plausible(who: str, years: tuple[int, int], height: tuple[float, float]) -> None:
    for seed in range(12):
        identity = director.plan(f"{who} waves", seed=seed).cast[0].identity
        assert years[0] <= identity.age <= years[1]
        assert height[0] <= identity.height_m <= height[1]


def test_voices_go_with_age_and_sex() -> None:
    pitch = {
        who: [director.plan(f"{who} says hello", seed=s).cast[0].voice.pitch for s in range(8)]
        for who in ("a man", "a woman", "a girl", "an old man")
    }
    assert max(pitch["a man"]) < min(pitch["a woman"]) < min(pitch["a girl"])
    assert sum(pitch["an old man"]) < sum(pitch["a man"])


def test_described_looks_are_in_the_document() -> None:
    plan = director.plan("A tall old man with short grey curls and a full beard, in a red t-shirt, waves.", seed=3)
    identity = plan.cast[0].identity
    assert identity.age >= 62 and identity.beard == "full" and identity.height_m > 1.75
    assert (identity.hair.style, identity.hair.colour) == ("curly", "#8d8a86")
    assert "#b81d1a" in {g.colour for g in plan.cast[0].wardrobe if g.kind == "t_shirt"}


def test_clothes_the_wardrobe_lacks_are_said_back_or_replaced_by_the_nearest() -> None:
    there = set(library.names("wardrobe"))
    plan = director.plan("A man in a green scarf and a blue sweater waves.")
    worn = {g.kind for g in plan.cast[0].wardrobe}
    assert worn <= there
    assert ("scarf" in worn) or any("scarf" in phrase for phrase in plan.not_understood)


def test_who_throws_faces_the_target_which_is_out_of_arms_reach() -> None:
    plan = director.plan("A woman throws a tennis ball at a bottle.")
    (blocking,) = plan.blocking
    (beat,) = plan.beats
    assert (beat.action, beat.target, beat.prop) == ("throw", "bottle", "tennis_ball")
    table = of_kind(plan, "table")[0]
    assert table.placement.at[0] - blocking.placement.at[0] > 1.5 and blocking.placement.heading_deg == -90.0


def test_an_empty_place_is_shown_as_it_is() -> None:
    plan = director.plan("An empty street at night.")
    assert plan.cast == () and plan.props == () and not plan.shots[0].camera.auto


# ── light and picture ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("prompt", [MISS, TALK, BALLS, "A man waves in a park at sunset."])
def test_the_sun_rakes_and_stays_out_of_the_picture(prompt: str) -> None:
    plan = director.plan(prompt)
    first = plan.shots[0].camera
    headings = [math.radians(b.placement.heading_deg) for b in plan.blocking if b.character in first.subjects]
    x = sum(-math.sin(h) for h in headings) if headings else 0.0
    y = sum(math.cos(h) for h in headings) if headings else -1.0
    view = math.degrees(math.atan2(x, y)) - first.side + 180.0  # clockwise from +Y, as the sun's azimuth is
    apart = abs((plan.scenes[0].sun_azimuth_deg - view + 180.0) % 360.0 - 180.0)
    assert 60 <= apart <= (120 if plan.scenes[0].time_of_day == "sunset" else 165)


@pytest.mark.parametrize(
    ("words", "name", "low", "high"),
    [
        ("in the morning", "morning", 10, 25),
        ("at noon", "noon", 50, 75),
        ("at sunset", "sunset", 5, 10),
        ("at dawn", "morning", 3, 10),
        ("at night", "night", -30, -6),
        ("", "afternoon", 25, 45),
    ],
)
def test_time_of_day_sets_the_sun(words: str, name: str, low: float, high: float) -> None:
    scene = director.plan(f"A woman waves in a park {words}").scenes[0]
    assert scene.time_of_day == name and low <= scene.sun_elevation_deg <= high


@pytest.mark.parametrize(
    ("quality", "size", "samples", "blur"),
    [("draft", (640, 360), 4, False), ("good", (1280, 720), 5, True), ("best", (1920, 1080), 128, True)],
)
def test_quality_sets_what_trades_time_for_looks(quality: str, size: tuple[int, int], samples: int, blur: bool) -> None:
    plan = director.plan("a ball falls", quality=quality)
    assert (plan.size, plan.render.samples, plan.render.motion_blur) == (size, samples, blur)
    assert plan.render.denoise and (plan.sound.loudness_lufs, plan.sound.true_peak_dbtp) == (-16.0, -1.0)


@pytest.mark.parametrize(
    ("words", "size", "angle", "subject"),
    [
        ("Close-up of Anna.", "CU", "eye", "anna"),
        ("Low angle shot.", "MLS", "low", "anna"),
        ("Extreme close-up of Anna from above.", "ECU", "high", "anna"),
        ("A wide shot.", "LS", "eye", "anna"),
    ],
)
def test_pictures_that_were_wished_for(words: str, size: str, angle: str, subject: str) -> None:
    plan = director.plan(f"Anna smiles in a park. {words}")
    camera = plan.shots[0].camera
    assert (camera.size, camera.angle) == (size, angle) and subject in camera.subjects
    assert plan.not_understood == ()


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [(MISS, 4, 8), (DOMINOES, 2, 5), (RAMP, 2.5, 5), (BALLS, 2.5, 5), (TALK, 4, 8), ("100 dominoes topple", 5, 12)],
)
def test_films_are_as_long_as_what_happens(prompt: str, least: float, most: float) -> None:
    assert least <= director.plan(prompt).seconds <= most


def test_a_given_length_is_kept_and_shared_by_the_scenes() -> None:
    assert director.plan("A ball falls, 6 seconds long").seconds == 6.0
    two = director.plan("Anna waves in a park. Then, in a gym, Ben claps.", seconds=5.0)
    assert two.seconds == pytest.approx(5.0) and len(two.scenes) == 2


def test_a_line_that_the_given_length_leaves_out_is_said_back() -> None:
    plan = director.plan(MISS, seconds=2.0)
    assert any("So close!" in phrase for phrase in plan.not_understood)
