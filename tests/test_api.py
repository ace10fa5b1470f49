"""The public names, and what loading them costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import soundstage

HEAVY = ("bpy", "mujoco", "torch", "scipy", "anny", "av", "cv2", "numpy")


def test_all_names_exist_and_none_is_missing() -> None:
    assert soundstage.__all__ == sorted(soundstage.__all__)
    assert set(soundstage._HOME) == set(soundstage.__all__)
    for name in soundstage.__all__:
        assert getattr(soundstage, name) is not None
        assert name in dir(soundstage)
    with pytest.raises(AttributeError, match="no attribute 'flim'"):
        soundstage.flim  # noqa: B018


@pytest.mark.parametrize("room", ["screenplay", "library", "director", "rehearsal", "camera", "sound", "post", "body",
                                  "speech", "production", "review"])  # fmt: skip
def test_every_room_keeps_its_promise(room: str) -> None:
    module = __import__(f"soundstage.{room}", fromlist=["__all__"])
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name), f"soundstage.{room}.{name}"


def loaded_by(code: str) -> set[str]:
    """Which heavy packages are loaded after some code has run in a fresh interpreter."""
    code += f"\nimport sys, json\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_soundstage_loads_nothing_heavy() -> None:
    assert loaded_by("import soundstage") == set()
    assert loaded_by("from soundstage import Screenplay, load, SoundstageError; import soundstage.cli") == set()
    assert loaded_by("from soundstage import film") <= {"numpy"}


def test_planning_is_light_and_quick() -> None:
    code = "from soundstage.cli import run; assert run(['plan', 'a red ball falls onto a wooden floor']) == 0"
    assert not loaded_by(code) & {"bpy", "mujoco", "torch", "scipy", "anny"}
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert time.monotonic() - start < 4.0  # 2 s on an idle machine


def test_help_is_quick_and_names_every_command() -> None:
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "soundstage", "--help"], capture_output=True, text=True, check=True)
    assert time.monotonic() - start < 2.0
    for command in ("film", "plan", "doctor", "schema", "version"):
        assert command in done.stdout


def test_the_schema_page_is_the_code() -> None:
    page = Path(__file__).parent.parent / "docs" / "screenplay.schema.json"
    assert json.loads(page.read_text("utf-8")) == soundstage.json_schema(), (
        "run: soundstage schema > docs/screenplay.schema.json"
    )
