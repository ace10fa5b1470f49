"""Things obey mechanics: free fall, the drop tests of sports, rolling, sliding, stacks, dominoes, balance sheets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physics_stage import beat, perform, play, prop, rows, still
from soundstage import clock, library
from soundstage.errors import ScreenplayError
from soundstage.rehearsal.layout import Layout, lay_out
from soundstage.rehearsal.physics import Simulation, contact_law, shapes, simulate
from soundstage.rehearsal.physics import _simulate as room
from soundstage.take import Contacts

G = 9.81
RATE = clock.POSE_RATE


def drop(
    kind: str, height: float, ground: str, *, seconds: float = 2.0, rate: int | None = None
) -> tuple[Layout, Simulation]:
    """A thing falls from so high (underside) on to a ground."""
    sp = play(prop("ball", kind, (0, 0, height)), seconds=seconds)
    layout = lay_out(sp, sp.scenes[0])
    layout = replace(layout, place=replace(layout.place, ground_material=ground))
    return layout, simulate(layout, still(layout, seconds), sp, sp.scenes[0])


def rebound(layout: Layout, simulation: Simulation, n: int = 0) -> float:
    """Height of the underside at the top of the first bounce."""
    z = simulation.position[:, n, 2] - layout.things[n].size[2] / 2
    first = int(np.argmax(z < 0.005 * z[0] + 1e-3))
    return float(z[first + 2 :].max())


# ── falling ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gravity", [9.81, 1.62])
def test_free_fall_is_half_g_t_squared(gravity: float) -> None:
    sp = play(prop("ball", "basketball", (0, 0, 3.0)), seconds=0.75, gravity=gravity, set_="park")
    layout, simulation = perform(sp)
    t = np.arange(len(simulation.position)) / RATE
    expected = layout.thing_position[0, 2] - gravity * t * t / 2
    assert simulation.position[:, 0, 2] == pytest.approx(expected, abs=1e-9)


def test_a_throw_is_a_parabola() -> None:
    sp = play(prop("ball", "basketball", (0, 0, 1.0), velocity=(2.0, 1.0, 5.0)), seconds=1.0, set_="park")
    layout, simulation = perform(sp)
    t = np.arange(len(simulation.position))[:, None] / RATE
    expected = layout.thing_position[0] + np.array([2.0, 1.0, 5.0]) * t - np.array([0, 0, G / 2]) * t * t
    assert simulation.position[:, 0] == pytest.approx(expected, abs=1e-9)


def test_air_slows_a_light_ball_to_its_terminal_speed() -> None:
    sp = play(prop("ball", "table_tennis_ball", (0, 0, 30.0)), seconds=3.0, set_="park")
    _, simulation = perform(sp)
    speed = -(simulation.position[-1, 0, 2] - simulation.position[-2, 0, 2]) * RATE
    terminal = np.sqrt(2 * 0.0027 * G / (1.204 * 0.47 * np.pi * 0.02**2))
    assert speed == pytest.approx(terminal, rel=0.03)


@pytest.mark.parametrize(
    ("kind", "height", "ground", "low", "high"),
    [
        ("basketball", 1.8, "parquet", 1.035, 1.085),  # FIBA
        ("basketball", 1.8, "court_acrylic", 1.035, 1.085),
        ("basketball", 1.8, "concrete", 1.035, 1.085),
        ("tennis_ball", 2.54, "concrete", 1.35, 1.47),  # ITF
        ("football", 2.0, "steel", 1.35, 1.55),  # FIFA
        ("table_tennis_ball", 0.305, "steel", 0.24, 0.26),  # ITTF, in air
        ("football", 2.0, "grass", 0.6, 1.05),  # FIFA Quality: 0.6-1.0 m on turf
    ],
)
def test_balls_bounce_as_their_sports_ask(kind: str, height: float, ground: str, low: float, high: float) -> None:
    layout, simulation = drop(kind, height, ground)
    assert low <= rebound(layout, simulation) <= high


BALLS = ["basketball", "tennis_ball", "football", "ball"]


@pytest.mark.parametrize("kind", BALLS)
def test_soft_grounds_take_more(kind: str) -> None:
    ball = contact_law.surface(lay_out(sp := play(prop("b", kind)), sp.scenes[0]).things[0])
    e = {g: contact_law.restitution(ball, contact_law.ground(g)) for g in ("concrete", "parquet", "grass", "sand")}
    assert e["concrete"] == pytest.approx(e["parquet"], abs=0.01)
    assert e["parquet"] > e["grass"] + 0.05 > e["sand"] + 0.05


@pytest.mark.parametrize("wanted", [0.95, 0.767, 0.6, 0.4, 0.2, 0.1])
def test_damping_ratio_inverts_restitution(wanted: float) -> None:
    assert contact_law.returned(contact_law.damping_ratio(wanted)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "ground", "e"),
    [("basketball", "concrete", 0.767), ("bowling_ball", "concrete", 0.45), ("marble", "grass", 0.3)],
)
@pytest.mark.parametrize("height", [0.1, 0.5, 3.0])
def test_restitution_does_not_depend_on_speed(kind: str, ground: str, e: float, height: float) -> None:
    layout, simulation = drop(kind, height, ground, seconds=2.2)
    expected = contact_law.restitution(contact_law.surface(layout.things[0]), contact_law.ground(ground))
    assert expected == pytest.approx(e, abs=0.02)
    speed = simulation.contacts.normal_speed
    assert speed[0] == pytest.approx(np.sqrt(2 * G * height), rel=0.002)
    assert speed[1] / speed[0] == pytest.approx(expected, rel=0.05)


# ── contacts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_strike_is_recorded_to_a_fraction_of_the_step() -> None:
    layout, simulation = drop("basketball", 1.8, "parquet")
    c = simulation.contacts
    assert c.time[0] / clock.TICKS_PER_SECOND == pytest.approx(np.sqrt(2 * 1.8 / G), abs=2e-6)
    assert c.a[0] == 0 and c.b[0] == -1 and c.part_b[0] == "floor"
    assert c.material_a[0] == "rubber" and c.material_b[0] == "parquet"
    assert c.normal[0] == pytest.approx([0, 0, -1], abs=1e-6)
    assert c.point[0] == pytest.approx([0, 0, 0], abs=1e-3)
    assert c.duration[0] == pytest.approx(0.0121, rel=0.06)
    mass = layout.things[0].mass_kg
    assert c.impulse[0] == pytest.approx(mass * (c.normal_speed[0] + c.normal_speed[1]) + mass * G * 0.0121, rel=0.01)
    assert c.peak_force[0] == pytest.approx(np.pi / 2 * c.impulse[0] / c.duration[0], rel=0.12)


def test_hard_strikes_publish_the_hertz_time() -> None:
    _, simulation = drop("marble", 0.5, "hardwood")
    c = simulation.contacts
    assert 0.04e-3 < c.duration[0] < 0.15e-3  # simulated: milliseconds
    assert (np.diff(c.duration[:3]) > 0).all()  # softer strikes last longer
    assert c.peak_force[0] == pytest.approx(np.pi / 2 * c.impulse[0] / c.duration[0])


def test_a_box_that_lands_flat_strikes_once() -> None:
    layout, simulation = drop("brick", 0.3, "concrete")
    c = simulation.contacts
    assert (np.diff(c.time) > clock.ticks(0.01)).all()
    assert len(c.time) <= 6
    assert c.impulse[0] == pytest.approx(layout.things[0].mass_kg * (c.normal_speed[0] + c.normal_speed[1]), rel=0.06)


@pytest.mark.parametrize("kind", ["basketball", "block", "tennis_ball"])
def test_contact_times_do_not_depend_on_the_step(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layout, simulation = drop(kind, 1.0, "concrete")
    rate = room.step_rate(layout)
    monkeypatch.setattr(room, "step_rate", lambda layout: 4 * rate)
    _, finer = drop(kind, 1.0, "concrete")
    times, exact = (s.contacts.time[:2] / clock.TICKS_PER_SECOND for s in (simulation, finer))
    assert times[0] == pytest.approx(exact[0], abs=1e-5)
    assert times == pytest.approx(exact, abs=2e-3)


def test_what_rests_makes_no_contacts() -> None:
    table = prop("table", "table")
    things = [prop(f"t{n}", kind, (0.2 * n - 0.4, 0, 0), relation="on", target="table") for n, kind in enumerate(STILL)]
    layout, simulation = perform(play(table, *things, seconds=1.0))
    assert len(simulation.contacts.time) == 0
    assert len(simulation.streams.time) == 0
    assert np.abs(simulation.position - layout.thing_position).max() < 5e-5


def test_the_order_of_props_in_a_document_does_not_matter() -> None:
    """The engine numbers what is fixed first; whoever writes a document need not know."""
    table = prop("table", "table")
    ball = prop("ball", "marble", (0.0, 0.0, -0.8), relation="above", target="table")
    block = prop("block", "block", (0.3, 0.0, 0.0), relation="on", target="table")
    runs = {}
    for order in ((table, ball, block), (ball, block, table), (ball, table, block)):
        layout, simulation = perform(play(*order, seconds=1.0))
        names = [thing.id for thing in layout.things]
        assert len(rows(layout, simulation, "ball", "table")) > 2
        assert set(simulation.contacts.part_b) == {"top"}
        runs[order[0]["id"] + order[1]["id"]] = simulation.position[:, [names.index("ball"), names.index("block")]]
    first, *others = runs.values()
    assert first[-1, :, 2].min() > 0.7, "something fell through the table"
    for other in others:
        assert np.abs(other - first).max() < 1e-6


STILL = ("block", "cup", "book", "domino", "bottle")


def table_of(c: Contacts) -> list[bytes]:
    return [getattr(c, name).tobytes() for name in Contacts.__dataclass_fields__]


def test_twice_is_equal_to_the_bit() -> None:
    def once() -> Simulation:
        blocks = [prop(f"b{n}", "block", (0.4, 0, 0.04 * n), relation="on", target="table") for n in range(3)]
        ball = prop("ball", "billiard_ball", (-0.4, 0.005, 0.0), relation="on", target="table", velocity=(2.5, 0, 0))
        return perform(play(prop("table", "table"), *blocks, ball, seconds=1.0))[1]

    a, b = once(), once()
    assert a.position.tobytes() == b.position.tobytes() and a.rotation.tobytes() == b.rotation.tobytes()
    assert table_of(a.contacts) == table_of(b.contacts)
    assert a.streams.normal_force.tobytes() == b.streams.normal_force.tobytes()


# ── rolling and sliding ─────────────────────────────────────────────────────────────────────────────────────────────


def incline(kind: str, degrees: float, **changes: object) -> tuple[Layout, Simulation, np.ndarray]:
    """A thing let go on a wide inclined board; the way it went along the board over time."""
    board = prop("board", "box", (0, 0, 0.3), size=(1.0, 4.0, 0.1), fixed=True, pitch=degrees, material="wood")
    thing = prop(
        "it", kind, (0, 0.8 * np.cos(np.radians(degrees)), 0), relation="on", target="board", pitch=degrees, **changes
    )
    layout, simulation = perform(play(board, thing, seconds=0.8, set_="park"))
    way = simulation.position[:, 1] - simulation.position[0, 1]
    return layout, simulation, np.linalg.norm(way, axis=1)


def acceleration(way: np.ndarray) -> float:
    """Of a fit of ½at² + v₀t, after the first moments."""
    t = np.arange(len(way)) / RATE
    return float(2 * np.polyfit(t[20:150], way[20:150], 2)[0])


@pytest.mark.parametrize("degrees", [5.0, 12.0, 20.0])
@pytest.mark.parametrize(("kind", "inertia"), [("billiard_ball", 0.4), ("basketball", 2 / 3)])
def test_a_ball_rolls_down_as_theory_says(kind: str, inertia: float, degrees: float) -> None:
    layout, _, way = incline(kind, degrees)
    angle = np.radians(degrees)
    law = contact_law.law(contact_law.surface(layout.things[1]), contact_law.surface(layout.things[0]), 1e-4)
    lost = law.rolling / (layout.things[1].size[0] / 2) * np.cos(angle)
    assert acceleration(way) == pytest.approx(G * (np.sin(angle) - lost) / (1 + inertia), rel=0.02)


def test_a_block_slides_down_as_theory_says() -> None:
    layout, _, way = incline("block", 38.0)
    slope, block = (contact_law.surface(t) for t in layout.things)
    mu = contact_law.law(slope, block, 1e-4).friction
    angle = np.radians(38.0)
    assert acceleration(way) == pytest.approx(G * (np.sin(angle) - mu * np.cos(angle)), rel=0.03)


def test_a_block_stays_where_friction_holds_it() -> None:
    _, _, way = incline("block", 18.0)
    assert way[-1] < 1e-3


@pytest.mark.parametrize("kind", ["brick", "book", "coin", "cup"])
def test_sliding_stops_where_friction_says(kind: str) -> None:
    layout, simulation = perform(play(prop("it", kind, velocity=(0.8, 0, 0)), seconds=1.0))
    mu = contact_law.law(contact_law.surface(layout.things[0]), contact_law.ground("concrete"), 1e-4).friction
    assert simulation.position[-1, 0, 0] == pytest.approx(0.8**2 / (2 * mu * G), rel=0.03)
    assert simulation.position[:, 0, 2].max() - simulation.position[0, 0, 2] < 2e-4  # it does not hop


def test_a_rolling_ball_is_a_stream_of_its_weight() -> None:
    layout, simulation = perform(play(prop("ball", "bowling_ball"), beats=(beat("r", "ball", "roll"),), seconds=2.0))
    s = simulation.streams
    weight = layout.things[0].mass_kg * G
    assert len(set(s.stream.tolist())) == 1
    assert s.normal_force.mean() == pytest.approx(weight, rel=0.15)
    assert s.slip_speed.max() < 0.03
    travelled = (
        np.linalg.norm(np.diff(simulation.position[:, 0], axis=0), axis=1).sum() * RATE / len(simulation.position)
    )
    assert s.roll_speed.mean() == pytest.approx(travelled, rel=0.05)
    assert (np.diff(s.time) > 0).all()


def test_a_ball_stops_rolling() -> None:
    _, simulation = perform(play(prop("ball", "tennis_ball", velocity=(0.3, 0, 0)), set_="park", seconds=3.0))
    assert np.abs(np.diff(simulation.position[-5:, 0], axis=0)).max() < 1e-6


def test_a_marble_leaves_a_ramp_without_a_jump() -> None:
    layout, simulation = perform(
        play(
            prop("table", "table"),
            prop("ramp", "ramp", (-0.3, 0, 0), relation="on", target="table"),
            prop("marble", "marble", relation="on", target="ramp"),
            beats=(beat("roll", "marble", "roll", target="ramp", start=0.25),),
            seconds=1.6,
        )
    )
    marble = simulation.position[:, 2]
    assert np.ptp(marble[: RATE // 4], axis=0).max() == 0.0  # held until its beat
    on_table = (marble[:, 0] > 0.02) & (marble[:, 0] < 0.6)
    assert on_table.sum() > 20
    assert np.ptp(marble[on_table, 2]) < 1e-4
    assert len(rows(layout, simulation, "marble", "ramp")) == 0
    speed = np.diff(marble[:, 0])[on_table[1:]].max() * RATE
    fallen = marble[0, 2] - marble[on_table, 2].mean()
    assert 0.93 < speed / np.sqrt(10 / 7 * G * fallen) < 1.0  # rolling without slip, less what rolling costs


# ── many bodies ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_billiard_balls_trade_momentum() -> None:
    a = prop("a", "billiard_ball", (-0.3, 0, 1), velocity=(2, 0, 0))
    b = prop("b", "billiard_ball", (0, 0, 1))
    layout, simulation = perform(play(a, b, gravity=0.0, seconds=0.6, set_="park"))
    v = (simulation.position[-1] - simulation.position[-13]) * RATE / 12
    assert v[:, 0].sum() == pytest.approx(2.0, abs=1e-6)
    assert 0.92 <= (v[1, 0] - v[0, 0]) / 2.0 <= 0.98
    c = simulation.contacts
    assert len(c.time) == 1 and c.impulse[0] == pytest.approx(layout.things[0].mass_kg * v[1, 0], rel=0.01)


def energy(layout: Layout, simulation: Simulation, g: float) -> np.ndarray:
    """Kinetic (without spin) and potential energy of all that moves, per pose interval."""
    moving = [n for n, t in enumerate(layout.things) if not t.fixed]
    mass = np.array([layout.things[n].mass_kg for n in moving])
    p = simulation.position[:, moving]
    v = np.diff(p, axis=0) * RATE
    middle = (p[1:, :, 2] + p[:-1, :, 2]) / 2
    return ((v**2).sum(axis=2) * mass / 2 + mass * g * middle).sum(axis=1)


@pytest.mark.parametrize("spin", [(0.0, 0.0, 0.0), (8.0, 3.0, 0.0)])
def test_a_crash_in_weightlessness_keeps_momentum_and_gains_nothing(spin: tuple[float, float, float]) -> None:
    a = prop("a", "block", (-0.2, 0.01, 1), velocity=(1.5, 0, 0), spin=spin, heading=20.0)
    b = prop("b", "brick", (0, 0, 1), pitch=15.0)
    layout, simulation = perform(play(a, b, gravity=0.0, seconds=0.5, set_="park"))
    mass = np.array([t.mass_kg for t in layout.things])
    v = np.diff(simulation.position, axis=0) * RATE
    momentum = (v * mass[:, None]).sum(axis=1)
    assert momentum[-1] == pytest.approx(momentum[0], abs=1e-6 * np.abs(momentum[0]).max() + 1e-9)
    assert np.abs(v[-1, 1]).max() > 0.01  # it was hit
    turning = 0.5 * mass[0] * 0.04**2 / 6 * float(np.dot(spin, spin))
    assert energy(layout, simulation, 0.0)[-1] <= energy(layout, simulation, 0.0)[0] + turning + 1e-9


def test_a_stack_at_rest_stays_at_rest() -> None:
    blocks = [prop(f"b{n}", "block", (0, 0, 0.04 * n)) for n in range(8)]
    pyramid = [
        prop(f"p{r}{n}", "block", (1 + 0.041 * (n - (3 - r) / 2), 0, 0.04 * r)) for r in range(3) for n in range(4 - r)
    ]
    layout, simulation = perform(play(*blocks, *pyramid, seconds=2.0))
    assert np.abs(simulation.position - layout.thing_position).max() < 2e-4
    last = simulation.position[-RATE:]
    assert np.ptp(last, axis=0).max() < 1e-6
    assert len(simulation.contacts.time) == 0
    low = simulation.position[-1, :8, 2] - 0.02
    assert low.min() > -1e-3 and np.diff(low).min() > 0.04 - 1e-3


def test_dominoes_fall_one_after_another() -> None:
    gap = 0.027
    row = [prop(f"d{n}", "domino", (0, gap * n, 0), relation="on", target="table") for n in range(12)]
    layout, simulation = perform(
        play(prop("table", "table", material="marble"), *row, beats=(beat("tip", "d0", "tip", start=0.3),), seconds=1.8)
    )
    up = shapes.matrix(simulation.rotation)[:, 1:, 2, 2]
    fallen = up < np.cos(np.radians(25.0))
    assert fallen[-1].all()
    at = fallen.argmax(axis=0) / RATE
    assert (np.diff(at) > 0).all()
    speed = gap / np.diff(at)[4:]
    assert 0.9 < speed.mean() / np.sqrt(G * 0.048) < 2.0
    assert speed.std() < 0.25 * speed.mean()
    assert at[0] > 0.3 and np.abs(simulation.position[: int(0.3 * RATE), 1:] - layout.thing_position[1:]).max() < 1e-5
    clicks = [int(rows(layout, simulation, f"d{n}", f"d{n + 1}")[0]) for n in range(11)]
    assert (np.diff(simulation.contacts.time[clicks]) > 0).all()
    assert np.abs(np.diff(simulation.position[-30:], axis=0)).max() < 1e-6  # and then they lie still


# ── every kind of thing ─────────────────────────────────────────────────────────────────────────────────────────────

MOVABLE = [name for name in library.names("props") if name != "hoop"]


@pytest.mark.parametrize("kind", MOVABLE)
def test_everything_falls_and_comes_to_rest(kind: str) -> None:
    tilted = {} if library.prop(kind).shape == "compound" else {"pitch": 20.0, "roll": 7.0}
    thing = prop("it", kind, (0, 0, 0.5), fixed=False, **tilted)
    layout, simulation = perform(play(thing, seconds=4.0))
    assert np.isfinite(simulation.position).all() and np.isfinite(simulation.rotation).all()
    assert np.linalg.norm(simulation.rotation, axis=-1) == pytest.approx(1.0, abs=1e-9)
    if library.prop(kind).shape != "compound":  # their frame is not their centre of mass
        total = energy(layout, simulation, G)
        assert total.max() <= total[0] * 1.002
    last = np.abs(np.diff(simulation.position[-12:, 0], axis=0)).max() * RATE
    assert last < (
        1.5 if library.prop(kind).shape in ("sphere", "cylinder") else 2e-3
    )  # a table tennis ball bounces for ten seconds
    low = min(
        p - shapes.support(layout.things[0], q, (0, 0, -1))
        for p, q in zip(simulation.position[-12:, 0, 2], simulation.rotation[-12:, 0], strict=True)
    )
    # A ramp's slab runs a little under its own ground line.
    assert low > -1e-3 - (0.02 if kind == "ramp" else 0.0)
    assert 1 <= len(simulation.contacts.time) < 120


# ── beats of things ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_things_hang_until_their_beat() -> None:
    ball = prop("ball", "tennis_ball", (0, 0, 1.0))
    layout, simulation = perform(play(ball, beats=(beat("f", "ball", "fall", start=0.5),), seconds=1.2))
    assert (simulation.position[: RATE // 2, 0] == layout.thing_position[0]).all()
    assert simulation.contacts.time[0] / clock.TICKS_PER_SECOND == pytest.approx(0.5 + np.sqrt(2 / G), abs=1e-3)


def test_manner_makes_a_push_gentle_or_hard() -> None:
    def way(*manner: str) -> float:
        sp = play(prop("ball", "football"), beats=(beat("r", "ball", "roll", manner=manner),), seconds=1.0)
        return float(np.linalg.norm(perform(sp)[1].position[-1, 0, :2]))

    assert way("gently") < 0.7 * way() < 0.6 * way("hard")


def test_a_roll_towards_something_arrives() -> None:
    layout, simulation = perform(
        play(
            prop("ball", "bowling_ball", (-1.0, 0, 0)),
            prop("box", "box", (0.8, 0.6, 0)),
            beats=(beat("r", "ball", "roll", target="box", outcome=("hits", ())),),
            seconds=2.5,
        )
    )
    assert len(rows(layout, simulation, "ball", "box")) >= 1
    assert simulation.outcomes["r"]["reached"] == "hits it"


@pytest.mark.parametrize("kind", ["domino", "bottle", "book"])
def test_a_tip_is_as_small_as_it_can_be(kind: str) -> None:
    size = {"book": (0.15, 0.03, 0.21)}.get(kind, library.prop(kind).size)
    sp = play(prop("it", kind, size=size), beats=(beat("t", "it", "tip", start=0.1),), seconds=2.0)
    _, simulation = perform(sp)
    up = shapes.matrix(simulation.rotation[:, 0])[:, 2, 2]
    assert up[-1] < 0.2
    slow = np.linalg.norm(np.diff(simulation.position[:, 0], axis=0), axis=1)[: int(0.3 * RATE)] * RATE
    assert slow.max() < 0.5


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: beat("b", "ball", "sing"), ("sing", "roll")),
        (lambda: beat("b", "table", "roll"), ("table", "fixed")),
        (lambda: beat("b", "ball", "roll", outcome=("goes_in", ())), ("hits",)),
        (lambda: beat("b", "ball", "roll", target="moon"), ("moon", "table")),
    ],
)
def test_beats_a_thing_cannot_do_are_said(made: object, words: tuple[str, ...]) -> None:
    sp = play(prop("ball", "ball", (2, 0, 0)), prop("table", "table"), beats=(made(),))  # type: ignore[operator]
    with pytest.raises(ScreenplayError) as caught:
        perform(sp)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_scene_without_things_is_a_scene() -> None:
    layout, simulation = perform(play(seconds=0.5))
    assert simulation.position.shape == (121, 0, 3) and len(simulation.contacts.time) == 0
    assert layout.things == ()
