"""A neighbourhood court in a park: painted hard court, fence, hedge and trees, houses behind."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import library
from ....colour import linear
from ....daylight import Daylight
from ..materials import substance
from ..mesh import Parts, place
from ..sky import outdoors
from . import town
from ._registry import Stage, backdrop
from .court import acrylic_court
from .plants import bark_material, hedge_mesh, leaf_material, tree_mesh

ACTION = (0.0, -3.5)
"""Where people play [m]."""
FLOODS = [(-10.2, 0.6, -3.5), (10.2, 0.6, -3.5), (-10.2, -13.0, -8.5), (10.2, -13.0, -8.5)]
"""Masts: x, y, and where along the court they aim [m]."""
HALF_X, NORTH, SOUTH = 14.5, 4.6, -29.6
"""Run-off of the court: the fence stands on its edge [m]."""


@backdrop("city_park")
def city_park(stage: Stage) -> Any:
    light = outdoors(stage.place)
    ground = library.material(stage.place.ground_material)
    acrylic_court(field=ground.albedo, key="#94452f", surround="#4d6b4f", half_x=HALF_X, south=SOUTH, north=NORTH)
    surroundings()
    corners = [(-HALF_X, SOUTH), (-HALF_X, NORTH), (HALF_X, NORTH), (HALF_X, SOUTH), (-HALF_X, SOUTH)]
    town.fence(corners, height=3.6)
    for k, (x, y, middle) in enumerate(FLOODS):
        aim = (x * 0.25, middle)
        town.floodlight(f"flood {k}", at=(x, y), aim=aim, height=7.5, white=0.80 * light.lamps)
    greenery(stage)
    houses(stage, light)
    town.skyline(stage.rng("skyline"), light.haze, lamps=light.lamps)
    return light


def surroundings() -> None:
    """Lawn all around, a curb along the court and a path behind the fence."""
    lawn = Parts().quad([(-220, -240, -0.06), (220, -240, -0.06), (220, 220, -0.06), (-220, 220, -0.06)])
    place("lawn", lawn.mesh("lawn", [substance("grass")]))
    curb = Parts()
    w = 0.14
    mid, long = (NORTH + SOUTH) / 2, NORTH - SOUTH
    for side in (-1, 1):
        curb.box((side * (HALF_X + w / 2), mid, -0.02), (w, long + 2 * w, 0.14), bevel=0.012)
    for y in (NORTH + w / 2, SOUTH - w / 2):
        curb.box((0, y, -0.02), (2 * HALF_X, w, 0.14), bevel=0.012)
    place("curb", curb.mesh("curb", [substance("concrete")]))
    path = Parts().quad(
        [(-60, NORTH + 3.2, -0.045), (60, NORTH + 3.2, -0.045), (60, NORTH + 5.4, -0.045), (-60, NORTH + 5.4, -0.045)]
    )
    place("path", path.mesh("path", [substance("asphalt", colour="#6a655c")]))


def greenery(stage: Stage) -> None:
    """Hedge behind the fence, trees in loose rows on all sides."""
    rng = stage.rng("greenery")
    bark = bark_material("bark", (0.11, 0.085, 0.062))
    leaf = leaf_material("leaves", (0.066, 0.135, 0.030), autumn=0.05)
    lighter = leaf_material("leaves light", (0.098, 0.158, 0.036), autumn=0.12)
    dark = substance("grass", colour="#1c2614")
    hedge = hedge_mesh(
        "hedge", stage.rng("hedge"), size=(6.0, 1.1, 1.3), leaf_m=0.085, leaves=9000, leaf=leaf, dark=dark
    )
    for k, x in enumerate(np.arange(-21, 22, 6.0)):
        place(f"hedge {k}", hedge, at=(float(x), NORTH + 1.6, -0.06), turn_z=np.pi * (k % 2))
    kinds = [
        tree_mesh(f"tree {k}", stage.rng(f"tree {k}"), height=h, leaf_m=0.23, leaves=19000, leaf=m, bark=bark)
        for k, (h, m) in enumerate([(9.0, leaf), (10.5, lighter), (8.0, leaf)])
    ]
    spots = [(x + rng.normal(0, 1.2), NORTH + 9.0 + abs(rng.normal(0, 2.0))) for x in np.arange(-34, 36, 7.0)]
    spots += [(x + rng.normal(0, 2), NORTH + 19 + rng.normal(0, 2.5)) for x in np.arange(-45, 46, 9.0)]
    for side in (-1, 1):
        spots += [
            (side * (HALF_X + 6 + abs(rng.normal(0, 2.2))), y + rng.normal(0, 1.5)) for y in np.arange(-34, 6, 8.0)
        ]
    spots += [(x + rng.normal(0, 1.5), SOUTH - 8 - abs(rng.normal(0, 2.5))) for x in np.arange(-24, 26, 8.0)]
    for k, (x, y) in enumerate(spots):
        mesh = kinds[int(rng.integers(0, len(kinds)))]
        if not stage.lets_sun_in(x, y, origin=ACTION):
            continue
        place(f"tree at {k}", mesh, at=(x, y, -0.1), turn_z=rng.uniform(0, 6.28), scale=float(rng.uniform(0.8, 1.2)))


def houses(stage: Stage, light: Daylight) -> None:
    """Blocks of flats and brick houses beyond the trees: two rows to the north, one on every other side."""
    rng = stage.rng("houses")
    tones = ["#a88d72", "#8f4f3a", "#b9b1a2", "#7d5a48", "#c2b59b", "#9a6a52", "#8e8a83"]
    plots: list[tuple[float, float, float, float, int]] = []  # x, y, width, depth, floors
    x = -95.0
    while x < 95:
        w = rng.uniform(14, 26)
        for distance, low, high in ((52.0, 2, 5), (95.0, 3, 8)):
            plots.append(
                (
                    x + w / 2 + rng.normal(0, 3),
                    NORTH + distance + rng.normal(0, 3),
                    w - 1.5,
                    12.0,
                    int(rng.integers(low, high)),
                )
            )
        x += w
    plots += [
        (side * (50 + rng.normal(0, 3)), float(y), 12.0, 18.0, int(rng.integers(3, 7)))
        for side in (-1, 1)
        for y in np.arange(-60, 30, 22.0)
    ]
    plots += [(float(x), SOUTH - 50, 20.0, 12.0, int(rng.integers(3, 8))) for x in np.arange(-80, 90, 24.0)]
    for k, (x, y, width, depth, floors) in enumerate(plots):
        tone, brick = tones[int(rng.integers(0, len(tones)))], bool(rng.random() < 0.5)
        if stage.lets_sun_in(x, y, origin=ACTION):
            size = (width, depth, floors * town.FLOOR_M)
            town.house(
                f"house {k}",
                rng,
                at=(x, y, 0.0),
                size=size,
                rgb=linear(tone),
                lamps=light.lamps,
                haze=light.haze,
                brick=brick,
            )
