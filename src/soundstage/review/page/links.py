"""Links into the film that stands beside the page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..telling import clock_time
from .markup import Html, el

LEAD_S, TAIL_S = 0.7, 0.9
"""What is played around a moment [s]."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A film as seen from the page."""

    address: str
    """Relative, quoted; empty if there is none."""
    player: str
    """Id of its player on the page."""

    @staticmethod
    def to(film: Path, page: Path, player: str = "film") -> Link:
        """From a page to a film, by a relative path; by an absolute one where there is none (another drive)."""
        film, folder = film.expanduser().absolute(), page.expanduser().absolute().parent
        try:
            way = Path(os.path.relpath(film, folder)).as_posix()
        except ValueError:
            return Link(address=film.as_uri(), player=player)
        return Link(address=quote(way, safe="/"), player=player)

    def code(self, time_s: float, words: str | Html | None = None, **attributes: str) -> Html:
        """A time code that can be clicked; with `words` it says something else."""
        time_s = max(time_s, 0.0)
        attributes.setdefault("class_", "t")
        return el(
            "a",
            words if words is not None else clock_time(time_s),
            href=f"{self.address}#t={time_s:.3f}",
            data_t=f"{time_s:.3f}",
            data_for=self.player,
            **attributes,
        )

    def play(self, time_s: float) -> Html:
        """Plays what is around a moment."""
        start, end = max(time_s - LEAD_S, 0.0), time_s + TAIL_S
        return el(
            "a",
            "▶ play it",
            href=f"{self.address}#t={start:.2f},{end:.2f}",
            data_t=f"{start:.3f}",
            data_until=f"{end:.3f}",
            data_for=self.player,
            class_="play",
        )
