"""The outline of a round thing in the picture, to a fraction of a pixel: from what differs from the empty set.

A difference that the set in shadow would explain does not count, and where thing and set look alike a pixel tells
nothing. The radius is known from the Take, so a sure side tells where the other is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .footage import LUMA

Array = NDArray[Any]

FAINTEST = 9.0
"""Difference to the set [8-bit levels] under which nothing is seen."""
DEEPEST_SHADOW = 0.35
"""The darkest shadow leaves this part of the light."""
SOFT = 0.35
SHARP = np.asarray(SOFT * np.eye(3) + (1 - SOFT) * np.outer(LUMA, np.ones(3)), dtype=np.float32)
"""For finding edges, colour counts less than brightness: video is only half as sharp in it."""
ALIKE = 12.0
"""Brightness in which thing and set differ by this tells half as much as it could [8-bit levels]."""
SOFTNESS_PX, GIVE = 0.45, 0.03
"""Of an edge in the picture; part by which a thing may seem larger or smaller than it is."""
CORE = 0.75
"""Part of a thing's radius within which a pixel is surely all the thing's."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a thing was found in one picture."""

    x: float
    y: float
    """Middle of its outline [px]."""
    area: float
    """Of its pixels [px²]."""
    strength: float
    """Mean difference to the empty set [8-bit levels]."""
    colour: tuple[float, float, float]
    """Mean of its pixels, 0…255."""
    mask: Array
    """Pixels (N, 2), column and row, inside its outline, in a picture `scale` times smaller."""
    scale: int = 1


def measure(
    piece: Array, empty: Array, place: tuple[float, float], radius: float, origin: tuple[int, int]
) -> Spot | None:
    """The outline of what differs from the set near a place; None if it is cut off or too faint."""
    x, y = place[0] - origin[0], place[1] - origin[1]
    reach = int(np.ceil(2.2 * radius + 4))
    left, top = max(int(x) - reach, 0), max(int(y) - reach, 0)
    right, bottom = min(int(x) + reach + 1, piece.shape[1]), min(int(y) + reach + 1, piece.shape[0])
    seen, still = piece[top:bottom, left:right], empty[top:bottom, left:right]
    if min(seen.shape[:2]) < 3:
        return None
    rows, columns = np.mgrid[top:bottom, left:right]
    unit, seems = max(radius, 1.4), radius
    for turn in range(7):
        cover, trust, strength = _cover(seen, still, (columns - x) / unit, (rows - y) / unit)
        if strength < FAINTEST:
            return None
        if turn < 3:  # first roughly, where its pixels lie; then by its outline
            weight = cover * np.clip(1.25 * radius + 1.5 - np.hypot(columns - x, rows - y), 0, 1)
            total = float(weight.sum())
            if total < 0.3 * np.pi * radius**2:
                return None
            x, y = float((weight * columns).sum() / total), float((weight * rows).sum() / total)
            continue
        fitted = _outline(cover, trust, columns - x, rows - y, radius)
        if fitted is None:
            return None
        x, y, seems = x + fitted[0], y + fitted[1], fitted[2]
    mine = np.hypot(columns - x, rows - y) < seems
    pixels = np.stack([columns[mine] + origin[0], rows[mine] + origin[1]], axis=-1)
    mean = seen[np.hypot(columns - x, rows - y) < max(CORE * radius, 1.0)].mean(axis=0)
    return Spot(
        x=x + origin[0],
        y=y + origin[1],
        area=total,  # not that of the outline, which knows the radius beforehand
        strength=strength,
        colour=(float(mean[0]), float(mean[1]), float(mean[2])),
        mask=pixels.astype(np.int32),
    )


def _cover(seen: Array, still: Array, across: Array, down: Array) -> tuple[Array, Array, float]:
    """How much of each pixel is the thing's (H, W) 0…1, how sure that is, and how much its core differs from the set.

    A pixel on the edge is a mixture of the set and of the thing's colour nearby, whether that side is lit or dark: the
    thing's shading goes on from its core, `across` and `down` in radii from its middle, to its edge.
    """
    picture = seen.astype(np.float32)
    core = np.hypot(across, down) < CORE
    known = core & np.isfinite(still[..., 0])
    if not known.any():
        return np.zeros(core.shape), np.zeros(core.shape), 0.0
    colour = _shading(picture, known, across, down)
    to = (colour - still) @ SHARP
    power = _dot(to, to)
    with np.errstate(invalid="ignore", divide="ignore"):
        mixed = np.clip(_dot((picture - still) @ SHARP, to) / power, 0, 1)
        off, full = difference(picture, still), difference(colour, still)
        # What the set in shadow would explain is shadow, unless the thing itself looks like that.
        unlike_shadow = full > 0.4 * np.linalg.norm(colour - still, axis=-1)
        lit = np.where(unlike_shadow, np.minimum(mixed, 1.15 * off / full), mixed)
    cover = np.nan_to_num(lit)
    # Where thing and set look alike, or a shadow may be meant, a pixel tells nothing.
    trust = np.nan_to_num(power / (power + ALIKE**2)) * np.clip(1 - np.abs(np.nan_to_num(mixed) - cover) / 0.4, 0, 1)
    cover[core] = 1.0
    cover[cover < 0.1] = 0.0
    return cover, trust, float(np.median(np.abs(picture[known] - still[known]).max(axis=-1)))


def _outline(
    cover: Array, trust: Array, across: Array, down: Array, radius: float
) -> tuple[float, float, float] | None:
    """The disc that fits what is covered: how far its middle is from (0, 0), and its radius [px]; least squares.

    The radius is known but for the softness of the picture; where only one side is sure, it tells where the other is.
    """
    x, y, r = 0.0, 0.0, radius
    stiff = (0.1 / (GIVE * radius)) ** 2
    for _ in range(6):
        u, v = across - x, down - y
        far = np.hypot(u, v) + 1e-6
        disc = 1 / (1 + np.exp(np.clip((far - r) / SOFTNESS_PX, -30, 30)))
        error = cover - disc
        # What is missing may be a dark side before something dark; what is too much is rarer.
        weight = trust * (far < 1.3 * radius + 2) / (1 + (error / np.where(error < 0, 0.15, 0.4)) ** 2)
        slope = disc * (1 - disc) / SOFTNESS_PX
        turn = np.stack([(slope * u / far).ravel(), (slope * v / far).ravel(), slope.ravel()])
        pull = turn * weight.ravel()
        normal = pull @ turn.T
        if np.linalg.eigvalsh(normal[:2, :2])[0] < 0.05 * radius:
            return None
        normal[2, 2] += stiff
        right = pull @ error.ravel()
        right[2] += stiff * (radius - r)
        dx, dy, dr = np.clip(np.linalg.solve(normal, right), -1.5, 1.5)
        x, y, r = x + float(dx), y + float(dy), r + float(dr)
    return x, y, r


def _shading(picture: Array, core: Array, across: Array, down: Array) -> Array:
    """The thing's own colour (H, W, 3), continued over its edge from a plane through its core."""
    values = picture[core]
    if len(values) < 8:
        return np.broadcast_to(values.mean(axis=0), picture.shape)
    basis = np.stack([np.ones(len(values)), across[core], down[core]], axis=-1)
    plane, *_ = np.linalg.lstsq(basis, values, rcond=None)
    steep = np.hypot(across, down)
    ease = np.minimum(1.0, 1.0 / np.maximum(steep, 1e-6))  # beyond the edge it does not go on
    whole = np.stack([np.ones_like(across), across * ease, down * ease], axis=-1) @ plane
    return np.asarray(np.clip(whole, values.min(axis=0) - 20, values.max(axis=0) + 20), dtype=np.float32)


def difference(picture: Array, empty: Array) -> Array:
    """How far each pixel is from the set, lit or in shadow, (H, W) float32 in 8-bit levels; 0 where it is unknown."""
    seen = picture.astype(np.float32, copy=False)
    set_ = np.where(np.isfinite(empty), empty, 0).astype(np.float32, copy=False)
    own, norm, both = _dot(seen, seen), _dot(set_, set_), _dot(seen, set_)
    lit = np.clip(both / np.maximum(norm, 1.0), DEEPEST_SHADOW, 1.0)
    off = np.sqrt(np.maximum(own - 2 * lit * both + lit * lit * norm, 0))
    return np.where(np.isfinite(empty[..., 0]), off, 0).astype(np.float32)


def _dot(one: Array, other: Array) -> Array:
    """Sum of products of the three colours; written out, for a sum over a short last axis is slow."""
    return np.asarray(one[..., 0] * other[..., 0] + one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2])
