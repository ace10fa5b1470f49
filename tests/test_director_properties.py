"""What holds for every prompt: no crash, no word lost, nothing left to chance, fast."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundstage import director
from soundstage.director.reading._language import first_forms, language
from soundstage.director.reading._match import colon_speech, match
from soundstage.director.reading._read import _speaks, is_content, read_frame
from soundstage.director.reading._text import plain, tokenise
from soundstage.errors import InputError, NotUnderstoodError
from soundstage.screenplay import Screenplay

CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FORMS = sorted({form for forms in first_forms("en").values() for form in forms.values()})
SMALL = [
    "a",
    "the",
    "and",
    "in",
    "on",
    "with",
    "of",
    "to",
    "then",
    "while",
    "she",
    "it",
    "they",
    "two",
    "is",
    ",",
    ".",
    ":",
]
QUOTED = ['"Hello!"', "'So close!'", "“Did you?”"]
STRANGE = ["zorblax", "quibbling", "frumious", "7", "Ägypten", "猫", "🏀", "--", "''", '"']


def content_words(prompt: str) -> list[str]:
    """Every word that must be accounted for, as the reader sees them."""
    words = language("en")
    text = plain(prompt)
    tokens = tokenise(text, words.contractions)
    items = colon_speech(match(tokens, words), tokens, text, _speaks)
    helping = {"be", "light", "have", "exist"}
    content = [
        i for i in items if is_content(i) and not all(s.cls == "verb" and s.concept in helping for s in i.senses)
    ]
    return [i.surface for i in content if i.surface.strip()]


def accounted(prompt: str) -> None:
    try:
        reading = director.read(prompt, language="en")
    except InputError:
        return
    said = " ".join([*(u.rsplit(" → ", 1)[0] for u in reading.understood), *reading.screenplay.not_understood])
    told = " ".join(plain(said).split())
    for word in content_words(prompt):
        for part in word.replace("-", " ").split():
            assert part in told, f"{part!r} of {prompt!r} is neither understood nor listed"


@CALM
@given(st.text(max_size=200))
def test_any_text_makes_a_screenplay_or_a_clear_error(text: str) -> None:
    try:
        screenplay = director.plan(text)
    except InputError as error:
        assert error.what and error.mend
    else:
        assert isinstance(screenplay, Screenplay)


@CALM
@given(st.lists(st.sampled_from([*FORMS, *SMALL, *SMALL, *QUOTED, *STRANGE]), min_size=1, max_size=25))
def test_any_words_we_know_make_a_screenplay_or_a_clear_error(words: list[str]) -> None:
    accounted(" ".join(words))


@CALM
@given(
    who=st.sampled_from(
        ["A man", "Two women", "A tall girl with red hair", "An old man in a blue shirt", "Anna", "A player"]
    ),
    does=st.sampled_from(
        ["waves", "takes a jump shot", "drops a ball", "laughs and nods", "is there", "misses a free throw"]
    ),
    where=st.sampled_from(["in a park", "in a gym at night", "on an outdoor court at sunset", "near a table", ""]),
    odd=st.sampled_from(["", "frumiously", "with a zorblax", "like a kangaroo", "under purple snow"]),
    says=st.sampled_from(["", ' and says: "Well!"', ". Then she says hello.", ", while a ball falls"]),
)
def test_no_word_of_a_sentence_is_lost(who: str, does: str, where: str, odd: str, says: str) -> None:
    prompt = f"{who} {does} {where} {odd}{says}."
    accounted(prompt)
    missing = " ".join(director.plan(prompt).not_understood)
    for word in ("frumiously", "zorblax", "kangaroo", "snow"):
        assert (word in odd) == (word in missing)


@pytest.mark.parametrize("word", ["zorblax", "dunks", "elephant", "guitar", "underwater"])
def test_an_unknown_word_is_said_back(word: str) -> None:
    assert word in " ".join(director.plan(f"A man waves in a park {word}").not_understood)


@CALM
@given(st.sampled_from(FORMS), st.integers(0, 2**31 - 1))
def test_the_same_words_and_seed_make_the_same_document(form: str, seed: int) -> None:
    prompt = f"A woman and a man, {form}. The woman takes a jump shot."
    assert director.plan(prompt, seed=seed) == director.plan(prompt, seed=seed)


def test_the_seed_comes_from_the_words_alone_and_casts_differently() -> None:
    one, same, other = (director.plan("A woman waves", seed=s) for s in (None, None, 5))
    assert one == same
    assert other.cast[0].identity != one.cast[0].identity
    assert director.plan("A  woman\nwaves").seed == one.seed != director.plan("A woman nods").seed


def test_nothing_depends_on_the_order_in_which_prompts_come() -> None:
    prompts = ["Anna waves", "A ball falls", "A man misses a free throw"]
    first = [director.plan(p) for p in prompts]
    random.Random(1).shuffle(prompts)
    assert {p: director.plan(p) for p in prompts} == {s.prompt: s for s in first}


@pytest.mark.parametrize("empty", ["", "   ", "\n\t"])
def test_an_empty_prompt_is_an_input_error(empty: str) -> None:
    with pytest.raises(InputError, match="empty"):
        director.plan(empty)


def test_a_prompt_of_unknown_words_says_what_can_be_asked() -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        director.plan("Zorblax quibbles frumiously")
    assert "jump shot" in caught.value.mend and "bowling ball" in caught.value.mend and "gym" in caught.value.mend


@pytest.mark.parametrize(
    "option",
    [{"quality": "perfect"}, {"fps": 23}, {"seconds": 0.0}, {"size": (8, 8)}, {"seed": -1}, {"language": "tlh"}],
    ids=str,
)
def test_wrong_options_are_input_errors(option: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        director.plan("a ball falls", **option)  # type: ignore[arg-type]
    assert caught.value.mend


def test_options_are_taken() -> None:
    plan = director.plan("a ball falls", seconds=2.0, size=(320, 180), fps=30, quality="good", seed=0)
    assert (plan.seconds, plan.size, plan.fps, plan.quality, plan.seed) == (2.0, (320, 180), 30, "good", 0)
    assert plan.render.motion_blur and plan.shots[-1].end_s == 2.0


def test_a_plan_takes_less_than_half_a_second() -> None:
    prompt = "Two friends, Anna and Ben, stand in a park. " + "Anna waves and says: 'Hello!' Ben laughs. " * 20
    director.plan("a ball falls")  # reads the tables
    start = time.perf_counter()
    director.plan(prompt)
    assert time.perf_counter() - start < 0.5


def test_planning_loads_nothing_heavy() -> None:
    code = (
        "import sys, soundstage.director as d; d.plan('A player misses a jump shot');"
        "print([m for m in ('torch', 'bpy', 'mujoco', 'scipy', 'anny', 'av') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_vocabulary_lists_what_can_be_asked_and_every_word_of_it_is_understood() -> None:
    listed = director.vocabulary()
    assert {"people", "actions", "things", "places", "colours", "clothes", "pictures"} <= set(listed)
    assert "jump shot" in listed["actions"] and "park" in listed["places"] and "red" in listed["colours"]
    for form in (f for forms in listed.values() for f in forms):
        assert all(s.cls != "unknown" for i in match(tokenise(form, {}), language("en")) for s in i.senses)
    for thing in listed["things"]:
        assert read_frame(f"a {thing} falls", "en").items, thing
    for person in listed["people"]:
        assert read_frame(f"a {person} waves", "en").figures, person
    for place in listed["places"]:
        frame = read_frame(f"a man waves, {place}", "en")
        assert frame.place or frame.court or frame.indoor is not None, place
