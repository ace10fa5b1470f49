"""The sound of a place when nobody does anything: layers, each made anew for every scene, none of them looped."""

from .bed import EDGE_S, LAYERS, ambience

__all__ = ["EDGE_S", "LAYERS", "ambience"]
