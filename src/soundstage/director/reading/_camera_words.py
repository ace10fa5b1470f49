"""Words for pictures and looks, and the numbers of lenses: 85 mm, f/2.8, 3200 K, two stops under."""

from __future__ import annotations

from collections.abc import Sequence

from ._camera_verbs import VerbReader
from ._dates import DateReader
from ._language import Sense, value
from ._match import Item
from ._steps import Step, Words, is_being, item_means

FEATURE_FREE = "film"
"""Marks forms that count only where they lead no noun."""
LENSES = ("long_lens", "wide_lens", "very_long_lens", "normal_lens")


class WordReader(Words):
    """Reads single words about pictures; what stood before is given as `out`."""

    def __init__(self, items: list[Item], verbs: VerbReader) -> None:
        super().__init__(items)
        self.verbs = verbs
        self.dates = DateReader(items)

    def piece(self, at: int, out: Sequence[Item]) -> tuple[Step, int] | None:
        """One word for a picture or a look, or a number of a lens, and where it ends."""
        if at >= len(self.items):
            return None
        return (
            self._picture(at, out) or self._shot_of(at, out) or self._look(at, out) or self._lens(at, out)
            or self._aperture(at) or self._kelvin(at) or self._exposure(at) or self.dates.read(at)
        )  # fmt: skip

    def _picture(self, at: int, out: Sequence[Item]) -> tuple[Step, int] | None:
        sense = self.items[at].sense("picture")
        if sense is None or (sense.feature == FEATURE_FREE and not self._stands_free(at, out)):
            return None
        entry = value(sense)
        step = Step(kind="pull" if entry.get("pull") else "picture", items=[self.items[at]], sense=sense)
        after = at + 1
        while after < len(self.items) and self.means("camera_part", after, "lens"):
            after += 1
        if sense.concept in ("underexposed", "overexposed"):  # "underexposed by two stops"
            start = after + 1 if self.verbs.adposition(after, "by") else after
            number = self.items[start].number if start < len(self.items) else None
            if number is not None and self.means("camera_part", start + 1, "stop"):
                step.number, after = number, start + 2
        after = self.verbs.modifiers(step, {"go": {"to": ""} if "move" in entry else {}}, after)
        return step, after

    def _shot_of(self, at: int, out: Sequence[Item]) -> tuple[Step, int] | None:
        """ "a beautiful shot of a woman": a picture, where nobody takes a shot."""
        if not self.means("act", at, "shot") or not self.verbs.adposition(at + 1, "of"):
            return None
        found = self.verbs.nouns.noun(at + 2)
        if found is None or not (found[0].name or found[0].sense("person", "thing")):
            return None
        for item in reversed(out):
            if item.mark or item.passage:
                break
            if item.has("verb") and not is_being(item):
                return None
        step = Step(kind="picture", items=[self.items[at]], sense=Sense("picture", "plain_shot"))
        return step, self.verbs.modifiers(step, {}, at + 1)

    def _stands_free(self, at: int, out: Sequence[Item]) -> bool:
        """It leads no noun that it could describe, and is none itself ("a handheld radio", "her handheld")."""
        after = at + 1
        while after < len(self.items) and self.items[after].has("picture", "look", "camera_tempo"):
            after += 1
        if after >= len(self.items):
            return not led(out)
        item = self.items[after]
        if item.has("camera", "camera_part", "camera_verb") or item.is_function("directive", "filler"):
            return True
        if item.mark or item.has("adposition", "function", "verb", "manner"):
            return not led(out) or self.verbs.adposition(after, "of", "on")
        return item.sense("act") is not None and self.means("act", after, "shot")

    def _look(self, at: int, out: Sequence[Item]) -> tuple[Step, int] | None:
        sense = self.items[at].sense("look")
        if sense is None or (sense.feature == FEATURE_FREE and not self._stands_free(at, out)):
            return None
        after = at + 2 if self.verbs.adposition(at + 1, "of") else at + 1  # "an anime of a girl"
        return Step(kind="look", items=self.items[at:after], sense=sense), after

    def _lens(self, at: int, out: Sequence[Item]) -> tuple[Step, int] | None:
        """ "85 mm lens", "an 85mm" that something is filmed with."""
        number = self.items[at].number
        if number is None or at + 1 >= len(self.items) or not self.means("unit", at + 1, "millimetre"):
            return None
        if not 8 <= number <= 400:
            return None
        after = at + 2
        named = after < len(self.items) and self.items[after].has("picture", "camera_part")
        if not named and not _filmed_with(out):
            return None
        step = Step(kind="lens", items=list(self.items[at:after]), number=number)
        if after < len(self.items) and (
            self.means("camera_part", after, "lens")
            or self.means("picture", after, "long_lens", "wide_lens", "very_long_lens", "normal_lens")
        ):
            after += 1
        return step, after

    def _aperture(self, at: int) -> tuple[Step, int] | None:
        """ "f/2.8", "f 2.8"."""
        if not self.means("camera_part", at, "f_number"):
            return None
        after = at + 2 if at + 1 < len(self.items) and self.items[at + 1].mark == "/" else at + 1
        number = self.items[after].number if after < len(self.items) else None
        if number is None or not 0.7 <= number <= 64:
            return None
        return Step(kind="f_stop", items=list(self.items[at : after + 1]), number=number), after + 1

    def _kelvin(self, at: int) -> tuple[Step, int] | None:
        """ "3200 K", "a white balance of 3200 K", "the colour temperature is 3200 K"."""
        first, named = at, self.means("camera_part", at, "balance")
        if named:
            first = at + 1
            while first < len(self.items) and (
                self.items[first].mark == ":" or is_being(self.items[first]) or self.verbs.adposition(first, "of", "at")
            ):
                first += 1
        after = first + 2
        if after > len(self.items) or not self.means("camera_part", first + 1, "kelvin"):
            return None
        number = self.items[first].number
        if number is None or not 1800 <= number <= 20000:
            return None
        after += not named and self.means("camera_part", after, "balance")
        return Step(kind="kelvin", items=list(self.items[at:after]), number=number), after

    def _exposure(self, at: int) -> tuple[Step, int] | None:
        """ "+1 stop", "two stops under"."""
        start, sign = at, 0.0
        if self.items[at].mark in ("+", "-", "—", "−"):
            start, sign = at + 1, 1.0 if self.items[at].mark == "+" else -1.0
        elif self.means("camera_part", at, "over", "under") and not self.items[at].has("adposition"):
            start, sign = at + 1, 1.0 if self.means("camera_part", at, "over") else -1.0
        if start + 1 >= len(self.items) or (number := self.items[start].number) is None:
            return None
        if not self.means("camera_part", start + 1, "stop"):
            return None
        after = start + 2
        if after < len(self.items) and not sign and self.means("camera_part", after, "over", "under"):
            sign = 1.0 if self.means("camera_part", after, "over") else -1.0
            after += 1
        if not sign:
            return None
        return Step(kind="exposure", items=list(self.items[at:after]), number=sign * number), after


def led(out: Sequence[Item]) -> bool:
    """An article stands right before."""
    return bool(out) and out[-1].is_function("definite", "indefinite") and not out[-1].passage


def _filmed_with(out: Sequence[Item]) -> bool:
    """What stands before says that something is filmed with it."""
    before = [i for i in out[-4:] if not i.is_function("indefinite")][-2:]
    return any(item_means(i, "camera_part", "filmed") or i.passage or item_means(i, "act", "shot") for i in before)
