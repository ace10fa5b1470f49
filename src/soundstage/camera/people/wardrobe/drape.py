"""How cloth falls: from where it touches the body straight down, with folds, instead of clinging to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SECTORS = 64
STEP = 0.01
"""Height of a slice [m]."""


@dataclass(frozen=True)
class Tube:
    """The radius of a hanging tube of cloth, by height and direction round a (bent) upright axis."""

    levels: Array  # (L,) heights from top to bottom
    centres: Array  # (L, 2) axis in the plane
    radii: Array  # (L, SECTORS)

    def place(self, points: Array) -> tuple[Array, Array, Array]:
        """Level (fractional row), angle and radius of points."""
        row = np.interp(-points[:, 2], -self.levels, np.arange(len(self.levels)))
        centre = self._at(self.centres, row)
        offset = points[:, :2] - centre
        return np.asarray(row), np.arctan2(offset[:, 0], -offset[:, 1]), np.asarray(np.linalg.norm(offset, axis=1))

    def radius(self, row: Array, angle: Array) -> Array:
        """Radius of the tube at a level and angle."""
        column = (angle / (2 * np.pi) * SECTORS) % SECTORS
        low = np.floor(column).astype(int)
        part = column - low
        r0, r1 = np.floor(row).astype(int), np.minimum(np.floor(row).astype(int) + 1, len(self.levels) - 1)
        t = row - r0

        def at(r: Array) -> Array:
            return np.asarray(self.radii[r, low % SECTORS] * (1 - part) + self.radii[r, (low + 1) % SECTORS] * part)

        return np.asarray(at(r0) * (1 - t) + at(r1) * t)

    def moved(self, points: Array, row: Array, angle: Array, radius: Array) -> Array:
        """Points at new radii, same height and direction."""
        centre = self._at(self.centres, row)
        flat = centre + np.stack([np.sin(angle), -np.cos(angle)], axis=1) * radius[:, None]
        return np.column_stack([flat, points[:, 2]])

    @staticmethod
    def _at(table: Array, row: Array) -> Array:
        low = np.floor(row).astype(int)
        high = np.minimum(low + 1, len(table) - 1)
        part = (row - low)[:, None]
        return np.asarray(table[low] * (1 - part) + table[high] * part)


def hanging(points: Array, top: float, bottom: float, *, cling: Array | float, flare: Array | float = 0.0) -> Tube:
    """The tube that cloth forms which lies on points (n, 3) and falls from them.

    Args:
        cling: how fast it comes back in below a bulge, metres per metre: 0 falls straight, 2 clings; one value,
            or one per direction (SECTORS,), counted from the front towards +X.
        flare: how much it widens downwards, metres per metre; likewise.
    """
    levels = np.arange(top, bottom - STEP, -STEP)
    centres, radii = np.zeros((len(levels), 2)), np.zeros((len(levels), SECTORS))
    angles = directions()
    for i, z in enumerate(levels):
        near = points[np.abs(points[:, 2] - z) < 2.0 * STEP]
        if len(near) < 8:
            centres[i], radii[i] = centres[i - 1], radii[i - 1]
            continue
        centres[i] = (near[:, :2].min(axis=0) + near[:, :2].max(axis=0)) / 2
        offset = near[:, :2] - centres[i]
        angle, r = np.arctan2(offset[:, 0], -offset[:, 1]) % (2 * np.pi), np.linalg.norm(offset, axis=1)
        order = np.argsort(angle)
        radii[i] = np.interp(angles, angle[order], r[order], period=2 * np.pi)
    centres = _running(centres, 5)
    body = radii.copy()
    for i in range(1, len(levels)):
        shifted = radii[i - 1] - cling * STEP + flare * STEP
        radii[i] = np.maximum(body[i], shifted)
    for _ in range(2):
        radii = np.maximum(body, (radii + np.roll(radii, 1, axis=1) + np.roll(radii, -1, axis=1)) / 3)
    return Tube(levels, centres, radii)


def directions() -> Array:
    """(SECTORS,) the angles round a tube [rad], from the front towards +X."""
    return np.asarray(np.arange(SECTORS) * 2 * np.pi / SECTORS)


def _running(values: Array, width: int) -> Array:
    kernel = np.ones(width) / width
    padded = np.pad(values, ((width // 2, width // 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(c, kernel, mode="valid") for c in padded.T], axis=1)


def folds(angle: Array, height: Array, count: int, rng: np.random.Generator) -> Array:
    """-1…1: upright folds round a tube that wander and differ in width."""
    value = np.zeros(len(angle))
    for harmonic, strength in ((count, 0.6), (count + 2, 0.35), (max(count - 3, 2), 0.3)):
        phase, drift = rng.uniform(0, 2 * np.pi), rng.uniform(-2.5, 2.5)
        value += strength * np.sin(harmonic * angle + phase + drift * height * 4.0)
    return np.clip(value, -1.0, 1.0)


def rumple(points: Array, wavelength: Array, rng: np.random.Generator, waves: int = 14) -> Array:
    """-1…1: irregular wrinkles; `wavelength` (3,) [m] along x, y, z (large: stretched that way)."""
    value = np.zeros(len(points))
    for _ in range(waves):
        k = rng.standard_normal(3) * 2 * np.pi / wavelength
        value += np.sin(points @ k + rng.uniform(0, 2 * np.pi))
    return np.asarray(np.tanh(value / np.sqrt(waves) * 1.2))
