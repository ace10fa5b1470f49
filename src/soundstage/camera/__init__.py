"""The picture: Takes in, one PNG per film frame out. Blender runs in child processes only."""

from .shooting import shoot

__all__ = ["shoot"]
