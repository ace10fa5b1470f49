"""The table of textures, and what a texture returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ....colour import RGB
from ..graph import Graph, Socket


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What a texture says about each point."""

    colour: Socket
    roughness: Socket
    height: Socket | None = None
    """Relief, 0…1."""
    relief_m: float = 0.0
    """Height of the relief [m]."""
    sheen: Socket = 0.0
    specular: Socket = 0.5
    coat: Socket = 0.0
    anisotropic: float = 0.0


Texture = Callable[[Graph, Any, RGB, float], Surface]
TEXTURES: dict[str, Texture] = {}


def texture(name: str) -> Callable[[Texture], Texture]:
    """Enter a texture under a name."""

    def enter(function: Texture) -> Texture:
        TEXTURES[name] = function
        return function

    return enter
