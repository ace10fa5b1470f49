"""Frames against their references: how far the picture is from a converged one, and where its camera really stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..footage import Facts, Picture
from ..likeness import flip, psnr
from ..references import Reference
from ..resection import camera_of
from ..rows import Moment, Row
from ..truth import Truth, View

Array = NDArray[Any]

KEYS = ("psnr", "psnr_worst", "flip", "codec_psnr", "camera_rotation", "camera_position")


@dataclass(frozen=True)
class Pose:
    """How far the camera of a picture is from where it should be."""

    rotation_deg: float
    position: float
    """Part of the distance to what it shows."""


class Fidelity:
    """Compares those pictures that have a reference."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.references = {reference.frame: reference for reference in truth.references}
        self.psnr: list[Moment] = []
        self.flip: list[Moment] = []
        self.codec: list[Moment] = []
        self.rotation: list[Moment] = []
        self.position: list[Moment] = []

    def look(self, picture: Picture) -> None:
        reference = self.references.get(picture.index)
        if reference is None or reference.rgb.shape != picture.rgb.shape:
            return
        at = picture.time_s
        value, mean = psnr(picture.rgb, reference.rgb), flip(picture.rgb, reference.rgb)
        self.psnr.append(Moment(time_s=at, what="furthest from a converged picture", offset=value))
        self.flip.append(Moment(time_s=at, what="differs most to the eye", offset=mean))
        source = reference.source_rgb
        if source is not None and source.shape == picture.rgb.shape:
            self.codec.append(Moment(time_s=at, what="coded worst", offset=psnr(picture.rgb, source)))
        instant = self.truth.of_frame(picture.index)
        pose = instant and camera_error(picture.rgb, reference, self.truth.view(instant), self.truth.opening(instant))
        if pose:
            what = f"the camera is {pose.rotation_deg:.2f}° from where it should look"
            self.rotation.append(Moment(time_s=at, what=what, offset=pose.rotation_deg))
            self.position.append(Moment(time_s=at, what="the camera stands elsewhere", offset=100 * pose.position))

    def rows(self) -> list[Row]:
        """Its rows."""
        if not self.psnr:
            return []
        likeness = _decibels("psnr", self.psnr)
        return [
            likeness,
            Row(key="psnr_worst", value=likeness.worst.offset if likeness.worst else None, worst=likeness.worst),
            *([_decibels("codec_psnr", self.codec)] if self.codec else []),
            _mean("flip", self.flip),
            *(
                _middle(key, found)
                for key, found in (("camera_rotation", self.rotation), ("camera_position", self.position))
            ),
        ]


def _decibels(key: str, found: list[Moment]) -> Row:
    """Of the mean noise of all; the lowest is the worst."""
    noise = [10 ** (-(m.offset or 0.0) / 10) for m in found]
    lowest = min(found, key=lambda m: m.offset or 0.0)
    return Row(key=key, value=float(-10 * np.log10(np.mean(noise))), worst=lowest, moments=tuple(found))


def _mean(key: str, found: list[Moment]) -> Row:
    values = [m.offset or 0.0 for m in found]
    worst = max(found, key=lambda m: m.offset or 0.0)
    return Row(key=key, value=float(np.mean(values)), worst=worst, moments=tuple(found))


def _middle(key: str, found: list[Moment]) -> Row:
    if not found:
        return Row(key=key, value=None, why="too few distinct places in the picture to find its camera")
    values = [m.offset or 0.0 for m in found]
    worst = max(found, key=lambda m: m.offset or 0.0)
    return Row(key=key, value=float(np.median(values)), worst=worst, moments=tuple(found))


def camera_error(picture: Array, reference: Reference, view: View, opening: View | None = None) -> Pose | None:
    """How far the camera of a picture stood from `view`; None if that cannot be told (see `resection.camera_of`)."""
    found = camera_of(picture, reference, view, opening)
    if found is None:
        return None
    angle = np.arccos(np.clip((np.trace(found.view.turn.T @ view.turn) - 1) / 2, -1.0, 1.0))
    return Pose(float(np.degrees(angle)), float(np.linalg.norm(found.view.position - view.position)) / found.distance_m)


def make(facts: Facts, truth: Truth | None) -> Fidelity | None:
    """Somebody who compares, if there are references."""
    return Fidelity(truth) if truth is not None and truth.references else None
