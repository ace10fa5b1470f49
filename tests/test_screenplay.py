"""The document: exact there and back, people-friendly, and clear about every fault."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import documents
from soundstage.errors import InputError, ScreenplayError
from soundstage.screenplay import Screenplay, dump, is_document, json_schema, load, read
from soundstage.screenplay._layout import layout

TEXT = dump(documents.screenplay())


# ── there and back ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_survives_yaml_and_json() -> None:
    sp = documents.screenplay()
    assert load(dump(sp)) == sp
    assert load(json.dumps(documents.document())) == sp
    assert load(sp.model_dump_json(by_alias=True)) == sp


def test_json_indented_with_tabs_is_read() -> None:
    assert load(json.dumps(documents.document(), indent="\t")) == documents.screenplay()


ODD_WORDS = [
    "true",
    "No",
    "null",
    "~",
    "1e5",
    "0x10",
    ".5",
    "",
    " ",
    "- a",
    "a: b",
    "#x",
    "!x",
    "*x",
    "y",
    "1_0",
    "01",
    "2026-09-24",
    "\u2028",
    "\x85",
    "'",
    '"',
    "a\tb",
    "é",
    "—",
]
number = st.floats(-1e6, 1e6, allow_nan=False) | st.sampled_from([1e-7, -0.0, 5e-324, 1e22, 0.1 + 0.2])
words = st.text(st.characters(codec="utf-8"), max_size=60)


@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
    title=words,
    phrases=st.lists(words, max_size=4),
    at=st.tuples(number, number, number),
    colour=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
    subjects=st.lists(words, max_size=3),
    exposure=st.floats(-10, 10),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_and_number_survives(
    text: str, title: str, phrases: list[str], at: tuple[float, ...], colour: str, subjects: list[str], exposure: float
) -> None:
    fields = documents.document()
    fields["lines"][0]["text"] = text
    fields["title"] = title
    fields["not_understood"] = phrases
    fields["props"][0]["placement"] = documents.place(at=at)  # type: ignore[arg-type]
    fields["props"][0]["colour"] = colour
    fields["shots"][0]["camera"]["subjects"] = subjects
    fields["look"]["exposure_ev"] = exposure
    sp = Screenplay.model_validate(fields)
    again = load(dump(sp))
    assert again == sp
    assert dump(again) == dump(sp)


@pytest.mark.parametrize("word", ODD_WORDS)
def test_words_that_yaml_would_read_as_something_else(word: str) -> None:
    fields = documents.document() | {"title": word, "not_understood": [word, word]}
    sp = Screenplay.model_validate(fields)
    assert load(dump(sp)) == sp


def test_comments_and_other_layouts_are_welcome() -> None:
    text = "# mine\n" + TEXT.replace("title: A fall", "title:   'A fall'   # renamed")
    assert load(text) == documents.screenplay()


def test_anchors_spare_writing_a_thing_twice() -> None:
    text = TEXT.replace("velocity: [0.0, 0.0, 0.0]", "velocity: &still [0.0, 0.0, 0.0]")
    text = text.replace("spin: [0.0, 0.0, 0.0]", "spin: *still")
    assert load(text) == documents.screenplay()


def test_colours_are_quoted_and_small_records_stand_on_one_line() -> None:
    assert 'colour: "#c4622d"' in TEXT
    assert "when: {anchor: contact, of: ball, offset_s: 0.1}" in TEXT
    assert max(map(len, TEXT.splitlines())) <= 128


def test_every_field_has_its_line(tmp_path: Any) -> None:
    path = tmp_path / "fall.yaml"
    path.write_text(TEXT)
    document = read(path)
    error = document.error("props[0].colour", "is ugly", "choose another")
    line = int(error.what.split(":")[1])
    assert TEXT.splitlines()[line - 1].strip().startswith("colour:")
    assert error.what.startswith("fall.yaml:") and "props[0].colour: is ugly" in error.what


def test_the_json_schema_accepts_what_the_model_accepts() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(documents.document())
    wrong = documents.document()
    wrong["props"][0]["colour"] = "red"
    assert not validator.is_valid(wrong)


def test_what_is_a_document_and_what_a_prompt() -> None:
    assert is_document("a/b.yaml") and is_document("film.MP4") and is_document("x.json")
    assert not is_document("a ball falls")


# ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[dict[str, Any]], Any]
BROKEN: list[tuple[str, Change, str, str]] = [
    ("colour", lambda d: d["props"][0].update(colour="red"), "props[0].colour", '"#c4622d"'),
    ("unknown field", lambda d: d["props"][0].update(color="#ffffff"), "props[0].color", "'colour'"),
    ("unknown top field", lambda d: d.update(actors=[]), "actors", "choose one of"),
    ("missing field", lambda d: d["lines"][0].pop("mood"), "lines[0].mood", "add it"),
    ("choice", lambda d: d["scenes"][0].update(weather="clearish"), "scenes[0].weather", "'clear'"),
    ("fps", lambda d: d.update(fps=23), "fps", "24"),
    ("number too large", lambda d: d["props"][0].update(mass_kg=-1.0), "props[0].mass_kg", ""),
    ("number as text", lambda d: d["props"][0].update(mass_kg="1"), "props[0].mass_kg", ""),
    ("dangling speaker", lambda d: d["lines"][0].update(speaker="ben"), "lines[0].speaker", "anna"),
    ("dangling listener", lambda d: d["lines"][0].update(to="ben"), "lines[0].to", "anna"),
    ("dangling actor", lambda d: d["beats"][0].update(actor="bal"), "beats[0].actor", "ball"),
    ("dangling scene", lambda d: d["beats"][0].update(scene="two"), "beats[0].scene", "one"),
    ("dangling character", lambda d: d["blocking"][0].update(character="ben"), "blocking[0].character", "anna"),
    ("speaker without a place", lambda d: d.update(blocking=[]), "lines[0].speaker", "blocking"),
    ("dangling contact", lambda d: d["lines"][0]["when"].update(of="bal"), "lines[0].when.of", "ball"),
    (
        "dangling beat",
        lambda d: d["lines"][0].update(when={"anchor": "beat_end", "of": "fal", "offset_s": 0.0}),
        "lines[0].when.of",
        "fall",
    ),
    (
        "circle of moments",
        lambda d: d["lines"][0].update(when={"anchor": "line_end", "of": "word", "offset_s": 0.0}),
        "lines[0].when.of",
        "",
    ),
    (
        "circle of places",
        lambda d: d["props"][0].update(placement=documents.place("on", "ball")),
        "props[0].placement.target",
        "",
    ),
    ("twice the same id", lambda d: d["props"].append(copy.deepcopy(d["props"][0])), "props[1].id", ""),
    ("one id for two", lambda d: d["props"].append(documents.thing("anna")), "props[1].id", ""),
    (
        "held by a thing",
        lambda d: d["props"].append(documents.thing("cup", placement=documents.place("held_by", "ball"))),
        "props[1].placement.target",
        "anna",
    ),
    ("free of something", lambda d: d["props"][0]["placement"].update(target="anna"), "props[0].placement.target", ""),
    ("gap between shots", lambda d: d["shots"][0].update(start_s=0.2), "shots[0].start_s", "0"),
    ("scene longer than its shots", lambda d: d["scenes"][0].update(seconds=2.0), "scenes[0].seconds", "last shot"),
    ("other version", lambda d: d.update(schema="soundstage/9"), "schema", "soundstage/1"),
    ("no version", lambda d: d.pop("schema"), "schema", "soundstage/1"),
]


@pytest.mark.parametrize(("change", "path", "mend"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_fault_names_its_line_and_field(change: Change, path: str, mend: str, tmp_path: Any) -> None:
    fields = copy.deepcopy(documents.document())
    change(fields)
    text = layout(fields)
    file = tmp_path / "fall.yaml"
    file.write_text(text)
    with pytest.raises(ScreenplayError) as caught:
        load(file)
    error = caught.value
    name, line, rest = error.what.split(":", 2)
    assert name == "fall.yaml"
    assert rest.strip().startswith(f"{path}:"), error.what
    assert mend in error.mend, error.mend
    assert "\n" not in error.what and error.mend and "\n" not in error.mend
    key = path.rpartition(".")[2].partition("[")[0]
    if f"{key}:" in text and "missing" not in error.what:
        assert f"{key}:" in text.splitlines()[int(line) - 1], (error.what, text.splitlines()[int(line) - 1])


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("title: [1, 2\nfps: 24\n", 2, "not YAML"),
        ("title: a\n  fps: 24\n", 2, "not YAML"),
        ("fps: 24\ntitle: 'a\n", 2, "not YAML"),
        ("a: 1\na: 2\n", 2, "given twice"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tags"),
        ("a: *nowhere\n", 1, "points at nothing"),
        ("- just\n- a list\n", 1, "not a screenplay"),
        ("a: 1\n---\nb: 2\n", 1, "more than one"),
        ("a: b\x07c\n", 1, "character"),
        ("# nothing\n", 1, "empty"),
        ("a: " + "9" * 5000 + "\n", 1, "digits"),
        ('{"a": 1, "a": 2}\n', 1, "given twice"),
    ],
)
def test_broken_yaml_names_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(ScreenplayError) as caught:
        load(text)
    assert caught.value.what.startswith(f"screenplay:{line}: "), caught.value.what
    assert what in caught.value.what
    assert caught.value.mend


def test_an_unquoted_colour_is_explained() -> None:
    with pytest.raises(ScreenplayError) as caught:
        load(TEXT.replace('colour: "#c4622d"', "colour: #c4622d"))
    assert "props[0].colour" in caught.value.what and "quotes" in caught.value.mend


def test_a_bomb_of_aliases_is_refused_quickly() -> None:
    bomb = 'a0: &a0 ["x","x","x","x","x","x","x","x","x"]\n'
    bomb += "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    with pytest.raises(ScreenplayError, match="aliases"):
        load(bomb)


@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "a: " + "[" * 100 + "]" * 100 + "\n", "{" * 20000])
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(ScreenplayError):
        load(text + "\n")


def test_size_is_bounded(tmp_path: Any) -> None:
    file = tmp_path / "large.yaml"
    file.write_text("# " + "x" * 5_000_000)
    with pytest.raises(ScreenplayError, match="larger than"):
        load(file)
    with pytest.raises(ScreenplayError, match="larger than"):
        load("\n" + file.read_text())


def test_files_that_are_not_there_or_not_text(tmp_path: Any) -> None:
    with pytest.raises(InputError, match="no file"):
        load(tmp_path / "none.yaml")
    file = tmp_path / "bytes.yaml"
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ScreenplayError, match="not a text file"):
        load(file)
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        load(folder)


@given(st.binary(max_size=200).map(lambda b: b.decode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_rubbish_is_refused_politely(text: str) -> None:
    with pytest.raises(InputError):
        load("\n" + text)
