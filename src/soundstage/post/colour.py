"""Display colours → the luma and chroma of a video: BT.709 matrix, limited range, 4:2:0 with left-sited chroma.

Done here rather than by the scaler of the codec library, whose defaults are the BT.601 matrix and rounding that
depends on the processor. Source: ITU-R BT.709-6, items 3.2-3.5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

KR, KB = 0.2126, 0.0722
"""Weights of red and blue in the luma; green has the rest."""

_LUMA = np.array([KR, 1.0 - KR - KB, KB], dtype=np.float32)


def planes(rgb: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Y (H, W), Cb and Cr (H/2, W/2) of a display-referred picture (H, W, 3), uint8 or uint16; H and W are even."""
    full = np.float32(np.iinfo(rgb.dtype).max)
    colour = rgb.astype(np.float32) / full
    luma = colour @ _LUMA
    blue = _halved((colour[..., 2] - luma) * np.float32(0.5 / (1.0 - KB)))
    red = _halved((colour[..., 0] - luma) * np.float32(0.5 / (1.0 - KR)))
    return _code(luma, 219.0, 16.0), _code(blue, 224.0, 128.0), _code(red, 224.0, 128.0)


def _halved(chroma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the width and height. Samples sit on even columns and between rows, as H.264 assumes unless told."""
    rows = (chroma[0::2] + chroma[1::2]) * np.float32(0.5)
    before = np.concatenate([rows[:, :1], rows[:, 1:-1:2]], axis=1)
    sited: NDArray[np.float32] = (before + 2.0 * rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)
    return sited


def _code(signal: NDArray[np.float32], scale: float, offset: float) -> NDArray[np.uint8]:
    code: NDArray[np.uint8] = np.clip(np.rint(signal * np.float32(scale) + np.float32(offset)), 1, 254).astype(np.uint8)
    return code
