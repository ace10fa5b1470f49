"""What frames are rendered on: a graphics processor where there is one that Cycles can use, else the processor.

It is chosen when frames are rendered, never by a document. $SOUNDSTAGE_DEVICE overrides it: auto, cpu, gpu, or the name
of an interface (optix, cuda, hip, oneapi, metal).

Devices round differently: their frames agree to the eye, not to the last bit. So that a film never mixes them, the
device is chosen once for all of its frames and is part of their names; a film that is taken up again on the same device
goes on, on another it begins anew. The processor is the measure, and passes are always made on it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import InputError

VARIABLE = "SOUNDSTAGE_DEVICE"
CPU = "CPU"
INTERFACES = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")
"""Ways for Cycles to reach a graphics processor, the fastest first where one device is reached by several."""
WORDS = ("auto", "cpu", "gpu", *(name.lower() for name in INTERFACES))
TRACES = (
    "/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg", "/dev/kfd", "/dev/dri/renderD128", "/proc/driver/nvidia/version",
)  # fmt: skip
"""Where Linux shows that there may be a graphics processor; without any of them Blender need not be asked."""
PATIENCE_S = 120

_PROBE = f"""
import json, os
out = os.dup(1); os.dup2(2, 1)
import bpy
found = []
try:
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in {INTERFACES!r}:
        try:
            found += [[kind, d.name] for d in preferences.get_devices_for_type(kind) if d.type == kind]
        except Exception:
            pass
except Exception:
    pass
os.write(out, json.dumps({{"version": bpy.app.version_string, "devices": found}}).encode())
os._exit(0)
"""


@dataclass(frozen=True)
class Device:
    """A graphics processor that Cycles can use."""

    interface: str
    """One of INTERFACES."""
    name: str


@dataclass(frozen=True)
class Answer:
    """What Blender says when it is started and asked."""

    version: str
    devices: tuple[Device, ...]
    trouble: str = ""
    """The last line it said, if it does not start."""


def asked(environment: Mapping[str, str] = os.environ) -> str:
    """The word of $SOUNDSTAGE_DEVICE; "auto" if there is none.

    Raises:
        InputError: it is none of WORDS.
    """
    word = environment.get(VARIABLE, "").strip().lower() or "auto"
    if word not in WORDS:
        raise InputError(f"{VARIABLE}={word} is no device", f"set it to one of: {', '.join(WORDS)}")
    return word


def choose(word: str, found: Sequence[Device]) -> str:
    """The interface to render with, or CPU, of those that were found.

    Raises:
        InputError: what was asked for is not there.
    """
    if word == "cpu":
        return CPU
    there = {device.interface for device in found}
    wanted = INTERFACES if word in ("auto", "gpu") else (word.upper(),)
    best = next((interface for interface in wanted if interface in there), CPU)
    if best == CPU and word != "auto":
        listed = ", ".join(f"{d.interface} {d.name}" for d in found) or "none"
        raise InputError(
            f"{VARIABLE}={word}, but Cycles finds no such device here (found: {listed})",
            f"set {VARIABLE} to auto or cpu, or mend the driver; `soundstage doctor` says what is there",
        )
    return best


def chosen() -> str:
    """What frames are rendered on now: an interface, or CPU. Blender is asked only where that can change the answer.

    Raises:
        InputError: $SOUNDSTAGE_DEVICE is wrong, or asks for what is not there.
    """
    word = asked()
    if word == "cpu" or (word == "auto" and not likely()):
        return CPU
    return choose(word, probe().devices)


def likely(traces: Sequence[str] = TRACES) -> bool:
    """Whether there may be a graphics processor."""
    return not sys.platform.startswith("linux") or any(Path(trace).exists() for trace in traces)


@cache
def probe() -> Answer:
    """What Blender finds, asked in a process of its own; takes a second or two, once."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, text=True, timeout=PATIENCE_S, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return Answer("", (), f"no answer in {PATIENCE_S} s")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return Answer("", (), lines[-1])
    told = json.loads(done.stdout)
    devices = sorted({(interface, name) for interface, name in told["devices"]})
    return Answer(told["version"], tuple(Device(*pair) for pair in devices))


def usable_cpus() -> int:
    """CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
