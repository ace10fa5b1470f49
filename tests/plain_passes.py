"""Exact passes of a Take without Blender: things and people as the sketch shapes them, ground and walls as planes.

passes_of(take, size=(320, 180))[row]   soundstage.passes.Passes with everything but flow
"""

from __future__ import annotations

from typing import Any

import numpy as np

from soundstage import library
from soundstage.passes import SET, SKY, Passes, names_of
from soundstage.poses import poses_at
from soundstage.raster import NEAR_M, Canvas, least
from soundstage.sketch.figures import figure
from soundstage.sketch.solids import rgb, solid
from soundstage.take import Take
from soundstage.view import View, matrix


class Stage:
    """A Take of which passes can be had."""

    def __init__(self, take: Take, size: tuple[int, int]) -> None:
        self.take, self.size = take, size
        self.solids = [solid(thing) for thing in take.things]
        self.figures = [figure(person) for person in take.people]
        self.poses = poses_at(take, np.asarray(take.camera.time))

    def passes(self, row: int) -> Passes:
        """Of one frame."""
        take, view = self.take, View.of(self.take.camera, row, self.size)
        points, faces, ids, colours = [], [], [], []
        start = 0
        for number, (at, triangles, tint) in enumerate(self._parts(row), 1):
            points.append(at)
            faces.append(triangles + start)
            ids.append(np.full(len(triangles), number))
            colours.append(tint)
            start += len(at)
        depth, normal, who, albedo = self._empty(view)
        if points:
            at, tri = np.concatenate(points), np.concatenate(faces)
            number, tint = np.concatenate(ids), np.concatenate(colours)
            hit = _drawn(view, at, tri)
            some = hit > 0
            face = tri[hit[some] - 1]
            a, b, c = (at[face[:, k]] for k in range(3))
            n = np.cross(b - a, c - a)
            n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
            rows, columns = np.nonzero(some)
            rays = view.rays(np.stack([columns, rows], axis=-1))
            along = np.einsum("ij,ij->i", rays, n)
            far = np.einsum("ij,ij->i", a - view.position, n) / np.where(np.abs(along) < 1e-6, -1e-6, along)
            middle = view.project(at[face].mean(axis=1))[:, 2]
            far = np.where(np.abs(far - middle) < 0.3, far, middle)
            n = np.where((along > 0)[:, None], -n, n)
            nearer = far < depth[some]
            r, k = rows[nearer], columns[nearer]
            depth[r, k], normal[r, k] = far[nearer], n[nearer]
            who[r, k], albedo[r, k] = number[hit[some] - 1][nearer], _linear(tint[hit[some] - 1][nearer])
        return Passes(
            depth=depth.astype(np.float32), normal=normal.astype(np.float32), ids=who.astype(np.int32),
            albedo=albedo.astype(np.float32), names=names_of(take), view=view, frame=row,
            time=int(take.camera.time[row]), fps=take.fps, scene=take.scene,
        )  # fmt: skip

    def _parts(self, row: int) -> Any:
        p = self.poses
        for n, shape in enumerate(self.solids):
            at = shape.triangles.reshape(-1, 3) @ matrix(p.thing_rotation[row, n]).T + p.thing_position[row, n]
            yield at, np.arange(len(at)).reshape(-1, 3), shape.colours
        for k, person in enumerate(self.figures):
            yield person.body.skin(p.root[row, k], p.joints[row, k], p.face[row, k]), person.triangles, person.colours

    def _empty(self, view: View) -> Any:
        width, height = self.size
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        rays = view.rays(np.stack([x, y], axis=-1))
        kind = library.set_(self.take.place.set)
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.where(rays[..., 2] < -1e-6, -view.position[2] / rays[..., 2], np.inf)
        normal = np.where(np.isfinite(depth)[..., None], [0.0, 0.0, 1.0], 0.0)
        albedo = np.where(np.isfinite(depth)[..., None], _linear(rgb(library.material(kind.ground).albedo)), 0.0)
        if kind.room_m is not None:
            middle = np.array([*kind.params.get("room_center", [0.0, 0.0]), kind.room_m[2] / 2])
            half = np.array(kind.room_m) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = np.where(rays > 0, (middle + half - view.position) / rays,
                                 (middle - half - view.position) / rays)  # fmt: skip
            reach = np.where(np.isfinite(reach), reach, np.inf)
            axis, far = reach.argmin(axis=-1), reach.min(axis=-1)
            wall = far < depth
            depth = np.minimum(depth, far)
            facing = -np.sign(np.take_along_axis(rays, axis[..., None], axis=-1)) * np.eye(3)[axis]
            normal, albedo = np.where(wall[..., None], facing, normal), np.where(wall[..., None], 0.6, albedo)
        return depth, normal, np.where(np.isfinite(depth), SET, SKY), albedo


def _drawn(view: View, points: Any, triangles: Any) -> Any:
    """(H, W): which triangle is seen, from 1; 0 none."""
    seen = view.project(points)
    corners, depth = seen[triangles, :2], seen[triangles, 2]
    shown = np.flatnonzero(least(depth) > NEAR_M)
    number = shown + 1
    a, b, c = corners[shown, 0], corners[shown, 1], corners[shown, 2]
    back = ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) > 0
    flipped = corners[shown].copy()
    flipped[back] = flipped[back][:, ::-1]
    near = 1.0 / depth[shown]
    near[back] = near[back][:, ::-1]
    canvas = Canvas(view.size)
    colour = np.stack([number >> 16, (number >> 8) & 255, number & 255], axis=-1).astype(np.uint8)
    canvas.fill(flipped, near, colour)
    found = canvas.over(np.zeros((view.size[1], view.size[0], 3), np.uint8)).astype(np.int64)
    return (found[..., 0] << 16) | (found[..., 1] << 8) | found[..., 2]


def _linear(coded: Any) -> Any:
    c = np.asarray(coded, dtype=np.float64)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
