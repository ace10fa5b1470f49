"""Small real films for the tests of what is heard: a rehearsed Take, its real sound, and pictures that cost nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage import clock, sound
from soundstage.post.encode import encode
from soundstage.production import steps
from soundstage.review.footage import Picture, Sound, open_film
from soundstage.review.reviewing import beside
from soundstage.review.rows import Row
from soundstage.review.truth import Truth
from soundstage.screenplay import Screenplay, dump
from soundstage.sound.events import Stems
from soundstage.take import Take

Array = NDArray[Any]

RATE = clock.AUDIO_RATE


@dataclass(frozen=True)
class Reel:
    """What a film is made of."""

    screenplay: Screenplay
    takes: tuple[Take, ...]
    stems: Stems

    @property
    def mix(self) -> Array:
        return self.stems.mix

    @property
    def frames(self) -> int:
        return sum(len(take.camera.time) for take in self.takes)

    def contacts(self) -> list[float]:
        """Times of the first scene's contacts [s]."""
        return [clock.seconds(int(tick)) for tick in self.takes[0].contacts.time]


def reel(prompt: str, *, seconds: float | None = None, size: tuple[int, int] = (128, 72)) -> Reel:
    """A prompt, planned, rehearsed and scored; not shot."""
    play = steps.plan(prompt, language=None, seconds=seconds, size=size, fps=24, quality="draft", seed=None)
    return reel_of(play)


def reel_of(play: Screenplay) -> Reel:
    """A screenplay, rehearsed and scored; not shot."""
    takes = tuple(steps.rehearse(play))
    return Reel(play, takes, sound.score_film(takes, levels=play.sound.model_dump()))


def print_reel(
    reel: Reel,
    path: Path,
    *,
    mix: Array | None = None,
    takes: Sequence[Take] | None = None,
    draw: Callable[[int], Array] | None = None,
) -> Path:
    """The film as an mp4 with its Takes beside it; another mix, other Takes and drawn pictures (BGR) on request."""
    folder = path.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for frame in range(reel.frames if draw else 1):
        width, height = reel.screenplay.size
        picture = draw(frame) if draw else np.full((height, width, 3), 90, np.uint8)
        pictures.append(folder / f"{frame}.png")
        cv2.imwrite(str(pictures[-1]), picture)
    heard = np.asarray(reel.mix if mix is None else mix, dtype=np.float32)
    frames = pictures if draw else pictures * reel.frames
    encode(frames, heard, path, fps=24, metadata={"comment": dump(reel.screenplay)})
    for take in takes or reel.takes:
        take.save(folder / f"{take.scene}.take.npz")
    return path


def measured(film: Path, *modules: Any) -> Measured:
    """Rows of some modules of the review alone, each with `make(facts, truth)`, for a film with its Takes beside it."""
    footage = open_film(film)
    facts = footage.facts
    assert facts.size is not None
    truth = Truth.of(beside(film), facts.size, screenplay=facts.screenplay)
    observers = [observer for module in modules if (observer := module.make(facts, truth)) is not None]
    for part in footage.stream():
        for observer in observers:
            observer.look(part) if isinstance(part, Picture) else observer.listen(part)
    return Measured({row.key: row for observer in observers for row in observer.rows()})


@dataclass(frozen=True)
class Measured:
    """Rows by key."""

    rows: Mapping[str, Row]

    def __getitem__(self, key: str) -> float:
        """A value that must be there."""
        value = self.rows[key].value
        assert value is not None, self.rows[key].why
        return value

    @property
    def missed(self) -> set[str]:
        """Rows whose goal is missed."""
        return {key for key, row in self.rows.items() if row.met is False}


def sound_of(film: Path) -> Array:
    """Sound of an mp4, (N, 2), as long as its pictures."""
    footage = open_film(film)
    parts = list(footage.stream())
    frames = sum(isinstance(part, Picture) for part in parts)
    heard = np.concatenate([part.samples for part in parts if isinstance(part, Sound)])
    return np.asarray(heard[: frames * RATE // 24])


def with_sound(film: Path, mix: Array, out: Path) -> Path:
    """The film with another sound, its pictures coded once more, its Takes beside it."""
    folder = out.with_suffix("")
    shutil.copytree(film.with_suffix(""), folder)
    pictures = []
    footage = open_film(film)
    for part in footage.stream():
        if isinstance(part, Picture):
            pictures.append(folder / f"{part.index}.png")
            cv2.imwrite(str(pictures[-1]), part.rgb[..., ::-1])
    encode(pictures, np.asarray(mix, dtype=np.float32), out, fps=24, metadata={"comment": footage.facts.screenplay})
    return out


# ── sabotage ────────────────────────────────────────────────────────────────────────────────────────────────────────


def shifted(mix: Array, ms: float) -> Array:
    """The sound later by so much (earlier, if negative)."""
    count = round(abs(ms) * RATE / 1000)
    empty = np.zeros((count, mix.shape[1]), mix.dtype)
    return np.concatenate([empty, mix[: len(mix) - count]]) if ms > 0 else np.concatenate([mix[count:], empty])


def without_strike(reel: Reel, start_s: float, end_s: float) -> Array:
    """The mix without what effects and footsteps sound in a stretch of time, faded in and out."""
    a, b = round((start_s - 0.02) * RATE), round(end_s * RATE)
    count = b - a
    fade = np.minimum(np.minimum(1.0, np.arange(count) / 900), np.arange(count)[::-1] / 300)[:, None]
    mix = np.array(reel.mix)
    mix[a:b] -= (fade * (reel.stems.effects[a:b] + reel.stems.footsteps[a:b])).astype(np.float32)
    return mix


def with_click(mix: Array, at_s: float, level: float = 0.3) -> Array:
    """The mix with a short sharp noise added."""
    noise = np.random.default_rng(7).standard_normal((480, 1)) * np.exp(-np.arange(480) / 80)[:, None]
    at, out = round(at_s * RATE), np.array(mix)
    out[at : at + 480] += (level * noise).astype(np.float32)
    return out
