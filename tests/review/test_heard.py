"""What is heard, measured on small real films: a whole one meets every goal, and each fault is found for what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from reels import RATE, Measured, Reel, measured, print_reel, reel, shifted, with_click, without_strike

from soundstage import clock, sound
from soundstage.review import sync, voices
from soundstage.review.observers import levels, loudness

OFFSETS = {"sync_median", "sync_p95", "sync_worst"}
Film = Callable[..., Measured]


@pytest.fixture(scope="module")
def fall() -> Reel:
    """A ball that bounces some times on wood."""
    return reel("a red ball falls from two meters onto a wooden floor")


@pytest.fixture(scope="module")
def talk() -> Reel:
    """Two people who speak in turn."""
    said = "Anna says: 'Did you see that ball?' Ben says: 'Yes, it was so close.'"
    return reel(f"Anna and Ben stand in a living room. {said}")


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """What is heard of a reel, printed with a mix or Takes of its own."""

    def made(of: Reel, mix: NDArray[np.float32] | None = None, **more: Any) -> Measured:
        return measured(print_reel(of, tmp_path / "film.mp4", mix=mix, **more), sync, voices, levels, loudness)

    return made


def test_a_whole_film_meets_every_goal(fall: Reel, film: Film) -> None:
    found = film(fall)
    assert found.missed == set()
    assert found["sync_p95"] < 1.0
    assert found["event_f1"] == 1.0
    assert len(found.rows["sync_p95"].moments) >= 4
    assert found.rows["stoi"].value is None and found.rows["stoi"].why == "nobody speaks in the film"


@pytest.mark.parametrize("ms", [80.0, -80.0])
def test_sound_that_is_off_is_measured_with_its_sign(fall: Reel, film: Film, ms: float) -> None:
    found = film(fall, shifted(fall.mix, ms))
    assert found.missed == {*OFFSETS, "event_f1"}
    assert found["sync_median"] == pytest.approx(ms, abs=0.3)
    assert found["sync_worst"] == pytest.approx(ms, abs=2.0)
    assert found["event_f1"] == 0.0


def test_a_little_late_is_measured_and_forgiven(fall: Reel, film: Film) -> None:
    found = film(fall, shifted(fall.mix, 12.0))
    assert found.missed == set()
    assert found["sync_median"] == pytest.approx(12.0, abs=0.3)


@pytest.mark.parametrize("bounce", [0, 1, 2])
def test_one_bounce_without_its_sound_is_missed(fall: Reel, film: Film, bounce: int) -> None:
    times = fall.contacts()
    found = film(fall, without_strike(fall, times[bounce], times[bounce + 1] - 0.01))
    assert found.missed == {"event_f1", "sounds_missing"}
    assert found["sounds_missing"] == 1
    worst = found.rows["sounds_missing"].worst
    assert worst is not None and worst.time_s == pytest.approx(times[bounce], abs=0.001)
    assert "strikes the ground" in worst.what


def test_without_any_sound_of_the_bounces_they_are_missed(fall: Reel, film: Film) -> None:
    found = film(fall, fall.stems.ambience)
    assert found["sounds_missing"] >= 3
    assert found.rows["sync_p95"].value is None


def test_a_sound_that_nothing_makes_is_found(fall: Reel, film: Film) -> None:
    times = fall.contacts()
    at = (times[0] + times[1]) / 2 + 0.05
    found = film(fall, with_click(fall.mix, at))
    assert found.missed <= {"event_f1", "sounds_extra"} and "sounds_extra" in found.missed
    worst = found.rows["sounds_extra"].worst
    assert worst is not None and worst.time_s == pytest.approx(at, abs=0.001)


def test_steps_that_are_off_are_not_taken_for_their_neighbours(film: Film) -> None:
    walk = reel("a woman walks across a gym")
    found = film(walk)
    assert found.missed == set() and found["steps_p95"] < 5
    found = film(walk, shifted(walk.mix, 80.0))
    assert found.missed == {"steps_p95", "event_f1"}
    assert found["steps_p95"] == pytest.approx(80.0, abs=4.0)


def test_in_a_hail_of_contacts_little_is_said_and_nothing_wrong(film: Film) -> None:
    dominoes = reel("twelve dominoes fall on a table, one after another")
    found = film(dominoes)
    assert found.missed == set()
    assert "too close to another" in found.rows["sync_p95"].why


def test_too_soft_is_found(fall: Reel, film: Film) -> None:
    found = film(fall, fall.mix * 10**-0.5)
    assert found.missed == {"loudness_asked"}
    assert found["loudness"] == pytest.approx(film(fall)["loudness"] - 10.0, abs=0.1)


def test_clipping_is_found(fall: Reel, film: Film) -> None:
    found = film(fall, np.clip(fall.mix * 8, -1, 1))
    assert found.missed - {"loudness_asked"} == {"clipped_sound", "true_peak"}


def test_a_lost_channel_is_found(fall: Reel, film: Film) -> None:
    found = film(fall, fall.mix * np.array([1.0, 0.0], dtype=np.float32))
    assert found.missed == {"balance"}
    assert found["balance"] == 60.0


def test_a_constant_offset_is_found(fall: Reel, film: Film) -> None:
    assert film(fall, fall.mix * 0.9 + 0.02).missed == {"dc_offset"}


def test_voices_are_in_time_clear_and_their_own(talk: Reel, film: Film) -> None:
    found = film(talk)
    assert found.missed == set()
    assert abs(found["voice_offset"]) < 0.5
    assert found["stoi"] > 0.9
    assert found["voice_right"] == 100.0
    assert found.rows["sounds_extra"].value == 0


def test_a_late_voice_is_measured(talk: Reel, film: Film) -> None:
    found = film(talk, shifted(talk.mix * 0.9, 80.0))  # another start is coded otherwise, a little higher perhaps
    assert found.missed == {"voice_offset"}
    assert found["voice_offset"] == pytest.approx(80.0, abs=0.5)


def test_speech_that_drowns_is_found(talk: Reel, film: Film) -> None:
    noise = np.random.default_rng(3).standard_normal(talk.mix.shape) * 0.15
    found = film(talk, np.asarray(talk.mix * 0.35 + noise, dtype=np.float32))
    assert "stoi" in found.missed
    assert found["stoi"] < 0.8


def test_a_line_that_is_not_heard_is_found(talk: Reel, film: Film) -> None:
    take = talk.takes[0]
    mix = np.array(talk.mix)
    first = slice(*(round(clock.seconds(int(t[0])) * RATE) for t in (take.utterances.start, take.utterances.end)))
    mix[first] -= talk.stems.dialogue[first]
    found = film(talk, mix)
    assert found["stoi"] == 0.0 and "stoi" in found.missed
    assert found.rows["stoi"].worst is not None and "not heard" in found.rows["stoi"].worst.what
    assert found["voice_offset"] == pytest.approx(0.0, abs=0.5), "of the other line"


def test_sound_that_ends_early_misses_contacts(fall: Reel, film: Film) -> None:
    mix = np.array(fall.mix)
    mix[round((fall.contacts()[1] + 0.1) * RATE) :] = 0
    found = film(fall, mix)
    assert found["sounds_missing"] >= 2 and "event_f1" in found.missed


def test_swapped_voices_are_found(talk: Reel, film: Film) -> None:
    """Everybody speaks in the other's voice; the Take beside the film knows whose it should be."""
    take = talk.takes[0]
    anna, ben = take.people
    exchanged = replace(take, people=(replace(anna, voice=ben.voice), replace(ben, voice=anna.voice)))
    mix = sound.score_film([exchanged], levels=talk.screenplay.sound.model_dump()).mix
    found = film(talk, mix)
    assert found.missed - {"loudness_asked"} == {"voice_right"}
    assert found["voice_right"] == 0.0


def test_the_larger_ball_sounds_lower_unless_it_does_not(film: Film) -> None:
    """Two scenes: a small steel ball and a large one. Exchanged in the sound, the larger one sounds higher."""
    small = reel("a small steel ball falls from one meter onto a wooden floor", seconds=2.0)
    large = reel("a large steel ball falls from one meter onto a wooden floor", seconds=2.0)
    takes = (small.takes[0], replace(large.takes[0], scene="scene_2"))
    sizes = [take.things[0].size[0] for take in takes]
    assert sizes[1] > 1.3 * sizes[0]
    play = small.screenplay
    both = Reel(play, takes, sound.score_film(takes, levels=play.sound.model_dump()))
    assert film(both)["pitch_by_size"] == 100.0
    exchanged = sound.score_film(takes[::-1], levels=play.sound.model_dump()).mix
    found = film(both, exchanged)
    assert found["pitch_by_size"] == 0.0 and found.missed == {"pitch_by_size"}


def test_loudness_is_the_standards(film: Film) -> None:
    """BS.1770-4: a sine of 997 Hz at full scale in one channel has -3.01 LUFS; and pyloudnorm agrees on noise."""
    import pyloudnorm

    from soundstage.review.footage import Sound

    for rate in (44_100, 48_000):
        t = np.arange(5 * rate) / rate
        tone = np.zeros((len(t), 2), dtype=np.float32)
        tone[:, 0] = np.sin(2 * np.pi * 997 * t)
        noise = (0.1 * np.random.default_rng(1).standard_normal((len(t), 2))).astype(np.float32)
        noise[: 2 * rate] *= 0.02
        for samples, wanted in ((tone, -3.01), (noise, pyloudnorm.Meter(rate).integrated_loudness(noise))):
            ear = loudness.Loudness()
            for start in range(0, len(samples), 1000):
                ear.listen(Sound(start, rate, samples[start : start + 1000]))
            assert loudness.integrated(np.array(ear.energies)) == pytest.approx(wanted, abs=0.1)


def test_true_peak_lies_between_the_samples() -> None:
    """A sine at a quarter of the sample rate whose samples all miss its peak (EBU Tech 3341, case 15)."""
    from soundstage.review.footage import Sound

    n = np.arange(RATE)
    tone = (0.5 * np.sin(np.pi / 2 * n + np.pi / 4)).astype(np.float32)[:, None]
    meter = levels.Levels()
    for start in range(0, RATE, 1024):
        meter.listen(Sound(start, RATE, tone[start : start + 1024]))
    peak = next(row for row in meter.rows() if row.key == "true_peak")
    assert peak.value == pytest.approx(-6.0, abs=0.2)
