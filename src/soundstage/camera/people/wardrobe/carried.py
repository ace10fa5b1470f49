"""What is laid on a dressed body: scarves, aprons, watches, backpacks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Patch, from_body, joined
from . import sew
from .cloth import Pattern
from .drape import rumple
from .measure import ARM, Measures, tights, weight_of
from .ribbon import Host, pad, roll, strap

Array = NDArray[Any]

CLOTHES = 0.014
"""How far what lies on clothes stands off the body [m], on a body of 1.70 m."""


def _trunk(m: Measures) -> Host:
    """The body from neck to toes without its arms, which hang where guesses beside the waist would find them."""
    base = tights(m.body)
    arm = weight_of(base.bones, base.weights, ARM) > 0.35
    return Host(replace(base, faces=tuple(block[~arm[block].any(axis=1)] for block in base.faces)))


def scarf(m: Measures, pattern: Pattern) -> Patch:
    """A woollen scarf: two turns round the neck, and its ends down the chest."""
    size = m.size
    whole, _ = from_body(m.body, "body")
    neck, trunk = Host(whole), _trunk(m)
    off, thick = pattern.number("ease", 0.03) * size, pattern.number("thick", 0.024) * size
    back = m.head("neck01")
    turns = []
    for k, (lift, lean) in enumerate(((0.030, 0.055), (0.062, 0.062))):
        angle = np.linspace(0.0, 2 * np.pi, 40)
        ring = np.stack([0.12 * np.sin(angle), -0.12 * np.cos(angle), 0.0 * angle], axis=1) * size
        ring[:, 2] += (lift - lean * (0.5 + 0.5 * np.cos(angle))) * size
        line, _ = neck.on(back + [0.0, -0.01 * size, 0.0] + ring, off)
        line[:, 2] = back[2] + ring[:, 2]
        flat = sew.ring_smoothed(line[:-1], 8)
        line = np.concatenate([flat, flat[:1]])
        out = (line - back) * [1.0, 1.0, 0.0]
        fat = thick * (1.0 + 0.22 * rumple(line, np.full(3, 0.05 * size), pattern.rng))
        turns.append(neck.carry(roll(line, out, wide=1.15 * fat, high=0.85 * fat, steps=40)))
        if k == 0:
            front = line[0]
    ends = []
    low = m.torso_height(pattern.number("end", 0.9))
    for sign, share in ((1.0, 1.0), (-1.0, 0.86)):
        z = np.linspace(front[2] - 0.01 * size, low + (1.0 - share) * (front[2] - low), 10)
        guess = np.stack(
            [sign * (0.018 + 0.028 * np.linspace(0, 1, 10)) * size, np.full(10, front[1] - 0.2), z], axis=1
        )
        line, _ = trunk.on(guess, 0.0)
        line = np.column_stack([guess[:, 0], np.minimum.accumulate(line[:, 1]) - off * (0.95 + 0.1 * (sign > 0)), z])
        line[0, 1] = front[1] - 0.4 * thick
        out = np.tile([0.0, -1.0, 0.0], (10, 1))
        wide = (
            np.interp(np.linspace(0, 1, 24), (0, 0.3, 1), (0.7, 1.0, 1.15)) * pattern.number("width", 0.1) * 0.5 * size
        )
        ends.append(trunk.carry(roll(line, out, wide=wide, high=0.006 * size, steps=24, square=True)))
    return joined([*turns, *ends])


def apron(m: Measures, pattern: Pattern) -> Patch:
    """A bib and a skirt in front, a band round the neck and one round the waist."""
    size = m.size
    trunk = _trunk(m)
    skirt, _ = from_body(m.body, "skirt")
    off = (CLOTHES + 0.004 * pattern.layer) * size
    top, waist = m.torso_height(pattern.number("bib", 1.62)), m.torso_height(1.0)
    bottom = m.torso_height(pattern.number("length", -1.4))
    z = np.concatenate([np.linspace(top, waist, 14, endpoint=False), np.linspace(waist, bottom, 22)])
    half = size * np.interp(z, (bottom, waist - 0.06 * size, waist, top), (0.235, 0.20, 0.165, 0.105))
    across = np.linspace(-1.0, 1.0, 21)
    x, height = half[:, None] * across, np.broadcast_to(z[:, None], (len(z), 21))
    y = _front(np.concatenate([trunk.patch.vertices, skirt.vertices]), x, height, 0.03 * size) - off
    fall = np.minimum.accumulate(y, axis=0)  # from the chest and the belly cloth falls straight
    y = np.where(height > waist, np.minimum(y, fall + 0.02 * size), fall)
    y = _evened(y)
    folds = 0.012 * size * np.clip((waist - height) / (waist - bottom), 0.0, 1.0)
    y = y - folds * (1.0 + np.sin(9.0 * across + 4.0 * z[:, None] + pattern.rng.uniform(0, 6)))
    points = np.stack([x, y, height], axis=-1)
    behind = points + [0.0, 0.0025 * size, 0.0]
    sheet = _sheet(points, behind)
    upper = trunk.carry(sheet)
    lower = Host(skirt).carry(sheet)
    share = np.clip((waist - sheet.vertices[:, 2]) / (0.08 * size), 0.0, 1.0)
    return joined([_mixed(upper, lower, share), *_bands(m, trunk, points, waist, off)])


def _front(v: Array, x: Array, z: Array, reach: float) -> Array:
    """How far to the front (small y) a surface with vertices v comes near places x, z (same shapes)."""
    front = v[v[:, 1] < np.median(v[:, 1]) + 0.05]
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        away = (front[:, 0] - x[index]) ** 2 + (front[:, 2] - z[index]) ** 2
        near = np.argsort(away)[:10]
        weight = np.exp(-away[near] / reach**2)
        out[index] = front[near, 1].min() if weight.sum() < 1e-6 else (weight * front[near, 1]).sum() / weight.sum()
    return out


def _evened(y: Array) -> Array:
    for _ in range(4):
        padded = np.pad(y, 1, mode="edge")
        y = np.minimum(y, (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + y) / 5)
    return y


def _sheet(front: Array, behind: Array) -> Patch:
    """A sheet with two sides and edges, from two grids (r, c, 3)."""
    r, c = front.shape[:2]
    index = np.arange(r * c).reshape(r, c)

    def quads(i: Array) -> Array:
        return np.asarray(np.stack([i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:]], axis=-1).reshape(-1, 4))

    rim = np.concatenate([index[:-1, 0], index[-1, :-1], index[:0:-1, -1], index[0, :0:-1]])
    after = np.roll(rim, -1)
    edge = np.stack([rim, rim + r * c, after + r * c, after], axis=-1)
    back = quads(index)[:, ::-1] + r * c
    return sew.plain(np.concatenate([front.reshape(-1, 3), behind.reshape(-1, 3)]), (quads(index), back, edge))


def _mixed(one: Patch, other: Patch, share: Array) -> Patch:
    """The same piece carried by two hosts, by shares (n,) of the second."""
    bones = np.concatenate([one.bones, other.bones], axis=1)
    weights = np.concatenate([one.weights * (1 - share)[:, None], other.weights * share[:, None]], axis=1)
    return replace(one, bones=bones, weights=weights)


def _bands(m: Measures, trunk: Host, points: Array, waist: float, off: float) -> list[Patch]:
    """The band round the neck, from the corners of the bib, and the one tied round the waist."""
    size = m.size
    nape = m.head("neck01") + [0.0, 0.055 * size, 0.012 * size]
    left, right = points[0, -1], points[0, 0]
    over = np.array([0.075 * size, m.head("upperarm01.L")[1] - 0.01 * size, m.nape + 0.01 * size])
    guess = np.stack([left, 0.5 * (left + over) + [0, 0, 0.01], over, nape, over * [-1, 1, 1],
                      0.5 * (right + over * [-1, 1, 1]) + [0, 0, 0.01], right])  # fmt: skip
    line, out = _laid(trunk, guess, 0.7 * off, 33)
    neck = strap(line, out, width=0.026 * size, thickness=0.004 * size, slot=sew.TRIM, steps=40)
    row = int(np.abs(points[:, 0, 2] - waist).argmin())
    start, end = points[row, -1], points[row, 0]
    angle = np.linspace(0.5 * np.pi, 1.5 * np.pi, 15)
    middle = np.array([0.0, m.head("spine04")[1], waist])
    ring = middle + 0.3 * size * np.stack([np.sin(angle), -np.cos(angle), 0.0 * angle], axis=1)
    line, out = _laid(trunk, np.concatenate([[start], ring, [end]]), off, 33)
    line[:, 2] = waist
    line[0], line[-1] = start, end
    tie = strap(line, out, width=0.03 * size, thickness=0.004 * size, slot=sew.TRIM, steps=48)
    return [trunk.carry(neck), trunk.carry(tie)]


def _laid(host: Host, guess: Array, off: float, steps: int) -> tuple[Array, Array]:
    """A smooth line of `steps` points on a surface through guesses (k, 3), and the normals along it."""
    at = np.linspace(0.0, len(guess) - 1.0, steps)
    line = np.stack([np.interp(at, np.arange(len(guess)), guess[:, c]) for c in range(3)], axis=1)
    line, out = host.on(line, off)
    for values in (line, out):
        for _ in range(6):
            values[1:-1] = 0.5 * values[1:-1] + 0.25 * (values[:-2] + values[2:])
    return line, out / np.linalg.norm(out, axis=1, keepdims=True)


def watch(m: Measures, pattern: Pattern) -> Patch:
    """A wristwatch on the left: a strap (slot 0) and a case with a face (slot 1)."""
    size = m.size
    whole, _ = from_body(m.body, "body")
    wrist = Host(whole)
    hand, elbow = m.head("wrist.L"), m.head("lowerarm01.L")
    axis = (elbow - hand) / np.linalg.norm(elbow - hand)
    at = hand + axis * pattern.number("above", 0.030) * size
    knuckle = m.head("metacarpal2.L") - hand
    thumb = knuckle - axis * (knuckle @ axis)
    thumb /= np.linalg.norm(thumb)
    back = np.cross(axis, thumb)
    back *= np.sign(back[2]) or 1.0  # the back of the hand faces up in rest pose
    angle = np.linspace(0.0, 2 * np.pi, 33)
    ring = at + 0.06 * size * (np.cos(angle)[:, None] * back + np.sin(angle)[:, None] * np.cross(axis, back))
    line, _ = wrist.on(ring, 0.003 * size)
    line = line - np.outer((line - at) @ axis, axis)
    flat = sew.ring_smoothed(line[:-1], 3)
    line = np.concatenate([flat, flat[:1]])
    band = strap(line, line - at, width=0.019 * size, thickness=0.004 * size, steps=33)
    normal = (line[0] - at) / np.linalg.norm(line[0] - at)
    case = _disc(line[0] + normal * 0.002 * size, normal, 0.0185 * size, 0.009 * size)
    return joined([wrist.carry_stiffly(band, at), wrist.carry_stiffly(case, at)])


def _disc(centre: Array, normal: Array, radius: float, height: float) -> Patch:
    side = np.cross(normal, [0.0, 0.3, 1.0])
    side /= np.linalg.norm(side)
    other = np.cross(normal, side)
    angle = np.arange(24) * np.pi / 12
    ring = side * np.cos(angle)[:, None] + other * np.sin(angle)[:, None]
    levels = ((0.96, 0.0), (1.0, 0.25), (1.0, 0.75), (0.9, 1.0), (0.86, 0.86))
    rings = np.concatenate([centre + ring * radius * r + normal * height * h for r, h in levels])
    index = np.arange(24 * len(levels)).reshape(len(levels), 24)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    return sew.plain(rings, (quads, index[-1][None]), slot=sew.TRIM)


def backpack(m: Measures, pattern: Pattern) -> Patch:
    """A rucksack with a pocket, and its straps over the shoulders."""
    size = m.size
    trunk = _trunk(m)
    wide, high, deep = (
        pattern.number(k, d) * 0.5 * size for k, d in (("width", 0.29), ("height", 0.44), ("depth", 0.15))
    )
    top = m.nape - 0.045 * size
    v = trunk.patch.vertices
    between = (np.abs(v[:, 0]) < wide) & (v[:, 2] < top) & (v[:, 2] > top - 2 * high)
    back = float(np.percentile(v[between, 1], 97)) + (CLOTHES + 0.006) * size
    centre = np.array([0.0, back + deep, top - high])
    sack = pad(centre, np.array([wide, deep, high]), roundness=0.4)
    sack.vertices[:, 1] -= np.where(sack.vertices[:, 1] < centre[1], 0.012 * size, 0.0)
    pocket = pad(centre + [0.0, deep, -0.38 * high], np.array([0.74 * wide, 0.35 * deep, 0.45 * high]), slot=sew.TRIM)
    loop = centre + [[-0.03 * size, -0.3 * deep, high - 0.004], [-0.025 * size, -0.3 * deep, high + 0.035 * size],
                     [0.025 * size, -0.3 * deep, high + 0.035 * size], [0.03 * size, -0.3 * deep, high - 0.004]]  # fmt: skip
    handle = strap(loop, np.tile([0.0, -1.0, 0.0], (4, 1)), width=0.022 * size, thickness=0.006 * size, slot=sew.TRIM)
    spine = np.array([0.0, back, top - 0.8 * high])
    parts = [trunk.carry_stiffly(piece, spine) for piece in (sack, pocket, handle)]
    shoulder, armpit = m.head("upperarm01.L"), m.armpit
    for sign in (1.0, -1.0):
        x = 0.62 * shoulder[0]
        guess = np.array([
            [0.45 * x, back, top - 0.03 * size], [0.8 * x, shoulder[1] + 0.05 * size, m.nape], [x, shoulder[1], shoulder[2] + 0.1],
            [1.02 * x, shoulder[1] - 0.12 * size, armpit + 0.04 * size], [1.08 * x, shoulder[1] - 0.16 * size, armpit - 0.04 * size],
            [1.25 * x, shoulder[1] - 0.06 * size, armpit - 0.14 * size], [1.1 * x, shoulder[1] + 0.1 * size, top - 1.7 * high],
        ]) * [sign, 1.0, 1.0]  # fmt: skip
        line, out = _laid(trunk, guess, (CLOTHES + 0.012) * size, 33)
        line[0], line[-1] = guess[0], [sign * 0.85 * wide, back + 0.01, top - 1.75 * high]
        parts.append(trunk.carry(strap(line, out, width=0.05 * size, thickness=0.009 * size, slot=sew.TRIM, steps=40)))
    return joined(parts)
