"""The documents tell the truth: generated pages match the code, links lead somewhere, examples run."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from soundstage.cli import run

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def reference(name: str = "reference") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    written = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert written == reference().page(), "run: python docs/reference.py > docs/reference.md"


def test_the_rows_of_a_review_are_those_of_the_scorecard() -> None:
    assert (ROOT / "docs" / "review.md").read_text("utf-8") == reference("review").page(), "run: python docs/review.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_paths_that_are_named_exist(page: Path) -> None:
    for path in re.findall(r"`((?:src|tests|docs|benchmarks)/[\w./*-]+)`", page.read_text("utf-8")):
        assert list(ROOT.glob(path.rstrip("/"))), path


def commands(page: Path) -> list[str]:
    """Every soundstage command in the code blocks of a page, without its prompt sign and comment."""
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", page.read_text("utf-8"), re.S)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [f"soundstage {part}" for line in lines for part in re.findall(r"\bsoundstage (\w.*)", line)]


FILMS = [c for page in PAGES for c in commands(page) if shlex.split(c, comments=True)[1] in ("film", "plan")]


@pytest.mark.parametrize("command", [c for c in FILMS if "$" not in c and ".yaml" not in shlex.split(c)[2]])
def test_every_prompt_of_the_documents_is_understood(command: str, tmp_path: Path) -> None:
    words = shlex.split(command, comments=True)
    prompt = words[2]
    if prompt.endswith((".mp4", ".yaml")):
        return
    assert run(["plan", prompt, "--strict", "-o", str(tmp_path / "plan.yaml")]) == 0


@pytest.mark.parametrize("command", [c for page in PAGES for c in commands(page)])
def test_every_command_of_the_documents_has_options_that_exist(command: str) -> None:
    import typer

    from soundstage.cli import app

    words = shlex.split(command, comments=True)
    root = typer.main.get_command(app)
    assert words[1] in root.commands  # type: ignore[attr-defined]
    known = {o for p in root.commands[words[1]].params for o in p.opts} | {"-h", "--help"}  # type: ignore[attr-defined]
    assert {w.partition("=")[0] for w in words[2:] if re.match(r"--?[a-z]", w)} <= known
