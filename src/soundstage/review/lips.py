"""Lips against the voice: mouths measured in the picture, the phones of the Take, and the voice in the sound.

The lag of the lips is what cross-correlation finds between how far a mouth is seen to be open and how far its sounds
should open it; the voice's own lag is known to the sample. Their difference is what a viewer notices: positive, the
sound is late. Known weakness: phones tell only roughly how far a mouth opens, so r has a ceiling of about .95, and a
line of less than 0.6 s is not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .footage import Facts, Picture, Sound
from .mouths import Look, Mouths, Seen, expected, openings
from .rows import Moment, Row, not_measurable
from .truth import Truth
from .voices import KEYS as VOICE_KEYS
from .voices import Line, Voiced, Voices, lines
from .voices import make as make_voices

Array = NDArray[Any]

_LIPS = ("lip_lag", "lip_correlation", "mouth_right")
KEYS = (*VOICE_KEYS, *_LIPS)

FARTHEST_S, STEP_S = 0.3, 0.001
AROUND_S = 0.25
"""Before a line and after it a mouth is watched so long."""
LEAST_S, LEAST_SHARE = 0.6, 0.7
"""A line is measured if it lasts so long and its mouth is seen in so much of it."""
ENOUGH_S = 1.2
"""Speech below which a lag says more about its few sounds than about sync: "So close!" gives ±35 ms by itself."""
CLEAR = 0.5
"""Correlation under which a lag means nothing."""
MOVES = 0.03
"""A mouth moves if its opening spans so much [parts of its brightness]."""
MORE = 1.5
"""Another's mouth must move so much more, and fit at least as well, to be taken for the one that speaks."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """What is seen of one mouth during one line."""

    person: int
    time_s: Array
    opening: Array
    wanted: Array
    """How open the mouth should be for the sounds of the line, 0…1."""
    width_px: float
    lag_s: float
    """How late the mouth is against the sounds of the line."""
    r: float
    """Correlation at that lag."""

    @property
    def moves(self) -> float:
        """Span of the opening."""
        return float(np.percentile(self.opening, 90) - np.percentile(self.opening, 10))


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One line, and the mouths that are seen during it."""

    line: Line
    tracks: dict[int, Track] = field(default_factory=dict)
    """By person."""

    @property
    def own(self) -> Track | None:
        """The speaker's."""
        return self.tracks.get(self.line.person)


def make(facts: Facts, truth: Truth | None) -> Lips | None:
    """Somebody who listens to the voices and reads the lips."""
    if truth is None:
        return None
    return Lips(truth, make_voices(facts, truth), has_picture=facts.has_picture)


class Lips:
    """Sees and hears the whole film."""

    def __init__(self, truth: Truth, voices: Voices | None, *, has_picture: bool) -> None:
        self.truth, self.voices, self.has_picture = truth, voices, has_picture
        self.mouths = Mouths(truth)
        self._lines = lines(truth)
        self._scenes = sorted({line.scene for line in self._lines})

    def look(self, picture: Picture) -> None:
        if self.voices is not None:
            self.voices.look(picture)
        if self._lines and any(
            line.start_s - AROUND_S - FARTHEST_S <= picture.time_s <= line.end_s + AROUND_S + FARTHEST_S
            for line in self._lines
        ):
            self.mouths.look(picture)

    def listen(self, sound: Sound) -> None:
        if self.voices is not None:
            self.voices.listen(sound)

    def rows(self) -> Iterable[Row]:
        voiced: list[Voiced] = []
        if self.voices is not None:
            yield from self.voices.rows()
            voiced = self.voices.voiced
        if not self.has_picture:
            return
        if not self._lines:
            yield from (not_measurable(key, "nobody speaks in the film") for key in _LIPS)
            return
        spoken = [self._spoken(line) for line in self._lines]
        yield from _lag_rows(spoken, voiced, self._why_not(spoken))
        yield _right_row(spoken, self._why_not(spoken))

    def _spoken(self, line: Line) -> Spoken:
        sounds = _sounds(self.truth, line) if line.speech else None  # a laugh's mouth follows no phones
        if sounds is None:
            return Spoken(line=line)
        found: dict[int, Track] = {}
        for (scene, person), seen in self.mouths.seen.items():
            track = _track(sounds, seen, person) if scene == line.scene else None
            if track is not None:
                found[person] = track
        return Spoken(line=line, tracks=found)

    def _why_not(self, spoken: Sequence[Spoken]) -> str:
        """Why the speakers' mouths cannot be measured."""
        reasons: dict[str, int] = {}
        for one in spoken:
            for reason, count in self.mouths.seen.get((one.line.scene, one.line.person), Seen()).refused.items():
                reasons[reason] = reasons.get(reason, 0) + count
        if not reasons:
            return "no line lasts 0.6 s in the picture"
        main = max(reasons, key=lambda reason: reasons[reason])
        said = {"too small": "smaller than 12 px", "turned away": "turned away from the camera"}.get(main, main)
        return f"the speakers' mouths are mostly {said}"


@dataclass(frozen=True)
class _Sounds:
    start: Array
    end: Array
    ipa: list[str]


def _sounds(truth: Truth, line: Line) -> _Sounds | None:
    phones = truth.takes[line.scene].phones
    own = np.flatnonzero(np.asarray(phones.utterance) == line.row)
    if not len(own):
        return None
    start, end = (
        np.array([truth.film_time(line.scene, int(tick)) for tick in column[own]])
        for column in (phones.start, phones.end)
    )
    return _Sounds(start, end, [str(sign) for sign in phones.ipa[own]])


def _track(sounds: _Sounds, seen: Seen, person: int) -> Track | None:
    """The mouth of a person during a line; None if it is not seen enough."""
    first, last = float(sounds.start.min()), float(sounds.end.max())
    looks: list[Look] = seen.between(first - AROUND_S, last + AROUND_S)
    if last - first < LEAST_S or len(looks) < 6:
        return None
    time_s = np.array([look.time_s for look in looks])
    opening = openings(looks)
    typical = float(np.median(np.diff(time_s)))
    inside = np.sum((time_s >= first) & (time_s <= last)) * typical
    if inside < LEAST_SHARE * (last - first):
        return None
    lag, r = lag_of(sounds.start, sounds.end, sounds.ipa, time_s, opening)
    return Track(
        person=person,
        time_s=time_s,
        opening=opening,
        wanted=expected(sounds.start, sounds.end, sounds.ipa, time_s),
        width_px=float(np.median([look.width_px for look in looks])),
        lag_s=lag,
        r=r,
    )


def lag_of(start: Array, end: Array, ipa: list[str], time_s: Array, opening: Array) -> tuple[float, float]:
    """How late an opening (N,) is against its sounds [s], and its correlation there."""
    lags = np.arange(-FARTHEST_S, FARTHEST_S + STEP_S / 2, STEP_S)
    wanted = expected(start, end, ipa, (time_s[None, :] - lags[:, None]).ravel()).reshape(len(lags), -1)
    r = _correlations(wanted, opening)
    best = int(np.argmax(r))
    return float(lags[best]), float(r[best])


def _correlations(rows: Array, one: Array) -> Array:
    """Of each row with one more; 0 where either does not change."""
    a, b = rows - rows.mean(axis=1, keepdims=True), one - one.mean()
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b)
    return np.asarray(np.where(size > 1e-9, a @ b / np.maximum(size, 1e-9), 0.0))


def _lag_rows(spoken: Sequence[Spoken], voiced: Sequence[Voiced], why: str) -> Iterable[Row]:
    measured = [(one, one.own) for one in spoken if one.own is not None]
    if not measured:
        yield from (not_measurable(key, why) for key in ("lip_lag", "lip_correlation"))
        return
    weight = np.array([len(track.time_s) for _, track in measured], dtype=np.float64)
    r = np.array([track.r if track.moves >= MOVES else 0.0 for _, track in measured])
    late = {(v.line.scene, v.line.row): v.offset_s for v in voiced}
    moments, lags, clear = [], [], []
    for (one, track), fits in zip(measured, r, strict=True):
        voice = late.get((one.line.scene, one.line.row))
        if fits < CLEAR or voice is None:
            continue
        lag = 1000 * (voice - track.lag_s)
        lags.append(lag)
        clear.append(len(track.time_s))
        moments.append(Moment(time_s=one.line.start_s, what=f"{_quoted(one.line)}, voice {_late(lag)}", offset=lag))
    seen_s = sum(one.line.end_s - one.line.start_s for one, fits in zip((m[0] for m in measured), r, strict=True)
                 if fits >= CLEAR)  # fmt: skip
    if lags and seen_s < ENOUGH_S:
        yield not_measurable("lip_lag", f"only {seen_s:.1f} s of speech are seen: too little to tell 20 ms")
    elif lags:
        # Longer lines say more: the mean of all, each as much as it has pictures.
        worst = max(moments, key=lambda moment: abs(moment.offset or 0.0))
        yield Row(
            key="lip_lag",
            value=float(np.average(lags, weights=clear)),
            worst=worst,
            moments=tuple(moments),
            why=f"{len(lags)} of {len(spoken)} lines measured",
            series=_series(measured[int(np.argmax(weight))]),
        )
    else:
        reason = "no voice is recognised in the sound" if not any(v is not None for v in late.values()) else ""
        yield not_measurable("lip_lag", reason or "the mouths do not move with the words")
    least = int(np.argmin(r))
    said = tuple(
        Moment(time_s=one.line.start_s, what=f"{_quoted(one.line)}, r {fits:.2f}", offset=float(fits))
        for (one, _), fits in zip(measured, r, strict=True)
    )
    yield Row(
        key="lip_correlation",
        value=float(np.average(r, weights=weight)),
        worst=said[least],
        moments=said,
        why=f"{len(measured)} of {len(spoken)} lines measured",
    )


def _series(longest: tuple[Spoken, Track]) -> dict[str, list[float]]:
    _, track = longest
    curves = {"opening_s": track.time_s.round(4), "opening": track.opening.round(5), "wanted": track.wanted.round(4)}
    return {name: values.tolist() for name, values in curves.items()}


def _right_row(spoken: Sequence[Spoken], why: str) -> Row:
    """Whether the mouth that moves is the speaker's."""
    judged, wrong = 0, []
    for one in spoken:
        others = {person: track for person, track in one.tracks.items() if person != one.line.person}
        own = one.own
        own_moves = own.moves if own is not None else 0.0
        own_fits = own.r if own is not None else 0.0
        rival = max(others.values(), key=lambda track: track.moves * max(track.r, 0.0), default=None)
        if own is None and (rival is None or rival.moves < MOVES or rival.r < CLEAR):
            continue
        judged += 1
        silent = own is not None and (own_moves < MOVES or own_fits < CLEAR)
        outdone = (
            rival is not None and rival.moves >= MOVES and rival.r >= CLEAR
            and rival.moves > MORE * own_moves and rival.r >= own_fits
        )  # fmt: skip
        if silent or outdone:
            what = "another's mouth moves" if outdone else "the mouth does not move with the words"
            wrong.append(Moment(time_s=one.line.start_s, what=f"{_quoted(one.line)}, but {what}"))
    if not judged:
        return not_measurable("mouth_right", why)
    return Row(
        key="mouth_right",
        value=100.0 * (1 - len(wrong) / judged),
        worst=wrong[0] if wrong else None,
        moments=tuple(wrong),
        why=f"{judged} of {len(spoken)} lines judged",
    )


def _quoted(line: Line) -> str:
    text = line.text if len(line.text) <= 40 else line.text[:39] + "…"
    return f"{line.speaker}: “{text}”"


def _late(ms: float) -> str:
    return "in time" if abs(ms) < 0.5 else f"{abs(ms):.0f} ms {'late' if ms > 0 else 'early'}"
