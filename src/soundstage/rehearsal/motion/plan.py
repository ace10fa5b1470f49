"""Score → channels and footing over time: everything about one person that the bones are then solved from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import sqrt

import numpy as np

from ... import clock
from ...take import Thing
from . import gait, places, stance
from .channels import INDEX, LEGS
from .curves import step, through
from .footing import Footing, cut_footing, pick_footing
from .hands import Fingers, fingers
from .layers import keys_of, lay, tremble
from .maths import Floats
from .performer import Performer
from .rests import Rest, rest_on, rolled, settled_height
from .score import Part, Score
from .solve import Solved, solve
from .steps import feet, gaits_over, weight_on
from .table import carry, spread, value_of
from .vessels import rim

_AT_REST = 0.15
"""So long after settling the feet hang still, too [s]."""
HAND_WIDE = 0.145
"""Things wider than this are held with both hands [m]."""
_FIT_LEAP = 0.34
_FASTEST = {"basket": 2.5, "throw": 1.9}
"""How much faster than on average a thing may leave the hand that pushes it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that decides one person's poses."""

    who: Performer
    score: Score
    t: Floats
    """(T,) [s]"""
    channels: Floats
    """(T, C)"""
    footing: Footing
    radius: Floats | None
    """(T,) of what the palms lie on [m]; None if they never lie on anything."""
    fingers: tuple[Fingers, Fingers]
    calm: Floats
    """(T,) 1 where nothing is done with the whole body, 0 where it is."""
    gravity: float
    rim: tuple[float, float] | None = None
    """Edge of the held thing that one drinks from, if it has one."""
    carried: Floats | None = None
    """(T, 3) the held thing relative to the root, once it is decided."""
    root: Floats | None = None
    """(T, 3) once it is decided."""


def grip_radius(thing: Thing) -> float:
    """Half of what the palms lie round [m]."""
    if thing.shape == "sphere":
        return 0.5 * thing.size[0]
    if thing.shape == "cylinder":
        return 0.5 * min(thing.size[0], thing.size[2])
    return 0.5 * (min(thing.size) if max(thing.size) <= HAND_WIDE else thing.size[0])


def held_in_one(thing: Thing) -> bool:
    """Whether one hand holds it."""
    return max(thing.size) <= HAND_WIDE or 2.0 * grip_radius(thing) <= 0.08


def plan(score: Score, things: tuple[Thing, ...], t: Floats, gravity: float, seed: int) -> Plan:
    """What a score comes to for one body."""
    who = score.who
    calm, upright = _calm(score, t), _upright(score, t)
    channels = stance.resting(who, t, seed)
    channels[:, INDEX["breath"]] += stance.breathe(who, t)
    for walk in score.walks:
        gait.swing(channels, t, walk, who)
    radius, laid = _hold(score, things, channels, t)
    _posture(score, channels, t)
    for part in score.parts:
        _lay(score, part, channels, t, things, gravity)
    if radius is not None and score.thing is None:
        radius = np.maximum(0.5 * channels[:, INDEX["gap"]] * who.figure.arm, 0.0)
    footing = feet(score.way, who.figure, t)
    weight = np.clip(stance.shifts(who, t, seed, calm * upright) + weight_on(score.way, t) * upright, -1, 1)
    stance.settle(channels, who, t, weight, calm * upright)
    footing = _balance(score, channels, footing, t)
    made = Plan(
        who=who,
        score=score,
        t=t,
        channels=channels,
        footing=footing,
        radius=radius,
        fingers=laid,
        calm=calm,
        gravity=gravity,
        rim=None if score.thing is None else rim(things[score.thing]),
    )
    return _rested(made)


def _rested(made: Plan) -> Plan:
    """The same with everything that carries the body let in; how high it sits is found on its skin."""
    rests = tuple(made.score.rests)
    if not rests:
        return made
    bare = made.footing
    for _ in range(3):
        footing = rest_on(bare, rests, made.t)
        rests = tuple(_fitted(replace(made, footing=footing), one) for one in rests)
    return replace(made, footing=rest_on(bare, rests, made.t))


def _fitted(made: Plan, rest: Rest) -> Rest:
    if rest.track is not None:
        return _rolled(made, rest)
    k = int(np.clip(round((max(rest.settled, 0.0) + _AT_REST) * clock.POSE_RATE), 0, len(made.t) - 2))
    if not rest.settled <= made.t[k] <= rest.leave:
        return rest  # cut off by the end of the scene
    one = pose(_only(made, k))
    figure = made.who.figure
    return settled_height(figure, rest, one.root[0], one.joints[0], made.footing.ground)


def _rolled(made: Plan, rest: Rest) -> Rest:
    """All of the way of a body that rolls over while it rests."""
    assert rest.track is not None
    for row, when in enumerate(rest.track.times):
        k = int(np.clip(round(float(when) * clock.POSE_RATE), 0, len(made.t) - 2))
        one = pose(_only(made, k))
        lean = float(made.channels[k, INDEX["hips.lean"]])
        rest = rolled(made.who.figure, rest, row, lean, one.root[0], one.joints[0], made.footing.ground)
    return rest


def _only(made: Plan, k: int) -> Plan:
    """Two samples of a plan."""
    here = slice(k, k + 2)
    return replace(
        made,
        t=made.t[here],
        channels=made.channels[here],
        footing=replace(pick_footing(made.footing, here), flights=()),
        radius=None if made.radius is None else made.radius[here],
        calm=made.calm[here],
    )


def pose(made: Plan) -> Solved:
    """Solve a plan."""
    return solve(
        made.who.figure,
        made.channels,
        made.footing,
        rate=float(clock.POSE_RATE),
        gravity=made.gravity,
        radius=made.radius,
        fingers=made.fingers,
        strong=made.who.strong,
        carried=made.carried,
        root=made.root,
        rim=made.rim,
    )


def cut_plan(made: Plan, count: int) -> Plan:
    """The first `count` samples of a plan."""
    return replace(
        made,
        t=made.t[:count],
        channels=made.channels[:count],
        footing=cut_footing(made.footing, count),
        radius=None if made.radius is None else made.radius[:count],
        calm=made.calm[:count],
    )


def cut_solved(one: Solved, count: int) -> Solved:
    """The first `count` samples of a solution."""
    arrays = {f.name: getattr(one, f.name)[:count] for f in fields(one) if f.name != "footing"}
    return replace(one, footing=cut_footing(one.footing, count), **arrays)


def _calm(score: Score, t: Floats) -> Floats:
    """(T,) 0 while somebody leaps, goes, steps or lets go of something, eased."""
    busy = np.zeros(len(t))
    spans = [(walk.start, walk.end) for walk in score.walks]
    spans += [(one.lift - 0.2, one.land + 0.1) for one in score.way.steps]
    spans += [(p.start, p.end) for p in score.parts if p.timing.action.leap or p.timing.action.release]
    for start, end in spans:
        busy = np.maximum(busy, step(t, start - 0.5, start) * (1.0 - step(t, end - 0.1, end + 0.7)))
    if score.thing is not None and score.let is not None and score.let.way not in ("drop", "put"):
        busy = np.maximum(busy, 1.0 - step(t, score.let.part.end, score.let.part.end + 0.8))
    return 1.0 - busy


def _upright(score: Score, t: Floats) -> Floats:
    """(T,) 0 in postures with bent legs, 1 where one stands, eased."""
    out = np.ones(len(t))
    for part in score.parts:
        if part.timing.action.support:
            (down, _), (rise, span) = part.timing.phases["stay"], part.timing.phases["rise"]
            begin = part.start + part.timing.lead
            low = step(t, begin - 0.3, part.start + down) * (1.0 - step(t, part.start + rise, part.start + rise + span))
            out = np.minimum(out, 1.0 - low)
    return out


def _hold(
    score: Score, things: tuple[Thing, ...], channels: Floats, t: Floats
) -> tuple[Floats | None, tuple[Fingers, Fingers]]:
    """Put what is held into the hands; how far apart palms are while they hold, and how fingers lie on it."""
    who = score.who
    empty = any("gap" in columns for p in score.parts for columns, _ in p.timing.action.sheets)
    if score.thing is None:
        return (np.zeros(len(t)) if empty else None), who.bare
    thing = things[score.thing]
    wide = grip_radius(thing)
    two = not held_in_one(thing)
    until = clock.seconds(score.let.time) if score.let else np.inf
    when = 1.0 - step(t, until, until + 0.12) if np.isfinite(until) else np.ones(len(t))
    if score.took_up is not None:
        begin, span = score.took_up.timing.phases["down"]
        when = when * step(t, score.took_up.start + begin + 0.25 * span, score.took_up.at("take") - 0.06)
    stem = not two and thing.shape == "cylinder" and thing.size[2] > thing.size[0]
    stance.carry_pose(channels, who, carry("two_hands" if two else "stem" if stem else "one_hand"), when)
    figure = who.figure
    laid = fingers(figure, 0, wide, stem=stem), fingers(figure, 1, wide, stem=stem)
    gone = step(t, until + 0.3, until + 0.5) if np.isfinite(until) else np.zeros(len(t))
    return wide * (1.0 - gone), laid


def _holding(channels: Floats) -> tuple[int, ...]:
    return tuple(side for side, name in enumerate("LR") if channels[:, INDEX[f"hold.{name}"]].max() > 0.5)


def _posture(score: Score, channels: Floats, t: Floats) -> None:
    """What adverbs do to the whole body while they last."""
    for part in score.parts:
        when = step(t, part.start - 0.3, part.start + 0.3) * (1.0 - step(t, part.end - 0.2, part.end + 0.6))
        for column, written in part.timing.manner.posture.items():
            for channel in spread(column, part.strong, ()):
                channels[:, INDEX[channel]] += when * value_of(channel, float(written), part.strong)


def _lay(score: Score, part: Part, channels: Floats, t: Floats, things: tuple[Thing, ...], gravity: float) -> None:
    timing, who = part.timing, score.who
    size = timing.manner.size
    knees = 1.0
    if timing.leap:
        knees = float(np.clip(sqrt(timing.leap / _FIT_LEAP), 0.45, 1.05))
        size *= knees
    else:
        knees = 0.55 + 0.45 * min(who.vigour, 1.0)
    if timing.action.support:
        size = 1.0  # however it is done, one sits or lies as far down
    if part.reach is not None:
        knees, size = part.reach.knees, part.reach.lean
    strong = who.strong if timing.action.release or timing.action.take else part.strong
    keys = keys_of(timing, who, strong, _holding(channels), size, part.aim)
    if score.thing is not None and part.meeting is None:
        keys = {c: k for c, k in keys.items() if c != "gap"}
    if not part.legs:
        keys = {c: k for c, k in keys.items() if c not in LEGS}
    speeds = _speeds(score, part, keys, things, gravity) if score.let and score.let.part is part else None
    if part.meeting is not None and part.meeting.lean:
        times = [part.start + part.timing.lead, *part.meeting.times[[0, -1]], part.end]
        near = through(t, times, np.array([0.0, 1.0, 1.0, 0.0]))
        channels[:, INDEX["hips.lean"]] += 0.6 * part.meeting.lean * near
        channels[:, INDEX["chest.bend"]] += 0.4 * part.meeting.lean * near
    lay(channels, t, part.start, keys, knee_size=knees, speeds=speeds)
    tremble(channels, t, part.start, timing, strong, timing.manner.size, 0.7 * who.number)


def _speeds(
    score: Score,
    part: Part,
    keys: dict[str, list[tuple[float, float | None]]],
    things: tuple[Thing, ...],
    gravity: float,
) -> dict[str, tuple[float, float]] | None:
    """Rates of the ball channels when the thing leaves the hands: those that carry it to the target."""
    let, figure = score.let, score.who.figure
    assert let is not None
    if let.way in ("drop", "put"):
        return None
    when = part.timing.moments["release"]
    _, _, heading = score.way.stands(part.start + when)
    names = ("ball.ahead", "ball.left", "ball.up")
    at, before, span = np.empty(3), np.empty(3), 0.1
    for k, name in enumerate(names):
        track = sorted((x, v) for x, v in keys[name] if v is not None)
        index = int(np.argmin([abs(x - when) for x, _ in track]))
        at[k], before[k] = track[index][1], track[index - 1][1]
        span = track[index][0] - track[index - 1][0]
    here = score.way.middle(part.start + when)
    axes = np.array([[-np.sin(heading), np.cos(heading), 0], [-np.cos(heading), -np.sin(heading), 0], [0, 0, 1.0]])
    shoulders = figure.sole + figure.heads[figure.arms[0].bones[0]][2]
    start = np.array([*here, score.way.ground + shoulders + part.timing.leap]) + axes.T @ (at * figure.arm)
    if let.target is not None:
        velocity = (places.arc if let.way == "basket" else places.straight)(start, let.target, gravity)
    else:
        velocity = (places.arc if let.way == "basket" else places.straight)(start, start + 4.5 * axes[0], gravity)
    rates = axes @ velocity / figure.arm
    rates[2] -= _rise(part, when, gravity) / figure.arm
    most = _FASTEST[let.way] * float(np.linalg.norm(at - before)) / span
    rates *= min(1.0, most / float(np.linalg.norm(rates)))
    return {name: (when, float(rates[k])) for k, name in enumerate(names)}


def _rise(part: Part, when: float, gravity: float) -> float:
    """Upward speed of a leaping body at a moment [m/s]."""
    flight = part.timing.phases.get("flight")
    if flight is None or not part.timing.leap:
        return 0.0
    return 0.5 * gravity * flight[1] - gravity * (when - flight[0])


def _balance(score: Score, channels: Floats, footing: Footing, t: Floats) -> Footing:
    """Heels that lift, leaps, and where the centre of mass stands."""
    who = score.who
    ahead = np.stack([-np.sin(footing.heading), np.cos(footing.heading)], axis=1)
    heels = np.maximum(channels[:, INDEX["heels"]], 0.0)
    pitch, planted = footing.pitch.copy(), footing.planted.copy()
    on_toes = 0.060 * who.figure.scale * np.clip(heels / np.radians(30), 0, 1)
    for push, off, down, soft in score.way.flights:
        curve, forward = _leap_roll(t, push, off, down, soft)
        pitch = np.maximum(pitch, curve)
        planted = np.where((t > off) & (t < down), False, planted)
        on_toes = np.maximum(on_toes, 0.060 * who.figure.scale * forward)
    pitch = np.maximum(pitch, heels * (1 - footing.free)) if heels.any() else pitch
    standing = stance.balance(footing, who, channels[:, INDEX["weight"]]) + on_toes[:, None] * ahead
    footing = replace(footing, pitch=pitch, planted=planted)
    return gaits_over(footing, score.way, t, standing)


def _leap_roll(t: Floats, push: float, off: float, down: float, soft: float) -> tuple[Floats, Floats]:
    """Pitch of both feet in a leap [rad], and how far the weight goes over the toes (0…1)."""
    size = float(np.clip((down - off) / 0.45, 0.35, 1.0))
    rad = np.radians
    flight = down - off
    times = [push + 0.35 * (off - push), off, off + min(0.05, 0.2 * flight), off + 0.55 * flight, down, down + 0.075]
    values = np.array([0.0, rad(50.0), rad(62.0), rad(36.0), rad(20.0), 0.0]) * size
    fast = slope_at(times, values, 1)
    rates = np.array([0.0, fast, 0.0, rad(-60.0) * size, rad(-120.0) * size, 0.0])
    curve = np.maximum(through(t, times, values, velocity=rates), 0.0)
    forward = step(t, push, off) * (1.0 - step(t, down, soft + 0.2))
    return curve, forward


def slope_at(times: list[float], values: Floats, k: int) -> float:
    """Mean of the slopes on both sides of a key, weighted to the earlier one."""
    before = (values[k] - values[k - 1]) / (times[k] - times[k - 1])
    after = (values[k + 1] - values[k]) / (times[k + 1] - times[k])
    return float(1.2 * before * 0.7 + after * 0.3)
