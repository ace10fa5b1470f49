"""The render processes: started, watched, replaced when they die or have rendered long enough.

Success is a file in its place, never an exit code. A process that dies is replaced and goes on with what is missing;
when it dies repeatedly at the same frame, that frame cannot be rendered here, and the error says what it last said.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import WorkerError
from ..take import Take
from .jobs import Job, Order

RECYCLE_AFTER = 120
"""Frames after which a process is replaced: Blender's memory grows over long runs."""
DEATHS_PER_FRAME = 3
"""Deaths at one frame before giving up."""
LOG_TAIL_LINES = 12
WORKER = (sys.executable, "-m", f"{__package__}.worker")
"""The command of a render process; the path of its job follows."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Missing frames of one Take."""

    take: Take
    settings: Mapping[str, Any]
    orders: tuple[Order, ...]


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Renders work with one process at a time; Cycles itself uses all threads."""

    folder: Path
    threads: int
    on_frame: Callable[[], None]
    recycle_after: int = RECYCLE_AFTER

    def render(self, work: Sequence[Work]) -> None:
        """Render until every frame has its file.

        Raises:
            WorkerError: a frame cannot be rendered.
        """
        with tempfile.TemporaryDirectory(prefix="soundstage-shoot-") as scratch:
            for number, part in enumerate(work):
                take = Path(scratch) / f"take{number}.npz"
                part.take.save(take)
                self._render_take(part, take, Path(scratch))

    def _render_take(self, part: Work, take: Path, scratch: Path) -> None:
        deaths: Counter[int] = Counter()
        while left := [order for order in part.orders if not Path(order.target).exists()]:
            batch = tuple(left[: self.recycle_after])
            job = Job(take=str(take), settings=part.settings, threads=self.threads, orders=batch)
            job_path, log = scratch / "job.json", scratch / "worker.log"
            job.save(job_path)
            pid, status = self._run(job_path, log)
            for order in batch:
                target = Path(order.target)
                for half_written in target.parent.glob(f".{target.stem}.{pid}.part.*"):
                    half_written.unlink(missing_ok=True)
            stuck = next((order for order in batch if not Path(order.target).exists()), None)
            if stuck is None:
                continue
            deaths[stuck.frame] += 1
            if deaths[stuck.frame] >= DEATHS_PER_FRAME:
                raise WorkerError(
                    f"the render process died {deaths[stuck.frame]} times at frame {stuck.frame} "
                    f"of scene {part.take.scene!r} (exit {status}):\n{_tail(log)}",
                    "finished frames are kept: run the same command again to go on, or try smaller size or samples",
                )

    def _run(self, job: Path, log: Path) -> tuple[int, int]:
        """Run one process to its end; its id and exit status."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [*WORKER, str(job)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches only us; we end it
            )
            assert process.stdout is not None
            try:
                for _ in process.stdout:
                    self.on_frame()
                return process.pid, process.wait()
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                if process.stdin is not None:
                    process.stdin.close()
                process.stdout.close()


def _tail(log: Path) -> str:
    """The last lines a process said, without Blender's progress chatter."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    telling = [line for line in lines if line.strip() and not line.startswith(("Fra:", "Saved:", "Time:"))]
    return "\n".join(telling[-LOG_TAIL_LINES:])
