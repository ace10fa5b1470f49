"""A language is data: a small file of German words is read by the same code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from soundstage.director.frame import Deed, Speech
from soundstage.director.reading import _language as languages
from soundstage.director.reading import read_frame

WORDS = Path(__file__).parent / "words"


@pytest.fixture(autouse=True)
def small_german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(languages, "_FOLDER", WORDS)
    monkeypatch.setattr(languages, "LANGUAGES", ("de",))
    languages.language.cache_clear()
    yield
    languages.language.cache_clear()


def test_verb_second_split_verbs_and_a_negation_behind_the_verb() -> None:
    frame = read_frame(
        "Ein Basketballspieler macht bei Sonnenuntergang auf einem Platz im Freien einen Sprungwurf und trifft nicht; "
        "der Ball prallt von dem Brett ab. Sie sagt: So knapp!",
        "de",
    )
    shot, line = frame.happenings
    assert isinstance(shot, Deed) and isinstance(line, Speech)
    assert (shot.action, shot.outcome, shot.via) == ("jump_shot", "misses", ["backboard"])
    assert (frame.place, frame.time_of_day, frame.figures[0].sex) == ("outdoor_court", "sunset", "f")
    assert (line.text, line.mood) == ("So knapp!", "disappointed") and frame.missed == []


def test_materials_behind_their_nouns_and_stacks_without_of() -> None:
    frame = read_frame("Eine Murmel aus Glas rollt eine Rampe aus Holz hinunter und trifft einen Stapel Klötze.", "de")
    (deed,) = frame.happenings
    assert isinstance(deed, Deed) and (deed.action, deed.object, deed.target) == ("roll", "ramp", "block")
    assert [(i.kind, i.material, i.arrangement) for i in frame.items] == [
        ("marble", "glass", ""),
        ("ramp", "wood", ""),
        ("block", "", "stack"),
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "Zwölf rote Dominosteine fallen auf einem Tisch aus Marmor nacheinander um.",
        "Auf einem Tisch aus Marmor fallen zwölf rote Dominosteine um.",
    ],
)
def test_who_does_it_may_stand_behind_the_verb(prompt: str) -> None:
    frame = read_frame(prompt, "de")
    (deed,) = frame.happenings
    assert isinstance(deed, Deed) and (deed.action, deed.actors) == ("topple", ["domino"])
    domino, table = frame.item("domino"), frame.item("table")
    assert domino is not None and (domino.count, domino.target) == (12, "table")
    assert table is not None and table.material == "marble" and frame.missed == []


def test_quotation_marks_and_names_of_the_language() -> None:
    frame = read_frame(
        "Zwei Freunde stehen in einem Park; Anna sagt: „Hast du das gesehen?“ Ben lacht und antwortet: „Ja!“", "de"
    )
    lines = [(h.speaker, h.text) for h in frame.happenings if isinstance(h, Speech)]
    assert lines == [("anna", "Hast du das gesehen?"), ("ben", "Ja!")]
    assert [f.name for f in frame.figures] == ["Anna", "Ben"] and frame.missed == []


def test_unknown_words_are_said_back_in_every_language() -> None:
    assert "Einhorn" in " ".join(read_frame("Ein Einhorn und ein Ball fallen um.", "de").missed)
