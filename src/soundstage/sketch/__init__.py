"""The sketch: a Take drawn in seconds, flat and plain, through the same camera and at the same times as the film."""

from .drawing import sketch

__all__ = ["sketch"]
