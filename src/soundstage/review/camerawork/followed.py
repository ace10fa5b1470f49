"""What was followed through one shot: where distinct still places were seen in each of its pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...poses import Poses
from ...take import Take
from ...view import View
from ..footage import Picture
from ..references import Reference
from ..resection import camera_of
from ..truth import Instant, Truth
from .bundle import Cameras, Sights
from .points import Points, begin, go_on

Array = NDArray[Any]

LIMB_M = 0.3
"""Around the bones of a person, what is seen may be the person."""
FLAT = 0.02
"""Neighbouring depths that differ by less than this part are of one surface."""
ROOM = 1.25
"""Around a thing that moves, in parts of its own size: its soft shadow and what it mirrors are near."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A picture of the shot whose true camera is known, and where some of its points are in the world."""

    picture: int
    """Of the shot, from 0."""
    view: View
    """Its camera as found in the picture; or as the Take says, if its points come from passes."""
    absolute: bool
    """Whether it was found in the picture."""
    points: dict[int, Array]
    """(3,) [m] by the point's number."""


@dataclass
class Shot:
    """Pictures of one shot, one after another."""

    take: int
    number: int
    time_s: list[float] = field(default_factory=list)
    instants: list[Instant] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    """As the Take says."""
    seen: list[tuple[Array, Array]] = field(default_factory=list)
    """Per picture the numbers (K,) of its points and where they are (K, 2) [px of the film]."""
    small: list[Array] = field(default_factory=list)
    """(h, w) uint8: the pictures as points are followed in them."""
    anchors: list[Anchor] = field(default_factory=list)
    points: Points | None = None
    """Of the latest picture."""

    @property
    def scale(self) -> float:
        """Pixels of the film per pixel of the small pictures."""
        return self.views[0].size[0] / self.small[0].shape[1] if self.small else 1.0

    @property
    def true_anchors(self) -> list[Anchor]:
        """Those whose camera was found in the picture."""
        return [anchor for anchor in self.anchors if anchor.absolute]

    @property
    def cameras(self) -> Cameras:
        """Those that the Take says."""
        return Cameras.of(self.views)

    @property
    def way_m(self) -> float:
        """How far the camera goes [m]."""
        return float(np.linalg.norm(np.diff(self.cameras.position, axis=0), axis=1).sum())

    @property
    def zooms(self) -> bool:
        """Whether the lens changes."""
        focal = self.cameras.focal
        return bool(np.ptp(focal) > 0.005 * focal.min())

    def sights(self, pictures: Array) -> tuple[Sights, Array]:
        """All sights in some of the pictures, cameras numbered as in `pictures`; and the numbers (M,) of the points."""
        ids = np.concatenate([self.seen[k][0] for k in pictures])
        at = np.concatenate([self.seen[k][1] for k in pictures])
        camera = np.repeat(np.arange(len(pictures)), [len(self.seen[k][0]) for k in pictures])
        numbers, point = np.unique(ids, return_inverse=True)
        return Sights(camera=camera, point=point, at=at.astype(np.float64)), numbers

    def look(self, truth: Truth, picture: Picture, instant: Instant, passes: Path | None = None) -> None:
        """The next picture, and the file of its passes."""
        points = self.points = go_on(self.points, picture) if self.points else begin(picture)
        size = (picture.rgb.shape[1], picture.rgb.shape[0])
        view = truth.view(instant, size)
        at = points.in_film
        still = ~moving_at(truth, instant, view, at)
        self.time_s.append(picture.time_s)
        self.instants.append(instant)
        self.views.append(view)
        self.small.append(points.small)
        self.seen.append((points.ids[still], at[still]))
        reference = next((r for r in truth.references if r.frame == picture.index), None)
        if reference is not None and reference.rgb.shape == picture.rgb.shape:
            self._anchor(truth, picture, instant, reference)
        elif len(self.views) == 1 and passes is not None:
            self._by_passes(passes)

    def _by_passes(self, file: Path) -> None:
        """Where the points of the first picture are in the world, if its camera is where the Take says."""
        from ...passes import read

        exact, view = read(file), self.views[0]
        ids, at = self.seen[0]
        if exact.depth is None or not len(ids):
            return
        height, width = exact.depth.shape
        scale = width / view.size[0]
        column, row = np.rint((at + 0.5) * scale - 0.5).astype(int).T
        inside = (column > 0) & (column < width - 1) & (row > 0) & (row < height - 1)
        near = [exact.depth[row[inside] + dy, column[inside] + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        depth, rays = np.array(near), view.rays(at[inside])
        with np.errstate(invalid="ignore"):
            flat = np.isfinite(depth).all(axis=0) & (np.ptp(depth, axis=0) < FLAT * depth[4])
        points = view.position + rays * np.where(flat, depth[4], 0.0)[:, None]
        where = {int(number): point for number, point in zip(ids[inside][flat], points[flat], strict=True)}
        self.anchors.append(Anchor(picture=0, view=view, absolute=False, points=where))

    def _anchor(self, truth: Truth, picture: Picture, instant: Instant, reference: Reference) -> None:
        """The camera of the latest picture, from its reference, and where its points are in the world."""
        opening = truth.opening(instant, self.views[-1].size)
        found = camera_of(picture.rgb, reference, self.views[-1], opening)
        if found is None or not len(self.seen[-1][0]):
            return
        ids, at = self.seen[-1]
        points = reference.shown(at, opening, found.view)
        known = np.isfinite(points).all(axis=1)
        where = {int(number): point for number, point in zip(ids[known], points[known], strict=True)}
        self.anchors.append(Anchor(picture=len(self.seen) - 1, view=found.view, absolute=True, points=where))


def movers(take: Take) -> list[int]:
    """Things that move in a scene."""
    position, rotation = take.thing_position, take.thing_rotation
    return [
        n
        for n in range(len(take.things))
        if np.ptp(position[:, n], axis=0).max() > 1e-3 or np.ptp(rotation[:, n], axis=0).max() > 1e-3
    ]


def moving_at(truth: Truth, instant: Instant, view: View, at: Array) -> Array:
    """(K,) bool: whether something that moves is near a place in the picture (K, 2)."""
    take = truth.takes[instant.take]
    near = np.zeros(len(at), dtype=bool)
    if not len(at):
        return near
    shown: Poses = truth.poses(instant.take, instant.middle)
    for n in movers(take):
        x, y, depth = view.project(shown.thing_position[0, n])
        if depth > 0.05:
            reach = ROOM * float(np.linalg.norm(take.things[n].size)) / 2 * view.focal_px / depth + 3.0
            near |= np.hypot(at[:, 0] - x, at[:, 1] - y) < reach
    for person in range(len(take.people)):
        bones = truth.body(instant.take, person).fk(shown.root[0, person], shown.joints[0, person])
        pixels = view.project(bones[:, :3, 3])
        pixels = pixels[pixels[:, 2] > 0.05]
        if len(pixels):
            reach = LIMB_M * view.focal_px / float(np.median(pixels[:, 2]))
            apart = np.hypot(at[:, None, 0] - pixels[None, :, 0], at[:, None, 1] - pixels[None, :, 1])
            near |= apart.min(axis=1) < reach
    return near
