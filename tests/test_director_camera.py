# ruff: noqa: E501  (a prompt stands on one line)
"""What words about the camera, the light and the look come to; and what must not be taken for such words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundstage import director
from soundstage.director.reading._language import concepts, first_forms
from soundstage.screenplay import Screenplay
from soundstage.screenplay.model import Camera, Move, Shot
from test_director_properties import accounted

CALM = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def moves(shot: Shot) -> list[tuple[str, float]]:
    return [(m.kind, m.amount) for m in shot.camera.moves]


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

PICTURES: list[tuple[str, dict[str, Any]]] = [
    ("Extreme close-up of Anna.", {"size": "ECU", "subjects": ("anna",)}),
    ("Close-up of Anna's eyes.", {"size": "ECU", "subjects": ("anna",)}),
    ("A close-up of her face.", {"size": "CU", "subjects": ("anna",)}),
    ("Medium close-up.", {"size": "MCU"}),
    ("Medium shot.", {"size": "MS"}),
    ("Cowboy shot.", {"size": "cowboy"}),
    ("An American shot.", {"size": "cowboy"}),
    ("Medium long shot.", {"size": "MLS"}),
    ("Full shot.", {"size": "LS"}),
    ("Establishing shot.", {"size": "ELS"}),
    ("Two-shot.", {"size": "MLS", "subjects": ("ben", "anna")}),
    ("Over-the-shoulder shot of Anna.", {"framing": "over_the_shoulder", "subjects": ("anna", "ben")}),
    ("Seen over Ben's shoulder.", {"framing": "over_the_shoulder", "subjects": ("anna", "ben")}),
    ("Over the shoulder of Anna.", {"framing": "over_the_shoulder", "subjects": ("ben", "anna")}),
    ("Filmed over her shoulder.", {"framing": "over_the_shoulder", "subjects": ("ben", "anna")}),
    ("Seen through Ben's eyes.", {"framing": "point_of_view", "subjects": ("ben", "anna")}),
    ("From her point of view.", {"framing": "point_of_view", "subjects": ("anna", "ben")}),
    ("POV of Ben.", {"framing": "point_of_view", "subjects": ("ben", "anna")}),
    ("Eye level.", {"angle": "eye"}),
    ("Low-angle shot.", {"angle": "low"}),
    ("Seen from above.", {"angle": "high"}),
    ("Bird's eye view.", {"angle": "bird"}),
    ("Overhead shot.", {"angle": "bird"}),
    ("Top-down.", {"angle": "bird"}),
    ("Worm's-eye view.", {"angle": "worm"}),
    ("Dutch angle.", {"roll_deg": 12.0}),
    ("The horizon is canted, a canted shot.", {"roll_deg": 12.0}),
    ("From behind.", {"side": 165.0}),
    ("In profile.", {"side": 80.0}),
    ("From the front.", {"side": 0.0}),
    ("Three-quarter view.", {"side": 40.0}),
    ("Filmed with a 35mm lens.", {"lens_mm": 35.0}),
    ("Shot on an 85 mm lens at f/1.8.", {"lens_mm": 85.0, "f_stop": 1.8}),
    ("Wide-angle lens.", {"lens_mm": 20.0}),
    ("Telephoto lens.", {"lens_mm": 135.0}),
    ("Shallow depth of field.", {"f_stop": 1.8}),
    ("With a blurred background.", {"f_stop": 1.8}),
    ("Deep focus.", {"f_stop": 16.0}),
    ("f/2.8.", {"f_stop": 2.8}),
    ("Underexposed.", {"exposure_ev": -1.0}),
    ("Underexposed by two stops.", {"exposure_ev": -2.0}),
    ("+1 stop.", {"exposure_ev": 1.0}),
    ("Two stops over.", {"exposure_ev": 2.0}),
    ("3200 K.", {"white_balance_k": 3200.0}),
    ("Tungsten balanced.", {"white_balance_k": 3200.0}),
    ("Warm white balance.", {"white_balance_k": 8500.0}),
    ("Cool white balance.", {"white_balance_k": 4600.0}),
    ("The camera stays on Ben.", {"subjects": ("ben",), "moves": ()}),
    ("The camera focuses on Ben.", {"focus": "ben"}),
    ("Handheld low-angle close-up of Ben, 24mm lens.", {"size": "CU", "angle": "low", "lens_mm": 24.0, "subjects": ("ben",)}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), PICTURES, ids=[w for w, _ in PICTURES])
def test_words_for_pictures(words: str, expected: Mapping[str, Any]) -> None:
    plan = director.plan(f"Ben smiles and Anna waves in a park. {words}")
    (shot,) = plan.shots
    assert {key: getattr(shot.camera, key) for key in expected} == expected
    assert [b.action for b in plan.beats] == ["smile", "wave"]
    assert [m for m in plan.not_understood if "horizon" not in m] == []


def test_the_nearest_lens_is_taken_for_a_fisheye_and_that_is_said() -> None:
    plan = director.plan("A ball falls, filmed with a fisheye lens.")
    assert plan.shots[0].camera.lens_mm == 12.0 and "fisheye lens (shown with a 12 mm lens)" in plan.not_understood


# ── moves ───────────────────────────────────────────────────────────────────────────────────────────────────────────

MOVES: list[tuple[str, list[tuple[str, float]]]] = [
    ("The camera pans left.", [("pan", 35.0)]),
    ("The camera pans 90 degrees to the right.", [("pan", -90.0)]),
    ("Pan right.", [("pan", -35.0)]),
    ("The camera tilts up.", [("tilt", 18.0)]),
    ("The camera tilts down slightly.", [("tilt", -9.0)]),
    ("The camera dollies in.", [("push_in", 0.35)]),
    ("The camera dollies left.", [("truck", -1.5)]),
    ("The camera trucks right.", [("truck", 1.5)]),
    ("A lateral tracking shot.", [("truck", 1.5)]),
    ("The camera moves two metres to the left.", [("truck", -2.0)]),
    ("The camera moves from left to right.", [("truck", 1.5)]),
    ("The camera glides forward.", [("dolly", 1.2)]),
    ("The camera pedestals up.", [("pedestal", 0.6)]),
    ("The camera cranes up.", [("crane", 2.0)]),
    ("The camera rises three metres.", [("crane", 3.0)]),
    ("The camera descends.", [("crane", -2.0)]),
    ("The camera orbits Anna.", [("orbit", 60.0)]),
    ("The camera circles around Anna all the way round.", [("orbit", 360.0)]),
    ("The camera arcs around her, half a turn.", [("orbit", 180.0)]),
    ("The camera moves around Anna by 90 degrees.", [("orbit", 90.0)]),
    ("The camera orbits Anna clockwise.", [("orbit", -60.0)]),
    ("A 360-degree shot around Anna.", [("orbit", 360.0)]),
    ("The camera follows Anna.", [("follow", 1.0)]),
    ("We track along with Anna.", [("follow", 1.0)]),
    ("Tracking shot of Anna.", [("follow", 1.0)]),
    ("Steadicam.", [("follow", 1.0)]),
    ("The camera leads Anna.", [("lead", 1.0)]),
    ("The camera pushes in.", [("push_in", 0.35)]),
    ("Slow push-in.", [("push_in", 0.28)]),
    ("The camera slowly pushes in on her face.", [("push_in", 0.55)]),
    ("The camera moves closer.", [("push_in", 0.35)]),
    ("The camera creeps in on Anna.", [("push_in", 0.35)]),
    ("The camera pulls back.", [("pull_out", 0.6)]),
    ("Pull out.", [("pull_out", 0.6)]),
    ("The camera zooms in.", [("zoom", 1.8)]),
    ("Zoom out.", [("zoom", 0.556)]),
    ("A dolly zoom.", [("dolly_zoom", 1.7)]),
    ("Vertigo effect.", [("dolly_zoom", 1.7)]),
    ("Handheld.", [("handheld", 1.0)]),
    ("The camera is shaky.", [("handheld", 1.0)]),
    ("Drone shot.", [("drone", 5.0)]),
    ("Shot from a drone that rises.", [("drone", 5.0)]),
    ("The camera flies up 10 metres.", [("drone", 10.0)]),
    ("The camera rolls to the right.", [("roll", 12.0)]),
    ("The camera pans left, then tilts up.", [("pan", 35.0), ("tilt", 18.0)]),
    ("The camera pulls back while panning right.", [("pull_out", 0.6), ("pan", -35.0)]),
    ("The camera leads Anna as she waves, then pulls back.", [("lead", 1.0), ("pull_out", 0.6)]),
    ("Handheld close-up, slowly zooming in.", [("handheld", 1.0), ("zoom", 1.6)]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), MOVES, ids=[w for w, _ in MOVES])
def test_words_for_moves(words: str, expected: list[tuple[str, float]]) -> None:
    plan = director.plan(f"Anna waves in a park. {words}")
    (shot,) = plan.shots
    assert [kind for kind, _ in moves(shot)] == [kind for kind, _ in expected]
    assert [amount for _, amount in moves(shot)] == pytest.approx([amount for _, amount in expected], abs=0.02)
    assert "anna" in shot.camera.subjects and [b.action for b in plan.beats] == ["wave"]
    assert plan.not_understood == ()


@pytest.mark.parametrize("words", ["Static camera.", "The camera does not move.", "Locked-off shot.", "On a tripod."])
def test_a_camera_that_shall_stand_still_does(words: str) -> None:
    walking = "A man walks down a street."
    assert moves(director.plan(walking).shots[0]) == [("follow", 1.0)]
    plan = director.plan(f"{walking} {words}")
    assert all(not s.camera.moves for s in plan.shots) and plan.not_understood == ()


@pytest.mark.parametrize(
    "words", ["The camera pans to Ben.", "Whip pan to Ben.", "The camera whip pans from Anna to Ben."]
)
def test_a_turn_to_somebody_goes_from_the_first_subject_to_the_last(words: str) -> None:
    (shot,) = director.plan(f"Anna and Ben stand in a park. {words}").shots
    assert shot.camera.subjects == ("anna", "ben") and [a for _, a in moves(shot)] == [0.0]


def test_a_near_picture_of_somebody_who_walks_goes_along() -> None:
    near, wide = (director.plan(f"Ben walks in a park. {w} of Ben.").shots[0] for w in ("Close-up", "Wide shot"))
    assert moves(near) == [("follow", 1.0)] and moves(wide) == []
    locked = director.plan("Ben walks in a park. Close-up of Ben, static camera.").shots[0]
    assert moves(locked) == []


def test_a_near_picture_of_what_rolls_goes_along() -> None:
    rolling = "A marble rolls down a ramp."
    assert moves(director.plan(f"{rolling} Close-up.").shots[0]) == [("follow", 1.0)]
    assert [kind for kind, _ in moves(director.plan(f"{rolling} Handheld close-up.").shots[0])] == [
        "handheld",
        "follow",
    ]
    assert moves(director.plan(f"{rolling} Wide shot.").shots[0]) == []
    assert moves(director.plan(f"{rolling} Close-up, static camera.").shots[0]) == []


def test_eyes_do_not_go_where_their_owner_does_not() -> None:
    plan = director.plan("Anna waves to Ben. From his point of view. The camera cranes up.")
    assert plan.shots[0].camera.moves == () and "cranes up" in " ".join(plan.not_understood)


# ── when ────────────────────────────────────────────────────────────────────────────────────────────────────────────

WHEN: list[tuple[str, str | None, str | None]] = [
    ("A ball falls onto the floor. When the ball hits the floor, the camera zooms in.", "contact:ball", None),
    ("A ball falls onto the floor. The camera zooms in when it lands.", "contact:ball", None),
    ("Ben walks in a park. The camera pushes in as he walks.", "beat_start:ben_walk", "beat_end:ben_walk"),
    ("The camera orbits Ben while he waves.", "beat_start:ben_wave", "beat_end:ben_wave"),
    ("Ben waves while the camera slowly pulls out.", "beat_start:ben_wave", "beat_end:ben_wave"),
    ("Anna says: 'I see it now, over there!' The camera zooms in when she speaks.", "line_start:line_1", None),
    ("The camera pans left until Ben says: 'Hello.'", None, "line_start:line_1"),
    ("Ben waves. The camera pans left after two seconds.", "start:+2", None),
    ("Ben waves. The camera pans left for two seconds.", "start:+0", "start:+2"),
    ("Ben waves. After one second, the camera tilts up for one second.", "start:+1", "start:+2"),
]  # fmt: skip


def told(when: Any) -> str | None:
    if when is None:
        return None
    return f"{when.anchor}:{when.of}" if when.of else f"start:{when.offset_s:+g}"


@pytest.mark.parametrize(("prompt", "start", "end"), WHEN, ids=[w for w, _, _ in WHEN])
def test_moves_hang_on_what_happens(prompt: str, start: str | None, end: str | None) -> None:
    plan = director.plan(prompt)
    (move,) = plan.shots[-1].camera.moves
    assert (told(move.start), told(move.end)) == (start, end)
    assert plan.not_understood == () and len(plan.beats) + len(plan.lines) == 1


def test_a_move_at_the_end_leaves_the_beginning_still() -> None:
    plan = director.plan("Ben waves. The camera zooms in at the end.")
    (move,) = plan.shots[0].camera.moves
    assert move.start is not None and 0 < move.start.offset_s < plan.seconds - 1 and move.end is None


def test_a_rack_of_focus_goes_from_one_to_the_other_and_little_is_sharp() -> None:
    for words in (
        "Rack focus from Anna to Ben.",
        "The focus shifts from Anna to Ben.",
        "The camera pulls focus from Anna to Ben.",
    ):
        camera = director.plan(f"Anna and Ben stand in a park. {words}").shots[0].camera
        (pull,) = camera.focus_pulls
        assert (
            (camera.focus, pull.subject) == ("anna", "ben")
            and camera.f_stop <= 2
            and {"anna", "ben"} <= set(camera.subjects)
        )


CUTS: list[tuple[str, list[tuple[str, tuple[str, ...]]], str | None]] = [
    ("First a wide shot of Anna, then a close-up of her. She waves.", [("LS", ("anna",)), ("CU", ("anna",))], None),
    ("A wide shot of Anna, followed by a close-up of Ben.", [("LS", ("anna",)), ("CU", ("ben",))], None),
    ("A wide shot. Anna waves. Cut to a close-up of Ben. Ben laughs.", [("LS", ("anna", "ben")), ("CU", ("ben",))], "beat_start:ben_laugh"),
    ("Anna says: 'Hi!' Ben answers: 'Hello!' The camera cuts to him when he answers.", [("MLS", ("anna", "ben")), ("MS", ("ben",))], "line_start:line_2"),
    ("Wide shot: two friends stand in a park. Close-up: Anna says: 'Did you see that?' Reverse shot of Ben, who laughs.", [("LS", ("anna", "ben")), ("CU", ("anna",)), ("MS", ("ben",))], "beat_start:ben_laugh"),
    ("Close-up of Anna. Close-up of Ben. They smile.", [("CU", ("anna",)), ("CU", ("ben",))], None),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "pictures", "cut"), CUTS, ids=[p for p, _, _ in CUTS])
def test_cuts(prompt: str, pictures: list[tuple[str, tuple[str, ...]]], cut: str | None) -> None:
    plan = director.plan(prompt)
    assert [(s.camera.size, s.camera.subjects) for s in plan.shots] == pictures
    assert told(plan.shots[-1].cut) == cut and plan.not_understood == ()


def test_what_a_picture_is_of_may_be_told_of_later() -> None:
    plan = director.plan("Insert shot of the ball. A ball rolls off a table.")
    assert [p.kind for p in plan.props] == ["table", "ball"] and plan.shots[0].camera.subjects == (plan.props[1].id,)


def test_somebody_new_in_a_picture_acts_in_the_story() -> None:
    plan = director.plan("The camera follows a man in a red shirt walking in a park.")
    assert [b.action for b in plan.beats] == ["walk"] and plan.shots[0].camera.subjects == ("man",)
    assert plan.shots[0].camera.moves[0].kind == "follow" and plan.not_understood == ()


# ── looks, light, places on earth ───────────────────────────────────────────────────────────────────────────────────

LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("Film noir.", {"grade": "noir"}),
    ("Warm colours.", {"grade": "warm"}),
    ("Cold tones.", {"grade": "cold"}),
    ("A golden hour look.", {"grade": "golden_hour"}),
    ("A high-key look.", {"grade": "high_key"}),
    ("Like a horror film.", {"grade": "horror"}),
    ("A 70s film look.", {"grade": "film_70s"}),
    ("Teal and orange.", {"grade": "teal_orange"}),
    ("Bleach bypass.", {"grade": "bleach"}),
    ("Claymation.", {"style": "clay"}),
    ("Stop motion.", {"style": "clay"}),
    ("In anime style.", {"style": "cel"}),
    ("As a watercolour.", {"style": "watercolour"}),
    ("A pencil sketch.", {"style": "pencil"}),
    ("Paper cut-out style.", {"style": "paper_cut"}),
    ("Low poly.", {"style": "low_poly"}),
    ("8-bit.", {"style": "pixel_art"}),
    ("In black and white.", {"style": "black_and_white"}),
    ("Shot on Super 8.", {"style": "film_8mm"}),
    ("VHS footage.", {"style": "vhs"}),
    ("Blueprint style.", {"style": "blueprint"}),
    ("Photorealistic.", {"style": "photographic"}),
    ("Film grain and a vignette.", {"grain": 0.5, "vignette": 0.6}),
    ("Rembrandt lighting.", {"lighting": "rembrandt"}),
    ("Three-point lighting.", {"lighting": "three_point"}),
    ("High-key lighting.", {"lighting": "high_key"}),
    ("Dramatic lighting.", {"lighting": "low_key"}),
    ("Backlit.", {"lighting": "rim"}),
    ("In silhouette.", {"lighting": "silhouette"}),
    ("Natural light.", {"lighting": "natural"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), LOOKS, ids=[w for w, _ in LOOKS])
def test_words_for_looks_and_light(words: str, expected: Mapping[str, Any]) -> None:
    plan = director.plan(f"A woman waves in a park. {words}")
    found = plan.look.model_dump() | {"lighting": plan.scenes[0].lighting}
    assert {key: found[key] for key in expected} == expected
    assert plan.not_understood == () and [b.action for b in plan.beats] == ["wave"]


def test_of_two_grades_the_second_is_said_back() -> None:
    plan = director.plan("A man waves. Film noir, warm colours.")
    assert plan.look.grade == "noir" and plan.not_understood == ("warm colours",)


EARTH: list[tuple[str, tuple[Any, ...], float]] = [
    # (latitude, date, clock, offset); elevation of the sun by the tables of the NOAA solar calculator [deg]
    ("in Berlin on 21 June 2025 at 6 pm", (52.52, "2025-06-21", "18:00", 2.0), 28.6),
    ("in New York on December 21st, 2024 at 12:00", (40.71, "2024-12-21", "12:00", -5.0), 25.8),
    ("in Sydney on 15 January 2025 at 18:30", (-33.87, "2025-01-15", "18:30", 11.0), 18.2),
    ("in Mumbai on the 1st of May 2025 at 7 am", (19.07, "2025-05-01", "07:00", 5.5), 11.0),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected", "elevation"), EARTH, ids=[w for w, _, _ in EARTH])
def test_a_city_with_a_date_and_a_time_is_a_place_on_earth(
    words: str, expected: tuple[Any, ...], elevation: float
) -> None:
    plan = director.plan(f"A man waves in a park {words}.")
    scene = plan.scenes[0]
    place = scene.on_earth
    assert place is not None
    assert (place.latitude_deg, place.date, place.local_time, place.utc_offset_h) == expected
    assert scene.sun_elevation_deg == pytest.approx(elevation, abs=1.5)
    assert plan.not_understood == () and [c.id for c in plan.cast] == ["man"]


@pytest.mark.parametrize("words", ["in Berlin", "at 6 pm", "on 21 June"])
def test_a_city_or_a_time_alone_says_nothing_of_the_sun_and_is_said_back(words: str) -> None:
    plan = director.plan(f"A man waves in a park {words}.")
    assert plan.scenes[0].on_earth is None and words.split(" ", 1)[1] in " ".join(plan.not_understood)


# ── what is not the camera's ────────────────────────────────────────────────────────────────────────────────────────

TRAPS = [
    ("A woman wipes the pans in a kitchen.", "pans"), ("Anna laughs, and Ben follows her.", "follows"),
    ("She zooms past the table.", "zooms"), ("A man holds a handheld radio.", "handheld"),
    ("The crane lifts a box.", "crane"), ("They orbit the table.", "orbit"), ("Dolly the sheep waves at a man.", ""),
    ("He tracks mud into the house.", "tracks"), ("She tilts her head and smiles.", "tilts"),
    ("A drone hovers over the park. A man waves.", "drone"), ("A paper plane lies on a table. Anna waves.", "paper"),
    ("A pencil lies on the table.", "pencil"), ("A clay cup falls on the floor.", ""),
    ("It is a cold day. A man waves in a park.", "cold"), ("A warm evening in a park, a woman waves.", "warm"),
    ("Paris waves and Ben nods.", ""), ("A man looks over his shoulder and waves.", ""),
    ("A truck drives in a street. A man waves.", "truck"), ("The ball rolls to the left.", "left"),
    ("A man pulls back the curtain and waves.", "pulls"), ("He pushes in the door.", "pushes"),
    ("A girl points at the camera and smiles.", ""), ("A boy walks towards the camera.", ""),
    ("A track in the park. A man waves.", "track"), ("He focuses on the ball.", "focuses"),
    ("Anna leads Ben into the room.", "leads"), ("He backs away slowly.", ""),
    ("A man with a lens in his hand waves.", "lens"), ("A pan falls onto the floor. A man waves.", "pan"),
    ("Anna stands still and waves.", ""), ("A player takes a shot from the corner and misses.", ""),
    ("A ball circles around the rim and drops in.", ""), ("A woman wears a noir hat.", "noir"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "said_back"), TRAPS, ids=[p for p, _ in TRAPS])
def test_what_people_and_things_do_is_not_the_cameras(prompt: str, said_back: str) -> None:
    plan = director.plan(prompt)
    for shot in plan.shots:
        camera = shot.camera
        assert [m for m in camera.moves if m.kind not in ("follow", "push_in")] == [] and not camera.focus_pulls
        assert (camera.framing, camera.roll_deg, camera.focus, camera.angle) == ("subjects", 0.0, "", "eye")
    assert (plan.look.grade, plan.look.style, plan.scenes[0].lighting) == ("neutral", "photographic", "natural")
    assert said_back in " ".join(plan.not_understood)


@pytest.mark.parametrize("words", ["in slow motion", "as a time lapse", "with a freeze frame"])
def test_what_cannot_be_done_is_said_back(words: str) -> None:
    missed = director.plan(f"Anna waves, {words}.").not_understood
    assert words.split()[-1] in " ".join(missed)


# ── coverage ────────────────────────────────────────────────────────────────────────────────────────────────────────

TALK = (
    'Anna says: "Did you see the game last night?" Ben answers: "I did! It was amazing." '
    'Anna says: "I could not believe that last shot." Ben says: "Nobody could. I jumped off my chair and spilled my '
    'coffee all over the carpet, and my neighbour came to ask what was wrong." Anna says: "I can imagine." '
    'Ben says: "See you tomorrow!"'
)


def test_a_talk_goes_from_both_past_shoulders_to_close_ups_on_one_side_of_the_line() -> None:
    plan = director.plan(TALK)
    first, *others = plan.shots
    assert set(first.camera.subjects) == {"anna", "ben"} and first.camera.framing == "subjects"
    assert others[0].camera.framing == "over_the_shoulder" and others[-1].camera.size == "CU"
    assert all(s.cut is not None and s.cut.anchor == "line_start" for s in others)
    sides = {s.camera.subjects[0]: s.camera.side for s in others}
    assert sides["anna"] * sides["ben"] < 0
    assert all(sides[s.camera.subjects[0]] == s.camera.side for s in others)


def test_a_long_line_is_answered_by_a_look_at_who_listens() -> None:
    plan = director.plan(TALK)
    during = [s for s in plan.shots if s.cut is not None and s.cut.of == "line_4"]
    assert [s.camera.subjects[0] for s in during] == ["ben", "anna", "ben"]
    assert during[0].camera.moves[0].kind == "push_in" and during[0].camera.moves[0].amount < 0.2


def test_several_who_talk_are_seen_together_and_then_one_by_one() -> None:
    plan = director.plan(
        'Anna, Ben and Carla stand in a park. Anna says: "Hello!" Ben says: "Hi there, all of you." Carla says: "What a day."'
    )
    assert [s.camera.subjects for s in plan.shots] == [("anna", "ben", "carla"), ("ben",), ("carla",)]


def test_one_who_speaks_long_is_slowly_come_nearer_to() -> None:
    short, long = "I see.", "I have been thinking about this for a very long time, and I believe that we should leave."
    assert director.plan(f'A woman says: "{short}"').shots[0].camera.moves == ()
    (move,) = director.plan(f'A woman says: "{long}"').shots[0].camera.moves
    assert move.kind == "push_in" and move.amount < 0.2


@pytest.mark.parametrize(
    "prompt",
    [
        "a tennis ball falls onto a wooden floor",
        "twelve dominoes fall on a table",
        "Anna waves",
        "a marble rolls down a ramp",
        "A player misses a jump shot",
    ],
)
def test_other_films_are_shot_with_a_locked_camera(prompt: str) -> None:
    assert all(not s.camera.moves for s in director.plan(prompt).shots)


# ── what holds for all ──────────────────────────────────────────────────────────────────────────────────────────────

CAMERA_CLASSES = (
    "picture",
    "camera",
    "camera_verb",
    "camera_way",
    "camera_extent",
    "camera_tempo",
    "camera_moment",
    "camera_part",
    "look",
    "month",
    "clock",
    "city",
)
FORMS = sorted({form for cls in CAMERA_CLASSES for form in first_forms("en").get(cls, {}).values()})
STORY = [
    "Anna",
    "Ben",
    "the ball",
    "a man",
    "waves",
    "walks",
    "says 'Hello!'",
    "her",
    "his face",
    "they",
    "a table",
    "3",
    "85",
    "mm",
    "two seconds",
    "zorblax",
]
JOINTS = [
    "the camera",
    "then",
    "and",
    ",",
    ".",
    "on",
    "to",
    "from",
    "of",
    "with a",
    "while",
    "when",
    "slowly",
    "we",
    "shot on",
    "f",
    "/",
    "after",
]


@CALM
@given(st.lists(st.sampled_from([*FORMS, *STORY, *STORY, *JOINTS, *JOINTS]), min_size=1, max_size=22))
def test_any_words_of_the_camera_make_valid_shots_and_none_is_lost(words: list[str]) -> None:
    accounted(" ".join(words))


@CALM
@given(
    first=st.sampled_from([w for w, _ in PICTURES]), second=st.sampled_from([w for w, _ in MOVES]),
    third=st.sampled_from([w for w, _ in (*MOVES, *LOOKS)]),
    story=st.sampled_from(["Anna waves. Ben laughs.", "Ben and Anna talk. Ben says: 'Hi!' Anna says: 'Oh, hello!'", "Anna drops a ball. Ben nods."]),
)  # fmt: skip
def test_wishes_put_together_fill_the_scene_and_keep_its_rules(first: str, second: str, third: str, story: str) -> None:
    plan = director.plan(f"{story} {first} {second} {third}")
    assert plan.shots[0].start_s == 0 and plan.shots[-1].end_s == plan.seconds
    assert all(a.end_s == b.start_s for a, b in pairwise(plan.shots))
    assert all(s.end_s - s.start_s > 0.3 for s in plan.shots)
    for shot in plan.shots:
        keeps_the_rules(plan, shot)


def keeps_the_rules(plan: Screenplay, shot: Shot) -> None:
    """What rehearsal asks of cameras."""
    camera, people = shot.camera, {c.id for c in plan.cast}
    if camera.framing == "over_the_shoulder":
        assert len(camera.subjects) == 2 and camera.subjects[1] in people
    if camera.framing == "point_of_view":
        assert camera.subjects[0] in people
        assert all(m.kind in ("pan", "tilt", "roll", "whip_pan", "zoom", "handheld") for m in camera.moves)
    for move in camera.moves:
        assert_moves(move, camera, shot)


def assert_moves(move: Move, camera: Camera, shot: Shot) -> None:
    if move.kind in ("zoom", "dolly_zoom"):
        assert move.amount > 0
    if move.kind == "push_in":
        assert move.amount < 1
    if move.kind in ("pan", "tilt", "whip_pan") and move.amount == 0:
        assert len(camera.subjects) >= 2
    if move.start and move.end and (move.start.anchor, move.start.of) == (move.end.anchor, move.end.of):
        assert move.end.offset_s > move.start.offset_s
    for when in (move.start, move.end):
        if when is not None and when.anchor == "start":
            assert shot.start_s - 0.01 <= when.offset_s <= shot.end_s + 0.01


def test_names_of_looks_are_names_of_the_library() -> None:
    asked = concepts()["look"].values()
    for kind, file in (("grade", "grades"), ("style", "styles"), ("lighting", "lighting")):
        known = set(table(file))
        assert {a[kind] for a in asked if kind in a} <= known


def table(name: str) -> Mapping[str, Any]:
    from soundstage.director.staging._sheet import facts

    return facts(name)


def test_every_move_the_document_has_can_be_asked_for() -> None:
    kinds = set(Move.model_fields["kind"].annotation.__args__)  # type: ignore[union-attr]
    said = {str(e).removeprefix("-") for v in concepts()["camera_verb"].values() for e in v.get("go", {}).values()}
    assert kinds <= said | {"low", "high"} and kinds == set(concepts()["camera_kind"])


@pytest.mark.parametrize(
    ("prompt", "white"),
    [
        ("Anna waves in a living room at night.", 4400.0), ("Anna waves in a living room.", 6500.0),
        ("Anna waves in a living room at night. White balance 3200 K.", 3200.0),
        ("Anna waves in a workshop at night, three-point lighting.", 6500.0),
        ("Anna waves in a street at night.", 6500.0),
    ],
)  # fmt: skip
def test_rooms_at_night_are_not_as_orange_as_their_lamps(prompt: str, white: float) -> None:
    assert {shot.camera.white_balance_k for shot in director.plan(prompt).shots} == {white}


@pytest.mark.parametrize(
    ("prompt", "sizes"),
    [
        ("A girl picks up a football and throws it. Close-up of her, she says: catch!", ["LS", "CU"]),
        ("Anna walks in a park. Medium close-up of Anna, she says: here I am.", ["LS", "MCU"]),
        ("Close-up of a girl, she says: catch! She throws a ball.", ["CU"]),
        ("A girl throws a ball. Seen in a long shot.", ["LS"]),
    ],
)
def test_a_picture_said_with_what_happens_later_begins_there(prompt: str, sizes: list[str]) -> None:
    assert [shot.camera.size for shot in director.plan(prompt).shots] == sizes


@pytest.mark.parametrize(
    ("prompt", "sizes"),
    [
        ("An old man sits down on the sofa in a living room and says: what a day.", ["MLS", "MCU"]),
        ("A girl jumps in a park and says: look, I can fly!", ["LS", "MCU"]),
        ("A woman takes a bow in a park, dances and says: thank you all!", ["MLS", "MCU"]),
        ("A man sits down on a chair. He says: 'Hm.' He stands up.", ["MLS"]),  # too short a word to cut for
        (
            "A man sits down on a chair. He says: 'I will not stay here for very long.' He stands up.",
            ["MLS", "MCU", "MLS"],
        ),
        ("A woman waves in a park and says: hello.", ["MLS"]),
        ("A man sits on a chair. He says: hello.", ["MLS"]),
        ("A man sits down on a chair and nods.", ["MLS"]),
    ],
)
def test_who_has_sat_down_is_seen_nearer_to_speak(prompt: str, sizes: list[str]) -> None:
    assert [shot.camera.size for shot in director.plan(prompt).shots] == sizes


@pytest.mark.parametrize(
    ("prompt", "lighting"),
    [
        ("Anna waves in a living room at night.", "motivated"), ("A workshop at night. A man nods.", "motivated"),
        ("Anna waves in a living room.", "natural"), ("Anna waves in a street at night.", "natural"),
        ("A ball falls onto a table in a living room at night.", "natural"),
        ("Anna waves in a living room at night, low-key lighting.", "low_key"),
    ],
)  # fmt: skip
def test_people_in_rooms_at_night_are_helped_by_a_lamp(prompt: str, lighting: str) -> None:
    (scene,) = director.plan(prompt).scenes
    assert scene.lighting == lighting


@pytest.mark.parametrize(
    "words",
    [
        "3200 K.", "White balance 3200 K.", "White balance: 3200 K.", "White balance of 3200 K.",
        "The white balance is 3200 K.", "3200 K white balance.", "The colour temperature is 3200 K.",
        "With a white balance of 3200 K.", "Tungsten white balance.",
    ],
)  # fmt: skip
def test_white_balance_in_kelvin(words: str) -> None:
    plan = director.plan(f"Anna waves in a park. {words}")
    assert {shot.camera.white_balance_k for shot in plan.shots} == {3200.0} and plan.not_understood == ()
