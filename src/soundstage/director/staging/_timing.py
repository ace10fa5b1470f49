"""About how long things take: to lay out the film before choreography, voices and physics time them exactly."""

from __future__ import annotations

import math
import re

from ._sheet import facts


def action_length(action: str) -> float:
    """Of somebody's action [s]."""
    usual: dict[str, float] = facts("staging")["actions"]
    if action in usual:
        return float(usual[action])
    entry = facts("actions")["action"].get(action, {})
    if entry.get("support"):  # until the posture is reached
        return sum(_phase(span) for name, span in entry["phases"] if name not in ("stay", "rise"))
    if "phases" in entry:
        return sum(_phase(span) for _, span in entry["phases"])
    length = float(entry.get("seconds", 1.5))
    if "loop" in entry:
        length += float(entry.get("times", 0)) * (entry["loop"][1] - entry["loop"][0])
    return length


def release_time(action: str) -> float:
    """When the hands let go, after the start of the action [s]."""
    entry = facts("actions")["action"].get(action, {})
    name, _, part = str(entry.get("release", {}).get("at", "")).partition(":")
    time = 0.0
    for phase, span in entry.get("phases", []):
        if phase == name:
            return time + float(part or 0.0) * _phase(span)
        time += _phase(span)
    return time


def _phase(span: float | str) -> float:
    return float(facts("staging")["phases"][span]) if isinstance(span, str) else float(span)


def speech_length(text: str, words_per_minute: float, mood: str = "neutral") -> float:
    """Of a line [s]; within about 12 % of what the voices do (one standard deviation)."""
    data = facts("staging")["speech"]
    letters = sum(c.isalpha() for c in text)
    stops, commas = len(re.findall(r"[.!?;:…](?=\s)", text)), len(re.findall(r",(?=\s)", text))
    spoken = data["seconds_per_letter"] * letters / words_per_minute
    pauses = data["inner_stop"] * stops + data["inner_comma"] * commas
    return float((data["ends"] + spoken + pauses) * data["mood"].get(mood, 1.0))


def fall_time(height: float, gravity: float) -> float:
    """Of a free fall [s]; with hardly any gravity nothing is waited for."""
    return math.sqrt(2 * max(height, 0.0) / gravity) if gravity > 0.05 else 0.0
