"""What this machine has and lacks for making films."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from . import devices
from .cache import cache_dir, limit_bytes, size_bytes
from .errors import InputError

LIBRARIES = {
    "libX11.so.6": "libx11-6",
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libEGL.so.1": "libegl1",
    "libgomp.so.1": "libgomp1",
}
"""Shared libraries that Blender's module opens, and the Debian package each is in."""
LEAST_MEMORY, LEAST_DISK = 3e9, 3e9
"""A draft needs about this much [bytes]."""
PATIENCE_S = 180

_VOICE = """
from soundstage import speech
voice = dict(engine="espeak", variant="", pitch=50, pitch_range=50, words_per_minute=165, formant_scale=1.0)
said = speech.speak("Ready.", voice, "en")
assert abs(said.pcm).max() > 0.01, "the voice is silent"
print(f"eSpeak NG speaks: {len(said.pcm) / 48000:.2f} s")
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["has", "lacks", "note"]
    what: str
    detail: str
    mend: str = ""


def examine() -> list[Finding]:
    """Everything that films need, looked at in turn; takes some seconds."""
    return [finding for check in (_python, _machine, _parts, _blender, _voice, _codecs, _cache) for finding in check()]


def report(findings: list[Finding]) -> str:
    """Findings as lines for people."""
    lines = []
    for f in findings:
        lines.append(f"{f.state:<6} {f.what:<12} {f.detail}")
        if f.mend:
            lines.append(f"{'':<19} → {f.mend}")
    lacking = sum(f.state == "lacks" for f in findings)
    lines.append(f"{lacking} thing{'s' * (lacking != 1)} to mend" if lacking else "ready to film")
    return "\n".join(lines)


def _python() -> Iterator[Finding]:
    found = f"{platform.python_implementation()} {platform.python_version()}"
    if sys.version_info[:2] == (3, 11) and platform.python_implementation() == "CPython":
        yield Finding("has", "python", found)
    else:
        yield Finding("lacks", "python", found, "Blender's module needs CPython 3.11: make a new venv with python3.11")


def _machine() -> Iterator[Finding]:
    yield Finding("has", "processor", f"{devices.usable_cpus()} cores, {platform.machine()}, {platform.system()}")
    memory = memory_bytes()
    if memory is not None:
        enough = memory >= LEAST_MEMORY
        mend = "" if enough else "a draft needs about 3 GB; close other programs or make films smaller (--size)"
        yield Finding("has" if enough else "note", "memory", f"{memory / 1e9:.1f} GB", mend)


def memory_bytes() -> int | None:
    """Memory this process may use [bytes]: the machine's, or its container's; None if it cannot be told."""
    limits: list[int] = []
    try:
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        text = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        limits += [int(text)] if text.isdigit() else []
    except (OSError, ValueError):
        pass
    return min(limits) if limits else None


def _parts() -> Iterator[Finding]:
    right = []
    for name, pinned in pins().items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding("lacks", name, "not installed", f"pip install {name}=={pinned}")
            continue
        if found.partition("+")[0] == pinned:  # 2.13.0+cpu is 2.13.0 for this machine
            right.append(f"{name} {found}")
        else:
            yield Finding("note", name, f"{found}, made for {pinned}", f"pip install {name}=={pinned}")
    yield Finding("has", "parts", ", ".join(right))


def pins() -> dict[str, str]:
    """Parts and the versions Soundstage is made for."""
    lines = metadata.requires("soundstage") or []
    found = (re.match(r"([A-Za-z0-9._-]+)==([^;\s]+)\s*$", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def _child(code: str) -> tuple[str, str]:
    """What a Python child prints, and what it complains about if it fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer in {PATIENCE_S} s"
    lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
    return (done.stdout, "") if done.returncode == 0 else ("", lines[-1])


def _blender() -> Iterator[Finding]:
    answer = devices.probe()
    if answer.trouble:
        missing = missing_libraries(answer.trouble)
        packages = sorted({LIBRARIES.get(name, name) for name in missing})
        mend = f"sudo apt-get install {' '.join(packages)}" if packages else "pip install --force-reinstall bpy"
        yield Finding("lacks", "blender", answer.trouble, mend)
        return
    yield Finding("has", "blender", f"{answer.version} starts in a process of its own")
    yield gpu(answer.devices)


def gpu(found: Sequence[devices.Device]) -> Finding:
    """Which graphics processors Cycles can use, and what films will be rendered on."""
    listed = ", ".join(f"{device.interface} {device.name}" for device in found) or "none that Cycles can use"
    try:
        word = devices.asked()
        best = devices.choose(word, found)
    except InputError as error:
        return Finding("lacks", "gpu", f"{listed}; {error.what}", error.mend)
    used = "the processor" if best == devices.CPU else next(f"{best} {d.name}" for d in found if d.interface == best)
    why = "" if word == "auto" else f", as {devices.VARIABLE}={word} asks"
    return Finding("has" if found else "note", "gpu", f"{listed}; films are rendered on {used}{why}")


def missing_libraries(trouble: str) -> list[str]:
    """Shared libraries that Blender's module wants and the system does not have."""
    named = re.findall(r"(lib[\w.+-]+\.so[.\d]*): cannot open", trouble)
    try:
        folder = Path(str(metadata.distribution("bpy").locate_file("bpy")))
        binary = next(folder.glob("__init__*.so"))
        listed = subprocess.run(["ldd", str(binary)], capture_output=True, text=True, timeout=60).stdout
        named += re.findall(r"(\S+) => not found", listed)
    except (OSError, StopIteration, metadata.PackageNotFoundError, subprocess.SubprocessError):
        pass
    return sorted(set(named))


def _voice() -> Iterator[Finding]:
    printed, trouble = _child(_VOICE)
    if trouble:
        yield Finding("lacks", "voice", trouble, "pip install --force-reinstall espeakng-loader")
    else:
        yield Finding("has", "voice", printed.strip())


def _codecs() -> Iterator[Finding]:
    import av

    lacking = [name for name in ("libx264", "aac", "png") if name not in av.codecs_available]
    if lacking:
        yield Finding("lacks", "codecs", f"no {', '.join(lacking)}", "pip install --force-reinstall av")
    else:
        yield Finding("has", "codecs", "H.264, AAC")


def _cache() -> Iterator[Finding]:
    folder = cache_dir()
    free = shutil.disk_usage(folder).free
    detail = (
        f"{folder}: {size_bytes() / 1e9:.2f} of {limit_bytes() / 1e9:g} GB used, {free / 1e9:.1f} GB free on its disk"
    )
    if not os.access(folder, os.W_OK):
        yield Finding("lacks", "cache", f"{folder} cannot be written", "set SOUNDSTAGE_CACHE to a folder of yours")
    elif free < LEAST_DISK:
        yield Finding("note", "cache", detail, "free some space, or set SOUNDSTAGE_CACHE to another disk")
    else:
        yield Finding("has", "cache", detail)
