"""What is seen, against the Take: a true film meets every goal, and each fault is found, and only it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import painted
import pytest
from painted import Array, Painted

from soundstage import clock, film
from soundstage.review import Review, review
from soundstage.review.reviewing import OBSERVERS
from soundstage.take import Take, read_only

EYES = [entry for entry in OBSERVERS if entry.module in ("observers.tracked", "coherence", "people")]
PROMPT = "a red ball and a blue ball fall from two meters onto a wooden floor"
BALLS = (
    "gravity_error",
    "restitution_error",
    "flight_energy",
    "penetration",
    "motion_overlap",
    "picture_step",
    "flow_error",
    "static_flicker",
    "counts",
    "attributes",
    "relations",
    "event_order",
    "camera_turn",
)
"""Rows that a film of two falling balls has."""
AT = 40
"""The picture where things go wrong: both balls fall."""
ELSEWHERE = {"motion_overlap", "flow_error"}
"""Things that are not where the Take has them leave these short as well: nothing else is carried along rightly."""


def judge(film: Painted, takes: tuple[Path, ...] | None = None) -> Review:
    """A review of which every observer must succeed."""
    return review(film.path, takes=takes or film.takes, strict=True, observers=EYES)


def short(found: Review) -> set[str]:
    """Rows that fall short."""
    return {row.key for row in found.rows if row.met is False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seen")


@pytest.fixture(scope="module")
def good(folder: Path) -> Painted:
    return painted.film(folder, "good", painted.plan(PROMPT, seconds=2.5))


def faulty(good: Painted, name: str, change: Callable[[list[Array]], list[Array]]) -> Review:
    """The good film with its pictures changed."""
    return judge(good.again(name, change(list(good.pictures))))


# ── the ceiling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_true_film_meets_every_goal(good: Painted) -> None:
    found = judge(good)
    values = {key: found.row(key).value for key in BALLS}
    assert all(value is not None for value in values.values()), values
    assert short(found) == set(), values
    assert values["gravity_error"] < 0.25
    assert values["restitution_error"] < 0.004
    assert values["picture_step"] < 0.1
    assert values["camera_turn"] < 0.1


def test_what_a_film_does_not_have_is_not_measured(good: Painted) -> None:
    found = judge(good)
    for key in ("revisit_psnr", "revisit_ssim", "identity_drift", "heads"):
        assert found.row(key).value is None and found.row(key).why, key


# ── physics ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_gravity_is_found(good: Painted, folder: Path) -> None:
    scene = good.screenplay.scenes[0].model_copy(update={"gravity": 9.81 * 1.1})
    heavy = painted.film(folder, "heavy", good.screenplay.model_copy(update={"scenes": (scene,)}))
    found = judge(heavy, good.takes)
    assert "gravity_error" in short(found)
    assert found.row("gravity_error").value == pytest.approx(10.0, abs=0.6)
    # It is early everywhere then, and its energy is not that of the Take.
    assert short(found) <= {"gravity_error", "flight_energy", "picture_step", *ELSEWHERE}
    assert short(judge(heavy)) == set()


def test_a_dead_bounce_is_found(good: Painted, folder: Path) -> None:
    dull = painted.film(folder, "dull", good.screenplay, change=duller)
    found = judge(dull, good.takes)
    assert found.row("restitution_error").value == pytest.approx(0.07, abs=0.02)
    assert found.row("gravity_error").met is not False
    assert short(found) <= {"restitution_error", "picture_step", *ELSEWHERE}


def duller(take: Take) -> Take:
    """Each ball leaves its first strike with less speed, and then flies freely."""
    place = np.array(take.thing_position)
    for thing in range(len(take.things)):
        strikes = take.contacts.time[(take.contacts.a == thing) | (take.contacts.b == thing)]
        after = np.flatnonzero(take.time > strikes[0] + clock.ticks(0.012))
        first, last = after[0], np.flatnonzero(take.time < strikes[1] - clock.ticks(0.01))[-1]
        t = (take.time[first : last + 1] - take.time[first]) / clock.TICKS_PER_SECOND
        up = (place[first + 1, thing, 2] - place[first, thing, 2]) / (t[1] - t[0]) * 0.907
        height = place[first, thing, 2] + up * t - 0.5 * take.place.gravity * t**2
        place[first : last + 1, thing, 2] = np.maximum(height, place[first, thing, 2])
        place[last + 1 :, thing, 2] = place[first, thing, 2]
    return replace(take, thing_position=read_only(place))


def test_what_sinks_into_the_floor_is_found(good: Painted, folder: Path) -> None:
    sunk = painted.film(folder, "sunk", good.screenplay, change=lambda take: lower(take, 0.003, rest=True))
    assert short(judge(sunk)) == {"penetration"}


def lower(take: Take, by_m: float, *, rest: bool) -> Take:
    """Everything is so much lower at the end of its fall and later."""
    place = np.array(take.thing_position)
    strike = take.contacts.time[0] if rest else 0
    # At the end of a strike the ball rests that deep for a moment, as no free flight would.
    sunk = np.zeros(len(take.time))
    sunk[(take.time > strike + clock.ticks(0.03)) & (take.time < strike + clock.ticks(0.04))] = 1
    place[..., 2] -= sunk[:, None] * (place[..., 2] - take.things[0].size[2] / 2 + by_m)
    return replace(take, thing_position=read_only(place))


def test_momentum_that_is_lost_is_found(folder: Path) -> None:
    play = painted.plan("a red bowling ball rolls on a wooden floor and hits a yellow tennis ball", seconds=3.0)
    true = painted.film(folder, "strike", play)
    found = judge(true)
    assert found.row("momentum_error").value is not None
    assert short(found) == set()
    slow = painted.film(folder, "slow", play, change=slower)
    assert short(judge(slow, true.takes)) >= {"momentum_error"}


def slower(take: Take) -> Take:
    """The first ball goes on with two thirds of its speed after the strike."""
    place = np.array(take.thing_position)
    strike = next(
        t for t, a, b in zip(take.contacts.time, take.contacts.a, take.contacts.b, strict=True) if min(a, b) >= 0
    )
    after = take.time > strike
    first = int(np.argmax(after))
    place[after, 0] = place[first, 0] + (place[after, 0] - place[first, 0]) * 0.67
    return replace(take, thing_position=read_only(place))


# ── coherence ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dropped_picture_is_found(good: Painted) -> None:
    found = faulty(good, "dropped", lambda p: [*p[:AT], *p[AT + 1 :], p[-1]])
    assert "picture_step" in short(found)
    assert found.row("picture_step").value > 0.8
    assert short(found) <= {"picture_step", "gravity_error", "restitution_error", "flight_energy", *ELSEWHERE}


def test_a_repeated_picture_is_found(good: Painted) -> None:
    found = faulty(good, "repeated", lambda p: [*p[:AT], p[AT - 1], *p[AT + 1 :]])
    worst = found.row("picture_step").worst
    assert worst is not None and worst.time_s == pytest.approx(AT / 24, abs=0.01)
    assert found.row("picture_step").value == pytest.approx(1.0, abs=0.15)
    assert short(found) <= {"picture_step", "gravity_error", *ELSEWHERE}


def test_flicker_is_found(good: Painted) -> None:
    found = faulty(good, "flicker", lambda p: [shifted(x, 3 if n % 2 else 0) for n, x in enumerate(p)])
    assert short(found) == {"static_flicker", "flow_error"}


def test_one_wrong_picture_is_found(good: Painted) -> None:
    found = faulty(good, "glitch", lambda p: [*p[:AT], shifted(p[AT], 40), *p[AT + 1 :]])
    worst = found.row("flow_error").worst
    assert "flow_error" in short(found)
    assert worst is not None and worst.time_s == pytest.approx(AT / 24, abs=0.06)


def shifted(picture: Array, codes: int) -> Array:
    return np.clip(picture.astype(int) + codes, 0, 255).astype(np.uint8)


# ── control ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mirrored_film_is_found(good: Painted) -> None:
    found = faulty(good, "mirrored", lambda p: [np.ascontiguousarray(x[:, ::-1]) for x in p])
    assert found.row("relations").value == 0
    assert short(found) <= {"relations", *ELSEWHERE}


def test_swapped_colours_are_found_as_swapped_places(good: Painted, folder: Path) -> None:
    swap = {"ball": np.array([28.0, 74.0, 170.0]), "ball_2": np.array([184.0, 29.0, 26.0])}
    found = judge(painted.film(folder, "swapped", good.screenplay, paint=lambda name, _: swap[name]))
    assert found.row("relations").value == 0


def test_a_wrong_colour_is_found(good: Painted, folder: Path) -> None:
    def paint(name: str, colour: Array) -> Array:
        return np.array([40.0, 150.0, 60.0]) if name == "ball" else colour

    found = judge(painted.film(folder, "green", good.screenplay, paint=paint))
    assert short(found) == {"attributes"}
    assert found.row("attributes").value == pytest.approx(50, abs=10)


def test_a_missing_thing_is_found(good: Painted, folder: Path) -> None:
    def paint(name: str, colour: Array) -> Array | None:
        return None if name == "ball" else colour

    found = judge(painted.film(folder, "missing", good.screenplay, paint=paint))
    assert "counts" in short(found)
    assert short(found) <= {"counts", *ELSEWHERE}


def test_the_wrong_order_is_found(good: Painted, folder: Path) -> None:
    def late(which: int) -> Painted:
        beats = list(good.screenplay.beats)
        when = beats[which].when
        beats[which] = beats[which].model_copy(update={"when": when.model_copy(update={"offset_s": 0.8})})
        play = good.screenplay.model_copy(update={"beats": tuple(beats)})
        return painted.film(folder, f"late {which}", play)

    one, other = late(0), late(1)
    assert judge(one).row("event_order").value == 100
    wrong = judge(other, one.takes)
    assert "event_order" in short(wrong)


def test_a_turned_camera_is_found(good: Painted) -> None:
    take = painted.first(good)
    focal = float(take.camera.lens_mm[0]) / 36 * painted.SIZE[0]
    found = faulty(good, "turned", lambda p: [painted.turned(x, 2.0, focal) for x in p])
    assert found.row("camera_turn").value == pytest.approx(2.0, abs=0.15)
    assert short(found) <= {"camera_turn", *ELSEWHERE}


# ── people and shots ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def talk(folder: Path) -> Painted:
    """Two people, seen from one place, from another, and from the first again."""
    play = painted.plan("two friends stand in a park; Anna says: 'Did you see that?'", seconds=2.0)
    shot = play.shots[0]
    near = shot.camera.model_copy(update={"size": "MS"})
    away = near.model_copy(update={"side": near.side + 15})
    parts = [("one", 0.0, 0.8, near), ("two", 0.8, 1.2, away), ("three", 1.2, 2.0, near)]
    shots = tuple(
        shot.model_copy(update={"id": n, "start_s": a, "end_s": b, "camera": camera}) for n, a, b, camera in parts
    )
    return painted.film(folder, "talk", play.model_copy(update={"shots": shots}))


PEOPLE = ("flow_error", "static_flicker", "revisit_psnr", "revisit_ssim", "identity_drift", "heads", "counts")


def test_true_people_meet_every_goal(talk: Painted) -> None:
    found = judge(talk)
    values = {key: found.row(key).value for key in PEOPLE}
    assert all(value is not None for value in values.values()), {k: found.row(k).why for k in PEOPLE}
    assert short(found) == set(), values


def test_a_place_that_changed_meanwhile_is_found(talk: Painted) -> None:
    late = round(1.2 * 24)
    found = judge(talk.again("changed", [shifted(p, 6) if n >= late else p for n, p in enumerate(talk.pictures)]))
    assert "revisit_psnr" in short(found)
    assert short(found) <= {"revisit_psnr", "revisit_ssim", "identity_drift"}


def test_another_shirt_is_found(talk: Painted) -> None:
    def paint(name: str, own: Array) -> Array:
        return own[::-1].copy() if name == "anna" else own

    found = judge(talk.repainted("shirt", paint, 29))
    assert "identity_drift" in short(found)
    assert short(found) <= {"identity_drift", "attributes", "relations"}


def test_a_lost_head_is_found(talk: Painted) -> None:
    def paint(name: str, own: Array) -> Array:
        return np.array([70.0, 160.0, 240.0]) if name == "anna head" else own

    found = judge(talk.repainted("head", paint, 36))
    assert "heads" in short(found)
    assert short(found) <= {"heads", "identity_drift", "flow_error"}


# ── rendered ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_rendered_film_meets_every_goal(tmp_path: Path) -> None:
    made = film("a red ball and a blue ball fall from two meters onto a wooden floor", tmp_path / "two.mp4",
                seconds=2.5, size=painted.SIZE, fps=24)  # fmt: skip
    found = review(made.film, strict=True, observers=EYES)
    values = {key: found.row(key).value for key in BALLS}
    assert all(value is not None for value in values.values()), values
    assert short(found) == set(), values
