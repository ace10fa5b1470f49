"""What a style is given of a frame, and the register that styles enter themselves in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...passes import SKY, Passes
from ..grain import generator

Array = NDArray[Any]
cv: Any = cv2
"""Its stubs know fewer kinds of numbers than it does."""
FAR_M = 1e4
SKY_M = 100.0
"""How far away the sky is where textures are laid on it."""


@dataclass(frozen=True)
class Mover:
    """A thing or a person as it is posed in a frame: rigid parts that know their place in the body at rest."""

    inverse: Array  # (B, 4, 4): world → at rest
    start: Array  # (B, 3) [m], world: each part is nearest to the line from here …
    end: Array  # (B, 3) … to here


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame to be styled."""

    picture: Array
    """(H, W, 3) float32, display-referred (sRGB), 0…1."""
    passes: Passes | None = None
    movers: Mapping[int, Mover] = field(default_factory=dict)
    """By id: how things and people are posed. What is not here stands still."""
    shown: int = 0
    """Number of the frame in the film; of a picture that is held, of the frame that is shown now, if the style is new
    each frame, else of the first."""
    boil: int = 0
    """How often what moves was touched anew."""
    seed: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    """Of the style's entry in the library."""

    @property
    def height(self) -> int:
        return int(self.picture.shape[0])

    @property
    def width(self) -> int:
        return int(self.picture.shape[1])

    def px(self, of_720: float) -> float:
        """A length given for a picture of 720 lines, in pixels of this one."""
        return of_720 * self.height / 720

    def random(self, name: str, *, still: bool = False) -> np.random.Generator:
        """Random numbers for one purpose: new in every frame, or the same in all (`still`)."""
        return generator(self.seed, name, 0 if still else self.shown + 1)

    def exact(self) -> Passes:
        """The passes.

        Raises:
            ValueError: the frame came without; the style's entry must name what it needs.
        """
        if self.passes is None:
            raise ValueError("this style needs passes, and its entry names none")
        return self.passes

    # Passes say what one point of a pixel shows: hair, leaves, grass and cloth are then all specks. Styles see them
    # calmed: as the masses a hand would draw.

    @cached_property
    def ids(self) -> Array:
        """(H, W) int32: who or what, without specks."""
        found = self.exact().ids
        assert found is not None
        small = np.clip(found + 1, 0, 65535).astype(np.uint16)
        return np.asarray(cv.medianBlur(small, 5 if self.height > 300 else 3), dtype=np.int32) - 1

    @cached_property
    def depth(self) -> Array:
        """(H, W) float32 [m]: gaps between leaves are as far as the leaves; the sky is far, not infinitely."""
        found = self.exact().depth
        assert found is not None
        far = np.where(np.isfinite(found), found, np.float32(FAR_M)).astype(np.float32)
        reach = max(3, round(self.px(7.0))) | 1
        return np.asarray(cv.morphologyEx(far, cv.MORPH_OPEN, np.ones((reach, reach), np.uint8)))

    @cached_property
    def _calm(self) -> tuple[Array, Array]:
        found = self.exact().normal
        assert found is not None
        mean = cv.GaussianBlur(np.ascontiguousarray(found, np.float32), (0, 0), max(0.6, self.px(2.0)))
        length = np.sqrt(dot(mean, mean))
        return mean / np.maximum(length, 1e-6)[..., None], length

    @property
    def normal(self) -> Array:
        """(H, W, 3) float32, in the world, without the grain of what is woven or grown."""
        return self._calm[0]

    @property
    def smooth(self) -> Array:
        """(H, W) float32: how much alike normals are around a pixel: 1 on planes, about .7 at a right angle, less on
        leaves and hair."""
        return self._calm[1]

    @cached_property
    def sky(self) -> Array:
        """(H, W) bool."""
        return np.asarray(self.ids == SKY)

    @cached_property
    def rays(self) -> Array:
        """(H, W, 3) float32: sight lines of depth 1."""
        view = self.exact().view
        x = (np.arange(self.width, dtype=np.float32) - (self.width - 1) / 2) / view.focal_px
        y = ((self.height - 1) / 2 - np.arange(self.height, dtype=np.float32)) / view.focal_px
        turn = np.asarray(view.turn, dtype=np.float32)
        across, up = x[None, :, None] * turn[:, 0], y[:, None, None] * turn[:, 1]
        return np.asarray(across + up - turn[:, 2], dtype=np.float32)

    @cached_property
    def surface(self) -> tuple[Array, Array]:
        """Where on its surface each pixel is, (H, W, 3) [m], and the surface's normal there, both (as if) at rest.

        The set rests in the world, a thing in its own axes, a person in the rest pose of the body; so what is laid on
        these points moves with what it is laid on. The sky is a sphere around the camera.
        """
        far = np.where(self.sky, np.float32(SKY_M), self.depth)
        eye = np.asarray(self.exact().view.position, dtype=np.float32)
        at = self.rays * far[..., None] + np.where(self.sky[..., None], np.float32(0), eye)
        facing = np.where(self.sky[..., None], -self.rays, self.normal)
        for number, mover in self.movers.items():
            rows, columns = np.nonzero(self.ids == number)
            if len(rows):
                at[rows, columns], facing[rows, columns] = at_rest(at[rows, columns], facing[rows, columns], mover)
        return at, facing

    @cached_property
    def unrolled(self) -> tuple[Array, Array, Array]:
        """Flat coordinates u, v (H, W) [m] of `surface`, and along which of its own axes each was laid flat."""
        at, facing = self.surface
        reach = max(3, round(self.px(13.0))) | 1
        # Where two axes are as good as each other the many decide, or the grain of the surface would.
        x, y, z = (np.abs(facing[..., k]) for k in range(3))
        largest = np.where(z >= np.maximum(x, y), 2, np.where(y >= x, 1, 0)).astype(np.uint8)
        axis = cv.medianBlur(largest, reach)
        return np.where(axis == 0, at[..., 1], at[..., 0]), np.where(axis == 2, at[..., 1], at[..., 2]), axis

    @cached_property
    def footprint(self) -> Array:
        """(H, W) float32 [m]: how wide a pixel is on what it shows."""
        far = np.where(self.sky, np.float32(SKY_M), self.depth)
        return np.asarray(far / np.float32(self.exact().view.focal_px))

    @cached_property
    def slant(self) -> Array:
        """(H, W) float32: by how many powers of two textures of the set are coarser where it is seen from its edge.

        Not those of what moves: it turns, and its textures would change with it.
        """
        facing = np.abs(dot(self.rays, self.normal)) / np.sqrt(dot(self.rays, self.rays))
        return np.asarray(np.where(self.ids == 0, -0.5 * np.log2(np.clip(facing, 0.06, 1)), 0), dtype=np.float32)


def at_rest(at: Array, facing: Array, mover: Mover) -> tuple[Array, Array]:
    """World points and normals (n, 3) → at rest: by the parts they are nearest to, near joints by both."""
    inverse = np.asarray(mover.inverse, dtype=np.float32)
    if len(inverse) == 1:
        return at @ inverse[0, :3, :3].T + inverse[0, :3, 3], facing @ inverse[0, :3, :3].T
    middle = at.mean(axis=0)  # differences of small numbers keep more digits
    start, way = (mover.start - middle).astype(np.float32), (mover.end - mover.start).astype(np.float32)
    here = at - middle
    length = np.maximum((way**2).sum(axis=1), 1e-8)
    # Squared distance to each line, as products of matrices: |h - s|² - 2 t (h - s)·w + t² |w|².
    ahead = here @ way.T - (start * way).sum(axis=1)
    along = np.clip(ahead / length, 0, 1)
    gap = (
        dot(here, here)[:, None] - 2 * (here @ start.T) + (start**2).sum(axis=1) + along * (along * length - 2 * ahead)
    )
    share = 1 / np.maximum(gap, 1e-6)
    share *= share
    share *= share
    share /= share @ np.ones((share.shape[1], 1), np.float32)
    matrix = (share @ inverse[:, :3].reshape(-1, 12)).reshape(-1, 3, 4)
    turn = matrix[:, :, :3]
    rest = [dot(turn[:, k], at) + matrix[:, k, 3] for k in range(3)]
    return np.stack(rest, axis=-1), np.stack([dot(turn[:, k], facing) for k in range(3)], axis=-1)


def dot(a: Array, b: Array) -> Array:
    """(…) scalar products of (…, 3); numpy is slow at summing short axes."""
    return np.asarray(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2])


StyleFunction = Callable[[Frame], Array]
"""A frame → its picture (H, W, 3), display-referred, 0…1."""
STYLES: dict[str, StyleFunction] = {}
"""By name; each module of this folder enters its own."""


def style(function: StyleFunction) -> StyleFunction:
    """Enter a style under the name of its function."""
    STYLES[function.__name__] = function
    return function
