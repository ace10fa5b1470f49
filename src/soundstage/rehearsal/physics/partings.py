"""Which pairs do not collide for a while: things in hands, and what overlaps when a hand opens.

A hand is not simulated, so a thing it lets go may overlap the person, or the table it is put on. With the person it
does not collide until it is clear of them and a moment has passed; out of anything else it is eased, not thrown.
"""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from .world import GROUND, World

GRACE_S = 0.15
"""A thing let go does not collide with the person who held it for so long."""
RISE_S = 1.5
"""One that has been put down, for as long as it takes to draw back hands and knees: nobody nudges it then."""
LAID_M = 0.003
"""What is this near to something else when it is let go has been put down."""
NEVER = -100.0
"""A contact margin at which a pair never meets [m]."""
EASED = (-2000.0, -90.0)
"""Contact of what overlaps: out of a centimetre in a tenth of a second, without a bounce (engine's solref)."""
OVERLAP_M = 3e-4
"""Deeper than this things are eased apart."""


class Partings:
    """The pairs of a running model that are switched off or soft; ask to `update` every few steps."""

    def __init__(self, world: World, model: Any, data: Any) -> None:
        self._world, self._model, self._data = world, model, data
        self._waiting: dict[int, int] = {}
        self._soft: set[int] = set()
        self._scratch = np.zeros(6)

    def take(self, thing: int) -> None:
        """A thing is in somebody's hands: it touches nothing."""
        pairs = self._pairs(thing, GROUND)
        self._model.pair_margin[pairs] = NEVER
        self._soft.difference_update(pairs)
        for pair in pairs:
            self._waiting.pop(pair, None)

    def expect(self, thing: int, person: int) -> None:
        """Hands will come and take a thing: they do not push it away before."""
        self._model.pair_margin[self._pairs(thing, -2 - person)] = NEVER

    def let_go(self, thing: int, person: int, step: int) -> None:
        """A thing leaves somebody's hands."""
        mujoco.mj_kinematics(self._model, self._data)
        self._model.pair_margin[self._pairs(thing, GROUND)] = 0.0
        own = self._pairs(thing, -2 - person)
        self._model.pair_margin[own] = NEVER
        apart = {pair: self._distance(pair) for pair in set(self._pairs(thing, GROUND)) - set(own)}
        grace = RISE_S if min(apart.values(), default=np.inf) < LAID_M else GRACE_S
        self._waiting.update(dict.fromkeys(own, step + round(grace / self._world.step)))
        self._soft.update(pair for pair, distance in apart.items() if distance < -OVERLAP_M)
        self.soften()

    def begin(self) -> None:
        """Nobody is thrown off by what happens to overlap a person at the start."""
        mujoco.mj_kinematics(self._model, self._data)
        for (_, other), pairs in self._world.pairs_of_thing.items():
            if other <= -2:
                inside = [pair for pair in pairs.tolist() if self._distance(pair) < 0.0]
                self._model.pair_margin[inside] = NEVER
                self._waiting.update(dict.fromkeys(inside, 0))

    def update(self, step: int) -> None:
        """Let pairs that are clear of each other meet again."""
        for pair, until in list(self._waiting.items()):
            if step >= until and self._distance(pair) > 0.0:
                self._model.pair_margin[pair] = 0.0
                del self._waiting[pair]
        self._soft = {pair for pair in self._soft if self._distance(pair) < -OVERLAP_M}

    def soften(self) -> None:
        """Set the contact of the soft pairs; whoever sets those of all pairs calls it afterwards."""
        for pair in self._soft:
            self._model.pair_solref[pair] = EASED

    def _pairs(self, thing: int, other: int) -> list[int]:
        found = self._world.pairs_of_thing.get((thing, other))
        return [] if found is None else found.tolist()

    def _distance(self, pair: int) -> float:
        a, b = int(self._model.pair_geom1[pair]), int(self._model.pair_geom2[pair])
        return float(mujoco.mj_geomDistance(self._model, self._data, a, b, 0.01, self._scratch))
