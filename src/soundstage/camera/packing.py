"""Rectangles packed into one small picture, so that scattered parts of a frame are rendered in one go. Pure numbers."""

from __future__ import annotations

from collections.abc import Sequence

Size = tuple[int, int]
Spot = tuple[int, int]

_SHAPES = (0.7, 1.0, 1.4, 2.0, 3.0, 4.5)
"""Widths that are tried, in square roots of the whole area."""


def pack(sizes: Sequence[Size]) -> tuple[list[Spot], Size]:
    """Upper left corners of rectangles of given width and height, none over another, and the size that holds all.

    In shelves, the tallest first; of a few widths the one that wastes least.
    """
    if not sizes:
        return [], (0, 0)
    widest = max(w for w, _ in sizes)
    area = sum(w * h for w, h in sizes)
    tries = [_shelves(sizes, max(widest, round(area**0.5 * shape))) for shape in _SHAPES]
    return min(tries, key=lambda tried: tried[1][0] * tried[1][1])


def _shelves(sizes: Sequence[Size], width: int) -> tuple[list[Spot], Size]:
    spots: list[Spot] = [(0, 0)] * len(sizes)
    x = y = shelf = used = 0
    for k in sorted(range(len(sizes)), key=lambda k: (-sizes[k][1], k)):
        w, h = sizes[k]
        if x + w > width:
            x, y, shelf = 0, y + shelf, 0
        spots[k] = (x, y)
        x, shelf = x + w, max(shelf, h)
        used = max(used, x)
    return spots, (used, y + shelf)
