"""The whole way: lengths, levels, peaks, stems, place, time and repeatability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fakes import fake_take
from sound_takes import FakeVoices, jump_shot, quiet, steps, stream, strikes, talk
from soundstage import clock, library
from soundstage.sound import Stems, score, score_film
from soundstage.sound.ambience import LAYERS
from soundstage.sound.loudness import loudness, true_peak
from soundstage.take import Take

RATE = clock.AUDIO_RATE
LEVELS = {"loudness_lufs": -16.0, "true_peak_dbtp": -1.0, "dialogue_db": 0.0, "effects_db": 0.0, "footsteps_db": 0.0}


def play(take: Take, **levels: float) -> Stems:
    return score(take, levels={**LEVELS, **levels}, voices=FakeVoices())


def db(x: float) -> float:
    return 20 * float(np.log10(max(x, 1e-12)))


@pytest.fixture(scope="module")
def shot() -> Stems:
    return play(jump_shot())


def onset(x: np.ndarray, after_s: float) -> float:
    """When the signal first comes within 40 dB of its peak in the next 100 ms [s]."""
    first = round(after_s * RATE)
    part = np.abs(x[first : first + RATE // 10]).max(axis=1)
    return after_s + int(np.argmax(part > 0.01 * part.max())) / RATE


def test_stems_are_exactly_as_long_as_the_take(shot: Stems) -> None:
    for name, stem in {**shot.named(), "mix": shot.mix}.items():
        assert stem.shape == (5 * RATE, 2), name
        assert stem.dtype == np.float32
        assert np.isfinite(stem).all()
    odd = fake_take(seconds=7 / 24)
    assert len(play(odd).mix) == 14000


def test_loudness_and_true_peak(shot: Stems) -> None:
    assert loudness(shot.mix) == pytest.approx(-16.0, abs=0.5)
    assert db(true_peak(shot.mix)) <= -1.0
    for stem in shot.named().values():
        assert db(true_peak(stem)) <= -1.0


@pytest.mark.parametrize(
    ("take", "lufs"),
    [
        (jump_shot(set_="gym"), -16.0),
        (talk(), -16.0),
        (talk(seconds=3.0), -23.0),
        (stream("bowling_ball", seconds=3.0, speed=2.0), -18.0),
    ],
)
def test_normal_films_reach_their_loudness(take: Take, lufs: float) -> None:
    stems = play(take, loudness_lufs=lufs, true_peak_dbtp=-2.0)
    assert loudness(stems.mix) == pytest.approx(lufs, abs=0.5)
    assert db(true_peak(stems.mix)) <= -2.0


def test_a_film_of_soft_steps_stays_soft() -> None:
    take = steps(at_s=list(np.arange(0.2, 3.8, 0.5)), seconds=4.0, set_="street")
    assert -32 < loudness(play(take).mix) < -18


def test_one_small_click_is_not_blown_up() -> None:
    """A single strike in a quiet place stays a single strike: no pumped room tone, no crushed peak."""
    take = strikes("marble", speeds=[2.0], seconds=4.0)
    take = replace(take, place=replace(take.place, ambience_level_db=-50.0))
    stems = play(take)
    assert db(true_peak(stems.mix)) <= -1.0
    assert loudness(stems.ambience) == pytest.approx(-50.0, abs=1.5)


def test_stems_add_up_to_the_mix(shot: Stems) -> None:
    rest = sum(stem.astype(np.float64) for stem in shot.named().values()) - shot.mix
    assert db(np.abs(rest).max()) < -80


@pytest.mark.parametrize("at", [0.11, 0.4375, 0.777])
def test_a_strike_lands_within_a_millisecond_of_its_row(at: float) -> None:
    for kind in ("basketball", "marble"):
        take = strikes(kind, at_s=[at])
        assert 0 <= onset(play(take).mix, at - 0.05) - at + 1 / RATE <= 0.001
        late = replace(take, contacts=replace(take.contacts, time=take.contacts.time + clock.ticks(0.03)))
        assert onset(play(late).mix, at - 0.05) - at == pytest.approx(0.03, abs=0.0011)


def test_all_strikes_of_a_film_are_heard_where_they_are() -> None:
    take = jump_shot(ambience_db=-90.0)
    effects = play(take).effects
    for tick in take.contacts.time:
        at = clock.seconds(int(tick))
        if at < 4.9:
            before = np.abs(effects[round((at - 0.004) * RATE) : round(at * RATE) - 1]).max()
            after = np.abs(effects[round(at * RATE) : round((at + 0.004) * RATE)]).max()
            assert after > 3 * before


def test_the_same_take_gives_the_same_samples() -> None:
    one, two = play(jump_shot()), play(jump_shot())
    assert np.array_equal(one.mix, two.mix)
    other = play(replace(jump_shot(), seed=2))
    assert not np.array_equal(one.mix, other.mix)


def test_nothing_happens_and_only_the_place_is_heard() -> None:
    take = fake_take(seconds=3.0)
    stems = play(take)
    for stem in (stems.dialogue, stems.effects, stems.footsteps):
        assert not stem.any()
    assert np.array_equal(stems.mix, stems.ambience)
    assert np.abs(stems.mix[-1]).max() < 1e-5
    assert loudness(stems.mix) == pytest.approx(take.place.ambience_level_db, abs=1.5)
    assert not play(quiet(take)).mix.any()


@pytest.mark.parametrize(
    "name", [*library.names("sets"), "sea", "rain", "wind", "forest", "silence", "a name nobody knows"]
)
@pytest.mark.parametrize("hour", ["noon", "night"])
def test_every_place_has_its_air(name: str, hour: str) -> None:
    known = name in library.names("sets")
    take = fake_take(set_=name if known else "park", time_of_day=hour, seconds=2.5)
    place = replace(take.place, ambience_level_db=-40.0, ambience=take.place.ambience if known else name)
    bed = play(replace(take, place=place)).ambience
    if name == "silence":
        assert not bed.any()
        return
    level = db(float(np.sqrt(np.mean(bed.astype(np.float64) ** 2))))
    assert -48 < level < -30
    assert np.abs(bed).max() < 0.2
    assert abs(np.corrcoef(bed.T)[0, 1]) < 0.95  # two ears, not one
    third = len(bed) // 3
    assert not np.allclose(bed[:third], bed[third : 2 * third], atol=1e-4)  # no loop
    assert abs(db(float(bed[:third].std()) / float(bed[-third:].std()))) < 9


def test_every_layer_is_used_by_some_place() -> None:
    from soundstage.sound._facts import facts, known

    used = {layer for name in known("ambience") for layer in facts("ambience", name)}
    assert used == set(LAYERS)


def test_left_is_left_and_far_is_softer() -> None:
    def sides(x: float, y: float) -> np.ndarray:
        take = strikes("basketball")
        point = np.array([[x, y, 0.0]])
        effects = play(replace(take, contacts=replace(take.contacts, point=point)), loudness_lufs=-30).effects
        return np.sqrt(np.mean(effects.astype(np.float64) ** 2, axis=0))

    left, middle, right = sides(-2.0, 0.0), sides(0.0, 0.0), sides(2.0, 0.0)  # the camera looks along +Y
    assert left[0] > 1.3 * left[1]
    assert right[1] > 1.3 * right[0]
    assert middle[0] == pytest.approx(middle[1], rel=0.1)


def test_levels_move_their_stem_alone() -> None:
    soft = {"loudness_lufs": -30.0}  # the limiter sleeps
    plain, more = play(jump_shot(), **soft), play(jump_shot(), effects_db=-12.0, **soft)

    def level(x: np.ndarray) -> float:
        return db(float(np.sqrt(np.mean(x.astype(np.float64) ** 2))))

    change = (level(more.effects) - level(more.dialogue)) - (level(plain.effects) - level(plain.dialogue))
    assert change == pytest.approx(-12.0, abs=0.5)


def test_ambience_steps_back_while_somebody_speaks() -> None:
    take = talk(text="a long line that goes on", seconds=4.0)
    take = replace(take, place=replace(take.place, ambience_level_db=-35.0))
    spoken, silent = play(take).ambience, play(replace(take, utterances=talk(at_s=3.99).utterances)).ambience
    during = slice(round(1.0 * RATE), round(2.0 * RATE))
    drop = db(float(spoken[during].std() / silent[during].std()))
    assert -5.0 < drop < -1.5


def test_dialogue_is_understood_over_the_ball(shot: Stems) -> None:
    line = slice(round(3.4 * RATE), round(4.0 * RATE))
    speech = float(np.sqrt(np.mean(shot.dialogue[line].astype(np.float64) ** 2)))
    rest = float(np.sqrt(np.mean((shot.mix[line] - shot.dialogue[line]).astype(np.float64) ** 2)))
    assert db(speech / rest) > 9


def test_scenes_in_a_row_share_one_gain() -> None:
    loud, soft = jump_shot(set_="gym"), strikes("marble", speeds=[0.3], seconds=1.0)
    film = score_film([loud, soft], levels=LEVELS, voices=FakeVoices())
    assert len(film.mix) == 6 * RATE
    alone = play(soft)
    tick = slice(round(0.24 * RATE), round(0.3 * RATE))
    assert np.abs(film.mix[5 * RATE :][tick]).max() < 0.9 * np.abs(alone.mix[tick]).max()
    assert score_film([], levels=LEVELS).mix.shape == (0, 2)


def test_what_rings_at_a_cut_rings_over_it_and_the_end_is_no_click() -> None:
    late = strikes("basketball", at_s=[0.98], seconds=1.0, set_="gym")
    film = score_film([late, quiet(fake_take(seconds=1.0))], levels=LEVELS, voices=FakeVoices())
    after = np.abs(film.effects[RATE : RATE + RATE // 4]).max(axis=1)
    assert after.max() > 0.02
    assert np.abs(np.diff(film.mix[RATE - 200 : RATE + 200], axis=0)).max() < 0.2 * np.abs(film.mix).max()
    cut = play(late).mix
    assert np.abs(cut[-24:]).max() < 0.01 * np.abs(cut).max()


def test_short_takes_and_late_events_do_no_harm() -> None:
    short = strikes("basketball", at_s=[0.03], seconds=1 / 24)
    assert len(play(short).mix) == 2000
    after = strikes("basketball", at_s=[5.0], seconds=0.5)
    assert not play(after).effects.any()
