"""A review as a whole: its rows, what happens when measuring fails, two films side by side, the command."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

import films
import numpy as np
import pytest

import soundstage
from soundstage import cli
from soundstage.errors import InputError
from soundstage.review import FEATURES, Review, review, scorecard, side_by_side
from soundstage.review.reviewing import OBSERVERS, Entry, beside
from soundstage.review.rows import Goal, Row
from soundstage.review.telling import clock_time, lines, number

QUICK = [Entry("observers.container"), Entry("observers.exposure")]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of film, well exposed."""
    path = tmp_path_factory.mktemp("films") / "good.mp4"
    return films.write(path, films.scene(24, size=(160, 90)), sound=films.knocks([0.3], 1.0))


@pytest.fixture(scope="module")
def bright(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, much too bright."""
    pictures = [np.clip(p.astype(int) * 3, 0, 255).astype(np.uint8) for p in films.scene(24, size=(160, 90))]
    path = tmp_path_factory.mktemp("films") / "bright.mp4"
    return films.write(path, pictures, sound=films.knocks([0.3], 1.0))


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_is_given_by_one_observer_and_explained() -> None:
    given: list[str] = []
    for entry in OBSERVERS:
        module = __import__(f"soundstage.review.{entry.module}", fromlist=["KEYS"])
        given += module.KEYS
        assert callable(module.make)
    assert len(given) == len(set(given)) and set(given) <= set(scorecard())
    for key, measure in scorecard().items():
        assert key == measure.key and measure.label and measure.about.endswith("."), key
        assert set(measure.needs) <= {"take", "picture", "sound", "references"}, key


def test_goals_are_read() -> None:
    assert Goal.read("") is None
    for text, good, bad in [("<= 0.5", 0.5, 0.51), (">= 40", 40.0, 39.9), ("within -40 60", 60.0, -40.1)]:
        goal = Goal.read(text)
        assert goal is not None and goal.holds(good) and not goal.holds(bad)
    with pytest.raises(ValueError, match="goal"):
        Goal.read("about 3")


def test_a_review_has_every_row_once_in_order(film: Path) -> None:
    found = review(film, takes=(), observers=QUICK)
    assert [row.key for row in found.rows] == list(scorecard())
    for row in found.rows:
        assert row.value is not None or row.why, row
    assert found.verdict("fidelity") is True and found.verdict("control") is None
    assert json.loads(json.dumps(found.json()))["verdicts"]["fidelity"] is True


def test_takes_stand_beside_the_film_in_natural_order(tmp_path: Path) -> None:
    (tmp_path / "film").mkdir()
    for name in ("scene_10", "scene_2", "opening"):
        (tmp_path / "film" / f"{name}.take.npz").touch()
    names = [path.name.split(".")[0] for path in beside(tmp_path / "film.mp4")]
    assert names == ["opening", "scene_2", "scene_10"]


def test_a_take_that_cannot_be_read(film: Path, tmp_path: Path) -> None:
    copy = tmp_path / "film.mp4"
    copy.write_bytes(film.read_bytes())
    (tmp_path / "film").mkdir()
    take = tmp_path / "film" / "one.take.npz"
    take.write_bytes(b"nothing")
    found = review(copy, observers=QUICK)  # found by itself: it is left out, and said
    assert any("left out" in note for note in found.notes)
    with pytest.raises(InputError, match="not a Take"):
        review(copy, takes=[take], observers=QUICK)
    with pytest.raises(InputError, match="not a Take"):
        review(copy, takes=[tmp_path / "none.npz"], observers=QUICK)


# ── failures ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fails", ["make", "look", "rows", "value"])
def test_an_observer_that_fails_costs_its_own_rows_only(
    film: Path, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def look(self, picture: Any) -> None:
            if fails == "look":
                raise RuntimeError("it broke")

        def rows(self) -> list[Row]:
            if fails == "rows":
                raise RuntimeError("it broke")
            return [Row(key="flicker", value=float("nan"))]

    def make(facts: Any, truth: Any) -> Broken:
        if fails == "make":
            raise RuntimeError("it broke")
        return Broken()

    module = types.ModuleType("soundstage.review.broken")
    vars(module).update(KEYS=("flicker", "stillness"), make=make)
    monkeypatch.setitem(sys.modules, "soundstage.review.broken", module)
    observers = [*QUICK, Entry("broken")]
    found = review(film, takes=(), observers=observers)
    for key in ("flicker", "stillness"):
        assert found.row(key).value is None and "failed" in found.row(key).why
    assert found.row("clipped_highlights").value is not None
    with pytest.raises((RuntimeError, ValueError)):
        review(film, takes=(), observers=observers, strict=True)


# ── in words, and side by side ──────────────────────────────────────────────────────────────────────────────────────


def test_a_line_for_each_feature_says_what_falls_short(film: Path, bright: Path) -> None:
    good, bad = (review(path, takes=(), observers=QUICK).json() for path in (film, bright))
    assert [line.split(":")[0] for line in lines(good)] == list(FEATURES)
    assert lines(good)[-1] == "fidelity: good" and "control: nothing to judge" in lines(good)
    assert lines(bad)[-1].startswith("fidelity: short: too bright for detail ") and " at 0:0" in lines(bad)[-1]


def test_numbers_are_written_as_people_read_them() -> None:
    assert [clock_time(t) for t in (0, 3.2, 59.97, 754.03)] == ["0:00.0", "0:03.2", "1:00.0", "12:34.0"]
    measure = scorecard()["start_offset"]
    assert number(None, measure) == "–" and number(-0.01, measure) == "0.0 ms"
    assert number(1.25, measure, signed=True) == "+1.2 ms" and number(-2, measure, signed=True) == "-2.0 ms"


def test_two_films_differ_where_they_differ(film: Path, bright: Path) -> None:
    one, two = (review(path, takes=(), observers=QUICK) for path in (film, bright))
    pairs = {pair.key: pair for pair in side_by_side(one, two)}
    assert list(pairs) == list(scorecard())
    clipped = pairs["clipped_highlights"]
    assert clipped.better is True and clipped.difference is not None and clipped.difference < -1
    assert pairs["colour_tags"].better is None and pairs["colour_tags"].difference == 0
    assert pairs["flicker"].difference is None and pairs["flicker"].better is None
    assert {p.key: p.better for p in side_by_side(two, one)}["clipped_highlights"] is False


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_room_is_its_own_verb(film: Path) -> None:
    found = soundstage.review(film, takes=(), observers=QUICK)
    assert isinstance(found, Review) and found.row("bars").value == 0
    import soundstage.review as room

    assert room.review is review


def test_the_command_prints_a_table(bright: Path, capfd: Any) -> None:
    assert cli.run(["review", str(bright)]) == 0  # a film that falls short is no failure
    said = capfd.readouterr()
    assert "Too bright for detail" in said.out and "short" in said.out and "not measurable" in said.out
    assert "no Take" in said.err


def test_the_command_prints_json(film: Path, bright: Path, capfd: Any) -> None:
    assert cli.run(["review", str(film), "--against", str(bright), "--json"]) == 0
    values = json.loads(capfd.readouterr().out)
    assert {"film", "facts", "verdicts", "rows", "notes", "against", "differences", "report"} <= set(values)
    assert len(values["rows"]) == len(values["differences"]) == len(scorecard())
    by_key = {pair["key"]: pair for pair in values["differences"]}
    assert by_key["clipped_highlights"]["better"] is True


def test_the_command_shows_two_films(film: Path, bright: Path, capfd: Any) -> None:
    assert cli.run(["review", str(film), "--against", str(bright)]) == 0
    out = capfd.readouterr().out
    assert "other" in out.splitlines()[0] and "difference" in out.splitlines()[0]


def test_the_command_writes_a_page(film: Path, tmp_path: Path, capfd: Any) -> None:
    page = tmp_path / "report.html"
    assert cli.run(["review", str(film), "-o", str(page)]) == 0
    said = capfd.readouterr()
    assert said.out == f"{page}\n" and page.read_text("utf-8").startswith("<!doctype html>")
    assert cli.run(["review", str(film), "-o", str(tmp_path / "report.pdf")]) == 2
    assert cli.run(["review", str(film), "--take", str(tmp_path / "none.npz")]) == 2
