"""Reading and writing pictures without a library: raw Targa in, PNG out. Pixels are (height, width, 3) uint8."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def read_targa(path: Path) -> Array:
    """Pixels of an uncompressed true-colour Targa file, top row first.

    Raises:
        ValueError: the file is of another kind.
    """
    data = path.read_bytes()
    id_length, colour_map, kind = data[0], data[1], data[2]
    width, height, depth, descriptor = struct.unpack_from("<HHBB", data, 12)
    if kind != 2 or colour_map or depth not in (24, 32):
        raise ValueError(f"{path.name} is not an uncompressed true-colour Targa file")
    channels = depth // 8
    pixels = np.frombuffer(data, np.uint8, width * height * channels, 18 + id_length).reshape(height, width, channels)
    if not descriptor & 0x20:  # stored from the bottom up
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels[:, :, 2::-1] if channels == 3 else pixels[:, :, [2, 1, 0]])


def read_png(path: Path) -> Array:
    """Pixels of an 8-bit colour PNG file (H, W, 3) uint8.

    Raises:
        OSError: it cannot be read.
    """
    import cv2

    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise OSError(f"{path} cannot be read as a picture")
    return np.ascontiguousarray(found[..., ::-1])


def write_png(path: Path, pixels: Array) -> None:
    """Write 8-bit RGB pixels as PNG, beside and renamed into place."""
    height, width, _ = pixels.shape
    # Filter "up": what a row differs from the row above; good for smooth pictures and one numpy expression.
    rows = np.empty((height, 1 + width * 3), dtype=np.uint8)
    flat = pixels.reshape(height, width * 3)
    rows[:, 0] = 2
    rows[0, 1:] = flat[0]
    rows[1:, 1:] = flat[1:] - flat[:-1]
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    blob = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"sRGB", b"\0")
    blob += _chunk(b"IDAT", zlib.compress(rows.tobytes(), 4)) + _chunk(b"IEND", b"")
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.png")
    part.write_bytes(blob)
    part.replace(path)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
