"""What each move adds to a camera over time.

A camera that moves is a rig: a pivot, which is what the shot is about, and an arm from the pivot to the lens. `follow`,
`lead`, `dolly`, `truck` and `pedestal` carry the whole rig along; `orbit` turns it about the vertical; `push_in`,
`pull_out` and `dolly_zoom` change the arm's length; `crane` and `drone` raise its end. As long as nothing but these
happens the pivot keeps its place in the picture. `pan`, `tilt`, `roll`, `whip_pan` and `handheld` turn the head on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import clock
from ...errors import ScreenplayError
from ...screenplay.model import Camera, Move
from .easing import FLANK_S, progress
from .moments import Clockwork, Span

Array = NDArray[Any]

TRAVELS = ("follow", "lead")
STRAIGHT = ("dolly", "truck", "pedestal")
LOOKING = ("crane", "orbit", "push_in", "pull_out", "zoom", "dolly_zoom", "drone")
"""Moves during which the camera goes on looking at its subjects."""
HEAD = ("pan", "tilt", "roll", "whip_pan")
TURNS_AWAY = ("pan", "tilt", "whip_pan")
"""Moves that may be asked to lose the subjects."""
STANDS = (*HEAD, "zoom", "handheld")
"""What a camera can do whose place is somebody's eyes."""
WHIP_S = 0.4
"""A whip pan takes this long if nothing else is said [s]."""
DRONE_BACK = 0.9
"""A drone flies back this part of its rise …"""
DRONE_ARC = np.radians(35.0)
"""… and round its subjects by this much."""


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A move with its time."""

    move: Move
    start: int
    """[ticks]"""
    end: int
    """[ticks]"""
    starts_inside: bool
    ends_inside: bool

    def progress(self, ticks: Array) -> Array:
        """0…1 at given ticks."""
        return progress(
            (ticks - self.start) / (self.end - self.start),
            self.move.ease,
            seconds=clock.seconds(self.end - self.start),
            starts_inside=self.starts_inside,
            ends_inside=self.ends_inside,
        )

    def presence(self, ticks: Array) -> Array:
        """0…1: whether it is on, with flanks where it comes and goes inside the shot."""
        on = np.ones(len(ticks))
        flank = min(clock.ticks(2 * FLANK_S), (self.end - self.start) // 2)
        for inside, since in ((self.starts_inside, ticks - self.start), (self.ends_inside, self.end - ticks)):
            if inside:
                x = np.clip(since / max(flank, 1), 0.0, 1.0)
                on = on * x * x * (3 - 2 * x)
        return on


def timed(span: Span, tick: Clockwork, frame: int) -> tuple[Timed, ...]:
    """The moves of a shot with their times; `frame` is the length of a frame [ticks].

    What has no end lasts until the shot's last frame, which then shows all of the move.

    Raises:
        ScreenplayError: a move ends before it starts, has an amount that means nothing, or is none for this framing.
    """
    out = []
    last = max(span.end - frame, span.start + frame)
    for k, move in enumerate(span.shot.camera.moves):
        what = f"shot {span.shot.id!r}: move {k + 1} ({move.kind})"
        _check(move, span.shot.camera, what)
        start = tick(move.start, f"{what}, its start,") if move.start else span.start
        end = tick(move.end, f"{what}, its end,") if move.end else last
        if move.kind == "whip_pan" and not (move.start and move.end):
            long = min(clock.ticks(WHIP_S), last - span.start)
            if move.start is None:
                start = end - long if move.end else (span.start + last - long) // 2
            end = start + long if move.end is None else end
        if end <= start:
            raise ScreenplayError(
                f"{what} ends {clock.seconds(start - end):.2f} s before it starts"
                if end < start
                else f"{what} ends when it starts",
                "let it start earlier or end later; without start and end it lasts as long as the shot",
            )
        out.append(
            Timed(move=move, start=start, end=end, starts_inside=start > span.start, ends_inside=end < span.end - frame)
        )
    return tuple(out)


def _check(move: Move, camera: Camera, what: str) -> None:
    if move.kind in ("zoom", "dolly_zoom") and move.amount <= 0:
        raise ScreenplayError(
            f"{what} multiplies the lens by {move.amount:g}", "give a factor above 0: 2 is twice as near, 0.5 as far"
        )
    if move.kind == "push_in" and move.amount >= 1:
        raise ScreenplayError(
            f"{what} goes {move.amount:g} of the way to its subjects, into them",
            "give a part of the way below 1, such as 0.4",
        )
    if move.kind == "pull_out" and move.amount <= -1:
        raise ScreenplayError(f"{what} would go into its subjects", "give an amount above -1")
    if camera.framing == "point_of_view" and move.kind not in STANDS:
        raise ScreenplayError(
            f"{what}: a point of view stands where somebody's eyes are and cannot {move.kind.replace('_', ' ')}",
            f"let that person move, or use one of: {', '.join(STANDS)}",
        )
    if move.kind in TURNS_AWAY and move.amount == 0 and len(camera.subjects) < 2:
        raise ScreenplayError(
            f"{what} of 0 degrees goes from the first subject to the last, but there are not two",
            "name a second subject, or say by how many degrees",
        )
    if move.kind in TRAVELS and not camera.subjects:
        raise ScreenplayError(f"{what} goes along with subjects, but there are none", "name subjects")


@dataclass(frozen=True, kw_only=True)
class Motion:
    """What all moves together add at K instants."""

    carried: Array  # (K, 3) [m] with the subjects
    straight: Array  # (K, 3) [m] dolly, truck, pedestal
    orbit: Array  # (K,) [rad]
    nearer: Array  # (K,) factor on the arm
    rise: Array  # (K,) [m]
    back: Array  # (K,) [m] away from the subjects, level
    pan: Array  # (K,) [rad] left
    tilt: Array  # (K,) [rad] up
    roll: Array  # (K,) [rad] clockwise
    zoom: Array  # (K,) factor on the lens
    counter: Array  # (K,) factor on lens and distance (dolly zoom)
    shake: Array  # (K,) times the usual


def motion(
    moves: Sequence[Timed],
    ticks: Array,
    *,
    yaw: float,
    carry: Array,
    swing: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> Motion:
    """What moves add at ticks (K,).

    Args:
        yaw: heading of the camera before it moves [rad]; dollies and trucks run on level rails along and across it.
        carry: (K, 3) what follow and lead have been carried along (see `carriage`).
        swing: yaw and pitch [rad] from the first to the last subject, for pans of 0 degrees.
        scale: on every way through space: less than 1 where there is no room for all of it.
    """
    ahead, right = np.array([-np.sin(yaw), np.cos(yaw), 0.0]), np.array([np.cos(yaw), np.sin(yaw), 0.0])
    rails = {"dolly": ahead, "truck": right, "pedestal": np.array([0.0, 0.0, 1.0])}
    straight = np.zeros((len(ticks), 3))
    zeros = {name: np.zeros(len(ticks)) for name in ("orbit", "rise", "back", "pan", "tilt", "roll", "shake")}
    ones = {name: np.ones(len(ticks)) for name in ("nearer", "zoom", "counter")}
    for m in moves:
        kind, amount, done = m.move.kind, m.move.amount, m.progress(ticks)
        if kind in rails:
            straight = straight + np.outer(done * amount * scale, rails[kind])
        elif kind == "orbit":
            zeros["orbit"] = zeros["orbit"] + np.radians(amount) * done * scale
        elif kind == "crane":
            zeros["rise"] = zeros["rise"] + amount * done * scale
        elif kind == "drone":
            zeros["rise"] = zeros["rise"] + amount * done * scale
            zeros["back"] = zeros["back"] + abs(amount) * DRONE_BACK * done * scale
            zeros["orbit"] = zeros["orbit"] + DRONE_ARC * done * scale
        elif kind in ("push_in", "pull_out"):
            ones["nearer"] = ones["nearer"] * (1 + (amount if kind == "pull_out" else -amount) * done * scale)
        elif kind == "zoom":
            ones["zoom"] = ones["zoom"] * amount**done
        elif kind == "dolly_zoom":
            ones["counter"] = ones["counter"] * amount ** (done * scale)
        elif kind == "handheld":
            zeros["shake"] = zeros["shake"] + amount * m.presence(ticks)
        elif kind in HEAD:
            zeros = _head(zeros, kind, amount, done, swing)
    return Motion(carried=carry * scale, straight=straight, **zeros, **ones)


def _head(
    zeros: dict[str, Array], kind: str, amount: float, done: Array, swing: tuple[float, float]
) -> dict[str, Array]:
    """A pan, tilt or roll; from subject to subject if it is of 0 degrees."""
    if kind == "roll":
        return zeros | {"roll": zeros["roll"] + np.radians(amount) * done}
    if amount == 0:
        return zeros | {"pan": zeros["pan"] + swing[0] * done, "tilt": zeros["tilt"] + swing[1] * done}
    name = "tilt" if kind == "tilt" else "pan"
    return zeros | {name: zeros[name] + np.radians(amount) * done}


def carriage(moves: Sequence[Timed], ticks: Array, way: Array) -> Array:
    """How far (K, 3) follow and lead have carried the camera at ticks (K,) along the subjects' way (K, 3).

    The camera takes up and gives up the subjects' speed gradually where it begins or stops inside the shot.
    """
    steps = np.diff(way, axis=0, prepend=way[:1])
    out = np.zeros_like(way)
    for m in moves:
        if m.move.kind in TRAVELS:
            on = m.presence(ticks) * ((ticks >= m.start) & (ticks <= m.end))
            out = out + m.move.amount * np.cumsum(steps * on[:, None], axis=0)
    return out


def has(moves: Sequence[Timed], kinds: Sequence[str]) -> bool:
    """Whether any move is one of these."""
    return any(m.move.kind in kinds for m in moves)
