"""Whether something hides what a camera looks at: rays against the solids of a Take and the bodies of people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import library
from ...errors import InputError
from ...take import Thing
from ..surfaces import NEAR_M, parts, reached
from ..truth import Instant, Truth
from .subjects import Subject

Array = NDArray[Any]

PROBE = 0.6
"""Probes lie so far from the middle of a subject, in parts of its radius."""
SEE_THROUGH = 0.3
"""Transmission of what can be seen through."""


def hidden(truth: Truth, instant: Instant, eye: Array, turn: Array, subject: Subject) -> float:
    """Part 0…1 of five probes of a subject, its middle and around it, that something else hides from an eye (3,)."""
    reach = PROBE * subject.radius_m
    around = [sign * reach * turn[:, axis] for axis in (0, 1) for sign in (-1, 1)]
    targets = np.array([subject.centre, *(subject.centre + step for step in around)])
    rays = targets - eye
    rays *= (1.0 - subject.radius_m / np.maximum(np.linalg.norm(rays, axis=1, keepdims=True), 1e-6)).clip(0.0)
    blocked = np.zeros(len(rays), dtype=bool)
    take = truth.takes[instant.take]
    shown = truth.poses(instant.take, instant.middle)
    for index, thing in enumerate(take.things):
        if index == subject.thing or clear(thing):
            continue
        for part in parts(thing, shown.thing_position[0, index], shown.thing_rotation[0, index]):
            far = reached(part, eye, rays)
            blocked |= (far > NEAR_M / np.linalg.norm(rays, axis=1)) & (far < 1.0)
    for person in range(len(take.people)):
        if person == subject.person:
            continue  # a hand before one's own face is acting
        blocked |= _behind_body(truth, instant, person, eye, rays)
    return float(blocked.mean())


def clear(thing: Thing) -> bool:
    """Whether a thing can be seen through."""
    try:
        return library.material(thing.material).transmission > SEE_THROUGH
    except InputError:  # a material of another version
        return False


def _behind_body(truth: Truth, instant: Instant, person: int, eye: Array, rays: Array) -> Array:
    """(K,) bool: whether a ray (its length counts) goes through one of the capsules of a body."""
    figure = truth.body(instant.take, person)
    shown = truth.poses(instant.take, instant.middle)
    bones = figure.fk(shown.root[0, person], shown.joints[0, person])
    blocked = np.zeros(len(rays), dtype=bool)
    for capsule in figure.capsules:
        bone = bones[capsule.bone]
        a, b = ((bone[:3, :3] @ (p - figure.heads[capsule.bone]) + bone[:3, 3]) for p in (capsule.p0, capsule.p1))
        if np.linalg.norm(eye - (a + b) / 2) < capsule.radius + np.linalg.norm(b - a) / 2:
            continue  # the camera is this person's eyes
        blocked |= _apart(eye, rays, a, b - a) < capsule.radius
    return blocked


def _apart(eye: Array, rays: Array, start: Array, along: Array) -> Array:
    """(K,) least distance between a stick and each ray (K, 3), which ends where it ends."""
    share = np.linspace(0.0, 1.0, 9)
    stick = start + share[:, None] * along  # (S, 3)
    to = stick[None] - eye
    length = np.einsum("ki,ki->k", rays, rays)
    t = np.clip(np.einsum("ksi,ki->ks", np.broadcast_to(to, (len(rays), *stick.shape)), rays) / length[:, None], 0, 1)
    gap = np.linalg.norm(to - t[..., None] * rays[:, None], axis=-1)
    return np.asarray(gap.min(axis=1))
