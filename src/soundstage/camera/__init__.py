"""The picture: Takes in, one PNG per film frame out. Blender runs in child processes only."""

from .referring import Reference, refer
from .shooting import shoot

__all__ = ["Reference", "refer", "shoot"]
