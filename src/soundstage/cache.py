"""Finished steps, kept under what they depend on, so that nothing is computed twice.

A key is the SHA-256 of a step's inputs (canonical JSON) together with the source of the rooms that make it and the
versions of the parts they stand on: other code, other key. An entry is a folder that is written beside and renamed
into place, with the checksum of each file; one that does not match is thrown away and made again. What was used longest
ago goes first when the cache outgrows $SOUNDSTAGE_CACHE_GB.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from .errors import OutputError

DEFAULT_GB = 10.0
MANIFEST = "manifest.json"
STEPS, FRAMES, RUNNING = "steps", "frames", "running"

ROOMS: Mapping[str, tuple[str, ...]] = {
    "screenplay": (),
    "library": (),
    "director": ("screenplay", "library"),
    "body": ("library",),
    "speech": ("library",),
    "rehearsal": ("screenplay", "library", "body", "speech"),
    "camera": ("library", "body"),
    "sound": ("library", "speech"),
    "post": (),
    "review": ("screenplay", "library", "body", "speech"),
}
"""What a room is made from besides itself; the border rules keep it true."""
SOURCES = (".py", ".toml", ".json", ".npz")
EVERYWHERE = (
    "clock.py", "colour.py", "daylight.py", "errors.py", "passes.py", "poses.py", "raster.py", "take.py", "view.py",
)  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "rehearsal": ("numpy", "scipy", "mujoco", "anny", "torch", "espeakng-loader", "soxr"),
    "camera": ("numpy", "bpy", "anny", "torch"),
    "sound": ("numpy", "scipy", "soxr", "pyloudnorm", "espeakng-loader"),
    "post": ("numpy", "scipy", "opencv-python-headless", "av"),
    "review": ("numpy", "scipy", "opencv-python-headless", "av", "pyloudnorm", "anny", "espeakng-loader", "soxr"),
}
"""Packages whose version changes what a room makes."""


def cache_dir() -> Path:
    """The folder of everything that can be made again: $SOUNDSTAGE_CACHE, else soundstage/ in the user's cache folder.

    It is created if it is not there.

    Raises:
        OutputError: it cannot be created.
    """
    chosen = os.environ.get("SOUNDSTAGE_CACHE")
    folder = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "soundstage"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "no").lower()
        raise OutputError(
            f"the cache {folder} cannot be made: {reason}", "set SOUNDSTAGE_CACHE to a folder of yours"
        ) from None
    return folder


def frames_dir() -> Path:
    """Where the camera keeps finished frames, each named after everything it depends on."""
    folder = cache_dir() / FRAMES
    folder.mkdir(exist_ok=True)
    return folder


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def key(inputs: Any, rooms: Iterable[str]) -> str:
    """Name of a step's result: everything it depends on, as 64 hexadecimal digits."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for room in sorted(rooms):
        digest.update(fingerprint(room).encode())
    return digest.hexdigest()


@cache
def fingerprint(room: str) -> str:
    """Digest of the source of a room and of what it is made from, and of the versions of the parts they stand on."""
    package = Path(__file__).parent
    rooms = {room, *ROOMS[room]}
    digest = hashlib.sha256(f"{sys.version_info[:2]} {sys.platform}".encode())
    files = [package / name for name in EVERYWHERE]
    for name in sorted(rooms):
        files += sorted(p for p in (package / name).rglob("*") if p.suffix in SOURCES and p.is_file())
    for path in files:
        digest.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    for part in sorted({part for name in rooms for part in PARTS.get(name, ())}):
        digest.update(f"{part} {_version(part)}".encode())
    return digest.hexdigest()


def _version(part: str) -> str:
    try:
        return metadata.version(part)
    except metadata.PackageNotFoundError:
        return "none"


# ── entries ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def get(step: str, name: str) -> Path | None:
    """The folder of a kept result, checked against its sums; None if there is none, or if it was damaged."""
    folder = cache_dir() / STEPS / step / name
    try:
        sums = json.loads((folder / MANIFEST).read_text("utf-8"))
        whole = isinstance(sums, dict) and all(checksum(folder / file) == digest for file, digest in sums.items())
    except FileNotFoundError:
        whole = False
        if not folder.exists():
            return None
    except (OSError, ValueError):
        whole = False
    if not whole:
        drop(step, name)
        return None
    with suppress(OSError):
        os.utime(folder / MANIFEST)  # last used now
    return folder


def put(step: str, name: str, write: Callable[[Path], object]) -> Path:
    """Keep what `write` puts into the folder it is given; returns where it stands.

    If another run kept the same result meanwhile, that one stays.
    """
    parent = cache_dir() / STEPS / step
    parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=parent, prefix=f"{name[:16]}.", suffix=".part"))
    try:
        write(work)
        files = sorted(p for p in work.rglob("*") if p.is_file())
        sums = {str(p.relative_to(work)): checksum(p) for p in files}
        (work / MANIFEST).write_text(json.dumps(sums), "utf-8")
        target = parent / name
        try:
            work.rename(target)
        except OSError:
            if get(step, name) is None:  # what stood there was damaged and is gone now
                work.rename(target)
        return target
    finally:
        shutil.rmtree(work, ignore_errors=True)


def fetch(step: str, name: str, write: Callable[[Path], object]) -> tuple[Path, bool]:
    """The folder of a result, made if it is not kept yet; and whether it was kept."""
    kept = get(step, name)
    return (kept, True) if kept else (put(step, name, write), False)


def drop(step: str, name: str) -> None:
    """Throw a kept result away."""
    folder = cache_dir() / STEPS / step / name
    with suppress(OSError):
        gone = Path(tempfile.mkdtemp(dir=folder.parent, prefix="gone.", suffix=".part"))
        folder.rename(gone / name)  # readers see it whole or not at all
        shutil.rmtree(gone, ignore_errors=True)


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ── size ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def limit_bytes() -> int:
    """How large the cache may grow [bytes]: $SOUNDSTAGE_CACHE_GB, else 10 GB."""
    try:
        return int(float(os.environ.get("SOUNDSTAGE_CACHE_GB", DEFAULT_GB)) * 1e9)
    except ValueError:
        return int(DEFAULT_GB * 1e9)


def size_bytes() -> int:
    """How large the cache is [bytes]."""
    return sum(unit.size for unit in _units())


def touch(paths: Iterable[Path]) -> None:
    """Mark files as used now."""
    for path in set(paths):
        with suppress(OSError):
            os.utime(path)


@contextmanager
def running() -> Iterator[None]:
    """While a film is made: nothing used since it began is pruned, by this process or another."""
    folder = cache_dir() / RUNNING
    folder.mkdir(exist_ok=True)
    mark = folder / str(os.getpid())
    mark.write_text(repr(time.time()))
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def prune(limit: int | None = None) -> int:
    """Remove what was used longest ago until the cache fits; returns the bytes that were freed."""
    most = limit_bytes() if limit is None else limit
    units = sorted(_units(), key=lambda unit: unit.used)
    total = sum(unit.size for unit in units)
    spared = _oldest_run()
    freed = 0
    for unit in units:
        if total - freed <= most or unit.used >= spared:
            break
        shutil.rmtree(unit.path, ignore_errors=True) if unit.path.is_dir() else unit.path.unlink(missing_ok=True)
        freed += unit.size
    return freed


class _Unit:
    """What is kept or removed as a whole: an entry of a step, or a frame."""

    def __init__(self, path: Path) -> None:
        self.path = path
        stat = path.stat()
        self.size, self.used = stat.st_size, stat.st_mtime
        if path.is_dir():
            files = [p.stat() for p in path.rglob("*") if p.is_file()]
            self.size = sum(s.st_size for s in files)
            self.used = max([s.st_mtime for s in files], default=stat.st_mtime)


def _units() -> Iterator[_Unit]:
    # Only the two folders of this module: whatever else stands there may be somebody's own.
    for pattern in (f"{STEPS}/*/*", f"{FRAMES}/*"):
        for path in cache_dir().glob(pattern):
            with suppress(OSError):  # another run may prune at the same time
                yield _Unit(path)


def _oldest_run() -> float:
    """When the oldest film now being made began [s since 1970]; now, if there is none."""
    oldest = time.time()
    for mark in (cache_dir() / RUNNING).glob("*"):
        try:
            os.kill(int(mark.name), 0)
            oldest = min(oldest, float(mark.read_text()))
        except (ProcessLookupError, ValueError):
            mark.unlink(missing_ok=True)  # that run was killed
        except OSError:
            continue
    return oldest
