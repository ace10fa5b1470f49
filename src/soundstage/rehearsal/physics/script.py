"""What is done to things from outside: held in hands, hanging until their beat, let go, tipped, rolled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, sqrt
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...errors import ScreenplayError
from ...screenplay.model import Beat
from ...take import Array, Thing
from . import shapes
from .contact_law import ground, law, surface
from .records import Finger, Hold, Launch

if TYPE_CHECKING:
    from ..layout import Layout
    from ..motion.records import Grip, Performance
    from ..schedule import Cue

PROP_ACTIONS = ("fall", "drop", "bounce", "roll", "push", "slide", "tip", "topple", "spin")
"""What a prop can be the actor of."""
ROLL_SPEED = 1.3
"""[m/s]"""
ARRIVAL_SPEED = 0.6
"""Left over when a rolling or sliding thing comes to its target [m/s]."""
SPIN_RATE = 12.0
"""[rad/s]"""
FINGER_FORCE = 1.2
"""A fingertip's push against the least that tips."""
FINGER_ENERGY = 1.25
FINGER_LONGEST_S = 1.5
FINGER_FOLLOWS = 1.2
"""A finger follows to at most this angle [rad]."""
_MANNERS = {
    "gently": 0.5, "softly": 0.5, "slowly": 0.5, "lightly": 0.6,
    "fast": 1.8, "quickly": 1.8, "hard": 2.2, "forcefully": 2.2, "strongly": 2.0,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Start:
    """A prop's own beat: when and how it starts."""

    beat: Beat
    thing: int
    step: int
    velocity: Array
    spin: Array


def grips(performance: Performance, step_ticks: int) -> tuple[Hold, ...]:
    """Holds of everything that hands hold, at every step."""
    return tuple(_grip(grip, step_ticks) for grip in performance.grips)


def _grip(grip: Grip, step_ticks: int) -> Hold:
    first, last = -(-grip.start // step_ticks), -(-grip.release // step_ticks)
    pose = clock.period(clock.POSE_RATE)
    tick = np.arange(first, max(last, first + 1)) * float(step_ticks) - grip.start
    rows = len(grip.position)
    at = np.clip(tick / pose, 0.0, rows - 1.0)
    i = np.minimum(at.astype(np.int64), max(rows - 2, 0))
    f = (at - i)[:, None]
    j = np.minimum(i + 1, rows - 1)
    position = grip.position[i] * (1 - f) + grip.position[j] * f
    near = np.where(np.sum(grip.rotation[i] * grip.rotation[j], axis=1, keepdims=True) < 0, -1.0, 1.0)
    rotation = grip.rotation[i] * (1 - f) + near * grip.rotation[j] * f
    rotation /= np.linalg.norm(rotation, axis=1, keepdims=True)
    velocity = (grip.position[j] - grip.position[i]) / clock.seconds(pose)
    return Hold(
        thing=grip.thing,
        start=first,
        end=last,
        position=position,
        rotation=rotation,
        velocity=velocity,
        person=grip.person,
    )


def hang(layout: Layout, thing: int, end: int) -> Hold:
    """A thing that stays where it was put until a step."""
    return Hold(
        thing=thing,
        start=0,
        end=end,
        position=layout.thing_position[thing][None],
        rotation=layout.thing_rotation[thing][None],
        velocity=np.zeros((1, 3)),
    )


def prop_starts(layout: Layout, cues: Sequence[Cue], step_ticks: int) -> tuple[tuple[Start, ...], tuple[Finger, ...]]:
    """How things that act by themselves start.

    Raises:
        ScreenplayError: nobody knows the action, or the thing cannot move.
    """
    index = {thing.id: n for n, thing in enumerate(layout.things)}
    starts: list[Start] = []
    fingers: list[Finger] = []
    for cue in cues:
        beat = cue.record
        if not isinstance(beat, Beat) or beat.actor not in index:
            continue
        n = index[beat.actor]
        if beat.action not in PROP_ACTIONS:
            raise ScreenplayError(
                f"beats → {beat.id} → action: a thing cannot {beat.action!r}",
                f"choose one of: {', '.join(PROP_ACTIONS)}",
            )
        if layout.things[n].fixed:
            raise ScreenplayError(
                f"beats → {beat.id} → actor: {beat.actor!r} is fixed and cannot {beat.action}",
                f"set props → {beat.actor} → fixed to false",
            )
        step = -(-cue.start // step_ticks)
        if beat.action in ("tip", "topple"):
            fingers.append(_finger(layout, n, beat, step, step_ticks))
        else:
            starts.append(_start(layout, n, beat, step))
    return tuple(starts), tuple(fingers)


def launches(starts: Sequence[Start]) -> tuple[Launch, ...]:
    """The starts as the simulation takes them."""
    return tuple(Launch(thing=s.thing, step=s.step, velocity=s.velocity, spin=s.spin) for s in starts)


def _start(layout: Layout, n: int, beat: Beat, step: int) -> Start:
    velocity, spin = np.array(layout.thing_velocity[n]), np.array(layout.thing_spin[n])
    if beat.action in ("roll", "push", "slide") and not velocity.any() and not on_slope(layout, n):
        velocity = _along_ground(layout, n, beat)
        if layout.things[n].shape == "sphere" and beat.action != "slide":
            spin = rolling(layout.things[n], velocity)
    elif beat.action == "spin" and not spin.any():
        spin = np.array([0.0, 0.0, SPIN_RATE * _manner(beat)])
    return Start(beat=beat, thing=n, step=step, velocity=velocity, spin=spin)


def rolling(thing: Thing, velocity: Array) -> Array:
    """Angular velocity of a ball that rolls on level ground without slip."""
    return np.asarray(np.cross((0.0, 0.0, 1.0), velocity) / (thing.size[0] / 2))


def on_slope(layout: Layout, n: int) -> bool:
    """Whether a thing stands over a ramp, which sets it going by itself."""
    for m, other in enumerate(layout.things):
        if "profile" in other.params and m != n:
            local = shapes.matrix(layout.thing_rotation[m]).T @ (layout.thing_position[n] - layout.thing_position[m])
            x, z = np.array(other.params["profile"]).T
            reach = layout.things[n].size[0]
            over = abs(local[0]) < other.size[0] / 2 and abs(local[1]) < other.size[1] / 2
            if over and local[2] - float(np.interp(local[0], x, z)) < reach:
                return True
    return False


def _along_ground(layout: Layout, n: int, beat: Beat) -> Array:
    """Velocity towards the beat's target, or ahead, fast enough to arrive."""
    thing = layout.things[n]
    here = layout.thing_position[n]
    level = np.array([1.0, 1.0, 0.0])
    direction, distance = shapes.matrix(layout.thing_rotation[n])[:, 1] * level, 0.0
    if beat.target:
        there = target_point(layout, beat)
        way = (there - here) * level
        distance = float(np.linalg.norm(way))
        direction = way if distance > 1e-6 else direction
    direction = direction / max(float(np.linalg.norm(direction)), 1e-9)
    pair = law(surface(thing), ground(layout.place.ground_material), 1e-3)
    g = layout.place.gravity
    slowing = 5 / 7 * pair.rolling / (thing.size[0] / 2) * g if thing.shape == "sphere" else pair.friction * g
    speed = max(ROLL_SPEED * _manner(beat), sqrt(2.0 * slowing * distance + ARRIVAL_SPEED**2))
    return np.asarray(direction * speed)


def _manner(beat: Beat) -> float:
    return float(np.prod([_MANNERS.get(word, 1.0) for word in beat.manner])) if beat.manner else 1.0


def target_point(layout: Layout, beat: Beat) -> Array:
    """The middle of what a beat is aimed at, shape (3,).

    Raises:
        ScreenplayError: there is no such target.
    """
    for n, thing in enumerate(layout.things):
        if thing.id == beat.target:
            low, high = shapes.extent(thing)
            return np.asarray(layout.thing_position[n] + shapes.matrix(layout.thing_rotation[n]) @ ((low + high) / 2))
    for p, person in enumerate(layout.people):
        if person.id == beat.target:
            chest = 0.72 * float(person.identity.get("height_m", 1.7))
            return np.asarray(layout.person_position[p] + np.array([0.0, 0.0, chest]))
    if beat.target in layout.marks:
        return np.asarray(layout.marks[beat.target][0])
    raise ScreenplayError(
        f"beats → {beat.id} → target: there is no {beat.target!r} in this scene",
        f"choose one of: {', '.join(sorted(layout.marks))}",
    )


def _finger(layout: Layout, n: int, beat: Beat, step: int, step_ticks: int) -> Finger:
    """The least push that tips a thing over, towards the beat's target or the next of its kind."""
    thing, rotation = layout.things[n], layout.thing_rotation[n]
    direction = _tip_direction(layout, n, beat)
    mass, g = thing.mass_kg, layout.place.gravity
    half_height = shapes.support(thing, rotation, (0.0, 0.0, 1.0))
    half_base = shapes.support(thing, rotation, direction)
    height = 0.8 * half_height
    least = mass * g * half_base / (half_height + height)
    climb = mass * g * (sqrt(half_height**2 + half_base**2) - half_height)
    return Finger(
        thing=n,
        step=step,
        direction=direction,
        height=height,
        force=FINGER_FORCE * least,
        energy=FINGER_ENERGY * climb,
        fallen=cos(min(2.5 * atan2(half_base, half_height), FINGER_FOLLOWS)),
        longest=round(FINGER_LONGEST_S * clock.TICKS_PER_SECOND / step_ticks),
    )


def _tip_direction(layout: Layout, n: int, beat: Beat) -> Array:
    thing, here = layout.things[n], layout.thing_position[n]
    turned = shapes.matrix(layout.thing_rotation[n])
    if beat.target:
        way = target_point(layout, beat) - here
    else:
        others = [m for m, t in enumerate(layout.things) if m != n and t.kind == thing.kind]
        near = min(others, key=lambda m: float(np.linalg.norm(layout.thing_position[m] - here)), default=None)
        way = turned[:, 1] if near is None else layout.thing_position[near] - here
    if thing.shape == "box":  # it tips over a long edge, not over a corner
        thin = 0 if thing.size[0] < thing.size[1] else 1
        way = turned[:, thin] * (1.0 if float(way @ turned[:, thin]) >= 0.0 else -1.0)
    way = np.array([way[0], way[1], 0.0])
    size = float(np.linalg.norm(way))
    return np.asarray(way / size) if size > 1e-9 else np.array([0.0, 1.0, 0.0])
