"""What beats intend: which release or start has to come to what, and who watches whether it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ... import clock
from ...errors import ScreenplayError
from ...screenplay.model import Beat
from ...take import Array
from .hoops import Ring, Verdict, Watch, describe, fits, ring
from .records import Launch
from .script import Start, target_point
from .world import GROUND, World

if TYPE_CHECKING:
    from ..layout import Layout
    from ..motion.records import Release

SHOTS = ("jump_shot", "free_throw", "shoot", "throw")
"""Actions that are shots when they are aimed at a hoop."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A beat whose start is chosen so that it comes to something."""

    beat: Beat
    thing: int
    person: int
    """Who lets go; −1 if the thing starts by itself."""
    step: int
    position: Array
    """(3,) where it starts."""
    hand_velocity: Array
    """(3,) before it is let go; a prop's own start velocity."""
    kind: str
    """goes_in, misses or hits"""
    via: tuple[str, ...]
    ring: Ring | None = None
    target: int = GROUND
    """Thing, or −2−p for a person; for "hits"."""
    point: Array = field(default_factory=lambda: np.zeros(3))
    """(3,) what is aimed at; for "hits"."""
    must: bool = True
    """Whether not reaching it is an error (it was asked for) or a pity."""
    rolls: bool = False

    @property
    def words(self) -> str:
        """The outcome in words."""
        if self.kind == "hits":
            return f"hits {self.beat.target}"
        return describe(self.kind, self.via)


class Watcher(Protocol):
    """Looks on, and knows what became of a goal."""

    def __call__(self, step: int, run: Any) -> bool: ...

    def reached(self) -> bool:
        """Whether the goal was reached."""

    def failed(self) -> bool:
        """Whether it can no longer be reached. Neither reached nor failed: the scene ended before."""

    def found(self) -> str:
        """What happened, in words."""


class ShotWatcher:
    """Follows a shot at a hoop."""

    def __init__(self, goal: Goal, world: World) -> None:
        assert goal.ring is not None
        self._goal = goal
        self._world = world
        self.watch = Watch(
            ring=goal.ring,
            geoms={g: geom.part for g, geom in enumerate(world.geoms) if geom.owner == goal.ring.hoop},
            ball={g for g, geom in enumerate(world.geoms) if geom.owner == goal.thing},
            origin=goal.position,
        )

    def __call__(self, step: int, run: Any) -> bool:
        if step < self._goal.step:
            return False
        touching = run.touching() if step > self._goal.step else ()
        return self.watch.see(run.place(self._goal.thing), touching)

    def reached(self) -> bool:
        return fits(self.watch.verdict, self._goal.kind, self._goal.via)

    def failed(self) -> bool:
        return self.watch.verdict.decided and not self.reached()

    def found(self) -> str:
        return str(self.watch.verdict)

    @property
    def verdict(self) -> Verdict:
        """What became of the shot."""
        return self.watch.verdict


class HitWatcher:
    """Waits for a thing to touch its target."""

    LONGEST_S = 4.0

    def __init__(self, goal: Goal, world: World) -> None:
        self._goal = goal
        self._own = {g for g, geom in enumerate(world.geoms) if geom.owner == goal.thing}
        self._target = {g for g, geom in enumerate(world.geoms) if geom.owner == goal.target}
        self._world = world
        self._hit = False
        self._over = False
        self._first = ""
        self.nearest = np.inf

    def __call__(self, step: int, run: Any) -> bool:
        if step <= self._goal.step or self._hit:
            return self._hit
        self.nearest = min(self.nearest, float(np.linalg.norm(run.place(self._goal.thing) - self._goal.point)))
        for a, b in run.touching():
            other = int(b) if a in self._own else int(a) if b in self._own else -1
            if other < 0:
                continue
            if other in self._target:
                self._hit = True
                return True
            if not self._goal.rolls and not self._first:
                self._first = _owner_name(self._world, other)
        self._over = (step - self._goal.step) * self._world.step > self.LONGEST_S
        return self._over

    def reached(self) -> bool:
        return self._hit and not self._first

    def failed(self) -> bool:
        return bool(self._first) or (self._over and not self._hit)

    def found(self) -> str:
        if self._hit:
            return f"hits it after {self._first}" if self._first else "hits it"
        return f"passes {self.nearest:.2f} m from its middle"


def _owner_name(world: World, geom: int) -> str:
    owner = world.geoms[geom].owner
    return "the ground" if owner == GROUND else world.things[owner].id if owner >= 0 else "somebody"


def watcher(goal: Goal, world: World) -> ShotWatcher | HitWatcher:
    """Somebody to watch a goal in a world."""
    return ShotWatcher(goal, world) if goal.ring is not None else HitWatcher(goal, world)


def rings(layout: Layout) -> tuple[Ring, ...]:
    """Every hoop of a scene."""
    found = (
        ring(n, thing, layout.thing_position[n], layout.thing_rotation[n]) for n, thing in enumerate(layout.things)
    )
    return tuple(r for r in found if r is not None)


def release_goal(layout: Layout, release: Release, beat: Beat, step_ticks: int) -> Goal | None:
    """What a release is meant to come to; None if it is simply let go.

    Raises:
        ScreenplayError: the outcome does not suit the target.
    """
    kind, via = beat.outcome.kind, beat.outcome.via
    hoop = _hoop(layout, beat)
    must = kind != "none"
    if kind == "none":
        if hoop is None or beat.action not in SHOTS:
            return None
        kind, via = "goes_in", ()
    common = {
        "beat": beat,
        "thing": release.thing,
        "person": release.person,
        "step": -(-release.time // step_ticks),
        "position": release_point(release, step_ticks),
        "hand_velocity": np.array(release.hand_velocity, dtype=np.float64),
    }
    if kind == "hits":
        return Goal(**common, kind=kind, via=(), target=_target(layout, beat), point=target_point(layout, beat))  # type: ignore[arg-type]
    if hoop is None:
        known = ", ".join(layout.things[r.hoop].id for r in rings(layout)) or "there is none"
        raise ScreenplayError(
            f"beats → {beat.id} → outcome: nothing {kind.replace('_', ' ')} {beat.target!r}, which is no hoop",
            f"choose a hoop as target ({known}), or outcome hits or none",
        )
    _check_via(beat)
    return Goal(**common, kind=kind, via=tuple(via), ring=hoop, must=must)  # type: ignore[arg-type]


def release_point(release: Release, step_ticks: int) -> Array:
    """Where a thing is at the first step after it is let go, shape (3,)."""
    late = (-release.time % step_ticks) / clock.TICKS_PER_SECOND
    return np.asarray(release.position, dtype=np.float64) + np.asarray(release.hand_velocity) * late


def start_goal(layout: Layout, start: Start) -> Goal | None:
    """What a prop's own start is meant to come to."""
    if start.beat.outcome.kind == "none":
        return None
    if start.beat.outcome.kind != "hits":
        raise ScreenplayError(
            f"beats → {start.beat.id} → outcome: a thing by itself only hits, it is not {start.beat.outcome.kind}",
            "choose outcome hits or none",
        )
    return Goal(
        beat=start.beat,
        thing=start.thing,
        person=-1,
        step=start.step,
        position=np.array(layout.thing_position[start.thing]),
        hand_velocity=start.velocity,
        kind="hits",
        via=(),
        target=_target(layout, start.beat),
        point=target_point(layout, start.beat),
        rolls=True,
    )


def _check_via(beat: Beat) -> None:
    if beat.outcome.kind not in ("goes_in", "misses"):
        return
    ways = set(beat.outcome.via)
    allowed = {"goes_in": {"clean", "rim", "backboard"}, "misses": {"rim", "backboard", "short", "long"}}
    wrong = ways - allowed[beat.outcome.kind]
    if wrong or {"short", "long"} <= ways or ("clean" in ways and len(ways) > 1):
        raise ScreenplayError(
            f"beats → {beat.id} → outcome: nothing {beat.outcome.kind.replace('_', ' ')} via "
            f"{', '.join(beat.outcome.via)}",
            f"choose from: {', '.join(sorted(allowed[beat.outcome.kind]))}",
        )


def _hoop(layout: Layout, beat: Beat) -> Ring | None:
    found = rings(layout)
    for r in found:
        if layout.things[r.hoop].id == beat.target:
            return r
    named = beat.target in layout.marks or not beat.target
    return found[0] if found and not beat.target and named and beat.action in SHOTS else None


def _target(layout: Layout, beat: Beat) -> int:
    for n, thing in enumerate(layout.things):
        if thing.id == beat.target:
            return n
    for p, person in enumerate(layout.people):
        if person.id == beat.target:
            return -2 - p
    raise ScreenplayError(
        f"beats → {beat.id} → target: {beat.target!r} is nothing that can be hit",
        f"choose one of: {', '.join([t.id for t in layout.things] + [p.id for p in layout.people])}",
    )


def as_launch(goal: Goal, velocity: Array, spin: Array) -> Launch:
    """A start of a goal as the simulation takes it."""
    position = goal.position if goal.person >= 0 else None
    return Launch(thing=goal.thing, step=goal.step, velocity=velocity, spin=spin, position=position, person=goal.person)
