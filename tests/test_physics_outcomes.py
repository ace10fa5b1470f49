"""What a beat intends is reached by how the thing starts, and by nothing else; people are run into."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from physics_stage import beat, index, perform, play, prop, rows, shot, standing, still, stub_body
from soundstage import clock
from soundstage.errors import OutcomeError, ScreenplayError
from soundstage.rehearsal.layout import Layout, lay_out
from soundstage.rehearsal.physics import Simulation, aiming, goals, hoops, simulate
from soundstage.screenplay.model import Screenplay

G = 9.81
SPOTS = {
    "free_throw": (0.0, -4.6, 0.0),
    "three": (0.0, -7.1, 0.0),
    "left": (-2.6, -3.4, 0.0),
    "right": (2.6, -3.4, 0.0),
    "corner": (6.3, -0.8, 0.0),
    "under": (0.4, -1.9, 0.0),
    "centre": (0.0, -12.0, 0.0),
}
OUTCOMES: list[tuple[str, tuple[str, ...]]] = [
    ("goes_in", ()),
    ("goes_in", ("clean",)),
    ("goes_in", ("rim",)),
    ("goes_in", ("backboard",)),
    ("misses", ()),
    ("misses", ("backboard",)),
    ("misses", ("rim",)),
    ("misses", ("backboard", "rim")),
    ("misses", ("short",)),
    ("misses", ("long",)),
]


@pytest.fixture(autouse=True)
def _posts_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundstage.body.body", stub_body)


def court(
    spot: tuple[float, float, float],
    outcome: tuple[str, tuple[str, ...]] | None,
    *,
    seed: int = 3,
    seconds: float = 3.0,
) -> Screenplay:
    heading = float(np.degrees(np.arctan2(spot[0], -0.375 - spot[1])))
    return play(
        prop("ball", "basketball", relation="held_by", target="ann"),
        beats=(beat("shot", "ann", "jump_shot", target="hoop", thing="ball", outcome=outcome),),
        people=(standing("ann", spot, heading),),
        set_="outdoor_court",
        seconds=seconds,
        seed=seed,
    )


def parts_touched(layout: Layout, simulation: Simulation) -> list[str]:
    """Parts of the hoop that the ball struck, in order, until it reached the ground."""
    hoop = index(layout, "hoop")
    c = simulation.contacts
    ground = c.time[(c.b == -1)]
    end = ground[0] if len(ground) else np.inf
    names = {"board": "backboard", "bracket": "rim"}
    found = [names.get(str(p), str(p)) for p, b, t in zip(c.part_b, c.b, c.time, strict=True) if b == hoop and t < end]
    counted = [name for name in found if name in ("rim", "backboard")]  # a short shot may hit the pole in the end
    return [name for n, name in enumerate(counted) if n == 0 or counted[n - 1] != name]


def went_through(layout: Layout, simulation: Simulation) -> bool:
    """Whether the ball's centre came down through the ring and left the net below."""
    ball = simulation.position[:, index(layout, "ball")] - np.array([0.0, -0.375, 3.05])
    down = np.flatnonzero((ball[:-1, 2] > 0) & (ball[1:, 2] <= 0))
    return any(np.hypot(*ball[i, :2]) < 0.227 and (ball[i:, 2].max() < 0.05) for i in down)


def check(outcome: tuple[str, tuple[str, ...]], layout: Layout, simulation: Simulation) -> None:
    kind, via = outcome
    touched = parts_touched(layout, simulation)
    assert went_through(layout, simulation) == (kind == "goes_in")
    want = [w for w in via if w in ("rim", "backboard")]
    assert touched[: len(want)] == want, touched
    if {"clean", "short"} & set(via):
        assert touched == []
    if "long" in via:
        assert "rim" not in touched
    if kind == "misses" and not {"long", "short"} & set(via):
        c = simulation.contacts
        landed = np.flatnonzero((c.a == index(layout, "ball")) & (c.b == -1))
        assert all(c.point[landed[:1], 1] < 0.0)  # in front of the board
    found = simulation.outcomes["shot"]
    assert found["intended"] == hoops.describe(kind, via)
    assert np.linalg.norm(found["velocity"]) <= aiming.FASTEST_SHOT


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda o: f"{o[0]}-{'-'.join(o[1])}")
def test_a_shot_from_the_free_throw_line_does_what_is_asked(outcome: tuple[str, tuple[str, ...]]) -> None:
    layout, simulation = perform(court(SPOTS["free_throw"], outcome), shoot="shot")
    check(outcome, layout, simulation)


@pytest.mark.parametrize(
    ("spot", "outcome", "seed"),
    [
        ("three", ("misses", ("backboard",)), 1),
        ("left", ("goes_in", ("backboard",)), 2),
        ("corner", ("goes_in", ("clean",)), 3),
        ("corner", ("misses", ("rim",)), 4),
        ("under", ("misses", ("backboard",)), 5),
        ("centre", ("goes_in", ()), 6),
        ("right", ("misses", ("short",)), 7),
    ],
)
def test_a_shot_from_elsewhere_does_what_is_asked(spot: str, outcome: tuple[str, tuple[str, ...]], seed: int) -> None:
    layout, simulation = perform(court(SPOTS[spot], outcome, seed=seed), shoot="shot")
    check(outcome, layout, simulation)


@pytest.mark.slow
@pytest.mark.parametrize(("spot", "outcome", "seed"), list(product(SPOTS, OUTCOMES, (11, 12, 13))))
def test_every_outcome_from_everywhere(spot: str, outcome: tuple[str, tuple[str, ...]], seed: int) -> None:
    layout, simulation = perform(court(SPOTS[spot], outcome, seed=seed), shoot="shot", height=2.2 + 0.05 * (seed % 7))
    check(outcome, layout, simulation)


@pytest.mark.parametrize("outcome", [("goes_in", ("rim",)), ("misses", ("backboard",))])
def test_a_child_shoots_from_low_down(outcome: tuple[str, tuple[str, ...]]) -> None:
    layout, simulation = perform(court(SPOTS["left"], outcome), shoot="shot", height=1.25)
    check(outcome, layout, simulation)


def test_the_flight_is_a_parabola_from_the_hand_on() -> None:
    layout, simulation = perform(court(SPOTS["free_throw"], ("misses", ("backboard",))), shoot="shot")
    ball = index(layout, "ball")
    start = round(0.5 * clock.POSE_RATE)
    found = simulation.outcomes["shot"]
    t = np.arange(90)[:, None] / clock.POSE_RATE
    expected = np.array(found["position"]) + np.array(found["velocity"]) * t - np.array([0, 0, G / 2]) * t * t
    assert simulation.position[start : start + 90, ball] == pytest.approx(expected, abs=1e-8)
    assert simulation.holds.kind.tolist() == ["release"]
    assert simulation.holds.time[0] == start * clock.period(clock.POSE_RATE)


def test_a_shot_looks_like_one() -> None:
    _, simulation = perform(court(SPOTS["free_throw"], ("goes_in", ("clean",))), shoot="shot")
    velocity, spin = np.array(simulation.outcomes["shot"]["velocity"]), np.array(simulation.outcomes["shot"]["spin"])
    elevation = np.degrees(np.arcsin(velocity[2] / np.linalg.norm(velocity)))
    assert 48 < elevation < 60
    assert 6.5 < np.linalg.norm(velocity) < 8.5
    assert np.cross(spin, velocity)[2] > 0  # backspin lifts
    assert 1.5 < np.linalg.norm(spin) / (2 * np.pi) < 3.5


def test_a_clean_shot_rustles_in_the_net_and_is_slowed() -> None:
    layout, simulation = perform(court(SPOTS["free_throw"], ("goes_in", ("clean",))), shoot="shot")
    c = simulation.contacts
    (net,) = np.flatnonzero(c.part_b == "net")
    assert c.material_b[net] == "fabric" and 0.04 < c.duration[net] < 0.4 and c.impulse[net] > 0.3
    z = simulation.position[:, index(layout, "ball"), 2]
    below = int(np.argmax((z < 2.6) & (np.arange(len(z)) > 180)))
    free_fall = np.sqrt(2 * G * (z.max() - z[below]))
    assert 0.5 * free_fall < (z[below - 1] - z[below]) * clock.POSE_RATE < 0.8 * free_fall


def test_twice_the_same_seed_is_the_same_shot_and_another_seed_another() -> None:
    def ball(seed: int) -> bytes:
        sp = court(SPOTS["free_throw"], ("misses", ("rim",)), seed=seed, seconds=2.0)
        return perform(sp, shoot="shot")[1].position.tobytes()

    assert ball(4) == ball(4) != ball(5)


def test_a_shot_without_an_outcome_is_aimed_at_the_hoop() -> None:
    layout, simulation = perform(court(SPOTS["free_throw"], None), shoot="shot")
    assert went_through(layout, simulation)
    assert simulation.outcomes["shot"]["intended"] == "none"


def test_too_far_is_said_with_the_nearest_that_was_reached() -> None:
    with pytest.raises(OutcomeError) as caught:
        perform(court((0.0, -26.0, 0.0), ("goes_in", ())), shoot="shot")
    assert "25.3 m" in caught.value.what and "shot" in caught.value.what and caught.value.mend


def test_nothing_goes_into_what_is_no_hoop() -> None:
    sp = play(
        prop("ball", "basketball", relation="held_by", target="ann"),
        prop("box", "box", (0, 3, 0)),
        beats=(beat("shot", "ann", "throw", target="box", thing="ball", outcome=("goes_in", ())),),
        people=(standing("ann"),),
    )
    with pytest.raises(ScreenplayError, match="no hoop"):
        perform(sp, shoot="shot")


@pytest.mark.parametrize("via", [("clean", "rim"), ("short", "long"), ("clean",)])
def test_ways_that_exclude_each_other_are_said(via: tuple[str, ...]) -> None:
    with pytest.raises(ScreenplayError, match="outcome"):
        perform(court(SPOTS["free_throw"], ("misses", via)), shoot="shot")


# ── hitting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["tennis_ball", "basketball"])
@pytest.mark.parametrize("far", [2.5, 6.0])
def test_a_throw_hits_a_thing(kind: str, far: float) -> None:
    sp = play(
        prop("ball", kind, relation="held_by", target="ann"),
        prop("box", "box", (0.3, far, 0)),
        beats=(beat("throw", "ann", "throw", target="box", thing="ball", outcome=("hits", ())),),
        people=(standing("ann"),),
        set_="park",
    )
    layout, simulation = perform(sp, shoot="throw")
    first = rows(layout, simulation, "ball")[0]
    assert index(layout, "box") in (simulation.contacts.a[first], simulation.contacts.b[first])
    assert simulation.outcomes["throw"]["reached"] == "hits it"


def test_a_throw_hits_a_person_and_bounces_off() -> None:
    sp = play(
        prop("ball", "basketball", relation="held_by", target="ann"),
        beats=(beat("throw", "ann", "throw", target="ben", thing="ball", outcome=("hits", ())),),
        people=(standing("ann"), standing("ben", (0.0, 4.0, 0.0), 180.0)),
        set_="park",
    )
    layout, simulation = perform(sp, shoot="throw")
    c = simulation.contacts
    first = rows(layout, simulation, "ball")[0]
    assert c.b[first] == -3 and c.material_b[first] == "skin" and c.part_b[first] in ("torso", "head")
    ball = simulation.position[:, 0]
    frame = int(c.time[first] // clock.period(clock.POSE_RATE))
    assert ball[frame + 20, 1] < ball[frame, 1]  # it comes back


def test_the_own_hands_are_not_in_the_way() -> None:
    """Let go inside one's own body, a thing leaves it without a blow."""
    sp = play(
        prop("ball", "basketball", relation="held_by", target="ann"),
        beats=(beat("b", "ann", "throw", thing="ball"),),
        people=(standing("ann"),),
        set_="park",
        seconds=1.5,
    )
    scene = sp.scenes[0]
    layout = lay_out(sp, scene)
    grip, release = shot(layout, "b", 0)
    inside = {"position": np.array([0.0, 0.1, 1.3])}
    grip_in = type(grip)(**{**vars(grip), "position": np.tile(inside["position"], (len(grip.position), 1))})
    out = type(release)(**{**vars(release), **inside, "hand_velocity": np.array([0.0, 3.0, 1.0])})
    simulation = simulate(layout, still(layout, 1.5, (grip_in,), (out,)), sp, scene)
    own = simulation.contacts.b == -2
    assert not own.any()
    assert simulation.position[-1, 0, 1] > 1.0


def test_held_things_follow_the_hands_exactly() -> None:
    sp = court(SPOTS["free_throw"], ("goes_in", ()))
    scene = sp.scenes[0]
    layout = lay_out(sp, scene)
    grip, release = shot(layout, "shot", index(layout, "ball"))
    simulation = simulate(layout, still(layout, 2.0, (grip,), (release,)), sp, scene)
    held = simulation.position[: len(grip.position) - 1, index(layout, "ball")]
    assert held == pytest.approx(grip.position[:-1], abs=1e-9)


# ── aiming ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("elevation", [0.6, 0.9, 1.2])
def test_the_guess_passes_through_its_point(elevation: float) -> None:
    start, point = np.array([0.0, -4.0, 2.2]), np.array([0.4, -0.4, 3.05])
    v = aiming.velocity_to(start, point, elevation, G)
    assert v is not None
    t = np.hypot(*(point - start)[:2]) / np.hypot(*v[:2])
    assert start + v * t - np.array([0, 0, G / 2]) * t * t == pytest.approx(point)


def test_the_slowest_elevation_is_the_slowest() -> None:
    start, point = np.array([0.0, -4.0, 2.2]), np.array([0.0, -0.4, 3.05])
    best = aiming.slowest_elevation(start, point)

    def speed(angle: float) -> float:
        v: Any = aiming.velocity_to(start, point, angle, G)
        return float(np.linalg.norm(v))

    assert speed(best) < min(speed(best - 0.05), speed(best + 0.05))


def test_rings_are_found_in_the_world() -> None:
    layout = lay_out(sp := court(SPOTS["left"], None), sp.scenes[0])
    (ring,) = goals.rings(layout)
    assert ring.centre == pytest.approx([0, -0.375, 3.05]) and ring.front == pytest.approx([0, -1, 0])


# ── taking up ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("far", "taken"), [(0.1, True), (0.6, False)])
def test_a_thing_within_reach_is_taken_up_without_a_jump(far: float, taken: bool) -> None:
    sp = play(
        prop("cup", "cup", (0.0, 1.0, 0.0)),
        beats=(beat("b", "ann", "drop", thing="cup"),),
        people=(standing("ann"),),
        seconds=1.5,
    )
    scene = sp.scenes[0]
    layout = lay_out(sp, scene)
    grip, release = shot(layout, "b", 0)
    start = 60 * clock.period(clock.POSE_RATE)
    track = (
        layout.thing_position[0] + np.array([far, 0.0, 0.0]) + np.linspace(0, 0.5, 121)[:, None] * np.array([0, 0, 1])
    )
    turned = np.tile([1.0, 0.0, 0.0, 0.0], (121, 1))
    end = start + 120 * clock.period(clock.POSE_RATE)
    grip = type(grip)(person=0, thing=0, start=start, release=end, position=track, rotation=turned)
    release = type(release)(**{**vars(release), "time": end, "position": track[-1], "hand_velocity": np.zeros(3)})
    simulation = simulate(layout, still(layout, 1.5, (grip,), (release,)), sp, scene)
    height = simulation.position[:, 0, 2]
    assert (height.max() > 0.4) == taken
    assert np.linalg.norm(np.diff(simulation.position[:, 0], axis=0), axis=1).max() < 0.02  # nothing teleports
    assert simulation.holds.kind.tolist() == (["catch", "release"] if taken else [])


def test_what_a_hand_presses_into_a_table_is_not_thrown_off_it() -> None:
    sp = play(
        prop("table", "table"),
        prop("cup", "cup", relation="on", target="table"),
        beats=(beat("b", "ann", "drop", thing="cup"),),
        people=(standing("ann", (0.0, -0.8, 0.0)),),
        seconds=1.5,
    )
    scene = sp.scenes[0]
    layout = lay_out(sp, scene)
    grip, release = shot(layout, "b", 1)
    deep = layout.thing_position[1] - np.array([0.0, 0.0, 0.012])
    grip = type(grip)(**{**vars(grip), "position": np.tile(deep, (len(grip.position), 1))})
    release = type(release)(**{**vars(release), "position": deep, "hand_velocity": np.zeros(3)})
    simulation = simulate(layout, still(layout, 1.5, (grip,), (release,)), sp, scene)
    height = simulation.position[:, 1, 2]
    assert height.max() < layout.thing_position[1, 2] + 2e-3
    assert height[-1] == pytest.approx(layout.thing_position[1, 2], abs=1e-3)


def test_who_stands_in_a_thing_does_not_throw_it() -> None:
    sp = play(prop("ball", "basketball", (0.1, 0.1, 0.0)), people=(standing("ann"),), seconds=1.0)
    _, simulation = perform(sp)
    assert np.abs(simulation.position[-1, 0] - simulation.position[0, 0]).max() < 1e-3


def test_a_ball_rolls_into_a_person_and_stops() -> None:
    sp = play(
        prop("ball", "football", (0.0, -2.0, 0.0), velocity=(0.0, 2.0, 0.0)), people=(standing("ann"),), seconds=3.0
    )
    layout, simulation = perform(sp)
    hit = rows(layout, simulation, "ball")
    assert (simulation.contacts.b[hit] == -2).any()
    assert simulation.position[:, 0, 1].max() < -0.2
