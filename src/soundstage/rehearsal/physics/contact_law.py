"""How two surfaces meet: restitution, contact time, friction - and what the engine needs to be told for it.

Restitution of a pair. Each side keeps its own share of the elastic energy that is stored in it, and of two springs in
series the softer stores more: `e² = s_a e_a² + s_b e_b²` with shares `s` in proportion to compliance. A ball's own e
is its drop test on a rigid floor; on grass or carpet, which give as much as the ball does, it comes out lower.

Contact time. An inflated ball is a spring of `k = m (π/T)²` (skin and air, Katz 2008); on a soft ground the two
springs stand in series and the contact lasts longer. Solid bodies follow Hertz, `T = 2.87 (m²/(R E*² v))^(1/5)`, which
is tens of microseconds - far below what can be stepped. They are simulated with the shortest contact the step allows
(`SHORTEST_STEPS`) and the event tables publish the Hertz time instead (and the peak force that keeps the impulse).

The engine's contact is `r'' = −k r − b r'` on the gap r, whatever the masses are (MuJoCo solref given directly), and
cannot pull. It therefore ends when the spring no longer pushes, not when the gap is back at zero, which gives

    e(ζ) = exp(−2ζ/√(1−ζ²) · atan(√(1−ζ²)/ζ)),     ζ = b/(2√k)

(Schwager & Pöschel, Granular Matter 9, 2007), inverted here by bisection. Measured in tests over speed and step.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import acosh, atan, exp, inf, pi, sqrt

from ... import library
from ...take import Thing

SHORTEST_STEPS = 16
"""Steps in the shortest simulated contact."""
EDGE_LOSS = 0.6
"""Bodies with edges strike with corners, which yield, and with several of them one after the other: a wooden block
dropped on a floor returns with about 0.3 where a ball of the same wood returns with 0.5."""
PATCH = 0.4
"""Radius of the patch an inflated ball presses into soft ground, as a part of its own radius."""
EDGE_RADIUS_M = 0.0015
"""Curvature of an edge or corner for the Hertz time [m]."""
FLESH_YOUNG = 3e5
"""Modulus of a clothed body under a blow [Pa]; the skin's own is higher."""
MOST_DAMPING = 3.0
FINE_STEPS = 200.0
"""With more steps in a contact the stepped restitution is the exact one."""
PHASES = 16
SPIN_PATCH = 0.02
"""Lever of the friction against spinning on the spot, as a part of a ball's radius (times its friction, about 0.5)."""
GRIP = 3.0
"""A ball's slip falls by e^GRIP during one contact, if friction is strong enough: it leaves a bounce rolling."""
EDGE_GRIP_RATE = 100.0
LOOSE_GRIP_RATE = 400.0
"""And between two such bodies that both move, which meet in blows: the speed of a wave of dominoes hangs on it
(1-1.5 √(g·height) for usual rows; see Stronge & Shu, Proceedings of the Royal Society A 418, 1988)."""
"""The same for bodies with edges, which slide for long, as a rate [1/s]: Coulomb friction above some cm/s of slip."""


@dataclass(frozen=True, kw_only=True)
class Surface:
    """One side of a contact."""

    material: str
    mass: float = inf
    """[kg]; inf for what cannot move."""
    radius: float = inf
    """Curvature at the contact [m]; inf for flat."""
    restitution: float = 0.5
    spring: float = 0.0
    """Stiffness of an inflated ball [N/m]; 0 for solid bodies."""
    young: float = 1e9
    poisson: float = 0.3
    friction: float = 0.5
    rolling: float = 0.005
    round: bool = False
    """Rolls rather than slides."""
    wheel: float = 0.0
    """Radius of what rolls [m]; 0 if it does not."""
    ball: bool = False
    edged: bool = False
    same_kind: str = ""
    """Kind of prop, where two of the same kind have a measured restitution (`restitution_same`)."""
    restitution_same: float | None = None


@dataclass(frozen=True, kw_only=True)
class Law:
    """What a pair does."""

    restitution: float
    contact_time: float
    """As simulated [s]."""
    friction: float
    rolling: float
    """Coefficient of rolling resistance as a length [m]; 0 where neither rolls."""
    spin: float
    """Coefficient of resistance to spinning on the spot as a length [m]."""
    stiffness: float
    """k of the engine [1/s²]."""
    damping: float
    """b of the engine [1/s]."""
    grip: float
    """Rate at which friction takes slip away while it is strong enough [1/s].

    The engine's friction is convex: where it slides, it also pushes apart, by friction × (rate × slip − what friction
    takes). The rate is therefore no higher than a bounce needs, and resistance to rolling is no part of it
    (`rolling`)."""
    reduced_mass: float
    """[kg]"""
    hertz: float
    """Hertz time at 1 m/s [s]; 0 where the simulated time is the real one. Falls with speed^(−1/5)."""


def surface(thing: Thing, *, part_material: str = "", part: str = "") -> Surface:
    """The surface of a thing, or of one part of it."""
    kind = library.prop(thing.kind)
    name = part_material or thing.material
    material = library.material(name)
    ball = thing.shape == "sphere"
    edged = thing.shape in ("box", "cylinder", "compound")
    mass = inf if thing.fixed else thing.mass_kg
    own = kind.restitution if kind.restitution is not None and name == kind.material else material.restitution
    absorbed = float(thing.params.get(f"{part}_absorption", 0.0))
    own = sqrt(1.0 - absorbed) if absorbed else own
    spring = 0.0
    if kind.hollow and ball and kind.contact_time_s and name == kind.material:
        spring = thing.mass_kg * (pi / kind.contact_time_s) ** 2
    return Surface(
        material=name,
        mass=mass,
        radius=thing.size[0] / 2 if ball else (EDGE_RADIUS_M if not thing.fixed else inf),
        restitution=own,
        spring=spring,
        # A part that gives as a whole (a ring on its hinge) takes its share whatever it is made of.
        young=material.young if not absorbed else 0.0,
        poisson=material.poisson,
        friction=material.friction,
        rolling=kind.rolling_friction if kind.rolling_friction is not None else material.rolling_friction,
        wheel=thing.size[0] / 2 if thing.shape in ("sphere", "cylinder", "capsule") and not thing.fixed else 0.0,
        ball=ball and not thing.fixed,
        round=thing.shape in ("sphere", "cylinder", "capsule"),
        edged=edged and not thing.fixed,
        same_kind=thing.kind,
        restitution_same=thing.params.get("restitution_same"),
    )


def ground(name: str) -> Surface:
    """The surface of a floor or wall."""
    m = library.material(name)
    return Surface(
        material=name,
        restitution=m.restitution,
        young=m.young,
        poisson=m.poisson,
        friction=m.friction,
        rolling=m.rolling_friction,
    )


def flesh() -> Surface:
    """The surface of a person, whom nothing here moves."""
    m = library.material("skin")
    return Surface(
        material="skin",
        restitution=m.restitution,
        young=FLESH_YOUNG,
        poisson=m.poisson,
        friction=m.friction,
        rolling=m.rolling_friction,
    )


def law(a: Surface, b: Surface, step: float) -> Law:
    """What two surfaces do to each other at a step of so many seconds."""
    e = restitution(a, b)
    mass = 1.0 / (1.0 / a.mass + 1.0 / b.mass)
    shortest = SHORTEST_STEPS * step
    natural = _spring_time(a, b, mass)
    hertz = 0.0
    if natural is None:
        natural = hertz = hertz_time(a, b, mass, 1.0)
    time = max(natural, shortest)
    stiffness, damping = spring_damper(e, time, step)
    reach = min((s.wheel for s in (a, b) if s.wheel), default=0.0)
    return Law(
        restitution=e,
        contact_time=time,
        friction=sqrt(a.friction * b.friction),
        rolling=max(a.rolling, b.rolling) * reach,
        spin=SPIN_PATCH * reach,
        stiffness=stiffness,
        damping=damping,
        grip=_grip(a, b, time),
        reduced_mass=mass,
        hertz=hertz if hertz < time else 0.0,
    )


def _grip(a: Surface, b: Surface, time: float) -> float:
    if a.ball or b.ball:
        return GRIP / time
    return EDGE_GRIP_RATE if inf in (a.mass, b.mass) else LOOSE_GRIP_RATE


def restitution(a: Surface, b: Surface) -> float:
    """Ratio of the speeds of parting and approach of a pair."""
    if a.same_kind and a.same_kind == b.same_kind and a.restitution_same is not None:
        return a.restitution_same
    if a.young == 0.0 or b.young == 0.0:  # one side's loss is known as a whole: both lose
        e = a.restitution * b.restitution
    else:
        give_a, give_b = _compliance(a, b), _compliance(b, a)
        e = sqrt((give_a * a.restitution**2 + give_b * b.restitution**2) / (give_a + give_b))
    return e * (EDGE_LOSS if a.edged or b.edged else 1.0)


def _compliance(side: Surface, other: Surface) -> float:
    """How far a side gives under a unit of force [m/N]; only the ratio to the other side's matters."""
    if side.spring:
        return 1.0 / side.spring
    stiffness = side.young / (1.0 - side.poisson**2)
    if other.spring:
        return 1.0 / (2.0 * PATCH * other.radius * stiffness)
    return 1.0 / stiffness


def _spring_time(a: Surface, b: Surface, mass: float) -> float | None:
    """Contact time of an inflated ball [s]; None if there is none in the pair."""
    if not (a.spring or b.spring):
        return None
    give = sum(_compliance(x, y) for x, y in ((a, b), (b, a)) if x.spring or x.young)
    return pi * sqrt(mass * give)


def hertz_time(a: Surface, b: Surface, mass: float, speed: float) -> float:
    """Duration of an elastic strike of solid bodies at a speed [s]."""
    moduli = [(1.0 - s.poisson**2) / s.young for s in (a, b) if s.young]
    radius = 1.0 / (1.0 / a.radius + 1.0 / b.radius) if min(a.radius, b.radius) < inf else EDGE_RADIUS_M
    softness: float = sum(moduli)
    return float(2.87 * (mass**2 * softness**2 / (radius * speed)) ** 0.2)


@lru_cache(maxsize=4096)
def spring_damper(e: float, time: float, step: float) -> tuple[float, float]:
    """Stiffness [1/s²] and damping [1/s] of a contact with restitution e that lasts `time`."""
    zeta = damping_ratio(e, time / step)
    omega = 2.0 * _angle(zeta) / time
    # The engine steps damping explicitly: beyond one step's worth it would overshoot.
    damping = min(2.0 * zeta * omega, 0.9 / step)
    return omega * omega, damping


def damping_ratio(e: float, steps: float = inf) -> float:
    """ζ whose contact returns with e, by bisection; stepped so many times in a contact, or exactly."""
    low, high = 0.0, MOST_DAMPING
    if e >= 1.0:
        return 0.0
    for _ in range(50):
        zeta = (low + high) / 2
        back = returned(zeta) if steps > FINE_STEPS else stepped(zeta, steps)
        low, high = (zeta, high) if back > e else (low, zeta)
    return (low + high) / 2


def stepped(zeta: float, steps: float) -> float:
    """Restitution as the engine steps it, `steps` in a contact; mean over where in a step the surfaces meet."""
    h = 2.0 * _angle(zeta) / steps
    total = 0.0
    for phase in range(PHASES):
        v, x = -1.0, -h * (phase + 0.5) / PHASES
        while x < 0.0:
            v += h * max(-2.0 * zeta * v - x, 0.0)
            x += h * v
        total += v
    return total / PHASES


def returned(zeta: float) -> float:
    """Restitution of a contact with damping ratio ζ that cannot pull."""
    return exp(-2.0 * zeta * _angle(zeta))


def _angle(zeta: float) -> float:
    """Half the contact time in units of 1/√k: atan(√(1−ζ²)/ζ)/√(1−ζ²)."""
    if zeta < 1e-9:
        return pi / 2
    if zeta < 1.0:
        root = sqrt(1.0 - zeta * zeta)
        return atan(root / zeta) / root
    if zeta == 1.0:
        return 1.0
    root = sqrt(zeta * zeta - 1.0)
    return acosh(zeta) / root
