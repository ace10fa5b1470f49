"""Where the camera of a shot really was, picture by picture, from what was followed through it.

A camera that only turns or zooms needs no more than the sights. One that moves needs something whose place is known, or
the length of its way has no measure: the ground and the walls of the Take's place, fixed boxes, and whatever a
reference shows. What is followed on other things of the set is used too, without knowing where they are.

Without a reference the first picture of a shot is taken to be right, so what is found is how the camera moved from
there: an error that all pictures of a shot share is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...take import Take
from .bundle import Cameras, Freedom, Known, Sights, Solution, adjust, resect
from .followed import Shot
from .refining import refine
from .stills import Face, faces, met

Array = NDArray[Any]

KEYS_AT_MOST = 32
"""Pictures of a shot that are solved at once; the others stand between them."""
POINTS_AT_MOST = 600
SHORTEST_M = 0.02
"""A way shorter than this is no way: then the camera is said to turn only."""
FEWEST_POINTS, FEWEST_ON_SURFACES = 24, 24
AGREE, AGREE_PART = 16, 0.4
"""A picture's camera is known if so many of its sights, and this part of them, agree on it."""
MEASURED_PART = 0.6
"""Of a shot's pictures."""
REACHES_M, ANCHORED_M = (0.05, 0.01, 0.01, 0.01, 0.01), 0.01
"""How far a point of a surface may be off it: at first, at the end; and one of a reference from its place."""
SETTLED = 0.05
"""Points that change whether they are on a surface, as part of those that are: then it is settled."""
OWN_TIMES = 5.0
"""A followed point drifts, so errors are not as independent as the equations think: by so much more is allowed for."""


class NotMeasurable(Exception):
    """Why a shot says nothing."""


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """The cameras of one shot, as the film shows them, against those of the Take. One row per picture."""

    shot: Shot
    cameras: Cameras
    measured: Array  # (N,) bool
    absolute: bool
    """Whether a reference said where the camera is; otherwise the first picture is taken to be right."""
    moves: bool
    zooms: bool
    own_turn_deg: float
    """The method's own error, twice its standard error, in the worst twentieth of pictures."""
    own_place_m: float
    own_zoom: float

    @property
    def turn_deg(self) -> Array:
        """(N,) angle between where it looks and where it should."""
        between = np.einsum("nij,nik->njk", self.cameras.turn, self.shot.cameras.turn)
        # By the sine: the cosine of a small angle says little.
        axis = np.stack(
            [
                between[:, 2, 1] - between[:, 1, 2],
                between[:, 0, 2] - between[:, 2, 0],
                between[:, 1, 0] - between[:, 0, 1],
            ],
            axis=1,
        )
        sine = np.linalg.norm(axis, axis=1) / 2
        return np.asarray(np.degrees(np.arctan2(sine, (np.trace(between, axis1=1, axis2=2) - 1) / 2)))

    @property
    def place_m(self) -> Array:
        """(N,) distance from where it should stand."""
        return np.asarray(np.linalg.norm(self.cameras.position - self.shot.cameras.position, axis=1))

    @property
    def zoom(self) -> Array:
        """(N,) focal length too long by, as part of it."""
        return np.asarray(self.cameras.focal / self.shot.cameras.focal - 1)


def recover(shot: Shot, take: Take) -> Recovered:
    """The cameras of a shot.

    Raises:
        NotMeasurable: too little can be followed, or nothing of it is of known place.
    """
    if len(shot.views) < 6:
        raise NotMeasurable("the shot is too short")
    moves = shot.way_m > SHORTEST_M
    keys = _keys(shot)
    sights, numbers = shot.sights(np.arange(len(shot.views)))
    sights, numbers = _lasting(sights, numbers, keys, 3 if moves else 2)
    if len(numbers) < FEWEST_POINTS:
        raise NotMeasurable("too little that stands still can be followed")
    problem = _Problem(
        shot=shot, take=take, keys=keys, numbers=numbers, sights=sights,
        freedom=Freedom(moves=moves, zooms=shot.zooms, held=0),
    )  # fmt: skip
    return _moving(problem) if moves else _turning(problem)


@dataclass(frozen=True, kw_only=True)
class _Problem:
    """What is to be explained."""

    shot: Shot
    take: Take
    keys: Array
    """Pictures that are solved at once."""
    numbers: Array
    """(M,) of the points."""
    sights: Sights
    """Of all pictures; cameras are pictures."""
    freedom: Freedom

    @property
    def at_keys(self) -> Sights:
        """Sights in the pictures that are solved at once; cameras are numbered as in `keys`."""
        which = np.searchsorted(self.keys, self.sights.camera)
        own = self.keys[np.minimum(which, len(self.keys) - 1)] == self.sights.camera
        kept = self.sights.of(own)
        return Sights(camera=which[own], point=kept.point, at=kept.at)


def _keys(shot: Shot) -> Array:
    count = len(shot.views)
    even = np.linspace(0, count - 1, min(count, KEYS_AT_MOST)).round().astype(int)
    return np.asarray(np.unique([*even, *(anchor.picture for anchor in shot.anchors)]))


def _lasting(sights: Sights, numbers: Array, keys: Array, least: int) -> tuple[Sights, Array]:
    """Sights of the points that were seen in `least` of the key pictures; of too many, an even choice."""
    at_keys = np.isin(sights.camera, keys)
    count = np.bincount(sights.point[at_keys], minlength=len(numbers))
    chosen = np.flatnonzero(count >= least)
    if len(chosen) > POINTS_AT_MOST:  # those that are seen longest are far away: near ones are as telling
        chosen = chosen[np.linspace(0, len(chosen) - 1, POINTS_AT_MOST).astype(int)]
    new = np.full(len(numbers), -1)
    new[chosen] = np.arange(len(chosen))
    kept = sights.of(new[sights.point] >= 0)
    return Sights(camera=kept.camera, point=new[kept.point], at=kept.at), numbers[chosen]


# ── a camera that turns ─────────────────────────────────────────────────────────────────────────────────────────────


def _turning(problem: _Problem) -> Recovered:
    cameras, sights = problem.shot.cameras.some(problem.keys), problem.at_keys
    held = 0
    for anchor in problem.shot.true_anchors:
        held = int(np.flatnonzero(problem.keys == anchor.picture)[0])
        turn = cameras.turn.copy()
        turn[held] = anchor.view.turn
        cameras = replace(cameras, turn=turn)
    count = len(problem.numbers)
    points = _along(cameras, sights, count, np.full(len(sights.camera), 5.0))
    solution = adjust(cameras, points, sights, _unknown(count), replace(problem.freedom, held=held))
    return _recovered(problem, solution, *_every_picture(problem, solution))


def _along(cameras: Cameras, sights: Sights, count: int, depth: Array) -> Array:
    """(M, 3) mean of what lies at a depth (K,) along the sight lines of each point."""
    at = cameras.position[sights.camera] + cameras.rays(sights.camera, sights.at) * depth[:, None]
    total = np.zeros((count, 3))
    np.add.at(total, sights.point, at)
    return np.asarray(total / np.bincount(sights.point, minlength=count)[:, None])


def _unknown(count: int) -> Known:
    far = np.full(count, np.inf)
    return Known(
        normal=np.zeros((count, 3)), offset=np.zeros(count), off_plane_m=far, place=np.full((count, 3), np.nan),
        off_place_m=far,
    )  # fmt: skip


# ── a camera that moves ─────────────────────────────────────────────────────────────────────────────────────────────


def _moving(problem: _Problem) -> Recovered:
    shot, count = problem.shot, len(problem.numbers)
    cameras, sights = shot.cameras.some(problem.keys), problem.at_keys
    place, off_place = _anchored(shot, problem.numbers)
    referred = np.isfinite(off_place).sum() >= FEWEST_ON_SURFACES
    freedom = replace(problem.freedom, held=None if referred and shot.true_anchors else 0)
    surfaces = faces(problem.take)
    which, depth = _on_surfaces(surfaces, cameras, sights, count)
    normal = np.array([surfaces[k].normal if k >= 0 else np.zeros(3) for k in which])
    offset = np.array([surfaces[k].offset if k >= 0 else 0.0 for k in which])
    points = _triangulated(cameras, sights, _along(cameras, sights, count, depth[sights.point]))
    # Where it looks comes first, from where it should stand: a camera that jumps aside would put all points astray.
    guess = adjust(cameras, points, sights, _unknown(count), replace(freedom, moves=False, held=0))
    cameras, points = guess.cameras, np.where(np.isfinite(place), place, guess.points)
    refined = False
    was_on = np.zeros(count, dtype=bool)
    solution: Solution | None = None
    for reach in REACHES_M:
        # Judged where its sights alone put it: a point that is held on a surface proves nothing.
        free = _triangulated(cameras, sights, points)
        height = np.abs(np.einsum("mi,mi->m", normal, free) - offset)
        # Before the camera is known, what is truly on a surface seems off it, the more the farther away it is.
        away = np.linalg.norm(free - cameras.position.mean(axis=0), axis=1)
        on = (which >= 0) & (height < 2 * reach + (0.01 if solution is None else 0.002) * away)
        if refined and np.count_nonzero(on != was_on) < SETTLED * np.count_nonzero(on):
            break
        was_on = on
        points = np.where((on | np.isfinite(off_place))[:, None], points, free)
        if not referred and on.sum() < FEWEST_ON_SURFACES:
            raise NotMeasurable("too little is seen of the ground, walls or boxes whose place is known")
        if solution is not None and not refined:
            problem, refined = _refined(problem, solution, np.where(on[:, None], normal, 0.0)), True
            sights = problem.at_keys
        held_on = np.where(on & (not referred), reach, np.inf)  # a reference knows better
        known = Known(normal=normal, offset=offset, off_plane_m=held_on, place=place, off_place_m=off_place)
        solution = adjust(cameras, points, sights, known, freedom, near=solution is not None)
        cameras, points = solution.cameras, solution.points
    assert solution is not None
    return _recovered(problem, solution, *_every_picture(problem, solution))


def _refined(problem: _Problem, solution: Solution, normals: Array) -> _Problem:
    """With better places of all sights, and without those that are not found again."""
    cameras, _ = _every_picture(problem, solution)
    small, scale = problem.shot.small, problem.shot.scale
    size = (small[0].shape[1], small[0].shape[0])
    own = replace(cameras, focal=cameras.focal / scale, size=size)
    sights = replace(problem.sights, at=(problem.sights.at + 0.5) / scale - 0.5)
    at, found = refine(small, own, solution.points, normals, sights)
    return replace(problem, sights=replace(sights, at=(at + 0.5) * scale - 0.5).of(found))


def _anchored(shot: Shot, numbers: Array) -> tuple[Array, Array]:
    """Where points are (M, 3) that references show, NaN where none does; and how surely (M,) [m]."""
    place, off = np.full((len(numbers), 3), np.nan), np.full(len(numbers), np.inf)
    for anchor in shot.anchors:
        for m, number in enumerate(numbers):
            point = anchor.points.get(int(number))
            if point is not None:
                place[m], off[m] = point, ANCHORED_M
    return place, off


def _on_surfaces(surfaces: list[Face], cameras: Cameras, sights: Sights, count: int) -> tuple[Array, Array]:
    """Which surface (M,) each point is seen against, -1 for none; and how deep it lies then (M,) [m]."""
    first = np.full(count, -1)
    first[sights.point[::-1]] = np.arange(len(sights.point))[::-1]
    camera = sights.camera[first]
    rays = cameras.rays(camera, sights.at[first])
    which = np.full(count, -1)
    depth = np.full(count, np.nan)
    for n in np.unique(camera):
        own = camera == n
        which[own], depth[own] = met(surfaces, cameras.position[n], rays[own])
    known = np.isfinite(depth)
    usual = float(np.median(depth[known])) if known.any() else 5.0
    return which, np.where(known, depth, usual)


def _triangulated(cameras: Cameras, sights: Sights, points: Array) -> Array:
    """Points (M, 3) nearest to all their sight lines, where these meet at an angle; the others stay."""
    rays = cameras.rays(sights.camera, sights.at)
    rays = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    across = np.eye(3) - rays[:, :, None] * rays[:, None, :]
    matrix, right = np.zeros((len(points), 3, 3)), np.zeros((len(points), 3))
    np.add.at(matrix, sights.point, across)
    np.add.at(right, sights.point, np.einsum("kij,kj->ki", across, cameras.position[sights.camera]))
    sharp = np.linalg.eigvalsh(matrix)[:, 0] > 2e-4 * np.bincount(sights.point, minlength=len(points))
    found = points.copy()
    found[sharp] = np.linalg.solve(matrix[sharp], right[sharp][..., None])[..., 0]
    # A point that was followed wrongly may come to lie behind the camera.
    nearest = np.full(len(points), np.inf)
    eye = np.einsum("kij,ki->kj", cameras.turn[sights.camera], found[sights.point] - cameras.position[sights.camera])
    np.minimum.at(nearest, sights.point, -eye[:, 2])
    return np.where((nearest > 0.1)[:, None], found, points)


# ── every picture ───────────────────────────────────────────────────────────────────────────────────────────────────


def _every_picture(problem: _Problem, solution: Solution) -> tuple[Cameras, Array]:
    """Cameras of all pictures of the shot, and (N,) whether each is known."""
    used, count = problem.at_keys, len(problem.shot.views)
    good = np.zeros(len(problem.numbers))
    np.add.at(good, used.point, solution.weight)
    trusted = good > 0.3 * np.maximum(np.bincount(used.point, minlength=len(good)), 1)
    sights = problem.sights.of(trusted[problem.sights.point])
    nearest = np.abs(np.arange(count)[:, None] - problem.keys[None]).argmin(axis=1)
    cameras, agree = resect(solution.cameras.some(nearest), solution.points, sights, problem.freedom)
    seen = np.bincount(problem.sights.camera, minlength=count)
    return cameras, (agree >= AGREE) & (agree >= AGREE_PART * seen)


def _recovered(problem: _Problem, solution: Solution, cameras: Cameras, measured: Array) -> Recovered:
    if measured.mean() < MEASURED_PART:
        raise NotMeasurable("no one way of the camera explains what is seen")
    turn, place, zoom = (
        2 * OWN_TIMES * float(np.quantile(error, 0.95))
        for error in (solution.turn_error, solution.place_error, solution.zoom_error)
    )
    freedom = problem.freedom
    return Recovered(
        shot=problem.shot, cameras=cameras, measured=measured, absolute=bool(problem.shot.true_anchors),
        moves=freedom.moves, zooms=freedom.zooms, own_turn_deg=float(np.degrees(turn)), own_place_m=place,
        own_zoom=zoom,
    )  # fmt: skip
