"""The choreography of people, with no motion capture: key poses, inverse kinematics, gait, gaze."""

from .records import Grip, Performance, Release

__all__ = ["Grip", "Performance", "Release"]
