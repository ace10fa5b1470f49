"""How substances look: procedural textures by the name a material's `texture` field gives.

A texture is one function in one of this folder's modules, entered by `@texture("name")`. It gets coordinates in [m]
with the grain along X, the base colour and the roughness, and returns a Surface.
"""

from . import fabrics, grounds, plain, stones, woods
from ._registry import TEXTURES, Surface

__all__ = ["TEXTURES", "Surface", "fabrics", "grounds", "plain", "stones", "woods"]
