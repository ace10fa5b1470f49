"""Builds the engine's model of a scene: ground and walls, things and people, and a law for every pair that can meet.

Every pair is given explicitly (MuJoCo `pair`), because restitution and friction belong to pairs, not to bodies. People
are mocap capsules: things collide with them, they are not moved by things. Owners of geoms are numbered as in
`take.Contacts`: n the n-th thing, −1 the ground and the walls, −2−p the p-th person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import pi
from typing import Any

import mujoco
import numpy as np

from ... import library
from ...take import Array, Place, Thing
from . import contact_law
from .contact_law import Law, Surface
from .shapes import Part, matrix, multiply, parts

GROUND = -1
WALL_MATERIAL = "concrete"
SLEEP_SPEED = 1e-3
"""Slower than this for ten steps is rest [m/s]."""

_TYPES = {
    "sphere": mujoco.mjtGeom.mjGEOM_SPHERE,
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
}


@dataclass(frozen=True, kw_only=True)
class Capsule:
    """One limb of a person, for collision."""

    person: int
    name: str
    radius: float
    half: float
    """Half the distance between the centres of its caps [m]."""


@dataclass(frozen=True, kw_only=True)
class Geom:
    """What the engine's geom stands for."""

    owner: int
    part: str
    surface: Surface


@dataclass(frozen=True, kw_only=True)
class World:
    """A compiled scene and the way back from the engine's numbers to ours."""

    model: Any
    step: float
    """[s]"""
    things: tuple[Thing, ...]
    geoms: tuple[Geom, ...]
    laws: dict[tuple[int, int], Law]
    """By pair of geoms, lower first."""
    qpos: Array
    """(N,) first coordinate of each thing in qpos; −1 if it is fixed."""
    qvel: Array
    """(N,) first coordinate of each thing in qvel; −1 if it is fixed."""
    mocap: Array
    """(C,) mocap body of each capsule."""
    pairs_of_thing: dict[tuple[int, int], Array]
    """(thing, person) → engine pairs between them; (thing, −1) → all pairs of the thing."""


def build(
    things: Sequence[Thing],
    position: Array,
    rotation: Array,
    place: Place,
    *,
    step: float,
    capsules: Sequence[Capsule] = (),
    restless: Collection[int] = (),
    loose: bool = False,
) -> World:
    """The engine's model of things where they stand.

    What has come to rest sleeps until something touches it, except the `restless` things, which are moved from outside.
    With `loose`, nothing is fixed and no pair has a law: a world to ask for distances, not to step.
    """
    spec = mujoco.MjSpec()
    spec.option.timestep = step
    spec.option.gravity = [0.0, 0.0, -place.gravity]
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.solver = mujoco.mjtSolver.mjSOL_NEWTON
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    spec.option.tolerance = 1e-10
    spec.option.iterations = 60
    spec.option.enableflags |= mujoco.mjtEnableBit.mjENBL_SLEEP
    # Where little weighs down, a thing is slow for long at the top of its path; it must not fall asleep there.
    spec.option.sleep_tolerance = min(SLEEP_SPEED, 2.0 * place.gravity * step)
    geoms: list[Geom] = []
    bodies: list[int] = []  # which geoms can never meet: those of one body
    _add_ground(spec, place, geoms, bodies)
    for n, thing in enumerate(things):
        free = not thing.fixed or loose
        _add_thing(spec, n, thing, position[n], rotation[n], free, geoms)
        if free and n in restless:
            spec.body(f"thing{n}").sleep = mujoco.mjtSleepPolicy.mjSLEEP_NEVER
        bodies += [n if free else GROUND] * (len(geoms) - len(bodies))
    for n, capsule in enumerate(capsules):
        _add_capsule(spec, n, capsule, geoms)
        bodies.append(-2)
    laws = {} if loose else _add_pairs(spec, geoms, bodies, step)
    model = spec.compile()
    geoms, laws = _as_compiled(model, geoms, laws)
    return World(
        model=model,
        step=step,
        things=tuple(things),
        geoms=tuple(geoms),
        laws=laws,
        qpos=_addresses(model, things, "qpos"),
        qvel=_addresses(model, things, "qvel"),
        mocap=np.array([model.body(f"capsule{n}").mocapid[0] for n in range(len(capsules))], dtype=np.int32),
        pairs_of_thing=_pairs_of_thing(model, geoms),
    )


def _add_ground(spec: Any, place: Place, geoms: list[Geom], bodies: list[int]) -> None:
    kind = library.set_(place.set)
    sides: list[tuple[str, str, tuple[float, float, float], tuple[float, float, float]]] = [
        ("floor", place.ground_material, (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    ]
    if kind.room_m is not None:
        cx, cy = kind.params.get("room_center", (0.0, 0.0))
        x, y, height = kind.room_m[0] / 2, kind.room_m[1] / 2, kind.room_m[2]
        wall = kind.params.get("wall_material", WALL_MATERIAL)
        sides += [
            ("wall", wall, (cx - x, cy, 0.0), (1.0, 0.0, 0.0)),
            ("wall", wall, (cx + x, cy, 0.0), (-1.0, 0.0, 0.0)),
            ("wall", wall, (cx, cy - y, 0.0), (0.0, 1.0, 0.0)),
            ("wall", wall, (cx, cy + y, 0.0), (0.0, -1.0, 0.0)),
            ("ceiling", wall, (cx, cy, height), (0.0, 0.0, -1.0)),
        ]
    for part, material, at, normal in sides:
        quat = np.zeros(4)
        mujoco.mju_quatZ2Vec(quat, np.array(normal))
        spec.worldbody.add_geom(
            name=f"g{len(geoms)}",
            type=mujoco.mjtGeom.mjGEOM_PLANE,
            size=[0, 0, 1],
            pos=at,
            quat=quat,
            contype=0,
            conaffinity=0,
        )
        geoms.append(Geom(owner=GROUND, part=part, surface=contact_law.ground(material)))
        bodies.append(GROUND)


def _add_thing(
    spec: Any, index: int, thing: Thing, position: Array, rotation: Array, free: bool, geoms: list[Geom]
) -> None:
    solids = parts(thing)
    volumes = np.array([volume(part) for part in solids])
    body = spec.worldbody
    if free:
        body = spec.worldbody.add_body(name=f"thing{index}", pos=position, quat=rotation)
        body.add_freejoint()
    turned = matrix(rotation)
    for part, share in zip(solids, volumes / volumes.sum(), strict=True):
        at, quat = np.array(part.position), np.array(part.rotation)
        if not free:
            at, quat = np.asarray(position) + turned @ at, multiply(rotation, quat)
        geom = body.add_geom(
            name=f"g{len(geoms)}",
            type=_TYPES[part.shape],
            size=_size(part),
            pos=at,
            quat=quat,
            mass=max(thing.mass_kg * share, 1e-6),
            contype=0,
            conaffinity=0,
        )
        if library.prop(thing.kind).hollow:
            geom.typeinertia = mujoco.mjtGeomInertia.mjINERTIA_SHELL
        surface = contact_law.surface(thing, part_material=part.material, part=part.name)
        geoms.append(Geom(owner=index, part=part.name, surface=surface))


def _add_capsule(spec: Any, index: int, capsule: Capsule, geoms: list[Geom]) -> None:
    body = spec.worldbody.add_body(name=f"capsule{index}", mocap=True, pos=[0, 0, -100 - index])
    body.add_geom(
        name=f"g{len(geoms)}",
        type=mujoco.mjtGeom.mjGEOM_CAPSULE,
        size=[capsule.radius, capsule.half, 0],
        contype=0,
        conaffinity=0,
    )
    geoms.append(Geom(owner=-2 - capsule.person, part=capsule.name, surface=contact_law.flesh()))


def _add_pairs(spec: Any, geoms: Sequence[Geom], bodies: Sequence[int], step: float) -> dict[tuple[int, int], Law]:
    laws: dict[tuple[int, int], Law] = {}
    known: dict[tuple[Surface, Surface], Law] = {}
    for i, j in combinations(range(len(geoms)), 2):
        if bodies[i] == bodies[j] or max(bodies[i], bodies[j]) < 0:
            continue
        a, b = geoms[i].surface, geoms[j].surface
        if (a, b) not in known:
            known[a, b] = contact_law.law(a, b, step)
        laws[i, j] = pair = known[a, b]
        spec.add_pair(
            geomname1=f"g{i}",
            geomname2=f"g{j}",
            condim=3,
            friction=[pair.friction, pair.friction, 0.0, 0.0, 0.0],
            solref=[-pair.stiffness, -pair.damping],
            solreffriction=[0.0, -pair.grip],
            solimp=[0.99, 0.999, 0.001, 0.5, 2.0],
            margin=0.0,
            gap=0.0,
        )
    return laws


def _as_compiled(
    model: Any, geoms: Sequence[Geom], laws: dict[tuple[int, int], Law]
) -> tuple[list[Geom], dict[tuple[int, int], Law]]:
    """Geoms and laws under the engine's numbers: it counts body by body, so what is fixed comes before what is free."""
    order = [int(model.geom(i).name[1:]) for i in range(model.ngeom)]
    number = {written: compiled for compiled, written in enumerate(order)}
    renamed = {(min(number[i], number[j]), max(number[i], number[j])): law for (i, j), law in laws.items()}
    return [geoms[k] for k in order], renamed


def _pairs_of_thing(model: Any, geoms: Sequence[Geom]) -> dict[tuple[int, int], Array]:
    found: dict[tuple[int, int], list[int]] = {}
    for pair in range(model.npair):
        a, b = geoms[model.pair_geom1[pair]].owner, geoms[model.pair_geom2[pair]].owner
        for thing, other in ((a, b), (b, a)):
            if thing >= 0:
                found.setdefault((thing, GROUND), []).append(pair)
                if other <= -2:
                    found.setdefault((thing, other), []).append(pair)
    return {key: np.array(value, dtype=np.int32) for key, value in found.items()}


def _addresses(model: Any, things: Sequence[Thing], which: str) -> Array:
    table = np.full(len(things), -1, dtype=np.int32)
    for n in range(len(things)):
        body = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, f"thing{n}")
        if body >= 0:
            joint = model.body_jntadr[body]
            table[n] = model.jnt_qposadr[joint] if which == "qpos" else model.jnt_dofadr[joint]
    return table


def volume(part: Part) -> float:
    """Volume of a solid [m³]."""
    x, y, z = part.size
    if part.shape == "sphere":
        return pi / 6 * x**3
    if part.shape == "cylinder":
        return pi / 4 * x * x * z
    if part.shape == "capsule":
        return pi / 4 * x * x * (z - x) + pi / 6 * x**3
    return x * y * z


def _size(part: Part) -> list[float]:
    x, y, z = (v / 2 for v in part.size)
    if part.shape == "sphere":
        return [x, 0.0, 0.0]
    if part.shape == "cylinder":
        return [x, z, 0.0]
    if part.shape == "capsule":
        return [x, z - x, 0.0]
    return [x, y, z]
