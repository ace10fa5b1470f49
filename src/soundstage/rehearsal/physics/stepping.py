"""Runs a world step by step: holds what is held, lets go what is let go, blows air and net against balls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from ...take import Array
from .forces import Net, air
from .hoops import Ring
from .partings import Partings
from .records import Brush, Finger, Hold, Launch, Observer, Script, Touches
from .rolling import Resistance
from .shapes import matrix
from .touches import TouchLog
from .world import World

CALM_SPEED = 0.03
"""Things slower than this do not bounce off each other [m/s]; else resting contacts would never come to rest."""
CALM_S = 0.016
"""For so long; in the middle of a bounce things are slow for less."""
CALM_EVERY = 24
"""Steps between looks at who is calm."""
AIR_EVERY = 4
"""Steps between looks at the air."""
RESIST_EVERY = 4
"""Steps between looks at what rolls."""
UPRIGHT = 1e-9
"""[rad]"""
TAKE_S = 0.08
"""In which a thing taken up comes to the hands."""
REACH_M = 0.25
"""Hands that close on a thing further away than this have missed it."""

_STILL = np.zeros(3)

Limbs = Callable[[int], tuple[Array, Array, Array]]
"""Position (C, 3), rotation (C, 4) and velocity (C, 3) of people's capsules at a step."""


@dataclass(kw_only=True)
class Recording:
    """What a run saw."""

    position: list[Array] = field(default_factory=list)
    rotation: list[Array] = field(default_factory=list)
    brushes: list[Brush] = field(default_factory=list)
    missed: set[tuple[int, int]] = field(default_factory=set)
    """(thing, person) whose hands closed on nothing."""
    touches: Touches | None = None


class Run:
    """One pass through a world. Make it, then call `run`."""

    def __init__(
        self,
        world: World,
        *,
        position: Array,
        rotation: Array,
        script: Script,
        rings: Sequence[Ring] = (),
        limbs: Limbs | None = None,
        log: bool = True,
    ) -> None:
        self.world = world
        self.model = copy(world.model)  # margins and bounce of its pairs change as it runs
        self.data = mujoco.MjData(self.model)
        self.recording = Recording()
        self._fixed_position, self._fixed_rotation = np.array(position), np.array(rotation)
        self._script = script
        self._nets = [Net(ring=ring, step=world.step, brushes=self.recording.brushes) for ring in rings]
        self._limbs = limbs
        self._limb_velocity = limbs(0)[2].copy() if limbs else None
        self._log = TouchLog(world, self._limb_velocity) if log else None
        self._balls = [n for n, t in enumerate(world.things) if t.shape == "sphere" and world.qpos[n] >= 0]
        self._airy = [(n, drag) for n in range(len(world.things)) if (drag := _drag(world, n)) > 0.0]
        self._cylinders = [
            int(q) for q, t in zip(world.qpos, world.things, strict=True) if t.shape == "cylinder" and q >= 0
        ]
        self._offsets: dict[int, Array] = {}
        self._pushing: dict[int, Finger] = {}
        self._partings = Partings(world, self.model, self.data)
        self._lively = self.model.pair_solref.copy()
        self._calm = _without_bounce(self._lively)
        self._sides, self._sizes = _sides(world)
        self._slow_for = np.zeros(len(self._lively))
        self._resistance = Resistance(world)
        self._resisting: list[tuple[int, Array]] = []
        self._clear = True
        self._blowing: list[tuple[int, Array]] = []
        self._done = _last_steps(script)
        self._body = [
            mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_BODY, f"thing{n}") for n in range(len(world.things))
        ]

    def run(self, start: int, end: int, *, every: int = 0, observers: Sequence[Observer] = ()) -> Recording:
        """Steps start … end − 1; poses are recorded every so many steps (0: never), the last one at `end`."""
        data, model = self.data, self.model
        if self._limbs is not None and start == 0:
            self._before(0)
            self._partings.begin()
            for hold in self._script.holds:
                if hold.start > 0 and hold.person >= 0:
                    self._partings.expect(hold.thing, hold.person)
        for step in range(start, end + 1):
            self._before(step)
            if every and step % every == 0:
                self._record()
            if step == end or self._looked_on(step, observers):
                break
            self._forces(step)
            if step % CALM_EVERY == 0:
                self._partings.update(step)
                self._calm_down()
            qpos, qvel = data.qpos.copy(), data.qvel.copy()
            mujoco.mj_step(model, data)
            if step % RESIST_EVERY == 0:
                self._resisting = self._resistance.torques(data) if data.ncon else []
            if self._log and data.ncon:
                self._log.add(step, data, qpos, qvel)
        for net in self._nets:
            net.close(end)
        if self._log:
            self.recording.touches = self._log.touches()
        return self.recording

    def _looked_on(self, step: int, observers: Sequence[Observer]) -> bool:
        """Show every observer the state before a step; whether one of them has seen enough."""
        seen = [observer(step, self) for observer in observers]
        return any(seen)

    def touching(self) -> Array:
        """Pairs of geoms that met in the last step, shape (K, 2)."""
        if not self.data.ncon:
            return np.zeros((0, 2), dtype=np.int32)
        contact = self.data.contact
        return np.asarray(contact.geom[contact.efc_address >= 0])

    def place(self, thing: int) -> Array:
        """Where a movable thing is, shape (3,)."""
        q = self.world.qpos[thing]
        return np.asarray(self.data.qpos[q : q + 3])

    def velocity(self, thing: int) -> Array:
        """How fast its frame moves, shape (3,)."""
        v = self.world.qvel[thing]
        return np.asarray(self.data.qvel[v : v + 3])

    def spin(self, thing: int) -> Array:
        """How fast it turns, world axes, shape (3,)."""
        v = self.world.qvel[thing]
        return np.asarray(self.data.xmat[self._body[thing]].reshape(3, 3) @ self.data.qvel[v + 3 : v + 6])

    def set(self, thing: int, position: Array, rotation: Array, velocity: Array, spin: Array) -> None:
        """Put a movable thing somewhere with a velocity; spin in world axes."""
        q, v = self.world.qpos[thing], self.world.qvel[thing]
        self.data.qpos[q : q + 3] = position
        self.data.qpos[q + 3 : q + 7] = rotation
        self.data.qvel[v : v + 3] = velocity
        self.data.qvel[v + 3 : v + 6] = matrix(rotation).T @ spin if spin.any() else 0.0

    # ── before a step ───────────────────────────────────────────────────────────────────────────────────────────────

    def _before(self, step: int) -> None:
        if self._limbs is not None:
            position, rotation, velocity = self._limbs(step)
            self.data.mocap_pos[self.world.mocap] = position
            self.data.mocap_quat[self.world.mocap] = rotation
            assert self._limb_velocity is not None
            self._limb_velocity[:] = velocity
        for hold in self._script.holds:
            if hold.start <= step < hold.end:
                self._hold(hold, step)
            elif step == hold.end and hold.person >= 0 and (hold.thing, hold.person) not in self.recording.missed:
                self._partings.let_go(hold.thing, hold.person, step)
        self._right_cylinders()
        for thing in self._done.pop(step, ()):
            self._may_sleep(thing)
        for launch in self._script.launches:
            if launch.step == step and (launch.thing, launch.person) not in self.recording.missed:
                self._launch(launch)
        for finger in self._script.fingers:
            if finger.step == step:
                self._pushing[finger.thing] = finger

    def _calm_down(self) -> None:
        """Take the bounce out of pairs in which nothing moves, and give it back to the others."""
        speed = np.zeros(len(self.world.things) + 1)  # the last stands for whatever is fixed
        movable = np.flatnonzero(self.world.qvel >= 0)
        v = self.data.qvel.reshape(-1, 6)[self.world.qvel[movable] // 6]
        speed[movable] = np.linalg.norm(v[:, :3], axis=1) + np.linalg.norm(v[:, 3:], axis=1) * self._sizes[movable]
        slow = (speed < CALM_SPEED)[self._sides].all(axis=1)
        self._slow_for = np.where(slow, self._slow_for + CALM_EVERY * self.world.step, 0.0)
        calm = self._slow_for > CALM_S
        self.model.pair_solref[:] = np.where(calm[:, None], self._calm, self._lively)
        self._partings.soften()

    def _hold(self, hold: Hold, step: int) -> None:
        """Keep a thing where it is held; taken up, it comes to the hands within a moment, if it is in their reach."""
        i = step - hold.start if len(hold.position) > 1 else 0
        j, k = (i if len(rows) > 1 else 0 for rows in (hold.rotation, hold.velocity))
        position, rotation = hold.position[i], hold.rotation[j]
        if hold.person >= 0 and step == hold.start:
            self._take(hold, position)
        if (hold.thing, hold.person) in self.recording.missed:
            return
        left = 1.0 - (step - hold.start) * self.world.step / TAKE_S
        if left > 0.0 and hold.thing in self._offsets:
            position = position + self._offsets[hold.thing] * left * left * (3.0 - 2.0 * left)
        self.set(hold.thing, position, rotation, hold.velocity[k], _STILL)

    def _take(self, hold: Hold, hands: Array) -> None:
        away = self.place(hold.thing) - hands
        if hold.start == 0:  # motion knows better than the layout where it is held
            away = np.zeros(3)
        elif float(np.linalg.norm(away)) > REACH_M:
            self.recording.missed.add((hold.thing, hold.person))
            return
        self.recording.missed.discard((hold.thing, hold.person))
        self._offsets[hold.thing] = away
        self._partings.take(hold.thing)

    def _right_cylinders(self) -> None:
        """Stand cylinders that lean by less than a billionth exactly upright.

        The engine finds a cylinder's lowest point on a plane from the difference of two nearly equal vectors; within
        rounding of upright it takes one that is a whole radius off (MuJoCo 4.0), and the cylinder would leap.
        """
        for q in self._cylinders:
            quat = self.data.qpos[q + 3 : q + 7]
            for pair in ((1, 2), (0, 3)):
                if 0.0 < quat[pair[0]] ** 2 + quat[pair[1]] ** 2 < UPRIGHT**2:
                    quat[list(pair)] = 0.0
                    quat /= np.sqrt(quat @ quat)

    def _may_sleep(self, thing: int) -> None:
        """From now on nothing moves a thing but what touches it: it may come to rest."""
        tree = self.model.body_treeid[self._body[thing]]
        self.model.tree_sleep_policy[tree] = mujoco.mjtSleepPolicy.mjSLEEP_ALLOWED

    def _launch(self, launch: Launch) -> None:
        q = self.world.qpos[launch.thing]
        half_step = np.array([0.0, 0.0, -self.model.opt.gravity[2] * self.world.step / 2])
        # Half a step of gravity ahead, so that free flight lies on the parabola at every step (leapfrog).
        rotation = self.data.qpos[q + 3 : q + 7].copy()
        position = self.data.qpos[q : q + 3].copy() if launch.position is None else launch.position
        self.set(launch.thing, position, rotation, launch.velocity + half_step, launch.spin)

    # ── forces ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _forces(self, step: int) -> None:
        if not (self._airy or self._nets or self._pushing or self._resisting) and self._clear:
            return
        self.data.xfrc_applied[:] = 0.0
        self._clear = not self._resisting and not self._airy
        for n, torque in self._resisting:
            self.data.xfrc_applied[self._body[n], 3:] += torque
        if self._airy and step % AIR_EVERY == 0:
            self._blowing = [
                (n, air(self.world.things[n], drag, self.velocity(n), self.spin(n))) for n, drag in self._airy
            ]
        for n, force in self._blowing:
            self._add(n, force)
        for net in self._nets:
            for n in self._balls:
                self._add(n, net.push(step, n, self.world.things[n].size[0] / 2, self.place(n), self.velocity(n)))
        for n, finger in list(self._pushing.items()):
            self._push(step, n, finger)

    def _add(self, n: int, force: Array | None) -> None:
        if force is not None:
            self.data.xfrc_applied[self._body[n], :3] += force

    def _push(self, step: int, n: int, finger: Finger) -> None:
        data, q, v = self.data, self.world.qpos[n], self.world.qvel[n]
        turned = matrix(data.qpos[q + 3 : q + 7])
        body = self._body[n]
        spin = data.qvel[v + 3 : v + 6]
        speed = data.qvel[v : v + 3]
        mass = float(self.model.body_mass[body])
        moving = 0.5 * mass * float(speed @ speed) + 0.5 * float(self.model.body_inertia[body] @ (spin * spin))
        height = float(data.qpos[q + 2]) - float(self._fixed_position[n, 2])
        if turned[2, 2] < finger.fallen or step - finger.step > finger.longest:
            del self._pushing[n]
            self._may_sleep(n)
            return
        if moving - mass * self.model.opt.gravity[2] * height >= finger.energy:
            return  # it falls by itself; should something stop it, the finger is still there
        ease = min(1.0, (step - finger.step) * self.world.step / 0.03)
        force = finger.direction * finger.force * ease
        data.xfrc_applied[body, :3] += force
        data.xfrc_applied[body, 3:] += np.cross(turned @ np.array([0.0, 0.0, finger.height]), force)

    # ── record ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _record(self) -> None:
        position, rotation = self._fixed_position.copy(), self._fixed_rotation.copy()
        for n, q in enumerate(self.world.qpos):
            if q >= 0:
                position[n] = self.data.qpos[q : q + 3]
                rotation[n] = self.data.qpos[q + 3 : q + 7]
        self.recording.position.append(position)
        self.recording.rotation.append(rotation)


def _last_steps(script: Script) -> dict[int, list[int]]:
    """By step, the things that nothing is done to after it."""
    last: dict[int, int] = {hold.thing: hold.end for hold in script.holds}
    for hold in script.holds:
        last[hold.thing] = max(last[hold.thing], hold.end)
    for launch in script.launches:
        last[launch.thing] = max(last.get(launch.thing, 0), launch.step)
    pushed = {finger.thing for finger in script.fingers}
    steps: dict[int, list[int]] = {}
    for thing, step in last.items():
        if thing not in pushed:
            steps.setdefault(step + 1, []).append(thing)
    return steps


def _without_bounce(solref: Array) -> Array:
    """The same stiffness, critically damped."""
    calm = solref.copy()
    calm[:, 1] = -2.0 * np.sqrt(-solref[:, 0])
    return calm


def _sides(world: World) -> tuple[Array, Array]:
    """Of each pair its two things, shape (K, 2), the number of things standing for what is fixed; and their radii."""
    fixed = len(world.things)
    owner = np.array([g.owner if g.owner >= 0 and world.qpos[g.owner] >= 0 else fixed for g in world.geoms])
    sides = np.stack([owner[world.model.pair_geom1], owner[world.model.pair_geom2]], axis=1)
    return sides, np.array([max(t.size) / 2 for t in world.things])


def _drag(world: World, n: int) -> float:
    from ... import library

    return library.prop(world.things[n].kind).drag if world.qpos[n] >= 0 else 0.0


__all__ = ["Any", "Limbs", "Recording", "Run"]
