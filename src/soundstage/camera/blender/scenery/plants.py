"""Trees, hedges and grass grown from seeds: one mesh per kind, set out many times as instances."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....colour import RGB, scaled
from ..graph import Graph
from ..materials import finish, make
from ..mesh import Parts, fill
from ..textures import Surface

Array = NDArray[Any]


def tree_mesh(
    name: str, rng: np.random.Generator, *, height: float, leaf_m: float, leaves: int, leaf: Any, bark: Any
) -> Any:
    """A broad-leaved tree: a trunk that forks three times over, leaves in clusters round the last twigs."""
    parts = Parts()
    tips: list[Array] = []
    trunk = height * 0.30
    _grow(parts, tips, rng, np.zeros(3), np.array([0.0, 0.0, 1.0]), trunk, height * 0.024, 0, height)
    clusters = np.array(tips)
    wood = parts.mesh(name, [bark, leaf])
    return _with_leaves(wood, _foliage(rng, clusters, leaves, leaf_m, height * 0.085))


def _grow(
    parts: Parts,
    tips: list[Array],
    rng: np.random.Generator,
    start: Array,
    ahead: Array,
    length: float,
    radius: float,
    level: int,
    height: float,
) -> None:
    """Add a branch and, from its end and sides, the branches that leave it."""
    steps = 5
    points = [start]
    direction = ahead
    for _ in range(steps):
        direction = direction + rng.normal(0, 0.09 + 0.05 * level, 3) + np.array([0, 0, 0.05])
        direction /= np.linalg.norm(direction)
        points.append(points[-1] + direction * length / steps)
    path = np.array(points)
    parts.tube(path, np.linspace(radius, radius * 0.62, len(path)), sides=(10, 7, 5, 4)[min(level, 3)], caps=False)
    if level == 3:
        tips += [path[2], path[-1]]
        return
    count = (5, 4, 4)[level]
    turn = rng.uniform(0, 2 * np.pi)
    for k in range(count):
        share = 1.0 if k == 0 else rng.uniform(0.55, 1.0)
        at = path[0] + (path[-1] - path[0]) * share if share < 1 else path[-1]
        spread = rng.uniform(0.35, 0.75) if k else rng.uniform(0.05, 0.3)
        angle = turn + k * 2.4
        side = np.array([np.cos(angle), np.sin(angle), 0.0])
        new = direction * np.cos(spread) + side * np.sin(spread) + np.array([0, 0, 0.12])
        new /= np.linalg.norm(new)
        _grow(parts, tips, rng, at, new, length * rng.uniform(0.58, 0.78), radius * 0.55, level + 1, height)


def _foliage(rng: np.random.Generator, clusters: Array, count: int, size: float, spread: float) -> Array:
    """Leaf quads (count, 4, 3): diamonds scattered about the clusters, facing mostly outward and up."""
    centre = clusters.mean(axis=0)
    which = rng.integers(0, len(clusters), count)
    offset = rng.normal(0, 1, (count, 3))
    offset *= (spread * rng.uniform(0.15, 1.0, count) ** 0.5 / np.linalg.norm(offset, axis=1))[:, None]
    offset[:, 2] *= 0.75
    at = clusters[which] + offset
    facing = (at - centre) / np.linalg.norm(at - centre, axis=1, keepdims=True)
    return _leaf_quads(rng, at, facing + [0, 0, 0.35], size, 0.75)


def _with_leaves(wood: Any, quads: Array) -> Any:
    """The wood's mesh with leaf quads in slot 1."""
    import bpy

    old_v = np.empty(len(wood.vertices) * 3, dtype=np.float32)
    wood.vertices.foreach_get("co", old_v)
    faces = [tuple(p.vertices) for p in wood.polygons]
    base = len(old_v) // 3
    n = len(quads)
    leaves = (np.arange(n * 4).reshape(n, 4) + base).tolist()
    mesh = bpy.data.meshes.new(f"{wood.name} full")
    fill(
        mesh,
        np.concatenate([old_v.reshape(-1, 3), quads.reshape(-1, 3)]),
        faces + leaves,
        smooth=np.array([True] * len(faces) + [False] * n),
        slots=np.array([0] * len(faces) + [1] * n),
    )
    for material in wood.materials:
        mesh.materials.append(material)
    bpy.data.meshes.remove(wood)
    return mesh


def hedge_mesh(
    name: str,
    rng: np.random.Generator,
    *,
    size: tuple[float, float, float],
    leaf_m: float,
    leaves: int,
    leaf: Any,
    dark: Any,
) -> Any:
    """A clipped hedge: a dark core under leaves that stand out of its faces."""
    sx, sy, sz = size
    parts = Parts().box((0, 0, sz / 2 - 0.05), (sx - 0.3, sy - 0.3, sz - 0.2))
    wood = parts.mesh(name, [dark, leaf])
    u = rng.uniform(-0.5, 0.5, (leaves, 3)) * size
    face = rng.integers(0, 5, leaves)  # four sides and the top
    area_top = rng.random(leaves) < sx * sy / (sx * sy + 2 * (sx + sy) * sz)
    u[:, 2] = np.where(area_top, sz / 2, u[:, 2])
    side = ~area_top
    long_side = rng.random(leaves) < sx / (sx + sy)
    sign = np.where(face % 2 == 0, 0.5, -0.5)
    u[:, 1] = np.where(side & long_side, sign * sy, u[:, 1])
    u[:, 0] = np.where(side & ~long_side, sign * sx, u[:, 0])
    u += rng.normal(0, 0.05, u.shape)
    u[:, 2] += sz / 2
    normal = u - [0, 0, sz * 0.5]
    normal[:, 0] *= np.where(long_side, 0.1, 1)
    facing = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return _with_leaves(wood, _leaf_quads(rng, u, facing, leaf_m, 0.6))


def shrub_mesh(
    name: str, rng: np.random.Generator, *, radius: float, leaf_m: float, leaves: int, leaf: Any, dark: Any
) -> Any:
    """A round bush: a few bulges of leaves over a dark inside."""
    from ..mesh import sphere

    bulges = [
        (
            np.array([rng.normal(0, 0.42), rng.normal(0, 0.35), rng.uniform(0.35, 0.62)]) * radius,
            radius * rng.uniform(0.5, 0.72),
        )
        for _ in range(7)
    ]
    parts = Parts()
    for centre, size in bulges:
        v, f = sphere(size * 0.82, segments=16, rings=8)
        parts.add(v * [1, 1, 0.85] + centre, f, smooth=True)
    which = rng.integers(0, len(bulges), leaves)
    centres = np.array([c for c, _ in bulges])[which]
    sizes = np.array([s for _, s in bulges])[which]
    out = rng.normal(0, 1, (leaves, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    at = centres + out * (sizes * rng.uniform(0.84, 1.08, leaves))[:, None] * [1, 1, 0.85]
    at[:, 2] = np.maximum(at[:, 2], 0.03)
    return _with_leaves(parts.mesh(name, [dark, leaf]), _leaf_quads(rng, at, out, leaf_m, 0.6))


def _leaf_quads(rng: np.random.Generator, at: Array, facing: Array, size: float, scatter: float) -> Array:
    """Diamonds (N, 4, 3) at points, turned about the given directions."""
    normal = facing + rng.normal(0, scatter, at.shape)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    along = np.cross(normal, rng.normal(0, 1, at.shape))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(normal, along)
    length = (size * rng.uniform(0.7, 1.3, len(at)))[:, None]
    half, wide, bend = along * length / 2, across * length * 0.32, normal * length * 0.08
    return np.stack([at - half, at + wide - bend, at + half, at - wide - bend], axis=1)


def leaf_material(label: str, rgb: RGB, *, autumn: float = 0.0) -> Any:
    """Leaves: lighter where young, glowing when the sun is behind them."""

    def build(g: Graph) -> None:
        at = g.object_coords()
        leafwise = g.noise(at, 9.0, detail=1)
        broad = g.noise(g.offset(at, g.vscale(g.add("ShaderNodeObjectInfo").outputs["Location"], 1.0)), 0.35, detail=2)
        young = (rgb[0] * 1.9 + 0.01, rgb[1] * 1.35, rgb[2] * 0.9)
        colour = g.mix(g.smooth(leafwise, 0.35, 0.68), scaled(rgb, 0.7), young)
        colour = g.mix(g.times(g.smooth(broad, 0.42, 0.62), autumn), colour, (rgb[0] * 4.2, rgb[1] * 1.2, rgb[2] * 0.5))
        front = g.add("ShaderNodeBsdfDiffuse", {"Color": colour}).outputs[0]
        back = g.add("ShaderNodeBsdfTranslucent", {"Color": g.vary(colour, saturation=1.25, value=1.5)}).outputs[0]
        gloss = g.add("ShaderNodeBsdfGlossy", {"Color": (1, 1, 1), "Roughness": 0.45}).outputs[0]
        both = g.mix_shader(0.38, front, back)
        g.surface(g.mix_shader(0.03, both, gloss), plain=scaled(rgb, 1.0))

    return make(label, build)


def bark_material(label: str, rgb: RGB) -> Any:
    """Fissured bark, greenish towards the north."""

    def build(g: Graph) -> None:
        at = g.object_coords()
        fissure = g.noise(g.vscale(at, (14.0, 14.0, 2.5)), 1.0, detail=5, roughness=0.65, distortion=0.5)
        stain = g.noise(at, 1.1, detail=3)
        colour = g.shade(rgb, g.times(g.rescale(fissure, 0.3, 0.7, 0.4, 1.3), g.rescale(stain, 0.3, 0.7, 0.75, 1.15)))
        finish(g, Surface(colour=colour, roughness=0.9, height=fissure, relief_m=0.03, specular=0.2), rgb)

    return make(label, build)
