"""Dates, times of the clock and cities: "on 21 June", "at 6:30 pm", "in Berlin"."""

from __future__ import annotations

from ._language import value
from ._steps import Step, Words


class DateReader(Words):
    """Reads when and where on earth something is."""

    def read(self, at: int) -> tuple[Step, int] | None:
        """A city, a date or a time, and where it ends."""
        if city := self.sense("city", at):
            return Step(kind="city", items=[self.items[at]], sense=city), at + 1
        return self._date(at) or self._clock(at)

    def _date(self, at: int) -> tuple[Step, int] | None:
        """ "21 June", "the 1st of May 2025", "December 24th, 2024"."""
        if self.items[at].has("month"):
            month, (day, after) = at, self._day(at + 1)
        else:
            day, month = self._day(at)
            while month < len(self.items) and self.items[month].has("adposition"):
                month += 1
            after = month + 1
        if day is None or month >= len(self.items) or not self.items[month].has("month"):
            return None
        step = Step(kind="date", sense=self.items[month].sense("month"), number=day)
        comma = after < len(self.items) and self.items[after].mark == ","
        year = self.items[after + comma].number if after + comma < len(self.items) else None
        if year is not None and year == int(year) and 1900 <= year <= 2100:
            step.extent, after = {"year": int(year)}, after + comma + 1
        step.items = list(self.items[at:after])
        return step, after

    def _day(self, at: int) -> tuple[float | None, int]:
        """ "21", "21st", "the first"."""
        if at < len(self.items) and self.items[at].is_function("definite"):
            at += 1
        if at >= len(self.items):
            return None, at
        item, after = self.items[at], at + 1
        ordinal = item.sense("ordinals")
        number = item.number if item.number is not None else float(ordinal.concept) if ordinal else 0.0
        if item.number is not None and after < len(self.items) and self._ordinal_end(after):
            after += 1
        return (number, after) if 1 <= number <= 31 and number == int(number) else (None, at)

    def _ordinal_end(self, at: int) -> bool:
        """ "st" of "21 st", where it was torn off."""
        return self.items[at].surface.casefold() in ("st", "nd", "rd", "th") and self.items[at].unknown

    def _clock(self, at: int) -> tuple[Step, int] | None:
        hour = self.items[at].number
        if hour is None or hour != int(hour) or not 0 <= hour <= 24:
            return None
        after, minute, sure = at + 1, 0.0, False
        colon = after + 1 < len(self.items) and self.items[after].mark == ":"
        if colon and (m := self.items[after + 1].number) is not None and m == int(m) and 0 <= m < 60:
            minute, after, sure = m, after + 2, True
        add = 0
        while after < len(self.items) and (half := self.items[after].sense("clock")):
            add, after, sure = value(half).get("add", add), after + 1, True
            hour = hour % 12 if "add" in value(half) else hour
            while after < len(self.items) and self.items[after].mark == "." and self._am(after):
                after += 1
        if not sure:
            return None
        return Step(kind="clock", items=list(self.items[at:after]), number=(hour + add) % 24 + minute / 60), after

    def _am(self, at: int) -> bool:
        """The full stop of "p.m." inside a sentence."""
        return at + 1 < len(self.items) and not self.items[at + 1].surface[:1].isupper()
