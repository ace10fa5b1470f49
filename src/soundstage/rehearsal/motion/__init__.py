"""The choreography of people, with no motion capture: key poses, inverse kinematics, gait, gaze."""

from .enliven import enliven
from .perform import action_duration, action_moments, perform, vocal
from .records import Grip, Performance, Release
from .table import action_names, manner_names

__all__ = [
    "Grip",
    "Performance",
    "Release",
    "action_duration",
    "action_moments",
    "action_names",
    "enliven",
    "manner_names",
    "perform",
    "vocal",
]
