"""From float to 8 bits without bands: a fixed blue-noise pattern decides which way each pixel is rounded.

The pattern stands still, so a still picture stays still; it has no low frequencies, so it is hard to see. Values that
are whole 8-bit steps already come out as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIDE = 64
"""Of the pattern, which is laid like tiles [px]."""
SPREAD = 1.9
"""Width of the Gaussian by which void-and-cluster judges how crowded a place is [px]."""
SHIFTS = ((0, 0), (23, 41), (47, 19))
"""Each channel has the pattern from another place on, or the noise would be grey and stronger."""


def to_bytes(picture: Array, *, grey: bool = False) -> Array:
    """(H, W, 3) uint8 of a picture (H, W, 3), 0…1; what is beyond is clipped. `grey` stays without colour."""
    height, width = picture.shape[:2]
    out = np.clip(picture, 0.0, 1.0).astype(np.float32) * np.float32(255.0)
    # Values that are whole steps but for the rounding of floats count as whole.
    whole = np.rint(out)
    out = np.where(np.abs(out - whole) < 1e-3, whole, out)
    pattern = thresholds(height, width)
    if grey:
        pattern = pattern[..., :1]
    return np.asarray(np.floor(out + pattern).clip(0, 255), dtype=np.uint8)


@cache
def thresholds(height: int, width: int) -> Array:
    """(H, W, 3) float32 in (0, 1): what is added before rounding down."""
    rows, columns = np.arange(height), np.arange(width)
    return np.stack([pattern()[np.ix_((rows + r) % SIDE, (columns + c) % SIDE)] for r, c in SHIFTS], axis=-1)


@cache
def pattern() -> Array:
    """Blue noise (SIDE, SIDE) float32: every rank once, neighbours far apart.

    R. Ulichney, "The void-and-cluster method for dither array generation", SPIE 1913 (1993).
    """
    count = SIDE * SIDE
    step = np.minimum(np.arange(SIDE), SIDE - np.arange(SIDE))
    bump = np.exp(-(step[:, None] ** 2 + step[None, :] ** 2) / (2 * SPREAD**2))
    twice = np.tile(bump, (2, 2))

    def around(place: int) -> Array:
        row, column = divmod(place, SIDE)
        return twice[SIDE - row : 2 * SIDE - row, SIDE - column : 2 * SIDE - column]

    few = count // 10
    ones = np.zeros(count, dtype=bool)
    ones[np.random.default_rng(1993).choice(count, few, replace=False)] = True
    crowd = np.zeros((SIDE, SIDE))
    for place in np.flatnonzero(ones):
        crowd += around(int(place))
    while True:  # spread the first points evenly
        tight = int(np.where(ones, crowd.ravel(), -np.inf).argmax())
        ones[tight] = False
        crowd -= around(tight)
        void = int(np.where(ones, np.inf, crowd.ravel()).argmin())
        ones[void] = True
        crowd += around(void)
        if void == tight:
            break
    ranks = np.zeros(count)
    left, sparse = ones.copy(), crowd.copy()
    for rank in range(few - 1, -1, -1):
        tight = int(np.where(left, sparse.ravel(), -np.inf).argmax())
        left[tight] = False
        sparse -= around(tight)
        ranks[tight] = rank
    for rank in range(few, count):
        void = int(np.where(ones, np.inf, crowd.ravel()).argmin())
        ones[void] = True
        crowd += around(void)
        ranks[void] = rank
    return np.asarray((ranks + 0.5).reshape(SIDE, SIDE) / count, dtype=np.float32)
