"""Hands that have to be somewhere: at a thing they take or leave, at somebody else's. The body goes along as far."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from ... import clock
from ...take import Thing
from .grasps import Moved, deeper, way
from .meetings import Meeting, met, nearer
from .plan import Plan, plan, pose
from .score import Part, Score
from .solve import Solved

_DEEPER, _NEAR = 12, 0.0015
"""How often the body goes a little deeper for a thing, until the hands are as near as this [m]."""


def reaching(made: Plan, things: tuple[Thing, ...], seed: int) -> tuple[Plan, Solved]:
    """A plan and its solution, the body going as deep for what it takes up or puts down as the hands need."""
    score = made.score
    one = _led(made)
    for _ in range(_DEEPER):
        short = [part for part in score.parts if _short(made, one, part) > _NEAR]
        if not short:
            break
        for part in short:
            further = part if part.reach is None else replace(part, reach=deeper(part.reach))
            further = further if part.meeting is None else replace(further, meeting=nearer(part.meeting))
            _instead(score, part, further)
        made = plan(score, things, made.t, made.gravity, seed)
        one = _led(made)
    return made, one


def _short(made: Plan, one: Solved, part: Part) -> float:
    """How far the hands stay away from a place that they have to reach [m]."""
    if part.meeting is not None:
        return _apart(made, one, part)
    if part.reach is None:
        return 0.0
    k = round(part.at("take" if part.timing.action.take else "release") * clock.POSE_RATE)
    if k >= len(made.t):
        return 0.0
    return float(np.linalg.norm(one.held[k] - part.reach.spot))


def _apart(made: Plan, one: Solved, part: Part) -> float:
    """How far a palm stays away from where hands meet [m], at most."""
    assert part.meeting is not None
    side = part.strong
    figure = made.who.figure
    picked = [int(k) for k in np.round(part.meeting.times * clock.POSE_RATE) if k < len(made.t)]
    if not picked:
        return 0.0
    wrist = figure.arms[side].bones[4]
    poses = figure.body.fk(one.root[picked], one.joints[picked].astype(float))[:, wrist]
    palm = poses[:, :3, :3] @ figure.hands[side].palm + poses[:, :3, 3]
    return float(np.linalg.norm(palm - met(part.meeting, made.t[picked]), axis=1).max())


def _instead(score: Score, part: Part, other: Part) -> None:
    score.parts[score.parts.index(part)] = other
    if score.took_up is part:
        score.took_up = other
    if score.let is not None and score.let.part is part:
        score.let = replace(score.let, part=other)


def _led(made: Plan) -> Solved:
    """A plan's poses, with hands led to what they take, leave or meet."""
    meet = [part.meeting for part in made.score.parts if part.meeting is not None]
    return _with_partner(made, meet) if meet else _with_thing(made, pose(made))


def _with_partner(made: Plan, meet: list[Meeting]) -> Solved:
    """Poses with what the hands hold at the place in the world where they meet; hips and feet stay as they are."""
    bare = pose(replace(made, radius=None))
    where = met(meet[0], made.t)
    for before, after in pairwise(meet):
        where = np.where((made.t > 0.5 * (before.times[-1] + after.times[0]))[:, None], met(after, made.t), where)
    led = pose(replace(made, carried=where - bare.root, root=bare.root, footing=bare.footing))
    return replace(led, footing=bare.footing)


def _with_thing(made: Plan, one: Solved) -> Solved:
    """The same with the thing lying until it is taken and after it is put down; hips and feet stay as they are."""
    score = made.score
    moves: list[tuple[Moved, bool]] = []
    if score.took_up is not None and score.took_up.reach is not None:
        lift, span = score.took_up.timing.phases["lift"]
        start = score.took_up.start + lift
        moves.append((Moved(start=start, end=start + 0.8 * span, spot=score.took_up.reach.spot), True))
    if score.let is not None and score.let.part.reach is not None:
        part = score.let.part
        down, span = part.timing.phases["down"]
        begin = part.start + down + 0.3 * span
        moves.append((Moved(start=begin, end=part.at("release") - 0.12, spot=part.reach.spot), False))  # type: ignore[union-attr]
    if not moves:
        return one
    # Hips answer for the trunk and hanging arms: where a bent body would carry something is of no account.
    bare = pose(replace(made, radius=None))
    one = pose(replace(made, root=bare.root, footing=bare.footing))
    path = way(one.held - one.root, one.root, made.t, tuple(moves))
    led = pose(replace(made, carried=path, root=one.root, footing=one.footing))
    return replace(led, footing=one.footing)


__all__ = ["reaching"]
