"""The picture: Takes in, one PNG per film frame out, and passes. Blender runs in child processes only."""

from .passes import shoot_passes
from .referring import Reference, refer
from .shooting import shoot

__all__ = ["Reference", "refer", "shoot", "shoot_passes"]
