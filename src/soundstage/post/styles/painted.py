"""Styles of paint: watercolour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._frame import Frame, cv, style
from ._tools import blur, colour, flattened, laid, luma, on_paper, outlines, ramp

Array = NDArray[Any]


@style
def watercolour(frame: Frame) -> Array:
    """Transparent washes on rough paper: colours run into each other, pigment gathers at edges and in the paper's pits.

    Pigment density d darkens a colour C to C - (C - C²)(d - 1) (A. Bousseau et al., "Interactive watercolor rendering
    with temporal coherence and abstraction", NPAR 2006). What varies from place to place is laid on the surfaces and
    goes with them; the paper lies still.
    """
    v = frame.values
    # A hand does not follow outlines exactly: the picture is drawn out of place a little, by the surface itself.
    wobble = frame.px(v["wobble"])
    cloud, other = laid(frame, "cloud", 2.6), laid(frame, "cloud", 4.5)
    soft_cloud, soft_other = blur(cloud, frame.px(3)), blur(other, frame.px(3))
    y, x = np.mgrid[: frame.height, : frame.width].astype(np.float32)
    drawn = cv.remap(frame.picture, x + wobble * soft_cloud, y + wobble * soft_other, cv.INTER_LINEAR,
                      borderMode=cv.BORDER_REFLECT)  # fmt: skip
    wash = flattened(drawn, frame.px(v["abstraction"]), 0.14)
    detail = flattened(frame.picture, frame.px(7), 0.1)
    wash = wash + 0.35 * (detail - wash)  # some detail is put in when it is dry
    wet = ramp(blur(other, frame.px(7)) * 1.8, 0.15, 1.1)  # where the paper was still wet, colours bleed
    wash = wash + (blur(wash, frame.px(v["bleed"])) - wash) * (0.75 * wet)[..., None]
    grey = luma(wash)[..., None]
    wash = np.clip(grey + np.float32(v["saturation"]) * (wash - grey), 0, 1)
    wash = 1 - (1 - wash) * np.float32(v["thin"])  # paper shows through
    wash = np.clip(wash, 0, 1) ** np.float32(v["lift"])
    lines = outlines(frame, crease=0.6)
    edge = _edges(detail, frame) + 0.5 * blur(lines, frame.px(1.3))
    density = 1 + v["turbulence"] * (0.6 * cloud + 0.6 * soft_other)
    density = density + v["edge"] * np.clip(edge, 0, 1.3) + v["granulation"] * on_paper(frame, "grain", frame.px(1.5))
    painted = wash - (wash - wash * wash) * (np.clip(density, 0.1, 3.2) - 1)[..., None]
    # Dry gaps of bare paper beside some outlines.
    gap = blur(lines, frame.px(1.6)) * ramp(blur(cloud, frame.px(4)), 0.4, 1.6) * (frame.ids > 0)
    painted = painted + (1 - painted) * np.clip(0.8 * gap, 0, 1)[..., None]
    margin = _margin(frame)
    painted = painted + (1 - painted) * margin[..., None]
    return np.asarray(np.clip(painted, 0, 1) * colour(v["paper"]))


def _edges(wash: Array, frame: Frame) -> Array:
    """(H, W): where a wash ends and pigment gathers: next to steps, on their darker side."""
    grey = luma(wash)
    around = blur(grey, frame.px(4.0))
    return np.asarray(np.clip((around - grey) * 9, 0, 1.0), dtype=np.float32)


def _margin(frame: Frame) -> Array:
    """(H, W): bare paper around the painting, its edge as uneven as a brush leaves it."""
    width = frame.px(14.0)
    y, x = np.mgrid[: frame.height, : frame.width].astype(np.float32)
    gap = np.minimum(np.minimum(x, frame.width - 1 - x), np.minimum(y, frame.height - 1 - y))
    return 1 - ramp(gap + frame.px(5.0) * on_paper(frame, "cloud", frame.px(2.0)), width * 0.85, width * 1.15)
