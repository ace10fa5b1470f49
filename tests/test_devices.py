"""Which device frames are rendered on, with machines that are made up."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fakes import fake_take
from soundstage import devices, doctor
from soundstage.camera import keys, shooting
from soundstage.camera.blender import device as blender_device
from soundstage.cli import run
from soundstage.devices import CPU, INTERFACES, WORDS, Answer, Device, asked, choose, likely
from soundstage.errors import InputError
from test_camera_shoot import SETTINGS

NVIDIA = (Device("CUDA", "RTX"), Device("OPTIX", "RTX"))
MACHINES: dict[str, tuple[Device, ...]] = {
    "none": (),
    "nvidia": NVIDIA,
    "old nvidia": (Device("CUDA", "GTX"),),
    "amd": (Device("HIP", "RX"),),
    "intel": (Device("ONEAPI", "Arc"),),
    "apple": (Device("METAL", "M3"),),
    "amd and nvidia": (Device("HIP", "RX"), *NVIDIA),
}


@pytest.mark.parametrize(
    "machine, best",
    [("none", CPU), ("nvidia", "OPTIX"), ("old nvidia", "CUDA"), ("amd", "HIP"), ("intel", "ONEAPI"),
     ("apple", "METAL"), ("amd and nvidia", "OPTIX")],
)  # fmt: skip
def test_the_best_there_is_is_used(machine: str, best: str) -> None:
    found = MACHINES[machine]
    assert choose("auto", found) == choose("auto", found[::-1]) == best
    assert choose("cpu", found) == CPU
    if best != CPU:
        assert choose("gpu", found) == best


def test_another_one_can_be_asked_for() -> None:
    assert choose("cuda", NVIDIA) == "CUDA"
    assert choose("hip", MACHINES["amd and nvidia"]) == "HIP"
    with pytest.raises(InputError, match=r"finds no such device here \(found: CUDA RTX, OPTIX RTX\)") as caught:
        choose("metal", NVIDIA)
    assert "auto or cpu" in caught.value.mend
    with pytest.raises(InputError, match="found: none"):
        choose("gpu", ())


def test_the_word_comes_from_the_environment() -> None:
    assert asked({}) == asked({"SOUNDSTAGE_DEVICE": " "}) == "auto"
    assert asked({"SOUNDSTAGE_DEVICE": "OptiX "}) == "optix"
    assert {"auto", "cpu", "gpu"} | {name.lower() for name in INTERFACES} == set(WORDS)
    with pytest.raises(InputError, match="SOUNDSTAGE_DEVICE=vulkan") as caught:
        asked({"SOUNDSTAGE_DEVICE": "vulkan"})
    assert "oneapi" in caught.value.mend


def test_a_wrong_word_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOUNDSTAGE_DEVICE", "gpus")
    assert run(["film", "a red ball falls onto a wooden floor", "-o", str(tmp_path / "a.mp4")]) == 2
    assert "SOUNDSTAGE_DEVICE=gpus" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_blender_is_asked_only_where_it_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def probe() -> Answer:
        times.append(1)
        return Answer("4.5", NVIDIA)

    monkeypatch.setattr(devices, "probe", probe)
    monkeypatch.setattr(devices, "likely", lambda: False)
    monkeypatch.delenv("SOUNDSTAGE_DEVICE", raising=False)
    assert devices.chosen() == CPU and not times
    monkeypatch.setattr(devices, "likely", lambda: True)
    assert devices.chosen() == "OPTIX" and len(times) == 1
    monkeypatch.setenv("SOUNDSTAGE_DEVICE", "cpu")
    assert devices.chosen() == CPU and len(times) == 1
    monkeypatch.setattr(devices, "likely", lambda: False)
    monkeypatch.setenv("SOUNDSTAGE_DEVICE", "cuda")
    assert devices.chosen() == "CUDA" and len(times) == 2, "who asks by name is believed that there is one"
    monkeypatch.setattr(devices.sys, "platform", "linux")
    trace = tmp_path / "nvidia0"
    assert not likely([str(trace)])
    trace.write_text("")
    assert likely([str(trace)])


def test_one_film_never_mixes_devices_and_the_processor_needs_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    take = fake_take(set_="studio")
    monkeypatch.setattr(devices, "chosen", lambda: CPU)
    on_cpu = shooting.settings_of(**SETTINGS) | shooting.on_device()
    monkeypatch.setattr(devices, "chosen", lambda: "CUDA")
    on_gpu = shooting.settings_of(**SETTINGS) | shooting.on_device()
    assert on_cpu == shooting.settings_of(**SETTINGS)
    assert not set(keys.frame_keys(take, on_cpu, [0, 1])) & set(keys.frame_keys(take, on_gpu, [0, 1]))
    assert keys.plate_keys(take, on_cpu, [0]) != keys.plate_keys(take, on_gpu, [0])
    assert keys.frame_keys(take, on_gpu, [0]) == keys.frame_keys(take, on_gpu, [0]), "taken up again it goes on"
    assert "device" not in inspect.signature(shooting.shoot).parameters


class Preferences:
    """Those of the add-on Cycles on some machine."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.compute_device_type = "NONE"
        self.devices: list[Any] = []

    def refresh_devices(self) -> None:
        shown = [kind for kind in self.kinds if kind == self.compute_device_type]
        self.devices = [SimpleNamespace(type=kind, use=kind == "CPU") for kind in (*shown, "CPU")]


def test_every_device_of_the_interface_renders_and_denoises_and_the_processor_does_not_slow_it() -> None:
    preferences, cycles = Preferences("CUDA", "CUDA", "OPTIX", "OPTIX"), SimpleNamespace()
    blender_device.enable(preferences, cycles, "OPTIX")
    assert preferences.compute_device_type == "OPTIX"
    assert [(d.type, d.use) for d in preferences.devices] == [("OPTIX", True), ("OPTIX", True), ("CPU", False)]
    assert (cycles.device, cycles.denoising_use_gpu) == ("GPU", True)
    blender_device.enable(preferences, cycles, CPU)
    assert (cycles.device, cycles.denoising_use_gpu) == ("CPU", False)
    with pytest.raises(RuntimeError, match="SOUNDSTAGE_DEVICE=cpu"):
        blender_device.enable(preferences, cycles, "HIP")


def test_the_doctor_says_what_is_there_and_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDSTAGE_DEVICE", raising=False)
    told = doctor.gpu(NVIDIA)
    assert (told.state, told.detail) == ("has", "CUDA RTX, OPTIX RTX; films are rendered on OPTIX RTX")
    assert doctor.gpu(()).state == "note" and "on the processor" in doctor.gpu(()).detail
    monkeypatch.setenv("SOUNDSTAGE_DEVICE", "cpu")
    assert doctor.gpu(NVIDIA).detail.endswith("films are rendered on the processor, as SOUNDSTAGE_DEVICE=cpu asks")
    monkeypatch.setenv("SOUNDSTAGE_DEVICE", "hip")
    told = doctor.gpu(NVIDIA)
    assert told.state == "lacks" and told.mend
