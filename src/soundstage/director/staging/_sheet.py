"""The document while it is being filled."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from ...screenplay.model import Beat, Blocking, Character, Line, Outcome, Placement, Prop, Shot, Vec3, When
from ...screenplay.quality import Quality
from ..frame import Frame

NO_OUTCOME = Outcome(kind="none", via=())


@cache
def facts(table: str) -> dict[str, Any]:
    """library/data/<table>.toml."""
    return tomllib.loads((files("soundstage.library") / "data" / f"{table}.toml").read_text("utf-8"))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the caller asked for beside the words."""

    seed: int
    size: tuple[int, int]
    fps: int
    quality: Quality
    seconds: float | None
    given: tuple[Character, ...] = ()
    """Characters from files."""

    def rng(self, name: str) -> np.random.Generator:
        """A generator of its own for every stable name."""
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A moment of the story: how the document says it, and about when that will be [s]."""

    anchor: str
    of: str
    time: float
    late: float = 0.0
    """How long after the anchor it is [s]."""

    def when(self, offset_s: float = 0.0) -> When:
        """`offset_s` after it; of what hangs on nothing but the scene's clock, the time itself is kept."""
        late = self.time if self.anchor == "start" else self.late
        return When(anchor=self.anchor, of=self.of, offset_s=round(late + offset_s, 3))  # type: ignore[arg-type]


START = Cue(anchor="start", of="", time=0.0)


@dataclass(kw_only=True)
class Sheet:
    """Lists of records, and where the story has got to."""

    frame: Frame
    settings: Settings
    scene: str = "scene_1"
    taken: frozenset[str] = frozenset()
    """Ids of earlier scenes' records."""
    where: str = "studio"
    """Name of the set."""
    cast: list[Character] = field(default_factory=list)
    props: list[Prop] = field(default_factory=list)
    blocking: list[Blocking] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    """Item id → ids of its props."""
    feet: dict[str, Vec3] = field(default_factory=dict)
    heading: dict[str, float] = field(default_factory=dict)
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    """About when each line begins and ends [s]."""
    cues: dict[str, tuple[Cue, Cue]] = field(default_factory=dict)
    """Id of a happening of the frame → where it begins, and where it ends or touches something."""
    end: Cue = START
    """After what the story goes on."""
    begin: Cue = START
    """Start of what happened last, for what happens together with it."""
    brisk: bool = False
    """Less time is given than the story would like."""
    seconds: float = 0.0
    """About when everything told so far has been seen."""

    def rng(self, name: str) -> np.random.Generator:
        """A generator of its own for every stable name."""
        return self.settings.rng(f"{self.scene}/{name}")

    def ids(self) -> set[str]:
        """All names in use."""
        lists: list[list[Any]] = [self.cast, self.props, self.beats, self.lines, self.shots]
        found = {record.id for records in lists for record in records}
        return found | self.taken

    def fresh(self, stem: str) -> str:
        """`stem`, numbered if it is taken."""
        taken, number, name = self.ids(), 1, stem[:36]
        while name in taken:
            number += 1
            name = f"{stem[:36]}_{number}"
        return name

    def beat(
        self, actor: str, action: str, when: When, *, target: str = "", prop: str = "",
        manner: tuple[str, ...] = (), outcome: Outcome = NO_OUTCOME,
    ) -> str:  # fmt: skip
        """Add a beat; its id."""
        name = self.fresh(f"{actor}_{action}")
        self.beats.append(
            Beat(
                id=name, scene=self.scene, actor=actor, action=action, target=target, prop=prop, manner=manner,
                when=when, outcome=outcome,
            )
        )  # fmt: skip
        return name

    def cues_of_line(self, line: str) -> tuple[Cue, Cue]:
        """Where a line begins and ends."""
        begin, end = self.spans[line]
        return Cue(anchor="line_start", of=line, time=begin), Cue(anchor="line_end", of=line, time=end)

    def seen_until(self, time: float) -> None:
        """The film shows at least up to this time."""
        self.seconds = max(self.seconds, time)


def place(
    at: Vec3, heading_deg: float = 0.0, *, relation: str = "free", target: str = "",
    pitch_deg: float = 0.0, roll_deg: float = 0.0,
) -> Placement:  # fmt: skip
    """A placement, rounded to tenths of millimetres and thousandths of degrees."""
    x, y, z = (round(float(v), 4) + 0.0 for v in at)
    return Placement.model_validate(
        {
            "relation": relation, "target": target, "at": (x, y, z), "heading_deg": round(heading_deg, 3) + 0.0,
            "pitch_deg": round(pitch_deg, 3), "roll_deg": round(roll_deg, 3),
        }
    )  # fmt: skip
