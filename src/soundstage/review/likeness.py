"""How like frames are to what they should be: whole, at the borders of what was drawn again, behind what moved.

For frames before they are encoded (benchmarks) as for those of a film. Differences are in codes, of 255.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .footage import LUMA

Array = NDArray[Any]
Frame = Array | str | os.PathLike[str]
"""(H, W, 3) uint8, or a file of such a picture."""

MOST_DB = 99.0
"""Equal pictures have no noise; this stands for it."""
BAND_PX = 3
"""Width of the bands on both sides of a border that are compared."""
ALONG_PX = 9
"""Errors on each side are averaged over so much of the border, so that noise is no seam."""
BEHIND = 3
"""Frames after which nothing is left behind a moving thing that was not there before."""


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """How like some frames are to their references."""

    frames: int
    psnr_y: float
    """Of luma, from the mean noise of all frames [dB], at most 99."""
    psnr_rgb: float
    """[dB]"""
    flip: float
    """Mean LDR-FLIP, 0 equal … 1; NaN if not asked for."""
    worst: int
    """The frame of least PSNR of luma, from 0."""
    worst_psnr_y: float
    worst_flip: float
    per_frame_psnr_y: tuple[float, ...]
    seam: float
    """Step of the error across the borders of regions, root mean square of all [codes]; NaN without regions."""
    worst_seam: float
    """Of the worst frame."""
    inside_psnr_y: float
    """Of the regions alone [dB]; NaN without regions."""
    outside_psnr_y: float
    """Of all but the regions."""
    leftover: float
    """Error where something moved away from just before, root mean square [codes]; NaN if nothing did."""
    worst_leftover: float


def compare(
    frames: Iterable[Frame],
    references: Iterable[Frame],
    *,
    regions: Sequence[Array] | None = None,
    moving: Sequence[Array] | None = None,
    flip_every: int = 1,
) -> Fidelity:
    """Frames against references, one by one; files are read as they are needed.

    Args:
        frames: what is judged.
        references: as many, of the same size.
        regions: per frame (H, W) bool, what was drawn again and set into a plate: its borders are looked at for seams.
        moving: per frame (H, W) bool, where things that move are: what they have just left is looked at.
        flip_every: FLIP, which takes a second, is worked out for every n-th frame; 0 for none.

    Raises:
        ValueError: there are no frames, or not as many of everything, or their sizes differ.
    """
    sums = _Sums()
    count = 0
    for n, (frame, reference) in enumerate(zip(frames, references, strict=True)):
        shown, wanted = _pixels(frame), _pixels(reference)
        if shown.shape != wanted.shape:
            raise ValueError(f"frame {n} has the shape {shown.shape}, its reference {wanted.shape}")
        error = shown.astype(np.float32) - wanted.astype(np.float32)
        luma = error @ LUMA.astype(np.float32)
        sums.whole(luma, error)
        if flip_every and n % flip_every == 0:
            sums.flips.append(flip(shown, wanted))
        if regions is not None:
            sums.region(luma, np.asarray(regions[n], dtype=bool))
        if moving is not None:
            sums.behind(luma, [np.asarray(moving[k], dtype=bool) for k in range(max(n - BEHIND, 0), n + 1)])
        count += 1
    if not count:
        raise ValueError("there are no frames to compare")
    for name, given in (("regions", regions), ("moving", moving)):
        if given is not None and len(given) != count:
            raise ValueError(f"there are {count} frames, but {len(given)} masks in {name}")
    return sums.fidelity()


class _Sums:
    """What is known so far."""

    def __init__(self) -> None:
        self.y: list[float] = []
        self.rgb: list[float] = []
        self.flips: list[float] = []
        self.seams: list[float] = []
        self.inside: list[tuple[float, int]] = []
        self.outside: list[tuple[float, int]] = []
        self.left: list[tuple[float, int]] = []

    def whole(self, luma: Array, error: Array) -> None:
        self.y.append(float(np.mean(luma.astype(np.float64) ** 2)))
        self.rgb.append(float(np.mean(error.astype(np.float64) ** 2)))

    def region(self, luma: Array, region: Array) -> None:
        squares = luma.astype(np.float64) ** 2
        for where, found in ((region, self.inside), (~region, self.outside)):
            found.append((float(squares[where].sum()), int(where.sum())))
        step = seam(luma, region)
        if np.isfinite(step):
            self.seams.append(step)

    def behind(self, luma: Array, masks: list[Array]) -> None:
        import cv2

        gone = np.any(masks[:-1], axis=0) if len(masks) > 1 else np.zeros_like(masks[0])
        here = cv2.dilate(masks[-1].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        where = gone & ~here
        if where.any():
            self.left.append((float((luma[where].astype(np.float64) ** 2).sum()), int(where.sum())))

    def fidelity(self) -> Fidelity:
        worst = int(np.argmax(self.y))
        return Fidelity(
            frames=len(self.y),
            psnr_y=_decibels(float(np.mean(self.y))),
            psnr_rgb=_decibels(float(np.mean(self.rgb))),
            flip=float(np.mean(self.flips)) if self.flips else float("nan"),
            worst=worst,
            worst_psnr_y=_decibels(self.y[worst]),
            worst_flip=max(self.flips, default=float("nan")),
            per_frame_psnr_y=tuple(_decibels(noise) for noise in self.y),
            seam=float(np.sqrt(np.mean(np.square(self.seams)))) if self.seams else float("nan"),
            worst_seam=max(self.seams, default=float("nan")),
            inside_psnr_y=_decibels(_mean(self.inside)),
            outside_psnr_y=_decibels(_mean(self.outside)),
            leftover=float(np.sqrt(_mean(self.left))),
            worst_leftover=max((float(np.sqrt(total / n)) for total, n in self.left), default=float("nan")),
        )


def _mean(sums: list[tuple[float, int]]) -> float:
    count = sum(n for _, n in sums)
    return sum(total for total, _ in sums) / count if count else float("nan")


def _decibels(noise: float) -> float:
    return min(MOST_DB, 10 * float(np.log10(255.0**2 / max(noise, 1e-9)))) if np.isfinite(noise) else float("nan")


def _pixels(frame: Frame) -> Array:
    if isinstance(frame, np.ndarray):
        return frame
    import av

    with av.open(str(Path(frame))) as file:
        return np.asarray(next(file.decode(video=0)).to_ndarray(format="rgb24"))


def psnr(picture: Array, reference: Array) -> float:
    """Peak signal to noise ratio of the luma of 8-bit pictures [dB], at most 99."""
    return _decibels(float(np.mean((picture @ LUMA - reference @ LUMA) ** 2)))


def flip(picture: Array, reference: Array) -> float:
    """Mean of the perceived difference, 0…1 (LDR-FLIP, Andersson et al. 2020), at 67 pixels per degree."""
    import flip_evaluator

    test, truth = (np.ascontiguousarray(p, dtype=np.float32) / 255.0 for p in (picture, reference))
    return float(flip_evaluator.evaluate(truth, test, "LDR", applyMagma=False)[1])


def seam(error: Array, region: Array) -> float:
    """Step of an error (H, W) across the border of a region (H, W) bool, root mean square [codes]; NaN: no border.

    On both sides of each place of the border the error is averaged over a band; a change that is the same on both
    sides is no seam.
    """
    import cv2

    inside = region.astype(np.uint8)
    band: Any = np.ones((2 * BAND_PX + 1,) * 2, np.uint8)
    # The picture's own edge is no border of a region.
    padded = cv2.copyMakeBorder(inside, BAND_PX, BAND_PX, BAND_PX, BAND_PX, cv2.BORDER_REPLICATE)
    cut = (slice(BAND_PX, -BAND_PX),) * 2
    inner = region & (cv2.erode(padded, band)[cut] == 0)
    outer = ~region & (cv2.dilate(padded, band)[cut] > 0)
    small: Any = np.ones((3, 3), np.uint8)
    border = region & (cv2.erode(cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_REPLICATE), small)[1:-1, 1:-1] == 0)
    sides = []
    for side in (inner, outer):
        weight = cv2.boxFilter(side.astype(np.float32), -1, (ALONG_PX, ALONG_PX), normalize=False)
        total = cv2.boxFilter(np.where(side, error, 0).astype(np.float32), -1, (ALONG_PX, ALONG_PX), normalize=False)
        sides.append((total, weight))
    (a, m), (b, n) = sides
    known = border & (m > ALONG_PX) & (n > ALONG_PX)
    if not known.any():
        return float("nan")
    step = a[known] / m[known] - b[known] / n[known]
    return float(np.sqrt(np.mean(step.astype(np.float64) ** 2)))


def static_difference(frames: Iterable[Frame], still: Array | Sequence[Array] | None = None) -> tuple[float, float]:
    """How much frames of a locked camera differ from one to the next where nothing changes: mean, and worst pair.

    Mean absolute difference over all colours [codes]; before encoding, .05 is a good film's.

    Args:
        frames: at least two.
        still: (H, W) bool, where nothing changes, for all frames or per frame; everywhere if not given.

    Raises:
        ValueError: there are fewer than two frames, or nothing is still.
    """
    before: Array | None = None
    found: list[float] = []
    for n, frame in enumerate(frames):
        now = _pixels(frame)
        if before is not None:
            change = np.abs(now.astype(np.int16) - before).mean(axis=-1)
            where = _still(still, n) & _still(still, n - 1) if still is not None else np.ones(change.shape, dtype=bool)
            if not where.any():
                raise ValueError(f"nothing is still in frames {n - 1} and {n}")
            found.append(float(change[where].mean()))
        before = now.astype(np.int16)
    if not found:
        raise ValueError("fewer than two frames")
    return float(np.mean(found)), max(found)


def _still(still: Array | Sequence[Array], frame: int) -> Array:
    mask = still if isinstance(still, np.ndarray) and still.ndim == 2 else still[frame]
    return np.asarray(mask, dtype=bool)


def warping_error(frame: Array, following: Array, flow: Array, known: Array | None = None) -> float:
    """What changes on its way from one frame to the next: root mean square of all colours [codes].

    Args:
        frame, following: (H, W, 3), 0…255.
        flow: (H, W, 2) [px], from a pixel of the first to where the same surface is in the second; NaN: not known.
        known: (H, W) bool, what counts: not what is hidden in the second, nor mixed at an edge.

    Raises:
        ValueError: nothing counts.
    """
    import cv2

    height, width = frame.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    to_x, to_y = x + flow[..., 0].astype(np.float32), y + flow[..., 1].astype(np.float32)
    inside = (to_x >= 0) & (to_x <= width - 1) & (to_y >= 0) & (to_y <= height - 1)  # False where any is NaN
    where = inside if known is None else inside & known
    if not where.any():
        raise ValueError("nothing of the one frame is seen in the other")
    maps = (np.where(inside, to_x, 0).astype(np.float32), np.where(inside, to_y, 0).astype(np.float32))
    back = cv2.remap(following.astype(np.float32), *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return float(np.sqrt(np.mean((back[where] - frame.astype(np.float32)[where]).astype(np.float64) ** 2)))
