"""Growing hair: guide strands step by step, and the many strands between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..patch import Anchor
from .head import Head
from .styles import Style

Array = NDArray[Any]

GUIDES = 900
SHOULDER = 1.75
"""How far to the side hair lies on a shoulder before it falls to the front or back of it, in pupil distances."""
BELOW_JAW = -0.9
"""Height under which hair hangs beside the neck, in pupil distances above the eyes."""
FLYAWAYS = 0.03
"""Part of the strands that leave their lock."""


def roots(head: Head, style: Style, count: int, rng: np.random.Generator) -> Anchor:
    """Where strands grow: dense on the scalp, thinning out towards an uneven hairline."""
    density = head.scalp.copy()
    if style.bald:
        density *= 1.0 - style.bald * _bare_top(head)
    return head.surface.scatter(int(count * 1.25), rng, density)


def _bare_top(head: Head) -> Array:
    """1 where an old man's head is bald: forehead to crown, not the wreath over the ears and behind."""
    p = head.local(head.skin.vertices)
    height = np.interp(p[:, 1], (0.0, 0.9, 1.9, 2.4), (0.55, 0.80, 1.02, 1.15))
    return np.asarray(np.clip((p[:, 2] - height) / 0.28, 0.0, 1.0))


def lengths(head: Head, style: Style, points: Array, density: Array) -> Array:
    """Length of hair at roots [m]: from the sides up to the top, shorter at the hairline."""
    p = head.local(points)
    high = np.clip((p[:, 2] - style.rise) / 0.75, 0.0, 1.0)
    high = high * high * (3 - 2 * high)
    length = style.sides + (style.top - style.sides) * high
    nape = np.clip((-0.25 - p[:, 2]) / 0.5, 0.0, 1.0)
    if style.sides < 0.05:
        length = length * (1.0 - 0.65 * nape)
    edge = 0.45 + 0.55 * np.clip(density * 1.6, 0.0, 1.0) if style.sides < 0.1 else 1.0
    return np.asarray(length * edge * head.body.scale)


def guides(head: Head, style: Style, rng: np.random.Generator) -> tuple[Array, Array]:
    """Guide strands (g, k, 3) and their roots' sides of the parting (g,)."""
    anchor = roots(head, style, GUIDES, rng)
    root, normal = _at(head, anchor)
    length = lengths(head, style, root, anchor.blend(head.scalp)) * rng.uniform(0.94, 1.06, len(root))
    p = head.local(root)
    side = np.where(p[:, 0] > style.part, 1.0, -1.0) if style.flow == "part" else np.zeros(len(root))
    if style.tie:
        return _tied(head, style, root, rng), side
    paths = _grown(head, style, root, normal, length, rng)
    if style.cut is not None:
        paths = _cut(head, paths, style.cut, rng)
    return paths, side


def _at(head: Head, anchor: Anchor) -> tuple[Array, Array]:
    normal = anchor.blend(head.surface.normals)
    return anchor.blend(head.skin.vertices), normal / np.linalg.norm(normal, axis=1, keepdims=True)


def _grown(head: Head, style: Style, root: Array, normal: Array, length: Array, rng: np.random.Generator) -> Array:
    """Strands that start between the skin's normal and the flow and are then drawn down and kept off the skin."""
    steps = style.points - 1
    scale = head.body.scale
    flow = head.flow(root, normal, style.flow, style.part)
    lift = np.clip(style.lift * rng.uniform(0.8, 1.25, len(root)), 0.0, 1.0)[:, None]
    heading = normal * lift + flow * (1.0 - lift)
    heading += 0.12 * rng.standard_normal(root.shape)
    heading /= np.linalg.norm(heading, axis=1, keepdims=True)
    layer = style.volume * scale * rng.uniform(0.12, 1.0, len(root))
    sides = np.where(head.local(root)[:, 0] >= style.part, 1.0, -1.0)
    paths = [root]
    step = (length / steps)[:, None]
    for i in range(1, steps + 1):
        t = i / steps
        # Stiff at the root, then its weight takes over: it lies on the skull until it can fall beside it.
        weight = style.gravity * min(1.0, (length.mean() * t / (0.05 * scale)))
        heading = heading + flow * 0.10 * (1 - t) + np.array([0.0, 0.0, -1.0]) * weight
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        point = paths[-1] + heading * step
        point = head.kept_out(point, 0.0012 * scale + layer * min(1.0, 3.0 * t) + head.clothed(point))
        if style.sides > 0.1:
            point = _off_the_face(head, point, sides)
        heading = point - paths[-1]
        heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-9)
        paths.append(paths[-1] + heading * step)
    return np.stack(paths, axis=1)


def _off_the_face(head: Head, points: Array, sides: Array) -> Array:
    """Long hair falls beside the face, not over it: on the left where `sides` is 1, on the right where it is -1."""
    p = head.local(points)
    beside = np.interp(p[:, 2], (-2.5, -1.2, 0.2, 0.75, 1.15), (1.02, 1.08, 1.16, 0.98, -0.6))
    front = np.interp(p[:, 2], (-4.0, -2.6, -1.7, -1.2), (1.5, 1.4, 1.2, 0.62))  # under the chin: beside the throat
    share = np.clip((front - p[:, 1]) / 0.3, 0.0, 1.0)
    p[:, 0] += share * sides * np.clip(beside - p[:, 0] * sides, 0.0, None)
    # … and behind the cheek, or nobody would see who speaks from the side.
    behind = np.interp(p[:, 2], (-4.0, -1.6, -0.2, 0.5, 1.2), (0.35, 0.90, 0.95, 0.55, -1.5))
    p[:, 1] += np.clip(behind - p[:, 1], 0.0, None)
    return head.world(p)


def _cut(head: Head, paths: Array, height: float, rng: np.random.Generator) -> Array:
    """Strands cut off at a height (a little uneven), or where they would slide off a shoulder, and spread out again."""
    out = paths.copy()
    k = paths.shape[1]
    level = head.face.eyes[2] + height * head.unit + 0.006 * rng.standard_normal(len(paths))
    p = (paths - head.face.eyes) / head.unit
    off = (np.abs(p[..., 0]) > SHOULDER + 0.15 * rng.standard_normal((len(paths), 1))) & (p[..., 2] < -1.6)
    for row, path in enumerate(paths):
        if off[row].any():
            i = max(2, int(np.argmax(off[row])))
            path = out[row] = np.stack([np.interp(np.linspace(0.0, i, k), np.arange(k), c) for c in path.T], axis=1)
        under = np.flatnonzero(path[:, 2] < level[row])
        if len(under) and under[0] > 1:
            i = int(under[0])
            t = (path[i - 1, 2] - level[row]) / max(path[i - 1, 2] - path[i, 2], 1e-9)
            where = np.linspace(0.0, i - 1 + t, k)
            out[row] = np.stack([np.interp(where, np.arange(k), path[:, c]) for c in range(3)], axis=1)
    return out


def _tied(head: Head, style: Style, root: Array, rng: np.random.Generator) -> Array:
    """Strands that lie over the skull from their root to the tie."""
    t = np.linspace(0.0, 1.0, style.points)
    scale = head.body.scale
    target = head.tie + 0.006 * scale * rng.standard_normal(root.shape)
    layer = style.volume * scale * rng.uniform(0.15, 1.0, len(root))
    start, end = root - head.centre, target - head.centre
    paths = [root]
    for part in t[1:]:
        way = start / np.linalg.norm(start, axis=1, keepdims=True) * (1 - part)
        way = way + end / np.linalg.norm(end, axis=1, keepdims=True) * part
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        off = 0.0012 * scale + layer * min(1.0, 4 * part)
        over = head.centre + way * (head.skull(way) + off)[:, None]
        last = max(0.0, (part - 0.75) / 0.25) ** 2
        paths.append(over * (1 - last) + target * last)
    return np.stack(paths, axis=1)


def strands(head: Head, style: Style, rng: np.random.Generator) -> tuple[Array, Array]:
    """All strands (m, k, 3) and how far along each one is clumped away (m,), as a random number per lock."""
    guide, side = guides(head, style, rng)
    anchor = roots(head, style, style.count, rng)
    root, _ = _at(head, anchor)
    p = head.local(root)
    mine = np.where(p[:, 0] > style.part, 1.0, -1.0) if style.flow == "part" else np.zeros(len(root))
    paths = _between(root, mine, guide, side, rng)
    if style.sides < 0.1 and not style.tie:
        shorter = np.clip(0.4 + 1.1 * anchor.blend(head.scalp), 0.5, 1.0) * rng.uniform(0.75, 1.05, len(root))
        paths = root[:, None] + (paths - root[:, None]) * shorter[:, None, None]
    paths, lock = _clumped(paths, style, rng)
    paths = _shaped(head, paths, style, lock, rng)
    if style.sides > 0.1 and not style.tie:
        sides = np.sign(mine) if style.flow == "part" else np.where(p[:, 0] >= 0, 1.0, -1.0)
        loose = paths[:, 2:].reshape(-1, 3)
        loose = _off_the_face(head, loose, np.repeat(sides, paths.shape[1] - 2))
        low = head.local(loose)[:, 2] < BELOW_JAW  # waves and locks may have strayed into the neck
        loose[low] = head.kept_out(loose[low], 0.003 * head.body.scale + head.clothed(loose[low]))
        paths[:, 2:] = loose.reshape(paths[:, 2:].shape)
    return paths, rng.random(int(lock.max()) + 1)[lock]


def _between(root: Array, side: Array, guide: Array, guide_side: Array, rng: np.random.Generator) -> Array:
    """Strands at roots, each bent as the three guides next to it on its side of the parting."""
    from scipy.spatial import cKDTree

    tree = cKDTree(np.column_stack([guide[:, 0], 10.0 * guide_side]))
    distance, index = tree.query(np.column_stack([root, 10.0 * side]), k=3)
    weight = 1.0 / (distance + 0.002) ** 2
    weight = weight * rng.uniform(0.6, 1.4, weight.shape)
    weight /= weight.sum(axis=1, keepdims=True)
    bend = ((guide[index] - guide[index][:, :, :1]) * weight[..., None, None]).sum(axis=1)
    return np.asarray(root[:, None] + bend)


def _clumped(paths: Array, style: Style, rng: np.random.Generator) -> tuple[Array, Array]:
    """Strands drawn together into locks towards their tips, and the lock of each."""
    from scipy.spatial import cKDTree

    leaders = rng.choice(len(paths), min(style.locks, len(paths)), replace=False)
    _, lock = cKDTree(paths[leaders, 0]).query(paths[:, 0])
    if style.clump <= 0:
        return paths, lock
    t = np.linspace(0.0, 1.0, paths.shape[1])
    share = style.clump * rng.uniform(0.6, 1.1, len(paths))[:, None] * t[None, :] ** 0.7
    leader = paths[leaders][lock]
    return np.asarray(paths + (leader - paths) * np.clip(share, 0, 0.97)[..., None]), lock


def _shaped(head: Head, paths: Array, style: Style, lock: Array, rng: np.random.Generator) -> Array:
    """Waves, curls and stray hairs."""
    scale = head.body.scale
    count, k = paths.shape[:2]
    along = np.gradient(paths, axis=1)
    step = np.linalg.norm(along, axis=2)
    along = along / np.maximum(step[..., None], 1e-9)
    arc = np.concatenate([np.zeros((count, 1)), np.cumsum(step[:, 1:], axis=1)], axis=1)
    out = paths - head.centre
    side = np.cross(along, out)
    side /= np.maximum(np.linalg.norm(side, axis=2, keepdims=True), 1e-9)
    other = np.cross(side, along)
    t = np.linspace(0.0, 1.0, k)[None, :]
    phase = rng.uniform(0, 2 * np.pi, int(lock.max()) + 1)[lock][:, None] + rng.normal(0, 0.25, (count, 1))
    turn = 2 * np.pi * arc / (style.wavelength * scale) + phase
    grown = np.clip(arc / (0.04 * scale), 0.0, 1.0)
    moved = paths
    if style.wave:
        depth = style.wave * scale * grown
        moved = moved + side * (depth * np.sin(turn))[..., None] + other * (0.35 * depth * np.cos(turn))[..., None]
    if style.curl:
        radius = style.curl * scale * np.clip(arc / (0.015 * scale), 0, 1) * rng.uniform(0.6, 1.25, (count, 1))
        hand = np.where(rng.random((int(lock.max()) + 1,)) < 0.5, 1.0, -1.0)[lock][:, None]
        moved = moved + side * (radius * np.cos(turn))[..., None] + other * (radius * hand * np.sin(turn))[..., None]
    stray = (
        rng.standard_normal((count, 1, 3)) * t[..., None] + 0.4 * rng.standard_normal((count, 1, 3)) * (t**2)[..., None]
    )
    drift, height = style.apart * scale * rng.standard_normal((2, int(lock.max()) + 1))[:, lock, None]
    outward = out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9)
    # Whole locks stray as well, over and under each other: without their edges hair looks like a helmet.
    moved = (
        moved
        + side * (2.0 * drift * t)[..., None]
        + outward * (np.maximum(height, 0.0) * np.minimum(1, 4 * t))[..., None]
    )
    flyaway = np.where(rng.random((count, 1, 1)) < FLYAWAYS, 3.5, 1.0)
    return np.asarray(moved + style.frizz * scale * flyaway * stray)


def tail(head: Head, rng: np.random.Generator, *, count: int = 2600, length: float = 0.30) -> Array:
    """The hair behind the tie of a ponytail (m, 20, 3)."""
    scale, k = head.body.scale, 20
    angle, r = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count))
    disk = np.column_stack([np.cos(angle) * r, np.zeros(count), np.sin(angle) * r])
    heading = np.array([[0.0, 0.97, 0.10]])
    line = [head.tie[None]]
    step = length * scale / (k - 1)
    for i in range(1, k):
        heading = heading + np.array([0.0, -0.05, -0.42]) * min(1.0, i / 3)
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        point = head.kept_out(line[-1] + heading * step, (0.010 + 0.016 * min(1.0, i / 5)) * scale)
        heading = point - line[-1]
        line.append(point)
    axis = np.concatenate(line)
    t = np.linspace(0.0, 1.0, k)
    wide = scale * np.interp(t, (0, 0.06, 0.3, 0.7, 1), (0.008, 0.013, 0.024, 0.020, 0.006))
    along = np.gradient(axis, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    right = np.array([1.0, 0.0, 0.0])
    up = np.cross(right, along)
    paths = axis[None] + wide[None, :, None] * (disk[:, 0, None, None] * right + disk[:, 2, None, None] * up[None])
    reach = rng.uniform(0.72, 1.0, count)
    where = reach[:, None] * t[None, :] * (k - 1)
    low = np.clip(np.floor(where).astype(int), 0, k - 2)
    part = (where - low)[..., None]
    rows = np.arange(count)[:, None]
    paths = paths[rows, low] * (1 - part) + paths[rows, low + 1] * part
    wave = 0.004 * scale * np.sin(2 * np.pi * t * 2.5 + rng.uniform(0, 6.28, (count, 1)) * 0.4) * t
    return np.asarray(
        paths + wave[..., None] * right + 0.0016 * scale * rng.standard_normal((count, 1, 3)) * t[:, None]
    )


def bun(head: Head, rng: np.random.Generator, *, count: int = 2200) -> Array:
    """Hair wound round itself behind the tie (m, 22, 3)."""
    scale, k = head.body.scale, 22
    out = head.tie - head.centre
    out /= np.linalg.norm(out)
    right = np.array([1.0, 0.0, 0.0])
    up = np.cross(right, out)
    start = rng.uniform(0, 2 * np.pi, count)[:, None]
    turn = start + np.linspace(0.0, rng.uniform(2.2, 4.0), k)[None, :]
    tube = rng.uniform(0, 2 * np.pi, count)[:, None] + np.linspace(0, 2.2, k)[None, :]
    thick = 0.017 * scale * np.sqrt(rng.uniform(0.55, 1.0, count))[:, None] * (1 + 0.08 * np.sin(3 * turn))
    ring = 0.019 * scale + thick * np.cos(tube)
    middle = head.tie + out * 0.014 * scale
    return np.asarray(
        middle
        + right * (ring * np.cos(turn))[..., None]
        + up * (ring * np.sin(turn))[..., None]
        + out * (thick * np.sin(tube))[..., None]
    )
