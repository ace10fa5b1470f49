"""Takes for the tests of sound: events written by hand over a place and things of the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fakes import Placed, fake_pieces, fake_take, fake_thing
from soundstage import clock, library
from soundstage.take import Footfalls, Holds, Person, Streams, Take, Utterances, empty, read_only

SILENT = {"ambience_level_db": -90.0}


def table(record: type[Any], rows: Sequence[Mapping[str, Any]], /, **defaults: Any) -> Any:
    """An event table from rows; columns that a row leaves out come from `defaults`, then from zero or ""."""
    if not rows:
        return empty(record)
    blank = empty(record)
    columns = {}
    for f in fields(record):
        like = getattr(blank, f.name)
        zero: Any = "" if like.dtype.kind == "U" else np.zeros(like.shape[1:]) if like.ndim > 1 else 0
        values = [row.get(f.name, defaults.get(f.name, zero)) for row in rows]
        array = np.array(values) if like.dtype.kind == "U" else np.array(values, dtype=like.dtype)
        columns[f.name] = read_only(array)
    return record(**columns)


def quiet(take: Take) -> Take:
    """The take with no ambience."""
    return replace(take, place=replace(take.place, **SILENT))


def thing_of(kind: str, **overrides: Any) -> Placed:
    """A thing of the library with the mass its material and size give it."""
    entry = library.prop(kind)
    if entry.mass_kg is None and "mass_kg" not in overrides:
        size = overrides.get("size", entry.size)
        part = {"sphere": np.pi / 6, "cylinder": np.pi / 4}.get(entry.shape, 1.0)
        stuff = library.material(overrides.get("material", entry.material))
        overrides["mass_kg"] = float(np.prod(size) * part * stuff.density)
    return fake_thing(kind, **overrides)


def strikes(
    kind: str = "basketball",
    *,
    at_s: Sequence[float] = (0.25,),
    speeds: Sequence[float] = (4.0,),
    set_: str = "living_room",
    seconds: float = 1.0,
    seed: int = 1,
    on: str = "",
    time_of_day: str = "noon",
    **overrides: Any,
) -> Take:
    """One thing that strikes the ground (or, with `on`, a fixed thing of that kind) at given times and speeds."""
    placed = [thing_of(kind, **overrides)] + ([fake_thing(on)] if on else [])
    take = fake_take(things=placed, set_=set_, seconds=seconds, seed=seed, time_of_day=time_of_day)
    thing = placed[0].thing
    e = library.prop(kind).restitution or 0.5
    other = placed[1].thing.material if on else take.place.ground_material
    rows = [
        {
            "time": clock.ticks(t),
            "impulse": thing.mass_kg * v * (1 + e),
            "normal_speed": v,
            "duration": 0.02,
        }
        for t, v in zip(at_s, speeds, strict=True)
    ]
    contacts = table(
        type(take.contacts),
        rows,
        a=0,
        b=1 if on else -1,
        material_a=thing.material,
        material_b=other,
        part_b="" if on else "floor",
        point=(0.0, 0.0, 0.0),
        normal=(0.0, 0.0, -1.0),
    )
    return replace(quiet(take), contacts=contacts)


def stream(
    kind: str,
    *,
    speed: float = 1.0,
    slip: float = 0.0,
    set_: str = "living_room",
    seconds: float = 1.5,
    seed: int = 1,
    rate: int = 1000,
    **overrides: Any,
) -> Take:
    """A thing that rolls (or slides) over the ground at a constant speed from 0.2 s to 0.3 s before the end."""
    take = quiet(fake_take(things=[thing_of(kind, **overrides)], set_=set_, seconds=seconds, seed=seed))
    times = np.arange(0.2, seconds - 0.3, 1 / rate)
    load = take.things[0].mass_kg * 9.81
    rng = np.random.default_rng(seed)
    rows = [
        {
            "time": clock.ticks(t),
            "point": (speed * t - 0.5, 0.0, 0.0),
            # A solver's forces tremble from step to step.
            "normal_force": load * (1 + 0.3 * rng.standard_normal()),
            "slip_speed": slip,
            "roll_speed": speed,
        }
        for t in times
    ]
    streams = table(
        Streams, rows, stream=0, a=0, b=-1, material_a=take.things[0].material, material_b=take.place.ground_material
    )
    return replace(take, streams=streams)


def person(name: str = "anna", **identity: Any) -> Person:
    """Somebody in sneakers."""
    return Person(
        id=name,
        name=name.title(),
        identity={"height_m": 1.75, "weight": 0.5, **identity},
        wardrobe=({"kind": "sneakers"},),
        voice={"engine": "espeak", "variant": "f2", "pitch": 60, "pitch_range": 50}
        | {"words_per_minute": 170, "formant_scale": 1.0},
    )


def steps(
    *,
    part: str = "heel",
    load: float = 1.0,
    speed: float = 0.5,
    set_: str = "gym",
    at_s: Sequence[float] = (0.3,),
    seconds: float = 1.0,
    material: str = "",
    seed: int = 1,
) -> Take:
    """Footfalls of one person."""
    take = quiet(fake_take(things=[], set_=set_, seconds=seconds, people=[person()], seed=seed))
    rows = [{"time": clock.ticks(t), "foot": n % 2} for n, t in enumerate(at_s)]
    falls = table(Footfalls, rows, part=part, load=load, speed=speed, material=material or take.place.ground_material)
    return replace(take, footfalls=falls)


def through_the_hoop(*, set_: str = "gym", seconds: float = 1.2, x: float = 0.0) -> tuple[Take, float]:
    """A ball that falls through the ring (or, with x = 0.6 m, past it), and when it is in the ring's plane [s]."""
    take = quiet(fake_take(things=[fake_thing("basketball"), *fake_pieces(set_)], set_=set_, seconds=seconds))
    t = take.time / clock.TICKS_PER_SECOND
    track = np.array(take.thing_position)
    track[:, 0] = np.stack([np.full_like(t, x), np.full_like(t, -0.375), 3.05 + 1.0 - 4.905 * t**2], axis=1)
    return replace(take, thing_position=read_only(track)), float(np.sqrt(1.0 / 4.905))


@dataclass(frozen=True)
class FakeSpeech:
    """Samples."""

    pcm: Any


class FakeVoices:
    """A hum with syllables instead of speech: known samples at a known length."""

    def speak(self, text: str, voice: Mapping[str, Any], *, language: str, mood: str) -> FakeSpeech:
        """0.08 s for each letter."""
        count = round(0.08 * len(text) * clock.AUDIO_RATE)
        t = np.arange(count) / clock.AUDIO_RATE
        hum = np.sin(2 * np.pi * 180 * t) + 0.5 * np.sin(2 * np.pi * 720 * t) + 0.2 * np.sin(2 * np.pi * 2300 * t)
        return FakeSpeech(pcm=(0.2 * hum * (0.6 + 0.4 * np.cos(2 * np.pi * 4 * t))).astype(np.float32))

    def vocalise(self, kind: str, voice: Mapping[str, Any], *, seed: int) -> FakeSpeech:
        """Half a second."""
        return self.speak("ha ha ", voice, language="en", mood="neutral")


def talk(*, at_s: float = 0.3, text: str = "so close!", set_: str = "living_room", seconds: float = 2.0) -> Take:
    """One person who says something."""
    take = quiet(fake_take(things=[], set_=set_, seconds=seconds, people=[person()]))
    row = {"start": clock.ticks(at_s), "end": clock.ticks(at_s + 0.08 * len(text)), "text": text}
    said = table(Utterances, [row], kind="speech", language="en", mood="neutral", line="l1")
    return replace(take, utterances=said)


def jump_shot(*, set_: str = "outdoor_court", seconds: float = 5.0, ambience_db: float = -46.0) -> Take:
    """The film's typical scene in rows: steps, a jump, a board, a rim, bounces that roll out, and a line."""
    base = fake_take(
        things=[fake_thing("basketball"), *fake_pieces(set_)],
        set_=set_,
        seconds=seconds,
        people=[person()],
        position=(3.0, -8.0, 1.6),
        look_at=(0.0, -2.0, 1.6),
    )
    ground = base.place.ground_material
    ball = base.things[0]
    rows: list[dict[str, Any]] = []

    def hit(
        time: float, speed: float, point: Sequence[float], what: int = -1, part: str = "", of: str = ground
    ) -> None:
        rows.append(
            {"time": clock.ticks(time), "b": what, "material_b": of, "part_b": part, "point": point}
            | {"normal_speed": speed, "impulse": ball.mass_kg * speed * 1.767}
        )

    hit(2.05, 6.2, (0.1, 0.0, 3.4), 1, "board", "glass")
    hit(2.19, 2.4, (0.1, -0.15, 3.05), 1, "rim", "steel")
    time, speed = 2.95, 7.4
    while time < seconds and speed > 0.3:
        hit(time, speed, (0.6 + time - 2.95, -1.5, 0.0))
        speed *= 0.767
        time += 2 * speed / 9.81
    contacts = table(type(base.contacts), rows, a=0, material_a=ball.material, duration=0.0121)
    walk = [(0.30, "heel", 0.5, 0.9, 0), (0.40, "ball", 0.3, 0.9, 0), (0.75, "heel", 0.5, 0.9, 1)]
    walk += [(0.85, "ball", 0.3, 0.9, 1), (1.20, "push", 0.0, 2.0, 0), (1.21, "push", 0.0, 2.0, 1)]
    walk += [(1.78, "ball", 2.4, 2.2, 0), (1.80, "ball", 2.4, 2.0, 1)]
    walk += [(1.83, "heel", 0.8, 2.6, 0), (1.86, "heel", 0.8, 2.5, 1)]
    falls = table(
        Footfalls,
        [{"time": clock.ticks(t), "part": p, "speed": v, "load": q, "foot": f} for t, p, v, q, f in walk],
        material=ground,
        point=(0.0, -4.6, 0.0),
    )
    said = table(
        Utterances,
        [{"start": clock.ticks(3.4), "end": clock.ticks(4.3), "text": "So close!"}],
        kind="speech",
        language="en",
        mood="disappointed",
        line="l1",
    )
    holds = table(Holds, [{"time": clock.ticks(1.5), "kind": "release"}])
    place = replace(base.place, ambience_level_db=ambience_db)
    return replace(base, contacts=contacts, footfalls=falls, utterances=said, holds=holds, place=place)
