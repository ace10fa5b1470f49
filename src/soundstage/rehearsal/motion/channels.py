"""The names by which a body is moved. A pose is one number per channel; a performance is a curve per channel.

Angles are in degrees in the data and in radians in memory. Sided channels end in .L or .R.

    hips.ahead, hips.left      shift of the centre of mass over the feet [m on a body of 1.75 m]
    hips.turn, hips.lean, hips.drop   turn to the left, tip forwards, left side down
    knees                      flexion of the straighter leg while standing
    weight                     on which foot: 1 the left, -1 the right, 0 both
    chest.bend, chest.side, chest.turn   forwards, to the left, to the left; shared out over the spine
    breath                     0 out … 1 in
    head.nod, head.tilt, head.turn   against the chest: down, to the left, to the left
    eyes.up, eyes.left         against the head
    heels                      both heels lifted
    ball.ahead, ball.left, ball.up   centre of a held thing from the middle of the shoulders, facing ahead [arm lengths]
    ball.pitch                 its tip forwards
    sip                        1: the rim of what is held is at the lips
    gap                        between the palms of empty hands that meet at ball.* [arm lengths]
    sided: shoulder.up, shoulder.ahead · arm.ahead, arm.out, arm.turn (inwards) · elbow · palm (turned down/back)
           wrist.bend (to the palm), wrist.side (to the thumb)
           curl (0 flat … 1 fist), spread, thumb (across the palm), thumb_up (1: stretched), index (1: pointing)
           clasp (1: the fingers bend although the hand holds)
           hold (0 free … 1 on the thing), open (palm off the thing [arm lengths])
           grip.round, grip.up (where on it: round from ahead to the own side, upwards)
           grip.roll (fingers turned from up towards ahead) · elbow.out (while holding)
           touch.SPOT (1: the hand lies on that spot of the own body; spots are listed in actions.toml)
"""

from __future__ import annotations

import numpy as np

from .maths import Floats
from .sheets import sheets

SPOTS: tuple[str, ...] = tuple(sheets()["spot"])
"""Where a hand can lie on the own body."""
MIDDLE = (
    "hips.ahead", "hips.left", "hips.turn", "hips.lean", "hips.drop", "knees", "weight", "chest.bend", "chest.side",
    "chest.turn", "breath", "head.nod", "head.tilt", "head.turn", "eyes.up", "eyes.left", "heels", "ball.ahead",
    "ball.left", "ball.up", "ball.pitch", "sip", "gap",
)  # fmt: skip
SIDED = (
    "shoulder.up", "shoulder.ahead", "arm.ahead", "arm.out", "arm.turn", "elbow", "palm", "wrist.bend", "wrist.side",
    "curl", "spread", "thumb", "thumb_up", "index", "clasp", "hold", "open", "grip.round", "grip.up", "grip.roll",
    "elbow.out",
    *(f"touch.{spot}" for spot in SPOTS),
)  # fmt: skip
CHANNELS = (*MIDDLE, *(f"{name}.{side}" for side in "LR" for name in SIDED))
INDEX = {name: number for number, name in enumerate(CHANNELS)}
LATERAL = ("hips.left", "hips.turn", "hips.drop", "weight", "chest.side", "chest.turn", "head.tilt", "head.turn",
           "eyes.left", "ball.left")  # fmt: skip
"""Middle channels that change sign for a left-hander."""
PLAIN = {
    "hips.ahead",
    "hips.left",
    "weight",
    "breath",
    "ball.ahead",
    "ball.left",
    "ball.up",
    "sip",
    "gap",
    "curl",
    "spread",
    "index",
    "thumb_up",
    "clasp",
    "hold",
    "open",
    *(f"touch.{spot}" for spot in SPOTS),
}
"""Channels that are not angles."""
OWN = (
    {f"touch.{spot}" for spot in SPOTS}
    | {"knees", "ball.ahead", "ball.left", "ball.up", "ball.pitch", "sip", "gap"}
    | (set(SIDED) - {"shoulder.up", "shoulder.ahead", "index", "thumb", "thumb_up", "spread", "open", "clasp"})
)
"""Channels whose keys say where a thing is. The others add to what is below (a nod on top of a lean)."""


LEGS = ("knees", "heels", "weight", "hips.ahead", "hips.left", "hips.turn", "hips.lean", "hips.drop")
"""Channels that the legs answer for: who sits or kneels keeps them, whatever the hands do."""
ARM = ("arm.ahead", "arm.out", "arm.turn", "elbow")
"""Channels that take an arm away from where it rested."""


def base_name(channel: str) -> str:
    """A channel without its side."""
    return channel[:-2] if channel.endswith((".L", ".R")) else channel


def is_angle(channel: str) -> bool:
    """Whether the data gives it in degrees."""
    return base_name(channel) not in PLAIN


def in_memory(channel: str, value: float) -> float:
    """A value of the data as it is computed with."""
    return float(np.radians(value)) if is_angle(channel) else float(value)


def blank(count: int) -> Floats:
    """Channels over time, all zero, shape (count, C)."""
    return np.zeros((count, len(CHANNELS)))
