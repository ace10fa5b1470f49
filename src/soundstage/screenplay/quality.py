"""The one dial: what `quality` chooses. Everything it sets stands in the document and can be changed there alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .model import Render

Quality = Literal["draft", "good", "best"]
FPS = (12, 15, 24, 25, 30, 48, 50, 60)
"""Frame rates a film may have; each divides the sample rate."""
MAX_SECONDS = 3600.0
"""Longest scene [s]."""
LEAST, MOST = 32, 7680
"""Smallest and largest width or height [pixels]; both even, as 4:2:0 video needs."""

SIZES: Mapping[Quality, tuple[int, int]] = {"draft": (640, 360), "good": (1280, 720), "best": (1920, 1080)}
RENDER: Mapping[Quality, Render] = {
    "draft": Render(samples=4, motion_blur=False, shutter=0.5, denoise=True, inbetweens=3),
    "good": Render(samples=5, motion_blur=True, shutter=0.5, denoise=True, inbetweens=2),
    "best": Render(samples=128, motion_blur=True, shutter=0.5, denoise=True),
}
