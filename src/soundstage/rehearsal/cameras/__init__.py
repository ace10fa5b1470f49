"""Where the camera stands, how it moves and what is sharp: one row per film frame.

stage       what can be seen: tracks of people and things
subjects    who and what a shot is about
moments     which frames a shot has
framing     where a camera stands so that its subjects are in the picture
people      past a shoulder, and out of somebody's eyes
choice      from which side: sight lines, the 180° rule, jump cuts
sight, walls  what stands in the way, and where a camera has room
moves, easing  what each move adds over time
rig         a moving camera, kept on its subjects and out of walls
handheld    the shake of hands, breath and steps
focus       what is sharp
path        all of it, for a scene
"""

from ...view import SENSOR_MM
from .geometry import MARGIN, NEAREST_M, frame_points, look_rotation
from .path import camera_path
from .stage import Stage

__all__ = ["MARGIN", "NEAREST_M", "SENSOR_MM", "Stage", "camera_path", "frame_points", "look_rotation"]
