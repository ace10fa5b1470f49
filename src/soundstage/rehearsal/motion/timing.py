"""How long an action takes a certain person, and when its moments are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, pi, sqrt

from ...screenplay.model import Beat
from ...take import Person
from .paces import Pace, Style, pace
from .performer import CHILD, leap_height, vigour
from .rhythm import going_time
from .table import Action, Manner, action, gait_style, manner, moment

FOREVER = 1000.0
"""Longer than anything lasts [s]: how long a posture is kept that nobody leaves."""
_EARTH = 9.81
_LONGEST_FLIGHT = 4.0
"""[s], where there is little gravity."""
_PUSH, _ABSORB = 0.42, 0.27
"""How far the centre of mass rises while the legs push, and sinks while they absorb [leg lengths]."""
_LEG = 0.487
"""Leg (hip to ankle) against height."""
TURN_STEP, STEP_TURN = 0.40, 78.0
"""A step of a turn on the spot takes [s], and a pair of them brings at most [deg]."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """An action on a person's own clock, from the start of the action [s]."""

    action: Action
    manner: Manner
    length: float
    phases: dict[str, tuple[float, float]]
    """name → (start, length)"""
    moments: dict[str, float]
    """takeoff, apex, landing, release, end … where there are any."""
    leap: float
    """[m]"""
    lead: float
    """Time taken to turn towards the target before the action proper [s]."""
    loops: int
    """How often the loop is gone through again."""


def chosen(beat: Beat, person: Person) -> Action:
    """The action of a beat as this person does it: small children push a ball with both hands."""
    made = action(beat.action)
    if made.for_children and float(person.identity["age"]) < CHILD:
        return action(made.for_children)
    return made


def timing(
    beat: Beat,
    person: Person,
    gravity: float,
    *,
    turn_deg: float = 0.0,
    distance: float = 0.0,
    approach: float = 0.0,
    stay: float = FOREVER,
) -> Timing:
    """When everything in a beat happens; the person has to turn so far for it, and to go so far [m].

    `approach`: time taken to get to where it is done; `stay`: how long a posture is kept that it leads to [s].
    """
    made, how = chosen(beat, person), manner(beat.manner)
    tempo = how.tempo * _briskness(person)
    lead = turn_time(turn_deg, tempo) if made.face is not None and abs(turn_deg) > made.face else 0.0
    lead += approach
    leap = leap_height(person, made.leap * how.leap) if made.leap else 0.0
    phases = _phases(made, person, gravity, tempo, leap, stay)
    loops = made.times if made.loop else 0
    if made.support:
        length = phases["stay"][0]
    elif made.phases:
        length = max(start + span for start, span in phases.values())
    elif made.feet == "turn":
        length = turn_time(turn_deg, tempo) + 0.25
    elif made.goes:
        length = going_time(distance, pace_of(beat, person))
    else:
        length = made.seconds / tempo
        if made.loop:
            length += loops * (made.loop[1] - made.loop[0]) / tempo
    moments = {"end": length}
    if "flight" in phases:
        start, span = phases["flight"]
        moments |= {"takeoff": start, "apex": start + 0.5 * span, "landing": start + span}
    if made.take:
        moments["take"] = moment(made.take, phases, moments, tempo)
    if made.release:
        moments["release"] = moment(made.release["at"], phases, moments, tempo)
    return Timing(
        action=made,
        manner=how,
        length=length + lead,
        phases={name: (start + lead, span) for name, (start, span) in phases.items()},
        moments={name: when + lead for name, when in moments.items()},
        leap=leap,
        lead=lead,
        loops=loops,
    )


def pace_of(beat: Beat, person: Person) -> Pace:
    """How a person goes when a beat says so."""
    how, made = manner(beat.manner), action(beat.action)
    return pace(
        float(person.identity["height_m"]),
        float(person.identity["age"]),
        vigour(person),
        runs=made.feet == "run",
        tempo=how.tempo,
        size=how.size,
        style=Style(**gait_style(made.gait)) if made.gait else None,
    )


def turn_time(turn_deg: float, tempo: float) -> float:
    """Seconds to turn on the spot."""
    return steps_of_turn(turn_deg) * TURN_STEP / tempo + 0.12


def steps_of_turn(turn_deg: float) -> int:
    """Steps to turn on the spot: always a pair, so that the feet end side by side."""
    return 2 * max(1, ceil((abs(turn_deg) - 8.0) / STEP_TURN))


def near_turn(angle: float) -> float:
    """An angle brought into (-pi, pi]."""
    return (angle + pi) % (2 * pi) - pi


def left(plan: Timing, stay: float) -> Timing:
    """The same posture, kept for so long [s] and then left."""
    start, _ = plan.phases["stay"]
    rise = plan.phases["rise"][1]
    return replace(plan, phases={**plan.phases, "stay": (start, stay), "rise": (start + stay, rise)})


def written_length(plan: Timing) -> float:
    """How long the rows of an action are, loops included [s]."""
    made = plan.action
    return made.seconds + (plan.loops * (made.loop[1] - made.loop[0]) if made.loop else 0.0)


def moment_of(plan: Timing, written: float) -> float:
    """Seconds from the start of an action at which a row comes that is written so."""
    return plan.lead + written * (plan.length - plan.lead) / written_length(plan)


def _briskness(person: Person) -> float:
    """Old people are slower, children a little quicker."""
    age = float(person.identity["age"])
    if age > 55:
        return max(0.76, 1.0 - 0.0085 * (age - 55))
    return 1.06 if age < 13 else 1.0


def _phases(
    made: Action, person: Person, gravity: float, tempo: float, leap: float, stay: float
) -> dict[str, tuple[float, float]]:
    leg = _LEG * float(person.identity["height_m"])
    speed = sqrt(2.0 * _EARTH * leap) if leap else 1.0
    flight = min(2.0 * speed / max(gravity, 1e-3), _LONGEST_FLIGHT)
    computed = {
        "push": min(max(2.4 * _PUSH * leg / speed, 0.2), 0.5),
        "flight": flight,
        "absorb": min(max(2.4 * _ABSORB * leg / speed, 0.16), 0.4),
        "stay": stay,
    }
    out: dict[str, tuple[float, float]] = {}
    at = 0.0
    for name, span in made.phases:
        length = computed[span] if isinstance(span, str) else float(span) / tempo
        out[name] = (at, length)
        at += length
    return out
