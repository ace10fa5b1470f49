"""What watches and hears a film as it runs past."""

from ._observer import Observer

__all__ = ["Observer"]
