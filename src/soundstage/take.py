"""The Take: the record of one scene. Every pose, face, contact, word and camera, once, on one exact clock.

Picture and sound are both rendered from it and from nothing else. Arrays are read-only numpy; times are int64 ticks
(`soundstage.clock`) from the start of the scene; positions in [m], Z up, right-handed; quaternions are wxyz. A Take
is saved as one .npz with a JSON header and loads without MuJoCo, torch or Blender.

A person's pose: `root` is the world position of the root bone (hips). `joints[..., b, :]` is the rotation of bone b
**relative to its rest orientation, in the axes of its parent**, where at rest every bone frame is parallel to the
body's own axes (X to the person's left, -Y ahead, Z up). Joint 0 (the root) rotates the whole body into the world.
So with heads h (rest positions of bone origins): G_0 = T(root) R_0, G_b = G_p T(h_b - h_p) R_b, and a skinned vertex is
sum_b w_b G_b T(-h_b) v. The bone list is `soundstage.body.BONES`, the face weights are `soundstage.body.FACE_ACTIONS`.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCHEMA = "soundstage.take/2"

Array = NDArray[Any]
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A rigid body, moving or fixed. `kind` names its entry in the library."""

    id: str
    kind: str
    shape: str
    """sphere, box, cylinder, capsule, plane or compound (built by kind)."""
    size: tuple[float, float, float]
    """Overall size along its own axes [m]."""
    material: str
    colour: str
    mass_kg: float
    fixed: bool
    print_text: str = ""
    params: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A character; identity, wardrobe and voice as in the screenplay (JSON form)."""

    id: str
    name: str
    identity: Json
    wardrobe: tuple[Json, ...]
    voice: Json


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and when; JSON form of the screenplay's scene, and what the set's library entry made of it."""

    set: str
    time_of_day: str
    sun_elevation_deg: float
    sun_azimuth_deg: float
    weather: str
    ambience: str
    ambience_level_db: float
    ground_material: str
    gravity: float
    lighting: str = "natural"


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """One row per strike: first touch after a gap. Rows are in order of time."""

    time: Array  # (N,) int64 ticks, finer than the physics step
    a: Array  # (N,) int32 index into Take.things; -1 the ground; -2-p person p
    b: Array  # (N,) int32, same
    material_a: Array  # (N,) str
    material_b: Array  # (N,) str
    part_a: Array  # (N,) str: geom name inside the thing ("rim", "board", "floor", "" if it has one)
    part_b: Array  # (N,) str
    point: Array  # (N, 3) [m]
    normal: Array  # (N, 3) unit, from a to b
    impulse: Array  # (N,) [N·s], normal
    duration: Array  # (N,) [s]
    peak_force: Array  # (N,) [N]
    normal_speed: Array  # (N,) [m/s] approach speed just before
    slip_speed: Array  # (N,) [m/s] tangential just before


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Contacts that last: samples at the physics step, grouped by `stream` (one id per unbroken contact)."""

    stream: Array  # (M,) int32
    time: Array  # (M,) int64 ticks
    a: Array  # (M,) int32
    b: Array  # (M,) int32
    material_a: Array  # (M,) str
    material_b: Array  # (M,) str
    point: Array  # (M, 3) [m]
    normal_force: Array  # (M,) [N]
    slip_speed: Array  # (M,) [m/s]
    roll_speed: Array  # (M,) [m/s] speed at which the contact point travels over the surfaces


@dataclass(frozen=True, kw_only=True)
class Footfalls:
    """Feet meeting the ground."""

    time: Array  # (N,) int64 ticks
    person: Array  # (N,) int32
    foot: Array  # (N,) int32: 0 left, 1 right
    part: Array  # (N,) str: "heel", "ball", "flat" (landing), "push" (toe-off)
    point: Array  # (N, 3)
    speed: Array  # (N,) [m/s] downward speed at touch
    load: Array  # (N,) fraction of body weight carried, 1 standing, 2-5 landing
    material: Array  # (N,) str of the ground


@dataclass(frozen=True, kw_only=True)
class Holds:
    """Things taken and let go."""

    time: Array  # (N,) int64 ticks
    person: Array  # (N,) int32
    thing: Array  # (N,) int32
    kind: Array  # (N,) str: "release" or "catch"


@dataclass(frozen=True, kw_only=True)
class Utterances:
    """What is said (or laughed, sighed …), as sound needs it to say it again exactly."""

    start: Array  # (N,) int64 ticks: first sample
    end: Array  # (N,) int64 ticks: after the last sample
    person: Array  # (N,) int32
    line: Array  # (N,) str: id of the line or beat
    kind: Array  # (N,) str: "speech" or the name of a vocal action ("laugh", "grunt", "sigh")
    text: Array  # (N,) str
    language: Array  # (N,) str
    mood: Array  # (N,) str


@dataclass(frozen=True, kw_only=True)
class Phones:
    """Speech sounds, for faces, subtitles and review."""

    start: Array  # (N,) int64 ticks
    end: Array  # (N,) int64 ticks
    utterance: Array  # (N,) int32 index into Utterances
    ipa: Array  # (N,) str
    stress: Array  # (N,) int32: 0, 1 secondary, 2 primary


@dataclass(frozen=True, kw_only=True)
class Words:
    start: Array  # (N,) int64 ticks
    end: Array  # (N,) int64 ticks
    utterance: Array  # (N,) int32
    text: Array  # (N,) str


@dataclass(frozen=True, kw_only=True)
class CameraPath:
    """One row per film frame of this scene."""

    time: Array  # (F,) int64 ticks: start of the frame
    shot: Array  # (F,) int32: index of the shot
    position: Array  # (F, 3)
    rotation: Array  # (F, 4) wxyz; the camera looks along its -Z, +Y up (Blender, OpenGL)
    lens_mm: Array  # (F,) on a 36 mm wide sensor
    focus_m: Array  # (F,)
    f_stop: Array  # (F,)
    exposure_ev: Array  # (F,) added to the look's
    white_balance_k: Array  # (F,) colour temperature shown as white


@dataclass(frozen=True, kw_only=True)
class Take:
    """The record of one scene."""

    scene: str
    seed: int
    fps: int
    duration: int  # ticks
    place: Place
    things: tuple[Thing, ...]
    people: tuple[Person, ...]
    time: Array  # (T,) int64 ticks of the pose samples, POSE_RATE, covering [0, duration]
    thing_position: Array  # (T, N, 3) float64: centre of the thing's frame
    thing_rotation: Array  # (T, N, 4) float64
    person_root: Array  # (T, P, 3) float64
    person_joints: Array  # (T, P, J, 4) float32
    person_face: Array  # (T, P, 52) float32, 0…1
    contacts: Contacts
    streams: Streams
    footfalls: Footfalls
    holds: Holds
    utterances: Utterances
    phones: Phones
    words: Words
    camera: CameraPath
    outcomes: Json = field(default_factory=dict)
    """Per beat: what was intended, what was reached and the start values that reached it."""

    def thing_index(self, thing_id: str) -> int:
        """Index of a thing by id.

        Raises:
            KeyError: no such thing; the message lists those there are.
        """
        for index, thing in enumerate(self.things):
            if thing.id == thing_id:
                return index
        raise KeyError(f"no thing {thing_id!r}; there are: {', '.join(t.id for t in self.things)}")

    # ── one file ────────────────────────────────────────────────────────────────────────────────────────────────────

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole record as one file, beside and renamed into place."""
        header: dict[str, Any] = {"schema": SCHEMA}
        arrays: dict[str, Array] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                arrays[f.name] = value
            elif type(value) in _TABLES.values():
                for column in fields(value):
                    arrays[f"{f.name}.{column.name}"] = getattr(value, column.name)
            else:
                header[f.name] = _plain(value)
        target = Path(path)
        blob = np.frombuffer(json.dumps(header, sort_keys=True, ensure_ascii=False).encode(), dtype=np.uint8)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                np.savez_compressed(out, header=blob, **arrays)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Take:
        """Read a record back.

        Raises:
            ValueError: the file is not a Take, or of another schema.
        """
        with np.load(path, allow_pickle=False) as data:
            if "header" not in data:
                raise ValueError(f"{path} is not a Take")
            header = json.loads(bytes(data["header"]).decode())
            if header.pop("schema", None) != SCHEMA:
                raise ValueError(f"{path} is not a {SCHEMA}")
            header["place"] = Place(**header["place"])
            header["things"] = tuple(Thing(**{**t, "size": tuple(t["size"])}) for t in header["things"])
            header["people"] = tuple(Person(**{**p, "wardrobe": tuple(p["wardrobe"])}) for p in header["people"])
            for name, table in _TABLES.items():
                header[name] = table(**{c.name: _frozen(data[f"{name}.{c.name}"]) for c in fields(table)})
            for f in fields(Take):
                if f.name not in header:
                    header[f.name] = _frozen(data[f.name])
        return Take(**header)


_TABLES: dict[str, Any] = {
    "contacts": Contacts,
    "streams": Streams,
    "footfalls": Footfalls,
    "holds": Holds,
    "utterances": Utterances,
    "phones": Phones,
    "words": Words,
    "camera": CameraPath,
}


def _frozen(array: Array) -> Array:
    array.setflags(write=False)
    return array


def _plain(value: Any) -> Any:
    """JSON form of a header value."""
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, np.generic):
        return value.item()
    return value


_SHAPES = {"point": (0, 3), "normal": (0, 3), "position": (0, 3), "rotation": (0, 4)}
_TEXTS = frozenset(
    [
        "material_a",
        "material_b",
        "part_a",
        "part_b",
        "part",
        "material",
        "kind",
        "line",
        "text",
        "language",
        "mood",
        "ipa",
    ]
)
_TICKS = frozenset(("time", "start", "end"))
_COUNTS = frozenset(["a", "b", "person", "thing", "foot", "stream", "utterance", "shot", "stress"])


def empty(table: type[Any]) -> Any:
    """An event table with no rows."""
    columns: dict[str, Array] = {}
    for f in fields(table):
        kind: Any = np.float64
        if f.name in _TEXTS:
            kind = "U1"
        elif f.name in _TICKS:
            kind = np.int64
        elif f.name in _COUNTS:
            kind = np.int32
        columns[f.name] = _frozen(np.zeros(_SHAPES.get(f.name, (0,)), dtype=kind))
    return table(**columns)


def read_only(array: Array) -> Array:
    """A contiguous read-only copy, as Takes hold them."""
    return _frozen(np.array(array, order="C"))
