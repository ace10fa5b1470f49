"""What hands and heads do while somebody talks or listens: gestures that beat with stressed syllables, nods."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ... import clock
from ...screenplay.model import Line
from .attention import Stage, utterances
from .channels import ARM, INDEX, OWN, base_name
from .curves import step, through
from .layers import lift_off
from .maths import Floats
from .performer import dice
from .plan import Plan
from .table import gesture, gesture_names, mood, spread, value_of

_SHORT = 0.55
"""Shorter lines are said without hands [s]."""


def stresses(stage: Stage, number: int) -> list[tuple[float, int]]:
    """(time, stress) of the stressed sounds of an utterance, at their middle."""
    phones = stage.spoken.phones
    own = np.flatnonzero((phones.utterance == number) & (phones.stress > 0))
    return [(clock.seconds(int(phones.start[k] + phones.end[k]) // 2), int(phones.stress[k])) for k in own]


def converse(channels: Floats, made: Plan, stage: Stage) -> None:
    """Add the gestures and nods of one person's talk and listening, in place."""
    person = made.who.number
    free = _free(channels, made)
    for number, (speaker, start, end, line, kind, feeling) in enumerate(utterances(stage)):
        if kind != "speech":
            continue
        rng = dice(stage.seed, "talk", made.who.person.id, str(number))
        beats = stresses(stage, number)
        if speaker == person:
            _head(channels, made, stage.t, beats, start, end, feeling, rng)
            _hands(channels, made, stage.t, beats, start, end, feeling, rng, free)
        elif line is None or not line.to or line.to == made.who.person.id:
            _assent(channels, stage.t, end, line, rng)


def _free(channels: Floats, made: Plan) -> Floats:
    """(2, T) 1 where an arm has nothing else to do: nothing in the hand, no action, no walk."""
    t = made.t
    out = np.ones((2, len(t)))
    for side, name in enumerate("LR"):
        out[side] *= 1.0 - np.clip(channels[:, INDEX[f"hold.{name}"]], 0, 1)
        for part in made.score.parts:
            columns = [c for sheet, _ in part.timing.action.sheets for c in sheet[1:]]
            used = {s for c in columns if not c.endswith(".aim") for s in spread(c, part.strong, (0, 1))}
            used |= {f"elbow.{'LR'[part.strong]}"} if any(c.endswith(".aim") for c in columns) else set()
            if any(s.endswith(f".{name}") and base_name(s) in OWN for s in used):
                out[side] *= 1.0 - step(t, part.start - 0.3, part.start) * (1.0 - step(t, part.end, part.end + 0.25))
        for walk in made.score.walks:
            out[side] *= 1.0 - step(t, walk.start - 0.3, walk.start) * (1.0 - step(t, walk.end, walk.end + 0.3))
    return out


def _head(
    channels: Floats,
    made: Plan,
    t: Floats,
    beats: list[tuple[float, int]],
    start: float,
    end: float,
    feeling: str,
    rng: np.random.Generator,
) -> None:
    rad = np.radians
    lively = made.who.habits.liveliness
    nod, tilt, turn = np.zeros(len(t)), np.zeros(len(t)), np.zeros(len(t))
    for when, stress in beats:
        size = rad(2.6 if stress == 2 else 1.3) * lively * rng.uniform(0.5, 1.5)
        nod += size * _pulse(t, when + 0.02, 0.16, 0.30)
    inside = step(t, start - 0.15, start + 0.25) * (1.0 - step(t, end - 0.1, end + 0.45))
    knots = np.arange(start - 0.4, end + 0.9, 0.42)
    if len(knots) > 2:
        tilt += inside * through(t, knots, rng.normal(0.0, rad(1.8), len(knots))) * lively
        turn += inside * through(t, knots, rng.normal(0.0, rad(2.0), len(knots))) * lively
        nod += inside * through(t, knots, rng.normal(0.0, rad(1.2), len(knots)))
    entry = mood(feeling)
    slow = step(t, start - 0.35, start + 0.25) * (1.0 - step(t, end + 0.15, end + 1.1))
    for column, written in entry["posture"].items():
        for channel in spread(column, made.who.strong, ()):
            channels[:, INDEX[channel]] += slow * value_of(channel, float(written), made.who.strong)
    if entry.get("shake"):
        size = rad(float(entry["shake"])) * lively
        wave = np.sin(2 * np.pi * 1.15 * (t - start))
        turn += size * wave * step(t, start, start + 0.15) * (1.0 - step(t, start + 0.75, max(end, start + 1.1)))
    channels[:, INDEX["head.nod"]] += nod
    channels[:, INDEX["head.tilt"]] += tilt
    channels[:, INDEX["head.turn"]] += turn
    channels[:, INDEX["chest.bend"]] += 0.35 * nod
    channels[:, INDEX["chest.turn"]] += 0.4 * turn


def _hands(
    channels: Floats,
    made: Plan,
    t: Floats,
    beats: list[tuple[float, int]],
    start: float,
    end: float,
    feeling: str,
    rng: np.random.Generator,
    free: Floats,
) -> None:
    """Phrases of up to two seconds, each with a gesture of its own, the hands resting now and then between."""
    lively = made.who.habits.liveliness * float(mood(feeling)["hands"])
    if end - start < _SHORT or not beats:
        return
    names = gesture_names()
    last = ""
    for first, stop in _phrases(start, end, rng):
        own = [(when, stress) for when, stress in beats if first - 0.05 <= when < stop]
        if not own or rng.random() > 0.55 + 0.4 * lively:
            continue
        name = str(rng.choice([n for n in names if n != last]))
        last = name
        side = made.who.strong if rng.random() < 0.7 else 1 - made.who.strong
        size = float(np.clip(0.55 + 0.4 * lively, 0.4, 1.15)) * rng.uniform(0.85, 1.1)
        rise = max(own[0][0] - rng.uniform(0.42, 0.55), first - 0.45)
        away = max(own[-1][0] + 0.28, min(stop, end) - 0.05) + rng.uniform(0.0, 0.2)
        when = step(t, rise, own[0][0] - 0.02) * (1.0 - step(t, away, away + rng.uniform(0.55, 0.8)))
        pulse = np.zeros(len(t))
        for moment, stress in own:
            pulse += (1.0 if stress == 2 else 0.55) * rng.uniform(0.7, 1.25) * _stroke(t, moment)
        _gesture(channels, gesture(name), side, size, when, np.clip(pulse, -0.6, 1.3), free)


def _phrases(start: float, end: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    out = []
    now = start
    while now < end:
        length = rng.uniform(1.0, 2.1)
        stop = end if end - now < 1.5 * length else now + length
        out.append((now, stop))
        now = stop
    return out


def _gesture(
    channels: Floats,
    form: Mapping[str, Mapping[str, float]],
    side: int,
    size: float,
    when: Floats,
    pulse: Floats,
    free: Floats,
) -> None:
    """One gesture over what the arms do, in place."""
    off = np.zeros((2, len(channels)))
    for column in sorted({*form["pose"], *form["beat"]}):
        for channel in spread(column.replace("one.", "strong."), side, ()):
            arm = 0 if channel.endswith("L") else 1
            weight = when * free[arm]
            below = channels[:, INDEX[channel]]
            goal = below
            if column in form["pose"]:
                raised = value_of(channel, float(form["pose"][column]), 1)
                goal = below + min(size, 1.0) * (raised - below)
            goal = goal + size * pulse * value_of(channel, float(form["beat"].get(column, 0.0)), 1)
            channels[:, INDEX[channel]] = below + weight * (goal - below)
            if base_name(channel) in ARM:
                off[arm] = np.maximum(off[arm], weight)
    for arm, name in enumerate("LR"):
        lift_off(channels, name, off[arm])


def _assent(channels: Floats, t: Floats, end: float, line: Line | None, rng: np.random.Generator) -> None:
    """A listener's small nod near the end of what was said to them; not every time, and not to questions."""
    if rng.random() > 0.6 or (line is not None and line.text.rstrip().endswith("?")):
        return
    when = end - rng.uniform(0.0, 0.35)
    size = np.radians(rng.uniform(4.0, 7.0))
    channels[:, INDEX["head.nod"]] += size * (_pulse(t, when, 0.2, 0.3) + 0.6 * _pulse(t, when + 0.42, 0.2, 0.35))


def _pulse(t: Floats, peak: float, rise: float, fall: float) -> Floats:
    """Up to 1 at `peak` and back."""
    return step(t, peak - rise, peak) * (1.0 - step(t, peak, peak + fall))


def _stroke(t: Floats, peak: float) -> Floats:
    """A beat: a small upbeat, then the stroke that ends on the syllable, then back."""
    return _pulse(t, peak, 0.14, 0.34) - 0.45 * _pulse(t, peak - 0.2, 0.16, 0.16)
