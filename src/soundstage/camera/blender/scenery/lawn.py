"""Blades of grass as geometry: a few patches of a square metre, set out many times and turned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ..graph import Graph
from ..materials import make
from ..mesh import fill, place

Array = NDArray[Any]

PATCH_M = 1.0


def scatter_blades(
    rng: np.random.Generator, *, inner_m: float, outer_m: float, keep: Callable[[float, float], bool]
) -> None:
    """Cover the ground around the origin: dense patches to `inner_m`, sparser and coarser ones to `outer_m`."""
    material = blade_material()
    dense = [patch(f"blades {k}", rng, 5200, 0.0042, material) for k in range(3)]
    sparse = [patch(f"sparse blades {k}", rng, 1300, 0.009, material) for k in range(3)]
    reach = int(outer_m) + 1
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            x, y = (i + rng.uniform(-0.1, 0.1)) * PATCH_M * 0.92, (j + rng.uniform(-0.1, 0.1)) * PATCH_M * 0.92
            turn, scale, which = (
                float(rng.integers(0, 4)) * np.pi / 2,
                float(rng.uniform(0.85, 1.2)),
                int(rng.integers(0, 3)),
            )
            away = float(np.hypot(x, y))
            if away < outer_m and keep(x, y):
                mesh = (dense if away < inner_m else sparse)[which]
                place(f"grass {i} {j}", mesh, at=(x, y, -0.004), turn_z=turn, scale=(1.0, 1.0, scale))


def patch(name: str, rng: np.random.Generator, count: int, width: float, material: Any) -> Any:
    """A square metre of mown grass: blades of three pieces, bent over at random."""
    root = np.column_stack([rng.uniform(-0.54, 0.54, (count, 2)) * PATCH_M, np.zeros(count)])
    height = rng.gamma(9.0, 0.0047, count)
    angle = rng.uniform(0, 2 * np.pi, count)
    lean = rng.uniform(0.1, 1.0, count) * height
    out = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(count)])
    side = (
        np.column_stack([-np.sin(angle), np.cos(angle), np.zeros(count)])
        * (width * rng.uniform(0.6, 1.2, count) / 2)[:, None]
    )
    up = np.array([0.0, 0.0, 1.0])
    mid = root + out * (lean * 0.3)[:, None] + up * (height * 0.58)[:, None]
    tip = root + out * lean[:, None] + up * height[:, None]
    v = np.stack([root - side, root + side, mid + side * 0.8, mid - side * 0.8, tip], axis=1)
    base = np.arange(count)[:, None] * 5
    quads = base + np.array([0, 1, 2, 3])
    tips = base + np.array([3, 2, 4])
    mesh = bpy.data.meshes.new(name)
    fill(mesh, v.reshape(-1, 3), [tuple(q) for q in quads.tolist()] + [tuple(t) for t in tips.tolist()])
    mesh.materials.append(material)
    return mesh


def blade_material() -> Any:
    """Fresh and dry blades in drifts; light shines through them."""

    def build(g: Graph) -> None:
        at = g.world_coords()
        broad = g.noise(at, 0.13, detail=5, roughness=0.65)
        fine = g.noise(at, 22.0, detail=1)
        _, _, z = g.split(at)
        tip = g.smooth(z, 0.0, 0.06)
        fresh = g.mix(g.smooth(fine, 0.35, 0.65), (0.030, 0.075, 0.014), (0.075, 0.135, 0.026))
        dry = g.mix(g.smooth(fine, 0.4, 0.6), (0.105, 0.12, 0.035), (0.16, 0.145, 0.06))
        colour = g.mix(g.times(g.smooth(broad, 0.42, 0.66), 0.55), fresh, dry)
        colour = g.shade(colour, g.rescale(tip, 0.0, 1.0, 0.55, 1.25))
        front = g.add("ShaderNodeBsdfDiffuse", {"Color": colour}).outputs[0]
        back = g.add("ShaderNodeBsdfTranslucent", {"Color": g.shade(colour, 1.2)}).outputs[0]
        gloss = g.add("ShaderNodeBsdfGlossy", {"Color": (1, 1, 1), "Roughness": 0.5}).outputs[0]
        g.surface(g.mix_shader(0.025, g.mix_shader(0.35, front, back), gloss), plain=(0.05, 0.085, 0.02))

    return make("blades", build)
