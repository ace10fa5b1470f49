"""The laws that sounds are made from: modes, force pulses, decay, rooms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import fake_take
from sound_takes import quiet
from soundstage import library
from soundstage.sound import _kernel, banks, modes, pulse, rooms

SHAPES = ("solid", "plate", "bar", "shell", "ball", "hoop", "cloth", "soft", "body")


def test_ring_is_a_sum_of_damped_cosines() -> None:
    rng = np.random.default_rng(3)
    frequency, decay = rng.uniform(50, 15000, 7), rng.uniform(1, 500, 7)
    amplitude, phase = rng.normal(size=7), rng.uniform(0, 6, 7)
    t = np.arange(3001) / 48000
    slow = sum(
        a * np.exp(-d * t) * np.cos(2 * np.pi * f * t + p)
        for f, d, a, p in zip(frequency, decay, amplitude, phase, strict=True)
    )
    assert np.allclose(_kernel.ring(frequency, decay, amplitude, phase, 3001), slow, atol=1e-9)


def test_steel_bar_sounds_at_the_beam_formula() -> None:
    # A 300 mm × 5 mm steel bar: f1 = 1.028 h/L² sqrt(E/ρ) = 288 Hz, then 2.757, 5.404 …
    found = modes.bar(0.3, 0.005, 2e11, 7850, 0.29)
    expected = 1.028 * 0.005 / 0.3**2 * np.sqrt(2e11 / 7850)
    assert found[0] == pytest.approx(expected, rel=0.01)
    assert found[1:4] / found[0] == pytest.approx([2.757, 5.404, 8.933], rel=0.02)


def test_supported_plate_has_its_classical_ratios() -> None:
    frequency, waves = modes.plate((0.9, 0.6), 0.004, 6e10, 2500, 0.2)
    assert frequency[:5] / frequency[0] == pytest.approx([1, 1.92, 3.08, 3.46, 4.0], rel=0.01)
    assert waves[0].tolist() == [1, 1]
    assert (np.diff(frequency) >= 0).all()


def test_air_in_a_basketball_rings_near_950_hz_and_the_ball_breathes_near_200_hz() -> None:
    assert modes.cavity(0.12)[:3] == pytest.approx([947, 1520, 2044], rel=0.01)
    assert 150 < modes.breathing(0.1215, 0.61, 54_000) < 260


def test_small_glass_marble_is_silent_by_itself() -> None:
    assert len(modes.sphere(0.016, 6.2e10, 2500, 0.2)) == 0  # all ultrasonic: only the floor and the throw are heard


@settings(max_examples=40, deadline=None)
@given(scale=st.floats(1.1, 6.0))
def test_bigger_bodies_sound_lower(scale: float) -> None:
    small, large = (0.2, 0.1, 0.02), (0.2 * scale, 0.1 * scale, 0.02 * scale)
    for make in (
        lambda s: modes.block(s, 1e10, 700, 0.25),
        lambda s: modes.disc(s[0], s[2], 2e11, 7850, 0.29),
        lambda s: modes.cup(s[1], s[0], 0.1 * s[2], 7e10, 2200, 0.2, closed=False),
        lambda s: modes.hoop(s[0], s[2], 2e11, 7850),
        lambda s: modes.cavity(s[0]),
    ):
        assert make(large)[0] == pytest.approx(make(small)[0] / scale, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(duration=st.floats(2e-5, 0.02), offset=st.floats(0, 0.999), power=st.sampled_from([1.0, 1.5]))
def test_force_pulse_carries_its_impulse_and_begins_on_time(duration: float, offset: float, power: float) -> None:
    push = pulse.force(duration, offset=offset, power=power)
    assert push.sum() == pytest.approx(1.0, abs=1e-9)
    assert (push >= -1e-12).all()
    middle = float(np.sum(push * (np.arange(len(push)) + 0.5)))
    assert middle == pytest.approx(offset + duration * 48000 / 2, abs=0.55 + 0.01 * duration * 48000)


def test_hertz_times_of_the_reference() -> None:
    glass, wood = library.material("glass"), library.material("wood")
    modulus = pulse.reduced_modulus(glass.young, glass.poisson, wood.young, wood.poisson)
    mass = 2500 * np.pi / 6 * 0.016**3
    assert pulse.hertz_time(mass, 0.008, modulus, 1.0) == pytest.approx(9e-5, rel=0.3)
    assert pulse.hertz_time(mass, 0.008, modulus, 4.0) < pulse.hertz_time(mass, 0.008, modulus, 1.0)
    ratio = pulse.hertz_time(mass, 0.008, modulus, 3.2) / pulse.hertz_time(mass, 0.008, modulus, 0.1)
    assert ratio == pytest.approx(32**-0.2, rel=1e-6)


@given(duration=st.floats(1e-4, 0.02))
def test_pulse_spectrum_starts_at_one_and_falls(duration: float) -> None:
    assert pulse.spectrum(duration, np.array([0.0]))[0] == pytest.approx(1.0)
    assert pulse.spectrum(duration, np.array([10 / duration]))[0] < 0.01


@pytest.mark.parametrize("material", library.names("materials"))
@pytest.mark.parametrize("shape", SHAPES)
def test_every_material_has_a_bank_in_every_shape(material: str, shape: str) -> None:
    for size in ((0.03, 0.03, 0.03), (0.4, 0.2, 0.05)):
        mass = library.material(material).density * float(np.prod(size)) * 0.5
        for facts in ({}, {"round": True}, {"turned": True}):
            made = banks.bank(shape, size, material, mass, name="x", seed=1, facts=facts)
            columns = (made.frequency, made.free, made.held, made.mass, made.radiance)
            assert len({len(c) for c in columns}) == 1
            assert all(np.isfinite(c).all() and (c > 0).all() for c in columns)
            assert len(made.frequency) <= 60
            assert (made.held >= made.free).all()


def t60(material: str) -> float:
    """How long a plate of this stuff rings by itself at 1 kHz [s]."""
    return float(6.908 / banks.decay_free(library.material(material), np.array([1000.0]))[0])


def test_steel_rings_longer_than_wood_longer_than_rubber() -> None:
    assert t60("steel") > 3 * t60("wood") > 3 * 3 * t60("rubber")
    assert t60("glass") > t60("plastic")


def test_two_of_a_kind_differ_a_little_and_the_same_one_never() -> None:
    def one(name: str) -> banks.Bank:
        return banks.bank("solid", (0.024, 0.0075, 0.048), "plastic", 0.0095, name=name, seed=5)

    first, again, other = one("d1"), one("d1"), one("d2")
    assert np.array_equal(first.frequency, again.frequency)
    assert not np.array_equal(first.frequency, other.frequency)
    assert other.frequency[0] == pytest.approx(first.frequency[0], rel=0.2)


def test_slow_noise_is_smooth_and_has_unit_variance() -> None:
    x = _kernel.slow_noise(np.random.default_rng(0), 48000 * 60, 2.0)
    assert x.std() == pytest.approx(1.0, abs=0.2)
    assert np.abs(np.diff(x)).max() < 0.001


@pytest.mark.parametrize("name", ["gym", "living_room", "workshop", "studio"])
def test_rooms_decay_as_sabine_says(name: str) -> None:
    place = quiet(fake_take(set_=name)).place
    answer = rooms.response(place, seed=2)
    room = library.set_(name).room_m
    assert room is not None
    facts = rooms.facts("room", name)
    expected = rooms.sabine(room, facts["absorption"])
    for band in (2, 3, 4):  # 500 Hz, 1 kHz, 2 kHz
        centre = rooms.BANDS[band]
        heard = _kernel.band_pass(answer[:, 0], centre / 1.3, centre * 1.3, 2)
        energy = np.cumsum(heard[::-1] ** 2)[::-1]
        level = 10 * np.log10(energy / energy[0] + 1e-12)
        t = np.arange(len(level)) / 48000
        use = (level < -8) & (level > -28)
        slope = np.polyfit(t[use], level[use], 1)[0]
        assert -60 / slope == pytest.approx(expected[band], rel=0.2)


def test_bigger_rooms_ring_longer_and_outdoors_hardly() -> None:
    def energy(name: str) -> float:
        return float(np.sum(rooms.response(fake_take(set_=name).place, seed=1) ** 2))

    assert len(rooms.response(fake_take(set_="gym").place, 1)) > len(rooms.response(fake_take(set_="studio").place, 1))
    assert energy("park") < energy("outdoor_court") < energy("living_room")
