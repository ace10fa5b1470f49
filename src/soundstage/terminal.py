"""What a person sees while a film is made, on stderr: bars with the time left, or plain lines where nobody watches."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

LABELS = {
    "plan": "planning",
    "rehearse": "rehearsing",
    "score": "making the sound",
    "shoot": "rendering",
    "dress": "giving it its look",
    "passes": "making passes",
    "draw": "drawing",
    "finish": "finishing",
    "references": "rendering references",
    "review": "measuring",
}
QUIET_S = 10.0
"""Plain lines come no more often than this [s]."""


class Watch:
    """Shows progress; call it with (step, done, of how many)."""

    def __init__(self) -> None:
        self.step = ""
        self.done = 0
        self.total = 0
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}
        self._since: dict[str, tuple[float, int]] = {}
        self._moving: dict[str, bool] = {}
        self._said = 0.0

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bars = Progress(
                TextColumn("{task.description:<16}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(elapsed_when_finished=True),
                console=Console(stderr=True),
                transient=True,
            )
            self._bars.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        self.step, self.done, self.total = step, done, total
        if self._bars is None:
            self._line(step, done, total)
            return
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(LABELS.get(step, step), total=total)
        self._bars.update(self._tasks[step], completed=done, total=total)

    def _line(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        label = LABELS.get(step, step)
        if step not in self._since:
            self._since[step] = (now, done)
            say(label if done == 0 or total <= 1 else f"{label}: {done} of {total} are there already")
        elif done and not self._moving.get(step):
            self._moving[step] = True  # the first frame takes as long as many: the scene is built for it
            self._since[step] = (now, done)
            return
        elif now - self._said >= QUIET_S:
            say(f"{label}: {done} of {total}{self._left(step, done, total, now)}")
        else:
            return
        self._said = now

    def _left(self, step: str, done: int, total: int, now: float) -> str:
        start, before = self._since[step]
        if done <= before or done >= total:
            return ""
        return f", about {duration((now - start) / (done - before) * (total - done))} left"


def say(*lines: str) -> None:
    """Lines for a person, on stderr."""
    for line in lines:
        sys.stderr.write(line + "\n")
    sys.stderr.flush()


def duration(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
