"""What the sound modules hand to the mix: mono sounds with a time and a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._kernel import Array


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One mono sound."""

    start: int
    """Its first sample on the scene's clock."""
    pcm: Array  # (n,) [Pa at 1 m]
    position: Array  # (3,) [m], or (K, 3) spread evenly over the sound
    family: str
    """Sounds of one family share a fader, so their loudness among each other stays as physics has it."""


@dataclass(frozen=True, kw_only=True)
class Stems:
    """The sound of one scene, 48 kHz stereo, float32 (N, 2) each; the four stems add up to the mix."""

    dialogue: Array
    effects: Array
    footsteps: Array
    ambience: Array
    mix: Array

    def named(self) -> dict[str, Array]:
        """The stems by name, without the mix."""
        return {
            "dialogue": self.dialogue,
            "effects": self.effects,
            "footsteps": self.footsteps,
            "ambience": self.ambience,
        }


def silence(count: int) -> Array:
    """A stereo buffer of zeros."""
    return np.zeros((count, 2))
