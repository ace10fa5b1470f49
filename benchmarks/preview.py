"""Measures how long previews take and writes benchmarks/results/preview.md.

    python benchmarks/preview.py

Wall time from the command to the finished sketch, with an empty cache and once more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from soundstage import devices

PROMPTS = {
    "a jump shot, 5 s": (
        "A basketball player takes a jump shot on an outdoor court at sunset and misses; the ball bounces off the "
        "backboard.",
        "5",
    ),
    "two people talk, 5 s": (
        "two friends stand in a park; Anna says: 'Did you see that?' Ben laughs and answers: 'I did!'",
        "5",
    ),
    "dominoes, 3 s": ("twelve red dominoes fall one after another on a marble table", "3"),
}


def seconds(prompt: str, length: str, out: Path, cache: Path) -> float:
    """Wall time of one command [s]."""
    words = [sys.executable, "-m", "soundstage", "preview", prompt, "-o", str(out), "--seconds", length, "--json"]
    start = time.monotonic()
    subprocess.run(words, check=True, capture_output=True, env={**os.environ, "SOUNDSTAGE_CACHE": str(cache)})
    return time.monotonic() - start


def main() -> None:
    """Measure and write the table."""
    load = os.getloadavg()[0]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, (prompt, length) in PROMPTS.items():
            cold = seconds(prompt, length, folder / "a.mp4", folder / "cache")
            warm = seconds(prompt, length, folder / "b.mp4", folder / "cache")
            rows.append(f"| {what} | {cold:.1f} s | {warm:.1f} s |")
    table = "\n".join(["| preview of | first time | the same again |", "|---|---|---|", *rows])
    machine = f"{devices.usable_cpus()} cores, {time.strftime('%Y-%m-%d')}; load {load:.1f} before it began"
    page = f"# A preview\n\n`python benchmarks/preview.py`, {machine}.\n\n{table}\n"
    (Path(__file__).parent / "results" / "preview.md").write_text(page, "utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
