"""Reads library/data/actions.toml: what actions there are, their key poses, and when those come.

An action here is still free of any body: times may hang on how long a leap takes, sides on which hand is strong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...errors import InputError
from .channels import CHANNELS, INDEX, LATERAL, in_memory
from .sheets import sheets

SIDE_WORDS = ("strong", "weak", "both", "holding", "alone")
Key = tuple[float, float | None]
"""A time [s] and a value (radians where it is an angle); None leaves the channel alone."""

_WHEN = re.compile(r"^(?P<name>[a-z_]+)(?::(?P<part>[0-9.]+))?(?P<shift>[+-][0-9.]+)?$")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One entry of the table."""

    name: str
    seconds: float
    phases: tuple[tuple[str, float | str], ...] = ()
    leap: float = 0.0
    feet: str = "stay"
    face: float | None = None
    """[deg]"""
    release: Mapping[str, str] | None = None
    tremor: tuple[tuple[str, float, float, float, float], ...] = ()
    sound: str | None = None
    gaze: str = ""
    for_children: str = ""
    loop: tuple[float, float] | None = None
    times: int = 1
    support: str = ""
    """What carries the body in the posture this leads to (see the table's head); empty if it leads to none."""
    steps: tuple[tuple[float, str, float, float], ...] = ()
    """(when the foot comes down [s], its side, how far outwards and ahead of where it stood [m on 1.75 m])."""
    gait: str = ""
    """How it differs from plain walking or running; a name of the table's gaits."""
    away: bool = False
    """It leads away from its target."""
    take: str = ""
    """When the hands close on a thing."""
    pair: bool = False
    """Two do it together, actor and target."""
    apart: float = 0.0
    """Two who do it stand so far from each other [m on 1.75 m]."""
    meets: tuple[tuple[float, float], ...] = ()
    """(when [s], height of the hands that meet, as a part of the body's)."""
    drinks: bool = False
    """It needs something with a rim in the hands."""
    rises: bool = False
    """It only leads back to standing."""
    sheets: tuple[tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]], ...] = ()
    """(columns, rows) as written."""

    @property
    def goes(self) -> bool:
        """Whether it takes somebody somewhere."""
        return self.feet in ("walk", "run")


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How something is done."""

    name: str = ""
    tempo: float = 1.0
    size: float = 1.0
    leap: float = 1.0
    posture: Mapping[str, float] = field(default_factory=dict)
    hand: str = ""


def action_names() -> tuple[str, ...]:
    """Everything a person can do."""
    return tuple(sheets()["action"])


def manner_names() -> tuple[str, ...]:
    """Every adverb that changes how it is done."""
    return tuple(sheets()["manner"])


def gait_style(name: str) -> Mapping[str, Any]:
    """What sets a gait apart, as written; nothing for the plain ones."""
    if not name:
        return {}
    style: dict[str, Any] = dict(sheets()["gait"][name])
    if "landings" in style:
        style["landings"] = tuple(tuple(one) for one in style["landings"])
    return style


def thing_acts() -> Mapping[str, float]:
    """What things do by themselves → seconds to allow for it."""
    acts: Mapping[str, float] = sheets()["thing"]
    return acts


def carry(name: str) -> Mapping[str, float]:
    """Channels of somebody who holds something, as written."""
    pose: Mapping[str, float] = sheets()["carry"][name]
    return pose


def gesture_names() -> tuple[str, ...]:
    """All gestures of talking hands."""
    return tuple(sheets()["gesture"])


def gesture(name: str) -> Mapping[str, Mapping[str, float]]:
    """A gesture's pose and beat, as written."""
    form: Mapping[str, Mapping[str, float]] = sheets()["gesture"][name]
    return form


def mood(name: str) -> Mapping[str, Any]:
    """What a mood does to somebody who speaks in it."""
    moods = sheets()["mood"]
    entry: Mapping[str, Any] = moods.get(name, moods["neutral"])
    return entry


@cache
def action(name: str) -> Action:
    """An action by name.

    Raises:
        InputError: there is none of that name; lists those there are.
    """
    table = sheets()["action"]
    if name not in table:
        raise InputError(f"nobody here can {name!r}", f"choose one of: {', '.join(table)}")
    entry = dict(table[name])
    own = [entry] + [v for v in entry.values() if isinstance(v, dict) and "rows" in v]
    read = tuple(
        (tuple(sheet["columns"]), tuple(tuple(row) for row in sheet["rows"])) for sheet in own if "rows" in sheet
    )
    plain: dict[str, Any] = {
        key: tuple(tuple(x) if isinstance(x, list) else x for x in value) if isinstance(value, list) else value
        for key, value in entry.items()
        if key not in ("columns", "rows") and not (isinstance(value, dict) and "rows" in value)
    }
    made = Action(name=name, sheets=read, **plain)
    _check(made)
    return made


def _check(made: Action) -> None:
    for columns, rows in made.sheets:
        for column in columns[1:]:
            if column.endswith(".aim"):
                continue
            spread(column, strong=1, holding=(1,))
        for row in rows:
            if len(row) != len(columns):
                raise ValueError(f"action {made.name}: row {row[0]!r} has {len(row)} values for {len(columns)} columns")


@cache
def manner(names: tuple[str, ...]) -> Manner:
    """Adverbs together: factors multiply, postures add.

    Raises:
        InputError: an adverb is not known; lists those that are.
    """
    table = sheets()["manner"]
    tempo = size = leap = 1.0
    posture: dict[str, float] = {}
    hand = ""
    for name in names:
        if name not in table:
            raise InputError(f"nobody knows how to do something {name!r}", f"choose from: {', '.join(table)}")
        entry = table[name]
        tempo, size, leap = tempo * entry.get("tempo", 1), size * entry.get("size", 1), leap * entry.get("leap", 1)
        hand = entry.get("hand", hand)
        for channel, value in entry.get("posture", {}).items():
            posture[channel] = posture.get(channel, 0.0) + value
    return Manner(name=" ".join(names), tempo=tempo, size=size, leap=leap, posture=posture, hand=hand)


def spread(column: str, strong: int, holding: tuple[int, ...]) -> tuple[str, ...]:
    """The channels a column stands for; `strong` is 0 for a left-hander, 1 for a right-hander.

    Raises:
        ValueError: no such channel.
    """
    first, _, rest = column.partition(".")
    if column == "heels":
        return ("heels",)
    if first not in SIDE_WORDS:
        if column not in INDEX:
            raise ValueError(f"no channel {column!r}; there are: {', '.join(CHANNELS)}")
        return (column,)
    alone = (strong,) if len(holding) == 1 else ()
    sides = {"strong": (strong,), "weak": (1 - strong,), "both": (0, 1), "holding": holding, "alone": alone}[first]
    channels = tuple(f"{rest}.{'LR'[side]}" for side in sides)
    if any(channel not in INDEX for channel in channels):
        raise ValueError(f"no channel {rest!r} for a side; there are: {', '.join(CHANNELS)}")
    return channels


def value_of(channel: str, written: float, strong: int) -> float:
    """A written value as it is computed with, mirrored for left-handers."""
    mirrored = strong == 0 and channel in LATERAL
    return in_memory(channel, -written if mirrored else written)


def moment(
    when: float | str, phases: Mapping[str, tuple[float, float]], moments: Mapping[str, float], tempo: float
) -> float:
    """Seconds from the start of an action at which a row comes.

    `phases`: name → (start, length); `moments`: other names, such as "release".

    Raises:
        ValueError: it hangs on a phase that is not there.
    """
    if isinstance(when, int | float):
        return float(when) / tempo
    found = _WHEN.match(when)
    if found is None:
        raise ValueError(f"{when!r} is no moment")
    name = found["name"]
    if name in moments:
        start, length = moments[name], 0.0
    elif name in phases:
        start, length = phases[name]
    else:
        raise ValueError(f"no phase {name!r}; there are: {', '.join([*phases, *moments])}")
    return start + float(found["part"] or 0.0) * length + float(found["shift"] or 0.0)


def rows_of(
    sheet_rows: tuple[tuple[Any, ...], ...], loop: tuple[float, float] | None, times: int
) -> list[tuple[Any, ...]]:
    """Rows with the loop gone through `times` more often, in order of time."""
    rows = [tuple(row) for row in sheet_rows]
    if loop is None or times < 1:
        return rows
    start, end = loop
    inside = [row for row in rows if start < row[0] <= end]
    before, after = [row for row in rows if row[0] <= end], [row for row in rows if row[0] > end]
    extra = [(row[0] + (end - start) * n, *row[1:]) for n in range(1, times + 1) for row in inside]
    shift = (end - start) * times
    return [*before, *extra, *((row[0] + shift, *row[1:]) for row in after)]


__all__ = [
    "Action",
    "Key",
    "Manner",
    "action",
    "action_names",
    "carry",
    "gait_style",
    "gesture",
    "gesture_names",
    "manner",
    "manner_names",
    "moment",
    "mood",
    "rows_of",
    "spread",
    "thing_acts",
    "value_of",
]
