"""Does all of the picture keep its look while the camera moves: each picture against the next, by exact motion.

The motion of every pixel, the set included, is known where the film's passes stand beside it, and in frames of which a
reference was rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..likeness import warping_error
from ..references import Reference
from ..rows import Moment, Row, not_measurable
from ..sightings import WIDEST
from ..truth import Instant, Truth
from .followed import moving_at

Array = NDArray[Any]

KEYS = ("warp_error",)

MOST = 24
"""Pairs that are compared by passes, evenly over the film: files of passes are large."""
FEWEST = 500
"""Pixels that a comparison needs."""
APART = 0.02
"""Depths that differ by more than this part are of two surfaces."""
AROUND_PX = 2
"""Kept from edges [px of the smaller picture]: they are mixtures."""


class Warping:
    """Compares pairs of pictures in shots whose camera moves."""

    def __init__(self, facts: Facts, truth: Truth) -> None:
        self.truth = truth
        self.passes = passes_of(facts.path)
        self.references = {reference.frame: reference for reference in truth.references}
        self.wanted = self._chosen()
        self.found: list[Moment] = []
        self.before: tuple[Picture, Instant] | None = None

    def _moves(self, frame: int) -> bool:
        """Whether the camera is elsewhere in the next frame, in the same shot."""
        now, then = self.truth.of_frame(frame), self.truth.of_frame(frame + 1)
        return (
            now is not None
            and then is not None
            and now.take == then.take
            and not (self.truth.cut_before(then) or self.truth.locked_before(then))
        )

    def _chosen(self) -> set[int]:
        frames = [n for n in sorted(self.passes) if n + 1 in self.passes and self._moves(n)]
        few = {frames[round(k)] for k in np.linspace(0, len(frames) - 1, min(MOST, len(frames)))} if frames else set()
        return few | {n for n in self.references if self._moves(n)}

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.of_frame(picture.index)
        last, self.before = self.before, None
        if last is not None and instant is not None and picture.index == last[0].index + 1:
            error = self._error(*last, picture, instant)
            if error is not None:
                what = f"surfaces change by {error:.2f} codes"
                self.found.append(Moment(time_s=picture.time_s, what=what, offset=error))
        if instant is not None and picture.index in self.wanted:
            self.before = (picture, instant)

    def _error(self, first: Picture, then: Instant, second: Picture, now: Instant) -> float | None:
        if first.rgb.shape != second.rgb.shape:
            return None
        if first.index in self.passes and first.index + 1 in self.passes:
            moved = by_passes(self.passes[first.index], self.passes[first.index + 1])
        else:
            moved = self._by_reference(self.references[first.index], first, then, now)
        if moved is None:
            return None
        flow, known = moved
        one, other = (_small(p.rgb, _size((p.rgb.shape[1], p.rgb.shape[0]))) for p in (first, second))
        if known.sum() < FEWEST or one.shape[:2] != flow.shape[:2]:  # passes may be of another shape than the film
            return None
        return warping_error(one, other, flow, known)

    def _by_reference(
        self, reference: Reference, picture: Picture, then: Instant, now: Instant
    ) -> tuple[Array, Array] | None:
        """By the points behind the pixels of a reference: what moves in the scene is left out."""
        if reference.rgb.shape != picture.rgb.shape:
            return None
        height, width = picture.rgb.shape[:2]
        small = _size((width, height))
        y, x = np.mgrid[: small[1], : small[0]]
        scale = width / small[0]
        at = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) * scale - 0.5
        opening = self.truth.opening(then, (width, height))
        one, other = self.truth.view(then, (width, height)), self.truth.view(now, (width, height))
        points = reference.shown(at, opening, one)
        ends = other.project(points)
        flow = ((ends[:, :2] - at) / scale).reshape(small[1], small[0], 2)
        known = np.isfinite(flow[..., 0]) & ~moving_at(self.truth, then, one, at).reshape(small[1], small[0])
        known &= ~_hidden((x, y), flow, ends[:, 2].reshape(small[1], small[0]))
        return flow, _inner(known)

    def rows(self) -> Iterator[Row]:
        """Its row."""
        if not self.found:
            moves = any(self._moves(n) for n in range(self.truth.frames - 1))
            why = "the motion of the set is not known: `soundstage passes`, or --references" if moves else (
                "the camera does not move"
            )  # fmt: skip
            yield not_measurable("warp_error", why)
            return
        value = float(np.sqrt(np.mean([(m.offset or 0.0) ** 2 for m in self.found])))
        worst = max(self.found, key=lambda m: m.offset or 0.0)
        yield Row(key="warp_error", value=value, worst=worst, moments=tuple(self.found))


def passes_of(film: Path) -> dict[int, Path]:
    """Files of passes beside a film, FILM/passes/00000.exr …, by the number of the frame."""
    files = film.with_suffix("").glob("passes/*.exr")
    return {int(file.stem): file for file in files if file.stem.isdigit()}


def by_passes(file: Path, following: Path) -> tuple[Array, Array] | None:
    """Motion (h, w, 2) [px of a smaller picture] from one frame's passes, and (h, w) what is seen in both frames."""
    from ...passes import read

    one, other = read(file), read(following)
    if one.flow is None or one.depth is None or other.depth is None:
        return None
    height, width = one.depth.shape
    small = _size((width, height))
    y, x = np.mgrid[: small[1], : small[0]]
    scale = width / small[0]
    row, column = (np.minimum(((v + 0.5) * scale).astype(int), n - 1) for v, n in ((y, height), (x, width)))
    flow, depth = one.flow[row, column], one.depth[row, column]
    end_x, end_y = np.rint(column + flow[..., 0]), np.rint(row + flow[..., 1])
    inside = (end_x >= 0) & (end_x < width) & (end_y >= 0) & (end_y < height)
    end_x, end_y = (np.where(inside, v, 0).astype(int) for v in (end_x, end_y))
    there = other.depth[end_y, end_x]
    rays = one.view.rays(np.stack([column, row], axis=-1))
    with np.errstate(invalid="ignore"):
        points = one.view.position + rays * np.where(np.isfinite(depth), depth, 0.0)[..., None]
        expected = other.view.project(points)[..., 2]
        seen = np.abs(there - expected) < APART * expected
    seen = np.where(np.isfinite(depth), seen, ~np.isfinite(there))
    if one.ids is not None and other.ids is not None:
        same = one.ids[row, column] == other.ids[end_y, end_x]
        seen = np.where(one.ids[row, column] > 0, True, seen) & same  # what moves by itself is not where it was
    edge = _edges(depth) | _edges(there)
    return flow / scale, _inner(inside & seen & ~edge)


def _size(size: tuple[int, int]) -> tuple[int, int]:
    wide = min(WIDEST, size[0])
    return wide, max(2, round(size[1] * wide / size[0]))


def _small(rgb: Array, size: tuple[int, int]) -> Array:
    import cv2

    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def _edges(depth: Array) -> Array:
    """(h, w) bool: where the reciprocal of depth makes a step, to another surface."""
    near = np.where(np.isfinite(depth), 1.0 / np.maximum(depth, 1e-3), 0.0)
    bent = np.zeros(depth.shape, dtype=bool)
    down, across = np.abs(np.diff(near, n=2, axis=0)), np.abs(np.diff(near, n=2, axis=1))
    bent[1:-1] |= down > APART * near[1:-1]
    bent[:, 1:-1] |= across > APART * near[:, 1:-1]
    return bent


def _inner(mask: Array) -> Array:
    """Without what is near its edges."""
    import cv2

    kernel: Any = np.ones((2 * AROUND_PX + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(mask.astype(np.uint8), kernel) > 0)


def _hidden(at: tuple[Array, Array], flow: Array, depth: Array) -> Array:
    """(h, w) bool: whether something nearer comes to lie where a pixel goes."""
    with np.errstate(invalid="ignore"):
        x, y = np.rint((at[0] + flow[..., 0]) / 2), np.rint((at[1] + flow[..., 1]) / 2)
    height, width = depth.shape
    inside = np.isfinite(depth) & (x >= 0) & (x < width) & (y >= 0) & (y < height)
    cell = (np.where(inside, y, 0) * width + np.where(inside, x, 0)).astype(int)
    nearest = np.full(width * height, np.inf)
    np.minimum.at(nearest, cell[inside], depth[inside])
    with np.errstate(invalid="ignore"):
        return np.asarray(inside & (depth > nearest[cell] * (1 + 2 * APART)))


def make(facts: Facts, truth: Truth | None) -> Warping | None:
    """Nothing to compare without a Take or a picture."""
    return Warping(facts, truth) if truth is not None and facts.has_picture else None
