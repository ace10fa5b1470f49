"""Small real films of a camera that moves, for tests of the review: a textured world of planes, painted exactly.

The world is a room of the library's size (`studio`) or a court with a wall behind it that no Take knows; a Take says
where the camera goes. A film can be shot by another camera than its Take claims: that is the sabotage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import films
import numpy as np
from numpy.typing import NDArray

from fakes import fake_take, fake_thing
from soundstage.passes import Passes
from soundstage.review.references import Reference
from soundstage.take import Take, read_only
from soundstage.view import View

Array = NDArray[Any]

SIZE = (384, 216)
FPS = 24
TEXEL_M = 0.01


@dataclass(frozen=True, kw_only=True)
class Board:
    """A textured rectangle: corner and two sides [m]."""

    corner: Array
    across: Array
    up: Array
    picture: Array


def board(corner: Sequence[float], across: Sequence[float], up: Sequence[float], seed: int) -> Board:
    """A rectangle with spots of all sizes and lines."""
    wide, high = np.linalg.norm(across), np.linalg.norm(up)
    shape = (max(8, round(high / TEXEL_M)), max(8, round(wide / TEXEL_M)))
    random = np.random.default_rng(seed)
    grey = np.full(shape, 128.0, dtype=np.float32)
    for sigma, strength in ((2.5, 16), (6, 14), (16, 12), (40, 12)):
        noise = cv2.GaussianBlur(random.normal(0, 1, shape).astype(np.float32), (0, 0), sigma)
        grey += strength * noise / noise.std()
    picture = np.clip(grey, 20, 235)[..., None] * random.uniform(0.75, 1.15, 3).astype(np.float32)
    return Board(
        corner=np.array(corner, float), across=np.array(across, float), up=np.array(up, float), picture=picture
    )


def room() -> list[Board]:
    """The studio of the library: 8 x 8 x 4 m, and a box in it that no Take knows."""
    walls = [
        board((-4, -4, 0), (8, 0, 0), (0, 8, 0), 1),
        board((-4, 4, 0), (8, 0, 0), (0, 0, 4), 2),
        board((-4, -4, 0), (0, 8, 0), (0, 0, 4), 3),
        board((4, -4, 0), (0, 8, 0), (0, 0, 4), 4),
        board((-4, -4, 0), (8, 0, 0), (0, 0, 4), 5),
        board((-4, -4, 4), (8, 0, 0), (0, 8, 0), 6),
    ]
    return [*walls, *_crate(np.array([0.9, 0.8, 0.0]), np.array([0.8, 0.6, 1.0]), 10)]


def court() -> list[Board]:
    """Ground, and things that no Take knows: a wall behind and a crate."""
    return [
        board((-12, -9, 0), (24, 0, 0), (0, 18, 0), 21),
        board((-12, 7, 0), (24, 0, 0), (0, 0, 8), 22),
        *_crate(np.array([-1.6, 1.0, 0.0]), np.array([0.9, 0.9, 1.3]), 30),
    ]


def _crate(corner: Array, size: Array, seed: int) -> list[Board]:
    x, y, z = np.diag(size)
    return [
        board(corner, x, z, seed),
        board(corner, y, z, seed + 1),
        board(corner + x, y, z, seed + 2),
        board(corner + y, x, z, seed + 3),
        board(corner + z, x, y, seed + 4),
    ]


def paint(world: Sequence[Board], view: View) -> Array:
    """(H, W, 3) uint8 of what a camera sees; two by two points to a pixel."""
    width, height = view.size
    shown, _ = _seen(world, view.scaled((2 * width, 2 * height)))
    small = cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def depth(world: Sequence[Board], view: View) -> Array:
    """(H, W) float32 [m] along the camera's axis; infinite where nothing is."""
    return _seen(world, view)[1].astype(np.float32)


def _seen(world: Sequence[Board], view: View) -> tuple[Array, Array]:
    """Colours (H, W, 3) and depths (H, W) behind the middle of each pixel."""
    y, x = np.mgrid[: view.size[1], : view.size[0]].astype(np.float64)
    rays = view.rays(np.stack([x, y], axis=-1))
    nearest = np.full(rays.shape[:2], np.inf)
    shown = np.full((*rays.shape[:2], 3), 60.0, dtype=np.float32)
    for piece in world:
        normal = np.cross(piece.across, piece.up)
        with np.errstate(divide="ignore", invalid="ignore"):
            far = (normal @ (piece.corner - view.position)) / (rays @ normal)
        at = view.position + rays * far[..., None] - piece.corner
        u = at @ piece.across / (piece.across @ piece.across)
        v = at @ piece.up / (piece.up @ piece.up)
        hit = (far > 0.05) & (far < nearest) & (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
        if not hit.any():
            continue
        rows, columns = piece.picture.shape[:2]
        where = [(a * (n - 1)).astype(np.float32) for a, n in ((u, columns), (v, rows))]
        values = cv2.remap(piece.picture, where[0], where[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        shown[hit], nearest[hit] = values[hit], far[hit]
    return shown, nearest


# ── cameras ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def path(take: Take, way: Callable[[float], tuple[Any, Any, float]], *, shot: Any = None) -> Take:
    """The Take with another camera: `way` of the part of the time 0…1 gives position, look_at and lens."""
    from fakes import look_rotation

    n = len(take.camera.time)
    rows = [way(k / (n - 1)) for k in range(n)]
    position = np.array([row[0] for row in rows], dtype=float)
    rotation = np.array([look_rotation(np.array(row[1], float) - np.array(row[0], float)) for row in rows])
    lens = np.array([row[2] for row in rows], dtype=float)
    camera = replace(
        take.camera, position=read_only(position), rotation=read_only(rotation), lens_mm=read_only(lens),
        shot=take.camera.shot if shot is None else read_only(np.asarray(shot, dtype=np.int32)),
    )  # fmt: skip
    return replace(take, camera=camera)


def indoors(seconds: float = 1.5, way: Callable[[float], tuple[Any, Any, float]] | None = None) -> Take:
    """Nothing but the studio, and a camera that moves sideways and ahead."""
    take = fake_take(things=[fake_thing("marble", at=(0, -30, 0.1))], set_="studio", seconds=seconds)
    return path(take, way or sideways)


def outdoors(seconds: float = 1.5, way: Callable[[float], tuple[Any, Any, float]] | None = None) -> Take:
    """The court with its hoop behind the camera, and the same camera."""
    take = fake_take(things=[fake_thing("marble", at=(0, -30, 0.1))], set_="outdoor_court", seconds=seconds)
    return path(take, way or sideways)


def eased(t: float) -> float:
    return t * t * (3 - 2 * t)


def sideways(t: float) -> tuple[Any, Any, float]:
    """A truck of 1.2 m, and a little ahead."""
    return (-0.6 + 1.2 * eased(t), -3.4 + 0.3 * eased(t), 1.5), (0.2, 1.5, 1.0), 28.0


def ahead(t: float) -> tuple[Any, Any, float]:
    """A dolly of 1 m."""
    return (-0.4, -3.6 + eased(t), 1.5), (0.2, 3.5, 1.0), 28.0


def pans(t: float) -> tuple[Any, Any, float]:
    """A pan of 50 degrees."""
    a = np.radians(-25 + 50 * t)
    return (0.0, -2.0, 1.5), (3 * np.sin(a), -2 + 3 * np.cos(a), 1.3), 28.0


def zooms(t: float) -> tuple[Any, Any, float]:
    """From 24 to 40 mm."""
    return (0.0, -3.0, 1.5), (0.2, 1.5, 1.2), 24.0 + 16.0 * eased(t)


# ── films ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def shoot(world: Sequence[Board], take: Take, size: tuple[int, int] = SIZE) -> list[Array]:
    """What the Take's camera sees."""
    return [paint(world, View.of(take.camera, row, size)) for row in range(len(take.camera.time))]


def write(folder: Path, name: str, pictures: Sequence[Array], take: Take, **how: Any) -> tuple[Path, Path]:
    """The film and its Take."""
    record = folder / f"{name}.take.npz"
    take.save(record)
    return films.write(folder / f"{name}.mp4", pictures, fps=take.fps, **how), record


def refer(folder: Path, world: Sequence[Board], take: Take, frame: int, size: tuple[int, int] = SIZE) -> Reference:
    """The reference of a frame, as rendering makes it, of the camera that the Take claims."""
    view, step = View.of(take.camera, frame, size), 4
    picture, surfaces = folder / f"reference{frame}.png", folder / f"reference{frame}.npz"
    cv2.imwrite(str(picture), paint(world, view)[..., ::-1])
    y, x = np.mgrid[step // 2 : size[1] : step, step // 2 : size[0] : step]
    far = depth(world, view)[y, x]
    points = view.position + view.rays(np.stack([x, y], axis=-1)) * far[..., None]
    np.savez(surfaces, points=points, step=step)
    return Reference(frame, picture, surfaces)


def pass_files(film: Path, world: Sequence[Board], take: Take, frames: Sequence[int]) -> None:
    """Files of passes beside a film: depth, motion and ids, exact."""
    folder = film.with_suffix("") / "passes"
    folder.mkdir(parents=True, exist_ok=True)
    for frame in frames:
        view = View.of(take.camera, frame, SIZE)
        following = View.of(take.camera, min(frame + 1, len(take.camera.time) - 1), SIZE)
        far = depth(world, view)
        y, x = np.mgrid[: SIZE[1], : SIZE[0]].astype(np.float64)
        there = following.project(view.position + view.rays(np.stack([x, y], axis=-1)) * far[..., None])
        Passes(
            depth=far, flow=(there[..., :2] - np.stack([x, y], axis=-1)).astype(np.float32),
            ids=np.zeros(far.shape, dtype=np.int32), names=("set",), view=view, frame=frame,
            time=int(take.camera.time[frame]), fps=take.fps,
        ).write(folder / f"{frame:05d}.exr")  # fmt: skip
