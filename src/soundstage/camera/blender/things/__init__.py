"""How things look: one function per `look` of the library's props, entered by `@look("name")`.

A look gets the Thing of a Take and the place it is in, and returns a mesh (or an object with children) in the thing's
own frame. Its size is exactly the size of the thing's collision shape.
"""

from . import balls, hoop, plain, small
from ._registry import LOOKS, build_thing

__all__ = ["LOOKS", "balls", "build_thing", "hoop", "plain", "small"]
