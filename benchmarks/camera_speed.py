"""Measures how fast the camera renders, and how well, against plain Cycles; writes benchmarks/results/camera_speed.md.

    python benchmarks/camera_speed.py [--size 1280x720] [--frames 12] [--reference-samples 4096] [--films miss,walk]

For each film some frames, evenly spread, are rendered three ways in one run: as `soundstage film` does (plates of the
empty set, what is new in one go, frames made from others), plainly (each frame whole, with the same engine and
denoiser, at several sample counts) and as references (whole, with many samples and other noise). Plain Cycles is given
the sample count, between those tried, at which it is as good as the fast way by PSNR. Times are of whole render
processes: loading, building the set, plates and frames; a film's own time is made up of its plates and as many frames
of each kind as it has.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import soundstage
from soundstage.camera import inbetween, keys, shooting
from soundstage.camera.jobs import Order
from soundstage.camera.keyframes import plate_rows
from soundstage.production.options import Options, apply
from soundstage.production.steps import picture_settings
from soundstage.review import compare
from soundstage.take import Take

FILMS = {
    "basketball": "A basketball player takes a jump shot on an outdoor court at sunset and misses; the ball bounces "
    "off the backboard. She says: so close!",
    "talk": "Anna and Ben talk in a living room. Anna says: did you see the game? Ben laughs and says: what a shot!",
    "dominoes": "A row of ten dominoes on a table; a steel ball rolls down a ramp and knocks them over",
    "walk": "A man in a suit walks along a street in the morning. The camera follows him.",
    "night": "At night in a park, a woman in a red coat walks to a bench. A boy waves and says: good evening!",
}
PLAIN = (2, 4, 8, 16, 32, 64)
"""Sample counts of the plain way; it stops at the first that is better than the fast way."""
OTHER_NOISE = 0x5EED


@dataclass(frozen=True)
class Way:
    """How some frames were rendered: the files, and seconds a frame, averaged as the film has them."""

    files: list[Path]
    frame_s: float
    psnr: float
    lowest: float
    flip: float


@dataclass(frozen=True)
class Film:
    """What was found for one film."""

    name: str
    seconds: float
    frames: int
    moving: float
    """Part of its frames whose camera moves."""
    made: float
    """Part of its frames that is made from others."""
    plates: int
    plate_s: float
    """Seconds a plate."""
    fast: Way
    plain: list[tuple[int, Way]]

    @property
    def per_second(self) -> float:
        """Wall time of rendering for a second of film [s]."""
        return (self.fast.frame_s * self.frames + self.plates * self.plate_s) / self.seconds

    def equal_plain(self) -> tuple[float, float]:
        """Samples and seconds a frame of the plain way where it is as good as the fast one by PSNR."""
        counts = np.array([count for count, _ in self.plain], dtype=float)
        quality = np.maximum.accumulate([way.psnr for _, way in self.plain])
        times = np.array([way.frame_s for _, way in self.plain])
        log = np.interp(self.fast.psnr, quality, np.log2(counts))
        return float(2**log), float(np.interp(log, np.log2(counts), times))


def main() -> None:
    """Render, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--reference-samples", type=int, default=4096)
    parser.add_argument("--films", default=",".join(FILMS))
    given = parser.parse_args()
    size = tuple(int(part) for part in given.size.split("x"))
    films = []
    with tempfile.TemporaryDirectory(prefix="soundstage-benchmark-") as folder:
        for name in given.films.split(","):
            films.append(measure(name, size, given.frames, given.reference_samples, Path(folder) / name))
            sys.stderr.write("\n".join(page(films, given)) + "\n")
    target = Path(__file__).parent / "results" / "camera_speed.md"
    target.write_text("\n".join(page(films, given)) + "\n", encoding="utf-8")


def measure(name: str, size: tuple[int, ...], count: int, reference_samples: int, folder: Path) -> Film:
    """One film, rendered all ways."""
    document = apply(soundstage.plan(FILMS[name]), Options(quality="good", size=(size[0], size[1])))
    take = soundstage.rehearse(document)[0]
    rows = [int(row) for row in np.linspace(0, len(take.camera.time) - 1, count + 2)[1:-1]]
    asked = picture_settings(document)
    most = asked.pop("inbetweens")
    settings = shooting.settings_of(**asked)
    truth = settings | {"samples": reference_samples, "seed": settings["seed"] ^ OTHER_NOISE}
    references, _ = rendered(whole(take, truth, rows, folder / "references"), take, truth)
    start_s = start(take, settings, folder / "start")
    (folder / "fast").mkdir()
    orders = shooting.orders_of(take, settings, rows, folder / "fast", most)
    full = [order for order in orders.values() if not order.neighbours]
    made = [order for order in orders.values() if order.neighbours]
    files, first_s = rendered(full, take, settings)
    for file in files:
        file.unlink()
    _, again_s = rendered(full, take, settings)
    _, made_s = rendered(made, take, settings)
    every = list(range(len(take.camera.time)))
    share = float(np.mean([bool(pair) for pair in inbetween.neighbours(take, most, (size[0], size[1]))]))
    frame_s = (1.0 - share) * (again_s - start_s) / len(full)
    if made:
        frame_s += share * (made_s - start_s) / len(made)
    fast = judged([Path(orders[row].target) for row in rows], references, frame_s)
    used = len(plates(take, settings, sorted(orders)))
    tried = []
    for samples in PLAIN:
        plain = settings | {"samples": samples}
        files, spent = rendered(whole(take, plain, rows, folder / f"plain{samples}"), take, plain)
        tried.append((samples, judged(files, references, (spent - start_s) / count)))
        if tried[-1][1].psnr > fast.psnr:
            break
    return Film(
        name=name,
        seconds=len(every) / take.fps,
        frames=len(every),
        moving=float(np.mean([len(behind) != 1 for behind in plate_rows(take)])),
        made=share,
        plates=len(plates(take, settings, every)),
        plate_s=(first_s - again_s) / max(used, 1),
        fast=fast,
        plain=tried,
    )


def plates(take: Take, settings: dict[str, Any], rows: Sequence[int]) -> set[str]:
    """Keys of the plates behind some frames."""
    behind = plate_rows(take)
    return set(keys.plate_keys(take, settings, sorted({plate for row in rows for plate in behind[row]})))


def start(take: Take, settings: dict[str, Any], folder: Path) -> float:
    """Seconds that a render process takes to begin, with next to nothing to render."""
    tiny = settings | {"size": [32, 18], "samples": 1, "denoise": False}
    return rendered(whole(take, tiny, [0], folder), take, tiny)[1]


def whole(take: Take, settings: dict[str, Any], rows: Sequence[int], folder: Path) -> list[Order]:
    """Orders for some frames, each rendered whole."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        Order(frame=row, seed=keys.noise_seed(take, settings, row), target=str(folder / f"{row:05d}.png"))
        for row in rows
    ]


def rendered(orders: Sequence[Order], take: Take, settings: dict[str, Any]) -> tuple[list[Path], float]:
    """Files of some frames, and the seconds that took."""
    files = [Path(order.target) for order in orders]
    if not orders:
        return files, 0.0
    wanted = [shooting.Frame(take=0, order=order, path=path) for order, path in zip(orders, files, strict=True)]
    begin = time.monotonic()
    shooting.render_missing([take], settings, wanted, files[0].parent)
    return files, time.monotonic() - begin


def judged(files: list[Path], references: list[Path], frame_s: float) -> Way:
    """How near some frames come to their references."""
    found = compare(files, references)
    return Way(files, frame_s, float(np.mean(found.per_frame_psnr_y)), found.worst_psnr_y, found.flip)


def page(films: list[Film], given: argparse.Namespace) -> Iterator[str]:
    """The report."""
    cores = os.cpu_count()
    yield "# How fast the camera is\n"
    yield (
        f"Written by `python benchmarks/camera_speed.py --size {given.size} --frames {given.frames} "
        f"--reference-samples {given.reference_samples}` on {platform.machine()}, {cores} cores. Quality `good`; "
        "PSNR-Y [dB] and FLIP against "
        "the references; the plain way has the samples at which it is as good.\n"
    )
    yield (
        "| film | camera | made from others | a frame [s] | plates × s | s per s of film | PSNR mean / lowest | FLIP | "
        "plain samples | plain frame [s] | faster |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for film in films:
        samples, plain_s = film.equal_plain()
        kind = "moving" if film.moving > 0.5 else "locked"
        faster = plain_s * film.frames / (film.per_second * film.seconds)
        yield (
            f"| {film.name} | {kind} | {100 * film.made:.0f} % | {film.fast.frame_s:.1f} | "
            f"{film.plates} × {film.plate_s:.0f} | {film.per_second:.0f} | "
            f"{film.fast.psnr:.1f} / {film.fast.lowest:.1f} | {film.fast.flip:.3f} | "
            f"{samples:.0f} | {plain_s:.1f} | {faster:.1f}× |"
        )


if __name__ == "__main__":
    main()
