"""Whether every strike is heard when it is seen: onsets in the decoded sound against the Takes' contacts.

Sound that is late counts positive, as in EBU R37. Soundstage puts the microphone near the action: its sound is not
delayed by distance, and none is allowed for here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .following import KEYS as FOLLOWING
from .following import follow_rows
from .footage import Facts, Picture, Sound
from .hearing import HOP_S, WINDOW_S, Onset, Onsets, band_levels
from .matching import Evidence, Fate, Heard, Matched, match, score
from .rows import Moment, Row, not_measurable
from .strikes import spans, strikes
from .truth import Truth

Array = NDArray[Any]

KEYS = ("sync_median", "sync_p95", "sync_worst", "steps_p95", "event_f1", "sounds_missing", "sounds_extra", *FOLLOWING)
_OFFSETS = KEYS[:3]


def make(facts: Facts, truth: Truth | None) -> Sync | None:
    """Somebody who listens for what the Takes say is struck."""
    return Sync(truth) if truth is not None and facts.has_sound else None


class Sync:
    """Hears the whole film, and compares."""

    def __init__(self, truth: Truth) -> None:
        self.strikes, self.spans = strikes(truth), spans(truth)
        self._ear: Onsets | None = None
        self._levels: list[Array] = []
        self._rest = np.zeros((0, 1), dtype=np.float32)
        self._rate = 48_000
        self._count = 0
        self._seen_s = 0.0

    def look(self, picture: Picture) -> None:
        """Contacts that are seen after the sound has ended should be heard, too."""
        self._seen_s = picture.time_s

    def listen(self, sound: Sound) -> None:
        if self._ear is None:
            self._ear, self._rate = Onsets(sound.rate), sound.rate
            self._rest = np.zeros((0, sound.samples.shape[1]), dtype=np.float32)
        self._ear.hear(sound.samples)
        self._count += len(sound.samples)
        self._rest = np.concatenate([self._rest, sound.samples])
        if len(self._rest) >= sound.rate:
            self._measure()

    def _measure(self) -> None:
        """Levels of the frames that are whole; the rest waits for more."""
        power = 10 ** (band_levels(self._rest, self._rate) / 10)
        self._levels.append(np.asarray(10 * np.log10(power.sum(axis=1)), dtype=np.float32))
        self._rest = self._rest[round(len(power) * HOP_S * self._rate) :]

    @property
    def evidence(self) -> Evidence:
        """What was heard, and what should have been."""
        onsets: list[Onset] = []
        if self._ear is not None:
            if len(self._rest) > WINDOW_S * self._rate:
                self._measure()
            onsets = self._ear.end()
        return Evidence(
            strikes=self.strikes,
            spans=self.spans,
            onsets=onsets,
            levels=np.concatenate(self._levels) if self._levels else np.zeros(0),
            end_s=max(self._count / self._rate, self._seen_s),
        )

    def rows(self) -> Iterable[Row]:
        matched = match(self.evidence)
        yield from _offset_rows([h for h in matched.heard if not h.strike.step], matched)
        yield _step_row([h for h in matched.heard if h.strike.step])
        yield _f1(matched)
        yield from _counts(matched)
        yield from follow_rows(matched)


def _offset_rows(heard: list[Heard], matched: Matched) -> Iterable[Row]:
    clear = [h for h in heard if h.fate is Fate.HEARD and h.alone]
    if not clear:
        why = _why_none(heard)
        for key in _OFFSETS:
            yield not_measurable(key, why)
        return
    offsets = np.array([1000 * h.offset_s for h in clear])
    moments = tuple(_moment(h) for h in clear)
    worst = int(np.argmax(np.abs(offsets)))
    series = {
        "contact_s": [round(h.strike.time_s, 5) for h in clear],
        "offset_ms": offsets.round(3).tolist(),
    }
    yield Row(key="sync_median", value=float(np.median(offsets)), moments=moments)
    yield Row(
        key="sync_p95",
        value=float(np.percentile(np.abs(offsets), 95)),
        worst=moments[worst],
        moments=moments,
        series=series,
        why=_left_out(heard),
    )
    yield Row(key="sync_worst", value=float(offsets[worst]), worst=moments[worst])


def _step_row(heard: list[Heard]) -> Row:
    clear = [h for h in heard if h.fate is Fate.HEARD and h.alone and h.strike.energy > 0]
    if not clear:
        return not_measurable("steps_p95", _why_none(heard, "step"))
    offsets = np.array([1000 * h.offset_s for h in clear])
    moments = tuple(_moment(h) for h in clear)
    worst = moments[int(np.argmax(np.abs(offsets)))]
    return Row(key="steps_p95", value=float(np.percentile(np.abs(offsets), 95)), worst=worst, moments=moments)


def _f1(matched: Matched) -> Row:
    counted = score(matched)
    if counted is None:
        return not_measurable("event_f1", _why_none([h for h in matched.heard if not h.strike.step]))
    value, heard, missing, extra = counted
    wrong = [*(_missing(h) for h in matched.of(Fate.MISSING)), *(_surplus(o) for o in matched.extra)]
    wrong.sort(key=lambda moment: moment.time_s)
    return Row(
        key="event_f1",
        value=value,
        why=f"{heard} heard, {missing} missing, {extra} extra",
        worst=wrong[0] if wrong else None,
        moments=tuple(wrong),
    )


def _counts(matched: Matched) -> Iterable[Row]:
    missing, extra = matched.of(Fate.MISSING), matched.extra
    if not any(h.fate in (Fate.HEARD, Fate.MISSING) for h in matched.heard):
        yield not_measurable("sounds_missing", _why_none([h for h in matched.heard if not h.strike.step]))
    else:
        gaps = tuple(_missing(h) for h in missing)
        strongest = max(missing, key=lambda h: h.strike.energy, default=None)
        worst = _missing(strongest) if strongest else None
        yield Row(key="sounds_missing", value=float(len(missing)), worst=worst, moments=gaps)
    loudest = max(extra, key=lambda onset: onset.level_db, default=None)
    surplus = tuple(_surplus(onset) for onset in extra)
    yield Row(
        key="sounds_extra", value=float(len(extra)), worst=_surplus(loudest) if loudest else None, moments=surplus
    )


def _why_none(heard: list[Heard], one: str = "contact") -> str:
    """Why no strike could be measured."""
    if not heard:
        return f"there is no {one} in the film"
    return f"no {one} is heard on its own: {_tally(heard)}"


def _left_out(heard: list[Heard]) -> str:
    """How many strikes could not be measured, and why; "" if all were."""
    rest = [h for h in heard if not (h.fate is Fate.HEARD and h.alone)]
    if not rest:
        return ""
    return f"{len(heard) - len(rest)} of {len(heard)} contacts measured; {_tally(rest)}"


def _tally(heard: list[Heard]) -> str:
    counted: dict[str, int] = {}
    for h in heard:
        reason = Fate.CROWDED.value if h.fate is Fate.HEARD else h.fate.value
        counted[reason] = counted.get(reason, 0) + 1
    return ", ".join(f"{n} {reason}" for reason, n in counted.items())


def _moment(heard: Heard) -> Moment:
    ms = 1000 * heard.offset_s
    when = "in time" if abs(ms) < 0.5 else f"{abs(ms):.1f} ms {'late' if ms > 0 else 'early'}"
    return Moment(time_s=heard.strike.time_s, what=f"{heard.strike.what}, heard {when}", offset=ms)


def _missing(heard: Heard) -> Moment:
    return Moment(time_s=heard.strike.time_s, what=f"{heard.strike.what}, and nothing is heard")


def _surplus(onset: Onset) -> Moment:
    return Moment(time_s=onset.time_s, what="a sound begins, and nothing is struck")
