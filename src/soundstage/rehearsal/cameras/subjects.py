"""Who and what a shot is about: where they are, what of them has to be seen, and which way is their front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock
from ...errors import ScreenplayError
from ...screenplay.model import Camera
from ...take import Thing
from .geometry import smooth
from .stage import Stage, smoothing

Array = NDArray[Any]

FACES = ("ECU", "CU", "MCU", "MS")
"""Sizes that are about a face."""
SETTLED_S = 0.35
"""Movements of subjects quicker than this do not draw the camera along [s, Gaussian]."""
WAY_M = 0.5
"""Somebody who covers less than this stays where they are."""
TURNED = np.radians(30.0)
"""Hips that turn less than this do not turn somebody's front."""


@dataclass(frozen=True)
class Subjects:
    """The subjects of one shot, as indices into a Stage."""

    people: tuple[int, ...]
    things: tuple[int, ...]


def find(names: tuple[str, ...], shot_id: str, stage: Stage) -> Subjects:
    """The subjects by name.

    Raises:
        ScreenplayError: one of them is not in the scene.
    """
    things = stage.thing_names
    unknown = [s for s in names if s not in stage.people and s not in things]
    if unknown:
        raise ScreenplayError(
            f"shot {shot_id!r}: there is no {unknown[0]!r} in its scene",
            f"subjects can be: {', '.join((*stage.people, *things))}",
        )
    return Subjects(
        people=tuple(stage.people.index(s) for s in names if s in stage.people),
        things=tuple(things.index(s) for s in names if s in things),
    )


def interest(stage: Stage, subjects: Subjects, *, steady: bool = True) -> Array:
    """Where the eye of an operator rests (T, 3): the eyes of people and the middle of what stands; else what moves.

    With `steady` false, what moves counts before what stands.
    """
    standing = [n for n in subjects.things if stage.things[n].fixed == steady]
    tracks = [stage.person_eyes[:, p] for p in subjects.people]
    tracks += [middle(stage, n) for n in standing]
    if not tracks:
        tracks = [middle(stage, n) for n in subjects.things]
    return np.asarray(np.mean(tracks, axis=0))


def way(stage: Stage, subjects: Subjects) -> Array:
    """The way (T, 3) of the subjects, without their smaller movements; people as their place on the ground."""
    tracks = [stage.person_feet[:, p] for p in subjects.people]
    tracks = tracks or [stage.thing_position[:, n] for n in subjects.things if not stage.things[n].fixed]
    if not tracks:
        return np.zeros((len(stage.time), 3))
    return smooth(np.mean(tracks, axis=0), smoothing(SETTLED_S))


def keys(stage: Stage, subjects: Subjects, ticks: Array) -> tuple[Array, tuple[int, ...]]:
    """Points (F, K, 3) that the picture has to keep, and whose they are (a thing's index, -1-p for person p).

    Brows and chins of people, top and bottom of what stands; the middle of what moves if there is nothing else.
    """
    points: list[Array] = []
    owners: list[int] = []
    for p in subjects.people:
        eyes, part = stage.at(stage.person_eyes[:, p], ticks), float(stage.person_height[p])
        points += [eyes + [0.0, 0.0, 0.025 * part], eyes - [0.0, 0.0, 0.065 * part]]
        owners += [-1 - p, -1 - p]
    steady = [n for n in subjects.things if stage.things[n].fixed]
    for n in steady or (() if points else subjects.things):
        centre, half = stage.at(middle(stage, n), ticks), bounds(stage.things[n])[1] * [0.0, 0.0, 0.8]
        points += [centre + half, centre - half] if n in steady else [centre]
        owners += [n, n] if n in steady else [n]
    return np.stack(points, axis=1), tuple(owners)


def middle(stage: Stage, n: int) -> Array:
    """The middle (T, 3) of what is seen of a thing."""
    return np.asarray(stage.thing_position[:, n] + bounds(stage.things[n])[0])


def bounds(thing: Thing) -> tuple[Array, Array]:
    """Centre offset and half size (3,) of a thing about its origin; compounds stand on their origin."""
    half = np.array(thing.size) / 2
    if thing.shape != "compound":
        return np.zeros(3), half
    if "rim_height" in thing.params:  # of a hoop only the board and ring matter, not the pole behind
        bottom = thing.params["rim_height"] - thing.params["net_length"]
        top = thing.params["board_bottom"] + thing.params["board_height"]
        return np.array([0, 0, (bottom + top) / 2]), np.array([half[0], half[0] / 2, (top - bottom) / 2])
    return np.array([0, 0, half[2]]), half


def front(camera: Camera, subjects: Subjects, stage: Stage, window: Array, *, travelling: bool) -> Array:
    """Horizontal unit vector (2,) the subjects face; the camera at side 0° stands there.

    Args:
        window: (T,) bool, when the shot is on.
        travelling: the camera goes along: the front is then the way they go, if they go anywhere.
    """
    people = list(subjects.people)
    if travelling:
        gone = np.ptp(way(stage, subjects)[window], axis=0)
        if np.linalg.norm(gone[:2]) > WAY_M:
            track = way(stage, subjects)[window, :2]
            steps = track[-1] - track[0]
            if np.linalg.norm(steps) > WAY_M / 2:
                return np.asarray(steps / np.linalg.norm(steps))
    if not people:
        return np.array([0.0, -1.0])
    if len(people) == 1 and camera.size in FACES:  # near enough to see a face: where it looks during the shot
        facing = stage.person_facing[window, people[0], :2].mean(axis=0)
        if np.linalg.norm(facing) > 0.3:
            return np.asarray(facing / np.linalg.norm(facing))
    first = int(np.argmax(window))
    turn = (stage.person_turn[first, people] - stage.person_heading[people] + np.pi) % (2 * np.pi) - np.pi
    moved = (np.abs(turn) > TURNED) & (stage.time[first] > clock.ticks(SETTLED_S))
    headings = stage.person_heading[people] + np.where(moved, turn, 0.0)
    faces = np.array([[-np.sin(h), np.cos(h)] for h in headings])
    mean = faces.mean(axis=0)
    if np.linalg.norm(mean) > 0.15:
        return np.asarray(mean / np.linalg.norm(mean))
    across = stage.person_feet[first, people[1], :2] - stage.person_feet[first, people[0], :2]
    normal = np.array([across[1], -across[0]]) / max(float(np.linalg.norm(across)), 1e-9)
    return np.asarray(normal if normal @ mean >= 0 else -normal)
