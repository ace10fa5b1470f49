"""How somebody stands when nothing is asked of them: relaxed, on one leg more than the other, never quite still."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .channels import INDEX, blank
from .curves import through
from .footing import Footing
from .maths import Floats
from .performer import Performer, dice
from .table import spread, value_of

FORWARD = 0.042
"""The centre of mass stands this far before the ankles [m on 1.75 m] (Winter 1995)."""


def resting(who: Performer, t: Floats, seed: int) -> Floats:
    """Channels of relaxed standing with arms that hang, (T, C)."""
    channels = blank(len(t))

    def put(name: str, value: Floats | float) -> None:
        channels[:, INDEX[name]] = value

    rad = np.radians
    habits = who.habits
    old = float(np.interp(who.age, (55, 85), (0.0, 1.0)))
    put("knees", rad(5.0 + 7.0 * old))
    put("chest.bend", rad(1.0 + 11.0 * old))
    put("hips.lean", rad(1.0 + 1.0 * old))
    put("head.nod", rad(1.0))
    put("head.tilt", habits.head_tilt)
    # Arms hang clear of the hips, the hands' backs half ahead, fingers curled as they fall.
    clear = _clearance(who)
    for side, name in enumerate("LR"):
        own = habits.arms[side]
        put(f"arm.ahead.{name}", rad(1.0) + own[0])
        put(f"arm.out.{name}", clear + abs(own[1]))
        put(f"arm.turn.{name}", rad(14.0) + own[2])
        put(f"elbow.{name}", max(rad(6.0), rad(15.0 + 6.0 * old) + own[3]))
        put(f"palm.{name}", rad(24.0))
        put(f"curl.{name}", np.clip(0.22 + own[4], 0.12, 0.34))
        put(f"thumb.{name}", rad(-6.0))
    return channels


def _clearance(who: Performer) -> float:
    """How far the upper arms must lean out for the hands to hang beside the hips [rad]."""
    figure = who.figure
    shoulder = abs(float(figure.heads[figure.arms[0].bones[0]][0]))
    hand = 0.030 * figure.scale
    need = (figure.hip_breadth + hand - shoulder) / figure.arm
    return float(np.clip(np.arcsin(np.clip(need, -0.5, 0.5)), np.radians(5.0), np.radians(20.0)))


def breathe(who: Performer, t: Floats) -> Floats:
    """0 out … 1 in, 12-16 times a minute; in is quicker than out, with a rest after it."""
    cycle = (t / who.habits.breath_period + who.habits.breath_phase) % 1.0
    return through(cycle, [0.0, 0.40, 0.86, 1.0], np.array([0.0, 1.0, 0.0, 0.0]))


def shifts(who: Performer, t: Floats, seed: int, calm: Floats) -> Floats:
    """(T,) weight -1…1 that wanders from leg to leg; where `calm` (T,) is 0 it stands on both."""
    rng = dice(seed, "shifts", who.person.id)
    times, values = [-10.0], [who.habits.weight]
    now, side = float(rng.uniform(0.4, 1.0)) * who.habits.shift_every, np.sign(who.habits.weight)
    while now < t[-1] + 20.0:
        side = -side if rng.random() < 0.75 else side
        level = side * rng.uniform(0.35, 0.85)
        times += [now, now + float(rng.uniform(0.9, 1.5))]
        values += [values[-1], float(level)]
        now = times[-1] + who.habits.shift_every * float(rng.uniform(0.6, 1.4))
    return through(t, times, np.array(values)) * calm


def settle(channels: Floats, who: Performer, t: Floats, weight: Floats, calm: Floats) -> None:
    """Add what standing on one leg and swaying do to the hips and the spine, in place."""
    rad = np.radians

    def add(name: str, value: Floats) -> None:
        channels[:, INDEX[name]] += value

    add("weight", weight)
    add("hips.drop", -rad(4.0) * weight)
    add("hips.turn", -rad(2.5) * weight)
    add("chest.side", rad(4.6) * weight)
    add("chest.turn", rad(1.8) * weight)
    add("head.tilt", -rad(0.8) * weight)
    waves = [size * np.sin(2 * np.pi * hz * t + phase) for hz, phase, size in who.habits.sway]
    add("hips.ahead", 0.0045 * (waves[0] + 0.6 * waves[1]) * (0.3 + 0.7 * calm))
    add("hips.left", 0.0040 * (waves[1] - 0.7 * waves[2]) * (0.3 + 0.7 * calm))
    add("chest.bend", rad(0.35) * waves[0])
    add("chest.turn", rad(0.5) * waves[1])
    add("head.turn", rad(0.6) * waves[0] - rad(0.4) * waves[2])
    add("head.nod", rad(0.5) * waves[1])
    for name, k in (("L", 0), ("R", 1)):
        add(f"arm.ahead.{name}", rad(0.7) * waves[k])
        add(f"elbow.{name}", rad(0.8) * waves[2 - k])


def carry_pose(channels: Floats, who: Performer, pose: Mapping[str, float], when: Floats) -> None:
    """Let the arms hold a thing as the table says, as far as `when` (T,) 0…1, in place."""
    for column, written in pose.items():
        for channel in spread(column, who.strong, (0, 1)):
            value = value_of(channel, float(written), who.strong)
            here = channels[:, INDEX[channel]]
            channels[:, INDEX[channel]] = here * (1 - when) + value * when if channel.startswith("hold.") else value


def balance(footing: Footing, who: Performer, weight: Floats) -> Floats:
    """(T, 2) where the centre of mass stands over two feet: before the ankles, nearer to the one that carries."""
    left, right = footing.place
    middle = 0.5 * (left + right)
    across = 0.5 * (left - right)
    ahead = np.stack([-np.sin(footing.heading), np.cos(footing.heading)], axis=1)
    spot: Floats = middle + 0.72 * weight[:, None] * across + FORWARD * who.figure.scale * ahead
    return spot
