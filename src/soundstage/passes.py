"""What every pixel of a frame shows, as numbers: depth, normals, motion, who or what it is, and its own colour.

One multilayer OpenEXR file per film frame. Values are of the first surface behind the middle of the pixel: no noise, no
lens blur, no motion blur, and no mixing of neighbours at edges.

    layer   channels              stored as      what
    depth   depth.Z               32 bit float   [m] along the camera's axis; infinite where the sky is
    normal  normal.X .Y .Z        16 bit float   unit vector in the world, towards the camera; 0 where the sky is
    flow    forward.U .V          32 bit float   [px] to the next frame, U right, V down; NaN where there is none
    ids     id.I                  32 bit uint    0 the set, 1 … things and people; 4294967295 (-1) where the sky is
    albedo  albedo.R .G .B        16 bit float   scene-linear Rec.709, colour without light; 0 where the sky is

A 16 bit float keeps a normal to .03° and an albedo to 1 part in 2000; depth, flow and ids would lose what makes them
exact (1 cm at 20 m, .1 px in 200, every id past 2048), so they are stored as they are. Compression is lossless (ZIP).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .take import Take
from .view import SENSOR_MM, View

Array = NDArray[Any]

SCHEMA = "soundstage.passes/1"
ATTRIBUTE = "soundstage"
"""Of the file's header: what is known of the frame, as JSON."""
SKY, SET = -1, 0
"""Ids of what is neither a thing nor a person."""


@dataclass(frozen=True)
class _Layer:
    channels: tuple[str, ...]
    stored: type[np.generic]
    inside: type[np.generic]


LAYERS: Mapping[str, _Layer] = {
    "depth": _Layer(("depth.Z",), np.float32, np.float32),
    "normal": _Layer(("normal.X", "normal.Y", "normal.Z"), np.float16, np.float32),
    "flow": _Layer(("forward.U", "forward.V"), np.float32, np.float32),
    "ids": _Layer(("id.I",), np.uint32, np.int32),
    "albedo": _Layer(("albedo.R", "albedo.G", "albedo.B"), np.float16, np.float32),
}
"""How each pass is stored, by name."""
NAMES = tuple(LAYERS)


@dataclass(frozen=True, kw_only=True)
class Passes:
    """The passes of one film frame; those that were not asked for are None."""

    depth: Array | None = None
    """(H, W) float32 [m] along the camera's axis; infinite where the sky is."""
    normal: Array | None = None
    """(H, W, 3) float32, unit, in the world, on the side that is seen; 0 where the sky is."""
    flow: Array | None = None
    """(H, W, 2) float32 [px] from this frame to where the same point of the same surface is one frame later, hidden or
    not, in or out of the picture; x right, y down. NaN in the last frame of a shot, and for what the camera passes
    before the next. The sky is infinitely far away and does not turn."""
    ids: Array | None = None
    """(H, W) int32: -1 the sky, 0 the set, 1 … as in `names`."""
    albedo: Array | None = None
    """(H, W, 3) float32, scene-linear Rec.709: the share of light that a surface gives back; for metals and glass the
    tint of their reflection. 0 where the sky is."""
    names: tuple[str, ...] = ()
    """What has which id: names[0] is the set; then every thing in the order of Take.things, then every person in the
    order of Take.people, by their ids in the screenplay."""
    view: View
    """The camera: a pinhole, whatever its lens would blur."""
    frame: int
    """Number of the frame in its scene, from 0."""
    time: int
    """Start of the frame on the clock of its scene [ticks of 1/705,600,000 s]."""
    fps: int
    scene: str = ""

    def id_of(self, name: str) -> int:
        """The id of a thing or person.

        Raises:
            KeyError: no such name; the message lists those there are.
        """
        if name not in self.names:
            raise KeyError(f"no {name!r} in these passes; there are: {', '.join(self.names)}")
        return self.names.index(name)

    def points(self) -> Array:
        """Points (H, W, 3) [m] of the world behind the middle of each pixel; NaN where the sky is.

        Raises:
            ValueError: the frame has no depth.
        """
        if self.depth is None:
            raise ValueError("points need the pass 'depth'")
        points = self.view.points(self.depth)
        points[~np.isfinite(self.depth)] = np.nan
        return points

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write all there is as one EXR file, beside and renamed into place."""
        import OpenEXR

        channels: dict[str, Any] = {}
        for name, layer in LAYERS.items():
            values = getattr(self, name)
            if values is None:
                continue
            planes = np.asarray(values).reshape(*values.shape[:2], -1)
            for k, channel in enumerate(layer.channels):
                channels[channel] = np.ascontiguousarray(planes[..., k].astype(layer.stored))
        target = Path(path)
        part = target.with_name(f".{target.stem}.{os.getpid()}.part.exr")
        try:
            with OpenEXR.File(self._header(), channels) as file:
                file.write(str(part))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def _header(self) -> dict[str, Any]:
        """Attributes of the file: the standard's own for other programs, and everything as JSON."""
        import OpenEXR

        view = self.view
        eye = np.eye(4)
        eye[:3, :3], eye[3, :3] = view.turn, -view.position @ view.turn  # Imath multiplies row vectors from the left
        return {
            "compression": OpenEXR.ZIP_COMPRESSION,
            "type": OpenEXR.scanlineimage,
            "worldToCamera": eye.astype(np.float32),
            "nominalFocalLength": float(view.lens_mm),
            "screenWindowWidth": SENSOR_MM / float(view.lens_mm),
            "framesPerSecond": Fraction(self.fps),
            "comments": "depth [m] along the axis; normal in the world, Z up; forward [px] to the next frame, V down",
            ATTRIBUTE: json.dumps(self._facts(), sort_keys=True, ensure_ascii=False),
        }

    def _facts(self) -> dict[str, Any]:
        view = self.view
        return {
            "schema": SCHEMA,
            "names": list(self.names),
            "frame": int(self.frame),
            "time_ticks": int(self.time),
            "fps": int(self.fps),
            "scene": self.scene,
            "camera": {
                "position_m": [float(v) for v in view.position],
                "axes": [[float(v) for v in row] for row in view.turn],
                "lens_mm": float(view.lens_mm),
                "sensor_mm": SENSOR_MM,
                "size_px": [int(v) for v in view.size],
            },
            "units": {"depth": "m", "flow": "px to the next frame", "normal": "world", "albedo": "linear Rec.709"},
        }


def read(path: str | os.PathLike[str]) -> Passes:
    """Read a file of passes back.

    Raises:
        InputError: it is not there, or is not a file of passes.
    """
    import OpenEXR

    if not Path(path).is_file():
        raise InputError(f"there is no {path}", "name a file that `soundstage film --passes` has written")
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            facts = json.loads(file.header()[ATTRIBUTE])
            planes = {name: np.array(channel.pixels) for name, channel in file.channels().items()}
    except (RuntimeError, KeyError, ValueError, TypeError):
        facts, planes = {}, {}
    if facts.get("schema") != SCHEMA:
        raise InputError(f"{path} is not a file of passes", "name a file that `soundstage film --passes` has written")
    found: dict[str, Array] = {}
    for name, layer in LAYERS.items():
        if all(channel in planes for channel in layer.channels):
            values = np.stack([planes[channel] for channel in layer.channels], axis=-1).astype(layer.inside)
            values = values if len(layer.channels) > 1 else values[..., 0]
            values.setflags(write=False)
            found[name] = values
    camera = facts["camera"]
    return Passes(
        **found,
        names=tuple(facts["names"]),
        view=View(
            position=np.array(camera["position_m"]),
            turn=np.array(camera["axes"]),
            lens_mm=float(camera["lens_mm"]),
            size=(int(camera["size_px"][0]), int(camera["size_px"][1])),
        ),
        frame=facts["frame"],
        time=facts["time_ticks"],
        fps=facts["fps"],
        scene=facts["scene"],
    )


def names_of(take: Take) -> tuple[str, ...]:
    """What has which id in a Take: the set, things, people."""
    return ("set", *(thing.id for thing in take.things), *(person.id for person in take.people))


def chosen(asked: str | Iterable[str]) -> tuple[str, ...]:
    """Names of passes in their own order, from a list or from text with commas; "all" stands for every one.

    Raises:
        InputError: there is no such pass, or none was named.
    """
    words = asked.split(",") if isinstance(asked, str) else list(asked)
    wanted = {word.strip().lower() for word in words} - {""}
    if "all" in wanted:
        return NAMES
    unknown = sorted(wanted - set(NAMES))
    mend = f"there are {', '.join(NAMES)}, and all"
    if unknown:
        raise InputError(f"there is no pass {unknown[0]!r}", mend)
    if not wanted:
        raise InputError("no pass is named", mend)
    return tuple(name for name in NAMES if name in wanted)
