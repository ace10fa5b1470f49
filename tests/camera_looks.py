"""Run by test_camera_looks.py in a process of its own: builds and renders what it is told, says how each went.

python camera_looks.py FOLDER < [{"name": …, "take": path}, …]
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from soundstage.camera.blender.scene import Scene
    from soundstage.take import Take

    settings: dict[str, Any] = {
        "size": [64, 36], "samples": 1, "motion_blur": False, "shutter": 0.5, "denoise": False, "view_transform": "AgX",
        "contrast": "None", "exposure_ev": 0.0, "seed": 1,
    }  # fmt: skip
    for entry in json.load(sys.stdin):
        try:
            scene = Scene(Take.load(entry["take"]), {**settings, **entry["settings"]}, 2)
            shown = [list(thing.dimensions) for thing in scene.things]
            scene.render(0, 1, folder / f"{entry['name']}.png", None)
            reports.write(json.dumps({"name": entry["name"], "error": "", "dimensions": shown}) + "\n")
        except Exception:
            reports.write(json.dumps({"name": entry["name"], "error": traceback.format_exc()}) + "\n")
    reports.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
