"""Finished steps: the same inputs find them, other inputs or other code do not, damage and races do no harm."""

from __future__ import annotations

import ast
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest

import soundstage
from soundstage import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOUNDSTAGE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def writes(text: str) -> Any:
    return lambda folder: (folder / "a.txt").write_text(text)


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache.cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("SOUNDSTAGE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.cache_dir() == tmp_path / "xdg" / "soundstage"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache.cache_dir() == tmp_path / "home" / ".cache" / "soundstage"


def test_a_key_is_of_the_values_not_their_order() -> None:
    assert cache.key({"a": 1, "b": [0.1, "é"]}, ["sound"]) == cache.key({"b": [0.1, "é"], "a": 1}, ["sound"])
    assert cache.key({"a": 1}, ["sound"]) != cache.key({"a": 2}, ["sound"])
    assert cache.key({"a": 1}, ["sound"]) != cache.key({"a": 1}, ["sound", "post"])
    with pytest.raises(ValueError):
        cache.key({"a": float("nan")}, ["sound"])


def test_other_code_or_data_is_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    for name in (*cache.EVERYWHERE, "sound/a.py", "library/data/materials.toml", "camera/b.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1")
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))

    def digest() -> str:
        cache.fingerprint.cache_clear()
        return cache.fingerprint("sound")

    first = digest()
    assert digest() == first
    (package / "camera" / "b.py").write_text("2")  # sound is not made from the camera
    assert digest() == first
    (package / "library" / "data" / "materials.toml").write_text("2")
    second = digest()
    (package / "clock.py").write_text("2")
    third = digest()
    monkeypatch.setattr(cache, "_version", lambda part: "99")
    assert len({first, second, third, digest()}) == 4
    cache.fingerprint.cache_clear()


def test_every_room_a_room_imports_is_in_its_fingerprint() -> None:
    """The table of rooms against the imports in the source."""
    package = Path(soundstage.__file__).parent
    for room, made_from in cache.ROOMS.items():
        for path in (package / room).rglob("*.py"):
            depth = len(path.relative_to(package).parts)
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                used = ""
                if isinstance(node, ast.ImportFrom) and node.level == depth:
                    used = (node.module or "").partition(".")[0]
                    names = [used] if used else [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("soundstage."):
                    names = [(node.module or "").split(".")[1]]
                else:
                    continue
                for name in names:
                    if name in cache.ROOMS and name != room:
                        assert name in made_from, f"{path.relative_to(package)} imports {name}"


def test_fetch_makes_once() -> None:
    made: list[Path] = []

    def write(folder: Path) -> None:
        made.append(folder)
        (folder / "deep").mkdir()
        (folder / "deep" / "b.bin").write_bytes(b"\0" * 1000)

    first, kept = cache.fetch("step", "k" * 64, write)
    again, kept_again = cache.fetch("step", "k" * 64, write)
    assert (first, kept, kept_again, len(made)) == (again, False, True, 1)
    assert (again / "deep" / "b.bin").read_bytes() == b"\0" * 1000


@pytest.mark.parametrize("damage", ["altered", "missing", "no manifest", "rubbish manifest", "list manifest"])
def test_a_damaged_entry_is_made_again(damage: str) -> None:
    folder, _ = cache.fetch("step", "name", writes("good"))
    manifest = folder / cache.MANIFEST
    if damage == "altered":
        (folder / "a.txt").write_text("evil")
    elif damage == "missing":
        (folder / "a.txt").unlink()
    elif damage == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text("{" if damage == "rubbish manifest" else "[]")
    again, kept = cache.fetch("step", "name", writes("good"))
    assert not kept and (again / "a.txt").read_text() == "good"
    assert cache.get("step", "name") == again


def test_what_fails_leaves_nothing() -> None:
    def fails(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cache.put("step", "name", fails)
    assert cache.get("step", "name") is None
    assert list((cache.cache_dir() / "steps" / "step").iterdir()) == []


def _race(folder: str, n: int) -> str:
    os.environ["SOUNDSTAGE_CACHE"] = folder

    def write(work: Path) -> None:
        time.sleep(0.01 * (n % 3))
        (work / "a.txt").write_text("same")

    return (cache.fetch("step", "name", write)[0] / "a.txt").read_text()


def test_many_at_once_agree(own_cache: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.starmap(_race, [(str(own_cache), n) for n in range(12)]) == ["same"] * 12
    assert [p.name for p in (own_cache / "steps" / "step").iterdir()] == ["name"]


def _age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    for file in [path, *path.rglob("*")]:
        os.utime(file, (then, then))


def test_the_longest_unused_goes_first() -> None:
    for n in range(4):
        _age(cache.put("step", f"n{n}", lambda folder: (folder / "a").write_bytes(b"0" * 1000)), 1000 - n)
    frame = cache.frames_dir() / "f.png"
    frame.write_bytes(b"0" * 1000)
    _age(frame, 5000)
    assert cache.get("step", "n0")  # used now, so it is the youngest
    assert cache.size_bytes() > 5000
    cache.prune(2500)
    assert not frame.exists()
    assert [n for n in range(4) if cache.get("step", f"n{n}")] == [0, 3]


def test_a_running_film_loses_nothing(own_cache: Path) -> None:
    with cache.running():
        folder = cache.put("step", "mine", writes("x"))
        assert cache.prune(0) == 0 and folder.exists()
        (own_cache / "running" / "999999999").write_text("0.0")  # a run that was killed long ago spares nothing
        assert cache.prune(0) == 0
    time.sleep(0.02)
    assert cache.prune(0) > 0 and not folder.exists()


def test_only_what_is_ours_is_pruned(own_cache: Path) -> None:
    precious = own_cache / "thesis.txt"
    own_cache.mkdir(exist_ok=True)
    precious.write_text("x" * 1000)
    _age(precious, 1e6)
    cache.prune(0)
    assert precious.exists()


@pytest.mark.parametrize(("text", "size"), [("1.5", 1_500_000_000), ("lots", 10_000_000_000)])
def test_the_limit_follows_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setenv("SOUNDSTAGE_CACHE_GB", text)
    assert cache.limit_bytes() == size
