"""Frames as the camera made them → frames as the film shows them: style, grade, vignette, grain.

In this order, unless the style is itself a medium that comes last (a tape, a palette), which is given what was graded.
A look that asks for nothing leaves a frame as it is, to the bit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..looks import Grade, Style
from ..passes import Passes
from .dither import to_bytes
from .grading import grade
from .grain import grain, vignette
from .styles import STYLES, Frame, Mover

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is done to every frame of a film."""

    grade: Grade = field(default_factory=lambda: Grade(name="neutral"))
    style: Style = field(default_factory=lambda: Style(name="photographic"))
    grain: float = 0.0
    """0…1; what the style brings along is added."""
    vignette: float = 0.0
    """0…1; 1 is two stops in the corners."""
    seed: int = 0

    @property
    def changes(self) -> bool:
        """Whether it does anything to a picture."""
        return self.styles or self.grade.changes or self.grain > 0 or self.vignette > 0

    @property
    def styles(self) -> bool:
        """Whether its style does anything."""
        return self.style.name != "photographic"

    @property
    def grains(self) -> float:
        """All the grain there is."""
        return min(1.0, self.grain + self.style.grain)

    @property
    def restless(self) -> bool:
        """Whether every frame differs, even of a picture that is held."""
        return self.grains > 0 or self.style.new_each_frame


def dress(
    picture: Array,
    look: Look,
    *,
    passes: Passes | None = None,
    movers: Mapping[int, Mover] | None = None,
    shown: int = 0,
    boil: int = 0,
) -> Array:
    """A frame (H, W, 3), uint8 or uint16, in a look, as uint8; the very same array if the look changes nothing.

    Args:
        passes: what the style asks for.
        movers: how what moves is posed, by the ids of the passes.
        shown: number of the frame in the film: new grain, dust, noise for each.
        boil: how often what moves was touched anew.

    Raises:
        KeyError: the style has no function.
    """
    if not look.changes:
        return picture
    now = picture.astype(np.float32) / np.float32(np.iinfo(picture.dtype).max)
    style = look.style
    if style.grade_first:
        now = grade(now, look.grade)
    if look.styles:
        now = STYLES[style.name](
            Frame(picture=now, passes=passes, movers=movers or {}, shown=shown, boil=boil, seed=look.seed,
                  values=style.values)
        )  # fmt: skip
    if not style.grade_first:
        now = grade(np.clip(now, 0, 1), look.grade)
    now = vignette(now, look.vignette)
    grey = bool((now[..., 0] == now[..., 1]).all() and (now[..., 1] == now[..., 2]).all())
    now = grain(now, look.grains, seed=look.seed, frame=shown, grey=grey)
    return to_bytes(now, grey=grey)


def facts(look: Look) -> dict[str, Any]:
    """Everything a look says, as plain values: what a dressed frame depends on. The seed only where it is used."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(look)))
    if not look.restless:
        found.pop("seed")
    return found


def write(picture: Array, target: Path) -> None:
    """A picture (H, W, 3) uint8 as PNG, beside and renamed into place."""
    import cv2

    done, data = cv2.imencode(".png", picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 4])
    assert done
    part = target.with_name(f".{target.stem}.{os.getpid()}.part.png")
    try:
        part.write_bytes(data.tobytes())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
