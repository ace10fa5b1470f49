"""Sound → WAV files with nothing in them but the samples: no date, no program name, so equal sound is equal bytes."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..clock import AUDIO_RATE

_FLOAT = 3


def write_wav(path: Path, samples: NDArray[Any]) -> None:
    """Write samples, shape (N, channels), as 32-bit float at 48 kHz; levels above full scale are kept."""
    channels = samples.shape[1]
    frame = 4 * channels
    data = np.ascontiguousarray(samples, dtype="<f4").tobytes()
    layout = struct.pack("<HHIIHHH", _FLOAT, channels, AUDIO_RATE, AUDIO_RATE * frame, frame, 32, 0)
    count = struct.pack("<I", len(samples))
    body = b"WAVE" + _chunk(b"fmt ", layout) + _chunk(b"fact", count) + _chunk(b"data", data)
    path.write_bytes(_chunk(b"RIFF", body))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data
