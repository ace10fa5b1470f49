"""A town park: a lawn with real blades where people stand, a gravel path, trees near and far, a bench and a lamp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....colour import blackbody
from ..lamps import area
from ..materials import light, painted, substance
from ..mesh import Parts, place
from ..sky import outdoors
from . import town
from ._registry import Stage, backdrop
from .lawn import scatter_blades
from .plants import bark_material, leaf_material, shrub_mesh, tree_mesh

FRONT_LAMPS = ((-4.4, -5.6), (5.0, -6.0))
"""Lamps on the near side of the lawn, which light what is turned away from the path."""
PATH_Y, PATH_W = 6.2, 2.0
"""Middle and width of the path that runs along X behind the action [m]."""


@backdrop("park")
def park(stage: Stage) -> Any:
    lit = outdoors(stage.place)
    ground = stage.place.ground_material
    lawn = Parts().quad([(-260, -260, 0), (260, -260, 0), (260, 260, 0), (-260, 260, 0)])
    place("lawn", lawn.mesh("lawn", [substance(ground, key="lawn")]))
    if ground == "grass":
        scatter_blades(stage.rng("blades"), inner_m=5.0, outer_m=15.0, keep=_off_path)
    path()
    trees(stage)
    bench(stage)
    lamp_posts(stage)
    town.skyline(stage.rng("skyline"), lit.haze, lamps=lit.lamps, roofs=False)
    return lit


def _off_path(x: float, y: float) -> bool:
    return abs(y - path_y(x)) > PATH_W / 2 + 0.45


def path_y(x: float) -> float:
    """Where the path runs: a slow curve."""
    return PATH_Y + 0.9 * float(np.sin(x * 0.16)) + 0.010 * x * x * 0.35


def path() -> None:
    """Gravel between two rows of edging stones."""
    xs = np.linspace(-26, 26, 60)
    centre = np.array([[x, path_y(float(x))] for x in xs])
    tangent = np.gradient(centre, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    gravel, edge = Parts(), Parts()
    a, b = centre + side * PATH_W / 2, centre - side * PATH_W / 2
    for i in range(len(xs) - 1):
        gravel.quad([(*b[i], 0.012), (*b[i + 1], 0.012), (*a[i + 1], 0.012), (*a[i], 0.012)])
        for line in (a, b):
            mid, span = (line[i] + line[i + 1]) / 2, line[i + 1] - line[i]
            edge.box(
                (*mid, 0.01),
                (float(np.linalg.norm(span)) - 0.012, 0.09, 0.09),
                turn_z=float(np.arctan2(span[1], span[0])),
                bevel=0.01,
            )
    place("path", gravel.mesh("path", [substance("asphalt", colour="#b59f7e", key="gravel")]))
    place("edging", edge.mesh("edging", [substance("stone", colour="#8d877b", key="edging")]))


def trees(stage: Stage) -> None:
    """A few large trees behind the path, groves farther out, all around but for where low sun comes in."""
    rng = stage.rng("trees")
    bark = bark_material("bark", (0.115, 0.088, 0.064))
    leaves = [
        leaf_material("leaves a", (0.066, 0.135, 0.030)),
        leaf_material("leaves b", (0.10, 0.16, 0.036), autumn=0.1),
        leaf_material("leaves c", (0.045, 0.105, 0.032)),
    ]
    near = [
        tree_mesh(f"tree {k}", stage.rng(f"tree {k}"), height=h, leaf_m=0.15, leaves=34000, leaf=leaves[k], bark=bark)
        for k, h in enumerate((11.0, 9.0, 13.0))
    ]
    far = [
        tree_mesh(
            f"far tree {k}", stage.rng(f"far tree {k}"), height=h, leaf_m=0.40, leaves=7000, leaf=leaves[k], bark=bark
        )
        for k, h in enumerate((12.0, 10.0, 14.0))
    ]
    spots = [
        (-9.5, 12.5, 0),
        (-3.2, 17.0, 2),
        (5.4, 13.2, 1),
        (12.5, 16.5, 0),
        (-17.0, 18.0, 1),
        (-15.0, 3.0, 2),
        (15.5, 4.5, 1),
        (20.0, 12.0, 2),
    ]
    for k, (x, y, kind) in enumerate(spots):
        if stage.lets_sun_in(x, y, origin=(0.0, 0.0)):
            place(
                f"tree at {k}",
                near[kind],
                at=(x, y, -0.05),
                turn_z=float(rng.uniform(0, 6.28)),
                scale=float(rng.uniform(0.9, 1.1)),
            )
    for k in range(230):
        angle, radius = rng.uniform(0, 2 * np.pi), 28 + 110 * rng.random() ** 0.8
        x, y = radius * np.sin(angle), radius * np.cos(angle)
        clearing = abs(np.sin(angle * 2.5 + 0.6)) < 0.22 and radius < 80  # meadows between the groves
        if not clearing and stage.lets_sun_in(x, y, origin=(0.0, 0.0), half_angle_deg=16.0):
            place(
                f"grove {k}",
                far[k % 3],
                at=(x, y, -0.1),
                turn_z=float(rng.uniform(0, 6.28)),
                scale=float(rng.uniform(0.75, 1.25)),
            )
    dark = substance("grass", colour="#1c2614", key="hedge")
    shrub = shrub_mesh("shrub", stage.rng("shrub"), radius=1.1, leaf_m=0.10, leaves=3500, leaf=leaves[2], dark=dark)
    for k, (x, y) in enumerate([(-6.5, 10.2), (2.0, 11.2), (9.2, 10.8), (-13.0, 11.0), (16.0, 11.5)]):
        if stage.lets_sun_in(x, y, origin=(0.0, 0.0), half_angle_deg=10.0):
            place(
                f"shrub {k}",
                shrub,
                at=(x, y, -0.05),
                turn_z=float(rng.uniform(0, 3.1)),
                scale=float(rng.uniform(0.8, 1.2)),
            )


def bench(stage: Stage) -> None:
    """A slatted bench beyond the path, facing the lawn, and a bin."""
    slats, iron = Parts(), Parts()
    for k in range(4):
        slats.box((0, -0.16 + k * 0.105, 0.45), (1.7, 0.09, 0.032), bevel=0.006)
    for k in range(3):
        slats.box((0, 0.235 + k * 0.022, 0.56 + k * 0.125), (1.7, 0.03, 0.10), bevel=0.006)
    for x in (-0.7, 0.7):
        iron.tube([(x, -0.2, 0.43), (x, 0.2, 0.43), (x, 0.30, 0.88)], 0.02, sides=8)
        iron.tube([(x, -0.18, 0.43), (x, -0.22, 0.0)], 0.02, sides=8)
        iron.tube([(x, 0.18, 0.43), (x, 0.26, 0.0)], 0.02, sides=8)
    at = (2.6, path_y(2.6) + PATH_W / 2 + 0.7, 0.0)
    place("bench slats", slats.mesh("bench slats", [substance("wood", colour="#7a5532", key="bench")]), at=at)
    place("bench iron", iron.mesh("bench iron", [painted("iron", (0.02, 0.024, 0.022), 0.5)]), at=at)
    bin_ = Parts().lathe(
        [(0.0, 0.05), (0.20, 0.05), (0.22, 0.75), (0.235, 0.78), (0.20, 0.78), (0.18, 0.3), (0, 0.3)], sides=32
    )
    place("bin", bin_.mesh("bin", [painted("bin green", (0.02, 0.055, 0.035), 0.45)]), at=(4.2, at[1] + 0.1, 0.0))


def lamp_posts(stage: Stage) -> None:
    """Old-fashioned lamps along the path; lit after dark, and those near the middle light the lawn."""
    iron = painted("iron", (0.02, 0.024, 0.022), 0.5)
    warm = blackbody(3400.0)
    globe = light("globe lit", warm, 3.5) if stage.lamps > 0.0 else painted("globe", (0.75, 0.74, 0.70), 0.2)
    parts = Parts()
    parts.lathe(
        [
            (0, 0),
            (0.14, 0),
            (0.12, 0.12),
            (0.06, 0.3),
            (0.045, 0.9),
            (0.035, 3.2),
            (0.06, 3.25),
            (0.10, 3.32),
            (0, 3.34),
        ],
        sides=24,
    )
    parts.lathe([(0.08, 3.33), (0.16, 3.42), (0.19, 3.55), (0.16, 3.68), (0.06, 3.76), (0, 3.77)], sides=32, slot=1)
    mesh = parts.mesh("park lamp", [iron, globe])
    for k, x in enumerate((-12.0, -4.4, 3.6, 11.5)):
        y = path_y(x) - PATH_W / 2 - 0.35
        place(f"park lamp {k}", mesh, at=(x, y, 0.0))
        if abs(x) < 8:
            _park_light(f"park light {k}", at=(x, y, 3.5), towards=(x * 0.2, 0.0, 0.9), white=0.62 * stage.lamps)
    for k, (x, y) in enumerate(FRONT_LAMPS):
        place(f"park lamp front {k}", mesh, at=(x, y, 0.0))
        _park_light(f"park light front {k}", at=(x, y, 3.5), towards=(0.0, 0.0, 1.2), white=0.95 * stage.lamps)


def _park_light(name: str, *, at: Sequence[float], towards: Sequence[float], white: float) -> None:
    if white > 0.0:
        area(name, at=at, towards=towards, size=(0.45, 0.45), white=white, rgb=blackbody(3400.0), spread_deg=170.0)
