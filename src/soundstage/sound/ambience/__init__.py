"""The sound of a place when nobody does anything: layers, each made anew for every scene, none of them looped."""

from .bed import LAYERS, ambience

__all__ = ["LAYERS", "ambience"]
