"""What is worn on the feet: socks, sneakers, shoes, boots, sandals.

A shoe is lasted on MakeHuman's tights, which end in a smooth mitten. Its sole stands on the level of the bare sole, so
that feet meet the ground where motion put them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Anchor, Patch, Surface, bound, joined
from ..strands import resampled
from . import sew
from .clip import clip, loops, smooth_weights, smoothed
from .cloth import Pattern
from .cuts import FAR
from .measure import LEG, Measures, tights, weight_of

Array = NDArray[Any]

SOLE, LACE = 2, 3
"""Further material slots of shoes."""


def socks(m: Measures, pattern: Pattern) -> Patch:
    """Knitted socks up to a height along the lower leg (1 ankle, 0.5 knee)."""
    base = tights(m.body)
    inside = _above_cut(m, base, pattern.number("top", 0.86))
    marked = replace(base, colours={"normal": base.normals(), "cut": np.column_stack([inside, inside, inside])})
    patch = clip(marked, inside)
    normals = patch.colours["normal"]
    patch = replace(
        patch,
        vertices=patch.vertices + normals * pattern.number("ease", 0.0022) * m.size,
        colours={"cut": np.clip(patch.colours["cut"], 0.0, 0.6)},
    )
    parts = [sew.with_slot(patch, sew.MAIN)]
    for loop in loops(patch):
        parts.append(sew.hem(patch, loop, thickness=0.002 * m.size, depth=0.02 * m.size, bulge=0.001))
    return joined(parts)


def _above_cut(m: Measures, patch: Patch, level: float) -> Array:
    """Distance below a level along the legs [m], positive towards the foot."""
    out = np.full(patch.count, -FAR)
    leg = weight_of(patch.bones, patch.weights, LEG) > 0.5
    for side, sign in (("L", 1.0), ("R", -1.0)):
        mine = leg & (patch.vertices[:, 0] * sign > 0)
        along, length = m.leg(patch.vertices[mine], side)
        out[mine] = (along - level) * length
    return out


def shoes(m: Measures, pattern: Pattern) -> Patch:
    """A pair of shoes: upper (slot 0, lining and collar slot 1), sole (slot 2), laces (slot 3)."""
    return joined([part for side in ("L", "R") for part in _shoe(m, pattern, side)])


def _shoe(m: Measures, pattern: Pattern, side: str) -> list[Patch]:
    base = tights(m.body)
    size, ground = _foot_size(m, side), m.ground
    v = base.vertices
    sign = 1.0 if side == "L" else -1.0
    ankle, ahead = m.head(f"foot.{side}"), _ahead(m, v, side)
    # The opening slopes: higher behind the heel and on the instep than beside the ankle.
    forward = (v - ankle) @ ahead
    opening = pattern.number("opening", 0.075) * size
    level = (
        ground
        + opening
        + np.interp(forward / size, (-0.06, -0.02, 0.03, 0.07), (0.014, 0.0, 0.004, pattern.number("vamp", 0.030)))
        * size
    )
    inside = np.where(v[:, 0] * sign > 0, level - v[:, 2], -FAR)
    marked = replace(base, colours={"normal": base.normals()})
    patch = clip(marked, inside)
    patch = _lasted(patch, pattern, ground, size, ankle, ahead)
    patch = smooth_weights(patch, 3)
    upper = replace(patch, colours={"cut": np.full((patch.count, 3), 0.3)})
    parts = [sew.with_slot(upper, sew.MAIN)]
    for loop in loops(upper):
        padded = pattern.number("padding", 0.006) * size
        parts.append(sew.ribbed_band(upper, loop, height=padded, thickness=padded * 0.5, close=0.1 * padded))
    parts.append(_sole(upper, pattern, ground, size, ankle, ahead))
    if pattern.cut.get("laces"):
        parts += _laces(upper, ground, size, ankle, ahead, int(pattern.cut["laces"]))
    return parts


def _tip(m: Measures, v: Array, sign: float) -> Array:
    """The tip of the toes."""
    mine = v[(v[:, 0] * sign > 0) & (v[:, 2] < m.ground + 0.08 * m.size)]
    return np.asarray(mine[np.argmin(mine[:, 1])])


def _ahead(m: Measures, v: Array, side: str) -> Array:
    """Level unit vector from the ankle to the toes."""
    way = _tip(m, v, 1.0 if side == "L" else -1.0) - m.head(f"foot.{side}")
    way = np.array([way[0], way[1], 0.0])
    return np.asarray(way / np.linalg.norm(way))


def _foot_size(m: Measures, side: str) -> float:
    """Length of the foot against 25.5 cm."""
    sign = 1.0 if side == "L" else -1.0
    v = tights(m.body).vertices
    low = (v[:, 0] * sign > 0) & (v[:, 2] < m.ground + 0.06 * m.size)
    return float(np.ptp(v[low, 1])) / 0.255


def _lasted(patch: Patch, pattern: Pattern, ground: float, size: float, ankle: Array, ahead: Array) -> Patch:
    """The foot's mitten as a shoe's upper: stood off, toe box rounded, bottom flat inside the sole."""
    thick = pattern.number("ease", 0.006) * size
    v = patch.vertices + patch.colours["normal"] * thick
    rim = np.zeros(patch.count, dtype=bool)
    for loop in loops(patch):
        rim[loop] = True
    v = smoothed(replace(patch, vertices=v), v, 2, fixed=rim)
    forward = (v - ankle) @ ahead / size
    # A toe box: at least so high over the toes, falling to the tip.
    toes = np.clip((forward - 0.10) / 0.05, 0.0, 1.0)
    top = patch.colours["normal"][:, 2] > 0.2
    least = ground + size * np.interp(forward, (0.10, 0.15, 0.185, 0.21), (0.058, 0.052, 0.045, 0.032))
    v[:, 2] = np.where(top, np.maximum(v[:, 2], least * toes + v[:, 2] * (1 - toes)), v[:, 2])
    v[:, 2] = np.maximum(v[:, 2], ground + 0.012 * size)
    if pattern.cut.get("arch"):
        raised = pattern.number("sole") + pattern.number("heel") * _over_arch(forward)
        v[:, 2] = np.maximum(v[:, 2], ground + raised * size)
    return replace(patch, vertices=v)


def _sole(upper: Patch, pattern: Pattern, ground: float, size: float, ankle: Array, ahead: Array) -> Patch:
    """The sole: the upper's outline as a thick plate, a little wider, with a raised toe and a heel."""
    v = upper.vertices
    height = pattern.number("sole", 0.024) * size
    low = v[v[:, 2] < ground + 0.035 * size]
    outline = _outline(low[:, :2], 56, pattern.number("welt", 0.004) * size)
    forward = (np.column_stack([outline, np.zeros(len(outline))]) - ankle * [1, 1, 0]) @ ahead / size
    spring = size * 0.012 * np.clip((forward - 0.11) / 0.09, 0.0, 1.0) ** 2
    heel = size * pattern.number("heel", 0.004) * np.clip((0.02 - forward) / 0.05, 0.0, 1.0)
    if pattern.cut.get("arch"):
        heel = size * pattern.number("heel") * _over_arch(forward)
        spring = spring + pattern.number("arch") * heel * np.clip((forward + 0.022) / 0.012, 0.0, 1.0)
        top = ground + height + heel
    else:
        top = ground + height + heel + 0.3 * spring
    middle = outline.mean(axis=0)
    rings = [(0.93, ground + spring), (0.985, ground + spring + 0.002 * size), (1.0, ground + spring + 0.006 * size),
             (0.985, 0.5 * (ground + spring + top)), (1.0, top - 0.003 * size), (0.985, top), (0.90, top)]  # fmt: skip
    profile = np.stack([
        np.column_stack([middle + (outline - middle) * k, np.broadcast_to(z, len(outline))]) for k, z in rings
    ])  # fmt: skip
    n = len(outline)
    at = np.arange(len(rings) * n).reshape(len(rings), n)
    after = np.roll(at, -1, axis=1)
    quads = np.stack([at[:-1], after[:-1], after[1:], at[1:]], axis=-1).reshape(-1, 4)
    bottom = np.array([at[0][::-1]])
    plate = sew.plain(profile.reshape(-1, 3), (quads, bottom), slot=SOLE)
    surface = Surface(upper.vertices, upper.triangles())
    near, _ = surface.nearest(plate.vertices)
    return smooth_weights(bound(plate, upper, near), 2)


def _over_arch(forward: Array) -> Array:
    """1 over a high heel, falling to 0 at the ball of the foot, by how far before the ankle one is (parts of a foot)."""
    t = np.clip((0.085 - forward) / 0.085, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _outline(points: Array, count: int, margin: float) -> Array:
    """A smooth closed outline (count, 2) round points in the plane, widened by a margin [m], anticlockwise."""
    from scipy.spatial import ConvexHull

    hull = points[ConvexHull(points).vertices]
    closed = np.concatenate([hull, hull[:1]])
    flat = np.column_stack([closed, np.zeros(len(closed))])
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(flat, axis=0), axis=1))])
    at = np.linspace(0.0, length[-1], count, endpoint=False)
    ring = np.stack([np.interp(at, length, flat[:, c]) for c in range(2)], axis=1)
    ring = sew.ring_smoothed(ring, 4)
    along = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
    return np.asarray(ring + normal / np.linalg.norm(normal, axis=1, keepdims=True) * margin)


def _laces(upper: Patch, ground: float, size: float, ankle: Array, ahead: Array, rows: int) -> list[Patch]:
    """Rows of laces over the instep and the ends of a bow."""
    surface = Surface(upper.vertices, upper.triangles())
    across = np.cross([0.0, 0.0, 1.0], ahead)
    out = []
    for i, f in enumerate(np.linspace(0.055, 0.115, rows)):
        middle = ankle + ahead * f * size
        side = np.linspace(-1.0, 1.0, 9) * 0.019 * size
        guess = middle + across * side[:, None]
        guess[:, 2] = ground + 0.12 * size
        line = _on_top(upper, guess)
        line[:, 2] += 0.0028 * size + 0.0012 * size * (1 - np.abs(np.linspace(-1, 1, 9)))
        line += ahead * (0.004 * size * np.linspace(-1, 1, 9) * (1 if i % 2 else -1))[:, None]
        out.append(_cord(line, 0.0026 * size, upper, surface))
    return out


def _on_top(upper: Patch, guess: Array) -> Array:
    """Points straight below guesses on the upper side of the shoe."""
    v = upper.vertices
    out = guess.copy()
    for row, point in enumerate(guess):
        flat = ((v[:, :2] - point[:2]) ** 2).sum(axis=1)
        near = np.argsort(flat)[:12]
        near = near[v[near, 2] > v[near, 2].max() - 0.02]
        weight = 1.0 / (flat[near] + 1e-5)
        out[row, 2] = float((v[near, 2] * weight).sum() / weight.sum())
    return out


def _cord(line: Array, radius: float, host: Patch, surface: Surface) -> Patch:
    """A flat cord along points, bound to the shoe."""
    sides, steps = 6, 9
    path = resampled(line, np.linspace(0, 1, steps))
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    flat = np.cross(along, [0.0, 0.0, 1.0])
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    up = np.cross(flat, along)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = flat[:, None] * (1.25 * np.cos(angle))[None, :, None] + up[:, None] * (0.6 * np.sin(angle))[None, :, None]
    vertices = (path[:, None] + radius * ring).reshape(-1, 3)
    at = np.arange(steps * sides).reshape(steps, sides)
    after = np.roll(at, -1, axis=1)
    quads = np.stack([at[:-1], after[:-1], after[1:], at[1:]], axis=-1).reshape(-1, 4)
    cord = sew.plain(vertices, (quads,), slot=LACE)
    near, _ = surface.nearest(vertices)
    return bound(cord, host, Anchor(near.corners, near.shares))


def sandals(m: Measures, pattern: Pattern) -> Patch:
    """A sole under the bare foot and two straps over it."""
    parts = []
    base = tights(m.body)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        size = _foot_size(m, side)
        v = base.vertices
        ankle, ahead = m.head(f"foot.{side}"), _ahead(m, v, side)
        forward = (v - ankle) @ ahead / size
        foot = (v[:, 0] * sign > 0) & (v[:, 2] < m.ground + 0.11 * size)
        marked = replace(base, colours={"normal": base.normals()})
        for low, high in ((0.085, 0.115), (0.015, 0.045)):
            band = np.where(foot, np.minimum(forward - low, high - forward) * size, -FAR)
            strap = clip(marked, np.where(v[:, 2] < m.ground + 0.004, -FAR, band))
            strap = replace(
                strap,
                vertices=strap.vertices + strap.colours["normal"] * 0.004 * size,
                colours={"cut": np.full((strap.count, 3), 0.3)},
            )
            parts.append(sew.with_slot(strap, sew.MAIN))
            parts += [sew.hem(strap, loop, thickness=0.003 * size, depth=0.006 * size) for loop in loops(strap)]
        whole = clip(marked, np.where(foot, 0.1, -FAR))
        flat = replace(whole, colours={"cut": np.full((whole.count, 3), 0.3)})
        parts.append(_sole(flat, pattern, m.ground, size, ankle, ahead))
    return joined(parts)


def covered_foot(m: Measures, pattern_cut: Any, vertices: Array, bones: Array, weights: Array) -> Array:
    """How far inside closed shoes or socks points lie [m]."""
    out = np.full(len(vertices), -FAR)
    leg = weight_of(bones, weights, LEG) > 0.5
    for side, sign in (("L", 1.0), ("R", -1.0)):
        mine = leg & (vertices[:, 0] * sign > 0)
        if pattern_cut.get("sock"):
            along, length = m.leg(vertices[mine], side)
            out[mine] = (along - float(pattern_cut.get("top", 0.86))) * length - 0.012 * m.size
        else:
            height = float(pattern_cut.get("opening", 0.075)) * _foot_size(m, side)
            out[mine] = m.ground + height - 0.012 * m.size - vertices[mine, 2]
    return out
