"""People in Blender: from a Person and a Body to a rig that can be keyed and rendered. Imports bpy."""

from .build import build_person
from .rig import PersonRig

__all__ = ["PersonRig", "build_person"]
