"""Small real films for the tests of what is seen: true physics and a true camera, painted instead of rendered.

A screenplay is planned and rehearsed as any other; the pictures are painted from its Takes with soft edges, four points
to a pixel, over a set that stands still, and written as a real mp4. So a fault can be put into the world itself (more
gravity, other clothes) and not only into the pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import films
import numpy as np
from numpy.typing import NDArray

from soundstage.production import steps
from soundstage.review.colours import rgb_of
from soundstage.review.sightings import chest_of, top_of
from soundstage.review.surfaces import PERSON, Seen, of_bone, see
from soundstage.review.truth import Truth
from soundstage.screenplay import Screenplay, dump
from soundstage.take import Take

Array = NDArray[Any]

SIZE = (320, 180)
FINE = 2
"""Points across a pixel."""
LIGHT = np.array([-0.45, -0.35, 0.82])
SKIN, LEGS = np.array([196.0, 150.0, 120.0]), np.array([60.0, 66.0, 84.0])

Paint = Callable[[str, Array], Array | None]
"""(id of a thing or person, its colour 0…255) → the colour it is painted in; None: not at all."""


def honest(_: str, colour: Array) -> Array:
    """Everything in its own colour."""
    return colour


@dataclass(frozen=True)
class Painted:
    """A film and what it was made from."""

    path: Path
    screenplay: Screenplay
    takes: tuple[Path, ...]
    pictures: tuple[Array, ...]

    def again(self, name: str, pictures: Sequence[Array], *, fps: int = 24) -> Painted:
        """Other pictures that claim to show the same."""
        path = write(self.path.parent / f"{name}.mp4", pictures, self.screenplay, fps)
        return Painted(path, self.screenplay, self.takes, tuple(pictures))

    def repainted(self, name: str, paint: Paint, start: int) -> Painted:
        """From one picture on, painted otherwise."""
        late = paint_all(self.takes, self.screenplay, paint, start=start)
        return self.again(name, [*self.pictures[:start], *late])


def plan(prompt: str, *, seconds: float, size: tuple[int, int] = SIZE) -> Screenplay:
    """A prompt as a document."""
    return steps.plan(prompt, language=None, seconds=seconds, size=size, fps=24, quality="draft", seed=7)


def film(
    folder: Path,
    name: str,
    play: Screenplay,
    *,
    paint: Paint = honest,
    change: Callable[[Take], Take] = lambda take: take,
) -> Painted:
    """A screenplay, rehearsed, painted and written; `change` alters its Takes before."""
    takes = [change(take) for take in steps.rehearse(play)]
    files = []
    for take in takes:
        file = folder / f"{name}.{take.scene}.take.npz"
        take.save(file)
        files.append(file)
    pictures = paint_all(files, play, paint)
    return Painted(write(folder / f"{name}.mp4", pictures, play, play.fps), play, tuple(files), tuple(pictures))


def paint_all(files: Sequence[Path], play: Screenplay, paint: Paint = honest, *, start: int = 0) -> list[Array]:
    """Every picture (H, W, 3) uint8 from one on."""
    truth = Truth.of(files, play.size, screenplay=dump(play))
    fine = (play.size[0] * FINE, play.size[1] * FINE)
    pictures = []
    plates: dict[bytes, Array] = {}
    for n, instant in enumerate(truth.instants()):
        view = truth.view(instant)
        place = view.position.tobytes() + view.turn.tobytes()
        if place not in plates:
            plates[place] = plate(fine, seed=len(plates))
        if n < start:
            continue
        seen = see(truth, instant, fine)
        shown = _painted(truth, seen, plates[place].copy(), paint)
        small = cv2.resize(shown, play.size, interpolation=cv2.INTER_AREA)
        grain = np.random.default_rng(3).normal(0, 0.5, small.shape[:2])[..., None]  # dither: stands still
        pictures.append(np.clip(np.rint(small + grain), 0, 255).astype(np.uint8))
    return pictures


def plate(size: tuple[int, int], seed: int = 0) -> Array:
    """A set without anything in it: a wall and a floor, (H, W, 3) float32."""
    width, height = size
    noise = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 5)
    rows = np.linspace(0, 1, height)[:, None]
    wall, floor = np.array([176.0, 168.0, 158.0]), np.array([128.0, 116.0, 100.0])
    mix = np.clip((rows - 0.45) * 12, 0, 1)[..., None]
    return np.asarray((wall * (1 - mix) + floor * mix + 90 * soft[..., None]).astype(np.float32))


def _painted(truth: Truth, seen: Seen, shown: Array, paint: Paint) -> Array:
    take = truth.takes[seen.instant.take]
    light = LIGHT / np.linalg.norm(LIGHT)
    poses = truth.poses(seen.instant.take, seen.instant.middle)
    for index, thing in enumerate(take.things):
        y, x = np.nonzero(seen.ids == index)
        colour = paint(thing.id, rgb_of(thing.colour))
        if not len(y) or colour is None:
            continue
        world = seen.view.position + seen.view.rays(np.stack([x, y], axis=-1)) * seen.depth[y, x, None]
        normal = (world - poses.thing_position[0, index]) / (np.array(thing.size) / 2)
        lit = 0.62 + 0.3 * np.clip(normal @ light, -1, 1) if thing.shape == "sphere" else np.full(len(y), 0.8)
        shown[y, x] = colour * lit[:, None]
    for person, who in enumerate(take.people):
        figure, samples, shows = truth.body(seen.instant.take, person), seen.samples(person), seen.shows(person)
        mine = seen.ids == PERSON + person
        head = np.zeros_like(mine)
        if len(samples):
            own = of_bone(figure, "head", "neck01", "neck02", "neck03")[figure.faces[samples[:, 0].astype(int), 0]]
            head = cv2.dilate(((shows >= 0) & own[np.maximum(shows, 0)]).astype(np.uint8), np.ones((3, 3))) > 0
        chest = chest_of(truth, seen, person)
        parts = ((f"{who.id} legs", LEGS, mine & ~head), (who.id, rgb_of(top_of(who)) * 0.9, chest & ~head))
        for name, own_colour, where in (*parts, (f"{who.id} head", SKIN, head & mine)):
            colour = paint(name, own_colour)
            if colour is not None:
                shown[where] = colour
    return shown


def write(path: Path, pictures: Sequence[Array], play: Screenplay, fps: int) -> Path:
    """The mp4, which carries its screenplay."""
    return films.write(path, pictures, fps=fps, comment=dump(play))


def turned(picture: Array, degrees: float, focal_px: float) -> Array:
    """What a camera turned to the side shows of the same."""
    height, width = picture.shape[:2]
    a = np.radians(degrees)
    lens = np.array([[focal_px, 0, (width - 1) / 2], [0, focal_px, (height - 1) / 2], [0, 0, 1.0]])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    map_ = lens @ turn @ np.linalg.inv(lens)
    return cv2.warpPerspective(picture, map_, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def first(painted: Painted) -> Take:
    """The record of the first scene."""
    return Take.load(painted.takes[0])
