"""Where the panels of sports balls meet. Pure numbers."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Axis = tuple[float, float, float]


def _football() -> tuple[list[Axis], list[Axis], float]:
    """Axes of the 12 pentagons and the 20 hexagons of a football, and the weight of hexagons.

    Pentagons lie at the corners of an icosahedron, hexagons at the corners of its dual. A point on the edge between
    the two kinds is equally near to both once hexagon distances are weighted: the weight is found at a corner of the
    truncated icosahedron, which by symmetry touches one pentagon and two hexagons.
    """
    golden = (1 + 5**0.5) / 2
    ico: list[Axis] = [(0.0, float(s), t * golden) for s, t in product((1, -1), repeat=2)]
    ico = [p for q in ico for p in (q, (q[1], q[2], q[0]), (q[2], q[0], q[1]))]
    dode: list[Axis] = [(float(a), float(b), float(c)) for a, b, c in product((1, -1), repeat=3)]
    dual = [(0.0, s * golden, t / golden) for s, t in product((1, -1), repeat=2)]
    dode += [p for q in dual for p in (q, (q[1], q[2], q[0]), (q[2], q[0], q[1]))]
    pentagons = np.array(ico) / np.linalg.norm(ico[0])
    hexagons = np.array(dode) / np.linalg.norm(dode[0])
    a, b = pentagons[0], pentagons[np.argsort(pentagons @ pentagons[0])[-2]]
    corner = a + (b - a) / 3
    corner /= np.linalg.norm(corner)
    weight = float((pentagons @ corner).max() / (hexagons @ corner).max())
    return _half(pentagons), _half(hexagons), weight


def _half(directions: NDArray[np.float64]) -> list[Axis]:
    """One of each pair of opposite directions."""
    kept: list[Axis] = []
    for d in directions:
        if not any(abs(abs(float(d @ np.array(k))) - 1) < 1e-9 for k in kept):
            kept.append((float(d[0]), float(d[1]), float(d[2])))
    return kept


FOOTBALL_CENTRES = _football()
