"""The command line: what goes to stdout, what to stderr, and what the doctor finds."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import documents
from soundstage import cli, devices, doctor, terminal
from soundstage.screenplay import Screenplay, dump, json_schema, load

PROMPT = "a red ball falls onto a wooden floor"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDSTAGE_CACHE", str(tmp_path / "cache"))


def test_a_plan_goes_to_stdout_and_what_it_means_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", PROMPT, "--seed", "5", "--size", "320x180", "--fps", "30", "--seconds", "2"]) == 0
    out, err = capsys.readouterr()
    planned = load(out)
    assert (planned.seed, planned.size, planned.fps, planned.seconds) == (5, (320, 180), 30, 2.0)
    assert "ball" in err and "place:" in err


def test_a_plan_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "new" / "plan.yaml"
    assert cli.run(["plan", PROMPT, "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert load(path).prompt == PROMPT
    assert [p.name for p in path.parent.iterdir()] == ["plan.yaml"]


def test_a_plan_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", PROMPT + " while the zorblax frumples", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert Screenplay.model_validate(values["document"]).prompt.startswith(PROMPT)
    assert any("zorblax" in phrase for phrase in values["not_understood"])
    assert {"screenplay", "understood", "seconds", "size", "fps"} <= set(values)


def test_a_document_can_be_planned_again_with_other_values(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "fall.yaml"
    path.write_text(dump(documents.screenplay()))
    assert cli.run(["plan", str(path), "--quality", "good"]) == 0
    assert load(capsys.readouterr().out).size == (1280, 720)


def test_the_schema_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()
    assert cli.run(["version"]) == 0
    assert capsys.readouterr().out.strip()


def test_a_fault_of_ours_is_short_and_leaves_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("soundstage.production.pipeline.open_document", broken)
    assert cli.run(["plan", PROMPT]) == 1
    err = capsys.readouterr().err
    assert "RuntimeError: two lines" in err and "Traceback" not in err and len(err.splitlines()) == 2
    log = Path(err.split("report it with ")[1].strip())
    assert "Traceback" in log.read_text() and PROMPT in log.read_text()


# ── progress ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_plain_progress_is_few_lines_with_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    said = io.StringIO()
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", said)
    with terminal.Watch() as watch:
        watch("plan", 0, 1)
        watch("plan", 1, 1)
        for frame in range(101):
            watch("shoot", frame, 100)
            now[0] += 1.0 if frame else 30.0  # the first frame takes long
    lines = said.getvalue().splitlines()
    assert lines[:2] == ["planning", "rendering"]
    assert 8 <= len(lines) <= 14
    assert "rendering: 52 of 100, about 48 s left" in lines


def test_lengths_of_time() -> None:
    assert [terminal.duration(s) for s in (0.4, 59, 600, 7200)] == ["0 s", "59 s", "10 min", "2.0 h"]


# ── doctor ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_doctor_knows_the_pins_and_this_machine() -> None:
    pins = doctor.pins()
    assert {"bpy", "mujoco", "numpy", "av", "pydantic"} <= set(pins)
    assert all(version[0].isdigit() for version in pins.values())
    assert devices.usable_cpus() >= 1
    memory = doctor.memory_bytes()
    assert memory is None or memory > 1e8


def test_the_doctor_finds_this_machine_ready(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor"]) == 0
    out = capsys.readouterr().out
    for what in ("python", "processor", "blender", "gpu", "voice", "codecs", "cache"):
        assert what in out
    assert out.rstrip().endswith("ready to film")


def test_the_doctor_names_packages_of_missing_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = "ImportError: libXi.so.6: cannot open shared object file: No such file or directory"
    assert "libXi.so.6" in doctor.missing_libraries(trouble)
    monkeypatch.setattr(doctor.devices, "probe", lambda: doctor.devices.Answer("", (), trouble))
    finding = next(doctor._blender())
    assert finding.state == "lacks" and "apt-get install" in finding.mend and "libxi6" in finding.mend
    assert "1 thing to mend" in doctor.report([finding])
