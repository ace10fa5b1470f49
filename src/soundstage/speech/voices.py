"""Who speaks and how: a voice, a language and a mood made into numbers (library/data/voices.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..errors import InputError
from . import espeak


@dataclass(frozen=True, kw_only=True)
class Mood:
    """How something is said; see voices.toml for the meaning of each number."""

    pitch_st: float = 0.0
    range: float = 1.0
    rate: float = 1.0
    level_db: float = 0.0
    breath: float = 0.0
    tilt_db: float = 0.0
    formants: float = 1.0
    slope_st: float = 0.0
    tremor_st: float = 0.0
    jitter: float = 1.0
    whisper: bool = False


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A voice's build, as the engine and the vocoder need it."""

    f0_hz: tuple[float, float]
    centre_hz: float
    formants: tuple[tuple[int, ...], ...] = ()
    breath: float = 0.0
    jitter: float = 1.0
    tilt_db: float = 0.0
    whisper: bool = False
    extra: str = ""

    @property
    def engine_lines(self) -> str:
        """Lines of an eSpeak voice file."""
        lines = [f"pitch {self.f0_hz[0]:.0f} {self.f0_hz[1]:.0f}"]
        lines += [f"formant {n} {' '.join(map(str, row))}" for n, row in enumerate(self.formants)]
        return "\n".join([*lines, self.extra])


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A voice as the screenplay writes it, checked."""

    name: str
    variant: Variant
    pitch: float
    pitch_range: float
    words_per_minute: float
    formant_scale: float

    @property
    def pitch_factor(self) -> float:
        """Of the melody: an octave is 50 steps of `pitch`."""
        return float(2.0 ** ((self.pitch - 50.0) / 50.0))

    @property
    def f0_hz(self) -> float:
        """Middle of the neutral melody [Hz]."""
        return self.variant.centre_hz * self.pitch_factor


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("soundstage.library").joinpath("data", "voices.toml").read_text("utf-8"))


def section(name: str) -> Mapping[str, Any]:
    """A table of voices.toml."""
    table: Mapping[str, Any] = _data()[name]
    return table


def moods() -> tuple[str, ...]:
    """Every mood there is."""
    return tuple(section("moods"))


def variants() -> tuple[str, ...]:
    """Every voice there is."""
    return tuple(section("variants"))


def mood(name: str) -> Mood:
    """A mood by name. Raises InputError that lists the names."""
    if name not in section("moods"):
        raise InputError(f"nothing can be said in the mood {name!r}", f"choose one of: {', '.join(moods())}")
    return Mood(**section("moods")[name])


def language(code: str) -> str:
    """The engine's code for a language.

    Raises:
        InputError: nobody speaks it; the message lists the languages there are.
    """
    engine_code = str(section("languages").get(code, code)).lower()
    if engine_code not in espeak.languages():
        first = tuple(section("languages"))
        rest = [c for c in espeak.languages() if c not in first]
        raise InputError(f"no voice speaks {code!r}", f"choose one of: {', '.join(first)} (or {', '.join(rest)})")
    return engine_code


def voice(record: Mapping[str, Any]) -> Voice:
    """A voice from its JSON form; what is left out is as in voices.toml's defaults.

    Raises:
        InputError: the variant does not exist, or a number is out of its range.
    """
    values = {**section("defaults"), **record}
    name = str(values["variant"])
    if name not in section("variants"):
        raise InputError(
            f"there is no voice {name!r}", f"choose one of: {', '.join(v or repr('') for v in variants())}"
        )
    limits = {"pitch": (0, 99), "pitch_range": (0, 99), "words_per_minute": (80, 400), "formant_scale": (0.7, 1.5)}
    for key, (low, high) in limits.items():
        if not low <= float(values[key]) <= high:
            raise InputError(f"voice → {key} is {values[key]}", f"choose a value from {low} to {high}")
    entry = dict(section("variants")[name])
    entry["f0_hz"] = tuple(entry["f0_hz"])
    entry["formants"] = tuple(tuple(row) for row in entry.get("formants", ()))
    numbers = {key: float(values[key]) for key in limits}
    return Voice(name=name, variant=Variant(**entry), **numbers)
