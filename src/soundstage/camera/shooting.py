"""From Takes to frames: which are missing, and processes that render them until none is."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import devices
from ..errors import InputError, OutputError
from ..take import Take
from . import inbetween, keys
from .crew import Crew, Work
from .jobs import Neighbour, Order, PlateOrder
from .keyframes import plate_rows

Progress = Callable[[int, int], None]
"""(frames done, frames wanted)"""


def shoot(
    takes: Sequence[Take],
    *,
    size: tuple[int, int],
    samples: int,
    motion_blur: bool,
    shutter: float,
    denoise: bool,
    view_transform: str,
    contrast: str,
    exposure_ev: float,
    seed: int,
    frames_dir: str | os.PathLike[str],
    inbetweens: int = 0,
    progress: Progress | None = None,
    frames: Sequence[int] | None = None,
    threads: int | None = None,
) -> list[Path]:
    """One PNG per film frame, in order; frames that are in `frames_dir` already are not rendered again.

    Args:
        takes: the scenes of the film, one after the other.
        size: width and height [px].
        samples: light paths per pixel.
        shutter: part of the frame interval during which the shutter is open, if `motion_blur`.
        seed: of the sampling noise.
        inbetweens: frames, at most, that are made from those before and after them (see `inbetween`).
        progress: called with (done, wanted) as frames come to lie in the folder.
        frames: which film frames; all by default.
        threads: CPU threads; all there are by default.

    Raises:
        InputError: a frame that the film does not have was asked for, or a device that is not there.
        OutputError: the folder cannot be written.
        WorkerError: the render process died again and again at the same frame.
    """
    settings = settings_of(
        size=size, samples=samples, motion_blur=motion_blur, shutter=shutter, denoise=denoise,
        view_transform=view_transform, contrast=contrast, exposure_ev=exposure_ev, seed=seed,
    ) | on_device()  # fmt: skip
    folder = Path(frames_dir)
    prepare(folder)
    wanted = _wanted(takes, settings, frames, folder, inbetweens)
    render_missing(takes, settings, wanted, folder, progress=progress, threads=threads)
    return [frame.path for frame in wanted]


def settings_of(
    *, size: tuple[int, int], samples: int, motion_blur: bool, shutter: float, denoise: bool, view_transform: str,
    contrast: str, exposure_ev: float, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """The render settings as keys and render processes take them: plain values of fixed types."""
    return {
        "size": [int(size[0]), int(size[1])], "samples": int(samples), "motion_blur": bool(motion_blur),
        "shutter": float(shutter), "denoise": bool(denoise), "view_transform": view_transform, "contrast": contrast,
        "exposure_ev": float(exposure_ev), "seed": int(seed),
    }  # fmt: skip


def on_device() -> dict[str, Any]:
    """What settings say of the device: nothing if it is the processor (see `soundstage.devices`).

    Raises:
        InputError: a device was asked for that is not there.
    """
    chosen = devices.chosen()
    return {} if chosen == devices.CPU else {"device": chosen}


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One wanted film frame: its Take, what to render, and where it will lie."""

    take: int
    order: Order
    path: Path
    after: tuple[Order, ...] = ()
    """What has to be done before."""


def render_missing(
    takes: Sequence[Take],
    settings: dict[str, Any],
    wanted: Sequence[Frame],
    folder: Path,
    *,
    progress: Progress | None = None,
    threads: int | None = None,
) -> None:
    """Render what has no file yet.

    Raises:
        WorkerError: the render process died again and again at the same frame.
    """
    missing: dict[int, dict[Path, Order]] = {}
    for frame in wanted:
        if not frame.path.exists():
            todo = missing.setdefault(frame.take, {})
            for order in (*frame.after, frame.order):
                todo.setdefault(Path(order.target), order)
    tell = _teller(wanted, progress)
    tell()
    work = [
        Work(take=takes[index], settings=settings, orders=tuple(orders.values())) for index, orders in missing.items()
    ]
    if work:
        Crew(folder=folder, threads=threads or devices.usable_cpus(), on_frame=tell).render(work)


def rows_of(takes: Sequence[Take], frames: Sequence[int] | None) -> list[tuple[int, int]]:
    """Take and row of its camera for each of some film frames (all by default).

    Raises:
        InputError: the film has no such frame.
    """
    rows = [(t, row) for t, take in enumerate(takes) for row in range(len(take.camera.time))]
    if frames is None:
        return rows
    wrong = [f for f in frames if not 0 <= f < len(rows)]
    if wrong:
        raise InputError(f"there is no frame {wrong[0]}", f"the film has frames 0 to {len(rows) - 1}")
    return [rows[f] for f in frames]


def _wanted(
    takes: Sequence[Take], settings: dict[str, Any], frames: Sequence[int] | None, folder: Path, inbetweens: int
) -> list[Frame]:
    """Every wanted film frame with its place in its Take and its file."""
    chosen = rows_of(takes, frames)
    found: list[Frame | None] = [None] * len(chosen)
    by_take: dict[int, list[tuple[int, int]]] = {}
    for index, (take, row) in enumerate(chosen):
        by_take.setdefault(take, []).append((index, row))
    for t, pairs in by_take.items():
        orders = orders_of(takes[t], settings, [row for _, row in pairs], folder, inbetweens)
        for index, row in pairs:
            order = orders[row]
            rendered = tuple(orders[one.row] for one in order.neighbours)
            found[index] = Frame(take=t, order=order, path=Path(order.target), after=rendered)
    return [frame for frame in found if frame is not None]


def orders_of(
    take: Take, settings: dict[str, Any], rows: Sequence[int], folder: Path, inbetweens: int
) -> dict[int, Order]:
    """What is to be done for some frames of a Take, and for those that they are made from, by row."""
    size = int(settings["size"][0]), int(settings["size"][1])
    beside = inbetween.neighbours(take, inbetweens, size)
    needed = sorted({*rows, *(one for row in rows for one in beside[row])})
    names = dict(zip(needed, keys.frame_keys(take, settings, needed), strict=True))
    orders = {}
    for row, behind in zip(needed, plates_of(take, settings, needed, folder), strict=True):
        # A frame that is equal to one of its neighbours is that one.
        name, pair = names[row], beside[row] if names[row] not in {names[one] for one in beside[row]} else ()
        if pair:
            name = keys.between_key(name, *(names[one] for one in pair))
        orders[row] = Order(
            frame=row,
            seed=keys.noise_seed(take, settings, row),
            target=str(folder / f"{name}.png"),
            plates=behind,
            neighbours=tuple(Neighbour(row=one, path=str(folder / f"{names[one]}.png")) for one in pair),
        )
    return orders


def plates_of(take: Take, settings: dict[str, Any], rows: list[int], folder: Path) -> list[tuple[PlateOrder, ...]]:
    """The pictures of the empty set behind some frames."""
    every = plate_rows(take)
    used = sorted({behind for row in rows for behind in every[row]})
    orders = {
        behind: PlateOrder(
            path=str(folder / f".{name}.plate.npz"), row=behind, seed=keys.noise_seed(take, settings, behind)
        )
        for behind, name in zip(used, keys.plate_keys(take, settings, used), strict=True)
    }
    return [tuple(orders[behind] for behind in every[row]) for row in rows]


def _teller(wanted: Sequence[Frame], progress: Progress | None) -> Callable[[], None]:
    """A function that counts what lies in the folder and tells."""
    waiting = list(wanted)

    def tell() -> None:
        nonlocal waiting
        waiting = [frame for frame in waiting if not frame.path.exists()]
        if progress is not None:
            progress(len(wanted) - len(waiting), len(wanted))

    return tell


def prepare(folder: Path) -> None:
    """Make the folder and remove half-written files of processes that are gone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in folder.glob(".*.part.*"):
            if not _alive(part.name.split(".")[-3]):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write frames to {folder}: {error.strerror}", "choose another folder") from error


def _alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
