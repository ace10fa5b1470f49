"""What the file itself says and how its sound lies on its pictures: start, length, colour tags."""

from __future__ import annotations

from ..footage import Facts, Picture, Sound
from ..rows import Row

KEYS = ("start_offset", "length_difference", "colour_tags", "bit_rate")

TAGS = ("matrix", "primaries", "transfer", "range")


class Container:
    """Notes the first and the last of pictures and sound."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.first_s: float | None = None
        self.last_s = self.step_s = 0.0
        self.heard_s = 0.0

    def look(self, picture: Picture) -> None:
        if self.first_s is None:
            self.first_s = picture.time_s
        else:
            self.step_s = picture.time_s - self.last_s
        self.last_s = picture.time_s

    def listen(self, sound: Sound) -> None:
        self.heard_s = (sound.start + len(sound.samples)) / sound.rate

    def rows(self) -> list[Row]:
        """Its four rows."""
        facts = self.facts
        rows = []
        if facts.has_picture:
            rows.append(Row(key="colour_tags", value=float(sum(not getattr(facts, tag) for tag in TAGS))))
        if facts.seconds:
            rows.append(Row(key="bit_rate", value=facts.bytes * 8 / facts.seconds / 1e6))
        if self.first_s is not None and self.heard_s > 0:
            if facts.sound_start_s is not None:
                rows.append(Row(key="start_offset", value=(facts.sound_start_s - self.first_s) * 1000))
            seen_s = self.last_s + (self.step_s or 1.0 / (facts.fps or 25.0))
            rows.append(Row(key="length_difference", value=(self.heard_s - seen_s) * 1000))
        return rows


def make(facts: Facts, truth: object) -> Container:
    """An observer for any film."""
    return Container(facts)
