"""Scenes of things and standing people, for tests of layout and physics: no choreography, no real bodies.

sp = play(prop("ball", "basketball", at=(0, 0, 1.8)), set_="gym", seconds=2)
layout, simulation = perform(sp)
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from documents import HERE, NO_OUTCOME, character, document
from soundstage import clock, library
from soundstage.rehearsal.layout import Layout, lay_out
from soundstage.rehearsal.motion.records import Grip, Performance, Release
from soundstage.rehearsal.physics import Simulation, shapes, simulate, world
from soundstage.screenplay.model import Screenplay
from soundstage.take import Footfalls, empty

JOINTS = 104


def prop(
    name: str,
    kind: str,
    at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    relation: str = "free",
    target: str = "",
    heading: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    **changes: Any,
) -> dict[str, Any]:
    """A prop of a screenplay, as the library has it."""
    entry = library.prop(kind)
    size = changes.get("size", entry.size)
    material = changes.get("material", entry.material)
    solid = shapes.Part(
        name="",
        shape="box" if entry.shape == "compound" else entry.shape,
        size=size,
        position=(0.0, 0.0, 0.0),
        rotation=(1.0, 0.0, 0.0, 0.0),
        material=material,
    )
    mass = entry.mass_kg or library.material(material).density * world.volume(solid)
    placement = {"relation": relation, "target": target, "at": list(at)}
    return {
        "id": name,
        "kind": kind,
        "scene": "one",
        "size": list(size),
        "material": material,
        "colour": entry.colour,
        "mass_kg": mass,
        "fixed": entry.fixed,
        "print_text": "",
        "placement": {**HERE, **placement, "heading_deg": heading, "pitch_deg": pitch, "roll_deg": roll},
        "velocity": [0.0, 0.0, 0.0],
        "spin": [0.0, 0.0, 0.0],
        **{k: list(v) if isinstance(v, tuple) else v for k, v in changes.items()},
    }


def beat(
    name: str,
    actor: str,
    action: str,
    *,
    target: str = "",
    thing: str = "",
    start: float = 0.0,
    outcome: tuple[str, tuple[str, ...]] | None = None,
    manner: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {
        "id": name,
        "scene": "one",
        "actor": actor,
        "action": action,
        "target": target,
        "prop": thing,
        "manner": list(manner),
        "when": {"anchor": "start", "of": "", "offset_s": start},
        "outcome": NO_OUTCOME if outcome is None else {"kind": outcome[0], "via": list(outcome[1])},
    }


def standing(
    name: str,
    at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    heading: float = 0.0,
    relation: str = "free",
    target: str = "",
) -> dict[str, Any]:
    placement = {**HERE, "relation": relation, "target": target, "at": list(at), "heading_deg": heading}
    return {"character": name, "scene": "one", "placement": placement, "gaze": "ahead"}


def play(
    *props: dict[str, Any],
    beats: tuple[dict[str, Any], ...] = (),
    people: tuple[dict[str, Any], ...] = (),
    set_: str = "studio",
    seconds: float = 2.0,
    gravity: float = 9.81,
    seed: int = 3,
) -> Screenplay:
    data = document(seconds)
    data["seed"] = seed
    data["props"], data["beats"], data["lines"] = list(props), list(beats), []
    data["blocking"], data["cast"] = list(people), [character(p["character"]) for p in people]
    data["scenes"][0].update(set=set_, gravity=gravity)
    data["shots"][0]["camera"]["subjects"] = []
    return Screenplay.model_validate(data)


def still(
    layout: Layout, seconds: float, grips: tuple[Grip, ...] = (), releases: tuple[Release, ...] = ()
) -> Performance:
    """Everybody stands as they were put."""
    time = np.arange(round(seconds * clock.POSE_RATE) + 1) * clock.period(clock.POSE_RATE)
    people = len(layout.people)
    root = np.tile(layout.person_position, (len(time), 1, 1)) + np.array([0.0, 0.0, 0.95])
    joints = np.zeros((len(time), people, JOINTS, 4), dtype=np.float32)
    joints[..., 0] = 1.0
    half = (layout.person_heading + np.pi) / 2
    joints[:, :, 0, 0], joints[:, :, 0, 3] = np.cos(half), np.sin(half)
    return Performance(time=time, root=root, joints=joints, footfalls=empty(Footfalls), grips=grips, releases=releases)


def shot(layout: Layout, beat_id: str, thing: int, height: float = 2.35, at: float = 0.5) -> tuple[Grip, Release]:
    """Somebody raises a thing over their head and lets go."""
    rows = round(at * clock.POSE_RATE) + 1
    heading = float(layout.person_heading[0])
    ahead = np.array([-np.sin(heading), np.cos(heading), 0.0])
    low, high = (layout.person_position[0] + ahead * 0.35 + np.array([0, 0, z]) for z in (1.1, height))
    ease = np.linspace(0.0, 1.0, rows)[:, None] ** 2
    track = low * (1 - ease) + high * ease
    tick = (rows - 1) * clock.period(clock.POSE_RATE)
    turned = np.tile([1.0, 0.0, 0.0, 0.0], (rows, 1))
    grip = Grip(person=0, thing=thing, start=0, release=tick, position=track, rotation=turned)
    velocity = (track[-1] - track[-2]) * clock.POSE_RATE
    release = Release(
        beat=beat_id, person=0, thing=thing, time=tick, position=track[-1], hand_velocity=velocity, target=None
    )
    return grip, release


def perform(sp: Screenplay, *, shoot: str = "", thing: str = "ball", height: float = 2.35) -> tuple[Layout, Simulation]:
    """Lay out and simulate the only scene; with `shoot`, the first person lets `thing` go in that beat."""
    scene = sp.scenes[0]
    layout = lay_out(sp, scene)
    grips: tuple[Grip, ...] = ()
    releases: tuple[Release, ...] = ()
    if shoot:
        number = next(n for n, t in enumerate(layout.things) if t.id == thing)
        grip, release = shot(layout, shoot, number, height)
        grips, releases = (grip,), (release,)
    return layout, simulate(layout, still(layout, scene.seconds, grips, releases), sp, scene)


def index(layout: Layout, name: str) -> int:
    return next(n for n, t in enumerate(layout.things) if t.id == name)


def rows(layout: Layout, simulation: Simulation, a: str, b: str = "") -> np.ndarray:
    """Contact rows of a thing (with another; "ground" is one too)."""

    def number(name: str) -> int:
        return -1 if name == "ground" else index(layout, name)

    c = simulation.contacts
    picked = (c.a == number(a)) | (c.b == number(a))
    if b:
        picked &= (c.a == number(b)) | (c.b == number(b))
    return np.flatnonzero(picked)


@dataclass
class StubBody:
    """A post with a head: enough to run into."""

    heads: np.ndarray
    capsules: tuple[Any, ...]

    def fk(self, root: np.ndarray, joints: np.ndarray) -> np.ndarray:
        bones = np.zeros((*root.shape[:-1], JOINTS, 4, 4))
        bones[..., :3, :3] = shapes.matrix(joints[..., 0, :])[..., None, :, :]
        bones[..., :3, 3] = root[..., None, :]
        bones[..., 3, 3] = 1.0
        return bones


def stub_body(identity: Any) -> StubBody:
    torso = SimpleNamespace(bone=0, p0=np.array([0, 0, -0.7]), p1=np.array([0, 0, 0.45]), radius=0.15, name="torso")
    head = SimpleNamespace(bone=0, p0=np.array([0, 0, 0.65]), p1=np.array([0, 0, 0.7]), radius=0.1, name="head")
    return StubBody(heads=np.zeros((JOINTS, 3)), capsules=(torso, head))
