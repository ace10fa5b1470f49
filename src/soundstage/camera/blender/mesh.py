"""Meshes from numpy arrays, at true size [m], with the primitives that sets and things are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass
class Parts:
    """Polygons being collected; each has a material slot and may be smooth."""

    vertices: list[Array] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    smooth: list[bool] = field(default_factory=list)
    count: int = 0

    def add(self, vertices: Any, faces: Iterable[Sequence[int]], *, slot: int = 0, smooth: bool = False) -> Parts:
        """Append polygons given by local vertex indices."""
        v = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
        new = [tuple(int(i) + self.count for i in face) for face in faces]
        self.vertices.append(v)
        self.faces += new
        self.slots += [slot] * len(new)
        self.smooth += [smooth] * len(new)
        self.count += len(v)
        return self

    def box(
        self, centre: Sequence[float], size: Sequence[float], *, turn_z: float = 0.0, slot: int = 0, bevel: float = 0.0
    ) -> Parts:
        """A box, with chamfered edges where `bevel` [m] is given, turned about Z by `turn_z` [rad]."""
        half = np.asarray(size, dtype=float) / 2
        corners, faces = _chamfered(half, min(bevel, 0.45 * float(half.min()))) if bevel > 0 else _box(half)
        return self.add(corners @ _about_z(turn_z).T + np.asarray(centre, dtype=float), faces, slot=slot)

    def cushion(
        self, centre: Sequence[float], size: Sequence[float], *, puff: float = 0.0, soft: float = 0.04,
        pinch: float = 0.0, turn_z: float = 0.0, slot: int = 0,
    ) -> Parts:  # fmt: skip
        """A stuffed box: edges rounded with a radius of `soft` [m], its two largest faces bulging by `puff` [m].

        `pinch`: part of its thickness that is lost towards the corners, 0 for a seat, most of it for a pillow.
        """
        half = np.asarray(size, dtype=float) / 2
        v, faces = _stuffed(half, min(soft, 0.95 * float(half.min())), puff, pinch)
        return self.add(v @ _about_z(turn_z).T + np.asarray(centre, dtype=float), faces, slot=slot, smooth=True)

    def tube(
        self, path: Any, radius: Any, *, sides: int = 12, slot: int = 0, caps: bool = True, closed: bool = False
    ) -> Parts:
        """A round tube along points (K, 3); `radius` is a number or one per point."""
        points = np.asarray(path, dtype=float)
        rings = _rings(points, np.broadcast_to(np.asarray(radius, dtype=float), len(points)), sides, closed)
        k = len(points)
        faces: list[tuple[int, ...]] = []
        for i in range(k if closed else k - 1):
            for j in range(sides):
                a, b = i * sides, ((i + 1) % k) * sides
                faces.append((a + j, a + (j + 1) % sides, b + (j + 1) % sides, b + j))
        self.add(rings.reshape(-1, 3), faces, slot=slot, smooth=True)
        if caps and not closed:
            for ring, flip in ((rings[0], True), (rings[-1], False)):
                order = range(sides - 1, -1, -1) if flip else range(sides)
                self.add(ring, [tuple(order)], slot=slot)
        return self

    def lathe(self, profile: Any, *, sides: int = 48, slot: int = 0, smooth: bool = True) -> Parts:
        """A body of revolution about Z from (radius, height) points, from bottom outside round to where it ends."""
        rz = np.asarray(profile, dtype=float)
        angle = np.arange(sides) * 2 * np.pi / sides
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        v = np.concatenate([np.column_stack([ring * r, np.full(sides, z)]) for r, z in rz])
        faces = [
            (i * sides + j, i * sides + (j + 1) % sides, (i + 1) * sides + (j + 1) % sides, (i + 1) * sides + j)
            for i in range(len(rz) - 1)
            for j in range(sides)
        ]
        return self.add(v, faces, slot=slot, smooth=smooth)

    def quad(self, corners: Any, *, slot: int = 0) -> Parts:
        return self.add(corners, [tuple(range(len(np.asarray(corners))))], slot=slot)

    def mesh(self, name: str, materials: Sequence[Any] = ()) -> Any:
        """The Blender mesh of everything collected."""
        mesh = bpy.data.meshes.new(name)
        v = np.concatenate(self.vertices) if self.vertices else np.zeros((0, 3))
        fill(mesh, v, self.faces, smooth=np.array(self.smooth, dtype=bool), slots=np.array(self.slots, dtype=np.int32))
        for material in materials:
            mesh.materials.append(material)
        return mesh


def fill(
    mesh: Any, vertices: Array, faces: Sequence[Sequence[int]] | Array, *, smooth: Any = False, slots: Any = None
) -> None:
    """Write vertices (V, 3) and polygons into an empty Blender mesh, without Python loops over elements."""
    sizes: Array
    if isinstance(faces, np.ndarray):
        sizes = np.full(len(faces), faces.shape[1], dtype=np.int32)
        flat = faces.astype(np.int32).ravel()
    else:
        sizes = np.fromiter((len(f) for f in faces), dtype=np.int32, count=len(faces))
        flat = np.fromiter((i for f in faces for i in f), dtype=np.int32, count=int(sizes.sum()))
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, dtype=np.float32).ravel())
    mesh.loops.add(len(flat))
    mesh.loops.foreach_set("vertex_index", flat)
    mesh.polygons.add(len(sizes))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32) if len(sizes) else sizes
    mesh.polygons.foreach_set("loop_start", starts)
    mesh.polygons.foreach_set("use_smooth", np.broadcast_to(np.asarray(smooth, dtype=bool), len(sizes)))
    if slots is not None:
        mesh.polygons.foreach_set("material_index", np.asarray(slots, dtype=np.int32))
    mesh.update(calc_edges=True)


def place(name: str, mesh: Any, *, at: Sequence[float] = (0, 0, 0), turn_z: float = 0.0, scale: Any = 1.0) -> Any:
    """A new object in the scene."""
    thing = bpy.data.objects.new(name, mesh)
    thing.location = tuple(at)
    thing.rotation_euler = (0.0, 0.0, turn_z)
    thing.scale = (scale,) * 3 if isinstance(scale, int | float) else tuple(scale)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def sphere(radius: float, *, segments: int = 64, rings: int = 32) -> tuple[Array, list[tuple[int, ...]]]:
    """Vertices and faces of a sphere about the origin, poles on Z."""
    theta = np.linspace(0, np.pi, rings + 1)[1:-1]
    phi = np.arange(segments) * 2 * np.pi / segments
    ring = np.stack(
        [np.outer(np.sin(theta), np.cos(phi)), np.outer(np.sin(theta), np.sin(phi)), np.cos(theta)[:, None] + 0 * phi],
        axis=-1,
    ).reshape(-1, 3)
    v = np.concatenate([ring, [[0, 0, 1], [0, 0, -1]]]) * radius
    top, bottom = len(ring), len(ring) + 1
    faces: list[tuple[int, ...]] = []
    for j in range(segments):
        k = (j + 1) % segments
        faces.append((top, j, k))
        last = (rings - 2) * segments
        faces.append((bottom, last + k, last + j))
        faces += [(i * segments + j, (i + 1) * segments + j, (i + 1) * segments + k, i * segments + k)
                  for i in range(rings - 2)]  # fmt: skip
    return v, faces


def _about_z(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _box(half: Array) -> tuple[Array, list[tuple[int, ...]]]:
    v = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)]) * half
    return v, [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]


def _stuffed(half: Array, soft: float, puff: float, pinch: float) -> tuple[Array, list[tuple[int, ...]]]:
    """A grid on the six faces of a cube, rounded, bulging and pinched along its thinnest axis."""
    thin = int(np.argmin(half))
    # Close together where it is round, and over the middle often enough for the bulge.
    steps = np.concatenate([np.linspace(-1.0, -0.9, 5), np.linspace(-0.8, 0.8, 9), np.linspace(0.9, 1.0, 5)])
    k = len(steps)
    a, b = (g.ravel() for g in np.meshgrid(steps, steps, indexing="ij"))
    tiles = [
        (i * k + j, (i + 1) * k + j, (i + 1) * k + j + 1, i * k + j + 1) for i in range(k - 1) for j in range(k - 1)
    ]
    sides: list[Array] = []
    faces: list[tuple[int, ...]] = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            q = np.empty((k * k, 3))
            q[:, axis], q[:, (axis + 1) % 3], q[:, (axis + 2) % 3] = sign, a, b
            first = len(sides) * k * k
            faces += [tuple(first + n for n in (tile if sign > 0 else tile[::-1])) for tile in tiles]
            sides.append(q)
    q = np.concatenate(sides)
    # The rounded edge takes as many steps as it is wide, however long the side.
    at = np.sign(q) * np.interp(np.abs(q), (0.0, 0.8, 1.0), (0.0, 1.0, 2.0))
    flat, round_ = np.clip(at, -1.0, 1.0) * (half - soft), (np.abs(at) - 1.0).clip(0.0) * np.sign(at)
    away = np.tan(round_ * np.pi / 4)
    v = flat + soft * away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    level = [n for n in range(3) if n != thin]
    spread = (v[:, level] / half[level]).clip(-1.0, 1.0)
    v[:, thin] *= 1.0 - pinch * np.abs(spread).max(axis=1) ** 2.5
    bulge = np.prod(np.cos(spread * np.pi / 2).clip(0.0) ** 0.7, axis=1)
    v[:, thin] += puff * bulge * v[:, thin] / half[thin]
    return v, faces


def _chamfered(half: Array, bevel: float) -> tuple[Array, list[tuple[int, ...]]]:
    """A box whose 12 edges and 8 corners are cut off by `bevel`."""
    v: list[Array] = []
    index: dict[tuple[int, ...], int] = {}
    for corner in ((x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)):
        for axis in range(3):
            p = np.array(corner) * half
            for other in range(3):
                if other != axis:
                    p[other] -= corner[other] * bevel
            index[(*corner, axis)] = len(v)
            v.append(p)
    faces: list[tuple[int, ...]] = []
    signs = (-1, 1)
    for axis in range(3):
        u, w = (axis + 1) % 3, (axis + 2) % 3
        for s in signs:
            loop = []
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                c = [0, 0, 0]
                c[axis], c[u], c[w] = s, a, b
                loop.append(index[(*c, axis)])
            faces.append(tuple(loop))
        for a in signs:  # edges along `axis`
            for b in signs:
                c, d = [0, 0, 0], [0, 0, 0]
                c[axis], c[u], c[w] = -1, a, b
                d[axis], d[u], d[w] = 1, a, b
                faces.append((index[(*c, u)], index[(*d, u)], index[(*d, w)], index[(*c, w)]))
    for corner in ((x, y, z) for z in signs for y in signs for x in signs):
        faces.append(tuple(index[(*corner, axis)] for axis in range(3)))
    points = np.array(v)
    return points, [_outward(points, f) for f in faces]


def _outward(points: Array, face: tuple[int, ...]) -> tuple[int, ...]:
    """The face wound so that its normal leaves the origin."""
    p = points[list(face)]
    normal = np.cross(p[1] - p[0], p[2] - p[0])
    return face if normal @ p.mean(axis=0) > 0 else face[::-1]


def _rings(points: Array, radius: Array, sides: int, closed: bool) -> Array:
    """Circles (K, sides, 3) across a path, turned as little as possible from one to the next."""
    k = len(points)
    around = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    tangent = around if closed else np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    start = np.eye(3)[int(np.argmin(np.abs(tangent[0])))]
    side = np.zeros((k, 3))
    for i in range(k):
        start = start - tangent[i] * (start @ tangent[i])
        start = start / np.linalg.norm(start)
        side[i] = start
    other = np.cross(tangent, side)
    angle = np.arange(sides) * 2 * np.pi / sides
    circle = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * other[:, None]
    return np.asarray(points[:, None] + circle * radius[:, None, None])
