"""The camera of a picture, from what it shares with a reference of which it is known where in the world it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .references import Reference
from .truth import View

Array = NDArray[Any]

FEATURES = 4000
"""Distinct places looked for in each picture (SIFT)."""
DISTINCT = 0.75
"""A match counts if the second best is this much worse (Lowe 2004)."""
OFF_PX = 1.5
"""Matches further than this from where the camera found would show them are wrong."""
FEWEST = 12
"""Matches below which no camera is found."""


@dataclass(frozen=True, kw_only=True)
class Resection:
    """A camera that was found."""

    view: View
    matches: int
    """Places that agree on it."""
    distance_m: float
    """To what it shows, median."""


def camera_of(picture: Array, reference: Reference, view: View, opening: View | None = None) -> Resection | None:
    """Where the camera of a picture (H, W, 3) stood; None if it shares too few places with its reference.

    Places are matched between both, those of the reference are known in 3-D, and a camera that shows them where the
    picture has them is found by RANSAC and refined (PnP).

    Args:
        view: where the camera should be; its lens is believed. The reference is blurred by the same motion.
        opening: the camera when the shutter opened, by which the reference's surfaces were seen; `view` if not given.
    """
    import cv2

    vision: Any = cv2  # its stubs know neither SIFT nor that lenses may be without distortion
    sift = vision.SIFT_create(nfeatures=FEATURES, contrastThreshold=0.02)
    here, ours = sift.detectAndCompute(vision.cvtColor(picture, vision.COLOR_RGB2GRAY), None)
    there, theirs = sift.detectAndCompute(vision.cvtColor(reference.rgb, vision.COLOR_RGB2GRAY), None)
    if ours is None or theirs is None or len(ours) < FEWEST or len(theirs) < FEWEST:
        return None
    pairs = vision.BFMatcher().knnMatch(ours, theirs, k=2)
    good = [first for first, second in pairs if first.distance < DISTINCT * second.distance]
    seen = np.array([here[m.queryIdx].pt for m in good]).reshape(-1, 2)
    points = reference.shown(np.array([there[m.trainIdx].pt for m in good]).reshape(-1, 2), opening or view, view)
    known = np.isfinite(points).all(axis=1)
    if known.sum() < FEWEST:
        return None
    seen, points = seen[known], points[known]
    width, height = view.size
    lens = np.array([[view.focal_px, 0, (width - 1) / 2], [0, view.focal_px, (height - 1) / 2], [0, 0, 1.0]])
    middle = points.mean(axis=0)  # near the origin the arithmetic is exact
    vision.setRNGSeed(0)
    found, turn, move, inliers = vision.solvePnPRansac(
        points - middle, seen, lens, None, iterationsCount=2000, reprojectionError=OFF_PX, flags=vision.SOLVEPNP_EPNP
    )
    if not found or inliers is None or len(inliers) < FEWEST:
        return None
    kept = inliers.ravel()
    turn, move = vision.solvePnPRefineLM(points[kept] - middle, seen[kept], lens, None, turn, move)
    matrix, _ = vision.Rodrigues(turn)
    stood = View(
        position=middle - (matrix.T @ move).ravel(),
        turn=matrix.T * np.array([1.0, -1.0, -1.0]),  # OpenCV looks along +Z with Y down
        lens_mm=view.lens_mm,
        size=view.size,
    )
    far = float(np.median(np.linalg.norm(points[kept] - view.position, axis=1)))
    return Resection(view=stood, matches=len(kept), distance_m=far)
