"""Frames between two rendered ones, as animators have them: made from their neighbours where these agree.

Where the camera stands still and people move slowly, two frames some way apart show all that is seen between: every
point of a body is looked up where it is in the one and in the other. Where both give the same colour, that is the
picture; where they do not (something was hidden, light has changed, cloth has gone its own way) it is rendered.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..body import body
from ..poses import poses_at
from ..take import Take
from ..view import View
from . import poses
from .flow import Way

Array = NDArray[Any]

REACH_M = 0.10
"""No joint that is seen is further than this from where it was in the rendered frame before: a shadow as wide as a hand
is still met by itself in the next one, and no change of light between two frames goes unnoticed."""
AGREE = 12.0
"""Neighbours whose smoothed colours differ by more than this many 8-bit levels do not show the same."""
NEARBY = 2.5
"""Things count as seen while a ball so many times as large would be, for their shadows and what they light."""
BESIDE = 1.3
"""Joints count as seen in a picture so many times as wide and high."""
WORN_M = 0.06
"""Clothes and short hair reach this far beyond the skin that is seen …"""
LOOSE_M = 0.25
"""… and long hair and shadows on clothes this far."""
SPECK_PX = 40
"""Unknown pixels that hang together and are no more than this are left as the neighbours have them …"""
SPECK_OF = 640
"""… in a picture of this width."""


def neighbours(take: Take, most: int, size: tuple[int, int]) -> list[tuple[int, ...]]:
    """For every frame, the rendered frames before and after it if it is made from these, else nothing.

    `most`: frames between two rendered ones, at most; `size` of the picture [px].
    """
    count = len(take.camera.time)
    found: list[tuple[int, ...]] = [()] * count
    if most < 1 or not take.people:
        return found
    for first, last in _runs(take, size):
        joints, seen = _joints(take, first, last, size)
        key = first
        while key < last:
            end = key + 1
            while end < last and end - key <= most and _far(joints, seen, key - first, end + 1 - first) <= REACH_M:
                end += 1
            for row in range(key + 1, end):
                found[row] = (key, end)
            key = end
    return found


def _runs(take: Take, size: tuple[int, int]) -> list[tuple[int, int]]:
    """First and last rows of frames in which neither the camera moves nor any thing that it sees."""
    locked = poses.locked(take)
    alike = locked[1:] & locked[:-1] & (np.diff(take.camera.shot) == 0)
    for column in fields(poses.View):
        alike &= _stays(getattr(take.camera, column.name))
    shown = poses_at(take, take.camera.time)
    for n, thing in enumerate(take.things):
        at = shown.thing_position[:, n]
        moves = alike & ~(_stays(at) & _stays(shown.thing_rotation[:, n]))
        radius = 0.5 * float(np.linalg.norm(thing.size))
        for row in np.flatnonzero(moves):
            view = View.of(take.camera, row, size)
            alike[row] = not (_seen(view, at[row], radius) or _seen(view, at[row + 1], radius))
    ends = np.flatnonzero(~alike)
    starts = np.concatenate([[0], ends + 1])
    return [(int(a), int(b)) for a, b in zip(starts, np.concatenate([ends, [len(alike)]]), strict=True) if b > a]


def _stays(track: Array) -> Array:
    """Between which samples (F - 1,) a track (F, …) does not change."""
    return np.asarray(np.all(np.diff(track.reshape(len(track), -1), axis=0) == 0.0, axis=1))


def _seen(view: View, at: Array, radius: float) -> bool:
    """Whether a thing about a point (3,), a little larger than it is, is in the picture."""
    x, y, depth = view.project(at)
    reach = NEARBY * radius * view.focal_px / max(depth, 1e-3)
    return bool(depth > -radius and -reach < x < view.size[0] + reach and -reach < y < view.size[1] + reach)


def _joints(take: Take, first: int, last: int, size: tuple[int, int]) -> tuple[Array, Array]:
    """Where everybody's joints are (F, P · J, 3) [m] in frames from the first to the last, and which are seen."""
    shown = poses_at(take, take.camera.time[first : last + 1])
    found = [
        body(person.identity).fk(shown.root[:, k], shown.joints[:, k])[..., :3, 3]
        for k, person in enumerate(take.people)
    ]
    joints = np.concatenate(found, axis=1)
    spots = View.of(take.camera, first, size).project(joints)
    beside = np.abs(spots[..., :2] / (np.array(size) - 1) - 0.5)
    return joints, (spots[..., 2] > 0.0) & (beside < 0.5 * BESIDE).all(axis=-1)


def _far(joints: Array, seen: Array, key: int, row: int) -> float:
    """How far any joint that is seen has gone from one frame to another [m]."""
    gone = np.linalg.norm(joints[row] - joints[key], axis=1)
    return float(np.where(seen[row] | seen[key], gone, 0.0).max())


def predict(before: Array, after: Array, share: float, ways: list[Way], away: Array) -> tuple[Array, Array]:
    """A frame from its neighbours (H, W, 3): picture (H, W, 3) float32 and which pixels are not known, bool (H, W).

    Args:
        share: of the way from the frame before to the one after, 0 … 1.
        ways: to where they show what this frame does.
        away: distance (H, W) of each pixel from the nearest skin that is seen [m].
    """
    a, b = before.astype(np.float32), after.astype(np.float32)
    gone = [_looked_up(picture, way.flow) for picture, way in zip((a, b), ways, strict=True)]
    seen = ways[0].known & ways[1].known
    still, moved = (1.0 - share) * a + share * b, (1.0 - share) * gone[0] + share * gone[1]
    still_apart, moved_apart = _apart(a, b), np.where(seen, _apart(*gone), np.inf)
    skin, worn = away == 0.0, away < WORN_M
    follows = skin | ((moved_apart < still_apart) & (away < LOOSE_M))
    apart = np.where(follows, moved_apart, still_apart)
    # At the edge of what is worn both may agree with themselves: it has come or gone between the two.
    either = worn & ~skin & (_apart(still, moved) > AGREE) & (moved_apart <= AGREE) & (still_apart <= AGREE)
    unknown = _without_specks((apart > AGREE) | either)
    return np.where(follows[..., None], moved, still), unknown


def _looked_up(picture: Array, flow: Array) -> Array:
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    found = cv2.remap(picture, x + flow[..., 0], y + flow[..., 1], cv2.INTER_CUBIC, None, cv2.BORDER_REPLICATE)
    return np.clip(found, 0.0, 255.0)


def _apart(a: Array, b: Array) -> Array:
    """How far two pictures differ (H, W), noise and what is sharper in one of them averaged out."""
    return np.asarray(cv2.blur(np.abs(cv2.blur(a - b, (3, 3))).max(axis=2), (5, 5)))


def _without_specks(unknown: Array) -> Array:
    least = SPECK_PX * (unknown.shape[1] / SPECK_OF) ** 2
    _, labels, stats, _ = cv2.connectedComponentsWithStats(unknown.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= least
    small[0] = False
    return np.asarray(unknown & ~small[labels])


__all__ = ["neighbours", "predict"]
