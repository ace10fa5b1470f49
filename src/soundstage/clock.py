"""One exact clock for physics steps, video frames and audio samples.

Time inside a Take is an integer number of ticks of 1/705,600,000 s since the start of its scene. That rate is
divided without remainder by every frame rate and sample rate in use (24, 25, 30, 48, 50, 60, 90, 100, 120 Hz;
22.05, 44.1, 48, 96 kHz; 240 Hz and 1 kHz), so a frame boundary, a physics step and an audio sample can be equal, not
merely close. Convert to floating seconds only at the edges.
"""

from __future__ import annotations

TICKS_PER_SECOND = 705_600_000
AUDIO_RATE = 48_000
"""Sample rate of every stem and mix [Hz]."""
POSE_RATE = 240
"""Rate at which poses are stored in a Take [Hz]."""


def ticks(seconds: float) -> int:
    """The tick nearest to a time in [s]."""
    return round(seconds * TICKS_PER_SECOND)


def seconds(tick: int) -> float:
    """A tick as floating seconds [s]."""
    return float(tick) / TICKS_PER_SECOND


def period(rate_hz: int) -> int:
    """Ticks from one frame (sample, step) to the next.

    Raises:
        ValueError: the rate does not divide the clock.
    """
    if rate_hz <= 0 or TICKS_PER_SECOND % rate_hz:
        raise ValueError(f"{rate_hz} Hz does not divide the clock of {TICKS_PER_SECOND} ticks a second")
    return TICKS_PER_SECOND // rate_hz


def frame_count(duration_s: float, fps: int) -> int:
    """Number of frames whose start lies in [0, duration), at least one."""
    return max(1, round(duration_s * fps))
