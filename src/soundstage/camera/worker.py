"""The render process: `python -m soundstage.camera.worker JOB.json` renders the job's frames, one PNG each.

Says "done <frame>" on its standard output after each file is in place; everything that Blender says goes to standard
error. Ends when its standard input closes, so that it never outlives the process that started it. Whether it
succeeded is judged by the files: Blender may crash while leaving.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from .jobs import Job


def main(job_path: str) -> None:
    """Render every frame of a job that is not there yet."""
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Blender's chatter is written by C code: move the descriptor, not sys.stdout
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    job = Job.load(Path(job_path))
    from ..take import Take
    from .blender.scene import Scene  # loads Blender: only here

    scene = Scene(Take.load(job.take), job.settings, job.threads)
    for order in job.orders:
        target = Path(order.target)
        if not target.exists():
            if job.settings.get("passes"):
                scene.write_passes(order.frame, target)
                reports.write(f"done {order.frame}\n")
                continue
            if order.surfaces:  # first, because the picture is what says that a frame is done
                scene.write_surfaces(order.frame, Path(order.surfaces))
            scene.render(order.frame, order.seed, target, order.plates, order.neighbours)
        reports.write(f"done {order.frame}\n")
    reports.flush()
    os._exit(0)  # Blender can crash while it is taken apart; everything is written


def _leave_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(3)


if __name__ == "__main__":
    main(sys.argv[1])
