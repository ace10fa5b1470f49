"""What should be heard in a film, by its Takes: strikes and steps one by one, and stretches in which somebody speaks.

How loud a strike is in the end no Take says: faders, room and distance stand between. What it says is how much energy
the strike has, ½ J v; of two strikes of the same two things the one of more energy is louder.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..take import Take

if TYPE_CHECKING:
    from .truth import Truth

Array = NDArray[Any]

LEAST_SPEED = 0.01
"""Slower touches make no sound [m/s]."""
LIMP = ("net",)
"""Parts that give way: nothing is struck, they swish."""
RUNG_S, SWISH_S = 0.15, 0.45
"""How long a voice lingers in a room, and a net moves."""
_FOOT_KG = 1.5


@dataclass(frozen=True, kw_only=True)
class Strike:
    """Something that is heard as one short sound."""

    time_s: float
    """On the film's clock."""
    what: str
    """In plain words: "ball strikes the floor"."""
    pair: tuple[str, ...]
    """What strikes what: equal for strikes that sound alike but for their loudness."""
    kinds: tuple[str, ...] = ()
    """The same, but for size."""
    size_m: float = 0.0
    """Longest side of the moving thing, of the smaller if both move; 0 for feet and hands."""
    energy: float
    """½ · impulse · approach speed [J]."""
    step: bool = False
    """A foot."""
    scene: int = 0
    row: int = -1
    """Row of the Take's contacts (footfalls for a step); -1 for a catch."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch in which sounds begin that are no strikes."""

    start_s: float
    end_s: float
    spoken: bool
    """Somebody speaks, laughs or sighs; otherwise something rolls, slides or swishes."""


def strikes(truth: Truth) -> list[Strike]:
    """Every strike, step and catch of a film, in order."""
    made: list[Strike] = []
    for scene, take in enumerate(truth.takes):
        made += _contacts(truth, scene, take)
        made += _steps(truth, scene, take)
        made += _catches(truth, scene, take)
    return sorted(made, key=lambda strike: strike.time_s)


def spans(truth: Truth) -> list[Span]:
    """Where a film speaks, rolls, slides and swishes, in order."""
    made: list[Span] = []
    for scene, take in enumerate(truth.takes):
        for start, end in _spoken(take):
            made.append(_span(truth, scene, start, end, 0.05, RUNG_S, spoken=True))
        streams = take.streams
        for stream in np.unique(streams.stream):
            ticks = streams.time[streams.stream == stream]
            made.append(_span(truth, scene, int(ticks.min()), int(ticks.max()), 0.02, 0.1, spoken=False))
        for tick in _swishes(take):
            made.append(_span(truth, scene, tick, tick, 0.1, SWISH_S, spoken=False))
    return sorted(made, key=lambda span: span.start_s)


class Stretches:
    """Times that lie in any of some spans: `time_s in stretches`."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._ends: list[float] = []
        self._starts: list[float] = []
        for span in sorted(spans, key=lambda span: span.start_s):
            if self._ends and span.start_s <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end_s)
            else:
                self._starts.append(span.start_s)
                self._ends.append(span.end_s)

    def __contains__(self, time_s: float) -> bool:
        at = bisect_right(self._starts, time_s) - 1
        return at >= 0 and time_s <= self._ends[at]


def name_of(take: Take, index: int, part: str = "") -> str:
    """A thing, person or the ground in plain words."""
    if index == -1:
        return "the ground"
    if index <= -2:
        person = take.people[-2 - index].name if -2 - index < len(take.people) else "somebody"
        return f"{person}'s {part}" if part else person
    name = take.things[index].id.replace("_", " ")
    return f"{name} ({part})" if part else name


def _span(truth: Truth, scene: int, start: int, end: int, early_s: float, late_s: float, *, spoken: bool) -> Span:
    return Span(
        start_s=truth.film_time(scene, start) - early_s, end_s=truth.film_time(scene, end) + late_s, spoken=spoken
    )


def _contacts(truth: Truth, scene: int, take: Take) -> Iterator[Strike]:
    table = take.contacts
    for row in range(len(table.time)):
        tick, speed, impulse = int(table.time[row]), float(table.normal_speed[row]), float(table.impulse[row])
        parts = (str(table.part_a[row]), str(table.part_b[row]))
        if not 0 <= tick < take.duration or not speed > LEAST_SPEED or not impulse > 0:
            continue
        if any(limp in part for part in parts for limp in LIMP):
            continue
        bodies = (int(table.a[row]), int(table.b[row]))
        names = [name_of(take, index, part) for index, part in zip(bodies, parts, strict=True)]
        if bodies[0] < 0 <= bodies[1]:
            names.reverse()
        yield Strike(
            time_s=truth.film_time(scene, tick),
            what=f"{names[0]} strikes {names[1]}",
            pair=tuple(sorted(_kind(take, i, p) for i, p in zip(bodies, parts, strict=True))),
            kinds=tuple(sorted(_kind(take, i, p, size=False) for i, p in zip(bodies, parts, strict=True))),
            size_m=min((max(take.things[i].size) for i in bodies if i >= 0 and not take.things[i].fixed), default=0.0),
            energy=0.5 * impulse * speed,
            scene=scene,
            row=row,
        )


def _kind(take: Take, index: int, part: str, *, size: bool = True) -> str:
    """What makes two bodies sound alike."""
    if index == -1:
        return f"ground {take.place.ground_material}"
    if index <= -2:
        return f"person {part}"
    thing = take.things[index]
    return " ".join([thing.kind, thing.material, part, f"{max(thing.size):.3f}" if size and not thing.fixed else ""])


def _steps(truth: Truth, scene: int, take: Take) -> Iterator[Strike]:
    table = take.footfalls
    for row in range(len(table.time)):
        tick, part = int(table.time[row]), str(table.part[row])
        if not 0 <= tick < take.duration:
            continue
        speed = max(float(table.speed[row]), 0.0)
        yield Strike(
            time_s=truth.film_time(scene, tick),
            what=f"{name_of(take, -2 - int(table.person[row]))} sets a foot down ({part})",
            pair=("foot", part, str(table.material[row])),
            energy=0.0 if part == "push" else 0.5 * _FOOT_KG * speed**2,
            step=True,
            scene=scene,
            row=row,
        )


def _catches(truth: Truth, scene: int, take: Take) -> Iterator[Strike]:
    table = take.holds
    for row in range(len(table.time)):
        tick = int(table.time[row])
        if 0 <= tick < take.duration:
            who, what = name_of(take, -2 - int(table.person[row])), name_of(take, int(table.thing[row]))
            yield Strike(
                time_s=truth.film_time(scene, tick),
                what=f"{who} {'catches' if table.kind[row] == 'catch' else 'lets go of'} {what}",
                pair=("hand", str(table.kind[row])),
                energy=0.0,
                scene=scene,
            )


def _spoken(take: Take) -> Iterator[tuple[int, int]]:
    """Stretches of voice: from phone to phone of speech, the whole of a laugh."""
    said = take.utterances
    for row in range(len(said.start)):
        own = np.flatnonzero(take.phones.utterance == row)
        if len(own):
            yield int(take.phones.start[own].min()), int(take.phones.end[own].max())
        else:
            yield int(said.start[row]), int(said.end[row])


def _swishes(take: Take) -> Iterator[int]:
    """When something touches a net, or falls through a ring."""
    table = take.contacts
    for row in range(len(table.time)):
        if any(limp in str(part) for part in (table.part_a[row], table.part_b[row]) for limp in LIMP):
            yield int(table.time[row])
    for index, hoop in enumerate(take.things):
        if "rim_height" not in hoop.params:
            continue
        height = float(hoop.params["rim_height"]) + take.thing_position[0, index, 2]
        reach = float(np.max(hoop.size)) + 1.0
        for other, thing in enumerate(take.things):
            if thing.fixed or other == index:
                continue
            track = take.thing_position[:, other]
            down = np.flatnonzero((track[:-1, 2] > height) & (track[1:, 2] <= height))
            near = np.linalg.norm(track[down, :2] - take.thing_position[0, index, :2], axis=1) < reach
            yield from (int(take.time[n]) for n in down[near])
