"""What comes to life once it is known where things fly and who says what when: gaze, talking hands, nods.

Feet, hips and held things stay exactly where they were: only the spine, the head, the eyes and free arms are added to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ... import clock
from ...take import Array, read_only
from .attention import Stage, glances
from .figure import BONE
from .gaze import eyes_in, gaze, look, upright
from .maths import Floats, continuous
from .plan import Plan, pose
from .records import Performance
from .talk import converse

if TYPE_CHECKING:
    from ..layout import Layout
    from ..schedule import Cue
    from ..utterances import Spoken


def enliven(
    performance: Performance,
    layout: Layout,
    cues: Sequence[Cue],
    *,
    thing_position: Array,
    spoken: Spoken,
    seed: int,
) -> Performance:
    """The performance with gaze, talking gestures and nods; same feet, same grips, same releases.

    `thing_position` (T, N, 3) is where physics took the things, on the performance's clock.
    """
    if not performance.plans:
        return performance
    t = performance.time / clock.TICKS_PER_SECOND
    stage = Stage(
        layout=layout,
        plans=performance.plans,
        t=t,
        eyes=_eyes(performance),
        thing_position=np.asarray(thing_position),
        cues=cues,
        spoken=spoken,
        seed=seed,
    )
    root, joints = np.array(performance.root), np.array(performance.joints)
    plans: list[Plan] = []
    leaps: list[Array] = []
    for p, made in enumerate(performance.plans):
        channels = made.channels.copy()
        converse(channels, made, stage)
        heading = made.footing.heading
        seen = gaze(glances(stage, p), t, stage.eyes[:, p], heading, seed, made.who.person.id)
        look(channels, made, seen)
        alive = replace(made, channels=channels, root=np.asarray(performance.root[:, p]))
        solved = pose(alive)
        root[:, p], joints[:, p] = solved.root, solved.joints
        pair = (BONE["eye.L"], BONE["eye.R"])
        apart = float(np.linalg.norm(made.who.figure.offset("eye.L", "eye.R")))
        for eye, turned in zip(pair, eyes_in(solved.head, heading, seen, apart, upright(channels)), strict=True):
            joints[:, p, eye] = continuous(turned)
        plans.append(alive)
        leaps.append(read_only(performance.time[list(seen.leaps)].astype(np.int64)))
    return replace(
        performance,
        root=read_only(root),
        joints=read_only(joints),
        plans=tuple(plans),
        gaze_shifts=tuple(leaps),
    )


def _eyes(performance: Performance) -> Floats:
    """(T, P, 3) between everybody's eyes."""
    out = np.empty(performance.root.shape)
    count = len(performance.time)
    picked = np.unique(np.append(np.arange(0, count, 8), count - 1))
    for p, made in enumerate(performance.plans):
        poses = made.who.figure.body.fk(performance.root[picked, p], performance.joints[picked, p].astype(float))
        middle = 0.5 * (poses[:, BONE["eye.L"], :3, 3] + poses[:, BONE["eye.R"], :3, 3])
        for axis in range(3):
            out[:, p, axis] = np.interp(np.arange(count), picked, middle[:, axis])
    return out
