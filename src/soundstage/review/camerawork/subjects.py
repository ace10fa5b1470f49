"""What a shot is about, as its screenplay says, and where that is in the Take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body.skeleton import BONE_INDEX
from ...screenplay.model import Shot
from ...take import Take
from ...view import View
from ..surfaces import parts
from ..truth import Instant, Truth

Array = NDArray[Any]

FAR_M = 10.0
"""A thing that has moved further than this from the first subject has left the shot."""
RESTS_M = 0.05
"""What starts so near over a fixed thing lies on it; once it is lower than that it has fallen off."""
FULL = ("LS", "ELS")
"""Sizes that show people from head to foot."""
INNER = 0.6
"""Part of a head that must be seen: hair may be cut."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One of them, at one instant."""

    name: str
    thing: int | None
    """Index of a thing, or None for a person."""
    person: int | None
    points: Array
    """(K, 3) [m]: what must be in the picture."""
    centre: Array
    """(3,) [m]: of the head, or of the thing."""
    radius_m: float
    """Of the head, or of the thing."""


def shot_of(truth: Truth, instant: Instant) -> Shot | None:
    """The shot of the screenplay that a picture belongs to; None where there is no screenplay."""
    if truth.screenplay is None:
        return None
    take = truth.takes[instant.take]
    shots = [shot for shot in truth.screenplay.shots if shot.scene == take.scene]
    index = int(take.camera.shot[instant.row])
    return shots[index] if 0 <= index < len(shots) else None


def subjects(truth: Truth, instant: Instant, shot: Shot, view: View) -> list[Subject]:
    """Who and what a picture of the shot should show, the first one first; without what has left the action."""
    take = truth.takes[instant.take]
    people = {person.id: index for index, person in enumerate(take.people)}
    things = {thing.id: index for index, thing in enumerate(take.things)}
    names = list(shot.camera.subjects)
    if shot.camera.framing == "point_of_view":
        names = names[1:]  # the first one sees
    elif shot.camera.framing == "over_the_shoulder":
        names = names[:1]  # of the others a shoulder is seen
    found: list[Subject] = []
    for name in names:
        if name in people:
            found.append(_person(truth, instant, people[name], shot, view))
        elif name in things:
            subject = _thing(truth, instant, things[name])
            if not found or not _gone(truth, instant, take, subject, found[0]):
                found.append(subject)
    return found


def head_of(truth: Truth, instant: Instant, person: int) -> tuple[Array, float]:
    """Middle (3,) and radius of a head [m]."""
    figure = truth.body(instant.take, person)
    shown = truth.poses(instant.take, instant.middle)
    bones = figure.fk(shown.root[0, person], shown.joints[0, person])
    capsule = next(c for c in figure.capsules if c.name == "head")
    middle = (capsule.p0 + capsule.p1) / 2 - figure.heads[capsule.bone]
    bone = bones[capsule.bone]
    return np.asarray(bone[:3, :3] @ middle + bone[:3, 3]), float(
        capsule.radius + np.linalg.norm(capsule.p1 - capsule.p0) / 2
    )


def _person(truth: Truth, instant: Instant, person: int, shot: Shot, view: View) -> Subject:
    middle, radius = head_of(truth, instant, person)
    right, up = view.turn[:, 0], view.turn[:, 1]
    reach = 0.0 if shot.camera.size == "ECU" else INNER * radius  # so near, a part of the face fills the picture
    points = [middle, *(middle + sign * reach * axis for axis in (right, up) for sign in (-1, 1))]
    if shot.camera.size in FULL and shot.camera.framing == "subjects":
        shown = truth.poses(instant.take, instant.middle)
        bones = truth.body(instant.take, person).fk(shown.root[0, person], shown.joints[0, person])
        points += [bones[BONE_INDEX[f"foot.{side}"], :3, 3] for side in "LR"]
    name = truth.takes[instant.take].people[person].id
    return Subject(
        name=name, thing=None, person=person, points=np.array(points), centre=middle, radius_m=radius
    )  # fmt: skip


def _thing(truth: Truth, instant: Instant, index: int) -> Subject:
    take = truth.takes[instant.take]
    shown = truth.poses(instant.take, instant.middle)
    solids = list(parts(take.things[index], shown.thing_position[0, index], shown.thing_rotation[0, index]))
    # A compound stands on its origin: the middle of what it is made of is where it is.
    low = np.min([s.position for s in solids], axis=0) if solids else shown.thing_position[0, index]
    high = np.max([s.position for s in solids], axis=0) if solids else shown.thing_position[0, index]
    middle = (low + high) / 2
    return Subject(
        name=take.things[index].id.replace("_", " "), thing=index, person=None, points=middle[None], centre=middle,
        radius_m=float(min(take.things[index].size)) / 2,
    )  # fmt: skip


def _gone(truth: Truth, instant: Instant, take: Take, subject: Subject, first: Subject) -> bool:
    """Whether a loose thing has left the action: it is far off, or has fallen off what it lay on."""
    index = subject.thing
    if index is None or take.things[index].fixed:
        return False
    if float(np.linalg.norm(subject.centre - first.centre)) > FAR_M:
        return True
    start = take.thing_position[0, index]
    under = start[2] - take.things[index].size[2] / 2
    for n, other in enumerate(take.things):
        if not other.fixed:
            continue
        for part in parts(other, take.thing_position[0, n], take.thing_rotation[0, n]):
            half = np.abs(part.turn * (np.array(part.size) / 2)).sum(axis=1)
            top = float(part.position[2] + half[2])
            over = np.all(np.abs(start[:2] - part.position[:2]) <= half[:2])
            if over and abs(under - top) < RESTS_M:
                return bool(subject.centre[2] < top)
    return False
