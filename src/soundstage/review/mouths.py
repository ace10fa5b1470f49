"""How far mouths are open, from the pixels: how much darker each is than when its lips are together.

A Take says only where to look. The stretch of the picture around a mouth is turned upright and brought to one size by
the pose of the head (without its face), so that what changes in it is the mouth alone. Every pixel is compared with
itself where it is bright during the same line: an open mouth is dark inside, while a beard or a dark skin is always
dark and falls out.

What it does not see: teeth that fill the whole opening, and a mouth behind a hand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import clock
from .footage import LUMA, Picture
from .truth import Instant, Truth, View

if TYPE_CHECKING:
    from ..body import Body

Array = NDArray[Any]

LIP_CORNERS = (7272, 424)
"""Vertices of the body at the left and right end of the lips."""
LEAST_PX = 12.0
"""Narrowest mouth that is measured."""
FACING = 0.55
"""Least cosine between where a face looks and where the camera is."""
WIDE, HIGH, LOW = 0.4, 0.15, 0.4
"""Half the width of what is looked at, and how far it reaches above and below the line of the lips [mouth widths]."""
STEPS = 32
"""Samples per mouth width."""
BRIGHT = 80
"""Percentile of a pixel over a line that stands for lips together."""
MOST_LOOKS = 30_000
"""More are not kept: 14 MB."""


@dataclass(frozen=True)
class Look:
    """One mouth in one picture."""

    time_s: float
    """Of the middle of the exposure, on the film's clock."""
    patch: Array
    """(rows, columns) uint8: luma around the mouth, upright."""
    width_px: float


@dataclass
class Seen:
    """What a film shows of one person's mouth."""

    looks: list[Look] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    """Why it could not be measured, and in how many pictures."""

    def between(self, start_s: float, end_s: float) -> list[Look]:
        """Looks of a stretch of time."""
        first, last = (bisect_left(self.looks, s, key=lambda look: look.time_s) for s in (start_s, end_s))
        return self.looks[first:last]


def openings(looks: Sequence[Look]) -> Array:
    """How far a mouth is open in each of its looks of one line (N,): how much darker, in parts of its brightness."""
    patches = np.stack([look.patch for look in looks]).reshape(len(looks), -1).astype(np.float32)
    bright = np.percentile(patches, BRIGHT, axis=0)
    return np.asarray(np.maximum(bright - patches, 0.0).mean(axis=1) / max(float(bright.mean()), 1.0))


class Mouths:
    """Watches every mouth of a film."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.seen: dict[tuple[int, int], Seen] = {}
        """By scene and person."""
        self._places: dict[tuple[int, int], Place] = {}

    def look(self, picture: Picture) -> None:
        """The next picture."""
        instant = self.truth.at(picture.time_s)
        if instant is None:
            return
        size = (picture.rgb.shape[1], picture.rgb.shape[0])
        view = self.truth.view(instant, size)
        late = clock.seconds(instant.middle - instant.tick)
        for person in range(len(self.truth.takes[instant.take].people)):
            seen = self.seen.setdefault((instant.take, person), Seen())
            found = self._patch(picture, view, instant, person)
            if isinstance(found, str):
                seen.refused[found] = seen.refused.get(found, 0) + 1
            elif sum(len(other.looks) for other in self.seen.values()) < MOST_LOOKS:
                seen.looks.append(Look(picture.time_s + late, *found))

    def _patch(self, picture: Picture, view: View, instant: Instant, person: int) -> tuple[Array, float] | str:
        """What is around a mouth, and its width [px]; or why it cannot be measured."""
        place = self._place(instant.take, person)
        poses = self.truth.poses(instant.take, instant.middle)
        corners, ahead = place.at(poses.root[0, person], poses.joints[0, person])
        towards = view.position - corners[0]
        if float(ahead @ towards) < FACING * float(np.linalg.norm(towards)):
            return "turned away"
        pixels = view.project(corners)
        if pixels[:, 2].min() < 0.05:
            return "not in the picture"
        middle, across, down = pixels[0, :2], pixels[1, :2] - pixels[0, :2], pixels[2, :2] - pixels[0, :2]
        reach = np.array([middle + across, middle - across, middle + 0.8 * down, middle - 0.5 * down])
        width, height = view.size
        if reach.min() < 0 or reach[:, 0].max() > width - 1 or reach[:, 1].max() > height - 1:
            return "not in the picture"
        wide = 2.0 * float(np.linalg.norm(across))
        if wide < LEAST_PX:
            return "too small"
        return _patch(picture, middle, across, down), wide

    def _place(self, take: int, person: int) -> Place:
        key = (take, person)
        if key not in self._places:
            self._places[key] = place_of(self.truth.body(take, person))
        return self._places[key]


@dataclass(frozen=True)
class Place:
    """Where a mouth is on a body."""

    body: Body
    head: int
    """Index of the bone."""
    rest: Array
    """Middle, left end and a point half a width below (3, 3), at rest [m]."""

    def at(self, root: Array, joints: Array) -> tuple[Array, Array]:
        """The three points (3, 3) in the world [m], and where the face looks (3,)."""
        bone = self.body.fk(root, joints)[self.head]
        points = (self.rest - self.body.heads[self.head]) @ bone[:3, :3].T + bone[:3, 3]
        return points, -bone[:3, 1]


def place_of(body: Body) -> Place:
    """Where a body has its mouth."""
    from ..body import BONE_INDEX

    left, right = body.vertices[list(LIP_CORNERS)].astype(np.float64)
    lips = body.vertices[body.masks["lips"] > 0.5]
    half = 0.5 * float(np.linalg.norm(left - right))
    middle = (left + right) / 2
    middle[1] = float(np.percentile(lips[:, 1], 20))  # the corners lie deeper than the lips
    rest = np.stack([middle, middle + [half, 0.0, 0.0], middle - [0.0, 0.0, half]])
    return Place(body, BONE_INDEX["head"], rest)


def _patch(picture: Picture, middle: Array, across: Array, down: Array) -> Array:
    """Luma around a mouth, upright: (rows, columns) uint8 at STEPS samples per mouth width."""
    import cv2

    columns, rows = round(2 * WIDE * STEPS), round((HIGH + LOW) * STEPS)
    per_u, per_v = 2 * across / STEPS, 2 * down / STEPS
    origin = middle - per_u * (columns - 1) / 2 - per_v * HIGH * STEPS
    x0, y0 = (max(0, int(np.floor(v))) for v in _corner(origin, per_u, per_v, columns, rows, np.min))
    x1, y1 = (int(np.ceil(v)) + 2 for v in _corner(origin, per_u, per_v, columns, rows, np.max))
    piece = picture.rgb[y0:y1, x0:x1].astype(np.float32) @ LUMA
    scale = 2 * float(np.linalg.norm(across)) / STEPS
    if scale > 1.5:  # large mouths are averaged, not picked at points
        piece = np.asarray(cv2.GaussianBlur(piece, (0, 0), 0.5 * scale), dtype=np.float32)
    shift = origin - [x0, y0]
    matrix = np.array([[per_u[0], per_v[0], shift[0]], [per_u[1], per_v[1], shift[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(piece, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip(np.rint(patch), 0, 255), dtype=np.uint8)


def _corner(origin: Array, per_u: Array, per_v: Array, columns: int, rows: int, pick: Any) -> Array:
    ends = [origin, origin + per_u * columns, origin + per_v * rows, origin + per_u * columns + per_v * rows]
    return np.asarray(pick(np.array(ends), axis=0))


# ── what a mouth should do ──────────────────────────────────────────────────────────────────────────────────────────

OPENNESS = {
    "a": 1.0, "ɑ": 1.0, "æ": 0.95, "ɐ": 0.9, "ɒ": 0.9, "ɔ": 0.9, "ʌ": 0.7, "ɛ": 0.7, "o": 0.75, "œ": 0.65, "e": 0.6,
    "ɜ": 0.55, "ɝ": 0.5, "ə": 0.45, "ø": 0.5, "ɚ": 0.4, "ɪ": 0.42, "ɨ": 0.35, "i": 0.3, "ʊ": 0.33, "y": 0.25, "u": 0.25,
    "m": -0.8, "p": -0.8, "b": -0.8, "f": -0.2, "v": -0.2, "w": 0.12, "ɹ": 0.25, "r": 0.25, "l": 0.33, "h": 0.5,
    "s": 0.1, "z": 0.1, "ʃ": 0.2, "ʒ": 0.2, "t": 0.22, "d": 0.22, "n": 0.24, "θ": 0.22, "ð": 0.22,
    "k": 0.33, "ɡ": 0.3, "g": 0.3, "ŋ": 0.3, "j": 0.25,
}  # fmt: skip
"""How far a mouth opens for a sound, 0…1, by the first sign of its IPA that is listed: vowels by their height, sounds
made with the lips least. Common phonetics, rounded. Under 0: lips that must meet do so at once, not by and by. Others
count as OTHER, pauses as shut."""
OTHER = 0.3
RAMP_S = 0.035
"""Mouths go from sound to sound in about this time (standard deviation of a bell)."""
RATE = 1000


def expected(starts: Array, ends: Array, ipa: list[str], time_s: Array) -> Array:
    """How far a mouth should be open, (T,) 0…1, at times [s], for sounds from `starts` to `ends` [s]."""
    first, last = float(starts.min()) - 1.0, float(ends.max()) + 1.0
    track = np.zeros(round((last - first) * RATE) + 1)
    for start, end, sign in zip(starts, ends, ipa, strict=True):
        values = _openness(sign)
        cuts = np.linspace(start, end, len(values) + 1)
        for value, a, b in zip(values, cuts, cuts[1:], strict=False):
            track[round((a - first) * RATE) : round((b - first) * RATE)] = value
    half = round(3 * RAMP_S * RATE)
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / (RAMP_S * RATE)) ** 2)
    track = np.maximum(np.convolve(track, bell / bell.sum(), "same"), 0.0)
    return np.asarray(np.interp(time_s, first + np.arange(len(track)) / RATE, track))


def _openness(sign: str) -> list[float]:
    """Of a sound; a diphthong has two."""
    values = list(_signs(sign))
    vowels = [v for s, v in values if s in "aɑæɐʌɒɔoɛeɜɝəɚɪiʊuyøœɨ"]
    if len(vowels) >= 2:
        return vowels[:2]
    return [values[0][1]] if values else [0.0 if not sign.strip("_:ˈˌ ") else OTHER]


def _signs(sign: str) -> Iterator[tuple[str, float]]:
    for letter in sign:
        if letter in OPENNESS:
            yield letter, OPENNESS[letter]
