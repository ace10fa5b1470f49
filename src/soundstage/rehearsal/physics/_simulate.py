"""Simulates a scene: who holds what is given, everything else follows.

The step is chosen per scene: 1/2400 s where only big soft balls fly, 1/9600 s where small or thin hard things meet,
1/4800 s otherwise. All three divide the clock and the pose grid, so poses fall on exact ticks with no interpolation.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import clock
from ...errors import OutcomeError, ScreenplayError
from ...screenplay.model import Beat, Scene, Screenplay
from ...take import Array, Contacts, Holds, Streams, empty, read_only
from . import aiming, contact_law, events, goals, people, script, world
from .goals import Goal, HitWatcher, ShotWatcher
from .records import Hold, Launch, Script, Simulation
from .search import Found, Search
from .settling import Nest
from .stepping import Recording, Run

if TYPE_CHECKING:
    from ..layout import Layout
    from ..motion.records import Performance, Release
    from ..schedule import Cue

RATES = (2400, 4800, 9600)
"""Steps a second."""
PENETRATION = 0.15
"""How far hard things may sink into each other, as a part of the thinnest size (but half a millimetre in any case)."""
MOST_ROUNDS = 5
"""Starts taken from a search before giving up because the whole scene disagrees with the small one."""


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Everything a run needs."""

    world: world.World
    layout: Layout
    limbs: people.Limbs | None
    holds: tuple[Hold, ...]
    launches: tuple[Launch, ...]
    fingers: tuple[Any, ...]
    goals: tuple[Goal, ...]
    end: int


def simulate(
    layout: Layout, performance: Performance, screenplay: Screenplay, scene: Scene, cues: Sequence[Cue] | None = None
) -> Simulation:
    """What the things of a scene do while its people move.

    `cues` are needed where things act by themselves; without them, beats anchored to the scene's start are used.

    Raises:
        ScreenplayError: a beat asks of a thing what it cannot do.
        OutcomeError: an intended outcome cannot be reached.
    """
    rate = step_rate(layout)
    step_ticks = clock.period(rate)
    if not layout.things:
        return _nothing(performance)
    plan = _plan(layout, performance, screenplay, scene, cues, rate, step_ticks)
    searches = {
        goal.beat.id: Search(
            goal,
            layout,
            step=plan.world.step,
            seed=zlib.crc32(f"{screenplay.seed}/{scene.id}/{goal.beat.id}".encode()),
            limbs=plan.limbs,
        )
        for goal in plan.goals
    }
    found: dict[str, Found] = {}
    for goal in plan.goals:
        found[goal.beat.id] = _first(searches[goal.beat.id], goal, layout)
    for _ in range(MOST_ROUNDS):
        recording, watchers = _run(plan, found, rate)
        failed = [g for g in plan.goals if g.must and watchers[g.beat.id].failed()]
        if not failed:
            return _result(plan, layout, performance, recording, watchers, found)
        for goal in failed:
            found[goal.beat.id] = searches[goal.beat.id].next()
    goal = failed[0]
    raise OutcomeError(
        f"beats → {goal.beat.id} → outcome: in the whole scene no start {goal.words}; "
        f"the last {watchers[goal.beat.id].found()}",
        "clear the way, or choose another outcome",
    )


def _first(search: Search, goal: Goal, layout: Layout) -> Found:
    """The first start to try; a plain guess where nothing was demanded and nothing is found."""
    try:
        return search.next()
    except OutcomeError:
        if goal.must or goal.ring is None:
            raise
        g = layout.place.gravity
        elevation = aiming.natural_elevation(goal.position, goal.ring.centre)
        velocity = aiming.velocity_to(goal.position, goal.ring.centre, elevation, g)
        velocity = goal.hand_velocity if velocity is None else velocity
        speed = float(np.linalg.norm(velocity))
        velocity = velocity * min(1.0, aiming.FASTEST_SHOT / max(speed, 1e-6))
        return Found(velocity=velocity, spin=aiming.backspin(velocity, aiming.BACKSPIN), tries=0, holds=0.0, reached="")


def step_rate(layout: Layout) -> int:
    """Steps a second that keep hard things from sinking visibly into each other."""
    moving = [(n, t) for n, t in enumerate(layout.things) if not t.fixed]
    if not moving:
        return RATES[0]
    highest = max(float(layout.thing_position[n, 2]) for n, _ in moving)
    lowest = min(float(layout.thing_position[n, 2]) for n, _ in moving) if len(moving) > 1 else 0.0
    fall = max(highest - max(lowest, 0.0), max(max(t.size) for _, t in moving))
    fastest = max(float(np.linalg.norm(layout.thing_velocity[n])) for n, _ in moving)
    speed = sqrt(2.0 * max(layout.place.gravity, 1.0) * fall) + fastest
    need = 0.0
    for _, thing in moving:
        soft = contact_law.surface(thing).spring
        if soft:
            need = max(need, 1.0 / (0.05 * pi * sqrt(thing.mass_kg / soft)))
            continue
        allowed = max(PENETRATION * min(thing.size), 0.5e-3)
        need = max(need, contact_law.SHORTEST_STEPS * speed / (pi * allowed))
    return next((rate for rate in RATES if rate >= 0.8 * need), RATES[-1])


# ── preparing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(
    layout: Layout,
    performance: Performance,
    screenplay: Screenplay,
    scene: Scene,
    cues: Sequence[Cue] | None,
    rate: int,
    step_ticks: int,
) -> _Plan:
    beats = {beat.id: beat for beat in screenplay.beats if beat.scene == scene.id}
    starts, fingers = script.prop_starts(layout, _cues(screenplay, scene) if cues is None else cues, step_ticks)
    limbs = people.limbs(layout.people, performance, step_ticks)
    held = script.grips(performance, step_ticks)
    hanging = tuple(script.hang(layout, s.thing, s.step) for s in starts if s.step > 0)
    wanted = [goals.release_goal(layout, r, _beat(beats, r), step_ticks) for r in performance.releases]
    free = [
        _let_go(layout, r, beats[r.beat], step_ticks)
        for r, goal in zip(performance.releases, wanted, strict=True)
        if goal is None
    ]
    own = [goals.start_goal(layout, s) for s in starts]
    plain = tuple(s for s, goal in zip(starts, own, strict=True) if goal is None)
    busy = {hold.thing for hold in (*held, *hanging) if hold.start == 0} | {s.thing for s in starts if s.step == 0}
    loose = _loose(layout, busy)
    aimed = tuple(g for g in (*wanted, *own) if g is not None)
    scripted: list[Any] = [*held, *hanging, *loose, *free, *plain, *fingers, *aimed]
    built = world.build(
        layout.things,
        layout.thing_position,
        layout.thing_rotation,
        layout.place,
        step=1.0 / rate,
        capsules=limbs.capsules if limbs else (),
        restless={item.thing for item in scripted},
    )
    return _Plan(
        world=built,
        layout=layout,
        limbs=limbs,
        holds=held + hanging,
        launches=(*loose, *free, *script.launches(plain)),
        fingers=fingers,
        goals=aimed,
        end=-(-int(performance.time[-1]) // step_ticks),
    )


def _cues(screenplay: Screenplay, scene: Scene) -> tuple[Cue, ...]:
    from ..schedule import schedule

    return schedule(screenplay, scene, beat_length=lambda _: 0.0, line_length=lambda _: 0.0)


def _beat(beats: dict[str, Beat], release: Release) -> Beat:
    if release.beat not in beats:
        raise ScreenplayError(f"a release belongs to no beat of the scene: {release.beat!r}", "")
    return beats[release.beat]


def _let_go(layout: Layout, release: Release, beat: Beat, step_ticks: int) -> Launch:
    """A release without an outcome: dropped as the hand moves, or thrown at its target."""
    velocity = np.array(release.hand_velocity, dtype=np.float64)
    spin = np.zeros(3)
    if release.target is not None and beat.action != "drop":
        start, goal = np.array(release.position), np.array(release.target)
        elevation = aiming.slowest_elevation(start, goal) - 0.2
        thrown = aiming.velocity_to(start, goal, elevation, layout.place.gravity)
        if thrown is not None:
            speed = float(np.linalg.norm(thrown))
            velocity = thrown * min(1.0, aiming.FASTEST_THROW / speed)
            spin = aiming.backspin(velocity, 0.3 * aiming.BACKSPIN)
    return Launch(
        thing=release.thing,
        step=-(-release.time // step_ticks),
        velocity=velocity,
        spin=spin,
        position=goals.release_point(release, step_ticks),
        person=release.person,
    )


def _loose(layout: Layout, busy: set[int]) -> tuple[Launch, ...]:
    """Things that move or fall from the start of the scene, with nobody's beat."""
    nest = Nest(layout.things, layout.place)
    for n in range(len(layout.things)):
        nest.put(n, layout.thing_position[n], layout.thing_rotation[n])
    found = []
    for n, thing in enumerate(layout.things):
        if thing.fixed or n in busy:
            continue
        moves = bool(layout.thing_velocity[n].any() or layout.thing_spin[n].any())
        others = [m for m in range(len(layout.things)) if m != n]
        if moves or (nest.above_ground(n) > 1e-3 and nest.distance(n, others, 1e-3)[1] < 0):
            found.append(Launch(thing=n, step=0, velocity=layout.thing_velocity[n], spin=layout.thing_spin[n]))
    return tuple(found)


# ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _run(plan: _Plan, found: dict[str, Found], rate: int) -> tuple[Recording, dict[str, ShotWatcher | HitWatcher]]:
    aimed = tuple(goals.as_launch(g, found[g.beat.id].velocity, found[g.beat.id].spin) for g in plan.goals)
    layout = plan.layout
    run = Run(
        plan.world,
        position=layout.thing_position,
        rotation=layout.thing_rotation,
        script=Script(holds=plan.holds, launches=plan.launches + aimed, fingers=plan.fingers),
        rings=goals.rings(layout),
        limbs=plan.limbs,
    )
    watchers = {goal.beat.id: goals.watcher(goal, plan.world) for goal in plan.goals}

    def look(step: int, now: Any) -> bool:
        for watch in watchers.values():
            watch(step, now)
        return False

    return run.run(0, plan.end, every=rate // clock.POSE_RATE, observers=(look,)), watchers


def _result(
    plan: _Plan,
    layout: Layout,
    performance: Performance,
    recording: Recording,
    watchers: dict[str, ShotWatcher | HitWatcher],
    found: dict[str, Found],
) -> Simulation:
    assert recording.touches is not None
    outcomes = {
        goal.beat.id: {
            "intended": goal.words if goal.must else "none",
            "reached": watchers[goal.beat.id].found(),
            "velocity": [float(v) for v in found[goal.beat.id].velocity],
            "spin": [float(v) for v in found[goal.beat.id].spin],
            "position": [float(v) for v in goal.position],
            "tries": found[goal.beat.id].tries,
            "holds": found[goal.beat.id].holds,
        }
        for goal in plan.goals
    }
    return Simulation(
        position=read_only(np.array(recording.position)),
        rotation=read_only(_continuous(np.array(recording.rotation))),
        contacts=events.contacts(plan.world, recording.touches, recording.brushes),
        streams=events.streams(plan.world, recording.touches),
        holds=_holds(performance, recording.missed),
        outcomes=outcomes,
    )


def _continuous(rotation: Array) -> Array:
    """The same rotations with quaternions that never jump to their opposite."""
    dots = np.sum(rotation[1:] * rotation[:-1], axis=-1)
    sign = np.concatenate([np.ones((1, rotation.shape[1])), np.cumprod(np.where(dots < 0.0, -1.0, 1.0), axis=0)])
    return np.asarray(rotation * sign[..., None])


def _holds(performance: Performance, missed: set[tuple[int, int]]) -> Holds:
    rows = [(g.start, g.person, g.thing, "catch") for g in performance.grips if g.start > 0]
    rows += [(g.release, g.person, g.thing, "release") for g in performance.grips if g.release < performance.time[-1]]
    rows = sorted(row for row in rows if (row[2], row[1]) not in missed)
    if not rows:
        return empty(Holds)  # type: ignore[no-any-return]
    columns = list(zip(*rows, strict=True))
    return Holds(
        time=read_only(np.array(columns[0], dtype=np.int64)),
        person=read_only(np.array(columns[1], dtype=np.int32)),
        thing=read_only(np.array(columns[2], dtype=np.int32)),
        kind=read_only(np.array(columns[3])),
    )


def _nothing(performance: Performance) -> Simulation:
    count = len(performance.time)
    return Simulation(
        position=read_only(np.zeros((count, 0, 3))),
        rotation=read_only(np.zeros((count, 0, 4))),
        contacts=empty(Contacts),
        streams=empty(Streams),
        holds=empty(Holds),
    )


__all__ = ["simulate", "step_rate"]
