"""Basketball hoops: where the ring is, what the net does to a ball, and what became of a shot.

The net is a tube of cord that a ball must widen to pass. Here it is a force on balls inside it, not a solid: a drag
against the cord (the ball loses a third of its speed on the way through) and a pull towards the axis, both in
proportion to how far the ball is wider than the net at its depth. The net has no mass and does not swing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...take import Array, Thing
from .shapes import matrix

NET_DRAG = (25.0, 25.0, 5.0)
"""Resistance of the cord to a ball that fills it, across and along the net [N·s/m]: the ball leaves a third slower
and almost straight down."""
NET_PULL = 120.0
"""Pull of the net towards its axis on a ball that bulges it on one side [N/m]."""


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A hoop's ring, net and board in the world."""

    hoop: int
    centre: Array
    """(3,) in the plane of the upper edge."""
    front: Array
    """(3,) horizontal unit vector from the board to the court."""
    side: Array
    """(3,) horizontal unit vector along the board."""
    face: float
    """Distance from the ring's centre back to the board's face [m]."""
    inner: float
    """Inner radius [m]."""
    outer: float
    net_length: float
    net_bottom: float
    """Radius of the net's lower end [m]."""
    board: tuple[float, float, float]
    """Half width, bottom and top of the board, heights relative to the ring [m]."""

    def local(self, point: Array) -> tuple[float, float, float]:
        """Sideways, forwards and upwards from the ring's centre [m]."""
        d = np.asarray(point) - self.centre
        return float(d @ self.side), float(d @ self.front), float(d[2])


def ring(index: int, thing: Thing, position: Array, rotation: Array) -> Ring | None:
    """The ring of a thing; None if it has none."""
    p = thing.params
    if "rim_inner" not in p:
        return None
    turned = matrix(rotation)
    return Ring(
        hoop=index,
        centre=np.asarray(position) + turned @ np.array([0.0, p["rim_offset"], p["rim_height"]]),
        front=turned[:, 1],
        side=turned[:, 0],
        face=float(p["rim_offset"]),
        inner=float(p["rim_inner"]) / 2,
        outer=float(p["rim_inner"]) / 2 + float(p["rim_bar"]),
        net_length=float(p["net_length"]),
        net_bottom=float(p["net_bottom"]) / 2,
        board=(
            float(p["board_width"]) / 2,
            float(p["board_bottom"] - p["rim_height"]),
            float(p["board_bottom"] + p["board_height"] - p["rim_height"]),
        ),
    )


def net_force(ring: Ring, radius: float, position: Array, velocity: Array) -> Array | None:
    """Force of the net on a ball [N], shape (3,); None if the ball is not in it."""
    x, y, z = position - ring.centre
    depth = -z
    if not 0.0 < depth < ring.net_length:
        return None
    off = float(np.hypot(x, y))
    if off >= ring.inner:
        return None
    wide = ring.inner + (ring.net_bottom - ring.inner) * depth / ring.net_length
    # The cord is widened by what the ball is larger than the net, at most by the ball's own radius.
    stretch = min(max(off + radius - wide, 0.0), radius)
    if stretch <= 0.0:
        return None
    fill = min(1.0, stretch / (0.25 * radius)) * min(1.0, depth / 0.05, (ring.net_length - depth) / 0.05)
    bulge = max(off - max(wide - radius, 0.0), 0.0)
    pull = -NET_PULL * fill * bulge / max(off, 1e-9) * np.array([x, y, 0.0])
    return np.asarray(pull - fill * np.array(NET_DRAG) * np.asarray(velocity))


@dataclass(frozen=True)
class Verdict:
    """What became of a shot."""

    made: bool
    touched: tuple[str, ...]
    """Parts of the hoop in order of contact ("backboard", "rim"), without repeats in a row, until it was decided."""
    reach: float
    """Where the ball first came down through the ring's plane: distance from the ring's centre, positive beyond it."""
    front: float
    """Distance in front of the board's face when it was decided [m]."""
    decided: bool

    @property
    def words(self) -> tuple[str, ...]:
        """In the words of a screenplay."""
        if self.made:
            return self.touched or ("clean",)
        if self.touched:
            return self.touched
        return ("short",) if self.reach < 0 else ("long",)

    def __str__(self) -> str:
        how = {"backboard": "off the backboard", "rim": "off the rim"}
        words = " and ".join(how.get(w, w) for w in self.words)
        return f"{'goes in' if self.made else 'misses'} ({words})" if self.decided else "comes to no decision"


_PART_WORDS = {"board": "backboard", "rim": "rim", "bracket": "rim"}


@dataclass(kw_only=True)
class Watch:
    """Follows one ball at one hoop from a step on; feed it every step, then read `verdict`."""

    ring: Ring
    geoms: dict[int, str]
    """The engine's geoms of the hoop and their part names."""
    ball: set[int]
    """The engine's geoms of the ball."""
    origin: Array
    """(3,) where the shot comes from."""
    _touched: list[str] = field(default_factory=list)
    _last: tuple[float, float, float] | None = None
    _through: bool = False
    _reach: float | None = None
    _front: float = 0.0
    _decided: bool = False

    def see(self, position: Array, touching: Sequence[tuple[int, int]]) -> bool:
        """Take in one step; True when nothing can change any more."""
        if self._decided:
            return True
        here = self.ring.local(position)
        if not self._through:
            for a, b in touching:
                other = b if a in self.ball else a if b in self.ball else -1
                word = _PART_WORDS.get(self.geoms.get(other, ""))
                if word and (not self._touched or self._touched[-1] != word):
                    self._touched.append(word)
        if self._last is not None and self._last[2] > 0.0 >= here[2]:
            self._cross(here)
        elif self._through and here[2] > 0.0:
            self._through = False  # it came out again
        self._front = here[1] + self.ring.face
        below = -here[2]
        falls = self._last is not None and here[2] < self._last[2]
        self._decided = falls and ((self._through and below > 0.3) or below > 1.2)
        self._last = here
        return self._decided

    def _cross(self, here: tuple[float, float, float]) -> None:
        assert self._last is not None
        f = self._last[2] / (self._last[2] - here[2])
        x, y = (self._last[i] + f * (here[i] - self._last[i]) for i in (0, 1))
        if np.hypot(x, y) < self.ring.inner:
            self._through = True
        if self._reach is None:
            sx, sy, _ = self.ring.local(self.origin)
            far = float(np.hypot(sx, sy)) or 1.0
            self._reach = -(x * sx + y * sy) / far

    @property
    def verdict(self) -> Verdict:
        return Verdict(
            made=self._through and self._decided,
            touched=tuple(self._touched),
            reach=self._reach if self._reach is not None else -99.0,
            front=self._front,
            decided=self._decided,
        )


def fits(verdict: Verdict, kind: str, via: Sequence[str]) -> bool:
    """Whether a shot did what was asked.

    The contacts come in the order asked; more may follow ("backboard" is also a ball that then touches the ring).
    A miss must come down in front of the board. "clean" and "short" allow no contact before, "long" none with the ring.
    """
    if not verdict.decided or verdict.made != (kind == "goes_in"):
        return False
    if not verdict.made and verdict.front < 0.0 and "long" not in via:
        return False
    want = [w for w in via if w in ("backboard", "rim")]
    if list(verdict.touched[: len(want)]) != want:
        return False
    if "clean" in via and verdict.touched:
        return False
    if "short" in via and (verdict.reach > 0 or (not want and verdict.touched)):
        return False
    if "long" in via:  # past the ring, be it against the board
        return want != [] or ("rim" not in verdict.touched and (verdict.reach > 0 or verdict.touched != ()))
    return True


def score(verdict: Verdict, via: Sequence[str]) -> float:
    """How far a fitting shot is from exactly what was asked: 0 exactly."""
    want = [w for w in via if w in ("backboard", "rim")]
    extra = len(verdict.touched) - len(want)
    if not want:  # any way will do; the plainest is best
        return 0.0 if verdict.made or "short" in via or "long" in via else (0.0 if verdict.touched else 1.0)
    return 0.15 * max(0, extra)


def describe(kind: str, via: Sequence[str]) -> str:
    """An outcome in words."""
    return f"{kind.replace('_', ' ')}{' via ' + ', '.join(via) if via else ''}"
