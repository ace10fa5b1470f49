"""`plan` and `read`: a prompt becomes a screenplay, with an account of its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from ..errors import InputError, NotUnderstoodError
from ..screenplay.model import Character, Screenplay
from ..screenplay.quality import SIZES, Quality
from .frame import Frame
from .reading import LANGUAGES, read_frame
from .reading._language import concepts
from .reading._language import language as language_of
from .staging import Settings, stage

LONGEST_PROMPT = 4000
DEFAULT_FPS = 24


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A planned film, and what its prompt's words were taken to mean."""

    screenplay: Screenplay
    understood: tuple[str, ...]
    """Lines "phrase → meaning"."""


def plan(
    prompt: str, *, language: str | None = None, seconds: float | None = None, size: tuple[int, int] | None = None,
    fps: int | None = None, quality: Quality = "draft", seed: int | None = None, cast: Sequence[Character] = (),
) -> Screenplay:  # fmt: skip
    """The complete screenplay of a prompt: every value filled in, what was not understood listed in it.

    `seconds` [s], `size` [pixels], `fps` and `seed` override what the words, the quality and the prompt's own hash
    would choose. `language` is a code of `LANGUAGES`; None finds it from the words. Who of the `cast` is named in
    the prompt is that very person; clothes that are named hold for this film.

    Raises:
        InputError: the prompt is empty or too long, does not name somebody of the cast, or an option is wrong.
        NotUnderstoodError: nothing of the prompt was understood.
    """
    return read(
        prompt, language=language, seconds=seconds, size=size, fps=fps, quality=quality, seed=seed, cast=cast
    ).screenplay  # fmt: skip


def read(
    prompt: str, *, language: str | None = None, seconds: float | None = None, size: tuple[int, int] | None = None,
    fps: int | None = None, quality: Quality = "draft", seed: int | None = None, cast: Sequence[Character] = (),
) -> Reading:  # fmt: skip
    """As `plan`, with the account of what was understood."""
    settings = settings_of(prompt, seconds, size, fps, quality, seed)
    settings = replace(settings, given=tuple(cast))
    frame = read_frame(prompt, language or find_language(prompt), settings.given)
    if not (frame.figures or frame.items or frame.happenings or frame.place):
        raise NotUnderstoodError(
            f"nothing of this prompt was understood: {_short(prompt)}", f"what can be asked: {_offer()}"
        )
    _check_named(frame, settings.given)
    screenplay = stage(frame, settings)
    return Reading(screenplay=screenplay, understood=tuple(frame.understood))


def _check_named(frame: Frame, given: Sequence[Character]) -> None:
    """Nothing, if everybody who was given is in the film."""
    there = {f.given for one in (frame, *frame.later) for f in one.figures}
    for character in given:
        if character.id not in there:
            name = character.name or character.id
            raise InputError(
                f"the prompt does not speak of {name}, who is to be cast",
                f"use that name where {name} does something, such as: {name} waves in a park",
            )


def settings_of(
    prompt: str,
    seconds: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    quality: Quality = "draft",
    seed: int | None = None,
) -> Settings:
    """The options, checked."""
    if not prompt.strip():
        raise InputError(
            "the prompt is empty", "say what the film shows, such as: a tennis ball falls onto a wooden floor"
        )
    if len(prompt) > LONGEST_PROMPT:
        raise InputError(
            f"the prompt has {len(prompt)} characters, more than {LONGEST_PROMPT}",
            "tell one scene per film, in fewer words",
        )
    if quality not in SIZES:
        raise InputError(f"there is no quality {quality!r}", f"choose one of: {', '.join(SIZES)}")
    rates = get_args(Screenplay.model_fields["fps"].annotation)
    if fps is not None and fps not in rates:
        raise InputError(
            f"{fps} frames a second is not a rate of films here", f"choose one of: {', '.join(map(str, rates))}"
        )
    if seconds is not None and not 0 < seconds <= 3600:
        raise InputError(f"a film of {seconds:g} s cannot be made", "choose more than 0 and at most 3600 seconds")
    if size is not None and not all(32 <= side <= 7680 for side in size):
        raise InputError(f"a picture of {size[0]}×{size[1]} cannot be made", "choose sides between 32 and 7680 pixels")
    if seed is not None and not 0 <= seed < 2**31:
        raise InputError(f"the seed {seed} is out of range", "choose a seed from 0 to 2147483647")
    digest = hashlib.sha256(" ".join(prompt.split()).encode()).digest()
    return Settings(
        seed=int.from_bytes(digest[:4], "big") % 2**31 if seed is None else seed,
        size=SIZES[quality] if size is None else (size[0], size[1]), fps=DEFAULT_FPS if fps is None else fps,
        quality=quality, seconds=seconds,
    )  # fmt: skip


def find_language(prompt: str) -> str:
    """The language most of whose small words the prompt has; English if none has any."""
    if len(LANGUAGES) == 1:
        return LANGUAGES[0]
    words = set(prompt.casefold().split())
    scores = {code: len(words & language_of(code).words) for code in LANGUAGES}
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    return best if scores[best] else "en"


def _short(prompt: str) -> str:
    words = " ".join(prompt.split())
    return repr(words if len(words) <= 60 else words[:59] + "…")


def _offer() -> str:
    """One line that says what can be asked."""
    listed = vocabulary()
    parts = [f"{name} ({', '.join(listed[name][:8])} …)" for name in ("people", "actions", "things", "places")]
    return "; ".join(parts) + ". For example: a basketball player takes a jump shot and misses"


_LISTED = {
    "people": ("person",), "actions": ("act", "verb"), "things": ("thing",), "places": ("place",), "times": ("time",),
    "weather": ("weather",), "clothes": ("garment", "outfit"), "hair": ("hair", "beard"), "colours": ("adj",),
    "materials": ("adj",), "looks": ("adj",),
    "pictures": ("picture",), "moves": ("camera_verb",), "styles": ("look",), "arrangements": ("arrangement",),
    "manners": ("manner",), "hoop": ("part", "mark"), "grounds": ("surface",),
}  # fmt: skip
_INNER = {"light", "be", "have", "exist", "name", "make_of", "print", "go"}
"""Verbs that only help others."""


def vocabulary(language: str = "en") -> Mapping[str, tuple[str, ...]]:
    """What can be asked: one word for each thing known, by sort, in a language's own words."""
    from .reading._language import first_forms  # here: only listings need it

    words = first_forms(language)
    table = concepts()
    result: dict[str, tuple[str, ...]] = {}
    for name, classes in _LISTED.items():
        found: list[str] = []
        for cls in classes:
            for concept, form in words.get(cls, {}).items():
                if concept not in _INNER and _belongs(name, table.get(cls, {}).get(concept, {})):
                    found.append(form)
        result[name] = tuple(dict.fromkeys(found))
    return result


def _belongs(name: str, entry: object) -> bool:
    """Adjectives are listed by what they say."""
    keys = set(entry) if isinstance(entry, dict) else set()
    if name == "colours":
        return bool(keys & {"colour", "colours"}) and "material" not in keys
    if name == "materials":
        return "material" in keys
    if name == "looks":
        return not keys & {"colour", "colours", "material"}
    return True


__all__ = ["Frame", "Reading", "find_language", "plan", "read", "vocabulary"]
