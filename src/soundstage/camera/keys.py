"""What each frame depends on, as one hash: two frames with the same key are the same picture.

A key covers the still world of the Take (place, things, people and their clothes), the poses at the instants of
exposure, the camera's row, the render settings, the looks of the substances and kinds used, and the code that draws.
Nothing else: not the voices, not the sound, not what happens before or after.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from .. import library
from ..errors import InputError
from ..take import Take
from . import lighting, poses
from .keyframes import plate_rows

_VISIBLE_MATERIAL = ("albedo", "roughness", "metallic", "transmission", "ior", "texture")


def frame_keys(take: Take, settings: Mapping[str, Any], frames: list[int]) -> list[str]:
    """Keys of some frames of a Take (indices into its camera rows)."""
    still = _digest(still_world(take), dict(settings), code_version())
    moving, behind = bytes(poses.moving(take)), plate_rows(take)
    return [_frame_key(take, settings, frame, still, moving, behind[frame]) for frame in frames]


def _frame_key(
    take: Take, settings: Mapping[str, Any], frame: int, still: str, moving: bytes, rows: tuple[int, ...]
) -> str:
    blur, shutter = bool(settings["motion_blur"]), float(settings["shutter"])
    shown = poses.poses_at(take, poses.instants(take, frame, motion_blur=blur, shutter=shutter))
    view = poses.view_at(take, frame, motion_blur=blur)
    moment = hashlib.sha256(still.encode())
    if rows:  # rendered over plates of all that never moves
        moment.update(moving)
    if len(rows) > 1:
        moment.update(np.array([frame - rows[0], rows[1] - frame]).tobytes())
        for row in rows:
            _add(moment, poses.view_at(take, row, motion_blur=False))
    for part in (shown, view):
        _add(moment, part)
    return moment.hexdigest()[:32]


def between_key(own: str, before: str, after: str) -> str:
    """Key of a frame that is made from two others, by the key it would have of its own and theirs."""
    return hashlib.sha256(f"{own} {before} {after}".encode()).hexdigest()[:32]


def _add(moment: Any, part: Any) -> None:
    """Every array of a record, to a hash."""
    for name, array in vars(part).items():
        moment.update(name.encode())
        moment.update(str(array.shape).encode())
        moment.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())


def plate_keys(take: Take, settings: Mapping[str, Any], frames: list[int]) -> list[str]:
    """Keys of the pictures of the empty set that the cameras of some frames see, of what never moves."""
    still = still_world(take)
    fixed = [n for n, moves in enumerate(poses.moving(take)) if not moves]
    world = {**still, "people": [], "garments": {}, "things": [still["things"][n] for n in fixed]}
    empty = hashlib.sha256(_digest(world, dict(settings), code_version()).encode())
    for array in (take.thing_position[0, fixed], take.thing_rotation[0, fixed]):
        empty.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    found = []
    for frame in frames:
        moment = empty.copy()
        for array in vars(poses.view_at(take, frame, motion_blur=False)).values():
            moment.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
        found.append(moment.hexdigest()[:32])
    return found


def passes_key(take: Take, settings: Mapping[str, Any], frame: int) -> str:
    """Key of the passes of a frame: blur and exposure are not in them; the next frame is, in their flow."""
    facts = [take.scene, take.fps, frame, int(take.camera.time[frame])]  # they stand in the file's header
    moment = hashlib.sha256(_digest(still_world(take), facts, dict(settings), code_version()).encode())
    for row in poses.pair(take, frame) if "flow" in settings["passes"] else [frame]:
        shown = poses.poses_at(take, np.array([int(take.camera.time[row])]))
        view = poses.view_at(take, row, motion_blur=False)
        for array in (*vars(shown).values(), view.position, view.rotation, view.lens_mm):
            moment.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return moment.hexdigest()[:32]


def noise_seed(take: Take, settings: Mapping[str, Any], frame: int) -> int:
    """Seed of a frame's sampling noise: constant while the camera is locked, new whenever it has moved."""
    seen = {n: v for n, v in vars(poses.view_at(take, frame, motion_blur=False)).items() if n not in poses.DEVELOPED}
    blob = b"".join(np.ascontiguousarray(v, dtype=np.float64).tobytes() for v in seen.values())
    return zlib.crc32(blob, int(settings["seed"]) & 0xFFFFFFFF) & 0x7FFFFFFF


def still_world(take: Take) -> dict[str, Any]:
    """Everything about a Take that does not change while it runs and can be seen."""
    place = asdict(take.place)
    for unseen in ("ambience", "ambience_level_db", "gravity"):
        place.pop(unseen)
    things = []
    for thing in take.things:
        record = asdict(thing)
        for unseen in ("mass_kg", "fixed"):
            record.pop(unseen)
        things.append(record)
    people = [{"id": p.id, "identity": p.identity, "wardrobe": p.wardrobe} for p in take.people]
    set_kind = library.set_(take.place.set)
    return {
        "place": place,
        "set": {
            "indoor": set_kind.indoor,
            "backdrop": set_kind.backdrop,
            "room_m": set_kind.room_m,
            "params": set_kind.params,
        },
        "lamps": asdict(lighting.set_up(take)),
        "things": things,
        "people": people,
        "looks": {thing.kind: _look(thing.kind) for thing in take.things},
        "materials": _materials(),
        "garments": _garments() if people else {},
    }


def _look(kind: str) -> str:
    try:
        return library.prop(kind).look
    except InputError:
        return "plain"


@cache
def _materials() -> dict[str, Any]:
    """The visible side of every substance: sets use many that no thing is made of."""
    return {
        name: [getattr(library.material(name), field) for field in _VISIBLE_MATERIAL]
        for name in library.names("materials")
    }


@cache
def _garments() -> dict[str, Any]:
    """How clothes are cut and what can be on them."""
    cuts = {name: asdict(library.garment(name)) for name in library.names("wardrobe")}
    return {"cuts": cuts, "patterns": {name: asdict(library.pattern(name)) for name in library.names("patterns")}}


@cache
def code_version() -> str:
    """Hash of the code that draws: camera/, body/ which shapes the people, and what tells where they are and what light falls."""
    root = files("soundstage")
    digest = hashlib.sha256()
    for name in ("colour.py", "daylight.py", "passes.py", "poses.py", "raster.py", "view.py"):
        digest.update(root.joinpath(name).read_bytes())
    for room in ("camera", "body"):
        for path in sorted(_sources(root.joinpath(room)), key=lambda found: found[0]):
            digest.update(path[0].encode())
            digest.update(path[1])
    return digest.hexdigest()


def _sources(folder: Any, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, name)
        elif entry.name.endswith(".py"):
            found.append((name, entry.read_bytes()))
    return found


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot hash a {type(value).__name__}")
