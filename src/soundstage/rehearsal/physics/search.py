"""Finds how a thing must start so that it comes to what a beat intends.

Starts are guessed on the drag-free parabola and tried out in the simulator, in a small world of the thing and
everything fixed, until one does what was asked and still does it when it leaves the hand a little differently. The
order of tries follows from the seed alone, so a film can be made again; the flight itself is never touched.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ... import library
from ...errors import OutcomeError
from ...take import Array
from . import aiming, world
from .goals import Goal, HitWatcher, ShotWatcher, as_launch, watcher
from .hoops import Verdict, score
from .people import Limbs
from .records import Launch, Script
from .script import rolling
from .stepping import Run

if TYPE_CHECKING:
    from ..layout import Layout

MOST_TRIES = 220
"""Simulated starts per search."""
ENOUGH = 6
"""Starts that did what was asked, of which the best is taken."""
SHAKES = 3
"""A start is tried so many times more, shaken, to see whether it holds."""
SHAKE_SPEED = 0.02
"""[m/s]"""
MOST_REMEMBERED = 32
LONGEST_S = 5.0
SKIP_TO_M = 1.2
"""Flights are followed from this close to the ring; before, nothing but the parabola can happen."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A start and how it was found."""

    velocity: Array
    """(3,) [m/s]"""
    spin: Array
    """(3,) [rad/s]"""
    tries: int
    holds: float
    """Part of the shaken starts that came to the same."""
    reached: str


_REMEMBERED: OrderedDict[bytes, Found] = OrderedDict()


@dataclass(frozen=True, kw_only=True)
class _Try:
    velocity: Array
    spin: Array
    fits: bool
    words: str
    verdict: Verdict | None
    miss: float


class Search:
    """Starts for one goal, best first guess first; ask again if the whole scene did not agree."""

    def __init__(self, goal: Goal, layout: Layout, *, step: float, seed: int, limbs: Limbs | None = None) -> None:
        self._goal = goal
        self._layout = layout
        self._rng = np.random.default_rng(seed)
        self._step = step
        self._tries = 0
        self._gravity = layout.place.gravity
        self._nearest: tuple[float, str] = (np.inf, "nothing could be thrown that far")
        thing = layout.things[goal.thing]
        self._radius = thing.size[0] / 2
        keep = [n for n, t in enumerate(layout.things) if t.fixed or n in (goal.thing, goal.target)]
        self._keep = keep
        self._small = _small_goal(goal, keep)
        self._limbs = None if limbs is None or goal.target > -2 else limbs.only(-2 - goal.target, goal.step)
        self._world = world.build(
            [layout.things[n] for n in keep],
            layout.thing_position[keep],
            layout.thing_rotation[keep],
            layout.place,
            step=step,
            capsules=self._limbs.capsules if self._limbs else (),
        )
        self._candidates = self._starts()
        self._asked, self._skipped = 0, False
        self._key = _question(goal, layout, self._limbs, step, seed)

    def next(self) -> Found:
        """The next start that does what is asked.

        A scene is simulated again when its beats move; the first answer to the same question is remembered.

        Raises:
            OutcomeError: there is none within what a person can do; says the nearest that was reached.
        """
        self._asked += 1
        if self._asked == 1:
            if self._key not in _REMEMBERED:
                _REMEMBERED[self._key] = self._next()
                while len(_REMEMBERED) > MOST_REMEMBERED:
                    _REMEMBERED.popitem(last=False)
            else:
                self._skipped = True
            return _REMEMBERED[self._key]
        if self._skipped:
            self._skipped = False
            self._next()
        return self._next()

    def _next(self) -> Found:
        good: list[tuple[float, Found]] = []
        for velocity, spin in self._candidates:
            if self._tries >= MOST_TRIES:
                break
            self._tries += 1
            tried = self._try(velocity, spin)
            if not tried.fits:
                if tried.miss < self._nearest[0]:
                    self._nearest = (tried.miss, tried.words)
                continue
            holds = self._shaken(tried)
            found = Found(velocity=velocity, spin=spin, tries=self._tries, holds=holds, reached=tried.words)
            cost = (1.0 - holds) + (score(tried.verdict, self._goal.via) if tried.verdict else 0.0)
            good.append((cost, found))
            if cost < 0.01 or len(good) >= ENOUGH:
                break
        if not good:
            raise self._unreachable()
        return min(good, key=lambda pair: pair[0])[1]

    def _unreachable(self) -> OutcomeError:
        where = self._goal.position - (self._goal.ring.centre if self._goal.ring else self._goal.point)
        far = float(np.hypot(where[0], where[1]))
        return OutcomeError(
            f"beats → {self._goal.beat.id} → outcome: no start from {far:.1f} m away {self._goal.words}; "
            f"the nearest of {self._tries} {self._nearest[1]}",
            "move closer, or choose another outcome",
        )

    # ── candidates ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _starts(self) -> Iterator[tuple[Array, Array]]:
        if self._goal.ring is not None:
            yield from self._shot_starts()
        elif self._goal.rolls:
            yield from self._roll_starts()
        else:
            yield from self._throw_starts()

    def _shot_starts(self) -> Iterator[tuple[Array, Array]]:
        goal = self._goal
        assert goal.ring is not None
        unable = 0
        fastest = aiming.fastest(aiming.FASTEST_SHOT, self._layout.things[goal.thing].mass_kg)
        for aim in aiming.shots(goal.ring, self._radius, goal.position, goal.kind, goal.via, self._rng):
            velocity = aiming.velocity_to(goal.position, aim.point, aim.elevation, self._gravity)
            if velocity is None or float(np.linalg.norm(velocity)) > fastest:
                flat = aiming.slowest_elevation(goal.position, aim.point)
                velocity = aiming.velocity_to(goal.position, aim.point, flat, self._gravity)
            if velocity is None or float(np.linalg.norm(velocity)) > fastest:
                unable += 1
                if unable > 60:
                    return
                continue
            yield velocity, aiming.backspin(velocity, aim.spin)

    def _throw_starts(self) -> Iterator[tuple[Array, Array]]:
        goal = self._goal
        fastest = aiming.fastest(aiming.FASTEST_THROW, self._layout.things[goal.thing].mass_kg)
        for count in range(MOST_TRIES):
            wide = 0.02 * count
            point = goal.point + 0.1 * wide * self._rng.standard_normal(3)
            slowest = aiming.slowest_elevation(goal.position, point)
            elevation = slowest - 0.35 + 0.2 * wide * float(self._rng.standard_normal())
            velocity = aiming.velocity_to(goal.position, point, elevation, self._gravity)
            if velocity is None or float(np.linalg.norm(velocity)) > fastest:
                velocity = aiming.velocity_to(goal.position, point, slowest, self._gravity)
            if velocity is not None and float(np.linalg.norm(velocity)) <= fastest:
                yield velocity, aiming.backspin(velocity, 0.3 * aiming.BACKSPIN)

    def _roll_starts(self) -> Iterator[tuple[Array, Array]]:
        goal = self._goal
        ball = self._layout.things[goal.thing]
        for count in range(MOST_TRIES // 4):
            wide = min(1.0, 0.1 * count)
            turn = 0.15 * wide * float(self._rng.standard_normal())
            faster = 1.0 + 0.4 * wide * abs(float(self._rng.standard_normal()))
            c, s = np.cos(turn), np.sin(turn)
            x, y, z = goal.hand_velocity
            velocity = faster * np.array([c * x - s * y, s * x + c * y, z])
            yield velocity, rolling(ball, velocity) if ball.shape == "sphere" else np.zeros(3)

    # ── tries ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _try(self, velocity: Array, spin: Array) -> _Try:
        goal = self._small
        skipped, position, now = self._skip(velocity)
        run = Run(
            self._world,
            position=self._layout.thing_position[self._keep],
            rotation=self._layout.thing_rotation[self._keep],
            script=Script(),
            rings=() if goal.ring is None else (goal.ring,),
            limbs=self._limbs,
            log=False,
        )
        run.set(goal.thing, position, self._layout.thing_rotation[self._goal.thing], now, spin)
        watch = watcher(goal, self._world)
        run.run(0, round(LONGEST_S / self._step) - skipped, observers=(watch,))
        if isinstance(watch, ShotWatcher):
            verdict = watch.verdict
            return _Try(
                velocity=velocity,
                spin=spin,
                fits=watch.reached(),
                words=watch.found(),
                verdict=verdict,
                miss=_apart(goal, verdict),
            )
        assert isinstance(watch, HitWatcher)
        return _Try(
            velocity=velocity, spin=spin, fits=watch.reached(), words=watch.found(), verdict=None, miss=watch.nearest
        )

    def _skip(self, velocity: Array) -> tuple[int, Array, Array]:
        """Steps of free flight passed over, and position and velocity after them, exactly as stepping gives them."""
        goal, g = self._goal, self._gravity
        start = np.array(velocity) + np.array([0.0, 0.0, g * self._step / 2])
        if goal.ring is None or library.prop(self._layout.things[goal.thing].kind).drag > 0.0:
            return 0, goal.position, start
        far = float(np.linalg.norm((goal.ring.centre - goal.position)[:2]))
        level = float(np.hypot(velocity[0], velocity[1]))
        count = int(max(0.0, (far - SKIP_TO_M) / max(level, 1e-6)) / self._step)
        t = count * self._step
        position = goal.position + velocity * t - np.array([0.0, 0.0, g * t * t / 2])
        if position[2] < self._radius + 0.05:  # it would have come down before
            return 0, goal.position, start
        return count, position, start - np.array([0.0, 0.0, g * t])

    def _shaken(self, tried: _Try) -> float:
        same = 0
        for _ in range(SHAKES):
            shaken = tried.velocity + SHAKE_SPEED * self._rng.standard_normal(3)
            same += self._try(shaken, tried.spin * (1.0 + 0.05 * float(self._rng.standard_normal()))).fits
        return same / SHAKES


def _question(goal: Goal, layout: Layout, limbs: Limbs | None, step: float, seed: int) -> bytes:
    """Everything the answer depends on, as a digest."""
    digest = hashlib.sha256(repr((goal, layout.things, layout.place, step, seed)).encode())
    arrays = [layout.thing_position, layout.thing_rotation, goal.position, goal.hand_velocity, goal.point]
    arrays += [] if limbs is None else [limbs.time, limbs.position, limbs.rotation]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _small_goal(goal: Goal, keep: list[int]) -> Goal:
    """The goal with the numbers of the small world, whose first step is the release."""
    ring = None if goal.ring is None else replace(goal.ring, hoop=keep.index(goal.ring.hoop))
    target = keep.index(goal.target) if goal.target >= 0 else goal.target
    return replace(goal, thing=keep.index(goal.thing), step=0, ring=ring, target=target, person=-1)


def _apart(goal: Goal, verdict: Verdict) -> float:
    """How far a shot is from what was asked, to say which was the nearest."""
    if not verdict.decided:
        return 50.0
    apart = 10.0 * (verdict.made != (goal.kind == "goes_in"))
    want = [w for w in goal.via if w in ("backboard", "rim")]
    apart += 3.0 * (list(verdict.touched[: len(want)]) != want) + len(verdict.touched)
    return apart + min(abs(float(verdict.reach)), 9.0) / 10.0


def launch(goal: Goal, found: Found) -> Launch:
    """The start as the simulation takes it."""
    return as_launch(goal, found.velocity, found.spin)
