"""What watches a film: once, from the first picture to the last, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..footage import Picture, Sound
from ..rows import Row


class Observer(Protocol):
    """Sees every picture in order and hears every block of sound in order, then says what it found."""

    def look(self, picture: Picture) -> None:
        """The next picture."""

    def listen(self, sound: Sound) -> None:
        """The next block of sound. Whoever has no such method is deaf."""

    def rows(self) -> Iterable[Row]:
        """What was found, after the end of the film."""
