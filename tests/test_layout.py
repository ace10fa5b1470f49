"""Where things stand: every relation, things touching without overlap, errors that say what there is."""

from __future__ import annotations

import numpy as np
import pytest

from physics_stage import index, play, prop, standing
from soundstage import library
from soundstage.errors import InputError, ScreenplayError
from soundstage.rehearsal.layout import Layout, lay_out
from soundstage.rehearsal.physics import shapes
from soundstage.rehearsal.physics.settling import Nest
from soundstage.screenplay.model import Screenplay


def laid(sp: Screenplay) -> Layout:
    return lay_out(sp, sp.scenes[0])


def gaps(layout: Layout) -> np.ndarray:
    """Distance of each movable thing to what is nearest (ground included)."""
    nest = Nest(layout.things, layout.place)
    everything = range(len(layout.things))
    for n in everything:
        nest.put(n, layout.thing_position[n], layout.thing_rotation[n])
    return np.array(
        [
            min(nest.above_ground(n), nest.distance(n, [m for m in everything if m != n])[0])
            for n in everything
            if not layout.things[n].fixed
        ]
    )


def test_free_puts_the_lowest_point_at_the_height_given() -> None:
    layout = laid(play(prop("ball", "basketball", (1, 2, 0.5)), prop("book", "book", (3, 0, 0.5), pitch=45.0)))
    assert layout.thing_position[0] == pytest.approx([1, 2, 0.5 + 0.243 / 2])
    low = layout.thing_position[1, 2] - shapes.support(layout.things[1], layout.thing_rotation[1], (0, 0, -1))
    assert low == pytest.approx(0.5)


def test_heading_turns_the_front_anticlockwise_from_y() -> None:
    layout = laid(play(prop("book", "book", heading=90.0)))
    front = shapes.matrix(layout.thing_rotation[0])[:, 1]
    assert front == pytest.approx([-1, 0, 0], abs=1e-12)


def test_set_pieces_come_first_and_face_the_court() -> None:
    layout = laid(play(prop("ball", "basketball", (0, -4, 0)), set_="outdoor_court"))
    assert [t.id for t in layout.things][-1] == "ball"
    hoop = index(layout, "hoop")
    params = layout.things[hoop].params
    ring = layout.thing_position[hoop] + shapes.matrix(layout.thing_rotation[hoop]) @ [
        0,
        params["rim_offset"],
        params["rim_height"],
    ]
    assert ring == pytest.approx([0, -0.375, 3.05])


@pytest.mark.parametrize("kind", ["block", "marble", "cup", "book", "basketball", "domino"])
@pytest.mark.parametrize("support", ["table", "bench", "chair", "box", "ramp"])
def test_on_leaves_no_gap_and_no_overlap(kind: str, support: str) -> None:
    layout = laid(play(prop("below", support), prop("thing", kind, relation="on", target="below")))
    nest = Nest(layout.things, layout.place)
    for n in (0, 1):
        nest.put(n, layout.thing_position[n], layout.thing_rotation[n])
    distance = nest.distance(1, [0])[0]
    assert -1e-6 < distance < 1e-4


def test_a_stack_touches_all_the_way_up() -> None:
    blocks = [prop("b0", "block")] + [prop(f"b{n}", "block", relation="on", target=f"b{n - 1}") for n in range(1, 8)]
    layout = laid(play(*blocks))
    assert np.diff(layout.thing_position[:, 2]) == pytest.approx(0.04, abs=1e-4)
    assert gaps(layout).min() > -1e-6


def test_a_stack_given_by_offsets_touches_too() -> None:
    blocks = [prop(f"b{n}", "block", (0.2, 0, 0.04 * n), relation="on", target="table") for n in range(5)]
    layout = laid(play(prop("table", "table"), *blocks))
    assert layout.thing_position[1:, 2] == pytest.approx(0.75 + 0.02 + 0.04 * np.arange(5), abs=2e-4)
    assert gaps(layout).min() > -1e-6 and gaps(layout).max() < 1e-4


def test_on_what_already_lies_there() -> None:
    layout = laid(
        play(
            prop("table", "table"),
            prop("book", "book", relation="on", target="table"),
            prop("cup", "cup", relation="on", target="table"),
        )
    )
    assert layout.thing_position[2, 2] == pytest.approx(0.75 + 0.03 + 0.05, abs=1e-4)


def test_small_gaps_close_and_small_overlaps_open() -> None:
    layout = laid(play(prop("high", "block", (0, 0, 0.0015)), prop("deep", "block", (1, 0, -0.0015))))
    assert layout.thing_position[:, 2] == pytest.approx([0.02, 0.02], abs=5e-5)


def test_moving_the_target_moves_what_is_on_it() -> None:
    def cup(x: float) -> np.ndarray:
        table = prop("table", "table", (x, 0, 0))
        return laid(play(table, prop("cup", "cup", (0.3, 0.1, 0), relation="on", target="table"))).thing_position[1]

    assert cup(2.0) - cup(0.0) == pytest.approx([2, 0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("relation", "way"),
    [("left_of", (-1, 0)), ("right_of", (1, 0)), ("in_front_of", (0, 1)), ("behind", (0, -1))],
)
def test_sides_are_those_of_the_target(relation: str, way: tuple[int, int]) -> None:
    for heading in (0.0, 90.0, 180.0):
        layout = laid(
            play(prop("table", "table", heading=heading), prop("chair", "chair", relation=relation, target="table"))
        )
        local = shapes.matrix(layout.thing_rotation[0]).T @ (layout.thing_position[1] - layout.thing_position[0])
        assert np.sign(np.round(local[:2], 6)) == pytest.approx(way)
        nest = Nest(layout.things, layout.place)
        for n in (0, 1):
            nest.put(n, layout.thing_position[n], layout.thing_rotation[n])
        assert 0.05 < nest.distance(1, [0])[0] < 0.35


def test_beside_something_on_a_table_stays_on_the_table() -> None:
    layout = laid(
        play(
            prop("table", "table"),
            prop("cup", "cup", relation="on", target="table"),
            prop("bottle", "bottle", relation="right_of", target="cup"),
        )
    )
    assert layout.thing_position[2, 2] == pytest.approx(0.75 + 0.14, abs=1e-4)


def test_near_finds_room() -> None:
    crowd = [prop(f"c{n}", "cup", relation="near", target="bottle") for n in range(6)]
    layout = laid(play(prop("bottle", "bottle"), *crowd))
    assert gaps(layout).min() > -1e-6


def test_above_hangs_over_the_target() -> None:
    layout = laid(play(prop("box", "box"), prop("ball", "tennis_ball", relation="above", target="box")))
    assert layout.thing_position[1, 2] == pytest.approx(0.3 + 1.0 + 0.067 / 2, abs=1e-3)


def test_a_marble_starts_at_the_high_end_of_a_ramp() -> None:
    layout = laid(play(prop("ramp", "ramp"), prop("marble", "marble", relation="on", target="ramp")))
    assert layout.thing_position[1, 0] < -0.25
    assert layout.thing_position[1, 2] > 0.23


def test_people_stand_on_marks_and_beside_each_other() -> None:
    layout = laid(
        play(
            people=(
                standing("ann", relation="on", target="free_throw_line", heading=10.0),
                standing("ben", relation="left_of", target="ann"),
            ),
            set_="gym",
        )
    )
    assert layout.person_position[0] == pytest.approx([0, -4.6, 0])
    assert layout.person_heading[0] == pytest.approx(np.radians(10.0))
    apart = layout.person_position[1] - layout.person_position[0]
    assert np.linalg.norm(apart) > 0.6 and apart[0] < 0


def test_held_things_are_before_the_chest() -> None:
    layout = laid(
        play(
            prop("ball", "basketball", relation="held_by", target="ann"),
            people=(standing("ann", (1, 1, 0), heading=90.0),),
        )
    )
    assert layout.thing_position[0, 0] < 1.0 and 0.8 < layout.thing_position[0, 2] < 1.4


def test_marks_name_everything() -> None:
    layout = laid(play(prop("cup", "cup"), people=(standing("ann", (1, 0, 0)),), set_="gym"))
    assert {"cup", "ann", "hoop", "free_throw_line"} <= set(layout.marks)
    assert layout.marks["ann"][0] == pytest.approx([1, 0, 0])


def test_arrays_are_read_only() -> None:
    layout = laid(play(prop("cup", "cup")))
    with pytest.raises(ValueError):
        layout.thing_position[0, 0] = 1.0


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sp", "words"),
    [
        (lambda: play(prop("cup", "cup", relation="on", target="shelf")), ("cup", "shelf", "ground")),
        (
            lambda: play(prop("cup", "cup", (3, 0, 0), relation="on", target="t"), prop("t", "table")),
            ("cup", "not over", "t"),
        ),
        (lambda: play(prop("a", "block"), prop("b", "block", (0.01, 0, 0))), ("'a'", "mm deep")),
        (lambda: play(prop("a", "block", (0, 0, -0.02))), ("the ground", "mm deep")),
        (lambda: play(prop("hoop", "ball"), set_="gym"), ("hoop", "already")),
        (lambda: play(prop("a", "ball", size=(0.1, 0.2, 0.1))), ("a", "sphere")),
        (
            lambda: play(people=(standing("ann"), standing("ben", (0.1, 0, 0)))),
            ("ben", "already stands"),
        ),
    ],
)
def test_impossible_placements_say_what_and_how_to_mend_it(sp: object, words: tuple[str, ...]) -> None:
    with pytest.raises(ScreenplayError) as caught:
        laid(sp())  # type: ignore[operator]
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert caught.value.mend


def test_unknown_kinds_are_the_library_s_error() -> None:
    data = prop("cup", "cup")
    data["kind"] = "chalice"
    with pytest.raises(InputError, match="chalice"):
        laid(play(data))


# ── shapes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

COMPOUNDS = [name for name in library.names("props") if library.prop(name).shape == "compound"]


@pytest.mark.parametrize("kind", COMPOUNDS)
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_parts_fill_the_size_of_a_compound(kind: str, scale: float) -> None:
    entry = library.prop(kind)
    size = tuple(scale * s for s in entry.size)
    layout = laid(play(prop("it", kind, size=size)))
    low, high = shapes.extent(layout.things[0])
    rails = entry.params.get("rail", 0.0)
    assert high[2] == pytest.approx(size[2] + rails, rel=0.03)
    if kind != "hoop":  # its origin lies under the board's face, not in the middle
        assert (high - low)[:2] == pytest.approx(size[:2], rel=0.06)


def test_hoop_has_the_measures_of_the_rules() -> None:
    hoop = laid(play(set_="gym")).things[0]
    ring = [p for p in shapes.parts(hoop) if p.name == "rim"]
    centre = np.mean([p.position for p in ring], axis=0)
    assert centre == pytest.approx([0, 0.375, 3.05 - 0.009], abs=1e-9)
    inner = min(np.hypot(p.position[0], p.position[1] - 0.375) - p.size[0] / 2 for p in ring)
    assert 2 * inner == pytest.approx(0.454, abs=0.004)
    board = next(p for p in shapes.parts(hoop) if p.name == "board")
    assert board.size[0] == 1.8 and board.size[2] == 1.05
    assert board.position[1] + board.size[1] / 2 == pytest.approx(0.0)


@pytest.mark.parametrize("size", [(0.6, 0.12, 0.25), (1.2, 0.3, 0.3), (0.5, 0.2, 0.6)])
def test_ramp_is_as_long_and_high_as_asked_and_ends_level(size: tuple[float, float, float]) -> None:
    profile = shapes.ramp_profile(size, 0.2)
    assert profile[0] == pytest.approx([-size[0] / 2, size[2]])
    assert profile[-1] == pytest.approx([size[0] / 2, 0.0], abs=1e-9)
    slope = np.diff(profile[:, 1]) / np.diff(profile[:, 0])
    assert (np.diff(slope) > -1e-9).all() and abs(slope[-1]) < 0.02
