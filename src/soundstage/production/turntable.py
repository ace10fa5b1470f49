"""A picture of a character for people to look at: from all sides and the face, everybody alike.

The person turns; camera, light and backdrop stay. All are seen by the same camera, so heights can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cache, clock
from ..post.bundle import write_whole
from ..screenplay import Character, Screenplay
from ..screenplay.quality import RENDER, Quality
from ..view import SENSOR_MM
from . import steps
from .steps import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..take import Take

SIDES = {"front": 0.0, "three quarters": 40.0, "side": 90.0, "back": 180.0}
"""How far the person is turned in the pictures of the whole body [degrees]."""
FACE_DEG = 18.0
LOW_M, HIGH_M = -0.08, 2.36
"""What the pictures of the whole body reach from and to, where the person stands: room for the tallest."""
WIDTH = 0.43
"""Of a picture of the whole body, in parts of its height."""
AWAY_M, FACE_AWAY_M = 3.5, 1.6
FACE_M = 0.33
"""Width and height of the picture of the face, where it is."""
BELOW_EYES_M = 0.01
"""The camera of the face is so much lower than the eyes."""
HEIGHTS: dict[Quality, int] = {"draft": 400, "good": 640, "best": 960}
"""Of the turntable picture [px]."""
SAMPLES: dict[Quality, int] = {"draft": 10, "good": 32, "best": 96}
MARK_M = 0.5
"""Heights are marked in steps of this."""
FPS = 24


def turntable(
    character: Character,
    out: Path,
    *,
    quality: Quality = "draft",
    height: int | None = None,
    samples: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the picture of a character to a PNG: the body from four sides, and the face.

    The picture is `height` pixels high and 2.7 times as wide; `height` and `samples` replace what the quality says.

    Raises:
        WorkerError: the render process died again and again.
        OutputError: the file cannot be written.
    """
    import cv2
    import numpy as np

    pixels = height or HEIGHTS[quality]
    wide = 2 * round(WIDTH * pixels / 2)
    settings = {"samples": samples or SAMPLES[quality], "quality": quality}
    with cache.running():
        screenplay = _screenplay(character)
        take = steps.rehearse(screenplay)[0]
        total = len(SIDES) + 1

        def shot(turns: Sequence[float], camera: tuple[Any, float, float], size: tuple[int, int], done: int) -> Any:
            def tell(step: str, now: int, _: int) -> None:
                if progress and step == "shoot":
                    progress(step, done + now, total)

            return _pictures(_seen(_turned(take, turns), *camera), screenplay, size, settings, tell)

        middle, tall = (LOW_M + HIGH_M) / 2, HIGH_M - LOW_M
        bodies = shot(list(SIDES.values()), ((0.0, -AWAY_M, middle), AWAY_M, tall * wide / pixels), (wide, pixels), 0)
        x, y, z = _eyes(_turned(take, [FACE_DEG]))
        before = (x, y - FACE_AWAY_M, z - BELOW_EYES_M)
        face = shot([FACE_DEG], (before, FACE_AWAY_M, FACE_M), (pixels, pixels), len(SIDES))
        picture = np.concatenate([_marked(np.concatenate(bodies, axis=1)), face[0]], axis=1)
    write_whole(out, cv2.imencode(".png", picture)[1].tobytes())
    return out


def _screenplay(character: Character) -> Screenplay:
    """The character stands in the studio for a moment and looks ahead."""
    here = {"relation": "free", "target": "", "at": [0.0, 0.0, 0.0], "heading_deg": 180.0, "pitch_deg": 0.0}
    camera = {
        "auto": False, "size": "LS", "angle": "eye", "side": 0.0, "subjects": [], "lens_mm": 50.0, "f_stop": 16.0,
        "position": [0.0, -AWAY_M, 1.2], "look_at": [0.0, 0.0, 1.2],
    }  # fmt: skip
    return Screenplay.model_validate(
        {
            "schema": "soundstage/1", "title": "", "prompt": "", "language": "en", "seed": 1, "fps": FPS,
            "size": [640, 360], "quality": "draft", "render": RENDER["draft"], "cast": [character], "props": [],
            "look": {"view_transform": "AgX", "contrast": "None", "exposure_ev": 0.0},
            "sound": {"loudness_lufs": -16.0, "true_peak_dbtp": -1.0, "dialogue_db": 0.0, "effects_db": 0.0,
                      "footsteps_db": 0.0},
            "scenes": [{"id": "one", "set": "studio", "time_of_day": "noon", "sun_elevation_deg": 50.0,
                        "sun_azimuth_deg": 200.0, "weather": "clear", "ambience": "room", "ambience_level_db": -60.0,
                        "gravity": 9.81, "seconds": 1.0}],
            "blocking": [{"character": character.id, "scene": "one", "placement": {**here, "roll_deg": 0.0},
                          "gaze": "ahead"}],
            "beats": [], "lines": [], "not_understood": [],
            "shots": [{"id": "all", "scene": "one", "start_s": 0.0, "end_s": 1.0, "camera": camera}],
        }
    )  # fmt: skip


def _turned(take: Take, turns: Sequence[float]) -> Take:
    """The person as they stand at first, at rest, turned further in every frame [degrees]; nothing else is there."""
    import numpy as np

    from ..take import read_only

    count = len(turns)
    time = np.arange(count, dtype=np.int64) * clock.period(FPS)
    joints = np.repeat(np.array(take.person_joints[:1]), count, axis=0)
    root = np.repeat(np.array(take.person_root[:1]), count, axis=0)
    for k, turn in enumerate(np.radians(turns)):
        w, x, y, z = np.moveaxis(joints[k, :, 0].copy(), -1, 0)
        c, s = np.cos(turn / 2), np.sin(turn / 2)
        joints[k, :, 0] = np.stack([c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w], axis=-1)
        px, py = root[k, :, 0].copy(), root[k, :, 1].copy()
        root[k, :, 0] = np.cos(turn) * px - np.sin(turn) * py
        root[k, :, 1] = np.sin(turn) * px + np.cos(turn) * py
    return replace(
        take,
        duration=int(time[-1]) + clock.period(FPS),
        things=(),
        time=read_only(time),
        thing_position=read_only(np.zeros((count, 0, 3))),
        thing_rotation=read_only(np.zeros((count, 0, 4))),
        person_root=read_only(root),
        person_joints=read_only(joints),
        person_face=read_only(np.zeros((count, *take.person_face.shape[1:]), dtype=np.float32)),
    )


def _seen(take: Take, position: tuple[float, float, float], away_m: float, wide_m: float) -> Take:
    """The Take before a level camera that sees `wide_m` from side to side at a distance of `away_m` [m]."""
    import numpy as np

    from ..take import read_only

    level = np.array([np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0])  # looks along +Y, up is up
    values = {
        "position": np.array(position), "rotation": level, "lens_mm": SENSOR_MM * away_m / wide_m,
        "focus_m": away_m, "f_stop": 16.0, "exposure_ev": 0.0, "white_balance_k": 6500.0, "shot": 0,
    }  # fmt: skip
    path = {name: read_only(np.repeat(np.array(value)[None], len(take.time), axis=0)) for name, value in values.items()}
    return replace(take, camera=replace(take.camera, time=take.time, **path))


def _eyes(take: Take) -> tuple[float, float, float]:
    """Midway between the eyes of the person at first [m]."""
    from ..body import BONE_INDEX, body

    bones = body(take.people[0].identity).fk(take.person_root[0, 0], take.person_joints[0, 0])
    x, y, z = bones[[BONE_INDEX["eye.L"], BONE_INDEX["eye.R"]], :3, 3].mean(axis=0).tolist()
    return x, y, z


def _pictures(
    take: Take, screenplay: Screenplay, size: tuple[int, int], settings: dict[str, Any], tell: Progress
) -> list[Any]:
    """(height, width, 3) uint8, BGR: what the camera sees in each frame."""
    import cv2

    from .. import camera

    shown = steps.picture_settings(screenplay) | {
        "size": size, "samples": settings["samples"], "motion_blur": False, "denoise": True,
    }  # fmt: skip
    files = camera.shoot(
        [take], **shown, frames_dir=cache.frames_dir(), progress=lambda done, total: tell("shoot", done, total)
    )
    return [cv2.imread(str(file), cv2.IMREAD_COLOR) for file in files]


def _marked(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The bodies with heights marked at the left edge of the first."""
    import cv2

    picture = picture.copy()
    high = picture.shape[0]
    scale, width = high / 1000.0, max(1, round(high / 500))
    for k in range(1, int(HIGH_M / MARK_M) + 1):
        y = round((HIGH_M - k * MARK_M) / (HIGH_M - LOW_M) * high)
        cv2.line(picture, (0, y), (round(0.03 * high), y), (60, 60, 60), width, cv2.LINE_AA)
        at = (round(0.035 * high), y + round(0.01 * high))
        cv2.putText(picture, f"{k * MARK_M:g} m", at, cv2.FONT_HERSHEY_SIMPLEX, scale, (60, 60, 60), width, cv2.LINE_AA)
    return picture
