"""A character is a file: made of words, read back without loss, cast in films by name, refused if it is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import documents
import soundstage
from soundstage import director, library
from soundstage.director.reading import language
from soundstage.errors import InputError, ScreenplayError
from soundstage.production import casting
from soundstage.production.turntable import HIGH_M, LOW_M, turntable
from soundstage.screenplay import Character, dump, dump_character, json_schema, load, load_character, read
from soundstage.screenplay._layout import layout
from test_camera_shoot import pixels

WORDS = "a tall woman of 60 with grey curls and red glasses"
Command = Callable[..., subprocess.CompletedProcess[str]]


def character(name: str = "eva", words: str = WORDS, **changes: Any) -> Character:
    made = director.cast(words, name=name.replace("_", " ").title()).character
    return made.model_copy(update={"id": name, **changes})


def saved(folder: Path, name: str = "eva", words: str = WORDS) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(dump_character(character(name, words)), "utf-8")
    return file


EVA = character()


def kinds(who: Character) -> set[str]:
    return {g.kind for g in who.wardrobe}


# ── words to a character ────────────────────────────────────────────────────────────────────────────────────────────


def test_words_become_the_person_they_say() -> None:
    made = director.cast(WORDS, otherwise="Eva")
    who = made.character.identity
    assert (made.character.id, made.character.name, made.not_understood) == ("eva", "Eva", ())
    assert who.age == 60 and who.masculinity < 0.2 and who.hair.style == "curly"
    glasses = next(g for g in made.character.wardrobe if g.kind == "glasses")
    assert glasses.colour == "#b81d1a"
    assert director.cast(WORDS, otherwise="Eva") == made, "the same words are the same person"
    assert director.cast(WORDS, otherwise="Eva", seed=5).character.identity != who


def test_a_name_comes_from_the_caller_then_the_prompt_then_the_file() -> None:
    words = "Zoe, an old woman"
    assert director.cast(words, name="Old Ann", otherwise="File").character.id == "old_ann"
    assert director.cast(words, otherwise="File").character.name == "Zoe"
    assert director.cast("an old woman", otherwise="File").character.name == "File"
    assert director.cast("an old woman", name="Camera").character.id not in ("camera", "ahead")


def test_what_is_not_of_the_person_is_said_back() -> None:
    told = " ".join(director.cast("Eva, a happy woman, throws a ball in a park at night").not_understood)
    for word in ("happy", "throws", "ball", "park", "night"):
        assert word in told
    assert "zorble" in director.cast("a man with zorble hair").not_understood


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("two women", "2 people"),
        ("Anna and Ben", "2 people"),
        ("a red ball", "nobody"),
        ("qwert", "nobody"),
        (" ", "empty"),
    ],
)  # fmt: skip
def test_nobody_or_several_people_are_no_character(words: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as error:
        director.cast(words)
    assert error.value.mend


MARKS = {
    "a girl with freckles": ("freckles", 0.5),
    "a freckled boy": ("freckles", 0.5),
    "a boy with many freckles": ("freckles", 0.9),
    "a boy with a few freckles": ("freckles", 0.2),
    "a woman with a freckled face": ("freckles", 0.5),
    "a man with rosy cheeks": ("redness", 0.6),
    "a rosy-cheeked child": ("redness", 0.6),
    "an old woman with deep wrinkles": ("wrinkles", 0.98),
    "a wrinkled man of 50": ("wrinkles", 0.85),
    "a woman of 70 without wrinkles": ("wrinkles", 0.0),
}


@pytest.mark.parametrize("words", MARKS)
def test_marks_of_the_skin_are_read_from_words(words: str) -> None:
    made = director.cast(words)
    field, level = MARKS[words]
    assert made.not_understood == ()
    assert getattr(made.character.identity, field) == pytest.approx(level)


@pytest.mark.parametrize(
    ("words", "count"), [("a mole", 1), ("three moles", 3), ("moles", 4), ("a few beauty spots", 3)]
)
def test_moles_are_counted(words: str, count: int) -> None:
    made = director.cast(f"a woman with {words}")
    assert made.not_understood == () and made.character.identity.moles.count == count


def test_a_mark_changes_nothing_else_of_anybody() -> None:
    plain, marked = (director.cast(w, seed=3).character.identity for w in ("a woman", "a woman with two moles"))
    assert marked.model_copy(update={"moles": plain.moles}) == plain


@pytest.mark.parametrize(("words", "years"), [("a boy of 8", 8), ("a man aged 50", 50), ("Anna, a woman of 35,", 35)])
def test_an_age_behind_of_is_an_age(words: str, years: float) -> None:
    assert director.cast(f"{words} with a hat").character.identity.age == years


def test_sunglasses_are_dark_in_frames_of_any_colour() -> None:
    worn = next(g for g in director.cast("a man in green sunglasses").character.wardrobe if g.kind == "sunglasses")
    assert worn.colour == "#2c8a3c" and worn.trim == library.garment("sunglasses").trim


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────

UNIT = st.floats(0, 1, allow_nan=False)
COLOUR = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@st.composite
def characters(draw: st.DrawFn) -> Character:
    values = documents.character()
    values["name"] = draw(st.text(max_size=60))
    values["identity"] |= {
        "age": draw(st.floats(2, 95)), "skin": draw(COLOUR), "eyes": draw(COLOUR), "freckles": draw(UNIT),
        "redness": draw(UNIT), "wrinkles": draw(st.none() | UNIT),
        "moles": {"count": draw(st.integers(0, 24)), "seed": draw(st.integers(0, 2**31))},
    }  # fmt: skip
    values["wardrobe"][0]["print_text"] = draw(st.text(max_size=24))
    return Character.model_validate(values)


@given(who=characters())
@settings(max_examples=60, deadline=None)
def test_a_character_survives_its_file(who: Character) -> None:
    text = dump_character(who)
    assert text.startswith("# A character for Soundstage")
    assert load_character(text) == who
    assert load_character(json.dumps({"schema": "soundstage.character/1", **who.model_dump(mode="json")})) == who


def test_a_character_of_before_has_no_new_marks() -> None:
    who = Character.model_validate(documents.character()).identity
    assert (who.freckles, who.moles.count, who.redness, who.wrinkles) == (0.0, 0, 0.0, None)


FAULTS = {
    "age: 60.0": ("age: sixty", "identity.age"),
    "freckles: 0.0": ("freckels: 0.0", "freckels"),
    "style: curly": ("style: curlyy", "curly"),
    'schema: "soundstage.character/1"': ("schema: soundstage.character/9", "soundstage.character/1"),
    "id: eva": ("id: Eva!", "id"),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_in_a_character_names_its_line(right: str, tmp_path: Path) -> None:
    file = saved(tmp_path)
    wrong, told = FAULTS[right]
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
    line = text[: text.index(right)].count("\n") + 1
    with pytest.raises(ScreenplayError) as error:
        load_character(file)
    assert f"eva.yaml:{line}" in error.value.what and told in str(error.value)


def test_files_that_are_no_characters_are_told_apart(tmp_path: Path) -> None:
    film, person = tmp_path / "film.yaml", saved(tmp_path)
    film.write_text(dump(documents.screenplay()), "utf-8")
    with pytest.raises(ScreenplayError, match="is a screenplay, not a character"):
        load_character(film)
    with pytest.raises(ScreenplayError, match="is a character, not a film"):
        load(person)
    with pytest.raises(InputError, match="there is no file"):
        load_character(tmp_path / "nobody.yaml")
    dressed = person.read_text("utf-8").replace("kind: jeans", "kind: jean")
    person.write_text(dressed, "utf-8")
    with pytest.raises(InputError, match=r"eva.yaml: wardrobe\[\d\].kind: there is no garment 'jean'"):
        casting.given([person])


# ── in a film ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_named_is_that_person_under_pronouns_too() -> None:
    eva, joe = character(), character("old_joe", "an old man with a beard")
    made = director.plan("Eva and Old Joe walk in a park. He waves. She laughs.", cast=[eva, joe])
    by_id = {c.id: c for c in made.cast}
    assert by_id == {"eva": eva, "old_joe": joe}
    deeds = {(b.actor, b.action) for b in made.beats}
    assert {("old_joe", "wave"), ("eva", "laugh")} <= deeds
    assert made.not_understood == ()


@given(name=st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9})?", fullmatch=True))
@settings(max_examples=40, deadline=None)
def test_any_name_that_is_no_other_word_is_theirs(name: str) -> None:
    assume(not {word.lower() for word in name.split()} & language("en").words)
    who = EVA.model_copy(update={"id": "someone", "name": name})
    made = director.plan(f"{name} waves in a park, then she laughs. Ben says hello to {name}.", cast=[who])
    assert [c.identity == EVA.identity for c in made.cast] == [True, False], made.cast
    assert [b.actor for b in made.beats] == [made.cast[0].id] * 2 and made.lines[0].to == made.cast[0].id
    assert not made.not_understood


def test_a_friend_among_friends_is_cast() -> None:
    made = director.plan("two friends stand in a park; Eva says: 'Hi!' Ben laughs.", cast=[character()])
    assert [c.id for c in made.cast] == ["eva", "ben"] and made.cast[0] == character()


def test_a_name_that_is_also_a_word_is_a_name_where_it_is_used_as_one() -> None:
    rose = character("rose")
    made = director.plan("Rose waves in a park. A ball falls. Rose laughs.", cast=[rose])
    assert made.cast == (rose,) and [b.actor for b in made.beats if b.action == "laugh"] == ["rose"]


def test_others_are_who_they_would_be_without_the_cast() -> None:
    words = "Ben and Eva stand in a park"
    alone, together = director.plan(words, seed=2), director.plan(words, seed=2, cast=[character()])
    ben = [next(c for c in made.cast if c.id == "ben") for made in (alone, together)]
    assert ben[0].identity.face_seed == ben[1].identity.face_seed


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("Eva, a blond girl, waves", "blond"), ("A boy named Eva waves", "boy"), ("A man named Eva waves", "man"),
        ("Eva is 20 years old and waves", "20"), ("Eva waves. She has a beard.", "beard"),
        ("Eva, a young woman, waves", "young"),
    ],
)  # fmt: skip
def test_the_file_wins_over_the_prompt_and_says_so(said: str, denied: str) -> None:
    eva = character()
    made = director.plan(said, cast=[eva])
    assert made.cast[0].identity == eva.identity
    assert any(denied in phrase and "file" in phrase for phrase in made.not_understood), made.not_understood


@pytest.mark.parametrize("said", ["Eva, a tall woman with grey hair, waves", "Old Eva waves", "Curly Eva waves"])
def test_what_the_file_says_too_is_no_contradiction(said: str) -> None:
    made = director.plan(said, cast=[character()])
    assert not [phrase for phrase in made.not_understood if "file" in phrase]


def test_named_clothes_take_the_place_of_those_of_the_file() -> None:
    eva = character()
    own = kinds(eva)
    assert {"jeans", "glasses"} <= own
    for words, on, off in (
        ("Eva waves", own, set()),
        ("Eva in a red dress waves", {"dress", "glasses"}, {"jeans", "t_shirt"}),
        ("Eva wears a coat and waves", own | {"coat"}, set()),
        ("Eva waves in a suit", {"suit_jacket", "trousers", "glasses"}, {"jeans"}),
        ("Eva waves without her glasses", own - {"glasses"}, {"glasses"}),
        ("Eva wears black sunglasses and waves", {"sunglasses", "jeans"}, {"glasses"}),
    ):
        worn = kinds(director.plan(words, cast=[eva]).cast[0])
        assert on <= worn and not off & worn, (words, worn)
    dressed = eva.model_copy(update={"wardrobe": director.cast("a woman in a dress").character.wardrobe})
    worn = kinds(director.plan("Eva wears blue trousers and waves", cast=[dressed]).cast[0])
    assert "trousers" in worn and "dress" not in worn and worn & {"t_shirt", "sweater"}, "nobody goes half dressed"


def test_what_is_changed_is_told() -> None:
    eva = character()
    plain, coat = (director.plan(w, cast=[eva]) for w in ("Eva waves", "Eva in a red dress waves"))
    assert casting.told(plain, [eva]) == ("cast: Eva from the file, in the clothes of the file",)
    line = casting.told(coat, [eva])[0]
    assert "dress" in line.split("instead of")[0] and "jeans" in line.split("instead of")[1]


def test_who_is_cast_has_to_be_in_the_film() -> None:
    with pytest.raises(InputError, match="does not speak of Eva"):
        director.plan("a ball falls", cast=[character()])
    with pytest.raises(InputError, match="two characters"):
        casting.given([character(), character(words="an old man")])


# ── in a document ───────────────────────────────────────────────────────────────────────────────────────────────────


def with_file(given: Any) -> str:
    values = documents.document()
    values["cast"] = [given]
    values["blocking"][0]["character"] = values["lines"][0]["speaker"] = "eva"
    values["shots"][0]["camera"]["subjects"] = ["eva", "ball"]
    return layout(values)


def test_a_document_takes_a_character_from_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    saved(tmp_path / "people")
    film = tmp_path / "film.yaml"
    film.write_text(with_file({"from": "people/eva.yaml"}), "utf-8")
    made = read(film)
    assert made.screenplay.cast == (character(),)
    assert made.text == "" and load(dump(made.screenplay)) == made.screenplay, "what is kept stands alone"
    film.write_text(with_file({"from": "people/eva.yaml", "name": "Miss E.", "wardrobe": []}), "utf-8")
    cast = load(film).cast[0]
    assert (cast.name, cast.wardrobe, cast.identity) == ("Miss E.", (), character().identity)


WRONG = {
    "missing": ({"from": "evi.yaml"}, "did you mean 'eva.yaml'"),
    "absolute": ({"from": "/etc/hostname"}, "relative path"),
    "no yaml": ({"from": "eva.png"}, "relative path"),
    "number": ({"from": 3}, "path of a file"),
    "identity": ({"from": "eva.yaml", "identity": {}}, "change it there"),
    "folder": ({"from": "."}, "relative path"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_document_that_names_no_character_says_where(case: str, tmp_path: Path) -> None:
    saved(tmp_path)
    film = tmp_path / "film.yaml"
    text = with_file(WRONG[case][0])
    film.write_text(text, "utf-8")
    with pytest.raises(ScreenplayError) as error:
        load(film)
    assert WRONG[case][1] in str(error.value)
    field = "identity" if case == "identity" else "from"
    line = text[: text.index(f"{field}: ")].count("\n") + 1
    assert f"film.yaml:{line}: cast[0].{field}:" in error.value.what


def test_a_text_without_a_folder_reads_no_files() -> None:
    with pytest.raises(ScreenplayError, match="no folder"):
        load(with_file({"from": "eva.yaml"}))


def test_the_schema_knows_characters_from_files() -> None:
    import jsonschema
    from ruamel.yaml import YAML

    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    values = YAML(typ="safe").load(with_file({"from": "eva.yaml", "name": "E."}))
    jsonschema.validate(values, schema)
    values["cast"] = [{"from": "eva.yaml", "identity": {}}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, schema)


def test_a_document_is_cast_anew(tmp_path: Path) -> None:
    film = documents.screenplay()
    anna = character("anna", "an old woman named Anna")
    document = read(dump(film))
    changed = casting.recast(document, [anna])
    assert changed.screenplay.cast == (anna,) and changed.text == ""
    with pytest.raises(InputError, match="no part for Eva"):
        casting.recast(document, [character()])
    assert casting.recast(document, []) is document


# ── the command line ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(tmp_path: Path) -> Command:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SOUNDSTAGE_CACHE": str(tmp_path / "cache")}
        return subprocess.run(
            [sys.executable, "-m", "soundstage", *arguments],
            capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300,
        )  # fmt: skip

    return run


def test_cast_then_plan(command: Command, tmp_path: Path) -> None:
    made = command("cast", WORDS, "-o", "people/eva.yaml", "--no-picture")
    assert made.returncode == 0 and made.stdout == "people/eva.yaml\n"
    assert "person: Eva, female, 60 years" in made.stderr and "glasses" in made.stderr
    assert [p.name for p in (tmp_path / "people").iterdir()] == ["eva.yaml"]
    again = command("cast", WORDS, "-o", "people/eva.yaml", "--no-picture", "--json")
    assert json.loads(again.stdout)["document"]["id"] == "eva", "a file that is there is replaced, as by plan"
    planned = command("plan", "Eva throws a ball in a park", "--cast", "people/eva.yaml", "-o", "film.yaml")
    assert planned.returncode == 0, planned.stderr
    assert "cast: Eva from the file" in planned.stderr
    eva = load_character(tmp_path / "people" / "eva.yaml")
    assert load(tmp_path / "film.yaml").cast == (eva,)


def test_a_character_in_a_finished_sketch_needs_its_file_no_more(command: Command, tmp_path: Path) -> None:
    saved(tmp_path)
    (tmp_path / "film.yaml").write_text(with_file({"from": "eva.yaml"}), "utf-8")
    assert command("preview", "film.yaml", "-o", "a.mp4").returncode == 0
    (tmp_path / "eva.yaml").unlink()
    assert load(tmp_path / "a.mp4").cast == (character(),)
    saved(tmp_path, "eva", "an old man")
    again = command("preview", "a.mp4", "-o", "b.mp4", "--cast", "eva.yaml")
    assert again.returncode == 0 and "cast: Eva from the file" in again.stderr, again.stderr
    assert load(tmp_path / "b.mp4").cast == (character("eva", "an old man"),)


@pytest.mark.slow
def test_a_film_with_somebody_from_a_file(command: Command, tmp_path: Path) -> None:
    saved(tmp_path)
    (tmp_path / "film.yaml").write_text(with_file({"from": "eva.yaml"}), "utf-8")
    made = command("film", "film.yaml", "-o", "a.mp4", "--fps", "12", "--no-review")
    assert made.returncode == 0, made.stderr
    assert load(tmp_path / "a" / "screenplay.yaml").cast == (EVA,)


def test_cast_without_a_file_prints_the_character(command: Command) -> None:
    made = command("cast", "Zoe, a girl of 9 with many freckles, throws a ball")
    assert made.returncode == 0 and load_character(made.stdout).name == "Zoe"
    assert "freckles 0.9" in made.stderr and "not understood: “throws (not of the person)”" in made.stderr


COMPLAINTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "several": (("cast", "two women", "-o", "a.yaml"), ("2 people", "each of them")),
    "nobody": (("cast", "a red ball", "-o", "a.yaml"), ("nobody", "such as")),
    "suffix": (("cast", WORDS, "-o", "a.png"), ("not the name of a character", "a.png.yaml")),
    "strict": (("cast", "a man with zorble hair", "-o", "a.yaml", "--strict"), ("zorble", "--strict")),
    "quality": (("cast", WORDS, "-o", "a.yaml", "--quality", "superb"), ("superb", "draft")),
    "no file": (("plan", "Eva waves", "--cast", "eva.yaml"), ("no file eva.yaml", "soundstage cast")),
    "no character": (("plan", "Eva waves", "--cast", "film.yaml"), ("is a screenplay", "cast")),
    "no text": (("plan", "Eva waves", "--cast", "noise.yaml"), ("noise.yaml", "UTF-8")),
    "no yaml": (("plan", "Eva waves", "--cast", "noise.bin"), ("noise.bin", ".yaml")),
    "not named": (("plan", "a ball falls", "--cast", "ann.yaml"), ("does not speak of Ann", "Ann waves")),
    "twice": (("preview", "Ann waves", "--cast", "ann.yaml", "--cast", "ann.yaml"), ("two characters", "another id")),
    "no part": (("film", "film.yaml", "-o", "f.mp4", "--cast", "ann.yaml"), ("no part for Ann", "its cast is: Anna")),
    "a character": (("film", "ann.yaml", "-o", "f.mp4"), ("is a character, not a film", "--cast ann.yaml")),
}


@pytest.mark.parametrize("case", COMPLAINTS)
def test_what_is_wrong_is_said_in_two_lines(command: Command, tmp_path: Path, case: str) -> None:
    (tmp_path / "film.yaml").write_text(dump(documents.screenplay()), "utf-8")
    for name in ("noise.yaml", "noise.bin"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00\x81")
    saved(tmp_path, "ann", "an old woman")
    before = {p.name for p in tmp_path.iterdir()} | {"cache"}
    arguments, parts = COMPLAINTS[case]
    done = command(*arguments)
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr, done.stderr
    lines = done.stderr.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("soundstage: "))
    assert len(lines) == first + 2, done.stderr
    assert all(part in done.stderr for part in parts), done.stderr
    assert {p.name for p in tmp_path.iterdir()} <= before, "nothing is written"


def test_a_place_that_cannot_be_written_is_said(command: Command, tmp_path: Path) -> None:
    (tmp_path / "eva.yaml").mkdir()
    (tmp_path / "file").write_text("")
    for out in ("eva.yaml", "file/eva.yaml"):
        done = command("cast", WORDS, "-o", out, "--no-picture")
        assert done.returncode == 1 and "Traceback" not in done.stderr and "-o" in done.stderr, done.stderr


# ── the picture ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_picture_shows_people_by_one_measure(tmp_path: Path) -> None:
    """Tall and small stand in pictures that differ from an empty place as high up as they are tall."""
    shown = {}
    for name, words in (("eva", "a tall woman of 60"), ("tim", "a boy of 6 with freckles")):
        who = character(name, words)
        shown[name] = pixels(turntable(who, tmp_path / f"{name}.png", height=100, samples=1)).astype(float)
        assert shown[name].shape == (100, 276, 3)
        front = shown[name][:, 14:44].mean(axis=2)
        wall = np.median(shown[name][:20, 14:44])
        top = int(np.argmax((np.abs(front - wall) > 40).any(axis=1)))
        assert HIGH_M - top / 100 * (HIGH_M - LOW_M) == pytest.approx(who.identity.height_m, abs=0.12)
    again = turntable(character("tim", "a boy of 6 with freckles"), tmp_path / "again.png", height=100, samples=1)
    assert again.read_bytes() == (tmp_path / "tim.png").read_bytes()


@pytest.mark.slow
def test_cast_writes_a_picture_beside_the_file(command: Command, tmp_path: Path) -> None:
    made = command("cast", WORDS, "-o", "eva.yaml")
    assert made.returncode == 0 and "picture: eva.png" in made.stderr, made.stderr
    assert pixels(tmp_path / "eva.png").shape[0] == 400


def test_from_python(tmp_path: Path) -> None:
    made = soundstage.cast(WORDS, tmp_path / "eva.yaml", picture=False)
    assert made.file is not None and made.picture is None
    assert soundstage.load_character(made.file) == made.character
    assert soundstage.plan("Eva waves", cast=[made.file]).cast == (made.character,)
    assert soundstage.plan("Eva waves", cast=[made.character]).cast == (made.character,)
