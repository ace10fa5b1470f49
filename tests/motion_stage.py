"""People on a stage for tests of choreography: a scene of beats, performed once and kept; measures of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from documents import NO_OUTCOME, NOW, character, document, place, thing
from soundstage import clock, library
from soundstage.body import BONES, body
from soundstage.rehearsal import motion
from soundstage.rehearsal.layout import Layout, lay_out
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.schedule import Cue, schedule
from soundstage.screenplay import Screenplay

Floats = NDArray[Any]

BONE = {name: number for number, name in enumerate(BONES)}
BODIES: dict[str, dict[str, Any]] = {
    "adult": {},
    "child": {"age": 8.0, "height_m": 1.28, "masculinity": 0.5},
    "old": {"age": 78.0, "height_m": 1.66, "masculinity": 1.0, "weight": 0.6, "muscle": 0.35},
    "tall": {"age": 30.0, "height_m": 2.08, "masculinity": 1.0},
    "left": {"left_handed": True, "masculinity": 0.9},
}
HOLDING = ("jump_shot", "free_throw", "chest_shot", "chest_free_throw", "throw", "drop", "put_down")
SITTING = ("sit",)
SHOTS = ("jump_shot", "free_throw")
GOING = (
    "walk", "run", "stroll", "march", "tiptoe", "jog", "sprint", "limp", "hop", "skip", "back_away", "walk_backwards",
)  # fmt: skip


def person(name: str, who: str = "adult") -> dict[str, Any]:
    made = character(name)
    return {**made, "identity": {**made["identity"], **BODIES[who]}}


def beat(
    actor: str, action: str, target: str = "", at: float = 0.5, manner: Sequence[str] = (), prop: str = ""
) -> dict[str, Any]:
    return {
        "id": f"{actor}_{action}_{round(at * 100)}",
        "scene": "one",
        "actor": actor,
        "action": action,
        "target": target,
        "prop": prop,
        "manner": list(manner),
        "when": {**NOW, "offset_s": at},
        "outcome": NO_OUTCOME,
    }


def line(speaker: str, to: str, text: str, at: float, mood: str = "neutral") -> dict[str, Any]:
    when = {**NOW, "offset_s": at}
    return {
        "id": f"{speaker}_says_{round(at * 100)}", "scene": "one", "speaker": speaker, "to": to, "text": text,
        "language": "en", "mood": mood, "when": when,
    }  # fmt: skip


def scene(
    people: Mapping[str, tuple[str, tuple[float, float], float]],
    beats: Sequence[Mapping[str, Any]] = (),
    *,
    seconds: float = 4.0,
    ball: str = "",
    size: float = 0.243,
    lines: Sequence[Mapping[str, Any]] = (),
    stage: str = "outdoor_court",
    seed: int = 3,
    gravity: float = 9.81,
    props: Sequence[Mapping[str, Any]] = (),
) -> Screenplay:
    """`people`: id → (body, (x, y), heading [deg]); `ball`: id of who holds a ball."""
    fields = document(seconds)
    held = {**thing("ball", "basketball", place("held_by", ball)), "size": [size] * 3}
    blocking = [
        {
            "character": name,
            "scene": "one",
            "placement": {**place(at=(x, y, 0.0)), "heading_deg": heading},
            "gaze": "ahead",
        }
        for name, (_, (x, y), heading) in people.items()
    ]
    fields |= {
        "seed": seed,
        "cast": [person(name, who) for name, (who, _, _) in people.items()],
        "props": [*([held] if ball else []), *props],
        "blocking": blocking,
        "beats": list(beats),
        "lines": list(lines),
    }
    fields["scenes"][0] |= {"set": stage, "gravity": gravity}
    fields["shots"][0]["camera"]["subjects"] = [next(iter(people))]
    return Screenplay.model_validate(fields)


def standing(name: str, kind: str, at: tuple[float, float], heading: float = 0.0, **more: Any) -> dict[str, Any]:
    """A thing of the library on the floor."""
    made = library.prop(kind)
    spot = {**place(at=(*at, 0.0)), "heading_deg": heading}
    entry = {**thing(name, kind, spot), "size": list(made.size), "material": made.material, "fixed": made.fixed}
    return {**entry, "mass_kg": made.mass_kg or 8.0, **more}


def play(sp: Screenplay) -> tuple[Layout, tuple[Cue, ...], Performance]:
    """Performed, before physics."""
    layout = lay_out(sp, sp.scenes[0])
    length = partial(motion.action_duration, layout=layout)
    cues = schedule(sp, sp.scenes[0], beat_length=length, line_length=lambda _: 1.0)
    return layout, cues, motion.perform(layout, sp, sp.scenes[0], cues)


@cache
def solo(action: str, who: str = "adult") -> tuple[Layout, tuple[Cue, ...], Performance]:
    """One person does one thing, if need be to somebody three metres ahead, a little to the left."""
    holds = action in HOLDING
    meets = action in ("look_at", "wave", "point", "turn", "handshake", "high_five", *GOING)
    target = "" if action in ("drop", "put_down") else "hoop" if holds else "other" if meets else ""
    people = {"anna": (who, (0.0, -4.6), 0.0)} | ({"other": ("adult", (-1.0, -1.6), 180.0)} if meets else {})
    done = [beat("anna", action, target, prop="ball" if holds else "")]
    if action == "stand_up":
        done = [beat("anna", "crouch", at=0.02), *done]
    props = [standing("chair", "chair", (0.0, -5.4))] if action in SITTING else []
    if action == "drink":
        props = [{**standing("cup", "cup", (0.0, 0.0)), "placement": place("held_by", "anna")}]
    if action == "pick_up":
        done, props = [beat("anna", action, prop="cup")], [standing("cup", "cup", (0.1, -4.2))]
    sp = scene(people, done, seconds=4.5, ball="anna" if holds else "", props=props)
    return play(sp)


def bones(layout: Layout, performance: Performance, p: int = 0) -> Floats:
    """(T, J, 4, 4)"""
    figure = body(layout.people[p].identity)
    return figure.fk(performance.root[:, p], performance.joints[:, p].astype(np.float64))


def centre_of_mass(performance: Performance, poses: Floats, p: int = 0) -> Floats:
    """(T, 3)"""
    at = poses[:, :, :3, 3]
    return sum(  # type: ignore[no-any-return]
        share * (at[:, a] * (1 - part) + at[:, b] * part)
        for a, b, part, share in performance.plans[p].who.figure.segments
    )


def skin(layout: Layout, poses: Floats, vertices: Floats, p: int = 0) -> Floats:
    """(T, n, 3) of some of the skin's vertices."""
    figure = body(layout.people[p].identity)
    linear = poses[..., :3, :3]
    shift = poses[..., :3, 3] - np.einsum("tjab,jb->tja", linear, figure.heads)
    out = np.zeros((len(poses), len(vertices), 3))
    rest = np.asarray(figure.vertices, dtype=float)[vertices]
    for k in range(figure.weights.shape[1]):
        bone, weight = figure.weight_bones[vertices, k], figure.weights[vertices, k]
        moved = np.einsum("tvab,vb->tva", linear[:, bone], rest) + shift[:, bone]
        out += weight[None, :, None] * moved
    return out


def skin_of(layout: Layout, stems: tuple[str, ...], side: str, p: int = 0) -> Floats:
    """Vertices of the skin that certain bones of a side move most."""
    figure = body(layout.people[p].identity)
    used = np.unique(figure.faces)
    main = np.take_along_axis(figure.weight_bones, figure.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    wanted = [n for n, name in enumerate(BONES) if name.startswith(stems) and name.endswith(f".{side}")]
    return used[np.isin(main[used], wanted)]


def angle(a: Floats, b: Floats) -> Floats:
    """Between vectors [deg]."""
    cosine = np.einsum("...i,...i->...", a, b) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def second(tick: int) -> int:
    """Index on the pose grid of a tick."""
    return round(tick / clock.period(clock.POSE_RATE))
