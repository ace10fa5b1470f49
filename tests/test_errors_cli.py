"""Everything a person can get wrong on the command line: two clear lines, the right exit code, never a traceback."""

from __future__ import annotations

import copy
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import documents
from soundstage.screenplay._layout import layout


@pytest.fixture
def soundstage(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in a process of its own, in an empty folder, with an empty cache."""

    def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SOUNDSTAGE_CACHE": str(tmp_path / "cache"), **options.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "soundstage", *arguments],
            capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300, **options,
        )  # fmt: skip

    return command


Command = Callable[..., subprocess.CompletedProcess[str]]


def complains(done: subprocess.CompletedProcess[str], *parts: str, code: int = 2) -> None:
    """The run failed as it should: code, nothing on stdout, two lines at the end of stderr, every part in them."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line]
    first = max(n for n, line in enumerate(lines) if line.startswith("soundstage: "))
    assert len(lines) - first == 2, done.stderr
    for part in parts:
        assert part in "\n".join(lines[first:]), done.stderr


# ── prompts and options ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("prompt", ["", "   ", "\n"])
def test_an_empty_prompt(soundstage: Command, prompt: str) -> None:
    complains(soundstage("film", prompt, "-o", "a.mp4"), "empty", "say what happens")


@pytest.mark.parametrize("prompt", ["asdf qwer zxcv", "!!! ??? …", "42"])
def test_a_hopeless_prompt(soundstage: Command, prompt: str) -> None:
    complains(soundstage("film", prompt, "-o", "a.mp4"))
    complains(soundstage("plan", prompt))


def test_strict_names_what_is_not_understood(soundstage: Command) -> None:
    prompt = "a red ball falls onto a wooden floor while the zorblax frumples"
    complains(soundstage("film", prompt, "-o", "a.mp4", "--strict"), "not understood", "zorblax", "--strict")


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--size", "641x360"], ["even", "640x360"]),
        (["--size", "20000x20000"], ["7680x7680"]),
        (["--size", "16x16"], ["32x32"]),
        (["--size", "big"], ["not a size", "1280x720"]),
        (["--seconds", "0"], ["3600"]),
        (["--seconds", "-3"], ["3600"]),
        (["--seconds", "3601"], ["3600"]),
        (["--seconds", "nan"], ["3600"]),
        (["--seconds", "long"], ["--seconds"]),
        (["--fps", "23"], ["24"]),
        (["--quality", "great"], ["draft", "good", "best"]),
        (["--seed", "-1"], ["0"]),
        (["--colour", "red"], ["--colour"]),
    ],
    ids=lambda value: " ".join(value) if value[0].startswith("--") else "",
)
def test_options_that_cannot_be(soundstage: Command, options: list[str], parts: list[str]) -> None:
    complains(soundstage("film", "a red ball falls", "-o", "a.mp4", *options), *parts)


def test_no_command_like_that(soundstage: Command) -> None:
    complains(soundstage("flim", "x"), "film")
    complains(soundstage("film", "a red ball falls"), "-o")


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[dict[str, Any]], Any]
WRONG: list[tuple[str, Change, str, list[str]]] = [
    ("unknown field", lambda d: d["props"][0].update(color="#ffffff"), "color:", ["props[0].color", "'colour'"]),
    ("unknown prop", lambda d: d["props"][0].update(kind="basketbal"), "kind: basketbal", ["'basketball'"]),
    ("unknown set", lambda d: d["scenes"][0].update(set="studo"), "set: studo", ["scenes[0].set", "'studio'"]),
    ("unknown action", lambda d: d["beats"][0].update(action="fal"), "action: fal", ["beats[0].action", "'fall'"]),
    ("dangling id", lambda d: d["lines"][0].update(speaker="ben"), "speaker: ben", ["lines[0].speaker", "anna"]),
    ("odd size", lambda d: d.update(size=[97, 54]), "", ["even", "96x54"]),
]


@pytest.mark.parametrize(("change", "where", "parts"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_documents_with_faults(
    soundstage: Command, tmp_path: Path, change: Change, where: str, parts: list[str]
) -> None:
    fields = copy.deepcopy(documents.document())
    change(fields)
    text = layout(fields)
    (tmp_path / "miss.yaml").write_text(text)
    done = soundstage("film", "miss.yaml", "-o", "a.mp4")
    complains(done, *parts)
    if where:
        line = next(n for n, row in enumerate(text.splitlines(), 1) if where in row)
        complains(done, f"miss.yaml:{line}: ")
    complains(soundstage("plan", "miss.yaml"), *parts)


def test_broken_yaml_and_files_that_are_not_there(soundstage: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("schema: soundstage/1\ntitle: [\nfps: 24\n")
    complains(soundstage("film", "broken.yaml", "-o", "a.mp4"), "broken.yaml:2: ", "not YAML")
    complains(soundstage("film", "none.yaml", "-o", "a.mp4"), "no file none.yaml")
    complains(soundstage("film", "none.mp4", "-o", "a.mp4"), "no file none.mp4")
    (tmp_path / "text.mp4").write_text("not a film")
    complains(soundstage("film", "text.mp4", "-o", "a.mp4"), "text.mp4 is not a film")


def test_an_outcome_that_cannot_be_reached(soundstage: Command, tmp_path: Path) -> None:
    done = soundstage("plan", "a man takes a jump shot on an outdoor court and misses", "-o", "shot.yaml")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "shot.yaml").read_text()
    # A ball as heavy as a car leaves no hand fast enough.
    heavy = "\n".join("  mass_kg: 900.0" if row.startswith("  mass_kg: 0.6") else row for row in text.splitlines())
    assert heavy != text
    (tmp_path / "shot.yaml").write_text(heavy)
    complains(soundstage("film", "shot.yaml", "-o", "a.mp4", "--size", "96x54"))


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_outputs_that_cannot_be_written(soundstage: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    complains(soundstage("film", "a red ball falls", "-o", "a.avi"), ".mp4")
    complains(soundstage("film", "a red ball falls", "-o", "file/a.mp4"), "file", code=1)
    complains(soundstage("film", "a red ball falls", "-o", "/proc/a.mp4"), "/proc cannot be written", code=1)
    complains(soundstage("plan", "a red ball falls", "-o", "/proc/a.yaml"), "cannot be written", code=1)
    complains(soundstage("plan", "a red ball falls", "-o", "a.txt"), ".yaml")
    environment = {"SOUNDSTAGE_CACHE": str(tmp_path / "file" / "cache")}
    complains(soundstage("film", "a red ball falls", "-o", "a.mp4", env=environment), "SOUNDSTAGE_CACHE", code=1)


def test_a_full_disk(soundstage: Command, tmp_path: Path) -> None:
    """No file may grow beyond 4 kB: like a disk that fills up in the middle of a film."""
    (tmp_path / "fall.yaml").write_text(layout(documents.fall().model_dump(mode="json", by_alias=True)))

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = soundstage("film", "fall.yaml", "-o", "a.mp4", preexec_fn=small)
    complains(done, "no room left to write a.mp4", "every finished frame is kept", code=1)
    assert not (tmp_path / "a.mp4").exists()
    assert not list(tmp_path.glob(".*.part"))


# ── processes that end ──────────────────────────────────────────────────────────────────────────────────────────────


def start_film(folder: Path, seconds: float = 0.5) -> subprocess.Popen[str]:
    (folder / "fall.yaml").write_text(layout(documents.fall(seconds).model_dump(mode="json", by_alias=True)))
    return subprocess.Popen(
        [sys.executable, "-m", "soundstage", "film", "fall.yaml", "-o", "a.mp4", "--json"],
        cwd=folder, env={**os.environ, "SOUNDSTAGE_CACHE": str(folder / "cache")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_interruptible,
    )  # fmt: skip


def _interruptible() -> None:
    """Undo what a shell does to jobs in the background: there Ctrl-C is ignored, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def wait_for(true: Callable[[], Any], seconds: float = 120.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := true():
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def frames(folder: Path) -> list[Path]:
    return list((folder / "cache" / "frames").glob("[0-9a-f]*.png"))


def test_a_render_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    running = start_film(tmp_path)
    wait_for(lambda: len(frames(tmp_path)) >= 2 or running.poll() is not None)
    for worker in children(running.pid):
        os.kill(worker, signal.SIGKILL)
    out, err = running.communicate(timeout=300)
    assert running.returncode == 0, err
    result = json.loads(out)
    assert result["frames"] == 12
    assert Path(tmp_path / result["film"]).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_film_says_how_to_go_on_and_leaves_nobody_behind(tmp_path: Path, number: int) -> None:
    running = start_film(tmp_path, seconds=1.0)
    wait_for(lambda: len(frames(tmp_path)) >= 2 or running.poll() is not None)
    workers = children(running.pid)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    complains(subprocess.CompletedProcess([], 130, out, err), "kept in", "run the same command again", code=130)
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 10)
    assert not list(tmp_path.glob(".*.part"))
