"""A film → its review: one pass over the film with everything that watches it, rows in the order of the scorecard."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from ..errors import InputError
from .footage import MOST_SECONDS, Facts, Footage, Picture, Sound, open_film
from .references import Reference
from .rows import Review, Row, not_measurable, scorecard

if TYPE_CHECKING:
    from .truth import Truth

Progress = Callable[[str, int, int], None]
"""Told (step, done, of how many) as a film is watched."""
STEP = "review"


@dataclass(frozen=True)
class Entry:
    """A module of this room that has `KEYS`, the rows it gives, and `make(facts, truth) -> Observer | None`."""

    module: str
    cheap: bool = False
    """Whether it takes part at the end of `film`: all cheap ones together need 3 s for 5 s of 640x360."""


OBSERVERS: tuple[Entry, ...] = (
    Entry("observers.container", cheap=True),
    Entry("observers.ballistics", cheap=True),
    Entry("observers.tracked", cheap=True),
    Entry("observers.cadence", cheap=True),
    Entry("observers.cuts", cheap=True),
    Entry("observers.flicker", cheap=True),
    Entry("coherence"),
    Entry("people"),
    Entry("camerawork.path"),
    Entry("camerawork.warping"),
    Entry("camerawork.framing", cheap=True),
    Entry("observers.agreement"),
    Entry("observers.sharpness"),
    Entry("observers.exposure", cheap=True),
    Entry("observers.coding"),
    Entry("observers.fidelity"),
    Entry("observers.loudness", cheap=True),
    Entry("observers.levels", cheap=True),
    Entry("sync", cheap=True),
    Entry("lips", cheap=True),
)
"""Everything that watches films; THE place to add one."""


def review(
    film: str | os.PathLike[str],
    *,
    takes: Sequence[str | os.PathLike[str]] | None = None,
    references: Sequence[Reference] = (),
    seconds: float = MOST_SECONDS,
    cheap: bool = False,
    strict: bool = False,
    observers: Sequence[Entry] = OBSERVERS,
    progress: Progress | None = None,
) -> Review:
    """Measure a finished film.

    `takes` are the records of its scenes in order; without, those in the folder beside the film are taken, and with
    () none. `references` are frames rendered once more to compare with. At most `seconds` of the film are watched.
    `cheap` leaves out what takes long. An observer that fails costs its own rows only, unless `strict`. Of `observers`
    there may be fewer.

    Raises:
        InputError: the film or a Take cannot be read.
    """
    footage = open_film(film)
    facts = footage.facts
    files = beside(facts.path) if takes is None else tuple(Path(take) for take in takes)
    truth, notes = _truth(files, facts, given=takes is not None)
    truth = replace(truth, references=tuple(references)) if truth else None
    chosen = [entry for entry in observers if entry.cheap or not cheap]
    watchers = tuple(_watchers(chosen, facts, truth, strict=strict))
    if watchers:
        _watch(footage, watchers, seconds, progress)
    notes += footage.notes
    found = {row.key: row for watcher in watchers for row in watcher.rows()}
    skipped = {key for entry in OBSERVERS if entry not in chosen for key in _keys(entry)}
    unknown = _why_unknown(facts, truth is not None, skipped)
    rows = tuple(found.get(key) or not_measurable(key, unknown(key)) for key in scorecard())
    return Review(film=str(facts.path), facts=facts.json(), rows=rows, notes=tuple(dict.fromkeys(notes)))


def beside(film: Path) -> tuple[Path, ...]:
    """The Takes in the folder beside a film, FILM/*.take.npz, scene_2 before scene_10."""
    return tuple(sorted(film.with_suffix("").glob("*.take.npz"), key=lambda path: _natural(path.name)))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _truth(files: tuple[Path, ...], facts: Facts, *, given: bool) -> tuple[Truth | None, list[str]]:
    """What truly happened, if there is a record of it; one that was found and cannot be read is left, and said."""
    if not files or facts.size is None:
        return None, ["no Take: only what can be measured without the truth was measured"]
    from .truth import Truth

    wrong: Exception | None = None
    for screenplay in (facts.screenplay, facts.path.with_suffix("") / "screenplay.yaml", ""):
        if isinstance(screenplay, Path) and not screenplay.is_file():
            continue
        try:
            truth = Truth.of(files, facts.size, screenplay=screenplay)
            return truth, list(truth.notes)
        except (OSError, ValueError, KeyError, TypeError, BadZipFile, InputError) as error:
            wrong = wrong or error  # a comment that is no screenplay; or a Take that cannot be read, then all fail
    name = ", ".join(str(file) for file in files)
    what = str(getattr(wrong, "what", wrong)).partition("\n")[0]
    if given:
        raise InputError(f"{name} is not a Take that can be read: {what}", "give the .take.npz of the film") from None
    return None, [f"the Take beside the film was left out, it cannot be read: {what}"]


# ── watching ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Watcher:
    """One observer, which may fail without harm to the others."""

    def __init__(self, module: Any, facts: Facts, truth: Truth | None, *, strict: bool) -> None:
        self.keys: tuple[str, ...] = module.KEYS
        self.strict = strict
        self.failed: Exception | None = None
        self.observer: Any = self._tried(lambda: module.make(facts, truth))

    def attend(self, part: Picture | Sound) -> None:
        """Look at a picture or listen to sound."""
        if self.observer is None or self.failed:
            return
        if isinstance(part, Picture):
            self._tried(lambda: self.observer.look(part))
        elif hasattr(self.observer, "listen"):
            self._tried(lambda: self.observer.listen(part))

    def rows(self) -> Iterable[Row]:
        """What it found; if it failed, that it did."""
        found: Iterable[Row] = ()
        if self.observer is not None and not self.failed:
            found = self._tried(lambda: tuple(_checked(row) for row in self.observer.rows())) or ()
        if self.failed:
            why = f"measuring it failed: {type(self.failed).__name__}: {' '.join(str(self.failed).split())[:120]}"
            return tuple(not_measurable(key, why) for key in self.keys)
        return found

    def _tried(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            if self.strict:
                raise
            self.failed = error
            return None


def _checked(row: Row) -> Row:
    """A row as it came; what is no number is no value.

    Raises:
        ValueError: it is infinite or not a number.
    """
    if row.value is not None and not math.isfinite(row.value):
        raise ValueError(f"{row.key} is {row.value}")
    return row


def _watchers(chosen: Sequence[Entry], facts: Facts, truth: Truth | None, *, strict: bool) -> Iterator[_Watcher]:
    for entry in chosen:
        yield _Watcher(import_module(f".{entry.module}", __package__), facts, truth, strict=strict)


def _watch(footage: Footage, watchers: Sequence[_Watcher], seconds: float, progress: Progress | None) -> None:
    """Show the film to everybody, once."""
    facts = footage.facts
    total = max(1, round(min(facts.seconds or seconds, seconds) * 10))
    done = 0
    if progress:
        progress(STEP, 0, total)
    for part in footage.stream(seconds):
        for watcher in watchers:
            watcher.attend(part)
        if progress:
            at = part.time_s if isinstance(part, Picture) else part.start / part.rate
            done = max(done, min(round(at * 10), total))
            progress(STEP, done, total)
    if progress:
        progress(STEP, total, total)


def _why_unknown(facts: Facts, truth: bool, skipped: Collection[str]) -> Callable[[str], str]:
    """Why a row that nobody gave has no value."""

    def why(key: str) -> str:
        needs = scorecard()[key].needs
        if "picture" in needs and not facts.has_picture:
            return "the film has no picture"
        if "sound" in needs and not facts.has_sound:
            return "the film has no sound"
        if "take" in needs and not truth:
            return "no Take: the truth to compare with is not known"
        if "references" in needs:
            return "not compared with rendered references: ask for them with --references"
        if key in skipped:
            return "left out here: `soundstage review` measures it"
        return "nothing in the film to measure it by"

    return why


def _keys(entry: Entry) -> tuple[str, ...]:
    keys: tuple[str, ...] = import_module(f".{entry.module}", __package__).KEYS
    return keys
