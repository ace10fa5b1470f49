"""Measures a first film as a user gets it, and writes benchmarks/results/first_film.md.

    python benchmarks/first_film.py [--size 640x360] [--seconds 4]

Speed: a cold film (empty cache), the same again, a plan; peak memory with all child processes. Exactness, from the
decoded mp4 against the Take: when sounds begin after their contacts, and how high a ball bounces. Frames and samples
are decoded as any player would; nothing comes from inside the program but the Take, the truth to compare with.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundstage import Take, clock, devices, doctor
from soundstage.review import Row, hearing, review

MAIN = (
    "A basketball player takes a jump shot on an outdoor court at sunset and misses; the ball bounces off the "
    "backboard. She says: so close!"
)
BOUNCE = "a red ball falls from two meters onto a wooden floor"
FADED_S, NEXT_S = 0.12, 0.03
"""Onsets are measured where no other contact was this short before, or is this soon after [s], and nobody speaks."""
WITHIN_S = 0.06
"""An onset belongs to a contact no further from it than this [s]."""
AUDIBLE_N = 20.0
"""Contacts with a smaller peak force [N] drown in the ambience."""


@dataclass(frozen=True)
class Run:
    """One command: what it printed, how long it took [s], the most memory it and its children held at once [bytes]."""

    printed: str
    wall_s: float
    peak_bytes: int


def command(*arguments: str, cache: Path) -> Run:
    """Run soundstage in a process of its own and watch its memory."""
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "soundstage", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SOUNDSTAGE_CACHE": str(cache)},
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    printed, complaint = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}\n{complaint}")
    return Run(printed, time.monotonic() - start, peak[0])


def _watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _tree(process.pid)))
        time.sleep(0.5)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _memory(pid: int) -> int:
    """Memory of a process, shared pages by halves where they are shared by two [bytes]."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


# ── exactness ───────────────────────────────────────────────────────────────────────────────────────────────────────


def sound_of(film: Path) -> NDArray[np.float64]:
    """Samples of an mp4 by their time stamps, both channels together."""
    import av

    with av.open(str(film)) as file:
        pieces = [(frame.pts or 0, frame.to_ndarray().mean(axis=0)) for frame in file.decode(audio=0)]
    whole = np.zeros(max(at + len(piece) for at, piece in pieces))
    for at, piece in pieces:
        if at >= 0:
            whole[at : at + len(piece)] = piece
    return whole


def onset_offsets(sound: NDArray[np.float64], take: Take) -> list[float]:
    """Onset in the film minus contact in the Take [s], for each audible contact that stands alone."""
    c = take.contacts
    times = np.array([clock.seconds(t) for t in c.time])
    starts, ends = (np.array([clock.seconds(t) for t in side]) for side in (take.utterances.start, take.utterances.end))
    heard = np.array([onset.time_s for onset in hearing.heard(sound, clock.AUDIO_RATE)])
    offsets = []
    for time_s, force in zip(times, c.peak_force, strict=True):
        others = times[times != time_s] - time_s
        crowded = np.any((others > -FADED_S) & (others < NEXT_S))
        spoken = np.any((starts < time_s + NEXT_S) & (ends > time_s - NEXT_S))
        if force < AUDIBLE_N or crowded or spoken or time_s < FADED_S:
            continue
        found = heard[np.abs(heard - time_s) < WITHIN_S] - time_s
        if len(found):
            offsets.append(float(found[np.argmin(np.abs(found))]))
    return offsets


def told(row: Row) -> str:
    """A row of a review in a few words."""
    if row.value is None:
        return f"not measurable: {row.why}"
    worst = f" (worst: {row.worst.what})" if row.worst and row.worst.what else ""
    return f"{row.value:.{row.measure.decimals}f} {row.measure.unit}{worst}"


# ── report ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--seconds", default="4")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "first_film.md")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        rows = measure(Path(name), chosen.size, chosen.seconds)
    table = "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)])
    memory = (doctor.memory_bytes() or 0) / 1e9
    machine = f"{devices.usable_cpus()} cores ({platform.machine()}), {memory:.0f} GB, {time.strftime('%Y-%m-%d')}"
    if load > 0.5:
        machine += f"; other work was running (load {load:.1f} before it began), so times are too long"
    made_by = f"python benchmarks/first_film.py --size {chosen.size} --seconds {chosen.seconds}"
    page = f"# A first film\n\n`{made_by}`, {machine}.\n\n{table}\n"
    chosen.out.parent.mkdir(exist_ok=True)
    chosen.out.write_text(page, "utf-8")
    sys.stdout.write(page)


def measure(folder: Path, size: str, seconds: str) -> list[tuple[str, str]]:
    """What was measured, and its value, in the order of the table."""
    cache, film = folder / "cache", folder / "film.mp4"
    options = ("--size", size, "--seconds", seconds, "--json")
    cold = command("film", MAIN, "-o", str(film), *options, cache=cache)
    result: dict[str, Any] = json.loads(cold.printed)
    again = command("film", MAIN, "-o", str(folder / "again.mp4"), *options, cache=cache)
    plan = command("plan", MAIN, cache=cache)
    take = Take.load(result["take"][0])
    offsets = np.array(onset_offsets(sound_of(film), take)) * 1000
    command("film", BOUNCE, "-o", str(folder / "bounce.mp4"), "--size", size, cache=cache)
    seen = review(folder / "bounce.mp4")
    equal = film.read_bytes() == (folder / "again.mp4").read_bytes()
    steps = ", ".join(f"{step} {value:.0f} s" for step, value in result["timings_s"].items())
    return [
        (f"cold film, {result['seconds']:g} s at {size}, {result['frames']} frames", f"{cold.wall_s:.0f} s ({steps})"),
        ("the same again", f"{again.wall_s:.1f} s, {json.loads(again.printed)['frames_rendered']} frames rendered"),
        ("both are equal, byte for byte", "yes" if equal else "NO"),
        ("plan", f"{plan.wall_s:.1f} s"),
        ("peak memory, children included", f"{cold.peak_bytes / 1e9:.1f} GB"),
        ("sound after contact in the decoded mp4, median", f"{np.median(offsets):+.2f} ms of {len(offsets)} contacts"),
        ("… earliest and latest", f"{offsets.min():+.2f} ms, {offsets.max():+.2f} ms"),
        *((seen.row(key).measure.label, told(seen.row(key))) for key in ("gravity_error", "restitution_error")),
    ]


if __name__ == "__main__":
    main()
