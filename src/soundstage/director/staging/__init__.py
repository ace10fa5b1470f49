"""From a frame to a screenplay: everything the prompt left open is decided here, and written down."""

from ._casting import cast as cast_of
from ._document import stage
from ._sheet import Settings

__all__ = ["Settings", "cast_of", "stage"]
