"""Glances → eyes, head and chest: the eyes leap, the head follows, the chest goes along a little.

A saccade takes 20-80 ms by its size; the head moves as a critically damped spring and takes most of a wide turn; the
eyes make up for whatever the head does meanwhile (vestibulo-ocular reflex). After Bahill et al. 1975; Freedman 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ... import clock
from .attention import Glance
from .channels import INDEX
from .curves import ease, smooth
from .maths import UP, Floats, X, Z, apply, to_quaternion, transpose, turn
from .performer import dice
from .plan import Plan

_DEGREE = np.pi / 180.0
_HEAD_TURN, _HEAD_UP, _HEAD_DOWN = 66 * _DEGREE, 42 * _DEGREE, 48 * _DEGREE
_EYES_TURN, _EYES_UP, _EYES_DOWN = 34 * _DEGREE, 22 * _DEGREE, 28 * _DEGREE
_FACE = np.array([[0.032, 0.0], [-0.032, 0.0], [0.0, -0.065]])
"""Points of a face the eyes wander between: its eyes and mouth, aside and up from between the eyes [m]."""


@dataclass(frozen=True, kw_only=True)
class Gaze:
    """Where one person looks over time, against the body's heading."""

    left: Floats
    """(T,) [rad]"""
    up: Floats
    distance: Floats
    """(T,) of what is looked at [m]."""
    leaps: tuple[int, ...]
    """Samples at which the eyes leap by more than a few degrees."""


def gaze(glances: Sequence[Glance], t: Floats, eyes: Floats, heading: Floats, seed: int, name: str) -> Gaze:
    """Follow the glances; `eyes` (T, 3) is between the eyes."""
    active = _choose([one for one in glances if not one.relative], t)
    away = _choose([one for one in glances if one.relative and one.start > -0.5], t)
    still = [one for one in glances if not one.relative]
    offsets = [one for one in glances if one.relative and one.start > -0.5]
    tracks = [_angles(one, eyes, heading, t, seed, f"{name}/{n}") for n, one in enumerate(still)]
    ahead = np.stack([np.zeros(len(t)), np.full(len(t), -2 * _DEGREE)], axis=1)
    tracks.append(ahead)
    far = [np.linalg.norm(one.place - eyes, axis=1) for one in still] + [np.full(len(t), 8.0)]
    distance = smooth(np.choose(np.minimum(active, 31), far[:32]), clock.POSE_RATE, 0.06)
    # Small moves over a face belong to the glance; leaps from glance to glance are made here.
    key = active * (len(offsets) + 1) + away
    out = np.empty((len(t), 2))
    leaps: list[int] = []
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    previous: Floats | None = None
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(t)
        track = tracks[active[start]] + (offsets[away[start]].place if away[start] < len(offsets) else 0.0)
        out[start:end] = track[start:end]
        if previous is not None:
            jump = out[start - 1] - track[start]
            size = float(np.hypot(*jump))
            span = max(2, round((0.022 + 0.0024 * size / _DEGREE) * clock.POSE_RATE))
            stop = min(end, start + span)
            out[start:stop] += (1.0 - ease(np.arange(1, stop - start + 1) / span))[:, None] * jump
            if size > 4 * _DEGREE:
                leaps.append(int(start))
        previous = track
    return Gaze(left=out[:, 0], up=out[:, 1], distance=distance, leaps=tuple(leaps))


def _choose(glances: Sequence[Glance], t: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(T,) index of the weightiest glance going on, the later of equals; len(glances) where there is none."""
    best = np.full(len(t), len(glances), dtype=np.int64)
    weight = np.full(len(t), -1)
    for n, one in enumerate(glances):
        here = (t >= one.start) & (t < one.end) & (one.weight >= weight)
        best[here], weight[here] = n, one.weight
    return best


def _angles(one: Glance, eyes: Floats, heading: Floats, t: Floats, seed: int, name: str) -> Floats:
    """(T, 2) left and up, within what a neck can do, with the small restlessness of looking."""
    way = one.place - eyes
    flat = np.hypot(way[:, 0], way[:, 1])
    left = np.angle(np.exp(1j * (np.arctan2(-way[:, 0], way[:, 1]) - heading)))
    left = np.where(flat > 0.05, left, 0.0)
    up = np.arctan2(way[:, 2], np.maximum(flat, 0.05))
    track = np.stack([np.clip(left, -1.9, 1.9), np.clip(up, -1.1, 1.0)], axis=1)
    distance = np.linalg.norm(way, axis=1)[:, None]
    rng = dice(seed, "look", name)
    now = max(one.start, 0.0)
    while now < min(one.end, t[-1]):
        length = rng.uniform(0.35, 1.4)
        if one.face:
            shift = _FACE[rng.integers(3)] / np.maximum(distance, 0.4)
        else:
            shift = np.broadcast_to(rng.normal(0.0, 0.45 * _DEGREE, 2), track.shape)
        here = (t >= now) & (t < now + length)
        track[here] += shift[here]
        now += length
    return _little_leaps(track)


def _little_leaps(track: Floats) -> Floats:
    """Round off steps between samples to two or three samples."""
    kernel = np.array([0.25, 0.5, 0.25])
    return np.stack([np.convolve(np.pad(track[:, k], 1, mode="edge"), kernel, mode="valid") for k in (0, 1)], axis=1)


def follow(target: Floats, quickness: float, delay: float = 0.0) -> Floats:
    """A critically damped spring after a target; `quickness` [rad/s], starts at rest on it."""
    lag = round(delay * clock.POSE_RATE)
    late = np.concatenate([np.full(lag, target[0]), target[: len(target) - lag]]) if lag else target
    dt = 1.0 / clock.POSE_RATE
    out = np.empty_like(late)
    value, speed = float(late[0]), 0.0
    decay = np.exp(-quickness * dt)
    for n, goal in enumerate(late.tolist()):  # exact step of the spring for a goal held over the step
        gap = value - goal
        drive = (speed + quickness * gap) * dt
        value, speed = goal + (gap + drive) * decay, (speed - quickness * drive) * decay
        out[n] = value
    return out


def look(channels: Floats, made: Plan, seen: Gaze) -> None:
    """Add a gaze to channels, in place: chest, head, then what is left for the eyes."""

    def c(name: str) -> Floats:
        column: Floats = channels[:, INDEX[name]]
        return column

    # Who drinks keeps the head where the rim is, and who lies looks up.
    free = (1.0 - np.clip(c("sip"), 0.0, 1.0)) * upright(channels)
    lively = 0.85 + 0.3 * (made.who.habits.liveliness - 0.75)
    wide = _beyond(seen.left, 5 * _DEGREE)
    # The whole upper body goes along for wide turns, but not while it has something to do.
    trunk = follow(0.22 * wide, 4.2, 0.08) * made.calm * free
    c("chest.turn")[:] += trunk
    head = follow(np.clip(0.88 * wide, -1.5, 1.5), 9.0 * lively, 0.04)
    lift = follow(np.clip(0.80 * _beyond(seen.up, 3 * _DEGREE), -_HEAD_DOWN, _HEAD_UP), 8.5 * lively, 0.05)
    turned = c("hips.turn") + c("chest.turn")
    bent = c("hips.lean") + c("chest.bend")
    c("head.turn")[:] += free * _limit(head - turned, _HEAD_TURN)
    c("head.nod")[:] += free * (-lift - 0.88 * bent)
    c("head.tilt")[:] += free * -0.06 * (head - turned)


def upright(channels: Floats) -> Floats:
    """(T,) 1 for who stands or sits, 0 for who lies on the back, eased."""
    return 1.0 - ease((-channels[:, INDEX["hips.lean"]] / _DEGREE - 20.0) / 40.0)


def eyes_in(head: Floats, heading: Floats, seen: Gaze, apart: float, free: Floats) -> tuple[Floats, Floats]:
    """Rotations (T, 4) of the left and the right eye in a head turned (T, 3, 3) that looks as `seen`.

    The eyes are `apart` [m], and turn in towards what is near; where `free` (T,) is 0 they look straight ahead.
    """
    level = np.cos(seen.up)
    bearing = heading + seen.left
    way = np.stack([-np.sin(bearing) * level, np.cos(bearing) * level, np.sin(seen.up)], axis=1)
    local = apply(transpose(head), way)
    left = free * np.arctan2(local[:, 0], -local[:, 1])
    up = free * np.arctan2(local @ UP, np.hypot(local[:, 0], local[:, 1]))
    inwards = np.arctan2(0.5 * apart, np.maximum(seen.distance, 0.25))
    up = np.clip(up, -_EYES_DOWN, _EYES_UP)
    turns = [turn(Z, _limit(left + side * inwards, _EYES_TURN)) @ turn(X, -up) for side in (-1.0, 1.0)]
    return to_quaternion(turns[0]), to_quaternion(turns[1])


def _beyond(angle: Floats, dead: float) -> Floats:
    """Angles less a zone that the eyes see to alone; smooth at its edge."""
    size = np.abs(angle)
    return np.asarray(np.sign(angle) * (np.sqrt(size**2 + dead**2) - dead))


def _limit(angle: Floats, most: float) -> Floats:
    """Angles that never pass a limit, softly."""
    result: Floats = most * np.tanh(angle / most * (1.0 + 0.25 * (angle / most) ** 2))
    return result
