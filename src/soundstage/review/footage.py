"""A finished film as any player would show it: pictures by their time stamps, sound in blocks, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Weights of R, G and B in luma (ITU-R BT.709)."""


@dataclass(frozen=True)
class Picture:
    """One picture of the film."""

    index: int
    time_s: float
    """When it is shown, from the start of the film."""
    rgb: Array
    """(H, W, 3) uint8."""

    @cached_property
    def luma(self) -> Array:
        """(H, W) float32, 0…255."""
        return np.asarray(self.rgb @ LUMA, dtype=np.float32)


@dataclass(frozen=True)
class Sound:
    """A block of sound."""

    start: int
    """Index of its first sample, from the start of the film; sample n is heard at n / rate."""
    rate: int
    """[Hz]"""
    samples: Array
    """(N, channels) float32, full scale ±1."""
