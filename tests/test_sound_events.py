"""Strikes, steps, rolling, nets and voices: when they sound, how loud, how bright, how long."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import fake_take
from sound_takes import FakeVoices, jump_shot, quiet, steps, stream, strikes, table, talk, thing_of, through_the_hoop
from soundstage import clock, library
from soundstage.sound import balls, bodies, cloth, dialogue, footsteps, friction, impacts
from soundstage.sound._kernel import Array, loudest
from soundstage.sound.events import Sound
from soundstage.take import Contacts, Holds, Take

RATE = clock.AUDIO_RATE


def struck(take: Take) -> list[Sound]:
    return impacts.impacts(take, bodies.Cast(take))


def db(x: float) -> float:
    return 20 * float(np.log10(x))


def onset(pcm: Array) -> int:
    """First sample within 40 dB of the peak."""
    return int(np.argmax(np.abs(pcm) > 0.01 * np.abs(pcm).max()))


def centroid(pcm: Array) -> float:
    power = np.abs(np.fft.rfft(pcm, 1 << 15)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(1 << 15, 1 / RATE)) / np.sum(power))


def lasts(pcm: Array, fallen_db: float = 30.0) -> float:
    """Seconds until what is left has fallen so far."""
    energy = np.cumsum(pcm[::-1] ** 2)[::-1]
    return float(np.argmax(energy < energy[0] * 10 ** (-fallen_db / 10)) / RATE)


@settings(max_examples=40, deadline=None)
@given(
    at=st.floats(0.01, 0.9),
    kind=st.sampled_from(["basketball", "marble", "domino", "bowling_ball", "cup", "tennis_ball"]),
)
def test_a_strike_is_heard_when_it_happens(at: float, kind: str) -> None:
    (sound,) = struck(strikes(kind, at_s=[at]))
    heard = (sound.start + onset(sound.pcm)) / RATE
    assert -1.0 / RATE <= heard - at <= 0.001


def test_a_strike_that_is_moved_is_heard_where_it_was_moved_to() -> None:
    take = strikes("basketball", at_s=[0.25])
    moved = replace(take, contacts=replace(take.contacts, time=take.contacts.time + clock.ticks(0.013)))
    (before,), (after,) = struck(take), struck(moved)
    assert after.start - before.start == pytest.approx(0.013 * RATE, abs=1)
    assert abs(onset(after.pcm) - onset(before.pcm)) <= 1


@pytest.mark.parametrize("kind", ["basketball", "tennis_ball", "marble", "bowling_ball", "domino", "block", "cup"])
def test_harder_is_louder_and_brighter(kind: str) -> None:
    soft, hard = struck(strikes(kind, at_s=[0.1, 0.6], speeds=[0.5, 4.0]))
    assert db(loudest(hard.pcm) / loudest(soft.pcm)) > 12
    assert centroid(hard.pcm) > centroid(soft.pcm)


def test_every_bounce_is_softer_than_the_one_before() -> None:
    take = quiet(fake_take(motion="bounce", seconds=4.0))
    loud = [loudest(sound.pcm) for sound in struck(take)]
    assert len(loud) > 3
    assert all(b < a for a, b in pairwise(loud))


def test_heavy_things_are_louder_in_the_order_of_nature() -> None:
    def level(kind: str) -> float:
        (sound,) = struck(strikes(kind, speeds=[4.0]))
        return db(loudest(sound.pcm) / 2e-5)

    bowling, basket, tennis, marble, pong = map(
        level, ("bowling_ball", "basketball", "tennis_ball", "marble", "table_tennis_ball")
    )
    assert bowling > basket + 8
    assert basket > tennis + 5
    assert 95 < bowling < 120
    assert 80 < basket < 100
    assert 60 < tennis < 85
    assert 55 < marble < 85
    assert 55 < pong < 80


def test_bigger_blocks_sound_lower() -> None:
    small = struck(strikes("block", speeds=[2.0], set_="studio"))[0]
    large = struck(strikes("block", speeds=[2.0], set_="studio", size=(0.2, 0.2, 0.2)))[0]
    assert centroid(large.pcm) < 0.6 * centroid(small.pcm)


def test_steel_outlasts_wood_and_rubber() -> None:
    def length(material: str) -> float:
        take = strikes("cup", material=material, mass_kg=0.3, set_="park", speeds=[2.0])
        take = replace(take, contacts=replace(take.contacts, material_b=np.array(["concrete"])))
        return lasts(struck(take)[0].pcm)

    assert length("steel") > 2 * length("wood")
    assert length("steel") > 2 * length("rubber")


def test_basketball_thumps_low_and_short_and_rings_near_950_hz() -> None:
    (sound,) = struck(strikes("basketball", speeds=[4.4], set_="outdoor_court"))
    power = np.abs(np.fft.rfft(sound.pcm, 1 << 15)) ** 2
    f = np.fft.rfftfreq(1 << 15, 1 / RATE)

    def share(low: float, high: float) -> float:
        return float(power[(f >= low) & (f < high)].sum() / power.sum())

    assert share(40, 300) > 0.7
    assert lasts(sound.pcm) < 0.25
    late = np.abs(np.fft.rfft(sound.pcm[round(0.025 * RATE) :], 1 << 15)) ** 2
    ring = f[(f > 700) & (f < 1300)][np.argmax(late[(f > 700) & (f < 1300)])]
    assert 850 < ring < 1050
    around = np.median(late[(f > 600) & (f < 1300)])
    assert late[(f > 850) & (f < 1050)].max() > 30 * around


def test_soft_ground_kills_the_ring_of_a_ball() -> None:
    hard = struck(strikes("basketball", speeds=[4.4], set_="outdoor_court"))[0]
    soft = struck(strikes("basketball", speeds=[4.4], set_="park"))[0]
    assert centroid(soft.pcm) < 0.8 * centroid(hard.pcm)


def test_rim_clangs_and_board_thuds() -> None:
    board, rim, *_ = struck(jump_shot())
    t = slice(round(0.06 * RATE), round(0.4 * RATE))
    assert centroid(rim.pcm[t]) > 2 * centroid(board.pcm[t])
    assert lasts(rim.pcm, 40) > 1.5 * lasts(struck(strikes())[0].pcm, 40)
    spectrum = np.abs(np.fft.rfft(rim.pcm, 1 << 16))
    f = np.fft.rfftfreq(1 << 16, 1 / RATE)
    band = (f > 300) & (f < 3500)
    peaks = (spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:]) & band[1:-1]
    strong = peaks & (spectrum[1:-1] > 0.03 * spectrum[band].max())
    assert strong.sum() >= 5  # partials, not a tone


def test_where_a_board_is_hit_changes_its_sound() -> None:
    take = jump_shot()
    point = np.array(take.contacts.point)
    point[0] = (0.85, 0.0, 3.9)
    corner = replace(take, contacts=replace(take.contacts, point=point))
    middle, edge = struck(take)[0].pcm, struck(corner)[0].pcm
    assert loudest(edge) < loudest(middle)


def test_lying_things_ring_shorter_than_thrown_ones() -> None:
    free = struck(strikes("cup", set_="studio", speeds=[1.5], seconds=2.0))[0]
    twice = struck(strikes("cup", set_="studio", at_s=[0.25, 0.28], speeds=[1.5, 0.05], seconds=2.0))[0]
    assert lasts(twice.pcm) < 0.8 * lasts(free.pcm)


def test_an_impulse_that_holds_weight_too_is_not_taken_for_a_blow() -> None:
    take = strikes("block", speeds=[0.3])
    leaning = replace(take, contacts=replace(take.contacts, impulse=take.contacts.impulse * 50))
    assert db(loudest(struck(leaning)[0].pcm) / loudest(struck(take)[0].pcm)) < 4


@pytest.mark.parametrize("kind", [kind for kind in library.names("props") if library.prop(kind).fixed])
def test_every_fixed_thing_answers(kind: str) -> None:
    (sound,) = struck(strikes("marble", on=kind, speeds=[2.0]))
    (floor,) = struck(strikes("marble", speeds=[2.0], set_="park"))
    if library.prop(kind).material == "fabric":  # cushions are softer than grass
        assert 0 < loudest(sound.pcm) < loudest(floor.pcm)
    else:
        assert loudest(sound.pcm) > loudest(floor.pcm)


@pytest.mark.parametrize("kind", [kind for kind in library.names("props") if not library.prop(kind).fixed])
def test_every_thing_can_be_struck_on_every_ground(kind: str) -> None:
    placed = thing_of(kind)
    grounds = [library.set_(name).ground for name in library.names("sets")] + ["sand", "ice", "steel", "cork"]
    take = quiet(fake_take(things=[placed], seconds=3.0))
    rows = [{"time": clock.ticks(0.1 + 0.2 * n), "material_b": g} for n, g in enumerate(grounds)]
    speed = 1.5
    contacts = table(
        Contacts, rows, a=0, b=-1, material_a=placed.thing.material, normal_speed=speed, duration=0.004,
        impulse=1.4 * speed * placed.thing.mass_kg, slip_speed=0.5, part_b="floor",
    )  # fmt: skip
    sounds = struck(replace(take, contacts=contacts))
    assert len(sounds) == len(grounds)
    for sound in sounds:
        assert np.isfinite(sound.pcm).all()
        assert 0 < np.abs(sound.pcm).max() < 400  # never an explosion
        assert len(sound.pcm) <= 4.2 * RATE
        assert np.abs(sound.pcm[-8:]).max() < 0.01 * np.abs(sound.pcm).max()


def test_people_and_hands_can_be_struck() -> None:
    take = strikes("basketball", speeds=[3.0])
    for part in ("left_hand", "chest"):
        sides = {"b": np.array([-2], np.int32), "part_b": np.array([part]), "material_b": np.array(["skin"])}
        (sound,) = struck(replace(take, contacts=replace(take.contacts, **sides)))
        assert 60 < db(loudest(sound.pcm) / 2e-5) < 100


# ── nets and hands ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_net_swishes_when_the_ball_goes_through_and_only_then() -> None:
    take, at = through_the_hoop()
    (swish,) = balls.swishes(take)
    assert abs(swish.start / RATE - at) < 0.06
    assert 900 < centroid(swish.pcm) < 5000
    past, _ = through_the_hoop(x=0.6)
    assert balls.swishes(past) == []
    up = replace(take, thing_position=take.thing_position[::-1])
    assert balls.swishes(up) == []


def test_a_ball_in_the_net_is_one_swish_and_no_blow() -> None:
    take, at = through_the_hoop()
    row = {
        "time": clock.ticks(at + 0.02),
        "a": 0,
        "b": 1,
        "part_b": "net",
        "material_a": "rubber",
        "material_b": "fabric",
    }
    row |= {"normal_speed": 1.7, "slip_speed": 5.0, "impulse": 0.95, "duration": 0.043}
    falling = replace(take, contacts=table(Contacts, [row]))
    assert len(balls.swishes(falling)) == 1
    assert struck(falling) == []
    brushing = replace(through_the_hoop(x=0.6)[0], contacts=falling.contacts)
    (brush,) = balls.swishes(brushing)
    assert loudest(brush.pcm) < loudest(balls.swishes(falling)[0].pcm)


def test_a_catch_slaps_unless_the_contact_is_there_already() -> None:
    take, _ = through_the_hoop()
    caught = replace(take, holds=table(Holds, [{"time": clock.ticks(0.8), "kind": "catch", "thing": 0, "person": 0}]))
    (slap,) = balls.catches(caught)
    assert slap.start == round(0.8 * RATE)
    row = {"time": clock.ticks(0.81), "a": 0, "b": -2}
    assert balls.catches(replace(caught, contacts=table(Contacts, [row]))) == []
    let_go = table(Holds, [{"time": clock.ticks(0.8), "kind": "release", "thing": 0}])
    assert balls.catches(replace(take, holds=let_go)) == []


# ── rolling and scraping ──────────────────────────────────────────────────────────────────────────────────────────────


def rubbed(take: Take) -> list[Sound]:
    return friction.frictions(take, bodies.Cast(take))


@pytest.mark.parametrize(("kind", "slip"), [("bowling_ball", 0.0), ("marble", 0.0), ("basketball", 0.0), ("box", 1.0)])
def test_rolling_and_scraping_fade_without_clicks(kind: str, slip: float) -> None:
    for sound in rubbed(stream(kind, speed=1.0, slip=slip)):
        edge = sound.pcm[: round(0.002 * RATE)], sound.pcm[-round(0.002 * RATE) :]
        assert max(np.abs(e).max() for e in edge) < 0.01 * np.abs(sound.pcm).max()
        assert np.abs(np.diff(sound.pcm)).max() < 1.2 * np.abs(sound.pcm).max()


def test_a_trembling_solver_is_not_heard_as_a_buzz() -> None:
    """The same roll with forces logged at 1 kHz and trembling sounds no more like 1 kHz than like its neighbours."""
    pcm = np.concatenate([s.pcm for s in rubbed(stream("bowling_ball", speed=1.5, rate=1000, seconds=3.0))])
    power = np.abs(np.fft.rfft(pcm)) ** 2
    f = np.fft.rfftfreq(len(pcm), 1 / RATE)
    for line in (500.0, 1000.0, 2000.0):
        at = power[np.abs(f - line) < 3].mean()
        near = power[(np.abs(f - line) > 20) & (np.abs(f - line) < 120)].mean()
        assert at < 6 * near


def test_faster_rolls_louder_and_brighter_and_heavier_louder() -> None:
    def level(kind: str, speed: float) -> tuple[float, float]:
        pcm = np.concatenate([s.pcm for s in rubbed(stream(kind, speed=speed))])
        return db(loudest(pcm) / 2e-5), centroid(pcm)

    slow, fast = level("bowling_ball", 0.5), level("bowling_ball", 3.0)
    assert fast[0] > slow[0] + 3
    assert fast[1] > slow[1]
    assert level("bowling_ball", 1.0)[0] > level("marble", 1.0)[0] + 10


def test_grass_rustles_and_boards_rumble_under_a_ball() -> None:
    def tone(set_: str) -> float:
        return centroid(np.concatenate([s.pcm for s in rubbed(stream("football", speed=2.0, set_=set_))]))

    assert tone("park") > 2 * tone("gym")


def test_what_lies_still_is_silent() -> None:
    assert rubbed(stream("block", speed=0.0, slip=0.002)) == []
    assert rubbed(fake_take()) == []


# ── steps and voices ──────────────────────────────────────────────────────────────────────────────────────────────────


def stepped(take: Take) -> list[Sound]:
    return footsteps.footsteps(take, bodies.Cast(take))


def test_steps_begin_on_time_and_landing_is_louder() -> None:
    (walk,) = stepped(steps(at_s=[0.31]))
    assert abs((walk.start + onset(walk.pcm)) / RATE - 0.31) < 0.002
    (land,) = stepped(steps(part="flat", load=3.5, speed=2.5))
    assert db(loudest(land.pcm) / loudest(walk.pcm)) > 12


@pytest.mark.parametrize("material", library.names("materials"))
def test_every_ground_can_be_walked_on(material: str) -> None:
    for part in ("heel", "ball", "flat", "push", "slide"):
        for sound in stepped(steps(part=part, material=material, load=1.5)):
            assert np.isfinite(sound.pcm).all()
            assert 0 < np.abs(sound.pcm).max() < 10


def test_grass_rustles_and_wood_knocks() -> None:
    def tone(material: str) -> float:
        return float(np.mean([centroid(s.pcm) for s in stepped(steps(material=material, at_s=[0.1, 0.4, 0.7]))]))

    assert tone("grass") > 2 * tone("parquet")


def test_two_steps_are_never_the_same() -> None:
    one, two = stepped(steps(at_s=[0.2, 0.6]))
    assert not np.allclose(one.pcm[:2000], two.pcm[:2000])


def test_clothes_rustle_when_a_body_moves_and_not_when_it_stands() -> None:
    take = talk()
    assert cloth.rustles(take) == []
    joints = np.array(take.person_joints)
    swing = 1.2 * np.sin(2 * np.pi * 1.5 * np.arange(240) / 240)
    for arm in range(20, 60):  # both arms with all fingers
        joints[120:360, 0, arm, 0], joints[120:360, 0, arm, 1] = np.cos(swing / 2), np.sin(swing / 2)
    (sound,) = cloth.rustles(replace(take, person_joints=joints))
    assert 0.3 * RATE < sound.start < 0.55 * RATE
    assert len(sound.pcm) < 1.4 * RATE
    assert 20 < db(loudest(sound.pcm) / 2e-5) < 48


def test_voices_start_at_their_sample_and_are_equally_loud() -> None:
    (line,) = dialogue.dialogue(talk(at_s=0.3), FakeVoices())
    assert line.start == round(0.3 * RATE)
    assert np.sqrt(np.mean(line.pcm**2)) == pytest.approx(dialogue.VOICE_PA, rel=0.3)

    class Shouting(FakeVoices):
        def speak(self, text, voice, *, language, mood):  # type: ignore[no-untyped-def]
            spoken = super().speak(text, voice, language=language, mood=mood)
            return replace(spoken, pcm=spoken.pcm * 4)

    (loud,) = dialogue.dialogue(talk(at_s=0.3), Shouting())
    assert np.allclose(loud.pcm, line.pcm, rtol=1e-4, atol=1e-7)


def test_a_vocal_action_is_asked_for_by_its_name() -> None:
    asked = []

    class Listening(FakeVoices):
        def vocalise(self, kind, voice, *, seed):  # type: ignore[no-untyped-def]
            asked.append((kind, seed))
            return super().vocalise(kind, voice, seed=seed)

    take = talk()
    laugh = replace(take, utterances=replace(take.utterances, kind=np.array(["laugh"])))
    assert len(dialogue.dialogue(laugh, Listening())) == 1
    assert asked == [("laugh", take.seed)]
