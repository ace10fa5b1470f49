"""A photographer's studio: floor that runs up into the wall in one sweep, a large key light, a rim and a fill."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import library
from ..graph import Graph
from ..lamps import area
from ..materials import finish, make
from ..mesh import Parts, place
from ..sky import indoors
from ..textures import Surface
from ._registry import Stage, backdrop
from .rooms import ground_plane, room_box

SWEEP_M = 1.1
GREY = (0.46, 0.46, 0.47)


@backdrop("cyclorama")
def cyclorama(stage: Stage) -> Any:
    low, high = room_box(stage.place)
    seamless = stage.place.ground_material == library.set_(stage.place.set).ground
    paper = make("seamless", _paper)
    parts = Parts()
    r, back, top = SWEEP_M, high[1] - 0.2, high[2]
    turn = np.linspace(-np.pi / 2, 0, 17)
    line = [(low[1], 0.0), *((back - r + r * np.cos(a), r + r * np.sin(a)) for a in turn), (back, top)]
    if not seamless:  # another floor was asked for: it meets the wall at a right angle
        ground_plane(stage.place, low, high)
        line = [(back, 0.0), (back, top)]
    v = [(x, y, z) for y, z in line for x in (low[0], high[0])]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(line) - 1)]
    parts.add(v, faces, smooth=True)
    for x, a, b in ((low[0], low[1], back), (high[0], low[1], back)):
        parts.quad([(x, a, 0), (x, b, 0), (x, b, top), (x, a, top)])
    parts.quad([(low[0], low[1], 0), (high[0], low[1], 0), (high[0], low[1], top), (low[0], low[1], top)])
    parts.quad([(low[0], low[1], top), (high[0], low[1], top), (high[0], back, top), (low[0], back, top)])
    place("cyclorama", parts.mesh("cyclorama", [paper]))
    indoors((0.10, 0.10, 0.105))
    area("key", at=(-2.6, -2.2, 3.3), towards=(0, 0, 0.8), size=(1.8, 1.8), white=0.85, rgb=(1.0, 0.95, 0.88))
    area("fill", at=(3.0, -2.6, 2.2), towards=(0, 0, 0.9), size=(2.4, 2.4), white=0.22, rgb=(0.86, 0.93, 1.0))
    area("rim", at=(2.2, 2.7, 3.5), towards=(0, 0, 1.0), size=(0.8, 1.6), white=0.55, rgb=(0.92, 0.96, 1.0))
    area("wall wash", at=(0, 1.2, 3.8), towards=(0, back, 1.2), size=(4.0, 0.5), white=0.35, rgb=(1.0, 0.98, 0.95))
    return None


def _paper(g: Graph) -> None:
    at = g.object_coords()
    _, y, _ = g.split(at)
    scuff = g.noise(at, 2.4, detail=7, roughness=0.7)
    near = g.smooth(y, 2.0, 0.5)
    value = g.rescale(g.times(g.smooth(scuff, 0.56, 0.75), near), 0.0, 1.0, 1.0, 0.86)
    finish(
        g, Surface(colour=g.shade(GREY, value), roughness=g.rescale(scuff, 0.3, 0.7, 0.42, 0.6), specular=0.35), GREY
    )
