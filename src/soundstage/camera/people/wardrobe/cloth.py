"""Tops, trousers and skirts: cut from the tights, eased, let fall, wrinkled and sewn.

Every vertex of a garment carries the attribute `cut`: distance to the nearest hem, distance to the upper rim, and
distance from the side seam [m], from which the fabric shader draws bands, stitches and stripes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....body import BONE_INDEX, BONES
from ..patch import Patch, Surface, from_body, joined
from . import sew
from .clip import clip, loops, smooth_weights, smoothed
from .cuts import Distances, Points, distances, pieces
from .drape import directions, folds, hanging, rumple
from .measure import ARM, LEG, Measures, tights, weight_of

Array = NDArray[Any]

INNER_CLING = 0.45
"""How fast the inner side of a trouser leg comes back in below the thigh [m per m]."""


@dataclass(frozen=True)
class Pattern:
    """A garment's cut, its layer (higher ones lie further out) and its own random folds."""

    cut: Mapping[str, Any]
    layer: int
    rng: np.random.Generator

    def number(self, name: str, default: float = 0.0) -> float:
        return float(self.cut.get(name, default))


def points_of(patch: Patch) -> Points:
    return Points(patch.vertices, patch.bones, patch.weights)


def _marked(patch: Patch, found: Distances, side: Array) -> Patch:
    cut = np.column_stack([found.hem, found.neck, side])
    return replace(patch, colours={"cut": np.clip(cut, -0.05, 0.6), "normal": patch.normals()})


def _eased(patch: Patch, distance: Array | float) -> Patch:
    """Pushed out along the body's own normals, which the cut does not disturb."""
    normals = patch.colours["normal"]
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    shift = normals * np.reshape(distance, (-1, 1))
    return replace(patch, vertices=patch.vertices + shift)


def _without_normal(patch: Patch) -> Patch:
    return replace(patch, colours={k: v for k, v in patch.colours.items() if k != "normal"})


# ── tops ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def top(m: Measures, pattern: Pattern) -> Patch:
    """Shirts, sweaters, jackets: sleeves, neckline, hem."""
    base = tights(m.body)
    found = distances("top", m, pattern.cut, points_of(base))
    side = np.abs(base.vertices[:, 1] - m.head("spine03")[1])
    patch = clip(_marked(base, found, side), found.inside)
    patch = _eased(patch, m.size * (pattern.number("ease", 0.01) * _slack(m, patch) + 0.005 * pattern.layer))
    patch = _relaxed(patch, 3)
    patch = _fallen_torso(m, pattern, patch)
    patch = _sleeves(m, pattern, patch)
    patch = smooth_weights(_hung_on_hips(m, _without_normal(patch)), 4)
    return _sewn_top(m, pattern, patch)


def _slack(m: Measures, patch: Patch) -> Array:
    """How much of its ease cloth has: little on top of the shoulders, where it hangs."""
    high = np.clip((patch.vertices[:, 2] - m.armpit) / (m.head("upperarm01.L")[2] + 0.03 * m.size - m.armpit), 0.0, 1.0)
    up = np.clip(patch.colours["normal"][:, 2], 0.0, 1.0)
    return np.asarray(1.0 - 0.62 * high * np.maximum(up, 0.35))


def _hung_on_hips(m: Measures, patch: Patch) -> Patch:
    """A top hangs round the hips: its lower edge follows the pelvis more than the thighs."""
    leg = np.array([name.startswith(LEG) for name in BONES])
    most = int(patch.bones.max()) + 1
    dense = np.zeros((patch.count, most))
    np.add.at(dense, (np.arange(patch.count)[:, None], patch.bones), patch.weights)
    moved = 0.8 * dense[:, leg[:most]].sum(axis=1)
    dense[:, leg[:most]] *= 0.2
    dense[:, BONE_INDEX["root"]] += moved
    order = np.argsort(-dense, axis=1)[:, :9]
    values = np.take_along_axis(dense, order, axis=1)
    return replace(patch, bones=order, weights=values / values.sum(axis=1, keepdims=True))


def _relaxed(patch: Patch, rounds: int) -> Patch:
    """Bridges hollows a little, as cloth does; rims stay."""
    rim = np.zeros(patch.count, dtype=bool)
    for loop in loops(patch):
        rim[loop] = True
    smooth = smoothed(patch, patch.vertices, rounds, fixed=rim)
    outward = ((smooth - patch.vertices) * patch.colours["normal"]).sum(axis=1, keepdims=True)
    return replace(patch, vertices=patch.vertices + np.maximum(outward, 0.0) * patch.colours["normal"])


def _fallen_torso(m: Measures, pattern: Pattern, patch: Patch) -> Patch:
    v = patch.vertices
    arm = weight_of(patch.bones, patch.weights, ARM)
    trunk = arm < 0.4
    start = m.armpit + 0.02 * m.size
    below = trunk & (v[:, 2] < start + 0.02)
    bottom = m.torso_height(pattern.number("hem"))
    tube = hanging(v[below], start, bottom, cling=pattern.number("cling", 0.5), flare=pattern.number("flare"))
    row, angle, radius = tube.place(v)
    height = np.clip((start - v[:, 2]) / max(start - bottom, 1e-6), 0.0, 1.0)
    share = _ease_in((start - v[:, 2]) / (0.07 * m.size)) * (1.0 - np.clip(arm / 0.4, 0.0, 1.0))
    wanted = tube.radius(row, angle)
    fold = pattern.number("folds", 0.006) * m.size
    wanted = wanted + fold * height**1.5 * (1.0 + folds(angle, v[:, 2], 9, pattern.rng))
    wanted = wanted + 0.35 * fold * (1.0 + rumple(v, np.array([0.16, 0.16, 0.07]) * m.size, pattern.rng)) * height
    gather = pattern.number("gather")
    if gather:
        near = np.clip(1.0 - (v[:, 2] - bottom) / (0.055 * m.size), 0.0, 1.0) ** 2
        wanted = wanted + (radius - wanted) * near * gather
    moved = tube.moved(v, row, angle, radius + share * (np.maximum(wanted, radius) - radius))
    return replace(patch, vertices=np.where((share > 0)[:, None], moved, v))


def _ease_in(t: Array) -> Array:
    t = np.clip(t, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _sleeves(m: Measures, pattern: Pattern, patch: Patch) -> Patch:
    sleeve, loose = pattern.number("sleeve"), pattern.number("loose", 0.008) * m.size
    if sleeve <= 0.02:
        return patch
    v = patch.vertices.copy()
    wrinkle = pattern.number("wrinkle", 0.003) * m.size
    for side in ("L", "R"):
        mine = weight_of(patch.bones, patch.weights, ARM, side) > 0.3
        along, length = m.arm(v[mine], side)
        share = _ease_in((along - 0.06) / max(min(sleeve, 0.6), 0.1))
        n = patch.colours["normal"][mine]
        out = loose * share * (1.0 - 0.6 * np.clip(n[:, 2], 0.0, 1.0))
        elbow = np.exp(-(((along - 0.5) / 0.14) ** 2)) + 0.8 * np.exp(-(((along - sleeve) / 0.1) ** 2)) * (sleeve > 0.7)
        rings = rumple(np.column_stack([along * length, n[:, 0] * 0.03, n[:, 2] * 0.03]), np.array([0.045, 0.05, 0.05]),
                       pattern.rng)  # fmt: skip
        out = out + wrinkle * (0.4 + elbow) * (0.5 + 0.5 * rings) * (1.6 if sleeve > 0.6 else 0.7)
        cuff = pattern.number("cuff")
        if cuff:
            out = out * (1.0 - np.exp(-(((along - sleeve) * length / (0.03 * m.size)) ** 2)))
        drop = np.array([0.0, 0.0, -0.35]) * loose * share[:, None] * (sleeve < 0.6)
        v[mine] += n * out[:, None] + drop
    return replace(patch, vertices=v)


def _sewn_top(m: Measures, pattern: Pattern, patch: Patch) -> Patch:
    """Collar, hems and cuffs."""
    parts = [sew.with_slot(patch, sew.MAIN)]
    size, thickness = m.size, pattern.number("thickness", 0.0022) * m.size
    for loop in loops(patch):
        middle = patch.vertices[loop].mean(axis=0)
        mark = patch.colours["cut"][loop].mean(axis=0)
        if mark[1] < mark[0]:  # the neckline
            parts.append(_collar(m, pattern, patch, loop))
            continue
        arm = abs(middle[0]) > 0.1 * size and pattern.number("sleeve") > 0.02
        band = pattern.number("cuff" if arm else "waistband") * size
        if band:
            close = 0.10 * band if arm else 0.06 * band
            parts.append(sew.ribbed_band(patch, loop, height=band, thickness=1.1 * thickness, close=close))
        else:
            parts.append(sew.hem(patch, loop, thickness=thickness, depth=0.05 * size))
    if pattern.cut.get("buttons"):
        parts.append(_button_row(m, pattern, patch))
    return joined(parts)


def _collar(m: Measures, pattern: Pattern, patch: Patch, loop: Array) -> Patch:
    kind, size = pattern.cut.get("collar", "band"), m.size
    if kind == "fold":
        return sew.fold_collar(patch, loop, stand=0.026 * size, fall=0.036 * size, point=0.030 * size, size=size,
                               slot=sew.MAIN)  # fmt: skip
    if kind == "stand":
        return sew.standing_collar(patch, loop, height=0.042 * size, size=size, slot=sew.TRIM)
    if kind == "hood":
        return sew.hood(patch, loop, size=size)
    if kind == "lapel":
        bottom = float(patch.vertices[loop, 2].min())
        return sew.lapels(patch, loop, width=0.075 * size, lift=0.005 * size, bottom=bottom, slot=sew.MAIN)
    height = pattern.number("collar_height", 0.018) * size
    return sew.ribbed_band(patch, loop, height=height, thickness=0.0022 * size, close=0.15 * height)


def _button_row(m: Measures, pattern: Pattern, patch: Patch) -> Patch:
    """Buttons down the middle of the front."""
    front = (np.abs(patch.vertices[:, 0]) < 0.02 * m.size) & (patch.vertices[:, 1] < m.head("spine02")[1] - 0.03)
    high = float(patch.vertices[front, 2].max()) - 0.012 * m.size
    low = max(float(patch.vertices[front, 2].min()), m.torso_height(0.25)) + 0.02
    count = int(pattern.cut["buttons"])
    surface = Surface(patch.vertices, patch.triangles())
    z = np.linspace(high, low, count)
    guess = np.array([[0.0, patch.vertices[front][np.argmin(np.abs(patch.vertices[front, 2] - h)), 1], h] for h in z])
    anchor, _ = surface.nearest(guess)
    normals = anchor.blend(surface.normals)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    at = anchor.blend(patch.vertices) + normals * 0.0012
    return sew.buttons(patch, at, normals, anchor, radius=0.0058 * m.size)


def one_piece(m: Measures, pattern: Pattern) -> Patch:
    """A swimsuit: close to the trunk, cut out at arms and legs."""
    base = tights(m.body)
    found = distances("one_piece", m, pattern.cut, points_of(base))
    side = np.abs(base.vertices[:, 1] - m.head("spine03")[1])
    patch = clip(_marked(base, found, side), found.inside)
    patch = smooth_weights(_without_normal(_eased(patch, m.size * pattern.number("ease", 0.003))), 1)
    thickness = pattern.number("thickness", 0.002) * m.size
    rims = [sew.hem(patch, loop, thickness=thickness, depth=0.012 * m.size) for loop in loops(patch)]
    return joined([sew.with_slot(patch, sew.MAIN), *rims])


# ── legs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def legs(m: Measures, pattern: Pattern) -> Patch:
    """Trousers, jeans, leggings, shorts: waist, two legs."""
    base = tights(m.body)
    found = distances("legs", m, pattern.cut, points_of(base))
    patch = clip(_marked(base, found, _side_seam(m, base.vertices)), found.inside)
    patch = _eased(patch, m.size * (pattern.number("ease", 0.008) + 0.004 * pattern.layer))
    if pattern.number("cling", 0.3) < 1.5:
        patch = _relaxed(patch, 3)
        patch = _fallen_legs(m, pattern, patch)
    patch = smooth_weights(_without_normal(patch), 3)
    parts = [sew.with_slot(patch, sew.MAIN)]
    thickness = pattern.number("thickness", 0.0025) * m.size
    for loop in loops(patch):
        mark = patch.colours["cut"][loop].mean(axis=0)
        band = pattern.number("waistband" if mark[1] < mark[0] else "cuff") * m.size
        if band:
            parts.append(sew.ribbed_band(patch, loop, height=band, thickness=thickness, close=0.05 * band))
        else:
            parts.append(sew.hem(patch, loop, thickness=thickness, depth=0.06 * m.size))
    return joined(parts)


def _side_seam(m: Measures, v: Array) -> Array:
    """Distance from the outer side of the leg [m], measured front to back."""
    hip, knee, ankle = (m.head(f"{b}.L") for b in ("upperleg01", "lowerleg01", "foot"))
    z = (ankle[2], knee[2], hip[2], hip[2] + 0.3)
    middle = np.interp(v[:, 2], z, (ankle[1], knee[1], hip[1], hip[1]))
    outer = np.interp(v[:, 2], z, (ankle[0], knee[0], hip[0], 0.5 * hip[0]))
    return np.where(np.abs(v[:, 0]) > outer, np.abs(v[:, 1] - middle), 0.5)


def _fallen_legs(m: Measures, pattern: Pattern, patch: Patch) -> Patch:
    v = patch.vertices.copy()
    top = m.crotch + 0.07 * m.size
    amount, wrinkle = pattern.number("folds", 0.004) * m.size, pattern.number("wrinkle", 0.004) * m.size
    for sign in (1.0, -1.0):
        mine = (v[:, 0] * sign > 0) & (v[:, 2] < top + 0.02)
        points = v[mine]
        bottom = float(points[:, 2].min())
        inner = np.clip(-sign * np.sin(directions()), 0.0, 1.0)  # between the legs cloth hangs close
        cling, flare = pattern.number("cling", 0.3) + INNER_CLING * inner, pattern.number("flare") * (1.0 - inner)
        tube = hanging(points, top, bottom, cling=cling, flare=flare)
        row, angle, radius = tube.place(points)
        share = _ease_in((top - points[:, 2]) / (0.11 * m.size))
        down = np.clip((top - points[:, 2]) / max(top - bottom, 1e-6), 0.0, 1.0)
        wanted = tube.radius(row, angle)
        within = np.clip(-sign * np.sin(angle), 0.0, 1.0)
        wanted = wanted + amount * down * (1.0 - within) * (0.6 + 0.4 * folds(angle, points[:, 2], 5, pattern.rng))
        knee = np.exp(-(((points[:, 2] - m.head("lowerleg01.L")[2]) / (0.09 * m.size)) ** 2))
        stack = np.exp(-(((points[:, 2] - bottom) / (0.10 * m.size)) ** 2)) * (pattern.number("length") > 0.8)
        across = np.column_stack([points[:, 2], 0.05 * np.sin(angle), 0.05 * np.cos(angle)])
        rings = rumple(across, np.array([0.05, 0.09, 0.09]) * m.size, pattern.rng)
        wanted = wanted + wrinkle * (0.35 + 0.8 * knee + 1.3 * stack) * (0.5 + 0.5 * rings)
        moved = tube.moved(points, row, angle, radius + share * np.maximum(wanted - radius, 0.0))
        # The legs of the trousers must not run into each other between the thighs.
        gap = 0.003 + 0.004 * down
        moved[:, 0] = np.where(moved[:, 0] * sign < gap, sign * np.maximum(points[:, 0] * sign, gap), moved[:, 0])
        v[mine] = moved
    return replace(patch, vertices=v)


# ── skirts and dresses ──────────────────────────────────────────────────────────────────────────────────────────────


def skirt(m: Measures, pattern: Pattern) -> Patch:
    """A skirt from MakeHuman's skirt helper, cut to length and given a swing."""
    base, _ = from_body(m.body, "skirt")
    found = distances("skirt", m, pattern.cut, points_of(base))
    patch = clip(_marked(base, found, np.full(base.count, 0.5)), found.inside)
    patch = _eased(patch, m.size * (pattern.number("skirt_ease", 0.006) + 0.004 * pattern.layer))
    v = patch.vertices
    top, bottom = float(v[:, 2].max()), float(v[:, 2].min())
    tube = hanging(v, top, bottom, cling=pattern.number("skirt_cling", 0.15), flare=pattern.number("flare"))
    row, angle, radius = tube.place(v)
    down = np.clip((top - v[:, 2]) / (top - bottom), 0.0, 1.0)
    wanted = np.maximum(tube.radius(row, angle), radius)
    amount = pattern.number("skirt_folds", 0.012) * m.size
    wanted = wanted + amount * down**1.3 * (
        1.0 + folds(angle, v[:, 2], int(pattern.number("fold_count", 11)), pattern.rng)
    )
    patch = replace(_without_normal(patch), vertices=tube.moved(v, row, angle, wanted))
    patch = smooth_weights(patch, 6)
    parts = [sew.with_slot(patch, sew.MAIN)]
    thickness = pattern.number("thickness", 0.002) * m.size
    for loop in loops(patch):
        upper = patch.vertices[loop, 2].mean() > 0.5 * (top + bottom)
        band = pattern.number("waistband") * m.size
        if upper and band:
            parts.append(sew.ribbed_band(patch, loop, height=band, thickness=thickness, close=0.1 * band))
        elif not upper:
            parts.append(sew.hem(patch, loop, thickness=thickness, depth=0.05 * m.size))
    return joined(parts)


def dress(m: Measures, pattern: Pattern) -> Patch:
    """A top down to the waist and a skirt from there on."""
    hem = dict(pieces(pattern.cut))["top"]["hem"]
    upper = Pattern({**pattern.cut, "hem": hem, "waistband": 0}, pattern.layer, pattern.rng)
    lower = Pattern({**pattern.cut, "skirt_ease": pattern.number("ease", 0.008) + 0.004}, pattern.layer, pattern.rng)
    return joined([top(m, upper), skirt(m, lower)])
