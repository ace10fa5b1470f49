"""Making Cycles render on the device that was chosen."""

from __future__ import annotations

from typing import Any

from ...devices import CPU, VARIABLE


def enable(preferences: Any, cycles: Any, interface: str) -> None:
    """Render on every device of an interface, and denoise there; or on the processor.

    Args:
        preferences: of the add-on Cycles.
        cycles: settings of the scene.

    Raises:
        RuntimeError: no such device is there any more.
    """
    if interface == CPU:
        cycles.device, cycles.denoising_use_gpu = "CPU", False
        return
    preferences.compute_device_type = interface
    preferences.refresh_devices()
    used = [device for device in preferences.devices if device.type == interface]
    if not used:
        raise RuntimeError(f"{interface} was found before and is gone; set {VARIABLE}=cpu to render on the processor")
    for device in preferences.devices:
        device.use = device.type == interface  # the processor beside it would be waited for
    cycles.device, cycles.denoising_use_gpu = "GPU", True
