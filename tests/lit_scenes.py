"""Run by test_lighting.py in a process of its own: renders Takes and white cards, says what light came out.

python lit_scenes.py < [{"name": …, "take": path, "only": lamp or "", "card": {"at": …, "facing": …} or null}, …]

With `only`, every other light is put out. With a `card`, a white matt square of 4 cm stands at its place and the
camera looks straight at it: the report says its radiance. Without, it says the luminance 0…1 of every pixel shown, and
the mean colour of the upper edge.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

SETTINGS: dict[str, Any] = {
    "size": [64, 36], "samples": 16, "motion_blur": False, "shutter": 0.5, "denoise": True, "view_transform": "AgX",
    "contrast": "Medium High Contrast", "exposure_ev": 0.0, "seed": 1,
}  # fmt: skip


def main() -> None:
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory() as folder:
        for entry in json.load(sys.stdin):
            try:
                reports.write(json.dumps({"name": entry["name"], **lit(entry, Path(folder))}) + "\n")
            except Exception:
                reports.write(json.dumps({"name": entry["name"], "error": traceback.format_exc()}) + "\n")
    reports.flush()
    os._exit(0)


def lit(entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    import bpy

    from soundstage.camera.blender import pixels
    from soundstage.camera.blender.scene import Scene
    from soundstage.take import Take

    scene = Scene(Take.load(entry["take"]), SETTINGS, 2)
    scene.pose(0)
    lamps = sorted(thing.name for thing in bpy.data.objects if thing.type == "LIGHT")
    if entry.get("only"):
        for thing in bpy.data.objects:
            if thing.type == "LIGHT":
                thing.hide_render = thing.name != entry["only"]
            elif thing.type == "MESH":
                thing.hide_render = True
        bpy.context.scene.world = None
    if not entry.get("card"):
        picture = pixels.render(1) / 255.0
        luminance, sky = picture @ [0.2126, 0.7152, 0.0722], picture[:4].mean(axis=(0, 1))
        return {"error": "", "lamps": lamps, "luminance": luminance.round(4).tolist(), "sky": sky.tolist()}
    return {"error": "", "lamps": lamps, "radiance": card(scene, **entry["card"], folder=folder)}


def card(scene: Any, at: list[float], facing: list[float], folder: Path) -> float:
    """Luminance of light from a white card, in linear light."""
    import bpy
    import numpy as np
    from mathutils import Vector

    from soundstage.camera.blender.materials import make
    from soundstage.camera.blender.mesh import Parts, place

    white = make("card", lambda g: g.surface(g.add("ShaderNodeBsdfDiffuse", {"Color": (1, 1, 1)}).outputs[0]))
    corners = [(-0.02, -0.02, 0), (0.02, -0.02, 0), (0.02, 0.02, 0), (-0.02, 0.02, 0)]
    turn = (Vector(facing) - Vector(at)).to_track_quat("Z", "Y")
    thing = place("card", Parts().quad(corners).mesh("card", [white]), at=tuple(at))
    thing.rotation_euler = turn.to_euler()
    camera = scene.camera
    camera.location = Vector(at) + turn @ Vector((0.0, 0.0, 0.2))
    camera.rotation_quaternion = turn
    camera.data.lens, camera.data.dof.use_dof = 400.0, False
    render = bpy.context.scene.render
    render.image_settings.file_format, render.image_settings.color_depth = "OPEN_EXR", "32"
    render.filepath = str(folder / "card.exr")
    bpy.ops.render.render(write_still=True)
    picture = bpy.data.images.load(render.filepath)
    rgb = np.array(picture.pixels[:]).reshape(-1, 4)[:, :3].mean(axis=0)
    return float(rgb @ [0.2126, 0.7152, 0.0722])


if __name__ == "__main__":
    main()
